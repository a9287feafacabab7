// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <melitz/economy/primitives.hpp>
#include <melitz/law/lognormal.hpp>

/// Writes the lecture's figures to a folder: NAME.dat, NAME.gnuplot and, where gnuplot is installed, NAME.png or .gif.
/// @return whether everything could be written
bool draw_figures(std::filesystem::path const& folder, melitz::open_economy<> const& trade,
                  melitz::lognormal<> const& draws);
