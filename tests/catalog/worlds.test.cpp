// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_PARTS  // there is melitz-solve, whose models these are
#include "catalog/compiled.hpp"
#endif

#include <melitz/catalog/worlds.hpp>

#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/list.hpp>

#include "support/catch.hpp"
#include "support/derivatives.hpp"
#include "support/matrices.hpp"
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
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

catalog::array const& array_in(catalog::model const& m, catalog::answer const& a, std::string_view name) {
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    if (m.results[k].name == name) return std::get<catalog::array>(a.values.at(k));
  }
  FAIL("no result " << name);
  return std::get<catalog::array>(a.values[0]);
}

}  // namespace

TEST_CASE("the models that need Eigen solve their own examples", "[catalog][worlds]") {
  auto const& models = catalog::models_of_worlds();
  REQUIRE(models.size() == 11);
  for (auto const& m : models) {
    CAPTURE(std::string(m.name));
    CHECK(m.has_countries() == (m.name != "industry_dynamics"));
    auto const e = solve(m, parameters_that_run(m));
    CHECK(e.reason == melitz::status::converged);
    CHECK(e.warnings.empty());  // a condition number is no error
    REQUIRE(e.values.size() == m.results.size());
    for (std::size_t k = 0; k < e.values.size(); ++k) {
      CAPTURE(m.results[k].name);
      if (m.results[k].extent == catalog::extent::number || m.results[k].extent == catalog::extent::by_period) continue;
      auto const [rows, columns] = shape_of(m, m.results[k].extent, m.results[k].indices);
      auto const& numbers = std::get<catalog::array>(e.values[k]);
      CHECK((numbers.rows == rows && numbers.columns == columns));
    }
  }
}

TEST_CASE("goods that gain on the way are solved with, and warned of", "[catalog][worlds]") {
  auto const& m = *catalog::find(catalog::models_of_worlds(), "world");
  auto given = parameters_that_run(m);
  auto& icebergs = given[place_of(m, "iceberg_cost")];
  icebergs(2, 0) = 0.8;
  icebergs(0, 1) = 0.9;
  icebergs.row_names = icebergs.column_names =
      std::make_shared<std::vector<std::string> const>(std::vector<std::string>{"CAN", "MEX", "USA"});
  auto const e = solve(m, given);
  CHECK(e.reason == melitz::status::converged);
  CHECK(e.warnings ==
        std::vector<std::string>{"iceberg_cost[USA][CAN] is 0.8, the lowest of 2 below 1, which is unusual"});
  icebergs(0, 1) = 1;
  CHECK(solve(m, given).warnings ==
        std::vector<std::string>{"iceberg_cost[USA][CAN] is 0.8, below 1, which is unusual"});

  // Of a calibrated world they are an answer. Goods go round from the first country by the second.
  auto const& calibrated = *catalog::find(catalog::models_of_worlds(), "calibrated_world");
  given = parameters_that_run(calibrated);
  auto& sales = given[place_of(calibrated, "sales")];
  auto& shares = given[place_of(calibrated, "share_selling")];
  sales(0, 1) = sales(1, 0) = 300;
  shares(0, 1) = shares(1, 0) = 0.9;
  auto const found = solve(calibrated, given);
  REQUIRE(found.reason == melitz::status::converged);
  auto const place = array_in(calibrated, found, "cycle_place").numbers;
  CHECK(place == std::vector<double>{1, 2, 0});
  REQUIRE(found.warnings.size() == 2);
  CHECK_THAT(found.warnings[0], contains("icebergs 0 -> 1 -> 0 multiply to 0.924101"));
  CHECK_THAT(found.warnings[1], contains("is 0.961302, the lowest of 2 below 1, which is unusual"));
}

