// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/tail/density_peak.hpp>
#include <melitz/tail/density_steep.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
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

/// Integrals of a law known only by its log density, in log productivity, on panels that resolve it.
template <density_law Law>
class density_integrator {
 public:
  using real_type = law_real_t<Law>;
  using rule_type = panel_rule<real_type>;

  /// One panel: the density at the rule's nodes, in units of exp(log_scale), and the panel's own tail.
  struct sample {
    real_type begin{}, end{}, log_scale{};
    typename rule_type::values density{};
    log_tail<real_type> tail{};  // of this panel alone, seen from its begin
    real_type unresolved_survival{}, unresolved_excess{};
    real_type fall{};      // of the log density, between the nodes where it is largest and smallest
    real_type rounding{};  // of the density, where no narrower panel helps

    [[nodiscard]] real_type width() const { return real_type(end - begin); }
    /// How far the panel is from resolving its functions to rounding; 1 and below is good.
    [[nodiscard]] real_type roughness() const { return roughness(unresolved_survival, unresolved_excess); }
    /// The same for an integral to which other panels have contributed: the rule is exact to twice as many terms as the
    /// panel has nodes, of which half are trusted.
    /// @param before  mass and moment so far   @param own_moment  of this panel, on the same scale; all in logs
    [[nodiscard]] real_type roughness_beside(log_tail<real_type> const& before, real_type const& own_moment) const {
      using std::exp, std::sqrt;
      real_type const of_survival = unresolved_survival * sqrt(unresolved_survival) *
                                    exp(std::min<real_type>(tail.survival - before.survival, 0));
      real_type const of_excess =
          unresolved_excess * sqrt(unresolved_excess) * exp(std::min<real_type>(own_moment - before.excess, 0));
      return roughness(of_survival, of_excess);
    }
    /// The same as a part of the whole tail seen from its begin.
    [[nodiscard]] real_type roughness_within(log_tail<real_type> const& whole) const {
      using std::exp;
      return roughness(real_type(unresolved_survival * exp(real_type(tail.survival - whole.survival))),
                       real_type(unresolved_excess * exp(real_type(tail.excess - whole.excess))));
    }

   private:
    [[nodiscard]] real_type roughness(real_type const& a, real_type const& b) const {
      return real_type((a > b ? a : b) / rounding);
    }
  };

  /// @throws domain_error when a bound or a breakpoint is NaN, or the bounds are reversed
  density_integrator(Law law, real_type const& power) : law_(std::move(law)), power_(power) {
    log_lower_ = law_.log_lower_bound();
    log_upper_ = law_.log_upper_bound();
    require(log_lower_ == log_lower_, name, "log_lower_bound()", log_lower_, "be a number or infinite");
    require(log_upper_ == log_upper_, name, "log_upper_bound()", log_upper_, "be a number or infinite");
    require(log_lower_ < log_upper_, name, "log_upper_bound()", log_upper_, "exceed log_lower_bound()");
    if constexpr (requires { law_.log_breakpoints(); }) {
      for (real_type const& t : law_.log_breakpoints()) {
        require(t == t, name, "one of log_breakpoints()", t, "be a number");
        if (t > log_lower_ && t < log_upper_) stops_.push_back(t);
      }
    }
  }

  [[nodiscard]] Law const& law() const { return law_; }
  [[nodiscard]] real_type power() const { return power_; }
  [[nodiscard]] real_type log_lower() const { return log_lower_; }
  [[nodiscard]] real_type log_upper() const { return log_upper_; }
  [[nodiscard]] std::vector<real_type> const& stops() const { return stops_; }

  [[nodiscard]] real_type log_density(real_type const& t) const { return log_density_of(law_, t); }

