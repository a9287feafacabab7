// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

namespace test {

/// Checks a value against the row's number of that name, to a relative 1e-12.
inline auto agrees_with(json const& row) {
  return [&row](double value, char const* key) {
    CAPTURE(key);
    validate(key, value, number(row.at(key)));
    CHECK_THAT(value, WithinRel(number(row.at(key)), 1e-12));
  };
}

}  // namespace test
