// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/factors.hpp>
#include <melitz/worlds/policy/slopes.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

namespace melitz::detail {

/// Newton's method on the conditions of a policy_system, from a point near their solution or not.
///
/// Where epsilon psi is 1 a sector's value of entry stays finite as its firms vanish, and they may all be gone: then
/// N = 0 and entry is worth at most its cost, instead of exactly that. Who is gone is tried as Newton's steps suggest,
/// and corrected where entry would be worth more.
template <real Real>
class policy_newton {
 public:
  using vector = Eigen::VectorX<Real>;

  explicit policy_newton(policy_system<Real> const& system) : at_(system), trial_(system), factors_(system) {
    z_.setZero(at_.layout.size);
  }

  [[nodiscard]] vector const& unknowns() const { return z_; }
  [[nodiscard]] policy_conditions<Real> const& at() const { return at_; }
  [[nodiscard]] Real residual() const { return residual_; }

  /// Back to the world as it was.
  void restart(policy_system<Real> const& system) {
    z_.setZero();
    for (Eigen::Index s = 0; s < system.sectors(); ++s) {
      for (Eigen::Index i = 0; i < system.countries(); ++i) at_.is_gone(i, s) = at_.never(system, i, s) ? 1 : 0;
    }
    factored_ = false;
  }
  /// To a point where the method once was.
  void go_to(vector const& z, std::vector<unsigned char> const& gone) {
    factored_ = factored_ && gone == at_.gone;
    z_ = z;
    at_.gone = gone;
  }

  /// @param left  evaluations that may still be made; counted down
  [[nodiscard]] status solve(policy_system<Real> const& system, int& left) {
    for (int changes = 0;; ++changes) {
      auto const reason = descend(system, left);
      if (reason != status::converged || !bring_back(system)) return reason;
      if (changes > 40) return status::not_covered;
    }
  }

  /// The factors at the solution itself. @pre solved
  [[nodiscard]] policy_factors<Real>& factors(policy_system<Real> const& system) {
    if (!factored_here_) factor(system);
    return factors_;
  }

 private:
  static constexpr Real good = 4096 * std::numeric_limits<Real>::epsilon();
  static constexpr Real best = 16 * std::numeric_limits<Real>::epsilon();

  void factor(policy_system<Real> const& system) {
    factors_.factor(system, at_);
    steps_.clear();
    factored_ = factored_here_ = true;
  }
  [[nodiscard]] bool evaluate(policy_system<Real> const& system, int& left) {
    --left;
    factored_here_ = false;
    bool const finite = at_.evaluate(system, z_);
    residual_ = column::largest(at_.gaps.data(), at_.gaps.size());
    return finite;
  }

  [[nodiscard]] status descend(policy_system<Real> const& system, int& left) {
    if (!evaluate(system, left)) return status::not_finite;
    steps_.clear();
    int idle = 0;
    while (residual_ > best) {
      if (left <= 0) return residual_ <= good ? status::converged : status::iteration_limit;
      bool const stale = factored_ && !factored_here_ && factors_.keeps();
      if (!stale && !factored_here_) factor(system);
      // Newton's steps need be no better than what they leave.
      factors_.solve(system, at_, at_.gaps, step_, std::min(Real(1e-2), std::max(Real(1e-13), residual_)));
      if (stale) learn();
      if (!is_finite(column::sum(step_.data(), step_.size()))) {
        if (!stale) return residual_ <= good ? status::converged : status::not_finite;
        factor(system);
        continue;
      }
      if (!stale && lose_sectors(system)) {
        if (!evaluate(system, left)) return status::not_finite;
        factored_ = false;
        continue;
      }
      Real const before = residual_, norm = at_.gaps.norm();
      if (!walk(system, left, stale)) {
        if (before <= good) return status::converged;
        if (!stale) return status::iteration_limit;
        factor(system);
        continue;
      }
      if (before <= good && residual_ > before / 4) return status::converged;
      if (residual_ > before / 20) factored_ = false;
      if (whole_) steps_.push_back(step_);
      // Near a point where the slopes are singular steps help, but lead nowhere.
      idle = at_.gaps.norm() > norm * Real(0.97) ? idle + 1 : 0;
      if (idle == 5) return status::iteration_limit;
    }
    return status::converged;
  }

