// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/sourcing.hpp>
#include <melitz/numerics/gradient.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace test::models_sourcing {

using melitz::optimal_bargaining_share;
using melitz::sector_type;
using melitz::solve;
using melitz::sourcing_economy;
using melitz::sourcing_equilibrium;
using test::contains;
using test::has_atoms;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinite = std::numeric_limits<double>::infinity();

auto const& forms = melitz::detail::every_sourcing_form<double>;
template <class Real = double>
sourcing_economy<Real> example() {
  return {.substitution_parameter = Real(0.7),
          .sector_substitution_parameter = Real(0.4),
          .headquarter_intensity = Real(0.75),
          .bargaining_share = Real(0.5),
          .north_recovery_share = Real(0.15),
          .south_recovery_share = Real(0.1),
          .north_wage = Real(1),
          .south_wage = Real(0.6),
          .north_outsourcing_fixed_cost = Real(1),
          .north_integration_fixed_cost = Real(1.2),
          .south_outsourcing_fixed_cost = Real(3),
          .south_integration_fixed_cost = Real(5),
          .entry_cost = Real(15),
          .death_rate = Real(0.1)};
}

sourcing_economy<> economy_of(test::json p) {
  p["death_rate"] = 1;
  return test::economy_from<sourcing_economy<>>(p);
}

double sum(melitz::sourcing_forms<> const& of) {
  return of.north_outsourcing + of.north_integration + of.south_outsourcing + of.south_integration;
}

}  // namespace

TEST_CASE("sourcing agrees with the references", "[models][reference]") {
  // tests/reference/sourcing.json, remade by tools/reference/sourcing.py.
  int compared = 0;
  auto const file = test::reference("sourcing");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = economy_of(row.at("params"));
    auto const e = solve(economy, test::law(row.at("params").at("distribution")));
    test::validates const here("sourcing", row.at("case"));
    CHECK(test::compare_all(row, e, 1e-12) == 18);
    auto const menu = economy.options();
    for (std::size_t k = 0; k < 4; ++k) {
      auto const* name = forms[k].name;
      CAPTURE(name);
      CHECK(menu[k].name == name);
      auto const of = [&](char const* key) { return number(row.at(key).at(name)); };
      test::validates const part(name);
      test::validate("share of the headquarters", economy.split_of(forms[k]).headquarters, of("headquarters_share"));
      test::validate("slope", menu[k].slope, of("slope"));
      test::validate("revenue_slope", menu[k].revenue_slope, of("revenue_slope"));
      CHECK_THAT(economy.split_of(forms[k]).headquarters, WithinRel(of("headquarters_share"), 1e-15));
      CHECK_THAT(economy.split_of(forms[k]).supplier, WithinRel(1 - of("headquarters_share"), 1e-15));
      CHECK_THAT(menu[k].slope, WithinRel(of("slope"), 1e-14));
      CHECK_THAT(menu[k].revenue_slope, WithinRel(of("revenue_slope"), 1e-14));
    }
    CHECK(e.choices.segments.size() == row.at("segments").size());
    for (std::size_t k = 1; k < e.choices.segments.size(); ++k) {
      CHECK_THAT(e.choices.segments[k].cutoff, WithinRel(number(row.at("segments")[k].at("cutoff")), 1e-12));
    }
    CHECK(e.cutoff == e.choices.segments[1].cutoff);
    CHECK(e.sector == (economy.headquarter_intensity < 0.5 ? sector_type::component_intensive
                                                           : sector_type::headquarter_intensive));
    ++compared;
  }
  CHECK(compared == 5);
}

