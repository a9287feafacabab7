"""Makes screening.json: screening and bargaining, a menu of two options whose size exponent is beta/Gamma.

`option_menu.py` finds profit at size 1. What a firm does is then found anew: the workers it looks for and the least
ability it hires solve its two first-order conditions numerically, given the demand shifter of the sector. That the profit
of such firms is the menu's is what the program insists on.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
import wage_distribution
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 32
NAME = "screening.json"


class Firm:
    """Revenue, wage and profit of the best n and a_c at productivity phi, by Newton on the conditions in logs."""

    def __init__(self, p, b, shifter, phi, markets):
        beta, gamma = 1 - 1 / p["elasticity"], p["returns_to_labor"]
        k, delta = p["ability_shape"], p["screening_exponent"]

        def revenue(n, a):
            output = k * p["least_ability"]**(gamma * k) / (k - 1) * phi * n**gamma * a**(1 - gamma * k)
            return markets**(1 - beta) * shifter * output**beta

        def kept(n, a):  # profit, fixed costs aside: bargaining leaves the firm 1/(1 + beta gamma) of revenue
            return revenue(n, a) / (1 + beta * gamma) - b * n - p["screening_cost"] * a**delta / delta

        def conditions(log_n, log_a):
            n, a = mp.exp(log_n), mp.exp(log_a)
            r = revenue(n, a)
            return [mp.log(beta * gamma * r / (1 + beta * gamma)) - mp.log(b * n),
                    mp.log(beta * (1 - gamma * k) * r / (1 + beta * gamma)) - mp.log(p["screening_cost"] * a**delta)]

        log_n, log_a = mp.findroot(conditions, (mpf(0), mpf(0)), tol=mpf(10)**(10 - 2 * mp.dps))
        self.n, self.a = mp.exp(log_n), mp.exp(log_a)
        self.revenue, self.profit = revenue(self.n, self.a), kept(self.n, self.a)
        self.hired = self.n * (p["least_ability"] / self.a)**k
        # The rest of revenue, beta gamma/(1 + beta gamma), is wages.
        self.wage = beta * gamma / (1 + beta * gamma) * self.revenue / self.hired


def solve(p, law):
    beta, gamma = 1 - 1 / p["elasticity"], p["returns_to_labor"]
    k, delta = p["ability_shape"], p["screening_exponent"]
    zeta, tau = 1 - 1 / p["sector_elasticity"], mpf(p["iceberg_cost"])
    big = 1 - beta * gamma - beta * (1 - gamma * k) / delta
    r, e = beta / big, beta * k / (delta * big)
    x = (p["outside_income"] / p["search_cost"])**(1 / (1 + p["search_exponent"]))
    b = p["search_cost"] * x**p["search_exponent"]
    markets = 1 + tau**(-beta / (1 - beta)) if mp.isfinite(tau) else mpf(1)
    slope = markets**((1 - beta) / big)
    options = [Option("domestic", mpf(1), p["fixed_cost"])]
    if mp.isfinite(tau):
        options.append(Option("export", slope, p["fixed_cost"] + p["export_fixed_cost"]))
    menu = Menu(law, r, options)
    size = menu.solve(p["entry_cost"])
    kept = [(o, (t / size)**(1 / r), m, v) for o, t, (m, v) in zip(menu.kept, menu.start, menu.segments(size))
            if o.name != "exit"]
    mass = mp.fsum(m for _, _, m, _ in kept)

    # Profit at productivity 1 rises with the shifter to the power 1/Gamma.
    shifter = (size / Firm(p, b, mpf(1), mpf(1), mpf(1)).profit)**big
    theta_d = (p["fixed_cost"] / size)**(1 / r)  # where selling at home alone just pays
    home, abroad = Firm(p, b, shifter, theta_d, mpf(1)), Firm(p, b, shifter, 2 * theta_d, markets)
    for firm, expected in ((home, p["fixed_cost"]), (abroad, slope * size * (2 * theta_d)**r)):
        if abs(firm.profit / expected - 1) > mpf(10)**-25:
            raise ArithmeticError("the firm's problem and the menu disagree")

    steps = {"domestic": home.wage / theta_d**e, "export": abroad.wage / (2 * theta_d)**e}
    inside = [s for s in kept if s[2] > 0]
    wages = wage_distribution.of_segments(
        law, r, e, [(o.slope, steps[o.name], max(mp.log(t), law.lower_end())) for o, t, _, _ in inside])
    exporting = [o.name == "export" for o, _, _, _ in inside]
    revenue_of = [o.slope * v * size * home.revenue / p["fixed_cost"] for o, _, _, v in inside]
    per_entrant = mp.fsum(revenue_of)
    q = shifter**(-1 / (beta - zeta))
    revenue = q**zeta
    entrants = revenue / per_entrant
    found = beta * gamma / (1 + beta * gamma) * revenue / b
    employment = found * b / wages["mean"]
    return {
        "profit_exponent": big, "size_exponent": r, "cost_of_finding": b, "tightness": x,
        "Upsilon_x": markets, "export_slope": slope, "demand": size, "cutoff": kept[0][1],
        "export_cutoff": min((t for o, t, _, _ in kept if o.name == "export"), default=mp.inf),
        "r_d": home.revenue, "n_d": home.n, "h_d": home.hired, "w_d": home.wage, "a_c_d": home.a,
        "hiring_rate": employment / found, "unemployment": 1 - x * employment / found, "demand_shifter": shifter,
        "output": q, "price_index": q**(zeta - 1), "revenue": revenue, "mass_producers": entrants * mass, "mass_entrants": entrants,
        "searchers_N": found, "sector_labor": found / x, "employment": employment, "mean_wage": wages["mean"],
        "exporter_premium": steps["export"] / steps["domestic"],
        "exporter_employment": mp.fsum(s for s, is_one in zip(wages["employment"], exporting) if is_one),
        "exporter_wage_bill": mp.fsum(v for v, is_one in zip(revenue_of, exporting) if is_one) / per_entrant,
        "wage_theil": wages["theil"], "wage_gini": wages["gini"]}


def remake(data, comparison):
    for row in data["cases"]:
        for key, value in solve(files.value(row["params"]), law_of(row["params"]["distribution"])).items():
            comparison.compare(row, key, value, row["case"] + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
