// SPDX-License-Identifier: BSL-1.0
#include <melitz/entry/menu_entry.hpp>

#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <algorithm>
#include <cmath>

namespace test::entry_menu_entry {

using melitz::menu;
using melitz::solve_free_entry;
using melitz::tail_of;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

TEST_CASE("free entry of menus agrees with the references", "[entry][reference]") {
  // tests/reference/menu.json, remade by tools/reference/menu.py.
  auto const file = test::reference("menu");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const options = test::menu_of(row);
    auto const tail = tail_of(test::law(row.at("distribution")), number(row.at("beta")));
    double const entry_cost = number(row.at("entry_cost"));
    auto const s = solve_free_entry(options, tail, entry_cost, 4.0);
    test::validates const here("menu", row.at("case"));
    test::validate("demand", s.demand, number(row.at("A")));
    test::validate("expected_profit_slope", s.expected_profit_slope, number(row.at("E_prime_A")));
    test::validate("expected_fixed_cost", s.expected_fixed_cost, number(row.at("expected_fixed_cost")), {}, 1);
    test::validate("profit_elasticity", s.profit_elasticity(), number(row.at("elasticity_E_A")));
    CHECK_THAT(s.demand, WithinRel(number(row.at("A")), 1e-12));
    CHECK(s.demand >= number(row.at("A_lower_bound")) * (1 - 1e-12));
    CHECK(s.demand <= number(row.at("A_upper_bound_homogeneous")) * (1 + 1e-12));
    CHECK_THAT(s.expected_profit_slope, WithinRel(number(row.at("E_prime_A")), 1e-12));
    CHECK_THAT(s.expected_fixed_cost, WithinAbs(number(row.at("expected_fixed_cost")), 1e-12));
    CHECK_THAT(s.profit_elasticity(), WithinRel(number(row.at("elasticity_E_A")), 1e-12));
    auto const& want = row.at("segments");
    REQUIRE(s.segments.size() == want.size());
    for (std::size_t k = 0; k < want.size(); ++k) {
      CAPTURE(k);
      CHECK(s.segments[k].option == want[k].at("option").get<std::string>());
      double const cutoff = number(want[k].at("cutoff")), mass = number(want[k].at("mass")),
                   moment = number(want[k].at("V"));
      test::validates const part("option " + want[k].at("option").get<std::string>());
      test::validate("cutoff", s.segments[k].cutoff, cutoff);
      test::validate("mass", s.segments[k].mass, mass, {}, 1);
      test::validate("moment", s.segments[k].moment, moment, {}, std::max(1.0, moment));
      CHECK_THAT(s.segments[k].cutoff, WithinRel(cutoff, 1e-11) || WithinAbs(cutoff, 1e-14));
      CHECK_THAT(s.segments[k].mass, WithinRel(mass, 1e-11) || WithinAbs(mass, 1e-14));
      CHECK_THAT(s.segments[k].moment, WithinRel(moment, 1e-11) || WithinAbs(moment, 1e-14));
    }
    // E and E' as a curve: through the entry cost at the solution.
    auto const curve = melitz::expected_profit(options, tail, s.demand);
    CHECK_THAT(curve.value, WithinRel(entry_cost, 1e-12));
    CHECK_THAT(curve.slope, WithinRel(s.expected_profit_slope, 1e-12));
    ++compared;
  }
  CHECK(compared == 6);
}

