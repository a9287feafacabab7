// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/density_integrator.hpp>
#include <melitz/tail/density_peak.hpp>
#include <melitz/tail/table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
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

/// A law known only by its log density, sampled over its whole support: a few hundred evaluations of it.
///
/// From the peak of phi^r times the density up, the density is sampled until nothing of E[phi^r] is left; then, from
/// the top down, S and J are summed up panel by panel.
template <density_law Law>
class density_panels {
 public:
  using real_type = law_real_t<Law>;
  using integrator = density_integrator<Law>;
  using sample = typename integrator::sample;
  using panel = typename tabulated_tail<real_type>::panel;

  /// A panel with the tail at its end.
  struct held {
    sample inside;
    log_tail<real_type> above;
  };

  /// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
  density_panels(Law law, real_type const& power, normalisation mode) : density_(std::move(law), power) {
    using std::abs, std::exp, std::log;
    real_type const negligible = log(epsilon<real_type>());
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
    top_width_ = waiting.back().width();
    leave_the_end(waiting);
    if (real_type const top = waiting.back().end; top < density_.log_upper()) {
      at_begin_ = density_.tail_at(top, top_width_);
    }
    for (; !waiting.empty(); waiting.pop_back()) hold(waiting.back(), waiting.back().roughness());
    // Downwards, until no mass is left.
    auto const within = [&](sample const& p) {
      return p.roughness_within(p.tail + at_begin_.below(power * p.width()));
    };
    density_.walk(peak, scale, -1, within, [&](sample const& p) {
      hold(p, within(p));
      return !(p.tail.survival < at_begin_.survival + negligible - 5);
    });
    std::reverse(held_.begin(), held_.end());

    real_type const mass = exp(at_begin_.survival);
    if (mode == normalisation::required) {
      off_by_ = abs(real_type(mass - 1));
      if (!(off_by_ <= real_type(1e-9))) {
        if (noise_ > off_by_) integrator::reject_rough(noisiest_);
        reject_mass(mass);
      }
    } else {
      require(mass > 0, name, "the mass between its bounds", mass, "be positive");
    }
    log_mass_ = at_begin_.survival;  // also what is left of an error: below the support S is 1, on which solves rely
  }

  [[nodiscard]] integrator const& density() const { return density_; }
  [[nodiscard]] std::vector<held> const& panels() const { return held_; }  ///< ascending, without gaps
  [[nodiscard]] real_type error_of_mass() const { return off_by_; }
  /// Of S and J, relative: what noise in the density leaves where no narrower panel resolves it; 0 for smooth ones.
  [[nodiscard]] real_type error_of_noise() const { return noise_; }

  [[nodiscard]] real_type log_moment() const {
    return real_type(density_.power() * held_.front().inside.begin + log_sum(at_begin_.excess, at_begin_.survival) -
                     log_mass_);
  }
  /// The tail at the lowest panel's begin, below which there is no mass.
  [[nodiscard]] tail_point<real_type> at_begin() const {
    using std::exp;
    real_type const level = at_begin_.excess > 0 ? at_begin_.excess : real_type(0);
    return {real_type(level - log_mass_), real_type(exp(real_type(at_begin_.survival - level))),
            real_type(exp(real_type(at_begin_.excess - level)))};
  }
  /// The tail above the highest panel.
  [[nodiscard]] tail_point<real_type> beyond(real_type const& log_x) const {
    auto out = density_.point_at(log_x, top_width_);
    out.log_scale -= log_mass_;
    return out;
  }

