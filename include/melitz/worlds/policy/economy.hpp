// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/policy/sector.hpp>
#include <melitz/worlds/policy/trade_array.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// What taxes bring, and what they pay for.
enum class policy_revenue {
  lump_sum,        ///< is given to consumers
  income_tax_cut,  ///< changes of it cut a tax on wages, which matters where labor is supplied elastically
};
/// In words: "lump_sum", "income_tax_cut".
[[nodiscard]] constexpr std::string_view to_string(policy_revenue r) noexcept {
  return detail::word_of(r, {"lump_sum", "income_tax_cut"});
}

/// What becomes of the deficits D_j, by which countries spend more than their income. They sum to 0.
enum class policy_closure {
  nominal,                ///< they stay what they are in the numeraire, and so depend on which it is
  share_of_world_income,  ///< they stay shares of the world's labor income
  zero,                   ///< nobody has any
  zero_with_one_partner,  ///< two countries' trade imbalance, as it was, leaves both their deficits
  list,                   ///< those of the change, in the numeraire
};
/// In words: "nominal", "share_of_world_income", ...
[[nodiscard]] constexpr std::string_view to_string(policy_closure c) noexcept {
  return detail::word_of(c, {"nominal", "share_of_world_income", "zero", "zero_with_one_partner", "list"});
}

/// What stays as it was when all prices may rise.
enum class policy_numeraire {
  world_labor_income,  ///< the sum over the world
  wage,                ///< of one country
  mean_price,          ///< of consumers in all countries, weighted by what they spent
};
/// In words: "world_labor_income", "wage", "mean_price".
[[nodiscard]] constexpr std::string_view to_string(policy_numeraire n) noexcept {
  return detail::word_of(n, {"world_labor_income", "wage", "mean_price"});
}

/// How to solve a world of trade policy.
struct policy_options {
  int max_evaluations = 500;  ///< of the conditions, on the way of one solve, at most
  bool continuation = true;   ///< where Newton's method fails from the start, follow taxes and trade costs there
};

/// A world as data show it, in which policy is to change: countries that trade in sectors which are points of
/// policy_sector. Countries and sectors are counted from 0; what is by country and sector is a matrix
/// [country][sector], what is by pair and sector a trade_array(exporter, importer, sector). Money is in any unit.
///
/// Taxes are ad valorem: an import tax t on the value at the border, an export tax z, a production tax r on all sales,
/// at home too; consumers pay T = (1+t)(1+z)(1+r) times what the firm is left with, or, of a tax on production_cost,
/// firms pay it on their costs. Negative ones are subsidies.
template <real Real = double>
struct policy_world {
  using real_type = Real;
  using options_type = policy_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  std::vector<policy_sector<Real>> sectors{};
  trade_array<Real> flows{};  ///< X >= 0, what importers spend, all taxes in; home sales on the diagonal, above 0

  trade_array<Real> import_tax{};  ///< > -1, and 0 at home; empty: none
  trade_array<Real> export_tax{};  ///< the same
  matrix production_tax{};         ///< > -1; empty: none

  matrix labor_share{};               ///< gamma in (0, 1]: of the bundle, the rest is goods; empty: 1
  std::vector<matrix> input_share{};  ///< of each country, [input][sector]: of the sector's bundle; empty: no inputs

  Real labor_supply_elasticity{0};  ///< chi >= 0
  policy_revenue revenue = policy_revenue::lump_sum;

  policy_closure closure = policy_closure::nominal;
  Eigen::Index closure_country = 0, closure_partner = 1;  ///< of zero_with_one_partner: the two
  policy_numeraire numeraire = policy_numeraire::world_labor_income;
  Eigen::Index numeraire_country = 0;  ///< of wage: whose

  std::vector<std::string> country_names{}, sector_names{};  ///< for messages; empty: "country 0", "sector 0"

  static constexpr char const* name = "policy";
  static constexpr char const* title = "Trade policy: changes of taxes and trade costs in a world as it is in data";

  [[nodiscard]] Eigen::Index countries() const { return flows.countries(); }
  [[nodiscard]] Eigen::Index sector_count() const { return static_cast<Eigen::Index>(sectors.size()); }
  [[nodiscard]] bool has_inputs() const { return !input_share.empty(); }

  [[nodiscard]] std::string country_name(Eigen::Index i) const {
    return country_names.empty() ? "country " + std::to_string(i) : country_names[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] std::string sector_name(Eigen::Index s) const {
    return sector_names.empty() ? "sector " + std::to_string(s) : sector_names[static_cast<std::size_t>(s)];
  }

  /// Numbers one by one, shapes and what ties them; what follows from the accounts is baseline_of's to check.
  /// @throws domain_error naming the first member that is out of range, with country, partner and sector
  void validate() const;
};

/// What is to change: new taxes in levels, costs of trade as ratios, new over old. What is empty stays as it is.
template <real Real = double>
struct policy_change {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  trade_array<Real> import_tax{}, export_tax{};  ///< the new ones, > -1; import and export taxes 0 at home
  matrix production_tax{};                       ///< [country][sector]
  trade_array<Real> iceberg_hat{};               ///< tau'/tau > 0; infinite abroad: trade ends
  trade_array<Real> fixed_cost_hat{};            ///< f'/f > 0, of market entry; idle where selection is 0
  vector deficit{};                              ///< of the closure `list`: the new ones, in the numeraire; sum 0

  /// @throws domain_error naming the first number that is out of range
  void validate(policy_world<Real> const& world) const;
};

/// What the flows and taxes of a world imply: its accounts before anything changes.
template <real Real = double>
struct policy_baseline {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector labor_income{};    ///< w L
  vector income{};          ///< I = w L + profits + revenue + deficit: what consumers spend
  vector deficit{};         ///< D; they sum to 0
  vector revenue{};         ///< of the country's taxes
  vector profits{};         ///< where entry is fixed; consumers' income
  matrix spending{};        ///< [importer][sector] X_js, of consumers and firms
  matrix final_share{};     ///< [importer][sector] beta, of consumers' spending
  matrix bundle{};          ///< [exporter][sector] C_is, what is spent on labor and inputs
  matrix services{};        ///< [importer][sector], paid to its labor for entry into its market
  matrix entry_base{};      ///< [exporter][sector] E_is, what N is worth; 0 where entry does not matter
  matrix sector_profits{};  ///< [exporter][sector]
};

/// A sector of which a country buys less than its firms take as inputs, so that consumers would buy less than nothing.
template <real Real = double>
struct policy_shortfall {
  Eigen::Index country = 0, sector = 0;
  Real spending = detail::not_a_number<Real>, inputs = detail::not_a_number<Real>;

  /// The least that mends it: so much more spending, or input shares of the sector times this factor.  @{
  [[nodiscard]] Real missing() const { return Real(inputs - spending); }
  [[nodiscard]] Real factor() const { return Real(spending / inputs); }
  /// @}
};

/// All of these in a world, of which baseline_of tells the first. @throws domain_error of the world's validate()
template <real Real>
[[nodiscard]] std::vector<policy_shortfall<Real>> negative_final_demand(policy_world<Real> const& world);

/// The accounts of a world. @throws domain_error of the world's validate(), and where consumers would buy less than
/// nothing of a sector since firms' inputs take more than is sold: it names country and sector and the least change
/// of either that mends it
template <real Real>
[[nodiscard]] policy_baseline<Real> baseline_of(policy_world<Real> const& world);

}  // namespace melitz

#include <melitz/worlds/policy/accounts.hpp>
