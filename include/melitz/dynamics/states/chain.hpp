// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/newton_from_above.hpp>
#include <melitz/dynamics/redraw_flows.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Productivities that firms move between, period by period. Chains need not be monotone: which states are left is
/// found, not assumed to be a threshold.
template <real Real = double>
struct productivity_chain {
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  vector productivity{};  ///< phi > 0, in any order
  vector entrants{};      ///< probabilities that an entrant draws them
  matrix transition{};    ///< [from][to], rows sum to 1

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "productivity_chain";
    auto const n = productivity.size();
    detail::require(n > 0, where, "number of productivities", n, "be at least 1");
    detail::require(entrants.size() == n, where, "number of entrants", entrants.size(), "be that of productivities");
    detail::require(transition.rows() == n, where, "number of rows of transition", transition.rows(),
                    "be that of productivities");
    detail::require(transition.cols() == n, where, "number of columns of transition", transition.cols(),
                    "be that of productivities");
    auto const sums_to_one = [&](auto const& list, std::string const& what) {
      Real sum(0);
      for (Eigen::Index k = 0; k < n; ++k) {
        Real const p = list(k);
        detail::require(p >= 0 && p <= 1, where, (what + '[' + std::to_string(k) + ']').c_str(), p, "be a probability");
        sum += p;
      }
      detail::require(sum >= 1 - Real(1e-9) && sum <= 1 + Real(1e-9), where, ("sum of " + what).c_str(), sum,
                      "be 1 (within 1e-9)");
    };
    for (Eigen::Index k = 0; k < n; ++k) {
      detail::require(rule::positive, where, ("productivity[" + std::to_string(k) + ']').c_str(),
                      Real(productivity[k]));
    }
    sums_to_one(entrants, "entrants");
    for (Eigen::Index k = 0; k < n; ++k) {
      vector const row = transition.row(k).transpose();
      sums_to_one(row, "transition[" + std::to_string(k) + ']');
    }
  }
};

/// Steady state on a chain. What is by state is in the chain's order; cutoffs, ages and nodes are not told.
template <real Real = double>
struct chain_equilibrium {
  industry_equilibrium<Real> industry{};
  std::vector<bool> stays{};                        ///< after: operates; before: goes on to the next period
  Eigen::Matrix<Real, Eigen::Dynamic, 1> values{};  ///< before: this period's profit included
  Eigen::Matrix<Real, Eigen::Dynamic, 1> masses{};  ///< of operating firms, per entrant of a period

  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(industry); }
};

namespace detail {

template <real Real>
class chain_industry {
 public:
  using vector = typename productivity_chain<Real>::vector;
  using matrix = typename productivity_chain<Real>::matrix;

  chain_industry(industry_economy<Real> const& e, productivity_chain<Real> const& chain)
      : e_(e), chain_(chain), menu_(e), n_(chain.productivity.size()), size_(n_), stays_(static_cast<std::size_t>(n_)) {
    for (Eigen::Index k = 0; k < n_; ++k) size_[k] = power_of(Real(chain.productivity[k]), menu_.power);
  }

  [[nodiscard]] chain_equilibrium<Real> solve(industry_options const& how) {
    chain_equilibrium<Real> out;
    auto const value = [&](Real const& demand) {
      auto const v = optimal(demand, how.max_evaluations);
      Real const worth = entry_value(v);
      return value_and_slope<Real>{Real(worth - e_.entry_cost), slope(demand)};
    };
    // From above: entry, and overhead for ever, would be paid by a firm that never exits and never exports.
    vector const ever = system(e_.discount(), true).solve(size_);
    Real const above = (e_.entry_cost + e_.fixed_cost / e_.impatience()) / chain_.entrants.dot(ever);
    auto const root = newton_from_above(value, above, how.max_evaluations);
    out.industry.evaluations = root.evaluations;
    out.industry.reason = status::iteration_limit;
    if (!root.converged) return out;
    Real const demand = out.industry.demand = root.at;
    out.values = optimal(demand, how.max_evaluations);
    out.stays = stays_;
    return finish(out, how);
  }

