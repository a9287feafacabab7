// SPDX-License-Identifier: BSL-1.0
#include "document/operations.hpp"
#include "command_line.hpp"
#include "common/csv.hpp"
#include "document/list_models.hpp"
#include "document/models.hpp"
#include "document/settings.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/economy/conditions.hpp>
#include <melitz/economy/solve.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <tuple>
#include <utility>

namespace test::solve_operations {

// What melitz-solve is asked for besides the equilibrium: the same numbers as the C++ call that each option stands for,
// to the last bit, for every model that has it; and what it says where there is nothing to answer.

using namespace test;
namespace front = melitz::front;

namespace {

json answer(json const& model, std::vector<std::string> arguments) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  REQUIRE(o.err.empty());
  return json::parse(o.out);
}

std::string complaint(json const& model, std::vector<std::string> const& arguments) {
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  CHECK(o.status == 2);
  CHECK(o.out.empty());
  CHECK(lines(o.err).size() == 1);
  return o.err;
}

/// Bit for bit; no number is as good as another.
bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

/// All numbers of a list, row by row.
std::vector<double> flat(json const& value) {
  if (value.is_boolean()) return {value.get<bool>() ? 1.0 : 0.0};
  if (!value.is_array()) return {number(value)};
  std::vector<double> out;
  for (auto const& element : value) {
    for (double const x : flat(element)) out.push_back(x);
  }
  return out;
}

void check_same(json const& value, std::vector<double> const& expected) {
  auto const values = flat(value);
  REQUIRE(values.size() == expected.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    INFO(k << ": " << values[k] << " and " << expected[k]);
    CHECK(same(values[k], expected[k]));
  }
}

/// What stands under the name of a column; nothing where there is no such column.
std::vector<std::string> column(std::string const& csv, std::string const& name) {
  std::vector<std::string> out;
  example::csv_reader rows(csv);
  REQUIRE(rows.next());
  auto const found = std::find(rows.fields().begin(), rows.fields().end(), name);
  auto const place = static_cast<std::size_t>(found - rows.fields().begin());
  if (found == rows.fields().end()) return out;
  while (rows.next()) out.emplace_back(rows.fields()[place]);
  return out;
}
std::vector<double> numbers(std::string const& csv, std::string const& name) {
  std::vector<double> out;
  for (auto const& text : column(csv, name)) out.push_back(text.empty() ? std::nan("") : number(json(text)));
  return out;
}

json example_of(front::model const& what) {
  std::ostringstream out;
  front::write_example(out, what);
  return json::parse(out.str());
}

front::model_input input_of(json const& model, std::vector<front::assignment> const& settings = {}) {
  front::model_file file{front::parse_json(model.dump())};
  for (auto const& [name, value] : settings) front::set_value(file, name, value);
  return front::read_model(file);
}

/// A parameter that a model can do with one per cent more of.
std::string movable(front::model const& what) {
  for (auto const& p : what.parameters) {
    if (p.words.empty() && (p.name == "labor" || p.name == "entry_cost" || p.name == "choke_price" || p.name == "trade_elasticity")) return p.name;
  }
  return "fixed_cost";
}

melitz::open_economy<> const trade{
    .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
    .partners = 3,
    .iceberg_cost = 1.6,
    .export_fixed_cost = 1.3};
melitz::erased_law<double> draws() {
  return melitz::catalog::law_of(melitz::family_law<double>(melitz::lognormal<>{0, 0.8}));
}

}  // namespace

TEST_CASE("every model compares as the catalog does, to the last bit", "[solve][operations]") {
  for (auto const& what : front::models()) {
    auto const name = movable(what);
    INFO(what.name << ", " << name);
    auto const model = example_of(what);
    auto before = input_of(model), after = input_of(model, {{name + '*', 1.01}});
    auto const expected = melitz::catalog::compare(what, front::solve(before), front::solve(after));
    auto const a = answer(model, {"--compare", name + "*=1.01"});
    CHECK(a["status"] == "converged");
    std::vector<double> was, is, percent, wanted_was, wanted_is, wanted_percent;
    for (auto const& change : expected.aggregates) {
      wanted_was.push_back(change.before);
      wanted_is.push_back(change.after);
      wanted_percent.push_back(change.percent());
    }
    for (auto const& r : what.results) {
      if (r.part == front::part::solution || r.part == front::part::work) continue;
      auto const& row = a["results"].at(r.name);
      if (row["before"].is_string() && !row.contains("percent")) continue;  // a word
      for (double const x : flat(row["before"])) was.push_back(x);
      for (double const x : flat(row["after"])) is.push_back(x);
      for (double const x : row.contains("percent") ? flat(row["percent"]) : std::vector<double>{0})
        percent.push_back(x);
    }
    check_same(was, wanted_was);
    check_same(is, wanted_is);
    check_same(percent, wanted_percent);
    CHECK(a.contains("firms") == static_cast<bool>(what.fates));
  }
}

