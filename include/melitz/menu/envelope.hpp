// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>
#include <vector>

namespace melitz {

/// A kink of a profit envelope, relative to the reference kink: where a dearer, steeper option takes over.
template <real Real>
struct kink {
  Real weight{1};     ///< extra fixed cost paid from here on, over that of the reference kink
  Real log_ratio{0};  ///< ln of the scaled size at which it happens, over that of the reference kink
  Real jump{0};  ///< of profit, where a constraint kept firms from what pays already; in the weight's units, part of it
  Real weight_rest{0}, log_ratio_rest{0};  ///< what rounding took from the first two, where it is known
};

/// The upper envelope of a menu, Pi(Y) = max_k (slope_k Y - fixed_cost_k), by its kinks in scaled size Y = A phi^r.
///
/// It does not depend on the demand shifter A, so it is built once. The reference kink is the lowest one at a positive
/// Y: there `fixed_cost` more is paid for `slope` more, at Y = fixed_cost / slope. (Where profit jumps at a kink, what
/// it jumps by is not paid, but counts here.) Below it the firm takes the base
/// option: exit (both zero), unless some option costs nothing or pays something. Kinks carry ratios to the reference
/// kink, because products of costs overflow where their ratios do not.
/// @tparam Kinks  any contiguous range of kink<Real>; kinks[0] is the reference kink {1, 0}; log_ratio ascends
template <real Real, class Kinks = std::vector<kink<Real>>>
struct envelope {
  using real_type = Real;

  Real fixed_cost;
  Real slope;
  Real base_slope{0};
  Real base_fixed_cost{0};
  Kinks kinks{};

  /// ln of the scaled size Y at the reference kink.
  [[nodiscard]] Real log_threshold() const {
    using std::log;
    Real const ratio = fixed_cost / slope;
    return ratio > 0 && detail::is_finite(ratio) ? Real(log(ratio)) : Real(log(fixed_cost) - log(slope));
  }
};

}  // namespace melitz
