// SPDX-License-Identifier: BSL-1.0
//
// All of policy that this front has is compiled here, once.
#include "run.hpp"

#include "../document/text.hpp"
#include "convert.hpp"
#include "world.hpp"

#include <melitz/worlds/policy/cooperation.hpp>
#include <melitz/worlds/policy/decomposition.hpp>
#include <melitz/worlds/policy/formula_taxes.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <melitz/worlds/policy/optimal_taxes.hpp>
#include <melitz/worlds/policy/parameter_sets.hpp>
#include <melitz/worlds/policy/report.hpp>
#include <melitz/worlds/policy/resolve_deficits.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace melitz::front {

namespace {

using namespace detail;
using melitz::policy_change;
using melitz::policy_report;
using melitz::policy_solver;
using melitz::search_status;
using melitz::status;

[[nodiscard]] melitz::tax_choice choice_of(tax_request const& r) {
  return {.country = at(r.country),
          .pattern = named<melitz::tax_pattern>(r.pattern),
          .instrument = named<melitz::policy_instrument>(r.instrument),
          .lower = r.lower,
          .upper = r.upper};
}
[[nodiscard]] std::vector<melitz::tax_choice> choices_of(std::vector<tax_request> const& all) {
  std::vector<melitz::tax_choice> out;
  for (auto const& r : all) out.push_back(choice_of(r));
  return out;
}
[[nodiscard]] std::vector<melitz::nash_player> players_of(std::vector<tax_request> const& all) {
  std::vector<melitz::nash_player> out;
  for (auto const& r : all) {
    if (out.empty() || out.back().choices.front().country != at(r.country)) out.push_back({});
    out.back().choices.push_back(choice_of(r));
  }
  return out;
}

[[nodiscard]] bool chosen(std::string const& name, policy_study const& study) {
  return study.results.empty() || std::any_of(study.results.begin(), study.results.end(),
                                              [&](auto const& pattern) { return matches(pattern, name); });
}

/// Numbers of a result, and by what they are.
[[nodiscard]] std::vector<double> numbers_in(Eigen::VectorXd const& x) { return {x.data(), x.data() + x.size()}; }
[[nodiscard]] std::vector<double> numbers_in(Eigen::MatrixXd const& x) { return {x.data(), x.data() + x.size()}; }
[[nodiscard]] std::vector<double> numbers_in(melitz::trade_array<> const& x) { return numbers_in(x.values()); }
template <class Member>
constexpr answered_by kind_of = std::is_same_v<Member, Eigen::VectorXd>   ? answered_by::country
                                : std::is_same_v<Member, Eigen::MatrixXd> ? answered_by::place
                                                                          : answered_by::pair;

[[nodiscard]] std::size_t size_of(answered_by by, trade_data const& data) {
  auto const n = data.countries.size(), count = data.sectors.size();
  return by == answered_by::country ? n : by == answered_by::place ? n * count : n * n * count;
}

/// All results, of what is not solved without numbers.
void put_results(scenario_answer& out, policy_study const& study, policy_report const* before,
                 policy_report const* after) {
  policy_report::results().apply([&](auto const&... rows) {
    auto const one = [&](auto const& row) {
      if (!chosen(row.name, study)) return;
      using member = typename std::remove_cvref_t<decltype(row)>::member_type;
      constexpr auto by = kind_of<member>;
      std::vector<double> const none(after == nullptr ? size_of(by, study.data) : 0, std::nan(""));
      out.values.push_back({row.name, row.unit, by, after == nullptr ? none : numbers_in(before->*row.at),
                            after == nullptr ? none : numbers_in(after->*row.at)});
    };
    (one(rows), ...);
  });
}

constexpr std::string_view log_parts[] = {"terms_of_trade", "trade_costs",     "fiscal_volume", "scale", "profits",
                                          "selection",      "market_services", "deficit",       "labor", "sum"};
constexpr std::string_view first_order_names[] = {"terms_of_trade", "volume_of_trade", "profits", "trade_costs", "sum"};

[[nodiscard]] std::vector<std::string> names_of_parts(std::string const& decomposition) {
  std::vector<std::string> out;
  if (decomposition == "log_path") {
    for (auto const part : log_parts) out.push_back("log_path." + std::string(part));
    return out;
  }
  for (auto const part : first_order_names) {
    if (part != "profits" || decomposition == "ossa") out.push_back(decomposition + '.' + std::string(part));
  }
  return out;
}

/// Solves one question after the other under one set of parameters.
class set_runner {
 public:
  set_runner(policy_study const& study, melitz::policy_world<> world, std::string parameters,
             std::function<void(scenario_answer const&)> const& take)
      : study_(study), world_(std::move(world)), parameters_(std::move(parameters)), take_(take) {
    auto const base = consistent_baseline(world_, study.data);
    has_deficits_ = base.deficit.cwiseAbs().maxCoeff() > 1e-9 * base.income.maxCoeff();
  }

