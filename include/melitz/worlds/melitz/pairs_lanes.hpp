// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lane_functions.hpp>
#include <melitz/numerics/widest_lanes.hpp>
#include <melitz/tail/lane_tails.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// Log-normal laws of n countries, their numbers in columns.
class lognormal_by_country {
 public:
  explicit lognormal_by_country(std::size_t n) : n_(n), columns_(5 * n) {}

  void set(std::size_t country, lognormal_numbers<double> const& law) {
    double* const at = columns_.data() + country;
    at[0] = law.log_mean;
    at[n_] = law.shift;
    at[2 * n_] = law.inverse;
    at[3 * n_] = law.inverse_rest;
    at[4 * n_] = law.peak;
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

/// Laws of the countries of a world, as lanes take them.
/// @tparam Tail  of each of the countries, or one for all; one that cannot be of a log-normal law has no lanes
template <class Tail>
struct laws_by_country {
  static constexpr bool may_be_lognormal = false;

  laws_by_country(std::vector<Tail> const&, std::size_t) {}
};

/// A log-normal law's, or one whose law is known at run time only.
template <class Tail>
requires std::same_as<typename Tail::real_type, double> &&
    (std::same_as<Tail, lognormal<double>::tail_type> ||
     requires(Tail const& tail) { tail.lognormal_log_sd(); }) struct laws_by_country<Tail> {
  static constexpr bool may_be_lognormal = true;

  lognormal_by_country numbers;
  bool all_lognormal = true;

  laws_by_country(std::vector<Tail> const& tails, std::size_t n) : numbers(n) {
    for (std::size_t i = 0; i < n && all_lognormal; ++i) {
      auto const& tail = tails[tails.size() == 1 ? 0 : i];
      if constexpr (std::same_as<Tail, lognormal<double>::tail_type>) {
        numbers.set(i, lane_numbers(tail));
      } else {
        double const log_sd = tail.lognormal_log_sd();
        all_lognormal = log_sd == log_sd;
        if (all_lognormal) numbers.set(i, numbers_of(tail.log_unit().value, log_sd));
      }
    }
  }
};

/// What entrants of all countries expect of one market, as pairs_under_laws says it: a kernel.
struct market_under_lognormal {
  std::size_t n;
  lognormal_by_country const& laws;
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
