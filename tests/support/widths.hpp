// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/widest_lanes.hpp>

#include <cstddef>
#include <vector>

namespace test {

#if MELITZ_HAS_LANES
/// The widths of registers that kernels can have in this program, on this processor and within what the environment
/// says; the least first.
inline std::vector<std::size_t> register_widths() {
  namespace lanes = melitz::detail::lanes;
  std::size_t const now = lanes::chosen_width();
  std::vector<std::size_t> out;
  for (std::size_t const width : {std::size_t{2}, std::size_t{4}, std::size_t{8}}) {
    if (width > now) break;
    lanes::limit_register_width(width);
    if (out.empty() || lanes::width_in_use() != out.back()) out.push_back(lanes::width_in_use());
  }
  lanes::limit_register_width(now);
  return out;
}

/// f(), with all kernels in each of these widths in turn.
template <class F>
void in_each_width(F const& f) {
  namespace lanes = melitz::detail::lanes;
  struct restored {
    std::size_t width = lanes::chosen_width();
    ~restored() { lanes::limit_register_width(width); }
  } const before;
  for (std::size_t const width : register_widths()) {
    lanes::limit_register_width(width);
    f();
  }
}
#else
template <class F>
void in_each_width(F const& f) {
  f();
}
#endif

}  // namespace test
