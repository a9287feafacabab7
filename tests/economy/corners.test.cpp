// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace test::economy_corners {

using melitz::closed_economy;
using melitz::open_economy;
using melitz::regime;
using test::contains;
using test::WithinRel;

namespace {

double const missing = std::numeric_limits<double>::quiet_NaN();
double const inf = std::numeric_limits<double>::infinity();

closed_economy<> home() { return {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100}; }
open_economy<> trade() { return {.domestic = home(), .partners = 2, .iceberg_cost = 1.5, .export_fixed_cost = 1.2}; }
melitz::pareto<> draws() { return {.scale = 1, .shape = 4.25}; }

template <class Economy>
void refuses(Economy const& economy, std::string const& parameter, std::string const& restriction) {
  CAPTURE(parameter);
  CHECK_THROWS_AS(melitz::try_solve(economy, draws()), melitz::domain_error);
  CHECK_THROWS_WITH(melitz::solve(economy, draws()), contains(": " + parameter + " is ") && contains(restriction));
}

}  // namespace

TEST_CASE("autarky has four doors", "[economy][corner]") {
  auto const closed = melitz::solve(home(), draws());
  CHECK(closed.regime == regime::closed);
  CHECK(std::isinf(closed.export_cutoff));
  CHECK(closed.share_exporting == 0);
  CHECK(closed.domestic_share == 1);
  CHECK(std::isnan(closed.average_export_productivity));

  auto no_partners = trade(), no_shipping = trade(), no_fixed = trade();
  no_partners.partners = 0;
  no_shipping.iceberg_cost = inf;
  no_fixed.export_fixed_cost = inf;
  for (auto const& economy : {no_partners, no_shipping, no_fixed}) {
    auto const e = melitz::solve(economy, draws());
    CHECK(e.regime == regime::closed);
    CHECK(e.cutoff == closed.cutoff);
    CHECK(e.welfare == closed.welfare);
    CHECK(e.mass_exporters == 0);
    CHECK(e.labor_export_fixed == 0);
    CHECK(std::isinf(e.export_cutoff));
    CHECK(e.profit(10) == closed.profit(10));
    CHECK(e.export_profit_line(10) == closed.domestic_profit_line(10));
  }
}

TEST_CASE("trade costs that rise without bound approach autarky", "[economy][corner]") {
  double const closed = melitz::solve(home(), draws()).welfare;
  auto economy = trade();
  for (double const tau : {1e3, 1e10, 1e100, 1e300}) {
    economy.iceberg_cost = tau;
    auto const e = melitz::solve(economy, draws());
    CHECK(e.regime == regime::selection);
    CHECK_THAT(e.welfare, WithinRel(closed, 1e-13));
  }
}

TEST_CASE("no selection into exporting", "[economy][corner]") {
  // tau^3 f_x = f exactly: a tie is all_export, and nothing jumps there.
  auto economy = trade();
  economy.iceberg_cost = 2;
  economy.export_fixed_cost = 0.125;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const tie = melitz::solve(economy, law);
    CHECK(tie.regime == regime::all_export);
    CHECK(tie.export_cutoff == tie.cutoff);
    CHECK(tie.share_exporting == 1);
    auto dearer = economy;
    dearer.export_fixed_cost = 0.125 * (1 + 1e-12);
    auto const selection = melitz::solve(dearer, law);
    CHECK(selection.regime == regime::selection);
    CHECK_THAT(selection.welfare, WithinRel(tie.welfare, 1e-11));
    CHECK_THAT(selection.cutoff, WithinRel(tie.cutoff, 1e-11));
  }
}

