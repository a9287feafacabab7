// SPDX-License-Identifier: BSL-1.0
#include "document.hpp"
#include "laws.hpp"
#include "operations.hpp"
#include "operations_detail.hpp"
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

/// "exports[USA][2]" in parts.
struct spelling {
  std::string_view base;
  std::vector<std::string_view> places;
};
[[nodiscard]] spelling spelling_of(std::string_view name) {
  spelling out{name.substr(0, name.find('[')), {}};
  auto rest = name.substr(out.base.size());
  while (!rest.empty()) {
    auto const close = rest.find(']');
    if (!rest.starts_with('[') || close == std::string_view::npos || close == 1 || out.base.empty()) {
      throw input_error(std::string(name) + " is not a name such as welfare, wage[0] or exports[0][1]");
    }
    out.places.push_back(rest.substr(1, close - 1));
    rest.remove_prefix(close + 1);
  }
  return out;
}

[[nodiscard]] std::size_t depth_of(melitz::told::by_two indices) {
  return !indices.told() ? 0 : indices.columns == by::none ? 1 : 2;
}

/// One of so many, by its number or, of countries, by its name. @throws input_error
[[nodiscard]] std::size_t place_among(std::string_view text, by what, std::size_t count, model_input const& input,
                                      std::string const& name) {
  auto place = whole_number(text);
  if (!place && what == by::country) {
    auto const found = std::find(input.names.begin(), input.names.end(), text);
    if (found != input.names.end()) place = static_cast<std::size_t>(found - input.names.begin());
  }
  if (place && *place < count) return *place;
  std::vector<std::string_view> const names(input.names.begin(), input.names.end());
  auto const& words = melitz::told::words_of(what);
  throw input_error(name + " does not exist: no " + words.one + " is " + std::string(text) +
                    (place || what != by::country || names.empty()
                         ? "; there are " + std::to_string(count) + ' ' + words.all + ", from 0"
                         : suggestion(text, names)));
}

