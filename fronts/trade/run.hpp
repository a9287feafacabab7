// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "study.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

// Answers to studies of policy. What solves them is compiled in run.cpp alone.

namespace melitz::front {

/// What numbers are by.
enum class answered_by { country, place, pair };  ///< place: country and sector; pair: and partner

/// A result before and after, in the orders of trade_data: the exporter is the country, the importer the partner.
struct policy_values {
  std::string name;
  std::string_view unit;
  answered_by by;
  std::vector<double> before, after;  ///< NaN where there is none
};

/// The answer to one question.
struct scenario_answer {
  std::string name, parameters;
  std::string status = "not_solved";
  bool solved = false;
  double residual = std::numeric_limits<double>::quiet_NaN();
  std::vector<policy_values> values{};  ///< of one that is not solved NaN
  std::vector<std::string> notes{};
};

/// How many answers there will be.
[[nodiscard]] std::size_t count_answers(policy_study const& study);

/// Answers all questions, one after the other. @param take  gets each as soon as it is there
/// @throws input_error for data that make no world: final demand below 0, another GDP than is given, what a formula is
///         not meant for
void answer_all(policy_study const& study, std::function<void(scenario_answer const&)> const& take);

/// Words of the library's choices, for who reads them. @{
[[nodiscard]] std::vector<std::string_view> words_of_kinds();
[[nodiscard]] std::vector<std::string_view> words_of_entry();
[[nodiscard]] std::vector<std::string_view> words_of_tariff_bases();
[[nodiscard]] std::vector<std::string_view> words_of_scale_bases();
[[nodiscard]] std::vector<std::string_view> words_of_closures();
[[nodiscard]] std::vector<std::string_view> words_of_numeraires();
[[nodiscard]] std::vector<std::string_view> words_of_revenue();
[[nodiscard]] std::vector<std::string_view> words_of_patterns();
[[nodiscard]] std::vector<std::string_view> words_of_instruments();
[[nodiscard]] std::vector<std::string_view> words_of_formulas();
/// @}

/// Names of all results that an answer may have.
[[nodiscard]] std::vector<std::string> names_of_policy_results();

}  // namespace melitz::front
