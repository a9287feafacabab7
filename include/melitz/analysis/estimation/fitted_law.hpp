// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/likelihood.hpp>
#include <melitz/analysis/estimation/law_fit.hpp>
#include <melitz/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>

namespace melitz {

namespace detail {

/// Where ln S reaches a target, or ln G its complement, whichever is the smaller: by Newton's method, kept in a
/// bracket. The shares of these laws are concave in logs.
/// @param start  anywhere
template <class Law>
[[nodiscard]] double place_of_share(Law const& law, double log_above, double log_below, double start) {
  bool const upper = log_above < log_below;
  // Falls in t, through 0 at the quantile.
  auto const gap = [&](double t) { return upper ? law.log_survival(t) - log_above : log_below - law.log_cdf(t); };
  double low = start, high = start, step = 1;
  for (int k = 0; k < 1100 && !(gap(low) >= 0); ++k, step *= 1.5) low -= step;
  step = 1;
  for (int k = 0; k < 1100 && !(gap(high) <= 0); ++k, step *= 1.5) high += step;
  double t = gap(start) >= 0 ? std::max(start, low) : std::min(start, high);
  for (int k = 0; k < 200; ++k) {
    double const off = gap(t);
    if (off == 0) return t;
    (off > 0 ? low : high) = t;
    double const share = upper ? law.log_survival(t) : law.log_cdf(t);
    double next = t + off * std::exp(share - law.log_density(t));
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (std::abs(next - t) <= 4e-16 * (1 + std::abs(t))) return next;
    t = next;
  }
  return t;
}

}  // namespace detail

/// The shares that a fitted law says are above, below and at a size, and the sizes of given shares; in logarithms.
class fitted_law {
 public:
  /// @throws convergence_error where nothing was fitted
  explicit fitted_law(law_fit const& fit) : start_(detail::is_finite(fit.log_lower) ? fit.log_lower : 0.0) {
    if (!fit) throw convergence_error("melitz::law_fit", fit.reason);
    detail::with_law(fit.law, [&]<size_law Law>(detail::law_tag<Law>) {
      using family_type = detail::family<Law>;
      detail::size_bounds const bounds{fit.log_lower, fit.log_upper};
      detail::law_in<family_type, double> const law(detail::array_of<family_type::size>(fit.parameters), bounds);
      log_density_ = [law](double t) { return law.log_density(t); };
      log_survival_ = [law](double t) { return law.log_survival(t); };
      log_cdf_ = [law](double t) { return law.log_cdf(t); };
    });
  }

  /// ln of the density of ln size.
  [[nodiscard]] double log_density(double log_size) const { return log_density_(log_size); }
  /// ln of the share of firms that are larger.
  [[nodiscard]] double log_survival(double log_size) const { return log_survival_(log_size); }
  /// ln of the share of firms that are smaller.
  [[nodiscard]] double log_cdf(double log_size) const { return log_cdf_(log_size); }
  /// ln of the size that a share of firms exceeds.
  /// @param survival  in (0, 1)
  /// @throws domain_error when the share is out of range
  [[nodiscard]] double log_quantile(double survival) const {
    detail::require(survival > 0 && survival < 1, "fitted_law", "survival", survival, "lie between 0 and 1");
    return detail::place_of_share(*this, std::log(survival), std::log1p(-survival), start_);
  }

 private:
  double start_;
  std::function<double(double)> log_density_, log_survival_, log_cdf_;
};

}  // namespace melitz