 private:
  [[nodiscard]] bool after() const { return e_.timing == exit_timing::after; }
  [[nodiscard]] bool stay(Eigen::Index k) const { return stays_[static_cast<std::size_t>(k)]; }
  /// I - q P where firms stay: rows of states that are left are those of the unit matrix.
  /// @param all  as if none were left
  [[nodiscard]] Eigen::PartialPivLU<matrix> system(Real const& q, bool all) const {
    matrix out = matrix::Identity(n_, n_);
    for (Eigen::Index k = 0; k < n_; ++k) {
      if (all || stay(k)) out.row(k) -= q * chain_.transition.row(k);
    }
    return Eigen::PartialPivLU<matrix>(out);
  }
  [[nodiscard]] firm_sums<Real> firm(Real const& demand, Eigen::Index k) const {
    bool const exports = menu_.open() && !(menu_.reach * demand * size_[k] < menu_.export_cost);
    return {Real(1), size_[k], Real(exports ? 1 : 0), exports ? Real(size_[k]) : Real(0)};
  }
  /// Sums over the periods of a firm that follows the policy. @param of  of(k) is what a period in state k counts
  template <class F>
  [[nodiscard]] vector sums(Real const& q, F const& of) const {
    vector now(n_);
    for (Eigen::Index k = 0; k < n_; ++k) now[k] = after() && !stay(k) ? Real(0) : Real(of(k));
    return system(q, false).solve(now);
  }
  /// Howard's iteration: values of a policy, then the policy that is best given these, until it is the same.
  [[nodiscard]] vector optimal(Real const& demand, int budget) {
    vector v;
    for (int k = 0; k < budget; ++k) {
      v = sums(e_.discount(), [&](Eigen::Index s) { return menu_.profit(demand, firm(demand, s)); });
      vector const next = chain_.transition * v;
      bool changed = false;
      for (Eigen::Index s = 0; s < n_; ++s) {
        Real const gain =
            after() ? Real(menu_.profit(demand, firm(demand, s)) + e_.discount() * next[s]) : Real(next[s]);
        bool const better = gain > 0;
        // A change by a rounding would go on for ever.
        using std::abs;
        Real const scale = e_.fixed_cost + abs(Real(v[s]));
        Real const size = abs(gain);
        if (better == stay(s) || (k > 0 && size < 16 * epsilon<Real>() * scale)) continue;
        stays_[static_cast<std::size_t>(s)] = better;
        changed = true;
      }
      if (!changed) break;
    }
    return v;
  }
  [[nodiscard]] Real entry_value(vector const& v) const { return chain_.entrants.dot(v); }
  [[nodiscard]] Real slope(Real const& demand) const {
    return chain_.entrants.dot(sums(e_.discount(), [&](Eigen::Index k) { return menu_.sold(firm(demand, k)); }));
  }

  [[nodiscard]] chain_equilibrium<Real> finish(chain_equilibrium<Real>& out, industry_options const& how) {
    using std::exp;
    auto& r = out.industry;
    Real const& demand = r.demand;
    Real const living = 1 - e_.death_rate;
    r.nobody_exits = true;
    for (bool const s : stays_) r.nobody_exits = r.nobody_exits && s;
    require(living < 1 || !r.nobody_exits, "industry_dynamics_economy", "death_rate", e_.death_rate,
            "be positive where no firm ever exits");
    r.free_entry_residual = entry_value(out.values) / e_.entry_cost - 1;
    auto const counted = [&](auto const& of) { return Real(chain_.entrants.dot(sums(living, of))); };
    auto const part = [&](Real firm_sums<Real>::*member) {
      return counted([&](Eigen::Index k) { return firm(demand, k).*member; });
    };
    firm_sums<Real> const all{part(&firm_sums<Real>::firms), part(&firm_sums<Real>::size),
                              part(&firm_sums<Real>::exporters), part(&firm_sums<Real>::exported)};
    fill_industry(r, e_, menu_, all);
    r.log_cutoff = r.cutoff = not_a_number<Real>;  // there need be none
    r.export_cutoff = menu_.open() ? Real(exp(menu_.log_export_cutoff(demand))) : infinity<Real>;
    r.discretization_error = 0;
    r.error_estimate = 0;
    Real const gamma = e_.discount();
    Real const exported = chain_.entrants.dot(sums(gamma, [&](Eigen::Index k) { return firm(demand, k).exported; }));
    r.discounted_export_share = menu_.reach * exported / slope(demand);

    // Firms forwards: entrants who operate, and who stayed and did not die.
    matrix flow = matrix::Identity(n_, n_);
    vector begin = chain_.entrants;
    for (Eigen::Index to = 0; to < n_; ++to) {
      if (after() && !stay(to)) {
        begin[to] = 0;
        continue;
      }
      for (Eigen::Index from = 0; from < n_; ++from) {
        if (stay(from)) flow(to, from) -= living * chain_.transition(from, to);
      }
    }
    out.masses = Eigen::PartialPivLU<matrix>(flow).solve(begin);
    r.mass_residual = out.masses.sum() / all.firms - 1;
    r.entry_rate = begin.sum() / all.firms;
    if (how.flows) jobs(out, begin, all);
    r = checked_industry(r, Real(4096 * epsilon<Real>()), how.flows);
    return out;
  }

