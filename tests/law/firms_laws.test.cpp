// SPDX-License-Identifier: BSL-1.0
#include <melitz/law/power_of.hpp>
#include <melitz/law/splices.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/quantile.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <boost/math/distributions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace test::firms_laws {

namespace {

using fifty = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

/// The laws that this file is about.
template <class Real>
using one_of_them = std::variant<melitz::spliced_lognormal_pareto<Real>, melitz::three_piece<Real>,
                                 melitz::pareto_lognormal<Real>, melitz::double_pareto_lognormal<Real>,
                                 melitz::singh_maddala<Real>, melitz::dagum<Real>, melitz::generalized_gamma<Real>>;

/// One of them with the numbers of a file, by the catalog's table.
template <class Real, class Law>
Law read_law(json const& row) {
  Law out{};
  melitz::detail::for_each_parameter<Law>([&](auto const& p, auto const& access, std::string_view, bool) {
    access(out) = number<Real>(row.at(std::string(p.name)));
  });
  return out;
}
template <class Real>
one_of_them<Real> new_law(json const& row) {
  one_of_them<Real> out;
  auto const try_one = [&]<class Law>(std::type_identity<Law>) {
    if (row.at("type") == Law::name) out = read_law<Real, Law>(row);
  };
  [&]<class... Laws>(std::type_identity<std::variant<Laws...>>) {
    (try_one(std::type_identity<Laws>{}), ...);
  }(std::type_identity<one_of_them<Real>>{});
  return out;
}

/// A law bound to a power, and what it says of itself, of any type.
struct bound_law {
  melitz::erased_tail<> tail;
  std::function<double(double)> log_density{};
  std::vector<double> breakpoints{};
};
template <class Law>
bound_law bound(Law const& law, double power) {
  bound_law out{melitz::erased_tail<>(melitz::tail_of(law, power))};
  if constexpr (requires { law.log_density(0.0); }) out.log_density = [law](double t) { return law.log_density(t); };
  if constexpr (requires { law.log_breakpoints(); }) out.breakpoints = law.log_breakpoints();
  return out;
}

/// A law of the files, or a looser splice.
bound_law law_of(json const& row, double power) {
  auto const get = [&](char const* name) { return number(row.at(name)); };
  if (row.value("continuity", "differentiable") == "continuous") {
    return bound(
        melitz::continuous_splice(melitz::lognormal<>{get("log_mean"), get("log_sd")}, get("shape"), get("join")),
        power);
  }
  if (row.value("continuity", "differentiable") == "none") {
    return bound(melitz::loose_splice(melitz::lognormal<>{get("log_mean"), get("log_sd")}, get("shape"), get("join"),
                                      get("tail_share")),
                 power);
  }
  return melitz::detail::visit_held([&](auto const& law) { return bound(law, power); }, new_law<double>(row));
}

/// What 1e-13 of a number is where all of it is a power of productivity: as many roundings as its logarithm is large.
double tolerance_of(json const& law, double log_number) {
  double const all = law.at("type") == "double_pareto_lognormal" ? 1e-12 : 1e-13;
  return all * std::max(1.0, std::abs(log_number) / 20);
}
/// Whether it is in closed form, and not a mixture with a piece that is integrated.
bool is_closed_form(json const& law) { return law.value("continuity", "differentiable") == "differentiable"; }

double log_of(melitz::tail_point<double> const& p, double part) { return std::log(part) + p.log_scale; }

void check_point(json const& row, std::string const& where, bool inputs_are_exact) {
  double const power = number(row.at("power")), t = number(row.at("log_x"));
  auto const& l = row.at("law");
  CAPTURE(row.dump());
  test::validates const here("firms_laws", where + ", " + l.at("type").get<std::string>() + " at ln x " +
                                               test::in_few_digits(t) + ", power " + test::in_few_digits(power));
  auto const law = law_of(l, power);
  auto const p = law.tail.at(t);
  for (auto const& [key, part] : {std::pair{"log_S", p.survival}, std::pair{"log_J", p.excess}}) {
    double const exact = number(row.at(key));
    if (!(number(row.at("log_J")) < number(row.at("log_S")) + 700)) continue;  // out of reach beside the other
    test::validate(key, log_of(p, part), exact, {}, std::max(1.0, std::abs(exact)));
    CHECK_THAT(log_of(p, part), WithinAbs(exact, tolerance_of(l, exact)));
  }
  double const ratio = number(row.value("J_over_S", json("inf"))), size = std::abs(number(row.at("log_J"))) / 4;
  if (ratio < 1e200) CHECK_THAT(p.excess / p.survival, WithinRel(ratio, tolerance_of(l, size)));
  if (!is_closed_form(l)) return;
  // Its own rounding moves a place, and the density there.
  double const log_density = number(row.at("log_density")),
               by_rounding = inputs_are_exact ? 0 : 1.2e-16 * std::abs(t * number(row.at("log_density_first")));
  double const tolerance = tolerance_of(l, log_density) + by_rounding;
  if (p.density > 1e-200) CHECK_THAT(log_of(p, p.density), WithinAbs(log_density, tolerance));
  CHECK_THAT(law.log_density(t), WithinAbs(log_density, tolerance));
  if (inputs_are_exact || !(p.density > 1e-200) || !law.tail.smooth_between(t, t)) return;
  for (double const join : law.breakpoints) {
    if (std::abs(join - t) < 1e-15) return;  // rounding decides on which side the place lies
  }
  double const first = number(row.at("log_density_first")), second = number(row.at("log_density_second")),
               third = number(row.at("log_density_third"));
  double const unit = std::abs(first) + std::sqrt(std::abs(second));  // derivatives are in powers of this
  double const d1 = p.density_slope / p.density, d2 = p.density_curvature / p.density - d1 * d1;
  double const d3 = p.density_third / p.density - d1 * (d1 * d1 + 3 * d2);
  CHECK_THAT(d1, WithinAbs(first, 1e-13 * unit));
  CHECK_THAT(d2, WithinAbs(second, 1e-13 * unit * unit));
  CHECK_THAT(d3, WithinAbs(third, 1e-12 * unit * unit * unit));
}

}  // namespace

