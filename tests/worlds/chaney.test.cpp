// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/chaney/chaney.hpp>
#include <melitz/worlds/chaney/elasticities.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test::world_chaney {

using melitz::chaney_economy;
using melitz::chaney_method;
using melitz::chaney_sector;
using melitz::elasticities_by_margin;
using melitz::solve;
using test::check_within;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;
using law = melitz::any_law<double>;
using melitz::by_country;
using melitz::by_sector;
using laws_by_sector = by_sector<by_country<law>>;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

chaney_economy<> economy_of(test::json const& p) {
  auto out = test::economy_from<chaney_economy<>>(p);
  out.sectors.clear();
  for (auto const& s : p.at("sectors")) out.sectors.push_back(test::economy_from<chaney_sector<>>(s));
  return out;
}

laws_by_sector laws_of_case(test::json const& p) {
  if (p.contains("laws")) return {{{test::laws_of(p.at("laws"))}}};
  laws_by_sector out;
  for (auto const& s : p.at("sectors")) {
    out.laws.push_back({{melitz::pareto<>{number(s.at("scale")), number(s.at("shape"))}}});
  }
  return out;
}

/// Three countries, two sectors, with so much spent on the outside good that all make it.
chaney_economy<> world() {
  chaney_sector<> const first{.elasticity = 4,
                              .expenditure_share = 0.2,
                              .iceberg_cost = Eigen::Matrix3d{{1, 1.5, 1.8}, {1.4, 1, 2}, {1.7, 1.9, 1}},
                              .fixed_cost = Eigen::Matrix3d{{1.5, 3, 2.5}, {2.8, 1.2, 3.3}, {2.2, 3.5, 2}}};
  chaney_sector<> second = first;
  second.expenditure_share = 0.1;
  second.entrants_per_labor_income = 0.3;
  second.fixed_cost *= 0.4;
  return {.outside_productivity = Eigen::Vector3d{1, 0.8, 1.3},
          .labor = Eigen::Vector3d{100, 250, 60},
          .sectors = {first, second}};
}

