// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/worlds/melitz_ottaviano/closed_form.hpp>
#include <melitz/worlds/melitz_ottaviano/cost_moments.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test::world_melitz_ottaviano {

using melitz::melitz_ottaviano_economy;
using melitz::pareto_costs;
using melitz::solve;
using test::check_within;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;
using law = melitz::any_law<double>;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

melitz::by_country<law> costs_of(test::json const& list) {
  melitz::by_country<law> out;
  for (auto const& j : list) {
    if (j.at("type") == "pareto_cost") {
      out.laws.push_back(pareto_costs(number(j.at("c_max")), number(j.at("k"))));
    } else {
      REQUIRE(j.at("type") == "uniform_cost");
      out.laws.push_back(melitz::uniform_costs(number(j.at("a")), number(j.at("b"))));
    }
  }
  return out;
}

/// Three countries, all of which firms enter.
melitz_ottaviano_economy<> world() {
  return {.choke_price = 10,
          .differentiation = 2,
          .substitution = 1.5,
          .consumers = Eigen::Vector3d{10, 14, 8},
          .entry_cost = Eigen::Vector3d{1, 1.05, 0.98},
          .iceberg_cost = Eigen::Matrix3d{{1, 1.6, 1.7}, {1.7, 1, 1.65}, {1.65, 1.6, 1}},
          .labor_per_consumer = 60};
}

law const draws = pareto_costs(8.0, 2.0);

}  // namespace

TEST_CASE("linear demand in different countries agrees with the references", "[world][reference]") {
  // tests/reference/melitz_ottaviano.json, remade by tools/reference/melitz_ottaviano.py.
  int compared = 0;
  auto const file = test::reference("melitz_ottaviano");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name").get<std::string>());
    auto economy = test::economy_from<melitz_ottaviano_economy<>>(row.at("params"));
    economy.labor_per_consumer = 60;
    auto const& expected = row.at("outputs");
    auto const e = solve(economy, costs_of(row.at("params").at("cost_dists")), {.allow_no_entrants = true});
    test::validates const here("melitz_ottaviano", row.at("name"));
    CHECK(test::compare_all(expected, e, 1e-12) == 11);
    CHECK(e.residual < 1e-13);
    for (Eigen::Index i = 0; i < economy.countries(); ++i) {
      CAPTURE(i);
      double const slack = number(expected.at("entry_slack").at(static_cast<std::size_t>(i)));
      CHECK_THAT(1 - e.profit_over_entry_cost[i], WithinAbs(slack, 1e-13));
      CHECK((e.mass_entrants[i] > 0) == (std::abs(slack) < 1e-20));
    }
    if (row.at("name") == "closed_pareto") {
      auto const& form = row.at("closed_form");
      test::validates const part("in closed form");
      CHECK(test::compare_all(form, e, 1e-12) == 9);
      CHECK_THAT(e.sales(0, 0) / e.mass_varieties[0], WithinRel(number(form.at("average_revenue").at(0)), 1e-12));
    }
    ++compared;
  }
  CHECK(compared == 6);
}

TEST_CASE("under Pareto costs of one shape the solver finds the closed form", "[world][reference]") {
  test::uniform_numbers random(20080101);
  int compared = 0, refused = 0;
  for (int k = 0; k < 60; ++k) {
    auto const n = static_cast<Eigen::Index>(1 + k % 5);
    auto w = world();
    double const shape = random(1, 5), highest = 40, center = random(1.2, 2.2);
    w.consumers = Eigen::VectorXd(n);
    w.entry_cost = Eigen::VectorXd(n);
    w.iceberg_cost = Eigen::MatrixXd::Ones(n, n);
    w.death_rate = random(0.1, 1);
    w.labor_per_consumer = 1000;
    std::vector<law> laws;
    Eigen::VectorXd limits(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      w.consumers[i] = random(8, 12);
      w.entry_cost[i] = random(0.95, 1.05) * std::pow(highest / 3, -shape) * 40;
      limits[i] = highest * random(0.99, 1.01);
      laws.push_back(pareto_costs(limits[i], shape));
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) w.iceberg_cost(i, j) = center * random(0.97, 1.03);
      }
    }
    CAPTURE(k, n, shape);
    auto const e = try_solve(w, melitz::by_country{laws}, {.allow_no_entrants = true});
    REQUIRE(e.reason == melitz::status::converged);
    if (e.mass_entrants.minCoeff() == 0) {
      CHECK_THROWS_AS(pareto_melitz_ottaviano(w, limits, shape), melitz::domain_error);
      ++refused;
      continue;
    }
    auto const f = pareto_melitz_ottaviano(w, limits, shape);
    check_within(e.price_cutoff, f.price_cutoff, 1e-12, "cutoff");
    check_within(e.mass_entrants, f.mass_entrants, 1e-12, "entrants");
    check_within(e.mass_varieties, f.mass_varieties, 1e-12, "sellers");
    check_within(e.average_price, f.average_price, 1e-12, "price");
    check_within(e.average_markup, f.average_markup, 1e-12, "markup");
    check_within(e.consumer_surplus, f.consumer_surplus, 1e-12, "utility");
    CHECK((e.trade_elasticity.array() - shape).abs().maxCoeff() < 1e-11);
    ++compared;
  }
  CHECK(compared > 30);
  CHECK(refused > 0);
}

