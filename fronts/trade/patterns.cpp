// SPDX-License-Identifier: BSL-1.0
#include "patterns.hpp"

#include "../document/text.hpp"
#include "run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace melitz::front {

namespace {

using melitz::rule;

[[nodiscard]] double read_in(rule must, json const& value, std::string const& path) {
  double const number = read_number(value, path);
  if (melitz::detail::lies_in(melitz::detail::bounds_of(must), number)) return number;
  throw input_error(path + " is " + to_text(number) + "; it must " + melitz::to_words(must));
}

/// One line of an instrument: what it does, to which numbers, by how much.
class change_line {
 public:
  change_line(json const& line, std::string path, study_source const& source, bool by_pair)
      : line_(line), path_(std::move(path)), source_(source), by_pair_(by_pair) {
    require_object(line, path_);
    std::vector<std::string_view> known{"sector", "set", "add", "multiply", "max"};
    for (auto const* key : {"exporter", "importer", "home"}) {
      if (by_pair) known.emplace_back(key);
    }
    if (!by_pair) known.emplace_back("country");
    require_known_keys(line, path_, known);
    for (auto const operation : operations) {
      if (!line.contains(std::string(operation))) continue;
      if (!operation_.empty()) {
        throw input_error(path_ + " has " + operation_ + " and " + std::string(operation) + "; it must have one of " +
                          "set, add, multiply and max");
      }
      operation_ = operation;
    }
    if (operation_.empty()) throw input_error(path_ + " has no set, add, multiply or max; it must have one of them");
    first_ = by_pair ? labels("exporter", source.countries) : labels("country", source.countries);
    second_ = by_pair ? labels("importer", source.countries) : std::vector<std::size_t>{0};
    sectors_ = labels("sector", source.sectors);
    if (line.contains("home")) {
      if (!line.at("home").is_boolean()) {
        throw input_error(join(path_, "home") + " is " + shown(line.at("home")) + "; it must be true or false");
      }
      home_ = line.at("home").get<bool>();
    }
  }

  [[nodiscard]] bool home() const { return home_; }
  [[nodiscard]] std::string const& path() const { return path_; }

  /// Changes the numbers that it is of. @param set  what is done to one, of taxes of 1 + tax
  void apply(std::vector<double>& numbers, bool of_taxes) const {
    if (of_taxes && home_) throw input_error(join(path_, "home") + " is true; taxes at home must be 0");
    auto const& value = line_.at(operation_);
    auto const by = value.is_object() ? from_file(value) : std::vector<double>{};
    double const one = value.is_object() ? 0 : read_number(value, join(path_, operation_));
    std::size_t changed = 0;
    for (auto const s : sectors_) {
      for (auto const j : second_) {
        for (auto const i : first_) {
          if (by_pair_ && i == j && !home_) continue;
          auto const at = by_pair_ ? source_.data.pair(i, j, s) : source_.data.place(i, s);
          double const x = by.empty() ? one : by[at];
          if (!by.empty() && std::isnan(x)) continue;
          ++changed;
          change(numbers[at], x, of_taxes || !by_pair_);
        }
      }
    }
    if (changed == 0) throw input_error(path_ + " matches nothing: no pair of countries is left");
  }

 private:
  static constexpr std::array<std::string_view, 4> operations{"set", "add", "multiply", "max"};

  [[nodiscard]] std::vector<std::size_t> labels(char const* key, label_set const& of) const {
    if (line_.contains(key)) return labels_matching(line_.at(key), join(path_, key), of);
    std::vector<std::size_t> all(of.size());
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = k;
    return all;
  }

  void change(double& number, double x, bool is_tax) const {
    if (operation_ == "set") number = x;
    if (operation_ == "add") number += x;
    if (operation_ == "multiply") number = is_tax ? (1 + number) * x - 1 : number * x;
    if (operation_ == "max") number = std::max(number, x);
    auto const must = is_tax ? rule::above_minus_one : rule::positive_or_infinite;
    if (melitz::detail::lies_in(melitz::detail::bounds_of(must), number)) return;
    throw input_error(join(path_, operation_) + " makes " + to_text(number) + "; it must " + melitz::to_words(must));
  }

