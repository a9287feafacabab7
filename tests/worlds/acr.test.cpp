// SPDX-License-Identifier: BSL-1.0
#include <melitz/countries/anderson.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/worlds/acr/acr.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace test::world_acr {

using melitz::acr_economy;
using melitz::acr_equilibrium;
using melitz::entry_rule;
using melitz::formula_gains_from_trade;
using melitz::solve;
using melitz::status;
using melitz::try_solve;
using melitz::welfare_change;
using test::check_within;
using test::contains;
using test::number;
using test::vector_of;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

/// Four countries that differ in everything, far inside the support.
acr_economy<> world() {
  acr_economy<> out;
  out.elasticity = 4;
  out.shape = 4.25;
  out.labor = Eigen::Vector4d{100, 60, 30, 220};
  out.productivity_scale = Eigen::Vector4d{1, 1.2, 0.8, 0.9};
  out.entry_cost = Eigen::Vector4d{2, 1.5, 1, 2.5};
  out.iceberg_cost = Eigen::Matrix4d{{1, 1.4, 1.7, 2.1}, {1.5, 1, 1.3, 1.8}, {1.6, 1.4, 1, 1.9}, {2, 1.8, 2.2, 1}};
  out.fixed_cost = Eigen::Matrix4d{{1, 1.6, 1.2, 2}, {1.3, 0.9, 1.4, 1.6}, {1.5, 1.2, 0.7, 1.9}, {1.8, 1.7, 1.4, 1.1}};
  return out;
}

acr_economy<> with_fixed_entry(acr_economy<> out) {
  out.entry = entry_rule::fixed;
  out.mass_entrants = (out.labor.array() / 5).matrix();
  out.entry_cost = {};
  return out;
}

/// What has changed in country j, all of it seen from the two equilibria.
melitz::country_change<> change(acr_equilibrium<> const& before, acr_equilibrium<> const& after, Eigen::Index j) {
  auto const& b = before;
  auto const& a = after;
  return {.domestic_share = after.domestic_share[j] / before.domestic_share[j],
          .expenditure_in_wage = a.expenditure[j] / a.wage[j] / (b.expenditure[j] / b.wage[j]),
          .mass_entrants = a.mass_entrants[j] / b.mass_entrants[j]};
}

template <class Check>
void for_each_closure(Check const& check) {
  for (double const a : {0.0, 0.4, 1.0}) {
    for (auto const rule : {entry_rule::free, entry_rule::fixed}) {
      CAPTURE(a, to_string(rule));
      auto economy = rule == entry_rule::free ? world() : with_fixed_entry(world());
      economy.source_labor_share = a;
      check(economy);
    }
  }
}

}  // namespace

TEST_CASE("worlds of gravity agree with the references", "[world][reference]") {
  // tests/reference/acr.json, remade by tools/reference/acr.py.
  auto const file = test::reference("acr");
  int compared = 0;
  auto const compare = [&](acr_economy<> const& economy, test::json const& expected) {
    auto const e = try_solve_with_flows(economy);
    REQUIRE(e);
    CHECK(test::compare_all(expected, e, 1e-14) == 11);
    ++compared;
    return e;
  };
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name").get<std::string>());
    auto const economy = test::economy_from<acr_economy<>>(row.at("params"));
    test::validates const here("acr", row.at("name"));
    auto const e = compare(economy, row.at("outputs"));
    CHECK(test::compare_all(row, e, 1e-14) == 3);  // autarky, and gains by both ways
    CHECK(gains_from_trade(economy) == e.gains_from_trade());
    if (!row.contains("foreign_shock")) continue;
    auto const& shock = row.at("foreign_shock");
    auto changed = row.at("params");
    changed.update(shock.at("shock"));
    auto const shocked = test::economy_from<acr_economy<>>(changed);
    test::validates const part("after a foreign shock");
    auto const after = compare(shocked, shock.at("outputs"));
    Eigen::VectorXd const ratio = after.welfare.cwiseQuotient(e.welfare);
    check_within(ratio, vector_of(shock.at("welfare_hat")), 1e-14, "welfare_hat");
    for (Eigen::Index j = 0; j < ratio.size(); ++j) {
      test::validate("change of welfare", ratio[j], vector_of(shock.at("welfare_hat"))[j], {static_cast<long>(j)});
    }
  }
  CHECK(compared == 9);
}

