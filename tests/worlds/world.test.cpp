// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/acr_formula.hpp>
#include <melitz/models/autarky.hpp>
#include <melitz/worlds/acr/acr.hpp>
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/melitz/outside_good.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::world_world {

using melitz::outside_good;
using melitz::solve;
using melitz::status;
using melitz::tariff_base;
using melitz::world_economy;
using test::check_within;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

using laws = melitz::by_country<melitz::any_law<double>>;
double const infinity = std::numeric_limits<double>::infinity();

world_economy<> three() {
  return {.elasticity = 4,
          .labor = Eigen::Vector3d{100, 50, 200},
          .entry_cost = Eigen::Vector3d{2, 2, 2.5},
          .iceberg_cost = Eigen::Matrix3d{{1, 1.5, 1.8}, {1.6, 1, 1.7}, {1.7, 1.9, 1}},
          .fixed_cost = Eigen::Matrix3d{{1, 1.4, 1.6}, {1.5, 1.1, 1.7}, {1.3, 1.8, 1.2}}};
}
laws mixed() { return {{melitz::lognormal<>{0, 0.7}, melitz::pareto<>{1, 4.25}, melitz::lognormal<>{0.1, 0.5}}}; }
Eigen::MatrixXd tariffs() { return Eigen::Matrix3d{{0, 0.3, 0.1}, {0.05, 0, 0.2}, {0.1, 0.1, 0}}; }

/// n countries that differ in size by a log-sd of 2, as far apart and as choosy as it comes.
world_economy<> random_world(test::uniform_numbers& random, Eigen::Index n) {
  auto const between = [&](double low, double high) { return low * std::pow(high / low, random(0, 1)); };
  double const distance = between(0.01, 3), fixed = between(0.05, 10);
  world_economy<> out{.elasticity = 4,
                      .labor = Eigen::VectorXd(n),
                      .entry_cost = Eigen::VectorXd(n),
                      .iceberg_cost = Eigen::MatrixXd::Ones(n, n),
                      .fixed_cost = Eigen::MatrixXd::Ones(n, n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    double const normal = std::sqrt(-2 * std::log(random(1e-12, 1))) * std::cos(2 * std::acos(-1.0) * random(0, 1));
    out.labor[i] = 100 * std::exp(2 * normal);
    out.entry_cost[i] = random(1, 3);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i == j) continue;
      out.iceberg_cost(i, j) = 1 + distance * random(0.5, 1.5);
      out.fixed_cost(i, j) = fixed * random(0.5, 1.5);
    }
  }
  return out;
}
melitz::any_law<double> random_law(test::uniform_numbers& random) {
  if (random(0, 1) < 0.5) return melitz::lognormal<>{0, random(0.1, 1.5)};
  return melitz::pareto<>{1, random(3.05, 20)};
}

/// A world as a model file has it.
struct hostile_world {
  world_economy<> economy;
  laws draws;
};
hostile_world world_of(test::json const& file) {
  auto const& given = file.at("distribution");
  return {test::economy_from<world_economy<>>(file.at("parameters")),
          given.is_array() ? laws{test::laws_of(given)} : laws{{test::law(given)}}};
}

/// Two to twelve countries that differ by up to ten orders of magnitude in size, any laws, costs and tariffs; some
/// pairs do not trade.
hostile_world draw_hostile(test::uniform_numbers& random) {
  auto const between = [&](double low, double high) { return low * std::pow(high / low, random(0, 1)); };
  auto const chance = [&](double p) { return random(0, 1) < p; };
  auto const n = static_cast<Eigen::Index>(random(2, 13));
  hostile_world out;
  auto& e = out.economy;
  double const r = between(0.5, 20), orders = random(0, 5), spread = between(1.05, 100), choosy = between(1.01, 100);
  e.elasticity = 1 + r;
  e.death_rate = chance(0.3) ? 1 : between(0.01, 1);
  e.labor.resize(n);
  e.entry_cost.resize(n);
  e.iceberg_cost.setOnes(n, n);
  e.fixed_cost.setOnes(n, n);
  bool const tariffs = chance(0.4), deficits = chance(0.3), gaps = chance(0.15);
  if (tariffs) e.tariff.setZero(n, n);
  if (tariffs && chance(0.5)) e.tariff_on = tariff_base::production_cost;
  double const highest = between(0.01, 5), part = between(1e-3, 0.3) / static_cast<double>(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    e.labor[i] = 100 * std::pow(10, random(-orders, orders));
    e.entry_cost[i] = between(1 / choosy, choosy);
    for (Eigen::Index j = 0; j < n; ++j) {
      e.fixed_cost(i, j) = between(1 / choosy, choosy);
      if (i == j) continue;
      e.iceberg_cost(i, j) = between(1.0001, spread);
      if (tariffs && chance(0.8)) e.tariff(i, j) = chance(0.3) ? random(-0.7, 0) : between(1e-3, highest);
      if (gaps && chance(0.3)) (chance(0.5) ? e.iceberg_cost : e.fixed_cost)(i, j) = infinity;
    }
  }
  double const kind = random(0, 1);
  e.source_labor_share = kind < 0.4 ? 1 : kind < 0.6 ? 0 : random(0, 1);
  if (deficits) {
    e.deficit.setZero(n);
    for (Eigen::Index i = 1; i < n; ++i) e.deficit[i] = part * std::min(e.labor[0], e.labor[i]) * random(-1, 1);
    e.deficit[0] = -e.deficit.tail(n - 1).sum();
  }
  auto const draw = [&]() -> melitz::any_law<double> {
    double const scale = between(0.2, 5);
    switch (static_cast<int>(random(0, 9))) {
      case 0:
        return melitz::pareto<>{scale, r * random(1.02, 3)};
      case 1:
        return melitz::bounded_pareto<>{scale, scale * between(1.01, 20), between(0.1, 4) * r};
      case 2:
        return melitz::frechet<>{scale, r * random(1.02, 3)};
      case 3:
        return melitz::weibull<>{scale, between(0.3, 6)};
      case 4:
        return melitz::exponential<>{1 / scale};
      case 5:
        return melitz::uniform<>{scale, scale * between(1.01, 10)};
      default:
        return melitz::lognormal<>{std::log(scale), between(0.05, 3)};
    }
  };
  out.draws.laws.push_back(draw());
  bool const own = chance(0.6);
  while (own && out.draws.laws.size() < static_cast<std::size_t>(n)) out.draws.laws.push_back(draw());
  return out;
}

