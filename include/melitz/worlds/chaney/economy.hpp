// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/worlds/chaney/sector.hpp>

#include <string_view>
#include <vector>

namespace melitz {

/// How to solve a chaney_economy.
struct chaney_options {
  bool closed_form = true;    ///< use it where it holds
  int max_evaluations = 300;  ///< of profits, for the dividend; and in each of them, of a market's spending
};

/// Trade among different countries with entrants given: several sectors, and a good that every country makes, trades
/// freely, and in which wages, fixed costs and all values are measured. Profits go to a fund of the whole world, of
/// which a worker owns w shares. Countries are counted from 0.
///
/// Chaney, T. (2008), Distorted Gravity: The Intensive and Extensive Margins of International Trade, American Economic
/// Review 98(4), 1707-1721.
template <real Real = double>
struct chaney_economy {
  using real_type = Real;
  using options_type = chaney_options;

  Eigen::VectorX<Real> outside_productivity{};  ///< w_i, of a worker in the outside good: the wage
  Eigen::VectorX<Real> labor{};                 ///< L_i
  std::vector<chaney_sector<Real>> sectors = std::vector<chaney_sector<Real>>(1);

  static constexpr char const* name = "chaney";
  static constexpr char const* title = "Entrants given, wages of an outside good, Chaney (2008)";
  static constexpr char const* example_law = R"({"family": "pareto", "scale": 1, "shape": 4.25})";
  static constexpr auto parameters() {
    using e = chaney_economy;
    return told::table{
        told::parameter("labor", &e::labor, rule::positive, "of each country", "workers", "[100, 60, 40]"),
        told::parameter("outside_productivity", &e::outside_productivity, rule::positive, "per worker: the wage",
                        "outside good", 1)
            .or_none(1),
        told::nested(&e::sectors),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] Eigen::VectorX<Real> wage() const {
    return outside_productivity.size() == 0 ? Eigen::VectorX<Real>::Ones(countries()).eval() : outside_productivity;
  }
  /// Share of income that is spent on the outside good. @pre valid
  [[nodiscard]] Real outside_share() const {
    Real out(1);
    for (auto const& s : sectors) out -= s.expenditure_share;
    return out;
  }

  /// A country by itself, without trade. @pre valid
  [[nodiscard]] chaney_economy autarky(Eigen::Index country) const {
    auto out = *this;
    out.outside_productivity = wage().segment(country, 1);
    out.labor = labor.segment(country, 1);
    for (auto& s : out.sectors) {
      s.iceberg_cost = s.iceberg_cost.block(country, country, 1, 1).eval();
      s.fixed_cost = s.fixed_cost.block(country, country, 1, 1).eval();
    }
    return out;
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::type_name<chaney_economy> const where;
    detail::check_parameters(*this);
    detail::require(!sectors.empty(), where, "number of sectors", 0.0, "be at least 1");
    detail::require(outside_share() > 0, where, "sum of expenditure shares", Real(1 - outside_share()),
                    "be below 1, or nothing is left for the outside good, which sets wages");
  }
};

/// How a chaney_economy was solved.
enum class chaney_method {
  none,                ///< it was not
  pareto_closed_form,  ///< all laws Pareto, of one shape within a sector, no cutoff below the scale
  any_law,             ///< by finding the root of each market's spending, and the dividend
};

/// The method in words: "none", "pareto_closed_form", "any_law".
[[nodiscard]] constexpr std::string_view to_string(chaney_method m) noexcept {
  return detail::word_of(m, {"none", "pareto_closed_form", "any_law"});
}

/// Equilibrium of a chaney_economy. Check `reason` (or the conversion to bool) first: unless it converged the numbers
/// are NaN. All values are in the outside good.
template <real Real = double>
struct chaney_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  chaney_method method = chaney_method::none;
  int evaluations = 0;                         ///< of all profits, for the dividend; 0 in closed form
  Real residual = detail::not_a_number<Real>;  ///< the largest of: a market's spending, over it; dividends, over
                                               ///< profits; the outside good's market, over world income
  Real dividend = detail::not_a_number<Real>;  ///< d, of a share of the world's fund; a worker owns w shares
  Real world_income = detail::not_a_number<Real>;
  Eigen::VectorX<Real> income{};         ///< Y = (1 + d) w L
  Eigen::VectorX<Real> welfare{};        ///< (Y/L) mu_0^mu_0 prod (mu/P)^mu
  Eigen::VectorX<Real> outside_labor{};  ///< workers that make the outside good; positive
  std::vector<chaney_sector_equilibrium<Real>> sectors = std::vector<chaney_sector_equilibrium<Real>>(1);

  static constexpr auto results() {
    using e = chaney_equilibrium;
    using enum part;
    constexpr char const* outside = "outside good";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of the accounts, relative"),
        told::quantity("method", &e::method, solution, "pareto_closed_form, or any_law"),
        told::quantity("evaluations", &e::evaluations, work, "of profits"),
        told::quantity("dividend", &e::dividend, aggregates, "outside good, of a share of the fund", "d"),
        told::positive("world_income", &e::world_income, aggregates, outside),
        told::positive("income", &e::income, aggregates, outside, "Y"),
        told::quantity("outside_labor", &e::outside_labor, aggregates, "workers"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker"),
        told::nested(&e::sectors),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<chaney_economy<double>>() &&
              detail::tells_every_member<chaney_equilibrium<double>>());

}  // namespace melitz
