// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/quadrature.hpp>
#include <melitz/tail/density_peak.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Whether a density must integrate to one by itself, or is to be divided by its integral.
enum class normalisation { required, by_quadrature };

/// ln(e^a + e^b), also when either is -inf.
template <real Real>
[[nodiscard]] Real log_sum(Real const& a, Real const& b) {
  using std::exp, std::log1p;
  Real const large = a > b ? a : b, small = a > b ? b : a;
  return is_finite(small) ? Real(large + log1p(exp(Real(small - large)))) : large;
}

/// A tail in logs: summed over a whole support, S and J may be thousands of orders of magnitude apart.
template <real Real>
struct log_tail {
  Real survival = -infinity<Real>;
  Real excess = -infinity<Real>;

  /// The tail at exp(-distance) times the productivity, with no mass in between; see extend_below.
  [[nodiscard]] log_tail below(Real const& power_distance) const {
    using std::exp, std::expm1, std::log;
    if (!(power_distance > 0)) return *this;
    Real const log_growth =  // ln(e^d - 1)
        power_distance > 1 ? Real(power_distance + log(Real(1 - exp(Real(-power_distance)))))
                           : Real(log(Real(expm1(power_distance))));
    return {survival, log_sum(Real(excess + power_distance), Real(survival + log_growth))};
  }
  [[nodiscard]] log_tail operator+(log_tail const& other) const {
    return {log_sum(survival, other.survival), log_sum(excess, other.excess)};
  }
};

/// Tail of a law known only by its log density, by quadrature in log productivity.
///
/// The support is cut once into panels on which a 31-point Gauss-Kronrod rule is exact to rounding, growing away from
/// the peak of the density; at each panel's start the whole tail is summed up from the top, in a form without
/// cancellation. One evaluation then integrates only from x to the end of its panel. Beyond the last panel, deep in a
/// thin tail, panels are made on the fly, so relative accuracy is kept there too.
///
/// Accuracy: about 1e-14 relative for smooth densities. Cost: 500 to 3,000 density evaluations once, then 31 each.
template <density_law Law>
class quadrature_tail {
 public:
  using real_type = law_real_t<Law>;

  /// @throws domain_error when the density does not integrate to one within 1e-9, or E[phi^power] diverges
  quadrature_tail(Law law, real_type const& power, normalisation mode) : law_(std::move(law)), power_(power) {
    using std::abs, std::exp;
    log_lower_ = law_.log_lower_bound();
    log_upper_ = law_.log_upper_bound();
    require(log_lower_ < log_upper_, name, "log_upper_bound()", log_upper_, "exceed log_lower_bound()");
    if constexpr (requires { law_.log_breakpoints(); }) {
      for (real_type const& t : law_.log_breakpoints()) stops_.push_back(t);
    }

    auto const [peak, scale] = density_peak(law_);
    auto right = march(peak, scale, +1);
    if (!right.complete) {
      throw domain_error(name, "the moment of order elasticity - 1 = " + to_text(static_cast<double>(power)),
                         "infinite", "be finite: the upper tail of log_density is too fat");
    }
    auto left = march(peak, scale, -1);
    std::reverse(left.panels.begin(), left.panels.end());
    auto panels = std::move(left.panels);
    panels.insert(panels.end(), right.panels.begin(), right.panels.end());

    // What is negligible for the whole may not be so for the last panels: add it, so that the table is exact there too.
    log_tail<real_type> above;
    if (panels.back().end < log_upper_) above = tail_beyond(panels.back().end, panels.back().end - panels.back().begin);
    for (std::size_t k = panels.size(); k-- > 0;) {
      auto& p = panels[k];
      auto const own = p.tail;
      p.tail = above = own + above.below(power_ * (p.end - p.begin));
      real_type const error = p.error_excess * exp_of(own.excess - above.excess);
      if (error > error_estimate_) error_estimate_ = error;
      if (own.survival < least_log_mass()) continue;  // not resolved, and below what the type can hold
      real_type const error_of_survival = p.error_survival * exp_of(own.survival - above.survival);
      if (error_of_survival > error_estimate_) error_estimate_ = error_of_survival;
    }

    real_type const mass = exp(above.survival);
    if (mode == normalisation::required) {
      if (!(abs(real_type(mass - 1)) <= real_type(1e-9))) {
        throw domain_error(name, "the integral of exp(log_density)", to_short_text(static_cast<double>(mass)),
                           "be 1; a law with separate modes or kinks should list points between them in "
                           "log_breakpoints()");
      }
      error_estimate_ = std::max<real_type>(error_estimate_, abs(real_type(mass - 1)));
    } else {
      require(mass > 0, name, "the mass between its bounds", mass, "be positive");
      log_mass_ = above.survival;
    }
    log_moment_ = power_ * panels.front().begin + log_sum(above.excess, above.survival) - log_mass_;
    panels_ = std::make_shared<std::vector<panel> const>(std::move(panels));
  }

