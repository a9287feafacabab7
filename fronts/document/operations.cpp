// SPDX-License-Identifier: BSL-1.0
#include "operations.hpp"

#include "operations_detail.hpp"

#include <melitz/analysis/compare.hpp>

namespace melitz::front {

namespace {

/// "closed and open have it".
[[nodiscard]] std::string those_with(bool (*has)(model const&)) {
  std::vector<std::string> names;
  for (auto const& m : models()) {
    if (has(m)) names.emplace_back(m.name);
  }
  if (names.empty()) return "no model has";
  std::string out = names[0];
  for (std::size_t k = 1; k < names.size(); ++k) out.append(k + 1 < names.size() ? ", " : " and ").append(names[k]);
  return out + (names.size() == 1 ? " has" : " have");
}

/// What `ask` finds. Errors of parameters are said as those of a solve are, which knows their names.
template <class T, class Ask>
[[nodiscard]] answered<T> asked_of(model_input& input, Ask const& ask) {
  try {
    return {melitz::status::converged, ask(*input.what)};
  } catch (melitz::convergence_error const& e) {
    return {e.reason(), {}};
  } catch (melitz::domain_error const& e) {
    (void)solve(input);
    throw input_error(without_place(e));
  }
}

/// Of each result, as comparison::percent has it.
[[nodiscard]] std::vector<array> percent_of(model const& what, answer const& before, answer const& after) {
  std::vector<array> out(what.results.size(), array{0, 0});
  for (std::size_t k = 0; k < what.results.size(); ++k) {
    auto const where = what.results[k].part;
    if (where == part::solution || where == part::work) continue;
    auto const percent = [](double from, double to) {
      return melitz::aggregate_change<double>{"", from, to}.percent();
    };
    if (auto const* number = std::get_if<double>(&before.values[k])) {
      out[k] = melitz::catalog::array_of(percent(*number, std::get<double>(after.values[k])));
    } else if (auto const* numbers = std::get_if<array>(&before.values[k])) {
      auto const& then = std::get<array>(after.values[k]).numbers;
      if (then.size() != numbers->numbers.size()) {
        throw input_error(what.results[k].name + " is " + std::to_string(numbers->numbers.size()) +
                          " numbers before and " + std::to_string(then.size()) +
                          " after; to be compared they must be as many");
      }
      out[k] = *numbers;
      for (std::size_t i = 0; i < then.size(); ++i) out[k].numbers[i] = percent(numbers->numbers[i], then[i]);
    }
  }
  return out;
}

}  // namespace

void require_of_model(model const& what, bool (*has)(model const&), std::string_view it) {
  if (has(what)) return;
  throw input_error("model is \"" + std::string(what.name) + "\", which has no " + std::string(it) + "; " +
                    those_with(has));
}

std::string without_place(melitz::domain_error const& e) {
  return e.parameter() + " is " + e.value() + "; it must " + e.restriction();
}

std::string_view comparison::failed() const {
  if (before.reason != melitz::status::converged) return "before";
  return after.reason != melitz::status::converged ? "after" : "";
}

melitz::status comparison::reason() const { return failed() == "before" ? before.reason : after.reason; }

comparison compare(model_input& before, model_input& after) {
  auto const& what = *before.what;
  comparison out{.before = solve(before), .after = solve(after)};
  if (!out.failed().empty()) return out;
  out.percent = percent_of(what, out.before, out.after);
  if (!what.fates) return out;
  if (before.distribution != after.distribution) {
    out.without_firms = "firms draw from another law after";
    return out;
  }
  try {
    out.firms = what.fates(before.parameters, after.parameters, before.laws);
  } catch (melitz::domain_error const& e) {  // each is solved, so that this is about the two
    out.without_firms = without_place(e);
  } catch (melitz::convergence_error const& e) {
    out.without_firms = e.what();
  }
  return out;
}

answered<array> gains_from_trade(model_input& input) {
  require_of_model(
      *input.what, [](model const& m) { return static_cast<bool>(m.gains_from_trade); }, "gains from trade");
  return asked_of<array>(input, [&](model const& m) { return m.gains_from_trade(input.parameters, input.laws, {}); });
}

answered<std::vector<firm>> firms_at(model_input& input, std::vector<double> const& productivities) {
  require_of_model(
      *input.what, [](model const& m) { return static_cast<bool>(m.firms); }, "firms to look at one by one");
  return asked_of<std::vector<firm>>(
      input, [&](model const& m) { return m.firms(input.parameters, input.laws, productivities); });
}

answered<std::vector<conditions_at_cutoff>> curves_at(model_input& input, std::vector<double> const& cutoffs) {
  require_of_model(
      *input.what, [](model const& m) { return static_cast<bool>(m.curves); }, "equilibrium conditions as curves");
  return asked_of<std::vector<conditions_at_cutoff>>(
      input, [&](model const& m) { return m.curves(input.parameters, input.laws, cutoffs); });
}

}  // namespace melitz::front
