// SPDX-License-Identifier: BSL-1.0
#include "read_model.hpp"

#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

namespace melitz_solve {

namespace {

constexpr std::string_view parameters_prefix = "parameters.", distribution_name = "distribution";

/// The next step of a path such as components[0].log_sd: a key, or what stands in brackets.
struct step {
  std::string_view key;
  std::optional<std::string_view> index;
};

/// Takes the first step off `path`; nothing if it is not spelt as a path.
[[nodiscard]] std::optional<step> next_step(std::string_view& path) {
  step out;
  if (path.starts_with('[')) {
    auto const close = path.find(']');
    if (close == std::string_view::npos || close == 1) return std::nullopt;
    out.index = path.substr(1, close - 1);
    path.remove_prefix(close + 1);
  } else {
    out.key = path.substr(0, path.find_first_of(".["));
    if (out.key.empty()) return std::nullopt;
    path.remove_prefix(out.key.size());
  }
  if (path.starts_with('.')) {
    path.remove_prefix(1);
    if (path.empty() || path.starts_with('[')) return std::nullopt;
  } else if (!path.empty() && !path.starts_with('[')) {
    return std::nullopt;
  }
  return out;
}

/// The whole path that a name of --set or --sweep is short for.
[[nodiscard]] std::string full_path(std::string_view name) {
  if (name.ends_with('*')) name.remove_suffix(1);
  auto const after = name.starts_with(distribution_name) ? name.substr(distribution_name.size()) : std::string_view();
  if (name.starts_with(parameters_prefix) || after.starts_with('.') || after.starts_with('[')) return std::string(name);
  return std::string(parameters_prefix).append(name);
}

/// The whole number that all of `text` spells.
[[nodiscard]] std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// The names of countries in a document that has not been checked yet.
[[nodiscard]] std::vector<std::string> names_in(json const& document) {
  std::vector<std::string> out;
  if (!document.is_object() || !document.contains("countries") || !document.at("countries").is_array()) return out;
  for (auto const& name : document.at("countries")) out.push_back(name.is_string() ? name.get<std::string>() : "");
  return out;
}

/// An index by number, or by the name of a country.
[[nodiscard]] std::size_t read_index(std::string_view index, std::string_view name,
                                     std::vector<std::string> const& countries) {
  if (auto const number = whole_number(index)) return *number;
  auto const found = std::find(countries.begin(), countries.end(), index);
  if (found != countries.end()) return static_cast<std::size_t>(found - countries.begin());
  std::vector<std::string_view> const known(countries.begin(), countries.end());
  throw input_error(std::string(name) + " does not exist: no country has the name " + std::string(index) +
                    (known.empty() ? "; \"countries\" would give them names" : suggestion(index, known)));
}

/// The model that a document names, if it does.
[[nodiscard]] model const* model_in(json const& document) {
  if (!document.is_object() || !document.contains("model")) return nullptr;
  for (auto const& m : models()) {
    if (document.at("model") == std::string(m.name)) return &m;
  }
  return nullptr;
}

/// A parameter of the model, if it has one of this name.
[[nodiscard]] parameter const* parameter_named(model const& what, std::string_view name) {
  for (auto const& p : what.parameters) {
    if (p.name == name) return &p;
  }
  return nullptr;
}

/// How many countries a document is about: as many as have names, or as the first list is long. 0 if nothing says it.
[[nodiscard]] std::size_t count_countries(json const& document, model const& what) {
  if (auto const names = names_in(document); !names.empty()) return names.size();
  if (document.contains("parameters") && document.at("parameters").is_object()) {
    auto const& given = document.at("parameters");
    for (auto const& p : what.parameters) {
      auto const found = given.find(std::string(p.name));
      if (found == given.end()) continue;
      if (auto const count = countries_in(*found, p)) return *count;
    }
  }
  bool const laws = what.laws == laws_wanted::by_country && document.contains("distribution");
  return laws && document.at("distribution").is_array() ? document.at("distribution").size() : 0;
}

[[nodiscard]] std::vector<std::string> read_names(json const& value) {
  if (!value.is_array() || value.empty()) {
    throw input_error("countries is " + shown(value) + "; it must be a list of names, [\"...\", ...]");
  }
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (auto const& given : value) {
    auto const path = "countries[" + std::to_string(out.size()) + ']';
    out.push_back(given.is_string() ? given.get<std::string>() : "");
    if (out.back().empty() || to_number(out.back()) || out.back() == "*" ||
        out.back().find_first_of("[]=\n\r\t") != std::string::npos) {
      throw input_error(path + " is " + shown(given) +
                        "; it must be a name that is no number and has no [, ] or = in it");
    }
    if (!seen.insert(out.back()).second) throw input_error(path + " is " + shown(given) + ", which is there twice");
  }
  return out;
}

[[nodiscard]] json to_json(array const& numbers, shape extent) {
  auto const element = [](double number) { return std::isfinite(number) ? json(number) : json(to_text(number)); };
  if (extent == shape::number) return element(numbers.numbers[0]);
  json out = json::array();
  for (std::size_t i = 0; i < numbers.rows; ++i) {
    if (extent == shape::by_pair) out.push_back(json::array());
    for (std::size_t j = 0; j < numbers.columns; ++j) {
      (extent == shape::by_pair ? out.back() : out).push_back(element(numbers(i, j)));
    }
  }
  return out;
}

[[nodiscard]] bool names_a_file(json const& value) {
  if (!value.is_string()) return false;
  auto const text = value.get<std::string>();
  return text != "inf" && text != "-inf" && text != "nan";
}

/// The names of countries in two places must be the same.
void require_same(csv_table const& table, std::vector<std::string> const& countries, std::string const& from) {
  for (std::size_t k = 0; k < std::min(countries.size(), table.countries.size()); ++k) {
    if (table.countries[k] == countries[k]) continue;
    throw input_error(table.place_of_name(k) + ": mislabelled: it is of " + table.countries[k] + "; it must be of " +
                      countries[k] + ", as " + from + " has it");
  }
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
  auto const* what = parameter_named(*input.what, name);
  if (what == nullptr) return std::nullopt;
  out.parameter = static_cast<std::size_t>(what - input.what->parameters.data());
  std::size_t const wanted = what->extent == shape::by_pair ? 2 : what->extent == shape::by_country ? 1 : 0;
  if (out.indices.size() != wanted) return std::nullopt;
  // A derived quantity can go by the name of a parameter; then its value tells them apart.
  auto const& numbers = input.parameters[out.parameter];
  double const value = numbers(wanted > 0 ? out.indices[0] : 0, wanted > 1 ? out.indices[1] : 0);
  if (melitz::detail::to_text(value) != e.value()) return std::nullopt;
  return out;
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

/// Multiplies every number of a value; infinity stays what it is.
void scale(json& value, double factor, bool keep_diagonal) {
  if (value.is_number()) {
    value = value.get<double>() * factor;
    return;
  }
  if (!value.is_array()) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!keep_diagonal || !value[i].is_array()) {
      scale(value[i], factor, false);
      continue;
    }
    for (std::size_t j = 0; j < value[i].size(); ++j) {
      if (i != j) scale(value[i][j], factor, false);
    }
  }
}

}  // namespace

