// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/families.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

// Laws that are log-normal in the middle and Pareto at one end or both. See detail/families.hpp.

namespace melitz::detail {

template <>
struct family<size_law::spliced_lognormal_pareto> : coordinates<width_is::log_sd, 3> {
  static constexpr std::array<char const*, 3> names{"log_mean", "log_sd", "shape"};
  /// Below this c the join is so far down that a Pareto law chases one observation.
  static constexpr double smallest_join = 0.05, largest_join = 12;
  static void bound(std::vector<double>& lower, std::vector<double>& upper, size_bounds const& b) {
    coordinates::bound(lower, upper, b);
    lower[2] = std::log(smallest_join);
    upper[2] = std::log(largest_join);
  }

  template <class Number>
  class of {
   public:
    of(std::array<Number, 3> const& p, size_bounds const&) : mean_(p[0]), per_sd_(1 / p[1]), shape_(p[2]) {
      using std::log;
      Number const c = p[1] * p[2], log_c = log(c), log_n = -c * c * 0.5 - log_sqrt_two_pi;
      Number const log_d = log_of_sum(log_n, Number(log_c + log_normal_survival(Number(-c))));
      join_ = mean_ + c * p[1];
      log_kappa_ = log_c - log_d;
      log_tail_ = log_n - log_d;
      log_shape_ = log(shape_);
      log_peak_ = log_kappa_ + log(per_sd_) - log_sqrt_two_pi;
    }
    [[nodiscard]] Number log_density(double t) const {
      if (t >= value_of(join_)) return log_tail_ + log_shape_ - shape_ * (t - join_);
      Number const z = place(t);
      return log_peak_ - z * z * 0.5;
    }
    [[nodiscard]] Number log_survival(double t) const {
      return t >= value_of(join_) ? Number(log_tail_ - shape_ * (t - join_)) : log_one_less_exp(log_cdf(t));
    }
    [[nodiscard]] Number log_cdf(double t) const {
      return t >= value_of(join_) ? log_one_less_exp(log_survival(t))
                                  : Number(log_kappa_ + log_normal_survival(Number(-place(t))));
    }

    /// Where the two pieces meet.
    [[nodiscard]] double join() const { return value_of(join_); }
    /// Of points below the join, and of points above it, given their weight and mean, and squares about the mean.
    /// @{
    [[nodiscard]] Number log_density_of_body(double weight, double mean, double squares) const {
      Number const z = place(mean);
      return weight * log_peak_ - (z * z * weight + per_sd_ * per_sd_ * squares) * 0.5;
    }
    [[nodiscard]] Number log_density_of_tail(double weight, double mean) const {
      return weight * (log_tail_ + log_shape_ - shape_ * (mean - join_));
    }
    /// @}

   private:
    [[nodiscard]] Number place(double t) const { return (t - mean_) * per_sd_; }
    Number mean_, per_sd_, shape_, join_, log_kappa_, log_tail_, log_shape_, log_peak_;
  };
};

template <>
struct family<size_law::three_piece> : coordinates<width_is::log_sd, 4> {
  static constexpr std::array<char const*, 4> names{"log_mean", "log_sd", "upper_shape", "lower_shape"};

  template <class Number>
  class of {
   public:
    of(std::array<Number, 4> const& p, size_bounds const&)
        : mean_(p[0]), per_sd_(1 / p[1]), upper_(p[1], p[2]), lower_(p[1], p[3]) {
      using std::log;
      log_kappa_ = -log(Number(1 + upper_.beyond + lower_.beyond));
      log_peak_ = log_kappa_ + log(per_sd_) - log_sqrt_two_pi;
    }
    [[nodiscard]] Number log_density(double t) const {
      Number const z = place(t);
      if (value_of(z) >= value_of(upper_.join)) return log_kappa_ + upper_.log_density(z);
      if (-value_of(z) >= value_of(lower_.join)) return log_kappa_ + lower_.log_density(Number(-z));
      return log_peak_ - z * z * 0.5;
    }
    [[nodiscard]] Number log_survival(double t) const { return log_share(place(t), upper_, lower_); }
    [[nodiscard]] Number log_cdf(double t) const { return log_share(Number(-place(t)), lower_, upper_); }

