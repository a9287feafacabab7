// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/compare.hpp>
#include <melitz/analysis/sweep.hpp>
#include <melitz/dynamics/transition.hpp>
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"
#include "support/validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::dynamics_transition {

using melitz::exit_rule;
using melitz::export_cost_kind;
using melitz::spending_rule;
using melitz::status;
using melitz::transition_economy;
using melitz::transition_obstacle;
using melitz::transition_period;
using test::contains;
using test::has_atoms;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

transition_economy<> example(double tau_before, double tau_after, export_cost_kind kind) {
  melitz::open_economy<> const before{
      .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100},
      .partners = 2,
      .iceberg_cost = tau_before,
      .export_fixed_cost = kind == export_cost_kind::sunk ? 4.0 : 0.545};
  auto after = before;
  after.iceberg_cost = tau_after;
  return {.before = before, .after = after, .discount_factor = 0.96, .curvature = 1.5, .export_cost = kind};
}

melitz::any_law<> const draws = melitz::lognormal<>{0, 0.8};

}  // namespace

TEST_CASE("transitions agree with the references", "[dynamics][reference]") {
  // tests/reference/transition.json, remade by tools/reference/transition.py.
  auto const file = test::reference("transition");
  int steady = 0, compared = 0;
  for (char const* const list : {"cases", "legacy_exporters", "export_generations"}) {
    for (auto const& row : file.at(list)) {
      auto const& expected = row.at("outputs");
      CAPTURE(row.at("name"));
      auto const r =
          solve(test::economy_from<transition_economy<>>(row.at("params")), test::law(row.at("params").at("dist")));
      CHECK(r.residual < 1e-13);
      CHECK(r.residual == std::max({r.free_entry_residual, r.euler_residual, r.market_residual}));
      CHECK(r.terminal_residual < 1e-12);
      test::validates const here("transition", row.at("name"));
      for (auto const* when : {"before", "after"}) {
        test::validates const part(when);
        steady += test::compare_all(expected.at(when), when == std::string("before") ? r.before : r.after, 1e-13);
      }
      compared += test::compare_all(expected, r, 1e-12);
      if (expected.contains("steady_state_gain")) {
        test::validate("consumption_equivalent_gain", r.consumption_equivalent_gain,
                       number(expected.at("consumption_equivalent_gain")));
        test::validate("steady_state_gain", r.steady_state_gain, number(expected.at("steady_state_gain")));
        CHECK_THAT(r.consumption_equivalent_gain, WithinRel(number(expected.at("consumption_equivalent_gain")), 1e-13));
        CHECK_THAT(r.steady_state_gain, WithinRel(number(expected.at("steady_state_gain")), 1e-13));
      }
    }
  }
  CHECK(steady == 98);
  CHECK(compared == 1694);
}

TEST_CASE("firms that may come back leave less room for entrants than firms that are gone", "[dynamics][reference]") {
  auto const file = test::reference("transition");
  for (auto const& row : file.at("exit")) {
    CAPTURE(row.at("name"));
    auto economy = test::economy_from<transition_economy<>>(row.at("params"));
    auto const law = test::law(row.at("params").at("dist"));
    auto const resting = solve(economy, law);
    economy.exit = exit_rule::irreversible;
    auto const gone = solve(economy, law);
    test::validates const here("transition", "exit, " + row.at("name").get<std::string>());
    test::validate("mass_entrants_per_period, mothballing", resting.path[0].mass_entrants_per_period,
                   number(row.at("entry").at("mothballing")));
    test::validate("mass_entrants_per_period, irreversible", gone.path[0].mass_entrants_per_period,
                   number(row.at("entry").at("irreversible")));
    CHECK_THAT(resting.path[0].mass_entrants_per_period, WithinRel(number(row.at("entry").at("mothballing")), 1e-11));
    CHECK_THAT(gone.path[0].mass_entrants_per_period, WithinRel(number(row.at("entry").at("irreversible")), 1e-11));
    CHECK(resting.cutoff_fell);
    CHECK(gone.cutoff_fell);
    CHECK(gone.market_residual < 1e-13);
    CHECK(gone.terminal_residual < 1e-13);
    // Where entry pays prices are the same; producers of before are those above their old cutoff.
    for (std::size_t t = 0; t < gone.horizon(); ++t) {
      CHECK_THAT(gone.path[t].price_index, WithinRel(resting.at(t).price_index, 1e-14));
    }
    CHECK(gone.path[0].mass_entrants > resting.path[0].mass_entrants);
    // Where the cutoff rises nobody comes back, and the rules agree.
    std::swap(economy.before, economy.after);
    auto const rising = try_solve(economy, law);
    economy.exit = exit_rule::mothballing;
    auto const same = try_solve(economy, law);
    if (same && !same.cutoff_fell) {
      REQUIRE(rising);
      CHECK(rising.path[0].mass_entrants_per_period == same.path[0].mass_entrants_per_period);
    }
  }
}

