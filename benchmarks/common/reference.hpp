// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "economy.hpp"

#include <string>
#include <vector>

namespace benchmarks {

/// The same economy solved with fifty digits: the library's own code, with another number type. The cutoffs are held
/// against numbers that do not come from this library when reference.cpp starts to work.
/// long double keeps the rounding of the answer out of errors measured in eps of a double.
/// @param law           a name of for_each_law
/// @param iceberg_cost  infinite for the closed economy
results<long double> reference(std::string const& law, double iceberg_cost);

/// How far the answers are off, the worst of them, in eps = 2.2e-16 relative to the answer. NaN where one is missing.
double worst_error(results<double> const& answers, results<long double> const& truth);

}  // namespace benchmarks
