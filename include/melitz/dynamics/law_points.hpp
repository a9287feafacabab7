// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Survival and E[phi^r 1{phi >= x}] over E[phi^r] at log productivity t, and the density of t.
template <real Real>
struct law_level {
  Real survival, share, density;
};
template <productivity_tail Tail>
[[nodiscard]] law_level<typename Tail::real_type> law_level_at(Tail const& tail, typename Tail::real_type const& t) {
  using Real = typename Tail::real_type;
  using std::exp;
  auto const p = tail.at(t);
  Real const scale = p.scale(), moment = p.moment();
  Real const share =
      moment > 0 ? Real(moment * exp(Real(p.log_scale + tail.power() * t - tail.log_moment()))) : Real(0);
  return {Real(p.survival * scale), share, Real(p.density * scale)};
}

/// Which of a law's points another one is.
inline constexpr auto no_known_point = static_cast<std::size_t>(-1);

/// A law as points and weights, for expectations of smooth functions of log productivity: Gauss's rule on panels that
/// halve until they give the law's own survival and moment to rounding, and atoms as they are.
template <productivity_tail Tail>
class law_points {
 public:
  using Real = typename Tail::real_type;

  explicit law_points(Tail const& tail) : law_points(tail, [](Real const&) { return infinity<Real>; }) {}
  /// @param widest  widest(t) is how wide a panel that begins at t may be
  template <class Width>
  law_points(Tail const& tail, Width const& widest) : tail_(tail) {
    tolerance_ = 16 * epsilon<Real>();  // shares are exponentials of numbers that may be ten and more
    if (Real const off = error_estimate_of(tail); off > tolerance_) tolerance_ = off;
    auto marks = log_kinks_of(tail);
    auto const [low, high] = ends();
    marks.push_back(low);
    marks.push_back(high);
    std::sort(marks.begin(), marks.end());
    marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
    std::size_t panels = 0;
    for (std::size_t k = 0; k < marks.size(); ++k) {
      Real const& here = marks[k];
      if (here < low || here > high) continue;
      // Survival counts an atom, what is left a rounding above it does not.
      auto const above = law_level_at(tail_, just_above(here));
      if (Real const atom = law_level_at(tail_, here).survival - above.survival; atom > Real(1e-13)) {
        atoms_.push_back({here, atom});
      }
      if (k + 1 == marks.size() || marks[k + 1] > high) continue;
      auto const last = law_level_at(tail_, marks[k + 1]);
      Real begin = here;
      auto at_begin = above;
      while (begin < marks[k + 1]) {
        Real const step = part_of(Real(marks[k + 1] - begin), widest(begin));
        bool const rest = ++panels > most_panels || !(begin + step < marks[k + 1]);
        Real const end = rest ? marks[k + 1] : Real(begin + step);
        auto const at_end = rest ? last : law_level_at(tail_, end);
        divide(begin, end, at_begin, at_end, infinity<Real>, 0);
        begin = end;
        at_begin = at_end;
      }
    }
  }

  /// f(t, weight, share) for every point at or above `from`, with panels that also end at the breaks, where f is not
  /// smooth; a point's share is its weight times phi^r over E[phi^r], which fits the number type where phi^r does not.
  /// @param breaks  ascending
  template <class F>
  void for_each_from(Real const& from, std::vector<Real> const& breaks, F const& f) const {
    for_each_known_from(
        from, breaks, [&](Real const& t, Real const& weight, Real const& share, std::size_t) { f(t, weight, share); });
  }
  /// The same with f(t, weight, share, which), where the same `which` is always the same t; no_known_point if there is
  /// none.
  template <class F>
  void for_each_known_from(Real const& from, std::vector<Real> const& breaks, F const& f) const {
    auto const new_point = [&](Real const& t, Real const& weight, Real const& share) {
      f(t, weight, share, no_known_point);
    };
    for (auto const& [at, mass] : atoms_) {
      if (at >= from) new_point(at, mass, share_of(at, mass));
    }
    for (auto const& p : panels_) {
      if (!(p.to > from)) continue;
      Real begin = from > p.from ? from : p.from;
      for (auto b = std::upper_bound(breaks.begin(), breaks.end(), begin); b != breaks.end() && *b < p.to; ++b) {
        over(begin, *b, new_point);
        begin = *b;
      }
      if (same(begin, p.from)) {
        for (std::size_t i = p.first; i < p.first + p.size; ++i) f(at_[i], weights_[i], shares_[i], i);
      } else {
        over(begin, p.to, new_point);
      }
    }
  }
  /// Where panels begin and end, ascending.
  [[nodiscard]] std::vector<Real> edges() const {
    std::vector<Real> out;
    for (auto const& p : panels_) out.insert(out.end(), {p.from, p.to});
    for (auto const& a : atoms_) out.push_back(a.first);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
  [[nodiscard]] Real lowest() const { return low_; }
  [[nodiscard]] Real highest() const { return high_; }
  /// Below which all firms are, but for one in 1e16 or so.
  [[nodiscard]] Real highest_of_firms() const { return high_of_firms_; }
  /// Share of E[phi^r] that lies beyond the points, or that they do not resolve.
  [[nodiscard]] Real unresolved() const { return unresolved_; }

 private:
  using rule = gauss_legendre<Real, 20>;
  static constexpr std::size_t most_panels = 600;
  struct panel {
    Real from, to;
    std::size_t first, size;
  };

  [[nodiscard]] static rule const& gauss() {
    static rule const r;
    return r;
  }
  [[nodiscard]] static Real just_above(Real const& t) {
    using std::abs;
    return Real(t + 2 * epsilon<Real>() * (1 + abs(t)));
  }
  [[nodiscard]] Real share_of(Real const& t, Real const& weight) const {
    using std::exp, std::log;
    return weight > 0 ? Real(exp(Real(log(weight) + tail_.power() * t - tail_.log_moment()))) : Real(0);
  }
  /// f(t, weight, share) over an interval without atoms.
  template <class F>
  void over(Real const& from, Real const& to, F const& f) const {
    using std::exp;
    Real const middle = (from + to) / 2, half = (to - from) / 2;
    auto const& r = gauss();
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      for (Real const& t : {Real(middle - half * r.nodes[i]), Real(middle + half * r.nodes[i])}) {
        auto const p = tail_.at(t);
        Real const density = half * r.weights[i] * p.density;
        Real const tilt = p.log_scale + tail_.power() * t - tail_.log_moment();
        f(t, Real(density * p.scale()), density > 0 ? Real(density * exp(tilt)) : Real(0));
      }
    }
  }

