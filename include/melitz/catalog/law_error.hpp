// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <string>
#include <utility>

namespace melitz::catalog {

/// A law that is none: the domain_error of one of its parameters.
class law_error : public domain_error {
 public:
  /// @param where  the place of the parameter: "distribution.scale", "distribution.components[1].shape"
  law_error(domain_error const& e, std::string where) : domain_error(e), where_(std::move(where)) {}

  [[nodiscard]] std::string const& where() const noexcept { return where_; }

 private:
  std::string where_;
};

}  // namespace melitz::catalog