/// Prices, profits and the outside good's market, from the primitives and the cutoffs.
void check_accounts(chaney_economy<> const& w, melitz::chaney_equilibrium<> const& e, law const& drawn) {
  auto const n = w.labor.size();
  Eigen::VectorXd const payroll = w.outside_productivity.cwiseProduct(w.labor);
  Eigen::VectorXd const made = w.outside_productivity.cwiseProduct(e.outside_labor);
  check_within(e.income, Eigen::VectorXd((1 + e.dividend) * payroll), 1e-14);
  double profits = 0, bought = w.outside_share() * e.income.sum();
  for (std::size_t h = 0; h < w.sectors.size(); ++h) {
    auto const& s = w.sectors[h];
    auto const& q = e.sectors[h];
    double const r = s.elasticity - 1, markup = s.elasticity / r;
    auto const tail = tail_of(drawn, r);
    Eigen::VectorXd paid = Eigen::VectorXd::Zero(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      double const spent = s.expenditure_share * e.income[j];
      CHECK_THAT(q.sales.col(j).sum(), WithinRel(spent, 1e-12));
      CHECK_THAT(q.share.col(j).sum(), WithinRel(1.0, 1e-12));
      double price = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        double const cutoff = q.cutoff(i, j), sales = q.sales(i, j);
        if (!std::isfinite(cutoff)) {
          CHECK((sales == 0 && q.mass_sellers(i, j) == 0));
          continue;
        }
        paid[i] += q.mass_sellers(i, j) * s.fixed_cost(i, j);
        // The firm at the cutoff just earns its fixed cost.
        double const cost = markup * w.outside_productivity[i] * s.iceberg_cost(i, j) / cutoff;
        double const at_cutoff = spent * std::pow(q.price_index[j] / cost, r);
        CHECK_THAT(at_cutoff, WithinRel(s.elasticity * s.fixed_cost(i, j), 1e-11));
        auto const p = tail.at(std::log(cutoff));
        double const entrants = s.entrants_per_labor_income * payroll[i], scale = std::exp(p.log_scale);
        price += entrants * p.moment() * scale * std::pow(cost, -r);
        if (q.marginal_share[j] == 1) {
          CHECK_THAT(q.mass_sellers(i, j), WithinRel(entrants * p.survival * scale, 1e-12));
        }
      }
      if (q.marginal_share[j] == 1) {
        CHECK_THAT(price, WithinRel(std::pow(q.price_index[j], -r), 1e-11));
      } else {
        CHECK((q.marginal_share[j] >= 0 && q.marginal_share[j] < 1));
      }
    }
    for (Eigen::Index i = 0; i < n; ++i) {
      double const earned = q.sales.row(i).sum() / s.elasticity - paid[i];
      CHECK_THAT(q.fixed_costs[i], WithinRel(paid[i], 1e-13));
      CHECK_THAT(q.profits[i], WithinAbs(earned, 1e-11 * e.income.sum()));
      profits += earned;
      bought += paid[i];
    }
  }
  CHECK_THAT(profits, WithinAbs(e.dividend * payroll.sum(), 1e-12 * e.income.sum()));
  CHECK_THAT(made.sum(), WithinRel(bought, 1e-12));
  CHECK(e.residual <= 1e-13);
  for (Eigen::Index i = 0; i < n; ++i) {
    double used = e.outside_labor[i], utility = std::pow(w.outside_share(), w.outside_share());
    for (std::size_t h = 0; h < w.sectors.size(); ++h) {
      auto const& s = w.sectors[h];
      used += (1 - 1 / s.elasticity) * e.sectors[h].sales.row(i).sum() / w.outside_productivity[i];
      utility *= std::pow(s.expenditure_share / e.sectors[h].price_index[i], s.expenditure_share);
    }
    CHECK_THAT(used, WithinRel(w.labor[i], 1e-13));
    CHECK_THAT(e.welfare[i], WithinRel(utility * e.income[i] / w.labor[i], 1e-13));
  }
}

}  // namespace

TEST_CASE("worlds with given entrants agree with the references", "[world][reference]") {
  // tests/reference/chaney.json, remade by tools/reference/chaney.py.
  auto const file = test::reference("chaney");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    auto const& o = row.at("outputs");
    bool const pareto = !p.contains("laws");
    auto const economy = economy_of(p);
    auto const laws = laws_of_case(p);
    for (bool const closed_form : {true, false}) {
      CAPTURE(row.at("name").get<std::string>(), closed_form);
      auto const e = solve(economy, laws, {.closed_form = closed_form});
      CHECK(e.method == (pareto && closed_form ? chaney_method::pareto_closed_form : chaney_method::any_law));
      test::validates const here("chaney", row.at("name"));
      compared += test::compare_all(o, e, 1e-13);
      for (std::size_t h = 0; h < e.sectors.size(); ++h) {
        test::validates const part("sector " + std::to_string(h));
        if (pareto) compared += test::compare_all(o.at("sectors").at(h), e.sectors[h], 1e-13);
        CHECK(e.sectors[h].remoteness.array().isNaN().all() == !pareto);
      }
      if (!row.contains("elasticities")) continue;
      for (auto const& x : row.at("elasticities")) {
        auto const h = x.at("sector").get<std::size_t>();
        auto const i = x.at("i").get<Eigen::Index>(), j = x.at("j").get<Eigen::Index>();
        auto const made = elasticities_by_margin(economy, e, h, i, j);
        auto const same = [&](double value, char const* key) {
          CAPTURE(key);
          test::validates const part("sector " + std::to_string(h));
          test::validate(key, value, number(x.at(key)), {static_cast<long>(i), static_cast<long>(j)}, 1);
          CHECK_THAT(value, WithinAbs(number(x.at(key)), 1e-13));
        };
        same(e.sectors[h].share(i, j), "share");
        same(made.iceberg_cost.flow, "partial_tau");
        same(made.iceberg_cost.intensive, "partial_tau_intensive");
        same(made.iceberg_cost.extensive, "partial_tau_extensive");
        same(made.iceberg_cost.in_equilibrium, "full_tau");
        same(made.fixed_cost.flow, "partial_f");
        same(made.fixed_cost.intensive, "partial_f_intensive");
        same(made.fixed_cost.extensive, "partial_f_extensive");
        same(made.fixed_cost.in_equilibrium, "full_f");
        // By number and average, the shape moves the number alone.
        double const shape = number(p.at("sectors").at(h).at("shape")), r = economy.sectors[h].size_exponent();
        CHECK_THAT(made.iceberg_cost.firms, WithinRel(-shape, 1e-13));
        CHECK_THAT(made.iceberg_cost.average_sales, WithinAbs(0, 1e-13));
        CHECK_THAT(made.fixed_cost.firms, WithinRel(-shape / r, 1e-13));
        CHECK_THAT(made.fixed_cost.average_sales, WithinRel(1.0, 1e-13));
      }
    }
  }
  CHECK(compared == 66);  // results, of four worlds in two ways
}