TEST_CASE("gains from trade are the formula's, and foreign shocks work through home shares alone",
          "[world][property]") {
  for_each_closure([](acr_economy<> const& economy) {
    auto const before = solve(economy);
    check_within(before.gains_from_trade(), before.formula_gains_from_trade, 1e-13);
    CHECK(before.gains_from_trade().minCoeff() > 1.005);
    auto foreign = economy;  // all that may change outside country 0
    foreign.labor[1] *= 1.7;
    foreign.productivity_scale[2] *= 1.1;
    foreign.iceberg_cost(0, 3) = 1.5;
    foreign.iceberg_cost(2, 0) = 1.2;
    foreign.fixed_cost(3, 0) *= 1.3;
    foreign.fixed_cost(1, 1) *= 1.2;
    (economy.entry == entry_rule::free ? foreign.entry_cost : foreign.mass_entrants)[3] *= 0.9;
    auto const after = solve(foreign);
    CHECK(after.welfare[0] / before.welfare[0] > 1.005);
    CHECK_THAT(after.welfare[0] / before.welfare[0],
               WithinRel(formula_gains_from_trade(after.domestic_share[0], 4.25) /
                             formula_gains_from_trade(before.domestic_share[0], 4.25),
                         1e-13));
    CHECK_THAT(welfare_change(change(before, after, 0), 4.0, 4.25),
               WithinRel(after.welfare[0] / before.welfare[0], 1e-13));
  });
}

TEST_CASE("where shocks are domestic the formula is off by the shock's own effect", "[world][property]") {
  // theta = 4.25, r = 3: eta = 5/12.
  double const theta = 4.25, eta = theta / 3 - 1;
  for_each_closure([&](acr_economy<> const& economy) {
    bool const free = economy.entry == entry_rule::free;
    auto const before = solve(economy);
    auto const off = [&](auto const& shock) {
      auto shocked = economy;
      shock(shocked);
      auto const after = solve(shocked);
      return after.welfare[1] / before.welfare[1] / formula_gains_from_trade(1.0, theta) *
             std::pow(after.domestic_share[1] / before.domestic_share[1], 1 / theta);
    };
    CHECK_THAT(off([](auto& e) { e.labor[1] *= 1.5; }), WithinRel(std::pow(1.5, free ? 1.0 / 3 : eta / theta), 1e-13));
    CHECK_THAT(off([](auto& e) { e.productivity_scale[1] *= 1.1; }), WithinRel(1.1, 1e-13));
    CHECK_THAT(off([](auto& e) { e.fixed_cost(1, 1) *= 1.2; }), WithinRel(std::pow(1.2, -eta / theta), 1e-13));
    if (free) {
      CHECK_THAT(off([](auto& e) { e.entry_cost[1] *= 0.7; }), WithinRel(std::pow(0.7, -1 / theta), 1e-13));
      CHECK_THAT(off([](auto& e) { e.death_rate = 0.7; }), WithinRel(std::pow(0.7, -1 / theta), 1e-13));
    } else {
      CHECK_THAT(off([](auto& e) { e.mass_entrants[1] *= 1.2; }), WithinRel(std::pow(1.2, 1 / theta), 1e-13));
    }
  });
}

TEST_CASE("deficits break the formula by what they add to spending and entry", "[world][property]") {
  double const theta = 4.25, eta = theta / 3 - 1;
  for_each_closure([&](acr_economy<> const& economy) {
    auto lending = economy;
    lending.deficit = Eigen::Vector4d{12, -4, 3, -11};
    auto const before = solve(economy), after = solve(lending);
    auto const f = flows(lending, after);
    CHECK_THAT(after.expenditure.sum(), WithinRel(after.revenue.sum(), 1e-13));
    for (Eigen::Index j = 0; j < 4; ++j) {
      CAPTURE(j);
      auto const c = change(before, after, j);
      double const ratio = after.welfare[j] / before.welfare[j];
      CHECK_THAT(welfare_change(c, 4.0, theta), WithinRel(ratio, 1e-13));
      double const formula = std::pow(c.domestic_share, -1 / theta);
      CHECK(std::abs(ratio / formula - 1) > 0.01);
      CHECK_THAT(
          ratio / formula,
          WithinRel(std::pow(c.expenditure_in_wage, 1 + eta / theta) * std::pow(c.mass_entrants, 1 / theta), 1e-13));
      CHECK_THAT(f.sales.row(j).sum(), WithinRel(after.revenue[j], 1e-13));
      // Goods do not balance by D alone where part of the fixed costs is paid abroad.
      double const abroad = 1.25 / 17 * (1 - economy.source_labor_share);
      CHECK_THAT(after.expenditure[j] - after.revenue[j], WithinRel(lending.deficit[j] / (1 - abroad), 1e-12));
    }
  });
}

