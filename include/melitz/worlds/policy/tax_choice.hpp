// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/first_order.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// What a government sets.
enum class policy_instrument {
  import_tax,
  export_tax,
  production_tax,  ///< on all sales of its firms, by sector
};

/// In words: "import_tax", "export_tax", "production_tax".
[[nodiscard]] constexpr std::string_view to_string(policy_instrument i) noexcept {
  return detail::word_of(i, {"import_tax", "export_tax", "production_tax"});
}

/// Which of its rates may differ.
enum class tax_pattern {
  uniform,  ///< none
  sector,   ///< those of sectors
  partner,  ///< those of partners
  all,
};

/// In words: "uniform", "sector", "partner", "all".
[[nodiscard]] constexpr std::string_view to_string(tax_pattern p) noexcept {
  return detail::word_of(p, {"uniform", "sector", "partner", "all"});
}

/// Taxes that a country chooses.
struct tax_choice {
  Eigen::Index country = 0;
  tax_pattern pattern = tax_pattern::all;
  policy_instrument instrument = policy_instrument::import_tax;
  double lower = -std::numeric_limits<double>::infinity();  ///< of the rate; without it any above -1
  double upper = std::numeric_limits<double>::infinity();

  /// @throws domain_error naming what is out of range
  void validate(Eigen::Index countries) const {
    std::string const where = "tax_choice";
    if (country < 0 || country >= countries) {
      throw domain_error(where, "country", std::to_string(country),
                         "be one of the " + std::to_string(countries) + " countries, counted from 0");
    }
    if (!(upper > -1)) throw domain_error(where, "upper", to_text(upper), "be above -1");
    if (!(lower <= upper)) throw domain_error(where, "lower", to_text(lower), "be at most upper, " + to_text(upper));
    if (instrument == policy_instrument::production_tax && pattern == tax_pattern::partner) {
      throw domain_error(where, "pattern", "partner", "be uniform, sector or all for a production_tax");
    }
  }
};

/// A tax of one pair and sector, or of a country's sector (importer -1) if it is on production.
struct tax_cell {
  Eigen::Index exporter = 0, importer = 0, sector = 0;
};

namespace detail {

/// A rate beyond which nobody bounds it but reason: ln(1 + tax).
inline constexpr double reasonable_log_tax = 7;

/// Taxes that move together.
struct tax_group {
  Eigen::Index country = 0;
  policy_instrument instrument = policy_instrument::import_tax;
  double lower = -reasonable_log_tax, upper = reasonable_log_tax;  ///< of ln(1 + tax)
  bool bounded_below = false, bounded_above = false;               ///< by whoever asks
  std::vector<tax_cell> cells{};
  double size = 0;  ///< what is taxed at the baseline, over the country's income
};

inline double& rate_of(policy_change<>& change, policy_instrument instrument, tax_cell const& c) {
  switch (instrument) {
    case policy_instrument::import_tax:
      return change.import_tax(c.exporter, c.importer, c.sector);
    case policy_instrument::export_tax:
      return change.export_tax(c.exporter, c.importer, c.sector);
    default:
      return change.production_tax(c.exporter, c.sector);
  }
}

/// Calls visit(flow's exporter, importer) for the flows that the tax is on.
template <class Visit>
void for_each_flow(policy_instrument instrument, tax_cell const& c, Eigen::Index countries, Visit const& visit) {
  if (instrument != policy_instrument::production_tax) return visit(c.exporter, c.importer);
  for (Eigen::Index j = 0; j < countries; ++j) visit(c.exporter, j);
}

/// What is sold and taxed, over the income of who sets the tax.
inline double size_of(tax_group const& group, trade_array<> const& flows, double income) {
  double out = 0;
  for (auto const& c : group.cells) {
    for_each_flow(group.instrument, c, flows.countries(),
                  [&](Eigen::Index i, Eigen::Index j) { out += flows(i, j, c.sector); });
  }
  return out / income;
}

/// The groups of a choice, without those of which too little is sold for their taxes to be found: these are counted.
inline std::vector<tax_group> groups_of(tax_choice const& choice, policy_solver<> const& solver, double smallest,
                                        Eigen::Index& left_out) {
  auto const& world = solver.world();
  choice.validate(world.countries());
  auto const n = world.countries(), sectors = world.sector_count();
  bool const by_partner = choice.pattern == tax_pattern::partner || choice.pattern == tax_pattern::all;
  bool const by_sector = choice.pattern == tax_pattern::sector || choice.pattern == tax_pattern::all;
  bool const production = choice.instrument == policy_instrument::production_tax;
  auto const count = static_cast<std::size_t>((by_partner && !production ? n : 1) * (by_sector ? sectors : 1));
  std::vector<tax_group> all(count);
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index other = 0; other < (production ? 1 : n); ++other) {
      if (!production && other == choice.country) continue;
      auto const partner = by_partner && !production ? other : 0;
      auto& group = all[static_cast<std::size_t>(partner + (by_sector ? s : 0) * (by_partner && !production ? n : 1))];
      bool const import = choice.instrument == policy_instrument::import_tax;
      group.cells.push_back({import ? other : choice.country, production ? -1 : import ? choice.country : other, s});
    }
  }
  std::vector<tax_group> out;
  for (auto& group : all) {
    if (group.cells.empty()) continue;
    group.country = choice.country;
    group.instrument = choice.instrument;
    group.size = size_of(group, world.flows, solver.baseline().income[choice.country]);
    if (!(group.size >= smallest)) {
      left_out += static_cast<Eigen::Index>(group.cells.size());
      continue;
    }
    if (choice.lower > std::expm1(group.lower)) {
      group.lower = std::log1p(choice.lower);
      group.bounded_below = true;
    }
    if (choice.upper < std::expm1(group.upper)) {
      group.upper = std::log1p(choice.upper);
      group.bounded_above = true;
    }
    out.push_back(std::move(group));
  }
  return out;
}

/// Puts ln(1 + tax) into a change, by group.
inline void apply(std::vector<tax_group> const& groups, Eigen::VectorXd const& x, policy_change<>& change) {
  for (std::size_t k = 0; k < groups.size(); ++k) {
    double const rate = std::expm1(x[static_cast<Eigen::Index>(k)]);
    for (auto const& c : groups[k].cells) rate_of(change, groups[k].instrument, c) = rate;
  }
}

/// The derivative with respect to a group's ln(1 + tax).
inline double slope_of(tax_group const& group, policy_gradient<> const& g) {
  double out = 0;
  for (auto const& c : group.cells) {
    switch (group.instrument) {
      case policy_instrument::import_tax:
        out += g.log_import_tax(c.exporter, c.importer, c.sector);
        break;
      case policy_instrument::export_tax:
        out += g.log_export_tax(c.exporter, c.importer, c.sector);
        break;
      default:
        out += g.log_production_tax(c.exporter, c.sector);
    }
  }
  return out;
}

/// About minus the second derivative of the log of welfare, had the taxes only their own flows to move.
inline double curvature_of(tax_group const& group, policy_world<> const& world, trade_array<> const& flows,
                           double income) {
  double out = 0;
  for (auto const& c : group.cells) {
    auto const& sector = world.sectors[static_cast<std::size_t>(c.sector)];
    for_each_flow(group.instrument, c, world.countries(), [&](Eigen::Index i, Eigen::Index j) {
      double const selection = sector.tariff_on == tariff_base::delivered_price ? sector.selection[j] : 0;
      out += flows(i, j, c.sector) * (sector.trade_elasticity + selection);
    });
  }
  return out / income;
}

}  // namespace detail
}  // namespace melitz
