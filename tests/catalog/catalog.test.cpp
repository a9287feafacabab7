// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_PARTS  // there is melitz-solve, whose models these are
#include "catalog/compiled.hpp"
#endif

#include <melitz/catalog.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace test::core_catalog {

// Models and laws by name: that the catalog says what the tables say, and solves what C++ solves.

namespace catalog = melitz::catalog;
using catalog::array;
using catalog::array_of;
using catalog::models;
using melitz::status;
using test::contains;
using law_list = std::vector<melitz::erased_law<double>>;

namespace {

catalog::model const& named(std::string_view name) {
  auto const* found = catalog::find(models(), name);
  REQUIRE(found != nullptr);
  return *found;
}

std::size_t place_of(catalog::model const& m, std::string_view parameter) {
  for (std::size_t k = 0; k < m.parameters.size(); ++k) {
    if (m.parameters[k].name == parameter) return k;
  }
  FAIL("no parameter " << parameter);
  return 0;
}

/// The model's example; what has the value of another parameter is left out.
std::vector<array> example_of(catalog::model const& m) {
  std::vector<array> out;
  for (auto const& p : m.parameters) out.push_back(p.as_if_left_out.empty() ? array_of(p.example) : array{});
  return out;
}

melitz::lognormal<> const lognormal{0, 0.8};

law_list law_of_example(catalog::model const& m) {
  if (m.laws == catalog::laws_wanted::none) return {};
  auto const written = test::json::parse(m.example_law);
  auto const law = [](test::json const& one) { return catalog::law_of(test::family<double>(one), "distribution"); };
  if (m.laws == catalog::laws_wanted::ability_and_attributes) {
    return {law(written.at("ability")), law(written.at("attributes"))};
  }
  return {law(written)};
}

catalog::answer solve(catalog::model const& m, std::vector<array> const& given) {
  return m.solve(given, law_of_example(m), {});
}

catalog::value const& result(catalog::model const& m, catalog::answer const& a, std::string_view name) {
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    if (m.results[k].name == name) return a.values.at(k);
  }
  FAIL("no result " << name);
  return a.values[0];
}
double number(catalog::model const& m, catalog::answer const& a, std::string_view name) {
  return std::get<double>(result(m, a, name));
}

void check_same(catalog::model const& m, catalog::answer const& a,
                std::vector<std::pair<char const*, double>> const& expected) {
  REQUIRE(a.reason == status::converged);
  for (auto const& [name, value] : expected) {
    INFO(name);
    CHECK(number(m, a, name) == value);
  }
}

melitz::open_economy<> const open{
    .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
    .partners = 3,
    .iceberg_cost = 1.6,
    .export_fixed_cost = 1.3};

}  // namespace

TEST_CASE("every core model says what it wants and what it answers", "[catalog]") {
  CHECK(models().size() == std::tuple_size_v<catalog::core_models>);
  CHECK(catalog::find(models(), "krugmann") == nullptr);
  std::set<std::string_view> names;
  for (auto const& m : models()) {
    CAPTURE(m.name);
    CHECK(names.insert(m.name).second);
    CHECK(!m.title.empty());
    CHECK(!m.has_countries());
    std::set<std::string_view> parameters, results;
    for (auto const& p : m.parameters) {
      CAPTURE(p.name);
      CHECK(parameters.insert(p.name).second);
      CHECK(!p.meaning.empty());
      CHECK(p.restriction.empty() == !p.words.empty());
      CHECK((p.words.empty() || p.words.size() >= 2));
      CHECK((p.as_if_left_out.empty() || parameters.count(p.as_if_left_out) == 1));
    }
    for (auto const& r : m.results) CHECK(results.insert(r.name).second);
    CHECK(std::is_sorted(m.results.begin(), m.results.end(),
                         [](auto const& a, auto const& b) { return a.part < b.part; }));

    auto const a = solve(m, example_of(m));
    CHECK(a.reason == status::converged);
    REQUIRE(a.values.size() == m.results.size());
    for (std::size_t k = 0; k < a.values.size(); ++k) {
      auto const* path = std::get_if<array>(&a.values[k]);
      CHECK((path != nullptr) == (m.results[k].extent == catalog::extent::by_period));
      if (path != nullptr) CHECK(path->numbers.size() == 40);
    }
  }
  for (auto const* trade : {"export_cutoff", "exports", "trade_elasticity"}) {  // not in a closed economy
    for (auto const& r : named("closed").results) CHECK(r.name != trade);
  }
  CHECK(named("open").parameters[place_of(named("open"), "iceberg_cost")].may_be_infinite);
  CHECK(!named("open").parameters[place_of(named("open"), "labor")].may_be_infinite);
  CHECK(named("transition").periods() == place_of(named("transition"), "periods"));
  CHECK(!named("open").periods());
}

