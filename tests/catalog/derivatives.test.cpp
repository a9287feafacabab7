// SPDX-License-Identifier: BSL-1.0
#ifdef MELITZ_CATALOG_PARTS  // there is melitz-solve, whose models these are
#include "catalog/compiled.hpp"
#endif

#include <melitz/catalog/derivatives.hpp>
#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/list.hpp>
#include <melitz/tail/quantile.hpp>

#include "support/catch.hpp"
#include "support/derivatives.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace test::catalog_derivatives {

namespace catalog = melitz::catalog;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

std::vector<catalog::model> const& models() {
  static auto const table = [] {
    auto out = catalog::models_of<catalog::core_models, 0, 1>();
    catalog::add_derivatives<catalog::core_models>(out);
    return out;
  }();
  return table;
}

catalog::law_by_name lognormal(double log_sd) {
  return {"lognormal", {catalog::array_of(0.1), catalog::array_of(log_sd)}};
}

std::size_t place_of(catalog::model const& m, std::string_view parameter) {
  std::size_t k = 0;
  while (k < m.parameters.size() && m.parameters[k].name != parameter) ++k;
  REQUIRE(k < m.parameters.size());
  return k;
}

/// One result of a solve: "cutoff", "cutoff[3]".
double number(catalog::model const& m, catalog::answer const& a, std::string_view result) {
  auto const name = result.substr(0, result.find('['));
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    if (m.results[k].name != name) continue;
    if (auto const* path = std::get_if<catalog::array>(&a.values[k])) {
      return path->numbers.at(static_cast<std::size_t>(std::stoi(std::string(result.substr(name.size() + 1)))));
    }
    return std::get<double>(a.values[k]);
  }
  FAIL("no result " << result);
  return 0;
}

std::size_t laws_of(catalog::model const& m) {
  return m.laws == catalog::laws_wanted::none ? 0 : m.laws == catalog::laws_wanted::ability_and_attributes ? 2 : 1;
}

/// A solve under a log-normal law, of ability and of attributes where the model has both.
catalog::answer solved(catalog::model const& m, std::vector<catalog::array> const& given, double log_sd) {
  auto a = m.solve(given, {laws_of(m), catalog::law_of(melitz::lognormal<>{0.1, log_sd})}, {});
  REQUIRE(a.reason == melitz::status::converged);
  return a;
}

std::string const of_law = "distribution.log_sd";

/// Every result that is a number of the equilibrium; of paths some periods.
std::vector<std::string> results_of(catalog::model const& m, catalog::answer const& a) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < m.results.size(); ++k) {
    auto const& r = m.results[k];
    if (r.part == melitz::part::solution || r.part == melitz::part::work) continue;
    if (r.extent == catalog::extent::by_period) {
      for (auto const* period : {"[0]", "[3]", "[20]"}) out.push_back(r.name + period);
    } else if (std::holds_alternative<double>(a.values[k]) && r.name != "horizon" &&
               r.name != "periods_without_entry") {
      out.push_back(r.name);
    }
  }
  return out;
}

/// Holds every derivative of a model against central differences, whose error of the second order cancels between two
/// steps; what is left is h^4 and the rounding of a solve over h.
void check_derivatives(catalog::model const& m, std::vector<catalog::array> const& given, double step = 3e-4) {
  constexpr double log_sd = 0.7;
  auto const at = solved(m, given, log_sd);
  auto const results = results_of(m, at);
  std::vector<std::string> parameters;
  if (laws_of(m) > 0) parameters.push_back(of_law);
  for (std::size_t k = 0; k < m.parameters.size(); ++k) {
    auto const& name = m.parameters[k].name;
    bool const whole = m.parameters[k].restriction == melitz::to_words(melitz::rule::whole) || name == "periods";
    bool const fixed = name == "elasticity" && m.name == "transition";  // it is the same before and after
    bool const at_end = name == "liquidity_log_sd" && given[k].numbers != std::vector<double>{0.5};
    if (given[k].numbers.empty() || !m.parameters[k].words.empty() || whole || fixed || at_end) continue;
    parameters.push_back(name);
  }
  auto const d = m.differentiate(given, {laws_of(m), lognormal(log_sd)}, results, parameters);
  REQUIRE(d.reason == melitz::status::converged);
  REQUIRE(d.table.size() == results.size() * parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    test::check_column(d, p, m.differentiate(given, {laws_of(m), lognormal(log_sd)}, results, {parameters[p]}));
    double const x = parameters[p] == of_law ? log_sd : given[place_of(m, parameters[p])].numbers[0], h = step * x;
    auto const near = [&](double by) {
      auto moved = given;
      if (parameters[p] != of_law) moved[place_of(m, parameters[p])].numbers[0] += by;
      return solved(m, moved, parameters[p] == of_law ? log_sd + by : log_sd);
    };
    auto const up = near(h), down = near(-h), far_up = near(2 * h), far_down = near(-2 * h);
    double worst = 0;
    constexpr double least = 1e-3;  // what is 0 but for roundings, which h makes larger, is compared with this
    for (std::size_t r = 0; r < results.size(); ++r) {
      auto const of = [&](catalog::answer const& a) { return number(m, a, results[r]); };
      double const value = of(at), slope = d.table[r * parameters.size() + p];
      if (!std::isfinite(value)) {
        CHECK(std::isnan(slope));
        continue;
      }
      double const coarse = (of(far_up) - of(far_down)) / (4 * h), fine = (of(up) - of(down)) / (2 * h);
      double const expected = (4 * fine - coarse) / 3, scale = std::abs(value) + std::abs(x * expected) + least;
      double const error = std::abs(x * (slope - expected));
      CAPTURE(results[r], parameters[p], slope, expected);
      if (!(error <= 2e-9 * scale)) CHECK_THAT(slope, WithinAbs(expected, 2e-9 * scale / x));
      if (!(std::abs(d.values[r] - value) <= 1e-12 * scale)) CHECK(d.values[r] == value);
      worst = std::max(worst, error / scale);
    }
    INFO(m.name << " by " << parameters[p]);
    CHECK(worst < 2e-9);
  }
}

}  // namespace