TEST_CASE("the open economy compares as the library does, firms too", "[solve][operations]") {
  auto freer = trade;
  freer.iceberg_cost = 1.4;
  auto const expected = melitz::compare(melitz::solve(trade, draws()), melitz::solve(freer, draws()));
  auto const a = answer(open_model(), {"--compare", "iceberg_cost=1.4"});
  for (auto const& change : expected.aggregates) {
    INFO(change.name);
    auto const& row = a["results"].at(change.name);
    CHECK(same(number(row["before"]), change.before));
    CHECK(same(number(row["after"]), change.after));
    CHECK(same(number(row["percent"]), change.percent()));
  }
  CHECK(a["results"]["regime"] == json{{"before", "selection"}, {"after", "selection"}});
  CHECK(a["results"]["every_entrant_produces"] == json{{"before", false}, {"after", false}});
  CHECK_FALSE(a["results"].contains("residual"));  // says how well it was solved
  REQUIRE(a["firms"].size() == expected.firms.size());
  for (std::size_t k = 0; k < expected.firms.size(); ++k) {
    auto const& group = expected.firms[k];
    CHECK(a["firms"][k]["effect"] == std::string(to_string(group.effect)));
    CHECK(same(number(a["firms"][k]["lower"]), group.lower));
    CHECK(same(number(a["firms"][k]["upper"]), group.upper));
  }

  // As CSV the numbers are the same; words are none.
  auto const csv = test::solve(open_model(), {"--compare", "iceberg_cost=1.4", "--long"});
  CHECK(csv.status == 0);
  CHECK(lines(csv.out).at(0) == "name,before,after,percent,unit");
  auto const names = column(csv.out, "name");
  auto const before = numbers(csv.out, "before"), after = numbers(csv.out, "after"),
             percent = numbers(csv.out, "percent");
  REQUIRE(names.size() == expected.aggregates.size());
  for (std::size_t k = 0; k < names.size(); ++k) {
    INFO(names[k]);
    auto const& change = expected.change(names[k]);
    CHECK(same(before[k], change.before));
    CHECK(same(after[k], change.after));
    CHECK(same(percent[k], change.percent()));
  }

  // Some results only.
  auto const some = answer(open_model(), {"--compare", "iceberg_cost=1.4", "--fields", "welfare,cutoff"});
  CHECK(some["results"].size() == 2);
  CHECK(some["results"]["welfare"] == a["results"]["welfare"]);
  CHECK(a["inputs"]["before"]["parameters"]["iceberg_cost"] == 1.6);
  CHECK(a["inputs"]["after"]["parameters"]["iceberg_cost"] == 1.4);
}

TEST_CASE("a comparison says which side it has changed, and that a side is infinite", "[solve][operations]") {
  // --set is of both sides.
  auto const both = answer(open_model(), {"--set", "partners=5", "--compare", "iceberg_cost=1.4"});
  CHECK(both["results"]["cutoff"]["before"] == answer(with(open_model(), "/parameters/partners", 5), {})["cutoff"]);

  std::vector<std::string> const autarky{"--compare", "iceberg_cost=inf"};
  auto const a = answer(open_model(), autarky);
  CHECK(a["results"]["export_cutoff"]["after"] == "inf");
  CHECK(a["results"]["export_cutoff"]["percent"] == "nan");
  CHECK(a["results"]["exports"]["percent"] == -100);
  auto with_null = autarky;
  with_null.insert(with_null.end(), {"--infinities", "null"});
  CHECK(answer(open_model(), with_null)["results"]["export_cutoff"]["percent"].is_null());
  CHECK(answer(open_model(), with_null)["inputs"]["after"]["parameters"]["iceberg_cost"] == "inf");
  CHECK(a["results"]["regime"]["after"] == "closed");
  auto const read = test::solve(open_model(), autarky);
  CHECK(read.status == 0);
  std::string of_cutoff;
  for (auto const& line : lines(read.out)) {
    if (line.find("  export_cutoff ") == 0) of_cutoff = line;
  }
  CHECK_THAT(of_cutoff, contains("infinite after"));
  CHECK_THAT(of_cutoff, !contains("%"));
  CHECK_THAT(read.out, contains("after: iceberg_cost=inf"));

  // Firms cannot be told apart where they draw from another law, or face another elasticity: the numbers can.
  auto const other_law = answer(open_model(), {"--compare", "distribution.log_sd=0.7"});
  CHECK_FALSE(other_law.contains("firms"));
  CHECK(other_law["without_firms"] == "firms draw from another law after");
  CHECK(other_law["results"]["cutoff"]["percent"].get<double>() < 0);
  CHECK_THAT(test::solve(open_model(), {"--compare", "elasticity=3.9"}).out,
             contains("No groups of firms: elasticity after is 3.9; it must equal the elasticity before."));
}