TEST_CASE("laws of sizes agree with references, also at the edge of what is allowed", "[law][reference]") {
  // tests/reference/firms_laws.json, remade by tools/reference/firms_laws.py.
  auto const file = test::reference("firms_laws");
  int compared = 0;
  for (auto const& row : file.at("cases")) check_point(row, "cases " + std::to_string(compared++), false);
  CHECK(compared == 134);
  compared = 0;
  for (auto const& row : file.at("extreme")) check_point(row, "extreme " + std::to_string(compared++), true);
  CHECK(compared == 219);
}

TEST_CASE("quantiles of laws of sizes agree with references", "[law][reference]") {
  int compared = 0;
  auto const file = test::reference("firms_laws");
  for (auto const& row : file.at("quantiles")) {
    double const power = number(row.at("power")), log_moment = number(row.at("log_moment"));
    CAPTURE(row.at("law").dump());
    auto const tail = law_of(row.at("law"), power).tail;
    CHECK_THAT(tail.log_moment(), WithinAbs(log_moment, 1e-13 * std::max(1.0, std::abs(log_moment))));
    for (auto const& [level, exact] : row.at("log_quantile_by_survival").items()) {
      double const survival = std::stod(level), t = number(exact);
      // Rounding of a share near one, and of its logarithm on the scale of J, moves its quantile by as much over the
      // density.
      auto const p = tail.at(t);
      double const moved =
          survival > 0.5 ? (8 + std::abs(p.log_scale)) * 2.3e-16 / (p.density * std::exp(p.log_scale)) : 0;
      CHECK_THAT(melitz::log_quantile(tail, survival), WithinAbs(t, 1e-13 * std::max(1.0, std::abs(t)) + moved));
      ++compared;
    }
  }
  CHECK(compared == 19 * 7);
}

TEST_CASE("laws of sizes are the same at fifty digits", "[law][property]") {
  // Where inputs are exact, so that nothing is left but the code itself.
  int compared = 0;
  auto const file = test::reference("firms_laws");
  for (auto const& row : file.at("extreme")) {
    if (++compared % 2 != 0) continue;
    CAPTURE(row.dump());
    fifty const power = number<fifty>(row.at("power")), t = number<fifty>(row.at("log_x"));
    auto const p = melitz::tail_of(new_law<fifty>(row.at("law")), power).at(t);
    auto const agrees = [&](fifty const& x, char const* key) {
      double const exact = number(row.at(key));
      CHECK(std::abs(static_cast<double>(x) - exact) <= 4e-16 * std::abs(exact) + 1e-45);
    };
    agrees(log(p.survival) + p.log_scale, "log_S");
    agrees(log(p.excess) + p.log_scale, "log_J");
  }
  CHECK(compared == 219);
}

