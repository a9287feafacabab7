// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/tail/tail.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace melitz {

namespace detail {

/// Where a quantile is, or why it was not found.
template <real Real>
struct located_quantile {
  status reason;
  Real log_x = not_a_number<Real>;
};

/// As log_quantile, without throwing. @pre survival lies between 0 and 1
template <productivity_tail Tail>
[[nodiscard]] located_quantile<typename Tail::real_type> find_log_quantile(Tail const& tail,
                                                                           typename Tail::real_type const& survival) {
  using Real = typename Tail::real_type;
  using std::abs, std::log;
  Real const target = log(survival);
  auto const gap = [&](Real const& t) {
    auto const p = tail.at(t);
    Real const value = p.log_scale + log(p.survival) - target;
    if (value == 0) return (std::numeric_limits<Real>::min)();  // between two atoms: the upper one is wanted
    return value > -1000 ? value : Real(-1000);                 // above the support the survival is 0
  };
  // Walk out from a point of the support until the quantile is bracketed.
  Real lower = is_finite(Real(tail.log_lower_bound()))   ? Real(tail.log_lower_bound())
               : is_finite(Real(tail.log_upper_bound())) ? Real(tail.log_upper_bound())
                                                         : Real(tail.log_moment() / tail.power());
  Real upper = lower, step(1);
  for (int k = 0; k < 60 && gap(lower) < 0; ++k, step *= 2) {
    upper = lower;
    lower -= step;
  }
  step = 1;
  for (int k = 0; k < 60 && gap(upper) >= 0; ++k, step *= 2) {
    lower = upper;
    upper += step;
  }
  Real const at_lower = gap(lower), at_upper = gap(upper);
  if (!(at_lower >= 0 && at_upper < 0)) return {status::not_finite};
  auto const close = [](Real const& a, Real const& b) {
    Real const size = abs(a) > 1 ? Real(abs(a)) : Real(1);
    return abs(Real(b - a)) <= 2 * epsilon<Real>() * size;
  };
  std::uintmax_t budget = 60;
  auto bracket = boost::math::tools::toms748_solve(gap, lower, upper, at_lower, at_upper, close, budget);
  if (!close(bracket.first, bracket.second)) {  // flat near a survival of 1: only the sign can be trusted there
    bracket = {lower, upper};
    for (int k = 0; k < 500 && !close(bracket.first, bracket.second); ++k) {
      Real const middle = (bracket.first + bracket.second) / 2;
      (gap(middle) >= 0 ? bracket.first : bracket.second) = middle;
    }
  }
  if (!close(bracket.first, bracket.second)) return {status::iteration_limit};
  return {status::converged, bracket.first};
}

}  // namespace detail

/// Log productivity that a share `survival` of draws reach or exceed: the inverse of the survival function.
///
/// For a law with atoms, the highest atom that at least that share reaches.
/// @param survival  in (0, 1)
/// @throws domain_error when survival is out of range; convergence_error when no such point is found
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type log_quantile(Tail const& tail, typename Tail::real_type const& survival) {
  detail::require(survival > 0 && survival < 1, "log_quantile", "survival", survival, "lie between 0 and 1");
  auto const found = detail::find_log_quantile(tail, survival);
  if (found.reason != status::converged) throw convergence_error("melitz::log_quantile", found.reason);
  return found.log_x;
}

/// No tail; see tail/mistake.hpp.
template <class Law, class Mistake = detail::mistake_for_a_tail<Law>>
requires(!productivity_tail<Law>) void log_quantile(Law const& law, law_real_t<Law> const& survival) = delete;

}  // namespace melitz
