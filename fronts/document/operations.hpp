// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fields.hpp"
#include "models.hpp"
#include "read_model.hpp"
#include "settings.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What is asked of a model besides its equilibrium, and the answers: as structures, and as JSON. Nothing here prints.
//
// What a model does not have, a name that it does not know and a value out of range are an input_error in the words of
// the model file. A solve that fails is a status; what it was to find is then left out, or NaN.

namespace melitz::front {

using melitz::catalog::conditions_at_cutoff;
using melitz::catalog::firm;
using melitz::catalog::firms_alike;

/// What was asked for, and whether it was found.
template <class T>
struct answered {
  melitz::status reason = melitz::status::not_solved;
  T values{};  ///< nothing in it, unless reason is converged

  [[nodiscard]] bool solved() const { return reason == melitz::status::converged; }
};

/// What moves between two equilibria.
struct comparison {
  answer before, after;
  /// 100 (after/before - 1) of each result, as aggregate_change has it: NaN where a side is infinite. No numbers of a
  /// word, of a yes or no, and of what says how well it was solved.
  std::vector<array> percent{};
  std::vector<firms_alike> firms{};  ///< ascending in productivity; of models that have `fates`
  std::string without_firms{};       ///< why there are none, where the model has them

  /// The side that was not solved, "before" or "after"; nothing if both were.
  [[nodiscard]] std::string_view failed() const;
  /// Of that side; converged if both were solved.
  [[nodiscard]] melitz::status reason() const;
};
/// @pre the same model and as many countries
[[nodiscard]] comparison compare(model_input& before, model_input& after);

/// Welfare over that in autarky, of the country or of each.
[[nodiscard]] answered<array> gains_from_trade(model_input& input);

/// What firms of these productivities do.
[[nodiscard]] answered<std::vector<firm>> firms_at(model_input& input, std::vector<double> const& productivities);

/// The equilibrium conditions at these cutoffs: Melitz's (2003) figures 1 and 2.
[[nodiscard]] answered<std::vector<conditions_at_cutoff>> curves_at(model_input& input,
                                                                    std::vector<double> const& cutoffs);

/// A model file {"model", "distribution", "targets"}, "countries" too, where targets stand instead of parameters: what
/// is observed and what is assumed, by the names of model::targets.
/// @return the model file that shows the targets, which has "parameters" in their place
[[nodiscard]] answered<json> calibrate(model_file const& file);

/// Gives targets of such a file other values, "share_exporting" or "targets.share_exporting", and its law,
/// "distribution.shape". @throws input_error
void set_targets(model_file& file, std::vector<assignment> const& all);

/// Derivatives of results by parameters.
struct slopes {
  melitz::status reason = melitz::status::not_solved;
  std::vector<std::string> results{}, parameters{};  ///< each a number, or a parameter that moves everywhere at once
  std::vector<double> values{};                      ///< of the results; NaN unless reason is converged
  std::vector<double> table{};                       ///< results x parameters, row by row; likewise
  std::vector<double> elasticities{};                ///< the same in logs, d ln result / d ln parameter, if asked for
  bool ended = false;                                ///< by so_many_done

  [[nodiscard]] bool solved() const { return reason == melitz::status::converged; }
};
/// @param results     "welfare", "wage[BRA]", "exports[USA][2]"; one that is several numbers without a place is all of
///                    them
/// @param parameters  "iceberg_cost[USA][BRA]", "distribution.log_sd", and "distribution[BRA].log_sd" or
///                    "distribution.ability.log_sd" where there are several laws; one that is several numbers without a
///                    place moves all of them by the same (of costs of trade those abroad)
/// @param in_logs     elasticities too. An input_error where a parameter is several numbers that differ: by how much in
///                    logs do they move?
/// @param so_many_done  told of how many parameters, after every few; false ends it, and leaves the other derivatives
///                      NaN
[[nodiscard]] slopes differentiate(model_input& input, std::vector<std::string> const& results,
                                   std::vector<std::string> const& parameters, bool in_logs = false,
                                   std::function<bool(std::size_t done)> const& so_many_done = {});

/// The answers as JSON objects: "id" and "countries" if the model has them, "model", "version", "status", what was
/// asked for, and "inputs". Numbers read back to the same double; infinities are "inf", undefined ones "nan".
/// @{
[[nodiscard]] json json_of(comparison const& given, model_input const& before, model_input const& after,
                           std::vector<field> const& fields);
[[nodiscard]] json json_of_gains(answered<array> const& given, model_input const& input);
[[nodiscard]] json json_of(answered<std::vector<firm>> const& given, model_input const& input);
[[nodiscard]] json json_of(answered<std::vector<conditions_at_cutoff>> const& given, model_input const& input);
[[nodiscard]] json json_of(slopes const& given, model_input const& input);
/// @}

}  // namespace melitz::front
