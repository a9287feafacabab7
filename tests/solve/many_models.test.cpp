// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace test::solve_many_models {

// --sweep and --batch: many models in one run.

using namespace test;

namespace {

/// The fields of a CSV row.
std::vector<std::string> fields(std::string const& row) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (row[k] == '"') {
      if (quoted && k + 1 < row.size() && row[k + 1] == '"')
        out.back() += row[++k];
      else
        quoted = !quoted;
    } else if (row[k] == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += row[k];
    }
  }
  return out;
}

/// A CSV text as one object per row.
std::vector<std::map<std::string, std::string>> rows(std::string const& csv) {
  auto const all = lines(csv);
  auto const header = fields(all.at(0));
  std::vector<std::map<std::string, std::string>> out;
  for (std::size_t k = 1; k < all.size(); ++k) {
    auto const row = fields(all[k]);
    REQUIRE(row.size() == header.size());
    out.emplace_back();
    for (std::size_t c = 0; c < row.size(); ++c) out.back()[header[c]] = row[c];
  }
  return out;
}

/// The rows of a sweep, solved or not.
std::vector<std::map<std::string, std::string>> sweep_rows(json const& model,
                                                           std::vector<std::string> const& arguments) {
  return rows(test::solve(model, arguments).out);
}

std::vector<std::map<std::string, std::string>> sweep(json const& model, std::vector<std::string> const& arguments) {
  auto const o = test::solve(model, arguments);
  INFO(o.err);
  REQUIRE(o.status == 0);
  return rows(o.out);
}

json pareto() { return {{"family", "pareto"}, {"scale", 1}, {"shape", 4.25}}; }

}  // namespace

TEST_CASE("a sweep has a row for each value, with the numbers of single solves", "[solve]") {
  auto const o = test::solve(open_model(), {"--sweep", "iceberg_cost=1.2:3:4"});
  REQUIRE(o.status == 0);
  CHECK(o.err.empty());
  CHECK(o.out.starts_with("iceberg_cost,status,residual,"));
  auto const table = rows(o.out);
  REQUIRE(table.size() == 4);
  CHECK(table[0].at("iceberg_cost") == "1.2");
  CHECK(table[3].at("iceberg_cost") == "3");
  for (auto const& row : table) {
    auto const one = results_of(
        json::parse(test::solve(open_model(), {"--json", "--set", "iceberg_cost=" + row.at("iceberg_cost")}).out));
    CHECK(row.size() == one.size() + 2);  // what is swept, and warnings
    for (auto const& [key, value] : one.items()) {
      INFO(key);
      CHECK(row.at(key) == (value.is_string() ? value.get<std::string>() : row.at(key)));
      if (value.is_number()) CHECK(number(json(row.at(key))) == value.get<double>());
      if (value.is_boolean()) CHECK(row.at(key) == (value.get<bool>() ? "true" : "false"));
    }
  }
}

TEST_CASE("values are spaced evenly, or evenly in logs, and end where they should", "[solve]") {
  auto const linear = sweep(open_model(), {"--sweep", "partners=0:10:11"});
  REQUIRE(linear.size() == 11);
  for (std::size_t k = 0; k < 11; ++k)
    CHECK(linear[k].at("partners") == std::to_string(k));  // whole numbers stay whole

  auto const logs = sweep(open_model(), {"--sweep", "parameters.labor=0.01:100:5:log"});
  REQUIRE(logs.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK_THAT(number(json(logs[k].at("parameters.labor"))),
               WithinRel(std::pow(10.0, static_cast<double>(k) - 2), 1e-14));
  }
  CHECK(logs[4].at("parameters.labor") == "100");

  auto const down = sweep(open_model(), {"--sweep", "iceberg_cost=2:1:3"});
  CHECK(down[1].at("iceberg_cost") == "1.5");
  auto const once = sweep(open_model(), {"--sweep", "iceberg_cost=2:3:1"});
  REQUIRE(once.size() == 1);
  CHECK(once[0].at("iceberg_cost") == "2");
}

