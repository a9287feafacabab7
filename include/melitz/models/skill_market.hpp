// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/free_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/numerics/values_of.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

// Where workers of different skill work, in a skill_technology_economy: those below a cutoff make the outside good,
// those above a second one work with the high technology.

namespace melitz::detail {

/// What decides it.
template <real Real>
struct skill_numbers {
  Real share;               ///< beta, of income, that is spent on the sector
  Real outside, low, high;  ///< elasticities of output to skill
  Real log_high_cutoff;     ///< z_2 = ln chi/(a_H - a_L): where both technologies pay the same
};

/// Who works where, and what they earn: per worker, in units of what all would earn in the outside good.
template <real Real>
struct skill_allocation {
  status reason = status::not_solved;
  int evaluations = 0;
  Real log_cutoff{}, log_high_cutoff{};
  Real log_unit{};             ///< ln E[s^a_Y]
  Real outside{}, sector{};    ///< earned in the outside good, and in the sector
  Real high{};                 ///< earned with the high technology, of it
  Real share{}, share_high{};  ///< of workers: in the sector, with the high technology
};

/// The market for the sector's goods as a function of the log skill z from which on workers leave the outside good.
///
/// With V_a(z) = E[s^a 1{ln s >= z}], wages are C_L s^a_L from z on and C_H s^a_H from z_2 on, where C_L = e^((a_Y -
/// a_L) z) and C_H = C_L/chi. Spending equals sales where R(z) = beta V_aY(z) + (1 - beta) E(z) is beta E[s^a_Y]; E,
/// what is earned in the sector, falls in z as V does. From z_2 on nobody uses the low technology, and C_H = e^((a_Y -
/// a_H) z).
template <productivity_tail Tail>
class skill_market {
 public:
  using Real = typename Tail::real_type;

  /// @param outside  bound to another power where skill is of no use in the outside good: then only survival matters
  skill_market(skill_numbers<Real> const& given, Tail const& outside, Tail const& low, Tail const& high)
      : given_(given), outside_(outside), low_(low), high_(high) {
    using std::exp, std::log;
    if (given.outside > 0) log_unit_ = outside.log_moment();
    Real const& z = given.log_high_cutoff;
    at_high_ = high.at(z);
    auto const with_low = low.at(z);
    // E[(s^a_H/chi - s^a_L) 1{z_2 <= ln s}] = e^(a_L z_2) times a difference of excesses.
    Real const scale = at_high_.log_scale > with_low.log_scale ? at_high_.log_scale : with_low.log_scale;
    Real const more = at_high_.excess * exp(Real(at_high_.log_scale - scale)) -
                      with_low.excess * exp(Real(with_low.log_scale - scale));
    some_gain_ = more > 0;
    if (some_gain_) log_gain_ = given.low * z + scale + log(more);
  }

  [[nodiscard]] Real log_unit() const { return log_unit_; }

  /// What is earned from z on, in units of E[s^a_Y].
  struct edge {
    tail_point<Real> outside, here;  ///< the law from z on; bound to the power of whom z divides it from
    bool low;                        ///< whether those use the low technology
    Real scale;                      ///< e^(a_Y z), in that unit
    Real stay, sector;               ///< in the outside good, were they there; in the sector
  };
  [[nodiscard]] edge at(Real const& z) const {
    using std::exp;
    bool const low = z < given_.log_high_cutoff;
    edge out{
        outside_.at(z), low ? low_.at(z) : high_.at(z), low, Real(exp(Real(given_.outside * z - log_unit_))), Real(0),
        Real(0)};
    out.stay = out.scale * (given_.outside > 0 ? out.outside.moment() : out.outside.survival) * out.outside.scale();
    out.sector = out.scale * out.here.moment() * out.here.scale();
    if (low && some_gain_) out.sector += exp(Real((given_.outside - given_.low) * z + log_gain_ - log_unit_));
    return out;
  }

  /// R over beta, from an edge: 1 where the market clears.
  [[nodiscard]] Real spending(edge const& e) const {
    return Real(e.stay + (1 - given_.share) / given_.share * e.sector);
  }

