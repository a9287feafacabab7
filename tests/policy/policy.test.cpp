// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/solver.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/policy_worlds.hpp"
#include "support/random.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test::policy_worlds {

using melitz::entry_rule;
using melitz::policy_change;
using melitz::policy_closure;
using melitz::policy_direction;
using melitz::policy_gradient;
using melitz::policy_numeraire;
using melitz::policy_objective;
using melitz::policy_response;
using melitz::policy_revenue;
using melitz::policy_solver;
using melitz::status;
using melitz::tariff_base;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int kinds = 9;

/// A change of every instrument by up to `size` in logs.
policy_change<> random_change(uniform_numbers& random, policy_change<> change, double size) {
  auto const n = change.import_tax.countries(), sectors = change.import_tax.sectors();
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index i = 0; i < n; ++i) {
      change.production_tax(i, s) = (1 + change.production_tax(i, s)) * std::exp(random(-size, size) / 4) - 1;
      for (Eigen::Index j = 0; j < n; ++j) {
        change.fixed_cost_hat(i, j, s) = std::exp(random(-size, size));
        change.iceberg_hat(i, j, s) = std::exp(random(-size, size) / 2);
        if (i == j) continue;
        change.import_tax(i, j, s) = (1 + change.import_tax(i, j, s)) * std::exp(random(-size, size)) - 1;
        change.export_tax(i, j, s) = (1 + change.export_tax(i, j, s)) * std::exp(random(-size, size) / 4) - 1;
      }
    }
  }
  return change;
}

/// A direction for every instrument.
policy_direction<> random_direction(uniform_numbers& random, Eigen::Index n, Eigen::Index sectors) {
  policy_direction<> out;
  for (auto* a : {&out.log_import_tax, &out.log_export_tax, &out.log_iceberg, &out.log_fixed_cost}) {
    *a = trade_array<>(n, sectors);
    for (auto& x : a->values()) x = random(-1, 1);
  }
  for (Eigen::Index s = 0; s < sectors; ++s) {
    out.log_import_tax.sector(s).diagonal().setZero();
    out.log_export_tax.sector(s).diagonal().setZero();
  }
  out.log_production_tax.resize(n, sectors);
  for (auto& x : out.log_production_tax.reshaped()) x = random(-1, 1);
  return out;
}

/// `step` along a direction from a change that has all its members.
policy_change<> moved(policy_change<> change, policy_direction<> const& by, double step) {
  auto const rates = [&](auto& x, auto const& d) { x = ((1 + x.array()) * (step * d.array()).exp() - 1).matrix(); };
  rates(change.import_tax.values(), by.log_import_tax.values());
  rates(change.export_tax.values(), by.log_export_tax.values());
  rates(change.production_tax, by.log_production_tax);
  change.iceberg_hat.values().array() *= (step * by.log_iceberg.values().array()).exp();
  change.fixed_cost_hat.values().array() *= (step * by.log_fixed_cost.values().array()).exp();
  return change;
}

double along(policy_gradient<> const& g, policy_direction<> const& d) {
  return g.log_import_tax.values().dot(d.log_import_tax.values()) +
         g.log_export_tax.values().dot(d.log_export_tax.values()) + g.log_iceberg.values().dot(d.log_iceberg.values()) +
         g.log_fixed_cost.values().dot(d.log_fixed_cost.values()) +
         g.log_production_tax.cwiseProduct(d.log_production_tax).sum();
}

/// A sector of one kind beside one of perfect competition or of external economies.
policy_world<> world_of_kind(int kind, int variant, uniform_numbers& random, Eigen::Index n = 3) {
  random_world_kind const like{.inputs = variant == 1 || variant == 4, .labor_supply = variant >= 2 ? 0.6 : 0};
  std::vector<policy_sector<>> sectors{sector_of_kind(kind, random, n)};
  sectors.push_back(sector_of_kind(kind % 2, random, n));
  auto out = random_world(random, n, std::move(sectors), like);
  if (variant == 3 || variant == 4) out.revenue = policy_revenue::income_tax_cut;
  out.numeraire = static_cast<policy_numeraire>((kind + variant) % 3);
  out.numeraire_country = 1;
  out.closure = static_cast<policy_closure>((kind + 2 * variant) % 3);
  return out;
}

/// The same world without deficits or taxes.
policy_world<> balanced(policy_world<> world) {
  auto const n = world.countries(), sectors = world.sector_count();
  world.closure = policy_closure::zero;
  policy_change<> change;
  change.import_tax = change.export_tax = trade_array<>(n, sectors);
  change.production_tax = Eigen::MatrixXd::Zero(n, sectors);
  world.flows = melitz::solve(world, change).flows;
  world.import_tax = world.export_tax = {};
  world.production_tax.resize(0, 0);
  return world;
}

