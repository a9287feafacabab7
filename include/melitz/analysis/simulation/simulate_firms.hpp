// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/simulation/firm_plan.hpp>
#include <melitz/analysis/simulation/quantile_table.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/in_blocks.hpp>
#include <melitz/numerics/philox.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

/// How firms are drawn.
struct simulation_options {
  std::uint64_t firms = 1000;  ///< entrants, at least 1
  std::uint64_t seed = 1;
  std::uint32_t replication = 0;
  /// Firm i draws a share from the i-th of `firms` equal parts of (0, 1): less noise. Then another number of firms are
  /// other firms.
  bool stratified = false;
  /// Firms whose draw is reached by a smaller share than this are left out of the trimmed sums, whose standard errors
  /// hold under any law; in [0, 1).
  double trimmed_share = 0.001;
  int threads = 1;  ///< at most; 0 for as many as there are processors. No number depends on it
};

/// A firm, all markets together.
struct simulated_firm {
  std::uint64_t firm;
  double uniform;  ///< the share of entrants that reach its productivity
  double log_productivity;
  std::size_t option;  ///< of the plan
  double sales, production_labor, fixed_labor, profit;
  double weight;  ///< one over the number of firms: a mean over entrants is a sum of weights times numbers
};

/// The same firm in one market. A price of its own, where it sells and the plan tells: else NaN.
struct simulated_sale {
  double price, quantity, sales, profit;  ///< profit before fixed costs
};

/// Sums over firms.
struct simulated_totals {
  std::uint64_t firms = 0;
  std::vector<double> count;  ///< by option
  std::vector<double> size;   ///< phi^r, by option
  std::vector<double> sales;  ///< by market, over all markets alike
  double production_labor = 0, fixed_labor = 0, profit = 0;
  double log_productivity = 0, log_productivity_squared = 0;
  double above_trim = 0;                    ///< how many firms the trimmed sums leave out
  double trimmed = 0, trimmed_squared = 0;  ///< sales of the others, and their squares

  simulated_totals& operator+=(simulated_totals const& other) {
    firms += other.firms;
    auto const add = [](std::vector<double>& to, std::vector<double> const& from) {
      for (std::size_t k = 0; k < to.size(); ++k) to[k] += from[k];
    };
    add(count, other.count);
    add(size, other.size);
    add(sales, other.sales);
    trimmed += other.trimmed;
    trimmed_squared += other.trimmed_squared;
    production_labor += other.production_labor;
    fixed_labor += other.fixed_labor;
    profit += other.profit;
    log_productivity += other.log_productivity;
    log_productivity_squared += other.log_productivity_squared;
    above_trim += other.above_trim;
    return *this;
  }
};

/// Which standard errors of simulated means are of use.
struct simulation_errors {
  bool levels_hold = false;  ///< of means of sales, labour and profit: their variance is finite, index above 2r
  std::string said;          ///< the same in words, for whoever reads the numbers
};

/// Firms drawn from a law of productivity that do what an equilibrium's plan says: any number of them, each a function
/// of its number alone, so that the first n of more are the same and no thread changes a bit.
///
/// Made by simulate. Costs some 100 ns a firm.
template <productivity_tail Tail>
class firm_simulation {
 public:
  /// @throws domain_error naming the option that is out of range
  firm_simulation(firm_plan plan, Tail tail, simulation_errors errors, simulation_options const& options)
      : plan_(std::move(plan)),
        quantiles_(std::make_shared<detail::quantile_table<Tail> const>(std::move(tail))),
        errors_(std::move(errors)),
        options_(options),
        random_(options.seed) {
    char const* const where = "simulate";
    detail::require(options.firms >= 1, where, "firms", options.firms, "be at least 1");
    detail::require(options.trimmed_share >= 0 && options.trimmed_share < 1, where, "trimmed_share",
                    options.trimmed_share, "be at least 0 and below 1");
    detail::require(options.threads >= 0, where, "threads", options.threads, "be at least 0");
    for (auto const& o : plan_.options) {
      double factor = 0;
      std::vector<double> by_market;
      for (std::size_t m = 0; m < plan_.markets.size(); ++m) {
        double const here = o.in_market[m] ? std::exp(plan_.markets[m].log_sales) * plan_.markets[m].count : 0.0;
        by_market.push_back(here);
        factor += here;
      }
      factor_.push_back(factor);
      market_factor_.push_back(std::move(by_market));
    }
  }