TEST_CASE("no value overflows between ends that a double holds", "[solve]") {
  auto const values = [](std::string const& range) {
    std::vector<double> out;
    for (auto const& row : sweep_rows(open_model(), {"--sweep", "labor=" + range}))
      out.push_back(number(json(row.at("labor"))));
    return out;
  };
  CHECK(values("-1e308:1e308:3") == std::vector<double>{-1e308, 0, 1e308});
  CHECK(values("1e308:1.5e308:3") == std::vector<double>{1e308, 1.25e308, 1.5e308});
  auto const logs = values("1e-300:1e300:5:log");
  REQUIRE(logs.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK_THAT(std::log10(logs[k]), WithinAbs(-300 + 150 * static_cast<double>(k), 1e-10));
  }
  CHECK_THAT(std::log10(values("1e300:1e-300:3:log")[1]), WithinAbs(0, 1e-10));
}

TEST_CASE("two sweeps make a grid, the first one outside", "[solve]") {
  auto const grid =
      sweep(open_model(), {"--sweep", "distribution.log_sd=0.6:0.8:2", "--sweep", "iceberg_cost=1.2:1.6:3"});
  REQUIRE(grid.size() == 6);
  std::vector<std::string> sds, costs;
  for (auto const& row : grid) {
    sds.push_back(row.at("distribution.log_sd"));
    costs.push_back(row.at("iceberg_cost"));
    auto const one = json::parse(test::solve(open_model(), {"--json", "--set", "iceberg_cost=" + costs.back(), "--set",
                                                            "distribution.log_sd=" + sds.back()})
                                     .out);
    CHECK(number(json(row.at("welfare"))) == one["welfare"].get<double>());
  }
  CHECK(sds == std::vector<std::string>{"0.6", "0.6", "0.6", "0.8", "0.8", "0.8"});
  CHECK(costs == std::vector<std::string>{"1.2", "1.4", "1.6", "1.2", "1.4", "1.6"});
}

TEST_CASE("the law is bound anew when the elasticity or the law moves", "[solve]") {
  for (std::string const name : {"elasticity", "distribution.components[0].log_sd"}) {
    auto model = with(open_model(), "/distribution", json::parse(R"({"family": "mixture", "weights": [0.5, 0.5],
      "components": [{"family": "lognormal", "log_mean": 0, "log_sd": 0.5}, {"family": "exponential", "rate": 1}]})"));
    for (auto const& row : sweep(model, {"--sweep", name + "=2:3:3"})) {
      auto const one = json::parse(test::solve(model, {"--json", "--set", name + '=' + row.at(name)}).out);
      CHECK(number(json(row.at("cutoff"))) == one["cutoff"].get<double>());
    }
  }
}

TEST_CASE("a value that is illegal or cannot be solved keeps its row, with empty numbers", "[solve]") {
  auto const check_empty = [](auto const& row, std::string const& swept) {
    for (auto const& [key, value] : row) {
      if (key != "status" && key != swept) CHECK(value.empty());
    }
  };
  // Shape 2 and 3 are too fat a tail; the first value too may be one.
  auto o = test::solve(with(open_model(), "/distribution", pareto()), {"--sweep", "distribution.shape=2:5:4"});
  CHECK(o.status == 0);
  CHECK(o.err == "melitz-solve: 2 of 4 rows are not solved; their column \"status\" says why\n");
  auto table = rows(o.out);
  REQUIRE(table.size() == 4);
  CHECK(table[0].at("status") ==
        "domain_error: distribution.shape is 2; it must exceed the size exponent 3 (elasticity - 1 in the open "
        "economy), or average productivity is infinite");
  check_empty(table[0], "distribution.shape");
  CHECK(table[2].at("status") == "converged");
  CHECK(table[3].at("status") == "converged");

  // Legal, but out of the range of double.
  o = test::solve(with(open_model(), "/parameters/fixed_cost", 1e-300), {"--sweep", "entry_cost=1:1e300:2"});
  CHECK(o.status == 0);
  table = rows(o.out);
  REQUIRE(table.size() == 2);
  CHECK(table[0].at("status") == "converged");
  CHECK(table[1].at("status") == "out_of_range");
  check_empty(table[1], "entry_cost");

  o = test::solve(open_model(), {"--sweep", "iceberg_cost=0:0.9:3"});
  CHECK(o.status == 1);  // not one of them
  CHECK(rows(o.out).size() == 3);
  CHECK_THAT(o.err, contains("3 of 3 rows are not solved"));
}

