// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/compare.hpp>
#include <melitz/analysis/estimation/detail/laws_of_fits.hpp>
#include <melitz/analysis/estimation/draws.hpp>
#include <melitz/analysis/estimation/goodness.hpp>
#include <melitz/analysis/estimation/trade_from_sizes.hpp>
#include <melitz/numerics/gradient.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

/// What is asked of the gains from trade beside the facts of trade.
struct gain_options {
  /// The largest firm there is, in units of size: what a law has beyond it is no firm. NaN: that is not looked at.
  double largest = detail::not_a_number<double>;
  /// Share of entrants that produce, where it is assumed; NaN: the smallest size observed is the smallest producer's.
  double share_producing = detail::not_a_number<double>;
  int replications = 0;  ///< of the bootstrap, 0 for none
  std::uint64_t seed = 1;
};

/// Where the uncertainty about a number comes from, and an interval of 95 per cent.
struct gain_interval {
  double error_from_law = detail::not_a_number<double>;    ///< sampling error of the law's parameters
  double error_from_facts = detail::not_a_number<double>;  ///< of the facts of trade
  double error = detail::not_a_number<double>;
  double lower = detail::not_a_number<double>, upper = detail::not_a_number<double>;
};

/// The gains from trade under one law of firm sizes.
struct size_gains {
  law_fit fit;          ///< of sizes
  std::string refused;  ///< why there are no gains; empty where there are
  trade_from_sizes<double> trade;
  gain_interval by_delta;      ///< by the gradient; in percentage points, as all of these
  gain_interval by_bootstrap;  ///< by samples of the fitted law, each fitted and calibrated anew
  int replications = 0, failed = 0;
  std::vector<double> per_parameter;  ///< derivatives of the gain, in percentage points, by the law's parameters
  double per_share_exporting = detail::not_a_number<double>;
  double per_export_sales_share = detail::not_a_number<double>;
  double per_elasticity =
      detail::not_a_number<double>;  ///< sizes do not tell it, so that it has no part in the interval

  double share_beyond = detail::not_a_number<double>;  ///< of the total size of producers, beyond the largest firm
  double firms_beyond = detail::not_a_number<double>;  ///< how many of the sample's firms the law expects there
  trade_from_sizes<double> bounded;                    ///< the same law, cut at the largest firm
  std::vector<std::string> warnings;
};

namespace detail {

/// Numbers that carry derivatives by up to four parameters of a law and three facts.
using gain_number = gradient<7>;

/// A tail at power 1 of which what lies above a bound is left out.
template <real Real, class At>
class tail_below {
 public:
  tail_below(At at, double log_bound) : at_(std::move(at)), bound_(log_bound), beyond_(at_(Real(log_bound))) {
    mass_ = 1 - beyond_.survival * beyond_.scale();
  }
  [[nodiscard]] tail_point<Real> operator()(Real const& t) const {
    using std::exp;
    auto p = at_(t);
    Real const shrink = exp(Real(beyond_.log_scale - p.log_scale));
    p.survival -= shrink * beyond_.survival;
    p.excess -= shrink * (exp(Real(bound_ - t)) * beyond_.moment() - beyond_.survival);
    p.survival /= mass_;
    p.excess /= mass_;
    p.density /= mass_;
    return p;
  }

