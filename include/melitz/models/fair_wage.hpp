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

/// Fair wages, after Egger and Kreickemeier (2009): workers hold a wage to be fair that is a geometric mean of their
/// firm's productivity and of what a worker can expect elsewhere, and firms pay it, so that effort is not withheld.
/// More productive firms pay more, and wages above the market-clearing one leave some workers unemployed.
///
/// Costs are in units of the final good, which has price 1 and is made of varieties without a gain from their number.
template <real Real = double>
struct fair_wage_economy {
  using real_type = Real;

  open_economy<Real> trade{};                  ///< its three fixed costs in units of the final good
  Real fairness = detail::not_a_number<Real>;  ///< theta in [0, 1), weight of the firm's productivity in the fair wage

  /// A firm's size is its productivity to this power: wages take a part of what productivity saves.
  [[nodiscard]] Real size_exponent() const { return Real((1 - fairness) * (trade.domestic.elasticity - 1)); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    trade.validate();
    detail::require(fairness >= 0 && fairness < 1, "fair_wage_economy", "fairness", fairness, "lie in [0, 1)");
  }

  /// Serving the home market, and exporting too if trade is possible. @pre valid
  [[nodiscard]] menu<Real> options() const {
    foreign_market<Real> const abroad(trade);
    Real const f = trade.domestic.fixed_cost, sigma = trade.domestic.elasticity;
    menu<Real> out{{"domestic", Real(1), f, sigma}};  // revenue is sigma times profit at any size exponent
    if (abroad.regime != regime::closed) {
      Real const slope = 1 + trade.partners * abroad.freeness;
      out.push_back({"export", slope, Real(f + trade.partners * trade.export_fixed_cost), Real(sigma * slope)});
    }
    return out;
  }
};

/// Equilibrium of a fair_wage_economy, in units of the final good. Check `reason` (or the conversion to bool) first:
/// unless it converged the numbers are NaN. The export cutoff is infinite where nobody would export.
template <real Real = double>
struct fair_wage_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  menu_equilibrium<Real> choices{};                    ///< who does what, and the demand shifter
  Real fairness = detail::not_a_number<Real>;          ///< theta: by how much a wage rises with productivity, in logs
  Real cutoff = detail::not_a_number<Real>;            ///< phi*, of producing
  Real export_cutoff = detail::not_a_number<Real>;     ///< phi_x, least productivity of an exporter
  Real share_exporting = detail::not_a_number<Real>;   ///< of producers
  Real export_intensity = detail::not_a_number<Real>;  ///< exports over revenue, of all firms together
  Real unemployment = detail::not_a_number<Real>;      ///< U, share of workers
  Real mean_wage = detail::not_a_number<Real>;         ///< of those in work
  Real wage_theil = detail::not_a_number<Real>;        ///< Theil index of wages of those in work
  Real wage_gini = detail::not_a_number<Real>;         ///< Gini index of the same
  Real mass_entrants = detail::not_a_number<Real>;     ///< alive
  Real mass_producers = detail::not_a_number<Real>;
  Real output = detail::not_a_number<Real>;   ///< Y, of the final good: consumed, or used as fixed and entry costs
  Real welfare = detail::not_a_number<Real>;  ///< consumption per worker, (1 - U) times the mean wage

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// What a firm of this productivity pays, phi^theta [(1 - U) w]^(1 - theta); 0 if it does not produce, NaN if
  /// the solve failed.
  [[nodiscard]] Real wage(Real const& productivity) const {
    if (!*this) return detail::not_a_number<Real>;
    if (!choices.sells(productivity)) return Real(0);
    return Real(detail::power_of(productivity, fairness) * detail::power_of(welfare, Real(1 - fairness)));
  }
};

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
  economy.validate();
  detail::require_size_exponent(economy, tail);
  auto const& home = economy.trade.domestic;
  auto const options = economy.options();
  fair_wage_equilibrium<Real> out;
  out.choices = detail::try_solve_choices(options, tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  auto const producers = firms_that(out.choices, options.size(), [](std::size_t) { return true; });
  auto const exporters = firms_that(out.choices, options.size(), [](std::size_t k) { return k == 1; });
  Real const markets = economy.trade.partners * foreign_market<Real>(economy.trade).freeness;
  out.fairness = economy.fairness;
  out.cutoff = producers.cutoff;
  out.export_cutoff = exporters.cutoff;
  out.share_exporting = exporters.mass / producers.mass;
  out.export_intensity = exporters.revenue * (markets / (1 + markets)) / producers.revenue;

  // A price index without a gain from variety is 1 where a producer of average size, of all varieties sold in a
  // country, charges 1: (1 - U) w = rho^(1/(1 - theta)) phi_t, phi_t^xi being that average.
  auto const wages = wages_of_employed(out.choices, tail, economy.fairness, Real(0));
  if (wages.reason != status::converged) return detail::failed_as(out, wages.reason);
  Real const sizes = producers.revenue / (home.elasticity * out.choices.demand);
  Real const varieties = producers.mass + economy.trade.partners * exporters.mass;
  Real const log_income = log(inverse_markup(home.elasticity)) / (1 - economy.fairness) +
                          log(Real(sizes / varieties)) / economy.size_exponent();
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
  out.mass_entrants = out.output / out.choices.expected_revenue;
  out.mass_producers = out.mass_entrants * active_share(out.choices);
  return detail::if_representable(out, {out.mass_entrants, out.mass_producers, out.output, out.welfare, out.mean_wage});
}

}  // namespace melitz
