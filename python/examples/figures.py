#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A student's figures: the equilibrium where two curves cross, what firms earn, and who gains from trade.

    python3 figures.py [PICTURE]        PICTURE: figures.png, figures.pdf, ...; needs matplotlib
"""

import sys

# [first]
import numpy as np

import melitz

law = melitz.lognormal(log_mean=0, log_sd=0.8)
autarky = dict(elasticity=4, fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1)
trade = dict(partners=3, iceberg_cost=1.6, export_fixed_cost=1.3)

before = melitz.solve("closed", law, **autarky)
after = melitz.solve("open", law, **autarky, **trade)
print(f"cutoff   {before.cutoff:.4f} -> {after.cutoff:.4f}; exporters above {after.export_cutoff:.4f}")
print(f"welfare  {before.welfare:.4f} -> {after.welfare:.4f}: {100 * melitz.gains_from_trade(after) - 100:+.2f} %")
# [/first]


def draw(path):
    """The three figures, beside one another."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (conditions, profits, costs) = plt.subplots(1, 3, figsize=(13, 4))
    c = melitz.curves(after, cutoff=np.linspace(3.5, 8, 200))
    conditions.plot(c.cutoff, c.average_profit, label="zero cutoff profit")
    conditions.plot(c.cutoff, c.average_profit_required, label="free entry")
    conditions.set(xlabel="cutoff", ylabel="average profit", title="Equilibrium")
    phi = np.linspace(0.1, 12, 400)
    for e, label in ((before, "autarky"), (after, "trade")):
        profits.plot(phi, e.firms(phi).profit, label=label)
    profits.set(xlabel="productivity", ylabel="profit", title="Who gains from trade")
    sweep = melitz.solve(after, iceberg_cost=np.linspace(1, 3, 100), fields=["share_exporting"])
    costs.plot(np.linspace(1, 3, 100), sweep.share_exporting)
    costs.set(xlabel="iceberg cost", ylabel="share of producers that export", title="Trade costs")
    conditions.legend()
    profits.legend()
    figure.tight_layout()
    figure.savefig(path)


def main(picture=None):
    # [curves]
    c = melitz.curves(after, cutoff=[4, after.cutoff, 6])
    for row in zip(*c):
        print("cutoff {0:.4f}: average profit {3:.4f}, free entry wants {4:.4f}".format(*row))
    # [/curves]

    # [firms]
    firms = after.firms([4, 6, 10])
    for phi, choice, _, revenue, profit in zip(*firms):
        print(f"productivity {phi:2.0f}: {choice:11}  revenue {revenue:8.4f}  profit {profit:8.4f}")
    # [/firms]

    # [groups]
    cheaper = melitz.compare(after, iceberg_cost=1.4)
    for group in cheaper.firms:
        print(f"{group.lower:7.4f} to {group.upper:7.4f}  {group.effect}")
    print(f"welfare {cheaper.welfare.percent:+.2f} %")
    # [/groups]
    if picture:
        draw(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
