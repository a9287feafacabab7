// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/kernel.hpp>
#include <melitz/tail/tail.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// From which log productivity on firms stay, and export.
template <real Real>
struct kernel_thresholds {
  Real stay, exports;
};

/// What firms do under a kernel, on nodes that end where they change their mind.
template <productivity_tail Tail>
class kernel_policy {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  kernel_policy(kernel_nodes<Real> const& kernel, law_points<Tail> const& points, exit_timing timing, Real const& power,
                kernel_thresholds<Real> const& what)
      : kernel_(kernel), timing_(timing), power_(power), at_(what), nodes_(kernel.all({what.stay, what.exports})) {
    auto const n = nodes_.size();
    while (first_ < n && node(first_) < at_.stay) ++first_;
    moves_.resize(n - first_, n);
    for (Eigen::Index k = first_; k < n; ++k) moves_.row(k - first_) = kernel.row(nodes_, node(k)).transpose();
    inflow_ = vector::Constant(n, Real(0));
    points.for_each_from(at_.stay, kernel.edges({at_.exports}),
                         [&](Real const& t, Real const& weight, Real const& share) {
                           if (!(weight > 0)) return;
                           entrants_.push_back({t, weight, share});
                           inflow_ += weight * kernel.row(nodes_, t);
                         });
    now_.resize(n, 4);
    for (Eigen::Index k = 0; k < n; ++k) {
      auto const s = firm(node(k));
      now_.row(k) << s.firms, s.size, s.exporters, s.exported;
    }
  }

  /// A firm with log productivity t, this period: with the timing `after` nothing if it exits.
  [[nodiscard]] firm_sums<Real> firm(Real const& t) const {
    using std::exp;
    if (timing_ == exit_timing::after && t < at_.stay) return {};
    Real const size = exp(Real(power_ * t));
    bool const exports = t >= at_.exports;
    return {Real(1), size, exports ? Real(1) : Real(0), exports ? size : Real(0)};
  }
  /// Sums that firms at the nodes where they stay expect from tomorrow on, one column each. @param discount  q
  [[nodiscard]] matrix later(Real const& discount) const {
    matrix const system = unit(stayers()) - discount * moves_.rightCols(stayers());
    return Eigen::PartialPivLU<matrix>(system).solve(moves_ * now_);
  }
  /// The same at any t.
  [[nodiscard]] firm_sums<Real> tomorrow(Real const& t, Real const& discount, matrix const& sums) const {
    return expected(kernel_.row(nodes_, t), discount, sums);
  }
  /// What an entrant expects before it knows its productivity. @param now  sums over entrants in their first period
  [[nodiscard]] firm_sums<Real> of_entrants(firm_sums<Real> const& now, Real const& discount,
                                            matrix const& sums) const {
    auto const s = expected(inflow_, discount, sums);
    return {Real(now.firms + discount * s.firms), Real(now.size + discount * s.size),
            Real(now.exporters + discount * s.exporters), Real(now.exported + discount * s.exported)};
  }
  /// Firms at all nodes, beyond their first period, per entrant of a period. @param stay  survives a period
  [[nodiscard]] vector masses(Real const& stay) const {
    matrix const system = unit(stayers()) - stay * moves_.rightCols(stayers()).transpose();
    vector const those = Eigen::PartialPivLU<matrix>(system).solve(vector(stay * inflow_.tail(stayers())));
    return stay * (inflow_ + moves_.transpose() * those);
  }
  /// Those of a cohort a period later. @param mass  at all nodes
  [[nodiscard]] vector next(vector const& mass, Real const& stay) const {
    return stay * (moves_.transpose() * mass.tail(stayers()));
  }

  [[nodiscard]] state_nodes<Real> const& nodes() const { return nodes_; }
  [[nodiscard]] Real const& node(Eigen::Index k) const { return nodes_.at[static_cast<std::size_t>(k)]; }
  [[nodiscard]] vector const& inflow() const { return inflow_; }
  [[nodiscard]] matrix const& moves() const { return moves_; }
  [[nodiscard]] matrix const& now() const { return now_; }
  [[nodiscard]] std::vector<entrants_at<Real>> const& entrants() const { return entrants_; }
  [[nodiscard]] kernel_thresholds<Real> const& thresholds() const { return at_; }
  /// The first node where firms stay, and how many there are.
  [[nodiscard]] Eigen::Index first() const { return first_; }
  [[nodiscard]] Eigen::Index stayers() const { return nodes_.size() - first_; }

 private:
  [[nodiscard]] static matrix unit(Eigen::Index size) { return matrix::Identity(size, size); }
  [[nodiscard]] firm_sums<Real> expected(vector const& weights, Real const& discount, matrix const& sums) const {
    Eigen::Matrix<Real, 1, 4> out = weights.transpose() * now_;
    if (stayers() > 0) out += discount * weights.tail(stayers()).transpose() * sums;
    return {out[0], out[1], out[2], out[3]};
  }

  kernel_nodes<Real> const& kernel_;
  exit_timing timing_;
  Real power_;
  kernel_thresholds<Real> at_;
  state_nodes<Real> nodes_;
  Eigen::Index first_ = 0;
  matrix moves_, now_;  ///< [from the nodes that stay][to all]; what firms there are this period
  vector inflow_;
  std::vector<entrants_at<Real>> entrants_{};
};

}  // namespace melitz::detail
