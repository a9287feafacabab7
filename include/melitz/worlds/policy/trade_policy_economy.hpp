// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_rule.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/tariff_base.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <limits>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// One sector of a trade_policy_economy, as data show it and as it is to be: a policy_sector with its flows, taxes and
/// what changes. Vectors are by country, matrices [exporter][importer].
template <real Real = double>
struct trade_policy_sector {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  matrix flows{};                                      ///< X, what importers spend, taxes in
  Real trade_elasticity = detail::not_a_number<Real>;  ///< epsilon
  Real scale_elasticity{0};                            ///< psi
  vector selection{};                                  ///< eta, by importer; empty: 0
  vector destination_cost_share{};                     ///< nu, by importer; empty: 0
  entry_rule entry = entry_rule::free;
  tariff_base tariff_on = tariff_base::delivered_price;
  matrix import_tax{}, export_tax{};          ///< before; empty: none
  vector production_tax{};                    ///< by exporter
  matrix new_import_tax{}, new_export_tax{};  ///< after; empty: those before
  vector new_production_tax{};
  matrix iceberg_hat{};     ///< tau'/tau, 1 at home; infinite: trade ends. Empty: 1
  matrix fixed_cost_hat{};  ///< f'/f, of market entry. Empty: 1

  static constexpr char const* name = "trade_policy_sector";
  static constexpr auto parameters() {
    using e = trade_policy_sector;
    constexpr double as_before = std::numeric_limits<double>::quiet_NaN();  // which no tax is
    return told::table{
        told::parameter("flows", &e::flows, rule::at_least_zero, "what importers spend, taxes in", "money",
                        "[[80, 10, 12], [8, 40, 6], [14, 9, 200]]"),
        told::parameter("trade_elasticity", &e::trade_elasticity, rule::positive, "of shares to iceberg costs", "", 5),
        told::parameter("scale_elasticity", &e::scale_elasticity, rule::at_least_zero,
                        "of productivity to entrants; under free entry at most 1 / trade_elasticity", "", 0.15),
        told::parameter("selection", &e::selection, rule::at_least_zero,
                        "of shares to fixed costs of market entry, of each importer", "", 0.3)
            .or_none(),
        told::parameter("destination_cost_share", &e::destination_cost_share, rule::share,
                        "of these costs, paid to the importer's workers", "", 0)
            .or_none(),
        told::choice("entry", &e::entry, "how many firms there are: as many as it pays, or as before"),
        told::choice("tariff_on", &e::tariff_on, "what taxes are a share of"),
        told::parameter("import_tax", &e::import_tax, rule::above_minus_one, "ad valorem", "", 0.05)
            .at_home(0)
            .or_none(),
        told::parameter("export_tax", &e::export_tax, rule::above_minus_one, "ad valorem", "", 0).at_home(0).or_none(),
        told::parameter("production_tax", &e::production_tax, rule::above_minus_one, "ad valorem, on all sales", "", 0)
            .or_none(),
        told::parameter("new_import_tax", &e::new_import_tax, rule::above_minus_one,
                        "after the change; none: as import_tax", "", 0.2)
            .at_home(0)
            .or_none(as_before),
        told::parameter("new_export_tax", &e::new_export_tax, rule::above_minus_one,
                        "after the change; none: as export_tax", "", 0)
            .at_home(0)
            .or_none(as_before),
        told::parameter("new_production_tax", &e::new_production_tax, rule::above_minus_one,
                        "after the change; none: as production_tax", "", 0)
            .or_none(as_before),
        told::parameter("iceberg_hat", &e::iceberg_hat, rule::positive_or_infinite,
                        "new over old, of what is shipped for one unit to arrive", "", 1)
            .at_home(1)
            .or_none(1),
        told::parameter("fixed_cost_hat", &e::fixed_cost_hat, rule::positive, "new over old, of serving a market", "",
                        1)
            .or_none(1),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return flows.rows(); }

  /// @throws domain_error naming the first member that is out of range
  void validate(Eigen::Index of_world) const {
    detail::require_extent(detail::type_name<trade_policy_sector>{}, "flows", flows, of_world);
    detail::check_parameters(*this);
  }

  /// What a policy_world calls it.
  [[nodiscard]] policy_sector<Real> kind() const {
    policy_sector<Real> out{.trade_elasticity = trade_elasticity, .scale_elasticity = scale_elasticity};
    if (selection.size() != 0) out.selection = selection;
    if (destination_cost_share.size() != 0) out.destination_cost_share = destination_cost_share;
    out.entry = entry;
    out.tariff_on = tariff_on;
    return out;
  }
};

/// A world as data show it, and a change of its taxes and costs of trade: a policy_world without goods as inputs, and a
/// policy_change, as one model, for programs that read one from a file. Which taxes are best it does not ask: see
/// worlds/policy/optimal_taxes.hpp.
template <real Real = double>
struct trade_policy_economy {
  using real_type = Real;
  using options_type = policy_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  std::vector<trade_policy_sector<Real>> sectors = std::vector<trade_policy_sector<Real>>(1);
  Real labor_supply_elasticity{0};  ///< chi
  policy_revenue revenue = policy_revenue::lump_sum;
  policy_closure closure = policy_closure::nominal;
  Real closure_country{0}, closure_partner{1};  ///< of zero_with_one_partner: the two
  vector new_deficit{};                         ///< of the closure `list`, in the numeraire; empty: 0
  policy_numeraire numeraire = policy_numeraire::world_labor_income;
  Real numeraire_country{0};  ///< of wage: whose

