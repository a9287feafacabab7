# SPDX-License-Identifier: BSL-1.0
"""One solve: results, and everything wrong that a caller can hand over."""

import copy
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN, WORLD, needs_worlds


def test_the_first_page():
    e = melitz.solve("open", distribution=LAW, **OPEN)
    assert e.cutoff == e["cutoff"] == pytest.approx(4.9632668106938912, rel=1e-14)
    assert e.export_cutoff == pytest.approx(8.6669985182795293, rel=1e-14)
    assert isinstance(e.welfare, float) and isinstance(e.every_entrant_produces, bool) and isinstance(e.regime, str)
    assert e.status == "converged" and e.converged
    assert set(e.keys()) == {r.name for r in melitz.describe("open").results}
    assert dict(e.items()) == e.to_dict() and len(e.values()) == len(e) and "cutoff" in e and "cutof" not in e
    assert "welfare" in dir(e) and "welfare" in repr(e)


def test_infinities_are_floats():
    e = melitz.solve("open", LAW, **{**OPEN, "export_fixed_cost": math.inf})
    assert e.export_cutoff == math.inf and e.share_exporting == 0
    assert any("export_cutoff" in warning for warning in e.warnings)


@pytest.mark.parametrize("four", [4, 4.0, np.float64(4), np.float32(4), np.int64(4), np.array(4), Fraction(4), Decimal(4)])
def test_numbers_of_all_kinds(four):
    if isinstance(four, Decimal):  # no numbers.Real, by Python's own choice
        with pytest.raises(TypeError, match="elasticity must be"):
            melitz.solve("open", LAW, **{**OPEN, "elasticity": four})
        return
    assert melitz.solve("open", LAW, **{**OPEN, "elasticity": four}).cutoff == melitz.solve("open", LAW, **OPEN).cutoff


def test_fields():
    e = melitz.solve("open", LAW, fields=["welfare", "cutoff"], **OPEN)
    assert e.keys() == ("welfare", "cutoff")
    with pytest.raises(AttributeError, match="no result 'price_index'"):
        e.price_index
    with pytest.raises(KeyError):
        e["price_index"]
    with pytest.raises(melitz.DomainError, match="did you mean welfare"):
        melitz.solve("open", LAW, fields=["welfar"], **OPEN)
    with pytest.raises(TypeError):
        melitz.solve("open", LAW, fields=[3], **OPEN)


def test_an_equilibrium_with_changes():
    e = melitz.solve("open", LAW, **OPEN)
    assert melitz.solve(e).welfare == e.welfare
    cheaper = melitz.solve(e, iceberg_cost=1.4)
    assert cheaper.welfare == melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": 1.4}).welfare
    assert melitz.solve(e, melitz.pareto(1, 4.25)).cutoff != e.cutoff


def test_copies_and_pickles_are_the_same():
    e = melitz.solve("open", LAW, **OPEN)
    for other in (copy.deepcopy(e), pickle.loads(pickle.dumps(e))):
        assert other.to_dict().keys() == e.to_dict().keys() and other.welfare == e.welfare and other.status == e.status


@pytest.mark.parametrize(
    "name, value, restriction",
    [
        ("iceberg_cost", 0.8, "be at least 1"),
        ("iceberg_cost", math.nan, "be at least 1"),
        ("elasticity", 1, "exceed 1"),
        ("elasticity", math.inf, "be finite"),
        ("partners", 2.5, "be a whole number"),
        ("labor", -1, "be positive"),
        ("labor", 1 << 1100, "fit a float"),
        ("death_rate", 0, r"lie in \(0, 1\]"),
    ],
)
def test_values_out_of_range(name, value, restriction):
    with pytest.raises(melitz.DomainError, match=restriction) as caught:
        melitz.solve("open", LAW, **{**OPEN, name: value})
    assert caught.value.parameter == name and name in str(caught.value)
    assert isinstance(caught.value, ValueError) and caught.value.element is None
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and again.restriction == caught.value.restriction


@pytest.mark.parametrize("value", ["1.6", "inf", True, 1j, b"1", object(), {}, {"a": 1}, [True], ["1.6"], [None], np.array(["a"])])
def test_what_is_no_number(value):
    with pytest.raises(TypeError, match="iceberg_cost"):
        melitz.solve("open", LAW, **{**OPEN, "iceberg_cost": value})


