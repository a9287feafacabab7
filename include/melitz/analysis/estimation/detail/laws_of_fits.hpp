// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/laws.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/dagum.hpp>
#include <melitz/law/double_pareto_lognormal.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/generalized_gamma.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/pareto_lognormal.hpp>
#include <melitz/law/singh_maddala.hpp>
#include <melitz/law/spliced_lognormal_pareto.hpp>
#include <melitz/law/three_piece.hpp>
#include <melitz/law/weibull.hpp>

#include <array>
#include <cmath>

namespace melitz::detail {

/// f(law), of the library's law with these parameters as they are estimated: a scale in logs.
/// @param p                     unused ones are left alone
/// @param log_lower, log_upper  where Pareto's laws begin and end
template <size_law Law, real Real, class F>
auto with_law_of(std::array<Real, 4> const& p, double log_lower, double log_upper, F const& f) {
  using enum size_law;
  using std::exp;
  if constexpr (Law == size_law::pareto) {
    return f(melitz::pareto<Real>{Real(std::exp(log_lower)), p[0]});
  } else if constexpr (Law == size_law::bounded_pareto) {
    return f(melitz::bounded_pareto<Real>{Real(std::exp(log_lower)), Real(std::exp(log_upper)), p[0]});
  } else if constexpr (Law == size_law::lognormal) {
    return f(melitz::lognormal<Real>{p[0], p[1]});
  } else if constexpr (Law == size_law::weibull) {
    return f(melitz::weibull<Real>{exp(p[0]), p[1]});
  } else if constexpr (Law == size_law::frechet) {
    return f(melitz::frechet<Real>{exp(p[0]), p[1]});
  } else if constexpr (Law == size_law::exponential) {
    return f(melitz::exponential<Real>{p[0]});
  } else if constexpr (Law == size_law::log_logistic) {
    return f(melitz::singh_maddala<Real>{exp(p[0]), p[1], Real(1)});
  } else if constexpr (Law == size_law::spliced_lognormal_pareto) {
    return f(melitz::spliced_lognormal_pareto<Real>{p[0], p[1], p[2]});
  } else if constexpr (Law == size_law::three_piece) {
    return f(melitz::three_piece<Real>{p[0], p[1], p[2], p[3]});
  } else if constexpr (Law == size_law::pareto_lognormal) {
    return f(melitz::pareto_lognormal<Real>{p[0], p[1], p[2]});
  } else if constexpr (Law == size_law::double_pareto_lognormal) {
    return f(melitz::double_pareto_lognormal<Real>{p[0], p[1], p[2], p[3]});
  } else if constexpr (Law == size_law::singh_maddala) {
    return f(melitz::singh_maddala<Real>{exp(p[0]), p[1], p[2]});
  } else if constexpr (Law == size_law::gamma) {
    return f(melitz::generalized_gamma<Real>{exp(p[0]), p[1], Real(1)});
  } else if constexpr (Law == size_law::generalized_gamma) {
    return f(melitz::generalized_gamma<Real>{exp(p[0]), p[1], p[2]});
  } else {
    return f(melitz::dagum<Real>{exp(p[0]), p[1], p[2]});
  }
}

}  // namespace melitz::detail
