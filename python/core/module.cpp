// SPDX-License-Identifier: BSL-1.0
//
// melitz._core: the catalog for Python, nothing more. What a user sees is made of it in Python; see ../melitz.

#include "batch.hpp"
#include "convert.hpp"
#include "laws.hpp"
#include "policy.hpp"

#include <catalog/models.hpp>
#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/law_error.hpp>
#include <melitz/version.hpp>

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

namespace melitz::python {
namespace {

using catalog::answer;
using catalog::array;
using catalog::model;
using front::models;

using shared_law = std::shared_ptr<law>;

/// The one at this place. @throws domain_error where there is none
[[nodiscard]] model const& model_at(std::size_t k) {
  if (k >= models().size()) throw domain_error("melitz", "model", std::to_string(k), "be the place of a model");
  return models()[k];
}

/// A model's answer, whose values become Python's when they are asked for.
struct solved {
  model const* what;
  answer reply;

  [[nodiscard]] py::object value_at(std::size_t place) const {
    auto const& x = reply.values.at(place);
    if (auto const* number = std::get_if<double>(&x)) return py::float_(*number);
    if (auto const* yes = std::get_if<bool>(&x)) return py::bool_(*yes);
    if (auto const* word = std::get_if<std::string_view>(&x)) return py::str(std::string(*word));
    auto const& table = std::get<array>(x);
    return to_numpy(table.numbers, shape_of(table, what->results.at(place).indices));
  }
};

/// (law, path)
[[nodiscard]] std::vector<erased_law<double>> to_laws(py::handle given) {
  std::vector<erased_law<double>> out;
  for (auto const one : given) {
    auto const pair = py::cast<py::tuple>(one);
    out.push_back(py::cast<shared_law>(pair[0])->erased(py::cast<std::string>(pair[1])));
  }
  return out;
}
[[nodiscard]] std::vector<catalog::law_by_name> to_laws_by_name(py::handle given) {
  std::vector<catalog::law_by_name> out;
  for (auto const one : given) {
    auto const pair = py::cast<py::tuple>(one);
    auto found = py::cast<shared_law>(pair[0])->by_name();
    if (!found) {
      throw domain_error("derivatives", py::cast<std::string>(pair[1]), "of no family",
                         "be a law of one of the families");
    }
    out.push_back(std::move(*found));
  }
  return out;
}

/// [(place, numbers)]
[[nodiscard]] std::vector<std::pair<std::size_t, std::vector<double>>> to_moved(py::handle given) {
  std::vector<std::pair<std::size_t, std::vector<double>>> out;
  for (auto const one : given) {
    auto const pair = py::cast<py::tuple>(one);
    out.emplace_back(py::cast<std::size_t>(pair[0]), to_numbers(pair[1]));
  }
  return out;
}

/// @param options  threads, max_evaluations, count, progress
[[nodiscard]] batch_input to_batch(std::size_t which, py::handle given, py::handle moved, py::handle laws,
                                   py::handle moved_laws, py::dict const& options) {
  batch_input out{.what = &model_at(which), .given = to_arrays(given), .moved = {}, .laws = to_laws(laws)};
  for (auto& [place, values] : to_moved(moved)) out.moved.push_back({place, std::move(values)});
  for (auto const one : moved_laws) {
    auto const t = py::cast<py::tuple>(one);
    out.moved_laws.push_back({py::cast<std::size_t>(t[0]), py::cast<std::size_t>(t[1]), py::cast<std::string>(t[2]),
                              to_arrays(t[3]), to_moved(t[4])});
  }
  out.count = py::cast<std::size_t>(options["count"]);
  out.threads = py::cast<int>(options["threads"]);
  out.max_evaluations = py::cast<int>(options["max_evaluations"]);
  py::object const progress = options["progress"];
  if (!progress.is_none()) out.progress = [progress](std::size_t done) { progress(done); };
  auto const as_long = [&](auto const& values) { return values.size() == out.count; };
  bool right = std::all_of(out.moved.begin(), out.moved.end(), [&](auto const& m) { return as_long(m.values); });
  for (auto const& m : out.moved_laws) {
    for (auto const& key : m.keys) right = right && as_long(key.second);
  }
  if (!right) throw py::value_error("what moves is not as long as it says");
  return out;
}

[[nodiscard]] py::list status_words(std::vector<status> const& reason) {
  py::list out;
  for (auto const s : reason) out.append(std::string(to_string(s)));
  return out;
}
[[nodiscard]] py::array_t<std::uint8_t> status_codes(std::vector<status> const& reason) {
  py::array_t<std::uint8_t> out(static_cast<py::ssize_t>(reason.size()));
  std::transform(reason.begin(), reason.end(), out.mutable_data(),
                 [](status s) { return static_cast<std::uint8_t>(s); });
  return out;
}

[[nodiscard]] py::list told_models() {
  py::list out;
  for (auto const& m : models()) {
    py::list results;
    for (auto const& r : m.results) {
      py::dict one;
      one["name"] = r.name;
      one["part"] = static_cast<int>(r.part);
      one["unit"] = r.unit;
      one["symbol"] = r.symbol;
      one["equation"] = r.equation;
      one["indices"] = py::make_tuple(word_for(r.indices.rows), word_for(r.indices.columns));
      one["by_sector"] = r.by_sector;
      results.append(one);
    }
    py::dict one;
    one["name"] = m.name;
    one["title"] = m.title;
    one["laws"] = static_cast<int>(m.laws);
    one["example_law"] = m.example_law;
    one["example_change"] = m.example_change;
    one["parameters"] = to_dicts(m.parameters);
    one["results"] = results;
    one["targets"] = to_dicts(m.targets);
    py::dict has;
    has["firms"] = static_cast<bool>(m.firms);
    has["derivatives"] = static_cast<bool>(m.differentiate);
    has["gains_from_trade"] = static_cast<bool>(m.gains_from_trade);
    has["curves"] = static_cast<bool>(m.curves);
    has["fates"] = static_cast<bool>(m.fates);
    has["calibrate"] = static_cast<bool>(m.calibrate);
    one["has"] = has;
    out.append(one);
  }
  return out;
}

[[nodiscard]] py::list told_families() {
  py::list out;
  for (auto const& f : families()) {
    py::dict one;
    one["name"] = f.name;
    one["keys"] = to_dicts(f.keys);
    out.append(one);
  }
  return out;
}

/// A member of the model. @throws domain_error where it has none
template <class Member>
[[nodiscard]] Member const& wanted(model const& what, Member const& member, char const* of) {
  if (!member) throw domain_error(of, "model", what.name, std::string("be one that has ") + of);
  return member;
}

void throw_to_python(std::exception_ptr const p) {
  auto const raise = [](char const* name, auto const&... arguments) {
    auto const type = py::module_::import("melitz._errors").attr(name);
    PyErr_SetObject(type.ptr(), type(arguments...).ptr());
  };
  try {
    std::rethrow_exception(p);
  } catch (catalog::law_error const& e) {
    raise("DomainError", e.where(), e.value(), e.restriction());
  } catch (domain_error const& e) {
    raise("DomainError", e.parameter(), e.value(), e.restriction(), std::string(e.what()));
  } catch (convergence_error const& e) {
    raise("ConvergenceError", std::string(to_string(e.reason())), std::string(e.what()));
  }
}

void bind_laws(py::module_& m) {
  py::class_<law, shared_law>(m, "Law").def("truncated_to", &law::truncated_to).def("has_family", [](law const& l) {
    return l.by_name().has_value();
  });
  m.def("families", &told_families);
  m.def("law_of_family",
        [](std::size_t which, py::list const& given) { return law_of_family(which, to_arrays(given)); });
  m.def("mixture", &mixture_of);
  m.def("law_of_density", [](py::function f, double lower, double upper, std::vector<double> breakpoints) {
    // Whoever lets go of the function last need not hold Python's lock.
    std::shared_ptr<py::function> const kept(new py::function(std::move(f)), [](py::function* p) {
      py::gil_scoped_acquire const acquired;
      delete p;
    });
    auto const many = [kept](std::vector<double> const& t) {
      py::gil_scoped_acquire const acquired;
      return to_numbers((*kept)(to_numpy(t, {t.size()})));
    };
    return law_of_density(
        {std::make_shared<tabulated_function>(many, lower, upper, breakpoints), lower, upper, breakpoints});
  });
}

void bind_solves(py::module_& m) {
  py::class_<solved>(m, "Answer")
      .def_property_readonly("status", [](solved const& s) { return std::string(to_string(s.reply.reason)); })
      .def_property_readonly("converged", [](solved const& s) { return s.reply.reason == status::converged; })
      .def_property_readonly("detail", [](solved const& s) { return std::string(s.reply.detail); })
      .def_property_readonly("warnings", [](solved const& s) { return s.reply.warnings; })
      .def("value", &solved::value_at);
  m.def("solve", [](std::size_t which, py::list const& given, py::list const& laws, int max_evaluations) {
    auto const& what = model_at(which);
    auto const numbers = to_arrays(given);
    auto const drawn = to_laws(laws);
    py::gil_scoped_release const released;
    return solved{&what, what.solve(numbers, drawn, {.max_evaluations = max_evaluations})};
  });
  m.def("solve_batch", [](std::size_t which, py::list const& given, py::list const& moved, py::list const& laws,
                          py::list const& moved_laws, std::vector<std::size_t> const& places, py::dict const& options) {
    auto const input = to_batch(which, given, moved, laws, moved_laws, options);
    auto out = solve_batch(input, places);
    py::list columns;
    for (auto& c : out.columns) {
      if (c.what == column::kind::word) {
        py::list words;
        for (auto const word : c.words) words.append(std::string(word));
        columns.append(py::make_tuple("word", words));
        continue;
      }
      auto shape = c.shape;
      shape.insert(shape.begin(), input.count);
      columns.append(py::make_tuple(c.what == column::kind::number ? "number" : "yes_or_no",
                                    to_numpy(std::move(c.numbers), shape)));
    }
    return py::make_tuple(status_codes(out.reason), columns);
  });
  m.def("differentiate_batch", [](std::size_t which, py::list const& given, py::list const& moved, py::list const& laws,
                                  py::list const& moved_laws, std::vector<std::string> const& results,
                                  std::vector<std::string> const& parameters, py::dict const& options) {
    auto const input = to_batch(which, given, moved, py::list(), moved_laws, options);
    (void)wanted(*input.what, input.what->differentiate, "derivatives");
    auto out = differentiate_batch(input, to_laws_by_name(laws), results, parameters);
    return py::make_tuple(status_codes(out.reason), to_numpy(std::move(out.values), {input.count, results.size()}),
                          to_numpy(std::move(out.table), {input.count, results.size(), parameters.size()}));
  });
  m.def("compare", [](solved const& before, solved const& after) {
    py::list out;
    for (auto const& change : catalog::compare(*before.what, before.reply, after.reply).aggregates) {
      out.append(py::make_tuple(change.name, change.before, change.after, change.difference(), change.percent()));
    }
    return out;
  });
  m.def("statuses", [] {
    std::vector<status> all;
    for (int k = 0; to_string(static_cast<status>(k)) != "unknown"; ++k) all.push_back(static_cast<status>(k));
    return status_words(all);
  });
}

void bind_the_rest(py::module_& m) {
  m.def("gains_from_trade", [](std::size_t which, py::list const& given, py::list const& laws, int max_evaluations) {
    auto const& what = model_at(which);
    auto const& f = wanted(what, what.gains_from_trade, "gains_from_trade");
    auto const numbers = to_arrays(given);
    auto const drawn = to_laws(laws);
    auto const found = [&] {
      py::gil_scoped_release const released;
      return f(numbers, drawn, {.max_evaluations = max_evaluations});
    }();
    return to_numpy(found.numbers, {found.numbers.size()});
  });
  m.def("curves",
        [](std::size_t which, py::list const& given, py::list const& laws, std::vector<double> const& cutoffs) {
          auto const& what = model_at(which);
          auto const& f = wanted(what, what.curves, "curves");
          auto const numbers = to_arrays(given);
          auto const drawn = to_laws(laws);
          auto const found = [&] {
            py::gil_scoped_release const released;
            return f(numbers, drawn, cutoffs);
          }();
          using point = catalog::conditions_at_cutoff;
          py::dict out;
          auto const add = [&](char const* name, double point::*member) {
            std::vector<double> column;
            for (auto const& one : found) column.push_back(one.*member);
            out[name] = to_numpy(std::move(column), {found.size()});
          };
          add("cutoff", &point::cutoff);
          add("export_cutoff", &point::export_cutoff);
          add("value_of_entry", &point::value_of_entry);
          add("average_profit", &point::average_profit);
          add("average_profit_required", &point::average_profit_required);
          return out;
        });
  m.def("fates", [](std::size_t which, py::list const& before, py::list const& after, py::list const& laws) {
    auto const& what = model_at(which);
    auto const& f = wanted(what, what.fates, "fates");
    auto const numbers = to_arrays(before), changed = to_arrays(after);
    auto const drawn = to_laws(laws);
    auto const found = [&] {
      py::gil_scoped_release const released;
      return f(numbers, changed, drawn);
    }();
    py::list out;
    for (auto const& one : found) out.append(py::make_tuple(std::string(one.effect), one.lower, one.upper));
    return out;
  });
  m.def("firms", [](std::size_t which, py::list const& given, py::list const& laws, py::object const& productivities) {
    auto const& what = model_at(which);
    auto const& f = wanted(what, what.firms, "firms");
    auto const numbers = to_arrays(given);
    auto const drawn = to_laws(laws);
    auto const phi = to_numbers(productivities);
    auto const found = [&] {
      py::gil_scoped_release const released;
      return f(numbers, drawn, phi);
    }();
    std::vector<double> price, revenue, profit;
    py::list choices;
    for (auto const& one : found) {
      choices.append(one.choice);
      price.push_back(one.price);
      revenue.push_back(one.revenue);
      profit.push_back(one.profit);
    }
    return py::make_tuple(choices, to_numpy(std::move(price), {found.size()}),
                          to_numpy(std::move(revenue), {found.size()}), to_numpy(std::move(profit), {found.size()}));
  });
  m.def("calibrate", [](std::size_t which, py::list const& targets, py::list const& laws) {
    auto const& what = model_at(which);
    auto const& f = wanted(what, what.calibrate, "calibrate");
    auto const numbers = to_arrays(targets);
    auto const drawn = to_laws(laws);
    auto const found = [&] {
      py::gil_scoped_release const released;
      return f(numbers, drawn);
    }();
    py::list out;
    for (std::size_t k = 0; k < found.size(); ++k) {
      if (found[k].numbers.empty()) {
        out.append(py::none());
      } else if (!what.parameters.at(k).indices.told() && found[k].layers == 1) {
        out.append(found[k].numbers[0]);
      } else {
        out.append(to_numpy(found[k].numbers, shape_of(found[k], what.parameters.at(k).indices)));
      }
    }
    return out;
  });
}

}  // namespace
}  // namespace melitz::python

PYBIND11_MODULE(_core, m) {
  namespace here = melitz::python;
  m.doc() = "The compiled part of melitz: use the package.";
  m.attr("version") = std::to_string(MELITZ_VERSION_MAJOR) + '.' + std::to_string(MELITZ_VERSION_MINOR) + '.' +
                      std::to_string(MELITZ_VERSION_PATCH);
  pybind11::register_exception_translator([](std::exception_ptr p) {
    if (p) here::throw_to_python(p);
  });
  m.def("models", &here::told_models);
  here::bind_laws(m);
  here::bind_solves(m);
  here::bind_the_rest(m);
#ifdef MELITZ_TRADE
  here::bind_policy(m);
#endif
}
