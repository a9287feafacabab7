// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

namespace melitz::detail {

/// A sector's numbers as the conditions use them; vectors are by importer.
template <real Real>
struct policy_sector_numbers {
  using vector = Eigen::VectorX<Real>;

  Real epsilon, epsilon_psi;  ///< the latter 0 where the number of entrants is given
  vector eta;
  vector on_cost;         ///< epsilon + eta (1 - nu): the power of the bundle's cost in shares
  vector on_market_wage;  ///< eta nu
  vector phi;             ///< of the base, for entry or profits
  vector services;        ///< nu kappa
  vector markup;
  vector on_tax;  ///< epsilon, + eta where taxes are a share of the delivered price
  bool on_price, fixed_entry, has_entry, by_labor, alike;  ///< alike: on_cost is the same for all importers
  bool has_services, at_boundary;                          ///< at_boundary: epsilon psi is 1

  policy_sector_numbers(policy_sector<Real> const& sector, Eigen::Index n)
      : epsilon(sector.trade_elasticity),
        epsilon_psi(sector.has_entry() ? Real(sector.trade_elasticity * sector.scale_elasticity) : Real(0)),
        on_price(sector.tariff_on == tariff_base::delivered_price),
        fixed_entry(sector.entry == entry_rule::fixed),
        has_entry(sector.has_entry()),
        by_labor(sector.scale_base == policy_scale_base::labor) {
    for (auto* v : {&eta, &on_cost, &on_market_wage, &phi, &services, &markup, &on_tax}) v->resize(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const nu = sector.destination_cost_share[j];
      eta[j] = sector.selection[j];
      on_cost[j] = epsilon + eta[j] * (1 - nu);
      on_market_wage[j] = eta[j] * nu;
      phi[j] = sector.entry_share(j);
      services[j] = nu * sector.market_cost_share(j);
      markup[j] = sector.markup(j);
      on_tax[j] = epsilon + (on_price ? eta[j] : Real(0));
    }
    alike = true;
    has_services = false;
    for (Eigen::Index j = 0; j < n; ++j) {
      alike &= on_cost[j] == on_cost[0];
      has_services |= services[j] != 0;
    }
    at_boundary = has_entry && epsilon_psi > 1 - Real(1e-9);
  }
};

/// A world bound to a change: what the conditions need of both, of which only what differs is computed anew.
template <real Real>
class policy_system {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit policy_system(policy_world<Real> world) : world_(std::move(world)), base_(baseline_of(world_)) {
    if (!world_.has_inputs()) world_.labor_share.resize(0, 0);  // they are 1, but for rounding
    n_ = world_.countries();
    count_ = world_.sector_count();
    for (auto const& s : world_.sectors) numbers_.emplace_back(s, n_);
    for (auto* a : {&reach_, &import_share_, &export_share_, &tax_base_, &bundle_share_}) {
      *a = trade_array<Real>(n_, count_);
    }
    log_reach_.setZero(n_, count_);
    has_taxes_.assign(static_cast<std::size_t>(n_ * count_), 0);
    largest_ = 0;
    base_.labor_income.maxCoeff(&largest_);
    now_.import_tax = world_.import_tax.empty() ? trade_array<Real>(n_, count_) : world_.import_tax;
    now_.export_tax = world_.export_tax.empty() ? trade_array<Real>(n_, count_) : world_.export_tax;
    now_.production_tax = world_.production_tax.size() == 0 ? matrix(matrix::Zero(n_, count_)) : world_.production_tax;
    now_.iceberg_hat = now_.fixed_cost_hat = trade_array<Real>(n_, count_, Real(1));
    before_ = now_;
    if (world_.closure == policy_closure::list) before_.deficit = base_.deficit;
    for (Eigen::Index s = 0; s < count_; ++s) {
      for (Eigen::Index j = 0; j < n_; ++j) set_market(j, s);
    }
    set_deficit(before_);
  }

