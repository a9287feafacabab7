// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/countries/outside_labor.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/visit_held.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/chaney/economy.hpp>
#include <melitz/worlds/chaney/markets.hpp>

#include <cmath>
#include <cstddef>
#include <variant>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

namespace detail {

/// The shape of a Pareto law, also one held by a variant; NaN for other laws.
template <class Law>
[[nodiscard]] law_real_t<Law> pareto_shape_of(Law const& law) {
  if constexpr (requires { law.pareto_shape(); }) {
    return law.pareto_shape();
  } else {
    return not_a_number<law_real_t<Law>>;
  }
}
template <class... Laws>
[[nodiscard]] law_real_t<std::variant<Laws...>> pareto_shape_of(std::variant<Laws...> const& law) {
  return detail::visit_held([](auto const& l) { return law_real_t<std::variant<Laws...>>(pareto_shape_of(l)); }, law);
}

/// The one shape of Pareto laws; NaN if there are several or other laws.
template <class Law>
[[nodiscard]] law_real_t<Law> common_pareto_shape(std::vector<Law> const& laws) {
  auto const shape = pareto_shape_of(laws.front());
  for (auto const& law : laws) {
    if (!(pareto_shape_of(law) == shape)) return not_a_number<law_real_t<Law>>;
  }
  return shape;
}

/// Solves a valid chaney_economy whose laws have been counted.
template <productivity_law Law>
class chaney_solver {
 public:
  using Real = law_real_t<Law>;
  using vector = Eigen::VectorX<Real>;
  using markets = chaney_markets<tail_of_t<Law>>;
  using root = typename markets::root;

  chaney_solver(chaney_economy<Real> const& world, by_sector<by_country<Law>> const& laws)
      : world_(world), wage_(world.wage()), payroll_(wage_.cwiseProduct(world.labor)) {
    for (std::size_t h = 0; h < world.sectors.size(); ++h) {
      auto const& own = law_of(laws.laws, h).laws;
      std::vector<tail_of_t<Law>> tails;
      for (auto const& law : own) tails.push_back(tail_of(law, world.sectors[h].size_exponent()));
      sectors_.emplace_back(world.sectors[h], wage_, world.labor, std::move(tails));
      roots_.emplace_back(static_cast<std::size_t>(payroll_.size()));
      shapes_.push_back(common_pareto_shape(own));
    }
  }

  [[nodiscard]] chaney_equilibrium<Real> solve(chaney_options const& how) {
    chaney_equilibrium<Real> out;
    out.reason = status::converged;
    if (how.closed_form && in_closed_form(out.dividend)) {
      out.method = chaney_method::pareto_closed_form;
    } else {
      find_dividend(how, out);
    }
    if (out) write(out);
    if (!out) {
      out.method = chaney_method::none;
      out.sectors.resize(sectors_.size());
      for (auto& s : out.sectors) forget(s, payroll_.size());
      forget(out, payroll_.size());
    }
    return out;
  }

 private:
  [[nodiscard]] Real log_spending(std::size_t h, Eigen::Index j, Real const& dividend) const {
    using std::log;
    return Real(log(Real(world_.sectors[h].expenditure_share * (1 + dividend) * payroll_[j])));
  }

  /// Fills the roots if all laws are Pareto and all cutoffs lie in their supports. @return whether they do
  [[nodiscard]] bool in_closed_form(Real& dividend) {
    Real share(0);
    for (std::size_t h = 0; h < sectors_.size(); ++h) {
      if (!is_finite(shapes_[h])) return false;
      auto const& s = world_.sectors[h];
      share += s.expenditure_share * s.size_exponent() / (shapes_[h] * s.elasticity);
    }
    Real const paid = share / (1 - share);
    for (std::size_t h = 0; h < sectors_.size(); ++h) {
      vector x(payroll_.size());
      for (Eigen::Index j = 0; j < x.size(); ++j) {
        x[j] = sectors_[h].pareto_root(j, shapes_[h], log_spending(h, j, paid));
        roots_[h][static_cast<std::size_t>(j)] = {.reason = status::converged, .x = x[j]};
      }
      if (!sectors_[h].cutoffs_in_support(x)) {
        roots_[h].assign(roots_[h].size(), root{});
        return false;
      }
    }
    dividend = paid;
    return true;
  }