/// The places that a name gives; none of a whole. @throws input_error
[[nodiscard]] std::vector<std::size_t> places_in(spelling const& spelt, melitz::told::by_two indices,
                                                 model_input const& input, std::string const& name) {
  if (!spelt.places.empty() && spelt.places.size() != depth_of(indices)) {
    std::string must;
    for (std::size_t k = 0; k < depth_of(indices); ++k) must += "[0]";
    throw input_error(name + ": " + std::string(spelt.base) +
                      (must.empty() ? " is one number" : " has places such as " + std::string(spelt.base) + must));
  }
  std::vector<std::size_t> out;
  for (auto const text : spelt.places) {
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

/// The numbers that the name of a result means.
[[nodiscard]] std::vector<called> numbers_of(model_input const& input, std::string const& name) {
  auto const spelt = spelling_of(name);
  auto const& results = input.what->results;
  auto const r = std::find_if(results.begin(), results.end(), [&](auto const& one) { return one.name == spelt.base; });
  if (r == results.end()) {
    throw input_error(name + " is no result of the model " + std::string(input.what->name) +
                      suggestion(spelt.base, names_in_list(results)));
  }
  std::vector<std::vector<std::size_t>> places{places_in(spelt, r->indices, input, name)};
  if (places[0].empty() && r->indices.told()) {  // all of them
    places.clear();
    for (std::size_t i = 0; i < count_of(input, r->indices.rows); ++i) {
      for (std::size_t j = 0; j < count_of(input, r->indices.columns); ++j) {
        places.push_back(depth_of(r->indices) == 1 ? std::vector{i} : std::vector{i, j});
      }
    }
  }
  std::vector<called> out;
  for (auto const& at : places) {
    out.push_back({r->name + in_brackets(at, r->indices, input), r->name + in_brackets(at)});
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

/// A parameter of the model. Says of what is left out what it is then, in `given`.
[[nodiscard]] moved moved_parameter(model_input const& input, std::vector<array>& given, std::string const& name) {
  auto const& all = input.what->parameters;
  std::string_view short_name = name;
  if (short_name.starts_with("parameters.")) short_name.remove_prefix(std::string_view("parameters.").size());
  auto const spelt = spelling_of(short_name);
  auto const* p = parameter_named(*input.what, spelt.base);
  if (p == nullptr) {
    throw input_error(name + " is no parameter of the model " + std::string(input.what->name) +
                      suggestion(spelt.base, names_in_list(all)));
  }
  auto const k = static_cast<std::size_t>(p - all.data());
  if (!p->words.empty()) throw input_error(name + ": it is " + choices_of(*p) + ", and no number");
  if (k == input.what->periods()) throw input_error(name + ": it says how long the path is, and moves nothing");
  auto const places = places_in(spelt, p->indices, input, name);
  if (places.size() == 2 && p->at_home && p->extent == shape::by_pair && places[0] == places[1]) {
    throw input_error(name + ": at home it is " + to_text(*p->at_home) + ", whatever else moves");
  }
  auto& numbers = given[k];
  if (numbers.numbers.empty() && !p->as_if_left_out.empty()) {
    numbers = given[static_cast<std::size_t>(parameter_named(*input.what, p->as_if_left_out) - all.data())];
  }
  if (numbers.numbers.empty() && p->if_left_out && !p->none_if_left_out) {
    numbers = everywhere(*p->if_left_out, *p, input.countries);
  }
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
  auto const spelt = spelling_of(rest.starts_with('.') ? rest.substr(1) : rest);
  auto const key = std::find_if(keys.begin(), keys.end(), [&](auto const& k) { return k.name == spelt.base; });
  if (key == keys.end() || !rest.starts_with('.')) {
    throw input_error(name + " is no number of a law of family " + one.family +
                      suggestion(spelt.base, names_in_list(keys)));
  }
  bool const list = key->extent != shape::number;
  auto const at = static_cast<std::size_t>(key - keys.begin());
  auto const place = spelt.places.empty() ? std::nullopt : whole_number(spelt.places[0]);
  bool const in_it = place && list && *place < one.given[at].numbers.size() && spelt.places.size() == 1;
  if (!spelt.places.empty() && !in_it) {
    throw input_error(name + " does not exist: " + key->name + " has " + std::to_string(one.given[at].numbers.size()) +
                      (list ? " numbers, from 0" : " number, and no places"));
  }
  std::string const tail = '.' + std::string(spelt.base) + (place ? in_brackets({*place}) : "");
  moved out{
      {std::string(of_laws) + of_which + tail, std::string(of_laws) + (which ? in_brackets({*which}) : "") + tail}};
  for (std::size_t k = 0; k < all.laws.size(); ++k) {
    if (which && *which != k) continue;
    auto const& numbers = all.laws[k].given[at].numbers;
    if (numbers.empty()) throw input_error(name + " is left out; only what is there can move");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!place || *place == i) out.now.push_back(numbers[i]);
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
  for (auto const& name : results) {
    for (auto& number : numbers_of(input, name)) {
      out.results.push_back(std::move(number.shown));
      wanted.push_back(std::move(number.known));
    }
  }
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
  for (std::size_t p = 0; p < columns; ++p) {
    melitz::catalog::derivatives one;
    try {
      one = what.differentiate(given, laws.laws, wanted, {moves[p].name.known});
    } catch (melitz::domain_error const& e) {
      (void)solve(input);  // says it with the names of the file, if it is about a value
      throw input_error(without_place(e));
    }
    out.reason = one.reason;
    if (one.reason != melitz::status::converged) {
      out.values.assign(rows, none);
      out.table.assign(rows * columns, none);
      break;
    }
    out.values = one.values;
    for (std::size_t r = 0; r < rows; ++r) out.table[r * columns + p] = one.table[r];
    if (so_many_done && !so_many_done(p + 1)) {
      out.ended = p + 1 < columns;
      break;
    }
  }
  for (std::size_t k = 0; in_logs && k < out.table.size(); ++k) {
    out.elasticities.push_back(out.table[k] * now[k % columns] / out.values[k / columns]);
  }
  return out;
}

}  // namespace melitz::front