  [[nodiscard]] policy_world<Real> const& world() const { return world_; }
  [[nodiscard]] policy_baseline<Real> const& base() const { return base_; }
  [[nodiscard]] Eigen::Index countries() const { return n_; }
  [[nodiscard]] Eigen::Index sectors() const { return count_; }
  [[nodiscard]] policy_sector_numbers<Real> const& numbers(Eigen::Index s) const {
    return numbers_[static_cast<std::size_t>(s)];
  }
  /// The change that changes nothing, and the one that is bound, in full.
  [[nodiscard]] policy_change<Real> const& before() const { return before_; }
  [[nodiscard]] policy_change<Real> const& now() const { return now_; }
  /// The country whose labor market the numeraire stands for: the largest.
  [[nodiscard]] Eigen::Index numeraire_row() const { return largest_; }
  [[nodiscard]] Real labor_share(Eigen::Index i, Eigen::Index s) const {
    return world_.labor_share.size() == 0 ? Real(1) : world_.labor_share(i, s);
  }
  [[nodiscard]] matrix const& inputs(Eigen::Index i) const { return world_.input_share[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool has_inputs() const { return world_.has_inputs(); }
  [[nodiscard]] bool elastic_labor() const { return world_.labor_supply_elasticity > 0; }
  [[nodiscard]] bool cuts_tax() const { return elastic_labor() && world_.revenue == policy_revenue::income_tax_cut; }
  /// Whether deficits grow with the world's labor income.
  [[nodiscard]] bool deficits_grow() const { return world_.closure == policy_closure::share_of_world_income; }
  [[nodiscard]] vector const& deficit() const { return deficit_; }

  // Of a market, a number for each exporter.
  /// lambda tau^-epsilon T^-epsilon (f T)^-eta, as hats, over e^log_reach.
  [[nodiscard]] Real const* reach(Eigen::Index j, Eigen::Index s) const { return column(reach_, j, s); }
  [[nodiscard]] Real log_reach(Eigen::Index j, Eigen::Index s) const { return log_reach_(j, s); }
  [[nodiscard]] Real const* import_share(Eigen::Index j, Eigen::Index s) const { return column(import_share_, j, s); }
  [[nodiscard]] Real const* export_share(Eigen::Index j, Eigen::Index s) const { return column(export_share_, j, s); }
  [[nodiscard]] Real const* tax_base(Eigen::Index j, Eigen::Index s) const { return column(tax_base_, j, s); }
  [[nodiscard]] Real const* bundle_share(Eigen::Index j, Eigen::Index s) const { return column(bundle_share_, j, s); }
  [[nodiscard]] bool has_import_tax(Eigen::Index j, Eigen::Index s) const { return (flags(j, s) & 1) != 0; }
  [[nodiscard]] bool has_export_tax(Eigen::Index j, Eigen::Index s) const { return (flags(j, s) & 2) != 0; }

  /// (1 + z)(1 + r) of the change that is bound.
  [[nodiscard]] Real factor_at_origin(Eigen::Index i, Eigen::Index j, Eigen::Index s) const {
    return Real((1 + now_.export_tax(i, j, s)) * (1 + now_.production_tax(i, s)));
  }

  /// Binds what lies between the world as it is and a change. @param part  of the way
  void bind(policy_change<Real> const& change, Real const& part) {
    if (part == 1) return bind(change);
    auto between = before_;
    using std::pow;
    auto const go = [&](Real* x, Eigen::Index count, Real const* to, Eigen::Index given, Real const& offset) {
      for (Eigen::Index k = 0; given != 0 && k < count; ++k) {
        x[k] = pow(Real(offset + x[k]), Real(1 - part)) * pow(Real(offset + to[k]), part) - offset;
      }
    };
    auto const go_pairs = [&](trade_array<Real>& x, trade_array<Real> const& to, int offset) {
      go(x.values().data(), x.values().size(), to.values().data(), to.values().size(), Real(offset));
    };
    go_pairs(between.import_tax, change.import_tax, 1);
    go_pairs(between.export_tax, change.export_tax, 1);
    go(between.production_tax.data(), between.production_tax.size(), change.production_tax.data(),
       change.production_tax.size(), Real(1));
    go_pairs(between.iceberg_hat, change.iceberg_hat, 0);
    go_pairs(between.fixed_cost_hat, change.fixed_cost_hat, 0);
    if (world_.closure == policy_closure::list) between.deficit = change.deficit;
    bind(between);
    for (Eigen::Index j = 0; j < n_; ++j) deficit_[j] = (1 - part) * base_.deficit[j] + part * deficit_[j];
  }

  /// Binds another change. @pre valid
  void bind(policy_change<Real> const& change) {
    for (Eigen::Index s = 0; s < count_; ++s) {
      bool const made_dearer = take_column(now_.production_tax, change.production_tax, before_.production_tax, s);
      for (Eigen::Index j = 0; j < n_; ++j) {
        bool differs = made_dearer;
        differs |= take(now_.import_tax, change.import_tax, before_.import_tax, j, s);
        differs |= take(now_.export_tax, change.export_tax, before_.export_tax, j, s);
        differs |= take(now_.iceberg_hat, change.iceberg_hat, before_.iceberg_hat, j, s);
        differs |= take(now_.fixed_cost_hat, change.fixed_cost_hat, before_.fixed_cost_hat, j, s);
        if (differs) set_market(j, s);
      }
    }
    set_deficit(change);
  }

  /// The numbers of a market, one for each exporter. @{
  [[nodiscard]] Real* column(trade_array<Real>& array, Eigen::Index j, Eigen::Index s) const {
    return array.values().data() + n_ * (j + n_ * s);
  }
  [[nodiscard]] Real const* column(trade_array<Real> const& array, Eigen::Index j, Eigen::Index s) const {
    return array.values().data() + n_ * (j + n_ * s);
  }
  /// @}

 private:
  [[nodiscard]] unsigned char flags(Eigen::Index j, Eigen::Index s) const {
    return has_taxes_[static_cast<std::size_t>(j + n_ * s)];
  }
  static bool copy(Real* to, Real const* from, Eigen::Index count) {
    bool differs = false;
    for (Eigen::Index k = 0; k < count; ++k) differs |= !(to[k] == from[k]);
    if (differs) std::copy(from, from + count, to);
    return differs;
  }
  bool take(trade_array<Real>& to, trade_array<Real> const& from, trade_array<Real> const& otherwise, Eigen::Index j,
            Eigen::Index s) {
    auto const& source = from.empty() ? otherwise : from;
    return copy(column(to, j, s), column(source, j, s), n_);
  }
  bool take_column(matrix& to, matrix const& from, matrix const& otherwise, Eigen::Index s) {
    return copy(to.col(s).data(), (from.size() == 0 ? otherwise : from).col(s).data(), n_);
  }

  void set_market(Eigen::Index j, Eigen::Index s) {
    using std::exp, std::log;
    auto const& k = numbers(s);
    Real const not_bundle = k.services[j] + (k.fixed_entry ? k.phi[j] : Real(0));
    auto* const reach = column(reach_, j, s);
    auto *const imports = column(import_share_, j, s), *const exports = column(export_share_, j, s);
    auto *const base = column(tax_base_, j, s), *const bundle = column(bundle_share_, j, s);
    Real const spending = base_.spending(j, s);
    Real largest = -infinity<Real>;
    unsigned char flag = 0;
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const t = now_.import_tax(i, j, s), origin = factor_at_origin(i, j, s);
      policy_wedge<Real> const w(k.on_price, k.markup[j], t, origin, not_bundle);
      imports[i] = w.import_revenue;
      exports[i] = w.export_revenue;
      base[i] = w.base;
      bundle[i] = w.bundle;
      flag = static_cast<unsigned char>(flag | (t != 0 ? 1 : 0) | (origin != 1 ? 2 : 0));
      reach[i] = -infinity<Real>;
      Real const tau = now_.iceberg_hat(i, j, s);
      if (!(world_.flows(i, j, s) > 0) || !is_finite(tau)) continue;
      Real const before =
          (1 + before_.import_tax(i, j, s)) * (1 + before_.export_tax(i, j, s)) * (1 + before_.production_tax(i, s));
      Real const tax = (1 + t) * origin / before, f = now_.fixed_cost_hat(i, j, s);
      Real power(0);
      if (tax != 1) power -= k.on_tax[j] * log(tax);
      if (tau != 1) power -= k.epsilon * log(tau);
      if (f != 1) power -= k.eta[j] * log(f);
      reach[i] = power;
      if (power > largest) largest = power;
    }
    has_taxes_[static_cast<std::size_t>(j + n_ * s)] = flag;
    log_reach_(j, s) = is_finite(largest) ? largest : Real(0);
    for (Eigen::Index i = 0; i < n_; ++i) {
      reach[i] = reach[i] == -infinity<Real> ? Real(0)
                                             : Real(world_.flows(i, j, s) / spending *
                                                    (reach[i] == largest ? Real(1) : Real(exp(reach[i] - largest))));
    }
  }

  void set_deficit(policy_change<Real> const& change) {
    switch (world_.closure) {
      case policy_closure::nominal:
      case policy_closure::share_of_world_income:
        deficit_ = base_.deficit;
        break;
      case policy_closure::zero:
        deficit_.setZero(n_);
        break;
      case policy_closure::zero_with_one_partner: {
        auto const j = world_.closure_country, k = world_.closure_partner;
        Real net(0);  // what j buys from k above what it sells there, at the border
        for (Eigen::Index s = 0; s < count_; ++s) {
          net += world_.flows(k, j, s) / (1 + before_.import_tax(k, j, s)) -
                 world_.flows(j, k, s) / (1 + before_.import_tax(j, k, s));
        }
        deficit_ = base_.deficit;
        deficit_[j] -= net;
        deficit_[k] += net;
        break;
      }
      case policy_closure::list:
        deficit_ = change.deficit;
        break;
    }
  }

  policy_world<Real> world_;
  policy_baseline<Real> base_;
  Eigen::Index n_ = 0, count_ = 0, largest_ = 0;
  std::vector<policy_sector_numbers<Real>> numbers_;
  policy_change<Real> before_, now_;
  trade_array<Real> reach_, import_share_, export_share_, tax_base_, bundle_share_;
  matrix log_reach_;
  std::vector<unsigned char> has_taxes_;
  vector deficit_;
};

}  // namespace melitz::detail