  [[nodiscard]] sample integrate(real_type const& a, real_type const& b) const {
    using std::abs, std::exp, std::expm1, std::log;
    auto const& rule = rule_type::get();
    sample out{a, b, -infinity<real_type>};
    real_type lowest = infinity<real_type>;
    real_type const half = (b - a) / 2, centre = (a + b) / 2;
    for (std::size_t i = 0; i < rule_type::size; ++i) {
      out.density[i] = log_density(real_type(centre + half * rule.nodes[i]));
      if (out.density[i] > out.log_scale) out.log_scale = out.density[i];
      if (out.density[i] < lowest) lowest = out.density[i];
    }
    if (!is_finite(out.log_scale)) {  // no mass here
      out.density = {};
      out.log_scale = 0;
      out.rounding = resolution(out.log_scale);
      return out;
    }
    // Of its logarithm, and of the places of the nodes where the panel is short beside its own.
    out.fall = std::min<real_type>(out.log_scale - lowest, 64);
    out.rounding =
        std::max<real_type>(resolution(out.log_scale), 2 * epsilon<real_type>() * abs(centre) * (out.fall / (b - a)));
    for (auto& g : out.density) g = exp(real_type(g - out.log_scale));
    typename rule_type::values moment{}, excess{};
    if (real_type const reach = power_ * half; reach > real_type(0.5)) {  // J is no small part of the moment
      real_type const middle = exp(reach);
      for (std::size_t i = 0; i < rule_type::size / 2; ++i) {
        std::size_t const mirrored = rule_type::size - 1 - i;
        real_type const growth = exp(real_type(reach * rule.nodes[mirrored]));
        moment[i] = out.density[i] * (middle / growth);
        moment[mirrored] = out.density[mirrored] * (middle * growth);
      }
      for (std::size_t i = 0; i < rule_type::size; ++i) excess[i] = moment[i] - out.density[i];
    } else {
      for (std::size_t i = 0; i < rule_type::size; ++i) {
        excess[i] = out.density[i] * expm1(real_type(reach * (1 + rule.nodes[i])));
        moment[i] = out.density[i] + excess[i];
      }
    }
    real_type const mass = rule.integral(out.density);
    real_type above = rule.integral(excess);
    out.unresolved_survival = 2 * rule.unresolved(out.density) / mass;
    out.unresolved_excess = 2 * rule.unresolved(excess) / above;
    // J has a boundary layer at the begin where the panel is long against 1/r. There the moment M is much the larger,
    // and J = M - S is as good as M itself.
    if (real_type const whole = rule.integral(moment); whole > 3 * mass) {
      real_type const unresolved = 2 * rule.unresolved(moment) / whole;
      if (unresolved < out.unresolved_excess) {
        out.unresolved_excess = unresolved;
        above = whole - mass;
      }
    }
    out.tail = {real_type(out.log_scale + log(real_type(half * mass))),
                real_type(out.log_scale + log(real_type(half * above)))};
    return out;
  }

  /// Panels from `from` up (direction +1) or down (-1), each about as wide as `roughness` of it allows. `wanted` sees
  /// every one and says whether to go on; the walk also ends at the end of the support.
  /// @throws domain_error when it takes too many panels: E[phi^power] diverges, or the density has no smooth pieces
  template <class Roughness, class Wanted>
  void walk(real_type const& from, real_type step, int direction, Roughness const& roughness, Wanted&& wanted) const {
    using std::pow;
    real_type const bound = direction > 0 ? log_upper_ : log_lower_;
    real_type const narrowest = step * real_type(1e-8), widest = 300 / power_;
    real_type at = from, rejected = infinity<real_type>, width_before(0);
    bool needed = true;
    for (int count = 0; count < 4000; ++count) {
      if (step > widest) step = widest;
      real_type next = at + direction * step;
      if (next == at) break;
      bool stop_ahead = false;  // a panel ends where the density has a kink, and beyond it may lie another mode
      for (real_type const& stop : stops_) {
        if (direction > 0 ? stop <= at : stop >= at) continue;
        stop_ahead = true;
        if (direction > 0 ? stop < next : stop > next) next = stop;
      }
      if (direction > 0 ? next >= bound : next <= bound) next = bound;
      sample const p = direction > 0 ? integrate(at, next) : integrate(next, at);
      real_type const rough = roughness(p);
      real_type const change = rough > 0
                                   ? real_type(real_type(0.93) * pow(rough, real_type(-1) / real_type(rule_type::size)))
                                   : real_type(2);
      // A narrower panel that is no better shows rounding in the density itself.
      if (rough > 1 && (rough < rejected / 4 || rough > 1e6) && p.width() > narrowest) {
        rejected = rough;
        step = p.width() * std::clamp<real_type>(change, real_type(0.2), real_type(0.9));
        continue;
      }
      rejected = infinity<real_type>;
      // Panels that have been getting narrower will go on to, unless the density hardly changes over them: what is left
      // then is noise.
      real_type const trend = p.width() < width_before ? real_type(p.width() / width_before) : real_type(1);
      real_type const least = p.fall < real_type(0.25) && rough <= 1 ? real_type(1) : real_type(0.5);
      step = p.width() * std::clamp<real_type>(change * trend, least, real_type(2));
      width_before = p.width();
      at = next;
      needed = wanted(p);
      if (at == bound) return;
      // Behind a valley, which a listed point may mark, the density rises again.
      if (!needed && !stop_ahead && !(log_density(real_type(at + direction * p.width() / 64)) > log_density(at)))
        return;
    }
    if (needed) give_up(from, at);
  }

