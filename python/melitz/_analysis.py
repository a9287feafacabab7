# SPDX-License-Identifier: BSL-1.0
"""What is asked of equilibria: comparisons, gains, derivatives, curves, firms, calibration."""

import typing

import numpy as np

from . import _core, _inputs
from ._catalog import STATUSES
from ._errors import ConvergenceError, DomainError
from ._numbers import read
from ._results import Equilibrium, model_of
from ._solve import explained, inputs_of, options_of, solve


def _one(inputs, what):
    """@raises DomainError for arrays where only one equilibrium is meant"""
    if inputs.shape is not None:
        raise DomainError(what, f"arrays of shape {inputs.shape}", "be of one equilibrium: give numbers")
    return inputs


def _called(function, inputs, *arguments):
    try:
        return function(*arguments)
    except DomainError as error:
        raise explained(error, inputs) from None


class Change(typing.NamedTuple):
    """A result before and after: numbers, or arrays with labels.

    percent  100 (after/before - 1): infinite where it starts at 0, NaN where a side is infinite
    """

    before: object
    after: object
    difference: object
    percent: object


class FirmGroup(typing.NamedTuple):
    """Firms with productivity in [lower, upper), and what happens to all of them. The last upper is infinite."""

    effect: str
    lower: float
    upper: float


class Comparison(dict):
    """Changes of all results by name: comparison["welfare"].percent; also by attribute, comparison.welfare.

    before, after  the equilibria
    firms          groups of firms, ascending in productivity, each with its fate; None where the model has no such
                   thing or the law is another one after
    """

    def __init__(self, before, after, changes, firms):
        super().__init__(changes)
        self.before, self.after, self.firms = before, after, firms

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no change of {name!r}") from None

    def to_frame(self):
        """A pandas DataFrame of the results that are one number: before, after, difference, percent."""
        import pandas

        rows = {k: c for k, c in self.items() if isinstance(c.before, float)}
        return pandas.DataFrame.from_dict(rows, orient="index", columns=Change._fields)

    def __repr__(self):
        return f"<melitz comparison of {self.before.model!r}: {len(self)} results>"

    def __reduce__(self):
        return compare, (self.before, self.after)


def compare(before, after=None, /, **changes):
    """Two equilibria of one model: every result before and after, and what happens to firms.

    before     an Equilibrium
    after      another one of the model; or left out, and **changes are parameters that it has in place of `before`'s
               (distribution too): compare(e, iceberg_cost=1.4)

    Returns a Comparison. Raises DomainError where one of them has failed, or they are of other models or sizes;
    as solve does for changes.
    """
    if not isinstance(before, Equilibrium):
        raise TypeError(f"before must be an equilibrium, not {type(before).__name__}")
    if after is None:
        after = solve(before, **changes)
    elif changes:
        raise TypeError("give the equilibrium after, or what changes, not both")
    if not isinstance(after, Equilibrium):
        raise TypeError(f"after must be one equilibrium, not {type(after).__name__}")
    if before.model != after.model:
        raise DomainError("model after", repr(after.model), f"be that before, {before.model!r}")
    model = before._inputs.model
    found = _core.compare(before._answer, after._answer)
    out, next_ = {}, 0
    for r in model.results:
        if r.part in ("solution", "work"):
            continue
        value = before._answer.value(model.result_at[r.name])
        if isinstance(value, str):
            continue
        count = int(np.size(value))
        numbers = np.array([row[1:] for row in found[next_ : next_ + count]], np.float64).T
        next_ += count
        if isinstance(value, np.ndarray):
            out[r.name] = Change(*(_labelled(before, r, column.reshape(value.shape)) for column in numbers))
        else:
            out[r.name] = Change(*map(float, numbers[:, 0]))
    firms_ = None
    if model.has["fates"] and (before.distribution is after.distribution or before.distribution == after.distribution):
        rows = _called(_core.fates, after._inputs, model.place, before._inputs.values, after._inputs.values,
                       before._inputs.laws)
        firms_ = [FirmGroup(*row) for row in rows]
    return Comparison(before, after, out, firms_)


def _labelled(equilibrium, r, array):
    labels = equilibrium._inputs.labels
    wanted = tuple(x for x in r.indices if x)
    if labels is None or not wanted:
        return array
    return labels.wrap(array, wanted, r.name, () if array.ndim == len(wanted) else ("sector",))


def gains_from_trade(model, distribution=None, *, max_evaluations=200, **parameters):
    """Welfare over that in autarky, 1.07 for a gain of 7 %: a float, or an array of one for each country.

    The arguments are those of solve; with an equilibrium, its own.
    Raises DomainError for a model without such a thing; ConvergenceError where one of the two is not solved.
    """
    inputs = _one(inputs_of(model, distribution, parameters), "parameters")
    found = _called(_core.gains_from_trade, inputs, inputs.model.place, inputs.values, inputs.laws, max_evaluations)
    by_country = any("country" in p.indices for p in inputs.model.parameters)
    if not by_country:
        return float(found[0])
    return found if inputs.labels is None else inputs.labels.wrap(found, ("country",), "gains_from_trade")


class Derivatives(typing.NamedTuple):
    """Derivatives of results by parameters.

    results, parameters  their names, in order
    values  of the results: shape (..., results)
    table   d result / d parameter: shape (..., results, parameters). Before these, the shape of a sweep
    status  "converged", or an array of words in a sweep; what failed is NaN
    """

    results: tuple
    parameters: tuple
    values: np.ndarray
    table: np.ndarray
    status: object

    def of(self, result, parameter):
        """One derivative: a float, or an array with the shape of the sweep."""
        try:
            out = self.table[..., self.results.index(result), self.parameters.index(parameter)]
        except ValueError:
            raise DomainError("derivative", f"{result!r} by {parameter!r}", "be one of those asked for") from None
        return float(out) if out.ndim == 0 else out

    def to_frame(self):
        """A pandas DataFrame of one equilibrium's: a row for each result, a column for each parameter."""
        import pandas

        return pandas.DataFrame(self.table, index=list(self.results), columns=list(self.parameters))


