// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/bertrand/economy.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// What a country's plants are like, those that sell at home: all of them, or those that export as well. There is no
/// number where there are no plants to be told of, as of others than exporters under free trade.
template <real Real>
struct bertrand_plants {
  melitz::regime regime = melitz::regime::closed;  ///< whether nobody exports, some do, or all
  Real share_exporting{0};                         ///< of plants
  std::optional<Real> exporter_log_markup{};       ///< at home, on average
  std::optional<Real> nonexporter_log_markup{};    ///< of the others
  /// Of exporters over others: of log revenue per unit of cost, which is the markup, and of log efficiency.
  std::optional<Real> exporter_productivity_gap{}, exporter_efficiency_gap{};
  std::optional<Real> exporter_size_ratio{};    ///< home sales, on average over the others'; not where simulated
  std::optional<Real> exporter_cost_share{};    ///< variable cost of home sales, over them; not where simulated
  std::optional<Real> exporter_capped_share{};  ///< of exporters, those with the monopoly's markup at home
  Real standard_error{0};                       ///< of share_exporting; 0 unless simulated
};

namespace detail {

/// Sums over goods: how many, and of what they are.
template <real Real>
struct plant_sums {
  Real count{0};
  Real log_markup{0};
  Real log_draw{0};  ///< of ln E_1, less its mean
  Real sales{0};     ///< E[P^(1-sigma)] over Phi^s Gamma(1 - s)
  Real cost{0};      ///< what making them costs, in the same unit
  Real capped{0};

  plant_sums& add(plant_sums const& x, Real const& times) {
    count += times * x.count;
    log_markup += times * x.log_markup;
    log_draw += times * x.log_draw;
    sales += times * x.sales;
    cost += times * x.cost;
    capped += times * x.capped;
    return *this;
  }
};

/// The plants of one country, exactly.
///
/// Rivals' draws are common to all markets, so that selling at home and selling abroad are not independent given the
/// own draw. With a_nk = lambda_kn/lambda_in, a set D of markets abroad and u = m^-theta,
///   Pr(country i sells at home and in all of D, at a home markup of m or more) = u/(alpha + beta u),
///   alpha + beta u = 1 + sum_k max(a_ik, u max_{n in D} a_nk)          over rivals k,
/// where rival k stands in alpha as long as it is at home that it is closer, u <= a_ik/max_n a_nk, and in beta from
/// there on. Those who export to one market or more follow by inclusion and exclusion over all D.
template <real Real>
class plants_by_sets {
 public:
  /// @param share    lambda
  /// @param country  i
  plants_by_sets(bertrand_markups<Real> const& markups, Eigen::MatrixX<Real> const& share, Eigen::Index country)
      : shape_(markups.shape),
        elasticity_(markups.elasticity),
        s_(markups.sales_exponent()),
        capped_(markups.capped_share()),
        home_share_(share(country, country)) {
    auto const n = share.rows();
    for (Eigen::Index k = 0; k < n; ++k) {
      if (k != country) at_home_.push_back(Real(share(k, country) / home_share_));
    }
    for (Eigen::Index m = 0; m < n; ++m) {
      if (m == country) continue;
      std::vector<Real> a;
      bool reached = share(country, m) > 0;
      for (Eigen::Index k = 0; reached && k < n; ++k) {
        if (k == country) continue;
        a.push_back(Real(share(k, m) / share(country, m)));
        reached = is_finite(a.back());
      }
      if (reached) markets_.push_back(std::move(a));
    }
    most_.assign(markets_.size() + 1, std::vector<Real>(at_home_.size(), Real(0)));
    visit(0, 0, Real(1));
  }

