// SPDX-License-Identifier: BSL-1.0
#include "study.hpp"

#include "../document/text.hpp"
#include "patterns.hpp"
#include "run.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace melitz::front {

namespace {

using melitz::rule;

using words = std::vector<std::string_view>;

class study_reader {
 public:
  study_reader(json document, file_reader const& read) : document_(std::move(document)), read_(read) {}

  [[nodiscard]] policy_study all() {
    spell_labor(document_);
    words known{"model",
                "id",
                "sectors",
                "parameter_sets",
                "bootstrap",
                "closure",
                "numeraire",
                "revenue",
                "labor_supply_elasticity",
                "resolve_deficits_first",
                "decomposition",
                "scenarios",
                "results",
                "comment"};
    for (auto const key : trade_data_keys()) known.push_back(key);
    require_known_keys(document_, "", known);
    out_.data = read_trade_data(document_, read_);
    for (auto* labels : {&countries_, &sectors_}) labels->set_source(out_.data.flows_file);
    for (auto const& name : out_.data.countries) countries_.add(name);
    for (auto const& name : out_.data.sectors) sectors_.add(name);
    for (auto* labels : {&countries_, &sectors_}) labels->close();
    parameters();
    read_closing(document_, "", source(), everywhere_);
    if (document_.contains("labor_supply_elasticity")) {
      out_.labor_supply_elasticity = number_in(document_, "", "labor_supply_elasticity", rule::at_least_zero);
    }
    results();
    scenarios();
    return std::move(out_);
  }

 private:
  [[nodiscard]] study_source source() { return {out_.data, countries_, sectors_, read_}; }

  [[nodiscard]] static double number_in(json const& object, std::string const& path, char const* key, rule must) {
    double const x = read_number(object.at(key), join(path, key));
    if (melitz::detail::lies_in(melitz::detail::bounds_of(must), x)) return x;
    throw input_error(join(path, key) + " is " + to_text(x) + "; it must " + melitz::to_words(must));
  }
  [[nodiscard]] static bool yes_in(json const& object, std::string const& path, char const* key) {
    if (object.at(key).is_boolean()) return object.at(key).get<bool>();
    throw input_error(join(path, key) + " is " + shown(object.at(key)) + "; it must be true or false");
  }

  void parameters() {
    auto const& rules = member(document_, "", "sectors", "be an object such as {\"*\": {\"trade_elasticity\": 4}}");
    auto const from = source();
    auto const base = read_sectors(rules, "sectors", from, {});
    if (!document_.contains("parameter_sets")) {
      out_.sets.push_back({"", base});
    } else {
      auto const& sets = document_.at("parameter_sets");
      require_object(sets, "parameter_sets");
      if (sets.empty()) throw input_error("parameter_sets is empty; it must have a set");
      for (auto const& [name, more] : sets.items()) {
        out_.sets.push_back({name, read_sectors(more, join("parameter_sets", name), from, base)});
      }
    }
    if (!document_.contains("bootstrap")) return;
    auto const& asked = document_.at("bootstrap");
    require_object(asked, "bootstrap");
    constexpr std::string_view keys[] = {"draws", "seed", "standard_error"};
    require_known_keys(asked, "bootstrap", keys);
    (void)member(asked, "bootstrap", "draws", "be how many sets are drawn");
    auto const whole = [&](char const* key, double most) {
      double const x = number_in(asked, "bootstrap", key, rule::at_least_zero);
      if (x == std::floor(x) && x <= most) return x;
      throw input_error(join("bootstrap", key) + " is " + to_text(x) + "; it must be a whole number of at most " +
                        to_text(most));
    };
    out_.bootstrap.draws = static_cast<std::size_t>(whole("draws", 1e5));
    if (out_.bootstrap.draws == 0) throw input_error("bootstrap.draws is 0; it must be at least 1");
    if (asked.contains("seed")) out_.bootstrap.seed = static_cast<std::uint64_t>(whole("seed", 9e15));
    out_.bootstrap.standard_error =
        read_sector_numbers(member(asked, "bootstrap", "standard_error", "be a number, or numbers by sector"),
                            "bootstrap.standard_error", from, rule::at_least_zero);
  }

