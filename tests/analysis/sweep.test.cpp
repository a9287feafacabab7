// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/sweep.hpp>

#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/tail/any_law.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/sanitized.hpp"
#include "support/widths.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <random>
#include <string>
#include <vector>

using melitz::closed_economy;
using melitz::equilibria;
using melitz::equilibrium;
using melitz::lognormal;
using melitz::open_economy;
using melitz::pareto;
using melitz::solve_each;
using melitz::status;
using melitz::sweep;
using melitz::try_solve;
using test::contains;

namespace {

std::atomic<long> allocations{0};

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

closed_economy<> home() { return {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1}; }
open_economy<> trade() { return {home(), 3, 1.6, 1.3}; }

std::vector<double> evenly(double from, double to, int count) {
  std::vector<double> out;
  for (int k = 0; k < count; ++k) out.push_back(from + (to - from) * k / (count - 1));
  return out;
}

std::vector<double> shuffled(std::vector<double> values) {
  std::shuffle(values.begin(), values.end(), std::mt19937_64(1));
  return values;
}

/// How far element k is from the single solve, over the bounds that sweep() states; at most 1 if it keeps them.
/// @param cutoff_bound  of the log cutoff, in eps: 6 for closed forms, 16 for samples
double distance(equilibria<> const& many, std::size_t k, equilibrium<> const& one, double cutoff_bound) {
  if (many.reason[k] != one.reason) return infinity;
  double worst = 0;
  if (!one) {
    many.for_each_column([&](auto const& column, auto) {
      if (!std::isnan(column[k])) worst = infinity;
    });
    return worst;
  }
  auto const log_size = [](double x) { return std::isfinite(x) ? std::abs(std::log(x)) : 0.0; };
  double const power = one.economy.domestic.elasticity - 1, slow = std::max(1.0, 3 / power);
  double const size = std::max({1.0, log_size(one.cutoff), log_size(one.export_cutoff)});
  double const steep = 1 + one.domestic_elasticity + (std::isnan(one.trade_elasticity) ? 0 : one.trade_elasticity);
  many.for_each_column([&](auto const& column, auto member) {
    double const a = column[k], b = one.*member;
    if (a == b || (std::isnan(a) && std::isnan(b))) return;
    double bound = 12 * eps * size * steep * std::abs(b);
    if (member == &equilibrium<>::log_cutoff) bound = cutoff_bound * eps * slow * std::max(1.0, std::abs(b));
    if (member == &equilibrium<>::residual) bound = 1e-12;
    double const off = std::abs(a - b) / bound;
    if (!(off <= worst)) worst = std::isnan(off) ? infinity : off;
  });
  return worst;
}

template <class LawOrTail, class Economies>
double distance(equilibria<> const& many, Economies const& economy_of, LawOrTail const& law) {
  double worst = 0, cutoff_bound = 16;
  if constexpr (std::is_same_v<LawOrTail, lognormal<>> || std::is_same_v<LawOrTail, pareto<>>) cutoff_bound = 6;
  for (std::size_t k = 0; k < many.size(); ++k) {
    double const off = distance(many, k, try_solve(economy_of(k), law), cutoff_bound);
    if (off > worst) worst = off;
  }
  return worst;
}

/// Sweeps the iceberg cost.
template <class Law>
double distance_over(std::vector<double> const& taus, Law const& law, melitz::sweep_options const& options = {}) {
  auto const many = sweep(trade(), &open_economy<>::iceberg_cost, taus, law, options);
  REQUIRE(many.size() == taus.size());
  return distance(
      many,
      [&](std::size_t k) {
        auto e = trade();
        e.iceberg_cost = taus[k];
        return e;
      },
      law);
}

/// A model of a user's own: no law, options of its own, and results of every kind.
struct toy_economy {
  using real_type = double;
  double cost = std::numeric_limits<double>::quiet_NaN();

  void validate() const { melitz::detail::require(melitz::rule::positive, "toy_economy", "cost", cost); }
};
struct toy_equilibrium {
  using real_type = double;
  status reason = status::not_solved;
  double price = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> wages{};
  bool cheap = false;