  /// ln of it as a function of z, with derivatives.
  [[nodiscard]] local_expansion<Real> log_spending(Real const& z) const {
    using std::log;
    auto const e = at(z);
    Real const sum = spending(e);
    // Nobody is as skilled: a number below every logarithm, without slope, which sends the search back.
    if (!(sum > 0)) return {Real(-1e6), Real(0), Real(0), Real(0), Real(0)};
    auto const& p = e.outside;
    Real const a = given_.outside, by = e.scale * p.scale(), weight = (1 - given_.share) / given_.share;
    Real const pace = (e.low ? given_.low : given_.high) - a;
    // -V' = e^(a z) density, and its derivatives; E' = V' - pace E.
    Real const fall[4] = {
        Real(by * p.density), Real(by * (a * p.density + p.density_slope)),
        Real(by * (a * (a * p.density + 2 * p.density_slope) + p.density_curvature)),
        Real(by * (a * (a * (a * p.density + 3 * p.density_slope) + 3 * p.density_curvature) + p.density_third))};
    Real sector = e.sector, r[4];
    for (std::size_t k = 0; k < 4; ++k) {
      sector = -fall[k] - pace * sector;
      r[k] = (weight * sector - fall[k]) / sum;
    }
    Real const square = r[0] * r[0];
    return {Real(log(sum)), r[0], Real(r[1] - square), Real(r[2] + r[0] * (2 * square - 3 * r[1])),
            Real(r[3] - 4 * r[0] * r[2] - 3 * r[1] * r[1] + 6 * square * (2 * r[1] - square))};
  }

  /// Where the root lies: between these, rounding aside.
  struct bracket {
    Real lower, upper;
  };
  [[nodiscard]] bracket bracket_of() const {
    using std::exp, std::log, std::log1p;
    Real const beta = given_.share, z = given_.log_high_cutoff, end = outside_.log_upper_bound();
    Real const log_low = low_.log_moment() - log_unit_, log_high = high_.log_moment() - log_unit_;
    bracket out;
    if (spending(at(z)) > 1) {  // above z_2: R <= C_H E[s^a_H]
      out = {z, Real((log_high - log(beta)) / (given_.high - given_.outside))};
    } else {
      // Wages of all are at least C_L E[s^a_L], and what is earned from z on at most C_L (E[s^a_L] + gain).
      Real const pace = given_.low - given_.outside;
      Real most = log_low;
      if (some_gain_) {
        Real const gain = log_gain_ - log_unit_ - log_low;
        most += gain > 0 ? Real(gain + log1p(exp(Real(-gain)))) : Real(log1p(exp(gain)));
      }
      out = {Real((log(Real(1 - beta)) + log_low) / pace), Real((most - log(beta)) / pace)};
      if (z < out.upper) out.upper = z;
    }
    if (end < out.upper) out.upper = end;
    out.lower -= 16 * spacing_at(out.lower, infinity<Real>);
    out.upper += 16 * spacing_at(out.upper, infinity<Real>);
    return out;
  }

  /// Who earns what if z is the cutoff.
  [[nodiscard]] skill_allocation<Real> allocation(Real const& z) const {
    using std::exp;
    auto const e = at(z);
    skill_allocation<Real> out;
    out.log_cutoff = z;
    out.log_high_cutoff = given_.log_high_cutoff;
    out.log_unit = log_unit_;
    out.outside = 1 - e.stay;
    out.sector = e.sector;
    out.share = e.here.survival * e.here.scale();
    out.high = e.sector;
    out.share_high = out.share;
    if (e.low) {
      Real const log_pay = (given_.outside - given_.low) * z + given_.low * given_.log_high_cutoff - log_unit_;
      out.high = at_high_.moment() * exp(Real(log_pay + at_high_.log_scale));
      out.share_high = at_high_.survival * at_high_.scale();
    }
    // Roundings by which nobody would work with the low technology, or more than all in the sector.
    if (out.share > 1) out.share = 1;
    Real const least = 1 - 32 * epsilon<Real>();
    if (out.share_high >= least * out.share || out.high >= least * out.sector) {
      out.high = out.sector;
      out.share_high = out.share;
    }
    return out;
  }

  /// The place where the law is known to jump that is this one but for rounding, if there is one.
  [[nodiscard]] std::optional<Real> kink_at(Real const& z) const {
    using std::abs;
    std::optional<Real> out;
    Real nearest = 64 * spacing_at(z, infinity<Real>);
    for (Real const& kink : log_kinks_of(low_)) {
      Real const distance = abs(Real(kink - z));
      if (!(distance <= nearest)) continue;
      out = kink;
      nearest = distance;
    }
    return out;
  }

