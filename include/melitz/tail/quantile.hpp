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

/// The tail at a place that carries no derivatives: of the tail without any, where there is one beside it.
template <productivity_tail Tail>
[[nodiscard]] auto at_value(Tail const& tail, value_t<typename Tail::real_type> const& log_x) {
  if constexpr (requires { tail.values(); }) {
    return tail.values().at(log_x);
  } else {
    return tail.at(typename Tail::real_type(log_x));
  }
}

/// Two numbers between which no others matter: a few roundings apart.
template <real Value>
[[nodiscard]] bool next_to_each_other(Value const& a, Value const& b) {
  using std::abs;
  Value const size = abs(a) > 1 ? Value(abs(a)) : Value(1);
  return abs(Value(b - a)) <= 2 * epsilon<Value>() * size;
}

/// Where a function that never rises goes below 0: the last place at which it does not, looked for from `start`
/// outwards.
/// @param gap  at least -1000 or so; it may jump and be flat
template <real Value, class Gap>
[[nodiscard]] located_quantile<Value> where_it_falls(Gap const& gap, Value const& start) {
  Value lower = start, upper = start, step(1);
  for (int k = 0; k < 60 && gap(lower) < 0; ++k, step *= 2) {
    upper = lower;
    lower -= step;
  }
  step = 1;
  for (int k = 0; k < 60 && gap(upper) >= 0; ++k, step *= 2) {
    lower = upper;
    upper += step;
  }
  Value const at_lower = gap(lower), at_upper = gap(upper);
  if (!(at_lower >= 0 && at_upper < 0)) return {status::not_finite};
  auto const close = [](Value const& a, Value const& b) { return next_to_each_other(a, b); };
  std::uintmax_t budget = 60;
  auto bracket = boost::math::tools::toms748_solve(gap, lower, upper, at_lower, at_upper, close, budget);
  if (!close(bracket.first, bracket.second)) {  // flat near a survival of 1: only the sign can be trusted there
    bracket = {lower, upper};
    for (int k = 0; k < 500 && !close(bracket.first, bracket.second); ++k) {
      Value const middle = (bracket.first + bracket.second) / 2;
      (gap(middle) >= 0 ? bracket.first : bracket.second) = middle;
    }
  }
  if (!close(bracket.first, bracket.second)) return {status::iteration_limit};
  return {status::converged, bracket.first};
}

/// What where_it_falls is asked: ln of one share over that of another, where the first may be 0, or equal the other
/// from one atom to the next.
template <real Value>
[[nodiscard]] Value log_gap(Value const& log_share, Value const& log_target) {
  Value const above = log_share - log_target;
  if (above == 0) return (std::numeric_limits<Value>::min)();  // between two atoms: the upper one is wanted
  return above > -1000 ? above : Value(-1000);                 // above the support the survival is 0
}

/// A quantile whose value is known, with its derivatives.
/// @param gap  as it was solved for
template <productivity_tail Tail, class Gap>
[[nodiscard]] located_quantile<typename Tail::real_type> differentiate_quantile(
    Tail const& tail, typename Tail::real_type const& survival, value_t<typename Tail::real_type> const& root,
    Gap const& gap) {
  using Real = typename Tail::real_type;
  using value = value_t<Real>;
  using std::abs, std::log;
  value const step = 8 * epsilon<value>() * (abs(root) > 1 ? value(abs(root)) : value(1));
  for (Real const& kink : log_kinks_of(tail)) {
    auto const place = static_cast<value>(kink);
    if (!(abs(value(place - root)) <= step)) continue;
    auto const p = at_value(tail, place);
    value const below = gap(value(place - step)), above = gap(value(place + step));
    auto const smooth = static_cast<value>(p.density) / static_cast<value>(p.survival) * step;
    if (!(below - above > root_of_epsilon<2, value>() + 64 * smooth)) continue;
    // An atom. The quantile is the atom, unless survival equals that of the atom or of what is above it.
    value const tie = 64 * epsilon<value>() * (1 + abs(value(log(static_cast<value>(survival))))) + 64 * smooth;
    if (!(below > tie && above < -tie)) return {status::not_finite};
    return {status::converged, kink};
  }
  Real log_x(root);
  for (std::size_t k = 0; k < differentiation<Real>::order; ++k) {  // Newton steps, whose values are roundings
    auto const p = tail.at(log_x);
    if (!(p.density > 0)) return {status::not_finite};  // between two atoms
    log_x += (p.log_scale + log(p.survival) - log(survival)) * p.survival / p.density;
  }
  return {status::converged, log_x};
}

/// As log_quantile, without throwing. @pre survival lies between 0 and 1
template <productivity_tail Tail>
[[nodiscard]] located_quantile<typename Tail::real_type> find_log_quantile(Tail const& tail,
                                                                           typename Tail::real_type const& survival) {
  using Real = typename Tail::real_type;
  using value = value_t<Real>;
  using std::log;
  value const target = log(static_cast<value>(survival));
  auto const gap = [&](value const& t) {
    auto const p = at_value(tail, t);
    return log_gap(value(static_cast<value>(p.log_scale) + log(static_cast<value>(p.survival))), target);
  };
  // From a point of the support.
  auto const start =
      static_cast<value>(is_finite(Real(tail.log_lower_bound()))   ? Real(tail.log_lower_bound())
                         : is_finite(Real(tail.log_upper_bound())) ? Real(tail.log_upper_bound())
                                                                   : Real(tail.log_moment() / tail.power()));
  auto const found = where_it_falls(gap, start);
  if (found.reason != status::converged) return {found.reason};
  if constexpr (carries_derivatives<Real>) {
    return differentiate_quantile(tail, survival, found.log_x, gap);
  } else {
    return found;
  }
}

}  // namespace detail

/// Log productivity that a share `survival` of draws reach or exceed: the inverse of the survival function.
///
/// For a law with atoms, the highest atom that at least that share reaches. Where numbers carry derivatives, so does
/// the quantile, by the implicit function theorem: an atom moves as its own value does, a place where the density jumps
/// or has a kink has the derivatives of one side. Between two atoms, where survival is exactly that of the upper one,
/// there are none, which is a failure.
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
