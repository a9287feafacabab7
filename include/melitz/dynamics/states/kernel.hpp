// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/states/policy.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// How productivity moves, as its user knows it: the density of tomorrow's log productivity given today's. Called for
/// every `today` at which there can be firms, those of entrants included, and every `tomorrow` between the bounds.
///
/// Best are densities that are smooth in both, but for breaks. Where a firm is exactly as productive as before with a
/// positive probability there is no density: that are redraws, or a chain.
template <real Real = double>
struct productivity_kernel {
  std::function<Real(Real const& tomorrow, Real const& today)> density{};
  Real lowest = detail::not_a_number<Real>;   ///< tomorrow's log productivity lies between this
  Real highest = detail::not_a_number<Real>;  ///< and this; of firms that there are, 1e-13 may leave
  std::vector<Real> breaks{};  ///< between them, ascending: where in `tomorrow` the density is not smooth

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "productivity_kernel";
    if (!density) throw domain_error(where, "density", "empty", "be a function");
    detail::require(detail::is_finite(lowest), where, "lowest", lowest, "be finite");
    detail::require(detail::is_finite(highest) && highest > lowest, where, "highest", highest,
                    "be finite and exceed lowest");
    Real last = lowest;
    for (std::size_t k = 0; k < breaks.size(); ++k) {
      detail::require(breaks[k] > last && breaks[k] < highest, where, ("breaks[" + std::to_string(k) + ']').c_str(),
                      breaks[k], "exceed those before it and lie between lowest and highest");
      last = breaks[k];
    }
  }
};

namespace detail {

/// A kernel's density on nodes.
template <real Real>
class kernel_nodes {
 public:
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

  explicit kernel_nodes(productivity_kernel<Real> const& kernel) : kernel_(kernel) {}

  /// Chooses the spacing at which sums of the density, and of its square, no longer move: products of the density and
  /// of what is expected are as smooth as that.
  /// @param today  where it is tried
  /// @return false where more than some 500 nodes would be needed
  bool resolve(std::vector<Real> const& today, Real const& refinement) {
    std::vector<sums> before;
    Real const range = kernel_.highest - kernel_.lowest;
    for (Real points(12); points < 600; points *= Real(1.4)) {
      spacing_ = range / points;
      auto const nodes = all();
      std::vector<sums> here;
      for (Real const& t : today) here.push_back(sums_at(nodes, t));
      bool settled = !before.empty();
      for (std::size_t k = 0; k < before.size(); ++k) settled = settled && here[k].agrees(before[k]);
      if (settled) {
        spacing_ = range / (points / Real(1.4)) / refinement;
        return true;
      }
      before = here;
    }
    return false;
  }
  /// Whether the density integrates to 1 wherever firms are, but for one in 1e9 of them.
  /// @param firms  t and how many
  /// @throws domain_error where it does not
  /// @return false where nodes do not resolve it
  bool integrates_to_one(state_nodes<Real> const& nodes, std::vector<std::pair<Real, Real>> const& firms) const {
    using std::abs;
    Real all_firms(0), lost(0), most(0), integral(1), where(0);
    for (auto const& [t, mass] : firms) {
      Real const here = sums_at(nodes, t).integral, off = abs(Real(mass * (here - 1)));
      all_firms += abs(mass);
      lost += off;
      if (!(off > most)) continue;
      most = off;
      where = t;
      integral = here;
    }
    if (lost <= Real(1e-9) * all_firms) return true;
    if (abs(Real(sums_at(all({}, Real(3)), where).integral - integral)) > Real(1e-3) * abs(Real(integral - 1))) {
      return false;
    }
    reject("productivity_kernel",
           "integral of density given log productivity " + to_short_text(static_cast<double>(where)),
           static_cast<double>(integral), "be 1 (within 1e-9)");
  }
  /// Of the nodes. @pre resolve
  [[nodiscard]] Real const& spacing() const { return spacing_; }
  [[nodiscard]] Real const& lowest() const { return kernel_.lowest; }
  [[nodiscard]] Real const& highest() const { return kernel_.highest; }

  /// Bounds and breaks, those of the kernel and others, ascending.
  [[nodiscard]] std::vector<Real> edges(std::vector<Real> out) const {
    out.insert(out.end(), kernel_.breaks.begin(), kernel_.breaks.end());
    out.insert(out.end(), {kernel_.lowest, kernel_.highest});
    std::sort(out.begin(), out.end());
    return out;
  }
  /// Nodes between the bounds, on panels that end at the kernel's breaks and at others.
  [[nodiscard]] state_nodes<Real> all(std::vector<Real> const& others = {}, Real const& closer = Real(1)) const {
    return from(kernel_.lowest, others, closer);
  }
  /// The same from t on.
  [[nodiscard]] state_nodes<Real> from(Real const& t, std::vector<Real> const& others,
                                       Real const& closer = Real(1)) const {
    auto const ends = edges(others);
    state_nodes<Real> out;
    Real next = t > kernel_.lowest ? t : kernel_.lowest;
    for (Real const& end : ends) {
      if (!(end > next) || end > kernel_.highest) continue;
      out.add(next, end, Real(spacing_ / closer));
      next = end;
    }
    return out;
  }
  /// Weights of an expectation over tomorrow's nodes, given today's log productivity.
  [[nodiscard]] vector row(state_nodes<Real> const& nodes, Real const& today) const {
    vector out(nodes.size());
    for (Eigen::Index k = 0; k < out.size(); ++k) {
      auto const i = static_cast<std::size_t>(k);
      out[k] = nodes.weights[i] * density(nodes.at[i], today);
    }
    return out;
  }

 private:
  struct sums {
    Real integral{0}, square{0};

    [[nodiscard]] bool agrees(sums const& b) const {
      using std::abs;
      return abs(Real(square - b.square)) <= Real(1e-12) * square && abs(Real(integral - b.integral)) <= Real(1e-12);
    }
  };

  [[nodiscard]] Real density(Real const& tomorrow, Real const& today) const {
    Real const out = kernel_.density(tomorrow, today);
    if (!(out >= 0 && is_finite(out))) [[unlikely]] {
      reject("productivity_kernel",
             "density at log productivity " + to_short_text(static_cast<double>(tomorrow)) + " given " +
                 to_short_text(static_cast<double>(today)),
             static_cast<double>(out), "be finite and at least 0");
    }
    return out;
  }
  [[nodiscard]] sums sums_at(state_nodes<Real> const& nodes, Real const& today) const {
    sums out;
    for (std::size_t i = 0; i < nodes.at.size(); ++i) {
      Real const f = density(nodes.at[i], today), part = nodes.weights[i] * f;
      out.integral += part;
      out.square += part * f;
    }
    return out;
  }
  productivity_kernel<Real> const& kernel_;
  Real spacing_{};
};

}  // namespace detail
}  // namespace melitz
