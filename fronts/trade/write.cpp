// SPDX-License-Identifier: BSL-1.0
#include "write.hpp"

#include "../document/text.hpp"
#include "../document/write.hpp"

#include <cmath>
#include <limits>
#include <ostream>

namespace melitz::front {

namespace {

[[nodiscard]] std::string number_field(double x) { return std::isnan(x) ? "" : to_text(x); }

[[nodiscard]] std::vector<std::string> fields_of(std::vector<std::string> const& names) {
  std::vector<std::string> out;
  for (auto const& name : names) out.push_back(csv_field(name));
  return out;
}

[[nodiscard]] bool is_tax(std::string_view name) { return name == "tariff" || name.ends_with("_tax"); }

[[nodiscard]] json numbers_in_json(std::vector<double> const& x, answered_by by, policy_study const& study) {
  auto const n = study.data.countries.size(), count = study.data.sectors.size();
  array out;
  out.numbers.reserve(x.size());
  melitz::told::by_two indices{melitz::told::by::country};
  if (by == answered_by::country) {
    out = {n, 1, x};
  } else if (by == answered_by::place) {
    out.rows = n;
    out.columns = count;
    indices.columns = melitz::told::by::industry;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t s = 0; s < count; ++s) out.numbers.push_back(x[study.data.place(i, s)]);
    }
  } else {
    out.rows = out.columns = n;
    out.layers = count;
    indices.columns = melitz::told::by::country;
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) out.numbers.push_back(x[study.data.pair(i, j, s)]);
      }
    }
  }
  auto numbers = to_json(out, indices);
  if (by == answered_by::pair && count == 1) numbers = json::array({numbers});
  return numbers;
}

}  // namespace

double percent_of(double before, double after) {
  if (before == after) return 0;
  if (before == 0 || !std::isfinite(before)) return std::numeric_limits<double>::quiet_NaN();
  return 100 * (after / before - 1);
}

policy_rows::policy_rows(std::ostream& out, policy_study const& study)
    : out_(out),
      study_(study),
      has_sets_(study.sets.size() > 1 || !study.sets.front().name.empty() || study.bootstrap.draws > 0),
      countries_(fields_of(study.data.countries)),
      sectors_(fields_of(study.data.sectors)) {
  out_ << "country,sector,partner,scenario," << (has_sets_ ? "parameters," : "")
       << "variable,before,after,change_percent,status,residual,unit\n";
}

void policy_rows::write(scenario_answer const& answer) {
  auto const middle =
      ',' + csv_field(answer.name) + ',' + (has_sets_ ? csv_field(answer.parameters) + ',' : std::string());
  for (auto const& values : answer.values) {
    auto const end =
        ',' + answer.status + ',' + number_field(answer.residual) + ',' + csv_field(std::string(values.unit)) + '\n';
    write_values(answer, values, middle + values.name + ',', end);
  }
}

void policy_rows::write_values(scenario_answer const& answer, policy_values const& values, std::string const& middle,
                               std::string const& end) {
  auto const& data = study_.data;
  auto const n = data.countries.size(), count = data.sectors.size();
  auto const one = [&](std::size_t at, std::string const& of) {
    double const before = values.before[at], after = values.after[at];
    if (is_tax(values.name) && !(before != after && answer.solved)) return;
    out_ << of << middle << number_field(before) << ',' << number_field(after) << ','
         << number_field(percent_of(before, after)) << end;
  };
  if (values.by == answered_by::country) {
    for (std::size_t i = 0; i < n; ++i) one(i, countries_[i] + ",,");
    return;
  }
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t i = 0; i < n; ++i) {
      if (values.by == answered_by::place) {
        one(data.place(i, s), countries_[i] + ',' + sectors_[s] + ',');
        continue;
      }
      for (std::size_t j = 0; j < n; ++j) {
        auto const at = data.pair(i, j, s);
        if (!is_tax(values.name) && !(data.flows[at] > 0)) continue;
        one(at, countries_[i] + ',' + sectors_[s] + ',' + countries_[j]);
      }
    }
  }
}

json json_of(policy_study const& study, json const& id) {
  json out = json::object();
  if (!id.is_null()) out["id"] = id;
  out["model"] = "policy";
  out["version"] = library_version();
  out["countries"] = study.data.countries;
  out["sectors"] = study.data.sectors;
  out["warnings"] = study.data.warnings;
  out["notes"] = study.data.notes;
  return out;
}

json json_of(scenario_answer const& answer, policy_study const& study) {
  json out = json::object();
  out["scenario"] = answer.name;
  if (!answer.parameters.empty()) out["parameters"] = answer.parameters;
  out["status"] = answer.status;
  out["residual"] = std::isnan(answer.residual) ? json() : json(answer.residual);
  out["notes"] = answer.notes;
  json results = json::object();
  for (auto const& v : answer.values) {
    results[v.name] = {{"unit", v.unit},
                       {"before", numbers_in_json(v.before, v.by, study)},
                       {"after", numbers_in_json(v.after, v.by, study)}};
  }
  out["results"] = std::move(results);
  return out;
}

}  // namespace melitz::front
