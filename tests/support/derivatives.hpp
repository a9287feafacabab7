// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>

namespace test {

/// Derivatives by one of several parameters that were asked for together are those by it alone.
inline void check_column(melitz::catalog::derivatives const& all, std::size_t column,
                         melitz::catalog::derivatives const& alone) {
  REQUIRE(alone.reason == all.reason);
  std::size_t const rows = alone.table.size(), columns = all.table.size() / rows;
  for (std::size_t r = 0; r < rows; ++r) {
    double const x = all.table[r * columns + column], y = alone.table[r];
    INFO("result " << r << " by parameter " << column << ": " << x << ", alone " << y);
    if (!(std::isnan(x) && std::isnan(y))) CHECK_THAT(x, WithinRel(y, 1e-15));
  }
}

}  // namespace test
