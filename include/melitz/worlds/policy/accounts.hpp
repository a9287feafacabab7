// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace melitz {
namespace detail {

/// What of an importer's spending on a variety goes where, as shares of it.
template <real Real>
struct policy_wedge {
  Real import_revenue;  ///< to the importer's treasury
  Real export_revenue;  ///< to the exporter's
  Real base;            ///< what entry, profits and market entry are shares of
  Real bundle;          ///< to the exporter's labor and inputs

  /// @param factor_at_origin  (1 + z)(1 + r)
  /// @param not_bundle        of the base, what goes to labor of the importer and to profits
  policy_wedge(bool on_price, Real const& markup, Real const& t, Real const& factor_at_origin, Real const& not_bundle) {
    Real const h = on_price ? Real(1) : Real(1 / markup);
    import_revenue = h * t / (1 + t);
    export_revenue = h * (1 - 1 / factor_at_origin) / (1 + t);
    base = on_price ? Real(1 / ((1 + t) * factor_at_origin)) : Real(1);
    bundle = 1 - import_revenue - export_revenue - not_bundle * base;
  }
};

template <real Real>
[[nodiscard]] std::string pair_name(policy_world<Real> const& world, char const* what, Eigen::Index i, Eigen::Index j,
                                    Eigen::Index s) {
  return std::string(what) + " of " + world.country_name(i) + " in " + world.country_name(j) + ", " +
         world.sector_name(s);
}
template <real Real>
[[nodiscard]] std::string place_name(policy_world<Real> const& world, char const* what, Eigen::Index i,
                                     Eigen::Index s) {
  return std::string(what) + " of " + world.country_name(i) + ", " + world.sector_name(s);
}

/// That all numbers of an array keep the rule and that there is one for each pair and sector, or none at all.
/// @param at_home  the number that must stand there; NaN: any
template <real Real>
void require_pairs(policy_world<Real> const& world, char const* where, char const* what, trade_array<Real> const& x,
                   rule must, Real const& at_home = not_a_number<Real>) {
  if (x.empty()) return;
  auto const n = world.countries(), sectors = world.sector_count();
  if (x.countries() != n || x.sectors() != sectors) {
    throw domain_error(where, std::string("size of ") + what,
                       std::to_string(x.countries()) + " countries and " + std::to_string(x.sectors()) + " sectors",
                       "be that of flows, " + std::to_string(n) + " and " + std::to_string(sectors));
  }
  auto const bounds = bounds_of(must);
  Real const sum = x.values().sum();  // NaN if a number is, which the smallest and the largest may hide
  bool const hold =
      sum == sum && lies_in(bounds, Real(x.values().minCoeff())) && lies_in(bounds, Real(x.values().maxCoeff()));
  bool hold_at_home = true;
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const& value = x(i, i, s);
      hold_at_home &= is_finite(value) && (at_home != at_home || value == at_home);
    }
  }
  if (hold && hold_at_home) return;
  for (Eigen::Index s = 0; s < sectors; ++s) {  // some number does not: which
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const& value = x(i, j, s);
        if (!lies_in(bounds, value)) {
          reject(where, pair_name(world, what, i, j, s), static_cast<double>(value), bounds.words);
        }
        if (i != j) continue;
        if (at_home == at_home && value != at_home) {
          reject(where, pair_name(world, what, i, j, s), static_cast<double>(value),
                 "be " + to_text(static_cast<double>(at_home)) + " at home");
        }
        if (!is_finite(value)) {
          reject(where, pair_name(world, what, i, j, s), static_cast<double>(value), "be finite at home");
        }
      }
    }
  }
}

/// The same of what is by country and sector.
template <real Real>
void require_places(policy_world<Real> const& world, char const* where, char const* what, Eigen::MatrixX<Real> const& x,
                    rule must) {
  if (x.size() == 0) return;
  auto const n = world.countries(), sectors = world.sector_count();
  if (x.rows() != n || x.cols() != sectors) {
    throw domain_error(where, std::string("shape of ") + what,
                       std::to_string(x.rows()) + " x " + std::to_string(x.cols()),
                       "be " + std::to_string(n) + " x " + std::to_string(sectors) +
                           ", a row for each country and a column for each sector");
  }
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index i = 0; i < n; ++i) {
      if (!holds(must, x(i, s))) require(must, where, place_name(world, what, i, s).c_str(), x(i, s));
    }
  }
}

