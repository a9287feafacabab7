// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sanitized.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Runs the built melitz-solve as a user does.

namespace test {

using json = nlohmann::json;

/// A folder of its own, removed at the end.
class scratch_folder {
 public:
  scratch_folder() {
    std::random_device seed;
    path_ =
        std::filesystem::temp_directory_path() / ("melitz-solve-" + std::to_string(seed()) + std::to_string(seed()));
    std::filesystem::create_directory(path_);
  }
  scratch_folder(scratch_folder const&) = delete;
  scratch_folder& operator=(scratch_folder const&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string operator/(std::string const& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(std::string const& name) {
  std::ifstream in(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(std::string const& name, std::string const& text) {
  std::ofstream(name, std::ios::binary) << text;
}

inline std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (char const c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

struct outcome {
  int status = -1;
  std::string out, err;
};

/// Runs a line of shell. @param input  what stands on its standard input
inline outcome run_shell(std::string const& command, std::string const& input = "") {
  scratch_folder const folder;
  write_file(folder / "in", input);
  int const raw = std::system(("{ " + command + "; } <" + shell_quoted(folder / "in") + " >" +
                               shell_quoted(folder / "out") + " 2>" + shell_quoted(folder / "err"))
                                  .c_str());
  if (!WIFEXITED(raw)) throw std::runtime_error("did not end by itself: " + command);
  return {WEXITSTATUS(raw), read_file(folder / "out"), read_file(folder / "err")};
}

inline std::string command(std::vector<std::string> const& arguments) {
  std::string out = shell_quoted(MELITZ_SOLVE_EXECUTABLE);
  for (auto const& a : arguments) out += ' ' + shell_quoted(a);
  return out;
}

/// Runs melitz-solve; `input` is its standard input.
inline outcome run(std::vector<std::string> const& arguments, std::string const& input = "") {
  return run_shell(command(arguments), input);
}

/// The lines of a text, which must end with a line break.
inline std::vector<std::string> lines(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

/// The issue's example, with trade or without.
inline json open_model() {
  return json::parse(R"({"model": "open",
    "distribution": {"family": "lognormal", "log_mean": 0, "log_sd": 0.8},
    "parameters": {"elasticity": 4, "fixed_cost": 1, "entry_cost": 2, "death_rate": 0.05, "labor": 1,
                   "partners": 3, "iceberg_cost": 1.6, "export_fixed_cost": 1.3}})");
}

inline json closed_model() {
  json out = open_model();
  out["model"] = "closed";
  for (auto const* key : {"partners", "iceberg_cost", "export_fixed_cost"}) out["parameters"].erase(key);
  return out;
}

inline json with(json model, std::string const& pointer, json value) {
  model[json::json_pointer(pointer)] = std::move(value);
  return model;
}

inline json without(json model, std::string const& pointer) {
  auto const path = json::json_pointer(pointer);
  model[path.parent_pointer()].erase(path.back());
  return model;
}

/// An answer's status and results, without what it says of the model and of itself.
inline json results_of(json answer) {
  for (auto const* key : {"id", "model", "version", "countries", "warnings", "inputs"}) answer.erase(key);
  return answer;
}

/// Solves a model given as text or JSON.
inline outcome solve(json const& model, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), "-");
  return run(arguments, model.dump());
}

}  // namespace test
