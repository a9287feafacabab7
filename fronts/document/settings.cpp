// SPDX-License-Identifier: BSL-1.0
#include "settings.hpp"

#include "document.hpp"
#include "laws.hpp"
#include "old_names.hpp"
#include "text.hpp"

#include <algorithm>

namespace melitz::front {

namespace {

constexpr std::string_view parameters_prefix = "parameters.", distribution_name = "distribution", all_of_them = "*";

/// The next step of a path such as components[0].log_sd: a key, or what stands in brackets.
struct step {
  std::string_view key;
  std::optional<std::string_view> index;
};

/// Takes the first step off `path`; nothing if it is not spelt as a path.
[[nodiscard]] std::optional<step> next_step(std::string_view& path) {
  step out;
  if (path.starts_with('[')) {
    auto const close = path.find(']');
    if (close == std::string_view::npos || close == 1) return std::nullopt;
    out.index = path.substr(1, close - 1);
    path.remove_prefix(close + 1);
  } else {
    out.key = path.substr(0, path.find_first_of(".["));
    if (out.key.empty()) return std::nullopt;
    path.remove_prefix(out.key.size());
  }
  if (path.starts_with('.')) {
    path.remove_prefix(1);
    if (path.empty() || path.starts_with('[')) return std::nullopt;
  } else if (!path.empty() && !path.starts_with('[')) {
    return std::nullopt;
  }
  return out;
}

[[nodiscard]] step require_step(std::string_view& path, std::string_view name) {
  if (auto const next = next_step(path)) return *next;
  throw input_error(std::string(name) + " is not a name such as distribution.components[0].log_sd");
}

/// The whole path that a name of --set or --sweep is short for.
[[nodiscard]] std::string full_path(std::string_view name) {
  if (name.ends_with('*')) name.remove_suffix(1);
  auto const after = name.starts_with(distribution_name) ? name.substr(distribution_name.size()) : std::string_view();
  if (name.starts_with(parameters_prefix) || after.starts_with('.') || after.starts_with('[')) return std::string(name);
  return std::string(parameters_prefix).append(name);
}

/// A value of the command line: a number, a yes or no, or a word.
[[nodiscard]] json read_value(std::string_view text) {
  if (auto const number = to_number(text)) return *number;
  if (text == "true" || text == "false") return text == "true";
  return std::string(text);
}

/// f(number) for each of a value that may be lists, but of a matrix for those at home.
template <class F>
void for_each_number(json& value, bool skips_home, F const& f) {
  if (!value.is_array()) {
    f(value);
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!skips_home || !value[i].is_array()) {
      for_each_number(value[i], false, f);
      continue;
    }
    for (std::size_t j = 0; j < value[i].size(); ++j) {
      if (i != j) for_each_number(value[i][j], false, f);
    }
  }
}

/// Is a path that of the family of a law?
[[nodiscard]] bool is_family(std::string_view path) {
  return path.starts_with(distribution_name) && path.ends_with(".family");
}

/// Sets one name.
class setter {
 public:
  setter(model_file& file, std::string_view name, json const& value)
      : content_(file.content), model_(model_in(file.content)), name_(name), value_(value), path_(full_path(name)) {
    go(content_, path_);
    std::erase_if(file.tables, [&](auto const& table) {  // what was read is no longer what stands there
      std::string_view const of = table.first;
      return what_ != nullptr ? of.substr(0, of.find('[')) == what_->name
                              : path_.starts_with(distribution_name) && of.starts_with(distribution_name);
    });
  }

 private:
  [[nodiscard]] bool is_list() const {
    return what_ != nullptr && (what_->extent != shape::number || what_->by_sector);
  }
  [[nodiscard]] std::string text() const { return std::string(name_); }

  /// Follows `rest`, which begins at `at`.
  void go(json& at, std::string_view rest) {
    if (rest.empty()) {
      change(at);
      return;
    }
    auto done = path_.substr(0, path_.size() - rest.size());
    auto const next = require_step(rest, name_);
    if (!next.index) {
      auto const name = std::string(next.key);
      if (is_family(path_) && rest.empty() && !name_.ends_with('*')) keep_common_keys(at, value_);
      go(key(at, name, done, rest.empty()), rest);
      return;
    }
    if (is_list() && indices_.empty()) write_out(at, done);
    auto const countries = names_in(content_);
    auto const index = read_index(*next.index, name_, is_by_country(done) ? &countries : nullptr);
    if (!at.is_array() || at.empty() || (index >= at.size() && index != every_element)) {
      throw input_error(text() + " does not exist: the model's " + done + " has no element [" +
                        std::string(*next.index) + ']');
    }
    std::size_t const row = of_sectors_ ? 1 : 0;  // which index is that of the row
    if (index == every_element && indices_.size() >= row) skips_home_ = is_list() && what_->at_home.has_value();
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (index != every_element && index != k) continue;
      indices_.push_back(k);
      bool const at_home = indices_.size() == row + 2 && indices_[row] == indices_[row + 1];
      if (!(skips_home_ && at_home)) go(at[k], rest);
      indices_.pop_back();
    }
  }

