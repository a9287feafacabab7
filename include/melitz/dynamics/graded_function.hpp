// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/gaussian_step.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

// Functions with a layer above a threshold, as values and densities of a state have one where firms exit below it and
// steps are short, and their expectations over a normal step.

namespace melitz::detail {

/// Interpolation and integration on [-1, 1] at Chebyshev's points.
template <real Real>
struct chebyshev_rule {
  static constexpr std::size_t size = 16;
  using matrix = std::array<std::array<Real, size>, size>;
  std::array<Real, size> nodes{}, weights{};  ///< of Fejer
  matrix coefficients{};                      ///< [m][j]: share of f(nodes[j]) in that of T_m
  matrix powers{};                            ///< [m][i]: coefficient of u^i in T_m

  chebyshev_rule() {
    using std::acos, std::cos;
    Real const pi = acos(Real(-1));
    for (std::size_t j = 0; j < size; ++j) {
      Real const angle = pi * (Real(2 * j + 1) / Real(2 * size));
      nodes[j] = cos(angle);
      for (std::size_t m = 0; m < size; ++m) {
        coefficients[m][j] = (m == 0 ? Real(1) : Real(2 * cos(Real(Real(m) * angle)))) / Real(size);
        if (m % 2 == 0) weights[j] += 2 * coefficients[m][j] / (1 - Real(m) * Real(m));
      }
    }
    powers[0][0] = powers[1][1] = 1;
    for (std::size_t m = 1; m + 1 < size; ++m) {
      for (std::size_t i = 0; i < size; ++i) {
        powers[m + 1][i] = (i > 0 ? Real(2 * powers[m][i - 1]) : Real(0)) - powers[m - 1][i];
      }
    }
  }
  [[nodiscard]] static chebyshev_rule const& get() {
    static chebyshev_rule const rule;
    return rule;
  }
};

/// A function on panels that begin at a threshold, each twice as wide as the one before until they are wide; 0 above
/// the last one and below the threshold.
template <real Real>
class graded_function {
 public:
  using plain = value_t<Real>;
  using rule_type = chebyshev_rule<plain>;
  static constexpr std::size_t size = rule_type::size, most_panels = 400;

  /// No panels: 0 everywhere.
  graded_function() = default;
  /// @param from, to  where panels begin, and how far they reach at least
  /// @param first     width of the first panel   @param widest  of the last ones, or a little more
  graded_function(Real const& from, Real const& to, Real const& first, Real const& widest) : from_(from) {
    Real width = first, end = from;
    while (end < to && panels_.size() < most_panels) {
      panels_.push_back({end, width, Real(end + width / 2), Real(2 / width), {}, {}});
      end += width;
      if (width < widest) {
        width *= 2;
        ++doublings_;
      }
    }
    top_ = end;
    if (panels_.empty()) return;
    if (doublings_ >= panels_.size()) doublings_ = panels_.size() - 1;
    per_width_ = 1 / static_cast<double>(first);
    per_wide_ = static_cast<double>(first / panels_[doublings_].width);
    first_wide_ = 1 + static_cast<double>(panels_[doublings_].begin - from) * per_width_;
  }

  [[nodiscard]] Real from() const { return from_; }
  [[nodiscard]] Real top() const { return top_; }
  [[nodiscard]] bool empty() const { return panels_.empty(); }
  [[nodiscard]] std::size_t panels() const { return panels_.size(); }
  [[nodiscard]] Real begin_of(std::size_t k) const { return k < panels_.size() ? panels_[k].begin : top_; }

