// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/outside_labor.hpp>
#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/chaney/markets.hpp>
#include <melitz/worlds/chaney/sector.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Trade among different countries with entrants given, after Chaney (2008): several sectors, and a good that every
/// country makes, trades freely, and in which wages, fixed costs and all values are measured. Profits go to a fund of
/// the whole world, of which a worker owns w shares. Countries are counted from 0.
template <real Real = double>
struct chaney_world {
  using real_type = Real;

  Eigen::VectorX<Real> outside_productivity{};  ///< w_i > 0, of a worker in the outside good: the wage
  Eigen::VectorX<Real> labor{};                 ///< L_i > 0, workers of each country
  std::vector<chaney_sector<Real>> sectors{};

  /// Share of income that is spent on the outside good. @pre valid
  [[nodiscard]] Real outside_share() const {
    Real out(1);
    for (auto const& s : sectors) out -= s.expenditure_share;
    return out;
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "chaney_world";
    detail::require(labor.size() > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, labor.size());
    detail::require_positive_by_country(where, "outside_productivity", outside_productivity, labor.size());
    detail::require(!sectors.empty(), where, "number of sectors", 0.0, "be at least 1");
    for (auto const& s : sectors) s.validate(labor.size());
    detail::require(outside_share() > 0, where, "sum of expenditure shares", Real(1 - outside_share()),
                    "be below 1, or nothing is left for the outside good, which sets wages");
  }
};

/// How to solve a chaney_world.
struct chaney_options {
  bool closed_form = true;    ///< use it where it holds
  int max_iterations = 100;   ///< Newton steps for the dividend, at most
  int max_evaluations = 300;  ///< of a market's spending, at most, in each of them
};

/// How a chaney_world was solved.
enum class chaney_method {
  none,                ///< it was not
  pareto_closed_form,  ///< all laws Pareto, of one shape within a sector, no cutoff below the scale
  any_law,             ///< by finding the root of each market's spending, and the dividend
};

/// Equilibrium of a chaney_world. Check `reason` (or the conversion to bool) first: unless it converged the numbers are
/// NaN. All values are in the outside good.
template <real Real = double>
struct chaney_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  chaney_method method = chaney_method::none;
  int iterations = 0;                          ///< Newton steps for the dividend; 0 in closed form
  Real residual = detail::not_a_number<Real>;  ///< the largest of: a market's spending, over it; dividends, over
                                               ///< profits; the outside good's market, over world income
  Real dividend = detail::not_a_number<Real>;  ///< d, of a share of the world's fund; a worker owns w shares
  Real world_income = detail::not_a_number<Real>;
  Eigen::VectorX<Real> income{};         ///< Y = (1 + d) w L
  Eigen::VectorX<Real> real_income{};    ///< utility per worker, (Y/L) mu_0^mu_0 prod (mu/P)^mu
  Eigen::VectorX<Real> outside_labor{};  ///< workers that make the outside good; positive
  std::vector<chaney_sector_equilibrium<Real>> sectors{};

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

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
  return std::visit([](auto const& l) { return law_real_t<std::variant<Laws...>>(pareto_shape_of(l)); }, law);
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

/// Solves a valid chaney_world whose laws have been counted.
template <productivity_law Law>
class chaney_solver {
 public:
  using Real = law_real_t<Law>;
  using vector = Eigen::VectorX<Real>;
  using markets = chaney_markets<tail_of_t<Law>>;
  using root = typename markets::root;

