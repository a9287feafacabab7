// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"
#include "output_options.hpp"
#include "streams.hpp"

#include <functional>
#include <iosfwd>

namespace melitz::front {

/// Answers each line that is a model with a line that is its answer, whatever is wrong with it.
/// @param how  each is written
/// @param file_of  what a document says, with what the command line says instead
void answer_lines(input_stream& in, std::ostream& out, output_options const& how,
                  std::function<model_file(json const& document)> const& file_of);

}  // namespace melitz::front