TEST_CASE("autarky is the closed economy, and where all its entrants produce the formula is off", "[world]") {
  double const theta = 4.25;
  for (double const entry_cost : {2.0, 2.39, 2.41, 2.7, 3.0}) {
    auto economy = world();
    economy.entry_cost.setConstant(entry_cost);
    economy.labor.setConstant(60);
    economy.fixed_cost.setConstant(2);
    economy.fixed_cost.diagonal().setConstant(1);
    economy.iceberg_cost.setConstant(1.2);
    economy.iceberg_cost.diagonal().setOnes();
    economy.productivity_scale.setConstant(1.2);
    auto const e = solve(economy);
    melitz::closed_economy<> const closed{4, 1, entry_cost, 1, 60};
    CHECK_THAT(e.autarky_welfare[1], WithinRel(solve(closed, melitz::pareto<>{1.2, theta}).welfare, 1e-13));
    // Free entry leaves s = (theta - r)/r f_e/f of entrants in the market, if that is less than all.
    double const s = 1.25 / 3 * entry_cost;
    CHECK_THAT(
        e.gains_from_trade()[1] / e.formula_gains_from_trade[1],
        WithinRel(s <= 1 ? 1.0 : std::pow(1.25 / theta * (1 + entry_cost), 1.0 / 3) * std::pow(s, -1 / theta), 1e-13));
    if (s > 1.1) CHECK(e.gains_from_trade()[1] / e.formula_gains_from_trade[1] > 1.0004);
    // The same number of entrants, given: there are no profits to spend, and entry costs no labour.
    auto fixed = economy;
    fixed.entry = entry_rule::fixed;
    fixed.entry_cost = {};
    fixed.mass_entrants = e.mass_entrants;
    auto const given = melitz::detail::autarky_welfare(fixed, 1);
    CHECK(given > e.autarky_welfare[1]);
  }
}

TEST_CASE("the formula gives the gains that were published", "[world][reference]") {
  // Of the USA, who spend 0.92 on their own goods, by the formula for homogeneous firms, whose trade elasticity is
  // sigma - 1: J. Bajzik, T. Havranek, Z. Irsova and J. Schwarz (2020), after A. Costinot and A. Rodriguez-Clare
  // (2018).
  test::validates const here("published", "Bajzik, Havranek, Irsova and Schwarz (2020): gains of the USA over autarky");
  std::pair<char const*, char const*> const printed[] = {
      {"2.5", "5.4"}, {"3.8", "2.9"}, {"5.1", "2.0"}, {"5.7", "1.8"}};
  for (auto const& [sigma, gain] : printed) {
    double const welfare = formula_gains_from_trade(0.92, std::stod(sigma) - 1);
    test::check_printed(std::string("gain in percent, elasticity ") + sigma, 100 * (1 - 1 / welfare), gain);
  }
}

TEST_CASE("a published program's two countries with given entrants", "[world][reference]") {
  acr_economy<> economy;
  economy.elasticity = 4;
  economy.shape = 5;
  economy.labor = economy.productivity_scale = Eigen::Vector2d::Ones();
  economy.entry = entry_rule::fixed;
  economy.mass_entrants = Eigen::Vector2d{100, 100};
  economy.iceberg_cost = Eigen::Matrix2d{{1, 1.2}, {1.2, 1}};
  economy.fixed_cost = Eigen::Matrix2d{{0.7, 0.9}, {0.9, 0.7}};
  auto const e = melitz::try_solve_with_flows(economy);
  REQUIRE(e);
  test::validates const here("programs", "two countries, 100 entrants in each, Pareto of shape 5");
  auto const same = [](char const* quantity, double ours, double theirs) {
    CAPTURE(quantity);
    test::validate(quantity, ours, theirs);
    CHECK_THAT(ours, WithinRel(theirs, 1e-12));
  };
  same("domestic_share", e.domestic_share[0], 0.746333234398529);
  same("real wage", e.wage[0] / e.price_index[0], 2.137235837690614);
  same("cutoff", e.cutoff(0, 0), 3.804668623731582);
  same("export_cutoff", e.cutoff(0, 1), 4.964546384670777);
}