  /// What old factors say of a step, made better by the steps that followed from them and by what those left: Broyden's
  /// method, by the recursion that keeps only steps (Kelley 1995, section 7.3).
  void learn() {
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      auto const& taken = steps_[k];
      Real const along = taken.dot(step_) / taken.squaredNorm();
      if (k + 1 < steps_.size()) {
        step_ += along * steps_[k + 1];
      } else if (along < Real(0.9)) {
        step_ /= 1 - along;
      }
    }
  }

  /// A step, shorter where that is needed. @return whether anything came of it
  [[nodiscard]] bool walk(policy_system<Real> const& system, int& left, bool stale) {
    Real const most = column::largest(step_.data(), 2 * at_.layout.n);
    Real stride = most > 1 ? Real(1 / most) : Real(1);
    Real const before = at_.gaps.norm();
    trial_.gone = at_.gone;
    for (int halvings = 0; halvings < (stale ? 1 : 14) && left > 0; ++halvings, stride /= 2) {
      next_ = z_ - stride * step_;
      move_entrants(system, stride);
      --left;
      if (!trial_.evaluate(system, next_)) continue;
      if (!(trial_.gaps.norm() < (stale ? Real(before / 4) : before))) continue;
      std::swap(at_, trial_);
      z_.swap(next_);
      whole_ = stride == Real(1) && at_.layout.size == 2 * at_.layout.n;
      residual_ = column::largest(at_.gaps.data(), at_.gaps.size());
      factored_here_ = false;
      return true;
    }
    return false;
  }

  /// Entrants by themselves: where firms may all vanish a step is one of N, not of its log.
  void move_entrants(policy_system<Real> const& system, Real const& stride) {
    using std::log1p;
    for (Eigen::Index s = 0; s < system.sectors(); ++s) {
      auto const e = at_.layout.entry(s);
      for (Eigen::Index i = 0; e >= 0 && i < at_.layout.n; ++i) {
        Real d = -stride * step_[e + i];
        if (system.numbers(s).at_boundary) d = log1p(std::max(Real(-0.95), d));
        next_[e + i] = z_[e + i] + std::clamp(d, Real(-4), Real(4));
      }
    }
  }

  /// Sectors where next to no firms are left and entry is not worth its cost. @return whether there are any
  [[nodiscard]] bool lose_sectors(policy_system<Real> const& system) {
    bool any = false;
    for (Eigen::Index s = 0; s < system.sectors(); ++s) {
      if (!system.numbers(s).at_boundary) continue;
      auto const e = at_.layout.entry(s);
      for (Eigen::Index i = 0; i < at_.layout.n; ++i) {
        // A gap above 0 is of a value below the cost; next to N = 0 it is N.
        if (at_.is_gone(i, s) || z_[e + i] > -14 || !(at_.gaps[e + i] > 0) || at_.on_value(i, s) < -Real(0.01))
          continue;
        at_.is_gone(i, s) = 1;
        z_[e + i] = 0;
        any = true;
      }
    }
    return any;
  }

  /// Sectors without firms where entry would pay. @return whether there are any
  [[nodiscard]] bool bring_back(policy_system<Real> const& system) {
    using std::log;
    bool any = false;
    for (Eigen::Index s = 0; s < system.sectors(); ++s) {
      if (!system.numbers(s).at_boundary) continue;
      for (Eigen::Index i = 0; i < at_.layout.n; ++i) {
        if (!at_.is_gone(i, s) || at_.never(system, i, s)) continue;
        if (!(at_.entrant_value(system, i, s) > 1 + Real(1e-10))) continue;
        at_.is_gone(i, s) = 0;
        z_[at_.layout.entry(s) + i] = log(Real(0.01));
        any = true;
      }
    }
    if (any) factored_ = factored_here_ = false;
    return any;
  }

  policy_conditions<Real> at_, trial_;
  policy_factors<Real> factors_;
  vector z_, next_, step_;
  std::vector<vector> steps_;  ///< by these factors, all of them whole
  bool whole_ = false;
  Real residual_ = not_a_number<Real>;
  bool factored_ = false, factored_here_ = false;
};

}  // namespace melitz::detail
