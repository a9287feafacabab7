// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/symmetric.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace melitz {

/// In what a parameter is sought: steps, starts and directions are of this.
enum class moment_scale {
  automatic,  ///< logs where the lower bound is at least 0, else the parameter itself
  linear,     ///< the parameter itself
  log,        ///< its logarithm; a lower bound of 0 is never reached
  logit,      ///< ln x/(1-x), of a share; bounds of 0 and 1 are never reached
};

/// A parameter that is to be estimated.
struct moment_parameter {
  std::string name{};
  double lower = -detail::infinity<double>;     ///< the estimate may lie at a bound, which is told
  double upper = detail::infinity<double>;      ///< above the lower one
  double start = detail::not_a_number<double>;  ///< NaN: the middle of the bounds, on the scale; then both are finite
  moment_scale scale = moment_scale::automatic;
};

/// What is observed: moments and how well they are known.
struct moment_data {
  std::vector<std::string> names{};  ///< of the moments; may be empty
  std::vector<double> values{};
  /// By rows, n times the covariance of the moments: that of their influence functions. Positive definite.
  std::vector<double> covariance{};
  double observations = detail::not_a_number<double>;  ///< n > 0
  /// How many times as many firms as observed the model's moments were simulated with; infinite: they are analytic.
  double draws = detail::infinity<double>;
};

/// What deviations of moments are weighted with.
enum class moment_weighting {
  optimal,   ///< the inverse of the covariance
  diagonal,  ///< the inverse of its diagonal
  given,     ///< `weights`
};

/// How moments are to be fitted.
struct moments_options {
  moment_weighting weighting = moment_weighting::optimal;
  std::vector<double> weights{};  ///< by rows, positive semidefinite; only where they are given
  /// So many further starts, uniform on the scales between the bounds, which must be finite then. They are the same
  /// whatever their number: the first ten of twenty are those of ten.
  int starts = 0;
  std::uint64_t seed = 1;
  int iterations = 200;  ///< budget of each start
};

/// A place at which searches ended.
struct moments_minimum {
  double objective = detail::not_a_number<double>;
  std::vector<double> parameters;
  int starts = 0;  ///< how many of them ended here
};

/// Parameters at which a model's moments come nearest to those observed.
struct moments_fit {
  /// `converged`: at a minimum; `not_finite`: no start has moments, see `why`; `iteration_limit`: the lowest place
  /// found is none to which a search converged. Numbers are NaN, or there are none, in the second case.
  status reason = status::not_solved;
  std::string why;  ///< what the model said at the first place where it had no moments

  std::vector<std::string> names;  ///< of the parameters
  std::vector<double> parameters;
  std::vector<bool> at_bound;  ///< of each
  /// Of the parameters. NaN for those at a bound; others are as if those were known. Empty where moments do not
  /// identify all parameters, or nothing converged.
  detail::symmetric_matrix covariance;

  std::vector<std::string> moment_names;
  std::vector<double> moments;     ///< of the model
  std::vector<double> deviations;  ///< of the model from the data, in standard errors of the data
  std::vector<double> jacobian;    ///< of the moments by the parameters, by rows: moments

  double objective = detail::not_a_number<double>;  ///< e'We
  double statistic = detail::not_a_number<double>;  ///< J, chi-squared if the model holds
  int degrees_of_freedom = 0;                       ///< moments less the rank
  double p_value = detail::not_a_number<double>;    ///< NaN where no degree of freedom is left

  /// Of the Jacobian by the parameters not at a bound, on their scales, in units of the moments' standard deviations;
  /// descending. Over the root of n they are inverse standard errors of the directions.
  std::vector<double> singular_values;
  std::size_t rank = 0;         ///< how many of them are not rounding: above 1e-9 of the largest
  std::vector<double> weakest;  ///< direction that moments know least of, of all parameters on their scales; length 1
  double weakest_error = detail::not_a_number<double>;  ///< standard error in that direction; infinite: not identified

  /// Places to which searches converged, the lowest first: minima[0].starts reached the best value, minima[1].starts
  /// the second best.
  std::vector<moments_minimum> minima;
  int starts = 0;           ///< tried
  int without_moments = 0;  ///< of them: the model has none there
  int unfinished = 0;       ///< of them: the budget ended, or the model has a kink
  int iterations = 0;       ///< of the start that reached the lowest place
  std::vector<std::string> warnings;

  /// Whether the parameters are those of a minimum, and identified there.
  explicit operator bool() const { return reason == status::converged && identified(); }
  /// Whether small changes of the parameters that are not at a bound change the moments, in every direction.
  [[nodiscard]] bool identified() const {
    return !singular_values.empty() ? rank == singular_values.size() : all_held();
  }
  /// One for each parameter; none where there is no covariance.
  [[nodiscard]] std::vector<double> standard_errors() const {
    std::vector<double> out;
    for (std::size_t k = 0; k < covariance.size; ++k) out.push_back(std::sqrt(covariance(k, k)));
    return out;
  }
  /// The parameter of that name.
  /// @throws domain_error where there is none
  [[nodiscard]] double parameter(std::string_view name) const {
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (names[k] == name) return parameters[k];
    }
    throw domain_error("moments_fit", "parameter", name, "be one of those estimated");
  }
  /// Standard error of a function of the parameters by the delta method: the gains from trade, say, computed with
  /// numbers that carry derivatives by the parameters. NaN where there is no covariance.
  /// @throws domain_error when it has derivatives by another number of variables
  template <std::size_t N>
  [[nodiscard]] double error_of(gradient<N> const& value) const {
    detail::require(N == names.size(), "moments_fit", "number of derivatives", static_cast<double>(N),
                    "be that of the parameters");
    if (covariance.size != N) return detail::not_a_number<double>;
    double variance = 0;
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j < N; ++j) {
        if (value.derivative[i] != 0 && value.derivative[j] != 0) {
          variance += value.derivative[i] * covariance(i, j) * value.derivative[j];
        }
      }
    }
    return std::sqrt(std::max(variance, 0.0));
  }

 private:
  [[nodiscard]] bool all_held() const {
    return !at_bound.empty() && std::all_of(at_bound.begin(), at_bound.end(), [](bool held) { return held; });
  }
};

}  // namespace melitz