namespace {

/// Laws whose k-th parameter is moved by the k-th number.
template <class Number>
std::vector<one_of_them<Number>> laws_with(std::vector<Number> const& p) {
  using namespace melitz;
  auto const more = [&](double x, std::size_t k) { return Number(x + p[k]); };
  return {
      spliced_lognormal_pareto<Number>{more(0.125, 0), more(0.5, 1), more(4.25, 2)},
      spliced_lognormal_pareto<Number>{more(0, 0), more(1.5, 1), more(0.75, 2)},
      three_piece<Number>{more(0, 0), more(0.5, 1), more(4.25, 2), more(1.5, 3)},
      pareto_lognormal<Number>{more(0.25, 0), more(0.5, 1), more(4.25, 2)},
      double_pareto_lognormal<Number>{more(0, 0), more(0.5, 1), more(4.25, 2), more(0.25, 3)},
      double_pareto_lognormal<Number>{more(0, 0), more(2, 1), more(4.25, 2), more(2, 3)},
      singh_maddala<Number>{more(1, 0), more(3, 1), more(1.5, 2)},
      singh_maddala<Number>{more(2, 0), more(1.5, 1), more(24, 2)},
      dagum<Number>{more(1, 0), more(4.25, 1), more(0.75, 2)},
      dagum<Number>{more(1, 0), more(4.25, 1), more(0.0625, 2)},
      dagum<Number>{more(0.5, 0), more(4.25, 1), more(24, 2)},
      generalized_gamma<Number>{more(1, 0), more(2.5, 1), more(1, 2)},
      generalized_gamma<Number>{more(1, 0), more(0.0625, 1), more(1.5, 2)},
      generalized_gamma<Number>{more(0.5, 0), more(40, 1), more(0.5, 2)},
  };
}

}  // namespace

TEST_CASE("tails of laws of sizes carry derivatives by all parameters, the power and the place", "[law][derivatives]") {
  using number = melitz::gradient<6>;
  using wide = long double;
  // Each parameter, the power and the place weigh differently in one direction, along which two differences in the
  // wider type step.
  std::vector<double> const weights{1, -0.75, 0.5, 1.25, 0.375, -0.625};
  std::vector<number> variables;
  for (std::size_t k = 0; k < weights.size(); ++k) variables.push_back(number::variable(0, k));
  struct moved_laws {
    std::vector<wide> by{};
    std::vector<one_of_them<wide>> laws{};
  };
  wide const step = 0x1p-12L;
  std::vector<moved_laws> at;
  for (wide const h : {step, -step, step / 2, -step / 2}) {
    auto& next = at.emplace_back();
    for (double const w : weights) next.by.push_back(w * h);
    next.laws = laws_with(next.by);
  }
  auto const all = laws_with(variables);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (double const power : {0.25, 0.5}) {
      auto const tail = melitz::tail_of(all[i], power + variables[4]);
      std::vector<melitz::erased_tail<wide>> moved;
      for (auto const& m : at) moved.emplace_back(melitz::tail_of(m.laws[i], power + m.by[4]));
      auto const check = [&](number const& got, auto const& f) {
        double along = 0, size = 1;
        for (std::size_t k = 0; k < weights.size(); ++k) {
          along += weights[k] * got.derivative[k];
          size = std::max(size, std::abs(weights[k] * got.derivative[k]));
        }
        wide const coarse = (f(0) - f(1)) / (2 * step), fine = (f(2) - f(3)) / step;
        CHECK(std::abs(along - static_cast<double>(fine + (fine - coarse) / 3)) <= 1e-9 * size);
      };
      check(tail.log_moment(), [&](std::size_t m) { return moved[m].log_moment(); });
      for (double const t : {-6.0, -1.0, -0.25, 0.375, 1.5, 4.0, 12.0}) {
        CAPTURE(i, power, t);
        auto const p = tail.at(t + variables[5]);
        if (!(p.survival > 0)) continue;
        auto const log_of_part = [&](auto part) {
          return [&, part](std::size_t m) {
            auto const q = moved[m].at(t + at[m].by[5]);
            return q.log_scale + std::log(q.*part);
          };
        };
        using there = melitz::tail_point<wide>;
        check(p.log_scale + log(p.survival), log_of_part(&there::survival));
        check(p.log_scale + log(p.excess), log_of_part(&there::excess));
        if (p.density > 1e-290) check(p.log_scale + log(p.density), log_of_part(&there::density));
      }
    }
  }
}

