// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/lognormal.hpp>
#include <melitz/models/constrained_exports.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/quantile.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz {

/// Exporters that need liquidity: the fixed cost of an export market must be covered by what a firm has and by its
/// profit at home, A phi^r - f + liquidity >= f_x. Liquidity is not used up, and serves for every market.
///
/// Chaney, T. (2016), "Liquidity Constrained Exporters", Journal of Economic Dynamics and Control 72, 141-154, who
/// keeps the mass of firms fixed; here they enter freely.
template <real Real = double>
struct liquidity_economy {
  using real_type = Real;

  open_economy<Real> trade{};
  Real liquidity = detail::not_a_number<Real>;  ///< a >= 0, of every firm, in labour; may be infinite: no constraint
  Real liquidity_log_sd{0};                     ///< above 0 liquidity is log-normal, and the number above its median

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "liquidity";
  static constexpr char const* title = "Exporters that need liquidity, Chaney (2016)";
  static constexpr auto parameters() {
    using e = liquidity_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("liquidity", &e::liquidity, rule::at_least_zero_or_infinite,
                        "that every firm has, or its median where it differs", "labor", 0.2),
        told::parameter("liquidity_log_sd", &e::liquidity_log_sd, rule::at_least_zero,
                        "of log-normal liquidity; 0: all alike", "", 0),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::check_parameters(*this);
    if (liquidity_log_sd == 0) return;
    detail::require(liquidity > 0 && detail::is_finite(liquidity), "liquidity_economy", "liquidity", liquidity,
                    "be positive and finite where it differs between firms");
  }
};

/// The same where liquidity differs between firms, independently of productivity.
/// @tparam Liquidity  any law: of data or atoms, or with a density
template <productivity_law Liquidity>
struct random_liquidity_economy {
  using real_type = law_real_t<Liquidity>;

  open_economy<real_type> trade{};
  Liquidity liquidity{};  ///< what a firm's liquidity is drawn from, in labour

