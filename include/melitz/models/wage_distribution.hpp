// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/menu_entry.hpp>
#include <melitz/numerics/panel_integrals.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz {

/// Wages of the employed where every firm pays its workers the same share of its size. Check `reason` first.
template <real Real = double>
struct wage_distribution {
  status reason = status::not_solved;
  Real log_mean{0};                ///< ln of the mean over workers, of the wages given
  Real theil{0};                   ///< E[(w/mean) ln(w/mean)] over workers
  Real gini{0};                    ///< half the mean difference between two workers' wages, over the mean
  std::vector<Real> employment{};  ///< each segment's share of workers, in the order of the menu's segments
};

/// Wages of the employed when a firm's wage bill is slope A phi^r, up to a constant, and its wage
/// slope^slope_exponent phi^wage_exponent.
///
/// With c the share of the bill that firms above phi pay and q = 1/w, workers are the integral of q over the bill, and
/// by parts everything is an integral of c: workers above a firm over the bill are q c less that of c |dq| above it;
/// the Gini index is the integral of c (1 - c) |dq| over workers; the Theil index that of c d ln w, less the log of the
/// mean. So the tail at the one power r suffices, for atoms too. Where nearly all workers earn more than a thousand
/// times the lowest wage, these integrals cancel, and the density of the law takes their place.
///
/// @param choices         solved with this tail; its least productive producers earn something
/// @param wage_exponent   >= 0   @param slope_exponent  >= 0
/// @pre the solve converged
/// @return `reason` is iteration_limit where integrals were not resolved, not_covered where a law with atoms has wages
///         that are too unequal; the numbers mean nothing then
/// Accuracy: 1e-12; 1e-10 for the most unequal wages of a law with atoms.
template <productivity_tail Tail>
[[nodiscard]] wage_distribution<typename Tail::real_type> wages_of_employed(
    menu_equilibrium<typename Tail::real_type> const& choices, Tail const& tail,
    typename Tail::real_type const& wage_exponent, typename Tail::real_type const& slope_exponent) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log;
  struct piece {  // the firms of one segment, from the least productive that there is
    std::size_t segment;
    Real slope, begin, log_wage;  // relative to the lowest wage paid
    Real moment;                  // E[phi^r] from its begin on, over that from the first piece's
    Real bill{0};                 // of these and more productive firms, in the same unit
    Real later{0};                // of firms of later pieces, less what they would be paid in this one
  };
  Real const r = tail.power(), lower = tail.log_lower_bound();
  std::vector<piece> pieces;
  tail_point<Real> first;
  Real origin{0};
  auto const relative_moment = [&](tail_point<Real> const& point, Real const& log_x) {
    return Real(exp(Real(point.log_scale - first.log_scale + r * (log_x - origin))) *
                (point.moment() / first.moment()));
  };
  for (std::size_t k = 0; k < choices.segments.size(); ++k) {
    auto const& s = choices.segments[k];
    if (!(s.slope > 0) || !(s.moment > 0)) continue;
    Real const begin = s.log_cutoff > lower ? s.log_cutoff : lower;
    auto const point = tail.at(begin);
    if (pieces.empty()) {
      first = point;
      origin = begin;
    }
    Real const step = pieces.empty() ? Real(0) : Real(slope_exponent * log(Real(s.slope / pieces[0].slope)));
    pieces.push_back({k, s.slope, begin, Real(wage_exponent * (begin - origin) + step), relative_moment(point, begin)});
  }
  for (std::size_t j = pieces.size(); j-- > 0;) {
    auto& p = pieces[j];
    if (j + 1 < pieces.size()) p.later = pieces[j + 1].bill - p.slope * pieces[j + 1].moment;
    p.bill = p.slope * p.moment + p.later;
  }

  auto kinks = detail::log_kinks_of(tail);
  std::sort(kinks.begin(), kinks.end());

  wage_distribution<Real> out;
  out.reason = status::converged;
  out.employment.assign(choices.segments.size(), Real(0));
  Real const bill = pieces[0].bill;
  using value = detail::value_t<Real>;
  // What the law's tail does not know, and what the rounding of log productivity does to all of this, far out.
  Real const reach = abs(origin) + abs(Real(tail.log_moment() / r));
  value const tolerance = 4096 * detail::epsilon<value>() + 16 * static_cast<value>(detail::error_estimate_of(tail)) +
                          16 * detail::epsilon<value>() * static_cast<value>(reach);
  auto const log_wage_at = [&](piece const& p, Real const& log_x) {
    return Real(p.log_wage + wage_exponent * (log_x - p.begin));
  };
  auto const share_at = [&](piece const& p, Real const& log_x) {
    auto const point = tail.at(log_x);
    return Real((point.moment() > 0 ? Real(p.slope * relative_moment(point, log_x) + p.later) : p.later) / bill);
  };
  Real workers(0);  // times the lowest wage, over the bill
  for (std::size_t j = 0; j < pieces.size(); ++j) {
    auto const& p = pieces[j];
    bool const last = j + 1 == pieces.size();
    Real const end = last ? tail.log_upper_bound() : pieces[j + 1].begin;
    // Over ln phi, of c q, c (1 - c) q and c.
    detail::panel_integrals<Real, 3> sum;
    Real const &of_workers = sum.sums[0], &between = sum.sums[1], &of_share = sum.sums[2];
    auto const parts = [&](Real const& log_x) {
      Real const all = share_at(p, log_x), c = all < 1 ? all : Real(1);
      Real const above = c * exp(Real(-log_wage_at(p, log_x)));
      return std::array<Real, 3>{above, Real(above * (1 - c)), c};
    };
    auto const resolved = [&](std::array<Real, 3> const& own, auto const& unresolved, auto&&...) {
      auto const fine = [&](std::size_t k, value const& noise) {
        return unresolved(k) <=
               tolerance * static_cast<value>(sum.sums[k] + own[k]) + 64 * detail::epsilon<value>() * noise;
      };
      return fine(0, static_cast<value>(own[0])) && fine(2, static_cast<value>(own[2])) &&
             fine(1, static_cast<value>(sum.sums[0] + own[0]));  // 1 - c is rounded
    };
    Real before(0);
    auto const more = [&](auto&&...) {
      Real const added = of_share - before;
      before = of_share;
      return !last || added > detail::epsilon<Real>() / 16 * of_share;
    };
    if (wage_exponent > 0) sum.add_all(parts, resolved, p.begin, end, Real(1 / r), kinks, more);
    if (sum.halvings_left == 0) out.reason = status::iteration_limit;
    Real employed = p.bill / bill * exp(Real(-p.log_wage)) - wage_exponent * of_workers;
    out.gini += wage_exponent * between;
    out.theil += wage_exponent * of_share;
    if (!last) {  // the wage jumps
      auto const& next = pieces[j + 1];
      Real const below = log_wage_at(p, end), above = next.bill / bill;
      employed -= above * exp(Real(-below));
      out.gini += above * (1 - above) * (exp(Real(-below)) - exp(Real(-next.log_wage)));
      out.theil += above * (next.log_wage - below);
    }
    if (!(employed > 0)) employed = 0;  // a rounding of what few firms with few workers pay
    out.employment[p.segment] = employed;
    workers += employed;
  }
  Real log_unit(0);  // ln of the wage in which the mean is measured, over the lowest
  if (!(workers > Real(1e-3))) {
    // Measured in the wage of the firm in the middle of the bill, and from the density of the bill.
    auto const piece_at = [&](Real const& log_x) -> piece const& {
      std::size_t j = pieces.size() - 1;
      while (j > 0 && log_x < pieces[j].begin) --j;
      return pieces[j];
    };
    Real low = origin, high = origin + 1 / r;
    for (int k = 0; k < 200 && share_at(piece_at(high), high) > Real(0.5); ++k) high += high - low;
    for (int k = 0; k < 60; ++k) {
      Real const middle = (low + high) / 2;
      (share_at(piece_at(middle), middle) > Real(0.5) ? low : high) = middle;
    }
    log_unit = log_wage_at(piece_at(low), low);

    // Over the bill, of q in units of that wage, of q c, and of 1, which is all of the bill unless the law has atoms.
    detail::panel_integrals<Real, 3> sum;
    std::vector<Real> employed(pieces.size(), Real(0));
    for (std::size_t j = 0; j < pieces.size(); ++j) {
      auto const& p = pieces[j];
      auto const parts = [&](Real const& log_x) {
        auto const point = tail.at(log_x);
        if (!(point.density > 0)) return std::array<Real, 3>{};
        Real const log_density = point.log_scale - first.log_scale + r * (log_x - origin) +
                                 log(Real(p.slope * point.density / (first.moment() * bill)));
        Real const jobs = exp(Real(log_density - log_wage_at(p, log_x) + log_unit));
        return std::array<Real, 3>{jobs, Real(jobs * share_at(p, log_x)), Real(exp(log_density))};
      };
      bool const last = j + 1 == pieces.size();
      Real const before = sum.sums[0];
      auto const resolved = [&](std::array<Real, 3> const& own, auto const& unresolved, Real const& a, Real const& b) {
        // What firms between a and b pay: a peak shows by it that no node is near.
        bool all = abs(Real(own[2] - (share_at(p, a) - share_at(p, b)))) <= Real(1e-9);
        for (std::size_t i = 0; i < 3; ++i) {
          // In all each is at least 1/4: half of the bill is paid at wages of at most 1.
          all = all && unresolved(i) <= tolerance * std::max(static_cast<value>(sum.sums[i] + own[i]), value(0.25));
        }
        return all;
      };
      auto const more = [&](Real const&, Real const& b) {
        return !last || share_at(p, b) > detail::epsilon<Real>() / 16;
      };
      Real const end = last ? tail.log_upper_bound() : pieces[j + 1].begin;
      sum.add_all(parts, resolved, p.begin, end, Real(1 / r), kinks, more);
      employed[j] = sum.sums[0] - before;
    }
    if (sum.halvings_left > 0 && abs(Real(sum.sums[2] - 1)) <= 16 * tolerance) {
      workers = sum.sums[0];
      out.gini = workers * (2 * sum.sums[1] / workers - 1);
      for (std::size_t j = 0; j < pieces.size(); ++j) out.employment[pieces[j].segment] = employed[j];
      out.reason = status::converged;
    } else {
      log_unit = 0;
      if (!(workers > Real(1e-5))) out.reason = status::not_covered;  // atoms
    }
  }
  for (auto& share : out.employment) share /= workers;
  out.gini /= workers;
  out.theil += log(workers) - log_unit;
  if (out.theil < 0) out.theil = 0;  // by a rounding, where all earn the same
  out.log_mean = wage_exponent * origin + slope_exponent * log(pieces[0].slope) - log(workers) + log_unit;
  return out;
}

}  // namespace melitz
