# SPDX-License-Identifier: BSL-1.0
"""From keyword arguments to what the compiled part takes."""

import numpy as np

from . import _numbers
from ._catalog import ABILITY_AND_ATTRIBUTES, BY_COUNTRY, BY_INDUSTRY_AND_COUNTRY, FAMILIES, NO_LAW, suggest
from ._errors import DomainError
from ._labels import Labelled, Labels, broadcast
from ._laws import Law

_NOT_MOVED = ()


class by_sector:
    """A parameter that is another one in each sector: by_sector([4, 6]), or an array with sectors first."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class everywhere:
    """An array of numbers, each of which stands for all countries or pairs of countries in one solve of a sweep:
    iceberg_cost=everywhere(np.linspace(1.2, 2, 9)) where iceberg_cost is a matrix. At home it stays what it is."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Inputs:
    """What a solve takes."""

    __slots__ = ("model", "values", "laws", "moved", "moved_laws", "shape", "labels", "sweep", "given", "distribution")

    def __init__(self, model, values, laws, given, distribution):
        self.model, self.values, self.laws = model, values, laws
        self.given, self.distribution = given, distribution
        self.moved, self.moved_laws, self.shape, self.labels, self.sweep = _NOT_MOVED, _NOT_MOVED, None, None, None


def read(model, distribution, given):
    """@raises TypeError, DomainError"""
    values = model.blank[:]
    plain = model.plain
    slow = None
    for name, value in given.items():
        kind = type(value)
        if kind is float or (kind is int and -(1 << 1000) < value < 1 << 1000):
            at = plain.get(name)
            if at is not None:
                values[at] = float(value)
                continue
        if slow is None:
            slow = []
        slow.append((name, value))
    if type(distribution) is Law and not distribution.moved and not slow and model.laws != ABILITY_AND_ATTRIBUTES:
        if model.laws != NO_LAW:
            _require_all(model, values)
            return Inputs(model, values, [(distribution.core, "distribution")], given, distribution)
    return _read_all(model, distribution, given, values, slow or [])


def _require_all(model, values, moved=()):
    for at in model.required:
        if values[at] is None and at not in moved:
            p = model.parameters[at]
            raise TypeError(f"model {model.name!r} needs {p.name}: {p.meaning}; it must {p.restriction}")


def _read_all(model, distribution, given, values, slow):
    out = Inputs(model, values, [], given, distribution)
    labels = out.labels = Labels()
    moved, for_all = {}, {}
    for name, value in slow:
        at = model.parameter(name)
        p = model.parameters[at]
        if value is None:
            continue
        if isinstance(value, by_sector):
            values[at] = _by_sector(p, value.value, labels)
        elif p.words:
            _read_word(p, at, value, values, moved)
        elif isinstance(value, everywhere):
            read_ = _numbers.read(value.value, name)
            moved[at] = read_
            for_all[at] = float(read_.array.ravel()[0]) if read_.array.size else 1.0
        else:
            _read_numbers(p, at, value, values, moved, for_all, labels)
    _fill(model, values, for_all, labels)
    _require_all(model, values, moved)
    laws = _read_laws(model, distribution, values, labels)
    out.laws = [(law.core, path) for law, path in laws]
    everything = {model.parameters[at].name: m for at, m in moved.items()}
    for law, path in laws:
        for key, m in law.moved.items():
            everything[f"{path}.{FAMILIES[law.name].keys[key].name}"] = m
    if everything:
        _spread(out, model, moved, laws, everything)
    return out


def _spread(out, model, moved, laws, everything):
    """All that moves, with one shape."""
    arrays, out.shape, out.sweep = broadcast(everything)

    def flat(name):
        return np.ascontiguousarray(arrays[name]).reshape(-1)

    out.moved = [(at, flat(model.parameters[at].name)) for at in moved]
    out.moved_laws = []
    for place, (law, path) in enumerate(laws):
        if law.moved:
            family = FAMILIES[law.name]
            keys = [(key, flat(f"{path}.{family.keys[key].name}")) for key in law.moved]
            kept = []
            for key in family.keys:
                value = law.parameters.get(key.name)
                if key.dimensions and value is not None:
                    value = (value.reshape(1, 1, -1), None, None)
                kept.append(value if value is None or isinstance(value, (float, tuple)) else 1.0)
            out.moved_laws.append((place, family.place, path, kept, keys))


