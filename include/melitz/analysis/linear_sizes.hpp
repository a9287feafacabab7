// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/size_inequality.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/panel_integrals.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz {

/// Firms of neighbouring productivities that do the same: those with ln phi from log_lower to below log_upper are of
/// size exp(log_factor) phi^r + fixed.
template <real Real = double>
struct size_piece {
  Real log_lower;   ///< -infinity where nobody is too unproductive
  Real log_upper;   ///< may be infinite
  Real log_factor;  ///< finite
  Real fixed{0};    ///< >= 0
};

/// Mean and variance of ln size.
template <real Real = double>
struct log_size_moments {
  Real mean = detail::not_a_number<Real>;
  Real variance = detail::not_a_number<Real>;
};

namespace detail {

/// Of the highest derivative that numbers carry; 0 of those that carry none.
template <class T>
inline constexpr int differentiation_order = [] {
  if constexpr (carries_derivatives<T>) {
    return static_cast<int>(differentiation<T>::order);
  } else {
    return 0;
  }
}();

/// Firms, and their size, as shares.
template <real Real>
struct share_of_firms {
  Real share{0}, size{0};
  Real density{0};  ///< of ln size, where the share begins
};

/// A piece, and what there is of draws and of their size at and above its ends, were all of them in it; in units of
/// their own.
template <real Real>
struct counted_piece {
  Real lower, upper, log_factor, fixed;
  share_of_firms<Real> at_lower{}, at_upper{};

  /// ln size at ln phi.
  [[nodiscard]] Real log_size(Real const& log_x, Real const& power) const {
    using std::exp, std::log, std::log1p;
    Real const z = log_factor + power * log_x;
    if (same(fixed, Real(0))) return z;
    return z > 0 ? Real(z + log1p(Real(fixed * exp(Real(-z))))) : Real(log(Real(fixed + exp(z))));
  }
  /// Where firms are of this size, by ln phi, or the end of the piece that is nearer to it.
  [[nodiscard]] Real place_of(Real const& log_size, Real const& power) const {
    using std::exp, std::log1p;
    Real rest(0);
    if (!same(fixed, Real(0))) {
      Real const part = fixed * exp(Real(-log_size));
      if (!(part < 1)) return lower;
      rest = log1p(Real(-part));
    }
    Real const log_x = (log_size - log_factor + rest) / power;
    return log_x > lower ? log_x < upper ? log_x : upper : lower;
  }
};

/// Sizes of firms that are linear in phi^r piece by piece, under a law of productivity.
template <productivity_tail Tail>
class linear_sizes {
 public:
  using Real = typename Tail::real_type;
  using value = value_t<Real>;

  linear_sizes(Tail tail, std::vector<size_piece<Real>> const& pieces) : tail_(std::move(tail)), power_(tail_.power()) {
    using std::log;
    for (auto const& p : pieces) {
      require(is_finite(p.log_factor), "size_piece", "log_factor", p.log_factor, "be finite");
      require(p.fixed >= 0 && is_finite(p.fixed), "size_piece", "fixed", p.fixed, "be at least 0 and finite");
      require(p.log_upper >= p.log_lower, "size_piece", "log_upper", p.log_upper, "be at least log_lower");
      require(pieces_.empty() || p.log_lower >= pieces_.back().upper, "size_piece", "log_lower", p.log_lower,
              "be at least log_upper of the piece before");
      Real const bottom = tail_.log_lower_bound();
      counted_piece<Real> out{p.log_lower > bottom ? p.log_lower : bottom, p.log_upper, p.log_factor, p.fixed};
      if (!(out.lower < out.upper)) continue;
      if (mass_ == 0 && is_finite(out.lower)) {  // the first that somebody may be in is the measure
        auto const point = tail_.at(out.lower);
        if (!(point.survival > 0)) continue;
        log_unit_ = static_cast<value>(point.log_scale) + log(static_cast<value>(point.survival));
      }
      auto const at = [&](Real const& t) { return tail_.at(t); };
      out.at_lower = is_finite(out.lower) ? at_or_above(out, power_, log_unit_, at, out.lower) : all_draws(out);
      out.at_upper = at_or_above(out, power_, log_unit_, at, out.upper);
      if (!(out.at_lower.share > out.at_upper.share)) continue;
      mass_ += out.at_lower.share - out.at_upper.share;
      size_ += out.at_lower.size - out.at_upper.size;
      pieces_.push_back(out);
    }
    for (Real const& kink : log_kinks_of(tail_)) kinks_.push_back(kink);
    std::sort(kinks_.begin(), kinks_.end());
  }