TEST_CASE("the best bargaining share has all its digits, at one half too", "[models][reference]") {
  int compared = 0;
  auto const file = test::reference("sourcing");
  for (auto const& row : file.at("best_share")) {
    CAPTURE(row.dump());
    double const eta = number(row.at("headquarter_intensity"));
    double const alpha = number(row.at("substitution_parameter"));
    test::validates const here("sourcing", "headquarter_intensity " + row.at("headquarter_intensity").dump() +
                                               ", substitution_parameter " + row.at("substitution_parameter").dump());
    test::validate("best bargaining_share", optimal_bargaining_share(eta, alpha), number(row.at("best_share")));
    CHECK_THAT(optimal_bargaining_share(eta, alpha), WithinRel(number(row.at("best_share")), 4.5e-16));
    ++compared;
  }
  CHECK(compared == 55);
  for (double const alpha : {1e-9, 0.1, 0.5, 0.7, 1 - 0x1p-53}) {
    CHECK(optimal_bargaining_share(0.0, alpha) == 0);
    CHECK(optimal_bargaining_share(0.5, alpha) == 0.5);
    CHECK(optimal_bargaining_share(1.0, alpha) == 1);
    for (double const eta : {0.125, 0.25, 0.375, 0.4375, 0.5 - 0x1p-40}) {
      CHECK_THAT(optimal_bargaining_share(1 - eta, alpha), WithinRel(1 - optimal_bargaining_share(eta, alpha), 4e-16));
      CHECK(optimal_bargaining_share(eta, alpha) > eta * (1 - 1e-15));  // the weak side's share exceeds its weight
    }
  }
  CHECK_THROWS_WITH(optimal_bargaining_share(1.5, 0.5),
                    contains("headquarter_intensity is 1.5; it must lie in [0, 1]"));
  CHECK_THROWS_WITH(optimal_bargaining_share(0.5, 1.0), contains("substitution_parameter is 1; it must lie in (0, 1)"));
  CHECK_THROWS_WITH(optimal_bargaining_share(std::nan(""), 0.5), contains("headquarter_intensity is nan"));
}

TEST_CASE("the best share is where a firm earns most, and the type of sector what that makes of ownership",
          "[models][property]") {
  auto economy = example();
  int seen[3]{};
  for (double const alpha : {0.45, 0.7, 0.9}) {
    for (double eta = 0; eta <= 1; eta += 0.03125) {
      CAPTURE(alpha, eta);
      economy.substitution_parameter = alpha;
      economy.headquarter_intensity = eta;
      // Outsourcing at the best share earns more than at one beside it.
      double const best = optimal_bargaining_share(eta, alpha);
      auto const slope_at = [&](double share) {
        auto other = economy;
        other.bargaining_share = share;
        return other.options()[0].slope;
      };
      if (eta > 0 && eta < 1) {
        CHECK(slope_at(best) > slope_at(best * (1 - 1e-4)));
        CHECK(slope_at(best) > slope_at(best + (1 - best) * 1e-4));
      }
      auto const type = sector_type_of(economy);
      ++seen[static_cast<int>(type)];
      auto const menu = economy.options();
      if (type == sector_type::component_intensive) {
        CHECK(menu[0].slope > menu[1].slope);
        CHECK(menu[2].slope > menu[3].slope);
      }
      if (type == sector_type::headquarter_intensive) {
        CHECK(menu[0].slope < menu[1].slope);
        CHECK(menu[2].slope < menu[3].slope);
      }
    }
  }
  for (int const count : seen) CHECK(count > 3);
  CHECK(std::string(to_string(sector_type::component_intensive)) == "component_intensive");
  CHECK(std::string(to_string(sector_type::in_between)) == "in_between");
  CHECK(std::string(to_string(sector_type::headquarter_intensive)) == "headquarter_intensive");
  CHECK(std::string(to_string(sector_type(7))) == "unknown");
}