TEST_CASE("narrow log-normals tend to homogeneous firms", "[entry][reference]") {
  auto const file = test::reference("menu");
  auto const& limit = file.at("homogeneous_limit");
  auto const options = test::menu_of(file.at("cases").at(0));
  double const phi = number(limit.at("phi"));
  auto const one_atom = solve_free_entry(options, tail_of(melitz::degenerate<>{phi}, 3.0), 0.7, 4.0);
  CHECK_THAT(one_atom.demand, WithinRel(number(limit.at("A_hom")), 1e-13));
  for (auto const& row : limit.at("sequence")) {
    melitz::lognormal<> const law{std::log(phi), number(row.at("s"))};
    test::validates const here("menu", "log-normal of log_sd " + test::in_few_digits(number(row.at("s"))));
    test::validate("demand", solve_free_entry(options, tail_of(law, 3.0), 0.7, 4.0).demand, number(row.at("A")));
    CHECK_THAT(solve_free_entry(options, tail_of(law, 3.0), 0.7, 4.0).demand, WithinRel(number(row.at("A")), 1e-12));
  }
}

TEST_CASE("random menus under every law", "[entry][stress]") {
  // 20,000 menus, each under five laws: the closed forms of a tail, bounded and not, data, and one of all the others.
  test::uniform_numbers uniform(11);
  double const r = 2.5, sigma = 3.5, shape = 4.25;
  std::vector<std::pair<std::string, melitz::tail_of_t<melitz::any_law<>>>> tails;
  for (auto const& [name, law] : test::laws()) tails.emplace_back(name, tail_of(law, r));
  auto const tail_named = [&](std::string const& name) {
    for (std::size_t k = 0; k < tails.size(); ++k) {
      if (tails[k].first == name) return k;
    }
    throw std::logic_error(name);
  };
  std::size_t const always[] = {tail_named("pareto"), tail_named("lognormal"), tail_named("bounded pareto"),
                                tail_named("discrete")};
  int solved = 0, unpicked = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    menu<> options;
    int const count = static_cast<int>(uniform(1, 9));
    for (int k = 0; k < count; ++k) {
      options.push_back({"", std::exp(uniform(-5, 1)), std::exp(uniform(-7, 7))});
    }
    if (trial % 10 == 0) options.push_back({"subsidised", uniform(0.01, 1), -std::exp(uniform(-12, -9))});
    if (trial % 17 == 0) options.push_back({"free", std::exp(uniform(-5, 1)), 0});
    double const entry_cost = std::exp(uniform(-9, 7));
    for (int l = 0; l < 5; ++l) {
      std::size_t const which = l < 4 ? always[l] : static_cast<std::size_t>(trial) % tails.size();
      auto const& [name, tail] = tails[which];
      CAPTURE(trial, name, entry_cost);
      auto const s = melitz::try_solve_free_entry(options, tail, entry_cost, sigma);
      REQUIRE(s);
      ++solved;
      double mass = 0, profit = 0, operating = 0;
      for (auto const& part : s.segments) {
        CHECK(part.mass >= 0);
        mass += part.mass;
        operating += part.slope * s.demand * part.moment;
        profit += part.slope * s.demand * part.moment - part.fixed_cost * part.mass;
      }
      CHECK_THAT(mass, WithinRel(1, 1e-12));
      CHECK_THAT(profit, WithinAbs(entry_cost, 1e-12 * (entry_cost + operating)));
      CHECK_THAT(operating, WithinAbs(s.demand * s.expected_profit_slope, 1e-12 * operating));
      CHECK_THAT(s.expected_revenue, WithinRel(sigma * operating, 1e-12));
      CHECK(std::abs(s.residual) < 1e-12);
      // Pareto: what an entrant earns does not depend on the menu, if nobody is below the support.
      if (which == always[0] && s.segments.size() > 1 && s.segments[1].cutoff > 1 && s.segments[0].slope == 0 &&
          s.segments[0].fixed_cost == 0) {
        CHECK_THAT(operating, WithinRel(shape / r * entry_cost, 1e-12));
      }
      // An option nobody picks changes no digit, wherever it stands.
      double const hopeless = std::exp(uniform(-6, 1));
      auto larger = options;
      larger.insert(larger.begin() + trial % (count + 1), {"hopeless", hopeless, 1e6});
      auto const kept = melitz::hull(larger);
      if (std::none_of(kept.begin(), kept.end(), [](auto const& o) { return o.name == "hopeless"; })) {
        CHECK(solve_free_entry(larger, tail, entry_cost, sigma).demand == s.demand);
        ++unpicked;
      }
    }
  }
  CHECK(solved == 100000);
  CHECK(unpicked > 50000);
}

