// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/outside_labor.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz_ottaviano/cost_moments.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Markups that answer to competition, after Melitz and Ottaviano (2008): linear demand for a variety at home and
/// abroad,
///   U = q_0 + alpha Q - gamma/2 integral q^2 - eta/2 Q^2,   Q = integral q,
/// and an outside good q_0, made one for one from labour everywhere, that keeps wages at 1. Countries are counted from
/// 0.
template <real Real = double>
struct melitz_ottaviano_world {
  using real_type = Real;

  Real choke_price = detail::not_a_number<Real>;      ///< alpha > 0, above which a variety is not bought at all
  Real differentiation = detail::not_a_number<Real>;  ///< gamma > 0: how much varieties differ; 0 if they did not
  Real substitution = detail::not_a_number<Real>;     ///< eta > 0: how much varieties replace the outside good
  Eigen::VectorX<Real> consumers{};                   ///< L > 0, by country
  Eigen::VectorX<Real> entry_cost{};                  ///< f_E > 0, sunk, in labour, by country
  Eigen::MatrixX<Real> iceberg_cost{};                ///< tau(from, to) >= 1, 1 at home; may be infinite
  Real death_rate = Real(1);                          ///< delta in (0, 1], per period; 1 in the paper
  Real labor_per_consumer = Real(1);                  ///< > 0; with wages of 1 also a consumer's income

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "melitz_ottaviano_world";
    auto const positive = [&](char const* name, Real const& x) {
      detail::require(x > 0 && detail::is_finite(x), where, name, x, "be positive and finite");
    };
    positive("choke_price", choke_price);
    positive("differentiation", differentiation);
    positive("substitution", substitution);
    detail::require(consumers.size() > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "consumers", consumers, consumers.size());
    detail::require_positive_by_country(where, "entry_cost", entry_cost, consumers.size());
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, consumers.size());
    detail::require(death_rate > 0 && death_rate <= 1, where, "death_rate", death_rate, "be in (0, 1]");
    positive("labor_per_consumer", labor_per_consumer);
  }
};

/// Equilibrium of a melitz_ottaviano_world; vectors are by country, as a market unless said otherwise, matrices (from,
/// to). Prices, costs and sales are in wages. Check `reason` (or the conversion to bool) first: unless it converged all
/// numbers are NaN.
template <real Real = double>
struct melitz_ottaviano_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< of free entry and of alpha = c_D + eta Q, the largest
  int iterations = 0;                          ///< Newton steps

  vector cutoff{};                  ///< c_D: delivered cost, and price, at which nothing is sold any more
  vector mass_entrants{};           ///< N_E, by origin, alive; 0 where entry does not pay
  vector profit_over_entry_cost{};  ///< of an entrant, by origin: 1, or less where nobody enters
  vector mass_sellers{};            ///< N, from everywhere
  vector average_cost{};            ///< delivered: iceberg cost times labour per unit, over the market's sellers
  vector average_price{};           ///< the same of prices, markups p - c, quantities and operating profits
  vector average_markup{};
  vector price_variance{};
  vector average_quantity{};
  vector average_profit{};
  vector spending_per_consumer{};           ///< on the differentiated good
  vector welfare{};                         ///< utility of a consumer, in units of the outside good
  vector utility_minus_income{};            ///< what the differentiated good adds to it: consumer surplus
  vector outside_labor{};                   ///< workers, of the origin, that make the outside good; at least 0
  vector consumers_over_differentiation{};  ///< L/gamma: what a firm's demand scales with

  matrix sellers{};      ///< firms of the origin in the market
  matrix cost_cutoff{};  ///< labour per unit below which they sell there: c_D/tau; 0 without trade
  matrix sales{};        ///< in wages

  melitz_ottaviano_equilibrium() = default;
  /// All numbers NaN, for that many countries.
  melitz_ottaviano_equilibrium(status why, Eigen::Index n) : reason(why) {
    Real const none = detail::not_a_number<Real>;
    for (auto* v : {&cutoff, &mass_entrants, &profit_over_entry_cost, &mass_sellers, &average_cost, &average_price,
                    &average_markup, &price_variance, &average_quantity, &average_profit, &spending_per_consumer,
                    &welfare, &utility_minus_income, &outside_labor, &consumers_over_differentiation}) {
      v->setConstant(n, none);
    }
    for (auto* m : {&sellers, &cost_cutoff, &sales}) m->setConstant(n, n, none);
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  // What a firm does in a market whose delivered cost there, iceberg cost times labour per unit, is given.
  /// (c_D + cost)/2; NaN if it does not sell there.
  [[nodiscard]] Real price(Eigen::Index market, Real const& delivered_cost) const {
    return delivered_cost <= cutoff[market] ? Real((cutoff[market] + delivered_cost) / 2) : detail::not_a_number<Real>;
  }
  /// Price less delivered cost, (c_D - cost)/2; NaN if it does not sell there.
  [[nodiscard]] Real markup(Eigen::Index market, Real const& delivered_cost) const {
    return Real(price(market, delivered_cost) - delivered_cost);
  }
  /// L (c_D - cost)/(2 gamma); 0 if it does not sell there.
  [[nodiscard]] Real quantity(Eigen::Index market, Real const& delivered_cost) const {
    if (!(delivered_cost <= cutoff[market])) return Real(cutoff[market] * 0);
    return Real(consumers_over_differentiation[market] * (cutoff[market] - delivered_cost) / 2);
  }
  /// L (c_D - cost)^2/(4 gamma); 0 if it does not sell there.
  [[nodiscard]] Real profit(Eigen::Index market, Real const& delivered_cost) const {
    Real const sold = quantity(market, delivered_cost);
    return sold > 0 ? Real(sold * (cutoff[market] - delivered_cost) / 2) : sold;
  }
};

