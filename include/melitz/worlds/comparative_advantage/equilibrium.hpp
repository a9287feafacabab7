// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string_view>

namespace melitz {

/// What countries make of trade.
enum class trade_pattern {
  none,         ///< it was not solved
  autarky,      ///< there is no trade
  equalized,    ///< trade is free, and endowments are alike enough for factors to be paid the same everywhere
  diversified,  ///< both countries make both goods
  specialized,  ///< some country does not make some good
};

/// The pattern in words: "none", "autarky", "equalized", "diversified", "specialized".
[[nodiscard]] constexpr std::string_view to_string(trade_pattern p) noexcept {
  switch (p) {
    case trade_pattern::none:
      return "none";
    case trade_pattern::autarky:
      return "autarky";
    case trade_pattern::equalized:
      return "equalized";
    case trade_pattern::diversified:
      return "diversified";
    case trade_pattern::specialized:
      return "specialized";
  }
  return "unknown";
}

/// By how much the accounts are open, relative to their larger sides; the largest over industries and countries. In
/// what has converged none by more than 4096 eps.
template <real Real = double>
struct comparative_advantage_residuals {
  using real_type = Real;

  Real free_entry = detail::not_a_number<Real>;   ///< expected profit against the cost of entry, or above it
  Real goods = detail::not_a_number<Real>;        ///< sales against expenditure, in every market
  Real factors = detail::not_a_number<Real>;      ///< workers employed against workers, of either skill
  Real payments = detail::not_a_number<Real>;     ///< exports against imports
  Real price_index = detail::not_a_number<Real>;  ///< from the prices of all varieties against that from demand

  static constexpr auto results() {
    using e = comparative_advantage_residuals;
    using enum part;
    return told::table{
        told::quantity("free_entry_residual", &e::free_entry, solution, "of the cost of entry"),
        told::quantity("goods_residual", &e::goods, solution, "of expenditure"),
        told::quantity("factors_residual", &e::factors, solution, "of workers"),
        told::quantity("payments_residual", &e::payments, solution, "of exports or imports"),
        told::quantity("price_index_residual", &e::price_index, solution, "of the price index"),
    };
  }

  [[nodiscard]] Real largest() const {
    Real out = free_entry;
    for (Real const& x : {goods, factors, payments, price_index}) {
      if (out == out && !(x <= out)) out = x;
    }
    return out;
  }
};

/// Equilibrium of a comparative_advantage_economy. Vectors are by country, matrices [industry][country]; money is in
/// wages of unskilled workers of country 0, in autarky in those of each country's own. Check `reason` (or the
/// conversion to bool) first: unless it converged the numbers are NaN.
///
/// Where nobody enters an industry, its masses and sales are 0; cutoffs, averages and shares are those of firms that
/// would, NaN where none is productive enough.
template <real Real = double>
struct comparative_advantage_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  trade_pattern pattern = trade_pattern::none;
  Real residual = detail::not_a_number<Real>;          ///< the largest of `residuals`
  Real error_estimate = detail::not_a_number<Real>;    ///< of the logs of wages, demand and masses, from rounding
  Real condition_number = detail::not_a_number<Real>;  ///< of the derivatives of the conditions, in logs, by absolute
                                                       ///< sums of rows; 1 in autarky, where one follows another
  Real equalization_margin = detail::not_a_number<Real>;  ///< the least share that an industry has in a country's
                                                          ///< income if factors are paid as in a world without borders,
                                                          ///< with the same technologies; negative outside the set of
                                                          ///< endowments where free trade equalizes what they are paid
  comparative_advantage_residuals<Real> residuals{};
  int evaluations = 0;

  vector skilled_wage{}, unskilled_wage{};
  vector relative_wage{};  ///< w_S/w_L
  vector income{};         ///< R = w_S S + w_L L
  vector welfare{};        ///< R/(P_0^alpha_0 P_1^alpha_1), per worker
  vector real_skilled_wage{}, real_unskilled_wage{};

  matrix unit_cost{};      ///< c, of a bundle
  matrix demand{};         ///< D: operating profit of a firm with productivity and delivered cost 1
  matrix price_index{};    ///< P
  matrix entry_value{};    ///< of an entrant, over the cost: 1, or below where nobody enters
  matrix cutoff{};         ///< phi*
  matrix export_cutoff{};  ///< phi_x*; the cutoff where all producers export, infinite where none can
  matrix probability_of_producing{};
  matrix share_exporting{};  ///< chi
  matrix average_productivity{}, average_export_productivity{};
  matrix mass_entrants{};  ///< alive: M_e/delta
  matrix mass_entrants_per_period{};
  matrix mass_producers{}, mass_exporters{}, mass_varieties{};
  matrix creative_destruction{};  ///< M_e/M: entrants, and those who die before or after they know their productivity,
                                  ///< per producer and period
  matrix revenue{}, domestic_sales{}, exports{}, export_share{};
  matrix skilled_employment{}, unskilled_employment{};

