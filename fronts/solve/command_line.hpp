// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/settings.hpp"
#include "../document/sweep.hpp"
#include "output_options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace melitz::front {

/// What the command line asks for: at most one of those that say what to do, and nothing but the equilibrium without.
struct options {
  std::string file, output, example;
  bool json = false, csv = false, batch = false, models = false, gains = false, calibrate = false, equilibrium = false,
       elasticities = false;
  std::vector<assignment> set, compare;
  std::vector<std::string> compared{};  ///< as they were typed
  std::vector<axis> sweep{};
  std::vector<double> curve{}, firms{};  ///< cutoffs, productivities
  std::vector<std::string> derivatives{}, by{};
  output_options shown{};  ///< of an equilibrium, a sweep or a batch
};

/// Nothing where there is no more to do, as after --help. @throws input_error
[[nodiscard]] std::optional<options> read_command_line(int argc, char** argv);

/// "welfare,exports[Korea, South][USA]" is two names: a comma in brackets is of a name.
[[nodiscard]] std::vector<std::string> read_names_list(std::string_view text);

}  // namespace melitz::front
