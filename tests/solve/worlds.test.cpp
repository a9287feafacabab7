// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <set>
#include <sstream>

namespace test::solve_worlds {

// Models of different countries: numbers by country and by pair of countries, in files, on the command line, in
// answers.

using namespace test;

#ifndef MELITZ_CATALOG_WORLDS

TEST_CASE("a model that needs Eigen says so where there is none", "[solve]") {
  auto const o = run({"--example", "multinational_world"});
  CHECK(o.status == 2);
  CHECK(o.err ==
        "melitz-solve: --example is \"multinational_world\", which needs Eigen; this melitz-solve was built without "
        "it\n");
  CHECK_THAT(run({"--models"}).out, !contains("multinational_world"));
}

#else

namespace {

json world() { return json::parse(run({"--example", "multinational_world"}).out); }

json named_world() { return with(world(), "/countries", {"USA", "BRA", "Korea, South"}); }

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  return json::parse(o.out);
}

/// The same, with a model file and CSV files beside it.
struct files {
  scratch_folder folder{};

  files(std::initializer_list<std::pair<std::string, std::string>> csv) {
    for (auto const& [name, text] : csv) write_file(folder / name, text);
  }
  [[nodiscard]] outcome run(json const& model, std::vector<std::string> arguments = {"--json"}) const {
    write_file(folder / "model.json", model.dump());
    arguments.push_back(folder / "model.json");
    return test::run(arguments);
  }
};

std::string complaint(outcome const& o) {
  INFO(o.err);
  CHECK(o.status == 2);
  CHECK(o.out.empty());
  CHECK(lines(o.err).size() == 1);
  return o.err;
}

std::string complaint(json const& model, std::vector<std::string> arguments = {}) {
  return complaint(test::solve(model, std::move(arguments)));
}

/// All numbers of a list, row by row.
std::vector<double> flat(json const& value) {
  if (!value.is_array()) return {number(value)};
  std::vector<double> out;
  for (auto const& element : value) {
    for (double const x : flat(element)) out.push_back(x);
  }
  return out;
}

std::vector<std::string> header(std::string const& csv) {
  std::vector<std::string> out;
  std::istringstream in(lines(csv).at(0));
  for (std::string field; std::getline(in, field, ',');) out.push_back(field);
  if (lines(csv).at(0).ends_with(',')) out.emplace_back();
  return out;
}

}  // namespace

TEST_CASE("a world of different countries agrees with the references", "[solve][reference]") {
  auto const file = reference("multinational");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    CAPTURE(row.at("case"));
    auto law = p.at("distribution");
    json const distribution = law.at("type") == "pareto"
                                  ? json{{"family", "pareto"}, {"scale", law.at("phi_min")}, {"shape", law.at("k")}}
                                  : json{{"family", "lognormal"}, {"log_mean", law.at("mu")}, {"log_sd", law.at("s")}};
    auto parameters = without(p, "/distribution");
    parameters["death_rate"] = 1;
    parameters["allow_no_entrants"] = row.contains("hosts");
    auto const a =
        answer({{"model", "multinational_world"}, {"distribution", distribution}, {"parameters", parameters}});
    for (auto const* key : {"mass_entrants", "price_index", "sector_labor", "cutoff", "exports", "affiliate_sales"}) {
      CAPTURE(key);
      auto const values = flat(a.at(key)), expected = flat(row.at(key));
      REQUIRE(values.size() == expected.size());
      for (std::size_t k = 0; k < values.size(); ++k) CHECK_THAT(values[k], WithinRel(expected[k], 2e-12));
    }
    ++compared;
  }
  CHECK(compared == 11);
}

TEST_CASE("answers are lists by country and lists of rows by pair", "[solve]") {
  auto const a = answer(world());
  CHECK(a["welfare"].size() == 3);
  REQUIRE(a["exports"].size() == 3);
  CHECK(a["exports"][0].size() == 3);
  CHECK(a["export_cutoff"][1][1] == "inf");  // nobody exports to his own country
  CHECK(!a.contains("countries"));
  // [exporter][importer]: who is far away sells less, and workers are those of labor.
  CHECK(a["export_cutoff"][0][1] < a["export_cutoff"][0][2]);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(a["sector_labor"][i].get<double>() + a["outside_labor"][i].get<double>(),
               WithinRel(world()["parameters"]["labor"][i].get<double>(), 1e-13));
  }

  auto const b = answer(named_world());
  CHECK(b["countries"] == json{"USA", "BRA", "Korea, South"});
  CHECK(b["welfare"] == a["welfare"]);
}