def test_names():
    with pytest.raises(TypeError, match="no parameter 'iceberg_costs' .did you mean iceberg_cost"):
        melitz.solve("open", LAW, iceberg_costs=1.6, **OPEN)
    with pytest.raises(TypeError, match="needs elasticity"):
        melitz.solve("open", LAW, **{k: v for k, v in OPEN.items() if k != "elasticity"})
    with pytest.raises(TypeError, match="needs elasticity"):
        melitz.solve("open", LAW, **{**OPEN, "elasticity": None})
    with pytest.raises(melitz.DomainError, match="'opn'; it must be one of .* .did you mean open"):
        melitz.solve("opn", LAW, **OPEN)
    with pytest.raises(TypeError, match="name of a model"):
        melitz.solve(3, LAW, **OPEN)
    with pytest.raises(TypeError, match="needs a distribution"):
        melitz.solve("open", **OPEN)
    for wrong in ("lognormal", 3, [LAW, LAW], {"family": "lognormal"}, LAW.core):
        with pytest.raises(TypeError, match="distribution must be a law"):
            melitz.solve("open", wrong, **OPEN)


def test_a_model_without_a_law():
    needs_worlds()
    given = dict(labor=[1.0, 2.0], elasticity=4, shape=4.5, entry_cost=1.0, iceberg_cost=1.5, fixed_cost=1.0)
    assert melitz.solve("acr", **given).status == "converged"
    with pytest.raises(TypeError, match="takes no distribution"):
        melitz.solve("acr", LAW, **given)


def test_failures_have_a_status():
    given = {**OPEN, "elasticity": 1e6}
    e = melitz.try_solve("open", LAW, **given)
    assert e.status not in ("converged", "not_solved") and not e.converged and math.isnan(e.cutoff)
    assert "cutoff" not in repr(e)
    with pytest.raises(melitz.ConvergenceError, match=e.status) as caught:
        melitz.solve("open", LAW, **given)
    assert caught.value.status == e.status and math.isnan(caught.value.result.welfare)
    with pytest.raises(melitz.ConvergenceError) as caught:
        melitz.solve("open", melitz.weibull(1, 1.4), max_evaluations=1, **OPEN)
    assert caught.value.status == "iteration_limit"
    for wrong in (0, -1):
        with pytest.raises(melitz.DomainError, match="max_evaluations"):
            melitz.solve("open", LAW, max_evaluations=wrong, **OPEN)
    with pytest.raises(TypeError):
        melitz.solve("open", LAW, max_evaluations=2.5, **OPEN)


def test_choices_are_words():
    given = {**OPEN, "iceberg_cost": 1.1, "export_fixed_cost": 0.1, "affiliate_fixed_cost": 5, "expenditure_share": 0.5}
    any_sale = melitz.solve("multinational", LAW, **given)
    assert melitz.solve("multinational", LAW, covers="any_sale", **given).cutoff == any_sale.cutoff
    assert melitz.solve("multinational", LAW, covers="home_sales", **given).cutoff != any_sale.cutoff
    with pytest.raises(melitz.DomainError, match="'home_sale'; .* .did you mean home_sales"):
        melitz.solve("multinational", LAW, covers="home_sale", **given)
    with pytest.raises(TypeError):
        melitz.solve("multinational", LAW, covers=1, **given)


