// SPDX-License-Identifier: BSL-1.0
#include "schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace melitz::front {

namespace {

/// Tariffs by who sets them (or by the other one of the pair, transposed), partner and sector.
struct tariffs_of {
  std::vector<double> const& t;
  std::size_t n, sectors;
  bool transposed;

  [[nodiscard]] double operator()(std::size_t importer, std::size_t partner, std::size_t s) const {
    return transposed ? t[importer + n * (partner + n * s)] : t[partner + n * (importer + n * s)];
  }
};

/// Mean over countries of the mean correlation of their schedules towards two partners. With z the standardised
/// schedules of m partners, that is (|sum z|^2 - m)/(m (m - 1)).
[[nodiscard]] double mean_correlation(tariffs_of const& t) {
  double sum = 0;
  std::size_t counted = 0;
  auto const count = static_cast<double>(t.sectors);
  std::vector<double> z(t.sectors), total(t.sectors);
  for (std::size_t j = 0; j < t.n; ++j) {
    std::fill(total.begin(), total.end(), 0.0);
    double partners = 0;
    for (std::size_t i = 0; i < t.n; ++i) {
      if (i == j) continue;
      for (std::size_t s = 0; s < t.sectors; ++s) z[s] = t(j, i, s);
      double const mean = std::accumulate(z.begin(), z.end(), 0.0) / count;
      double square = 0;
      for (double& x : z) square += (x - mean) * (x - mean);
      if (!(square > 1e-20 * count)) continue;  // one rate for all says nothing
      for (std::size_t s = 0; s < t.sectors; ++s) total[s] += (z[s] - mean) / std::sqrt(square);
      ++partners;
    }
    if (partners < 2) continue;
    double const together = std::inner_product(total.begin(), total.end(), total.begin(), 0.0);
    sum += (together - partners) / (partners * (partners - 1));
    ++counted;
  }
  return counted == 0 ? 0 : sum / static_cast<double>(counted);
}

/// Of the squares of all tariffs, the share that means by country and sector have.
[[nodiscard]] double share_between(tariffs_of const& t) {
  double within = 0, all = 0;
  for (std::size_t j = 0; j < t.n; ++j) {
    for (std::size_t s = 0; s < t.sectors; ++s) {
      double sum = 0, square = 0;
      for (std::size_t i = 0; i < t.n; ++i) {
        if (i == j) continue;
        sum += t(j, i, s);
        square += t(j, i, s) * t(j, i, s);
      }
      all += square;
      within += square - sum * sum / static_cast<double>(t.n - 1);
    }
  }
  return all > 0 ? 1 - within / all : 0;
}

[[nodiscard]] bool same_schedule(tariffs_of const& t, std::size_t a, std::size_t b) {
  bool any = false;
  for (std::size_t s = 0; s < t.sectors; ++s) {
    for (std::size_t i = 0; i < t.n; ++i) {
      if (i == a || i == b) continue;
      double const x = t(a, i, s);
      if (std::abs(x - t(b, i, s)) > 1e-9) return false;
      any = any || x != 0;
    }
  }
  return any;
}

}  // namespace

schedule_fit fit_of_schedules(std::vector<double> const& tariffs, std::vector<std::string> const& countries,
                              std::size_t sectors) {
  auto const n = countries.size();
  schedule_fit out;
  if (n < 3) return out;
  tariffs_of const as_read{tariffs, n, sectors, false}, transposed{tariffs, n, sectors, true};
  auto const fit = [&](tariffs_of const& t) { return sectors < 3 ? share_between(t) : mean_correlation(t); };
  out.as_read = fit(as_read);
  out.transposed = fit(transposed);
  std::vector<bool> is_member(n, false);
  for (std::size_t a = 0; a < n; ++a) {
    if (is_member[a]) continue;
    std::vector<std::string> members{countries[a]};
    for (std::size_t b = a + 1; b < n; ++b) {
      if (is_member[b] || !same_schedule(as_read, a, b)) continue;
      members.push_back(countries[b]);
      is_member[b] = true;
    }
    if (members.size() > 1) out.unions.push_back(std::move(members));
  }
  return out;
}

}  // namespace melitz::front