TEST_CASE("nothing happens without a change", "[dynamics][property]") {
  for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
    for (auto const kind : {export_cost_kind::per_period, export_cost_kind::sunk}) {
      auto economy = example(1.5, 1.5, kind);
      economy.spending = spending;
      auto const r = solve(economy, draws);
      CHECK_FALSE(r.cutoff_fell);
      CHECK_THAT(r.consumption_equivalent_gain, WithinAbs(1, 1e-13));
      CHECK_THAT(r.steady_state_gain, WithinAbs(1, 1e-14));
      for (auto const& period : r.path) {
        CHECK_THAT(period.cutoff, WithinRel(r.before.cutoff, 1e-13));
        CHECK_THAT(period.mass_entrants, WithinRel(r.before.mass_entrants, 1e-13));
        CHECK_THAT(period.mass_exporters, WithinRel(r.before.mass_exporters, 1e-12));
        CHECK_THAT(period.consumption, WithinRel(r.before.consumption, 1e-13));
      }
    }
  }
}

TEST_CASE("patient consumers of one sector have the steady states of the open economy", "[dynamics][property]") {
  auto economy = example(1.7, 1.2, export_cost_kind::per_period);
  economy.spending = spending_rule::constant_expenditure;
  economy.discount_factor = 1;
  auto const r = solve(economy, draws);
  for (bool const after : {false, true}) {
    auto const e = melitz::solve(after ? economy.after : economy.before, draws);
    auto const& steady = after ? r.after : r.before;
    CHECK_THAT(steady.cutoff, WithinRel(e.cutoff, 1e-14));
    CHECK_THAT(steady.export_cutoff, WithinRel(e.export_cutoff, 1e-14));
    CHECK_THAT(steady.mass_entrants, WithinRel(e.mass_entrants, 1e-13));
    CHECK_THAT(steady.mass_entrants_per_period, WithinRel(e.mass_entrants_per_period, 1e-13));
    CHECK_THAT(steady.mass_producers, WithinRel(e.mass_producers, 1e-13));
    CHECK_THAT(steady.mass_exporters, WithinRel(e.mass_exporters, 1e-13));
    CHECK_THAT(steady.price_index, WithinRel(e.price_index, 1e-13));
    CHECK_THAT(steady.exports, WithinRel((1 - e.domestic_share) * 100, 1e-13));
    CHECK_THAT(steady.labor(), WithinRel(100.0, 1e-13));
  }
  CHECK(r.consumption_equivalent_gain == r.steady_state_gain);  // what is far ahead is all that counts
}

TEST_CASE("a small change is worth its share of exports in sales, whatever happens on the way",
          "[dynamics][property]") {
  // The envelope theorem: this market allocates labour as a planner would, so that to first order only the labour that
  // melts on the way counts, valued at the steady state before.
  double const h = 2e-6;  // differences of paths that are solved to 1e-12, over 4e-6
  for (auto const kind : {export_cost_kind::per_period, export_cost_kind::sunk}) {
    for (double const curvature : {0.5, 1.0, 3.0}) {
      CAPTURE(static_cast<int>(kind), curvature);
      auto up = example(1.5, 1.5 * std::exp(h), kind), down = example(1.5, 1.5 * std::exp(-h), kind);
      up.curvature = down.curvature = curvature;
      auto const loss = solve(up, draws), gain = solve(down, draws);
      double const slope = std::log(loss.consumption_equivalent_gain / gain.consumption_equivalent_gain) / (2 * h);
      CHECK_THAT(slope, WithinAbs(-loss.before.exports / loss.before.expenditure, 1e-7));
      double const steady = std::log(loss.steady_state_gain / gain.steady_state_gain) / (2 * h);
      CHECK(std::abs(steady - slope) > 1e-3);  // which is not the long run's gain
    }
  }
}

