# SPDX-License-Identifier: BSL-1.0
"""The models and the families of laws, as the library tells them."""

import difflib
import typing

from . import _core
from ._errors import DomainError

STATUSES = tuple(_core.statuses())
PARTS = ("solution", "work", "cutoffs", "averages", "masses", "aggregates", "labor_uses", "elasticities")
NO_LAW, ONE_LAW, BY_COUNTRY, BY_INDUSTRY_AND_COUNTRY, ABILITY_AND_ATTRIBUTES = range(5)


def suggest(name, names):
    """' (did you mean ...?)', or nothing."""
    close = difflib.get_close_matches(str(name), list(names), 1)
    return f" (did you mean {close[0]}?)" if close else ""


class Parameter(typing.NamedTuple):
    """One parameter of a model, of a calibration or of a law."""

    name: str
    meaning: str
    unit: str
    restriction: str  # completes "it must ..."
    may_be_infinite: bool
    example: object  # a number, or a list in JSON
    indices: tuple  # what rows and columns are by: ("country", ""); ("", "") of a number
    by_sector: bool  # it may be another one in each sector: see by_sector
    default: object  # a number, or None
    none_if_left_out: bool
    as_if_left_out: str  # the parameter whose value it has if it is left out, or ""
    at_home: object  # what one number for all pairs of countries leaves on the diagonal, or None
    words: tuple  # of a choice: what it can be

    @property
    def optional(self):
        return self.default is not None or bool(self.as_if_left_out)

    @property
    def dimensions(self):
        """0 of a number, 1 of what is by country, 2 of what is by pair of countries, ..."""
        return sum(bool(x) for x in self.indices)


class Result(typing.NamedTuple):
    """One result of a model."""

    name: str
    part: str
    unit: str
    symbol: str
    equation: str
    indices: tuple
    by_sector: bool


class Model:
    """One model: its parameters, results, and what can be asked of it."""

    def __init__(self, place, told):
        self.place, self.name, self.title = place, told["name"], told["title"]
        self.laws, self.example_law = told["laws"], told["example_law"]
        self.example_change = told["example_change"]
        self.parameters = tuple(Parameter(**p) for p in told["parameters"])
        self.targets = tuple(Parameter(**p) for p in told["targets"])
        self.results = tuple(Result(**{**r, "part": PARTS[r["part"]]}) for r in told["results"])
        self.has = told["has"]
        self.place_of = {p.name: k for k, p in enumerate(self.parameters)}
        self.result_at = {r.name: k for k, r in enumerate(self.results)}
        # What takes the short way: a number that is given as one.
        self.plain = {p.name: k for k, p in enumerate(self.parameters) if not p.words and not p.dimensions}
        self.blank = [None] * len(self.parameters)
        self.required = tuple(k for k, p in enumerate(self.parameters) if not p.optional)

    def parameter(self, name, of=None):
        """@raises TypeError where there is none, as for any unknown keyword in Python."""
        at = self.place_of.get(name)
        if at is None:
            raise TypeError(f"model {self.name!r} has no parameter {name!r}{suggest(name, self.place_of)}")
        return at

    def place_of_result(self, name):
        at = self.result_at.get(name)
        if at is None:
            raise DomainError(
                "fields", repr(name), f"be results of model {self.name!r}{suggest(name, self.result_at)}"
            )
        return at

    def __repr__(self):
        return f"<melitz model {self.name!r}: {self.title}>"


class Family(typing.NamedTuple):
    """A family of laws."""

    place: int
    name: str
    keys: tuple


MODELS = {told["name"]: Model(place, told) for place, told in enumerate(_core.models())}
FAMILIES = {
    told["name"]: Family(place, told["name"], tuple(Parameter(**k) for k in told["keys"]))
    for place, told in enumerate(_core.families())
}


def describe(model):
    """What there is to know of a model: an object with name, title, parameters and results.

    Raises DomainError for a model that there is not.
    """
    found = MODELS.get(model) if isinstance(model, str) else None
    if found is None:
        raise DomainError("model", repr(model), f"be one of {', '.join(MODELS)}{suggest(model, MODELS)}")
    return found


def model_names():
    """The names of the models, a tuple. Those of different countries are among them where it was built with Eigen."""
    return tuple(MODELS)
