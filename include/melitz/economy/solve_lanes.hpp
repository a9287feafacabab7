// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lane_functions.hpp>
#include <melitz/tail/lane_tails.hpp>

#include <cstddef>

// try_solve of economy/solve.hpp for as many economies as a register has lanes. The same equations in the same order;
// where a lane leaves the ordinary case it is marked, and the caller solves that economy by itself.

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// The primitives of an open economy as a list, in the order of its members, those of the domestic economy first.
enum primitive : std::size_t {
  elasticity,
  fixed_cost,
  entry_cost,
  death_rate,
  labor,
  partners,
  iceberg_cost,
  export_fixed_cost,
  primitive_count
};

/// One open economy in every lane, and what of it does not depend on the cutoff.
template <class Pack>
struct lane_economies {
  using pack = Pack;
  using mask = mask_of<Pack>;

  pack given[primitive_count];

  mask ordinary;               ///< legal, and far from the ends of the range
  mask selective, all_export;  ///< the regime; closed where neither
  pack power, inverse_power;   ///< r = elasticity - 1
  pack freeness;               ///< tau^(-r)
  pack cost_x;                 ///< n f_x / f, 0 where closed
  pack scale;                  ///< fixed cost of the reference kink over f
  pack target;                 ///< delta f_e over that fixed cost
  pack weight;                 ///< of the export kink, n f_x / f in selection, else 0
  pack distance, shrink;       ///< ln(phi_x / phi) there, and its e^(-r distance)
  pack ratio;                  ///< phi_x / phi
  pack revenue, market;        ///< sigma f, and L over that
  pack size;                   ///< rho (L/(sigma f))^(1/r): welfare over the domestic cutoff

  /// To be called whenever primitives have changed; `all` unless only iceberg_cost or entry_cost has.
  MELITZ_LANES_INLINE void prepare(bool all) {
    pack const f = given[fixed_cost], n = given[partners], tau = given[iceberg_cost];
    if (all) prepare_costs();
    mask const open = open_ & (tau < __builtin_inf());
    pack const log_tau = log_of_normal(select(open, tau, all_of<pack>(1)));
    freeness = exp_of_ordinary(-power * log_tau);
    mask const selects = cost_ratio_ > freeness;
    selective = open & selects;
    all_export = open & ~selects;
    cost_x = select(open, n * cost_ratio_, pack{});
    scale = select(all_export, 1 + cost_x, all_of<pack>(1));
    pack const required = given[death_rate] * given[entry_cost];
    target = required / (f * scale);
    weight = select(selective, cost_x, pack{});
    distance = select(selective, log_tau + log_cost_root_, pack{});
    ratio = select(selective, tau * cost_root_, all_of<pack>(1));
    shrink = select(selective, freeness * inverse_cost_ratio_, all_of<pack>(1));
    constexpr double large = 1e60, small = 1e-60;
    // At a tie of the regimes rounding decides: leave it to the scalar solver.
    mask const tie = open & (abs(cost_ratio_ - freeness) <= 1e-11 * freeness);
    ordinary = ordinary_costs_ & (given[death_rate] > small) & (given[death_rate] <= 1) & (given[entry_cost] > small) &
               (given[entry_cost] < large) & (tau >= 1) & ((power * log_tau < 700) | (tau == __builtin_inf())) & ~tie;
  }

 private:
  MELITZ_LANES_INLINE void prepare_costs() {
    pack const f = given[fixed_cost], n = given[partners], f_x = given[export_fixed_cost], l = given[labor];
    power = given[elasticity] - 1;
    inverse_power = 1 / power;
    constexpr double large = 1e60, small = 1e-60;
    // Adding and taking away 2^52 leaves whole numbers alone.
    mask const whole = (n >= 0) & (n < 1e15) & (((n + 0x1p52) - 0x1p52) == n);
    revenue = given[elasticity] * f;
    market = l / revenue;
    size = power / given[elasticity] * exp_of_ordinary(log_of_normal(market) * inverse_power);
    ordinary_costs_ = (size > 1e-100) & (size < 1e100) & (power > 0.5) & (power < 1e3) & (f > small) & (f < large) &
                      (l > small) & (l < large) & whole & (f_x > small) & ((f_x < large) | (f_x == __builtin_inf()));
    open_ = (n > 0) & (f_x < __builtin_inf());
    cost_ratio_ = select(open_, f_x / f, all_of<pack>(1));
    inverse_cost_ratio_ = 1 / cost_ratio_;
    log_cost_root_ = log_of_normal(cost_ratio_) * inverse_power;
    cost_root_ = exp_of_ordinary(log_cost_root_);
  }