policy_change<> with_tariff(policy_world<> const& world, Eigen::Index importer, double tariff,
                            bool on_exports = false) {
  policy_change<> out;
  auto& tax = on_exports ? out.export_tax : out.import_tax;
  tax = trade_array<>(world.countries(), world.sector_count());
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    for (Eigen::Index i = 0; i < world.countries(); ++i) {
      if (i == importer) continue;
      (on_exports ? tax(importer, i, s) : tax(i, importer, s)) = tariff;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the example of the page", "[policy]") {
  // [world]
  // Two countries and a rest of the world, which make cars and corn; [exporter][importer], tariffs included.
  melitz::policy_world<> world{.sectors = {melitz::policy_sector<>::krugman(5), melitz::policy_sector<>::armington(4)},
                               .flows = melitz::trade_array<>(3, 2),
                               .import_tax = melitz::trade_array<>(3, 2),
                               .closure = melitz::policy_closure::zero};
  world.flows.sector(0) << 80, 10, 12, 8, 40, 6, 14, 9, 200;
  world.flows.sector(1) << 50, 4, 5, 6, 60, 9, 4, 3, 150;
  world.import_tax(0, 1, 0) = 0.1;  // of country 1 on cars from country 0
  // [/world]
  // [solver]
  melitz::policy_solver<> solver(world);
  auto change = solver.unchanged();
  change.import_tax(0, 1, 0) = 0.25;
  bool const solved = solver.solve(change) == melitz::status::converged;
  auto const e = solver.equilibrium();  // NaN unless it is solved
  double const gain = e.welfare_hat[1] - 1, sold = e.flows(0, 1, 0);
  auto const slope = solver.gradient({.log_welfare = Eigen::Vector3d{0, 1, 0}});
  double const from_more = slope.log_import_tax(0, 1, 0);  // d ln W_1 / d ln(1 + t)
  // [/solver]
  CHECK(solved);
  CHECK(gain > 0);
  CHECK(sold < 10);
  CHECK(std::isfinite(from_more));
  CHECK(melitz::solve(world, change).welfare_hat[1] == 1 + gain);
}

TEST_CASE("derivatives agree with differences, forward and backward, for all kinds of sectors", "[policy][gradient]") {
  uniform_numbers random(17);
  for (int kind = 0; kind < kinds; ++kind) {
    for (int variant = 0; variant < 5; ++variant) {
      CAPTURE(kind, variant);
      auto const world = world_of_kind(kind, variant, random);
      policy_solver<> solver(world);
      auto const at = random_change(random, solver.unchanged(), 0.04);
      auto const by = random_direction(random, 3, 2);
      REQUIRE(solver.solve(at) == status::converged);

      // Backward against forward: any function of results.
      auto const r = solver.response(by);
      policy_objective<> of;
      double expected = 0;
      auto const vary = [&](auto& member, auto const& answer) {
        member = answer;
        for (auto& x : member.reshaped()) x = random(-1, 1);
        expected += member.cwiseProduct(answer).sum();
      };
      vary(of.log_welfare, r.log_welfare);
      vary(of.log_wage, r.log_wage);
      vary(of.log_income, r.log_income);
      vary(of.log_labor, r.log_labor);
      vary(of.log_consumer_price, r.log_consumer_price);
      vary(of.revenue, r.revenue);
      vary(of.bundle, r.bundle);
      vary(of.sector_profits, r.sector_profits);
      vary(of.log_price, r.log_price);
      vary(of.log_entrants, r.log_entrants);
      vary(of.log_spending, r.log_spending);
      of.flows = r.flows;
      for (auto& x : of.flows.values()) x = random(-1, 1);
      expected += of.flows.values().dot(r.flows.values());
      double const backward = along(solver.gradient(of), by);
      CHECK_THAT(backward, WithinRel(expected, 1e-11) || WithinAbs(expected, 1e-10));

      // Forward against differences; of a higher order, since 1e-9 is asked for.
      double const h = 2e-3;
      Eigen::VectorXd welfare = Eigen::VectorXd::Zero(3), revenue = welfare;
      Eigen::VectorXd flows = Eigen::VectorXd::Zero(18);
      for (auto const& [step, weight] : {std::pair(1, 45.0), {2, -9.0}, {3, 1.0}}) {
        for (int const sign : {1, -1}) {
          REQUIRE(solver.solve(moved(at, by, sign * step * h)) == status::converged);
          auto const e = solver.equilibrium();
          double const w = sign * weight / (60 * h);
          welfare += w * e.welfare_hat.array().log().matrix();
          revenue += w * e.revenue;
          flows += w * e.flows.values();
        }
      }
      double const flow_scale = flows.cwiseAbs().maxCoeff();
      CHECK((r.log_welfare - welfare).cwiseAbs().maxCoeff() < 1e-9);
      CHECK((r.revenue - revenue).cwiseAbs().maxCoeff() < 1e-8 * (1 + flow_scale));
      CHECK((r.flows.values() - flows).cwiseAbs().maxCoeff() < 1e-8 * flow_scale);
      for (Eigen::Index j = 0; j < 3; ++j) {
        REQUIRE(solver.solve(at) == status::converged);
        CHECK_THAT(along(solver.gradient({.log_welfare = Eigen::Vector3d::Unit(j)}), by),
                   WithinRel(welfare[j], 1e-9) || WithinAbs(welfare[j], 1e-9));
      }
    }
  }
}

TEST_CASE("what holds of every world whatever its sectors", "[policy]") {
  uniform_numbers random(5);
  for (int kind = 0; kind < kinds; ++kind) {
    for (int variant = 0; variant < 5; ++variant) {
      CAPTURE(kind, variant);
      auto world = world_of_kind(kind, variant, random, 4);
      world.closure = policy_closure::nominal;
      world.numeraire = policy_numeraire::world_labor_income;
      policy_solver<> solver(world);
      // Nothing changes: nothing happens.
      REQUIRE(solver.solve(policy_change<>{}) == status::converged);
      auto const same = solver.equilibrium();
      for (auto const* hat : {&same.wage_hat, &same.income_hat, &same.labor_hat, &same.welfare_hat}) {
        CHECK((hat->array() - 1).abs().maxCoeff() < 1e-14);
      }
      CHECK((same.entrants_hat.array() - 1).abs().maxCoeff() < 1e-14);
      check_pairs(same.flows, world.flows, 1e-14, "flows");

      auto const change = random_change(random, solver.unchanged(), 0.1);
      auto const e = melitz::solve(world, change);
      // Accounts, among them the one that the numeraire replaces.
      CHECK(e.residuals.labor < 1e-12);
      CHECK(e.residual < 1e-12);
      CHECK(std::abs(e.deficit.sum()) < 1e-10);
      agree(e.income, e.labor_income + e.profits + e.revenue + e.deficit, 1e-12, "income");
      for (Eigen::Index s = 0; s < 2; ++s) {
        Eigen::VectorXd const spent = e.flows.sector(s).colwise().sum();
        agree(spent, e.spending.col(s), 1e-13, "spending");
      }

      // Undone: back where it was. The new world's labor is supplied from another point.
      if (e.exits.empty() && variant < 2) {
        auto after = world;
        after.flows = e.flows;
        after.import_tax = change.import_tax;
        after.export_tax = change.export_tax;
        after.production_tax = change.production_tax;
        after.closure = policy_closure::list;
        policy_change<> back{.import_tax = world.import_tax,
                             .export_tax = world.export_tax,
                             .production_tax = world.production_tax,
                             .iceberg_hat = change.iceberg_hat,
                             .fixed_cost_hat = change.fixed_cost_hat,
                             .deficit = solver.baseline().deficit};
        for (auto* a : {&back.iceberg_hat, &back.fixed_cost_hat}) a->values() = a->values().cwiseInverse().eval();
        auto const undone = melitz::solve(after, back);
        agree(undone.welfare_hat, e.welfare_hat.cwiseInverse(), 1e-10, "undone");
        agree(undone.wage_hat, e.wage_hat.cwiseInverse(), 1e-10, "undone wage");
        check_pairs(undone.flows, world.flows, 1e-9, "undone flows");
      }

      // Other units of money; countries and sectors in another order.
      auto other = world;
      other.flows.values() *= 1e6;
      agree(melitz::solve(other, change).welfare_hat, e.welfare_hat, 1e-11, "in another currency");

      // The numeraire does not matter where deficits grow with the world, or are not there.
      // (But revenue cuts taxes by what it is above that of before, a sum of money.)
      for (auto const closure : {policy_closure::zero, policy_closure::share_of_world_income}) {
        if (world.revenue == policy_revenue::income_tax_cut) break;
        auto real = world;
        real.closure = closure;
        auto const one = melitz::solve(real, change);
        real.numeraire = policy_numeraire::wage;
        real.numeraire_country = 2;
        auto const two = melitz::solve(real, change);
        CHECK_THAT(two.wage_hat[2], WithinRel(1.0, 1e-13));
        real.numeraire = policy_numeraire::mean_price;
        auto const three = melitz::solve(real, change);
        CHECK_THAT(three.consumer_price_hat.dot(solver.baseline().income) / solver.baseline().income.sum(),
                   WithinRel(1.0, 1e-12));
        for (auto const* b : {&two, &three}) {
          agree(b->welfare_hat, one.welfare_hat, 1e-11, "numeraire");
          agree(b->real_wage_hat, one.real_wage_hat, 1e-11, "numeraire");
          agree(b->entrants_hat, one.entrants_hat, 1e-11, "numeraire");
        }
      }

      // Warm or cold, it is the same.
      solver.solve(random_change(random, solver.unchanged(), 0.2));
      REQUIRE(solver.solve(change) == status::converged);
      agree(solver.equilibrium().welfare_hat, e.welfare_hat, 1e-11, "warm");
    }
  }
}

TEST_CASE("countries and sectors may come in any order", "[policy]") {
  uniform_numbers random(8);
  auto const world = random_world(random, 4, {sector_of_kind(8, random, 4), sector_of_kind(2, random, 4)});
  auto const change = random_change(random, policy_solver<>(world).unchanged(), 0.1);
  auto const e = melitz::solve(world, change);
  Eigen::Index const country[] = {2, 0, 3, 1};
  auto const turned = [&](trade_array<> const& a) {
    trade_array<> out(4, 2);
    for (Eigen::Index s = 0; s < 2; ++s) {
      for (Eigen::Index i = 0; i < 4; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) out(i, j, s) = a(country[i], country[j], 1 - s);
      }
    }
    return out;
  };
  auto const turned_places = [&](Eigen::MatrixXd const& a) {
    Eigen::MatrixXd out(4, 2);
    for (Eigen::Index i = 0; i < 4; ++i) out.row(i) << a(country[i], 1), a(country[i], 0);
    return out;
  };
  auto other = world;
  other.sectors = {world.sectors[1], world.sectors[0]};
  Eigen::VectorXd eta(4), nu(4);
  for (Eigen::Index i = 0; i < 4; ++i) {
    eta[i] = world.sectors[0].selection[country[i]];
    nu[i] = world.sectors[0].destination_cost_share[country[i]];
  }
  other.sectors[1].selection = eta;
  other.sectors[1].destination_cost_share = nu;
  other.flows = turned(world.flows);
  other.import_tax = turned(world.import_tax);
  other.export_tax = turned(world.export_tax);
  other.production_tax = turned_places(world.production_tax);
  policy_change<> const same{.import_tax = turned(change.import_tax),
                             .export_tax = turned(change.export_tax),
                             .production_tax = turned_places(change.production_tax),
                             .iceberg_hat = turned(change.iceberg_hat),
                             .fixed_cost_hat = turned(change.fixed_cost_hat)};
  auto const b = melitz::solve(other, same);
  for (Eigen::Index i = 0; i < 4; ++i) CHECK_THAT(b.welfare_hat[i], WithinRel(e.welfare_hat[country[i]], 1e-12));
}

