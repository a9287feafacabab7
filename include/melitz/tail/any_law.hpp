// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/truncated.hpp>
#include <melitz/tail/variant.hpp>

#include <variant>

namespace melitz {

/// A law of one family or another, chosen at run time: for programs that read it from a file.
template <real Real = double>
using family_law = std::variant<pareto<Real>, bounded_pareto<Real>, lognormal<Real>, frechet<Real>, weibull<Real>,
                                exponential<Real>, uniform<Real>, discrete<Real>, degenerate<Real>>;

/// As family_law, or a mixture of such laws (of any families), or a log-normal or Weibull law truncated to an interval.
template <real Real = double>
using any_law = std::variant<pareto<Real>, bounded_pareto<Real>, lognormal<Real>, frechet<Real>, weibull<Real>,
                             exponential<Real>, uniform<Real>, discrete<Real>, degenerate<Real>,
                             mixture<family_law<Real>>, truncated<lognormal<Real>>, truncated<weibull<Real>>>;

}  // namespace melitz
