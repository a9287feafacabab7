// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/from_tables.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/catalog/model.hpp>
#include <melitz/catalog/problem.hpp>
#include <melitz/numerics/gradient.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// Derivatives of results by parameters of the model and of its laws, exact to rounding: the solve itself is
// differentiated. Apart from the rest, since every model is compiled once more for it, and every law: see
// add_derivatives.

namespace melitz::catalog {

namespace detail {

using slope = gradient<slopes_at_once>;

/// The same economy with other numbers.
template <class Economy, class Real>
struct with_numbers;
/// The same economy with other numbers: what it is.
template <template <class...> class Economy, class Old, class Real>
struct with_numbers<Economy<Old>, Real> {
  using type = Economy<Real>;
};

/// What is moved as one: numbers of the model, or of a law.
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

/// The law with the derivatives by some of its numbers. A template, so that a program can compile all laws in one of
/// its files. @throws domain_error where there is no such family
template <class Slope>
[[nodiscard]] erased_law<Slope> law_with_slope(law_by_name const& what, std::span<variable const> moved) {
  std::optional<erased_law<Slope>> out;
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
      for (auto const& v : moved) {
        if (v.where.which == k) vary(member, v, {});
      }
      ++k;
    });
    out.emplace(std::move(law));
  };
  [&]<class... Laws>(std::type_identity<std::variant<Laws...>>) {
    (try_family(std::type_identity<Laws>{}), ...);
  }(std::type_identity<family_law<Slope>>{});
  if (!out) throw domain_error("derivatives", "family", what.family, "be the name of a family of laws");
  return *out;
}

/// The number that is wanted of a result that is one or several. @throws domain_error where there are fewer
template <class Value>
[[nodiscard]] slope number_at(Value const& x, wanted_number const& wanted) {
  [[maybe_unused]] auto const place_below = [&](std::optional<std::size_t> const& given, std::size_t count) {
    std::size_t const at = given.value_or(0);
    if (at < count) return at;
    throw domain_error("derivatives", "place in " + wanted.name, std::to_string(at),
                       "be below " + std::to_string(count));
  };
  if constexpr (vector_or_matrix<Value>) {
    using index = decltype(x.rows());
    auto const i = place_below(wanted.where.row, static_cast<std::size_t>(x.rows()));
    auto const j = place_below(wanted.where.column, static_cast<std::size_t>(x.cols()));
    return x(static_cast<index>(i), static_cast<index>(j));
  } else if constexpr (is_by_period<Value>) {
    auto const t = place_below(wanted.where.row, 1'000'000);
    return x.empty() ? slope(std::numeric_limits<double>::quiet_NaN()) : x[std::min(t, x.size() - 1)];
  } else {
    return x;
  }
}

/// Finds the numbers that are wanted among the results of a solve in which something moves: their values, and all the
/// derivatives that they carry.
class slope_reader {
 public:
  slope_reader(std::vector<wanted_number> const& results, status reason) : results_(results) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    found.reason = reason;
    found.values.assign(results.size(), none);
    found.table.assign(results.size() * slopes_at_once, none);
  }
  /// One more result, whatever it is.
  template <class Value>
  void read(std::string_view prefix, std::string_view name, Value const& x) {
    for (std::size_t r = 0; r < results_.size(); ++r) {
      auto const& wanted = results_[r];
      if (!wanted.name.starts_with(prefix) || wanted.name.substr(prefix.size()) != name) continue;
      if constexpr (real<Value> || vector_or_matrix<Value> || is_by_period<Value>) {
        if (found.reason != status::converged) continue;
        auto const number = number_at(x, wanted);
        found.values[r] = number.value;
        if (!is_finite(number.value)) continue;  // what is infinite or undefined has no slope
        auto const row = found.table.begin() + static_cast<std::ptrdiff_t>(r * slopes_at_once);
        std::copy(number.derivative.begin(), number.derivative.end(), row);
      } else {
        throw domain_error("derivatives", "result", wanted.name, "be one that moves with numbers");
      }
    }
  }
  derivatives found{};

 private:
  std::vector<wanted_number> const& results_;
};

/// What moves in the model, or in one of its laws, each with the derivative of its place in the list.
[[nodiscard]] inline std::vector<variable> variables_of(std::span<moved_numbers const> moved,
                                                        std::optional<std::size_t> law) {
  std::vector<variable> out;
  for (std::size_t k = 0; k < moved.size(); ++k) {
    bool const here = law ? moved[k].of_law && moved[k].law.value_or(*law) == *law : !moved[k].of_law;
    if (here) out.push_back({moved[k].where, k});
  }
  return out;
}

