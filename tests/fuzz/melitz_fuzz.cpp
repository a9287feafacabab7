// SPDX-License-Identifier: BSL-1.0
//
// melitz-fuzz: what melitz-solve reads, under libFuzzer. Nothing is solved; tests/solve and the models' own tests do.
//
// An input is a model, CSV files that it names (every name is the same file) and a command line's --set and --sweep,
// one on a line, with a zero byte between the three; what does not look like JSON is a CSV file alone. Whatever it is,
// it is accepted or refused by an input_error that is one line of UTF-8: any other exception ends the run.
//
// --write-seeds=FOLDER writes inputs to start from and the dictionary, and ends.

#include "../../fronts/common/utf8.hpp"
#include "../../fronts/document/csv.hpp"
#include "../../fronts/document/laws.hpp"
#include "../../fronts/document/list_models.hpp"
#include "../../fronts/document/models.hpp"
#include "../../fronts/document/read_model.hpp"
#include "../../fronts/document/settings.hpp"
#include "../../fronts/document/sweep.hpp"
#include "../../fronts/document/text.hpp"
#include "../../fronts/document/write.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using namespace melitz::front;

void require(bool holds, char const* what) {
  if (holds) return;
  std::cerr << "melitz-fuzz: " << what << '\n';
  std::abort();
}

/// Everything up to the first `separator`, which is taken off.
std::string_view take(std::string_view& text, char separator) {
  auto const end = text.find(separator);
  auto const out = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return out;
}

void read_alone(std::string_view csv) {
  for (auto const extent : {shape::by_country, shape::by_pair}) {
    try {
      auto const table = read_csv(csv, "file.csv", "parameters.name", {.extent = extent});
      require(table.numbers.numbers.size() == table.numbers.rows * table.numbers.columns, "a table is not full");
      for (auto const& name : table.countries) require(!wrong_with_name(name), "a country has no name");
    } catch (input_error const& e) {
      require(std::string_view(e.what()).starts_with("file.csv") || std::string_view(e.what()).starts_with("param"),
              "a message does not name the file");
    }
  }
}

void read_with_settings(std::string_view model, std::string_view csv, std::string_view settings) {
  file_reader const read = [&](std::string const& name, std::string const&) {
    return text_file{name, std::string(csv)};
  };
  auto file = with_tables(parse_json(std::string(model)), read);
  std::vector<axis> axes;
  while (!settings.empty()) {
    std::string const line(take(settings, '\n'));
    if (line.find(':') != std::string::npos) {
      axes.push_back(read_axis(line));
    } else {
      set_values(file, {read_assignment(line)});
    }
  }
  read_data(file, read);
  for (auto const& a : axes) {
    for (std::size_t const k : {std::size_t{0}, a.count / 2, a.count - 1}) {
      auto const value = a.at(k);
      require(value >= std::min(a.from, a.to) && value <= std::max(a.from, a.to), "an axis leaves its ends");
    }
  }
  auto const input = read_model(file);
  if (!axes.empty()) (void)sweep(file, axes);
  if (input.what->laws != laws_wanted::none) (void)in_words(input.distribution);
  if (input.countries > 10 || input.periods > 100) return;  // their numbers are too many to write
  (void)wide_columns(input, all_fields(*input.what));
  std::ostringstream out;
  write_json(out, input, {}, layout::one_line);
  require(example::is_utf8(out.str()) && json::accept(out.str()), "an answer is not JSON");
}