  [[nodiscard]] firm_plan const& plan() const { return plan_; }
  [[nodiscard]] simulation_options const& options() const { return options_; }
  [[nodiscard]] simulation_errors const& errors() const { return errors_; }

  /// The same with the firms of another replication.
  [[nodiscard]] firm_simulation replicated(std::uint32_t replication) const {
    auto out = *this;
    out.options_.replication = replication;
    return out;
  }

  /// @param k  below the number of firms
  [[nodiscard]] simulated_firm firm(std::uint64_t k) const {
    double u = random_.at(k, 0, options_.replication).uniform(0);
    if (options_.stratified) u = (static_cast<double>(k) + u) / static_cast<double>(options_.firms);
    u = std::min(u, 1 - 0x1p-53);
    double const t = (*quantiles_)(u);
    std::size_t const o = plan_.option_of(t);
    auto const& does = plan_.options[o];
    simulated_firm out{k, u, t, o, 0, 0, does.fixed_labor, -does.fixed_labor, 1 / static_cast<double>(options_.firms)};
    if (does.sells) {
      out.sales = factor_[o] * std::exp(plan_.size_exponent * t);
      double const earned = does.profit_share * out.sales;
      out.production_labor = out.sales - earned;
      out.profit = earned - does.fixed_labor;
    }
    return out;
  }

  /// What a firm sells in one market of those alike.
  [[nodiscard]] simulated_sale sale(simulated_firm const& f, std::size_t market) const {
    auto const& m = plan_.markets[market];
    auto const& does = plan_.options[f.option];
    if (!does.in_market[market]) return {detail::not_a_number<double>, 0, 0, 0};
    double const sales = std::exp(m.log_sales + plan_.size_exponent * f.log_productivity);
    double const price = m.price * std::exp(-f.log_productivity);
    return {price, sales / price, sales, does.profit_share * sales};
  }

  /// Sums over all firms, in blocks: the same to the last bit for any number of threads.
  [[nodiscard]] simulated_totals totals() const {
    return detail::sum_in_blocks(
        options_.firms, nothing(), options_.threads,
        [&](simulated_totals& to, std::uint64_t begin, std::uint64_t end) { to += sum_between(begin, end); });
  }

 private:
  [[nodiscard]] simulated_totals nothing() const {
    simulated_totals out;
    out.count.assign(plan_.options.size(), 0);
    out.size.assign(plan_.options.size(), 0);
    out.sales.assign(plan_.markets.size(), 0);
    return out;
  }
  /// In pairs of halves, so that rounding grows with the logarithm of the number.
  [[nodiscard]] simulated_totals sum_between(std::uint64_t begin, std::uint64_t end) const {
    auto out = nothing();
    if (end - begin > 64) {
      std::uint64_t const middle = begin + (end - begin) / 2;
      out += sum_between(begin, middle);
      out += sum_between(middle, end);
      return out;
    }
    for (std::uint64_t k = begin; k < end; ++k) add(out, firm(k));
    return out;
  }
  void add(simulated_totals& to, simulated_firm const& f) const {
    ++to.firms;
    to.count[f.option] += 1;
    to.log_productivity += f.log_productivity;
    to.log_productivity_squared += f.log_productivity * f.log_productivity;
    to.fixed_labor += f.fixed_labor;
    to.profit += f.profit;
    bool const kept = f.uniform >= options_.trimmed_share;
    if (!kept) to.above_trim += 1;
    if (!plan_.options[f.option].sells) return;
    to.production_labor += f.production_labor;
    double const size = f.sales / factor_[f.option];
    to.size[f.option] += size;
    for (std::size_t m = 0; m < plan_.markets.size(); ++m) to.sales[m] += market_factor_[f.option][m] * size;
    if (!kept) return;
    to.trimmed += f.sales;
    to.trimmed_squared += f.sales * f.sales;
  }

