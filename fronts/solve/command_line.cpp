// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"

#include "../document/json_input.hpp"
#include "../document/text.hpp"
#include "../document/write.hpp"
#include "streams.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

namespace melitz::front {

namespace {

std::string const examples = R"(Examples:
  melitz-solve --example open > model.json
  melitz-solve model.json
  melitz-solve model.json --set iceberg_cost=1.4 --set distribution.log_sd=0.6 --json
  melitz-solve model.json --compare iceberg_cost=1.4
  melitz-solve model.json --derivatives welfare,cutoff --by iceberg_cost,distribution.log_sd
  melitz-solve model.json --sweep iceberg_cost=1.2:3:200 --output sweep.csv
  melitz-solve --calibrate targets.json > model.json
  melitz-solve --batch < models.jsonl
  melitz-solve policy.json --set scenarios[A].import_tax[0].add=0.2 --long --output answers.csv

Exit status: 0 solved, 1 not solved, 2 bad input. The manual page says more: man melitz-solve.)";

/// Points of a grid are all held at once, unlike the rows of a sweep.
constexpr double most_points = 1e6;

/// FROM:TO:COUNT, FROM:TO:COUNT:log, or numbers with commas between them: each positive and finite.
[[nodiscard]] std::vector<double> read_points(std::string const& option, std::string_view text,
                                              std::string const& example) {
  auto const wrong = [&](std::string const& why) {
    return input_error(option + ": " + why + ", for instance " + example);
  };
  std::vector<double> out;
  if (text.find(':') != std::string_view::npos) {
    auto const grid = read_range("", text, wrong);
    if (static_cast<double>(grid.count) > most_points) {
      throw wrong("COUNT is " + std::to_string(grid.count) + "; it must be at most " +
                  std::to_string(static_cast<long>(most_points)));
    }
    for (std::size_t k = 0; k < grid.count; ++k) out.push_back(grid.at(k));
  } else {
    for (auto const& one : names_in_list(text)) {
      auto const number = to_number(one);
      if (!number) throw wrong('"' + one + "\" is no number; it must be FROM:TO:COUNT or a list of numbers");
      out.push_back(*number);
    }
  }
  for (double const x : out) {
    if (!(x > 0) || !std::isfinite(x)) throw wrong(to_text(x) + " must be positive and finite");
  }
  return out;
}

/// --curve cutoff=FROM:TO:COUNT
[[nodiscard]] std::vector<double> read_curve(std::string const& text) {
  auto const option = "--curve " + text;
  std::string const example = "cutoff=1:10:200";
  auto const equals = text.find('=');
  auto const name = text.substr(0, equals);
  if (equals == std::string::npos || name != "cutoff") {
    throw input_error(option +
                      ": it must be cutoff=FROM:TO:COUNT: the equilibrium conditions are curves over the cutoff" +
                      ", for instance " + example);
  }
  return read_points(option, std::string_view(text).substr(equals + 1), example);
}

/// @throws input_error where what says how to print an answer is said of something that it means nothing of
void require_meant(output_options const& how, CLI::Option const& what,
                   std::vector<CLI::Option const*> const& has_fields, std::vector<CLI::Option const*> const& has_rows) {
  auto const in = [&](auto const& list) { return std::find(list.begin(), list.end(), &what) != list.end(); };
  auto const wrong = [&](std::string const& option) {
    return input_error(option + " says nothing about what " + what.get_name() + " prints");
  };
  if (!how.fields.empty() && !in(has_fields)) throw wrong("--fields");
  if (how.numbers_in_rows && !in(has_rows)) throw wrong("--long");
  if (!how.show.empty()) throw wrong("--show " + how.show);
}

/// The options that take texts, before they are what they mean.
struct texts {
  std::vector<std::string> set, sweep, compare, derivatives, by;
  std::string curve, firms;
};

/// All names of an option that may be repeated, and have several each time.
[[nodiscard]] std::vector<std::string> all_names(std::string const& option, std::vector<std::string> const& lists) {
  std::vector<std::string> out;
  for (auto const& text : lists) {
    for (auto& name : names_in_list(text)) {
      if (name.empty()) throw input_error(option + ' ' + text + ": it must be names with one comma between two");
      out.push_back(std::move(name));
    }
  }
  return out;
}

[[nodiscard]] options understood(options out, texts const& given) {
  for (auto const& text : given.set) out.set.push_back(read_assignment(text));
  for (auto const& text : given.compare) out.compare.push_back(read_assignment(text, "--compare"));
  out.compared = given.compare;
  for (auto const& text : given.sweep) out.sweep.push_back(read_axis(text));
  out.derivatives = all_names("--derivatives", given.derivatives);
  out.by = all_names("--by", given.by);
  return out;
}

}  // namespace