TEST_CASE("laws that are not Pareto break the formula", "[world]") {
  // Melitz and Redding (2015): a bounded Pareto law on [1, 2.85], whose trade elasticity falls as costs do.
  melitz::bounded_pareto<> const law{1, 2.85, 4.25};
  melitz::open_economy<> economy{{4, 1, 0.5, 1, 1}, 1, 1.83, 0.499857272801196};
  auto const traded = solve(economy, law);
  double const autarky = solve(economy.domestic, law).welfare;
  CHECK_THAT(traded.welfare / autarky, WithinRel(1.00936756941577, 1e-12));
  // The formula with the elasticity of trade where it is, r + gamma at the export cutoff.
  auto const tail = tail_of(law, 3.0);
  auto const home = tail.at(std::log(traded.cutoff)), abroad = tail.at(std::log(traded.export_cutoff));
  double const exports = economy.export_fixed_cost * abroad.moment() * std::exp(abroad.log_scale - home.log_scale);
  double const share = home.moment() / (home.moment() + exports);
  CHECK_THAT(share, WithinRel(0.9358483090000566, 1e-12));
  CHECK_THAT(formula_gains_from_trade(share, 3 + abroad.density / abroad.moment()), WithinRel(1.01129498812291, 1e-12));
}

TEST_CASE("all markets clear, firm by firm", "[world][property]") {
  test::uniform_numbers random(20080312);
  int evaluations = 0, most = 0, deficits = 0;
  for (int k = 0; k < 300; ++k) {
    auto const n = static_cast<Eigen::Index>(2 + k % 7);
    CAPTURE(k, n);
    acr_economy<> economy;
    economy.elasticity = random(1.5, 6);
    double const r = economy.elasticity - 1, theta = r * random(1.02, 2.5);
    economy.shape = theta;
    economy.source_labor_share = k % 3 == 0 ? 1 : random(0, 1);
    double const sizes = random(0, 3), distance = random(0, 2);
    economy.labor = economy.productivity_scale = economy.entry_cost = Eigen::VectorXd(n);
    economy.iceberg_cost = economy.fixed_cost = Eigen::MatrixXd(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      economy.labor[i] = 100 * std::exp(random(-sizes, sizes));
      economy.productivity_scale[i] = std::exp(random(-0.3, 0.3));
      economy.entry_cost[i] = random(0.001, 0.002) * r / (theta - r);
      for (Eigen::Index j = 0; j < n; ++j) {
        economy.iceberg_cost(i, j) = i == j ? 1 : 1 + distance * random(0, 1);
        economy.fixed_cost(i, j) = random(0.5, 2);
      }
    }
    if (k % 2 == 1) {
      economy.entry = entry_rule::fixed;
      economy.mass_entrants = (economy.labor.array() / economy.entry_cost.array() / economy.elasticity).matrix();
      economy.entry_cost = {};
    }
    double const s = r / (theta * economy.elasticity);
    if (k % 5 == 4) {  // lending that leaves both sides something
      ++deficits;
      economy.deficit = Eigen::VectorXd::Zero(n);
      double const lent = 0.05 * std::min(economy.labor[0], economy.labor[1]);
      economy.deficit[0] = lent;
      economy.deficit[1] = -lent;
    }
    auto const e = try_solve(economy);
    REQUIRE(e.reason == status::converged);
    CHECK(e.residual < 1e-14);
    evaluations += e.evaluations;
    most = std::max(most, e.evaluations);
    auto const f = flows(economy, e);
    auto const& c = e;
    CHECK(c.wage[0] == 1);
    double const a = economy.source_labor_share;
    for (Eigen::Index i = 0; i < n; ++i) {
      // Labour: production at cost (sigma - 1)/sigma of sales, fixed costs at home and abroad, entry.
      double const w = c.wage[i];
      double used = f.sales.row(i).sum() * r / economy.elasticity;
      double profit = f.sales.row(i).sum() / economy.elasticity;
      for (Eigen::Index j = 0; j < n; ++j) {
        auto const paid = [&](Eigen::Index from, Eigen::Index to) {
          return f.mass_sellers(from, to) * economy.fixed_cost(from, to) * std::pow(c.wage[from], a) *
                 std::pow(c.wage[to], 1 - a);
        };
        used += a * paid(i, j) + (1 - a) * paid(j, i);
        profit -= paid(i, j);
        // The marginal firm earns its fixed cost, at the price index.
        double const price = economy.elasticity / r * w * economy.iceberg_cost(i, j) / f.cutoff(i, j);
        double const earned = c.expenditure[j] * std::pow(price / c.price_index[j], -r) / economy.elasticity;
        double const cost = economy.fixed_cost(i, j) * std::pow(w, a) * std::pow(c.wage[j], 1 - a);
        CHECK_THAT(earned, WithinRel(cost, 1e-12));
        CHECK_THAT(f.mass_sellers(i, j) / c.mass_entrants[i],
                   WithinRel(std::pow(economy.productivity_scale[i] / f.cutoff(i, j), theta), 1e-11));
      }
      CHECK_THAT(profit, WithinRel(s * f.sales.row(i).sum(), 1e-11));
      if (economy.entry == entry_rule::free) {
        used += c.mass_entrants[i] * economy.entry_cost[i] * w;
        CHECK_THAT(profit, WithinRel(c.mass_entrants[i] * economy.entry_cost[i] * w, 1e-11));
      }
      CHECK_THAT(used, WithinRel(w * economy.labor[i], 1e-11));
      double const income = w * economy.labor[i] + (economy.entry == entry_rule::free ? 0 : profit) +
                            (economy.deficit.size() == 0 ? 0 : economy.deficit[i]);
      CHECK_THAT(c.expenditure[i], WithinRel(income, 1e-11));
      CHECK_THAT(f.share.col(i).sum(), WithinRel(1.0, 1e-13));
      CHECK_THAT(f.share(i, i), WithinRel(e.domestic_share[i], 1e-12));
      CHECK_THAT(f.mass_sellers.col(i).sum(), WithinRel(e.mass_varieties[i], 1e-12));
    }
  }
  CHECK(deficits == 60);
  CHECK(evaluations < 300 * 12);
  CHECK(most < 30);
}

