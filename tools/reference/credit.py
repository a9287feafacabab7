"""Makes credit.json: exporters that need liquidity or outside finance, by free entry with profit that jumps.

A firm of scaled size Y = A x exports only from t = max(f_x tau^(sigma-1), c) on, where c is the size at which it meets
the constraint; E(A) = A V(t_D) - f S(t_D) + A tau^(1-sigma) V(t) - f_x S(t). Solved by bisection: E rises with A, and
nothing of its derivative is used. Where liquidity is random, the part of exports is integrated over productivity, with
the share of firms of that productivity that have enough.
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


def solve_random(p, law):
    """By the density of productivity; the law of liquidity is log-normal."""
    b, f, f_x = p["elasticity"] - 1, p["fixed_cost"], p["export_fixed_cost"]
    slope = p["iceberg_cost"]**(-b)
    log_mean, log_sd = p["liquidity_lognormal"]
    menu = Menu(law, b, [Option("D", mpf(1), f), Option("X", 1 + slope, f + f_x)])

    def enough(y):
        """Share of firms whose liquidity is at least f + f_x - y."""
        return mp.erfc((mp.log(f + f_x - y) - log_mean) / (log_sd * mp.sqrt(2))) / 2 if y < f + f_x else mpf(1)

    def over_the_short(a, of):
        ends = [mp.log(y / a) / b for y in (f_x / slope, f + f_x)]
        points = [ends[0] + (ends[1] - ends[0]) * k / 8 for k in range(9)]

        def integrand(u):
            y = a * mp.exp(b * u)
            return of(y) * enough(y) * law.density(u)

        return mp.quad(integrand, points)

    def profit(a):
        (s, v), (s_n, v_n) = menu.tail(f, a), menu.tail(f + f_x, a)
        return a * v - f * s + a * slope * v_n - f_x * s_n + over_the_short(a, lambda y: slope * y - f_x)

    cost = p["death_rate"] * p["entry_cost"]
    a = mp.findroot(lambda x: profit(x) - cost, (menu.solve(cost), menu.solve(cost) * mpf("1.01")),
                    solver="anderson", tol=mpf(10)**-60)
    s, s_x, s_n = (menu.tail(y, a)[0] for y in (f, f_x / slope, f + f_x))
    return {"demand": a, "cutoff": (f / a)**(1 / b), "unconstrained_export_cutoff": (f_x / slope / a)**(1 / b),
            "every_export_cutoff": ((f + f_x) / a)**(1 / b),
            "share_exporting": (s_n + over_the_short(a, lambda y: mpf(1))) / s,
            "share_exporting_if_unconstrained": s_x / s}


def remake(data, comparison):
    for row in data["random_liquidity"]:
        for key, made in solve_random(files.value(row["params"]), law_of(row["params"]["distribution"])).items():
            comparison.compare(row, key, made, "random_liquidity.%s.%s" % (row["case"], key))
    for kind in ("liquidity", "credit"):
        for row in data[kind]:
            p = files.value(row["params"])
            law, sigma = law_of(row["params"]["distribution"]), p["elasticity"]
            f, f_x = p["fixed_cost"], p["export_fixed_cost"]
            b, t_x = sigma - 1, f_x * p["iceberg_cost"]**(sigma - 1)
            where = "%s.%s.%s." % (kind, row["case"], row["params"]["distribution"]["type"])
            if kind == "liquidity":
                constraint = f + f_x - p["liquidity"]
            else:
                d, t, lam = p["external_share"], p["collateral_share"], p["contract_enforcement"]
                kappa = 1 - d + d / lam - (1 - lam) / lam * t * p["entry_cost"] / f_x
                comparison.compare(row, "finance_wedge", kappa, where + "finance_wedge")
                constraint = t_x * kappa
            t = max(t_x, constraint)
            slope = p["iceberg_cost"]**(-b)
            menu = Menu(law, b, [Option("D", mpf(1), f), Option("X", 1 + slope, f + f_x)])
            a = solve(menu, slope, t, f, f_x, p["death_rate"] * p["entry_cost"])
            (s, v), (s_x, v_x) = menu.tail(f, a), menu.tail(t, a)
            revenue = sigma * a * (v + slope * v_x)
            entrants = p["labor"] / revenue
            price = (sigma * a / (p["labor"] * ((sigma - 1) / sigma)**b))**(1 / b)
            for key, made in {"demand": a, "share_exporting": s_x / s, "expected_revenue": revenue,
                              "mass_entrants": entrants, "mass_producers": entrants * s, "price_index": price,
                              "welfare": 1 / price, "cutoff": (f / a)**(1 / b), "export_cutoff": (t / a)**(1 / b),
                              "t": {"D": f, "X": t}}.items():
                comparison.compare(row, key, made, where + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