TEST_CASE("one number stands for all countries, and for all pairs of different ones", "[solve]") {
  auto const one = with(with(world(), "/parameters/iceberg_cost", 1.7), "/parameters/labor", {100, 100, 100});
  json const all = json::parse("[[1, 1.7, 1.7], [1.7, 1, 1.7], [1.7, 1.7, 1]]");
  CHECK(answer(one) == answer(with(one, "/parameters/iceberg_cost", all)));
  CHECK(answer(one) == answer(without(one, "/parameters/entry_cost_factor")));
  auto const names = with(with(one, "/parameters/labor", 100), "/countries", {"a", "b", "c"});
  CHECK(answer(names)["welfare"] == answer(one)["welfare"]);
  CHECK_THAT(
      complaint(with(one, "/parameters/labor", 100)),
      contains("how many countries? Give their names in \"countries\", or a list for one of labor, iceberg_cost"));
}

TEST_CASE("CSV files have the numbers, with names of countries or without", "[solve]") {
  auto const expected = results_of(answer(world()));
  std::string const bare = "1,1.8,2.1\n1.9,1,2\n2.1,2,1\n";
  std::string const both =
      "\xef\xbb\xbf,USA,BRA,\"Korea, South\"\r\nUSA,1,1.8,2.1\r\nBRA,1.9,1,2\r\n\"Korea, South\",2.1,2,1";
  std::string const header_only = "USA,BRA,\"Korea, South\"\n1, 1.8 ,2.1\n1.9,1,2\n2.1,2,1\n\n";
  std::string const names_only = "USA,1,1.8,2.1\nBRA,1.9,1,2\n\"Korea, South\",2.1,2,1\n";
  for (auto const& [costs, named] : std::vector<std::pair<std::string, bool>>{
           {bare, false}, {both, true}, {header_only, true}, {names_only, true}}) {
    for (std::string const workers :
         {"110\n100\n90\n", "110,100,90\n", "workers\n110\n100\n90\n",
          "country,workers\nUSA,110\nBRA,100\n\"Korea, South\",90\n", "USA,BRA,\"Korea, South\"\n110,100,90\n"}) {
      INFO(costs << workers);
      files const given{{"costs.csv", costs}, {"workers.csv", workers}};
      auto const o =
          given.run(with(with(world(), "/parameters/iceberg_cost", "costs.csv"), "/parameters/labor", "workers.csv"));
      REQUIRE(o.status == 0);
      auto a = json::parse(o.out);
      CHECK(a.contains("countries") == (named || workers.find("USA") != std::string::npos));
      if (a.contains("countries")) CHECK(a["countries"] == json{"USA", "BRA", "Korea, South"});
      CHECK(a["inputs"]["parameters"]["labor"] == json{110, 100, 90});
      CHECK(results_of(a) == expected);
    }
  }
  // Infinite costs; a file is looked for beside the model, or where the program runs if that comes through a pipe.
  files const far{{"costs.csv", "1,1.8,inf\n1.9,1,inf\n inf,\"inf\",1\n"}};
  auto const alone = with(world(), "/parameters/allow_no_entrants", true);
  auto const o = far.run(with(alone, "/parameters/iceberg_cost", "costs.csv"));
  REQUIRE(o.status == 0);
  CHECK(json::parse(o.out)["exports"][0][2] == 0);
  auto const piped = run_shell("cd " + shell_quoted(far.folder / "") + " && " + command({"-", "--json"}),
                               with(alone, "/parameters/iceberg_cost", "costs.csv").dump());
  CHECK(piped.out == o.out);
  // Each line of a batch may name one.
  write_file(far.folder / "models.jsonl", with(alone, "/parameters/iceberg_cost", "costs.csv").dump() + "\n" +
                                              with(alone, "/parameters/iceberg_cost", "none.csv").dump() + "\n");
  auto const batch = lines(run({"--batch", far.folder / "models.jsonl"}).out);
  REQUIRE(batch.size() == 2);
  CHECK(json::parse(batch[0]) == json::parse(o.out));
  CHECK_THAT(json::parse(batch[1])["error"].get<std::string>(), contains("cannot open"));
}