  firm_plan plan_;
  std::shared_ptr<detail::quantile_table<Tail> const> quantiles_;
  simulation_errors errors_;
  simulation_options options_;
  philox random_;
  std::vector<double> factor_;  ///< of sales in all markets, over phi^r, by option
  std::vector<std::vector<double>> market_factor_;
};

namespace detail {

/// Whether E[phi^(2r)] is finite, on which the standard error of a mean of levels hangs.
template <productivity_law Law>
[[nodiscard]] simulation_errors errors_under(Law const& law, double r) {
  double const power = 2 * r;
  bool finite = true;
  if constexpr (requires { law.moments_below(); }) {
    finite = law.moments_below() > power;
  } else {
    try {
      (void)plain_tail_of(law, power);
    } catch (domain_error const&) {
      finite = false;
    }
  }
  if (finite) return {true, "standard errors of all means hold"};
  return {
      false,
      "the variance of sales, labor and profit is infinite (the law's index is not above twice the size exponent, " +
          to_short_text(power) +
          "): standard errors of their means do not hold; those of counts, of ln productivity and of trimmed sums do"};
}

}  // namespace detail

/// Draws firms from the law that an equilibrium was solved with.
///
/// Firm i is at counter (i, 0, replication) of Philox4x32-10; its first uniform number is the share of entrants that
/// reach its productivity.
/// @param solved  an equilibrium, or the menu_equilibrium that a model calls choices
/// @throws domain_error naming the option that is out of range; convergence_error where nothing was solved
/// Example: auto const firms = melitz::simulate(solve(trade, draws), draws, {.firms = 1000000});
///   firms.totals().sales;  firms.firm(17).profit;
template <class Solved, productivity_law Law>
[[nodiscard]] auto simulate(Solved const& solved, Law const& law, simulation_options const& options = {}) {
  auto plan = plan_of(solved);
  double const r = plan.size_exponent;
  auto errors = detail::errors_under(law, r);
  return firm_simulation(std::move(plan), tail_of(law, r), std::move(errors), options);
}

/// How one market's sales are distributed over replications of a country with few firms.
struct granular_moments {
  std::vector<double> herfindahl;  ///< of sales, by replication: sum of squares over the square of the sum
  std::vector<double> sales;       ///< all, by replication
  double mean_herfindahl = detail::not_a_number<double>;
  double error = detail::not_a_number<double>;  ///< of the mean
  /// Standard deviation of the growth of all sales if each firm's sales vary by one standard deviation of its own, in
  /// its units: the root of the mean Herfindahl index. Gabaix (2011), Econometrica 79(3).
  double volatility = detail::not_a_number<double>;
  [[nodiscard]] double sales_quantile(double share) const {
    auto sorted = sales;
    std::sort(sorted.begin(), sorted.end());
    double const at = share * static_cast<double>(sorted.size() - 1);
    auto const below = static_cast<std::size_t>(at);
    std::size_t const above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  }
};

/// Countries of so many firms, again and again: what large firms do to aggregates.
/// @param firms  a simulation; replication and threads of its options are replaced
/// @throws domain_error when replications is below 2
template <productivity_tail Tail>
[[nodiscard]] granular_moments granular(firm_simulation<Tail> const& firms, int replications) {
  detail::require(replications >= 2, "granular", "replications", replications, "be at least 2");
  granular_moments out;
  for (int k = 0; k < replications; ++k) {
    auto const r = firms.replicated(static_cast<std::uint32_t>(k));
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < r.options().firms; ++i) {
      double const sales = r.firm(i).sales;
      sum += sales;
      squares += sales * sales;
    }
    out.sales.push_back(sum);
    out.herfindahl.push_back(sum > 0 ? squares / (sum * sum) : detail::not_a_number<double>);
  }
  double mean = 0, square = 0, count = 0;
  for (double const h : out.herfindahl) {
    if (std::isnan(h)) continue;  // nobody produced
    mean += h;
    square += h * h;
    count += 1;
  }
  if (count < 2) return out;
  mean /= count;
  out.mean_herfindahl = mean;
  out.error = std::sqrt(std::max(square / count - mean * mean, 0.0) / (count - 1));
  out.volatility = std::sqrt(mean);
  return out;
}

}  // namespace melitz
