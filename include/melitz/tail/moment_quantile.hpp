// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/falling_root.hpp>
#include <melitz/numerics/rule.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// As log_moment_quantile, without throwing, with how far ln (J + S) is from what was asked.
template <productivity_tail Tail>
[[nodiscard]] falling_root<typename Tail::real_type> find_log_moment_quantile(
    Tail const& tail, typename Tail::real_type const& log_moment) {
  using Real = typename Tail::real_type;
  using std::log;
  Real const r = tail.power();
  auto const look = [&](Real const& t) -> falling_value<Real> {
    auto const p = tail.at(t);
    Real const moment = p.moment();
    if (!(moment > 0)) return {-infinity<Real>, -r};
    return {Real(p.log_scale + log(moment) - log_moment), Real(-r - p.density / moment)};
  };
  // Below the support ln (J + S) = ln E[phi^r] - r t, and nowhere is it higher: from there the root lies to the left.
  return find_falling_root(look, Real((tail.log_moment() - log_moment) / r));
}

/// What some roundings of a place may do to a log that falls there with this slope: much just below the top of a law.
template <real Real>
[[nodiscard]] Real rounding_at(Real const& place, Real const& slope) {
  using std::abs;
  return Real(16 * epsilon<Real>() * (1 + abs(slope) * (1 + abs(place))));
}

/// Whether a root of ln (J + S), or of ln S, is one: where a law has an atom, they jump.
/// @param slope  of the log there
template <real Real>
[[nodiscard]] bool is_met(falling_root<Real> const& root, Real const& slope) {
  using std::abs;
  return abs(root.value) <= 4096 * epsilon<Real>() + 4 * rounding_at(root.place, slope);
}

/// As log_quantile, from near it: by Newton's steps in ln S, where the law has a density there.
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type log_quantile_near(Tail const& tail, typename Tail::real_type const& survival,
                                                         typename Tail::real_type const& start) {
  using Real = typename Tail::real_type;
  using std::log;
  Real const log_survival = log(survival);
  auto const look = [&](Real const& t) -> falling_value<Real> {
    auto const p = tail.at(t);
    if (!(p.survival > 0)) return {-infinity<Real>, Real(-1)};
    return {Real(p.log_scale + log(p.survival) - log_survival), Real(-p.density / p.survival)};
  };
  auto const found = find_falling_root(look, start);
  bool const sure = found.reason == status::converged && found.slope < 0 && is_met(found, found.slope);
  return sure ? found.place : log_quantile(tail, survival);
}

}  // namespace detail

/// Log productivity x at which E[(phi/x)^r 1{phi >= x}] = J + S is a given number, which it is at one x: J + S falls
/// from infinity to 0. It is what an entrant of a country expects to earn before fixed costs, over these.
///
/// A bracketed Newton search in logs, five evaluations of the tail or so. Accuracy: that of x, to rounding; just below
/// the top of a law no number may be nearer.
/// @param moment  positive and finite
/// @throws domain_error when that is out of range, or in the gap that an atom of the law leaves; convergence_error
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type log_moment_quantile(Tail const& tail, typename Tail::real_type const& moment) {
  using std::log;
  detail::require(rule::positive, "log_moment_quantile", "moment", moment);
  auto const found = detail::find_log_moment_quantile(tail, log(moment));
  if (found.reason != status::converged) throw convergence_error("melitz::log_moment_quantile", found.reason);
  if (!detail::is_met(found, found.slope)) {
    detail::reject("log_moment_quantile", "moment", static_cast<double>(moment), "not lie in the gap of an atom");
  }
  return found.place;
}

}  // namespace melitz
