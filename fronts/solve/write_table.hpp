// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"

#include <iosfwd>

namespace melitz::front {

/// An answer as a table to read.
void write_table(std::ostream& out, model_input const& input, answer const& given);

}  // namespace melitz::front
