// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/calibrate.hpp>
#include <melitz/catalog/describe.hpp>
#include <melitz/economy/conditions.hpp>

#include <vector>

// What only the lecture's economies have, for programs that know models by name.

namespace melitz::catalog {

/// The conditions of the closed or the open economy as curves: Melitz (2003), figures 1 and 2.
/// @tparam Economy  closed_economy<double> or open_economy<double>
/// @param given     as of model::solve
/// @param cutoffs   productivities > 0
/// @throws domain_error naming a primitive, a cutoff, or what the law says
template <told_economy Economy>
[[nodiscard]] std::vector<conditions_at_cutoff> curves(std::vector<array> const& given, erased_law<double> const& law,
                                                       std::vector<double> const& cutoffs) {
  auto const economy = detail::economy_of<Economy>(detail::parameters_of<Economy>(), given);
  auto const c = conditions(economy, law);
  std::vector<conditions_at_cutoff> out;
  for (double const x : cutoffs) {
    melitz::detail::require(x > 0 && melitz::detail::is_finite(x), "curves", "cutoff", x, "be positive and finite");
    out.push_back({x, c.export_cutoff(x), c.value_of_entry(x), c.average_profit(x), c.average_profit_required(x)});
  }
  return out;
}

/// What a calibration asks for, as parameters by name.
[[nodiscard]] inline std::vector<parameter> targets() { return detail::parameters_of<trade_targets<double>>(); }

/// The open economy that shows the targets; see melitz::calibrate.
/// @param given  values in the order of targets(); none for what is left out
/// @return the parameters of the model "open", in its order
/// @throws domain_error, convergence_error
[[nodiscard]] inline std::vector<array> calibrated(std::vector<array> const& given, erased_law<double> const& law) {
  auto const wanted = detail::economy_of<trade_targets<double>>(targets(), given);
  auto const found = calibrate(wanted, law).economy;
  std::vector<array> out;
  detail::for_each_parameter<open_economy<double>>(
      [&](auto const&, auto const& access, std::string_view, bool) { out.push_back(array_of(access(found))); });
  return out;
}

}  // namespace melitz::catalog
