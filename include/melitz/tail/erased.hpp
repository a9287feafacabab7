// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/values_of.hpp>
#include <melitz/tail/power_for_survival.hpp>
#include <melitz/tail/tail.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// What a tail says at places, in absolute units and in its own; what it says of itself is asked once.
template <real Real>
struct tail_behind {
  Real power, log_moment, log_lower_bound, log_upper_bound, error_estimate;
  Real own_moment, own_lower_bound, own_upper_bound;
  with_rest<Real> log_unit{};
  Real lognormal_log_sd = not_a_number<Real>;  ///< NaN where the law is another

  virtual ~tail_behind() = default;
  [[nodiscard]] virtual tail_point<Real> at(Real const& log_x) const = 0;
  [[nodiscard]] virtual tail_point<Real> own_at(Real const& log_x) const = 0;
  [[nodiscard]] virtual tail_point<wider_t<Real>> own_in_wider_type(wider_t<Real> const& log_x) const = 0;
  [[nodiscard]] virtual bool smooth_between(Real const& a, Real const& b) const = 0;
  [[nodiscard]] virtual bool own_smooth_between(Real const& a, Real const& b) const = 0;
  [[nodiscard]] virtual std::vector<Real> log_kinks() const = 0;
};

template <productivity_tail Tail>
struct any_tail_behind final : tail_behind<typename Tail::real_type> {
  using Real = typename Tail::real_type;

  explicit any_tail_behind(Tail given) : tail(std::move(given)) {
    this->power = tail.power();
    this->log_moment = tail.log_moment();
    this->log_lower_bound = tail.log_lower_bound();
    this->log_upper_bound = tail.log_upper_bound();
    this->error_estimate = error_estimate_of(tail);
    auto const& own = in_own_units();
    this->own_moment = own.log_moment();
    this->own_lower_bound = own.log_lower_bound();
    this->own_upper_bound = own.log_upper_bound();
    if constexpr (has_own_units<Tail>) this->log_unit = tail.log_unit();
    if constexpr (requires { tail.own().log_sd(); }) this->lognormal_log_sd = tail.own().log_sd();
  }
  [[nodiscard]] tail_point<Real> at(Real const& log_x) const override { return tail.at(log_x); }
  [[nodiscard]] tail_point<Real> own_at(Real const& log_x) const override { return in_own_units().at(log_x); }
  [[nodiscard]] tail_point<wider_t<Real>> own_in_wider_type(wider_t<Real> const& log_x) const override {
    return at_in_wider_type(in_own_units(), log_x);
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const override {
    return detail::smooth_between(tail, a, b);
  }
  [[nodiscard]] bool own_smooth_between(Real const& a, Real const& b) const override {
    return detail::smooth_between(in_own_units(), a, b);
  }
  [[nodiscard]] std::vector<Real> log_kinks() const override { return log_kinks_of(tail); }

  /// A reference where the tail has one to give.
  [[nodiscard]] decltype(auto) in_own_units() const {
    if constexpr (has_own_units<Tail>) {
      return tail.own();
    } else {
      return (tail);
    }
  }

  Tail tail;
};

}  // namespace detail

/// A tail of a law whose type is known at run time only: any productivity_tail, behind one virtual call. What is
/// compiled for it serves every law; a solve takes a few per cent longer than with the tail itself.
template <real Real = double>
class erased_tail {
 public:
  using real_type = Real;
  using in_own_units = erased_tail;

  erased_tail() = default;  ///< of no law: only to be assigned to
  template <class Tail>
  requires(!std::same_as<Tail, erased_tail>) &&
      productivity_tail<Tail>&& std::same_as<typename Tail::real_type, Real> explicit erased_tail(Tail tail)
      : behind_(std::make_shared<detail::any_tail_behind<Tail>>(std::move(tail))) {}

  [[nodiscard]] Real power() const { return behind_->power; }
  [[nodiscard]] Real log_moment() const { return behind_->log_moment; }
  [[nodiscard]] Real log_lower_bound() const { return behind_->log_lower_bound; }
  [[nodiscard]] Real log_upper_bound() const { return behind_->log_upper_bound; }
  [[nodiscard]] Real error_estimate() const { return behind_->error_estimate; }
  [[nodiscard]] tail_point<Real> at(Real const& log_x) const { return behind_->at(log_x); }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const { return behind_->smooth_between(a, b); }
  [[nodiscard]] std::vector<Real> log_kinks() const { return behind_->log_kinks(); }

  /// The same in the units of its own that the law has; in absolute ones for a law without.
  class own_view {
   public:
    using real_type = Real;