namespace detail {

/// The objective of the program whose multipliers are the masses of entrants, in u = c_D/alpha:
/// sum_h L_h alpha^2/eta (u_h - u_h^2/2).
template <real Real>
struct quadratic_objective {
  using vector = Eigen::VectorX<Real>;
  static constexpr int crowding = 3;

  vector scale;

  [[nodiscard]] vector slopes(vector const& u) const { return scale.cwiseProduct(vector(1 - u.array())); }
  [[nodiscard]] vector curvature(vector const&) const { return -scale; }
  /// The account is alpha = c_h + eta Q_h, of which the choke price is the larger side.
  [[nodiscard]] vector const& size() const { return scale; }
  [[nodiscard]] vector unit(vector const& u) const { return u.cwiseAbs(); }
};

/// The firms of a world with linear demand.
template <productivity_tail Tail>
class melitz_ottaviano_firms {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;

  melitz_ottaviano_firms(melitz_ottaviano_world<Real> const& world, std::vector<cost_moments<Tail>> const& costs)
      : world_(world), costs_(costs) {}

  [[nodiscard]] Eigen::Index countries() const { return world_.consumers.size(); }
  [[nodiscard]] Real cost_cutoff(Eigen::Index from, Eigen::Index to, Real const& cutoff) const {
    Real const& tau = world_.iceberg_cost(from, to);
    return is_finite(tau) ? Real(cutoff / tau) : Real(0);
  }
  [[nodiscard]] cost_point<Real> at(Eigen::Index from, Real const& cost) const {
    return costs_[costs_.size() == 1 ? 0 : static_cast<std::size_t>(from)].at(cost);
  }

  /// What an entrant earns over its cost, sum_h L_h tau^2 E[(c_D/tau - c)^2 1{...}]/(4 gamma delta f_E), by u.
  [[nodiscard]] entrant_prospects<Real, vector> prospects(Eigen::Index from, vector const& u) const {
    auto const n = countries();
    entrant_prospects<Real, vector> out{Real(0), vector::Zero(n), vector::Zero(n)};
    Real const cost = 4 * world_.differentiation * world_.death_rate * world_.entry_cost[from];
    for (Eigen::Index h = 0; h < n; ++h) {
      Real const x = cost_cutoff(from, h, Real(world_.choke_price * u[h]));
      if (!(x > 0)) continue;
      Real const tau = world_.iceberg_cost(from, h), weight = world_.consumers[h] / cost;
      auto const below = at(from, x);
      out.profit += weight * tau * tau * below.square;
      out.by_market[h] = 2 * weight * world_.choke_price * tau * below.gap;
      out.curvature[h] = 2 * weight * world_.choke_price * world_.choke_price * below.share;
    }
    return out;
  }