TEST_CASE("accounts close and prices are what they are defined as, whatever the law", "[world][property]") {
  int marginal = 0, untraded = 0;
  for (auto const& [name, drawn] : test::laws()) {
    CAPTURE(name);
    auto const economy = world();
    auto const e = solve(economy, drawn);
    check_accounts(economy, e, drawn);
    for (auto const& s : e.sectors) {
      marginal += s.marginal_share.minCoeff() < 1;
      untraded += s.sales.minCoeff() == 0;
    }
  }
  CHECK(marginal > 1);
  CHECK(untraded > 3);
}

TEST_CASE("gravity, in Chaney's own equations", "[world][property]") {
  auto const economy = world();
  law const drawn = melitz::pareto<>{1, 4.25};
  auto const e = solve(economy, drawn);
  REQUIRE(e.method == chaney_method::pareto_closed_form);
  auto const& s = economy.sectors[0];
  auto const& q = e.sectors[0];
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      double const relative = economy.outside_productivity[i] * s.iceberg_cost(i, j) / q.remoteness[j];
      double const flow = s.expenditure_share * e.income[i] * e.income[j] / e.world_income * std::pow(relative, -4.25) *
                          std::pow(s.fixed_cost(i, j), 1 - 4.25 / 3);
      CHECK_THAT(q.sales(i, j), WithinRel(flow, 1e-13));
      double const constant = std::pow(4 / s.expenditure_share * 4.25 / 1.25 / (1 + e.dividend), 1 / 4.25);
      double const cutoff = constant * std::pow(e.world_income / e.income[j], 1 / 4.25) * relative *
                            std::pow(s.fixed_cost(i, j), 1.0 / 3);
      CHECK_THAT(q.cutoff(i, j), WithinRel(cutoff, 1e-13));
      CHECK_THAT(q.average_sales()(i, j), WithinRel(4.25 / 1.25 * 4 * s.fixed_cost(i, j), 1e-13));
    }
  }
  // The elasticity of substitution moves the margins in opposite directions, and their sum not at all.
  auto other = economy;
  other.sectors[0].elasticity = 4.5;
  auto const low = elasticities_by_margin(economy, e, 0, 0, 1).iceberg_cost;
  auto const high = elasticities_by_margin(other, solve(other, drawn), 0, 0, 1).iceberg_cost;
  CHECK(high.intensive == low.intensive - 0.5);
  CHECK_THAT(high.extensive, WithinRel(low.extensive + 0.5, 1e-13));
  CHECK_THAT(high.flow, WithinRel(low.flow, 1e-13));
}

