// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/worlds/comparative_advantage/comparative_advantage.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Jobs for one kind of workers that firms create and destroy between two equilibria, [industry][country]. What the
/// paper counts as one is not certain; there are two answers, both for firms that produce, and with the same
/// difference:
///
/// By firm: every firm keeps its productivity. As many firms as there are in both equilibria hire or lay off, and where
/// there are more or fewer in one, these are new, or closed. By cohort: firms of one productivity are one employer.
template <real Real = double>
struct factor_job_flows {
  using real_type = Real;
  using matrix = Eigen::MatrixX<Real>;

  matrix firm_creation{}, firm_destruction{};
  matrix cohort_creation{}, cohort_destruction{};
  matrix entry_change{};  ///< of those who set up firms: delta N f_e bundles

  static constexpr auto results() {
    using e = factor_job_flows;
    using by = told::by;
    using enum part;
    return told::table{
        told::quantity("firm_creation", &e::firm_creation, labor_uses, "workers").indexed(by::industry, by::country),
        told::quantity("firm_destruction", &e::firm_destruction, labor_uses, "workers")
            .indexed(by::industry, by::country),
        told::quantity("cohort_creation", &e::cohort_creation, labor_uses, "workers")
            .indexed(by::industry, by::country),
        told::quantity("cohort_destruction", &e::cohort_destruction, labor_uses, "workers")
            .indexed(by::industry, by::country),
        told::quantity("entry_change", &e::entry_change, labor_uses, "workers").indexed(by::industry, by::country),
    };
  }

  /// Of all workers of the industry: jobs with producers created less those destroyed, and those in entry.
  [[nodiscard]] matrix net() const { return firm_creation - firm_destruction + entry_change; }
};

/// Job flows of both kinds of workers.
template <real Real = double>
struct comparative_advantage_job_flows {
  using real_type = Real;

  factor_job_flows<Real> skilled{}, unskilled{};

  static constexpr auto results() {
    using e = comparative_advantage_job_flows;
    return told::table{told::nested(&e::skilled, "skilled_"), told::nested(&e::unskilled, "unskilled_")};
  }
};

static_assert(detail::tells_every_member<factor_job_flows<double>>() &&
              detail::tells_every_member<comparative_advantage_job_flows<double>>());

namespace detail {

/// What firms of one industry and country employ, in bundles: level + slope phi^r from each of two cutoffs on.
template <real Real>
struct employer {
  struct part {
    Real from, level, slope;  ///< from: in logs
  };
  std::array<part, 2> parts;
  Real mass, entry;  ///< entrants alive, bundles that entry of one takes per period

  employer(comparative_advantage_economy<Real> const& economy, comparative_advantage_equilibrium<Real> const& e,
           Eigen::Index i, Eigen::Index k)
      : mass(e.mass_entrants(i, k)), entry(economy.required_profit(i, k)) {
    using std::log, std::pow;
    Real const r = economy.size_exponent(), per_demand = r * pow(e.unit_cost(i, k), Real(-economy.elasticity));
    Real const tau = economy.iceberg_cost(i, k);
    bool const exports = is_finite(tau) && is_finite(e.export_cutoff(i, k));
    Real const away = exports ? Real(per_demand * e.demand(i, 1 - k) * pow(tau, Real(-r))) : Real(0);
    parts[0] = {Real(log(e.cutoff(i, k))), economy.fixed_cost(i, k), Real(per_demand * e.demand(i, k))};
    parts[1] = {exports ? Real(log(e.export_cutoff(i, k))) : infinity<Real>, economy.export_fixed_cost(i, k), away};
  }
};

/// Integrals over the law of the positive and of the negative part of what `by_new` firms of each productivity employ
/// after, less what `by_old` did before: both are affine in phi^r between cutoffs.
template <real Real>
[[nodiscard]] std::array<Real, 2> gained_and_lost(erased_tail<Real> const& tail, employer<Real> const& before,
                                                  employer<Real> const& after, Real const& by_old, Real const& by_new) {
  using std::exp, std::log;
  struct step {
    Real from, level, slope;
  };
  std::array<step, 4> steps;
  for (std::size_t n = 0; n < 2; ++n) {
    auto const &old = before.parts[n], &now = after.parts[n];
    steps[n] = {old.from, Real(-by_old * old.level), Real(-by_old * old.slope)};
    steps[2 + n] = {now.from, Real(by_new * now.level), Real(by_new * now.slope)};
  }
  std::sort(steps.begin(), steps.end(), [](step const& a, step const& b) { return a.from < b.from; });
  Real const power = tail.power();
  struct above {
    Real survival, moment;  ///< of those above a productivity
  };
  auto const at = [&](Real const& t) -> above {
    if (t == infinity<Real>) return {Real(0), Real(0)};
    auto const p = tail.at(t);
    return {Real(p.scale() * p.survival), Real(p.scale() * p.moment() * exp(Real(power * t)))};
  };
  std::array<Real, 2> out{Real(0), Real(0)};
  Real level(0), slope(0);
  for (std::size_t n = 0; n < steps.size() && steps[n].from < infinity<Real>; ++n) {
    level += steps[n].level;
    slope += steps[n].slope;
    Real const end = n + 1 < steps.size() ? steps[n + 1].from : infinity<Real>;
    auto const add = [&](above const& from, above const& to) {
      Real const amount = level * (from.survival - to.survival) + slope * (from.moment - to.moment);
      (amount > 0 ? out[0] : out[1]) += amount > 0 ? amount : Real(-amount);
    };
    auto const first = at(steps[n].from), last = at(end);
    Real const turn = level * slope < 0 ? Real(log(Real(-level / slope)) / power) : infinity<Real>;
    if (turn > steps[n].from && turn < end) {
      auto const middle = at(turn);
      add(first, middle);
      add(middle, last);
    } else {
      add(first, last);
    }
  }
  return out;
}

}  // namespace detail