TEST_CASE("limits of laws of sizes", "[law]") {
  using namespace melitz;
  auto const same = [](auto const& a, auto const& b, double power, double tolerance) {
    erased_tail<> const one(tail_of(a, power)), other(tail_of(b, power));
    for (double const t : {-3.0, -0.5, 0.25, 1.0, 2.0, 5.0}) {
      CAPTURE(power, t);
      auto const p = one.at(t), q = other.at(t);
      CHECK_THAT(log_of(p, p.survival), WithinAbs(log_of(q, q.survival), tolerance * (1 + std::abs(q.log_scale))));
      CHECK_THAT(log_of(p, p.excess), WithinAbs(log_of(q, q.excess), tolerance * (1 + std::abs(q.log_scale))));
    }
  };
  same(spliced_lognormal_pareto<>{0.125, 0.5, 60}, lognormal<>{0.125, 0.5}, 3, 1e-14);
  same(spliced_lognormal_pareto<>{0.125, 1e-12, 4.25}, pareto<>{std::exp(0.125), 4.25}, 3, 1e-10);
  same(three_piece<>{0.125, 0.5, 4.25, 80}, spliced_lognormal_pareto<>{0.125, 0.5, 4.25}, 3, 1e-14);
  same(pareto_lognormal<>{0.125, 1e-12, 4.25}, pareto<>{std::exp(0.125), 4.25}, 3, 1e-10);
  same(pareto_lognormal<>{0.125, 0.5, 1e12}, lognormal<>{0.125, 0.5}, 3, 1e-10);
  same(double_pareto_lognormal<>{0.125, 0.5, 4.25, 1e13}, pareto_lognormal<>{0.125, 0.5, 4.25}, 3, 1e-11);
  same(generalized_gamma<>{0.75, 1, 1.5}, weibull<>{0.75, 1.5}, 0.25, 1e-14);
  same(generalized_gamma<>{0.75, 1, 1.5}, weibull<>{0.75, 1.5}, 3, 1e-14);
  same(dagum<>{1.25, 4.25, 1}, log_logistic_law(1.25, 4.25), 0.25, 1e-14);
  same(dagum<>{1.25, 4.25, 1}, log_logistic_law(1.25, 4.25), 3, 1e-14);
  // (1 + y/g)^-g is e^-y up to y^2/(2 g).
  double const many = 1e13;
  same(singh_maddala<>{std::pow(many, 1 / 3.0), 3, many}, weibull<>{1, 3}, 0.5, 1e-5);
  same(dagum<>{std::pow(many, -1 / 4.25), 4.25, many}, frechet<>{1, 4.25}, 3, 1e-10);
  // All of the gains are Pareto's where both cutoffs lie above the join: J over S is r/(k - r) to the last digit.
  spliced_lognormal_pareto<> const spliced{0, 0.6, 4.25};
  auto const p = tail_of(spliced, 3.0).at(spliced.log_join() + 0.5);
  CHECK_THAT(p.excess / p.survival, WithinRel(3 / 1.25, 3e-16));
  // A gamma law is Boost's.
  boost::math::gamma_distribution<> const boosts(2.5, 0.75);
  auto const own = tail_of(gamma_law(0.75, 2.5), 1.0);
  for (double const x : {0.01, 1.0, 4.0, 30.0}) {
    auto const q = own.at(std::log(x));
    CHECK_THAT(q.survival * std::exp(q.log_scale), WithinRel(cdf(complement(boosts, x)), 1e-13));
  }
}

