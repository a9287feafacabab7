// SPDX-License-Identifier: BSL-1.0
//
// What the pages say of parameters and results is what the tables beside the models say: this writes it there, between
// two marks, or says which page is stale. The glossary of docs/notation.md has every word of the tables, and no other.
//   told_tables --check ROOT    told_tables --update ROOT

#include "document/laws.hpp"
#include "document/models.hpp"
#include "document/text.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using melitz::catalog::model;
using melitz::catalog::parameter;
using melitz::front::to_text;
using melitz::told::by_two;

std::string read(std::string const& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string shape_in_words(by_two indices) {
  if (!indices.told()) return "";
  if (indices.rows == indices.columns) return "by pair of " + std::string(words_of(indices.rows).all);
  auto const out = std::string("by ") + words_of(indices.rows).one;
  return indices.columns == melitz::told::by::none ? out : out + " and " + words_of(indices.columns).one;
}

/// "of producing, per period; by country".
std::string joined(std::string_view a, std::string_view b, char const* between = "; ") {
  std::string out(a);
  if (!out.empty() && !b.empty()) out += between;
  return out.append(b);
}

std::string what_it_must(parameter const& p) {
  if (!p.words.empty()) {
    std::string out;
    for (auto const w : p.words) out.append(out.empty() ? "be `" : " or `").append(w).append("`");
    return out;
  }
  return std::string(p.restriction) + (p.may_be_infinite ? "; may be infinite" : "");
}

std::string if_left_out(parameter const& p) {
  if (!p.as_if_left_out.empty()) return '`' + p.as_if_left_out + '`';
  if (!p.if_left_out) return "";
  if (p.none_if_left_out) return "none";
  if (!p.words.empty()) return '`' + std::string(p.words[static_cast<std::size_t>(*p.if_left_out)]) + '`';
  return to_text(*p.if_left_out);
}

std::string in_table(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  for (std::size_t at = 0; (at = text.find('*', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string page_of(model const& m) {
  std::ostringstream out;
  bool optional = false;
  for (auto const& p : m.parameters) optional = optional || p.optional();
  out << "| parameter | meaning | unit | must |" << (optional ? " if left out |" : "") << '\n';
  out << "|---|---|---|---|" << (optional ? "---|" : "") << '\n';
  for (auto const& p : m.parameters) {
    out << "| `" << p.name << "` | " << in_table(joined(p.meaning, shape_in_words(p.indices))) << " | " << p.unit
        << " | " << in_table(what_it_must(p)) << " |";
    if (optional) out << ' ' << if_left_out(p) << " |";
    out << '\n';
  }
  bool equations = false;
  for (auto const& r : m.results) equations = equations || !r.equation.empty();
  out << "\n| result | unit | symbol |" << (equations ? " equation |" : "") << "\n|---|---|---|"
      << (equations ? "---|" : "") << '\n';
  for (auto const& r : m.results) {
    out << "| `" << r.name << "` | " << in_table(joined(r.unit, shape_in_words(r.indices))) << " | "
        << in_table(std::string(r.symbol)) << " |";
    if (equations) out << ' ' << r.equation << " |";
    out << '\n';
  }
  return out.str();
}

/// For troff: no line begins with a dot or a quote, and a minus is one.
std::string in_manual(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '-')
      out += "\\-";
    else if (c == '"')
      out += "\\(dq";
    else if (c == '\'')
      out += "\\(aq";
    else if (c == '`')
      continue;
    else
      out += c;
  }
  return out;
}

std::string manual_of(std::vector<model> const& models) {
  std::ostringstream out;
  for (auto const& m : models) {
    out << ".TP\n.B " << m.name << '\n' << in_manual(m.title) << ".\nParameters:\n";
    for (auto const& p : m.parameters) {
      auto text = joined(joined(p.unit, p.meaning, ", "), shape_in_words(p.indices), ", ");
      text = joined(text, "must " + what_it_must(p), ", ");
      if (p.optional()) text += ", " + if_left_out(p) + " if left out";
      out << ".B " << p.name << "\n(" << in_manual(text) << ')' << (&p == &m.parameters.back() ? ".\n" : ";\n");
    }
  }
  return out.str();
}

/// Puts `text` between two marks. @return whether it was there already
bool keep(std::string const& file, std::string const& begin, std::string const& end, std::string const& text,
          bool update) {
  auto const content = read(file);
  auto const from = content.find(begin), to = content.find(end);
  if (from == std::string::npos || to == std::string::npos || to < from) {
    std::cout << file << ": has no lines \"" << begin << "\" and \"" << end << "\"\n";
    return false;
  }
  auto const fresh = content.substr(0, from + begin.size()) + '\n' + text + content.substr(to);
  if (fresh == content) return true;
  if (update) {
    std::ofstream(file) << fresh;
    return true;
  }
  std::cout << file << ": is stale; cmake --build BUILD --target update-tables writes it\n";
  return false;
}

/// Costs are in labor, or in the good (the firm's own, too) or the bundles of factors in whose units a model has its
/// costs: the word is the same.
std::string in_labor(std::string_view unit) {
  bool const a_good = unit == "final good" || unit == "outside good" || unit == "bundles" || unit == "own output" ||
                      unit.starts_with("labor");
  return a_good ? "labor" : std::string(unit);
}

/// Every word of the tables has one line in the glossary and one unit in all models, and no line is of another word.
bool check_glossary(std::string const& file, std::vector<model> const& models) {
  std::map<std::string, std::map<std::string, std::string>> units;  // word, unit, a model
  for (auto const& m : models) {
    for (auto const& p : m.parameters) units[p.name][in_labor(p.unit)] = m.name;
    for (auto const& r : m.results) units[r.name];
  }
  // A parameter after a change is the same quantity, and so is a result for homogeneous firms, or one of the other
  // country.
  std::erase_if(units, [&](auto const& entry) {
    for (std::string_view const before : {"new_", "homogeneous_", "foreign_"}) {
      if (entry.first.starts_with(before) && units.contains(entry.first.substr(before.size()))) return true;
    }
    return false;
  });
  bool good = true;
  for (auto const& [word, of] : units) {
    if (of.size() < 2) continue;
    std::cout << word << " has several units:";
    for (auto const& [unit, model] : of) std::cout << " \"" << unit << "\" in " << model << ';';
    std::cout << '\n';
    good = false;
  }
  std::set<std::string> in_glossary;
  std::istringstream lines(read(file));
  std::string line;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("## ")) inside = line == "## Glossary";
    if (!inside || !line.starts_with("| `")) continue;
    auto const word = line.substr(3, line.find('`', 3) - 3);
    if (!in_glossary.insert(word).second) {
      std::cout << file << ": the glossary has " << word << " twice\n";
      good = false;
    }
    if (!units.contains(word)) {
      std::cout << file << ": the glossary has " << word << ", which no table has\n";
      good = false;
    }
  }
  for (auto const& [word, of] : units) {
    if (in_glossary.contains(word)) continue;
    std::cout << file << ": the glossary lacks " << word << '\n';
    good = false;
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || (std::string_view(argv[1]) != "--check" && std::string_view(argv[1]) != "--update")) {
    std::cerr << "told_tables --check ROOT or --update ROOT\n";
    return 2;
  }
  bool const update = std::string_view(argv[1]) == "--update";
  std::string const docs = std::string(argv[2]) + "/docs/";
  auto const& models = melitz::front::models();
  bool good = true;
  for (auto const& m : models) {
    good &= keep(docs + "models/" + std::string(m.name) + ".md", "<!-- told by the tables -->", "<!-- end -->",
                 '\n' + page_of(m) + '\n', update);
  }
  good &= keep(docs + "man/melitz-solve.1", ".\\\" told by the tables", ".\\\" end", manual_of(models), update);
  good &= check_glossary(docs + "notation.md", models);
  return good ? 0 : 1;
}