/// By how much of its larger side the worst account of a world is open, all of it from the results anew.
double worst_account(world_economy<> const& w, melitz::world_equilibrium<> const& e) {
  auto const n = w.countries();
  double const a = w.source_labor_share, r = w.size_exponent();
  double worst = 0;
  auto const open = [&](double one, double other) {
    double const share = one == other ? 0 : std::abs(one - other) / std::max(std::abs(one), std::abs(other));
    if (!(share <= worst)) worst = share;
  };
  Eigen::VectorXd out = Eigen::VectorXd::Zero(n), in = out, earned = out, spent = out, labor = out, costs = out,
                  operating = out, revenue = out;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      double const t = w.tariff.size() == 0 ? 0 : w.tariff(i, j);
      bool const on_price = w.tariff_on == tariff_base::delivered_price;
      double const profit = e.sales(i, j) / w.elasticity / (on_price ? 1 + t : 1);
      double const income = profit * (on_price ? w.elasticity : 1 + r / (1 + t));
      double const fixed = e.mass_sellers(i, j) == 0 ? 0
                                                     : e.mass_sellers(i, j) * w.fixed_cost(i, j) *
                                                           std::pow(e.wage[i], a) * std::pow(e.wage[j], 1 - a);
      operating[i] += profit;
      costs[i] += fixed;
      revenue[j] += e.sales(i, j) - income;
      spent[j] += e.sales(i, j);
      labor[i] += income - profit + a * fixed;
      labor[j] += (1 - a) * fixed;
      if (i == j) continue;
      out[i] += income;  // receives
      in[j] += income;   // owes
      out[j] += (1 - a) * fixed;
      in[i] += (1 - a) * fixed;
    }
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    double const deficit = w.deficit.size() == 0 ? 0 : w.deficit[i], income = e.wage[i] * w.labor[i];
    double const entry = e.mass_entrants[i] * e.wage[i] * w.required_profit(i);
    open(operating[i], costs[i] + entry);
    open(labor[i] + entry, income);
    open(spent[i], e.expenditure[i]);
    open(e.expenditure[i] + std::max(-deficit, 0.0), income + e.tariff_revenue[i] + std::max(deficit, 0.0));
    open(out[i] + std::max(deficit, 0.0), in[i] + std::max(-deficit, 0.0));
  }
  return worst;
}

}  // namespace

