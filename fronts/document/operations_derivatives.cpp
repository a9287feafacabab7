// SPDX-License-Identifier: BSL-1.0
#include "document.hpp"
#include "fields.hpp"
#include "laws.hpp"
#include "operations.hpp"
#include "operations_detail.hpp"
#include "settings.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace melitz::front {

namespace {

using melitz::catalog::law_by_name;
using melitz::told::by;

/// A number as its user calls it, "wage[BRA]", and as the catalog does, "wage[1]".
struct called {
  std::string shown, known;
};

[[nodiscard]] std::size_t depth_of(melitz::told::by_two indices) {
  return !indices.told() ? 0 : indices.columns == by::none ? 1 : 2;
}

/// "labor[BRA]" taken apart. @throws input_error
[[nodiscard]] indexed_name taken_apart(std::string_view text) {
  if (auto const out = read_indexed_name(text)) return *out;
  throw input_error('"' + std::string(text) + "\" is not a name such as labor, labor[0] or iceberg_cost[0][1]");
}

/// One of so many, by its number or, of countries, by its name. @throws input_error
[[nodiscard]] std::size_t place_among(std::string_view text, by what, std::size_t count, model_input const& input,
                                      std::string const& name) {
  auto const place = read_index(text, name, what == by::country ? &input.names : nullptr);
  if (place < count) return place;
  auto const& words = melitz::told::words_of(what);
  throw input_error(name + (place == every_element ? ": one " + std::string(words.one) + " moves, or all without [*]"
                                                   : " does not exist: there are " + std::to_string(count) + ' ' +
                                                         words.all + ", counted from 0"));
}

/// The places that a name gives; none of a whole. @throws input_error
[[nodiscard]] std::vector<std::size_t> places_in(indexed_name const& spelt, melitz::told::by_two indices,
                                                 model_input const& input, std::string const& name) {
  if (!spelt.indices.empty() && spelt.indices.size() != depth_of(indices)) {
    std::string must;
    for (std::size_t k = 0; k < depth_of(indices); ++k) must += "[0]";
    throw input_error(name + ": " + std::string(spelt.name) +
                      (must.empty() ? " is one number" : " has places such as " + std::string(spelt.name) + must));
  }
  std::vector<std::size_t> out;
  for (auto const text : spelt.indices) {
    auto const what = out.empty() ? indices.rows : indices.columns;
    out.push_back(place_among(text, what, count_of(input, what), input, name));
  }
  return out;
}

[[nodiscard]] std::string in_brackets(std::vector<std::size_t> const& places) {
  std::string out;
  for (auto const place : places) out.append("[").append(std::to_string(place)).append("]");
  return out;
}
[[nodiscard]] std::string in_brackets(std::vector<std::size_t> const& places, melitz::told::by_two indices,
                                      model_input const& input) {
  std::string out;
  for (std::size_t k = 0; k < places.size(); ++k) {
    out.append("[").append(name_of(input, k == 0 ? indices.rows : indices.columns, places[k])).append("]");
  }
  return out;
}

template <class List>
[[nodiscard]] std::vector<std::string_view> names_in_list(List const& list) {
  std::vector<std::string_view> out;
  for (auto const& one : list) out.push_back(one.name);
  return out;
}

/// The numbers that the names of results mean.
[[nodiscard]] std::vector<called> numbers_of(model_input const& input, std::vector<std::string> const& names) {
  std::vector<called> out;
  for (auto const& f : fields_named(input, names)) {
    auto const& r = input.what->results[f.result];
    auto const places = places_of(input, r);
    std::size_t const columns = count_of(input, r.indices.columns);
    if (r.by_sector && input.sectors > 1) throw input_error(f.name + " is by sector; there are no derivatives of such");
    for (std::size_t k = f.number.value_or(0); k < (f.number ? *f.number + 1 : places.size()); ++k) {
      std::vector<std::size_t> at{k / columns, k % columns};
      at.resize(depth_of(r.indices));
      out.push_back({r.name + places[k], r.name + in_brackets(at)});
    }
  }
  return out;
}

/// One number that several are, if they all are it.
[[nodiscard]] double same_number(std::vector<double> const& numbers, std::string const& name) {
  double const none = std::numeric_limits<double>::quiet_NaN();
  for (double const x : numbers) {
    if (x == numbers[0]) continue;
    throw input_error(name + " is several numbers that differ; an elasticity is by one of them");
  }
  return numbers.empty() ? none : numbers[0];
}

/// What moves: its name, and what it is now, for elasticities.
struct moved {
  called name;
  std::vector<double> now{};
};

/// A parameter of the model. Says of what is left out what it is then, in `given`; but not of what is as another one,
/// which moves with that one too.
[[nodiscard]] moved moved_parameter(model_input const& input, std::vector<array>& given, std::string const& name) {
  auto const& all = input.what->parameters;
  std::string_view short_name = name;
  if (short_name.starts_with("parameters.")) short_name.remove_prefix(std::string_view("parameters.").size());
  auto const spelt = taken_apart(short_name);
  auto const* p = parameter_named(*input.what, spelt.name);
  if (p == nullptr) {
    throw input_error(name + " is no parameter of the model " + std::string(input.what->name) +
                      suggestion(spelt.name, names_in_list(all)));
  }
  auto const k = static_cast<std::size_t>(p - all.data());
  if (!p->words.empty()) throw input_error(name + ": it is " + choices_of(*p) + ", and no number");
  if (k == input.what->periods()) throw input_error(name + ": it says how long the path is, and moves nothing");
  auto const places = places_in(spelt, p->indices, input, name);
  if (places.size() == 2 && p->at_home && p->extent == shape::by_pair && places[0] == places[1]) {
    throw input_error(name + ": at home it is " + to_text(*p->at_home) + ", whatever else moves");
  }
  auto from = k;  // whose numbers these are
  while (input.parameters[from].numbers.empty() && !all[from].as_if_left_out.empty()) {
    from = static_cast<std::size_t>(parameter_named(*input.what, all[from].as_if_left_out) - all.data());
  }
  auto const& numbers = given[from] = as_used(input, from);
  if (numbers.layers > 1) throw input_error(name + " differs between sectors; there are no derivatives by such");
  if (numbers.numbers.empty()) throw input_error(name + " is left out; only what is there can move");
  moved out{{p->name + in_brackets(places, p->indices, input), p->name + in_brackets(places)}};
  for (std::size_t i = 0; i < numbers.rows; ++i) {
    for (std::size_t j = 0; j < numbers.columns; ++j) {
      bool const meant = (places.empty() || places[0] == i) && (places.size() < 2 || places[1] == j);
      bool const home = p->extent == shape::by_pair && p->at_home && i == j;
      if (meant && !home) out.now.push_back(numbers(i, j));
    }
  }
  return out;
}

/// The laws by what the file calls them, and as the catalog wants them.
struct laws_by_name {
  std::vector<std::string> paths{};
  std::vector<law_by_name> laws{};
};

/// Null of what is no family: a mixture is of several.
[[nodiscard]] law_family const* family_named(std::string_view name) {
  static std::vector<law_family> const all = families_for_listing();
  for (auto const& f : all) {
    if (f.name == name && name != "mixture") return &f;
  }
  return nullptr;
}

/// @pre it is a law, which read_model has read
[[nodiscard]] law_by_name law_by_name_of(json const& value, std::string const& path) {
  law_by_name out{value.at("family").get<std::string>(), {}};
  auto const* f = family_named(out.family);
  if (f == nullptr) {
    throw input_error(path + ".family is " + shown(value.at("family")) +
                      "; it must be a law of one family, or there are no derivatives");
  }
  for (auto const& key : f->keys) {
    auto& numbers = out.given.emplace_back();
    if (!value.contains(key.name)) continue;
    auto const& given = value.at(key.name);
    if (given.is_array()) {
      numbers.numbers = read_numbers(given, join(path, key.name));
      numbers.rows = numbers.numbers.size();
    } else {
      numbers = melitz::catalog::array_of(read_number(given, join(path, key.name)));
    }
  }
  return out;
}

[[nodiscard]] laws_by_name laws_of(model_input const& input) {
  laws_by_name out;
  auto const add = [&](json const& value, std::string const& path) {
    out.paths.push_back(path);
    out.laws.push_back(law_by_name_of(value, path));
  };
  auto const& all = input.distribution;
  switch (input.what->laws) {
    case laws_wanted::none:
      break;
    case laws_wanted::ability_and_attributes:
      for (auto const* of : {"ability", "attributes"}) add(all.at(of), join("distribution", of));
      break;
    default:
      if (!all.is_array()) {
        add(all, "distribution");
      } else {
        for (std::size_t k = 0; k < all.size(); ++k) add(all[k], "distribution[" + std::to_string(k) + ']');
      }
  }
  return out;
}

constexpr std::string_view of_laws = "distribution";

/// A number of a law, or of all where the name does not say of which.
[[nodiscard]] moved moved_of_law(model_input const& input, laws_by_name const& all, std::string const& name) {
  if (all.laws.empty()) throw input_error(name + ": the model has no law of productivity");
  auto rest = std::string_view(name).substr(of_laws.size());
  std::optional<std::size_t> which;
  std::string of_which;  // as the user calls it
  if (all.laws.size() > 1 && rest.starts_with('[')) {
    auto const close = rest.find(']');
    auto const text = rest.substr(1, close == std::string_view::npos ? close : close - 1);
    which = place_among(text, by::country, all.laws.size(), input, name);
    of_which = '[' + name_of(input, by::country, *which) + ']';
    rest = close == std::string_view::npos ? std::string_view() : rest.substr(close + 1);
  }
  for (std::size_t k = 0; k < all.paths.size() && !which; ++k) {
    auto const path = std::string_view(all.paths[k]).substr(of_laws.size());
    if (path.starts_with('.') && rest.starts_with(path) && rest.substr(path.size()).starts_with('.')) {
      which = k;
      of_which = path;
      rest.remove_prefix(path.size());
    }
  }
  auto const& one = all.laws[which.value_or(0)];
  for (auto const& other : all.laws) {
    if (which || other.family == one.family) continue;
    throw input_error(name + ": there are laws of several families; say of which it is, such as " + all.paths[0]);
  }
  auto const& keys = family_named(one.family)->keys;
  auto const spelt = taken_apart(rest.starts_with('.') ? rest.substr(1) : rest);
  auto const key = std::find_if(keys.begin(), keys.end(), [&](auto const& k) { return k.name == spelt.name; });
  if (key == keys.end() || !rest.starts_with('.')) {
    throw input_error(name + " is no number of a law of family " + one.family +
                      suggestion(spelt.name, names_in_list(keys)));
  }
  bool const list = key->extent != shape::number;
  auto const at = static_cast<std::size_t>(key - keys.begin());
  std::size_t const place =
      spelt.indices.empty() ? every_element : whole_number(spelt.indices[0]).value_or(every_element);
  bool const in_it = list && place < one.given[at].numbers.size() && spelt.indices.size() == 1;
  if (!spelt.indices.empty() && !in_it) {
    throw input_error(name + " does not exist: " + key->name + " has " + std::to_string(one.given[at].numbers.size()) +
                      (list ? " numbers, from 0" : " number, and no places"));
  }
  std::string const tail = '.' + std::string(spelt.name) + (in_it ? in_brackets({place}) : "");
  moved out{
      {std::string(of_laws) + of_which + tail, std::string(of_laws) + (which ? in_brackets({*which}) : "") + tail}};
  for (std::size_t k = 0; k < all.laws.size(); ++k) {
    if (which && *which != k) continue;
    auto const& numbers = all.laws[k].given[at].numbers;
    if (numbers.empty()) throw input_error(name + " is left out; only what is there can move");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!in_it || place == i) out.now.push_back(numbers[i]);
    }
  }
  return out;
}

