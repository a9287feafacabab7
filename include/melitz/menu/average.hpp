// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/menu.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz {

/// A part of all firms, whatever their productivity, and what these can choose from.
template <real Real = double>
struct menu_share {
  Real share;  ///< of all firms, > 0
  menu<Real> options;
};

/// What firms of one size do on average where they also differ in what they can choose from.
template <real Real = double>
struct average_piece {
  chosen_option<Real> line;   ///< average slope and fixed cost from a threshold on, and by how much profit jumps there
  Real gain;                  ///< by how much the average slope rises there
  std::vector<Real> picking;  ///< share of firms that pick each option, by its position in the menus
};

/// The average of menus that have the same options at different least sizes or costs: liquidity that differs between
/// firms of one productivity, say. In ascending order of threshold; `line.index` counts from 0.
///
/// Expected profit is linear in what firms may choose from, so an average is solved as one menu is.
/// @throws domain_error when shares are not positive or do not sum to one within 1e-9, the menus are of different
///         lengths, or as hull() does
template <real Real>
[[nodiscard]] std::vector<average_piece<Real>> average_of(std::vector<menu_share<Real>> const& menus) {
  struct step {
    Real threshold, slope, fixed_cost, jump, share;
    std::size_t from, to;
  };
  std::vector<step> steps;
  std::vector<Real> shares;
  for (auto const& m : menus) shares.push_back(m.share);
  detail::require_probabilities("average_of", shares);
  std::size_t const count = menus.front().options.size();
  average_piece<Real> now{{0, "", Real(0), Real(0), detail::not_a_number<Real>, Real(0)},
                          Real(0),
                          std::vector<Real>(count + 1, Real(0))};  // exit last
  for (auto const& [share, options] : menus) {
    detail::require(share > 0, "average_of", "share", share, "be positive");
    detail::require(options.size() == count, "average_of", "number of options", static_cast<double>(options.size()),
                    "be the same in every menu");
    auto const kept = hull(options);
    now.line.slope += share * kept.front().slope;
    now.line.fixed_cost += share * kept.front().fixed_cost;
    now.picking[kept.front().index] += share;
    for (std::size_t k = 1; k < kept.size(); ++k) {
      steps.push_back({kept[k].threshold, Real(share * (kept[k].slope - kept[k - 1].slope)),
                       Real(share * (kept[k].fixed_cost - kept[k - 1].fixed_cost)), Real(share * kept[k].jump), share,
                       kept[k - 1].index, kept[k].index});
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [](step const& a, step const& b) { return a.threshold < b.threshold; });
  std::vector<average_piece<Real>> out{now};
  for (auto const& s : steps) {
    if (s.threshold > now.line.threshold) {
      now.line.index = out.size();
      now.line.threshold = s.threshold;
      now.line.jump = now.gain = Real(0);
      out.push_back(now);
    }
    now.gain += s.slope;
    now.line.slope += s.slope;
    now.line.fixed_cost += s.fixed_cost;
    now.line.jump += s.jump;
    Real const left = now.picking[s.from] - s.share;
    now.picking[s.from] = left > 0 ? left : Real(0);  // when the last of many shares is taken off, a rounding is left
    now.picking[s.to] += s.share;
    out.back() = now;
  }
  for (auto& piece : out) piece.picking.pop_back();  // exit
  return out;
}

/// Ready for free entry. Small shares count to their last digit, which differences of average slopes would lose.
/// @pre some piece has a gain
template <real Real>
[[nodiscard]] envelope<Real> envelope_of(std::vector<average_piece<Real>> const& pieces) {
  using std::log;
  auto const& base = pieces.front().line;
  auto const& first = pieces[1];
  Real const cost = first.gain * first.line.threshold;
  envelope<Real> out{cost, first.gain, base.slope, base.fixed_cost, {}};
  for (std::size_t k = 1; k < pieces.size(); ++k) {
    auto const& here = pieces[k].line;
    out.kinks.push_back({Real(pieces[k].gain * here.threshold / cost),
                         Real(log(Real(here.threshold / first.line.threshold))), Real(here.jump / cost)});
  }
  return out;
}

}  // namespace melitz
