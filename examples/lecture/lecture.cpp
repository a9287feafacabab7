// SPDX-License-Identifier: BSL-1.0
// The lecture, slide by slide: every equation with numbers on both sides.
//
//   lecture [--iceberg-cost TAU] [--figures FOLDER]
//
// With --figures it also writes the figures of the lecture, and of Melitz (2003), as data, gnuplot scripts and, where
// gnuplot is installed, pictures. Another iceberg cost moves every number and every figure of the open economy.

#include "figures.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <limits>
#include <melitz/melitz.hpp>
#include <string>

namespace {

void heading(char const* text) { std::printf("\n%s\n", text); }
void show(char const* what, double value) { std::printf("  %-52s %11.6g\n", what, value); }
void show(char const* equation, double left, double right) {
  std::printf("  %-52s %11.6g = %.6g\n", equation, left, right);
}
double power(double base, double exponent) { return std::pow(base, exponent); }

using economy = melitz::closed_economy<>;
using world = melitz::open_economy<>;
using law = melitz::lognormal<>;
using state = melitz::equilibrium<double>;

void closed_economy(economy const& e, law const& draws) {
  heading("Slide 7: the primitives");
  // [slide_7]
  state const a = melitz::solve(e, draws);
  show("elasticity of substitution, sigma", e.elasticity);
  show("fixed cost of producing, f", e.fixed_cost);
  show("sunk cost of entry, f_e", e.entry_cost);
  show("probability of death, delta", e.death_rate);
  show("workers, L", e.labor);
  show("productivity below which firms exit, phi*", a.cutoff);
  // [/slide_7]
  double const sigma = e.elasticity, f = e.fixed_cost;

  heading("Slide 8: demand, for a firm with productivity 6");
  // [slide_8]
  double const phi = 6;
  show("r = R (p/P)^(1-sigma), and from its cutoff",
       melitz::demand_revenue(a.price(phi), a.price_index, a.revenue, sigma), a.revenue_of(phi));
  // [/slide_8]

  heading("Slide 9: prices");
  // [slide_9]
  double const rho = melitz::inverse_markup(sigma);
  show("rho = (sigma-1)/sigma", rho);
  show("p(phi) = 1/(rho phi)", a.price(phi), 1 / (rho * phi));
  show("labour l = f + q/phi", a.labor_of(phi), f + a.output_of(phi) / phi);
  // [/slide_9]

  heading("Slide 10: revenue (1) and the zero-profit cutoff (2)");
  // [slide_10]
  show("(1) r(9)/r(6) = (9/6)^(sigma-1)", a.revenue_of(9) / a.revenue_of(6), melitz::relative_revenue(9.0, 6.0, sigma));
  show("(2) r(phi*) = sigma f", a.revenue_of(a.cutoff), sigma * f);
  show("    r(6) = (6/phi*)^(sigma-1) sigma f", a.revenue_of(6), melitz::market_revenue(6.0, a.cutoff, f, sigma));
  show("    pi(6) = r(6)/sigma - f", a.profit(6), a.revenue_of(6) / sigma - f);
  // [/slide_10]

  heading("Slide 11: profit is a line in phi^(sigma-1), from -f through zero at phi*");
  // [slide_11]
  std::printf("  %10s %16s %10s %10s\n", "phi", "phi^(sigma-1)", "line", "profit");
  for (double const x : {2.0, 4.0, 6.0, 8.0}) {
    std::printf("  %10g %16g %10.4f %10.4f\n", x, power(x, sigma - 1), a.domestic_profit_line(x), a.profit(x));
  }
  // [/slide_11]

  heading("Slide 12: the value of a firm and of entry (3)");
  // [slide_12]
  show("v(6) = max(0, pi(6)/delta)", melitz::value_of_firm(a.profit(6), e.death_rate));
  show("v(4), a firm that exits", melitz::value_of_firm(a.domestic_profit_line(4), e.death_rate));
  show("1 - G(phi*), probability of successful entry", a.probability_of_producing);
  show("(3) v_e = [1 - G(phi*)] pi-bar / delta = f_e", a.probability_of_producing * a.average_profit / e.death_rate,
       e.entry_cost);
  // [/slide_12]

  heading("Slide 13: free entry (4), a condition in phi* alone");
  // [slide_13]
  auto const entry = melitz::conditions(e, draws);
  for (double const x : {3.0, 4.0, a.cutoff, 6.0}) {
    std::printf("  v_e with a cutoff of %.4f %37.6g\n", x, entry.value_of_entry(x));
  }
  // [/slide_13]

  heading("Slide 14: average productivity (5) and the price index (6)");
  // [slide_14]
  show("(5) phi~, and as a function of the cutoff", a.average_productivity, entry.average_productivity(a.cutoff));
  show("(6) P = M^(1/(1-sigma)) / (rho phi~)", a.price_index,
       melitz::price_index(a.mass_producers, a.average_productivity, sigma));
  // [/slide_14]

  heading("Slide 15: the triple from which all else follows");
  // [slide_15]
  show("phi*", a.cutoff);
  show("P", a.price_index);
  show("R", a.revenue);
  // [/slide_15]

  heading("Slide 16: entry, death and the labour market");
  // [slide_16]
  double const profits = a.mass_producers * a.average_profit;
  show("[1 - G(phi*)] M_e = delta M", a.probability_of_producing * a.mass_entrants_per_period,
       e.death_rate * a.mass_producers);
  show("L_e = M_e f_e = Pi", a.labor_entry, profits);
  show("L_p = fixed + variable = R - Pi", a.labor_fixed + a.labor_variable, a.revenue - profits);
  show("R = L_e + L_p = L", a.labor_entry + a.labor_fixed + a.labor_variable, e.labor);
  // [/slide_16]

  heading("Slide 17: averages and the mass of firms");
  // [slide_17]
  double const relative = melitz::relative_revenue(a.average_productivity, a.cutoff, sigma);
  show("r-bar = (phi~/phi*)^(sigma-1) sigma f", a.average_revenue, relative * sigma * f);
  show("pi-bar = [(phi~/phi*)^(sigma-1) - 1] f", a.average_profit, (relative - 1) * f);
  show("M = L / (sigma (pi-bar + f))", a.mass_producers, e.labor / (sigma * (a.average_profit + f)));
  show("welfare per worker, 1/P", a.welfare);
  // [/slide_17]
}

void open_economy(world const& w, law const& draws) {
  // [trade]
  state const b = melitz::solve(w, draws);
  double const n = w.partners, tau = w.iceberg_cost, f_x = w.export_fixed_cost;
  double const sigma = w.domestic.elasticity, f = w.domestic.fixed_cost;
  // [/trade]

  heading("Slide 18: exporting, for a firm with productivity 12");
  // [slide_18]
  double const phi = 12;
  show("p_x = tau p_d", b.export_price(phi), tau * b.price(phi));
  show("r_x = tau^(1-sigma) r_d", b.export_revenue(phi), power(tau, 1 - sigma) * b.domestic_revenue(phi));
  // [/slide_18]

  heading("Slide 19: revenue of an exporter and the exporting cutoff (7)");
  // [slide_19]
  show("r = (1 + n tau^(1-sigma)) r_d", b.revenue_of(phi), (1 + n * power(tau, 1 - sigma)) * b.domestic_revenue(phi));
  show("phi_x*", b.export_cutoff);
  show("(7) r_x(phi_x*) = sigma f_x", b.export_revenue(b.export_cutoff), sigma * f_x);
  // [/slide_19]

  heading("Slide 20: selection into exporting (8)");
  // [slide_20]
  show("(8) phi_x* = tau (f_x/f)^(1/(sigma-1)) phi*", b.export_cutoff,
       melitz::export_cutoff(b.cutoff, tau, f_x, f, sigma));
  show("tau^(sigma-1) f_x, to be compared with f", power(tau, sigma - 1) * f_x);
  std::printf("  regime: %s\n", std::string(to_string(melitz::regime_of(w))).c_str());
  // [/slide_20]

  heading("Slide 21: free entry (9), with n partners");
  // [slide_21]
  auto const entry = melitz::conditions(w, draws);
  show("phi*", b.cutoff);
  show("chi = [1 - G(phi_x*)] / [1 - G(phi*)]", b.share_exporting);
  show("(9) v_e = f_e", entry.value_of_entry(b.cutoff), w.domestic.entry_cost);
  // [/slide_21]

  heading("Slide 22: average revenue and profit");
  // [slide_22]
  double const pi_d = melitz::market_profit(b.average_productivity, b.cutoff, f, sigma);
  double const pi_x = melitz::market_profit(b.average_export_productivity, b.export_cutoff, f_x, sigma);
  show("r_d(phi~) = (phi~/phi*)^(sigma-1) sigma f", b.average_domestic_revenue,
       melitz::market_revenue(b.average_productivity, b.cutoff, f, sigma));
  show("r_x(phi~_x) = (phi~_x/phi_x*)^(sigma-1) sigma f_x", b.average_export_revenue,
       melitz::market_revenue(b.average_export_productivity, b.export_cutoff, f_x, sigma));
  show("r-bar = r_d(phi~) + chi n r_x(phi~_x)", b.average_revenue,
       b.average_domestic_revenue + b.share_exporting * n * b.average_export_revenue);
  show("pi-bar = pi_d(phi~) + chi n pi_x(phi~_x)", b.average_profit, pi_d + b.share_exporting * n * pi_x);
  // [/slide_22]

  heading("Slide 23: average productivities (10) and the price index");
  // [slide_23]
  show("phi~, of producers", b.average_productivity);
  show("(10) phi~_x, of exporters", b.average_export_productivity, entry.average_productivity(b.export_cutoff));
  show("M_t = M + n M_x", b.mass_varieties, b.mass_producers + n * b.mass_exporters);
  double const sizes = b.mass_producers * power(b.average_productivity, sigma - 1) +
                       n * b.mass_exporters * power(b.average_export_productivity / tau, sigma - 1);
  show("phi~_t, of varieties consumed, net of melting", b.average_variety_productivity,
       power(sizes / b.mass_varieties, 1 / (sigma - 1)));
  show("P = M_t^(1/(1-sigma)) / (rho phi~_t)", b.price_index,
       melitz::price_index(b.mass_varieties, b.average_variety_productivity, sigma));
  // [/slide_23]

  heading("Slide 24: the quadruple from which all else follows");
  // [slide_24]
  show("phi*", b.cutoff);
  show("phi_x*", b.export_cutoff);
  show("P", b.price_index);
  show("R", b.revenue);
  // [/slide_24]

  heading("Slide 25: entry, death and the labour market");
  // [slide_25]
  double const profits = b.mass_producers * b.average_profit;
  show("[1 - G(phi*)] M_e = delta M", b.probability_of_producing * b.mass_entrants_per_period,
       w.domestic.death_rate * b.mass_producers);
  show("L_e = M_e f_e = Pi", b.labor_entry, profits);
  show("L_p: fixed costs of producing, M f", b.labor_fixed, b.mass_producers * f);
  show("L_p: fixed costs of exporting, n M_x f_x", b.labor_export_fixed, n * b.mass_exporters * f_x);
  show("L_p: variable", b.labor_variable);
  show("R = L_e + L_p = L", b.labor_entry + b.labor_fixed + b.labor_export_fixed + b.labor_variable, w.domestic.labor);
  // [/slide_25]

  heading("Slide 26: masses of firms");
  // [slide_26]
  show("M = L / (sigma (pi-bar + f + chi n f_x))", b.mass_producers,
       w.domestic.labor / (sigma * (b.average_profit + f + b.share_exporting * n * f_x)));
  show("M_x = chi M", b.mass_exporters, b.share_exporting * b.mass_producers);
  show("welfare per worker, 1/P", b.welfare);
  show("share of spending on home varieties", b.domestic_share);
  show("exports over sales of an exporter", b.exporter_intensity);
  // [/slide_26]
}

void effects_of_trade(world const& w, law const& draws) {
  // [compare]
  state const before = melitz::solve(w.domestic, draws);
  state const after = melitz::solve(w, draws);
  auto const effects = melitz::compare(before, after);
  // [/compare]

  heading("Slide 27: Proposition 1, opening to trade raises phi*");
  // [slide_27]
  show("phi* in autarky", before.cutoff);
  show("phi* with trade", after.cutoff);
  std::printf("  it %s\n", effects.cutoff_rises ? "rises" : "does not rise");
  // [/slide_27]

  heading("Slide 28: profits before and after");
  // [slide_28]
  std::printf("  %10s %12s %12s   %s\n", "phi", "autarky", "trade", "the firm");
  for (double const x : {4.0, 4.8, 7.0, 9.0, 15.0}) {
    std::printf("  %10g %12.4f %12.4f   %s\n", x, before.profit(x), after.profit(x),
                std::string(to_string(after.choice(x))).c_str());
  }
  // [/slide_28]

  heading("Slide 29: which firms gain and lose");
  // [slide_29_firms]
  for (auto const& group : effects.firms) {
    std::printf("  from %8.4f to %8.4f   %s\n", group.lower, group.upper, std::string(to_string(group.effect)).c_str());
  }
  show("share of producers that exit", effects.share_of_firms_exiting);
  // [/slide_29_firms]

  heading("Slide 29, continued: the industry");
  // [slide_29_industry]
  for (char const* name : {"average_revenue", "average_profit", "average_productivity", "mass_producers",
                           "mass_varieties", "price_index", "welfare"}) {
    auto const& c = effects.change(name);
    std::printf("  %-28s %10.5g -> %10.5g   %+7.2f %%\n", name, c.before, c.after, c.percent());
  }
  // [/slide_29_industry]

  heading("Slide 29, continued: where the welfare gain comes from");
  // [slide_29_welfare]
  show("d ln W", effects.log_welfare_change);
  show("  of which variety, d ln M_t / (sigma-1)", effects.from_variety);
  show("  of which productivity, d ln phi~_t", effects.from_productivity);
  show("d ln W by the ACR formula, local trade elasticity", effects.acr_with_local_elasticity);
  // [/slide_29_welfare]
}

void corners(world w, law const& draws) {
  heading("Beyond the slides: the corners");
  // [corners]
  auto const line = [&](char const* name, state const& s) {
    std::printf("  %-36s %-10s phi* %.4f   phi_x* %.4f   exporting %.4f\n", name,
                std::string(to_string(s.regime)).c_str(), s.cutoff, s.export_cutoff, s.share_exporting);
  };
  auto cheap = w;
  cheap.iceberg_cost = 1.1;
  cheap.export_fixed_cost = 0.5;
  line("exporting so cheap that all do", melitz::solve(cheap, draws));

  auto prohibitive = w;
  prohibitive.iceberg_cost = std::numeric_limits<double>::infinity();
  line("an infinite iceberg cost", melitz::solve(prohibitive, draws));

  auto costly_entry = w.domestic;
  costly_entry.entry_cost = 200;
  auto const s = melitz::solve(costly_entry, melitz::pareto<>{.scale = 1, .shape = 4.25});
  line("a cutoff below the support", s);
  std::printf("  there every entrant produces: %s; the least productive firm has phi = %.4f\n",
              s.every_entrant_produces ? "yes" : "no", s.lowest_producing_productivity);
  // [/corners]
}

}  // namespace

