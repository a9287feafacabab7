// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/tail/tail.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstddef>
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
  using value = value_t<Real>;
  using std::abs, std::log;
  Real const target = log(survival);
  auto const gap = [&](value const& t) {
    auto const p = tail.at(Real(t));
    auto const above = static_cast<value>(Real(p.log_scale + log(p.survival) - target));
    if (above == 0) return (std::numeric_limits<value>::min)();  // between two atoms: the upper one is wanted
    return above > -1000 ? above : value(-1000);                 // above the support the survival is 0
  };
  // Walk out from a point of the support until the quantile is bracketed.
  auto lower = static_cast<value>(is_finite(Real(tail.log_lower_bound()))   ? Real(tail.log_lower_bound())
                                  : is_finite(Real(tail.log_upper_bound())) ? Real(tail.log_upper_bound())
                                                                            : Real(tail.log_moment() / tail.power()));
  value upper = lower, step(1);
  for (int k = 0; k < 60 && gap(lower) < 0; ++k, step *= 2) {
    upper = lower;
    lower -= step;
  }
  step = 1;
  for (int k = 0; k < 60 && gap(upper) >= 0; ++k, step *= 2) {
    lower = upper;
    upper += step;
  }
  value const at_lower = gap(lower), at_upper = gap(upper);
  if (!(at_lower >= 0 && at_upper < 0)) return {status::not_finite};
  auto const close = [](value const& a, value const& b) {
    value const size = abs(a) > 1 ? value(abs(a)) : value(1);
    return abs(value(b - a)) <= 2 * epsilon<value>() * size;
  };
  std::uintmax_t budget = 60;
  auto bracket = boost::math::tools::toms748_solve(gap, lower, upper, at_lower, at_upper, close, budget);
  if (!close(bracket.first, bracket.second)) {  // flat near a survival of 1: only the sign can be trusted there
    bracket = {lower, upper};
    for (int k = 0; k < 500 && !close(bracket.first, bracket.second); ++k) {
      value const middle = (bracket.first + bracket.second) / 2;
      (gap(middle) >= 0 ? bracket.first : bracket.second) = middle;
    }
  }
  if (!close(bracket.first, bracket.second)) return {status::iteration_limit};
  Real log_x(bracket.first);
  if constexpr (carries_derivatives<Real>) {  // Newton steps from there, whose values are roundings
    for (std::size_t k = 0; k < differentiation<Real>::order; ++k) {
      auto const p = tail.at(log_x);
      if (!(p.density > 0)) return {status::not_finite};  // an atom, with which it moves, or between two
      log_x += (p.log_scale + log(p.survival) - target) * p.survival / p.density;
    }
  }
  return {status::converged, log_x};
}

}  // namespace detail

/// Log productivity that a share `survival` of draws reach or exceed: the inverse of the survival function.
///
/// For a law with atoms, the highest atom that at least that share reaches; derivatives it has none there, which where
/// numbers carry some is a failure.
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