TEST_CASE("trade elasticities are derivatives of the equilibrium, whatever the law", "[world][property]") {
  double const step = 1e-4;
  int checked = 0;
  for (auto const& named : test::laws()) {
    std::string const& name = named.first;
    law const& drawn = named.second;
    if (test::has_atoms(name)) continue;
    Eigen::Index const j = 1;
    for (Eigen::Index const i : {0, 1}) {
      auto const economy = world();
      auto const e = solve(economy, drawn, {.closed_form = false});
      auto const exact = elasticities_by_margin(economy, e, 0, i, j);
      auto const& here = e.sectors[0];
      if (here.sales(i, j) == 0) {
        CHECK(std::isnan(exact.iceberg_cost.flow));
        CHECK(std::isnan(exact.fixed_cost.in_equilibrium));
        continue;
      }
      // A kink at an end of the support has two sides.
      auto const tail = tail_of(drawn, 3.0);
      if (std::abs(std::log(here.cutoff.col(j).minCoeff()) - tail.log_lower_bound()) < 10 * step) continue;
      for (bool const iceberg : {true, false}) {
        CAPTURE(name, i, j, iceberg);
        auto const& expected = iceberg ? exact.iceberg_cost : exact.fixed_cost;
        // In equilibrium. The iceberg cost at home stays 1; wages and all else are as before.
        if (!iceberg || i != j) {
          auto const flow = [&](double by) {
            auto changed = economy;
            (iceberg ? changed.sectors[0].iceberg_cost : changed.sectors[0].fixed_cost)(i, j) *= std::exp(by);
            return std::log(solve(changed, drawn, {.closed_form = false}).sectors[0].sales(i, j));
          };
          double const slope = (8 * (flow(step) - flow(-step)) - (flow(2 * step) - flow(-2 * step))) / (12 * step);
          // Differences of the logs of flows that are right to 1e-13, over the step.
          CHECK_THAT(slope, WithinAbs(expected.in_equilibrium, 1e-8 * (1 + std::abs(expected.flow))));
        }
        // At the given price index, which the cutoff follows.
        auto const at = [&](double by) {
          double const moved = std::log(here.cutoff(i, j)) + (iceberg ? by : by / 3);
          auto const p = tail.at(moved);
          double const fixed = iceberg ? 0.0 : by;  // sales of the firm at the cutoff go with its fixed cost
          return std::pair{std::log(p.survival) + p.log_scale, std::log(p.moment()) + p.log_scale + fixed};
        };
        auto const up = at(step), down = at(-step);
        double const firms = (up.first - down.first) / (2 * step), sales = (up.second - down.second) / (2 * step);
        double const near = 1e-5 * (1 + std::abs(expected.flow));
        CHECK_THAT(firms, WithinAbs(expected.firms, near));
        CHECK_THAT(sales, WithinAbs(expected.flow, near));
        CHECK_THAT(sales - firms, WithinAbs(expected.average_sales, near));
        CHECK_THAT(expected.intensive, WithinAbs(iceberg ? -3.0 : 0.0, 1e-15));
        CHECK_THAT(expected.intensive + expected.extensive, WithinAbs(expected.flow, 1e-14 * near * 1e5));
        ++checked;
      }
    }
  }
  CHECK(checked > 30);
}

