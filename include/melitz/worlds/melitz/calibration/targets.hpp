// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/countries/tariff_base.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/tariff.hpp>

#include <Eigen/Core>
#include <string>

namespace melitz {

/// What is seen of a world, and what is assumed about it: enough to find the world that shows it, under any laws of
/// productivity that are known up to their scales. Vectors are by country, matrices [exporter][importer].
///
/// Of firms there must be one of these:
///   share_producing and share_selling   fixed costs come out, in units of those at home;
///   share_producing and fixed_cost      only the ratios of a country's fixed costs to that at home matter;
///   entry_cost and fixed_cost           both in levels; shares come out.
template <real Real = double>
struct world_targets {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  matrix sales{};            ///< X_ij, what consumers pay, tariffs included; 0 abroad where there is no trade
  matrix tariff{};           ///< t_ij > -1, 0 at home
  vector share_producing{};  ///< p_i in (0, 1): of entrants those that sell at home
  matrix share_selling{};    ///< n_ij: of these, those that sell in a market; 1 at home, not used where sales are 0
  matrix fixed_cost{};       ///< f_ij > 0; not used where sales are 0
  vector entry_cost{};       ///< f_e,i > 0
  vector gdp{};              ///< wages of all workers, to be compared with what comes out

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1
  Real death_rate{1};                            ///< delta in (0, 1]; 1 is the static model
  Real source_labor_share{1};                    ///< a in [0, 1], of fixed costs; see world_economy
  tariff_base tariff_on = tariff_base::delivered_price;

  static constexpr char const* name = "world_targets";
  static constexpr auto parameters() {
    using e = world_targets;
    return told::table{
        told::parameter("sales", &e::sales, rule::at_least_zero, "what consumers pay; positive at home", "numeraire",
                        "[[400, 16, 13], [16, 180, 11], [13, 11, 260]]"),
        told::parameter("tariff", &e::tariff, rule::above_minus_one, "ad valorem", "", 0).at_home(0).or_none(),
        told::parameter("share_producing", &e::share_producing, rule::inner_share, "of entrants", "", 0.3).or_none(),
        told::parameter("share_selling", &e::share_selling, rule::at_least_zero,
                        "of producers, those that sell in a market", "", 0.1)
            .at_home(1)
            .or_none(-1),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive_or_infinite,
                        "of serving a market, instead of share_selling", "labor", 0)
            .or_none(),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "instead of share_producing", "labor", 0)
            .or_none(),
        told::parameter("gdp", &e::gdp, rule::positive, "wages of all workers, to be compared", "numeraire", 0)
            .or_none(),
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 1),
        told::parameter("source_labor_share", &e::source_labor_share, rule::share,
                        "of fixed costs, paid to the exporter's workers", "", 1),
        told::choice("tariff_on", &e::tariff_on, "what the tariff is a share of"),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return sales.rows(); }
  [[nodiscard]] bool trade(Eigen::Index i, Eigen::Index j) const { return sales(i, j) > 0; }
  /// What tariffs do to what i sells in j.
  [[nodiscard]] detail::tariff_split<Real> split(Eigen::Index i, Eigen::Index j) const {
    return {tariff_on, elasticity, tariff.size() == 0 ? Real(0) : tariff(i, j)};
  }

  /// @throws domain_error naming the first member that is out of range, with row and column, or is one too many or too
  ///         few
  void validate() const {
    detail::check_parameters(*this);
    auto const stays_empty = [](char const* member, Eigen::Index size, char const* beside) {
      if (size != 0) {
        throw domain_error(name, std::string("size of ") + member, std::to_string(size),
                           std::string("be 0 beside ") + beside + ": they say the same");
      }
    };
    bool const costs = fixed_cost.size() != 0, levels = entry_cost.size() != 0;
    if (costs) {
      stays_empty("share_selling", share_selling.size(), "fixed_cost");
    } else {
      detail::require_extent(name, "share_selling", share_selling, countries());
      stays_empty("entry_cost", entry_cost.size(), "share_selling");
    }
    if (levels) {
      stays_empty("share_producing", share_producing.size(), "entry_cost");
    } else {
      detail::require_extent(name, "share_producing", share_producing, countries());
    }
    for (Eigen::Index i = 0; i < countries(); ++i) {
      for (Eigen::Index j = 0; j < countries(); ++j) require_pair(i, j);
    }
  }

 private:
  void require_pair(Eigen::Index i, Eigen::Index j) const {
    auto const refuse = [&](char const* member, auto const& from, Real const& value, char const* restriction) {
      detail::reject(name, detail::name_of(member, from, i, j), static_cast<double>(value), restriction);
    };
    if (i == j && !trade(i, i)) refuse("sales", sales, sales(i, i), "be positive at home");
    if (!trade(i, j)) return;
    if (fixed_cost.size() != 0) {
      if (!detail::is_finite(fixed_cost(i, j)))
        refuse("fixed_cost", fixed_cost, fixed_cost(i, j), "be finite where sales are positive");
      return;
    }
    if (!(share_selling(i, j) > 0)) {
      refuse("share_selling", share_selling, share_selling(i, j), "be positive where sales are");
    }
    Real const selling = share_producing[i] * share_selling(i, j);
    if (!(selling < 1)) {
      refuse("share_producing times share_selling", share_selling, selling,
             "lie below 1: where all entrants sell no cutoff is seen, and fixed_cost must be given instead");
    }
  }
};

static_assert(detail::tells_every_member<world_targets<double>>());

}  // namespace melitz
