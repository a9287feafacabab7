// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_rule.hpp>
#include <melitz/countries/tariff_base.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string>
#include <string_view>
#include <utility>

namespace melitz {

/// One number for all importers, or one for each.
template <real Real = double>
class number_by_importer {
 public:
  number_by_importer() = default;
  number_by_importer(Real const& all) : values_(Eigen::VectorX<Real>::Constant(1, all)) {}
  number_by_importer(Eigen::VectorX<Real> each) : values_(std::move(each)) {}

  [[nodiscard]] Eigen::Index size() const { return values_.size(); }
  [[nodiscard]] bool differs() const { return values_.size() > 1; }
  [[nodiscard]] Real const& operator[](Eigen::Index importer) const { return values_[differs() ? importer : 0]; }

 private:
  Eigen::VectorX<Real> values_ = Eigen::VectorX<Real>::Zero(1);
};

/// What the number of entrants of a sector is worth: what N follows under free entry.
enum class policy_scale_base {
  entry,  ///< what is spent on entry, a share of sales, over the cost of the bundle: the rule
  labor,  ///< the sector's labor, that which serves foreign firms included (Ignatenko et al. 2025)
};

/// In words: "entry", "labor".
[[nodiscard]] constexpr std::string_view to_string(policy_scale_base b) noexcept {
  return detail::word_of(b, {"entry", "labor"});
}

/// A sector as a point among the models of trade that are gravity.
///
/// With lambda the shares of spending and F = f c^(1-nu) w^nu what it costs to enter a market,
///   X_ij ~ N_i^(epsilon psi) (c_i tau_ij T_ij)^-epsilon (F_ij T_ij)^-eta,   P_j^-epsilon = X_j^eta sum_i(the same)
/// (without T after F where tariffs are a share of production_cost). Consumers' elasticity is sigma, their firms'
/// Pareto shape 1/psi, with 1/(sigma - 1) = psi + eta/epsilon; a price is m = 1 + psi + eta/epsilon times marginal
/// cost, and of sales psi/m pays for entry (or is profit, where entry is fixed) and (eta/epsilon)/m for entry into
/// markets.
template <real Real = double>
struct policy_sector {
  using real_type = Real;

  Real trade_elasticity = detail::not_a_number<Real>;  ///< epsilon > 0, of shares to iceberg costs
  Real scale_elasticity{0};                            ///< psi >= 0; under free entry epsilon psi <= 1
  number_by_importer<Real> selection{};                ///< eta >= 0, of shares to fixed costs of market entry
  number_by_importer<Real> destination_cost_share{};   ///< nu in [0, 1]: of those costs, paid to the importer's labor
  entry_rule entry = entry_rule::free;
  tariff_base tariff_on = tariff_base::delivered_price;  ///< what import, export and production taxes are a share of
  policy_scale_base scale_base = policy_scale_base::entry;
  Real profit_share = detail::not_a_number<Real>;  ///< of sales (of delivered_price before taxes), observed, where
                                                   ///< entry is fixed; left out (NaN) it is psi/m

  /// Perfect competition, or monopolistic competition without entry: psi = eta = 0. @{
  [[nodiscard]] static policy_sector armington(Real const& trade_elasticity) {
    return {.trade_elasticity = trade_elasticity};
  }
  [[nodiscard]] static policy_sector eaton_kortum(Real const& shape) { return armington(shape); }
  /// @}

