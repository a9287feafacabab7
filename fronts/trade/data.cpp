// SPDX-License-Identifier: BSL-1.0
#include "data.hpp"

#include "../document/text.hpp"
#include "schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace melitz::front {

namespace {

using melitz::rule;

/// More numbers than any table of trade has.
constexpr double most_numbers = 2e8;

/// The place of a role of numbers among those that are numbers, if the file has it.
[[nodiscard]] std::vector<double> const* numbers_of(labelled_table const& table, std::size_t k) {
  return table.numbers[k].empty() ? nullptr : &table.numbers[k];
}

class data_reader {
 public:
  data_reader(json const& document, file_reader const& read) : document_(document), read_(read) {}

  [[nodiscard]] trade_data all() {
    flows();
    tariffs();
    production_taxes();
    shares();
    gdp();
    net_to_gross();
    require_trade();
    look_at_schedules();
    return std::move(out_);
  }

 private:
  [[nodiscard]] json const* given(char const* key) const {
    auto const found = document_.find(key);
    return found == document_.end() ? nullptr : &*found;
  }
  [[nodiscard]] file_request request_of(json const& value, char const* key, std::vector<std::string_view> more = {}) {
    auto request = read_request(value, key, more);
    if (auto const* importer = given("importer"); importer != nullptr && request.importer.empty()) {
      constexpr std::string_view words[] = {"first", "second"};
      request.importer_if_unsaid = read_word(*importer, "importer", words);
    }
    return request;
  }
  [[nodiscard]] labelled_table table_of(file_request const& request, std::vector<column_role> const& roles) {
    auto const text = read_(request.name, request.path);
    out_.files.push_back(text.name);
    return read_labelled(text, request, roles);
  }
  [[nodiscard]] bool yes(char const* key) const {
    auto const* value = given(key);
    if (value == nullptr) return false;
    if (!value->is_boolean())
      throw input_error(std::string(key) + " is " + shown(*value) + "; it must be true or false");
    return value->get<bool>();
  }
  [[nodiscard]] std::size_t n() const { return countries_.size(); }
  [[nodiscard]] std::size_t count() const { return sectors_.size(); }

  void flows() {
    auto const& value = member(document_, "", "flows", "be the name of a CSV file: exporter,importer,sector,value");
    auto sector = sector_role(sectors_);
    sector.optional = true;  // of one sector nobody speaks
    sector.titles.emplace_back("indcode");
    std::vector<column_role> const roles{
        exporter_role(countries_),
        importer_role(countries_),
        sector,
        {.name = "value", .titles = {"value", "flow", "trade_value"}, .must = rule::at_least_zero, .prefix = "value_"},
        {.name = "tariff", .titles = {"tariff", "import_tax"}, .must = rule::above_minus_one, .optional = true},
        {.name = "export_tax", .titles = {"export_tax"}, .must = rule::above_minus_one, .optional = true}};
    auto const table = table_of(request_of(value, "flows"), roles);
    if (table.labels[2].empty()) sectors_.add("all");
    out_.countries = countries_.names();
    out_.sectors = sectors_.names();
    out_.flows_file = table.file;
    for (auto* labels : {&countries_, &sectors_}) {
      labels->close();
      labels->set_source(table.file);
    }
    double const size = static_cast<double>(n()) * static_cast<double>(n()) * static_cast<double>(count());
    if (size > most_numbers) {
      throw input_error(table.file + " has " + std::to_string(n()) + " countries and " + std::to_string(count()) +
                        " sectors; it must be no more than " + to_text(most_numbers) + " pairs and sectors");
    }
    double const total = std::accumulate(table.numbers[0].begin(), table.numbers[0].end(), 0.0);
    if (!std::isfinite(total)) throw input_error(table.file + ": the sum of all values is beyond the range of double");
    net_ = yes("value_net_of_tariff") || table.titles[3] == "value_net_of_tariff";
    spread(table, 0, out_.flows);
    if (numbers_of(table, 1) != nullptr) taxes(table, 1, "tariff", out_.import_tax);
    if (numbers_of(table, 2) != nullptr) taxes(table, 2, "export_tax", out_.export_tax);
  }

