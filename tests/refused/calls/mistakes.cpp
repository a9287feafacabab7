// SPDX-License-Identifier: BSL-1.0
// Mistakes of users, one for each macro; see calls.cmake. Without a macro the file compiles.
#include <melitz/economy/solve.hpp>
#include <melitz/law/pareto.hpp>
#ifndef HEADER_OF_ITS_TAIL
#include <melitz/tail/quadrature.hpp>
#endif
#ifdef LAW_FOR_TAIL
#include <melitz/tail/quantile.hpp>
#endif
#ifdef LAW_IN_FREE_ENTRY
#include <melitz/entry/menu_entry.hpp>
#endif

melitz::open_economy<> const trade{{4, 1, 2, 0.05, 1}, 3, 1.6, 1.3};

struct whole {
  double log_density(double t) const { return -t; }
  double log_lower_bound() const { return 0; }
  double log_upper_bound() const { return 800; }
};
struct without_density {
  double log_lower_bound() const { return 0; }
  double log_upper_bound() const { return 800; }
};
struct without_lower_bound {
  double log_density(double t) const { return -t; }
  double log_upper_bound() const { return 800; }
};
struct without_upper_bound {
  double log_density(double t) const { return -t; }
  double log_lower_bound() const { return 0; }
};
struct density_not_const : without_density {
  double log_density(double t) { return -t; }
};
struct bound_not_const : without_upper_bound {
  double log_upper_bound() { return 800; }
};

void calls() {
#if defined NO_UPPER_BOUND
  (void)melitz::solve(trade, without_upper_bound{});
#elif defined NO_DENSITY
  (void)melitz::tail_of(without_density{}, 3.0);
#elif defined DENSITY_NOT_CONST
  (void)melitz::try_solve(trade, density_not_const{});
#elif defined BOUND_NOT_CONST
  (void)melitz::solve(trade.domestic, bound_not_const{});
#elif defined HEADER_OF_ITS_TAIL
  (void)melitz::solve(trade, whole{});
#elif defined WRONG_ORDER
  (void)melitz::solve(whole{}, trade);
#elif defined WRONG_ORDER_OF_TRY
  (void)melitz::try_solve(melitz::pareto<>{1, 4.25}, trade);
#elif defined LAW_FOR_TAIL
  (void)melitz::log_quantile(melitz::pareto<>{1, 4.25}, 0.5);
#elif defined LAW_IN_FREE_ENTRY
  (void)melitz::solve_free_entry(melitz::menu<>{{"home", 1, 1}}, whole{}, 0.1, 4.0);
#elif defined SEVERAL_LAWS
  (void)melitz::solve(trade, std::vector{melitz::pareto<>{1, 4.25}, melitz::pareto<>{1, 4.5}});
#elif defined TAIL_FOR_LAW
  (void)melitz::tail_of(melitz::tail_of(whole{}, 0.5), 0.5);
#elif defined ASSERT_MEMBER
  static_assert(melitz::productivity_law<without_lower_bound>);
#elif defined ASSERT_CONST
  static_assert(melitz::productivity_law<density_not_const>);
#else
  static_assert(melitz::productivity_law<whole>);
#endif
}
