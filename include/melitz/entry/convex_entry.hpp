// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/convex_envelope.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/menu/convex_option.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace melitz {

/// What one part of an option curves by, over the firms that pick it: with h'' of the part, the integrals over scaled
/// sizes t in the segment of h''(t) t^2 d ln t times S, J and the density of ln phi where firms are of size t.
///
/// E[g(Y) 1{Y >= t0}] = g(t0) S(t0) + the integral of g'(t) S(t) from t0 on, for whatever moves with the part's slope.
template <real Real = double>
struct curved_part {
  Real survival{0}, excess{0}, density{0};
};

/// The firms that pick one convex option, per entrant.
template <real Real = double>
struct convex_segment {
  std::string option;                      ///< its name
  std::size_t index;                       ///< its position in the menu; the menu's length for exit
  Real threshold;                          ///< scaled size A phi^r from which on it is picked
  Real cutoff;                             ///< the same in productivity; latent, 0 for the first
  Real mass{0};                            ///< probability that an entrant picks it
  Real operating_profit{0};                ///< E[h(A phi^r) 1{picks it}]
  tail_point<Real> tail{};                 ///< of the law, at the cutoff; of the first one nothing
  std::vector<curved_part<Real>> parts{};  ///< of the option, in its order
};

/// A menu of convex options at the demand shifter where entry just pays. Check `reason` (or the conversion to bool)
/// first: unless it is status::converged every number is NaN and there are no segments.
template <real Real = double>
struct convex_menu_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;        ///< expected profit over entry cost, minus one
  Real error_estimate = detail::not_a_number<Real>;  ///< of ln A: the law's tail, and what the rule leaves open
  int evaluations = 0;                               ///< of the free-entry condition

  Real demand = detail::not_a_number<Real>;                     ///< A
  Real log_demand = detail::not_a_number<Real>;                 ///< ln A
  Real expected_profit = detail::not_a_number<Real>;            ///< E(A), per entrant; equals the entry cost
  Real expected_profit_slope = detail::not_a_number<Real>;      ///< E'(A) = E[h'(A phi^r) phi^r]
  Real expected_fixed_cost = detail::not_a_number<Real>;        ///< per entrant
  Real expected_operating_profit = detail::not_a_number<Real>;  ///< per entrant
  std::vector<convex_segment<Real>> segments{};  ///< ascending in productivity; exit first if anyone exits

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

