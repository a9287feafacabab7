// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>

namespace test::solve_transition {

// A path in melitz-solve: its periods, and that every parameter is the one it is called.

using namespace test;

namespace {

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  return json::parse(o.out);
}

json example() { return json::parse(run({"--example", "transition"}).out); }

}  // namespace

TEST_CASE("a path agrees with the references", "[solve][reference]") {
  // tests/reference/transition.json, remade by tools/reference/transition.py: constant expenditure.
  auto const file = reference("transition");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    auto const name = row.at("name").get<std::string>();
    if (!name.starts_with("T1_lognormal")) continue;
    CAPTURE(name);
    auto const& o = row.at("outputs");
    json model = example();
    model["distribution"] = {
        {"family", "lognormal"}, {"log_mean", p.at("dist").at("mu")}, {"log_sd", p.at("dist").at("nu")}};
    model["parameters"] = without(p, "/dist");
    model["parameters"]["periods"] = o.at("cutoff").size();
    auto const a = answer(model);
    CHECK(number(a["periods_without_entry"]) == number(o.at("periods_without_entry")));
    for (auto const* key : {"cutoff", "mass_entrants", "mass_entrants_per_period", "price_index", "entrant_value"}) {
      CAPTURE(key);
      REQUIRE(a[key].size() == o.at(key).size());
      for (std::size_t t = 0; t < a[key].size(); ++t) {
        CHECK_THAT(number(a[key][t]), WithinRel(number(o.at(key)[t]), 1e-11) || WithinAbs(0, 1e-12));
      }
    }
    ++compared;
  }
  CHECK(compared >= 2);
}

TEST_CASE("a path goes from the old steady state to the new one", "[solve]") {
  auto const a = answer(example(), {"--set", "periods=400"});
  auto const after = answer(open_model(), {"--set", "iceberg_cost=1.3"});
  REQUIRE(a["cutoff"].size() == 400);
  CHECK(number(a["horizon"]) < 400);
  CHECK(a["cutoff"][399] == a["cutoff"][398]);
  for (std::size_t t = 0; t < 400; ++t) {  // all workers have something to do, in every period
    double used = 0;
    for (auto const* use : {"labor_entry", "labor_fixed", "labor_export_fixed", "labor_variable"}) {
      used += number(a[use][t]);
    }
    CHECK_THAT(used, WithinRel(1, 1e-11));
  }
  CHECK(number(a["steady_state_gain"]) > 1);
  // Nothing changes: nothing moves. In a patient world the steady state is the open economy's.
  auto const still = answer(example(), {"--set", "new_iceberg_cost=1.6", "--set", "spending=constant_expenditure",
                                        "--set", "discount_factor=1"});
  auto const open = answer(open_model());
  CHECK_THAT(number(still["consumption_equivalent_gain"]), WithinRel(1, 1e-12));
  for (auto const* key : {"cutoff", "export_cutoff", "mass_producers", "mass_exporters", "price_index"}) {
    CHECK_THAT(number(still[key][0]), WithinRel(number(open[key]), 1e-11));
    CHECK_THAT(number(still[key][39]), WithinRel(number(open[key]), 1e-11));
  }
  auto const patient = answer(example(), {"--set", "spending=constant_expenditure", "--set", "discount_factor=1",
                                          "--set", "new_export_fixed_cost=1.1", "--set", "periods=500"});
  auto const cheap = answer(open_model(), {"--set", "iceberg_cost=1.3", "--set", "export_fixed_cost=1.1"});
  CHECK_THAT(number(patient["cutoff"][499]), WithinRel(number(cheap["cutoff"]), 1e-11));
  CHECK(number(cheap["cutoff"]) != number(after["cutoff"]));
  // Curvature, sunk costs and exit change the path.
  CHECK(answer(example(), {"--set", "curvature=2"})["cutoff"] != answer(example())["cutoff"]);
  CHECK(answer(example(), {"--set", "export_cost=sunk", "--set", "export_fixed_cost=13"})["mass_new_exporters"][0]
            .is_number());
  CHECK(answer(example())["mass_new_exporters"][0] == "nan");
}

TEST_CASE("a path in a table and in rows", "[solve]") {
  auto const o = test::solve(example());
  REQUIRE(o.status == 0);
  for (auto const* part :
       {"By period", "\n  period ", "\n  0  ", "\n  ...", "\n  39  ", "consumption_equivalent_gain"}) {
    INFO(part);
    CHECK_THAT(o.out, contains(part));
  }
  for (auto const& line : lines(o.out)) CHECK(line.size() <= 125);
  auto const rows = lines(test::solve(example(), {"--set", "periods=2", "--sweep", "new_iceberg_cost=1.2:1.6:3"}).out);
  REQUIRE(rows.size() == 4);
  CHECK_THAT(rows[0], contains(",consumption[0],consumption[1],"));
  CHECK_THAT(rows[0], !contains("consumption[2]"));
}

TEST_CASE("a path that is wrong, or has none", "[solve]") {
  auto const complaint = [](std::string const& set) {
    auto const o = test::solve(example(), {"--set", set});
    CHECK(o.status == 2);
    return o.err;
  };
  CHECK_THAT(complaint("iceberg_cost=0.5"), contains("parameters.iceberg_cost is 0.5; it must be at least 1"));
  CHECK_THAT(complaint("new_iceberg_cost=0.5"), contains("parameters.new_iceberg_cost is 0.5; it must be at least 1"));
  CHECK_THAT(complaint("new_export_fixed_cost=-1"), contains("parameters.new_export_fixed_cost is -1; it must be"));
  CHECK_THAT(complaint("discount_factor=1"), contains("parameters.discount_factor is 1; it must lie between 0 and 1"));
  CHECK_THAT(complaint("curvature=0"), contains("parameters.curvature is 0; it must be positive"));
  CHECK_THAT(complaint("export_cost=2"), contains("parameters.export_cost is 2; it must be one of per_period, sunk"));
  CHECK_THAT(complaint("export_cost=sunken"), contains(R"(parameters.export_cost is "sunken"; did you mean "sunk"?)"));
  CHECK_THAT(complaint("export_cost=true"), contains("parameters.export_cost is true; it must be one of per_period"));
  CHECK_THAT(complaint("exit*=2"), contains("exit*: it is mothballing or irreversible, which nothing can multiply"));
  for (auto const* periods : {"0", "2.5", "1e7", "nan"}) {
    CHECK_THAT(complaint("periods=" + std::string(periods)), contains("; it must be a whole number from 1 to 1000000"));
  }
  auto const swept = test::solve(example(), {"--sweep", "periods=1:3:3"});
  CHECK(swept.status == 2);
  CHECK_THAT(swept.err, contains("--sweep periods: it says how many columns there are"));

  auto const choice = test::solve(example(), {"--sweep", "spending=0:1:2"});
  CHECK(choice.status == 2);
  CHECK_THAT(choice.err,
             contains("--sweep spending: it is constant_expenditure or general_equilibrium, and no number"));

  auto const o = test::solve(example(), {"--set", "export_cost=sunk", "--set", "export_fixed_cost=0.001"});
  CHECK(o.status == 1);
  CHECK_THAT(o.err, contains("not solved: not_covered (every_producer_exports)"));
  auto const nothing = json::parse(
      test::solve(example(), {"--json", "--set", "export_cost=sunk", "--set", "export_fixed_cost=0.001"}).out);
  CHECK(nothing["obstacle"] == "every_producer_exports");
  CHECK(nothing["cutoff"].size() == 40);
  CHECK(nothing["cutoff"][0] == "nan");
}

}  // namespace test::solve_transition
