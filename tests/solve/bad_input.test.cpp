// SPDX-License-Identifier: BSL-1.0
#include "command_line.hpp"
#include "support/catch.hpp"

namespace test::solve_bad_input {

// Whatever is wrong, melitz-solve exits 2 with one line that names the key, its value and what would be right.

using namespace test;

namespace {

/// Runs, and checks the manners of an error; the message is returned.
std::string complaint(std::vector<std::string> const& arguments, std::string const& input = "") {
  auto const o = run(arguments, input);
  INFO(o.err);
  CHECK(o.status == 2);
  CHECK(o.out.empty());
  CHECK(lines(o.err).size() == 1);
  CHECK(o.err.starts_with("melitz-solve: "));
  return o.err;
}

struct mistake {
  std::string pointer;
  json value;
  std::string message;
};

void check(json const& base, std::vector<mistake> const& mistakes) {
  for (auto const& [pointer, value, message] : mistakes) {
    auto const model = with(base, pointer, value).dump();
    INFO(model);
    CHECK_THAT(complaint({"-"}, model), contains(message));
    CHECK_THAT(complaint({"-", "--json"}, model), contains(message));
  }
}

json with_law(char const* text) { return with(closed_model(), "/distribution", json::parse(text)); }

std::string law_complaint(char const* text) { return complaint({"-"}, with_law(text).dump()); }

}  // namespace

TEST_CASE("parameters out of range", "[solve]") {
  check(open_model(),
        {{"/parameters/elasticity", 1, "parameters.elasticity is 1; it must exceed 1 and be finite"},
         {"/parameters/elasticity", 0.5, "parameters.elasticity is 0.5; it must exceed 1"},
         {"/parameters/elasticity", "inf", "parameters.elasticity is inf; it must exceed 1 and be finite"},
         {"/parameters/elasticity", "nan", "parameters.elasticity is nan; it must exceed 1 and be finite"},
         {"/parameters/fixed_cost", 0, "parameters.fixed_cost is 0; it must be positive and finite"},
         {"/parameters/fixed_cost", -1, "parameters.fixed_cost is -1; it must be positive and finite"},
         {"/parameters/fixed_cost", "inf", "parameters.fixed_cost is inf; it must be positive and finite"},
         {"/parameters/entry_cost", 0, "parameters.entry_cost is 0; it must be positive and finite"},
         {"/parameters/entry_cost", "inf", "parameters.entry_cost is inf; it must be positive and finite"},
         {"/parameters/labor", 0, "parameters.labor is 0; it must be positive and finite"},
         {"/parameters/labor", -2.5, "parameters.labor is -2.5; it must be positive and finite"},
         {"/parameters/labor", "inf", "parameters.labor is inf; it must be positive and finite"},
         {"/parameters/death_rate", 0, "parameters.death_rate is 0; it must lie in (0, 1]"},
         {"/parameters/death_rate", 1.01, "parameters.death_rate is 1.01; it must lie in (0, 1]"},
         {"/parameters/death_rate", "nan", "parameters.death_rate is nan; it must lie in (0, 1]"},
         {"/parameters/iceberg_cost", 0.8, "parameters.iceberg_cost is 0.8; it must be at least 1"},
         {"/parameters/iceberg_cost", "nan", "parameters.iceberg_cost is nan; it must be at least 1"},
         {"/parameters/export_fixed_cost", 0, "parameters.export_fixed_cost is 0; it must be positive"},
         {"/parameters/export_fixed_cost", -1, "parameters.export_fixed_cost is -1; it must be positive"},
         {"/parameters/export_fixed_cost", "nan", "parameters.export_fixed_cost is nan; it must be positive"},
         {"/parameters/partners", -1, "parameters.partners is -1; it must be a whole number of at least 0"},
         {"/parameters/partners", 2.5, "parameters.partners is 2.5; it must be a whole number of at least 0"},
         {"/parameters/partners", "inf", "parameters.partners is inf; it must be a whole number"},
         {"/distribution/log_sd", 0, "distribution.log_sd is 0; it must be positive and finite"},
         {"/distribution/log_sd", "inf", "distribution.log_sd is inf; it must be positive and finite"},
         {"/distribution/log_mean", "-inf", "distribution.log_mean is -inf; it must be finite"}});
}

TEST_CASE("a parameter left out", "[solve]") {
  for (auto const& [key, restriction] :
       std::vector<std::pair<std::string, std::string>>{{"elasticity", "exceed 1 and be finite"},
                                                        {"fixed_cost", "be positive and finite"},
                                                        {"entry_cost", "be positive and finite"},
                                                        {"death_rate", "lie in (0, 1]"},
                                                        {"labor", "be positive and finite"},
                                                        {"partners", "be a whole number of at least 0"},
                                                        {"iceberg_cost", "be at least 1"},
                                                        {"export_fixed_cost", "be positive"}}) {
    CHECK_THAT(complaint({"-"}, without(open_model(), "/parameters/" + key).dump()),
               contains("parameters." + key + " is missing; it must " + restriction));
  }
  CHECK_THAT(complaint({"-"}, without(open_model(), "/distribution/log_sd").dump()),
             contains("distribution.log_sd is missing; it must be positive and finite"));
  CHECK_THAT(complaint({"-"}, without(open_model(), "/distribution/family").dump()),
             contains("distribution.family is missing; it must name a law"));
  for (std::string const key : {"model", "distribution", "parameters"}) {
    CHECK_THAT(complaint({"-"}, without(open_model(), "/" + key).dump()),
               contains(": " + key + " is missing; it must"));
  }
}

TEST_CASE("unknown keys, models and families, with a suggestion", "[solve]") {
  std::string const one_of =
      "it must be one of closed, open, multinational, sourcing, technology, multiproduct, intermediation, liquidity, "
      "credit, "
      "homogeneous, krugman, krugman_countries, fair_wage, screening";
  check(open_model(),
        {{"/parameters/iceburg_cost", 1.6,
          R"(parameters.iceburg_cost (1.6) is not a known key; did you mean "iceberg_cost"?)"},
         {"/parameters/Labor", 1, R"(parameters.Labor (1) is not a known key; did you mean "labor"?)"},
         {"/parameters/zeta", 1, "parameters.zeta (1) is not a known key; it must be one of elasticity, fixed_cost"},
         {"/distribution/sd", 1, R"(distribution.sd (1) is not a known key; did you mean "log_sd"?)"},
         {"/parmeters", 1, R"(parmeters (1) is not a known key; did you mean "parameters"?)"},
         {"/comment", "mine", R"(comment ("mine") is not a known key; it must be one of model, distribution)"},
         {"/model", "opne", R"(model is "opne"; did you mean "open"?)"},
         {"/model", "gravity", R"(model is "gravity"; )" + one_of},
         {"/model", 3, "model is 3; " + one_of},
         {"/distribution/family", "lognormale", R"(distribution.family is "lognormale"; did you mean "lognormal"?)"},
         {"/distribution/family", "cauchy", R"(distribution.family is "cauchy"; it must be one of pareto, )"}});
  for (auto const* key : {"partners", "iceberg_cost", "export_fixed_cost"}) {  // trade, in a closed economy
    CHECK_THAT(complaint({"-"}, with(closed_model(), "/parameters/" + std::string(key), 1).dump()),
               contains("parameters." + std::string(key) + " (1) is not a known key"));
  }
}

TEST_CASE("a parameter by the name it had before", "[solve]") {
  struct renamed {
    std::string model, before, now;
  };
  std::vector<renamed> const names{
      {"multinational", "home_market_cost", "covers, which is any_sale or home_sales"},
      {"intermediation", "margin_melts", "margin, which is earned or melted"},
      {"transition", "constant_expenditure", "spending, which is constant_expenditure or general_equilibrium"},
      {"transition", "sunk_export_cost", "export_cost, which is per_period or sunk"},
      {"transition", "irreversible_exit", "exit, which is mothballing or irreversible"},
#ifdef MELITZ_CATALOG_WORLDS
      {"multinational_world", "home_market_cost", "covers, which is any_sale or home_sales"},
      {"world", "tariff_on_cost", "tariff_on, which is delivered_price or production_cost"},
      {"acr", "entrants", "mass_entrants"},
#endif
  };
  for (auto const& [model, before, now] : names) {
    INFO(model);
    auto const example = run({"--example", model}).out;
    auto const file = with(json::parse(example), "/parameters/" + before, 1).dump();
    auto const message = "parameters." + before + " is now called " + now + '\n';
    CHECK(complaint({"-"}, file).ends_with(message));
    CHECK(complaint({"-", "--set", before + "=1"}, example).ends_with(message));
    CHECK(complaint({"-", "--set", before + "[0]*=2"}, example).ends_with(message));
    CHECK(complaint({"-", "--sweep", before + "=0:1:2"}, example).ends_with(message));
    CHECK(complaint({"--example", model, "--set", before + "=1"}).ends_with(message));
  }
  // Of another model it is no old name.
  CHECK_THAT(complaint({"-"}, with(open_model(), "/parameters/home_market_cost", 1).dump()),
             contains("parameters.home_market_cost (1) is not a known key"));
}

TEST_CASE("wrong types", "[solve]") {
  check(open_model(),
        {{"/parameters/labor", "ten", R"(parameters.labor is "ten"; it must be a number (infinity is written "inf"))"},
         {"/parameters/labor", "1.5", R"(parameters.labor is "1.5"; it must be a number, without the quotes)"},
         {"/parameters/labor", true, "parameters.labor is true; it must be a number"},
         {"/parameters/labor", nullptr,
          R"(parameters.labor is null; it must be a number; if it stands for infinity, as Octave)"},
         {"/parameters/labor", json::array({json::array({1})}), "parameters.labor is [[1]]; it must be a number"},
         {"/parameters/labor", json::array({"NA"}), R"(parameters.labor is "NA"; it must be a number)"},
         {"/parameters/labor", {1, 2}, "parameters.labor is [1,2]; it must be a number"},
         {"/parameters", 3, "parameters is 3; it must be an object"},
         {"/distribution", "lognormal", R"(distribution is "lognormal"; it must be an object)"}});
  CHECK_THAT(complaint({"-"}, "[]"), contains("the model is []; it must be an object"));
  CHECK_THAT(complaint({"-"}, "3"), contains("the model is 3; it must be an object"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": 3})"),
             contains("distribution.values is 3; it must be a list of numbers"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, "x"]})"),
             contains(R"(distribution.values[1] is "x"; it must be a number)"));
  CHECK_THAT(law_complaint(R"({"family": "mixture", "weights": [1], "components": {}})"),
             contains("distribution.components is {}; it must be a list of laws"));
  CHECK_THAT(law_complaint(R"({"family": "mixture", "weights": [1], "components": [{"family": "mixture"}]})"),
             contains(R"(distribution.components[0].family is "mixture"; it must be one of pareto)"));
}

