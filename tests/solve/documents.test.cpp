// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace test::solve_documents {

// What an answer says besides its numbers, which of them it shows, and how: inputs, warnings, fields, blocks, rows.

using namespace test;

namespace {

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
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

json autarky() { return with(open_model(), "/parameters/iceberg_cost", "inf"); }

/// A file beside the model.
outcome solve_with_data(json const& distribution, std::string const& csv, std::vector<std::string> arguments = {}) {
  scratch_folder const folder;
  write_file(folder / "firms.csv", csv);
  write_file(folder / "model.json", with(closed_model(), "/distribution", distribution).dump());
  arguments.insert(arguments.begin(), {folder / "model.json", "--json"});
  auto o = run(arguments);
  if (auto const at = o.err.find(folder / "firms.csv"); at != std::string::npos) {
    o.err.replace(at, (folder / "firms.csv").size(), "firms.csv");
  }
  return o;
}

json const discrete_of_file{{"family", "discrete"}, {"values", "firms.csv"}};

}  // namespace

TEST_CASE("an answer has the model, the version and the inputs that give it again", "[solve]") {
  auto const a = answer(open_model());
  CHECK(a["model"] == "open");
  CHECK("melitz-solve " + a["version"].get<std::string>() + '\n' == run({"--version"}).out);
  CHECK(a["inputs"] == open_model());
  CHECK(a["warnings"] == json::array());

  // Every model, as its example is and without what may be left out: its inputs are a model file, whose answer is the
  // same, to the last letter.
  std::string models;
  std::size_t count = 0;
  auto const all = json::parse(run({"--models", "--json"}).out);
  for (auto const& m : all.at("models")) {
    auto const example = json::parse(run({"--example", m.at("name").get<std::string>()}).out);
    auto bare = example;
    for (auto const& p : m.at("parameters")) {
      if (p.contains("if_left_out") || p.contains("as_if_left_out")) {
        bare["parameters"].erase(p.at("name").get<std::string>());
      }
    }
    models += example.dump() + '\n' + bare.dump() + '\n';
    count += 2;
  }
  auto const first = run({"--batch"}, models);
  std::string inputs;
  std::size_t solved = 0;
  for (auto const& line : lines(first.out)) {
    auto const one = json::parse(line);
    INFO(line);
    if (!one.contains("inputs")) continue;  // "mass_entrants is left out; ..."
    solved += one["status"] == "converged" ? 1U : 0U;
    inputs += one["inputs"].dump() + '\n';
  }
  CHECK(solved + 3 >= count);  // acr, melitz_ottaviano and calibrated_world want some of what may be left out
  CHECK(solved >= 24);
  std::vector<std::string> expected;
  for (auto const& line : lines(first.out)) {
    if (line.find("\"inputs\"") != std::string::npos) expected.push_back(json::parse(line).dump());
  }
  std::vector<std::string> again;
  for (auto const& line : lines(run({"--batch"}, inputs).out)) again.push_back(json::parse(line).dump());
  REQUIRE(again.size() == expected.size());
  for (std::size_t k = 0; k < again.size(); ++k) CHECK(again[k] == expected[k]);

  // What is set is what was used; infinity stays a word, and so it does in the law.
  auto const far = answer(open_model(), {"--set", "iceberg_cost=inf", "--set", "labor=0.1"});
  CHECK(far["inputs"]["parameters"]["iceberg_cost"] == "inf");
  CHECK(far["inputs"]["parameters"]["labor"] == 0.1);
  CHECK(answer(far["inputs"]) == far);
  // Errors have the id and no more, as before.
  CHECK(run({"--batch"}, R"({"id": [1], "model": "opne"})").out ==
        R"({"id": [1], "status": "domain_error", "error": "model is \"opne\"; did you mean \"open\"?"})"
        "\n");
}

