// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/menu/piecewise_linear.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/world/entry.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace melitz {

/// One sector of a multinational_world. Fixed costs and the cost of entry are the same everywhere unless factors say
/// how they differ.
template <real Real = double>
struct multinational_sector {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;            ///< sigma > 1, of substitution between varieties
  Real fixed_cost = detail::not_a_number<Real>;            ///< f_D > 0, per period, in labour
  Real entry_cost = detail::not_a_number<Real>;            ///< f_E > 0, sunk, in labour
  Real death_rate = detail::not_a_number<Real>;            ///< delta in (0, 1], per period
  Real export_fixed_cost = detail::not_a_number<Real>;     ///< f_X > 0, per period and market; may be infinite
  Real affiliate_fixed_cost = detail::not_a_number<Real>;  ///< f_I > 0, per period and market; may be infinite
  Real expenditure_share = detail::not_a_number<Real>;     ///< beta in (0, 1), of income
  Eigen::MatrixX<Real> iceberg_cost{};                     ///< tau(from, to) >= 1, 1 at home; may be infinite
  fixed_cost_covers covers = fixed_cost_covers::any_sale;  ///< what fixed_cost is paid for

  // Where costs differ: what each is times its number above, > 0; left empty, 1 everywhere.
  Eigen::VectorX<Real> fixed_cost_factor{};            ///< of firms from each country
  Eigen::VectorX<Real> entry_cost_factor{};            ///< in each country
  Eigen::MatrixX<Real> export_fixed_cost_factor{};     ///< (from, to); what stands on the diagonal is not used
  Eigen::MatrixX<Real> affiliate_fixed_cost_factor{};  ///< (from, to); what stands on the diagonal is not used

  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, where its factor is 1.
  [[nodiscard]] Real required_profit() const { return Real(death_rate * entry_cost); }

  /// The costs in a country, or between two of them. @pre valid
  [[nodiscard]] Real required_profit_in(Eigen::Index country) const {
    return Real(required_profit() * factor(entry_cost_factor, country, 0));
  }
  [[nodiscard]] Real fixed_cost_of(Eigen::Index from) const {
    return Real(fixed_cost * factor(fixed_cost_factor, from, 0));
  }
  [[nodiscard]] Real export_fixed_cost_of(Eigen::Index from, Eigen::Index to) const {
    return Real(export_fixed_cost * factor(export_fixed_cost_factor, from, to));
  }
  [[nodiscard]] Real affiliate_fixed_cost_of(Eigen::Index from, Eigen::Index to) const {
    return Real(affiliate_fixed_cost * factor(affiliate_fixed_cost_factor, from, to));
  }

  /// The same sector where all foreign markets are as far away as they are on average, and all countries as large.
  /// @pre the iceberg costs are square
  [[nodiscard]] multinational_economy<Real> symmetric(Real const& labor) const {
    auto const n = iceberg_cost.rows();
    Real const mean =
        n > 1 ? Real((iceberg_cost.sum() - iceberg_cost.trace()) / static_cast<double>(n * (n - 1))) : Real(1);
    return {{{elasticity, fixed_cost, entry_cost, death_rate, labor},
             Real(static_cast<double>(n - 1)),
             mean,
             export_fixed_cost},
            affiliate_fixed_cost,
            expenditure_share,
            covers};
  }