  /// Becomes the interpolant of f.
  template <class F>
  void fill(F const& f) {
    auto const& rule = rule_type::get();
    for (auto& p : panels_) {
      for (std::size_t j = 0; j < size; ++j) p.values[j] = f(at_node(p, j));
      // By way of the series: its coefficients fall faster than those of Chebyshev's polynomials grow.
      p.powers.fill(Real(0));
      for (std::size_t m = 0; m < size; ++m) {
        Real sum(0);
        for (std::size_t j = 0; j < size; ++j) sum += p.values[j] * rule.coefficients[m][j];
        for (std::size_t i = m % 2; i <= m; i += 2) p.powers[i] += sum * rule.powers[m][i];
      }
    }
  }
  [[nodiscard]] Real operator()(Real const& t) const {
    if (!(t >= from_ && t < top_)) return Real(0);
    // Of those that double the k-th is [2^k, 2^(k+1)) in this unit.
    auto const x = static_cast<double>(t - from_) * per_width_ + 1;
    auto k = static_cast<std::size_t>((std::bit_cast<std::uint64_t>(x) >> 52) - 1023);
    if (k >= doublings_) {
      double const further = (x - first_wide_) * per_wide_;
      k = doublings_ + (further > 0 ? static_cast<std::size_t>(further) : 0);
      if (k >= panels_.size()) k = panels_.size() - 1;  // rounding at the top
    }
    panel const& p = panels_[k];
    Real const u = (t - p.centre) * p.per_half, square = u * u;
    auto const& c = p.powers;
    Real even = c[size - 2], odd = c[size - 1];
    for (std::size_t i = size - 2; i > 0; i -= 2) {
      even = even * square + c[i - 2];
      odd = odd * square + c[i - 1];
    }
    return Real(even + u * odd);
  }
  /// f(t, value, weight) for every node, with the weights of an integral.
  template <class F>
  void for_each_node(F const& f) const {
    auto const& rule = rule_type::get();
    for (auto const& p : panels_) {
      for (std::size_t j = 0; j < size; ++j) f(at_node(p, j), p.values[j], Real(p.width / 2 * rule.weights[j]));
    }
  }

 private:
  struct panel {
    Real begin, width, centre, per_half;
    std::array<Real, size> values, powers;
  };
  [[nodiscard]] static Real at_node(panel const& p, std::size_t j) {
    return Real(p.begin + p.width / 2 * (1 + rule_type::get().nodes[j]));
  }
  std::vector<panel> panels_{};
  std::size_t doublings_ = 0;  ///< panels that are half as wide as the next
  double per_width_ = 1, per_wide_ = 1, first_wide_ = 1;
  Real from_{0}, top_{0};
};

/// E[f(t) 1{a <= t < b}] over a normal step, by Gauss's rule of so many points.
template <std::size_t Size, real Real, class F>
[[nodiscard]] Real over_interval(gaussian_step<Real> const& step, F const& f, Real const& a, Real const& b) {
  static gauss_legendre<value_t<Real>, Size> const rule;
  Real const middle = (a + b) / 2, half = (b - a) / 2;
  Real sum(0);
  for (std::size_t i = 0; i < Size / 2; ++i) {
    Real const away = half * rule.nodes[i], up = middle + away, down = middle - away;
    sum += (step.density(up) * f(up) + step.density(down) * f(down)) * rule.weights[i];
  }
  return Real(half * sum);
}

/// E[f(t) 1{from <= t < to}] over a normal step, for f with a layer just above `from` whose width is that of a step.
///
/// As gaussian_step's expectation, with as many points as the part of the bell that is there wants: there are millions.
/// @param scale  over which f changes above that layer, except as exponentials do
template <real Real, class F>
[[nodiscard]] Real over_step(gaussian_step<Real> const& step, F const& f, Real from, Real to, Real const& scale) {
  using plain = value_t<Real>;
  bool const smooth = 5 * step.sd <= scale;
  if (smooth && step.mean - from >= 13 * step.sd && to - step.mean > 5 * step.sd) {
    // Away from the layer ten of Gauss and Hermite's points, roots of He_10; weights 9!/(10 He_9^2).
    static plain const rule[5][2] = {{plain(0.4849357075154976530462L), plain(0.3446423349320190428750L)},
                                     {plain(1.465989094391158183251L), plain(0.1354837029802677355634L)},
                                     {plain(2.484325841638954580876L), plain(0.01911158050077028560474L)},
                                     {plain(3.581823483551926922776L), plain(7.580709343122176700697e-4L)},
                                     {plain(4.859462828332312150155L), plain(4.310652630718286732221e-6L)}};
    Real sum(0);
    for (auto const& point : rule) {
      Real const away = step.sd * point[0];
      sum += (f(Real(step.mean + away)) + f(Real(step.mean - away))) * point[1];
    }
    return sum;
  }
  Real const reach = Real(8.7) * step.sd;
  if (Real const least = step.mean - reach; !(from > least)) from = least;
  if (Real const most = step.mean + reach; !(to < most)) to = most;
  if (!(to > from)) return Real(0);
  // Two bells of like width make one that is narrower than either.
  auto const widths = static_cast<double>((to - from) / step.sd) * (smooth ? 1 : 1.5);
  if (widths <= 10) return over_interval<24>(step, f, from, to);
  if (widths <= 14) return over_interval<32>(step, f, from, to);
  if (widths <= 18) return over_interval<40>(step, f, from, to);
  Real const middle = (from + to) / 2;
  return Real(over_interval<32>(step, f, from, middle) + over_interval<32>(step, f, middle, to));
}

}  // namespace melitz::detail
