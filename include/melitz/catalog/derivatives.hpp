// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/models/credit.hpp>
#include <melitz/models/intermediation.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/models/sourcing.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/numerics/gradient.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// Derivatives of results by parameters of the model and of the law, exact to rounding: the solve itself is
// differentiated. Apart from the rest, since every model is compiled once more for it.

namespace melitz::catalog {

/// The models whose solves carry derivatives, of those that need Boost alone.
using differentiable_models = std::tuple<  //
    closed_economy<double>,                //
    open_economy<double>,                  //
    multinational_economy<double>,         //
    sourcing_economy<double>,              //
    technology_economy<double>,            //
    intermediation_economy<double>,        //
    credit_economy<double>>;

/// A law by the name of its family and what that wants, in the order of its keys.
struct law_by_name {
  std::string family;
  std::vector<array> given;
};

/// d result / d parameter for each of both, row by row in the order in which results were asked for.
struct derivatives {
  status reason = status::not_solved;
  std::vector<double> values{};  ///< of the results; NaN unless reason is converged
  std::vector<double> table{};   ///< results x parameters; NaN unless reason is converged
};

namespace detail {

using slope = gradient<1>;

/// The same economy with other numbers.
template <class Economy, class Real>
struct with_numbers;
/// The same economy with other numbers: what it is.
template <template <class...> class Economy, class Old, class Real>
struct with_numbers<Economy<Old>, Real> {
  using type = Economy<Real>;
};

/// What is moved: a parameter of the model, or a key of the law; both behind their ends for none.
struct moved_number {
  std::size_t parameter, key;
};

[[nodiscard]] inline slope number_of(double x, bool moved) { return moved ? slope::variable(x, 0) : slope(x); }

/// The law with the derivative by one of its numbers. @throws domain_error where there is no such family
[[nodiscard]] inline erased_law<slope> law_with_slope(law_by_name const& what, std::size_t moved) {
  erased_law<slope> out{pareto<slope>{}};
  bool found = false;
  auto const try_family = [&]<class Law>(std::type_identity<Law>) {
    if (what.family != Law::name) return;
    Law law{};
    std::size_t k = 0;
    for_each_parameter<Law>([&](auto const&, auto const& access, std::string_view, bool) {
      auto const& numbers = what.given.at(k).numbers;
      auto& member = access(law);
      if constexpr (real<std::remove_cvref_t<decltype(member)>>) {
        if (!numbers.empty()) member = number_of(numbers[0], moved == k);
      } else {
        member.clear();
        for (double const x : numbers) member.push_back(slope(x));
      }
      ++k;
    });
    out = erased_law<slope>(std::move(law));
    found = true;
  };
  [&]<class... Laws>(std::type_identity<std::variant<Laws...>>) {
    (try_family(std::type_identity<Laws>{}), ...);
  }(std::type_identity<family_law<slope>>{});
  if (!found) throw domain_error("derivatives", "family", what.family, "be the name of a family of laws");
  return out;
}

/// The results of one solve in which one number moves, by place.
template <class Economy>
[[nodiscard]] derivatives solve_with_slope(std::vector<array> const& given, law_by_name const& law,
                                           std::vector<std::string> const& results, moved_number moved) {
  using economy_type = typename with_numbers<Economy, slope>::type;
  economy_type economy{};
  std::size_t k = 0;
  for_each_parameter<economy_type>([&](auto const&, auto const& access, std::string_view, bool) {
    auto& member = access(economy);
    auto const& numbers = given.at(k).numbers;
    using member_type = std::remove_cvref_t<decltype(member)>;
    if (!numbers.empty()) {
      if constexpr (real<member_type>) {
        member = number_of(numbers[0], moved.parameter == k);
      } else {
        member = static_cast<member_type>(static_cast<int>(numbers[0]));
      }
    }
    ++k;
  });
  economy.validate();
  auto const solved = try_solve(economy, law_with_slope(law, moved.key));
  derivatives out{.reason = solved.reason};
  double const none = std::numeric_limits<double>::quiet_NaN();
  out.values.assign(results.size(), none);
  out.table.assign(results.size(), none);
  if (solved.reason != status::converged) return out;
  for_each_result<std::remove_cvref_t<decltype(solved)>>(
      [&](auto const& row, auto const& access, std::string_view prefix) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(access(solved))>, slope>) {
          for (std::size_t r = 0; r < results.size(); ++r) {
            if (results[r] != std::string(prefix) + row.name) continue;
            out.values[r] = access(solved).value;
            out.table[r] = access(solved).derivative[0];
          }
        }
      });
  return out;
}

using slope_solver = derivatives (*)(std::vector<array> const&, law_by_name const&, std::vector<std::string> const&,
                                     moved_number);

template <class... Economies>
[[nodiscard]] slope_solver slope_solver_named(std::string_view name, std::type_identity<std::tuple<Economies...>>) {
  slope_solver out = nullptr;
  ((Economies::name == name ? static_cast<void>(out = &solve_with_slope<Economies>) : static_cast<void>(0)), ...);
  return out;
}

}  // namespace detail

/// Derivatives of results by parameters, at an equilibrium.
/// @param what        one of the differentiable_models
/// @param given       as of model::solve
/// @param results     names of numbers among the results
/// @param parameters  names of parameters of the model, or "distribution.log_sd": of the law
/// @throws domain_error as model::solve does; for names that there are not, and for a model without derivatives
/// @return one solve for each parameter; NaN and in `reason` why, where it failed
/// Accuracy: that of gradient<N> in a solve of one's own, which this is.
[[nodiscard]] inline derivatives derivatives_of(model const& what, std::vector<array> const& given,
                                                law_by_name const& law, std::vector<std::string> const& results,
                                                std::vector<std::string> const& parameters) {
  auto const solver = detail::slope_solver_named(what.name, std::type_identity<differentiable_models>{});
  if (solver == nullptr)
    throw domain_error("derivatives", "model", what.name, "be one whose solve carries derivatives");
  auto const place_of = [](auto const& list, std::string_view name) {
    std::size_t k = 0;
    while (k < list.size() && list[k].name != name) ++k;
    return k;
  };
  for (auto const& r : results) {
    auto const k = place_of(what.results, r);
    bool const number = k < what.results.size() && what.results[k].extent == extent::number;
    if (!number) throw domain_error("derivatives", "result", r, "be the name of a number among the results");
  }
  constexpr std::string_view of_law = "distribution.";
  derivatives out;
  out.table.assign(results.size() * parameters.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    auto const& name = parameters[p];
    bool const law_moves = name.starts_with(of_law);
    auto const* keys = &what.parameters;
    for (auto const& f : families()) {
      if (law_moves && f.name == law.family) keys = &f.keys;
    }
    auto const k = place_of(*keys, law_moves ? std::string_view(name).substr(of_law.size()) : std::string_view(name));
    if (k == keys->size() || (*keys)[k].extent != extent::number || !(*keys)[k].words.empty()) {
      throw domain_error("derivatives", "parameter", name, "be the name of a number of the model or of its law");
    }
    std::size_t const none = what.parameters.size() + families().size() * 8;
    auto const one =
        solver(given, law, results, law_moves ? detail::moved_number{none, k} : detail::moved_number{k, none});
    out.reason = one.reason;
    out.values = one.values;
    for (std::size_t r = 0; r < results.size(); ++r) out.table[r * parameters.size() + p] = one.table[r];
    if (one.reason != status::converged) {
      out.table.assign(out.table.size(), std::numeric_limits<double>::quiet_NaN());
      return out;
    }
  }
  return out;
}

}  // namespace melitz::catalog
