// SPDX-License-Identifier: BSL-1.0
#include "batch.hpp"

#include "laws.hpp"
#include "parts.hpp"

#include <melitz/catalog/batch.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>
#include <variant>

namespace melitz::python {

namespace {

using catalog::array;
using catalog::model;
using catalog::value;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// An error of the k-th of several solves says so.
template <class F>
auto naming_element(batch_input const& input, std::size_t k, F const& f) {
  bool const one = input.count == 1 && input.moved.empty() && input.moved_laws.empty();
  try {
    return f();
  } catch (catalog::law_error const& e) {
    if (one || input.moved_laws.empty()) throw;  // the law is the same for all
    throw catalog::of_element(k, input.what->name,
                              domain_error(input.what->name, e.where(), e.value(), e.restriction()));
  } catch (domain_error const& e) {
    if (one) throw;
    throw catalog::of_element(k, input.what->name, e);
  }
}

/// The numbers of a moved law in the k-th solve.
[[nodiscard]] std::vector<array> given_at(moved_law const& moved, std::size_t k) {
  auto out = moved.given;
  for (auto const& [key, values] : moved.keys) out.at(key) = catalog::array_of(values.at(k));
  return out;
}

[[nodiscard]] catalog::answer solve_at(batch_input const& input, std::size_t k) {
  return naming_element(input, k, [&] {
    auto laws = input.laws;
    for (auto const& m : input.moved_laws) laws.at(m.law) = erased_law_of_family(m.family, given_at(m, k), m.path);
    return input.what->solve(catalog::detail::given_at(*input.what, input.given, input.moved, k), laws,
                             {.max_evaluations = input.max_evaluations});
  });
}

/// An empty column of so many answers like this one.
[[nodiscard]] column column_like(value const& first, told::by_two indices, std::size_t count) {
  column out;
  std::size_t width = 1;
  if (auto const* table = std::get_if<array>(&first)) {
    out.shape = shape_of(*table, indices);
    width = table->numbers.size();
  }
  if (std::holds_alternative<bool>(first)) out.what = column::kind::yes_or_no;
  if (std::holds_alternative<std::string_view>(first)) {
    out.what = column::kind::word;
    out.words.resize(count);
    return out;
  }
  out.numbers.assign(count * width, nan);
  return out;
}

/// Writes the k-th answer's value; what failed stays NaN.
void write(column& to, std::size_t count, std::size_t k, value const& x) {
  if (auto const* word = std::get_if<std::string_view>(&x)) {
    if (to.what == column::kind::word) to.words[k] = *word;
    return;
  }
  std::size_t const width = to.numbers.size() / count;
  if (auto const* table = std::get_if<array>(&x)) {
    if (table->numbers.size() != width) return;
    std::copy(table->numbers.begin(), table->numbers.end(),
              to.numbers.begin() + static_cast<std::ptrdiff_t>(k * width));
  } else if (auto const* yes = std::get_if<bool>(&x)) {
    to.numbers[k * width] = *yes ? 1 : 0;
  } else {
    to.numbers[k * width] = std::get<double>(x);
  }
}

}  // namespace

std::vector<std::size_t> shape_of(array const& table, told::by_two indices) {
  std::vector<std::size_t> out;
  if (table.layers > 1) out.push_back(table.layers);
  if (indices.told()) out.push_back(table.rows);
  if (indices.columns != told::by::none) out.push_back(table.columns);
  return out;
}

batch_output solve_batch(batch_input const& input, std::vector<std::size_t> const& places) {
  auto const& what = *input.what;
  batch_output out;
  out.reason.assign(input.count, status::not_solved);
  bool const in_lanes = what.solve_in_lanes && input.count >= 64 && input.moved_laws.empty() && !input.moved.empty() &&
                        what.has_in_lanes(places);
  if (in_lanes) {
    std::vector<std::vector<double>> columns(places.size(), std::vector<double>(input.count, nan));
    // Whole ranges of a sweep, so that numbers do not depend on how the work is shared.
    constexpr std::size_t range = 2048;
    in_parts(
        {.count = input.count, .threads = input.threads, .least = range, .most = range},
        [&](std::size_t begin, std::size_t end) {
          what.solve_in_lanes(input.given, input.moved, {begin, end}, input.laws, places, 1,
                              {.max_evaluations = input.max_evaluations}, out.reason, columns);
        },
        input.progress);
    for (auto& c : columns) out.columns.push_back({column::kind::number, {}, std::move(c), {}});
    return out;
  }
  // The first answer says what all look like: of one that failed, tables may be empty.
  std::mutex making;
  std::atomic<bool> made = false;
  auto const make_columns = [&](catalog::answer const& like) {
    std::lock_guard const lock(making);
    if (made) return;
    for (auto const place : places) {
      out.columns.push_back(column_like(like.values.at(place), what.results.at(place).indices, input.count));
    }
    made = true;
  };
  in_parts(
      {.count = input.count, .threads = input.threads},
      [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) {
          auto const a = solve_at(input, k);
          out.reason[k] = a.reason;
          if (a.reason != status::converged) continue;
          if (!made) make_columns(a);
          for (std::size_t f = 0; f < places.size(); ++f) write(out.columns[f], input.count, k, a.values[places[f]]);
        }
      },
      input.progress);
  if (!made) make_columns({.values = std::vector<value>(what.results.size(), value(nan))});
  return out;
}

derivatives_output differentiate_batch(batch_input const& input, std::vector<catalog::law_by_name> const& laws,
                                       std::vector<std::string> const& results,
                                       std::vector<std::string> const& parameters) {
  derivatives_output out;
  std::size_t const width = results.size() * parameters.size();
  out.reason.assign(input.count, status::not_solved);
  out.values.assign(input.count * results.size(), nan);
  out.table.assign(input.count * width, nan);
  in_parts(
      {.count = input.count, .threads = input.threads},
      [&](std::size_t begin, std::size_t end) {
        auto named = laws;
        for (std::size_t k = begin; k < end; ++k) {
          for (auto const& m : input.moved_laws) named.at(m.law).given = given_at(m, k);
          auto const one = naming_element(input, k, [&] {
            return input.what->differentiate(catalog::detail::given_at(*input.what, input.given, input.moved, k), named,
                                             results, parameters);
          });
          out.reason[k] = one.reason;
          auto const row = static_cast<std::ptrdiff_t>(k);
          std::copy(one.values.begin(), one.values.end(),
                    out.values.begin() + row * static_cast<std::ptrdiff_t>(results.size()));
          std::copy(one.table.begin(), one.table.end(), out.table.begin() + row * static_cast<std::ptrdiff_t>(width));
        }
      },
      input.progress);
  return out;
}

}  // namespace melitz::python