TEST_CASE("trade policy in several sectors, as the solver has it", "[catalog][worlds]") {
  auto const& m = *catalog::find(catalog::models_of_worlds(), "trade_policy");
  CHECK(m.laws == catalog::laws_wanted::none);
  std::vector<catalog::array> given(m.parameters.size());
  auto const set = [&](std::string_view name, catalog::array x) { given[place_of(m, name)] = std::move(x); };
  auto const names = std::make_shared<std::vector<std::string> const>(std::vector<std::string>{"CAN", "MEX", "USA"});
  set("flows", {3, 3, {80, 10, 12, 8, 40, 6, 14, 9, 200, 50, 4, 5, 6, 60, 9, 4, 3, 150}, names, names, 2});
  set("trade_elasticity", {1, 1, {5, 4}, {}, {}, 2});
  set("scale_elasticity", {1, 1, {0.2, 0}, {}, {}, 2});
  set("import_tax", {3, 3, {0, 0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {}, {}, 2});
  set("closure", catalog::array_of(2));
  CHECK(m.parameters[place_of(m, "closure")].words[2] == "zero");

  melitz::policy_world<> world{.sectors = {melitz::policy_sector<>::krugman(5), melitz::policy_sector<>::armington(4)},
                               .flows = melitz::trade_array<>(3, 2),
                               .import_tax = melitz::trade_array<>(3, 2),
                               .closure = melitz::policy_closure::zero};
  world.flows.sector(0) << 80, 10, 12, 8, 40, 6, 14, 9, 200;
  world.flows.sector(1) << 50, 4, 5, 6, 60, 9, 4, 3, 150;
  world.import_tax(0, 1, 0) = 0.1;
  auto const same_as = [&](melitz::policy_change<> const& change) {
    auto const a = m.solve(given, {}, {});
    REQUIRE(a.reason == melitz::status::converged);
    auto const e = melitz::solve(world, change);
    auto const& welfare = array_in(m, a, "welfare_hat");
    CHECK(welfare.row_names == names);
    CHECK(welfare.numbers == std::vector<double>(e.welfare_hat.begin(), e.welfare_hat.end()));
    CHECK(array_in(m, a, "new_tax_revenue").numbers == std::vector<double>(e.revenue.begin(), e.revenue.end()));
    CHECK(array_in(m, a, "price_hat").numbers ==
          std::vector<double>(e.price_hat.reshaped().begin(), e.price_hat.reshaped().end()));
    auto const& flows = array_in(m, a, "new_flows");
    REQUIRE(flows.layers == 2);
    bool equal = true;
    for (std::size_t k = 0; k < 18; ++k) {
      auto const at = static_cast<Eigen::Index>(k);
      equal = equal && flows.numbers[k] == e.flows(at / 3 % 3, at % 3, at / 9);
    }
    CHECK(equal);
  };
  auto change = melitz::policy_solver<>(world).unchanged();
  same_as(change);  // new taxes that are left out are those before
  set("new_import_tax", {3, 3, std::vector<double>(18), {}, {}, 2});
  change.import_tax = melitz::trade_array<>(3, 2);
  same_as(change);  // and those that are 0 are none
  given[place_of(m, "new_import_tax")].numbers[1] = change.import_tax(0, 1, 0) = 0.25;
  same_as(change);

  given[place_of(m, "new_import_tax")].numbers[11] = -1;  // of the second sector
  CHECK_THROWS_WITH(m.solve(given, {}, {}), contains("new_import_tax(0, 2) is -1; it must exceed -1"));
  given[place_of(m, "new_import_tax")] = {};
  set("trade_elasticity", {1, 1, {5, 4, 3}, {}, {}, 3});
  CHECK_THROWS_WITH(m.solve(given, {}, {}), contains("number of sectors of trade_elasticity is 3; it must be 1, or 2"));
}

TEST_CASE("a country gains from trade what it has over itself alone", "[catalog][worlds]") {
  auto const& models = catalog::models_of_worlds();
  static auto const core = catalog::models_of<catalog::core_models, 0, 1>();
  auto const& closed = *catalog::find(core, "closed");
  auto const names = std::make_shared<std::vector<std::string> const>(std::vector<std::string>{"CAN", "MEX", "USA"});
  for (auto const& m : models) {
    CAPTURE(std::string(m.name));
    if (!m.has_countries()) continue;
    bool const has_no_autarky = m.name == "melitz_ottaviano" || m.name == "comparative_advantage";
    REQUIRE(static_cast<bool>(m.gains_from_trade) == !has_no_autarky);
    if (has_no_autarky) continue;
    auto given = parameters_that_run(m);
    bool const calibrated = m.name == "calibrated_world", policy = m.name == "trade_policy";
    given[place_of(m, calibrated ? "sales" : policy ? "flows" : "labor")].row_names = names;
    std::vector<melitz::erased_law<double>> laws;
    if (m.laws != catalog::laws_wanted::none) laws.push_back(catalog::law_of(melitz::lognormal<>{0, 0.5}));
    auto const together = m.solve(given, laws, {});
    REQUIRE(together.reason == melitz::status::converged);
    auto const gains = m.gains_from_trade(given, laws, {});
    CHECK((gains.rows == 3 && gains.columns == 1));
    CHECK(gains.row_names == names);
    if (policy) {
      melitz::trade_policy_economy<> economy;
      economy.sectors[0].flows = Eigen::Matrix3d{{80, 10, 12}, {8, 40, 6}, {14, 9, 200}};
      economy.sectors[0].trade_elasticity = 5;
      economy.sectors[0].scale_elasticity = 0.15;
      economy.sectors[0].selection = Eigen::Vector3d::Constant(0.3);
      economy.sectors[0].import_tax = Eigen::Matrix3d{{0, 0.05, 0.05}, {0.05, 0, 0.05}, {0.05, 0.05, 0}};
      auto const expected = gains_from_trade(economy);
      CHECK(gains.numbers == std::vector<double>(expected.begin(), expected.end()));
      CHECK(expected[2] < 1);  // which lends more than its trade brings
      continue;
    }
    if (m.laws == catalog::laws_wanted::none || calibrated) {  // acr and bertrand answer it themselves, too
      CHECK(gains.numbers == array_in(m, together, "gains_from_trade").numbers);
      continue;
    }
    auto const& welfare = array_in(m, together, "welfare").numbers;
    for (std::size_t i = 0; i < 3; ++i) {
      if (m.name == "chaney" || m.name == "multinational_world") {  // a world of one country, solved in the same way
        auto alone = given;
        for (std::size_t k = 0; k < alone.size(); ++k) {
          if (m.parameters[k].extent == catalog::extent::number) continue;
          bool const pair = m.parameters[k].extent == catalog::extent::by_pair;
          alone[k] = catalog::array_of(given[k](i, pair ? i : 0));
        }
        CHECK(gains.numbers[i] == welfare[i] / array_in(m, m.solve(alone, laws, {}), "welfare").numbers.at(0));
      } else {  // the closed economy; with an outside good that of the workers whose wages are spent on the sector
        bool const outside = m.name == "world_with_outside_good";
        auto const of = [&](char const* name, bool pair = false) { return given[place_of(m, name)](i, pair ? i : 0); };
        double const share = outside ? of("expenditure_share") : 1, wage = outside ? of("wage") : 1;
        auto const one = catalog::array_of;
        auto const e = closed.solve(
            {one(given[place_of(m, "elasticity")].numbers[0]), one(of("fixed_cost", true)), one(of("entry_cost")),
             one(given[place_of(m, "death_rate")].numbers[0]), one(share * of("labor"))},
            laws, {});
        double price = 0;
        for (std::size_t k = 0; k < closed.results.size(); ++k) {
          if (closed.results[k].name == "price_index") price = std::get<double>(e.values.at(k));
        }
        double const by_itself = wage * std::pow(wage * price, -share);
        CHECK_THAT(gains.numbers[i], test::WithinRel(welfare[i] / by_itself, 1e-12));
      }
      CHECK(gains.numbers[i] > 1);
    }
    CHECK_THROWS_WITH(m.gains_from_trade(given, {}, {}), contains("number of laws is 0; it must be 1"));
  }
}

TEST_CASE("a world with an outside good, as one model", "[catalog][worlds]") {
  auto const& m = *catalog::find(catalog::models_of_worlds(), "world_with_outside_good");
  std::vector<std::string> names;
  for (auto const& p : m.parameters) names.push_back(p.name);
  CHECK(names == std::vector<std::string>{"labor", "elasticity", "entry_cost", "death_rate", "iceberg_cost",
                                          "fixed_cost", "source_labor_share", "wage", "expenditure_share",
                                          "allow_no_entrants"});  // no tariffs and deficits, which it refuses
  auto const file = test::reference("world");
  for (auto const& c : file.at("outside_good")) {
    CAPTURE(c.at("name").get<std::string>());
    std::vector<catalog::array> given;
    for (auto const& parameter : m.parameters) {
      auto& to = given.emplace_back();
      if (parameter.name == "allow_no_entrants") to = catalog::array_of(1);
      if (!c.at("params").contains(parameter.name)) continue;
      auto const& x = c.at("params").at(parameter.name);
      to = {x.is_array() ? x.size() : 1, x.is_array() && x.at(0).is_array() ? x.at(0).size() : 1, {}};
      for (auto const& flat : x.is_array() ? x.flatten() : test::json::array({x})) to.numbers.push_back(number(flat));
    }
    std::vector<melitz::erased_law<double>> laws;
    for (auto const& law : test::laws_of(c.at("params").at("dists"))) laws.emplace_back(law);
    auto const a = m.solve(given, laws, {});
    REQUIRE(a.reason == melitz::status::converged);
    for (auto const* result : {"welfare", "mass_entrants", "price_index", "outside_labor", "profit_over_entry_cost"}) {
      CAPTURE(result);
      auto const& found = array_in(m, a, result).numbers;
      auto const& expected = c.at("outputs").at(result);
      REQUIRE(found.size() == expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        double const x = number(expected.at(i));
        if (found[i] != x) CHECK_THAT(found[i], test::WithinRel(x, 1e-13));
      }
    }
  }
  CHECK(file.at("outside_good").size() == 4);
  auto given = parameters_that_run(m);
  auto const law = melitz::pareto<>{1, 6};
  given[place_of(m, "expenditure_share")].numbers[1] = 1;
  CHECK_THROWS_WITH(m.solve(given, {catalog::law_of(law)}, {}), contains("expenditure_share(1) is 1"));
  given[place_of(m, "expenditure_share")] = {2, 1, {0.4, 0.4}};
  CHECK_THROWS_WITH(m.solve(given, {catalog::law_of(law)}, {}), contains("expenditure_share"));
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
  auto const itself = melitz::tail_of(law, 2.0);
  auto const behind = melitz::tail_of(melitz::erased_law<double>(law), 2.0);
  for (double const log_x : {-40.0, -3.0, 0.0, 0.7, 5.0, 30.0}) {
    CHECK(itself.at(log_x).survival == behind.at(log_x).survival);
  }
  CHECK(melitz::erased_law<double>(law).power_for_survival() == 2 / 0.6);
  CHECK(catalog::law_of(melitz::pareto<>{1, 2}).power_for_survival() == 1.0 / 1024);
  CHECK_THROWS_WITH(m.solve(given, {catalog::law_of(melitz::lognormal<>{1, 0})}, {}),
                    contains("log_sd is 0; it must be positive and finite"));
}

#ifdef MELITZ_CATALOG_WORLD_PART_SLOPES  // the derivatives of all worlds are compiled then

namespace {

std::vector<catalog::model> const& models_with_derivatives() {
  static auto const table = [] {
    auto out = catalog::models_of_worlds();
    catalog::add_derivatives<catalog::world_models>(out);
    return out;
  }();
  return table;
}

/// One number of what has several, and its name.
std::string with_place(std::string const& name, catalog::extent extent, std::size_t column) {
  return name + (extent == catalog::extent::by_pair      ? "[0][" + std::to_string(column) + ']'
                 : extent == catalog::extent::by_country ? '[' + std::to_string(column) + ']'
                                                         : "");
}

}  // namespace

TEST_CASE("derivatives of worlds are those of their solves", "[catalog][worlds][derivatives]") {
  for (auto const& m : models_with_derivatives()) {
    CAPTURE(std::string(m.name));
    REQUIRE(static_cast<bool>(m.differentiate) == (m.name != "calibrated_world" && m.name != "trade_policy"));
    if (!m.differentiate) continue;
    if (m.name == "comparative_advantage" || m.name == "industry_dynamics") continue;  // below
    auto const given = parameters_that_run(m);
    constexpr double shape = 6, step = 3e-4;
    bool const lawless = m.laws == catalog::laws_wanted::none;
    auto const solved = [&](std::vector<catalog::array> const& at, double k) {
      std::vector<melitz::erased_law<double>> laws;
      if (!lawless) laws.push_back(catalog::law_of(melitz::pareto<>{1, k}));
      auto out = m.solve(at, laws, {});
      REQUIRE(out.reason == melitz::status::converged);
      return out;
    };
    auto const at = solved(given, shape);
    std::vector<std::size_t> places;  // of results that are numbers
    std::vector<std::string> results, parameters;
    for (std::size_t k = 0; k < m.results.size(); ++k) {
      auto const& r = m.results[k];
      bool const number = std::holds_alternative<double>(at.values[k]);
      if (r.part == melitz::part::solution || r.part == melitz::part::work) continue;
      if (!number && !std::holds_alternative<catalog::array>(at.values[k])) continue;
      places.push_back(k);
      results.push_back(with_place(r.name, r.extent, 2));
    }
    auto const results_at = [&](catalog::answer const& a) {
      std::vector<double> out;
      for (auto const k : places) {
        auto const* table = std::get_if<catalog::array>(&a.values[k]);
        bool const pair = m.results[k].extent == catalog::extent::by_pair;
        out.push_back(table == nullptr ? std::get<double>(a.values[k]) : (*table)(pair ? 0 : 2, pair ? 2 : 0));
      }
      return out;
    };
    std::vector<std::size_t> moved;
    for (std::size_t k = 0; k < m.parameters.size(); ++k) {
      auto const& p = m.parameters[k];
      bool const at_end = p.if_left_out && p.example == *p.if_left_out && p.example_list.empty();
      if (!p.words.empty() || at_end) continue;
      moved.push_back(k);
      parameters.push_back(with_place(p.name, p.extent, 1));
    }
    if (!lawless) parameters.push_back("distribution.shape");
    std::vector<catalog::law_by_name> laws;
    if (!lawless) laws.push_back({"pareto", {catalog::array_of(1), catalog::array_of(shape)}});
    auto const d = m.differentiate(given, laws, results, parameters);
    REQUIRE(d.reason == melitz::status::converged);
    auto const values = results_at(at);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      test::check_column(d, p, m.differentiate(given, laws, results, {parameters[p]}));
      bool const of_law = p == moved.size();
      std::size_t const column = !of_law && m.parameters[moved[p]].extent == catalog::extent::by_pair ? 1 : 0;
      std::size_t const row = !of_law && m.parameters[moved[p]].extent == catalog::extent::by_country ? 1 : 0;
      double const x = of_law ? shape : given[moved[p]](row, column), h = step * x;
      auto const near = [&](double by) {
        auto there = given;
        if (!of_law) there[moved[p]](row, column) += by;
        return results_at(solved(there, of_law ? shape + by : shape));
      };
      auto const up = near(h), down = near(-h), far_up = near(2 * h), far_down = near(-2 * h);
      double worst = 0;
      for (std::size_t r = 0; r < results.size(); ++r) {
        double const value = values[r], slope = d.table[r * parameters.size() + p];
        if (!std::isfinite(value)) continue;
        double const coarse = (far_up[r] - far_down[r]) / (4 * h), fine = (up[r] - down[r]) / (2 * h);
        double const expected = (4 * fine - coarse) / 3, scale = std::abs(value) + std::abs(x * expected);
        double const error = scale > 0 ? std::abs(x * (slope - expected)) / scale : std::abs(slope);
        CAPTURE(results[r], parameters[p], value, slope, expected);
        if (!(error < 2e-9)) CHECK(error < 2e-9);
        CHECK_THAT(d.values[r], test::WithinRel(value, 1e-12));
        worst = std::max(worst, error);
      }
      INFO(m.name << " by " << parameters[p]);
      CHECK(worst < 2e-9);
    }
  }
}