  [[nodiscard]] std::size_t count() const { return pieces_.size(); }
  /// Per draw.
  [[nodiscard]] Real mass() const { return in_levels(mass_); }
  [[nodiscard]] Real total() const { return in_levels(size_); }
  [[nodiscard]] Real log_mean_size() const {
    using std::log;
    return Real(log(Real(size_ / mass_)));
  }

  /// Firms of at least this size.
  [[nodiscard]] share_of_firms<Real> above(Real const& log_size) const {
    auto out = above_in(
        pieces_, power_, log_unit_, [&](Real const& t) { return tail_.at(t); }, log_size);
    out.share /= mass_;
    out.size /= size_;
    out.density /= mass_;
    return out;
  }

  /// ln of the size that a share of firms reach.
  /// @param derivatives  to which order the place is to carry them
  [[nodiscard]] located_quantile<Real> find_quantile(Real const& share, int derivatives) const {
    using std::abs, std::log;
    std::vector<counted_piece<value>> values;
    for (auto const& p : pieces_) {
      auto const cast = [](share_of_firms<Real> const& s) {
        return share_of_firms<value>{static_cast<value>(s.share), static_cast<value>(s.size)};
      };
      values.push_back({static_cast<value>(p.lower), static_cast<value>(p.upper), static_cast<value>(p.log_factor),
                        static_cast<value>(p.fixed), cast(p.at_lower), cast(p.at_upper)});
    }
    auto const power = static_cast<value>(power_), mass = static_cast<value>(mass_);
    value const target = log(static_cast<value>(share));
    auto const gap = [&](value const& log_size) {
      auto const firms = above_in(
          values, power, log_unit_, [&](value const& t) { return value_at(t); }, log_size);
      return log_gap(value(log(value(firms.share / mass))), target);
    };
    auto const& first = values.front();
    value const start = is_finite(first.lower)   ? first.log_size(first.lower, power)
                        : is_finite(first.upper) ? first.log_size(first.upper, power)
                                                 : first.log_factor + static_cast<value>(Real(tail_.log_moment()));
    auto const found = where_it_falls(gap, start);
    if (found.reason != status::converged) return {found.reason};
    Real log_size(found.log_x);
    for (int k = 0; k < derivatives; ++k) {
      auto const here = above(log_size);
      Real const off = log(Real(here.share / share));
      // In a gap, or at an atom.
      if (!(here.density > 0) || !(abs(static_cast<value>(off)) <= root_of_epsilon<2, value>())) {
        return {status::not_finite};
      }
      log_size += off * here.share / here.density;
    }
    return {status::converged, log_size};
  }

  /// @throws convergence_error where the integrals are not resolved
  [[nodiscard]] size_inequality<Real> inequality() const {
    std::vector<Real> ends;
    Real lowest = infinity<Real>;
    for (auto const& p : pieces_) {
      Real const from = is_finite(p.lower) ? p.log_size(p.lower, power_) : Real(-infinity<Real>);
      if (from < lowest) lowest = from;
      for (Real const& end : {p.lower, p.upper}) {
        if (is_finite(end)) ends.push_back(p.log_size(end, power_));
      }
      for (Real const& kink : kinks_) {
        if (kink > p.lower && kink < p.upper) ends.push_back(p.log_size(kink, power_));
      }
    }
    std::sort(ends.begin(), ends.end());
    auto const median = find_quantile(Real(0.5), 0);
    if (median.reason != status::converged) throw convergence_error("melitz::size_distribution", median.reason);
    auto const out = inequality_of([&](Real const& log_size) { return above(log_size); }, ends, lowest, log_mean_size(),
                                   static_cast<value>(median.log_x), Real(1));
    if (!out.resolved) throw convergence_error("melitz::size_distribution", status::iteration_limit);
    return out;
  }

  [[nodiscard]] log_size_moments<Real> log_moments() const {
    log_size_moments<Real> out;
    if (pieces_.empty() || in_closed_form(out)) return out;
    return by_quadrature();
  }

