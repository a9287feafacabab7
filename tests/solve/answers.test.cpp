// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <melitz/economy/solve.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace test::solve_answers {

// What melitz-solve answers: its numbers, its keys, its three formats.

using namespace test;

namespace {

std::vector<std::string> const open_only{
    "export_cutoff", "share_exporting",    "average_export_productivity", "mass_exporters",     "exports",
    "export_share",  "exporter_intensity", "average_export_revenue",      "labor_export_fixed", "trade_elasticity"};

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  REQUIRE(o.err.empty());
  return json::parse(o.out);
}

void check_near(json const& value, double expected) {
  REQUIRE(value.is_number());
  CHECK_THAT(value.get<double>(), WithinRel(expected, 1e-14));
}

}  // namespace

TEST_CASE("the example of the format has its known answer", "[solve]") {
  auto const a = answer(open_model());
  CHECK(a["status"] == "converged");
  CHECK(a["regime"] == "selection");
  CHECK(a["every_entrant_produces"] == false);
  check_near(a["cutoff"], 4.9632668106938912);
  check_near(a["lowest_producing_productivity"], 4.9632668106938912);
  check_near(a["export_cutoff"], 8.6669985182795293);
  check_near(a["share_exporting"], 0.1536053281459032);
  CHECK(std::abs(a["residual"].get<double>()) < 1e-14);
  auto const labor = [&](char const* use) { return a["labor_" + std::string(use)].get<double>(); };
  check_near(labor("entry") + labor("fixed") + labor("export_fixed") + labor("variable"), 1);

  check_near(answer(closed_model())["cutoff"], 4.5740487172218359);
}

TEST_CASE("every promised key is there, and closed leaves the export keys out", "[solve]") {
  auto const open = answer(open_model()), closed = answer(closed_model());
  for (auto const* key : {"status",
                          "residual",
                          "regime",
                          "cutoff",
                          "export_cutoff",
                          "average_productivity",
                          "average_export_productivity",
                          "share_exporting",
                          "average_revenue",
                          "average_profit",
                          "mass_entrants_per_period",
                          "mass_producers",
                          "mass_exporters",
                          "mass_varieties",
                          "price_index",
                          "welfare",
                          "domestic_share",
                          "labor_entry",
                          "labor_fixed",
                          "labor_export_fixed",
                          "labor_variable",
                          "lowest_producing_productivity",
                          "every_entrant_produces",
                          "domestic_cutoff",
                          "average_variety_productivity",
                          "exports",
                          "export_share",
                          "exporter_intensity",
                          "trade_elasticity",
                          "evaluations",
                          "error_estimate"}) {
    INFO(key);
    CHECK(open.contains(key));
  }
  std::set<std::string> left_out;
  for (auto const& [key, value] : open.items()) {
    if (!closed.contains(key)) left_out.insert(key);
  }
  CHECK(left_out == std::set<std::string>(open_only.begin(), open_only.end()));
  CHECK(closed.size() + left_out.size() == open.size());
}

TEST_CASE("every number is the library's own, to the last bit", "[solve]") {
  melitz::open_economy<> const economy{
      .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
      .partners = 3,
      .iceberg_cost = 1.6,
      .export_fixed_cost = 1.3};
  // The same instantiation as the program's, for the same rounding.
  auto const e = melitz::try_solve(economy, melitz::tail_of(melitz::any_law<>(melitz::lognormal<>{0, 0.8}), 3.0));
  auto const a = answer(open_model());
  auto const expect = [&](char const* key, double value) {
    INFO(key);
    CHECK_THAT(number(a[key]), WithinRel(value, 1e-15) || WithinAbs(value, 1e-15));
  };
  expect("cutoff", e.cutoff);
  expect("export_cutoff", e.export_cutoff);
  expect("domestic_cutoff", e.domestic_cutoff);
  expect("average_productivity", e.average_productivity);
  expect("average_export_productivity", e.average_export_productivity);
  expect("average_variety_productivity", e.average_variety_productivity);
  expect("share_exporting", e.share_exporting);
  expect("average_revenue", e.average_revenue);
  expect("average_profit", e.average_profit);
  expect("mass_entrants_per_period", e.mass_entrants_per_period);
  expect("mass_producers", e.mass_producers);
  expect("mass_exporters", e.mass_exporters);
  expect("mass_varieties", e.mass_varieties);
  expect("price_index", e.price_index);
  expect("welfare", e.welfare);
  expect("domestic_share", e.domestic_share);
  expect("export_share", e.export_share);
  expect("exporter_intensity", e.exporter_intensity);
  expect("labor_entry", e.labor_entry);
  expect("labor_fixed", e.labor_fixed);
  expect("labor_export_fixed", e.labor_export_fixed);
  expect("labor_variable", e.labor_variable);
  expect("trade_elasticity", e.trade_elasticity);
  CHECK(a["evaluations"] == e.evaluations);
}

