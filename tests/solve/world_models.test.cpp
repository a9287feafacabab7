// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <utility>

namespace test::solve_world_models {

// Each model of different countries in melitz-solve: that every parameter and every result is the one it is called.

using namespace test;

#ifdef MELITZ_CATALOG_WORLDS

namespace {

json example(std::string const& model) { return json::parse(run({"--example", model}).out); }

json answer(json const& model, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  return json::parse(o.out);
}

std::string complaint(json const& model, std::vector<std::string> arguments = {}) {
  auto const o = test::solve(model, std::move(arguments));
  CHECK(o.status == 2);
  CHECK(lines(o.err).size() == 1);
  return o.err;
}

double at(json const& list, std::size_t i) { return number(list.at(i)); }
double at(json const& rows, std::size_t i, std::size_t j) { return number(rows.at(i).at(j)); }

/// The same numbers in the same places, whatever the shape.
void check_same(json const& value, json const& expected, double tolerance) {
  if (!expected.is_array()) {
    CHECK_THAT(number(value), WithinRel(number(expected), tolerance) || WithinAbs(number(expected), 1e-300));
    return;
  }
  REQUIRE(value.size() == expected.size());
  for (std::size_t k = 0; k < value.size(); ++k) check_same(value[k], expected[k], tolerance);
}

void check_column_sums(json const& share) {
  for (std::size_t j = 0; j < share.size(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < share.size(); ++i) sum += at(share, i, j);
    CHECK_THAT(sum, WithinRel(1, 1e-13));
  }
}

}  // namespace

TEST_CASE("between the parts of a law nobody exports, not fewer than nobody", "[solve][regression]") {
  // Rounding left a share of -1e-16 where no firm lies between two sizes.
  auto const model = json::parse(R"(
{"model": "multinational_world", "distribution": {"family": "mixture", "weights": [0.5196337640521428,
0.4803662359478572], "components": [{"family": "uniform", "lower": 24.172958876240322, "upper":
24.334439610901928}, {"family": "bounded_pareto", "lower": 63.19179190203874, "upper": 64.46407059223054,
"shape": 3.1503434526392238}]}, "parameters": {"labor": [103.77660638976033, 116.8603529469959,
83.01459506199235, 39.3378051202364], "elasticity": 33.445603830264, "fixed_cost": 0.08956156973323616,
"entry_cost": 1707.305910122268, "death_rate": 1.0, "export_fixed_cost": 0.03612986900742016,
"affiliate_fixed_cost": 11.468797373387632, "expenditure_share": 0.11323771030547518, "iceberg_cost": [[1.0,
1.0164140667567467, 1.0154983354746447, 1.083529782230429], [1.0229178496313105, 1.0, 5.963799440921879,
1.0987507531365597], [1.4175682094451618, 2.8501397007197102, 1.0, 4.489140425396831], [1.0828080873555905,
24.24063369259728, 1.0733158191359196, 1.0]], "fixed_cost_factor": [45.77518999660565, 25.413191378041805,
1.619613101917855, 1.5549031298720308], "entry_cost_factor": [33.55790420010567, 62.6895914012574,
0.01573379390781906, 0.5704746331293422], "export_fixed_cost_factor": [[0.017148180454100055,
0.22300484205162996, 0.022960539516872193, 0.04345069763798317], [12.269763034792433, 3.4991396090751485,
0.0284060881412456, 0.5186212432392466], [95.35167020715464, 49.234026398738386, 0.05571101887540089,
0.21737219892781723], [2.047374834586185, 0.0399634298665133, 0.10197349777150776, 0.7387887511958742]],
"affiliate_fixed_cost_factor": [[0.035058028876397127, 1.6518681748663482, 0.01982433444045205,
0.08405609362001086], [0.15448171368298722, 0.02151964974971016, 6.563280259471704, 0.11586342880810015],
[0.13161393565768842, 0.20484704025862677, 93.41899586150073, 15.995710753671267], [1.1284714953393107,
0.5875011187451311, 0.022524920633114794, 0.2210069470097088]], "allow_no_entrants": true}})");
  auto const a = answer(model);
  for (auto const& row : a["share_exporting"]) {
    for (auto const& share : row) CHECK(number(share) >= 0);
  }
}

TEST_CASE("a world of equal countries is the open economy", "[solve]") {
  json const world{{"model", "world"},
                   {"countries", {"a", "b", "c", "d"}},
                   {"distribution", open_model()["distribution"]},
                   {"parameters",
                    {{"labor", 7},
                     {"elasticity", 4},
                     {"entry_cost", 2},
                     {"death_rate", 0.05},
                     {"iceberg_cost", 1.6},
                     {"fixed_cost", json::parse("[[1, 1.3, 1.3, 1.3], [1.3, 1, 1.3, 1.3], [1.3, 1.3, 1, 1.3], "
                                                "[1.3, 1.3, 1.3, 1]]")}}}};
  auto const a = answer(world), open = answer(with(open_model(), "/parameters/labor", 7));
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK_THAT(at(a["wage"], i), WithinRel(1, 1e-13));
    CHECK_THAT(at(a["mass_entrants"], i), WithinRel(number(open["mass_entrants"]), 1e-13));
    CHECK_THAT(at(a["price_index"], i), WithinRel(number(open["price_index"]), 1e-13));
    CHECK_THAT(at(a["welfare"], i), WithinRel(number(open["welfare"]), 1e-13));
    CHECK_THAT(at(a["domestic_share"], i), WithinRel(number(open["domestic_share"]), 1e-13));
    CHECK_THAT(at(a["expenditure"], i), WithinRel(number(open["revenue"]), 1e-13));
    for (std::size_t j = 0; j < 4; ++j) {
      CHECK_THAT(at(a["cutoff"], i, j), WithinRel(number(open[i == j ? "cutoff" : "export_cutoff"]), 1e-13));
      CHECK_THAT(at(a["mass_sellers"], i, j),
                 WithinRel(number(open[i == j ? "mass_producers" : "mass_exporters"]), 1e-13));
      CHECK_THAT(at(a["trade_elasticity"], i, j),
                 WithinRel(number(open[i == j ? "domestic_elasticity" : "trade_elasticity"]), 1e-12));
    }
  }
}

