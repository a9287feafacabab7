// SPDX-License-Identifier: BSL-1.0
#include "policy_study.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace test::policy_scenarios {

// Studies of policy through melitz-solve: the numbers of another program from files and scenarios, and what becomes of
// patterns, instruments, closures, answers, searches, sets of parameters and questions without an answer.

using namespace test;

namespace {

json reference(std::string const& name) {
  return json::parse(read_file(std::string(MELITZ_REFERENCE_DIR) + "/" + name + ".json"));
}
double number_of(json const& x) { return x.is_string() ? std::stod(x.get<std::string>()) : x.get<double>(); }
std::string text_of(json const& x) { return x.is_string() ? x.get<std::string>() : x.dump(); }
std::string country(std::size_t i) { return "C" + std::to_string(i); }
std::string sector(std::size_t s) { return "S" + std::to_string(s); }

/// A table by pair and sector of arrays [exporter][importer][sector].
std::string by_pair(json const& x, std::string const& title) {
  std::string out = "exporter,importer,sector," + title + '\n';
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      for (std::size_t s = 0; s < x[i][j].size(); ++s) {
        out += country(i) + ',' + country(j) + ',' + sector(s) + ',' + text_of(x[i][j][s]) + '\n';
      }
    }
  }
  return out;
}
std::string by_place(json const& x, std::string const& title) {
  std::string out = "country,sector," + title + '\n';
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t s = 0; s < x[i].size(); ++s) {
      out += country(i) + ',' + sector(s) + ',' + text_of(x[i][s]) + '\n';
    }
  }
  return out;
}

/// The sectors of a reference case, and files for what is by country.
json sectors_of(json const& given, policy_folder const& folder, json& document) {
  json out = json::object();
  auto const count = given["trade_elasticity"].size();
  auto const each = [&](json const& x, std::size_t s) { return x.is_array() ? x[s] : x; };
  for (std::size_t s = 0; s < count; ++s) {
    json selection = json::object(), share = json::object();
    for (std::size_t j = 0; j < given["eta"].size(); ++j) {
      selection[country(j)] = number_of(given["eta"][j][s]);
      share[country(j)] = number_of(given["destination_cost_share"][j][s]);
    }
    bool const delivered = each(given["tariff_convention"], s) == "D";
    out[sector(s)] = {{"trade_elasticity", number_of(each(given["trade_elasticity"], s))},
                      {"scale_elasticity", number_of(each(given["scale_elasticity"], s))},
                      {"selection", selection},
                      {"destination_cost_share", share},
                      {"entry", each(given["entry"], s)},
                      {"convention", delivered ? "delivered_price" : "production_cost"},
                      {"scale_base", each(given["scale_base"], s) == "entry" ? "entry" : "labour"}};
  }
  if (!given["labour_share"].is_null()) {
    folder.write("labor.csv", by_place(given["labour_share"], "labor_share"));
    document["labour_shares"] = "labor.csv";
  }
  if (!given["input_share"].is_null()) {
    std::string table = "country,input,sector,share\n";
    auto const& g = given["input_share"];
    for (std::size_t i = 0; i < g.size(); ++i) {
      for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t s = 0; s < count; ++s) {
          table += country(i) + ',' + sector(k) + ',' + sector(s) + ',' + text_of(g[i][k][s]) + '\n';
        }
      }
    }
    folder.write("inputs.csv", table);
    document["input_shares"] = "inputs.csv";
  }
  document["labour_supply_elasticity"] = number_of(given["labour_supply_elasticity"]);
  document["revenue"] = given["revenue"];
  return out;
}

void check_close(json const& ours, json const& theirs, double tolerance) {
  if (theirs.is_array()) {
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t k = 0; k < theirs.size(); ++k) check_close(ours[k], theirs[k], tolerance);
    return;
  }
  double const expected = number_of(theirs);
  CHECK_THAT(number_of(ours), WithinRel(expected, tolerance) || WithinAbs(expected, tolerance));
}

/// [sector][exporter][importer] of ours against [exporter][importer][sector].
void check_pairs(json const& ours, json const& theirs, double tolerance) {
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    for (std::size_t j = 0; j < theirs.size(); ++j) {
      for (std::size_t s = 0; s < theirs[i][j].size(); ++s) check_close(ours[s][i][j], theirs[i][j][s], tolerance);
    }
  }
}

json const& after(json const& answer, std::string const& name) { return answer.at("results").at(name).at("after"); }

}  // namespace

