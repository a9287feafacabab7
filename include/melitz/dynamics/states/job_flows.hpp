// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/redraw_flows.hpp>

#include <cmath>

namespace melitz::detail {

/// What jobs are counted from: sums over firms, per entrant of a period.
template <real Real>
struct counted_firms {
  firm_sums<Real> entering;  ///< in their first period
  firm_sums<Real> staying;   ///< those who stay, counted forwards
  firm_sums<Real> leaving;   ///< with the timing before: those who operate and have decided to exit
  firm_sums<Real> all;       ///< operating, by what entrants expect
};

/// Jobs created and destroyed.
/// @param menu, demand   and the cutoff of staying: what firms do
/// @param for_each_firm  calls f(t, firms, size) for all firms that stay
/// @param above          above(t, from): of firms at t, the sums over those who draw at least `from` next
template <real Real, class Firms, class Above>
void count_jobs(industry_equilibrium<Real>& out, industry_economy<Real> const& economy, industry_menu<Real> const& menu,
                Real const& demand, Real const& cutoff, counted_firms<Real> const& count, Firms const& for_each_firm,
                Above const& above) {
  industry_jobs<Real> const jobs{menu, demand};
  Real const export_cutoff = menu.log_export_cutoff(demand);
  bool const after = economy.timing == exit_timing::after;
  Real grown(0), shrunk(0), left(0);
  for_each_firm([&](Real const& t, Real const& firms, Real const& size) {
    Real const here = jobs.of(firms, size, t >= export_cutoff);
    if (!(firms > 0)) {  // so far out that only their sizes count
      shrunk += here;
      return;
    }
    auto const better = above(t, t), kept = above(t, after ? cutoff : Real(-infinity<Real>));
    Real const more = jobs(better);
    grown += firms * more - here * better.firms;
    shrunk += here * (kept.firms - better.firms) - firms * (jobs(kept) - more);
    left += here * (1 - kept.firms);
  });
  Real const stay = 1 - economy.death_rate, total = jobs(count.all), entering = jobs(count.entering);
  // Those who have decided to exit before their next shock are still here, at the end of the period no more.
  if (!after) left = jobs(count.leaving);
  // Where large entrants are so many that sizes go on beyond the nodes, what shrinks follows from all of those who
  // stay being tomorrow's firms but for entrants.
  using std::abs;
  Real const missing = count.all.size - count.staying.size - count.leaving.size;
  if (abs(missing) > Real(1e-13) * count.all.size) {
    shrunk = grown - left - ((total - entering) / stay - total);
  }
  out.job_creation_by_entrants = entering / total;
  out.job_creation_rate = (entering + stay * grown) / total;
  out.job_destruction_by_exit = economy.death_rate + stay * left / total;
  out.job_destruction_rate = out.job_destruction_by_exit + stay * shrunk / total;
  out.job_residual = out.job_creation_rate - out.job_destruction_rate;
}

}  // namespace melitz::detail
