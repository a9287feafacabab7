// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/in_blocks.hpp>
#include <melitz/numerics/philox.hpp>
#include <melitz/worlds/bertrand/economy.hpp>
#include <melitz/worlds/bertrand/plants.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// How many, the sum of what they have, and that of its squares.
struct simulated_moments {
  std::uint64_t count = 0;
  double sum = 0, squares = 0;

  void add(double x) {
    ++count;
    sum += x;
    squares += x * x;
  }
  simulated_moments& operator+=(simulated_moments const& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
    return *this;
  }

  /// NaN where there are none.
  [[nodiscard]] double mean() const {
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  }
  /// Standard error of the mean.
  [[nodiscard]] double standard_error() const {
    auto const n = static_cast<double>(count);
    double const variance = (squares - sum * mean()) / (n - 1);
    return std::sqrt(std::max(variance, 0.0) / n);
  }
};

/// A country's plants, those that sell at home; exporters among them and the others.
struct simulated_plants {
  /// Those of one kind: exporters, or the others.
  struct kind {
    simulated_moments log_markup{}, log_efficiency{};  ///< at home; that of a plant less (ln T_i)/theta
    std::uint64_t capped = 0;                          ///< with the monopoly's markup at home

    /// Counts the others too.
    kind& operator+=(kind const& other) {
      log_markup += other.log_markup;
      log_efficiency += other.log_efficiency;
      capped += other.capped;
      return *this;
    }
  };
  kind exporters{}, others{};
  std::uint64_t only_abroad = 0;  ///< that export and do not sell at home: none where no way is shorter than the direct

  /// How many sell at home.
  [[nodiscard]] std::uint64_t count() const { return exporters.log_markup.count + others.log_markup.count; }
  /// Counts the others too.
  simulated_plants& operator+=(simulated_plants const& other) {
    exporters += other.exporters;
    others += other.others;
    only_abroad += other.only_abroad;
    return *this;
  }
};

/// What was simulated, by country.
struct bertrand_simulation {
  std::uint64_t goods = 0;
  std::vector<simulated_plants> countries{};

  bertrand_simulation& operator+=(bertrand_simulation const& other) {
    goods += other.goods;
    for (std::size_t i = 0; i < countries.size(); ++i) countries[i] += other.countries[i];
    return *this;
  }
};

namespace detail {

/// The goods of a world: who draws what, who serves which market.
class simulated_goods {
 public:
  /// @param share  lambda
  simulated_goods(bertrand_markups<double> const& markups, Eigen::MatrixXd const& share, std::uint64_t seed)
      : random_(seed),
        per_shape_(1 / markups.shape),
        log_cap_(markups.log_highest()),
        closest_capped_(1 / markups.capped_share()),
        barrier_(share.cwiseInverse()) {}

  void add(bertrand_simulation& to, std::uint64_t begin, std::uint64_t end) const {
    auto const n = barrier_.rows();
    Eigen::VectorXd best(n), second(n), cost(n), next_at_home(n);
    std::vector<char> exports(static_cast<std::size_t>(n)), at_home(static_cast<std::size_t>(n));
    for (std::uint64_t good = begin; good < end; ++good) {
      for (Eigen::Index k = 0; k < n; ++k) {
        auto const draws = random_.at(good, static_cast<std::uint32_t>(k));
        best[k] = exponential(draws.uniform(0));
        second[k] = best[k] + exponential(draws.uniform(1));
      }
      std::fill(exports.begin(), exports.end(), char{0});
      std::fill(at_home.begin(), at_home.end(), char{0});
      for (Eigen::Index market = 0; market < n; ++market) {
        cost = best.cwiseProduct(barrier_.col(market));
        Eigen::Index who = 0;
        double const least = cost.minCoeff(&who);
        auto const seller = static_cast<std::size_t>(who);
        if (who != market) {
          exports[seller] = 1;
          continue;
        }
        at_home[seller] = 1;
        cost[who] = second[who] * barrier_(who, who);
        next_at_home[who] = cost.minCoeff() / least;
      }
      for (std::size_t i = 0; i < exports.size(); ++i) {
        auto& plants = to.countries[i];
        if (at_home[i] == 0) {
          plants.only_abroad += static_cast<std::uint64_t>(exports[i]);
          continue;
        }
        auto& kind = exports[i] != 0 ? plants.exporters : plants.others;
        auto const place = static_cast<Eigen::Index>(i);
        bool const capped = next_at_home[place] >= closest_capped_;
        kind.capped += capped ? 1 : 0;
        kind.log_markup.add(capped ? log_cap_ : std::log(next_at_home[place]) * per_shape_);
        kind.log_efficiency.add(-std::log(best[place]) * per_shape_);
      }
    }
    to.goods += end - begin;
  }