TEST_CASE("closed forms and the search agree, and hand over where closed forms do not hold", "[world][property]") {
  test::uniform_numbers random(20080901);
  int closed = 0;
  for (int k = 0; k < 100; ++k) {
    auto economy = world();
    for (auto& s : economy.sectors) {
      s.elasticity = random(1.5, 6);
      s.fixed_cost *= std::exp(random(-6, 3));
      s.expenditure_share = 0.05;
    }
    CAPTURE(k);
    laws_by_sector laws;
    for (auto const& s : economy.sectors) {
      double const shape = s.size_exponent() + random(0.1, 3);
      laws.laws.push_back({{melitz::pareto<>{0.5, shape}, melitz::pareto<>{1, shape}, melitz::pareto<>{1.5, shape}}});
    }
    auto const e = solve(economy, laws), searched = solve(economy, laws, {.closed_form = false});
    CHECK(searched.method == chaney_method::any_law);
    bool above = true;
    for (auto const& s : searched.sectors) {
      for (Eigen::Index i = 0; i < 3; ++i) above = above && s.cutoff.row(i).minCoeff() >= 0.5 * double(i + 1);
    }
    CHECK(e.method == (above ? chaney_method::pareto_closed_form : chaney_method::any_law));
    closed += above;
    CHECK_THAT(e.dividend, WithinRel(searched.dividend, 1e-12));
    for (std::size_t h = 0; h < 2; ++h) {
      check_within(e.sectors[h].price_index, searched.sectors[h].price_index, 1e-12);
      check_within(e.sectors[h].sales, searched.sectors[h].sales, 1e-12);
      check_within(e.sectors[h].remoteness, searched.sectors[h].remoteness, 1e-13);
    }
  }
  CHECK(closed > 20);
  CHECK(closed < 80);
  // Shapes that differ between countries, and a sector that is not Pareto.
  auto const economy = world();
  law const one = melitz::pareto<>{1, 4.25}, another = melitz::pareto<>{1, 5};
  CHECK(solve(economy, laws_by_sector{{{{one, another, one}}, {{one}}}}).method == chaney_method::any_law);
  CHECK(solve(economy, by_sector<law>{{one, melitz::lognormal<>{0, 0.5}}}).method == chaney_method::any_law);
  CHECK(solve(economy, one).dividend == solve(economy, by_sector<law>{{one, one}}).dividend);
}

TEST_CASE("with several sectors gains follow sector by sector, not the home share of all", "[world][property]") {
  // A foreign shock moves real income by prod lambda_h^(-mu_h/gamma_h); the one-sector formula with the home share of
  // both sectors is off by what tells the sectors apart.
  auto economy = world();
  by_sector<law> const draws{{melitz::pareto<>{1, 4.25}, melitz::pareto<>{1, 9}}};
  auto const before = solve(economy, draws);
  economy.sectors[0].iceberg_cost(1, 0) = 1.1;
  economy.sectors[1].iceberg_cost(2, 0) = 1.3;
  auto const after = solve(economy, draws);
  REQUIRE(before.method == chaney_method::pareto_closed_form);
  REQUIRE(after.method == chaney_method::pareto_closed_form);
  auto const home = [](melitz::chaney_equilibrium<> const& e, std::size_t h) { return e.sectors[h].share(0, 0); };
  double const by_sector =
      std::pow(home(after, 0) / home(before, 0), -0.2 / 4.25) * std::pow(home(after, 1) / home(before, 1), -0.1 / 9);
  CHECK_THAT(after.welfare[0] / before.welfare[0], WithinRel(by_sector, 1e-12));
  auto const gains = gains_from_trade(economy, draws);
  for (Eigen::Index j = 0; j < 3; ++j) {
    CHECK_THAT(gains[j], WithinRel(std::pow(after.sectors[0].share(j, j), -0.2 / 4.25) *
                                       std::pow(after.sectors[1].share(j, j), -0.1 / 9),
                                   1e-12));
  }
  // The law of a country goes with it.
  melitz::by_country<law> const own{
      {melitz::pareto<>{1, 4.25}, melitz::pareto<>{1.1, 4.25}, melitz::lognormal<>{0, 0.5}}};
  CHECK_THAT(gains_from_trade(economy, own)[2],
             WithinRel(solve(economy, own).welfare[2] / solve(economy.autarky(2), own.laws[2]).welfare[0], 1e-14));
  double const shape = 1 / ((0.2 / 4.25 + 0.1 / 9) / 0.3);  // of both, weighted by spending
  double const old_share = (2 * home(before, 0) + home(before, 1)) / 3;
  double const new_share = (2 * home(after, 0) + home(after, 1)) / 3;
  double const pooled = std::pow(new_share / old_share, -0.3 / shape);
  CHECK(std::abs(std::log(pooled) / std::log(by_sector) - 1) > 0.01);
}