TEST_CASE("the accounts of the sector close, and X is what its firms make", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    for (double const eta : {0.0, 0.2, 0.75, 1.0}) {
      CAPTURE(name, eta);
      auto economy = example();
      economy.headquarter_intensity = eta;
      auto const e = solve(economy, law);
      CHECK_THAT(e.headquarter_cost + e.north_component_cost + e.south_component_cost + e.fixed_costs + e.entry_costs,
                 WithinRel(e.revenue, 1e-12));
      CHECK_THAT(sum(e.share_of_firms), WithinRel(1, 1e-13));
      CHECK_THAT(sum(e.share_of_revenue), WithinRel(1, 1e-13));
      CHECK_THAT(e.share_offshoring,
                 WithinRel(e.share_of_firms.south_outsourcing + e.share_of_firms.south_integration, 1e-15));
      CHECK_THAT(e.share_integrating,
                 WithinRel(e.share_of_firms.north_integration + e.share_of_firms.south_integration, 1e-15));
      CHECK_THAT(e.price_index * e.aggregate_consumption, WithinRel(e.revenue, 1e-13));
      double const mu = economy.sector_substitution_parameter, alpha = economy.substitution_parameter;
      CHECK_THAT(e.consumer_surplus, WithinRel(std::pow(e.aggregate_consumption, mu) / mu - e.revenue, 1e-13));
      CHECK_THAT(e.entry_costs, WithinRel(e.mass_entrants * 1.5, 1e-15));
      if (eta < 1) {
        CHECK_THAT(e.imported_components,
                   WithinRel(e.south_component_cost / (e.north_component_cost + e.south_component_cost), 1e-13));
      }

      // A firm of productivity 1 in every form: inputs by the first-order conditions, output, revenue by the demand
      // curve p = X^(mu - alpha) x^(alpha - 1); then X from the outputs of all firms, x being theta^(1 + r) times that.
      double made = 0;
      auto const menu = economy.options();
      for (auto const& s : e.choices.segments) {
        if (s.index >= menu.size()) continue;
        auto const& form = forms[s.index];
        double const revenue = e.choices.demand * menu[s.index].revenue_slope;
        auto const share = economy.split_of(form);
        double const h = alpha * share.headquarters * eta * revenue / economy.north_wage;
        double const m =
            alpha * share.supplier * (1 - eta) * revenue / (form.south ? economy.south_wage : economy.north_wage);
        double const x = (eta > 0 ? std::pow(h / eta, eta) : 1) * (eta < 1 ? std::pow(m / (1 - eta), 1 - eta) : 1);
        CHECK_THAT(std::pow(e.aggregate_consumption, mu - alpha) * std::pow(x, alpha), WithinRel(revenue, 1e-12));
        CHECK_THAT(revenue - h * economy.north_wage - m * (form.south ? economy.south_wage : economy.north_wage),
                   WithinRel(e.choices.demand * menu[s.index].slope, 1e-12));
        made += e.mass_entrants * std::pow(x, alpha) * s.moment;
      }
      CHECK_THAT(std::pow(made, 1 / alpha), WithinRel(e.aggregate_consumption, 1e-12));
    }
  }
}

TEST_CASE("under a Pareto law the fractions of firms are powers of the cutoffs' ratios", "[models][property]") {
  melitz::pareto<> const law{1, 4.2};
  for (double const eta : {0.2, 0.75}) {
    auto economy = example();
    economy.headquarter_intensity = eta;
    economy.entry_cost = 10;  // so that the least productive exit
    auto const e = solve(economy, law);
    REQUIRE(e.cutoff > 1);
    auto const& s = e.choices.segments;
    for (std::size_t k = 1; k < s.size(); ++k) {
      double const here = std::pow(s[1].threshold / s[k].threshold, law.shape / economy.size_exponent());
      double const next =
          k + 1 < s.size() ? std::pow(s[1].threshold / s[k + 1].threshold, law.shape / economy.size_exponent()) : 0;
      CHECK_THAT(e.share_of_firms.*forms[s[k].index].member, WithinRel(here - next, 1e-11));
    }
    // Operating profit of all entrants is k/r times what entry costs, whatever the menu.
    CHECK_THAT(e.choices.profit_elasticity(), WithinRel(law.shape / economy.size_exponent(), 1e-12));
  }
  // The paper's closed form of the share that offshore where nobody integrates.
  auto economy = example();
  economy.headquarter_intensity = 0.2;
  economy.entry_cost = 10;
  auto const menu = economy.options();
  double const ratio = (menu[2].slope - menu[0].slope) / menu[0].slope * economy.north_outsourcing_fixed_cost /
                       (economy.south_outsourcing_fixed_cost - economy.north_outsourcing_fixed_cost);
  CHECK_THAT(solve(economy, law).share_of_firms.south_outsourcing,
             WithinRel(std::pow(ratio, law.shape / economy.size_exponent()), 1e-12));
}