TEST_CASE("what the catalog solves is what C++ solves, to the last bit", "[catalog]") {
  auto const law = catalog::law_of(lognormal);
  {
    auto const& m = named("open");
    auto const e = melitz::try_solve(open, law);
    auto const a = solve(m, example_of(m));
    check_same(m, a,
               {{"cutoff", e.cutoff},
                {"export_cutoff", e.export_cutoff},
                {"share_exporting", e.share_exporting},
                {"mass_producers", e.mass_producers},
                {"welfare", e.welfare},
                {"labor_variable", e.labor_variable},
                {"trade_elasticity", e.trade_elasticity},
                {"residual", e.residual},
                {"evaluations", e.evaluations}});
    CHECK(std::get<std::string_view>(result(m, a, "regime")) == "selection");
    CHECK(!std::get<bool>(result(m, a, "every_entrant_produces")));
    CHECK_THAT(number(m, a, "welfare"), WithinRel(melitz::try_solve(open, lognormal).welfare, 1e-14));
    auto const firms = m.firms(example_of(m), {law}, {1, 6, 20});
    REQUIRE(firms.size() == 3);
    for (auto const& firm : firms) {
      CHECK(firm.choice == to_string(e.choice(firm.productivity)));
      CHECK((firm.revenue == 0 ? std::isnan(firm.price) : firm.price == e.price(firm.productivity)));
      CHECK(firm.revenue == e.revenue_of(firm.productivity));
      CHECK(firm.profit == e.profit(firm.productivity));
    }
    CHECK(firms[0].revenue == 0);
    CHECK(firms[2].choice != firms[1].choice);
    CHECK_THROWS_WITH(m.firms(example_of(m), {law}, {0}),
                      contains("productivity is 0; it must be positive and finite"));
    CHECK(!named("transition").firms);
  }
  {
    auto const& m = named("technology");
    melitz::technology_economy<> const economy{.trade = open, .productivity_gain = 1.3, .cost_ratio = 2.5};
    auto const e = melitz::try_solve(economy, law);
    check_same(m, solve(m, example_of(m)),
               {{"cutoff", e.cutoff},
                {"upgrade_cutoff", e.upgrade_cutoff},
                {"share_upgrading", e.share_upgrading},
                {"export_share", e.export_share},
                {"welfare", e.welfare},
                {"labor_fixed", e.labor_fixed}});
  }
  {
    auto const& m = named("multiproduct");  // of two laws
    CHECK(m.laws == catalog::laws_wanted::ability_and_attributes);
    melitz::multiproduct_economy<> const economy{
        .trade = open, .product_fixed_cost = 3, .product_export_fixed_cost = 4};
    melitz::erased_law<> const attributes(melitz::pareto<>{1, 4.5});
    auto const e = melitz::try_solve(
        economy, melitz::ability_and_attributes{melitz::erased_law<>(melitz::lognormal<>{0, 0.6}), attributes});
    check_same(m, solve(m, example_of(m)),
               {{"cutoff", e.cutoff},
                {"products_per_firm", e.products_per_firm},
                {"sales_elasticity", e.sales_elasticity},
                {"welfare", e.welfare}});
  }
  auto const& m = named("transition");
  melitz::transition_economy<> economy{.before = open, .after = open, .discount_factor = 0.95};
  economy.after.iceberg_cost = 1.3;
  auto const e = melitz::try_solve(economy, law);
  auto given = example_of(m);
  given[place_of(m, "new_iceberg_cost")] = array_of(1.3);
  given[place_of(m, "periods")] = array_of(100);
  auto const a = solve(m, given);
  check_same(m, a,
             {{"consumption_equivalent_gain", e.consumption_equivalent_gain},
              {"steady_state_gain", e.steady_state_gain},
              {"residual", e.residual}});
  auto const& cutoffs = std::get<array>(result(m, a, "cutoff")).numbers;
  REQUIRE(cutoffs.size() == 100);
  for (std::size_t t = 0; t < 100; ++t) CHECK(cutoffs[t] == e.path[std::min(t, e.path.size() - 1)].cutoff);
  // What is left out is as before, or as the member is in C++.
  given[place_of(m, "curvature")] = given[place_of(m, "spending")] = array{};
  CHECK(std::get<array>(result(m, solve(m, given), "cutoff")).numbers == cutoffs);
  given[place_of(m, "spending")] = array_of(0);  // constant expenditure
  CHECK(std::get<array>(result(m, solve(m, given), "cutoff")).numbers != cutoffs);
  given[place_of(m, "periods")] = array_of(0.5);
  CHECK_THROWS_WITH(solve(m, given), contains("periods is 0.5; it must be a whole number from 1 to 1000000"));
}