TEST_CASE("Files and a scenario give the numbers of another program", "[policy][reference]") {
  auto const given = reference("policy_general");
  auto const& inputs = given["inputs"];
  std::map<std::string, std::string> const files{{"import_tax", "tariff"}, {"export_tax", "export_tax"}};
  std::size_t tried = 0;
  for (auto const& c : given["cases"]) {
    if (sanitized && ++tried % 6 != 1) continue;  // a process for each takes long then
    auto const name = c["name"].get<std::string>();
    INFO(name);
    policy_folder const folder;
    json document{{"model", "policy"},
                  {"flows", "flows.csv"},
                  {"tariffs", "tariffs.csv"},
                  {"export_taxes", "export_taxes.csv"},
                  {"production_taxes", "production_taxes.csv"}};
    folder.write("flows.csv", by_pair(inputs["X"], "value"));
    folder.write("tariffs.csv", by_pair(inputs["import_tax"], "tariff"));
    folder.write("export_taxes.csv", by_pair(inputs["export_tax"], "export_tax"));
    folder.write("production_taxes.csv", by_place(inputs["production_tax"], "production_tax"));
    document["sectors"] = sectors_of(c["sectors"], folder, document);
    auto const& shock = c["shock"];
    json one{{"name", name}};
    auto const pairs = [&](char const* key, char const* instrument) {
      if (shock[key].is_null()) return;
      folder.write(std::string(key) + ".csv", by_pair(shock[key], "new"));
      bool const of_costs = std::string(instrument) == "iceberg" || std::string(instrument) == "fixed_cost";
      json line{{"set", {{"file", std::string(key) + ".csv"}, {"column", "new"}}}};
      if (of_costs) line["home"] = true;
      one[instrument] = json::array({line});
    };
    pairs("import_tax", "import_tax");
    pairs("export_tax", "export_tax");
    pairs("tau_hat", "iceberg");
    pairs("f_hat", "fixed_cost");
    folder.write("production.csv", by_place(shock["production_tax"], "new"));
    one["production_tax"] = json::array({{{"set", {{"file", "production.csv"}, {"column", "new"}}}}});
    if (shock["numeraire"].is_number()) one["numeraire"] = {{"wage", country(shock["numeraire"].get<std::size_t>())}};
    if (shock["closure"] == "share") one["closure"] = "share_of_world_income";
    if (name == "closure_zero") one["closure"] = "zero";
    if (name == "closure_own_list") {
      json list = json::object();
      for (std::size_t i = 0; i < shock["deficit"].size(); ++i) list[country(i)] = number_of(shock["deficit"][i]);
      one["closure"] = {{"list", list}};
    }
    document["scenarios"] = json::array({one});
    auto const answers = folder.answers(document);
    REQUIRE(answers["scenarios"].size() == 1);
    auto const& answer = answers["scenarios"][0];
    CHECK(answer["status"] == "converged");
    CHECK(answer["residual"].get<double>() < 1e-12);
    auto const& theirs = c["outputs"];
    std::map<std::string, char const*> const names{{"welfare", "welfare_hat"},
                                                   {"wage", "wage_hat"},
                                                   {"employment", "labour_hat"},
                                                   {"consumer_price", "consumer_price_hat"},
                                                   {"price", "price_hat"},
                                                   {"revenue", "revenue_new"},
                                                   {"labor_income", "labour_income_new"},
                                                   {"profits", "profits_new"},
                                                   {"deficit", "deficit_new"}};
    for (auto const& [ours, key] : names) {
      INFO(ours);
      check_close(after(answer, ours), theirs[key], 1e-11);
    }
    check_pairs(after(answer, "flow"), theirs["X_new"], 1e-10);
  }
}

TEST_CASE("Optimal taxes, wars and agreements by scenario give the numbers of another program", "[policy][reference]") {
  auto const given = reference("policy_optimal");
  auto const& inputs = given["inputs"];
  std::size_t tried = 0;
  for (auto const& c : given["cases"]) {
    if (sanitized && ++tried % 6 != 1) continue;
    auto const name = c["name"].get<std::string>();
    auto const& task = c["task"];
    if (task.contains("baseline_taxes") || name.find("bargaining_restricted") != std::string::npos) continue;
    INFO(name);
    policy_folder const folder;
    folder.write("flows.csv", by_pair(inputs["X"], "value"));
    folder.write("tariffs.csv", by_pair(inputs["import_tax"], "tariff"));
    json document{{"model", "policy"}, {"flows", "flows.csv"}, {"tariffs", "tariffs.csv"}};
    document["sectors"] = sectors_of(c["sectors"], folder, document);
    json asked = json::object();
    if (task.contains("pattern")) asked["pattern"] = task["pattern"];
    json one{{"name", name}};
    if (task["kind"] == "unilateral") {
      auto const who = task["country"].get<std::size_t>();
      asked["country"] = country(who);
      if (task.contains("lower")) asked["bounds"] = {task["lower"], task["upper"]};
      if (task.contains("political_weights")) {
        asked["objective"] = "government";
        for (std::size_t s = 0; s < 2; ++s) {
          asked["political_weights"][sector(s)] = number_of(task["political_weights"][who][s]);
        }
      }
      one["optimal"] = asked;
    } else if (task["kind"] == "nash") {
      one["nash"] = asked;
    } else {
      auto const has = [&](char const* word) { return name.find(word) != std::string::npos; };
      asked["objective"] = has("income_weights")  ? "income_weights"
                           : has("equal_weights") ? "equal_weights"
                           : has("equal_gains")   ? "equal_gains"
                                                  : "nash_bargaining";
      one["cooperation"] = asked;
    }
    document["scenarios"] = json::array({one});
    auto const answer = folder.answers(document)["scenarios"][0];
    CHECK(answer["status"] == "converged");
    CHECK(answer["notes"][0] == "before: the same taxes without deficits");
    check_close(after(answer, "welfare"), c["outputs"]["welfare_hat"], 1e-10);
    check_pairs(after(answer, "tariff"), c["outputs"]["import_tax"], 1e-6);
  }
}

