// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/any_law.hpp>

#include <string>
#include <utility>
#include <vector>

namespace test {

/// One law of every family, and some at the edge of their restrictions, with a name for messages.
template <class Real = double>
std::vector<std::pair<std::string, melitz::any_law<Real>>> laws() {
  using namespace melitz;
  auto const two_normals = mixture<family_law<Real>>{
      {Real(0.75), Real(0.25)}, {lognormal<Real>{Real(0), Real(0.5)}, pareto<Real>{Real(1), Real(6)}}};
  return {
      {"pareto", pareto<Real>{Real(1), Real(4.25)}},
      {"pareto, fat", pareto<Real>{Real(2), Real(3.0625)}},
      {"bounded pareto", bounded_pareto<Real>{Real(0.5), Real(20), Real(2)}},
      {"bounded pareto, shape = power", bounded_pareto<Real>{Real(1), Real(10), Real(3)}},
      {"lognormal", lognormal<Real>{Real(0), Real(0.8)}},
      {"lognormal, narrow", lognormal<Real>{Real(0.5), Real(0.0625)}},
      {"lognormal, wide", lognormal<Real>{Real(-1), Real(2)}},
      {"frechet", frechet<Real>{Real(1), Real(4.25)}},
      {"weibull", weibull<Real>{Real(1), Real(1.5)}},
      {"weibull, fat", weibull<Real>{Real(0.5), Real(0.5)}},
      {"exponential", exponential<Real>{Real(2)}},
      {"uniform", uniform<Real>{Real(1), Real(3)}},
      {"uniform from zero", uniform<Real>{Real(0), Real(100)}},
      {"discrete", discrete<Real>{{Real(1), Real(2), Real(3)}, {Real(0.5), Real(0.25), Real(0.25)}}},
      {"discrete with failures", discrete<Real>{{Real(0), Real(2)}, {Real(0.75), Real(0.25)}}},
      {"degenerate", degenerate<Real>{Real(1.5)}},
      {"mixture", two_normals},
      {"truncated lognormal", truncated<lognormal<Real>>{{Real(0), Real(0.8)}, Real(0.5), Real(4)}},
      {"lognormal cut below",
       truncated<lognormal<Real>>{{Real(0), Real(0.8)}, Real(0.5), std::numeric_limits<Real>::infinity()}},
  };
}

/// More laws in closed form, at edges of theirs, for what looks at laws themselves.
template <class Real = double>
std::vector<std::pair<std::string, melitz::any_law<Real>>> more_laws() {
  using namespace melitz;
  return {
      {"spliced", spliced_lognormal_pareto<Real>{Real(0.125), Real(0.5), Real(4.25)}},
      {"double Pareto-lognormal", double_pareto_lognormal<Real>{Real(0), Real(0.25), Real(4.25), Real(2)}},
      {"spliced, nearly Pareto", spliced_lognormal_pareto<Real>{Real(0), Real(0.03125), Real(3.0625)}},
      {"three pieces", three_piece<Real>{Real(0), Real(0.5), Real(4.25), Real(1.5)}},
      {"Pareto-lognormal", pareto_lognormal<Real>{Real(0.25), Real(0.5), Real(4.25)}},
      {"double Pareto-lognormal, flat below",
       double_pareto_lognormal<Real>{Real(0), Real(0.5), Real(3.0625), Real(0.125)}},
      {"log-logistic", log_logistic_law(Real(1.25), Real(4))},
      {"singh_maddala", singh_maddala<Real>{Real(1), Real(3), Real(1.5)}},
      {"singh_maddala, nearly Weibull", singh_maddala<Real>{Real(8), Real(2), Real(64)}},
      {"dagum", dagum<Real>{Real(1), Real(4.25), Real(0.75)}},
      {"dagum, few", dagum<Real>{Real(1), Real(3.0625), Real(0.0625)}},
      {"dagum, nearly Frechet", dagum<Real>{Real(0.25), Real(4), Real(64)}},
      {"gamma", gamma_law(Real(0.5), Real(2.5))},
      {"generalized gamma, few", generalized_gamma<Real>{Real(2), Real(0.0625), Real(1.5)}},
      {"generalized gamma, nearly lognormal", generalized_gamma<Real>{Real(0.00006103515625), Real(64), Real(0.5)}},
  };
}

/// Whether the law of this name has atoms, where derivatives have two sides.
inline bool has_atoms(std::string const& name) {
  return name.find("discrete") != std::string::npos || name == "degenerate";
}

/// A law stripped to what a user has to supply, so that it goes through quadrature.
template <melitz::density_law Law>
struct density_only {
  using real_type = melitz::law_real_t<Law>;
  Law law;
  real_type log_density(real_type const& t) const { return law.log_density(t); }
  real_type log_lower_bound() const { return law.log_lower_bound(); }
  real_type log_upper_bound() const { return law.log_upper_bound(); }
  auto log_breakpoints() const requires requires(Law const& l) { l.log_breakpoints(); }
  { return law.log_breakpoints(); }
};

}  // namespace test