TEST_CASE("a sweep without trade in it writes inf and nan", "[solve]") {
  auto const row = sweep(with(open_model(), "/parameters/partners", 0), {"--sweep", "iceberg_cost=1:2:1"}).at(0);
  CHECK(row.at("export_cutoff") == "inf");
  CHECK(row.at("average_export_productivity") == "nan");
}

TEST_CASE("a sweep goes to a file, and a parameter may come from it alone", "[solve]") {
  scratch_folder const folder;
  auto const o = test::solve(without(open_model(), "/parameters/iceberg_cost"),
                             {"--sweep", "iceberg_cost=1.2:3:4", "--output", folder / "sweep.csv"});
  CHECK(o.status == 0);
  CHECK(o.out.empty());
  CHECK(read_file(folder / "sweep.csv") == test::solve(open_model(), {"--sweep", "iceberg_cost=1.2:3:4"}).out);
}

TEST_CASE("a pipe sees each row as it is solved", "[solve]") {
  // head ends after two lines; a program that kept its rows back would go on for ever.
  auto const o =
      run_shell(command({"-", "--sweep", "iceberg_cost=1:2:1000000000"}) + " | head -n 2", open_model().dump());
  CHECK(lines(o.out).size() == 2);
}

TEST_CASE("a bar shows on a terminal when a sweep takes long, and only then", "[solve]") {
  int const terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
    WARN("no pseudo-terminal here");
    return;
  }
  std::string const name = ptsname(terminal);
  int const other_end = ::open(name.c_str(), O_RDWR | O_NOCTTY);  // keeps what was written until it is read
  auto const on_terminal = [&](std::string const& sweep_command, std::string const& reader) {
    (void)run_shell(sweep_command + " 2>" + name + " | " + reader, open_model().dump());
    ::fcntl(terminal, F_SETFL, O_NONBLOCK);
    std::string seen;
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
      seen.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return seen;
  };
  // A reader that starts late makes any machine take long: the pipe is full long before the last row.
  std::string const slow = "{ sleep 0.8; cat >/dev/null; }";
  auto const bar = on_terminal(command({"-", "--sweep", "iceberg_cost=1.1:2:2000"}), slow);
  CHECK_THAT(bar, contains("of 2000"));
  CHECK_THAT(bar, contains(" % ") || contains(" %,"));
  CHECK(on_terminal(command({"-", "--sweep", "iceberg_cost=1.1:2:3"}), "cat >/dev/null").empty());

  auto const no_terminal =
      run_shell(command({"-", "--sweep", "iceberg_cost=1.1:2:2000"}) + " | " + slow, open_model().dump());
  CHECK(no_terminal.err.empty());
  ::close(other_end);
  ::close(terminal);
}

TEST_CASE("a batch answers every line with a line", "[solve]") {
  auto const bad = with(with(open_model(), "/parameters/iceberg_cost", 0.5), "/id", json::parse(R"({"run": 7})"));
  auto const failing = with(with(open_model(), "/parameters/entry_cost", 1e300), "/parameters/fixed_cost", 1e-300);
  std::string const input = with(open_model(), "/id", "first").dump() + "\n\n  \r\n" + bad.dump() +
                            "\r\n{\"model\": \n" + closed_model().dump() + "\nnonsense\n" + failing.dump();
  auto const o = run({"--batch"}, input);
  CHECK(o.status == 0);
  CHECK(o.err.empty());
  auto const answers = lines(o.out);
  REQUIRE(answers.size() == 6);

  auto const first = json::parse(answers[0]);
  CHECK(first["id"] == "first");
  CHECK(first["status"] == "converged");
  auto alone = json::parse(test::solve(open_model(), {"--json"}).out);
  alone["id"] = "first";
  CHECK(first == alone);

  auto const second = json::parse(answers[1]);
  CHECK(second["status"] == "domain_error");
  CHECK(second["error"] == "parameters.iceberg_cost is 0.5; it must be at least 1");
  CHECK(second["id"] == json::parse(R"({"run": 7})"));

  auto const third = json::parse(answers[2]);
  CHECK(third["status"] == "domain_error");
  CHECK_THAT(third["error"].get<std::string>(), contains("line 5, column 11: syntax error"));

  CHECK(json::parse(answers[3])["regime"] == "closed");
  CHECK(json::parse(answers[4])["status"] == "domain_error");
  CHECK(json::parse(answers[5])["status"] == "out_of_range");
  CHECK(json::parse(answers[5])["cutoff"] == "nan");
}

