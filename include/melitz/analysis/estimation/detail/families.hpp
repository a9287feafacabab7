// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/functions.hpp>
#include <melitz/analysis/estimation/laws.hpp>
#include <melitz/numerics/curved.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

// What the likelihood asks of a law, beside the tail that an equilibrium asks: the log density of ln size, and ln of
// the share above and of the share below, each without the other, so that a class far out on either side keeps its
// digits. A family says its law's parameters (`natural`) from the coordinates that the search moves in (`working`, all
// of them without bounds), and evaluates it for numbers with and without second derivatives.

namespace melitz::detail {

/// Where the data end: the support of the Pareto laws, and the place that truncated log-normal laws are looked at from.
struct size_bounds {
  double log_lower = -infinity<double>, log_upper = infinity<double>;
  bool truncated_below = false;
  double spread = 1;  ///< standard deviation of the data's logs
};

template <size_law Law>
struct family;

/// Which parameter beside the location says how wide a law is, and how.
enum class width_is { log_sd, steepness };

/// From the search's coordinates to parameters and back, of most laws: a location, a width, numbers of shape.
///
/// Widths and shapes in logs; shapes of tails as multiples of 1/log_sd, so that they do not change with the width.
/// Where small sizes are missing the location is seen from the truncation, in widths: it may be far below.
template <width_is Width, std::size_t N>
struct coordinates {
  static constexpr std::size_t size = N;

  template <class Number>
  [[nodiscard]] static std::array<Number, N> natural(std::array<Number, N> const& w, size_bounds const& b) {
    using std::exp;
    std::array<Number, N> p{};
    p[1] = exp(w[1]);
    for (std::size_t k = 2; k < N; ++k) p[k] = exp(Width == width_is::log_sd ? Number(w[k] - w[1]) : w[k]);
    p[0] = !b.truncated_below             ? w[0]
           : Width == width_is::steepness ? Number(b.log_lower - w[0] / p[1])
                                          : Number(b.log_lower - w[0] * p[1]);
    return p;
  }
  [[nodiscard]] static std::array<double, N> working(std::array<double, N> const& p, size_bounds const& b) {
    std::array<double, N> w{};
    w[1] = std::log(p[1]);
    for (std::size_t k = 2; k < N; ++k) w[k] = std::log(p[k]) + (Width == width_is::log_sd ? w[1] : 0.0);
    w[0] = !b.truncated_below             ? p[0]
           : Width == width_is::steepness ? (b.log_lower - p[0]) * p[1]
                                          : (b.log_lower - p[0]) / p[1];
    return w;
  }
  /// Between these a law is told from its limits.
  static void bound(std::vector<double>& lower, std::vector<double>& upper, size_bounds const& b) {
    double const unit = Width == width_is::log_sd ? std::log(b.spread) : -std::log(b.spread);
    lower[1] = unit - 10;
    upper[1] = unit + 10;
    for (std::size_t k = 2; k < N; ++k) {
      lower[k] = -9;
      upper[k] = 11;
    }
  }
};

template <>
struct family<size_law::pareto> {
  static constexpr std::size_t size = 1;
  static constexpr std::array<char const*, 1> names{"shape"};

  template <class Number>
  [[nodiscard]] static std::array<Number, 1> natural(std::array<Number, 1> const& w, size_bounds const&) {
    using std::exp;
    return {exp(w[0])};
  }
  [[nodiscard]] static std::array<double, 1> working(std::array<double, 1> const& p, size_bounds const&) {
    return {std::log(p[0])};
  }
  /// Between bounds the density may fall so slowly that a shape above 0 cannot follow.
  static void bound(std::vector<double>& lower, std::vector<double>&, size_bounds const& b) {
    lower[0] = -12 - std::log(b.spread);
  }

  template <class Number>
  class of {
   public:
    of(std::array<Number, 1> const& p, size_bounds const& b) : shape_(p[0]), lower_(b.log_lower) {
      using std::log;
      log_shape_ = log(shape_);
    }
    [[nodiscard]] Number log_density(double t) const {
      return t < lower_ ? Number(-infinity<double>) : Number(log_shape_ - shape_ * (t - lower_));
    }
    [[nodiscard]] Number log_survival(double t) const {
      return t <= lower_ ? Number(0) : Number(-shape_ * (t - lower_));
    }
    [[nodiscard]] Number log_cdf(double t) const { return log_one_less_exp(log_survival(t)); }

