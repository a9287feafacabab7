// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/gaussian_step.hpp>
#include <melitz/dynamics/graded_function.hpp>
#include <melitz/dynamics/newton_from_above.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

// A cohort of firms that learn how productive they are. Everything here is in l = ln(A x/f), the log of what a firm
// expects to earn in a period over its fixed cost, and in units of that cost: a firm of age n earns e^l - 1, and
// tomorrow's l is normal with mean l + drift_n and standard deviation sd_n, whatever A is. So thresholds and values are
// found once, and A is what makes entry worth its cost.

namespace melitz::detail {

/// What firms learn from one signal, by how many they have seen, up to the horizon: later they learn nothing more.
template <real Real>
struct learning_steps {
  Real power, gamma, survival;      ///< sigma - 1, beta (1 - delta), 1 - delta
  Real patience;                    ///< 1/(1 - gamma)
  std::vector<Real> sd{}, drift{};  ///< of one step in l, by age
  std::vector<Real> left{};         ///< variance of what is not known yet, (sigma-1)^2 v_n; one more

  /// @param periods  the horizon   @param prior, noise  variances v_0 and v_e
  learning_steps(Real const& b, Real const& discount, Real const& impatience, Real const& stay, Real const& prior,
                 Real const& noise, std::size_t periods)
      : power(b), gamma(discount), survival(stay), patience(1 / impatience) {
    using std::sqrt;
    auto const variance = [&](std::size_t n) {
      return n == 0 ? prior : Real(prior * noise / (noise + static_cast<double>(n) * prior));
    };
    Real const square = b * b;
    for (std::size_t n = 0; n <= periods; ++n) {
      Real const here = variance(n), next = variance(n + 1);
      left.push_back(square * here);
      if (n == periods) break;
      // v_n - v_{n+1}
      Real const learned = square * (noise > 0 ? Real(here * (next / noise)) : here);
      sd.push_back(sqrt(learned));
      drift.push_back(learned / (2 * b));
    }
  }

  [[nodiscard]] std::size_t horizon() const { return sd.size(); }
  /// By what l of a firm that never exits grows on average, e^., while this variance is learned.
  [[nodiscard]] Real log_growth(Real const& learned) const { return Real(learned * (1 + 1 / power) / 2); }
  /// Sum of rate^k E[x_{H+k}]/x_H over k >= 0, of firms that stay for ever. @param impatience  1 - rate
  [[nodiscard]] Real growth_beyond(Real const& rate, Real const& noise_ratio, Real const& impatience) const {
    using std::exp;
    // v_{H+k} = v_H/(1 + k v_H/v_e)
    Real const known = left.back();
    Real sum(0), weight(1);
    for (int k = 0; k < 200'000 && weight > epsilon<Real>() * impatience / 8; ++k) {
      sum += weight * exp(log_growth(Real(known * (1 - 1 / (1 + k * noise_ratio)))));
      weight *= rate;
    }
    return Real(sum + weight / impatience * exp(log_growth(known)));
  }
  [[nodiscard]] gaussian_step<Real> step(std::size_t n, Real const& from) const {
    return {Real(from + drift[n]), sd[n]};
  }
};

/// Values and thresholds, from the horizon back to entry.
///
/// The value of a firm that has seen n signals is that of one that never exits, growth_n e^l - patience, and the value
/// of the option to exit, which has a layer of width sd_n above the threshold and vanishes far above: that is what
/// panels hold. At the horizon a firm exits or stays for ever.
template <real Real>
class learning_values {
 public:
  /// @param beyond  growth_beyond at gamma
  learning_values(learning_steps<Real> const& steps, Real const& beyond) : steps_(steps), growth_(beyond) {
    using std::exp, std::log, std::sqrt;
    using plain = value_t<Real>;
    std::size_t const horizon = steps.horizon();
    thresholds_.assign(horizon + 1, -infinity<Real>);
    if (horizon == 0) return;
    thresholds_[horizon] = log(Real(steps.patience / growth_));
    // Options to exit die out like exp(-rate distance/sd) once steps are alike.
    auto const rate = static_cast<plain>(Real(sqrt(Real(2 / steps.patience))));
    for (std::size_t n = horizon - 1; n > 0; --n) {
      Real const threshold = threshold_before(n);
      Real const near = 40 * steps.sd[n] / rate, all = 9 * sqrt(steps.left[n]);
      graded_function<Real> option(threshold, Real(threshold + (near < all ? near : all)), Real(steps.sd[n] * 0.8),
                                   infinity<Real>);
      option.fill([&](Real const& l) { return Real(steps_.gamma * option_next(n, l)); });
      growth_ = growth_before(n);
      option_ = std::move(option);
      thresholds_[n] = threshold;
    }
  }