TEST_CASE("consumer surplus answers to wages and costs as differences say", "[models][property]") {
  double const h = 1e-5;  // central differences: right to about 1e-14 / h
  for (auto const& [name, law] : test::laws()) {
    if (has_atoms(name)) continue;  // one-sided at atoms
    CAPTURE(name);
    auto const answer_to = [&, &draws = law](double sourcing_economy<>::*member) {
      auto up = example(), down = example();
      up.*member *= std::exp(h);
      down.*member *= std::exp(-h);
      return std::log(solve(up, draws).consumer_surplus / solve(down, draws).consumer_surplus) / (2 * h);
    };
    using economy = sourcing_economy<>;
    auto const by = consumer_surplus_elasticities(example(), solve(example(), law));
    CHECK_THAT(answer_to(&economy::north_wage), WithinAbs(by.north_wage, 1e-9));
    CHECK_THAT(answer_to(&economy::south_wage), WithinAbs(by.south_wage, 1e-9));
    CHECK_THAT(answer_to(&economy::entry_cost), WithinAbs(by.entry_cost, 1e-9));
    CHECK_THAT(answer_to(&economy::death_rate), WithinAbs(by.entry_cost, 1e-9));
    CHECK_THAT(answer_to(&economy::north_outsourcing_fixed_cost), WithinAbs(by.fixed_cost.north_outsourcing, 1e-9));
    CHECK_THAT(answer_to(&economy::north_integration_fixed_cost), WithinAbs(by.fixed_cost.north_integration, 1e-9));
    CHECK_THAT(answer_to(&economy::south_outsourcing_fixed_cost), WithinAbs(by.fixed_cost.south_outsourcing, 1e-9));
    CHECK_THAT(answer_to(&economy::south_integration_fixed_cost), WithinAbs(by.fixed_cost.south_integration, 1e-9));
    // Both wages together only change the price of the sector against the outside good.
    double const alpha = 0.7, mu = 0.4;
    CHECK_THAT(by.north_wage + by.south_wage, WithinRel(-mu / (alpha - mu), 1e-12));
    // The wage of the South alone: the share of operating profit that is earned with its components.
    auto const e = solve(example(), law);
    double operating = 0, offshored = 0;
    for (auto const& s : e.choices.segments) {
      operating += s.slope * s.moment;
      if (s.option.starts_with("south")) offshored += s.slope * s.moment;
    }
    CHECK_THAT(by.south_wage, WithinAbs(-mu * alpha * 0.25 / (alpha - mu) * offshored / operating, 1e-13));
    CHECK_THAT(by.entry_cost + sum(by.fixed_cost), WithinRel(-mu * (1 - alpha) / (alpha - mu), 1e-12));
  }
  sourcing_equilibrium<> const unsolved;
  CHECK_THROWS_WITH(consumer_surplus_elasticities(example(), unsolved), contains("not_solved"));
}

TEST_CASE("a cheaper South makes firms offshore, and the least productive exit", "[models][property]") {
  melitz::pareto<> const law{1, 4.2};
  for (double const eta : {0.2, 0.75}) {
    auto economy = example();
    economy.headquarter_intensity = eta;
    economy.entry_cost = 10;
    sourcing_equilibrium<> before;
    for (double const wage : {1.0, 0.9, 0.8, 0.7, 0.6, 0.5}) {
      CAPTURE(eta, wage);
      economy.south_wage = wage;
      auto const e = solve(economy, law);
      if (before && e.share_offshoring > 0) {
        CHECK(e.share_offshoring > before.share_offshoring);
        CHECK(e.imported_components > before.imported_components);
        CHECK(e.cutoff > before.cutoff);
        CHECK(e.consumer_surplus > before.consumer_surplus);
        CHECK(e.price_index < before.price_index);
        // Integration abroad rises against integration at home, outsourcing abroad against outsourcing at home.
        CHECK(e.share_of_firms.north_outsourcing <= before.share_of_firms.north_outsourcing * (1 + 1e-12));
        CHECK(e.share_of_firms.south_integration >= before.share_of_firms.south_integration);
      }
      before = e;
    }
    CHECK(before.share_offshoring > 0.04);
  }
}