  void jobs(chain_equilibrium<Real>& out, vector const& begin, firm_sums<Real> const& all) const {
    auto& r = out.industry;
    industry_jobs<Real> const jobs{menu_, r.demand};
    vector each(n_);
    for (Eigen::Index k = 0; k < n_; ++k) each[k] = jobs(firm(r.demand, k));
    Real const total = jobs(all), living = 1 - e_.death_rate;
    Real grown(0), shrunk(0), left(0);
    for (Eigen::Index from = 0; from < n_; ++from) {
      Real const mass = out.masses[from];
      if (!stay(from)) {
        left += mass * each[from];
        continue;
      }
      for (Eigen::Index to = 0; to < n_; ++to) {
        Real const moves = mass * chain_.transition(from, to), more = each[to] - each[from];
        if (after() && !stay(to)) {
          left += moves * each[from];
        } else {
          (more > 0 ? grown : shrunk) += more > 0 ? Real(moves * more) : Real(-moves * more);
        }
      }
    }
    r.job_creation_by_entrants = begin.dot(each) / total;
    r.job_creation_rate = r.job_creation_by_entrants + living * grown / total;
    r.job_destruction_by_exit = e_.death_rate + living * left / total;
    r.job_destruction_rate = r.job_destruction_by_exit + living * shrunk / total;
    r.job_residual = r.job_creation_rate - r.job_destruction_rate;
  }

  industry_economy<Real> const& e_;
  productivity_chain<Real> const& chain_;
  industry_menu<Real> menu_;
  Eigen::Index n_;
  vector size_;
  std::vector<bool> stays_;
};

}  // namespace detail

/// Steady state of an industry on a finite chain: policy iteration on sets of states, and Newton's method from above
/// for the demand shifter, both of which end after finitely many steps. What the economy says of shocks is not used.
///
/// Where costs are paid in output and not in labour, as in Hopenhayn and Rogerson (1993), the same numbers are in units
/// of output: demand is A/p, and p = (elasticity A/p)^(1/(elasticity-1)) elasticity/(elasticity-1) under perfect
/// competition; see price_with_costs_in_output.
/// @throws domain_error naming a parameter that is out of range; also where no firm ever exits
/// @return numbers, or NaN and in `industry.reason` why
template <real Real>
[[nodiscard]] chain_equilibrium<Real> try_solve(industry_economy<Real> const& economy,
                                                productivity_chain<Real> const& chain,
                                                industry_options const& how = {}) {
  economy.validate_costs();
  chain.validate();
  detail::require_options(how);
  return detail::chain_industry<Real>(economy, chain).solve(how);
}

/// The competitive price where f and f_e are units of output: of a chain_equilibrium's demand.
template <real Real>
[[nodiscard]] Real price_with_costs_in_output(Real const& demand, Real const& elasticity) {
  return Real(detail::power_of(Real(elasticity * demand), Real(1 / (elasticity - 1))) / inverse_markup(elasticity));
}

}  // namespace melitz
