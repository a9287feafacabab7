// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/tariff_base.hpp>
#include <melitz/numerics/real.hpp>

namespace melitz {

namespace detail {

/// How a tariff t on the goods of CES firms splits what consumers pay for them, per unit of the firms' operating profit
/// V, and its slopes in ln(1 + t). To a firm it is a part of the cost of delivery.
///
/// Levied on the delivered price it leaves a firm (1+t)^-sigma of its operating profit, consumers pay sigma (1+t) V and
/// sigma V stays with the firm's country. Levied on the cost of production it leaves (1+t)^(1-sigma), consumers pay
/// sigma V, of which (1 + (sigma - 1)/(1+t)) V stays.
template <real Real>
class tariff_split {
 public:
  tariff_split(tariff_base base, Real elasticity, Real tariff)
      : on_price_(base == tariff_base::delivered_price), elasticity_(elasticity), tariff_(tariff) {}

  /// What stays with the exporter's country, and what the importer's treasury gets.
  [[nodiscard]] Real income() const { return on_price_ ? elasticity_ : Real(1 + power() / factor()); }
  [[nodiscard]] Real revenue() const {
    return on_price_ ? Real(elasticity_ * tariff_) : Real(power() * tariff_ / factor());
  }
  [[nodiscard]] Real income_slope() const { return on_price_ ? Real(0) : Real(-power() / factor()); }
  [[nodiscard]] Real revenue_slope() const {
    return on_price_ ? Real(elasticity_ * factor()) : Real(power() / factor());
  }
  /// Of the log of what consumers pay.
  [[nodiscard]] Real paid_slope() const { return Real(on_price_ ? 1 : 0); }
  /// Of the log of what delivery costs, and of the cutoff with it: the same for all t.
  [[nodiscard]] Real cost_slope() const { return on_price_ ? Real(elasticity_ / power()) : Real(1); }

 private:
  [[nodiscard]] Real power() const { return Real(elasticity_ - 1); }
  [[nodiscard]] Real factor() const { return Real(1 + tariff_); }

  bool on_price_;
  Real elasticity_, tariff_;
};

}  // namespace detail
}  // namespace melitz
