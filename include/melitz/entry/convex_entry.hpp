// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/free_entry.hpp>
#include <melitz/menu/convex_option.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace melitz {

/// The firms that pick one convex option, per entrant.
template <real Real = double>
struct convex_segment {
  std::string option;     ///< its name
  std::size_t index;      ///< its position in the menu; the menu's length for exit
  Real threshold;         ///< scaled size A phi^r from which on it is picked
  Real cutoff;            ///< the same in productivity; latent, 0 for the first
  Real mass;              ///< probability that an entrant picks it
  Real operating_profit;  ///< E[h(A phi^r) 1{picks it}]
};

/// A menu of convex options at the demand shifter where entry just pays. Check `reason` (or the conversion to bool)
/// first: unless it is status::converged every number is NaN and there are no segments.
template <real Real = double>
struct convex_menu_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;        ///< expected profit over entry cost, minus one
  Real error_estimate = detail::not_a_number<Real>;  ///< of ln A: the law's tail, and what the last refinement moved
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

/// Profit of the best convex option, Pi(Y) = integral of (Y - t)^+ dPi'(t): a kink where options change, and between
/// them a kink at each node of Gauss's rule in ln t. Expected profit is then the sum over kinks of cost times J, as for
/// every envelope, and to the accuracy of the rule that of the curved function.
template <productivity_tail Tail>
class convex_envelope {
 public:
  using Real = typename Tail::real_type;

  convex_envelope(convex_menu<Real> const& options, Tail const& tail)
      : options_(options), tail_(tail), kept_(hull(options)) {}

  [[nodiscard]] std::vector<chosen_convex_option<Real>> const& kept() const { return kept_; }

  /// A kink: at which size, what it costs from there on in units of gain times size, and in which segment it lies.
  struct node {
    Real log_size, cost;
    std::size_t segment;
    bool change;  ///< of option
  };

  /// @param log_demand  near which A is: says how far the nodes have to reach
  /// @param width       of a panel, in ln t
  [[nodiscard]] std::vector<node> nodes(Real const& log_demand, Real const& width) const {
    using std::abs, std::exp, std::log;
    std::vector<node> out;
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      bool const first = kept_[k].threshold == 0, last = k + 1 == kept_.size();
      Real const from = first ? -infinity<Real> : Real(log(kept_[k].threshold));
      Real const to = last ? infinity<Real> : Real(log(kept_[k + 1].threshold));
      if (!first) {
        Real const size = kept_[k].threshold;
        Real const gain = slope_of(options_, kept_[k].index, size) - slope_of(options_, kept_[k - 1].index, size);
        out.push_back({from, Real(gain * size), k, true});
      }
      if (kept_[k].index == options_.size()) continue;  // exit
      // Where smoothness ends: bends of the option, atoms and ends of the law's support.
      std::vector<Real> ends;
      for (auto const& b : options_[kept_[k].index].bends) ends.push_back(log(b));
      for (Real const& t : log_kinks_of(tail_)) ends.push_back(log_demand + tail_.power() * t);
      std::erase_if(ends, [&](Real const& u) { return !(u > from && u < to) || !is_finite(u); });
      Real const top = log_demand + tail_.power() * tail_.log_upper_bound();
      if (first) {
        Real const start =
            ends.empty() ? (last ? log_demand + tail_.log_moment() : to) : *std::min_element(ends.begin(), ends.end());
        walk(start, Real(-width), k, log_demand, out);
        ends.push_back(start);
      } else {
        ends.push_back(from);
      }
      if (!last) ends.push_back(to);
      std::sort(ends.begin(), ends.end());
      for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
        int const count = 1 + static_cast<int>((ends[e + 1] - ends[e]) / width);
        Real const part = (ends[e + 1] - ends[e]) / Real(count);
        for (int p = 0; p < count && ends[e + 1] > ends[e]; ++p) {
          (void)panel(Real(ends[e] + p * part), part, k, log_demand, out);
        }
      }
      if (last && !(ends.back() >= top)) walk(ends.back(), width, k, log_demand, out);
    }
    std::stable_sort(out.begin(), out.end(), [](node const& a, node const& b) { return a.log_size < b.log_size; });
    return out;
  }

 private:
  /// Adds one panel. @return its share of expected profit, at that demand
  Real panel(Real const& from, Real const& width, std::size_t k, Real const& log_demand, std::vector<node>& out) const {
    using std::exp;
    auto const& rule = panel_rule<Real>::get();
    auto const& o = options_[kept_[k].index];
    Real sum(0);
    for (std::size_t i = 0; i < rule.size; ++i) {
      Real const at = from + width * (1 + rule.nodes[i]) / 2, size = exp(at), curvature = o.curvature(size);
      require(curvature >= 0, "convex option '" + o.name + "'", "curvature", curvature, "be at least 0");
      Real const cost = rule.weights[i] * width / 2 * curvature * size * size;
      if (!(cost > 0)) continue;
      auto const point = tail_.at(Real((at - log_demand) / tail_.power()));
      sum += cost * point.excess * point.scale();
      out.push_back({at, cost, k, false});
    }
    return sum;
  }

  /// Panels up or down from `start` until they add nothing.
  void walk(Real const& start, Real const& width, std::size_t k, Real const& log_demand, std::vector<node>& out) const {
    using std::abs;
    Real sum(0), at = start;
    int idle = 0;
    for (int p = 0; p < 4000 && idle < 3 && abs(at) < 600; ++p, at += width) {
      Real const part =
          width > 0 ? panel(at, width, k, log_demand, out) : panel(Real(at + width), Real(-width), k, log_demand, out);
      sum += part;
      idle = part <= epsilon<Real>() / 16 * sum ? idle + 1 : 0;
    }
  }

  convex_menu<Real> const& options_;
  Tail const& tail_;
  std::vector<chosen_convex_option<Real>> kept_;
};

}  // namespace detail

