// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command_line.hpp"
#include "support/catch.hpp"
#include "trade/study.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

// Studies of policy as a user has them: a folder with files, and melitz-solve run in it.

namespace test {

/// Three countries that trade two goods; who reads them makes no difference between how they are written.
inline std::string const policy_flows = R"(exporter,importer,sector,value,tariff
USA,USA,cars,80,0
USA,CHN,cars,10,0.1
USA,ROW,cars,12,0.05
CHN,USA,cars,8,0.02
CHN,CHN,cars,40,0
CHN,ROW,cars,6,0.05
ROW,USA,cars,14,0.02
ROW,CHN,cars,9,0.1
ROW,ROW,cars,200,0
USA,USA,corn,50,0
USA,CHN,corn,4,0
USA,ROW,corn,5,0
CHN,USA,corn,6,0
CHN,CHN,corn,60,0
CHN,ROW,corn,9,0
ROW,USA,corn,4,0
ROW,CHN,corn,3,0
ROW,ROW,corn,150,0
)";

/// A document about them, with a question that changes nothing.
inline json policy_document() {
  return json::parse(R"({"model": "policy", "flows": "flows.csv", "closure": "zero",
    "sectors": {"*": {"trade_elasticity": 4}, "ca*": {"kind": "krugman", "trade_elasticity": 5}},
    "scenarios": [{"name": "A", "import_tax": [{"importer": "CHN", "exporter": "USA", "sector": "cars", "set": 0.25}]}]})");
}

/// Files and what melitz-solve says of them.
class policy_folder {
 public:
  policy_folder() { write("flows.csv", policy_flows); }

  void write(std::string const& name, std::string const& text) const { write_file(folder_ / name, text); }
  [[nodiscard]] std::string operator/(std::string const& name) const { return folder_ / name; }

  [[nodiscard]] outcome solve(json const& document, std::vector<std::string> arguments = {}) const {
    write("study.json", document.dump());
    arguments.insert(arguments.begin(), folder_ / "study.json");
    return run(arguments);
  }
  /// The answers in JSON, which must be there.
  [[nodiscard]] json answers(json const& document, std::vector<std::string> arguments = {}) const {
    arguments.emplace_back("--json");
    auto const o = solve(document, arguments);
    INFO(o.err);
    REQUIRE(o.status == 0);
    return json::parse(o.out);
  }
  /// What it complains of, without the name of the folder.
  [[nodiscard]] std::string complaint(json const& document, std::vector<std::string> const& arguments = {}) const {
    auto const o = solve(document, arguments);
    INFO(o.err << document.dump());
    CHECK(o.status == 2);
    CHECK(o.out.empty());
    CHECK(lines(o.err).size() == 1);
    auto text = o.err;
    auto const folder = folder_ / "";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
    return text;
  }

 private:
  scratch_folder folder_{};
};

/// What is wrong with a document about `policy_flows`, where its reader says so; without a process for each.
inline std::string wrong_with(json const& document) {
  namespace front = melitz::front;
  try {
    (void)front::read_policy_study(front::json::parse(document.dump()),
                                   [](std::string const& name, std::string const& path) {
                                     if (name != "flows.csv") throw front::input_error(path + ": cannot open " + name);
                                     return front::text_file{name, policy_flows};
                                   });
  } catch (front::input_error const& e) {
    return e.what();
  }
  return "nothing is wrong";
}

/// Rows of CSV without quotes, by the names of columns.
inline std::vector<std::map<std::string, std::string>> rows_by_name(std::string const& csv) {
  std::vector<std::map<std::string, std::string>> out;
  std::vector<std::string> names;
  for (auto const& line : lines(csv)) {
    std::vector<std::string> fields(1);
    for (char const c : line) {
      if (c == ',') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (names.empty()) {
      names = fields;
      continue;
    }
    REQUIRE(fields.size() == names.size());
    auto& row = out.emplace_back();
    for (std::size_t k = 0; k < names.size(); ++k) row[names[k]] = fields[k];
  }
  return out;
}

/// The one text with another in the place of a part of it, which must be there.
inline std::string replaced(std::string text, std::string const& from, std::string const& to) {
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace test