  mask ordinary_costs_, open_;
  pack inverse_cost_ratio_, cost_ratio_, cost_root_, log_cost_root_;
};

/// The results that a sweep keeps, in the order in which `equilibria` lists them.
template <class Pack>
struct lane_results {
  using pack = Pack;

  pack log_cutoff, residual, domestic_share;
  pack cutoff, export_cutoff, share_exporting;
  pack average_productivity, average_export_productivity, average_variety_productivity;
  pack average_profit, average_revenue;
  pack mass_producers, mass_exporters, mass_varieties;
  pack price_index, welfare;
  mask_of<Pack> converged;
};

/// Free entry in every lane: the cutoff and the tails at home's and abroad's kink.
template <class Tail>
struct lane_entry {
  using pack = typename Tail::pack;
  using mask = typename Tail::mask;

  lane_economies<pack> const& economy;
  Tail const& tail;
  pack t;
  lane_point<pack> home, abroad;
  mask converged;

  /// The cutoff of homogeneous firms (Jensen), the larger of home alone and of both markets: never above the answer.
  [[nodiscard]] MELITZ_LANES_INLINE pack lower_bound() const {
    auto const& e = economy;
    pack const one = (e.target + 1), both = one + e.weight;
    pack const least = smaller(one, both / (1 + e.weight * e.shrink));
    return (tail.log_moment() - log_of_normal(least)) * e.inverse_power;
  }

  /// From a start t: steps of third order (Householder) in ln expected profit against ln cutoff until one is so small
  /// that the tails can be moved by it instead of evaluated again.
  MELITZ_LANES_INLINE void solve(int most_steps) {
    auto const& e = economy;
    pack const r = e.power;
    pack step = pack{};
    for (int k = 0; k < most_steps; ++k) {
      t += step;
      pack const whole = tail.whole(t);
      home = tail.at(t, whole);
      abroad = tail.at(t + e.distance, whole * e.shrink);
      if (!any(home.vouched & abroad.vouched)) {
        converged = mask{};
        return;
      }
      pack const value = home.excess + e.weight * abroad.excess;
      pack const moment = home.moment() + e.weight * abroad.moment();
      pack const density = home.density + e.weight * abroad.density;
      pack const slope = home.slope + e.weight * abroad.slope;
      // Derivatives of N, from N' = -r M, M' = -(r M + density).
      pack const inverse = 1 / moment, gap = value - e.target;
      pack const a = r + density * inverse, b = r * a - slope * inverse;  // -N''/N', N'''/N'
      pack const newton = gap * inverse * e.inverse_power;
      if (all(abs(gap) < 1e-2 * e.target)) {
        // Near the root: the inverse of N as a series, which needs no other division and no logarithm.
        step = newton * (1 + newton * (0.5 * a + newton * (0.5 * a * a - b * (1.0 / 6))));
      } else {
        pack const each = 1 / value;
        pack const h = log_of_normal(value / e.target);
        pack const h1 = -r * moment * each, n2 = -a * h1, n3 = b * h1;
        pack const h2 = n2 - h1 * h1, h3 = n3 - h1 * (3 * n2 - 2 * h1 * h1);
        pack const curve = h * h2;
        step = -h * (h1 * h1 - 0.5 * curve) / (h1 * (h1 * h1 - curve) + h * h * h3 * (1.0 / 6));
      }
      pack const change = abs(step);
      pack rough = r + tail.roughness(), rough_x = rough;
      if constexpr (Tail::piecewise) {
        rough += Tail::bends_in_a_piece / (home.end - home.begin);
        rough_x += Tail::bends_in_a_piece / (abroad.end - abroad.begin);
      }
      converged = (change * (rough * home.survival + home.density) < small_step * home.survival) &
                  (change * (rough_x * abroad.survival + abroad.density) <= small_step * abroad.survival) &
                  home.vouched & abroad.vouched;
      if constexpr (Tail::piecewise) {
        pack const there = t + step, there_x = there + e.distance;
        converged &= (there > home.begin) & (there < home.end) & (there_x > abroad.begin) & (there_x < abroad.end);
      }
      if (all(converged)) break;
    }
    t += step;
    home.shift(step, r);
    abroad.shift(step, r);
  }