/// Solves free entry for a menu of convex options: the demand shifter A at which an entrant's expected profit equals
/// the entry cost.
///
/// @param options     flattest first; exit is implied
/// @param tail        the law bound to the size exponent
/// @param entry_cost  expected profit per entrant that pays for entry, > 0
/// @throws domain_error naming the option, or the entry cost, that is out of range
/// @return numbers, or NaN and in `reason` why; iteration_limit also when refining the rule still moves ln A by 1e-9
/// Accuracy: 1e-13 where the functions are smooth between their bends and the law between the ends of its support.
/// Example: profit that grows with the power 1.2 of size, for a fixed cost of 1:
///   convex_menu<> const one{{"grows", [](double y) { return std::pow(y, 1.2); },
///                            [](double y) { return 1.2 * std::pow(y, 0.2); },
///                            [](double y) { return 0.24 * std::pow(y, -0.8); }, 1}};
template <productivity_tail Tail>
[[nodiscard]] convex_menu_equilibrium<typename Tail::real_type> try_solve_free_entry(
    convex_menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& entry_cost,
    solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log, std::max;
  Real const r = tail.power();
  detail::convex_envelope<Tail> const profit(options, tail);
  auto const& kept = profit.kept();
  bool const everybody = kept.front().index != options.size();
  detail::require(kept.size() > 1 || everybody, "convex menu", "number of options that ever pay", 0.0, "be positive");

  convex_menu_equilibrium<Real> out;
  using node = typename detail::convex_envelope<Tail>::node;
  std::vector<node> nodes;
  std::vector<tail_point<Real>> points;
  envelope<Real> sum{Real(0), Real(0), Real(0), Real(0), {}};
  // The average firm is where the options change, or as large as what entry costs.
  Real log_demand = log(kept.size() > 1 ? kept[1].threshold : entry_cost) - tail.log_moment();
  Real change = detail::infinity<Real>, width(4);
  int evaluations = 0;
  for (int level = 0; level < 9; ++level, width /= 2) {
    nodes = profit.nodes(log_demand, width);
    if (nodes.empty()) {
      throw domain_error("convex menu", "curvature", "0 everywhere",
                         "be positive somewhere; a linear option is an option");
    }
    sum = {nodes.front().cost, Real(nodes.front().cost * exp(Real(-nodes.front().log_size))), Real(0), Real(0), {}};
    if (everybody) {
      sum.base_slope =
          options[kept.front().index].slope(Real(exp(nodes.front().log_size)));  // what lies below is nothing
      sum.base_fixed_cost = options[kept.front().index].fixed_cost;
    }
    for (auto const& n : nodes) {
      sum.kinks.push_back({Real(n.cost / sum.fixed_cost), Real(n.log_size - nodes.front().log_size)});
    }
    points.assign(nodes.size(), {});
    auto const entry = try_solve_free_entry(sum, tail, entry_cost, std::span<tail_point<Real>>(points), how);
    evaluations += entry.evaluations;
    if (!entry) {
      out.reason = entry.reason;
      out.evaluations = evaluations;
      return out;
    }
    Real const next = sum.log_threshold() - r * entry.log_cutoff;
    change = level == 0 ? detail::infinity<Real> : Real(abs(Real(next - log_demand)));
    log_demand = next;
    out.residual = entry.residual;
    out.error_estimate = max(entry.error_estimate, change);
    if (change <= 64 * detail::epsilon<Real>() * (1 + abs(log_demand))) break;
  }
  if (!(change <= Real(1e-9))) {
    convex_menu_equilibrium<Real> failed;
    failed.reason = status::iteration_limit;
    failed.evaluations = evaluations;
    return failed;
  }

  out.reason = status::converged;
  out.evaluations = evaluations;
  out.log_demand = log_demand;
  out.demand = exp(log_demand);
  out.expected_profit = entry_cost * (1 + out.residual);
  Real const base = sum.base_slope * exp(Real(log_demand + tail.log_moment()));
  Real slope = base;
  std::vector<Real> curved(kept.size(), Real(0)), survival{Real(1)}, excess{Real(0)};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Real const scale = points[i].scale();
    slope += nodes[i].cost * points[i].moment() * scale;
    if (nodes[i].change) {
      survival.push_back(points[i].survival * scale);
      excess.push_back(points[i].excess * scale);
    } else {
      curved[nodes[i].segment] += nodes[i].cost * points[i].excess * scale;
    }
  }
  survival.push_back(Real(0));
  excess.push_back(Real(0));
  out.expected_profit_slope = slope / out.demand;
  out.expected_fixed_cost = out.expected_operating_profit = 0;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    std::size_t const o = kept[k].index;
    // E[h 1{Y >= t}] = h(t) S + h'(t) t J + integral of h'' u J(u) from t on.
    auto const from = [&](std::size_t j) {
      Real const t = kept[j].threshold;
      return Real(detail::profit_of(options, o, t) * survival[j] + detail::slope_of(options, o, t) * t * excess[j]);
    };
    Real earned = curved[k] + (k == 0 ? base : from(k));
    if (k + 1 < kept.size()) earned -= from(k + 1);
    if (o == options.size()) earned = 0;
    Real const mass = survival[k] - survival[k + 1], t = kept[k].threshold;
    out.segments.push_back({o < options.size() ? options[o].name : "exit", o, t,
                            t > 0 ? Real(exp(Real((log(t) - log_demand) / r))) : Real(0), mass, earned});
    out.expected_fixed_cost += mass * detail::fixed_cost_of(options, o);
    out.expected_operating_profit += earned;
  }
  return out;
}

}  // namespace melitz
