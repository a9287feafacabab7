// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_WORLDS

#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <melitz/law/pareto.hpp>
#include <melitz/worlds/chaney/chaney.hpp>

#include <Eigen/Core>
#include <algorithm>

namespace test::solve_sectors {

// Several sectors, and worlds in the outputs that are rows and blocks.

using namespace test;

namespace {

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  return json::parse(o.out);
}

std::string complaint(json const& model, std::vector<std::string> const& arguments = {}) {
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  CHECK(o.status == 2);
  CHECK(lines(o.err).size() == 1);
  return o.err;
}

/// Three countries, two sectors.
json two_sectors() {
  return json::parse(R"({"model": "chaney", "countries": ["USA", "BRA", "Korea, South"],
    "distribution": {"family": "pareto", "scale": 1, "shape": 4.25},
    "parameters": {"labor": [100, 60, 40], "elasticity": [4, 3], "expenditure_share": [0.3, 0.5],
      "entrants_per_labor_income": 0.1, "fixed_cost": 1.3,
      "iceberg_cost": [[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]], 1.25]}})");
}

melitz::chaney_economy<> the_same() {
  Eigen::Matrix3d const fixed = Eigen::Matrix3d::Constant(1.3);
  Eigen::Matrix3d other = Eigen::Matrix3d::Constant(1.25);
  other.diagonal().setOnes();
  melitz::chaney_economy<> out{.outside_productivity = {}, .labor = Eigen::Vector3d{100, 60, 40}, .sectors = {}};
  out.sectors = {{4, 0.3, 0.1, Eigen::Matrix3d{{1, 1.6, 1.9}, {1.6, 1, 1.7}, {1.9, 1.7, 1}}, fixed},
                 {3, 0.5, 0.1, other, fixed}};
  return out;
}

}  // namespace

TEST_CASE("several sectors: lists in the file, lists in the answer", "[solve]") {
  auto const expected = melitz::try_solve(the_same(), melitz::pareto<>{1, 4.25});
  REQUIRE(expected);
  auto const a = answer(two_sectors());
  auto const near = [](json const& value, double x) { CHECK_THAT(number(value), WithinRel(x, 1e-15)); };
  REQUIRE(a["price_index"].size() == 2);
  REQUIRE(a["sales"].size() == 2);
  for (std::size_t h = 0; h < 2; ++h) {
    auto const& sector = expected.sectors[h];
    for (int i = 0; i < 3; ++i) {
      auto const u = static_cast<std::size_t>(i);
      near(a["price_index"][h][u], sector.price_index[i]);
      for (int j = 0; j < 3; ++j) near(a["sales"][h][u][static_cast<std::size_t>(j)], sector.sales(i, j));
    }
  }
  for (int i = 0; i < 3; ++i) near(a["welfare"][static_cast<std::size_t>(i)], expected.welfare[i]);
  near(a["dividend"], expected.dividend);
  CHECK(answer(a["inputs"]) == a);
  CHECK(a["inputs"]["parameters"]["elasticity"] == json{4, 3});
  CHECK(a["inputs"]["parameters"]["fixed_cost"].size() == 3);  // one for both
  CHECK(a["inputs"]["parameters"]["iceberg_cost"][1] ==
        json::parse("[[1, 1.25, 1.25], [1.25, 1, 1.25], [1.25, 1.25, 1]]"));

  // A list of one sector is that sector.
  auto const one = json::parse(run({"--example", "chaney"}).out);
  auto listed = with(one, "/parameters/elasticity", {one["parameters"]["elasticity"]});
  listed = with(listed, "/parameters/iceberg_cost", json::array({one["parameters"]["iceberg_cost"]}));
  CHECK(results_of(answer(listed)) == results_of(answer(one)));
  // A choice may differ between sectors.
  auto multinational = json::parse(run({"--example", "multinational_world"}).out);
  multinational["parameters"]["covers"] = {"any_sale", "home_sales"};
  auto const each = answer(multinational);
  CHECK(each["cutoff"][0] != each["cutoff"][1]);
  CHECK(each["inputs"]["parameters"]["covers"] == json{"any_sale", "home_sales"});
  CHECK(answer(each["inputs"]) == each);
  CHECK(each["evaluations"].size() == 2);
}