  /// Panels from log_x up that hold all of the tail there is.
  /// @param step  a first guess of the distance over which the density changes
  /// @throws domain_error as walk does
  [[nodiscard]] std::vector<sample> panels_from(real_type const& log_x, real_type step) const {
    using std::abs, std::log;
    real_type const here = log_density(log_x);
    if (log_x + step > log_upper_) step = log_upper_ - log_x;
    for (int k = 0; k < 60; ++k, step /= 2) {  // shrink to the local scale of the density
      real_type const there = log_density(real_type(log_x + step));
      if (here == there || abs(real_type(here - there)) <= 8) break;
    }
    std::vector<sample> far;
    log_tail<real_type> so_far;  // mass, and moment seen from log_x
    real_type const negligible = log(epsilon<real_type>()) - 3;
    auto const moment_of = [&](sample const& p) {
      return real_type(log_sum(p.tail.excess, p.tail.survival) + power_ * (p.begin - log_x));
    };
    auto const roughness = [&](sample const& p) { return p.roughness_beside(so_far, moment_of(p)); };
    walk(log_x, step, +1, roughness, [&](sample const& p) {
      far.push_back(p);
      real_type const moment = moment_of(p);
      bool const small = !(p.tail.survival > so_far.survival + negligible || moment > so_far.excess + negligible);
      so_far = so_far + log_tail<real_type>{p.tail.survival, moment};
      return !small;
    });
    return far;
  }

  /// How far above log_x the density is smooth for all that the law says.
  [[nodiscard]] real_type room_above(real_type const& log_x) const {
    real_type end = log_upper_;
    for (real_type const& stop : stops_) {
      if (stop > log_x && stop < end) end = stop;
    }
    return real_type(end - log_x);
  }

  /// The tail at log_x from the density alone, integrated until nothing more is added.
  /// @param step  a first guess of the distance over which the density changes
  /// @throws domain_error as walk does
  [[nodiscard]] log_tail<real_type> tail_at(real_type const& log_x, real_type const& step) const {
    auto const far = panels_from(log_x, step);
    log_tail<real_type> above;
    for (std::size_t k = far.size(); k-- > 0;) above = far[k].tail + above.below(power_ * far[k].width());
    return above;
  }

  /// As tail_at, on a common scale and with the density, and also where the tail is too steep for panels.
  [[nodiscard]] tail_point<real_type> point_at(real_type const& log_x, real_type const& step) const {
    using std::exp;
    if (log_x >= log_upper_) return {};
    if (auto const steep = steep_tail(law_, log_x, power_, step, room_above(log_x))) return *steep;
    auto const here = tail_at(log_x, step);
    tail_point<real_type> out;
    // The scale of J, or of S where it dominates by more than a double can hold.
    out.log_scale = here.excess > here.survival - 300 ? here.excess : here.survival;
    if (!is_finite(out.log_scale)) return {};
    out.survival = exp(real_type(here.survival - out.log_scale));
    out.excess = exp(real_type(here.excess - out.log_scale));
    if (log_x >= log_lower_) out.density = exp(real_type(real_type(law_.log_density(log_x)) - out.log_scale));
    return out;
  }

  [[noreturn]] static void reject_rough(real_type const& at) {
    throw domain_error(name, "log_density near ln(phi) = " + to_short_text(static_cast<double>(at)),
                       "not smooth on panels as narrow as numbers allow",
                       "have no noise or fast oscillations, jumps only at log_breakpoints(), and more width than the "
                       "rounding of ln(phi)");
  }

 private:
  static constexpr char const* name = "productivity law";

  /// Says why a walk has not ended: it has left the range of numbers that phi and phi^r may have in a double and the
  /// density still counts there, or has not come far.
  [[noreturn]] void give_up(real_type const& from, real_type const& at) const {
    using std::abs;
    std::string const place = "ln(phi) = " + to_short_text(static_cast<double>(at));
    real_type const far = std::max<real_type>(abs(real_type(at - from)), abs(at));
    if (at >= from && at > 0 && far * std::max<real_type>(power_, 1) > 700) {
      real_type const fall = law_.log_density(at) - law_.log_density(real_type(at + far)) - power_ * far;
      std::string const moment = "the moment of order " + to_text(static_cast<double>(power_)) + " (the size exponent)";
      if (fall <= 16 * epsilon<real_type>() * power_ * far) {
        throw domain_error(name, moment, "infinite", "be finite: the upper tail of log_density is too fat");
      }
      if (fall < 64) {
        throw domain_error(name, moment, "still growing at " + place,
                           "converge sooner: the upper tail of log_density is nearly too fat");
      }
    }
    if (at < from && far > 700 && law_.log_density(at) - law_.log_density(real_type(at - far)) < 64) {
      throw domain_error(name, "the mass below " + place, "not negligible",
                         "end sooner: the lower tail of log_density falls too slowly");
    }
    reject_rough(at);
  }

  Law law_;
  real_type power_, log_lower_{}, log_upper_{};
  std::vector<real_type> stops_;
};

}  // namespace melitz::detail
