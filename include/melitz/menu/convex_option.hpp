// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/names.hpp>
#include <melitz/numerics/real.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace melitz {

/// One thing a firm may do whose operating profit is a convex function of scaled size Y = A phi^r: h(Y) - fixed_cost.
/// A firm that adds products, plants or markets as it grows is one, where these are many; see option for the linear
/// one.
template <real Real = double>
struct convex_option {
  std::string name{};                            ///< of no other option, nor "exit"; may be left out
  std::function<Real(Real const&)> profit{};     ///< h, increasing and convex, 0 at 0
  std::function<Real(Real const&)> slope{};      ///< h'
  std::function<Real(Real const&)> curvature{};  ///< h'' >= 0
  Real fixed_cost = detail::not_a_number<Real>;  ///< any sign, in labour
  std::vector<Real> bends{};                     ///< sizes at which h'' jumps, if any; h' must not
};

/// What a firm can choose from, flattest first: from each option to the next h must gain more the larger the firm.
/// Exit, at profit 0, is always in the menu and need not be listed.
template <real Real = double>
using convex_menu = std::vector<convex_option<Real>>;

/// A convex option that some firms pick, and the scaled size from which on they do.
template <real Real = double>
struct chosen_convex_option {
  std::size_t index;  ///< position in the menu, or the menu's length for exit
  Real threshold;     ///< in Y; 0 for the first
};

namespace detail {

template <real Real>
[[nodiscard]] Real profit_of(convex_menu<Real> const& options, std::size_t k, Real const& size) {
  return k < options.size() ? options[k].profit(size) : Real(0);
}
template <real Real>
[[nodiscard]] Real slope_of(convex_menu<Real> const& options, std::size_t k, Real const& size) {
  return k < options.size() ? options[k].slope(size) : Real(0);
}
template <real Real>
[[nodiscard]] Real fixed_cost_of(convex_menu<Real> const& options, std::size_t k) {
  return k < options.size() ? options[k].fixed_cost : Real(0);
}

/// Where a steeper option has gained what it costs more: infinite if it never does.
template <real Real>
[[nodiscard]] Real crossing(convex_menu<Real> const& options, std::size_t flat, std::size_t steep) {
  using std::exp, std::log;
  Real const cost = fixed_cost_of(options, steep) - fixed_cost_of(options, flat);
  auto const missing = [&](Real const& log_size) {
    Real const size = exp(log_size);
    return Real(profit_of(options, steep, size) - profit_of(options, flat, size) - cost);
  };
  Real low = log(cost), high = low, step(1);
  while (missing(low) > 0 && low > -600) low -= step, step *= 2;
  step = 1;
  while (missing(high) < 0 && high < 600) high += step, step *= 2;
  if (!(missing(high) >= 0)) return infinity<Real>;
  if (!(missing(low) <= 0)) return exp(low);
  if (low == high) return exp(low);
  constexpr std::uintmax_t most = 200;
  std::uintmax_t evaluations = most;
  auto const [below, above] = boost::math::tools::toms748_solve(
      missing, low, high, boost::math::tools::eps_tolerance<Real>(std::numeric_limits<Real>::digits), evaluations);
  if (evaluations < most && is_finite(Real(below + above))) return exp(Real((below + above) / 2));
  // The function is not as smooth as it should be, and Boost's answer is no number then: a sign is all that is needed.
  for (int k = 0; k < std::numeric_limits<Real>::digits + 16; ++k) {
    Real const middle = (low + high) / 2;
    (missing(middle) < 0 ? low : high) = middle;
  }
  return exp(high);
}

/// @throws domain_error where an option gains less from size than the flatter one before it, at any of many sizes
template <real Real>
void require_order(convex_menu<Real> const& options) {
  using std::exp;
  for (std::size_t k = 1; k < options.size(); ++k) {
    for (int i = -40; i <= 40; ++i) {
      Real const size = exp(Real(i) / 2), gain = options[k].slope(size) - options[k - 1].slope(size);
      require(gain >= 0, "convex option '" + options[k].name + "'",
              "slope over that of the option before it, at some size", gain,
              "be at least 0; list the flattest option first");
    }
  }
}

}  // namespace detail

/// The options that some firms pick, in ascending order of size, exit included if any firm exits. It does not depend on
/// the demand shifter nor on the law.
/// @throws domain_error when a name is "exit" or another option's, an option lacks a function, a fixed cost is not
/// finite, or an option earns less than the
///         flatter one before it
template <real Real>
[[nodiscard]] std::vector<chosen_convex_option<Real>> hull(convex_menu<Real> const& options) {
  detail::require_names("convex option", options);
  detail::require(!options.empty(), "convex menu", "number of options", 0.0, "be at least 1");
  for (std::size_t k = 0; k < options.size(); ++k) {
    auto const& o = options[k];
    std::string const where = detail::option_in_words("convex option", options, k);
    if (!o.profit || !o.slope || !o.curvature) {
      throw domain_error(where, "profit, slope or curvature", "empty", "be a function");
    }
    detail::require(detail::is_finite(o.fixed_cost), where, "fixed_cost", o.fixed_cost, "be finite");
  }
  detail::require_order(options);
  std::vector<chosen_convex_option<Real>> kept{{options.size(), Real(0)}};
  for (std::size_t k = 0; k < options.size(); ++k) {
    auto const& o = options[k];
    Real threshold(0);
    while (!kept.empty()) {
      auto const& top = kept.back();
      threshold =
          o.fixed_cost > detail::fixed_cost_of(options, top.index) ? detail::crossing(options, top.index, k) : Real(0);
      if (threshold > top.threshold) break;
      kept.pop_back();
      threshold = 0;
    }
    if (detail::is_finite(threshold)) kept.push_back({k, threshold});
  }
  return kept;
}

}  // namespace melitz
