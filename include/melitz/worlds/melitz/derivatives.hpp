// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>
#include <melitz/worlds/melitz/world_equilibrium.hpp>

#include <Eigen/LU>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Numbers that belong to the primitives of a world: a small change of each, or the derivative with respect to each.
/// Those of costs, sizes and tariffs are in logs (of 1 + t for tariffs), those of deficits in the numeraire. As a
/// change, what is left empty does not change.
template <real Real = double>
struct world_changes {
  Eigen::MatrixX<Real> iceberg_cost{}, fixed_cost{}, tariff{};  ///< [exporter][importer]
  Eigen::VectorX<Real> labor{}, entry_cost{};
  Eigen::VectorX<Real> deficit{};  ///< lent by country 0, where they do not sum to 0
};

/// Changes of an equilibrium in logs, first-order: elasticities, if one primitive changes by one. Vectors are by
/// country, matrices [exporter][importer], NaN where nobody exports.
template <real Real = double>
struct world_response : world_countries<Real>, world_flows<Real> {
  using real_type = Real;

  static constexpr auto results() {
    return told::table{told::base<world_countries<Real>>(), told::base<world_flows<Real>>()};
  }
};

/// How the equilibrium of a world answers to its primitives, from the derivatives of its conditions, factored once.
/// A response costs one solve, whatever changes; a gradient one solve with the transposed matrix, however many
/// primitives there are.
///
/// Cost: 18 N^3 multiplications once, some 20 N^2 for each response or gradient.
/// At an atom of a law derivatives are those of the side where the cutoff is.
template <real Real = double>
class world_derivatives {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @throws domain_error if the equilibrium is not one of this economy under these laws
  template <class Law>
  world_derivatives(world_economy<Real> const& economy, by_country<Law> const& laws, world_equilibrium<Real> const& at)
      : pairs_(detail::pairs_under(economy, laws)) {
    char const* const where = "world_derivatives";
    if (!at) throw domain_error(where, "equilibrium", to_string(at.reason), "have converged");
    detail::require_extent(where, "equilibrium.wage", at.wage, economy.countries());
    point_ = {at.wage.array().log(), at.demand.array().log(), at.mass_entrants.array().log()};
    pairs_->evaluate(point_.log_wage, point_.log_demand, point_.at);
    conditions_ = std::make_unique<detail::world_conditions<Real>>(*pairs_, point_);
    vector const gaps = conditions_->gaps();
    Real const gap = gaps.template lpNorm<Eigen::Infinity>();
    detail::require(gap < detail::root_of_epsilon<2, Real>(), where, "residual of the equilibrium", gap,
                    "be near 0: it must be that of this economy and these laws");
    expenditure_ = at.expenditure;
    matrix slopes = conditions_->jacobian(gaps, rows);
    conditions_->fix_numeraire(slopes, rows);
    factors_.compute(slopes);
  }

  [[nodiscard]] Eigen::Index countries() const { return pairs_->countries(); }

