// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>
#include <melitz/models/wage_distribution.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace melitz {

/// Fair wages: workers hold a wage to be fair that is a geometric mean of their firm's productivity and of what a
/// worker can expect elsewhere, and firms pay it, so that effort is not withheld. More productive firms pay more, and
/// wages above the market-clearing one leave some workers unemployed. Costs are in units of the final good, which has
/// price 1 and is made of varieties without a gain from their number.
///
/// Egger, H. and U. Kreickemeier (2009), "Firm Heterogeneity and the Labor Market Effects of Trade Liberalization",
/// International Economic Review 50, 187-216.
template <real Real = double>
struct fair_wage_economy {
  using real_type = Real;

  open_economy<Real> trade{};                  ///< its three fixed costs in units of the final good
  Real fairness = detail::not_a_number<Real>;  ///< theta in [0, 1), weight of the firm's productivity in the fair wage

  /// A firm's size is its productivity to this power: wages take a part of what productivity saves.
  [[nodiscard]] Real size_exponent() const { return Real((1 - fairness) * (trade.domestic.elasticity - 1)); }

  static constexpr char const* name = "fair_wage";
  static constexpr char const* title = "Fair wages and unemployment, Egger and Kreickemeier (2009)";
  static constexpr auto parameters() {
    using e = fair_wage_economy;
    return told::table{
        told::nested(&e::trade).paid_in("final good"),
        told::parameter("fairness", &e::fairness, rule::share_below_one,
                        "weight of a firm's productivity in the fair wage", "", 0.4),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// Serving the home market, and exporting too if trade is possible. @pre valid
  [[nodiscard]] menu<Real> options() const {
    // Revenue is elasticity times profit, whatever the size exponent.
    menu<Real> out{{"domestic", Real(1), trade.domestic.fixed_cost, trade.domestic.elasticity}};
    add_exports(out, trade, {"export"});
    return out;
  }
};

/// Equilibrium of a fair_wage_economy, in units of the final good.
template <real Real = double>
struct fair_wage_equilibrium : exporters_equilibrium<Real> {
  Real fairness = detail::not_a_number<Real>;      ///< theta: by how much a wage rises with productivity, in logs
  Real unemployment = detail::not_a_number<Real>;  ///< U
  Real mean_wage = detail::not_a_number<Real>;     ///< w-bar
  Real wage_theil = detail::not_a_number<Real>;    ///< of those in work
  Real wage_gini = detail::not_a_number<Real>;     ///< of those in work
  Real output = detail::not_a_number<Real>;        ///< Y, consumed or used as fixed and entry costs
  Real welfare = detail::not_a_number<Real>;       ///< consumption per worker, whether in work or not

  static constexpr auto results() {
    using e = fair_wage_equilibrium;
    using enum part;
    constexpr char const* goods = "final good";
    return told::table{
        told::base<exporters_equilibrium<Real>>(),
        told::aside(&e::fairness),
        told::quantity("unemployment", &e::unemployment, averages, "share of workers", "U"),
        told::positive("mean_wage", &e::mean_wage, averages, "final good, of those in work", "w-bar"),
        told::quantity("wage_theil", &e::wage_theil, averages, "index, of those in work"),
        told::quantity("wage_gini", &e::wage_gini, averages, "index, of those in work"),
        told::positive("output", &e::output, aggregates, goods, "Y"),
        told::positive("welfare", &e::welfare, aggregates, "consumption per worker", "(1-U) w-bar"),
    };
  }

  /// What a firm of this productivity pays, phi^theta [(1 - U) w]^(1 - theta); 0 if it does not produce, NaN if
  /// the solve failed.
  [[nodiscard]] Real wage(Real const& productivity) const {
    if (!*this) return detail::not_a_number<Real>;
    if (!this->choices.sells(productivity)) return Real(0);
    return Real(detail::power_of(productivity, fairness) * detail::power_of(welfare, Real(1 - fairness)));
  }
};

static_assert(detail::tells_every_member<fair_wage_economy<double>>() &&
              detail::tells_every_member<fair_wage_equilibrium<double>>());

/// Solves free entry E(A) = delta f_e with the size exponent of fair wages, then the price level and the labour market.
///
/// @param tail  the law bound to economy.size_exponent(); or the law itself
/// @throws domain_error naming a primitive that is out of range, or the unemployment rate where it would be negative:
///         never if (1 - theta)(sigma - 1) >= theta
/// @return numbers, or NaN and in `reason` why
/// Accuracy: that of wages_of_employed for wages and unemployment.
template <productivity_tail Tail>
[[nodiscard]] fair_wage_equilibrium<typename Tail::real_type> try_solve(
    fair_wage_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using std::exp, std::expm1, std::log;
  auto const& home = economy.trade.domestic;
  auto const options = detail::checked_options(economy, tail);
  auto out = detail::choose<fair_wage_equilibrium<Real>>(options, tail, home.required_profit(), home.elasticity, how);
  if (!out) return out;

  // A price index without a gain from variety is 1 where a producer of average size, of all varieties sold in a
  // country, charges 1: (1 - U) w = rho^(1/(1 - theta)) phi_t, phi_t^xi being that average.
  auto const wages = wages_of_employed(out.choices, tail, economy.fairness, Real(0));
  if (wages.reason != status::converged) return detail::failed_as(out, wages.reason);
  auto const abroad = exports_to_all(economy.trade);
  auto const firms = firms_of(out.choices, options.size(), Real(home.elasticity - 1), Real(1 / (1 - economy.fairness)),
                              [&](std::size_t k) { return k == 1 ? abroad : sales_abroad<Real>(); });
  Real const sizes = firms.producers.revenue / (home.elasticity * out.choices.demand);
  Real const varieties = firms.producers.mass + economy.trade.partners * firms.exporters.mass;
  Real const log_income = log(inverse_markup(home.elasticity)) / (1 - economy.fairness) +
                          log(Real(sizes / varieties)) / economy.size_exponent();
  out.fairness = economy.fairness;
  out.unemployment = -expm1(Real(economy.fairness * log_income - wages.log_mean));
  if (Real const rounding = 64 * detail::epsilon<Real>(); out.unemployment + rounding > 0) {
    out.unemployment = std::max(Real(0), out.unemployment);
  }
  detail::require(out.unemployment >= 0, "fair_wage_economy", "unemployment", out.unemployment,
                  "be at least 0, as it is if (1 - fairness)(elasticity - 1) >= fairness");
  out.mean_wage = exp(Real((1 - economy.fairness) * log_income + wages.log_mean));
  out.wage_theil = wages.theil;
  out.wage_gini = wages.gini;
  out.welfare = exp(log_income);
  out.output = home.labor * out.welfare / inverse_markup(home.elasticity);
  set_firms(out, out.output, out.choices.expected_revenue, economy.trade.partners, firms);
  return detail::if_representable(out);
}

}  // namespace melitz
