// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

#include <melitz/catalog/laws.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace melitz::python {

namespace {

using catalog::array;

[[nodiscard]] catalog::family const& family_at(std::size_t which) {
  auto const& all = catalog::families();
  if (which >= all.size()) throw domain_error("law", "family", std::to_string(which), "be the place of a family");
  return all[which];
}

template <density_law Law>
class truncated_law final : public law {
 public:
  explicit truncated_law(truncated<Law> given) : given_(std::move(given)) {}

 private:
  [[nodiscard]] erased_law<double> make(std::string const& path) const override {
    return catalog::detail::named(given_, path);
  }

  truncated<Law> given_;
};

class family_law_given final : public law {
 public:
  family_law_given(std::size_t which, std::vector<array> given)
      : which_(which), given_(std::move(given)), made_(family_at(which).make(given_)) {}

  [[nodiscard]] family_law<double> const& made() const { return made_; }
  [[nodiscard]] std::optional<catalog::law_by_name> by_name() const override {
    return catalog::law_by_name{std::string(family_at(which_).name), given_};
  }
  [[nodiscard]] std::shared_ptr<law> truncated_to(double lower, double upper) const override {
    return std::visit(
        [&](auto const& one) -> std::shared_ptr<law> {
          using type = std::remove_cvref_t<decltype(one)>;
          if constexpr (density_law<type>) {
            return std::make_shared<truncated_law<type>>(truncated<type>{one, lower, upper});
          } else {
            return law::truncated_to(lower, upper);
          }
        },
        made_);
  }

 private:
  [[nodiscard]] erased_law<double> make(std::string const& path) const override { return catalog::law_of(made_, path); }

  std::size_t which_;
  std::vector<array> given_;
  family_law<double> made_;
};

class mixture_given final : public law {
 public:
  explicit mixture_given(mixture<family_law<double>> given) : given_(std::move(given)) {}

 private:
  [[nodiscard]] erased_law<double> make(std::string const& path) const override {
    return catalog::law_of(given_, path);
  }

  mixture<family_law<double>> given_;
};

class density_given final : public law {
 public:
  explicit density_given(density_of_function given) : given_(std::move(given)) {}
  [[nodiscard]] std::shared_ptr<law> truncated_to(double lower, double upper) const override {
    return std::make_shared<truncated_law<density_of_function>>(truncated<density_of_function>{given_, lower, upper});
  }

 private:
  [[nodiscard]] erased_law<double> make(std::string const& path) const override {
    return catalog::detail::named(given_, path);
  }

  density_of_function given_;
};

}  // namespace

std::vector<family_told> const& families() {
  static std::vector<family_told> const table = [] {
    std::vector<family_told> out;
    for (auto const& f : catalog::families()) out.push_back({f.name, f.keys});
    return out;
  }();
  return table;
}

erased_law<double> law::erased(std::string const& path) {
  if (!last_ || last_path_ != path) {
    last_.emplace(make(path));
    last_path_ = path;
  }
  return *last_;
}

std::shared_ptr<law> law::truncated_to(double, double) const {
  throw domain_error("truncated", "law", "without a density", "be of a family with one, or made by from_log_density");
}

std::shared_ptr<law> law_of_family(std::size_t which, std::vector<array> given) {
  return std::make_shared<family_law_given>(which, std::move(given));
}

erased_law<double> erased_law_of_family(std::size_t which, std::vector<array> const& given, std::string const& path) {
  return catalog::law_of(family_at(which).make(given), path);
}

std::shared_ptr<law> mixture_of(std::vector<double> weights, std::vector<std::shared_ptr<law>> const& components) {
  mixture<family_law<double>> out{std::move(weights), {}};
  for (std::size_t k = 0; k < components.size(); ++k) {
    auto const* one = dynamic_cast<family_law_given const*>(components[k].get());
    if (one == nullptr) {
      throw domain_error("mixture", "components[" + std::to_string(k) + "]", "of no family",
                         "be a law of one of the families");
    }
    out.components.push_back(one->made());
  }
  return std::make_shared<mixture_given>(std::move(out));
}

std::shared_ptr<law> law_of_density(density_of_function density) {
  return std::make_shared<density_given>(std::move(density));
}

}  // namespace melitz::python
