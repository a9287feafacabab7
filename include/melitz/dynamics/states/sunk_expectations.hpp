// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/policy.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// In logs: below exit[m] a firm exits, from exports[m] on it exports, where m says whether it exported last period.
template <real Real>
struct sunk_thresholds {
  std::array<Real, 2> exit, exports;  ///< exit[1] <= exit[0], exit[m] <= exports[m]
};

/// Sums over a firm's periods: of 1 and x, of both in periods of exports, and of 1 where exports begin.
template <real Real>
struct sunk_sums : firm_sums<Real> {
  Real starters{0};
};

/// What firms expect whose exports depend on whether they exported before: as state_expectations, for both of them.
template <real Real>
class sunk_expectations {
 public:
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  sunk_expectations(autoregression<Real> const& process, Real const& power, Real const& discount,
                    sunk_thresholds<Real> const& at, Real const& top, Real const& spacing)
      : at_(at),
        power_(power),
        discount_(discount),
        sizes_(process, power, discount),
        policy_(process, exit_timing::after, at.exit[1], top, breaks_of(at), spacing) {
    auto const n = policy_.nodes.size();
    fallen_ = vector(policy_.below.size());
    for (Eigen::Index k = 0; k < fallen_.size(); ++k) {
      fallen_[k] = sizes_.excess(policy_.below.at[static_cast<std::size_t>(k)], false);
    }
    // Sizes of firms that exit above the lower threshold, since they did not export.
    gone_ = vector::Constant(n, Real(0));
    for (Eigen::Index k = 0; k < n; ++k) {
      Real const& t = policy_.nodes.at[static_cast<std::size_t>(k)];
      if (t < at_.exit[0]) gone_[k] = sizes_.excess(t, false);
    }
    solve();
  }

  /// What a firm at t expects from tomorrow on. @param m  whether it exports today
  [[nodiscard]] sunk_sums<Real> tomorrow(Real const& t, int m) const {
    auto out = source(t, m);
    auto const n = policy_.nodes.size();
    auto const which = static_cast<std::size_t>(m);
    std::array<Real, 5> sum{};
    policy_.reach(policy_.nodes, t, [&](Eigen::Index k, Real const& weight) {
      Real const& to = policy_.nodes.at[static_cast<std::size_t>(k)];
      if (!(to >= at_.exit[which])) return;
      Eigen::Index const row = to >= at_.exports[which] ? n + k : k;
      for (std::size_t j = 0; j < 5; ++j) sum[j] += weight * solved_(row, static_cast<Eigen::Index>(j));
    });
    Real const ever = sizes_.excess(t, true);
    out.firms += discount_ * sum[0];
    out.size += ever + discount_ * sum[1];
    out.exporters += discount_ * sum[2];
    out.exported += ever + discount_ * sum[3];
    out.starters += discount_ * sum[4];
    return out;
  }
  /// What an entrant expects, first period included. @param moment  E[phi^(sigma-1)]
  template <productivity_tail Tail>
  [[nodiscard]] sunk_sums<Real> of_entrants(law_points<Tail> const& points, Tail const& tail,
                                            Real const& moment) const {
    auto const home = law_level_at(tail, at_.exit[0]), abroad = law_level_at(tail, at_.exports[0]);
    sunk_sums<Real> out{{home.survival, Real(moment * home.share), abroad.survival, Real(moment * abroad.share)},
                        abroad.survival};
    points.for_each_from(at_.exit[0], {at_.exports[0]}, [&](Real const& t, Real const& weight, Real const&) {
      if (!(weight > 0)) return;
      auto const later = tomorrow(t, t >= at_.exports[0] ? 1 : 0);
      Real const count = discount_ * weight;
      out.firms += count * later.firms;
      out.size += count * later.size;
      out.exporters += count * later.exporters;
      out.exported += count * later.exported;
      out.starters += count * later.starters;
    });
    return out;
  }
  [[nodiscard]] Eigen::Index size() const { return policy_.nodes.size(); }