 private:
  At at_;
  double bound_;
  tail_point<Real> beyond_;
  Real mass_;
};

/// What follows from a law: the economy, that of the bounded law, and what lies beyond the bound.
struct gains_at {
  trade_from_sizes<gain_number> trade, bounded;
  gain_number share_beyond = not_a_number<double>, firms_beyond = not_a_number<double>;
};

/// Pareto's law starts at the smallest firm only because that is all one sees.
[[nodiscard]] inline double log_start_of_entrants(law_fit const& fit) { return fit.log_lower - 20; }

/// Always with derivatives: so that every law's tail is compiled for one type of number.
[[nodiscard]] inline gains_at gains_with(law_fit const& fit, trade_facts<double> const& facts, double log_smallest,
                                         gain_options const& options) {
  using Real = gain_number;
  using at_type = std::function<tail_point<Real>(Real const&)>;
  std::array<Real, 4> p{};
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) p[k] = Real::variable(fit.parameters[k], k);
  trade_facts<Real> const varied{Real::variable(facts.share_exporting, 4),
                                 Real::variable(facts.export_sales_share, 5),
                                 Real::variable(facts.elasticity, 6),
                                 Real(facts.partners),
                                 Real(0),
                                 Real(0)};
  auto const at = with_law(fit.law, [&]<size_law Law>(law_tag<Law>) {
    return with_law_of<Law>(p, log_start_of_entrants(fit), fit.log_upper, [](auto const& law) -> at_type {
      return [tail = plain_tail_of(law, Real(1))](Real const& t) { return tail.at(t); };
    });
  });
  auto const smallest_of = [&](at_type const& shares) {
    return is_finite(options.share_producing)
               ? log_place_of_share(shares, Real(std::log(options.share_producing)), log_smallest)
               : Real(log_smallest);
  };
  gains_at out;
  Real const smallest = smallest_of(at);
  out.trade = trade_of_sizes<Real>(at, varied, smallest);
  if (!is_finite(options.largest)) return out;
  double const log_largest = std::log(options.largest);
  auto const home = at(smallest), beyond = at(Real(log_largest));
  Real const scale = exp(Real(beyond.log_scale - home.log_scale));
  out.share_beyond = scale * beyond.moment() / home.moment() * exp(Real(log_largest - smallest));
  out.firms_beyond = scale * beyond.survival / home.survival;
  at_type const below = tail_below<Real, at_type>(at, log_largest);
  out.bounded = trade_of_sizes<Real>(below, varied, smallest_of(below));
  return out;
}

/// Two standard normal numbers for a replication.
[[nodiscard]] inline std::array<double, 2> normal_pair(std::uint64_t seed, std::uint32_t replication) {
  auto const block = philox(seed).at(0, static_cast<std::uint32_t>(random_stream::facts), replication);
  double const radius = std::sqrt(-2 * std::log(block.uniform(0))), angle = 2 * std::numbers::pi * block.uniform(1);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// The interval of a gain by samples drawn from the fitted law.
inline void bootstrap_gains(size_gains& out, size_sample const& s, trade_facts<double> const& facts,
                            double log_smallest, gain_options const& options) {
  auto without_bound = options;
  without_bound.largest = not_a_number<double>;
  std::vector<double> law_alone, facts_alone, both;
  for (int k = 0; k < options.replications; ++k) {
    auto const replication = static_cast<std::uint32_t>(k);
    auto const again = fitted_again(out.fit, drawn_like(s, out.fit, options.seed, replication));
    auto const [first, second] = normal_pair(options.seed, replication);
    auto moved = facts;
    moved.share_exporting += first * facts.share_exporting_error;
    moved.export_sales_share += second * facts.export_sales_share_error;
    try {
      moved.validate();
      if (!again) throw convergence_error("melitz::fit", again.reason);
      auto const gain = [&](law_fit const& law, trade_facts<double> const& known) {
        return gains_with(law, known, log_smallest, without_bound).trade.gain_percent.value;
      };
      double const here = gain(again, facts), there = gain(out.fit, moved), everywhere = gain(again, moved);
      law_alone.push_back(here);
      facts_alone.push_back(there);
      both.push_back(everywhere);
    } catch (std::exception const&) {  // a law without a mean, or facts that no economy has
      ++out.failed;
    }
  }
  out.replications = static_cast<int>(both.size());
  if (both.size() < 2) return;
  auto const deviation = [](std::vector<double> const& x) {
    auto const n = static_cast<double>(x.size());
    double mean = 0, square = 0;
    for (double const v : x) mean += v / n;
    for (double const v : x) square += (v - mean) * (v - mean);
    return std::sqrt(square / (n - 1));
  };
  std::sort(both.begin(), both.end());
  auto const quantile = [&](double share) {
    double const at = share * static_cast<double>(both.size() - 1);
    auto const below = static_cast<std::size_t>(at);
    std::size_t const above = std::min(below + 1, both.size() - 1);
    return both[below] + (at - static_cast<double>(below)) * (both[above] - both[below]);
  };
  out.by_bootstrap = {deviation(law_alone), deviation(facts_alone), deviation(both), quantile(0.025), quantile(0.975)};
}

}  // namespace detail