TEST_CASE("numbers round-trip: what is read is what was solved with", "[solve]") {
  // labor comes back as revenue.
  for (double const labor : {0.1, 1.0 / 3, 123456789.123456789, 5e-5, 1e22}) {
    CHECK(answer(with(open_model(), "/parameters/labor", labor))["revenue"].get<double>() == labor);
  }
}

TEST_CASE("infinite trade costs and no partners are autarky", "[solve]") {
  auto const closed = answer(closed_model());
  for (auto const& model :
       {with(open_model(), "/parameters/iceberg_cost", "inf"),
        with(open_model(), "/parameters/export_fixed_cost", "inf"), with(open_model(), "/parameters/partners", 0)}) {
    auto const a = answer(model);
    CHECK(a["regime"] == "closed");
    CHECK(a["export_cutoff"] == "inf");
    CHECK(a["average_export_productivity"] == "nan");
    CHECK(a["mass_exporters"] == 0);
    CHECK(a["welfare"] == closed["welfare"]);
    CHECK(a["cutoff"] == closed["cutoff"]);
  }
}

TEST_CASE("corners carry their flags", "[solve]") {
  auto const all_export = answer(with(open_model(), "/parameters/export_fixed_cost", 0.01));
  CHECK(all_export["regime"] == "all_export");
  CHECK(all_export["share_exporting"] == 1);
  CHECK(all_export["domestic_cutoff"].get<double>() > all_export["cutoff"].get<double>());

  json const pareto{{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}};
  auto const below = answer(with(with(open_model(), "/distribution", pareto), "/parameters/entry_cost", 1000));
  CHECK(below["every_entrant_produces"] == true);
  CHECK(below["cutoff"].get<double>() < 1);
  CHECK(below["lowest_producing_productivity"] == 1);
}

TEST_CASE("every family is read by its own keys", "[solve]") {
  auto const laws = json::parse(R"([
    {"family": "pareto", "scale": 1, "shape": 4.25},
    {"family": "bounded_pareto", "lower": 1, "upper": 10, "shape": 2},
    {"family": "lognormal", "log_mean": 0, "log_sd": 0.8},
    {"family": "frechet", "scale": 1, "shape": 4.25},
    {"family": "weibull", "scale": 1, "shape": 2},
    {"family": "exponential", "rate": 1.5},
    {"family": "uniform", "lower": 0, "upper": 2},
    {"family": "discrete", "values": [1, 2, 3], "weights": [0.5, 0.25, 0.25]},
    {"family": "discrete", "values": [3, 1, 2, 0]},
    {"family": "degenerate", "value": 1.5},
    {"family": "mixture", "weights": [0.7, 0.3], "components": [
      {"family": "lognormal", "log_mean": 0, "log_sd": 0.5}, {"family": "pareto", "scale": 2, "shape": 5}]}
  ])");
  for (auto const& l : laws) {
    INFO(l);
    auto law = l;
    if (law["family"] == "discrete" && !law.contains("weights")) law["weights"] = {0.25, 0.25, 0.25, 0.25};
    melitz::closed_economy<> const economy{
        .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1};
    auto const expected = melitz::try_solve(economy, melitz::tail_of(test::law<double>(law), 3.0));
    auto const a = answer(with(closed_model(), "/distribution", l));
    CHECK_THAT(a["cutoff"].get<double>(), WithinRel(expected.cutoff, 1e-14));
    CHECK_THAT(a["welfare"].get<double>(), WithinRel(expected.welfare, 1e-14));
  }
}