/// That labor and inputs of each bundle sum to 1.
template <real Real>
void require_input_shares(policy_world<Real> const& world, char const* where) {
  auto const n = world.countries(), sectors = world.sector_count();
  bool const labor = world.labor_share.size() != 0;
  if (!world.has_inputs() && !labor) return;
  if (world.has_inputs() && static_cast<Eigen::Index>(world.input_share.size()) != n) {
    throw domain_error(where, "size of input_share", std::to_string(world.input_share.size()),
                       "be the number of countries, " + std::to_string(n));
  }
  Real const slack = std::max(Real(1e-9), Real(64 * std::numeric_limits<Real>::epsilon()));
  for (Eigen::Index i = 0; i < n; ++i) {
    if (world.has_inputs()) {
      auto const& g = world.input_share[static_cast<std::size_t>(i)];
      if (g.rows() != sectors || g.cols() != sectors) {
        throw domain_error(where, "shape of input_share of " + world.country_name(i),
                           std::to_string(g.rows()) + " x " + std::to_string(g.cols()),
                           "be " + std::to_string(sectors) + " x " + std::to_string(sectors) +
                               ", a row for each input and a column for each sector");
      }
    }
    for (Eigen::Index s = 0; s < sectors; ++s) {
      Real sum = labor ? world.labor_share(i, s) : Real(1);
      for (Eigen::Index k = 0; world.has_inputs() && k < sectors; ++k) {
        Real const& g = world.input_share[static_cast<std::size_t>(i)](k, s);
        if (!holds(rule::share, g)) {
          auto const name = "input_share of " + world.sector_name(k) + " in that of " + world.country_name(i) + ", " +
                            world.sector_name(s);
          require(rule::share, where, name.c_str(), g);
        }
        sum += g;
      }
      if (!(sum <= 1 + slack && sum >= 1 - slack)) {
        reject(where, place_name(world, "labor_share plus input_share", i, s), static_cast<double>(sum),
               "be 1 (within 1e-9)");
      }
    }
  }
}

}  // namespace detail

template <real Real>
void policy_world<Real>::validate() const {
  char const* const where = name;
  auto const n = countries(), count = sector_count();
  detail::require(count > 0, where, "number of sectors", 0.0, "be at least 1");
  detail::require(n > 0, where, "number of countries", 0.0, "be at least 1");
  if (flows.sectors() != count) {
    throw domain_error(where, "number of sectors of flows", std::to_string(flows.sectors()),
                       "be that of sectors, " + std::to_string(count));
  }
  auto const named = [&](char const* what, std::vector<std::string> const& names, Eigen::Index needed) {
    if (names.empty() || static_cast<Eigen::Index>(names.size()) == needed) return;
    throw domain_error(where, std::string("size of ") + what, std::to_string(names.size()),
                       "be " + std::to_string(needed) + ", or none");
  };
  named("country_names", country_names, n);
  named("sector_names", sector_names, count);
  for (Eigen::Index s = 0; s < count; ++s) sectors[static_cast<std::size_t>(s)].validate(sector_name(s), n);
  detail::require_pairs(*this, where, "flows", flows, rule::at_least_zero);
  detail::require_pairs(*this, where, "import_tax", import_tax, rule::above_minus_one, Real(0));
  detail::require_pairs(*this, where, "export_tax", export_tax, rule::above_minus_one, Real(0));
  detail::require_places(*this, where, "production_tax", production_tax, rule::above_minus_one);
  detail::require_places(*this, where, "labor_share", labor_share, rule::rate);
  detail::require_input_shares(*this, where);
  detail::require(rule::at_least_zero, where, "labor_supply_elasticity", labor_supply_elasticity);
  auto const a_country = [&](char const* what, Eigen::Index i) {
    detail::require(i >= 0 && i < n, where, what, static_cast<double>(i), "be a country, counted from 0");
  };
  if (closure == policy_closure::zero_with_one_partner) {
    a_country("closure_country", closure_country);
    a_country("closure_partner", closure_partner);
    detail::require(closure_country != closure_partner, where, "closure_partner", static_cast<double>(closure_partner),
                    "be another country than closure_country");
  }
  if (numeraire == policy_numeraire::wage) a_country("numeraire_country", numeraire_country);
}

template <real Real>
void policy_change<Real>::validate(policy_world<Real> const& world) const {
  char const* const where = "policy_change";
  detail::require_pairs(world, where, "import_tax", import_tax, rule::above_minus_one, Real(0));
  detail::require_pairs(world, where, "export_tax", export_tax, rule::above_minus_one, Real(0));
  detail::require_places(world, where, "production_tax", production_tax, rule::above_minus_one);
  detail::require_pairs(world, where, "iceberg_hat", iceberg_hat, rule::positive_or_infinite);
  detail::require_pairs(world, where, "fixed_cost_hat", fixed_cost_hat, rule::positive);
  if (world.closure != policy_closure::list) {
    detail::require(deficit.size() == 0, where, "size of deficit", static_cast<double>(deficit.size()),
                    "be 0 unless the world's closure is list");
    return;
  }
  detail::require_extent(where, "deficit", deficit, world.countries());
  detail::require_each(rule::finite, where, "deficit", deficit);
  Real const sum = deficit.sum(), slack = Real(1e-9) * world.flows.values().sum() / Real(world.countries());
  detail::require(sum <= slack && -sum <= slack, where, "sum of deficit", sum,
                  "be 0: what some countries overspend others lend");
}

