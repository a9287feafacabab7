# SPDX-License-Identifier: BSL-1.0
"""The world of common/gravity.hpp, number for number, and which library multiplies its matrices."""

import numpy as np

SIGMA, FE = 4.0, 0.5
R = SIGMA - 1


def blas():
    """Which library multiplies matrices here."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with open("/proc/self/maps", encoding="utf-8") as maps:
        text = maps.read()
    for name in ("openblas", "mkl", "blis", "atlas"):
        if name in text:
            return name
    return "reference BLAS"


def world(n):
    i = np.arange(1, n + 1, dtype=float)
    x, y = np.fmod(i * 0.6180339887498949, 1), np.fmod(i * 0.7548776662466927, 1)
    labor = 1 / (0.02 + np.fmod(i * 0.4142135623730951, 1))
    scale = 0.8 + 0.4 * np.fmod(i * 0.7320508075688772, 1)
    dx, dy = x[:, None] - x, y[:, None] - y
    tau = 1 + 0.75 * np.sqrt(np.sqrt(n)) * (0.5 + np.sqrt(dx * dx + dy * dy))
    fixed = 2 + x[None, :] + y[:, None]
    np.fill_diagonal(tau, 1)
    np.fill_diagonal(fixed, 1)
    # By importer, as melitz has it.
    return labor, scale, np.asfortranarray(tau), np.asfortranarray(fixed)
