// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <string_view>

namespace melitz {

/// What an ad valorem tariff is a share of.
enum class tariff_base {
  delivered_price,  ///< the producer's price: what consumers pay is 1 + t times what the firm earns
  production_cost,  ///< the cost of the goods: the firm pays it and adds its markup on top
};

/// The tariff's base in words: "delivered_price", "production_cost".
[[nodiscard]] constexpr std::string_view to_string(tariff_base b) noexcept {
  return detail::word_of(b, {"delivered_price", "production_cost"});
}

}  // namespace melitz