TEST_CASE("sectors on the command line, in rows and in tables", "[solve]") {
  auto const set = [](std::string const& what) { return answer(two_sectors(), {"--set", what}); };
  auto const file = [](std::string const& pointer, json const& value) {
    return answer(with(two_sectors(), pointer, value));
  };
  CHECK(set("elasticity[1]=2.5") == file("/parameters/elasticity/1", 2.5));
  CHECK(set("elasticity=3.5") == file("/parameters/elasticity", {3.5, 3.5}));
  CHECK(set("elasticity*=0.9") == file("/parameters/elasticity", {4 * 0.9, 3 * 0.9}));
  CHECK(set("iceberg_cost[0][USA][BRA]=1.7") == file("/parameters/iceberg_cost/0/0/1", 1.7));
  CHECK(set("iceberg_cost[1]=1.5") == file("/parameters/iceberg_cost/1", 1.5));
  CHECK(set("iceberg_cost[*][USA][*]=1.5") ==
        answer(with(with(two_sectors(), "/parameters/iceberg_cost/0/0", {1, 1.5, 1.5}), "/parameters/iceberg_cost/1",
                    json::parse("[[1, 1.5, 1.5], [1.25, 1, 1.25], [1.25, 1.25, 1]]"))));
  auto const complain = [](std::string const& what) { return complaint(two_sectors(), {"--set", what}); };
  CHECK_THAT(complain("elasticity[2]=3"), contains("parameters.elasticity has no element [2]"));
  CHECK_THAT(complain("iceberg_cost[USA][BRA][0]=3"),
             contains("iceberg_cost[USA][BRA][0] does not exist: USA is no number"));
  CHECK_THAT(complain("iceberg_cost[0][USA]=3"), contains("is several numbers"));
  CHECK_THAT(complain("iceberg_cost[1][USA][BRA]=0.5"),
             contains("parameters.iceberg_cost[1][USA][BRA] is 0.5; it must be at least 1"));
  CHECK_THAT(complain("elasticity[1]=1"), contains("parameters.elasticity[1] is 1; it must exceed 1"));
  CHECK_THAT(complaint(with(two_sectors(), "/parameters/elasticity", {4, 3, 2})),
             contains("parameters.expenditure_share is of 2 sectors; it must be of 3, as those before it are"));
  CHECK_THAT(complaint(with(two_sectors(), "/parameters/labor", json::parse("[[1, 2, 3], [1, 2, 3]]"))),
             contains("parameters.labor has 2 numbers; it must have 3, one for each country"));

  auto const rows = lines(test::solve(two_sectors(), {"--sweep", "iceberg_cost[1][USA][BRA]*=1:1.2:2", "--sweep",
                                                      "elasticity[0]=4:4.1:2", "--fields", "sales,sales[0][BRA][USA]"})
                              .out);
  REQUIRE(rows.size() == 5);
  CHECK(
      rows[0].starts_with("iceberg_cost[1][USA][BRA]*,elasticity[0],status,sales[0][USA][USA],sales[0][USA][BRA],\""));
  CHECK(rows[0].ends_with(",\"sales[1][Korea, South][Korea, South]\",sales[0][BRA][USA],warnings"));
  auto const last = answer(two_sectors(), {"--set", "iceberg_cost[1][USA][BRA]=1.5", "--set", "elasticity[0]=4.1",
                                           "--fields", "sales[1][USA][1]"});
  auto const cells = [](std::string const& row) {
    std::vector<std::string> out;
    std::istringstream in(row);
    for (std::string cell; std::getline(in, cell, ',');) out.push_back(cell);
    return out;
  };
  CHECK(number(json(cells(rows[4]).at(3 + 9 + 1))) == number(last["sales[1][USA][1]"]));

  auto const table = test::solve(two_sectors()).out;
  for (auto const* part : {"elasticity [4, 3]", "iceberg_cost in 2 sectors", "price_index[0]", "price_index[1]",
                           "\nsales[0], ", "\nsales[1], "}) {
    INFO(part);
    CHECK_THAT(table, contains(part));
  }
  auto multinational = json::parse(run({"--example", "multinational_world"}).out);
  multinational["parameters"]["elasticity"] = {4, 3.5};
  CHECK_THAT(test::solve(multinational, {"--show", "sector"}).out,
             contains("By sector\n  sector  ") && contains("\n  1 "));
  auto const tidy =
      lines(test::solve(two_sectors(), {"--long", "--fields", "sales[1][BRA][USA],welfare[0],dividend"}).out);
  REQUIRE(tidy.size() == 4);
  CHECK(tidy[0] == "country,partner,sector,name,value,unit");
  CHECK(tidy[1].starts_with("BRA,USA,1,sales,"));
  CHECK(tidy[2].starts_with("USA,,,welfare,"));
  CHECK(tidy[3].starts_with(",,,dividend,"));
}

