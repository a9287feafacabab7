// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <optional>
#include <string_view>
#include <type_traits>

namespace melitz {

/// The laws of firm size that can be estimated. Their parameters are those of the law of that name; a scale is
/// estimated in logarithms, as log_scale.
enum class size_law {
  pareto,                    ///< {shape}, above the known truncation or the smallest size
  bounded_pareto,            ///< {shape}, up to the known truncation or the largest size
  lognormal,                 ///< {log_mean, log_sd}
  weibull,                   ///< {log_scale, shape}
  frechet,                   ///< {log_scale, shape}
  exponential,               ///< {rate}
  log_logistic,              ///< {log_scale, steepness}: singh_maddala with a tail_power of 1
  spliced_lognormal_pareto,  ///< {log_mean, log_sd, shape}: the density and its slope are continuous at the join
  three_piece,               ///< {log_mean, log_sd, upper_shape, lower_shape}
  pareto_lognormal,          ///< {log_mean, log_sd, shape}
  double_pareto_lognormal,   ///< {log_mean, log_sd, upper_shape, lower_shape}
  singh_maddala,             ///< {log_scale, steepness, tail_power}
  dagum,                     ///< {log_scale, steepness, lower_power}
  gamma,                     ///< {log_scale, gamma_shape}: generalized_gamma with a power of 1
  generalized_gamma,         ///< {log_scale, gamma_shape, power}
};

/// All of them, in their order.
inline constexpr size_law all_size_laws[] = {
    size_law::pareto,
    size_law::bounded_pareto,
    size_law::lognormal,
    size_law::weibull,
    size_law::frechet,
    size_law::exponential,
    size_law::log_logistic,
    size_law::spliced_lognormal_pareto,
    size_law::three_piece,
    size_law::pareto_lognormal,
    size_law::double_pareto_lognormal,
    size_law::singh_maddala,
    size_law::dagum,
    size_law::gamma,
    size_law::generalized_gamma,
};

/// The law's name, as the catalog has it.
[[nodiscard]] constexpr std::string_view to_string(size_law law) noexcept {
  return detail::word_of(law, {"pareto", "bounded_pareto", "lognormal", "weibull", "frechet", "exponential",
                               "log_logistic", "spliced_lognormal_pareto", "three_piece", "pareto_lognormal",
                               "double_pareto_lognormal", "singh_maddala", "dagum", "gamma", "generalized_gamma"});
}

/// The law of that name, if there is one.
[[nodiscard]] constexpr std::optional<size_law> size_law_named(std::string_view name) noexcept {
  for (auto const law : all_size_laws) {
    if (to_string(law) == name) return law;
  }
  return std::nullopt;
}

namespace detail {

template <size_law Law>
using law_tag = std::integral_constant<size_law, Law>;

/// f(law_tag<law>()): from a law's name at run time to what is compiled for it.
/// @throws domain_error of a number that is no law
template <class F>
auto with_law(size_law law, F const& f) {
  using enum size_law;
  switch (law) {
    case pareto:
      return f(law_tag<pareto>{});
    case bounded_pareto:
      return f(law_tag<bounded_pareto>{});
    case lognormal:
      return f(law_tag<lognormal>{});
    case weibull:
      return f(law_tag<weibull>{});
    case frechet:
      return f(law_tag<frechet>{});
    case exponential:
      return f(law_tag<exponential>{});
    case log_logistic:
      return f(law_tag<log_logistic>{});
    case spliced_lognormal_pareto:
      return f(law_tag<spliced_lognormal_pareto>{});
    case three_piece:
      return f(law_tag<three_piece>{});
    case pareto_lognormal:
      return f(law_tag<pareto_lognormal>{});
    case double_pareto_lognormal:
      return f(law_tag<double_pareto_lognormal>{});
    case singh_maddala:
      return f(law_tag<singh_maddala>{});
    case dagum:
      return f(law_tag<dagum>{});
    case gamma:
      return f(law_tag<gamma>{});
    case generalized_gamma:
      return f(law_tag<generalized_gamma>{});
  }
  throw domain_error("size_law", "law", "unknown", "be one of all_size_laws");
}

}  // namespace detail
}  // namespace melitz