TEST_CASE("laws out of range", "[solve]") {
  for (std::string const family : {"pareto", "frechet"}) {
    for (auto const* shape : {"3", "2.5"}) {
      CHECK_THAT(law_complaint((R"({"family": ")" + family + R"(", "scale": 1, "shape": )" + shape + "}").c_str()),
                 contains("distribution.shape is " + std::string(shape) + "; it must exceed the size exponent 3"));
    }
    CHECK_THAT(law_complaint((R"({"family": ")" + family + R"(", "scale": 0, "shape": 5})").c_str()),
               contains("distribution.scale is 0; it must be positive and finite"));
  }
  CHECK_THAT(law_complaint(R"({"family": "uniform", "lower": 2, "upper": 1})"),
             contains("distribution.upper is 1; it must exceed lower"));
  CHECK_THAT(law_complaint(R"({"family": "uniform", "lower": -1, "upper": 1})"),
             contains("distribution.lower is -1; it must be at least 0"));
  CHECK_THAT(law_complaint(R"({"family": "bounded_pareto", "lower": 2, "upper": 2, "shape": 3})"),
             contains("distribution.upper is 2; it must exceed lower"));
  CHECK_THAT(law_complaint(R"({"family": "weibull", "scale": 1, "shape": -1})"),
             contains("distribution.shape is -1; it must be positive"));
  CHECK_THAT(law_complaint(R"({"family": "exponential", "rate": "inf"})"),
             contains("distribution.rate is inf; it must be positive and finite"));
  CHECK_THAT(law_complaint(R"({"family": "degenerate", "value": 0})"),
             contains("distribution.value is 0; it must be positive"));

  // Data.
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": []})"),
             contains("number of distribution.values is 0; it must be at least 1"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, 2, -3]})"),
             contains("distribution.values[2] is -3; it must be at least 0 and finite"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, "inf"]})"),
             contains("distribution.values[1] is inf; it must be at least 0 and finite"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, "nan"]})"),
             contains("distribution.values[1] is nan; it must be at least 0 and finite"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [0, 0]})"),
             contains("distribution: largest value is 0; it must be positive"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, 2], "weights": []})"),
             contains("distribution.weights is []; it must have one number for each value"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, 2], "weights": [1]})"),
             contains("number of distribution.weights is 1; it must equal the number of values"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, 2], "weights": [0.5, 0.500000002]})"),
             contains("sum of distribution.weights is 1.00000000"));
  CHECK_THAT(law_complaint(R"({"family": "discrete", "values": [1, 2], "weights": [1.5, -0.5]})"),
             contains("distribution.weights[1] is -0.5; it must be "));
  CHECK(run({"-"}, with_law(R"({"family": "discrete", "values": [1, 2], "weights": [0.5, 0.5000000005]})").dump())
            .status == 0);

  // Mixtures say which component.
  auto const mixture = [](std::string const& weights, std::string const& last) {
    return law_complaint((R"({"family": "mixture", "weights": )" + weights +
                          R"(, "components": [{"family": "lognormal", "log_mean": 0, "log_sd": 1}, )" + last + "]}")
                             .c_str());
  };
  CHECK_THAT(mixture("[0.5, 0.5]", R"({"family": "pareto", "scale": 1, "shape": 2})"),
             contains("distribution.components[1].shape is 2; it must exceed the size exponent 3"));
  CHECK_THAT(mixture("[0.5, 0.5]", R"({"family": "lognormal", "log_mean": 0, "log_sd": 0})"),
             contains("distribution.components[1].log_sd is 0; it must be positive"));
  CHECK_THAT(mixture("[0.5, 0.5]", R"({"family": "lognormal", "log_mean": 0, "log_std": 1})"),
             contains(R"(distribution.components[1].log_std (1) is not a known key; did you mean "log_sd"?)"));
  CHECK_THAT(mixture("[0.5, 0.5]", R"({"family": "discrete", "values": [1, -1]})"),
             contains("distribution.components[1].values[1] is -1; it must be at least 0"));
  CHECK_THAT(mixture("[0.5, 0.4]", R"({"family": "exponential", "rate": 1})"),
             contains("sum of distribution.weights is 0.9; it must be 1 (within 1e-9)"));
  CHECK_THAT(mixture("[1]", R"({"family": "exponential", "rate": 1})"),
             contains("number of distribution.weights is 1; it must equal the number of components"));
  CHECK_THAT(law_complaint(R"({"family": "mixture", "weights": [], "components": []})"),
             contains("number of distribution.components is 0; it must be at least 1"));
}