TEST_CASE("accounts close and utility is that of the quantities, whatever the law", "[world][property]") {
  int interior = 0;
  for (auto const& [name, costs] : test::laws()) {
    CAPTURE(name);
    auto w = world();
    w.labor_per_consumer = 1000;
    w.entry_cost *= 4;
    melitz::melitz_ottaviano_equilibrium<> e;
    try {
      e = solve(w, costs, {.allow_no_entrants = true});
    } catch (melitz::domain_error const& error) {
      INFO(error.what());
      CHECK((test::has_atoms(name) && error.value() == "undetermined"));
      continue;
    }
    interior += e.mass_entrants.minCoeff() > 0;
    CHECK(e.residual < 1e-12);
    CHECK(e.profit_over_entry_cost.maxCoeff() < 1 + 1e-12);
    if (e.sales(0, 1) > 1e-6 && !test::has_atoms(name)) {  // at given prices and entrants
      auto const log_sales = [&, &draws = costs](double change) {
        auto moved = w;
        moved.iceberg_cost(0, 1) *= std::exp(change);
        std::vector const moments{melitz::detail::cost_moments_of(draws, w.choke_price, 0)};
        auto there = e;
        melitz::detail::melitz_ottaviano_firms const firms(moved, moments);
        melitz::detail::fill(there, moved, firms);
        return std::log(there.sales(0, 1));
      };
      double const h = 1e-4;  // of the fourth order
      CHECK_THAT(
          e.trade_elasticity(0, 1),
          WithinRel((log_sales(2 * h) - log_sales(-2 * h) - 8 * (log_sales(h) - log_sales(-h))) / (12 * h), 1e-7));
    }
    // Revenue pays for labour: entry, and production of what is sold, iceberg costs included.
    CHECK_THAT(e.outside_labor.sum() + e.sales.sum(), WithinRel(32000.0, 1e-13));
    for (Eigen::Index h = 0; h < 3; ++h) {
      CAPTURE(h);
      double const buyers = w.consumers[h], n = e.mass_varieties[h];
      CHECK_THAT(e.mass_sellers.col(h).sum(), WithinRel(n, 1e-13));
      double const margin = e.price_cutoff[h] - e.average_price[h];
      CHECK_THAT(e.average_cost[h] + e.average_markup[h], WithinRel(e.average_price[h], 1e-13));
      CHECK_THAT(e.average_quantity[h], WithinRel(buyers / 2 * margin, 1e-12));
      double const total = n * e.average_quantity[h] / buyers;  // Q
      double const squares = n * (e.price_variance[h] + margin * margin) / 4;
      CHECK_THAT(e.consumer_surplus[h],
                 WithinRel(10 * total - squares - 0.75 * total * total - e.expenditure_per_consumer[h], 1e-11));
      CHECK_THAT(e.utility[h], WithinRel(1000 + e.consumer_surplus[h], 1e-15));
      double const mean_square = e.price_variance[h] + margin * margin;
      CHECK_THAT(e.average_profit[h], WithinRel(buyers / 2 * mean_square, 1e-11));
      // Marginal utility of the least wanted variety is its price: alpha - eta Q = c_D.
      CHECK_THAT(10 - 1.5 * total, WithinRel(e.price_cutoff[h], 1e-12));
    }
  }
  CHECK(interior > 8);
}

TEST_CASE("an entrant's profit is what firms make, market by market", "[world][property]") {
  auto w = world();
  double const mean = 1, sd = 0.6;
  auto const e = solve(w, law(melitz::lognormal_costs(mean, sd)), {.allow_no_entrants = true});
  for (Eigen::Index l = 0; l < 3; ++l) {
    double sum = 0, sellers = 0, step = 1e-4;
    for (double z = -9 + step / 2; z < 9; z += step) {
      double const cost = std::exp(mean + sd * z),
                   weight = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)) * step;
      for (Eigen::Index h = 0; h < 3; ++h) {
        double const delivered = w.iceberg_cost(l, h) * cost, quantity = e.quantity(h, delivered);
        sum += weight * e.profit(h, delivered);
        sellers += h == 1 && quantity > 0 ? weight : 0;
        if (quantity == 0) continue;
        // No other price earns more, given demand L/gamma (c_D - p).
        double const price = e.price(h, delivered);
        auto const earned = [&](double p) {
          return (p - delivered) * w.consumers[h] / 2 * std::max(0.0, e.price_cutoff[h] - p);
        };
        if (earned(price) < earned(price * 1.01) || earned(price) < earned(price * 0.99)) FAIL();
        if (std::abs(e.markup(h, delivered) * quantity / e.profit(h, delivered) - 1) > 1e-9) FAIL();
      }
    }
    // By the midpoint rule: squared steps of profit, a whole step of those who sell.
    CHECK_THAT(sum / w.entry_cost[l], WithinRel(e.profit_over_entry_cost[l], 1e-7));
    CHECK_THAT(sellers * e.mass_entrants[l], WithinAbs(e.mass_sellers(l, 1), 1e-3 * e.mass_entrants[l]));
  }
  CHECK(std::isnan(e.price(0, e.price_cutoff[0] * 1.001)));
  CHECK(e.quantity(0, e.price_cutoff[0] * 1.001) == 0);
  CHECK(e.profit(0, infinity) == 0);
}

