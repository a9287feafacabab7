// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_PARTS  // there is melitz-solve, whose models these are
#include "catalog/compiled.hpp"
#endif

#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/catalog.hpp>
#include <melitz/economy/conditions.hpp>
#include <melitz/models/autarky.hpp>
#include <melitz/models/krugman.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test::catalog_operations {

// What models of the catalog may have besides solve: that each is the C++ call it stands for, to the last bit, and that
// it is empty where there is no such call.

namespace catalog = melitz::catalog;
using catalog::array;
using catalog::array_of;
using test::contains;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

catalog::model const& named(std::string_view name) {
  auto const* found = catalog::find(catalog::models(), name);
  REQUIRE(found != nullptr);
  return *found;
}

/// The model's examples, with other numbers for some.
std::vector<array> with(catalog::model const& m, std::vector<std::pair<std::string, double>> const& numbers = {}) {
  std::vector<array> out;
  for (auto const& p : m.parameters) out.push_back(p.as_if_left_out.empty() ? array_of(p.example) : array{});
  for (auto const& [name, x] : numbers) {
    std::size_t k = 0;
    while (k < m.parameters.size() && m.parameters[k].name != name) ++k;
    REQUIRE(k < m.parameters.size());
    out[k] = array_of(x);
  }
  return out;
}

melitz::erased_law<double> const law(melitz::lognormal<>{0, 0.8});

melitz::open_economy<> open(double iceberg_cost = 1.6) {
  return {.domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
          .partners = 3,
          .iceberg_cost = iceberg_cost,
          .export_fixed_cost = 1.3};
}

/// The names of the models for which this holds.
template <class Has>
std::set<std::string_view> models_that(Has const& has) {
  std::set<std::string_view> out;
  for (auto const& m : catalog::models()) {
    if (has(m)) out.insert(m.name);
  }
  return out;
}

}  // namespace

TEST_CASE("welfare over that in autarky, of every model with partners and a welfare", "[catalog]") {
  CHECK(models_that([](auto const& m) { return !m.gains_from_trade; }) ==
        std::set<std::string_view>{"closed", "learning", "screening", "sourcing", "transition"});
  for (auto const& m : catalog::models()) {
    if (!m.gains_from_trade) continue;
    CAPTURE(std::string(m.name));
    std::size_t const laws = m.laws == catalog::laws_wanted::none                     ? 0
                             : m.laws == catalog::laws_wanted::ability_and_attributes ? 2
                                                                                      : 1;
    melitz::erased_law<double> const of_all(melitz::pareto<>{1, 4.5});
    auto const gains = m.gains_from_trade(with(m), {laws, of_all}, {});
    REQUIRE(gains.numbers.size() == (m.name == "krugman_countries" ? 2 : 1));
    for (double const one : gains.numbers) CHECK(one > 1);
    CHECK_THROWS_WITH(m.gains_from_trade(with(m), {laws + 1, of_all}, {}),
                      contains("number of laws is " + std::to_string(laws + 1)));
  }
  auto const& m = named("open");
  CHECK(m.gains_from_trade(with(m), {law}, {}).numbers[0] == melitz::gains_from_trade(open(), law));
  CHECK(m.gains_from_trade(with(m, {{"iceberg_cost", infinity}}), {law}, {}).numbers[0] == 1);
  CHECK_THROWS_WITH(m.gains_from_trade(with(m, {{"iceberg_cost", 0.5}}), {law}, {}), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_AS(m.gains_from_trade(with(m, {{"entry_cost", 1e300}, {"fixed_cost", 1e-300}}), {law}, {}),
                  melitz::convergence_error);
  CHECK_THROWS_AS(m.gains_from_trade(with(m), {law}, {.max_evaluations = 1}), melitz::convergence_error);

  auto const& krugman = named("krugman");
  melitz::krugman_economy<> const alike{open().domestic, 1.3, 3, 1.6};
  CHECK(krugman.gains_from_trade(with(krugman, {{"productivity", 1.3}}), {}, {}).numbers[0] ==
        melitz::gains_from_trade(alike));
  auto const& countries = named("krugman_countries");
  auto const both = melitz::gains_from_trade(melitz::krugman_countries_economy<>{4, 1, 1, 1.4, 2, 1});
  auto const found = countries.gains_from_trade(with(countries), {}, {});
  CHECK((found.rows == 2 && found.columns == 1));
  CHECK(found.numbers == std::vector<double>{both[0], both[1]});
}

TEST_CASE("the conditions of the lecture's economies as curves", "[catalog]") {
  CHECK(models_that([](auto const& m) { return static_cast<bool>(m.curves); }) ==
        std::set<std::string_view>{"closed", "open"});
  std::vector<double> const cutoffs{1e-3, 1, 4, 30};
  auto const check = [&](catalog::model const& m, auto const& economy) {
    auto const c = melitz::conditions(economy, law);
    auto const curves = m.curves(with(m), {law}, cutoffs);
    REQUIRE(curves.size() == cutoffs.size());
    for (std::size_t k = 0; k < cutoffs.size(); ++k) {
      CHECK(curves[k].cutoff == cutoffs[k]);
      CHECK(curves[k].export_cutoff == c.export_cutoff(cutoffs[k]));
      CHECK(curves[k].value_of_entry == c.value_of_entry(cutoffs[k]));
      CHECK(curves[k].average_profit == c.average_profit(cutoffs[k]));
      CHECK(curves[k].average_profit_required == c.average_profit_required(cutoffs[k]));
    }
  };
  check(named("open"), open());
  check(named("closed"), open().domestic);
  auto const& m = named("open");
  CHECK(m.curves(with(m), {law}, {}).empty());
  for (double const bad : {0.0, -1.0, infinity, std::nan("")}) {
    CHECK_THROWS_WITH(m.curves(with(m), {law}, {1, bad}), contains("cutoff is") && contains("be positive and finite"));
  }
  CHECK_THROWS_WITH(m.curves(with(m), {}, cutoffs), contains("number of laws is 0; it must be 1"));
  CHECK_THROWS_WITH(m.curves(with(m, {{"death_rate", 0}}), {law}, cutoffs), contains("death_rate is 0"));
}

TEST_CASE("what becomes of firms between two equilibria", "[catalog]") {
  CHECK(models_that([](auto const& m) { return static_cast<bool>(m.fates); }) ==
        std::set<std::string_view>{"closed", "open"});
  auto const& m = named("open");
  for (auto const& [from, to] : {std::pair{infinity, 1.6}, {1.6, 1.3}, {1.3, 1.6}, {1.6, 1.6}}) {
    CAPTURE(from, to);
    auto const expected = melitz::compare(melitz::solve(open(from), law), melitz::solve(open(to), law)).firms;
    auto const found = m.fates(with(m, {{"iceberg_cost", from}}), with(m, {{"iceberg_cost", to}}), {law});
    REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
      CHECK(found[k].effect == to_string(expected[k].effect));
      CHECK(found[k].lower == expected[k].lower);
      CHECK(found[k].upper == expected[k].upper);
    }
    CHECK(found.back().upper == infinity);
  }
  CHECK_THROWS_WITH(m.fates(with(m), with(m, {{"elasticity", 5}}), {law}), contains("elasticity after is 5"));
  CHECK_THROWS_AS(m.fates(with(m), with(m, {{"entry_cost", 1e300}, {"fixed_cost", 1e-300}}), {law}),
                  melitz::convergence_error);
  CHECK_THROWS_WITH(m.fates(with(m), with(m, {{"labor", -1}}), {law}), contains("labor is -1"));
}

