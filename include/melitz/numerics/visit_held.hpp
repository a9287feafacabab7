// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <utility>
#include <variant>

namespace melitz::detail {

/// What the visitor makes of the alternative that a variant holds, as std::visit for one variant. A switch instead of a
/// table of functions: the compiler sees through it, and files with many laws compile in less time.
/// @throws std::bad_variant_access where an exception has left the variant without any
template <std::size_t First = 0, class Visitor, class Variant>
constexpr decltype(auto) visit_held(Visitor&& visitor, Variant&& held) {
  constexpr std::size_t count = std::variant_size_v<std::remove_reference_t<Variant>>;
  constexpr auto last = [](std::size_t place) { return place < count ? place : count - 1; };
  switch (held.index()) {
    case First:
      return std::forward<Visitor>(visitor)(std::get<last(First)>(std::forward<Variant>(held)));
    case First + 1:
      return std::forward<Visitor>(visitor)(std::get<last(First + 1)>(std::forward<Variant>(held)));
    case First + 2:
      return std::forward<Visitor>(visitor)(std::get<last(First + 2)>(std::forward<Variant>(held)));
    case First + 3:
      return std::forward<Visitor>(visitor)(std::get<last(First + 3)>(std::forward<Variant>(held)));
    case First + 4:
      return std::forward<Visitor>(visitor)(std::get<last(First + 4)>(std::forward<Variant>(held)));
    case First + 5:
      return std::forward<Visitor>(visitor)(std::get<last(First + 5)>(std::forward<Variant>(held)));
    case First + 6:
      return std::forward<Visitor>(visitor)(std::get<last(First + 6)>(std::forward<Variant>(held)));
    default:
      break;
  }
  if constexpr (First + 7 < count) {
    return visit_held<First + 7>(std::forward<Visitor>(visitor), std::forward<Variant>(held));
  } else {
    return std::forward<Visitor>(visitor)(std::get<count - 1>(std::forward<Variant>(held)));
  }
}

}  // namespace melitz::detail