TEST_CASE("a failure is a status, bad input an error that names the parameter", "[catalog]") {
  auto const& m = named("open");
  auto given = example_of(m);
  given[place_of(m, "iceberg_cost")] = array_of(0.5);
  CHECK_THROWS_WITH(solve(m, given), contains("iceberg_cost is 0.5; it must be at least 1"));
  given[place_of(m, "iceberg_cost")] = array{};
  CHECK_THROWS_WITH(solve(m, given), contains("iceberg_cost is nan; it must be at least 1"));
  given = example_of(m);
  given[place_of(m, "entry_cost")] = array_of(1e300);
  given[place_of(m, "fixed_cost")] = array_of(1e-300);
  auto const a = solve(m, given);
  CHECK(a.reason == status::out_of_range);
  CHECK(std::isnan(number(m, a, "welfare")));
  auto const& path = named("transition");
  auto sunk = example_of(path);
  sunk[place_of(path, "export_cost")] = array_of(1);
  sunk[place_of(path, "export_fixed_cost")] = array_of(0.001);
  CHECK(solve(path, sunk).reason == status::not_covered);
  CHECK(solve(path, sunk).detail == "every_producer_exports");
}

TEST_CASE("a batch is its single solves", "[catalog]") {
  for (std::string_view const name : {"open", "technology"}) {  // in lanes, and one by one
    auto const& m = named(name);
    CAPTURE(name);
    catalog::varied cost{.parameter = place_of(m, "iceberg_cost"), .values = {}};
    catalog::varied labor{.parameter = place_of(m, "labor"), .values = {}};
    for (int k = 0; k < 100; ++k) {
      cost.values.push_back(1 + 0.05 * k);
      labor.values.push_back(1 + k % 7);
    }
    auto const given = example_of(m);
    auto const laws = law_of_example(m);
    std::vector<std::string> const fields{"welfare", "cutoff", "mass_producers"};
    auto const many = catalog::solve_batch(m, given, {cost, labor}, laws, {.fields = fields, .threads = 2});
    CHECK(many.fields == fields);
    CHECK(!many.ended);
    REQUIRE(many.reason == std::vector<status>(100, status::converged));
    REQUIRE(many.width == std::vector<std::size_t>(3, 1));
    for (std::size_t k = 0; k < 100; ++k) {
      auto one = given;
      one[cost.parameter] = array_of(cost.values[k]);
      one[labor.parameter] = array_of(labor.values[k]);
      auto const a = m.solve(one, laws, {});
      for (std::size_t f = 0; f < fields.size(); ++f) {
        double const expected = number(m, a, fields[f]);
        CAPTURE(k, fields[f]);
        if (m.solve_in_lanes) {  // sweep.hpp says how near
          CHECK_THAT(many.columns[f][k], WithinRel(expected, 12 * std::numeric_limits<double>::epsilon() * 2));
        } else {
          CHECK(many.columns[f][k] == expected);
        }
      }
    }
    cost.values[70] = 0.5;
    CHECK_THROWS_WITH(catalog::solve_batch(m, given, {cost}, laws, {.fields = fields}),
                      contains("element 70: iceberg_cost is 0.5; it must be at least 1"));
    cost.values[70] = 1.5;
    cost.values[99] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(catalog::solve_batch(m, given, {cost}, laws, {.fields = fields}),
                      contains("element 99: iceberg_cost is nan"));
    CHECK_THROWS_WITH(catalog::solve_batch(m, given, {}, laws, {.fields = {"wellfare"}}),
                      contains("field is wellfare; it must be the name of a result"));
    labor.values.pop_back();
    CHECK_THROWS_WITH(catalog::solve_batch(m, given, {cost, labor}, laws),
                      contains("labor is 99; it must be as many values as there are of the first parameter"));
    labor.parameter = 1000;
    CHECK_THROWS_WITH(catalog::solve_batch(m, given, {labor}, laws), contains("place of a parameter is 1000"));
  }
  {  // far down, where lanes are at their second part
    auto const& m = named("open");
    catalog::varied cost{.parameter = place_of(m, "iceberg_cost"), .values = std::vector<double>(66000, 1.5)};
    cost.values.back() = 0.5;
    CHECK_THROWS_WITH(catalog::solve_batch(m, example_of(m), {cost}, law_of_example(m), {.fields = {"welfare"}}),
                      contains("element 65999: iceberg_cost is 0.5"));
  }
  // Words have no number, a path has as many as it has periods; without anything that varies there is one solve.
  auto const& m = named("transition");
  auto given = example_of(m);
  given[place_of(m, "periods")] = array_of(3);
  auto const one = catalog::solve_batch(m, given, {}, law_of_example(m));
  REQUIRE(one.fields.size() == m.results.size());
  for (std::size_t f = 0; f < one.fields.size(); ++f) {
    CHECK(one.width[f] == (m.results[f].extent == catalog::extent::by_period ? 3 : 1));
    CHECK(one.columns[f].size() == one.width[f]);
    if (one.fields[f] == "obstacle") CHECK(std::isnan(one.columns[f][0]));
    if (one.fields[f] == "cutoff_fell") CHECK(one.columns[f][0] == 0);
  }
}

