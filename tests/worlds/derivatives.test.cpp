// SPDX-License-Identifier: BSL-1.0
#include <melitz/catalog/world_derivatives.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

namespace test::world_derivatives {

// Derivatives of worlds by name: each against differences of solves.

namespace catalog = melitz::catalog;

namespace {

/// What the tables say of a model, without what solves it: differences are taken of the values that come with
/// derivatives, so that no world is compiled twice here.
template <class Economy, class Equilibrium>
catalog::model described(catalog::laws_wanted laws) {
  catalog::model out{.name = Economy::name, .title = Economy::title};
  out.parameters = catalog::detail::parameters_of<catalog::detail::problem<Economy>>();
  out.results = catalog::detail::results_of<Equilibrium>(true);
  out.laws = laws;
  return out;
}

using worlds = std::tuple<melitz::world_economy<double>, melitz::acr_economy<double>>;

std::vector<catalog::model> models() {
  using enum catalog::laws_wanted;
  return {described<melitz::world_economy<double>, melitz::world_equilibrium<double>>(by_country),
          described<melitz::acr_economy<double>, melitz::acr_equilibrium_with_flows<double>>(none)};
}

/// The example of the tables, of three countries.
std::vector<catalog::array> example_of(catalog::model const& m) {
  std::vector<catalog::array> out;
  for (auto const& p : m.parameters) {
    auto& to = out.emplace_back();
    if (p.optional() && p.example_list.empty() && (!p.if_left_out || p.example == *p.if_left_out)) continue;
    if (p.extent == catalog::extent::number) {
      to = catalog::array_of(p.example);
    } else if (p.example_list.empty()) {
      bool const pair = p.extent == catalog::extent::by_pair;
      to = {3, pair ? 3U : 1U, std::vector<double>(pair ? 9 : 3, p.example)};
      for (std::size_t i = 0; pair && p.at_home && i < 3; ++i) to(i, i) = *p.at_home;
    } else {
      auto const list = test::json::parse(p.example_list);
      to = {list.size(), list[0].is_array() ? list[0].size() : 1, {}};
      for (auto const& row : list) {
        for (auto const& x : row.is_array() ? row : test::json::array({row})) to.numbers.push_back(x.get<double>());
      }
    }
  }
  return out;
}

std::vector<catalog::law_by_name> laws_of(catalog::model const& m, double shape) {
  if (m.laws == catalog::laws_wanted::none) return {};
  return {{"pareto", {catalog::array_of(1), catalog::array_of(shape)}}};
}

}  // namespace

TEST_CASE("derivatives of worlds are those of their solves", "[catalog][derivatives]") {
  for (auto const& m : models()) {
    CAPTURE(std::string(m.name));
    auto const given = example_of(m);
    std::vector<std::string> results, parameters;
    for (auto const& r : m.results) {
      if (r.part == melitz::part::solution || r.part == melitz::part::work) continue;
      results.push_back(r.name + (r.extent == catalog::extent::by_pair      ? "[0][2]"
                                  : r.extent == catalog::extent::by_country ? "[2]"
                                                                            : ""));
    }
    for (std::size_t k = 0; k < m.parameters.size(); ++k) {
      auto const& p = m.parameters[k];
      if (given[k].numbers.empty() || !p.words.empty()) continue;
      parameters.push_back(p.name + (p.extent == catalog::extent::by_pair      ? "[0][1]"
                                     : p.extent == catalog::extent::by_country ? "[1]"
                                                                               : ""));
    }
    bool const lawless = m.laws == catalog::laws_wanted::none;
    if (!lawless) parameters.push_back("distribution.shape");
    auto const d = catalog::derivatives_of<worlds>(m, given, laws_of(m, 6), results, parameters);
    REQUIRE(d.reason == melitz::status::converged);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      auto const place = catalog::detail::place_named(m.parameters, parameters[p]);
      auto const moved = [&](double by) {
        auto near = given;
        if (place) near[place->which](place->row.value_or(0), place->column.value_or(0)) += by;
        auto out = catalog::derivatives_of<worlds>(m, near, laws_of(m, place ? 6 : 6 + by), results, {parameters[p]});
        REQUIRE(out.reason == melitz::status::converged);
        return out.values;
      };
      double const x = place ? given[place->which](place->row.value_or(0), place->column.value_or(0)) : 6;
      double const h = 3e-4 * x;
      auto const up = moved(h), down = moved(-h), far_up = moved(2 * h), far_down = moved(-2 * h);
      double worst = 0;
      for (std::size_t r = 0; r < results.size(); ++r) {
        double const value = d.values[r], slope = d.table[r * parameters.size() + p];
        if (!std::isfinite(value)) continue;
        double const coarse = (far_up[r] - far_down[r]) / (4 * h), fine = (up[r] - down[r]) / (2 * h);
        double const expected = (4 * fine - coarse) / 3, scale = std::abs(value) + std::abs(x * expected);
        double const error = scale > 0 ? std::abs(x * (slope - expected)) / scale : std::abs(slope);
        CAPTURE(results[r], parameters[p], value, slope, expected);
        if (!(error < 2e-9)) CHECK(error < 2e-9);
        worst = std::max(worst, error);
      }
      INFO(m.name << " by " << parameters[p]);
      CHECK(worst < 2e-9);
    }
  }
}

TEST_CASE("derivatives of comparative advantage, whose costs are by industry and country", "[catalog][derivatives]") {
  using economy = melitz::comparative_advantage_economy<double>;
  auto const m = described<economy, melitz::comparative_advantage_equilibrium<double>>(
      catalog::laws_wanted::by_industry_and_country);
  auto const file = test::reference("comparative_advantage");
  auto const row = *std::find_if(file.at("cases").begin(), file.at("cases").end(),
                                 [](auto const& c) { return c.at("name") == "exporters_all"; });
  std::vector<catalog::array> given;
  for (auto const& p : m.parameters) {
    auto const& x = row.at("params").at(p.name);
    catalog::array to{x.is_array() ? x.size() : 1, x.is_array() && x.at(0).is_array() ? x.at(0).size() : 1, {}};
    for (auto const& flat : x.flatten()) to.numbers.push_back(flat.get<double>());
    given.push_back(to);
  }
  auto const& law = row.at("params").at("laws").at(0).at(0);
  auto const number = [&](char const* key) { return catalog::array_of(law.at(key).get<double>()); };
  auto const d = catalog::derivatives_of<std::tuple<economy>>(
      m, given, {{"lognormal", {number("log_mean"), number("log_sd")}}},
      {"welfare[0]", "welfare[1]", "skilled_wage[1]"}, {"iceberg_cost[0][0]"});
  REQUIRE(d.reason == melitz::status::converged);
  auto const& of = row.at("derivatives").at(0).at("of");
  CHECK_THAT(d.table.at(0), test::WithinRel(of.at("welfare").at(0).get<double>(), 1e-10));
  CHECK_THAT(d.table.at(1), test::WithinRel(of.at("welfare").at(1).get<double>(), 1e-10));
  CHECK_THAT(d.table.at(2), test::WithinRel(of.at("skilled_wage").at(1).get<double>(), 1e-10));
}

}  // namespace test::world_derivatives
