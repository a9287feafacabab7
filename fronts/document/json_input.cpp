// SPDX-License-Identifier: BSL-1.0
#include "json_input.hpp"

#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace melitz::front {

namespace {

/// Finds a key that stands twice in one object; the parser would keep the last without a word.
class duplicate_finder {
 public:
  bool operator()(int /*depth*/, json::parse_event_t event, json const& parsed) {
    using on = json::parse_event_t;
    switch (event) {
      case on::object_start:
      case on::array_start:
        next_element();
        if (open_.size() > 50) throw input_error("it is nested more than 50 levels deep; no model is");
        open_.push_back({.is_array = event == on::array_start});
        break;
      case on::object_end:
      case on::array_end:
        open_.pop_back();
        break;
      case on::key: {
        auto& object = open_.back();
        object.key = parsed.get<std::string>();
        if (!object.seen.insert(object.key).second)
          throw input_error(path() + " is given twice; it must stand there once");
        break;
      }
      case on::value:
        next_element();
        break;
    }
    return true;
  }

 private:
  struct level {
    bool is_array = false;
    std::size_t elements = 0;
    std::string key{};
    std::set<std::string> seen{};
  };

  void next_element() {
    if (!open_.empty() && open_.back().is_array) ++open_.back().elements;
  }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (auto const& l : open_) {
      if (l.is_array) {
        out.append("[").append(std::to_string(l.elements - 1)).append("]");
      } else {
        out = join(out, l.key);
      }
    }
    return out;
  }

  std::vector<level> open_;
};

/// "line 3, column 14" of the character just before `byte` (counted from 1, as the parser does).
std::string place(std::string const& text, std::size_t byte, std::size_t first_line) {
  std::size_t const before = std::min(byte > 0 ? byte - 1 : 0, text.size());
  auto const begin = text.begin(), here = begin + static_cast<std::ptrdiff_t>(before);
  auto const line = first_line + static_cast<std::size_t>(std::count(begin, here, '\n'));
  auto const line_start = text.rfind('\n', before == 0 ? 0 : before - 1);
  auto const column = before == 0 || line_start == std::string::npos ? before + 1 : before - line_start;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// How long the number is that a text begins with; 0 if it does not begin with one.
std::size_t number_length(std::string_view text) {
  std::size_t k = text.starts_with('-') ? 1 : 0;
  auto const digits = [&](std::size_t from) {
    return std::min(text.find_first_not_of("0123456789", from), text.size());
  };
  auto const first = k;
  if ((k = digits(k)) == first) return 0;
  if (k < text.size() && text[k] == '.') k = digits(k + 1);
  if (k < text.size() && (text[k] == 'e' || text[k] == 'E')) {
    auto const after = text.substr(k + 1);
    auto const exponent = k + (after.starts_with('+') || after.starts_with('-') ? 2 : 1);
    if (auto const end = digits(exponent); end > exponent) k = end;
  }
  return k;
}

/// The same document with "inf" for numbers beyond the range of double, which the parser does not take. Every one of
/// them is at least as long, so that what follows keeps its place.
std::string with_infinities(std::string text) {
  bool in_string = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '"') in_string = !in_string;
    if (in_string) {
      if (text[k] == '\\') ++k;
      continue;
    }
    auto const end = k + number_length(std::string_view(text).substr(k));
    if (end == k) continue;
    auto const number = to_number(std::string_view(text).substr(k, end - k));
    if (number && std::isinf(*number)) {
      std::string infinity = *number > 0 ? "\"inf\"" : "\"-inf\"";
      infinity.resize(end - k, ' ');
      text.replace(k, end - k, infinity);
    }
    k = end - 1;
  }
  return text;
}

/// The parser's own words without its error number and its place.
std::string reason(std::string const& what) {
  auto const start = what.find("syntax error");
  if (start != std::string::npos) return what.substr(start);
  auto const bracket = what.find("] ");
  return bracket == std::string::npos ? what : what.substr(bracket + 2);
}

}  // namespace

json parse_json(std::string const& text, std::size_t first_line) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw input_error("there is nothing in it; it must hold a model, such as `melitz-solve --example open` prints");
  }
  try {
    constexpr bool throws = true, skips_comments = true;
    return json::parse(text, duplicate_finder(), throws, skips_comments);
  } catch (json::parse_error const& e) {
    std::string message = place(text, e.byte, first_line) + ": " + reason(e.what());
    char const last = e.byte > 0 && e.byte <= text.size() ? text[e.byte - 1] : ' ';
    if (last == 'I') message += "; infinity must be written \"inf\", in quotes";
    if (last == 'N') message += "; NaN stands for no number, and a model needs every one";
    throw input_error(one_line(message));
  } catch (json::out_of_range const&) {  // a number beyond the range of double
    auto const understood = with_infinities(text);
    if (understood == text) throw input_error("it has a number beyond the range of double, 1.8e308");
    return parse_json(understood, first_line);
  }
}

std::string shown(json const& value) {
  if (value.is_number_float()) return to_text(value.get<double>());
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::size_t const longest = 60;
  if (text.size() > longest) text = text.substr(0, longest - 3) + "...";
  return text;
}

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : std::string(path) + '.' + std::string(key);
}

void require_object(json const& value, std::string const& path) {
  if (value.is_object()) return;
  throw input_error((path.empty() ? "the model" : path) + " is " + shown(value) + "; it must be an object, {...}");
}

void require_known_keys(json const& object, std::string const& path, std::span<std::string_view const> known) {
  for (auto const& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw input_error(join(path, key) + " (" + shown(value) + ") is not a known key" + suggestion(key, known));
  }
}

json const& member(json const& object, std::string const& path, std::string_view key, std::string_view restriction) {
  auto const found = object.find(std::string(key));
  if (found == object.end()) throw input_error(join(path, key) + " is missing; it must " + std::string(restriction));
  return *found;
}

std::optional<double> infinity_in_words(json const& value) {
  auto const number = value.is_string() ? to_number(value.get_ref<std::string const&>()) : std::nullopt;
  return number && !std::isfinite(*number) ? number : std::nullopt;
}

double read_number(json const& value, std::string const& path) {
  if (value.is_number()) return value.get<double>();
  if (auto const number = infinity_in_words(value)) return *number;
  std::string hint = " (infinity is written \"inf\")";
  if (value.is_string() && to_number(value.get_ref<std::string const&>())) hint = ", without the quotes";
  if (value.is_null())
    hint = "; if it stands for infinity, as Octave and MATLAB write that, \"inf\" is the word for it";
  throw input_error(path + " is " + shown(value) + "; it must be a number" +
                    (value.is_string() || value.is_null() ? hint : ""));
}

std::vector<double> read_numbers(json const& value, std::string const& path) {
  if (!value.is_array()) throw input_error(path + " is " + shown(value) + "; it must be a list of numbers, [...]");
  std::vector<double> out;
  out.reserve(value.size());
  for (auto const& element : value) {
    // Spelling the path out is slow, and data are long.
    out.push_back(element.is_number() ? element.get<double>()
                                      : read_number(element, path + '[' + std::to_string(out.size()) + ']'));
  }
  return out;
}

std::string read_word(json const& value, std::string const& path, std::span<std::string_view const> known) {
  auto word = value.is_string() ? value.get<std::string>() : std::string();
  if (value.is_string() && std::find(known.begin(), known.end(), word) != known.end()) return word;
  throw input_error(path + " is " + shown(value) + suggestion(word, known));
}

}  // namespace melitz::front
