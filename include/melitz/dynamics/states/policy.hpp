// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/autoregression.hpp>
#include <melitz/dynamics/states/gaussian_lanes.hpp>
#include <melitz/numerics/gauss_rule.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// Points and weights of integrals over log productivity.
template <real Real>
struct state_nodes {
  std::vector<Real> at, weights;

  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(at.size()); }
  /// Gauss's rules, with about a node in every `spacing`. What varies on a scale of sd wants a spacing of sd/2.8, and
  /// a few nodes more for the ends: then the product of a density and of what is expected is integrated to 1e-14.
  void add(Real const& from, Real const& to, Real const& spacing) {
    if (!(to > from)) return;
    auto const points = [&](Real const& length) { return 5 + static_cast<double>(Real(length / spacing)); };
    int const panels = 1 + static_cast<int>(points(Real(to - from)) / static_cast<double>(rule::most));
    Real const half = (to - from) / Real(2 * panels);
    auto const& gauss = rule::of(static_cast<std::size_t>(points(Real(2 * half))) + 1);
    for (int k = 0; k < panels; ++k) {
      Real const middle = from + half * Real(2 * k + 1);
      for (std::size_t i = 0; i < gauss.nodes.size(); ++i) {
        at.push_back(Real(middle + half * gauss.nodes[i]));
        weights.push_back(Real(half * gauss.weights[i]));
      }
    }
  }

 private:
  using rule = gauss_rule<value_t<Real>>;
};

/// Entrants at one log productivity: how many, and their part of E[phi^(sigma-1)].
template <real Real>
struct entrants_at {
  Real at, weight, share;
  std::size_t which = no_known_point;  ///< see law_points
};

/// Firms that stay at or above a cutoff, their states as nodes: an expectation over tomorrow's states is a row of
/// weights, and the equations for what firms expect are Nystrom's.
template <real Real>
struct state_policy {
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  autoregression<Real> process;
  exit_timing timing;
  Real cutoff;
  Real begin, end;                            ///< of the nodes' panels
  state_nodes<Real> nodes{};                  ///< where firms stay and can be tomorrow
  state_nodes<Real> below{};                  ///< below the cutoff, as far as firms that stay can fall
  matrix moves{};                             ///< [from][to] among the nodes
  matrix falls{};                             ///< [from the nodes][to those below]
  std::vector<entrants_at<Real>> entrants{};  ///< those that stay
  vector inflow{}, falling{};                 ///< where entrants that stay are a period later

  /// @param top     above which nobody is
  /// @param breaks  ascending; where what is integrated is not smooth
  /// @param spacing of nodes
  state_policy(autoregression<Real> const& p, exit_timing when, Real const& from, Real const& top,
               std::vector<Real> const& breaks, Real const& spacing)
      : process(p), timing(when), cutoff(from), begin(from), end(top) {
    auto const tomorrow = process.from(cutoff);
    Real const least = tomorrow.mean - 9 * process.sd;
    if (begin < least) begin = least;
    Real next = begin;
    Real under = least;
    for (Real const& b : breaks) {
      if (!(b > under && b < cutoff)) continue;
      below.add(under, b, spacing);
      under = b;
    }
    below.add(under, cutoff, spacing);
    for (Real const& b : breaks) {
      if (!(b > next && b < top)) continue;
      nodes.add(next, b, spacing);
      next = b;
    }
    nodes.add(next, top, spacing);
    moves = rows(nodes.at, nodes);
    falls = rows(nodes.at, below);
  }
  /// @param points  the law of entrants
  template <class Points>
  void add_entrants(Points const& points, std::vector<Real> const& breaks) {
    points.for_each_known_from(cutoff, breaks,
                               [&](Real const& t, Real const& weight, Real const& share, std::size_t which) {
                                 entrants.push_back({t, weight, share, which});
                               });
    inflow = arrivals(nodes);
    falling = arrivals(below);
  }

  /// Weights of expectations over tomorrow's states: [from][to].
  [[nodiscard]] matrix rows(std::vector<Real> const& from, state_nodes<Real> const& to) const {
    matrix out = matrix::Constant(static_cast<Eigen::Index>(from.size()), to.size(), Real(0));
#if MELITZ_HAS_LANES
    if constexpr (std::is_same_v<Real, double>) {
      auto const means = tomorrow_of(from), peaks = peaks_of(to);
      lanes::gaussian_columns(means.data(), means.size(), to.at.data(), peaks.data(), peaks.size(), 1 / process.sd,
                              out.data());
      return out;
    }
#endif
    for (Eigen::Index i = 0; i < out.rows(); ++i) {
      reach(to, from[static_cast<std::size_t>(i)], [&](Eigen::Index k, Real const& weight) { out(i, k) = weight; });
    }
    return out;
  }
  /// Expectation, given t today, of what has these values at the nodes.
  [[nodiscard]] Real expect(Real const& t, vector const& values) const { return expect(nodes, t, values); }
  [[nodiscard]] Real expect_below(Real const& t, vector const& values) const { return expect(below, t, values); }

  /// f(k, weight) for the nodes that can be reached from t.
  template <class F>
  void reach(state_nodes<Real> const& to, Real const& t, F const& f) const {
    using std::exp;
    auto const step = process.from(t);
    Real const least = step.mean - far * step.sd, most = step.mean + far * step.sd;
    Real const per_sd = 1 / step.sd, peak = step.peak();
    auto const first = std::lower_bound(to.at.begin(), to.at.end(), least) - to.at.begin();
    for (auto k = static_cast<std::size_t>(first); k < to.at.size() && to.at[k] < most; ++k) {
      Real const z = (to.at[k] - step.mean) * per_sd;
      f(static_cast<Eigen::Index>(k), Real(to.weights[k] * peak * exp(Real(-z * z / 2))));
    }
  }

 private:
  /// Beyond so many standard deviations the density is nothing.
  static constexpr int far = 9;

  /// Entrants that stay, a period later.
  [[nodiscard]] vector arrivals(state_nodes<Real> const& to) const {
    vector out = vector::Constant(to.size(), Real(0));
#if MELITZ_HAS_LANES
    if constexpr (std::is_same_v<Real, double>) {
      std::vector<double> at, counts;
      for (auto const& e : entrants) {
        at.push_back(e.at);
        counts.push_back(e.weight);
      }
      auto const means = tomorrow_of(at), peaks = peaks_of(to);
      lanes::gaussian_sums(means.data(), counts.data(), means.size(), to.at.data(), peaks.data(), peaks.size(),
                           1 / process.sd, out.data());
      return out;
    }
#endif
    for (auto const& e : entrants) {
      if (!(e.weight > 0)) continue;
      reach(to, e.at, [&](Eigen::Index k, Real const& weight) { out[k] += e.weight * weight; });
    }
    return out;
  }
  [[nodiscard]] std::vector<Real> tomorrow_of(std::vector<Real> at) const {
    for (Real& t : at) t = process.from(t).mean;
    return at;
  }
  /// What weighs a density in standard deviations.
  [[nodiscard]] std::vector<Real> peaks_of(state_nodes<Real> const& to) const {
    auto out = to.weights;
    Real const peak = process.from(cutoff).peak();
    for (Real& w : out) w *= peak;
    return out;
  }
  [[nodiscard]] Real expect(state_nodes<Real> const& to, Real const& t, vector const& values) const {
    Real sum(0);
    reach(to, t, [&](Eigen::Index k, Real const& weight) { sum += weight * values[k]; });
    return sum;
  }
};

}  // namespace melitz::detail