TEST_CASE("countries that a CSV file brings", "[solve]") {
  json const base = json::parse(run({"--example", "world"}).out);
  auto const model = with(base, "/parameters/labor", "labor.csv");
  files const given{{"labor.csv", "A,100\nB,60\nC,40\n"}};
  auto const expected = answer(with(base, "/countries", {"A", "B", "C"}));
  auto with_id = nlohmann::ordered_json::parse(R"({"id": 7})");  // the id first: the order of keys is that of the file
  with_id.update(nlohmann::ordered_json::parse(model.dump()));
  write_file(given.folder / "models.jsonl",
             model.dump() + '\n' + with_id.dump() + '\n' + without(model, "/distribution").dump() + '\n');
  auto const answers = lines(run({"--batch", given.folder / "models.jsonl"}).out);
  REQUIRE(answers.size() == 3);
  CHECK(json::parse(answers[0]) == expected);
  CHECK(json::parse(answers[1])["id"] == 7);
  CHECK(without(json::parse(answers[1]), "/id") == expected);
  CHECK_THAT(answers[2], contains("distribution is missing"));
  CHECK(json::parse(given.run(model).out) == expected);
  // The oldest of line breaks, and infinity as others spell it.
  files const old{{"labor.csv", "A,100\rB,60\rC,40\r"}, {"cost.csv", "1,Infinity,1.3\n1e999,1,1.3\n1.3,1.3,1"}};
  CHECK(json::parse(old.run(model).out) == expected);
  auto const apart = with(base, "/parameters/fixed_cost", "cost.csv");
  CHECK(json::parse(old.run(apart).out) ==
        answer(with(base, "/parameters/fixed_cost", {{1, "inf", 1.3}, {"inf", 1, 1.3}, {1.3, 1.3, 1}})));
}

TEST_CASE("CSV files are not written over", "[solve]") {
  files const given{{"labor.csv", "110\n100\n90\n"}};
  for (std::string const other : {"elasticity=4", "labor[0]=111"}) {
    auto const o = given.run(with(world(), "/parameters/labor", "labor.csv"),
                             {"--set", other, "--output", given.folder / "labor.csv"});
    CHECK_THAT(complaint(o), contains("labor.csv is the file that the model comes from; it must be another"));
  }
  CHECK(read_file(given.folder / "labor.csv") == "110\n100\n90\n");
}

TEST_CASE("what stands in a CSV file's first row or column is a number, a name or a title", "[solve]") {
  auto const labor = [](std::string const& text) {
    json model = with(with(world(), "/parameters/labor", "labor.csv"), "/parameters/iceberg_cost", 1.9);
    for (auto const* name :
         {"export_fixed_cost_factor", "affiliate_fixed_cost_factor", "entry_cost_factor", "fixed_cost_factor"}) {
      model["parameters"].erase(name);
    }
    return files{{"labor.csv", text}}.run(model);
  };
  for (auto const& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {"NA,60,40\n", "labor.csv, row 1, column 1: \"NA\" is not a number"},
           {"l00,60,40\n", "labor.csv, row 1, column 1: \"l00\" is not a number"},
           {"NA\n60\n40\n", "labor.csv, row 1, column 1: \"NA\" is not a number"},
           {"l00\n60\n40\n", "labor.csv, row 1, column 1: \"l00\" is not a number"},
           {"\"1,5\"\n60\n40\n", "labor.csv, row 1, column 1: \"1,5\" is not a number"},
           {"A,NA\nB,60\nC,40\n", "labor.csv, row 1, column 2: \"NA\" is not a number"},
           {"A,60\n100,B\nC,40\n", "labor.csv, row 1, column 1: \"A\" is not a number"},
           {"K\xf6ln,100\nB,60\nC,40\n",
            "labor.csv, row 1, column 1: the name of a country is K?ln; it must be in UTF-8"},
           {"NaN,100\nB,60\nC,40\n",
            "labor.csv, row 1, column 1: the name of a country is NaN; it must not be a number"},
           {"A,100\nB,60\ninf,40\n",
            "labor.csv, row 3, column 1: the name of a country is inf; it must not be a number"},
           {"A,USA,Inf\nlabor,1,2\n",
            "labor.csv, row 1, column 3: the name of a country is Inf; it must not be a number"},
           {"A,100\n,60\nC,40\n", "labor.csv, row 2, column 1: the name of a country is empty; it must have one"},
           {"A,100\nB=,60\nC,40\n", "labor.csv, row 2, column 1: the name of a country is B=; it must have no [, ], ="},
           {"A,100\nB,60\nA,40\n", "labor.csv, row 3, column 1: the name of a country is A, which is there twice"},
           {"100\n\n40\n", "labor.csv, row 2, column 1: \"\" is not a number"},
           {"A,100\n\nB,40\n", "labor.csv, row 2: it is empty"},
           {"\n100\n40\n", "labor.csv, row 1: it is empty"},
           {"100;60;40\n50;30;20\n",
            "row 2, column 1: \"50;30;20\" is not a number; commas must stand between columns"},
           {"\"A\"x,100\n", "labor.csv, row 1, column 1: there is something after the closing quote"},
           {"\xff\xfe"
            "1\n",
            "labor.csv, row 1, column 1: it is in UTF-16; it must be saved as UTF-8"}}) {
    INFO(text);
    CHECK_THAT(complaint(labor(text)), contains(message));
  }
  for (std::string const text : {"100\n90\n", "workers\n100\n90\n", "labor 2019\n100\n90\n", "100,90\n",
                                 "A,B\n100,90\n", "country,workers\nA,100\nNA,90\n", ",A,NA\nlabor,100,90\n"}) {
    INFO(text);
    auto const o = labor(text);
    REQUIRE(o.status == 0);
    CHECK(json::parse(o.out)["welfare"].size() == 2);
  }
}

