// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

/// A convex piecewise-linear function of scaled size Y >= 0: what the best option of a menu pays, and what sums, maxima
/// and multiples of such functions are again. Menus in several markets add up; a cost that must be paid before any sale
/// is a shift down, and the choice to exit the maximum with zero.
///
/// It is kept as its value and slope at 0 and its kinks, so that adding and scaling move no kink.
/// Example: two markets after an overhead of 0.5:  max(home + abroad + (-0.5), {})
template <real Real = double>
class convex_piecewise_linear {
 public:
  using real_type = Real;

  /// Where the function bends.
  struct bend {
    Real at;    ///< Y > 0
    Real gain;  ///< by how much the slope rises there, > 0
  };

  /// Zero everywhere: exit.
  convex_piecewise_linear() = default;

  /// value + slope Y. @throws domain_error when a number is not finite
  convex_piecewise_linear(Real const& value, Real const& slope) : value_(value), slope_(slope) {
    detail::require(detail::is_finite(value), "convex_piecewise_linear", "value", value, "be finite");
    detail::require(detail::is_finite(slope), "convex_piecewise_linear", "slope", slope, "be finite");
  }

  /// What the best option of a menu pays, exit included. @throws domain_error as hull() does, or where a least size
  /// binds: profit that jumps is not convex
  explicit convex_piecewise_linear(menu<Real> const& options) {
    auto const kept = hull(options);
    for (auto const& o : kept) {
      detail::require(o.jump == 0, "menu option '" + o.name + "'", "jump of profit at its least size", o.jump,
                      "be 0 in a convex function");
    }
    value_ = -kept.front().fixed_cost;
    slope_ = kept.front().slope;
    for (std::size_t k = 1; k < kept.size(); ++k) {
      Real const gain = kept[k].slope - kept[k - 1].slope;
      bends_.push_back({kept[k].threshold, gain});
    }
  }

  [[nodiscard]] Real const& value_at_zero() const { return value_; }
  [[nodiscard]] Real const& slope_at_zero() const { return slope_; }
  /// In ascending order.
  [[nodiscard]] std::vector<bend> const& bends() const { return bends_; }

  [[nodiscard]] Real operator()(Real const& size) const {
    Real sum = value_ + slope_ * size;
    for (auto const& b : bends_) {
      if (!(b.at < size)) break;
      sum += b.gain * (size - b.at);
    }
    return sum;
  }
  /// To the right of a kink at one.
  [[nodiscard]] Real slope(Real const& size) const {
    Real sum = slope_;
    for (auto const& b : bends_) {
      if (!(b.at <= size)) break;
      sum += b.gain;
    }
    return sum;
  }

  /// Both at once.
  [[nodiscard]] friend convex_piecewise_linear operator+(convex_piecewise_linear const& a,
                                                         convex_piecewise_linear const& b) {
    convex_piecewise_linear out(Real(a.value_ + b.value_), Real(a.slope_ + b.slope_));
    out.bends_.resize(a.bends_.size() + b.bends_.size());
    std::merge(a.bends_.begin(), a.bends_.end(), b.bends_.begin(), b.bends_.end(), out.bends_.begin(),
               [](bend const& x, bend const& y) { return x.at < y.at; });
    out.unite();
    return out;
  }
  /// A payment to (or, below zero, from) every firm.
  [[nodiscard]] friend convex_piecewise_linear operator+(convex_piecewise_linear a, Real const& shift) {
    detail::require(detail::is_finite(shift), "convex_piecewise_linear", "shift", shift, "be finite");
    a.value_ += shift;
    return a;
  }
  /// @throws domain_error when the factor is negative, which would make it concave
  [[nodiscard]] friend convex_piecewise_linear operator*(Real const& factor, convex_piecewise_linear a) {
    detail::require(factor >= 0 && detail::is_finite(factor), "convex_piecewise_linear", "factor", factor,
                    "be at least 0 and finite");
    a.value_ *= factor;
    a.slope_ *= factor;
    if (factor == 0) a.bends_.clear();
    for (auto& b : a.bends_) b.gain *= factor;
    return a;
  }
  /// f(factor Y): what the menu pays where demand is that much larger. @throws domain_error unless the factor is
  /// positive
  [[nodiscard]] convex_piecewise_linear stretched(Real const& factor) const {
    detail::require(factor > 0 && detail::is_finite(factor), "convex_piecewise_linear", "factor", factor,
                    "be positive and finite");
    auto out = *this;
    out.slope_ *= factor;
    for (auto& b : out.bends_) {
      b.at /= factor;
      b.gain *= factor;
    }
    return out;
  }

