// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/panel_integrals.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace melitz {

/// How unequal sizes are. Neither index changes where all sizes are multiplied by the same.
template <real Real = double>
struct size_inequality {
  Real gini = detail::not_a_number<Real>;   ///< half the mean difference of two firms' sizes, over the mean
  Real theil = detail::not_a_number<Real>;  ///< E[(m/mean) ln(m/mean)]
  bool resolved = false;                    ///< whether the integrals were
};

namespace detail {

/// Inequality of sizes by two integrals over ln size: with S the share of firms that reach a size m and W the share of
/// all size that is in them, Gini = 1 - integral of S^2 dm / mean, and Theil = E_W[ln m] - ln mean, where E_W[ln m] is
/// c + integral of W above c - integral of 1 - W below it. Sizes that no firm has, and sizes that firms of several
/// options have, are in S and W; a gap's part of the first integral is what is most easily forgotten.
/// @param above   above(ln m) gives `share` S and `size` W
/// @param ends    of pieces and kinks, in ln m, ascending
/// @param lower   ln of the lowest size, or -infinity
/// @param middle  ln of a size around which firms are
/// @param length  of the first panels
template <real Real, class Above>
[[nodiscard]] size_inequality<Real> inequality_of(Above const& above, std::vector<Real> ends, Real const& lower,
                                                  Real const& log_mean, value_t<Real> const& middle,
                                                  Real const& length) {
  using std::exp;
  using value = value_t<Real>;
  value const eps = epsilon<value>(), tolerance = 4096 * eps;
  panel_integrals<Real, 2> up, down;
  auto const resolved = [&](auto const&, auto const& unresolved, Real const&, Real const&) {
    return unresolved(0) <= tolerance && unresolved(1) <= tolerance;
  };
  auto const at = [&](Real const& log_size, bool below) {
    auto const firms = above(log_size);
    // S e^(ln m - ln mean) is at most W, however large its second factor is.
    using std::log;
    Real const relative = firms.share > 0 ? Real(exp(Real(log_size - log_mean + log(firms.share)))) : Real(0);
    return std::array<Real, 2>{below ? Real(1 - firms.size) : firms.size, Real(firms.share * relative)};
  };
  up.add_all([&](Real const& s) { return at(s, false); }, resolved, Real(middle), infinity<Real>, length, ends,
             [&](Real const&, Real const& b) { return above(b).size > Real(eps / 1024); });
  std::reverse(ends.begin(), ends.end());
  for (Real& end : ends) end = -end;
  down.add_all([&](Real const& s) { return at(Real(-s), true); }, resolved, Real(-middle), Real(-lower), length, ends,
               [&](Real const&, Real const& b) { return exp(Real(-b - log_mean)) > Real(eps / 1024); });
  size_inequality<Real> out;
  out.resolved = up.halvings_left > 0 && down.halvings_left > 0;
  Real const lowest = is_finite(lower) ? Real(exp(Real(lower - log_mean))) : Real(0);
  out.gini = 1 - (lowest + up.sums[1] + down.sums[1]);
  out.theil = Real(middle) - log_mean + up.sums[0] - down.sums[0];
  return out;
}

}  // namespace detail
}  // namespace melitz