TEST_CASE("CSV files that are wrong: file, row and column", "[solve]") {
  auto const costs = [](std::string const& text, json const& model = world()) {
    return complaint(files{{"costs.csv", text}}.run(with(model, "/parameters/iceberg_cost", "costs.csv")));
  };
  CHECK_THAT(costs("1,1.6,2.1\n1.6,1\n2.1,2,1\n"),
             contains("costs.csv, row 2: its number of columns is 2; it must be 3, as in row 1"));
  CHECK_THAT(costs("1,1.6,2.1\n1.6,1,2\n"), contains("costs.csv is 2 x 3; parameters.iceberg_cost must have a row"));
  CHECK_THAT(costs("1,1.6,2.1\n1.6,1,x\n2.1,2,1\n"), contains("costs.csv, row 2, column 3: \"x\" is not a number"));
  CHECK_THAT(costs("1,x,2.1\n1.6,1,2\n2.1,2,1\n"), contains("costs.csv, row 1, column 2: \"x\" is not a number"));
  CHECK_THAT(costs("1,1.6,2.1\n1.6,,2\n2.1,2,1\n"), contains("costs.csv, row 2, column 2: \"\" is not a number"));
  CHECK_THAT(costs("1;1.6;2.1\n1.6;1;2\n2.1;2;1\n"),
             contains("costs.csv, row 2, column 1: \"1.6;1;2\" is not a number"));
  CHECK_THAT(costs("1,1.6,2.1\n-1.6,1,2\n2.1,2,1\n"),
             contains("parameters.iceberg_cost[1][0] is -1.6; it must be at least 1 ("));
  CHECK_THAT(costs("1,1.6,2.1\n-1.6,1,2\n2.1,2,1\n"), contains("costs.csv, row 2, column 1)"));
  CHECK_THAT(costs("1,1.6,2.1\n1.6,1,2\n2.1,nan,1\n"), contains("parameters.iceberg_cost[2][1] is nan; it must be"));
  CHECK_THAT(costs(",USA,BRA,KOR\nUSA,1,1.6,0.5\nBRA,1.6,1,2\nKOR,2.1,2,1\n"),
             contains("parameters.iceberg_cost[USA][KOR] is 0.5; it must be at least 1 ("));
  CHECK_THAT(costs(",USA,BRA,KOR\nUSA,1,1.6,0.5\nBRA,1.6,1,2\nKOR,2.1,2,1\n"), contains("costs.csv, row 2, column 4)"));
  CHECK_THAT(
      costs(",USA,BRA,KOR\nUSA,1,1.6,2.1\nKOR,1.6,1,2\nBRA,2.1,2,1\n"),
      contains("costs.csv, row 3, column 1: mislabelled: the row is of KOR; it must be of BRA, as column 3 is (they "
               "are the same countries in another order)"));
  CHECK_THAT(
      costs(",A,B\nA,1,2\nB,2,1\n", named_world()),
      contains("costs.csv, row 1, column 2: mislabelled: it is of A; it must be of USA, as \"countries\" has it"));
  CHECK_THAT(costs(",USA,BRA\nUSA,1,2\nBRA,2,1\n", named_world()),
             contains("costs.csv has 2 countries; it must have the 3 that \"countries\" has"));
  CHECK_THAT(
      costs(",USA,KOR,BRA\nUSA,1,1.6,2.1\nKOR,1.6,1,2\nBRA,2.1,2,1\n",
            with(world(), "/countries", {"USA", "BRA", "KOR"})),
      contains("costs.csv, row 1, column 3: mislabelled: it is of KOR; it must be of BRA, as \"countries\" has it"));
  CHECK_THAT(costs("1,1.6\n1.6,1\n"), contains("parameters.iceberg_cost has 2 rows; it must have 3, one for each"));
  CHECK_THAT(costs(""), contains("there is nothing in "));
  CHECK_THAT(costs("\"1,2\n3,4\n"), contains("a quote is not closed"));
  CHECK_THAT(costs("7,BRA\n1,2\n2,1\n"), contains("row 1, column 1: the name of a country is 7; it must not be"));

  auto const model = with(with(world(), "/parameters/iceberg_cost", "costs.csv"), "/parameters/labor", "workers.csv");
  CHECK_THAT(complaint(files{{"costs.csv", "1,1.6\n1.6,1\n"}, {"workers.csv", "1,2\n3,4\n"}}.run(model)),
             contains("workers.csv is 2 x 2; parameters.labor must have one number for each country"));
  CHECK_THAT(complaint(files{{"costs.csv", ",A,B\nA,1,1.6\nB,1.6,1\n"}, {"workers.csv", "A,100\nC,100\n"}}.run(model)),
             contains("costs.csv, row 1, column 3: mislabelled: it is of B; it must be of C, as "));
  CHECK_THAT(complaint(files{{"workers.csv", "1\n2\n"}}.run(model)), contains("parameters.iceberg_cost: cannot open "));
  scratch_folder const folder;
  CHECK_THAT(complaint(with(world(), "/parameters/labor", folder / "")), contains("is a folder"));
}