TEST_CASE("whoever pays a sunk export cost would not rather wait", "[dynamics][property]") {
  // Against all later dates, and never; with sales abroad per unit of size B tau^(-r), B = f cutoff^(-r).
  for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
    for (double const tau : {1.3, 2.2}) {
      auto economy = example(1.7, tau, export_cost_kind::sunk);
      economy.spending = spending;
      auto const r = solve(economy, draws);
      std::size_t const horizon = r.horizon() + 400;
      std::vector<double> worth(horizon + 1);
      worth[horizon] = std::pow(r.after.cutoff * tau, -3) / r.after.user_cost;
      for (std::size_t t = horizon; t-- > 0;) {
        worth[t] = std::pow(r.at(t).cutoff * tau, -3) + (1 - r.at(t).user_cost) * worth[t + 1];
      }
      for (std::size_t const t : {0u, 1u, 2u, 5u, 20u}) {
        double least = 4 / worth[t], factor = 1;
        for (std::size_t s = t + 1; s < horizon; ++s) {
          factor *= 1 - r.at(s - 1).user_cost;
          least = std::max(least, 4 * (1 - factor) / (worth[t] - factor * worth[s]));
        }
        CAPTURE(static_cast<int>(spending), tau, t);
        CHECK_THAT(r.at(t).export_cutoff, WithinRel(std::cbrt(least), 1e-11));
      }
    }
  }
}

TEST_CASE("exporters and entrants of one period survive to the next", "[dynamics][property]") {
  for (double const tau : {1.3, 2.2}) {
    auto const r = solve(example(1.7, tau, export_cost_kind::sunk), draws);
    auto const* last = &r.before;
    for (auto const& period : r.path) {
      CHECK_THAT(period.mass_entrants, WithinRel(0.9 * last->mass_entrants + period.mass_entrants_per_period, 1e-14));
      CHECK_THAT(period.mass_exporters, WithinRel(0.9 * last->mass_exporters + period.mass_new_exporters, 1e-13));
      CHECK(period.mass_new_exporters >= 0);
      CHECK_THAT(period.labor(), WithinRel(100.0, 1e-12));
      CHECK_THAT(period.consumption * period.price_index, WithinRel(period.expenditure, 1e-14));
      last = &period;
    }
    // What is invested comes out of consumption.
    CHECK(r.path[0].mass_entrants_per_period < r.after.mass_entrants_per_period);
    CHECK((r.consumption_equivalent_gain > r.steady_state_gain) == (tau > 1.7));
  }
}

TEST_CASE("nobody is there less than nobody", "[dynamics][corner]") {
  // For two periods no more firms begin to export than rounding, which was -2e-19 of them.
  melitz::open_economy<> const before{
      {3.3520507342004895, 1.340489949922801, 10.394410965005102, 0.015588929334151862, 0.723201205545534},
      46,
      1,
      4.619573370748682};
  auto after = before;
  after.iceberg_cost = 1.111878711898181;
  after.export_fixed_cost = 10.191435592138992;
  auto const r = solve(transition_economy<>{.before = before,
                                            .after = after,
                                            .discount_factor = 0.6890222169294441,
                                            .spending = spending_rule::constant_expenditure,
                                            .export_cost = export_cost_kind::sunk},
                       melitz::uniform<>{0.6922085320733795, 2.9196381269315643});
  for (auto const& period : r.path) {
    CHECK(period.mass_new_exporters >= 0);
    CHECK(period.labor_export_fixed >= 0);
    CHECK(period.mass_entrants_per_period >= 0);
  }
}

