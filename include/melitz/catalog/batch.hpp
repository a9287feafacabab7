// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/compare.hpp>
#include <melitz/analysis/sweep.hpp>
#include <melitz/catalog/labels.hpp>
#include <melitz/catalog/law_error.hpp>
#include <melitz/catalog/model.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// Many solves of one model of the catalog, and what moves between two.

namespace melitz::catalog {

/// Which results of a batch are wanted, how hard to try, and who is told how far it is.
struct batch_options {
  std::vector<std::string> fields{};  ///< names of results; all numbers and tables if empty
  int threads = 1;                    ///< 0 is one per core; as in sweep_options
  int max_evaluations = 200;          ///< of the free-entry condition, at most, for each solve
  /// Called between parts with how many are solved and of how many; false ends the batch. From one thread at a time.
  std::function<bool(std::size_t done, std::size_t count)> progress{};
};

/// Many answers, one column per field.
struct batch {
  std::vector<std::string> fields{};
  std::vector<status> reason{};                ///< not_solved behind the end of a batch that was ended
  std::vector<std::size_t> width{};            ///< how many numbers one answer has of each field
  std::vector<std::vector<double>> columns{};  ///< by field: the numbers of one answer after those of the last; NaN
  bool ended = false;                          ///< by `progress`
};

namespace detail {

/// A value as numbers: a yes or no is 1 or 0, a word NaN.
inline void append_numbers(std::vector<double>& out, value const& x) {
  if (auto const* numbers = std::get_if<array>(&x)) {
    out.insert(out.end(), numbers->numbers.begin(), numbers->numbers.end());
  } else if (auto const* yes = std::get_if<bool>(&x)) {
    out.push_back(*yes ? 1 : 0);
  } else if (auto const* number = std::get_if<double>(&x)) {
    out.push_back(*number);
  } else {
    out.push_back(std::numeric_limits<double>::quiet_NaN());
  }
}

/// @throws domain_error for a field that the model does not have
[[nodiscard]] inline std::vector<std::size_t> places_of(model const& what, std::vector<std::string> const& fields) {
  std::vector<std::size_t> out;
  for (auto const& f : fields) {
    auto const found =
        std::find_if(what.results.begin(), what.results.end(), [&](auto const& r) { return r.name == f; });
    if (found == what.results.end()) throw domain_error(what.name, "field", f, "be the name of a result");
    out.push_back(static_cast<std::size_t>(found - what.results.begin()));
  }
  return out;
}

/// The parameters of the k-th solve.
[[nodiscard]] inline std::vector<array> given_at(model const& what, std::vector<array> given,
                                                 std::vector<varied> const& moved, std::size_t k) {
  for (auto const& v : moved) {
    auto& numbers = given.at(v.parameter);
    auto const& p = what.parameters[v.parameter];
    if (numbers.numbers.empty()) numbers = array_of(0);
    for (std::size_t at = 0; at < numbers.numbers.size(); ++at) {
      bool const home = at / numbers.columns % numbers.rows == at % numbers.columns;
      if (!(p.extent == extent::by_pair && p.at_home && home)) numbers.numbers[at] = v.values[k];
    }
  }
  return given;
}

}  // namespace detail

/// Solves a model once for each element of the lists in `moved`, in lanes where the model has them.
/// @param given  as of model::solve; what is moved may have any value
/// @param drawn  as of model::solve
/// @throws domain_error as model::solve does, naming the element; for a field or a parameter that the model does not
///         have; where lists differ in length
[[nodiscard]] inline batch solve_batch(model const& what, std::vector<array> const& given,
                                       std::vector<varied> const& moved, std::vector<erased_law<double>> const& drawn,
                                       batch_options const& options = {}) {
  std::size_t const count = moved.empty() ? 1 : moved[0].values.size();
  for (auto const& v : moved) {
    melitz::detail::require(v.parameter < what.parameters.size(), what.name, "place of a parameter", v.parameter,
                            "be below the number of parameters");
    melitz::detail::require(v.values.size() == count, what.name, what.parameters[v.parameter].name.c_str(),
                            v.values.size(), "be as many values as there are of the first parameter");
    auto const& p = what.parameters[v.parameter];
    if (p.extent != extent::number && given.at(v.parameter).numbers.empty()) {  // how many countries would there be?
      throw domain_error(what.name, p.name, "left out", "be given where it is moved, a number for each place");
    }
  }
  batch out{.fields = options.fields};
  if (out.fields.empty()) {
    for (auto const& r : what.results) out.fields.push_back(r.name);
  }
  auto const places = detail::places_of(what, out.fields);
  out.reason.assign(count, status::not_solved);
  out.width.assign(places.size(), 1);
  out.columns.resize(places.size());
  if (count == 0) return out;
  solve_options const how{.max_evaluations = options.max_evaluations};
  auto const inputs_at = [&](std::size_t k) { return detail::given_at(what, given, moved, k); };
  bool const in_lanes = what.solve_in_lanes && count >= 64 && what.has_in_lanes(places);
  std::size_t const part = in_lanes ? 65536 : 1024;

  std::vector<std::vector<double>> numbers(count);  // of one answer, all fields one after the other
  auto const solve_one = [&](std::size_t k) {
    try {
      auto const a = what.solve(inputs_at(k), drawn, how);
      out.reason[k] = a.reason;
      for (auto const place : places) detail::append_numbers(numbers[k], a.values[place]);
      return a;
    } catch (law_error const&) {
      throw;  // the law is the same for all, and the error says where in it
    } catch (domain_error const& e) {
      throw of_element(k, what.name, e);
    }
  };
  auto const first = solve_one(0);  // says how many numbers each field is
  for (std::size_t f = 0; f < places.size(); ++f) {
    std::vector<double> one;
    detail::append_numbers(one, first.values[places[f]]);
    out.width[f] = one.size();
    out.columns[f].assign(count * one.size(), std::numeric_limits<double>::quiet_NaN());
  }
  for (std::size_t begin = 0; begin < count; begin += part) {
    std::size_t const end = std::min(count, begin + part);
    if (in_lanes) {
      what.solve_in_lanes(given, moved, {begin, end}, drawn, places, options.threads, how, out.reason, out.columns);
    } else {
      melitz::detail::in_ranges(end - begin, 16, options.threads, [&](std::size_t from, std::size_t to, bool) {
        for (std::size_t k = begin + from; k < begin + to; ++k) {
          if (k > 0) (void)solve_one(k);
          std::size_t next = 0;
          for (std::size_t f = 0; f < places.size(); ++f) {
            for (std::size_t i = 0; i < out.width[f] && next < numbers[k].size(); ++i) {
              out.columns[f][k * out.width[f] + i] = numbers[k][next++];
            }
          }
          numbers[k] = {};
        }
      });
    }
    if (options.progress && !options.progress(end, count)) {
      out.ended = end < count;
      return out;
    }
  }
  return out;
}

/// What becomes of every number of an answer between two solves, but for those that say how well it was solved.
/// @throws domain_error where one of them was not solved, or is of other sizes
[[nodiscard]] inline aggregate_changes<double> compare(model const& what, answer const& before, answer const& after) {
  for (auto const* a : {&before, &after}) {
    if (a->reason != status::converged) {
      throw domain_error(what.name, a == &before ? "before" : "after", to_string(a->reason), "be a solved equilibrium");
    }
  }
  aggregate_changes<double> out;
  for (std::size_t k = 0; k < what.results.size(); ++k) {
    auto const& r = what.results[k];
    if (r.part == part::solution || r.part == part::work) continue;
    if (std::holds_alternative<std::string_view>(before.values[k])) continue;
    std::vector<double> a, b;
    detail::append_numbers(a, before.values[k]);
    detail::append_numbers(b, after.values[k]);
    melitz::detail::require(a.size() == b.size(), what.name, r.name.c_str(), b.size(), "be as many numbers as before");
    auto const* table = std::get_if<array>(&before.values[k]);
    for (std::size_t i = 0; i < a.size(); ++i) {
      out.aggregates.push_back(
          {table == nullptr ? r.name : r.name + detail::label_at(*table, r.indices, i), a[i], b[i]});
    }
  }
  return out;
}

}  // namespace melitz::catalog