  /// The dividend d at which profits are what the fund pays out: d W = Pi(d), with W all wages. Pi answers to income
  /// less than one for one, since firms earn 1/sigma of what is spent, at most: the root is unique.
  void find_dividend(chaney_options const& how, chaney_equilibrium<Real>& out) {
    using std::abs;
    out.method = chaney_method::any_law;
    Real const wages = payroll_.sum();
    Real share(0);
    for (auto const& s : world_.sectors) share += s.expenditure_share / s.elasticity;
    Real low(0), high = share / (1 - share), d = high / 2;
    int again = 0;  // after it has settled
    while (out.evaluations < how.max_evaluations) {
      ++out.evaluations;
      Real profits(0), slope(1);
      for (std::size_t h = 0; h < sectors_.size(); ++h) {
        auto const& s = world_.sectors[h];
        for (Eigen::Index j = 0; j < payroll_.size(); ++j) {
          auto& at = roots_[h][static_cast<std::size_t>(j)];
          at = sectors_[h].solve(j, log_spending(h, j, d), at.x, how.max_evaluations);
          if (at.reason != status::converged) {
            out.reason = at.reason;
            return;
          }
          profits += at.profits;
          slope -= s.expenditure_share * payroll_[j] / wages * s.size_exponent() / (s.elasticity * at.elasticity);
        }
      }
      Real const excess = d - profits / wages, step = -excess / slope;
      (excess > 0 ? high : low) = d;
      Real next = d + step;
      bool const astray = out.evaluations > 12 || !(next >= low && next <= high);
      if (astray && again == 0) next = (low + high) / 2;
      bool const settled = again > 0 || abs(Real(next - d)) <= 4 * epsilon<Real>() * d;
      d = next;
      // Derivatives of the dividend come with one more step, those of the markets with another.
      if (settled && carries_derivatives<Real> && again < 2) {
        ++again;
      } else if (settled) {
        out.dividend = d;
        return;
      }
    }
    out.reason = status::iteration_limit;
  }

  void write(chaney_equilibrium<Real>& out) {
    using std::abs, std::log, std::exp;
    auto const n = payroll_.size();
    out.income = (1 + out.dividend) * payroll_;
    out.world_income = out.income.sum();
    out.outside_labor = world_.labor;
    Real const outside = world_.outside_share();
    vector log_utility = vector::Constant(n, Real(outside * log(outside) + log(Real(1 + out.dividend))));
    out.sectors.resize(sectors_.size());
    Real profits(0), fixed_costs(0), worst(0);
    auto const off = [&](Real const& error) {
      if (!(abs(error) <= worst)) worst = abs(error);  // a NaN stays
    };
    for (std::size_t h = 0; h < sectors_.size(); ++h) {
      auto const& s = world_.sectors[h];
      auto& solved = out.sectors[h];
      set_all(solved, n, Real(0));
      vector const spent = s.expenditure_share * out.income;
      for (Eigen::Index j = 0; j < n; ++j) {
        sectors_[h].write(j, roots_[h][static_cast<std::size_t>(j)], spent[j], solved);
        off(Real(solved.share.col(j).sum() - 1));
        log_utility[j] += s.expenditure_share * log(Real(s.expenditure_share / solved.price_index[j]));
      }
      solved.remoteness = remoteness(h, out.income);
      vector const sold = solved.sales.rowwise().sum();
      out.outside_labor -= (s.size_exponent() / s.elasticity) * sold.cwiseQuotient(wage_);
      profits += solved.profits.sum();
      fixed_costs += solved.fixed_costs.sum();
    }
    Real const paid = out.dividend * payroll_.sum();
    off(Real((profits - paid) / (profits > paid ? profits : paid)));
    off(Real((outside * out.world_income + fixed_costs - wage_.dot(out.outside_labor)) / out.world_income));
    out.residual = worst;
    out.welfare = wage_.cwiseProduct(vector(log_utility.array().exp()));
    // Accounts stay open where rounding has eaten a market: see chaney_markets::at_cutoff.
    if (!accounts_close({worst}) || !representable(out)) {
      out.reason = status::out_of_range;
      return;
    }
    require_outside_labor(type_name<chaney_economy<Real>>{}, out.outside_labor, world_.labor);
  }