  /// @throws domain_error naming the first member that is out of range
  void validate(Eigen::Index countries) const {
    char const* const where = "multinational_sector";
    detail::require(iceberg_cost.rows() == countries && iceberg_cost.cols() == countries, where,
                    "number of iceberg costs", static_cast<double>(iceberg_cost.size()),
                    "be the square of the number of countries");
    for (Eigen::Index i = 0; i < countries; ++i) {
      for (Eigen::Index j = 0; j < countries; ++j) {
        auto const name = "iceberg_cost(" + std::to_string(i) + ", " + std::to_string(j) + ")";
        Real const& tau = iceberg_cost(i, j);
        detail::require(i == j ? tau == 1 : tau >= 1, where, name.c_str(), tau, i == j ? "be 1" : "be at least 1");
      }
    }
    validate_factors("fixed_cost_factor", fixed_cost_factor, countries, 1);
    validate_factors("entry_cost_factor", entry_cost_factor, countries, 1);
    validate_factors("export_fixed_cost_factor", export_fixed_cost_factor, countries, countries);
    validate_factors("affiliate_fixed_cost_factor", affiliate_fixed_cost_factor, countries, countries);
    symmetric(Real(1)).validate();
  }

 private:
  template <class Factors>
  [[nodiscard]] static Real factor(Factors const& factors, Eigen::Index row, Eigen::Index column) {
    return factors.size() == 0 ? Real(1) : factors(row, column);
  }
  template <class Factors>
  static void validate_factors(char const* what, Factors const& factors, Eigen::Index rows, Eigen::Index columns) {
    char const* const where = "multinational_sector";
    if (factors.size() == 0) return;
    detail::require(
        factors.rows() == rows && factors.cols() == columns, where, (std::string("number of ") + what + "s").c_str(),
        static_cast<double>(factors.size()),
        columns == 1 ? "be the number of countries, or 0" : "be the square of the number of countries, or 0");
    for (Eigen::Index i = 0; i < rows; ++i) {
      for (Eigen::Index j = 0; j < columns; ++j) {
        if (columns > 1 && i == j) continue;
        auto const name = std::string(what) + '(' + std::to_string(i) +
                          (columns > 1 ? ", " + std::to_string(j) : std::string()) + ')';
        detail::require(factors(i, j) > 0 && detail::is_finite(factors(i, j)), where, name.c_str(), factors(i, j),
                        "be positive and finite");
      }
    }
  }
};

/// Equilibrium of one sector; vectors are by country, matrices (from, to), their diagonals 0 for flows and shares and
/// infinite for cutoffs. A choice that no firm would make, however productive or not, has an infinite cutoff.
template <real Real = double>
struct multinational_sector_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< of free entry where anyone enters, the largest
  int iterations = 0;                          ///< Newton steps

  vector demand{};                  ///< A
  vector profit_over_entry_cost{};  ///< 1, or less where nobody enters
  vector mass_entrants{};           ///< alive, that drew their productivity in the country; 0 where entry does not pay
  vector mass_producers{};
  vector price_index{};          ///< P
  vector cutoff{};               ///< phi_D, of producing
  vector home_cutoff{};          ///< least productivity of who sells at home
  matrix export_cutoff{};        ///< phi_X
  matrix affiliate_cutoff{};     ///< phi_I
  matrix share_exporting{};      ///< of producers at the origin
  matrix share_multinational{};  ///< of producers at the origin, those with an affiliate in the market
  vector domestic_sales{};       ///< in wages
  matrix export_sales{};         ///< in wages
  matrix affiliate_sales{};      ///< in wages; made where they are sold
  vector labor{};                ///< employed by the sector in the country, foreigners' affiliates included

  multinational_sector_equilibrium() = default;
  /// All numbers NaN, for that many countries.
  multinational_sector_equilibrium(status why, Eigen::Index countries) : reason(why) {
    Real const none = detail::not_a_number<Real>;
    for (vector multinational_sector_equilibrium::*v :
         {&multinational_sector_equilibrium::demand, &multinational_sector_equilibrium::profit_over_entry_cost,
          &multinational_sector_equilibrium::mass_entrants, &multinational_sector_equilibrium::mass_producers,
          &multinational_sector_equilibrium::price_index, &multinational_sector_equilibrium::cutoff,
          &multinational_sector_equilibrium::home_cutoff, &multinational_sector_equilibrium::domestic_sales,
          &multinational_sector_equilibrium::labor}) {
      (this->*v).setConstant(countries, none);
    }
    for (matrix multinational_sector_equilibrium::*m :
         {&multinational_sector_equilibrium::export_cutoff, &multinational_sector_equilibrium::affiliate_cutoff,
          &multinational_sector_equilibrium::share_exporting, &multinational_sector_equilibrium::share_multinational,
          &multinational_sector_equilibrium::export_sales, &multinational_sector_equilibrium::affiliate_sales}) {
      (this->*m).setConstant(countries, countries, none);
    }
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Exports over what affiliates sell; infinite without affiliates, NaN if neither sells.
  [[nodiscard]] Real exports_over_affiliate_sales(Eigen::Index from, Eigen::Index to) const {
    return Real(export_sales(from, to) / affiliate_sales(from, to));
  }
};

