// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/solve.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/mixture.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/quadrature.hpp>

#include <array>
#include <limits>

/// The one economy that every contender solves. The rivals (rivals/*) write the same numbers down once more, each in
/// its own language; `compare` checks that they give the same answers.
namespace benchmarks {

/// Parameters are doubles, widened without rounding where Real has more digits: all contenders solve the same economy.
template <melitz::real Real = double>
melitz::open_economy<Real> open_economy(double iceberg_cost = 1.6) {
  return {.domestic = {.elasticity = Real(4),
                       .fixed_cost = Real(1),
                       .entry_cost = Real(2),
                       .death_rate = Real(0.05),
                       .labor = Real(1)},
          .partners = Real(3),
          .iceberg_cost = Real(iceberg_cost),
          .export_fixed_cost = Real(1.3)};
}

/// The sweep: this many iceberg costs between 1.2 and 3, computed in the same order of operations everywhere.
inline constexpr int sweep_length = 10'000;
inline double swept_iceberg_cost(int i) { return 1.2 + 1.8 * i / (sweep_length - 1); }

/// A law stripped to what a user has to write, so that the library has to integrate.
template <melitz::density_law Law>
struct known_by_density {
  using real_type = melitz::law_real_t<Law>;
  Law law;
  real_type log_density(real_type const& t) const { return law.log_density(t); }
  real_type log_lower_bound() const { return law.log_lower_bound(); }
  real_type log_upper_bound() const { return law.log_upper_bound(); }
};

// The laws, for double and for fifty digits. A name is the second half of a job's name: open/pareto.
struct pareto {
  static constexpr char const* name = "pareto";
  template <melitz::real Real>
  static auto law() {
    return melitz::pareto<Real>{.scale = Real(1), .shape = Real(4.25)};
  }
};
struct lognormal {
  static constexpr char const* name = "lognormal";
  template <melitz::real Real>
  static auto law() {
    return melitz::lognormal<Real>{.log_mean = Real(0), .log_sd = Real(0.8)};
  }
};
struct weibull {
  static constexpr char const* name = "weibull";
  template <melitz::real Real>
  static auto law() {
    return melitz::weibull<Real>{.scale = Real(1), .shape = Real(1.4)};
  }
};
struct frechet {
  static constexpr char const* name = "frechet";
  template <melitz::real Real>
  static auto law() {
    return melitz::frechet<Real>{.scale = Real(1), .shape = Real(4.25)};
  }
};
struct mixture {
  static constexpr char const* name = "mixture";
  template <melitz::real Real>
  static auto law() {
    return melitz::mixture<melitz::lognormal<Real>>{.weights = {Real(0.75), Real(0.25)},
                                                    .components = {{Real(0), Real(0.5)}, {Real(0.5), Real(0.75)}}};
  }
};
/// The log-normal again, of which the library knows only the density.
struct density {
  static constexpr char const* name = "density";
  template <melitz::real Real>
  static auto law() {
    return known_by_density<melitz::lognormal<Real>>{lognormal::law<Real>()};
  }
};

/// Calls f with each of the laws.
template <class F>
void for_each_law(F const& f) {
  f(pareto{});
  f(lognormal{});
  f(weibull{});
  f(frechet{});
  f(mixture{});
  f(density{});
}

/// What every contender has to give for one economy, in the order in which the rivals print it. In a closed economy
/// those about exporters and varieties are NaN.
inline constexpr std::array result_names{"cutoff",
                                         "export_cutoff",
                                         "share_exporting",
                                         "average_productivity",
                                         "average_export_productivity",
                                         "average_profit",
                                         "average_revenue",
                                         "producers",
                                         "exporters",
                                         "varieties",
                                         "average_variety_productivity",
                                         "price_index",
                                         "welfare"};

template <melitz::real Real>
using results = std::array<Real, result_names.size()>;

template <melitz::real Real>
results<Real> results_of(melitz::equilibrium<Real> const& e) {
  bool const open = e.regime != melitz::regime::closed;
  auto const if_open = [&](Real const& x) { return open ? x : Real(std::numeric_limits<Real>::quiet_NaN()); };
  return {e.cutoff,
          if_open(e.export_cutoff),
          if_open(e.share_exporting),
          e.average_productivity,
          if_open(e.average_export_productivity),
          e.average_profit,
          e.average_revenue,
          e.mass_producers,
          if_open(e.mass_exporters),
          if_open(e.mass_varieties),
          if_open(e.average_variety_productivity),
          e.price_index,
          e.welfare};
}

}  // namespace benchmarks
