// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/names.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/values_of.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace melitz {

/// One part of what an option earns, as in one market: a convex function h of scaled size Y = A phi^r, 0 at 0.
template <real Real = double>
struct convex_part {
  std::string name{};  ///< parts of one name in two options are the same, and cancel where the two are compared
  std::function<Real(Real const&)> profit{};     ///< h, increasing and convex, 0 at 0
  std::function<Real(Real const&)> slope{};      ///< h'
  std::function<Real(Real const&)> curvature{};  ///< h'' >= 0
  std::vector<Real> bends{};                     ///< sizes at which h'' jumps, if any; h' must not
};

/// One thing a firm may do whose operating profit is a convex function of scaled size Y = A phi^r, the sum of its
/// parts: h(Y) - fixed_cost. A firm that adds products, plants or markets as it grows is one, where these are many; see
/// option for the linear one.
template <real Real = double>
struct convex_option {
  std::string name{};                            ///< of no other option, nor "exit"; may be left out
  Real fixed_cost = detail::not_a_number<Real>;  ///< any sign, in labour
  std::vector<convex_part<Real>> parts{};        ///< at least one
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

/// What parts of an option say at a size, added up; nothing for exit.
template <real Real, class Of>
[[nodiscard]] Real sum_over_parts(convex_menu<Real> const& options, std::size_t k, Of const& of) {
  Real out(0);
  if (k < options.size()) {
    for (auto const& p : options[k].parts) out += of(p);
  }
  return out;
}
template <real Real>
[[nodiscard]] Real profit_of(convex_menu<Real> const& options, std::size_t k, Real const& size) {
  return sum_over_parts(options, k, [&](auto const& p) { return p.profit(size); });
}
template <real Real>
[[nodiscard]] Real slope_of(convex_menu<Real> const& options, std::size_t k, Real const& size) {
  return sum_over_parts(options, k, [&](auto const& p) { return p.slope(size); });
}
template <real Real>
[[nodiscard]] Real fixed_cost_of(convex_menu<Real> const& options, std::size_t k) {
  return k < options.size() ? options[k].fixed_cost : Real(0);
}

/// What a steeper option has more of; parts that both have cancel before they are computed.
template <real Real, class Of>
[[nodiscard]] Real gain_over_parts(convex_menu<Real> const& options, std::size_t flat, std::size_t steep,
                                   Of const& of) {
  auto const own = [&](std::size_t k, std::size_t other) {
    return sum_over_parts(options, k, [&](auto const& p) {
      if (!p.name.empty() && other < options.size()) {
        for (auto const& q : options[other].parts) {
          if (q.name == p.name) return Real(0);
        }
      }
      return of(p);
    });
  };
  return own(steep, flat) - own(flat, steep);
}

/// Where a steeper option has gained what it costs more: infinite if it never does, NaN where the number type cannot
/// tell.
template <real Real>
[[nodiscard]] Real crossing(convex_menu<Real> const& options, std::size_t flat, std::size_t steep) {
  using std::abs, std::exp, std::log;
  using value_type = value_t<Real>;
  Real const cost = fixed_cost_of(options, steep) - fixed_cost_of(options, flat);
  auto const missing_at = [&](Real const& log_size) {
    Real const size = exp(log_size);
    return Real(gain_over_parts(options, flat, steep, [&](auto const& p) { return p.profit(size); }) - cost);
  };
  auto const missing = [&](value_type const& log_size) { return values_of(missing_at(Real(log_size))); };
  value_type const end(600);
  value_type low = values_of(Real(log(cost))), high = low;
  for (value_type step(1); missing(low) > 0 && low > -end; step *= 2) low = low - step > -end ? low - step : -end;
  for (value_type step(1); missing(high) < 0 && high < end; step *= 2) high = high + step < end ? high + step : end;
  value_type const at_low = missing(low), at_high = missing(high);
  if (at_low > 0 || !is_finite(at_low) || !is_finite(at_high)) return not_a_number<Real>;
  if (at_high < 0) return infinity<Real>;
  value_type root = low;
  if (low != high) {
    constexpr std::uintmax_t most = 200;
    std::uintmax_t evaluations = most;
    auto const close = [](value_type const& a,
                          value_type const& b) {  // as close as their exponentials can be told apart
      return abs(value_type(b - a)) <= epsilon<value_type>() * (abs(a) > 1 ? abs(a) : value_type(1));
    };
    auto const [below, above] =
        boost::math::tools::toms748_solve(missing, low, high, at_low, at_high, close, evaluations);
    root = (below + above) / 2;
    if (evaluations >= most || !is_finite(root)) {
      // The function is not as smooth as it should be, and Boost's answer is no number: a sign is all that is needed.
      for (int k = 0; k < std::numeric_limits<value_type>::digits + 16; ++k) {
        value_type const middle = (low + high) / 2;
        (missing(middle) < 0 ? low : high) = middle;
      }
      root = high;
    }
  }
  Real log_size(root);
  if constexpr (carries_derivatives<Real>) {
    for (std::size_t reached = 1; reached <= differentiation<Real>::order; reached *= 2) {  // Newton's steps double it
      Real const size = exp(log_size);
      log_size -= missing_at(log_size) /
                  (size * gain_over_parts(options, flat, steep, [&](auto const& p) { return p.slope(size); }));
    }
  }
  return exp(log_size);
}

/// @throws domain_error where an option gains less from size than the flatter one before it, at any of many sizes
template <real Real>
void require_order(convex_menu<Real> const& options) {
  using std::exp;
  for (std::size_t k = 1; k < options.size(); ++k) {
    for (int i = -40; i <= 40; ++i) {
      Real const size = exp(Real(i) / 2);
      Real const gain = gain_over_parts(options, k - 1, k, [&](auto const& p) { return p.slope(size); });
      require(gain >= 0, "convex option '" + options[k].name + "'",
              "slope over that of the option before it, at some size", gain,
              "be at least 0; list the flattest option first");
    }
  }
}

/// The hull of a menu that keeps its rules; empty where the number type does not tell where options change.
template <real Real>
[[nodiscard]] std::vector<chosen_convex_option<Real>> hull_of(convex_menu<Real> const& options) {
  std::vector<chosen_convex_option<Real>> kept{{options.size(), Real(0)}};
  for (std::size_t k = 0; k < options.size(); ++k) {
    Real threshold(0);
    while (!kept.empty()) {
      auto const& top = kept.back();
      threshold = options[k].fixed_cost > fixed_cost_of(options, top.index) ? crossing(options, top.index, k) : Real(0);
      if (!(threshold <= top.threshold)) break;
      kept.pop_back();
      threshold = 0;
    }
    if (threshold != threshold) return {};
    if (is_finite(threshold)) kept.push_back({k, threshold});
  }
  return kept;
}

}  // namespace detail

/// The options that some firms pick, in ascending order of size, exit included if any firm exits. It does not depend on
/// the demand shifter nor on the law.
/// @throws domain_error when a name is "exit" or another option's, an option lacks a part or a part a function, a fixed
///         cost is not finite, or an option earns less than the flatter one before it
/// @return empty where a size at which options change is no number of the type
template <real Real>
[[nodiscard]] std::vector<chosen_convex_option<Real>> hull(convex_menu<Real> const& options) {
  detail::require_names("convex option", options);
  detail::require(!options.empty(), "convex menu", "number of options", 0.0, "be at least 1");
  for (std::size_t k = 0; k < options.size(); ++k) {
    auto const& o = options[k];
    std::string const where = detail::option_in_words("convex option", options, k);
    detail::require(!o.parts.empty(), where, "number of parts", 0.0, "be at least 1");
    for (auto const& p : o.parts) {
      if (!p.profit || !p.slope || !p.curvature) {
        throw domain_error(where, "profit, slope or curvature", "empty", "be a function");
      }
    }
    detail::require(detail::is_finite(o.fixed_cost), where, "fixed_cost", o.fixed_cost, "be finite");
  }
  detail::require_order(options);
  return detail::hull_of(options);
}

}  // namespace melitz
