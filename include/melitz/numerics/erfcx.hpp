// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numbers>

namespace melitz::detail {

// Chebyshev series of (1 + 2y) erfcx(y) in (y - 3.75)/(y + 3.75); made by tools/reference/erfcx_coefficients.py.
inline constexpr std::array<double, 25> erfcx_series{
    1.1775789345674017541,     -4.5900545806464773309e-3,  -8.4249133366517915584e-2,  5.9209939998191890498e-2,
    -2.6658668435305752277e-2, 9.0749976707052650939e-3,   -2.4131635404176081909e-3,  4.9077583652580863229e-4,
    -6.9169733025012063671e-5, 4.1390279860730101675e-6,   7.7403830661984906686e-7,   -2.1886401049234395661e-7,
    1.0764999465670910377e-8,  4.5219598112182868979e-9,   -7.7544002088313511065e-10, -6.3180883408866844944e-11,
    2.8687950109306698981e-11, 1.945586854577734723e-13,   -9.6546967484334389059e-13, 3.2525481481487398415e-14,
    3.3478119482868053878e-14, -1.8645628804193131015e-15, -1.2507950530688647085e-15, 7.418235256624043463e-17,
    5.0681489047961113168e-17,
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
  if constexpr (std::floating_point<Real>) {
    return Real(1) / std::numbers::inv_sqrtpi_v<Real>;
  } else {
    using std::acos, std::sqrt;
    static Real const value = Real(sqrt(Real(acos(Real(-1)))));
    return value;
  }
}

/// From here on the asymptotic series of erfcx reaches full precision: its smallest term is about exp(-y^2).
template <real Real>
[[nodiscard]] Real erfcx_asymptotic_from() {
  using std::sqrt;
  return Real(sqrt(Real(std::numeric_limits<Real>::digits) * std::numbers::ln2)) + 1;
}

/// Scaled complementary error function exp(y^2) erfc(y) for y >= 0. Accuracy: 4e-16 relative in double.
template <real Real>
[[nodiscard]] Real erfcx(Real const& y) {
  if constexpr (std::same_as<Real, double> || std::same_as<Real, float>) {
    double const v = static_cast<double>(y);
    if (v > 1e8) return static_cast<Real>(0.5 * std::numbers::inv_sqrtpi * (2 / v));
    double const u = (v - 3.75) / (v + 3.75), u2 = 2 * u;
    double b1 = 0, b2 = 0;  // Clenshaw's recurrence
    for (std::size_t k = erfcx_series.size() - 1; k > 0; --k) {
      double const b0 = u2 * b1 - b2 + erfcx_series[k];
      b2 = b1;
      b1 = b0;
    }
    return static_cast<Real>((u * b1 - b2 + erfcx_series[0]) / (1 + 2 * v));
  } else {
    using std::erfc, std::exp;
    if (y < erfcx_asymptotic_from<Real>()) return Real(exp(Real(y * y)) * erfc(y));
    return Real((1 + erfcx_asymptotic_correction(y)) / (y * root_pi<Real>()));
  }
}

/// erfcx(y - d) - erfcx(y) for y >= d >= 0: the scaled expected excess of a log-normal tail.
///
/// Far out both terms are nearly equal; there the asymptotic series are subtracted term by term, so the result keeps
/// its digits. Nearer in it is a plain difference: for small d call it in a wider type.
template <real Real>
[[nodiscard]] Real erfcx_drop(Real const& y, Real const& d) {
  using std::expm1, std::log1p;
  Real const near = y - d;
  if (near < erfcx_asymptotic_from<Real>()) return Real(erfcx(near) - erfcx(y));
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
