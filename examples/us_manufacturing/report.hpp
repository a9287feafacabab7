// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gains.hpp"

#include <iosfwd>

namespace example {

/// What is assumed, in a line or two.
void print_assumptions(std::ostream& out, assumptions const& a);

/// A year as two tables of industries, notes on those that are suspect or infeasible, and the aggregate more closely.
void print_year(std::ostream& out, year_results const& year, assumptions const& a);

}  // namespace example
