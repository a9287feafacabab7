// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <functional>

namespace melitz::front {

/// Calls part(0), ..., part(parts - 1), begun in this order, at most `threads` at a time (0: one for each processor).
/// Each returns how many elements it did; `told` is called with their sum so far, from the calling thread, and ends the
/// work by false: what has begun is done, nothing else begins.
/// @return false if that left something undone
/// @throws what a part throws; of several the first one, which no number of threads changes. Nothing runs any more then
[[nodiscard]] bool do_parts(std::size_t parts, int threads, std::function<std::size_t(std::size_t)> const& part,
                            std::function<bool(std::size_t)> const& told);

}  // namespace melitz::front
