// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

namespace melitz {

/// How scales of laws were chosen. Data tell iceberg costs up to them: ln tau_ij = l_ij + s_i - s_j, and so the product
/// of icebergs along every cycle of countries.
enum class scale_rule {
  nearly_symmetric,  ///< the sum of squares of ln tau_ij - ln tau_ji is least; no iceberg cost is below 1
  largest_slack,     ///< some would be below 1 then; the least of all is as large as it can be, and not below 1
  negative_cycle,    ///< whatever the scales, some are below 1; the sum of squares is least
};

/// The rule in words: "nearly_symmetric", "largest_slack", "negative_cycle".
[[nodiscard]] constexpr std::string_view to_string(scale_rule r) noexcept {
  return detail::word_of(r, {"nearly_symmetric", "largest_slack", "negative_cycle"});
}

/// Countries in the order in which goods go round, from the last to the first again, and the product of the icebergs on
/// the way, which no scale changes.
template <real Real = double>
struct iceberg_cycle {
  std::vector<Eigen::Index> countries{};
  Real product = detail::not_a_number<Real>;
};

/// Scales of laws, that of country 0 one.
template <real Real = double>
struct law_scales {
  Eigen::VectorX<Real> log_scale{};
  scale_rule rule = scale_rule::nearly_symmetric;
  iceberg_cycle<Real> cycle{};  ///< of a negative_cycle, the one whose icebergs are lowest on average
};

namespace detail {

/// A cycle of countries, and the average of the lengths along it; empty if there is none.
template <real Real>
struct mean_cycle {
  std::vector<Eigen::Index> countries{};
  Real sum{0};

  [[nodiscard]] Real mean() const { return Real(sum / static_cast<int>(countries.size())); }
};

/// Scales from lengths l_ij = ln tau_ij - s_i + s_j, infinite where there is no trade.
template <real Real>
class scale_chooser {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit scale_chooser(matrix const& length) : length_(length), n_(length.rows()) {}

  [[nodiscard]] law_scales<Real> choose() const {
    law_scales<Real> out{nearly_symmetric()};
    if (least_slack(out.log_scale) >= -rounding()) return out;
    auto const cycle = least_mean_cycle();
    Real const slack = cycle.countries.empty() ? Real(0) : cycle.mean();
    if (slack >= -rounding()) {
      out.rule = scale_rule::largest_slack;
      out.log_scale = with_slack(slack);
    } else {
      using std::exp;
      out.rule = scale_rule::negative_cycle;
      out.cycle = {cycle.countries, Real(exp(cycle.sum))};
    }
    return out;
  }

 private:
  [[nodiscard]] bool linked(Eigen::Index i, Eigen::Index j) const { return i != j && is_finite(length_(i, j)); }

  /// What rounding may do to the sum of lengths along a cycle.
  [[nodiscard]] Real rounding() const {
    using std::abs;
    Real longest(1);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        if (linked(i, j)) longest = std::max(longest, Real(abs(length_(i, j))));
      }
    }
    return Real(64 * epsilon<Real>() * longest);
  }