 private:
  [[nodiscard]] Real in_levels(Real const& amount) const {
    using std::exp;
    return Real(amount * exp(Real(log_unit_)));
  }

  [[nodiscard]] share_of_firms<Real> all_draws(counted_piece<Real> const& piece) const {
    using std::exp;
    Real const share = exp(Real(-log_unit_));
    return {share, Real(exp(Real(piece.log_factor + tail_.log_moment() - log_unit_)) + piece.fixed * share)};
  }

  /// The tail without derivatives.
  [[nodiscard]] tail_point<value> value_at(value const& t) const {
    auto const p = at_value(tail_, t);
    return {static_cast<value>(p.log_scale), static_cast<value>(p.survival), static_cast<value>(p.excess),
            static_cast<value>(p.density)};
  }

  /// Draws at or above a productivity, and their size by this piece.
  template <class T, class At>
  [[nodiscard]] static share_of_firms<T> at_or_above(counted_piece<T> const& piece, T const& power,
                                                     value const& log_unit, At const& at, T const& log_x) {
    using std::exp;
    if (!(log_x < infinity<T>)) return {};
    auto const p = at(log_x);
    T const unit = exp(T(p.log_scale - T(log_unit))), share = p.survival * unit;
    T const per_draw = exp(T(piece.log_factor + power * log_x + (p.log_scale - T(log_unit))));
    return {share, T(per_draw * p.moment() + piece.fixed * share), T(p.density * unit)};
  }

  template <class T, class At>
  [[nodiscard]] static share_of_firms<T> above_in(std::vector<counted_piece<T>> const& pieces, T const& power,
                                                  value const& log_unit, At const& at, T const& log_size) {
    using std::exp;
    share_of_firms<T> out;
    for (auto const& p : pieces) {
      T const log_x = p.place_of(log_size, power);
      if (!(log_x < p.upper)) continue;
      bool const inside = log_x > p.lower;
      auto const from = inside ? at_or_above(p, power, log_unit, at, log_x) : p.at_lower;
      out.share += from.share - p.at_upper.share;
      out.size += from.size - p.at_upper.size;
      if (inside) out.density += from.density / (power * (1 - p.fixed * exp(T(-log_size))));
    }
    return out;
  }

  /// By moments of log productivity above each end. Not where they nearly cancel.
  [[nodiscard]] bool in_closed_form(log_size_moments<Real>& out) const {
    if constexpr (has_log_moments<Tail>) {
      using std::abs, std::exp;
      struct part {
        Real level;  // ln size where it begins, over that where the first does
        std::array<Real, 3> moments;
      };
      std::vector<part> parts;
      Real mass(0), mean(0), variance(0), size(0);
      Real const origin = pieces_.front().log_size(pieces_.front().lower, power_);
      for (auto const& p : pieces_) {
        if (!same(p.fixed, Real(0)) || !is_finite(p.lower)) return false;
        auto const low = tail_.in_logs(p.lower);
        Real const unit = exp(Real(low.log_scale - Real(log_unit_)));
        part next{Real(p.log_size(p.lower, power_) - origin), {low.survival, low.first, low.second}};
        if (is_finite(p.upper)) {
          auto const high = tail_.in_logs(p.upper);
          Real const less = exp(Real(high.log_scale - low.log_scale)), step = p.upper - p.lower;
          std::array<Real, 3> const gone{high.survival, Real(high.first + step * high.survival),
                                         Real(high.second + step * (2 * high.first + step * high.survival))};
          for (std::size_t k = 0; k < 3; ++k) {
            next.moments[k] -= less * gone[k];
            if (!(next.moments[k] > less * gone[k] / 8)) return false;
          }
        }
        Real factor = unit;
        for (auto& m : next.moments) {
          m *= factor;
          factor *= power_;
        }
        mass += next.moments[0];
        mean += next.level * next.moments[0] + next.moments[1];
        parts.push_back(next);
      }
      mean /= mass;
      for (auto const& p : parts) {
        Real const level = p.level - mean, square = level * level * p.moments[0] + p.moments[2];
        variance += square + 2 * level * p.moments[1];
        size += square;
      }
      if (!(variance > size / 64)) return false;
      out = {Real(origin + mean), Real(variance / mass)};
      return true;
    } else {
      static_cast<void>(out);
      return false;
    }
  }

