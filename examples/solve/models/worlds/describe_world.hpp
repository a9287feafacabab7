// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../describe.hpp"

#include <melitz/countries/results.hpp>

#include <Eigen/Core>
#include <vector>

// The same for models of different countries. They need Eigen, and are compiled by themselves.

namespace melitz_solve {

/// A parameter that wants a number for each country.
[[nodiscard]] inline parameter by_country(parameter what, std::string_view example_list = {}) {
  what.extent = shape::by_country;
  what.example_list = example_list;
  return what;
}

/// A parameter that wants a number for each pair of countries.
[[nodiscard]] inline parameter by_pair(parameter what, std::string_view example_list = {}) {
  what.extent = shape::by_pair;
  what.example_list = example_list;
  return what;
}

/// The same, where one number for all pairs leaves `at_home` on the diagonal.
[[nodiscard]] inline parameter at_home(double number, parameter what) {
  what.at_home = number;
  return what;
}

/// A parameter that may be left out.
[[nodiscard]] inline parameter left_out(double number, parameter what) {
  what.if_left_out = number;
  return what;
}

/// A result with a number for each country, or for each pair of countries.
[[nodiscard]] inline result by_country(result what) {
  what.extent = shape::by_country;
  return what;
}
[[nodiscard]] inline result by_pair(result what) {
  what.extent = shape::by_pair;
  return what;
}

/// Takes parameters one after the other, in the order of the list.
class parameter_reader {
 public:
  explicit parameter_reader(std::vector<array> const& given) : next_(given.begin()) {}

  [[nodiscard]] double number() { return (next_++)->numbers[0]; }
  [[nodiscard]] Eigen::VectorXd vector() {
    auto const& a = *next_++;
    return Eigen::Map<Eigen::VectorXd const>(a.numbers.data(), static_cast<Eigen::Index>(a.rows));
  }
  [[nodiscard]] Eigen::MatrixXd matrix() {
    using by_rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    auto const& a = *next_++;
    return Eigen::Map<by_rows const>(a.numbers.data(), static_cast<Eigen::Index>(a.rows),
                                     static_cast<Eigen::Index>(a.columns));
  }
  /// A number that is 0 or 1.
  [[nodiscard]] bool yes_or_no(char const* where, char const* name) {
    double const given = number();
    melitz::detail::require(given == 0 || given == 1, where, name, given, "be 0 or 1");
    return given == 1;
  }

 private:
  std::vector<array>::const_iterator next_;
};

template <class Equilibrium>
[[nodiscard]] Equilibrium const& itself(Equilibrium const& e) {
  return e;
}

/// What is sold between countries.
/// @tparam part  of the equilibrium, that has it
template <class Equilibrium, auto part = itself<Equilibrium>>
[[nodiscard]] std::vector<field<Equilibrium>> flows_fields(std::string_view money) {
  using enum section;
  using e = Equilibrium;
  return {
      {by_pair({"cutoff", cutoffs, "productivity, of serving the market"}),
       [](e const& x) { return value_of(part(x).cutoff); }},
      {by_pair({"mass_firms", masses, "firms that serve the market"}),
       [](e const& x) { return value_of(part(x).mass_firms); }},
      {by_pair({"sales", aggregates, money}), [](e const& x) { return value_of(part(x).sales); }},
      {by_pair({"share", averages, "of the importer's expenditure"}),
       [](e const& x) { return value_of(part(x).share); }},
  };
}

/// What the countries have.
template <class Equilibrium>
[[nodiscard]] std::vector<field<Equilibrium>> countries_fields() {
  using enum section;
  using e = Equilibrium;
  constexpr std::string_view numeraire = "wages of country 0";
  return {
      {by_country({"wage", aggregates, "of country 0", "w"}), get<&e::wage>},
      {by_country({"mass_entrants", masses, "firms, ever active or not"}), get<&e::mass_entrants>},
      {by_country({"expenditure", aggregates, numeraire, "X"}), get<&e::expenditure>},
      {by_country({"price_index", aggregates, numeraire, "P"}), get<&e::price_index>},
      {by_country({"welfare", aggregates, "real expenditure per worker", "X/(P L)"}), get<&e::welfare>},
  };
}

/// Laws as the library takes them.
[[nodiscard]] inline std::vector<law> unbound(std::vector<bound_law> const& laws) {
  std::vector<law> out;
  for (auto const& l : laws) out.push_back(l.unbound());
  return out;
}

/// Solves with the laws unbound; an error that one of them is the cause of is the file's.
/// @param power  of productivity at which they are needed
template <class Solve>
[[nodiscard]] auto solved_with(std::vector<bound_law>& laws, double power, Solve const& solve) {
  try {
    return solve();
  } catch (melitz::domain_error const&) {
    for (auto& l : laws) (void)l.tail(power);
    throw;
  }
}

/// A model of different countries.
/// @param solve  makes an equilibrium from the parameters' values and the laws
template <class Equilibrium, class Solve>
[[nodiscard]] model world_model_of(std::string_view name, std::string_view title, std::vector<parameter> parameters,
                                   std::vector<field<Equilibrium>> fields, Solve solve,
                                   laws_wanted laws = laws_wanted::one) {
  model out{
      .name = name, .title = title, .parameters = std::move(parameters), .results = {}, .solve = {}, .laws = laws};
  for (auto const& f : fields) out.results.push_back(f.what);
  out.solve = [fields = std::move(fields), solve](std::vector<array> const& given, std::vector<bound_law>& drawn) {
    Equilibrium const solved = solve(parameter_reader(given), drawn);
    answer reply{.reason = solved.reason};
    for (auto const& f : fields) reply.values.push_back(f.read(solved));
    return reply;
  };
  return out;
}

}  // namespace melitz_solve
