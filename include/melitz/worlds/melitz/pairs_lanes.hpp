// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lane_functions.hpp>
#include <melitz/numerics/widest_lanes.hpp>
#include <melitz/tail/lane_tails.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// Laws of the countries of a world, as lanes take them; for tails that have none, nothing.
/// @tparam Tail  of each of the countries, or one for all
template <class Tail>
struct laws_by_country {
  static constexpr bool exist = false;

  laws_by_country(std::vector<Tail> const&, std::size_t) {}
};

/// Log-normal laws, their numbers in columns.
template <>
class laws_by_country<lognormal<double>::tail_type> {
 public:
  static constexpr bool exist = true;

  laws_by_country(std::vector<lognormal<double>::tail_type> const& tails, std::size_t n) : n_(n), columns_(5 * n) {
    for (std::size_t i = 0; i < n; ++i) {
      auto const law = lane_numbers(tails[tails.size() == 1 ? 0 : i]);
      double* const at = columns_.data() + i;
      at[0] = law.log_mean;
      at[n] = law.shift;
      at[2 * n] = law.inverse;
      at[3 * n] = law.inverse_rest;
      at[4 * n] = law.peak;
    }
  }

  /// Of `count` countries from the first on; behind the last, that again.
  template <class Pack>
  [[nodiscard]] MELITZ_LANES_INLINE lognormal_numbers<Pack> load(std::size_t first, std::size_t count) const {
    double const* const at = columns_.data() + first;
    return {load_first<Pack>(at, count), load_first<Pack>(at + n_, count), load_first<Pack>(at + 2 * n_, count),
            load_first<Pack>(at + 3 * n_, count), load_first<Pack>(at + 4 * n_, count)};
  }

 private:
  std::size_t n_;
  std::vector<double> columns_;
};

/// What entrants of all countries expect of one market, as pairs_under_laws says it: a kernel.
struct market_under_lognormal {
  std::size_t n;
  laws_by_country<lognormal<double>::tail_type> const& laws;
  double power;
  double const *log_cutoff_at_par, *log_source;  ///< what of ln c depends on the pair, and on the country
  double log_market;                             ///< and on the market
  double const *fixed_cost, *at_source;          ///< F, up to a factor
  double at_market;                              ///< which is this
  double *variable, *fixed, *profit, *at_cutoff;
  reference_to_function<void, std::size_t> solve_alone;  ///< computes the four of a country otherwise

  template <class Pack>
  MELITZ_LANES_INLINE void operator()() const {
    constexpr double infinity = __builtin_inf();
    for (std::size_t i = 0; i < n; i += Pack::width) {
      std::size_t const count = std::min(Pack::width, n - i);
      lognormal_lanes<Pack, Pack> tail(laws.template load<Pack>(i, count));
      tail.bind(all_of<Pack>(power));
      Pack const log_c = load_first<Pack>(log_cutoff_at_par + i, count) + load_first<Pack>(log_source + i, count) +
                         all_of<Pack>(log_market);
      Pack const log_whole = tail.log_whole(log_c);
      lane_point<Pack> const p = tail.at(log_c, exp_of_ordinary(log_whole));
      Pack const cost = load_first<Pack>(fixed_cost + i, count) * load_first<Pack>(at_source + i, count) * at_market;
      auto const none = log_c == infinity;
      auto const put = [&](double* out, Pack const& x)
                           MELITZ_LANES_LAMBDA { store_first(out + i, count, select(none, Pack{}, cost * x)); };
      put(profit, p.excess);
      put(fixed, p.survival);
      put(variable, p.moment());
      put(at_cutoff, p.density);
      // In lanes J is as precise as J + S is: far out, where it is much smaller, it is computed otherwise.
      auto const good = p.vouched & (abs(log_whole) < 700) & (16 * p.excess > p.survival);
      if (!all(good | none)) [[unlikely]] {
        for (std::size_t k = 0; k < count; ++k) {
          if (!(good | none)[k]) solve_alone(i + k);
        }
      }
    }
  }
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
