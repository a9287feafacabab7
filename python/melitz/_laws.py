# SPDX-License-Identifier: BSL-1.0
"""Laws of productivity."""

import inspect

import numpy as np

from . import _core, _numbers
from ._catalog import FAMILIES, suggest
from ._errors import DomainError


class Law:
    """A law that firms draw productivities from. Made by melitz.lognormal, melitz.pareto, ..., melitz.mixture,
    melitz.truncated, melitz.from_data and melitz.from_log_density.

    Its numbers are checked when a model is solved; a DomainError then names them, "distribution.log_sd".
    """

    __slots__ = ("name", "parameters", "_make", "_made", "moved")

    def __init__(self, name, parameters, make, moved=None):
        self.name, self.parameters, self._make, self._made = name, parameters, make, None
        self.moved = moved or {}  # numbers of a family that are arrays: {place of the key: Labelled}

    @property
    def core(self):
        """The compiled law."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def __repr__(self):
        def shown(x):
            size = np.size(x) if isinstance(x, np.ndarray) else 0
            return f"<{size} numbers>" if size > 8 else x.tolist().__repr__() if size else repr(x)

        return f"melitz.{self.name}({', '.join(f'{k}={shown(v)}' for k, v in self.parameters.items())})"

    def __reduce__(self):
        return _again, (self.name, self.parameters)

    def __eq__(self, other):
        if not isinstance(other, Law):
            return NotImplemented
        mine, yours = self.parameters, other.parameters
        return self.name == other.name and mine.keys() == yours.keys() and all(
            np.array_equal(mine[k], yours[k]) if isinstance(mine[k], np.ndarray) else mine[k] == yours[k] for k in mine
        )

    __hash__ = None


def _again(name, parameters):
    """A law from what it was made of: pickle calls this."""
    if name in FAMILIES:
        return family_law(FAMILIES[name], parameters)
    return {"mixture": mixture, "truncated": truncated, "from_log_density": from_log_density}[name](**parameters)


def family_law(family, given):
    """A law of a family. A number may be an array: solves then move it, as any parameter."""
    values, moved, kept = [], {}, {}
    for name in given:
        if name not in {k.name for k in family.keys}:
            raise TypeError(f"{family.name} has no {name!r}{suggest(name, [k.name for k in family.keys])}")
    for place, key in enumerate(family.keys):
        value = given.get(key.name)
        if value is None:
            if not key.optional:
                raise TypeError(f"{family.name} needs {key.name}")
            values.append(None)
            continue
        read = _numbers.read(value, key.name)
        array = read.array
        if key.dimensions:
            if array.ndim != 1:
                raise DomainError(key.name, f"an array of shape {array.shape}", "be a list of numbers")
            if array.size == 0 and key.optional:
                raise DomainError(key.name, "[]", "have one number for each value, or be left out")
            values.append((array.reshape(1, 1, -1), None, None))
            kept[key.name] = array
        elif array.ndim:
            moved[place] = read
            values.append(float(array.ravel()[0]) if array.size else 1.0)
            kept[key.name] = value
        else:
            if isinstance(value, (bool, np.bool_)):
                raise TypeError(f"{key.name} must be a number, not bool")
            values.append(float(array))
            kept[key.name] = float(array)
    law = Law(family.name, kept, lambda: _core.law_of_family(family.place, values), moved)
    return law


def mixture(weights, components):
    """A mixture: productivity is drawn from components[k] with probability weights[k].

    weights     probabilities that sum to 1 (within 1e-9)
    components  as many laws of families, of any of them

    Raises DomainError, when a model is solved, for weights that are no probabilities.
    """
    weights = _numbers.read(weights, "weights").array
    components = list(components)
    for k, one in enumerate(components):
        if not isinstance(one, Law):
            raise TypeError(f"components[{k}] must be a law, not {type(one).__name__}")
        if one.moved:
            raise DomainError(f"components[{k}]", "a law with arrays", "have one number for each parameter")
    if weights.ndim != 1:
        raise DomainError("weights", f"an array of shape {weights.shape}", "be a list of numbers")
    cores = [one.core for one in components]
    made = _core.mixture(weights.tolist(), cores)
    return Law("mixture", {"weights": weights, "components": components}, lambda: made)


def truncated(law, lower=0.0, upper=float("inf")):
    """A law conditional on productivity in [lower, upper].

    law    of a family with a density (not discrete or degenerate), or made by from_log_density
    lower  productivity, at least 0
    upper  productivity, above lower; may be infinite

    Raises DomainError for a law without a density; for the bounds when a model is solved.
    """
    if not isinstance(law, Law):
        raise TypeError(f"law must be a law, not {type(law).__name__}")
    if law.moved:
        raise DomainError("law", "a law with arrays", "have one number for each parameter")
    lower, upper = _numbers.to_float(lower, "lower"), _numbers.to_float(upper, "upper")
    made = law.core.truncated_to(lower, upper)
    return Law("truncated", {"law": law, "lower": lower, "upper": upper}, lambda: made)


def from_data(values, weights=None):
    """The law of data: each value counts with its weight. It is melitz.discrete with weights that need not sum to 1.

    values   productivities, at least 0; of sales, productivity is sales^(1/(elasticity - 1)) up to a factor
    weights  as many numbers of at least 0, such as a survey's; all equal if left out

    Raises DomainError for what is not so.
    """
    values = _numbers.read(values, "values").array.ravel()
    if weights is None:
        return family_law(FAMILIES["discrete"], {"values": values})
    weights = _numbers.read(weights, "weights").array.ravel()
    if weights.shape != values.shape:
        raise DomainError("number of weights", weights.size, f"be that of values, {values.size}")
    wrong = ~((weights >= 0) & np.isfinite(weights))
    if wrong.any():
        k = int(np.argmax(wrong))
        raise DomainError(f"weights[{k}]", weights[k], "be at least 0 and finite")
    total = weights.sum()
    if not (total > 0 and np.isfinite(total)):
        raise DomainError("sum of weights", total, "be positive and finite")
    return family_law(FAMILIES["discrete"], {"values": values, "weights": weights / total})


def from_log_density(log_density, log_lower=-float("inf"), log_upper=float("inf"), log_breakpoints=()):
    """A law by the log density of log productivity.

    log_density      a function of an array of t = ln(productivity) that returns as many numbers, the logarithms of the
                     density of t; -inf where there are no firms. The density must integrate to one. Of a density of
                     productivity itself, add t. It is called for some hundred arrays of 33 numbers when a model is
                     first solved, and not again: solves then take what it takes under any law
    log_lower, log_upper  bounds of t, which may be infinite
    log_breakpoints  where the density has a kink or a jump

    Raises what log_density raises; DomainError where it gives NaN, +inf, or another count of numbers.
    """
    if not callable(log_density):
        raise TypeError(f"log_density must be a function, not {type(log_density).__name__}")
    lower, upper = _numbers.to_float(log_lower, "log_lower"), _numbers.to_float(log_upper, "log_upper")
    if not lower < upper:
        raise DomainError("log_upper", upper, f"exceed log_lower, {lower}")
    points = np.sort(_numbers.read(list(log_breakpoints), "log_breakpoints").array.ravel())
    if not np.isfinite(points).all():
        raise DomainError("log_breakpoints", points[~np.isfinite(points)][0], "be finite")
    points = np.unique(points[(points > lower) & (points < upper)])

    def checked(t):
        out = np.asarray(log_density(t))
        if out.dtype.kind not in "fiu":
            raise TypeError(f"log_density must return numbers, not {out.dtype}")
        if out.shape == ():
            out = np.full(t.shape, out)
        if out.shape != t.shape:
            raise DomainError("log_density", f"a function that returns shape {out.shape} for {t.shape}",
                              "return as many numbers as it is given")
        return out.astype(np.float64, copy=False)

    made = _core.law_of_density(checked, lower, upper, points.tolist())
    parameters = {"log_density": log_density, "log_lower": lower, "log_upper": upper,
                  "log_breakpoints": tuple(points.tolist())}
    return Law("from_log_density", parameters, lambda: made)


def _family_function(family):
    """lognormal(log_mean, log_sd), ...: as the catalog tells it."""

    def make(*args, **given):
        bound = make.__signature__.bind(*args, **given)
        return family_law(family, bound.arguments)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    make.__name__ = make.__qualname__ = family.name
    make.__module__ = "melitz"
    make.__signature__ = inspect.Signature(
        [inspect.Parameter(k.name, kind, default=None if k.optional else inspect.Parameter.empty) for k in family.keys],
        return_annotation=Law,
    )
    width = max(len(k.name) for k in family.keys)
    lines = [f"A {family.name.replace('_', ' ')} law of productivity.", ""]
    for k in family.keys:
        unit = f"{k.unit}, " if k.unit else ""
        must = f"; it must {k.restriction}" if k.restriction else ""
        lines.append(f"{k.name:<{width}}  {unit}{k.meaning}{must}")
    if not any(k.dimensions for k in family.keys):
        lines += ["", "Each may be an array: the model is then solved for every element, as with its own parameters."]
    make.__doc__ = "\n".join(lines)
    return make


FUNCTIONS = {name: _family_function(family) for name, family in FAMILIES.items()}
