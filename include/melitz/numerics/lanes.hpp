// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <type_traits>

// Several doubles side by side in one register, and the functions that a sweep needs of them. The vector extension of
// g++ and clang: no intrinsics, no library, any processor. Where a compiler lacks it MELITZ_HAS_LANES is 0, and whoever
// includes this computes one number at a time.
//
// Not xsimd: it would be a dependency for a dozen lines of arithmetic, its exp and log measure slower (1.1 to 2.4
// times), and it has no erfcx. Everything is inlined without exception, since how such vectors are passed to functions
// depends on the flags.

#if defined(__GNUC__) || defined(__clang__)
#define MELITZ_HAS_LANES 1
#define MELITZ_LANES_INLINE inline __attribute__((always_inline))
#define MELITZ_LANES_LAMBDA __attribute__((always_inline))
#else
#define MELITZ_HAS_LANES 0
#endif

// One namespace for each kind of processor, so that files compiled with different flags do not share functions.
#if defined(__AVX512F__)
#define MELITZ_LANES_NAMESPACE eight
#elif defined(__AVX__) && defined(__FMA__)
#define MELITZ_LANES_NAMESPACE four_fused
#elif defined(__AVX__)
#define MELITZ_LANES_NAMESPACE four
#else
#define MELITZ_LANES_NAMESPACE two
#endif

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

#if defined(__AVX512F__)
inline constexpr std::size_t register_width = 8;
#elif defined(__AVX__)
inline constexpr std::size_t register_width = 4;
#else
inline constexpr std::size_t register_width = 2;
#endif

typedef double double_register __attribute__((vector_size(8 * register_width)));
typedef std::uint64_t natural_register __attribute__((vector_size(8 * register_width)));
using mask_register = decltype(double_register{} < double_register{});

/// Two registers side by side: while one waits for its last step the processor works on the other. With one a sweep
/// takes 13 to 28 % longer. (The compilers' own vectors of twice the width do not help: with g++ 12 a sweep takes twice
/// as long.)
template <class Register>
struct two_registers {
  Register low, high;

  [[nodiscard]] MELITZ_LANES_INLINE auto operator[](std::size_t lane) const {
    return lane < register_width ? low[lane] : high[lane - register_width];
  }
  MELITZ_LANES_INLINE void set(std::size_t lane, double x) {
    if (lane < register_width) {
      low[lane] = x;
    } else {
      high[lane - register_width] = x;
    }
  }
};

/// The lanes: doubles. Arithmetic and comparison work lane by lane, also with a plain number.
using pack = two_registers<double_register>;
/// Integers, as comparing two packs gives them: all bits set where it holds, none where it does not.
using mask = two_registers<mask_register>;
using natural = two_registers<natural_register>;
inline constexpr std::size_t width = 2 * register_width;

/// What a lane holds.
template <class Register>
using element = std::remove_cvref_t<decltype(Register{}[0])>;

#define MELITZ_LANES_OPERATOR(op)                                                              \
  template <class R>                                                                           \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> a, two_registers<R> b) { \
    return two_registers<decltype(a.low op b.low)>{a.low op b.low, a.high op b.high};          \
  }                                                                                            \
  template <class R>                                                                           \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> a, element<R> b) {       \
    return two_registers<decltype(a.low op b)>{a.low op b, a.high op b};                       \
  }                                                                                            \
  template <class R>                                                                           \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(element<R> a, two_registers<R> b) {       \
    return two_registers<decltype(a op b.low)>{a op b.low, a op b.high};                       \
  }
#define MELITZ_LANES_UPDATING_OPERATOR(op)                                \
  MELITZ_LANES_OPERATOR(op)                                               \
  template <class R, class Other>                                         \
  MELITZ_LANES_INLINE void operator op##=(two_registers<R>& a, Other b) { \
    a = a op b;                                                           \
  }
MELITZ_LANES_UPDATING_OPERATOR(+)
MELITZ_LANES_UPDATING_OPERATOR(-)
MELITZ_LANES_UPDATING_OPERATOR(*)
MELITZ_LANES_UPDATING_OPERATOR(/)
MELITZ_LANES_UPDATING_OPERATOR(&)
MELITZ_LANES_UPDATING_OPERATOR(|)
MELITZ_LANES_OPERATOR(<)
MELITZ_LANES_OPERATOR(<=)
MELITZ_LANES_OPERATOR(>)
MELITZ_LANES_OPERATOR(>=)
MELITZ_LANES_OPERATOR(==)
MELITZ_LANES_OPERATOR(!=)
MELITZ_LANES_OPERATOR(<<)
MELITZ_LANES_OPERATOR(>>)
#undef MELITZ_LANES_UPDATING_OPERATOR
#undef MELITZ_LANES_OPERATOR
[[nodiscard]] MELITZ_LANES_INLINE pack operator-(pack x) { return {-x.low, -x.high}; }
[[nodiscard]] MELITZ_LANES_INLINE mask operator~(mask x) { return {~x.low, ~x.high}; }

/// The same number in every lane.
[[nodiscard]] MELITZ_LANES_INLINE pack all_of(double x) { return pack{} + x; }

