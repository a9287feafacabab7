// SPDX-License-Identifier: BSL-1.0
#include "list_models.hpp"

#include "text.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

namespace melitz_solve {

namespace {

void list(std::ostream& out, std::vector<parameter> const& parameters) {
  std::size_t name_width = 0, unit_width = 0;
  for (auto const& p : parameters) {
    name_width = std::max(name_width, p.name.size());
    unit_width = std::max(unit_width, p.unit.size());
  }
  for (auto const& p : parameters) {
    std::string const name(p.name), unit(p.unit);
    out << "    " << name << std::string(name_width - name.size() + 2, ' ') << unit
        << std::string(unit_width - unit.size() + (unit_width > 0 ? 2 : 0), ' ') << "must " << p.restriction << '\n';
  }
}

}  // namespace

void list_models(std::ostream& out) {
  out << "Models (\"model\") and their \"parameters\"\n";
  for (auto const& m : models()) {
    out << "\n  " << m.name << ": " << m.title << '\n';
    list(out, m.parameters);
  }
  out << "\nLaws of productivity (\"family\" in \"distribution\") and their keys\n";
  for (auto const& f : families()) {
    out << "\n  " << f.name << '\n';
    std::vector<parameter> keys;
    for (auto const& key : f.keys) keys.push_back(key.what);
    list(out, keys);
  }
  out << "\n  mixture\n";
  list(out, {{"weights", "", "be a list of probabilities that sum to 1"},
             {"components", "", "be a list of as many laws, of any family above"}});
}

void write_example(std::ostream& out, model const& what) {
  out << "{\n  \"model\": \"" << what.name
      << "\",\n  \"distribution\": {\"family\": \"lognormal\", \"log_mean\": 0, \"log_sd\": 0.8},\n  \"parameters\": "
         "{\n";
  for (auto const& p : what.parameters) {
    out << "    \"" << p.name << "\": " << to_text(p.example) << (&p == &what.parameters.back() ? "\n" : ",\n");
  }
  out << "  }\n}\n";
}

}  // namespace melitz_solve
