"""Makes intermediation.json: exports directly or through intermediaries, a menu of three options.

`option_menu.py` finds A; from it follow cutoffs, shares, exports at producers' and at consumers' prices, entrants (whose
varieties are what income is spent on, at consumers' prices), and the price index.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "intermediation.json"


def solve(p, law):
    sigma, gamma, f = p["elasticity"], p["intermediary_markup"], p["fixed_cost"]
    b = sigma - 1
    markets = p["partners"] * p["iceberg_cost"]**(-b)
    earned = gamma**(-sigma) if p["margin"] == "earned" else gamma**(-b)
    menu = Menu(law, b, [Option("D", mpf(1), f), Option("DI", 1 + markets * earned, f + p["indirect_fixed_cost"]),
                         Option("DX", 1 + markets, f + p["partners"] * p["export_fixed_cost"])])
    a = menu.solve(p["death_rate"] * p["entry_cost"])
    names = [o.name for o in menu.kept]
    parts = dict(zip(names, menu.segments(a)))
    moment = {k: parts[k][1] if k in parts else mpf(0) for k in ("D", "DI", "DX")}
    home = sigma * a * mp.fsum(moment.values())
    direct = sigma * a * markets * moment["DX"]
    paid = sigma * a * markets * gamma**(-b) * moment["DI"]
    received = sigma * a * markets * earned * moment["DI"]
    entrants = p["labor"] / (home + direct + paid)
    active = mp.fsum(m for name, (m, _) in parts.items() if name != "exit")
    price = (sigma * a / (p["labor"] * (b / sigma)**b))**(1 / b)
    cutoffs = {name: (t / a)**(1 / b) for name, t in zip(names, menu.start)}
    return {
        "hull": names, "t": menu.start, "demand": a,
        "cutoff": cutoffs["D"], "export_cutoff": cutoffs.get("DI", cutoffs["DX"]), "direct_export_cutoff": cutoffs["DX"],
        "share_indirect": parts["DI"][0] / active if "DI" in parts else mpf(0), "share_direct": parts["DX"][0] / active,
        "indirect_exports_at_producers_prices": entrants * received,
        "indirect_exports": entrants * paid, "direct_exports": entrants * direct,
        "intermediary_share_of_exports": paid / (paid + direct), "domestic_sales": entrants * home,
        "intermediary_income": entrants * (paid - received), "mass_entrants": entrants,
        "mass_producers": entrants * active, "price_index": price, "welfare": 1 / price}


def remake(data, comparison):
    for row in data["cases"]:
        p = dict(files.value({k: v for k, v in row["params"].items() if k != "margin"}))
        made = solve(dict(p, margin=row["params"]["margin"]), law_of(row["params"]["distribution"]))
        where = "%s.%s." % (row["case"], row["params"]["distribution"]["type"])
        for key, value in made.items():
            comparison.compare(row, key, value, where + key)
    first = data["cases"][0]["params"]
    for row in data["comparative_static_fx"]:
        p = dict(files.value({k: v for k, v in first.items() if k != "margin"}), margin=first["margin"],
                 export_fixed_cost=files.value(row["export_fixed_cost"]))
        made = solve(p, law_of(first["distribution"]))
        for key in ("intermediary_share_of_exports", "export_cutoff", "direct_export_cutoff"):
            comparison.compare(row, key, made[key], "export_fixed_cost.%s.%s" % (row["export_fixed_cost"], key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
