# SPDX-License-Identifier: BSL-1.0
"""Writes __init__.pyi and models.pyi, for editors and type checkers: python3 -m melitz._stubs PATH_OF___init__.pyi

Models, parameters, results and laws are those that this build has; what does not depend on them is _stubs_fixed.pyi.
"""

import pathlib
import sys

from ._catalog import FAMILIES, MODELS, NO_LAW
from ._models import parameter_line, result_line

_HEAD = """# Made by melitz._stubs.
from typing import Any, Callable, Iterable, Literal, Mapping, Sequence, Union, overload

import numpy as np
from numpy.typing import ArrayLike
"""
_OPTIONS = (
    "fields: Iterable[str] | None = ..., threads: int = ..., "
    "progress: bool | Callable[[int, int], Any] = ..., max_evaluations: int = ..."
)


def class_name(model):
    """OpenEquilibrium"""
    return "".join(word.capitalize() for word in model.name.split("_")) + "Equilibrium"


def _type(p):
    if set(p.words) == {"false", "true"}:
        return "bool"
    return f"Literal[{', '.join(map(repr, p.words))}] | ArrayLike" if p.words else "Numbers"


def _arguments(model):
    needed = [f"{p.name}: {_type(p)}" for p in model.parameters if not p.optional]
    other = [f"{p.name}: {_type(p)} | None = ..." for p in model.parameters if p.optional]
    law = [] if model.laws == NO_LAW else ["distribution: Laws"]
    return ", ".join([*law, "*", *needed, *other, _OPTIONS])


def _documented(head, lines):
    return head + '\n    """' + "\n    ".join(lines) + '\n    """\n'


def _family(family):
    keys = ", ".join(f"{k.name}: ArrayLike{' | None = ...' if k.optional else ''}" for k in family.keys)
    return _documented(f"def {family.name}({keys}) -> Law:", [f"{k.name}: {parameter_line(k)}" for k in family.keys])


def _equilibrium(model):
    lines = [f"class {class_name(model)}(Equilibrium):", f'    """{model.title}."""', ""]
    lines += [f"    {r.name}: Any  # {result_line(r)}".rstrip("# ") for r in model.results]
    return "\n".join(lines) + "\n"


def _solve(name):
    out = [
        f"@overload\ndef {name}(model: Literal[{m.name!r}], {_arguments(m)}) -> {class_name(m)}: ..."
        for m in MODELS.values()
    ]
    other = f"model: Equilibrium, distribution: Laws | None = ..., *, {_OPTIONS}, **parameters: Any"
    return "\n".join([*out, f"@overload\ndef {name}({other}) -> Any: ...\n"])


def text():
    """What stands in __init__.pyi."""
    fixed = pathlib.Path(__file__).with_name("_stubs_fixed.pyi").read_text(encoding="utf-8")
    parts = [_HEAD, "from . import models as models\n\n__version__: str\n", fixed]
    parts += map(_family, FAMILIES.values())
    parts += map(_equilibrium, MODELS.values())
    return "\n".join([*parts, _solve("solve"), _solve("try_solve")])


def text_of_models():
    """What stands in models.pyi."""
    names = ", ".join(["Laws", "Numbers", *map(class_name, MODELS.values())])
    parts = [
        "# Made by melitz._stubs.\nfrom typing import Any, Callable, Iterable, Literal\n",
        f"from numpy.typing import ArrayLike\n\nfrom . import {names}\n",
    ]
    for m in MODELS.values():
        lines = [m.title + ".", "", *(f"{p.name}: {parameter_line(p)}" for p in m.parameters)]
        parts.append(_documented(f"def {m.name}({_arguments(m)}) -> {class_name(m)}:", lines))
    return "\n".join(parts)


def main(path):
    """Writes both files beside one another."""
    path = pathlib.Path(path)
    path.write_text(text(), encoding="utf-8")
    path.with_name("models.pyi").write_text(text_of_models(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
