// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>

#include <array>

namespace test {

template <class Real>
struct named_result {
  char const* name;
  Real melitz::equilibrium<Real>::*field;
};

#define MELITZ_RESULT(name) \
  named_result<Real> { #name, &melitz::equilibrium < Real> ::name }

/// Every number of an equilibrium except those that tell how well it was solved.
template <class Real>
inline constexpr std::array results{
    MELITZ_RESULT(cutoff),
    MELITZ_RESULT(log_cutoff),
    MELITZ_RESULT(lowest_producing_productivity),
    MELITZ_RESULT(export_cutoff),
    MELITZ_RESULT(domestic_cutoff),
    MELITZ_RESULT(probability_of_producing),
    MELITZ_RESULT(share_exporting),
    MELITZ_RESULT(average_productivity),
    MELITZ_RESULT(average_export_productivity),
    MELITZ_RESULT(average_variety_productivity),
    MELITZ_RESULT(average_revenue),
    MELITZ_RESULT(average_profit),
    MELITZ_RESULT(average_domestic_revenue),
    MELITZ_RESULT(average_export_revenue),
    MELITZ_RESULT(mass_entrants_per_period),
    MELITZ_RESULT(mass_entrants),
    MELITZ_RESULT(mass_producers),
    MELITZ_RESULT(mass_exporters),
    MELITZ_RESULT(mass_varieties),
    MELITZ_RESULT(revenue),
    MELITZ_RESULT(price_index),
    MELITZ_RESULT(welfare),
    MELITZ_RESULT(domestic_share),
    MELITZ_RESULT(export_intensity),
    MELITZ_RESULT(labor_entry),
    MELITZ_RESULT(labor_fixed),
    MELITZ_RESULT(labor_export_fixed),
    MELITZ_RESULT(labor_variable),
    MELITZ_RESULT(trade_elasticity),
    MELITZ_RESULT(domestic_elasticity),
    MELITZ_RESULT(pareto_shape),
};

#undef MELITZ_RESULT

}  // namespace test
