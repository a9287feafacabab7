// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/law/dagum.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/double_pareto_lognormal.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/generalized_gamma.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/mixture.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/pareto_lognormal.hpp>
#include <melitz/law/singh_maddala.hpp>
#include <melitz/law/spliced_lognormal_pareto.hpp>
#include <melitz/law/three_piece.hpp>
#include <melitz/law/truncated.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/numerics/rule.hpp>
#include <melitz/numerics/visit_held.hpp>

#include <utility>
#include <variant>

namespace melitz {

namespace detail {

/// phi^b, also of 0 and of infinity.
template <real Real>
[[nodiscard]] Real power_of_bound(Real const& bound, Real const& b) {
  return bound > 0 && is_finite(bound) ? power_of(bound, b) : bound;
}

// The law of phi^b is of the same family: what is a logarithm is multiplied by b, a scale raised to it, and what is an
// index of ln phi divided by it.
template <real Real>
[[nodiscard]] pareto<Real> raised(pareto<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] bounded_pareto<Real> raised(bounded_pareto<Real> const& l, Real const& b) {
  return {power_of(l.lower, b), power_of(l.upper, b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] lognormal<Real> raised(lognormal<Real> const& l, Real const& b) {
  return {Real(l.log_mean * b), Real(l.log_sd * b)};
}
template <real Real>
[[nodiscard]] spliced_lognormal_pareto<Real> raised(spliced_lognormal_pareto<Real> const& l, Real const& b) {
  return {Real(l.log_mean * b), Real(l.log_sd * b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] three_piece<Real> raised(three_piece<Real> const& l, Real const& b) {
  return {Real(l.log_mean * b), Real(l.log_sd * b), Real(l.upper_shape / b), Real(l.lower_shape / b)};
}
template <real Real>
[[nodiscard]] pareto_lognormal<Real> raised(pareto_lognormal<Real> const& l, Real const& b) {
  return {Real(l.log_mean * b), Real(l.log_sd * b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] double_pareto_lognormal<Real> raised(double_pareto_lognormal<Real> const& l, Real const& b) {
  return {Real(l.log_mean * b), Real(l.log_sd * b), Real(l.upper_shape / b), Real(l.lower_shape / b)};
}
template <real Real>
[[nodiscard]] frechet<Real> raised(frechet<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] weibull<Real> raised(weibull<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), Real(l.shape / b)};
}
template <real Real>
[[nodiscard]] weibull<Real> raised(exponential<Real> const& l, Real const& b) {
  return {power_of(Real(1 / l.rate), b), Real(1 / b)};
}
template <real Real>
[[nodiscard]] generalized_gamma<Real> raised(generalized_gamma<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), l.gamma_shape, Real(l.power / b)};
}
template <real Real>
[[nodiscard]] singh_maddala<Real> raised(singh_maddala<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), Real(l.steepness / b), l.tail_power};
}
template <real Real>
[[nodiscard]] dagum<Real> raised(dagum<Real> const& l, Real const& b) {
  return {power_of(l.scale, b), Real(l.steepness / b), l.lower_power};
}
template <real Real>
[[nodiscard]] discrete<Real> raised(discrete<Real> l, Real const& b) {
  for (Real& v : l.values) v = power_of_bound(v, b);
  return l;
}
template <real Real>
[[nodiscard]] degenerate<Real> raised(degenerate<Real> const& l, Real const& b) {
  return {power_of(l.value, b)};
}
template <class Law>
[[nodiscard]] auto raised(truncated<Law> const& l, law_real_t<Law> const& b) -> truncated<decltype(raised(l.law, b))> {
  return {raised(l.law, b), power_of_bound(l.lower, b), power_of_bound(l.upper, b)};
}

/// Whether phi^b has a law of the library.
template <class Law>
concept can_be_raised = requires(Law const& law, law_real_t<Law> const& b) {
  raised(law, b);
};

}  // namespace detail

/// The law of phi^b where phi has the given law: sizes, which are in proportion to phi^(elasticity - 1), from
/// productivities, or with b = 1/(elasticity - 1) productivities from sizes. Of the same family, but for exponential,
/// whose powers are Weibull laws.
///
/// @param b  positive and finite
/// @throws domain_error when b or a parameter of the law is out of range
/// Example: a Pareto law of sales: power_of(pareto<>{1, 4.25}, 3.0) is pareto<>{1, 4.25 / 3}.
template <detail::can_be_raised Law>
[[nodiscard]] auto power_of(Law const& law, law_real_t<Law> const& b) {
  detail::require(rule::positive, "power_of", "b", b);
  law.validate();
  return detail::raised(law, b);
}
/// The same of a law whose family is chosen at run time. @throws domain_error also where no law of the variant is that
/// of phi^b, as of a uniform one
template <class... Laws>
[[nodiscard]] std::variant<Laws...> power_of(std::variant<Laws...> const& law,
                                             law_real_t<std::variant<Laws...>> const& b) {
  using all = std::variant<Laws...>;
  return detail::visit_held(
      [&](auto const& l) -> all {
        if constexpr (requires { all(power_of(l, b)); }) {
          return all(power_of(l, b));
        } else {
          throw domain_error("power_of", "law", l.name, "be of a family that has powers");
        }
      },
      law);
}
/// The same of a mixture: of powers of its components.
template <class Law>
[[nodiscard]] mixture<Law> power_of(mixture<Law> const& law, law_real_t<Law> const& b) {
  law.validate();
  mixture<Law> out{law.weights, {}};
  for (auto const& c : law.components) out.components.push_back(power_of(c, b));
  return out;
}

}  // namespace melitz
