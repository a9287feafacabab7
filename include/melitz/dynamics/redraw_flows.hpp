// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Jobs of firms: (sigma - 1) A x + f, and those of exports.
template <real Real>
struct industry_jobs {
  industry_menu<Real> const& menu;
  Real demand;

  /// @param s  sums of firms, size, exporters, and what is exported; of one firm too
  [[nodiscard]] Real operator()(firm_sums<Real> const& s) const {
    return Real(menu.power * demand * menu.sold(s) + menu.fixed(s));
  }
  /// Of firms with one productivity. @param weight, size  how many they are, and their sum of phi^(sigma-1)
  [[nodiscard]] Real of(Real const& weight, Real const& size, bool exporters) const {
    return (*this)({weight, size, exporters ? weight : Real(0), exporters ? size : Real(0)});
  }
};

/// Job creation and destruction where firms draw anew now and then: between two draws, jobs stay.
/// @param cutoffs       of staying and of exporting, in logs
/// @param first, later  firms per entrant on their first draw, and on a later one, for each that draws and stays
template <productivity_tail Tail>
void redraw_flows(industry_equilibrium<typename Tail::real_type>& out,
                  industry_economy<typename Tail::real_type> const& e,
                  industry_menu<typename Tail::real_type> const& menu, Tail const& entrants, Tail const& redraws,
                  std::array<typename Tail::real_type, 2> const& cutoffs,
                  firm_sums<typename Tail::real_type> const& own, firm_sums<typename Tail::real_type> const& drawn,
                  typename Tail::real_type const& first, typename Tail::real_type const& later) {
  using Real = typename Tail::real_type;
  using std::exp;
  Real const cutoff = cutoffs[0], abroad = cutoffs[1];
  industry_jobs<Real> const jobs{menu, out.demand};
  Real const redraw = (1 - e.death_rate) * e.redraw_probability;
  law_points<Tail> const from(entrants), to(redraws);
  Real const moment = exp(redraws.log_moment());
  // Those draws that are at least as good as t: e above t and how many.
  auto const better = [&](Real const& t) {
    auto const home = law_level_at(redraws, t);
    auto const far = !menu.open() ? law_level<Real>{0, 0, 0} : t > abroad ? home : law_level_at(redraws, abroad);
    return firm_sums<Real>{home.survival, Real(moment * home.share), far.survival, Real(moment * far.share)};
  };
  Real const all = jobs(drawn), total = first * jobs(own) + later * all;
  Real grown(0), shrunk(0), left(0);
  auto const add = [&](Real const& count, Real const& of_law) {
    return [&, count, of_law](Real const& t, Real const& weight, Real const& share) {
      auto const above = better(t);
      Real const here = jobs.of(Real(count * weight), Real(count * share * of_law), t >= abroad), more = jobs(above);
      Real const firms = count * weight;
      grown += firms * more - here * above.firms;
      shrunk += here * (drawn.firms - above.firms) - firms * (all - more);
      left += here * (1 - drawn.firms);
    };
  };
  // Breaks: where exports begin, and where the law of redraws has its own panels.
  auto breaks = to.edges();
  if (menu.open() && is_finite(abroad)) breaks.push_back(abroad);
  std::sort(breaks.begin(), breaks.end());
  from.for_each_from(cutoff, breaks, add(first, Real(exp(entrants.log_moment()))));
  if (redraw > 0) to.for_each_from(cutoff, breaks, add(later, moment));

  Real const entering = jobs(own);
  out.job_creation_by_entrants = entering / total;
  out.job_creation_rate = (entering + redraw * grown) / total;
  out.job_destruction_by_exit = e.death_rate + redraw * left / total;
  out.job_destruction_rate = out.job_destruction_by_exit + redraw * shrunk / total;
  out.job_residual = out.job_creation_rate - out.job_destruction_rate;
}

}  // namespace melitz::detail
