// SPDX-License-Identifier: BSL-1.0
#include "document.hpp"
#include "operations.hpp"
#include "operations_detail.hpp"
#include "settings.hpp"
#include "text.hpp"

#include <melitz/catalog/law_error.hpp>

#include <algorithm>
#include <iterator>

namespace melitz::front {

namespace {

/// The numbers of the targets, in their order; none of what is left out. @throws input_error
[[nodiscard]] std::vector<array> read_targets(json const& given, model const& what, std::size_t countries) {
  std::vector<array> out;
  for (auto const& p : what.targets) {
    if (!given.contains(p.name) && p.optional()) {
      out.emplace_back();
      continue;
    }
    auto const* value = &member(given, "targets", p.name, p.restriction);
    bool const wrapped = value->is_array() && value->size() == 1 && p.extent == shape::number;  // as R writes it
    out.push_back(read_array(wrapped ? value->front() : *value, join("targets", p.name), p, countries));
  }
  return out;
}

/// How many countries the targets are about; 0 if nothing says it.
[[nodiscard]] std::size_t countries_of_targets(json const& document, json const& given, model const& what) {
  if (auto const names = names_in(document); !names.empty()) return names.size();
  for (auto const& p : what.targets) {
    if (!given.contains(p.name)) continue;
    if (auto const count = countries_in(given.at(p.name), p)) return *count;
  }
  return 0;
}

[[nodiscard]] bool is_of_law(assignment const& one) {
  return one.name.starts_with("distribution.") || one.name.starts_with("distribution[");
}

}  // namespace

answered<json> calibrate(model_file const& file) {
  auto const& document = file.content;
  require_object(document, "");
  model const* known = model_in(document);
  std::vector<std::string_view> keys{"model", "distribution", "targets", "id"};
  if (known != nullptr && known->laws == laws_wanted::none) keys.erase(keys.begin() + 1);
  if (known != nullptr && known->has_countries()) keys.push_back("countries");
  auto const& what = model_named(member(document, "", "model", "name a model; --models lists them"), "model");
  require_of_model(
      what, [](model const& m) { return static_cast<bool>(m.calibrate); }, "targets that it can be calibrated to");
  require_known_keys(document, "", keys);

  auto const& given = member(document, "", "targets", "be an object with what is observed and what is assumed");
  require_object(given, "targets");
  std::vector<std::string_view> names;
  for (auto const& p : what.targets) names.push_back(p.name);
  require_known_keys(given, "targets", names);
  auto const countries = countries_of_targets(document, given, what);
  auto const targets = read_targets(given, what, countries);
  std::vector<law> laws;
  if (what.laws != laws_wanted::none) {
    laws = read_laws(member(document, "", "distribution", R"(be a law such as {"family": "lognormal", ...})"), what,
                     countries);
  }

  std::vector<array> parameters;
  try {
    parameters = what.calibrate(targets, laws);
  } catch (melitz::convergence_error const& e) {
    return {e.reason(), {}};
  } catch (melitz::catalog::law_error const& e) {
    throw input_error(e.where() + " is " + e.value() + "; it must " + e.restriction());
  } catch (melitz::domain_error const& e) {
    bool const of_target = std::find(names.begin(), names.end(), e.parameter()) != names.end();
    throw input_error((of_target ? "targets." : "") + without_place(e));
  }
  json out;
  for (auto const* key : {"id", "model", "countries", "distribution"}) {
    if (document.contains(key)) out[key] = document.at(key);
  }
  json found = json::object();
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    auto const& p = what.parameters[k];
    if (parameters[k].numbers.empty()) continue;
    found[p.name] = p.words.empty() ? to_json(parameters[k], p.indices) : word_at(p, parameters[k].numbers[0]);
  }
  out["parameters"] = std::move(found);
  return {melitz::status::converged, std::move(out)};
}

void set_targets(model_file& file, std::vector<assignment> const& all) {
  std::vector<assignment> of_laws;
  std::copy_if(all.begin(), all.end(), std::back_inserter(of_laws), is_of_law);
  set_values(file, of_laws);
  auto const* what = model_in(file.content);
  if (what == nullptr || !what->calibrate) return;  // which is found when the file is read
  std::vector<std::string_view> known;
  for (auto const& p : what->targets) known.push_back(p.name);
  for (auto const& one : all) {
    if (is_of_law(one)) continue;
    std::string_view key = one.name;
    constexpr std::string_view prefix = "targets.";
    if (key.starts_with(prefix)) key.remove_prefix(prefix.size());
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw input_error(one.name + " is no target" + suggestion(key, known));
    }
    auto& targets = file.content["targets"];
    if (targets.is_null()) targets = json::object();
    require_object(targets, "targets");
    targets[std::string(key)] = one.value;
  }
}

}  // namespace melitz::front