def _list_of_names(given, name):
    out = [given] if isinstance(given, str) else list(given)
    for one in out:
        if not isinstance(one, str):
            raise TypeError(f"{name} must be names, not {one!r}")
    if not out:
        raise DomainError(name, "[]", "name something")
    return out


def derivatives(model, distribution=None, *, results, by, threads=1, progress=False, **parameters):
    """Derivatives of results by parameters, exact to rounding: the solve itself is differentiated.

    results  names of numbers among the results; of one of several its place: "wage[1]", "sales[0][2]"
    by       names of parameters, and of numbers of the law: "iceberg_cost", "distribution.log_sd"; of one of several
             its place, or without it all of them at once
    The other arguments are those of solve. Where parameters are arrays, so are all derivatives: one call for the
    Jacobians of a sweep, with Python's lock released.

    Returns Derivatives. Raises DomainError as solve does, for names that there are not, and for a law of no family;
    ConvergenceError where a single solve fails.
    """
    inputs = inputs_of(model, distribution, parameters)
    results, by = _list_of_names(results, "results"), _list_of_names(by, "by")
    one = inputs.shape is None
    if one:
        inputs.shape, inputs.moved, inputs.moved_laws = (), [], []
    codes, values, table = _called(
        _core.differentiate_batch, inputs, inputs.model.place, inputs.values, inputs.moved, inputs.laws,
        inputs.moved_laws, results, by, options_of(inputs, threads, 200, progress),
    )
    shape = inputs.shape
    if one and codes[0]:
        status = STATUSES[codes[0]]
        raise ConvergenceError(status, f"{inputs.model.name}: {status}")
    return Derivatives(
        tuple(results), tuple(by), values.reshape(shape + values.shape[1:]), table.reshape(shape + table.shape[1:]),
        "converged" if one else np.array(STATUSES)[codes].reshape(shape),
    )


class Curves(typing.NamedTuple):
    """The equilibrium conditions at cutoffs, arrays: Melitz (2003), figures 1 and 2."""

    cutoff: np.ndarray
    export_cutoff: np.ndarray
    value_of_entry: np.ndarray
    average_profit: np.ndarray
    average_profit_required: np.ndarray


def curves(model, distribution=None, *, cutoff, **parameters):
    """The equilibrium conditions as curves over the cutoff: the zero-profit condition (average_profit), free entry
    (average_profit_required), and the value of entry.

    cutoff  productivities, an array of positive numbers
    The other arguments are those of solve; with an equilibrium, its own.
    Returns Curves, with arrays of the shape of cutoff. Raises DomainError for a model without such curves.
    """
    inputs = _one(inputs_of(model, distribution, parameters), "parameters")
    given = read(cutoff, "cutoff").array
    found = _called(_core.curves, inputs, inputs.model.place, inputs.values, inputs.laws, given.ravel())
    return Curves(*(found[name].reshape(given.shape) for name in Curves._fields))


class Firms(typing.NamedTuple):
    """What firms do: arrays of the shape of productivity."""

    productivity: np.ndarray
    choice: np.ndarray  # words: the name of a firm's option, "exit" or "exits" of one that does nothing
    price: np.ndarray  # at home; NaN where it exits, and in models that tell no price
    revenue: np.ndarray  # of all its sales; 0 where it exits
    profit: np.ndarray  # per period


def firms(equilibrium, productivity):
    """What firms of these productivities do in an equilibrium.

    productivity  a number or an array of positive numbers
    Returns Firms. Raises DomainError for a model in which there is no menu of choices, and for what is not positive.
    """
    if not isinstance(equilibrium, Equilibrium):
        raise TypeError(f"equilibrium must be an equilibrium, not {type(equilibrium).__name__}")
    given = read(productivity, "productivity").array
    inputs = equilibrium._inputs
    choice, price, revenue, profit = _called(
        _core.firms, inputs, inputs.model.place, inputs.values, inputs.laws, given.ravel()
    )
    return Firms(given, np.array(choice, dtype=str).reshape(given.shape), price.reshape(given.shape),
                 revenue.reshape(given.shape), profit.reshape(given.shape))


def calibrate(model, distribution, **targets):
    """The parameters at which a model shows what is observed, as a dictionary for solve.

    targets  what is observed and what is assumed; help(melitz.calibrate) has no list: it is
             [p.name for p in melitz.describe("open").targets]
    Raises DomainError for targets that the model cannot show, and for a model that cannot be calibrated;
    ConvergenceError.

    >>> found = melitz.calibrate("open", law, share_exporting=0.18, export_sales_share=0.14, share_producing=0.5,
    ...                          elasticity=4)
    >>> melitz.solve("open", law, **found)
    """
    found, _, _ = model_of(model)
    if not found.has["calibrate"]:
        raise DomainError("model", repr(found.name), "be one that can be calibrated")
    laws = [(law.core, path) for law, path in _inputs._read_laws(found, distribution, [], None)]
    inputs = _inputs.Inputs(found, _inputs.read_targets(found, targets), laws, targets, distribution)
    values = _called(_core.calibrate, inputs, found.place, inputs.values, laws)
    return {p.name: v for p, v in zip(found.parameters, values) if v is not None}