  void results() {
    if (!document_.contains("results")) return;
    auto const& asked = document_.at("results");
    if (!asked.is_array() || asked.empty())
      throw input_error("results is " + shown(asked) + "; it must be a list of names of results, or patterns of them");
    auto const names = names_of_policy_results();
    for (auto const& pattern : asked) {
      auto const path = "results[" + std::to_string(out_.results.size()) + ']';
      out_.results.push_back(read_choice(pattern, path, {}));
      auto const& text = out_.results.back();
      if (std::any_of(names.begin(), names.end(), [&](auto const& name) { return matches(text, name); })) continue;
      words known(names.begin(), names.end());
      throw input_error(path + " is \"" + text + "\", which matches no result" + suggestion(text, known));
    }
  }

  void scenarios() {
    auto const& list = member(document_, "", "scenarios", "be a list of questions, [{\"name\": \"A\", ...}]");
    if (!list.is_array() || list.empty())
      throw input_error("scenarios is " + shown(list) + "; it must be a list of questions, [{\"name\": \"A\", ...}]");
    for (std::size_t k = 0; k < list.size(); ++k) {
      auto given = list[k];
      auto const path = "scenarios[" + std::to_string(k) + ']';
      require_object(given, path);
      spell_labor(given);
      one_scenario(given, path);
    }
    std::vector<std::string_view> seen;
    for (auto const& one : out_.scenarios) {
      if (std::find(seen.begin(), seen.end(), one.name) != seen.end())
        throw input_error("two scenarios have the name \"" + one.name + "\"; each must have its own");
      seen.push_back(one.name);
    }
  }

  void one_scenario(json const& given, std::string const& path) {
    constexpr std::string_view keys[] = {"name",    "import_tax",    "export_tax",  "production_tax",
                                         "iceberg", "fixed_cost",    "retaliation", "optimal",
                                         "nash",    "cooperation",   "closure",     "numeraire",
                                         "revenue", "decomposition", "comment",     "resolve_deficits_first"};
    require_known_keys(given, path, keys);
    scenario out;
    auto const& name = member(given, path, "name", "be a text");
    if (!name.is_string() || name.get_ref<std::string const&>().empty())
      throw input_error(join(path, "name") + " is " + shown(name) + "; it must be a text");
    out.name = name.get<std::string>();
    out.closed = everywhere_;
    read_closing(given, path, source(), out.closed);
    if (document_.contains("resolve_deficits_first"))
      out.resolve_deficits = yes_in(document_, "", "resolve_deficits_first");
    if (given.contains("resolve_deficits_first")) out.resolve_deficits = yes_in(given, path, "resolve_deficits_first");
    read_lines(given, path, out);
    read_decompositions(given.contains("decomposition") ? given : document_,
                        given.contains("decomposition") ? path : "", out);
    int searches = 0;
    for (auto const* key : {"optimal", "nash", "cooperation"}) searches += given.contains(key) ? 1 : 0;
    if (searches > 1) throw input_error(path + " has several of optimal, nash and cooperation; it must have one");
    if (given.contains("nash")) read_players(given.at("nash"), join(path, "nash"), search_kind::nash, out);
    if (given.contains("cooperation"))
      read_players(given.at("cooperation"), join(path, "cooperation"), search_kind::cooperation, out);
    if (!given.contains("optimal")) {
      if (given.contains("retaliation")) read_answer(given.at("retaliation"), join(path, "retaliation"), out, {});
      out_.scenarios.push_back(std::move(out));
      return;
    }
    auto const here = join(path, "optimal");
    auto const& asked = given.at("optimal");
    require_object(asked, here);
    auto const who = labels_matching(member(asked, here, "country", "be a country"), join(here, "country"), countries_);
    for (auto const i : who) {
      auto each = out;
      if (who.size() > 1) each.name += ' ' + countries_[i];
      read_optimal(asked, here, i, each);
      if (given.contains("retaliation")) read_answer(given.at("retaliation"), join(path, "retaliation"), each, i);
      out_.scenarios.push_back(std::move(each));
    }
  }

