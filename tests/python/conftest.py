# SPDX-License-Identifier: BSL-1.0
"""What the tests share. They run against the module that PYTHONPATH leads to."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

import melitz

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAW = melitz.lognormal(log_mean=0, log_sd=0.8)
OPEN = dict(
    elasticity=4, fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1, partners=3, iceberg_cost=1.6,
    export_fixed_cost=1.3,
)
WORLD = dict(
    labor=[100.0, 50.0, 20.0],
    elasticity=4,
    entry_cost=2.0,
    iceberg_cost=[[1, 1.4, 1.6], [1.5, 1, 1.3], [1.7, 1.35, 1]],
    fixed_cost=[[1, 1.2, 1.3], [1.4, 1, 1.2], [1.5, 1.3, 1]],
)


def number(text):
    """A number of JSON in which infinity and NaN are words."""
    return float(text) if isinstance(text, str) else text


def law_of(told):
    """A law from JSON."""
    if isinstance(told, list):
        return [law_of(one) for one in told]
    if "ability" in told:
        return (law_of(told["ability"]), law_of(told["attributes"]))
    keys = {k: v for k, v in told.items() if k != "family"}
    if told["family"] == "mixture":
        return melitz.mixture(keys["weights"], [law_of(c) for c in keys["components"]])
    return getattr(melitz, told["family"])(**keys)


def parameters_of(model, told):
    """Parameters from JSON, in which infinity is a word."""
    words = {p.name for p in melitz.describe(model).parameters if p.words}

    def numbers(x):
        return [numbers(y) for y in x] if isinstance(x, list) else number(x)

    return {k: v if k in words else numbers(v) for k, v in told.items()}


@pytest.fixture(scope="session")
def melitz_solve():
    """melitz-solve as a function of its arguments and standard input."""
    program = os.environ.get("MELITZ_SOLVE") or shutil.which("melitz-solve")
    if not program:
        pytest.skip("there is no melitz-solve")

    def call(*arguments, document=None):
        text = json.dumps(document) if document is not None else ""
        done = subprocess.run([program, *arguments], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def needs_worlds():
    """Skips a test where the module was built without Eigen."""
    if "world" not in melitz.model_names():
        pytest.skip("built without Eigen")
