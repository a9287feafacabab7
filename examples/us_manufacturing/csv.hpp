// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gains.hpp"

#include <iosfwd>
#include <vector>

namespace example {

/// Everything that was computed, with all digits: a line per year, industry and law. Shares, changes and gains are
/// fractions, not percent; an infeasible industry has its observations, the reason, and nothing in between.
void write_csv(std::ostream& out, std::vector<year_results> const& years, assumptions const& a);

}  // namespace example
