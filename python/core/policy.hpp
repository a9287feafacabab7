// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <pybind11/pybind11.h>

namespace melitz::python {

namespace py = pybind11;

/// Adds `policy`, which answers a study: a document of the program melitz-solve, whose files Python reads.
void bind_policy(py::module_& m);

}  // namespace melitz::python
