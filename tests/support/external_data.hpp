// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// Data of published papers. They are not the project's: MELITZ_EXTERNAL_DATA names the folder where they lie.

namespace test {

/// A CSV file without quotes: its rows, the first of them names if it has names.
inline std::vector<std::vector<std::string>> csv_rows(std::string const& name) {
  std::ifstream in(std::string(MELITZ_EXTERNAL_DATA) + "/" + name);
  if (!in) throw std::runtime_error("cannot open " + name + " below " MELITZ_EXTERNAL_DATA);
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    out.emplace_back();
    std::string cell;
    for (char const c : line + ",") {
      if (c != ',') {
        cell += c;
        continue;
      }
      out.back().push_back(cell);
      cell.clear();
    }
  }
  return out;
}

/// What a cell says; an empty one 0.
inline double cell(std::string const& text) { return text.empty() ? 0 : std::strtod(text.c_str(), nullptr); }

/// Labels in the order in which they first appear.
class labels {
 public:
  Eigen::Index operator()(std::string const& label) {
    auto const [at, is_new] = places_.emplace(label, static_cast<Eigen::Index>(names.size()));
    if (is_new) names.push_back(label);
    return at->second;
  }
  [[nodiscard]] Eigen::Index at(std::string const& label) const { return places_.at(label); }
  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(names.size()); }

  std::vector<std::string> names{};

 private:
  std::map<std::string, Eigen::Index> places_{};
};

/// Flows of 30 countries in 2006, one sector; tariffs are not in them.
struct countries_of_2006 {
  labels countries{};
  melitz::trade_array<> flows{};
};

inline countries_of_2006 read_countries_of_2006() {
  countries_of_2006 out;
  auto const rows = csv_rows("gravity_30_countries_2006.csv");
  for (std::size_t k = 1; k < rows.size(); ++k) out.countries(rows[k][1]);
  out.flows = melitz::trade_array<>(out.countries.size(), 1);
  for (std::size_t k = 1; k < rows.size(); ++k) {
    out.flows(out.countries.at(rows[k][0]), out.countries.at(rows[k][1]), 0) = cell(rows[k][3]);
  }
  return out;
}

/// Ossa (2014): seven regions and 33 sectors of 2007, without trade imbalances.
struct ossa_data {
  labels regions{}, sectors{};
  melitz::policy_world<> world{};
  melitz::trade_array<> stored_optimum{};  ///< each importer's, of the archive
  Eigen::MatrixXd political_weights{};     ///< [region][sector]
};

inline ossa_data read_ossa() {
  ossa_data out;
  auto const parameters = csv_rows("ossa_2014/parameters.csv"), flows = csv_rows("ossa_2014/baseline_balanced.csv");
  for (std::size_t k = 1; k < parameters.size(); ++k) out.sectors(parameters[k][0]);
  for (std::size_t k = 1; k < flows.size(); ++k) {
    out.regions(flows[k][0]);
    out.regions(flows[k][1]);
  }
  auto const n = out.regions.size(), count = out.sectors.size();
  out.world.flows = out.world.import_tax = out.stored_optimum = melitz::trade_array<>(n, count);
  out.political_weights.resize(n, count);
  for (std::size_t k = 1; k < parameters.size(); ++k) {
    out.world.sectors.push_back(
        melitz::policy_sector<>::krugman(cell(parameters[k][1]) - 1, melitz::entry_rule::fixed));
    for (std::size_t c = 2; c < parameters[k].size(); ++c) {
      auto const region = out.regions.at(parameters[0][c].substr(std::string("lambda_political_").size()));
      out.political_weights(region, static_cast<Eigen::Index>(k) - 1) = cell(parameters[k][c]);
    }
  }
  for (std::size_t k = 1; k < flows.size(); ++k) {
    auto const i = out.regions.at(flows[k][0]), j = out.regions.at(flows[k][1]), s = out.sectors.at(flows[k][2]);
    out.world.import_tax(i, j, s) = cell(flows[k][4]);
    out.world.flows(i, j, s) = cell(flows[k][3]) * (1 + cell(flows[k][4]));
    out.stored_optimum(i, j, s) = cell(flows[k][5]);
  }
  out.world.country_names = out.regions.names;
  out.world.sector_names = out.sectors.names;
  out.world.closure = melitz::policy_closure::zero;
  return out;
}

/// Lashkaripour and Lugovskyy (2023): 44 countries and 16 sectors of 2014, entry fixed, without trade imbalances;
/// labels of the tariffs as the package reads them.
struct lashkaripour_lugovskyy_data {
  labels countries{};
  melitz::policy_world<> world{};
};

