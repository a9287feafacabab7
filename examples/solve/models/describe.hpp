// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../models.hpp"

#include <melitz/economy/primitives.hpp>
#include <melitz/models/market.hpp>

#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How a model of the library becomes one of melitz-solve: its parameters, its results, and how to read each.

namespace melitz_solve {

/// One number of an equilibrium and how to read it.
template <class Equilibrium>
struct field {
  result what;
  result_value (*read)(Equilibrium const&);
};

/// A member of an equilibrium as a result: a number, a yes or no, a word, or a table of numbers.
template <class Value>
[[nodiscard]] result_value value_of(Value const& value) {
  if constexpr (requires { to_string(value); }) {  // that of the model's own header
    return to_string(value);
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value;
  } else if constexpr (requires { value.rows(); }) {  // Eigen's
    array out{static_cast<std::size_t>(value.rows()), static_cast<std::size_t>(value.cols()), {}};
    out.numbers.reserve(out.rows * out.columns);
    for (auto i = value.rows() * 0; i < value.rows(); ++i) {
      for (auto j = value.cols() * 0; j < value.cols(); ++j) out.numbers.push_back(value(i, j));
    }
    return out;
  } else {
    return static_cast<double>(value);
  }
}

/// Reads a member of the equilibrium.
template <auto Member, class Equilibrium>
result_value get(Equilibrium const& e) {
  return value_of(e.*Member);
}

/// Reads a member of the menu's equilibrium inside.
template <auto Member, class Equilibrium>
result_value get_choice(Equilibrium const& e) {
  return get<Member>(e.choices);
}

/// What every model that solves a menu says of the solution.
template <class Equilibrium>
[[nodiscard]] std::vector<field<Equilibrium>> solution_fields() {
  using enum section;
  using m = melitz::menu_equilibrium<double>;
  return {
      {{"residual", solution, "of free entry"}, get_choice<&m::residual, Equilibrium>},
      {{"error_estimate", solution, "of the law's tail"}, get_choice<&m::error_estimate, Equilibrium>},
      {{"evaluations", work, "of free entry"}, get_choice<&m::evaluations, Equilibrium>},
      {{"demand", work, "operating profit at size 1", "A"}, get_choice<&m::demand, Equilibrium>},
  };
}

/// What most models say of the market.
template <class Equilibrium>
[[nodiscard]] std::vector<field<Equilibrium>> market_fields() {
  using enum section;
  return {
      {{"mass_entrants", masses, "firms, ever active or not"}, get<&Equilibrium::mass_entrants, Equilibrium>},
      {{"mass_producers", masses, "firms"}, get<&Equilibrium::mass_producers, Equilibrium>},
      {{"price_index", aggregates, "wages", "P"}, get<&Equilibrium::price_index, Equilibrium>},
      {{"welfare", aggregates, "real wage", "1/P"}, get<&Equilibrium::welfare, Equilibrium>},
  };
}

/// Several lists one after the other.
template <class T>
[[nodiscard]] std::vector<T> joined(std::vector<T> first, std::vector<T> const& second, auto const&... rest) {
  for (auto const& element : second) first.push_back(element);
  if constexpr (sizeof...(rest) == 0) {
    return first;
  } else {
    return joined(std::move(first), rest...);
  }
}

/// A list in which one parameter has another value in the example that runs.
[[nodiscard]] std::vector<parameter> with_example(std::vector<parameter> list, std::string_view name, double value);

/// The parameters of a closed economy, and how to read them from where they begin.
[[nodiscard]] std::vector<parameter> domestic_parameters();
[[nodiscard]] melitz::closed_economy<double> read_domestic(std::span<double const> p);

/// The parameters of an open economy: those of a closed one, then what trade costs.
[[nodiscard]] std::vector<parameter> trade_parameters();
[[nodiscard]] melitz::open_economy<double> read_trade(std::span<double const> p);

/// How many numbers these lists have: where a model's own parameters begin.
inline constexpr std::size_t domestic_count = 5, trade_count = 8;

/// The power of productivity that a model needs the law's tail at.
[[nodiscard]] inline double size_exponent_of(melitz::open_economy<double> const& e) {
  return e.domestic.elasticity - 1;
}
template <melitz::model_economy Economy>
[[nodiscard]] double size_exponent_of(Economy const& e) {
  return e.size_exponent();
}

/// A model whose economy the library solves by itself.
/// @param build  makes the economy from the parameters' values
template <class Equilibrium, class Build>
[[nodiscard]] model model_of(std::string_view name, std::string_view title, std::vector<parameter> parameters,
                             std::vector<field<Equilibrium>> fields, Build build) {
  std::vector<result> results;
  for (auto const& f : fields) results.push_back(f.what);
  return {name, title, std::move(parameters), std::move(results),
          [fields = std::move(fields), build](std::vector<array> const& given, std::vector<bound_law>& laws) {
            std::vector<double> numbers;
            for (auto const& p : given) numbers.push_back(p.numbers[0]);
            auto const economy = build(std::span<double const>(numbers));
            auto& productivity = laws[0];
            economy.validate();  // before the law, whose power depends on the parameters
            auto const& tail = productivity.tail(size_exponent_of(economy));
            auto const solved = [&] {
              if constexpr (requires { try_solve(economy, tail); }) {
                return try_solve(economy, tail);
              } else {  // it needs the law at other powers too
                return try_solve(economy, productivity.unbound());
              }
            }();
            answer out{.reason = solved.reason};
            for (auto const& f : fields) out.values.push_back(f.read(solved));
            return out;
          }};
}

}  // namespace melitz_solve