TEST_CASE("the table shows every section, aligned, with the labour uses in percent", "[solve]") {
  auto const o = test::solve(open_model());
  REQUIRE(o.status == 0);
  CHECK(o.err.empty());
  for (auto const* part :
       {"productivity: lognormal, log_mean 0, log_sd 0.8", "iceberg_cost 1.6", "Cutoffs", "Averages", "Masses of firms",
        "Aggregates", "Uses of labour", "4.9632668", "(7), (8)", "18.4 %", "100.0 %", "regime", "selection"}) {
    INFO(part);
    CHECK_THAT(o.out, contains(part));
  }
  std::set<std::size_t> unit_columns;
  for (auto const& line : lines(o.out)) {
    CHECK(line.size() <= 125);
    for (auto const* unit : {"productivity ", "workers "}) {
      auto const at = line.find(unit, 20);
      if (line.starts_with("  ") && at != std::string::npos) unit_columns.insert(at);
    }
  }
  CHECK(unit_columns.size() == 1);
}

TEST_CASE("a solve that fails says so, with no numbers, and exits 1", "[solve]") {
  auto model = with(with(open_model(), "/parameters/entry_cost", 1e300), "/parameters/fixed_cost", 1e-300);
  auto const o = test::solve(model, {"--json"});
  CHECK(o.status == 1);
  CHECK(lines(o.err).size() == 1);
  CHECK_THAT(o.err, contains("out_of_range"));
  auto const a = json::parse(o.out);
  CHECK(a["status"] == "out_of_range");
  CHECK(a.size() == answer(open_model()).size());
  auto const numbers = results_of(a);
  for (auto const& [key, value] : numbers.items()) {
    INFO(key);
    if (key == "status" || key == "regime") continue;
    CHECK(value == (key == "every_entrant_produces" ? json(nullptr) : json("nan")));
  }

  auto const table = test::solve(model);
  CHECK(table.status == 1);
  CHECK_THAT(table.out, contains("Not solved: out_of_range"));
}

TEST_CASE("the locale does not matter", "[solve]") {
  auto const here = test::solve(open_model(), {"--json"});
  auto const o = run_shell("LC_ALL=de_DE.UTF-8 " + command({"-", "--json"}), open_model().dump());
  CHECK(o.out == here.out);
}

TEST_CASE("--output writes to a file", "[solve]") {
  scratch_folder const folder;
  auto const o = test::solve(open_model(), {"--json", "--output", folder / "answer.json"});
  CHECK(o.status == 0);
  CHECK(o.out.empty());
  CHECK(json::parse(read_file(folder / "answer.json")) == answer(open_model()));
}

TEST_CASE("--set overrides the file, also inside the law", "[solve]") {
  auto const set = answer(
      open_model(), {"--set", "iceberg_cost=1.4", "--set", "distribution.log_sd=0.6", "--set", "parameters.labor=3"});
  auto const file = answer(with(with(with(open_model(), "/parameters/iceberg_cost", 1.4), "/distribution/log_sd", 0.6),
                                "/parameters/labor", 3));
  CHECK(set == file);
  CHECK(answer(open_model(), {"--set", "export_fixed_cost=inf"})["regime"] == "closed");
  // A parameter that the file leaves out.
  CHECK(answer(without(open_model(), "/parameters/labor"), {"--set", "labor=1"}) == answer(open_model()));

  auto mixed = with(open_model(), "/distribution", json::parse(R"({"family": "mixture", "weights": [0.5, 0.5],
    "components": [{"family": "lognormal", "log_mean": 0, "log_sd": 0.5}, {"family": "exponential", "rate": 1}]})"));
  CHECK(answer(mixed, {"--set", "distribution.components[1].rate=2"}) ==
        answer(with(mixed, "/distribution/components/1/rate", 2)));
  CHECK(answer(mixed, {"--set", "distribution.weights[0]=0.25", "--set", "distribution.weights[1]=0.75"}) ==
        answer(with(mixed, "/distribution/weights", {0.25, 0.75})));
}

