// SPDX-License-Identifier: BSL-1.0
//
// All laws with derivatives, and the words in which derivatives are asked for: what all parts of some_models.cpp share.

#include <melitz/catalog/derivatives.hpp>

namespace melitz::catalog::detail {

template erased_law<slope> law_with_slope<slope>(law_by_name const&, std::span<variable const>);
template derivatives derivatives_by<slope>(slope_solver, model const&, std::vector<array> const&,
                                           std::vector<law_by_name> const&, std::vector<std::string> const&,
                                           std::vector<std::string> const&);

}  // namespace melitz::catalog::detail