TEST_CASE("a batch moves every country, shows how far it is, and ends when it is told to", "[catalog]") {
  // No model of one country has lists: this one adds up its numbers.
  catalog::model const sums{
      .name = "sums",
      .title = "",
      .parameters = {{.name = "labor", .extent = catalog::extent::by_country},
                     {.name = "iceberg_cost", .extent = catalog::extent::by_pair, .at_home = 1}},
      .results = {{"labor", melitz::part::aggregates}, {"iceberg_cost", melitz::part::aggregates}},
      .solve = [](std::vector<array> const& given, law_list const&, melitz::solve_options const& how) {
        CHECK(how.max_evaluations == 17);
        catalog::answer out{.reason = status::converged};
        for (auto const& list : given) {
          double sum = 0;
          for (double const x : list.numbers) sum += x;
          out.values.push_back(sum);
        }
        return out;
      }};
  std::vector<array> const given{{3, 1, {1, 2, 3}}, {3, 3, {1, 2, 2, 2, 1, 2, 2, 2, 1}}};
  catalog::varied labor{0, {}}, cost{1, {}};
  for (int k = 0; k < 3000; ++k) {
    labor.values.push_back(k);
    cost.values.push_back(k);
  }
  std::vector<std::pair<std::size_t, std::size_t>> seen;
  catalog::batch_options how{.max_evaluations = 17, .progress = [&](std::size_t done, std::size_t count) {
                               seen.emplace_back(done, count);
                               return true;
                             }};
  auto const all = catalog::solve_batch(sums, given, {labor, cost}, {}, how);
  CHECK(!all.ended);
  CHECK(seen == std::vector<std::pair<std::size_t, std::size_t>>{{1024, 3000}, {2048, 3000}, {3000, 3000}});
  for (std::size_t const k : {0U, 1U, 2999U}) {
    CHECK(all.columns[0][k] == 3 * static_cast<double>(k));
    CHECK(all.columns[1][k] == 3 + 6 * static_cast<double>(k));  // at home it stays
  }
  how.progress = [](std::size_t done, std::size_t) { return done < 2000; };
  auto const part = catalog::solve_batch(sums, given, {labor}, {}, how);
  CHECK(part.ended);
  CHECK(part.reason[2047] == status::converged);
  CHECK(part.columns[1][2047] == 15);
  CHECK(part.reason[2048] == status::not_solved);
  CHECK(std::isnan(part.columns[0][2048]));
  how.progress = [](std::size_t done, std::size_t count) { return done < count; };
  CHECK(!catalog::solve_batch(sums, given, {labor}, {}, how).ended);  // nothing was left to do
}

