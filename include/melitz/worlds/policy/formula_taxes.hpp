// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/optimal_taxes.hpp>

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// Formulas for the best import tax that papers have printed. With lambda_ij the share of country i in what j spends on
/// a sector, delta = sum over j and s of i's export shares times epsilon_s (1 - lambda_ijs).
enum class tariff_formula {
  /// t = 1/delta. Lashkaripour (2021), uniform, perfect competition. Exact for two countries if there is one sector or
  /// the
  /// partner has no tariffs, near the optimum otherwise.
  perfect_competition,
  /// One sector. t = 1/((epsilon + eta) lambda_ff) where entry into markets is paid at home, 1/((1 + epsilon lambda_ff)
  /// (1 + eta/epsilon) - 1) where it is paid abroad; lambda_ff for several partners is the mean that delta takes. Exact
  /// for two countries, taxes on the delivered price, and the same eta in both.
  one_sector,
  /// t_s = (1 + epsilon_s lambda_ii)/(1 + alpha_s epsilon_s lambda_ii) (1 + 1/delta) - 1, alpha_s = (1 + profits/wages)
  /// /(1 + psi_s). Third best of Lashkaripour and Lugovskyy (2023) with fixed entry. Never exact.
  third_best,
  /// t = 1/((1 + delta) phi - 1), phi = 1 + eta_i/epsilon, at the shares of the baseline. Ignatenko et al. (2025), one
  /// sector; delta takes exports without what pays for entry into markets. Not exact.
  at_initial_shares,
};

/// In words: "perfect_competition", "one_sector", "third_best", "at_initial_shares".
[[nodiscard]] constexpr std::string_view to_string(tariff_formula f) noexcept {
  return detail::word_of(f, {"perfect_competition", "one_sector", "third_best", "at_initial_shares"});
}

/// At which prices a formula takes shares of foreign markets.
enum class formula_shares {
  net_of_tax,  ///< without the partner's taxes: right
  gross,       ///< as consumers pay, which the papers print: off as soon as the partner has tariffs
};

/// How taxes by formula are found.
struct formula_options {
  formula_shares shares = formula_shares::net_of_tax;
  int evaluations = 200;  ///< at most, of the formula and the equilibrium at its taxes in turn
  policy_options solve{};
};

/// Taxes as a formula gives them.
struct formula_taxes {
  search_status reason = search_status::not_solved;
  policy_change<> change{};
  Eigen::VectorXd tax{};  ///< by sector, the same on all partners
  Eigen::VectorXd welfare_hat{};
  int equilibria = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return reason == search_status::converged; }
};

namespace detail {

/// delta, at flows and taxes; `weight` is that of an exporter's sale to an importer in his exports.
template <class Weight>
double export_elasticity(policy_world<> const& world, trade_array<> const& flows, policy_change<> const& change,
                         Eigen::Index i, formula_shares shares, Weight const& weight) {
  auto const n = world.countries();
  double sum = 0, exports = 0;
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    double const elasticity = world.sectors[static_cast<std::size_t>(s)].trade_elasticity;
    for (Eigen::Index j = 0; j < n; ++j) {
      if (j == i) continue;
      auto const untaxed = [&](Eigen::Index k) {
        return flows(k, j, s) / ((1 + change.import_tax(k, j, s)) * (1 + change.export_tax(k, j, s)) *
                                 (1 + change.production_tax(k, s)));
      };
      double own = 0, all = 0;
      for (Eigen::Index k = 0; k < n; ++k) {
        double const v = shares == formula_shares::gross ? flows(k, j, s) : untaxed(k);
        all += v;
        if (k == i) own = v;
      }
      double const sold = weight(j, s) * untaxed(i);
      exports += sold;
      if (all > 0) sum += sold * elasticity * (1 - own / all);
    }
  }
  return sum / exports;
}

