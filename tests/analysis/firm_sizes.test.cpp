// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/size_moments.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/erased.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace test::firm_sizes {

namespace {

using melitz::firm_kind;
using melitz::firm_size;
constexpr double inf = std::numeric_limits<double>::infinity();

/// A law with the numbers of a file, by its own table.
melitz::erased_law<> law_of(json const& row) {
  std::vector<melitz::erased_law<>> found;
  auto const try_one = [&]<class Law>(std::type_identity<Law>) {
    if (row.at("type") != Law::name) return;
    Law law{};
    melitz::detail::for_each_parameter<Law>([&](auto const& p, auto const& access, std::string_view, bool) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(access(law))>, double>) {
        access(law) = number(row.at(std::string(p.name)));
      }
    });
    found.emplace_back(law);
  };
  [&]<class... Laws>(std::type_identity<std::variant<Laws...>>) {
    (try_one(std::type_identity<Laws>{}), ...);
  }(std::type_identity<melitz::family_law<>>{});
  return found.at(0);
}

melitz::open_economy<> economy_of(json const& row) {
  auto const get = [&](char const* name) { return number(row.at(name)); };
  return {{.elasticity = get("elasticity"),
           .fixed_cost = get("fixed_cost"),
           .entry_cost = get("entry_cost"),
           .death_rate = get("death_rate"),
           .labor = get("labor")},
          get("partners"),
          get("iceberg_cost"),
          get("export_fixed_cost")};
}

using sizes = melitz::size_distribution<melitz::erased_tail<>>;

/// What the file says of one statistic of firms.
void check(sizes const& s, json const& row) {
  auto const get = [&](char const* name) { return number(row.at(name)); };
  CHECK_THAT(s.mean(), WithinRel(get("mean"), 1e-12));
  for (auto const& [share, value] : row.at("value_exceeded_by").items()) {
    CHECK_THAT(s.log_quantile(std::stod(share)), WithinAbs(std::log(number(value)), 1e-12));
  }
  for (auto const& [share, part] : row.at("top_share").items()) {
    CHECK_THAT(s.top_share(std::stod(share)), WithinRel(number(part), 1e-12));
    CHECK_THAT(s.lorenz(1 - std::stod(share)), WithinAbs(1 - number(part), 1e-12));
  }
  for (auto const& at : row.at("survival_at")) {
    CHECK_THAT(s.share_reaching(number(at.at(0))), WithinRel(number(at.at(1)), 1e-12));
  }
  auto const unequal = s.inequality();
  CHECK_THAT(unequal.gini, WithinRel(get("gini"), 1e-10));
  CHECK_THAT(unequal.theil, WithinRel(get("theil"), 1e-10));
  CHECK_THAT(s.mean_log_deviation(), WithinRel(get("mean_log_deviation"), 1e-10));
  CHECK_THAT(s.log_moments().mean, WithinRel(get("mean_log"), 1e-12));
  CHECK_THAT(std::sqrt(s.log_moments().variance), WithinRel(get("sd_log"), 1e-11));
}

}  // namespace

TEST_CASE("the open economy under laws of firms' sizes", "[analysis][sizes][reference]") {
  // tests/reference/firm_sizes.json, remade by tools/reference/firm_sizes.py.
  auto const file = test::reference("firm_sizes");
  int compared = 0;
  for (auto const& row : file.at("economies")) {
    CAPTURE(row.at("law").dump());
    auto const law = law_of(row.at("law"));
    auto const economy = economy_of(row.at("economy"));
    auto const e = melitz::solve(economy, law), closed = melitz::solve(melitz::as_open(economy.domestic), law);
    auto const& r = row.at("result");
    auto const agrees = [&](double x, char const* key) { CHECK_THAT(x, WithinRel(number(r.at(key)), 1e-12)); };
    agrees(e.cutoff, "cutoff");
    agrees(e.export_cutoff, "export_cutoff");
    agrees(closed.cutoff, "closed_cutoff");
    agrees(e.probability_of_producing, "probability_of_producing");
    agrees(e.share_exporting, "share_exporting");
    agrees(e.domestic_share, "domestic_share");
    agrees(e.average_revenue, "average_revenue");
    agrees(e.welfare / closed.welfare, "gain_factor");
    ++compared;
  }
  CHECK(compared == 14);
}

