"""Makes skill_technology.json: firms that are alike and workers who differ in skill (Yeaple, 2005).

The two technologies and the outside good are three lines in log skill whose upper envelope is the log wage. One unknown,
the skill z_1 at which the outside good pays as much as the sector, is found by bisection: what is spent on the sector
must be what its workers earn. Where the law of skill has an atom at the root, its workers are divided. The price index is
summed over firms.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of

mp.dps = 40
NAME = "skill_technology.json"
WORKPLACES = ("outside", "low", "high")


class Economy:
    def __init__(self, p, law):
        self.p, self.law = p, law
        sigma, n = p["elasticity"], p["partners"]
        self.markets = 1 + n * p["iceberg_cost"]**(1 - sigma)
        self.power = {k: p[k + "_skill_elasticity"] for k in WORKPLACES}
        self.exports, self.fixed, self.needed = {}, {}, {}
        for k in ("low", "high"):
            home, both = p[k + "_fixed_cost"], p[k + "_fixed_cost"] + n * p["export_fixed_cost"]
            self.exports[k] = both / self.markets < home
            self.fixed[k] = both if self.exports[k] else home
            self.needed[k] = both / self.markets if self.exports[k] else home
        self.chi = (self.needed["high"] / self.needed["low"])**(1 / sigma)
        self.z2 = mp.log(self.chi) / (self.power["high"] - self.power["low"])

    def moment(self, power, z):
        """E[s^power 1{ln s >= z}]"""
        return mp.exp(power * z) * self.law.scaled_moment(z, power)

    def costs(self, z):
        """ln C_L, ln C_H where workers leave the outside good at z."""
        y, l, h = (self.power[k] for k in WORKPLACES)
        if z < self.z2:
            return (y - l) * z, (y - l) * z - mp.log(self.chi)
        return (y - l) * z, (y - h) * z

    def earned(self, z):
        """Earnings and workers by workplace."""
        log_low, log_high = self.costs(z)
        second = max(z, self.z2)
        all_outside = mp.exp(self.law.log_moment(self.power["outside"]))
        earned = {"outside": all_outside - self.moment(self.power["outside"], z),
                  "low": mp.exp(log_low) * (self.moment(self.power["low"], z) - self.moment(self.power["low"], second)),
                  "high": mp.exp(log_high) * self.moment(self.power["high"], second)}
        workers = {"outside": 1 - self.law.survival(z), "low": self.law.survival(z) - self.law.survival(second),
                   "high": self.law.survival(second)}
        return earned, workers

    def excess(self, z):
        """Of spending on the sector over what it earns: rises in z."""
        e, _ = self.earned(z)
        beta = self.p["expenditure_share"]
        return beta * e["outside"] - (1 - beta) * (e["low"] + e["high"])

    def solve(self):
        low, high = mpf(-1), mpf(1)
        while self.excess(low) > 0:
            low *= 2
        while self.excess(high) < 0:
            high *= 2
        for _ in range(4 * mp.dps):
            middle = (low + high) / 2
            if self.excess(middle) < 0:
                low = middle
            else:
                high = middle
        (e0, w0), (e1, w1) = self.earned(low), self.earned(high)
        before, after = self.excess(low), self.excess(high)
        part = -before / (after - before) if after > before else mpf(0)
        mixed = [{k: (1 - part) * a[k] + part * b[k] for k in WORKPLACES} for a, b in ((e0, e1), (w0, w1))]
        return high, mixed[0], mixed[1]


def results(p, law):
    m = Economy(p, law)
    z, earned, workers = m.solve()
    sigma, beta, labor, n = p["elasticity"], p["expenditure_share"], p["labor"], p["partners"]
    log_low, log_high = m.costs(z)
    cost = {"low": mp.exp(log_low), "high": mp.exp(log_high)}
    tiny = mpf(10)**(5 - mp.dps)  # what rounding makes of nothing
    used = {k: earned[k] > tiny for k in WORKPLACES}
    firms = {k: labor * earned[k] / (sigma * cost[k] * m.fixed[k]) if used[k] else mpf(0) for k in ("low", "high")}
    income = labor * mp.fsum(earned.values())
    price = mp.fsum(firms[k] * (m.markets if m.exports[k] else 1) * (cost[k] * sigma / (sigma - 1))**(1 - sigma)
                    for k in firms)**(1 / (1 - sigma))
    share = {k: workers[k] if used[k] else mpf(0) for k in WORKPLACES}
    mean = {k: earned[k] / workers[k] if used[k] else mp.nan for k in WORKPLACES}
    exporters = mp.fsum(firms[k] for k in firms if m.exports[k])
    exports = mp.fsum(labor * earned[k] * (1 - 1 / m.markets) for k in firms if m.exports[k])
    both = used["low"] and used["high"]

    def wage(s):
        return max(s**m.power["outside"], cost["low"] * s**m.power["low"], cost["high"] * s**m.power["high"])
    at = p["reference_skill"]
    made = {
        "skill_cutoff": mp.exp(z), "high_technology_cutoff": mp.exp(max(z, m.z2)), "unit_cost_low": cost["low"],
        "unit_cost_high": cost["high"], "mean_wage_ratio": mean["high"] / mean["low"],
        "revenue_ratio": cost["high"] * m.fixed["high"] / (cost["low"] * m.fixed["low"]) if both else mp.nan,
        "share_exporting": exporters / mp.fsum(firms.values()), "mass_low_technology": firms["low"],
        "mass_high_technology": firms["high"], "mass_producers": mp.fsum(firms.values()), "mass_exporters": exporters,
        "mass_varieties": mp.fsum(firms.values()) + n * exporters, "income": income, "revenue": beta * income,
        "exports": exports, "domestic_share": 1 - exports / (beta * income), "price_index": price,
        "welfare": income / labor / price**beta, "reference_wage": wage(at),
        "reference_real_wage": wage(at) / price**beta, "reference_premium": wage(at) / at**m.power["outside"]}
    for k in WORKPLACES:
        made["share_of_workers_" + k], made["mean_wage_" + k] = share[k], mean[k]
    made["low_technology_exports"], made["high_technology_exports"] = m.exports["low"], m.exports["high"]
    made["wages_at_log_skill"] = {t: wage(mp.exp(mpf(t))) for t in ("-1", "0", "0.25", "0.5", "1", "2")}
    return made


def remake(data, comparison):
    for row in data["cases"]:
        made = results(files.value(row["params"]), law_of(row["params"]["distribution"]))
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