std::optional<options> read_command_line(int argc, char** argv) {
  options chosen;
  texts given;
  CLI::App app("Solves trade models with heterogeneous firms: reads a model from a JSON file, prints its equilibrium.",
               "melitz-solve");
  app.footer(examples);
  app.set_version_flag("--version", "melitz-solve " + library_version(), "Print the version and exit");
  app.add_option("model", chosen.file, "Model file (JSON); - is standard input")->type_name("FILE");
  auto* const as_json =
      app.add_flag("--json", chosen.json, "Print one JSON object instead of a table, or of the list of models");
  // Options that may be repeated take one value each time, so that they do not swallow the file.
  auto const several = [&](char const* name, std::vector<std::string>& into, char const* of, char const* what) {
    return app.add_option(name, into, what)->type_name(of)->allow_extra_args(false);
  };
  several("--set", given.set, "NAME=VALUE", "Use another value than the file's; may be repeated");
  auto* const sweep = several("--sweep", given.sweep, "NAME=FROM:TO:COUNT",
                              "Solve for COUNT values and print a CSV row for each, evenly spaced or, with :log at the "
                              "end, evenly in logs; given twice, a grid")
                          ->excludes(as_json);
  auto* const batch =
      app.add_flag("--batch", chosen.batch, "Read one model per line and answer one JSON object per line");
  auto* const compare = several("--compare", given.compare, "NAME=VALUE",
                                "Solve with another value too: before, after, change in percent; may be repeated");
  auto* const gains = app.add_flag("--gains", chosen.gains, "Gains from trade: welfare over that in autarky");
  auto* const curve =
      app.add_option("--curve", given.curve,
                     "The equilibrium conditions at COUNT cutoffs as CSV, evenly spaced or, with :log at "
                     "the end, evenly in logs")
          ->type_name("cutoff=FROM:TO:COUNT");
  auto* const firms =
      app.add_option("--firms", given.firms,
                     "What firms of these productivities do as CSV: FROM:TO:COUNT, with :log at the end "
                     "evenly in logs, or a list, 1,2.5,10")
          ->type_name("PRODUCTIVITIES");
  auto* const derivatives = several("--derivatives", given.derivatives, "RESULT,...",
                                    "Derivatives of these results by the parameters of --by");
  auto* const by = several("--by", given.by, "PARAMETER,...",
                           "Numbers of the model or its law, for instance iceberg_cost,distribution.log_sd")
                       ->needs(derivatives);
  derivatives->needs(by);
  app.add_flag("--elasticities", chosen.elasticities, "With --derivatives, those in logs too")->needs(derivatives);
  auto* const calibrate =
      app.add_flag("--calibrate", chosen.calibrate,
                   "The file has targets instead of parameters: print the model file that shows them");
  app.add_flag("--equilibrium", chosen.equilibrium, "With --calibrate, print the equilibrium of that model instead")
      ->needs(calibrate);
  app.add_option(
         "--importer", chosen.importer,
         "Of a study of policy: which of the two countries in its tables imports, where their titles do not say")
      ->type_name("first|second")
      ->check(CLI::IsMember({"first", "second"}));
  app.add_option("--output", chosen.output, "Write to this file instead of standard output")->type_name("FILE");
  auto* const models = app.add_flag(
      "--models", chosen.models,
      "List models and laws with their keys, units and restrictions, with --json all that is known of them");
  auto* const example = app.add_option("--example", chosen.example, "Print a model file that runs")->type_name("MODEL");
  std::vector<CLI::Option*> const each_alone{sweep, batch,       compare,   gains,  curve,
                                             firms, derivatives, calibrate, models, example};
  for (auto one = each_alone.begin(); one != each_alone.end(); ++one) {
    for (auto other = each_alone.begin(); other != one; ++other) (*one)->excludes(*other);
  }
  add_output_options(app, chosen.shown);

  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& e) {  // --help, --version
    (void)app.exit(e);
    output_stream("").finish();
    return std::nullopt;
  } catch (CLI::ParseError const& e) {
    throw input_error(std::string(e.what()) + "; --help lists the options");
  }
  require_fitting(chosen.shown, chosen.json, chosen.batch, sweep->count() > 0);
  auto const first =
      std::find_if(each_alone.begin(), each_alone.end(), [](CLI::Option const* one) { return one->count() > 0; });
  if (first != each_alone.end())
    require_meant(chosen.shown, **first, {sweep, batch, compare}, {sweep, compare, gains, derivatives, curve, firms});
  if (*curve) chosen.curve = read_curve(given.curve);
  if (*firms) chosen.firms = read_points("--firms " + given.firms, given.firms, "1:20:200:log or 1,2.5,10");
  return understood(std::move(chosen), given);
}

}  // namespace melitz::front