  void run(scenario const& asked) {
    if (asked.search != search_kind::optimal || asked.numerical) answer(asked, asked.name, false);
    if (!asked.formula.empty()) {
      bool const both = asked.numerical;
      answer(asked, both ? asked.name + " (formula)" : asked.name, true);
    }
  }

 private:
  void answer(scenario const& asked, std::string const& name, bool by_formula) {
    scenario_answer out{.name = name, .parameters = parameters_};
    try {
      solve(asked, by_formula, out);
    } catch (melitz::convergence_error const& e) {
      out.status = to_string(e.reason());
      out.notes.emplace_back("there is no equilibrium without deficits");
    } catch (melitz::domain_error const& e) {
      throw input_error("scenario \"" + asked.name + "\": " + detail::words_of(e));
    }
    if (!out.solved) {
      out.values.clear();
      out.residual = std::nan("");
      put_results(out, study_, nullptr, nullptr);
      for (auto const& d : asked.decompositions) put_parts(out, d, {});
    }
    take_(out);
  }

  void solve(scenario const& asked, bool by_formula, scenario_answer& out) {
    auto world = world_;
    auto const& closed = asked.closed;
    world.closure = named<melitz::policy_closure>(closed.closure);
    world.closure_country = at(closed.country);
    world.closure_partner = at(closed.partner);
    world.numeraire = named<melitz::policy_numeraire>(closed.numeraire);
    world.numeraire_country = at(closed.numeraire_country);
    world.revenue = named<melitz::policy_revenue>(closed.revenue);
    bool const chooses = asked.search != search_kind::none || asked.answers.kind == "best_response";
    bool const keeps_none = world.closure == melitz::policy_closure::zero;
    bool const listed = world.closure == melitz::policy_closure::list;
    if (asked.resolve_deficits.value_or(chooses && !listed) && has_deficits_) {
      if (listed) throw input_error("scenario \"" + asked.name + "\" resolves deficits that its closure lists");
      world = melitz::without_deficits(std::move(world));
      out.notes.emplace_back("before: the same taxes without deficits");
    } else if (chooses && has_deficits_ && !keeps_none) {
      out.notes.emplace_back("deficits stay: welfare may rise with taxes without bound");
    }
    policy_solver<> solver(world);
    auto change = change_of(asked, solver);
    auto reason = search_status::converged;
    if (by_formula) {
      auto const found = melitz::formula_taxes_of(world, at(asked.choices.front().country),
                                                  named<melitz::tariff_formula>(asked.formula));
      reason = found.reason;
      change = found.change;
      out.notes.push_back("taxes by the formula " + asked.formula + ", which need not be the best");
    } else {
      reason = search(asked, solver, change, out);
    }
    if (reason == search_status::converged) reason = answered(asked, solver, change, out);
    out.status = to_string(reason);
    if (reason != search_status::converged) return;
    auto const end = solver.solve(change);
    out.status = to_string(end);
    if (end != status::converged) return;
    out.solved = true;
    out.residual = solver.equilibrium().residual;
    auto const before = melitz::report_before(solver);
    auto const after = melitz::report_after(solver, change, before);
    put_results(out, study_, &before, &after);
    for (auto const& d : asked.decompositions) decompose(d, solver, change, out);
  }