TEST_CASE("a side that is not solved ends with 1 and is named", "[solve][operations]") {
  std::vector<std::string> const fails{"--compare", "entry_cost=1e300", "--compare", "fixed_cost=1e-300"};
  auto const o = test::solve(open_model(), fails);
  CHECK(o.status == 1);
  CHECK(o.out.empty());
  CHECK_THAT(o.err, contains("after is not solved: out_of_range, the answer exists but"));
  auto in_json = fails;
  in_json.push_back("--json");
  auto const j = test::solve(open_model(), in_json);
  CHECK(j.status == 1);
  auto const said = json::parse(j.out);
  CHECK(said["status"] == "out_of_range");
  CHECK(said["not_solved"] == "after");
  CHECK_FALSE(said.contains("results"));
  auto const before =
      test::solve(with(with(open_model(), "/parameters/entry_cost", 1e300), "/parameters/fixed_cost", 1e-300),
                  {"--compare", "entry_cost=2", "--compare", "fixed_cost=1"});
  CHECK(before.status == 1);
  CHECK_THAT(before.err, contains("before is not solved: out_of_range"));
  // The same of the others.
  for (std::vector<std::string> const& asked :
       std::vector<std::vector<std::string>>{{"--firms", "1,2"}, {"--derivatives", "welfare", "--by", "labor"}}) {
    auto arguments = asked;
    arguments.insert(arguments.end(), {"--set", "entry_cost=1e300", "--set", "fixed_cost=1e-300"});
    INFO(asked[0]);
    auto const failed = test::solve(open_model(), arguments);
    CHECK(failed.status == 1);
    CHECK(failed.out.empty());
    CHECK_THAT(failed.err, contains("not solved: out_of_range"));
    arguments.push_back("--json");
    auto const in_words = test::solve(open_model(), arguments);
    CHECK(in_words.status == 1);
    CHECK(json::parse(in_words.out)["status"] == "out_of_range");
    CHECK_FALSE(json::parse(in_words.out).contains("results"));
  }
}

TEST_CASE("gains from trade are those of the catalog, and named by country", "[solve][operations]") {
  int with_gains = 0, without = 0;
  for (auto const& what : front::models()) {
    INFO(what.name);
    auto const model = example_of(what);
    if (!what.gains_from_trade) {
      CHECK_THAT(complaint(model, {"--gains"}),
                 contains("model is \"" + std::string(what.name) + "\", which has no gains from trade; "));
      ++without;
      continue;
    }
    auto input = input_of(model);
    auto const expected = what.gains_from_trade(input.parameters, input.laws, {}).numbers;
    auto const a = answer(model, {"--gains"});
    check_same(a["gains_from_trade"], expected);
    CHECK(a["gains_from_trade"].is_array() == (expected.size() > 1));
    auto percent = expected;
    for (auto& x : percent) x = 100 * (x - 1);
    check_same(a["percent"], percent);
    auto const csv = test::solve(model, {"--gains", "--long"});
    CHECK(csv.status == 0);
    check_same(json(numbers(csv.out, "gains_from_trade")), expected);
    check_same(json(numbers(csv.out, "percent")), percent);
    CHECK(column(csv.out, "country").size() == (expected.size() > 1 ? expected.size() : 0));
    CHECK_THAT(test::solve(model, {"--gains"}).out, contains("Gains from trade"));
    ++with_gains;
  }
  CHECK(with_gains > 0);
  CHECK(without > 0);
}

TEST_CASE("firms are those of the catalog, in a list or a grid", "[solve][operations]") {
  for (auto const& what : front::models()) {
    INFO(what.name);
    auto const model = example_of(what);
    if (!what.firms) {
      CHECK_THAT(complaint(model, {"--firms", "1,2"}), contains("which has no firms to look at one by one; "));
      continue;
    }
    auto input = input_of(model);
    auto const expected = what.firms(input.parameters, input.laws, {0.5, 2, 7.5, 40});
    auto const csv = test::solve(model, {"--firms", "0.5,2,7.5,40"});
    REQUIRE(csv.status == 0);
    auto const choices = column(csv.out, "choice");
    REQUIRE(choices.size() == expected.size());
    auto const a = answer(model, {"--firms", "0.5,2,7.5,40"});
    for (std::size_t k = 0; k < expected.size(); ++k) {
      CHECK(choices[k] == expected[k].choice);
      CHECK(a["choice"][k] == expected[k].choice);
      for (auto const& [name, value] : {std::pair{"productivity", expected[k].productivity},
                                        {"revenue", expected[k].revenue},
                                        {"profit", expected[k].profit}}) {
        INFO(name);
        CHECK(same(numbers(csv.out, name).at(k), value));
        CHECK(same(number(a[name][k]), value));
      }
    }
  }
  // The open economy's own functions.
  auto const e = melitz::solve(trade, draws());
  auto const a = answer(open_model(), {"--firms", "4:10:4"});
  check_same(a["productivity"], {4, 6, 8, 10});
  check_same(a["profit"], {e.profit(4), e.profit(6), e.profit(8), e.profit(10)});
  check_same(a["revenue"], {e.revenue_of(4), e.revenue_of(6), e.revenue_of(8), e.revenue_of(10)});
  CHECK(a["choice"] == json{"exits", "serves_home", "serves_home", "exports"});
  CHECK_THAT(number(answer(open_model(), {"--firms", "1:100:3:log"})["productivity"][1]), WithinRel(10, 1e-15));
}

