// SPDX-License-Identifier: BSL-1.0
#include "arrays.hpp"

#include "failure.hpp"
#include "parts.hpp"
#include "varied_model.hpp"

#include <melitz/catalog/batch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

namespace melitz::front {

namespace {

using melitz::status;

/// What has been asked for, as it is worked on.
struct job {
  many_solves const& wanted;
  varied_model const& base;
  std::vector<field_size> fields;
  std::atomic<bool> all_solved{true};

  /// Where the numbers of an element go.
  [[nodiscard]] double* at(std::size_t field, std::size_t element) const {
    return wanted.numbers[field] + element * fields[field].numbers();
  }
  void set_status(std::size_t element, status reason) {
    if (reason != status::converged) all_solved = false;
    if (wanted.statuses != nullptr) wanted.statuses[element] = static_cast<int>(reason);
  }
};

/// The same error, of an element.
[[nodiscard]] input_error of_element(std::size_t k, input_error const& e) {
  return input_error("element " + std::to_string(k) + ": " + e.what());
}

/// @throws input_error for a word, which is no number
void write(job& all, std::size_t element, answer const& solved) {
  all.set_status(element, solved.reason);
  std::vector<double> numbers;
  for (std::size_t f = 0; f < all.fields.size(); ++f) {
    if (solved.values.empty()) continue;  // it failed before it knew of any
    auto const& value = solved.values.at(all.fields[f].place);
    if (std::holds_alternative<std::string_view>(value)) {
      throw input_error("field " + all.wanted.fields[f] + " is a word; it must be numbers");
    }
    if (solved.reason != status::converged) continue;  // the arrays are full of NaN
    numbers.clear();
    melitz::catalog::detail::append_numbers(numbers, value);
    if (numbers.size() != all.fields[f].numbers()) {
      throw std::logic_error(all.wanted.fields[f] + " has " + std::to_string(numbers.size()) + " numbers instead of " +
                             std::to_string(all.fields[f].numbers()));
    }
    std::copy(numbers.begin(), numbers.end(), all.at(f, element));
  }
}

void solve_one_by_one(job& all, std::size_t begin, std::size_t end) {
  auto own = all.base;
  own.forget();
  for (std::size_t k = begin; k < end; ++k) {
    try {
      write(all, k, solve(own.at(k)));
    } catch (input_error const& e) {
      throw of_element(k, e);
    }
  }
}

/// @pre the model has lanes for these fields
void solve_in_lanes(job& all, std::size_t begin, std::size_t end) {
  auto own = all.base;
  own.forget();
  auto const& input = own.input();
  try {
    auto const solved = melitz::catalog::solve_batch(*input.what, input.parameters, *own.as_batch(begin, end),
                                                     input.laws, {.fields = all.wanted.fields});
    for (std::size_t k = begin; k < end; ++k) all.set_status(k, solved.reason[k - begin]);
    for (std::size_t f = 0; f < all.fields.size(); ++f) {
      std::copy(solved.columns[f].begin(), solved.columns[f].end(), all.at(f, begin));
    }
  } catch (melitz::domain_error const&) {
    solve_one_by_one(all, begin, end);  // finds which, and its words
    throw;
  }
}

void require_arrays(many_solves const& wanted) {
  for (std::size_t j = 0; j < wanted.parameters.size(); ++j) {
    (void)required(required(wanted.values, "values")[j], "values[" + std::to_string(j) + ']');
  }
  for (std::size_t f = 0; f < wanted.fields.size(); ++f) {
    (void)required(required(wanted.numbers, "numbers")[f], "numbers[" + std::to_string(f) + ']');
  }
  if (wanted.threads < 0) {
    throw input_error("threads is " + std::to_string(wanted.threads) +
                      "; it must be at least 0, which is one for each processor");
  }
}

/// An array of all elements must be one that a machine can have.
void require_count(std::size_t count, std::vector<field_size> const& fields) {
  std::size_t each = 1;
  for (auto const& field : fields) each = std::max(each, field.numbers());
  auto const most = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / sizeof(double) / each;
  if (count <= most) return;
  throw input_error("count is " + std::to_string(count) + "; it must be at most " + std::to_string(most));
}

}  // namespace

std::vector<field_size> sizes_of(model_input const& input, std::vector<std::string> const& fields) {
  std::vector<std::string_view> names;
  for (auto const& r : input.what->results) names.push_back(r.name);
  std::vector<field_size> out;
  for (auto const& field : fields) {
    auto const found = std::find(names.begin(), names.end(), field);
    if (found == names.end())
      throw input_error("field \"" + field + "\" is no result of the model" + suggestion(field, names));
    auto const place = static_cast<std::size_t>(found - names.begin());
    auto const& r = input.what->results[place];
    std::size_t const layers = r.by_sector ? input.sectors : 1;  // of several sectors, the rows of each after those before
    out.push_back({place, layers * count_of(input, r.indices.rows), count_of(input, r.indices.columns)});
  }
  return out;
}

bool solve_arrays(model_file const& file, many_solves const& wanted) {
  require_arrays(wanted);
  if (wanted.count == 0) return true;
  require_count(wanted.count, {});
  varied_model const base(file, wanted.parameters, wanted.values);
  job all{wanted, base, sizes_of(base.input(), wanted.fields)};
  require_count(wanted.count, all.fields);
  for (std::size_t f = 0; f < all.fields.size(); ++f) {
    std::fill_n(wanted.numbers[f], wanted.count * all.fields[f].numbers(), std::numeric_limits<double>::quiet_NaN());
  }
  if (wanted.statuses != nullptr) {
    std::fill_n(wanted.statuses, wanted.count, static_cast<int>(status::not_solved));
  }

  // Parts depend on the count alone, and each begins with laws of its own, so that the numbers do not depend on
  // threads.
  auto const& what = *base.input().what;
  std::vector<std::size_t> places;
  for (auto const& field : all.fields) places.push_back(field.place);
  constexpr std::size_t whole_registers = 64;
  bool const in_lanes = what.solve_in_lanes && wanted.count >= whole_registers && what.has_in_lanes(places) &&
                        base.as_batch(0, 1).has_value();
  std::size_t const size = in_lanes ? 64 * whole_registers : std::clamp<std::size_t>(wanted.count / 64, 1, 1024);
  // A rest that is too short for lanes goes with the part before it.
  std::size_t const parts = in_lanes ? std::max<std::size_t>(1, (wanted.count + size - whole_registers) / size)
                                     : (wanted.count + size - 1) / size;
  bool const all_begun = do_parts(
      parts, wanted.threads,
      [&](std::size_t k) {
        std::size_t const begin = k * size, end = k + 1 == parts ? wanted.count : begin + size;
        if (in_lanes) {
          solve_in_lanes(all, begin, end);
        } else {
          solve_one_by_one(all, begin, end);
        }
        return end - begin;
      },
      wanted.progress);
  return all_begun && all.all_solved;
}

}  // namespace melitz::front
