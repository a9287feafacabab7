# SPDX-License-Identifier: BSL-1.0
"""What solves give back: an equilibrium, or the equilibria of a sweep."""

import numpy as np

from ._catalog import MODELS, STATUSES, suggest
from ._errors import DomainError
from ._labels import Labels


class _Results:
    """Results by attribute and by key. `_value(name)` makes one; it is kept."""

    def __getattr__(self, name):
        # Only of names that are no attribute yet.
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._names():
            raise AttributeError(f"no result {name!r} of model {self.model!r}{suggest(name, self._names())}")
        value = self._value(name)
        self.__dict__[name] = value
        return value

    def _names(self):
        return self._fields

    def __getitem__(self, name):
        if name not in self._names():
            raise KeyError(f"no result {name!r} of model {self.model!r}{suggest(name, self._names())}")
        return getattr(self, name)

    def __contains__(self, name):
        return name in self._names()

    def __iter__(self):
        return iter(self._names())

    def __len__(self):
        return len(self._names())

    def __dir__(self):
        return [*super().__dir__(), *self._names()]

    def keys(self):
        """The names of the results."""
        return tuple(self._names())

    def values(self):
        """The results, in the order of their names."""
        return [self[name] for name in self._names()]

    def items(self):
        """(name, result) of all."""
        return [(name, self[name]) for name in self._names()]

    def to_dict(self):
        """The results as a dictionary."""
        return dict(self.items())

    def __reduce__(self):
        # Solved again where it is read: the same numbers, and all that can be asked of it.
        how = {"fields": list(self._fields), "max_evaluations": self._max_evaluations}
        return solved_again, (self.model, self.distribution, self.parameters, how)


class Equilibrium(_Results):
    """One solve. Results by attribute, equilibrium.cutoff, or by key, equilibrium["cutoff"]: floats, or arrays of what
    is by country, with the labels that parameters came with; all of them NaN unless it has converged.

    model         the model's name
    parameters    those that it was solved with, a dictionary
    distribution  the law
    status        "converged", or why it has not
    detail        more about that, in a word
    warnings      what its user should know, a list of sentences
    """

    def __init__(self, inputs, answer, fields=None, max_evaluations=200):
        d = self.__dict__
        d["_inputs"], d["_answer"], d["_max_evaluations"] = inputs, answer, max_evaluations
        d["model"], d["parameters"], d["distribution"] = inputs.model.name, inputs.given, inputs.distribution
        d["_fields"] = inputs.model.result_at if fields is None else dict.fromkeys(fields)

    @property
    def status(self):
        return self._answer.status

    @property
    def converged(self):
        return self._answer.converged

    @property
    def detail(self):
        return self._answer.detail

    @property
    def warnings(self):
        return self._answer.warnings

    def _value(self, name):
        model = self._inputs.model
        at = model.result_at[name]
        value = self._answer.value(at)
        labels = self._inputs.labels
        if labels is None or not isinstance(value, np.ndarray):
            return value
        wanted = tuple(x for x in model.results[at].indices if x)
        return labels.wrap(value, wanted, name, () if value.ndim == len(wanted) else ("sector",))

    def firms(self, productivity):
        """What firms of these productivities do in it: see melitz.firms."""
        from ._analysis import firms

        return firms(self, productivity)

    def to_series(self):
        """The results that are one number, as a pandas Series."""
        import pandas

        return pandas.Series({k: v for k, v in self.items() if isinstance(v, (float, bool))}, name=self.model)

    def __repr__(self):
        head = f"<melitz equilibrium of {self.model!r}: {self.status}>"
        if not self.converged:
            return head
        lines, part = [head], None
        width = max(map(len, self._fields), default=0)
        for name in self._fields:
            r = self._inputs.model.results[self._inputs.model.result_at[name]]
            if r.part != part:
                part = r.part
                lines.append(f"{part.replace('_', ' ')}:")
            value = self[name]
            shown = f"{value:.10g}" if isinstance(value, float) else str(value)
            if isinstance(value, np.ndarray) or hasattr(value, "to_numpy"):
                shown = f"{type(value).__name__} {np.shape(value)}"
            lines.append(f"  {name:<{width}}  {shown}{'  ' + r.unit if r.unit else ''}")
        return "\n".join(lines)


