// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/free_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/told.hpp>
#include <melitz/tail/erased.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

// Models by name, at run time: what they want, what they answer, and how to solve them. For programs that read a model
// from a file, and for other languages. Nothing here reads or prints.

namespace melitz::catalog {

/// How many numbers a parameter or a result is; otherwise as its indices say.
enum class extent { number, by_country, by_pair, by_period, by_indices };

/// Names of countries, industries, ..., shared by what is by them; null for none.
using labels = std::shared_ptr<std::vector<std::string> const>;

/// A table of numbers. What is by country or by period is a column; pairs of countries are [exporter][importer].
struct array {
  std::size_t rows = 1, columns = 1;
  std::vector<double> numbers{};       ///< row by row; of a parameter that was left out none
  labels row_names{}, column_names{};  ///< of an answer those that parameters came with
  std::size_t layers = 1;              ///< such tables, one after the other: one for each sector

  [[nodiscard]] double& operator()(std::size_t row, std::size_t column) { return numbers[row * columns + column]; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const { return numbers[row * columns + column]; }
  [[nodiscard]] double operator()(std::size_t layer, std::size_t row, std::size_t column) const {
    return numbers[(layer * rows + row) * columns + column];
  }
};

/// One number.
[[nodiscard]] inline array array_of(double number) { return {1, 1, {number}}; }

/// What a model or a law wants.
struct parameter {
  std::string name;
  std::string_view meaning{};  ///< what it is of, or what it is for
  std::string_view unit{};
  std::string_view restriction{};  ///< completes "it must ..."
  bool may_be_infinite = false;
  double example = 0;
  catalog::extent extent = extent::number;
  told::by_two indices{};                 ///< what rows and columns are by
  bool by_sector = false;                 ///< it may be another one in each sector; else, one is for all
  std::string_view example_list{};        ///< in JSON; of what is not one number everywhere
  std::optional<double> if_left_out{};    ///< what stands everywhere then
  bool none_if_left_out = false;          ///< it stands for that there are none
  std::string as_if_left_out{};           ///< or the parameter whose value it has then
  std::optional<double> at_home{};        ///< what one number for all pairs of countries leaves on the diagonal
  std::vector<std::string_view> words{};  ///< of a choice: its value is the place of one of these
  [[nodiscard]] bool optional() const { return if_left_out.has_value() || !as_if_left_out.empty(); }
};

/// What one result is; its value is found at the same place in answer::values.
struct result {
  std::string name;
  melitz::part part;
  std::string_view unit{};
  std::string_view symbol{};    ///< in the lecture, or in the model's paper
  std::string_view equation{};  ///< number of the equation, or the slide
  catalog::extent extent = extent::number;
  told::by_two indices{};  ///< what rows and columns are by
  bool by_sector = false;  ///< an answer of several sectors has one for each
};

/// A number, a yes or no, a word, or several numbers.
using value = std::variant<double, bool, std::string_view, array>;

/// What a solve gives back.
struct answer {
  status reason = status::not_solved;
  std::vector<value> values{};          ///< NaN, unless reason is converged
  std::string_view detail{};            ///< more about the reason, in a word
  std::vector<std::string> warnings{};  ///< of what was solved: what its user should know
};

/// A parameter that takes another value in each solve.
struct varied {
  std::size_t parameter;       ///< its place in model::parameters
  std::vector<double> values;  ///< one for each solve, all lists as long; what is several numbers has it everywhere
};

/// What a firm of one productivity does, in an equilibrium.
struct firm {
  double productivity;
  std::string choice;  ///< the name of its option; "exit" or "exits" of one that does nothing
  double price;        ///< at home; NaN where it exits, and in models that tell no price
  double revenue;      ///< of all its sales; 0 where it exits
  double profit;       ///< per period
};

/// A law by the name of its family and what that wants, in the order of its keys.
struct law_by_name {
  std::string family;
  std::vector<array> given;
};

/// By how many parameters one solve gives derivatives.
inline constexpr std::size_t slopes_at_once = 4;

/// d result / d parameter for each of both, row by row in the order in which results were asked for.
struct derivatives {
  status reason = status::not_solved;
  std::vector<double> values{};  ///< of the results; NaN unless reason is converged
  std::vector<double> table{};   ///< results x parameters; NaN unless reason is converged
};

/// The equilibrium conditions at a cutoff; see entry_conditions.
struct conditions_at_cutoff {
  double cutoff, export_cutoff, value_of_entry, average_profit, average_profit_required;
};

/// The firms with productivity in [lower, upper), and what happens to all of them between two equilibria; see
/// firm_effect.
struct firms_alike {
  std::string_view effect;
  double lower, upper;  ///< the last one's upper bound is infinite
};

/// How many laws a model draws productivities from.
enum class laws_wanted {
  none,
  one,
  by_country,               ///< one for all, or as many as countries
  by_industry_and_country,  ///< one for all, or those of the first industry in all countries, of the second, ...
  ability_and_attributes    ///< two, in this order
};

/// One model. Const members are safe from several threads.
struct model {
  std::string_view name;
  std::string_view title;
  std::vector<parameter> parameters{};
  std::vector<result> results{};
  laws_wanted laws = laws_wanted::one;
  std::string_view example_law = R"({"family": "lognormal", "log_mean": 0, "log_sd": 0.8})";  ///< in JSON
  std::string_view example_change = "{}";  ///< what an example has of parameters that others stand for, in JSON