  [[nodiscard]] MELITZ_LANES_INLINE lane_results<pack> results() const {
    auto const& e = economy;
    pack const n = e.given[partners], f = e.given[fixed_cost];
    pack const nan = all_of<pack>(__builtin_nan("")), inverse = e.inverse_power;
    mask const open = e.selective | e.all_export;
    lane_results<pack> out;
    out.log_cutoff = t;
    out.residual = (home.excess + e.weight * abroad.excess) / e.target - 1;
    pack const moment = home.moment(), moment_x = abroad.moment();
    pack const survival_x = select(open, abroad.survival, pack{});
    // Per entrant alive, in units of f.
    pack const variable = moment * e.scale + e.weight * moment_x;
    pack const varieties = home.survival + n * survival_x;
    pack const per_survivor = 1 / home.survival;
    pack const per_variable = 1 / variable;
    pack const entrants = e.market * per_variable;
    out.mass_producers = entrants * home.survival;
    out.mass_exporters = entrants * survival_x;
    out.mass_varieties = entrants * varieties;
    out.share_exporting = select(e.all_export, all_of<pack>(1), smaller(survival_x * per_survivor, all_of<pack>(1)));
    out.average_revenue = e.revenue * variable * per_survivor;
    out.average_profit = e.target * e.scale * f * per_survivor;

    out.domestic_share = moment * per_variable;
    pack own = all_of<pack>(1);
    if (any(e.all_export)) {  // home sales alone cover f at a cutoff of their own, this much higher
      pack const trade = 1 + n * e.freeness;
      own = select(e.all_export, exp_of_ordinary(log_of_normal(trade / e.scale) * inverse), own);
      out.domestic_share = select(e.all_export, 1 / trade, out.domestic_share);
    }
    // All logarithms, then all exponentials: one by one each would wait for its own steps.
    pack const size = log_of_normal(moment * per_survivor), size_x = log_of_normal(moment_x / abroad.survival),
               size_v = log_of_normal(variable / varieties);
    out.cutoff = exp_of_ordinary(t);
    pack const growth = exp_of_ordinary(size * inverse), growth_x = exp_of_ordinary(size_x * inverse),
               growth_v = exp_of_ordinary(size_v * inverse);
    pack const domestic_cutoff = out.cutoff * own, cutoff_x = out.cutoff * e.ratio;
    out.export_cutoff = select(open, cutoff_x, all_of<pack>(__builtin_inf()));
    out.average_productivity = out.cutoff * growth;
    out.average_export_productivity = select(survival_x > 0, cutoff_x * growth_x, nan);
    out.average_variety_productivity = domestic_cutoff * growth_v;
    out.welfare = e.size * domestic_cutoff;
    out.price_index = 1 / out.welfare;

    // With the primitives in the range of `ordinary`, these bounds keep every result above within that of a double.
    out.converged = e.ordinary & tail.bound & converged & (abs(t) < 300) & (e.distance < 300) &
                    (abs(tail.log_moment() - e.power * t) < 700) & (home.survival > 1e-100) &
                    (moment < 1e60 * home.survival) & (moment_x <= 1e60 * abroad.survival) &
                    (abs(out.residual) < 1e-10);
    return out;
  }

 private:
  /// Of a step times the steepness of the tails: its fourth power, what a shift leaves out, is below rounding.
  static constexpr double small_step = 2e-4;

 public:
  MELITZ_LANES_INLINE lane_entry(lane_economies<pack> const& e, Tail const& l) : economy(e), tail(l) {}
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
