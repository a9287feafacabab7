// SPDX-License-Identifier: BSL-1.0
#include "read_model.hpp"

#include "document.hpp"
#include "old_names.hpp"
#include "text.hpp"

#include <melitz/catalog/law_error.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

namespace melitz::front {

namespace {

/// A parameter, or a number of it; of one of the sectors if they differ.
struct blamed {
  std::size_t parameter = 0;
  std::vector<std::size_t> indices{};
  std::optional<std::size_t> sector{};
};

/// What an error of the library is about, if it is one of the parameters.
[[nodiscard]] std::optional<blamed> culprit(model_input const& input, melitz::domain_error const& e) {
  std::string_view name = e.parameter();
  blamed out;
  if (name.ends_with(')')) {  // iceberg_cost(2, 0)
    auto const open = name.find('(');
    if (open == std::string_view::npos) return std::nullopt;
    auto inside = name.substr(open + 1, name.size() - open - 2);
    name = name.substr(0, open);
    for (bool more = true; more;) {
      auto const comma = inside.find(", ");
      auto const index = whole_number(inside.substr(0, comma));
      if (!index || *index >= input.countries) return std::nullopt;
      out.indices.push_back(*index);
      more = comma != std::string_view::npos;
      if (more) inside.remove_prefix(comma + 2);
    }
  }
  // A derived quantity can go by the name of a parameter, and an economy within the model has names of its own; then
  // its value tells them apart.
  for (auto const& p : input.what->parameters) {
    if (p.name != name && !p.name.ends_with('_' + std::string(name))) continue;
    out.parameter = static_cast<std::size_t>(&p - input.what->parameters.data());
    std::size_t const wanted = !p.indices.told() ? 0 : p.indices.columns == melitz::told::by::none ? 1 : 2;
    auto const& numbers = input.parameters[out.parameter];
    if (out.indices.size() != wanted || numbers.numbers.empty()) continue;
    for (std::size_t h = 0; h < numbers.layers; ++h) {
      double const value = numbers(h, wanted > 0 ? out.indices[0] : 0, wanted > 1 ? out.indices[1] : 0);
      if (melitz::detail::to_text(value) != e.value()) continue;
      if (numbers.layers > 1) out.sector = h;
      return out;
    }
  }
  return std::nullopt;
}

/// " (2 is BRA)" for an error about "... country 2" or "...(2, 0)", if the countries have names.
[[nodiscard]] std::string countries_of(model_input const& input, std::string_view about) {
  std::set<std::size_t> mentioned;
  auto const mention = [&](std::string_view text) {
    auto const number = whole_number(text.substr(0, text.find_first_not_of("0123456789")));
    if (number && *number < input.names.size()) mentioned.insert(*number);
  };
  for (std::string_view const word : {"country ", "("}) {
    auto const found = about.find(word);
    if (found == std::string_view::npos) continue;
    mention(about.substr(found + word.size()));
    auto const second = about.find(", ", found);
    if (word == "(" && second != std::string_view::npos && second < about.find(')')) mention(about.substr(second + 2));
    break;
  }
  std::string out;
  for (auto const country : mentioned) {
    out.append(out.empty() ? " (" : ", ").append(std::to_string(country)).append(" is ").append(input.names[country]);
  }
  return out.empty() ? out : out + ')';
}

}  // namespace

std::vector<law> read_laws(json const& distribution, model const& what, std::size_t countries) {
  std::vector<law> out;
  if (what.laws == laws_wanted::ability_and_attributes) {
    constexpr std::string_view names[] = {"ability", "attributes"};
    require_object(distribution, "distribution");
    require_known_keys(distribution, "distribution", names);
    for (auto const name : names) {
      out.push_back(read_law(member(distribution, "distribution", name, "be a law"), join("distribution", name)));
    }
    return out;
  }
  if (what.laws != laws_wanted::by_country || !distribution.is_array()) {
    out.push_back(read_law(distribution));
    return out;
  }
  if (distribution.size() != countries) {
    throw input_error("distribution has " + std::to_string(distribution.size()) + " laws; it must have " +
                      std::to_string(countries) + ", one for each country, or be one law for all");
  }
  for (auto const& one : distribution) {
    auto const path = "distribution[" + std::to_string(out.size()) + ']';
    out.push_back(read_law(one, path));
  }
  return out;
}

model_input read_model(model_file const& file) {
  auto const& document = file.content;
  require_object(document, "");
  model const* known = model_in(document);
  std::vector<std::string_view> keys{"model", "distribution", "parameters", "id"};
  if (known != nullptr && known->laws == laws_wanted::none) keys.erase(keys.begin() + 1);
  if (known != nullptr && known->has_countries()) keys.push_back("countries");
  require_known_keys(document, "", keys);
  auto const& what = model_named(member(document, "", "model", "name a model; --models lists them"), "model");

  auto const& given = member(document, "", "parameters", "be an object with the model's parameters");
  require_object(given, "parameters");
  std::vector<std::string_view> names;
  for (auto const& p : what.parameters) names.push_back(p.name);
  for (auto const& [key, value] : given.items()) require_new_name(what, key);
  require_known_keys(given, "parameters", names);
  model_input out{.what = &what, .parameters = {}, .tables = file.tables};
  if (what.has_countries()) {
    if (document.contains("countries")) out.names = read_countries(document.at("countries"));
    out.countries = count_countries(document, what);
    if (out.countries == 0) {
      std::string lists;
      for (auto const& p : what.parameters) {
        if (p.extent != shape::number) lists.append(lists.empty() ? "" : ", ").append(p.name);
      }
      throw input_error("how many countries? Give their names in \"countries\", or a list for one of " + lists);
    }
  }
  for (auto const& p : what.parameters) {
    auto const found = given.find(std::string(p.name));
    if (found == given.end() && p.optional()) {
      out.parameters.emplace_back();  // the model knows what it is then
      continue;
    }
    out.parameters.push_back(
        read_array(member(given, "parameters", p.name, p.restriction), join("parameters", p.name), p, out.countries));
    std::size_t const sectors = out.parameters.back().layers;
    if (sectors == 1 || sectors == out.sectors) continue;
    if (out.sectors > 1) {
      throw input_error(join("parameters", p.name) + " is of " + std::to_string(sectors) + " sectors; it must be of " +
                        std::to_string(out.sectors) + ", as those before it are, or one for all");
    }
    out.sectors = sectors;
  }

  if (!out.names.empty()) {  // warnings call countries by them
    auto const named = std::make_shared<std::vector<std::string> const>(out.names);
    for (std::size_t k = 0; k < out.parameters.size(); ++k) {
      auto& x = out.parameters[k];
      if (what.parameters[k].indices.rows == melitz::told::by::country && x.rows == named->size()) x.row_names = named;
    }
  }

  if (auto const periods = what.periods()) {
    auto const& numbers = out.parameters[*periods].numbers;
    double const given_periods = numbers.empty() ? *what.parameters[*periods].if_left_out : numbers[0];
    if (!(given_periods >= 1 && given_periods <= 1e6) || given_periods != std::floor(given_periods)) {
      throw input_error("parameters.periods is " + to_text(given_periods) + "; it must " +
                        std::string(what.parameters[*periods].restriction));
    }
    out.periods = static_cast<std::size_t>(given_periods);
  }
  if (what.laws != laws_wanted::none) {
    out.distribution = member(document, "", "distribution", "be a law such as {\"family\": \"lognormal\", ...}");
    out.laws = read_laws(out.distribution, what, out.countries);
  }
  if (document.contains("id")) out.id = document.at("id");
  return out;
}

answer solve(model_input& input) {
  auto const in_file = [&](std::string const& name, std::vector<std::size_t> const& indices) {
    auto const table = input.tables.find(name);
    return table == input.tables.end() ? "" : " (" + table->second.place(indices) + ')';
  };
  try {
    return input.what->solve(input.parameters, input.laws, {});
  } catch (melitz::catalog::law_error const& e) {
    auto const& where = e.where();  // distribution.values[3]
    auto const bracket = where.rfind('[');
    auto const index = bracket == std::string::npos
                           ? std::nullopt
                           : whole_number(std::string_view(where).substr(bracket + 1, where.size() - bracket - 2));
    throw input_error(where + " is " + e.value() + "; it must " + e.restriction() +
                      (index ? in_file(where.substr(0, bracket), {*index}) : ""));
  } catch (melitz::domain_error const& e) {
    auto const found = culprit(input, e);
    if (!found) throw input_error(e.what() + countries_of(input, e.parameter()));
    auto name = input.what->parameters[found->parameter].name;
    if (found->sector) name += '[' + std::to_string(*found->sector) + ']';
    throw input_error(join("parameters", name) + place_of(found->indices, input.names) + " is " + e.value() +
                      "; it must " + e.restriction() + in_file(name, found->indices));
  }
}

array as_used(model_input const& input, std::size_t parameter) {
  auto const& p = input.what->parameters[parameter];
  if (!input.parameters[parameter].numbers.empty()) return input.parameters[parameter];
  for (std::size_t k = 0; k < parameter; ++k) {
    if (input.what->parameters[k].name == p.as_if_left_out) return as_used(input, k);
  }
  if (!p.if_left_out || p.none_if_left_out) return {1, 1, {}};
  auto out = everywhere(*p.if_left_out, p, input.countries);
  if (p.extent == shape::by_indices) {
    out = {count_of(input, p.indices.rows), count_of(input, p.indices.columns), {}};
    out.numbers.assign(out.rows * out.columns, *p.if_left_out);
  }
  return out;
}

std::size_t count_of(model_input const& input, melitz::told::by what) {
  if (what == melitz::told::by::country) return input.countries;
  if (what == melitz::told::by::period) return input.periods;
  for (std::size_t k = 0; k < input.parameters.size(); ++k) {
    if (input.what->parameters[k].indices.rows == what) return input.parameters[k].rows;
    if (input.what->parameters[k].indices.columns == what) return input.parameters[k].columns;
  }
  return 1;  // of none
}

std::size_t count_of(model_input const& input, result const& what) {
  return (what.by_sector ? input.sectors : 1) * count_of(input, what.indices.rows) *
         count_of(input, what.indices.columns);
}

std::string name_of(model_input const& input, melitz::told::by what, std::size_t k) {
  return what == melitz::told::by::country ? country_name(k, input.names) : std::to_string(k);
}

std::vector<std::string> places_of(model_input const& input, melitz::told::by_two indices) {
  if (!indices.told()) return {""};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count_of(input, indices.rows); ++i) {
    auto const row = '[' + name_of(input, indices.rows, i) + ']';
    for (std::size_t j = 0; j < count_of(input, indices.columns); ++j) {
      bool const one = indices.columns == melitz::told::by::none;
      out.push_back(one ? row : row + '[' + name_of(input, indices.columns, j) + ']');
    }
  }
  return out;
}

std::vector<std::string> places_of(model_input const& input, result const& what) {
  auto const each = places_of(input, what.indices);
  if (!what.by_sector || input.sectors == 1) return each;
  std::vector<std::string> out;
  for (std::size_t h = 0; h < input.sectors; ++h) {
    for (auto const& place : each) out.push_back('[' + std::to_string(h) + ']' + place);
  }
  return out;
}

}  // namespace melitz::front
