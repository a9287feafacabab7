# SPDX-License-Identifier: BSL-1.0
"""Help and stubs are made of the catalog; the sources hold together."""

import ast
import inspect
import pathlib
import pydoc
import re

import pytest

import melitz
from conftest import LAW, OPEN, ROOT
from melitz import _stubs

PACKAGE = pathlib.Path(melitz.__file__).parent


def test_help_of_models():
    for name in melitz.model_names():
        told = melitz.describe(name)
        text = pydoc.render_doc(getattr(melitz.models, name), renderer=pydoc.plaintext)
        for p in told.parameters:
            assert f"    {p.name}: " in text
            assert p.restriction in text
        for r in told.results:
            assert r.name in text
    assert melitz.models.open(LAW, **OPEN).welfare == melitz.solve("open", LAW, **OPEN).welfare
    assert list(inspect.signature(melitz.models.open).parameters)[:2] == ["distribution", "elasticity"]
    assert set(melitz.models.__all__) == set(melitz.model_names())


def test_help_of_functions():
    for name in melitz.__all__:
        thing = getattr(melitz, name)
        if callable(thing):
            assert inspect.getdoc(thing), name
            assert thing.__module__.startswith("melitz") and "._" not in thing.__module__, name


def test_parameters_and_options_have_names_of_their_own():
    options = {"model", "distribution", "fields", "threads", "progress", "max_evaluations", "results", "by", "cutoff"}
    for name in melitz.model_names():
        told = melitz.describe(name)
        assert not options & {p.name for p in told.parameters + told.targets}
        here = set(dir(melitz.Equilibrium)) | {"model", "parameters", "distribution"}
        assert not here & {r.name for r in told.results}
        assert not set(dir(melitz.Sweep)) & {r.name for r in told.results}
        assert all(r.name.isidentifier() for r in told.results)


def test_stubs_are_those_of_this_build():
    for name, text in (("__init__.pyi", _stubs.text()), ("models.pyi", _stubs.text_of_models())):
        stored = PACKAGE / name
        assert stored.read_text() == text
        tree = ast.parse(text)
        defined = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        wanted = set(melitz.__all__) - {"models"} if name == "__init__.pyi" else set(melitz.model_names())
        assert wanted <= defined
    assert (PACKAGE / "py.typed").exists()


def test_stubs_have_the_signatures_of_what_runs():
    """What _stubs_fixed.pyi says by hand has the parameters that the functions have."""
    tree = ast.parse((PACKAGE / "_stubs_fixed.pyi").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) >= 10
    for node in functions:
        a = node.args
        told = [x.arg for x in a.posonlyargs + a.args + a.kwonlyargs]
        told += [x.arg for x in (a.vararg, a.kwarg) if x]
        assert told == list(inspect.signature(getattr(melitz, node.name)).parameters), node.name


def test_version():
    text = (ROOT / "include/melitz/version.hpp").read_text()
    assert melitz.__version__ == ".".join(re.findall(r"_(?:MAJOR|MINOR|PATCH) (\d+)", text))


def test_describe():
    told = melitz.describe("open")
    assert told.parameters[0].name == "elasticity" and told.parameters[0].restriction.startswith("exceed 1")
    for wrong in ("opne", 3, None):
        with pytest.raises(melitz.DomainError, match="model"):
            melitz.describe(wrong)
