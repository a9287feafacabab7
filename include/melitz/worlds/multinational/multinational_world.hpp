// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/countries/outside_labor.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/worlds/multinational/firms.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Exports against affiliates in different countries: several sectors, and a homogeneous good that every country makes,
/// one for one from labour, and that keeps all wages at 1. Countries are counted from 0.
///
/// Helpman, E., Melitz, M.J., Yeaple, S.R. (2004), Export Versus FDI with Heterogeneous Firms, American Economic Review
/// 94(1), 300-316.
template <real Real = double>
struct multinational_world_economy {
  using real_type = Real;
  using options_type = entry_options;

  Eigen::VectorX<Real> labor{};  ///< L_i
  std::vector<multinational_sector<Real>> sectors = std::vector<multinational_sector<Real>>(1);

  static constexpr char const* name = "multinational_world";
  static constexpr char const* title =
      "Exports or affiliates among different countries, Helpman, Melitz and Yeaple (2004)";
  static constexpr auto parameters() {
    using e = multinational_world_economy;
    return told::table{
        told::parameter("labor", &e::labor, rule::positive, "of each country", "workers", "[110, 100, 90]"),
        told::nested(&e::sectors),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }

  /// A country by itself, without trade or affiliates. @pre valid
  [[nodiscard]] multinational_world_economy autarky(Eigen::Index country) const {
    auto out = *this;
    out.labor = labor.segment(country, 1);
    for (auto& s : out.sectors) {
      s.iceberg_cost = s.iceberg_cost.block(country, country, 1, 1).eval();
      for (auto* v : {&s.fixed_cost_factor, &s.entry_cost_factor}) {
        if (v->size() != 0) *v = v->segment(country, 1).eval();
      }
      s.export_fixed_cost_factor.resize(0, 0);
      s.affiliate_fixed_cost_factor.resize(0, 0);
    }
    return out;
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::type_name<multinational_world_economy> const where;
    detail::check_parameters(*this);
    detail::require(!sectors.empty(), where, "number of sectors", 0.0, "be at least 1");
    Real spent(0);
    for (auto const& s : sectors) spent += s.expenditure_share;
    detail::require(spent < 1, where, "sum of expenditure shares", spent,
                    "be below 1, or nothing is left for the good that keeps wages at 1");
  }
};

/// Equilibrium of a multinational_world_economy. Check `reason` (or the conversion to bool) first: unless it converged
/// the numbers are NaN.
template <real Real = double>
struct multinational_world_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  std::vector<multinational_sector_equilibrium<Real>> sectors = std::vector<multinational_sector_equilibrium<Real>>(1);
  Eigen::VectorX<Real> outside_labor{};  ///< workers that make the outside good; at least 0
  Eigen::VectorX<Real> welfare{};        ///< real wage, the product of P^-beta over the sectors

  static constexpr auto results() {
    using e = multinational_world_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::nested(&e::sectors),
        told::quantity("outside_labor", &e::outside_labor, labor_uses, "workers"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "P^-beta"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<multinational_world_economy<double>>() &&
              detail::tells_every_member<multinational_world_equilibrium<double>>());

/// Solves every sector, then checks that the outside good is made everywhere.
///
/// @param laws  of productivity
/// @throws domain_error naming a primitive that is out of range; a country that nobody enters, unless `how` allows it;
///         a country with no workers left for the outside good, whose wage would not be 1
/// @return numbers, or NaN and in `reason` why
/// Example: two countries, one twice as large:
///   multinational_sector<> const cars{.elasticity = 4, ..., .iceberg_cost = Eigen::Matrix2d{{1, 1.4}, {1.3, 1}}};
///   auto const e = solve(multinational_world_economy<>{Eigen::Vector2d{200, 100}, {cars}}, lognormal<>{0, 0.7});
///   e.sectors[0].affiliate_sales(0, 1);
template <real Real, productivity_law Law>
[[nodiscard]] multinational_world_equilibrium<Real> try_solve(multinational_world_economy<Real> const& world,
                                                              by_sector<Law> const& laws,
                                                              entry_options const& how = {}) {
  using std::pow;
  detail::type_name<multinational_world_economy<Real>> const where;
  world.validate();
  detail::require_laws(where, laws.laws, world.sectors.size(), "sectors");
  auto const n = world.countries();
  multinational_world_equilibrium<Real> out{.reason = status::converged, .sectors = {}};
  out.outside_labor = world.labor;
  out.welfare = Eigen::VectorX<Real>::Ones(n);
  for (std::size_t h = 0; h < world.sectors.size(); ++h) {
    auto const& sector = world.sectors[h];
    auto const tail = detail::tail_for_one_solve(detail::law_of(laws.laws, h), sector.size_exponent());
    auto const place = std::string(std::string_view(where)) + ", sector " + std::to_string(h);
    out.sectors.push_back(detail::try_solve_sector(sector, world.labor, tail, place, how));
    auto const& solved = out.sectors.back();
    if (!solved && out) out.reason = solved.reason;
    out.outside_labor -= solved.sector_labor;
    for (Eigen::Index i = 0; i < n; ++i) out.welfare[i] *= pow(solved.price_index[i], Real(-sector.expenditure_share));
  }
  if (!out) {
    for (auto& s : out.sectors) detail::forget(s, n);
    detail::forget(out, n);
    return out;
  }
  detail::require_outside_labor(where, out.outside_labor, world.labor);
  return out;
}

/// The same law in every sector.
template <real Real, productivity_law Law>
[[nodiscard]] multinational_world_equilibrium<Real> try_solve(multinational_world_economy<Real> const& world,
                                                              Law const& law, entry_options const& how = {}) {
  return try_solve(world, by_sector<Law>{{law}}, how);
}

/// Welfare over that of the same country by itself, by country.
/// @throws domain_error, convergence_error
template <real Real, class Laws>
requires requires(multinational_world_economy<Real> const& world, Laws const& laws) { try_solve(world, laws); }
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(multinational_world_economy<Real> const& world, Laws const& laws,
                                                    entry_options const& how = {}) {
  auto out = solve(world, laws, how).welfare;
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    out[i] /= solve(world.autarky(i), laws, how).welfare[0];
  }
  return out;
}

}  // namespace melitz
