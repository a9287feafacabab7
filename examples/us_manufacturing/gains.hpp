// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "table.hpp"

#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace example {

/// What the table does not show and has to be assumed, the same for every industry.
struct assumptions {
  double elasticity = 4;         ///< sigma; this and the shape are those of Melitz and Redding (2015)
  double shape = 4.25;           ///< of the Pareto law
  double log_sd = 0.797;         ///< of the log-normal law: Head, Mayer and Thoenig (2014)
  double share_producing = 0.5;  ///< of entrants, in the trade equilibrium
  double partners = 1;           ///< n: the rest of the world as one country like home

  /// Both laws in units in which they look the same; neither unit matters for anything but the cutoffs.
  [[nodiscard]] melitz::pareto<> pareto_law() const { return {.scale = 1, .shape = shape}; }
  [[nodiscard]] melitz::lognormal<> lognormal_law() const { return {.log_mean = 0, .log_sd = log_sd}; }
};

/// One industry before and after it opens to trade, under one law of productivity.
struct outcome {
  melitz::equilibrium<double> autarky;
  melitz::equilibrium<double> trade;
  melitz::trade_effects<double> effects;
  std::vector<double> shares{};  ///< of the producers in autarky, those in each group of effects.firms

  [[nodiscard]] double percent_change(std::string_view aggregate) const { return effects.change(aggregate).percent(); }
  [[nodiscard]] double gain() const { return percent_change("welfare"); }  ///< in percent of real income
};

/// A gain that is given in logs, in percent.
[[nodiscard]] double in_percent(double log_gain);

/// The gain in percent that Arkolakis, Costinot and Rodriguez-Clare (2012) infer from the share of spending that stays
/// at home and a trade elasticity, here one that is assumed: lambda^(-1/elasticity) - 1.
[[nodiscard]] double acr_gain(outcome const& o, double trade_elasticity);

struct industry_result {
  std::string code;
  std::string name;
  observation seen;
  std::string suspect{};     ///< why the observation looks like a misprint; empty if it does not
  std::string infeasible{};  ///< why no economy of this kind shows what is observed; empty if one does
  std::optional<outcome> pareto{};
  std::optional<outcome> lognormal{};

  [[nodiscard]] bool solved() const { return pareto && lognormal; }
};

/// The aggregate's gain if another share of the entrants produced.
struct share_variant {
  double share_producing;
  double pareto_gain;
  double lognormal_gain;
  bool support_binds;  ///< every entrant produces in the Pareto autarky: its cutoff lies below the support
};

struct year_results {
  int year;
  std::string source;
  std::vector<industry_result> industries{};  ///< without the aggregate, in the order of the table
  std::optional<industry_result> aggregate{};
  std::vector<share_variant> variants{};
};

/// Calibrates, solves and compares every industry in the k-th year of the table. An industry whose numbers no such
/// economy can show is marked; @throws melitz::domain_error for an assumption that is out of range
[[nodiscard]] year_results analyse(industry_table const& table, std::size_t k, assumptions const& a);

}  // namespace example