  /// ln S and ln J over a panel as polynomials, in halves if one does not resolve them, from the top down.
  /// @param wanted  wanted(begin, end) says whether a part is of interest
  /// @param sink    sink(panel, unresolved) takes a part and the relative error of S and J that it leaves
  template <class Wanted, class Sink>
  void tabulate(held const& h, Wanted const& wanted, Sink&& sink,
                real_type const& rejected = infinity<real_type>) const {
    using std::exp, std::log;
    sample const& p = h.inside;
    auto const& rule = rule_type::get();
    auto const total = p.tail + h.above.below(density_.power() * p.width());
    real_type const half = p.width() / 2, reach = density_.power() * half;
    // S at the nodes over S at the begin of the panel, and J likewise: their logarithms are small and keep their
    // digits. S(t) = S(end) + int_t^end g,  J(t) = e^(r (end - t)) J(end) + r int_t^end e^(r (v - t)) S(v) dv.
    typename rule_type::values log_survival{}, log_excess{}, weighted{};
    real_type const density_scale = exp(real_type(p.log_scale - total.survival)) * half;
    real_type const survival_above = exp(real_type(h.above.survival - total.survival));
    auto const mass_inside = rule_type::apply(rule.to_end, p.density);
    for (std::size_t j = 0; j < rule_type::size; ++j) {
      real_type const survival = survival_above + density_scale * mass_inside[j];
      log_survival[j] = log(survival);
      weighted[j] = survival * exp(real_type(-reach * (1 - rule.nodes[j])));
    }
    // e^(-r (end - t)) J(t) over e^(-r (end - begin)) J(begin)
    real_type const excess_scale = reach * exp(real_type(total.survival - total.excess + 2 * reach));
    real_type const excess_above = exp(real_type(h.above.excess - total.excess + 2 * reach));
    auto const excess_inside = rule_type::apply(rule.to_end, weighted);
    for (std::size_t j = 0; j < rule_type::size; ++j) {
      real_type const excess = excess_above + excess_scale * excess_inside[j];
      log_excess[j] = log(excess) - reach * (1 + rule.nodes[j]);
    }
    real_type unresolved(0);
    auto out = make_panel<real_type>(p.begin, p.end, log_survival, log_excess, unresolved);
    real_type const range = std::max<real_type>(-log_survival.back(), -log_excess.back());
    real_type const good = resolution(range);
    if (unresolved > good && (unresolved < rejected / 4 || unresolved > 1e6 * good) && p.width() > narrowest_) {
      real_type const middle = (p.begin + p.end) / 2;
      sample const upper = density_.integrate(middle, p.end);
      if (wanted(middle, p.end)) tabulate({upper, h.above}, wanted, sink, unresolved);
      if (wanted(p.begin, middle)) {
        auto const at_middle = upper.tail + h.above.below(density_.power() * half);
        tabulate({density_.integrate(p.begin, middle), at_middle}, wanted, sink, unresolved);
      }
      return;
    }
    out.log_survival[0] += total.survival - log_mass_;
    out.log_excess[0] += total.excess - log_mass_;
    real_type const share = exp(real_type(std::max(p.tail.survival - total.survival, p.tail.excess - total.excess)));
    if (!(unresolved <= share)) unresolved = share;  // it cannot be off by more than all that lies in it
    sink(out, unresolved);
  }

 private:
  static constexpr char const* name = "productivity law";
  using rule_type = panel_rule<real_type>;

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

  /// What is off by little hides in six digits; it has other reasons, too.
  [[noreturn]] static void reject_mass(real_type const& mass) {
    using std::abs;
    real_type const off = mass - 1, size = abs(off);
    std::string const excess = to_short_text(static_cast<double>(size));
    std::string const parameter = "the integral of exp(log_density)";
    if (size < real_type(1e-4)) {
      throw domain_error(name, parameter, "1 " + std::string(off > 0 ? "+ " : "- ") + excess,
                         "be 1 (within 1e-9); its constant has too few digits, or log_breakpoints() lack a kink");
    }
    throw domain_error(name, parameter, to_short_text(static_cast<double>(mass)),
                       "be 1 (within 1e-9); a law with separate modes or kinks should list points between them in "
                       "log_breakpoints()");
  }

  void hold(sample const& p, real_type const& roughness) {
    if (real_type const error = roughness * p.rounding;
        (roughness > 1 || p.rounding > resolution(p.log_scale)) && error > noise_) {
      noise_ = error;
      noisiest_ = p.begin;
    }
    held_.push_back({p, at_begin_});
    at_begin_ = p.tail + at_begin_.below(density_.power() * p.width());
  }

  integrator density_;
  std::vector<held> held_;
  log_tail<real_type> at_begin_{};  // while panels are added, the tail at the begin of the lowest
  real_type narrowest_{}, top_width_{}, log_mass_{0}, off_by_{0}, noise_{0}, noisiest_{};
};

}  // namespace melitz::detail
