// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/mixture.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/truncated.hpp>
#include <melitz/numerics/mills.hpp>
#include <melitz/numerics/rule.hpp>

#include <cmath>
#include <utility>
#include <variant>

namespace melitz {

// Log-normal below a join and Pareto above it, with fewer conditions there than spliced_lognormal_pareto has. They are
// mixtures; melitz/tail/{mixture,truncated,variant}.hpp have their tails.

/// A log-normal law cut off above, or a Pareto law.
template <real Real = double>
using splice_piece = std::variant<truncated<lognormal<Real>>, pareto<Real>>;

/// Log-normal below the join and Pareto above it: at the join the density may jump.
/// @param tail_share  of draws above the join, in (0, 1)
/// @throws domain_error naming what is out of range
template <real Real>
[[nodiscard]] mixture<splice_piece<Real>> loose_splice(lognormal<Real> const& body, Real const& shape, Real const& join,
                                                       Real const& tail_share) {
  body.validate();
  detail::require(rule::positive, "loose_splice", "shape", shape);
  detail::require(rule::positive, "loose_splice", "join", join);
  detail::require(rule::inner_share, "loose_splice", "tail_share", tail_share);
  return {{Real(1 - tail_share), tail_share},
          {truncated<lognormal<Real>>{body, Real(0), join}, pareto<Real>{join, shape}}};
}

/// Log-normal below the join and Pareto above it: the density is continuous, and may have a kink at the join.
/// @throws domain_error naming what is out of range
template <real Real>
[[nodiscard]] mixture<splice_piece<Real>> continuous_splice(lognormal<Real> const& body, Real const& shape,
                                                            Real const& join) {
  using std::log;
  body.validate();
  detail::require(rule::positive, "continuous_splice", "shape", shape);
  detail::require(rule::positive, "continuous_splice", "join", join);
  // Both densities at the join, of all draws of either: h/nu and the shape, with h = n(z)/Pr(Z <= z).
  Real const z = (log(join) - body.log_mean) / body.log_sd, hazard = detail::normal_hazard_at(Real(-z)).hazard;
  return loose_splice(body, shape, join, Real(hazard / (hazard + body.log_sd * shape)));
}

}  // namespace melitz
