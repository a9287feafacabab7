// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/gradient.hpp>

#include <Eigen/Core>
#include <concepts>
#include <cstddef>
#include <limits>

// Makes gradient<N> a number of Eigen, so that worlds can be solved with derivatives. Include it before their headers.
// Needs Eigen: CMake target melitz::world.

namespace Eigen {

/// What Eigen asks of a number; its limits are those of the value.
template <std::size_t N, std::floating_point Value>
struct NumTraits<melitz::gradient<N, Value>> : GenericNumTraits<Value> {
  using Real = melitz::gradient<N, Value>;
  using NonInteger = Real;
  using Nested = Real;
  using Literal = Value;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = N + 1,
    AddCost = N + 1,
    MulCost = 2 * N + 1
  };

  [[nodiscard]] static Real epsilon() { return Real(std::numeric_limits<Value>::epsilon()); }
  [[nodiscard]] static Real dummy_precision() { return Real(NumTraits<Value>::dummy_precision()); }
  [[nodiscard]] static Real highest() { return Real((std::numeric_limits<Value>::max)()); }
  [[nodiscard]] static Real lowest() { return Real(std::numeric_limits<Value>::lowest()); }
};

/// What comes of one and a constant.
template <std::size_t N, std::floating_point Value, class Operation>
struct ScalarBinaryOpTraits<melitz::gradient<N, Value>, Value, Operation> {
  using ReturnType = melitz::gradient<N, Value>;
};

/// What comes of a constant and one.
template <std::size_t N, std::floating_point Value, class Operation>
struct ScalarBinaryOpTraits<Value, melitz::gradient<N, Value>, Operation> {
  using ReturnType = melitz::gradient<N, Value>;
};

}  // namespace Eigen