  [[nodiscard]] double highest_wage() const { return wages.at(wages.size() - 1); }

  static constexpr auto results() {
    using e = toy_equilibrium;
    using enum melitz::part;
    return melitz::told::table{melitz::told::aside(&e::reason),
                               melitz::told::quantity("price", &e::price, aggregates, "wages"),
                               melitz::told::quantity("wages", &e::wages, aggregates, "wages"),
                               melitz::told::quantity("cheap", &e::cheap, solution, ""),
                               melitz::told::quantity("highest_wage", &e::highest_wage, aggregates, "wages")};
  }
};
struct toy_options {
  double markup = 2;
};
toy_equilibrium try_solve(toy_economy const& economy, toy_options const& how = {}) {
  economy.validate();
  if (economy.cost > 100) return {.reason = status::out_of_range};
  return {status::converged, how.markup * economy.cost, {1, economy.cost}, economy.cost < 2};
}

bool same(equilibria<> const& a, equilibria<> const& b) {
  bool equal = a.reason == b.reason;
  std::vector<std::vector<double> const*> columns;
  a.for_each_column([&](auto const& column, auto) { columns.push_back(&column); });
  std::size_t next = 0;
  b.for_each_column([&](auto const& column, auto) {
    auto const& other = *columns[next++];
    for (std::size_t k = 0; k < column.size(); ++k) {
      equal = equal && (column[k] == other[k] || (std::isnan(column[k]) && std::isnan(other[k])));
    }
  });
  return equal;
}

/// Economies of all regimes, some of them extreme.
std::vector<open_economy<>> many_economies(int count, double most_elastic) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<> unit(0, 1);
  auto const between = [&](double low, double high) { return low * std::pow(high / low, unit(random)); };
  std::vector<open_economy<>> out;
  for (int k = 0; k < count; ++k) {
    closed_economy<> const d{1 + between(0.5, most_elastic - 1), between(0.1, 10), between(0.01, 100), between(0.01, 1),
                             between(0.01, 1000)};
    open_economy<> e{d, std::floor(between(1, 100)), 1 + between(0.01, 4), d.fixed_cost * between(0.05, 20)};
    if (k % 17 == 0) e.partners = 0;
    if (k % 19 == 0) e.iceberg_cost = infinity;
    if (k % 23 == 0) e.export_fixed_cost = infinity;
    out.push_back(e);
  }
  return out;
}

}  // namespace

// Counts every allocation of this program. Not inlined, or g++ sees free() where it expects delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const p = std::malloc(size > 0 ? size : 1)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

TEST_CASE("every element of a sweep is the single solve", "[analysis][sweep]") {
  for (int const count : {1, 2, 7, 8, 9, 64, 1000, 5000}) {
    CAPTURE(count);
    auto const taus = count == 1 ? std::vector<double>{1.6} : evenly(1.01, 3, count);
    CHECK(distance_over(taus, lognormal<>{0, 0.8}) <= 1);
    CHECK(distance_over(taus, pareto<>{1, 4.25}) <= 1);
    CHECK(distance_over(shuffled(taus), lognormal<>{0, 0.8}) <= 1);
  }
  auto taus = evenly(1.01, 3, 1000);
  std::reverse(taus.begin(), taus.end());
  CHECK(distance_over(taus, lognormal<>{0, 0.8}) <= 1);
  for (double& tau : taus) tau = std::floor(tau * 20) / 20;  // many equal values
  CHECK(distance_over(taus, lognormal<>{0, 0.8}) <= 1);
}