TEST_CASE("countries alike are the open economy to rounding", "[world][property]") {
  auto world = three();
  world.labor.setConstant(80);
  world.entry_cost.setConstant(20);
  world.death_rate = 0.1;
  world.iceberg_cost.setConstant(1.6);
  world.iceberg_cost.diagonal().setOnes();
  world.fixed_cost.setConstant(1.3);
  world.fixed_cost.diagonal().setOnes();
  for (auto const& [name, law] : test::laws()) {
    if (test::has_atoms(name)) continue;
    CAPTURE(name);
    auto const e = try_solve(world, law);
    auto const open = solve(melitz::open_economy<>{{4, 1, 20, 0.1, 80}, 2, 1.6, 1.3}, law);
    if (open.share_exporting == 0) {  // nothing relates the wages
      CHECK(e.reason == status::disconnected);
      continue;
    }
    REQUIRE(e.reason == status::converged);
    for (Eigen::Index i = 0; i < 3; ++i) {
      CHECK_THAT(e.wage[i], WithinRel(1.0, 1e-13));
      CHECK_THAT(e.cutoff(i, i), WithinRel(open.cutoff, 1e-13));
      CHECK_THAT(e.cutoff(i, (i + 1) % 3), WithinRel(open.export_cutoff, 1e-13));
      CHECK_THAT(e.mass_entrants[i], WithinRel(open.mass_entrants, 1e-12));
      CHECK_THAT(e.mass_sellers(i, i), WithinRel(open.mass_producers, 1e-12));
      CHECK_THAT(e.price_index[i], WithinRel(open.price_index, 1e-12));
      CHECK_THAT(e.welfare[i], WithinRel(open.welfare, 1e-12));
      CHECK_THAT(e.share(i, i), WithinRel(open.domestic_share, 1e-12));
      CHECK_THAT(e.revenue[i], WithinRel(open.revenue, 1e-12));
      CHECK_THAT(e.exports[i], WithinRel(open.exports, 1e-11));
      CHECK_THAT(e.mass_producers()[i], WithinRel(open.mass_producers, 1e-12));
      CHECK_THAT(e.mass_exporters()[i], WithinRel(open.mass_exporters, 1e-11));
      CHECK_THAT(e.share_exporting()[i], WithinRel(open.share_exporting, 1e-11));
      CHECK_THAT(e.mass_varieties()[i], WithinRel(open.mass_varieties, 1e-12));
      CHECK_THAT(e.labor_entry[i], WithinRel(open.labor_entry, 1e-12));
      CHECK_THAT(e.labor_fixed[i], WithinRel(open.labor_fixed, 1e-12));
      CHECK_THAT(e.labor_export_fixed[i], WithinRel(open.labor_export_fixed, 1e-11));
      CHECK_THAT(e.labor_variable[i], WithinRel(open.labor_variable, 1e-12));
    }
    // With an outside good, of which income has the rest.
    outside_good<> const good{Eigen::Vector3d::Ones(), Eigen::Vector3d::Constant(0.3)};
    double const gains = std::pow(gains_from_trade(melitz::open_economy<>{{4, 1, 20, 0.1, 80}, 2, 1.6, 1.3}, law), 0.3);
    auto const of_world = gains_from_trade(melitz::world_with_outside_good_economy<>{world, good}, law);
    for (Eigen::Index i = 0; i < 3; ++i) CHECK_THAT(of_world[i], WithinRel(gains, 1e-12));
  }
}

TEST_CASE("under Pareto laws levels are those of the ACR class", "[world][property]") {
  for (double const a : {0.0, 0.4, 1.0}) {
    CAPTURE(a);
    auto world = three();
    world.source_labor_share = a;
    Eigen::Vector3d const scale{1, 1.1, 0.9};
    laws draws;
    for (double const s : scale) draws.laws.push_back(melitz::pareto<>{s, 4.25});
    auto const e = solve(world, draws);
    auto const acr = solve(melitz::acr_economy<>{.elasticity = 4,
                                                 .shape = 4.25,
                                                 .labor = world.labor,
                                                 .productivity_scale = scale,
                                                 .entry_cost = world.entry_cost,
                                                 .iceberg_cost = world.iceberg_cost,
                                                 .fixed_cost = world.fixed_cost,
                                                 .source_labor_share = a});
    check_within(e.wage, acr.wage, 1e-12, "wage");
    check_within(e.mass_entrants, acr.mass_entrants, 1e-12, "entrants");
    check_within(e.welfare, acr.welfare, 1e-12, "welfare");
    CHECK((e.trade_elasticity.array() - 4.25).abs().maxCoeff() < 1e-12);
    auto const gains = gains_from_trade(world, draws);
    for (Eigen::Index j = 0; j < 3; ++j) {
      double const alone = solve(world.autarky(j), draws.laws[static_cast<std::size_t>(j)]).welfare;
      CHECK_THAT(gains[j], WithinRel(e.welfare[j] / alone, 1e-15));
      CHECK_THAT(gains[j], WithinRel(melitz::formula_gains_from_trade(e.domestic_share[j], 4.25), 1e-12));
    }
    // Goods alone balance here whatever a.
    for (Eigen::Index i = 0; i < 3; ++i) CHECK_THAT(e.sales.row(i).sum(), WithinRel(e.sales.col(i).sum(), 1e-12));
  }
}

TEST_CASE("tariffs with revenue leave the ACR formula, by what expenditure and entry do", "[world][property]") {
  auto world = three();
  laws const draws{{melitz::pareto<>{1, 4.25}}};
  auto const before = solve(world, draws);
  world.tariff = tariffs();
  for (auto const base : {tariff_base::delivered_price, tariff_base::production_cost}) {
    CAPTURE(to_string(base));
    world.tariff_on = base;
    auto const after = solve(world, draws);
    CHECK(after.residual < 1e-13);
    for (Eigen::Index j = 0; j < 3; ++j) {
      melitz::country_change<> change;
      change.domestic_share = after.share(j, j) / before.share(j, j);
      change.expenditure_in_wage = after.expenditure[j] / after.wage[j] / (before.expenditure[j] / before.wage[j]);
      change.mass_entrants = after.mass_entrants[j] / before.mass_entrants[j];
      double const exact = melitz::welfare_change(change, 4.0, 4.25);
      CHECK_THAT(after.welfare[j] / before.welfare[j], WithinRel(exact, 1e-12));
      // The amount by which the formula misses: the revenue, here several per cent of spending.
      double const formula = std::pow(change.domestic_share, -1 / 4.25);
      CHECK(after.tariff_revenue[j] > 0);
      CHECK(std::abs(exact / formula - 1) > 1e-3);
      // On the price, a tariff moves no firm to enter or not; on the cost, it does.
      if (base == tariff_base::delivered_price) CHECK_THAT(change.mass_entrants, WithinRel(1.0, 1e-13));
      if (base == tariff_base::production_cost) CHECK(change.mass_entrants > 1 + 1e-4);
    }
  }
}