TEST_CASE("--fields chooses results, in every kind of output", "[solve]") {
  auto const whole = answer(open_model());
  std::vector<std::string> const chosen{"--fields", "welfare,cutoff"};
  auto const o = test::solve(open_model(), {"--fields", "welfare,cutoff", "--json"});
  REQUIRE(o.status == 0);
  std::vector<std::string> keys;
  auto const in_order = nlohmann::ordered_json::parse(o.out);
  for (auto const& [key, value] : in_order.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"model", "version", "status", "welfare", "cutoff", "warnings", "inputs"});
  auto const two = json::parse(o.out);
  CHECK(two["welfare"] == whole["welfare"]);
  CHECK(two["cutoff"] == whole["cutoff"]);
  CHECK(results_of(answer(open_model(), {"--fields", "status"})).size() == 1);

  auto const rows = lines(test::solve(open_model(), {"--sweep", "labor=1:2:2", "--fields", "status,welfare"}).out);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == "labor,status,welfare,warnings");
  CHECK(rows[1].starts_with("1,converged,"));
  CHECK(std::count(rows[1].begin(), rows[1].end(), ',') == 3);

  auto const batch = run({"--batch", "--fields", "share_exporting"},
                         open_model().dump() + '\n' + with(closed_model(), "/id", 7).dump() + '\n');
  REQUIRE(lines(batch.out).size() == 2);
  CHECK(json::parse(lines(batch.out)[0])["share_exporting"] == whole["share_exporting"]);
  auto const error = json::parse(lines(batch.out)[1]);
  CHECK(error["id"] == 7);
  CHECK_THAT(error["error"].get<std::string>(), contains("share_exporting is no result of the model closed"));

  auto const table = test::solve(open_model(), {"--fields", "labor_fixed,cutoff"}).out;
  for (auto const* part : {"Cutoffs\n  cutoff  ", "Uses of labour\n  labor_fixed ", " 4.2 %"}) {
    CHECK_THAT(table, contains(part));
  }
  for (auto const* part : {"welfare", "sum", "residual"}) CHECK_THAT(table, !contains(part));

  auto const wrong = [&](std::string const& names) { return complaint(open_model(), {"--fields", names}); };
  CHECK_THAT(wrong("cutoff,welfair"), contains("welfair is no result of the model open; did you mean \"welfare\"?"));
  CHECK_THAT(wrong("nothing"), contains("nothing is no result of the model open; it must be one of residual, "));
  CHECK_THAT(wrong("cutoff,cutoff"), contains("cutoff is asked for twice"));
  CHECK_THAT(wrong("cutoff[0]"), contains("cutoff[0] is no number; cutoff is one"));
  CHECK_THAT(wrong(""), contains("\"\" is not the name of a result"));
  CHECK_THAT(wrong("cutoff,"), contains("\"\" is not the name of a result"));
  CHECK_THAT(wrong("[0]"), contains("\"[0]\" is not the name of a result"));
  CHECK_THAT(complaint(open_model(), {"--sweep", "labor=1:2:2", "--fields", "x"}), contains("x is no result"));
}

TEST_CASE("warnings of an answer are shown", "[solve]") {
  std::string const warning = "export_cutoff is infinite: no firm gets there";
  CHECK(answer(autarky())["warnings"] == json{warning});
  CHECK(test::solve(autarky()).out.ends_with("\n\nWarnings\n  " + warning + '\n'));
  CHECK(test::solve(autarky()).err.empty());
  CHECK_THAT(test::solve(open_model()).out, !contains("Warnings"));
  auto const rows = lines(test::solve(autarky(), {"--sweep", "export_fixed_cost=1:2:2"}).out);
  CHECK(rows.at(0).ends_with(",domestic_elasticity,warnings"));
  CHECK(rows.at(1).ends_with(',' + warning));
  CHECK(lines(test::solve(open_model(), {"--sweep", "labor=1:2:1"}).out).at(1).ends_with(","));
  // Several, in one cell.
  auto const low = with(autarky(), "/distribution", {{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}});
  auto const two = answer(with(low, "/parameters/entry_cost", 1000))["warnings"];
  REQUIRE(two.size() == 2);
  CHECK(lines(test::solve(low, {"--sweep", "entry_cost=1000:2000:2", "--fields", "cutoff"}).out)
            .at(1)
            .ends_with(two[0].get<std::string>() + "; " + two[1].get<std::string>()));
}