TEST_CASE("every derivative of every core model is that of its solves", "[catalog][derivatives]") {
  for (auto const& m : models()) {
    CAPTURE(std::string(m.name));
    check_derivatives(m, catalog::examples_of(m));
  }
  auto const with = [](catalog::model const& m, std::vector<std::pair<char const*, double>> const& numbers) {
    auto given = catalog::examples_of(m);
    for (auto const& [name, x] : numbers) given[place_of(m, name)] = catalog::array_of(x);
    return given;
  };
  // Firms short of liquidity, where that differs between them: a quadrature over it. Near trade that is nearly free the
  // trade elasticity bends so much that h^4 needs a shorter step.
  auto const& liquidity = *catalog::find(models(), "liquidity");
  check_derivatives(
      liquidity, with(liquidity, {{"iceberg_cost", 1.1}, {"export_fixed_cost", 2}, {"liquidity_log_sd", 0.5}}), 1.5e-4);
  auto const& alike = *catalog::find(models(), "krugman");  // which trades with nobody unless it is told
  check_derivatives(alike, with(alike, {{"partners", 3}, {"iceberg_cost", 1.6}}));
  // Two countries of one size, where the search for a wage has nothing to do.
  auto const& two = *catalog::find(models(), "krugman_countries");
  check_derivatives(two, with(two, {{"labor", 1}, {"foreign_labor", 1}}));
  check_derivatives(two, with(two, {{"labor", 0.5}}));
  // Paths: cheaper trade, and dearer trade with fewer workers, so that nobody enters at first; under all rules.
  auto const& path = *catalog::find(models(), "transition");
  bool some_without_entry[] = {false, false};
  for (double const new_cost : {1.15, 1.4}) {
    for (double const spending : {0, 1}) {
      for (double const export_cost : {0, 1}) {
        CAPTURE(new_cost, spending, export_cost);
        auto const given = with(path, {{"iceberg_cost", 1.3},
                                       {"new_iceberg_cost", new_cost},
                                       {"new_labor", new_cost < 1.3 ? 1 : 0.35},
                                       {"export_fixed_cost", export_cost == 1 ? 20 : 2},
                                       {"spending", spending},
                                       {"export_cost", export_cost}});
        check_derivatives(path, given);
        for (std::size_t k = 0; k < path.results.size(); ++k) {
          if (path.results[k].name != "periods_without_entry") continue;
          bool const some = std::get<double>(solved(path, given, 0.7).values[k]) > 0;
          some_without_entry[static_cast<int>(spending)] |= some;
        }
      }
    }
  }
  CHECK(some_without_entry[0]);
  CHECK(some_without_entry[1]);
}

TEST_CASE("what trade costs do to welfare is the envelope theorem's", "[catalog][derivatives]") {
  // d ln W / d ln tau is minus the share of revenue that exports are, under every law.
  for (auto const& m : models()) {
    if (m.name != "open" && m.name != "technology") continue;
    auto const given = catalog::examples_of(m);
    auto const d = m.differentiate(given, {lognormal(0.7)}, {"welfare"}, {"iceberg_cost"});
    double const share = number(m, solved(m, given, 0.7), "export_share");
    CHECK_THAT(d.table[0] * 1.6 / d.values[0], WithinRel(-share, 1e-12));
  }
}