TEST_CASE("tariffs of zero are none", "[world][property]") {
  auto world = three();
  auto const without = solve(world, mixed());
  world.tariff = Eigen::Matrix3d::Zero();
  for (auto const base : {tariff_base::delivered_price, tariff_base::production_cost}) {
    world.tariff_on = base;
    auto const with = solve(world, mixed());
    check_within(with.sales, without.sales, 1e-13, "sales");
    CHECK(with.tariff_revenue.sum() == 0);
  }
}

TEST_CASE("real wages move with domestic cutoffs, whatever the laws and whose labour", "[world][property]") {
  for (double const a : {0.0, 0.4, 1.0}) {
    CAPTURE(a);
    auto world = three();
    world.source_labor_share = a;
    auto const before = solve(world, mixed());
    world.iceberg_cost(0, 1) = 1.2;
    world.labor[2] *= 1.5;
    world.fixed_cost(2, 0) *= 0.7;
    auto const after = solve(world, mixed());
    for (Eigen::Index j = 0; j < 2; ++j) {  // country 2 itself has grown
      CHECK_THAT(after.welfare[j] / before.welfare[j], WithinRel(after.cutoff(j, j) / before.cutoff(j, j), 1e-12));
      CHECK_THAT(before.welfare[j] * before.price_index[j], WithinRel(before.wage[j], 1e-13));
    }
    // Goods alone do not balance where fixed costs are paid abroad; with these services payments do.
    double const deficit = before.sales.col(0).sum() - before.sales.row(0).sum();
    if (a == 1) CHECK_THAT(deficit, WithinAbs(0.0, 1e-11));
    if (a < 1) CHECK(std::abs(deficit) > 1e-3);
    CHECK(before.residuals.payments < 1e-13);
  }
}

TEST_CASE("scaling a world", "[world][property]") {
  auto const world = three();
  auto const e = solve(world, mixed());
  auto larger = world, dearer = world;
  larger.labor *= 3;
  dearer.fixed_cost *= 2;
  dearer.entry_cost *= 2;
  auto const l = solve(larger, mixed()), d = solve(dearer, mixed());
  check_within(l.wage, e.wage, 1e-13, "wage");
  check_within(l.mass_entrants, 3 * e.mass_entrants, 1e-12, "entrants");
  check_within(l.welfare, std::cbrt(3) * e.welfare, 1e-13, "welfare");
  check_within(d.wage, e.wage, 1e-13, "wage");
  check_within(d.cutoff, e.cutoff, 1e-13, "cutoffs");
  check_within(d.mass_entrants, e.mass_entrants / 2, 1e-12, "entrants");
  // The death rate and the cost of entry matter by their product.
  auto dying = world;
  dying.death_rate = 0.1;
  dying.entry_cost *= 10;
  check_within(solve(dying, mixed()).welfare, e.welfare, 1e-13, "welfare");
}

TEST_CASE("random worlds are solved from autarky, or it is said why not", "[world][property]") {
  test::uniform_numbers random(7);
  int solved = 0, evaluations = 0;
  for (int k = 0; k < 240; ++k) {
    auto const n = std::vector<Eigen::Index>{2, 8, 30}[static_cast<std::size_t>(k % 3)];
    auto world = random_world(random, n);
    bool const common = random(0, 1) < 0.5;
    laws draws{{random_law(random)}};
    while (!common && draws.laws.size() < static_cast<std::size_t>(n)) draws.laws.push_back(random_law(random));
    CAPTURE(k, n);
    auto const e = try_solve(world, draws, {.continuation = false});
    if (!e) {
      CHECK(std::isnan(e.wage[0]));
      CHECK(std::isnan(e.residual));
      continue;
    }
    ++solved;
    evaluations += e.evaluations;
    CHECK(e.residual < 1e-13);
  }
  CHECK(solved >= 237);  // 98.5 %
  CHECK(evaluations < 9 * solved);
}