TEST_CASE("shares of firms carry derivatives", "[models][property]") {
  using number_type = melitz::gradient<2>;
  auto const solved = [](auto const& economy) {
    using Real = typename std::remove_cvref_t<decltype(economy)>::real_type;
    return solve(economy, melitz::lognormal<Real>{Real(0), Real(0.5)});
  };
  auto economy = example<number_type>();
  economy.south_wage = number_type::variable(0.5, 0);
  economy.south_integration_fixed_cost = number_type::variable(5, 1);
  auto const e = solved(economy);
  double const h = 1e-6;  // central differences: right to about 1e-15 / h
  for (std::size_t k = 0; k < 2; ++k) {
    auto const moved = [&](double step) {
      auto other = example();
      other.south_wage = 0.5 + (k == 0 ? step : 0);
      other.south_integration_fixed_cost = 5 + (k == 1 ? step : 0);
      return solved(other);
    };
    auto const up = moved(h), down = moved(-h);
    auto const check = [&](number_type const& exact, double above, double below) {
      CHECK_THAT(exact.derivative[k], WithinAbs((above - below) / (2 * h), 1e-9));
    };
    check(e.share_of_firms.south_integration, up.share_of_firms.south_integration,
          down.share_of_firms.south_integration);
    check(e.share_of_firms.north_integration, up.share_of_firms.north_integration,
          down.share_of_firms.north_integration);
    check(e.share_offshoring, up.share_offshoring, down.share_offshoring);
    check(e.share_integrating, up.share_integrating, down.share_integrating);
    check(e.consumer_surplus, up.consumer_surplus, down.consumer_surplus);
  }
  CHECK(e.share_of_firms.south_integration.derivative[0] < -0.05);  // a dearer South: fewer own plants there
  CHECK(e.share_of_firms.south_integration.derivative[1] < -0.01);  // and fewer when they cost more
  CHECK(e.share_of_firms.north_integration.derivative[0] > 0.05);
  // By the envelope theorem the same.
  auto at = example();
  at.south_wage = 0.5;
  auto const by = consumer_surplus_elasticities(at, solved(at));
  CHECK_THAT(e.consumer_surplus.derivative[0] * 0.5 / e.consumer_surplus.value, WithinRel(by.south_wage, 1e-12));
  CHECK_THAT(e.consumer_surplus.derivative[1] * 5 / e.consumer_surplus.value,
             WithinRel(by.fixed_cost.south_integration, 1e-12));
}

TEST_CASE("one form alone is the closed economy", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto economy = example();
    economy.north_integration_fixed_cost = infinite;
    economy.south_outsourcing_fixed_cost = infinite;
    economy.south_integration_fixed_cost = infinite;
    auto const e = solve(economy, law);
    CHECK(economy.options().size() == 1);
    auto const closed = solve(melitz::closed_economy<>{.elasticity = 1 + economy.size_exponent(),
                                                       .fixed_cost = economy.north_outsourcing_fixed_cost,
                                                       .entry_cost = economy.entry_cost,
                                                       .death_rate = economy.death_rate,
                                                       .labor = 1},
                              law);
    CHECK_THAT(e.cutoff, WithinRel(closed.cutoff, 1e-12));
    CHECK(e.cutoffs.north_outsourcing == e.cutoff);
    CHECK(std::isinf(e.cutoffs.south_integration));
    CHECK_THAT(e.mass_producers / e.mass_entrants, WithinRel(closed.probability_of_producing, 1e-11));
    CHECK_THAT(e.share_of_firms.north_outsourcing, WithinRel(1, 1e-14));
    CHECK(e.share_offshoring == 0);
    CHECK(e.share_integrating == 0);
    CHECK(e.imported_components == 0);
    CHECK(e.south_component_cost == 0);
    CHECK(consumer_surplus_elasticities(economy, e).south_wage == 0);
  }
}