  static constexpr char const* name = "trade_policy";
  static constexpr char const* title =
      "Trade policy: what given changes of taxes and trade costs do to a world as it is in data (no optimal taxes)";
  /// Derivatives are those of policy_solver, by all instruments at once.
  static constexpr bool has_derivatives = false;
  static constexpr auto parameters() {
    using e = trade_policy_economy;
    return told::table{
        told::nested(&e::sectors),
        told::parameter("labor_supply_elasticity", &e::labor_supply_elasticity, rule::at_least_zero,
                        "of labor to the real wage", "", 0),
        told::choice("revenue", &e::revenue, "what taxes pay for"),
        told::choice("closure", &e::closure, "what becomes of deficits"),
        told::parameter("closure_country", &e::closure_country, rule::whole, "of zero_with_one_partner, from 0", "", 0),
        told::parameter("closure_partner", &e::closure_partner, rule::whole, "of zero_with_one_partner, from 0", "", 1),
        told::parameter("new_deficit", &e::new_deficit, rule::finite,
                        "spending above income, of the closure list; they sum to 0", "numeraire", 0)
            .or_none(),
        told::choice("numeraire", &e::numeraire, "what stays as it was when prices may rise"),
        told::parameter("numeraire_country", &e::numeraire_country, rule::whole, "whose wage is the numeraire, from 0",
                        "", 0),
    };
  }

  /// @pre there are sectors
  [[nodiscard]] Eigen::Index countries() const { return sectors.front().countries(); }

  /// The world before. @pre check_parameters holds
  [[nodiscard]] policy_world<Real> world() const {
    policy_world<Real> out;
    out.flows = pairs(Real(0));
    for (std::size_t s = 0; s < sectors.size(); ++s) out.sectors.push_back(sectors[s].kind());
    fill(out.flows, &trade_policy_sector<Real>::flows);
    out.import_tax = out.export_tax = pairs(Real(0));
    fill(out.import_tax, &trade_policy_sector<Real>::import_tax);
    fill(out.export_tax, &trade_policy_sector<Real>::export_tax);
    out.production_tax.setZero(countries(), static_cast<Eigen::Index>(sectors.size()));
    fill(out.production_tax, &trade_policy_sector<Real>::production_tax);
    out.labor_supply_elasticity = labor_supply_elasticity;
    out.revenue = revenue;
    out.closure = closure;
    if (closure == policy_closure::zero_with_one_partner) {
      out.closure_country = index("closure_country", closure_country);
      out.closure_partner = index("closure_partner", closure_partner);
    }
    out.numeraire = numeraire;
    if (numeraire == policy_numeraire::wage) {
      out.numeraire_country = index("numeraire_country", numeraire_country);
    }
    return out;
  }

  /// What changes in it, all members there. @pre check_parameters holds
  [[nodiscard]] policy_change<Real> change(policy_world<Real> const& before) const {
    policy_change<Real> out;
    out.import_tax = before.import_tax;
    out.export_tax = before.export_tax;
    out.production_tax = before.production_tax;
    out.iceberg_hat = out.fixed_cost_hat = pairs(Real(1));
    fill(out.import_tax, &trade_policy_sector<Real>::new_import_tax);
    fill(out.export_tax, &trade_policy_sector<Real>::new_export_tax);
    fill(out.production_tax, &trade_policy_sector<Real>::new_production_tax);
    fill(out.iceberg_hat, &trade_policy_sector<Real>::iceberg_hat);
    fill(out.fixed_cost_hat, &trade_policy_sector<Real>::fixed_cost_hat);
    out.deficit = new_deficit;
    if (closure == policy_closure::list && new_deficit.size() == 0) out.deficit = vector::Zero(countries());
    return out;
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::type_name<trade_policy_economy> const where;
    detail::require(!sectors.empty(), where, "number of sectors", 0.0, "be at least 1");
    detail::check_parameters(*this);
    if (closure != policy_closure::list && new_deficit.size() != 0) {
      throw domain_error(where, "new_deficit", "given", "be left out unless closure is list");
    }
    auto const before = world();
    before.validate();
    try {
      change(before).validate(before);
    } catch (domain_error const& e) {  // all else has been checked
      throw domain_error(where, "sum of new_deficit", e.value(), e.restriction());
    }
  }

 private:
  [[nodiscard]] trade_array<Real> pairs(Real const& value) const {
    return trade_array<Real>(countries(), static_cast<Eigen::Index>(sectors.size()), value);
  }
  void fill(trade_array<Real>& to, matrix trade_policy_sector<Real>::*member) const {
    for (std::size_t s = 0; s < sectors.size(); ++s) {
      auto const& from = sectors[s].*member;
      if (from.size() != 0) to.sector(static_cast<Eigen::Index>(s)) = from;
    }
  }
  void fill(matrix& to, vector trade_policy_sector<Real>::*member) const {
    for (std::size_t s = 0; s < sectors.size(); ++s) {
      auto const& from = sectors[s].*member;
      if (from.size() != 0) to.col(static_cast<Eigen::Index>(s)) = from;
    }
  }
  [[nodiscard]] Eigen::Index index(char const* what, Real const& country) const {
    detail::require(country < Real(static_cast<int>(countries())), detail::type_name<trade_policy_economy>{}, what,
                    country, "be a country, counted from 0");
    return static_cast<Eigen::Index>(country);
  }
};

static_assert(detail::tells_every_member<trade_policy_sector<double>>() &&
              detail::tells_every_member<trade_policy_economy<double>>());

}  // namespace melitz
