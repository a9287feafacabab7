// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/models/market.hpp>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <type_traits>

namespace melitz {

/// What a firm must have paid the domestic fixed cost for.
enum class fixed_cost_covers {
  any_sale,    ///< an overhead: nothing can be sold anywhere without it
  home_sales,  ///< the cost of the home market: a firm may sell abroad and not at home
};

/// Exports against affiliates, after Helpman, Melitz and Yeaple (2004): in symmetric countries a firm serves a foreign
/// market by exports, at an iceberg cost, or by an affiliate that produces there, at a higher fixed cost. One sector,
/// on which consumers spend a constant share of income; a homogeneous good that every country makes, one for one from
/// labour, takes the rest and keeps the wage at 1. Several sectors are several such economies.
template <real Real = double>
struct multinational_economy {
  using real_type = Real;

  open_economy<Real> trade{};
  Real affiliate_fixed_cost =
      detail::not_a_number<Real>;                       ///< f_I > 0, per period and market, in labour; may be infinite
  Real expenditure_share = detail::not_a_number<Real>;  ///< beta in (0, 1]; 1 leaves no other good
  fixed_cost_covers fixed_cost = fixed_cost_covers::any_sale;  ///< what trade.domestic.fixed_cost is paid for

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    trade.validate();
    char const* const where = "multinational_economy";
    detail::require(affiliate_fixed_cost > 0, where, "affiliate_fixed_cost", affiliate_fixed_cost, "be positive");
    detail::require(expenditure_share > 0 && expenditure_share <= 1, where, "expenditure_share", expenditure_share,
                    "lie in (0, 1]");
  }

  /// What serves the foreign markets, by an option's position in options().
  [[nodiscard]] static bool serves_home(std::size_t option) { return option < 3; }
  [[nodiscard]] static bool exports(std::size_t option) { return option == 1 || option == 3; }
  [[nodiscard]] static bool has_affiliates(std::size_t option) { return option == 2 || option == 4; }

  /// The ways to produce: domestic, export, affiliate; where the fixed cost is that of the home market also export_only
  /// and affiliate_only. Exports to some markets and affiliates in others lie between these: in markets alike a firm
  /// does the same in all. A way that costs infinitely much is as good as the first one, which firms then pick, as are
  /// the closed economy's. @pre valid
  [[nodiscard]] menu<Real> options() const {
    Real const f = trade.domestic.fixed_cost, n = trade.partners, one(1);
    foreign_market<Real> const abroad(trade);
    menu<Real> out{{"domestic", one, f}, {"export", one, f}, {"affiliate", one, f}};
    if (fixed_cost == fixed_cost_covers::home_sales) {
      out.push_back({"export_only", one, f});
      out.push_back({"affiliate_only", one, f});
    }
    auto const set = [&](std::size_t place, Real const& slope, Real const& cost) {
      out[place].slope = one + slope;
      out[place].fixed_cost = f + cost;
      if (out.size() == 3) return;
      out[place + 2].slope = slope;
      out[place + 2].fixed_cost = cost;
    };
    if (abroad.regime != regime::closed) set(1, Real(n * abroad.freeness), Real(n * trade.export_fixed_cost));
    if (n > 0 && detail::is_finite(affiliate_fixed_cost)) set(2, n, Real(n * affiliate_fixed_cost));
    return out;
  }
};

/// Equilibrium of a multinational_economy. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. A choice that no firm would make, however productive or not, has an infinite cutoff. As in the open
/// economy a cutoff is not clipped to the support of the law. Sales are those of all of a country's firms, over all
/// partners.
template <real Real = double>
struct multinational_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  menu_equilibrium<Real> choices{};                     ///< who does what, and the demand shifter
  Real expenditure_share = detail::not_a_number<Real>;  ///< as in the economy

  Real cutoff = detail::not_a_number<Real>;            ///< phi_D, of producing; 0 if nobody exits
  Real home_cutoff = detail::not_a_number<Real>;       ///< least productivity of who sells at home
  Real export_cutoff = detail::not_a_number<Real>;     ///< phi_X, least productivity of an exporter
  Real affiliate_cutoff = detail::not_a_number<Real>;  ///< phi_I, least productivity of a firm with affiliates

  Real share_exporting = detail::not_a_number<Real>;      ///< of producers
  Real share_multinational = detail::not_a_number<Real>;  ///< of producers, those with affiliates
  Real export_intensity = detail::not_a_number<Real>;     ///< exports over the sales of all firms
  Real affiliate_intensity = detail::not_a_number<Real>;  ///< affiliates' sales over the sales of all firms
  /// s_X/s_I, exports over what affiliates sell abroad; infinite without affiliates, NaN if nobody sells abroad.
  Real exports_over_affiliate_sales = detail::not_a_number<Real>;

  Real mass_entrants = detail::not_a_number<Real>;  ///< alive
  Real mass_producers = detail::not_a_number<Real>;
  Real mass_exporters = detail::not_a_number<Real>;
  Real mass_multinationals = detail::not_a_number<Real>;
  Real domestic_sales = detail::not_a_number<Real>;   ///< in wages
  Real export_sales = detail::not_a_number<Real>;     ///< in wages
  Real affiliate_sales = detail::not_a_number<Real>;  ///< in wages

  Real price_index = detail::not_a_number<Real>;  ///< P, of this sector
  Real welfare = detail::not_a_number<Real>;      ///< P^-beta, this sector's factor of the real wage

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// d ln P / d ln tau: the share of sales that exports are, under every law.
  [[nodiscard]] Real price_elasticity_of_iceberg_cost() const { return export_intensity; }
  /// d ln W / d ln tau: minus the share of consumers' income that buys imports, under every law.
  [[nodiscard]] Real welfare_elasticity_of_iceberg_cost() const { return Real(-expenditure_share * export_intensity); }
};

