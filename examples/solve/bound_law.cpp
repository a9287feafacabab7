// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

#include <variant>

namespace melitz_solve {

// Apart from the reading of laws: computing with them takes far longer to compile.

namespace {

using mixture_law = melitz::mixture<melitz::family_law<double>>;

/// Where in a list the value stands that an error quotes: "[3]".
[[nodiscard]] std::string index_of(std::vector<double> const& list, std::string const& quoted) {
  for (std::size_t k = 0; k < list.size(); ++k) {
    if (melitz::detail::to_text(list[k]) == quoted) return '[' + std::to_string(k) + ']';
  }
  return "";
}

/// The library's complaint about a law, with the path of the key in front.
[[nodiscard]] input_error located(melitz::domain_error const& e, std::string const& path,
                                  std::vector<double> const* numbers, std::vector<double> const* weights) {
  std::string name = e.parameter();
  auto const blank = name.rfind(' ');
  std::string const last = blank == std::string::npos ? name : name.substr(blank + 1);
  if (blank == std::string::npos) {
    name = join(path, name);
    if (last == "values" && numbers != nullptr) name += index_of(*numbers, e.value());
    if (last == "weights" && weights != nullptr) name += index_of(*weights, e.value());
  } else if (last == "weights" || last == "values" || last == "components") {
    name = name.substr(0, blank + 1) + join(path, last);  // "number of distribution.values"
  } else {
    name = path + ": " + name;
  }
  return input_error(name + " is " + e.value() + "; it must " + e.restriction());
}

[[nodiscard]] input_error located(melitz::domain_error const& e, law const& what, double power,
                                  std::string const& path) {
  if (auto const* mixed = std::get_if<mixture_law>(&what)) {
    for (std::size_t k = 0; k < mixed->components.size(); ++k) {  // is it one of these?
      auto const& component = mixed->components[k];
      try {
        (void)melitz::tail_of(component, power);
      } catch (melitz::domain_error const& inner) {
        if (inner.what() != std::string_view(e.what())) continue;
        auto const* data = std::get_if<melitz::discrete<double>>(&component);
        return located(inner, path + ".components[" + std::to_string(k) + ']', data ? &data->values : nullptr,
                       data ? &data->weights : nullptr);
      }
    }
    return located(e, path, nullptr, &mixed->weights);
  }
  auto const* data = std::get_if<melitz::discrete<double>>(&what);
  return located(e, path, data ? &data->values : nullptr, data ? &data->weights : nullptr);
}

}  // namespace

law_tail const& bound_law::tail(double power) {
  if (!tail_ || tail_->power() != power) {
    try {
      tail_.emplace(melitz::tail_of(law_, power));
    } catch (melitz::domain_error const& e) {
      tail_.reset();
      throw located(e, law_, power, path_);
    }
  }
  return *tail_;
}

}  // namespace melitz_solve