  /// @param given  values in the order of `parameters`; none for what is left out
  ///               names of rows and columns that come with them come back with the answer
  /// @param drawn  laws: as many as `laws` says
  /// @throws domain_error naming a parameter; law_error naming one of a law's
  std::function<answer(std::vector<array> const& given, std::vector<erased_law<double>> const& drawn,
                       solve_options const& how)>
      solve{};

  /// Firms of these productivities, in the equilibrium that `solve` finds; nothing in a model without a menu of
  /// choices.
  /// @throws domain_error as solve does; convergence_error where it fails
  std::function<std::vector<firm>(std::vector<array> const& given, std::vector<erased_law<double>> const& drawn,
                                  std::vector<double> const& productivities)>
      firms{};

  // What a model may have besides; each is empty where it has no such thing.

  /// Derivatives of results by parameters, at an equilibrium: in models that add_derivatives was told of.
  /// @param given       as of solve
  /// @param laws        as of solve, by their names
  /// @param results     names of numbers among the results; of one of several "cutoff[3]", "sales[0][2]"
  /// @param parameters  names of parameters of the model, or of its laws: "distribution.log_sd", of one of several laws
  ///                    "distribution[1].log_sd". Of several numbers one, "labor[1]", or all of them at once, "labor"
  /// @throws domain_error as solve does; for names that there are not
  /// @return of one solve for every slopes_at_once parameters; NaN and in `reason` why, where one failed
  /// Accuracy: that of gradient<N> in a solve of one's own, which this is. Where a result has a kink, as where a firm's
  /// choice changes on an atom of the law, its derivative is that of the side where the solve ended.
  std::function<derivatives(std::vector<array> const& given, std::vector<law_by_name> const& laws,
                            std::vector<std::string> const& results, std::vector<std::string> const& parameters)>
      differentiate{};

  /// Welfare over that in autarky: one number, or one for each country.
  /// @throws domain_error as solve does; convergence_error where one of the two is not solved
  std::function<array(std::vector<array> const& given, std::vector<erased_law<double>> const& drawn,
                      solve_options const& how)>
      gains_from_trade{};

  /// The equilibrium conditions as curves: Melitz (2003), figures 1 and 2.
  /// @throws domain_error as solve does, and for a cutoff that is not positive and finite
  std::function<std::vector<conditions_at_cutoff>(std::vector<array> const& given,
                                                  std::vector<erased_law<double>> const& drawn,
                                                  std::vector<double> const& cutoffs)>
      curves{};

  /// What happens to firms between two equilibria under the same law (slide 29), ascending in productivity.
  /// @throws domain_error as solve does; convergence_error where one of the two is not solved
  std::function<std::vector<firms_alike>(std::vector<array> const& before, std::vector<array> const& after,
                                         std::vector<erased_law<double>> const& drawn)>
      fates{};

