// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run.hpp"

#include "../document/document.hpp"

#include <iosfwd>

namespace melitz::front {

/// Answers as rows of CSV, one for each number:
///   country,sector,partner,scenario,variable,before,after,change_percent,status,residual,unit
/// with a column `parameters` after the scenario where there are several sets of them. What is by country alone has no
/// sector and no partner; of what is by pair the country is the exporter and the partner the importer. Taxes have a row
/// where they change, flows and shares where there is trade. Numbers read back to the same double; one that is not
/// there is empty.
class policy_rows {
 public:
  /// @param study  outlives it
  policy_rows(std::ostream& out, policy_study const& study);
  /// Writes all rows of an answer.
  void write(scenario_answer const& answer);

 private:
  void write_values(scenario_answer const& answer, policy_values const& values, std::string const& middle,
                    std::string const& end);

  std::ostream& out_;
  policy_study const& study_;
  bool has_sets_;
  std::vector<std::string> countries_{}, sectors_{};  ///< as fields
};

/// An answer as JSON: {"scenario", "status", "residual", "notes", "results": {"welfare": {"unit", "before", "after"}}};
/// numbers by country and sector are lists of lists [country][sector], by pair [sector][exporter][importer].
[[nodiscard]] json json_of(scenario_answer const& answer, policy_study const& study);

/// What stands above the answers of a study: "model", "version", "countries", "sectors", "warnings", "notes".
[[nodiscard]] json json_of(policy_study const& study, json const& id);

/// 100 (after/before - 1); NaN without one of them, or from 0.
[[nodiscard]] double percent_of(double before, double after);

}  // namespace melitz::front
