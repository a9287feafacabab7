# SPDX-License-Identifier: BSL-1.0
"""Comparisons, gains, derivatives, curves, firms, calibration."""

import math
import pickle

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN, WORLD, needs_worlds

HAS = melitz.describe("open").has


def needs(what, model="open"):
    if not melitz.describe(model).has[what]:
        pytest.skip(f"the catalog has no {what} of {model}")


def test_compare():
    before = melitz.solve("open", LAW, **OPEN)
    changes = melitz.compare(before, iceberg_cost=1.4)
    after = changes.after
    assert after.welfare == melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": 1.4}).welfare
    w = changes["welfare"]
    assert changes.welfare == w and (w.before, w.after) == (before.welfare, after.welfare)
    assert w.difference == after.welfare - before.welfare and w.percent == 100 * (after.welfare / before.welfare - 1)
    assert "regime" not in changes and "evaluations" not in changes
    assert melitz.compare(before, after).welfare == w and pickle.loads(pickle.dumps(changes)).welfare == w
    closed = melitz.compare(before, iceberg_cost=math.inf)
    assert closed.export_cutoff.after == math.inf and math.isnan(closed.export_cutoff.percent)
    with pytest.raises(AttributeError):
        changes.welfar
    with pytest.raises(melitz.DomainError, match="model after"):
        melitz.compare(before, melitz.solve("closed", LAW, **{k: OPEN[k] for k in ("elasticity", "fixed_cost", "entry_cost", "death_rate", "labor")}))
    with pytest.raises(melitz.DomainError, match="after is|be a solved"):
        melitz.compare(before, melitz.try_solve(before, elasticity=1e6))
    with pytest.raises(TypeError):
        melitz.compare(before, after, iceberg_cost=1.2)
    with pytest.raises(TypeError):
        melitz.compare("open")
    with pytest.raises(TypeError, match="one equilibrium"):
        melitz.compare(before, iceberg_cost=[1.2, 1.4])


def test_groups_of_firms():
    needs("fates")
    changes = melitz.compare(melitz.solve("open", LAW, **OPEN), iceberg_cost=1.4)
    assert [g.effect for g in changes.firms] == [
        "exits", "sells and earns less", "sells more, earns less", "earns more"]
    assert changes.firms[0].lower == changes.before.cutoff and changes.firms[-1].upper == math.inf
    assert all(a.upper == b.lower for a, b in zip(changes.firms, changes.firms[1:]))
    assert melitz.compare(changes.before, distribution=melitz.pareto(1, 4.25)).firms is None


def test_compare_frames():
    pytest.importorskip("pandas")
    frame = melitz.compare(melitz.solve("open", LAW, **OPEN), iceberg_cost=1.4).to_frame()
    assert frame.loc["welfare", "percent"] > 0


def test_gains():
    needs("gains_from_trade")
    e = melitz.solve("open", LAW, **OPEN)
    closed = melitz.solve("open", LAW, **{**OPEN, "partners": 0})
    assert melitz.gains_from_trade(e) == pytest.approx(e.welfare / closed.welfare, rel=1e-13)
    assert melitz.gains_from_trade("open", LAW, **OPEN) == melitz.gains_from_trade(e)
    assert melitz.gains_from_trade(e, iceberg_cost=1.2) > melitz.gains_from_trade(e)
    with pytest.raises(melitz.DomainError, match="one equilibrium"):
        melitz.gains_from_trade(e, iceberg_cost=[1.2, 1.4])
    with pytest.raises(melitz.DomainError, match="iceberg_cost"):
        melitz.gains_from_trade(e, iceberg_cost=0.2)


def test_gains_of_countries():
    needs_worlds()
    needs("gains_from_trade", "world")
    found = melitz.gains_from_trade("world", LAW, **WORLD)
    assert found.shape == (3,) and (found > 1).all()


def test_what_a_model_has_not():
    for f, more in ((melitz.gains_from_trade, {}), (melitz.curves, {"cutoff": [1.0]})):
        name = f.__name__
        model = next((m for m in melitz.model_names() if not melitz.describe(m).has[name]
                      and melitz.describe(m).laws == 1 and not melitz.describe(m).name.startswith("trans")), None)
        if model is None:
            continue
        given = {p.name: p.example for p in melitz.describe(model).parameters if not p.optional}
        if any(isinstance(v, str) for v in given.values()):
            continue
        with pytest.raises(melitz.DomainError, match=f"be one that has {name}"):
            f(model, LAW, **given, **more)


