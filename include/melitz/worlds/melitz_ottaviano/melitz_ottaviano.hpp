// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/countries/laws.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/outside_labor.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/numerics/members.hpp>
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

/// Markups that answer to competition: linear demand for a variety at home and abroad,
///   U = q_0 + alpha Q - gamma/2 integral q^2 - eta/2 Q^2,   Q = integral q,
/// and an outside good q_0, made one for one from labour everywhere, that keeps wages at 1. Countries are counted from
/// 0.
///
/// Melitz, M.J., Ottaviano, G.I.P. (2008), Market Size, Trade, and Productivity, Review of Economic Studies 75(1),
/// 295-316.
template <real Real = double>
struct melitz_ottaviano_economy {
  using real_type = Real;
  using options_type = entry_options;

  Real choke_price = detail::not_a_number<Real>;      ///< alpha
  Real differentiation = detail::not_a_number<Real>;  ///< gamma; 0 if varieties did not differ
  Real substitution = detail::not_a_number<Real>;     ///< eta
  Eigen::VectorX<Real> consumers{};                   ///< L
  Eigen::VectorX<Real> entry_cost{};                  ///< f_E
  Eigen::MatrixX<Real> iceberg_cost{};                ///< tau
  Real death_rate = Real(1);                          ///< delta; 1 in the paper
  Real labor_per_consumer = Real(1);                  ///< with wages of 1 also a consumer's income