TEST_CASE("curves are the library's conditions", "[solve][operations]") {
  auto const c = melitz::conditions(trade, draws());
  auto const o = test::solve(open_model(), {"--curve", "cutoff=3:7:5"});
  REQUIRE(o.status == 0);
  CHECK(lines(o.out).size() == 6);
  auto const a = answer(open_model(), {"--curve", "cutoff=3:7:5"});
  for (std::size_t k = 0; k < 5; ++k) {
    double const x = 3 + static_cast<double>(k);
    for (auto const& [name, value] : {std::pair{"cutoff", x},
                                      {"export_cutoff", c.export_cutoff(x)},
                                      {"value_of_entry", c.value_of_entry(x)},
                                      {"average_profit", c.average_profit(x)},
                                      {"average_profit_required", c.average_profit_required(x)}}) {
      INFO(name << " at " << x);
      CHECK(same(numbers(o.out, name).at(k), value));
      CHECK(same(number(a[name][k]), value));
    }
  }
  // They cross at the equilibrium.
  auto const e = melitz::solve(trade, draws());
  std::ostringstream at;
  at.precision(17);
  at << "cutoff=" << e.cutoff << ":" << e.cutoff << ":1";
  auto const there = answer(open_model(), {"--curve", at.str()});
  CHECK_THAT(number(there["value_of_entry"][0]), WithinRel(2, 1e-13));
  CHECK_THAT(number(there["average_profit"][0]), WithinRel(number(there["average_profit_required"][0]), 1e-13));
  CHECK_THAT(number(there["export_cutoff"][0]), WithinRel(e.export_cutoff, 1e-13));
  // In autarky nobody exports.
  CHECK(answer(closed_model(), {"--curve", "cutoff=1:2:2"})["export_cutoff"] == json{"inf", "inf"});
  CHECK_THAT(complaint(example_of(*melitz::catalog::find(front::models(), "technology")), {"--curve", "cutoff=1:2:2"}),
             contains("which has no equilibrium conditions as curves; closed and open have"));
}

