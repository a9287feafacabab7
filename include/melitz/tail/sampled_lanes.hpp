// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/lane_tails.hpp>
#include <melitz/tail/tail.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <tuple>
#include <utility>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// Lanes of any tail, by polynomials for ln S and ln J through samples of it.
///
/// A polynomial covers a dyadic interval of log productivity, [k, k+1] halved up to eight times, and is made when first
/// asked for: through Chebyshev points, then compared with the tail between them and at the ends. Where none of these
/// agrees to rounding (atoms, kinks, ends of a support) no lane is vouched for. An interval depends on nothing but the
/// tail, so neither do results.
template <productivity_tail Tail>
class sampled_lanes {
 public:
  static constexpr bool piecewise = true;
  static constexpr double bends_in_a_piece = 8;  // a piece is as long as it is because the tail bends no faster

  explicit sampled_lanes(Tail tail) : tail_(std::move(tail)) {}

  MELITZ_LANES_INLINE void bind(pack r) { bound = r == tail_.power(); }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return all_of(tail_.log_moment()); }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 0; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack) const { return pack{}; }  // nothing here needs it

  [[nodiscard]] MELITZ_LANES_INLINE lane_point at(pack log_x, pack) const {
    lane_point out{};
    out.vouched = log_x > tail_.log_upper_bound();  // no mass there
    out.begin = all_of(tail_.log_upper_bound());
    out.end = all_of(infinity<double>);
    mask waiting = (abs(log_x) < 600) & ~out.vouched;
    for (std::size_t k = 0; k < width; ++k) {
      if (!waiting[k]) continue;
      panel const& p = panel_at(log_x[k]);
      mask const inside = waiting & (log_x >= p.begin) & (log_x < p.end);
      if (p.resolved) {
        lane_point const here = evaluate(p, log_x);
        if (all(inside)) return here;
        out.survival = select(inside, here.survival, out.survival);
        out.excess = select(inside, here.excess, out.excess);
        out.density = select(inside, here.density, out.density);
        out.slope = select(inside, here.slope, out.slope);
        out.curvature = select(inside, here.curvature, out.curvature);
        out.begin = select(inside, here.begin, out.begin);
        out.end = select(inside, here.end, out.end);
        out.vouched |= inside & here.vouched;
      }
      waiting &= ~inside;
      if (!any(waiting)) break;
    }
    return out;
  }

  mask bound{};

 private:
  static constexpr std::size_t terms = 16;
  using coefficients = std::array<double, terms>;

  struct panel {
    double begin, end;
    bool resolved = false;
    coefficients log_survival{}, log_excess{};  // in powers of u, which runs from -1 to 1
  };

  [[nodiscard]] MELITZ_LANES_INLINE static lane_point evaluate(panel const& p, pack log_x) {
    double const slope_of_u = 2 / (p.end - p.begin);
    pack const u = (log_x - 0.5 * (p.begin + p.end)) * slope_of_u;
    pack j = all_of(p.log_excess[terms - 1]), s = all_of(p.log_survival[terms - 1]);
    pack s1{}, s2{}, s3{};  // derivatives of s over 1!, 2!, 3!
    for (std::size_t i = terms - 1; i-- > 0;) {
      j = j * u + p.log_excess[i];
      s3 = s3 * u + s2;
      s2 = s2 * u + s1;
      s1 = s1 * u + s;
      s = s * u + p.log_survival[i];
    }
    s1 *= slope_of_u;
    s2 *= 2 * slope_of_u * slope_of_u;
    s3 *= 6 * slope_of_u * slope_of_u * slope_of_u;
    lane_point out;
    out.survival = exp_of_ordinary(s);
    out.excess = exp_of_ordinary(j);
    // density = -S s', and its derivatives by the product rule.
    out.density = -out.survival * s1;
    out.slope = -out.survival * (s1 * s1 + s2);
    out.curvature = -out.survival * (s1 * (s1 * s1 + 3 * s2) + s3);
    out.vouched = (abs(s) < 600) & (abs(j) < 600);
    out.begin = all_of(p.begin);
    out.end = all_of(p.end);
    return out;
  }

  [[nodiscard]] panel const& panel_at(double x) const {
    for (std::size_t k : {last_, before_}) {
      if (k < panels_.size() && x >= panels_[k].begin && x < panels_[k].end) return panels_[k];
    }
    before_ = last_;
    for (last_ = 0; last_ < panels_.size(); ++last_) {
      if (x >= panels_[last_].begin && x < panels_[last_].end) return panels_[last_];
    }
    double length = 1;
    panel p = sample(std::floor(x), length);
    for (int halvings = 0; halvings < 8 && !p.resolved; ++halvings) {
      length /= 2;
      p = sample(std::floor(x / length) * length, length);
    }
    panels_.push_back(p);
    return panels_.back();
  }

  using wide = long double;  // for polynomials while they are made, so that all error is the tail's own
  using wide_coefficients = std::array<wide, terms>;

  /// ln S and ln J; what rounding moves the point by, their slopes move back.
  [[nodiscard]] std::pair<wide, wide> logs_at(wide log_x) const {
    double const rounded = static_cast<double>(log_x);
    wide const moved = log_x - rounded;
    auto const p = tail_.at(rounded);
    return {wide(p.log_scale) + std::log(wide(p.survival)) - moved * p.density / p.survival,
            wide(p.log_scale) + std::log(wide(p.excess)) - moved * tail_.power() * p.moment() / p.excess};
  }

  /// Where a panel is sampled, and what makes the polynomial of the samples. Made once: cosines are dear.
  struct rule {
    wide_coefficients nodes{};                      // Chebyshev points of u, descending
    std::array<wide, terms + 1> between{};          // halfway between neighbours, and both ends
    std::array<wide_coefficients, terms> powers{};  // powers[i][k] = share of the i-th value in the coefficient of u^k

    rule() {
      auto const angle = [](wide node) { return std::numbers::pi_v<wide> * (node + 0.5L) / wide(terms); };
      between[0] = 1;
      between[terms] = -1;
      for (std::size_t i = 0; i < terms; ++i) nodes[i] = std::cos(angle(wide(i)));
      for (std::size_t i = 1; i < terms; ++i) between[i] = std::cos(angle(wide(i) - 0.5L));
      wide_coefficients before{}, now{};  // Chebyshev polynomials of the two latest degrees
      now[0] = 1;
      for (std::size_t degree = 0; degree < terms; ++degree) {
        wide const twice = degree == 0 ? 1 : 2;
        for (std::size_t i = 0; i < terms; ++i) {
          wide const share = twice / wide(terms) * std::cos(wide(degree) * angle(wide(i)));
          for (std::size_t k = 0; k <= degree; ++k) powers[i][k] += share * now[k];
        }
        wide_coefficients next{};
        for (std::size_t k = 0; k + 1 < terms; ++k) next[k + 1] = twice * now[k];
        for (std::size_t k = 0; k < terms; ++k) next[k] -= before[k];
        before = now;
        now = next;
      }
    }
    [[nodiscard]] static rule const& get() {
      static rule const once;
      return once;
    }
  };

  [[nodiscard]] panel sample(double begin, double length) const {
    panel out{begin, begin + length};
    auto const& r = rule::get();
    auto const x_of = [&](wide u) { return begin + length * (u + 1) / 2; };
    wide_coefficients log_survival{}, log_excess{};
    for (std::size_t i = 0; i < terms; ++i) {
      auto const [s, j] = logs_at(x_of(r.nodes[i]));
      if (!(std::abs(s) < 1e4L && std::abs(j) < 1e4L)) return out;  // no mass here
      for (std::size_t k = 0; k < terms; ++k) {
        log_survival[k] += r.powers[i][k] * s;
        log_excess[k] += r.powers[i][k] * j;
      }
    }
    for (std::size_t k = 0; k < terms; ++k) {
      out.log_survival[k] = static_cast<double>(log_survival[k]);
      out.log_excess[k] = static_cast<double>(log_excess[k]);
    }
    out.resolved = true;
    for (std::size_t i = 0; i <= terms && out.resolved; ++i) {
      auto const [s, j] = logs_at(x_of(r.between[i]));
      out.resolved = agree(s, value(log_survival, r.between[i])) && agree(j, value(log_excess, r.between[i]));
    }
    return out;
  }

  [[nodiscard]] static bool agree(wide a, wide b) {
    return std::abs(a - b) <= 8 * epsilon<double>() * (1 + std::abs(a));
  }

  [[nodiscard]] static wide value(wide_coefficients const& c, wide u) {
    wide sum = 0;
    for (std::size_t i = terms; i-- > 0;) sum = sum * u + c[i];
    return sum;
  }

  Tail tail_;
  mutable std::vector<panel> panels_;
  mutable std::size_t last_ = 0, before_ = 0;
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