TEST_CASE("countries that do not trade, one country, homogeneous firms", "[world][property]") {
  law const drawn = melitz::lognormal<>{0, 0.7};
  auto economy = world();
  economy.sectors.resize(1);
  auto& s = economy.sectors[0];
  // No trade in two ways at once.
  s.iceberg_cost = Eigen::Matrix3d{{1, infinity, 1.5}, {infinity, 1, 1.5}, {infinity, infinity, 1}};
  s.fixed_cost(0, 2) = s.fixed_cost(1, 2) = infinity;
  s.fixed_cost.diagonal().setConstant(1.3);
  auto const e = solve(economy, drawn);
  check_accounts(economy, e, drawn);
  for (Eigen::Index i = 0; i < 3; ++i) {
    CHECK_THAT(e.sectors[0].sales(i, i), WithinRel(0.2 * e.income[i], 1e-13));
    CHECK_THAT(e.sectors[0].share(i, i), WithinRel(1.0, 1e-13));
    for (Eigen::Index j = 0; j < 3; ++j) {
      if (i == j) continue;
      CHECK(e.sectors[0].sales(i, j) == 0);
      CHECK(e.sectors[0].mass_sellers(i, j) == 0);
      CHECK(e.sectors[0].cutoff(i, j) == infinity);
      CHECK(std::isnan(elasticities_by_margin(economy, e, 0, i, j).iceberg_cost.flow));
    }
  }
  // Alone in the world, a share 1 of spending answers to no cost of trade, since all is spent at home.
  chaney_economy<> const alone{.outside_productivity = Eigen::VectorXd::Constant(1, 0.7),
                               .labor = Eigen::VectorXd::Constant(1, 90),
                               .sectors = {{.elasticity = 4,
                                            .expenditure_share = 0.2,
                                            .iceberg_cost = Eigen::MatrixXd::Ones(1, 1),
                                            .fixed_cost = Eigen::MatrixXd::Constant(1, 1, 1.3)}}};
  law const power = melitz::pareto<>{1, 4.25};
  auto const single = solve(alone, power);
  check_accounts(alone, single, power);
  CHECK_THAT(elasticities_by_margin(alone, single, 0, 0, 0).fixed_cost.in_equilibrium, WithinAbs(0, 1e-15));

  // Firms that are all alike: no profits, and only as many sell as spending pays the fixed costs of.
  law const same = melitz::degenerate<>{1.5};
  auto const homogeneous = solve(alone, same);
  check_accounts(alone, homogeneous, same);
  CHECK(homogeneous.dividend == 0);
  auto const& q = homogeneous.sectors[0];
  double const firms = 0.2 * 63 / (4 * 1.3);
  CHECK_THAT(q.mass_sellers(0, 0), WithinRel(firms, 1e-12));
  CHECK_THAT(q.marginal_share[0], WithinRel(firms / 63, 1e-12));
  CHECK_THAT(q.cutoff(0, 0), WithinRel(1.5, 1e-12));
  CHECK_THAT(q.price_index[0], WithinRel(std::pow(firms, -1.0 / 3) * 4 / 3 * 0.7 / 1.5, 1e-12));
  CHECK(elasticities_by_margin(alone, homogeneous, 0, 0, 0).iceberg_cost.flow == -infinity);
  // With a low fixed cost all of them sell, and share what is spent.
  auto cheap = alone;
  cheap.sectors[0].fixed_cost(0, 0) = 0.01;
  auto const all = solve(cheap, same);
  check_accounts(cheap, all, same);
  CHECK_THAT(all.sectors[0].mass_sellers(0, 0), WithinRel(63.0, 1e-13));
  CHECK(all.sectors[0].marginal_share[0] == 1);
}

