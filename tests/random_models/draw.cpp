// SPDX-License-Identifier: BSL-1.0
#include "random_models/draw.hpp"

#include "document/document.hpp"

#include <melitz/catalog/laws.hpp>
#include <melitz/numerics/rule.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

namespace test {

namespace {

using melitz::rule;
using melitz::front::json;
using melitz::front::shape;

/// Draws numbers around those of an example.
class around {
 public:
  /// @param spread  the largest factor, at least 1
  around(double spread, uniform_numbers& uniform) : log_spread_(std::log(spread)), uniform_(uniform) {}

  [[nodiscard]] double factor() { return std::exp(uniform_(-log_spread_, log_spread_)); }
  [[nodiscard]] bool one_in(int count) { return uniform_(0, count) < 1; }
  [[nodiscard]] double between(double low, double high) { return uniform_(low, high); }

  /// A share: its odds move by the factor.
  [[nodiscard]] double share(double example) {
    double const odds = (example > 0 && example < 1 ? example / (1 - example) : 1) * factor();
    return odds / (1 + odds);
  }

  /// A value that keeps the parameter's own rule; an infinite one, which is rare among many, as a string.
  [[nodiscard]] json value(melitz::front::parameter const& p, double example, int infinite_one_in = 40) {
    if (!p.words.empty()) return melitz::front::word_at(p, std::floor(between(0, static_cast<double>(p.words.size()))));
    if (p.may_be_infinite && one_in(infinite_one_in)) return "inf";
    auto const asks = [&](rule r) { return p.restriction == melitz::to_words(r); };
    if (asks(rule::finite)) return example;  // what must sum to 0
    if (asks(rule::whole)) return std::floor(example * factor());
    if (asks(rule::share) || asks(rule::share_below_one)) return one_in(10) ? 0 : share(example);
    if (asks(rule::rate)) return one_in(10) ? 1 : share(example);
    if (asks(rule::inner_share)) return share(example);
    if (asks(rule::at_least_one_or_infinite)) return one_in(20) ? 1 : 1 + std::max(example - 1, 0.01) * factor();
    if (asks(rule::above_one)) return 1 + (example - 1) * factor();
    if (asks(rule::above_minus_one)) return one_in(2) ? 0 : between(-0.5, 2);
    if (asks(rule::at_least_zero) || asks(rule::at_least_zero_or_infinite)) {
      return one_in(10) ? 0 : std::max(example, 0.1) * factor();
    }
    return example * factor();
  }

