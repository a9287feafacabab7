// SPDX-License-Identifier: BSL-1.0
#include "batch.hpp"

#include "../document/text.hpp"
#include "../document/write.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace melitz::front {

namespace {

/// Follows a model that is spread over several lines, as a batch cannot have it, to where it ends.
class spread_model {
 public:
  /// Does this line, which is no model, begin one?
  [[nodiscard]] bool begins(std::string_view line) {
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    open_ = line.ends_with('{') || line.ends_with('[') || line.ends_with(',') ? brackets(line) : 0;
    return open_ > 0;
  }
  /// Does this line go on with it? Those that do are indented, or close it.
  [[nodiscard]] bool goes_on(std::string_view line) {
    if (open_ > 0 && std::string_view(" \t}]").find(line.front()) == std::string_view::npos) open_ = 0;
    if (open_ <= 0) return false;
    open_ += brackets(line);
    return true;
  }

 private:
  /// How many brackets more a line opens than it closes.
  [[nodiscard]] static long brackets(std::string_view line) {
    long out = 0;
    bool in_string = false;
    for (std::size_t k = 0; k < line.size(); ++k) {
      if (line[k] == '"') in_string = !in_string;
      if (in_string && line[k] == '\\') ++k;
      if (in_string) continue;
      if (line[k] == '{' || line[k] == '[') ++out;
      if (line[k] == '}' || line[k] == ']') --out;
    }
    return out;
  }

  long open_ = 0;
};

/// The line of a batch as a document. @throws input_error
json read_line(std::string const& line, std::size_t number, spread_model& spread) {
  try {
    return parse_json(line, number);
  } catch (input_error const&) {
    if (!spread.begins(line)) throw;
    throw input_error(
        "line " + std::to_string(number) +
        ": a model begins here and does not end on the same line; in a batch each must stand on one line, "
        "as jq -c . writes it (the rest of this one is passed over)");
  }
}

}  // namespace

void answer_lines(input_stream& in, std::ostream& out, output_options const& how,
                  std::function<model_file(json const& document)> const& file_of) {
  std::string line;
  spread_model spread;
  for (std::size_t number = 1; out && std::getline(in.stream(), line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos || spread.goes_on(line)) continue;
    json document;
    try {
      document = read_line(line, number, spread);
      auto input = read_model(file_of(document));
      auto const fields = fields_chosen(input, how);
      auto const answer = solve(input);
      write_json(out, input, answer, layout::one_line, fields, how.as());
    } catch (std::exception const& e) {  // whatever it is, the one who drives waits for a line
      std::optional<json> id;
      if (document.is_object() && document.contains("id")) id = document.at("id");
      write_json_error(out, id, one_line(words_of(e)));
    }
    out.flush();
  }
}

}  // namespace melitz::front
