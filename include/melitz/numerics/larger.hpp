// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace melitz::detail {

/// The larger of the two; NaN if one of them is. No comparison is true of NaN, so that std::max may lose it.
template <class Real>
[[nodiscard]] constexpr Real larger_or_nan(Real const& a, Real const& b) {
  return a != a || b <= a ? a : b;
}

}  // namespace melitz::detail