  chaney_solver(chaney_world<Real> const& world, std::vector<std::vector<Law>> const& laws)
      : world_(world), payroll_(world.outside_productivity.cwiseProduct(world.labor)) {
    for (std::size_t h = 0; h < laws.size(); ++h) {
      std::vector<tail_of_t<Law>> tails;
      for (auto const& law : laws[h]) tails.push_back(tail_of(law, world.sectors[h].size_exponent()));
      sectors_.emplace_back(world.sectors[h], world.outside_productivity, world.labor, std::move(tails));
      roots_.emplace_back(static_cast<std::size_t>(payroll_.size()));
      shapes_.push_back(common_pareto_shape(laws[h]));
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
    if (!out) blank(out);
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
    while (out.iterations < how.max_iterations) {
      ++out.iterations;
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
      if (out.iterations > 12 || !(next >= low && next <= high)) next = (low + high) / 2;
      bool const settled = abs(Real(next - d)) <= 4 * epsilon<Real>() * d;
      d = next;
      if (settled) {
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
    vector const wage = world_.outside_productivity;
    vector log_utility = vector::Constant(n, Real(outside * log(outside) + log(Real(1 + out.dividend))));
    Real profits(0), fixed_costs(0), worst(0);
    auto const off = [&](Real const& error) {
      if (!(abs(error) <= worst)) worst = abs(error);  // a NaN stays
    };
    for (std::size_t h = 0; h < sectors_.size(); ++h) {
      auto const& s = world_.sectors[h];
      auto& solved = out.sectors.emplace_back(n, Real(0));
      vector const spent = s.expenditure_share * out.income;
      for (Eigen::Index j = 0; j < n; ++j) {
        sectors_[h].write(j, roots_[h][static_cast<std::size_t>(j)], spent[j], solved);
        off(Real(solved.share.col(j).sum() - 1));
        log_utility[j] += s.expenditure_share * log(Real(s.expenditure_share / solved.price_index[j]));
      }
      solved.remoteness = remoteness(h, out.income);
      vector const sold = solved.sales.rowwise().sum();
      out.outside_labor -= (s.size_exponent() / s.elasticity) * sold.cwiseQuotient(wage);
      profits += solved.profits.sum();
      fixed_costs += solved.fixed_costs.sum();
    }
    Real const paid = out.dividend * payroll_.sum();
    off(Real((profits - paid) / (profits > paid ? profits : paid)));
    off(Real((outside * out.world_income + fixed_costs - wage.dot(out.outside_labor)) / out.world_income));
    out.residual = worst;
    out.real_income = wage.cwiseProduct(vector(log_utility.array().exp()));
    bool fits = accounts_close({worst});  // else rounding has eaten a market: see chaney_markets::at_cutoff
    for (Eigen::Index j = 0; j < n; ++j) fits = fits && out.real_income[j] > 0 && is_finite(out.real_income[j]);
    if (!fits) {
      out.reason = status::out_of_range;
      return;
    }
    require_outside_labor("chaney_world", out.outside_labor, world_.labor);
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
        Real const cost = log(world_.outside_productivity[i]) + log(s.iceberg_cost(i, j));
        sum += weight[i] * exp(Real(-shape * cost - (shape / s.size_exponent() - 1) * log(s.fixed_cost(i, j))));
      }
      out[j] = exp(Real((log(weight.sum()) - log(sum)) / shape));
    }
    return out;
  }

  void blank(chaney_equilibrium<Real>& out) const {
    auto const n = payroll_.size();
    Real const none = not_a_number<Real>;
    out.method = chaney_method::none;
    out.residual = out.dividend = out.world_income = none;
    out.income = out.real_income = out.outside_labor = vector::Constant(n, none);
    out.sectors.assign(sectors_.size(), chaney_sector_equilibrium<Real>(n, none));
  }

  chaney_world<Real> const& world_;
  vector payroll_;  ///< w L
  std::vector<markets> sectors_;
  std::vector<std::vector<root>> roots_;
  std::vector<Real> shapes_;  ///< of a sector's Pareto laws; NaN if they have none in common
};

}  // namespace detail

/// Solves the world. With Pareto laws whose cutoffs lie in the support there are closed forms; else each market's
/// spending is one equation in its price index, with one root, and the dividend another above them. `method` in the
/// result says which way it went.
///
/// @param laws  of productivity: [sector][country], or in place of a sector's laws one that is common to all countries
/// @throws domain_error naming a primitive that is out of range, or a country with no workers left for the
///         outside good, whose wage would not be its productivity there
/// @return numbers, or NaN and in `reason` why
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_world<Real> const& world,
                                                 std::vector<std::vector<Law>> const& laws,
                                                 chaney_options const& how = {}) {
  world.validate();
  auto const count = static_cast<std::size_t>(world.labor.size());
  detail::require(laws.size() == world.sectors.size(), "chaney_world", "number of laws",
                  static_cast<double>(laws.size()), "be the number of sectors");
  for (std::size_t h = 0; h < laws.size(); ++h) {
    detail::require(laws[h].size() == 1 || laws[h].size() == count, "chaney_world",
                    ("number of laws of sector " + std::to_string(h)).c_str(), static_cast<double>(laws[h].size()),
                    "be 1 or the number of countries");
  }
  return detail::chaney_solver<Law>(world, laws).solve(how);
}

/// One law of each sector, common to all countries.
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_world<Real> const& world, std::vector<Law> const& laws,
                                                 chaney_options const& how = {}) {
  std::vector<std::vector<Law>> each;
  for (auto const& law : laws) each.push_back({law});
  return try_solve(world, each, how);
}

/// The same law everywhere.
template <real Real, productivity_law Law>
[[nodiscard]] chaney_equilibrium<Real> try_solve(chaney_world<Real> const& world, Law const& law,
                                                 chaney_options const& how = {}) {
  return try_solve(world, std::vector<std::vector<Law>>(world.sectors.size(), std::vector<Law>{law}), how);
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
/// Example: two countries, the first more productive:
///   chaney_sector<> const cars{.elasticity = 4, .expenditure_share = 0.3, .iceberg_cost = ..., .fixed_cost = ...};
///   auto const e = solve(chaney_world<>{Eigen::Vector2d{1.2, 1}, Eigen::Vector2d{100, 200}, {cars}},
///   pareto<>{1, 4.25}); e.sectors[0].sales(0, 1);
template <real Real, class Laws>
requires requires(chaney_world<Real> const& w, Laws const& l, chaney_options const& how) { try_solve(w, l, how); }
[[nodiscard]] chaney_equilibrium<Real> solve(chaney_world<Real> const& world, Laws const& laws,
                                             chaney_options const& how = {}) {
  auto out = try_solve(world, laws, how);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace melitz