TEST_CASE("every model lists itself and prints an example that runs", "[solve]") {
  auto const list = run({"--models"});
  CHECK(list.status == 0);
  for (auto const* part : {"closed:", "open:", "elasticity", "must exceed 1", "must lie in (0, 1]", "workers",
                           "units shipped", "must be at least 1", "pareto", "bounded_pareto", "lognormal", "frechet",
                           "weibull", "exponential", "uniform", "mixture", "discrete", "degenerate"}) {
    INFO(part);
    CHECK_THAT(list.out, contains(part));
  }
  CHECK(json::parse(run({"--example", "open"}).out) == open_model());
  CHECK(json::parse(run({"--example", "closed"}).out) == closed_model());
  // Every other model has a page that names its parameters.
  for (std::string const model :
       {"sourcing", "technology", "intermediation", "liquidity", "credit", "homogeneous", "fair_wage", "screening"}) {
    INFO(model);
    CHECK_THAT(list.out, contains("\n  " + model + ": "));
    auto const example = run({"--example", model});
    CHECK(example.status == 0);
    CHECK(run({"-"}, example.out).status == 0);
    auto const page = read_file(std::string(MELITZ_SOLVE_SOURCE_DIR) + "/../../docs/models/" + model + ".md");
    auto const parsed = json::parse(example.out);
    for (auto const& [key, value] : parsed.at("parameters").items()) {
      INFO(key);
      CHECK_THAT(page, contains('`' + key + '`'));
    }
  }
}

TEST_CASE("--models --json says all that the catalog says", "[solve]") {
  auto const o = run({"--models", "--json"});
  REQUIRE(o.status == 0);
  CHECK(o.err.empty());
  auto const all = json::parse(o.out);
  std::string const list = run({"--models"}).out;
  auto const check_keys = [&](json const& keys, std::set<std::string> const& shapes) {
    CHECK(!keys.empty());
    for (auto const& p : keys) {
      INFO(p);
      CHECK_THAT(list, contains("    " + p.at("name").get<std::string>()));
      for (auto const* text : {"meaning", "unit"}) CHECK(p.at(text).is_string());
      CHECK(shapes.count(p.at("shape").get<std::string>()) == 1);
      CHECK(p.contains("words") != p.contains("restriction"));
      if (p.contains("words")) {
        CHECK(p.at("words").size() >= 2);
        CHECK(std::find(p.at("words").begin(), p.at("words").end(), p.at("if_left_out")) != p.at("words").end());
      } else {
        CHECK(!p.at("restriction").get<std::string>().empty());
        CHECK(p.at("may_be_infinite").is_boolean());
      }
    }
  };
  std::set<std::string> parts;
  for (auto const& m : all.at("models")) {
    auto const name = m.at("name").get<std::string>();
    INFO(name);
    CHECK_THAT(list, contains("\n  " + name + ": " + m.at("title").get<std::string>() + '\n'));
    CHECK(std::set<std::string>{"none", "one", "by_country", "by_industry_and_country", "ability_and_attributes"}.count(
              m.at("laws").get<std::string>()) == 1);
    check_keys(m.at("parameters"), {"number", "by_country", "by_pair", "by_industry", "by_industry_and_country"});
    // The example has what must be given, and the examples that are told here; its answer the results.
    auto const example = json::parse(run({"--example", name}).out);
    CHECK(example.contains("distribution") == (m.at("laws") != "none"));
    for (auto const& p : m.at("parameters")) {
      INFO(p);
      auto const given = example.at("parameters").find(p.at("name").get<std::string>());
      CHECK((given != example.at("parameters").end() || p.contains("if_left_out") || p.contains("as_if_left_out")));
      if (given != example.at("parameters").end() && !p.contains("as_if_left_out")) CHECK(*given == p.at("example"));
    }
    auto const a = answer(example);
    std::set<std::string> expected{"model", "version", "status", "warnings", "inputs"}, found;
    for (auto const& r : m.at("results")) {
      expected.insert(r.at("name").get<std::string>());
      parts.insert(r.at("part").get<std::string>());
      for (auto const* text : {"unit", "symbol", "equation"}) CHECK(r.at(text).is_string());
      auto const& value = a.at(r.at("name").get<std::string>());
      CHECK(value.is_array() == (r.at("shape") != "number"));
      CHECK((!r.contains("by_sector") || r.at("by_sector") == true));
      bool const table = r.at("shape") == "by_pair" || r.at("shape") == "by_industry_and_country";
      CHECK((value.is_array() && value[0].is_array()) == table);
    }
    for (auto const& [key, value] : a.items()) found.insert(key);
    CHECK(found == expected);
  }
  CHECK(parts == std::set<std::string>{"solution", "work", "cutoffs", "averages", "masses", "aggregates", "labor_uses",
                                       "elasticities"});
  CHECK(all.at("models").size() >= 12);
  CHECK(all.at("laws").size() == 17);
  for (auto const& law : all.at("laws")) {
    CHECK_THAT(list, contains("\n  " + law.at("name").get<std::string>() + '\n'));
    check_keys(law.at("keys"), {"number", "list"});
  }
}

