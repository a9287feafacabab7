// SPDX-License-Identifier: BSL-1.0
#include "old_names.hpp"

#include "document.hpp"

#include <string>
#include <utility>

namespace melitz::front {

namespace {

/// Parameters as they were called before, and as they are called now.
constexpr std::pair<std::string_view, std::string_view> renamed[] = {
    {"home_market_cost", "covers"},      {"margin_melts", "margin"},    {"constant_expenditure", "spending"},
    {"sunk_export_cost", "export_cost"}, {"irreversible_exit", "exit"}, {"tariff_on_cost", "tariff_on"},
    {"entrants", "mass_entrants"},
};

}  // namespace

void require_new_name(model const& what, std::string_view name) {
  if (parameter_named(what, name) != nullptr) return;
  for (auto const& [before, now] : renamed) {
    auto const* p = name == before ? parameter_named(what, now) : nullptr;
    if (p == nullptr) continue;
    throw input_error(join("parameters", name) + " is now called " + p->name +
                      (p->words.empty() ? "" : ", which is " + choices_of(*p)));
  }
}

}  // namespace melitz::front