template <real Real>
policy_baseline<Real> baseline_of(policy_world<Real> const& world) {
  using vector = Eigen::VectorX<Real>;
  world.validate();
  auto const n = world.countries(), sectors = world.sector_count();
  policy_baseline<Real> out;
  for (auto* v : {&out.labor_income, &out.income, &out.deficit, &out.revenue, &out.profits}) v->setZero(n);
  for (auto* m : {&out.spending, &out.bundle, &out.services, &out.entry_base, &out.sector_profits, &out.final_share}) {
    m->setZero(n, sectors);
  }
  auto const labor_share = [&](Eigen::Index i, Eigen::Index s) {
    return world.labor_share.size() == 0 ? Real(1) : world.labor_share(i, s);
  };
  for (Eigen::Index s = 0; s < sectors; ++s) {
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    bool const fixed = sector.entry == entry_rule::fixed;
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const phi = sector.entry_share(j), services = sector.destination_cost_share[j] * sector.market_cost_share(j);
      Real const not_bundle = services + (fixed ? phi : Real(0)), markup = sector.markup(j);
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const& x = world.flows(i, j, s);
        if (x == 0) continue;
        Real const t = world.import_tax.empty() ? Real(0) : world.import_tax(i, j, s);
        Real const z = world.export_tax.empty() ? Real(0) : world.export_tax(i, j, s);
        Real const r = world.production_tax.size() == 0 ? Real(0) : world.production_tax(i, s);
        detail::policy_wedge<Real> const w(sector.tariff_on == tariff_base::delivered_price, markup, t,
                                           Real((1 + z) * (1 + r)), not_bundle);
        out.spending(j, s) += x;
        out.bundle(i, s) += w.bundle * x;
        out.services(j, s) += services * w.base * x;
        out.revenue[j] += w.import_revenue * x;
        out.revenue[i] += w.export_revenue * x;
        if (fixed) out.sector_profits(i, s) += phi * w.base * x;
        if (sector.has_entry()) out.entry_base(i, s) += phi * w.base * x;
      }
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      if (out.bundle(i, s) < 0) {
        detail::reject(world.name, detail::place_name(world, "spending on labor and inputs", i, s),
                       static_cast<double>(out.bundle(i, s)),
                       "be at least 0: taxes, fixed costs and profits take more than its sales");
      }
      out.labor_income[i] += labor_share(i, s) * out.bundle(i, s) + out.services(i, s);
      if (sector.scale_base == policy_scale_base::labor) {
        out.entry_base(i, s) = labor_share(i, s) * out.bundle(i, s) + out.services(i, s);
      }
    }
  }
  out.profits = out.sector_profits.rowwise().sum();
  for (Eigen::Index j = 0; j < n; ++j) {
    vector inputs = vector::Zero(sectors);
    if (world.has_inputs()) inputs = world.input_share[static_cast<std::size_t>(j)] * out.bundle.row(j).transpose();
    for (Eigen::Index s = 0; s < sectors; ++s) {
      Real final_demand = out.spending(j, s) - inputs[s];
      if (final_demand < 0 && final_demand > -Real(1e-12) * inputs[s]) final_demand = Real(0);  // rounding
      if (!(final_demand >= 0)) {
        throw domain_error(
            world.name, detail::place_name(world, "final demand", j, s),
            detail::to_short_text(static_cast<double>(final_demand)),
            "be at least 0: the country's firms buy " + detail::to_short_text(static_cast<double>(inputs[s])) +
                " of the sector as inputs and the country only " +
                detail::to_short_text(static_cast<double>(out.spending(j, s))) +
                "; the least that mends it: " + detail::to_short_text(static_cast<double>(-final_demand)) +
                " more spending, or input_share of the sector times " +
                detail::to_short_text(static_cast<double>(out.spending(j, s) / inputs[s])));
      }
      out.final_share(j, s) = final_demand;
      out.income[j] += final_demand;
    }
    detail::require(out.labor_income[j] > 0, world.name, ("labor income of " + world.country_name(j)).c_str(),
                    out.labor_income[j], "be positive: the country sells too little, or pays nobody");
    detail::require(out.income[j] > 0, world.name, ("final demand of " + world.country_name(j)).c_str(), out.income[j],
                    "be positive");
    out.final_share.row(j) /= out.income[j];
  }
  out.deficit = out.income - out.labor_income - out.profits - out.revenue;
  return out;
}

}  // namespace melitz
