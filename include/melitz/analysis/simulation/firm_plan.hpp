// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace melitz {

/// What firms sell in one market if they are there: sales e^log_sales phi^r each, at a price of price/phi.
struct planned_market {
  std::string name;
  double log_sales = -detail::infinity<double>;
  double price = detail::not_a_number<double>;  ///< NaN where it is not told
  double count = 1;                             ///< of markets alike
};

/// What firms of a range of productivities do.
struct planned_option {
  std::string name;
  double log_cutoff = -detail::infinity<double>;  ///< from here to the next option's
  bool sells = false;
  std::vector<bool> in_market{};  ///< which of the plan's markets they sell in
  double fixed_labor = 0;
  double profit_share = 0;  ///< of sales, before fixed labour
};

/// What firms do in an equilibrium by their productivity: all that it takes to write down any number of them.
struct firm_plan {
  double size_exponent = detail::not_a_number<double>;  ///< r
  std::vector<planned_market> markets{};
  std::vector<planned_option> options{};  ///< ascending in productivity, the first from nowhere on

  /// The option of a firm.
  [[nodiscard]] std::size_t option_of(double log_productivity) const {
    std::size_t k = options.size();
    while (k > 1 && !(log_productivity >= options[k - 1].log_cutoff)) --k;
    return k - 1;
  }
};

/// The plan of the closed or the open economy: at home, and in each of the partners' markets.
/// @throws convergence_error where the equilibrium was not solved
[[nodiscard]] inline firm_plan plan_of(equilibrium<double> const& e) {
  if (!e) throw convergence_error("melitz::plan_of", e.reason);
  auto const& home = e.economy.domestic;
  double const sigma = home.elasticity, r = sigma - 1, markup = sigma / r, share = 1 / sigma;
  bool const trades = e.regime != regime::closed, all_export = e.regime == regime::all_export;
  double const log_unit =
      std::log(sigma * home.fixed_cost) - r * (all_export ? std::log(e.domestic_cutoff) : e.log_cutoff);
  firm_plan out;
  out.size_exponent = r;
  out.markets.push_back({"home", log_unit, markup, 1});
  double abroad = 0;
  if (trades) {
    out.markets.push_back({"abroad", log_unit - r * std::log(e.economy.iceberg_cost), markup * e.economy.iceberg_cost,
                           e.economy.partners});
    abroad = e.economy.partners * e.economy.export_fixed_cost;
  }
  out.options.push_back(
      {"exits", -detail::infinity<double>, false, std::vector<bool>(out.markets.size(), false), 0, 0});
  if (!all_export) {
    std::vector<bool> at_home(out.markets.size(), false);
    at_home.front() = true;
    out.options.push_back({"serves_home", e.log_cutoff, true, at_home, home.fixed_cost, share});
  }
  if (trades) {
    out.options.push_back({"exports", all_export ? e.log_cutoff : std::log(e.export_cutoff), true,
                           std::vector<bool>(out.markets.size(), true), home.fixed_cost + abroad, share});
  }
  return out;
}

/// The plan of any model with a menu. What a menu does not tell is where sales go and at what price: each option has a
/// market of its own name, with all its sales.
/// @throws convergence_error where nothing was solved
[[nodiscard]] inline firm_plan plan_of(menu_equilibrium<double> const& choices) {
  if (!choices) throw convergence_error("melitz::plan_of", choices.reason);
  firm_plan out;
  out.size_exponent = choices.size_exponent;
  for (auto const& s : choices.segments) {
    planned_option o;
    o.name = s.option;
    o.log_cutoff = out.options.empty() ? -detail::infinity<double> : s.log_cutoff;
    o.fixed_labor = s.fixed_cost;
    o.sells = s.slope > 0 && s.moment > 0;
    if (o.sells) {
      double const per_size = s.revenue / s.moment;
      o.profit_share = s.slope * choices.demand / per_size;
      out.markets.push_back({s.option, std::log(per_size), detail::not_a_number<double>, 1});
    }
    out.options.push_back(std::move(o));
  }
  std::size_t market = 0;
  for (auto& o : out.options) {
    o.in_market.assign(out.markets.size(), false);
    if (o.sells) o.in_market[market++] = true;
  }
  return out;
}

}  // namespace melitz
