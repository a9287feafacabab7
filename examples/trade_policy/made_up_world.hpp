// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <melitz/numerics/philox.hpp>
#include <melitz/worlds/policy/economy.hpp>

// Twelve countries that do not exist, and what they sell one another in eight sectors: gravity with noise, rounded to
// what a table of data would have. The same everywhere, as the numbers depend on nothing but their seed.

namespace made_up {

constexpr int countries = 12, sectors = 8;

constexpr std::array<char const*, countries> country_names{"Arland",  "Belmar",  "Corvia", "Dunmore",
                                                           "Estoria", "Farland", "Galdon", "Hestia",
                                                           "Istara",  "Jutona",  "Korsk",  "Lemora"};
constexpr std::array<char const*, sectors> sector_names{"farming",   "mining", "food",     "textiles",
                                                        "chemicals", "metals", "machines", "services"};

constexpr std::array<double, sectors> trade_elasticities{6.2, 8.0, 4.4, 5.0, 5.6, 6.6, 4.0, 5.0};
constexpr std::array<double, sectors> scale_elasticities{0, 0, 0.11, 0.12, 0.14, 0.09, 0.18, 0.06};

/// A row of data: what the importer spends, taxes in, and its tariff.
struct flow {
  double value = 0, tariff = 0;
};

// [generate]
inline flow made_up_flow(int exporter, int importer, int sector) {
  constexpr std::array<double, countries> size{40, 28, 24, 18, 14, 12, 9, 7, 6, 4, 3, 2};
  constexpr std::array<double, countries> east{0, 1, 7, 2, 6, 8, 3, 0, 5, 7, 2, 4};
  constexpr std::array<double, countries> north{0, 2, 1, 3, 3, 5, 5, 6, 0, 4, 1, 6};
  constexpr std::array<double, sectors> spent{0.05, 0.04, 0.09, 0.06, 0.12, 0.10, 0.18, 0.36};
  constexpr std::array<double, sectors> traded{0.5, 0.9, 0.45, 1.1, 0.9, 0.7, 1.2, 0.12};
  melitz::philox const random(2026);
  auto const between = [&](std::uint64_t place, std::uint32_t stream, double low, double high) {
    return low + (high - low) * random.at(place, stream).uniform(0);
  };
  auto const place = [](int i, int j, int s) { return static_cast<std::uint64_t>((i * countries + j) * sectors + s); };
  auto const at = [](auto const& list, int k) { return list[static_cast<std::size_t>(k)]; };
  // A country is good at some things, and near to some others.
  double const skill = std::exp(between(place(exporter, 0, sector), 1, -0.8, 0.8));
  double const distance =
      std::hypot(at(east, exporter) - at(east, importer), at(north, exporter) - at(north, importer));
  double const noise = std::exp(between(place(exporter, importer, sector), 2, -0.5, 0.5));
  double const pull = exporter == importer ? 1 : 0.6 * at(traded, sector) / (1 + distance);
  double const value =
      10 * at(size, importer) * at(spent, sector) * skill * std::pow(at(size, exporter) / 10, 0.7) * pull * noise;
  // Tariffs are of the importer and the sector; the first two countries trade freely with one another.
  bool const free = exporter == importer || (exporter < 2 && importer < 2) || sector == sectors - 1;
  double const tariff = free ? 0 : between(place(importer, 0, sector), 3, 0, 0.16);
  return {std::round(100 * value) / 100 + 0.01, std::round(1000 * tariff) / 1000};
}
// [/generate]

/// The same as a world. Firms of sectors with economies of scale earn profits: entry is fixed.
inline melitz::policy_world<> made_up_world() {
  // [world]
  melitz::policy_world<> out;
  for (std::size_t s = 0; s < sectors; ++s) {
    out.sectors.push_back(melitz::policy_sector<>::lashkaripour_lugovskyy(trade_elasticities[s], scale_elasticities[s],
                                                                          melitz::entry_rule::fixed));
  }
  out.flows = out.import_tax = melitz::trade_array<>(countries, sectors);
  for (int s = 0; s < sectors; ++s) {
    for (int j = 0; j < countries; ++j) {
      for (int i = 0; i < countries; ++i) {
        auto const [value, tariff] = made_up_flow(i, j, s);
        out.flows(i, j, s) = value;
        out.import_tax(i, j, s) = tariff;
      }
    }
  }
  out.country_names.assign(country_names.begin(), country_names.end());
  out.sector_names.assign(sector_names.begin(), sector_names.end());
  // [/world]
  return out;
}

/// The same as the file of data that others would have.
inline void print_made_up_data() {
  std::puts("exporter,importer,sector,value,tariff");
  for (int i = 0; i < countries; ++i) {
    for (int j = 0; j < countries; ++j) {
      for (int s = 0; s < sectors; ++s) {
        auto const [value, tariff] = made_up_flow(i, j, s);
        std::printf("%s,%s,%s,%.2f,%.3f\n", country_names[static_cast<std::size_t>(i)],
                    country_names[static_cast<std::size_t>(j)], sector_names[static_cast<std::size_t>(s)], value,
                    tariff);
      }
    }
  }
}

}  // namespace made_up