    explicit own_view(detail::tail_behind<Real> const& behind) : behind_(&behind) {}
    [[nodiscard]] Real power() const { return behind_->power; }
    [[nodiscard]] Real log_moment() const { return behind_->own_moment; }
    [[nodiscard]] Real log_lower_bound() const { return behind_->own_lower_bound; }
    [[nodiscard]] Real log_upper_bound() const { return behind_->own_upper_bound; }
    [[nodiscard]] tail_point<Real> at(Real const& log_x) const { return behind_->own_at(log_x); }
    [[nodiscard]] tail_point<detail::wider_t<Real>> at_in_wider_type(detail::wider_t<Real> const& log_x) const {
      return behind_->own_in_wider_type(log_x);
    }
    [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const { return behind_->own_smooth_between(a, b); }

   private:
    detail::tail_behind<Real> const* behind_;
  };
  [[nodiscard]] own_view own() const { return own_view(*behind_); }
  [[nodiscard]] detail::with_rest<Real> log_unit() const { return behind_->log_unit; }
  /// Of the law if it is a log-normal one, whose log_mean is the unit; otherwise NaN.
  [[nodiscard]] Real lognormal_log_sd() const { return behind_->lognormal_log_sd; }

 private:
  std::shared_ptr<detail::tail_behind<Real> const> behind_;
};

namespace detail {

template <real Real>
struct law_behind {
  virtual ~law_behind() = default;
  /// @param once  whether a single solve will follow
  [[nodiscard]] virtual erased_tail<Real> tail(Real const& power, bool once) const = 0;
  [[nodiscard]] virtual Real pareto_shape() const = 0;
  /// The same law without the derivatives of its parameters; null where there are none to carry.
  [[nodiscard]] virtual std::shared_ptr<law_behind<value_t<Real>> const> values() const { return nullptr; }
  [[nodiscard]] virtual Real power_for_survival() const = 0;
};

template <productivity_law Law>
struct any_law_behind final : law_behind<law_real_t<Law>> {
  using Real = law_real_t<Law>;

  explicit any_law_behind(Law given) : law(std::move(given)) {}
  [[nodiscard]] erased_tail<Real> tail(Real const& power, bool once) const override {
    if constexpr (carries_derivatives<Real>) {
      return erased_tail<Real>(plain_tail_of(law, power));
    } else {
      return once ? erased_tail<Real>(tail_for_one_solve(law, power)) : erased_tail<Real>(tail_of(law, power));
    }
  }
  [[nodiscard]] std::shared_ptr<law_behind<value_t<Real>> const> values() const override {
    if constexpr (carries_derivatives<Real>) {
      auto plain = values_of(law);
      return std::make_shared<any_law_behind<decltype(plain)>>(std::move(plain));
    } else {
      return nullptr;
    }
  }
  [[nodiscard]] Real pareto_shape() const override {
    if constexpr (requires { law.pareto_shape(); }) {
      return law.pareto_shape();
    } else {
      return not_a_number<Real>;
    }
  }
  [[nodiscard]] Real power_for_survival() const override { return detail::power_for_survival(law); }

  Law law;
};

}  // namespace detail

/// A law whose type is known at run time only: any productivity_law.
template <real Real = double>
class erased_law {
 public:
  using real_type = Real;

  template <class Law>
  requires(!std::same_as<Law, erased_law>) &&
      productivity_law<Law>&& std::same_as<law_real_t<Law>, Real> explicit erased_law(Law law)
      : behind_(std::make_shared<detail::any_law_behind<Law>>(std::move(law))) {}
  /// What answers like one.
  explicit erased_law(std::shared_ptr<detail::law_behind<Real> const> behind) : behind_(std::move(behind)) {}

  /// @throws domain_error of the law behind it
  [[nodiscard]] erased_tail<Real> tail(Real const& power) const { return behind_->tail(power, false); }
  /// Of the law if it is a Pareto one; otherwise NaN.
  [[nodiscard]] Real pareto_shape() const { return behind_->pareto_shape(); }
  /// To bind the law to where only its survival is wanted.
  [[nodiscard]] Real power_for_survival() const { return behind_->power_for_survival(); }

  /// Without the derivatives of its parameters. @pre it carries some
  [[nodiscard]] erased_law<detail::value_t<Real>> values() const requires detail::carries_derivatives<Real> {
    return erased_law<detail::value_t<Real>>(behind_->values());
  }

  friend erased_tail<Real> make_tail_for_one_solve(detail::tail_of_law, erased_law const& law,
                                                   Real const& power) requires(!detail::carries_derivatives<Real>) {
    return law.behind_->tail(power, true);
  }

 private:
  std::shared_ptr<detail::law_behind<Real> const> behind_;
};

namespace detail {

/// The tail of any law, behind one virtual call: of a law that is erased already, its own.
template <productivity_law Law>
[[nodiscard]] erased_tail<law_real_t<Law>> erased_tail_of(Law const& law, law_real_t<Law> const& power) {
  using Real = law_real_t<Law>;
  if constexpr (std::same_as<Law, erased_law<Real>>) {
    return law.tail(power);
  } else {
    return erased_tail<Real>(plain_tail_of(law, power));
  }
}

}  // namespace detail
}  // namespace melitz