TEST_CASE("a sweep across regimes", "[analysis][sweep]") {
  // With f_x < f everyone exports at low iceberg costs; an infinite one closes the country.
  auto economy = trade();
  economy.export_fixed_cost = 0.2;
  auto taus = evenly(1, 3, 501);
  taus.push_back(std::pow(5.0, 1 / 3.0));  // tau^3 f_x = f: the tie
  taus.push_back(infinity);
  auto const of = [&](std::size_t k) {
    auto e = economy;
    e.iceberg_cost = taus[k];
    return e;
  };
  auto const check = [&](auto const& law) {
    auto const many = sweep(economy, &open_economy<>::iceberg_cost, taus, law);
    CHECK(many.converged() == taus.size());
    CHECK(distance(many, of, law) <= 1);
    CHECK(many.share_exporting.front() == 1);
    CHECK(many.share_exporting[500] < 1);
    CHECK(many.share_exporting.back() == 0);
    CHECK(std::isinf(many.export_cutoff.back()));
    CHECK(std::isnan(many.average_export_productivity.back()));
  };
  check(lognormal<>{0, 0.8});
  check(pareto<>{1, 4.25});
  check(pareto<>{2.25, 4.25});  // the cutoff passes through the lower end of the support
  check(pareto<>{20, 4.25});    // every entrant produces
}

TEST_CASE("any member, or a function, can be swept", "[analysis][sweep]") {
  auto const check = [](auto member, std::vector<double> const& values, auto const& law) {
    auto const many = sweep(trade(), member, values, law);
    auto const of = [&](std::size_t k) {
      auto e = trade();
      if constexpr (std::is_same_v<decltype(member), double open_economy<>::*>) {
        e.*member = values[k];
      } else {
        e.domestic.*member = values[k];
      }
      return e;
    };
    CHECK(many.converged() == values.size());
    CHECK(distance(many, of, law) <= 1);
    auto const by_function = sweep(
        trade(),
        [&](open_economy<>& e, double value) {
          if constexpr (std::is_same_v<decltype(member), double open_economy<>::*>) {
            e.*member = value;
          } else {
            e.domestic.*member = value;
          }
        },
        values, law);
    CHECK(distance(by_function, of, law) <= 1);
  };
  auto const check_both = [&](auto member, std::vector<double> const& values) {
    check(member, values, lognormal<>{0, 0.8});
    check(member, values, pareto<>{1, 4.25});
  };
  check_both(&open_economy<>::iceberg_cost, evenly(1, 4, 333));
  check_both(&open_economy<>::export_fixed_cost, evenly(0.01, 10, 333));
  check_both(&open_economy<>::partners, evenly(0, 50, 51));
  check_both(&closed_economy<>::elasticity, evenly(1.6, 5, 333));
  check_both(&closed_economy<>::fixed_cost, evenly(0.1, 10, 333));
  check_both(&closed_economy<>::entry_cost, evenly(0.1, 10, 333));
  check_both(&closed_economy<>::death_rate, evenly(0.01, 1, 333));
  check_both(&closed_economy<>::labor, evenly(0.1, 10, 333));
}

TEST_CASE("a closed economy can be swept", "[analysis][sweep]") {
  auto const costs = evenly(0.5, 5, 300);
  auto const law = lognormal<>{0, 0.8};
  auto const of = [&](std::size_t k) {
    auto e = home();
    e.entry_cost = costs[k];
    return e;
  };
  CHECK(distance(sweep(home(), &closed_economy<>::entry_cost, costs, law), of, law) <= 1);
  auto const set = [](closed_economy<>& e, double value) { e.entry_cost = value; };
  CHECK(distance(sweep(home(), set, costs, law), of, law) <= 1);
  // A member that is swept need not be set before.
  auto open = trade();
  open.iceberg_cost = std::numeric_limits<double>::quiet_NaN();
  CHECK(sweep(open, &open_economy<>::iceberg_cost, evenly(1, 2, 20), law).converged() == 20);
}

TEST_CASE("arrays of economies", "[analysis][sweep]") {
  for (double const sd : {0.05, 0.3, 0.8, 2.0}) {
    CAPTURE(sd);
    auto const economies = many_economies(5000, 10);
    auto const law = lognormal<>{0.25, sd};
    CHECK(distance(
              solve_each(economies, law), [&](std::size_t k) { return economies[k]; }, law) <= 1);
  }
  for (double const shape : {4.05, 6.0, 30.0}) {
    CAPTURE(shape);
    auto const economies = many_economies(5000, 5);
    auto const law = pareto<>{1.5, shape};
    CHECK(distance(
              solve_each(economies, law), [&](std::size_t k) { return economies[k]; }, law) <= 1);
  }
  CHECK(solve_each(std::vector<open_economy<>>{}, lognormal<>{0, 1}).size() == 0);
}