TEST_CASE("where few steps are allowed, continuation gets to the same world", "[world][property]") {
  test::uniform_numbers random(5);
  int helped = 0;
  for (int k = 0; k < 40; ++k) {
    auto const world = random_world(random, 8);
    laws const draws{{random_law(random)}};
    CAPTURE(k);
    auto const whole = try_solve(world, draws);
    if (!whole) continue;
    auto const few = try_solve(world, draws, {.max_evaluations = whole.evaluations - 2, .continuation = false});
    if (few) continue;
    CHECK(few.reason == status::iteration_limit);
    auto const followed = try_solve(world, draws, {.max_evaluations = whole.evaluations - 2});
    if (!followed) continue;
    ++helped;
    CHECK(followed.evaluations > whole.evaluations);
    check_within(followed.wage, whole.wage, 1e-11 + 1e3 * whole.error_estimate, "wage");
  }
  CHECK(helped >= 20);
}

TEST_CASE("with fixed costs paid abroad continuation starts from as far away as it must", "[world][property]") {
  // Countries with laws of their own and a = 0.4: of such worlds some three in a thousand are not solved from autarky,
  // nor from foreign fixed costs that are those at home.
  test::uniform_numbers random(1);
  int continued = 0;
  for (int k = 0; k < 1500; ++k) {
    auto const n = static_cast<Eigen::Index>(2 + k % 7);
    auto world = random_world(random, n);
    world.source_labor_share = 0.4;
    laws draws;
    while (draws.laws.size() < static_cast<std::size_t>(n)) draws.laws.push_back(random_law(random));
    CAPTURE(k, n);
    if (try_solve(world, draws, {.continuation = false})) continue;
    auto const e = try_solve(world, draws);
    CHECK((e || e.reason == status::disconnected));
    continued += e ? 1 : 0;
  }
  CHECK(continued > 0);
}

TEST_CASE("whose labour, tariffs and deficits together", "[world][property]") {
  test::uniform_numbers random(11);
  for (int k = 0; k < 60; ++k) {
    Eigen::Index const n = 2 + k % 4;
    auto world = random_world(random, n);
    for (Eigen::Index i = 0; i < n; ++i) world.labor[i] = random(50, 150);
    world.source_labor_share = k % 3 == 0 ? 1 : random(0, 1);
    world.tariff = Eigen::MatrixXd::Zero(n, n);
    world.deficit = Eigen::VectorXd::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) world.tariff(i, j) = i == j ? 0 : random(-0.1, 0.4);
      if (i > 0) world.deficit[i] = random(-0.05, 0.05);
    }
    world.deficit[0] = -world.deficit.sum();
    world.tariff_on = k % 2 == 0 ? tariff_base::delivered_price : tariff_base::production_cost;
    CAPTURE(k, n);
    auto const e = try_solve(world, laws{{melitz::lognormal<>{0, random(0.4, 1)}}});
    if (e.reason == status::disconnected) continue;
    REQUIRE(e.reason == status::converged);
    CHECK(e.residual < 1e-12);
    Eigen::VectorXd const spent = e.wage.cwiseProduct(world.labor) + e.tariff_revenue + world.deficit;
    check_within(e.expenditure, spent, 1e-13, "expenditure");
    Eigen::VectorXd const used = e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable;
    check_within(used, world.labor, 1e-12, "labour");
    CHECK_THAT(e.revenue.sum() + e.tariff_revenue.sum(), WithinRel(e.sales.sum(), 1e-13));
    CHECK(e.exports.minCoeff() > 0);
  }
}

TEST_CASE("worlds that were converged with open accounts, or took thousands of steps", "[world][property]") {
  auto const file = test::reference("../worlds/hostile_worlds");
  for (auto const& [name, content] : file.items()) {
    CAPTURE(name);
    auto const [economy, draws] = world_of(content);
    auto const e = try_solve(economy, draws);
    REQUIRE(e.reason == status::converged);
    CHECK(e.wage[0] == 1);
    CHECK(e.evaluations < 100);
    CHECK(e.residual < 1e-12);
    CHECK(worst_account(economy, e) < 1e-12);
    CHECK(e.error_estimate < 1e-12);
  }
  CHECK(file.size() == 5);
}

TEST_CASE("hostile worlds have closed accounts or a status", "[world][property]") {
  test::uniform_numbers random(11);
  int solved = 0, apart = 0;
  for (int k = 0; k < 150; ++k) {
    auto const [economy, draws] = draw_hostile(random);
    CAPTURE(k, economy.countries(), economy.elasticity);
    auto const e = try_solve(economy, draws);
    if (e) {
      ++solved;
      CHECK(e.residual < 1e-12);
      CHECK(worst_account(economy, e) < 2e-12);  // the results are rounded too
      CHECK((e.price_index.array() > 0).all());
    } else {
      apart += e.reason == status::disconnected;
      CHECK(std::isnan(e.wage[0]));
      CHECK(std::isnan(e.residual));
    }
  }
  CAPTURE(solved, apart);
  CHECK(solved >= 95);
  CHECK(solved + apart >= 140);
}