TEST_CASE("industries that change have all that others have", "[catalog][worlds][derivatives]") {
  auto const& m = *catalog::find(models_with_derivatives(), "industry_dynamics");
  CHECK(m.laws == catalog::laws_wanted::one);
  std::vector<melitz::erased_law<double>> const laws{catalog::law_of(melitz::lognormal<>{0, 0.4588314677411235})};
  std::vector<catalog::law_by_name> const by_name{
      {"lognormal", {catalog::array_of(0), catalog::array_of(0.4588314677411235)}}};
  auto given = parameters_that_run(m);
  given[place_of(m, "discount_factor")].numbers[0] = 1;
  std::vector<std::string> const results{"welfare", "demand", "export_share", "mass_producers",
                                         "exit_hazard_by_age[3]"};
  std::vector<std::string> const parameters{"iceberg_cost", "shock_sd", "redraw_probability", "distribution.log_sd"};
  for (double const autoregression : {0.0, 1.0}) {
    CAPTURE(autoregression);
    given[place_of(m, "shocks")].numbers[0] = autoregression;
    auto const a = m.solve(given, laws, {});
    REQUIRE(a.reason == melitz::status::converged);
    CHECK(array_in(m, a, "exit_hazard_by_age").rows == 40);
    // Lists go on for as long as they are asked to, and do not stand still after 40 ages.
    auto longer = given;
    longer[place_of(m, "periods")] = catalog::array_of(60);
    auto const b = m.solve(longer, laws, {});
    auto const few = array_in(m, a, "share_of_firms_by_age"), many = array_in(m, b, "share_of_firms_by_age");
    REQUIRE(many.rows == 60);
    CHECK(std::equal(few.numbers.begin(), few.numbers.end(), many.numbers.begin()));
    CHECK(many.numbers[59] < 0.99 * many.numbers[58]);
    auto const gain = m.gains_from_trade(given, laws, {}).numbers.at(0);
    CHECK_THAT(gain, test::WithinRel(autoregression == 0 ? 1.0343713412687137 : 1.033915733909935, 1e-11));
    auto const d = m.differentiate(given, by_name, results, parameters);
    REQUIRE(d.reason == melitz::status::converged);
    double const tau = given[place_of(m, "iceberg_cost")].numbers[0];
    CHECK_THAT(d.table[0] * tau / d.values[0], test::WithinRel(-d.values[2], 1e-11));
    CHECK_THAT(d.table[4] * tau / d.values[1], test::WithinRel(3 * d.values[2], 1e-11));
    // The others against differences.
    for (std::size_t p = 1; p < parameters.size(); ++p) {
      bool const of_law = p == 3;
      double const h = 1e-3;
      auto const near = [&](double by) {
        auto there = given;
        if (!of_law) there[place_of(m, parameters[p])].numbers[0] += by;
        auto const law = catalog::law_of(melitz::lognormal<>{0, 0.4588314677411235 + (of_law ? by : 0)});
        auto const moved = m.solve(there, {law}, {});
        REQUIRE(moved.reason == melitz::status::converged);
        std::vector<double> out;
        for (auto const& name : results) {
          if (name.back() == ']') {
            out.push_back(array_in(m, moved, "exit_hazard_by_age").numbers.at(3));
            continue;
          }
          for (std::size_t k = 0; k < m.results.size(); ++k) {
            if (m.results[k].name == name) out.push_back(std::get<double>(moved.values[k]));
          }
        }
        return out;
      };
      auto const up = near(h), down = near(-h), far_up = near(2 * h), far_down = near(-2 * h);
      for (std::size_t r = 0; r < results.size(); ++r) {
        CAPTURE(results[r], parameters[p]);
        double const expected = (8 * (up[r] - down[r]) - (far_up[r] - far_down[r])) / (12 * h);
        CHECK_THAT(d.table[r * parameters.size() + p], test::WithinAbs(expected, 1e-7 * (1 + std::abs(expected))));
      }
    }
  }
}

