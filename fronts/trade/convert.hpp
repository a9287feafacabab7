// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/json_input.hpp"

#include <melitz/error.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <string>
#include <vector>

// What is plain outside of run.cpp and world.cpp, as the library has it.

namespace melitz::front::detail {

/// The choice of an enumeration with to_string. @throws input_error
template <class Enum>
[[nodiscard]] Enum named(std::string const& word) {
  for (int k = 0; to_string(static_cast<Enum>(k)) != "unknown"; ++k) {
    if (to_string(static_cast<Enum>(k)) == word) return static_cast<Enum>(k);
  }
  throw input_error(word + " is no word for this");  // who reads documents has looked
}

[[nodiscard]] inline Eigen::VectorXd vector_of(std::vector<double> const& x) {
  return Eigen::Map<Eigen::VectorXd const>(x.data(), static_cast<Eigen::Index>(x.size()));
}
[[nodiscard]] inline Eigen::Index at(std::size_t k) { return static_cast<Eigen::Index>(k); }

[[nodiscard]] inline Eigen::MatrixXd matrix_of(std::vector<double> const& x, std::size_t rows, std::size_t columns) {
  return Eigen::Map<Eigen::MatrixXd const>(x.data(), at(rows), at(columns));
}

/// A mistake in the words of a document: without what the library calls the place.
[[nodiscard]] inline std::string words_of(melitz::domain_error const& e) {
  return e.parameter() + " is " + e.value() + "; it must " + e.restriction();
}

}  // namespace melitz::front::detail