   private:
    Number shape_, log_shape_;
    double lower_;
  };
};

template <>
struct family<size_law::bounded_pareto> : family<size_law::pareto> {
  template <class Number>
  class of {
   public:
    of(std::array<Number, 1> const& p, size_bounds const& b)
        : whole_(p, b),
          upper_(b.log_upper),
          log_above_(whole_.log_survival(upper_)),
          log_mass_(whole_.log_cdf(upper_)) {}
    [[nodiscard]] Number log_density(double t) const {
      return t > upper_ ? Number(-infinity<double>) : Number(whole_.log_density(t) - log_mass_);
    }
    [[nodiscard]] Number log_survival(double t) const {
      if (t >= upper_) return Number(-infinity<double>);
      return log_of_difference(whole_.log_survival(t), log_above_) - log_mass_;
    }
    [[nodiscard]] Number log_cdf(double t) const {
      return t >= upper_ ? Number(0) : Number(whole_.log_cdf(t) - log_mass_);
    }

   private:
    family<size_law::pareto>::of<Number> whole_;
    double upper_;
    Number log_above_, log_mass_;
  };
};

template <>
struct family<size_law::lognormal> {
  static constexpr std::size_t size = 2;
  static constexpr std::array<char const*, 2> names{"log_mean", "log_sd"};

  /// Above a truncation the density is proportional to exp(-slope u - curvature u^2/2) in the distance u from it, in
  /// which the likelihood is concave: these, where both are to be seen from there.
  template <class Number>
  [[nodiscard]] static std::array<Number, 2> natural(std::array<Number, 2> const& w, size_bounds const& b) {
    using std::exp;
    if (!b.truncated_below) return plain::natural(w, b);
    Number const variance = exp(Number(-w[1]));
    return {Number(b.log_lower - w[0] * variance), exp(Number(w[1] * -0.5))};
  }
  [[nodiscard]] static std::array<double, 2> working(std::array<double, 2> const& p, size_bounds const& b) {
    if (!b.truncated_below) return plain::working(p, b);
    return {(b.log_lower - p[0]) / (p[1] * p[1]), -2 * std::log(p[1])};
  }
  using plain = coordinates<width_is::log_sd, 2>;

  template <class Number>
  class of {
   public:
    of(std::array<Number, 2> const& p, size_bounds const&) : mean_(p[0]), per_sd_(1 / p[1]) {
      using std::log;
      log_peak_ = log(per_sd_) - log_sqrt_two_pi;
    }
    [[nodiscard]] Number log_density(double t) const {
      Number const z = place(t);
      return log_peak_ - z * z * 0.5;
    }
    [[nodiscard]] Number log_survival(double t) const { return log_normal_survival(place(t)); }
    [[nodiscard]] Number log_cdf(double t) const { return log_normal_survival(Number(-place(t))); }

    /// Of points of that weight, given their mean and the sum of their squared distances from it.
    [[nodiscard]] Number log_density_of_all(double weight, double mean, double squares) const {
      Number const z = place(mean);
      return weight * log_peak_ - (z * z * weight + per_sd_ * per_sd_ * squares) * 0.5;
    }

   private:
    [[nodiscard]] Number place(double t) const { return (t - mean_) * per_sd_; }
    Number mean_, per_sd_, log_peak_;
  };
};

/// Laws of v = steepness (ln size - log_scale): ln of the density of v, and of the shares above and below.
template <class In>
struct family_of_scale : coordinates<width_is::steepness, In::names.size()> {
  static constexpr std::size_t size = In::names.size();
  static constexpr auto names = In::names;

  template <class Number>
  class of {
   public:
    of(std::array<Number, size> const& p, size_bounds const&) : log_scale_(p[0]), steepness_(p[1]), law_{} {
      using std::log;
      log_steepness_ = log(steepness_);
      if constexpr (size > 2) law_ = typename In::template law<Number>(p[2]);
    }
    [[nodiscard]] Number log_density(double t) const { return log_steepness_ + law_.log_density(place(t)); }
    [[nodiscard]] Number log_survival(double t) const { return law_.log_survival(place(t)); }
    [[nodiscard]] Number log_cdf(double t) const { return law_.log_cdf(place(t)); }