  /// Numbers by place from a file that has columns of exporters, importers (or countries) and sectors, as many of these
  /// as it likes; NaN where it has no row.
  [[nodiscard]] std::vector<double> from_file(json const& value) const {
    auto const path = join(path_, operation_);
    auto request_of = value;
    std::string title(operation_);
    if (value.contains("column")) {
      auto const& column = value.at("column");
      if (!column.is_string()) throw input_error(path + ".column is " + shown(column) + "; it must be a title");
      title = column.get<std::string>();
      request_of.erase("column");
    }
    auto request = read_request(request_of, path);
    request.columns.emplace("number", title);
    auto const text = source_.read(request.name, path);
    source_.data.files.push_back(text.name);
    auto first = by_pair_ ? exporter_role(source_.countries) : country_role(source_.countries);
    auto second = importer_role(source_.countries);
    auto sector = sector_role(source_.sectors);
    first.optional = second.optional = sector.optional = true;
    std::vector<column_role> roles{first, sector, {.name = "number", .must = rule::finite}};
    if (by_pair_) roles.insert(roles.begin() + 1, second);
    auto const table = read_labelled(text, request, roles);
    std::size_t const sector_at = by_pair_ ? 2 : 1;
    auto const n = source_.countries.size();
    std::vector<double> out((by_pair_ ? n : 1) * n * source_.sectors.size(), std::nan(""));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      auto const range = [&](std::size_t role, std::size_t all) {
        bool const told = !table.labels[role].empty();
        return std::pair<std::size_t, std::size_t>(told ? table.labels[role][row] : 0,
                                                   told ? table.labels[role][row] + 1 : all);
      };
      auto const i_range = range(0, n), j_range = by_pair_ ? range(1, n) : std::pair<std::size_t, std::size_t>(0, 1);
      auto const s_range = range(sector_at, source_.sectors.size());
      for (auto s = s_range.first; s < s_range.second; ++s) {
        for (auto j = j_range.first; j < j_range.second; ++j) {
          for (auto i = i_range.first; i < i_range.second; ++i) {
            out[by_pair_ ? source_.data.pair(i, j, s) : source_.data.place(i, s)] = table.numbers[0][row];
          }
        }
      }
    }
    return out;
  }

  json const& line_;
  std::string path_;
  study_source const& source_;
  bool by_pair_;
  std::string operation_{};
  std::vector<std::size_t> first_{}, second_{}, sectors_{};
  bool home_ = false;
};

[[nodiscard]] std::vector<double> changed(json const& lines, std::string const& path, study_source const& source,
                                          std::vector<double> numbers, bool by_pair, bool of_taxes) {
  if (!lines.is_array() || lines.empty()) {
    throw input_error(path + " is " + shown(lines) + "; it must be a list of lines, [{...}]");
  }
  for (std::size_t k = 0; k < lines.size(); ++k) {
    change_line(lines[k], path + '[' + std::to_string(k) + ']', source, by_pair).apply(numbers, of_taxes && by_pair);
  }
  return numbers;
}

/// Words that papers use, for those of the library.
[[nodiscard]] json in_our_words(json const& value) {
  if (value == "restricted") return "fixed";
  return value;
}

/// A kind says some of a sector's numbers, which must not be given too, and wants others.
void require_fitting(sector_point const& point, std::string const& path, std::string const& sector) {
  auto const wrong = [&](char const* what, std::string const& must) {
    throw input_error(path + ": the " + what + " of the sector " + sector + " " + must);
  };
  auto const& kind = point.kind;
  if (std::isnan(point.trade_elasticity)) {
    wrong("trade_elasticity", "is missing; it must be given, with \"*\": {\"trade_elasticity\": 4} of all");
  }
  bool const scale_follows =
      kind == "armington" || kind == "eaton_kortum" || kind == "krugman" || kind == "melitz_pareto";
  if (scale_follows && point.scale_elasticity != 0)
    wrong("scale_elasticity", "is given; the kind " + kind + " says it already");
  if (std::isnan(point.elasticity) != (kind != "melitz_pareto"))
    wrong("elasticity", "is for the kind melitz_pareto, which must have it");
  if (point.market_cost_share.empty() != (kind != "nested_melitz_pareto"))
    wrong("market_cost_share", "is for the kind nested_melitz_pareto, which must have it");
  if (!kind.empty() && point.selection != std::vector<double>{0})
    wrong("selection", "is given; the kind " + kind + " says it already");
  if (kind == "nested_melitz_pareto" && point.destination_cost_share != std::vector<double>{0})
    wrong("destination_cost_share", "is given; the kind nested_melitz_pareto says it already");
}