  /// @throws domain_error for changes of the wrong shape
  [[nodiscard]] world_response<Real> response(world_changes<Real> by) const {
    require_shapes(by);
    if (by.deficit.size() != 0) by.deficit[0] -= by.deficit.sum();
    auto const n = countries();
    Real const r = pairs_->power(), a = pairs_->share();
    vector right = vector::Zero(3 * n);
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const tariff = value(by.tariff, i, j), fixed = value(by.fixed_cost, i, j);
        Real const none(0), delivered = delivery(by, i, j);
        if (detail::same(tariff, none) && detail::same(fixed, none) && detail::same(delivered, none))
          continue;  // as most pairs' often are
        auto const add = [&](Eigen::Index row, Real const& change) { right[row] -= change; };
        auto const own = conditions_->change(i, j, fixed, none, delivered);  // at unchanged wages and demand
        conditions_->spread(i, j, own, none, Real(pairs_->split(i, j).income_slope() * tariff), rows, add);
      }
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      right[i] += value(by.entry_cost, i);
      right[n + i] += spending(by, i);
      right[2 * n + i] -= value(by.deficit, i) / conditions_->owed()[i];
    }
    right[2 * n + conditions_->spare(rows)] = Real(0);
    vector const x = factors_.solve(right);
    auto const wage = x.head(n), demand = x.segment(n, n), entrants = x.tail(n);

    world_response<Real> out;
    out.wage = wage;
    out.wage[0] = Real(0);  // the numeraire
    out.mass_entrants = entrants;
    for (matrix* p : {&out.cutoff, &out.mass_sellers, &out.sales, &out.share}) p->resize(n, n);
    vector revenue = vector::Zero(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const fixed = value(by.fixed_cost, i, j) + a * wage[i] + (1 - a) * wage[j];
        Real const barrier = delivery(by, i, j) + wage[i];
        auto const d = conditions_->change(i, j, fixed, demand[j], barrier);
        auto const split = pairs_->split(i, j);
        Real const v = point_.at.variable(i, j), q = point_.at.fixed(i, j);
        Real const none = detail::not_a_number<Real>;
        out.cutoff(i, j) = v > 0 ? Real((fixed - demand[j]) / r + barrier) : none;
        out.mass_sellers(i, j) = v > 0 ? Real(entrants[i] + d.fixed / q - fixed) : none;
        out.sales(i, j) =
            v > 0 ? Real(entrants[i] + d.variable / v + split.paid_slope() * value(by.tariff, i, j)) : none;
        revenue[j] += conditions_->entrants()[i] * (split.revenue() * (entrants[i] * v + d.variable) +
                                                    split.revenue_slope() * value(by.tariff, i, j) * v);
      }
    }
    out.expenditure.resize(n);
    out.price_index.resize(n);
    out.welfare.resize(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const income = conditions_->income()[j] * (wage[j] + value(by.labor, j));
      out.expenditure[j] = (income + value(by.deficit, j) + revenue[j]) / expenditure_[j];
      out.price_index[j] = (demand[j] - out.expenditure[j]) / r;
      out.welfare[j] = out.expenditure[j] - out.price_index[j] - value(by.labor, j);
    }
    out.share = out.sales.rowwise() - out.expenditure.transpose();
    out.domestic_share = out.share.diagonal();
    return out;
  }

  /// Elasticities with respect to one primitive.
  [[nodiscard]] world_response<Real> to_iceberg_cost(Eigen::Index exporter, Eigen::Index importer) const {
    return response({.iceberg_cost = unit(exporter, importer)});
  }
  [[nodiscard]] world_response<Real> to_fixed_cost(Eigen::Index exporter, Eigen::Index importer) const {
    return response({.fixed_cost = unit(exporter, importer)});
  }
  [[nodiscard]] world_response<Real> to_tariff(Eigen::Index exporter, Eigen::Index importer) const {
    return response({.tariff = unit(exporter, importer)});
  }
  [[nodiscard]] world_response<Real> to_labor(Eigen::Index country) const { return response({.labor = unit(country)}); }
  [[nodiscard]] world_response<Real> to_entry_cost(Eigen::Index country) const {
    return response({.entry_cost = unit(country)});
  }

  /// Derivatives of the log of one number with respect to every primitive.
  [[nodiscard]] world_changes<Real> gradient_of_wage(Eigen::Index country) const {
    vector slope = vector::Zero(3 * countries());
    slope[checked(country)] = Real(1);
    return lent_by_first(gradient(slope));
  }
  [[nodiscard]] world_changes<Real> gradient_of_mass_entrants(Eigen::Index country) const {
    vector slope = vector::Zero(3 * countries());
    slope[2 * countries() + checked(country)] = Real(1);
    return lent_by_first(gradient(slope));
  }
  /// ln W = (1 + 1/r) ln X - ln B/r - ln L, up to a constant.
  [[nodiscard]] world_changes<Real> gradient_of_welfare(Eigen::Index country) const {
    auto const n = countries(), k = checked(country);
    Real const r = pairs_->power(), a = pairs_->share(), weight = (1 + 1 / r) / expenditure_[k];
    vector slope = vector::Zero(3 * n);
    slope[k] = weight * conditions_->income()[k];
    slope[n + k] = -1 / r;
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const each = weight * conditions_->entrants()[i] * pairs_->split(i, k).revenue();
      slope[i] += each * conditions_->change(i, k, a, Real(0), Real(1)).variable;
      slope[k] += each * conditions_->change(i, k, Real(1 - a), Real(0), Real(0)).variable;
      slope[n + k] += each * conditions_->change(i, k, Real(0), Real(1), Real(0)).variable;
      slope[2 * n + i] += each * point_.at.variable(i, k);
    }
    auto out = gradient(slope);
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const split = pairs_->split(i, k);
      Real const entrants = weight * conditions_->entrants()[i], each = entrants * split.revenue();
      auto const farther = conditions_->change(i, k, Real(0), Real(0), Real(1));
      out.iceberg_cost(i, k) += each * farther.variable;
      out.fixed_cost(i, k) += each * conditions_->change(i, k, Real(1), Real(0), Real(0)).variable;
      out.tariff(i, k) +=
          each * split.cost_slope() * farther.variable + entrants * split.revenue_slope() * point_.at.variable(i, k);
    }
    out.labor[k] += weight * conditions_->income()[k] - 1;
    out.deficit[k] += weight;
    return lent_by_first(std::move(out));
  }

 private:
  [[nodiscard]] Eigen::Index checked(Eigen::Index country) const {
    if (country < 0 || country >= countries()) {
      throw domain_error("world_derivatives", "country", std::to_string(country),
                         "be at least 0 and less than the number of countries, " + std::to_string(countries()));
    }
    return country;
  }
  [[nodiscard]] vector unit(Eigen::Index country) const {
    vector out = vector::Zero(countries());
    out[checked(country)] = Real(1);
    return out;
  }
  [[nodiscard]] matrix unit(Eigen::Index exporter, Eigen::Index importer) const {
    matrix out = matrix::Zero(countries(), countries());
    out(checked(exporter), checked(importer)) = Real(1);
    return out;
  }
  [[nodiscard]] static Real value(vector const& x, Eigen::Index i) { return x.size() == 0 ? Real(0) : x[i]; }
  [[nodiscard]] static Real value(matrix const& x, Eigen::Index i, Eigen::Index j) {
    return x.size() == 0 ? Real(0) : x(i, j);
  }
  void require_shapes(world_changes<Real> const& by) const {
    char const* const where = "world_changes";
    auto const check = [&](char const* name, auto const& x) {
      if (x.size() != 0) detail::require_extent(where, name, x, countries());
    };
    check("iceberg_cost", by.iceberg_cost);
    check("fixed_cost", by.fixed_cost);
    check("tariff", by.tariff);
    check("labor", by.labor);
    check("entry_cost", by.entry_cost);
    check("deficit", by.deficit);
  }

  [[nodiscard]] Real delivery(world_changes<Real> const& by, Eigen::Index i, Eigen::Index j) const {
    return Real(value(by.iceberg_cost, i, j) + pairs_->split(i, j).cost_slope() * value(by.tariff, i, j));
  }
  /// Change of w_j L_j + D_j at unchanged wages, relative.
  [[nodiscard]] Real spending(world_changes<Real> const& by, Eigen::Index j) const {
    return Real((conditions_->income()[j] * value(by.labor, j) + value(by.deficit, j)) / conditions_->budget()[j]);
  }

  /// Derivatives by deficits that country 0 lends, from those by deficits that the spare country is short of.
  [[nodiscard]] static world_changes<Real> lent_by_first(world_changes<Real> out) {
    out.deficit.array() -= Real(out.deficit[0]);
    return out;
  }

  /// @param slope  of a number in the logs of wages, demand and entrants
  [[nodiscard]] world_changes<Real> gradient(vector const& slope) const {
    auto const n = countries();
    vector weight = factors_.transpose().solve(vector(-slope));
    weight[2 * n + conditions_->spare(rows)] = Real(0);
    world_changes<Real> out{matrix(n, n), matrix(n, n), matrix(n, n), vector(n), vector(n), vector(n)};
    typename detail::world_conditions<Real>::worth const worth(*conditions_, weight);
    Real const none(0);
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        auto const split = pairs_->split(i, j);
        out.iceberg_cost(i, j) = worth(i, j, conditions_->change(i, j, none, none, Real(1)));
        out.fixed_cost(i, j) = worth(i, j, conditions_->change(i, j, Real(1), none, none));
        out.tariff(i, j) = split.cost_slope() * out.iceberg_cost(i, j) + worth.of_income(i, j, split.income_slope());
      }
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const budget = conditions_->budget()[i];
      out.entry_cost[i] = -weight[i];
      out.labor[i] = -weight[n + i] * conditions_->income()[i] / budget;
      out.deficit[i] = weight[2 * n + i] / conditions_->owed()[i] - weight[n + i] / budget;
    }
    return out;
  }

  static constexpr auto rows = detail::last_rows::payments;

  std::unique_ptr<detail::world_pairs<Real>> pairs_;
  detail::world_point<Real> point_{};
  std::unique_ptr<detail::world_conditions<Real>> conditions_;
  vector expenditure_{};
  Eigen::PartialPivLU<matrix> factors_{};
};

/// How an equilibrium answers to the primitives. @throws domain_error
/// Example:
///   auto const d = derivatives(world, laws, solve(world, laws));
///   d.to_iceberg_cost(0, 1).welfare[2];           // one shock, all answers
///   d.gradient_of_welfare(2).iceberg_cost(0, 1);  // all shocks, one answer: the same number
template <real Real, class Law>
[[nodiscard]] world_derivatives<Real> derivatives(world_economy<Real> const& economy, by_country<Law> const& laws,
                                                  world_equilibrium<Real> const& at) {
  return {economy, laws, at};
}
/// The same law in all countries.
template <real Real, productivity_law Law>
[[nodiscard]] world_derivatives<Real> derivatives(world_economy<Real> const& economy, Law const& law,
                                                  world_equilibrium<Real> const& at) {
  return {economy, by_country<Law>{{law}}, at};
}

}  // namespace melitz