TEST_CASE("a tariff on all imports is a tax on all exports", "[policy]") {
  // Lerner's symmetry, where taxes are a share of the delivered price. Not where firms pay for market entry with labor
  // of the importer: that is trade too, in services, and no tax is on it.
  uniform_numbers random(3);
  for (int kind = 0; kind < kinds; ++kind) {
    CAPTURE(kind);
    auto world = random_world(
        random, 4, {sector_of_kind(kind, random, 4), sector_of_kind((kind + 4) % kinds, random, 4)}, {.taxes = false});
    for (auto& s : world.sectors) {
      s.tariff_on = tariff_base::delivered_price;
      s.destination_cost_share = 0.0;
    }
    world.closure = policy_closure::zero;
    auto const on_imports = melitz::solve(world, with_tariff(world, 1, 0.15));
    auto const on_exports = melitz::solve(world, with_tariff(world, 1, 0.15, true));
    agree(on_exports.welfare_hat, on_imports.welfare_hat, 1e-12, "welfare");
    agree(on_exports.entrants_hat, on_imports.entrants_hat, 1e-12, "entrants");
  }
}

TEST_CASE("sectors that are limits or special cases of one another", "[policy]") {
  uniform_numbers random(21);
  auto world = random_world(random, 4, {policy_sector<>::armington(4), policy_sector<>::armington(6)});
  auto const change = random_change(random, policy_solver<>(world).unchanged(), 0.1);
  auto const under = [&](policy_sector<> const& s, tariff_base base = tariff_base::delivered_price) {
    auto w = world;
    w.sectors[0] = s;
    w.sectors[0].tariff_on = base;
    return melitz::solve(w, change).welfare_hat;
  };
  using sector = policy_sector<>;
  for (auto const base : {tariff_base::delivered_price, tariff_base::production_cost}) {
    agree(under(sector::armington(4), base), under(sector::eaton_kortum(4)), 1e-13, "no profit, one convention");
    agree(under(sector::lashkaripour_lugovskyy(4, 0.25), base), under(sector::krugman(4), base), 1e-13, "Krugman");
    agree(under(sector::lashkaripour_lugovskyy(4, 0.25 * (1 - 1e-7)), base), under(sector::krugman(4), base), 1e-6,
          "Krugman as a limit");
    auto nested = sector::melitz_pareto(4, 3.5);
    nested.scale_elasticity *= 1 - 1e-7;
    agree(under(nested, base), under(sector::melitz_pareto(4, 3.5), base), 1e-6, "Melitz as a limit");
    agree(under(sector::melitz_pareto(4, 5), base), under(sector::krugman(4), base), 1e-12,
          "all firms alike in the end");
    // Without entry the scale elasticity is there in profits only.
    auto one = sector::krugman(4, entry_rule::fixed), two = one;
    one.profit_share = two.profit_share = 0.17;
    if (base == tariff_base::delivered_price) {
      two.scale_elasticity = 1.3;
      agree(under(one, base), under(two, base), 1e-13, "idle");
    }
  }
  agree(under(sector::external_economies(4, 0.1)), under(sector::lashkaripour_lugovskyy(4, 0.1)), 1e-15, "names");
}

