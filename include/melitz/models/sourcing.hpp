// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/comparative_statics.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/models/market.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

namespace melitz {

/// One number for each way to get components: made in the North or the South, by an independent supplier (outsourcing)
/// or by one that the firm owns (integration).
template <real Real = double>
struct sourcing_forms {
  Real north_outsourcing = detail::not_a_number<Real>;
  Real north_integration = detail::not_a_number<Real>;
  Real south_outsourcing = detail::not_a_number<Real>;  ///< imports at arm's length
  Real south_integration = detail::not_a_number<Real>;  ///< imports within the firm, by direct investment

  /// Whose part and unit are told where they are nested.
  static constexpr auto results() {
    using e = sourcing_forms;
    constexpr auto where = part::work;
    return told::table{
        told::quantity("north_outsourcing", &e::north_outsourcing, where, ""),
        told::quantity("north_integration", &e::north_integration, where, ""),
        told::quantity("south_outsourcing", &e::south_outsourcing, where, ""),
        told::quantity("south_integration", &e::south_integration, where, ""),
    };
  }
};

namespace detail {

/// What tells a form from the others.
template <real Real>
struct sourcing_form {
  char const* name;
  Real sourcing_forms<Real>::*member;
  bool south, integrated;
};

template <real Real>
inline constexpr std::array<sourcing_form<Real>, 4> every_sourcing_form{{
    {"north_outsourcing", &sourcing_forms<Real>::north_outsourcing, false, false},
    {"north_integration", &sourcing_forms<Real>::north_integration, false, true},
    {"south_outsourcing", &sourcing_forms<Real>::south_outsourcing, true, false},
    {"south_integration", &sourcing_forms<Real>::south_integration, true, true},
}};

}  // namespace detail

/// beta*(eta), the share of revenue that would make a firm earn most: the party whose input matters more should get
/// more, so that it invests. It rises from 0 at eta = 0 through 1/2 at 1/2 to 1 at 1, and 1 - beta* is beta* of 1 -
/// eta.
///
/// beta* = sqrt u/(sqrt u + sqrt v), u = eta (1 - alpha + alpha eta), v the same of 1 - eta. (The usual form,
/// (u - sqrt(u v))/(2 eta - 1), is 0/0 at 1/2; the denominator is u - v.)
/// @param headquarter_intensity   eta in [0, 1]
/// @param substitution_parameter  alpha in (0, 1)
/// @throws domain_error naming the argument that is out of range
template <real Real>
[[nodiscard]] Real optimal_bargaining_share(Real const& headquarter_intensity, Real const& substitution_parameter) {
  using std::sqrt;
  char const* const where = "optimal_bargaining_share";
  detail::require(rule::share, where, "headquarter_intensity", headquarter_intensity);
  detail::require(rule::inner_share, where, "substitution_parameter", substitution_parameter);
  auto const root = [&](Real const& eta) {
    return Real(sqrt(Real(eta * ((1 - substitution_parameter) + substitution_parameter * eta))));
  };
  Real const own = root(headquarter_intensity), other = root(Real(1 - headquarter_intensity));
  return Real(own / (own + other));
}

/// Whether a firm earns more with an independent supplier or with its own, before fixed costs.
enum class sector_type {
  component_intensive,    ///< beta* <= beta: outsourcing earns more at both places
  in_between,             ///< neither
  headquarter_intensive,  ///< beta* >= what integration leaves to headquarters in the North: integration earns more at
                          ///< both
};

/// The type in words: "component_intensive", "in_between", "headquarter_intensive".
[[nodiscard]] constexpr std::string_view to_string(sector_type t) noexcept {
  return detail::word_of(t, {"component_intensive", "in_between", "headquarter_intensive"});
}

/// Global sourcing: one sector whose firms, all from the North, combine headquarter services from the North with
/// components from the North or the South, outsourced or integrated. No contract can be enforced, so both sides invest
/// less than would be best, and the split of revenue decides who does.
///
/// Antras, P., Helpman, E. (2004), Global Sourcing, Journal of Political Economy 112(3), 552-580.
///
/// Utility is x_0 + (1/mu) X^mu with X = (integral of x^alpha)^(1/alpha); output x = theta (h/eta)^eta
/// (m/(1 - eta))^(1 - eta) of headquarter services h and components m, one unit of labour each. The outside good fixes
/// the wages. Costs are in labour of the North.
template <real Real = double>
struct sourcing_economy {
  using real_type = Real;

