// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// Whether goods of each country reach every other one, if need be those of a country between: whether the graph of
/// positive numbers, [exporter][importer], is strongly connected. What stands on the diagonal does not matter.
template <class Matrix>
[[nodiscard]] bool all_connected(Matrix const& flows) {
  for (bool const forward : {true, false}) {
    std::vector<Eigen::Index> found{0}, left;
    for (Eigen::Index i = 1; i < flows.rows(); ++i) left.push_back(i);
    for (std::size_t k = 0; k < found.size() && !left.empty(); ++k) {
      auto const reached = std::partition(left.begin(), left.end(), [&, from = found[k]](Eigen::Index to) {
        return !((forward ? flows(from, to) : flows(to, from)) > 0);
      });
      found.insert(found.end(), reached, left.end());
      left.erase(reached, left.end());
    }
    if (!left.empty()) return false;
  }
  return true;
}

}  // namespace melitz::detail