TEST_CASE("one sector in balance: the gain is a power of the home share", "[policy]") {
  uniform_numbers random(13);
  for (int kind = 0; kind < kinds; ++kind) {
    CAPTURE(kind);
    auto sector = sector_of_kind(kind, random, 4);
    if (sector.selection.differs()) sector.selection = 0.4;
    auto world = balanced(random_world(random, 4, {sector}, {.taxes = false}));
    policy_solver<> solver(world);
    CHECK(solver.baseline().deficit.cwiseAbs().maxCoeff() < 1e-11 * solver.baseline().income.maxCoeff());
    auto change = solver.unchanged();
    for (auto& x : change.iceberg_hat.values()) x = std::exp(random(-0.2, 0.2));
    change.iceberg_hat.sector(0).diagonal().setOnes();
    REQUIRE(solver.solve(change) == status::converged);
    auto const e = solver.equilibrium();
    for (Eigen::Index j = 0; j < 4; ++j) {
      double const before = world.flows(j, j, 0) / world.flows.sector(0).col(j).sum();
      CHECK_THAT(e.welfare_hat[j], WithinRel(std::pow(e.share(j, j, 0) / before, -1 / sector.trade_elasticity), 1e-12));
      CHECK_THAT(e.entrants_hat(j, 0), WithinRel(1.0, 1e-12));
    }
  }
}

