// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <algorithm>
#include <stdexcept>

namespace melitz_solve {

// Each is in a file of its own in models/.
model closed_model();
model open_model();
model multinational_model();
model sourcing_model();
model technology_model();
model intermediation_model();
model liquidity_model();
model credit_model();
model homogeneous_model();
model fair_wage_model();
model screening_model();
model transition_model();

#ifdef MELITZ_SOLVE_WORLDS
model world_model();
model acr_model();
model chaney_model();
model multinational_world_model();
model melitz_ottaviano_model();
#endif

namespace {

/// Those that need Eigen, built with it or not.
constexpr std::string_view world_names[] = {"world", "acr", "chaney", "multinational_world", "melitz_ottaviano"};

}  // namespace

bool model::has_countries() const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [](parameter const& p) { return p.extent != shape::number; });
}

std::optional<std::size_t> model::periods() const {
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    if (parameters[k].name == "periods") return k;
  }
  return std::nullopt;
}

std::vector<model> const& models() {
  static std::vector<model> const table{
      closed_model(),
      open_model(),
      multinational_model(),
      sourcing_model(),
      technology_model(),
      intermediation_model(),
      liquidity_model(),
      credit_model(),
      homogeneous_model(),
      fair_wage_model(),
      screening_model(),
      transition_model(),
#ifdef MELITZ_SOLVE_WORLDS
      world_model(),
      acr_model(),
      chaney_model(),
      multinational_world_model(),
      melitz_ottaviano_model(),
#endif
  };
  return table;
}

model const& model_named(json const& name, std::string const& path) {
  std::vector<std::string_view> names;
  for (auto const& m : models()) names.push_back(m.name);
  for (auto const world : world_names) {
    if (name != std::string(world) || std::find(names.begin(), names.end(), world) != names.end()) continue;
    throw input_error(path + " is " + shown(name) + ", which needs Eigen; this melitz-solve was built without it");
  }
  auto const word = read_word(name, path, names);
  for (auto const& m : models()) {
    if (m.name == word) return m;
  }
  throw std::logic_error("no such model");
}

}  // namespace melitz_solve
