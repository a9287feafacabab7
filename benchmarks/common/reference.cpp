// SPDX-License-Identifier: BSL-1.0
#include "reference.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <stdexcept>

namespace benchmarks {

namespace {

using digits50 = boost::multiprecision::cpp_bin_float_50;

template <class Law>
melitz::equilibrium<digits50> solve_with(Law const& law, double iceberg_cost) {
  auto const economy = open_economy<digits50>(iceberg_cost);
  return std::isinf(iceberg_cost) ? melitz::solve(economy.domestic, law) : melitz::solve(economy, law);
}

melitz::equilibrium<digits50> solve_exactly(std::string const& name, double iceberg_cost) {
  // The density of a user is that of the log-normal, whose closed form needs no quadrature with fifty digits.
  if (name == "pareto") return solve_with(pareto::law<digits50>(), iceberg_cost);
  if (name == "lognormal" || name == "density") return solve_with(lognormal::law<digits50>(), iceberg_cost);
  if (name == "weibull") return solve_with(weibull::law<digits50>(), iceberg_cost);
  if (name == "frechet") return solve_with(frechet::law<digits50>(), iceberg_cost);
  if (name == "mixture") return solve_with(mixture::law<digits50>(), iceberg_cost);
  throw std::invalid_argument("no law is called " + name);
}

/// Cutoffs with twenty digits from a computation of its own in another language, at the decimal parameters (doubles
/// differ from those by up to half an eps each).
void check() {
  struct known {
    char const* law;
    bool open;
    char const* cutoff;
  };
  for (known const& k : {known{"lognormal", false, "4.57404871722183589793"},
                         {"lognormal", true, "4.96326681069389124082"},
                         {"pareto", false, "2.11229993797339983573"},
                         {"pareto", true, "2.27269715789623422778"},
                         {"weibull", false, "1.93812568296078041134"},
                         {"weibull", true, "1.96263375598431628012"},
                         {"frechet", false, "2.10994973437362289803"},
                         {"frechet", true, "2.27129430560872156768"}}) {
    digits50 const ours = solve_exactly(k.law, k.open ? 1.6 : INFINITY).cutoff;
    digits50 const off = abs(ours / digits50(k.cutoff) - 1);
    if (!(off < 2e-16))
      throw std::runtime_error(std::string("the reference for ") + k.law + " is wrong: " + ours.str());
  }
}

}  // namespace

results<long double> reference(std::string const& law, double iceberg_cost) {
  static bool const checked = (check(), true);
  (void)checked;
  auto const answers = results_of(solve_exactly(law, iceberg_cost));
  results<long double> out{};
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = static_cast<long double>(answers[k]);
  return out;
}

double worst_error(results<double> const& answers, results<long double> const& truth) {
  long double worst = 0;
  for (std::size_t k = 0; k < truth.size(); ++k) {
    if (std::isnan(truth[k])) continue;
    long double const error = std::abs(static_cast<long double>(answers[k]) - truth[k]) / std::abs(truth[k]) / 0x1p-52L;
    if (!(error <= worst)) worst = error;  // NaN counts as worst
  }
  return static_cast<double>(worst);
}

}  // namespace benchmarks
