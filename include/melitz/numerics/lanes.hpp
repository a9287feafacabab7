// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

// Several doubles side by side in one register. The vector extension of g++ and clang: no library, any processor. Where
// a compiler lacks it MELITZ_HAS_LANES is 0, and whoever includes this computes one number at a time. Functions of them
// are in numerics/lane_functions.hpp, and numerics/widest_lanes.hpp takes the widest registers that the processor has.
//
// Everything is inlined without exception, and packs are passed by reference: how else such vectors are passed depends
// on the flags. Not xsimd: it would be a dependency for a dozen lines of arithmetic.

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

/// Doubles in a register, as far as the compiler's flags go. Whether the processor has wider ones is asked when a
/// program runs: numerics/widest_lanes.hpp.
#if defined(__AVX512F__)
inline constexpr std::size_t register_width = 8;
#elif defined(__AVX__)
inline constexpr std::size_t register_width = 4;
#else
inline constexpr std::size_t register_width = 2;
#endif

template <std::size_t Width>
struct registers;
template <>
struct registers<2> {
  typedef double doubles __attribute__((vector_size(16)));
  typedef std::uint64_t naturals __attribute__((vector_size(16)));
};
template <>
struct registers<4> {
  typedef double doubles __attribute__((vector_size(32)));
  typedef std::uint64_t naturals __attribute__((vector_size(32)));
};
template <>
struct registers<8> {
  typedef double doubles __attribute__((vector_size(64)));
  typedef std::uint64_t naturals __attribute__((vector_size(64)));
};

/// Where a comparison of eight doubles holds, a bit for each. The widest registers compare into bits; g++ turns them
/// into whole registers and back where it knows that it compiles for such registers, and elsewhere compares lane by
/// lane.
struct eight_bits {
  std::uint8_t bits;

  [[nodiscard]] MELITZ_LANES_INLINE bool operator[](std::size_t lane) const { return ((bits >> lane) & 1) != 0; }
  [[nodiscard]] MELITZ_LANES_INLINE eight_bits operator&(eight_bits b) const {
    return {static_cast<std::uint8_t>(bits & b.bits)};
  }
  [[nodiscard]] MELITZ_LANES_INLINE eight_bits operator|(eight_bits b) const {
    return {static_cast<std::uint8_t>(bits | b.bits)};
  }
  [[nodiscard]] MELITZ_LANES_INLINE eight_bits operator~() const { return {static_cast<std::uint8_t>(~bits)}; }
};

#if defined(__x86_64__) && !defined(__clang__)
#define MELITZ_LANES_BITS 1
// g++ knows the instructions by name from the first function on that is compiled for them.
__attribute__((target("avx512f"))) inline void know_wide_instructions() {}
#else
#define MELITZ_LANES_BITS 0
#endif

#if MELITZ_LANES_BITS
template <class Register>
inline constexpr bool gives_bits = std::is_same_v<Register, registers<8>::doubles>;
#define MELITZ_LANES_COMPARE(a, b, number) \
  eight_bits { static_cast<std::uint8_t>(__builtin_ia32_cmppd512_mask(a, b, number, 255, 4)) }
#else
template <class Register>
inline constexpr bool gives_bits = false;
#define MELITZ_LANES_COMPARE(a, b, number) \
  eight_bits {}
#endif

