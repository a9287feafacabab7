// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/members.hpp>

namespace melitz {

/// How to solve for entry in many countries whose wages another good sets.
struct entry_options {
  bool allow_no_entrants = false;  ///< accept equilibria in which nobody enters in some country; else they are refused
  int max_evaluations = 100;       ///< Newton steps, at most

  /// What a file may say.
  static constexpr auto parameters() {
    return told::table{told::choice("allow_no_entrants", &entry_options::allow_no_entrants,
                                    "whether nobody may enter in some country")};
  }
};

/// How to solve a world of many countries whose firms draw from laws.
struct world_options {
  int max_evaluations = 100;  ///< Newton steps, at most; of each world that is solved on the way
  bool continuation = true;   ///< where wages are not found from autarky, follow them from dearer trade
};

/// How to solve for the wages of many countries whose trade is gravity.
struct wage_options {
  int max_evaluations = 500;  ///< readings of the matrix of trade costs, at most
};

}  // namespace melitz