  [[nodiscard]] bertrand_plants<Real> plants() const {
    auto const all = all_at_home();
    auto others = all;
    others.add(exporters_, Real(-1));
    bertrand_plants<Real> out;
    if (!(exporters_.count > (std::numeric_limits<Real>::min)())) {  // nobody
      out.nonexporter_log_markup = Real(all.log_markup / all.count);
      return out;
    }
    auto const average = [](Real const& sum, plant_sums<Real> const& of) { return Real(sum / of.count); };
    out.exporter_log_markup = average(exporters_.log_markup, exporters_);
    out.exporter_capped_share = average(exporters_.capped, exporters_);
    out.exporter_cost_share = Real(exporters_.cost / exporters_.sales);
    if (!(others.count > 8 * epsilon<Real>() * (all.count + counted_))) {  // everybody, as far as rounding tells
      out.regime = melitz::regime::all_export;
      out.share_exporting = Real(1);
      return out;
    }
    out.regime = melitz::regime::selection;
    out.share_exporting = exporters_.count / all.count;
    out.nonexporter_log_markup = average(others.log_markup, others);
    out.exporter_productivity_gap = Real(*out.exporter_log_markup - *out.nonexporter_log_markup);
    out.exporter_efficiency_gap =
        Real((average(others.log_draw, others) - average(exporters_.log_draw, exporters_)) / shape_);
    out.exporter_size_ratio = Real(average(exporters_.sales, exporters_) / average(others.sales, others));
    return out;
  }

 private:
  /// All that sell at home: D is empty, no rival is closer elsewhere.
  [[nodiscard]] plant_sums<Real> all_at_home() const {
    using std::log;
    plant_sums<Real> out;
    out.count = home_share_;
    out.log_markup = home_share_ * (1 - capped_) / shape_;
    out.log_draw = home_share_ * log(home_share_);
    out.sales = power_of(home_share_, Real(1 - s_)) * (1 - s_ * (1 - capped_));
    out.cost = out.sales * shape_ / (1 + shape_);
    out.capped = home_share_ * capped_;
    return out;
  }

  /// All sets of markets from the `first` on, added to those that `depth` of them have already been chosen for.
  void visit(std::size_t first, std::size_t depth, Real const& sign) {
    for (std::size_t m = first; m < markets_.size(); ++m) {
      auto& most = most_[depth + 1];
      for (std::size_t k = 0; k < most.size(); ++k) most[k] = std::max(most_[depth][k], markets_[m][k]);
      auto const here = sums_of(most);
      exporters_.add(here, sign);
      counted_ += here.count;
      visit(m + 1, depth + 1, Real(-sign));
    }
  }

  /// Those that sell at home and in all markets of a set. @param most  max_{n in D} a_nk of each rival
  [[nodiscard]] plant_sums<Real> sums_of(std::vector<Real> const& most) {
    using std::log;
    Real alpha(1), rest(0);
    kinks_.clear();
    for (std::size_t k = 0; k < most.size(); ++k) {
      if (at_home_[k] >= most[k]) {
        alpha += at_home_[k];
      } else if (Real const from = at_home_[k] / most[k]; from > capped_) {
        kinks_.push_back({from, k});
      } else {
        rest += most[k];
      }
    }
    std::sort(kinks_.begin(), kinks_.end(), [](kink const& a, kink const& b) { return a.from > b.from; });
    beta_.assign(kinks_.size() + 1, rest);  // below the j-th kink; sums of positive numbers alone
    for (std::size_t j = kinks_.size(); j-- > 0;) beta_[j] = beta_[j + 1] + most[kinks_[j].rival];
    plant_sums<Real> out;
    Real const total = alpha + beta_[0];
    out.count = 1 / total;
    out.log_draw = -log(total) / total;
    out.sales = out.cost = power_of(total, Real(s_ - 1));
    Real upper(1);
    for (std::size_t j = 0; j < kinks_.size(); ++j) {
      add_between(alpha, beta_[j], upper, kinks_[j].from, out);
      upper = kinks_[j].from;
      alpha += at_home_[kinks_[j].rival];
    }
    add_between(alpha, rest, upper, capped_, out);
    out.capped = capped_ / (alpha + rest * capped_);
    return out;
  }

  /// The integrals over markups from m to m', u = m^-theta and u' < u, between which alpha and beta stand still:
  ///   of Pr/m dm,  less  s (alpha + beta u)^(s-1) du  and  (sigma/theta) u^(1/theta) (alpha + beta u)^(s-1) du.
  void add_between(Real const& alpha, Real const& beta, Real const& upper, Real const& lower,
                   plant_sums<Real>& out) const {
    using std::expm1, std::log1p;
    Real const bottom = alpha + beta * lower, length = upper - lower, rise = beta * length;
    if (!(length > 0)) return;
    if (rise > epsilon<Real>() / 8 * bottom) {
      Real const logs = log1p(Real(rise / bottom));
      out.log_markup += logs / (shape_ * beta);
      out.sales -= power_of(bottom, s_) * expm1(Real(s_ * logs)) / beta;
    } else {
      out.log_markup += length / (shape_ * bottom);
      out.sales -= s_ * power_of(bottom, Real(s_ - 1)) * length;
    }
    out.cost -= cost_between(alpha, beta, upper, lower);
  }

