// SPDX-License-Identifier: BSL-1.0
//
// libmelitz's arrays are the catalog's batches, one by one to the last bit, wherever what it does in parts begins and ends.

#include "catalog/compiled.hpp"

#include "c/melitz.h"
#include "document/laws.hpp"

#include <melitz/catalog/batch.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace test::c_arrays {

namespace catalog = melitz::catalog;

namespace {

constexpr char const* model =
    R"({"model": "open", "distribution": {"family": "lognormal", "log_mean": 0, "log_sd": 0.8},
  "parameters": {"elasticity": 4, "fixed_cost": 1, "entry_cost": 2, "death_rate": 0.05, "labor": 1, "partners": 3,
                 "export_fixed_cost": 1.3}})";

/// The place of what varies.
std::size_t place_of(catalog::model const& what, std::string const& name) {
  for (std::size_t k = 0; k < what.parameters.size(); ++k) {
    if (what.parameters[k].name == name) return k;
  }
  FAIL("no parameter " << name);
  return 0;
}

}  // namespace

TEST_CASE("libmelitz's arrays are the catalog's batches", "[catalog][c]") {
  auto const models = catalog::models_of<catalog::core_models, 0, 1>();
  auto const& open = *catalog::find(models, "open");
  auto given = catalog::examples_of(open);
  std::vector<double> const numbers{4, 1, 2, 0.05, 1, 3, 1.6, 1.3};
  std::vector<std::string> const names{"elasticity", "fixed_cost", "entry_cost",   "death_rate",
                                       "labor",      "partners",   "iceberg_cost", "export_fixed_cost"};
  for (std::size_t k = 0; k < names.size(); ++k) given[place_of(open, names[k])] = catalog::array_of(numbers[k]);
  std::vector const laws{melitz::front::read_law({{"family", "lognormal"}, {"log_mean", 0}, {"log_sd", 0.8}})};

  // Below 64 there are no lanes; 4096 is a part, and fewer than 64 more go with the one before.
  for (std::size_t const count :
       std::vector<std::size_t>{1, 63, 64, 4095, 4096, 4097, 4159, 4160, 8192, 8255, 8256, 70000}) {
    CAPTURE(count);
    std::vector<double> costs(count);
    for (std::size_t k = 0; k < count; ++k) costs[k] = 1.01 + 1.7 * static_cast<double>(k) / static_cast<double>(count);
    auto const expected =
        catalog::solve_batch(open, given, {{place_of(open, "iceberg_cost"), costs}}, laws, {.fields = {"welfare"}});

    char const *const parameter = "iceberg_cost", *const field = "welfare";
    std::vector<double> found(count);
    std::vector<int> statuses(count);
    double const* const values = costs.data();
    double* const into = found.data();
    char* message = nullptr;
    REQUIRE(melitz_solve_arrays(model, count, 1, &parameter, &values, 1, &field, &into, statuses.data(), 2, nullptr,
                                nullptr, &message) == MELITZ_OK);
    CHECK(message == nullptr);
    CHECK(statuses == std::vector<int>(count, MELITZ_CONVERGED));
    // Several at a time each part samples the law over its own range: as far apart as registers of other widths are.
    double farthest = 0;
    for (std::size_t k = 0; k < count; ++k) {
      farthest = std::max(farthest, std::abs(found[k] / expected.columns.at(0)[k] - 1));
    }
    CHECK(farthest <= (count < 64 ? 0 : 2.4e-14));
  }
}

TEST_CASE("what a progress function throws ends as a code", "[catalog][c]") {
  char const* const field = "welfare";
  double const costs[] = {1.2, 1.4}, *const values = costs;
  double found[2], *const into = found;
  char const* const parameter = "iceberg_cost";
  char* message = nullptr;
  auto const fails = [](std::size_t, std::size_t, void*) -> int { throw 7; };
  for (int const threads : {1, 2}) {
    CHECK(melitz_solve_arrays(model, 2, 1, &parameter, &values, 1, &field, &into, nullptr, threads, fails, nullptr,
                              &message) == MELITZ_INTERNAL);
    CHECK(message == nullptr);
  }
}

}  // namespace test::c_arrays