TEST_CASE("--help and --version answer and exit 0", "[solve]") {
  auto const help = run({"--help"});
  CHECK(help.status == 0);
  for (auto const* option :
       {"--json", "--set", "--sweep", "--batch", "--models", "--example", "--output", "--version", "Examples:"}) {
    CHECK_THAT(help.out, contains(option));
  }
  auto const version = run({"--version"});
  CHECK(version.status == 0);
  CHECK(version.out == "melitz-solve " + std::to_string(MELITZ_VERSION_MAJOR) + '.' +
                           std::to_string(MELITZ_VERSION_MINOR) + '.' + std::to_string(MELITZ_VERSION_PATCH) + '\n');
}

TEST_CASE("the manual page knows every option, key, parameter and law", "[solve]") {
  std::string page;
  for (char const c : read_file(MELITZ_SOLVE_SOURCE_DIR "/../../docs/man/melitz-solve.1")) {
    if (c != '\\') page += c;  // "\-\-json"
  }
  REQUIRE(!page.empty());
  std::vector<std::string> words;
  for (std::string const help = run({"--help"}).out; auto const& line : lines(help)) {
    auto const at = line.find("--");
    if (line.starts_with("  -") && at != std::string::npos) words.push_back(line.substr(at, line.find(' ', at) - at));
  }
  CHECK(words.size() >= 9);
  json const answers = answer(open_model()), model = open_model();
  for (auto const& [key, value] : answers.items()) words.push_back(key);
  for (auto const& [key, value] : model["parameters"].items()) words.push_back(key);
  for (auto const* family :
       {"pareto", "bounded_pareto", "lognormal", "spliced_lognormal_pareto", "three_piece", "pareto_lognormal",
        "double_pareto_lognormal", "frechet", "weibull", "exponential", "generalized_gamma", "singh_maddala", "dagum",
        "uniform", "discrete", "degenerate", "mixture"}) {
    words.push_back(family);
  }
  // The models, and every parameter of theirs, as --models lists them.
  std::size_t listed = 0;
  for (std::string const models = run({"--models"}).out; auto const& line : lines(models)) {
    if (line.starts_with("Laws")) break;
    auto const from = line.find_first_not_of(' ');
    if (from != 2 && from != 4) continue;
    words.push_back(line.substr(from, line.find_first_of(from == 2 ? ":" : " ", from) - from));
    ++listed;
  }
  CHECK(listed > 100);
  for (auto const& word : words) CHECK_THAT(page, contains(word));
}

}  // namespace test::solve_answers
