// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/to_text.hpp>
#include <melitz/version.hpp>

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error \
    "melitz marks failures with NaN and autarky with infinity: compile without -ffast-math, -Ofast, -ffinite-math-only"
#endif

namespace melitz {

namespace detail {

/// The word for an enumerator, given those of all in the order of the enum; "unknown" for a number that is none.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view word_of(Enum e, std::string_view const (&words)[N]) noexcept {
  auto const k = static_cast<std::size_t>(e);
  return k < N ? words[k] : std::string_view("unknown");
}

}  // namespace detail

/// Why a solve stopped. Only `converged` comes with numbers; every other status leaves them NaN.
enum class status {
  converged,        ///< the equilibrium conditions hold to rounding
  not_solved,       ///< nothing has been solved yet
  iteration_limit,  ///< the budget of evaluations ran out first
  not_finite,       ///< a condition evaluated to NaN inside its bracket
  out_of_range,     ///< the answer exists but does not fit the number type: too large, too small, or so steep that
                    ///< rounding leaves its accounts open
  disconnected,     ///< countries that do not trade, directly or through others: nothing relates their wages
  not_covered,      ///< the equilibrium is none of those that the method finds, or rounding hides it
};

/// The status in words, for messages and files: "converged", "iteration_limit", ...
[[nodiscard]] constexpr std::string_view to_string(status s) noexcept {
  return detail::word_of(
      s, {"converged", "not_solved", "iteration_limit", "not_finite", "out_of_range", "disconnected", "not_covered"});
}

/// A caller's mistake: which parameter of what has which value, and what would be right.
///
/// what() reads "open_economy: iceberg_cost is 0.8; it must be at least 1".
class domain_error : public std::domain_error {
 public:
  domain_error(std::string_view where, std::string_view parameter, std::string_view value, std::string_view restriction)
      : std::domain_error(std::string(where) + ": " + std::string(parameter) + " is " + std::string(value) +
                          "; it must " + std::string(restriction)),
        parameter_(parameter),
        value_(value),
        restriction_(restriction) {}

  /// Name of the offending parameter, as the user spelt it.
  [[nodiscard]] std::string const& parameter() const noexcept { return parameter_; }
  /// Its value, printed so that it reads back to the same number.
  [[nodiscard]] std::string const& value() const noexcept { return value_; }
  /// What it must do instead, e.g. "be at least 1".
  [[nodiscard]] std::string const& restriction() const noexcept { return restriction_; }

 private:
  std::string parameter_;
  std::string value_;
  std::string restriction_;
};

/// A solve that did not succeed although its input was legal; reason() says why.
class convergence_error : public std::runtime_error {
 public:
  convergence_error(std::string_view where, status reason)
      : std::runtime_error(std::string(where) + ": " + std::string(to_string(reason))), reason_(reason) {}

  [[nodiscard]] status reason() const noexcept { return reason_; }

 private:
  status reason_;
};

namespace detail {

using melitz::to_text;

/// Six digits, for computed numbers in messages, whose last digits say nothing.
inline std::string to_short_text(double value) { return to_text(value, std::chars_format::general, 6); }

/// Throws the domain_error of a number.
[[noreturn]] inline void reject(std::string_view where, std::string_view parameter, double value,
                                std::string_view restriction) {
  throw domain_error(where, parameter, to_text(value), restriction);
}

/// Throws domain_error unless `holds`. NaN fails every comparison, so a NaN parameter never passes.
template <class Where, class Real>
void require(bool holds, Where const& where, char const* parameter, Real const& value, char const* restriction) {
  if (!holds) [[unlikely]]
    reject(where, parameter, static_cast<double>(value), restriction);
}

/// Throws the domain_error of a fat tail: E[phi^power] diverges unless the tail's index exceeds the power.
template <class Real>
[[noreturn]] void reject_divergent_moment(std::string_view where, std::string_view parameter, Real const& value,
                                          Real const& power) {
  throw domain_error(where, parameter, to_text(static_cast<double>(value)),
                     "exceed the size exponent " + to_text(static_cast<double>(power)) +
                         " (elasticity - 1 in the open economy), or average productivity is infinite");
}

/// Throws unless every weight is at least 0 and they sum to one within 1e-9, or within 1e-6 where a float has no more
/// digits.
template <class Weights>
void require_probabilities(std::string_view where, Weights const& weights) {
  bool const coarse = static_cast<double>(std::numeric_limits<typename Weights::value_type>::epsilon()) > 1e-9;
  double const slack = coarse ? 1e-6 : 1e-9;
  double sum = 0;
  for (auto const& w : weights) {
    require(w >= 0 && w <= 2, where, "weights", w, "be a probability");
    sum += static_cast<double>(w);
  }
  require(sum >= 1 - slack && sum <= 1 + slack, where, "sum of weights", sum,
          coarse ? "be 1 (within 1e-6)" : "be 1 (within 1e-9)");
}

}  // namespace detail
}  // namespace melitz