TEST_CASE("cheap adjustment makes slow transitions fast", "[dynamics][corner]") {
  // Everybody dies after a period: each period stands alone.
  auto economy = example(1.7, 1.3, export_cost_kind::per_period);
  economy.before.domestic.death_rate = economy.after.domestic.death_rate = 1;
  for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
    economy.spending = spending;
    auto const r = solve(economy, draws);
    for (auto const& period : r.path) CHECK_THAT(period.consumption, WithinRel(r.after.consumption, 1e-13));
    CHECK_THAT(r.consumption_equivalent_gain, WithinRel(r.steady_state_gain, 1e-13));
  }
  // Under a Pareto law and an export cost per period everything jumps.
  auto const pareto = solve(example(1.7, 1.3, export_cost_kind::per_period), melitz::any_law<>(melitz::pareto<>{1, 4}));
  for (auto const& period : pareto.path) CHECK_THAT(period.cutoff, WithinRel(pareto.after.cutoff, 1e-13));
}

TEST_CASE("trade may begin, end, or be so cheap that all producers export", "[dynamics][corner]") {
  for (auto const kind : {export_cost_kind::per_period, export_cost_kind::sunk}) {
    CAPTURE(static_cast<int>(kind));
    auto const opening = solve(example(infinity, 1.5, kind), draws),
               closing = solve(example(1.5, infinity, kind), draws);
    CHECK(opening.before.exports == 0);
    CHECK(opening.before.export_cutoff == infinity);
    CHECK(opening.path[0].exports > 0);
    CHECK(opening.consumption_equivalent_gain > 1);
    CHECK(closing.path[0].exports == 0);
    CHECK(closing.path[0].mass_exporters >= 0);
    CHECK(closing.consumption_equivalent_gain < 1);
    CHECK_THAT(opening.steady_state_gain * closing.steady_state_gain, WithinRel(1.0, 1e-14));
    CHECK(opening.market_residual < 1e-12);
    CHECK(closing.market_residual < 1e-12);
  }
  auto cheap = example(1.7, 1.01, export_cost_kind::per_period);
  for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
    cheap.spending = spending;
    auto const all = solve(cheap, draws);
    CHECK(all.path[0].export_cutoff == all.path[0].cutoff);
    CHECK(all.path[0].mass_exporters == all.path[0].mass_producers);
    CHECK(all.market_residual < 1e-12);
  }
}

TEST_CASE("nobody enters while entry does not pay", "[dynamics][corner]") {
  // Many consumers and workers are gone: the firms that are left over make up for entry.
  auto economy = example(2.5, 2.5, export_cost_kind::per_period);
  for (auto const kind : {export_cost_kind::per_period, export_cost_kind::sunk}) {
    economy.export_cost = kind;
    if (kind == export_cost_kind::sunk) economy.before.export_fixed_cost = economy.after.export_fixed_cost = 4;
    for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
      economy.spending = spending;
      economy.after.domestic.labor = spending == spending_rule::constant_expenditure ? 50 : 20;
      CAPTURE(static_cast<int>(kind), static_cast<int>(spending));
      auto const r = solve(economy, draws);
      CHECK(r.periods_without_entry > 0);
      CHECK(r.cutoff_fell);
      for (std::size_t t = 0; t < r.horizon(); ++t) {
        auto const& period = r.path[t];
        bool const idle = static_cast<int>(t) < r.periods_without_entry;
        CHECK((period.mass_entrants_per_period > 0) == !idle);
        if (idle) CHECK(period.entrant_value < 1);
        if (!idle) CHECK_THAT(period.entrant_value, WithinAbs(1, 1e-13));
      }
      CHECK(r.market_residual < 1e-12);
      CHECK(r.path[0].cutoff > r.after.cutoff);
    }
  }
}

