// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// How a search for the best policy ended.
enum class search_status {
  converged,      ///< the scaled projected gradient is below the tolerance
  not_a_maximum,  ///< it is, but in some direction the objective curves upwards, or does not curve
  unbounded,      ///< the objective still rises where nobody bounded the policy and it is beyond all reason
  undetermined,   ///< there is nothing to choose: none of the flows is large enough for its tax to matter
  no_progress,    ///< no step raises the objective, and the gradient is not below the tolerance
  evaluation_limit,
  not_solved,  ///< there is no equilibrium at the start
};

/// In words, those of the enumeration.
[[nodiscard]] constexpr std::string_view to_string(search_status s) noexcept {
  return detail::word_of(
      s, {"converged", "not_a_maximum", "unbounded", "undetermined", "no_progress", "evaluation_limit", "not_solved"});
}

/// How to search. The defaults serve.
struct search_options {
  double tolerance = 1e-8;         ///< of the scaled projected gradient, for `converged`
  double target = 1e-11;           ///< of the same: the search goes on to it while that makes progress
  int evaluations = 300;           ///< at most, of objective and gradient together
  int memory = 20;                 ///< steps that are remembered
  double longest_step = 0.5;       ///< of any ln(1 + tax)
  bool check_second_order = true;  ///< a few more gradients
};

namespace detail {

/// What a search sees at a point x = ln(1 + tax).
struct first_order_point {
  bool solved = false;
  double value = std::numeric_limits<double>::quiet_NaN();
  Eigen::VectorXd gradient{};   ///< of the value; of several players' values, each by what it chooses
  Eigen::VectorXd size{};       ///< > 0: by which a gradient is to be judged: what is taxed over income
  Eigen::VectorXd curvature{};  ///< > 0: about minus the second derivative, had each tax only its own flow to move
};

/// Where a search ended.
struct first_order_end {
  search_status reason = search_status::not_solved;
  Eigen::VectorXd x{};
  first_order_point at{};
  double scaled_gradient = std::numeric_limits<double>::infinity();  ///< max |projected gradient| / size
  std::vector<bool> binds{};                                         ///< by variable: at a bound that holds it back
  int evaluations = 0;
  bool cliff = false;  ///< no progress, as there is no equilibrium where the objective would rise
};

/// The gradient without what pushes against a bound.
inline Eigen::VectorXd projected(Eigen::VectorXd const& gradient, std::vector<bool> const& binds) {
  Eigen::VectorXd out = gradient;
  for (Eigen::Index k = 0; k < out.size(); ++k) {
    if (binds[static_cast<std::size_t>(k)]) out[k] = 0;
  }
  return out;
}

inline std::vector<bool> binding(Eigen::VectorXd const& x, Eigen::VectorXd const& gradient,
                                 Eigen::VectorXd const& lower, Eigen::VectorXd const& upper) {
  std::vector<bool> out(static_cast<std::size_t>(x.size()));
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    out[static_cast<std::size_t>(k)] = (x[k] >= upper[k] && gradient[k] > 0) || (x[k] <= lower[k] && gradient[k] < 0);
  }
  return out;
}

/// Steps and what they did to the scaled first-order conditions. From these comes the step that would end the search if
/// the conditions were linear (Anderson 1965; the other face of GMRES, Walker and Ni 2011): a policy's Hessian is a
/// diagonal, which the scaling takes away, plus little more than a number of countries of other directions.
class remembered_steps {
 public:
  explicit remembered_steps(int most) : most_(static_cast<std::size_t>(std::max(1, most))) {}

  void forget() {
    moved_.clear();
    changed_.clear();
  }
  void add(Eigen::VectorXd const& moved, Eigen::VectorXd const& changed) {
    moved_.push_back(moved);
    changed_.push_back(changed);
    if (moved_.size() > most_) {
      moved_.erase(moved_.begin());
      changed_.erase(changed_.begin());
    }
  }
  [[nodiscard]] bool empty() const { return moved_.empty(); }

  /// @param f       the step that the diagonal alone would take
  /// @param weight  by which the variables' conditions count
  [[nodiscard]] Eigen::VectorXd step(Eigen::VectorXd const& f, Eigen::VectorXd const& weight) const {
    // Least squares by orthogonalising the changes, the last ones first; what they have said already is left out.
    std::vector<Eigen::VectorXd> basis;
    std::vector<std::size_t> kept;
    std::vector<std::vector<double>> along;
    for (std::size_t k = changed_.size(); k-- > 0;) {
      Eigen::VectorXd v = weight.cwiseProduct(changed_[k]);
      double const before = v.norm();
      std::vector<double> parts(basis.size() + 1, 0.0);
      for (int twice = 0; twice < 2; ++twice) {
        for (std::size_t b = 0; b < basis.size(); ++b) {
          double const part = basis[b].dot(v);
          v -= part * basis[b];
          parts[b] += part;
        }
      }
      parts.back() = v.norm();
      if (!(parts.back() > 1e-11 * before)) continue;
      basis.push_back(v / parts.back());
      kept.push_back(k);
      along.push_back(std::move(parts));
    }
    Eigen::VectorXd left = weight.cwiseProduct(f), out = f;
    std::vector<double> gamma;
    for (auto const& b : basis) {
      gamma.push_back(b.dot(left));
      left -= gamma.back() * b;
    }
    for (std::size_t k = basis.size(); k-- > 0;) {
      gamma[k] /= along[k].back();
      for (std::size_t b = 0; b < k; ++b) gamma[b] -= gamma[k] * along[k][b];
      out -= gamma[k] * (moved_[kept[k]] + changed_[kept[k]]);
    }
    return out;
  }

