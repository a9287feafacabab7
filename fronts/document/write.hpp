// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "models.hpp"
#include "read_model.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

// Answers as JSON, and as a row of CSV.

namespace melitz::front {

enum class layout { one_line, one_key_per_line };

/// One JSON object and a line break. Numbers read back to the same double; infinities are "inf", undefined ones "nan".
void write_json(std::ostream& out, model_input const& input, answer const& given, layout how);

/// The object that answers a model with a mistake: {"id": ..., "status": "domain_error", "error": ...}, in one line.
void write_json_error(std::ostream& out, std::optional<json> const& id, std::string_view message);

/// ",status,residual,...": what stands right of the swept names; "wage[0]" or "wage[BRA]" for each country.
[[nodiscard]] std::string csv_header(model_input const& input);

/// The cells under csv_header; all empty but the status where it was not solved.
[[nodiscard]] std::string csv_cells(model_input const& input, answer const& given);

/// The cells of a row whose parameters are out of range.
[[nodiscard]] std::string csv_error_cells(model_input const& input, std::string_view message);

/// Why there is no solution: "out_of_range, the answer exists but ...".
[[nodiscard]] std::string explanation(answer const& given);

}  // namespace melitz::front
