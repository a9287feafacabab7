# SPDX-License-Identifier: BSL-1.0
"""Arrays of parameters."""

import math
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN, WORLD, needs_worlds


def without(*names):
    return {k: v for k, v in OPEN.items() if k not in names}


def test_each_element_is_a_solve():
    costs = np.linspace(1.1, 2.5, 7)
    sweep = melitz.solve("open", LAW, iceberg_cost=costs, **without("iceberg_cost"))
    assert sweep.shape == (7,) and sweep.status.tolist() == ["converged"] * 7 and sweep.converged.all()
    for k, cost in enumerate(costs):
        one = melitz.solve("open", LAW, iceberg_cost=cost, **without("iceberg_cost"))
        for name, value in one.items():
            assert sweep[name][k] == value or (math.isnan(value) and math.isnan(sweep[name][k])), name
    assert sweep.regime.tolist() == ["selection"] * 7 and sweep.every_entrant_produces.dtype == bool
    again = pickle.loads(pickle.dumps(sweep))
    assert np.array_equal(again.welfare, sweep.welfare)
    assert "7 solves" in repr(sweep)


def test_grids_broadcast():
    costs, fixed = np.linspace(1.1, 2.5, 3)[:, None], np.array([1.0, 1.3])
    grid = melitz.solve("open", LAW, fields=["welfare"], iceberg_cost=costs, export_fixed_cost=fixed,
                        **without("iceberg_cost", "export_fixed_cost"))
    assert grid.welfare.shape == (3, 2) and grid.keys() == ("welfare",)
    one = melitz.solve("open", LAW, iceberg_cost=costs[2, 0], export_fixed_cost=1.3,
                       **without("iceberg_cost", "export_fixed_cost"))
    assert grid.welfare[2, 1] == one.welfare
    with pytest.raises(melitz.DomainError, match=r"shapes is iceberg_cost \(2,\), export_fixed_cost \(3,\)"):
        melitz.solve("open", LAW, iceberg_cost=[1.5, 1.6], export_fixed_cost=[1, 2, 3],
                     **without("iceberg_cost", "export_fixed_cost"))


@pytest.mark.parametrize("count", [1, 63, 64, 20000])
def test_threads_change_nothing(count):
    costs = np.linspace(1.1, 2.5, count)
    names = ["cutoff", "welfare", "share_exporting", "mass_producers"]
    one = melitz.solve("open", LAW, fields=names, iceberg_cost=costs, **without("iceberg_cost"))
    for threads in (0, 2, 5):
        many = melitz.solve("open", LAW, fields=names, threads=threads, iceberg_cost=costs, **without("iceberg_cost"))
        assert all(np.array_equal(one[name], many[name]) for name in names)
    k = count // 2
    single = melitz.solve("open", LAW, iceberg_cost=costs[k], **without("iceberg_cost"))
    assert all(math.isclose(one[name][k], single[name], rel_tol=1e-12) for name in names)
    with pytest.raises(melitz.DomainError, match="threads"):
        melitz.solve("open", LAW, threads=-1, iceberg_cost=costs, **without("iceberg_cost"))


def test_laws_move_too():
    sds, costs = np.array([0.6, 0.8, 1.0]), np.array([1.5, 1.6])
    grid = melitz.solve("open", melitz.lognormal(0, sds[:, None]), iceberg_cost=costs, **without("iceberg_cost"))
    assert grid.shape == (3, 2)
    for i, sd in enumerate(sds):
        for j, cost in enumerate(costs):
            one = melitz.solve("open", melitz.lognormal(0, sd), iceberg_cost=cost, **without("iceberg_cost"))
            assert grid.welfare[i, j] == one.welfare
    with pytest.raises(melitz.DomainError, match=r"distribution.log_sd is -1 in element \[1\]") as caught:
        melitz.solve("open", melitz.lognormal(0, [0.8, -1.0]), **OPEN)
    assert caught.value.element == (1,) and caught.value.parameter == "distribution.log_sd"


def test_other_arrays():
    for value in ([1.5, 1.6], (1.5, 1.6), np.array([1.5, 1.6], np.float32), np.array([1.5, 1.6])[::-1][::-1],
                  np.array([1.5, 1.6], ">f8"), np.array([1.5, 1.6], object)):
        assert melitz.solve("open", LAW, iceberg_cost=value, **without("iceberg_cost")).shape == (2,)
    whole = melitz.solve("open", LAW, partners=np.arange(3), **without("partners"))
    assert whole.regime[0] == "closed" and whole.export_cutoff[0] == math.inf
    words = melitz.solve("multinational", LAW, covers=["any_sale", "home_sales"], affiliate_fixed_cost=5,
                         expenditure_share=0.5, **{**OPEN, "iceberg_cost": 1.1, "export_fixed_cost": 0.1})
    assert words.cutoff[0] != words.cutoff[1]


def test_nothing_to_solve():
    sweep = melitz.solve("open", LAW, iceberg_cost=[], **without("iceberg_cost"))
    assert sweep.shape == (0,) and sweep.welfare.shape == (0,) and sweep.status.shape == (0,)
    wide = melitz.solve("open", LAW, fields=["welfare"], iceberg_cost=np.ones((3, 0)), **without("iceberg_cost"))
    assert wide.welfare.shape == (3, 0)