TEST_CASE("--infinities null is for readers that know no words for them", "[solve]") {
  auto const words = answer(autarky()), null = answer(autarky(), {"--infinities", "null"});
  CHECK(words["export_cutoff"] == "inf");
  CHECK(null["export_cutoff"].is_null());
  CHECK(null["average_export_productivity"].is_null());
  CHECK(null["cutoff"] == words["cutoff"]);
  CHECK(null["inputs"] == words["inputs"]);  // which are read again
  CHECK(answer(autarky(), {"--infinities", "words"}) == words);
  auto const failed =
      json::parse(run({"--batch", "--infinities", "null", "--set", "entry_cost=1e300", "--set", "fixed_cost=1e-300"},
                      open_model().dump())
                      .out);
  CHECK(failed["status"] == "out_of_range");
  CHECK(failed["cutoff"].is_null());
  CHECK_THAT(complaint(open_model(), {"--infinities", "null"}), contains("--infinities null is for JSON"));
  CHECK_THAT(complaint(open_model(), {"--json", "--infinities", "zero"}), contains("--infinities"));
}

TEST_CASE("--set changes the family of a law, in any order", "[solve]") {
  json const pareto{{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}};
  auto const expected = answer(with(open_model(), "/distribution", pareto));
  std::vector<std::string> settings{"distribution.family=pareto", "distribution.scale=1", "distribution.shape=4.25"};
  std::sort(settings.begin(), settings.end());
  do {
    CHECK(answer(open_model(), {"--set", settings[0], "--set", settings[1], "--set", settings[2]}) == expected);
  } while (std::next_permutation(settings.begin(), settings.end()));
  // What both families have stays.
  auto const from_pareto = with(open_model(), "/distribution", pareto);
  CHECK(answer(from_pareto, {"--set", "distribution.family=frechet"})["inputs"]["distribution"] ==
        json{{"family", "frechet"}, {"scale", 1}, {"shape", 4.25}});
  auto const set = [&](std::vector<std::string> const& all) {
    std::vector<std::string> arguments;
    for (auto const& one : all) arguments.insert(arguments.end(), {"--set", one});
    return complaint(open_model(), arguments);
  };
  CHECK_THAT(set({"distribution.family=pareto"}), contains("distribution.scale is missing; it must be positive"));
  CHECK_THAT(set({"distribution.family=pareto", "distribution.scale=1"}), contains("distribution.shape is missing"));
  CHECK_THAT(set({"distribution.family=paretto"}), contains("is \"paretto\"; did you mean \"pareto\"?"));
  // What the command line says of the old family is no part of the new one, whichever came first.
  for (auto const* family : {"distribution.family=pareto", "distribution.log_sd=0.6"}) {
    std::string const other =
        family == std::string("distribution.log_sd=0.6") ? settings[0] : "distribution.log_sd=0.6";
    CHECK_THAT(set({family, other, "distribution.scale=1", "distribution.shape=5"}),
               contains("distribution.log_sd (0.6) is not a known key"));
  }
  CHECK_THAT(set({"distribution.scalle=1", "distribution.family=pareto", "distribution.shape=5"}),
             contains("distribution.scalle (1) is not a known key; did you mean \"scale\"?"));
  CHECK_THAT(set({"distribution.family*=2"}), contains("distribution.family*: \"lognormal\" is no number to multiply"));
  // In a mixture, in a template, and in a sweep over what the new family has.
  auto const mixed = with(open_model(), "/distribution", json::parse(R"({"family": "mixture", "weights": [0.5, 0.5],
    "components": [{"family": "lognormal", "log_mean": 0, "log_sd": 0.5}, {"family": "exponential", "rate": 1}]})"));
  CHECK(answer(mixed, {"--set", "distribution.components[1].value=2", "--set",
                       "distribution.components[1].family=degenerate"}) ==
        answer(with(mixed, "/distribution/components/1", {{"family", "degenerate"}, {"value", 2}})));
  auto const example = run({"--example", "open", "--set", "distribution.shape=5", "--set", "distribution.scale=1",
                            "--set", "distribution.family=pareto"});
  CHECK(json::parse(example.out)["distribution"] == json{{"family", "pareto"}, {"scale", 1}, {"shape", 5}});
  auto const sweep = test::solve(open_model(), {"--set", "distribution.family=pareto", "--set", "distribution.scale=1",
                                                "--sweep", "distribution.shape=4.25:5:2", "--fields", "cutoff"});
  REQUIRE(lines(sweep.out).size() == 3);
  CHECK(number(json(lines(sweep.out)[1].substr(15, lines(sweep.out)[1].size() - 16))) == number(expected["cutoff"]));
}