/// Jobs created and destroyed on the way from one equilibrium to another, under the same laws.
///
/// @param from, to  the economies, which may differ in all but the elasticity; `before` and `after` their equilibria
/// @throws domain_error when an equilibrium had failed, or the elasticities differ
/// Example: what opening to trade does to jobs:
///   auto const flows = job_flows(economy.autarky(), solve(economy.autarky(), law), economy, solve(economy, law), law);
///   flows.skilled.firm_creation(0, 1);
template <real Real, productivity_law Law>
[[nodiscard]] comparative_advantage_job_flows<Real> job_flows(comparative_advantage_economy<Real> const& from,
                                                              comparative_advantage_equilibrium<Real> const& before,
                                                              comparative_advantage_economy<Real> const& to,
                                                              comparative_advantage_equilibrium<Real> const& after,
                                                              by_industry_and_country<Law> const& laws) {
  for (auto const* e : {&before, &after}) {
    if (!*e) throw domain_error("job_flows", "status of an equilibrium", to_string(e->reason), "be converged");
  }
  detail::require(from.elasticity == to.elasticity, "job_flows", "elasticity after", to.elasticity, "be that before");
  detail::require_laws("job_flows", laws, 2, 2);
  auto const tails = detail::tails_of(from, laws);
  comparative_advantage_job_flows<Real> out;
  detail::set_all(out.skilled, 2, Real(0));
  detail::set_all(out.unskilled, 2, Real(0));
  for (Eigen::Index i = 0; i < 2; ++i) {
    for (Eigen::Index k = 0; k < 2; ++k) {
      detail::employer<Real> const old(from, before, i, k), now(to, after, i, k);
      auto const& tail = tails[static_cast<std::size_t>(2 * i + k)];
      for (Eigen::Index f = 0; f < 2; ++f) {
        auto const per_bundle = [&](auto const& economy, auto const& e) {
          return Real(economy.factor_share(f, i) * e.unit_cost(i, k) /
                      (f == 0 ? e.skilled_wage[k] : e.unskilled_wage[k]));
        };
        Real const was = per_bundle(from, before), is = per_bundle(to, after), none(0);
        Real const stay = std::min(old.mass, now.mass);
        auto& flows = f == 0 ? out.skilled : out.unskilled;
        auto const firms = detail::gained_and_lost(tail, old, now, Real(stay * was), Real(stay * is));
        auto const closed = detail::gained_and_lost(tail, old, now, Real((old.mass - stay) * was), none);
        auto const opened = detail::gained_and_lost(tail, old, now, none, Real((now.mass - stay) * is));
        flows.firm_creation(i, k) = firms[0] + opened[0];
        flows.firm_destruction(i, k) = firms[1] + closed[1];
        auto const cohorts = detail::gained_and_lost(tail, old, now, Real(old.mass * was), Real(now.mass * is));
        flows.cohort_creation(i, k) = cohorts[0];
        flows.cohort_destruction(i, k) = cohorts[1];
        flows.entry_change(i, k) = now.mass * now.entry * is - old.mass * old.entry * was;
      }
    }
  }
  return out;
}

/// The same law everywhere.
template <real Real, productivity_law Law>
[[nodiscard]] comparative_advantage_job_flows<Real> job_flows(comparative_advantage_economy<Real> const& from,
                                                              comparative_advantage_equilibrium<Real> const& before,
                                                              comparative_advantage_economy<Real> const& to,
                                                              comparative_advantage_equilibrium<Real> const& after,
                                                              Law const& law) {
  return job_flows(from, before, to, after, by_industry_and_country<Law>{{{law}}});
}

/// By how much trade has magnified comparative advantage: average productivity in the industry in which a country has
/// it, over that in the other, over the same quotient abroad; after, over before. Above 1 where selection has widened
/// what endowments began. The country with relatively more skilled workers has it where more of them are used. NaN
/// where some country does not make some good.
template <real Real>
[[nodiscard]] Real magnified_comparative_advantage(comparative_advantage_economy<Real> const& economy,
                                                   comparative_advantage_equilibrium<Real> const& before,
                                                   comparative_advantage_equilibrium<Real> const& after) {
  auto const quotient = [](auto const& e) {
    auto const& a = e.average_productivity;
    return Real(a(0, 0) / a(1, 0) / (a(0, 1) / a(1, 1)));
  };
  bool const skilled =
      economy.skilled_labor[0] / economy.unskilled_labor[0] >= economy.skilled_labor[1] / economy.unskilled_labor[1];
  Real const change = quotient(after) / quotient(before);
  return skilled == (economy.skill_intensity[0] > economy.skill_intensity[1]) ? change : Real(1 / change);
}

}  // namespace melitz
