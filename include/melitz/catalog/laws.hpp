// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/from_tables.hpp>
#include <melitz/catalog/law_error.hpp>
#include <melitz/numerics/visit_held.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/quadrature.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// The laws of the catalog, by name. A law is bound through one erased tail, so that one more compiles no model again.

namespace melitz::catalog {

namespace detail {

/// Where in a list the value stands that an error quotes: "[3]".
[[nodiscard]] inline std::string index_of(std::vector<double> const& list, std::string const& quoted) {
  for (std::size_t k = 0; k < list.size(); ++k) {
    if (to_text(list[k]) == quoted) return '[' + std::to_string(k) + ']';
  }
  return "";
}

/// The place within the law that an error of binding it to this power is about.
template <class Law>
[[nodiscard]] std::string place_in(Law const& law, double power, domain_error const& e) {
  auto out = e.parameter();
  if constexpr (requires { law.components; }) {
    for (std::size_t k = 0; k < law.components.size(); ++k) {  // is it one of these?
      try {
        (void)tail_of(law.components[k], power);
      } catch (domain_error const& inner) {
        if (inner.what() != std::string_view(e.what())) continue;
        return "components[" + std::to_string(k) + "]." +
               detail::visit_held([&](auto const& c) { return place_in(c, power, e); }, law.components[k]);
      }
    }
  }
  if constexpr (requires { law.weights; }) {
    if (out == "weights") out += index_of(law.weights, e.value());
  }
  if constexpr (requires { law.values; }) {
    if (out == "values") out += index_of(law.values, e.value());
  }
  return out;
}

/// "distribution" and "scale" make "distribution.scale"; what is said of a list goes before: "number of
/// distribution.values".
[[nodiscard]] inline std::string after_path(std::string const& path, std::string const& place) {
  if (path.empty()) return place;
  auto const blank = place.rfind(' ');
  if (blank == std::string::npos) return path + '.' + place;
  auto const last = place.substr(blank + 1);
  bool const of_list = last == "weights" || last == "values" || last == "components";
  return of_list ? place.substr(0, blank + 1) + path + '.' + last : path + ": " + place;
}

/// A law whose errors say where in it they are. It keeps its last tail for as long as the power stays the same, and
/// tabulates what can be tabulated when it is asked for the second time.
template <productivity_law Law>
class named_law final : public law_behind<double> {
 public:
  named_law(Law law, std::string path) : behind_(std::move(law)), path_(std::move(path)) {}

  [[nodiscard]] erased_tail<double> tail(double const& power, bool once) const override {
    std::lock_guard const lock(mutex_);
    bool const again = last_ && last_->power() == power;
    if (again && (!last_once_ || once_tail_is_the_same)) return *last_;
    last_once_ = once && !again;
    try {
      last_.emplace(behind_.tail(power, last_once_));
    } catch (domain_error const& e) {
      last_.reset();
      throw law_error(e, after_path(path_, place_in(behind_.law, power, e)));
    }
    return *last_;
  }
  [[nodiscard]] double pareto_shape() const override { return behind_.pareto_shape(); }
  [[nodiscard]] double power_for_survival() const override { return behind_.power_for_survival(); }

 private:
  static constexpr bool once_tail_is_the_same = !requires(Law const& law) {
    make_tail_for_one_solve(tail_of_law{}, law, 1.0);
  };

  any_law_behind<Law> behind_;
  std::string path_;
  mutable std::mutex mutex_{};
  mutable std::optional<erased_tail<double>> last_{};
  mutable bool last_once_ = false;
};

template <class Law>
[[nodiscard]] erased_law<double> named(Law law, std::string path) {
  return erased_law<double>(std::make_shared<named_law<Law>>(std::move(law), std::move(path)));
}

}  // namespace detail

/// A family of laws by its parameters.
struct family {
  std::string_view name;
  std::vector<parameter> keys{};
  /// @param given  in the order of the keys; none for what is left out
  family_law<double> (*make)(std::vector<array> const& given) = nullptr;
};

namespace detail {

template <class Law>
[[nodiscard]] family family_of() {
  family out{.name = Law::name, .keys = parameters_of<Law>()};
  out.make = [](std::vector<array> const& given) -> family_law<double> {
    Law law{};
    std::size_t k = 0;
    for_each_parameter<Law>([&](auto const&, auto const& access, std::string_view, bool) {
      auto const& numbers = given.at(k++).numbers;
      auto& member = access(law);
      if constexpr (real<std::remove_cvref_t<decltype(member)>>) {
        if (!numbers.empty()) member = numbers[0];
      } else {
        member = numbers;
      }
    });
    return law;
  };
  return out;
}

template <class... Laws>
[[nodiscard]] std::vector<family> families_of(std::type_identity<std::variant<Laws...>>) {
  return {family_of<Laws>()...};
}

}  // namespace detail

/// Every family but mixtures, which are made of these.
[[nodiscard]] inline std::vector<family> const& families() {
  static std::vector<family> const table = detail::families_of(std::type_identity<family_law<double>>{});
  return table;
}

/// A law of one family, or a mixture of laws of any families. Its numbers are checked when a model is solved: a
/// law_error then names the place of the wrong one.
/// @param path  what stands before that place: "distribution"
/// @{
[[nodiscard]] inline erased_law<double> law_of(family_law<double> const& given, std::string const& path = "") {
  return detail::visit_held([&](auto const& law) { return detail::named(law, path); }, given);
}
[[nodiscard]] inline erased_law<double> law_of(mixture<family_law<double>> given, std::string const& path = "") {
  return detail::named(std::move(given), path);
}
/// @}

/// A law by a function: the log density of log productivity, which integrates to one, and its bounds.
struct density_function {
  std::function<double(double)> log_density_of;
  double lower, upper;  ///< bounds of log productivity

  [[nodiscard]] double log_density(double t) const { return log_density_of(t); }
  [[nodiscard]] double log_lower_bound() const { return lower; }
  [[nodiscard]] double log_upper_bound() const { return upper; }
};
[[nodiscard]] inline erased_law<double> law_of(density_function given, std::string const& path = "") {
  return detail::named(std::move(given), path);
}

}  // namespace melitz::catalog