  Real substitution_parameter = detail::not_a_number<Real>;         ///< alpha; the elasticity is 1/(1 - alpha)
  Real sector_substitution_parameter = detail::not_a_number<Real>;  ///< mu in (0, alpha)
  Real headquarter_intensity = detail::not_a_number<Real>;          ///< eta
  Real bargaining_share = detail::not_a_number<Real>;               ///< beta
  Real north_recovery_share = detail::not_a_number<Real>;           ///< delta^N
  Real south_recovery_share = detail::not_a_number<Real>;           ///< delta^S, at most delta^N
  Real north_wage = detail::not_a_number<Real>;                     ///< w^N
  Real south_wage = detail::not_a_number<Real>;  ///< w^S; below w^N in the paper, which nothing here needs
  /// f_k^l, in any order; infinite where there is no such form, but not all four.
  Real north_outsourcing_fixed_cost = detail::not_a_number<Real>;
  Real north_integration_fixed_cost = detail::not_a_number<Real>;
  Real south_outsourcing_fixed_cost = detail::not_a_number<Real>;
  Real south_integration_fixed_cost = detail::not_a_number<Real>;
  Real entry_cost = detail::not_a_number<Real>;  ///< f_E
  Real death_rate = detail::not_a_number<Real>;  ///< 1 makes it the paper's static model

  /// A firm's size is its productivity to this power, the elasticity of substitution minus one.
  [[nodiscard]] Real size_exponent() const { return Real(substitution_parameter / (1 - substitution_parameter)); }

  /// Expected profit per period and entrant that pays for entry.
  [[nodiscard]] Real required_profit() const { return Real(death_rate * entry_cost * north_wage); }

  [[nodiscard]] sourcing_forms<Real> fixed_costs() const {
    return {north_outsourcing_fixed_cost, north_integration_fixed_cost, south_outsourcing_fixed_cost,
            south_integration_fixed_cost};
  }