  /// Before the first index: one number for all now differs, and so may what a sector has.
  void write_out(json& at, std::string const& done) {
    of_sectors_ = lists_sectors(at, *what_) && at.size() > 1;
    if (!of_sectors_ && !at.is_number() && !at.is_string()) return;
    at = value_of(read_array(at, done, *what_, count_countries(content_, *model_)), *what_);
  }

  /// Is the next index, of what stands at `done`, that of a country?
  [[nodiscard]] bool is_by_country(std::string const& done) const {
    if (what_ == nullptr) return done == distribution_name;
    std::size_t const row = of_sectors_ ? 1 : 0;
    if (indices_.size() < row) return false;
    return (indices_.size() == row ? what_->indices.rows : what_->indices.columns) == melitz::told::by::country;
  }

  /// The member `key` of what stands at `done`; one that the file leaves out is made.
  [[nodiscard]] json& key(json& at, std::string const& key, std::string const& done, bool is_last) {
    bool const of_parameters = model_ != nullptr && done == parameters_prefix;
    if (of_parameters) {
      require_new_name(*model_, key);
      what_ = parameter_named(*model_, key);
    }
    if (what_ != nullptr && !what_->words.empty() && name_.ends_with('*')) {
      throw input_error(text() + ": it is " + choices_of(*what_) + ", which nothing can multiply");
    }
    bool const is_left_out = at.is_object() && !at.contains(key) && of_parameters;
    bool const needs_numbers = !is_last || name_.ends_with('*');
    if (is_left_out && needs_numbers && what_ != nullptr && what_->if_left_out) {
      at[key] = to_json(everywhere(*what_->if_left_out, *what_, count_countries(content_, *model_)), what_->indices);
    }
    if (!at.is_object() || (!is_last && !at.contains(key))) {
      throw input_error(text() + " does not exist: the model has no " + done + key);
    }
    return at[key];
  }

  void change(json& at) {
    bool const scales = name_.ends_with('*'), several = is_list() && at.is_array();
    if (several && !indices_.empty() && !(of_sectors_ && indices_.size() == 1)) {
      throw input_error(text() + " is several numbers; name one, such as " + text() + "[0], or all, " + text() + "[*]");
    }
    if (!scales && !several) {
      at = value_;
      return;
    }
    if (at.is_null()) throw input_error(text() + ": the model gives no value to multiply");
    bool const is_word = what_ != nullptr && !what_->words.empty();
    double const number = is_word ? 0 : read_number(value_, path_);
    auto const one = [&](json& x) {
      if (!scales) {
        x = is_word ? value_ : json(number);
      } else if (x.is_number()) {
        x = x.get<double>() * number;
      } else if (!infinity_in_words(x)) {  // which stays what it is
        throw input_error(text() + ": " + shown(x) + " is no number to multiply");
      }
    };
    bool const skips_home = is_list() && what_->at_home.has_value();
    if (several && lists_sectors(at, *what_)) {
      for (auto& sector : at) for_each_number(sector, skips_home, one);
    } else {
      for_each_number(at, skips_home, one);
    }
  }

  json& content_;
  model const* model_;
  std::string_view name_;
  json const& value_;
  std::string path_;
  parameter const* what_ = nullptr;  ///< the name is of
  std::vector<std::size_t> indices_{};
  bool of_sectors_ = false;  ///< the first of them is of a sector
  bool skips_home_ = false;
};

}  // namespace

std::size_t read_index(std::string_view index, std::string_view name, std::vector<std::string> const* countries) {
  if (index == all_of_them) return every_element;
  if (auto const number = whole_number(index)) return std::min(*number, every_element - 1);
  auto const nothing = std::string(name) + " does not exist: ";
  if (countries == nullptr) throw input_error(nothing + std::string(index) + " is no number, as its index must be");
  auto const found = std::find(countries->begin(), countries->end(), index);
  if (found != countries->end()) return static_cast<std::size_t>(found - countries->begin());
  std::vector<std::string_view> const known(countries->begin(), countries->end());
  throw input_error(nothing + "no country has the name " + std::string(index) +
                    (known.empty() ? "; \"countries\" would give them names" : suggestion(index, known)));
}