/// Results of one solve in which something moves. @param moved  slopes_at_once at most
/// @return a table with slopes_at_once columns
template <class Economy>
[[nodiscard]] derivatives solve_with_slope(model const& what, std::vector<array> const& given,
                                           std::vector<law_by_name> const& laws,
                                           std::vector<wanted_number> const& results,
                                           std::span<moved_numbers const> moved) {
  using economy_type = typename with_numbers<Economy, slope>::type;
  auto read = economy_of<problem<economy_type>>(what.parameters, given, variables_of(moved, {}));
  read.economy.validate();  // before the law, whose power depends on the parameters
  std::vector<erased_law<slope>> drawn;
  for (std::size_t k = 0; k < laws.size(); ++k) {
    drawn.push_back(law_with_slope<slope>(laws[k], variables_of(moved, k)));
  }
  std::size_t periods = 1;
  for (auto const& r : results) periods = std::max(periods, r.where.row.value_or(0) + 1);
  follow_for(periods, read);
  auto const solved = detail::solve(read, drawn, {});
  slope_reader out(results, solved.reason);
  for_each_result<std::remove_cvref_t<decltype(solved)>>(
      [&](auto const& row, auto const& access, std::string_view prefix) {
        out.read(prefix, row.name, access(solved));
      });
  return out.found;
}

using slope_solver = derivatives (*)(model const&, std::vector<array> const&, std::vector<law_by_name> const&,
                                     std::vector<wanted_number> const&, std::span<moved_numbers const>);

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

/// Refuses what has no such place. Says of what is left out what it is then; but what is as another one stays left out,
/// and moves with that one too. @throws domain_error
inline void require_movable(model const& what, std::vector<array>& given, place const& moved, std::string const& name) {
  auto const& p = what.parameters[moved.which];
  char const* const where = "derivatives";
  if (what.periods() == moved.which) throw domain_error(where, "parameter", name, "be one of the economy");
  auto const* source = &p;  // whose numbers these are
  std::size_t from = moved.which;
  while (given.at(from).numbers.empty() && !source->as_if_left_out.empty()) {
    from = place_named(what.parameters, source->as_if_left_out)->which;
    source = &what.parameters[from];
  }
  auto& numbers = given.at(from);
  if (numbers.numbers.empty() && source->extent == extent::number && source->if_left_out) {
    numbers = array_of(*source->if_left_out);
  }
  if (numbers.numbers.empty()) throw domain_error(where, name, "left out", "be given where it is moved");
  if (moved.row.value_or(0) >= numbers.rows || moved.column.value_or(0) >= numbers.columns) {
    throw domain_error(where, "parameter", name, "be the place of one of its numbers");
  }
  if (p.at_home && moved.row && moved.row == moved.column) {
    throw domain_error(where, "parameter", name, "be between two countries: at home it is given");
  }
}

/// The families of laws that are all there. @throws domain_error
[[nodiscard]] inline std::vector<family const*> families_of(std::vector<law_by_name> const& laws) {
  std::vector<family const*> out;
  for (auto const& law : laws) {
    auto const& all = families();
    auto const found = std::find_if(all.begin(), all.end(), [&](auto const& f) { return f.name == law.family; });
    if (found == all.end()) throw domain_error("derivatives", "family", law.family, "be the name of a family of laws");
    require(law.given.size() == found->keys.size(), "derivatives", "number of values of a law", law.given.size(),
            "be that of its keys");
    for (std::size_t k = 0; k < law.given.size(); ++k) {
      auto const count = law.given[k].numbers.size();
      require(count <= 1 || found->keys[k].extent != extent::number, "derivatives",
              ("count of numbers in " + found->keys[k].name).c_str(), count, "be 1");
    }
    out.push_back(&*found);
  }
  return out;
}