TEST_CASE("every law can be swept", "[analysis][sweep]") {
  // Few values are solved one at a time, 64 and more of them through samples of the tail.
  for (int const count : {40, test::fewer_if_sanitized(900, 150)}) {
    auto const taus = evenly(1, 4, count);
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(name, count);
      CHECK(distance_over(taus, law) <= 1);
      CHECK(distance_over(shuffled(taus), law) <= 1);
    }
  }
  // Economies far apart, at elasticities near one and far from it.
  for (double const elasticity : {1.6, 2.5, 4.0, 8.0}) {
    auto economies = many_economies(test::fewer_if_sanitized(600, 150), 5);
    for (auto& e : economies) e.domestic.elasticity = elasticity;
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(name, elasticity);
      if (elasticity > 4 && name.find("pareto") == 0) continue;  // the mean may diverge
      if (elasticity > 4 && (name == "frechet" || name == "mixture")) continue;
      CHECK(distance(
                solve_each(economies, law), [&](std::size_t k) { return economies[k]; }, law) <= 1);
    }
  }
  auto const taus = evenly(1.2, 3, 200);
  // A tail instead of a law.
  CHECK(distance_over(taus, tail_of(lognormal<>{0, 0.8}, 3)) <= 1);
  CHECK(distance_over(taus, tail_of(pareto<>{1, 4.25}, 3)) <= 1);
  CHECK(distance_over(taus, tail_of(melitz::weibull<>{1, 1.5}, 3)) <= 1);
}

TEST_CASE("other number types are swept one at a time", "[analysis][sweep]") {
  closed_economy<long double> const d{4, 1, 2, 0.05L, 1};
  open_economy<long double> const economy{d, 3, 1.6L, 1.3L};
  std::vector<long double> const taus{1.2L, 1.6L, 2};
  auto const many = sweep(economy, &open_economy<long double>::iceberg_cost, taus, lognormal<long double>{0, 0.8L});
  CHECK(many.cutoff[1] == try_solve(economy, lognormal<long double>{0, 0.8L}).cutoff);
}

TEST_CASE("registers of any width give the same but for roundings", "[analysis][sweep]") {
  auto const check = [](auto const& law) {
    auto const taus = evenly(1, 4, 3001);
    std::vector<equilibria<>> found;
    test::in_each_width([&] { found.push_back(sweep(trade(), &open_economy<>::iceberg_cost, taus, law)); });
    std::vector<std::vector<double> const*> first;
    found[0].for_each_column([&](auto const& column, auto) { first.push_back(&column); });
    for (auto const& other : found) {
      CHECK(other.reason == found[0].reason);
      std::size_t next = 0;
      other.for_each_column([&](auto const& column, auto member) {
        auto const& wanted = *first[next++];
        double worst = 0;
        for (std::size_t k = 0; k < column.size(); ++k) {
          if (column[k] == wanted[k] || (std::isnan(column[k]) && std::isnan(wanted[k]))) continue;
          double const size = member == &equilibrium<>::residual ? 1 : std::abs(wanted[k]);
          double const off = std::abs(column[k] - wanted[k]) / size;
          if (!(off <= worst)) worst = off;
        }
        CHECK(worst <= 2.4e-14);
      });
    }
  };
  check(lognormal<>{0, 0.8});
  check(pareto<>{1, 4.25});
  check(melitz::weibull<>{1, 1.5});
}

TEST_CASE("the number of threads changes nothing", "[analysis][sweep]") {
  auto const law = lognormal<>{0, 0.8};
  auto const economies = many_economies(100000, 10);
  auto const once = solve_each(economies, law);
  CHECK(same(once, solve_each(economies, law, {.threads = 2})));
  CHECK(same(once, solve_each(economies, law, {.threads = 0})));
  auto const taus = evenly(1, 3, 100000);
  auto const swept = sweep(trade(), &open_economy<>::iceberg_cost, taus, law);
  CHECK(same(swept, sweep(trade(), &open_economy<>::iceberg_cost, taus, law, {.threads = 2})));
  auto const few = evenly(1, 3, 5000);
  auto const thin = melitz::weibull<>{1, 1.5};
  CHECK(same(sweep(trade(), &open_economy<>::iceberg_cost, few, thin),
             sweep(trade(), &open_economy<>::iceberg_cost, few, thin, {.threads = 3})));
}