TEST_CASE("Lines set, add, multiply and take the larger, and later ones win", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["results"] = {"tariff"};
  document["scenarios"] = json::parse(R"([
    {"name": "set", "import_tax": [{"importer": "CHN", "set": 0.3}]},
    {"name": "add", "import_tax": [{"importer": "CHN", "exporter": "USA", "sector": "c?rs", "add": 0.3}]},
    {"name": "multiply", "import_tax": [{"importer": ["CHN", "ROW"], "sector": "cars", "multiply": 1.1}]},
    {"name": "max", "import_tax": [{"sector": "cars", "max": 0.04}]},
    {"name": "later", "import_tax": [{"set": 0.5}, {"importer": "USA", "exporter": "CHN", "sector": "cars", "set": 0.1},
                                     {"importer": "USA", "exporter": "CHN", "sector": "cars", "add": 0.1}]}])");
  folder.write("rates.csv", "exporter,importer,rate\nUSA,CHN,0.2\nROW,CHN,0.4\nUSA,ROW,0.9\n");
  document["scenarios"].push_back(json::parse(
      R"({"name": "file", "import_tax": [{"importer": "CHN", "set": {"file": "rates.csv", "column": "rate"}}]})"));
  auto const o = folder.solve(document, {"--long"});
  INFO(o.err);
  REQUIRE(o.status == 0);
  std::map<std::string, std::map<std::string, double>> found;
  for (auto const& row : rows_by_name(o.out)) {
    CHECK(row.at("variable") == "tariff");
    CHECK(row.at("unit") == "ad valorem");
    CHECK(row.at("before") != row.at("after"));
    found[row.at("scenario")][row.at("country") + ' ' + row.at("partner") + ' ' + row.at("sector")] =
        std::stod(row.at("after"));
  }
  using expected = std::map<std::string, double>;
  CHECK(found["set"] ==
        expected{{"USA CHN cars", 0.3}, {"ROW CHN cars", 0.3}, {"USA CHN corn", 0.3}, {"ROW CHN corn", 0.3}});
  CHECK(found["add"] == expected{{"USA CHN cars", 0.4}});
  REQUIRE(found["multiply"].size() == 4);
  CHECK_THAT(found["multiply"]["USA CHN cars"], WithinAbs(0.21, 1e-15));
  CHECK_THAT(found["multiply"]["CHN ROW cars"], WithinAbs(0.155, 1e-15));
  CHECK(found["max"] == expected{{"CHN USA cars", 0.04}, {"ROW USA cars", 0.04}});
  CHECK(found["later"].size() == 12);
  CHECK(found["later"]["CHN USA cars"] == 0.2);
  CHECK(found["later"]["ROW USA corn"] == 0.5);
  CHECK(found["file"] ==
        expected{{"USA CHN cars", 0.2}, {"ROW CHN cars", 0.4}, {"USA CHN corn", 0.2}, {"ROW CHN corn", 0.4}});
}

TEST_CASE("A question without an answer keeps its rows, and the others are answered", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["scenarios"] = json::parse(R"([
    {"name": "apart", "iceberg": [{"importer": "USA", "set": "inf"}, {"exporter": "USA", "set": "inf"}]},
    {"name": "fine", "iceberg": [{"multiply": 0.9}]}])");
  auto const o = folder.solve(document, {"--long"});
  CHECK(o.status == 1);
  CHECK(o.err == "melitz-solve: 1 of 2 questions have no answer; their status says why\n");
  std::size_t failed = 0, solved = 0, welfare = 0;
  for (auto const& row : rows_by_name(o.out)) {
    bool const apart = row.at("scenario") == "apart";
    (apart ? failed : solved) += 1;
    if (apart && row.at("variable") == "welfare") ++welfare;
    CHECK(row.at("status") == (apart ? "disconnected" : "converged"));
    CHECK(row.at("residual").empty() == apart);
    if (apart) CHECK((row.at("before") + row.at("after") + row.at("change_percent")).empty());
    if (row.at("scenario") == "fine" && row.at("variable") == "welfare") CHECK(std::stod(row.at("after")) > 1);
  }
  CHECK(welfare == 3);
  CHECK(failed == solved);
  auto const in_json = folder.solve(document, {"--json"});
  REQUIRE(in_json.status == 1);
  auto const answers = json::parse(in_json.out);
  CHECK(answers["scenarios"][0]["results"]["welfare"]["after"][0] == "nan");
  CHECK(answers["scenarios"][0]["residual"].is_null());
  CHECK(answers["scenarios"][1]["status"] == "converged");
  auto const table = folder.solve(document);
  CHECK(table.status == 1);
  CHECK(table.out.find("apart\n  Not solved: disconnected") != std::string::npos);
}

