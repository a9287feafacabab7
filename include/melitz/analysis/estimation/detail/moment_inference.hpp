// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/moment_search.hpp>
#include <melitz/analysis/estimation/detail/singular_values.hpp>
#include <melitz/analysis/estimation/moment_data.hpp>
#include <melitz/numerics/gamma.hpp>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A direction in words: "0.71 log_mean - 0.71 fixed_cost".
[[nodiscard]] inline std::string direction_in_words(std::vector<double> const& direction,
                                                    std::vector<std::string> const& names) {
  std::string out;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (std::abs(direction[k]) < 0.005) continue;
    bool const minus = direction[k] < 0;
    out += out.empty() ? (minus ? "-" : "") : (minus ? " - " : " + ");
    out += to_text(std::abs(direction[k]), std::chars_format::fixed, 2) + " " + names[k];
  }
  return out;
}

/// Other directions of length 1 that span the same, each with a parameter of its own that is in none of the others:
/// which parameters move together is seen in these.
inline void reduce(column_matrix& directions) {
  for (std::size_t k = 0; k < directions.size(); ++k) {
    auto& own = directions[k];
    auto const larger = [](double x, double y) { return std::abs(x) < std::abs(y) - 1e-6; };  // the first of equals
    auto const pivot = static_cast<std::size_t>(std::max_element(own.begin(), own.end(), larger) - own.begin());
    double const unit = own[pivot];
    for (auto& x : own) x /= unit;
    for (std::size_t j = 0; j < directions.size(); ++j) {
      if (j == k) continue;
      double const part = directions[j][pivot];
      for (std::size_t i = 0; i < own.size(); ++i) directions[j][i] -= part * own[i];
    }
  }
  for (auto& direction : directions) {
    double const length = std::sqrt(inner(direction, direction));
    for (auto& x : direction) x /= length;
  }
}

/// What follows from where a search ended: moments, covariance, the test, and what is not identified.
class moment_inference {
 public:
  moment_inference(moment_search const& search, moment_data const& data, symmetric_matrix const& covariance)
      : search_(search), data_(data), s_(covariance), whitening_(root_of(covariance, true)) {}

  void describe(moments_fit& out, moment_end const& end) const {
    auto const& place = end.place;
    std::size_t const n = out.names.size(), m = s_.size;
    double const simulated = 1 + 1 / data_.draws;
    out.reason = end.reason;
    out.iterations = end.iterations;
    out.parameters = search_.parameters(place.at);
    out.moments = place.moments.values;
    out.objective = place.objective;
    std::vector<double> e;
    for (std::size_t i = 0; i < m; ++i) {
      e.push_back(out.moments[i] - data_.values[i]);
      out.deviations.push_back(e[i] / std::sqrt(s_(i, i) * simulated / data_.observations));
      for (std::size_t k = 0; k < n; ++k) out.jacobian.push_back(place.moments.slopes[k][i]);
    }
    std::vector<std::size_t> free;
    std::vector<double> unit;
    column_matrix scaled, weighted;
    for (std::size_t k = 0; k < n; ++k) {
      auto const& c = search_.coordinates[k];
      out.at_bound.push_back(place.at[k] <= c.lower() || place.at[k] >= c.upper());
      if (out.at_bound[k]) {
        out.warnings.push_back(out.names[k] + " is at its bound " + to_text(out.parameters[k]) +
                               ": it has no standard error, those of others take it as known");
        continue;
      }
      free.push_back(k);
      unit.push_back(c.slope(out.parameters[k]));
      scaled.push_back(product(whitening_, place.moments.slopes[k]));
      for (auto& x : scaled.back()) x *= unit.back();
      weighted.push_back(place.slopes[k]);
    }
    singular_values const seen(std::move(scaled));
    identify(out, seen, free);
    // What the parameters cannot explain of the deviations, however they were weighted.
    auto left = product(whitening_, e);
    auto const explained = seen.coefficients(left);
    for (std::size_t j = 0; j < seen.rank; ++j) {
      for (std::size_t i = 0; i < m; ++i) left[i] -= explained[j] * seen.left[j][i];
    }
    out.degrees_of_freedom = static_cast<int>(m - seen.rank);
    if (end.reason != status::converged) return;
    out.statistic = data_.observations * inner(left, left) / simulated;
    if (out.degrees_of_freedom > 0) {
      out.p_value = boost::math::gamma_q(out.degrees_of_freedom / 2.0, out.statistic / 2, math_policy{});
    }
    singular_values const fitted(std::move(weighted));
    if (!out.identified()) return;
    if (fitted.rank < free.size()) {
      out.warnings.push_back("the moments that have weight do not identify all parameters: no standard errors");
      return;
    }
    set_covariance(out, fitted, free, unit, simulated / data_.observations);
  }

 private:
  void identify(moments_fit& out, singular_values const& seen, std::vector<std::size_t> const& free) const {
    out.singular_values = seen.values;
    out.rank = seen.rank;
    out.weakest.assign(out.names.size(), 0.0);
    if (free.empty()) return;
    bool const all_seen = seen.rank == free.size();
    column_matrix directions(seen.right.begin() + static_cast<std::ptrdiff_t>(seen.rank - (all_seen ? 1 : 0)),
                             seen.right.end());
    reduce(directions);
    auto const whole = [&](std::vector<double> const& direction) {
      std::vector<double> at_all(out.names.size(), 0.0);
      for (std::size_t i = 0; i < free.size(); ++i) at_all[free[i]] = direction[i];
      return at_all;
    };
    out.weakest = whole(directions.front());
    out.weakest_error =
        all_seen ? std::sqrt((1 + 1 / data_.draws) / data_.observations) / seen.values.back() : infinity<double>;
    if (all_seen) return;
    for (auto const& direction : directions) {
      out.warnings.push_back("unidentified direction, on the scales of the parameters: " +
                             direction_in_words(whole(direction), out.names));
    }
  }

  /// (D'WD)^-1 D'WSWD (D'WD)^-1/n of the parameters that are not at a bound.
  void set_covariance(moments_fit& out, singular_values const& fitted, std::vector<std::size_t> const& free,
                      std::vector<double> const& unit, double factor) const {
    std::size_t const m = s_.size, p = free.size();
    column_matrix answers;  // of the parameters to the moments, by rows
    for (std::size_t k = 0; k < p; ++k) {
      std::vector<double> row(m, 0.0);
      for (std::size_t j = 0; j < fitted.rank; ++j) {
        double const weight = unit[k] * fitted.right[j][k] / (fitted.values[j] * fitted.values[j]);
        for (std::size_t r = 0; r < m; ++r) {
          for (std::size_t i = 0; i < m; ++i) row[i] += weight * fitted.left[j][r] * search_.root[r][i];
        }
      }
      answers.push_back(std::move(row));
    }
    out.covariance = symmetric_matrix(out.names.size());
    std::fill(out.covariance.entries.begin(), out.covariance.entries.end(), not_a_number<double>);
    for (std::size_t a = 0; a < p; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        double sum = 0;
        for (std::size_t i = 0; i < m; ++i) {
          for (std::size_t j = 0; j < m; ++j) sum += answers[a][i] * s_(i, j) * answers[b][j];
        }
        out.covariance(free[a], free[b]) = out.covariance(free[b], free[a]) = factor * sum;
      }
    }
  }

  moment_search const& search_;
  moment_data const& data_;
  symmetric_matrix const& s_;
  column_matrix whitening_;
};

}  // namespace melitz::detail