  /// theta_j^-shape = sum_i (share of i in the world's income) (w_i tau_ij)^-shape f_ij^-(shape/r - 1); where scales
  /// differ, countries count by income times scale^shape. NaN unless all countries have Pareto laws of one shape.
  [[nodiscard]] vector remoteness(std::size_t h, vector const& income) const {
    using std::exp, std::log;
    auto const n = payroll_.size();
    Real const shape = shapes_[h];
    vector out = vector::Constant(n, not_a_number<Real>);
    if (!is_finite(shape)) return out;
    auto const& s = world_.sectors[h];
    Real const top = sectors_[h].tail(0).log_lower_bound();
    vector weight(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      weight[i] = income[i] * exp(Real(shape * (sectors_[h].tail(i).log_lower_bound() - top)));
    }
    for (Eigen::Index j = 0; j < n; ++j) {
      Real sum(0);
      for (Eigen::Index i = 0; i < n; ++i) {
        if (!sectors_[h].trades(i, j)) continue;
        Real const cost = log(wage_[i]) + log(s.iceberg_cost(i, j));
        sum += weight[i] * exp(Real(-shape * cost - (shape / s.size_exponent() - 1) * log(s.fixed_cost(i, j))));
      }
      out[j] = exp(Real((log(weight.sum()) - log(sum)) / shape));
    }
    return out;
  }

  chaney_economy<Real> const& world_;
  vector wage_, payroll_;  ///< w, w L
  std::vector<markets> sectors_;
  std::vector<std::vector<root>> roots_;
  std::vector<Real> shapes_;  ///< of a sector's Pareto laws; NaN if they have none in common
};

}  // namespace detail

/// Solves the world. With Pareto laws whose cutoffs lie in the support there are closed forms; else each market's
/// spending is one equation in its price index, with one root, and the dividend another above them. `method` in the
/// result says which way it went.
///
/// @param laws  of productivity
/// @throws domain_error naming a primitive that is out of range, or a country with no workers left for the
///         outside good, whose wage would not be its productivity there
/// @return numbers, or NaN and in `reason` why
/// Example: two countries, the first more productive:
///   chaney_sector<> const cars{.elasticity = 4, .expenditure_share = 0.3, .iceberg_cost = ..., .fixed_cost = ...};
///   auto const e = solve(chaney_economy<>{Eigen::Vector2d{1.2, 1}, Eigen::Vector2d{100, 200}, {cars}},
///                        pareto<>{1, 4.25});
///   e.sectors[0].sales(0, 1);
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_economy<Real> const& world,
                                                 by_sector<by_country<Law>> const& laws,
                                                 chaney_options const& how = {}) {
  world.validate();
  detail::type_name<chaney_economy<Real>> const where;
  detail::require_laws(where, laws.laws, world.sectors.size(), "sectors");
  for (auto const& own : laws.laws) detail::require_laws(where, own.laws, static_cast<std::size_t>(world.countries()));
  return detail::chaney_solver<Law>(world, laws).solve(how);
}

/// Laws by country, the same in all sectors.
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_economy<Real> const& world, by_country<Law> const& laws,
                                                 chaney_options const& how = {}) {
  return try_solve(world, by_sector<by_country<Law>>{{laws}}, how);
}

/// One law of each sector, common to all countries.
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_economy<Real> const& world, by_sector<Law> const& laws,
                                                 chaney_options const& how = {}) {
  by_sector<by_country<Law>> each;
  for (auto const& law : laws.laws) each.laws.push_back({{law}});
  return try_solve(world, each, how);
}

/// The same law everywhere.
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_economy<Real> const& world, Law const& law,
                                                 chaney_options const& how = {}) {
  return try_solve(world, by_country<Law>{{law}}, how);
}

/// Welfare over that of the same country by itself, by country, which then shares its own profits.
/// @throws domain_error, convergence_error
template <real Real, class Laws>
requires requires(chaney_economy<Real> const& world, Laws const& laws) { try_solve(world, laws); }
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(chaney_economy<Real> const& world, Laws const& laws,
                                                    chaney_options const& how = {}) {
  auto out = solve(world, laws, how).welfare;
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    out[i] /= solve(world.autarky(i), detail::laws_in(laws, static_cast<std::size_t>(i)), how).welfare[0];
  }
  return out;
}

}  // namespace melitz
