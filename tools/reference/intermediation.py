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
    sigma, gamma, f = p["sigma"], p["gamma"], p["f"]
    b = sigma - 1
    markets = p["n"] * p["tau"]**(-b)
    earned = gamma**(-sigma) if p["variant"] == "margin" else gamma**(-b)
    menu = Menu(law, b, [Option("D", mpf(1), f), Option("DI", 1 + markets * earned, f + p["f_i"]),
                         Option("DX", 1 + markets, f + p["n"] * p["f_x"])])
    a = menu.solve(p["f_e"])
    names = [o.name for o in menu.kept]
    parts = dict(zip(names, menu.segments(a)))
    moment = {k: parts[k][1] if k in parts else mpf(0) for k in ("D", "DI", "DX")}
    home = sigma * a * mp.fsum(moment.values())
    direct = sigma * a * markets * moment["DX"]
    paid = sigma * a * markets * gamma**(-b) * moment["DI"]
    received = sigma * a * markets * earned * moment["DI"]
    entrants = p["L"] / (home + direct + paid)
    active = mp.fsum(m for name, (m, _) in parts.items() if name != "exit")
    price = (sigma * a / (p["L"] * (b / sigma)**b))**(1 / b)
    return {
        "hull": names, "t": menu.start, "A": a,
        "cutoffs": {name: (t / a)**(1 / b) for name, t in zip(names, menu.start)},
        "shares_of_active": {k: parts[k][0] / active for k in names if k != "exit"},
        "export_value_indirect_producer_price": entrants * received,
        "export_value_indirect_consumer_price": entrants * paid, "export_value_direct": entrants * direct,
        "intermediary_share_of_exports": paid / (paid + direct), "domestic_sales": entrants * home,
        "intermediary_income": entrants * (paid - received), "mass_entrants": entrants,
        "mass_firms": entrants * active, "price_index": price, "welfare": 1 / price}


def remake(data, comparison):
    for row in data["cases"]:
        p = dict(files.value({k: v for k, v in row["params"].items() if k != "variant"}))
        made = solve(dict(p, variant=row["params"]["variant"]), law_of(row["params"]["distribution"]))
        where = "%s.%s." % (row["case"], row["params"]["distribution"]["type"])
        for key, value in made.items():
            comparison.compare(row, key, value, where + key)
    first = data["cases"][0]["params"]
    for row in data["comparative_static_fx"]:
        p = dict(files.value({k: v for k, v in first.items() if k != "variant"}), variant=first["variant"],
                 f_x=files.value(row["f_x"]))
        made = solve(p, law_of(first["distribution"]))
        for key, value in {"intermediary_share": made["intermediary_share_of_exports"],
                           "phi_I": made["cutoffs"]["DI"], "phi_X": made["cutoffs"]["DX"]}.items():
            comparison.compare(row, key, value, "f_x.%s.%s" % (row["f_x"], key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