def test_mistakes_name_the_element():
    with pytest.raises(melitz.DomainError) as caught:
        melitz.solve("open", LAW, iceberg_cost=[[1.5, 1.6], [0.9, 1.7]], **without("iceberg_cost"))
    assert caught.value.element == (1, 0) and caught.value.parameter == "iceberg_cost"
    assert str(caught.value) == "iceberg_cost is 0.9 in element [1, 0]; it must be at least 1"
    lanes = np.full(5000, 1.5)
    lanes[4321] = math.nan
    with pytest.raises(melitz.DomainError) as caught:
        melitz.solve("open", LAW, fields=["welfare"], iceberg_cost=lanes, **without("iceberg_cost"))
    assert caught.value.element == (4321,)
    with pytest.raises(TypeError, match="masked"):
        melitz.solve("open", LAW, iceberg_cost=np.ma.array([1.5, 1.6], mask=[0, 1]), **without("iceberg_cost"))


@pytest.mark.parametrize("fields", [None, ["welfare"]])
def test_failures_are_nan(fields):
    elasticities = np.full(100, 4.0)
    elasticities[41] = 1e6
    sweep = melitz.try_solve("open", LAW, fields=fields, elasticity=elasticities, **without("elasticity"))
    assert np.flatnonzero(~sweep.converged).tolist() == [41] and sweep.status[41] != "converged"
    assert np.isnan(sweep.welfare[41]) and np.isfinite(np.delete(sweep.welfare, 41)).all()
    if fields is None:
        assert sweep.regime[41] == "" and np.isnan(sweep.every_entrant_produces[41])
    with pytest.raises(melitz.ConvergenceError, match=r"1 of 100 solves failed, the first, element \[41\]") as caught:
        melitz.solve("open", LAW, fields=fields, elasticity=elasticities, **without("elasticity"))
    assert np.array_equal(caught.value.result.welfare, sweep.welfare, equal_nan=True)
    first = melitz.try_solve("open", LAW, elasticity=[1e6, 4.0], **without("elasticity"))
    assert np.isnan(first.welfare[0]) and first.welfare[1] == pytest.approx(sweep.welfare[0], rel=1e-14)


def test_too_much_is_refused():
    many = np.ones(10**7)
    with pytest.raises(MemoryError):
        melitz.solve("open", LAW, fields=["welfare"], iceberg_cost=many[:, None], export_fixed_cost=many,
                     **without("iceberg_cost", "export_fixed_cost"))


def test_sweeps_of_worlds():
    needs_worlds()
    elasticities = np.array([3.5, 4.0])
    given = {k: v for k, v in WORLD.items() if k != "elasticity"}
    sweep = melitz.solve("world", LAW, elasticity=elasticities, **given)
    assert sweep.wage.shape == (2, 3) and sweep.cutoff.shape == (2, 3, 3)
    assert np.allclose(sweep.wage[1], melitz.solve("world", LAW, **WORLD).wage, rtol=1e-12)
    given = {k: v for k, v in WORLD.items() if k != "iceberg_cost"}
    far = melitz.solve("world", LAW, iceberg_cost=melitz.everywhere([1.5, 1.8]), **given)
    one = melitz.solve("world", LAW, iceberg_cost=1.8, **given)
    assert far.wage.shape == (2, 3) and np.allclose(far.wage[1], one.wage, rtol=1e-12)


def test_progress():
    seen = []
    melitz.solve("open", LAW, progress=lambda done, count: seen.append((done, count)), iceberg_cost=np.full(500, 1.5),
                 **without("iceberg_cost"))
    assert seen[-1] == (500, 500) and seen == sorted(seen)

    def fail(done, count):
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        melitz.solve("open", LAW, progress=fail, iceberg_cost=[1.5, 1.6], **without("iceberg_cost"))


def test_a_bar(capsys):
    pytest.importorskip("tqdm")
    melitz.solve("open", LAW, progress=True, iceberg_cost=[1.5, 1.6], **without("iceberg_cost"))
    assert "2.00" in capsys.readouterr().err


def test_other_threads_go_on():
    """The lock is released: a thread counts while a sweep runs."""
    counted, stop = [0], threading.Event()

    def count():
        while not stop.wait(0.001):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    while counted[0] == 0:  # it runs
        time.sleep(0.001)
    before = counted[0]
    melitz.solve("open", melitz.weibull(1, 1.4), elasticity=np.linspace(3, 5, 3000), **without("elasticity"))
    after = counted[0]
    stop.set()
    thread.join()
    assert after > before


def test_ctrl_c():
    """A sweep that would take minutes ends at SIGINT, as KeyboardInterrupt."""
    program = textwrap.dedent("""
        import numpy as np, sys, melitz
        print("begins", flush=True)
        try:
            melitz.solve("open", melitz.weibull(1, 1.4), fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1, partners=3,
                         iceberg_cost=1.6, export_fixed_cost=1.3, elasticity=np.linspace(3, 5, 3_000_000), fields=["welfare"],
                         progress=lambda done, count: print("goes on", flush=True))
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.exit(7)
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout.readline() == "begins\n"
        assert process.stdout.readline() == "goes on\n"
        process.send_signal(signal.SIGINT)
        assert "interrupted" in process.stdout.read()
        assert process.wait() == 7
