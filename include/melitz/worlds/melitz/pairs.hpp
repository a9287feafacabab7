// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/melitz/world_economy.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace melitz::detail {

/// What an entrant of each country expects of each market at given wages w = e^u and demand B = e^b, in the numeraire.
/// With the cost of serving a market F = f w_i^a w_j^(1-a), the cutoff c = (F/B)^(1/r) w_i tau, and S, J and g of the
/// law's tail:
template <real Real>
struct pair_profits {
  Eigen::MatrixX<Real> variable;   ///< V = F (J + S)(c), operating profit
  Eigen::MatrixX<Real> fixed;      ///< Q = F S(c), fixed costs
  Eigen::MatrixX<Real> profit;     ///< F J(c) = V - Q, without the loss of digits
  Eigen::MatrixX<Real> at_cutoff;  ///< G = F c g(c), the fixed costs of firms at the cutoff per log point of it
};

/// The pairs of countries of a world, with all that wages do not change computed once, whatever the laws: what depends
/// on them is compiled for each kind of law, below, and the rest once. A tariff is part of the cost of delivery: see
/// tariff_split.
template <real Real>
class world_pairs {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit world_pairs(world_economy<Real> economy)
      : economy_(std::move(economy)),
        log_barrier_(economy_.iceberg_cost.array().log()),
        log_fixed_cost_(economy_.fixed_cost.array().log()) {
    if (has_tariffs()) log_barrier_.array() += economy_.split(0, 0).cost_slope() * (economy_.tariff.array() + 1).log();
    log_cutoff_part_ = log_fixed_cost_ / power() + log_barrier_;
  }

  world_pairs(world_pairs const&) = delete;
  world_pairs& operator=(world_pairs const&) = delete;
  virtual ~world_pairs() = default;

  /// What firms make of wages and demand. @param out  keeps its memory from one call to the next
  virtual void evaluate(vector const& log_wage, vector const& log_demand, pair_profits<Real>& out) const = 0;
  /// The same laws in another world.
  [[nodiscard]] virtual std::unique_ptr<world_pairs> in(world_economy<Real> economy) const = 0;
  /// A country by itself.
  [[nodiscard]] virtual equilibrium<Real> autarky(Eigen::Index country) const = 0;

  [[nodiscard]] world_economy<Real> const& economy() const { return economy_; }
  [[nodiscard]] Eigen::Index countries() const { return economy_.countries(); }
  [[nodiscard]] Real power() const { return economy_.size_exponent(); }
  [[nodiscard]] Real share() const { return economy_.source_labor_share; }
  [[nodiscard]] Real required(Eigen::Index country) const { return economy_.required_profit(country); }
  [[nodiscard]] Real deficit(Eigen::Index country) const {
    return economy_.deficit.size() == 0 ? Real(0) : economy_.deficit[country];
  }

  [[nodiscard]] bool has_tariffs() const { return economy_.tariff.size() != 0; }
  [[nodiscard]] tariff_split<Real> split(Eigen::Index i, Eigen::Index j) const { return economy_.split(i, j); }
  /// Whether what stays with the exporters' countries is in the same proportion to operating profit everywhere.
  [[nodiscard]] bool uniform_income() const {
    return !has_tariffs() || economy_.tariff_on == tariff_base::delivered_price;
  }
  /// What the exporter's country earns per unit of operating profit.
  [[nodiscard]] Real income(Eigen::Index i, Eigen::Index j) const {
    return uniform_income() ? economy_.elasticity : split(i, j).income();
  }

  /// F_ij = f_ij w_i^a w_j^(1-a).
  [[nodiscard]] Real cost(Eigen::Index i, Eigen::Index j, vector const& log_wage) const {
    using std::exp;
    return Real(economy_.fixed_cost(i, j) * exp(Real(share() * log_wage[i] + (1 - share()) * log_wage[j])));
  }
  /// ln c_ij; infinite where there is no trade.
  [[nodiscard]] Real log_cutoff(Eigen::Index i, Eigen::Index j, vector const& log_wage,
                                vector const& log_demand) const {
    Real const cost = log_fixed_cost_(i, j) + share() * log_wage[i] + (1 - share()) * log_wage[j];
    return Real((cost - log_demand[j]) / power() + log_wage[i] + log_barrier_(i, j));
  }

 protected:
  world_economy<Real> economy_;
  matrix log_barrier_, log_fixed_cost_;
  matrix log_cutoff_part_;  ///< what of ln c neither wages nor demand change
};

/// @param tails  of each country, or one for all
template <productivity_tail Tail>
class pairs_under_laws final : public world_pairs<typename Tail::real_type> {
 public:
  using Real = typename Tail::real_type;
  using base = world_pairs<Real>;
  using typename base::matrix;
  using typename base::vector;

  pairs_under_laws(world_economy<Real> economy, std::shared_ptr<std::vector<Tail> const> tails)
      : base(std::move(economy)), tails_(std::move(tails)) {}

  [[nodiscard]] std::unique_ptr<base> in(world_economy<Real> economy) const override {
    return std::make_unique<pairs_under_laws>(std::move(economy), tails_);
  }
  [[nodiscard]] equilibrium<Real> autarky(Eigen::Index country) const override {
    return try_solve(this->economy_.autarky(country), tail(country));
  }

  void evaluate(vector const& log_wage, vector const& log_demand, pair_profits<Real>& out) const override {
    auto const n = this->countries();
    for (matrix* m : {&out.variable, &out.fixed, &out.profit, &out.at_cutoff}) m->resize(n, n);
    Real const a = this->share(), r = this->power();
    vector const at_source = (a * log_wage).array().exp(), at_market = ((1 - a) * log_wage).array().exp();
    vector const log_source = a * log_wage / r + log_wage;
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const from_market = ((1 - a) * log_wage[j] - log_demand[j]) / r;
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const log_c = this->log_cutoff_part_(i, j) + log_source[i] + from_market;
        if (log_c == infinity<Real>) {
          out.variable(i, j) = out.fixed(i, j) = out.profit(i, j) = out.at_cutoff(i, j) = Real(0);
          continue;
        }
        auto const p = tail(i).at(log_c);
        Real const cost = this->economy_.fixed_cost(i, j) * at_source[i] * at_market[j] * p.scale();
        out.profit(i, j) = cost * p.excess;
        out.fixed(i, j) = cost * p.survival;
        out.variable(i, j) = cost * p.moment();
        out.at_cutoff(i, j) = cost * p.density;
      }
    }
  }

 private:
  [[nodiscard]] Tail const& tail(Eigen::Index country) const {
    return law_of(*tails_, static_cast<std::size_t>(country));
  }

  std::shared_ptr<std::vector<Tail> const> tails_;
};

/// The pairs of a world under laws of productivity, of each country or one for all. @throws domain_error
template <real Real, productivity_law Law>
[[nodiscard]] std::unique_ptr<world_pairs<Real>> pairs_under(world_economy<Real> const& economy,
                                                             by_country<Law> const& draws) {
  economy.validate();
  require_laws("world_economy", draws.laws, static_cast<std::size_t>(economy.countries()));
  using tail_type = tail_of_t<Law>;
  std::vector<tail_type> tails;
  for (auto const& law : draws.laws) tails.push_back(tail_of(law, Real(economy.size_exponent())));
  return std::make_unique<pairs_under_laws<tail_type>>(
      economy, std::make_shared<std::vector<tail_type> const>(std::move(tails)));
}

}  // namespace melitz::detail