 private:
  double log_spread_;
  uniform_numbers& uniform_;
};

/// A parameter that another bounds, once that one is drawn: "below substitution_parameter", "above ability_shape".
[[nodiscard]] double bounded_number(melitz::front::parameter const& p, std::string_view other, double bound,
                                    around& draw) {
  auto const asks = [&](std::string_view words) { return p.meaning.find(words) != std::string_view::npos; };
  std::string const name(other);
  if (asks("1 / " + name)) return draw.share(0.5) / bound;
  if (asks("below " + name) && p.restriction == melitz::to_words(rule::above_one)) {
    return 1 + (bound - 1) * draw.share(0.5);
  }
  if (asks("below " + name) || asks("at most " + name)) return bound * draw.share(0.5);
  if (asks(name + " - 1")) return bound - 1 + draw.factor();
  return bound + 0.5 * draw.factor();
}

/// The other parameter that bounds this one, as its meaning says, if one does.
[[nodiscard]] std::string_view named_in(melitz::front::parameter const& p, melitz::front::model const& what) {
  for (auto const& other : what.parameters) {
    auto const at = p.meaning.find(other.name);
    if (p.extent != shape::number || other.name == p.name || at == std::string_view::npos) continue;
    std::string_view const before = p.meaning.substr(0, at);
    for (std::string_view const word : {"below ", "at most ", "at least ", "above ", "/ "}) {
      if (before.ends_with(word)) return other.name;
    }
  }
  return {};
}

/// A law of one family. @param shape_above  what the shape of a fat tail must exceed
[[nodiscard]] json random_family(around& draw, double shape_above) {
  auto const& families = melitz::catalog::families();
  auto const& family = families[static_cast<std::size_t>(draw.between(0, static_cast<double>(families.size())))];
  json out{{"family", std::string(family.name)}};
  double least = 0, steepness = 1;
  for (auto const& key : family.keys) {
    if (key.extent != shape::number) {
      if (key.optional()) continue;
      out[key.name] = json::array();
      for (int k = 0, count = static_cast<int>(draw.between(1, 7)); k < count; ++k) {
        out[key.name].push_back(draw.factor());
      }
    } else if (key.meaning.find("above the size exponent") != std::string_view::npos) {
      bool const of_product = key.meaning.find("over steepness") != std::string_view::npos;
      out[key.name] = shape_above * (1 + 0.25 * draw.factor()) / (of_product ? steepness : 1);
    } else if (key.name == "log_mean") {
      out[key.name] = std::log(draw.factor());
    } else if (key.name == "log_sd") {
      out[key.name] = 0.5 * std::sqrt(draw.factor());
    } else if (key.name == "upper") {
      out[key.name] = least + draw.factor();
    } else if (key.name == "steepness") {
      out[key.name] = steepness = draw.factor();
    } else {
      out[key.name] = least = draw.factor();
    }
  }
  return out;
}

[[nodiscard]] json random_law(around& draw, double shape_above) {
  if (!draw.one_in(8)) return random_family(draw, shape_above);
  json out{{"family", "mixture"}, {"weights", json::array()}, {"components", json::array()}};
  double const share = draw.between(0, 1);
  for (double const weight : {share, 1 - share}) {
    out["weights"].push_back(weight);
    out["components"].push_back(random_family(draw, shape_above));
  }
  return out;
}

[[nodiscard]] double typical(melitz::front::parameter const& p) {
  return p.example != 0 ? p.example : p.if_left_out.value_or(0);
}

/// The example's numbers for this parameter, as many as there are countries, each moved.
[[nodiscard]] json random_numbers(melitz::front::parameter const& p, std::size_t countries, around& draw) {
  json const example = p.example_list.empty() ? json(typical(p)) : json::parse(p.example_list);
  auto const at = [&](json const& list, std::size_t k) { return list.is_array() ? list[k % list.size()] : list; };
  json out = json::array();
  if (p.extent == shape::by_indices) {  // as many as in the example
    for (auto const& row : example) {
      out.push_back(row.is_array() ? json::array() : json(draw.value(p, row.get<double>())));
      for (auto const& x : row.is_array() ? row : json::array()) out.back().push_back(draw.value(p, x.get<double>()));
    }
    return out;
  }
  for (std::size_t i = 0; i < countries; ++i) {
    if (p.extent == shape::by_country) {
      out.push_back(draw.value(p, at(example, i).get<double>()));
      continue;
    }
    out.push_back(json::array());
    for (std::size_t j = 0; j < countries; ++j) {
      bool const keep = i == j && p.at_home;
      double const here = at(at(example, i), i == j ? i : i % 3 == j % 3 ? j + 1 : j).get<double>();
      out.back().push_back(keep ? json(*p.at_home) : draw.value(p, here, 800));
    }
  }
  return out;
}

}  // namespace

json random_model(melitz::front::model const& what, int index, uniform_numbers& uniform) {
  around draw(index % 7 == 0 ? 1.2 : std::exp(uniform(0, std::log(100))), uniform);
  json out{{"model", std::string(what.name)}};
  auto const& wants = what.parameters;
  bool const two = std::any_of(wants.begin(), wants.end(), [](auto const& p) { return p.extent == shape::by_indices; });
  std::size_t const countries = two ? 2 : static_cast<std::size_t>(uniform(2, 6));
  json parameters = json::object();
  for (auto const& p : what.parameters) {
    std::string const name(p.name);
    if (p.optional() && p.words.empty() && p.example == 0 && draw.one_in(2)) continue;
    bool const the_same = name == "new_elasticity" || name == "new_partners";  // or there is no path
    if (!p.as_if_left_out.empty() && (the_same || !draw.one_in(3))) continue;
    if (p.example_list == "[]") continue;      // for another choice than the example's
    if (!named_in(p, what).empty()) continue;  // below
    if (what.name == "learning" && name == "death_rate") {
      parameters[name] = draw.between(0.3, 1);  // the longer firms live the longer it takes
    } else if (name == "periods") {
      parameters[name] = p.example;
    } else if (name == "allow_no_entrants" ||
               name == "entry") {  // which is for the user to allow, or to give numbers for
      parameters[name] = melitz::front::word_at(p, name == "entry" ? 0 : 1);
    } else if (p.extent == shape::number) {
      parameters[name] = draw.value(p, typical(p));
    } else {
      parameters[name] = random_numbers(p, countries, draw);
    }
  }
  for (auto const& p : what.parameters) {
    auto const other = named_in(p, what);
    if (other.empty()) continue;
    double const bound = parameters.value(std::string(other), 1.0);
    parameters[std::string(p.name)] = bounded_number(p, other, bound, draw);
  }
  if (what.laws != melitz::front::laws_wanted::none) {
    double above = 3;
    if (parameters.contains("elasticity")) above = parameters["elasticity"].get<double>() - 1;
    if (parameters.contains("substitution_parameter")) {
      double const alpha = parameters["substitution_parameter"].get<double>();
      above = alpha / (1 - alpha);
    }
    bool const each = what.laws == melitz::front::laws_wanted::by_country && draw.one_in(2);
    out["distribution"] = each ? json::array() : random_law(draw, above);
    for (std::size_t k = 0; each && k < countries; ++k) out["distribution"].push_back(random_law(draw, above));
    if (what.laws == melitz::front::laws_wanted::ability_and_attributes) {
      auto attributes = random_law(draw, above);
      auto const has_atoms = [&] {  // of which there must be none
        auto const text = attributes.dump();
        return text.find("discrete") != std::string::npos || text.find("degenerate") != std::string::npos;
      };
      while (has_atoms()) attributes = random_law(draw, above);
      auto ability = std::move(out["distribution"]);
      out["distribution"] = {{"ability", std::move(ability)}, {"attributes", std::move(attributes)}};
    }
  }
  out["parameters"] = std::move(parameters);
  return out;
}

}  // namespace test