TEST_CASE("a calibration is a model file that shows its targets", "[solve][operations]") {
  json const file{{"model", "open"},
                  {"distribution", {{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}}},
                  {"targets",
                   {{"share_exporting", 0.18},
                    {"export_sales_share", 0.14},
                    {"share_producing", 0.5},
                    {"elasticity", 4},
                    {"partners", 1},
                    {"fixed_cost", 1},
                    {"death_rate", 1},
                    {"labor", 1}}}};
  auto const fitted = melitz::calibrate(
      melitz::trade_targets<>{
          .share_exporting = 0.18, .export_sales_share = 0.14, .share_producing = 0.5, .elasticity = 4},
      melitz::catalog::law_of(melitz::family_law<double>(melitz::pareto<>{.scale = 1, .shape = 4.25})));
  auto const o = test::solve(file, {"--calibrate"});
  REQUIRE(o.status == 0);
  CHECK(o.err.empty());
  auto const model = json::parse(o.out);
  CHECK(model["distribution"] == file["distribution"]);
  CHECK(same(number(model["parameters"]["iceberg_cost"]), fitted.economy.iceberg_cost));
  CHECK(same(number(model["parameters"]["export_fixed_cost"]), fitted.economy.export_fixed_cost));
  CHECK(same(number(model["parameters"]["entry_cost"]), fitted.economy.domestic.entry_cost));
  auto const solved = answer(model, {});
  CHECK(same(number(solved["cutoff"]), fitted.achieved.cutoff));
  CHECK_THAT(number(solved["share_exporting"]), WithinRel(0.18, 1e-13));
  CHECK_THAT(number(solved["probability_of_producing"]), WithinRel(0.5, 1e-13));
  CHECK_THAT(number(solved["exporter_intensity"]), WithinRel(0.14, 1e-13));

  // What is assumed may be left out, and the command line may say otherwise.
  json shorter = file;
  shorter["targets"] = {
      {"share_exporting", {0.3}}, {"export_sales_share", 0.14}, {"share_producing", 0.5}, {"elasticity", 4}};
  CHECK(test::solve(shorter, {"--calibrate", "--set", "share_exporting=0.18"}).out == o.out);
  CHECK(test::solve(shorter, {"--calibrate", "--set", "targets.share_exporting=0.18"}).out == o.out);
  CHECK(test::solve(with(file, "/distribution/shape", 9), {"--calibrate", "--set", "distribution.shape=4.25"}).out ==
        o.out);

  auto const both = answer(file, {"--calibrate", "--equilibrium"});
  CHECK(both["calibrated"] == model);
  CHECK(both["equilibrium"] == solved);
  CHECK(test::solve(file, {"--calibrate", "--equilibrium"}).out == test::solve(model).out);

  for (auto const& [pointer, value, message] : std::vector<std::tuple<std::string, json, std::string>>{
           {"/targets/share_exporting", 2, "targets.share_exporting is 2; it must"},
           {"/targets/share_exporting", "most", "targets.share_exporting is \"most\"; it must be a number"},
           {"/targets/share_exporting", {0.1, 0.2}, "targets.share_exporting is [0.1,0.2]; it must be a number"},
           {"/targets/export_sales_share", 0.6, "targets.export_sales_share is 0.6; it must be at most partners"},
           {"/targets/elasticity", "nan", "targets.elasticity is nan; it must exceed 1"},
           {"/targets/welfare", 2, "targets.welfare (2) is not a known key"},
           {"/targets", 2, "targets is 2; it must be an object"},
           {"/parameters", json::object(), "parameters ({}) is not a known key"},
           {"/distribution/shape", 2, "distribution.shape is 2; it must exceed"},
           {"/distribution/shape", -1, "distribution.shape is -1; it must"},
           {"/model", "technology", "which has no targets that it can be calibrated to; open has"}}) {
    INFO(pointer << ' ' << value);
    CHECK_THAT(complaint(with(file, pointer, value), {"--calibrate"}), contains(message));
  }
  CHECK_THAT(complaint(without(file, "/targets"), {"--calibrate"}), contains("targets is missing"));
  CHECK_THAT(complaint(without(file, "/targets/share_exporting"), {"--calibrate"}),
             contains("targets.share_exporting is missing; it must lie"));
  CHECK_THAT(complaint(without(file, "/distribution"), {"--calibrate"}), contains("distribution is missing"));
  CHECK_THAT(complaint(file, {"--calibrate", "--set", "share_exportig=0.1"}),
             contains(R"(share_exportig is no target; did you mean "share_exporting"?)"));
  CHECK_THAT(complaint(file, {}), contains("targets ("));  // a model file has none
}

TEST_CASE("derivatives are those of the catalog, for every model", "[solve][operations]") {
  int differentiated = 0;
  for (auto const& what : front::models()) {
    if (!what.differentiate) continue;
    INFO(what.name);
    auto const model = example_of(what);
    auto input = input_of(model);
    std::string result, name = movable(what);
    auto const solved = front::solve(input);
    for (std::size_t k = 0; k < what.results.size(); ++k) {
      bool const moves = std::holds_alternative<double>(solved.values[k]) ||
                         std::holds_alternative<melitz::catalog::array>(solved.values[k]);
      auto const part = what.results[k].part;
      if (result.empty() && moves && (part == front::part::aggregates || part == front::part::cutoffs)) {
        result = what.results[k].name;
      }
    }
    auto const& r =
        *std::find_if(what.results.begin(), what.results.end(), [&](auto const& one) { return one.name == result; });
    auto const& p = *std::find_if(what.parameters.begin(), what.parameters.end(),
                                  [&](auto const& one) { return one.name == name; });
    std::string const of_first = !r.indices.told()                             ? ""
                                 : r.indices.columns == melitz::told::by::none ? "[0]"
                                                                               : "[0][1]";
    std::string const by_first = !p.indices.told()                             ? ""
                                 : p.indices.columns == melitz::told::by::none ? "[0]"
                                                                               : "[0][1]";
    std::vector<melitz::catalog::law_by_name> laws;
    if (what.laws == front::laws_wanted::ability_and_attributes) {
      for (auto const* of : {"ability", "attributes"}) {
        laws.push_back({input.distribution.at(of).at("family").get<std::string>(), {}});
        for (auto const& [key, value] : input.distribution.at(of).items()) {
          if (key != "family") laws.back().given.push_back(melitz::catalog::array_of(value.get<double>()));
        }
      }
    } else if (what.laws != front::laws_wanted::none) {
      laws.push_back({input.distribution.at("family").get<std::string>(), {}});
      for (auto const& [key, value] : input.distribution.items()) {
        if (key != "family") laws[0].given.push_back(melitz::catalog::array_of(value.get<double>()));
      }
    }
    auto const expected = what.differentiate(input.parameters, laws, {result + of_first}, {name + by_first});
    REQUIRE(expected.reason == melitz::status::converged);
    auto const a = answer(model, {"--derivatives", result + of_first, "--by", name + by_first});
    CHECK(same(number(a["results"].at(result + of_first)), expected.values[0]));
    CHECK(same(number(a["derivatives"].at(result + of_first).at(name + by_first)), expected.table[0]));
    CHECK(std::isfinite(expected.table[0]));
    ++differentiated;
  }
  CHECK(differentiated > 0);
}