  /// The same u in all markets at which entry pays on average: where to begin.
  [[nodiscard]] vector start() const {
    using std::exp, std::log;
    auto const n = countries();
    Real low(0), u(1);
    for (int k = 0; k < 40; ++k) {
      Real profit(0), slope(0);
      for (Eigen::Index i = 0; i < n; ++i) {
        auto const p = prospects(i, vector::Constant(n, u));
        profit += p.profit / static_cast<double>(n);
        slope += p.by_market.sum() / static_cast<double>(n);
      }
      if (!is_finite(profit) || (profit > Real(0.99) && profit < Real(1.5))) break;
      if (profit <= 1) {
        if (u == 1) break;
        low = u;
      }
      Real next = profit > 0 ? Real(u * exp(Real(-log(profit) * profit / (slope * u)))) : Real(2 * u);
      if (!(next > low)) next = (low + u) / 2;
      u = next < 1 ? next : Real(1);
    }
    return vector::Constant(n, u);
  }

 private:
  melitz_ottaviano_world<Real> const& world_;
  std::vector<cost_moments<Tail>> const& costs_;
};

/// All that follows from the cutoffs and the masses of entrants.
template <productivity_tail Tail>
void fill(melitz_ottaviano_equilibrium<typename Tail::real_type>& out,
          melitz_ottaviano_world<typename Tail::real_type> const& world, melitz_ottaviano_firms<Tail> const& firms) {
  using Real = typename Tail::real_type;
  auto const n = firms.countries();
  Real const alpha = world.choke_price, gamma = world.differentiation, eta = world.substitution;
  out.consumers_over_differentiation = world.consumers / gamma;
  out.outside_labor = world.labor_per_consumer * world.consumers;
  for (Eigen::Index h = 0; h < n; ++h) {
    Real const cutoff = out.cutoff[h], size = out.consumers_over_differentiation[h];
    Real sellers(0), gap(0), square(0);  // of c_D less delivered cost
    for (Eigen::Index l = 0; l < n; ++l) {
      Real const x = firms.cost_cutoff(l, h, cutoff), entrants = out.mass_entrants[l];
      out.cost_cutoff(l, h) = x;
      out.sellers(l, h) = out.sales(l, h) = Real(0);
      if (!(x > 0)) continue;
      auto const below = firms.at(l, x);
      Real const tau = world.iceberg_cost(l, h);
      Real const first = entrants * tau * below.gap, second = entrants * tau * tau * below.square;
      out.sellers(l, h) = entrants * below.share;
      out.sales(l, h) = size / 4 * (2 * cutoff * first - second);
      sellers += out.sellers(l, h);
      gap += first;
      square += second;
    }
    out.mass_sellers[h] = sellers;
    out.average_markup[h] = gap / sellers / 2;
    out.average_cost[h] = cutoff - gap / sellers;
    out.average_price[h] = cutoff - gap / sellers / 2;
    Real const variance = (square / sellers - (gap / sellers) * (gap / sellers)) / 4;
    out.price_variance[h] = variance > 0 ? variance : Real(0);
    out.average_quantity[h] = size * gap / sellers / 2;
    out.average_profit[h] = size * square / sellers / 4;
    out.spending_per_consumer[h] = out.sales.col(h).sum() / world.consumers[h];
    Real const below_choke = alpha - out.average_price[h];
    out.utility_minus_income[h] =
        below_choke * below_choke / (2 * (eta + gamma / sellers)) + sellers / (2 * gamma) * out.price_variance[h];
    out.welfare[h] = world.labor_per_consumer + out.utility_minus_income[h];
    Real const demand = (cutoff + gap * eta / (2 * gamma)) / alpha - 1;
    out.residual = std::max(out.residual, demand < 0 ? Real(-demand) : demand);
  }
  out.outside_labor -= out.sales.rowwise().sum();
}

/// @throws domain_error where the world is not the model's
template <real Real>
void require_outside_good(melitz_ottaviano_world<Real> const& world, melitz_ottaviano_equilibrium<Real>& solved) {
  char const* const where = "melitz_ottaviano_world";
  for (Eigen::Index h = 0; h < world.consumers.size(); ++h) {
    Real const spent = solved.spending_per_consumer[h];
    require(spent < world.labor_per_consumer, where, ("spending_per_consumer(" + std::to_string(h) + ")").c_str(),
            spent, "be below income, labor_per_consumer: else nothing is left for the outside good");
  }
  require_outside_labor(where, solved.outside_labor, Eigen::VectorX<Real>(world.labor_per_consumer * world.consumers));
}

}  // namespace detail

