// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/dagum.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/double_pareto_lognormal.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/generalized_gamma.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/pareto_lognormal.hpp>
#include <melitz/law/singh_maddala.hpp>
#include <melitz/law/spliced_lognormal_pareto.hpp>
#include <melitz/law/three_piece.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/truncated.hpp>
#include <melitz/tail/variant.hpp>

#include <variant>

namespace melitz {

namespace detail {

/// A variant with more alternatives.
template <class Variant, class... More>
struct with_alternatives;
template <class... Laws, class... More>
struct with_alternatives<std::variant<Laws...>, More...> {
  using type = std::variant<Laws..., More...>;
};

}  // namespace detail

/// A law of one family or another, chosen at run time: for programs that read it from a file.
template <real Real = double>
using family_law =
    std::variant<pareto<Real>, bounded_pareto<Real>, lognormal<Real>, spliced_lognormal_pareto<Real>, three_piece<Real>,
                 pareto_lognormal<Real>, double_pareto_lognormal<Real>, frechet<Real>, weibull<Real>, exponential<Real>,
                 generalized_gamma<Real>, singh_maddala<Real>, dagum<Real>, uniform<Real>, discrete<Real>,
                 degenerate<Real>>;

/// As family_law, or a mixture of such laws (of any families), or a log-normal or Weibull law truncated to an interval.
template <real Real = double>
using any_law = typename detail::with_alternatives<family_law<Real>, mixture<family_law<Real>>,
                                                   truncated<lognormal<Real>>, truncated<weibull<Real>>>::type;

}  // namespace melitz