/// What "iceberg_cost[0][1]" or "distribution[1].log_sd" moves; for what is left out see require_movable.
/// @throws domain_error where there is no such number
[[nodiscard]] inline moved_numbers moved_by(model const& what, std::vector<array>& given,
                                            std::vector<law_by_name> const& laws,
                                            std::vector<family const*> const& of_laws, std::string const& name) {
  auto const unless = [&](bool good, char const* must = "be the name of a number of the model or of its law") {
    if (!good) throw domain_error("derivatives", "parameter", name, must);
  };
  std::string_view key = name;
  std::optional<std::size_t> law;
  auto const dot = key.find('.');
  bool const of_law = dot != key.npos;
  if (of_law) {
    auto which = key.substr(0, dot);
    law = take_index(which);
    unless(which == "distribution" && law.value_or(0) < laws.size());
    key = key.substr(dot + 1);
    bool const alike = std::all_of(laws.begin(), laws.end(), [&](auto const& l) { return l.family == laws[0].family; });
    unless(law || alike, "be of one of the laws, distribution[0], where they are of several families");
  }
  auto const& list = of_law ? of_laws[law.value_or(0)]->keys : what.parameters;
  auto const found = place_named(list, key);
  unless(found && list[found->which].words.empty());
  if (!of_law) {
    require_movable(what, given, *found, name);
  } else if (list[found->which].extent != extent::number) {
    for (std::size_t k = 0; k < laws.size(); ++k) {
      auto const size = laws[k].given[found->which].numbers.size();
      unless((law && *law != k) || found->row.value_or(0) < size, "be the place of one of its numbers");
    }
  }
  return {of_law, *found, law};
}

/// One solve for every slopes_at_once parameters. A template for the same reason as law_with_slope.
/// @see model::differentiate
template <class Slope>
[[nodiscard]] derivatives derivatives_by(slope_solver solver, model const& what, std::vector<array> const& given,
                                         std::vector<law_by_name> const& laws, std::vector<std::string> const& results,
                                         std::vector<std::string> const& parameters) {
  require_laws(what.laws, laws.size(), "derivatives");
  std::vector<wanted_number> wanted;
  for (auto const& r : results) {
    auto const found = place_named(what.results, r);
    if (!found || (what.results[found->which].extent != extent::number && !found->row)) {
      throw domain_error("derivatives", "result", r, "be the name of a number among the results");
    }
    wanted.push_back({what.results[found->which].name, *found});
  }
  auto const of_laws = families_of(laws);
  auto at = given;
  std::vector<moved_numbers> moved;
  for (auto const& name : parameters) moved.push_back(moved_by(what, at, laws, of_laws, name));
  std::size_t const columns = parameters.size();
  derivatives out;
  out.table.assign(results.size() * columns, std::numeric_limits<double>::quiet_NaN());
  std::size_t first = 0;
  do {  // once where nothing moves, for the values
    std::size_t const count = std::min(columns - first, slopes_at_once);
    auto const some = solver(what, at, laws, wanted, std::span(moved).subspan(first, count));
    out.reason = some.reason;
    out.values = some.values;
    if (some.reason != status::converged) {
      out.table.assign(out.table.size(), std::numeric_limits<double>::quiet_NaN());
      return out;
    }
    for (std::size_t r = 0; r < results.size(); ++r) {
      for (std::size_t k = 0; k < count; ++k) {
        out.table[r * columns + first + k] = some.table[r * slopes_at_once + k];
      }
    }
    first += count;
  } while (first < columns);
  return out;
}

/// Whether an economy says of itself that nothing is differentiated through its solve.
template <class Economy>
concept not_differentiated = requires {
  requires !Economy::has_derivatives;
};

template <class Economy>
requires not_differentiated<Economy>
void add_derivatives_of(std::vector<model>&) {}

template <class Economy>
void add_derivatives_of(std::vector<model>& models) {
  for (auto& m : models) {
    if (m.name != Economy::name) continue;
    // Without what solves it.
    model what{.name = m.name, .title = m.title, .parameters = m.parameters, .results = m.results, .laws = m.laws};
    m.differentiate = [what = std::move(what)](auto const&... asked) {
      return derivatives_by<slope>(&solve_with_slope<Economy>, what, asked...);
    };
  }
}

}  // namespace detail

template <class Economies, std::size_t Part, std::size_t Parts>
void add_derivatives(std::vector<model>& models) {
  constexpr std::size_t all = std::tuple_size_v<Economies>;
  constexpr std::size_t here = Part < all ? (all - Part + Parts - 1) / Parts : 0;
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (detail::add_derivatives_of<std::tuple_element_t<Part + K * Parts, Economies>>(models), ...);
  }
  (std::make_index_sequence<here>{});
}

}  // namespace melitz::catalog