  [[nodiscard]] Real least_slack(vector const& s) const {
    Real out = infinity<Real>;
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        if (linked(i, j)) out = std::min(out, Real(length_(i, j) + s[i] - s[j]));
      }
    }
    return out;
  }

  /// Least squares over pairs that trade both ways: a Laplacian, the first of each set of countries that such pairs
  /// link fixed at 0.
  [[nodiscard]] vector nearly_symmetric() const {
    matrix weights = matrix::Zero(n_, n_);
    vector right = vector::Zero(n_);
    std::vector<bool> first(static_cast<std::size_t>(n_), true);
    for (Eigen::Index i = 0; i < n_; ++i) {
      for (Eigen::Index j = 0; j < n_; ++j) {
        if (!linked(i, j) || !linked(j, i)) continue;
        weights(i, i) += 1;
        weights(i, j) = Real(-1);
        right[i] -= (length_(i, j) - length_(j, i)) / 2;
      }
    }
    for (Eigen::Index root = 0; root < n_; ++root) {
      if (!first[static_cast<std::size_t>(root)]) continue;
      std::vector<Eigen::Index> reached{root};
      for (std::size_t k = 0; k < reached.size(); ++k) {
        for (Eigen::Index j = root + 1; j < n_; ++j) {
          if (weights(reached[k], j) == 0 || !first[static_cast<std::size_t>(j)]) continue;
          first[static_cast<std::size_t>(j)] = false;
          reached.push_back(j);
        }
      }
      weights.row(root).setZero();
      weights.col(root).setZero();
      weights(root, root) = Real(1);
      right[root] = Real(0);
    }
    return weights.ldlt().solve(right);
  }

  /// Karp's: of walks of n steps the one whose average, from some step on, is least. One of the cycles on it is that of
  /// the least average length.
  [[nodiscard]] mean_cycle<Real> least_mean_cycle() const {
    matrix shortest = matrix::Constant(n_, n_ + 1, infinity<Real>);  // to a country, by number of steps
    Eigen::MatrixX<Eigen::Index> from(n_, n_ + 1);
    shortest.col(0).setZero();
    for (Eigen::Index k = 1; k <= n_; ++k) {
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) {
          if (!linked(i, j) || !(shortest(i, k - 1) + length_(i, j) < shortest(j, k))) continue;
          shortest(j, k) = shortest(i, k - 1) + length_(i, j);
          from(j, k) = i;
        }
      }
    }
    Real least = infinity<Real>;
    Eigen::Index end = -1;
    for (Eigen::Index j = 0; j < n_; ++j) {
      if (!is_finite(shortest(j, n_))) continue;
      Real worst = -infinity<Real>;
      for (Eigen::Index k = 0; k < n_; ++k) {
        worst = std::max(worst, Real((shortest(j, n_) - shortest(j, k)) / static_cast<int>(n_ - k)));
      }
      if (worst < least) {
        least = worst;
        end = j;
      }
    }
    if (end < 0) return {};
    std::vector<Eigen::Index> walk{end};  // backwards
    for (Eigen::Index k = n_; k > 0; --k) walk.push_back(from(walk.back(), k));
    std::reverse(walk.begin(), walk.end());
    return best_cycle_on(walk);
  }

  [[nodiscard]] mean_cycle<Real> best_cycle_on(std::vector<Eigen::Index> const& walk) const {
    mean_cycle<Real> best;
    std::vector<Eigen::Index> open;
    for (Eigen::Index const country : walk) {
      auto const again = std::find(open.begin(), open.end(), country);
      if (again != open.end()) {
        mean_cycle<Real> found{{again, open.end()}};
        auto& round = found.countries;
        std::rotate(round.begin(), std::min_element(round.begin(), round.end()), round.end());
        for (std::size_t k = 0; k < round.size(); ++k) found.sum += length_(round[k], round[(k + 1) % round.size()]);
        if (best.countries.empty() || found.mean() < best.mean()) best = found;
        open.erase(again, open.end());
      }
      open.push_back(country);
    }
    return best;
  }

  /// Scales at which no ln tau is below the slack, the least mean: halfway between the longest and the shortest of
  /// all such, so that how countries are numbered, and which way goods go, makes no difference.
  [[nodiscard]] vector with_slack(Real const& slack) const {
    vector to = vector::Zero(n_), onwards = vector::Zero(n_);
    bool shorter = true;
    for (Eigen::Index round = 0; round < n_ && shorter; ++round) {
      shorter = false;
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) {
          if (!linked(i, j)) continue;
          Real const length = length_(i, j) - slack;
          if (to[i] + length < to[j]) {
            to[j] = to[i] + length;
            shorter = true;
          }
          if (length + onwards[j] < onwards[i]) {
            onwards[i] = length + onwards[j];
            shorter = true;
          }
        }
      }
    }
    vector out = (to - onwards) / 2;
    out.array() -= Real(out[0]);
    return out;
  }

  matrix const& length_;
  Eigen::Index n_;
};

}  // namespace detail
}  // namespace melitz