   private:
    /// One of the two tails, in z: its join c, its share n(c)/c over kappa, and by how much that exceeds Q(c).
    struct side {
      Number join, shape, log_share, beyond;
      side(Number const& sd, Number const& k) : join(sd * k), shape(k) {
        using std::exp, std::log;
        log_share = -join * join * 0.5 - log_sqrt_two_pi - log(join);
        beyond = exp(log_share) - exp(log_normal_survival(join));
      }
      [[nodiscard]] Number log_density(Number const& z) const {
        using std::log;
        return log_share + log(shape) - join * (z - join);
      }
    };
    [[nodiscard]] Number log_share(Number const& z, side const& here, side const& there) const {
      using std::exp, std::log;
      if (value_of(z) >= value_of(here.join)) return log_kappa_ + here.log_share - here.join * (z - here.join);
      if (value_of(z) <= -value_of(there.join)) return log_one_less_exp(log_share(Number(-z), there, here));
      return log_kappa_ + log(Number(exp(log_normal_survival(z)) + here.beyond));
    }
    [[nodiscard]] Number place(double t) const { return (t - mean_) * per_sd_; }
    Number mean_, per_sd_;
    side upper_, lower_;
    Number log_kappa_, log_peak_;
  };
};

/// A standard normal number plus an exponential one of rate k log_sd.
template <class Number>
class normal_plus_exponential {
 public:
  explicit normal_plus_exponential(Number const& rate) : rate_(rate) {}

  /// ln of the density over the rate, in the form that does not cancel.
  [[nodiscard]] Number log_density_over_rate(Number const& z) const {
    Number const y = rate_ - z;
    return value_of(y) < 0 ? Number(rate_ * (rate_ * 0.5 - z) + log_normal_survival(y))
                           : Number(log_mills(y) - z * z * 0.5 - log_sqrt_two_pi);
  }
  [[nodiscard]] Number log_survival(Number const& z) const {
    return log_of_sum(log_normal_survival(z), log_density_over_rate(z));
  }
  [[nodiscard]] Number log_cdf(Number const& z) const {
    return value_of(z) > 0 ? log_one_less_exp(log_survival(z))
                           : log_of_difference(log_normal_survival(Number(-z)), log_density_over_rate(z));
  }

 private:
  Number rate_;
};

template <>
struct family<size_law::pareto_lognormal> : coordinates<width_is::log_sd, 3> {
  static constexpr std::array<char const*, 3> names{"log_mean", "log_sd", "shape"};

  template <class Number>
  class of {
   public:
    of(std::array<Number, 3> const& p, size_bounds const&) : mean_(p[0]), per_sd_(1 / p[1]), law_(Number(p[1] * p[2])) {
      using std::log;
      log_shape_ = log(p[2]);
    }
    [[nodiscard]] Number log_density(double t) const { return log_shape_ + law_.log_density_over_rate(place(t)); }
    [[nodiscard]] Number log_survival(double t) const { return law_.log_survival(place(t)); }
    [[nodiscard]] Number log_cdf(double t) const { return law_.log_cdf(place(t)); }

   private:
    [[nodiscard]] Number place(double t) const { return (t - mean_) * per_sd_; }
    Number mean_, per_sd_, log_shape_;
    normal_plus_exponential<Number> law_;
  };
};

template <>
struct family<size_law::double_pareto_lognormal> : coordinates<width_is::log_sd, 4> {
  static constexpr std::array<char const*, 4> names{"log_mean", "log_sd", "upper_shape", "lower_shape"};

  template <class Number>
  class of {
   public:
    of(std::array<Number, 4> const& p, size_bounds const&)
        : mean_(p[0]), per_sd_(1 / p[1]), upper_(Number(p[1] * p[2])), lower_(Number(p[1] * p[3])) {
      using std::log;
      Number const both = log(Number(p[2] + p[3]));
      log_upper_ = log(p[3]) - both;  // weights of the mixture
      log_lower_ = log(p[2]) - both;
      log_peak_ = log(p[2]) + log_upper_;
    }
    [[nodiscard]] Number log_density(double t) const {
      Number const z = place(t);
      return log_peak_ + log_of_sum(upper_.log_density_over_rate(z), lower_.log_density_over_rate(Number(-z)));
    }
    [[nodiscard]] Number log_survival(double t) const {
      Number const z = place(t);
      return log_of_sum(Number(log_upper_ + upper_.log_survival(z)), Number(log_lower_ + lower_.log_cdf(Number(-z))));
    }
    [[nodiscard]] Number log_cdf(double t) const {
      Number const z = place(t);
      return log_of_sum(Number(log_upper_ + upper_.log_cdf(z)), Number(log_lower_ + lower_.log_survival(Number(-z))));
    }

   private:
    [[nodiscard]] Number place(double t) const { return (t - mean_) * per_sd_; }
    Number mean_, per_sd_, log_upper_, log_lower_, log_peak_;
    normal_plus_exponential<Number> upper_, lower_;
  };
};

}  // namespace melitz::detail