TEST_CASE("a key that is given twice", "[solve]") {
  CHECK_THAT(complaint({"-"}, R"({"model": "open", "model": "closed"})"), contains("model is given twice"));
  CHECK_THAT(complaint({"-"}, R"({"parameters": {"labor": 1, "labor": 2}})"),
             contains("parameters.labor is given twice"));
  CHECK_THAT(complaint({"-"}, R"({"distribution": {"components": [{"a": 1}, {"b": 1, "a": 1, "b": 1}]}})"),
             contains("distribution.components[1].b is given twice"));
}

TEST_CASE("what is not JSON names line and column", "[solve]") {
  CHECK_THAT(complaint({"-"}, "{\n  \"model\": \"open\",\n  \"labor\" 3\n}"),
             contains("line 3, column 11: syntax error"));
  CHECK_THAT(complaint({"-"}, "{\"labor\": NaN}"), contains("line 1, column 11: syntax error"));
  CHECK_THAT(complaint({"-"}, "{\n\"labor\": Infinity}"), contains("infinity must be written \"inf\""));
  CHECK_THAT(complaint({"-"}, "{\"model\": \"open\", \"parameters\": 1e999,\n\"a\": -2e99999 \"b\"}"),
             contains("line 2, column 17: syntax error"));  // numbers out of range move nothing
  CHECK_THAT(complaint({"-"}, ""), contains("there is nothing in it"));
  CHECK_THAT(complaint({"-"}, " \n\t\n"), contains("there is nothing in it"));
  CHECK_THAT(complaint({"-"}, open_model().dump() + "{}"), contains("expected end of input"));
  CHECK_THAT(complaint({"-"}, "{\"a\nb\": 1}"), contains("line 1, column 4: syntax error"));
  CHECK_THAT(complaint({"-"}, std::string(100000, '[')), contains("50 levels deep"));
  (void)complaint({"-"}, "{\"model\": \"\xff\"}");
  (void)complaint({"-"}, "{\"labor\": 1e999e, \"a\": -2.5E+999}");
  CHECK_THAT(complaint({"-"}, "{\"mod\\u0000el\": 1}"), contains("mod el (1) is not a known key"));
  (void)complaint({"-"}, "{\"mod\\u000ael\": 1}");  // a line break in a key does not break the line
}

