// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/truncated.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/tail.hpp>

#include <melitz/tail/variant.hpp>

#include <cmath>
#include <type_traits>
#include <utility>
#include <variant>

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
    if (log_x < log_lower_) return extend_below(at_lower_, real_type(power()), real_type(log_lower_ - log_x));
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
  [[nodiscard]] auto log_breakpoints() const requires requires(Law const& l) { l.log_breakpoints(); }
  { return law.log_breakpoints(); }
};

/// A tail cut at both ends, in closed form: less what lies above the upper bound. Where that is most of what there is,
/// close to the bound, the density is integrated instead.
template <productivity_tail Tail, density_law Between>
class cut_tail {
 public:
  using real_type = typename Tail::real_type;

  cut_tail(Tail tail, Between between)
      : tail_(std::move(tail)),
        density_(std::move(between), tail_.power()),
        log_lower_(density_.log_lower()),
        log_upper_(density_.log_upper()),
        at_upper_(tail_.at(log_upper_)) {
    using std::exp, std::log;
    if (is_finite(log_lower_)) {
      at_lower_ = below(tail_.at(log_lower_), log_lower_);
      log_mass_ = at_lower_.log_scale + log(at_lower_.survival);
      at_lower_.log_scale -= log_mass_;
      log_moment_ = power() * log_lower_ + at_lower_.log_scale + log(at_lower_.moment());
      sound_ = keeps_digits(tail_.at(log_lower_), log_lower_);
    } else {
      real_type const mass_above = at_upper_.survival * at_upper_.scale();
      real_type const moment_above =
          at_upper_.moment() * exp(real_type(power() * log_upper_ + at_upper_.log_scale - tail_.log_moment()));
      log_mass_ = log(real_type(1 - mass_above));
      log_moment_ = tail_.log_moment() + log(real_type(1 - moment_above)) - log_mass_;
      sound_ = mass_above <= real_type(0.5) && moment_above <= real_type(0.5);
    }
  }

  /// Whether the mass between the bounds and its moment keep their digits in the subtraction.
  [[nodiscard]] bool sound() const { return sound_; }

  [[nodiscard]] real_type power() const { return tail_.power(); }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] real_type log_moment() const { return log_moment_; }
  [[nodiscard]] real_type error_estimate() const {
    return real_type(error_estimate_of(tail_) + 64 * epsilon<real_type>());
  }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    if (log_x >= log_upper_) return {};
    if (log_x < log_lower_) return extend_below(at_lower_, real_type(power()), real_type(log_lower_ - log_x));
    auto const whole = tail_.at(log_x);
    auto out =
        keeps_digits(whole, log_x) ? below(whole, log_x) : density_.point_at(log_x, real_type(log_upper_ - log_x));
    out.log_scale -= log_mass_;
    return out;
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    if (a < log_lower_ || b < log_lower_) return a < log_lower_ && b < log_lower_;
    real_type const high = a < b ? b : a;
    return high < log_upper_ && keeps_digits(tail_.at(high), high) && detail::smooth_between(tail_, a, b);
  }

 private:
  /// What lies above the upper bound, seen from log_x and on the scale of `whole`: survival and moment.
  [[nodiscard]] std::pair<real_type, real_type> above(tail_point<real_type> const& whole,
                                                      real_type const& log_x) const {
    using std::exp;
    if (at_upper_.moment() == 0) return {real_type(0), real_type(0)};
    real_type const scale = exp(real_type(at_upper_.log_scale - whole.log_scale));
    return {real_type(scale * at_upper_.survival),
            real_type(exp(real_type(at_upper_.log_scale - whole.log_scale + power() * (log_upper_ - log_x))) *
                      at_upper_.moment())};
  }
  [[nodiscard]] bool keeps_digits(tail_point<real_type> const& whole, real_type const& log_x) const {
    auto const [survival, moment] = above(whole, log_x);
    return 2 * survival <= whole.survival && 2 * (moment - survival) <= whole.excess;
  }
  [[nodiscard]] tail_point<real_type> below(tail_point<real_type> whole, real_type const& log_x) const {
    auto const [survival, moment] = above(whole, log_x);
    whole.survival -= survival;
    whole.excess -= moment - survival;
    return whole;
  }

  Tail tail_;
  density_integrator<Between> density_;
  real_type log_lower_, log_upper_, log_mass_{}, log_moment_{};
  tail_point<real_type> at_upper_, at_lower_{};
  bool sound_ = false;
};

/// The table of a truncated law; see tabulate.
/// @throws domain_error naming the bound or the parameter of the law that is out of range
template <density_law Law>
[[nodiscard]] auto make_table(tail_of_law, truncated<Law> const& law, law_real_t<Law> const& power) {
  law.validate();
  if constexpr (requires { law.law.validate(); }) law.law.validate();
  return tail_of_density(between_bounds<Law>{law.law, law.log_lower_bound(), law.log_upper_bound()}, power,
                         normalisation::by_quadrature);
}

/// @throws domain_error naming the bound or the parameter of the law that is out of range
template <productivity_law Law>
[[nodiscard]] auto make_tail(tail_of_law, truncated<Law> const& law, law_real_t<Law> const& power) {
  using real_type = law_real_t<Law>;
  constexpr bool closed = closed_form_law<Law> && !carries_derivatives<real_type>;
  using below = cut_below_tail<plain_tail_of_t<Law>>;
  using table = decltype(make_table(tail_of_law{}, law, power));
  using between = std::conditional_t<closed, cut_tail<plain_tail_of_t<Law>, between_bounds<Law>>, table>;
  using either = std::conditional_t<closed, std::variant<below, between, table>, std::variant<below, table>>;
  using tail_type = typename variant_tail_for<either>::type;
  law.validate();
  if (law.upper == infinity<real_type>) {
    below tail(plain_tail_of(law.law, power), law.log_lower_bound());
    require(is_finite(tail.log_mass()), "truncated", "lower", law.lower, "leave some mass above it");
    return tail_type(either(std::move(tail)));
  }
  if constexpr (closed) {
    bool finite = true;  // without the bound, too
    if constexpr (requires { law.law.moments_below(); }) finite = power < law.law.moments_below();
    if (finite) {
      between tail(law.law.tail(power), {law.law, law.log_lower_bound(), law.log_upper_bound()});
      if (tail.sound()) return tail_type(either(std::move(tail)));
    }
  }
  return tail_type(either(make_table(tail_of_law{}, law, power)));
}

}  // namespace melitz::detail