TEST_CASE("sizes of firms agree with references, gaps included", "[analysis][sizes][reference]") {
  auto const file = test::reference("firm_sizes");
  int compared = 0;
  for (auto const& row : file.at("sizes")) {
    auto const law = law_of(row.at("law"));
    auto const& all = row.at("statistics");
    double const sigma = number(row.at("economy").at("elasticity"));
    auto const tail = law.tail(sigma - 1);
    if (row.at("menu").size() == 2) {
      auto const e = melitz::solve(economy_of(row.at("economy")), law);
      for (auto const& [key, what, who] :
           {std::tuple{"total_sales", firm_size::sales, firm_kind::producers},
            std::tuple{"domestic_sales", firm_size::domestic_sales, firm_kind::producers},
            std::tuple{"export_sales_of_exporters", firm_size::exports, firm_kind::exporters},
            std::tuple{"employment", firm_size::employment, firm_kind::producers}}) {
        if (!all.contains(key)) continue;
        CAPTURE(row.at("law").dump(), key);
        check(melitz::sizes_of(e, tail, what, who), all.at(key));
        ++compared;
      }
    } else {
      melitz::menu<> options;
      std::map<std::string, double> at_home;
      for (auto const& o : row.at("menu")) {
        double const slope = number(o.at("slope"));
        auto const name = o.at("name").get<std::string>();
        options.push_back({name, slope, number(o.at("fixed_cost")), sigma * slope});
        at_home[name] = sigma * number(o.at("domestic_slope"));
      }
      double const entry = number(row.at("economy").at("entry_cost_times_death_rate"));
      auto const choices = melitz::solve_free_entry(options, tail, entry, sigma);
      CAPTURE(row.at("law").dump());
      check(melitz::sizes_of(choices, tail), all.at("total_sales"));
      check(melitz::sizes_of(choices, tail, firm_size::employment), all.at("employment"));
      check(
          melitz::sizes_by(choices, tail,
                           [&](auto const& s) { return melitz::segment_size<>{s.slope > 0 ? at_home[s.option] : 0}; }),
          all.at("domestic_sales"));
      auto const negative = [](auto const&) { return melitz::segment_size<>{-1}; };
      CHECK_THROWS_WITH(melitz::sizes_by(choices, tail, negative), contains("slope is -1"));
      compared += 3;
    }
  }
  CHECK(compared == 20);
}