  /// By signals seen; none counts for those that have seen none, who all produce.
  [[nodiscard]] std::vector<Real> const& thresholds() const { return thresholds_; }
  [[nodiscard]] bool solved() const { return solved_; }
  /// growth_n of those who have seen no signal.
  [[nodiscard]] Real entrant_growth() const { return steps_.horizon() == 0 ? growth_ : growth_before(0); }
  /// Value of an entrant at l, entry cost not counted, and its slope in l.
  [[nodiscard]] value_and_slope<Real> entrant(Real const& l) const {
    using std::exp;
    Real const earned = entrant_growth() * exp(l);
    if (steps_.horizon() == 0) return {Real(earned - steps_.patience), earned};
    auto const exit = option_and_slope(steps_.step(0, l));
    return {Real(earned - steps_.patience + steps_.gamma * exit.value), Real(earned + steps_.gamma * exit.slope)};
  }

 private:
  [[nodiscard]] Real growth_before(std::size_t n) const {
    using std::exp;
    Real const learned = steps_.sd[n] * steps_.sd[n];
    return Real(1 + steps_.gamma * growth_ * exp(steps_.log_growth(learned)));
  }
  /// The option's value after the n-th step from l, exit there included.
  [[nodiscard]] Real option_next(std::size_t n, Real const& l) const {
    auto const step = steps_.step(n, l);
    Real const threshold = thresholds_[n + 1];
    Real out = option_.empty() ? Real(0) : over_step(step, option_, threshold, option_.top(), infinity<Real>);
    if (step.mean - threshold < 9 * step.sd) {
      out += steps_.patience * step.moment_below(Real(0), threshold) - growth_ * step.moment_below(Real(1), threshold);
    }
    return out;
  }
  /// The same and its slope in the mean. The first step may be much longer than the option's layer: it goes panel by
  /// panel.
  [[nodiscard]] value_and_slope<Real> option_and_slope(gaussian_step<Real> const& step) const {
    using std::exp;
    Real const threshold = thresholds_[age_];
    Real const gone = step.moment_below(Real(1), threshold), density = step.density(threshold);
    value_and_slope<Real> out{Real(steps_.patience * step.moment_below(Real(0), threshold) - growth_ * gone),
                              Real(-steps_.patience * density - growth_ * (gone - exp(threshold) * density))};
    auto const sloped = [&](Real const& t) { return Real(option_(t) * (t - step.mean) / (step.sd * step.sd)); };
    auto const add = [&](Real const& from, Real const& to) {
      out.value += over_step(step, option_, from, to, infinity<Real>);
      out.slope += over_step(step, sloped, from, to, infinity<Real>);
    };
    if (age_ > 1 && !option_.empty()) add(threshold, option_.top());
    for (std::size_t k = 0; age_ == 1 && k < option_.panels(); ++k) add(option_.begin_of(k), option_.begin_of(k + 1));
    return out;
  }
  /// Where staying is worth nothing: increasing and convex in e^l, and not negative where a period's profit is not.
  [[nodiscard]] Real threshold_before(std::size_t n) {
    using std::exp, std::log;
    age_ = n + 1;
    Real const growth = growth_before(n);
    auto const stay = [&](Real const& earned) -> value_and_slope<Real> {
      auto const exit = option_and_slope(steps_.step(n, Real(log(earned))));
      return {Real(growth * earned - steps_.patience + steps_.gamma * exit.value),
              Real(growth + steps_.gamma * exit.slope / earned)};
    };
    auto const found = newton_from_above<Real>(stay, Real(exp(thresholds_[n + 1])), 100);
    solved_ = solved_ && found.converged;
    age_ = n;
    return Real(log(found.at));
  }

