// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/philox.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <numbers>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// The world with other trade elasticities. What defines a sector's kind stays: where epsilon psi is 1 (Krugman,
/// Melitz) it remains so, elsewhere the scale elasticity is as it was; shares of market entry in sales keep their
/// eta/epsilon.
/// @param elasticities  by sector, > 0
[[nodiscard]] inline policy_world<> with_trade_elasticities(policy_world<> world, Eigen::VectorXd const& elasticities) {
  if (elasticities.size() != world.sector_count()) {
    throw domain_error("with_trade_elasticities", "size of elasticities", std::to_string(elasticities.size()),
                       "be that of the sectors, " + std::to_string(world.sector_count()));
  }
  for (Eigen::Index s = 0; s < elasticities.size(); ++s) {
    auto& sector = world.sectors[static_cast<std::size_t>(s)];
    double const ratio = elasticities[s] / sector.trade_elasticity;
    if (std::abs(sector.trade_elasticity * sector.scale_elasticity - 1) < 1e-9) sector.scale_elasticity /= ratio;
    Eigen::VectorXd selection(sector.selection.size());
    for (Eigen::Index j = 0; j < selection.size(); ++j) selection[j] = ratio * sector.selection[j];
    sector.selection = selection;
    sector.trade_elasticity = elasticities[s];
  }
  return world;
}

/// Elasticities as they may be, given estimates: logarithms are normal, with the estimates' relative standard errors.
/// @return [draw][sector]; the same for the same seed, and the first draws are the same however many there are
[[nodiscard]] inline Eigen::MatrixXd draw_elasticities(Eigen::VectorXd const& estimate,
                                                       Eigen::VectorXd const& standard_error, Eigen::Index draws,
                                                       std::uint64_t seed) {
  auto const where = "draw_elasticities";
  if (standard_error.size() != estimate.size()) {
    throw domain_error(where, "size of standard_error", std::to_string(standard_error.size()),
                       "be that of estimate, " + std::to_string(estimate.size()));
  }
  if (draws < 1) throw domain_error(where, "draws", std::to_string(draws), "be at least 1");
  double const infinity = std::numeric_limits<double>::infinity();
  for (Eigen::Index s = 0; s < estimate.size(); ++s) {
    detail::require(estimate[s] > 0 && estimate[s] < infinity, where, "estimate", estimate[s],
                    "be positive and finite");
    detail::require(standard_error[s] >= 0 && standard_error[s] < infinity, where, "standard_error", standard_error[s],
                    "be at least 0 and finite");
  }
  philox const random(seed);
  Eigen::MatrixXd out(draws, estimate.size());
  for (Eigen::Index k = 0; k < draws; ++k) {
    for (Eigen::Index s = 0; s < estimate.size(); ++s) {
      auto const block = random.at(static_cast<std::uint64_t>(k), static_cast<std::uint32_t>(s));
      double const normal =
          std::sqrt(-2 * std::log(block.uniform(0))) * std::cos(2 * std::numbers::pi * block.uniform(1));
      out(k, s) = estimate[s] * std::exp(standard_error[s] / estimate[s] * normal);
    }
  }
  return out;
}

/// How several sets of parameters are worked through.
struct parameter_set_options {
  int threads = 1;  ///< at most; 0 for as many as there are processors
  std::function<void(std::size_t done, std::size_t all)> progress{};  ///< called by one thread at a time
};

/// The results of the same question under several sets of parameters.
struct parameter_sets {
  Eigen::MatrixXd results{};  ///< [set][result]; NaN where the question has no answer
  Eigen::Index failed = 0;    ///< sets without an answer

  /// Quantile q in [0, 1] of each result over the sets that have answers; between two of them, in proportion.
  [[nodiscard]] Eigen::VectorXd quantile(double q) const {
    detail::require(q >= 0 && q <= 1, "parameter_sets", "q", q, "be in [0, 1]");
    Eigen::VectorXd out(results.cols());
    for (Eigen::Index c = 0; c < results.cols(); ++c) {
      std::vector<double> all;
      for (Eigen::Index k = 0; k < results.rows(); ++k) {
        if (results(k, c) == results(k, c)) all.push_back(results(k, c));
      }
      std::sort(all.begin(), all.end());
      if (all.empty()) {
        out[c] = std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      double const place = q * static_cast<double>(all.size() - 1);
      auto const below = static_cast<std::size_t>(place);
      auto const above = std::min(below + 1, all.size() - 1);
      out[c] = all[below] + (place - static_cast<double>(below)) * (all[above] - all[below]);
    }
    return out;
  }
};

/// Asks a question of a world under each set of trade elasticities, on several threads if that is asked for; what comes
/// out does not depend on how many.
/// @param sets      [set][sector]
/// @param question  of a world; the same number of results always. No results, or a convergence_error: there is no
/// answer
/// @throws what the question throws else, that of the first set that does
/// Example:  auto const draws = melitz::draw_elasticities(estimate, error, 200, 1);
///   auto const r = melitz::under_elasticities(world, draws, [](auto const& w) { ... return welfare; }, {.threads =
///   0}); r.quantile(0.025);  r.quantile(0.975);
[[nodiscard]] inline parameter_sets under_elasticities(
    policy_world<> const& world, Eigen::MatrixXd const& sets,
    std::function<Eigen::VectorXd(policy_world<> const&)> const& question, parameter_set_options const& options = {}) {
  auto const count = static_cast<std::size_t>(sets.rows());
  std::vector<Eigen::VectorXd> answers(count);
  std::vector<std::exception_ptr> failures(count);
  std::atomic<std::size_t> next{0};
  std::size_t done = 0;
  std::mutex telling;
  auto const work = [&] {
    for (std::size_t k = next++; k < count; k = next++) {
      try {
        Eigen::VectorXd const elasticities = sets.row(static_cast<Eigen::Index>(k)).transpose();
        answers[k] = question(with_trade_elasticities(world, elasticities));
      } catch (convergence_error const&) {  // no answer
      } catch (...) {
        failures[k] = std::current_exception();
      }
      std::lock_guard const lock(telling);
      ++done;
      if (options.progress) options.progress(done, count);
    }
  };
  auto const team = options.threads > 0 ? static_cast<std::size_t>(options.threads)
                                        : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  std::vector<std::thread> others;
  try {
    for (std::size_t k = 1; k < std::min(team, count); ++k) others.emplace_back(work);
  } catch (std::system_error const&) {  // fewer, then
  }
  work();
  for (auto& one : others) one.join();
  for (auto const& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  Eigen::Index width = 0;
  for (auto const& a : answers) width = std::max(width, a.size());
  parameter_sets out;
  out.results = Eigen::MatrixXd::Constant(sets.rows(), width, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < count; ++k) {
    if (answers[k].size() == width && width > 0) {
      out.results.row(static_cast<Eigen::Index>(k)) = answers[k].transpose();
    } else {
      ++out.failed;
    }
  }
  return out;
}

}  // namespace melitz
