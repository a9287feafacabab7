// SPDX-License-Identifier: BSL-1.0
#include "array.hpp"

#include "text.hpp"

#include <algorithm>
#include <utility>

namespace melitz::front {

namespace {

[[nodiscard]] input_error wrong_size(std::string const& path, std::size_t size, std::string const& of,
                                     std::size_t countries, std::string const& each) {
  return input_error(path + " has " + std::to_string(size) + ' ' + of + "; it must have " + std::to_string(countries) +
                     ", one for each " + each);
}

/// How many lists there are in one another, up to the first number.
[[nodiscard]] std::size_t depth_of(json const& value) {
  std::size_t out = 0;
  for (auto const* at = &value; at->is_array(); at = &at->front()) {
    ++out;
    if (at->empty()) break;
  }
  return out;
}

/// Is this element the home market of a matrix whose home markets are not costs to choose?
[[nodiscard]] bool stays(parameter const& what, std::size_t row, std::size_t column) {
  return what.extent == shape::by_pair && what.at_home && row == column;
}

}  // namespace

array everywhere(double number, parameter const& what, std::size_t countries) {
  if (what.extent == shape::number) return array_of(number);
  array out{countries, what.extent == shape::by_pair ? countries : 1, {}};
  out.numbers.assign(out.rows * out.columns, number);
  for (std::size_t i = 0; i < countries; ++i) {
    if (stays(what, i, i)) out(i, i) = *what.at_home;
  }
  return out;
}

void change(array& numbers, parameter const& what, std::vector<std::size_t> const& indices, double value, bool scales) {
  auto const moved = [&](double before) { return scales ? before * value : value; };
  auto const meant = [&](std::size_t depth, std::size_t k) {
    return indices.size() <= depth || indices[depth] == every_element || indices[depth] == k;
  };
  bool const one = !indices.empty() && std::find(indices.begin(), indices.end(), every_element) == indices.end();
  std::size_t const first = numbers.layers > 1 ? 1 : 0;  // index that is not of a sector
  for (std::size_t k = 0; k < numbers.numbers.size(); ++k) {
    std::size_t const row = k / numbers.columns, i = row % numbers.rows, j = k % numbers.columns;
    if ((first == 1 && !meant(0, row / numbers.rows)) || !meant(first, i) || !meant(first + 1, j)) continue;
    if (one || !stays(what, i, j)) {
      numbers.numbers[k] = moved(numbers.numbers[k]);
    } else if (indices.empty() && !scales) {
      numbers.numbers[k] = *what.at_home;
    }
  }
}

bool names_a_file(json const& value) { return value.is_string() && !to_number(value.get_ref<std::string const&>()); }

bool lists_sectors(json const& value, parameter const& what) {
  if (!what.by_sector || !value.is_array()) return false;
  using melitz::told::by;
  std::size_t const each = what.indices.columns != by::none ? 2 : what.indices.told() ? 1 : 0;
  return std::any_of(value.begin(), value.end(),
                     [&](json const& one) { return depth_of(one) == each || (each > 0 && names_a_file(one)); });
}

std::optional<std::size_t> countries_in(json const& value, parameter const& what) {
  using melitz::told::by;
  if (!value.is_array()) return std::nullopt;
  if (lists_sectors(value, what)) {
    auto of_one = what;
    of_one.by_sector = false;
    for (auto const& one : value) {
      if (auto const count = countries_in(one, of_one)) return count;
    }
    return std::nullopt;
  }
  if (what.indices.rows == by::country) return value.size();
  bool const second = what.indices.columns == by::country && !value.empty() && value[0].is_array();
  return second ? std::optional(value[0].size()) : std::nullopt;
}

namespace {

/// Reads what one sector has.
[[nodiscard]] array read_one(json const& value, std::string const& path, parameter const& what, std::size_t countries) {
  if (!what.words.empty()) {
    auto const word = value.is_boolean() ? value.dump() : read_word(value, path, what.words);
    auto const found = std::find(what.words.begin(), what.words.end(), word);
    if (found == what.words.end()) (void)read_word(value, path, what.words);  // a yes or no where it is none
    return array_of(static_cast<double>(found - what.words.begin()));
  }
  if (what.extent == shape::number) return array_of(read_number(value, path));
  bool const other = what.extent == shape::by_indices;
  if (!other && (value.is_number() || value.is_string())) {
    return everywhere(read_number(value, path), what, countries);
  }
  bool const two = what.indices.columns != melitz::told::by::none;
  if (!value.is_array()) {
    throw input_error(path + " is " + shown(value) + "; it must be a list of " +
                      (two ? "rows, [[...], ...]" : "numbers, [...]") +
                      (other ? "" : ", the name of a CSV file, or one number"));
  }
  bool const pairs = what.extent == shape::by_pair;
  auto const check = [&](std::string const& where, std::size_t size, char const* of, melitz::told::by each,
                         char const* does) {
    if (each != melitz::told::by::country || size == countries) return;
    throw wrong_size(where, size, of, countries, std::string("country") + (pairs ? does : ""));
  };
  check(path, value.size(), two ? "rows" : "numbers", what.indices.rows, " that exports");
  if (!two) return {value.size(), 1, read_numbers(value, path)};
  array out{value.size(), 0, {}};
  std::size_t row = 0;
  for (auto const& given : value) {
    auto const here = path + '[' + std::to_string(row++) + ']';
    auto const numbers = read_numbers(given, here);
    check(here, numbers.size(), "numbers", what.indices.columns, " that imports");
    if (row == 1) out.columns = numbers.size();
    if (numbers.size() != out.columns) {
      throw input_error(here + " has " + std::to_string(numbers.size()) + " numbers; it must have " +
                        std::to_string(out.columns) + ", as the row before it");
    }
    out.numbers.insert(out.numbers.end(), numbers.begin(), numbers.end());
  }
  return out;
}

}  // namespace

array read_array(json const& value, std::string const& path, parameter const& what, std::size_t countries) {
  if (!lists_sectors(value, what)) return read_one(value, path, what, countries);
  array out;
  for (std::size_t h = 0; h < value.size(); ++h) {
    auto const here = path + '[' + std::to_string(h) + ']';
    auto one = read_one(value[h], here, what, countries);
    if (h == 0) {
      out = std::move(one);
      continue;
    }
    if (one.rows != out.rows || one.columns != out.columns) {
      throw input_error(here + " is " + std::to_string(one.rows) + " x " + std::to_string(one.columns) +
                        "; it must be " + std::to_string(out.rows) + " x " + std::to_string(out.columns) +
                        ", as in the sector before it");
    }
    out.numbers.insert(out.numbers.end(), one.numbers.begin(), one.numbers.end());
  }
  out.layers = value.size();
  return out;
}

std::string country_name(std::size_t country, std::vector<std::string> const& countries) {
  return country < countries.size() ? countries[country] : std::to_string(country);
}

std::string place_of(std::vector<std::size_t> const& indices, std::vector<std::string> const& countries) {
  std::string out;
  for (auto const index : indices) out += '[' + country_name(index, countries) + ']';
  return out;
}

}  // namespace melitz::front
