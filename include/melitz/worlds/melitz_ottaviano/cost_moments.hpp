// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/rule.hpp>
#include <melitz/tail/power_for_survival.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz {

/// Unit costs c = 1/phi with Pr(c <= x) = (x / highest)^shape up to the highest: a Pareto law of productivity.
/// Melitz and Ottaviano (2008) call the highest cost c_M and the shape k.
/// @throws domain_error naming the parameter that is out of range
template <real Real>
[[nodiscard]] pareto<Real> pareto_costs(Real const& highest, Real const& shape) {
  pareto<Real> const out{Real(1 / highest), shape};
  detail::require(rule::positive, "pareto_costs", "highest", highest);
  out.validate();
  return out;
}

/// Unit costs that are uniform on [lowest, highest], 0 < lowest < highest: with c = 1/phi a bounded Pareto law of
/// productivity of shape 1. With lowest = 0 they are pareto_costs(highest, 1).
/// @throws domain_error naming the parameter that is out of range
template <real Real>
[[nodiscard]] bounded_pareto<Real> uniform_costs(Real const& lowest, Real const& highest) {
  detail::require(lowest > 0, "uniform_costs", "lowest", lowest,
                  "be positive; from 0 on, uniform costs are pareto_costs of shape 1");
  detail::require(highest > lowest && detail::is_finite(highest), "uniform_costs", "highest", highest,
                  "exceed lowest and be finite");
  return {Real(1 / highest), Real(1 / lowest), Real(1)};
}

/// Unit costs whose logarithm is normal: a log-normal law of productivity.
/// @throws domain_error naming the parameter that is out of range
template <real Real>
[[nodiscard]] lognormal<Real> lognormal_costs(Real const& log_mean, Real const& log_sd) {
  lognormal<Real> const out{Real(-log_mean), log_sd};
  out.validate();
  return out;
}

namespace detail {

/// What linear demand asks of a law of unit costs c = 1/phi at a cost x: how many lie below, and by how much.
template <real Real>
struct cost_point {
  Real share{0};   ///< Pr(c <= x)
  Real gap{0};     ///< E[(x - c) 1{c <= x}], half the derivative of the next
  Real square{0};  ///< E[(x - c)^2 1{c <= x}]
};

/// Moments of costs below a bound, under any law of productivity. By parts, with S the survival of phi = 1/c,
///   E[(x - c)^+] = integral_0^x S(1/c) dc,   E[((x - c)^+)^2] = 2 integral_0^x (x - c) S(1/c) dc,
/// so that nothing cancels, and only S is needed: no moment of the law has to exist. Gauss's rule in ln c, on panels
/// that end where the law has an atom or an end of its support and are halved until they resolve it. Up to a limit the
/// moments at the ends of panels are kept, and one panel is left to integrate. Accuracy: about 1e-14, or that of the
/// law's table.
template <productivity_tail Tail>
class cost_moments {
 public:
  using Real = typename Tail::real_type;

  /// @param limit  positive: larger x are rarely asked for
  /// @param deep   how many times 16 digits further down to keep moments: pays where one law is asked for many markets
  cost_moments(Tail tail, Real const& limit, int deep = 0) : tail_(std::move(tail)) {
    using std::exp, std::log;
    for (Real const& t : log_kinks_of(tail_)) {
      if (is_finite(t)) kinks_.push_back(Real(-t));
    }
    std::sort(kinks_.begin(), kinks_.end(), [](Real const& a, Real const& b) { return a > b; });
    std::vector<Real> ends;
    (void)walk(Real(log(limit)), &ends);
    for (int k = 0; k < deep; ++k) {  // below what matters at the limit, for remote markets
      Real const next = ends.back();
      ends.pop_back();
      (void)walk(next, &ends);
    }
    for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
      auto const point = kept_.empty() ? walk(*end, nullptr) : from(kept_.back(), *end);
      // The lowest cost is kept too: near it moments are small, but smooth from there.
      if (point.gap > 0 || *end <= -tail_.log_upper_bound()) kept_.push_back({*end, Real(exp(*end)), point});
    }
  }