namespace detail {

/// The firms of a sector by origin. What a firm makes of one market does not depend on the others: only the overhead,
/// where there is one, ties them together, through the least size at which a firm produces at all.
template <productivity_tail Tail>
class multinational_firms {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;
  enum class way { home, exports, affiliate };

  /// From the scaled size A_market x on, a firm serves the market this way.
  struct choice {
    Eigen::Index market;
    way how;
    Real from;
    Real slope;  ///< operating profit per unit of A_market x
    Real gain;   ///< by how much that exceeds what it was below
    Real cost;   ///< fixed
  };

  multinational_firms(multinational_sector<Real> const& sector, Tail const& tail)
      : sector_(sector), tail_(tail), countries_(sector.iceberg_cost.rows()) {
    bool const overhead = sector.covers == fixed_cost_covers::any_sale;
    for (Eigen::Index i = 0; i < countries_; ++i) {
      auto& own = choices_.emplace_back();
      auto& markets = markets_.emplace_back();
      for (Eigen::Index j = 0; j < countries_; ++j) {
        if (i == j && overhead) {
          own.push_back({j, way::home, Real(0), Real(1), Real(1), Real(0)});
          markets.push_back({Real(0), Real(1)});
          continue;
        }
        menu<Real> options;
        if (i == j) {
          options.push_back({"home", Real(1), sector.fixed_cost_of(i)});
        } else {
          Real const freeness = 1 / power_of(sector.iceberg_cost(i, j), sector.size_exponent());
          if (freeness > 0 && is_finite(sector.export_fixed_cost)) {
            options.push_back({"export", freeness, sector.export_fixed_cost_of(i, j)});
          }
          if (is_finite(sector.affiliate_fixed_cost)) {
            options.push_back({"affiliate", Real(1), sector.affiliate_fixed_cost_of(i, j)});
          }
        }
        if (options.empty()) {
          markets.push_back({});
          continue;
        }
        markets.emplace_back(options);
        auto const kept = hull(options);  // exit first
        for (std::size_t k = 1; k < kept.size(); ++k) {
          way const how = i == j ? way::home : kept[k].name == "export" ? way::exports : way::affiliate;
          own.push_back(
              {j, how, kept[k].threshold, kept[k].slope, Real(kept[k].slope - kept[k - 1].slope), kept[k].fixed_cost});
        }
      }
    }
  }

  [[nodiscard]] Eigen::Index countries() const { return countries_; }
  [[nodiscard]] std::vector<choice> const& choices(Eigen::Index from) const {
    return choices_[static_cast<std::size_t>(from)];
  }

  /// Survival, E[x 1{x >= size}] and the like at a size x = phi^r.
  struct tail_at_size {
    Real survival, moment, excess, density;
  };
  [[nodiscard]] tail_at_size at(Real const& size) const {
    using std::exp, std::log;
    if (!is_finite(size)) return {Real(0), Real(0), Real(0), Real(0)};
    if (size == 0) return {Real(1), Real(exp(tail_.log_moment())), Real(0), Real(0)};
    auto const p = tail_.at(Real(log(size) / tail_.power()));
    Real const scale = exp(p.log_scale);
    return {Real(p.survival * scale), Real(size * scale * p.moment()), Real(size * scale * p.excess),
            Real(size * scale * p.density / tail_.power())};
  }

