// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"

#include <exception>
#include <fstream>
#include <istream>
#include <ostream>
#include <string>
#include <vector>

// Files and the standard streams, with words for whatever the system says.

namespace melitz::front {

/// The model file, or standard input for "-".
class input_stream {
 public:
  /// @throws input_error for what cannot be opened
  explicit input_stream(std::string const& name);

  [[nodiscard]] std::istream& stream();
  [[nodiscard]] std::string const& name() const { return name_; }
  /// All of it. @throws input_error
  [[nodiscard]] std::string read_all();
  /// @throws input_error if the stream ended because it could not be read further
  void require_read();

 private:
  std::string name_;
  std::ifstream file_;
};

/// The file of --output, or standard output.
class output_stream {
 public:
  /// @param inputs  files, or "-" for standard input, none of which it may be
  /// @throws input_error for what cannot be opened
  explicit output_stream(std::string name, std::vector<std::string> const& inputs = {});

  [[nodiscard]] std::ostream& stream();
  /// Everything has been given to it. @throws write_error if not all of that could be written
  void finish();

 private:
  std::string name_;
  std::ofstream file_;
};

class write_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads files that a document names, relative to `folder`.
[[nodiscard]] file_reader files_in(std::string const& folder);

/// What to say of an error, whatever it is.
[[nodiscard]] std::string words_of(std::exception const& e);

/// Those for an error that comes when there is no memory for words.
inline constexpr char const* no_memory = "there is not enough memory for this model";

}  // namespace melitz::front
