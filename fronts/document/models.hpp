// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../catalog/models.hpp"
#include "json_input.hpp"

#include <melitz/catalog/model.hpp>

#include <string>
#include <string_view>
#include <vector>

// The models that can be solved: those of the library's catalog.

namespace melitz::front {

using melitz::part;
using melitz::catalog::answer;
using melitz::catalog::laws_wanted;
using melitz::catalog::model;
using melitz::catalog::result;
using result_value = melitz::catalog::value;

/// @throws input_error, with a suggestion; also for a model that this program was built without
[[nodiscard]] model const& model_named(json const& name, std::string const& path);

/// "cutoffs", "labor_uses", ...: what a result is a part of.
[[nodiscard]] std::string_view word_of(part where);

}  // namespace melitz::front
