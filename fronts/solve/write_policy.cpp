// SPDX-License-Identifier: BSL-1.0
#include "write_policy.hpp"

#include "../document/text.hpp"
#include "../trade/write.hpp"
#include "write_operations.hpp"

#include <cmath>
#include <numeric>
#include <ostream>
#include <string>

namespace melitz::front {

namespace {

/// Six digits: a table is for reading. What rounding leaves of nothing is nothing.
[[nodiscard]] double rounded(double x, double noise = 0) {
  return std::abs(x) <= noise ? 0 : to_number(to_text(x, 6)).value_or(x);
}

}  // namespace

void write_policy_data(std::ostream& out, policy_study const& study) {
  auto const& data = study.data;
  auto const counted = [](std::size_t count, char const* one, char const* several) {
    return std::to_string(count) + ' ' + (count == 1 ? one : several);
  };
  out << "Trade policy: " << counted(data.countries.size(), "country", "countries") << ", "
      << counted(data.sectors.size(), "sector", "sectors") << " of " << data.flows_file << '\n';
  for (auto const& note : data.notes) out << "  " << note << '\n';
}

void write_policy_table(std::ostream& out, scenario_answer const& answer, policy_study const& study) {
  std::string name = '\n' + answer.name;
  if (!answer.parameters.empty()) name += " (" + answer.parameters + ')';
  if (!answer.solved) {
    out << name << "\n  Not solved: " << answer.status << '\n';
  } else {
    out << name << '\n';
  }
  for (auto const& note : answer.notes) out << "  " << note << '\n';
  if (!answer.solved) return;
  auto const begun = [&] {
    rows empty{.columns = {"country"}};
    for (auto const& country : study.data.countries) empty.cells.push_back({country});
    return empty;
  };
  rows table = begun();
  std::string kind_of_table;
  double const noise = 1e-13 * std::accumulate(study.data.flows.begin(), study.data.flows.end(), 0.0);
  bool first = true;
  auto const flush = [&] {
    if (table.columns.size() == 1) return;
    if (!first) out << '\n';
    first = false;
    write_rows(out, table);
    table = begun();
  };
  for (auto const& v : answer.values) {
    if (v.by != answered_by::country) continue;
    bool const is_index = v.unit == "1 before";
    auto const dot = v.name.find('.');
    bool const is_part = dot != std::string::npos;
    // What belongs together stands in one table: indices, parts of one decomposition, three levels with their changes.
    auto const kind = is_part ? v.name.substr(0, dot) : is_index ? "index" : "level";
    constexpr std::size_t of_three_levels = 10;
    if (kind != kind_of_table || (kind == "level" && table.columns.size() >= of_three_levels)) flush();
    kind_of_table = kind;
    if (is_index) {
      table.columns.push_back(v.name + " %");
    } else if (is_part) {
      table.heading = kind + ", " + std::string(v.unit);
      table.columns.push_back(v.name.substr(dot + 1));
    } else {
      table.columns.insert(table.columns.end(), {v.name, "after", "%"});
    }
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
      auto& row = table.cells[i];
      double const least = v.unit == "as flows" ? noise : is_part ? 1e-13 : 0;
      double const before = rounded(v.before[i], least), after = rounded(v.after[i], least);
      double const percent = before == 0 && after == 0 ? 0 : percent_of(v.before[i], v.after[i]);
      if (!is_index && !is_part) row.emplace_back(before);
      if (!is_index) row.emplace_back(after);
      if (!is_part) row.emplace_back(std::isnan(percent) ? percent : rounded(std::round(1e4 * percent) / 1e4));
    }
  }
  flush();
}

}  // namespace melitz::front