 private:
  skill_numbers<Real> given_;
  Tail const &outside_, &low_, &high_;
  Real log_unit_{0};
  tail_point<Real> at_high_{};
  bool some_gain_ = false;
  Real log_gain_{};
};

/// Part of one and the rest of the other.
template <real Real>
void mix(skill_allocation<Real>& to, skill_allocation<Real> const& other, Real const& part) {
  for (auto member : {&skill_allocation<Real>::outside, &skill_allocation<Real>::sector, &skill_allocation<Real>::high,
                      &skill_allocation<Real>::share, &skill_allocation<Real>::share_high}) {
    to.*member = (1 - part) * (to.*member) + part * (other.*member);
  }
}

/// The same tail without derivatives.
template <productivity_tail Tail>
[[nodiscard]] decltype(auto) plain_values_of(Tail const& tail) {
  if constexpr (carries_derivatives<typename Tail::real_type>) {
    return tail.values();
  } else {
    return (tail);
  }
}

/// Finds the cutoff at which the market clears.
/// @param outside, low, high  the law of skill, bound to these elasticities
/// @return numbers, or in `reason` why there are none
template <productivity_tail Tail>
[[nodiscard]] skill_allocation<typename Tail::real_type> allocate_skills(
    skill_numbers<typename Tail::real_type> const& given, Tail const& outside, Tail const& low, Tail const& high,
    solve_options const& how) {
  using Real = typename Tail::real_type;
  using std::abs;
  skill_allocation<Real> out;
  auto const most = static_cast<std::uintmax_t>(how.max_evaluations > 0 ? how.max_evaluations : 0);
  std::uintmax_t budget = most;
  auto const search = [&](auto const& of) {
    using number = typename std::remove_cvref_t<decltype(of)>::Real;
    auto const range = of.bracket_of();
    auto const f = [&](number const& z) { return of.log_spending(z); };
    auto const never = [](auto const&...) { return false; };
    number const guess = (range.lower + range.upper) / 2, pole(plain_values_of(outside).log_upper_bound());
    auto const found = decreasing_root(f, never, pole, guess, range.lower, range.upper, budget);
    return number(found.point + found.step);
  };
  skill_market<Tail> const market(given, outside, low, high);
  Real z{};
  if constexpr (carries_derivatives<Real>) {
    using plain = std::remove_cvref_t<decltype(plain_values_of(outside))>;
    z = Real(search(
        skill_market<plain>(values_of(given), plain_values_of(outside), plain_values_of(low), plain_values_of(high))));
  } else {
    z = search(market);
  }
  out.evaluations = static_cast<int>(most - budget);
  auto const ended = [&](skill_allocation<Real> with, status why) {
    with.evaluations = out.evaluations;
    with.reason = why;
    return with;
  };
  if (!is_finite(z)) return ended(out, budget < 5 ? status::iteration_limit : status::not_finite);

  auto here = market.log_spending(z);
  Real const step = 2 * spacing_at(z, infinity<Real>), rounding = 64 * epsilon<Real>();
  if (abs(here.value) <= rounding + abs(Real(here.first * step))) {
    if constexpr (carries_derivatives<Real>) {  // Newton steps from there, whose values are roundings
      for (std::size_t k = 0; k < differentiation<Real>::order; ++k) {
        z -= here.value / here.first;
        here = market.log_spending(z);
      }
    }
    if (abs(here.value) <= rounding) return ended(market.allocation(z), status::converged);
  } else if (auto const kink = market.kink_at(z)) {
    z = *kink;
  } else if (carries_derivatives<Real>) {
    return ended(out, status::not_covered);  // nobody knows what moves the jump
  }
  // The sector needs some of the workers of one skill.
  Real const left = z - 4 * step, right = z + 4 * step;
  Real const with = market.spending(market.at(left)), without = market.spending(market.at(right));
  if (!(with >= 1 && without <= 1 && with > without)) return ended(out, status::not_finite);
  auto found = market.allocation(left);
  mix(found, market.allocation(right), Real((with - 1) / (with - without)));
  found.log_cutoff = z;
  return ended(found, status::converged);
}

}  // namespace melitz::detail