  /// @param x  nothing costs less than 0; gap and square are infinite where x is, and no numbers where it is none
  [[nodiscard]] cost_point<Real> at(Real const& x) const {
    using std::log;
    if (!(x < infinity<Real>)) return {std::min(x, Real(1)), x, x};
    if (!(x > 0)) return {};
    Real const top = log(x);
    auto const above =
        std::upper_bound(kept_.begin(), kept_.end(), top, [](Real const& t, known const& k) { return t < k.log_cost; });
    if (above == kept_.begin() || above == kept_.end()) return walk(top, nullptr);
    return from(*(above - 1), top);
  }

 private:
  struct known {
    Real log_cost, cost;
    cost_point<Real> point;
  };

  /// From the moments where a panel begins, at a point inside it.
  [[nodiscard]] cost_point<Real> from(known const& begin, Real const& top) const {
    using std::expm1;
    auto const& rule = panel_rule<Real>::get();
    typename panel_rule<Real>::values first, second;
    Real const step = top - begin.log_cost;
    for (std::size_t i = 0; i < rule.size; ++i) {
      Real const at = step * (1 + rule.nodes[i]) / 2;  // ln x - ln c
      Real const missing = -expm1(Real(-at));
      first[i] = (1 - missing) * survival(Real(at - top));
      second[i] = missing * first[i];
    }
    Real const rise = begin.cost * expm1(step), x = begin.cost + rise;
    return {survival(Real(-top)), Real(begin.point.gap + x * rule.integral(first) * step / 2),
            Real(begin.point.square + 2 * rise * begin.point.gap + x * x * rule.integral(second) * step)};
  }

  /// From ln x = top down to where nothing is left.
  /// @param ends  where to put the ends of the panels, top first; may be null
  [[nodiscard]] cost_point<Real> walk(Real const& top, std::vector<Real>* ends) const {
    using std::exp;
    cost_point<Real> out;
    Real const lowest = -tail_.log_upper_bound();
    if (ends) ends->push_back(top);
    out.share = survival(Real(-top));
    if (!(out.share > 0)) return {};
    auto const& rule = panel_rule<Real>::get();
    typename panel_rule<Real>::values first, second;
    auto kink = std::find_if(kinks_.begin(), kinks_.end(), [&](Real const& k) { return k < top; });
    Real below(0), width(2), gap(0), square(0);  // ln x - ln c, and the integrals over x and 2 x^2
    while (top - below > lowest) {
      Real const reach = kink == kinks_.end() ? infinity<Real> : Real(top - *kink - below);
      if (!(reach > 0)) {
        ++kink;
        continue;
      }
      Real const step = width < reach ? width : reach;
      for (std::size_t i = 0; i < rule.size; ++i) {
        Real const at = below + step * (1 + rule.nodes[i]) / 2, relative = exp(Real(-at));
        first[i] = relative * survival(Real(at - top));
        second[i] = (1 - relative) * first[i];
      }
      Real const more_gap = rule.integral(first) * step / 2, more_square = rule.integral(second) * step / 2;
      bool const rough = rule.unresolved(second) * step > 32 * epsilon<Real>() * (square + more_square) ||
                         rule.unresolved(first) * step > 32 * epsilon<Real>() * (gap + more_gap);
      if (rough && step > Real(1e-5)) {
        width = step / 2;
        continue;
      }
      gap += more_gap;
      square += more_square;
      below += step;
      if (step == reach) {
        if (ends) ends->push_back(*kink);
        ++kink;
      } else {
        if (ends) ends->push_back(Real(top - below));
        width = 2 * step;
      }
      // What remains is less than the integrand here, which falls at least like c.
      if (first[rule.size - 1] <= epsilon<Real>() / 4 * square) break;
    }
    Real const x = exp(top);
    out.gap = x * gap;
    out.square = 2 * x * x * square;
    return out;
  }

  [[nodiscard]] Real survival(Real const& log_productivity) const {
    auto const p = tail_.at(log_productivity);
    return Real(p.survival * p.scale());
  }

  Tail tail_;
  std::vector<Real> kinks_;  ///< in ln c, descending
  std::vector<known> kept_;  ///< ascending
};

/// A law's moments of costs, of most use up to a limit. @throws domain_error of the law
template <productivity_law Law>
[[nodiscard]] auto cost_moments_of(Law const& law, law_real_t<Law> const& limit, int deep = 0) {
  return cost_moments<tail_of_t<Law>>(tail_of(law, power_for_survival(law)), limit, deep);
}

}  // namespace detail
}  // namespace melitz