TEST_CASE("infinity in the words of other languages", "[solve]") {
  auto const autarky = test::solve(with(open_model(), "/parameters/iceberg_cost", "inf"), {"--json"});
  REQUIRE(autarky.status == 0);
  for (auto const* word : {"Inf", "Infinity", "INF", "infinity", "1e999"}) {
    CHECK(test::solve(with(open_model(), "/parameters/iceberg_cost", word), {"--json"}).out == autarky.out);
    check(open_model(), {{"/parameters/labor", word, "parameters.labor is inf; it must be positive and finite"}});
  }
  auto beyond = with(open_model(), "/parameters/iceberg_cost", "1e999").dump();
  beyond.replace(beyond.find("\"1e999\""), 7, "1e999");
  CHECK(run({"-", "--json"}, beyond).out == autarky.out);
  CHECK(test::solve(open_model(), {"--json", "--set", "iceberg_cost=1e999"}).out == autarky.out);
  check(open_model(), {{"/parameters/labor", "-Infinity", "parameters.labor is -inf; it must be positive and finite"},
                       {"/parameters/labor", "NaN", "parameters.labor is nan; it must be positive and finite"},
                       {"/distribution/log_mean", "-Inf", "distribution.log_mean is -inf; it must be finite"}});
}

TEST_CASE("a number or a word in a list of one is that number or word", "[solve]") {
  auto const wrapped = [](json model) {
    model["model"] = {model["model"]};
    for (auto const* part : {"parameters", "distribution"}) {
      for (auto& value : model[part]) value = json::array({value});
    }
    return model;
  };
  CHECK(test::solve(wrapped(open_model()), {"--json"}).out == test::solve(open_model(), {"--json"}).out);
  json const mixture = json::parse(R"({"family": "mixture", "weights": [1],
    "components": [{"family": ["lognormal"], "log_mean": [0], "log_sd": [0.8]}]})");
  CHECK(test::solve(with(open_model(), "/distribution", mixture)).status == 0);
  CHECK_THAT(complaint({"-"}, wrapped(with(open_model(), "/model", "opne")).dump()),
             contains(R"(model is "opne"; did you mean "open"?)"));
  json two = open_model();
  two["model"] = {"open", "closed"};
  CHECK_THAT(complaint({"-"}, two.dump()), contains(R"(model is ["open","closed"]; it must be one of)"));
}

