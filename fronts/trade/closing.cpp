// SPDX-License-Identifier: BSL-1.0
#include "patterns.hpp"
#include "run.hpp"

#include "../document/text.hpp"

#include <cmath>

namespace melitz::front {

namespace {

using melitz::rule;

void read_closure(json const& value, std::string const& path, study_source const& source, closing& into) {
  into.deficit.clear();
  if (!value.is_object()) {
    into.closure = read_choice(value, path, words_of_closures());
    if (into.closure == "list")
      throw input_error(path + " is \"list\"; it must have the deficits, {\"list\": {...}} of all countries");
    if (into.closure == "zero_with_one_partner") {
      throw input_error(path + " is \"zero_with_one_partner\"; it must say who, {\"zero_with_one_partner\": [\"" +
                        source.countries[0] + "\", \"" + source.countries[source.countries.size() - 1] + "\"]}");
    }
    return;
  }
  constexpr std::string_view keys[] = {"zero_with_one_partner", "list"};
  require_known_keys(value, path, keys);
  if (value.size() != 1) throw input_error(path + " is " + shown(value) + "; it must be one of them");
  into.closure = value.begin().key();
  auto const here = join(path, into.closure);
  auto const& given = value.begin().value();
  if (into.closure == "zero_with_one_partner") {
    if (!given.is_array() || given.size() != 2)
      throw input_error(here + " is " + shown(given) + "; it must be two countries");
    into.country = label_named(given[0], here + "[0]", source.countries);
    into.partner = label_named(given[1], here + "[1]", source.countries);
    if (into.country == into.partner) throw input_error(here + " is " + shown(given) + "; it must be two countries");
    return;
  }
  if (given.is_object() && !given.contains("file")) {
    into.deficit.assign(source.countries.size(), std::nan(""));
    for (auto const& [pattern, number] : given.items()) {
      for (auto const i : labels_matching(json(pattern), here, source.countries)) {
        into.deficit[i] = read_number(number, join(here, pattern));
      }
    }
    for (std::size_t i = 0; i < into.deficit.size(); ++i) {
      if (!std::isfinite(into.deficit[i])) {
        throw input_error(here + " has no finite deficit of " + source.countries[i] + "; it must have all countries'");
      }
    }
  } else {
    into.deficit =
        read_by_country(given, here, "deficit", rule::finite, source.countries, source.read, source.data.files);
  }
  double sum = 0, size = 0;
  for (double const x : into.deficit) {
    sum += x;
    size += std::abs(x);
  }
  if (std::abs(sum) <= 1e-9 * size) return;
  throw input_error(here + ": the sum of all deficits is " + to_text(sum) +
                    "; it must be 0: what some countries overspend others lend");
}

}  // namespace

void read_closing(json const& object, std::string const& path, study_source const& source, closing& into) {
  if (object.contains("closure")) read_closure(object.at("closure"), join(path, "closure"), source, into);
  if (object.contains("numeraire")) {
    auto const& value = object.at("numeraire");
    auto const here = join(path, "numeraire");
    if (value.is_object()) {
      constexpr std::string_view keys[] = {"wage"};
      require_known_keys(value, here, keys);
      into.numeraire = "wage";
      into.numeraire_country =
          label_named(member(value, here, "wage", "be a country"), join(here, "wage"), source.countries);
    } else {
      into.numeraire = read_choice(value, here, words_of_numeraires());
      if (into.numeraire == "wage")
        throw input_error(here + " is \"wage\"; it must say whose, {\"wage\": \"" + source.countries[0] + "\"}");
    }
  }
  if (object.contains("revenue")) {
    into.revenue = read_choice(object.at("revenue"), join(path, "revenue"), words_of_revenue());
  }
}

}  // namespace melitz::front
