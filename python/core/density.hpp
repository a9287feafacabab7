// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace melitz::python {

/// A function of one number, asked for many values at once. @throws what the function throws
using function_of_many = std::function<std::vector<double>(std::vector<double> const& t)>;

/// A log density as polynomials between its breakpoints, each made once, where it is first asked for: a function in
/// Python then costs no call in a solve.
///
/// A panel whose polynomial of 33 points does not reach the last digits is halved, unless what is left is noise below
/// 1e-10, which halving does not lessen. Forty halvings are the end, as at a jump that is no breakpoint; what is then
/// so narrow is constant.
class tabulated_function {
 public:
  /// @param breakpoints  in ascending order, inside the bounds
  tabulated_function(function_of_many f, double lower, double upper, std::vector<double> breakpoints);

  /// The value at t between the bounds, or -inf beyond them. Safe from several threads.
  /// @throws domain_error where the function gives NaN or +inf
  [[nodiscard]] double at(double t);

 private:
  struct panel {
    double begin = 0, end = 0;
    bool leaf = false;
    double unresolved = 0;               ///< what the last coefficients are
    std::vector<double> coefficients{};  ///< of Chebyshev's polynomials; one for a constant
    std::unique_ptr<panel> below{}, above{};
  };
  [[nodiscard]] panel& first_panel(double t);
  void make(panel& p, int depth, double parents_unresolved);
  [[nodiscard]] std::vector<double> values(std::vector<double> const& t) const;

  function_of_many f_;
  double lower_, upper_;
  std::vector<double> breakpoints_;
  std::map<double, panel> panels_{};
  std::mutex mutex_{};
};

/// It as a law of the catalog.
struct density_of_function {
  std::shared_ptr<tabulated_function> table;
  double lower, upper;
  std::vector<double> breakpoints;

  [[nodiscard]] double log_density(double t) const { return table->at(t); }
  [[nodiscard]] double log_lower_bound() const { return lower; }
  [[nodiscard]] double log_upper_bound() const { return upper; }
  [[nodiscard]] std::vector<double> const& log_breakpoints() const { return breakpoints; }
};

}  // namespace melitz::python
