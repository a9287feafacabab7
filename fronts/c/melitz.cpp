// SPDX-License-Identifier: BSL-1.0
#include "melitz.h"

#include "../document/json_input.hpp"
#include "../document/list_models.hpp"
#include "../document/models.hpp"
#include "../document/operations.hpp"
#include "../document/read_model.hpp"
#include "../document/write.hpp"
#include "arrays.hpp"
#include "failure.hpp"

#include <melitz/error.hpp>
#include <melitz/version.hpp>

#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The functions of melitz.h. Nothing is done here: it is passed on, and no exception comes back.

namespace {

using namespace melitz::front;
using melitz::status;

// The header repeats the enumeration of the library.
static_assert(MELITZ_CONVERGED == static_cast<int>(status::converged));
static_assert(MELITZ_STATUS_NOT_SOLVED == static_cast<int>(status::not_solved));
static_assert(MELITZ_ITERATION_LIMIT == static_cast<int>(status::iteration_limit));
static_assert(MELITZ_NOT_FINITE == static_cast<int>(status::not_finite));
static_assert(MELITZ_OUT_OF_RANGE == static_cast<int>(status::out_of_range));
static_assert(MELITZ_DISCONNECTED == static_cast<int>(status::disconnected));
static_assert(MELITZ_NOT_COVERED == static_cast<int>(status::not_covered));

#define MELITZ_TEXT_OF(x) #x
#define MELITZ_TEXT(x) MELITZ_TEXT_OF(x)
constexpr char version[] =
    MELITZ_TEXT(MELITZ_VERSION_MAJOR) "." MELITZ_TEXT(MELITZ_VERSION_MINOR) "." MELITZ_TEXT(MELITZ_VERSION_PATCH);
#undef MELITZ_TEXT
#undef MELITZ_TEXT_OF

[[nodiscard]] int code_of(status reason) { return reason == status::converged ? MELITZ_OK : MELITZ_NOT_SOLVED; }

[[nodiscard]] std::string error_in_json(failure const& wrong, std::optional<json> const& id) {
  std::ostringstream out;
  if (wrong.code == MELITZ_BAD_INPUT) {
    write_json_error(out, id, wrong.words);
    return out.str();
  }
  json const text{{"status", wrong.status}, {"error", wrong.words}};
  return text.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

/// Gives away what work(out, id), which returns a code, writes; or what it throws, in JSON, with the id that it has
/// found by then.
template <class Work>
[[nodiscard]] int answered_in_json(char** answer, Work const& work) noexcept {
  if (answer == nullptr) return MELITZ_BAD_INPUT;
  *answer = nullptr;
  std::optional<json> id;
  return without_exceptions(
      [&] {
        std::ostringstream out;
        out.imbue(std::locale::classic());  // whatever the program around has made the global one
        int const code = work(out, id);
        *answer = given_away(out.str());
        return code;
      },
      [&](failure const& wrong) { *answer = given_away(error_in_json(wrong, id)); });
}

/// The same of a model, which work(out, file) is given as it was read.
template <class Work>
[[nodiscard]] int answered_about(char const* text, char** answer, Work const& work) noexcept {
  return answered_in_json(answer, [&](std::ostream& out, std::optional<json>& id) {
    auto document = parse_json(required(text, "model"));
    if (document.is_object() && document.contains("id")) id = document.at("id");
    return work(out, file_of(std::move(document)));
  });
}

/// One object on a line.
[[nodiscard]] int write(std::ostream& out, json const& object, status reason) {
  out << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  return code_of(reason);
}

/// Numbers that are passed as text.
[[nodiscard]] std::vector<double> numbers_of(char const* text, std::string const& name) {
  return read_numbers(parse_json(required(text, name)), name);
}

/// Which derivatives are wanted.
struct wanted_slopes {
  std::vector<std::string> results{}, parameters{};
  bool in_logs = false;
};
[[nodiscard]] wanted_slopes slopes_of(char const* text) {
  constexpr std::string_view keys[] = {"results", "parameters", "elasticities"};
  auto const document = parse_json(required(text, "wanted"));
  require_object(document, "wanted");
  require_known_keys(document, "wanted", keys);
  auto const names = [&](std::string_view key) {
    std::vector<std::string> out;
    auto const& list = member(document, "wanted", key, "be a list of names");
    for (auto const& name : list) {
      if (!list.is_array() || !name.is_string()) break;
      out.push_back(name.get<std::string>());
    }
    if (!list.is_array() || out.size() != list.size()) {
      throw input_error(join("wanted", key) + " is " + shown(list) + "; it must be a list of names");
    }
    return out;
  };
  wanted_slopes out{.results = names(keys[0]), .parameters = names(keys[1])};
  if (!document.contains(keys[2])) return out;
  auto const& logs = document.at(std::string(keys[2]));
  if (!logs.is_boolean())
    throw input_error(join("wanted", keys[2]) + " is " + shown(logs) + "; it must be true or false");
  out.in_logs = logs.get<bool>();
  return out;
}

/// Calls work(), which returns a code; words for what it throws go to *message.
template <class Work>
[[nodiscard]] int with_message(char** message, Work const& work) noexcept {
  if (message == nullptr) return MELITZ_BAD_INPUT;
  *message = nullptr;
  return without_exceptions(work, [&](failure const& wrong) { *message = given_away(wrong.words); });
}

}  // namespace

char const* melitz_version(void) noexcept { return version; }

char const* melitz_status_word(int number) noexcept {
  return melitz::to_string(static_cast<status>(number)).data();  // of a literal
}

void melitz_free(char* text) noexcept { std::free(text); }

int melitz_models_json(char** answer) noexcept {
  return answered_in_json(answer, [](std::ostream& out, std::optional<json>&) {
    list_models_in_json(out);
    return MELITZ_OK;
  });
}

int melitz_example_json(char const* model, char** answer) noexcept {
  return answered_in_json(answer, [&](std::ostream& out, std::optional<json>&) {
    write_example(out, model_named(json(required(model, "model")), "model"));
    return MELITZ_OK;
  });
}

int melitz_solve_json(char const* model, char** answer) noexcept {
  return answered_about(model, answer, [](std::ostream& out, model_file const& file) {
    auto input = read_model(file);
    auto const solved = solve(input);
    write_json(out, input, solved, layout::one_key_per_line);
    return code_of(solved.reason);
  });
}

int melitz_compare_json(char const* before, char const* after, char** answer) noexcept {
  return answered_about(before, answer, [&](std::ostream& out, model_file const& file) {
    auto first = read_model(file), second = read_model(file_of(parse_json(required(after, "after"))));
    if (first.what != second.what || first.countries != second.countries) {
      throw input_error("after is of another model, or of other countries; it must be of those of before");
    }
    auto const found = compare(first, second);
    return write(out, json_of(found, first, second, all_fields(*first.what)), found.reason());
  });
}

int melitz_gains_json(char const* model, char** answer) noexcept {
  return answered_about(model, answer, [](std::ostream& out, model_file const& file) {
    auto input = read_model(file);
    auto const found = gains_from_trade(input);
    return write(out, json_of_gains(found, input), found.reason);
  });
}

int melitz_firms_json(char const* model, char const* productivities, char** answer) noexcept {
  return answered_about(model, answer, [&](std::ostream& out, model_file const& file) {
    auto input = read_model(file);
    auto const found = firms_at(input, numbers_of(productivities, "productivities"));
    return write(out, json_of(found, input), found.reason);
  });
}

int melitz_curve_json(char const* model, char const* cutoffs, char** answer) noexcept {
  return answered_about(model, answer, [&](std::ostream& out, model_file const& file) {
    auto input = read_model(file);
    auto const found = curves_at(input, numbers_of(cutoffs, "cutoffs"));
    return write(out, json_of(found, input), found.reason);
  });
}

int melitz_derivatives_json(char const* model, char const* wanted, char** answer) noexcept {
  return answered_about(model, answer, [&](std::ostream& out, model_file const& file) {
    auto input = read_model(file);
    auto const [results, parameters, in_logs] = slopes_of(wanted);
    auto const found = differentiate(input, results, parameters, in_logs);
    return write(out, json_of(found, input), found.reason);
  });
}

int melitz_calibrate_json(char const* model, char** answer) noexcept {
  return answered_about(model, answer, [](std::ostream& out, model_file const& file) {
    auto const found = calibrate(file);
    json const object = found.solved() ? found.values : json{{"status", to_string(found.reason)}};
    return write(out, object, found.reason);
  });
}

int melitz_solve_arrays(char const* model, std::size_t count, std::size_t parameter_count,
                        char const* const* parameters, double const* const* values, std::size_t field_count,
                        char const* const* fields, double* const* numbers, int* statuses, int threads,
                        melitz_progress progress, void* data, char** message) noexcept {
  return with_message(message, [&] {
    many_solves const wanted{
        .count = count,
        .parameters = required_texts(parameters, parameter_count, "parameters"),
        .values = values,
        .fields = required_texts(fields, field_count, "fields"),
        .numbers = numbers,
        .statuses = statuses,
        .threads = threads,
        .progress = [&](std::size_t done) { return progress == nullptr || progress(done, count, data) != 0; }};
    bool const all = solve_arrays(file_of(parse_json(required(model, "model"))), wanted);
    return all ? MELITZ_OK : MELITZ_NOT_SOLVED;
  });
}

int melitz_field_sizes(char const* model, std::size_t field_count, char const* const* fields, std::size_t* rows,
                       std::size_t* columns, char** message) noexcept {
  return with_message(message, [&] {
    auto const input = read_model(file_of(parse_json(required(model, "model"))));
    auto const sizes = sizes_of(input, required_texts(fields, field_count, "fields"));
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      required(rows, "rows")[k] = sizes[k].rows;
      required(columns, "columns")[k] = sizes[k].columns;
    }
    return MELITZ_OK;
  });
}
