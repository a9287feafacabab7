# SPDX-License-Identifier: BSL-1.0
"""The reference numbers of fifty digits, through Python."""

import json
import math

import pytest

import melitz
from conftest import ROOT

CASES = json.loads((ROOT / "tests/reference/symmetric.json").read_text())["cases"]
SPLIT = {"lower": "log_lower"}


def law_of(told):
    """A law of the reference files; None of one that no front has."""
    keys = {k: v for k, v in told.items() if k != "type"}
    make = getattr(melitz, told["type"], None)
    if make is None or told["type"] in ("mixture", "truncated"):
        return None
    try:
        return make(**keys)
    except TypeError:
        return None


def cases():
    for case in CASES:
        law = law_of(case["dist"])
        names = {p.name for p in melitz.describe("open").parameters}
        if law is not None and set(case["params"]) <= names:
            yield pytest.param(case, law, id=case["name"])


def test_there_are_enough():
    assert len(list(cases())) >= 10


@pytest.mark.parametrize("case, law", cases())
def test_symmetric(case, law):
    given = case["params"]
    model = "open" if "partners" in given else "closed"
    e = melitz.solve(model, law, **given)
    compared = 0
    for name, value in case["outputs"].items():
        if name not in e or isinstance(value, dict):
            continue
        mine = e[name]
        if name == "regime":
            assert mine == value
        else:
            value = float(value)
            assert (
                mine == value or (math.isnan(mine) and math.isnan(value)) or math.isclose(mine, value, rel_tol=1e-11)
            ), name
        compared += 1
    assert compared >= 10
