// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/menu_entry.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/tail.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz {

/// Wages of the employed where every firm pays its workers the same share of its size.
template <real Real = double>
struct wage_distribution {
  Real log_mean{0};                ///< ln of the mean over workers, of the wages given
  Real theil{0};                   ///< E[(w/mean) ln(w/mean)] over workers
  Real gini{0};                    ///< half the mean difference between two workers' wages, over the mean
  std::vector<Real> employment{};  ///< each segment's share of workers, in the order of the menu's segments
};

namespace detail {

/// Integrals of the share c of the wage bill that more productive firms pay, over ln phi, with q = 1/wage:
/// of c q, of c (1 - c) q and of c.
template <real Real>
struct bill_integrals {
  Real above{0}, between{0}, log{0};
  value_t<Real> tolerance{};      ///< relative, of what a panel may leave unresolved
  int halvings_left = 2'000'000;  ///< in all, in case the share of the bill is noisier than its tail says
};

/// Adds the integrals from a to b, in two halves where twenty nodes do not resolve them, as around an atom.
/// @param share      c at a log productivity
/// @param log_wage   ln w at a
/// @param exponent   d ln w/d ln phi
template <real Real, class Share>
void add_bill_integrals(bill_integrals<Real>& sum, Share const& share, Real const& a, Real const& b,
                        Real const& log_wage, Real const& exponent, int halvings = 48) {
  using std::exp;
  using value = value_t<Real>;
  using rule_type = panel_rule<value>;
  auto const& rule = rule_type::get();
  Real const half = (b - a) / 2;
  bill_integrals<Real> panel;
  std::array<typename rule_type::values, 3> f{};
  for (std::size_t k = 0; k < rule_type::size; ++k) {
    Real const beyond = half * (1 + Real(rule.nodes[k])), c = share(Real(a + beyond));
    Real const above = c * exp(Real(-log_wage - exponent * beyond)), between = above * (1 - c);
    Real const weight = half * Real(rule.weights[k]);
    panel.above += weight * above;
    panel.between += weight * between;
    panel.log += weight * c;
    f[0][k] = static_cast<value>(above);
    f[1][k] = static_cast<value>(between);
    f[2][k] = static_cast<value>(c);
  }
  // The rule is exact to twice as many terms as it has nodes: a series resolved this far is integrated to rounding.
  auto const resolved = [&](std::size_t k, Real const& before, Real const& own, Real const& noise) {
    return static_cast<value>(half) * rule.unresolved(f[k]) <=
           sum.tolerance * static_cast<value>(before + own) + 64 * epsilon<value>() * static_cast<value>(noise);
  };
  bool const all = resolved(0, sum.above, panel.above, panel.above) && resolved(2, sum.log, panel.log, panel.log) &&
                   resolved(1, sum.between, panel.between, Real(sum.above + panel.above));  // 1 - c is rounded
  if (!all && halvings > 0 && sum.halvings_left > 0) {
    --sum.halvings_left;
    Real const middle = a + half;
    add_bill_integrals(sum, share, a, middle, log_wage, exponent, halvings - 1);
    add_bill_integrals(sum, share, middle, b, Real(log_wage + exponent * half), exponent, halvings - 1);
    return;
  }
  sum.above += panel.above;
  sum.between += panel.between;
  sum.log += panel.log;
}

}  // namespace detail

/// Wages of the employed when a firm's wage bill is slope A phi^r, up to a constant, and its wage
/// slope^slope_exponent phi^wage_exponent.
///
/// With c the share of the bill that firms above phi pay and q = 1/w, workers are the integral of q over the bill, and
/// by parts everything is an integral of c: workers above a firm over the bill are q c less that of c |dq| above it;
/// the Gini index is the integral of c (1 - c) |dq| over workers; the Theil index that of c d ln w, less the log of the
/// mean. So the tail at the one power r suffices, for atoms too, which cost some 2,000 evaluations each.
///
/// @param choices         solved with this tail; its least productive producers earn something
/// @param wage_exponent   >= 0   @param slope_exponent  >= 0
/// @pre the solve converged
/// Accuracy: 1e-12, where the law is smooth; 1e-10 with atoms and kinks.
template <productivity_tail Tail>
[[nodiscard]] wage_distribution<typename Tail::real_type> wages_of_employed(
    menu_equilibrium<typename Tail::real_type> const& choices, Tail const& tail,
    typename Tail::real_type const& wage_exponent, typename Tail::real_type const& slope_exponent) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  struct piece {  // the firms of one segment, from the least productive that there is
    std::size_t segment;
    Real slope, begin, log_wage;  // relative to the lowest wage paid
    Real moment;                  // E[phi^r] from its begin on, over that from the first piece's
    Real bill{0};                 // of these and more productive firms, in the same unit
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
    bool const last = j + 1 == pieces.size();
    pieces[j].bill = last ? Real(pieces[j].slope * pieces[j].moment)
                          : Real(pieces[j + 1].bill + pieces[j].slope * (pieces[j].moment - pieces[j + 1].moment));
  }

  wage_distribution<Real> out;
  out.employment.assign(choices.segments.size(), Real(0));
  Real const bill = pieces[0].bill;
  using value = detail::value_t<Real>;
  value const tolerance = 4096 * detail::epsilon<value>() + 16 * static_cast<value>(detail::error_estimate_of(tail));
  Real workers(0);  // times the lowest wage, over the bill
  for (std::size_t j = 0; j < pieces.size(); ++j) {
    auto const& p = pieces[j];
    bool const last = j + 1 == pieces.size();
    Real const later = last ? Real(0) : Real(pieces[j + 1].bill - p.slope * pieces[j + 1].moment);
    auto const share = [&](Real const& log_x) {
      auto const point = tail.at(log_x);
      Real const above = (point.moment() > 0 ? Real(p.slope * relative_moment(point, log_x) + later) : later) / bill;
      return above < 1 ? above : Real(1);
    };
    // Panels, each twice as long as the one before, until nothing is left.
    Real const end = last ? tail.log_upper_bound() : pieces[j + 1].begin;
    detail::bill_integrals<Real> sum;
    sum.tolerance = tolerance;
    Real width = 1 / r, a = p.begin;
    while (wage_exponent > 0 && a < end) {
      Real const b = end - a > width ? Real(a + width) : end, before = sum.log;
      detail::add_bill_integrals(sum, share, a, b, Real(p.log_wage + wage_exponent * (a - p.begin)), wage_exponent);
      if (last && sum.log - before <= detail::epsilon<Real>() / 16 * sum.log) break;
      a = b;
      width *= 2;
    }
    Real employed = p.bill / bill * exp(Real(-p.log_wage)) - wage_exponent * sum.above;
    out.gini += wage_exponent * sum.between;
    out.theil += wage_exponent * sum.log;
    if (!last) {  // the wage jumps
      auto const& next = pieces[j + 1];
      Real const below = p.log_wage + wage_exponent * (end - p.begin), above = next.bill / bill;
      employed -= above * exp(Real(-below));
      out.gini += above * (1 - above) * (exp(Real(-below)) - exp(Real(-next.log_wage)));
      out.theil += above * (next.log_wage - below);
    }
    out.employment[p.segment] = employed;
    workers += employed;
  }
  for (auto& share : out.employment) share /= workers;
  out.gini /= workers;
  out.theil += log(workers);
  if (out.theil < 0) out.theil = 0;  // by a rounding, where all earn the same
  out.log_mean = wage_exponent * origin + slope_exponent * log(pieces[0].slope) - log(workers);
  return out;
}

}  // namespace melitz
