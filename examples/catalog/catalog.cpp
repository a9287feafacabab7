// SPDX-License-Identifier: BSL-1.0
// Models by name, at run time: what they want, a solve, a batch that says how far it is, and derivatives.
// docs/how-to.md shows it.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/derivatives.hpp>
#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/models/technology.hpp>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace {

namespace catalog = melitz::catalog;

// [list]
// All models are in melitz::catalog::core_models; whoever lists a few compiles only these.
using economies = std::tuple<melitz::open_economy<>, melitz::technology_economy<>>;

std::vector<catalog::model> const models = catalog::models_of<economies, 0, 1>();
// [/list]

void describe() {
  std::printf("describe\n");
  // [describe]
  for (auto const& model : models) {
    std::printf("%s: %s\n", std::string(model.name).c_str(), std::string(model.title).c_str());
  }
  auto const& technology = *catalog::find(models, "technology");
  for (auto const& p : technology.parameters) {
    std::printf("  %-18s must %s, as %g\n", p.name.c_str(), std::string(p.restriction).c_str(), p.example);
  }
  // [/describe]
}

/// A result of a solve, by its name.
double number(catalog::model const& model, catalog::answer const& answer, std::string const& name) {
  for (std::size_t k = 0; k < model.results.size(); ++k) {
    if (model.results[k].name == name) return std::get<double>(answer.values[k]);
  }
  return std::nan("");
}

void solve() {
  std::printf("\nsolve\n");
  // [solve]
  auto const& technology = *catalog::find(models, "technology");
  auto given = catalog::examples_of(technology);  // in the order of technology.parameters
  auto const law = catalog::law_of(melitz::lognormal<>{.log_mean = 0, .log_sd = 0.8});
  auto const answer = technology.solve(given, {law}, {});
  std::printf("%s, share upgrading %.4f\n", std::string(to_string(answer.reason)).c_str(),
              number(technology, answer, "share_upgrading"));
  given[6] = catalog::array_of(std::numeric_limits<double>::infinity());  // the iceberg cost: no trade
  for (auto const& warning : technology.solve(given, {law}, {}).warnings) std::printf("%s\n", warning.c_str());
  // [/solve]
}

void batch() {
  std::printf("\nbatch\n");
  // [batch]
  auto const& open = *catalog::find(models, "open");
  catalog::varied iceberg_cost{.parameter = 6, .values = {}};
  for (int k = 0; k < 4000; ++k) iceberg_cost.values.push_back(1 + 0.001 * k);
  catalog::batch_options how{.fields = {"welfare", "share_exporting"}};
  how.progress = [](std::size_t done, std::size_t count) {
    std::printf("%zu of %zu\n", done, count);
    return true;  // false would end it here
  };
  auto const law = catalog::law_of(melitz::lognormal<>{.log_mean = 0, .log_sd = 0.8});
  auto const many = catalog::solve_batch(open, catalog::examples_of(open), {iceberg_cost}, {law}, how);
  std::printf("welfare at cost 1 and 1.5: %.6f %.6f\n", many.columns[0][0], many.columns[0][500]);
  // [/batch]
}

void differentiate() {
  std::printf("\ndifferentiate\n");
  // [differentiate]
  auto differentiable = models;
  catalog::add_derivatives<economies>(differentiable);
  auto const& technology = *catalog::find(differentiable, "technology");
  catalog::law_by_name const law{"lognormal", {catalog::array_of(0), catalog::array_of(0.8)}};
  auto const d = technology.differentiate(catalog::examples_of(technology), {law}, {"welfare", "share_upgrading"},
                                          {"iceberg_cost", "distribution.log_sd"});
  std::printf("d welfare         / d iceberg cost %9.6f, d log_sd %9.6f\n", d.table[0], d.table[1]);
  std::printf("d share upgrading / d iceberg cost %9.6f, d log_sd %9.6f\n", d.table[2], d.table[3]);
  // [/differentiate]
}

}  // namespace

int main() {
  describe();
  solve();
  batch();
  differentiate();
}