  void read_lines(json const& given, std::string const& path, scenario& out) {
    auto const size = out_.data.flows.size(), places = countries_.size() * sectors_.size();
    auto const from = source();
    auto const or_zero = [](std::vector<double> const& x, std::size_t count) {
      return x.empty() ? std::vector<double>(count, 0.0) : x;
    };
    auto const pairs = [&](char const* key, std::vector<double> before, bool of_taxes, std::vector<double>& into) {
      if (given.contains(key)) into = changed_pairs(given.at(key), join(path, key), from, std::move(before), of_taxes);
    };
    pairs("import_tax", or_zero(out_.data.import_tax, size), true, out.import_tax);
    pairs("export_tax", or_zero(out_.data.export_tax, size), true, out.export_tax);
    pairs("iceberg", std::vector<double>(size, 1.0), false, out.iceberg);
    pairs("fixed_cost", std::vector<double>(size, 1.0), false, out.fixed_cost);
    for (double const x : out.fixed_cost) {
      if (!std::isfinite(x))
        throw input_error(join(path, "fixed_cost") + " makes " + to_text(x) + "; it must be finite");
    }
    if (!given.contains("production_tax")) return;
    out.production_tax = changed_places(given.at("production_tax"), join(path, "production_tax"), from,
                                        or_zero(out_.data.production_tax, places));
  }

  void read_decompositions(json const& object, std::string const& path, scenario& out) {
    if (!object.contains("decomposition")) return;
    auto const here = join(path, "decomposition");
    auto const& asked = object.at("decomposition");
    words const known{"log_path", "caliendo_parro", "ossa"};
    if (!asked.is_array()) {
      out.decompositions.push_back(read_choice(asked, here, known));
      return;
    }
    for (auto const& one : asked) out.decompositions.push_back(read_choice(one, here, known));
  }

  /// "pattern", "bounds" and "instrument" of taxes that a country chooses: a choice for each instrument.
  [[nodiscard]] std::vector<tax_request> choices_of(json const& asked, std::string const& path, std::size_t country) {
    tax_request one{.country = country};
    if (asked.contains("pattern"))
      one.pattern = read_choice(asked.at("pattern"), join(path, "pattern"), words_of_patterns());
    if (asked.contains("bounds")) {
      auto const here = join(path, "bounds");
      auto const bounds = read_numbers(asked.at("bounds"), here);
      if (bounds.size() != 2 || !(bounds[0] <= bounds[1]) || !(bounds[1] > -1))
        throw input_error(here + " is " + shown(asked.at("bounds")) + "; it must be [least, most] of a tax above -1");
      one.lower = bounds[0];
      one.upper = bounds[1];
    }
    if (!asked.contains("instrument")) return {one};
    auto const& instruments = asked.at("instrument");
    auto const list = instruments.is_array() ? instruments : json::array({instruments});
    std::vector<tax_request> out;
    for (auto const& each : list) {
      one.instrument = read_choice(each, join(path, "instrument"), words_of_instruments());
      for (auto const& other : out) {
        if (other.instrument == one.instrument)
          throw input_error(join(path, "instrument") + " has " + one.instrument + " twice; it must be there once");
      }
      if (one.instrument == "production_tax" && one.pattern == "partner")
        throw input_error(join(path, "pattern") + " is partner; it must be uniform, sector or all of production_tax");
      out.push_back(one);
    }
    if (out.empty()) throw input_error(join(path, "instrument") + " is empty; it must name a tax");
    return out;
  }

  void read_optimal(json const& asked, std::string const& path, std::size_t country, scenario& out) {
    constexpr std::string_view keys[] = {"country", "pattern", "bounds",    "instrument",
                                         "route",   "formula", "objective", "political_weights"};
    require_known_keys(asked, path, keys);
    out.search = search_kind::optimal;
    out.choices = choices_of(asked, path, country);
    words const objectives{"welfare", "government"};
    if (asked.contains("objective"))
      out.objective = read_choice(asked.at("objective"), join(path, "objective"), objectives);
    if (asked.contains("political_weights") != (out.objective == "government")) {
      throw input_error(join(path, "political_weights") + " are for the objective government, which must have them");
    }
    if (out.objective == "government") {
      out.political_weights =
          read_sector_numbers(asked.at("political_weights"), join(path, "political_weights"), source(), rule::positive);
    }
    bool by_formula = false;
    if (asked.contains("route")) {
      out.numerical = false;
      auto const& route = asked.at("route");
      auto const list = route.is_array() ? route : json::array({route});
      words const known{"numerical", "formula"};
      for (auto const& each : list) {
        bool const formula = read_choice(each, join(path, "route"), known) == "formula";
        (formula ? by_formula : out.numerical) = true;
      }
      if (!by_formula && !out.numerical) throw input_error(join(path, "route") + " is empty; it must name a route");
    }
    if (asked.contains("formula")) {
      out.formula = read_choice(asked.at("formula"), join(path, "formula"), words_of_formulas());
      by_formula = true;
    } else if (by_formula) {
      out.formula = words_of_formulas().front();
    }
    if (!by_formula) return;
    if (out.objective != "welfare") throw input_error(join(path, "formula") + " is for the objective welfare");
    if (out.choices.size() != 1 || out.choices.front().instrument != "import_tax")
      throw input_error(join(path, "formula") + " is of import taxes, which instrument must be");
    if (!out.import_tax.empty() || !out.export_tax.empty() || !out.production_tax.empty() || !out.iceberg.empty() ||
        !out.fixed_cost.empty())
      throw input_error(join(path, "formula") + " is for the world as it is; other taxes and costs must not change");
  }

