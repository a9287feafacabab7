// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

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

std::vector<model> const& models() {
  static std::vector<model> const table{closed_model(),    open_model(),       multinational_model(),
                                        sourcing_model(),  technology_model(), intermediation_model(),
                                        liquidity_model(), credit_model(),     homogeneous_model(),
                                        fair_wage_model(), screening_model()};
  return table;
}

model const& model_named(json const& name, std::string const& path) {
  std::vector<std::string_view> names;
  for (auto const& m : models()) names.push_back(m.name);
  auto const word = read_word(name, path, names);
  for (auto const& m : models()) {
    if (m.name == word) return m;
  }
  throw std::logic_error("no such model");
}

}  // namespace melitz_solve
