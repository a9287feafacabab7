// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/worlds/melitz/calibration/calibrate.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// A world known by its data, and what changes in it: what is seen, see world_targets, and changes of trade costs,
/// tariffs and deficits. As a model of its own, for programs that read one from a file.
template <real Real = double>
struct calibrated_world_economy {
  using real_type = Real;
  using options_type = world_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  world_targets<Real> seen{};
  matrix iceberg_cost_change{};  ///< tau'/tau > 0, 1 at home; infinite: trade ends. Empty: 1
  matrix fixed_cost_change{};    ///< f'/f > 0, of all markets; infinite abroad: trade ends. Empty: 1
  matrix tariff_change{};        ///< t' - t, 0 at home; t' > -1. Empty: 0
  vector deficit_change{};       ///< D' - D, in wages of country 0; they sum to 0. Empty: 0

  static constexpr char const* name = "calibrated_world";
  static constexpr char const* title =
      "A world calibrated to flows of trade under any laws, and changes of trade costs";
  /// Nothing is differentiated through a calibration: derivatives(...) has those of the world that it finds.
  static constexpr bool has_derivatives = false;
  static constexpr auto parameters() {
    using e = calibrated_world_economy;
    return told::table{
        told::nested(&e::seen),
        told::parameter("iceberg_cost_change", &e::iceberg_cost_change, rule::positive_or_infinite,
                        "new over old, of what is shipped for one unit to arrive", "", 0.9)
            .at_home(1)
            .or_none(1),
        told::parameter("fixed_cost_change", &e::fixed_cost_change, rule::positive_or_infinite,
                        "new over old, of serving a market", "", 1)
            .or_none(1),
        told::parameter("tariff_change", &e::tariff_change, rule::finite, "new less old", "", 0).at_home(0).or_none(),
        told::parameter("deficit_change", &e::deficit_change, rule::finite, "new less old; they sum to 0", "numeraire",
                        0)
            .or_none(),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return seen.countries(); }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const {
    detail::check_parameters(*this);
    seen.validate();
    detail::require_sum_of_zero(name, deficit_change, vector(seen.sales.diagonal()));
    for (Eigen::Index j = 0; j < countries() && tariff_change.size() != 0; ++j) {
      for (Eigen::Index i = 0; i < countries(); ++i) {
        Real const before = seen.tariff.size() == 0 ? Real(0) : seen.tariff(i, j), after = before + tariff_change(i, j);
        if (!(after > -1)) {
          detail::reject(name, "tariff plus " + detail::name_of("tariff_change", tariff_change, i, j),
                         static_cast<double>(after), "exceed -1");
        }
      }
    }
  }

  /// The world after the changes.
  [[nodiscard]] world_economy<Real> changed(world_economy<Real> economy) const {
    if (iceberg_cost_change.size() != 0) economy.iceberg_cost.array() *= iceberg_cost_change.array();
    if (fixed_cost_change.size() != 0) economy.fixed_cost.array() *= fixed_cost_change.array();
    if (deficit_change.size() != 0) economy.deficit += deficit_change;
    if (tariff_change.size() != 0) {
      economy.tariff = economy.tariff.size() == 0 ? tariff_change : matrix(economy.tariff + tariff_change);
    }
    return economy;
  }
};

/// A calibrated world, and what it becomes. Vectors are by country, matrices [exporter][importer]; money is in wages of
/// country 0. Check `reason` (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct calibrated_world_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real sales_error_estimate = detail::not_a_number<Real>;  ///< relative: the largest gap to those that are given
  melitz::scale_rule scale_rule = melitz::scale_rule::nearly_symmetric;
  Real cycle_product = detail::not_a_number<Real>;  ///< of a negative cycle the product of its icebergs
  vector cycle_place{};                             ///< 1, 2, ... in the order in which goods go round it; 0: not on it

  vector labor{}, entry_cost{}, deficit{}, law_scale{};
  matrix iceberg_cost{}, fixed_cost{};
  vector gdp_gap{};  ///< NaN where none was given

  vector gains_from_trade{};  ///< welfare over that in autarky, before the change
  vector welfare_change{};    ///< new over old
  world_equilibrium<Real> before{}, after{};

