// SPDX-License-Identifier: BSL-1.0
#include "tables.hpp"

#include "document.hpp"
#include "laws.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace melitz::front {

namespace {

/// The names of countries in two places must be the same.
void require_same(csv_table const& table, std::vector<std::string> const& countries, std::string const& from) {
  for (std::size_t k = 0; k < std::min(countries.size(), table.countries.size()); ++k) {
    if (table.countries[k] == countries[k]) continue;
    throw input_error(table.place_of_name(k) + ": mislabelled: it is of " + table.countries[k] + "; it must be of " +
                      countries[k] + ", as " + from + " has it" + in_another_order(table.countries, countries));
  }
  if (table.countries.empty() || table.countries.size() == countries.size()) return;
  throw input_error(table.name + " has " + std::to_string(table.countries.size()) + " countries; it must have the " +
                    std::to_string(countries.size()) + " that " + from + " has");
}

/// Reads the files that a document names, one after the other.
class table_reader {
 public:
  table_reader(model_file& file, file_reader const& read) : file_(file), read_(read) {}

  /// Numbers by country, or by pair of countries.
  void parameters(model const& what, json& given) {
    if (file_.content.contains("countries")) countries_ = read_countries(file_.content.at("countries"));
    std::set<std::string_view> lists;
    for (auto const& p : what.parameters) {
      auto const found = given.find(std::string(p.name));
      bool const tables = p.extent == shape::by_country || p.extent == shape::by_pair;
      if (!tables || found == given.end()) continue;
      if (!lists_sectors(*found, p)) {
        if (parameter_at(*found, p, p.name)) lists.insert(p.name);
        continue;
      }
      for (std::size_t h = 0; h < found->size(); ++h) {
        (void)parameter_at((*found)[h], p, p.name + '[' + std::to_string(h) + ']');
      }
    }
    // Only now: a document keeps its keys in a row, and one more may move all of them.
    if (countries_ && !file_.content.contains("countries")) file_.content["countries"] = *countries_;
    unwrap_numbers_for_all(file_.content, lists);
  }

  /// The data of laws, wherever they stand in `at`.
  void data(json& at, std::string const& path) {
    for (std::size_t k = 0; at.is_array() && k < at.size() && at[k].is_structured(); ++k) {
      data(at[k], path + '[' + std::to_string(k) + ']');
    }
    if (!at.is_object()) return;
    for (auto const& [key, value] : at.items()) {
      auto const here = join(path, key);
      if (is_data(at, key)) {
        column_at(value, here, key == "weights");
      } else {
        data(value, here);
      }
    }
  }

 private:
  /// @return whether it is the name of a file, whose numbers then stand there
  bool parameter_at(json& value, parameter const& what, std::string const& name) {
    if (!names_a_file(value)) return false;
    auto const path = join("parameters", name);
    auto const text = read_(value.get<std::string>(), path);
    auto table = read_csv(text.text, text.name, path, what);
    value = to_json(table.numbers, what.indices);
    if (countries_) {
      require_same(table, *countries_, named_by_);
    } else if (!table.countries.empty()) {
      countries_ = table.countries;
      named_by_ = table.name;
    }
    keep(std::move(table), name);
    return true;
  }

  void column_at(json& value, std::string const& path, bool are_weights) {
    std::optional<std::string> title;
    if (value.is_array() && value.size() == 1 && names_a_file(value[0])) value = json(value[0]);  // as R writes it
    json name = value;
    if (value.is_object()) {
      constexpr std::string_view keys[] = {"file", "column"};
      require_known_keys(value, path, keys);
      name = member(value, path, "file", "be the name of a CSV file");
      auto const& column = member(value, path, "column", "be the title of a column of that file");
      if (!name.is_string()) throw input_error(join(path, "file") + " is " + shown(name) + "; it must be a name");
      if (!column.is_string())
        throw input_error(join(path, "column") + " is " + shown(column) + "; it must be a title");
      title = column.get<std::string>();
    } else if (!names_a_file(value)) {
      return;
    }
    auto const text = read_(name.get<std::string>(), path);
    auto table = read_column(text.text, text.name, path, title);
    if (are_weights) to_shares(table);
    value = to_json(table.numbers, {melitz::told::by::period});
    keep(std::move(table), path);
  }

  /// Weights in data say how many firms an observation stands for; a law wants probabilities.
  static void to_shares(csv_table& table) {
    auto& numbers = table.numbers.numbers;
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if (numbers[k] >= 0 && std::isfinite(numbers[k])) continue;
      throw input_error(table.place({k}) + ": the weight is " + to_text(numbers[k]) +
                        "; it must be at least 0 and finite");
    }
    double const sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
    if (!(sum > 0) || !std::isfinite(sum)) {
      throw input_error(table.name + ": the sum of the weights is " + to_text(sum) +
                        "; it must be positive and finite");
    }
    for (auto& x : numbers) x /= sum;
  }

  /// Remembers where the numbers came from.
  void keep(csv_table table, std::string const& name) {
    table.numbers = {};
    file_.files.push_back(table.name);
    file_.tables.insert_or_assign(name, std::move(table));
  }

  model_file& file_;
  file_reader const& read_;
  std::optional<std::vector<std::string>> countries_{};
  std::string named_by_ = "\"countries\"";
};

}  // namespace

std::vector<std::string> read_countries(json const& value) {
  if (!value.is_array() || value.empty()) {
    throw input_error("countries is " + shown(value) + "; it must be a list of names, [\"...\", ...]");
  }
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (auto const& given : value) {
    auto const path = "countries[" + std::to_string(out.size()) + ']';
    out.push_back(given.is_string() ? given.get<std::string>() : "");
    if (wrong_with_name(out.back())) {
      throw input_error(path + " is " + shown(given) +
                        "; it must be a name that is no number and has no [, ] or = in it");
    }
    if (!seen.insert(out.back()).second) throw input_error(path + " is " + shown(given) + ", which is there twice");
  }
  return out;
}

model_file with_tables(json document, file_reader const& read) {
  unwrap_scalars(document);
  model_file out{std::move(document)};
  read_data(out, read);
  auto const* what = model_in(out.content);
  if (what == nullptr || !what->has_countries() || !out.content.contains("parameters")) return out;
  auto& given = out.content.at("parameters");
  if (given.is_object()) table_reader(out, read).parameters(*what, given);
  return out;
}

void read_data(model_file& file, file_reader const& read) {
  if (!file.content.is_object()) return;
  auto const laws = file.content.find("distribution");
  if (laws != file.content.end()) table_reader(file, read).data(*laws, "distribution");
}

}  // namespace melitz::front
