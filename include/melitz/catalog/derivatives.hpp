// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/catalog/list.hpp>
#include <melitz/numerics/gradient.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// Derivatives of results by parameters of the model and of its laws, exact to rounding: the solve itself is
// differentiated. Apart from the rest, since every model is compiled once more for it.

namespace melitz::catalog {

namespace detail {

using slope = gradient<1>;

/// The same economy with other numbers.
template <class Economy, class Real>
struct with_numbers;
/// The same economy with other numbers: what it is.
template <template <class...> class Economy, class Old, class Real>
struct with_numbers<Economy<Old>, Real> {
  using type = Economy<Real>;
};

/// What is moved: numbers of the model, or of a law.
struct moved_numbers {
  bool of_law;
  place where;  ///< among the parameters, or among the keys of the law
  std::optional<std::size_t> law{};
};

/// One number of a result.
struct wanted_number {
  std::string name;
  place where;
};

/// The law with the derivative by one of its numbers; null for none. @throws domain_error where there is no such family
[[nodiscard]] inline erased_law<slope> law_with_slope(law_by_name const& what, place const* moved) {
  std::optional<erased_law<slope>> out;
  auto const try_family = [&]<class Law>(std::type_identity<Law>) {
    if (what.family != Law::name) return;
    Law law{};
    std::size_t k = 0;
    for_each_parameter<Law>([&](auto const&, auto const& access, std::string_view, bool) {
      auto const& numbers = what.given.at(k).numbers;
      auto& member = access(law);
      if constexpr (real<std::remove_cvref_t<decltype(member)>>) {
        if (!numbers.empty()) member = numbers[0];
      } else {
        member.assign(numbers.begin(), numbers.end());
      }
      if (moved != nullptr && moved->which == k) vary(member, *moved, {});
      ++k;
    });
    out.emplace(std::move(law));
  };
  [&]<class... Laws>(std::type_identity<std::variant<Laws...>>) {
    (try_family(std::type_identity<Laws>{}), ...);
  }(std::type_identity<family_law<slope>>{});
  if (!out) throw domain_error("derivatives", "family", what.family, "be the name of a family of laws");
  return *out;
}

/// A number of a value that is one or several. @throws domain_error where there are fewer
[[nodiscard]] inline double number_at(value const& x, wanted_number const& wanted) {
  auto const* table = std::get_if<array>(&x);
  if (table == nullptr) return std::get<double>(x);
  std::size_t const i = wanted.where.row.value_or(0), j = wanted.where.column.value_or(0);
  if (i < table->rows && j < table->columns) return (*table)(i, j);
  throw domain_error("derivatives", "place in " + wanted.name, std::to_string(i < table->rows ? j : i),
                     "be below " + std::to_string(i < table->rows ? table->columns : table->rows));
}

/// Results of one solve in which something moves.
template <class Economy>
[[nodiscard]] derivatives solve_with_slope(model const& what, std::vector<array> const& given,
                                           std::vector<law_by_name> const& laws,
                                           std::vector<wanted_number> const& results, moved_numbers const& moved) {
  using economy_type = typename with_numbers<Economy, slope>::type;
  auto const read = economy_of<problem<economy_type>>(what.parameters, given, moved.of_law ? nullptr : &moved.where);
  read.economy.validate();
  std::vector<erased_law<slope>> drawn;
  for (std::size_t k = 0; k < laws.size(); ++k) {
    bool const moves = moved.of_law && (!moved.law || *moved.law == k);
    drawn.push_back(law_with_slope(laws[k], moves ? &moved.where : nullptr));
  }
  auto const solved = detail::solve(read, drawn, {});
  derivatives out{.reason = solved.reason};
  double const none = std::numeric_limits<double>::quiet_NaN();
  out.values.assign(results.size(), none);
  out.table.assign(results.size(), none);
  for_each_result<std::remove_cvref_t<decltype(solved)>>(
      [&](auto const& row, auto const& access, std::string_view prefix) {
        for (std::size_t r = 0; r < results.size(); ++r) {
          auto const& wanted = results[r];
          if (wanted.name != std::string(prefix) + row.name) continue;
          auto const& x = access(solved);
          using type = std::remove_cvref_t<decltype(x)>;
          if constexpr (real<type> || vector_or_matrix<type> || is_by_period<type>) {
            if (solved.reason != status::converged) continue;
            std::size_t const periods = std::min<std::size_t>(wanted.where.row.value_or(0) + 1, 1'000'000);
            out.values[r] = number_at(value_of(x, periods), wanted);
            if (!is_finite(out.values[r])) continue;  // what is infinite or undefined has no slope
            out.table[r] = number_at(value_of(x, periods, [](slope const& s) { return s.derivative[0]; }), wanted);
          } else {
            throw domain_error("derivatives", "result", wanted.name, "be one that moves with numbers");
          }
        }
      });
  return out;
}

using slope_solver = derivatives (*)(model const&, std::vector<array> const&, std::vector<law_by_name> const&,
                                     std::vector<wanted_number> const&, moved_numbers const&);

template <class... Economies>
[[nodiscard]] slope_solver slope_solver_named(std::string_view name, std::type_identity<std::tuple<Economies...>>) {
  slope_solver out = nullptr;
  ((Economies::name == name ? static_cast<void>(out = &solve_with_slope<Economies>) : static_cast<void>(0)), ...);
  return out;
}

/// Takes "[3]" from the end of a name; nothing where it does not end so.
[[nodiscard]] inline std::optional<std::size_t> take_index(std::string_view& name) {
  auto const open = name.rfind('[');
  if (!name.ends_with(']') || open == std::string_view::npos) return std::nullopt;
  std::size_t out = 0;
  auto const* const end = name.data() + name.size() - 1;
  auto const read = std::from_chars(name.data() + open + 1, end, out);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  name = name.substr(0, open);
  return out;
}

/// "iceberg_cost[0][2]" as a place among parameters, keys or results; nothing where it is none.
template <class List>
[[nodiscard]] std::optional<place> place_named(List const& list, std::string_view name) {
  auto last = take_index(name), first = take_index(name);
  if (!first) std::swap(first, last);
  for (std::size_t k = 0; k < list.size(); ++k) {
    if (list[k].name != name) continue;
    auto const wanted = static_cast<int>(list[k].indices.told()) + (list[k].indices.columns != told::by::none);
    auto const have = static_cast<int>(first.has_value()) + last.has_value();
    if (have != 0 && have != wanted) return std::nullopt;
    return place{k, first, last};
  }
  return std::nullopt;
}

/// Says of what is left out what it is then, and refuses what has no such place. @throws domain_error
inline void require_movable(model const& what, std::vector<array>& given, place const& moved, std::string const& name) {
  auto const& p = what.parameters[moved.which];
  auto& numbers = given.at(moved.which);
  if (what.periods() == moved.which) throw domain_error("derivatives", "parameter", name, "be one of the economy");
  if (numbers.numbers.empty() && !p.as_if_left_out.empty())
    numbers = given.at(place_named(what.parameters, p.as_if_left_out)->which);
  if (numbers.numbers.empty() && p.extent == extent::number && p.if_left_out) numbers = array_of(*p.if_left_out);
  char const* const where = "derivatives";
  if (numbers.numbers.empty()) throw domain_error(where, name, "left out", "be given where it is moved");
  if (moved.row.value_or(0) >= numbers.rows || moved.column.value_or(0) >= numbers.columns) {
    throw domain_error(where, "parameter", name, "be the place of one of its numbers");
  }
  if (p.at_home && moved.row && moved.row == moved.column) {
    throw domain_error(where, "parameter", name, "be between two countries: at home it is given");
  }
}

}  // namespace detail

/// Derivatives of results by parameters, at an equilibrium.
/// @tparam Economies  the list that the model is of; all of them are compiled
/// @param given       as of model::solve
/// @param laws        as of model::solve, by their names
/// @param results     names of numbers among the results; of one of several "cutoff[3]", "sales[0][2]"
/// @param parameters  names of parameters of the model, or of its laws: "distribution.log_sd", of one of several laws
///                    "distribution[1].log_sd". Of several numbers one, "labor[1]", or all of them at once, "labor"
/// @throws domain_error as model::solve does; for names that there are not, and for a model of another list
/// @return one solve for each parameter; NaN and in `reason` why, where it failed
/// Accuracy: that of gradient<N> in a solve of one's own, which this is. Where a result has a kink, as where a firm's
/// choice changes on an atom of the law, its derivative is that of the side where the solve ended.
template <class Economies = core_models>
[[nodiscard]] derivatives derivatives_of(model const& what, std::vector<array> given,
                                         std::vector<law_by_name> const& laws, std::vector<std::string> const& results,
                                         std::vector<std::string> const& parameters) {
  auto const solver = detail::slope_solver_named(what.name, std::type_identity<Economies>{});
  if (solver == nullptr) throw domain_error("derivatives", "model", what.name, "be one of the list that was asked for");
  bool const any_number = what.laws == laws_wanted::by_country || what.laws == laws_wanted::by_industry_and_country;
  std::size_t const wanted_laws = what.laws == laws_wanted::none                     ? 0
                                  : what.laws == laws_wanted::ability_and_attributes ? 2
                                                                                     : 1;
  if (any_number ? laws.empty() : laws.size() != wanted_laws) {
    throw domain_error("derivatives", "number of laws", std::to_string(laws.size()),
                       any_number ? "be 1, or as many as the model has" : "be " + std::to_string(wanted_laws));
  }
  std::vector<detail::wanted_number> wanted;
  for (auto const& r : results) {
    auto const found = detail::place_named(what.results, r);
    if (!found || (what.results[found->which].extent != extent::number && !found->row)) {
      throw domain_error("derivatives", "result", r, "be the name of a number among the results");
    }
    wanted.push_back({what.results[found->which].name, *found});
  }
  constexpr std::string_view of_laws = "distribution";
  derivatives out;
  out.table.assign(results.size() * parameters.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    std::string_view name = parameters[p];
    auto const* list = &what.parameters;
    std::optional<std::size_t> law;
    bool const of_law = name.starts_with(of_laws);
    if (auto const dot = name.find('.'); of_law && dot != name.npos && !laws.empty()) {
      auto which = name.substr(0, dot);
      law = detail::take_index(which);
      for (auto const& f : families()) {
        if (law.value_or(0) < laws.size() && f.name == laws[law.value_or(0)].family) list = &f.keys;
      }
      name = name.substr(dot + 1);
    }
    auto const found = detail::place_named(*list, name);
    if (!found || !(*list)[found->which].words.empty()) {
      throw domain_error("derivatives", "parameter", parameters[p],
                         "be the name of a number of the model or of its law");
    }
    if (!of_law) detail::require_movable(what, given, *found, parameters[p]);
    auto const one = solver(what, given, laws, wanted, {of_law, *found, law});
    out.reason = one.reason;
    out.values = one.values;
    for (std::size_t r = 0; r < results.size(); ++r) out.table[r * parameters.size() + p] = one.table[r];
    if (one.reason != status::converged) {
      out.table.assign(out.table.size(), std::numeric_limits<double>::quiet_NaN());
      return out;
    }
  }
  return out;
}

}  // namespace melitz::catalog
