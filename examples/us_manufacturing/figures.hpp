// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gains.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace example {

/// Writes the data and the gnuplot scripts of a year's two figures: profits before and after trade (slide 28) for the
/// aggregate, if there is one, and the gains by industry. Run in `directory`, a script NAME.gp makes NAME.svg and,
/// where gnuplot can, NAME.png.
/// @return the names of the figures  @throws std::runtime_error naming a file that cannot be written
std::vector<std::string> write_figures(year_results const& year, assumptions const& a,
                                       std::filesystem::path const& directory);

/// What came of drawing.
struct drawing {
  bool gnuplot_found = false;
  std::vector<std::string> files{};   ///< the pictures there are now
  std::vector<std::string> failed{};  ///< scripts that gnuplot did not finish; gnuplot.log says why
};

/// Runs gnuplot, if it is installed, on the scripts of those figures.
drawing draw(std::vector<std::string> const& figures, std::filesystem::path const& directory);

}  // namespace example