  /// Size below which the overhead does not pay; 0 without an overhead.
  [[nodiscard]] Real least_size(Eigen::Index from, vector const& demand) const {
    if (sector_.covers == fixed_cost_covers::home_sales) return Real(0);
    convex_piecewise_linear<Real> profit(Real(-sector_.fixed_cost_of(from)), Real(0));
    for (Eigen::Index j = 0; j < countries_; ++j) {
      profit = profit + markets_[static_cast<std::size_t>(from)][static_cast<std::size_t>(j)].stretched(demand[j]);
    }
    return max(profit, {}).bends().front().at;
  }

  /// What an entrant of a country expects, over the cost of entry.
  [[nodiscard]] entrant_prospects<Real> prospects(Eigen::Index from, vector const& demand) const {
    Real const least = least_size(from, demand);
    vector at_least = vector::Zero(countries_);  // slopes of the smallest producers
    entrant_prospects<Real> out{Real(0), vector::Zero(countries_), Eigen::MatrixX<Real>::Zero(countries_, countries_)};
    for (auto const& c : choices(from)) {
      Real const size = c.from / demand[c.market], slope = c.gain * demand[c.market];
      if (size <= least) {
        at_least[c.market] += slope;
        continue;
      }
      auto const beyond = at(size);
      out.profit += slope * beyond.excess;
      out.by_market[c.market] += slope * beyond.moment;
      out.curvature(c.market, c.market) += slope * beyond.density;
    }
    if (Real const slope = at_least.sum(); slope > 0) {
      auto const beyond = at(least);
      out.profit += slope * beyond.excess;
      out.by_market += at_least * beyond.moment;
      out.curvature += at_least * at_least.transpose() * (beyond.density / slope);
    }
    out.curvature.diagonal() += out.by_market;
    Real const cost = sector_.required_profit_in(from);
    out.profit /= cost;
    out.by_market /= cost;
    out.curvature /= cost;
    return out;
  }