TEST_CASE("larger markets are more competitive, and trade enlarges them", "[world][property]") {
  for (law const& costs : {draws, law(melitz::lognormal_costs(1.0, 0.6)), law(melitz::uniform_costs(1.0, 9.0))}) {
    auto w = world();
    w.entry_cost.setConstant(1);
    w.iceberg_cost.setConstant(infinity);
    w.iceberg_cost.diagonal().setOnes();
    auto const apart = solve(w, costs);
    // Each as if alone.
    for (Eigen::Index i = 0; i < 3; ++i) {
      auto one = w;
      one.consumers = Eigen::VectorXd::Constant(1, w.consumers[i]);
      one.entry_cost = one.iceberg_cost = Eigen::MatrixXd::Ones(1, 1);
      auto const alone = solve(one, costs);
      CHECK_THAT(apart.price_cutoff[i], WithinRel(alone.price_cutoff[0], 1e-13));
      CHECK_THAT(apart.mass_varieties[i], WithinRel(alone.mass_varieties[0], 1e-12));
    }
    CHECK(apart.sales(0, 1) == 0);
    // Sorted by size: 8, 10, 14.
    for (auto const& [small, large] : {std::pair{2, 0}, std::pair{0, 1}}) {
      CHECK(apart.price_cutoff[large] < apart.price_cutoff[small]);
      CHECK(apart.average_markup[large] < apart.average_markup[small]);
      CHECK(apart.mass_varieties[large] > apart.mass_varieties[small]);
      CHECK(apart.average_quantity[large] > apart.average_quantity[small]);
      CHECK(apart.utility[large] > apart.utility[small]);
    }
    // Free trade is one large market. Where firms enter it is not determined, so trade is almost free.
    w.iceberg_cost.setConstant(1 + 1e-5);
    w.iceberg_cost.diagonal().setOnes();
    auto const free = solve(w, costs, {.allow_no_entrants = true});
    auto one = w;
    one.consumers = Eigen::VectorXd::Constant(1, w.consumers.sum());
    one.entry_cost = one.iceberg_cost = Eigen::MatrixXd::Ones(1, 1);
    auto const integrated = solve(one, costs);
    for (Eigen::Index i = 0; i < 3; ++i) {
      // As far as trade costs of 1e-5 take them apart.
      CHECK_THAT(free.price_cutoff[i], WithinRel(integrated.price_cutoff[0], 1e-4));
      CHECK_THAT(free.consumer_surplus[i], WithinRel(integrated.consumer_surplus[0], 1e-4));
      CHECK(free.utility[i] > apart.utility[i]);
    }
  }
}

TEST_CASE("where all entrants sell, costs enter by their mean and variance only", "[world][property]") {
  // E[(x - c)^2] = (x - mean)^2 + variance once x exceeds all costs.
  melitz_ottaviano_economy<> const w{.choke_price = 10,
                                     .differentiation = 2,
                                     .substitution = 1.5,
                                     .consumers = Eigen::VectorXd::Constant(1, 10),
                                     .entry_cost = Eigen::VectorXd::Constant(1, 20),
                                     .iceberg_cost = Eigen::MatrixXd::Ones(1, 1),
                                     .labor_per_consumer = 60};
  auto const e = solve(w, melitz::uniform_costs(1.0, 2.0));
  double const expected = 1.5 + std::sqrt(20 * 8.0 / 10 - 1.0 / 12);
  CHECK_THAT(e.price_cutoff[0], WithinRel(expected, 1e-14));
  CHECK_THAT(e.mass_varieties[0], WithinRel(e.mass_entrants[0], 1e-15));
  CHECK_THAT(e.mass_entrants[0] * (expected - 1.5), WithinRel(4 * (10 - expected) / 1.5, 1e-13));
  CHECK_THAT(e.average_cost[0], WithinRel(1.5, 1e-14));
  // Unless the death rate is 1 the entry cost is recovered over several periods.
  auto lasting = w;
  lasting.death_rate = 0.25;
  lasting.entry_cost *= 4;
  CHECK_THAT(solve(lasting, melitz::uniform_costs(1.0, 2.0)).mass_entrants[0], WithinRel(e.mass_entrants[0], 1e-14));
}