/// Each with another place in the list of what others have asked for.
void require_once(std::vector<std::string> const& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) throw input_error(*name + " is asked for twice");
  }
}

}  // namespace

slopes differentiate(model_input& input, std::vector<std::string> const& results,
                     std::vector<std::string> const& parameters, bool in_logs,
                     std::function<bool(std::size_t done)> const& so_many_done) {
  auto const& what = *input.what;
  require_of_model(
      what, [](model const& m) { return static_cast<bool>(m.differentiate); }, "derivatives");
  if (results.empty()) throw input_error("derivatives of which results? Name one, or several");
  if (parameters.empty()) throw input_error("derivatives by which parameters? Name one, or several");
  slopes out;
  std::vector<std::string> wanted;
  for (auto& number : numbers_of(input, results)) {
    out.results.push_back(std::move(number.shown));
    wanted.push_back(std::move(number.known));
  }
  if (out.results.empty()) throw input_error("derivatives of which results? A status moves with nothing");
  require_once(out.results);
  auto const laws = laws_of(input);
  auto given = input.parameters;
  std::vector<moved> moves;
  for (auto const& name : parameters) {
    bool const of_law = name.starts_with(of_laws) && name.find_first_of(".[") == of_laws.size();
    moves.push_back(of_law ? moved_of_law(input, laws, name) : moved_parameter(input, given, name));
    out.parameters.push_back(moves.back().name.shown);
  }
  require_once(out.parameters);
  std::vector<double> now;
  for (auto const& m : moves) now.push_back(in_logs ? same_number(m.now, m.name.shown) : 0);

  std::size_t const rows = wanted.size(), columns = moves.size();
  double const none = std::numeric_limits<double>::quiet_NaN();
  out.values.assign(rows, none);
  out.table.assign(rows * columns, none);
  for (std::size_t p = 0; p < columns && !out.ended;) {
    std::vector<std::string> known;
    for (std::size_t k = p; k < std::min(columns, p + melitz::catalog::slopes_at_once); ++k) {
      known.push_back(moves[k].name.known);
    }
    melitz::catalog::derivatives some;
    try {
      some = what.differentiate(given, laws.laws, wanted, known);
    } catch (melitz::domain_error const& e) {
      (void)solve(input);  // says it with the names of the file, if it is about a value
      throw input_error(without_place(e));
    }
    out.reason = some.reason;
    if (some.reason != melitz::status::converged) {
      out.values.assign(rows, none);
      out.table.assign(rows * columns, none);
      break;
    }
    out.values = some.values;
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t k = 0; k < known.size(); ++k) out.table[r * columns + p + k] = some.table[r * known.size() + k];
    }
    p += known.size();
    if (so_many_done && !so_many_done(p)) out.ended = p < columns;
  }
  for (std::size_t k = 0; in_logs && k < out.table.size(); ++k) {
    out.elasticities.push_back(out.table[k] * now[k % columns] / out.values[k / columns]);
  }
  return out;
}

}  // namespace melitz::front