namespace detail {

/// The segments of a menu at a demand shifter; what firms in them are and earn is not known yet.
template <real Real>
void begin_segments(convex_menu_equilibrium<Real>& out, convex_menu<Real> const& options,
                    std::vector<chosen_convex_option<Real>> const& kept, Real const& log_demand, Real const& power) {
  using std::exp, std::log;
  out.log_demand = log_demand;
  out.demand = exp(log_demand);
  for (auto const& chosen : kept) {
    bool const exit = chosen.index == options.size();
    Real const t = chosen.threshold;
    out.segments.push_back({exit ? "exit" : options[chosen.index].name, chosen.index, t,
                            t > 0 ? Real(exp(Real((log(t) - log_demand) / power))) : Real(0)});
    if (!exit) out.segments.back().parts.resize(options[chosen.index].parts.size());
  }
}

/// All that a menu earns, once its segments have the tails at their cutoffs and what their parts curve by.
/// @param base  what the option that everybody has earns as if it were a line; 0 where firms exit
template <real Real>
void add_up_segments(convex_menu_equilibrium<Real>& out, convex_menu<Real> const& options, Real const& base) {
  auto& segments = out.segments;
  Real variable = base;
  out.expected_fixed_cost = out.expected_operating_profit = 0;
  for (std::size_t k = 0; k < segments.size(); ++k) {
    auto& s = segments[k];
    bool const last = k + 1 == segments.size();
    auto const survival = [&](std::size_t j) {
      return segments[j].threshold > 0 ? Real(segments[j].tail.survival * segments[j].tail.scale()) : Real(1);
    };
    // E[h 1{Y >= t}] = h(t) S + h'(t) t J + the integral of h'' u J(u) from t on.
    auto const from = [&](std::size_t j) {
      Real const t = segments[j].threshold;
      auto const& p = segments[j].tail;
      return Real((profit_of(options, s.index, t) * p.survival + slope_of(options, s.index, t) * t * p.excess) *
                  p.scale());
    };
    s.mass = last ? survival(k) : Real(survival(k) - survival(k + 1));
    if (s.threshold > 0) {
      auto const slope = [&](auto const& part) { return part.slope(s.threshold); };
      variable += gain_over_parts(options, k > 0 ? segments[k - 1].index : options.size(), s.index, slope) *
                  s.threshold * s.tail.moment() * s.tail.scale();
    }
    if (s.index < options.size()) {
      s.operating_profit = s.threshold > 0 ? from(k) : base;
      for (auto const& p : s.parts) {
        s.operating_profit += p.excess;
        variable += p.excess + p.survival;
      }
      if (!last) s.operating_profit -= from(k + 1);
    }
    out.expected_fixed_cost += s.mass * fixed_cost_of(options, s.index);
    out.expected_operating_profit += s.operating_profit;
  }
  out.expected_profit_slope = variable / out.demand;
}

/// As try_solve_free_entry, for a menu that keeps its rules.
/// @param kept  its hull
template <productivity_tail Tail>
[[nodiscard]] convex_menu_equilibrium<typename Tail::real_type> solve_convex_entry(
    convex_menu<typename Tail::real_type> const& options,
    std::vector<chosen_convex_option<typename Tail::real_type>> const& kept, Tail const& tail,
    typename Tail::real_type const& entry_cost, solve_options const& how) {
  using Real = typename Tail::real_type;
  using value_type = value_t<Real>;
  using std::abs, std::exp, std::log;
  convex_menu_equilibrium<Real> out;
  auto const failed = [&](status why) {
    convex_menu_equilibrium<Real> none;
    none.reason = why;
    none.evaluations = out.evaluations;
    return none;
  };
  if (kept.empty()) return failed(status::out_of_range);
  bool const everybody = kept.front().index != options.size();

  convex_envelope<Tail> const profit(options, kept, tail, entry_cost);
  typename convex_envelope<Tail>::kinks found;
  std::vector<tail_point<Real>> points;
  envelope<Real> sum{Real(0), Real(0), Real(0), Real(0), {}};
  // The average firm is where the options change, or as large as what entry costs.
  Real log_demand = log(kept.size() > 1 ? kept[1].threshold : entry_cost) - tail.log_moment();
  value_type change = infinity<value_type>;
  constexpr int most = 12;
  value_type const rounding = 64 * epsilon<value_type>(), roughly(0.3);
  for (int pass = 0; pass < most; ++pass) {
    bool const fine = pass > 0;
    found = profit.at(values_of(log_demand), fine ? value_type(512 * epsilon<value_type>()) : value_type(1e-3));
    auto const& nodes = found.nodes;
    if (nodes.empty()) {
      throw domain_error("convex menu", "curvature", "0 everywhere",
                         "be positive somewhere; a linear option is an option");
    }
    Real const first = nodes.front().log_size;
    sum = {nodes.front().cost, Real(nodes.front().cost * exp(Real(-first))), Real(0), Real(0), {}};
    if (everybody) {
      sum.base_slope = slope_of(options, kept.front().index, Real(exp(first)));  // what lies below is nothing
      sum.base_fixed_cost = options[kept.front().index].fixed_cost;
    }
    sum.kinks.reserve(nodes.size());
    for (auto const& n : nodes) sum.kinks.push_back({Real(n.cost / sum.fixed_cost), Real(n.log_size - first)});
    points.assign(nodes.size(), {});
    auto const entry = melitz::try_solve_free_entry(sum, tail, entry_cost, std::span<tail_point<Real>>(points), how);
    out.evaluations += entry.evaluations;
    if (!entry) return failed(entry.reason);
    Real const next = sum.log_threshold() - tail.power() * entry.log_cutoff;
    change = abs(values_of(Real(next - log_demand)));
    log_demand = next;
    out.residual = entry.residual;
    out.error_estimate = entry.error_estimate + Real(found.unresolved);
    // The nodes do as well at the demand shifter found as at the one they were for, unless some had to be where the
    // support ends.
    if (fine && change <= (found.moves ? value_type(rounding * (1 + abs(values_of(log_demand)))) : roughly)) break;
    if (pass + 1 == most) {
      if (!(found.moves && change <= value_type(1e-9))) return failed(status::iteration_limit);
      out.error_estimate += Real(change);
    }
  }
  if (found.out_of_reach) return failed(status::out_of_range);
  if (!(found.unresolved <= value_type(1e-9))) return failed(status::iteration_limit);

  out.reason = status::converged;
  out.expected_profit = entry_cost * (1 + out.residual);
  begin_segments(out, options, kept, log_demand, Real(tail.power()));
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto const& n = found.nodes[i];
    auto const& p = points[i];
    auto& segment = out.segments[n.segment];
    if (n.change) {
      segment.tail = p;
      continue;
    }
    Real const scale = p.scale();
    for (std::size_t part = 0; part < segment.parts.size(); ++part) {
      Real const cost = found.costs[n.costs + part] * scale;
      segment.parts[part].survival += cost * p.survival;
      segment.parts[part].excess += cost * p.excess;
      segment.parts[part].density += cost * p.density;
    }
  }
  add_up_segments(out, options, Real(sum.base_slope * exp(Real(log_demand + tail.log_moment()))));
  return out;
}

}  // namespace detail

/// Solves free entry for a menu of convex options: the demand shifter A at which an entrant's expected profit equals
/// the entry cost.
///
/// @param options     flattest first; exit is implied
/// @param tail        the law bound to the size exponent
/// @param entry_cost  expected profit per entrant that pays for entry, > 0
/// @throws domain_error naming the option, or the entry cost, that is out of range
/// @return numbers, or NaN and in `reason` why; iteration_limit also where the rule leaves 1e-9 of expected profit
/// open,
///         out_of_range also where sizes count that are no numbers of the type
/// Accuracy: 1e-13 where the functions are smooth between their bends and the law between the ends of its support.
/// Example: profit that grows with the power 1.2 of size, for a fixed cost of 1:
///   convex_menu<> const one{{"grows", 1, {{"", [](double y) { return std::pow(y, 1.2); },
///                                          [](double y) { return 1.2 * std::pow(y, 0.2); },
///                                          [](double y) { return 0.24 * std::pow(y, -0.8); }}}}};
template <productivity_tail Tail>
[[nodiscard]] convex_menu_equilibrium<typename Tail::real_type> try_solve_free_entry(
    convex_menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& entry_cost,
    solve_options const& how = {}) {
  auto const kept = hull(options);
  detail::require(kept.size() != 1 || kept.front().index != options.size(), "convex menu",
                  "number of options that ever pay", 0.0, "be positive");
  return detail::solve_convex_entry(options, kept, tail, entry_cost, how);
}

}  // namespace melitz
