// SPDX-License-Identifier: BSL-1.0
#include "document.hpp"

#include "laws.hpp"
#include "text.hpp"

#include <charconv>
#include <cmath>

namespace melitz::front {

namespace {

[[nodiscard]] bool is_wrapped(json const& value) {
  return value.is_array() && value.size() == 1 && value.front().is_primitive();
}

void unwrap(json& value) {
  if (!is_wrapped(value)) return;
  json inside = std::move(value.front());
  value = std::move(inside);
}

void unwrap_member(json& object, std::string_view key) {
  auto const found = object.find(std::string(key));
  if (found != object.end()) unwrap(*found);
}

/// The parameters of a document, if they are there and those of a model.
[[nodiscard]] json* parameters_in(json& document) {
  if (!document.is_object() || !document.contains("parameters")) return nullptr;
  auto& given = document.at("parameters");
  return given.is_object() ? &given : nullptr;
}

}  // namespace

model const* model_in(json const& document) {
  if (!document.is_object() || !document.contains("model")) return nullptr;
  for (auto const& m : models()) {
    if (document.at("model") == std::string(m.name)) return &m;
  }
  return nullptr;
}

parameter const* parameter_named(model const& what, std::string_view name) {
  for (auto const& p : what.parameters) {
    if (p.name == name) return &p;
  }
  return nullptr;
}

std::string choices_of(parameter const& choice) {
  std::string out;
  for (auto const word : choice.words) out.append(out.empty() ? "" : " or ").append(word);
  return out;
}

json word_at(parameter const& choice, double place) {
  auto const word = choice.words.at(static_cast<std::size_t>(place));
  bool const yes_or_no = word == "true" || word == "false";
  return yes_or_no ? json(word == "true") : json(std::string(word));
}

std::vector<std::string> names_in(json const& document) {
  std::vector<std::string> out;
  if (!document.is_object() || !document.contains("countries") || !document.at("countries").is_array()) return out;
  for (auto const& name : document.at("countries")) out.push_back(name.is_string() ? name.get<std::string>() : "");
  return out;
}

std::size_t count_countries(json const& document, model const& what) {
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

json to_json(array const& numbers, melitz::told::by_two indices, not_finite as) {
  bool const rows = indices.told(), columns = indices.columns != melitz::told::by::none;
  auto const number = [&](std::size_t k) {
    double const x = numbers.numbers[k];
    return std::isfinite(x) ? json(x) : as == not_finite::null ? json() : json(to_text(x));
  };
  auto const row = [&](std::size_t i) {
    if (!columns) return number(i);
    json out = json::array();
    for (std::size_t j = 0; j < numbers.columns; ++j) out.push_back(number(i * numbers.columns + j));
    return out;
  };
  auto const layer = [&](std::size_t h) {
    if (!rows) return number(h);
    json out = json::array();
    for (std::size_t i = 0; i < numbers.rows; ++i) out.push_back(row(h * numbers.rows + i));
    return out;
  };
  if (numbers.layers == 1) return layer(0);
  json out = json::array();
  for (std::size_t h = 0; h < numbers.layers; ++h) out.push_back(layer(h));
  return out;
}

json value_of(array const& numbers, parameter const& what) {
  if (what.words.empty()) return to_json(numbers, what.indices);
  if (numbers.layers == 1) return word_at(what, numbers.numbers[0]);
  json out = json::array();
  for (double const place : numbers.numbers) out.push_back(word_at(what, place));
  return out;
}

std::string in_one_line(json const& value) {
  if (value.is_number_float()) {
    auto const number = value.get<double>();
    return std::isfinite(number) ? to_text(number) : '"' + to_text(number) + '"';
  }
  if (!value.is_structured()) return value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string out;
  auto const add = [&](std::string const& text) { out.append(out.empty() ? "" : ", ").append(text); };
  if (value.is_array()) {
    for (auto const& member : value) add(in_one_line(member));
    return '[' + out + ']';
  }
  for (auto const& [key, member] : value.items()) add(in_one_line(json(key)) + ": " + in_one_line(member));
  return '{' + out + '}';
}

void unwrap_scalars(json& document) {
  if (!document.is_object()) return;
  unwrap_member(document, "model");
  if (auto const drawn = document.find("distribution"); drawn != document.end()) {
    unwrap_law(*drawn);
    if (drawn->is_array()) {
      for (auto& one : *drawn) unwrap_law(one);
    }
  }
  auto const* what = model_in(document);
  auto* given = parameters_in(document);
  if (what == nullptr || given == nullptr) return;
  for (auto const& p : what->parameters) {
    auto const found = given->find(std::string(p.name));
    if (found == given->end() || !is_wrapped(*found)) continue;
    bool const names_file = found->front().is_string() && !infinity_in_words(found->front());
    if (p.extent != shape::by_country || names_file) unwrap(*found);
  }
}

void unwrap_numbers_for_all(json& document, std::set<std::string_view> const& lists) {
  auto const* what = model_in(document);
  auto* given = parameters_in(document);
  if (what == nullptr || given == nullptr) return;
  auto countries = names_in(document).size();
  for (auto const& p : what->parameters) {
    auto const found = given->find(std::string(p.name));
    if (countries > 1 || found == given->end()) continue;
    countries = countries_in(*found, p).value_or(countries);
  }
  for (auto const& p : what->parameters) {
    auto const found = given->find(std::string(p.name));
    if (countries > 1 && found != given->end() && p.extent == shape::by_country && !lists.contains(p.name))
      unwrap(*found);
  }
}

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace melitz::front