TEST_CASE("derivatives by several numbers, of the law too, and in logs", "[solve][operations]") {
  std::vector<std::string> const asked{
      "--derivatives", "welfare,cutoff", "--by", "iceberg_cost,distribution.log_sd", "--by", "labor", "--elasticities"};
  auto const a = answer(open_model(), asked);
  auto const what = melitz::catalog::find(front::models(), "open");
  auto input = input_of(open_model());
  using melitz::catalog::array_of;
  auto const expected = what->differentiate(input.parameters, {{"lognormal", {array_of(0), array_of(0.8)}}},
                                            {"welfare", "cutoff"}, {"iceberg_cost", "distribution.log_sd", "labor"});
  double const now[] = {1.6, 0.8, 1};
  std::vector<std::string> const results{"welfare", "cutoff"}, by{"iceberg_cost", "distribution.log_sd", "labor"};
  auto csv_arguments = asked;
  csv_arguments.push_back("--long");
  auto const csv = test::solve(open_model(), csv_arguments);
  CHECK(lines(csv.out).at(0) == "result,parameter,value,derivative,elasticity");
  REQUIRE(lines(csv.out).size() == 7);
  for (std::size_t r = 0; r < 2; ++r) {
    for (std::size_t p = 0; p < 3; ++p) {
      INFO(results[r] << " by " << by[p]);
      double const slope = expected.table[r * 3 + p], elasticity = slope * now[p] / expected.values[r];
      CHECK(same(number(a["derivatives"][results[r]][by[p]]), slope));
      CHECK(same(number(a["elasticities"][results[r]][by[p]]), elasticity));
      CHECK(same(numbers(csv.out, "derivative").at(r * 3 + p), slope));
      CHECK(same(numbers(csv.out, "elasticity").at(r * 3 + p), elasticity));
    }
  }
  // Differences of solves say the same, roughly.
  auto const at = [&](std::string const& cost) {
    return number(answer(open_model(), {"--set", "iceberg_cost=" + cost})["welfare"]);
  };
  CHECK_THAT((at("1.60001") - at("1.59999")) / 2e-5, WithinRel(expected.table[0], 1e-7));
  auto const read = test::solve(open_model(), asked);
  CHECK_THAT(read.out, contains("Derivatives"));
  CHECK_THAT(read.out, contains("Elasticities"));
}

TEST_CASE("derivatives do not depend on what else is asked for", "[solve][operations]") {
  // Seven parameters are two solves. New costs are left out, and so those that move with the old ones.
  auto const model = example_of(*melitz::catalog::find(front::models(), "transition"));
  REQUIRE(!model["parameters"].contains("new_export_fixed_cost"));
  std::string const gain = "consumption_equivalent_gain";
  std::vector<std::string> const by{"labor",      "new_export_fixed_cost", "export_fixed_cost",  "new_labor",
                                    "fixed_cost", "new_fixed_cost",        "distribution.log_sd"};
  std::string all;
  for (auto const& name : by) all += (all.empty() ? "" : ",") + name;
  auto const together = answer(model, {"--derivatives", gain, "--by", all})["derivatives"][gain];
  REQUIRE(together.size() == by.size());
  for (auto const& name : by) {
    INFO(name);
    auto const alone = answer(model, {"--derivatives", gain, "--by", name})["derivatives"][gain];
    CHECK(same(number(alone[name]), number(together[name])));
  }
  CHECK(number(together["new_export_fixed_cost"]) != number(together["export_fixed_cost"]));
}

