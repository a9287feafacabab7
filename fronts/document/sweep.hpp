// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"
#include "read_model.hpp"
#include "settings.hpp"
#include "write.hpp"

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Many solves: a number, or a grid of several, runs over a range, and each value gives a row of CSV.

namespace melitz::front {

/// The values that one number takes: `count` of them from `from` to `to`, both included, evenly or evenly in logs.
struct axis {
  std::string name;
  double from = 0, to = 0;
  std::size_t count = 1;
  bool logarithmic = false;

  [[nodiscard]] double at(std::size_t k) const;
  /// Do the values multiply what the file says? Else they replace it.
  [[nodiscard]] bool scales() const { return name.ends_with('*'); }
};

/// Reads NAME=FROM:TO:COUNT or NAME=FROM:TO:COUNT:log. @throws input_error
[[nodiscard]] axis read_axis(std::string const& text);

/// Reads FROM:TO:COUNT or FROM:TO:COUNT:log, of whatever has this name. @param wrong  with what is wrong and what would
/// be right  @throws what it gives
[[nodiscard]] axis read_range(std::string name, std::string_view text,
                              std::function<input_error(std::string const& why)> const& wrong);

class sweep {
 public:
  /// @param fields  the results that rows have; all if there are none
  /// @param numbers_in_rows  whether each number has a row of its own, see long_rows
  /// @throws input_error for anything that no row could do without: names, structure, types
  sweep(model_file file, std::vector<axis> axes, std::vector<std::string> const& fields = {},
        bool numbers_in_rows = false);

  struct tally {
    std::size_t rows = 0, solved = 0;
  };

  /// Writes the header, then every row as soon as it is solved; the last axis runs fastest.
  /// @param so_many_done  told after every row; false ends the sweep
  tally run(std::ostream& out, std::function<bool(std::size_t done)> const& so_many_done);

  [[nodiscard]] std::size_t rows() const { return rows_; }

 private:
  void set(std::size_t axis_number, double value);
  [[nodiscard]] std::string solve_row(std::string const& values);

  std::vector<axis> axes_;
  model_file file_;
  model_input input_;
  std::vector<double> values_;                     ///< of each axis
  std::vector<std::optional<target>> parameters_;  ///< of each axis, if it is one; else it moves the law
  std::vector<field> fields_;
  bool numbers_in_rows_;
  csv_columns columns_;      ///< right of the status
  std::vector<array> base_;  ///< the parameters before any axis moves them
  json distribution_;        ///< likewise
  std::size_t rows_;
  bool law_moved_ = false;
  std::size_t solved_ = 0;
};

}  // namespace melitz::front
