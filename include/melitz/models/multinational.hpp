// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/models/market.hpp>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace melitz {

/// What a firm must have paid the domestic fixed cost for.
enum class fixed_cost_covers {
  any_sale,    ///< an overhead: nothing can be sold anywhere without it
  home_sales,  ///< the cost of the home market: a firm may sell abroad and not at home
};

/// What it covers in words: "any_sale", "home_sales".
[[nodiscard]] constexpr std::string_view to_string(fixed_cost_covers c) noexcept {
  return detail::word_of(c, {"any_sale", "home_sales"});
}

/// Exports against affiliates: in symmetric countries a firm serves a foreign market by exports, at an iceberg cost, or
/// by an affiliate that produces there, at a higher fixed cost. One sector, on which consumers spend a constant share
/// of income; a homogeneous good that every country makes, one for one from labour, takes the rest and keeps the wage
/// at 1. Several sectors are several such economies.
///
/// Helpman, E., Melitz, M.J., Yeaple, S.R. (2004), Export Versus FDI with Heterogeneous Firms, American Economic Review
/// 94(1), 300-316.
template <real Real = double>
struct multinational_economy {
  using real_type = Real;

  open_economy<Real> trade{};
  Real affiliate_fixed_cost = detail::not_a_number<Real>;  ///< f_I
  Real expenditure_share = detail::not_a_number<Real>;     ///< beta; 1 leaves no other good
  fixed_cost_covers covers = fixed_cost_covers::any_sale;

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "multinational";
  static constexpr char const* title = "Exports or affiliates abroad, Helpman, Melitz and Yeaple (2004)";
  static constexpr auto parameters() {
    using e = multinational_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("affiliate_fixed_cost", &e::affiliate_fixed_cost, rule::positive_or_infinite,
                        "of an affiliate, per period and market", "labor", 12),
        told::parameter("expenditure_share", &e::expenditure_share, rule::rate, "of income, on this sector", "", 0.6),
        told::choice("covers", &e::covers, "what fixed_cost is paid for"),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

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
    if (covers == fixed_cost_covers::home_sales) {
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

/// Equilibrium of a multinational_economy. Labour is what the sector uses in a country, affiliates of foreign firms
/// included; its sum is beta L.
template <real Real = double>
struct multinational_equilibrium : market_equilibrium<Real> {
  Real expenditure_share = detail::not_a_number<Real>;    ///< as in the economy
  Real home_cutoff = detail::not_a_number<Real>;          ///< least productivity of who sells at home
  Real affiliate_cutoff = detail::not_a_number<Real>;     ///< phi_I, least productivity of a firm with affiliates
  Real share_multinational = detail::not_a_number<Real>;  ///< of producers, those with affiliates
  Real affiliate_share = detail::not_a_number<Real>;      ///< affiliates' sales over revenue
  /// s_X/s_I, exports over what affiliates sell abroad; infinite without affiliates, NaN if nobody sells abroad.
  Real exports_over_affiliate_sales = detail::not_a_number<Real>;
  Real mass_multinationals = detail::not_a_number<Real>;
  Real domestic_sales = detail::not_a_number<Real>;
  Real affiliate_sales = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = multinational_equilibrium;
    using enum part;
    return told::table{
        told::base<market_equilibrium<Real>>(),
        told::aside(&e::expenditure_share),
        told::quantity("home_cutoff", &e::home_cutoff, cutoffs, "productivity"),
        told::quantity("affiliate_cutoff", &e::affiliate_cutoff, cutoffs, "productivity", "phi_I"),
        told::quantity("share_multinational", &e::share_multinational, averages, "share of producers"),
        told::quantity("affiliate_share", &e::affiliate_share, aggregates, "share of revenue"),
        told::quantity("exports_over_affiliate_sales", &e::exports_over_affiliate_sales, aggregates, "", "s_X/s_I"),
        told::quantity("mass_multinationals", &e::mass_multinationals, masses, "firms"),
        told::quantity("domestic_sales", &e::domestic_sales, aggregates, "wages"),
        told::quantity("affiliate_sales", &e::affiliate_sales, aggregates, "wages"),
    };
  }

  /// d ln P / d ln tau: the share of revenue that exports are, under every law.
  [[nodiscard]] Real price_elasticity_of_iceberg_cost() const { return this->export_share; }
};

static_assert(detail::tells_every_member<multinational_economy<double>>() &&
              detail::tells_every_member<multinational_equilibrium<double>>());

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
  auto trade = economy.trade;
  auto const& home = trade.domestic;
  auto const options = detail::checked_options(economy, tail);
  auto out =
      detail::choose<multinational_equilibrium<Real>>(options, tail, home.required_profit(), home.elasticity, how);
  if (!out) return out;

  // Who does not sell at home earns all of its revenue abroad.
  auto const to_all = exports_to_all(economy.trade);
  auto const exported = [&](std::size_t k) {
    return k == 1                ? to_all
           : Economy::exports(k) ? sales_abroad<Real>{Real(1), to_all.fixed_cost}
                                 : sales_abroad<Real>();
  };
  auto const sellers = firms_that(out.choices, options.size(), &Economy::serves_home);
  auto const multinationals = firms_that(out.choices, options.size(), &Economy::has_affiliates);
  auto firms = firms_of(out.choices, options.size(), economy.size_exponent(), Real(1), exported);
  firms.domestic_sales = home.elasticity * out.choices.demand * sellers.moment;
  trade.domestic.labor *= economy.expenditure_share;  // what the sector's market is worth
  close_market(out, trade, firms, out.choices.expected_revenue);
  Real const n = trade.partners;
  out.mass_varieties = out.mass_entrants * (sellers.mass + n * (firms.exporters.mass + multinationals.mass));
  out.welfare = pow(out.welfare, economy.expenditure_share);  // of an income that also buys the other good, at price 1
  out.welfare_elasticity_of_iceberg_cost *= economy.expenditure_share;

  Real produced_abroad(0);
  for (auto const& s : out.choices.segments) {
    if (s.index == 2) produced_abroad += s.revenue * (n / (1 + n));
    if (s.index == 4) produced_abroad += s.revenue;
  }
  out.expenditure_share = economy.expenditure_share;
  out.home_cutoff = sellers.cutoff;
  out.affiliate_cutoff = multinationals.cutoff;
  out.mass_multinationals = out.mass_entrants * multinationals.mass;
  out.share_multinational = out.mass_multinationals / out.mass_producers;
  out.affiliate_share = produced_abroad / out.choices.expected_revenue;
  out.domestic_sales = out.mass_entrants * firms.domestic_sales;
  out.affiliate_sales = out.mass_entrants * produced_abroad;
  out.exports_over_affiliate_sales = out.exports / out.affiliate_sales;
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
  detail::require(economy.covers == fixed_cost_covers::home_sales || to_export >= economy.trade.domestic.fixed_cost,
                  "pareto_exports_over_affiliate_sales", "iceberg_cost^(elasticity-1) * export_fixed_cost", to_export,
                  "be at least fixed_cost, or all producers export");
  if (f_i <= to_export) return Real(0);  // nobody exports
  return Real((pow(Real((f_i - f_x) / (to_export - f_x)), Real((shape - r) / r)) - 1) / loss);
}

/// Welfare where several sectors have firms of different productivity and an outside good takes what income is left:
/// utility is Cobb-Douglas, so that it is the product of the sectors' `welfare`.
/// @param sectors  their equilibria, a range
/// @throws domain_error when a solve had failed, or when nothing is left for the outside good
template <class Sectors>
[[nodiscard]] auto welfare_of(Sectors const& sectors) {
  using Real = typename std::remove_cvref_t<decltype(*std::begin(sectors))>::real_type;
  Real product(1), spent(0);
  for (auto const& s : sectors) {
    if (!s) throw domain_error("welfare_of", "status of a sector", to_string(s.reason), "be converged");
    product *= s.welfare;
    spent += s.expenditure_share;
  }
  detail::require(spent < 1, "welfare_of", "sum of expenditure shares", spent, "be below 1");
  return product;
}

}  // namespace melitz
