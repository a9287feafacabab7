// SPDX-License-Identifier: BSL-1.0
#include "document.hpp"
#include "operations.hpp"
#include "write.hpp"

#include <melitz/catalog/model.hpp>

#include <utility>

namespace melitz::front {

namespace {

using melitz::catalog::array_of;

/// What every answer begins with; it ends with its inputs.
[[nodiscard]] json begun(model_input const& input, melitz::status reason) {
  json out = json::object();
  if (input.id) out["id"] = *input.id;
  out["model"] = input.what->name;
  out["version"] = library_version();
  if (!input.names.empty()) out["countries"] = input.names;
  out["status"] = melitz::to_string(reason);
  return out;
}

[[nodiscard]] json with_inputs(json out, model_input const& input) {
  out["inputs"] = inputs_of(input);
  return out;
}

[[nodiscard]] json in_json(double number) { return to_json(array_of(number), {}); }

[[nodiscard]] json in_json(result_value const& value, melitz::told::by_two indices) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return *word;
  if (auto const* yes = std::get_if<bool>(&value)) return *yes;
  if (auto const* numbers = std::get_if<array>(&value)) return to_json(*numbers, indices);
  return in_json(std::get<double>(value));
}

/// A list of one member of each.
template <class List, class Member>
[[nodiscard]] json column(List const& list, Member const& of) {
  json out = json::array();
  for (auto const& one : list) out.push_back(of(one));
  return out;
}
template <class Row>
[[nodiscard]] json column(std::vector<Row> const& rows, double Row::*member) {
  return column(rows, [&](Row const& row) { return in_json(row.*member); });
}

/// {"welfare": {"iceberg_cost": -0.2, ...}, ...}
[[nodiscard]] json nested(slopes const& given, std::vector<double> const& table) {
  json out = json::object();
  for (std::size_t r = 0; r < given.results.size(); ++r) {
    json row = json::object();
    for (std::size_t p = 0; p < given.parameters.size(); ++p) {
      row[given.parameters[p]] = in_json(table[r * given.parameters.size() + p]);
    }
    out[given.results[r]] = std::move(row);
  }
  return out;
}

}  // namespace

json json_of(comparison const& given, model_input const& before, model_input const& after,
             std::vector<field> const& fields) {
  auto const& input = before;
  json out = begun(input, given.reason());
  auto const ended = [&] {
    out["warnings"] = {{"before", given.before.warnings}, {"after", given.after.warnings}};
    out["inputs"] = {{"before", inputs_of(before)}, {"after", inputs_of(after)}};
    return out;
  };
  if (!given.failed().empty()) {
    out["not_solved"] = given.failed();
    return ended();
  }
  json results = json::object();
  for (auto const& f : fields) {
    auto const &was = given.before.values[f.result], &is = given.after.values[f.result];
    auto const& percent = given.percent[f.result];
    auto const indices = input.what->results[f.result].indices;
    bool const is_word = std::holds_alternative<std::string_view>(was) || std::holds_alternative<bool>(was);
    if (!is_word && percent.numbers.empty()) continue;
    auto const number = [&](array const& all) { return in_json(all.numbers.at(*f.number)); };
    json row = f.number ? json{{"before", number(std::get<array>(was))}, {"after", number(std::get<array>(is))}}
                        : json{{"before", in_json(was, indices)}, {"after", in_json(is, indices)}};
    if (!is_word) row["percent"] = f.number ? number(percent) : to_json(percent, indices);
    results[f.name] = std::move(row);
  }
  out["results"] = std::move(results);
  if (!input.what->fates) return ended();
  if (!given.without_firms.empty()) {
    out["without_firms"] = given.without_firms;
    return ended();
  }
  out["firms"] = column(given.firms, [](firms_alike const& group) {
    return json{{"effect", group.effect}, {"lower", in_json(group.lower)}, {"upper", in_json(group.upper)}};
  });
  return ended();
}

json json_of_gains(answered<array> const& given, model_input const& input) {
  json out = begun(input, given.reason);
  if (!given.solved()) return with_inputs(std::move(out), input);
  auto percent = given.values;
  for (auto& x : percent.numbers) x = 100 * (x - 1);
  // Of one country a number, as its welfare is; else a list.
  melitz::told::by_two const indices{input.what->has_countries() || given.values.numbers.size() > 1
                                         ? melitz::told::by::country
                                         : melitz::told::by::none};
  out["gains_from_trade"] = to_json(given.values, indices);
  out["percent"] = to_json(percent, indices);
  return with_inputs(std::move(out), input);
}

json json_of(answered<std::vector<firm>> const& given, model_input const& input) {
  json out = begun(input, given.reason);
  if (!given.solved()) return with_inputs(std::move(out), input);
  out["productivity"] = column(given.values, &firm::productivity);
  out["choice"] = column(given.values, [](firm const& f) { return json(f.choice); });
  out["price"] = column(given.values, &firm::price);
  out["revenue"] = column(given.values, &firm::revenue);
  out["profit"] = column(given.values, &firm::profit);
  return with_inputs(std::move(out), input);
}

json json_of(answered<std::vector<conditions_at_cutoff>> const& given, model_input const& input) {
  using row = conditions_at_cutoff;
  json out = begun(input, given.reason);
  if (!given.solved()) return with_inputs(std::move(out), input);
  out["cutoff"] = column(given.values, &row::cutoff);
  out["export_cutoff"] = column(given.values, &row::export_cutoff);
  out["value_of_entry"] = column(given.values, &row::value_of_entry);
  out["average_profit"] = column(given.values, &row::average_profit);
  out["average_profit_required"] = column(given.values, &row::average_profit_required);
  return with_inputs(std::move(out), input);
}

json json_of(slopes const& given, model_input const& input) {
  json out = begun(input, given.reason);
  if (!given.solved()) return with_inputs(std::move(out), input);
  json results = json::object();
  for (std::size_t r = 0; r < given.results.size(); ++r) results[given.results[r]] = in_json(given.values[r]);
  out["results"] = std::move(results);
  out["derivatives"] = nested(given, given.table);
  if (!given.elasticities.empty()) out["elasticities"] = nested(given, given.elasticities);
  return with_inputs(std::move(out), input);
}

}  // namespace melitz::front
