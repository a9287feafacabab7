// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string>
#include <type_traits>

// Vectors by country and matrices by pair of countries, [exporter][importer], as input. Countries are counted from 0,
// and an error names the country or the pair: "iceberg_cost(2, 0) is 0.8; it must be at least 1".

namespace melitz::detail {

/// Whether an array has a number for each country, and not for each pair.
template <class Array>
inline constexpr bool is_by_country = Array::ColsAtCompileTime == 1;

/// A country's or a pair's number: "labor(2)", "iceberg_cost(2, 0)".
template <class Array>
[[nodiscard]] std::string name_of(char const* name, Array const&, Eigen::Index i, Eigen::Index j) {
  auto const place = std::string(name) + '(' + std::to_string(i);
  return place + (is_by_country<Array> ? std::string(")") : ", " + std::to_string(j) + ')');
}

/// How many there are of what an array is by.
template <class Economy>
[[nodiscard]] Eigen::Index count_of(Economy const& economy, told::by what) {
  if constexpr (requires { economy.industries(); }) {
    if (what == told::by::industry) return economy.industries();
  }
  if constexpr (requires { economy.factors(); }) {
    if (what == told::by::factor) return economy.factors();
  }
  if constexpr (requires { economy.countries(); }) return economy.countries();
  return 0;
}

/// @throws domain_error unless an array has a row for each of what its rows are by, and a column for each of the other
template <class Economy, class Array>
void require_indices(Economy const& economy, char const* name, told::by_two what, Array const& x) {
  type_name<Economy> const where;
  auto const rows = count_of(economy, what.rows);
  auto const columns = is_by_country<Array> ? Eigen::Index(1) : count_of(economy, what.columns);
  for (auto const by : {what.rows, what.columns}) {
    if (by == told::by::none) continue;
    require(count_of(economy, by) > 0, where, ("number of " + std::string(told::words_of(by).all)).c_str(), 0.0,
            "be at least 1");
  }
  if (x.rows() == rows && x.cols() == columns) return;
  auto const n = std::to_string(rows);
  if constexpr (is_by_country<Array>) {
    throw domain_error(where, std::string("size of ") + name, std::to_string(x.size()),
                       "be the number of " + std::string(told::words_of(what.rows).all) + ", " + n);
  } else {
    throw domain_error(
        where, std::string("shape of ") + name, std::to_string(x.rows()) + " x " + std::to_string(x.cols()),
        "be " + n + " x " + std::to_string(columns) + ", a row for each " + told::words_of(what.rows).one +
            " and a column for each " + told::words_of(what.columns).one);
  }
}

/// @throws domain_error unless there is a number for each country, or for each pair of them
template <class Where, class Array>
void require_extent(Where const& where, char const* name, Array const& x, Eigen::Index countries) {
  if (x.rows() == countries && (is_by_country<Array> || x.cols() == countries)) [[likely]]
    return;
  auto const n = std::to_string(countries);
  if constexpr (is_by_country<Array>) {
    throw domain_error(where, std::string("size of ") + name, std::to_string(x.size()),
                       "be the number of countries, " + n);
  } else {
    throw domain_error(where, std::string("shape of ") + name,
                       std::to_string(x.rows()) + " x " + std::to_string(x.cols()),
                       "be " + n + " x " + n + ", a row for each exporter and a column for each importer");
  }
}

/// Whether all numbers lie between bounds, in the order of memory: matrices are long.
template <class Array>
[[nodiscard]] bool all_lie_in(rule_bounds const& b, Array const& x, bool abroad_only) {
  using Real = typename Array::Scalar;
  if constexpr (std::is_floating_point_v<Real>) {
    if (!abroad_only && x.size() > 0) {
      auto const least = static_cast<Real>(b.least), most = static_cast<Real>(b.most);
      Real const lowest = x.template minCoeff<Eigen::PropagateNaN>();
      if (!(b.least_allowed ? lowest >= least : lowest > least)) return false;
      if (b.most_allowed && !is_finite(most)) return true;
      Real const highest = x.maxCoeff();
      return b.most_allowed ? highest <= most : highest < most;
    }
  }
  bool good = true;
  for (Eigen::Index j = 0; j < x.cols() && good; ++j) {
    for (Eigen::Index i = 0; i < x.rows(); ++i) good &= (abroad_only && i == j) || lies_in(b, x(i, j));
  }
  return good;
}

/// @param abroad_only  of a matrix: what stands on the diagonal does not matter
/// @throws domain_error naming the first number that breaks the rule
template <class Where, class Array>
void require_each(rule must, Where const& where, char const* name, Array const& x, bool abroad_only = false) {
  auto const bounds = bounds_of(must);
  if (all_lie_in(bounds, x, abroad_only)) [[likely]]
    return;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      if ((abroad_only && i == j) || lies_in(bounds, x(i, j))) continue;
      reject(where, name_of(name, x, i, j), static_cast<double>(x(i, j)), bounds.words);
    }
  }
}

/// That deficits sum to 0 over the world. @throws domain_error
template <class Where, class Vector>
void require_sum_of_zero(Where const& where, Vector const& deficit, Vector const& labor) {
  if (deficit.size() == 0) return;
  auto const sum = deficit.sum();
  auto const slack = 1e-12 * (labor.sum() + deficit.cwiseAbs().sum());
  require(sum <= slack && -sum <= slack, where, "sum of deficit", sum,
          "be 0: what some countries overspend others lend");
}

}  // namespace melitz::detail

namespace melitz::told {

/// A member of an economy that has a number for each of its countries() or for each pair of them, or for each of what
/// its row says: that it has, and that they keep their rule; infinite costs are for trade, none of which is with
/// oneself.
/// @throws domain_error naming the first that does not
template <class Economy, class Row, class Array>
void check_array(Economy const& economy, Row const& row, Array const& x) {
  detail::type_name<Economy> const where;
  if (row.indices.told()) {
    if (row.may_be_empty && x.size() == 0) return;
    detail::require_indices(economy, row.name, row.indices, x);
    detail::require_each(row.rule, where, row.name, x);
    return;
  }
  Eigen::Index const countries = economy.countries();
  detail::require(countries > 0, where, "number of countries", 0.0, "be at least 1");
  if (row.may_be_empty && x.size() == 0) return;
  detail::require_extent(where, row.name, x, countries);
  detail::require_each(row.rule, where, row.name, x, row.abroad_only);
  if constexpr (!detail::is_by_country<Array>) {
    bool const finite = !row.abroad_only && allows_infinity(row.rule);
    for (Eigen::Index i = 0; i < countries; ++i) {
      auto const& home = x(i, i);
      if (row.fixed_at_home && !(home == row.home)) {
        detail::reject(where, detail::name_of(row.name, x, i, i), static_cast<double>(home),
                       "be " + to_text(row.home) + " at home");
      }
      if (finite && !detail::is_finite(home)) {
        detail::reject(where, detail::name_of(row.name, x, i, i), static_cast<double>(home), "be finite at home");
      }
    }
  }
}

}  // namespace melitz::told