TEST_CASE("derivatives are those of numbers with a single one", "[catalog][derivatives]") {
  using number = melitz::gradient<1>;
  auto const& m = *catalog::find(models(), "open");
  auto const given = catalog::examples_of(m);
  std::vector<std::string> parameters{of_law};
  for (auto const& p : m.parameters) parameters.push_back(p.name);
  REQUIRE(parameters.size() > 2 * catalog::slopes_at_once);  // several solves, the last with room to spare
  std::vector<std::string> const results{"welfare", "cutoff", "share_exporting", "export_cutoff", "average_revenue"};
  auto const d = m.differentiate(given, {lognormal(0.7)}, results, parameters);
  REQUIRE(d.reason == melitz::status::converged);
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    melitz::open_economy<number> economy;
    std::size_t k = 0;
    melitz::detail::for_each_parameter<melitz::open_economy<number>>(
        [&](auto const&, auto const& access, std::string_view, bool) {
          access(economy) = number(given[k].numbers[0]);
          if (k + 1 == p) access(economy).derivative[0] = 1;
          ++k;
        });
    auto log_sd = number(0.7);
    if (p == 0) log_sd.derivative[0] = 1;
    auto const e = melitz::solve(economy, melitz::erased_law<number>(melitz::lognormal<number>{number(0.1), log_sd}));
    number const of[] = {e.welfare, e.cutoff, e.share_exporting, e.export_cutoff, e.average_revenue};
    for (std::size_t r = 0; r < results.size(); ++r) {
      INFO(results[r] << " by " << parameters[p]);
      CHECK_THAT(d.values[r], WithinRel(of[r].value, 1e-15));
      CHECK_THAT(d.table[r * parameters.size() + p], WithinRel(of[r].derivative[0], 1e-15));
    }
  }
}

TEST_CASE("what is asked for twice is answered twice", "[catalog][derivatives]") {
  auto const& m = *catalog::find(models(), "open");
  auto const ask = [&](std::vector<std::string> const& parameters) {
    return m.differentiate(catalog::examples_of(m), {lognormal(0.7)}, {"welfare", "welfare"}, parameters).table;
  };
  auto const once = ask({"labor", of_law});
  CHECK(once.at(0) != once.at(1));
  auto const twice = ask({"labor", "labor", of_law, of_law, "labor", "distribution[0].log_sd"});
  CHECK(twice == std::vector<double>{once[0], once[0], once[1], once[1], once[0], once[1],  //
                                     once[0], once[0], once[1], once[1], once[0], once[1]});
}

TEST_CASE("a quantile moves with the parameters of its law", "[catalog][derivatives]") {
  using number = melitz::gradient<1>;
  auto const tail = melitz::tail_of(melitz::lognormal<number>{0.1, number::variable(0.7, 0)}, number(3));
  auto const at = melitz::log_quantile(tail, number(0.25));
  constexpr double normal = 0.67448975019608171;  // the upper quarter of the standard normal law
  CHECK_THAT(at.value, WithinRel(0.1 + 0.7 * normal, 1e-13));
  CHECK_THAT(at.derivative[0], WithinRel(normal, 1e-13));
  auto const atoms = melitz::tail_of(melitz::discrete<number>{{1, 2, 3}, {0.5, 0.25, 0.25}}, number(3));
  CHECK_THROWS_AS(melitz::log_quantile(atoms, number(0.5)), melitz::convergence_error);
}