TEST_CASE("what moves between two answers", "[catalog]") {
  auto const& m = named("open");
  auto freer = example_of(m);
  freer[place_of(m, "iceberg_cost")] = array_of(1.3);
  auto const before = solve(m, example_of(m)), after = solve(m, freer);
  auto const changes = catalog::compare(m, before, after);
  std::set<std::string> names;
  for (auto const& c : changes.aggregates) {
    CAPTURE(c.name);
    CHECK(names.insert(c.name).second);
    CHECK(c.before == number(m, before, c.name));
    CHECK(c.after == number(m, after, c.name));
  }
  for (auto const* told : {"welfare", "cutoff", "labor_entry", "trade_elasticity"}) CHECK(names.count(told) == 1);
  for (auto const* of_the_solve : {"residual", "evaluations", "regime"}) CHECK(names.count(of_the_solve) == 0);
  auto impossible = example_of(m);
  impossible[place_of(m, "entry_cost")] = array_of(1e300);
  impossible[place_of(m, "fixed_cost")] = array_of(1e-300);
  CHECK_THROWS_WITH(catalog::compare(m, before, solve(m, impossible)),
                    contains("after is out_of_range; it must be a solved equilibrium"));
  CHECK_THROWS_WITH(catalog::compare(m, solve(m, impossible), after), contains("before is out_of_range"));
  auto const& path = named("transition");
  auto longer = example_of(path);
  longer[place_of(path, "periods")] = array_of(2);
  auto const two = solve(path, longer);
  auto const by_period = catalog::compare(path, two, two);
  CHECK(std::any_of(by_period.aggregates.begin(), by_period.aggregates.end(),
                    [](auto const& c) { return c.name == "cutoff[1]" && c.before == c.after; }));
  CHECK_THROWS_WITH(catalog::compare(path, two, solve(path, example_of(path))),
                    contains("be as many numbers as before"));
}

