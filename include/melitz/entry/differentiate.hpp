// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/expected_profit.hpp>
#include <melitz/entry/locate_entry.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/tail/tail.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace melitz {
namespace detail {

/// A tail that carries derivatives as one that does not. Costs what the derivatives cost; for tails that do not bring
/// their own values along.
template <productivity_tail Tail>
class values_of_tail {
 public:
  using number = typename Tail::real_type;
  using real_type = value_t<number>;

  explicit values_of_tail(Tail const& tail) : tail_(&tail) {}

  [[nodiscard]] real_type power() const { return value(tail_->power()); }
  [[nodiscard]] real_type log_lower_bound() const { return value(tail_->log_lower_bound()); }
  [[nodiscard]] real_type log_upper_bound() const { return value(tail_->log_upper_bound()); }
  [[nodiscard]] real_type log_moment() const { return value(tail_->log_moment()); }
  [[nodiscard]] real_type error_estimate() const { return value(error_estimate_of(*tail_)); }
  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    auto const p = tail_->at(number(log_x));
    return {value(p.log_scale),     value(p.survival),          value(p.excess),       value(p.density),
            value(p.density_slope), value(p.density_curvature), value(p.density_third)};
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    return detail::smooth_between(*tail_, number(a), number(b));
  }

 private:
  [[nodiscard]] static real_type value(number const& x) { return differentiation<number>::value(x); }
  Tail const* tail_;
};

/// Room for as many items as a menu has kinks; few of them need no allocation.
template <class T>
class with_room {
 public:
  explicit with_room(std::size_t count) : count_(count), many_(count > few_.size() ? count : 0) {}
  with_room(with_room const&) = delete;
  with_room& operator=(with_room const&) = delete;
  [[nodiscard]] std::span<T> items() { return {many_.empty() ? few_.data() : many_.data(), count_}; }

 private:
  std::size_t count_;
  std::array<T, 2> few_{};
  std::vector<T> many_;
};

/// How often a step must be taken from a point without derivatives to one with all of them, when every step leaves only
/// what is beyond `factor` times the order reached so far.
[[nodiscard]] constexpr int steps_to_order(std::size_t order, std::size_t factor) {
  int steps = 0;
  for (std::size_t reached = 1; reached <= order; reached *= factor) ++steps;
  return steps;
}

/// Free entry by the values alone; then the root moves with the parameters. A step of the solver, taken in numbers that
/// carry derivatives from a point that has none, hardly changes its value, and makes its derivatives right: up to the
/// fourth with the tail's own slopes, up to the second without.
template <productivity_tail Tail, class Kinks>
[[nodiscard]] located_entry<typename Tail::real_type> differentiate_entry(
    envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail,
    entry_target<typename Tail::real_type> const& target, typename Tail::real_type const& log_unit,
    std::span<tail_point<typename Tail::real_type>> points, solve_options const& options) {
  using Real = typename Tail::real_type;
  using how = differentiation<Real>;
  using value_type = value_t<Real>;
  value_type const epsilon = detail::epsilon<value_type>();
  auto const value = [](Real const& x) { return how::value(x); };

  std::size_t const count = points.size();
  with_room<kink<value_type>> kinks(count);
  with_room<tail_point<value_type>> at_kinks(count);
  for (std::size_t k = 0; k < count; ++k) {
    kinks.items()[k] = {value(menu.kinks[k].weight), value(menu.kinks[k].log_ratio), value(menu.kinks[k].jump),
                        value(menu.kinks[k].weight_rest), value(menu.kinks[k].log_ratio_rest)};
  }
  envelope<value_type, std::span<kink<value_type> const>> const values{
      value(menu.fixed_cost), value(menu.slope), value(menu.base_slope), value(menu.base_fixed_cost), kinks.items()};
  auto const found = [&] {
    entry_target<value_type> const asked{value(target.value), value(target.rest), value(target.log_value)};
    if constexpr (requires { tail.values(); }) {
      return locate_entry(values, tail.values(), asked, value(log_unit), at_kinks.items(), options);
    } else {
      return locate_entry(values, values_of_tail<Tail>(tail), asked, value(log_unit), at_kinks.items(), options);
    }
  }();
  located_entry<Real> out;
  out.solution.reason = found.solution.reason;
  out.solution.evaluations = found.solution.evaluations;
  if (!found.solution) return out;
  out.solution.residual = Real(found.solution.residual);

  if (found.at_end) {
    Real const end = tail.log_upper_bound();
    tail_point<Real> at_end;
    Real const distance = distance_to_end(tail, Real(near_end(value(end))), target.log_value, at_end);
    if (distance > 0) {
      out.place_at_end(end, distance, at_end, points);
      return out;
    }
  }
  log_expected_profit<Tail, Kinks> profit(menu, tail, points);
  Real t(found.place.value);
  bool const smooth = profit.smooth_at(t);
  if (smooth && how::order <= 3) {  // the tails' Taylor terms carry as many derivatives over a step that is a rounding
    profit.evaluate(t);
    Real step(0);
    if constexpr (how::order == 1) {
      step = profit.gap_to(target).step();
    } else {
      auto here = profit.derivatives();
      here.value -= target.log_value;
      step = here.step();
    }
    profit.shift(step);
    t += step;
  } else {
    for (int k = steps_to_order(how::order, smooth ? 5 : 3); k > 0; --k) {
      auto here = profit(t);
      here.value -= target.log_value;
      t += here.step();  // its value is a rounding
    }
    profit.evaluate(t);
  }
  // Now the gap and its derivatives are roundings, and the tails' own Taylor terms take out these too: at once, unless
  // the cutoff is so close to the end of a support that the rounding of t shows.
  Real rest(0);
  for (int k = 0; k < 8; ++k) {
    auto const left = profit.gap_to(target);
    Real const step = left.step();
    profit.shift(step);
    rest += step;
    if (left.residual <= 64 * epsilon && left.residual >= -64 * epsilon) break;
  }
  out.place = {t, rest};
  return out;
}

}  // namespace detail
}  // namespace melitz