TEST_CASE("a part of a sweep is what it is in the whole", "[analysis][sweep]") {
  // What sweeps over several processes rest on, to the last bit.
  auto const check = [](auto const& source, auto const& law) {
    auto const multiple = melitz::detail::part_multiple<std::remove_cvref_t<decltype(source)>>;
    equilibria<> whole, part;
    melitz::detail::solve_all(source, law, {}, whole);
    for (std::size_t const begin : {std::size_t{0}, multiple, 2 * multiple, source.size() / multiple * multiple}) {
      for (std::size_t const end : {begin, std::min(begin + multiple, source.size()), source.size()}) {
        melitz::detail::solve_part(source, law, {}, begin, end, part);
        REQUIRE(part.size() == end - begin);
        equilibria<> wanted;
        wanted.resize(end - begin);
        std::copy_n(whole.reason.begin() + static_cast<std::ptrdiff_t>(begin), end - begin, wanted.reason.begin());
        std::vector<std::vector<double> const*> columns;
        whole.for_each_column([&](auto const& column, auto) { columns.push_back(&column); });
        std::size_t next = 0;
        wanted.for_each_column([&](auto& column, auto) {
          std::copy_n(columns[next++]->begin() + static_cast<std::ptrdiff_t>(begin), end - begin, column.begin());
        });
        CHECK(same(part, wanted));
      }
    }
  };
  auto const economy = trade();
  auto const taus = evenly(1, 3, 7000);
  auto const economies = many_economies(7000, 5);
  auto const check_both = [&](auto const& law) {
    using source = melitz::detail::swept_economies<double, double open_economy<>::*>;
    check(source{economy, &open_economy<>::iceberg_cost, taus}, law);
    check(melitz::detail::given_economies<open_economy<double>>{economies}, law);
  };
  check_both(lognormal<>{0, 0.8});
  check_both(melitz::weibull<>{1, 1.5});
}

TEST_CASE("what cannot be solved has its status and no numbers", "[analysis][sweep]") {
  auto const law = lognormal<>{0, 0.8};
  std::vector<double> values = evenly(1, 2, 40);
  values[5] = 1e-323;  // times the death rate it is zero
  values[17] = 1e300;
  auto const many = sweep(home(), &closed_economy<>::entry_cost, values, law);
  CHECK(many.reason[5] == status::out_of_range);
  CHECK(std::isnan(many.cutoff[5]));
  CHECK(std::isnan(many.welfare[5]));
  CHECK(many.reason[6] == status::converged);
  auto const of = [&](std::size_t k) {
    auto e = home();
    e.entry_cost = values[k];
    return e;
  };
  CHECK(distance(many, of, law) <= 1);
  // A budget too small for a single solve is too small here.
  auto const hurried = sweep(home(), &closed_economy<>::entry_cost, values, law, {.max_evaluations = 1});
  for (std::size_t k = 0; k < values.size(); ++k) {
    CHECK(hurried.reason[k] == try_solve(of(k), law, {.max_evaluations = 1}).reason);
  }
  CHECK(std::count(hurried.reason.begin(), hurried.reason.end(), status::iteration_limit) > 30);
}

