// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/convex_option.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/numerics/values_of.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// Profit of the best convex option, Pi(Y) = integral of (Y - t)^+ dPi'(t): a kink where options change, and between
/// them a kink at each node of Gauss's rule in ln t. Expected profit is then the sum over kinks of cost times J, as for
/// every envelope, and to the accuracy of the rule that of the curved function.
template <productivity_tail Tail>
class convex_envelope {
 public:
  using Real = typename Tail::real_type;
  using value_type = value_t<Real>;

  /// @param profit  beside which what the rule leaves out has to be small
  convex_envelope(convex_menu<Real> const& options, std::vector<chosen_convex_option<Real>> const& kept,
                  Tail const& tail, Real const& profit)
      : options_(options), kept_(kept), tail_(tail), profit_(values_of(profit)), ends_(log_kinks_of(tail)) {}

  /// A kink: at which size, what it costs from there on in units of gain times size, and in which segment it lies.
  struct node {
    Real log_size, cost;
    std::size_t segment;
    bool change = true;     ///< of option
    std::size_t costs = 0;  ///< otherwise where kinks::costs begin that are those of the option's parts
  };

  /// The kinks for a demand shifter, and how well they do there.
  struct kinks {
    std::vector<node> nodes{};
    std::vector<Real> costs{};  ///< of nodes where a segment's profit curves, by part
    value_type unresolved{0};   ///< share of the profit that panels may leave open
    bool moves = false;         ///< whether some are where the law's support ends, which moves with the demand shifter
    bool out_of_reach = false;  ///< whether what lies beyond the sizes looked at may count
  };

  /// @param log_demand  near which the demand shifter is: says how far the nodes have to reach, and how dense they are
  /// @param tolerance   share of the profit that a panel may leave open
  [[nodiscard]] kinks at(value_type const& log_demand, value_type const& tolerance) const {
    using std::log;
    kinks out;
    for (std::size_t k = 0; k < kept_.size(); ++k) {
      bool const first = kept_[k].threshold == 0, last = k + 1 == kept_.size();
      Real const from = first ? -infinity<Real> : Real(log(kept_[k].threshold));
      Real const to = last ? infinity<Real> : Real(log(kept_[k + 1].threshold));
      if (!first) {
        Real const size = kept_[k].threshold;
        auto const slope = [&](auto const& p) { return p.slope(size); };
        out.nodes.push_back(
            {from, Real(gain_over_parts(options_, kept_[k - 1].index, kept_[k].index, slope) * size), k});
      }
      if (kept_[k].index == options_.size()) continue;  // exit
      // Where smoothness ends: bends of the option, atoms and ends of the law's support.
      std::vector<Real> ends;
      auto const end_at = [&](Real const& u) {
        bool const inside = u > from && u < to && is_finite(u);
        if (inside) ends.push_back(u);
        return inside;
      };
      for (auto const& p : options_[kept_[k].index].parts) {
        for (auto const& b : p.bends) end_at(Real(log(b)));
      }
      for (Real const& t : ends_) {
        if (end_at(Real(log_demand + tail_.power() * t))) out.moves = true;
      }
      panels const here{*this, k, log_demand, tolerance, out};
      if (first) {
        Real const average = log_demand + tail_.log_moment();
        Real const start = ends.empty() ? (last ? average : to) : *std::min_element(ends.begin(), ends.end());
        here.walk(start, -1);
        ends.push_back(start);
      } else {
        ends.push_back(from);
      }
      if (!last) ends.push_back(to);
      std::sort(ends.begin(), ends.end());
      Real const top = log_demand + tail_.power() * tail_.log_upper_bound();
      for (std::size_t e = 0; e + 1 < ends.size() && ends[e] < top; ++e) here.add_all(ends[e], ends[e + 1]);
      if (last && ends.back() < top) here.walk(ends.back(), 1);
    }
    std::stable_sort(out.nodes.begin(), out.nodes.end(),
                     [](node const& a, node const& b) { return a.log_size < b.log_size; });
    return out;
  }

 private:
  /// Makes the nodes of one segment.
  struct panels {
    convex_envelope const& of;
    std::size_t segment;
    value_type log_demand, tolerance;
    kinks& out;