TEST_CASE("the data of a law come from a CSV file", "[solve]") {
  auto const expected = [](json const& values, json const& weights = nullptr) {
    json law{{"family", "discrete"}, {"values", values}};
    if (!weights.is_null()) law["weights"] = weights;
    return answer(with(closed_model(), "/distribution", law));
  };
  for (std::string const csv : {"1\n2\n4\n", "sales\n1\n2\n4\n", "\xef\xbb\xbf\"sales, 2019\"\r\n1\r\n2\r\n4"}) {
    INFO(csv);
    auto const o = solve_with_data(discrete_of_file, csv);
    REQUIRE(o.status == 0);
    CHECK(json::parse(o.out) == expected({1, 2, 4}));
  }
  json const columns{{"family", "discrete"},
                     {"values", {{"file", "firms.csv"}, {"column", "sales"}}},
                     {"weights", {{"file", "firms.csv"}, {"column", "firms"}}}};
  std::string const table = "name,firms,sales\n\"A, B\",10,4\nC,30,1\n7,0,2\n";
  auto const weighted = solve_with_data(columns, table);
  REQUIRE(weighted.status == 0);
  CHECK(json::parse(weighted.out) == expected({4, 1, 2}, {0.25, 0.75, 0}));  // they count firms
  // In a mixture; and named by --set, with the family.
  json const mixed{{"family", "mixture"}, {"weights", {1}}, {"components", {discrete_of_file}}};
  CHECK(results_of(json::parse(solve_with_data(mixed, "1\n2\n4\n").out))["cutoff"].is_number());
  auto const set = solve_with_data(closed_model()["distribution"], "1\n2\n4\n",
                                   {"--set", "distribution.values=firms.csv", "--set", "distribution.family=discrete"});
  REQUIRE(set.status == 0);
  CHECK(json::parse(set.out) == expected({1, 2, 4}));

  auto const wrong = [](json const& law, std::string const& csv) {
    auto const o = solve_with_data(law, csv);
    CHECK(o.status == 2);
    CHECK(lines(o.err).size() == 1);
    return o.err;
  };
  CHECK_THAT(wrong(discrete_of_file, "1\nNA\n4\n"), contains("firms.csv, row 2, column 1: \"NA\" is not a number"));
  CHECK_THAT(wrong(discrete_of_file, "l00\n1\n"), contains("firms.csv, row 1, column 1: \"l00\" is not a number"));
  CHECK_THAT(wrong(discrete_of_file, ""), contains("distribution.values: there is nothing in "));
  CHECK_THAT(wrong(discrete_of_file, "sales\n"), contains("distribution.values: there are no numbers in "));
  CHECK_THAT(wrong(discrete_of_file, "sales\n1\n-2\n"),
             contains("distribution.values[1] is -2; it must be at least 0 and finite (firms.csv, row 3, column 1)") ||
                 contains("distribution.values[1] is -2; it must be at least 0 and finite ("));
  CHECK_THAT(wrong(discrete_of_file, "1\nnan\n"), contains("distribution.values[1] is nan; it must be at least 0"));
  CHECK_THAT(wrong(discrete_of_file, "1\n2,3\n"), contains("row 2: its number of columns is 2; it must be 1"));
  CHECK_THAT(wrong(discrete_of_file, "1\n\"2\n"), contains("a quote is not closed"));
  CHECK_THAT(wrong(discrete_of_file, table),
             contains("firms.csv has 3 columns; distribution.values must say which one: {\"file\": \"...\", "));
  auto other = columns;
  other["values"]["column"] = "sale";
  CHECK_THAT(wrong(other, table),
             contains("firms.csv, row 1: no column has the title \"sale\"; did you mean \"sales\"?"));
  CHECK_THAT(wrong(columns, "sales,firms,sales\n1,1,1\n"), contains("several columns have the title \"sales\""));
  CHECK_THAT(wrong(columns, "firms,sales\n-1,1\n2,3\n"),
             contains("firms.csv, row 2, column 1: the weight is -1; it must be at least 0 and finite"));
  CHECK_THAT(wrong(columns, "firms,sales\n0,1\n0,3\n"), contains("the sum of the weights is 0; it must be positive"));
  CHECK_THAT(wrong(columns, "firms,sales\n1e308,1\n1e308,3\n"), contains("the sum of the weights is inf"));
  other["values"] = {{"file", "firms.csv"}, {"colum", "sales"}};
  CHECK_THAT(wrong(other, table), contains("distribution.values.colum (\"sales\") is not a known key; did you mean"));
  other["values"] = {{"file", 3}, {"column", "sales"}};
  CHECK_THAT(wrong(other, table), contains("distribution.values.file is 3; it must be a name"));
  other["values"] = {{"file", "none.csv"}, {"column", "sales"}};
  CHECK_THAT(wrong(other, table), contains("distribution.values: cannot open "));
  CHECK_THAT(wrong({{"family", "lognormal"}, {"log_mean", "firms.csv"}, {"log_sd", 1}}, "1\n"),
             contains("distribution.log_mean is \"firms.csv\"; it must be a number"));
  // It is not written over.
  scratch_folder const folder;
  write_file(folder / "firms.csv", "1\n2\n");
  write_file(folder / "model.json", with(closed_model(), "/distribution", discrete_of_file).dump());
  CHECK(run({folder / "model.json", "--output", folder / "firms.csv"}).status == 2);
  CHECK(read_file(folder / "firms.csv") == "1\n2\n");
}

