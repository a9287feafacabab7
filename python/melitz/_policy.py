# SPDX-License-Identifier: BSL-1.0
"""Studies of policy: what taxes and trade costs do to a world in tables of trade."""

import io
import json
import math
import pathlib
import warnings

from . import _core

_TEXTS = ("country", "sector", "partner", "scenario", "parameters", "variable", "status", "unit")


class PolicyStudy:
    """The answers to a study of policy.

    table      of all numbers (a pandas.DataFrame): country, sector, partner, scenario, variable, before, after,
               change_percent, status, residual, unit; parameters too where there are several sets of them
    csv        the same as text, as melitz-solve --long prints it
    status     of each scenario, or of each (scenario, parameters)
    failed     those of them that have no answer; their numbers are NaN
    notes      what was looked at in the data, and of each scenario what there is to know
    """

    def __init__(self, found):
        self.csv = found["csv"]
        several = any(parameters for _, parameters, *_ in found["answers"])
        names = [(name, parameters) if several else name for name, parameters, *_ in found["answers"]]
        self.status = dict(zip(names, (one[2] for one in found["answers"])))
        self.failed = [name for name, status in self.status.items() if status != "converged"]
        self.notes = {"data": found["notes"], **dict(zip(names, (one[4] for one in found["answers"])))}
        self._table = None

    @property
    def table(self):
        if self._table is None:
            import pandas

            self._table = pandas.read_csv(
                io.StringIO(self.csv), dtype={name: str for name in _TEXTS}, keep_default_na=False,
                na_values={name: [""] for name in ("before", "after", "change_percent", "residual")},
                float_precision="round_trip",
            )
        return self._table

    def __getitem__(self, name):
        """The rows of one result: study["welfare"]."""
        rows = self.table[self.table["variable"] == name]
        if not len(rows):
            raise KeyError(name)
        return rows

    def __repr__(self):
        return f"<PolicyStudy: {len(self.status)} answers, {len(self.failed)} of them not solved>"


def _as_tables(value, path, tables):
    """The same without data frames: names in their places."""
    if hasattr(value, "to_csv") and hasattr(value, "columns"):
        name = f"the table {path}"
        tables[name] = value.to_csv(index=False)
        return name
    if isinstance(value, dict):
        return {key: _as_tables(one, f"{path}.{key}" if path else str(key), tables) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_tables(one, f"{path}[{k}]", tables) for k, one in enumerate(value)]
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return _as_tables(value.tolist(), path, tables)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such numbers; "inf" is a word for one
    return value


def policy(*, folder=".", progress=None, **study):
    """Asks what policy does to a world in tables of trade.

    The arguments are the keys of a study, the document that melitz-solve reads with "model": "policy"; wherever that has
    the name of a CSV file a pandas.DataFrame with the same columns will do.

        study = melitz.policy(
            flows=flows,  # exporter, importer, sector, value, tariff
            sectors={"*": {"trade_elasticity": 4}},
            scenarios=[{"name": "A", "import_tax": [{"importer": "USA", "sector": "chem*", "add": 0.1}]}],
        )
        study["welfare"]

    folder    where files lie whose names are given
    progress  called with how many answers are there, and how many there will be

    What looks odd in the data is a warning. Raises ValueError, which names what is wrong with its place: file, line and
    label, or the path in the study. A scenario without an answer raises nothing: see PolicyStudy.failed.
    """
    if not hasattr(_core, "policy"):
        raise RuntimeError("this melitz was built without studies of policy: they need nlohmann-json and Eigen")
    tables = {}
    document = {"model": "policy", **_as_tables(study, "", tables)}

    def read(name, path):
        if name in tables:
            return name, tables[name]
        file = pathlib.Path(folder, name)
        try:
            return str(file), file.read_bytes()
        except OSError as e:
            raise ValueError(f"{path}: cannot open {file}: {e.strerror}") from None

    found = _core.policy(json.dumps(document), read, progress)
    for text in found["warnings"]:
        warnings.warn(text, stacklevel=2)
    return PolicyStudy(found)