    static constexpr int widest = 6;                ///< panel, in ln t
    static constexpr int deepest = 12;              ///< how often it is halved
    static constexpr int most = 300;                ///< that are walked, as far as numbers reach
    static constexpr std::size_t largest = 40'000;  ///< number of nodes, where noise exceeds the tolerance

    [[nodiscard]] convex_option<Real> const& option() const { return of.options_[of.kept_[segment].index]; }
    [[nodiscard]] value_type slope(value_type const& log_size) const {
      using std::exp;
      return values_of(slope_of(of.options_, of.kept_[segment].index, Real(exp(log_size))));
    }
    /// E[(Y/t - 1)^+] where the demand shifter is as said.
    [[nodiscard]] value_type excess(Real const& log_size) const {
      auto const p = of.tail_.at(Real((log_size - log_demand) / of.tail_.power()));
      return values_of(Real(p.excess * p.scale()));
    }

    /// Panels from one end of smoothness to the next.
    void add_all(Real const& from, Real const& to) const {
      int const count = 1 + static_cast<int>(values_of(Real(to - from)) / widest);
      Real const width = (to - from) / Real(count);
      for (int p = 0; p < count && to > from; ++p) add(Real(from + p * width), width, 0);
    }

    /// One panel, or halves of it until each is resolved.
    void add(Real const& from, Real const& width, int depth) const {
      using std::abs, std::exp;
      auto const& rule = panel_rule<value_type>::get();
      auto const& parts = option().parts;
      std::size_t const first = out.nodes.size(), first_cost = out.costs.size();
      typename panel_rule<value_type>::values sum{};
      value_type steeper(0);
      for (std::size_t i = 0; i < rule.size; ++i) {
        Real const at = from + width * Real((1 + rule.nodes[i]) / 2), size = exp(at);
        Real const weight = width * Real(rule.weights[i] / 2) * size;
        node here{at, Real(0), segment, false, out.costs.size()};
        for (auto const& part : parts) {
          Real const curvature = part.curvature(size);
          require(curvature >= 0, "convex option '" + option().name + "'", "curvature", curvature, "be at least 0");
          Real const more = weight * curvature;
          out.costs.push_back(Real(more * size));
          here.cost += out.costs.back();
          steeper += values_of(more);
        }
        if (!(here.cost > 0)) continue;
        sum[i] = values_of(here.cost) * excess(at) / rule.weights[i];
        out.nodes.push_back(here);
      }
      value_type open = rule.unresolved(sum);
      // A peak of the curvature between nodes: the slope says what they must add up to.
      value_type const steepest = slope(values_of(Real(from + width)));
      value_type const missed = abs(value_type(steepest - slope(values_of(from)) - steeper));
      if (missed > 256 * epsilon<value_type>() * steepest) {
        value_type const peak = missed * exp(values_of(from)) * excess(from);
        if (!(peak <= open)) open = peak;
      }
      if (!(open <= tolerance * of.profit_) && depth < deepest && out.nodes.size() < largest) {
        out.nodes.resize(first);
        out.costs.resize(first_cost);
        Real const half = width / 2;
        add(from, half, depth + 1);
        add(Real(from + half), half, depth + 1);
      } else {
        out.unresolved += open / of.profit_;
      }
    }

    /// Panels up or down from `start` until nothing that counts is beyond: what slopes still change by, times E[Y]
    /// there.
    void walk(Real const& start, int direction) const {
      using std::abs, std::exp;
      Real at = start;
      for (int p = 0; p < most; ++p) {
        value_type const here = values_of(at), there = here + value_type(10 * widest * direction);
        if (abs(there) > 700) break;
        value_type const more = abs(value_type(slope(there) - slope(here)));
        value_type const size = direction > 0 ? value_type(excess(at) * exp(here))
                                              : exp(value_type(log_demand + values_of(Real(of.tail_.log_moment()))));
        if (more * size <= epsilon<value_type>() / 4 * of.profit_) return;
        if (direction < 0) at -= Real(widest);
        add(at, Real(widest), 0);
        if (direction > 0) at += Real(widest);
      }
      out.out_of_reach = true;
    }
  };

  convex_menu<Real> const& options_;
  std::vector<chosen_convex_option<Real>> const& kept_;
  Tail const& tail_;
  value_type profit_;
  std::vector<Real> ends_;
};

}  // namespace melitz::detail