TEST_CASE("worlds of countries far apart in size, productivity and distance all solve", "[world][property]") {
  // As problems of gravity, where cutoffs do not matter. Deficits of up to half of what the two countries import.
  test::uniform_numbers random(20081965);
  auto const between = [&](double low, double high) { return std::exp(random(std::log(low), std::log(high))); };
  for (int k = 0; k < 600; ++k) {
    CAPTURE(k);
    auto const n = Eigen::Index{k % 3 == 0 ? 2 : k % 3 == 1 ? 8 : 30};
    double const theta = between(0.5, 20), eta = theta * random(0, 1), distance = between(0.01, 3),
                 fixed = between(0.05, 10);
    melitz::detail::gravity_world<double> world;
    Eigen::MatrixXd iceberg(n, n), cost(n, n);
    world.labor = world.log_supply = Eigen::VectorXd(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      world.labor[i] = between(0.002, 500);
      world.log_supply[i] = std::log(world.labor[i]) + theta * random(-1, 1);
      for (Eigen::Index j = 0; j < n; ++j) {
        iceberg(i, j) = i == j ? 1 : 1 + distance * random(0.5, 1.5);
        cost(i, j) = i == j ? 1 : fixed * random(0.5, 1.5);
      }
    }
    world.access = melitz::detail::relative_access(iceberg, cost, theta, eta);
    world.on_wage = theta + (k % 2 == 0 ? eta : 0);
    melitz::detail::gravity_solver<double> balanced(world);
    balanced.solve({});
    REQUIRE(balanced.reason() == status::converged);
    REQUIRE(balanced.evaluations() < 150);
    auto const& p = balanced.solution();
    world.deficit = Eigen::VectorXd::Zero(n);
    world.deficit[0] = random(-0.5, 0.5) * std::min(p.exports[0], p.exports[1]) / p.wage[0];
    world.deficit[1] = -world.deficit[0];
    melitz::detail::gravity_solver<double> lending(world);
    lending.solve({});
    REQUIRE(lending.reason() == status::converged);
    auto const& q = lending.solution();
    double const due = world.deficit[0] * q.wage[0];
    Eigen::VectorXd const imports = q.expenditure.cwiseProduct(q.imported).cwiseQuotient(q.total);
    CHECK_THAT(imports[0] - q.exports[0], WithinAbs(due, 1e-12 * imports[0]));
    CHECK_THAT(imports[1] - q.exports[1], WithinAbs(-due, 1e-12 * imports[1]));
  }
}