TEST_CASE("random transitions are solved, or it is said why not", "[dynamics][property]") {
  test::uniform_numbers random(20030101);
  int solved = 0, named = 0, failed = 0;
  for (auto const& [name, law] : test::laws()) {
    for (int k = 0; k < 12; ++k) {
      auto const kind = k % 2 == 0 ? export_cost_kind::per_period : export_cost_kind::sunk;
      auto economy = example(random(1, 2.5), random(1, 2.5), kind);
      for (auto* e : {&economy.before, &economy.after}) {
        e->domestic.entry_cost = k < 6 ? 0.5 : 8;
        e->domestic.death_rate = 0.03 + 0.02 * k;
        e->export_fixed_cost *= k % 3 == 0 ? 0.7 : 1.6;
      }
      economy.curvature = random(0.3, 4);
      if (k % 4 < 2) economy.spending = spending_rule::constant_expenditure;
      CAPTURE(name, k);
      auto const r = try_solve(economy, law);
      if (r) {
        ++solved;
        CHECK(r.obstacle == transition_obstacle::none);
        CHECK(r.free_entry_residual < 1e-12);
        CHECK(r.market_residual < 1e-12);
        CHECK(r.euler_residual < 1e-12);
        for (auto const& period : r.path) CHECK(period.mass_entrants_per_period >= 0);
      } else {
        CHECK(std::isnan(r.consumption_equivalent_gain));
        CHECK(r.path.empty());
        CHECK((r.reason == status::not_covered) == (r.obstacle != transition_obstacle::none));
        ++(r.reason == status::not_covered ? named : failed);
        if (!has_atoms(name)) CHECK(r.obstacle == transition_obstacle::every_producer_exports);
      }
    }
  }
  CAPTURE(solved, named, failed);
  CHECK(solved > 200);
  CHECK(failed < 10);  // laws with atoms, where conditions have jumps
}

TEST_CASE("what a transition is not solved for has a name", "[dynamics][errors]") {
  auto const refused = [](transition_economy<> const& economy, melitz::any_law<> const& law, transition_obstacle why) {
    auto const r = try_solve(economy, law);
    CHECK(r.reason == status::not_covered);
    CHECK(r.obstacle == why);
    CHECK(r.path.empty());
    CHECK(std::isnan(r.before.cutoff));
    CHECK_THROWS_WITH(solve(economy, law), contains("melitz::solve: " + std::string(to_string(why)) + ": not_covered"));
  };
  auto cheap = example(1.5, 1.01, export_cost_kind::sunk);
  cheap.after.export_fixed_cost = 1;
  refused(cheap, draws, transition_obstacle::every_producer_exports);

  auto fall = example(1.3, 1.8, export_cost_kind::per_period);
  fall.exit = exit_rule::irreversible;
  refused(fall, draws, transition_obstacle::cutoff_falls);
  auto shrink = fall;
  shrink.after = shrink.before;
  shrink.after.domestic.labor = 50;
  shrink.spending = spending_rule::constant_expenditure;
  refused(shrink, draws, transition_obstacle::cutoff_falls);

  auto dear = example(1.05, 2, export_cost_kind::sunk);  // before, all exported; now they do not cover the overhead
  dear.after.domestic.fixed_cost = 2;
  for (auto const spending : {spending_rule::constant_expenditure, spending_rule::general_equilibrium}) {
    dear.spending = spending;
    refused(dear, draws, transition_obstacle::exporter_cannot_produce);
  }

  auto atoms = shrink;
  atoms.exit = exit_rule::mothballing;
  refused(atoms, melitz::any_law<>(melitz::degenerate<>{1.5}), transition_obstacle::atom_at_cutoff);
}

TEST_CASE("a path is told, compared and swept by period", "[dynamics][analysis]") {
  using result = melitz::transition_equilibrium<>;
  auto const cheap = example(1.5, 1.3, export_cost_kind::per_period), dear = example(1.5, 1.4, export_cost_kind::sunk);
  auto const a = solve(cheap, draws), b = solve(dear, draws);
  REQUIRE(a.horizon() > 3);
  auto const changes = melitz::compare(a, b);
  CHECK(changes.change("consumption[3]").before == a.path[3].consumption);
  CHECK(changes.change("cutoff[0]").after == b.path[0].cutoff);
  CHECK(changes.change("steady_state_gain").after == b.steady_state_gain);
  // The longer path goes on where the shorter one stands still.
  auto const last = std::to_string(std::max(a.horizon(), b.horizon()) - 1);
  CHECK_THAT(changes.change("mass_entrants[" + last + "]").before, WithinRel(a.after.mass_entrants, 1e-12));
  CHECK_THAT(changes.change("mass_entrants[" + last + "]").after, WithinRel(b.after.mass_entrants, 1e-12));

  auto const set = [](transition_economy<>& e, double tau) { e.after.iceberg_cost = tau; };
  auto const many = melitz::sweep(cheap, set, std::vector{1.3, 1.2}, draws);
  CHECK_THAT(many[&result::steady_state_gain][0], WithinRel(a.steady_state_gain, 1e-13));
  auto const& paths = many.column<melitz::told::by_period<double>>("mass_exporters");
  REQUIRE(paths[0].size() == a.horizon());
  CHECK_THAT(paths[0][1], WithinRel(a.path[1].mass_exporters, 1e-12));
  CHECK_THROWS_WITH(many[&transition_period<>::cutoff], contains("be one result"));
  CHECK_THROWS_WITH(melitz::sweep(cheap, set, std::vector{0.5}, draws),
                    contains("value 0 of the sweep: new_iceberg_cost is 0.5; it must be at least 1"));
}

