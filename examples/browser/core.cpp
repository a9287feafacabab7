// SPDX-License-Identifier: BSL-1.0
//
// What melitz.js calls besides libmelitz's own functions, which a page has as they are: texts of JSON in and out, and
// arrays for many solves. Codes, answers and messages are as fronts/c/melitz.h has them.

#include "c/failure.hpp"
#include "c/melitz.h"
#include "document/json_input.hpp"
#include "document/laws.hpp"
#include "document/models.hpp"

#include <melitz/catalog/law_error.hpp>
#include <melitz/numerics/to_text.hpp>

#include <cmath>
#include <cstddef>
#include <string>

namespace {

using namespace melitz::front;

/// What can be asked of a model besides its equilibrium.
[[nodiscard]] json operations_of(model const& what) {
  return {{"compare", true},
          {"gains", static_cast<bool>(what.gains_from_trade)},
          {"firms", static_cast<bool>(what.firms)},
          {"curve", static_cast<bool>(what.curves)},
          {"fates", static_cast<bool>(what.fates)},
          {"calibrate", static_cast<bool>(what.calibrate)}};
}

/// The law whose numbers are bound to the power that its survival wants. @throws input_error
[[nodiscard]] melitz::erased_tail<double> tail_for_survival(char const* text) {
  auto const drawn = read_law(parse_json(required(text, "law")));
  try {
    return drawn.tail(drawn.power_for_survival());
  } catch (melitz::catalog::law_error const& e) {
    throw input_error(e.where() + " is " + e.value() + "; it must " + e.restriction());
  }
}

}  // namespace

extern "C" {

/// What `melitz-solve --models --json` does not say: {"operations": {"closed": {"gains": false, ...}, ...}, "examples":
/// {"pareto": {"scale": 1, ...}, ...}}, of laws' keys.
int melitz_page_json(char** answer) {
  *answer = nullptr;
  return without_exceptions(
      [&] {
        json out{{"operations", json::object()}, {"examples", json::object()}};
        for (auto const& m : models()) out["operations"][std::string(m.name)] = operations_of(m);
        for (auto const& f : families_for_listing()) {
          auto& examples = out["examples"][std::string(f.name)] = json::object();
          for (auto const& key : f.keys) {
            if (!key.example_list.empty()) {
              examples[key.name] = json::parse(key.example_list);
            } else if (key.extent == shape::number) {
              examples[key.name] = key.example;
            }
          }
        }
        *answer = given_away(out.dump());
        return MELITZ_OK;
      },
      [](failure const&) {});
}

/// The density of log productivity, and the share of entrants with at least so much, of a law at `count`
/// productivities, which are positive and finite. A mistake is in *message.
int melitz_page_density(char const* law, std::size_t count, double const* productivities, double* log_density,
                        double* survival, char** message) {
  *message = nullptr;
  return without_exceptions(
      [&] {
        auto const tail = tail_for_survival(law);
        for (std::size_t k = 0; k < count; ++k) {
          double const phi = productivities[k];
          if (!(phi > 0 && std::isfinite(phi))) {
            throw input_error("productivities[" + std::to_string(k) + "] is " + melitz::to_text(phi) +
                              "; it must be positive and finite");
          }
          auto const point = tail.at(std::log(phi)).in_levels();
          log_density[k] = point.density;
          survival[k] = point.survival;
        }
        return MELITZ_OK;
      },
      [&](failure const& wrong) { *message = given_away(wrong.words); });
}

}  // extern "C"