  static constexpr auto results() {
    using e = comparative_advantage_equilibrium;
    using by = told::by;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "the largest"),
        told::quantity("pattern", &e::pattern, solution, "autarky, equalized, diversified or specialized"),
        told::nested(&e::residuals),
        told::quantity("error_estimate", &e::error_estimate, solution, "of wages and masses, from rounding"),
        told::quantity("condition_number", &e::condition_number, solution, "of the conditions"),
        told::quantity("equalization_margin", &e::equalization_margin, solution, "share of income"),
        told::quantity("evaluations", &e::evaluations, work, "of the conditions"),
        told::positive("demand", &e::demand, work, "operating profit with productivity and delivered cost 1", "D")
            .indexed(by::industry, by::country),
        told::quantity("cutoff", &e::cutoff, cutoffs, "productivity", "phi*").indexed(by::industry, by::country),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, "productivity", "phi_x*")
            .indexed(by::industry, by::country),
        told::quantity("entry_value", &e::entry_value, averages, "expected profit over entry cost")
            .indexed(by::industry, by::country),
        told::quantity("average_productivity", &e::average_productivity, averages, "productivity", "phi~")
            .indexed(by::industry, by::country),
        told::quantity("average_export_productivity", &e::average_export_productivity, averages, "productivity",
                       "phi~_x")
            .indexed(by::industry, by::country),
        told::quantity("probability_of_producing", &e::probability_of_producing, masses, "of an entrant", "1 - G")
            .indexed(by::industry, by::country),
        told::quantity("share_exporting", &e::share_exporting, masses, "of producers", "chi")
            .indexed(by::industry, by::country),
        told::quantity("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not")
            .indexed(by::industry, by::country),
        told::quantity("mass_entrants_per_period", &e::mass_entrants_per_period, masses, "firms", "M_e")
            .indexed(by::industry, by::country),
        told::quantity("mass_producers", &e::mass_producers, masses, "firms", "M").indexed(by::industry, by::country),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms", "chi M")
            .indexed(by::industry, by::country),
        told::quantity("mass_varieties", &e::mass_varieties, masses, "firms").indexed(by::industry, by::country),
        told::quantity("creative_destruction", &e::creative_destruction, masses, "entrants per producer", "M_e/M")
            .indexed(by::industry, by::country),
        told::positive("skilled_wage", &e::skilled_wage, aggregates, "numeraire", "w_S"),
        told::positive("unskilled_wage", &e::unskilled_wage, aggregates, "numeraire", "w_L"),
        told::positive("relative_wage", &e::relative_wage, aggregates, "of the skilled", "w_S/w_L"),
        told::positive("income", &e::income, aggregates, "numeraire", "R"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker"),
        told::positive("real_skilled_wage", &e::real_skilled_wage, aggregates, "real income"),
        told::positive("real_unskilled_wage", &e::real_unskilled_wage, aggregates, "real income"),
        told::positive("unit_cost", &e::unit_cost, aggregates, "numeraire, of a bundle", "c")
            .indexed(by::industry, by::country),
        told::positive("price_index", &e::price_index, aggregates, "numeraire", "P").indexed(by::industry, by::country),
        told::quantity("revenue", &e::revenue, aggregates, "numeraire", "R_i").indexed(by::industry, by::country),
        told::quantity("domestic_sales", &e::domestic_sales, aggregates, "numeraire")
            .indexed(by::industry, by::country),
        told::quantity("exports", &e::exports, aggregates, "numeraire").indexed(by::industry, by::country),
        told::quantity("export_share", &e::export_share, aggregates, "share of revenue")
            .indexed(by::industry, by::country),
        told::quantity("skilled_employment", &e::skilled_employment, labor_uses, "workers", "S_i")
            .indexed(by::industry, by::country),
        told::quantity("unskilled_employment", &e::unskilled_employment, labor_uses, "workers", "L_i")
            .indexed(by::industry, by::country),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<comparative_advantage_residuals<double>>() &&
              detail::tells_every_member<comparative_advantage_equilibrium<double>>());

}  // namespace melitz