def test_derivatives():
    needs("derivatives")
    by = ["iceberg_cost", "export_fixed_cost", "distribution.log_sd"]
    results = ["welfare", "share_exporting"]
    d = melitz.derivatives("open", LAW, results=results, by=by, **OPEN)
    e = melitz.solve("open", LAW, **OPEN)
    assert d.values == pytest.approx([e.welfare, e.share_exporting], rel=1e-14)
    assert d.table.shape == (2, 3) and d.status == "converged"
    h = 1e-6
    up, down = (melitz.solve(e, iceberg_cost=1.6 + s) for s in (h, -h))
    assert d.of("welfare", "iceberg_cost") == pytest.approx((up.welfare - down.welfare) / (2 * h), rel=1e-7)
    up, down = (melitz.solve(e, melitz.lognormal(0, 0.8 + s)) for s in (h, -h))
    assert d.of("welfare", "distribution.log_sd") == pytest.approx((up.welfare - down.welfare) / (2 * h), rel=1e-7)
    again = melitz.derivatives(e, results="welfare", by="iceberg_cost")
    assert again.table[0, 0] == d.table[0, 0]
    with pytest.raises(melitz.DomainError):
        d.of("welfare", "labor")


def test_derivatives_of_sweeps():
    needs("derivatives")
    costs, sds = np.array([1.4, 1.6, 1.8]), np.array([0.7, 0.8, 0.9])
    given = {k: v for k, v in OPEN.items() if k != "iceberg_cost"}
    many = melitz.derivatives("open", melitz.lognormal(0, sds), results=["welfare", "cutoff"],
                              by=["iceberg_cost", "distribution.log_sd"], iceberg_cost=costs, threads=2, **given)
    assert many.table.shape == (3, 2, 2) and many.values.shape == (3, 2) and many.status.tolist() == ["converged"] * 3
    for k in range(3):
        one = melitz.derivatives("open", melitz.lognormal(0, sds[k]), results=["welfare", "cutoff"],
                                 by=["iceberg_cost", "distribution.log_sd"], iceberg_cost=costs[k], **given)
        assert np.array_equal(many.table[k], one.table) and np.array_equal(many.values[k], one.values)
    assert many.of("cutoff", "iceberg_cost").shape == (3,)


def test_jacobians_in_parts():
    # Whatever is asked for together, in whatever order, with whatever else and by however many threads.
    needs("derivatives")
    by = [*OPEN, "distribution.log_mean", "distribution.log_sd"]
    results = ["share_exporting", "exporter_intensity", "probability_of_producing", "average_revenue"]
    costs = np.linspace(1.2, 2.4, 7)
    given = {**OPEN, "iceberg_cost": costs}
    all_ = melitz.derivatives("open", LAW, results=results, by=by, threads=0, **given)
    assert all_.table.shape == (7, len(results), len(by)) and np.isfinite(all_.table).all()
    back = melitz.derivatives("open", LAW, results=results[::-1], by=by[::-1], **given)
    assert np.array_equal(back.table[:, ::-1, ::-1], all_.table) and np.array_equal(back.values[:, ::-1], all_.values)
    for p, name in enumerate(by):
        alone = melitz.derivatives("open", LAW, results=results, by=name, **given)
        assert np.allclose(alone.table[..., 0], all_.table[..., p], rtol=1e-15, atol=0)
    twice = melitz.derivatives("open", LAW, results=results, by=["labor", "labor"], **given)
    assert np.array_equal(twice.table[..., 0], twice.table[..., 1])


def test_jacobians_that_fail_are_nan_in_a_sweep():
    needs("derivatives")
    given = {**OPEN, "elasticity": np.array([4.0, 1e6, 3.5])}
    d = melitz.derivatives("open", LAW, results=["welfare"], by=["labor", "iceberg_cost"], **given)
    assert d.status[0] == d.status[2] == "converged" != d.status[1]
    assert np.isnan(d.table[1]).all() and np.isnan(d.values[1]).all() and np.isfinite(d.table[[0, 2]]).all()
    with pytest.raises(melitz.DomainError, match="elasticity") as caught:
        melitz.derivatives("open", LAW, results=["welfare"], by=["labor"], **{**OPEN, "elasticity": [4.0, math.nan]})
    assert caught.value.element == (1,)
    nothing = melitz.derivatives("open", LAW, results=["welfare"], by=["labor"], **{**OPEN, "elasticity": np.array([])})
    assert nothing.table.shape == (0, 1, 1)


