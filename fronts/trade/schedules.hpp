// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace melitz::front {

/// How far the tariffs that a country has towards its partners are one schedule, as those of most favoured nations are:
/// a table read the wrong way round has not.
struct schedule_fit {
  double as_read = 0;     ///< mean correlation over sectors of a country's tariffs on two partners; of fewer than
  double transposed = 0;  ///< three sectors the share of the tariffs' variation that is between countries and sectors
  std::vector<std::vector<std::string>> unions{};  ///< countries whose tariffs on all others are the same, two or more

  /// The other reading fits better: what was read as the importer is the exporter.
  [[nodiscard]] bool is_odd() const { return transposed > as_read; }
};

/// @param tariffs  by pair and sector, i + N (j + N s), i the exporter
[[nodiscard]] schedule_fit fit_of_schedules(std::vector<double> const& tariffs,
                                            std::vector<std::string> const& countries, std::size_t sectors);

}  // namespace melitz::front
