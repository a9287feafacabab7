// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

#include "text.hpp"

#include <melitz/catalog/laws.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace melitz::front {

namespace {

using melitz::catalog::array;
using melitz::catalog::families;
using melitz::catalog::family;

constexpr std::string_view mixture_name = "mixture";
constexpr std::string_view weights_rule = "be a list of probabilities that sum to 1";
constexpr std::string_view components_rule = "be a list of as many laws, of any family above";

/// Is this key a list of numbers, and not one number?
[[nodiscard]] bool is_list(parameter const& key) { return key.extent != shape::number; }

[[nodiscard]] melitz::family_law<double> read_family(json const& value, std::string const& path, family const& f) {
  std::vector<std::string_view> keys{"family"};
  for (auto const& key : f.keys) keys.push_back(key.name);
  require_known_keys(value, path, keys);
  std::vector<array> read;
  for (auto const& key : f.keys) {
    auto const name = join(path, key.name);
    if (key.optional() && !value.contains(key.name)) {
      read.emplace_back();
      continue;
    }
    json const& given = member(value, path, key.name, is_list(key) ? "be a list of numbers" : key.restriction);
    if (!is_list(key)) {
      read.push_back(melitz::catalog::array_of(read_number(given, name)));
      continue;
    }
    read.push_back({1, 1, read_numbers(given, name)});
    if (key.optional() && read.back().numbers.empty()) {
      throw input_error(name + " is []; it must have one number for each value, or be left out");
    }
  }
  return f.make(read);
}

/// The family by name, null for a mixture; anything that is not a law is an error.
[[nodiscard]] family const* read_family_name(json const& value, std::string const& path, bool allow_mixture) {
  require_object(value, path);
  std::vector<std::string_view> names;
  for (auto const& f : families()) names.push_back(f.name);
  if (allow_mixture) names.push_back(mixture_name);
  auto const& given = member(value, path, "family", "name a law: pareto, lognormal, ...");
  auto const name = read_word(given, join(path, "family"), names);
  for (auto const& f : families()) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

void unwrap_member(json& object, std::string const& key) {
  auto const found = object.find(key);
  if (found == object.end() || !found->is_array() || found->size() != 1 || !found->front().is_primitive()) return;
  json inside = std::move(found->front());
  *found = std::move(inside);
}

void unwrap(json& value, std::size_t depth) {
  if (!value.is_object()) return;
  unwrap_member(value, "family");
  for (auto const& f : families()) {
    if (!value.contains("family") || value.at("family") != std::string(f.name)) continue;
    for (auto const& key : f.keys) {
      if (!is_list(key)) unwrap_member(value, key.name);
    }
  }
  auto const components = value.find("components");
  if (depth > 0 || components == value.end() || !components->is_array()) return;
  for (auto& component : *components) unwrap(component, depth + 1);
}

/// The keys of the family that a law names, or of a mixture; none of what is none.
[[nodiscard]] std::vector<parameter> keys_of(json const& name) {
  for (auto const& f : families_for_listing()) {
    if (name == std::string(f.name)) return f.keys;
  }
  return {};
}
[[nodiscard]] bool has(std::vector<parameter> const& keys, std::string_view name) {
  return std::any_of(keys.begin(), keys.end(), [&](auto const& key) { return key.name == name; });
}

}  // namespace

void unwrap_law(json& value) { unwrap(value, 0); }

void keep_common_keys(json& value, json const& name) {
  if (!value.is_object() || !value.contains("family")) return;
  auto const after = keys_of(name);
  for (auto const& key : keys_of(value.at("family"))) {
    if (!after.empty() && !has(after, key.name)) value.erase(key.name);
  }
}

bool is_data(json const& value, std::string_view key) {
  if (!value.is_object() || !value.contains("family")) return false;
  for (auto const& f : families()) {
    if (value.at("family") != std::string(f.name)) continue;
    return std::any_of(f.keys.begin(), f.keys.end(), [&](auto const& k) { return k.name == key && is_list(k); });
  }
  return false;
}

std::vector<law_family> families_for_listing() {
  std::vector<law_family> out;
  for (auto const& f : families()) out.push_back({f.name, f.keys});
  out.push_back({mixture_name,
                 {{.name = "weights", .restriction = weights_rule, .extent = shape::by_period},
                  {.name = "components", .restriction = components_rule, .extent = shape::by_period}}});
  return out;
}

law read_law(json const& value, std::string const& path) {
  if (auto const* known = read_family_name(value, path, true)) {
    return melitz::catalog::law_of(read_family(value, path, *known), path);
  }
  constexpr std::string_view keys[] = {"family", "weights", "components"};
  require_known_keys(value, path, keys);
  auto const& weights = member(value, path, "weights", weights_rule);
  auto const& components = member(value, path, "components", "be a list of laws, as many as weights");
  melitz::mixture<melitz::family_law<double>> out;
  out.weights = read_numbers(weights, join(path, "weights"));
  auto const components_path = join(path, "components");
  if (!components.is_array()) {
    throw input_error(components_path + " is " + shown(components) + "; it must be a list of laws, [{...}, ...]");
  }
  for (auto const& component : components) {
    auto const here = components_path + '[' + std::to_string(out.components.size()) + ']';
    out.components.push_back(read_family(component, here, *read_family_name(component, here, false)));
  }
  return melitz::catalog::law_of(std::move(out), path);
}

std::string in_words(json const& distribution) {
  if (distribution.is_array()) return std::to_string(distribution.size()) + " laws, one for each country";
  if (distribution.contains("ability")) {
    return in_words(distribution.at("ability")) + "; attributes: " + in_words(distribution.at("attributes"));
  }
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

}  // namespace melitz::front