TEST_CASE("lists that are wrong", "[solve]") {
  auto const wrong = [](std::string const& pointer, char const* value) {
    return complaint(with(named_world(), pointer, json::parse(value)));
  };
  CHECK_THAT(wrong("/parameters/labor", "[1, 2]"),
             contains("parameters.labor has 2 numbers; it must have 3, one for each country"));
  CHECK_THAT(wrong("/parameters/labor", "[1, 2, -3]"),
             contains("parameters.labor[Korea, South] is -3; it must be positive and finite"));
  CHECK_THAT(wrong("/parameters/labor", "[1, 2, \"three\"]"),
             contains("parameters.labor[2] is \"three\"; it must be a number"));
  CHECK_THAT(wrong("/parameters/labor", "true"), contains("parameters.labor is true; it must be a list of numbers"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "[[1, 2], [2, 1]]"),
             contains("parameters.iceberg_cost has 2 rows; it must have 3, one for each country that exports"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "[[1, 2, 2], [2, 1], [2, 2, 1]]"),
             contains("parameters.iceberg_cost[1] has 2 numbers; it must have 3, one for each country that imports"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "[1, 2, 3]"),
             contains("parameters.iceberg_cost[0] is 1; it must be a list"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "{}"),
             contains("parameters.iceberg_cost is {}; it must be a list of rows"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "[[1, 2, 2], [2, 1, 0.5], [2, 2, 1]]"),
             contains("parameters.iceberg_cost[BRA][Korea, South] is 0.5; it must be at least 1"));
  CHECK_THAT(wrong("/parameters/iceberg_cost", "[[1, 2, 2], [2, 1.5, 2], [2, 2, 1]]"),
             contains("parameters.iceberg_cost[BRA][BRA] is 1.5; it must be 1 at home"));
  CHECK_THAT(wrong("/parameters/elasticity", "[4, [4, 4]]"),
             contains("parameters.elasticity[1] is [4,4]; it must be a number"));
  CHECK_THAT(wrong("/parameters/covers", "2"),
             contains("parameters.covers is 2; it must be one of any_sale, home_sales"));
  CHECK_THAT(wrong("/parameters/allow_no_entrants", "1"),
             contains("parameters.allow_no_entrants is 1; it must be one of false, true"));
  CHECK_THAT(wrong("/distribution", "[]"), contains("distribution is []; it must be an object"));
  CHECK_THAT(wrong("/distribution/log_sd", "-1"),
             contains("distribution.log_sd is -1; it must be positive and finite"));

  CHECK_THAT(wrong("/countries", "3"), contains("countries is 3; it must be a list of names"));
  CHECK_THAT(wrong("/countries", R"(["A", "B"])"), contains("parameters.labor has 3 numbers; it must have 2"));
  CHECK_THAT(wrong("/countries", R"(["A", "B", "A"])"), contains("countries[2] is \"A\", which is there twice"));
  for (auto const* name : {"3", "\"\"", "\"3\"", "\"[\"", "\"a=b\"", "\"*\""}) {
    CHECK_THAT(wrong("/countries", (std::string("[\"A\", ") + name + ", \"C\"]").c_str()),
               contains("countries[1] is " + std::string(name) + "; it must be a name"));
  }
  CHECK_THAT(complaint(with(open_model(), "/countries", {"A", "B"})),
             contains("countries ([\"A\",\"B\"]) is not a known key"));
  CHECK_THAT(wrong("/parameters/labor", "[120, 20, 90]"), contains("nobody enters there"));
  CHECK_THAT(wrong("/parameters/labor", "[120, 20, 90]"), contains("(1 is BRA)"));
  CHECK_THAT(wrong("/parameters/labor", "[120, 20, 90]"), contains("which allow_no_entrants accepts"));
}