TEST_CASE("inequality in closed form", "[analysis][sizes]") {
  for (double const zeta : {1.03125, 1.5, 4.0, 64.0}) {
    CAPTURE(zeta);
    sizes const s(melitz::erased_tail<>(melitz::pareto<>{2, 3 * zeta}.tail(3)), {{-inf, inf, 0.5}});
    CHECK_THAT(s.inequality().gini, WithinRel(1 / (2 * zeta - 1), 1e-12));
    CHECK_THAT(s.inequality().theil, WithinAbs(1 / (zeta - 1) - std::log(zeta / (zeta - 1)), 1e-12 / (zeta - 1)));
    CHECK_THAT(s.lorenz(0.75), WithinRel(1 - std::pow(0.25, 1 - 1 / zeta), 1e-12));
  }
  for (double const sd : {0.0625, 0.5, 1.5}) {  // nobody is too unproductive
    CAPTURE(sd);
    sizes const s(melitz::erased_tail<>(melitz::lognormal<>{0.25, sd}.tail(3)), {{-inf, inf, 0}});
    CHECK_THAT(s.inequality().gini, WithinRel(std::erf(3 * sd / 2), 1e-12));
    CHECK_THAT(s.inequality().theil, WithinAbs(9 * sd * sd / 2, 1e-12 * (1 + sd * sd)));
  }
  // Two sizes, 1 and 3, of as many firms: Gini 1/4.
  sizes const two(melitz::erased_tail<>(melitz::tail_of(melitz::discrete<>{{1, 3}, {}}, 1.0)), {{-inf, inf, 0}});
  CHECK_THAT(two.inequality().gini, WithinRel(0.25, 1e-10));
  CHECK_THAT(two.inequality().theil, WithinRel((0.5 * std::log(0.5) + 1.5 * std::log(1.5)) / 2, 1e-10));
  // Sizes that fall from one option to the next: phi below 2, from there on phi/2, under Pr(phi >= x) = x^-3.
  double const bound = std::log(2.0);
  sizes const overlap(melitz::erased_tail<>(melitz::pareto<>{1, 3}.tail(1)), {{0, bound, 0}, {bound, inf, -bound}});
  // S is 1 - 1/8 + ... : on [1, 2) m^-3 - 1/8 + (2m)^-3, beyond (2m)^-3; the integral of its square and the mean by
  // hand.
  double const a = 9.0 / 8, b = -1.0 / 8;
  double const squared =
      a * a * (1 - std::pow(2, -5)) / 5 + 2 * a * b * (1 - std::pow(2, -2)) / 2 + b * b + std::pow(2, -5) / 5 / 64;
  double const mean = 1.5 * (1 - 0.25) + 0.5 * 1.5 * 0.25;
  CHECK_THAT(overlap.inequality().gini, WithinRel(1 - (1 + squared) / mean, 1e-11));
  CHECK_THAT(overlap.mean(), WithinRel(mean, 1e-13));
}

TEST_CASE("inequality carries derivatives", "[analysis][sizes][derivatives]") {
  using number = melitz::gradient<2>;
  auto const solved = [](auto const& tau, auto const& sd) {
    using Real = std::decay_t<decltype(tau)>;
    melitz::open_economy<Real> const economy{
        {Real(4), Real(1), Real(2), Real(0.1), Real(100)}, Real(1), tau, Real(0.545)};
    melitz::lognormal<Real> const law{Real(0), sd};
    return melitz::sizes_of(melitz::solve(economy, law), law).inequality();
  };
  auto const got = solved(number::variable(1.83, 0), number::variable(0.797, 1));
  double const h = 1e-4;
  for (std::size_t k = 0; k < 2; ++k) {
    auto const at = [&](double step) { return solved(1.83 + (k == 0 ? step : 0), 0.797 + (k == 1 ? step : 0)); };
    auto const up = at(h), down = at(-h);
    CAPTURE(k);
    CHECK_THAT(got.gini.derivative[k], WithinAbs((up.gini - down.gini) / (2 * h), 1e-7));
    CHECK_THAT(got.theil.derivative[k], WithinAbs((up.theil - down.theil) / (2 * h), 1e-7));
  }
}

TEST_CASE("what has no inequality, or no share", "[analysis][sizes]") {
  sizes const none(melitz::erased_tail<>(melitz::pareto<>{1, 4}.tail(3)), {});
  CHECK(std::isnan(none.inequality().gini));
  CHECK(std::isnan(none.share_reaching(1)));
  sizes const s(melitz::erased_tail<>(melitz::pareto<>{1, 4}.tail(3)), {{-inf, inf, 0}});
  CHECK(s.share_reaching(0) == 1);
  for (double const bad : {-1.0, std::nan("")}) CHECK_THROWS_WITH(s.share_reaching(bad), contains("size is"));
  for (double const bad : {0.0, 1.0, std::nan("")}) CHECK_THROWS_WITH(s.lorenz(bad), contains("share is"));
}

}  // namespace test::firm_sizes