TEST_CASE("dearer transport everywhere costs as much", "[policy]") {
  uniform_numbers random(14);
  auto world = random_world(random, 5, {sector_of_kind(0, random, 5), sector_of_kind(0, random, 5)});
  world.closure = policy_closure::zero;
  policy_solver<> solver(world);
  auto change = solver.unchanged();
  REQUIRE(solver.solve(change) == status::converged);
  auto const before = solver.equilibrium();
  change.iceberg_hat.values().setConstant(1.25);
  REQUIRE(solver.solve(change) == status::converged);
  agree(solver.equilibrium().welfare_hat, before.welfare_hat / 1.25, 1e-13, "welfare");
  // And at the margin.
  auto const g = solver.gradient({.log_welfare = Eigen::VectorXd::Unit(5, 3)});
  CHECK_THAT(g.log_iceberg.values().sum(), WithinRel(-1.0, 1e-12));
}

TEST_CASE("a country a billionth of the others' size", "[policy]") {
  uniform_numbers random(15);
  auto world = random_world(random, 4, {sector_of_kind(2, random, 4), sector_of_kind(6, random, 4)}, {.taxes = false});
  for (Eigen::Index s = 0; s < 2; ++s) {
    world.flows.sector(s).row(3) *= 1e-9;
    world.flows.sector(s).col(3) *= 1e-9;
    world.flows(3, 3, s) *= 1e9;
  }
  world.closure = policy_closure::zero;
  auto const e = melitz::solve(world, with_tariff(world, 3, 0.1));
  CHECK(e.residual < 1e-12);
  // To the others nothing has happened but that deficits are gone.
  auto const others = melitz::solve(world, policy_change<>{});
  agree(e.welfare_hat.head(3), others.welfare_hat.head(3), 1e-8, "others");
  CHECK(std::abs(e.welfare_hat[3] / others.welfare_hat[3] - 1) > 1e-4);
}

TEST_CASE("closures and numeraires do what they are called", "[policy]") {
  uniform_numbers random(16);
  auto world = random_world(random, 4, {sector_of_kind(2, random, 4), sector_of_kind(0, random, 4)});
  auto const base = melitz::baseline_of(world);
  CHECK(std::abs(base.deficit.sum()) < 1e-12 * base.income.sum());
  auto const change = with_tariff(world, 0, 0.3);
  world.closure = policy_closure::share_of_world_income;
  world.numeraire = policy_numeraire::wage;
  auto const share = melitz::solve(world, change);
  agree(share.deficit / share.labor_income.sum(), base.deficit / base.labor_income.sum(), 1e-12, "shares");
  world.closure = policy_closure::nominal;
  agree(melitz::solve(world, change).deficit, base.deficit, 0, "nominal");
  world.closure = policy_closure::zero_with_one_partner;
  world.closure_country = 1;
  world.closure_partner = 3;
  auto const partner = melitz::solve(world, change).deficit;
  double net = 0;
  for (Eigen::Index s = 0; s < 2; ++s) {
    net +=
        world.flows(3, 1, s) / (1 + world.import_tax(3, 1, s)) - world.flows(1, 3, s) / (1 + world.import_tax(1, 3, s));
  }
  CHECK_THAT(partner[1], WithinAbs(base.deficit[1] - net, 1e-12));
  CHECK_THAT(partner[3], WithinAbs(base.deficit[3] + net, 1e-12));
  CHECK(partner[0] == base.deficit[0]);
  world.closure = policy_closure::list;
  auto listed = change;
  listed.deficit = Eigen::Vector4d{1, -2, 0.5, 0.5};
  agree(melitz::solve(world, listed).deficit, listed.deficit, 0, "list");
}

