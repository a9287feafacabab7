// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/linear_sizes.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz {

/// What of a firm is measured.
enum class firm_size {
  sales,           ///< in all markets
  domestic_sales,  ///< at home
  exports,         ///< to all partners
  employment,      ///< workers, those that fixed costs take included
};

/// Whose sizes are looked at.
enum class firm_kind { producers, exporters, non_exporters };

/// How large the firms of one group are, in an equilibrium, and what of them all is in the largest.
///
/// On each of a menu's options a firm's size is factor phi^r + fixed, so that everything is a sum over options of the
/// law's tail: no firm is drawn, and with numbers that carry derivatives each result has its own. Sizes may jump from
/// one option to the next, upwards, which leaves a gap that no firm is in, or downwards, so that firms of two options
/// are of one size. Made by sizes_of.
///
/// A group that nobody is in has a mass of 0, and no other numbers.
/// Accuracy: 1e-12, or that of the law's tail; deep in the lower end of a law that of survival, 1e-16 absolute.
template <productivity_tail Tail>
class size_distribution {
 public:
  using real_type = typename Tail::real_type;
  using Real = real_type;

  /// @param pieces  ascending in productivity, without overlap; see size_piece
  /// @throws domain_error when a factor or a fixed part is out of range
  size_distribution(Tail tail, std::vector<size_piece<Real>> const& pieces)
      : sizes_(std::move(tail), pieces), any_(sizes_.count() > 0) {}

  /// Probability that an entrant is one of these firms.
  [[nodiscard]] Real mass() const { return sizes_.mass(); }
  /// All of their size, per entrant.
  [[nodiscard]] Real total() const { return sizes_.total(); }
  /// Their mean size.
  [[nodiscard]] Real mean() const { return any_ ? Real(total() / mass()) : detail::not_a_number<Real>; }

  /// ln of the size that a share of these firms reach or exceed: 0.5 for the median, 0.01 for the 99th percentile.
  ///
  /// Where that share is just that of firms above a gap, one of the gap's ends, with its derivatives.
  /// @param share  in (0, 1)
  /// @throws domain_error when the share is out of range; convergence_error when there is no such size, or derivatives
  ///         are wanted inside a gap or at an atom of the law
  [[nodiscard]] Real log_quantile(Real const& share) const {
    return quantile(share, detail::differentiation_order<Real>);
  }

  /// Share of all of these firms' size that the largest of them have. Under a Pareto law of productivity, of those who
  /// sell in one market, p^(1 - (sigma-1)/shape).
  /// @param share  p in (0, 1), of these firms
  /// @throws as log_quantile
  [[nodiscard]] Real top_share(Real const& share) const {
    using std::exp;
    // A firm more or less at the threshold is of the threshold's size: what that is off by counts to the second order,
    // and a group that lies at one size counts in part.
    constexpr int order = detail::differentiation_order<Real>;
    Real const log_size = quantile(share, order > 0 ? order - 1 : 0);
    if (!any_) return log_size;
    auto const above = sizes_.above(log_size);
    Real const beyond = (above.share - share) * exp(Real(log_size - sizes_.log_mean_size()));
    return Real(above.size - beyond);
  }

  /// Share of these firms that are of this size or larger.
  [[nodiscard]] Real share_reaching(Real const& size) const {
    using std::log;
    detail::require(size >= 0, "size_distribution", "size", size, "be at least 0");
    if (!any_) return detail::not_a_number<Real>;
    return size > 0 ? sizes_.above(Real(log(size))).share : Real(1);
  }

  /// The Lorenz curve: share of all of these firms' size that the smallest of them have.
  /// @param share  in (0, 1), of these firms
  /// @throws as log_quantile
  [[nodiscard]] Real lorenz(Real const& share) const { return Real(1 - top_share(Real(1 - share))); }

  /// Gini and Theil indices. Under a Pareto law of productivity, of those who sell in one market, with zeta =
  /// shape/(sigma-1) they are 1/(2 zeta - 1) and 1/(zeta - 1) - ln(zeta/(zeta - 1)).
  /// Accuracy: 1e-10. @throws convergence_error where the integrals are not resolved
  [[nodiscard]] size_inequality<Real> inequality() const {
    return any_ ? sizes_.inequality() : size_inequality<Real>{};
  }

  /// How far the mean of ln size is below the ln of mean size, which is Theil's second index. The law must be
  /// continuous.
  /// @throws as log_moments
  [[nodiscard]] Real mean_log_deviation() const {
    return any_ ? Real(sizes_.log_mean_size() - log_moments().mean) : detail::not_a_number<Real>;
  }

  /// Mean and variance of ln size. The law must be continuous.
  /// @throws domain_error under a law with atoms; convergence_error where its density is not resolved
  [[nodiscard]] log_size_moments<Real> log_moments() const { return sizes_.log_moments(); }

