// SPDX-License-Identifier: BSL-1.0

// Ends with 0 if this processor is one of the kind named, else with 1.
//   this_is x86-64-v3

#include <string_view>

namespace {

bool this_is(std::string_view kind) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool const v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (kind == "x86-64-v3") return v3;
  if (kind == "x86-64-v4") {
    return v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512cd");
  }
#endif
  static_cast<void>(kind);
  return false;
}

}  // namespace

int main(int count, char** arguments) { return count == 2 && this_is(arguments[1]) ? 0 : 1; }