def test_countries():
    needs_worlds()
    e = melitz.solve("world", LAW, **WORLD)
    assert e.wage.shape == (3,) and e.status == "converged"
    one = melitz.solve("world", LAW, **{**WORLD, "entry_cost": [2.0, 2.0, 2.0]})
    assert np.array_equal(one.wage, e.wage)
    same = melitz.solve("world", LAW, **{**WORLD, "iceberg_cost": 1.5})
    table = np.full((3, 3), 1.5)
    np.fill_diagonal(table, 1)
    assert np.array_equal(melitz.solve("world", LAW, **{**WORLD, "iceberg_cost": table}).wage, same.wage)
    by_country = melitz.solve("world", [LAW, LAW, LAW], **WORLD)
    assert np.allclose(by_country.wage, e.wage, rtol=1e-12)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"labor": [1.0, 2.0]}, "number of countries of"),
        ({"labor": []}, "labor is empty"),
        ({"labor": [[1.0, 2.0, 3.0]]}, "labor is an array of shape"),
        ({"iceberg_cost": [1.0, 2.0, 3.0]}, r"iceberg_cost is an array of shape \(3,\)"),
        ({"iceberg_cost": [[1, 2], [1]]}, "lists of different lengths"),
        ({"iceberg_cost": np.ones((3, 3, 3))}, "iceberg_cost is an array of shape"),
        ({"labor": [100.0, -1, 20]}, r"labor\[1\] is -1"),
        ({"labor": [100.0, math.nan, 20]}, r"labor\[1\] is -?nan"),
        ({"iceberg_cost": [[1, 1.4, 1.6], [1.5, 1, 0], [1.7, 1.35, 1]]}, r"iceberg_cost\[1, 2\] is 0"),
        ({"labor": 1.0, "iceberg_cost": 1.5, "fixed_cost": 1.0}, "how many countries"),
    ],
)
def test_tables_of_the_wrong_shape(change, message):
    needs_worlds()
    with pytest.raises(melitz.DomainError, match=message):
        melitz.solve("world", LAW, **{**WORLD, **change})


def test_laws_of_countries():
    needs_worlds()
    with pytest.raises(melitz.DomainError, match="number of laws is 2; it must be 1 or that of countries, 3"):
        melitz.solve("world", [LAW, LAW], **WORLD)
    with pytest.raises(TypeError, match=r"distribution\[1\] must be a law"):
        melitz.solve("world", [LAW, "pareto", LAW], **WORLD)
    with pytest.raises(melitz.DomainError, match=r"distribution\[2\].log_sd"):
        melitz.solve("world", [LAW, LAW, melitz.lognormal(0, -1)], **WORLD)


def test_firms_of_many_products_have_two_laws():
    given = dict(OPEN, product_fixed_cost=0.1, product_export_fixed_cost=0.15)
    two = (melitz.pareto(1, 8), melitz.pareto(1, 6))
    e = melitz.solve("multiproduct", two, **given)
    assert melitz.solve("multiproduct", {"ability": two[0], "attributes": two[1]}, **given).cutoff == e.cutoff
    for wrong in (two[0], [two[0]], "pareto"):
        with pytest.raises(TypeError, match="two laws"):
            melitz.solve("multiproduct", wrong, **given)


def test_sectors():
    needs_worlds()
    given = dict(labor=[10.0, 20.0], iceberg_cost=1.4, fixed_cost=1.0)
    law = melitz.pareto(1, 6)
    two = melitz.solve("chaney", law, elasticity=melitz.by_sector([4, 5]),
                       expenditure_share=melitz.by_sector([0.3, 0.2]), **given)
    assert two.cutoff.shape == (2, 2, 2) and two.price_index.shape == (2, 2) and two.trade_elasticity.shape[0] == 2
    same = melitz.solve("chaney", law, elasticity=melitz.by_sector([4, 4]),
                        expenditure_share=melitz.by_sector([0.3, 0.3]), **given)
    assert np.array_equal(same.cutoff[0], same.cutoff[1])
    tables = np.array([[[1, 1.4], [1.4, 1]], [[1, 1.8], [1.8, 1]]])
    costs = melitz.solve("chaney", law, elasticity=4, expenditure_share=0.3,
                         **{**given, "iceberg_cost": melitz.by_sector(tables)})
    assert (costs.share[0] != costs.share[1]).any()
    for change, message in (
        ({"elasticity": melitz.by_sector([4, 5, 6])}, "number of sectors"),
        ({"elasticity": melitz.by_sector(4)}, "by sector"),
        ({"elasticity": melitz.by_sector([4, 0.5])}, "elasticity"),
        ({"labor": melitz.by_sector([[1, 2], [3, 4]])}, "labor is by sector; it must be one for all sectors"),
        ({"iceberg_cost": melitz.by_sector([1.4, 1.5])}, r"have 3 axes, by sector and country and country"),
    ):
        with pytest.raises(melitz.DomainError, match=message):
            melitz.solve("chaney", law, **{"elasticity": 4, "expenditure_share": melitz.by_sector([0.3, 0.2]), **given, **change})