TEST_CASE("what is read is not written over", "[solve]") {
  scratch_folder const folder;
  auto const model = open_model().dump();
  write_file(folder / "model.json", model);
  for (auto const& arguments : std::vector<std::vector<std::string>>{{folder / "model.json"},
                                                                     {folder / "model.json", "--sweep", "labor=1:2:2"},
                                                                     {"--batch", folder / "model.json"}}) {
    auto all = arguments;
    all.insert(all.end(), {"--output", folder / "./model.json"});
    CHECK_THAT(complaint(all), contains("model.json is the file that the model comes from; it must be another"));
  }
  auto const in = shell_quoted(folder / "model.json");
  auto const o = run_shell(command({"--batch", "--output", folder / "model.json"}) + " <" + in);
  CHECK(o.status == 2);
  CHECK_THAT(o.err, contains("is the file that standard input comes from"));
  CHECK(read_file(folder / "model.json") == model);
  CHECK(run({folder / "model.json", "--output", "/dev/null"}).status == 0);
}

TEST_CASE("a full disk, a closed pipe and too little memory, each in its own words", "[solve]") {
  auto const model = open_model().dump();
  auto const ends = [&](std::string const& line, std::string const& words) {
    INFO(line);
    auto const o = run_shell(line, model);
    CHECK(o.status == 1);
    CHECK(o.err == "melitz-solve: " + words + '\n');
  };
  if (std::filesystem::exists("/dev/full")) {
    std::string const full = "the disk is full; standard output does not have all of the answer";
    for (auto const& arguments : std::vector<std::vector<std::string>>{
             {"-"}, {"-", "--json"}, {"--models"}, {"--help"}, {"-", "--sweep", "labor=1:2:2"}, {"--batch"}}) {
      ends(command(arguments) + " >/dev/full", full);
    }
    ends(command({"-", "--output", "/dev/full"}), "the disk is full; /dev/full does not have all of the answer");
  }
  // Who reads no further ends a sweep quietly; where that signal is ignored, there is one line.
  std::string const endless = command({"-", "--sweep", "labor=1:2:1000000000"});
  auto const quiet = run_shell("{ " + endless + "; echo $? >&2; } | head -n 1", model);
  auto const ignored = run_shell("trap '' PIPE; { " + endless + "; echo $? >&2; } | head -n 1", model);
  CHECK(ignored.err ==
        "melitz-solve: nobody reads standard output any more, so the rest of the answer is not written\n1\n");
  CHECK((quiet.err == "141\n" || quiet.err == ignored.err));  // who starts the tests may ignore it
#ifdef MELITZ_CATALOG_WORLDS
  if (sanitized) return;
  json world = json::parse(run({"--example", "world"}).out);
  world["parameters"]["labor"] = std::vector<double>(10000, 1.0);
  for (auto const* name : {"iceberg_cost", "fixed_cost"}) world["parameters"][name] = 1;
  auto const o = run_shell("ulimit -v 400000; " + command({"-"}), world.dump());
  CHECK(o.status == 1);
  CHECK(o.err == "melitz-solve: there is not enough memory for this model\n");
#endif
}