TEST_CASE("sectors from files, one for each", "[solve]") {
  scratch_folder const folder;
  auto const model = with(two_sectors(), "/parameters/iceberg_cost", {"near.csv", "far.csv"});
  write_file(folder / "model.json", without(model, "/countries").dump());
  write_file(folder / "near.csv",
             ",USA,BRA,\"Korea, South\"\nUSA,1,1.6,1.9\nBRA,1.6,1,1.7\n\"Korea, South\",1.9,1.7,1\n");
  write_file(folder / "far.csv", "1,1.25,1.25\n1.25,1,1.25\n1.25,1.25,1\n");
  auto const o = run({folder / "model.json", "--json"});
  REQUIRE(o.status == 0);
  CHECK(json::parse(o.out) == answer(two_sectors()));
  write_file(folder / "far.csv", "1,1.25,1.25\n0.25,1,1.25\n1.25,1.25,1\n");
  CHECK_THAT(run({folder / "model.json"}).err,
             contains("parameters.iceberg_cost[1][BRA][USA] is 0.25; it must be at least 1 (") &&
                 contains("far.csv, row 2, column 1)"));
}

TEST_CASE("a world in long CSV and in blocks", "[solve]") {
  auto const world = with(json::parse(run({"--example", "world"}).out), "/countries", {"USA", "BRA", "Korea, South"});
  auto const whole = answer(world);
  auto const rows = lines(test::solve(world, {"--long"}).out);
  CHECK(rows.at(0) == "country,partner,name,value,unit");
  std::size_t numbers = 0;
  for (auto const& [key, value] : whole.items()) {
    if (key == "countries" || key == "inputs" || key == "warnings") continue;
    if (value.is_number()) ++numbers;
    if (!value.is_array()) continue;
    for (auto const& row : value) numbers += row.is_array() ? row.size() : 1;
  }
  CHECK(rows.size() == numbers + 1);
  auto const exports = "\"Korea, South\",BRA,sales," + json(whole["sales"][2][1]).dump();
  CHECK(std::count_if(rows.begin(), rows.end(), [&](auto const& row) { return row.starts_with(exports); }) == 1);

  auto const one = test::solve(world, {"--fields", "wage[BRA],sales[USA][2],welfare", "--json"});
  auto const fields = json::parse(one.out);
  CHECK(fields["wage[BRA]"] == whole["wage"][1]);
  CHECK(fields["sales[USA][2]"] == whole["sales"][0][2]);
  CHECK(fields["welfare"] == whole["welfare"]);
  CHECK_THAT(test::solve(world, {"--fields", "wage[BRA]"}).out, contains("\n  wage[BRA]  "));
  auto const wrong = [&](std::string const& name) { return complaint(world, {"--fields", name}); };
  CHECK_THAT(wrong("wage[BRAZIL]"), contains("wage[BRAZIL] does not exist: no country has the name BRAZIL"));
  CHECK_THAT(wrong("wage[3]"), contains("wage[3] does not exist: wage has no element [3]"));
  CHECK_THAT(wrong("wage[*]"), contains("wage has no element [*]"));
  CHECK_THAT(wrong("sales[USA]"), contains("sales[USA] is no number; name one, such as sales[0][0], or all, sales"));
  CHECK_THAT(wrong("wage[1],wage[BRA]"), contains("wage[BRA] is asked for twice"));

  auto const block = lines(test::solve(world, {"--show", "sales"}).out);
  REQUIRE(block.size() == 5);
  CHECK(block[0].starts_with("sales, "));
  CHECK(block[4].starts_with("  Korea, South  "));
  CHECK_THAT(test::solve(world, {"--show", "country"}).out, contains("By country\n") && !contains("sales, "));
  CHECK_THAT(complaint(world, {"--show", "sale"}), contains("did you mean \"sales\"?"));
}

}  // namespace test::solve_sectors

#endif