  [[nodiscard]] real_type power() const { return power_; }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] real_type log_moment() const { return log_moment_; }
  /// Largest relative error of survival and excess over the table, by the rule's own (pessimistic) estimate.
  [[nodiscard]] real_type error_estimate() const { return error_estimate_; }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    if (log_x >= log_upper_) return {};
    auto const& panels = *panels_;
    auto const next = std::upper_bound(panels.begin(), panels.end(), log_x,
                                       [](real_type const& x, panel const& p) { return x < p.begin; });
    log_tail<real_type> here;
    if (next == panels.begin()) {
      here = next->tail.below(power_ * (next->begin - log_x));
    } else if (next == panels.end()) {
      here = tail_beyond(log_x, panels.back().end - panels.back().begin);
    } else {
      here = integrate_part(log_x, next->begin) + next->tail.below(power_ * (next->begin - log_x));
    }
    // One common scale: that of the excess, or of the survival where it dominates by more than a double can hold.
    tail_point<real_type> out;
    out.log_scale = here.excess > here.survival - 300 ? here.excess : here.survival;
    if (!is_finite(out.log_scale)) return {};
    out.survival = exp_of(here.survival - out.log_scale);
    out.excess = exp_of(here.excess - out.log_scale);
    if (log_x >= log_lower_) out.density = exp_of(real_type(law_.log_density(log_x)) - out.log_scale);
    out.log_scale -= log_mass_;
    return out;
  }

 private:
  static constexpr char const* name = "productivity law";

  struct panel {
    real_type begin, end;
    log_tail<real_type> tail;                // of this panel alone, seen from its begin; in the table, of all above
    real_type error_survival, error_excess;  // relative
  };
  struct walk {
    std::vector<panel> panels;
    bool complete = false;
  };

  [[nodiscard]] static real_type exp_of(real_type const& x) {
    using std::exp;
    return real_type(exp(x));
  }

  [[nodiscard]] static real_type least_log_mass() {
    using std::log;
    return log((std::numeric_limits<real_type>::min)()) - 50;
  }

  [[nodiscard]] panel integrate(real_type const& a, real_type const& b) const {
    using std::exp, std::expm1, std::log, std::log1p;
    // The scale is read off the density at both ends and the middle.
    real_type scale = -infinity<real_type>, scale_moment = scale;
    for (real_type const& t : {a, real_type((a + b) / 2), b}) {
      real_type const here = law_.log_density(t), rising = here + power_ * (t - a);
      if (here > scale) scale = here;
      if (rising > scale_moment) scale_moment = rising;
    }
    if (!is_finite(scale)) scale = scale_moment = 0;
    auto const integrals = integrate_panel<3>(
        [&](real_type const& t) {
          real_type const log_g = law_.log_density(t), rise = power_ * (t - a);
          real_type const moment = exp(real_type(log_g + rise - scale_moment));
          return std::array<real_type, 3>{real_type(exp(real_type(log_g - scale))), moment,
                                          real_type(-moment * expm1(real_type(-rise)))};
        },
        a, b);
    auto const relative = [&](std::size_t k) {
      return integrals.value[k] > 0 ? real_type(integrals.error[k] / integrals.value[k]) : real_type(0);
    };
    real_type const survival = scale + log(integrals.value[0]), moment = scale_moment + log(integrals.value[1]);
    // J = M - S has a boundary layer at a where the panel is long against 1/r; there M is much the larger, and the
    // difference is as good as M itself. Elsewhere J is integrated directly, since the difference would cancel.
    if (moment > survival + 1) {
      real_type const excess = moment + log1p(real_type(-exp(real_type(survival - moment))));
      return {a, b, {survival, excess}, relative(0), relative(1)};
    }
    return {a, b, {survival, real_type(scale_moment + log(integrals.value[2]))}, relative(0), relative(2)};
  }

  /// Whether the rule resolves the panel. A log density of -1e5 carries rounding noise of 1e-11, and that is what the
  /// error estimate (200 d)^1.5 then shows; a mass below the smallest number of the type matters to nobody.
  [[nodiscard]] static bool sharp(panel const& p) {
    using std::abs, std::sqrt;
    real_type const size = is_finite(p.tail.survival) ? real_type(abs(p.tail.survival)) : real_type(0);
    real_type const noise = 200 * 4 * epsilon<real_type>() * size;
    real_type const tolerance = 64 * epsilon<real_type>() + noise * sqrt(noise);
    return (p.error_survival <= tolerance || p.tail.survival < least_log_mass()) && p.error_excess <= tolerance;
  }

  /// Part of a panel, from a point inside it, which may need a finer rule than the whole.
  [[nodiscard]] log_tail<real_type> integrate_part(real_type const& a, real_type const& b, int halvings = 6) const {
    panel const p = integrate(a, b);
    if (halvings == 0 || sharp(p)) return p.tail;
    real_type const middle = (a + b) / 2;
    return integrate_part(a, middle, halvings - 1) +
           integrate_part(middle, b, halvings - 1).below(power_ * (middle - a));
  }

  /// Panels from `from` up (direction +1) or down (-1) until what lies beyond is negligible or the support ends.
  [[nodiscard]] walk march(real_type const& from, real_type const& scale, int direction) const {
    using std::log;
    real_type const bound = direction > 0 ? log_upper_ : log_lower_;
    real_type const negligible = 2 * log(epsilon<real_type>());  // eps^2 relative to all that came before
    walk out;
    log_tail<real_type> so_far;  // mass, and moment seen from `from`
    real_type at = from, step = scale;
    for (int count = 0; count < 4000; ++count) {
      real_type next = at + direction * step;
      for (real_type const& stop : stops_) {  // a panel ends where the density has a kink
        if (direction > 0 ? stop > at && stop < next : stop < at && stop > next) next = stop;
      }
      if (direction > 0 ? next >= bound : next <= bound) next = bound;
      panel const p = direction > 0 ? integrate(at, next) : integrate(next, at);
      if (!sharp(p) && step > scale * real_type(1e-8)) {
        step /= 2;
        continue;
      }
      out.panels.push_back(p);
      at = next;
      step *= 2;
      real_type const moment = log_sum(p.tail.excess, p.tail.survival) + power_ * (p.begin - from);
      bool const small =
          p.tail.survival < so_far.survival + negligible && (direction < 0 || moment < so_far.excess + negligible);
      so_far = so_far + log_tail<real_type>{p.tail.survival, moment};
      bool stop_ahead = false;  // a listed point further on may lead to another mode
      for (real_type const& stop : stops_) stop_ahead = stop_ahead || (direction > 0 ? stop > at : stop < at);
      if (at == bound || (small && !stop_ahead)) {
        out.complete = true;
        return out;
      }
    }
    return out;
  }

  /// The tail at log_x past the last panel boundary, integrated until nothing more is added.
  [[nodiscard]] log_tail<real_type> tail_beyond(real_type const& log_x, real_type step) const {
    using std::abs;
    real_type const here = law_.log_density(log_x);
    for (int k = 0; k < 60; ++k, step /= 2) {  // shrink to the local scale of the density
      real_type const there = law_.log_density(real_type(log_x + step));
      if (abs(real_type(here - there)) <= 4) break;
    }
    auto const far = march(log_x, step, +1).panels;
    log_tail<real_type> above;
    for (std::size_t k = far.size(); k-- > 0;) above = far[k].tail + above.below(power_ * (far[k].end - far[k].begin));
    return above;
  }

  Law law_;
  real_type power_, log_lower_{}, log_upper_{}, log_moment_{}, log_mass_{0}, error_estimate_{0};
  std::vector<real_type> stops_;
  std::shared_ptr<std::vector<panel> const> panels_;
};

/// Any law with a log density and bounds that has no closed form of its own.
template <density_law Law>
requires(!closed_form_law<Law>)
    [[nodiscard]] quadrature_tail<Law> make_tail(tail_of_law, Law const& law, law_real_t<Law> const& power) {
  return {law, power, normalisation::required};
}

}  // namespace melitz::detail