  /// External economies of scale: productivity rises with the sector's labor to the power psi.
  [[nodiscard]] static policy_sector external_economies(Real const& trade_elasticity, Real const& scale_elasticity) {
    return {.trade_elasticity = trade_elasticity, .scale_elasticity = scale_elasticity};
  }
  /// Krugman (1980), sigma = 1 + epsilon; with `fixed` entry as in Ossa (2014), where profits stay in the country.
  [[nodiscard]] static policy_sector krugman(Real const& trade_elasticity, entry_rule entry = entry_rule::free) {
    return {.trade_elasticity = trade_elasticity, .scale_elasticity = Real(1 / trade_elasticity), .entry = entry};
  }
  /// Lashkaripour and Lugovskyy (2023): varieties of one country are closer substitutes; their mu is the scale
  /// elasticity.
  [[nodiscard]] static policy_sector lashkaripour_lugovskyy(Real const& trade_elasticity, Real const& scale_elasticity,
                                                            entry_rule entry = entry_rule::free) {
    return {.trade_elasticity = trade_elasticity, .scale_elasticity = scale_elasticity, .entry = entry};
  }
  /// Melitz (2003) under Pareto laws of productivity: epsilon is their shape, eta = shape/(elasticity - 1) - 1.
  [[nodiscard]] static policy_sector melitz_pareto(Real const& shape, Real const& elasticity,
                                                   entry_rule entry = entry_rule::free,
                                                   Real const& destination_cost_share = Real(0)) {
    return {.trade_elasticity = shape,
            .scale_elasticity = Real(1 / shape),
            .selection = Real(shape / (elasticity - 1) - 1),
            .destination_cost_share = destination_cost_share,
            .entry = entry};
  }
  /// The same with nests by country, Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): `market_cost_share` is
  /// what of an importer's spending pays for entry into its market, with its labor.
  [[nodiscard]] static policy_sector nested_melitz_pareto(Real const& trade_elasticity, Real const& scale_elasticity,
                                                          Eigen::VectorX<Real> const& market_cost_share) {
    return {.trade_elasticity = trade_elasticity,
            .scale_elasticity = scale_elasticity,
            .selection = Eigen::VectorX<Real>(trade_elasticity * (1 + scale_elasticity) * market_cost_share.array() /
                                              (1 - market_cost_share.array())),
            .destination_cost_share = Real(1)};
  }

  /// m: price over marginal cost.
  [[nodiscard]] Real markup(Eigen::Index importer) const {
    return Real(1 + scale_elasticity + selection[importer] / trade_elasticity);
  }
  /// phi: of what firms are paid, what pays for entry, or is profit.
  [[nodiscard]] Real entry_share(Eigen::Index importer) const {
    bool const observed = entry == entry_rule::fixed && profit_share == profit_share;
    return observed ? profit_share : Real(scale_elasticity / markup(importer));
  }
  /// kappa: of the same, what pays for entry into markets.
  [[nodiscard]] Real market_cost_share(Eigen::Index importer) const {
    return Real(selection[importer] / trade_elasticity / markup(importer));
  }
  /// Whether the number of entrants moves, and matters.
  [[nodiscard]] bool has_entry() const { return entry == entry_rule::free && scale_elasticity > 0; }

  /// @param name  of the sector, "sector 2" say, for messages
  /// @throws domain_error naming what is out of range
  void validate(std::string const& name, Eigen::Index countries) const {
    std::string const where = "policy_sector";
    auto const called = [&](char const* what) { return std::string(what) + " of " + name; };
    detail::require(rule::positive, where, called("trade_elasticity").c_str(), trade_elasticity);
    detail::require(rule::at_least_zero, where, called("scale_elasticity").c_str(), scale_elasticity);
    auto const check = [&](char const* what, number_by_importer<Real> const& x, rule must) {
      if (x.size() != 1 && x.size() != countries) {
        throw domain_error(where, "size of " + called(what), std::to_string(x.size()),
                           "be 1 or the number of countries, " + std::to_string(countries));
      }
      for (Eigen::Index j = 0; j < x.size(); ++j) {
        auto const place = x.differs() ? std::string(what) + '(' + std::to_string(j) + ')' : std::string(what);
        detail::require(must, where, called(place.c_str()).c_str(), x[j]);
      }
    };
    check("selection", selection, rule::at_least_zero);
    check("destination_cost_share", destination_cost_share, rule::share);
    if (profit_share == profit_share) {
      detail::require(rule::share_below_one, where, called("profit_share").c_str(), profit_share);
      if (entry != entry_rule::fixed) {
        throw domain_error(where, called("profit_share"), to_text(static_cast<double>(profit_share)),
                           "be left out unless entry is fixed: under free entry profits pay for it");
      }
    }
    Real const product = trade_elasticity * scale_elasticity;
    if (has_entry() && product > 1 + 4 * std::numeric_limits<Real>::epsilon()) {
      throw domain_error(where, called("trade_elasticity times scale_elasticity"),
                         detail::to_short_text(static_cast<double>(product)),
                         "be at most 1 where entry is free: beyond, firms gather in one country or another, and there "
                         "are several equilibria");
    }
    if (scale_base == policy_scale_base::labor && !has_entry()) {
      throw domain_error(where, called("scale_base"), "labor",
                         "be entry unless entry is free and scale_elasticity positive");
    }
  }
};

}  // namespace melitz
