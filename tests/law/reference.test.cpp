// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/tail.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <cmath>

namespace test::law_reference {

using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

// Ends of supports and atoms, where a double near the end has lost digits of its distance to it.
void collect_ends(test::json const& law, std::vector<double>& ends) {
  for (char const* name : {"upper", "phi_max", "value"}) {
    if (law.contains(name)) ends.push_back(std::log(number(law.at(name))));
  }
  for (auto const& v : law.value("values", test::json::array())) ends.push_back(std::log(number(v)));
  for (auto const& c : law.value("components", test::json::array())) collect_ends(c, ends);
}

// Relative error that rounding of t alone causes just below an end: eps (1 + |t|) over the distance.
double edge_error(test::json const& law, double t) {
  std::vector<double> ends;
  collect_ends(law, ends);
  double worst = 0;
  for (double const end : ends) {
    if (end > t && end < t + 1) worst = std::max(worst, 2.3e-16 * (1 + std::abs(t)) / (end - t));
  }
  return worst;
}

}  // namespace

TEST_CASE("tails agree with 30-digit references", "[law][reference]") {
  // tests/reference/law_points.json, made by tools/reference/law_points.py (mpmath, 50 digits and more): every family,
  // powers 0.2 to 19, from far below the bulk to survivals of 1e-30.
  int compared = 0;
  auto const file = test::reference("law_points");
  for (auto const& row : file.at("rows")) {
    double const power = row.at("power"), t = row.at("log_x");
    CAPTURE(row.at("law").dump(), power, t);
    auto const law = test::law(row.at("law"));
    auto const tail = melitz::tail_of(law, power);
    auto const p = tail.at(t);
    double const log_survival = number(row.at("log_survival")), log_excess = number(row.at("log_excess"));

    // Closed forms: a log is off by some eps of its size. Quadrature: 1e-13.
    double const tolerance =
        ((tail.error_estimate() > 0 ? 1e-13 : 40 * 2.3e-16) + 8 * edge_error(row.at("law"), t)) * (1 + power / 4);

    test::validates const here("law_points", std::to_string(compared) + ", " +
                                                 row.at("law").at("family").get<std::string>() + ", power " +
                                                 test::in_few_digits(power) + ", ln x " + test::in_few_digits(t));
    if (log_excess == -std::numeric_limits<double>::infinity()) {
      CHECK(p.excess == 0);
    } else {
      test::validate("log_excess", std::log(p.excess) + p.log_scale, log_excess, {},
                     std::max(1.0, std::abs(log_excess)));
      CHECK_THAT(std::log(p.excess) + p.log_scale,
                 WithinAbs(log_excess, tolerance * std::max(1.0, std::abs(log_excess))));
    }
    if (log_survival == -std::numeric_limits<double>::infinity()) {
      CHECK(p.survival == 0);
    } else if (log_excess < log_survival + 700) {  // beyond, the survival is out of a double's reach beside the excess
      test::validate("log_survival", std::log(p.survival) + p.log_scale, log_survival, {},
                     std::max(1.0, std::abs(log_survival)));
      CHECK_THAT(std::log(p.survival) + p.log_scale,
                 WithinAbs(log_survival, tolerance * std::max(1.0, std::abs(log_survival))));
      if (log_excess < log_survival + 300 && row.contains("density") && !row.at("density").is_null()) {
        double const density = number(row.at("density"));
        if (density > 1e-280) test::validate("density", p.density * std::exp(p.log_scale), density);
        CHECK_THAT(p.density * std::exp(p.log_scale), WithinRel(density, 1e-11) || WithinAbs(density, 1e-300));
      }
    }
    ++compared;
  }
  CHECK(compared > 1000);
}

TEST_CASE("tails agree with the 20-digit references of six families", "[law][reference]") {
  // tests/reference/distributions.json, remade by tools/reference/distributions.py.
  int compared = 0;
  auto const file = test::reference("distributions");
  for (auto const& row : file.at("cases")) {
    double const power = number(row.at("p")), x = number(row.at("x"));
    CAPTURE(row.at("dist").dump(), power, x);
    auto const p = melitz::tail_of(test::law(row.at("dist")), power).at(std::log(x));
    double const scale = std::exp(p.log_scale);
    double const S = number(row.at("S")), J = number(row.at("J")), V = number(row.at("JplusS"));
    double const tolerance = 1e-13 + 8 * edge_error(row.at("dist"), std::log(x));
    auto const& l = row.at("dist");
    test::validates const here("distributions", std::to_string(compared) + ", " +
                                                    l.value("family", l.value("type", "")) + " at " +
                                                    test::in_few_digits(x) + ", power " + test::in_few_digits(power));
    if (S > 1e-280) test::validate("survival", p.survival * scale, S);
    if (J > 1e-280) test::validate("excess", p.excess * scale, J);
    if (V > 1e-280) test::validate("moment", p.moment() * scale, V);
    CHECK_THAT(p.survival * scale, WithinRel(S, tolerance) || WithinAbs(S, 1e-300));
    CHECK_THAT(p.excess * scale, WithinRel(J, tolerance) || WithinAbs(J, 1e-300));
    CHECK_THAT(p.moment() * scale, WithinRel(V, tolerance) || WithinAbs(V, 1e-300));
    ++compared;
  }
  CHECK(compared == 48);
}

}  // namespace test::law_reference