  static constexpr char const* name = "melitz_ottaviano";
  static constexpr char const* title = "Markups that answer to competition, Melitz and Ottaviano (2008)";
  static constexpr char const* example_law = R"({"family": "pareto", "scale": 0.125, "shape": 2})";
  static constexpr auto parameters() {
    using e = melitz_ottaviano_economy;
    using enum rule;
    return told::table{
        told::parameter("choke_price", &e::choke_price, positive, "above which a variety is not bought", "wages", 10),
        told::parameter("differentiation", &e::differentiation, positive, "of varieties: gamma", "", 2),
        told::parameter("substitution", &e::substitution, positive, "of varieties for the outside good: eta", "", 1.5),
        told::parameter("consumers", &e::consumers, positive, "of each country", "people", "[10, 14, 12]"),
        told::parameter("entry_cost", &e::entry_cost, positive, "paid once to draw a productivity", "labor", 1),
        told::parameter("iceberg_cost", &e::iceberg_cost, at_least_one_or_infinite, "units shipped for one to arrive",
                        "", "[[1, 1.3, 1.5], [1.4, 1, 1.4], [1.5, 1.4, 1]]")
            .at_home(1),
        told::parameter("death_rate", &e::death_rate, rate, "of firms, per period", "", 1),
        told::parameter("labor_per_consumer", &e::labor_per_consumer, positive, "with wages of 1 also income",
                        "workers", 60),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return consumers.size(); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

/// Equilibrium of a melitz_ottaviano_economy; vectors are by country, as a market unless said otherwise, matrices
/// [exporter][importer]. Prices, costs and sales are in wages. Check `reason` (or the conversion to bool) first: unless
/// it converged all numbers are NaN.
template <real Real = double>
struct melitz_ottaviano_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< of free entry and of alpha = c_D + eta Q, the largest
  int evaluations = 0;                         ///< Newton steps

  vector price_cutoff{};            ///< c_D: delivered cost, and price, at which nothing is sold any more
  vector mass_entrants{};           ///< N_E, by origin, alive; 0 where entry does not pay
  vector profit_over_entry_cost{};  ///< of an entrant, by origin: 1, or less where nobody enters
  vector mass_varieties{};          ///< N, sold in the market, from everywhere
  vector average_cost{};            ///< delivered: iceberg cost times labour per unit, over the market's sellers
  vector average_price{};           ///< the same of prices, markups p - c, quantities and operating profits
  vector average_markup{};
  vector price_variance{};
  vector average_quantity{};
  vector average_profit{};
  vector expenditure_per_consumer{};        ///< on the differentiated good
  vector utility{};                         ///< of a consumer
  vector consumer_surplus{};                ///< utility less income: what the differentiated good adds to it
  vector outside_labor{};                   ///< workers, of the origin, that make the outside good; at least 0
  vector consumers_over_differentiation{};  ///< L/gamma: what a firm's demand scales with

  matrix mass_sellers{};
  matrix cost_cutoff{};  ///< c_D/tau: those with lower cost sell there; 0 without trade
  matrix sales{};
  matrix trade_elasticity{};  ///< -d ln sales/d ln tau at given price cutoff; NaN where nobody sells

  static constexpr auto results() {
    using e = melitz_ottaviano_equilibrium;
    using enum part;
    constexpr char const *wages = "wages", *per_consumer = "outside good per consumer";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of free entry and demand, the largest"),
        told::quantity("evaluations", &e::evaluations, work, "of entry"),
        told::positive("price_cutoff", &e::price_cutoff, cutoffs, "wages, delivered cost and price", "c_D"),
        told::quantity("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not", "N_E"),
        told::quantity("profit_over_entry_cost", &e::profit_over_entry_cost, masses, "below 1: nobody enters"),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties sold in the market", "N"),
        told::quantity("average_cost", &e::average_cost, averages, "wages, delivered"),
        told::positive("average_price", &e::average_price, averages, wages),
        told::quantity("average_markup", &e::average_markup, averages, "wages, price less cost"),
        told::quantity("price_variance", &e::price_variance, averages, "wages squared"),
        told::positive("average_quantity", &e::average_quantity, averages, "units"),
        told::quantity("average_profit", &e::average_profit, averages, wages),
        told::positive("expenditure_per_consumer", &e::expenditure_per_consumer, aggregates, wages),
        told::positive("utility", &e::utility, aggregates, per_consumer),
        told::positive("consumer_surplus", &e::consumer_surplus, aggregates, per_consumer),
        told::quantity("outside_labor", &e::outside_labor, labor_uses, "workers"),
        told::aside(&e::consumers_over_differentiation),
        told::quantity("mass_sellers", &e::mass_sellers, masses, "firms of the exporter in the market"),
        told::quantity("cost_cutoff", &e::cost_cutoff, cutoffs, "labor per unit", "c_D/tau"),
        told::quantity("sales", &e::sales, aggregates, wages),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of sales to iceberg cost, minus"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  // What a firm does in a market whose delivered cost there, iceberg cost times labour per unit, is given.
  /// (c_D + cost)/2; NaN if it does not sell there.
  [[nodiscard]] Real price(Eigen::Index market, Real const& delivered_cost) const {
    return delivered_cost <= price_cutoff[market] ? Real((price_cutoff[market] + delivered_cost) / 2)
                                                  : detail::not_a_number<Real>;
  }
  /// Price less delivered cost, (c_D - cost)/2; NaN if it does not sell there.
  [[nodiscard]] Real markup(Eigen::Index market, Real const& delivered_cost) const {
    return Real(price(market, delivered_cost) - delivered_cost);
  }
  /// L (c_D - cost)/(2 gamma); 0 if it does not sell there.
  [[nodiscard]] Real quantity(Eigen::Index market, Real const& delivered_cost) const {
    if (!(delivered_cost <= price_cutoff[market])) return Real(price_cutoff[market] * 0);
    return Real(consumers_over_differentiation[market] * (price_cutoff[market] - delivered_cost) / 2);
  }
  /// L (c_D - cost)^2/(4 gamma); 0 if it does not sell there.
  [[nodiscard]] Real profit(Eigen::Index market, Real const& delivered_cost) const {
    Real const sold = quantity(market, delivered_cost);
    return sold > 0 ? Real(sold * (price_cutoff[market] - delivered_cost) / 2) : sold;
  }
};

static_assert(detail::tells_every_member<melitz_ottaviano_economy<double>>() &&
              detail::tells_every_member<melitz_ottaviano_equilibrium<double>>());

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

  melitz_ottaviano_firms(melitz_ottaviano_economy<Real> const& world, std::vector<cost_moments<Tail>> const& costs)
      : world_(world), costs_(costs) {}

  [[nodiscard]] Eigen::Index countries() const { return world_.countries(); }
  [[nodiscard]] Real cost_cutoff(Eigen::Index from, Eigen::Index to, Real const& cutoff) const {
    Real const& tau = world_.iceberg_cost(from, to);
    return is_finite(tau) ? Real(cutoff / tau) : Real(0);
  }
  [[nodiscard]] cost_point<Real> at(Eigen::Index from, Real const& cost) const {
    return law_of(costs_, static_cast<std::size_t>(from)).at(cost);
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
  melitz_ottaviano_economy<Real> const& world_;
  std::vector<cost_moments<Tail>> const& costs_;
};

/// All that follows from the cutoffs and the masses of entrants.
template <productivity_tail Tail>
void fill(melitz_ottaviano_equilibrium<typename Tail::real_type>& out,
          melitz_ottaviano_economy<typename Tail::real_type> const& world, melitz_ottaviano_firms<Tail> const& firms) {
  using Real = typename Tail::real_type;
  auto const n = firms.countries();
  Real const alpha = world.choke_price, gamma = world.differentiation, eta = world.substitution;
  out.consumers_over_differentiation = world.consumers / gamma;
  out.outside_labor = world.labor_per_consumer * world.consumers;
  for (Eigen::Index h = 0; h < n; ++h) {
    Real const cutoff = out.price_cutoff[h], size = out.consumers_over_differentiation[h];
    Real sellers(0), gap(0), square(0);  // of c_D less delivered cost
    for (Eigen::Index l = 0; l < n; ++l) {
      Real const x = firms.cost_cutoff(l, h, cutoff), entrants = out.mass_entrants[l];
      out.cost_cutoff(l, h) = x;
      out.mass_sellers(l, h) = out.sales(l, h) = Real(0);
      out.trade_elasticity(l, h) = not_a_number<Real>;
      if (!(x > 0)) continue;
      auto const below = firms.at(l, x);
      Real const tau = world.iceberg_cost(l, h);
      Real const first = entrants * tau * below.gap, second = entrants * tau * tau * below.square;
      out.mass_sellers(l, h) = entrants * below.share;
      out.sales(l, h) = size / 4 * (2 * cutoff * first - second);
      // A price (c_D + tau c)/2 times (c_D - tau c)/(2 gamma) units: sales fall by the squares of delivered costs.
      Real const squares = cutoff * cutoff * below.share - 2 * tau * cutoff * below.gap + tau * tau * below.square;
      if (below.gap > 0)
        out.trade_elasticity(l, h) = 2 * squares / (tau * (2 * cutoff * below.gap - tau * below.square));
      sellers += out.mass_sellers(l, h);
      gap += first;
      square += second;
    }
    out.mass_varieties[h] = sellers;
    out.average_markup[h] = gap / sellers / 2;
    out.average_cost[h] = cutoff - gap / sellers;
    out.average_price[h] = cutoff - gap / sellers / 2;
    Real const variance = (square / sellers - (gap / sellers) * (gap / sellers)) / 4;
    out.price_variance[h] = variance > 0 ? variance : Real(0);
    out.average_quantity[h] = size * gap / sellers / 2;
    out.average_profit[h] = size * square / sellers / 4;
    out.expenditure_per_consumer[h] = out.sales.col(h).sum() / world.consumers[h];
    Real const below_choke = alpha - out.average_price[h];
    out.consumer_surplus[h] =
        below_choke * below_choke / (2 * (eta + gamma / sellers)) + sellers / (2 * gamma) * out.price_variance[h];
    out.utility[h] = world.labor_per_consumer + out.consumer_surplus[h];
    Real const demand = (cutoff + gap * eta / (2 * gamma)) / alpha - 1;
    out.residual = larger_or_nan(out.residual, demand < 0 ? Real(-demand) : demand);
  }
  out.outside_labor -= out.sales.rowwise().sum();
}

/// @throws domain_error where the world is not the model's
template <real Real>
void require_outside_good(melitz_ottaviano_economy<Real> const& world, melitz_ottaviano_equilibrium<Real>& solved) {
  type_name<melitz_ottaviano_economy<Real>> const where;
  for (Eigen::Index h = 0; h < world.countries(); ++h) {
    Real const spent = solved.expenditure_per_consumer[h];
    require(spent < world.labor_per_consumer, where, ("expenditure_per_consumer(" + std::to_string(h) + ")").c_str(),
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
/// Example: two countries, the second larger:
///   melitz_ottaviano_economy<> const world{.choke_price = 10, .differentiation = 2, .substitution = 1.5,
///       .consumers = Eigen::Vector2d{10, 14}, .entry_cost = Eigen::Vector2d{1, 1},
///       .iceberg_cost = Eigen::Matrix2d{{1, 1.3}, {1.4, 1}}, .labor_per_consumer = 60};
///   solve(world, pareto_costs(8.0, 2.0)).average_markup;
template <real Real, productivity_law Law>
[[nodiscard]] melitz_ottaviano_equilibrium<Real> try_solve(melitz_ottaviano_economy<Real> const& world,
                                                           by_country<Law> const& laws, entry_options const& how = {}) {
  using vector = Eigen::VectorX<Real>;
  detail::type_name<melitz_ottaviano_economy<Real>> const where;
  world.validate();
  auto const n = world.countries();
  auto const count = static_cast<std::size_t>(n);
  detail::require_laws(where, laws.laws, count);
  std::vector<detail::cost_moments<tail_of_t<Law>>> costs;
  for (auto const& law : laws.laws)
    costs.push_back(detail::cost_moments_of(law, world.choke_price, laws.laws.size() < count ? 6 : 0));
  detail::melitz_ottaviano_firms<tail_of_t<Law>> const firms(world, costs);
  auto const prospects = [&](Eigen::Index i, vector const& u) { return firms.prospects(i, u); };
  Real best(0);
  for (Eigen::Index i = 0; i < n; ++i) best = std::max(best, Real(prospects(i, vector::Ones(n)).profit));
  detail::require(!(best <= 1), where, "profit over entry cost at prices up to the choke price", best,
                  "exceed 1 in some country, or nobody enters anywhere");

  melitz_ottaviano_equilibrium<Real> out;
  detail::forget(out, n);
  detail::quadratic_objective<Real> const objective{world.choke_price * world.choke_price / world.substitution *
                                                    world.consumers};
  auto const entry = detail::solve_entry<Real>(prospects, firms.start(), objective, how);
  out.reason = entry.reason;
  out.evaluations = entry.evaluations;
  if (!out) return out;
  detail::require_entry(where, entry, how);
  for (Eigen::Index h = 0; h < n; ++h) {
    auto const name = "price_cutoff of country " + std::to_string(h) + " over choke_price";
    Real const slack = 4096 * detail::epsilon<Real>();
    detail::require(entry.u[h] < 1 - slack, where, name.c_str(), entry.u[h], "be below 1: nobody sells there");
  }
  out.residual = entry.residual;
  out.price_cutoff = world.choke_price * entry.u;
  out.profit_over_entry_cost = entry.profit;
  out.mass_entrants = (entry.entrants.array() / (world.death_rate * world.entry_cost.array())).matrix();
  detail::fill(out, world, firms);
  if (!detail::accounts_close({out.residual})) {
    out.reason = status::not_covered;
  } else if (!detail::representable(out)) {
    out.reason = status::out_of_range;
  } else {
    detail::require_outside_good(world, out);
    return out;
  }
  detail::forget(out, n);
  return out;
}

/// The same law in every country.
template <real Real, productivity_law Law>
[[nodiscard]] melitz_ottaviano_equilibrium<Real> try_solve(melitz_ottaviano_economy<Real> const& world, Law const& law,
                                                           entry_options const& how = {}) {
  return try_solve(world, by_country<Law>{{law}}, how);
}

}  // namespace melitz
