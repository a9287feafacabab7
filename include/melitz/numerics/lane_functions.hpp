// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lanes.hpp>

#include <cstdint>
#include <numbers>

// The functions that a sweep needs of packs. Not xsimd's: its exp and log measure slower (1.1 to 2.4 times), and it has
// no erfcx.

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

// ln 2 in two parts; the first has zeros at its end, so that its product with a small whole number is exact.
inline constexpr double log_two_high = 0x1.62e42feep-1, log_two_low = 0x1.a39ef35793c76p-33;

/// e^x for |x| <= 708; elsewhere the result means nothing. Within 1.1 ulp.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> exp_of_ordinary(two_registers<R> const& x) {
  using pack = two_registers<R>;
  // Adding this number rounds to a whole number and leaves it in the low bits.
  constexpr double rounder = 0x1.8p52;
  pack const rounded = x * std::numbers::log2e + rounder;
  pack const n = rounded - rounder;
  pack const r = (x - n * log_two_high) - n * log_two_low;
  // (e^r - 1 - r)/r^2, from tools/reference/lane_coefficients.py.
  pack const r2 = r * r, r4 = r2 * r2;
  pack const a = 5.0000000000000010314e-1 + r * 1.666666666666666746e-1;
  pack const b = 4.1666666666623820532e-2 + r * 8.3333333333300381973e-3;
  pack const c = 1.3888888917367080562e-3 + r * 1.9841269863171556026e-4;
  pack const d = 2.4801521057868205199e-5 + r * 2.7557268276905696187e-6;
  pack const e = 2.7620201591031548792e-7 + r * 2.5100472505694996003e-8;
  pack const rest = (a + r2 * b) + r4 * ((c + r2 * d) + r4 * e);
  pack const mantissa = 1 + (r + r2 * rest);
  // Times 2^n. Whole numbers without a sign wrap around, where others must not overflow.
  return from_bits(bits_of(mantissa) + (bits_of(rounded) << std::uint64_t{52}));
}

/// e^x. Within 1.1 ulp; 0 below -708, where the result would soon lose digits, infinite above 709.78.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> exp(two_registers<R> const& x) {
  using pack = two_registers<R>;
  constexpr double least = -708, most = 709.782712893384;
  // In two halves, since 2^n itself may be out of range where the result is not.
  pack const above = select(x > 708, all_of<pack>(2), pack{});
  pack const result = exp_of_ordinary(x - above) * select(x > 708, all_of<pack>(7.38905609893065), all_of<pack>(1));
  return select(x < least, pack{}, select(x > most, all_of<pack>(__builtin_inf()), result));
}

/// ln x for x positive, normal and finite; elsewhere the result means nothing. Within 1 ulp.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> log_of_normal(two_registers<R> const& x) {
  using pack = two_registers<R>;
  // x = 2^n (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
  auto const above = bits_of(x) - root_half;
  auto const exponent = above & ~std::uint64_t{0x000f'ffff'ffff'ffff};  // n << 52
  pack const f = from_bits((above - exponent) + root_half) - 1.0;
  // n as a double: before AVX-512 no instruction converts 64-bit integers. 1023 more makes it positive.
  auto const positive = (exponent + (std::uint64_t{1023} << 52)) >> std::uint64_t{52};
  pack const n = from_bits(positive | std::uint64_t{0x4330000000000000}) - (0x1p52 + 1023);
  // ln(1 + f) = f - s (f - R), s = f/(2 + f), R = s^2 (log_rest of tools/reference/lane_coefficients.py).
  pack const s = f / (2 + f), z = s * s, z2 = z * z;
  pack const even = 6.6666666666666697077e-1 +
                    z2 * (2.8571428626253837606e-1 + z2 * (1.8182892432536871201e-1 + z2 * 1.4617807153417324964e-1));
  pack const odd = 3.9999999999898890514e-1 + z2 * (2.2222211089379496214e-1 + z2 * 1.5331611722055007885e-1);
  pack const rest = z * (even + z * odd);
  return n * log_two_high - ((s * (f - rest) - n * log_two_low) - f);
}

/// ln x, also at 0 (-inf), infinity and numbers too small to be normal; NaN below 0. Within 1 ulp.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> log(two_registers<R> const& x) {
  using pack = two_registers<R>;
  constexpr double infinity = __builtin_inf();
  auto const small = x < 0x1p-1022;
  pack const inner =
      log_of_normal(select(small, x * 0x1p54, x)) - select(small, all_of<pack>(54 * std::numbers::ln2), pack{});
  pack const edge = select(x == 0, all_of<pack>(-infinity), select(x == infinity, x, all_of<pack>(__builtin_nan(""))));
  return select((x > 0) & (x < infinity), inner, edge);
}

/// e^(y^2) erfc(y) for 0 <= y <= 1e300. Within 3.5 ulp.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> erfcx(two_registers<R> const& y) {
  using pack = two_registers<R>;
  // (1 + 9/8 y) erfcx(y) as a polynomial in u = (y - 4)/(y + 4), from tools/reference/lane_coefficients.py; even and
  // odd powers apart, so that two sums run side by side.
  pack const u = (y - 4) / (y + 4), w = u * u;
  pack even = all_of<pack>(9.3630925770313651487e-10);
  even = even * w - 1.0086884586921931132e-8;
  even = even * w + 5.08727647089180523e-8;
  even = even * w + 4.3577252441942305327e-8;
  even = even * w - 5.0260254474645400618e-6;
  even = even * w + 7.485728519884356058e-5;
  even = even * w - 4.3576847915260166885e-4;
  even = even * w - 7.3348600262840031748e-3;
  even = even * w - 2.3617493547304285132e-2;
  even = even * w - 9.1630845331359373606e-3;
  even = even * w + 1.0434091383445889077e-1;
  even = even * w + 7.5349701693783766443e-1;
  pack odd = all_of<pack>(4.7284038816725463937e-10);
  odd = odd * w - 6.1821323944653914523e-9;
  odd = odd * w + 5.3377438109876745888e-8;
  odd = odd * w - 4.2019372309753351962e-7;
  odd = odd * w + 3.0315560607767663434e-6;
  odd = odd * w - 1.4556636954741357822e-5;
  odd = odd * w - 7.7526907582840280346e-5;
  odd = odd * w + 2.4808651592523267211e-3;
  odd = odd * w + 1.5287501098278303156e-2;
  odd = odd * w + 2.5115050344338972025e-2;
  odd = odd * w - 3.3558201786811391724e-2;
  odd = odd * w - 1.9187914955539149224e-1;
  pack const decay = 1 / (1 + 1.125 * y);  // ready before the sums are
  return (even + u * odd) * decay;
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