TEST_CASE("a batch answers any nonsense and goes on", "[solve]") {
  // Every beginning of a model, the model with every one of its bytes replaced, and bytes that are not UTF-8.
  std::string const model = open_model().dump();
  std::string input = "\xff\n[[[[\n\"\\ud800\"\nnull\n{}\n";
  std::size_t count = 5;
  for (std::size_t k = 1; k < model.size(); ++k) input += model.substr(0, k) + '\n', ++count;
  for (std::size_t k = 0; k < model.size(); ++k) {
    for (char const c : {'\x01', '"', '9', '-', '}', '\xc3'}) {
      auto changed = model;
      changed[k] = c;
      input += changed + '\n';
      ++count;
    }
  }
  auto const o = run({"--batch"}, input);
  CHECK(o.status == 0);
  CHECK(o.err.empty());
  auto const answers = lines(o.out);
  REQUIRE(answers.size() == count);
  std::size_t with_status = 0;
  for (auto const& a : answers) with_status += json::parse(a).contains("status") ? 1U : 0U;
  CHECK(with_status == count);
}

TEST_CASE("a batch says once that a model is spread over lines, and goes on", "[solve]") {
  std::string const one = open_model().dump();
  for (int const indent : {1, 4}) {
    auto const spread = open_model().dump(indent), list = json::array({open_model()}).dump(indent);
    auto const o =
        run({"--batch"}, spread + "\r\n" + one + '\n' + list + '\n' + one + "\n{\"model\": \"open\",\n" + one);
    CHECK(o.status == 0);
    auto const answers = lines(o.out);
    REQUIRE(answers.size() == 6);
    CHECK_THAT(answers[0], contains("line 1: a model begins here and does not end on the same line"));
    for (std::size_t const k : {1U, 3U, 5U}) CHECK_THAT(answers[k], contains("converged"));
    for (std::size_t const k : {2U, 4U}) CHECK_THAT(answers[k], contains("a model begins here"));
  }
}

TEST_CASE("an example that runs has the numbers that are set", "[solve]") {
  auto const o =
      run({"--example", "open", "--set", "labor=7", "--set", "distribution.log_sd*=2", "--set", "iceberg_cost=inf"});
  REQUIRE(o.status == 0);
  auto expected = json::parse(run({"--example", "open"}).out);
  expected["parameters"]["labor"] = 7;
  expected["parameters"]["iceberg_cost"] = "inf";
  expected["distribution"]["log_sd"] = 1.6;
  CHECK(json::parse(o.out) == expected);
  scratch_folder const folder;
  CHECK(run({"--example", "open", "--output", folder / "model.json"}).out.empty());
  CHECK(read_file(folder / "model.json") == run({"--example", "open"}).out);
}

TEST_CASE("a batch reads a file, and takes --set and --output", "[solve]") {
  scratch_folder const folder;
  write_file(folder / "models.jsonl", open_model().dump() + '\n' + open_model().dump() + '\n');
  auto const o = run({"--batch", folder / "models.jsonl", "--set", "labor=5", "--output", folder / "answers.jsonl"});
  CHECK(o.status == 0);
  auto const answers = lines(read_file(folder / "answers.jsonl"));
  REQUIRE(answers.size() == 2);
  CHECK(json::parse(answers[1])["revenue"] == 5);
}

TEST_CASE("another language drives a batch through a pipe", "[solve]") {
  if (run_shell("command -v python3").status != 0) {
    WARN("no python3 here");
    return;
  }
  // It waits for each answer before it sends the next model: an answer kept back would leave both waiting.
  auto const o = run_shell("timeout 120 python3 " + shell_quoted(MELITZ_SOLVE_SOURCE_DIR "/drive_from_python.py") +
                           ' ' + shell_quoted(MELITZ_SOLVE_EXECUTABLE));
  INFO(o.err);
  CHECK(o.status == 0);
  CHECK(o.out ==
        "iceberg_cost 1.528993: share_exporting 0.180000, welfare 2.379255\n"
        "iceberg_cost 0.9: parameters.iceberg_cost is 0.9; it must be at least 1\n");
}

}  // namespace test::solve_many_models
