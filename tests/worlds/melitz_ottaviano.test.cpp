// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <melitz/worlds/melitz_ottaviano/closed_form.hpp>

#include <cmath>
#include <limits>
#include <string>
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

}  // namespace test::world_melitz_ottaviano