 private:
  /// @param uniform  in (0, 1]; of 1 it is the least there is, not 0
  [[nodiscard]] static double exponential(double uniform) { return std::max(-std::log(uniform), 0x1p-54); }

  philox random_;
  double per_shape_, log_cap_, closest_capped_;
  Eigen::MatrixXd barrier_;  // times the draw: cost to the power theta, in units of the market
};

/// How many goods are simulated where nobody says: as many as can be within some seconds.
[[nodiscard]] inline std::uint64_t goods_to_simulate(std::uint64_t asked, Eigen::Index countries) {
  if (asked > 0) return asked;
  auto const pairs = static_cast<std::uint64_t>(countries) * static_cast<std::uint64_t>(countries);
  return std::clamp<std::uint64_t>(250'000'000 / pairs, 1'000, 100'000);
}

}  // namespace detail

/// Simulates goods: each country draws its two best efficiencies of each, and the lowest cost has the market.
///
/// What is drawn depends on the seed, the good and the country alone, and sums are made in blocks of goods: the result
/// is the same to the last bit for any number of threads. Counts, log markups and log efficiencies have standard
/// errors; sales are not among them, since their variance is infinite where sigma - 1 > theta/2, and a million goods
/// would be off by several percent.
/// @param share  lambda, as an equilibrium has it
/// @throws domain_error
/// Cost: 0.2 us per good for three countries; it grows with the square of their number.
/// Example: auto const e = melitz::try_solve_with_flows(world);
///   auto const s = melitz::simulate(world, e.share, {.goods = 1'000'000, .threads = 0});
[[nodiscard]] inline bertrand_simulation simulate(bertrand_economy<double> const& economy, Eigen::MatrixXd const& share,
                                                  bertrand_options const& how = {}) {
  char const* const where = "simulate";
  economy.validate();
  auto const n = economy.countries();
  detail::require(share.rows() == n && share.cols() == n, where, "number of countries in share", share.rows(),
                  "be that of the economy");
  bool const shares =
      share.allFinite() && share.minCoeff() >= 0 && share.maxCoeff() <= 1 + 1e-9 && share.diagonal().minCoeff() > 0;
  detail::require(shares, where, "share", share.minCoeff(), "be shares, those at home positive");
  detail::require(how.threads >= 0, where, "threads", how.threads, "be at least 0");
  detail::require(how.goods <= 1'000'000'000'000, where, "goods", how.goods, "be at most 1e12");
  detail::simulated_goods const goods(economy.markups(), share, how.seed);
  bertrand_simulation const none{0, std::vector<simulated_plants>(static_cast<std::size_t>(n))};
  return detail::sum_in_blocks(
      detail::goods_to_simulate(how.goods, n), none, how.threads,
      [&](bertrand_simulation& sum, std::uint64_t begin, std::uint64_t end) { goods.add(sum, begin, end); });
}

/// What a simulation says of the plants of a country; sales and costs it does not tell.
[[nodiscard]] inline bertrand_plants<double> plants(bertrand_simulation const& simulated, Eigen::Index country) {
  auto const& p = simulated.countries.at(static_cast<std::size_t>(country));
  auto const exporters = p.exporters.log_markup.count, others = p.others.log_markup.count;
  bertrand_plants<double> out;
  if (exporters > 0) {
    out.exporter_log_markup = p.exporters.log_markup.mean();
    out.exporter_capped_share = static_cast<double>(p.exporters.capped) / static_cast<double>(exporters);
  }
  if (others > 0) out.nonexporter_log_markup = p.others.log_markup.mean();
  if (exporters > 0 && others > 0) {
    out.exporter_productivity_gap = *out.exporter_log_markup - *out.nonexporter_log_markup;
    out.exporter_efficiency_gap = p.exporters.log_efficiency.mean() - p.others.log_efficiency.mean();
  }
  out.regime = exporters == 0 ? regime::closed : others == 0 ? regime::all_export : regime::selection;
  if (exporters + others == 0) {
    out.share_exporting = out.standard_error = std::numeric_limits<double>::quiet_NaN();
    return out;
  }
  auto const count = static_cast<double>(exporters + others);
  out.share_exporting = static_cast<double>(exporters) / count;
  out.standard_error = std::sqrt(out.share_exporting * (1 - out.share_exporting) / count);
  return out;
}

}  // namespace melitz
