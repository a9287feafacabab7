# SPDX-License-Identifier: BSL-1.0
"""The same numbers as melitz-solve, to the last bit: both stand on the same compiled catalog."""

import json
import math

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN, law_of, number, parameters_of


def same(mine, theirs):
    """Equal, bit by bit, of whatever shape; infinities and NaN too."""
    if isinstance(theirs, bool) or (isinstance(theirs, str) and isinstance(mine, str)):
        return mine == theirs
    a = np.asarray(mine, float)
    b = np.array([number(x) for x in np.ravel(np.asarray(theirs, object))], float).reshape(np.shape(theirs))
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def answer_of(text):
    """All results in an answer, however deep they lie in it."""
    out, todo = {}, [json.loads(text)]
    while todo:
        for key, value in todo.pop().items():
            if key == "inputs":  # parameters, of which one may have the name of a result
                continue
            if isinstance(value, dict):
                todo.append(value)
            else:
                out[key] = value
    return out


@pytest.mark.parametrize("name", melitz.model_names())
def test_examples_of_all_models(name, melitz_solve):
    document = json.loads(melitz_solve("--example", name))
    told = answer_of(melitz_solve("--json", "-", document=document))
    law = law_of(document["distribution"]) if "distribution" in document else None
    mine = melitz.solve(name, law, **parameters_of(name, document["parameters"]))
    compared = [key for key in mine if key in told]
    assert len(compared) == len(mine)
    for key in compared:
        assert same(mine[key], told[key]), key


def test_sweep(melitz_solve):
    document = {"model": "open", "distribution": {"family": "lognormal", "log_mean": 0, "log_sd": 0.8}, "parameters": OPEN}
    rows = melitz_solve("--sweep", "iceberg_cost=1.2:2:5", "-", document=document).splitlines()
    header = rows[0].split(",")
    costs = [float(row.split(",")[header.index("iceberg_cost")]) for row in rows[1:]]
    sweep = melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": costs})
    for name in ("cutoff", "export_cutoff", "welfare", "share_exporting"):
        theirs = [float(row.split(",")[header.index(name)]) for row in rows[1:]]
        assert all(math.isfinite(x) for x in theirs)
        assert sweep[name].tolist() == theirs