TEST_CASE("Others answer: the same in return, or their best", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["scenarios"] = json::parse(R"([
    {"name": "alone", "import_tax": [{"importer": "USA", "add": 0.1}]},
    {"name": "answered", "import_tax": [{"importer": "USA", "add": 0.1}], "retaliation": {"by": "*", "kind": "reciprocal"}},
    {"name": "by one", "import_tax": [{"importer": "USA", "add": 0.1}], "retaliation": {"by": "CHN"}},
    {"name": "best", "import_tax": [{"importer": "USA", "add": 0.1}],
     "retaliation": {"kind": "best_response", "pattern": "uniform"}},
    {"name": "optimal", "optimal": {"country": "USA", "pattern": "sector"}, "retaliation": {}}])");
  auto const all = folder.answers(document)["scenarios"];
  auto const tariff = [&](std::size_t k, std::size_t s, std::size_t i, std::size_t j) {
    return after(all[k], "tariff")[s][i][j].get<double>();
  };
  auto const welfare = [&](std::size_t k, std::size_t i) { return after(all[k], "welfare")[i].get<double>(); };
  CHECK(tariff(0, 0, 0, 1) == 0.1);  // as it was
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t j = 1; j < 3; ++j) {
      CHECK(tariff(1, s, 0, j) == tariff(1, s, j, 0));
      CHECK(tariff(4, s, 0, j) == tariff(4, s, j, 0));
    }
  }
  CHECK(tariff(2, 0, 0, 1) == tariff(2, 0, 1, 0));
  CHECK(tariff(2, 0, 0, 2) == 0.05);
  CHECK(welfare(1, 0) < welfare(0, 0));
  CHECK(welfare(3, 0) < welfare(0, 0));
  CHECK(tariff(3, 0, 0, 1) == tariff(3, 1, 0, 1));  // CHN's best, one rate for all goods
  CHECK(tariff(3, 0, 0, 1) > 0.1);
  CHECK(folder.complaint(with(document, "/scenarios/1/import_tax/0/importer", "*")).find("\"against\" must say") !=
        std::string::npos);
}

TEST_CASE("One question for each country, by search and by formula", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["sectors"] = {{"*", {{"trade_elasticity", 4}}}};
  document["scenarios"] = json::parse(R"([{"name": "best", "optimal": {"country": "*", "pattern": "uniform",
    "route": ["numerical", "formula"], "formula": "perfect_competition"}}])");
  auto const all = folder.answers(document)["scenarios"];
  REQUIRE(all.size() == 6);
  CHECK(all[0]["scenario"] == "best USA");
  CHECK(all[1]["scenario"] == "best USA (formula)");
  for (std::size_t i = 0; i < 3; ++i) {
    double const best = after(all[2 * i], "welfare")[i].get<double>();
    double const formula = after(all[2 * i + 1], "welfare")[i].get<double>();
    CHECK(best >= formula);
    CHECK_THAT(formula, WithinRel(best, 1e-3));
  }
}

TEST_CASE("Several sets of parameters have a column, and drawn ones a seed", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["results"] = {"welfare"};
  folder.write("e.csv", "\xEF\xBB\xBFsector,name,low,high\ncars,Cars,3 ,6\ncorn,\"Corn, all\",2,8\n");
  document["parameter_sets"] = json::parse(R"({"low": {"*": {"trade_elasticity": {"file": "e.csv", "column": "low"}}},
                                               "high": {"*": {"trade_elasticity": {"file": "e.csv", "column": "high"}}}})");
  auto const o = folder.solve(document, {"--long"});
  INFO(o.err);
  REQUIRE(o.status == 0);
  CHECK(lines(o.out)[0] ==
        "country,sector,partner,scenario,parameters,variable,before,after,change_percent,status,residual,unit");
  auto const rows = rows_by_name(o.out);
  REQUIRE(rows.size() == 6);
  CHECK(rows[0].at("parameters") == "high");  // in the order of the document
  CHECK(rows[5].at("parameters") == "low");
  auto by_hand = without(document, "/parameter_sets");
  by_hand["sectors"] =
      json::parse(R"({"cars": {"kind": "krugman", "trade_elasticity": 6}, "corn": {"trade_elasticity": 8}})");
  auto const alone = rows_by_name(folder.solve(by_hand, {"--long"}).out);
  for (std::size_t i = 0; i < 3; ++i) CHECK(alone[i].at("after") == rows[i].at("after"));

  auto drawn = without(document, "/parameter_sets");
  drawn["bootstrap"] = {{"draws", 3}, {"seed", 7}, {"standard_error", {{"cars", 0.5}, {"corn", 0.2}}}};
  auto const first = folder.solve(drawn, {"--long"}), again = folder.solve(drawn, {"--long"});
  CHECK(first.out == again.out);
  auto const draws = rows_by_name(first.out);
  REQUIRE(draws.size() == 12);
  CHECK(draws[0].at("parameters") == "estimate");
  CHECK(draws[3].at("parameters") == "draw 1");
  CHECK(draws[3].at("after") != draws[6].at("after"));
  drawn["bootstrap"]["seed"] = 8;
  CHECK(folder.solve(drawn, {"--long"}).out != first.out);
}