/// The formula at an equilibrium, by sector.
inline Eigen::VectorXd formula_at(tariff_formula formula, policy_solver<> const& solver, policy_change<> const& change,
                                  trade_array<> const& flows, Eigen::Index i, formula_shares shares) {
  auto const& world = solver.world();
  auto const sectors = world.sector_count();
  auto const& first = world.sectors.front();
  if (formula == tariff_formula::at_initial_shares) {
    double const delta = export_elasticity(
        world, flows, change, i, shares, [&](Eigen::Index j, Eigen::Index) { return 1 - first.market_cost_share(j); });
    // Exports over imports, both without what pays for entry: with deficits these differ.
    double out_of = 0, into = 0;
    for (Eigen::Index j = 0; j < world.countries(); ++j) {
      if (j == i) continue;
      out_of += (1 - first.market_cost_share(j)) * flows(i, j, 0);
      into += (1 - first.market_cost_share(i)) * flows(j, i, 0);
    }
    double const phi = 1 + first.selection[i] / first.trade_elasticity;
    return Eigen::VectorXd::Constant(1, 1 / ((1 + delta * out_of / into) * phi - 1));
  }
  double const delta =
      export_elasticity(world, flows, change, i, shares, [](Eigen::Index, Eigen::Index) { return 1.0; });
  if (formula == tariff_formula::perfect_competition) return Eigen::VectorXd::Constant(sectors, 1 / delta);
  if (formula == tariff_formula::one_sector) {
    double const per = first.selection[i] / first.trade_elasticity;
    bool const abroad = first.destination_cost_share[i] == 1;
    return Eigen::VectorXd::Constant(1, abroad ? 1 / ((1 + delta) * (1 + per) - 1) : 1 / (delta * (1 + per)));
  }
  double wages = 0, profits = 0;
  Eigen::VectorXd home(sectors);
  for (Eigen::Index s = 0; s < sectors; ++s) {
    wages += solver.bundle()(i, s);
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    for (Eigen::Index j = 0; j < world.countries(); ++j) {
      profits +=
          sector.entry_share(j) * flows(i, j, s) /
          ((1 + change.import_tax(i, j, s)) * (1 + change.export_tax(i, j, s)) * (1 + change.production_tax(i, s)));
    }
    home[s] = flows(i, i, s) / flows.sector(s).col(i).sum();
  }
  Eigen::VectorXd out(sectors);
  for (Eigen::Index s = 0; s < sectors; ++s) {
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    double const alpha = (1 + profits / wages) / (1 + sector.scale_elasticity), e = sector.trade_elasticity * home[s];
    out[s] = (1 + e) / (1 + alpha * e) * (1 + 1 / delta) - 1;
  }
  return out;
}

/// @throws domain_error where the formula was not meant for the world
inline void check_formula(tariff_formula formula, policy_world<> const& world) {
  auto const where = "formula_taxes_of";
  auto const refuse = [&](char const* what, std::string const& value, char const* must) {
    throw domain_error(where, what, value, must + std::string(" for the formula ") + std::string(to_string(formula)));
  };
  bool const single = formula == tariff_formula::one_sector || formula == tariff_formula::at_initial_shares;
  if (single && world.sector_count() != 1) refuse("number of sectors", std::to_string(world.sector_count()), "be 1");
  if (world.has_inputs()) refuse("input_share", "given", "be left out");
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    for (Eigen::Index j = 0; j < world.countries(); ++j) {
      double const nu = sector.destination_cost_share[j];
      if (formula == tariff_formula::one_sector && sector.selection[j] > 0 && nu != 0 && nu != 1) {
        refuse("destination_cost_share", to_text(nu), "be 0 or 1");
      }
    }
    if (formula == tariff_formula::third_best && sector.scale_elasticity > 0 && sector.entry != entry_rule::fixed) {
      refuse("entry", "free", "be fixed");
    }
  }
}

}  // namespace detail

/// The import taxes of a country by a formula, inside the equilibrium that they lead to (but for at_initial_shares):
/// what the papers' tables contain. They are not the optimum, unless the formula says so; see optimal_taxes_of, and
/// routes_of for both.
/// @throws domain_error of the world, of the country, and of a world that the formula was not meant for
[[nodiscard]] inline formula_taxes formula_taxes_of(policy_world<> const& world, Eigen::Index country,
                                                    tariff_formula formula, formula_options const& options = {}) {
  policy_solver<> solver(world, options.solve);
  detail::check_country("formula_taxes_of", country, world.countries());
  detail::check_formula(formula, world);
  formula_taxes out{.change = solver.unchanged()};
  auto const put = [&](Eigen::VectorXd const& log_tax) {
    for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
      for (Eigen::Index i = 0; i < world.countries(); ++i) {
        if (i != country) out.change.import_tax(i, country, s) = std::expm1(log_tax[s]);
      }
    }
  };
  auto const sectors = world.sector_count();
  Eigen::VectorXd x(sectors);
  if (formula == tariff_formula::at_initial_shares) {
    x = detail::formula_at(formula, solver, solver.unchanged(), world.flows, country, options.shares).array().log1p();
    put(x);
    out.equilibria = 1;
    out.reason = solver.solve(out.change) == status::converged ? search_status::converged : search_status::not_solved;
  } else {
    auto const gap = [&](Eigen::VectorXd const& at) {
      detail::first_order_point point;
      put(at);
      if (solver.solve(out.change) != status::converged) return point;
      Eigen::VectorXd const then =
          detail::formula_at(formula, solver, out.change, solver.flows(), country, options.shares).array().log1p();
      point.solved = then.allFinite();
      point.value = 0;
      point.gradient = then - at;
      point.size = point.curvature = Eigen::VectorXd::Ones(sectors);
      return point;
    };
    for (Eigen::Index s = 0; s < sectors; ++s) {
      x[s] = std::log1p(1 / world.sectors[static_cast<std::size_t>(s)].trade_elasticity);
    }
    Eigen::VectorXd const bound = Eigen::VectorXd::Constant(sectors, detail::reasonable_log_tax);
    search_options const search{.tolerance = 1e-12, .target = 1e-15, .evaluations = options.evaluations};
    auto const end =
        detail::first_order_search(gap, Eigen::VectorXd(-bound), bound, search, detail::climbing::of_each_his_own)
            .from(x);
    out.equilibria = end.evaluations;
    out.reason = end.reason;
    if (end.reason == search_status::not_solved) return out;
    x = end.x;
    put(x);
    solver.solve(out.change);
  }
  out.tax = x.array().expm1();
  if (out.reason == search_status::converged) out.welfare_hat = solver.log_welfare().array().exp();
  return out;
}