TEST_CASE("Pareto: entry does not depend on the menu", "[entry][property]") {
  // M_e = L r/(shape sigma f_e) for every menu whose lowest cutoff lies inside the support.
  double const shape = 5, r = 3, entry_cost = 0.05, labor = 10, sigma = 4;
  auto const tail = tail_of(melitz::pareto<>{1, shape}, r);
  for (auto const& options :
       {menu<>{{"a", 1, 1}}, menu<>{{"a", 1, 1}, {"b", 1.4, 1.7}}, menu<>{{"a", 1, 1}, {"b", 2, 3}, {"c", 4, 20}}}) {
    auto const s = solve_free_entry(options, tail, entry_cost, sigma);
    REQUIRE(s.segments[1].cutoff > 1);
    CHECK_THAT(labor / s.expected_revenue, WithinRel(labor * r / (shape * sigma * entry_cost), 1e-13));
  }
}

TEST_CASE("the open economy is a menu of two", "[entry][property]") {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100};
  for (double const tau : {1.0, 1.2, 1.6, 2.5}) {
    melitz::open_economy<> const economy{home, 3, tau, 0.9};
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(name, tau);
      auto const e = melitz::solve(economy, law);
      auto const s = solve_free_entry(menu<>{{"home", 1, 1}, {"both", 1 + 3 * std::pow(tau, -3), 1 + 3 * 0.9}},
                                      tail_of(law, 3.0), home.required_profit(), 4.0);
      CHECK_THAT(s.segments[1].cutoff, WithinRel(e.cutoff, 1e-12));
      if (e.regime == melitz::regime::selection) CHECK_THAT(s.segments[2].cutoff, WithinRel(e.export_cutoff, 1e-12));
      CHECK_THAT(100 / s.expected_revenue, WithinRel(e.mass_entrants, 1e-12));
      for (double const phi : {0.5, 1.1, 2.0, 5.0, 30.0})
        CHECK_THAT(s.profit(phi), WithinAbs(e.profit(phi), 1e-12 * (1 + e.profit(phi))));
    }
  }
}

TEST_CASE("Krugman's economy is a menu under a degenerate law", "[entry][reference][krugman]") {
  auto const file = test::reference("krugman");
  for (auto const& row : file.at("krugman_symmetric")) {
    auto const& p = row.at("params");
    double const sigma = number(p.at("elasticity")), L = number(p.at("labor")), phi = number(p.at("productivity"));
    double const market = 1 + number(p.at("partners")) * std::pow(number(p.at("iceberg_cost")), 1 - sigma);
    auto const s = solve_free_entry(menu<>{{"sell", market, number(p.at("fixed_cost"))}},
                                    tail_of(melitz::degenerate<>{phi}, sigma - 1), number(p.at("entry_cost")), sigma);
    test::validates const here("krugman",
                               "homogeneous firms, partners " + test::in_few_digits(number(p.at("partners"))));
    test::validate("demand", s.demand, number(row.at("demand")));
    CHECK_THAT(s.demand, WithinRel(number(row.at("demand")), 1e-14));
    CHECK_THAT(L / s.expected_revenue, WithinRel(number(row.at("mass_producers")), 1e-14));
    double const rho = (sigma - 1) / sigma;
    double const welfare = std::pow(s.demand * sigma / L, -1 / (sigma - 1)) * rho;
    CHECK_THAT(welfare, WithinRel(number(row.at("welfare")), 1e-14));
  }
}

