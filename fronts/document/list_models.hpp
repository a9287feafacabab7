// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "models.hpp"
#include "settings.hpp"

#include <iosfwd>
#include <vector>

namespace melitz::front {

/// Every model and every law with their keys, units and restrictions.
void list_models(std::ostream& out);

/// The same and more, all that the catalog says, as one JSON object.
void list_models_in_json(std::ostream& out);

/// A model file that runs, with other numbers if there are any to set. @throws input_error for what cannot be set
void write_example(std::ostream& out, model const& what, std::vector<assignment> const& settings = {});

}  // namespace melitz::front
