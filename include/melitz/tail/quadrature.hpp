// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/density_derivatives.hpp>
#include <melitz/tail/density_panels.hpp>
#include <melitz/tail/table.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace melitz::detail {

/// A law known only by its log density as a table, for any number of solves.
/// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
template <density_law Law>
[[nodiscard]] tabulated_tail<law_real_t<Law>> density_table(Law law, law_real_t<Law> const& power, normalisation mode) {
  using real_type = law_real_t<Law>;
  auto const panels = std::make_shared<density_panels<Law> const>(std::move(law), power, mode);
  typename tabulated_tail<real_type>::contents table{};
  auto const all = [](real_type const&, real_type const&) { return true; };
  for (std::size_t k = panels->panels().size(); k-- > 0;) {
    panels->tabulate(panels->panels()[k], all, [&](auto const& panel, real_type const& unresolved) {
      if (unresolved > table.error_estimate) table.error_estimate = unresolved;
      table.panels.push_back(panel);
    });
  }
  std::reverse(table.panels.begin(), table.panels.end());
  table.power = power;
  table.log_lower = panels->density().log_lower();
  table.log_upper = panels->density().log_upper();
  table.log_moment = panels->log_moment();
  table.error_estimate += panels->error_of_mass() + 32 * epsilon<real_type>();  // and rounding
  table.kinks = panels->density().stops();
  table.at_begin = panels->at_begin();
  table.beyond = [panels](real_type const& log_x) { return panels->beyond(log_x); };
  return tabulated_tail<real_type>(std::move(table));
}

/// The same law for a single solve: only the panels that are asked for are ever made into polynomials, each time anew.
template <density_law Law>
class density_tail {
 public:
  using real_type = law_real_t<Law>;

  /// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
  density_tail(Law law, real_type const& power)
      : panels_(std::make_shared<density_panels<Law> const>(std::move(law), power, normalisation::required)) {}

  [[nodiscard]] real_type power() const { return panels_->density().power(); }
  [[nodiscard]] real_type log_lower_bound() const { return panels_->density().log_lower(); }
  [[nodiscard]] real_type log_upper_bound() const { return panels_->density().log_upper(); }
  [[nodiscard]] real_type log_moment() const { return panels_->log_moment(); }
  [[nodiscard]] real_type error_estimate() const {
    return real_type(panels_->error_of_mass() + panels_->error_of_noise() + resolution(real_type(1)));  // see tabulate
  }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    auto const& all = panels_->panels();
    if (log_x >= log_upper_bound()) return {};
    if (log_x >= all.back().inside.end) return panels_->beyond(log_x);
    real_type const below = all.front().inside.begin - log_x;
    if (below > 0) return extend_below(panels_->at_begin(), real_type(power()), real_type(below));
    tail_point<real_type> out;
    auto const wanted = [&](real_type const& begin, real_type const& end) { return begin <= log_x && log_x < end; };
    panels_->tabulate(panel_at(log_x), wanted, [&](auto const& panel, real_type const&) {
      out = tabulated_tail<real_type>::evaluate(panel, log_x);
    });
    return out;
  }

  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    auto const& all = panels_->panels();
    auto const& kinks = panels_->density().stops();
    real_type const low = a < b ? a : b, high = a < b ? b : a;
    if (low < all.front().inside.begin || high >= all.back().inside.end) return false;
    return (high - low) * 1024 <= panel_at(low).inside.width() &&
           std::none_of(kinks.begin(), kinks.end(), [&](real_type const& k) { return low <= k && k <= high; });
  }

 private:
  [[nodiscard]] typename density_panels<Law>::held const& panel_at(real_type const& log_x) const {
    auto const& all = panels_->panels();
    auto const next = std::upper_bound(all.begin(), all.end(), log_x,
                                       [](real_type const& x, auto const& h) { return x < h.inside.begin; });
    return *(next - 1);
  }

  std::shared_ptr<density_panels<Law> const> panels_;
};

/// The tail of a law known by its density: a table or, where the law's parameters carry derivatives, what has those.
template <density_law Law>
[[nodiscard]] auto tail_of_density(Law const& law, law_real_t<Law> const& power, normalisation mode) {
  using real_type = law_real_t<Law>;
  if constexpr (carries_derivatives<real_type>) {
    using how = differentiation<real_type>;
    auto const values = how::values_of(law);
    return density_derivatives<Law>(law, power, density_table(values, how::value(power), mode));
  } else {
    return density_table(law, power, mode);
  }
}

/// Any law with a log density and bounds that has no closed form of its own.
template <density_law Law>
requires(!closed_form_law<Law>)
    [[nodiscard]] auto make_tail(tail_of_law, Law const& law, law_real_t<Law> const& power) {
  return tail_of_density(law, power, normalisation::required);
}

/// As make_tail, where only one solve will follow.
template <density_law Law>
requires(!closed_form_law<Law> && !carries_derivatives<law_real_t<Law>>)
    [[nodiscard]] density_tail<Law> make_tail_for_one_solve(tail_of_law, Law const& law, law_real_t<Law> const& power) {
  return {law, power};
}

}  // namespace melitz::detail