TEST_CASE("Closures and numeraires of one question, and of all", "[policy]") {
  policy_folder const folder;
  auto document = without(policy_document(), "/closure");
  document["results"] = {"deficit", "real_wage", "wage", "welfare"};
  auto const change = document["scenarios"][0]["import_tax"];
  auto const with_all = [&](char const* more) {
    json one{{"name", more}, {"import_tax", change}};
    one.update(json::parse(more));
    return one;
  };
  document["scenarios"] = json::array();
  for (auto const* more :
       {R"({"closure": "share_of_world_income", "numeraire": {"wage": "USA"}})",
        R"({"closure": "share_of_world_income", "numeraire": "mean_price"})",
        R"({"closure": {"zero_with_one_partner": ["USA", "CHN"]}})", R"({"closure": {"list": {"*": 0}}})",
        R"({"closure": "zero"})", R"({"resolve_deficits_first": true})"}) {
    document["scenarios"].push_back(with_all(more));
  }
  auto const all = folder.answers(document)["scenarios"];
  CHECK(after(all[0], "wage")[0].get<double>() == 1);
  CHECK(after(all[1], "wage")[0].get<double>() != 1);
  for (std::size_t i = 0; i < 3; ++i) {
    // With shares of the world's income money is a veil.
    CHECK_THAT(after(all[0], "welfare")[i].get<double>(), WithinRel(after(all[1], "welfare")[i].get<double>(), 1e-13));
    CHECK_THAT(after(all[3], "welfare")[i].get<double>(), WithinRel(after(all[4], "welfare")[i].get<double>(), 1e-13));
    CHECK(after(all[4], "deficit")[i].get<double>() == 0);
    CHECK_THAT(all[5]["results"]["deficit"]["before"][i].get<double>(), WithinAbs(0, 1e-10));
  }
  double const moved =
      after(all[2], "deficit")[1].get<double>() - all[2]["results"]["deficit"]["before"][1].get<double>();
  CHECK_THAT(moved, WithinAbs(8 / 1.02 + 6 - 10 / 1.1 - 4, 1e-12));  // what the USA buy net of CHN, at the border
}

TEST_CASE("A study may have comments", "[policy]") {
  policy_folder const folder;
  auto const plain = folder.solve(policy_document(), {"--json"});
  auto text = policy_document().dump(2);
  text = "// What the \"EU\" asked.\n" + replaced(text, "\"sectors\"", "/* 1e999 */ \"sectors\"");
  folder.write("study.json", text);
  auto const o = run({folder / "study.json", "--json"});
  CHECK(o.status == 0);
  CHECK(o.out == plain.out);
}

TEST_CASE("Values of a study can be set, and results chosen", "[policy]") {
  policy_folder const folder;
  auto const document = policy_document();
  auto const plain = folder.answers(document)["scenarios"][0];
  auto const set = folder.answers(document, {"--set", "scenarios[A].import_tax[0].set=0.5", "--set",
                                             "sectors[*].trade_elasticity=3", "--set", "closure=nominal"});
  CHECK(after(set["scenarios"][0], "tariff")[0][0][1] == 0.5);
  auto by_hand = document;
  by_hand["scenarios"][0]["import_tax"][0]["set"] = 0.5;
  by_hand["sectors"]["*"]["trade_elasticity"] = 3;
  by_hand["closure"] = "nominal";
  CHECK(set["scenarios"] == folder.answers(by_hand)["scenarios"]);
  CHECK(folder.answers(document, {"--fields", "welfare,sector_*"})["scenarios"][0]["results"].size() == 4);
  CHECK(folder.answers(document, {"--set", "scenarios[*].name=B"})["scenarios"][0]["scenario"] == "B");
  CHECK(folder.complaint(document, {"--set", "scenarios[Z].name=B"}).find("has no element [Z]") != std::string::npos);
  CHECK(folder.complaint(document, {"--set", "sector[*].trade_elasticity=3"}).find("has no sector") !=
        std::string::npos);
  CHECK(folder.complaint(document, {"--set", "closure.list=3"}).find("which has no list") != std::string::npos);
  CHECK(folder.complaint(document, {"--fields", "wellfare"}).find("did you mean \"welfare\"?") != std::string::npos);
  CHECK(folder.complaint(document, {"--gains"}).find("a study of policy asks its questions itself") !=
        std::string::npos);
  CHECK(folder.complaint(closed_model(), {"--importer", "first"}).find("is for a study of policy") !=
        std::string::npos);
  auto unsaid = document;
  unsaid["flows"] = "unsaid.csv";
  folder.write("unsaid.csv", replaced(policy_flows, "exporter,importer", "first,second"));
  CHECK(folder.complaint(unsaid).find("may be the importer or the exporter") != std::string::npos);
  CHECK(folder.answers(unsaid, {"--importer", "second"})["scenarios"][0] == plain);
  CHECK(folder.answers(unsaid, {"--importer", "first"})["scenarios"][0] != plain);
  // The table has all countries and what was read.
  auto const table = folder.solve(document);
  CHECK(table.out.find("Trade policy: 3 countries, 2 sectors of ") == 0);
  for (auto const* word : {"USA", "CHN", "ROW", "welfare %", "revenue_share", "gains_from_trade"}) {
    CHECK(table.out.find(word) != std::string::npos);
  }
}