 private:
  [[nodiscard]] Real quantile(Real const& share, int derivatives) const {
    detail::require(share > 0 && share < 1, "size_distribution", "share", share, "lie between 0 and 1");
    if (!any_) return detail::not_a_number<Real>;
    auto const found = sizes_.find_quantile(share, derivatives);
    if (found.reason != status::converged) throw convergence_error("melitz::size_distribution", found.reason);
    return found.log_x;
  }

  detail::linear_sizes<Tail> sizes_;
  bool any_;
};

namespace detail {

/// @throws domain_error unless an equilibrium's share of entrants is what the law says: then it is of another law
template <productivity_tail Tail>
void require_law_of(Tail const& tail, typename Tail::real_type const& log_cutoff,
                    typename Tail::real_type const& share) {
  using Real = typename Tail::real_type;
  using value = value_t<Real>;
  using std::abs;
  auto const at = static_cast<value>(log_cutoff), wanted = static_cast<value>(share);
  value const step = 8 * epsilon<value>() * (1 + abs(at));  // an atom at the cutoff is on either side of it
  auto const survival_at = [&](value const& log_x) {
    auto const p = at_value(tail, log_x);
    return value(static_cast<value>(p.survival) * static_cast<value>(p.scale()));
  };
  value const survival = survival_at(at);
  if (wanted >= survival_at(value(at + step)) * value(1 - 1e-6) &&
      wanted <= survival_at(value(at - step)) * value(1 + 1e-6))
    return;
  throw domain_error("sizes_of", "share of entrants above the cutoff under this law",
                     to_short_text(static_cast<double>(survival)),
                     "be that of the equilibrium, " + to_short_text(static_cast<double>(share)) +
                         ": pass the law that it was solved with, bound to elasticity - 1");
}

}  // namespace detail

/// How large firms are in an equilibrium of the closed or the open economy.
///
/// @param e     solved
/// @param tail  the law that it was solved with, bound to elasticity - 1; or the law itself
/// @throws domain_error when the tail is bound to another power, or the law is another one; convergence_error where the
///         equilibrium was not solved
/// Example: what the largest one per cent of producers sell, and the spread of exporters' sales:
///   sizes_of(e, draws).top_share(0.01);
///   sizes_of(e, draws, firm_size::sales, firm_kind::exporters).log_moments().variance;
template <productivity_tail Tail>
[[nodiscard]] size_distribution<Tail> sizes_of(equilibrium<typename Tail::real_type> const& e, Tail const& tail,
                                               firm_size what = firm_size::sales,
                                               firm_kind who = firm_kind::producers) {
  using Real = typename Tail::real_type;
  using std::log, std::log1p;
  std::vector<size_piece<Real>> pieces;
  if (!e) throw convergence_error("melitz::sizes_of", e.reason);
  auto const& home = e.economy.domestic;
  Real const r = home.elasticity - 1;
  detail::require(detail::same(Real(tail.power()), r), "sizes_of", "tail.power()", Real(tail.power()),
                  "equal elasticity - 1");
  detail::require_law_of(tail, e.log_cutoff, e.probability_of_producing);
  bool const exporting = e.regime != regime::closed;
  Real const abroad = exporting ? Real(e.economy.partners * e.freeness()) : Real(0);
  // Sales at home per phi^r, in logs: sigma f at the cutoff of home sales alone.
  Real const log_unit = log(Real(home.elasticity * home.fixed_cost)) -
                        r * (e.regime == regime::all_export ? Real(log(e.domestic_cutoff)) : e.log_cutoff);
  auto const add = [&](Real const& from, Real const& to, bool exports) {
    Real log_factor = log_unit, fixed(0);
    switch (what) {
      case firm_size::domestic_sales:
        break;
      case firm_size::exports:
        log_factor += log(abroad);
        break;
      case firm_size::sales:
      case firm_size::employment:
        if (exports) log_factor += log1p(abroad);
        if (what == firm_size::sales) break;
        log_factor += log(inverse_markup(home.elasticity));
        fixed = home.fixed_cost;
        if (exports) fixed += e.economy.partners * e.economy.export_fixed_cost;
    }
    if (exports ? who != firm_kind::non_exporters : who != firm_kind::exporters && what != firm_size::exports) {
      pieces.push_back({from, to, log_factor, fixed});
    }
  };
  Real const everything = detail::infinity<Real>;
  Real const export_cutoff = e.regime == regime::all_export ? e.log_cutoff
                             : exporting                    ? Real(log(e.export_cutoff))
                                                            : everything;
  if (e.regime != regime::all_export) add(e.log_cutoff, export_cutoff, false);
  if (exporting) add(export_cutoff, everything, true);
  return {tail, pieces};
}

/// What is measured of the firms in one segment of a menu: slope A phi^r + fixed. With a slope of 0 they are left out.
template <real Real = double>
struct segment_size {
  Real slope;
  Real fixed{0};
};