inline lashkaripour_lugovskyy_data read_lashkaripour_lugovskyy() {
  lashkaripour_lugovskyy_data out;
  std::string const folder = "lashkaripour_lugovskyy_2023/";
  auto const parameters = csv_rows(folder + "parameters.csv"),
             flows = csv_rows(folder + "balanced_restricted_entry.csv");
  for (std::size_t k = 1; k < flows.size(); ++k) out.countries(flows[k][0]);
  auto const& names = parameters[0];
  auto const column = [&](std::string const& name) {
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (names[c] == name) return c;
    }
    throw std::runtime_error("no column " + name);
  };
  auto const elasticity = column("trade_elasticity_table4"), scale = column("scale_elasticity_LL");
  for (std::size_t k = 1; k < parameters.size(); ++k) {
    out.world.sectors.push_back(melitz::policy_sector<>::lashkaripour_lugovskyy(
        cell(parameters[k][elasticity]), cell(parameters[k][scale]), melitz::entry_rule::fixed));
  }
  out.world.flows = out.world.import_tax = melitz::trade_array<>(out.countries.size(), out.world.sector_count());
  for (std::size_t k = 1; k < flows.size(); ++k) {
    auto const i = out.countries.at(flows[k][0]), j = out.countries.at(flows[k][1]);
    auto const s = static_cast<Eigen::Index>(cell(flows[k][2])) - 1;
    out.world.flows(i, j, s) = cell(flows[k][3]);
    out.world.import_tax(i, j, s) = cell(flows[k][4]);
  }
  out.world.country_names = out.countries.names;
  out.world.closure = melitz::policy_closure::zero;
  return out;
}

/// Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): 194 countries of 2023, and the tariffs of April 2025.
struct liberation_day_data {
  labels countries{};
  melitz::policy_world<> world{};
  Eigen::VectorXd announced{};  ///< by exporter, of the USA
};

inline liberation_day_data read_liberation_day() {
  liberation_day_data out;
  std::string const folder = "liberation_day_2025/";
  auto const names = csv_rows(folder + "countries.csv"), trade = csv_rows(folder + "trade_2023_kusd.csv");
  auto const gdp = csv_rows(folder + "gdp_2023_usd.csv"), tariffs = csv_rows(folder + "us_tariffs_2025.csv");
  std::map<std::string, double> told;
  std::ifstream parameters(std::string(MELITZ_EXTERNAL_DATA) + "/" + folder + "parameters.txt");
  for (std::string line; std::getline(parameters, line);) {
    auto const at = line.find('=');
    if (at != std::string::npos) told[line.substr(0, at)] = cell(line.substr(at + 1));
  }
  for (std::size_t k = 1; k < names.size(); ++k) out.countries(names[k][0]);
  auto const n = out.countries.size();
  auto const usa = out.countries.at("USA");
  Eigen::VectorXd share = Eigen::VectorXd::Constant(n, told.at("nu_nonUS"));
  share[usa] = told.at("nu_US");
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    auto const& row = trade[static_cast<std::size_t>(i) + 1];
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i != j && static_cast<std::size_t>(j) < row.size()) x(i, j) = cell(row[static_cast<std::size_t>(j)]);
    }
  }
  Eigen::VectorXd const left = (1 - share.array()).matrix();
  Eigen::VectorXd const imports = x.colwise().sum().transpose();
  Eigen::VectorXd const transfers = left.cwiseProduct(imports - x * left);  // as the package has it
  out.announced.resize(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    double const spent = cell(gdp[static_cast<std::size_t>(j) + 1][0]) / 1000 + transfers[j];
    x(j, j) = std::max(spent - imports[j], 0.0);
    out.announced[j] = j == usa ? 0 : std::max(0.1, cell(tariffs[static_cast<std::size_t>(j) + 1][0]));
  }
  auto sector = melitz::policy_sector<>::nested_melitz_pareto(4.0, 0.67 / 4, share);
  sector.scale_base = melitz::policy_scale_base::labor;
  out.world.sectors = {sector};
  out.world.flows = melitz::trade_array<>(n, 1);
  out.world.flows.sector(0) = x;
  out.world.labor_supply_elasticity = 0.5;
  out.world.closure = melitz::policy_closure::share_of_world_income;
  out.world.numeraire = melitz::policy_numeraire::mean_price;
  out.world.revenue = melitz::policy_revenue::income_tax_cut;
  out.world.country_names = out.countries.names;
  return out;
}

}  // namespace test
