// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstdint>
#include <tuple>

namespace melitz::detail {

/// A root of a decreasing function inside [lower, upper], to about two thirds of the digits, by Boost's Halley
/// iteration inside the bracket; where that does not get there (functions with kinks), by Boost's TOMS 748.
///
/// @param f       f(x) returns the tuple (value, first derivative, second derivative)
/// @param guess   where to start; must lie in the bracket
/// @param budget  evaluations allowed; what is left of it on return
/// @return the root, or NaN when the budget ran out
template <real Real, class F>
[[nodiscard]] Real decreasing_root(F const& f, Real const& guess, Real const& lower, Real const& upper,
                                   std::uintmax_t& budget) {
  using std::abs;
  namespace bmt = boost::math::tools;
  // Boost stops on a step small relative to x, which fails for a root at zero; moved to [1, ...] relative is absolute.
  auto const moved = [&](Real const& v) { return f(Real(lower + (v - 1))); };
  int const digits = 2 * std::numeric_limits<Real>::digits / 3;
  std::uintmax_t halley_budget = budget < 30 ? budget : 30;
  std::uintmax_t const granted = halley_budget;
  Real root = not_a_number<Real>;
  bool met = false;
  try {
    root = lower + (bmt::halley_iterate(moved, Real(1 + (guess - lower)), Real(1), Real(1 + (upper - lower)), digits,
                                        halley_budget) - 1);
    met = halley_budget < granted && is_finite(root);
  } catch (boost::math::evaluation_error const&) {
    // Boost saw no change of sign on its way: the bracketing method below will tell.
  }
  budget -= halley_budget < budget ? halley_budget : budget;
  if (met) return root;

  auto const value = [&](Real const& x) { return Real(std::get<0>(f(x))); };
  auto const close = [](Real const& a, Real const& b) {
    Real const size = abs(a) > 1 ? Real(abs(a)) : Real(1);
    return abs(Real(b - a)) <= 4 * epsilon<Real>() * size;
  };
  if (budget < 4) return not_a_number<Real>;
  Real const at_lower = value(lower), at_upper = value(upper);
  budget -= 2;
  if (at_lower == 0) return lower;
  if (at_upper == 0) return upper;
  if (!(at_lower > 0 && at_upper < 0)) return not_a_number<Real>;
  std::uintmax_t left = budget;
  auto const bracket = bmt::toms748_solve(value, lower, upper, at_lower, at_upper, close, left);
  budget -= left < budget ? left : budget;
  return close(bracket.first, bracket.second) ? Real((bracket.first + bracket.second) / 2) : not_a_number<Real>;
}

}  // namespace melitz::detail