TEST_CASE("random worlds solve, with entrants wherever entry pays in linear demand", "[world][property]") {
  test::uniform_numbers random(20220808);
  std::vector<law> const laws{draws, pareto_costs(9.0, 3.0), melitz::uniform_costs(0.5, 9.0),
                              melitz::bounded_pareto<>{0.1, 2, 2}};
  int corners = 0, evaluations = 0, count = 0;
  for (int k = 0; k < 150; ++k) {
    auto const n = static_cast<Eigen::Index>(k < 147 ? 2 + k % 5 : 25);
    melitz_ottaviano_economy<> w{.choke_price = 10,
                                 .differentiation = 2,
                                 .substitution = random(0.5, 3),
                                 .consumers = Eigen::VectorXd(n),
                                 .entry_cost = Eigen::VectorXd(n),
                                 .iceberg_cost = Eigen::MatrixXd::Ones(n, n),
                                 .labor_per_consumer = 1e6};
    std::vector<law> own;
    double const sizes = random(0, 1.5), center = random(1.2, 2.5);
    for (Eigen::Index i = 0; i < n; ++i) {
      w.consumers[i] = 10 * std::exp(random(-sizes, sizes));
      w.entry_cost[i] = random(0.8, 1.2);
      own.push_back(laws[static_cast<std::size_t>(random(0, 3.999))]);
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) w.iceberg_cost(i, j) = center * random(0.85, 1.15);
      }
    }
    CAPTURE(k, n);
    auto const e = try_solve(w, melitz::by_country{own}, {.allow_no_entrants = true});
    REQUIRE(e.reason == melitz::status::converged);
    CHECK(e.residual < 1e-12);
    CHECK(e.profit_over_entry_cost.maxCoeff() < 1 + 1e-12);
    CHECK(e.mass_entrants.minCoeff() >= 0);
    corners += e.mass_entrants.minCoeff() == 0;
    evaluations += e.evaluations;
    ++count;
  }
  CHECK(corners > 50);
  CHECK(corners < 145);
  CHECK(evaluations < 30 * count);
}

TEST_CASE("the convex program is solved however unlike the countries", "[world][property]") {
  // Sizes whose logarithms have a standard deviation of 2, icebergs up to 5; the last hundred up to 100, many infinite.
  test::uniform_numbers random(19970101);
  auto const normal = [&] {
    double const u = random(1e-12, 1), v = random(0, 1);
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::acos(-1.0) * v);
  };
  int evaluations = 0, most = 0, corners = 0;
  for (int k = 0; k < 1100; ++k) {
    auto const n = static_cast<Eigen::Index>(2 + k % 19);
    bool const far = k >= 1000;
    melitz_ottaviano_economy<> w{.choke_price = 10,
                                 .differentiation = 2,
                                 .substitution = random(0.5, 3),
                                 .consumers = Eigen::VectorXd(n),
                                 .entry_cost = Eigen::VectorXd(n),
                                 .iceberg_cost = Eigen::MatrixXd::Ones(n, n),
                                 .labor_per_consumer = 1e9};
    std::vector<law> own;
    for (Eigen::Index i = 0; i < n; ++i) {
      w.consumers[i] = 10 * std::exp(2 * normal());
      w.entry_cost[i] = std::exp(0.5 * normal());
      switch (k % 4) {
        case 0:
          own.push_back(pareto_costs(random(7, 9), random(0.5, 8)));
          break;
        case 1:
          own.push_back(melitz::uniform_costs(0.5, random(8, 10)));
          break;
        case 2:
          own.push_back(melitz::lognormal_costs(random(0.9, 1.1), 0.6));
          break;
        default:
          own.push_back(pareto_costs(random(7, 9), 2.0));
      }
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i == j) continue;
        w.iceberg_cost(i, j) = !far ? random(1, 5) : random(0, 1) < 0.3 ? infinity : std::pow(100, random(0, 1));
      }
    }
    CAPTURE(k, n);
    melitz::melitz_ottaviano_equilibrium<> e;
    try {
      e = try_solve(w, melitz::by_country{own}, {.allow_no_entrants = true});
    } catch (melitz::domain_error const& error) {
      CHECK((far && std::string(error.what()).find("nobody sells there") != std::string::npos));
      continue;
    }
    CHECK(e.reason == melitz::status::converged);
    if (!e) continue;
    CHECK(e.residual <= 1e-12);
    CHECK(e.profit_over_entry_cost.maxCoeff() <= 1 + 1e-12);
    for (Eigen::Index h = 0; h < n; ++h) {
      double const bought = e.mass_varieties[h] * e.average_quantity[h] / w.consumers[h];
      CHECK(std::abs(e.price_cutoff[h] + w.substitution * bought - 10) <= 10 * 1e-12);
    }
    corners += e.mass_entrants.minCoeff() == 0;
    evaluations += e.evaluations;
    most = std::max(most, e.evaluations);
  }
  CHECK(corners > 800);
  CHECK(evaluations < 1100 * 13);
  CHECK(most < 60);
}

