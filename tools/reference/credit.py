"""Makes credit.json: exporters that need liquidity or outside finance, by free entry with profit that jumps.

A firm of scaled size Y = A x exports only from t = max(f_x tau^(sigma-1), c) on, where c is the size at which it meets
the constraint; E(A) = A V(t_D) - f S(t_D) + A tau^(1-sigma) V(t) - f_x S(t). Solved by bisection: E rises with A, and
nothing of its derivative is used.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "credit.json"


def solve(menu, market_slope, t_x, f, f_x, entry_cost):
    def profit(a):
        (s, v), (s_x, v_x) = menu.tail(f, a), menu.tail(t_x, a)
        return a * v - f * s + a * market_slope * v_x - f_x * s_x

    low, high = mp.log(menu.lower_bound(entry_cost)), mp.log(menu.upper_bound(entry_cost)) + 5
    for _ in range(190):
        middle = (low + high) / 2
        low, high = (middle, high) if profit(mp.exp(middle)) < entry_cost else (low, middle)
    return mp.exp(low)


def remake(data, comparison):
    for kind in ("liquidity", "credit"):
        for row in data[kind]:
            p = files.value(row["params"])
            law, sigma, f, f_x = law_of(row["params"]["distribution"]), p["sigma"], p["f"], p["f_x"]
            b, t_x = sigma - 1, f_x * p["tau"]**(sigma - 1)
            where = "%s.%s.%s." % (kind, row["case"], row["params"]["distribution"]["type"])
            if kind == "liquidity":
                constraint = f + f_x - p["liquidity"]
            else:
                d, t, lam = p["external_share_d"], p["tangibility_t"], p["lambda_contract"]
                kappa = 1 - d + d / lam - (1 - lam) / lam * t * p["f_e"] / f_x
                comparison.compare(row, "kappa", kappa, where + "kappa")
                constraint = t_x * kappa
            t = max(t_x, constraint)
            slope = p["tau"]**(-b)
            menu = Menu(law, b, [Option("D", mpf(1), f), Option("X", 1 + slope, f + f_x)])
            a = solve(menu, slope, t, f, f_x, p["f_e"])
            (s, v), (s_x, v_x) = menu.tail(f, a), menu.tail(t, a)
            revenue = sigma * a * (v + slope * v_x)
            entrants = p["L"] / revenue
            price = (sigma * a / (p["L"] * ((sigma - 1) / sigma)**b))**(1 / b)
            for key, made in {"A": a, "export_probability": s_x / s, "expected_revenue_per_entrant": revenue,
                              "mass_entrants": entrants, "mass_firms": entrants * s, "price_index": price,
                              "welfare": 1 / price,
                              "cutoffs": {"D": (f / a)**(1 / b), "X": (t / a)**(1 / b)},
                              "t": {"D": f, "X": t}}.items():
                comparison.compare(row, key, made, where + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
