// SPDX-License-Identifier: BSL-1.0
#include "read_model.hpp"

#include "text.hpp"

namespace melitz_solve {

namespace {

constexpr std::string_view parameters_prefix = "parameters.", distribution_prefix = "distribution.";

/// The next step of a path such as components[0].log_sd: a key, or an index in brackets.
struct step {
  std::string_view key;
  std::optional<std::size_t> index;
};

/// Takes the first step off `path`; nothing if it is not spelt as a path.
[[nodiscard]] std::optional<step> next_step(std::string_view& path) {
  step out;
  if (path.starts_with('[')) {
    auto const close = path.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    auto const digits = path.substr(1, close - 1);
    if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
    out.index = std::stoul(std::string(digits));
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

}  // namespace

model_input read_model(json const& document) {
  require_object(document, "");
  constexpr std::string_view keys[] = {"model", "distribution", "parameters", "id"};
  require_known_keys(document, "", keys);
  auto const& what = model_named(member(document, "", "model", "name a model; --models lists them"), "model");

  auto const& given = member(document, "", "parameters", "be an object with the model's parameters");
  require_object(given, "parameters");
  std::vector<std::string_view> names;
  for (auto const& p : what.parameters) names.push_back(p.name);
  require_known_keys(given, "parameters", names);
  std::vector<double> parameters;
  for (auto const& p : what.parameters) {
    parameters.push_back(read_number(member(given, "parameters", p.name, p.restriction), join("parameters", p.name)));
  }

  auto const& distribution = member(document, "", "distribution", "be a law such as {\"family\": \"lognormal\", ...}");
  model_input out{&what, std::move(parameters), distribution, bound_law(read_law(distribution)), std::nullopt};
  if (document.contains("id")) out.id = document.at("id");
  return out;
}

answer solve(model_input& input) {
  try {
    return input.what->solve(input.parameters, input.productivity);
  } catch (melitz::domain_error const& e) {
    auto const index = parameter_index(*input.what, e.parameter());
    // A derived quantity can go by the name of a parameter; then its value tells them apart.
    if (!index || melitz::detail::to_text(input.parameters[*index]) != e.value()) throw input_error(e.what());
    throw input_error(std::string(parameters_prefix) + e.parameter() + " is " + e.value() + "; it must " +
                      e.restriction());
  }
}

void set_number(json& document, std::string_view name, double value) {
  std::string path(name);
  if (!name.starts_with(parameters_prefix) && !name.starts_with(distribution_prefix)) {
    path = std::string(parameters_prefix) + path;
  }
  json* at = &document;
  std::string_view rest = path;
  while (!rest.empty()) {
    auto const whole = rest;
    auto const next = next_step(rest);
    if (!next) throw input_error(std::string(name) + " is not a name such as distribution.components[0].log_sd");
    auto done = path.substr(0, path.size() - whole.size());
    if (next->index) {
      if (!at->is_array() || *next->index >= at->size()) {
        throw input_error(std::string(name) + " does not exist: the model's " + done + " has no element [" +
                          std::to_string(*next->index) + ']');
      }
      at = &(*at)[*next->index];
    } else {
      bool const may_be_new = rest.empty();  // a parameter that the file leaves out
      std::string const key(next->key);
      if (!at->is_object() || (!may_be_new && !at->contains(key))) {
        throw input_error(std::string(name) + " does not exist: the model has no " + done.append(key));
      }
      at = &(*at)[key];
    }
  }
  *at = value;
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

std::optional<std::size_t> parameter_index(model const& what, std::string_view name) {
  if (name.starts_with(parameters_prefix)) name.remove_prefix(parameters_prefix.size());
  for (std::size_t k = 0; k < what.parameters.size(); ++k) {
    if (what.parameters[k].name == name) return k;
  }
  return std::nullopt;
}

}  // namespace melitz_solve