/// The `width` numbers from `p` on.
[[nodiscard]] MELITZ_LANES_INLINE pack load(double const* p) {
  pack x;
  std::memcpy(&x.low, p, sizeof x.low);
  std::memcpy(&x.high, p + register_width, sizeof x.high);
  return x;
}
MELITZ_LANES_INLINE void store(double* p, pack x) {
  std::memcpy(p, &x.low, sizeof x.low);
  std::memcpy(p + register_width, &x.high, sizeof x.high);
}

/// The same bits read as something else.
template <class To, class From>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<To> same_bits(two_registers<From> x) {
  return {(To)x.low, (To)x.high};  // between registers a cast keeps the bits
}
[[nodiscard]] MELITZ_LANES_INLINE natural bits_of(pack x) { return same_bits<natural_register>(x); }
[[nodiscard]] MELITZ_LANES_INLINE pack from_bits(natural x) { return same_bits<double_register>(x); }

/// Lane by lane a where the condition holds, else b. Both are computed.
[[nodiscard]] MELITZ_LANES_INLINE pack select(mask condition, pack a, pack b) {
  return {condition.low ? a.low : b.low, condition.high ? a.high : b.high};
}

[[nodiscard]] MELITZ_LANES_INLINE bool any(mask condition) {
  auto const either = condition.low | condition.high;
  // The instruction that gathers the lanes' signs, where the compiler does not find it by itself.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  typedef long long wide __attribute__((vector_size(8 * register_width)));
  return __builtin_ia32_cvtq2mask512((wide)either) != 0;
#elif defined(__AVX__) && !defined(__AVX512F__)
  return __builtin_ia32_movmskpd256((double_register)either) != 0;
#elif defined(__SSE2__) && !defined(__AVX__)
  return __builtin_ia32_movmskpd((double_register)either) != 0;
#else
  std::int64_t bits = 0;
  for (std::size_t k = 0; k < register_width; ++k) bits |= either[k];
  return bits != 0;
#endif
}
[[nodiscard]] MELITZ_LANES_INLINE bool all(mask condition) { return !any(~condition); }

[[nodiscard]] MELITZ_LANES_INLINE pack abs(pack x) {
  return from_bits(bits_of(x) & std::uint64_t{0x7fff'ffff'ffff'ffff});
}
/// The larger of two; b where either is NaN.
[[nodiscard]] MELITZ_LANES_INLINE pack larger(pack a, pack b) { return select(a > b, a, b); }
/// The smaller of two; b where either is NaN.
[[nodiscard]] MELITZ_LANES_INLINE pack smaller(pack a, pack b) { return select(a < b, a, b); }

// ln 2 in two parts; the first has zeros at its end, so that its product with a small whole number is exact.
inline constexpr double log_two_high = 0x1.62e42feep-1, log_two_low = 0x1.a39ef35793c76p-33;

/// e^x for |x| <= 708; elsewhere the result means nothing. Within 1.1 ulp.
[[nodiscard]] MELITZ_LANES_INLINE pack exp_of_ordinary(pack x) {
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
[[nodiscard]] MELITZ_LANES_INLINE pack exp(pack x) {
  constexpr double least = -708, most = 709.782712893384;
  // In two halves, since 2^n itself may be out of range where the result is not.
  pack const above = select(x > 708, all_of(2), pack{});
  pack const result = exp_of_ordinary(x - above) * select(x > 708, all_of(7.38905609893065), all_of(1));
  return select(x < least, pack{}, select(x > most, all_of(__builtin_inf()), result));
}

/// ln x for x positive, normal and finite; elsewhere the result means nothing. Within 1 ulp.
[[nodiscard]] MELITZ_LANES_INLINE pack log_of_normal(pack x) {
  // x = 2^n (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
  natural const above = bits_of(x) - root_half;
  natural const exponent = above & ~std::uint64_t{0x000f'ffff'ffff'ffff};  // n << 52
  pack const f = from_bits((above - exponent) + root_half) - 1.0;
  // n as a double: before AVX-512 no instruction converts 64-bit integers. 1023 more makes it positive.
  natural const positive = (exponent + (std::uint64_t{1023} << 52)) >> std::uint64_t{52};
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
[[nodiscard]] MELITZ_LANES_INLINE pack log(pack x) {
  constexpr double infinity = __builtin_inf();
  mask const small = x < 0x1p-1022;
  pack const inner =
      log_of_normal(select(small, x * 0x1p54, x)) - select(small, all_of(54 * std::numbers::ln2), pack{});
  pack const edge = select(x == 0, all_of(-infinity), select(x == infinity, x, all_of(__builtin_nan(""))));
  return select((x > 0) & (x < infinity), inner, edge);
}

/// e^(y^2) erfc(y) for 0 <= y <= 1e300. Within 3.5 ulp.
[[nodiscard]] MELITZ_LANES_INLINE pack erfcx(pack y) {
  // (1 + 9/8 y) erfcx(y) as a polynomial in u = (y - 4)/(y + 4), from tools/reference/lane_coefficients.py; even and
  // odd powers apart, so that two sums run side by side.
  pack const u = (y - 4) / (y + 4), w = u * u;
  pack even = all_of(9.3630925770313651487e-10);
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
  pack odd = all_of(4.7284038816725463937e-10);
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
