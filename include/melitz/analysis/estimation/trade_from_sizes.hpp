// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/fitted_law.hpp>
#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>

namespace melitz {

/// What is known of an industry's trade beside the sizes of its firms, and how well.
template <real Real = double>
struct trade_facts {
  using real_type = Real;

  Real share_exporting = detail::not_a_number<Real>;     ///< of producers
  Real export_sales_share = detail::not_a_number<Real>;  ///< exports over sales of exporters
  Real elasticity = detail::not_a_number<Real>;          ///< sigma
  Real partners{1};
  Real share_exporting_error{0};  ///< standard errors, independent of each other and of sizes
  Real export_sales_share_error{0};

  static constexpr char const* name = "trade_facts";
  static constexpr auto parameters() {
    using f = trade_facts;
    return told::table{
        told::parameter("share_exporting", &f::share_exporting, rule::inner_share, "of producers", "", 0.18),
        told::parameter("export_sales_share", &f::export_sales_share, rule::inner_share,
                        "exports over sales of exporters", "", 0.14),
        told::parameter("elasticity", &f::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("partners", &f::partners, rule::whole, "to trade with", "countries", 1),
        told::parameter("share_exporting_error", &f::share_exporting_error, rule::at_least_zero,
                        "standard error of the share exporting", "", 0),
        told::parameter("export_sales_share_error", &f::export_sales_share_error, rule::at_least_zero,
                        "standard error of the export share", "", 0),
    };
  }

  /// @throws domain_error naming the fact that is out of range
  void validate() const {
    detail::check_parameters(*this);
    detail::require(partners >= 1, name, "partners", partners, "be at least 1, or nobody can export");
    detail::require(export_sales_share * (1 + partners) <= partners, name, "export_sales_share", export_sales_share,
                    "be at most partners/(1 + partners): above it the iceberg cost would be below 1");
  }
};

/// The open economy in which firms have the sizes that a law says, and export as they do.
template <real Real = double>
struct trade_from_sizes {
  Real gain_percent = detail::not_a_number<Real>;     ///< of real income over autarky
  Real share_producing = detail::not_a_number<Real>;  ///< of entrants
  Real autarky_share_producing = detail::not_a_number<Real>;
  Real domestic_share = detail::not_a_number<Real>;  ///< of sales, in all sales
  Real iceberg_cost = detail::not_a_number<Real>;
  Real export_fixed_cost = detail::not_a_number<Real>;  ///< over the fixed cost of producing
  Real entry_cost = detail::not_a_number<Real>;         ///< static, over the same
  Real mean_size = detail::not_a_number<Real>;          ///< of producers
};

namespace detail {

/// ln of the share of a tail above a place.
template <real Real>
[[nodiscard]] Real log_share_of(tail_point<Real> const& p) {
  using std::log;
  return Real(p.log_scale + log(p.survival));
}

/// A tail at places that carry no derivatives, as place_of_share asks.
template <class At>
struct shares_of_tail {
  At const& at;
  [[nodiscard]] double log_survival(double t) const { return static_cast<double>(log_share_of(at(t))); }
  [[nodiscard]] double log_cdf(double t) const { return std::log1p(-std::exp(log_survival(t))); }
  [[nodiscard]] double log_density(double t) const {
    auto const p = at(t);
    return static_cast<double>(p.log_scale) + std::log(static_cast<double>(p.density));
  }
};

/// Where a share of a tail is, with the derivatives of the tail and the share.
/// @param at  tail_point<Real>(Real) of a law bound to a power
template <real Real, class At>
[[nodiscard]] Real log_place_of_share(At const& at, Real const& log_share, double start) {
  auto const plainly = [&at](double t) { return at(Real(t)); };
  double const target = static_cast<double>(log_share);
  Real t(place_of_share(shares_of_tail<decltype(plainly)>{plainly}, target, log_one_less_exp(target), start));
  auto const p = at(t);  // one step more, for the derivatives
  return Real(t + (log_share_of(p) - log_share) * p.survival / p.density);
}

/// Where the excess of a tail is so much: ln J is concave and falls, so that Newton's method comes from below.
template <real Real, class At>
[[nodiscard]] Real log_place_of_excess(At const& at, Real const& power, Real const& log_excess, double start) {
  using std::log;
  Real t(start);
  for (int k = 0; k < 100; ++k) {
    auto const p = at(t);
    Real const step = (p.log_scale + log(p.excess) - log_excess) * p.excess / (power * p.moment());
    t += step;
    if (std::abs(static_cast<double>(step)) <= 1e-14 * (1 + std::abs(static_cast<double>(t)))) {
      auto const last = at(t);  // the value is there; derivatives take one more
      return Real(t + (last.log_scale + log(last.excess) - log_excess) * last.excess / (power * last.moment()));
    }
  }
  throw convergence_error("melitz::trade_from_sizes", status::iteration_limit);
}

/// @param at            the law's tail at power 1
/// @param log_smallest  ln of the smallest producer's size
template <real Real, class At>
[[nodiscard]] trade_from_sizes<Real> trade_of_sizes(At const& at, trade_facts<Real> const& facts,
                                                    Real const& log_smallest) {
  using std::exp, std::log, std::log1p, std::expm1;
  Real const r = facts.elasticity - 1, n = facts.partners, s = facts.export_sales_share;
  double const start = static_cast<double>(log_smallest);
  trade_from_sizes<Real> out;
  auto const home = at(log_smallest);
  Real const log_producing = log_share_of(home);
  Real const log_exporter = log_place_of_share(at, Real(log_producing + log(facts.share_exporting)), start);
  auto const abroad = at(log_exporter);
  Real const freeness = s / (n * (1 - s)), height = exp(Real(log_exporter - log_smallest));
  Real const exporters = exp(Real(abroad.log_scale - home.log_scale));  // from one scale to the other
  out.share_producing = exp(log_producing);
  out.iceberg_cost = exp(Real(-log(freeness) / r));
  out.export_fixed_cost = freeness * height;
  Real const entry = home.excess + n * out.export_fixed_cost * abroad.excess * exporters;
  out.entry_cost = entry * exp(home.log_scale);
  Real const log_autarky = log_place_of_excess(at, Real(1), Real(log(entry) + home.log_scale), start);
  out.autarky_share_producing = exp(log_share_of(at(log_autarky)));
  out.gain_percent = 100 * expm1(Real((log_smallest - log_autarky) / r));
  Real const at_home = home.moment(), sold_abroad = n * freeness * abroad.moment() * exporters * height;
  out.domestic_share = at_home / (at_home + sold_abroad);
  out.mean_size = exp(log_smallest) * home.moment() / home.survival;
  return out;
}

}  // namespace detail

/// What trade is worth where firms have these sizes, which are proportional to phi^(sigma-1): all from the law of sizes
/// at power 1, without a law of productivity.
///
///   p = S(z_o);   z_x is exceeded by p chi;   tau^(1-sigma) = s/(n (1-s));   f_x/f = tau^(1-sigma) z_x/z_o;
///   f_e/f = J(z_o) + n (f_x/f) J(z_x);   J(z_a) = f_e/f;   gain = (z_o/z_a)^(1/(sigma-1)) - 1
///
/// the same as calibrate and compare under the law's power 1/(sigma-1). A size is that of the firm at home: that
/// exporters are larger by their exports is left out.
/// @param law       of sizes among entrants
/// @param smallest  producer, in units of size
/// @throws domain_error naming a fact out of range, or saying that sizes have no mean; convergence_error where the
/// economy
///         is out of range
template <productivity_law Law>
[[nodiscard]] trade_from_sizes<law_real_t<Law>> gains_from_sizes(Law const& law,
                                                                 trade_facts<law_real_t<Law>> const& facts,
                                                                 law_real_t<Law> const& smallest) {
  using Real = law_real_t<Law>;
  using std::log;
  facts.validate();
  detail::require(smallest > 0 && detail::is_finite(smallest), "gains_from_sizes", "smallest", smallest,
                  "be positive and finite");
  auto const tail = detail::plain_tail_of(law, Real(1));
  return detail::trade_of_sizes<Real>([&tail](Real const& t) { return tail.at(t); }, facts, Real(log(smallest)));
}

}  // namespace melitz