TEST_CASE("worlds with linear demand that are none are refused by name", "[world][errors]") {
  auto const message = [&](auto const& spoil, std::string const& text) {
    auto w = world();
    spoil(w);
    CHECK_THROWS_WITH(solve(w, draws), contains(text));
  };
  message([](auto& w) { w.choke_price = 0; },
          "melitz_ottaviano_economy: choke_price is 0; it must be positive and finite");
  message([](auto& w) { w.differentiation = -1; }, "differentiation is -1");
  message([](auto& w) { w.substitution = infinity; }, "substitution is inf");
  message([](auto& w) { w.consumers.resize(0); }, "number of countries is 0");
  message([](auto& w) { w.consumers[2] = 0; }, "consumers(2) is 0");
  message([](auto& w) { w.entry_cost[1] = 0; }, "entry_cost(1) is 0");
  message([](auto& w) { w.entry_cost = Eigen::Vector2d{1, 1}; }, "size of entry_cost is 2");
  message([](auto& w) { w.iceberg_cost(0, 2) = 0.5; }, "iceberg_cost(0, 2) is 0.5; it must be at least 1");
  message([](auto& w) { w.death_rate = 0; }, "death_rate is 0; it must lie in (0, 1]");
  message([](auto& w) { w.labor_per_consumer = 0; }, "labor_per_consumer is 0");
  message([](auto& w) { w.labor_per_consumer = 1; }, "expenditure_per_consumer(0) is 11.5");
  message([](auto& w) { w.entry_cost *= 1000; }, "profit over entry cost at prices up to the choke price is 0.");
  message([](auto& w) { w.entry_cost[1] = 2; }, "expected profit over entry cost in country 1 is 0.");
  auto small = world();  // its firms serve everybody, and that takes more labour than it has
  small.consumers[2] = 1;
  small.entry_cost[2] = 0.3;
  small.iceberg_cost.row(2).setConstant(1);
  CHECK_THROWS_WITH(solve(small, draws, {.allow_no_entrants = true}),
                    contains("outside_labor(2) is -") && contains("the outside good is not made there"));
  auto lonely = world();  // nobody sells in country 2
  lonely.iceberg_cost.col(2) << infinity, infinity, 1;
  lonely.iceberg_cost.row(2) << infinity, infinity, 1;
  lonely.entry_cost[2] = 1e3;
  CHECK_THROWS_WITH(
      solve(lonely, draws, {.allow_no_entrants = true}),
      contains("price_cutoff of country 2 over choke_price is 1; it must be below 1: nobody sells there"));
  CHECK_THROWS_WITH(solve(world(), melitz::by_country<law>{{draws, draws}}), contains("number of laws is 2"));
  CHECK_THROWS_WITH(pareto_costs(0.0, 2.0), contains("pareto_costs: highest is 0"));
  CHECK_THROWS_WITH(pareto_costs(1.0, 0.0), contains("shape is 0"));
  CHECK_THROWS_WITH(melitz::uniform_costs(0.0, 2.0), contains("lowest is 0") && contains("of shape 1"));
  CHECK_THROWS_WITH(melitz::uniform_costs(2.0, 2.0), contains("highest is 2; it must exceed lowest"));
  CHECK_THROWS_WITH(melitz::lognormal_costs(0.0, 0.0), contains("log_sd is 0"));

  auto same = world();  // countries between which trade is free
  same.iceberg_cost.setOnes();
  same.entry_cost.setOnes();
  CHECK_THROWS_WITH(solve(same, draws), contains("where firms enter is undetermined"));

  Eigen::VectorXd const limits = Eigen::Vector3d::Constant(8);
  CHECK_THROWS_WITH(pareto_melitz_ottaviano(world(), limits, 0), contains("shape is 0"));
  CHECK_THROWS_WITH(pareto_melitz_ottaviano(world(), Eigen::VectorXd(Eigen::Vector3d{8, -8, 8}), 2),
                    contains("highest_cost(1) is -8"));
  CHECK_THROWS_WITH(pareto_melitz_ottaviano(world(), Eigen::VectorXd(Eigen::Vector3d::Constant(0.5)), 2),
                    contains("be at most the highest delivered cost"));

  auto const failed = try_solve(world(), draws, {.max_evaluations = 1});
  CHECK(failed.reason == melitz::status::iteration_limit);
  CHECK(!failed);
  CHECK(failed.price_cutoff.size() == 3);
  CHECK((failed.price_cutoff.array().isNaN().all() && failed.utility.array().isNaN().all()));
  CHECK((failed.sales.array().isNaN().all() && failed.mass_sellers.array().isNaN().all()));
  CHECK(std::isnan(failed.residual));
  CHECK_THROWS_AS(solve(world(), draws, {.max_evaluations = 1}), melitz::convergence_error);
}