TEST_CASE("a repeated sweep allocates nothing", "[analysis][sweep]") {
  auto const count_in = [](auto const& law, int count) {
    auto const taus = evenly(1.2, 3, count);
    equilibria<> out;
    sweep_into(out, trade(), &open_economy<>::iceberg_cost, taus, law);
    long const before = allocations;
    sweep_into(out, trade(), &open_economy<>::iceberg_cost, taus, law);
    long const swept = allocations - before;
    std::vector<open_economy<>> const economies(static_cast<std::size_t>(count), trade());
    long const again = allocations;
    solve_each_into(out, economies, law);
    return swept + (allocations - again);
  };
  CHECK(count_in(lognormal<>{0, 0.8}, 3000) == 0);
  CHECK(count_in(pareto<>{1, 4.25}, 3000) == 0);
  // Sampling a law may allocate, an element may not.
  CHECK(count_in(melitz::weibull<>{1, 1.5}, 2000) == count_in(melitz::weibull<>{1, 1.5}, 500));
  CHECK(count_in(melitz::weibull<>{1, 1.5}, 50) == count_in(melitz::weibull<>{1, 1.5}, 5));
  // A new table: one block for each column.
  auto const taus = evenly(1.2, 3, 1000);
  long const before = allocations;
  auto const fresh = sweep(trade(), &open_economy<>::iceberg_cost, taus, lognormal<>{0, 0.8});
  CHECK(allocations - before == 17);
  CHECK(fresh.size() == 1000);
}

TEST_CASE("bad input names the element", "[analysis][sweep]") {
  auto const law = lognormal<>{0, 0.8};
  auto taus = evenly(1.2, 3, 40);
  taus[17] = 0.8;
  taus[30] = 0.7;
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, taus, law),
                    "value 17 of the sweep: iceberg_cost is 0.8; it must be at least 1");
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, taus, melitz::weibull<>{1, 1.5}),
                    "value 17 of the sweep: iceberg_cost is 0.8; it must be at least 1");
  std::vector<open_economy<>> economies(40, trade());
  economies[23].partners = 2.5;
  CHECK_THROWS_WITH(solve_each(economies, law), contains("economy 23: partners is 2.5; it must be a whole number"));
  // The mean of the law diverges from some elasticity on.
  CHECK_THROWS_WITH(sweep(trade(), &closed_economy<>::elasticity, std::vector<double>{3, 4, 5.5}, pareto<>{1, 4.25}),
                    contains("value 2 of the sweep: shape is 4.25; it must exceed the size exponent 4.5"));
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, taus, lognormal<>{0, -1}),
                    contains("lognormal: log_sd is -1"));
  CHECK_THROWS_WITH(sweep(trade(), &closed_economy<>::elasticity, std::vector<double>{4, 5}, tail_of(law, 3)),
                    contains("value 1 of the sweep: tail.power() is 3"));
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, taus, law, {.threads = -1}),
                    "sweep_options: threads is -1; it must be at least 0");
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, taus, law, {.max_evaluations = 0}),
                    "sweep_options: max_evaluations is 0; it must be positive");
  // The first of several, on several threads too.
  auto many = evenly(1.2, 3, 50000);
  many[49000] = many[21000] = 0;
  CHECK_THROWS_WITH(sweep(trade(), &open_economy<>::iceberg_cost, many, law, {.threads = 2}),
                    contains("value 21000 of the sweep"));
}

