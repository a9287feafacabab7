// SPDX-License-Identifier: BSL-1.0
#include "read_model.hpp"

#include "document.hpp"
#include "old_names.hpp"
#include "settings.hpp"
#include "text.hpp"

#include <melitz/catalog/law_error.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace melitz::front {

namespace {

[[nodiscard]] std::vector<std::string> read_names(json const& value) {
  if (!value.is_array() || value.empty()) {
    throw input_error("countries is " + shown(value) + "; it must be a list of names, [\"...\", ...]");
  }
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (auto const& given : value) {
    auto const path = "countries[" + std::to_string(out.size()) + ']';
    out.push_back(given.is_string() ? given.get<std::string>() : "");
    if (wrong_with_name(out.back())) {
      throw input_error(path + " is " + shown(given) +
                        "; it must be a name that is no number and has no [, ] or = in it");
    }
    if (!seen.insert(out.back()).second) throw input_error(path + " is " + shown(given) + ", which is there twice");
  }
  return out;
}

[[nodiscard]] bool names_a_file(json const& value) {
  return value.is_string() && !to_number(value.get_ref<std::string const&>());
}

/// The names of countries in two places must be the same.
void require_same(csv_table const& table, std::vector<std::string> const& countries, std::string const& from) {
  for (std::size_t k = 0; k < std::min(countries.size(), table.countries.size()); ++k) {
    if (table.countries[k] == countries[k]) continue;
    throw input_error(table.place_of_name(k) + ": mislabelled: it is of " + table.countries[k] + "; it must be of " +
                      countries[k] + ", as " + from + " has it" + in_another_order(table.countries, countries));
  }
  if (table.countries.empty() || table.countries.size() == countries.size()) return;
  throw input_error(table.name + " has " + std::to_string(table.countries.size()) + " countries; it must have the " +
                    std::to_string(countries.size()) + " that " + from + " has");
}

/// What an error of the library is about, if it is one of the parameters.
[[nodiscard]] std::optional<target> culprit(model_input const& input, melitz::domain_error const& e) {
  std::string_view name = e.parameter();
  target out;
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
    double const value = numbers(wanted > 0 ? out.indices[0] : 0, wanted > 1 ? out.indices[1] : 0);
    if (melitz::detail::to_text(value) == e.value()) return out;
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

model_file with_tables(json document, file_reader const& read) {
  unwrap_scalars(document);
  model_file out{std::move(document)};
  auto const* what = model_in(out.content);
  if (what == nullptr || !what->has_countries() || !out.content.contains("parameters")) return out;
  auto& given = out.content.at("parameters");
  if (!given.is_object()) return out;
  std::optional<std::vector<std::string>> countries;
  std::string named_by = "\"countries\"";
  if (out.content.contains("countries")) countries = read_names(out.content.at("countries"));
  std::set<std::string_view> lists;
  for (auto const& p : what->parameters) {
    auto const found = given.find(std::string(p.name));
    bool const tables = p.extent == shape::by_country || p.extent == shape::by_pair;
    if (!tables || found == given.end() || !names_a_file(*found)) continue;
    auto const path = join("parameters", p.name);
    auto const file = read(found->get<std::string>(), path);
    auto table = read_csv(file.text, file.name, path, p);
    *found = to_json(table.numbers, p.indices);
    table.numbers = {};
    if (countries) {
      require_same(table, *countries, named_by);
    } else if (!table.countries.empty()) {
      countries = table.countries;
      named_by = table.name;
    }
    lists.insert(p.name);
    out.files.push_back(table.name);
    out.tables.emplace(p.name, std::move(table));
  }
  // Only now: a document keeps its keys in a row, and one more may move all of them.
  if (countries && !out.content.contains("countries")) out.content["countries"] = *countries;
  unwrap_numbers_for_all(out.content, lists);
  return out;
}

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
    if (document.contains("countries")) out.names = read_names(document.at("countries"));
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
  try {
    return input.what->solve(input.parameters, input.laws, {});
  } catch (melitz::catalog::law_error const& e) {
    throw input_error(e.where() + " is " + e.value() + "; it must " + e.restriction());
  } catch (melitz::domain_error const& e) {
    auto const found = culprit(input, e);
    if (!found) throw input_error(e.what() + countries_of(input, e.parameter()));
    auto const& name = input.what->parameters[found->parameter].name;
    auto const table = input.tables.find(name);
    throw input_error(join("parameters", name) + place_of(found->indices, input.names) + " is " + e.value() +
                      "; it must " + e.restriction() +
                      (table == input.tables.end() ? "" : " (" + table->second.place(found->indices) + ')'));
  }
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

}  // namespace melitz::front