   private:
    [[nodiscard]] Number place(double t) const { return steepness_ * (t - log_scale_); }
    Number log_scale_, steepness_, log_steepness_;
    typename In::template law<Number> law_;
  };
};

struct weibull_in_v {
  static constexpr std::array<char const*, 2> names{"log_scale", "shape"};
  template <class Number>
  struct law {
    [[nodiscard]] static Number log_density(Number const& v) {
      using std::exp;
      return v - exp(v);
    }
    [[nodiscard]] static Number log_survival(Number const& v) {
      using std::exp;
      return -exp(v);
    }
    [[nodiscard]] static Number log_cdf(Number const& v) { return log_one_less_exp(log_survival(v)); }
  };
};
/// The mirror of Weibull's.
struct frechet_in_v {
  static constexpr auto names = weibull_in_v::names;
  template <class Number>
  struct law {
    using mirror = weibull_in_v::law<Number>;
    [[nodiscard]] static Number log_density(Number const& v) { return mirror::log_density(Number(-v)); }
    [[nodiscard]] static Number log_survival(Number const& v) { return mirror::log_cdf(Number(-v)); }
    [[nodiscard]] static Number log_cdf(Number const& v) { return mirror::log_survival(Number(-v)); }
  };
};
struct log_logistic_in_v {
  static constexpr std::array<char const*, 2> names{"log_scale", "steepness"};
  template <class Number>
  struct law {
    [[nodiscard]] static Number log_density(Number const& v) { return v - 2 * log_one_plus_exp(v); }
    [[nodiscard]] static Number log_survival(Number const& v) { return -log_one_plus_exp(v); }
    [[nodiscard]] static Number log_cdf(Number const& v) { return -log_one_plus_exp(Number(-v)); }
  };
};
struct singh_maddala_in_v {
  static constexpr std::array<char const*, 3> names{"log_scale", "steepness", "tail_power"};
  template <class Number>
  struct law {
    Number power{}, log_power{};
    law() = default;
    explicit law(Number const& g) : power(g) {
      using std::log;
      log_power = log(g);
    }
    [[nodiscard]] Number log_density(Number const& v) const {
      return log_power + v - (power + 1) * log_one_plus_exp(v);
    }
    [[nodiscard]] Number log_survival(Number const& v) const { return -power * log_one_plus_exp(v); }
    [[nodiscard]] Number log_cdf(Number const& v) const { return log_one_less_exp(log_survival(v)); }
  };
};
/// The mirror of Singh and Maddala's, each half of the density by terms that do not cancel at a large power.
struct dagum_in_v {
  static constexpr std::array<char const*, 3> names{"log_scale", "steepness", "lower_power"};
  template <class Number>
  struct law : singh_maddala_in_v::law<Number> {
    using mirror = singh_maddala_in_v::law<Number>;
    using mirror::mirror;
    [[nodiscard]] Number log_density(Number const& v) const {
      if (value_of(v) > 0) return mirror::log_density(Number(-v));
      return this->log_power + this->power * v - (this->power + 1) * log_one_plus_exp(v);
    }
    [[nodiscard]] Number log_survival(Number const& v) const { return mirror::log_cdf(Number(-v)); }
    [[nodiscard]] Number log_cdf(Number const& v) const { return mirror::log_survival(Number(-v)); }
  };
};

template <>
struct family<size_law::weibull> : family_of_scale<weibull_in_v> {};
template <>
struct family<size_law::frechet> : family_of_scale<frechet_in_v> {};
template <>
struct family<size_law::log_logistic> : family_of_scale<log_logistic_in_v> {};
template <>
struct family<size_law::singh_maddala> : family_of_scale<singh_maddala_in_v> {};
template <>
struct family<size_law::dagum> : family_of_scale<dagum_in_v> {};

template <>
struct family<size_law::exponential> {
  static constexpr std::size_t size = 1;
  static constexpr std::array<char const*, 1> names{"rate"};

  template <class Number>
  [[nodiscard]] static std::array<Number, 1> natural(std::array<Number, 1> const& w, size_bounds const& b) {
    return family<size_law::pareto>::natural(w, b);
  }
  [[nodiscard]] static std::array<double, 1> working(std::array<double, 1> const& p, size_bounds const&) {
    return {std::log(p[0])};
  }

  template <class Number>
  class of {
   public:
    of(std::array<Number, 1> const& p, size_bounds const&) {
      using std::log;
      log_rate_ = log(p[0]);
    }
    [[nodiscard]] Number log_density(double t) const { return in_v::log_density(Number(log_rate_ + t)); }
    [[nodiscard]] Number log_survival(double t) const { return in_v::log_survival(Number(log_rate_ + t)); }
    [[nodiscard]] Number log_cdf(double t) const { return in_v::log_cdf(Number(log_rate_ + t)); }

   private:
    using in_v = weibull_in_v::law<Number>;
    Number log_rate_;
  };
};

}  // namespace melitz::detail