/// Two registers side by side: while one waits for its last step the processor works on the other. With one a sweep
/// takes 13 to 28 % longer. (The compilers' own vectors of twice the width do not help: with g++ 12 a sweep takes twice
/// as long.)
template <class Register>
struct two_registers {
  static constexpr std::size_t register_width = std::is_same_v<Register, eight_bits> ? 8 : sizeof(Register) / 8;
  static constexpr std::size_t width = 2 * register_width;

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
template <std::size_t RegisterWidth>
using pack_of = two_registers<typename registers<RegisterWidth>::doubles>;

/// What comparing two packs gives: integers, all of whose bits are set where it holds and none where it does not; or
/// eight_bits.
template <class Pack>
using mask_of = decltype(Pack{} < Pack{});

/// What a lane holds.
template <class Register>
using element = std::remove_cvref_t<decltype(Register{}[0])>;

#define MELITZ_LANES_OPERATOR(op)                                                                            \
  template <class R>                                                                                         \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> const& a, two_registers<R> const& b) { \
    return two_registers<decltype(a.low op b.low)>{a.low op b.low, a.high op b.high};                        \
  }                                                                                                          \
  template <class R>                                                                                         \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> const& a, element<R> b) {              \
    return two_registers<decltype(a.low op b)>{a.low op b, a.high op b};                                     \
  }                                                                                                          \
  template <class R>                                                                                         \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(element<R> a, two_registers<R> const& b) {              \
    return two_registers<decltype(a op b.low)>{a op b.low, a op b.high};                                     \
  }
#define MELITZ_LANES_UPDATING_OPERATOR(op)                                       \
  MELITZ_LANES_OPERATOR(op)                                                      \
  template <class R, class Other>                                                \
  MELITZ_LANES_INLINE void operator op##=(two_registers<R>& a, Other const& b) { \
    a = a op b;                                                                  \
  }
// The number is the instruction's name for it.
#define MELITZ_LANES_COMPARISON(op, number)                                                                  \
  template <class R>                                                                                         \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> const& a, two_registers<R> const& b) { \
    if constexpr (gives_bits<R>) {                                                                           \
      return two_registers<eight_bits>{MELITZ_LANES_COMPARE(a.low, b.low, number),                           \
                                       MELITZ_LANES_COMPARE(a.high, b.high, number)};                        \
    } else {                                                                                                 \
      return two_registers<decltype(a.low op b.low)>{a.low op b.low, a.high op b.high};                      \
    }                                                                                                        \
  }                                                                                                          \
  template <class R>                                                                                         \
  [[nodiscard]] MELITZ_LANES_INLINE auto operator op(two_registers<R> const& a, element<R> b) {              \
    return a op all_of<two_registers<R>>(b);                                                                 \
  }
MELITZ_LANES_UPDATING_OPERATOR(+)
MELITZ_LANES_UPDATING_OPERATOR(-)
MELITZ_LANES_UPDATING_OPERATOR(*)
MELITZ_LANES_UPDATING_OPERATOR(/)
MELITZ_LANES_UPDATING_OPERATOR(&)
MELITZ_LANES_UPDATING_OPERATOR(|)
MELITZ_LANES_OPERATOR(<<)
MELITZ_LANES_OPERATOR(>>)

/// The same number in every lane.
template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE Pack all_of(double x) {
  return Pack{} + x;
}

MELITZ_LANES_COMPARISON(<, 17)
MELITZ_LANES_COMPARISON(<=, 18)
MELITZ_LANES_COMPARISON(>, 30)
MELITZ_LANES_COMPARISON(>=, 29)
MELITZ_LANES_COMPARISON(==, 0)
MELITZ_LANES_COMPARISON(!=, 4)
#undef MELITZ_LANES_COMPARISON
#undef MELITZ_LANES_COMPARE
#undef MELITZ_LANES_UPDATING_OPERATOR
#undef MELITZ_LANES_OPERATOR

template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> operator-(two_registers<R> const& x) {
  return {-x.low, -x.high};
}
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> operator~(two_registers<R> const& x) {
  return {~x.low, ~x.high};
}

/// As many numbers from `p` on as there are lanes.
template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE Pack load(double const* p) {
  Pack x;
  std::memcpy(&x.low, p, sizeof x.low);
  std::memcpy(&x.high, p + Pack::register_width, sizeof x.high);
  return x;
}
template <class R>
MELITZ_LANES_INLINE void store(double* p, two_registers<R> const& x) {
  std::memcpy(p, &x.low, sizeof x.low);
  std::memcpy(p + two_registers<R>::register_width, &x.high, sizeof x.high);
}