 private:
  std::size_t most_;
  std::vector<Eigen::VectorXd> moved_, changed_;
};

/// Whether a search climbs one objective, or looks for where nobody can climb his own.
enum class climbing { one_objective, of_each_his_own };

/// One search. `evaluate(x)` gives a first_order_point.
template <class Evaluate>
class first_order_search {
 public:
  first_order_search(Evaluate& evaluate, Eigen::VectorXd lower, Eigen::VectorXd upper, search_options const& options,
                     climbing kind)
      : evaluate_(evaluate),
        lower_(std::move(lower)),
        upper_(std::move(upper)),
        options_(options),
        kind_(kind),
        steps_(options.memory) {}

  first_order_end from(Eigen::VectorXd const& start) {
    out_ = {};
    if (!move_to(start.cwiseMax(lower_).cwiseMin(upper_))) return out_;
    judge();
    first_order_end best = out_;
    int since_best = 0;
    while (!(out_.scaled_gradient <= options_.target) && since_best < patience()) {
      if (out_.evaluations >= options_.evaluations) {
        return ended(best, search_status::evaluation_limit);
      }
      if (!advance()) return ended(best, search_status::no_progress);
      judge();
      bool const better = out_.scaled_gradient < best.scaled_gradient;
      since_best = better || best.scaled_gradient > options_.tolerance ? 0 : since_best + 1;
      if (better || !(best.scaled_gradient <= options_.tolerance)) best = out_;
    }
    return ended(best, search_status::converged);
  }

 private:
  static constexpr int patience() { return 3; }

  first_order_end ended(first_order_end best, search_status otherwise) const {
    best.evaluations = out_.evaluations;
    best.cliff = out_.cliff;
    best.reason = best.scaled_gradient <= options_.tolerance ? search_status::converged : otherwise;
    return best;
  }

  /// @return whether there is an equilibrium
  bool move_to(Eigen::VectorXd const& x) {
    ++out_.evaluations;
    auto point = evaluate_(x);
    if (!point.solved || !std::isfinite(point.value) || !point.gradient.allFinite()) return false;
    out_.x = x;
    out_.at = std::move(point);
    return true;
  }

  void judge() {
    out_.binds = binding(out_.x, out_.at.gradient, lower_, upper_);
    out_.scaled_gradient = projected(out_.at.gradient, out_.binds).cwiseQuotient(out_.at.size).cwiseAbs().maxCoeff();
  }

  /// The step that the diagonal alone would take, no longer than allowed.
  [[nodiscard]] Eigen::VectorXd diagonal_step() const {
    double const most = options_.longest_step;
    return projected(out_.at.gradient, out_.binds).cwiseQuotient(out_.at.curvature).cwiseMax(-most).cwiseMin(most);
  }

  /// A step in which the remembered ones have their say, as far as it leads upwards and not too far.
  [[nodiscard]] Eigen::VectorXd remembered_step(Eigen::VectorXd const& f) const {
    Eigen::VectorXd step = steps_.step(f, out_.at.curvature.cwiseSqrt());
    for (std::size_t k = 0; k < out_.binds.size(); ++k) {
      if (out_.binds[k]) step[static_cast<Eigen::Index>(k)] = 0;
    }
    double const longest = step.cwiseAbs().maxCoeff();
    if (!std::isfinite(longest)) return f;
    if (longest > options_.longest_step) step *= options_.longest_step / longest;
    bool const down = kind_ == climbing::one_objective && !(step.dot(out_.at.gradient) > 0);
    return down ? f : step;
  }

  bool advance() {
    auto const before = out_;
    Eigen::VectorXd const f = diagonal_step();
    Eigen::VectorXd step = remembered_step(f);
    bool remembered = !steps_.empty(), strayed = false;
    out_.cliff = false;
    for (int halvings = 0; halvings < 40 && out_.evaluations < options_.evaluations; ++halvings) {
      bool const there = move_to((before.x + step).cwiseMax(lower_).cwiseMin(upper_));
      if (there && rose(before)) {
        learn(before, f);
        return true;
      }
      bool const cliff = !there;
      int const count = out_.evaluations;
      out_ = before;
      out_.evaluations = count;
      out_.cliff = cliff;
      if (cliff && std::exchange(strayed, false)) {  // nearer by, the next equilibrium may be found
        evaluate_(before.x);
        ++out_.evaluations;
      }
      strayed = strayed || there;
      if (remembered) {  // what was remembered misleads here
        steps_.forget();
        remembered = false;
        step = f;
      } else {
        step /= 2;
      }
    }
    return false;
  }