TEST_CASE("--set reaches elements, and multiplies with *", "[solve]") {
  auto const set = [](std::string const& what) { return answer(named_world(), {"--set", what}); };
  auto const file = [](std::string const& pointer, json value) {
    return answer(with(named_world(), pointer, std::move(value)));
  };
  auto const base = answer(named_world());
  auto const nearer = file("/parameters/iceberg_cost/0/2", 2.05);
  CHECK(nearer != base);
  CHECK(set("iceberg_cost[0][2]=2.05") == nearer);
  CHECK(set("iceberg_cost[USA][Korea, South]=2.05") == nearer);
  CHECK(set("parameters.iceberg_cost[USA][2]=2.05") == nearer);
  CHECK(set("labor[BRA]=101") == file("/parameters/labor/1", 101));
  CHECK(set("iceberg_cost=1.9") == file("/parameters/iceberg_cost", 1.9));
  // One number that stood for all: now they differ.
  CHECK(set("entry_cost_factor[BRA]=1.01") == file("/parameters/entry_cost_factor", {1, 1.01, 1}));

  auto const farther = file("/parameters/iceberg_cost",
                            {{1, 1.8 * 1.25, 2.1 * 1.25}, {1.9 * 1.25, 1, 2 * 1.25}, {2.1 * 1.25, 2 * 1.25, 1}});
  CHECK(farther != base);
  CHECK(set("iceberg_cost*=1.25") == farther);
  CHECK(set("labor[1]*=1.25") == file("/parameters/labor/1", 125));
  CHECK(set("fixed_cost*=0.5") == file("/parameters/fixed_cost", 0.5));
  CHECK(set("distribution.log_sd*=1.25") == file("/distribution/log_sd", 1));
  CHECK(answer(with(named_world(), "/parameters/iceberg_cost", "inf"), {"--set", "iceberg_cost*=1.5"}) ==
        file("/parameters/iceberg_cost", "inf"));
  CHECK(answer(without(named_world(), "/parameters/iceberg_cost"), {"--set", "iceberg_cost=1.9"}) ==
        file("/parameters/iceberg_cost", 1.9));

  for (auto const& [what, message] : std::vector<std::pair<std::string, std::string>>{
           {"iceberg_cost[0]=2",
            "iceberg_cost[0] is several numbers; name one, such as iceberg_cost[0][0], or all, iceberg_cost[0][*]"},
           {"labor[18446744073709551615]=2", "labor[18446744073709551615] does not exist"},
           {"elasticity[*]=2", "elasticity[*] does not exist: the model's parameters.elasticity has no element [*]"},
           {"tarif[0][1]=2", "tarif[0][1] does not exist: the model has no parameters.tarif"},
           {"iceberg_cost[0]*=2", "iceberg_cost[0]* is several numbers"},
           {"iceberg_cost[0][3]=2", "iceberg_cost[0][3] does not exist: the model's parameters.iceberg_cost[0] has no"},
           {"iceberg_cost[0][1][0]=2", "has no element [0]"},
           {"iceberg_cost[US][1]=2", "no country has the name US; did you mean \"USA\"?"},
           {"labor[]=2", "is not a name such as"},
           {"elasticity[0]=2", "has no element [0]"},
           {"elasticity[USA]=2", "elasticity[USA] does not exist: USA is no number, as its index must be"},
           {"distribution[USA].log_sd=2", "the model's distribution has no element [USA]"},
           {"iceberg_cost*=0.5", "parameters.iceberg_cost[USA][BRA] is 0.9; it must be at least 1"},
           {"nothing*=2", "nothing*: the model gives no value to multiply"}}) {
    INFO(what);
    CHECK_THAT(complaint(named_world(), {"--set", what}), contains(message));
  }
  // What the file leaves out is what stands for it then; [*] stands for all, or for all from abroad.
  auto const bare =
      without(without(json::parse(run({"--example", "world"}).out), "/parameters/tariff"), "/parameters/deficit");
  auto const same = [&](std::string const& what, std::string const& name, json const& value) {
    INFO(what);
    auto const expected = answer(with(bare, "/parameters/" + name, value));
    CHECK(answer(bare, {"--set", what}) == expected);
    CHECK(expected != answer(bare));
  };
  same("tariff[2][0]=0.1", "tariff", {{0, 0, 0}, {0, 0, 0}, {0.1, 0, 0}});
  same("tariff[*][0]=0.1", "tariff", {{0, 0, 0}, {0.1, 0, 0}, {0.1, 0, 0}});
  same("tariff[1][*]=0.1", "tariff", {{0, 0, 0}, {0.1, 0, 0.1}, {0, 0, 0}});
  same("tariff[*][*]=0.1", "tariff", 0.1);
  same("death_rate*=0.5", "death_rate", 0.025);
  same("entry_cost[*]=3", "entry_cost", 3);
  same("labor[*]*=2", "labor", {200, 120, 80});
  same("labor=50", "labor", {50, 50, 50});  // the only list: it says how many countries there are
  same("fixed_cost[*][1]*=2", "fixed_cost", {{1, 2.6, 1.3}, {1.3, 2, 1.3}, {1.3, 2.6, 1}});
  same("iceberg_cost[*][1]*=2", "iceberg_cost", {{1, 3.2, 1.9}, {1.6, 1, 1.7}, {1.9, 3.4, 1}});
  CHECK(answer(without(bare, "/parameters/death_rate"), {"--set", "death_rate*=0.5"}) ==
        answer(with(bare, "/parameters/death_rate", 0.5)));
  json const laws = json::parse(R"([{"family": "lognormal", "log_mean": 0, "log_sd": 0.8},
    {"family": "lognormal", "log_mean": 0, "log_sd": 0.7}, {"family": "lognormal", "log_mean": 0, "log_sd": 0.6}])");
  CHECK(results_of(answer(with(bare, "/distribution", laws), {"--set", "distribution[*].log_sd=0.8"})) ==
        results_of(answer(bare)));
  // R writes one number as a list of one.
  CHECK(answer(with(bare, "/parameters/entry_cost", {2})) == answer(bare));
  CHECK(answer(with(bare, "/parameters/iceberg_cost", {1.7})) == answer(with(bare, "/parameters/iceberg_cost", 1.7)));
  CHECK_THAT(complaint(files{{"one.csv", "2\n"}}.run(with(bare, "/parameters/entry_cost", "one.csv"))),
             contains("parameters.entry_cost has 1 numbers; it must have 3"));
  // What is set is no longer the file's.
  files const given{{"costs.csv", "1,1.8,2.1\n1.9,1,2\n2.1,2,1\n"}};
  CHECK_THAT(
      complaint(given.run(with(world(), "/parameters/iceberg_cost", "costs.csv"), {"--set", "iceberg_cost[0][1]=0.5"})),
      !contains("costs.csv"));
}

