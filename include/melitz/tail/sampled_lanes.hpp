// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/lane_tails.hpp>
#include <melitz/tail/table_panel.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// Polynomials for ln S and ln J of some tail: the tail's own where it is a table, elsewhere through samples of it.
/// Lanes know no more of the tail, so that they are compiled once for all laws.
///
/// A polynomial through samples covers a dyadic interval of log productivity, [k, k+1] halved up to eight times, and is
/// made when first asked for. Where it does not resolve the tail to rounding (atoms, kinks, ends of a support) no lane
/// is vouched for. An interval depends on nothing but the tail, so neither do results.
class lane_pieces {
 public:
  using panel = table_panel<double>;

  struct piece {
    panel on;
    bool resolved = false;
  };

  virtual ~lane_pieces() = default;

  [[nodiscard]] double power() const { return power_; }
  [[nodiscard]] double log_moment() const { return log_moment_; }
  [[nodiscard]] double log_upper_bound() const { return log_upper_; }

  /// The piece that x lies in, until the next call.
  [[nodiscard]] piece const& at(double x) {
    for (std::size_t k : {last_, before_}) {
      if (k < pieces_.size() && holds(pieces_[k].on, x)) return pieces_[k];
    }
    before_ = last_;
    for (last_ = 0; last_ < pieces_.size(); ++last_) {
      if (holds(pieces_[last_].on, x)) return pieces_[last_];
    }
    return pieces_.emplace_back(made_for(x));
  }

 protected:
  lane_pieces(double power, double log_moment, double log_upper)
      : power_(power), log_moment_(log_moment), log_upper_(log_upper) {}
  lane_pieces(lane_pieces const&) = default;
  lane_pieces(lane_pieces&&) = default;
  lane_pieces& operator=(lane_pieces const&) = default;
  lane_pieces& operator=(lane_pieces&&) = default;

  [[nodiscard]] static bool holds(panel const& p, double x) { return x >= p.begin && x < p.end; }

 private:
  [[nodiscard]] virtual piece made_for(double x) const = 0;

  double power_, log_moment_, log_upper_;
  std::vector<piece> pieces_{};
  std::size_t last_ = 0, before_ = 0;
};

/// Lanes of any tail.
template <class Pack>
class sampled_lanes {
 public:
  using pack = Pack;
  using mask = mask_of<Pack>;
  static constexpr bool piecewise = true;
  static constexpr double bends_in_a_piece = 8;  // a piece is as long as it is because the tail bends no faster

  MELITZ_LANES_INLINE explicit sampled_lanes(lane_pieces& pieces) : pieces_(pieces) {}