TEST_CASE("any model can be swept", "[analysis][sweep]") {
  using economy = melitz::technology_economy<>;
  using result = melitz::technology_equilibrium<>;
  economy const base{trade(), 1.3, 2.5};
  auto const check = [&](auto const& change, auto const& set, std::vector<double> const& values, auto const& law) {
    auto const many = sweep(base, change, values, law);
    REQUIRE(many.size() == values.size());
    CHECK(many.converged() == values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      economy e = base;
      set(e, values[k]);
      auto const one = try_solve(e, law);
      CHECK_THAT(many[&result::welfare][k], test::WithinRel(one.welfare, 1e-12));
      CHECK_THAT(many.column("share_upgrading")[k], test::WithinRel(one.share_upgrading, 1e-11));
      CHECK_THAT(many[&melitz::menu_equilibrium<>::demand][k], test::WithinRel(one.choices.demand, 1e-11));
      CHECK(many.reason[k] == status::converged);
    }
  };
  auto const law = lognormal<>{0, 0.8};
  auto const cost_ratio = [](economy& e, double x) { e.cost_ratio = x; };
  auto const elasticity = [](economy& e, double x) { e.trade.domestic.elasticity = x; };
  check(&economy::cost_ratio, cost_ratio, evenly(1.5, 4, 20), law);
  check(cost_ratio, cost_ratio, evenly(1.5, 4, 20), tail_of(law, 3));
  check(
      &open_economy<>::iceberg_cost, [](economy& e, double x) { e.trade.iceberg_cost = x; }, evenly(1, 3, 20), law);
  check(&closed_economy<>::elasticity, elasticity, evenly(3, 5, 5), law);  // the law is bound again
  check(&closed_economy<>::elasticity, elasticity, evenly(3, 5, 5), melitz::weibull<>{1, 1.5});

  std::vector<economy> economies(40, base);
  economies[3].cost_ratio = 3;
  auto const each = solve_each(economies, law);
  CHECK(each[&result::welfare][3] == solve_each(std::vector{economies[3]}, law)[&result::welfare][0]);
  CHECK(each[&result::welfare][4] != each[&result::welfare][3]);
  CHECK(solve_each(std::vector<economy>{}, law).size() == 0);

  // Threads change nothing, and a mistake names its element.
  auto ratios = evenly(1.5, 4, 2000);
  CHECK(sweep(base, &economy::cost_ratio, ratios, law).column("welfare") ==
        sweep(base, &economy::cost_ratio, ratios, law, {.threads = 3}).column("welfare"));
  ratios[17] = ratios[1999] = -1;
  CHECK_THROWS_WITH(sweep(base, &economy::cost_ratio, ratios, law, {.threads = 2}),
                    "value 17 of the sweep: cost_ratio is -1; it must be positive and finite");
  economies[23].trade.partners = 2.5;
  CHECK_THROWS_WITH(solve_each(economies, law), contains("economy 23: partners is 2.5; it must be a whole number"));
  CHECK_THROWS_WITH(each.column("wellfare"), contains("column is wellfare; it must be one result of the equilibrium"));
  CHECK_THROWS_WITH(each[&melitz::menu_equilibrium<>::log_demand], contains("a member is not one of them"));

  // What cannot be solved has its status and no numbers; the budget is that of try_solve.
  auto const tiny = sweep(base, &closed_economy<>::entry_cost, std::vector{2.0, 1e-323}, law);
  CHECK(tiny.reason[0] == status::converged);
  CHECK(tiny.reason[1] == status::out_of_range);
  CHECK(std::isnan(tiny.column("welfare")[1]));
  auto const hurried = sweep(base, &economy::cost_ratio, std::vector{2.0}, law, {.max_evaluations = 1});
  CHECK(hurried.reason[0] == status::iteration_limit);
}

TEST_CASE("results of every kind have columns", "[analysis][sweep]") {
  auto const many = sweep(toy_economy{}, &toy_economy::cost, std::vector<double>{1, 3, 200});
  CHECK(many.reason == std::vector{status::converged, status::converged, status::out_of_range});
  CHECK(many[&toy_equilibrium::wages][1] == std::vector<double>{1, 3});
  CHECK(many[&toy_equilibrium::wages][2].empty());
  CHECK(many[&toy_equilibrium::cheap][0]);
  CHECK_FALSE(many[&toy_equilibrium::cheap][1]);
  CHECK(many[&toy_equilibrium::highest_wage][1] == 3);
  CHECK(std::isnan(many.column("highest_wage")[2]));  // not asked of what has none
  CHECK(std::isnan(many.column("price")[2]));
  auto const dear = sweep(toy_economy{}, &toy_economy::cost, std::vector<double>{1, 3}, {}, toy_options{.markup = 4});
  CHECK(dear.column("price") == std::vector<double>{4, 12});
  CHECK_THROWS_WITH(sweep(toy_economy{}, &toy_economy::cost, std::vector<double>{1}, {.max_evaluations = 5}),
                    contains("sweep_options: max_evaluations is 5") && contains("options of its own"));
  CHECK_THROWS_WITH(sweep(toy_economy{}, &toy_economy::cost, std::vector<double>{1, -3}),
                    "value 1 of the sweep: cost is -3; it must be positive and finite");
}
