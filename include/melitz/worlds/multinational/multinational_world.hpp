// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/outside_labor.hpp>
#include <melitz/error.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/worlds/multinational/firms.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Exports against affiliates in different countries, after Helpman, Melitz and Yeaple (2004): several sectors, and a
/// homogeneous good that every country makes, one for one from labour, and that keeps all wages at 1. Countries are
/// counted from 0.
template <real Real = double>
struct multinational_world {
  using real_type = Real;

  Eigen::VectorX<Real> labor{};  ///< L_i > 0, workers of each country
  std::vector<multinational_sector<Real>> sectors{};

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "multinational_world";
    detail::require(labor.size() > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, labor.size());
    detail::require(!sectors.empty(), where, "number of sectors", 0.0, "be at least 1");
    Real spent(0);
    for (auto const& s : sectors) {
      s.validate(labor.size());
      spent += s.expenditure_share;
    }
    detail::require(spent < 1, where, "sum of expenditure shares", spent,
                    "be below 1, or nothing is left for the good that keeps wages at 1");
  }
};

/// Equilibrium of a multinational_world. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN.
template <real Real = double>
struct multinational_world_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  std::vector<multinational_sector_equilibrium<Real>> sectors{};
  Eigen::VectorX<Real> outside_labor{};  ///< workers that make the outside good, by country; at least 0
  Eigen::VectorX<Real> welfare{};        ///< real wage by country, the product of P^-beta over the sectors

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Solves every sector, then checks that the outside good is made everywhere.
///
/// @param laws  of productivity: one of each sector
/// @throws domain_error naming a primitive that is out of range; a country that nobody enters, unless `how` allows it;
///         a country with no workers left for the outside good, whose wage would not be 1
/// @return numbers, or NaN and in `reason` why
template <real Real, productivity_law Law>
[[nodiscard]] multinational_world_equilibrium<Real> try_solve(multinational_world<Real> const& world,
                                                              std::vector<Law> const& laws,
                                                              world_options const& how = {}) {
  using std::pow;
  char const* const where = "multinational_world";
  world.validate();
  detail::require(laws.size() == world.sectors.size(), where, "number of laws", static_cast<double>(laws.size()),
                  "be the number of sectors");
  auto const n = world.labor.size();
  multinational_world_equilibrium<Real> out;
  out.reason = status::converged;
  out.outside_labor = world.labor;
  out.welfare = Eigen::VectorX<Real>::Ones(n);
  for (std::size_t h = 0; h < laws.size(); ++h) {
    auto const& sector = world.sectors[h];
    auto const tail = detail::tail_for_one_solve(laws[h], sector.size_exponent());
    out.sectors.push_back(detail::try_solve_sector(sector, world.labor, tail, h, how));
    auto const& solved = out.sectors.back();
    if (!solved && out) out.reason = solved.reason;
    out.outside_labor -= solved.labor;
    for (Eigen::Index i = 0; i < n; ++i) out.welfare[i] *= pow(solved.price_index[i], Real(-sector.expenditure_share));
  }
  if (!out) {
    Real const none = detail::not_a_number<Real>;
    for (auto& s : out.sectors) s = multinational_sector_equilibrium<Real>(s.reason, n);
    out.outside_labor.setConstant(none);
    out.welfare.setConstant(none);
    return out;
  }
  detail::require_outside_labor(where, out.outside_labor, world.labor);
  return out;
}

/// The same law in every sector.
template <real Real, productivity_law Law>
[[nodiscard]] multinational_world_equilibrium<Real> try_solve(multinational_world<Real> const& world, Law const& law,
                                                              world_options const& how = {}) {
  return try_solve(world, std::vector<Law>(world.sectors.size(), law), how);
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
/// Example: two countries, one twice as large:
///   multinational_sector<> const cars{.elasticity = 4, ..., .iceberg_cost = Eigen::Matrix2d{{1, 1.4}, {1.3, 1}}};
///   auto const e = solve(multinational_world<>{Eigen::Vector2d{200, 100}, {cars}}, lognormal<>{0, 0.7});
///   e.sectors[0].affiliate_sales(0, 1);
template <real Real, class Laws>
requires requires(multinational_world<Real> const& w, Laws const& l, world_options const& how) { try_solve(w, l, how); }
[[nodiscard]] multinational_world_equilibrium<Real> solve(multinational_world<Real> const& world, Laws const& laws,
                                                          world_options const& how = {}) {
  auto out = try_solve(world, laws, how);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace melitz
