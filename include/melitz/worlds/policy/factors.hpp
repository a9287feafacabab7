// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/elimination.hpp>
#include <melitz/worlds/policy/krylov.hpp>
#include <melitz/worlds/policy/pull.hpp>
#include <melitz/worlds/policy/slopes.hpp>

#include <Eigen/Core>
#include <Eigen/LU>

namespace melitz::detail {

/// How the linear systems of a world are solved.
enum class policy_linear {
  elimination,  ///< without inputs: entrants sector by sector, then wages and incomes
  whole,        ///< the matrix in full: few unknowns, or where the others fail
  krylov,       ///< from products with it alone, each of which reads every pair once: many countries, or inputs
};

/// The conditions' slopes at a point: for Newton's steps, and for derivatives forward and backward.
template <real Real>
class policy_factors {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit policy_factors(policy_system<Real> const& system) : slopes_(system), pull_(system) {
    policy_layout const layout(system);
    if (system.has_inputs()) {
      how_ = layout.size <= 60 ? policy_linear::whole : policy_linear::krylov;
      return;
    }
    // In products of all countries' matrices; beside them what products with the slopes themselves take, of which some
    // dozens are needed.
    double const n = static_cast<double>(system.countries()), count = static_cast<double>(system.sectors());
    double const unknowns = layout.has_labor() ? 3 : 2;
    double products = unknowns * unknowns * unknowns / 3;
    for (Eigen::Index s = 0; s < system.sectors(); ++s) products += system.numbers(s).has_entry ? 9 : 2;
    how_ = n * products / count <= 450 ? policy_linear::elimination : policy_linear::krylov;
  }

  [[nodiscard]] policy_slopes<Real>& slopes() { return slopes_; }
  [[nodiscard]] policy_pull<Real>& pull() { return pull_; }
  /// For tests.
  void force(policy_linear how) { how_ = how; }

  /// @pre at stays as it is while solves are asked for where the way is krylov
  void factor(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    full_ = false;
    if (how_ == policy_linear::elimination) {
      elimination_.factor(system, at);
    } else if (how_ == policy_linear::whole) {
      factor_whole(system, at);
    } else {
      set_diagonal(system, at);
    }
  }
  /// Whether factors of one point may serve at another.
  [[nodiscard]] bool keeps() const { return how_ != policy_linear::krylov; }

  /// @param tolerance  relative, of an iterative solve
  void solve(policy_system<Real> const& system, policy_conditions<Real> const& at, vector const& right, vector& out,
             Real const& tolerance) {
    solve(system, at, right, out, tolerance, false);
  }
  void solve_transposed(policy_system<Real> const& system, policy_conditions<Real> const& at, vector const& right,
                        vector& out) {
    solve(system, at, right, out, Real(64 * std::numeric_limits<Real>::epsilon()), true);
  }

 private:
  void solve(policy_system<Real> const& system, policy_conditions<Real> const& at, vector const& right, vector& out,
             Real const& tolerance, bool transposed) {
    if (how_ == policy_linear::elimination) {
      if (transposed) return elimination_.solve_transposed(at.layout, right, out);
      return elimination_.solve(at.layout, right, out);
    }
    if (how_ == policy_linear::krylov && !full_) {
      auto const apply = [&](vector const& x, vector& image) {
        if (transposed) {
          pull_.backward(system, at, x, nullptr, image);
        } else {
          slopes_.forward(system, at, x, nullptr, image);
        }
      };
      int const most = 300;
      if (krylov_.solve(apply, diagonal_, right, out, tolerance, most) <= most) return;
      if (at.layout.size > 5000) {  // the matrix would take more memory than a caller expects
        out.setConstant(at.layout.size, not_a_number<Real>);
        return;
      }
      factor_whole(system, at);
    }
    if (transposed) {
      out = lu_.transpose().solve(right);
    } else {
      out = lu_.solve(right);
    }
  }

  void factor_whole(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const size = at.layout.size;
    matrix jacobian(size, size);
    vector unit = vector::Zero(size), column;
    for (Eigen::Index k = 0; k < size; ++k) {
      unit[k] = 1;
      slopes_.forward(system, at, unit, nullptr, column);
      jacobian.col(k) = column;
      unit[k] = 0;
    }
    lu_.compute(jacobian);
    full_ = true;
  }

  /// Near the matrix's diagonal: how a country's labor market and its sectors' entry answer to themselves.
  void set_diagonal(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    diagonal_.setOnes(layout.size);
    diagonal_.segment(0, 2 * n).setConstant(-1);
    for (Eigen::Index s = 0; s < count; ++s) {
      auto const& k = system.numbers(s);
      auto const e = layout.entry(s);
      for (Eigen::Index i = 0; e >= 0 && i < n; ++i) diagonal_[e + i] = -1;
      for (Eigen::Index j = 0; j < n; ++j) {
        if (!(at.spending(j, s) > 0)) continue;
        auto const *const flow = system.column(at.flows, j, s), *const bundle = system.bundle_share(j, s);
        auto const* const base = k.by_labor ? bundle : system.tax_base(j, s);
        Real const phi = k.by_labor ? Real(1) : k.phi[j];
        for (Eigen::Index i = 0; i < n; ++i) {
          Real const moved = flow[i] * (1 - flow[i] / at.spending(j, s));
          diagonal_[i] -= k.on_cost[j] * bundle[i] * moved / at.labor_income[i];
          if (e >= 0 && !at.is_gone(i, s))
            diagonal_[e + i] += k.epsilon_psi * phi * base[i] * moved / at.entry_base(i, s);
        }
      }
      for (Eigen::Index i = 0; e >= 0 && i < n; ++i) {
        Real const own = std::min(diagonal_[e + i], Real(-0.02));
        diagonal_[e + i] = at.on_entrants(i, s) + (at.is_gone(i, s) ? Real(0) : Real(at.on_value(i, s) * own));
      }
    }
    if (layout.has_inputs()) diagonal_.segment(layout.spending, n * count).setConstant(-1);
    diagonal_[layout.wage + system.numeraire_row()] = 1;
  }

  policy_linear how_;
  policy_slopes<Real> slopes_;
  policy_pull<Real> pull_;
  policy_elimination<Real> elimination_;
  krylov_solver<Real> krylov_;
  Eigen::PartialPivLU<matrix> lu_;
  vector diagonal_;
  bool full_ = false;
};

}  // namespace melitz::detail