  void read_players(json const& asked, std::string const& path, search_kind kind, scenario& out) {
    require_object(asked, path);
    words keys{"countries", "pattern", "bounds", "instrument"};
    if (kind == search_kind::cooperation) keys.insert(keys.end(), {"objective", "threat"});
    require_known_keys(asked, path, keys);
    out.search = kind;
    auto const who = asked.contains("countries")
                         ? labels_matching(asked.at("countries"), join(path, "countries"), countries_)
                         : labels_matching(json("*"), path, countries_);
    for (auto const i : who) {
      auto more = choices_of(asked, path, i);
      out.choices.insert(out.choices.end(), more.begin(), more.end());
    }
    if (kind != search_kind::cooperation) return;
    words const objectives{"equal_gains", "income_weights", "equal_weights", "nash_bargaining"};
    words const threats{"nash", "baseline"};
    out.objective = "equal_gains";
    if (asked.contains("objective"))
      out.objective = read_choice(asked.at("objective"), join(path, "objective"), objectives);
    if (asked.contains("threat")) out.threat = read_choice(asked.at("threat"), join(path, "threat"), threats);
  }

  /// @param chooser  whose taxes are chosen, if anybody's are
  void read_answer(json const& asked, std::string const& path, scenario& out, std::optional<std::size_t> chooser) {
    require_object(asked, path);
    constexpr std::string_view keys[] = {"by", "kind", "against", "pattern", "bounds"};
    require_known_keys(asked, path, keys);
    if (out.search == search_kind::nash || out.search == search_kind::cooperation)
      throw input_error(path + " is given with nash or cooperation, in which all choose; it must not be");
    words const kinds{"reciprocal", "best_response"};
    auto& answers = out.answers;
    answers.kind = asked.contains("kind") ? read_choice(asked.at("kind"), join(path, "kind"), kinds) : "reciprocal";
    if (asked.contains("against")) {
      answers.against = label_named(asked.at("against"), join(path, "against"), countries_);
    } else {
      answers.against = chooser ? *chooser : changed_by(path, out);
    }
    answers.by = asked.contains("by") ? labels_matching(asked.at("by"), join(path, "by"), countries_)
                                      : labels_matching(json("*"), path, countries_);
    std::erase(answers.by, answers.against);
    if (answers.by.empty()) throw input_error(join(path, "by") + " leaves nobody but " + countries_[answers.against]);
    if (answers.kind == "reciprocal") {
      for (auto const* key : {"pattern", "bounds"}) {
        if (asked.contains(key)) throw input_error(join(path, key) + " is for the kind best_response");
      }
      return;
    }
    for (auto const i : answers.by) {
      auto more = choices_of(asked, path, i);
      answers.choices.insert(answers.choices.end(), more.begin(), more.end());
    }
  }

  /// The one country whose import taxes the lines change.
  [[nodiscard]] std::size_t changed_by(std::string const& path, scenario const& out) const {
    std::optional<std::size_t> found;
    auto const n = countries_.size();
    for (std::size_t k = 0; k < out.import_tax.size(); ++k) {
      double const before = out_.data.import_tax.empty() ? 0 : out_.data.import_tax[k];
      if (out.import_tax[k] == before) continue;
      auto const importer = k / n % n;
      if (found && *found != importer)
        throw input_error(path + ": import taxes of " + countries_[*found] + " and " + countries_[importer] +
                          " change; \"against\" must say whose are answered");
      found = importer;
    }
    if (!found) throw input_error(path + ": no import taxes change that could be answered");
    return *found;
  }

  json document_;
  file_reader const& read_;
  label_set countries_{"country"}, sectors_{"sector"};
  closing everywhere_{};
  policy_study out_{};
};

}  // namespace

policy_study read_policy_study(json document, file_reader const& read) {
  return study_reader(std::move(document), read).all();
}

}  // namespace melitz::front
