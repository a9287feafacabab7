// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace melitz {

/// Many equilibria, one column per result: what sweep() and solve_each() return. Element k of every column belongs to
/// the k-th value or economy; names, units and meaning are those of `equilibrium`.
///
/// Check reason[k] before using element k: unless it is status::converged every number there is NaN.
/// Example: for (std::size_t k = 0; k < r.size(); ++k) std::cout << r.cutoff[k] << ' ' << r.welfare[k] << '\n';
template <real Real = double>
struct equilibria {
  using real_type = Real;

  std::vector<status> reason;
  std::vector<Real> residual;

  std::vector<Real> cutoff;
  std::vector<Real> log_cutoff;
  std::vector<Real> export_cutoff;

  std::vector<Real> share_exporting;
  std::vector<Real> average_productivity;
  std::vector<Real> average_export_productivity;
  std::vector<Real> average_variety_productivity;
  std::vector<Real> average_profit;
  std::vector<Real> average_revenue;

  std::vector<Real> mass_producers;
  std::vector<Real> mass_exporters;
  std::vector<Real> mass_varieties;

  std::vector<Real> domestic_share;
  std::vector<Real> price_index;
  std::vector<Real> welfare;

  [[nodiscard]] std::size_t size() const noexcept { return reason.size(); }

  /// How many have numbers.
  [[nodiscard]] std::size_t converged() const {
    return static_cast<std::size_t>(std::count(reason.begin(), reason.end(), status::converged));
  }

  /// Makes room for `count` elements; allocates only when there were never that many before.
  void resize(std::size_t count) {
    reason.resize(count, status::not_solved);
    for_each_column([&](std::vector<Real>& column, auto) { column.resize(count, detail::not_a_number<Real>); });
  }

  /// Writes one equilibrium into element k.
  void set(std::size_t k, equilibrium<Real> const& e) {
    reason[k] = e.reason;
    for_each_column([&](std::vector<Real>& column, auto member) { column[k] = e.*member; });
  }

  /// Calls f(column, pointer to the member of `equilibrium` that it holds) for every column of numbers.
  template <class F>
  void for_each_column(F const& f) {
    each(*this, f);
  }
  template <class F>
  void for_each_column(F const& f) const {
    each(*this, f);
  }

 private:
  template <class Self, class F>
  static void each(Self& self, F const& f) {
    using one = equilibrium<Real>;
    f(self.residual, &one::residual);
    f(self.cutoff, &one::cutoff);
    f(self.log_cutoff, &one::log_cutoff);
    f(self.export_cutoff, &one::export_cutoff);
    f(self.share_exporting, &one::share_exporting);
    f(self.average_productivity, &one::average_productivity);
    f(self.average_export_productivity, &one::average_export_productivity);
    f(self.average_variety_productivity, &one::average_variety_productivity);
    f(self.average_profit, &one::average_profit);
    f(self.average_revenue, &one::average_revenue);
    f(self.mass_producers, &one::mass_producers);
    f(self.mass_exporters, &one::mass_exporters);
    f(self.mass_varieties, &one::mass_varieties);
    f(self.domestic_share, &one::domestic_share);
    f(self.price_index, &one::price_index);
    f(self.welfare, &one::welfare);
  }
};

}  // namespace melitz
