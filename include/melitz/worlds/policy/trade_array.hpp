// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz {

/// A number for each exporter, importer and sector: flows, taxes, trade costs, derivatives.
///
/// One block of memory, in which the exporter runs fastest and the sector slowest: (i, j, s) stands at
/// i + N (j + N s). So the numbers of one market and sector lie side by side, and those of a sector are a matrix
/// [exporter][importer] as Eigen keeps it.
/// Example:
///   trade_array<> flows(3, 2);  flows(0, 1, 1) = 4.5;  flows.sector(1).colwise().sum();  // spending by importer
template <real Real = double>
class trade_array {
 public:
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// Without numbers: "none", or "as before" where a member's comment says so.
  trade_array() = default;
  trade_array(Eigen::Index countries, Eigen::Index sectors, Real const& value = Real(0))
      : countries_(countries), sectors_(sectors), values_(vector::Constant(countries * countries * sectors, value)) {}

  [[nodiscard]] Eigen::Index countries() const { return countries_; }
  [[nodiscard]] Eigen::Index sectors() const { return sectors_; }
  [[nodiscard]] bool empty() const { return values_.size() == 0; }

  /// Not checked. @{
  [[nodiscard]] Real& operator()(Eigen::Index exporter, Eigen::Index importer, Eigen::Index sector) {
    return values_[exporter + countries_ * (importer + countries_ * sector)];
  }
  [[nodiscard]] Real const& operator()(Eigen::Index exporter, Eigen::Index importer, Eigen::Index sector) const {
    return values_[exporter + countries_ * (importer + countries_ * sector)];
  }
  /// @}

  /// A sector's matrix [exporter][importer], in place. @{
  [[nodiscard]] Eigen::Map<matrix> sector(Eigen::Index s) {
    return {values_.data() + countries_ * countries_ * s, countries_, countries_};
  }
  [[nodiscard]] Eigen::Map<matrix const> sector(Eigen::Index s) const {
    return {values_.data() + countries_ * countries_ * s, countries_, countries_};
  }
  /// @}

  /// All of them, in the order of memory. @{
  [[nodiscard]] vector& values() { return values_; }
  [[nodiscard]] vector const& values() const { return values_; }
  /// @}

 private:
  Eigen::Index countries_ = 0, sectors_ = 0;
  vector values_{};
};

}  // namespace melitz
