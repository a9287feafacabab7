// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"
#include "../document/settings.hpp"

#include <melitz/catalog/model.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace melitz::front {

/// A model in which some numbers take other values again and again. A copy has laws of its own, so that each of several
/// threads may have one.
class varied_model {
 public:
  /// @param names   as melitz-solve's --sweep takes them
  /// @param values  of each name, for as long as this and its copies live
  /// @throws input_error for what no element could do without: names, structure, types
  /// @pre there is a value of each
  varied_model(model_file file, std::vector<std::string> names, double const* const* values);

  /// The model as it was read, with the first values.
  [[nodiscard]] model_input const& input() const { return input_; }

  /// The model with the k-th values, until the next call. @throws input_error for what no law can be
  [[nodiscard]] model_input& at(std::size_t k);

  /// What moves, for the catalog's batches: elements begin to end - 1. Nothing where it is more than these know: an
  /// element of a parameter, a multiple, or a number of a law.
  [[nodiscard]] std::optional<std::vector<melitz::catalog::varied>> as_batch(std::size_t begin, std::size_t end) const;

  /// Binds the laws anew. An element that is solved then does not depend on which were solved before.
  void forget() { input_.laws = laws(); }

 private:
  [[nodiscard]] std::vector<law> laws() const;

  std::vector<std::string> names_;
  double const* const* values_;
  model_file file_;
  model_input input_;
  std::vector<std::optional<target>> targets_{};  ///< of each name, if it is a parameter; else it moves the law
  std::vector<array> base_;                       ///< the parameters before anything moves them
  bool law_moves_ = false;
};

}  // namespace melitz::front
