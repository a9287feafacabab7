// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <limits>
#include <string_view>

namespace melitz {

/// Primitives of the closed economy (lecture, slides 7-17). Plain data, built with designated initialisers; a member
/// left out stays NaN and is named by the solver. The wage is the numeraire.
template <real Real = double>
struct closed_economy {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1, of substitution between varieties
  Real fixed_cost = detail::not_a_number<Real>;  ///< f > 0, overhead per period, in labour
  Real entry_cost = detail::not_a_number<Real>;  ///< f_e > 0, sunk, in labour
  Real death_rate = detail::not_a_number<Real>;  ///< delta in (0, 1], per period
  Real labor = detail::not_a_number<Real>;       ///< L > 0, workers

  static constexpr char const* name = "closed";
  static constexpr char const* title = "Closed economy, Melitz (2003)";
  static constexpr auto parameters() {
    using e = closed_economy;
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive, "of producing, per period", "labor", 1),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", "labor", 2),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 0.05),
        told::parameter("labor", &e::labor, rule::positive, "of the country", "workers", 1),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// Expected profit per period and draw that pays for entry, delta f_e: where the lecture's steady state becomes a
  /// static problem, and the only place.
  [[nodiscard]] Real required_profit() const { return Real(death_rate * entry_cost); }
};

/// Primitives of the open economy (lecture, slides 18-26): a country as in `domestic`, trading with n identical ones.
///
/// The lecture writes free entry (9) for one partner; here the export term counts n times, and n = 1 is the lecture's.
/// An infinite iceberg or export fixed cost is autarky, as is partners = 0.
template <real Real = double>
struct open_economy {
  using real_type = Real;

  closed_economy<Real> domestic{};
  Real partners = detail::not_a_number<Real>;           ///< n >= 0, a whole number of partner countries
  Real iceberg_cost = detail::not_a_number<Real>;       ///< tau >= 1, units shipped for one to arrive; may be infinite
  Real export_fixed_cost = detail::not_a_number<Real>;  ///< f_x > 0, per period and market, in labour; may be infinite

  static constexpr char const* name = "open";
  static constexpr char const* title = "Open economy with symmetric countries, Melitz (2003)";
  static constexpr auto parameters() {
    using e = open_economy;
    return told::table{
        told::nested(&e::domestic),
        told::parameter("partners", &e::partners, rule::whole, "to trade with", "countries", 3),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", 1.6),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, rule::positive_or_infinite,
                        "of exporting, per period and market", "labor", 1.3),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

static_assert(detail::tells_every_member<closed_economy<double>>() &&
              detail::tells_every_member<open_economy<double>>());

/// A closed economy as an open one without partners.
template <real Real>
[[nodiscard]] open_economy<Real> as_open(closed_economy<Real> const& economy) {
  return {economy, Real(0), detail::infinity<Real>, detail::infinity<Real>};
}

/// Who produces and who exports.
enum class regime {
  closed,      ///< nobody can trade: no partners, or an infinite trade cost
  selection,   ///< only firms above the export cutoff export: iceberg^(elasticity-1) * export_fixed_cost > fixed_cost
  all_export,  ///< exporting is so cheap that every producer does; a tie counts here
};

/// The regime in words: "closed", "selection", "all_export".
[[nodiscard]] constexpr std::string_view to_string(regime r) noexcept {
  return detail::word_of(r, {"closed", "selection", "all_export"});
}

/// What trade costs do to a market abroad, each number computed once.
template <real Real>
struct foreign_market {
  melitz::regime regime = melitz::regime::closed;
  Real freeness{0};  ///< tau^(1-sigma), revenue abroad over revenue at home
  /// ln(tau^(sigma-1) f_x / f): ln of scaled size at the export cutoff, over that at the cutoff
  Real log_cost_ratio{};
  Real log_cost_ratio_rest{0};  ///< what rounding took from it, where that matters

  /// @pre the economy is valid
  explicit foreign_market(open_economy<Real> const& e) {
    using std::log;
    if (e.partners == 0 || !detail::is_finite(e.iceberg_cost) || !detail::is_finite(e.export_fixed_cost)) return;
    Real const power = e.domestic.elasticity - 1, loss = detail::power_of(e.iceberg_cost, power);
    freeness = 1 / loss;
    Real const cost = loss * e.export_fixed_cost, ratio = cost / e.domestic.fixed_cost;
    if (!detail::is_finite(ratio) || !(ratio > (std::numeric_limits<Real>::min)())) {
      log_cost_ratio = power * log(e.iceberg_cost) + log(e.export_fixed_cost) - log(e.domestic.fixed_cost);
      regime = log_cost_ratio > 0 ? melitz::regime::selection : melitz::regime::all_export;
      return;
    }
    regime = cost > e.domestic.fixed_cost ? melitz::regime::selection : melitz::regime::all_export;
    log_cost_ratio = log(ratio);
    // Over r it is a distance between cutoffs: a rounding of it is much where r is small, and near the tie of the
    // regimes.
    if (power < 1 || (log_cost_ratio < Real(1e-3) && log_cost_ratio > -Real(1e-3))) {
      using wide = detail::wider_t<Real>;
      wide const of_iceberg = static_cast<wide>(power) * log(static_cast<wide>(e.iceberg_cost));
      wide exact =
          of_iceberg + log(wide(static_cast<wide>(e.export_fixed_cost) / static_cast<wide>(e.domestic.fixed_cost)));
      wide const noise = 2 * detail::epsilon<wide>() * (1 + of_iceberg);
      if (exact < noise && exact > -noise) exact = wide(0) * exact;  // a tie, as far as anyone can tell
      log_cost_ratio = static_cast<Real>(exact);
      log_cost_ratio_rest = static_cast<Real>(exact - static_cast<wide>(log_cost_ratio));
      regime = exact > 0 ? melitz::regime::selection : melitz::regime::all_export;
    }
  }
};

/// The selection condition of slide 20: exporters are a strict subset of producers iff tau^(sigma-1) f_x > f.
///
/// @pre the economy is valid
template <real Real>
[[nodiscard]] regime regime_of(open_economy<Real> const& economy) {
  return foreign_market<Real>(economy).regime;
}

}  // namespace melitz