 private:
  /// What exporters expect is what others do and a difference D, in which firms count that do what they do only since
  /// they exported before: between the thresholds of exports, and of exit. With F what those expect who do not export,
  ///   D = S_1 - S_0 + q K (D 1{x_1 <= t' < x_0} + F 1{e_1 <= t' < e_0})
  ///   F = S_0 + q K (F 1{t' >= e_0} + D 1{t' >= x_0})
  /// Unknown are F at all nodes and D between the thresholds of exports; D above these follows.
  void solve() {
    auto const n = policy_.nodes.size();
    matrix const K = discount_ * policy_.moves;
    auto const first_from = [&](Real const& t) {
      auto const& at = policy_.nodes.at;
      return static_cast<Eigen::Index>(std::lower_bound(at.begin(), at.end(), t) - at.begin());
    };
    Eigen::Index const exit = first_from(at_.exit[0]);  // before: those who exit unless they exported
    Eigen::Index const stop = first_from(at_.exports[1]), start = first_from(at_.exports[0]);
    Eigen::Index const between = start - stop, above = n - start;
    matrix own(n, 5), difference(n, 5);
    for (Eigen::Index k = 0; k < n; ++k) {
      Real const& t = policy_.nodes.at[static_cast<std::size_t>(k)];
      auto const s = source(t, 0), e = source(t, 1);
      own.row(k) << s.firms, s.size, s.exporters, s.exported, s.starters;
      difference.row(k) << Real(e.firms - s.firms), Real(e.size - s.size), Real(e.exporters - s.exporters),
          Real(e.exported - s.exported), Real(e.starters - s.starters);
    }
    matrix system = matrix::Identity(n + between, n + between), sources(n + between, 5);
    system.block(0, exit, n, n - exit) -= K.rightCols(n - exit);
    auto const by_exporters = K.rightCols(above);
    system.block(0, 0, n, exit) -= by_exporters * K.block(start, 0, above, exit);
    system.block(0, n, n, between) -= by_exporters * K.block(start, stop, above, between);
    system.block(n, 0, between, exit) -= K.block(stop, 0, between, exit);
    system.block(n, n, between, between) -= K.block(stop, stop, between, between);
    sources.topRows(n) = own + by_exporters * difference.bottomRows(above);
    sources.bottomRows(between) = difference.middleRows(stop, between);
    matrix const found = Eigen::PartialPivLU<matrix>(system).solve(sources);
    solved_ = matrix::Constant(2 * n, 5, Real(0));  // of exporters, where there are any tomorrow
    solved_.topRows(n) = found.topRows(n);
    solved_.middleRows(n + stop, between) = found.middleRows(stop, between) + found.bottomRows(between);
    solved_.bottomRows(above) = found.middleRows(start, above) + difference.bottomRows(above) +
                                K.block(start, stop, above, between) * found.bottomRows(between) +
                                K.block(start, 0, above, exit) * found.topRows(exit);
  }
  [[nodiscard]] static std::vector<Real> breaks_of(sunk_thresholds<Real> const& at) {
    std::vector<Real> out{at.exit[0], at.exports[0], at.exports[1]};
    std::sort(out.begin(), out.end());
    return out;
  }
  [[nodiscard]] sunk_sums<Real> source(Real const& t, int m) const {
    auto const which = static_cast<std::size_t>(m);
    auto const step = policy_.process.from(t);
    Real const& exit = at_.exit[which];
    Real const& exports = at_.exports[which];
    Real fallen = policy_.expect_below(t, fallen_);
    if (m == 0) fallen += policy_.expect(t, gone_);
    sunk_sums<Real> out;
    out.firms = step.moment_above(Real(0), exit);
    out.size = sizes_.limit() * out.firms - fallen;
    out.exporters = step.moment_above(Real(0), exports);
    out.exported = out.size - (step.moment_below(power_, exports) - step.moment_below(power_, exit));
    out.starters = m == 0 ? out.exporters : Real(0);
    return out;
  }

  sunk_thresholds<Real> at_;
  Real power_, discount_;
  expected_sizes<Real> sizes_;
  state_policy<Real> policy_;
  vector fallen_, gone_;
  matrix solved_;
};

}  // namespace melitz::detail
