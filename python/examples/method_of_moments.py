#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A method of moments with scipy.optimize and the module's Jacobian: which costs, and which spread of productivities,
show the exporters that are observed?

    python3 method_of_moments.py        needs SciPy
"""

# [moments]
import numpy as np
from scipy.optimize import least_squares

import melitz

observed = dict(share_exporting=0.18, exporter_intensity=0.14, probability_of_producing=0.5, average_revenue=15.0)
given = dict(elasticity=4, fixed_cost=1, death_rate=0.05, labor=1, partners=3)
names = ["iceberg_cost", "export_fixed_cost", "entry_cost", "distribution.log_sd"]


def moments(x):
    """Moments and their Jacobian by the logarithms of the parameters, in relative terms."""
    tau, fx, fe, sd = np.exp(x)
    d = melitz.derivatives("open", melitz.lognormal(0, sd), results=list(observed), by=names, iceberg_cost=tau,
                           export_fixed_cost=fx, entry_cost=fe, **given)
    data = np.array(list(observed.values()))
    return d.values / data - 1, d.table * np.exp(x) / data[:, None]


start = np.log([1.5, 1.0, 2.0, 0.7])
found = least_squares(lambda x: moments(x)[0], start, jac=lambda x: moments(x)[1], bounds=([0, -5, -5, -3], [2, 5, 9, 1]))
# [/moments]

print("converged" if found.success and found.cost < 1e-20 else "no fit")
for name, value in zip(names, np.exp(found.x)):
    print(f"{name:20} {value:.6f}")
e = melitz.solve("open", melitz.lognormal(0, np.exp(found.x[3])),
                 **dict(zip(names[:3], np.exp(found.x[:3]))), **given)
for name, value in observed.items():
    print(f"{name:25} observed {value:.4f}  shown {e[name]:.4f}")