TEST_CASE("moments of costs have their closed forms", "[world]") {
  auto const check = [](melitz::detail::cost_point<double> const& p, double share, double gap, double square,
                        double tolerance = 1e-13) {
    CHECK_THAT(p.share, WithinRel(share, tolerance));
    CHECK_THAT(p.gap, WithinRel(gap, tolerance));
    CHECK_THAT(p.square, WithinRel(square, tolerance));
  };
  double const limit = 6;
  for (double const k : {0.5, 1.0, 2.5, 20.0}) {
    double const highest = 8;
    auto const moments = melitz::detail::cost_moments_of(law(pareto_costs(highest, k)), limit);
    for (double const x : {1e-12, 0.003, 1.0, 5.999, limit, 7.5, highest}) {  // below the limit and above it
      CAPTURE(k, x);
      double const share = std::pow(x / highest, k);
      check(moments.at(x), share, x * share / (k + 1), 2 * x * x * share / (k + 1) / (k + 2));
    }
    for (double const x : {8.5, 100.0, 1e6}) {  // all firms: x less the mean, and that squared with the variance
      CAPTURE(k, x);
      double const mean = highest * k / (k + 1), variance = highest * highest * k / (k + 1) / (k + 1) / (k + 2);
      check(moments.at(x), 1, x - mean, (x - mean) * (x - mean) + variance);
    }
  }
  double const a = 2, b = 5;
  auto const uniform = melitz::detail::cost_moments_of(law(melitz::uniform_costs(a, b)), limit);
  for (double const x : {2.001, 2.5, 4.0, 5.0}) {
    CAPTURE(x);
    check(uniform.at(x), (x - a) / (b - a), (x - a) * (x - a) / 2 / (b - a), std::pow(x - a, 3) / 3 / (b - a),
          x > 2.1 ? 1e-13 : 1e-12);  // a rounding of ln x is as much of so short a distance
  }
  check(uniform.at(9), 1, 9 - 3.5, 5.5 * 5.5 + 0.75);
  // Atoms: costs of 1, 1/2 and 1/3.
  auto const atoms = melitz::detail::cost_moments_of(law(melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}}), limit);
  for (double const x : {0.34, 0.4, 0.75, 0.999, 3.0, 50.0}) {
    CAPTURE(x);
    double share = 0, gap = 0, square = 0;
    for (auto const& [cost, weight] : {std::pair{1.0, 0.5}, std::pair{0.5, 0.25}, std::pair{1 / 3.0, 0.25}}) {
      if (cost > x) continue;
      share += weight;
      gap += weight * (x - cost);
      square += weight * (x - cost) * (x - cost);
    }
    check(atoms.at(x), share, gap, square);
  }
  // From where moments are kept it is one panel, and a lookup: as near to the kept one as to any other.
  for (double const x : {5.0, std::nextafter(5.0, 0.0), std::nextafter(5.0, 9.0)}) {
    check(uniform.at(x), 1, 1.5, 3.0);
  }
  auto const all = uniform.at(infinity);
  CHECK((all.share == 1 && all.gap == infinity && all.square == infinity));
  auto const none = uniform.at(std::nan(""));
  CHECK((std::isnan(none.share) && std::isnan(none.gap) && std::isnan(none.square)));
  // Nothing costs less than the lowest cost, nor than 0.
  for (double const x : {1.5, 2 - 1e-15, 1e-300, 0.0, -0.0, -3.0, -infinity}) {
    auto const p = uniform.at(x);
    CHECK((p.share == 0 && p.gap == 0 && p.square == 0));
  }
}

TEST_CASE("moments of log-normal costs are those of their density", "[world]") {
  double const mean = 0.3, sd = 0.7;
  auto const moments = melitz::detail::cost_moments_of(law(melitz::lognormal_costs(mean, sd)), 4.0);
  auto const remote = melitz::detail::cost_moments_of(law(melitz::lognormal_costs(mean, sd)), 4.0, 6);
  for (double const x : {1e-3, 0.05, 0.7, 3.9, 4.0, 60.0}) {
    CAPTURE(x);
    double const top = (std::log(x) - mean) / sd;
    auto const moment = [&](int power) {  // in standard deviations below x
      auto const f = [&](double down) {
        double const z = top - down;
        return std::pow(-std::expm1(-sd * down), power) * std::exp(-z * z / 2) / std::sqrt(2 * M_PI);
      };
      using rule = boost::math::quadrature::gauss_kronrod<double, 31>;
      return std::pow(x, power) * (rule::integrate(f, 0, 8, 12, 1e-14) + rule::integrate(f, 8, 40, 12, 1e-14));
    };
    for (auto const& p : {moments.at(x), remote.at(x)}) {
      CHECK_THAT(p.share, WithinRel(std::erfc(-top / std::sqrt(2)) / 2, 1e-13));
      CHECK_THAT(p.gap, WithinRel(moment(1), 1e-13));
      CHECK_THAT(p.square, WithinRel(moment(2), 1e-13));
    }
  }
}