/// Solves free entry and demand,
///   sum_h L_h/(4 gamma) E[(c_h - tau_lh c)^2 1{tau_lh c <= c_h}] <= delta f_l, with equality where N_l > 0,
///   sum_l N_l E[(c_h - tau_lh c) 1{...}] = 2 gamma (alpha - c_h)/eta,
/// the conditions of a convex program: there is one solution for the cutoffs c_h, whatever the laws.
///
/// @param laws  of productivity phi = 1/c, with c labour per unit: one of each country, or one for all. See also
///              pareto_costs, uniform_costs, lognormal_costs. No moment of them has to exist.
/// @throws domain_error naming a primitive that is out of range; a country that nobody enters, unless `how` allows
///         it; a market that nobody serves; spending above income, or workers missing for the outside good
/// @return numbers, or NaN and in `reason` why
template <real Real, productivity_law Law>
[[nodiscard]] melitz_ottaviano_equilibrium<Real> try_solve(melitz_ottaviano_world<Real> const& world,
                                                           std::vector<Law> const& laws,
                                                           world_options const& how = {}) {
  using vector = Eigen::VectorX<Real>;
  char const* const where = "melitz_ottaviano_world";
  world.validate();
  auto const n = world.consumers.size();
  detail::require(laws.size() == 1 || laws.size() == static_cast<std::size_t>(n), where, "number of laws",
                  static_cast<double>(laws.size()), "be 1 or the number of countries");
  std::vector<detail::cost_moments<tail_of_t<Law>>> costs;
  for (auto const& law : laws)
    costs.push_back(detail::cost_moments_of(law, world.choke_price, laws.size() < static_cast<std::size_t>(n) ? 6 : 0));
  detail::melitz_ottaviano_firms<tail_of_t<Law>> const firms(world, costs);
  auto const prospects = [&](Eigen::Index i, vector const& u) { return firms.prospects(i, u); };
  Real best(0);
  for (Eigen::Index i = 0; i < n; ++i) best = std::max(best, Real(prospects(i, vector::Ones(n)).profit));
  detail::require(!(best <= 1), where, "profit over entry cost at prices up to the choke price", best,
                  "exceed 1 in some country, or nobody enters anywhere");

  melitz_ottaviano_equilibrium<Real> out(status::not_solved, n);
  detail::quadratic_objective<Real> const objective{world.choke_price * world.choke_price / world.substitution *
                                                    world.consumers};
  auto const entry = detail::solve_entry<Real>(prospects, firms.start(), objective, how);
  out.reason = entry.reason;
  out.iterations = entry.evaluations;
  if (!out) return out;
  detail::require_entry(where, entry, how);
  for (Eigen::Index h = 0; h < n; ++h) {
    auto const name = "cutoff of country " + std::to_string(h) + " over choke_price";
    Real const slack = 4096 * detail::epsilon<Real>();
    detail::require(entry.u[h] < 1 - slack, where, name.c_str(), entry.u[h], "be below 1: nobody sells there");
  }
  out.residual = entry.residual;
  out.cutoff = world.choke_price * entry.u;
  out.profit_over_entry_cost = entry.profit;
  out.mass_entrants = (entry.entrants.array() / (world.death_rate * world.entry_cost.array())).matrix();
  detail::fill(out, world, firms);
  if (!(out.residual <= detail::accounts_close<Real>())) return {status::not_covered, n};
  detail::require_outside_good(world, out);
  return out;
}

/// The same law in every country.
template <real Real, productivity_law Law>
[[nodiscard]] melitz_ottaviano_equilibrium<Real> try_solve(melitz_ottaviano_world<Real> const& world, Law const& law,
                                                           world_options const& how = {}) {
  return try_solve(world, std::vector<Law>{law}, how);
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
/// Example: two countries, the second larger:
///   melitz_ottaviano_world<> const world{.choke_price = 10, .differentiation = 2, .substitution = 1.5,
///       .consumers = Eigen::Vector2d{10, 14}, .entry_cost = Eigen::Vector2d{1, 1},
///       .iceberg_cost = Eigen::Matrix2d{{1, 1.3}, {1.4, 1}}, .labor_per_consumer = 60};
///   solve(world, pareto_costs(8.0, 2.0)).average_markup;
template <real Real, class Laws>
requires requires(melitz_ottaviano_world<Real> const& w, Laws const& l, world_options const& how) {
  try_solve(w, l, how);
}
[[nodiscard]] melitz_ottaviano_equilibrium<Real> solve(melitz_ottaviano_world<Real> const& world, Laws const& laws,
                                                       world_options const& how = {}) {
  auto out = try_solve(world, laws, how);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace melitz