TEST_CASE("worlds that fall apart are named", "[world][errors]") {
  laws const draws{{melitz::lognormal<>{0, 0.7}}};
  auto const apart = [&](world_economy<> const& world, laws const& l) {
    auto const e = try_solve(world, l);
    CHECK(e.reason == status::disconnected);
    CHECK(std::isnan(e.wage[1]));
    CHECK(std::isnan(e.sales(0, 1)));
    CHECK_THROWS_AS(solve(world, l), melitz::convergence_error);
  };
  auto world = three();
  for (Eigen::Index i = 0; i < 2; ++i) world.iceberg_cost(i, 2) = world.iceberg_cost(2, i) = infinity;
  apart(world, draws);
  world = three();
  for (Eigen::Index i = 0; i < 2; ++i) world.fixed_cost(i, 2) = infinity;  // country 2 sells and cannot buy
  apart(world, draws);
  world = three();
  world.iceberg_cost = Eigen::Matrix3d{{1, 90, 90}, {90, 1, 90}, {90, 90, 1}};
  apart(world, {{melitz::bounded_pareto<>{1, 5, 4}}});
  apart(world, {{melitz::lognormal<>{0, 0.05}}});  // not zero, yet beyond what a double can tell
  // One by itself has nobody to be related to.
  world_economy<> const alone{.elasticity = 4,
                              .labor = Eigen::VectorXd::Constant(1, 80),
                              .entry_cost = Eigen::VectorXd::Constant(1, 2),
                              .iceberg_cost = Eigen::MatrixXd::Ones(1, 1),
                              .fixed_cost = Eigen::MatrixXd::Ones(1, 1)};
  CHECK_THAT(solve(alone, draws).welfare[0], WithinRel(solve(alone.autarky(0), draws.laws[0]).welfare, 1e-13));
  // Deficits beyond what trade can carry end in a status.
  world = three();
  world.iceberg_cost = Eigen::Matrix3d{{1, 8, 8}, {8, 1, 8}, {8, 8, 1}};
  world.deficit = Eigen::Vector3d{90, 0, -90};
  CHECK_FALSE(try_solve(world, draws));
}

TEST_CASE("derivatives of a world, forward and by gradients", "[world][derivatives]") {
  for (auto const base : {tariff_base::delivered_price, tariff_base::production_cost}) {
    for (double const a : {1.0, 0.4}) {
      CAPTURE(to_string(base), a);
      auto world = three();
      world.source_labor_share = a;
      world.tariff = tariffs();
      world.tariff_on = base;
      world.deficit = Eigen::Vector3d{1, -3, 2};
      auto const d = derivatives(world, mixed(), solve(world, mixed()));
      std::vector<melitz::world_changes<>> gradients, of_wage, of_entrants;
      for (Eigen::Index k = 0; k < 3; ++k) {
        gradients.push_back(d.gradient_of_welfare(k));
        of_wage.push_back(d.gradient_of_wage(k));
        of_entrants.push_back(d.gradient_of_mass_entrants(k));
      }
      auto const check = [&](char const* what, melitz::world_response<> const& r, auto const& spoil,
                             auto const& derivative) {
        CAPTURE(what);
        double const h = 1e-4;  // central differences: h^2 times third derivatives is left
        auto up = world, down = world;
        spoil(up, h);
        spoil(down, -h);
        auto const high = solve(up, mixed()), low = solve(down, mixed());
        auto const close = [&](Eigen::MatrixXd const& exact, Eigen::MatrixXd const& more, Eigen::MatrixXd const& less) {
          Eigen::MatrixXd const difference = (more.array() / less.array()).log() / (2 * h);
          CHECK((exact - difference).cwiseAbs().maxCoeff() < 1e-6);
        };
        close(r.wage, high.wage, low.wage);
        close(r.mass_entrants, high.mass_entrants, low.mass_entrants);
        close(r.expenditure, high.expenditure, low.expenditure);
        close(r.price_index, high.price_index, low.price_index);
        close(r.welfare, high.welfare.cwiseProduct(up.labor).cwiseQuotient(up.labor), low.welfare);
        close(r.sales, high.sales, low.sales);
        close(r.share, high.share, low.share);
        close(r.cutoff, high.cutoff, low.cutoff);
        close(r.mass_sellers, high.mass_sellers, low.mass_sellers);
        for (std::size_t k = 0; k < 3; ++k) {
          auto const country = static_cast<Eigen::Index>(k);
          CHECK_THAT(derivative(gradients[k]), WithinAbs(r.welfare[country], 1e-12));
          CHECK_THAT(derivative(of_wage[k]), WithinAbs(r.wage[country], 1e-12));
          CHECK_THAT(derivative(of_entrants[k]), WithinAbs(r.mass_entrants[country], 1e-12));
        }
      };
      check(
          "iceberg cost", d.to_iceberg_cost(2, 1), [](auto& w, double h) { w.iceberg_cost(2, 1) *= std::exp(h); },
          [](auto const& g) { return g.iceberg_cost(2, 1); });
      check(
          "fixed cost", d.to_fixed_cost(1, 0), [](auto& w, double h) { w.fixed_cost(1, 0) *= std::exp(h); },
          [](auto const& g) { return g.fixed_cost(1, 0); });
      check(
          "fixed cost at home", d.to_fixed_cost(1, 1), [](auto& w, double h) { w.fixed_cost(1, 1) *= std::exp(h); },
          [](auto const& g) { return g.fixed_cost(1, 1); });
      check(
          "tariff", d.to_tariff(0, 1),
          [](auto& w, double h) { w.tariff(0, 1) = (1 + w.tariff(0, 1)) * std::exp(h) - 1; },
          [](auto const& g) { return g.tariff(0, 1); });
      check(
          "labour", d.to_labor(0), [](auto& w, double h) { w.labor[0] *= std::exp(h); },
          [](auto const& g) { return g.labor[0]; });
      check(
          "entry cost", d.to_entry_cost(2), [](auto& w, double h) { w.entry_cost[2] *= std::exp(h); },
          [](auto const& g) { return g.entry_cost[2]; });
      check(
          "deficit", d.response({.deficit = Eigen::Vector3d{0, 1, 0}}),
          [](auto& w, double h) {
            w.deficit[1] += h;
            w.deficit[0] -= h;
          },
          [](auto const& g) { return g.deficit[1]; });
    }
  }
}