  /// From where to where there are firms: below, none are missing to rounding; above, nothing of E[phi^r] is left.
  [[nodiscard]] std::pair<Real, Real> ends() {
    Real const least = tail_.log_lower_bound(), most = tail_.log_upper_bound();
    Real const tiny = epsilon<Real>() / 16, start = tail_.log_moment() / tail_.power();
    auto const search = [&](Real const& towards, auto const& inside) {
      if (is_finite(towards)) return towards;
      Real step = towards > 0 ? Real(1) : Real(-1), known = start;
      int k = 0;
      for (; k < 60 && inside(Real(start + step)); ++k) {
        known = start + step;
        step *= 2;
      }
      Real beyond = start + step;
      for (k = 0; k < 8; ++k) {
        Real const middle = (known + beyond) / 2;
        (inside(middle) ? known : beyond) = middle;
      }
      return beyond;
    };
    auto const any_above = [&](Real const& t) { return law_level_at(tail_, t).survival > tiny; };
    low_ = search(least, [&](Real const& t) { return law_level_at(tail_, t).survival < 1; });
    high_of_firms_ = search(most, any_above);
    high_ = search(most, [&](Real const& t) { return law_level_at(tail_, t).share > tiny || any_above(t); });
    if (low_ < least) low_ = least;
    if (high_of_firms_ > most) high_of_firms_ = most;
    if (high_ > most) high_ = most;
    return {low_, high_};
  }

  /// One of the fewest equal parts of a length that are no wider.
  [[nodiscard]] static Real part_of(Real const& length, Real const& widest) {
    using std::ceil;
    double const parts = ceil(static_cast<double>(Real(length / widest)) - 1e-9);
    return parts > 1 ? Real(length / Real(parts)) : length;
  }
  void forget_from(std::size_t first) {
    for (auto* list : {&at_, &weights_, &shares_}) list->resize(first);
  }
  /// @param before  by how much the panel that this one is half of was off
  void divide(Real const& from, Real const& to, law_level<Real> const& at_from, law_level<Real> const& at_to,
              Real const& before, int depth) {
    using std::abs;
    bool const full = panels_.size() >= most_panels || depth >= 48;
    Real const mass = at_from.survival - at_to.survival, share = at_from.share - at_to.share;
    if (Real const nothing = epsilon<Real>() / 16; !(mass > nothing) && !(share > nothing)) return;
    std::size_t const first = at_.size();
    Real mass_seen(0), share_seen(0);
    over(from, to, [&](Real const& t, Real const& weight, Real const& moment) {
      at_.push_back(t);
      weights_.push_back(weight);
      shares_.push_back(moment);
      mass_seen += weight;
      share_seen += moment;
    });
    Real const off = std::max(Real(abs(Real(mass_seen - mass))), Real(abs(Real(share_seen - share))));
    // Where halving no longer helps what is left is noise of the law's own numbers.
    bool const noise = depth > 3 && off < Real(1e-12) && !(off < before / 8);
    if (off <= tolerance_ || noise || full) {
      if (off > tolerance_) unresolved_ += off;
      if (share_seen > 0) {
        panels_.push_back({from, to, first, at_.size() - first});
      } else {
        forget_from(first);
      }
      return;
    }
    forget_from(first);
    Real const middle = (from + to) / 2;
    auto const at_middle = law_level_at(tail_, middle);
    divide(from, middle, at_from, at_middle, off, depth + 1);
    divide(middle, to, at_middle, at_to, off, depth + 1);
  }

  Tail tail_;
  Real tolerance_{}, low_{}, high_{}, high_of_firms_{}, unresolved_{0};
  std::vector<std::pair<Real, Real>> atoms_;
  std::vector<panel> panels_;
  std::vector<Real> at_, weights_, shares_;
};

}  // namespace melitz::detail
