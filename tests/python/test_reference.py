# SPDX-License-Identifier: BSL-1.0
"""The reference numbers of fifty digits, through Python."""

import json
import math

import pytest

import melitz
from conftest import ROOT

CASES = json.loads((ROOT / "tests/reference/symmetric.json").read_text())["cases"]
KEYS = {"mu": "log_mean", "nu": "log_sd"}


def law_of(told):
    """A law of the reference files."""
    return getattr(melitz, told["type"])(**{KEYS.get(k, k): v for k, v in told.items() if k != "type"})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_symmetric(case):
    given = case["params"]
    e = melitz.solve("open" if "partners" in given else "closed", law_of(case["dist"]), **given)
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