TEST_CASE("one option that costs nothing", "[entry][corner]") {
  auto const s = solve_free_entry(menu<>{{"all", 2, 0}}, tail_of(melitz::lognormal<>{0, 0.5}, 3.0), 0.25, 4.0);
  CHECK_THAT(s.demand, WithinRel(0.25 / (2 * std::exp(9 * 0.25 / 2)), 1e-14));
  REQUIRE(s.segments.size() == 1);
  CHECK(s.segments[0].mass == 1);
  CHECK(s.choice(1e-9).option == "all");
}

namespace {

/// A user's tail that is no number from some productivity on.
struct broken_tail : melitz::lognormal<>::tail_type {
  using sound_tail = melitz::lognormal<>::tail_type;
  explicit broken_tail(sound_tail const& sound) : sound_tail(sound) {}
  [[nodiscard]] melitz::tail_point<double> at(double log_x) const {
    auto point = sound_tail::at(log_x);
    if (log_x > -1) point.excess = std::nan("");
    return point;
  }
};

}  // namespace

TEST_CASE("a tail that is no number has its status", "[entry][failure]") {
  broken_tail const tail(tail_of(melitz::lognormal<>{0, 1}, 3.0));
  auto const failed = melitz::try_solve_free_entry(menu<>{{"D", 1, 1}, {"X", 2, 3}}, tail, 0.5, 4.0);
  CHECK(failed.reason == melitz::status::not_finite);
  CHECK(std::isnan(failed.demand));
  CHECK(failed.evaluations < 5);
}

TEST_CASE("a tail bound to another power is refused where revenue would follow from it", "[entry][failure]") {
  auto const tail = tail_of(melitz::pareto<>{1, 5}, 2.0);
  menu<> const options{{"D", 1, 1}, {"X", 2, 3}};
  CHECK_THROWS_WITH(melitz::try_solve_free_entry(options, tail, 0.5, 4.0),
                    contains("tail.power() is 2") && contains("elasticity - 1"));
  CHECK(std::isnan(solve_free_entry(options, tail, 0.5, std::nan("")).expected_revenue));
  CHECK_THROWS_WITH(melitz::try_solve_free_entry(melitz::convex_piecewise_linear<>(options), tail, 0.5, 4.0),
                    contains("tail.power() is 2"));
  CHECK(melitz::try_solve_free_entry(options, tail, 0.5, 3.0));
  // Options that say what they earn may have any size exponent.
  auto const named = solve_free_entry(menu<>{{"D", 1, 1, 4}, {"X", 2, 3, 8}}, tail, 0.5, std::nan(""));
  CHECK_THAT(named.expected_revenue, WithinRel(4 * (named.expected_profit + named.expected_fixed_cost), 1e-13));
}

TEST_CASE("what free entry refuses", "[entry][failure]") {
  auto const tail = tail_of(melitz::pareto<>{1, 5}, 3.0);
  for (double const bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    CHECK_THROWS_WITH(solve_free_entry(menu<>{{"D", 1, 1}}, tail, bad, 4.0),
                      contains("entry_cost is") && contains("positive and finite"));
  }
  CHECK_THROWS_WITH(solve_free_entry(menu<>{{"paid", 1, -1}}, tail, 0.5, 4.0),
                    contains("cheapest option pays every entrant"));
  CHECK_THROWS_WITH(melitz::expected_profit(menu<>{{"D", 1, 1}}, tail, 0.0), contains("demand is 0"));
  auto const failed = melitz::try_solve_free_entry(
      menu<>{{"D", 1, 1}, {"X", 2, 3}}, tail_of(melitz::lognormal<>{0, 1}, 3.0), 0.5, 4.0, {.max_evaluations = 1});
  CHECK(failed.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(failed.demand));
  CHECK(failed.segments.empty());
  CHECK_THROWS_AS(solve_free_entry(menu<>{{"D", 1, 1}, {"X", 2, 3}}, tail_of(melitz::lognormal<>{0, 1}, 3.0), 0.5, 4.0,
                                   {.max_evaluations = 1}),
                  melitz::convergence_error);
}

}  // namespace test::entry_menu_entry