TEST_CASE("parameters at which the open economy shows what is observed", "[catalog]") {
  CHECK(models_that([](auto const& m) { return static_cast<bool>(m.calibrate); }) ==
        std::set<std::string_view>{"open"});
  CHECK(models_that([](auto const& m) { return !m.targets.empty(); }) == std::set<std::string_view>{"open"});
  auto const& m = named("open");
  std::vector<std::string> names;
  std::vector<array> given;
  for (auto const& t : m.targets) {
    names.push_back(t.name);
    given.push_back(t.optional() ? array{} : array_of(t.example));
  }
  CHECK(names == std::vector<std::string>{"share_exporting", "export_sales_share", "share_producing", "elasticity",
                                          "partners", "fixed_cost", "death_rate", "labor"});
  auto const expected = melitz::calibrate(
      melitz::trade_targets<>{
          .share_exporting = 0.18, .export_sales_share = 0.14, .share_producing = 0.5, .elasticity = 4},
      law);
  auto const found = m.calibrate(given, {law});
  REQUIRE(found.size() == m.parameters.size());
  auto const& e = expected.economy;
  auto const& home = e.domestic;
  std::vector<double> const all{home.elasticity, home.fixed_cost, home.entry_cost, home.death_rate,
                                home.labor,      e.partners,      e.iceberg_cost,  e.export_fixed_cost};
  for (std::size_t k = 0; k < all.size(); ++k) CHECK(found[k].numbers == std::vector<double>{all[k]});
  // They run as they come.
  CHECK(m.solve(found, {law}, {}).reason == melitz::status::converged);

  auto const refused = [&](std::size_t place, double x, std::string const& message) {
    auto wrong = given;
    wrong[place] = array_of(x);
    CHECK_THROWS_WITH(m.calibrate(wrong, {law}), contains(message));
  };
  refused(0, 1, "share_exporting is 1; it must lie strictly between 0 and 1");
  refused(0, std::nan(""), "share_exporting is nan");
  refused(1, 0.6, "export_sales_share is 0.6; it must be at most partners/(1 + partners) = 0.5");
  refused(3, 1, "elasticity is 1");
  given.pop_back();
  CHECK_THROWS_WITH(m.calibrate(given, {law}), contains("number of parameters is 7"));
}

TEST_CASE("parameters of a wrong shape are refused by name", "[catalog]") {
  auto const& m = named("open");
  auto const solve = [&](std::vector<array> const& given) { return m.solve(given, {law}, {}); };
  auto given = with(m);
  given.pop_back();
  CHECK_THROWS_WITH(solve(given), contains("open: number of parameters is 7; it must be that of the model's"));
  CHECK_THROWS_WITH(solve({}), contains("number of parameters is 0"));
  given = with(m);
  given[0] = {2, 1, {4, 5}};
  CHECK_THROWS_WITH(solve(given), contains("number of rows of elasticity is 2; it must be 1"));
  given[0] = {1, 2, {4, 5}};
  CHECK_THROWS_WITH(solve(given), contains("number of columns of elasticity is 2; it must be 1"));
  given[0] = {1, 1, {4, 5}};
  CHECK_THROWS_WITH(solve(given),
                    contains("count of numbers in elasticity is 2; it must be rows times columns, 1 times"));
  auto const& path = named("transition");
  for (double const bad : {-1.0, 0.5, 2.0, 1e300, infinity, std::nan("")}) {
    CHECK_THROWS_WITH(path.solve(with(path, {{"spending", bad}}), {law}, {}),
                      contains("spending is") && contains("be the place of one of its words, a whole number below 2"));
  }
  CHECK_THROWS_WITH(m.solve(with(m), {}, {}), contains("open: number of laws is 0; it must be 1"));
  CHECK_THROWS_WITH(m.firms(with(m), {law, law}, {1}), contains("number of laws is 2; it must be 1"));
}

}  // namespace test::catalog_operations