  /// Puts numbers by pair and sector where they belong.
  void spread(labelled_table const& table, std::size_t k, std::vector<double>& into) const {
    into.assign(n() * n() * count(), 0.0);
    bool const one_sector = table.labels[2].empty();
    for (std::size_t row = 0; row < table.rows(); ++row) {
      std::size_t const s = one_sector ? 0 : table.labels[2][row];
      into[out_.pair(table.labels[0][row], table.labels[1][row], s)] = table.numbers[k][row];
    }
  }
  void taxes(labelled_table const& table, std::size_t k, char const* what, std::vector<double>& into) const {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.labels[0][row] != table.labels[1][row] || table.numbers[k][row] == 0) continue;
      throw input_error(table.place(row) + ": the " + what + " of " + table.label(row) + " is " +
                        to_text(table.numbers[k][row]) + "; it must be 0 at home");
    }
    spread(table, k, into);
  }

  void tariffs() {
    pair_taxes("tariffs", "tariff", {"tariff", "import_tax"}, out_.import_tax);
    pair_taxes("export_taxes", "export_tax", {"export_tax"}, out_.export_tax);
  }
  void pair_taxes(char const* key, char const* what, std::vector<std::string_view> titles, std::vector<double>& into) {
    auto const* value = given(key);
    if (value == nullptr) return;
    if (!into.empty()) {
      throw input_error(std::string(key) + " is given, and " + out_.flows_file + " has a column " + what +
                        " too; it must be one of them");
    }
    auto sector = sector_role(sectors_);
    sector.optional = count() == 1;
    sector.titles.emplace_back("indcode");
    auto const table =
        table_of(request_of(*value, key), {exporter_role(countries_),
                                           importer_role(countries_),
                                           sector,
                                           {.name = what, .titles = std::move(titles), .must = rule::above_minus_one}});
    taxes(table, 0, what, into);
  }

  /// Numbers by country and sector, one for each unless they may be left out.
  [[nodiscard]] std::vector<double> places(char const* key, char const* what, rule must, bool all, std::string& file) {
    auto sector = sector_role(sectors_);
    sector.titles.emplace_back("indcode");
    auto const table = table_of(request_of(*given(key), key),
                                {country_role(countries_), sector, {.name = what, .titles = {what}, .must = must}});
    file = table.file;
    std::vector<double> out(n() * count(), 0.0);
    std::vector<bool> there(n() * count(), false);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      auto const at = out_.place(table.labels[0][row], table.labels[1][row]);
      out[at] = table.numbers[0][row];
      there[at] = true;
    }
    for (std::size_t k = 0; all && k < there.size(); ++k) {
      if (there[k]) continue;
      throw input_error(file + ": there is no row of " + countries_[k % n()] + ", " + sectors_[k / n()] + ", which " +
                        out_.flows_file + " has; its " + what + " must be there");
    }
    return out;
  }

  void production_taxes() {
    std::string file;
    if (given("production_taxes") != nullptr)
      out_.production_tax = places("production_taxes", "production_tax", rule::above_minus_one, false, file);
  }

  void shares() {
    if (given("final_shares") != nullptr) {
      std::string file;
      out_.final_share = places("final_shares", "final_share", rule::share, true, file);
      for (std::size_t i = 0; i < n(); ++i) {
        double sum = 0;
        for (std::size_t s = 0; s < count(); ++s) sum += out_.final_share[out_.place(i, s)];
        require_one(sum, file, "the final shares of " + countries_[i]);
        for (std::size_t s = 0; s < count(); ++s) out_.final_share[out_.place(i, s)] /= sum;
      }
    }
    auto const *labor = given("labor_shares"), *inputs = given("input_shares");
    if (labor == nullptr) {
      if (inputs != nullptr) throw input_error("input_shares are given; labor_shares must be too");
      return;
    }
    out_.labor_share = places("labor_shares", "labor_share", rule::rate, true, out_.labor_file);
    std::vector<std::vector<double>> shares(n(), std::vector<double>(count() * count(), 0.0));
    std::string file = out_.labor_file;
    if (inputs != nullptr) {
      auto input = sector_role(sectors_);
      input.name = "input";
      input.titles = {"input", "input_sector"};
      auto const table = table_of(request_of(*inputs, "input_shares", {"of"}),
                                  {country_role(countries_),
                                   input,
                                   sector_role(sectors_),
                                   {.name = "share", .titles = {"share", "input_share"}, .must = rule::share}});
      file = table.file;
      bool of_inputs = false;
      if (inputs->is_object() && inputs->contains("of")) {
        constexpr std::string_view words[] = {"bundle", "inputs"};
        of_inputs = read_word(inputs->at("of"), "input_shares.of", words) == "inputs";
      }
      for (std::size_t row = 0; row < table.rows(); ++row) {
        auto const i = table.labels[0][row], s = table.labels[2][row];
        double const part = of_inputs ? 1 - out_.labor_share[out_.place(i, s)] : 1.0;
        shares[i][table.labels[1][row] + count() * s] = part * table.numbers[0][row];
      }
    }
    for (std::size_t i = 0; i < n(); ++i) {
      for (std::size_t s = 0; s < count(); ++s) {
        double bought = 0;
        for (std::size_t k = 0; k < count(); ++k) bought += shares[i][k + count() * s];
        double const labor_share = out_.labor_share[out_.place(i, s)];
        require_one(labor_share + bought, file,
                    "labor_share and input shares of " + countries_[i] + ", " + sectors_[s]);
        // To the last digit: published shares are rounded.
        for (std::size_t k = 0; bought > 0 && k < count(); ++k)
          shares[i][k + count() * s] *= (1 - labor_share) / bought;
      }
    }
    bool const any = std::any_of(out_.labor_share.begin(), out_.labor_share.end(), [](double g) { return g < 1; });
    if (any) out_.input_share = std::move(shares);
  }

  void require_one(double sum, std::string const& file, std::string const& what) const {
    constexpr double rounding = 1e-3;  // of published shares
    if (std::abs(sum - 1) <= rounding) return;
    throw input_error(file + ": the sum of " + what + " is " + to_text(sum) + "; it must be 1, within " +
                      to_text(rounding));
  }

  void gdp() {
    auto const* value = given("gdp");
    auto const* tolerance = given("gdp_tolerance");
    out_.gdp_tolerance = tolerance == nullptr ? 0.01 : read_number(*tolerance, "gdp_tolerance");
    if (!(out_.gdp_tolerance >= 0))
      throw input_error("gdp_tolerance is " + to_text(out_.gdp_tolerance) + "; it must be at least 0");
    if (value == nullptr) {
      if (tolerance != nullptr) throw input_error("gdp_tolerance is given; gdp must be too");
      return;
    }
    out_.gdp = read_by_country(*value, "gdp", "gdp", rule::positive, countries_, read_, out_.files);
    out_.gdp_file = out_.files.back();
  }

  void net_to_gross() {
    if (!net_) return;
    for (std::size_t k = 0; k < out_.flows.size(); ++k) {
      double factor = 1;
      if (!out_.import_tax.empty()) factor *= 1 + out_.import_tax[k];
      if (!out_.export_tax.empty()) factor *= 1 + out_.export_tax[k];
      out_.flows[k] *= factor;
    }
  }

  /// Home sales, and that everybody trades with everybody, be it through others.
  void require_trade() {
    std::size_t empty_homes = 0;
    std::string first;
    for (std::size_t s = 0; s < count(); ++s) {
      for (std::size_t j = 0; j < n(); ++j) {
        if (out_.flows[out_.pair(j, j, s)] > 0) continue;
        if (empty_homes++ == 0) first = countries_[j] + ", " + sectors_[s];
      }
    }
    bool const may_be_empty = yes("allow_zero_home_sales");
    if (empty_homes > 0 && !may_be_empty) {
      throw input_error(out_.flows_file + ": what " + first + " sells at home is 0 or not there" +
                        (empty_homes > 1 ? ", and so in " + std::to_string(empty_homes - 1) + " other places" : "") +
                        "; domestic sales must be in the file, unless \"allow_zero_home_sales\" is true");
    }
    if (empty_homes > 0) {
      out_.notes.push_back(std::to_string(empty_homes) + " of " + std::to_string(n() * count()) +
                           " countries' sectors sell nothing at home, " + first + " the first");
    }
    std::vector<std::size_t> group(n());
    std::vector<bool> sells(n(), false), buys(n(), false);
    for (std::size_t i = 0; i < n(); ++i) group[i] = i;
    auto const root = [&](std::size_t i) {
      while (group[i] != i) i = group[i] = group[group[i]];
      return i;
    };
    for (std::size_t s = 0; s < count(); ++s) {
      for (std::size_t j = 0; j < n(); ++j) {
        for (std::size_t i = 0; i < n(); ++i) {
          if (i == j || !(out_.flows[out_.pair(i, j, s)] > 0)) continue;
          sells[i] = buys[j] = true;
          group[root(i)] = root(j);
        }
      }
    }
    for (std::size_t i = 0; n() > 1 && i < n(); ++i) {
      auto const wrong = [&](char const* what) {
        throw input_error(out_.flows_file + ": " + countries_[i] + " has no " + what +
                          "; every country must sell to another and buy from one");
      };
      if (!sells[i]) wrong("exports");
      if (!buys[i]) wrong("imports");
    }
    for (std::size_t i = 1; i < n(); ++i) {
      if (root(i) == root(0)) continue;
      throw input_error(out_.flows_file + ": " + countries_[i] + " and " + countries_[0] +
                        " do not trade, not even through others; all countries must hang together");
    }
  }

  void look_at_schedules() {
    if (out_.import_tax.empty() || n() < 3) return;
    auto const fit = fit_of_schedules(out_.import_tax, out_.countries, count());
    std::string const measure = count() < 3 ? "is one for all partners by the share " : "correlates over partners by ";
    std::string const numbers = measure + to_text(fit.as_read, 3) + " as read, " + to_text(fit.transposed, 3) +
                                " with exporter and importer exchanged";
    out_.notes.push_back("tariffs: a country's schedule " + numbers);
    for (auto const& members : fit.unions) {
      std::string list;
      for (auto const& name : members) list += (list.empty() ? "" : ", ") + name;
      out_.notes.push_back("tariffs: one schedule of " + std::to_string(members.size()) + " countries: " + list);
    }
    if (!fit.is_odd()) return;
    auto const* key = given("tariffs") != nullptr ? "tariffs" : "flows";
    out_.warnings.push_back("the importers of " + std::string(key) + " may be the exporters: a country's schedule " +
                            numbers + "; \"importer\" in " + key + ", or other titles, exchange them");
  }

  json const& document_;
  file_reader const& read_;
  label_set countries_{"country"}, sectors_{"sector"};
  trade_data out_{};
  bool net_ = false;
};

}  // namespace

std::vector<std::string_view> trade_data_keys() {
  return {"flows",        "value_net_of_tariff", "importer", "tariffs",       "export_taxes", "production_taxes",
          "labor_shares", "input_shares",        "gdp",      "gdp_tolerance", "final_shares", "allow_zero_home_sales"};
}

trade_data read_trade_data(json const& document, file_reader const& read) { return data_reader(document, read).all(); }

}  // namespace melitz::front