/// What firms that chose from a menu have of anything that is linear in A phi^r on each option: sales in some of the
/// markets, workers in production, ...
///
/// @param choices  solved; where firms of one productivity differ, as under random liquidity, a segment is their
///                 average, and so is what is said of sizes
/// @param tail     the law that it was solved with, bound to the same power; or the law itself
/// @param size_in  size_in(segment) gives a segment_size: slope positive, or 0, and fixed at least 0
/// @throws domain_error when the tail is bound to another power, the law is another one, or a size is out of range;
///         convergence_error where nothing was solved
/// Example: what firms sell at home, where the options' names say who has the new technology:
///   sizes_by(e.choices, draws, [&](auto const& s) {
///     return segment_size<>{s.slope > 0 ? sigma * (s.option.starts_with("new") ? efficiency : 1) : 0};
///   });
template <productivity_tail Tail, class SizeIn>
[[nodiscard]] size_distribution<Tail> sizes_by(menu_equilibrium<typename Tail::real_type> const& choices,
                                               Tail const& tail, SizeIn const& size_in) {
  using Real = typename Tail::real_type;
  using std::log;
  std::vector<size_piece<Real>> pieces;
  if (!choices) throw convergence_error("melitz::sizes_by", choices.reason);
  detail::require(detail::same(Real(tail.power()), choices.size_exponent), "sizes_by", "tail.power()",
                  Real(tail.power()), "equal the size exponent of the equilibrium");
  auto const& all = choices.segments;
  Real above_first(0);
  for (std::size_t k = 1; k < all.size(); ++k) above_first += all[k].mass;
  if (all.size() > 1) detail::require_law_of(tail, all[1].log_cutoff, above_first);
  for (std::size_t k = 0; k < all.size(); ++k) {
    segment_size<Real> const size = size_in(all[k]);
    detail::require(size.slope >= 0, "sizes_by", "slope", size.slope, "be at least 0");
    if (!(size.slope > 0)) continue;
    pieces.push_back({all[k].log_cutoff, k + 1 < all.size() ? all[k + 1].log_cutoff : detail::infinity<Real>,
                      Real(log(size.slope) + choices.log_demand), size.fixed});
  }
  return {tail, pieces};
}

/// How large firms are that chose from a menu: those whose segment fits a description.
///
/// Domestic sales and exports are what a model adds to a menu, so that here a size is sales or employment: what a firm
/// spends beside its profit, at a wage of one its workers. For others see sizes_by.
/// @param choices, tail  as for sizes_by
/// @param fits     of a segment
/// @throws as sizes_by; domain_error also when the size is none of these two
/// Example: firms with the new technology of a technology_equilibrium e:
///   sizes_of(e.choices, draws, firm_size::sales, [](auto const& s) { return s.option.starts_with("new"); });
template <productivity_tail Tail, class Fits>
[[nodiscard]] size_distribution<Tail> sizes_of(menu_equilibrium<typename Tail::real_type> const& choices,
                                               Tail const& tail, firm_size what, Fits const& fits) {
  using Real = typename Tail::real_type;
  if (!choices) throw convergence_error("melitz::sizes_of", choices.reason);
  if (what != firm_size::sales && what != firm_size::employment) {
    throw domain_error("sizes_of", "size", what == firm_size::exports ? "exports" : "domestic_sales",
                       "be sales or employment where firms choose from a menu");
  }
  return sizes_by(choices, tail, [&](segment<Real> const& s) -> segment_size<Real> {
    if (!(s.slope > 0) || !(s.moment > 0) || !fits(s)) return {Real(0)};
    Real const revenue = s.revenue / (s.moment * choices.demand);
    if (what == firm_size::sales) return {revenue};
    return {Real(revenue - s.slope), s.fixed_cost};
  });
}

/// The same of all that sell something.
template <productivity_tail Tail>
[[nodiscard]] size_distribution<Tail> sizes_of(menu_equilibrium<typename Tail::real_type> const& choices,
                                               Tail const& tail, firm_size what = firm_size::sales) {
  return sizes_of(choices, tail, what, [](auto const&) { return true; });
}

/// The same of a law that is not bound yet.
/// @{
template <real Real, productivity_law Law, class... How>
[[nodiscard]] auto sizes_of(equilibrium<Real> const& e, Law const& law, How const&... how) {
  if (!e) throw convergence_error("melitz::sizes_of", e.reason);
  return sizes_of(e, tail_of(law, Real(e.elasticity() - 1)), how...);
}
template <real Real, productivity_law Law, class... How>
[[nodiscard]] auto sizes_of(menu_equilibrium<Real> const& choices, Law const& law, How const&... how) {
  if (!choices) throw convergence_error("melitz::sizes_of", choices.reason);
  return sizes_of(choices, tail_of(law, choices.size_exponent), how...);
}
template <real Real, productivity_law Law, class SizeIn>
[[nodiscard]] auto sizes_by(menu_equilibrium<Real> const& choices, Law const& law, SizeIn const& size_in) {
  if (!choices) throw convergence_error("melitz::sizes_by", choices.reason);
  return sizes_by(choices, tail_of(law, choices.size_exponent), size_in);
}
/// @}

}  // namespace melitz