  static constexpr auto results() {
    using e = calibrated_world_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("sales_error_estimate", &e::sales_error_estimate, solution,
                       "of sales, the largest gap to those given"),
        told::quantity("scale_rule", &e::scale_rule, solution, "how scales of laws were chosen"),
        told::quantity("cycle_product", &e::cycle_product, solution, "of icebergs that no scale lifts above 1"),
        told::quantity("cycle_place", &e::cycle_place, solution, "on the way round it, from 1; 0: not on it"),
        told::positive("labor", &e::labor, work, "workers", "L"),
        told::positive("entry_cost", &e::entry_cost, work, "labor", "f_e"),
        told::quantity("deficit", &e::deficit, work, "numeraire", "D"),
        told::positive("law_scale", &e::law_scale, work, "of productivity, over that of the given law"),
        told::quantity("iceberg_cost", &e::iceberg_cost, work, "units shipped for one to arrive", "tau"),
        told::quantity("fixed_cost", &e::fixed_cost, work, "labor", "f"),
        told::quantity("gdp_gap", &e::gdp_gap, solution, "wages of all workers over given gdp, less 1"),
        told::positive("gains_from_trade", &e::gains_from_trade, aggregates, "welfare over that in autarky"),
        told::positive("welfare_change", &e::welfare_change, aggregates, "welfare, new over old"),
        told::nested(&e::before),
        told::nested(&e::after, "new_"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<calibrated_world_economy<double>>() &&
              detail::tells_every_member<calibrated_world_equilibrium<double>>());

namespace detail {

/// What a calibrated world tells of itself.
template <real Real, class Law>
void fill(calibrated_world_equilibrium<Real>& out, world_targets<Real> const& seen,
          calibrated_world<Real, Law> const& found) {
  auto const n = seen.countries();
  auto const& economy = found.economy;
  out.scale_rule = found.rule;
  out.cycle_product = found.cycle.product;
  out.cycle_place = Eigen::VectorX<Real>::Zero(n);
  for (std::size_t k = 0; k < found.cycle.countries.size(); ++k) {
    out.cycle_place[found.cycle.countries[k]] = Real(static_cast<int>(k) + 1);
  }
  out.labor = economy.labor;
  out.entry_cost = economy.entry_cost;
  out.deficit = economy.deficit;
  out.iceberg_cost = economy.iceberg_cost;
  out.fixed_cost = economy.fixed_cost;
  out.law_scale.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) out.law_scale[i] = found.laws.laws[static_cast<std::size_t>(i)].scale;
  out.gdp_gap = found.gdp_gap.size() != 0 ? found.gdp_gap : Eigen::VectorX<Real>::Constant(n, not_a_number<Real>);
  out.sales_error_estimate = Real(0);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = 0; i < n; ++i) {
      using std::abs;
      if (seen.trade(i, j)) {
        out.sales_error_estimate =
            std::max(out.sales_error_estimate, Real(abs(out.before.sales(i, j) / seen.sales(i, j) - 1)));
      }
    }
  }
}

/// The two worlds. @param laws  erased, whatever they were: what is compiled for one kind of law serves all
template <real Real>
[[nodiscard]] status solve_both(calibrated_world_equilibrium<Real>& out, calibrated_world_economy<Real> const& economy,
                                world_economy<Real> const& found, by_country<erased_law<Real>> const& laws,
                                world_start<Real> const& start, world_options const& how) {
  auto const pairs = pairs_under(found, laws);
  out.before = world_solver<Real>(*pairs, how).solve(start);
  if (!out.before) return out.before.reason;
  auto changed = economy.changed(found);
  changed.validate();
  out.after = world_solver<Real>(*pairs->in(std::move(changed)), how).solve(world_start<Real>(out.before));
  if (!out.after) return out.after.reason;
  out.welfare_change = out.after.welfare.cwiseQuotient(out.before.welfare);
  out.gains_from_trade = out.before.welfare;
  for (Eigen::Index i = 0; i < found.countries(); ++i) {
    auto const alone = pairs->autarky(i);
    if (!alone) return alone.reason;
    out.gains_from_trade[i] /= alone.welfare;
  }
  return status::converged;
}

}  // namespace detail

/// Calibrates a world, and solves what it becomes, from the calibrated point; see calibrate and try_solve of a
/// world_economy.
/// @param laws  of productivity, of each country or one for all; their scales do not matter
/// @throws domain_error naming what is out of range, or a target that no such world shows
/// @return numbers, or NaN and in `reason` why
template <real Real, productivity_law Law>
[[nodiscard]] calibrated_world_equilibrium<Real> try_solve(calibrated_world_economy<Real> const& economy,
                                                           by_country<Law> const& laws, world_options const& how = {}) {
  economy.validate();
  calibrated_world_equilibrium<Real> out;
  try {
    auto const found = calibrate(economy.seen, laws);
    by_country<erased_law<Real>> draws;
    for (auto const& law : found.laws.laws) draws.laws.push_back(erased_law<Real>(law));
    out.reason = detail::solve_both(out, economy, found.economy, draws, found.start, how);
    if (out) detail::fill(out, economy.seen, found);
  } catch (convergence_error const& e) {
    out.reason = e.reason();
  }
  if (!out) detail::forget(out, economy.countries());
  return out;
}
/// The same where all countries draw from one law.
template <real Real, productivity_law Law>
[[nodiscard]] calibrated_world_equilibrium<Real> try_solve(calibrated_world_economy<Real> const& economy,
                                                           Law const& law, world_options const& how = {}) {
  return try_solve(economy, by_country<Law>{{law}}, how);
}

/// Welfare of a calibrated world over that of each country by itself. @throws domain_error, convergence_error
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(calibrated_world_economy<Real> const& economy,
                                                    by_country<Law> const& laws, world_options const& how = {}) {
  return detail::or_throw(try_solve(economy, laws, how)).gains_from_trade;
}

}  // namespace melitz
