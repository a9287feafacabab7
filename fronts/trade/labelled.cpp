// SPDX-License-Identifier: BSL-1.0
#include "labelled.hpp"

#include "../common/csv.hpp"
#include "../common/utf8.hpp"
#include "../document/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace melitz::front {

namespace {

/// Titles that say that a column is of a country of the pair, but not which.
constexpr std::array<std::string_view, 14> ambiguous{"first",     "second", "reporter", "partner", "country_1",
                                                     "country_2", "from",   "to",       "i",       "j",
                                                     "country1",  "source", "country2", "target"};

[[nodiscard]] std::string folded(std::string_view title) {
  std::string out;
  for (char const c : title) {
    if (c == ' ' || c == '-') {
      out += '_';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

[[nodiscard]] bool means(column_role const& role, std::string const& title) {
  if (!role.prefix.empty() && title.starts_with(role.prefix)) return true;
  return std::find(role.titles.begin(), role.titles.end(), title) != role.titles.end();
}

[[nodiscard]] std::string names_of(std::vector<column_role> const& roles) {
  std::string out;
  for (auto const& r : roles) {
    out +=
        (out.empty() ? "" : ",") + std::string(r.optional ? "[" : "") + std::string(r.name) + (r.optional ? "]" : "");
  }
  return out;
}

/// Which column is what, as places of columns by role; nothing of one that is not there.
class columns {
 public:
  columns(std::span<std::string_view const> header, std::string const& file, file_request const& request,
          std::vector<column_role> const& roles)  // file: with its line
      : header_(header), file_(file), request_(request), roles_(roles), place_(roles.size()) {
    for (auto const& [role, title] : request.columns) {
      auto const r = role_named(role);
      if (!r) {
        std::vector<std::string_view> known;
        for (auto const& one : roles) known.push_back(one.name);
        throw input_error(request.path + ".columns." + role + " is no column of such a file" + suggestion(role, known));
      }
      place_[*r] = titled(title, "columns." + role);
    }
    auto const exporter = role_named("exporter"), importer = role_named("importer");
    bool const of_pair = exporter && importer;
    auto const of_importers = of_pair ? importer_meant() : std::string();
    if (!of_importers.empty()) place_[*importer] = column_of_importers(of_importers);
    for (std::size_t c = 0; c < header.size(); ++c) {
      if (taken(c) || is_ignored(c)) continue;
      auto const title = folded(header[c]);
      bool const other_of_pair = !of_importers.empty() && !place_[*exporter] && !is_known(title) && is_ambiguous(title);
      if (other_of_pair) {
        place_[*exporter] = c;
      } else {
        place(c, title);
      }
    }
    for (std::size_t r = 0; r < roles.size(); ++r) {
      if (place_[r] || roles[r].optional) continue;
      throw input_error(file + ": there is no column " + std::string(roles[r].name) + "; a header such as " +
                        names_of(roles) + " names it, or \"columns\": {\"" + std::string(roles[r].name) +
                        "\": \"its title\"} in " + request.path);
    }
  }

  [[nodiscard]] std::vector<std::optional<std::size_t>> const& places() const { return place_; }

 private:
  [[nodiscard]] std::optional<std::size_t> role_named(std::string_view name) const {
    for (std::size_t r = 0; r < roles_.size(); ++r) {
      if (roles_[r].name == name) return r;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::size_t titled(std::string const& title, std::string const& key) const {
    for (std::size_t c = 0; c < header_.size(); ++c) {
      if (header_[c] == title || folded(header_[c]) == title) return c;
    }
    throw input_error(request_.path + '.' + key + " is \"" + title + "\"; " + file_ + " has no such column" +
                      suggestion(title, header_));
  }
  [[nodiscard]] static bool is_ambiguous(std::string_view title) {
    return std::find(ambiguous.begin(), ambiguous.end(), title) != ambiguous.end();
  }
  /// What the request says of importers, if that is meant for this table.
  [[nodiscard]] std::string importer_meant() const {
    if (!request_.importer.empty() || place_[*role_named("importer")]) return request_.importer;
    bool const says = std::any_of(header_.begin(), header_.end(), [&](std::string_view title) {
      return means(roles_[*role_named("importer")], folded(title));
    });
    return says ? "" : request_.importer_if_unsaid;
  }
  /// The column that is called so, or the first or second of those that may be.
  [[nodiscard]] std::size_t column_of_importers(std::string const& which) const {
    bool const second = which == "second";
    std::size_t passed = 0;
    bool const by_place = (second || which == "first") &&
                          std::find(header_.begin(), header_.end(), std::string_view(which)) == header_.end();
    for (std::size_t c = 0; by_place && c < header_.size(); ++c) {
      if (is_ambiguous(folded(header_[c])) && passed++ == (second ? 1U : 0U)) return c;
    }
    return titled(which, "importer");
  }
  [[nodiscard]] bool taken(std::size_t c) const { return std::find(place_.begin(), place_.end(), c) != place_.end(); }
  [[nodiscard]] bool is_ignored(std::size_t c) const {
    return std::find(request_.ignored.begin(), request_.ignored.end(), header_[c]) != request_.ignored.end();
  }
  [[nodiscard]] bool is_known(std::string const& title) const {
    return std::any_of(roles_.begin(), roles_.end(), [&](column_role const& r) { return means(r, title); });
  }
  void place(std::size_t c, std::string const& title) {
    for (std::size_t r = 0; r < roles_.size(); ++r) {
      if (!means(roles_[r], title)) continue;
      if (place_[r]) {
        throw input_error(file_ + ": the columns \"" + std::string(header_[*place_[r]]) + "\" and \"" +
                          std::string(header_[c]) + "\" both are the " + std::string(roles_[r].name) +
                          "; one must be named in \"ignore\", or be another column's");
      }
      place_[r] = c;
      return;
    }
    if (std::find(request_.ignored.begin(), request_.ignored.end(), "*") != request_.ignored.end()) return;
    auto const named = file_ + ": the column \"" + std::string(header_[c]) + "\" ";
    bool const of_pair = role_named("importer").has_value();
    if (of_pair && is_ambiguous(title)) {
      throw input_error(named + "may be the importer or the exporter; \"importer\": \"" + std::string(header_[c]) +
                        "\" in " + request_.path + ", or the title of the other one, says which");
    }
    throw input_error(named + "is not known; the columns are " + names_of(roles_) +
                      ", \"columns\" gives one of them another title and \"ignore\": [\"" + std::string(header_[c]) +
                      "\"] leaves it out");
  }

  std::span<std::string_view const> header_;
  std::string const& file_;
  file_request const& request_;
  std::vector<column_role> const& roles_;
  std::vector<std::optional<std::size_t>> place_;
};

/// Titles for a file without a header: first and second for the pair, and the names of what stands there otherwise.
[[nodiscard]] std::vector<std::string_view> made_up_header(std::size_t fields, std::vector<column_role> const& roles,
                                                           std::string const& file, file_request const& request) {
  bool const of_pair = std::any_of(roles.begin(), roles.end(), [](auto const& r) { return r.name == "importer"; });
  std::string const words = ": it has no header; a first line such as " + names_of(roles);
  if (!of_pair) throw input_error(file + words + " says what its columns are");
  auto const& importer = request.importer.empty() ? request.importer_if_unsaid : request.importer;
  if (importer != "first" && importer != "second") {
    throw input_error(file + words + " says which country is the importer; without one \"importer\": \"first\" or " +
                      "\"second\" in " + request.path + " does");
  }
  std::vector<std::string_view> out{"first", "second"};
  for (auto const& role : roles) {
    if (role.name != "importer" && role.name != "exporter" && out.size() < fields) out.push_back(role.name);
  }
  if (fields == 3) out = {"first", "second", roles.back().name};
  for (auto const& role : roles) {
    if (fields == 3 && role.labels == nullptr && !role.optional) out.back() = role.name;
  }
  if (out.size() == fields) return out;
  throw input_error(file + ": it has no header and " + std::to_string(fields) + " columns; a first line such as " +
                    names_of(roles) + " says what they are");
}

/// Reads what is below the header.
class row_reader {
 public:
  row_reader(labelled_table& out, std::vector<column_role> const& roles,
             std::vector<std::optional<std::size_t>> const& places)
      : out_(out) {
    for (std::size_t r = 0; r < roles.size(); ++r) {
      if (roles[r].labels != nullptr) {
        labels_.push_back({places[r], roles[r].labels, "", 0});
        out.kinds.push_back(roles[r].labels);
        out.labels.emplace_back();
      } else {
        numbers_.push_back({places[r], &roles[r]});
        out.numbers.emplace_back();
      }
    }
  }

  void read(std::span<std::string_view const> fields, std::size_t line) {
    out_.lines.push_back(line);
    for (std::size_t k = 0; k < labels_.size(); ++k) {
      auto& column = labels_[k];
      if (!column.place) continue;
      auto const text = fields[*column.place];
      // Rows are sorted as a rule: the label is the last one again.
      if (out_.labels[k].empty() || text != column.last) {
        column.number = number_of(*column.kind, text);
        column.last = text;
      }
      out_.labels[k].push_back(column.number);
    }
    for (std::size_t k = 0; k < numbers_.size(); ++k) {
      if (!numbers_[k].place) continue;
      auto const text = fields[*numbers_[k].place];
      auto const number = to_number(text);
      auto const& role = *numbers_[k].role;
      if (number && melitz::detail::lies_in(melitz::detail::bounds_of(role.must), *number)) {
        out_.numbers[k].push_back(*number);
        continue;
      }
      auto const row = out_.rows() - 1;
      auto const what = out_.place(row) + ": the " + std::string(role.name) + " of " + out_.label(row) + " is ";
      if (number) throw input_error(what + to_text(*number) + "; it must " + melitz::to_words(role.must));
      if (text.empty())
        throw input_error(what + "empty; it must be a number, and a row that is not there stands for 0");
      throw input_error(what + '"' + std::string(text) + "\"; it must be a number");
    }
  }

 private:
  struct label_column {
    std::optional<std::size_t> place;
    label_set* kind;
    std::string_view last;
    std::uint32_t number;
  };
  struct number_column {
    std::optional<std::size_t> place;
    column_role const* role;
  };

  [[nodiscard]] std::uint32_t number_of(label_set& kind, std::string_view text) const {
    if (auto const known = kind.find(text)) return *known;
    auto const here = out_.place(out_.rows() - 1) + ": ";
    if (text.empty()) throw input_error(here + "the label of the " + kind.what() + " is empty");
    if (!example::is_utf8(text)) throw input_error(here + "it is not in UTF-8, which is how it must be saved");
    if (kind.is_open()) return kind.add(text);
    std::vector<std::string_view> known;
    for (std::size_t k = 0; k < kind.size(); ++k) known.emplace_back(kind[k]);
    throw input_error(here + "there is no " + kind.what() + " \"" + std::string(text) + "\" in " + kind.source() +
                      suggestion(text, known));
  }

  labelled_table& out_;
  std::vector<label_column> labels_{};
  std::vector<number_column> numbers_{};
};

[[nodiscard]] std::string read_title(json const& value, std::string const& path) {
  if (value.is_string() && !value.get_ref<std::string const&>().empty()) return value.get<std::string>();
  throw input_error(path + " is " + shown(value) + "; it must be the title of a column");
}

}  // namespace

std::uint32_t label_set::add(std::string_view label) {
  if (auto const known = find(label)) return *known;
  auto const number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(label);
  places_.emplace(names_.back(), number);
  return number;
}

std::optional<std::uint32_t> label_set::find(std::string_view label) const {
  auto const found = places_.find(label);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

file_request read_request(json const& value, std::string const& path, std::vector<std::string_view> const& more) {
  file_request out{.name = "", .path = path};
  if (value.is_string()) {
    out.name = read_title(value, path);
    return out;
  }
  if (!value.is_object()) {
    throw input_error(path + " is " + shown(value) + "; it must be the name of a CSV file, or {\"file\": ...}");
  }
  std::vector<std::string_view> known{"file", "columns", "ignore", "importer"};
  known.insert(known.end(), more.begin(), more.end());
  require_known_keys(value, path, known);
  auto const& name = member(value, path, "file", "be the name of a CSV file");
  if (!name.is_string()) throw input_error(join(path, "file") + " is " + shown(name) + "; it must be a name");
  out.name = name.get<std::string>();
  if (value.contains("columns")) {
    auto const& columns = value.at("columns");
    require_object(columns, join(path, "columns"));
    for (auto const& [role, title] : columns.items()) {
      out.columns.emplace(role, read_title(title, join(path, "columns." + role)));
    }
  }
  if (value.contains("ignore")) {
    auto const& ignored = value.at("ignore");
    if (!ignored.is_array()) {
      throw input_error(join(path, "ignore") + " is " + shown(ignored) + "; it must be a list of titles, [...]");
    }
    for (auto const& title : ignored) out.ignored.push_back(read_title(title, join(path, "ignore")));
  }
  if (value.contains("importer")) out.importer = read_title(value.at("importer"), join(path, "importer"));
  return out;
}

std::string labelled_table::label(std::size_t row) const {
  std::string out;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (row < labels[k].size()) out += (out.empty() ? "" : ", ") + (*kinds[k])[labels[k][row]];
  }
  return out;
}

void labelled_table::require_once() const {
  std::unordered_map<std::uint64_t, std::size_t> seen;
  seen.reserve(2 * rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    std::uint64_t key = 0;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (row < labels[k].size()) key = key * (kinds[k]->size() + 1) + labels[k][row];
    }
    auto const [at, is_new] = seen.emplace(key, row);
    if (is_new) continue;
    throw input_error(place(row) + ": " + label(row) + " stands there already, in line " +
                      std::to_string(lines[at->second]) + "; it must be there once");
  }
}

labelled_table read_labelled(text_file const& file, file_request const& request,
                             std::vector<column_role> const& roles) {
  labelled_table out{.file = file.name};
  try {
    example::csv_reader reader(file.text);
    if (!reader.next_filled())
      throw input_error(file.name + " is empty; it must have a line such as " + names_of(roles));
    std::vector<std::string_view> header(reader.fields().begin(), reader.fields().end());
    auto const here = file.name + ", line " + std::to_string(reader.line());
    bool const has_header = !to_number(header.back());
    auto const first = header;
    if (!has_header) header = made_up_header(first.size(), roles, here, request);
    columns const meant(header, here, request, roles);
    for (auto const& place : meant.places()) out.titles.push_back(place ? std::string(header[*place]) : "");
    row_reader rows(out, roles, meant.places());
    if (!has_header) rows.read(first, reader.line());
    while (reader.next_filled()) {
      auto const fields = reader.fields();
      if (fields.size() != header.size()) {
        throw input_error(file.name + ", line " + std::to_string(reader.line()) + " has " +
                          std::to_string(fields.size()) + " fields; it must have " + std::to_string(header.size()) +
                          ", as many as the first");
      }
      rows.read(fields, reader.line());
    }
    if (out.rows() == 0) throw input_error(file.name + " has a header and no rows below it");
  } catch (example::csv_error const& e) {
    throw input_error(file.name + ", line " + std::to_string(e.line) + ": " + e.what());
  }
  out.require_once();
  return out;
}

column_role exporter_role(label_set& countries) {
  return {"exporter", {"exporter", "exporting_country", "exporter_iso3", "origin", "iso_o", "iso3_o"}, &countries};
}
column_role importer_role(label_set& countries) {
  return {"importer", {"importer", "importing_country", "importer_iso3", "destination", "iso_d", "iso3_d"}, &countries};
}
column_role country_role(label_set& countries) { return {"country", {"country", "iso3", "iso"}, &countries}; }
column_role sector_role(label_set& sectors) { return {"sector", {"sector", "industry"}, &sectors}; }

}  // namespace melitz::front
