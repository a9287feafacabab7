# SPDX-License-Identifier: BSL-1.0
"""Studies of policy: the rows of melitz-solve, from files and from data frames."""

import pathlib

import melitz
import numpy as np
import pytest

pd = pytest.importorskip("pandas")
if not hasattr(melitz._core, "policy"):
    pytest.skip("built without studies of policy", allow_module_level=True)

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/from_a_table"
SECTORS = {"*": {"trade_elasticity": 4}}


def flows():
    return pd.read_csv(EXAMPLE / "flows.csv")


def question(**more):
    return {"name": "A", "import_tax": [{"importer": "Arland", "sector": ["m*"], "add": 0.1}], **more}


def test_data_frames_are_files():
    one = melitz.policy(flows=flows(), sectors=SECTORS, scenarios=[question()])
    other = melitz.policy(flows="flows.csv", sectors=SECTORS, scenarios=[question()], folder=EXAMPLE)
    assert one.csv == other.csv
    assert one.status == {"A": "converged"} and one.failed == []
    assert list(one.table.columns) == [
        "country", "sector", "partner", "scenario", "variable", "before", "after", "change_percent", "status",
        "residual", "unit",
    ]
    welfare = one["welfare"].set_index("country")
    assert len(welfare) == 12 and (welfare["unit"] == "1 before").all()
    assert welfare.loc["Belmar", "after"] < 1 < welfare.loc["Arland", "after"]
    # To the last digit what the text says.
    text = dict(line.split(",")[::6][:2] for line in one.csv.splitlines() if ",welfare," in line)
    assert {c: repr(x) for c, x in welfare["after"].items()} == {c: repr(float(x)) for c, x in text.items()}


def test_of_the_page(monkeypatch):
    monkeypatch.chdir(EXAMPLE)
    # [study]
    study = melitz.policy(
        flows=pd.read_csv("flows.csv"),
        sectors={"*": {"trade_elasticity": 4}},
        scenarios=[{"name": "tariffs", "import_tax": [{"importer": "Arland", "sector": "m*", "add": 0.1}]}],
    )
    welfare = study["welfare"].set_index("country")["change_percent"]
    # [/study]
    assert welfare["Arland"] > 0 > welfare.drop("Arland").max()


def test_frames_anywhere_and_numbers_of_numpy():
    elasticities = pd.read_csv(EXAMPLE / "elasticities.csv")
    rates = pd.DataFrame({"exporter": ["Belmar", "Corvia"], "rate": [np.float64(0.2), 0.3]})
    study = melitz.policy(
        flows=flows(),
        sectors={"*": {"trade_elasticity": {"file": elasticities, "column": "trade_elasticity"}}},
        scenarios=[{"name": "A", "import_tax": [{"importer": "Arland", "set": {"file": rates, "column": "rate"}}]},
                   {"name": "B", "iceberg": [{"importer": "Arland", "multiply": np.float64(0.9)}]}],
        results=["tariff", "welfare"],
    )
    rows = study["tariff"]
    assert set(rows["country"]) == {"Belmar", "Corvia"} and set(rows["partner"]) == {"Arland"}
    assert set(rows["after"]) == {0.2, 0.3}
    with pytest.raises(KeyError):
        study["imports"]


def test_labels_that_pandas_takes_for_nothing():
    table = flows().replace({"exporter": {"Arland": "NA"}, "importer": {"Arland": "NA"}})
    study = melitz.policy(flows=table, sectors=SECTORS, scenarios=[{"name": "A", "iceberg": [{"multiply": 0.9}]}])
    assert "NA" in set(study["welfare"]["country"])


def test_sets_of_parameters_and_progress():
    seen = []
    study = melitz.policy(
        flows=flows(), sectors=SECTORS, results=["welfare"], scenarios=[question()],
        parameter_sets={"low": {"*": {"trade_elasticity": 3}}, "high": {"*": {"trade_elasticity": 8}}},
        progress=lambda done, all: seen.append((done, all)),
    )
    assert seen == [(1, 2), (2, 2)]
    assert study.status == {("A", "low"): "converged", ("A", "high"): "converged"}
    assert set(study.table["parameters"]) == {"low", "high"}


def test_a_question_without_an_answer():
    study = melitz.policy(
        flows=flows(), sectors=SECTORS,
        scenarios=[question(), {"name": "apart", "iceberg": [{"importer": "Korsk", "set": float("inf")},
                                                             {"exporter": "Korsk", "set": "inf"}]}],
    )
    assert study.failed == ["apart"] and study.status["apart"] == "disconnected"
    lost = study["welfare"].query("scenario == 'apart'")
    assert len(lost) == 12 and lost["after"].isna().all()


@pytest.mark.parametrize("change, says", [
    ({"sectors": {}}, "sectors: the trade_elasticity of the sector farming is missing"),
    ({"scenarios": [{"name": "A", "import_tax": [{"importer": "Arlnd", "set": 0}]}]},
     "scenarios[0].import_tax[0].importer is \"Arlnd\", which matches no country of the table flows"),
    ({"flows": "none.csv"}, "flows: cannot open"),
    ({"flow": 1}, "flow (1) is not a known key"),
    ({"scenarios": 3}, "scenarios is 3"),
    ({"flows": None}, "flows is null"),
])
def test_mistakes(change, says):
    given = {"flows": flows(), "sectors": SECTORS, "scenarios": [question()], **change}
    with pytest.raises(ValueError) as e:
        melitz.policy(**given)
    assert says in str(e.value)


def test_a_table_with_a_mistake_names_its_row():
    table = flows()
    table.loc[4, "value"] = -1
    with pytest.raises(ValueError, match="the table flows, line 6: the value of Arland, Arland, chemicals is -1"):
        melitz.policy(flows=table, sectors=SECTORS, scenarios=[question()])


def test_tariffs_the_wrong_way_round_are_a_warning():
    table = flows().rename(columns={"exporter": "importer", "importer": "exporter"})
    with pytest.warns(UserWarning, match="the importers of flows may be the exporters"):
        melitz.policy(flows=table, sectors=SECTORS, scenarios=[{"name": "A", "iceberg": [{"multiply": 1.1}]}])