namespace {

/// A program whose objective is quadratic: W_j' = pull_j - bend_j u_j.
struct quadratic_program {
  static constexpr int crowding = 100;
  Eigen::VectorXd pull, bend;

  [[nodiscard]] Eigen::VectorXd slopes(Eigen::VectorXd const& u) const { return pull - bend.cwiseProduct(u); }
  [[nodiscard]] Eigen::VectorXd curvature(Eigen::VectorXd const&) const { return -bend; }
  [[nodiscard]] Eigen::VectorXd const& size() const { return pull; }
  [[nodiscard]] Eigen::VectorXd unit(Eigen::VectorXd const& u) const { return Eigen::VectorXd::Ones(u.size()); }
};

/// exp(rise_i . u - room_i), which is to be 1 at most: as convex as profits are, with all that is earned depending on
/// all markets. Its corners are those of rise u <= room, which is quadratic programming.
struct exponential_prospects {
  Eigen::MatrixXd rise;
  Eigen::VectorXd room;

  melitz::detail::entrant_prospects<double> operator()(Eigen::Index i, Eigen::VectorXd const& u) const {
    Eigen::VectorXd const by = rise.row(i).transpose();
    double const profit = std::exp(by.dot(u) - room[i]);
    return {profit, profit * by, profit * by * by.transpose()};
  }
};

/// One type for all that firms may earn: each costs seconds to compile.
using prospects = std::function<melitz::detail::entrant_prospects<double>(Eigen::Index, Eigen::VectorXd const&)>;

/// sum_j share_ij exp(u_j): linear in demand shifters.
prospects linear_prospects(Eigen::MatrixXd const& share) {
  return [share](Eigen::Index i, Eigen::VectorXd const& u) {
    Eigen::VectorXd const parts = share.row(i).transpose().cwiseProduct(Eigen::VectorXd(u.array().exp()));
    return melitz::detail::entrant_prospects<double>{parts.sum(), parts, Eigen::MatrixXd(parts.asDiagonal())};
  };
}

melitz::detail::entry_solution<double> enter(prospects const& firms, quadratic_program const& objective,
                                             int budget = 100) {
  auto const n = objective.size().size();
  return melitz::detail::solve_entry<double>(firms, Eigen::VectorXd(Eigen::VectorXd::Zero(n)), objective,
                                             {.max_evaluations = budget});
}

/// The one set of countries at which all conditions hold, by trying them all.
/// @return u and the entrants; none if none is found with a margin
std::vector<std::pair<Eigen::VectorXd, Eigen::VectorXd>> by_trying(exponential_prospects const& firms,
                                                                   quadratic_program const& program) {
  auto const n = program.pull.size();
  std::vector<std::pair<Eigen::VectorXd, Eigen::VectorXd>> out;
  for (unsigned set = 0; set < (1U << n); ++set) {
    Eigen::VectorXd const free = program.pull.cwiseQuotient(program.bend);
    Eigen::MatrixXd const pushed = program.bend.cwiseInverse().asDiagonal() * firms.rise.transpose();
    Eigen::MatrixXd system = firms.rise * pushed;
    Eigen::VectorXd right = firms.rise * free - firms.room;
    for (Eigen::Index i = 0; i < n; ++i) {
      if ((set >> i & 1U) != 0) continue;
      system.row(i).setZero();
      system(i, i) = 1;
      right[i] = 0;
    }
    Eigen::VectorXd entrants = Eigen::FullPivLU<Eigen::MatrixXd>(system).solve(right);
    for (Eigen::Index i = 0; i < n; ++i) entrants[i] *= set >> i & 1U;  // of zeros rounding leaves something
    Eigen::VectorXd const u = free - pushed * entrants;
    Eigen::VectorXd const over = firms.rise * u - firms.room;
    if (entrants.minCoeff() >= 0 && over.maxCoeff() <= 1e-12) out.emplace_back(u, entrants);
  }
  return out;
}

}  // namespace