/// The gains from trade that a fitted law of firm sizes implies, with their interval.
///
/// By the delta method from the law's covariance and the facts' errors; by bootstrap where replications are asked for.
/// Under a fat tail much of total size may lie in firms larger than any: give `largest` to be told how much, with a
/// warning above 5 per cent, and to have the gains under the law cut there.
/// @param fit  of the same sample
/// @throws domain_error naming a fact or option that is out of range; convergence_error where nothing was fitted
[[nodiscard]] inline size_gains gains_from(law_fit const& fit, size_sample const& s, trade_facts<double> const& facts,
                                           gain_options const& options = {}) {
  facts.validate();
  if (!fit) throw convergence_error("melitz::gains_from", fit.reason);
  bool const assumed = detail::is_finite(options.share_producing);
  double const log_smallest = s.truncated_below() || s.in_classes() ? s.log_lower : s.log_size.front();
  detail::require(!assumed || (options.share_producing > 0 && options.share_producing < 1), "gains_from",
                  "share_producing", options.share_producing, "lie strictly between 0 and 1");
  detail::require(assumed || detail::is_finite(log_smallest), "gains_from", "smallest size", 0.0,
                  "be positive where the share producing is not assumed");
  detail::require(!detail::is_finite(options.largest) || std::log(options.largest) > log_smallest, "gains_from",
                  "largest", options.largest, "exceed the smallest size");
  detail::require(options.replications >= 0, "gains_from", "replications", options.replications, "be at least 0");
  double const start = detail::is_finite(log_smallest) ? log_smallest : 0.0;
  size_gains out;
  out.fit = fit;
  out.warnings = fit.warnings;
  using number = detail::gain_number;
  detail::gains_at found;
  try {
    found = detail::gains_with(fit, facts, start, options);
  } catch (domain_error const& error) {  // a tail too fat for a mean
    out.refused = error.what();
    return out;
  }
  auto const plain = [](trade_from_sizes<number> const& t) {
    return trade_from_sizes<double>{t.gain_percent.value,   t.share_producing.value, t.autarky_share_producing.value,
                                    t.domestic_share.value, t.iceberg_cost.value,    t.export_fixed_cost.value,
                                    t.entry_cost.value,     t.mean_size.value};
  };
  out.trade = plain(found.trade);
  out.bounded = plain(found.bounded);
  auto const& slope = found.trade.gain_percent.derivative;
  out.per_parameter.assign(slope.begin(), slope.begin() + static_cast<std::ptrdiff_t>(fit.parameters.size()));
  out.per_share_exporting = slope[4];
  out.per_export_sales_share = slope[5];
  out.per_elasticity = slope[6];
  auto& delta = out.by_delta;
  delta.error_from_facts =
      std::hypot(slope[4] * facts.share_exporting_error, slope[5] * facts.export_sales_share_error);
  if (fit.covariance.size > 0) {
    double variance = 0;
    for (std::size_t i = 0; i < fit.covariance.size; ++i) {
      for (std::size_t j = 0; j < fit.covariance.size; ++j) variance += slope[i] * fit.covariance(i, j) * slope[j];
    }
    delta.error_from_law = std::sqrt(std::max(variance, 0.0));
    delta.error = std::hypot(delta.error_from_law, delta.error_from_facts);
    constexpr double wide = 1.9599639845400542355;
    delta.lower = out.trade.gain_percent - wide * delta.error;
    delta.upper = out.trade.gain_percent + wide * delta.error;
  }
  if (detail::is_finite(options.largest)) {
    out.share_beyond = found.share_beyond.value;
    out.firms_beyond = found.firms_beyond.value * s.total;
    if (out.share_beyond > 0.05) {
      out.warnings.push_back(detail::to_short_text(100 * out.share_beyond) +
                             " per cent of all size would be in firms larger than the largest: see the bounded law");
    }
  }
  if (options.replications > 0) detail::bootstrap_gains(out, s, facts, start, options);
  return out;
}

/// The same under every law, one row each: what the law says of sizes that nobody has weighs more than sampling error.
///
/// In the order of fit_all; laws that were not fitted are left out.
[[nodiscard]] inline std::vector<size_gains> gains_by_law(size_sample const& s, trade_facts<double> const& facts,
                                                          gain_options const& options = {},
                                                          std::span<size_law const> laws = all_size_laws) {
  std::vector<size_gains> out;
  for (auto const& fit : fit_all(s, laws)) {
    if (fit) out.push_back(gains_from(fit, s, facts, options));
  }
  return out;
}

}  // namespace melitz
