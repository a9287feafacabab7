// SPDX-License-Identifier: BSL-1.0
#include "list_models.hpp"

#include "document.hpp"
#include "text.hpp"

#include <algorithm>
#include <ostream>
#include <vector>

namespace melitz::front {

namespace {

[[nodiscard]] std::string word_for(melitz::told::by_two indices) {
  if (!indices.told()) return "number";
  if (indices.rows == indices.columns) return "by_pair";
  auto const out = std::string("by_") + words_of(indices.rows).one;
  return indices.columns == melitz::told::by::none ? out : out + "_and_" + words_of(indices.columns).one;
}

constexpr char const* by_sector = "; may be a list, by sector";

/// What is said of a parameter besides its unit: how many numbers it is, and what they must do.
[[nodiscard]] std::string rules(parameter const& p) {
  if (!p.words.empty()) {
    return choices_of(p) + "; " + std::string(p.words.at(static_cast<std::size_t>(*p.if_left_out))) + " if left out" +
           (p.by_sector ? by_sector : "");
  }
  std::string out = p.indices.told() && p.extent != shape::by_period ? word_for(p.indices) + ", " : "";
  std::replace(out.begin(), out.end(), '_', ' ');
  out += "must " + std::string(p.restriction);
  if (p.may_be_infinite) out += R"( ("inf": none))";
  if (p.at_home) out += "; one number: abroad, and " + to_text(*p.at_home) + " at home";
  if (!p.as_if_left_out.empty()) out += "; as " + p.as_if_left_out + " if left out";
  if (p.if_left_out) out += "; " + (p.none_if_left_out ? "none" : to_text(*p.if_left_out)) + " if left out";
  if (p.by_sector) out += by_sector;
  return out;
}

[[nodiscard]] std::string unit_and_meaning(parameter const& p) {
  std::string out(p.unit);
  if (!out.empty() && !p.meaning.empty()) out += ", ";
  return out.append(p.meaning);
}

void list(std::ostream& out, std::vector<parameter> const& parameters) {
  std::size_t name_width = 0, unit_width = 0;
  for (auto const& p : parameters) {
    name_width = std::max(name_width, p.name.size());
    unit_width = std::max(unit_width, unit_and_meaning(p).size());
  }
  for (auto const& p : parameters) {
    auto const unit = unit_and_meaning(p);
    out << "    " << p.name << std::string(name_width - p.name.size() + 2, ' ') << unit
        << std::string(unit_width - unit.size() + (unit_width > 0 ? 2 : 0), ' ') << rules(p) << '\n';
  }
}

/// A value that runs.
[[nodiscard]] json example_value(parameter const& p) {
  if (!p.words.empty()) return word_at(p, p.example);
  return p.example_list.empty() ? json(p.example) : json::parse(p.example_list);
}

/// A model file that runs.
[[nodiscard]] json example_of(model const& what) {
  json out;
  out["model"] = what.name;
  if (what.laws != laws_wanted::none) out["distribution"] = json::parse(what.example_law);
  auto& parameters = out["parameters"] = json::object();
  auto const changed = json::parse(what.example_change);
  for (auto const& p : what.parameters) {
    if (changed.contains(p.name)) parameters[p.name] = changed.at(p.name);
    if (!p.as_if_left_out.empty() || p.example_list == "[]") continue;
    auto& value = parameters[p.name];
    value = example_value(p);
  }
  return out;
}

[[nodiscard]] std::string_view word_for(laws_wanted laws) {
  constexpr std::string_view words[] = {"none", "one", "by_country", "by_industry_and_country",
                                        "ability_and_attributes"};
  return words[static_cast<std::size_t>(laws)];
}

/// All that is known of a parameter of a model, or of a key of a law.
[[nodiscard]] json described(parameter const& p) {
  json out{{"name", p.name}, {"meaning", p.meaning}, {"unit", p.unit}};
  if (p.words.empty()) {
    out["restriction"] = p.restriction;
    out["may_be_infinite"] = p.may_be_infinite;
  } else {
    for (std::size_t k = 0; k < p.words.size(); ++k) out["words"].push_back(word_at(p, static_cast<double>(k)));
  }
  if (p.none_if_left_out) out["if_left_out"] = nullptr;
  if (p.if_left_out && !p.none_if_left_out)
    out["if_left_out"] = p.words.empty() ? json(*p.if_left_out) : word_at(p, *p.if_left_out);
  if (!p.as_if_left_out.empty()) out["as_if_left_out"] = p.as_if_left_out;
  if (p.at_home) out["at_home"] = *p.at_home;
  if (p.by_sector) out["by_sector"] = true;
  return out;
}

[[nodiscard]] json described(result const& r) {
  json out{{"name", r.name},         {"unit", r.unit},          {"symbol", r.symbol},
           {"equation", r.equation}, {"part", word_of(r.part)}, {"shape", word_for(r.indices)}};
  if (r.by_sector) out["by_sector"] = true;
  return out;
}

/// A list in JSON, each element on a line of its own.
void write_list(std::ostream& out, std::string const& indent, std::vector<json> const& elements) {
  out << '[';
  std::string_view separator = "\n";
  for (auto const& element : elements) {
    out << separator << indent << "  " << in_one_line(element);
    separator = ",\n";
  }
  out << '\n' << indent << ']';
}

}  // namespace

void list_models_in_json(std::ostream& out) {
  out << "{\n  \"models\": [";
  std::string_view separator = "\n";
  for (auto const& m : models()) {
    std::vector<json> parameters, results;
    for (auto const& p : m.parameters) {
      auto& one = parameters.emplace_back(described(p));
      one["shape"] = word_for(p.indices);
      one["example"] = example_value(p);
    }
    for (auto const& r : m.results) results.push_back(described(r));
    out << separator << "    {\n      \"name\": " << in_one_line(m.name)
        << ",\n      \"title\": " << in_one_line(m.title) << ",\n      \"laws\": " << in_one_line(word_for(m.laws))
        << ",\n      \"parameters\": ";
    write_list(out, "      ", parameters);
    out << ",\n      \"results\": ";
    write_list(out, "      ", results);
    out << "\n    }";
    separator = ",\n";
  }
  out << "\n  ],\n  \"laws\": [";
  separator = "\n";
  for (auto const& f : families_for_listing()) {
    std::vector<json> keys;
    for (auto const& key : f.keys) {
      keys.push_back(described(key));
      keys.back()["shape"] = key.extent == shape::number ? "number" : "list";
    }
    out << separator << "    {\n      \"name\": " << in_one_line(f.name) << ",\n      \"keys\": ";
    write_list(out, "      ", keys);
    out << "\n    }";
    separator = ",\n";
  }
  out << "\n  ]\n}\n";
}

void list_models(std::ostream& out) {
  out << "Models (\"model\") and their \"parameters\"\n";
  for (auto const& m : models()) {
    out << "\n  " << m.name << ": " << m.title << '\n';
    list(out, m.parameters);
  }
  out << "\nLaws of productivity (\"family\" in \"distribution\") and their keys\n";
  for (auto const& f : families_for_listing()) {
    out << "\n  " << f.name << '\n';
    list(out, f.keys);
  }
}

void write_example(std::ostream& out, model const& what, std::vector<assignment> const& settings) {
  model_file file{example_of(what)};
  set_values(file, settings);
  if (!settings.empty()) (void)read_model(file);  // a name that the model does not have
  out << '{';
  for (auto const& [key, value] : file.content.items()) {
    out << (key == "model" ? "\n" : ",\n") << "  \"" << key << "\": ";
    if (key != "parameters") {
      out << in_one_line(value);
      continue;
    }
    out << '{';
    std::string_view separator = "\n";
    for (auto const& [name, number] : value.items()) {
      out << separator << "    \"" << name << "\": " << in_one_line(number);
      separator = ",\n";
    }
    out << "\n  }";
  }
  out << "\n}\n";
}

}  // namespace melitz::front
