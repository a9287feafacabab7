// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_PARTS  // there is melitz-solve, whose models these are
#include "catalog/compiled.hpp"
#endif

#include <melitz/catalog/worlds.hpp>

#include <melitz/catalog/batch.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace test::world_catalog {

namespace catalog = melitz::catalog;
using test::contains;

namespace {

/// Two where there are no more.
std::size_t countries_of(catalog::model const& m) { return m.name == "comparative_advantage" ? 2 : 3; }

/// Rows and columns of what is by country, industry, ...; of industries there are two.
std::pair<std::size_t, std::size_t> shape_of(catalog::model const& m, catalog::extent extent, melitz::told::by_two by) {
  std::size_t const countries = countries_of(m);
  if (extent != catalog::extent::by_indices) return {countries, extent == catalog::extent::by_pair ? countries : 1};
  auto const count = [&](melitz::told::by what) {
    return what == melitz::told::by::none ? 1 : what == melitz::told::by::country ? countries : 2;
  };
  return {count(by.rows), count(by.columns)};
}

/// What runs: the examples of all parameters, one number for all pairs of countries but for what stands at home.
std::vector<catalog::array> parameters_that_run(catalog::model const& m) {
  std::vector<catalog::array> out;
  for (auto const& p : m.parameters) {
    auto& to = out.emplace_back(catalog::array_of(p.example));
    if (p.extent == catalog::extent::number) continue;
    auto const [rows, columns] = shape_of(m, p.extent, p.indices);
    bool const pairs = columns > 1;
    to = {rows, columns, {}};
    auto const list = p.example_list.empty() ? test::json() : test::json::parse(p.example_list);
    for (std::size_t i = 0; i < to.rows; ++i) {
      for (std::size_t j = 0; j < to.columns; ++j) {
        auto const& row = list.is_null() ? list : list.at(i);
        to.numbers.push_back(!row.is_null()                 ? number(pairs ? row.at(j) : row)
                             : pairs && i == j && p.at_home ? *p.at_home
                                                            : p.example);
      }
    }
  }
  return out;
}

catalog::answer solve(catalog::model const& m, std::vector<catalog::array> const& given) {
  std::vector<melitz::erased_law<double>> laws;
  if (m.laws != catalog::laws_wanted::none) {
    laws.push_back(catalog::law_of(test::family<double>(test::json::parse(m.example_law))));
  }
  return m.solve(given, laws, {});
}

std::size_t place_of(catalog::model const& m, std::string_view name) {
  for (std::size_t k = 0; k < m.parameters.size(); ++k) {
    if (m.parameters[k].name == name) return k;
  }
  FAIL("no parameter " << name);
  return 0;
}

}  // namespace

TEST_CASE("the models of different countries solve their own examples", "[catalog][worlds]") {
  auto const& models = catalog::models_of_worlds();
  REQUIRE(models.size() == 6);
  for (auto const& m : models) {
    CAPTURE(std::string(m.name));
    CHECK(m.has_countries());
    auto const e = solve(m, parameters_that_run(m));
    CHECK(e.reason == melitz::status::converged);
    CHECK(e.warnings.empty());  // a condition number is no error
    REQUIRE(e.values.size() == m.results.size());
    for (std::size_t k = 0; k < e.values.size(); ++k) {
      CAPTURE(m.results[k].name);
      if (m.results[k].extent == catalog::extent::number) continue;
      auto const [rows, columns] = shape_of(m, m.results[k].extent, m.results[k].indices);
      auto const& numbers = std::get<catalog::array>(e.values[k]);
      CHECK((numbers.rows == rows && numbers.columns == columns));
    }
  }
}

