// SPDX-License-Identifier: BSL-1.0
#include <melitz/countries/gravity.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/variant.hpp>
#include <melitz/worlds/melitz/pairs.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/widths.hpp"

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

namespace test::worlds_lanes {

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Countries far apart in everything, some of which do not trade; more than two registers of the widest hold.
melitz::world_economy<> far_apart(Eigen::Index n, double elasticity) {
  test::uniform_numbers random(7);
  auto const between = [&](double low, double high) { return low * std::pow(high / low, random(0, 1)); };
  melitz::world_economy<> out{.elasticity = elasticity,
                              .labor = Eigen::VectorXd(n),
                              .entry_cost = Eigen::VectorXd(n),
                              .iceberg_cost = Eigen::MatrixXd::Ones(n, n),
                              .fixed_cost = Eigen::MatrixXd(n, n),
                              .source_labor_share = 0.7};
  for (Eigen::Index i = 0; i < n; ++i) {
    out.labor[i] = between(1, 1e4);
    out.entry_cost[i] = between(0.1, 10);
    for (Eigen::Index j = 0; j < n; ++j) {
      out.fixed_cost(i, j) = between(0.1, 10);
      if (i != j) out.iceberg_cost(i, j) = (i + 2 * j) % 7 == 3 ? infinity : between(1, 30);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("what entrants expect of all markets is the same in lanes of every width", "[world][lanes]") {
  for (double const elasticity : {1.6, 4.0, 12.0}) {
    auto const n = Eigen::Index{37};
    auto const world = far_apart(n, elasticity);
    test::uniform_numbers random(11);
    std::vector<melitz::lognormal<>> draws;
    for (Eigen::Index i = 0; i < n; ++i) draws.push_back({random(-1, 1), random(0.1, 1.5)});
    for (auto const& laws : {draws, std::vector{melitz::lognormal<>{0.25, 0.8}}}) {
      // Laws of several families are computed one by one.
      std::vector<std::variant<melitz::lognormal<>, melitz::pareto<>>> const any(laws.begin(), laws.end());
      auto const in_lanes = melitz::detail::pairs_under(world, melitz::by_country{laws});
      auto const one_by_one = melitz::detail::pairs_under(world, melitz::by_country{any});
      for (double const demand : {-60.0, -3.0, 0.0, 3.0, 60.0}) {  // cutoffs at both ends of the laws
        Eigen::VectorXd const log_wage = Eigen::VectorXd::LinSpaced(n, 0, 1);
        Eigen::VectorXd const log_demand = Eigen::VectorXd::Constant(n, demand) + log_wage;
        melitz::detail::pair_profits<double> expected, found;
        one_by_one->evaluate(log_wage, log_demand, expected);
        test::in_each_width([&] {
          in_lanes->evaluate(log_wage, log_demand, found);
          double worst = 0;
          for (Eigen::Index j = 0; j < n; ++j) {
            for (Eigen::Index i = 0; i < n; ++i) {
              double const log_c = one_by_one->log_cutoff(i, j, log_wage, log_demand);
              if (std::isinf(log_c)) {
                CHECK(found.variable(i, j) == 0);
                CHECK(found.fixed(i, j) == 0);
                CHECK(found.profit(i, j) == 0);
                CHECK(found.at_cutoff(i, j) == 0);
                continue;
              }
              auto const& law = laws[laws.size() == 1 ? 0 : static_cast<std::size_t>(i)];
              // An exponential has as many roundings as its exponent is large: that of the density, and that of the
              // moment of all firms.
              double const r = elasticity - 1, above = log_c - law.log_mean, z = above / law.log_sd;
              double const exponents = z * z / 2 + std::abs(r * above) + r * r * law.log_sd * law.log_sd / 2;
              auto const off = [&](double a, double b, double size) {
                if (a == b) return;
                double const error = std::abs(a - b) / (eps * (16 + 4 * exponents) * size);
                if (!(error <= worst)) worst = error;
              };
              off(found.variable(i, j), expected.variable(i, j), expected.variable(i, j));
              off(found.fixed(i, j), expected.fixed(i, j), expected.fixed(i, j));
              off(found.profit(i, j), expected.profit(i, j), expected.variable(i, j));
              off(found.profit(i, j), expected.profit(i, j), 17 * expected.profit(i, j));
              off(found.at_cutoff(i, j), expected.at_cutoff(i, j), expected.at_cutoff(i, j) + expected.fixed(i, j));
            }
          }
          CAPTURE(elasticity, laws.size(), demand, melitz::detail::lanes::width_in_use());
          CHECK(worst <= 1);
        });
      }
    }
  }
}

TEST_CASE("laws known at run time only have the lanes of what they are", "[world][lanes]") {
  using erased = melitz::erased_law<double>;
  auto const world = far_apart(5, 4);
  Eigen::VectorXd const none = Eigen::VectorXd::Zero(5);
  auto const profits_under = [&](auto const& laws) {
    melitz::detail::pair_profits<double> out;
    melitz::detail::pairs_under(world, melitz::by_country{laws})->evaluate(none, none, out);
    return out;
  };
  melitz::lognormal<> const a{0.1, 0.7}, b{-0.2, 0.9};
  melitz::pareto<> const other{1, 4.5};
  auto const typed = profits_under(std::vector{a, b, a, b, b});
  auto const found = profits_under(std::vector{erased(a), erased(b), erased(a), erased(b), erased(b)});
  CHECK(found.variable == typed.variable);
  CHECK(found.profit == typed.profit);
  CHECK(profits_under(std::vector{erased(b)}).fixed == profits_under(std::vector{b}).fixed);
  using any = std::variant<melitz::lognormal<>, melitz::pareto<>>;
  auto const mixed = profits_under(std::vector{erased(a), erased(other), erased(a), erased(b), erased(b)});
  auto const expected = profits_under(std::vector{any(a), any(other), any(a), any(b), any(b)});
  CHECK(mixed.variable == expected.variable);
  CHECK(mixed.profit == expected.profit);
}

TEST_CASE("gravity is the same in lanes of every width", "[world][lanes]") {
  for (Eigen::Index const n : {1, 3, 16, 37}) {
    auto const world = far_apart(n, 4);
    Eigen::MatrixXd cost = world.fixed_cost;
    if (n > 3) cost(1, 2) = 1e305;  // beyond what lanes take by their short way
    test::in_each_width([&] {
      auto const access = melitz::detail::relative_access(world.iceberg_cost, cost, 4.5, 0.3);
      for (Eigen::Index j = 0; j < n; ++j) {
        for (Eigen::Index i = 0; i < n; ++i) {
          if (i == j || std::isinf(world.iceberg_cost(i, j))) {
            CHECK(access(i, j) == 0);
          } else {
            double const power = -4.5 * std::log(world.iceberg_cost(i, j)) - 0.3 * std::log(cost(i, j) / cost(j, j));
            CHECK_THAT(access(i, j), test::WithinRel(std::exp(power), 4 * eps * (1 + std::abs(power) + 220)));
          }
        }
      }
#if MELITZ_HAS_LANES
      Eigen::VectorXd const supply = world.labor / 1e4, spending = world.entry_cost;
      Eigen::VectorXd imported(n), total(n), weight(n), exports = Eigen::VectorXd::Zero(n);
      melitz::detail::lanes::read_columns(access.data(), static_cast<std::size_t>(n), supply.data(), spending.data(),
                                          imported.data(), total.data(), weight.data(), exports.data());
      Eigen::VectorXd const from_all = access.transpose() * supply, in_all = from_all + supply;
      Eigen::VectorXd const part = spending.cwiseQuotient(in_all), to_all = access * part;
      for (Eigen::Index i = 0; i < n; ++i) {  // sums of numbers of one sign
        double const most = 4 * eps * static_cast<double>(n);
        CHECK_THAT(imported[i], test::WithinRel(from_all[i], most));
        CHECK_THAT(total[i], test::WithinRel(in_all[i], most));
        CHECK_THAT(weight[i], test::WithinRel(part[i], most));
        CHECK_THAT(exports[i], test::WithinRel(to_all[i], most));
      }
#endif
    });
  }
}

}  // namespace test::worlds_lanes