int main(int argc, char** argv) {
  // [primitives]
  law const draws{.log_mean = 0, .log_sd = 0.8};
  economy const autarky{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000};
  world trade{.domestic = autarky, .partners = 3, .iceberg_cost = 1.6, .export_fixed_cost = 1.3};
  // [/primitives]

  char const* figures = nullptr;
  for (int k = 1; k < argc; k += 2) {
    char const* const value = k + 1 < argc ? argv[k + 1] : "";
    bool good = *value != '\0';
    if (std::strcmp(argv[k], "--figures") == 0) {
      figures = value;
    } else if (std::strcmp(argv[k], "--iceberg-cost") == 0) {
      auto const number = melitz::to_number(value);
      good = number && std::isfinite(*number);
      if (good) trade.iceberg_cost = *number;
    } else {
      good = false;
    }
    if (!good) {
      std::fprintf(stderr, "usage: lecture [--iceberg-cost TAU] [--figures FOLDER]\n");
      return 2;
    }
  }

  try {
    trade.validate();
    std::printf("Firms in International Trade, Lecture 2: The Melitz Model\n");
    closed_economy(autarky, draws);
    open_economy(trade, draws);
    effects_of_trade(trade, draws);
    corners(trade, draws);
    if (figures != nullptr) return draw_figures(figures, trade, draws) ? 0 : 1;
  } catch (melitz::domain_error const& error) {
    std::fprintf(stderr, "lecture: %s\n", error.what());
    return 2;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "lecture: %s\n", error.what());
    return 1;
  }
  return 0;
}
