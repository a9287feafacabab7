// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace melitz::detail {

/// Streams of random numbers that do not meet.
enum class random_stream : std::uint32_t { firms = 0, samples = 1, resampling = 2, counts = 3, facts = 4, starts = 5 };

}  // namespace melitz::detail