TEST_CASE("files and command lines", "[solve]") {
  scratch_folder const folder;
  CHECK_THAT(complaint({folder / "none.json"}), contains("none.json: No such file"));
  CHECK_THAT(complaint({folder / ""}), contains("is a folder"));
  write_file(folder / "bad.json", "{}");
  CHECK_THAT(complaint({folder / "bad.json"}), contains("bad.json: model is missing"));  // the file is named too
  CHECK_THAT(complaint({"-", "--output", folder / "no/where"}, open_model().dump()), contains("cannot write"));
  CHECK_THAT(complaint({}), contains("which model?"));
  CHECK_THAT(complaint({"--jsno"}), contains("--jsno"));
  CHECK_THAT(complaint({"a.json", "b.json"}), contains("b.json"));
  CHECK_THAT(complaint({"--example", "open", "model.json"}),
             contains("model.json is not read with --models or --example"));
  (void)complaint({"--example", "open", "--sweep", "labor=1:2:3"});
  CHECK_THAT(complaint({"--example", "open", "--set", "labour=3"}), contains(R"(did you mean "labor"?)"));
  if (std::filesystem::exists("/proc/self/mem")) {
    CHECK_THAT(complaint({"/proc/self/mem"}), contains("cannot read /proc/self/mem: "));
  }
  CHECK_THAT(complaint({"--example", "opne"}), contains(R"(--example is "opne"; did you mean "open"?)"));
  (void)complaint({"-", "--json", "--sweep", "labor=1:2:3"}, open_model().dump());
  (void)complaint({"-", "--batch", "--sweep", "labor=1:2:3"}, open_model().dump());
}