TEST_CASE("corners of sourcing", "[models][property]") {
  melitz::lognormal<> const law{0, 0.5};
  SECTION("alike at both places: nobody offshores at a higher cost") {
    auto economy = example();
    economy.south_wage = economy.north_wage;
    economy.south_recovery_share = economy.north_recovery_share;
    CHECK(solve(economy, law).share_offshoring == 0);
    // And everybody at a lower one.
    std::swap(economy.south_outsourcing_fixed_cost, economy.north_outsourcing_fixed_cost);
    std::swap(economy.south_integration_fixed_cost, economy.north_integration_fixed_cost);
    auto const e = solve(economy, law);
    CHECK_THAT(e.share_offshoring, WithinRel(1, 1e-14));
    CHECK_THAT(e.imported_components, WithinRel(1, 1e-14));
    CHECK(e.north_component_cost == 0);
  }
  SECTION("an own supplier that can walk out with everything is an independent one") {
    auto economy = example();
    economy.north_recovery_share = economy.south_recovery_share = 0;
    CHECK(economy.options()[0].slope == economy.options()[1].slope);
    CHECK(economy.options()[2].slope == economy.options()[3].slope);
    CHECK(solve(economy, law).share_integrating == 0);
  }
  SECTION("a recovery share of nearly one leaves the supplier a share with all its digits") {
    auto economy = example();
    economy.north_recovery_share = 1 - 0x1p-40;
    CHECK_THAT(economy.split_of(forms[1]).supplier, WithinRel(0.5 * 0.7 * 0x1p-40, 1e-11));
  }
  SECTION("without components, only the cost of a place matters") {
    auto economy = example();
    economy.headquarter_intensity = 1;
    auto const e = solve(economy, law);
    CHECK_THAT(e.share_of_firms.north_integration, WithinRel(1, 1e-14));  // nearly all that is earned, at 0.2 more
    CHECK(e.share_offshoring == 0);
    CHECK(e.north_component_cost == 0);
  }
  SECTION("fixed costs in another order: the South first") {
    auto economy = example();
    economy.south_outsourcing_fixed_cost = 0.5;
    auto const e = solve(economy, law);
    CHECK(e.cutoff == e.cutoffs.south_outsourcing);
    CHECK(e.share_of_firms.north_outsourcing == 0);
    CHECK(std::isinf(e.cutoffs.north_outsourcing));
  }
  SECTION("death is a cost of entry, and nothing else") {
    auto economy = example();
    economy.death_rate = 1;
    economy.entry_cost = 1.5;
    CHECK_THAT(solve(economy, law).consumer_surplus, WithinRel(solve(example(), law).consumer_surplus, 1e-14));
  }
  SECTION("everything dearer by a factor is the sector against the outside good") {
    auto economy = example();
    economy.north_wage *= 3;
    economy.south_wage *= 3;
    auto const e = solve(economy, law), before = solve(example(), law);
    CHECK_THAT(e.cutoff, WithinRel(before.cutoff, 1e-13));
    CHECK_THAT(e.share_offshoring, WithinRel(before.share_offshoring, 1e-11));
    CHECK_THAT(e.price_index, WithinRel(before.price_index * std::pow(3, (1 - 0.4) / (0.7 - 0.4)), 1e-12));
  }
}

TEST_CASE("a sourcing economy whose numbers do not fit is out of range", "[models][errors]") {
  auto const fails = [](auto const& economy) {
    auto const e = try_solve(economy, melitz::lognormal<>{0, 0.1});
    CHECK(e.reason == melitz::status::out_of_range);
    CHECK(!e);
    CHECK(std::isnan(e.consumer_surplus));
    CHECK(std::isnan(e.cutoff));
    CHECK(std::isnan(e.choices.demand));
    CHECK(std::isnan(e.share_of_firms.north_outsourcing));
    CHECK_THROWS_AS(solve(economy, melitz::lognormal<>{0, 0.1}), melitz::convergence_error);
  };
  auto economy = example();
  economy.substitution_parameter = 0.9999;  // slopes are powers of 9999
  fails(economy);
  economy = example();
  economy.sector_substitution_parameter = 0.6999;  // X is A to the power of -3000
  fails(economy);
  CHECK(try_solve(example(), melitz::lognormal<>{0, 0.5}, {.max_evaluations = 0}).reason ==
        melitz::status::iteration_limit);
}