TEST_CASE("sweeps move elements and whole matrices; columns have places", "[solve]") {
  auto const o = test::solve(named_world(), {"--sweep", "iceberg_cost[USA][BRA]=1.8:2:3"});
  REQUIRE(o.status == 0);
  CHECK(o.out.starts_with(
      "iceberg_cost[USA][BRA],status,residual,evaluations,demand[USA],demand[BRA],\"demand[Korea, South]\","));
  CHECK_THAT(o.out, contains(",exports[USA][BRA],\"exports[USA][Korea, South]\","));

  auto const rows = [](std::string const& csv) {
    std::vector<std::vector<std::string>> out;
    for (auto const& line : lines(csv)) out.push_back(header(line + '\n'));
    return out;
  };
  auto const check = [&](std::vector<std::string> const& names) {  // each row is what --set gives
    std::vector<std::string> arguments;
    for (auto const& name : names) arguments.insert(arguments.end(), {"--sweep", name + "=1.05:1.2:2"});
    auto const table = rows(test::solve(world(), arguments).out);
    REQUIRE(table.size() == 1U + (1U << names.size()));
    for (std::size_t r = 1; r < table.size(); ++r) {
      REQUIRE(table[r].size() == table[0].size());
      std::vector<std::string> set;
      for (std::size_t k = 0; k < names.size(); ++k) set.insert(set.end(), {"--set", names[k] + '=' + table[r][k]});
      auto const a = answer(world(), set);
      for (std::size_t c = names.size(); c < table[0].size(); ++c) {
        auto const name = table[0][c];
        CAPTURE(name, r);
        std::string pointer = "/" + name;
        for (auto& ch : pointer) ch = ch == '[' ? '/' : ch;
        pointer.erase(std::remove(pointer.begin(), pointer.end(), ']'), pointer.end());
        auto const& value = a.at(json::json_pointer(pointer));
        CHECK(table[r][c] == (value.is_string() ? value.get<std::string>() : table[r][c]));
        if (value.is_number()) CHECK(std::strtod(table[r][c].c_str(), nullptr) == value.get<double>());
      }
    }
  };
  check({"iceberg_cost*"});
  check({"iceberg_cost*", "labor[0]*"});
  check({"iceberg_cost[0][1]*", "iceberg_cost[1][0]*"});
  check({"distribution.log_sd*", "entry_cost*"});
  check({"fixed_cost_factor[2]*"});

  // A row without a solution keeps its place.
  auto const table = rows(test::solve(world(), {"--sweep", "labor[2]=40:90:2"}).out);
  REQUIRE(table.size() == 3);
  CHECK_THAT(table[1][1], contains("domain_error"));
  auto const text = lines(test::solve(world(), {"--sweep", "labor[2]=40:90:2"}).out);
  auto const commas = [](std::string const& line) {
    bool quoted = false;
    int out = 0;
    for (char const c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) ++out;
    }
    return out;
  };
  CHECK(commas(text[1]) == commas(text[0]));
  CHECK_THAT(complaint(world(), {"--sweep", "iceberg_cost[0]=1:2:2"}), contains("is several numbers"));
  CHECK_THAT(complaint(world(), {"--sweep", "labor[5]*=1:2:2"}), contains("has no element [5]"));
  check({"iceberg_cost[*][1]*", "labor[*]*"});
  check({"entry_cost_factor[*]"});
  for (auto const& [one, other] :
       std::vector<std::pair<std::string, std::string>>{{"labor[0]", "labor"},
                                                        {"labor[0]", "labor[USA]*"},
                                                        {"labor[*]", "parameters.labor[2]"},
                                                        {"iceberg_cost[*][1]", "iceberg_cost[0][*]"},
                                                        {"iceberg_cost*", "iceberg_cost[0][1]*"}}) {
    CHECK_THAT(complaint(named_world(), {"--sweep", one + "=1:2:2", "--sweep", other + "=3:4:2"}),
               contains("--sweep " + other + " moves what --sweep " + one + " moves; each must have its own"));
  }
}