def _place_of(word, p):
    """The number that a word of a choice is."""
    word = "true" if word is True else "false" if word is False else word
    if not isinstance(word, str):
        raise TypeError(f"{p.name} must be {' or '.join(map(repr, p.words))}, not {word!r}")
    if word not in p.words:
        raise DomainError(p.name, repr(word), f"be {' or '.join(map(repr, p.words))}{suggest(word, p.words)}")
    return float(p.words.index(word))


def _places(value, p):
    """The same of one or several."""
    given = Labelled(value)
    places = [_place_of(x, p) for x in given.array.ravel().tolist()]
    given.array = np.array(places, np.float64).reshape(given.array.shape)
    return given


def _read_word(p, at, value, values, moved):
    given = _places(value, p)
    if given.array.ndim:
        moved[at], values[at] = given, 0.0
    else:
        values[at] = float(given.array)


def _read_numbers(p, at, value, values, moved, for_all, labels):
    given = _numbers.read(value, p.name)
    array = given.array
    if array.ndim == 0:
        number = _numbers.to_float(array.item() if isinstance(value, np.ndarray) else value, p.name) \
            if given.kind is None else float(array)
        if p.dimensions:
            for_all[at] = number
        else:
            values[at] = number
    elif p.dimensions == 0:
        moved[at] = given
        values[at] = float(array.ravel()[0]) if array.size else 1.0  # how often nothing is solved does not matter
    else:
        values[at] = _table(p, given, labels, ())


def _table(p, given, labels, before):
    """An array of layers, rows and columns, with the names of its rows and columns."""
    array, wanted = given.array, [x for x in p.indices if x]
    if array.ndim != len(wanted) + len(before):
        what = " and ".join(before + tuple(wanted))
        raise DomainError(p.name, f"an array of shape {array.shape}",
                          f"be one number, or have {len(wanted) + len(before)} axes, by {what}")
    if array.size == 0:
        raise DomainError(p.name, "empty", "have a number for each")
    names = labels.take(given, tuple(wanted), p.name) if wanted else []
    names += [None] * (2 - len(names))
    layers = array.shape[: len(before)] or (1,)
    rows = array.shape[len(before) :] + (1,) * (2 - len(wanted))
    return array.reshape(layers + rows), names[0], names[1]


def _by_sector(p, value, labels):
    if not p.by_sector:
        raise DomainError(p.name, "by sector", "be one for all sectors")
    return _table(p, _places(value, p) if p.words else _numbers.read(value, p.name), labels, ("sector",))


def _counts(model, values):
    """How many countries, industries, ... the tables are for."""
    out = {}
    for p, value in zip(model.parameters, values):
        if isinstance(value, tuple):
            for what, count in zip(p.indices, value[0].shape[1:]):
                if what:
                    out.setdefault(what, (count, p.name))
    return out


def _fill(model, values, for_all, labels):
    """One number where several are wanted: the same everywhere, but at home what home wants."""
    counts = _counts(model, values)
    for what, index in labels.by.items():
        counts.setdefault(what, (len(index), "labels"))
    for at, number in for_all.items():
        p = model.parameters[at]
        shape = []
        for what in p.indices:
            if what and what not in counts:
                raise DomainError(p.name, number, f"be an array, or another parameter: how many {_plural(what)}?")
            shape.append(counts[what][0] if what else 1)
        table = np.full(shape, number)
        if p.at_home is not None and shape[0] == shape[1]:
            np.fill_diagonal(table, p.at_home)
        values[at] = (table.reshape([1] + shape), None, None)
    for p, value in zip(model.parameters, values):
        if isinstance(value, tuple):
            for what, count in zip(p.indices, value[0].shape[1:]):
                if what and what in counts and counts[what][0] != count:
                    raise DomainError(f"number of {_plural(what)} of {p.name}", count,
                                      f"be that of {counts[what][1]}, {counts[what][0]}")


