#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A free trade area among two of four countries, with pandas: labels go in and come out.

    python3 free_trade_area.py        needs pandas
"""

# [area]
import pandas as pd

import melitz

countries = ["CAN", "USA", "MEX", "EUR"]
costs = pd.DataFrame(1.7, index=countries, columns=countries)  # [exporter, importer]
for country in countries:
    costs.loc[country, country] = 1

before = melitz.solve(
    "world",
    melitz.pareto(scale=1, shape=4.5),
    labor=pd.Series([38, 330, 130, 450], index=countries, dtype=float),
    elasticity=4,
    entry_cost=2.0,
    iceberg_cost=costs,
    fixed_cost=1.0,
)
closer = costs.copy()
closer.loc["CAN", "USA"] = closer.loc["USA", "CAN"] = 1.3
changes = melitz.compare(before, iceberg_cost=closer)
# [/area]

print("welfare, per cent")
print(changes.welfare.percent.map("{:+.3f}".format).to_string())
print("\nwages, before and after")
print(pd.DataFrame({"before": before.wage, "after": changes.after.wage}).applymap("{:.4f}".format).to_string())
