// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

namespace melitz {

namespace detail {

/// Tail of a law made of atoms: exact sums over the atoms at or above x, precomputed from the top down.
template <real Real>
class atoms_tail {
 public:
  using real_type = Real;

  struct atom {
    Real log_value;
    tail_point<Real> tail;  // at the atom, which counts
  };

  /// @param log_values  atoms in ascending order of log productivity (an atom at phi = 0, ln phi = -inf, is allowed)
  /// @param weights     their probabilities
  atoms_tail(std::vector<Real> const& log_values, std::vector<Real> const& weights, Real const& power) : power_(power) {
    auto table = std::make_shared<std::vector<atom>>();
    table->reserve(log_values.size());
    tail_point<Real> above;
    for (std::size_t k = log_values.size(); k-- > 0;) {
      if (!is_finite(log_values[k])) break;  // the rest of the mass sits at phi = 0 and never produces
      if (!table->empty()) above = extend_below(above, Real(power * (table->back().log_value - log_values[k])));
      using std::exp;
      above.survival += weights[k] * exp(Real(-above.log_scale));
      table->push_back({log_values[k], above});
    }
    std::reverse(table->begin(), table->end());
    if (!table->empty()) {
      using std::log;
      auto const& lowest = table->front();
      log_moment_ = power * lowest.log_value + lowest.tail.log_scale + log(lowest.tail.moment());
    }
    table_ = std::move(table);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return table_->front().log_value; }
  [[nodiscard]] Real log_upper_bound() const { return table_->back().log_value; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }

  [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
    auto const next = std::lower_bound(table_->begin(), table_->end(), log_x,
                                       [](atom const& a, Real const& x) { return a.log_value < x; });
    if (next == table_->end()) return {};
    return extend_below(next->tail, Real(power_ * (next->log_value - log_x)));
  }
  [[nodiscard]] std::vector<Real> log_kinks() const {
    std::vector<Real> out;
    for (auto const& a : *table_) out.push_back(a.log_value);
    return out;
  }
  [[nodiscard]] std::span<atom const> atoms() const { return *table_; }  ///< ascending

 private:
  std::shared_ptr<std::vector<atom> const> table_;  // shared, so that a tail is cheap to copy
  Real power_;
  Real log_moment_ = -infinity<Real>;
};

}  // namespace detail

/// Discrete law: productivity is values[i] with probability weights[i]; an empirical law when they are data.
///
/// Without weights every value counts the same. Values need no order; equal values are merged in effect.
/// Restrictions: at least one value; values >= 0 and finite, one of them positive (0 is a draw that never produces);
/// as many weights as values, each >= 0, summing to one within 1e-9 (they are then scaled to sum to one).
/// Accuracy: exact sums. Cost: sorting once per tail, then a binary search per evaluation.
template <real Real = double>
struct discrete {
  using real_type = Real;

  std::vector<Real> values{};
  std::vector<Real> weights{};

  /// @throws domain_error naming what is out of range
  void validate() const {
    detail::require(!values.empty(), "discrete", "number of values", values.size(), "be at least 1");
    bool any_positive = false;
    for (Real const& v : values) {
      detail::require(v >= 0 && detail::is_finite(v), "discrete", "values", v, "be at least 0 and finite");
      any_positive = any_positive || v > 0;
    }
    detail::require(any_positive, "discrete", "largest value", Real(0), "be positive, or nobody can produce");
    if (weights.empty()) return;
    detail::require(weights.size() == values.size(), "discrete", "number of weights", weights.size(),
                    "equal the number of values");
    detail::require_probabilities("discrete", weights);
  }

  /// @throws domain_error naming what is out of range
  [[nodiscard]] detail::atoms_tail<Real> tail(Real const& power) const {
    validate();
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    Real const total = weights.empty() ? Real(static_cast<double>(values.size()))
                                       : std::accumulate(weights.begin(), weights.end(), Real(0));
    std::vector<Real> log_values, probabilities;
    for (std::size_t const k : order) {
      using std::log;
      log_values.push_back(values[k] > 0 ? Real(log(values[k])) : Real(-detail::infinity<Real>));
      probabilities.push_back((weights.empty() ? Real(1) : weights[k]) / total);
    }
    return {log_values, probabilities, power};
  }
};

/// Degenerate law: every firm has productivity `value`, the homogeneous firms of Krugman (1980).
///
/// Restriction: value > 0 and finite.
template <real Real = double>
struct degenerate {
  using real_type = Real;

  Real value = detail::not_a_number<Real>;

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::require(value > 0 && detail::is_finite(value), "degenerate", "value", value, "be positive and finite");
  }

  [[nodiscard]] detail::atoms_tail<Real> tail(Real const& power) const {
    validate();
    return discrete<Real>{.values = {value}, .weights = {}}.tail(power);
  }
};

}  // namespace melitz
