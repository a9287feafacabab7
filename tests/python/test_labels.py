# SPDX-License-Identifier: BSL-1.0
"""Labels of pandas and xarray: they come back with the results."""

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN, WORLD, needs_worlds

pd = pytest.importorskip("pandas")
NAMES = ["CAN", "USA", "MEX"]


def labelled():
    needs_worlds()
    return dict(
        WORLD,
        labor=pd.Series(WORLD["labor"], index=NAMES),
        iceberg_cost=pd.DataFrame(WORLD["iceberg_cost"], index=NAMES, columns=NAMES),
    )


def test_pandas():
    e = melitz.solve("world", LAW, **labelled())
    plain = melitz.solve("world", LAW, **WORLD)
    assert isinstance(e.wage, pd.Series) and e.wage.index.tolist() == NAMES and e.wage.name == "wage"
    assert isinstance(e.cutoff, pd.DataFrame) and e.cutoff.columns.tolist() == NAMES
    assert np.array_equal(e.wage.to_numpy(), plain.wage) and np.array_equal(e.cutoff.to_numpy(), plain.cutoff)
    changes = melitz.compare(e, iceberg_cost=1.2)
    assert changes.wage.percent.index.tolist() == NAMES
    if melitz.describe("world").has["gains_from_trade"]:
        assert melitz.gains_from_trade(e).index.tolist() == NAMES


def test_labels_must_agree():
    given = labelled()
    given["labor"] = given["labor"][::-1]
    with pytest.raises(melitz.DomainError, match="CAN"):
        melitz.solve("world", LAW, **given)
    given["labor"] = pd.Series([1.0, 2.0, 3.0], index=["CAN", "CAN", "MEX"])
    with pytest.raises(melitz.DomainError, match="label of labor is 'CAN'; it must be there once"):
        melitz.solve("world", LAW, **given)
    given["labor"] = pd.Series([1.0, 2.0, -3.0], index=NAMES)
    with pytest.raises(melitz.DomainError, match=r"labor\['MEX'\] is -3"):
        melitz.solve("world", LAW, **given)
    given["labor"] = pd.Series([1.0, None, 3.0], index=NAMES)
    with pytest.raises(melitz.DomainError, match=r"labor\['USA'\] is -?nan"):
        melitz.solve("world", LAW, **given)


def test_an_index_that_nobody_chose_is_none():
    e = melitz.solve("world", LAW, **{**labelled(), "labor": pd.Series(WORLD["labor"])})
    assert e.wage.index.tolist() == NAMES
    needs_worlds()
    assert isinstance(melitz.solve("world", LAW, **{**WORLD, "labor": pd.Series(WORLD["labor"])}).wage, np.ndarray)


def test_laws_by_label():
    other = melitz.lognormal(0.1, 0.8)
    e = melitz.solve("world", {"USA": other, "CAN": LAW, "MEX": LAW}, **labelled())
    same = melitz.solve("world", [LAW, other, LAW], **WORLD)
    assert np.array_equal(e.wage.to_numpy(), same.wage)
    assert melitz.solve("world", pd.Series([LAW, other, LAW], index=NAMES), **labelled()).wage.equals(e.wage)
    with pytest.raises(melitz.DomainError, match="without MEX"):
        melitz.solve("world", {"USA": other, "CAN": LAW}, **labelled())
    with pytest.raises(melitz.DomainError, match="'BRA'; it must be by countries: CAN, USA, MEX"):
        melitz.solve("world", {"USA": other, "CAN": LAW, "MEX": LAW, "BRA": LAW}, **labelled())


def test_series_of_numbers_are_sweeps():
    index = pd.Index(["low", "high"], name="cost")
    given = {k: v for k, v in OPEN.items() if k != "iceberg_cost"}
    sweep = melitz.solve("open", LAW, iceberg_cost=pd.Series([1.2, 1.6], index=index), **given)
    assert sweep.welfare.index.equals(index) and sweep.status.tolist() == ["converged"] * 2
    frame = sweep.to_frame()
    assert frame.index.equals(index) and frame["iceberg_cost"].tolist() == [1.2, 1.6]
    assert frame["welfare"].equals(sweep.welfare) and "regime" in frame
    with pytest.raises(melitz.DomainError, match="index of (iceberg|export_fixed)_cost is another one"):
        melitz.solve("open", LAW, **{**given, "iceberg_cost": pd.Series([1.2, 1.6], index=index),
                                     "export_fixed_cost": pd.Series([1.0, 2.0], index=["a", "b"])})
    worlds = {k: v for k, v in labelled().items() if k != "elasticity"}
    by_country = melitz.solve("world", LAW, elasticity=pd.Series([3.5, 4.0], index=index), **worlds)
    assert by_country.wage.columns.tolist() == NAMES and by_country.wage.index.equals(index)


def test_xarray():
    xr = pytest.importorskip("xarray")
    needs_worlds()
    labor = xr.DataArray(WORLD["labor"], dims="country", coords={"country": NAMES})
    costs = xr.DataArray(WORLD["iceberg_cost"], dims=("from_", "to"), coords={"from_": NAMES, "to": NAMES})
    e = melitz.solve("world", LAW, **{**WORLD, "labor": labor, "iceberg_cost": costs})
    assert e.wage.dims == ("country",) and e.wage.coords["country"].values.tolist() == NAMES
    assert e.cutoff.dims == ("from_", "to") and float(e.cutoff.sel(from_="USA", to="CAN")) == e.cutoff.values[1, 0]
    sigma = xr.DataArray([3.5, 4.0], dims="sigma", coords={"sigma": [3.5, 4.0]})
    sweep = melitz.solve("world", LAW, **{**WORLD, "labor": labor, "elasticity": sigma})
    assert sweep.wage.dims == ("sigma", "country") and sweep.cutoff.sizes["sigma"] == 2
    tau = xr.DataArray([1.2, 1.4, 1.6], dims="tau", coords={"tau": [1.2, 1.4, 1.6]})
    grid = melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": tau, "elasticity": sigma})
    assert grid.welfare.sizes == {"sigma": 2, "tau": 3} or grid.welfare.sizes == {"tau": 3, "sigma": 2}
    one = melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": 1.4, "elasticity": 4.0})
    assert float(grid.welfare.sel(tau=1.4, sigma=4.0)) == one.welfare
    other = xr.DataArray([1.0, 2.0, 3.0], dims="tau", coords={"tau": [1.2, 1.4, 1.7]})
    with pytest.raises(melitz.DomainError, match="coordinates"):
        melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": tau, "export_fixed_cost": other})