  void learn(first_order_end const& before, Eigen::VectorXd const& f) {
    auto const binds = binding(out_.x, out_.at.gradient, lower_, upper_);
    if (binds != before.binds) {
      steps_.forget();
      return;
    }
    out_.binds = binds;
    steps_.add(out_.x - before.x, diagonal_step() - f);
  }

  /// No lower than before, but for what rounding does.
  [[nodiscard]] bool rose(first_order_end const& before) const {
    if (kind_ == climbing::of_each_his_own) return true;
    return out_.at.value >= before.at.value - 1e-13 * std::max(1.0, std::abs(before.at.value));
  }

  Evaluate& evaluate_;
  Eigen::VectorXd lower_, upper_;
  search_options options_;
  climbing kind_;
  remembered_steps steps_;
  first_order_end out_{};
};

/// The largest eigenvalue of a symmetric tridiagonal matrix, by bisection on how many lie above.
inline double largest_eigenvalue(std::vector<double> const& diagonal, std::vector<double> const& beside) {
  double low = diagonal[0], high = diagonal[0];
  for (std::size_t k = 0; k < diagonal.size(); ++k) {
    double const reach = (k > 0 ? std::abs(beside[k - 1]) : 0) + (k + 1 < diagonal.size() ? std::abs(beside[k]) : 0);
    low = std::min(low, diagonal[k] - reach);
    high = std::max(high, diagonal[k] + reach);
  }
  for (int halvings = 0; halvings < 200 && low < high; ++halvings) {
    double const x = low + (high - low) / 2;
    if (!(x > low && x < high)) break;
    double pivot = 1;
    bool above = false;
    for (std::size_t k = 0; k < diagonal.size(); ++k) {
      pivot = diagonal[k] - x - (k > 0 ? beside[k - 1] * beside[k - 1] / pivot : 0);
      above = above || pivot > 0;
      if (pivot == 0) pivot = -1e-300;
    }
    (above ? low : high) = x;
  }
  return high;
}

/// Above this a largest_curvature is none, as far as differences of gradients tell: what is flat has either sign.
inline constexpr double least_curvature = -1e-6;

/// The largest eigenvalue of C^(-1/2) H C^(-1/2) by variables that are free, with H the Hessian by differences of
/// gradients and C the curvature: Lanczos's, of which a dozen steps suffice because most eigenvalues lie near -1.
/// Minus infinity where nothing is free; NaN where there is no equilibrium near by.
/// @param evaluations  counted on
template <class Evaluate>
double largest_curvature(Evaluate& evaluate, first_order_end const& end, int& evaluations) {
  auto const all = end.x.size();
  Eigen::VectorXd root = end.at.curvature.cwiseSqrt(), v = Eigen::VectorXd::Zero(all);
  int free = 0;
  for (Eigen::Index k = 0; k < all; ++k) {  // a start that has something of every direction, the same in every run
    if (end.binds[static_cast<std::size_t>(k)]) continue;
    v[k] = root[k] * (1 + 0.3 * std::sin(1.7 * static_cast<double>(k) + 0.4));
    ++free;
  }
  double out = -std::numeric_limits<double>::infinity();
  if (free == 0) return out;
  v.normalize();
  std::vector<Eigen::VectorXd> basis;
  std::vector<double> diagonal, beside;
  for (int k = 0; k < std::min(free, 24); ++k) {
    basis.push_back(v);
    Eigen::VectorXd const direction = v.cwiseQuotient(root);
    double const h = 1e-4 / direction.cwiseAbs().maxCoeff();
    auto const up = evaluate(Eigen::VectorXd(end.x + h * direction));
    auto const down = evaluate(Eigen::VectorXd(end.x - h * direction));
    evaluations += 2;
    if (!up.solved || !down.solved) return std::numeric_limits<double>::quiet_NaN();
    Eigen::VectorXd w = projected(up.gradient - down.gradient, end.binds).cwiseQuotient(2 * h * root);
    diagonal.push_back(v.dot(w));
    for (int twice = 0; twice < 2; ++twice) {
      for (auto const& b : basis) w -= b.dot(w) * b;
    }
    double const last = std::exchange(out, largest_eigenvalue(diagonal, beside)), off = w.norm();
    if (off < 1e-7 || (k > 3 && std::abs(out - last) < 1e-4 * std::abs(out))) break;
    beside.push_back(off);
    v = w / off;
  }
  return out;
}

}  // namespace detail
}  // namespace melitz