  static constexpr char const* name = "sourcing";
  static constexpr char const* title = "Global sourcing, Antras and Helpman (2004)";
  static constexpr auto parameters() {
    using e = sourcing_economy;
    constexpr auto cost = rule::positive_or_infinite;
    constexpr char const *of_form = "per period, of firms with this form", *north = "labor of the North",
                         *numeraire = "outside good";
    return told::table{
        told::parameter("substitution_parameter", &e::substitution_parameter, rule::inner_share, "between varieties",
                        "", 0.5),
        told::parameter("sector_substitution_parameter", &e::sector_substitution_parameter, rule::positive,
                        "between sectors, below substitution_parameter", "", 0.3),
        told::parameter("headquarter_intensity", &e::headquarter_intensity, rule::share,
                        "weight of headquarter services in output", "", 0.7),
        told::parameter("bargaining_share", &e::bargaining_share, rule::inner_share,
                        "of the headquarters, of what is bargained for", "", 0.35),
        told::parameter("north_recovery_share", &e::north_recovery_share, rule::share_below_one,
                        "of output, left if the own supplier in the North walks out", "", 0.06),
        told::parameter("south_recovery_share", &e::south_recovery_share, rule::share_below_one,
                        "the same in the South, at most north_recovery_share", "", 0.05),
        told::parameter("north_wage", &e::north_wage, rule::positive, "of the North", numeraire, 1),
        told::parameter("south_wage", &e::south_wage, rule::positive, "of the South", numeraire, 0.4),
        told::parameter("north_outsourcing_fixed_cost", &e::north_outsourcing_fixed_cost, cost, of_form, north, 1),
        told::parameter("north_integration_fixed_cost", &e::north_integration_fixed_cost, cost, of_form, north, 1.35),
        told::parameter("south_outsourcing_fixed_cost", &e::south_outsourcing_fixed_cost, cost, of_form, north, 1.8),
        told::parameter("south_integration_fixed_cost", &e::south_integration_fixed_cost, cost, of_form, north, 2.4),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", north, 30),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 0.1),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::check_parameters(*this);
    detail::type_name<sourcing_economy> const where;
    detail::require(sector_substitution_parameter < substitution_parameter, where, "sector_substitution_parameter",
                    sector_substitution_parameter, "be below substitution_parameter");
    detail::require(south_recovery_share <= north_recovery_share, where, "south_recovery_share", south_recovery_share,
                    "be at most north_recovery_share");
    Real const least = std::min({north_outsourcing_fixed_cost, north_integration_fixed_cost,
                                 south_outsourcing_fixed_cost, south_integration_fixed_cost});
    detail::require(detail::is_finite(least), where, "smallest fixed cost", least, "be finite");
  }

  /// Shares of revenue that the two sides bargain for, which add up to one. The supplier's is 1 - beta, and less where
  /// the headquarters owns it and keeps delta^alpha of revenue in any case: (1 - beta)(1 - delta^alpha).
  struct split {
    Real headquarters, supplier;
  };
  [[nodiscard]] split split_of(detail::sourcing_form<Real> const& form) const {
    using std::expm1, std::log;
    Real const kept_output = form.south ? south_recovery_share : north_recovery_share;
    if (!form.integrated || kept_output == 0) return {bargaining_share, Real(1 - bargaining_share)};
    Real const at_stake = -expm1(Real(substitution_parameter * log(kept_output)));
    return {Real(detail::power_of(kept_output, substitution_parameter) + bargaining_share * at_stake),
            Real((1 - bargaining_share) * at_stake)};
  }

  /// The forms as lines: A psi theta^r - w^N f, with revenue A rho theta^r and A = X^((mu - alpha)/(1 - alpha)).
  /// Forms that do not exist are left out. @pre valid
  [[nodiscard]] menu<Real> options() const {
    using std::exp, std::log;
    Real const alpha = substitution_parameter, eta = headquarter_intensity;
    auto const costs = fixed_costs();
    menu<Real> out;
    for (auto const& form : detail::every_sourcing_form<Real>) {
      Real const cost = costs.*form.member;
      if (!detail::is_finite(cost)) continue;
      auto const share = split_of(form);
      Real const log_input = eta * log(Real(share.headquarters / north_wage)) +
                             (1 - eta) * log(Real(share.supplier / (form.south ? south_wage : north_wage)));
      Real const revenue = exp(Real(size_exponent() * (log(alpha) + log_input)));
      Real const profit = 1 - alpha * (share.headquarters * eta + share.supplier * (1 - eta));
      out.push_back({form.name, Real(profit * revenue), Real(north_wage * cost), revenue});
    }
    return out;
  }
};

/// Which type of sector it is, whatever fixed costs and wages. @pre valid
template <real Real>
[[nodiscard]] sector_type sector_type_of(sourcing_economy<Real> const& economy) {
  Real const best = optimal_bargaining_share(economy.headquarter_intensity, economy.substitution_parameter);
  if (best <= economy.bargaining_share) return sector_type::component_intensive;
  auto const& north_integration = detail::every_sourcing_form<Real>[1];
  return best >= economy.split_of(north_integration).headquarters ? sector_type::headquarter_intensive
                                                                  : sector_type::in_between;
}

/// Equilibrium of a sourcing_economy, in units of the outside good.
template <real Real = double>
struct sourcing_equilibrium : choices_equilibrium<Real> {
  sector_type sector = sector_type::in_between;  ///< of the primitives
  sourcing_forms<Real> cutoffs{};                ///< infinite if no firm would have the form
  sourcing_forms<Real> share_of_firms{};
  sourcing_forms<Real> share_of_revenue{};
  Real share_offshoring = detail::not_a_number<Real>;       ///< components from the South
  Real share_integrating = detail::not_a_number<Real>;      ///< components from an own supplier
  Real imported_components = detail::not_a_number<Real>;    ///< what the South is paid for them
  Real aggregate_consumption = detail::not_a_number<Real>;  ///< X = A^((1 - alpha)/(mu - alpha))
  Real price_index = detail::not_a_number<Real>;            ///< P = X^(mu - 1)
  Real revenue = detail::not_a_number<Real>;                ///< P X = X^mu, and the sum of the five costs below
  Real headquarter_cost = detail::not_a_number<Real>;       ///< variable cost in the North
  Real north_component_cost = detail::not_a_number<Real>;   ///< variable cost
  Real south_component_cost = detail::not_a_number<Real>;   ///< variable cost, paid in the South
  Real fixed_costs = detail::not_a_number<Real>;            ///< of all active firms
  Real entry_costs = detail::not_a_number<Real>;            ///< per period
  /// (1/mu) X^mu - P X = (1/mu - 1) X^mu: what the sector adds to utility beyond the outside good that it is paid with.
  /// Utility of the world is this and labour income, which the outside good's technology fixes.
  Real consumer_surplus = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = sourcing_equilibrium;
    using enum part;
    constexpr char const *firms = "share of producers", *numeraire = "outside good";
    return told::table{
        told::base<choices_equilibrium<Real>>(),
        told::quantity("sector", &e::sector, solution, "whose input matters more"),
        told::nested(&e::cutoffs, "cutoff_").in(cutoffs, "productivity"),
        told::nested(&e::share_of_firms, "share_of_firms_").in(averages, firms),
        told::nested(&e::share_of_revenue, "share_of_revenue_").in(averages, "share of revenue"),
        told::quantity("share_offshoring", &e::share_offshoring, averages, firms),
        told::quantity("share_integrating", &e::share_integrating, averages, firms),
        told::quantity("imported_components", &e::imported_components, averages, "share of the cost of components"),
        told::positive("aggregate_consumption", &e::aggregate_consumption, aggregates, "of the sector", "X"),
        told::positive("price_index", &e::price_index, aggregates, numeraire, "P"),
        told::positive("revenue", &e::revenue, aggregates, numeraire, "P X"),
        told::quantity("headquarter_cost", &e::headquarter_cost, aggregates, numeraire),
        told::quantity("north_component_cost", &e::north_component_cost, aggregates, numeraire),
        told::quantity("south_component_cost", &e::south_component_cost, aggregates, numeraire),
        told::quantity("fixed_costs", &e::fixed_costs, aggregates, numeraire),
        told::quantity("entry_costs", &e::entry_costs, aggregates, numeraire),
        told::positive("consumer_surplus", &e::consumer_surplus, aggregates, numeraire, "(1/mu - 1) P X"),
    };
  }
};

static_assert(detail::tells_every_member<sourcing_forms<double>>() &&
              detail::tells_every_member<sourcing_economy<double>>() &&
              detail::tells_every_member<sourcing_equilibrium<double>>());

/// Solves the choice between organisational forms: free entry E(A) = delta f_E w^N for the menu, then the market.
///
/// @param tail  the law bound to alpha/(1 - alpha), tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not alpha/(1 - alpha)
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] sourcing_equilibrium<typename Tail::real_type> try_solve(
    sourcing_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using std::exp;
  auto const options = detail::checked_options(economy, tail);
  auto out = detail::choose<sourcing_equilibrium<Real>>(options, tail, economy.required_profit(),
                                                        detail::not_a_number<Real>, how);
  if (!out) return out;

  Real const alpha = economy.substitution_parameter, mu = economy.sector_substitution_parameter;
  Real const log_consumption = out.choices.log_demand * (1 - alpha) / (mu - alpha);
  out.aggregate_consumption = exp(log_consumption);
  out.price_index = exp(Real((mu - 1) * log_consumption));
  out.revenue = exp(Real(mu * log_consumption));
  out.mass_entrants = out.revenue / out.choices.expected_revenue;
  auto const producers = firms_that(out.choices, options.size(), [](std::size_t) { return true; });
  out.mass_producers = out.mass_varieties = out.mass_entrants * producers.mass;
  out.cutoff = producers.cutoff;
  out.consumer_surplus = (1 / mu - 1) * out.revenue;
  out.fixed_costs = out.mass_entrants * out.choices.expected_fixed_cost;
  out.entry_costs = out.mass_entrants * economy.required_profit();

  out.sector = sector_type_of(economy);
  out.share_offshoring = out.share_integrating = Real(0);
  Real to_headquarters(0), to_north(0), to_south(0);  // revenue, as bargained for
  for (auto const& form : detail::every_sourcing_form<Real>) {
    auto const group =
        firms_that(out.choices, options.size(), [&](std::size_t k) { return options[k].name == form.name; });
    Real const firms = group.mass / producers.mass;
    out.cutoffs.*form.member = group.cutoff;
    out.share_of_firms.*form.member = firms;
    out.share_of_revenue.*form.member = group.revenue / out.choices.expected_revenue;
    if (form.south) out.share_offshoring += firms;
    if (form.integrated) out.share_integrating += firms;
    auto const share = economy.split_of(form);
    to_headquarters += share.headquarters * group.revenue;
    (form.south ? to_south : to_north) += share.supplier * group.revenue;
  }
  // Each side invests until alpha times its share of revenue, and its input's weight, pays for the input.
  Real const eta = economy.headquarter_intensity;
  out.headquarter_cost = out.mass_entrants * (alpha * eta * to_headquarters);
  out.north_component_cost = out.mass_entrants * (alpha * (1 - eta) * to_north);
  out.south_component_cost = out.mass_entrants * (alpha * (1 - eta) * to_south);
  out.imported_components = to_south / (to_north + to_south);  // the limit of a share of nothing at eta = 1
  return detail::if_representable(out);
}

