"""Makes fair_wage.json: fair wages, a menu of two options whose size exponent is xi = (1 - theta)(sigma - 1).

`option_menu.py` finds A. The price level 1 gives the income that a worker can expect, `wage_distribution.py` what those
in work earn; unemployment is what reconciles the two.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
import wage_distribution
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 32
NAME = "fair_wage.json"


def solve(p, law):
    sigma, theta, n = p["elasticity"], p["fairness"], p["partners"]
    rho, xi = (sigma - 1) / sigma, (1 - theta) * (sigma - 1)
    markets = n * p["iceberg_cost"]**(1 - sigma)
    options = [Option("domestic", mpf(1), p["fixed_cost"])]
    if n > 0:
        options.append(Option("export", 1 + markets, p["fixed_cost"] + n * p["export_fixed_cost"]))
    menu = Menu(law, xi, options)
    a = menu.solve(p["death_rate"] * p["entry_cost"])
    kept = [(o, (t / a)**(1 / xi), m, v) for o, t, (m, v) in zip(menu.kept, menu.start, menu.segments(a))
            if o.name != "exit"]
    mass = mp.fsum(m for _, _, m, _ in kept)
    chi = mp.fsum(m for o, _, m, _ in kept if o.name == "export") / mass
    sizes = mp.fsum(o.slope * v for o, _, _, v in kept) / mass
    average = (sizes / (1 + n * chi))**(1 / xi)
    income = rho**(1 / (1 - theta)) * average
    wages = wage_distribution.of_segments(
        law, xi, theta, [(o.slope, mpf(1), max(mp.log(x), law.lower_end())) for o, x, m, _ in kept if m > 0])
    mean = income**(1 - theta) * wages["mean"]
    output = p["labor"] * income / rho
    firms = output / (sigma * a * sizes)
    cutoff = kept[0][1]
    made = {
        "size_exponent": xi, "demand": a, "cutoff": cutoff,
        "export_cutoff": min((x for o, x, _, _ in kept if o.name == "export"), default=mp.inf),
        "share_exporting": chi, "average_variety_productivity": average, "mean_wage": mean,
        "unemployment": 1 - income / mean, "output": output, "mass_producers": firms,
        "mass_entrants_per_period": p["death_rate"] * firms / mass, "welfare": income,
        "wage_at_cutoff": cutoff**theta * income**(1 - theta),
        "wage_at_2_cutoff": (2 * cutoff)**theta * income**(1 - theta),
        "wage_theil": wages["theil"], "wage_gini": wages["gini"]}
    return made


def remake(data, comparison):
    for row in data["cases"]:
        made = solve(files.value(row["params"]), law_of(row["params"]["distribution"]))
        if files.value(row["params"])["fairness"] == 0:  # nobody is unemployed, all earn the same
            for key in ("unemployment", "wage_theil", "wage_gini"):
                made[key] = mpf(0) if abs(made[key]) < mpf(10)**-30 else made[key]
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