/// Solves the choice between exports and affiliates: free entry E(A) = delta f_e for the menu, then the market.
///
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] multinational_equilibrium<typename Tail::real_type> try_solve(
    multinational_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using Economy = multinational_economy<Real>;
  using std::pow;
  economy.validate();
  detail::require_size_exponent(economy, tail);
  auto home = economy.trade.domestic;
  auto const options = economy.options();
  multinational_equilibrium<Real> out;
  out.choices = detail::try_solve_choices(options, tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  auto const group = [&](auto const& fits) { return firms_that(out.choices, options.size(), fits); };
  auto const producers = group([](std::size_t) { return true; });
  auto const sellers = group(&Economy::serves_home);
  auto const exporters = group(&Economy::exports);
  auto const multinationals = group(&Economy::has_affiliates);
  out.expenditure_share = economy.expenditure_share;
  out.cutoff = producers.cutoff;
  out.home_cutoff = sellers.cutoff;
  out.export_cutoff = exporters.cutoff;
  out.affiliate_cutoff = multinationals.cutoff;
  out.share_exporting = exporters.mass / producers.mass;
  out.share_multinational = multinationals.mass / producers.mass;

  home.labor *= economy.expenditure_share;  // what the sector's market is worth
  auto const market = close_market(home, out.choices);
  out.mass_entrants = market.mass_entrants;
  out.mass_producers = market.mass_producers;
  out.mass_exporters = market.mass_entrants * exporters.mass;
  out.mass_multinationals = market.mass_entrants * multinationals.mass;
  out.price_index = market.price_index;
  out.welfare = pow(market.welfare, economy.expenditure_share);

  // What these ways to sell abroad earn per entrant, as parts of revenue: all of it where a firm does not sell at home.
  auto const earned = [&](std::size_t way, Real const& markets) {
    Real sum(0);
    for (auto const& s : out.choices.segments) {
      if (s.index == way) sum += s.revenue * (markets / (1 + markets));
      if (s.index == way + 2) sum += s.revenue;
    }
    return sum;
  };
  Real const scale = home.elasticity * out.choices.demand, n = economy.trade.partners;
  Real const exported = earned(1, Real(n * foreign_market<Real>(economy.trade).freeness));
  Real const produced_abroad = earned(2, n);
  out.export_intensity = exported / out.choices.expected_revenue;
  out.affiliate_intensity = produced_abroad / out.choices.expected_revenue;
  out.exports_over_affiliate_sales = exported / produced_abroad;
  out.domestic_sales = market.mass_entrants * scale * sellers.moment;
  out.export_sales = market.mass_entrants * exported;
  out.affiliate_sales = market.mass_entrants * produced_abroad;
  return detail::if_representable(out);
}

/// Exports over affiliates' sales under a Pareto law, after Helpman, Melitz and Yeaple (2004):
/// tau^(1-sigma) {[(f_I - f_X)/(f_X (tau^(sigma-1) - 1))]^((k-r)/r) - 1} with r = sigma - 1. It falls with both costs
/// of exporting and with dispersion 1/k, and depends on nothing else but f_I.
///
/// It holds where the scale of the law is below all cutoffs and the least productive producers do not export.
/// @param shape  k > elasticity - 1, of the Pareto law
/// @throws domain_error naming what is out of range, an export cost of f_X tau^(sigma-1) below the overhead included
template <real Real>
[[nodiscard]] Real pareto_exports_over_affiliate_sales(multinational_economy<Real> const& economy, Real const& shape) {
  using std::pow;
  economy.validate();
  Real const r = economy.size_exponent(), loss = detail::power_of(economy.trade.iceberg_cost, r);
  if (!(shape > r)) detail::reject_divergent_moment("pareto_exports_over_affiliate_sales", "shape", shape, r);
  Real const f_x = economy.trade.export_fixed_cost, f_i = economy.affiliate_fixed_cost, to_export = loss * f_x;
  detail::require(economy.fixed_cost == fixed_cost_covers::home_sales || to_export >= economy.trade.domestic.fixed_cost,
                  "pareto_exports_over_affiliate_sales", "iceberg_cost^(elasticity-1) * export_fixed_cost", to_export,
                  "be at least fixed_cost, or all producers export");
  if (f_i <= to_export) return Real(0);  // nobody exports
  return Real((pow(Real((f_i - f_x) / (to_export - f_x)), Real((shape - r) / r)) - 1) / loss);
}

/// Real wage where several sectors have firms of different productivity and an outside good takes what income is left:
/// utility is Cobb-Douglas, so that it is the product of the sectors' `welfare`.
/// @param sectors  their equilibria, a range
/// @throws domain_error when a solve had failed, or when nothing is left for the outside good
template <class Sectors>
[[nodiscard]] auto real_wage(Sectors const& sectors) {
  using Real = typename std::remove_cvref_t<decltype(*std::begin(sectors))>::real_type;
  Real product(1), spent(0);
  for (auto const& s : sectors) {
    if (!s) throw domain_error("real_wage", "status of a sector", to_string(s.reason), "be converged");
    product *= s.welfare;
    spent += s.expenditure_share;
  }
  detail::require(spent < 1, "real_wage", "sum of expenditure shares", spent, "be below 1");
  return product;
}

}  // namespace melitz
