// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "labelled.hpp"

#include <cstddef>
#include <string>
#include <vector>

// What published tables say of a world that trades: flows, tariffs, shares of labor and inputs, GDP, with labels.

namespace melitz::front {

/// A world in data. What is by pair and sector has the exporter fastest and the sector slowest: (i, j, s) stands at
/// i + N (j + N s); what is by country and sector the country fastest. Empty is what no file says.
struct trade_data {
  std::vector<std::string> countries{}, sectors{};
  std::vector<double> flows{};                     ///< what importers spend, taxes in
  std::vector<double> import_tax{}, export_tax{};  ///< ad valorem, 0 at home
  std::vector<double> production_tax{};            ///< by country and sector
  std::vector<double> labor_share{};               ///< by country and sector, of the bundle
  std::vector<std::vector<double>> input_share{};  ///< of each country, input + S sector, of the bundle
  std::vector<double> gdp{};                       ///< by country
  double gdp_tolerance = 0;                        ///< by how much, as a share, flows may imply another GDP
  std::vector<double> final_share{};               ///< by country and sector, of what consumers spend
  std::vector<std::string> notes{};                ///< what was looked at, and what is odd
  std::vector<std::string> warnings{};             ///< what is odd and may well be wrong
  std::vector<std::string> files{};                ///< that were read
  std::string flows_file{}, gdp_file{}, labor_file{};

  [[nodiscard]] std::size_t pair(std::size_t i, std::size_t j, std::size_t s) const {
    return i + countries.size() * (j + countries.size() * s);
  }
  [[nodiscard]] std::size_t place(std::size_t i, std::size_t s) const { return i + countries.size() * s; }
};

/// Keys of a document that read_trade_data reads.
[[nodiscard]] std::vector<std::string_view> trade_data_keys();

/// Reads all files that a document names. Checked are labels against those of the flows, that tariffs at home are 0 and
/// exceed -1, home sales, that every country sells to and buys from another, that all hang together by trade, and that
/// shares sum to 1; the schedules of tariffs are compared with those that the other reading of the pair would give.
/// @throws input_error naming file, line and label
[[nodiscard]] trade_data read_trade_data(json const& document, file_reader const& read);

/// The share of a country's producers that sell in another one, in (0, 1], by pair i + N j; 1 where the file has none
/// at home and 0 where it has none abroad.
[[nodiscard]] std::vector<double> read_shares_exporting(json const& value, std::string const& path,
                                                        label_set& countries, file_reader const& read);

/// Numbers by country, one for each, from a file with the columns country and `what`.
/// @param files  that were read, to which this one is added
[[nodiscard]] std::vector<double> read_by_country(json const& value, std::string const& path, std::string const& what,
                                                  melitz::rule must, label_set& countries, file_reader const& read,
                                                  std::vector<std::string>& files);

/// Numbers by sector, one for each, from {"file": ..., "column": ...}, a file with a column of sectors.
[[nodiscard]] std::vector<double> read_by_sector(json const& value, std::string const& path, label_set& sectors,
                                                 melitz::rule must, file_reader const& read,
                                                 std::vector<std::string>& files);

}  // namespace melitz::front
