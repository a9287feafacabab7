// SPDX-License-Identifier: BSL-1.0
#include "random_models/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace test {

namespace {

using melitz::front::part;

/// How far accounts may be open, relative to the larger side.
constexpr double closed = 1e-12;

[[nodiscard]] std::string shown(std::string_view name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return std::string(name).append(" is ").append(text);
}

[[nodiscard]] bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Numbers without units that are a part of something.
[[nodiscard]] bool is_share(melitz::front::result const& r) {
  if (r.part == part::elasticities || r.part == part::cutoffs) return false;
  for (std::string_view const word : {"share", "unemployment", "probability", "intensity", "gini", "hiring_rate",
                                      "exporter_employment", "exporter_wage_bill", "imported_components"}) {
    if (has(r.name, word)) return true;
  }
  return false;
}

/// Averages over nobody, and ratios to nothing, are no numbers; nor is the error of wages that an outside good sets.
[[nodiscard]] bool may_be_missing(std::string_view name, std::string_view model) {
  return has(name, "export") || has(name, "trade_elasticity") || has(name, "firms_elasticity") ||
         name == "products_elasticity" || name == "sales_elasticity" || has(name, "remoteness") ||
         has(name, "affiliate") || name == "share_multinational" || name == "creative_destruction" ||
         (name == "error_estimate" && model == "world_with_outside_good") || has(name, "mean_wage_") ||
         name == "revenue_ratio" || name == "gdp_gap" || name == "cycle_product";
}
[[nodiscard]] bool may_be_infinite(melitz::front::result const& r) {
  return r.part == part::cutoffs || has(r.name, "cutoff") || has(r.name, "over_affiliate_sales") ||
         r.part == part::elasticities || r.name == "iceberg_cost" ||
         r.name == "fixed_cost";  // of pairs that do not trade
}

[[nodiscard]] std::string complaint_about(melitz::front::result const& r, double x, melitz::front::model const& of) {
  // With countries, shares are of what several sell or spend: quotients that round by themselves.
  bool const countries = of.has_countries();
  if (std::isnan(x)) return may_be_missing(r.name, of.name) ? "" : shown(r.name, x);
  if (std::isinf(x)) return may_be_infinite(r) && (x > 0 || r.name == "log_cutoff") ? "" : shown(r.name, x);
  if (has(r.name, "residual") && !(std::abs(x) <= closed)) return shown(r.name, x);
  if (is_share(r) && !(x >= 0 && x <= (countries ? 1 + closed : 1))) return shown(r.name, x);
  bool const never_negative = r.part == part::cutoffs || r.part == part::masses || r.part == part::labor_uses ||
                              has(r.name, "price_index") || has(r.name, "welfare");
  if (never_negative && r.part != part::elasticities && x < 0 && !has(r.name, "log_")) return shown(r.name, x);
  return "";
}

/// A model's numbers by name.
class numbers {
 public:
  numbers(melitz::front::model const& what, melitz::front::json const& parameters, melitz::front::answer const& given)
      : what_(what), parameters_(parameters), given_(given) {}

  [[nodiscard]] double operator()(std::string_view name) const {
    for (std::size_t k = 0; k < what_.results.size(); ++k) {
      if (what_.results[k].name == name) return std::get<double>(given_.values[k]);
    }
    return parameters_.at(std::string(name)).get<double>();
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return std::any_of(what_.results.begin(), what_.results.end(), [&](auto const& r) { return r.name == name; });
  }

  /// Compares a sum with what it must be, relative to the larger of the sides and of the terms.
  void must_be(double expected, std::initializer_list<double> terms, std::string_view account) {
    double sum = 0, largest = std::abs(expected);
    for (double const term : terms) {
      sum += term;
      largest = std::max(largest, std::abs(term));
    }
    if (!(std::abs(sum - expected) <= closed * largest) && complaint.empty()) {
      complaint = shown(account, sum).append(" instead of ").append(shown("", expected));
    }
  }
  std::string complaint{};

