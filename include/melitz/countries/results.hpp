// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <type_traits>

namespace melitz {

/// What is sold between countries: matrices [exporter][importer], home sales on the diagonal.
template <real Real = double>
struct world_flows {
  using real_type = Real;
  using matrix = Eigen::MatrixX<Real>;

  matrix cutoff{};        ///< from here on a firm serves the market; may lie below the support, where all entrants
                          ///< do, or above it, where none does; infinite where trade costs are
  matrix mass_sellers{};  ///< firms of the exporter in the market: the extensive margin
  matrix sales{};         ///< what consumers pay, tariffs included
  matrix share{};         ///< lambda; columns sum to 1

  static constexpr auto results() {
    using e = world_flows;
    using enum part;
    return told::table{
        told::quantity("cutoff", &e::cutoff, cutoffs, "productivity, of serving the market"),
        told::quantity("mass_sellers", &e::mass_sellers, masses, "firms of the exporter in the market"),
        told::quantity("sales", &e::sales, aggregates, "numeraire"),
        told::quantity("share", &e::share, aggregates, "share of the importer's expenditure", "lambda"),
    };
  }

  /// Sales per firm, the intensive margin; NaN where nobody exports.
  [[nodiscard]] matrix average_sales() const { return sales.cwiseQuotient(mass_sellers); }
};

/// The same with what follows from it, by country: of a country's firms those that serve more markets serve all that
/// the others do.
template <real Real = double>
struct world_markets : world_flows<Real> {
  using vector = Eigen::VectorX<Real>;
  using typename world_flows<Real>::matrix;

  static constexpr auto results() {
    using e = world_markets;
    using enum part;
    return told::table{
        told::base<world_flows<Real>>(),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers"),
        told::quantity("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms"),
        told::quantity("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
    };
  }

  [[nodiscard]] vector share_exporting() const { return mass_exporters().cwiseQuotient(mass_producers()); }
  [[nodiscard]] vector mass_producers() const { return this->mass_sellers.rowwise().maxCoeff(); }
  [[nodiscard]] vector mass_exporters() const {
    matrix abroad = this->mass_sellers;
    abroad.diagonal() *= Real(0);
    return abroad.rowwise().maxCoeff();
  }
  [[nodiscard]] vector mass_varieties() const { return this->mass_sellers.colwise().sum(); }
};

/// What the countries of a world have in equilibrium, by country. The numeraire is the wage of country 0.
template <real Real = double>
struct world_countries {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;

  vector wage{};
  vector mass_entrants{};   ///< that draw their productivity in the country, alive
  vector expenditure{};     ///< X, on the differentiated good
  vector domestic_share{};  ///< lambda_jj
  vector price_index{};     ///< P
  vector welfare{};         ///< X/(P L)

  static constexpr auto results() {
    using e = world_countries;
    using enum part;
    return told::table{
        told::positive("wage", &e::wage, aggregates, "numeraire", "w"),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not"),
        told::positive("expenditure", &e::expenditure, aggregates, "numeraire", "X"),
        told::quantity("domestic_share", &e::domestic_share, aggregates, "share of expenditure", "lambda_jj"),
        told::positive("price_index", &e::price_index, aggregates, "numeraire", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real expenditure per worker", "X/(P L)"),
    };
  }

  /// From expenditure and price index.
  void set_welfare(vector const& labor) { welfare = expenditure.cwiseQuotient(price_index).cwiseQuotient(labor); }
};

static_assert(detail::tells_every_member<world_flows<double>>() &&
              detail::tells_every_member<world_markets<double>>() &&
              detail::tells_every_member<world_countries<double>>());

namespace detail {

/// Makes every number of an equilibrium's table the same, vectors and matrices of this size; what counts, or is chosen
/// or asked, stays as it is.
template <told_equilibrium Equilibrium>
void set_all(Equilibrium& e, Eigen::Index countries, typename Equilibrium::real_type const& number) {
  for_each_result<Equilibrium>([&](auto const& row, auto const& access, auto const&...) {
    if constexpr (!std::is_function_v<typename std::remove_cvref_t<decltype(row)>::member_type>) {
      auto& member = access(e);
      using member_type = std::remove_cvref_t<decltype(member)>;
      if constexpr (real<member_type>) {
        member = number;
      } else if constexpr (vector_or_matrix<member_type>) {
        if constexpr (real<typename member_type::Scalar>) {
          member.setConstant(countries, member_type::ColsAtCompileTime == 1 ? 1 : countries, number);
        }
      }
    }
  });
}

/// No numbers: every one that an equilibrium's table tells is NaN, vectors and matrices of this size.
template <told_equilibrium Equilibrium>
void forget(Equilibrium& e, Eigen::Index countries) {
  set_all(e, countries, not_a_number<typename Equilibrium::real_type>);
}

/// By how much of its larger side an account may be open in what has converged: 9e-13 for doubles, all of it rounding.
template <real Real>
[[nodiscard]] Real open_account() {
  return Real(4096 * epsilon<Real>());
}

/// Whether accounts close that are open by these shares of their larger sides; NaN is open.
template <real Real>
[[nodiscard]] bool accounts_close(std::initializer_list<Real> shares) {
  return std::all_of(shares.begin(), shares.end(), [](Real const& x) { return x <= open_account<Real>(); });
}

}  // namespace detail
}  // namespace melitz
