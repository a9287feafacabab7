// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/truncated.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <utility>
#include <variant>

#include <melitz/tail/variant.hpp>

namespace melitz::detail {

/// Tail of a law cut off from below only: the law's own, divided by the mass that is left.
template <productivity_tail Tail>
class cut_below_tail {
 public:
  using real_type = typename Tail::real_type;

  cut_below_tail(Tail tail, real_type const& log_lower) : tail_(std::move(tail)), log_lower_(log_lower) {
    using std::log;
    at_lower_ = is_finite(log_lower) ? tail_.at(log_lower) : tail_point<real_type>{0, 1, 0, 0};
    log_mass_ = at_lower_.log_scale + log(at_lower_.survival);
    at_lower_.log_scale -= log_mass_;
  }

  [[nodiscard]] real_type log_mass() const { return log_mass_; }
  [[nodiscard]] real_type power() const { return tail_.power(); }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return tail_.log_upper_bound(); }
  [[nodiscard]] real_type error_estimate() const { return error_estimate_of(tail_); }
  [[nodiscard]] real_type log_moment() const {
    using std::log;
    if (!is_finite(log_lower_)) return tail_.log_moment();
    return real_type(power() * log_lower_ + at_lower_.log_scale + log(at_lower_.moment()));
  }
  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    if (log_x < log_lower_) return extend_below(at_lower_, real_type(power() * (log_lower_ - log_x)));
    auto point = tail_.at(log_x);
    point.log_scale -= log_mass_;
    return point;
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    if (a < log_lower_ || b < log_lower_) return a < log_lower_ && b < log_lower_;
    return detail::smooth_between(tail_, a, b);
  }

 private:
  Tail tail_;
  real_type log_lower_, log_mass_;
  tail_point<real_type> at_lower_;
};

/// The density of a truncated law up to its normalisation, which the quadrature supplies.
template <density_law Law>
struct between_bounds {
  using real_type = law_real_t<Law>;
  Law law;
  real_type log_lower, log_upper;

  [[nodiscard]] real_type log_density(real_type const& t) const { return law.log_density(t); }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper; }
};

/// @throws domain_error naming the bound or the parameter of the law that is out of range
template <productivity_law Law>
[[nodiscard]] auto make_tail(tail_of_law, truncated<Law> const& law, law_real_t<Law> const& power) {
  using real_type = law_real_t<Law>;
  using below = cut_below_tail<plain_tail_of_t<Law>>;
  using between =
      decltype(density_tail(std::declval<between_bounds<Law> const&>(), power, normalisation::by_quadrature));
  law.validate();
  if (law.upper == infinity<real_type>) {
    below tail(plain_tail_of(law.law, power), law.log_lower_bound());
    require(is_finite(tail.log_mass()), "truncated", "lower", law.lower, "leave some mass above it");
    return variant_tail<below, between>(std::variant<below, between>(std::move(tail)));
  }
  if constexpr (requires { law.law.validate(); }) law.law.validate();
  return variant_tail<below, between>(std::variant<below, between>(
      density_tail(between_bounds<Law>{law.law, law.log_lower_bound(), law.log_upper_bound()}, power,
                   normalisation::by_quadrature)));
}

}  // namespace melitz::detail