TEST_CASE("a cutoff below the support", "[economy][corner]") {
  auto economy = home();
  economy.entry_cost = 200;
  economy.fixed_cost = 0.1;
  auto const e = melitz::solve(economy, draws());
  CHECK(e.every_entrant_produces);
  CHECK(e.cutoff < 1);  // latent, not clipped
  CHECK(e.lowest_producing_productivity == 1);
  CHECK(e.probability_of_producing == 1);
  CHECK_THAT(e.mass_producers, WithinRel(e.mass_entrants, 1e-15));
  CHECK_THAT(e.average_productivity, WithinRel(std::cbrt(4.25 / 1.25), 1e-14));  // of all draws
  auto const usual = melitz::solve(home(), draws());
  CHECK_FALSE(usual.every_entrant_produces);
  CHECK(usual.lowest_producing_productivity == usual.cutoff);
}

TEST_CASE("every bad primitive has its own message", "[economy][failure]") {
  for (double const bad : {1.0, 0.5, -2.0, missing, inf}) {
    auto economy = home();
    economy.elasticity = bad;
    refuses(economy, "elasticity", "exceed 1 and be finite");
  }
  for (double const bad : {0.0, -1.0, missing, inf}) {
    auto economy = home();
    economy.fixed_cost = bad;
    refuses(economy, "fixed_cost", "be positive and finite");
    economy = home();
    economy.entry_cost = bad;
    refuses(economy, "entry_cost", "be positive and finite");
    economy = home();
    economy.labor = bad;
    refuses(economy, "labor", "be positive and finite");
  }
  for (double const bad : {0.0, -0.1, 1.0000001, missing, inf}) {
    auto economy = home();
    economy.death_rate = bad;
    refuses(economy, "death_rate", "lie in (0, 1]");
  }
  for (double const bad : {0.8, -1.0, missing, -inf}) {
    auto economy = trade();
    economy.iceberg_cost = bad;
    refuses(economy, "iceberg_cost", "be at least 1");
  }
  for (double const bad : {-1.0, 1.5, missing, inf}) {
    auto economy = trade();
    economy.partners = bad;
    refuses(economy, "partners", "be a whole number of at least 0");
  }
  for (double const bad : {0.0, -1.0, missing}) {
    auto economy = trade();
    economy.export_fixed_cost = bad;
    refuses(economy, "export_fixed_cost", "be positive");
  }
}

TEST_CASE("a primitive left out is named", "[economy][failure]") {
  closed_economy<> const forgotten{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05};
  refuses(forgotten, "labor", "be positive");
  open_economy<> const half{.domestic = home(), .partners = 1, .iceberg_cost = 1.5};
  refuses(half, "export_fixed_cost", "be positive");
}

TEST_CASE("a domain_error says everything", "[economy][failure]") {
  auto economy = trade();
  economy.iceberg_cost = 0.8;
  try {
    (void)melitz::solve(economy, draws());
    FAIL("no exception");
  } catch (melitz::domain_error const& error) {
    CHECK(std::string(error.what()) == "open_economy: iceberg_cost is 0.8; it must be at least 1");
    CHECK(error.parameter() == "iceberg_cost");
    CHECK(error.value() == "0.8");
    CHECK(error.restriction() == "be at least 1");
  }
}

TEST_CASE("a failed solve has a status and no numbers", "[economy][failure]") {
  auto const out_of_budget = melitz::try_solve(trade(), melitz::lognormal<>{0, 0.8}, {.max_evaluations = 1});
  CHECK(out_of_budget.reason == melitz::status::iteration_limit);
  CHECK_FALSE(out_of_budget);
  for (double const x :
       {out_of_budget.cutoff, out_of_budget.export_cutoff, out_of_budget.welfare, out_of_budget.residual,
        out_of_budget.mass_producers, out_of_budget.labor_entry, out_of_budget.price_index, out_of_budget.profit(2),
        out_of_budget.revenue_of(2), out_of_budget.labor_of(2)}) {
    CHECK(std::isnan(x));
  }
  CHECK(out_of_budget.choice(2) == melitz::firm_choice::exits);
  try {
    (void)melitz::solve(trade(), melitz::lognormal<>{0, 0.8}, {.max_evaluations = 1});
    FAIL("no exception");
  } catch (melitz::convergence_error const& error) {
    CHECK(error.reason() == melitz::status::iteration_limit);
    CHECK_THAT(error.what(), contains("iteration_limit"));
  }
}

