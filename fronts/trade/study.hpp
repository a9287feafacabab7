// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "data.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

// A document that asks what policy does to a world in data:
//   {"model": "policy", "flows": "f.csv", "sectors": {"*": {"trade_elasticity": 4}},
//    "scenarios": [{"name": "A", "import_tax": [{"importer": "USA", "sector": "chem*", "add": 0.1}]}]}
// Here it is read and checked, and patterns have become countries and sectors; run.hpp answers.

namespace melitz::front {

/// A sector as a document has it; words are those of the library.
struct sector_point {
  std::string kind{};  ///< "krugman", ...; empty: by its numbers alone
  double trade_elasticity = std::numeric_limits<double>::quiet_NaN();
  double scale_elasticity = 0;
  double elasticity = std::numeric_limits<double>::quiet_NaN();    ///< sigma, of melitz_pareto
  double profit_share = std::numeric_limits<double>::quiet_NaN();  ///< NaN: as the sector implies
  std::vector<double> selection{0}, destination_cost_share{0};     ///< one for all importers, or by importer
  std::vector<double> market_cost_share{};                         ///< of nested_melitz_pareto
  std::string entry = "free", tariff_on = "delivered_price", scale_base = "entry";
};

/// Sectors under one set of parameters.
struct parameter_set {
  std::string name{};  ///< empty of the only one
  std::vector<sector_point> sectors{};
};

/// Taxes that one country may choose.
struct tax_request {
  std::size_t country = 0;
  std::string pattern = "all", instrument = "import_tax";
  double lower = -std::numeric_limits<double>::infinity(), upper = std::numeric_limits<double>::infinity();
};

/// How deficits are closed, and what money is.
struct closing {
  std::string closure = "nominal", numeraire = "world_labor_income", revenue = "lump_sum";
  std::size_t country = 0, partner = 1, numeraire_country = 0;
  std::vector<double> deficit{};  ///< of the closure list
};

enum class search_kind { none, optimal, nash, cooperation };

/// Others answer one country's import taxes.
struct answer_request {
  std::string kind{};  ///< "reciprocal", "best_response"; empty: nobody does
  std::size_t against = 0;
  std::vector<std::size_t> by{};
  std::vector<tax_request> choices{};  ///< of best_response
};

/// One question. What is empty stays as it is.
struct scenario {
  std::string name{};
  std::vector<double> import_tax{}, export_tax{}, iceberg{}, fixed_cost{};  ///< by pair and sector, as trade_data
  std::vector<double> production_tax{};                                     ///< by country and sector
  closing closed{};
  std::optional<bool> resolve_deficits{};  ///< first; nothing: where taxes are chosen, and not elsewhere
  answer_request answers{};
  search_kind search = search_kind::none;
  std::vector<tax_request> choices{};
  bool numerical = true;                      ///< of optimal: by search
  std::string formula{};                      ///< of optimal: and by this formula, if it is given
  std::string objective = "welfare";          ///< "government"; of cooperation "equal_gains", ...
  std::vector<double> political_weights{};    ///< by sector, of government
  std::string threat = "nash";                ///< of cooperation: what else there would be; or "baseline"
  std::vector<std::string> decompositions{};  ///< "log_path", "caliendo_parro", "ossa"
};

/// Trade elasticities drawn around those of each set.
struct bootstrap_request {
  std::size_t draws = 0;
  std::uint64_t seed = 1;
  std::vector<double> standard_error{};  ///< by sector
};

struct policy_study {
  trade_data data{};
  std::vector<parameter_set> sets{};
  double labor_supply_elasticity = 0;
  std::vector<scenario> scenarios{};
  bootstrap_request bootstrap{};
  std::vector<std::string> results{};  ///< patterns of names; empty: all
};

/// Is it one of these, rather than a model of the catalog?
[[nodiscard]] inline bool is_policy_study(json const& document) {
  return document.is_object() && document.contains("model") && document.at("model") == "policy";
}

/// @throws input_error naming what is wrong: a place in the document, or file, line and label; a pattern that matches
///         nothing is an error
[[nodiscard]] policy_study read_policy_study(json document, file_reader const& read);

/// Does a text match a pattern, in which * stands for any letters and ? for one?
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

}  // namespace melitz::front