TEST_CASE("Each mistake in a study is named by its place", "[policy]") {
  policy_folder const folder;
  auto const base = policy_document();
  struct mistake {
    char const *at, *value, *says;
  };
  std::vector<mistake> const mistakes{
      {"/scenarios", "[]", "scenarios is []; it must be a list of questions"},
      {"/scenarios", "{}", "scenarios is {}; it must be a list of questions"},
      {"/scenarios/0", "3", "scenarios[0] is 3; it must be an object"},
      {"/scenarios/0/name", "\"\"", "scenarios[0].name is \"\"; it must be a text"},
      {"/scenarios/0/tarif", "1", "scenarios[0].tarif (1) is not a known key"},
      {"/scenarios/0/import_tax", "{}", "scenarios[0].import_tax is {}; it must be a list of lines"},
      {"/scenarios/0/import_tax/0/importer", "\"CHINA\"",
       "scenarios[0].import_tax[0].importer is \"CHINA\", which matches no country of "},
      {"/scenarios/0/import_tax/0/sector", "[\"cars\", \"x*\"]",
       "scenarios[0].import_tax[0].sector[1] is \"x*\", which matches no sector of "},
      {"/scenarios/0/import_tax/0/sector", "[]", "scenarios[0].import_tax[0].sector is an empty list"},
      {"/scenarios/0/import_tax/0/importer", "\"USA\"", "scenarios[0].import_tax[0] matches nothing"},
      {"/scenarios/0/import_tax/0/importer", "null",
       "scenarios[0].import_tax[0].importer is null; it must be the name"},
      {"/scenarios/0/import_tax/0/add", "1", "scenarios[0].import_tax[0] has set and add; it must have one of"},
      {"/scenarios/0/import_tax/0/set", "\"much\"", "scenarios[0].import_tax[0].set is \"much\"; it must be a number"},
      {"/scenarios/0/import_tax/0/set", "-1", "scenarios[0].import_tax[0].set makes -1; it must exceed -1"},
      {"/scenarios/0/import_tax/0/set", "\"nan\"", "scenarios[0].import_tax[0].set makes nan"},
      {"/scenarios/0/import_tax/0/set", "{\"file\": \"none.csv\"}", "scenarios[0].import_tax[0].set: cannot open "},
      {"/scenarios/0/import_tax/0/home", "true", "scenarios[0].import_tax[0].home is true; taxes at home must be 0"},
      {"/scenarios/0/iceberg", "[{\"set\": 0}]", "scenarios[0].iceberg[0].set makes 0; it must be positive"},
      {"/scenarios/0/fixed_cost", "[{\"set\": \"inf\"}]", "scenarios[0].fixed_cost makes inf; it must be finite"},
      {"/scenarios/0/production_tax", "[{\"importer\": \"USA\", \"set\": 0}]",
       "scenarios[0].production_tax[0].importer (\"USA\") is not a known key"},
      {"/scenarios/0/nash", "{\"pattern\": \"unifrom\"}",
       "scenarios[0].nash.pattern is \"unifrom\"; did you mean \"uniform\"?"},
      {"/scenarios/0/nash", "{\"bounds\": [1, 0]}", "scenarios[0].nash.bounds is [1,0]; it must be [least, most]"},
      {"/scenarios/0/optimal", "{}", "scenarios[0].optimal.country is missing"},
      {"/scenarios/0/optimal", "{\"country\": \"USA\", \"formula\": \"third_best\"}",
       "scenarios[0].optimal.formula is for the world as it is"},
      {"/scenarios/0/optimal", "{\"country\": \"USA\", \"objective\": \"government\"}",
       "scenarios[0].optimal.political_weights are for the objective government"},
      {"/scenarios/0/cooperation", "{\"objective\": \"love\"}", "scenarios[0].cooperation.objective is \"love\""},
      {"/scenarios/0/retaliation", "{\"by\": \"CHN\"}", "scenarios[0].retaliation.by leaves nobody but CHN"},
      {"/scenarios/0/decomposition", "\"all\"", "scenarios[0].decomposition is \"all\"; it must be one of"},
      {"/sectors", "{}", "sectors: the trade_elasticity of the sector cars is missing"},
      {"/sectors/steel", "{\"trade_elasticity\": 4}", "sectors is \"steel\", which matches no sector of "},
      {"/sectors/*/trade_elasticity", "0", "sectors.*.trade_elasticity is 0; it must be positive and finite"},
      {"/sectors/*/entry", "\"shut\"", "sectors.*.entry is \"shut\"; it must be one of free, fixed"},
      {"/sectors/ca*/scale_elasticity", "0.1", "sectors: the scale_elasticity of the sector cars is given; the kind"},
      {"/sectors/*/kind", "\"melitz_pareto\"", "sectors: the elasticity of the sector corn is for the kind"},
      {"/closure", "\"none\"", "closure is \"none\"; "},
      {"/closure", "\"list\"", "closure is \"list\"; it must have the deficits"},
      {"/closure", "{\"list\": {\"USA\": 1, \"CHN\": 1, \"ROW\": 0}}", "closure.list: the sum of all deficits is 2"},
      {"/closure", "{\"list\": {\"USA\": 1}}", "closure.list has no finite deficit of CHN"},
      {"/closure", "{\"zero_with_one_partner\": [\"USA\", \"USA\"]}", "closure.zero_with_one_partner is"},
      {"/numeraire", "\"gold\"", "numeraire is \"gold\"; it must be one of"},
      {"/numeraire", "{\"wage\": \"*\"}", "numeraire.wage is \"*\", which matches 3 countries; it must be one"},
      {"/revenue", "7", "revenue is 7"},
      {"/labour_supply_elasticity", "-1", "labor_supply_elasticity is -1; it must be at least 0"},
      {"/parameter_sets", "{}", "parameter_sets is empty"},
      {"/bootstrap", "{\"draws\": 1.5, \"standard_error\": 1}", "bootstrap.draws is 1.5; it must be a whole number"},
      {"/bootstrap", "{\"draws\": 2}", "bootstrap.standard_error is missing"},
      {"/results", "[\"wealth\"]", "results[0] is \"wealth\", which matches no result; it must be"},
      {"/gdp_tolerance", "0.1", "gdp_tolerance is given; gdp must be too"},
      {"/flow", "\"f.csv\"", "flow (\"f.csv\") is not a known key; did you mean \"flows\"?"},
      {"/importer", "\"third\"", "importer is \"third\""},
      {"/resolve_deficits_first", "1", "resolve_deficits_first is 1; it must be true or false"},
  };
  for (auto const& m : mistakes) {
    auto const said = wrong_with(with(base, m.at, json::parse(m.value)));
    INFO(m.at << "\n" << said << "\n" << m.says);
    CHECK(said.find(m.says) == 0);
  }
  // What the library says of a world is in the words of the document.
  CHECK(
      folder.complaint(with(base, "/sectors/corn", {{"scale_elasticity", 0.5}})) ==
      "melitz-solve: study.json: flows.csv: trade_elasticity times scale_elasticity of corn is 2; it must be at most 1 "
      "where entry is free: beyond, firms gather in one country or another, and there are several equilibria\n");
  auto twice = base;
  twice["scenarios"].push_back(base["scenarios"][0]);
  CHECK(folder.complaint(twice).find("two scenarios have the name \"A\"") != std::string::npos);
  folder.write("gdp.csv", "country,gdp\nUSA,160\nCHN,129.9\nROW,300\n");
  auto const gdp = folder.complaint(with(base, "/gdp", "gdp.csv"));
  CHECK(gdp.find("gdp.csv: the gdp of ROW is 300, and the flows imply 37") != std::string::npos);
  CHECK(gdp.find("more than gdp_tolerance, 0.01") != std::string::npos);
  CHECK(folder.solve(with(with(base, "/gdp", "gdp.csv"), "/gdp_tolerance", 0.5)).status == 0);
  // Inputs that take more than there is.
  folder.write("labor.csv",
               "country,sector,labor_share\nUSA,cars,0.1\nUSA,corn,0.1\nCHN,cars,1\nCHN,corn,1\n"
               "ROW,cars,1\nROW,corn,1\n");
  folder.write("inputs.csv", "country,input,sector,share\nUSA,corn,cars,0.9\nUSA,cars,corn,0.9\n");
  auto const negative = folder.complaint(with(with(base, "/labor_shares", "labor.csv"), "/input_shares", "inputs.csv"));
  CHECK(negative.find("flows.csv: final demand is negative in 1 of 6 countries' sectors") != std::string::npos);
  CHECK(negative.find("USA, corn: -") != std::string::npos);
  // The remedy by name: what consumers spend is given, and what countries spend on sectors follows.
  folder.write("final.csv",
               "country,sector,final_share\nUSA,cars,0.4\nUSA,corn,0.6\nCHN,cars,0.3\nCHN,corn,0.7\n"
               "ROW,cars,0.5\nROW,corn,0.5\n");
  auto mended = with(with(base, "/labor_shares", "labor.csv"), "/input_shares", "inputs.csv");
  mended["final_shares"] = "final.csv";
  mended["closure"] = "nominal";
  auto const answer = folder.answers(mended)["scenarios"][0];
  auto const before = [&](char const* name) { return answer["results"][name]["before"]; };
  // Shares of trade are those of the file, consumers spend what is told, and the rest are inputs of firms.
  CHECK_THAT(before("share")[0][0][1].get<double>(), WithinAbs(10.0 / 59, 1e-12));
  double const income = before("income")[1].get<double>();
  CHECK_THAT(before("spending")[1][0].get<double>(), WithinRel(0.3 * income, 1e-12));
  double const cars = before("output")[0][0].get<double>(), all = before("income")[0].get<double>();
  CHECK_THAT(before("spending")[0][1].get<double>(), WithinRel(0.6 * all + 0.9 * cars, 1e-11));
  double total = 0;
  for (auto const& row : before("spending")) total += row[0].get<double>() + row[1].get<double>();
  CHECK_THAT(total, WithinRel(670.0, 1e-12));
  folder.write("final.csv",
               "country,sector,final_share\nUSA,cars,0.4\nUSA,corn,0.5\nCHN,cars,0.3\nCHN,corn,0.7\n"
               "ROW,cars,0.5\nROW,corn,0.5\n");
  CHECK(folder.complaint(mended).find("final.csv: the sum of the final shares of USA is 0.9; it must be 1") !=
        std::string::npos);
}