TEST_CASE("a transition names what is out of range", "[dynamics][errors]") {
  auto const good = example(1.5, 1.3, export_cost_kind::per_period);
  auto const rejects = [&](auto const& change, char const* message) {
    auto bad = good;
    change(bad);
    CHECK_THROWS_WITH(try_solve(bad, draws), contains(message));
    CHECK_THROWS_AS(solve(bad, draws), melitz::domain_error);
  };
  rejects([](auto& e) { e.before.iceberg_cost = 0.8; }, "open_economy: iceberg_cost is 0.8; it must be at least 1");
  rejects([](auto& e) { e.after.domestic.labor = -1; },
          "transition_economy: new_labor is -1; it must be positive and finite");
  rejects([](auto& e) { e.after.domestic.elasticity = 5; }, "new_elasticity is 5; it must be the elasticity");
  rejects([](auto& e) { e.discount_factor = 1; }, "discount_factor is 1; it must lie between 0 and 1, or be 1 with");
  rejects([](auto& e) { e = {.before = e.before, .after = e.after}; }, "discount_factor is nan");
  rejects([](auto& e) { e.curvature = 0; }, "curvature is 0; it must be positive and finite");
  auto const sunk = [](auto& e) { e.export_cost = export_cost_kind::sunk; };
  rejects([&](auto& e) { sunk(e), e.after.partners = 3; }, "new_partners is 3; it must be the partners before");
  rejects([&](auto& e) { sunk(e), e.before.export_fixed_cost = infinity; },
          "transition_economy: export_fixed_cost is inf");
  rejects([&](auto& e) { sunk(e), e.after.export_fixed_cost = infinity; },
          "transition_economy: new_export_fixed_cost is inf");
  CHECK_THROWS_WITH(try_solve(good, melitz::tail_of(draws, 2.0)), contains("tail.power() is 2; it must equal"));
}

TEST_CASE("a transition that is not found has a status", "[dynamics][errors]") {
  auto economy = example(1.7, 1.3, export_cost_kind::per_period);
  auto const fails = [&](melitz::transition_options const& options, status why) {
    auto const r = try_solve(economy, draws, options);
    CHECK(r.reason == why);
    CHECK(r.path.empty());
    CHECK(std::isnan(r.after.consumption));
    CHECK(std::isnan(r.market_residual));
    CHECK_THROWS_AS(solve(economy, draws, options), melitz::convergence_error);
  };
  fails({.max_evaluations = 1}, status::iteration_limit);
  // A budget that is enough for the steady states, but not for the path.
  int steps = 0;
  for (int budget = 1; steps == 0 && budget < 20; ++budget) {
    auto const r = try_solve(economy, draws, {.max_evaluations = budget});
    if (r) break;
    CHECK(r.reason == status::iteration_limit);
    steps = r.evaluations;
  }
  CHECK(steps > 0);
  fails({.max_horizon = 64}, status::iteration_limit);
  economy.export_cost = export_cost_kind::sunk;
  economy.before.export_fixed_cost = economy.after.export_fixed_cost = 4;
  fails({.max_horizon = 64}, status::iteration_limit);
  economy.spending = spending_rule::constant_expenditure;
  economy.after.iceberg_cost = 2;
  fails({.max_horizon = 64}, status::iteration_limit);
  economy.before.domestic.entry_cost = 1e-310;
  economy.before.domestic.death_rate = 1e-10;
  economy.discount_factor = 1;
  fails({}, status::out_of_range);
}

}  // namespace test::dynamics_transition