TEST_CASE("every family of laws, mixtures and functions", "[catalog]") {
  auto const& m = named("open");
  auto const given = example_of(m);
  auto const cutoff = [&](melitz::erased_law<double> const& law) {
    auto const a = m.solve(given, {law}, {});
    CHECK(a.reason == status::converged);
    return number(m, a, "cutoff");
  };
  std::set<std::string_view> names;
  melitz::mixture<melitz::family_law<double>> mixed;
  for (auto const& f : catalog::families()) {
    CAPTURE(f.name);
    names.insert(f.name);
    std::vector<array> values;
    for (auto const& key : f.keys) {
      CHECK(!key.restriction.empty());
      auto& to = values.emplace_back(array_of(key.example));
      if (key.extent == catalog::extent::number) continue;
      to.numbers.clear();
      for (auto const& x : test::json::parse(key.example_list)) to.numbers.push_back(x.get<double>());
    }
    auto const law = f.make(values);
    double const mine = cutoff(catalog::law_of(law));
    std::visit([&](auto const& one) { CHECK_THAT(mine, WithinRel(melitz::try_solve(open, one).cutoff, 1e-13)); }, law);
    if (mixed.components.size() < 2) mixed.components.push_back(law);
  }
  CHECK(names == std::set<std::string_view>{"pareto", "bounded_pareto", "lognormal", "spliced_lognormal_pareto",
                                            "three_piece", "pareto_lognormal", "double_pareto_lognormal", "frechet",
                                            "weibull", "exponential", "generalized_gamma", "singh_maddala", "dagum",
                                            "uniform", "discrete", "degenerate"});
  mixed.weights = {0.25, 0.75};
  CHECK_THAT(cutoff(catalog::law_of(mixed)), WithinRel(melitz::try_solve(open, mixed).cutoff, 1e-13));
  auto const density = [](double t) { return -t * t / (2 * 0.64) - std::log(0.8 * std::sqrt(2 * std::acos(-1.0))); };
  CHECK_THAT(cutoff(catalog::law_of(catalog::density_function{density, -8, 8})),
             WithinRel(melitz::try_solve(open, lognormal).cutoff, 1e-9));
}

TEST_CASE("an error of a law says where in it the mistake is", "[catalog]") {
  auto const& m = named("open");
  auto const place = [&](auto const& law, std::string const& path = "distribution") {
    try {
      (void)m.solve(example_of(m), {catalog::law_of(law, path)}, {});
    } catch (catalog::law_error const& e) {
      return e.where();
    }
    return std::string("no error");
  };
  using any = melitz::family_law<double>;
  CHECK(place(any(melitz::pareto<>{1, 2})) == "distribution.shape");
  CHECK(place(any(melitz::pareto<>{1, 2}), "") == "shape");
  CHECK(place(any(melitz::lognormal<>{0, -1}), "distribution[2]") == "distribution[2].log_sd");
  CHECK(place(any(melitz::discrete<>{{1, 2, -3}, {}})) == "distribution.values[2]");
  CHECK(place(any(melitz::discrete<>{{}, {}})) == "number of distribution.values");
  CHECK(place(any(melitz::discrete<>{{1, 2}, {0.5, 0.4}})) == "sum of distribution.weights");
  melitz::mixture<any> mixed{{0.5, 0.5}, {lognormal, melitz::pareto<>{1, 2}}};
  CHECK(place(mixed) == "distribution.components[1].shape");
  mixed.weights = {0.5, 0.6};
  mixed.components[1] = lognormal;
  CHECK(place(mixed) == "sum of distribution.weights");
  // A batch has one law for all.
  auto const bad = catalog::law_of(any(melitz::lognormal<>{0, -1}), "distribution");
  catalog::varied const costs{.parameter = place_of(m, "iceberg_cost"), .values = {1.2, 1.3}};
  CHECK_THROWS_AS(catalog::solve_batch(m, example_of(m), {costs}, {bad}), catalog::law_error);
}

TEST_CASE("several threads solve one model under one law at once", "[catalog]") {
  auto const& m = named("open");
  auto const laws = law_of_example(m);
  auto const at = [&](int k) {
    auto given = example_of(m);
    given[place_of(m, "elasticity")] = array_of(3 + k % 5);  // the law is bound anew each time
    return number(m, m.solve(given, laws, {}), "cutoff");
  };
  std::vector<double> expected, found[2];
  for (int k = 0; k < 200; ++k) expected.push_back(at(k));
  auto const solve_all = [&](std::vector<double>& to) {
    for (int k = 0; k < 200; ++k) to.push_back(at(k));
  };
  std::thread other(solve_all, std::ref(found[1]));
  solve_all(found[0]);
  other.join();
  CHECK(found[0] == expected);
  CHECK(found[1] == expected);
}

}  // namespace test::core_catalog