  /// The better of two, at every size. Where they tie the steeper one counts.
  [[nodiscard]] friend convex_piecewise_linear max(convex_piecewise_linear const& a, convex_piecewise_linear const& b) {
    walker one(a), other(b);
    // The one on top so far, and the one below it.
    if (one.value < other.value || (one.value == other.value && one.slope < other.slope)) std::swap(one, other);
    convex_piecewise_linear out(one.value, one.slope);
    while (true) {
      Real const next = std::min(one.next(), other.next());
      // Before the next bend of either: the lower one overtakes if it is steep enough.
      if (other.slope > one.slope) {
        Real const gap = std::max(Real(one.value - other.value), Real(0));
        Real const crossing = one.at + gap / (other.slope - one.slope);
        if (crossing <= next && detail::is_finite(crossing)) {
          out.bends_.push_back({crossing, Real(other.slope - one.slope)});
          one.advance(crossing);
          other.advance(crossing);
          other.value = one.value;
          std::swap(one, other);
          continue;
        }
      }
      if (!detail::is_finite(next)) break;
      one.advance(next);
      other.advance(next);
      if (one.next() == next) out.bends_.push_back({next, one.pass()});
      if (other.next() == next) (void)other.pass();
    }
    out.unite();
    return out;
  }

 private:
  /// A function from left to right.
  struct walker {
    explicit walker(convex_piecewise_linear const& f) : value(f.value_), slope(f.slope_), bends(&f.bends_) {}

    [[nodiscard]] Real next() const { return place < bends->size() ? (*bends)[place].at : detail::infinity<Real>; }
    void advance(Real const& to) {
      value += slope * (to - at);
      at = to;
    }
    /// Takes the bend that it stands at. @return what the slope gains
    Real pass() {
      Real const gain = (*bends)[place++].gain;
      slope += gain;
      return gain;
    }

    Real at{0}, value, slope;
    std::vector<bend> const* bends;
    std::size_t place = 0;
  };

  /// Bends at the same place become one, those at 0 part of the slope there.
  void unite() {
    std::vector<bend> united;
    for (auto const& b : bends_) {
      if (!(b.at > 0)) {
        slope_ += b.gain;
      } else if (!united.empty() && united.back().at == b.at) {
        united.back().gain += b.gain;
      } else {
        united.push_back(b);
      }
    }
    bends_ = std::move(united);
  }

  Real value_{0}, slope_{0};
  std::vector<bend> bends_;
};

/// Ready for free entry. @throws domain_error when the function falls or is constant, so that no firm ever earns more
template <real Real>
[[nodiscard]] envelope<Real> envelope_of(convex_piecewise_linear<Real> const& profit) {
  using std::log;
  auto const& bends = profit.bends();
  detail::require(profit.slope_at_zero() >= 0, "profit", "slope at size 0", profit.slope_at_zero(), "be at least 0");
  detail::require(!bends.empty() || profit.slope_at_zero() > 0, "profit", "largest slope", profit.slope_at_zero(),
                  "be positive, or no firm ever earns anything");
  envelope<Real> out{Real(0), Real(0), profit.slope_at_zero(), Real(-profit.value_at_zero()), {}};
  for (auto const& b : bends) {
    if (out.kinks.empty()) {
      out.fixed_cost = b.gain * b.at;
      out.slope = b.gain;
      out.kinks.push_back({});
    } else {
      out.kinks.push_back({Real(b.gain * b.at / out.fixed_cost), Real(log(Real(b.at / bends.front().at)))});
    }
  }
  return out;
}

/// Its linear pieces as the options of a menu, without names; `index` counts them from 0.
template <real Real>
[[nodiscard]] std::vector<chosen_option<Real>> pieces_of(convex_piecewise_linear<Real> const& profit) {
  Real slope = profit.slope_at_zero(), fixed_cost = -profit.value_at_zero();
  std::vector<chosen_option<Real>> out{{0, "", slope, fixed_cost, detail::not_a_number<Real>, Real(0)}};
  for (auto const& b : profit.bends()) {
    slope += b.gain;
    fixed_cost += b.gain * b.at;
    out.push_back({out.size(), "", slope, fixed_cost, detail::not_a_number<Real>, b.at});
  }
  return out;
}

}  // namespace melitz
