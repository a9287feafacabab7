// SPDX-License-Identifier: BSL-1.0
#include "density.hpp"

#include <melitz/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

namespace melitz::python {

namespace {

constexpr std::size_t points = 33;
constexpr int most_halvings = 40;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double eps = std::numeric_limits<double>::epsilon();

/// Coefficients of the polynomial through values at cos(pi (j + 1/2) / points).
[[nodiscard]] std::vector<double> coefficients_of(std::vector<double> const& values) {
  std::vector<double> out(points);
  for (std::size_t k = 0; k < points; ++k) {
    double sum = 0;
    for (std::size_t j = 0; j < points; ++j) {
      // The angle modulo a full turn, in whole numbers: the cosine keeps its digits.
      auto const quarter = (k * (2 * j + 1)) % (4 * points);
      sum += values[j] * std::cos(std::numbers::pi * static_cast<double>(quarter) / (2.0 * points));
    }
    out[k] = (k == 0 ? 1.0 : 2.0) * sum / static_cast<double>(points);
  }
  return out;
}

/// The polynomial at x in [-1, 1], by Clenshaw's recurrence.
[[nodiscard]] double polynomial_at(std::vector<double> const& c, double x) {
  double next = 0, after = 0;
  for (std::size_t k = c.size(); k-- > 1;) {
    double const here = c[k] + 2 * x * next - after;
    after = next;
    next = here;
  }
  return c[0] + x * next - after;
}

}  // namespace

tabulated_function::tabulated_function(function_of_many f, double lower, double upper, std::vector<double> breakpoints)
    : f_(std::move(f)), lower_(lower), upper_(upper), breakpoints_(std::move(breakpoints)) {}

std::vector<double> tabulated_function::values(std::vector<double> const& t) const {
  auto out = f_(t);
  for (std::size_t k = 0; k < out.size(); ++k) {
    if (out[k] < infinity) continue;  // -inf is no density there
    throw domain_error("log_density", "log_density(" + detail::to_text(t[k]) + ")", detail::to_text(out[k]),
                       "be a number, or -inf where there are no firms");
  }
  return out;
}

tabulated_function::panel& tabulated_function::first_panel(double t) {
  double begin = t < 0 ? -1 : 0, end = t < 0 ? 0 : 1;
  if (t >= 1 || t < -1) {  // [2^k, 2^(k + 1)), or [-2^(k + 1), -2^k)
    double const low = std::ldexp(1.0, std::ilogb(t));
    double const step = t < 0 && t == -low ? low / 2 : low;
    begin = t < 0 ? -2 * step : low;
    end = t < 0 ? -step : 2 * low;
  }
  auto const above = std::upper_bound(breakpoints_.begin(), breakpoints_.end(), t);
  if (above != breakpoints_.end()) end = std::min(end, *above);
  if (above != breakpoints_.begin()) begin = std::max(begin, *(above - 1));
  begin = std::max(begin, lower_);
  end = std::min(end, upper_);
  auto const [found, is_new] = panels_.try_emplace(begin);
  if (is_new) {
    found->second.begin = begin;
    found->second.end = end;
  }
  return found->second;
}

void tabulated_function::make(panel& p, int depth, double parents_unresolved) {
  std::vector<double> t(points);
  double const middle = p.begin / 2 + p.end / 2, half = p.end / 2 - p.begin / 2;
  for (std::size_t j = 0; j < points; ++j) {
    t[j] = middle + half * std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(points));
  }
  auto const v = values(t);
  auto const finite = std::count_if(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
  bool const last = depth == most_halvings || half <= 8 * eps * std::abs(middle);
  if (finite == 0 || (last && finite != static_cast<std::ptrdiff_t>(points))) {
    p.coefficients = {v[points / 2]};  // -inf everywhere, or so close to where it begins
    p.leaf = true;
    return;
  }
  p.unresolved = infinity;
  if (finite == static_cast<std::ptrdiff_t>(points)) {
    p.coefficients = coefficients_of(v);
    double size = 1;
    for (double const x : v) size = std::max(size, std::abs(x));
    p.unresolved = 0;
    for (std::size_t k = points - 3; k < points; ++k) {
      p.unresolved = std::max(p.unresolved, std::abs(p.coefficients[k]) / size);
    }
    bool const noise = p.unresolved <= 1e-10 && p.unresolved > 0.7 * parents_unresolved;
    if (p.unresolved <= 4 * eps || noise) {
      p.leaf = true;
    } else if (last) {
      p.coefficients = {v[points / 2]};
      p.leaf = true;
    }
  }
}

double tabulated_function::at(double t) {
  if (!(t >= lower_ && t <= upper_)) return -infinity;
  std::lock_guard const lock(mutex_);
  double const inside = t == upper_ ? std::nextafter(t, -infinity) : t;
  auto* p = &first_panel(inside);
  double parents = infinity;
  for (int depth = 0; depth <= most_halvings; ++depth) {
    if (!p->leaf && p->unresolved == 0) make(*p, depth, parents);
    if (p->leaf) break;
    parents = p->unresolved;
    double const middle = p->begin / 2 + p->end / 2;
    auto& next = inside < middle ? p->below : p->above;
    if (next == nullptr) {
      next = std::make_unique<panel>();
      next->begin = inside < middle ? p->begin : middle;
      next->end = inside < middle ? middle : p->end;
    }
    p = next.get();
  }
  if (p->coefficients.size() == 1) return p->coefficients[0];
  double const middle = p->begin / 2 + p->end / 2, half = p->end / 2 - p->begin / 2;
  return polynomial_at(p->coefficients, std::clamp((t - middle) / half, -1.0, 1.0));
}

}  // namespace melitz::python