TEST_CASE("an answer that no double holds is out_of_range", "[economy][failure]") {
  // The cutoff would be e^(1400/0.2): free entry asks for a survival of 1e-600 under a thin tail.
  closed_economy<> const economy{
      .elasticity = 1.2, .fixed_cost = 1e300, .entry_cost = 1e-300, .death_rate = 1e-4, .labor = 1};
  auto const e = melitz::try_solve(economy, melitz::pareto<>{1, 0.25});
  CHECK(e.reason == melitz::status::out_of_range);
  CHECK(std::isnan(e.cutoff));
}

TEST_CASE("a required profit that underflows is out_of_range", "[economy][failure]") {
  auto economy = home();
  economy.entry_cost = economy.death_rate = 1e-200;
  CHECK(melitz::try_solve(economy, draws()).reason == melitz::status::out_of_range);
}

TEST_CASE("a component without weight bounds nothing", "[economy][corner]") {
  using uniforms = melitz::mixture<melitz::uniform<>>;
  auto economy = home();
  economy.entry_cost = 200;
  auto const e = melitz::solve(economy, uniforms{{1, 0}, {{2, 3}, {0, 1}}});
  auto const alone = melitz::solve(economy, melitz::uniform<>{2, 3});
  REQUIRE(alone.every_entrant_produces);
  CHECK(e.every_entrant_produces);
  CHECK(e.lowest_producing_productivity == alone.lowest_producing_productivity);
  CHECK_THAT(e.probability_of_producing, WithinRel(1, 1e-15));
  CHECK_THAT(e.cutoff, WithinRel(alone.cutoff, 1e-15));
}

TEST_CASE("a cutoff within rounding of the top of the support", "[economy][extreme]") {
  // Free entry asks for an expected profit of 1e-60 f and less: ln phi* is the end of the support to the last bit, and
  // what is left of S and J has a limit in closed form.
  for (double const ratio : {1e-20, 1e-60, 1e-250}) {
    CAPTURE(ratio);
    auto economy = home();
    economy.entry_cost = ratio;
    economy.death_rate = 1;
    // An atom of mass 1/4 at the top: S = 1/4, pi-bar = 4 delta f_e, M = L/(sigma f).
    auto const atom = melitz::solve(economy, melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}});
    CHECK_THAT(atom.cutoff, WithinRel(3, 1e-15));
    CHECK_THAT(atom.probability_of_producing, WithinRel(0.25, 1e-14));
    CHECK_THAT(atom.average_profit, WithinRel(4 * ratio, 1e-13));
    CHECK_THAT(atom.mass_producers, WithinRel(25, 1e-14));
    CHECK_THAT(atom.labor_entry, WithinRel(25 * 4 * ratio, 1e-13));
    // Uniform on [1, 3]: the density of ln phi at the top is 3/2, J = r g d^2/2, S = g d = sqrt(2 g J / r) = sqrt(J),
    // to first order in the distance d, which is up to 1e-10.
    auto const density = melitz::solve(economy, melitz::uniform<>{1, 3});
    CHECK_THAT(density.cutoff, WithinRel(3, 1e-9));
    CHECK_THAT(density.probability_of_producing, WithinRel(std::sqrt(ratio), 1e-9));
    CHECK_THAT(density.mass_entrants, WithinRel(25 / std::sqrt(ratio), 1e-9));
    CHECK_THAT(density.labor_entry + density.labor_fixed + density.labor_variable, WithinRel(100, 1e-13));
    // The same with a market abroad that is out of reach.
    auto const open = melitz::solve(open_economy<>{economy, 2, 1.5, 1.2}, melitz::uniform<>{1, 3});
    CHECK_THAT(open.probability_of_producing, WithinRel(density.probability_of_producing, 1e-12));
    CHECK(open.mass_exporters == 0);
  }
}

