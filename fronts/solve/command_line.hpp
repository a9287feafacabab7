// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/settings.hpp"
#include "../document/sweep.hpp"
#include "output_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace melitz::front {

/// What the command line asks for: at most one of those that say what to do, and nothing but the equilibrium without.
struct options {
  std::string file, output, example;
  bool json = false, batch = false, models = false, gains = false, calibrate = false, equilibrium = false,
       elasticities = false;
  std::vector<assignment> set, compare;
  std::vector<std::string> compared{};  ///< as they were typed
  std::vector<axis> sweep{};
  std::vector<double> curve{}, firms{};  ///< cutoffs, productivities
  std::vector<std::string> derivatives{}, by{};
  std::string importer{};  ///< of tables that do not say which country it is: "first", "second"
  output_options shown{};
};

/// Nothing where there is no more to do, as after --help. @throws input_error
[[nodiscard]] std::optional<options> read_command_line(int argc, char** argv);

}  // namespace melitz::front