TEST_CASE("random worlds solve, under any law and over many orders of magnitude", "[world][property]") {
  test::uniform_numbers random(20080902);
  auto const laws = test::laws();
  int evaluations = 0, infinite = 0;
  for (int k = 0; k < 600; ++k) {
    auto const n = static_cast<Eigen::Index>(1 + k % 5);
    chaney_sector<> s{.elasticity = random(1.2, 4),
                      .expenditure_share = 0.02,
                      .entrants_per_labor_income = std::exp(random(-10, 10)),
                      .iceberg_cost = Eigen::MatrixXd::Ones(n, n),
                      .fixed_cost = Eigen::MatrixXd::Ones(n, n)};
    chaney_economy<> economy{.outside_productivity = Eigen::VectorXd(n), .labor = Eigen::VectorXd(n), .sectors = {}};
    laws_by_sector drawn{std::vector<by_country<law>>(1)};
    std::string names;
    double const costs = random(-20, 12);
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const& [name, its] = laws[static_cast<std::size_t>(random(0, static_cast<double>(laws.size()) - 1e-9))];
      drawn.laws[0].laws.push_back(its);
      names += name + ", ";
      economy.outside_productivity[i] = std::exp(random(-0.5, 0.5));
      economy.labor[i] = std::exp(random(3, 4));
      for (Eigen::Index j = 0; j < n; ++j) {
        s.fixed_cost(i, j) = std::exp(costs + random(-2, 2));
        if (i != j) s.iceberg_cost(i, j) = 1 + std::exp(random(-3, 3));
      }
    }
    economy.sectors = {s};
    CAPTURE(k, n, names);
    auto const e = try_solve(economy, drawn);
    REQUIRE(e.reason == melitz::status::converged);
    CHECK(e.residual <= 1e-12);
    CHECK(e.dividend >= 0);
    for (Eigen::Index j = 0; j < n; ++j) {
      CHECK_THAT(e.sectors[0].sales.col(j).sum(), WithinRel(0.02 * e.income[j], 1e-11));
    }
    evaluations += e.evaluations;
    infinite += e.sectors[0].cutoff.maxCoeff() == infinity;
  }
  CHECK(evaluations < 600 * 6);
  CHECK(infinite > 30);
}

