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
    b = p["sigma"] - 1
    markets = p["n"] * p["tau"]**(-b)
    g, f, cost = p["iota"]**b, p["f"], p["n"] * p["f_x"]
    menu = Menu(law, b, [Option("lD", mpf(1), f), Option("lX", 1 + markets, f + cost),
                         Option("hD", g, p["eta"] * f), Option("hX", g * (1 + markets), p["eta"] * f + cost)])
    a = menu.solve(p["f_e"])
    parts = {o.name: (t, m, v, o) for o, t, (m, v) in zip(menu.kept, menu.start, menu.segments(a))}

    def cutoff(names):
        return min((t / a)**(1 / b) for name, (t, _, _, _) in parts.items() if name in names)

    active = mp.fsum(m for name, (_, m, _, _) in parts.items() if name != "exit")
    revenue = {name: p["sigma"] * a * o.slope * v for name, (_, _, v, o) in parts.items()}
    total = mp.fsum(revenue.values())
    entrants = p["L"] / total
    price = (p["sigma"] * a / (p["L"] * (b / p["sigma"])**b))**(1 / b)
    return {
        "hull": [o.name for o in menu.kept], "t": menu.start, "A": a,
        "phi_star": cutoff({"lD", "lX", "hD", "hX"}), "phi_x": cutoff({"lX", "hX"}), "phi_h": cutoff({"hD", "hX"}),
        "shares_of_active_firms": {k: parts[k][1] / active if k in parts else mpf(0)
                                   for k in ("lD", "lX", "hD", "hX")},
        "export_share_of_revenue": mp.fsum(revenue.get(k, mpf(0)) for k in ("lX", "hX")) * markets / (1 + markets) / total,
        "revenue_share_of_h_firms": mp.fsum(revenue.get(k, mpf(0)) for k in ("hD", "hX")) / total,
        "expected_revenue_per_entrant": total, "expected_fixed_cost": menu.expected_fixed_cost(a),
        "mass_entrants": entrants, "mass_firms": entrants * active, "price_index": price, "welfare": 1 / price}


def remake(data, comparison):
    for row in data["cases"]:
        made = solve(files.value(row["params"]), law_of(row["params"]["distribution"]))
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)
    for row in data["liberalisation_path"]:
        case = data["cases"][0]
        params = dict(files.value(case["params"]), tau=files.value(row["tau"]))
        made = solve(params, law_of(case["params"]["distribution"]))
        for key in ("hull", "phi_star", "phi_x", "phi_h", "welfare"):
            comparison.compare(row, key, made[key], "path.%s.%s" % (row["tau"], key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
