"""Makes sourcing.json: firms that outsource or integrate, at home or abroad, a menu of four options.

`option_menu.py` finds A. The slopes come from the game itself: for shares of revenue s and 1 - s each side's
first-order condition gives its input, and these the revenue of a firm of productivity 1; the headquarters' best share
maximises what is left of it, by its first-order condition. The aggregate X, which follows from A, is confirmed by its
definition from every firm's output, and expected profit by quadrature over firms.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "sourcing.json"
FORMS = ("north_outsourcing", "north_integration", "south_outsourcing", "south_integration")


def power(x, y):
    """x^y where 0^0 is 1: an input that is not used."""
    return mpf(1) if y == 0 else x**y


def inputs(p, share, wage):
    """(h, m) per unit of revenue, by the two first-order conditions."""
    return p["substitution_parameter"] * share * p["headquarter_intensity"] / p["north_wage"], p["substitution_parameter"] * (1 - share) * (1 - p["headquarter_intensity"]) / wage


def output(p, h, m):
    eta = p["headquarter_intensity"]
    return (power(h / eta, eta) if eta > 0 else mpf(1)) * (power(m / (1 - eta), 1 - eta) if eta < 1 else mpf(1))


def revenue_at_one(p, share, wage):
    """Revenue R of productivity 1 at X = 1: R = x^alpha where x = R times output per unit of revenue."""
    return output(p, *inputs(p, share, wage))**(p["substitution_parameter"] / (1 - p["substitution_parameter"]))


def best_share(alpha, eta):
    """The maximum over s of (1 - alpha (s eta + (1 - s)(1 - eta))) (s^eta (1 - s)^(1 - eta))^(alpha/(1 - alpha))."""
    if eta == 0 or eta == 1:
        return eta

    def slope(s):
        left = 1 - alpha * (s * eta + (1 - s) * (1 - eta))
        return -alpha * (2 * eta - 1) / left + alpha / (1 - alpha) * (eta / s - (1 - eta) / (1 - s))

    low, high = mpf(0), mpf(1)
    for _ in range(4 * mp.dps):  # it falls from infinity to minus infinity
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def solve(p, law):
    alpha, mu, eta, b = p["substitution_parameter"], p["sector_substitution_parameter"], p["headquarter_intensity"], p["substitution_parameter"] / (1 - p["substitution_parameter"])
    wage = {k: p["north_wage"] if k.startswith("north") else p["south_wage"] for k in FORMS}

    def share_of(form):
        if form.endswith("outsourcing"):
            return p["bargaining_share"]
        kept = p[form[:5] + "_recovery_share"]**alpha
        return kept + p["bargaining_share"] * (1 - kept)

    share = {k: share_of(k) for k in FORMS}
    rho = {k: revenue_at_one(p, share[k], wage[k]) for k in FORMS}
    cost = {k: [w * x for w, x in zip((p["north_wage"], wage[k]), inputs(p, share[k], wage[k]))] for k in FORMS}
    psi = {k: rho[k] * (1 - sum(cost[k])) for k in FORMS}
    menu = Menu(law, b, [Option(k, psi[k], p["north_wage"] * p[k + "_fixed_cost"]) for k in FORMS])
    a = menu.solve(p["north_wage"] * p["entry_cost"])
    masses, moments = {}, {}
    for o, (mass, moment) in zip(menu.kept, menu.segments(a)):
        masses[o.name], moments[o.name] = mass, moment
    active = 1 - masses.get("exit", mpf(0))
    sales = {k: a * rho[k] * moments.get(k, mpf(0)) for k in FORMS}
    total = mp.fsum(sales.values())
    x = a**((1 - alpha) / (mu - alpha))
    entrants = x**mu / total
    south = mp.fsum(sales[k] * cost[k][1] for k in FORMS[2:])
    north = mp.fsum(sales[k] * cost[k][1] for k in FORMS[:2])

    # X by its definition: a firm's output is theta times that of its inputs, a multiple of theta^(1 + b).
    made = {k: output(p, *[a * rho[k] * i for i in inputs(p, share[k], wage[k])]) for k in FORMS}
    by_output = (entrants * mp.fsum(made[k]**alpha * moments.get(k, mpf(0)) for k in FORMS))**(1 / alpha)
    assert abs(by_output / x - 1) < mpf(10)**-40

    return {
        "headquarters_share": share, "slope": psi, "revenue_slope": rho,
        "hull": [o.name for o in menu.kept], "t": menu.start, "demand": a,
        "aggregate_consumption": x, "price_index": x**(mu - 1),
        "segments": [{"option": o.name, "cutoff": (t / a)**(1 / b), "mass": masses[o.name]}
                     for o, t in zip(menu.kept, menu.start)],
        **{"share_of_firms_" + k: masses.get(k, mpf(0)) / active for k in FORMS},
        **{"share_of_revenue_" + k: sales[k] / total for k in FORMS},
        "mass_entrants": entrants, "mass_producers": entrants * active, "revenue": x**mu,
        "headquarter_cost": entrants * mp.fsum(sales[k] * cost[k][0] for k in FORMS),
        "north_component_cost": entrants * north, "south_component_cost": entrants * south,
        "imported_components": south / (south + north)}


def profit_by_quadrature(p, law, made):
    """Expected profit from the definition, max over options, between the cutoffs."""
    b = p["substitution_parameter"] / (1 - p["substitution_parameter"])

    def profit(u):
        return max([mpf(0)] + [made["demand"] * made["slope"][k] * mp.exp(b * u)
                               - p["north_wage"] * p[k + "_fixed_cost"] for k in FORMS])

    ends = [mp.log(s["cutoff"]) for s in made["segments"] if s["cutoff"] > 0]
    if "phi_min" in p["distribution"]:
        ends = [max(e, mp.log(p["distribution"]["phi_min"])) for e in ends]
    grid = sorted(set(ends)) + [max(ends) + mpf(k) for k in (1, 3, 8)] + [mp.inf]
    return mp.quad(lambda u: profit(u) * law.density(u), grid)


def remake(data, comparison):
    for row in data["cases"]:
        p, law = files.value(row["params"]), law_of(row["params"]["distribution"])
        made = solve(p, law)
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)
        with mp.workdps(25):
            if abs(profit_by_quadrature(p, law, made) / (p["north_wage"] * p["entry_cost"]) - 1) > mpf(10)**-12:
                comparison.failures.append(row["case"] + ": quadrature gives another expected profit")
    with mp.workdps(80):
        for row in data["best_share"]:
            best = best_share(files.value(row["substitution_parameter"]), files.value(row["headquarter_intensity"]))
            comparison.compare(row, "best_share", best, "best_share(%s, %s)" % (row["substitution_parameter"], row["headquarter_intensity"]))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
