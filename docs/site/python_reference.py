# SPDX-License-Identifier: BSL-1.0
"""python_reference.py: prints the page of Python's reference, from the docstrings of the module that PYTHONPATH has."""

import inspect
import re
import sys

import melitz


def signature(what):
    try:
        text = str(inspect.signature(what))
    except (TypeError, ValueError):
        return ""
    # Long ones have a line for each argument.
    if len(text) > 72:
        text = "(\n    " + text[1:-1].replace(", ", ",\n    ") + ",\n)"
    return text


def literal(text, language="text"):
    mark = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"{mark}{language}\n{text.rstrip()}\n{mark}\n"


def entry(name, what, level):
    """A heading, how it is called, its docstring, and what a class has."""
    doc = inspect.getdoc(what)
    if not doc:
        sys.exit(f"melitz.{name} has no docstring")
    out = [f"{'#' * level} `{name}`", ""]
    if inspect.isclass(what) and not issubclass(what, Exception) or inspect.isroutine(what):
        out.append(literal(f"{name.rpartition('.')[2]}{signature(what)}", "python"))
    out.append(literal(doc))
    if inspect.isclass(what):
        for member, value in sorted(vars(what).items()):
            words = inspect.getdoc(value)
            if member.startswith("_") or not words or not (inspect.isroutine(value) or isinstance(value, property)):
                continue
            called = f".{member}" + (signature(value) if inspect.isroutine(value) else "")
            out.append(literal(f"{called}\n    " + words.replace("\n", "\n    ")))
    return "\n".join(out)


out = ["# Python reference", "", "Made from the docstrings of the module; `help(melitz.solve)` says the same. The "
       "[how-to](how-to.md#python) has examples.", "", literal(inspect.getdoc(melitz)), "## Functions and classes", ""]
for name in sorted(melitz.__all__, key=lambda n: (n[0].isupper(), n)):
    if name != "models":
        out.append(entry(name, getattr(melitz, name), 3))
out += ["## Models", "", literal(inspect.getdoc(melitz.models))]
for name in melitz.models.__all__:
    out.append(entry(f"models.{name}", getattr(melitz.models, name), 3))
print("\n".join(out))