TEST_CASE("a world's deficits, tariffs and laws go where they should", "[solve]") {
  auto const base = example("world");
  check_column_sums(answer(base)["share"]);

  json const deficit{3, -1, -2};
  auto const lent = answer(with(base, "/parameters/deficit", deficit));
  auto const workers = base["parameters"]["labor"];
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK_THAT(at(lent["expenditure"], j), WithinRel(at(lent["wage"], j) * at(workers, j) + at(deficit, j), 1e-13));
  }

  double const t = 0.2, markup = 4.0 / 3;
  for (bool const on_cost : {false, true}) {
    auto const taxed = answer(with(with(base, "/parameters/tariff", t), "/parameters/tariff_on",
                                   on_cost ? "production_cost" : "delivered_price"));
    for (std::size_t j = 0; j < 3; ++j) {
      double imports = 0;
      for (std::size_t i = 0; i < 3; ++i) imports += i == j ? 0 : at(taxed["sales"], i, j);
      CHECK_THAT(at(taxed["tariff_revenue"], j), WithinRel(imports * t / (1 + t) / (on_cost ? markup : 1), 1e-12));
    }
  }

  // Fixed costs in labour of the market: other wages. With that of the exporter, as if left out.
  CHECK(answer(with(base, "/parameters/source_labor_share", 1)) == answer(base));
  CHECK(answer(with(base, "/parameters/source_labor_share", 0))["wage"] != answer(base)["wage"]);
  // A static world costs entry what a lasting one does per period.
  auto const still = with(without(base, "/parameters/death_rate"), "/parameters/entry_cost", 0.1);
  check_same(answer(still)["welfare"], answer(base)["welfare"], 1e-13);

  // One law for all, or one each.
  auto const law = base["distribution"];
  CHECK(results_of(answer(with(base, "/distribution", {law, law, law}))) == results_of(answer(base)));
  auto const better = with(with(base, "/distribution", {law, law, law}), "/distribution/1/log_mean", 0.2);
  CHECK(at(answer(better)["welfare"], 1) > at(answer(base)["welfare"], 1));
  CHECK(answer(with(base, "/distribution", {law, law, law}), {"--set", "distribution[1].log_mean=0.2"}) ==
        answer(better));
  CHECK_THAT(test::solve(better).out, contains("productivity: 3 laws, one for each country"));
  auto const named = with(better, "/countries", {"USA", "BRA", "KOR"});
  CHECK(answer(named, {"--set", "distribution[KOR].log_sd=0.9"})["wage"] ==
        answer(with(better, "/distribution/2/log_sd", 0.9))["wage"]);
  auto const rows = lines(test::solve(named, {"--sweep", "distribution[BRA].log_sd*=1:1.1:2"}).out);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].starts_with("distribution[BRA].log_sd*,status,"));

  CHECK_THAT(complaint(with(base, "/distribution", {law, law})),
             contains("distribution has 2 laws; it must have 3, one for each country"));
  CHECK_THAT(complaint(with(better, "/distribution/2/log_sd", -1)),
             contains("distribution[2].log_sd is -1; it must be positive and finite"));
  json const fat{{"family", "pareto"}, {"scale", 1}, {"shape", 2.5}};
  CHECK_THAT(complaint(with(better, "/distribution/1", fat)),
             contains("distribution[1].shape is 2.5; it must exceed the size exponent 3"));
  CHECK_THAT(complaint(with(better, "/distribution/0/family", "cauchy")),
             contains("distribution[0].family is \"cauchy\""));
  CHECK_THAT(complaint(with(base, "/parameters/tariff", json::object())), contains("parameters.tariff is {"));
  CHECK_THAT(complaint(with(base, "/parameters/deficit", {1, 1, 1})), contains("sum of deficit is 3; it must be 0"));

  auto const apart = test::solve(with(base, "/parameters/iceberg_cost", "inf"), {"--json"});
  CHECK(apart.status == 1);
  CHECK_THAT(apart.err, contains("disconnected"));
  auto const nothing = json::parse(apart.out);
  CHECK(nothing["wage"] == json{"nan", "nan", "nan"});
  CHECK(nothing["sales"][2] == json{"nan", "nan", "nan"});
}