/// Import taxes of all countries, each uniform and by the formula of perfect competition, t = 1/delta, at the
/// equilibrium that all of them lead to: Lashkaripour's (2021) trade war. Near Nash taxes, and a good deal faster; see
/// nash_taxes_of. `tax` is by country.
/// @throws domain_error of the world, and of one with inputs
[[nodiscard]] inline formula_taxes formula_war(policy_world<> const& world, formula_options const& options = {}) {
  policy_solver<> solver(world, options.solve);
  detail::check_formula(tariff_formula::perfect_competition, world);
  auto const n = world.countries();
  formula_taxes out{.change = solver.unchanged()};
  auto const put = [&](Eigen::VectorXd const& log_tax) {
    for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
      auto t = out.change.import_tax.sector(s);
      for (Eigen::Index j = 0; j < n; ++j) {
        t.col(j).setConstant(std::expm1(log_tax[j]));
        t(j, j) = 0;
      }
    }
  };
  auto const gap = [&](Eigen::VectorXd const& at) {
    detail::first_order_point point;
    put(at);
    if (solver.solve(out.change) != status::converged) return point;
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(n), exports = sum;
    for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
      auto const flows = solver.flows().sector(s);
      auto const t = out.change.import_tax.sector(s), z = out.change.export_tax.sector(s);
      Eigen::ArrayXd const made = 1 + out.change.production_tax.col(s).array();
      for (Eigen::Index j = 0; j < n; ++j) {
        Eigen::ArrayXd sold = flows.col(j).array() / ((1 + t.col(j).array()) * (1 + z.col(j).array()) * made);
        bool const net = options.shares == formula_shares::net_of_tax;
        double const all = net ? sold.sum() : flows.col(j).sum();
        Eigen::ArrayXd const others =
            net ? Eigen::ArrayXd(1 - sold / all) : Eigen::ArrayXd(1 - flows.col(j).array() / all);
        sold[j] = 0;
        exports += sold;
        if (all > 0) sum += world.sectors[static_cast<std::size_t>(s)].trade_elasticity * sold * others;
      }
    }
    Eigen::VectorXd const then = (exports / sum).log1p();
    point.solved = then.allFinite();
    point.value = 0;
    point.gradient = then - at;
    point.size = point.curvature = Eigen::VectorXd::Ones(n);
    return point;
  };
  Eigen::VectorXd const bound = Eigen::VectorXd::Constant(n, detail::reasonable_log_tax);
  search_options const search{.tolerance = 1e-12, .target = 1e-14, .evaluations = options.evaluations};
  auto const end =
      detail::first_order_search(gap, Eigen::VectorXd(-bound), bound, search, detail::climbing::of_each_his_own)
          .from(Eigen::VectorXd::Constant(n, std::log(1.2)));
  out.equilibria = end.evaluations;
  out.reason = end.reason;
  if (!out) return out;
  put(end.x);
  solver.solve(out.change);
  out.tax = end.x.array().expm1();
  out.welfare_hat = solver.log_welfare().array().exp();
  return out;
}

/// The best taxes by search, a formula's, and how far the second are from the first.
struct tax_routes {
  optimal_taxes numerical{};
  formula_taxes formula{};
  double gap_in_tax = std::numeric_limits<double>::quiet_NaN();      ///< largest, of rates
  double gap_in_welfare = std::numeric_limits<double>::quiet_NaN();  ///< ln of the optimum's over the formula's: >= 0
};

/// Both routes to a country's import taxes. @param pattern  of the search; the formula's taxes differ by sector at most
[[nodiscard]] inline tax_routes routes_of(policy_world<> const& world, Eigen::Index country, tariff_formula formula,
                                          tax_pattern pattern = tax_pattern::uniform,
                                          optimal_tax_options const& search = {}, formula_options const& how = {}) {
  tax_routes out{optimal_taxes_of(world, {.country = country, .pattern = pattern}, search),
                 formula_taxes_of(world, country, formula, how)};
  if (!out.numerical || !out.formula) return out;
  auto const& best = out.numerical.best();
  out.gap_in_tax = 0;
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    for (Eigen::Index i = 0; i < world.countries(); ++i) {
      if (i == country || !(world.flows(i, country, s) > 0)) continue;
      out.gap_in_tax = std::max(out.gap_in_tax, std::abs(best.change.import_tax(i, country, s) - out.formula.tax[s]));
    }
  }
  out.gap_in_welfare = std::log(best.welfare_hat[country] / out.formula.welfare_hat[country]);
  return out;
}

}  // namespace melitz