TEST_CASE("--long has a row for each number", "[solve]") {
  auto const whole = answer(autarky());
  auto const rows = lines(test::solve(autarky(), {"--long"}).out);
  CHECK(rows.at(0) == "name,value,unit");
  std::size_t numbers = 0;
  for (auto const& [key, value] : whole.items()) {
    if (!value.is_number() && value != "inf" && value != "nan") continue;
    ++numbers;
    auto const text = value.is_string() ? value.get<std::string>() : "";
    CHECK(std::count_if(rows.begin(), rows.end(),
                        [&, &name = key](auto const& row) { return row.starts_with(name + ',' + text); }) == 1);
  }
  CHECK(rows.size() == numbers + 1);  // regime, a yes or no, and what is no number have no rows
  auto const sweep = lines(
      test::solve(open_model(), {"--long", "--sweep", "iceberg_cost=0.5:1.5:2", "--fields", "welfare,cutoff"}).out);
  REQUIRE(sweep.size() == 4);
  CHECK(sweep[0] == "iceberg_cost,status,name,value,unit");
  CHECK(sweep[1] == "0.5,domain_error: parameters.iceberg_cost is 0.5; it must be at least 1,,,");
  CHECK(sweep[2].starts_with("1.5,converged,welfare,"));
  CHECK(sweep[3].starts_with("1.5,converged,cutoff,"));
  auto const path =
      lines(run({"-", "--long", "--fields", "consumption[1],horizon"}, run({"--example", "transition"}).out).out);
  REQUIRE(path.size() == 3);
  CHECK(path[0] == "period,name,value,unit");
  CHECK(path[1].starts_with("1,consumption,"));
  CHECK(path[2].starts_with(",horizon,"));
  auto const failed = test::solve(open_model(), {"--long", "--set", "entry_cost=1e300", "--set", "fixed_cost=1e-300"});
  CHECK(failed.status == 1);
  CHECK(failed.out == "name,value,unit\n");
  CHECK_THAT(complaint(open_model(), {"--long", "--json"}), contains("--long prints CSV; --json and --batch do not"));
}

TEST_CASE("--show prints one block of the table", "[solve]") {
  auto const table = test::solve(open_model()).out, block = test::solve(open_model(), {"--show", "cutoffs"}).out;
  CHECK(lines(block).size() == 6);
  CHECK(lines(block)[1] == "Cutoffs");
  for (auto const* name : {"cutoff", "lowest_producing_productivity", "export_cutoff", "domestic_cutoff"}) {
    CHECK_THAT(block, contains("\n  " + std::string(name) + ' '));
  }
  CHECK_THAT(complaint(open_model(), {"--show", "cutoff"}),
             contains("cutoff is no block of the table of open; did you mean \"cutoffs\"?"));
  CHECK_THAT(complaint(open_model(), {"--show", "exports"}), contains("it must be one of solution, cutoffs, averages"));
  for (auto const& others : {std::vector<std::string>{"--json"}, {"--long"}, {"--sweep", "labor=1:2:2"}}) {
    auto arguments = others;
    arguments.insert(arguments.end(), {"--show", "cutoffs"});
    CHECK_THAT(complaint(open_model(), arguments), contains("--show cutoffs is of the table, which --json, --batch, "));
  }
  CHECK_THAT(complaint(open_model(), {"--show", "cutoffs", "--fields", "cutoff"}), contains("it must be one of them"));
}

}  // namespace test::solve_documents