@pytest.mark.parametrize("results, by, message", [
    (["welfar"], ["labor"], "welfar"), (["welfare"], ["labour"], "labour"), (["welfare"], ["distribution.shape"], "distribution.shape"),
    ([], ["labor"], "results"), (["welfare"], [], "by"), (["regime"], ["labor"], "regime"),
])
def test_derivatives_of_nothing(results, by, message):
    needs("derivatives")
    with pytest.raises(melitz.DomainError, match=message):
        melitz.derivatives("open", LAW, results=results, by=by, **OPEN)


def test_derivatives_want_a_family():
    needs("derivatives")
    with pytest.raises(melitz.DomainError, match="of no family"):
        melitz.derivatives("open", melitz.truncated(LAW, 0, 50), results=["welfare"], by=["labor"], **OPEN)
    with pytest.raises(melitz.ConvergenceError):
        melitz.derivatives("open", LAW, results=["welfare"], by=["labor"], **{**OPEN, "elasticity": 1e6})


def test_curves():
    needs("curves")
    e = melitz.solve("open", LAW, **OPEN)
    c = melitz.curves(e, cutoff=[[e.cutoff, 3.0]])
    assert c.cutoff.shape == (1, 2) and c.average_profit[0, 0] == pytest.approx(c.average_profit_required[0, 0], rel=1e-12)
    assert c.value_of_entry[0, 1] > c.value_of_entry[0, 0] and c.export_cutoff[0, 0] == pytest.approx(e.export_cutoff, rel=1e-13)
    for wrong in (0, -1, math.nan, math.inf):
        with pytest.raises(melitz.DomainError, match="cutoff"):
            melitz.curves(e, cutoff=[wrong])
    with pytest.raises(TypeError):
        melitz.curves(e, cutoff=["a"])


def test_firms():
    e = melitz.solve("open", LAW, **OPEN)
    phi = np.array([[1.0, e.cutoff * 1.01], [e.export_cutoff * 1.01, 50.0]])
    f = melitz.firms(e, phi)
    assert f.choice.shape == (2, 2) and f.choice[0, 0].startswith("exit") and f.choice[1, 0] == f.choice[1, 1]
    assert f.profit[0, 0] == 0 == f.revenue[0, 0] and (f.profit[0, 1] > 0) and (np.diff(f.revenue.ravel()) > 0).all()
    assert math.isnan(f.price[0, 0]) and f.price[1, 1] == pytest.approx(4 / 3 / 50, rel=1e-15)
    assert np.array_equal(e.firms(phi).profit, f.profit) and e.firms(50.0).profit.shape == ()
    for wrong in (0, -1, math.nan, math.inf):
        with pytest.raises(melitz.DomainError, match="productivity"):
            melitz.firms(e, [1.0, wrong])
    with pytest.raises(TypeError):
        melitz.firms("open", phi)
    assert melitz.firms(e, []).profit.shape == (0,)


def test_calibrate():
    needs("calibrate")
    targets = dict(share_exporting=0.18, export_sales_share=0.14, share_producing=0.5, elasticity=4)
    found = melitz.calibrate("open", LAW, **targets)
    assert found["iceberg_cost"] == pytest.approx(1.831429, abs=1e-6)
    e = melitz.solve("open", LAW, **found)
    assert e.share_exporting == pytest.approx(0.18, rel=1e-12) and e.probability_of_producing == pytest.approx(0.5, rel=1e-12)
    with pytest.raises(melitz.DomainError, match="export_sales_share is 0.6"):
        melitz.calibrate("open", LAW, **{**targets, "export_sales_share": 0.6})
    with pytest.raises(TypeError, match="no target 'share'"):
        melitz.calibrate("open", LAW, share=1, **targets)
    with pytest.raises(TypeError, match="needs elasticity"):
        melitz.calibrate("open", LAW, **{k: v for k, v in targets.items() if k != "elasticity"})
    with pytest.raises(TypeError):
        melitz.calibrate("open", LAW, **{**targets, "elasticity": "4"})
    with pytest.raises(melitz.DomainError, match="be one that can be calibrated"):
        melitz.calibrate("closed", LAW, **targets)