TEST_CASE("other parametrisations of the spliced law", "[law]") {
  using namespace melitz;
  for (double const c : {1e-3, 0.05, 0.5, 1.5, 3.0, 10.0, 30.0}) {
    spliced_lognormal_pareto<> const law{0.375, c / 4.25, 4.25};
    double const share = law.tail_share(), join = std::exp(law.log_join());
    CAPTURE(c, share);
    auto const p = tail_of(law, 3.0).at(law.log_join());
    CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(share, 1e-13 * (1 + c * c)));
    if (share > 0.99) continue;  // which says little of the log-normal part
    auto const by_join = spliced_at_join(join, share, 4.25);
    CHECK_THAT(by_join.log_sd, WithinRel(law.log_sd, 1e-13));
    CHECK_THAT(by_join.log_mean, WithinAbs(0.375, 1e-13 * (1 + c)));
    CHECK_THAT(spliced_by_tail_share(0.375, law.log_sd, share).shape, WithinRel(4.25, 1e-13));
  }
  for (double const share : {1e-300, 1e-12, 0.5, 1 - 1e-9}) {
    CHECK_THAT(spliced_by_tail_share(0.0, 1.0, share).tail_share(), WithinRel(share, 1e-12));
  }
  using number = gradient<1>;
  auto const moving = spliced_by_tail_share(number(0), number(0.5), number::variable(0.0625, 0));
  double const h = 1e-5, up = spliced_by_tail_share(0.0, 0.5, 0.0625 + h).shape,
               down = spliced_by_tail_share(0.0, 0.5, 0.0625 - h).shape;
  CHECK_THAT(moving.shape.derivative[0], WithinRel((up - down) / (2 * h), 1e-6));
  for (double const bad : {0.0, 1.0, -0.5, std::nan("")}) {
    CHECK_THROWS_WITH(spliced_at_join(1.0, bad, 4.25), contains("tail_share is"));
    CHECK_THROWS_WITH(spliced_by_tail_share(0.0, 1.0, bad), contains("tail_share is"));
    CHECK_THROWS_WITH(loose_splice(lognormal<>{0, 1}, 4.0, 1.0, bad), contains("tail_share is"));
  }
  CHECK_THROWS_WITH(spliced_at_join(0.0, 0.5, 4.25), contains("join is 0"));
  CHECK_THROWS_WITH(continuous_splice(lognormal<>{0, 1}, -4.0, 1.0), contains("shape is -4"));
  CHECK_THROWS_WITH(continuous_splice(lognormal<>{0, 0}, 4.0, 1.0), contains("log_sd is 0"));
  // With the share and the join of the smooth splice, the looser ones are the same law.
  spliced_lognormal_pareto<> const smooth{0, 0.6, 4.25};
  auto const loose = tail_of(loose_splice(lognormal<>{0, 0.6}, 4.25, std::exp(smooth.log_join()), smooth.tail_share()),
                             3.0),
             kinked = tail_of(continuous_splice(lognormal<>{0, 0.6}, 4.25, std::exp(smooth.log_join())), 3.0);
  for (double const t : {-2.0, 0.0, 1.0, 2.5}) {
    auto const p = tail_of(smooth, 3.0).at(t);
    for (auto const& q : {loose.at(t), kinked.at(t)}) {
      CHECK_THAT(log_of(q, q.survival), WithinAbs(log_of(p, p.survival), 1e-13));
      CHECK_THAT(log_of(q, q.excess), WithinAbs(log_of(p, p.excess), 1e-13));
    }
  }
}

TEST_CASE("a power of productivity has a law of the same family", "[law]") {
  // E[phi^(b r); phi >= x] is the r-th moment of phi^b above x^b.
  double const b = 1.75, r = 0.5;
  auto laws = test::laws();
  for (auto const& more : test::more_laws()) laws.push_back(more);
  int raised = 0;
  for (auto const& [name, law] : laws) {
    CAPTURE(name);
    if (name.find("uniform") != std::string::npos) {
      CHECK_THROWS_WITH(melitz::power_of(law, b), contains("law is uniform"));
      continue;
    }
    auto const one = melitz::tail_of(law, b * r), other = melitz::tail_of(melitz::power_of(law, b), r);
    CHECK_THAT(other.log_moment(), WithinAbs(one.log_moment(), 4e-14));
    for (double const t : {-2.0, -0.3, 0.2, 0.9, 1.3}) {
      auto const p = one.at(t), q = other.at(b * t);
      CHECK_THAT(q.survival * std::exp(q.log_scale), WithinRel(p.survival * std::exp(p.log_scale), 1e-12));
      CHECK_THAT(q.excess * std::exp(q.log_scale), WithinRel(p.excess * std::exp(p.log_scale), 1e-12));
    }
    ++raised;
  }
  CHECK(raised == 32);
  for (double const bad : {0.0, -1.0, std::nan("")}) {
    CHECK_THROWS_WITH(melitz::power_of(melitz::pareto<>{1, 4}, bad), contains("b is"));
  }
  CHECK_THROWS_WITH(melitz::power_of(melitz::dagum<>{1, 4, -1}, 2.0), contains("lower_power is -1"));
}

}  // namespace test::firms_laws