TEST_CASE("locally, real wages answer to entry and the home share", "[world][derivatives][property]") {
  // Melitz and Redding (2015): d ln W = (d ln M - d ln lambda)/(r + gamma), with the home market's elasticity. Under
  // Pareto it is the ACR formula; else both terms leave it.
  auto const world = three();
  auto const e = solve(world, mixed());
  auto const r = derivatives(world, mixed(), e).to_iceberg_cost(1, 0);
  for (Eigen::Index j = 0; j < 3; ++j) {
    CHECK_THAT(r.welfare[j], WithinRel((r.mass_entrants[j] - r.share(j, j)) / e.trade_elasticity(j, j), 1e-12));
  }
  CHECK(std::abs(r.mass_entrants[0]) > 1e-3);
  CHECK(std::abs(r.mass_entrants[1]) < 1e-12);  // where the law is Pareto
}

TEST_CASE("derivatives belong to one equilibrium", "[world][derivatives][errors]") {
  auto const world = three();
  auto const e = solve(world, mixed());
  auto other = world;
  other.labor[1] *= 2;
  CHECK_THROWS_WITH(derivatives(other, mixed(), e), contains("residual of the equilibrium is"));
  CHECK_THROWS_WITH(derivatives(world, mixed(), melitz::world_equilibrium<>{}),
                    contains("equilibrium is not_solved; it must have converged"));
  auto const d = derivatives(world, mixed(), e);
  CHECK_THROWS_WITH(d.to_labor(3), contains("country is 3; it must be at least 0 and less than"));
  CHECK_THROWS_WITH(d.to_iceberg_cost(0, -1), contains("country is -1"));
  CHECK_THROWS_WITH(d.response({.tariff = Eigen::Matrix2d::Zero()}), contains("shape of tariff is 2 x 2"));
  CHECK_THROWS_WITH(d.response({.labor = Eigen::Vector2d::Zero()}), contains("size of labor is 2"));
}

TEST_CASE("with an outside good firms enter where it pays", "[world][property]") {
  test::uniform_numbers random(3);
  int corners = 0;
  for (int k = 0; k < 120; ++k) {
    Eigen::Index const n = k % 40 == 0 ? 40 : 2 + k % 7;
    auto world = random_world(random, n);
    world.source_labor_share = k % 2 == 0 ? 1 : 0.5;
    outside_good<> good{Eigen::VectorXd(n), Eigen::VectorXd::Constant(n, 1e-4)};
    for (Eigen::Index i = 0; i < n; ++i) {
      good.wage[i] = random(0.8, 1.2);
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) world.iceberg_cost(i, j) = std::max(world.iceberg_cost(i, j), k % 2 == 0 ? 1.05 : 1.5);
      }
    }
    CAPTURE(k, n);
    auto const e = try_solve(world, good, laws{{melitz::lognormal<>{0, random(0.3, 1)}}}, {.allow_no_entrants = true});
    REQUIRE(e.reason == status::converged);
    CHECK(e.residuals.free_entry < 1e-12);
    CHECK(e.residuals.goods < 1e-12);
    CHECK(e.residuals.labor < 1e-12);
    CHECK(e.profit_over_entry_cost.maxCoeff() <= 1 + 1e-12);
    for (Eigen::Index i = 0; i < n; ++i) {
      CHECK((e.mass_entrants[i] > 0 || (e.profit_over_entry_cost[i] < 1 && e.sales.row(i).sum() == 0)));
    }
    corners += e.mass_entrants.minCoeff() == 0;
  }
  CHECK(corners > 20);
  CHECK(corners < 115);
}

