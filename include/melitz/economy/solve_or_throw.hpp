// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

namespace melitz {

struct solve_options;

namespace detail {

/// How an economy is solved: as it says itself, or as those of a menu are.
template <class Economy>
struct options_type_of {
  using type = solve_options;
};
template <class Economy>
requires requires { typename Economy::options_type; }
struct options_type_of<Economy> {
  using type = typename Economy::options_type;
};
template <class Economy>
using options_of = typename options_type_of<Economy>::type;

/// @throws convergence_error unless it was solved
template <class Equilibrium>
[[nodiscard]] Equilibrium or_throw(Equilibrium out) {
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace detail

/// As try_solve, of any economy and its laws, but a failure is an exception.
/// @throws domain_error, convergence_error
template <class Economy, class Laws>
requires requires(Economy const& e, Laws const& l, detail::options_of<Economy> const& how) { try_solve(e, l, how); }
[[nodiscard]] auto solve(Economy const& economy, Laws const& laws, detail::options_of<Economy> const& how = {}) {
  return detail::or_throw(try_solve(economy, laws, how));
}

/// The same of an economy that has its productivities in itself.
template <class Economy>
requires requires(Economy const& e, detail::options_of<Economy> const& how) { try_solve(e, how); }
[[nodiscard]] auto solve(Economy const& economy, detail::options_of<Economy> const& how = {}) {
  return detail::or_throw(try_solve(economy, how));
}

}  // namespace melitz