  /// The last of them: in closed form where one of alpha and beta u is nothing to the other, else by quadrature in ln
  /// u, in which the integrand has no singularity nearer than pi.
  [[nodiscard]] Real cost_between(Real const& alpha, Real const& beta, Real const& upper, Real const& lower) const {
    using std::exp, std::log;
    Real const tiny = epsilon<Real>() / 8, per_beta = alpha / beta;
    auto const between = [&](Real const& u) { return u < lower ? lower : u > upper ? upper : u; };
    Real const low = beta > 0 ? between(Real(tiny * per_beta)) : upper;
    Real const high = beta > 0 ? between(Real(per_beta / tiny)) : upper;
    Real const flat = 1 + 1 / shape_, steep = elasticity_ / shape_;
    auto const difference = [](Real const& from, Real const& to, Real const& power) {
      return Real(power_of(to, power) - (from > 0 ? power_of(from, power) : Real(0)));
    };
    Real out(0);
    if (low > lower) out += steep / flat * power_of(alpha, Real(s_ - 1)) * difference(lower, low, flat);
    if (upper > high) out += power_of(beta, Real(s_ - 1)) * difference(high, upper, steep);
    if (!(high > low)) return out;
    static gauss_legendre<value, nodes> const rule;
    Real const from = log(low), whole = log(high) - from;
    auto const panels = 1 + static_cast<int>(static_cast<double>(whole) / 1.25);
    Real const half = whole / (2 * panels);
    auto const integrand = [&](Real const& t) {
      return Real(exp(Real(flat * t + (s_ - 1) * log(Real(alpha + beta * exp(t))))));
    };
    Real sum(0);
    for (int p = 0; p < panels; ++p) {
      Real const middle = from + half * (2 * p + 1);
      for (std::size_t k = 0; k < nodes / 2; ++k) {
        Real const step = half * Real(rule.nodes[k]);
        sum += Real(rule.weights[k]) * (integrand(Real(middle - step)) + integrand(Real(middle + step)));
      }
    }
    return Real(out + steep * half * sum);
  }

  using value = value_t<Real>;
  /// On panels of 1.25 ten resolve what a long double can tell.
  static constexpr std::size_t nodes = std::numeric_limits<value>::digits <= 64 ? 10 : 30;

  struct kink {
    Real from;
    std::size_t rival;
  };

  Real shape_, elasticity_, s_, capped_, home_share_;
  std::vector<Real> at_home_{};               // a_ik
  std::vector<std::vector<Real>> markets_{};  // a_nk, of markets that the country can sell in
  std::vector<std::vector<Real>> most_{};     // by how many markets have been chosen
  std::vector<kink> kinks_{};
  std::vector<Real> beta_{};
  plant_sums<Real> exporters_{};
  Real counted_{0};  // sum of what inclusion and exclusion adds and takes away, for its rounding
};

}  // namespace detail

/// The plants of one country, exactly, by inclusion and exclusion over all sets of markets abroad: closed forms but for
/// exporter_cost_share.
/// @param share    lambda, [exporter][importer], as an equilibrium has it
/// @param country  whose plants
/// @throws domain_error where there are more than bertrand_exact_countries: simulate those
/// Accuracy: 1e-13 for a few countries; each one doubles the number of terms, whose rounding adds up to 1e-12 for 15.
/// Cost: 2^(countries - 1) terms, of about a microsecond.
template <real Real>
[[nodiscard]] bertrand_plants<Real> plants(bertrand_economy<Real> const& economy, Eigen::MatrixX<Real> const& share,
                                           Eigen::Index country) {
  char const* const where = "plants";
  detail::require(share.rows() <= bertrand_exact_countries, where, "number of countries", share.rows(),
                  "be at most 15: simulate plants of more");
  detail::require(share.rows() == economy.countries() && share.cols() == share.rows(), where,
                  "number of countries in share", share.rows(), "be that of the economy");
  detail::require(country >= 0 && country < share.rows(), where, "country", country,
                  "be at least 0 and below the number of countries");
  return detail::plants_by_sets<Real>(economy.markups(), share, country).plants();
}

}  // namespace melitz
