// SPDX-License-Identifier: BSL-1.0
#include "trade/data.hpp"
#include "trade/run.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// Published tables through the reader that melitz-solve has.

namespace test::labelled_files {

namespace front = melitz::front;

namespace {

front::text_file read_external(std::string const& name, std::string const& path) {
  std::ifstream in(std::string(MELITZ_EXTERNAL_DATA) + "/" + name, std::ios::binary);
  if (!in) throw front::input_error(path + ": cannot open " + name);
  return {name, {std::istreambuf_iterator<char>(in), {}}};
}

front::trade_data read(std::string const& document) {
  return front::read_trade_data(front::json::parse(document), read_external);
}

}  // namespace

TEST_CASE("The tariffs of Lashkaripour and Lugovskyy (2023) have the importer first", "[published][files]") {
  auto const with_importer = [](std::string const& which) {
    return read(R"({"flows": "lashkaripour_lugovskyy_2023/flows_2014.csv", "allow_zero_home_sales": true,
      "tariffs": {"file": "lashkaripour_lugovskyy_2023/tariffs_trains.csv", "importer": ")" +
                which + "\"}}");
  };
  auto const right = with_importer("first"), wrong = with_importer("second");
  CHECK(right.warnings.empty());
  REQUIRE(wrong.warnings.size() == 1);
  CHECK(wrong.warnings[0].find("the importers of tariffs may be the exporters: a country's schedule correlates over "
                               "partners by 0.609 as read, 0.85 with exporter and importer exchanged") == 0);
  // The Union's 27 members but for Bulgaria, in whose place the file has Brazil: it exchanges BGR and BRA.
  auto const has_union = [](front::trade_data const& d) {
    return std::any_of(d.notes.begin(), d.notes.end(), [](std::string const& note) {
      return note.find("one schedule of 27 countries: AUT, BEL, BRA, CYP") != std::string::npos;
    });
  };
  CHECK(has_union(right));
  CHECK(!has_union(wrong));
  CHECK_THROWS_WITH(read(R"({"flows": "lashkaripour_lugovskyy_2023/flows_2014.csv",
                             "tariffs": "lashkaripour_lugovskyy_2023/tariffs_trains.csv"})"),
                    contains("\"first\" may be the importer or the exporter"));
}

TEST_CASE("Consumers of seven economies would buy less than nothing of 20 of 308 goods", "[published][files]") {
  auto const study = front::read_policy_study(front::json::parse(R"({"model": "policy",
        "flows": {"file": "trade_war_2018_seven_economies/TradeFlow2017.csv",
                  "columns": {"value": "tradevalue"}},
        "tariffs": {"file": "trade_war_2018_seven_economies/tariff_prewar2017.csv",
                    "columns": {"tariff": "AHS_simple"}},
        "labour_shares": {"file": "trade_war_2018_seven_economies/vashare.csv",
                          "columns": {"country": "iso_o", "labor_share": "vashare"}},
        "input_shares": {"file": "trade_war_2018_seven_economies/IOshare.csv", "of": "inputs",
                         "columns": {"country": "iso_o", "input": "input_ind", "sector": "output_ind",
                                     "share": "valueshare"}},
        "sectors": {"*": {"trade_elasticity": {"file": "trade_war_2018_seven_economies/cal_elasticities.csv",
                                               "column": "\\theta"},
                          "scale_elasticity": {"file": "trade_war_2018_seven_economies/cal_elasticities.csv",
                                               "column": "\\psi"}}},
        "scenarios": [{"name": "war", "import_tax": [{"importer": "USA", "exporter": "CHN", "add": 0.1}]}]})"),
                                              read_external);
  CHECK(study.data.countries.size() == 7);
  CHECK(study.data.sectors.size() == 44);
  std::string said;
  try {
    front::answer_all(study, [](front::scenario_answer const&) {});
  } catch (front::input_error const& e) {
    said = e.what();
  }
  INFO(said);
  CHECK(said.find("TradeFlow2017.csv: final demand is negative in 20 of 308 countries' sectors") != std::string::npos);
  CHECK(said.find("CHN, 3: -") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), ';') == 19);
  CHECK(said.find("more spending or its input shares times 0.") != std::string::npos);
}

TEST_CASE("81 countries and 28 sectors, of whose flows 17,343 are none", "[published][files]") {
  std::string const document = R"({"flows": "tariffwar_wiod_icio/icio2022_flows.csv",
                                   "tariffs": "tariffwar_wiod_icio/icio2022_tariffs.csv")";
  CHECK_THROWS_WITH(read(document + "}"), contains("sells at home is 0 or not there, and so in 40 other places"));
  auto const d = read(document + R"(, "allow_zero_home_sales": true})");
  CHECK(d.countries.size() == 81);
  CHECK(d.sectors.size() == 28);
  CHECK(std::count(d.flows.begin(), d.flows.end(), 0.0) == 17343);
  CHECK(d.warnings.empty());
}

TEST_CASE("Ten points of a tariff of the USA on 29 countries, under both conventions", "[published][files]") {
  auto const study = front::read_policy_study(front::json::parse(R"({"model": "policy",
        "flows": {"file": "gravity_30_countries_2006.csv", "columns": {"value": "trade"}, "ignore": ["*"]},
        "sectors": {"*": {"kind": "melitz_pareto", "trade_elasticity": 4.25, "elasticity": 4}},
        "parameter_sets": {"cost": {"*": {"tariff_on": "production_cost"}}, "price": {"*": {"tariff_on": "delivered_price"}}},
        "numeraire": {"wage": "AUS"}, "results": ["welfare"],
        "scenarios": [{"name": "tariff", "import_tax": [{"importer": "USA", "add": 0.1}]}]})"),
                                              read_external);
  auto const& countries = study.data.countries;
  auto const place = [&](char const* name) {
    return static_cast<std::size_t>(std::find(countries.begin(), countries.end(), name) - countries.begin());
  };
  std::size_t answers = 0;
  front::answer_all(study, [&](front::scenario_answer const& answer) {
    ++answers;
    REQUIRE(answer.solved);
    auto const& welfare = answer.values.at(0).after;
    double const usa = 100 * (welfare.at(place("USA")) - 1), canada = 100 * (welfare.at(place("CAN")) - 1);
    if (answer.parameters == "cost") {
      CHECK_THAT(usa, WithinAbs(0.2875, 5e-5));
      CHECK_THAT(canada, WithinAbs(-1.4756, 5e-5));
    } else {
      CHECK(usa > 0.2875);  // on the price the same rate takes the markup too
      CHECK(canada < -1.4756);
    }
  });
  CHECK(answers == 2);
}

}  // namespace test::labelled_files
