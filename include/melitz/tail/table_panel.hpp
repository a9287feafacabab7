// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/panel_rule.hpp>

namespace melitz {

/// A stretch of log productivity with ln S and ln J of a tail in powers of u = (t - centre) * inverse_half_width.
template <real Real>
struct table_panel {
  using polynomial = typename detail::panel_rule<Real>::values;

  Real begin, end, centre, inverse_half_width;
  polynomial log_survival, log_excess;

  [[nodiscard]] bool can_step(Real const& size) const { return size * inverse_half_width <= Real(1) / 512; }
};

}  // namespace melitz
