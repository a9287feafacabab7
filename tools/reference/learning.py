"""Makes what is in closed form of learning.json: firms that learn how productive they are (Jovanovic, 1982).

Where noise_variance is 0 the first period tells everything, and all numbers are remade. Of the other cases demand, sums
over firms and what is by age come from a recursion of 400 periods, and are left as stored; remade is what follows from
them: how many stay after the first signal and how large they are, from the first threshold, and the market's totals from
demand and the sums.
"""

import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 40
NAME = "learning.json"


def above(x):
    return mp.erfc(x / mp.sqrt(2)) / 2


def totals(p, demand, firms, size):
    """What the market makes of demand and of sums per entrant."""
    sigma = p["elasticity"]
    b, f = sigma - 1, p["fixed_cost"]
    entrants = p["labor"] / (p["entry_cost"] + b * demand * size + f * firms)
    revenue = sigma * demand * entrants * size
    price = (sigma * demand / revenue)**(1 / b) * sigma / b
    alpha = 1 - 1 / sigma
    competitive = (demand / ((1 - alpha) * alpha**(alpha / (1 - alpha))))**(1 - alpha)
    return {"mass_entrants_per_period": entrants, "mass_producers": entrants * firms, "revenue": revenue,
            "price_index": price, "consumption": revenue / price, "competitive_price": competitive,
            "entry_rate": 1 / firms}


def after_one_signal(p, log_threshold):
    """Share of entrants that stay, and their mean size."""
    b, v0, ve = p["elasticity"] - 1, p["prior_variance"], p["noise_variance"]
    v1 = v0 * ve / (v0 + ve)
    sd = mp.sqrt(v0 - v1)
    z = (log_threshold - p["prior_mean"]) / sd
    stay = above(z)
    size = mp.exp(b * p["prior_mean"] + (b * sd)**2 / 2 - b * (v1 + ve) / 2) * above(z - b * sd)
    return stay, size / stay


def revealed(p):
    """A e^(b z) = f at the threshold z: f (e^(b (m_0 - z) - b v_0/2) - 1) + gamma/(1 - gamma) f J(z) = f_e."""
    b, m, v = p["elasticity"] - 1, p["prior_mean"], p["prior_variance"]
    gamma, stay = p["discount_factor"] * (1 - p["death_rate"]), 1 - p["death_rate"]
    sd = mp.sqrt(v)

    def moment(z):
        return mp.exp(b * (m - z) + (b * sd)**2 / 2) * above((z - m) / sd - b * sd)

    def gap(z):
        first = mp.exp(b * (m - z) - b * v / 2) - 1
        return first + gamma / (1 - gamma) * (moment(z) - above((z - m) / sd)) - p["entry_cost"] / p["fixed_cost"]
    z = mp.findroot(gap, m + sd)
    demand = p["fixed_cost"] * mp.exp(-b * z)
    kept = above((z - m) / sd)
    firms = 1 + stay / p["death_rate"] * kept
    size = mp.exp(b * m - b * v / 2) + stay / p["death_rate"] * moment(z) * mp.exp(b * z)
    made = dict(totals(p, demand, firms, size), demand=demand, firms_per_entrant=firms, size_per_entrant=size)
    made["log_threshold_at_age"] = {"1": z}
    made["exit_hazard_at_age"] = {"0": 1 - stay * kept, "1": p["death_rate"]}
    return made


def remake(data, comparison):
    for row in data["cases"]:
        p = files.value(row["params"])
        if p["noise_variance"] == 0:
            made = revealed(p)
        else:
            given = files.value(row)
            made = totals(p, given["demand"], given["firms_per_entrant"], given["size_per_entrant"])
            stay, size = after_one_signal(p, given["log_threshold_at_age"]["1"])
            made["exit_hazard_at_age"] = {"0": 1 - (1 - p["death_rate"]) * stay}
            made["survival_at_age"] = {"1": (1 - p["death_rate"]) * stay}
            made["mean_size_at_age"] = {
                "0": mp.exp((p["elasticity"] - 1) * (p["prior_mean"] - (p["prior_variance"] + p["noise_variance"]) / 2)),
                "1": size}
        for key, value in made.items():
            if key in row:
                comparison.compare(row, key, value, row["case"] + "." + key)


def check():
    """As files.main, with the tolerance of numbers that were computed in double precision."""
    data = files.load_exact(NAME)
    comparison = files.Comparison(NAME, tolerance=mpf(10)**-11)
    remake(data, comparison)
    return 1 if comparison.report() else 0


if __name__ == "__main__":
    sys.exit(check())
