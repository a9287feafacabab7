# SPDX-License-Identifier: BSL-1.0
"""solve and try_solve."""

import re

import numpy as np

from . import _core, _inputs
from ._catalog import STATUSES
from ._errors import ConvergenceError, DomainError
from ._results import Equilibrium, Sweep, model_of

_ELEMENT = re.compile(r"element (\d+): ")
_PLACE = re.compile(r"(\w+)\((\d+)(?:, (\d+))?\)$")


def explained(error, inputs):
    """The library's error in the words of who called: names of parameters as they were given, places with labels."""
    name, element = error.parameter, None
    found = _ELEMENT.match(name)
    if found:
        name = name[found.end() :]
        if inputs.shape is not None:
            element = tuple(int(k) for k in np.unravel_index(int(found.group(1)), inputs.shape))
    known = {p.name: p for p in inputs.model.parameters}
    place = _PLACE.match(name)
    base = place.group(1) if place else name
    if base not in known:  # an economy within the model has names of its own; its value tells which it is
        base = _same_value(error, base, inputs) or base
    if base not in known and not base.startswith(("distribution", "element")) and not found:
        return error  # no parameter: what the library says of it, in full
    if place:
        names = []
        for k, what in zip(place.groups()[1:], known[base].indices if base in known else ("", "")):
            if k is not None:
                axis = inputs.labels.by.get(what) if inputs.labels is not None else None
                names.append(repr(axis[int(k)]) if axis is not None else k)
        base = f"{base}[{', '.join(names)}]"
    return DomainError(base, error.value, error.restriction, None, element)


def _same_value(error, name, inputs):
    for p, value in zip(inputs.model.parameters, inputs.values):
        if p.name.endswith("_" + name) and isinstance(value, float):
            try:
                if float(error.value) == value:
                    return p.name
            except ValueError:
                return None
    return None


def inputs_of(model, distribution, parameters):
    """Reads a model or an equilibrium, with changes."""
    found, base_law, base = model_of(model)
    if base or base_law is not None:
        parameters = {**base, **parameters}
        distribution = base_law if distribution is None else distribution
    return _inputs.read(found, distribution, parameters)


def _whole(value, name, least, most):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if not least <= value <= most:
        raise DomainError(name, value, f"be from {least} to {most}")
    return int(value)


def options_of(inputs, threads, max_evaluations, progress):
    """What batches want besides."""
    count = 1
    for length in inputs.shape:
        count *= length
    return {
        "count": count,
        "threads": _whole(threads, "threads", 0, 1024),
        "max_evaluations": _whole(max_evaluations, "max_evaluations", 1, 2**31 - 1),
        "progress": bar_of(progress, count),
    }


def bar_of(progress, count):
    """What is told how many are done: a function of the caller's, or a bar by tqdm where it is there."""
    if callable(progress):
        return lambda done: progress(done, count)
    if not progress:
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    bar = tqdm(total=count, unit=" solves", unit_scale=True)

    def show(done):
        bar.update(done - bar.n)
        if done >= count:
            bar.close()

    return show


def checked_fields(model, fields):
    """The names that are wanted, each once. @raises DomainError"""
    if isinstance(fields, str):
        fields = [fields]
    out = list(dict.fromkeys(fields))
    for name in out:
        if not isinstance(name, str):
            raise TypeError(f"fields must be names of results, not {name!r}")
        model.place_of_result(name)
    return out


def _run(model, distribution, parameters, fields, threads, progress, max_evaluations):
    inputs = inputs_of(model, distribution, parameters)
    if fields is not None:
        fields = checked_fields(inputs.model, fields)
    try:
        if inputs.shape is None:
            if max_evaluations != 200:
                max_evaluations = _whole(max_evaluations, "max_evaluations", 1, 2**31 - 1)
            answer = _core.solve(inputs.model.place, inputs.values, inputs.laws, max_evaluations)
            return Equilibrium(inputs, answer, fields, max_evaluations)
        names = list(inputs.model.result_at) if fields is None else fields
        places = [inputs.model.result_at[name] for name in names]
        codes, columns = _core.solve_batch(
            inputs.model.place, inputs.values, inputs.moved, inputs.laws, inputs.moved_laws, places,
            options_of(inputs, threads, max_evaluations, progress),
        )
        return Sweep(inputs, codes, columns, names, max_evaluations)
    except DomainError as error:
        raise explained(error, inputs) from None


def try_solve(model, distribution=None, *, fields=None, threads=1, progress=False, max_evaluations=200, **parameters):
    """As solve, but a solve that fails has its status in the result, and NaN in the place of numbers.

    Raises DomainError and TypeError as solve does.
    """
    return _run(model, distribution, parameters, fields, threads, progress, max_evaluations)


def solve(model, distribution=None, *, fields=None, threads=1, progress=False, max_evaluations=200, **parameters):
    """Solves a model by its name: melitz.model_names() lists them, help(melitz.models.open) tells of one.

    model         its name; or an equilibrium, whose parameters and law stand where none are given
    distribution  the law of productivity: melitz.lognormal(log_mean=0, log_sd=0.8), ...; a list or a dictionary of laws
                  where countries have their own; (ability, attributes) of firms with many products
    fields        names of results, if not all are wanted
    threads       of a sweep: how many, 0 for one on each core
    progress      of a sweep: True for a bar by tqdm, where it is there; or a function f(done, count)
    max_evaluations  of the free-entry condition, at most
    **parameters  of the model. A number, or where it is by country an array, a pandas Series or DataFrame, or an xarray
                  DataArray: [exporter, importer] of pairs; one number is then the same everywhere. Where the model
                  wants one number, an array means one solve for each: arrays broadcast, and Python's lock is released

    Returns an Equilibrium, or a Sweep where something is an array. Labels of pandas and xarray are kept.
    Raises DomainError for a value that a parameter cannot have, naming it; TypeError for a name that there is not, one
    that is missing, and what is no number; ConvergenceError where a solve fails (its `result` is what try_solve gives);
    KeyboardInterrupt at Ctrl-C, also in the midst of a sweep.

    >>> e = melitz.solve("open", melitz.lognormal(log_mean=0, log_sd=0.8), elasticity=4, fixed_cost=1, entry_cost=2,
    ...                  death_rate=0.05, labor=1, partners=3, iceberg_cost=1.6, export_fixed_cost=1.3)
    >>> round(e.cutoff, 10)
    4.9632668107
    """
    out = _run(model, distribution, parameters, fields, threads, progress, max_evaluations)
    if isinstance(out, Equilibrium):
        if not out._answer.converged:
            detail = f" ({out.detail})" if out.detail else ""
            raise ConvergenceError(out.status, f"{out.model}: {out.status}{detail}", out)
        return out
    if out._codes.any():
        failed = np.flatnonzero(out._codes)
        status = STATUSES[int(out._codes.ravel()[failed[0]])]
        first = [int(k) for k in np.unravel_index(failed[0], out.shape)]
        raise ConvergenceError(
            status, f"{out.model}: {failed.size} of {out._codes.size} solves failed, the first, element {first}: "
            f"{status}; try_solve returns them as NaN", out,
        )
    return out