  [[nodiscard]] policy_change<> change_of(scenario const& asked, policy_solver<> const& solver) const {
    auto out = solver.unchanged();
    auto const put = [](melitz::trade_array<>& into, std::vector<double> const& x) {
      if (!x.empty()) into.values() = vector_of(x);
    };
    put(out.import_tax, asked.import_tax);
    put(out.export_tax, asked.export_tax);
    put(out.iceberg_hat, asked.iceberg);
    put(out.fixed_cost_hat, asked.fixed_cost);
    auto const n = study_.data.countries.size(), sectors = study_.data.sectors.size();
    if (!asked.production_tax.empty()) out.production_tax = matrix_of(asked.production_tax, n, sectors);
    if (!asked.closed.deficit.empty()) out.deficit = vector_of(asked.closed.deficit);
    return out;
  }

  /// Chooses taxes, if that is asked for.
  [[nodiscard]] search_status search(scenario const& asked, policy_solver<>& solver, policy_change<>& change,
                                     scenario_answer& out) const {
    if (asked.search == search_kind::none) return search_status::converged;
    if (asked.search == search_kind::nash) return nash(asked.choices, solver, change, out);
    auto const choices = choices_of(asked.choices);
    auto const n = solver.world().countries();
    if (asked.search == search_kind::optimal) {
      auto const goal = asked.objective == "government"
                            ? melitz::government_welfare(choices.front().country, vector_of(asked.political_weights))
                            : melitz::welfare_of(choices.front().country);
      return best(melitz::maximise_taxes(solver, choices, change, goal), change, out);
    }
    Eigen::VectorXd threat = Eigen::VectorXd::Ones(n);
    bool const threatens = asked.objective == "equal_gains" || asked.objective == "nash_bargaining";
    if (threatens && asked.threat == "nash") {
      auto war = change;
      auto const reason = nash(asked.choices, solver, war, out);
      if (reason != search_status::converged) return reason;
      threat = solver.log_welfare().array().exp();
    }
    if (asked.objective == "equal_gains") {
      auto const found = melitz::equal_gains_of(solver, choices, change, threat);
      if (found) out.notes.push_back("common gain: " + to_text(100 * std::expm1(found.optimum.value), 6) + " %");
      change = found.optimum.change;
      return found.optimum.reason;
    }
    auto const goal = asked.objective == "nash_bargaining" ? melitz::nash_bargaining(threat)
                      : asked.objective == "income_weights"
                          ? melitz::weighted_welfare(melitz::income_weights(solver))
                          : melitz::weighted_welfare(Eigen::VectorXd::Constant(n, 1 / static_cast<double>(n)));
    return best(melitz::maximise_taxes(solver, choices, change, goal), change, out);
  }

  [[nodiscard]] static search_status best(melitz::optimal_taxes const& found, policy_change<>& change,
                                          scenario_answer& out) {
    auto const& first = found.best();
    change = first.change;
    if (found.optima.size() > 1) {
      out.notes.push_back(std::to_string(found.optima.size()) + " optima from " +
                          std::to_string(found.searches.size()) + " starts; this is the best");
    }
    tell_bounds(first.binding.size(), found.undetermined, out);
    return first.reason;
  }
  [[nodiscard]] static search_status nash(std::vector<tax_request> const& asked, policy_solver<>& solver,
                                          policy_change<>& change, scenario_answer& out) {
    auto const found = melitz::nash_taxes_of(solver, players_of(asked), change);
    change = found.change;
    tell_bounds(found.binding.size(), found.undetermined, out);
    return found.reason;
  }
  static void tell_bounds(std::size_t binding, Eigen::Index undetermined, scenario_answer& out) {
    if (binding > 0) out.notes.push_back(std::to_string(binding) + " taxes are at their bounds");
    if (undetermined > 0)
      out.notes.push_back(std::to_string(undetermined) + " taxes are on flows too small to matter and stay");
  }

  /// What the others do.
  [[nodiscard]] static search_status answered(scenario const& asked, policy_solver<>& solver, policy_change<>& change,
                                              scenario_answer& out) {
    auto const& answers = asked.answers;
    if (answers.kind == "best_response") return nash(answers.choices, solver, change, out);
    if (answers.kind.empty()) return search_status::converged;
    auto const against = at(answers.against);
    for (auto const j : answers.by) {
      for (Eigen::Index s = 0; s < change.import_tax.sectors(); ++s) {
        change.import_tax(against, at(j), s) = change.import_tax(at(j), against, s);
      }
    }
    return search_status::converged;
  }