TEST_CASE("Decompositions have their parts, which sum", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["decomposition"] = {"log_path", "caliendo_parro", "ossa"};
  auto const answer = folder.answers(document)["scenarios"][0];
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0;
    for (auto const* part : {"terms_of_trade", "trade_costs", "fiscal_volume", "scale", "profits", "selection",
                             "market_services", "deficit", "labor"}) {
      sum += after(answer, std::string("log_path.") + part)[i].get<double>();
    }
    CHECK_THAT(sum, WithinAbs(after(answer, "log_path.sum")[i].get<double>(), 1e-15));
    CHECK_THAT(sum, WithinAbs(std::log(after(answer, "real_income")[i].get<double>()), 1e-11));
    CHECK(after(answer, "caliendo_parro.terms_of_trade")[i].get<double>() != 0);
    CHECK(after(answer, "ossa.terms_of_trade")[i].get<double>() != 0);
  }
  // In balance, what prices at the border are worth is the index of them times trade over income.
  auto small = with(document, "/resolve_deficits_first", true);
  small["scenarios"][0]["import_tax"][0] = {{"importer", "CHN"}, {"add", 1e-4}};
  auto const little = folder.answers(small)["scenarios"][0];
  for (std::size_t i = 0; i < 3; ++i) {
    double const trade = after(little, "exports")[i].get<double>() / after(little, "income")[i].get<double>();
    double const index = std::log(after(little, "terms_of_trade")[i].get<double>());
    CHECK_THAT(after(little, "log_path.terms_of_trade")[i].get<double>(), WithinRel(trade * index, 1e-3));
  }
  auto at_cost = document;
  at_cost["sectors"]["*"]["tariff_on"] = "production_cost";
  CHECK(folder.complaint(at_cost).find("scenario \"A\": tariff_on of cars is production_cost") != std::string::npos);
}

