// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <string>
#include <vector>

namespace melitz::python {

/// The catalog's models, as they were compiled: those of different countries only where there was Eigen.
[[nodiscard]] std::vector<catalog::model> const& models();

/// Lets the two economies of the lecture be swept several at a time.
void add_lanes_to(std::vector<catalog::model>& models);

/// The one at this place. @throws domain_error where there is none
[[nodiscard]] inline catalog::model const& model_at(std::size_t k) {
  if (k >= models().size()) throw domain_error("melitz", "model", std::to_string(k), "be the place of a model");
  return models()[k];
}

}  // namespace melitz::python
