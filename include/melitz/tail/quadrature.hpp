// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/density_derivatives.hpp>
#include <melitz/tail/density_panels.hpp>
#include <melitz/tail/table.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace melitz::detail {

/// A law known only by its log density as a table.
/// @param once  whether a single solve will follow: polynomials are then made where they are asked for, each time anew
/// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
template <density_law Law>
[[nodiscard]] tabulated_tail<law_real_t<Law>> density_table(Law law, law_real_t<Law> const& power, normalisation mode,
                                                            bool once = false) {
  using real_type = law_real_t<Law>;
  using panel = typename tabulated_tail<real_type>::panel;
  auto const panels = std::make_shared<density_panels<Law> const>(std::move(law), power, mode);
  typename tabulated_tail<real_type>::contents table{};
  table.panels.reserve(panels->panels().size());
  if (once) {
    for (auto const& [p, above] : panels->panels()) {
      table.panels.push_back({p.begin, p.end, real_type((p.begin + p.end) / 2), real_type(2 / p.width()), {}, {}});
    }
    table.error_estimate = panels->error_of_noise() + resolution(real_type(1));  // see tabulate
    table.make = [panels](std::size_t k, real_type const& log_x) {
      panel out;
      auto const wanted = [&](real_type const& begin, real_type const& end) { return begin <= log_x && log_x < end; };
      panels->tabulate(panels->panels()[k], wanted, [&](panel const& p, real_type const&) { out = p; });
      return out;
    };
  } else {
    auto const all = [](real_type const&, real_type const&) { return true; };
    for (std::size_t k = panels->panels().size(); k-- > 0;) {
      panels->tabulate(panels->panels()[k], all, [&](panel const& p, real_type const& unresolved) {
        if (unresolved > table.error_estimate) table.error_estimate = unresolved;
        table.panels.push_back(p);
      });
    }
    std::reverse(table.panels.begin(), table.panels.end());
    table.error_estimate += 32 * epsilon<real_type>();  // and rounding
  }
  table.power = power;
  table.log_lower = panels->density().log_lower();
  table.log_upper = panels->density().log_upper();
  table.log_moment = panels->log_moment();
  table.error_estimate += panels->error_of_mass();
  table.kinks = panels->density().stops();
  table.at_begin = panels->at_begin();
  table.beyond = [panels](real_type const& log_x) { return panels->beyond(log_x); };
  return tabulated_tail<real_type>(std::move(table));
}

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
    [[nodiscard]] auto make_tail_for_one_solve(tail_of_law, Law const& law, law_real_t<Law> const& power) {
  return density_table(law, power, normalisation::required, true);
}

}  // namespace melitz::detail