TEST_CASE("all ways to solve the linear systems agree", "[policy][gradient]") {
  uniform_numbers random(31);
  for (int kind = 0; kind < kinds; ++kind) {
    for (int variant = 0; variant < 5; ++variant) {
      CAPTURE(kind, variant);
      auto const world = world_of_kind(kind, variant, random, 5);
      melitz::detail::policy_system<double> system(world);
      melitz::detail::policy_conditions<double> at(system);
      policy_change<> const change = random_change(random, system.before(), 0.1);
      system.bind(change);
      Eigen::VectorXd z(at.layout.size), right(at.layout.size);
      for (auto& x : z) x = random(-0.05, 0.05);
      for (auto& x : right) x = random(-1, 1);
      REQUIRE(at.evaluate(system, z));
      Eigen::VectorXd whole[2];
      for (auto const how : {melitz::detail::policy_linear::whole, melitz::detail::policy_linear::elimination,
                             melitz::detail::policy_linear::krylov}) {
        if (how == melitz::detail::policy_linear::elimination && world.has_inputs()) continue;
        melitz::detail::policy_factors<double> factors(system);
        factors.force(how);
        factors.factor(system, at);
        Eigen::VectorXd x, y;
        factors.solve(system, at, right, x, 1e-14);
        factors.solve_transposed(system, at, right, y);
        if (how == melitz::detail::policy_linear::whole) {
          whole[0] = x;
          whole[1] = y;
        }
        CHECK((x - whole[0]).norm() < 1e-9 * whole[0].norm());
        CHECK((y - whole[1]).norm() < 1e-9 * whole[1].norm());
        // And they solve what they should.
        Eigen::VectorXd image;
        factors.slopes().forward(system, at, x, nullptr, image);
        CHECK((image - right).norm() < 1e-9 * right.norm());
        factors.pull().backward(system, at, y, nullptr, image);
        CHECK((image - right).norm() < 1e-9 * right.norm());
      }
    }
  }
}

TEST_CASE("sectors lose all their firms where entry pays nowhere near its cost, and are named", "[policy]") {
  uniform_numbers random(41);
  // Two alike but for a little, in a sector whose scale effects are as strong as trade's answer to costs.
  auto world = random_world(random, 3, {policy_sector<>::krugman(5), policy_sector<>::armington(4)}, {.taxes = false});
  world.closure = policy_closure::zero;
  policy_solver<> solver(world);
  auto change = solver.unchanged();
  change.production_tax(0, 0) = 0.6;
  REQUIRE(solver.solve(change) == status::converged);
  auto const e = solver.equilibrium();
  REQUIRE(e.exits.size() == 1);
  CHECK(e.exits[0].country == 0);
  CHECK(e.exits[0].sector == 0);
  CHECK(e.exits[0].entrant_value < 1);
  CHECK(e.entrants_hat(0, 0) == 0);
  CHECK(e.flows.sector(0).row(0).isZero(0));
  CHECK(e.residual < 1e-12);
  // A little below that strength firms stay, few as they may be.
  auto milder = world;
  milder.sectors[0].scale_elasticity *= 0.97;
  auto const f = melitz::solve(milder, change);
  CHECK(f.exits.empty());
  CHECK(f.entrants_hat(0, 0) > 0);
  CHECK(f.entrants_hat(0, 0) < 1e-3);
  // The way back.
  REQUIRE(solver.solve(policy_change<>{}) == status::converged);
  CHECK(solver.equilibrium().exits.empty());
  auto const again = melitz::solve(world, policy_change<>{});
  agree(solver.equilibrium().welfare_hat, again.welfare_hat, 1e-11, "back");
}

