// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/catalog/from_tables.hpp>
#include <melitz/catalog/labels.hpp>
#include <melitz/catalog/model.hpp>
#include <melitz/catalog/problem.hpp>
#include <melitz/economy/conditions.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/models/autarky.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/erased.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// What a model of the catalog may have besides solve: each of these is filled in where the library has the function
// that it stands for, and stays empty where it has none.

namespace melitz::catalog::detail {

/// What is asked for, checked: before the law, whose power depends on the parameters.
template <class Economy>
[[nodiscard]] problem<Economy> checked_problem(std::vector<parameter> const& parameters,
                                               std::vector<array> const& given) {
  auto out = economy_of<problem<Economy>>(parameters, given);
  out.economy.validate();
  return out;
}

template <class Economy>
using equilibrium_of = decltype(detail::solve(std::declval<problem<Economy> const&>(),
                                              std::declval<std::vector<erased_law<double>> const&>(),
                                              std::declval<solve_options const&>()));

/// A productivity, or a cutoff. @throws domain_error
inline void require_productivity(std::string_view where, char const* what, double x) {
  require(x > 0 && is_finite(x), where, what, x, "be positive and finite");
}

/// What a firm does, in the open economy or where firms choose from a menu.
[[nodiscard]] inline firm firm_at(equilibrium<double> const& e, double phi) {
  bool const produces = e.choice(phi) != firm_choice::exits;
  double const price = produces ? e.price(phi) : std::numeric_limits<double>::quiet_NaN();
  return {phi, std::string(to_string(e.choice(phi))), price, e.revenue_of(phi), e.profit(phi)};
}
template <class Equilibrium>
requires requires(Equilibrium const& e) { e.choices.segments; }
[[nodiscard]] firm firm_at(Equilibrium const& e, double phi) {
  auto const& s = e.choices.choice(phi);
  double const size = std::exp(e.choices.size_exponent * std::log(phi));
  double const revenue = s.moment > 0 ? s.revenue / s.moment * size : 0;
  // Where firms differ in what they can choose from, those of one size do several things.
  std::string const choice = !s.option.empty() ? s.option : revenue > 0 ? "several" : "exit";
  return {phi, choice, std::numeric_limits<double>::quiet_NaN(), revenue, e.choices.profit(phi)};
}

template <class Economy>
void add_firms(model& to) {
  if constexpr (requires(equilibrium_of<Economy> const& e) { firm_at(e, 1.0); }) {
    to.firms = [parameters = to.parameters](std::vector<array> const& given,
                                            std::vector<erased_law<double>> const& laws,
                                            std::vector<double> const& productivities) {
      auto const solved = or_throw(detail::solve(checked_problem<Economy>(parameters, given), laws, {}));
      std::vector<firm> out;
      for (double const phi : productivities) {
        require_productivity(Economy::name, "productivity", phi);
        out.push_back(firm_at(solved, phi));
      }
      return out;
    };
  }
}

/// gains_from_trade of an economy and its laws; nothing where there is no such function.
struct gains_of {
  template <class Economy, class... Rest>
  [[nodiscard]] auto operator()(Economy const& economy, Rest const&... rest) const {
    if constexpr (requires { gains_from_trade(economy, rest...); }) {
      return gains_from_trade(economy, rest...);
    } else if constexpr (requires { gains_from_trade(economy); }) {  // of one in closed form, without options
      return gains_from_trade(economy);
    }
  }
};

template <class Economy>
void add_gains(model& to) {
  using gains =
      decltype(call(gains_of{}, std::declval<problem<Economy> const&>(),
                    std::declval<std::vector<erased_law<double>> const&>(), std::declval<solve_options const&>()));
  if constexpr (!std::is_void_v<gains>) {
    to.gains_from_trade = [parameters = to.parameters](std::vector<array> const& given,
                                                       std::vector<erased_law<double>> const& laws,
                                                       solve_options const& how) {
      auto const found = call(gains_of{}, checked_problem<Economy>(parameters, given), laws, how);
      if constexpr (real<gains>) {
        return array_of(found);
      } else {
        array out{static_cast<std::size_t>(found.size()), 1, {}};
        for (auto i = found.size() * 0; i < found.size(); ++i) out.numbers.push_back(found[i]);
        auto names = labels_in(parameters, given);
        out.row_names = of(names, told::by::country);
        return out;
      }
    };
  }
}

template <class Economy>
void add_curves(model& to) {
  if constexpr (requires(Economy const& e, erased_law<double> const& law) { conditions(e, law).value_of_entry(1.0); }) {
    to.curves = [parameters = to.parameters](std::vector<array> const& given,
                                             std::vector<erased_law<double>> const& laws,
                                             std::vector<double> const& cutoffs) {
      auto const read = checked_problem<Economy>(parameters, given);
      require_laws(laws_of<Economy>(), laws.size(), Economy::name);
      auto const c = conditions(read.economy, laws[0]);
      std::vector<conditions_at_cutoff> out;
      for (double const x : cutoffs) {
        require_productivity(Economy::name, "cutoff", x);
        out.push_back({x, c.export_cutoff(x), c.value_of_entry(x), c.average_profit(x), c.average_profit_required(x)});
      }
      return out;
    };
  }
}

template <class Economy>
void add_fates(model& to) {
  if constexpr (requires(equilibrium_of<Economy> const& e) { melitz::compare(e, e).firms; }) {
    to.fates = [parameters = to.parameters](std::vector<array> const& before, std::vector<array> const& after,
                                            std::vector<erased_law<double>> const& laws) {
      auto const solved = [&](std::vector<array> const& given) {
        return or_throw(detail::solve(checked_problem<Economy>(parameters, given), laws, {}));
      };
      std::vector<firms_alike> out;
      for (auto const& group : melitz::compare(solved(before), solved(after)).firms) {
        out.push_back({to_string(group.effect), group.lower, group.upper});
      }
      return out;
    };
  }
}

/// Is it what a calibration to trade gives?
template <class Economy>
concept can_be_calibrated = requires(trade_targets<double> const& targets, erased_law<double> const& law) {
  requires std::same_as<decltype(melitz::calibrate(targets, law).economy), Economy>;
};

template <class Economy>
void add_calibration(model& to) {
  if constexpr (can_be_calibrated<Economy>) {
    to.targets = parameters_of<trade_targets<double>>();
    to.calibrate = [targets = to.targets](std::vector<array> const& given,
                                          std::vector<erased_law<double>> const& laws) {
      auto const wanted = economy_of<trade_targets<double>>(targets, given);
      require_laws(laws_of<Economy>(), laws.size(), trade_targets<double>::name);
      auto const found = melitz::calibrate(wanted, laws[0]).economy;
      std::vector<array> out;
      for_each_parameter<Economy>(
          [&](auto const&, auto const& access, std::string_view, bool) { out.push_back(array_of(access(found))); });
      return out;
    };
  }
}

/// All of these.
template <class Economy>
void add_operations(model& to) {
  add_firms<Economy>(to);
  add_gains<Economy>(to);
  add_curves<Economy>(to);
  add_fates<Economy>(to);
  add_calibration<Economy>(to);
}

}  // namespace melitz::catalog::detail
