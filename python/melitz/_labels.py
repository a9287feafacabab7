# SPDX-License-Identifier: BSL-1.0
"""Labels of pandas and xarray, which come with parameters and leave with results. Imports neither."""

import sys

import numpy as np

from ._errors import DomainError


def _pandas():
    return sys.modules.get("pandas")


def _xarray():
    return sys.modules.get("xarray")


def _own_index(index):
    """The index, unless it is 0, 1, ... that nobody chose."""
    pandas = _pandas()
    plain = isinstance(index, pandas.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None
    return None if plain else index


class Labelled:
    """An array with what it came in: "pandas", "xarray" or nothing, and labels for each axis (or None)."""

    __slots__ = ("array", "kind", "axes", "dims")

    def __init__(self, value):
        pandas, xarray = _pandas(), _xarray()
        self.kind, self.dims = None, None
        if pandas is not None and isinstance(value, (pandas.Series, pandas.DataFrame)):
            self.kind = "pandas"
            indices = [value.index] + ([value.columns] if value.ndim == 2 else [])
            self.axes = [_own_index(index) for index in indices]
            self.array = value.to_numpy()
        elif xarray is not None and isinstance(value, xarray.DataArray):
            self.kind = "xarray"
            self.dims = value.dims
            self.axes = [value.coords[d].to_index() if d in value.coords else None for d in value.dims]
            self.array = value.values
        else:
            if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
                raise TypeError("a masked array has numbers that are not there")
            self.array = np.asarray(value)
            self.axes = [None] * self.array.ndim


def names_of(axis, name):
    """The labels of an axis as text, all different. @raises DomainError"""
    if axis is None:
        return None
    out = [str(x) for x in axis]
    seen = set()
    for label in out:
        if label in seen:
            raise DomainError(f"label of {name}", repr(label), "be there once")
        seen.add(label)
    return out


class Labels:
    """What the countries, industries, ... of one solve are called, and in what kind of object results go out."""

    def __init__(self):
        self.kind = None
        self.by = {}  # "country": index
        self.dims = {}  # ("country", "country"): dims of xarray

    def take(self, given, indices, name):
        """Labels of one parameter, by what its axes are by. Returns their names as text."""
        axes = given.axes[-len(indices) :]
        if given.kind == "xarray" or (given.kind and not self.kind):
            self.kind = given.kind
        if given.dims:
            self.dims.setdefault(tuple(indices), tuple(given.dims[-len(indices) :]))
        for what, axis in zip(indices, axes):
            if axis is not None:
                self.by.setdefault(what, axis)
        return [names_of(axis, name) for axis in axes]

    def wrap(self, array, indices, name, before=()):
        """A result with labels: by these, after axes that are of a sweep or of sectors."""
        if self.kind is None or not indices:
            return array
        axes = [self.by.get(what) for what in indices]
        if self.kind == "pandas":
            if before or all(axis is None for axis in axes):
                return array
            pandas = _pandas()
            if len(indices) == 1:
                return pandas.Series(array, index=axes[0], name=name)
            return pandas.DataFrame(array, index=axes[0], columns=axes[1])
        coords, dims = {}, []
        for k, (what, axis) in enumerate(zip(indices, axes)):
            default = ("exporter", "importer")[k] if indices == ("country", "country") else what
            dims.append(self.dims.get(indices, (default,) * 2)[k] if indices in self.dims else default)
            if axis is not None:
                coords[dims[-1]] = np.asarray(axis)
        extra = [f"axis_{k}" for k in range(array.ndim - len(dims))] if not before else list(before)
        return _xarray().DataArray(array, dims=extra + dims, coords=coords, name=name)


class SweepLabels:
    """Labels of the axes of a sweep."""

    def __init__(self):
        self.kind, self.index, self.dims, self.coords = None, None, (), {}

    @property
    def before(self):
        return self.dims if self.kind == "xarray" else ()

    def wrap(self, array, shape, name, labels, indices):
        rest = array.ndim - len(shape)
        if self.kind == "pandas":
            pandas = _pandas()
            if rest == 0:
                return pandas.Series(array, index=self.index, name=name)
            if rest == 1 and labels.by.get(indices[0]) is not None:
                return pandas.DataFrame(array, index=self.index, columns=labels.by[indices[0]])
            return array
        if self.kind == "xarray":
            out = labels_as_xarray(labels).wrap(array, indices, name, self.dims) if rest else None
            if out is None:
                out = _xarray().DataArray(array, dims=self.dims, name=name)
            return out.assign_coords(self.coords)
        return array


def labels_as_xarray(labels):
    out = Labels()
    out.kind, out.by, out.dims = "xarray", labels.by, labels.dims
    return out


def broadcast(moved):
    """Arrays by name, with one shape: {name: Labelled} -> ({name: array}, shape, SweepLabels). @raises DomainError"""
    out = SweepLabels()
    kinds = {m.kind for m in moved.values()}
    if "xarray" in kinds:
        return _broadcast_xarray(moved, out)
    for name, m in moved.items():
        if m.kind != "pandas" or m.axes[0] is None:
            continue
        if m.array.ndim != 1:
            raise DomainError(name, "a table", "be a number, an array or a Series")
        if out.index is not None and not out.index.equals(m.axes[0]):
            raise DomainError(f"index of {name}", "another one", "be that of the Series before it")
        out.kind, out.index = "pandas", m.axes[0]
    try:
        shape = np.broadcast_shapes(*(m.array.shape for m in moved.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {m.array.shape}" for name, m in moved.items())
        raise DomainError("shapes", shapes, "broadcast against one another") from None
    if out.kind == "pandas" and shape != (len(out.index),):
        raise DomainError("shape", shape, "be that of the Series: pandas has no labels for more axes")
    return {name: np.broadcast_to(m.array, shape) for name, m in moved.items()}, shape, out


def _broadcast_xarray(moved, out):
    xarray = _xarray()
    arrays = []
    for name, m in moved.items():
        if m.kind != "xarray":
            if m.array.ndim:
                raise DomainError(name, f"an array of shape {m.array.shape}", "be a DataArray, as others are")
            m.dims, m.axes = (), []
        coords = {d: axis for d, axis in zip(m.dims, m.axes) if axis is not None}
        arrays.append(xarray.DataArray(m.array, dims=m.dims, coords=coords))
    try:
        arrays = xarray.broadcast(*xarray.align(*arrays, join="exact", copy=False))
    except ValueError as error:
        raise DomainError("coordinates", str(error), "be the same wherever a dimension is") from None
    out.kind, out.dims, out.coords = "xarray", arrays[0].dims, dict(arrays[0].coords)
    return {name: a.values for name, a in zip(moved, arrays)}, arrays[0].shape, out