  learning_steps<Real> const& steps_;
  Real growth_;  ///< of the age at hand
  std::size_t age_ = 1;
  graded_function<Real> option_{};
  std::vector<Real> thresholds_{};
  bool solved_ = true;
};

/// What becomes of those who entered, if none died: by age, and those that remain at the horizon last.
template <real Real>
struct learning_ages {
  std::vector<Real> mass{}, size{};               ///< of e^l, in sum
  std::vector<Real> growth{}, growth_variance{};  ///< of log size, of those who will stay one period more
};

/// Follows entrants at l_0 forwards. Densities are held times e^(l/2), half way to how sizes are distributed.
template <real Real>
class learning_cohort {
 public:
  learning_cohort(learning_steps<Real> const& steps, std::vector<Real> const& thresholds, Real const& entrants)
      : steps_(steps), thresholds_(thresholds) {
    using std::exp, std::sqrt;
    std::size_t const horizon = steps.horizon();
    out_.mass.push_back(Real(1));
    out_.size.push_back(Real(exp(entrants)));
    mean_ = entrants;
    if (horizon == 0) return;
    auto const first = steps.step(0, entrants);
    {
      survivors_growth sums(steps, thresholds, 0);
      sums.add(entrants, Real(1));
      sums.write(out_);
    }
    mean_ = first.mean;
    density_ = graded(1, steps.sd[0]);
    density_.fill([&](Real const& l) { return Real(first.density(l) * exp(Real(l / 2))); });
    out_.mass.push_back(first.moment_above(Real(0), thresholds[1]));
    out_.size.push_back(first.moment_above(Real(1), thresholds[1]));
    for (std::size_t n = 1; n < horizon; ++n) pass(n);
  }

  [[nodiscard]] learning_ages<Real> const& ages() const { return out_; }

 private:
  /// Sums over firms of age n for how those grow that stay.
  struct survivors_growth {
    learning_steps<Real> const& steps;
    Real sd, drift, threshold;
    Real mass{0}, first{0}, second{0};

    survivors_growth(learning_steps<Real> const& all, std::vector<Real> const& thresholds, std::size_t n)
        : steps(all), sd(all.sd[n]), drift(all.drift[n]), threshold(thresholds[n + 1]) {}
    void add(Real const& l, Real const& weight) {
      Real const least = (threshold - l - drift) / sd;
      if (least > 12) return;
      Real stay(1), up(0);
      if (least > -9) {
        stay = normal_above(least);
        up = gaussian_step<Real>{Real(0), Real(1)}.density(least);
      }
      mass += weight * stay;
      first += weight * up;
      second += weight * (stay + least * up);
    }
    void write(learning_ages<Real>& to) const {
      Real const mean = first / mass;
      to.growth.push_back(Real(drift + sd * mean));
      to.growth_variance.push_back(Real(sd * sd * (second / mass - mean * mean)));
    }
  };

  /// Panels for the density at age n, whose layer comes from the step before.
  [[nodiscard]] graded_function<Real> graded(std::size_t n, Real const& layer) const {
    using std::sqrt;
    Real const variance = steps_.left[0] - steps_.left[n], sd = sqrt(variance);
    Real const least = mean_ - 9 * sd, from = thresholds_[n] > least ? thresholds_[n] : least;
    bool const first = n == 1;
    return {from, Real(mean_ + variance + 9 * sd), Real(first ? sd : Real(0.8 * layer)), sd};
  }

  void pass(std::size_t n) {
    using std::exp, std::sqrt;
    survivors_growth sums(steps_, thresholds_, n);
    density_.for_each_node([&](Real const& l, Real const& tilted, Real const& weight) {
      sums.add(l, Real(tilted * weight * exp(Real(-l / 2))));
    });
    sums.write(out_);
    // What arrives at l left from l - drift - sd^2/2 and around, tilted.
    Real const sd = steps_.sd[n], learned = sd * sd, half = Real(0.5);
    Real const back = steps_.drift[n] + half * learned;
    Real const factor = exp(Real(half * (steps_.drift[n] + half * half * learned)));
    mean_ += steps_.drift[n];
    auto next = graded(n + 1, sd);
    Real const from = density_.from(), to = density_.top(), scale = sqrt(Real(steps_.left[0] - steps_.left[n]));
    next.fill([&](Real const& l) {
      return Real(factor * over_step(gaussian_step<Real>{Real(l - back), sd}, density_, from, to, scale));
    });
    density_ = std::move(next);
    Real mass(0), size(0);
    density_.for_each_node([&](Real const& l, Real const& tilted, Real const& weight) {
      Real const by = exp(Real(l / 2)), part = tilted * weight;
      mass += part / by;
      size += part * by;
    });
    out_.mass.push_back(mass);
    out_.size.push_back(size);
  }

  learning_steps<Real> const& steps_;
  std::vector<Real> const& thresholds_;
  Real mean_{};
  graded_function<Real> density_{};
  learning_ages<Real> out_{};
};

}  // namespace melitz::detail