/// Models that tests of bad input have, and others that went wrong once.
constexpr std::array inputs{
    std::string_view(R"({"model": ["open"], "distribution": {"family": ["pareto"], "scale": [1], "shape": ["Inf"]},
      "parameters": {"labor": [null], "partners": 1e999, "iceberg_cost": -Infinity}, "id": {"a": [1, "b"]}})"),
    std::string_view(R"({"id": 7, "model": "world", "parameters": {"labor": "a.csv", "iceberg_cost": "b.csv"}})"),
    std::string_view(R"({"model": "chaney", "countries": ["A", "B"], "distribution": [{"family": "mixture",
      "weights": [0.5, 0.5], "components": [{"family": "discrete", "values": [1, 2], "weights": [0.5, 0.5]},
      {"family": "degenerate", "value": 1}]}, {"family": "uniform", "lower": 0, "upper": 1}], "parameters": {}})"),
    std::string_view(R"({"model": "closed", "distribution": {"family": "discrete", "values": "a.csv", "weights":
      {"file": "b.csv", "column": "w"}}, "parameters": {}})"),
    std::string_view(R"({"model": "chaney", "parameters": {"elasticity": [4, 3], "iceberg_cost": ["a.csv", 1.2]}})"),
    std::string_view("{\"model\": \"open\", \"a\": 1e999e, \"\\u0000\": -2.5E+999}"),
    std::string_view("{\"model\": \"open\", \"model\": \"closed\", \"a\\u000ab\": \"\xff\"}"),
    std::string_view(",USA,BRA,\"Korea, \"\"South\"\"\"\r\nUSA,1,1.8,2.1\r\nBRA,1.9,1,inf\r\nKOR,2.1,2,1"),
    std::string_view("\xef\xbb\xbf"
                     "country,workers\nUSA,110\nBRA,100\nNaN,90\n"),
    std::string_view("A,1\rB,60\rK\xf6ln,4\r"),
    std::string_view("NA,60,40\n"),
    std::string_view("l00\n60\n40\n"),
    std::string_view("1;1.6;2.1\n1.6;1;2\n2.1;2;1\n"),
    std::string_view("\"1,2\n3,4\n"),
    std::string_view("\xff\xfe"
                     "1"),
    std::string_view("7,BRA\n1,2\n2,1\n\n\n")};

constexpr std::array settings{
    std::string_view("labor[0]=5\ntariff[1][0]=0.1\niceberg_cost[*][1]*=1.1\ndistribution.log_sd=0.6"),
    std::string_view("labor[*]*=1:2:3\niceberg_cost[0][*]=1.1:3:4:log"),
    std::string_view("labor=1:2:3\nlabor[0]=1:2:3"),
    std::string_view("distribution.components[1].values[*]*=inf"),
    std::string_view("parameters.elasticity=-1e308:1e308:1000000000"),
    std::string_view("elasticity[1]*=1.1\niceberg_cost[*][0][1]=1.5\ndistribution.family=discrete"),
    std::string_view("spending=constant_expenditure\nexit*=2\nallow_no_entrants=true\nlabor=ten")};

void write_seeds(std::filesystem::path const& folder) {
  std::filesystem::create_directories(folder / "seeds");
  std::size_t count = 0;
  auto const write = [&](std::string const& text) {
    std::ofstream(folder / "seeds" / std::to_string(count++), std::ios::binary) << text;
  };
  std::set<std::string_view> words{"model",     "distribution", "parameters", "countries", "id",
                                   "family",    "mixture",      "components", "weights",   "inf",
                                   "-Infinity", "nan",          "file.csv",   "[*]",       "[0]"};
  for (auto const& m : models()) {
    std::ostringstream example;
    write_example(example, m);
    write(example.str());
    std::string const csv(m.has_countries() ? "A,1\nB,1\nC,1\n" : "");
    write(example.str() + '\0' + csv + '\0' + std::string(settings[count % settings.size()]));
    words.insert(m.name);
    for (auto const& p : m.parameters) {
      words.insert(p.name);
      words.insert(p.words.begin(), p.words.end());
    }
  }
  for (auto const input : inputs) write(std::string(input));
  auto const families = families_for_listing();
  for (auto const& f : families) {
    words.insert(f.name);
    for (auto const& key : f.keys) words.insert(key.name);
  }
  std::ofstream dictionary(folder / "dictionary", std::ios::binary);
  for (auto const word : words) dictionary << '"' << word << "\"\n";
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int k = 1; k < *argc; ++k) {
    std::string_view const argument((*argv)[k]), option = "--write-seeds=";
    if (!argument.starts_with(option)) continue;
    write_seeds(argument.substr(option.size()));
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<char const*>(data), size);
  if (rest.find_first_of("{[") > rest.find_first_not_of(" \t\r\n")) {
    read_alone(rest);
    return 0;
  }
  auto const model = take(rest, '\0'), csv = take(rest, '\0');
  try {
    read_with_settings(model, csv, rest);
  } catch (input_error const& e) {
    auto const message = one_line(e.what());
    require(!message.empty() && example::is_utf8(message) && message.find('\n') == std::string::npos,
            "a message is not one line of UTF-8");
  }
  return 0;
}