TEST_CASE("what files leave out, and what they may say of how to solve", "[catalog][worlds]") {
  auto const& models = catalog::models_of_worlds();
  for (std::string_view const name : {"chaney", "multinational_world"}) {
    auto const& m = *catalog::find(models, name);
    auto left_out = parameters_that_run(m);
    for (auto const* optional : {"outside_productivity", "fixed_cost_factor", "export_fixed_cost_factor"}) {
      for (std::size_t k = 0; k < m.parameters.size(); ++k) {
        if (m.parameters[k].name == optional) left_out[k].numbers.clear();
      }
    }
    auto const all = solve(m, parameters_that_run(m)), rest = solve(m, left_out);
    auto const& given = std::get<catalog::array>(all.values.back()).numbers;
    auto const& by_itself = std::get<catalog::array>(rest.values.back()).numbers;
    CHECK(std::equal(given.begin(), given.end(), by_itself.begin(), by_itself.end(),
                     [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }));
  }
  auto const& m = *catalog::find(models, "melitz_ottaviano");
  auto given = parameters_that_run(m);
  given[place_of(m, "entry_cost")].numbers[1] = 2;
  CHECK_THROWS_WITH(solve(m, given), contains("nobody enters there, which allow_no_entrants accepts"));
  auto const allow = place_of(m, "allow_no_entrants");
  CHECK(m.parameters[allow].words == std::vector<std::string_view>{"false", "true"});
  given[allow] = catalog::array_of(1);
  CHECK(solve(m, given).reason == melitz::status::converged);
}

TEST_CASE("a batch moves what is by country, if it knows for how many", "[catalog][worlds]") {
  auto const& m = *catalog::find(catalog::models_of_worlds(), "world");
  auto given = parameters_that_run(m);
  catalog::varied const deficit{.parameter = place_of(m, "deficit"), .values = {0, 0}};
  given[deficit.parameter] = {};
  auto const law = catalog::law_of(test::family<double>(test::json::parse(m.example_law)));
  CHECK_THROWS_WITH(catalog::solve_batch(m, given, {deficit}, {law}),
                    contains("deficit is left out; it must be given where it is moved"));
  catalog::varied const costs{.parameter = place_of(m, "iceberg_cost"), .values = {1.3, 1.7}};
  auto const many = catalog::solve_batch(m, given, {costs}, {law}, {.fields = {"welfare"}});
  REQUIRE(many.width[0] == countries_of(m));
  for (std::size_t i = 0; i < many.width[0]; ++i) CHECK(many.columns[0][i] > many.columns[0][many.width[0] + i]);
}

TEST_CASE("a law behind one type has the survival of the law itself", "[catalog][worlds]") {
  melitz::lognormal<> const law = melitz::lognormal_costs(1.6, 0.6);
  auto const& m = *catalog::find(catalog::models_of_worlds(), "melitz_ottaviano");
  auto const given = parameters_that_run(m);
  melitz::melitz_ottaviano_economy<> economy{
      .choke_price = 10,
      .differentiation = 2,
      .substitution = 1.5,
      .consumers = Eigen::Vector3d{10, 14, 12},
      .entry_cost = Eigen::Vector3d::Ones(),
      .iceberg_cost = Eigen::Matrix3d{{1, 1.3, 1.5}, {1.4, 1, 1.4}, {1.5, 1.4, 1}},
      .labor_per_consumer = 60};
  auto const itself = melitz::solve(economy, law);
  auto const named = m.solve(given, {catalog::law_of(law)}, {});
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    if (m.results[k].name != "price_cutoff") continue;
    auto const& numbers = std::get<catalog::array>(named.values[k]).numbers;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      CHECK(numbers[i] == itself.price_cutoff[static_cast<Eigen::Index>(i)]);
  }
  CHECK(melitz::erased_law<double>(law).power_for_survival() == 2 / 0.6);
  CHECK(catalog::law_of(melitz::pareto<>{1, 2}).power_for_survival() == 1.0 / 1024);
  CHECK_THROWS_WITH(m.solve(given, {catalog::law_of(melitz::lognormal<>{1, 0})}, {}),
                    contains("log_sd is 0; it must be positive and finite"));
}

}  // namespace test::world_catalog
