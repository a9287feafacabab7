// SPDX-License-Identifier: BSL-1.0
#include <melitz/catalog/derivatives.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace test::catalog_derivatives {

namespace catalog = melitz::catalog;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

std::vector<catalog::model> const& models() {
  static auto const table = catalog::models_of<catalog::differentiable_models, 0, 1>();
  return table;
}

catalog::law_by_name lognormal(double log_sd) {
  return {"lognormal", {catalog::array_of(0.1), catalog::array_of(log_sd)}};
}

/// One result of a solve under a log-normal law.
double solved(catalog::model const& m, std::vector<catalog::array> const& given, double log_sd,
              std::string const& result) {
  auto const a = m.solve(given, {catalog::law_of(melitz::lognormal<>{0.1, log_sd})}, {});
  REQUIRE(a.reason == melitz::status::converged);
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    if (m.results[k].name == result) return std::get<double>(a.values[k]);
  }
  FAIL("no result " << result);
  return 0;
}

std::string const of_law = "distribution.log_sd";

}  // namespace

TEST_CASE("derivatives of a model are those of its solves", "[catalog][derivatives]") {
  constexpr double log_sd = 0.7;
  for (auto const& m : models()) {
    CAPTURE(std::string(m.name));
    auto const given = catalog::examples_of(m);
    bool const sourcing = m.name == "sourcing";
    std::vector<std::string> const results{sourcing ? "consumer_surplus" : "welfare", "cutoff", "mass_producers"};
    std::vector<std::string> parameters{"entry_cost", of_law};
    for (auto const& p : m.parameters) {
      if (p.name == "elasticity" || p.name == "iceberg_cost" || p.name == "headquarter_intensity") {
        parameters.push_back(p.name);
      }
    }
    auto const d = catalog::derivatives_of(m, given, lognormal(log_sd), results, parameters);
    REQUIRE(d.reason == melitz::status::converged);
    REQUIRE(d.table.size() == results.size() * parameters.size());
    for (std::size_t r = 0; r < results.size(); ++r) {
      CHECK_THAT(d.values[r], WithinRel(solved(m, given, log_sd, results[r]), 1e-13));
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        CAPTURE(results[r], parameters[p]);
        auto const at = [&](double by) {
          auto moved = given;
          for (std::size_t k = 0; k < m.parameters.size(); ++k) {
            if (m.parameters[k].name == parameters[p]) moved[k].numbers[0] += by;
          }
          return solved(m, moved, parameters[p] == of_law ? log_sd + by : log_sd, results[r]);
        };
        // Central differences, whose error of the second order cancels between two steps; what is left is h^4 and the
        // rounding of a solve over h.
        double const h = 1e-3, coarse = (at(2 * h) - at(-2 * h)) / (4 * h), fine = (at(h) - at(-h)) / (2 * h);
        double const scale = std::abs(d.values[r]) + std::abs(fine);
        CHECK_THAT(d.table[r * parameters.size() + p], WithinAbs((4 * fine - coarse) / 3, 1e-8 * scale));
      }
    }
  }
}

TEST_CASE("what trade costs do to welfare is the envelope theorem's", "[catalog][derivatives]") {
  // d ln W / d ln tau is minus the share of revenue that exports are, under every law.
  for (auto const& m : models()) {
    if (m.name != "open" && m.name != "technology") continue;
    auto const given = catalog::examples_of(m);
    auto const d = catalog::derivatives_of(m, given, lognormal(0.7), {"welfare"}, {"iceberg_cost"});
    double const share = solved(m, given, 0.7, "export_share");
    CHECK_THAT(d.table[0] * 1.6 / d.values[0], WithinRel(-share, 1e-12));
  }
}

TEST_CASE("derivatives that cannot be had are refused by name", "[catalog][derivatives]") {
  auto const& open = *catalog::find(models(), "open");
  auto const given = catalog::examples_of(open);
  auto const ask = [&](std::string const& result, std::string const& parameter, std::string const& family) {
    return catalog::derivatives_of(open, given, {family, lognormal(0.7).given}, {result}, {parameter});
  };
  CHECK_THROWS_WITH(ask("wellfare", "entry_cost", "lognormal"), contains("result is wellfare"));
  CHECK_THROWS_WITH(ask("regime", "sigma", "lognormal"), contains("parameter is sigma"));
  CHECK_THROWS_WITH(ask("welfare", "distribution.shape", "lognormal"), contains("parameter is distribution.shape"));
  CHECK_THROWS_WITH(ask("welfare", "entry_cost", "gamma"), contains("family is gamma"));
  catalog::model unknown{.name = "transition", .title = ""};
  CHECK_THROWS_WITH(catalog::derivatives_of(unknown, {}, lognormal(0.7), {}, {}), contains("model is transition"));
  auto bad = given;
  bad[0] = catalog::array_of(0.5);
  CHECK_THROWS_WITH(catalog::derivatives_of(open, bad, lognormal(0.7), {"welfare"}, {"labor"}),
                    contains("elasticity is 0.5"));
}

}  // namespace test::catalog_derivatives