TEST_CASE("a program for entry is solved at its corner, by hand", "[world]") {
  // Firms of the second country earn less everywhere. Those of the first serve both markets, who spend 1 and 1:
  // A = (1/2, 1), where two entrants' shares of spending are one each, and the second country's would earn 0.1 + 0.3.
  auto const firms = linear_prospects(Eigen::Matrix2d{{1, 0.5}, {0.2, 0.3}});
  quadratic_program const spending{Eigen::Vector2d{1, 1}, Eigen::Vector2d{0, 0}};  // linear
  auto const at_corner = enter(firms, spending);
  REQUIRE(at_corner);
  CHECK_THAT(at_corner.u[0], WithinAbs(std::log(0.5), 1e-12));
  CHECK_THAT(at_corner.u[1], WithinAbs(0, 1e-12));
  CHECK_THAT(at_corner.entrants[0], WithinRel(2, 1e-12));
  CHECK(at_corner.entrants[1] == 0);
  CHECK_THAT(at_corner.profit[0], WithinRel(1, 1e-12));
  CHECK_THAT(at_corner.profit[1], WithinRel(0.4, 1e-12));
  CHECK(at_corner.determined);
  CHECK(at_corner.residual <= 1e-12);
  CHECK_THROWS_WITH(
      melitz::detail::require_entry("here", at_corner, {}),
      contains("expected profit over entry cost in country 1 is 0.") && contains("be 1: nobody enters there"));
  melitz::detail::require_entry("here", at_corner, {.allow_no_entrants = true});

  // Two that sell alike: one u, and as many entrants in all, but not where.
  auto const alike = enter(linear_prospects(Eigen::Matrix2d{{1, 0.5}, {1, 0.5}}), spending);
  REQUIRE(alike);
  CHECK_FALSE(alike.determined);
  CHECK_THAT(alike.entrants.sum(), WithinRel(2, 1e-12));
  CHECK_THROWS_WITH(melitz::detail::require_entry("here", alike, {}), contains("undetermined"));
}

TEST_CASE("programs for entry are solved as by trying all sets of countries", "[world][property]") {
  test::uniform_numbers uniform(42);
  int corners = 0, most = 0;
  for (int trial = 0; trial < 150; ++trial) {
    Eigen::Index const n = 1 + trial % 3;
    exponential_prospects firms{Eigen::MatrixXd(n, n), Eigen::VectorXd(n)};
    quadratic_program program{Eigen::VectorXd(n), Eigen::VectorXd(n)};
    for (Eigen::Index i = 0; i < n; ++i) {
      firms.room[i] = uniform(0.1, 1.5);
      program.pull[i] = std::exp(uniform(-2, 2));
      program.bend[i] = program.pull[i] * uniform(0.3, 1);  // served by nobody, u is from 1 to 3
      for (Eigen::Index j = 0; j < n; ++j) firms.rise(i, j) = i == j ? uniform(0.5, 2) : uniform(0.05, 1);
    }
    auto const exact = by_trying(firms, program);
    CAPTURE(trial, n);
    REQUIRE(exact.size() == 1);
    auto const& [u, entrants] = exact.front();
    auto const found = enter(firms, program);
    REQUIRE(found);
    for (Eigen::Index i = 0; i < n; ++i) {
      CHECK_THAT(found.u[i], WithinAbs(u[i], 1e-11));
      CHECK_THAT(found.entrants[i], WithinAbs(entrants[i], 1e-10 * program.pull.maxCoeff()));
      CHECK((found.entrants[i] == 0 || std::abs(found.profit[i] - 1) < 1e-12));
      corners += found.entrants[i] == 0 ? 1 : 0;
    }
    most = std::max(most, found.evaluations);
    // The same with what is left of a budget, and a status where nothing is.
    if (trial % 15 != 0) continue;
    for (int budget = 0; budget < found.evaluations; ++budget) {
      auto const early = enter(firms, program, budget);
      CAPTURE(budget, melitz::to_string(early.reason));
      CHECK(early.reason == melitz::status::iteration_limit);
      CHECK(early.evaluations == budget);
      CHECK(early.entrants.size() == 0);
    }
    auto const enough = enter(firms, program, found.evaluations);
    REQUIRE(enough);
    CHECK(enough.u == found.u);
  }
  CHECK(corners > 20);
  CHECK(most <= 25);
}

TEST_CASE("programs for entry that have no solution end in a status", "[world][failure]") {
  using melitz::status;
  quadratic_program const spending{Eigen::Vector2d{1, 1}, Eigen::Vector2d{0, 0}};  // linear
  auto const constant = [](double profit, double slope) {
    return prospects([=](Eigen::Index, Eigen::VectorXd const& u) {
      Eigen::VectorXd const all = Eigen::VectorXd::Constant(u.size(), slope);
      return melitz::detail::entrant_prospects<double>{profit, all, Eigen::MatrixXd(all.asDiagonal())};
    });
  };
  auto const reason = [&](double profit, double slope) { return enter(constant(profit, slope), spending).reason; };
  CHECK(reason(std::nan(""), 1) == status::not_finite);
  CHECK(reason(infinity, 1) == status::not_finite);
  CHECK(reason(2, 1) != status::converged);  // entry pays whatever is done
  CHECK(reason(2, 0) != status::converged);
  CHECK(reason(0.5, 0) != status::converged);  // nobody ever sells, and markets spend
  CHECK(reason(0.5, std::nan("")) != status::converged);
}

}  // namespace test::world_melitz_ottaviano