TEST_CASE("what cannot be is refused by name, and what fails says so", "[policy]") {
  uniform_numbers random(51);
  auto const good = random_world(random, 3, {policy_sector<>::krugman(5), policy_sector<>::armington(4)});
  auto const refuses = [&](auto const& spoil, std::string const& message) {
    auto world = good;
    spoil(world);
    CAPTURE(message);
    CHECK_THROWS_WITH(policy_solver<>(world), contains(message));
    CHECK_THROWS_AS(policy_solver<>(world), melitz::domain_error);
  };
  refuses([](auto& w) { w.sectors.clear(); }, "number of sectors is 0");
  refuses([](auto& w) { w.flows = {}; }, "number of countries");
  refuses([](auto& w) { w.sectors.pop_back(); }, "number of sectors of flows is 2; it must be that of sectors, 1");
  refuses([](auto& w) { w.sectors[1] = {}; }, "trade_elasticity of sector 1 is nan");
  refuses([](auto& w) { w.sectors[1].trade_elasticity = infinity; }, "trade_elasticity of sector 1 is inf");
  refuses([](auto& w) { w.sectors[0].scale_elasticity = -0.1; }, "scale_elasticity of sector 0 is -0.1");
  refuses([](auto& w) { w.sectors[0].scale_elasticity = 0.3; }, "trade_elasticity times scale_elasticity of sector 0");
  refuses([](auto& w) { w.sectors[0].selection = Eigen::VectorXd::Ones(2).eval(); },
          "size of selection of sector 0 is 2");
  refuses(
      [](auto& w) {
        w.sectors[0].selection = Eigen::VectorXd(Eigen::Vector3d{1, 1, -1});
      },
      "selection(2) of sector 0");
  refuses([](auto& w) { w.sectors[0].destination_cost_share = 1.5; }, "destination_cost_share of sector 0 is 1.5");
  refuses([](auto& w) { w.sectors[0].profit_share = 0.2; }, "profit_share of sector 0");
  refuses([](auto& w) { w.sectors[1].scale_base = melitz::policy_scale_base::labor; }, "scale_base of sector 1");
  refuses([](auto& w) { w.flows(0, 1, 1) = -2; }, "flows of country 0 in country 1, sector 1 is -2");
  refuses([](auto& w) { w.flows(0, 1, 1) = nan; }, "flows of country 0 in country 1, sector 1 is nan");
  refuses([](auto& w) { w.import_tax(2, 1, 0) = -1; }, "import_tax of country 2 in country 1, sector 0 is -1");
  refuses([](auto& w) { w.import_tax(1, 1, 0) = 0.1; }, "be 0 at home");
  refuses([](auto& w) { w.export_tax = trade_array<>(2, 2); }, "size of export_tax");
  refuses([](auto& w) { w.production_tax(1, 1) = nan; }, "production_tax of country 1, sector 1");
  refuses([](auto& w) { w.production_tax.resize(1, 1); }, "shape of production_tax");
  refuses([](auto& w) { w.labor_share = Eigen::MatrixXd::Constant(3, 2, 0.5); },
          "labor_share plus input_share of country 0");
  refuses([](auto& w) { w.input_share.resize(2); }, "size of input_share");
  refuses([](auto& w) { w.labor_supply_elasticity = -1; }, "labor_supply_elasticity");
  refuses([](auto& w) { w.country_names = {"A"}; }, "size of country_names");
  refuses(
      [](auto& w) {
        w.closure = policy_closure::zero_with_one_partner;
        w.closure_country = w.closure_partner = 1;
      },
      "closure_partner");
  refuses(
      [](auto& w) {
        w.numeraire = policy_numeraire::wage;
        w.numeraire_country = 3;
      },
      "numeraire_country is 3");
  refuses(
      [](auto& w) {
        w.flows.sector(0).row(1).setZero();
        w.flows.sector(1).row(1).setZero();
      },
      "labor income of country 1");
  // Names where there are any; and inputs that take more than there is.
  refuses(
      [](auto& w) {
        w.country_names = {"A", "B", "C"};
        w.sector_names = {"cars", "corn"};
        w.labor_share = Eigen::MatrixXd::Constant(3, 2, 0.1);
        w.input_share.assign(3, Eigen::MatrixXd{{0.9, 0.9}, {0, 0}});
      },
      "final demand of A, cars is");

  policy_solver<> solver(good);
  auto const rejects = [&](auto const& spoil, std::string const& message) {
    auto change = solver.unchanged();
    spoil(change);
    CAPTURE(message);
    CHECK_THROWS_WITH(solver.solve(change), contains(message));
  };
  rejects([](auto& c) { c.import_tax(0, 1, 0) = -1.5; }, "import_tax of country 0 in country 1, sector 0 is -1.5");
  rejects([](auto& c) { c.export_tax(0, 0, 0) = 0.5; }, "be 0 at home");
  rejects([](auto& c) { c.iceberg_hat(0, 1, 0) = 0; }, "iceberg_hat");
  rejects([](auto& c) { c.iceberg_hat(0, 0, 0) = infinity; }, "be finite at home");
  rejects([](auto& c) { c.fixed_cost_hat = trade_array<>(3, 1, 1); }, "size of fixed_cost_hat");
  rejects([](auto& c) { c.deficit = Eigen::Vector3d{1, 0, -1}; }, "size of deficit");
  auto listed = good;
  listed.closure = policy_closure::list;
  policy_solver<> with_list(listed);
  auto change = with_list.unchanged();
  change.deficit[0] += 10;
  CHECK_THROWS_WITH(with_list.solve(change), contains("sum of deficit"));
  change.deficit.resize(2);
  CHECK_THROWS_WITH(with_list.solve(change), contains("size of deficit"));

  // Trade that ends between some is an answer; with everybody it is none.
  change = solver.unchanged();
  change.iceberg_hat(0, 1, 0) = infinity;
  REQUIRE(solver.solve(change) == status::converged);
  CHECK(solver.flows()(0, 1, 0) == 0);
  for (Eigen::Index s = 0; s < 2; ++s) {
    change.iceberg_hat(0, 1, s) = change.iceberg_hat(0, 2, s) = infinity;
  }
  CHECK(solver.solve(change) == status::disconnected);
  auto const nothing = solver.equilibrium();
  CHECK_FALSE(nothing);
  CHECK(nothing.welfare_hat.array().isNaN().all());
  CHECK(nothing.flows.values().array().isNaN().all());
  CHECK_THROWS_AS(melitz::solve(good, change), melitz::convergence_error);
  CHECK(solver.log_welfare().array().isNaN().all());
  auto const no_slope = solver.gradient({.log_welfare = Eigen::Vector3d{1, 0, 0}});
  CHECK(no_slope.log_import_tax.values().array().isNaN().all());
  CHECK(no_slope.log_production_tax.array().isNaN().all());
  CHECK(solver.response({}).log_welfare.array().isNaN().all());
  CHECK_THROWS_WITH(solver.gradient({.log_welfare = Eigen::Vector2d{1, 0}}),
                    contains("size of log_welfare is 2; it must be that of the world, 3, or none"));
  CHECK_THROWS_WITH(solver.gradient({.bundle = Eigen::MatrixXd::Ones(2, 3)}), contains("size of bundle is 2 x 3"));
  CHECK_THROWS_WITH(solver.gradient({.flows = trade_array<>(3, 1)}), contains("size of flows is 3 countries and 1"));
  CHECK_THROWS_WITH(solver.response({.log_iceberg = trade_array<>(2, 2)}), contains("size of log_iceberg"));
  // What failed does not spoil what comes.
  REQUIRE(solver.solve(policy_change<>{}) == status::converged);
  CHECK((solver.equilibrium().welfare_hat.array() - 1).abs().maxCoeff() < 1e-12);
  CHECK(melitz::try_solve(good, random_change(random, solver.unchanged(), 0.3), {.max_evaluations = 2}).reason ==
        status::iteration_limit);
}

