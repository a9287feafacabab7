// SPDX-License-Identifier: BSL-1.0
#pragma once

// Catch2 version 2 (Debian 12) or 3 (Debian 13) under one set of names. Version 3 split the one header of version 2
// and renamed the matcher for part of a string; everything else the tests use is the same in both.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_message.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

namespace test {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

/// Matches a message that has `part` somewhere in it.
inline auto contains(std::string const& part) {
#if __has_include(<catch2/catch_test_macros.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace test
