// SPDX-License-Identifier: BSL-1.0

// Runs a program that was compiled for a kind of processor, if this is one; else says so and ends with 77, which ctest
// shows as skipped. It must not be compiled for that kind itself.
//   run x86-64-v3 program arguments...

#include <unistd.h>
#include <cstdio>
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

int main(int count, char** arguments) {
  if (count < 3) return 2;
  if (!this_is(arguments[1])) {
    std::printf("skipped: this processor is no %s\n", arguments[1]);
    return 77;
  }
  execv(arguments[2], arguments + 2);
  std::perror(arguments[2]);
  return 1;
}