namespace {

struct tally {
  int solved = 0, corners = 0, at_limit = 0, other = 0, evaluations = 0;
  double worst = 0;
};

/// Worlds of N in 2..30 countries, S in 1..10 sectors of all kinds, taxes that go anywhere between -30 and 200 %.
tally solve_random_worlds(int count, std::uint64_t seed, bool print) {
  uniform_numbers random(seed);
  tally out;
  for (int w = 0; w < count; ++w) {
    auto const n = static_cast<Eigen::Index>(random(2, 31)), sectors = static_cast<Eigen::Index>(random(1, 11));
    std::vector<policy_sector<>> mixed;
    for (Eigen::Index s = 0; s < sectors; ++s) {
      mixed.push_back(sector_of_kind(static_cast<int>(random(0, kinds)), random, n));
    }
    random_world_kind const like{.inputs = random(0, 1) < 0.3, .labor_supply = random(0, 1) < 0.3 ? random(0.1, 1) : 0};
    auto world = random_world(random, n, std::move(mixed), like);
    world.closure = static_cast<policy_closure>(static_cast<int>(random(0, 3)));
    world.numeraire = static_cast<policy_numeraire>(static_cast<int>(random(0, 3)));
    policy_change<> change;
    try {
      policy_solver<> solver(world);
      change = solver.unchanged();
      double const spread = random(0, 1) < 0.5 ? 1 : random(0, 1);
      for (Eigen::Index s = 0; s < sectors; ++s) {
        for (Eigen::Index j = 0; j < n; ++j) {
          for (Eigen::Index i = 0; i < n; ++i) {
            if (i != j) change.import_tax(i, j, s) = spread * random(-0.3, 2);
          }
        }
      }
      auto const reason = solver.solve(change);
      out.evaluations += solver.evaluations();
      if (reason == status::converged) {
        auto const e = solver.equilibrium();
        ++out.solved;
        if (!e.exits.empty()) ++out.corners;
        out.worst = std::max(out.worst, e.residual);
        for (auto const& x : e.exits) {
          if (!(x.entrant_value <= 1 + 1e-9)) out.worst = infinity;
        }
      } else {
        (reason == status::iteration_limit ? out.at_limit : out.other) += 1;
        if (print) {
          std::printf("world %d: N %d S %d inputs %d labor %g: %s\n", w, int(n), int(sectors), like.inputs,
                      like.labor_supply, std::string(to_string(reason)).c_str());
        }
      }
    } catch (melitz::domain_error const& refused) {  // inputs above what is sold
      if (print) std::printf("world %d: %s\n", w, refused.what());
      --w;
    }
  }
  if (print) {
    std::printf(
        "%d worlds: %d solved, %d of them with sectors that lost all firms; %d at the limit, %d otherwise not; %.1f "
        "evaluations each, worst residual %.1e\n",
        count, out.solved, out.corners, out.at_limit, out.other, double(out.evaluations) / count, out.worst);
  }
  return out;
}

}  // namespace

TEST_CASE("random worlds under high taxes", "[policy]") {
  auto const t = solve_random_worlds(60, 1, false);
  CHECK(t.solved >= 59);
  CHECK(t.corners > 0);
  CHECK(t.at_limit == 0);
  CHECK(t.worst < 1e-12);
}

TEST_CASE("a thousand random worlds under high taxes", "[.thousand-policy]") {
  auto const t = solve_random_worlds(1000, 2, true);
  CHECK(t.at_limit == 0);
  CHECK(t.solved >= 990);
}

}  // namespace test::policy_worlds