TEST_CASE("the table has a row for each country and a block for each matrix", "[solve]") {
  auto const o = test::solve(named_world());
  REQUIRE(o.status == 0);
  for (auto const* part : {"labor [110, 100, 90]", "iceberg_cost 3 x 3", "By country", "  Korea, South  ", "welfare",
                           "exports, wages", "from \\ to", "residual"}) {
    INFO(part);
    CHECK_THAT(o.out, contains(part));
  }
  CHECK_THAT(o.out, !contains("fixed_cost_factor"));  // as if left out
  for (auto const& line : lines(o.out)) CHECK(line.size() <= 125);

  // Many countries: all of them.
  json many = with(world(), "/parameters/labor", std::vector<double>(60, 100.0));
  many = with(many, "/parameters/iceberg_cost", 1.9);
  auto const big = test::solve(many);
  REQUIRE(big.status == 0);
  for (auto const* part :
       {"labor 100 everywhere", "iceberg_cost 1.9 abroad, 1 at home", "\n  0 ", "\n  30 ", "\n  59 "}) {
    INFO(part);
    CHECK_THAT(big.out, contains(part));
  }
  CHECK_THAT(big.out, !contains("..."));
  for (auto const& line : lines(big.out)) CHECK(line.size() <= 125);
}

#endif

}  // namespace test::solve_worlds
