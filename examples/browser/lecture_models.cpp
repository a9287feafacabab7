// SPDX-License-Identifier: BSL-1.0
//
// The models of the lecture's page: these alone, so that it stays small.

#include "catalog/models.hpp"

#include <melitz/catalog/describe.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/models/krugman.hpp>

#include <tuple>
#include <vector>

namespace melitz::front {

std::vector<catalog::model> const& models() {
  using taught = std::tuple<closed_economy<double>, open_economy<double>, krugman_economy<double>>;
  static std::vector<catalog::model> const table = catalog::models_of<taught, 0, 1>();
  return table;
}

}  // namespace melitz::front