  MELITZ_LANES_INLINE void bind(pack const& r) { bound = r == pieces_.power(); }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return all_of<pack>(pieces_.log_moment()); }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 0; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack const&) const { return pack{}; }  // nothing here needs it

  [[nodiscard]] MELITZ_LANES_INLINE lane_point<Pack> at(pack const& log_x, pack const&) const {
    lane_point<Pack> out{};
    out.vouched = log_x > pieces_.log_upper_bound();  // no mass there
    out.begin = all_of<pack>(pieces_.log_upper_bound());
    out.end = all_of<pack>(infinity<double>);
    mask waiting = (abs(log_x) < 600) & ~out.vouched;
    for (std::size_t k = 0; k < Pack::width; ++k) {
      if (!waiting[k]) continue;
      lane_pieces::piece const& p = pieces_.at(log_x[k]);
      mask const inside = waiting & (log_x >= p.on.begin) & (log_x < p.on.end);
      if (p.resolved) {
        lane_point<Pack> const here = evaluate(p.on, log_x);
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
  [[nodiscard]] MELITZ_LANES_INLINE static lane_point<Pack> evaluate(lane_pieces::panel const& p, pack const& log_x) {
    double const slope_of_u = p.inverse_half_width;
    pack const u = (log_x - p.centre) * slope_of_u;
    pack j = all_of<pack>(p.log_excess.back()), s = all_of<pack>(p.log_survival.back());
    pack s1{}, s2{}, s3{};  // derivatives of s over 1!, 2!, 3!
    for (std::size_t i = p.log_survival.size() - 1; i-- > 0;) {
      j = j * u + p.log_excess[i];
      s3 = s3 * u + s2;
      s2 = s2 * u + s1;
      s1 = s1 * u + s;
      s = s * u + p.log_survival[i];
    }
    s1 *= slope_of_u;
    s2 *= 2 * slope_of_u * slope_of_u;
    s3 *= 6 * slope_of_u * slope_of_u * slope_of_u;
    lane_point<Pack> out;
    out.survival = exp_of_ordinary(s);
    out.excess = exp_of_ordinary(j);
    // density = -S s', and its derivatives by the product rule.
    out.density = -out.survival * s1;
    out.slope = -out.survival * (s1 * s1 + s2);
    out.curvature = -out.survival * (s1 * (s1 * s1 + 3 * s2) + s3);
    out.vouched = (abs(s) < 600) & (abs(j) < 600);
    out.begin = all_of<pack>(p.begin);
    out.end = all_of<pack>(p.end);
    return out;
  }

  lane_pieces& pieces_;
};

template <productivity_tail Tail>
class sampled_pieces final : public lane_pieces {
 public:
  explicit sampled_pieces(Tail tail)
      : lane_pieces(tail.power(), tail.log_moment(), tail.log_upper_bound()), tail_(std::move(tail)) {}

 private:
  [[nodiscard]] piece made_for(double x) const override {
    if constexpr (requires { tail_.panels(); }) {
      auto const own = tail_.panels();
      auto const at = std::find_if(own.begin(), own.end(), [&](panel const& p) { return holds(p, x); });
      if (at != own.end()) return {*at, true};
    }
    double length = 1;
    piece p = sample(std::floor(x), length);
    for (int halvings = 0; halvings < 8 && !p.resolved; ++halvings) {
      length /= 2;
      p = sample(std::floor(x / length) * length, length);
    }
    return p;
  }

  using wide = long double;  // for polynomials while they are made, so that all error is the tail's own
  using rule = panel_rule<wide>;

  /// ln S and ln J; what rounding moves the point by, their slopes move back.
  [[nodiscard]] std::pair<wide, wide> logs_at(wide log_x) const {
    double const rounded = static_cast<double>(log_x);
    wide const moved = log_x - rounded;
    auto const p = tail_.at(rounded);
    return {wide(p.log_scale) + std::log(wide(p.survival)) - moved * p.density / p.survival,
            wide(p.log_scale) + std::log(wide(p.excess)) - moved * tail_.power() * p.moment() / p.excess};
  }

  [[nodiscard]] piece sample(double begin, double length) const {
    auto const& nodes = rule::get().nodes;
    piece out{{begin, begin + length, begin + length / 2, 2 / length, {}, {}}};
    typename rule::values log_survival{}, log_excess{};
    for (std::size_t i = 0; i < rule::size; ++i) {
      auto const [s, j] = logs_at(begin + length * (1 + nodes[i]) / 2);
      if (!(std::abs(s) < 1e4L && std::abs(j) < 1e4L)) return out;  // no mass here
      log_survival[i] = s;
      log_excess[i] = j;
    }
    auto const [s, j] = logs_at(begin);
    auto const [s_end, j_end] = logs_at(begin + length);
    out.resolved = fits(log_survival, s, s_end, out.on.log_survival) && fits(log_excess, j, j_end, out.on.log_excess);
    return out;
  }

  /// The polynomial through the values, and whether it is the function: to rounding its series has ended, and it goes
  /// through both ends of the interval, where no node is.
  template <class Polynomial>
  [[nodiscard]] static bool fits(typename rule::values const& f, wide at_begin, wide at_end, Polynomial& out) {
    wide last = 0, begin = 0, end = 0;
    auto const c = rule::get().polynomial_through(f, last);
    for (std::size_t k = c.size(); k-- > 0;) {
      out[k] = static_cast<double>(c[k]);
      begin = c[k] - begin;
      end = c[k] + end;
    }
    auto const small = [&](wide error, wide size) { return error <= 8 * epsilon<double>() * (1 + std::abs(size)); };
    return small(last, f[0]) && small(std::abs(begin - at_begin), at_begin) && small(std::abs(end - at_end), at_end);
  }

  Tail tail_;
};

template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE auto lanes_of(lane_pieces& pieces) {
  return sampled_lanes<Pack>(pieces);
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