/// Numbers by importer: one for all, or by patterns.
[[nodiscard]] std::vector<double> read_by_importer(json const& value, std::string const& path,
                                                   study_source const& source, rule must) {
  if (!value.is_object()) return {read_in(must, value, path)};
  if (value.contains("file")) {
    auto request_of = value;
    std::string title = "share";
    if (value.contains("column")) {
      title = read_choice(value.at("column"), path + ".column", {});
      request_of.erase("column");
    }
    request_of["columns"]["number"] = title;
    if (!request_of.contains("ignore")) request_of["ignore"] = json::array({"*"});
    return read_by_country(request_of, path, "number", must, source.countries, source.read, source.data.files);
  }
  std::vector<double> out(source.countries.size(), std::nan(""));
  for (auto const& [pattern, number] : value.items()) {
    for (auto const j : labels_matching(json(pattern), path, source.countries)) {
      out[j] = read_in(must, number, join(path, pattern));
    }
  }
  for (std::size_t j = 0; j < out.size(); ++j) {
    if (std::isnan(out[j])) throw input_error(path + " says nothing of " + source.countries[j] + "; it must");
  }
  return out;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, after = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<std::size_t> labels_matching(json const& value, std::string const& path, label_set const& labels) {
  std::vector<bool> is_one(labels.size(), false);
  auto const one = [&](json const& pattern, std::string const& place) {
    std::string const text = pattern.is_string()           ? pattern.get<std::string>()
                             : pattern.is_number_integer() ? pattern.dump()
                                                           : "";
    if (text.empty()) {
      throw input_error(place + " is " + shown(pattern) + "; it must be the name of a " + labels.what() +
                        ", a pattern such as \"*\", or a list of them");
    }
    bool any = false;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (labels[k] != text && !matches(text, labels[k])) continue;
      is_one[k] = any = true;
    }
    if (any) return;
    std::vector<std::string_view> known;
    for (std::size_t k = 0; k < labels.size(); ++k) known.emplace_back(labels[k]);
    throw input_error(place + " is " + shown(pattern) + ", which matches no " + labels.what() + " of " +
                      labels.source() + suggestion(text, known));
  };
  if (value.is_array()) {
    if (value.empty()) throw input_error(path + " is an empty list; it must name a " + labels.what());
    for (std::size_t k = 0; k < value.size(); ++k) one(value[k], path + '[' + std::to_string(k) + ']');
  } else {
    one(value, path);
  }
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < is_one.size(); ++k) {
    if (is_one[k]) out.push_back(k);
  }
  return out;
}

std::size_t label_named(json const& value, std::string const& path, label_set const& labels) {
  auto const found = labels_matching(value, path, labels);
  if (found.size() == 1) return found.front();
  throw input_error(path + " is " + shown(value) + ", which matches " + std::to_string(found.size()) + ' ' +
                    (labels.what() == "country" ? "countries" : "sectors") + "; it must be one");
}

void spell_labor(json& object) {
  if (!object.is_object()) return;
  json out = json::object();
  for (auto const& [key, value] : object.items()) {
    auto ours = key;
    if (auto const at = ours.find("labour"); at != std::string::npos) ours.erase(at + 4, 1);
    if (out.contains(ours)) throw input_error(ours + " is given twice, once as " + key);
    out[ours] = value;
  }
  object = std::move(out);
}

std::string read_choice(json const& value, std::string const& path, std::vector<std::string_view> const& known) {
  auto word = in_our_words(value);
  if (word.is_string()) {
    auto text = word.get<std::string>();
    if (auto const at = text.find("labour"); at != std::string::npos) word = text.erase(at + 4, 1);
  }
  if (known.empty()) {
    if (word.is_string()) return word.get<std::string>();
    throw input_error(path + " is " + shown(value) + "; it must be a word");
  }
  return read_word(word, path, known);
}