  /// What a calibration wants to know: shares that are observed, and what is assumed.
  std::vector<parameter> targets{};
  /// The parameters at which the model shows them. @param given  in the order of `targets`; none for what is left out
  /// @throws domain_error naming a target; convergence_error
  std::function<std::vector<array>(std::vector<array> const& given, std::vector<erased_law<double>> const& drawn)>
      calibrate{};

  /// Elements first to second - 1 of a batch, several at a time; nothing where the model cannot. See solve_batch.
  std::function<void(std::vector<array> const& given, std::vector<varied> const& moved,
                     std::pair<std::size_t, std::size_t> part, std::vector<erased_law<double>> const& drawn,
                     std::vector<std::size_t> const& places, int threads, solve_options const& how,
                     std::vector<status>& reason, std::vector<std::vector<double>>& columns)>
      solve_in_lanes{};
  /// Does solve_in_lanes have all these results?
  std::function<bool(std::vector<std::size_t> const& places)> has_in_lanes{};

  /// Is anything in it by country?
  [[nodiscard]] bool has_countries() const {
    for (auto const& p : parameters) {
      if (p.indices.rows == told::by::country || p.indices.columns == told::by::country) return true;
    }
    return false;
  }
  /// Which parameter says how long paths are in answers; nothing if there are no paths.
  [[nodiscard]] std::optional<std::size_t> periods() const {
    if (parameters.empty() || parameters.back().name != periods_name) return std::nullopt;
    return parameters.size() - 1;
  }

  static constexpr char const* periods_name = "periods";
};

/// An error of one element of a batch, naming it.
[[nodiscard]] inline domain_error of_element(std::size_t k, std::string_view model, domain_error const& e) {
  return domain_error(model, "element " + std::to_string(k) + ": " + e.parameter(), e.value(), e.restriction());
}

/// The model of that name; null if there is none.
[[nodiscard]] inline model const* find(std::vector<model> const& models, std::string_view name) {
  for (auto const& m : models) {
    if (m.name == name) return &m;
  }
  return nullptr;
}

/// Parameters that run: the examples of the tables, without what may be left out.
/// @pre every parameter is one number: those by country have their examples in JSON, parameter::example_list
[[nodiscard]] inline std::vector<array> examples_of(model const& what) {
  std::vector<array> out;
  for (auto const& p : what.parameters) out.push_back(p.optional() ? array{} : array_of(p.example));
  return out;
}

/// Some of a list of economies as models: every Parts-th from the Part-th on, so that a program can compile them in as
/// many files, each with an explicit instantiation of this. Defined in catalog/describe.hpp.
template <class Economies, std::size_t Part, std::size_t Parts>
[[nodiscard]] std::vector<model> models_of();

/// The whole list of models that are compiled in so many files, in the order of the list.
template <class Economies, std::size_t Parts>
[[nodiscard]] std::vector<model> models_of_parts() {
  return []<std::size_t... Part>(std::index_sequence<Part...>) {
    std::vector<model> const by_part[] = {models_of<Economies, Part, Parts>()...};
    std::vector<model> out;
    for (std::size_t k = 0; k < std::tuple_size_v<Economies>; ++k) out.push_back(by_part[k % Parts].at(k / Parts));
    return out;
  }
  (std::make_index_sequence<Parts>());
}

/// Lets models of a list be differentiated, those that are of it: every Parts-th economy from the Part-th on, so that a
/// program can compile them in as many files, each with an explicit instantiation of this. Defined in
/// catalog/derivatives.hpp: every economy is compiled once more for it, with numbers that carry a derivative.
template <class Economies, std::size_t Part = 0, std::size_t Parts = 1>
void add_derivatives(std::vector<model>& models);

/// The same of the whole list, where it is compiled in so many files.
template <class Economies, std::size_t Parts>
void add_derivatives_of_parts(std::vector<model>& models) {
  [&]<std::size_t... Part>(std::index_sequence<Part...>) { (add_derivatives<Economies, Part, Parts>(models), ...); }
  (std::make_index_sequence<Parts>());
}

}  // namespace melitz::catalog