TEST_CASE("derivatives that cannot be had are refused by name", "[catalog][derivatives]") {
  auto const& open = *catalog::find(models(), "open");
  auto const given = catalog::examples_of(open);
  auto const ask = [&](std::string const& result, std::string const& parameter, std::string const& family) {
    return open.differentiate(given, {{family, lognormal(0.7).given}}, {result}, {parameter});
  };
  CHECK_THROWS_WITH(ask("wellfare", "entry_cost", "lognormal"), contains("result is wellfare"));
  CHECK_THROWS_WITH(ask("regime", "sigma", "lognormal"), contains("parameter is sigma"));
  CHECK_THROWS_WITH(ask("welfare", "distribution.shape", "lognormal"), contains("parameter is distribution.shape"));
  CHECK_THROWS_WITH(ask("welfare", "entry_cost", "gamma"), contains("family is gamma"));
  CHECK_THROWS_WITH(ask("regime", "labor", "lognormal"), contains("result is regime; it must be one that moves"));
  CHECK_THROWS_WITH(ask("cutoff[0]", "labor", "lognormal"), contains("result is cutoff[0]"));
  CHECK_THROWS_WITH(ask("cutoff", "labor[0]", "lognormal"), contains("parameter is labor[0]"));
  CHECK_THROWS_WITH(open.differentiate(given, {}, {"welfare"}, {"labor"}), contains("number of laws is 0"));
  // A law that is not there has no parameters, and what has the name of one of the model's is none of a law.
  CHECK_THROWS_WITH(ask("welfare", "distribution[1].log_sd", "lognormal"), contains("parameter is distribution[1]"));
  CHECK_THROWS_WITH(ask("welfare", "distribution[1].elasticity", "lognormal"),
                    contains("parameter is distribution[1]"));
  CHECK_THROWS_WITH(ask("welfare", "distribution2.log_sd", "lognormal"), contains("parameter is distribution2.log_sd"));
  CHECK_THROWS_WITH(ask("welfare", ".log_sd", "lognormal"), contains("parameter is .log_sd"));
  CHECK_THROWS_WITH(ask("welfare", "distribution.log_sd[0]", "lognormal"), contains("distribution.log_sd[0]"));
  CHECK_THROWS_WITH(ask("welfare", "", "lognormal"), contains("it must be the name of a number"));
  auto const under = [&](catalog::law_by_name const& law, std::string const& parameter) {
    return open.differentiate(given, {law}, {"welfare"}, {parameter}).table.at(0);
  };
  catalog::law_by_name const sizes{"discrete", {{3, 1, {1, 2, 4}}, {}}};
  CHECK(std::isfinite(under(sizes, "distribution.values[1]")));
  CHECK_THROWS_WITH(under(sizes, "distribution.values[3]"), contains("be the place of one of its numbers"));
  CHECK_THROWS_WITH(under(sizes, "distribution.weights[0]"), contains("be the place of one of its numbers"));
  CHECK_THROWS_WITH(under({"lognormal", {catalog::array_of(0)}}, "labor"), contains("number of values of a law is 1"));
  CHECK_THROWS_WITH(under({"lognormal", {{2, 1, {0, 0}}, catalog::array_of(1)}}, "labor"),
                    contains("count of numbers in log_mean is 2; it must be 1"));
  // Nothing that moves is a solve all the same.
  auto const still = open.differentiate(given, {lognormal(0.7)}, {"welfare"}, {});
  CHECK(still.reason == melitz::status::converged);
  CHECK(still.table.empty());
  CHECK_THAT(still.values.at(0), WithinRel(number(open, solved(open, given, 0.7), "welfare"), 1e-14));
  auto bad = given;
  bad[0] = catalog::array_of(0.5);
  CHECK_THROWS_WITH(open.differentiate(bad, {lognormal(0.7)}, {"welfare"}, {"labor"}), contains("elasticity is 0.5"));

  auto const& path = *catalog::find(models(), "transition");
  auto const on_path = [&](std::string const& result, std::string const& parameter) {
    auto const out = path.differentiate(catalog::examples_of(path), {lognormal(0.7)}, {result}, {parameter});
    REQUIRE(out.reason == melitz::status::converged);
    return out.table[0];
  };
  CHECK_THROWS_WITH(on_path("cutoff", "labor"), contains("result is cutoff; it must be the name of a number"));
  CHECK_THROWS_WITH(on_path("cutoff[1000000]", "labor"),
                    contains("place in cutoff is 1000000; it must be below 1000000"));
  CHECK_THROWS_WITH(on_path("cutoff[1]", "periods"), contains("parameter is periods; it must be one of the economy"));
  CHECK_THROWS_WITH(on_path("cutoff[1]", "spending"), contains("parameter is spending"));
  // What is left out has the value of another parameter, and moves with it: then nothing changes at all. Or alone.
  CHECK(std::abs(on_path("consumption_equivalent_gain", "export_fixed_cost")) < 1e-12);
  CHECK(std::abs(on_path("consumption_equivalent_gain", "new_export_fixed_cost")) > 1e-3);
  // Whatever else is asked for, and in whatever order.
  auto const both = path.differentiate(catalog::examples_of(path), {lognormal(0.7)}, {"consumption_equivalent_gain"},
                                       {"new_export_fixed_cost", "export_fixed_cost"});
  CHECK(both.table.at(0) == on_path("consumption_equivalent_gain", "new_export_fixed_cost"));
  CHECK(both.table.at(1) == on_path("consumption_equivalent_gain", "export_fixed_cost"));
}

}  // namespace test::catalog_derivatives
