"""Makes technology.json: technology upgrading with export choice, a menu of four options.

`option_menu.py` finds A; cutoffs, shares, the share of revenue from exports and with the new technology, and the
price index follow. The liberalisation path is the first case at other iceberg costs.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "technology.json"


def solve(p, law):
    b = p["elasticity"] - 1
    markets = p["partners"] * p["iceberg_cost"]**(-b)
    g, f, cost = p["productivity_gain"]**b, p["fixed_cost"], p["partners"] * p["export_fixed_cost"]
    menu = Menu(law, b, [Option("lD", mpf(1), f), Option("lX", 1 + markets, f + cost),
                         Option("hD", g, p["cost_ratio"] * f), Option("hX", g * (1 + markets), p["cost_ratio"] * f + cost)])
    a = menu.solve(p["death_rate"] * p["entry_cost"])
    parts = {o.name: (t, m, v, o) for o, t, (m, v) in zip(menu.kept, menu.start, menu.segments(a))}

    def cutoff(names):
        return min((t / a)**(1 / b) for name, (t, _, _, _) in parts.items() if name in names)

    active = mp.fsum(m for name, (_, m, _, _) in parts.items() if name != "exit")
    revenue = {name: p["elasticity"] * a * o.slope * v for name, (_, _, v, o) in parts.items()}
    total = mp.fsum(revenue.values())
    entrants = p["labor"] / total
    price = (p["elasticity"] * a / (p["labor"] * (b / p["elasticity"])**b))**(1 / b)
    return {
        "hull": [o.name for o in menu.kept], "t": menu.start, "demand": a,
        "cutoff": cutoff({"lD", "lX", "hD", "hX"}), "export_cutoff": cutoff({"lX", "hX"}), "upgrade_cutoff": cutoff({"hD", "hX"}),
        "shares_of_active_firms": {k: parts[k][1] / active if k in parts else mpf(0)
                                   for k in ("lD", "lX", "hD", "hX")},
        "export_share": mp.fsum(revenue.get(k, mpf(0)) for k in ("lX", "hX")) * markets / (1 + markets) / total,
        "upgraded_revenue": mp.fsum(revenue.get(k, mpf(0)) for k in ("hD", "hX")) / total,
        "expected_revenue_per_entrant": total, "expected_fixed_cost": menu.expected_fixed_cost(a),
        "mass_entrants": entrants, "mass_producers": entrants * active, "price_index": price, "welfare": 1 / price}


def remake(data, comparison):
    for row in data["cases"]:
        made = solve(files.value(row["params"]), law_of(row["params"]["distribution"]))
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)
    for row in data["liberalisation_path"]:
        case = data["cases"][0]
        params = dict(files.value(case["params"]), iceberg_cost=files.value(row["iceberg_cost"]))
        made = solve(params, law_of(case["params"]["distribution"]))
        for key in ("hull", "cutoff", "export_cutoff", "upgrade_cutoff", "welfare"):
            comparison.compare(row, key, made[key], "path.%s.%s" % (row["iceberg_cost"], key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
