// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/lanes.hpp>

#include <cstddef>
#include <cstdlib>
#include <string_view>

// Kernels compiled for each kind of processor, of which the widest that there is runs: what is compiled without flags
// is as fast as with -march=native. With flags for the widest registers, and where compilers cannot do it, there is one
// kernel, for the flags.
//
// A kernel is a template of the kind of lanes. The only functions that say what they are compiled for are the three
// below: everything that they call with lanes in its hands must be inlined without exception, lambdas too, or it is
// compiled for the flags. What they call else, a user's function say, is compiled once, for the flags.
//
// Not on Windows, where g++ does not align wide registers on the stack. Not target_clones either: it does not reach
// into templates, nor does clang 14 have it.

#if MELITZ_HAS_LANES && defined(__x86_64__) && !defined(_WIN32)
#if !defined(__AVX512F__)
#define MELITZ_LANES_EIGHT __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#endif
#if !defined(__AVX__)
#define MELITZ_LANES_FOUR __attribute__((target("avx2,fma")))
#endif
#endif

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {

/// How many doubles a register of this processor, and its system, holds.
[[nodiscard]] inline std::size_t processor_width() {
#if defined(__x86_64__) && !defined(_WIN32)
  __builtin_cpu_init();  // kernels may run before main
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 2;
  bool const eight = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return eight ? 8 : 4;
#else
  return 2;
#endif
}

/// What MELITZ_REGISTER_WIDTH in the environment asks for, at most; without it all that there is.
/// @throws domain_error for what is not 2, 4 or 8
[[nodiscard]] inline std::size_t asked_width() {
  char const* const asked = std::getenv("MELITZ_REGISTER_WIDTH");
  if (asked == nullptr || *asked == '\0') return 8;
  std::string_view const width = asked;
  if (width == "2") return 2;
  if (width == "4") return 4;
  if (width == "8") return 8;
  throw domain_error("environment", "MELITZ_REGISTER_WIDTH", asked, "be 2, 4 or 8");
}

[[nodiscard]] inline std::size_t smaller_width(std::size_t a, std::size_t b) { return a < b ? a : b; }

/// Chosen at the first use. To be read and written atomically, as below: <atomic> would be a thousand lines.
[[nodiscard]] inline std::size_t& width_to_choose() {
  static std::size_t width = smaller_width(processor_width(), asked_width());
  return width;
}
[[nodiscard]] inline std::size_t chosen_width() { return __atomic_load_n(&width_to_choose(), __ATOMIC_RELAXED); }

/// From now on no kernel takes registers of more than `most` doubles, in the whole program: for tests. Users have the
/// variable MELITZ_REGISTER_WIDTH.
inline void limit_register_width(std::size_t most) {
  __atomic_store_n(&width_to_choose(), smaller_width(processor_width(), most), __ATOMIC_RELAXED);
}

/// What a kernel sees of a function of its user's: not the type, for each of which it would be compiled once more.
template <class Result, class... Arguments>
class reference_to_function {
 public:
  template <class F>
  explicit reference_to_function(F const& f)
      : object_(&f),
        call_([](void const* object, Arguments... a) -> Result { return (*static_cast<F const*>(object))(a...); }) {}

  Result operator()(Arguments... a) const { return call_(object_, a...); }

 private:
  void const* object_;
  Result (*call_)(void const*, Arguments...);
};

inline namespace MELITZ_LANES_NAMESPACE {

// What follows in narrow registers takes ten times as long while the wide ones hold something. Compilers see to that when
// they optimise; g++ does not below -O2.
#if defined(MELITZ_LANES_EIGHT)
template <class Kernel>
MELITZ_LANES_EIGHT void run_in_eight(Kernel const& kernel) {
  kernel.template operator()<pack_of<8>>();
  __builtin_ia32_vzeroupper();
}
#endif
#if defined(MELITZ_LANES_FOUR)
template <class Kernel>
MELITZ_LANES_FOUR void run_in_four(Kernel const& kernel) {
  kernel.template operator()<pack_of<4>>();
  __builtin_ia32_vzeroupper();
}
#endif

template <class Kernel>
__attribute__((noinline)) void run_in_own(Kernel const& kernel) {
  kernel.template operator()<pack_of<register_width>>();
}

/// How many doubles a register of the next kernel holds.
[[nodiscard]] inline std::size_t width_in_use() {
  std::size_t const width = chosen_width();
#if defined(MELITZ_LANES_EIGHT)
  if (width == 8) return 8;
#endif
#if defined(MELITZ_LANES_FOUR)
  if (width >= 4) return 4;
#endif
  static_cast<void>(width);
  return register_width;
}

/// kernel.operator()<Pack>() for the widest lanes.
///
/// A kernel is compiled once for each width and type: one that names only what its loops are about, and neither the
/// model nor the law that a user put around them, keeps their number small.
template <class Kernel>
void in_widest(Kernel const& kernel) {
  switch (width_in_use()) {
#if defined(MELITZ_LANES_EIGHT)
    case 8:
      return run_in_eight(kernel);
#endif
#if defined(MELITZ_LANES_FOUR)
    case 4:
      return run_in_four(kernel);
#endif
    default:
      return run_in_own(kernel);
  }
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
