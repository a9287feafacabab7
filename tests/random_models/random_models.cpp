// SPDX-License-Identifier: BSL-1.0
// Solves random models, every one that melitz-solve has, and complains about numbers that cannot be an equilibrium's.
//   melitz.tests.random_models [DRAWS [SEED [MODEL...]]]
// A complaint is a model file in a line, with what is wrong as its id: melitz-solve --batch reads them again.
#include "random_models/check.hpp"
#include "random_models/draw.hpp"

#include "document/read_model.hpp"

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

/// What became of the draws of one model.
struct tally {
  int refused = 0, wrong = 0;
  std::map<std::string, int> by_status{};
};

/// @return what is wrong with the library's answer to the document; empty if nothing is, or if it is refused
[[nodiscard]] std::string verdict(melitz::front::model const& what, melitz::front::json const& document, tally& count) {
  try {
    auto input = melitz::front::read_model({document});
    auto const answer = melitz::front::solve(input);
    ++count.by_status[std::string(melitz::to_string(answer.reason))];
    return answer.reason == melitz::status::converged ? test::complaint(what, document.at("parameters"), answer) : "";
  } catch (melitz::front::input_error const&) {  // out of range
    ++count.refused;
    return "";
  } catch (std::exception const& e) {
    return std::string("it throws: ") + e.what();
  }
}

/// Until that many draws are in range, or twenty times as many are not.
[[nodiscard]] tally try_model(melitz::front::model const& what, int draws, std::uint64_t seed) {
  test::uniform_numbers uniform(seed);
  tally out;
  for (int k = 0, index = 0; k < draws && index < 20 * draws; ++index) {
    auto document = test::random_model(what, index, uniform);
    int const refused = out.refused;
    auto const wrong = verdict(what, document, out);
    if (out.refused == refused) ++k;
    if (wrong.empty()) continue;
    ++out.wrong;
    document["id"] = wrong;
    std::cout << document.dump() << std::endl;
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> const given(argv + 1, argv + argc);
  int const draws = given.empty() ? 50 : std::atoi(given[0].c_str());
  std::uint64_t const seed = given.size() < 2 ? 1 : std::strtoull(given[1].c_str(), nullptr, 10);
  int wrong = 0;
  for (auto const& what : melitz::front::models()) {
    bool chosen = given.size() < 3;
    for (std::size_t k = 2; k < given.size(); ++k) chosen = chosen || given[k] == what.name;
    if (!chosen) continue;
    auto const count = try_model(what, draws, seed);
    std::cerr << what.name << ": " << count.wrong << " wrong, " << count.refused << " out of range";
    for (auto const& [name, number] : count.by_status) std::cerr << ", " << number << ' ' << name;
    auto const solved = count.by_status.find("converged");
    bool const few = solved == count.by_status.end() || 4 * solved->second < draws;
    std::cerr << (few ? ", which are too few to say anything\n" : "\n");
    wrong += count.wrong + (few ? 1 : 0);
  }
  return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
