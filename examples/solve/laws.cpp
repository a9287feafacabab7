// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

#include "text.hpp"

#include <utility>

namespace melitz_solve {

namespace {

using values = std::vector<std::vector<double>>;
using one_family = melitz::family_law<double>;
using mixture = melitz::mixture<one_family>;

constexpr std::string_view in_productivity = "productivity", positive_number = "be positive and finite";
constexpr std::string_view moment_exists =
    "exceed the size exponent (elasticity - 1 in the open economy) and be finite";

[[nodiscard]] std::vector<std::string_view> family_names(bool with_mixture) {
  std::vector<std::string_view> out;
  for (auto const& f : families()) out.push_back(f.name);
  if (with_mixture) out.push_back("mixture");
  return out;
}

[[nodiscard]] std::string element(std::string const& path, std::size_t k) {
  return path + '[' + std::to_string(k) + ']';
}

[[nodiscard]] one_family read_family(json const& value, std::string const& path, family const& f) {
  std::vector<std::string_view> keys{"family"};
  for (auto const& key : f.keys) keys.push_back(key.what.name);
  require_known_keys(value, path, keys);
  values read;
  for (auto const& [what, kind] : f.keys) {
    auto const name = join(path, what.name);
    if (kind == key_kind::optional_numbers && !value.contains(std::string(what.name))) {
      read.emplace_back();
      continue;
    }
    json const& given = member(value, path, what.name, what.restriction);
    if (kind == key_kind::number) {
      read.push_back({read_number(given, name)});
      continue;
    }
    read.push_back(read_numbers(given, name));
    if (kind == key_kind::optional_numbers && read.back().empty()) {
      throw input_error(name + " is []; it must have one number for each value, or be left out");
    }
  }
  return f.make(read);
}

/// The families by name; anything that is not a law of one family is an error.
[[nodiscard]] std::string read_family_name(json const& value, std::string const& path, bool allow_mixture) {
  require_object(value, path);
  auto const names = family_names(allow_mixture);
  auto const& name = member(value, path, "family", "name a law: pareto, lognormal, ...");
  return read_word(name, join(path, "family"), names);
}

[[nodiscard]] family const& family_named(std::string_view name) {
  for (auto const& f : families()) {
    if (f.name == name) return f;
  }
  throw std::logic_error("no such family");
}

}  // namespace

std::vector<family> const& families() {
  static std::vector<family> const table{
      {"pareto",
       {{{"scale", in_productivity, positive_number, 1}}, {{"shape", "", moment_exists, 4.25}}},
       [](values const& v) -> one_family { return melitz::pareto<>{.scale = v[0][0], .shape = v[1][0]}; }},
      {"bounded_pareto",
       {{{"lower", in_productivity, positive_number, 1}},
        {{"upper", in_productivity, "exceed lower and be finite", 10}},
        {{"shape", "", positive_number, 4.25}}},
       [](values const& v) -> one_family {
         return melitz::bounded_pareto<>{.lower = v[0][0], .upper = v[1][0], .shape = v[2][0]};
       }},
      {"lognormal",
       {{{"log_mean", "log productivity", "be finite", 0}}, {{"log_sd", "log productivity", positive_number, 0.8}}},
       [](values const& v) -> one_family { return melitz::lognormal<>{.log_mean = v[0][0], .log_sd = v[1][0]}; }},
      {"frechet",
       {{{"scale", in_productivity, positive_number, 1}}, {{"shape", "", moment_exists, 4.25}}},
       [](values const& v) -> one_family { return melitz::frechet<>{.scale = v[0][0], .shape = v[1][0]}; }},
      {"weibull",
       {{{"scale", in_productivity, positive_number, 1}}, {{"shape", "", positive_number, 2}}},
       [](values const& v) -> one_family { return melitz::weibull<>{.scale = v[0][0], .shape = v[1][0]}; }},
      {"exponential",
       {{{"rate", "1/productivity", positive_number, 1}}},
       [](values const& v) -> one_family { return melitz::exponential<>{.rate = v[0][0]}; }},
      {"uniform",
       {{{"lower", in_productivity, "be at least 0 and finite", 0}},
        {{"upper", in_productivity, "exceed lower and be finite", 1}}},
       [](values const& v) -> one_family { return melitz::uniform<>{.lower = v[0][0], .upper = v[1][0]}; }},
      {"discrete",
       {{{"values", in_productivity, "be a list of numbers of at least 0, one of them positive"}, key_kind::numbers},
        {{"weights", "", "be a list of as many probabilities that sum to 1; all equal if left out"},
         key_kind::optional_numbers}},
       [](values const& v) -> one_family { return melitz::discrete<>{.values = v[0], .weights = v[1]}; }},
      {"degenerate",
       {{{"value", in_productivity, positive_number, 1}}},
       [](values const& v) -> one_family { return melitz::degenerate<>{.value = v[0][0]}; }},
  };
  return table;
}

law read_law(json const& value, std::string const& path) {
  auto const name = read_family_name(value, path, true);
  if (name != "mixture") {
    return std::visit([](auto const& l) -> law { return l; }, read_family(value, path, family_named(name)));
  }
  constexpr std::string_view keys[] = {"family", "weights", "components"};
  require_known_keys(value, path, keys);
  auto const& weights = member(value, path, "weights", "be a list of probabilities that sum to 1");
  auto const& components = member(value, path, "components", "be a list of laws, as many as weights");
  mixture out;
  out.weights = read_numbers(weights, join(path, "weights"));
  auto const components_path = join(path, "components");
  if (!components.is_array()) {
    throw input_error(components_path + " is " + shown(components) + "; it must be a list of laws, [{...}, ...]");
  }
  for (auto const& component : components) {
    auto const here = element(components_path, out.components.size());
    out.components.push_back(read_family(component, here, family_named(read_family_name(component, here, false))));
  }
  return out;
}

std::string in_words(json const& distribution) {
  if (distribution.is_array()) return std::to_string(distribution.size()) + " laws, one for each country";
  std::string out = distribution.at("family").get<std::string>();
  for (auto const& [key, value] : distribution.items()) {
    if (key == "family") continue;
    out += ", " + key + ' ';
    if (key == "components") {
      std::string list;
      for (auto const& component : value) list += (list.empty() ? "(" : "; ") + in_words(component);
      out += list + ')';
    } else if (value.is_array() && value.size() > 8) {
      out += '(' + std::to_string(value.size()) + " numbers)";
    } else {
      out += shown(value);
    }
  }
  return out;
}

}  // namespace melitz_solve