def solved_again(model, distribution, parameters, how):
    """What pickle calls."""
    from ._solve import try_solve

    return try_solve(model, distribution, **how, **parameters)


class Sweep(_Results):
    """Many solves of one model. Each result is an array with the shape that the parameters broadcast to, and of what is
    by country with axes of those behind; labels of pandas and xarray are kept. What has failed is NaN.

    model         the model's name
    parameters    those that it was solved with
    distribution  the law
    shape         of the sweep
    status        of each solve, an array of words
    converged     of each solve, an array of bools
    """

    def __init__(self, inputs, codes, columns, fields, max_evaluations=200):
        d = self.__dict__
        d["_inputs"], d["_codes"], d["_max_evaluations"] = inputs, codes.reshape(inputs.shape), max_evaluations
        d["_columns"] = dict(zip(fields, columns))
        d["model"], d["parameters"], d["distribution"] = inputs.model.name, inputs.given, inputs.distribution
        d["_fields"] = dict.fromkeys(fields)
        d["shape"] = inputs.shape

    @property
    def status(self):
        return self._labelled(np.array(STATUSES)[self._codes], "status", ())

    @property
    def converged(self):
        return self._labelled(self._codes == 0, "converged", ())

    def _labelled(self, array, name, indices):
        sweep = self._inputs.sweep
        if sweep is None or sweep.kind is None:
            labels = self._inputs.labels
            if labels is not None and labels.kind == "xarray" and indices:
                return labels.wrap(array, indices, name)
            return array
        return sweep.wrap(array, self.shape, name, self._inputs.labels or Labels(), indices)

    def _value(self, name):
        kind, values = self._columns[name]
        if kind == "word":
            values = np.array(values, dtype=str)
        elif kind == "yes_or_no" and not self._codes.any():
            values = values != 0
        model = self._inputs.model
        r = model.results[model.result_at[name]]
        return self._labelled(values.reshape(self.shape + values.shape[1:]), name, tuple(x for x in r.indices if x))

    def to_frame(self):
        """A pandas DataFrame: a row for each solve, with what moved, the status, and each result that is one number."""
        import pandas

        count = int(np.prod(self.shape))
        index = getattr(self._inputs.sweep, "index", None)
        out = {}
        for at, values in self._inputs.moved:
            p = self._inputs.model.parameters[at]
            out[p.name] = np.array(p.words)[values.astype(int)] if p.words else values
        for _, family, path, _, keys in self._inputs.moved_laws:
            from ._catalog import FAMILIES

            names = [k.name for f in FAMILIES.values() if f.place == family for k in f.keys]
            out.update({f"{path}.{names[key]}": values for key, values in keys})
        out["status"] = np.array(STATUSES)[self._codes].ravel()
        for name in self._fields:
            values = np.asarray(self[name])
            if values.size == count:
                out[name] = values.ravel()
        return pandas.DataFrame(out, index=index)

    def __repr__(self):
        count = int(np.prod(self.shape))
        failed = int(np.count_nonzero(self._codes))
        return f"<melitz sweep of {self.model!r}: {count} solves, shape {self.shape}, {failed} not converged>"


def model_of(model):
    """(Model, distribution, parameters) of a name, or of an equilibrium, whose parameters stand where none are given."""
    if isinstance(model, str):
        found = MODELS.get(model)
        if found is not None:
            return found, None, {}
    elif isinstance(model, Equilibrium):
        return model._inputs.model, model.distribution, model.parameters
    else:
        raise TypeError(f"model must be the name of a model or an equilibrium, not {type(model).__name__}")
    raise DomainError("model", repr(model), f"be one of {', '.join(MODELS)}{suggest(model, MODELS)}")
