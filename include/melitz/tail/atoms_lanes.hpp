// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/discrete.hpp>
#include <melitz/tail/lane_tails.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// The tail of a law made of atoms. Between two of them no mass lies and all is exponential in log productivity.
template <class Pack>
class atoms_lanes {
 public:
  using pack = Pack;
  using mask = mask_of<Pack>;
  static constexpr bool piecewise = true;
  static constexpr double bends_in_a_piece = 0;

  MELITZ_LANES_INLINE explicit atoms_lanes(atoms_tail<double> const& tail) : tail_(tail) {}

  MELITZ_LANES_INLINE void bind(pack const& r) { bound = r == tail_.power(); }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return all_of<pack>(tail_.log_moment()); }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 0; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack const&) const { return pack{}; }  // nothing here needs it

  [[nodiscard]] MELITZ_LANES_INLINE lane_point<Pack> at(pack const& log_x, pack const&) const {
    auto const atoms = tail_.atoms();
    lane_point<Pack> p{};
    pack next = log_x, scale{};
    for (std::size_t k = 0; k < Pack::width; ++k) {
      std::size_t const i = place_of(log_x[k]);
      p.begin.set(k, i > 0 ? atoms[i - 1].log_value : -infinity<double>);
      p.end.set(k, i < atoms.size() ? atoms[i].log_value : infinity<double>);
      if (i == atoms.size()) continue;  // no mass there
      next.set(k, atoms[i].log_value);
      scale.set(k, atoms[i].log_scale);
      p.survival.set(k, atoms[i].survival);
      p.excess.set(k, atoms[i].excess);
    }
    pack const distance = tail_.power() * (next - log_x);
    p.vouched = (abs(scale) < 300) & (distance < 300);
    if (any(scale != 0)) {
      pack const factor = exp_of_ordinary(select(p.vouched, scale, pack{}));
      p.survival *= factor;
      p.excess *= factor;
    }
    // As for every tail in lanes, J is as precise as J + S is.
    p.excess = exp_of_ordinary(select(p.vouched, distance, pack{})) * (p.excess + p.survival) - p.survival;
    return p;
  }

  mask bound{};

 private:
  /// The first atom at or above x; the one found last is likely to be it.
  [[nodiscard]] std::size_t place_of(double x) const {
    auto const atoms = tail_.atoms();
    auto const holds = [&](std::size_t i) {
      return (i == atoms.size() || x <= atoms[i].log_value) && (i == 0 || atoms[i - 1].log_value < x);
    };
    for (std::size_t& known : known_) {
      if (holds(known)) return known;
    }
    std::swap(known_[0], known_[1]);
    auto const next = std::lower_bound(atoms.begin(), atoms.end(), x,
                                       [](auto const& a, double value) { return a.log_value < value; });
    return known_[0] = static_cast<std::size_t>(next - atoms.begin());
  }

  atoms_tail<double> const& tail_;
  mutable std::size_t known_[2] = {0, 0};
};

template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE auto lanes_of(atoms_tail<double> const& tail) {
  return atoms_lanes<Pack>(tail);
}
[[nodiscard]] inline atoms_tail<double> const& lane_numbers(atoms_tail<double> const& tail) { return tail; }

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
