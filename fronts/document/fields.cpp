// SPDX-License-Identifier: BSL-1.0
#include "fields.hpp"

#include "settings.hpp"
#include "text.hpp"

#include <algorithm>
#include <utility>

namespace melitz::front {

namespace {

using melitz::told::by;

/// What a result is by: sectors, which are by nothing that is told, first.
struct index {
  by what;
  std::size_t count;
};
[[nodiscard]] std::vector<index> indices_of(model_input const& input, result const& r) {
  std::vector<index> out;
  if (r.by_sector && input.sectors > 1) out.push_back({by::none, input.sectors});
  for (by const what : {r.indices.rows, r.indices.columns}) {
    if (what != by::none) out.push_back({what, count_of(input, what)});
  }
  return out;
}

/// The place of the number that indices mean; nothing without them.
[[nodiscard]] std::optional<std::size_t> number_meant(model_input const& input, std::string const& text,
                                                      indexed_name const& name, result const& r) {
  if (name.indices.empty()) return std::nullopt;
  auto const all = indices_of(input, r);
  if (name.indices.size() != all.size()) {
    std::string example = r.name;
    for (std::size_t k = 0; k < all.size(); ++k) example += "[0]";
    throw input_error(text + " is no number; " +
                      (all.empty() ? r.name + " is one" : "name one, such as " + example + ", or all, " + r.name));
  }
  std::size_t out = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    auto const here = read_index(name.indices[k], text, all[k].what == by::country ? &input.names : nullptr);
    if (here >= all[k].count) {
      throw input_error(text + " does not exist: " + r.name + " has no element [" + std::string(name.indices[k]) + ']');
    }
    out = out * all[k].count + here;
  }
  return out;
}

}  // namespace

std::vector<field> all_fields(model const& what) {
  std::vector<field> out;
  for (std::size_t k = 0; k < what.results.size(); ++k) out.push_back({what.results[k].name, k});
  return out;
}

std::vector<field> fields_named(model_input const& input, std::vector<std::string> const& names) {
  if (names.empty()) return all_fields(*input.what);
  auto const& results = input.what->results;
  std::vector<field> out;
  for (auto const& text : names) {
    if (text == "status") continue;
    auto const name = read_indexed_name(text);
    if (!name) throw input_error('"' + text + "\" is not the name of a result, such as welfare or exports[0][1]");
    auto const found =
        std::find_if(results.begin(), results.end(), [&](result const& r) { return r.name == name->name; });
    if (found == results.end()) {
      std::vector<std::string_view> known;
      for (auto const& r : results) known.push_back(r.name);
      throw input_error(text + " is no result of the model " + std::string(input.what->name) +
                        suggestion(name->name, known));
    }
    field one{text, static_cast<std::size_t>(found - results.begin()), number_meant(input, text, *name, *found)};
    for (auto const& before : out) {
      if (before.result == one.result && before.number == one.number) throw input_error(text + " is asked for twice");
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<std::string> names_in_list(std::string_view text) {
  std::vector<std::string> out(1);
  bool in_brackets = false;
  for (char const c : text) {
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (c == ',' && !in_brackets) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

}  // namespace melitz::front