 private:
  melitz::front::model const& what_;
  melitz::front::json const& parameters_;
  melitz::front::answer const& given_;
};

/// The accounts that results of the models with countries alike must close.
[[nodiscard]] std::string complaint_about_accounts(numbers x, std::string_view model) {
  if (x.has("average_revenue")) {
    bool const open = x.has("labor_export_fixed");
    x.must_be(x("labor") * (model == "multinational" ? x("expenditure_share") : 1),
              {x("labor_entry"), x("labor_fixed"), open ? x("labor_export_fixed") : 0, x("labor_variable")}, "labor");
  }
  if (x.has("probability_of_producing") && model != "transition") {
    x.must_be(x("mass_producers"), {x("mass_entrants") * x("probability_of_producing")}, "mass_producers");
    if (x.has("average_revenue")) {
      x.must_be(x("revenue"), {x("mass_producers") * x("average_revenue")}, "revenue");
    }
    if (x.has("share_exporting"))
      x.must_be(x("mass_exporters"), {x("mass_producers") * x("share_exporting")}, "mass_exporters");
  }
  if (model == "technology" || model == "multinational") {
    double const share = model == "multinational" ? x("expenditure_share") : 1;
    x.must_be(x("labor") * share, {x("labor_entry"), x("labor_fixed"), x("labor_export_fixed"), x("labor_variable")},
              "labor");
    x.must_be(x("labor") * share, {x("revenue")}, "revenue");
  }
  if (model == "industry_dynamics") {  // entry earns interest
    x.must_be(x("labor"), {x("labor_entry"), x("labor_fixed"), x("labor_export_fixed"), x("labor_variable")}, "labor");
    x.must_be(x("revenue"), {x("welfare") * x("price_index") * x("labor")}, "welfare * price_index * labor");
    x.must_be(x("mass_producers"), {x("mass_entrants_per_period") * x("firms_per_entrant")}, "mass_producers");
    // As shares of all jobs: where hardly a firm moves, rates of 1e-6 are right to 1e-16, not to 1e-16 of themselves.
    x.must_be(1 + x("job_creation_rate"), {1, x("job_destruction_rate")}, "1 + job_destruction_rate");
  } else if (x.has("welfare") && x.has("price_index") && model != "multinational" && model != "sourcing" &&
             model != "skill_technology" && model != "learning") {
    x.must_be(x.has("wage") ? x("wage") : 1, {x("welfare") * x("price_index")}, "welfare * price_index");
  }
  if (x.has("mass_entrants") && x.has("mass_producers") && model != "transition" &&
      x("mass_producers") > x("mass_entrants")) {
    x.must_be(x("mass_entrants"), {x("mass_producers")}, "mass_producers, above mass_entrants,");
  }
  if (model == "multiproduct") {
    x.must_be(x("labor"),
              {x("labor_entry"), x("labor_fixed"), x("labor_product_fixed"), x("labor_export_fixed"),
               x("labor_product_export_fixed"), x("labor_variable")},
              "labor");
  } else if (model == "multinational") {
    x.must_be(x("labor") * x("expenditure_share"), {x("domestic_sales"), x("exports"), x("affiliate_sales")}, "sales");
  } else if (model == "intermediation") {
    x.must_be(x("labor"), {x("domestic_sales"), x("direct_exports"), x("indirect_exports")}, "spending");
  } else if (model == "sourcing") {
    x.must_be(x("revenue"),
              {x("headquarter_cost"), x("north_component_cost"), x("south_component_cost"), x("fixed_costs"),
               x("entry_costs")},
              "costs");
    for (std::string const of : {"share_of_firms_", "share_of_revenue_"}) {
      x.must_be(1,
                {x(of + "north_outsourcing"), x(of + "north_integration"), x(of + "south_outsourcing"),
                 x(of + "south_integration")},
                of);
    }
  } else if (model == "fair_wage") {
    x.must_be(x("welfare"), {x("mean_wage"), -x("unemployment") * x("mean_wage")}, "mean wage of those in work or not");
  } else if (model == "screening") {
    x.must_be(x("revenue"), {x("price_index") * x("output")}, "price_index * output");
    x.must_be(x("employment"), {x("sector_labor"), -x("unemployment") * x("sector_labor")}, "workers in work");
  } else if (model == "skill_technology") {
    x.must_be(1, {x("share_of_workers_outside"), x("share_of_workers_low"), x("share_of_workers_high")}, "all workers");
    x.must_be(x("mass_producers"), {x("mass_low_technology"), x("mass_high_technology")}, "firms of both technologies");
    x.must_be(x("expenditure_share") * x("income"), {x("revenue")}, "spending");
  } else if (model == "learning") {
    x.must_be(x("labor"), {x("labor_entry"), x("labor_fixed"), x("labor_variable")}, "labor");
    x.must_be(x("mass_producers"), {x("mass_entrants_per_period") * x("firms_per_entrant")}, "mass_producers");
    x.must_be(x("revenue"), {x("price_index") * x("consumption")}, "price_index * consumption");
  } else if (model == "credit" || model == "liquidity") {
    if (x("share_exporting") + x("share_kept_out") > 1) {
      x.must_be(1, {x("share_exporting"), x("share_kept_out")}, "exporters and those kept out");
    }
  } else if (model == "homogeneous" && !(x("welfare_ratio") >= 1)) {
    x.must_be(1, {x("welfare_ratio")}, "welfare_ratio, below 1,");
  }
  return x.complaint;
}

}  // namespace

std::string complaint(melitz::front::model const& what, melitz::front::json const& parameters,
                      melitz::front::answer const& given) {
  for (std::size_t k = 0; k < what.results.size(); ++k) {
    auto const& r = what.results[k];
    if (auto const* number = std::get_if<double>(&given.values[k])) {
      if (auto text = complaint_about(r, *number, what); !text.empty()) return text;
    } else if (auto const* list = std::get_if<melitz::catalog::array>(&given.values[k])) {
      for (double const x : list->numbers) {
        if (auto text = complaint_about(r, x, what); !text.empty()) return text;
      }
    }
  }
  // Those of countries that differ are among the residuals.
  return what.has_countries() ? "" : complaint_about_accounts(numbers(what, parameters, given), what.name);
}

}  // namespace test
