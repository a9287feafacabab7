// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/tail_point.hpp>
#include <melitz/tail/table_panel.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace melitz {

/// A tail as a table over log productivity: on each panel polynomials for ln S and ln J. Costs what a closed form
/// costs.
///
/// Made by tabulate(law, r), and by tail_of for laws known by a density. Outside its panels it is exact too: below them
/// no mass is left and J follows from S, above them it asks what it was made from.
/// Accuracy: error_estimate(), relative, of S and J; around 1e-14 for smooth laws in double. Copies share the table.
template <real Real>
class tabulated_tail {
 public:
  using real_type = Real;
  using panel = table_panel<Real>;

  /// What a table is made of, with at least one panel; `beyond` answers above the last.
  struct contents {
    Real power{}, log_lower{}, log_upper{}, log_moment{}, error_estimate{};
    std::vector<panel> panels{};  // ascending, without gaps
    std::vector<Real> kinks{};    // where the density is not smooth
    tail_point<Real> at_begin{};  // at the first panel's begin, below which there is no mass
    std::function<tail_point<Real>(Real const&)> beyond{};
    /// For a single solve: the panels have no polynomials yet, and this makes those of panel k around a point of it.
    std::function<panel(std::size_t k, Real const&)> make{};
  };

  explicit tabulated_tail(contents table) : table_(std::make_shared<contents const>(std::move(table))) {}

  [[nodiscard]] Real power() const { return table_->power; }
  [[nodiscard]] Real log_lower_bound() const { return table_->log_lower; }
  [[nodiscard]] Real log_upper_bound() const { return table_->log_upper; }
  [[nodiscard]] Real log_moment() const { return table_->log_moment; }
  /// Largest relative error of S and J over the table.
  [[nodiscard]] Real error_estimate() const { return table_->error_estimate; }
  /// None of a table for a single solve, which makes its polynomials as it is asked for them.
  [[nodiscard]] std::span<panel const> panels() const {
    return table_->make ? std::span<panel const>{} : std::span<panel const>{table_->panels};
  }

  [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
    auto const& t = *table_;
    if (log_x >= t.log_upper) return {};
    if (log_x >= t.panels.back().end) return t.beyond(log_x);
    Real const below = t.panels.front().begin - log_x;
    if (below > 0) return detail::extend_below(t.at_begin, Real(t.power), Real(below));
    panel const& p = panel_at(log_x);
    if (t.make) return evaluate(t.make(static_cast<std::size_t>(&p - t.panels.data()), log_x), log_x);
    return evaluate(p, log_x);
  }

  /// Also across panels: they agree in all that a tail_point holds, unless a kink of the density lies between. Each
  /// derivative of a polynomial of this degree costs two to three digits, so the step must be short beside a panel.
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
    auto const& t = *table_;
    Real const low = a < b ? a : b, high = a < b ? b : a;
    if (low < t.panels.front().begin || high >= t.panels.back().end) return false;
    return panel_at(low).can_step(Real(high - low)) &&
           std::none_of(t.kinks.begin(), t.kinks.end(), [&](Real const& k) { return low <= k && k <= high; });
  }

  /// With s = ln S: density = -S s', and its derivatives by the product rule.
  [[nodiscard]] static tail_point<Real> evaluate(panel const& p, Real const& log_x) {
    using std::exp;
    Real const u = (log_x - p.centre) * p.inverse_half_width;
    Real log_excess = p.log_excess.back();
    Real s = p.log_survival.back(), s1(0), s2(0), s3(0), s4(0);  // and derivatives over 1!, 2!, 3!, 4!
    for (std::size_t i = p.log_survival.size() - 1; i-- > 0;) {
      log_excess = log_excess * u + p.log_excess[i];
      s4 = s4 * u + s3;
      s3 = s3 * u + s2;
      s2 = s2 * u + s1;
      s1 = s1 * u + s;
      s = s * u + p.log_survival[i];
    }
    Real const h = p.inverse_half_width;
    s1 *= h;
    s2 *= 2 * h * h;
    s3 *= 6 * h * h * h;
    s4 *= 24 * (h * h) * (h * h);
    tail_point<Real> out;
    // One common scale: that of J, or of S where it dominates by more than a double can hold.
    out.log_scale = log_excess > s - 300 ? log_excess : s;
    out.survival = exp(Real(s - out.log_scale));
    out.excess = exp(Real(log_excess - out.log_scale));
    if (s1 < 0) {
      out.density = -out.survival * s1;
      out.density_slope = -out.survival * (s1 * s1 + s2);
      out.density_curvature = -out.survival * (s1 * (s1 * s1 + 3 * s2) + s3);
      out.density_third = -out.survival * (s1 * (s1 * (s1 * s1 + 6 * s2) + 4 * s3) + 3 * s2 * s2 + s4);
    }
    return out;
  }

 private:
  [[nodiscard]] panel const& panel_at(Real const& log_x) const {
    auto const next = std::upper_bound(table_->panels.begin(), table_->panels.end(), log_x,
                                       [](Real const& x, panel const& p) { return x < p.begin; });
    return *(next - 1);
  }

  std::shared_ptr<contents const> table_;
};

namespace detail {

/// ln S and ln J at the nodes of a panel, as a panel of a table.
///
/// @param unresolved  on return, the relative error of S and J that the panel leaves
template <real Real>
[[nodiscard]] typename tabulated_tail<Real>::panel make_panel(Real const& begin, Real const& end,
                                                              typename panel_rule<Real>::values const& log_survival,
                                                              typename panel_rule<Real>::values const& log_excess,
                                                              Real& unresolved) {
  auto const& rule = panel_rule<Real>::get();
  Real of_survival(0), of_excess(0);
  auto const survival = rule.polynomial_through(log_survival, of_survival);
  auto const excess = rule.polynomial_through(log_excess, of_excess);
  unresolved = of_survival > of_excess ? of_survival : of_excess;
  return {begin, end, Real((begin + end) / 2), Real(2 / (end - begin)), survival, excess};
}

}  // namespace detail
}  // namespace melitz
