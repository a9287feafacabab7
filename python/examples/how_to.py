#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The pieces of the how-to on Python.

    python3 how_to.py
"""

# [solve]
import numpy as np

import melitz

law = melitz.lognormal(log_mean=0, log_sd=0.8)
e = melitz.solve("open", law, elasticity=4, fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1, partners=3,
                 iceberg_cost=1.6, export_fixed_cost=1.3)
print(f"cutoff {e.cutoff:.4f}, export cutoff {e['export_cutoff']:.4f}, {e.regime}")
# [/solve]

print("\nsweeps")
# [sweep]
costs = np.linspace(1.2, 2, 5)
sweep = melitz.solve(e, iceberg_cost=costs, fields=["share_exporting", "welfare"])  # e with another iceberg cost
for cost, share, welfare in zip(costs, sweep.share_exporting, sweep.welfare):
    print(f"{cost:.1f}  exporting {share:.4f}  welfare {welfare:.5f}")
# Arrays broadcast: a grid of costs by elasticities by spreads of productivity, over all cores.
grid = melitz.solve(e, melitz.lognormal(0, np.array([0.7, 0.8])), elasticity=np.array([[[3.5]], [[4]]]),
                    iceberg_cost=costs[:, None], threads=0)
print("a grid of shape", grid.welfare.shape)
# [/sweep]

print("\nlaws")
# [laws]
sales = np.array([0.4, 0.9, 1.1, 2.0, 7.5, 30.0])  # of firms, each with a survey's weight
data = melitz.from_data(sales ** (1 / (4 - 1)), weights=[30, 25, 20, 15, 8, 2])
mixed = melitz.mixture([0.95, 0.05], [law, melitz.pareto(scale=3, shape=4.5)])
upper_half = melitz.truncated(law, lower=1)


def logistic(t):  # the log density of t = ln(productivity), an array
    z = np.abs(t) / 0.2
    return -z - np.log(0.2) - 2 * np.log1p(np.exp(-z))


for name, draws in [("data", data), ("mixture", mixed), ("truncated", upper_half),
                    ("my own", melitz.from_log_density(logistic))]:
    print(f"{name:9}  welfare {melitz.solve(e, draws).welfare:.5f}")
# [/laws]

print("\nmistakes")
# [mistakes]
try:
    melitz.solve(e, iceberg_cost=[1.6, 0.8])
except melitz.DomainError as error:
    print(error)
    print(error.parameter, error.value, error.restriction, error.element, sep=" | ")
hopeless = melitz.try_solve(e, elasticity=1e6)
print(hopeless.status, hopeless.cutoff)
# [/mistakes]
