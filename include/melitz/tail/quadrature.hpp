// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/density_derivatives.hpp>
#include <melitz/tail/density_integrator.hpp>
#include <melitz/tail/density_peak.hpp>
#include <melitz/tail/table.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A density times phi^power.
template <density_law Law>
struct tilted {
  using real_type = law_real_t<Law>;
  Law const* law;
  real_type power;

  [[nodiscard]] real_type log_density(real_type const& t) const {
    real_type const value = law->log_density(t);
    return is_finite(value) ? real_type(value + power * t) : value;
  }
  [[nodiscard]] real_type log_lower_bound() const { return law->log_lower_bound(); }
  [[nodiscard]] real_type log_upper_bound() const { return law->log_upper_bound(); }
  [[nodiscard]] std::vector<real_type> log_breakpoints() const {
    if constexpr (requires { law->log_breakpoints(); }) {
      auto const& points = law->log_breakpoints();
      return {points.begin(), points.end()};
    } else {
      return {};
    }
  }
};

/// Builds the table of a law known only by its log density: a few hundred evaluations of it.
///
/// From the peak of phi^r times the density up, the density is sampled until nothing of E[phi^r] is left; then, from
/// the top down, S and J are summed up at the nodes of each panel, in forms without cancellation: S(t) = S(end) +
/// int_t^end g,  J(t) = e^(r (end - t)) J(end) + r int_t^end e^(r (v - t)) S(v) dv.
template <density_law Law>
class density_table {
 public:
  using real_type = law_real_t<Law>;
  using integrator = density_integrator<Law>;
  using sample = typename integrator::sample;
  using rule_type = panel_rule<real_type>;

  /// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
  [[nodiscard]] static tabulated_tail<real_type> make(Law law, real_type const& power, normalisation mode) {
    return density_table(integrator(std::move(law), power)).finished(mode);
  }

 private:
  static constexpr char const* name = "productivity law";

  explicit density_table(integrator density) : density_(std::move(density)) {}

  [[nodiscard]] tabulated_tail<real_type> finished(normalisation mode) {
    using std::abs, std::exp, std::log;
    real_type const power = density_.power(), negligible = log(epsilon<real_type>());
    auto [peak, scale] = density_peak(tilted<Law>{&density_.law(), power});  // of phi^r times the density
    narrowest_ = scale * real_type(1e-8);
    // At a bounded support's upper end: step back from it.
    if (real_type const back = density_.log_upper() - scale; peak > back) {
      peak = back > density_.log_lower() ? back : real_type((density_.log_lower() + density_.log_upper()) / 2);
    }

    // Upwards, as far as firms may reasonably be; the rest is one integral.
    std::vector<sample> waiting;  // ascending
    auto const resolved = [](sample const& p) { return p.roughness(); };
    density_.walk(peak, scale, +1, resolved, [&](sample const& p) {
      waiting.push_back(p);
      return p.tail.survival > negligible;
    });
    real_type const top_width = waiting.back().width();
    leave_the_end(waiting);
    if (real_type const top = waiting.back().end; top < density_.log_upper()) above_ = density_.tail_at(top, top_width);
    for (; !waiting.empty(); waiting.pop_back()) tabulate(waiting.back());
    // Downwards, until no mass is left.
    auto const within = [&](sample const& p) { return p.roughness_within(p.tail + above_.below(power * p.width())); };
    density_.walk(peak, scale, -1, within, [&](sample const& p) {
      tabulate(p);
      return !(p.tail.survival < above_.survival + negligible - 5);
    });
    std::reverse(table_.panels.begin(), table_.panels.end());

    real_type const mass = exp(above_.survival);
    real_type log_mass(0);
    if (mode == normalisation::required) {
      if (!(abs(real_type(mass - 1)) <= real_type(1e-9))) {
        throw domain_error(name, "the integral of exp(log_density)", to_short_text(static_cast<double>(mass)),
                           "be 1; a law with separate modes or kinks should list points between them in "
                           "log_breakpoints()");
      }
      table_.error_estimate += abs(real_type(mass - 1));
    } else {
      require(mass > 0, name, "the mass between its bounds", mass, "be positive");
      log_mass = above_.survival;
    }
    for (auto& p : table_.panels) {
      p.log_survival[0] -= log_mass;
      p.log_excess[0] -= log_mass;
    }
    table_.power = power;
    table_.log_lower = density_.log_lower();
    table_.log_upper = density_.log_upper();
    table_.log_moment = power * table_.panels.front().begin + log_sum(above_.excess, above_.survival) - log_mass;
    table_.error_estimate += 32 * epsilon<real_type>();  // rounding
    table_.kinks = density_.stops();
    real_type const level = above_.excess > 0 ? above_.excess : real_type(0);
    table_.at_begin = {real_type(level - log_mass), real_type(exp(real_type(above_.survival - level))),
                       real_type(exp(real_type(above_.excess - level)))};
    table_.beyond = [density = density_, log_mass, top_width](real_type const& log_x) {
      auto out = density.point_at(log_x, top_width);
      out.log_scale -= log_mass;
      return out;
    };
    return tabulated_tail<real_type>(std::move(table_));
  }

