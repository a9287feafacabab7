# SPDX-License-Identifier: BSL-1.0
"""Numbers as users give them, to floats. What is no number is a TypeError, as everywhere in Python."""

import numbers

import numpy as np

from ._errors import DomainError
from ._labels import Labelled


def to_float(value, name):
    """One number."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise DomainError(name, value if abs(value) < 10**40 else "a huge integer", "fit a float") from None


def to_floats(given, name):
    """The numbers of an array, as floats. `given` is Labelled."""
    array = given.array
    if array.dtype.kind in "fiu":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "O" and all(
        isinstance(x, numbers.Real) and not isinstance(x, (bool, np.bool_)) for x in array.ravel()
    ):
        return np.array([to_float(x, name) for x in array.ravel()], np.float64).reshape(array.shape)
    if array.dtype.kind == "O" and array.ndim and any(isinstance(x, (list, tuple, np.ndarray)) for x in array.ravel()):
        raise DomainError(name, "lists of different lengths", "be a table: rows of one length")
    if array.size == 0:
        return array.astype(np.float64)
    raise TypeError(f"{name} must be numbers, not {array.dtype} ({array.ravel()[0]!r})")


def read(value, name):
    """A number, a list, an array, a Series, ... as Labelled with floats."""
    try:
        given = Labelled(value)
    except ValueError:  # lists of different lengths
        raise DomainError(name, "lists of different lengths", "be a table: rows of one length") from None
    given.array = to_floats(given, name)
    return given
