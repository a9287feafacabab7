// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/tables.hpp"
#include "../trade/study.hpp"
#include "command_line.hpp"

#include <functional>
#include <string>

namespace melitz::front {

/// Answers a study of policy: as tables to read, as CSV (--long) or as JSON, with warnings about the data.
/// @return 0, or 1 if a question has no answer @throws input_error
int run_policy(options const& chosen, json document, file_reader const& read,
               std::function<void(std::string const&)> const& complain);

}  // namespace melitz::front
