// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/polynomial.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numbers>

namespace melitz::detail {

// (1 + 2y) erfcx(y) in powers of u = (y - 3.75)/(y + 3.75); made by tools/reference/erfcx_coefficients.py.
inline constexpr std::array<double, 25> erfcx_polynomial{
    1.2375126308378275796,     -1.4024059858554696245e-1, 3.585415485464429369e-3,   8.2276738490145207683e-2,
    -1.0880393014174885723e-1, 9.230432116037747776e-2,   -5.8693398589636774061e-2, 2.8362277418956404286e-2,
    -9.7465795580292755337e-3, 1.7556258528952953569e-3,  2.9371366559134481992e-4,  -2.9015408054084171105e-4,
    5.1649098892682403449e-5,  2.238423915508222982e-5,   -1.1444146237700523373e-5, -9.7355989673677493407e-7,
    1.7516376488490621431e-6,  -5.7218230603224087501e-8, -2.5866850716155885443e-7, 2.3263508708859123732e-8,
    3.8675334242222356816e-8,  -3.7442100809620186444e-9, -5.1739902140113096269e-9, 3.1114333809799251993e-10,
    4.2514714447963897761e-10,
};

/// sqrt(pi) y erfcx(y) - 1 for large y, by the asymptotic series in 1/(2 y^2).
template <real Real>
[[nodiscard]] Real erfcx_asymptotic_correction(Real const& y) {
  Real const q = -1 / (2 * y * y);
  Real term(1), total(0);
  for (Real k(1); k < 200; k += 1) {
    term *= q * (2 * k - 1);
    total += term;
    if (term * term < epsilon<Real>() * epsilon<Real>() / 16) break;
  }
  return total;
}

template <real Real>
[[nodiscard]] Real root_pi() {
  if constexpr (carries_derivatives<Real>) {
    return Real(root_pi<value_t<Real>>());
  } else if constexpr (std::floating_point<Real>) {
    return Real(1) / std::numbers::inv_sqrtpi_v<Real>;
  } else {
    using std::acos, std::sqrt;
    static Real const value = Real(sqrt(Real(acos(Real(-1)))));
    return value;
  }
}

/// From here on the asymptotic series of erfcx reaches full precision: its smallest term is about exp(-y^2).
template <real Real>
[[nodiscard]] value_t<Real> erfcx_asymptotic_from() {
  using std::sqrt;
  using value = value_t<Real>;
  return value(sqrt(value(std::numeric_limits<Real>::digits) * std::numbers::ln2)) + 1;
}

/// Scaled complementary error function exp(y^2) erfc(y) for y >= 0. Accuracy: 7e-16 relative in double.
template <real Real>
[[nodiscard]] Real erfcx(Real const& y) {
  if constexpr (carries_derivatives<Real>) {
    return differentiation<Real>::erfcx(y);
  } else if constexpr (std::same_as<Real, double> || std::same_as<Real, float>) {
    double const v = static_cast<double>(y);
    if (v > 1e8) return static_cast<Real>(0.5 * std::numbers::inv_sqrtpi * (2 / v));
    double const u = (v - 3.75) / (v + 3.75);
    return static_cast<Real>(polynomial(erfcx_polynomial, u) / (1 + 2 * v));
  } else {
    using std::erfc, std::exp;
    if (y < erfcx_asymptotic_from<Real>()) return Real(exp(Real(y * y)) * erfc(y));
    return Real((1 + erfcx_asymptotic_correction(y)) / (y * root_pi<Real>()));
  }
}

/// Both at the price of one: most processors work on two doubles at a time.
template <real Real>
[[nodiscard]] std::array<Real, 2> erfcx_of_both(Real const& a, Real const& b) {
#if defined(__GNUC__)
  if constexpr (std::same_as<Real, double>) {
    if (a > 1e8 || b > 1e8) return {erfcx(a), erfcx(b)};
    using pair [[gnu::vector_size(16)]] = double;
    pair const v{a, b}, u = (v - 3.75) / (v + 3.75), both = polynomial(erfcx_polynomial, u) / (1 + 2 * v);
    return {both[0], both[1]};
  }
#endif
  return {erfcx(a), erfcx(b)};
}

/// erfcx(y - d) - erfcx(y) for y >= d >= 0: the scaled expected excess of a log-normal tail.
///
/// Far out both terms are nearly equal; there the asymptotic series are subtracted term by term, so the result keeps
/// its digits. Nearer in it is a plain difference: for small d call it in a wider type.
/// @param at_y  erfcx(y)
template <real Real>
[[nodiscard]] Real erfcx_drop(Real const& y, Real const& d, Real const& at_y) {
  using std::expm1, std::log1p;
  Real const near = y - d;
  if (near < erfcx_asymptotic_from<Real>()) return Real(erfcx(near) - at_y);
  Real const ratio = log1p(d / near);  // ln(y / near)
  Real const q = -1 / (2 * y * y);
  Real term = 1 / (y * root_pi<Real>()), total(0);
  for (Real k(0); k < 200; k += 1) {  // term_k of erfcx(y), times (y/near)^(2k+1) - 1
    Real const add = term * expm1(Real((2 * k + 1) * ratio));
    total += add;
    term *= q * (2 * k + 1);
    if (add * add < epsilon<Real>() * epsilon<Real>() / 16 * total * total) break;
  }
  return total;
}

}  // namespace melitz::detail