def _plural(what):
    return what[:-1] + "ies" if what.endswith("y") else what + "s"


def _read_laws(model, distribution, values, labels):
    """[(law, path)], as many as the model wants."""
    if model.laws == NO_LAW:
        if distribution is not None:
            raise TypeError(f"model {model.name!r} draws no productivities: it takes no distribution")
        return []
    if distribution is None:
        raise TypeError(f"model {model.name!r} needs a distribution, such as melitz.lognormal(log_mean=0, log_sd=0.8)")
    if model.laws == ABILITY_AND_ATTRIBUTES:
        names = ("ability", "attributes")
        if isinstance(distribution, dict) and set(distribution) == set(names):
            distribution = [distribution[name] for name in names]
        if not isinstance(distribution, (list, tuple)) or len(distribution) != 2:
            raise TypeError(f"distribution of model {model.name!r} must be two laws: (ability, attributes)")
        return [(_law(law, f"distribution.{name}"), f"distribution.{name}") for law, name in zip(distribution, names)]
    if isinstance(distribution, Law):
        return [(distribution, "distribution")]
    many = _flat_laws(model, distribution, values, labels)
    return [(_law(law, f"distribution{place}"), f"distribution{place}") for place, law in many]


def _law(law, path):
    if not isinstance(law, Law):
        raise TypeError(f"{path} must be a law, such as melitz.lognormal(log_mean=0, log_sd=0.8), not {law!r}")
    return law


def _flat_laws(model, distribution, values, labels):
    counts = _counts(model, values)
    countries = counts.get("country", (0,))[0]
    listed = isinstance(distribution, (list, tuple, dict)) or hasattr(distribution, "to_dict")
    if model.laws not in (BY_COUNTRY, BY_INDUSTRY_AND_COUNTRY) or not listed:
        _law(distribution, "distribution")
    if hasattr(distribution, "to_dict") and not isinstance(distribution, dict):
        distribution = distribution.to_dict()  # a Series
    if isinstance(distribution, dict):
        names = [str(x) for x in labels.by.get("country", range(countries))]
        by_name = {str(k): law for k, law in distribution.items()}
        for name in by_name:
            if name not in names:
                raise DomainError("distribution", repr(name), f"be by countries: {', '.join(names)}")
        missing = [name for name in names if name not in by_name]
        if missing:
            raise DomainError("distribution", "without " + ", ".join(missing), "have a law for each country")
        distribution = [by_name[name] for name in names]
    if model.laws == BY_INDUSTRY_AND_COUNTRY:
        out = []
        for i, row in enumerate(distribution):
            if not isinstance(row, (list, tuple)) or len(row) != countries:
                must = f"be a list of {countries} laws, one for each country"
                raise DomainError(f"distribution[{i}]", repr(row), must)
            out += [(f"[{i}][{j}]", law) for j, law in enumerate(row)]
        return out
    if len(distribution) != countries:
        raise DomainError("number of laws", len(distribution), f"be 1 or that of countries, {countries}")
    return [(f"[{k}]", law) for k, law in enumerate(distribution)]


def read_targets(model, given):
    """Targets of a calibration, as the compiled part takes them."""
    places = {p.name: k for k, p in enumerate(model.targets)}
    values = [None] * len(model.targets)
    for name, value in given.items():
        if name not in places:
            raise TypeError(f"calibrating {model.name!r} has no target {name!r}{suggest(name, places)}")
        if value is not None:
            values[places[name]] = _numbers.to_float(value, name)
    for k, p in enumerate(model.targets):
        if values[k] is None and not p.optional:
            raise TypeError(f"calibrating {model.name!r} needs {p.name}: {p.meaning}; it must {p.restriction}")
    return values