TEST_CASE("where no labour is left or nobody enters, the outside good says so", "[world][errors]") {
  auto world = three();
  world.labor = Eigen::Vector3d{100, 10, 200};
  outside_good<> good{Eigen::Vector3d::Ones(), Eigen::Vector3d::Constant(0.4)};
  laws const draws{{melitz::lognormal<>{0, 0.7}}};
  CHECK_THROWS_WITH(solve(world, good, draws), contains("expected profit over entry cost in country 1 is 0."));
  CHECK(solve(world, good, draws, {.allow_no_entrants = true}).mass_entrants[1] == 0);
  good.expenditure_share.setConstant(0.99);
  CHECK_THROWS_WITH(solve(world, good, draws, {.allow_no_entrants = true}), contains("outside_labor("));
  good.expenditure_share[2] = 1;
  CHECK_THROWS_WITH(solve(world, good, draws), contains("expenditure_share(2) is 1; it must lie in (0, 1)"));
  good.wage[0] = 0;
  CHECK_THROWS_WITH(solve(world, good, draws), contains("outside_good: wage(0) is 0; it must be positive and finite"));
  world.deficit = Eigen::Vector3d{1, -1, 0};
  good.wage[0] = 1;
  good.expenditure_share[2] = 0.4;
  CHECK_THROWS_WITH(solve(world, good, draws), contains("deficit is given; it must be left empty"));
}

TEST_CASE("primitives out of range are named, with row and column", "[world][errors]") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  auto const message = [&](auto const& spoil, std::string const& text) {
    auto world = three();
    spoil(world);
    CHECK_THROWS_WITH(solve(world, mixed()), contains(text));
  };
  message([](auto& w) { w.elasticity = 1; }, "world_economy: elasticity is 1; it must exceed 1 and be finite");
  message([](auto& w) { w.death_rate = 0; }, "death_rate is 0; it must lie in (0, 1]");
  message([](auto& w) { w.labor.resize(0); }, "number of countries is 0");
  message([](auto& w) { w.labor[2] = -3; }, "labor(2) is -3; it must be positive and finite");
  message([](auto& w) { w.entry_cost = Eigen::Vector2d{1, 1}; }, "size of entry_cost is 2; it must be the number of");
  message([](auto& w) { w.iceberg_cost(2, 0) = 0; }, "iceberg_cost(2, 0) is 0; it must be positive");
  message([&](auto& w) { w.iceberg_cost(0, 1) = nan; }, "iceberg_cost(0, 1) is nan; it must be positive");
  message([](auto& w) { w.iceberg_cost(1, 1) = 1.5; }, "iceberg_cost(1, 1) is 1.5; it must be 1 at home");
  message([](auto& w) { w.iceberg_cost = Eigen::MatrixXd::Ones(3, 2); },
          "shape of iceberg_cost is 3 x 2; it must be 3 x 3, a row for each exporter and a column for each importer");
  message([](auto& w) { w.fixed_cost(0, 2) = 0; }, "fixed_cost(0, 2) is 0; it must be positive");
  message([](auto& w) { w.fixed_cost(2, 2) = std::numeric_limits<double>::infinity(); },
          "fixed_cost(2, 2) is inf; it must be finite at home");
  message([](auto& w) { w.source_labor_share = 1.5; }, "source_labor_share is 1.5; it must lie in [0, 1]");
  message([](auto& w) { w.deficit = Eigen::Vector3d{1, 1, -1}; }, "sum of deficit is 1; it must be 0");
  message([&](auto& w) { w.deficit = Eigen::Vector3d{nan, 1, -1}; }, "deficit(0) is nan; it must be finite");
  message([](auto& w) { w.tariff = Eigen::Matrix2d::Zero(); }, "shape of tariff is 2 x 2; it must be 3 x 3");
  message(
      [](auto& w) {
        w.tariff = tariffs();
        w.tariff(1, 2) = -1;
      },
      "tariff(1, 2) is -1; it must exceed -1 and be finite");
  message([](auto& w) { w.tariff = Eigen::Matrix3d::Constant(0.1); }, "tariff(0, 0) is 0.1; it must be 0 at home");
  CHECK_THROWS_WITH(solve(three(), laws{{mixed().laws[0], mixed().laws[1]}}),
                    contains("number of laws is 2; it must be 1, or the number of countries, 3"));
  CHECK_THROWS_WITH(solve(three(), laws{{melitz::pareto<>{1, 2.5}}}), contains("pareto: shape is 2.5"));
}

TEST_CASE("the same code with more digits", "[world][precision]") {
  using wide = long double;
  auto const narrow = three();
  world_economy<wide> world{.elasticity = 4};
  world.labor = narrow.labor.cast<wide>();
  world.entry_cost = narrow.entry_cost.cast<wide>();
  world.iceberg_cost = narrow.iceberg_cost.cast<wide>();
  world.fixed_cost = narrow.fixed_cost.cast<wide>();
  auto const more = solve(world, melitz::lognormal<wide>{0, wide(0.7)});
  CHECK(more.residual < 1e-17L);
  auto const fewer = solve(narrow, laws{{melitz::lognormal<>{0, 0.7}}});
  check_within(fewer.welfare, more.welfare.cast<double>(), 1e-14, "welfare");
  check_within(fewer.sales, more.sales.cast<double>(), 1e-13, "sales");
}

}  // namespace test::world_world
