// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/json_input.hpp"
#include "../document/tables.hpp"

#include <melitz/numerics/rule.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Long tables in CSV, a row for each number with the labels of what it is of: exporter, importer, sector, value. The
// words of the header decide what a column is.

namespace melitz::front {

/// Labels of one kind, countries say, by number in the order in which they came.
class label_set {
 public:
  /// @param what   a label is of, for messages: "country"
  /// @param source the file that they come from
  label_set(std::string what, std::string source = "") : what_(std::move(what)), source_(std::move(source)) {}
  label_set(label_set const&) = delete;  // its index points into its names
  label_set& operator=(label_set const&) = delete;

  /// The number of a label, which is new where nobody had it.
  std::uint32_t add(std::string_view label);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view label) const;
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] std::string const& operator[](std::size_t k) const { return names_[k]; }
  [[nodiscard]] std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }
  [[nodiscard]] std::string const& what() const { return what_; }
  [[nodiscard]] std::string const& source() const { return source_; }
  void set_source(std::string name) { source_ = std::move(name); }
  /// No more of them: what another file calls otherwise is an error from now on.
  void close() { open_ = false; }
  [[nodiscard]] bool is_open() const { return open_; }

 private:
  std::string what_, source_;
  std::deque<std::string> names_{};  ///< none of them moves
  std::unordered_map<std::string_view, std::uint32_t> places_{};
  bool open_ = true;
};

/// What a column can be.
struct column_role {
  std::string_view name;                   ///< as a document calls it
  std::vector<std::string_view> titles{};  ///< words of headers that mean it, in lower case with _ for blanks
  label_set* labels = nullptr;             ///< it is of labels; null: of numbers
  melitz::rule must{};                     ///< numbers keep
  bool optional = false;
  std::string_view prefix{};  ///< titles that begin with it mean it too: value_musd
};

/// A file as a document names it: "f.csv", or {"file": "f.csv", "columns": {"value": "musd"}, "ignore": ["year"],
/// "importer": "first"}.
struct file_request {
  std::string name;
  std::string path;                              ///< where the document has it
  std::map<std::string, std::string> columns{};  ///< titles, by role
  std::vector<std::string> ignored{};            ///< titles; "*" stands for all that mean nothing
  std::string importer{};  ///< the title of the column of importers, where titles do not say it; or "first" or
                           ///< "second" of the two that may be
  std::string importer_if_unsaid{};  ///< the same, for tables whose titles do not say it and no others
};

/// @param more  keys that may stand there as well
/// @throws input_error
[[nodiscard]] file_request read_request(json const& value, std::string const& path,
                                        std::vector<std::string_view> const& more = {});

/// A table as it was read: for each role as many entries as rows, or none where there is no such column.
struct labelled_table {
  std::string file;
  std::vector<std::size_t> lines{};                  ///< of rows, counted from 1
  std::vector<std::vector<std::uint32_t>> labels{};  ///< [role of labels]
  std::vector<std::vector<double>> numbers{};        ///< [role of numbers]
  std::vector<std::string> titles{};                 ///< of all roles, empty of those that are not there
  std::vector<label_set const*> kinds{};             ///< of roles of labels

  [[nodiscard]] std::size_t rows() const { return lines.size(); }
  /// "f.csv, line 3"
  [[nodiscard]] std::string place(std::size_t row) const { return file + ", line " + std::to_string(lines[row]); }
  /// "USA, CHN, cars"
  [[nodiscard]] std::string label(std::size_t row) const;
  /// @throws input_error for a row whose labels stood there before
  void require_once() const;
};

/// Reads a table. Two columns that do not say which of them is the importer are refused unless the request does; so is
/// a file without a header.
/// @throws input_error naming file, line, label and what is wrong: an unknown or missing column, a row that is too
///         short, a label that closed ones do not have, what is no number or breaks its rule, and a row that is there
///         twice
[[nodiscard]] labelled_table read_labelled(text_file const& file, file_request const& request,
                                           std::vector<column_role> const& roles);

/// The roles of a table by pair of countries. @{
[[nodiscard]] column_role exporter_role(label_set& countries);
[[nodiscard]] column_role importer_role(label_set& countries);
[[nodiscard]] column_role country_role(label_set& countries);
[[nodiscard]] column_role sector_role(label_set& sectors);
/// @}

}  // namespace melitz::front