  void put_parts(scenario_answer& out, std::string const& decomposition,
                 std::vector<Eigen::VectorXd> const& parts) const {
    auto const n = study_.data.countries.size();
    std::size_t k = 0;
    for (auto const& name : names_of_parts(decomposition)) {
      auto const place = k++;
      if (!chosen(name, study_)) continue;
      bool const none = parts.empty();
      out.values.push_back({name, decomposition == "log_path" ? "logs of real income" : "of income, first order",
                            answered_by::country, std::vector<double>(n, none ? std::nan("") : 0),
                            none ? std::vector<double>(n, std::nan("")) : numbers_in(parts[place])});
    }
  }

  void decompose(std::string const& how, policy_solver<>& solver, policy_change<> const& change,
                 scenario_answer& out) const {
    if (how == "log_path") {
      auto free = change;
      auto const parts = melitz::decompose_along_path(solver.world(), free);
      if (!parts) {
        out.notes.emplace_back("log_path: the path has no equilibrium somewhere");
        put_parts(out, how, {});
        return;
      }
      put_parts(out, how,
                {parts.terms_of_trade, parts.trade_costs, parts.fiscal_volume, parts.scale, parts.profits,
                 parts.selection, parts.market_services, parts.deficit, parts.labor, parts.sum()});
      return;
    }
    auto const e = solver.equilibrium();
    bool const ossa = how == "ossa";
    auto const parts = ossa ? melitz::ossa_parts(solver, change, e) : melitz::caliendo_parro_parts(solver, change, e);
    std::vector<Eigen::VectorXd> all{parts.terms_of_trade, parts.volume_of_trade};
    if (ossa) all.push_back(parts.profits);
    all.push_back(parts.trade_costs);
    all.push_back(parts.sum());
    put_parts(out, how, all);
  }

  policy_study const& study_;
  melitz::policy_world<> world_;
  std::string parameters_;
  bool has_deficits_ = false;
  std::function<void(scenario_answer const&)> const& take_;
};

}  // namespace

std::size_t count_answers(policy_study const& study) {
  std::size_t each = 0;
  for (auto const& s : study.scenarios) {
    each += (s.search != search_kind::optimal || s.numerical ? 1 : 0) + (s.formula.empty() ? 0 : 1);
  }
  return each * study.sets.size() * (1 + study.bootstrap.draws);
}

void answer_all(policy_study const& study, std::function<void(scenario_answer const&)> const& take) {
  for (auto const& set : study.sets) {
    auto const all = [&](melitz::policy_world<> world, std::string const& name) {
      try {
        set_runner runner(study, std::move(world), name, take);
        for (auto const& asked : study.scenarios) runner.run(asked);
      } catch (melitz::domain_error const& e) {
        throw input_error(study.data.flows_file + ": " + detail::words_of(e));
      }
    };
    auto const world = world_of(study.data, set.sectors, study.labor_supply_elasticity);
    bool const draws = study.bootstrap.draws > 0;
    all(world, draws && set.name.empty() ? "estimate" : set.name);
    if (!draws) continue;
    Eigen::VectorXd estimate(world.sector_count());
    for (Eigen::Index s = 0; s < estimate.size(); ++s) {
      estimate[s] = world.sectors[static_cast<std::size_t>(s)].trade_elasticity;
    }
    auto const drawn = melitz::draw_elasticities(estimate, vector_of(study.bootstrap.standard_error),
                                                 at(study.bootstrap.draws), study.bootstrap.seed);
    for (Eigen::Index k = 0; k < drawn.rows(); ++k) {
      all(melitz::with_trade_elasticities(world, drawn.row(k).transpose()),
          (set.name.empty() ? "" : set.name + ' ') + "draw " + std::to_string(k + 1));
    }
  }
}

std::vector<std::string> names_of_policy_results() {
  std::vector<std::string> out;
  policy_report::results().apply([&](auto const&... rows) { (out.emplace_back(rows.name), ...); });
  for (auto const* d : {"log_path", "caliendo_parro", "ossa"}) {
    for (auto& name : names_of_parts(d)) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace melitz::front
