// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/mixture_density.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/tail.hpp>

namespace melitz {

/// A law bound to a power r = elasticity - 1 as a table of ln S and ln J over log productivity, for many solves.
///
/// Pays for laws whose tail is dear (Weibull, Frechet, truncations): some 500 evaluations of the density once, then a
/// tail costs the same under every law. A law known by its density alone is tabulated by tail_of already. Laws made of
/// atoms have no density; they come back as tail_of makes them, data as sums over the atoms above.
/// @throws domain_error naming a parameter of the law that is out of range, or saying that E[phi^power] diverges
/// Accuracy: error_estimate() of the result, around 1e-14 for smooth laws in double.
/// Example: auto const tail = tabulate(weibull<>{.scale = 1, .shape = 1.4}, 3.0);  solve(trade, tail);
template <productivity_law Law>
[[nodiscard]] auto tabulate(Law const& law, law_real_t<Law> const& power) {
  if constexpr (closed_form_law<Law> && density_law<Law>) {
    (void)law.tail(power);  // checks the parameters
    return detail::density_table(law, power, detail::normalisation::required);
  } else if constexpr (requires { make_table(detail::tail_of_law{}, law, power); }) {
    return make_table(detail::tail_of_law{}, law, power);
  } else {
    return tail_of(law, power);
  }
}

}  // namespace melitz
