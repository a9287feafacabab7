// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/moment_checks.hpp>
#include <melitz/analysis/estimation/detail/moment_inference.hpp>
#include <melitz/analysis/estimation/detail/moment_search.hpp>
#include <melitz/analysis/estimation/moment_data.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/gradient.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

/// Moments as a function of parameters, in numbers that carry derivatives by them.
///
/// The function may throw domain_error or convergence_error, or return numbers that are not finite, where a model has
/// no moments; searches walk around such places. Every other exception ends the search.
template <class Model, class Real>
concept moments_of_parameters = std::invocable<Model const&, std::span<Real const>> &&
    std::ranges::input_range<std::invoke_result_t<Model const&, std::span<Real const>>>;

namespace detail {

/// The places to which searches converged, by their value.
inline void count_minima(moments_fit& out, moment_search const& search, std::vector<moment_end> const& ends) {
  std::vector<moment_place const*> found;
  for (auto const& end : ends) {
    if (end.reason != status::converged) continue;
    auto const one =
        std::find_if(found.begin(), found.end(), [&](auto const* f) { return search.same(*f, end.place); });
    if (one == found.end()) {
      found.push_back(&end.place);
      out.minima.push_back({end.place.objective, search.parameters(end.place.at), 1});
    } else {
      ++out.minima[static_cast<std::size_t>(one - found.begin())].starts;
    }
  }
  if (out.minima.size() < 2) return;
  auto const &best = *found[0], &second = *found[1];
  double const statistic = search.observations * (second.objective - best.objective);
  if (statistic < 1e-6 + search.observations * (best.rounding + second.rounding)) {
    out.warnings.push_back("another place fits the moments as well: see minima[1]");
  }
}

/// The same of a model behind a function, so that all this is compiled once.
[[nodiscard]] inline moments_fit fit_moments_of(std::span<moment_parameter const> parameters, moment_data const& data,
                                                moments_options const& options, moments_function model) {
  require_sound(parameters, data, options);
  auto const covariance = matrix_called("covariance", data.covariance, data.values.size());
  if (root_of(covariance, true).empty()) {
    throw domain_error(fitting_moments, "covariance", "singular or indefinite", "be positive definite");
  }
  moment_search search{{}, data.values, root_of_weights(covariance, options), data.observations, std::move(model)};
  moments_fit out;
  out.moment_names = data.names;
  std::vector<double> first;
  bool any_start = false;
  for (auto const& p : parameters) {
    out.names.push_back(p.name);
    auto const& c = search.coordinates.emplace_back(p);
    bool const has_start = !std::isnan(p.start);
    any_start = any_start || has_start;
    first.push_back(has_start ? c.of(p.start) : c.lower() + (c.upper() - c.lower()) / 2);
  }
  std::vector<moment_end> ends;
  auto const begin_at = [&](std::vector<double> at) {
    auto end = search.descend(std::move(at), options.iterations);
    ++out.starts;
    if (!end.place.any()) {
      ++out.without_moments;
      if (out.why.empty()) out.why = end.place.moments.why;
      return;
    }
    if (end.reason != status::converged) ++out.unfinished;
    ends.push_back(std::move(end));
  };
  if (any_start || options.starts == 0) begin_at(std::move(first));
  for (int k = 0; k < options.starts; ++k) begin_at(search.start(options.seed, static_cast<std::uint64_t>(k)));
  if (ends.empty()) {
    out.reason = status::not_finite;
    out.parameters.assign(parameters.size(), not_a_number<double>);
    return out;
  }
  std::stable_sort(ends.begin(), ends.end(),
                   [](auto const& a, auto const& b) { return a.place.objective < b.place.objective; });
  // Of ends that differ by rounding alone, one that converged: a search may run out of its budget just beside it.
  auto const best = std::find_if(ends.begin(), ends.end(), [&](auto const& end) {
    return end.reason == status::converged && search.same(end.place, ends.front().place);
  });
  moment_inference(search, data, covariance).describe(out, best == ends.end() ? ends.front() : *best);
  count_minima(out, search, ends);
  return out;
}

}  // namespace detail

/// Estimates parameters of a model by the generalised method of moments: those at which e'We is lowest, where e are the
/// moments of the model less those observed.
///
/// By Gauss and Newton's method with the model's own derivatives, in logs or logits or the parameters themselves, steps
/// of at most one and shorter ones where that does not lower e'We, from the start given and random ones. Covariance
/// (D'WD)^-1 D'WSWD (D'WD)^-1/n, times 1 + 1/draws; J = n e'Me with M = S^-1 - S^-1 D (D'S^-1 D)^-1 D'S^-1, which is
/// n e'We under optimal weights. L. P. Hansen (1982), "Large Sample Properties of Generalized Method of Moments
/// Estimators", Econometrica 50.
/// @param parameters  to be estimated; N of them, with bounds between which they are sought
/// @param data        at least as many moments as parameters
/// @param model       takes std::span<Real const> of the parameters, in their order, and returns a range of as many
///                    moments as data has; called with Real = gradient<N> alone. See moments_of_parameters
/// @throws domain_error naming what is wrong with parameters, data or options, or when the model has another number of
///         moments than the data
/// Accuracy: that of the moments; 1e-9 of the parameters where the moments identify them well. Cost: a call of the
/// model for each step, some six from a good start. Example:
///   auto const f = melitz::fit_moments({{"log_sd", 0.1, 2}, {"iceberg_cost", 1, 4}}, data,
///     [](std::span<melitz::gradient<2> const> x) {
///       using Real = melitz::gradient<2>;
///       melitz::open_economy<Real> economy;
///       economy.iceberg_cost = x[1];  // and the rest
///       auto const e = melitz::solve(economy, melitz::lognormal<Real>{0, x[0]});
///       return std::vector<Real>{e.share_exporting, e.exporter_intensity, e.probability_of_producing};
///     });
template <std::size_t N, class Model>
requires moments_of_parameters<Model, gradient<N>>
[[nodiscard]] moments_fit fit_moments(moment_parameter const (&parameters)[N], moment_data const& data,
                                      Model const& model, moments_options const& options = {}) {
  using number = gradient<N>;
  std::size_t const expected = data.values.size();
  return detail::fit_moments_of(parameters, data, options, [&](std::vector<double> const& x) {
    detail::moments_here out;
    std::vector<number> variables, found;
    for (std::size_t k = 0; k < N; ++k) variables.push_back(number::variable(x[k], k));
    try {
      auto&& moments = model(std::span<number const>(variables));
      found.assign(std::ranges::begin(moments), std::ranges::end(moments));
    } catch (domain_error const& error) {
      out.why = error.what();
      return out;
    } catch (convergence_error const& error) {
      out.why = error.what();
      return out;
    }
    if (found.size() != expected) {
      detail::reject(detail::fitting_moments, "number of moments of the model", static_cast<double>(found.size()),
                     "be that of the data, " + std::to_string(expected));
    }
    for (std::size_t i = 0; i < expected; ++i) {
      bool usable = detail::is_finite(found[i].value);
      for (double const d : found[i].derivative) usable = usable && detail::is_finite(d);
      if (usable) continue;
      out.why = "moment " + std::to_string(i) + " or a derivative of it is not finite";
      return out;
    }
    out.slopes.assign(N, {});
    for (auto const& m : found) {
      out.values.push_back(m.value);
      for (std::size_t k = 0; k < N; ++k) out.slopes[k].push_back(m.derivative[k]);
    }
    return out;
  });
}

}  // namespace melitz