 private:
  multinational_sector<Real> const& sector_;
  Tail const& tail_;
  Eigen::Index countries_;
  std::vector<std::vector<choice>> choices_;
  std::vector<std::vector<convex_piecewise_linear<Real>>> markets_;
};

/// All that follows from the demand shifters and the masses of entrants.
template <productivity_tail Tail>
void fill(multinational_sector_equilibrium<typename Tail::real_type>& out,
          multinational_sector<typename Tail::real_type> const& sector,
          Eigen::VectorX<typename Tail::real_type> const& labor, multinational_firms<Tail> const& firms) {
  using Real = typename Tail::real_type;
  using way = typename multinational_firms<Tail>::way;
  using std::max, std::pow;
  Real const sigma = sector.elasticity, root = 1 / sector.size_exponent(), rho = sector.size_exponent() / sigma;
  auto const n = firms.countries();
  out.labor.setZero();
  out.domestic_sales.setZero();
  for (auto* m : {&out.share_exporting, &out.share_multinational, &out.export_sales, &out.affiliate_sales})
    m->setZero();
  for (auto* m : {&out.export_cutoff, &out.affiliate_cutoff}) m->setConstant(infinity<Real>);
  out.home_cutoff.setConstant(infinity<Real>);
  for (Eigen::Index i = 0; i < n; ++i) {
    Real const entrants = out.mass_entrants[i], least = firms.least_size(i, out.demand);
    Real smallest = infinity<Real>;  // of who sells anything anywhere
    out.price_index[i] = pow(Real(sigma * out.demand[i] / (sector.expenditure_share * labor[i])), root) / rho;
    out.labor[i] += entrants * sector.required_profit_in(i);
    auto const& choices = firms.choices(i);
    for (std::size_t k = 0; k < choices.size(); ++k) {
      auto const& c = choices[k];
      bool const last = k + 1 == choices.size() || choices[k + 1].market != c.market;
      Real const from = max(Real(c.from / out.demand[c.market]), least);
      Real const to = last ? infinity<Real> : Real(choices[k + 1].from / out.demand[c.market]);
      if (!(from < to)) continue;
      smallest = std::min(smallest, from);
      auto const begin = firms.at(from), end = firms.at(to);
      Real const mass = entrants * (begin.survival - end.survival);
      Real const sales = entrants * (sigma * out.demand[c.market] * c.slope) * (begin.moment - end.moment);
      Real const cutoff = pow(from, root), work = rho * sales + c.cost * mass;
      switch (c.how) {
        case way::home:
          out.home_cutoff[i] = cutoff;
          out.domestic_sales[i] = sales;
          out.labor[i] += work;
          break;
        case way::exports:
          out.export_cutoff(i, c.market) = cutoff;
          out.share_exporting(i, c.market) = begin.survival - end.survival;  // of entrants so far
          out.export_sales(i, c.market) = sales;
          out.labor[i] += work;
          break;
        case way::affiliate:
          out.affiliate_cutoff(i, c.market) = cutoff;
          out.share_multinational(i, c.market) = begin.survival - end.survival;
          out.affiliate_sales(i, c.market) = sales;
          out.labor[c.market] += work;
          break;
      }
    }
    Real const active = firms.at(smallest).survival;
    out.cutoff[i] = pow(smallest, root);
    out.mass_producers[i] = entrants * active;
    if (sector.covers == fixed_cost_covers::any_sale) out.labor[i] += sector.fixed_cost_of(i) * out.mass_producers[i];
    out.share_exporting.row(i) /= active;
    out.share_multinational.row(i) /= active;
  }
}

/// @param place  of the sector, for messages
template <productivity_tail Tail>
[[nodiscard]] multinational_sector_equilibrium<typename Tail::real_type> try_solve_sector(
    multinational_sector<typename Tail::real_type> const& sector, Eigen::VectorX<typename Tail::real_type> const& labor,
    Tail const& tail, std::size_t place, world_options const& how) {
  using Real = typename Tail::real_type;
  auto const n = labor.size();
  multinational_sector_equilibrium<Real> out(status::not_solved, n);
  auto const common = try_solve(sector.symmetric(labor.mean()), tail);
  if (!common) {
    out.reason = common.reason;
    return out;
  }
  multinational_firms<Tail> const firms(sector, tail);
  auto const entry =
      solve_entry<Real>([&](Eigen::Index i, Eigen::VectorX<Real> const& demand) { return firms.prospects(i, demand); },
                        Eigen::VectorX<Real>::Constant(n, common.choices.log_demand),
                        sector.expenditure_share / (sector.elasticity * sector.required_profit()) * labor, how);
  out.reason = entry.reason;
  out.iterations = entry.iterations;
  if (!out) return out;
  auto const where = "multinational_world, sector " + std::to_string(place);
  if (!entry.determined) {
    throw domain_error(
        where, "where firms enter", "undetermined",
        "be determined: in some countries they serve all markets alike and could as well be from another");
  }
  if (!how.allow_no_entrants) {
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const name = "expected profit over entry cost in country " + std::to_string(i);
      require(entry.entrants[i] > 0, where, name.c_str(), entry.profit[i],
              "be 1: nobody enters there, which world_options::allow_no_entrants accepts");
    }
  }
  out.residual = entry.residual;
  out.demand = entry.log_demand.array().exp();
  out.profit_over_entry_cost = entry.profit;
  // The solver counts entrants by what their entry costs.
  for (Eigen::Index i = 0; i < n; ++i) {
    out.mass_entrants[i] = entry.entrants[i] * (sector.required_profit() / sector.required_profit_in(i));
  }
  fill(out, sector, labor, firms);
  return out;
}

}  // namespace detail
}  // namespace melitz