TEST_CASE("wages keep their digits where nearly all is sold at home", "[world]") {
  auto economy = world();
  acr_economy<long double> precise;
  precise.elasticity = 4;
  precise.shape = 4.25L;
  for (double const distance : {1.0, 10.0, 1000.0}) {
    auto const iceberg = [&](auto& e) {
      using Real = typename std::remove_reference_t<decltype(e)>::real_type;
      e.labor = economy.labor.cast<Real>();
      e.productivity_scale = economy.productivity_scale.cast<Real>();
      e.entry_cost = economy.entry_cost.cast<Real>();
      e.fixed_cost = economy.fixed_cost.cast<Real>();
      e.iceberg_cost = world().iceberg_cost.cast<Real>() * Real(distance);
      e.iceberg_cost.diagonal().setOnes();
    };
    iceberg(economy);
    iceberg(precise);
    auto const e = solve(economy);
    auto const truth = solve(precise);
    CHECK(1 - truth.domestic_share.maxCoeff() < 0.2 * std::pow(distance, -4));
    check_within(e.wage, truth.wage, 1e-13, "wage");
    check_within(e.welfare, truth.welfare, 1e-13, "welfare");
    CHECK(e.evaluations <= 25);
  }
}

TEST_CASE("countries that trade with nobody, one way, or through others", "[world]") {
  SECTION("one country is in autarky") {
    acr_economy<> economy;
    economy.elasticity = 4;
    economy.shape = 4.25;
    economy.labor = economy.productivity_scale = economy.entry_cost = Eigen::VectorXd::Ones(1);
    economy.iceberg_cost = economy.fixed_cost = Eigen::MatrixXd::Ones(1, 1);
    auto const e = solve(economy);
    CHECK(e.wage[0] == 1);
    CHECK(e.domestic_share[0] == 1);
    CHECK_THAT(e.gains_from_trade()[0], WithinRel(1.0, 1e-15));
  }
  SECTION("a ring of one-way trade is a world") {
    auto economy = world();
    economy.iceberg_cost.setConstant(infinity);
    economy.iceberg_cost.diagonal().setOnes();
    for (Eigen::Index i = 0; i < 4; ++i) economy.iceberg_cost(i, (i + 1) % 4) = 1.5;
    auto const e = solve(economy);
    auto const f = flows(economy, e);
    CHECK(f.sales(0, 2) == 0);
    CHECK(f.cutoff(0, 2) == infinity);
    for (Eigen::Index i = 0; i < 4; ++i)
      CHECK_THAT(f.sales(i, (i + 1) % 4), WithinRel(f.sales(0, 1), 1e-12));  // balanced, so all the same
    economy.iceberg_cost(3, 0) = infinity;                                   // and a line is not
    CHECK(try_solve(economy).reason == status::disconnected);
  }
  SECTION("two worlds have no common numeraire") {
    auto economy = world();
    economy.fixed_cost.topRightCorner(2, 2).setConstant(infinity);
    economy.iceberg_cost.bottomLeftCorner(2, 2).setConstant(infinity);
    auto const e = try_solve(economy);
    CHECK(e.reason == status::disconnected);
    CHECK(!e);
    int vectors = 0;
    melitz::detail::for_each_result<acr_equilibrium<>>([&](auto const& what, auto const& access, auto const&...) {
      CAPTURE(what.name);
      auto const& value = access(e);
      if constexpr (melitz::detail::vector_or_matrix<std::remove_cvref_t<decltype(value)>>) {
        CHECK(value.size() == 4);
        CHECK(value.array().isNaN().all());
        ++vectors;
      }
    });
    CHECK(vectors == 11);
    CHECK(std::isnan(e.residual));
    CHECK(flows(economy, e).share.array().isNaN().all());
    CHECK_THROWS_WITH(solve(economy), contains("melitz::solve: disconnected"));
  }
}

TEST_CASE("without scales of productivity all countries have the least of 1", "[world]") {
  auto economy = world();
  economy.productivity_scale.setOnes();
  auto const given = try_solve_with_flows(economy);
  economy.productivity_scale = {};
  auto const none = try_solve_with_flows(economy);
  REQUIRE(none);
  CHECK(none.welfare == given.welfare);
  CHECK(none.cutoff == given.cutoff);
  CHECK(none.autarky_welfare == given.autarky_welfare);
}

