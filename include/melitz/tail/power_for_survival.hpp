// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/numerics/visit_held.hpp>

#include <variant>

namespace melitz::detail {

/// A power to bind a law to where only its survival is wanted: so small that the moment exists or, for a log-normal
/// law, large enough that its tail needs no spare digits.
template <class Law>
[[nodiscard]] law_real_t<Law> power_for_survival(Law const& law) {
  if constexpr (requires { law.power_for_survival(); }) {
    return law.power_for_survival();
  } else {
    return law_real_t<Law>(law_real_t<Law>(1) / 1024);
  }
}
template <real Real>
[[nodiscard]] Real power_for_survival(lognormal<Real> const& law) {
  return Real(2 / law.log_sd);
}
template <class... Laws>
[[nodiscard]] law_real_t<std::variant<Laws...>> power_for_survival(std::variant<Laws...> const& law) {
  return detail::visit_held([](auto const& l) { return power_for_survival(l); }, law);
}

}  // namespace melitz::detail
