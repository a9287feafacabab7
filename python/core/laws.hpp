// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include "density.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace melitz::python {

/// A family of laws and what it wants.
struct family_told {
  std::string_view name;
  std::vector<catalog::parameter> keys;
};
[[nodiscard]] std::vector<family_told> const& families();

/// A law as a user made it: it becomes the catalog's when it is known what errors call it.
class law {
 public:
  virtual ~law() = default;

  /// @param path  what stands before a place in errors: "distribution", "distribution[2]"
  /// One and the same for one path, so that what it tabulates is kept from solve to solve.
  [[nodiscard]] erased_law<double> erased(std::string const& path);
  /// By name, for derivatives; nothing of what is of no family.
  [[nodiscard]] virtual std::optional<catalog::law_by_name> by_name() const { return std::nullopt; }
  /// The same, conditional on productivity in [lower, upper]. @throws domain_error where it has no density
  [[nodiscard]] virtual std::shared_ptr<law> truncated_to(double lower, double upper) const;

 private:
  [[nodiscard]] virtual erased_law<double> make(std::string const& path) const = 0;

  std::string last_path_{};
  std::optional<erased_law<double>> last_{};
};

/// @param given  in the order of the keys of the family at this place
[[nodiscard]] std::shared_ptr<law> law_of_family(std::size_t which, std::vector<catalog::array> given);
/// The same with numbers that change, for batches: nothing is kept.
[[nodiscard]] erased_law<double> erased_law_of_family(std::size_t which, std::vector<catalog::array> const& given,
                                                      std::string const& path);
/// @param components  laws of families. @throws domain_error where one is none
[[nodiscard]] std::shared_ptr<law> mixture_of(std::vector<double> weights,
                                              std::vector<std::shared_ptr<law>> const& components);
[[nodiscard]] std::shared_ptr<law> law_of_density(density_of_function density);

}  // namespace melitz::python