TEST_CASE("solves that fail say why", "[world]") {
  auto tiny = world();  // masses of firms are below the least normal number
  tiny.labor *= 1e-160;
  tiny.entry_cost *= 1e150;
  tiny.fixed_cost *= 1e150;
  CHECK(try_solve(tiny).reason == status::out_of_range);
  CHECK(try_solve(tiny).price_index.array().isNaN().all());
  auto economy = world();
  auto const hurried = try_solve(economy, {.max_evaluations = 3});
  CHECK(hurried.reason == status::iteration_limit);
  CHECK(hurried.wage.array().isNaN().all());
  CHECK_THROWS_WITH(solve(economy, {.max_evaluations = 3}), contains("iteration_limit"));
  // More is lent than there is: no wages at which country 2 has anything left.
  economy.deficit = Eigen::Vector4d{500, 0, -500, 0};
  auto const e = try_solve(economy);
  CHECK(e.reason != status::converged);
  CHECK(e.wage.array().isNaN().all());
}

TEST_CASE("what is out of range is named", "[world]") {
  auto const says = [](auto const& change, char const* text) {
    auto economy = world();
    change(economy);
    CHECK_THROWS_WITH(try_solve(economy), contains(text));
  };
  says([](auto& e) { e.elasticity = 1; }, "acr_economy: elasticity is 1; it must exceed 1");
  says([](auto& e) { e.shape = 3; }, "acr_economy: shape is 3; it must exceed the size exponent 3");
  says([](auto& e) { e.shape = infinity; }, "shape is inf; it must be positive and finite");
  says([](auto& e) { e.labor = {}; }, "number of countries is 0");
  says([](auto& e) { e.labor[2] = -1; }, "labor(2) is -1; it must be positive and finite");
  says([](auto& e) { e.productivity_scale[1] = 0; }, "productivity_scale(1) is 0");
  says([](auto& e) { e.entry_cost = Eigen::Vector3d::Ones(); },
       "size of entry_cost is 3; it must be the number of countries, 4");
  says([](auto& e) { e.mass_entrants = Eigen::Vector4d::Ones(); },
       "size of mass_entrants is 4; it must be 0 under free entry");
  says([](auto& e) { e.entry = entry_rule::fixed; },
       "size of mass_entrants is 0; it must be the number of countries, 4");
  says(
      [](auto& e) {
        e.entry = entry_rule::fixed;
        e.mass_entrants = Eigen::Vector4d::Ones();
      },
      "size of entry_cost is 4; it must be 0 under fixed entry");
  says([](auto& e) { e.death_rate = 0; }, "death_rate is 0; it must lie in (0, 1]");
  says([](auto& e) { e.iceberg_cost(2, 0) = 0.8; }, "iceberg_cost(2, 0) is 0.8; it must be at least 1");
  says([](auto& e) { e.iceberg_cost(2, 2) = 1.1; }, "iceberg_cost(2, 2) is 1.1; it must be 1 at home");
  says([](auto& e) { e.iceberg_cost = Eigen::Matrix3d::Ones(); }, "shape of iceberg_cost is 3 x 3");
  says([](auto& e) { e.fixed_cost(0, 3) = 0; }, "fixed_cost(0, 3) is 0; it must be positive");
  says([](auto& e) { e.fixed_cost(3, 3) = infinity; }, "fixed_cost(3, 3) is inf; it must be finite at home");
  says([](auto& e) { e.source_labor_share = 1.5; }, "source_labor_share is 1.5; it must lie in [0, 1]");
  says([](auto& e) { e.deficit = Eigen::Vector4d{1, 0, 0, 0}; }, "sum of deficit is 1; it must be 0");
  says([](auto& e) { e.deficit = Eigen::Vector4d{infinity, 0, 0, 0}; }, "deficit(0) is inf; it must be finite");
  // Cheap to serve: every entrant would, and trade would not be gravity.
  says([](auto& e) { e.fixed_cost(1, 2) = 0.01; }, "cutoff(1, 2) over productivity_scale(1) is 0.54");
  says([](auto& e) { e.fixed_cost(1, 2) = 0.01; }, "solve a world_economy");
  CHECK_THROWS_WITH(flows(world(), acr_equilibrium<>{}), contains("number of countries in equilibrium is 0"));

  CHECK_THROWS_WITH(formula_gains_from_trade(1.2, 4.0), contains("domestic_share is 1.2; it must lie in (0, 1]"));
  CHECK_THROWS_WITH(formula_gains_from_trade(0.5, 0.0), contains("shape is 0; it must be positive"));
  CHECK_THROWS_WITH(welfare_change(melitz::country_change<>{.labor = 0}, 4.0, 4.25), contains("labor is 0"));
  CHECK_THROWS_WITH(welfare_change(melitz::country_change<>{}, 1.0, 4.25), contains("elasticity is 1"));
  CHECK_THROWS_WITH(welfare_change(melitz::country_change<>{}, 4.0, 3.0), contains("shape is 3; it must exceed"));
}