/// d ln of consumer surplus over d ln of what costs something. Fixed costs are moved one at a time.
template <real Real = double>
struct sourcing_elasticities {
  Real north_wage;
  Real south_wage;
  sourcing_forms<Real> fixed_cost{Real(0), Real(0), Real(0), Real(0)};  ///< 0 where no firm has the form
  Real entry_cost;
};

/// How consumer surplus answers, by the envelope theorem: firms at a cutoff are indifferent, so that only those inside
/// a form count. (With gradient<N> numbers every result answers, the shares of firms among them.)
/// @param economy      the primitives that were solved
/// @param equilibrium  its equilibrium
/// @throws domain_error when the solve had failed
/// Example: one percent off the wage of the South adds this many percent to consumer surplus:
///   double const percent = -consumer_surplus_elasticities(economy, e).south_wage;
template <real Real>
[[nodiscard]] sourcing_elasticities<Real> consumer_surplus_elasticities(sourcing_economy<Real> const& economy,
                                                                        sourcing_equilibrium<Real> const& equilibrium) {
  auto const options = economy.options();
  auto const demand = comparative_statics(options, equilibrium.choices);
  Real const alpha = economy.substitution_parameter, mu = economy.sector_substitution_parameter;
  Real const to_surplus = mu * (1 - alpha) / ((mu - alpha) * equilibrium.choices.demand);
  Real const eta = economy.headquarter_intensity, r = economy.size_exponent();

  sourcing_elasticities<Real> out{};
  std::vector<Real> north, south, costs, none(options.size(), Real(0));
  for (std::size_t k = 0; k < options.size(); ++k) {
    for (auto const& form : detail::every_sourcing_form<Real>) {
      if (options[k].name != form.name) continue;
      Real const in_south = form.south ? Real(1 - eta) : Real(0);
      south.push_back(Real(-r * in_south * options[k].slope));
      north.push_back(Real(-r * (1 - in_south) * options[k].slope));
      costs.push_back(options[k].fixed_cost);
      out.fixed_cost.*form.member = to_surplus * demand.to_fixed_cost[k] * options[k].fixed_cost;
    }
  }
  out.south_wage = to_surplus * demand.along(south, none);
  out.north_wage = to_surplus * demand.along(north, costs, economy.required_profit());
  out.entry_cost = to_surplus * demand.to_entry_cost * economy.required_profit();
  return out;
}

}  // namespace melitz