  /// By the density, from the median outwards: between it and the mean there is at most one standard deviation.
  /// @throws domain_error, convergence_error
  [[nodiscard]] log_size_moments<Real> by_quadrature() const {
    using std::abs, std::exp, std::sqrt;
    auto const median = find_quantile(Real(0.5), 0);
    if (median.reason != status::converged) throw convergence_error("melitz::size_distribution", median.reason);
    panel_integrals<Real, 3> sum;  // of the density, times ln size over its median, times the square of that
    Real const &all = sum.sums[0], &first = sum.sums[1], &second = sum.sums[2];
    value const mass = static_cast<value>(mass_), eps = epsilon<value>();
    value const reach = abs(static_cast<value>(median.log_x)) + abs(static_cast<value>(Real(tail_.log_moment())));
    value const tolerance =
        4096 * eps + 16 * static_cast<value>(error_estimate_of(tail_)) + 16 * eps * reach / static_cast<value>(power_);
    auto const survival = [&](Real const& log_x) {
      auto const p = value_at(static_cast<value>(log_x));
      return value(p.survival * exp(value(p.log_scale - log_unit_)));
    };
    for (auto const& piece : pieces_) {
      Real begin = piece.place_of(median.log_x, power_);
      if (!is_finite(begin)) begin = std::min<Real>(piece.upper, Real(tail_.log_moment() / power_));
      // Of ln size: all that can be resolved of firms so much alike that they differ by little more.
      value const rounding = 16 * eps * (reach + abs(value(static_cast<value>(power_) * static_cast<value>(begin))));
      for (int const direction : {1, -1}) {
        auto const parts = [&](Real const& way) {
          Real const log_x = direction * way;
          auto const p = tail_.at(log_x);
          Real const weight = p.density * exp(Real(p.log_scale - Real(log_unit_)));
          Real const distance = piece.log_size(log_x, power_) - median.log_x, product = weight * distance;
          return std::array<Real, 3>{weight, product, Real(product * distance)};
        };
        auto const resolved = [&](std::array<Real, 3> const& own, auto const& unresolved, Real const& a,
                                  Real const& b) {
          value const square = static_cast<value>(second + own[2]), spread = sqrt(value(square * mass));
          value const at_a = survival(Real(direction * a)), drawn = abs(value(at_a - survival(Real(direction * b))));
          // A peak shows by its mass that no node is near.
          return abs(value(static_cast<value>(own[0]) - drawn)) <=
                     root_of_epsilon<2, value>() / 16 * mass + 8 * eps * at_a &&
                 unresolved(0) <= tolerance * mass && unresolved(1) <= tolerance * spread + rounding * mass &&
                 unresolved(2) <= tolerance * square + 2 * rounding * spread;
        };
        Real all_before = all, second_before = second;
        auto const more = [&](Real const&, Real const& b) {
          bool const small =
              all - all_before <= Real(eps / 1024) * mass_ && second - second_before <= Real(eps) * second;
          all_before = all;
          second_before = second;
          return !small || (direction > 0 && survival(b) > eps / 1024 * mass);
        };
        auto kinks = kinks_;
        if (direction < 0) {
          for (Real& kink : kinks) kink = -kink;
          std::reverse(kinks.begin(), kinks.end());
        }
        Real const end = direction > 0 ? std::min<Real>(piece.upper, tail_.log_upper_bound()) : Real(-piece.lower);
        sum.add_all(parts, resolved, Real(direction * begin), end, Real(1 / power_), kinks, more);
      }
    }
    if (sum.halvings_left == 0) throw convergence_error("melitz::size_distribution", status::iteration_limit);
    value const share = static_cast<value>(all) / mass;
    require(abs(value(share - 1)) <= root_of_epsilon<2, value>(), "size_distribution",
            "share of these firms that the law's density knows", share,
            "be 1: moments of logs are of laws without atoms");
    Real const mean = first / all;
    return {Real(median.log_x + mean), Real(second / all - mean * mean)};
  }

  Tail tail_;
  Real power_, mass_{0}, size_{0};  // of firms, in units of log_unit_
  value log_unit_{0};               // ln of the share of draws that counts as one
  std::vector<counted_piece<Real>> pieces_{};
  std::vector<Real> kinks_{};
};

}  // namespace detail
}  // namespace melitz
