// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/density_integrator.hpp>
#include <melitz/tail/table.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Tail of a law known by its log density whose parameters carry derivatives.
///
/// The panels are those that resolve the density without derivatives; they stay where they are, except that their ends
/// move with the point asked for, with the bounds of the support and with its breakpoints. So the sums over their nodes
/// are integrals of the derivatives too. Costs some 400 evaluations of the density for each point.
template <density_law Law>
class density_derivatives {
 public:
  using real_type = law_real_t<Law>;
  using how = differentiation<real_type>;
  using value_type = value_t<real_type>;
  using value_law = decltype(how::values_of(std::declval<Law const&>()));
  using integrator = density_integrator<value_law>;

  density_derivatives(Law law, real_type const& power, tabulated_tail<value_type> values)
      : law_(std::move(law)),
        power_(power),
        log_lower_(law_.log_lower_bound()),
        log_upper_(law_.log_upper_bound()),
        density_(how::values_of(law_), how::value(power)),
        values_(std::move(values)) {
    using std::log;
    if constexpr (requires { law_.log_breakpoints(); }) {
      for (real_type const& t : law_.log_breakpoints()) stops_.push_back(t);
    }
    // Below the first panel no mass is left.
    value_type const begin = values_.panels().front().begin;
    begin_ = begin == how::value(log_lower_) ? log_lower_ : real_type(begin);
    auto const all = above(begin_);
    log_mass_ = all.log_scale + log(all.survival);
    log_moment_ = power_ * begin_ + all.log_scale + log(all.moment()) - log_mass_;
  }

  [[nodiscard]] real_type power() const { return power_; }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] real_type log_moment() const { return log_moment_; }
  [[nodiscard]] real_type error_estimate() const { return real_type(values_.error_estimate()); }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    if (log_x >= log_upper_) return {};
    auto out =
        log_x < begin_ ? extend_below(above(begin_), real_type(power_), real_type(begin_ - log_x)) : above(log_x);
    if (log_x < begin_) out.density = real_type(0);
    out.log_scale -= log_mass_;
    return out;
  }

 private:
  /// S and J by integration from log_x to the end, before they are divided by the mass.
  [[nodiscard]] tail_point<real_type> above(real_type const& log_x) const {
    using std::exp, std::expm1;
    using rule_type = panel_rule<value_type>;
    auto const& rule = rule_type::get();
    value_type const from = how::value(log_x);
    if (auto const steep = steep_tail(law_, log_x, power_, width_near(from), density_.room_above(from))) return *steep;
    auto const far = density_.panels_from(from, width_near(from));
    log_tail<value_type> total;
    for (std::size_t k = far.size(); k-- > 0;) total = far[k].tail + total.below(density_.power() * far[k].width());
    tail_point<real_type> out;
    // The scale of J, or of S where it dominates by more than a double can hold.
    value_type const scale = total.excess > total.survival - 300 ? total.excess : total.survival;
    if (!is_finite(scale)) return out;
    for (auto const& panel : far) {
      real_type const begin = moving(panel.begin, log_x), end = moving(panel.end, log_x);
      real_type const half = (end - begin) / 2, centre = (begin + end) / 2;
      real_type survival(0), excess(0);
      for (std::size_t i = 0; i < rule_type::size; ++i) {
        real_type const t = centre + half * rule.nodes[i];
        real_type const log_density = law_.log_density(t);
        if (!is_finite(log_density)) continue;
        real_type const reach = power_ * (t - log_x), density = exp(real_type(log_density - scale));
        survival += rule.weights[i] * density;
        excess += rule.weights[i] * (reach > 1 ? real_type(exp(real_type(log_density - scale + reach)) - density)
                                               : real_type(density * expm1(reach)));
      }
      out.survival += half * survival;
      out.excess += half * excess;
    }
    out.log_scale = scale;
    if (log_x >= log_lower_) out.density = exp(real_type(law_.log_density(log_x) - scale));
    return out;
  }

  /// An end of a panel, with the derivatives of what put it there.
  [[nodiscard]] real_type moving(value_type const& end, real_type const& log_x) const {
    for (real_type const& t : {log_x, log_lower_, log_upper_}) {
      if (end == how::value(t)) return t;
    }
    for (real_type const& t : stops_) {
      if (end == how::value(t)) return t;
    }
    return real_type(end);
  }

  [[nodiscard]] value_type width_near(value_type const& t) const {
    for (auto const& p : values_.panels()) {
      if (t < p.end) return value_type(p.end - p.begin);
    }
    auto const& last = values_.panels().back();
    return value_type(last.end - last.begin);
  }

  Law law_;
  real_type power_, log_lower_, log_upper_, begin_{}, log_mass_{}, log_moment_{};
  integrator density_;
  tabulated_tail<value_type> values_;
  std::vector<real_type> stops_;
};

}  // namespace melitz::detail