TEST_CASE("Chaney's world agrees with the references", "[solve][reference]") {
  // tests/reference/chaney.json, remade by tools/reference/chaney.py. Here there is one sector.
  auto const file = reference("chaney");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    if (p.at("sectors").size() != 1) continue;
    CAPTURE(row.at("name"));
    json distribution = {{"family", "pareto"}, {"scale", 1}, {"shape", 4.6}};
    if (p.contains("laws")) {
      distribution = json::array();
      for (auto const& d : p.at("laws")) {
        if (d.at("type") == "lognormal") {
          distribution.push_back({{"family", "lognormal"}, {"log_mean", d.at("mu")}, {"log_sd", d.at("nu")}});
        } else {
          distribution.push_back({{"family", "bounded_pareto"},
                                  {"lower", d.at("lower")},
                                  {"upper", d.at("upper")},
                                  {"shape", d.at("shape")}});
        }
      }
    }
    json parameters = p.at("sectors")[0];
    for (auto const* of_law : {"shape", "scale"}) parameters.erase(of_law);
    for (auto const* of_all : {"labor", "outside_productivity"}) parameters[of_all] = p.at(of_all);
    auto const a = answer({{"model", "chaney"}, {"distribution", distribution}, {"parameters", parameters}});
    auto const& o = row.at("outputs");
    auto const& sector = o.contains("sectors") ? o.at("sectors")[0] : o;
    CHECK(a["method"] == (p.contains("laws") ? "any_law" : "pareto_closed_form"));
    for (auto const* key : {"dividend", "income"}) check_same(a[key], o.at(key), 1e-13);
    for (auto const* key : {"price_index", "cutoff", "sales"}) check_same(a[key], sector.at(key), 1e-12);
    check_column_sums(a["share"]);
    ++compared;
  }
  CHECK(compared == 3);
  auto const base = example("chaney");
  auto const a = answer(base);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(at(a["trade_elasticity"], i, j), WithinRel(4.25, 1e-12));
  }
  CHECK_THAT(complaint(base, {"--set", "distribution.shape=2"}),
             contains("distribution.shape is 2; it must exceed the size exponent 3"));
  CHECK_THAT(complaint(with(base, "/countries", {"USA", "BRA", "KOR"}), {"--set", "labor[BRA]=0"}),
             contains("parameters.labor[BRA] is 0; it must be positive and finite"));
}

TEST_CASE("gravity agrees with the references", "[solve][reference]") {
  // tests/reference/acr.json, remade by tools/reference/acr.py.
  auto const file = reference("acr");
  std::size_t compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name"));
    auto parameters = row.at("params");
    if (parameters.contains("entry")) parameters.erase("entry_cost");
    auto const a = answer({{"model", "acr"}, {"parameters", parameters}});
    for (auto const* key : {"wage", "expenditure", "revenue", "mass_entrants", "price_index", "mass_varieties", "share",
                            "sales", "cutoff", "mass_sellers", "welfare"}) {
      CAPTURE(key);
      check_same(a.at(key), row.at("outputs").at(key), 1e-13);
    }
    for (auto const* key : {"autarky_welfare", "gains_from_trade", "formula_gains_from_trade"}) {
      CAPTURE(key);
      check_same(a.at(key), row.at(key), 1e-13);
    }
    for (std::size_t j = 0; j < 3; ++j) CHECK_THAT(at(a["domestic_share"], j), WithinRel(at(a["share"], j, j), 1e-13));
    ++compared;
  }
  CHECK(compared == file.at("cases").size());
}