TEST_CASE("what options cannot mean", "[solve][operations]") {
  auto const open = open_model();
  for (auto const& [arguments, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--compare", "iceberg_cost"}, "--compare iceberg_cost is not NAME=VALUE"},
           {{"--compare", "iceberg=2"}, "did you mean \"iceberg_cost\"?"},
           {{"--compare", "iceberg_cost=0.5"}, "parameters.iceberg_cost is 0.5; it must be at least 1"},
           {{"--compare", "model=closed"}, "parameters.model (\"closed\") is not a known key"},
           {{"--compare", ""}, "--compare  is not NAME=VALUE"},
           {{"--curve", ""}, "it must be cutoff=FROM:TO:COUNT"},
           {{"--curve", "labor=1:2:3"}, "it must be cutoff=FROM:TO:COUNT"},
           {{"--curve", "cutoff=1:2"}, "it must be FROM:TO:COUNT or"},
           {{"--curve", "cutoff=0:2:3"}, "0 must be positive and finite"},
           {{"--curve", "cutoff=1:inf:3"}, "TO is \"inf\"; it must be a finite number"},
           {{"--curve", "cutoff=1:2:0"}, "COUNT is \"0\"; it must be a whole number"},
           {{"--curve", "cutoff=1:2:1000001"}, "COUNT is 1000001; it must be at most 1000000"},
           {{"--curve", "cutoff=-1:2:3:log"}, "must be positive for log"},
           {{"--firms", ""}, "\"\" is no number"},
           {{"--firms", "1,x"}, "\"x\" is no number"},
           {{"--firms", "1,,2"}, "\"\" is no number"},
           {{"--firms", "nan"}, "nan must be positive and finite"},
           {{"--firms", "-1"}, "-1 must be positive and finite"},
           {{"--firms", "1:2:3:lin"}, "it must be FROM:TO:COUNT"},
           {{"--derivatives", "welfare"}, "--by"},
           {{"--by", "labor"}, "--derivatives"},
           {{"--elasticities"}, "--derivatives"},
           {{"--equilibrium"}, "--calibrate"},
           {{"--gains", "--fields", "welfare"}, "--fields says nothing about what --gains prints"},
           {{"--calibrate", "--long"}, "--long says nothing about what --calibrate prints"},
           {{"--compare", "labor=2", "--show", "cutoffs"}, "--show cutoffs says nothing about what --compare prints"},
           {{"--gains", "--long", "--json"}, "--long prints CSV; --json and --batch do not"},
           {{"--gains", "--firms", "1,2"}, "excludes"},
           {{"--gains", "--batch"}, "excludes"},
           {{"--compare", "labor=2", "--sweep", "labor=1:2:3"}, "excludes"},
           {{"--calibrate", "--gains"}, "excludes"},
           {{"--derivatives", "wellfare", "--by", "labor"},
            "wellfare is no result of the model open; did you mean \"welfare\"?"},
           {{"--derivatives", "welfare,,cutoff", "--by", "labor"}, "--derivatives welfare,,cutoff: it must be names"},
           {{"--derivatives", "welfare[0]", "--by", "labor"}, "welfare[0] is no number; welfare is one"},
           {{"--derivatives", "welfare[", "--by", "labor"}, "\"welfare[\" is not the name of a result"},
           {{"--derivatives", "welfare,welfare", "--by", "labor"}, "welfare is asked for twice"},
           {{"--derivatives", "regime", "--by", "labor"}, "regime; it must be one that moves with numbers"},
           {{"--derivatives", "welfare", "--by", "labour"},
            "labour is no parameter of the model open; did you mean \"labor\"?"},
           {{"--derivatives", "welfare", "--by", "labor[0]"}, "labor[0]: labor is one number"},
           {{"--derivatives", "welfare", "--by", "labor,parameters.labor"}, "labor is asked for twice"},
           {{"--derivatives", "welfare", "--by", "distribution"}, "distribution is no parameter of the model open"},
           {{"--derivatives", "welfare", "--by", "distribution.shape"},
            "distribution.shape is no number of a law of family lognormal"},
           {{"--derivatives", "welfare", "--by", "distribution.log_sd[0]"}, "distribution.log_sd[0] does not exist"},
           {{"--derivatives", "welfare", "--by", "distribution[0].log_sd"}, "is not a name such as"},
           {{"--derivatives", "welfare", "--by", "labor", "--set", "labor=-1"},
            "parameters.labor is -1; it must be positive"}}) {
    std::string all;
    for (auto const& a : arguments) all += a + ' ';
    INFO(all);
    CHECK_THAT(complaint(open, arguments), contains(message));
  }
  auto const mixed =
      with(open, "/distribution", {{"family", "mixture"}, {"weights", {1}}, {"components", {open["distribution"]}}});
  CHECK_THAT(complaint(mixed, {"--derivatives", "welfare", "--by", "labor"}),
             contains("distribution.family is \"mixture\"; it must be a law of one family"));
  scratch_folder const folder;
  write_file(folder / "model.json", open.dump());
  auto const over = run({folder / "model.json", "--gains", "--output", folder / "model.json"});
  CHECK(over.status == 2);
  CHECK(read_file(folder / "model.json") == open.dump());
  CHECK(run({folder / "model.json", "--firms", "1:9:5", "--output", folder / "firms.csv"}).out.empty());
  CHECK(lines(read_file(folder / "firms.csv")).size() == 6);
}