TEST_CASE("--set and --sweep that cannot be meant", "[solve]") {
  auto const model = open_model().dump();
  for (auto const& [option, value, message] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"--set", "labor", "--set labor is not NAME=VALUE"},
           {"--set", "labor=", "--set labor= is not NAME=VALUE"},
           {"--set", "=1", "--set =1 is not NAME=VALUE"},
           {"--set", "labor=1,5", R"(parameters.labor is "1,5"; it must be a number)"},
           {"--set", "labor=ten", R"(parameters.labor is "ten"; it must be a number (infinity is written "inf"))"},
           {"--set", "labor=true", "parameters.labor is true; it must be a number"},
           {"--set", "labor*=twice", R"(parameters.labor is "twice"; it must be a number)"},
           {"--set", "distribution.log_sd=wide", R"(distribution.log_sd is "wide"; it must be a number)"},
           {"--set", "model=closed", R"(parameters.model ("closed") is not a known key)"},
           {"--set", "iceberg=1", R"(parameters.iceberg (1) is not a known key; did you mean "iceberg_cost"?)"},
           {"--set", "distribution.logsd=1", R"(distribution.logsd (1) is not a known key; did you mean "log_sd"?)"},
           {"--set", "distribution.components[0].rate=1", "the model has no distribution.components"},
           {"--set", "distribution.log_sd[0]=1", "has no element [0]"},
           {"--set", "distribution..log_sd=1", "is not a name such as"},
           {"--set", "distribution.family=1", "distribution.family is 1; it must be one of pareto"},
           {"--set", "iceberg_cost=0.5", "parameters.iceberg_cost is 0.5; it must be at least 1"},
           {"--sweep", "labor", "it must be NAME=FROM:TO:COUNT"},
           {"--sweep", "labor=1:2", "it must be NAME=FROM:TO:COUNT"},
           {"--sweep", "labor=1:2:3:lin", "it must be NAME=FROM:TO:COUNT"},
           {"--sweep", "labor=a:2:3", R"(FROM is "a"; it must be a finite number)"},
           {"--sweep", "labor=1:inf:3", R"(TO is "inf"; it must be a finite number)"},
           {"--sweep", "labor=1:2:0", R"(COUNT is "0"; it must be a whole number)"},
           {"--sweep", "labor=1:2:2.5", R"(COUNT is "2.5"; it must be a whole number)"},
           {"--sweep", "labor=0:2:3:log", "must be positive for log"},
           {"--sweep", "iceberg=1:2:3", R"(parameters.iceberg (1) is not a known key; did you mean "iceberg_cost"?)"},
           {"--sweep", "distribution.weights=0:1:3", "distribution.weights (0) is not a known key"}}) {
    INFO(option << ' ' << value);
    CHECK_THAT(complaint({"-", option, value}, model), contains(message));
  }
  CHECK_THAT(complaint({"-", "--sweep", "labor=1:2:3", "--sweep", "labor=1:2:3"}, model), contains("given twice"));
  for (auto const& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"labor", "parameters.labor"}, {"labor*", "labor"}, {"distribution.log_sd*", "distribution.log_sd"}}) {
    CHECK_THAT(complaint({"-", "--sweep", one + "=1:2:3", "--sweep", other + "=1:2:3"}, model),
               contains("--sweep " + other + " moves what --sweep " + one + " moves; each must have its own"));
  }
  // 2^64 rows are none.
  std::vector<std::string> many{"-"};
  for (std::string const name : {"labor", "fixed_cost", "entry_cost"}) {
    many.insert(many.end(), {"--sweep", name + (name == "labor" ? "=1:2:1048576" : "=1:2:4194304")});
  }
  CHECK_THAT(complaint(many, model), contains("--sweep: 1048576 x 4194304 x 4194304 rows; their number must be below"));
}

}  // namespace test::solve_bad_input
