// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/symmetric.hpp>
#include <melitz/analysis/estimation/laws.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace melitz {

/// How a law agrees with numbers of firms in classes.
struct class_agreement {
  std::vector<double> expected;                               ///< numbers of firms under the fit
  double deviance = detail::not_a_number<double>;             ///< 2 sum n ln(n/expected)
  int degrees_of_freedom = 0;                                 ///< classes less one less parameters
  double largest_share_error = detail::not_a_number<double>;  ///< what counts where millions of firms reject every law
};

/// A law of firm size estimated by maximum likelihood.
///
/// Where the likelihood has no maximum and is highest in the limit of another law, that law is what was fitted: `law`
/// is not `asked`, ran_off() holds, and there are no standard errors, for they would be those of a law chosen by the
/// data. Where the limit is no law of the list either, reason says so and all numbers are NaN.
struct law_fit {
  size_law asked = size_law::pareto;
  size_law law = size_law::pareto;
  status reason = status::not_solved;

  std::vector<std::string_view> names;  ///< of the parameters
  std::vector<double> parameters;
  double log_lower = -detail::infinity<double>;  ///< where Pareto laws begin and end: the truncation, else the data's
  double log_upper = detail::infinity<double>;

  double log_likelihood = detail::not_a_number<double>;  ///< of ln sizes, given the truncation
  double observations = 0;                               ///< sum of weights or counts
  double effective = 0;                                  ///< the same, or what sampling weights leave of it
  /// Inverse of the observed information; under sampling weights, or where asked for, the sandwich. Empty where the
  /// search ran off or the condition number exceeds 1e8.
  detail::symmetric_matrix covariance;
  bool is_sandwich = false;
  double condition_number = detail::not_a_number<double>;  ///< of the information scaled to a diagonal of ones
  double share_observed = 1;                               ///< of the law between the truncations
  class_agreement classes;                                 ///< of data in classes
  std::vector<std::string> warnings;
  int iterations = 0;

  /// Whether the numbers are those of a maximum, of the law asked for or of its limit.
  explicit operator bool() const { return reason == status::converged; }
  /// Whether the likelihood of the law asked for is highest in the limit of another one, `law`.
  [[nodiscard]] bool ran_off() const { return law != asked; }
  /// Akaike's and Schwarz's criteria; the latter counts effective observations.
  /// @{
  [[nodiscard]] double aic() const { return 2 * static_cast<double>(parameters.size()) - 2 * log_likelihood; }
  [[nodiscard]] double bic() const {
    return static_cast<double>(parameters.size()) * std::log(effective) - 2 * log_likelihood;
  }
  /// @}
  /// One for each parameter; none where there are none.
  [[nodiscard]] std::vector<double> standard_errors() const {
    std::vector<double> out;
    for (std::size_t k = 0; k < covariance.size; ++k) out.push_back(std::sqrt(covariance(k, k)));
    return out;
  }
  /// The parameter of that name.
  /// @throws domain_error where the law has none
  [[nodiscard]] double parameter(std::string_view name) const {
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (names[k] == name) return parameters[k];
    }
    throw domain_error("law_fit", "parameter", name, "be one of " + std::string(to_string(law)));
  }
};

/// How a law is to be estimated.
struct fit_options {
  bool sandwich = false;  ///< standard errors that hold if the law does not; always under sampling weights
};

}  // namespace melitz