std::vector<double> changed_pairs(json const& lines, std::string const& path, study_source const& source,
                                  std::vector<double> before, bool of_taxes) {
  return changed(lines, path, source, std::move(before), true, of_taxes);
}

std::vector<double> changed_places(json const& lines, std::string const& path, study_source const& source,
                                   std::vector<double> before) {
  return changed(lines, path, source, std::move(before), false, true);
}

std::vector<double> read_sector_numbers(json const& value, std::string const& path, study_source const& source,
                                        rule must) {
  auto const count = source.sectors.size();
  if (!value.is_object()) return std::vector<double>(count, read_in(must, value, path));
  if (value.contains("file")) return read_by_sector(value, path, source.sectors, must, source.read, source.data.files);
  std::vector<double> out(count, std::nan(""));
  for (auto const& [pattern, number] : value.items()) {
    for (auto const s : labels_matching(json(pattern), path, source.sectors)) {
      out[s] = read_in(must, number, join(path, pattern));
    }
  }
  for (std::size_t s = 0; s < count; ++s) {
    if (std::isnan(out[s])) throw input_error(path + " says nothing of the sector " + source.sectors[s] + "; it must");
  }
  return out;
}

std::vector<sector_point> read_sectors(json const& rules, std::string const& path, study_source const& source,
                                       std::vector<sector_point> const& before) {
  require_object(rules, path);
  auto out = before;
  out.resize(source.sectors.size());
  constexpr std::string_view keys[] = {"kind",
                                       "trade_elasticity",
                                       "scale_elasticity",
                                       "elasticity",
                                       "profit_share",
                                       "selection",
                                       "destination_cost_share",
                                       "market_cost_share",
                                       "entry",
                                       "tariff_on",
                                       "convention",
                                       "scale_base"};
  for (auto const& [pattern, given] : rules.items()) {
    auto const here = join(path, pattern);
    auto const meant = labels_matching(json(pattern), path, source.sectors);
    require_object(given, here);
    require_known_keys(given, here, keys);
    if (given.contains("tariff_on") && given.contains("convention")) {
      throw input_error(here + " has tariff_on and convention, which is the same; it must have one of them");
    }
    for (auto const& [key, its] : given.items()) {
      auto const& value = its;  // lambdas do not capture the other
      auto const at = join(here, key);
      auto const number = [&](double sector_point::*into, rule must) {
        std::vector<double> all(out.size());
        if (value.is_object()) {
          all = read_sector_numbers(value, at, source, must);
        } else {
          std::fill(all.begin(), all.end(), read_in(must, value, at));
        }
        for (auto const s : meant) out[s].*into = all[s];
      };
      auto const word = [&](std::string sector_point::*into, std::vector<std::string_view> const& known) {
        auto const chosen = read_choice(value, at, known);
        for (auto const s : meant) out[s].*into = chosen;
      };
      auto const by_importer = [&](std::vector<double> sector_point::*into, rule must) {
        auto const all = read_by_importer(value, at, source, must);
        for (auto const s : meant) out[s].*into = all;
      };
      if (key == "kind") word(&sector_point::kind, words_of_kinds());
      if (key == "trade_elasticity") number(&sector_point::trade_elasticity, rule::positive);
      if (key == "scale_elasticity") number(&sector_point::scale_elasticity, rule::at_least_zero);
      if (key == "elasticity") number(&sector_point::elasticity, rule::above_one);
      if (key == "profit_share") number(&sector_point::profit_share, rule::share_below_one);
      if (key == "selection") by_importer(&sector_point::selection, rule::at_least_zero);
      if (key == "destination_cost_share") by_importer(&sector_point::destination_cost_share, rule::share);
      if (key == "market_cost_share") by_importer(&sector_point::market_cost_share, rule::share_below_one);
      if (key == "entry") word(&sector_point::entry, words_of_entry());
      if (key == "tariff_on" || key == "convention") word(&sector_point::tariff_on, words_of_tariff_bases());
      if (key == "scale_base") word(&sector_point::scale_base, words_of_scale_bases());
    }
  }
  for (std::size_t s = 0; s < out.size(); ++s) require_fitting(out[s], path, source.sectors[s]);
  return out;
}

}  // namespace melitz::front
