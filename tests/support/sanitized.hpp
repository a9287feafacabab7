// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace test {

/// Were these tests, and with them melitz-solve, compiled with the address sanitizer? It takes much memory before it
/// begins, and is ten times as slow: what tries many numbers in the same way tries fewer then. All of them are tried by
/// the build without it.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// @return so many, or fewer where each takes long
constexpr int fewer_if_sanitized(int all, int fewer) { return sanitized ? fewer : all; }

}  // namespace test