TEST_CASE("a market out of reach beside a cutoff deep in a thin tail", "[economy][regression]") {
  // At the cutoff survival is e^-800, scaled; at the export cutoff there is nothing, whose scale must not matter.
  auto const deep = [](auto const& law, double required) {
    std::array<melitz::kink<double>, 1> const home_only{};
    std::array<melitz::kink<double>, 2> const both{{{1, 0}, {1e3, 400}}};
    std::array<melitz::tail_point<double>, 2> points;
    melitz::envelope<double, std::span<melitz::kink<double> const>> one{1, 1, 0, 0, home_only}, two{1, 1, 0, 0, both};
    auto const tail = melitz::tail_of(law, 0.5);
    auto const a = melitz::try_solve_free_entry(one, tail, required, std::span(points.data(), 1));
    auto const b = melitz::try_solve_free_entry(two, tail, required, std::span(points));
    REQUIRE(a);
    REQUIRE(b);
    CHECK(b.evaluations < 30);
    CHECK_THAT(b.log_cutoff, WithinRel(a.log_cutoff, 1e-14));
  };
  deep(melitz::weibull<>{2, 3}, 1e-300);
  deep(melitz::exponential<>{2}, 1e-300);
  deep(melitz::bounded_pareto<>{1, 1e100, 500}, 1e-300);
}

TEST_CASE("costs far apart that do have an answer get it", "[economy][extreme]") {
  // Scaling all costs together moves nothing but masses.
  for (double const scale : {1e-290, 1e-100, 1.0, 1e100, 1e290}) {
    CAPTURE(scale);
    open_economy<> economy = trade();
    economy.domestic.fixed_cost *= scale;
    economy.domestic.entry_cost *= scale;
    economy.export_fixed_cost *= scale;
    economy.domestic.labor *= scale;
    auto const e = melitz::solve(economy, draws()), usual = melitz::solve(trade(), draws());
    CHECK_THAT(e.cutoff, WithinRel(usual.cutoff, 1e-14));
    CHECK_THAT(e.welfare, WithinRel(usual.welfare, 1e-13));
    CHECK_THAT(e.mass_producers, WithinRel(usual.mass_producers, 1e-13));
  }
}

TEST_CASE("elasticity 50 with log-sd 5", "[economy][extreme]") {
  // The mass of phi^49 sits near ln phi = 1225 and the cutoff near e^612, where one draw in e^7500 produces: the cutoff
  // is found, but no double holds the mass of entrants, so the economy is out_of_range.
  melitz::lognormal<> const law{0, 5};
  std::array<melitz::kink<double>, 1> const kinks{};
  std::array<melitz::tail_point<double>, 1> points;
  melitz::envelope<double, std::array<melitz::kink<double>, 1>> const menu{1, 1, 0, 0, kinks};
  auto const entry = melitz::try_solve_free_entry(menu, melitz::tail_of(law, 49.0), 0.1, std::span(points));
  REQUIRE(entry);
  // mpmath at 60 digits, by bisection on ln J with the closed form of tools/reference/laws.py.
  CHECK_THAT(entry.log_cutoff, WithinRel(612.5469915325100825638471, 1e-15));
  closed_economy<> const steep{.elasticity = 50, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1};
  CHECK(melitz::try_solve(steep, law).reason == melitz::status::out_of_range);
}

TEST_CASE("a bound tail serves many economies, and must fit them", "[economy][tail]") {
  auto const tail = melitz::tail_of(melitz::lognormal<>{0, 0.8}, 3.0);
  for (double const tau : {1.1, 1.5, 3.0}) {
    auto economy = trade();
    economy.iceberg_cost = tau;
    CHECK(melitz::solve(economy, tail).cutoff == melitz::solve(economy, melitz::lognormal<>{0, 0.8}).cutoff);
  }
  CHECK(melitz::solve(home(), tail).cutoff == melitz::solve(home(), melitz::lognormal<>{0, 0.8}).cutoff);
  auto other = trade();
  other.domestic.elasticity = 5;
  CHECK_THROWS_WITH(melitz::try_solve(other, tail), contains("tail.power() is 3") && contains("elasticity - 1"));
}

}  // namespace test::economy_corners