TEST_CASE("gravity takes no law, and entrants or what entry costs", "[solve]") {
  auto const base = example("acr");
  auto const with_entrants = with(base, "/parameters/mass_entrants", {10, 6, 4});
  CHECK_THAT(complaint(with_entrants), contains("size of mass_entrants is 3; it must be 0 under free entry"));
  auto const fixed = with(without(with_entrants, "/parameters/entry_cost"), "/parameters/entry", "fixed");
  CHECK(answer(fixed)["mass_entrants"] == json{10.0, 6.0, 4.0});
  CHECK_THAT(complaint(without(base, "/parameters/entry_cost")),
             contains("size of entry_cost is 0; it must be the number of countries, 3"));
  CHECK_THAT(complaint(with(base, "/distribution", open_model()["distribution"])),
             contains("distribution ({\"family\":\"lognormal\""));
  CHECK_THAT(complaint(base, {"--set", "shape=2.9"}), contains("parameters.shape is 2.9; it must exceed"));
  CHECK_THAT(test::solve(base).out, !contains("productivity:"));
  // A pair whose cutoff is below the support: by name.
  CHECK_THAT(complaint(with(base, "/countries", {"USA", "BRA", "KOR"}), {"--set", "entry_cost=200"}),
             contains("must be at least 1") && contains(" (0 is USA)"));
  // The same law and the same costs in the model of any laws.
  auto world = with(example("world"), "/distribution", {{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}});
  for (auto const* key : {"labor", "elasticity", "entry_cost", "death_rate", "iceberg_cost", "fixed_cost"}) {
    world["parameters"][key] = base["parameters"][key];
  }
  auto const one = answer(base), other = answer(world);
  for (auto const* key : {"wage", "welfare", "mass_entrants", "sales"}) check_same(one[key], other[key], 1e-12);
}

TEST_CASE("competition in prices agrees with the references", "[solve][reference]") {
  // tests/reference/bertrand.json, remade by tools/reference/bertrand.py.
  auto const file = reference("bertrand");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name"));
    auto const a = answer({{"model", "bertrand"}, {"parameters", row.at("params")}});
    for (auto const& [key, expected] : row.at("outputs").items()) {
      CAPTURE(key);
      if (row.at("name") == "free_trade" && expected == json{"nan", "nan"}) {
        CHECK(a.at(key) == expected);
      } else {
        check_same(a.at(key), expected, 1e-12);
      }
    }
    bool const nobody_to_compare = row.at("name") == "free_trade";
    CHECK(a["warnings"].size() == (nobody_to_compare ? 2 : 0));
  }
  auto const base = with(example("bertrand"), "/countries", {"USA", "BRA", "KOR"});
  auto const free = test::solve(base, {"--set", "iceberg_cost=1"});
  CHECK_THAT(free.out, contains("exporter_productivity_gap[KOR] is no number, nor are other comparisons"));
  CHECK_THAT(complaint(base, {"--set", "elasticity=5"}), contains("parameters.shape is 3.6; it must exceed 4"));
  CHECK_THAT(complaint(base, {"--set", "iceberg_cost[USA][BRA]=0.9"}),
             contains("parameters.iceberg_cost[USA][BRA] is 0.9; it must be at least 1"));
  CHECK_THAT(complaint(base, {"--set", "technology[BRA]=0"}), contains("parameters.technology[BRA] is 0"));
  CHECK_THAT(complaint(base, {"--set", "labor_share=1.1"}), contains("parameters.labor_share is 1.1; it must lie in"));
}

TEST_CASE("linear demand agrees with the references", "[solve][reference]") {
  // tests/reference/melitz_ottaviano.json, remade by tools/reference/melitz_ottaviano.py; costs are Pareto where
  // productivity is.
  auto const file = reference("melitz_ottaviano");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    json distribution = json::array();
    for (auto const& d : p.at("cost_dists")) {
      if (d.at("type") != "pareto_cost") continue;
      distribution.push_back({{"family", "pareto"}, {"scale", 1 / number(d.at("c_max"))}, {"shape", d.at("k")}});
    }
    if (distribution.size() != p.at("consumers").size()) continue;
    CAPTURE(row.at("name"));
    auto parameters = without(p, "/cost_dists");
    parameters["labor_per_consumer"] = 60;
    parameters["allow_no_entrants"] = true;
    auto const a = answer({{"model", "melitz_ottaviano"}, {"distribution", distribution}, {"parameters", parameters}});
    auto const& o = row.at("outputs");
    check_same(a["mass_entrants"], o.at("mass_entrants"), 1e-12);
    for (auto const* key : {"price_cutoff", "mass_varieties", "average_cost", "average_price", "average_markup",
                            "price_variance", "consumer_surplus"}) {
      CAPTURE(key);
      check_same(a[key], o.at(key), 1e-11);
    }
    ++compared;
  }
  CHECK(compared == 4);
  auto const base = example("melitz_ottaviano");
  CHECK_THAT(complaint(base, {"--set", "choke_price=0"}), contains("parameters.choke_price is 0; it must be positive"));
  CHECK_THAT(complaint(with(base, "/countries", {"USA", "BRA", "KOR"}), {"--set", "labor_per_consumer=1"}),
             contains("below income") && contains("USA)"));
}

#endif

}  // namespace test::solve_world_models
