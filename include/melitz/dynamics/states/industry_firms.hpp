// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/states/industry_states.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/tail.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstddef>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// The firms of a solved industry whose log productivity is an autoregression: what each is worth, and how many there
/// are of each size. At any productivity > 0, between nodes too, where the equations themselves interpolate. Example:
/// industry_firms const firms(economy, tail_of(law, economy.elasticity - 1), equilibrium);  firms.value(2.0);
template <productivity_tail Tail>
class industry_firms {
 public:
  using Real = typename Tail::real_type;

  /// @throws domain_error unless the equilibrium converged and shocks are an autoregression
  industry_firms(industry_economy<Real> const& economy, Tail const& tail, industry_equilibrium<Real> const& solved)
      : economy_(checked(economy, solved)),
        tail_(tail),
        demand_(solved.demand),
        firms_(solved.firms_per_entrant),
        states_(economy_, tail_, options_),
        cutoff_(solved.nobody_exits ? states_.least() : solved.log_cutoff),
        policy_(states_.policy_of(cutoff_, states_.menu().log_export_cutoff(demand_))),
        values_(policy_, states_.menu().power, economy_.discount()),
        counts_(policy_, states_.menu().power, Real(1 - economy_.death_rate)) {
    values_.set_exports(states_.menu().log_export_cutoff(demand_));
    masses_ = counts_.masses();
  }
  industry_firms(industry_firms const&) = delete;  // parts of it point to others
  industry_firms& operator=(industry_firms const&) = delete;

  /// Profit of this period, in the best of its markets; negative for small firms.
  [[nodiscard]] Real profit(Real const& productivity) const {
    Real const size = demand_ * detail::power_of(productivity, states_.menu().power);
    auto const& menu = states_.menu();
    Real const abroad = menu.reach * size - menu.export_cost;
    return Real(size - menu.overhead + (abroad > 0 ? abroad : Real(0)));
  }
  /// W: expected value tomorrow, given productivity today.
  [[nodiscard]] Real continuation(Real const& productivity) const {
    using std::log;
    return states_.menu().profit(demand_, values_.tomorrow(Real(log(productivity))));
  }
  /// What a firm is worth that has this productivity: with the timing `after` 0 where it exits, with `before` this
  /// period's profit included, which may make it negative.
  [[nodiscard]] Real value(Real const& productivity) const {
    Real const later = continuation(productivity), now = profit(productivity);
    if (economy_.timing == exit_timing::before) {
      return Real(now + economy_.discount() * (later > 0 ? later : Real(0)));
    }
    Real const all = now + economy_.discount() * later;
    return all > 0 ? all : Real(0);
  }
  /// Density of log productivity among operating firms, without atoms of the law among entrants.
  [[nodiscard]] Real density(Real const& productivity) const {
    using std::log;
    Real const t = log(productivity);
    bool const after = economy_.timing == exit_timing::after;
    if (after && t < cutoff_) return Real(0);
    Real sum(0);
    for_each_incumbent(
        [&](Real const& from, Real const& mass) { sum += mass * policy_.process.from(from).density(t); });
    return Real((detail::law_level_at(tail_, t).density + (1 - economy_.death_rate) * sum) / firms_);
  }
  /// Share of operating firms that are at least as productive.
  [[nodiscard]] Real share_above(Real const& productivity) const {
    using std::log;
    Real t = log(productivity);
    if (economy_.timing == exit_timing::after && t < cutoff_) t = cutoff_;
    Real sum(0);
    for_each_incumbent(
        [&](Real const& from, Real const& mass) { sum += mass * policy_.process.from(from).moment_above(Real(0), t); });
    return Real((detail::law_level_at(tail_, t).survival + (1 - economy_.death_rate) * sum) / firms_);
  }

 private:
  [[nodiscard]] static industry_economy<Real> const& checked(industry_economy<Real> const& economy,
                                                             industry_equilibrium<Real> const& solved) {
    economy.validate();
    if (economy.shocks != productivity_shocks::autoregression) {
      throw domain_error("industry_firms", "shocks", to_string(economy.shocks), "be an autoregression");
    }
    if (!solved) throw domain_error("industry_firms", "reason", to_string(solved.reason), "be converged");
    return economy;
  }
  /// Firms that stay until the next period, those that die included.
  template <class F>
  void for_each_incumbent(F const& f) const {
    for (auto const& e : policy_.entrants) f(e.at, e.weight);
    for (Eigen::Index k = 0; k < masses_.size(); ++k) f(policy_.nodes.at[static_cast<std::size_t>(k)], masses_[k]);
  }

  industry_options options_{};
  industry_economy<Real> economy_;
  Tail tail_;
  Real demand_, firms_;
  detail::industry_states<Tail> states_;
  Real cutoff_;
  detail::state_policy<Real> policy_;
  detail::state_expectations<Real> values_, counts_;
  typename detail::state_policy<Real>::vector masses_;
};

}  // namespace melitz