TEST_CASE("Anderson's acceleration finds a linear map's fixed point in as many steps as it has dimensions",
          "[world][property]") {
  test::uniform_numbers uniform(41);
  for (Eigen::Index n = 1; n <= 5; ++n) {
    for (int trial = 0; trial < 20; ++trial) {
      Eigen::VectorXd fixed(n), x(n);
      Eigen::MatrixXd map(n, n);
      for (Eigen::Index i = 0; i < n; ++i) {
        fixed[i] = uniform(-2, 2);
        x[i] = uniform(-2, 2);
        // Plain steps diverge under every second map: they multiply what is left by 1 - 3 i or so.
        for (Eigen::Index j = 0; j < n; ++j)
          map(i, j) = uniform(-0.1, 0.1) + (i == j ? (trial % 2 == 0 ? 3.0 : 0.3) * static_cast<double>(i + 1) : 0);
      }
      melitz::detail::anderson<double> acceleration(n, n, 1.0);
      auto const g = [&] { return Eigen::VectorXd(map * (fixed - x)); };
      double const before = g().norm();
      for (Eigen::Index k = 0; k <= n; ++k) x = acceleration.next(x, g(), 1e6);
      CAPTURE(n, trial, before);
      CHECK(g().norm() < 1e-9 * before);  // the normal equations leave half of the digits
      for (int k = 0; k < 3; ++k) x = acceleration.next(x, g(), 1e6);
      CHECK((x - fixed).norm() < 1e-12);
    }
  }
}

TEST_CASE("Anderson's acceleration goes no further than allowed, and remembers only what is consistent", "[world]") {
  using Eigen::Vector2d;
  // A map that runs away, faster than linearly: every step stays within its reach.
  melitz::detail::anderson<double> runaway(2, 2, 1.3);
  Eigen::VectorXd x = Vector2d{0.1, -0.2};
  for (int k = 0; k < 30; ++k) {
    Eigen::VectorXd const g = (x.array().exp() * (1 + x.array().square())).matrix();
    Eigen::VectorXd const next = runaway.next(x, g, 2);
    if (!g.allFinite()) break;
    CHECK((next - x).lpNorm<Eigen::Infinity>() <= 2 * 1.3 * g.lpNorm<Eigen::Infinity>() * (1 + 1e-15));
    x = next;
  }
  // What is no number leaves no trace after a restart: as new.
  melitz::detail::anderson<double> used(2, 2, 1.0), fresh(2, 2, 0.5);
  (void)used.next(Vector2d{0, 0}, Vector2d{1, 1}, 9);
  (void)used.next(Vector2d{1, 1}, Vector2d{std::nan(""), infinity}, 9);
  used.restart(0.5);
  for (Vector2d const& at : {Vector2d{1, 2}, Vector2d{0.5, 1}, Vector2d{0.3, -1}}) {
    Eigen::VectorXd const g = Vector2d{1 - at[0] * at[1], at[0] - 2 * at[1]};
    CHECK(used.next(at, g, 9) == fresh.next(at, g, 9));
  }
  // Where g does not change from one point to the next there is nothing to learn, and nothing is forgotten.
  melitz::detail::anderson<double> full(2, 1, 1.0);
  Vector2d const g0{1, 0.5}, g1{0.5, 0.75}, dx{1, 0}, dg = g1 - g0, last{3, 1};
  (void)full.next(Vector2d{0, 0}, g0, 99);
  (void)full.next(dx, g1, 99);
  Vector2d const expected = last + g1 - dg.dot(g1) / dg.squaredNorm() * (dx + dg);
  CHECK((full.next(last, g1, 99) - expected).norm() < 1e-14);
}

}  // namespace test::world_acr