TEST_CASE("worlds with given entrants that are none are refused by name, and a failure leaves no numbers",
          "[world][errors]") {
  melitz::any_law<double> const drawn = melitz::lognormal<>{0, 0.7};
  auto const message = [&](auto const& spoil, std::string const& text) {
    auto economy = world();
    spoil(economy);
    CHECK_THROWS_WITH(solve(economy, drawn), contains(text));
  };
  message([](auto& w) { w.labor[1] = 0; }, "chaney_economy: labor(1) is 0; it must be positive and finite");
  message([](auto& w) { w.labor.resize(0); }, "number of countries is 0; it must be at least 1");
  message(
      [](auto& w) {
        w.outside_productivity = Eigen::Vector2d{1, 1};
      },
      "size of outside_productivity is 2; it must be the number of countries, 3");
  message([](auto& w) { w.outside_productivity[2] = -1; }, "outside_productivity(2) is -1");
  message([](auto& w) { w.sectors.clear(); }, "number of sectors is 0");
  message([](auto& w) { w.sectors[1].expenditure_share = 0.8; },
          "chaney_economy: sum of expenditure shares is 1; it must be below 1");
  auto const in_sector = [&](auto const& spoil, std::string const& text) {
    message([&](auto& w) { spoil(w.sectors[0]); }, text);
  };
  in_sector([](auto& s) { s.elasticity = 1; }, "chaney_sector: elasticity is 1; it must exceed 1 and be finite");
  in_sector([](auto& s) { s.expenditure_share = 0; }, "expenditure_share is 0; it must lie in (0, 1)");
  in_sector([](auto& s) { s.entrants_per_labor_income = 0; }, "entrants_per_labor_income is 0");
  in_sector([](auto& s) { s.iceberg_cost = Eigen::Matrix2d::Ones(); }, "shape of iceberg_cost is 2 x 2");
  in_sector([](auto& s) { s.iceberg_cost(0, 2) = 0.9; }, "iceberg_cost(0, 2) is 0.9; it must be at least 1");
  in_sector([](auto& s) { s.iceberg_cost(1, 1) = 1.1; }, "iceberg_cost(1, 1) is 1.1; it must be 1 at home");
  in_sector([](auto& s) { s.fixed_cost = Eigen::Matrix2d::Ones(); }, "shape of fixed_cost is 2 x 2");
  in_sector([](auto& s) { s.fixed_cost(2, 1) = 0; }, "fixed_cost(2, 1) is 0; it must be positive");
  in_sector([](auto& s) { s.fixed_cost(1, 1) = infinity; }, "fixed_cost(1, 1) is inf; it must be finite at home");
  CHECK_THROWS_WITH(solve(world(), law(melitz::pareto<>{1, 3})),
                    contains("shape is 3; it must exceed the size exponent 3"));
  CHECK_THROWS_WITH(solve(world(), by_sector<law>{{drawn, drawn, drawn}}),
                    contains("number of laws is 3; it must be 1, or the number of sectors, 2"));
  CHECK_THROWS_WITH(solve(world(), laws_by_sector{{{{drawn}}, {{drawn, drawn}}}}),
                    contains("number of laws is 2; it must be 1, or the number of countries, 3"));
  // All spend much on the sector, and the second country has most of its firms.
  auto crowded = world();
  crowded.sectors.resize(1);
  crowded.sectors[0].expenditure_share = 0.95;
  CHECK_THROWS_WITH(solve(crowded, law(melitz::pareto<>{1, 4.25})),
                    contains("outside_labor(1) is -") && contains("be at least 0: the outside good is not made there"));

  auto const e = solve(world(), drawn);
  CHECK_THROWS_WITH(elasticities_by_margin(world(), e, 2, 0, 0), contains("sector is 2"));
  CHECK_THROWS_WITH(elasticities_by_margin(world(), e, 0, 3, 0), contains("exporter is 3"));
  CHECK_THROWS_WITH(elasticities_by_margin(world(), e, 0, 0, -1), contains("importer is -1"));
  auto smaller = world();
  smaller.sectors.resize(1);
  CHECK_THROWS_WITH(elasticities_by_margin(smaller, e, 0, 0, 0), contains("number of sectors of the equilibrium is 2"));

  auto const none = [&](melitz::chaney_equilibrium<> const& failed, melitz::status why) {
    CHECK(failed.reason == why);
    CHECK(!failed);
    CHECK(failed.method == chaney_method::none);
    CHECK((std::isnan(failed.dividend) && std::isnan(failed.residual) && std::isnan(failed.world_income)));
    CHECK((failed.income.array().isNaN().all() && failed.welfare.array().isNaN().all() &&
           failed.outside_labor.array().isNaN().all()));
    REQUIRE(failed.sectors.size() == 2);
    for (auto const& s : failed.sectors) {
      CHECK(s.price_index.size() == 3);
      CHECK((s.price_index.array().isNaN().all() && s.profits.array().isNaN().all() &&
             s.remoteness.array().isNaN().all() && s.sales.array().isNaN().all() && s.cutoff.array().isNaN().all() &&
             s.trade_elasticity.array().isNaN().all()));
    }
    CHECK(std::isnan(elasticities_by_margin(world(), failed, 0, 0, 0).iceberg_cost.flow));
  };
  // Too few for a market; then for the dividend.
  none(try_solve(world(), drawn, {.max_evaluations = 1}), melitz::status::iteration_limit);
  int enough = 2;
  while (!try_solve(world(), drawn, {.max_evaluations = enough})) ++enough;
  CHECK(enough < 8);
  for (int few = 2; few < enough; ++few) {
    none(try_solve(world(), drawn, {.max_evaluations = few}), melitz::status::iteration_limit);
  }
  CHECK_THROWS_AS(solve(world(), drawn, {.max_evaluations = 1}), melitz::convergence_error);
  // Prices beyond the range of a double.
  auto remote = world();
  for (auto& s : remote.sectors) {
    s.elasticity = 1.01;
    s.entrants_per_labor_income = 1e-6;
  }
  none(try_solve(remote, drawn), melitz::status::out_of_range);
}

}  // namespace test::world_chaney