TEST_CASE("What a report counts", "[policy]") {
  policy_folder const folder;
  auto document = policy_document();
  document["scenarios"] = json::parse(R"([{"name": "A", "import_tax": [{"importer": "CHN", "set": 0.25}]}])");
  auto const answer = folder.answers(document)["scenarios"][0];
  auto const both = [&](char const* name) { return answer["results"][name]; };
  double const border = 10 / 1.1 + 9 / 1.1 + 4 + 3;
  CHECK_THAT(both("imports")["before"][1].get<double>(), WithinRel(border, 1e-14));
  CHECK_THAT(both("exports")["before"][1].get<double>(), WithinRel(8 / 1.02 + 6 / 1.05 + 6 + 9, 1e-14));
  CHECK_THAT(both("tariff_at_imports")["before"][1].get<double>(), WithinRel(0.1 * 19 / 1.1 / border, 1e-13));
  CHECK_THAT(both("tariff_at_old_imports")["after"][1].get<double>(), WithinRel(0.25, 1e-14));
  CHECK_THAT(both("tariff_at_imports")["after"][1].get<double>(), WithinRel(0.25, 1e-14));
  CHECK_THAT(both("revenue")["before"][1].get<double>(), WithinRel(0.1 * 19 / 1.1, 1e-13));
  CHECK_THAT(both("balance")["after"][1].get<double>(), WithinAbs(0, 1e-11));
  CHECK(both("terms_of_trade")["after"][1].get<double>() > 1);
  CHECK(both("terms_of_trade")["after"][0].get<double>() < 1);
  double const spent = both("spending")["after"][1][0].get<double>();
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    double const flow = both("flow")["after"][0][i][1].get<double>();
    CHECK_THAT(both("share")["after"][0][i][1].get<double>(), WithinRel(flow / spent, 1e-14));
    sum += flow;
  }
  CHECK_THAT(sum, WithinRel(spent, 1e-14));
  CHECK_THAT(both("gains_from_trade")["after"][1].get<double>(),
             WithinRel(both("gains_from_trade")["before"][1].get<double>() * both("welfare")["after"][1].get<double>(),
                       1e-14));
}

}  // namespace test::policy_scenarios