#ifdef MELITZ_CATALOG_WORLDS

TEST_CASE("countries go by their names in what is asked and answered", "[solve][operations]") {
  auto const named =
      with(example_of(*melitz::catalog::find(front::models(), "world")), "/countries", {"USA", "BRA", "Korea, South"});
  auto const count = named["parameters"]["labor"].size();
  REQUIRE(count == 3);
  auto const gains = answer(named, {"--gains"});
  CHECK(gains["countries"] == named["countries"]);
  CHECK(column(test::solve(named, {"--gains", "--long"}).out, "country").at(1) == "BRA");
  CHECK_THAT(test::solve(named, {"--gains"}).out, contains("Korea, South"));

  auto const moved = answer(named, {"--compare", "labor[BRA]*=1.1"});
  CHECK(moved["results"]["wage"]["percent"].size() == count);
  auto const csv = test::solve(named, {"--compare", "labor[BRA]*=1.1", "--long"}).out;
  CHECK_THAT(csv, contains("country,partner,name,before,after,percent,unit\n"));
  CHECK_THAT(csv, contains("\nBRA,,wage,"));
  CHECK_THAT(csv, contains("\n\"Korea, South\",USA,sales,"));
  CHECK_THAT(test::solve(named, {"--compare", "labor[BRA]*=1.1"}).out, contains("[BRA]"));

  // By name and by number they are the same; without a place a result is all of its numbers.
  auto const all = answer(named, {"--derivatives", "wage", "--by", "labor[BRA],iceberg_cost[USA][2]"});
  CHECK(all["derivatives"].size() == count);
  auto const one =
      answer(named, {"--derivatives", "wage[Korea, South],wage[0]", "--by", "iceberg_cost[0][Korea, South]"});
  CHECK(one["derivatives"]["wage[Korea, South]"]["iceberg_cost[USA][Korea, South]"] ==
        all["derivatives"]["wage[Korea, South]"]["iceberg_cost[USA][Korea, South]"]);
  auto const* what = melitz::catalog::find(front::models(), "world");
  auto input = input_of(named);
  std::vector<melitz::catalog::law_by_name> laws{{input.distribution.at("family").get<std::string>(), {}}};
  for (auto const& [key, value] : input.distribution.items()) {
    if (key != "family") laws[0].given.push_back(melitz::catalog::array_of(value.get<double>()));
  }
  auto const expected = what->differentiate(input.parameters, laws, {"wage[1]"}, {"labor[1]"});
  CHECK(same(number(all["derivatives"]["wage[BRA]"]["labor[BRA]"]), expected.table[0]));

  for (auto const& [result, by, message] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"wage[ARG]", "labor", "wage[ARG] does not exist: no country has the name ARG"},
           {"wage[3]", "labor", "wage[3] does not exist: wage has no element [3]"},
           {"wage[0][1]", "labor", "wage[0][1] is no number; name one, such as wage[0]"},
           {"wage", "iceberg_cost[USA]", "iceberg_cost[USA]: iceberg_cost has places such as iceberg_cost[0][0]"},
           {"wage", "iceberg_cost[USA][USA]", "at home it is 1"},
           {"wage", "labor[*]", "labor[*]: one country moves, or all without [*]"},
           {"wage", "labor[7]", "labor[7] does not exist: there are 3 countries, counted from 0"},
           {"wage", "labor[ARG]", "labor[ARG] does not exist: no country has the name ARG"},
           {"wage", "tariff_on", "it is delivered_price or production_cost, and no number"}}) {
    INFO(result << " by " << by);
    CHECK_THAT(complaint(named, {"--derivatives", result, "--by", by}), contains(message));
  }
  CHECK_THAT(complaint(named, {"--derivatives", "wage", "--by", "labor", "--elasticities"}),
             contains("labor is several numbers that differ; an elasticity is by one of them"));
}

TEST_CASE("what a file leaves out moves from what stands for it", "[solve][operations]") {
  auto model = example_of(*melitz::catalog::find(front::models(), "world"));
  model["parameters"].erase("tariff");
  auto const welfare = [&](std::string const& tariff) {
    return number(answer(model, {"--set", "tariff[0][1]=" + tariff})["welfare"][1]);
  };
  auto const a = answer(model, {"--derivatives", "welfare[1]", "--by", "tariff[0][1]"});
  double const slope = number(a["derivatives"]["welfare[1]"]["tariff[0][1]"]);
  CHECK(slope != 0);
  CHECK_THAT((welfare("1e-5") - welfare("-1e-5")) / 2e-5, WithinRel(slope, 1e-5));
}

#endif

}  // namespace test::solve_operations
