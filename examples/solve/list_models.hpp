// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "models.hpp"

#include <iosfwd>

namespace melitz_solve {

/// Every model and every law with their keys, units and restrictions.
void list_models(std::ostream& out);

/// A model file that runs.
void write_example(std::ostream& out, model const& what);

}  // namespace melitz_solve
