// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/solver.hpp>

#include "catch.hpp"
#include "matrices.hpp"
#include "random.hpp"
#include "reference.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace test {

using melitz::policy_change;
using melitz::policy_sector;
using melitz::policy_world;
using melitz::trade_array;

/// A list [exporter][importer][sector].
inline trade_array<> pairs_of(json const& list) {
  auto const n = static_cast<Eigen::Index>(list.size());
  auto const sectors = static_cast<Eigen::Index>(list.at(0).at(0).size());
  trade_array<> out(n, sectors);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index s = 0; s < sectors; ++s) {
        out(i, j, s) = number(
            list.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j)).at(static_cast<std::size_t>(s)));
      }
    }
  }
  return out;
}
/// The same where the sector comes first.
inline trade_array<> pairs_of_sectors(json const& list) {
  auto const sectors = static_cast<Eigen::Index>(list.size()), n = static_cast<Eigen::Index>(list.at(0).size());
  trade_array<> out(n, sectors);
  for (Eigen::Index s = 0; s < sectors; ++s) out.sector(s) = matrix_of(list.at(static_cast<std::size_t>(s)));
  return out;
}

/// Number by number; what is expected to be 0 must be 0 within the tolerance.
inline void check_pairs(trade_array<> const& values, trade_array<> const& expected, double tolerance,
                        std::string const& what, double scale = 0) {
  REQUIRE(values.values().size() == expected.values().size());
  for (Eigen::Index k = 0; k < values.values().size(); ++k) {
    CAPTURE(what, k);
    CHECK_THAT(values.values()[k],
               WithinRel(expected.values()[k], tolerance) || WithinAbs(expected.values()[k], scale * tolerance));
  }
}

/// As check_within, but compiled once.
inline void agree(Eigen::MatrixXd const& values, Eigen::MatrixXd const& expected, double tolerance,
                  std::string const& what) {
  check_within(values, expected, tolerance, what);
}

/// What a random world is to be like.
struct random_world_kind {
  bool inputs = false, taxes = true;
  double labor_supply = 0;
};

/// A sector of kind 0 to 8.
inline policy_sector<> sector_of_kind(int kind, uniform_numbers& random, Eigen::Index n) {
  double const e = random(2, 9);
  auto const on = [&](policy_sector<> s, melitz::tariff_base base) {
    s.tariff_on = base;
    return s;
  };
  using enum melitz::tariff_base;
  using enum melitz::entry_rule;
  auto const base = random(0, 1) < 0.5 ? delivered_price : production_cost;
  switch (kind) {
    case 0:
      return on(policy_sector<>::armington(e), base);
    case 1:
      return on(policy_sector<>::external_economies(e, random(0.1, 0.7) / e), delivered_price);
    case 2:
      return on(policy_sector<>::krugman(e), base);
    case 3:
      return on(policy_sector<>::krugman(e, fixed), base);
    case 4:
      return on(policy_sector<>::lashkaripour_lugovskyy(e, random(0.1, 0.8) / e), base);
    case 5:
      return on(policy_sector<>::lashkaripour_lugovskyy(e, random(0.1, 1.6) / e, fixed), base);
    case 6:
      return on(policy_sector<>::melitz_pareto(e, 1 + e / random(1.1, 1.8), free, random(0, 1)), base);
    case 7:
      return on(policy_sector<>::melitz_pareto(e, 1 + e / random(1.1, 1.8), fixed, random(0, 1)), base);
    default: {
      Eigen::VectorXd share(n);
      for (auto& x : share) x = random(0.02, 0.12);
      auto s = policy_sector<>::nested_melitz_pareto(e, random(0.1, 0.8) / e, share);
      if (random(0, 1) < 0.5) s.destination_cost_share = random(0, 1);
      return on(s, base);
    }
  }
}

/// Flows, and the taxes that they were under, of countries that differ in size and whose trade falls with distance.
inline policy_world<> random_world(uniform_numbers& random, Eigen::Index n, std::vector<policy_sector<>> sectors,
                                   random_world_kind const& kind = {}) {
  auto const count = static_cast<Eigen::Index>(sectors.size());
  policy_world<> out{.sectors = std::move(sectors), .flows = trade_array<>(n, count)};
  Eigen::VectorXd size(n), place(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    size[i] = std::exp(random(-1.5, 1.5));
    place[i] = random(0, 3);
  }
  if (kind.taxes) {
    out.import_tax = out.export_tax = trade_array<>(n, count);
    out.production_tax = Eigen::MatrixXd::Zero(n, count);
  }
  for (Eigen::Index s = 0; s < count; ++s) {
    for (Eigen::Index i = 0; i < n; ++i) {
      double const strength = std::exp(random(-0.7, 0.7));
      if (kind.taxes) out.production_tax(i, s) = random(-0.08, 0.08);
      for (Eigen::Index j = 0; j < n; ++j) {
        double const far = i == j ? 0 : 1.2 + std::abs(place[i] - place[j]);
        out.flows(i, j, s) = 100 * size[i] * size[j] * strength * std::exp(-far + random(-0.4, 0.4));
        if (i == j) continue;
        if (random(0, 1) < 0.05) out.flows(i, j, s) = 0;
        if (!kind.taxes) continue;
        out.import_tax(i, j, s) = random(0, 0.2);
        out.export_tax(i, j, s) = random(-0.04, 0.04);
      }
    }
  }
  if (kind.inputs) {
    out.labor_share.resize(n, count);
    for (Eigen::Index i = 0; i < n; ++i) {
      Eigen::MatrixXd g(count, count);
      for (Eigen::Index s = 0; s < count; ++s) {
        double const labor = random(0.5, 0.8);
        double sum = 0;
        for (Eigen::Index k = 0; k < count; ++k) sum += g(k, s) = random(0.2, 1);
        g.col(s) *= (1 - labor) / sum;
        out.labor_share(i, s) = 1 - g.col(s).sum();
      }
      out.input_share.push_back(g);
    }
  }
  out.labor_supply_elasticity = kind.labor_supply;
  return out;
}

}  // namespace test