TEST_CASE("sourcing economies that are none are refused by name", "[models][errors]") {
  using economy = sourcing_economy<>;
  auto const refused = [](double economy::*member, double value, char const* message) {
    auto e = example();
    e.*member = value;
    CHECK_THROWS_WITH(solve(e, melitz::lognormal<>{0, 0.5}), contains(message));
  };
  double const nan = std::nan("");
  refused(&economy::substitution_parameter, 1, "substitution_parameter is 1; it must lie in (0, 1)");
  refused(&economy::substitution_parameter, nan, "substitution_parameter is nan");
  refused(&economy::sector_substitution_parameter, 0.7,
          "sector_substitution_parameter is 0.7; it must be below substitution_parameter");
  refused(&economy::sector_substitution_parameter, 0, "sector_substitution_parameter is 0");
  refused(&economy::headquarter_intensity, -0.1, "headquarter_intensity is -0.1; it must lie in [0, 1]");
  refused(&economy::headquarter_intensity, nan, "headquarter_intensity is nan");
  refused(&economy::bargaining_share, 0, "bargaining_share is 0; it must lie in (0, 1)");
  refused(&economy::bargaining_share, 1, "bargaining_share is 1");
  refused(&economy::north_recovery_share, 1, "north_recovery_share is 1; it must lie in [0, 1)");
  refused(&economy::south_recovery_share, 0.2, "south_recovery_share is 0.2; it must be at most north_recovery_share");
  refused(&economy::south_recovery_share, -0.2, "south_recovery_share is -0.2");
  refused(&economy::north_wage, 0, "north_wage is 0; it must be positive and finite");
  refused(&economy::south_wage, infinite, "south_wage is inf; it must be positive and finite");
  refused(&economy::north_outsourcing_fixed_cost, 0, "north_outsourcing_fixed_cost is 0; it must be positive");
  refused(&economy::north_integration_fixed_cost, -1, "north_integration_fixed_cost is -1");
  refused(&economy::south_outsourcing_fixed_cost, nan, "south_outsourcing_fixed_cost is nan");
  refused(&economy::south_integration_fixed_cost, 0, "south_integration_fixed_cost is 0");
  refused(&economy::entry_cost, 0, "entry_cost is 0; it must be positive and finite");
  refused(&economy::death_rate, 1.5, "death_rate is 1.5; it must lie in (0, 1]");
  refused(&economy::death_rate, 0, "death_rate is 0");
  auto e = example();
  e.north_outsourcing_fixed_cost = e.north_integration_fixed_cost = infinite;
  e.south_outsourcing_fixed_cost = e.south_integration_fixed_cost = infinite;
  CHECK_THROWS_WITH(solve(e, melitz::lognormal<>{0, 0.5}), contains("smallest fixed cost is inf; it must be finite"));
  CHECK_THROWS_WITH(solve(example(), tail_of(melitz::lognormal<>{0, 0.5}, 2.0)),
                    contains("tail.power() is 2; it must equal the model's size exponent"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 2}), contains("shape is 2"));
}

TEST_CASE("a firm at the cutoff of a form picks what its cutoff says", "[models][property]") {
  test::uniform_numbers uniform(36);
  for (int trial = 0; trial < 300; ++trial) {
    auto const economy = [&] {
      auto out = example();
      out.headquarter_intensity = uniform(0, 1);
      out.south_wage = uniform(0.2, 1);
      out.north_integration_fixed_cost *= uniform(0.5, 3);
      out.south_outsourcing_fixed_cost *= uniform(0.5, 3);
      out.south_integration_fixed_cost *= uniform(0.5, 3);
      out.entry_cost *= uniform(0.2, 5);
      return out;
    }();
    CAPTURE(trial);
    test::check_cutoffs(solve(economy, test::random_lognormal(uniform)).choices);
  }
}

TEST_CASE("sourcing beyond the number type is out of range", "[models][failure]") {
  auto economy = example();
  for (double const death_rate : {1e-320, 1e-323}) {  // masses are infinite; expected profit is 0
    economy.death_rate = death_rate;
    economy.entry_cost = 0.1;
    auto const e = try_solve(economy, melitz::lognormal<>{0, 0.6});
    CHECK(e.reason == melitz::status::out_of_range);
    CHECK(e.choices.reason == melitz::status::out_of_range);
    CHECK(std::isnan(e.mass_entrants));
  }
}

}  // namespace test::models_sourcing
