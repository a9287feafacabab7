// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/tail/any_law.hpp>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace test {

using json = nlohmann::json;

/// A file of tests/reference.
inline json reference(std::string const& name) {
  std::ifstream in(std::string(MELITZ_REFERENCE_DIR) + "/" + name + ".json");
  if (!in) throw std::runtime_error("cannot open tests/reference/" + name + ".json");
  return json::parse(in);
}

/// A number that may be written as a string: 30 digits, "inf" or "nan".
template <class Real = double>
Real number(json const& j) {
  if (j.is_number()) return Real(j.get<double>());
  auto const text = j.get<std::string>();
  if (text == "inf") return std::numeric_limits<Real>::infinity();
  if (text == "-inf") return -std::numeric_limits<Real>::infinity();
  if (text == "nan") return std::numeric_limits<Real>::quiet_NaN();
  if constexpr (std::is_same_v<Real, double>) {
    return std::strtod(text.c_str(), nullptr);  // std::stod throws on overflow
  } else {
    return Real(text);
  }
}

/// A single-family law from the fields that our own reference files use, or those of the older ones.
template <class Real>
melitz::family_law<Real> family(json const& j) {
  auto const family = j.contains("family") ? j.at("family").get<std::string>() : j.at("type").get<std::string>();
  auto const get = [&](char const* name) { return number<Real>(j.at(name)); };
  auto const list = [&](char const* name) {
    std::vector<Real> out;
    for (auto const& v : j.at(name)) out.push_back(number<Real>(v));
    return out;
  };
  auto const either = [&](char const* a, char const* b) { return j.contains(a) ? get(a) : get(b); };
  if (family == "pareto") return melitz::pareto<Real>{either("scale", "phi_min"), either("shape", "k")};
  if (family == "bounded_pareto" || family == "truncated_pareto") {
    return melitz::bounded_pareto<Real>{either("lower", "phi_min"), either("upper", "phi_max"), either("shape", "k")};
  }
  if (family == "lognormal") {
    return melitz::lognormal<Real>{either("log_mean", "mu"), j.contains("log_sd") ? get("log_sd") : either("nu", "s")};
  }
  if (family == "frechet") {
    if (j.contains("T")) {
      using std::pow;
      return melitz::frechet<Real>{Real(pow(get("T"), Real(1 / get("theta")))), get("theta")};
    }
    return melitz::frechet<Real>{get("scale"), get("shape")};
  }
  if (family == "weibull") return melitz::weibull<Real>{get("scale"), get("shape")};
  if (family == "exponential") return melitz::exponential<Real>{get("rate")};
  if (family == "uniform") return melitz::uniform<Real>{get("lower"), get("upper")};
  if (family == "discrete") {
    return melitz::discrete<Real>{list(j.contains("values") ? "values" : "x"),
                                  list(j.contains("weights") ? "weights" : "w")};
  }
  if (family == "degenerate") return melitz::degenerate<Real>{get("value")};
  throw std::runtime_error("unknown family " + family);
}

/// Any law of the reference files.
template <class Real = double>
melitz::any_law<Real> law(json const& j) {
  auto const name = j.contains("family") ? j.at("family").get<std::string>() : j.at("type").get<std::string>();
  if (name == "mixture") {
    melitz::mixture<melitz::family_law<Real>> out;
    for (auto const& w : j.at("weights")) out.weights.push_back(number<Real>(w));
    for (auto const& c : j.at("components")) out.components.push_back(family<Real>(c));
    return out;
  }
  if (name == "truncated") {
    Real const lower = number<Real>(j.at("lower")), upper = number<Real>(j.at("upper"));
    auto const inner = family<Real>(j.at("law"));
    if (auto const* l = std::get_if<melitz::lognormal<Real>>(&inner))
      return melitz::truncated<melitz::lognormal<Real>>{*l, lower, upper};
    if (auto const* w = std::get_if<melitz::weibull<Real>>(&inner))
      return melitz::truncated<melitz::weibull<Real>>{*w, lower, upper};
    throw std::runtime_error("truncation of this family is not in the tests");
  }
  return std::visit([](auto const& l) -> melitz::any_law<Real> { return l; }, family<Real>(j));
}

/// The menu of a case of menu.json, without exit, which is implied, and without the option that is collinear in
/// decimals but not in doubles.
inline melitz::menu<> menu_of(json const& row) {
  melitz::menu<> out;
  for (auto const& o : row.at("options")) {
    auto const name = o.at("name").get<std::string>();
    if (name != "collinear" && name != "exit") out.push_back({name, number(o.at("slope")), number(o.at("fixed"))});
  }
  return out;
}

/// The open economy of a row's parameters; in a static one the death rate is 1.
inline melitz::open_economy<> trade_of(json const& p) {
  return {{.elasticity = number(p.at("sigma")),
           .fixed_cost = number(p.at("f")),
           .entry_cost = number(p.at("f_e")),
           .death_rate = p.contains("delta") ? number(p.at("delta")) : 1,
           .labor = p.contains("L") ? number(p.at("L")) : 1},
          number(p.at("n")),
          number(p.at("tau")),
          number(p.at("f_x"))};
}

}  // namespace test