model_file with_tables(json document, std::string const& folder) {
  model_file out{std::move(document)};
  auto const* what = model_in(out.content);
  if (what == nullptr || !what->has_countries() || !out.content.contains("parameters")) return out;
  auto& given = out.content["parameters"];
  if (!given.is_object()) return out;
  std::string named_by = "\"countries\"";
  for (auto const& p : what->parameters) {
    auto const found = given.find(std::string(p.name));
    if (p.extent == shape::number || found == given.end() || !names_a_file(*found)) continue;
    auto const file = (std::filesystem::path(folder) / found->get<std::string>()).string();
    auto table = read_csv(file, join("parameters", p.name), p);
    *found = to_json(table.numbers, p.extent);
    table.numbers = {};
    if (out.content.contains("countries")) {
      require_same(table, read_names(out.content.at("countries")), named_by);
    } else if (!table.countries.empty()) {
      out.content["countries"] = table.countries;
      named_by = table.name;
    }
    out.tables.emplace(p.name, std::move(table));
  }
  return out;
}

std::vector<bound_law> read_laws(json const& distribution, model const& what, std::size_t countries) {
  std::vector<bound_law> out;
  if (what.laws != laws_wanted::by_country || !distribution.is_array()) {
    out.emplace_back(read_law(distribution));
    return out;
  }
  if (distribution.size() != countries) {
    throw input_error("distribution has " + std::to_string(distribution.size()) + " laws; it must have " +
                      std::to_string(countries) + ", one for each country, or be one law for all");
  }
  for (auto const& one : distribution) {
    auto const path = "distribution[" + std::to_string(out.size()) + ']';
    out.emplace_back(read_law(one, path), path);
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
    if (found == given.end() && p.if_left_out) {
      out.parameters.push_back(everywhere(*p.if_left_out, p, out.countries));
      continue;
    }
    out.parameters.push_back(
        read_array(member(given, "parameters", p.name, p.restriction), join("parameters", p.name), p, out.countries));
  }

  if (auto const periods = what.periods()) {
    double const given_periods = out.parameters[*periods].numbers[0];
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
    return input.what->solve(input.parameters, input.laws);
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

std::vector<std::string> places_of(model_input const& input, shape extent) {
  if (extent == shape::number) return {""};
  std::vector<std::string> out;
  for (std::size_t t = 0; extent == shape::by_period && t < input.periods; ++t) out.push_back(place_of({t}, {}));
  for (std::size_t i = 0; i < input.countries; ++i) {
    if (extent == shape::by_country) out.push_back(place_of({i}, input.names));
    for (std::size_t j = 0; extent == shape::by_pair && j < input.countries; ++j) {
      out.push_back(place_of({i, j}, input.names));
    }
  }
  return out;
}

void set_number(model_file& file, std::string_view name, double value) {
  auto const path = full_path(name);
  auto const* model = model_in(file.content);
  parameter const* what = nullptr;  // that wants several numbers
  std::size_t depth = 0;            // of indices below it
  json* at = &file.content;
  std::string_view rest = path;
  while (!rest.empty()) {
    auto const whole = rest;
    auto const next = next_step(rest);
    if (!next) throw input_error(std::string(name) + " is not a name such as distribution.components[0].log_sd");
    auto done = path.substr(0, path.size() - whole.size());
    if (next->index) {
      if (what != nullptr && depth == 0 && (at->is_number() || at->is_string())) {  // one for all: now they differ
        *at = to_json(read_array(*at, done, *what, count_countries(file.content, *model)), what->extent);
      }
      bool const by_name = what != nullptr || done == distribution_name;
      auto const index = read_index(*next->index, name, by_name ? names_in(file.content) : std::vector<std::string>());
      if (!at->is_array() || index >= at->size()) {
        throw input_error(std::string(name) + " does not exist: the model's " + done + " has no element [" +
                          std::string(*next->index) + ']');
      }
      at = &(*at)[index];
      ++depth;
    } else {
      bool const may_be_new = rest.empty();  // a parameter that the file leaves out
      std::string const key(next->key);
      if (!at->is_object() || (!may_be_new && !at->contains(key))) {
        throw input_error(std::string(name) + " does not exist: the model has no " + done.append(key));
      }
      at = &(*at)[key];
      if (model != nullptr && done == parameters_prefix) {
        what = parameter_named(*model, key);
        if (what != nullptr && what->extent == shape::number) what = nullptr;
      }
    }
  }
  if (what != nullptr && depth > 0 && at->is_array()) {
    throw input_error(std::string(name) + " is several numbers; name one, such as " + std::string(name) + "[0]");
  }
  if (what != nullptr) file.tables.erase(std::string(what->name));
  if (!name.ends_with('*')) {
    *at = value;
    return;
  }
  if (at->is_null()) throw input_error(std::string(name) + ": the model gives no value to multiply");
  scale(*at, value, what != nullptr && what->at_home);
}

assignment read_assignment(std::string const& text) {
  auto const equals = text.find('=');
  auto const value = equals == std::string::npos ? std::nullopt : to_number(std::string_view(text).substr(equals + 1));
  if (!value || equals == 0) {
    throw input_error("--set " + text +
                      " is not NAME=NUMBER, for instance iceberg_cost=1.4 or distribution.log_sd=0.6");
  }
  return {text.substr(0, equals), *value};
}

std::optional<target> target_of(model_input const& input, std::string_view name) {
  auto const path = full_path(name);
  if (!path.starts_with(parameters_prefix)) return std::nullopt;
  auto rest = std::string_view(path).substr(parameters_prefix.size());
  auto const first = next_step(rest);
  auto const* what = first ? parameter_named(*input.what, first->key) : nullptr;
  if (what == nullptr) return std::nullopt;
  target out{.parameter = static_cast<std::size_t>(what - input.what->parameters.data()),
             .scales = name.ends_with('*')};
  while (!rest.empty()) {
    auto const next = next_step(rest);
    if (!next || !next->index) return std::nullopt;
    out.indices.push_back(read_index(*next->index, name, input.names));
  }
  return out;
}

}  // namespace melitz_solve
