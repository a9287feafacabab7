// SPDX-License-Identifier: BSL-1.0
#include "policy.hpp"

#include <trade/run.hpp>
#include <trade/study.hpp>
#include <trade/write.hpp>

#include <pybind11/stl.h>

#include <sstream>
#include <string>
#include <utility>

// Studies of policy. What a user writes, and files, are texts here: see ../melitz/_policy.py.

namespace melitz::python {
namespace {

/// @param read      of the name of a file and of where the study names it: (what messages call it, its text)
/// @param progress  of how many are done and how many there are; may be None
[[nodiscard]] py::dict answer_study(std::string const& document, py::function const& read, py::object const& progress) {
  try {
    auto const study =
        front::read_policy_study(front::parse_json(document), [&](std::string const& name, std::string const& path) {
          auto const found = py::cast<std::pair<std::string, std::string>>(read(name, path));
          return front::text_file{found.first, found.second};
        });
    auto const all = front::count_answers(study);
    py::list answers;
    std::ostringstream csv;
    front::policy_rows rows(csv, study);
    front::answer_all(study, [&](front::scenario_answer const& answer) {
      rows.write(answer);
      answers.append(py::make_tuple(answer.name, answer.parameters, answer.status, answer.residual, answer.notes));
      if (!progress.is_none()) progress(answers.size(), all);
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    });
    py::dict out;
    out["csv"] = csv.str();
    out["notes"] = study.data.notes;
    out["warnings"] = study.data.warnings;
    out["answers"] = answers;
    return out;
  } catch (front::input_error const& e) {
    throw py::value_error(e.what());
  }
}

}  // namespace

void bind_policy(py::module_& m) { m.def("policy", &answer_study); }

}  // namespace melitz::python
