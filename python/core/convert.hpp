// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>
#include <utility>
#include <vector>

// Between Python's numbers and the catalog's. Python's side has checked what it hands over: see melitz/_inputs.py.

namespace melitz::python {

namespace py = pybind11;

/// An array that owns these numbers.
[[nodiscard]] inline py::array_t<double> to_numpy(std::vector<double> numbers, std::vector<std::size_t> const& shape) {
  auto* const kept = new std::vector<double>(std::move(numbers));
  py::capsule const owner(kept, [](void* p) { delete static_cast<std::vector<double>*>(p); });
  return py::array_t<double>(shape, kept->data(), owner);
}

[[nodiscard]] inline std::vector<double> to_numbers(py::handle given) {
  auto const a = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(given);
  if (!a) throw py::error_already_set();
  return {a.data(), a.data() + a.size()};
}

[[nodiscard]] inline catalog::labels to_labels(py::handle given) {
  if (given.is_none()) return nullptr;
  auto out = std::make_shared<std::vector<std::string>>();
  for (auto const name : given) out->push_back(py::cast<std::string>(name));
  return out;
}

/// None, a float, or (array of layers x rows x columns, names of rows or None, names of columns or None).
[[nodiscard]] inline catalog::array to_array(py::handle given) {
  if (given.is_none()) return {};
  if (PyFloat_Check(given.ptr())) return catalog::array_of(PyFloat_AS_DOUBLE(given.ptr()));
  auto const parts = py::cast<py::tuple>(given);
  auto const a = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(parts[0]);
  if (!a || a.ndim() != 3) throw py::type_error("an array of layers, rows and columns is wanted");
  catalog::array out{
      static_cast<std::size_t>(a.shape(1)), static_cast<std::size_t>(a.shape(2)), {a.data(), a.data() + a.size()}};
  out.layers = static_cast<std::size_t>(a.shape(0));
  out.row_names = to_labels(parts[1]);
  out.column_names = to_labels(parts[2]);
  return out;
}
[[nodiscard]] inline std::vector<catalog::array> to_arrays(py::handle given) {
  std::vector<catalog::array> out;
  for (auto const one : given) out.push_back(to_array(one));
  return out;
}

[[nodiscard]] inline char const* word_for(told::by what) { return told::words_of(what).one; }

/// What there is to say of a parameter, in plain Python.
[[nodiscard]] inline py::dict to_dict(catalog::parameter const& p) {
  py::dict out;
  out["name"] = p.name;
  out["meaning"] = p.meaning;
  out["unit"] = p.unit;
  out["restriction"] = p.restriction;
  out["may_be_infinite"] = p.may_be_infinite;
  out["example"] =
      p.example_list.empty() ? py::object(py::float_(p.example)) : py::object(py::str(std::string(p.example_list)));
  out["indices"] = py::make_tuple(word_for(p.indices.rows), word_for(p.indices.columns));
  out["by_sector"] = p.by_sector;
  out["default"] = p.if_left_out ? py::object(py::float_(*p.if_left_out)) : py::object(py::none());
  out["none_if_left_out"] = p.none_if_left_out;
  out["as_if_left_out"] = p.as_if_left_out;
  out["at_home"] = p.at_home ? py::object(py::float_(*p.at_home)) : py::object(py::none());
  py::list words;
  for (auto const word : p.words) words.append(std::string(word));
  out["words"] = py::tuple(words);
  return out;
}
[[nodiscard]] inline py::list to_dicts(std::vector<catalog::parameter> const& all) {
  py::list out;
  for (auto const& p : all) out.append(to_dict(p));
  return out;
}

}  // namespace melitz::python