/// The first of `count` numbers from `p` on, of which there is at least one; in lanes behind the last, that again.
template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE Pack load_first(double const* p, std::size_t count) {
  if (count >= Pack::width) [[likely]]
    return load<Pack>(p);
  double padded[Pack::width];
  for (std::size_t k = 0; k < Pack::width; ++k) padded[k] = p[k < count ? k : count - 1];
  return load<Pack>(padded);
}
/// The first `count` lanes.
template <class R>
MELITZ_LANES_INLINE void store_first(double* p, std::size_t count, two_registers<R> const& x) {
  if (count >= two_registers<R>::width) [[likely]] {
    store(p, x);
  } else {
    for (std::size_t k = 0; k < count; ++k) p[k] = x[k];
  }
}

/// The same bits read as something else.
template <class To, class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<To> same_bits(two_registers<R> const& x) {
  return {(To)x.low, (To)x.high};  // between registers a cast keeps the bits
}
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE auto bits_of(two_registers<R> const& x) {
  return same_bits<typename registers<sizeof(R) / 8>::naturals>(x);
}
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE auto from_bits(two_registers<R> const& x) {
  return same_bits<typename registers<sizeof(R) / 8>::doubles>(x);
}

/// Lane by lane a where the condition holds, else b. Both are computed.
template <class M, class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> select(two_registers<M> const& condition, two_registers<R> const& a,
                                                          two_registers<R> const& b) {
  if constexpr (std::is_same_v<M, eight_bits>) {
#if MELITZ_LANES_BITS
// It would warn that such a register is passed otherwise where the flags know it; what is inlined passes none.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
    return {__builtin_ia32_blendmpd_512_mask(b.low, a.low, condition.low.bits),
            __builtin_ia32_blendmpd_512_mask(b.high, a.high, condition.high.bits)};
#pragma GCC diagnostic pop
#endif
  } else {
    return {condition.low ? a.low : b.low, condition.high ? a.high : b.high};
  }
}

/// Whether any lane of a register of integers is negative.
template <class M>
[[nodiscard]] MELITZ_LANES_INLINE bool any_negative(M const& x) {
  // The instruction that gathers the lanes' signs, where the compiler does not find it by itself. It knows those of the
  // flags only, so the wider registers of numerics/widest_lanes.hpp are first folded.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  typedef long long wide __attribute__((vector_size(64)));
  return __builtin_ia32_cvtq2mask512((wide)x) != 0;
#else
  if constexpr (sizeof(M) == 16) {
#if defined(__SSE2__)
    return __builtin_ia32_movmskpd((registers<2>::doubles)x) != 0;
#else
    return static_cast<std::int64_t>(x[0] | x[1]) < 0;
#endif
#if defined(__AVX__)
  } else if constexpr (sizeof(M) == 32) {
    return __builtin_ia32_movmskpd256((registers<4>::doubles)x) != 0;
#endif
  } else {
    typename registers<sizeof(M) / 16>::naturals half[2];
    std::memcpy(half, &x, sizeof x);
    return any_negative(half[0] | half[1]);
  }
#endif
}
template <class M>
[[nodiscard]] MELITZ_LANES_INLINE bool any(two_registers<M> const& condition) {
  if constexpr (std::is_same_v<M, eight_bits>) {
    return (condition.low | condition.high).bits != 0;
  } else {
    return any_negative(condition.low | condition.high);
  }
}
template <class M>
[[nodiscard]] MELITZ_LANES_INLINE bool all(two_registers<M> const& condition) {
  return !any(~condition);
}

template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> abs(two_registers<R> const& x) {
  return from_bits(bits_of(x) & std::uint64_t{0x7fff'ffff'ffff'ffff});
}
/// The larger of two; b where either is NaN.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> larger(two_registers<R> const& a, two_registers<R> const& b) {
  return select(a > b, a, b);
}
/// The smaller of two; b where either is NaN.
template <class R>
[[nodiscard]] MELITZ_LANES_INLINE two_registers<R> smaller(two_registers<R> const& a, two_registers<R> const& b) {
  return select(a < b, a, b);
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
