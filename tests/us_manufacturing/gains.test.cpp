// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"
#include "support/validation.hpp"

// The example is a program, not a library: its sources are compiled into these tests, each once. What it prints is
// compared in tests/examples.
#include "../../examples/us_manufacturing/csv.cpp"
#include "../../examples/us_manufacturing/gains.cpp"

#include <cmath>
#include <fstream>
#include <sstream>

namespace test::us_manufacturing_gains {

using namespace example;

namespace {

industry_table us_table() {
  std::ifstream in(MELITZ_REFERENCE_DIR "/../../examples/us_manufacturing/us_manufacturing_exporters.csv");
  REQUIRE(in);
  return read_table(in, "us_manufacturing_exporters.csv");
}

industry_table table_of(std::string const& text) {
  std::istringstream in(text);
  return read_table(in, "own.csv");
}

std::string const first_line = "naics,industry,share_exporting_2012,export_sales_share_2012\n";

}  // namespace

TEST_CASE("the aggregate of 2002 calibrates to the known trade costs", "[us_manufacturing]") {
  auto const results = analyse(us_table(), 0, {});
  REQUIRE(results.year == 2002);
  REQUIRE(results.aggregate);
  REQUIRE(results.aggregate->solved());
  auto const& economy = results.aggregate->pareto->trade.economy;
  CHECK_THAT(economy.iceberg_cost, test::WithinRel(1.83142921812, 3e-12));
  test::validates const here("published",
                             "Melitz and Redding (2015), p. 1128: as many firms and sales exported as in "
                             "US manufacturing in 2002");
  test::check_printed("iceberg_cost", economy.iceberg_cost, "1.83");
  CHECK_THAT(economy.export_fixed_cost / economy.domestic.fixed_cost, test::WithinRel(0.546159611394, 1e-12));
}

TEST_CASE("every industry shows what was observed of it, and gains what the closed form says", "[us_manufacturing]") {
  auto const table = us_table();
  assumptions const a;
  for (std::size_t k = 0; k < table.years.size(); ++k) {
    auto const results = analyse(table, k, a);
    REQUIRE(results.industries.size() == 21);
    auto rows = results.industries;
    rows.push_back(results.aggregate.value());
    for (auto const& row : rows) {
      INFO(results.year << ' ' << row.name);
      REQUIRE(row.solved());
      test::validates const here("us_manufacturing", std::to_string(results.year) + ", " + row.code + " " + row.name);
      double const chi = row.seen.share_exporting / 100, s = row.seen.export_sales_share / 100;
      for (auto const* o : {&*row.pareto, &*row.lognormal}) {
        test::validate("share_exporting, percent", 100 * o->trade.share_exporting, row.seen.share_exporting);
        test::validate("exporter_intensity, percent", 100 * o->trade.exporter_intensity, row.seen.export_sales_share);
        CHECK_THAT(o->trade.share_exporting, test::WithinRel(chi, 1e-12));
        CHECK_THAT(o->trade.exporter_intensity, test::WithinRel(s, 1e-12));
        CHECK_THAT(o->trade.probability_of_producing, test::WithinRel(0.5, 1e-12));
        double sum = 0;
        for (double const share : o->shares) sum += share;
        CHECK_THAT(sum, test::WithinRel(1.0, 1e-12));
        CHECK(o->effects.firms.size() == 4);
      }
      // Under Pareto exporters have a share chi^((k-r)/k) of sales at home, and ACR is exact.
      double const lambda = 1 / (1 + std::pow(chi, (a.shape - 3) / a.shape) * s / (1 - s));
      double const gain = 100 * (std::pow(lambda, -1 / a.shape) - 1);
      CHECK_THAT(row.pareto->gain(), test::WithinRel(gain, 1e-11));
      CHECK_THAT(acr_gain(*row.pareto, a.shape), test::WithinRel(gain, 1e-11));
      CHECK(row.lognormal->gain() > row.pareto->gain());
    }
  }
}

TEST_CASE("how many entrants produce matters under log-normal only", "[us_manufacturing]") {
  auto const results = analyse(us_table(), 0, {});
  REQUIRE(results.variants.size() == 3);
  for (auto const& v : results.variants) {
    CHECK_FALSE(v.support_binds);
    CHECK_THAT(v.pareto_gain, test::WithinRel(results.aggregate->pareto->gain(), 1e-12));
  }
  CHECK_THAT(results.variants[1].lognormal_gain, test::WithinRel(results.aggregate->lognormal->gain(), 1e-12));
  CHECK(results.variants[0].lognormal_gain < 0.8 * results.variants[1].lognormal_gain);
  CHECK(results.variants[2].lognormal_gain > 1.1 * results.variants[1].lognormal_gain);
}

TEST_CASE("numbers that stand apart are suspect", "[us_manufacturing]") {
  auto const table = us_table();
  for (std::size_t k = 0; k < table.years.size(); ++k) {
    for (auto const& row : analyse(table, k, {}).industries) {
      INFO(table.years[k] << ' ' << row.name);
      CHECK(row.suspect.empty() == !(table.years[k] == 2002 && row.code == "339"));
    }
  }
  auto const own = analyse(table_of(first_line + "1,a,20,15\n2,b,21,15\n3,c,22,15\n4,d,23,31\n5,e,46,15\n"), 0, {});
  CHECK(own.industries[0].suspect.empty());
  CHECK_THAT(own.industries[3].suspect, test::contains("export share of sales is 31 %, more than twice"));
  CHECK(own.industries[4].suspect.empty());  // twice, but not more
}

TEST_CASE("an industry that no such economy can show is named, and the others are solved", "[us_manufacturing]") {
  auto const results =
      analyse(table_of(first_line + "1,Too open,20,60\n2,Everyone,100,15\n3,Fine,20,15\nall,All,22,14\n"), 0, {});
  REQUIRE(results.industries.size() == 3);
  CHECK_THAT(results.industries[0].infeasible, test::contains("export_sales_share is 0.6; it must be at most"));
  CHECK_THAT(results.industries[1].infeasible, test::contains("share_exporting is 1; it must lie strictly between"));
  CHECK(results.industries[2].solved());
  CHECK(results.aggregate->solved());

  std::ostringstream out;
  write_csv(out, {results}, {});
  std::istringstream lines(out.str());
  std::string line;
  std::size_t commas = 0;
  for (std::size_t n = 0; std::getline(lines, line); ++n) {
    // Commas in quoted reasons do not count.
    std::size_t here = 0;
    bool inside = false;
    for (char const c : line) {
      if (c == '"') inside = !inside;
      if (c == ',' && !inside) ++here;
    }
    if (n == 0) commas = here;
    INFO(line);
    CHECK(here == commas);
  }
}

TEST_CASE("an assumption out of range concerns everything", "[us_manufacturing]") {
  auto const table = table_of(first_line + "1,Cork,20,15\n");
  auto const parameter_of = [&](assumptions const& a) {
    try {
      (void)analyse(table, 0, a);
    } catch (melitz::domain_error const& e) {
      return e.parameter();
    }
    return std::string("none");
  };
  CHECK(parameter_of({.elasticity = 1}) == "elasticity");
  CHECK(parameter_of({.shape = 2.9}) == "shape");
  CHECK(parameter_of({.log_sd = 0}) == "log_sd");
  CHECK(parameter_of({.share_producing = 1}) == "share_producing");
  CHECK(parameter_of({.partners = 0}) == "partners");
  CHECK(parameter_of({.partners = 1.5}) == "partners");
}

}  // namespace test::us_manufacturing_gains