void set_value(model_file& file, std::string_view name, json const& value) { setter(file, name, value); }

void set_values(model_file& file, std::vector<assignment> const& all) {
  for (bool const families : {true, false}) {
    for (auto const& [name, value] : all) {
      if (is_family(full_path(name)) == families) set_value(file, name, value);
    }
  }
}

void set_by_path(json& document, std::string_view name, json const& value) {
  auto const follow = [&](auto const& self, json& at, std::string_view rest) -> void {
    if (rest.empty()) {
      at = value;
      return;
    }
    auto here = std::string(name.substr(0, name.size() - rest.size()));
    if (here.ends_with('.')) here.pop_back();
    auto const next = require_step(rest, name);
    auto const key = std::string(next.index ? *next.index : next.key);
    auto const nothing = [&](std::string const& why) {
      throw input_error(std::string(name) + " does not exist: " + (here.empty() ? "the document" : here) + ' ' + why);
    };
    if (at.is_object()) {
      if (!rest.empty() && !at.contains(key)) nothing("has no " + key);
      self(self, at[key], rest);
      return;
    }
    if (!at.is_array() || !next.index) nothing("is " + shown(at) + ", which has no " + key);
    bool any = false;
    for (std::size_t k = 0; k < at.size(); ++k) {
      bool const named = at[k].is_object() && at[k].contains("name") && at[k].at("name") == key;
      if (key != all_of_them && !named && whole_number(key) != k) continue;
      any = true;
      self(self, at[k], rest);
    }
    if (!any) nothing("has no element [" + key + ']');
  };
  if (name.empty()) throw input_error("a name is empty; it must be a path such as scenarios[0].name");
  follow(follow, document, name);
}

std::optional<indexed_name> read_indexed_name(std::string_view text) {
  auto const first = next_step(text);
  if (!first || first->index) return std::nullopt;
  indexed_name out{.name = first->key};
  while (!text.empty()) {
    auto const next = next_step(text);
    if (!next || !next->index) return std::nullopt;
    out.indices.push_back(*next->index);
  }
  return out;
}

assignment read_assignment(std::string const& text, std::string_view option) {
  auto const equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw input_error(std::string(option) + ' ' + text +
                      " is not NAME=VALUE, for instance iceberg_cost=1.4 or distribution.log_sd=0.6");
  }
  return {text.substr(0, equals), read_value(std::string_view(text).substr(equals + 1))};
}

parameter const* parameter_meant(model const& what, std::string_view name) {
  auto const path = full_path(name);
  if (!path.starts_with(parameters_prefix)) return nullptr;
  auto rest = std::string_view(path).substr(parameters_prefix.size());
  auto const first = next_step(rest);
  return first ? parameter_named(what, first->key) : nullptr;
}

std::optional<target> target_of(model_input const& input, std::string_view name) {
  auto const* what = parameter_meant(*input.what, name);
  if (what == nullptr) return std::nullopt;
  auto const path = full_path(name);
  auto rest = std::string_view(path).substr(parameters_prefix.size());
  (void)next_step(rest);
  target out{.parameter = static_cast<std::size_t>(what - input.what->parameters.data()),
             .scales = name.ends_with('*')};
  while (!rest.empty()) {
    auto const next = next_step(rest);
    if (!next || !next->index) return std::nullopt;
    out.indices.push_back(read_index(*next->index, name, &input.names));
  }
  return out;
}

bool overlap(json const& document, std::string_view one, std::string_view other) {
  auto const first = full_path(one), second = full_path(other);
  auto const countries = names_in(document);
  std::string_view a = first, b = second;
  while (!a.empty() && !b.empty()) {
    auto const s = require_step(a, one), t = require_step(b, other);
    if (s.key != t.key || s.index.has_value() != t.index.has_value()) return false;
    if (!s.index || *s.index == *t.index) continue;
    auto const i = read_index(*s.index, one, &countries), j = read_index(*t.index, other, &countries);
    if (i != j && i != every_element && j != every_element) return false;
  }
  return true;  // as far as the shorter one goes
}

}  // namespace melitz::front