  /// Where the support ends, ln S and ln J run to -infinity, and no polynomial follows: the last panel gives way to
  /// ones that halve towards the end, and what is left after five is integrated whenever it is asked for.
  void leave_the_end(std::vector<sample>& panels) const {
    real_type const end = panels.back().end;
    if (end != density_.log_upper()) return;
    real_type at = panels.back().begin;
    panels.pop_back();
    for (int k = 0; k < 5; ++k) {
      real_type const next = at + (end - at) / 2;
      panels.push_back(density_.integrate(at, next));
      at = next;
    }
  }

  /// Adds a panel below those that are there, in halves if it does not resolve ln S and ln J.
  void tabulate(sample const& p, real_type const& rejected = infinity<real_type>) {
    using std::exp, std::log;
    auto const& rule = rule_type::get();
    auto const total = p.tail + above_.below(density_.power() * p.width());
    real_type const half = p.width() / 2, reach = density_.power() * half;
    // S at the nodes over S at the begin of the panel, and J likewise: their logarithms are small and keep their
    // digits.
    typename rule_type::values log_survival{}, log_excess{}, weighted{};
    real_type const density_scale = exp(real_type(p.log_scale - total.survival)) * half;
    real_type const survival_above = exp(real_type(above_.survival - total.survival));
    auto const mass_inside = rule_type::apply(rule.to_end, p.density);
    for (std::size_t j = 0; j < rule_type::size; ++j) {
      real_type const survival = survival_above + density_scale * mass_inside[j];
      log_survival[j] = log(survival);
      weighted[j] = survival * exp(real_type(-reach * (1 - rule.nodes[j])));
    }
    // e^(-r (end - t)) J(t) over e^(-r (end - begin)) J(begin)
    real_type const excess_scale = reach * exp(real_type(total.survival - total.excess + 2 * reach));
    real_type const excess_above = exp(real_type(above_.excess - total.excess + 2 * reach));
    auto const excess_inside = rule_type::apply(rule.to_end, weighted);
    for (std::size_t j = 0; j < rule_type::size; ++j) {
      real_type const excess = excess_above + excess_scale * excess_inside[j];
      log_excess[j] = log(excess) - reach * (1 + rule.nodes[j]);
    }
    real_type unresolved(0);
    auto panel = make_panel<real_type>(p.begin, p.end, log_survival, log_excess, unresolved);
    panel.log_survival[0] += total.survival;
    panel.log_excess[0] += total.excess;
    real_type const range = std::max<real_type>(-log_survival.back(), -log_excess.back());
    real_type const good = resolution(range);
    if (unresolved > good && (unresolved < rejected / 4 || unresolved > 1e6 * good) && p.width() > narrowest_) {
      real_type const middle = (p.begin + p.end) / 2;
      tabulate(density_.integrate(middle, p.end), unresolved);
      tabulate(density_.integrate(p.begin, middle), unresolved);
      return;
    }
    real_type const share = exp(real_type(std::max(p.tail.survival - total.survival, p.tail.excess - total.excess)));
    if (!(unresolved <= share)) unresolved = share;  // it cannot be off by more than all that lies in it
    if (unresolved > table_.error_estimate) table_.error_estimate = unresolved;
    table_.panels.push_back(panel);
    above_ = total;
  }

  integrator density_;
  typename tabulated_tail<real_type>::contents table_{};
  log_tail<real_type> above_{};
  real_type narrowest_{};
};

/// The tail of a law known by its density: a table or, where the law's parameters carry derivatives, what has those.
template <density_law Law>
[[nodiscard]] auto density_tail(Law const& law, law_real_t<Law> const& power, normalisation mode) {
  using real_type = law_real_t<Law>;
  if constexpr (carries_derivatives<real_type>) {
    using how = differentiation<real_type>;
    auto values = how::values_of(law);
    using table = density_table<decltype(values)>;
    return density_derivatives<Law>(law, power, table::make(values, how::value(power), mode), mode);
  } else {
    return density_table<Law>::make(law, power, mode);
  }
}

/// Any law with a log density and bounds that has no closed form of its own.
template <density_law Law>
requires(!closed_form_law<Law>)
    [[nodiscard]] auto make_tail(tail_of_law, Law const& law, law_real_t<Law> const& power) {
  return density_tail(law, power, normalisation::required);
}

}  // namespace melitz::detail