  /// A firm's size is its productivity to this power.
  [[nodiscard]] real_type size_exponent() const { return real_type(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "random_liquidity";
  static constexpr char const* title = "Exporters whose liquidity differs, Chaney (2016)";
  static constexpr auto parameters() {
    return told::table{told::nested(&random_liquidity_economy::trade),
                       told::aside(&random_liquidity_economy::liquidity)};
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::check_parameters(*this);
    if constexpr (requires { liquidity.validate(); }) liquidity.validate();
  }
};

/// So that the law need not be named: random_liquidity_economy{trade, lognormal<>{-1, 0.8}}.
template <productivity_law Liquidity>
random_liquidity_economy(open_economy<law_real_t<Liquidity>>, Liquidity) -> random_liquidity_economy<Liquidity>;

static_assert(detail::tells_every_member<liquidity_economy<double>>());

namespace detail {

/// The menu of a firm with this liquidity. @pre valid
template <real Real>
[[nodiscard]] menu<Real> liquidity_menu(open_economy<Real> const& trade, Real const& liquidity) {
  return constrained_export_menu(trade, Real(trade.domestic.fixed_cost + trade.export_fixed_cost - liquidity));
}

/// Firms by liquidity where it has a density: the nodes of Gauss's rule on panels of log liquidity, as many of equal
/// width between two kinks of expected profit or quantiles.
template <productivity_tail Tail>
class liquidity_nodes {
 public:
  using Real = typename Tail::real_type;

  /// @param tail  of liquidity, at any power
  liquidity_nodes(open_economy<Real> const& trade, Tail tail) : trade_(trade), tail_(std::move(tail)) {
    using std::log;
    Real const f = trade.domestic.fixed_cost, f_x = trade.export_fixed_cost;
    Real const from = size_of_exporters(constrained_export_menu(trade, Real(0)));
    ample_ = f + f_x - from;  // enough to export from there on
    if (!(ample_ > 0)) return;
    ends_.push_back(lowest(Real(log(ample_))));
    if (Real const kink = log(f_x); from < f && kink > ends_.front() && f_x < ample_) ends_.push_back(kink);
    if (Real const last = log(ample_); last > ends_.front()) ends_.push_back(last);
    if (!any()) return;
    std::vector<Real> between = log_kinks_of(tail_);                // where the density jumps
    for (double const share : {0.9999, 0.99, 0.5, 0.01, 0.0001}) {  // however narrow the law is; NaN if not found
      between.push_back(find_log_quantile(tail_, Real(share)).log_x);
    }
    Real const first = ends_.front(), last = ends_.back();
    for (auto const& at : between) {
      if (at > first && at < last) ends_.push_back(at);
    }
    std::sort(ends_.begin(), ends_.end());
  }

  /// Whether anybody can be short of liquidity.
  [[nodiscard]] bool any() const { return ends_.size() > 1; }

  /// Scaled size from which on those with the least liquidity that the law allows export, and so do all.
  [[nodiscard]] Real last_size() const {
    using std::exp;
    return size_of_exporters(liquidity_menu(trade_, Real(exp(tail_.log_lower_bound()))));
  }

  /// @param panels  between two ends
  [[nodiscard]] std::vector<menu_share<Real>> menus(std::size_t panels) {
    using std::exp;
    auto const& rule = panel_rule<Real>::get();
    struct node {
      Real log_liquidity, share;
    };
    std::vector<node> nodes;
    Real sum(0);
    for (std::size_t k = 0; k + 1 < ends_.size(); ++k) {
      Real const half = (ends_[k + 1] - ends_[k]) / (2 * Real(panels));
      for (std::size_t p = 0; p < panels; ++p) {
        Real const middle = ends_[k] + (2 * Real(p) + 1) * half;
        for (std::size_t i = 0; i < rule.size; ++i) {
          Real const at = middle + half * rule.nodes[i];
          auto const point = tail_.at(at);
          nodes.push_back({at, Real(half * rule.weights[i] * point.density * point.scale())});
          sum += nodes.back().share;
        }
      }
    }
    Real const below = 1 - survival(ends_.back());
    missing_ = below - sum;
    require_density(sum > 0 ? Real(1) : Real(0));
    std::vector<menu_share<Real>> out;
    for (auto const& n : nodes) {
      Real const share = n.share * (below / sum);
      if (share > 0) out.push_back({share, liquidity_menu(trade_, Real(exp(n.log_liquidity)))});
    }
    if (below < 1) out.push_back({Real(1 - below), liquidity_menu(trade_, ample_)});
    return out;
  }

  /// @throws domain_error when the last rule has not found the mass that is short of liquidity
  void require_density(Real const& tolerance) const {
    using std::abs;
    require(abs(missing_) <= tolerance, "random_liquidity_economy", "mass of liquidity without a density", missing_,
            "be 0; a law of atoms is a discrete one");
  }

 private:
  [[nodiscard]] Real survival(Real const& at) const {
    auto const point = tail_.at(at);
    return Real(point.survival * point.scale());
  }
  /// A log liquidity below which next to nobody is.
  [[nodiscard]] Real lowest(Real const& highest) const {
    if (is_finite(Real(tail_.log_lower_bound()))) return tail_.log_lower_bound();
    Real width(1);
    while (width < 4096 && survival(Real(highest - width)) < 1 - epsilon<Real>()) width *= Real(1.25);
    return highest - width;
  }

  open_economy<Real> trade_;
  Tail tail_;
  Real ample_{0}, missing_{0};
  std::vector<Real> ends_;
};

/// Refines the panels until the demand shifter stands still.
template <productivity_tail Liquidity, productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> solve_by_density(
    open_economy<typename Tail::real_type> const& trade, Liquidity const& liquidity, Tail const& tail,
    solve_options const& how) {
  using Real = typename Tail::real_type;
  using std::abs, std::max;
  liquidity_nodes<Liquidity> nodes(trade, liquidity);
  auto const all_alike = [&](Real const& enough) {
    return solve_constrained_exports(trade, liquidity_menu(trade, enough), false, tail, how);
  };
  if (!nodes.any()) return all_alike(infinity<Real>);
  constrained_export_equilibrium<Real> last;
  for (std::size_t panels = 1; panels <= 256; panels *= 2) {
    auto now = solve_constrained_exports(trade, nodes.menus(panels), nodes.last_size(), false, tail, how);
    if (!now) return now;
    Real const change = abs(Real(now.choices.log_demand - last.choices.log_demand));
    now.choices.error_estimate = max(now.choices.error_estimate, change);
    bool const settled = change <= 64 * epsilon<Real>() * (1 + abs(now.choices.log_demand));
    last = now;
    if (settled) break;
  }
  nodes.require_density(Real(1e-9));
  if (last.choices.error_estimate <= Real(1e-9)) return last;
  return failed_as(last, status::iteration_limit);  // a law of productivity with atoms: profit jumps with liquidity
}

}  // namespace detail

/// Solves the economy with liquidity. @param tail the law of productivity bound to elasticity - 1, or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
/// Example:
///   auto const e = solve(liquidity_economy<>{trade, 0.4}, lognormal<>{0, 0.6});  e.share_kept_out;
template <productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> try_solve(
    liquidity_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using std::log;
  detail::require_size_exponent(economy, tail);
  if (economy.liquidity_log_sd > 0) {
    lognormal<Real> const drawn{Real(log(economy.liquidity)), economy.liquidity_log_sd};
    return try_solve(random_liquidity_economy<lognormal<Real>>{economy.trade, drawn}, tail, how);
  }
  return detail::solve_constrained_exports(economy.trade, detail::liquidity_menu(economy.trade, economy.liquidity),
                                           false, tail, how);
}

/// Solves the economy with random liquidity: exactly where that takes finitely many values, else by Gauss's rule over
/// the firms that are short of it, refined until the demand shifter stands still; `choices.error_estimate` is how much
/// it still moved. Where productivity has atoms and liquidity has not, the rule settles too slowly: iteration_limit.
/// @throws domain_error naming a parameter that is out of range, or a law of liquidity with atoms and a density
/// @return numbers, or NaN and in `reason` why
/// Example:
///   auto const e = solve(random_liquidity_economy{trade, lognormal<>{-1, 0.8}}, pareto<>{1, 4.6});
template <productivity_law Liquidity, productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> try_solve(
    random_liquidity_economy<Liquidity> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  detail::require_size_exponent(economy, tail);
  if constexpr (requires { economy.liquidity.values, economy.liquidity.weights; }) {
    auto const& law = economy.liquidity;
    (void)tail_of(law, Real(1));  // says what is wrong with it
    std::vector<menu_share<Real>> menus;
    Real last(0);
    for (std::size_t k = 0; k < law.values.size(); ++k) {
      Real const share = law.weights.empty() ? Real(1 / Real(law.values.size())) : Real(law.weights[k]);
      if (!(share > 0)) continue;
      menus.push_back({share, detail::liquidity_menu(economy.trade, Real(law.values[k]))});
      last = std::max(last, detail::size_of_exporters(menus.back().options));
    }
    return detail::solve_constrained_exports(economy.trade, menus, last, false, tail, how);
  } else if (foreign_market<Real>(economy.trade).regime == regime::closed) {
    return try_solve(liquidity_economy<Real>{economy.trade, Real(0)}, tail, how);
  } else {
    // Only survival and density are needed, which do not depend on the power; a low one has a finite moment.
    return detail::solve_by_density(economy.trade, tail_of(economy.liquidity, Real(0.125)), tail, how);
  }
}

}  // namespace melitz