TEST_CASE("derivatives of comparative advantage, whose costs are by industry and country",
          "[catalog][worlds][derivatives]") {
  auto const& m = *catalog::find(models_with_derivatives(), "comparative_advantage");
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
  auto const d = m.differentiate(given, {{"lognormal", {number("log_mean"), number("log_sd")}}},
                                 {"welfare[0]", "welfare[1]", "skilled_wage[1]"}, {"iceberg_cost[0][0]"});
  REQUIRE(d.reason == melitz::status::converged);
  auto const& of = row.at("derivatives").at(0).at("of");
  CHECK_THAT(d.table.at(0), test::WithinRel(of.at("welfare").at(0).get<double>(), 1e-10));
  CHECK_THAT(d.table.at(1), test::WithinRel(of.at("welfare").at(1).get<double>(), 1e-10));
  CHECK_THAT(d.table.at(2), test::WithinRel(of.at("skilled_wage").at(1).get<double>(), 1e-10));
}

TEST_CASE("derivatives of worlds by what is not there are refused by name", "[catalog][worlds][derivatives]") {
  auto const& m = *catalog::find(models_with_derivatives(), "world");
  auto const given = parameters_that_run(m);
  catalog::law_by_name const pareto{"pareto", {catalog::array_of(1), catalog::array_of(6)}};
  catalog::law_by_name const lognormal{"lognormal", {catalog::array_of(0), catalog::array_of(0.5)}};
  auto const by = [&](std::string const& parameter, std::vector<catalog::law_by_name> const& laws) {
    return m.differentiate(given, laws, {"welfare[0]"}, {parameter}).table.at(0);
  };
  CHECK_THROWS_WITH(by("labor[3]", {pareto}), contains("parameter is labor[3]; it must be the place of one"));
  CHECK_THROWS_WITH(by("iceberg_cost[1][1]", {pareto}), contains("be between two countries: at home it is given"));
  CHECK_THROWS_WITH(by("distribution[3].shape", {pareto, pareto, pareto}),
                    contains("parameter is distribution[3].shape"));
  // A key of one family is another one's of another family: both at once there are not.
  CHECK_THROWS_WITH(by("distribution.shape", {pareto, lognormal, pareto}),
                    contains("be of one of the laws, distribution[0], where they are of several families"));
  CHECK_THROWS_WITH(by("distribution[1].shape", {pareto, lognormal, pareto}), contains("distribution[1].shape"));
  // All laws at once are one after the other.
  double const all = by("distribution.shape", {pareto, pareto, pareto});
  double const each = by("distribution[0].shape", {pareto, pareto, pareto}) +
                      by("distribution[1].shape", {pareto, pareto, pareto}) +
                      by("distribution[2].shape", {pareto, pareto, pareto});
  CHECK_THAT(each, test::WithinRel(all, 1e-12));
  CHECK_THAT(by("distribution.shape", {pareto}), test::WithinRel(all, 1e-12));
}

#endif

}  // namespace test::world_catalog
