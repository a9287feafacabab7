// SPDX-License-Identifier: BSL-1.0
#include "data.hpp"

#include <cmath>

// One number for each label, or for each pair of them, from a file.

namespace melitz::front {

using melitz::rule;

std::vector<double> read_by_country(json const& value, std::string const& path, std::string const& what, rule must,
                                    label_set& countries, file_reader const& read, std::vector<std::string>& files) {
  auto const request = read_request(value, path);
  auto const text = read(request.name, path);
  files.push_back(text.name);
  auto const table = read_labelled(
      text, request, {country_role(countries), {.name = what, .titles = {what}, .must = must, .prefix = what + '_'}});
  std::vector<double> out(countries.size(), std::nan(""));
  for (std::size_t row = 0; row < table.rows(); ++row) out[table.labels[0][row]] = table.numbers[0][row];
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!std::isnan(out[i])) continue;
    throw input_error(text.name + ": there is no row of " + countries[i] + ", which " + countries.source() +
                      " has; its " + what + " must be there");
  }
  return out;
}

std::vector<double> read_by_sector(json const& value, std::string const& path, label_set& sectors, rule must,
                                   file_reader const& read, std::vector<std::string>& files) {
  constexpr std::string_view keys[] = {"file", "column"};
  require_known_keys(value, path, keys);
  auto const& name = member(value, path, "file", "be the name of a CSV file");
  auto const& column = member(value, path, "column", "be the title of a column of that file");
  if (!name.is_string()) throw input_error(join(path, "file") + " is " + shown(name) + "; it must be a name");
  if (!column.is_string()) throw input_error(join(path, "column") + " is " + shown(column) + "; it must be a title");
  auto const text = read(name.get<std::string>(), path);
  files.push_back(text.name);
  file_request const request{
      .name = text.name, .path = path, .columns = {{"number", column.get<std::string>()}}, .ignored = {"*"}};
  auto const table = read_labelled(text, request, {sector_role(sectors), {.name = "number", .must = must}});
  std::vector<double> out(sectors.size(), std::nan(""));
  for (std::size_t row = 0; row < table.rows(); ++row) out[table.labels[0][row]] = table.numbers[0][row];
  for (std::size_t s = 0; s < out.size(); ++s) {
    if (!std::isnan(out[s])) continue;
    throw input_error(text.name + ": there is no row of the sector " + sectors[s] + ", which " + sectors.source() +
                      " has");
  }
  return out;
}

std::vector<double> read_shares_exporting(json const& value, std::string const& path, label_set& countries,
                                          file_reader const& read) {
  auto const request = read_request(value, path);
  auto const text = read(request.name, path);
  auto const table = read_labelled(text, request,
                                   {exporter_role(countries),
                                    importer_role(countries),
                                    {.name = "share_exporting", .titles = {"share_exporting"}, .must = rule::rate}});
  auto const n = countries.size();
  std::vector<double> out(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) out[i + n * i] = 1;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    out[table.labels[0][row] + n * table.labels[1][row]] = table.numbers[0][row];
  }
  return out;
}

}  // namespace melitz::front
