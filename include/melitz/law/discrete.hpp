// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace melitz {

namespace detail {

/// Tail of a law made of atoms: exact sums over the atoms at or above x, precomputed from the top down.
template <real Real>
class atoms_tail {
 public:
  using real_type = Real;
  using in_own_units = atoms_tail;

  /// A value and its probability.
  struct draw {
    Real value, weight;
  };

  struct atom {
    Real log_value;
    with_rest<Real> log_multiple;      // ln of the value over the highest atom's
    Real log_scale, survival, excess;  // of the tail at the atom, which counts

    [[nodiscard]] tail_point<Real> tail() const { return {log_scale, survival, excess}; }
  };

  /// @param draws  in ascending order of value (0 is allowed), the last one positive
  atoms_tail(std::vector<draw> const& draws, Real const& power) : power_(power) {
    using std::exp, std::expm1, std::log;
    using wide = wider_t<Real>;
    auto table = std::make_shared<std::vector<atom>>();
    table->reserve(draws.size());
    unit_ = log_with_rest(draws.back().value);
    wide log_scale(0), unit(1), survival(0), excess(0);  // many atoms are as many roundings
    for (std::size_t k = draws.size(); k-- > 0;) {
      if (!(draws[k].value > 0)) break;  // the rest of the mass sits at phi = 0 and never produces
      auto const log_value = table->empty() ? unit_ : log_with_rest(draws[k].value);
      auto multiple = sum_with_rest(log_value.value, Real(-unit_.value));
      multiple.rest += log_value.rest - unit_.rest;
      if (!table->empty()) {
        auto const& next = table->back().log_multiple;
        Real const rise = power * ((next.value - multiple.value) + (next.rest - multiple.rest));
        if (rise > 1) {  // as in extend_below
          auto const shrink = static_cast<wide>(Real(exp(Real(-rise))));
          excess += survival * (1 - shrink);
          survival *= shrink;
          unit *= shrink;
          log_scale += static_cast<wide>(rise);
        } else if (rise > 0) {
          excess += static_cast<wide>(Real(expm1(rise))) * (excess + survival);
        }
      }
      survival += static_cast<wide>(draws[k].weight) * unit;
      table->push_back({log_value.value, multiple, static_cast<Real>(log_scale), static_cast<Real>(survival),
                        static_cast<Real>(excess)});
    }
    std::reverse(table->begin(), table->end());
    auto const& lowest = table->front();
    log_moment_ = power * lowest.log_multiple.value + lowest.log_scale + log(Real(lowest.excess + lowest.survival));
    table_ = std::move(table);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return table_->front().log_value; }
  [[nodiscard]] Real log_upper_bound() const { return table_->back().log_value; }
  [[nodiscard]] Real log_moment() const { return Real(power_ * unit_.value + (log_moment_ + power_ * unit_.rest)); }

  [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
    auto const next = std::lower_bound(table_->begin(), table_->end(), log_x,
                                       [](atom const& a, Real const& x) { return a.log_value < x; });
    if (next == table_->end()) return {};
    return extend_below(next->tail(), power_, Real(next->log_value - log_x));
  }
  [[nodiscard]] std::vector<Real> log_kinks() const {
    std::vector<Real> out;
    for (auto const& a : *table_) out.push_back(a.log_value);
    return out;
  }
  [[nodiscard]] std::span<atom const> atoms() const { return *table_; }  ///< ascending

  /// The same where the highest atom is the unit.
  class own_view {
   public:
    using real_type = Real;

    explicit own_view(atoms_tail const& tail) : tail_(&tail) {}
    [[nodiscard]] Real power() const { return tail_->power_; }
    [[nodiscard]] Real log_lower_bound() const { return tail_->table_->front().log_multiple.value; }
    [[nodiscard]] Real log_upper_bound() const { return Real(0); }
    [[nodiscard]] Real log_moment() const { return tail_->log_moment_; }
    [[nodiscard]] tail_point<Real> at(Real const& log_x) const { return at_distance_from(log_x, log_x); }
    [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& log_x) const {
      return at_distance_from(static_cast<Real>(log_x), log_x);
    }

   private:
    template <class T>
    [[nodiscard]] tail_point<T> at_distance_from(Real const& log_x, T const& exact) const {
      auto const& table = *tail_->table_;
      auto const next = std::lower_bound(table.begin(), table.end(), log_x,
                                         [](atom const& a, Real const& x) { return a.log_multiple.value < x; });
      if (next == table.end()) return {};
      tail_point<T> const there{static_cast<T>(next->log_scale), static_cast<T>(next->survival),
                                static_cast<T>(next->excess)};
      return extend_below(there, static_cast<T>(tail_->power_), T(static_cast<T>(next->log_multiple.value) - exact),
                          static_cast<T>(next->log_multiple.rest));
    }

    atoms_tail const* tail_;
  };
  [[nodiscard]] own_view own() const { return own_view(*this); }
  [[nodiscard]] with_rest<Real> const& log_unit() const { return unit_; }

 private:
  std::shared_ptr<std::vector<atom> const> table_;  // shared, so that a tail is cheap to copy
  Real power_, log_moment_{};
  with_rest<Real> unit_;
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

  static constexpr char const* name = "discrete";
  static constexpr auto parameters() {
    using l = discrete;
    return told::table{
        told::parameter("values", &l::values, rule::at_least_zero, "one of them positive", "productivity", "[1, 2, 4]"),
        told::parameter("weights", &l::weights, rule::share, "one for each value, sum 1; all equal if left out", "",
                        "[0.5, 0.3, 0.2]")
            .or_none(),
    };
  }

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
    Real total = weights.empty() ? Real(static_cast<double>(values.size())) : Real(0);
    for (Real const& w : weights) total += w;
    std::vector<typename detail::atoms_tail<Real>::draw> draws;
    draws.reserve(values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      draws.push_back({values[k], Real((weights.empty() ? Real(1) : weights[k]) / total)});
    }
    std::sort(draws.begin(), draws.end(), [](auto const& a, auto const& b) { return a.value < b.value; });
    return {draws, power};
  }
};

/// Degenerate law: every firm has productivity `value`, the homogeneous firms of Krugman (1980).
///
/// Restriction: value > 0 and finite.
template <real Real = double>
struct degenerate {
  using real_type = Real;

  Real value = detail::not_a_number<Real>;

  static constexpr char const* name = "degenerate";
  static constexpr auto parameters() {
    using l = degenerate;
    return told::table{
        told::parameter("value", &l::value, rule::positive, "of every firm", "productivity", 1),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] detail::atoms_tail<Real> tail(Real const& power) const {
    validate();
    return {{{value, Real(1)}}, power};
  }
};

}  // namespace melitz
