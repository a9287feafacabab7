// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <deque>
#include <istream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Tables in CSV: a text in memory as rows of fields, each with its place in the file.

namespace example {

/// A text that is no CSV. what() says why; rows, columns and lines are counted from 1.
struct csv_error : std::runtime_error {
  csv_error(std::string const& why, std::size_t its_row, std::size_t its_column, std::size_t its_line)
      : std::runtime_error(why), row(its_row), column(its_column), line(its_line) {}
  std::size_t row, column, line;
};

/// All that a stream has left; it is bad afterwards if it could not be read to its end.
[[nodiscard]] inline std::string read_text(std::istream& in) {
  std::string out;
  char buffer[16384];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) out.append(buffer, static_cast<std::size_t>(in.gcount()));
  return out;
}

/// Reads a text row by row. Fields are separated by commas, and rows end with any of the three line breaks in use (the
/// oldest, a carriage return alone, is what spreadsheets call CSV of the Macintosh). A field in quotes may hold commas,
/// line breaks and doubled quotes. Blanks and tabs around a field, in quotes or not, are no part of it, and neither is
/// the mark that spreadsheets begin a file with. No field is copied, unless it has doubled quotes.
class csv_reader {
 public:
  /// @param text     must outlive the reader
  /// @param comment  what a line begins with that is not a row of fields but one text; 0: there are no such lines
  /// @throws csv_error for UTF-16
  explicit csv_reader(std::string_view text, char comment = '\0') : rest_(text), comment_(comment) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    if (rest_.starts_with("\xFF\xFE") || rest_.starts_with("\xFE\xFF")) {
      throw csv_error("it is in UTF-16; it must be saved as UTF-8", 1, 1, 1);
    }
  }
  csv_reader(csv_reader const&) = delete;  // fields point into it
  csv_reader& operator=(csv_reader const&) = delete;

  /// Reads the next row; false if there is none. @throws csv_error for quotes that do not fit
  bool next() {
    fields_.clear();
    if (rest_.empty()) return false;
    ++row_;
    line_ += 1 + breaks_inside_;
    breaks_inside_ = 0;
    is_comment_ = comment_ != '\0' && rest_.front() == comment_;
    if (is_comment_) {
      fields_.push_back(rest_.substr(0, rest_.find_first_of("\r\n")));
      rest_.remove_prefix(fields_.back().size());
    } else {
      while (read_field()) rest_.remove_prefix(1);
    }
    if (!rest_.empty()) rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
    return true;
  }

  /// The next row with anything in it; false if there is none. @throws csv_error as next() does
  bool next_filled() {
    while (next()) {
      if (!is_blank()) return true;
    }
    return false;
  }

  /// The fields of this row, or all of a comment. They stay valid as long as the reader and its text.
  [[nodiscard]] std::span<std::string_view const> fields() const { return fields_; }
  [[nodiscard]] bool is_comment() const { return is_comment_; }
  [[nodiscard]] bool is_blank() const { return fields_.size() == 1 && fields_[0].empty(); }
  /// Which row this is, counted from 1 as spreadsheets do, those that are blank or comments among them.
  [[nodiscard]] std::size_t row() const { return row_; }
  /// The line of the text that it begins on: another number below a field with line breaks.
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  [[nodiscard]] static constexpr bool is_blank_character(char c) { return c == ' ' || c == '\t'; }
  [[nodiscard]] static constexpr bool ends_field(char c) { return c == ',' || c == '\n' || c == '\r'; }

  [[nodiscard]] static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank_character(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank_character(text.back())) text.remove_suffix(1);
    return text;
  }

  /// Reads up to what ends a field, which stays. Is it a comma?
  bool read_field() {
    std::size_t k = 0;
    while (k < rest_.size() && is_blank_character(rest_[k])) ++k;
    if (k < rest_.size() && rest_[k] == '"') {
      rest_.remove_prefix(k + 1);
      fields_.push_back(trimmed(read_quoted()));
    } else {
      while (k < rest_.size() && !ends_field(rest_[k])) ++k;
      fields_.push_back(trimmed(rest_.substr(0, k)));
      rest_.remove_prefix(k);
    }
    return rest_.starts_with(',');
  }

  /// The field after an opening quote, up to what ends it.
  std::string_view read_quoted() {
    std::string* copy = nullptr;
    std::string_view out;
    for (std::size_t k = 0;; ++k) {
      k = rest_.find_first_of("\"\r\n", k);
      if (k == std::string_view::npos) fail("a quote is not closed");
      if (rest_[k] != '"') {
        if (rest_.substr(k, 2) == "\r\n") ++k;
        ++breaks_inside_;
      } else if (rest_.substr(k + 1).starts_with('"')) {
        if (copy == nullptr) copy = &copies_.emplace_back();
        copy->append(rest_.substr(0, k + 1));
        rest_.remove_prefix(k + 2);
        k = static_cast<std::size_t>(-1);
      } else {
        out = rest_.substr(0, k);
        rest_.remove_prefix(k + 1);
        break;
      }
    }
    while (!rest_.empty() && is_blank_character(rest_.front())) rest_.remove_prefix(1);
    if (!rest_.empty() && !ends_field(rest_.front())) fail("there is something after the closing quote");
    return copy == nullptr ? out : std::string_view(copy->append(out));
  }

  [[noreturn]] void fail(char const* why) const { throw csv_error(why, row_, fields_.size() + 1, line_); }

  std::string_view rest_;
  char comment_;
  std::vector<std::string_view> fields_{};
  std::deque<std::string> copies_{};  ///< of fields with doubled quotes; none of them moves
  std::size_t row_ = 0, line_ = 0, breaks_inside_ = 0;
  bool is_comment_ = false;
};

}  // namespace example
