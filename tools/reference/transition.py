"""Makes transition.json: paths of the symmetric economy after a change of trade costs.

`cases`: constant expenditure R in closed form, with periods without entry, and general equilibrium with an export cost
per period or sunk, where all periods' conditions are solved at once by Newton's method with differences for
derivatives. `legacy_exporters`: constant expenditure and protection, where those who have paid go on exporting.
`exit`: entry in period 0 where firms below the cutoff wait or are gone. `export_generations`: protection in general
equilibrium with a sunk export cost, each generation with a cutoff of its own; that nobody would rather wait is checked
against all later dates.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of

mp.dps = 34
NAME = "transition.json"


class Market:
    def __init__(self, p, law):
        self.p, self.r, self.law = p, p["elasticity"] - 1, law
        self.f, self.f_e, self.n, self.delta = p["fixed_cost"], p["entry_cost"], p["partners"], p["death_rate"]
        self.rho = self.r / p["elasticity"]

    def tail(self, t):
        """S, J + S and J at log productivity t."""
        s, a = self.law.survival(t), self.law.scaled_moment(t, self.r)
        return s, a, a - s

    def export_cutoff(self, t, tau, cost):
        return t + mp.log(tau) + mp.log(cost / self.f) / self.r

    def profits(self, t, tau, cost):
        """Pi, V, S at home and abroad, at log cutoff t and an export cost per period."""
        s, a, j = self.tail(t)
        s_x, a_x, j_x = self.tail(self.export_cutoff(t, tau, cost))
        return self.f * j + self.n * cost * j_x, self.f * a + self.n * cost * a_x, s, s_x

    def price(self, t, revenue):
        """P^(1-sigma) = R rho^r/(sigma f) exp(r t)."""
        return (self.p["elasticity"] * self.f / revenue)**(1 / self.r) / (self.rho * mp.exp(t))

    def entry(self, tau, cost, user_cost):
        """The log cutoff of free entry."""
        return root(lambda t: self.profits(t, tau, cost)[0] / (self.f_e * user_cost) - 1, mpf(0))


def root(decreasing, start, width=mpf(1)):
    """Of a decreasing function: a bracket from `start` outwards, then Anderson-Bjorck."""
    low = high = start
    while decreasing(low) < 0:
        low, width = low - width, 2 * width
    while decreasing(high) > 0:
        high, width = high + width, 2 * width
    return mp.findroot(decreasing, (low, high), solver="anderson", tol=mpf(10)**(-2 * mp.dps + 12), maxsteps=300)


# ---- constant expenditure

def constant_expenditure(p, law, cost=None):
    """`cost` per period; legacy exporters if p has a sunk cost, whose old cutoff is the lower one."""
    m = Market(p, law)
    living, user_cost = 1 - p["death_rate"], 1 - p["discount_factor"] * (1 - p["death_rate"])
    sunk = p.get("export_cost") == "sunk"
    cost = p["export_fixed_cost"] * (user_cost if sunk else 1)
    old, new = m.entry(p["iceberg_cost"], cost, user_cost), m.entry(p["new_iceberg_cost"], cost, user_cost)
    need = p["labor"] / p["elasticity"]
    m_old, m_new = (need / m.profits(t, tau, cost)[1]
                    for t, tau in ((old, p["iceberg_cost"]), (new, p["new_iceberg_cost"])))
    old_x, new_x = m.export_cutoff(old, p["iceberg_cost"], cost), m.export_cutoff(new, p["new_iceberg_cost"], cost)
    return m, living, cost, old, new, old_x, new_x, m_old, m_new, need


def sector(p, law):
    m, living, cost, old, new, _, _, m_old, m_new, need = constant_expenditure(p, law)
    tau = p["new_iceberg_cost"]
    cutoffs, masses, entry, mass = [], [], [], m_old
    while len(entry) < 2 or entry[-2] == 0 or abs(entry[-1] / (p["death_rate"] * m_new) - 1) > mpf(10)**-25:
        left = living * mass
        if left <= m_new:
            t, now = new, m_new
        else:
            t, now = root(lambda u: left * m.profits(u, tau, cost)[1] / need - 1, new), left
        cutoffs.append(t)
        masses.append(now)
        entry.append(now - left if now > left else mpf(0))
        mass = now
    values, value = [], mpf(1)
    for t in reversed(cutoffs):
        value = m.profits(t, tau, cost)[0] / m.f_e + p["discount_factor"] * living * value
        values.insert(0, value)
    if any(v > 1 + mpf(10)**-25 or (e > 0 and abs(v - 1) > mpf(10)**-25) for v, e in zip(values, entry)):
        raise ValueError("entry and its value do not agree")
    return {"before": {"cutoff": mp.exp(old), "mass_entrants": m_old},
            "after": {"cutoff": mp.exp(new), "mass_entrants": m_new},
            "cutoff": [mp.exp(t) for t in cutoffs], "mass_entrants": masses, "mass_entrants_per_period": entry,
            "price_index": [m.price(t, p["labor"]) for t in cutoffs], "entrant_value": values,
            "periods_without_entry": sum(e == 0 for e in entry)}


def legacy(p, law, periods):
    m, living, cost, old, new, old_x, new_x, m_old, m_new, need = constant_expenditure(p, law)
    demand = m.f * mp.exp(-m.r * new)
    reach = m.n * p["new_iceberg_cost"]**-m.r * demand

    def moment(t):
        return m.tail(t)[1] * mp.exp(m.r * t)

    per_entrant = demand * moment(new) + reach * moment(new_x)
    masses, exporters, exports, left = [], [], [], m_old
    for _ in range(periods):
        left *= living
        more = left * (moment(old_x) - moment(new_x))
        mass = (need - reach * more) / per_entrant
        masses.append(mass)
        exporters.append(mass * m.tail(new_x)[0] + left * (m.tail(old_x)[0] - m.tail(new_x)[0]))
        exports.append(p["elasticity"] * reach * (mass * moment(new_x) + more))
    entry = [now - living * last for now, last in zip(masses, [m_old] + masses)]
    return {"before": {"cutoff": mp.exp(old), "export_cutoff": mp.exp(old_x), "mass_entrants": m_old},
            "after": {"cutoff": mp.exp(new), "export_cutoff": mp.exp(new_x), "mass_entrants": m_new},
            "mass_entrants": masses, "mass_entrants_per_period": entry, "mass_exporters": exporters, "exports": exports}


def first_entry(p, law):
    """M_e in period 0, where the cutoff falls then and never again."""
    m, living, cost, old, new, old_x, new_x, m_old, _, need = constant_expenditure(p, law)
    demand = m.f * mp.exp(-m.r * new)
    reach = m.n * p["new_iceberg_cost"]**-m.r * demand

    def supply(home, abroad):
        return demand * m.tail(home)[1] * mp.exp(m.r * home) + reach * m.tail(abroad)[1] * mp.exp(m.r * abroad)

    old_exporters = min(old_x, new_x) if p.get("export_cost") == "sunk" else new_x
    out = {}
    for rule, least in (("mothballing", new), ("irreversible", old)):
        out[rule] = (need - living * m_old * supply(max(least, new), max(least, old_exporters))) / supply(new, new_x)
    return out


# ---- general equilibrium

def newton(conditions, z, ends):
    """Solves conditions(last, here, next, t) = 0 for all periods t, a block-tridiagonal system.

    The derivatives are differences: every third period moves at a time.
    """
    size, horizon, h = len(z[0]), len(z), mpf(10)**(-mp.dps // 2)

    def all_conditions(z):
        path = [ends[0]] + z + [ends[1]]
        return [conditions(path[t], path[t + 1], path[t + 2], t) for t in range(horizon)]

    for _ in range(40):
        base = all_conditions(z)
        blocks = [[mp.matrix(size, size) for _ in range(3)] for _ in range(horizon)]
        for colour in range(3):
            for k in range(size):
                moved = [[x + h if i == k and t % 3 == colour else x for i, x in enumerate(row)]
                         for t, row in enumerate(z)]
                for t, row in enumerate(all_conditions(moved)):
                    side = next(s for s in (-1, 0, 1) if (t + s) % 3 == colour)
                    for i in range(size):
                        blocks[t][side + 1][i, k] = (row[i] - base[t][i]) / h
        upper, right = [], []
        for t in range(horizon):
            lower, diagonal, above = blocks[t]
            b = mp.matrix(base[t])
            if t:
                diagonal, b = diagonal - lower * upper[-1], b - lower * right[-1]
            inverse = diagonal**-1
            upper.append(inverse * above)
            right.append(inverse * b)
        for t in reversed(range(horizon - 1)):
            right[t] -= upper[t] * right[t + 1]
        z = [[x - right[t][i] for i, x in enumerate(row)] for t, row in enumerate(z)]
        if max(abs(x) for step in right for x in step) < mpf(10)**(6 - mp.dps // 2 * 2 + 8):
            return z
    raise ValueError("no path")


def utility_gap(m, mu, t, revenue):
    price = m.price(t, revenue)
    return mu + m.p["curvature"] * mp.log(revenue / price) + mp.log(price)


def steady(m, tau, cost, sunk):
    """`cost` is what is paid, each period or once."""
    p, user_cost = m.p, 1 - m.p["discount_factor"] * (1 - m.delta)
    rent = cost * user_cost if sunk else cost
    t = m.entry(tau, rent, user_cost)
    _, variable, s, s_x = m.profits(t, tau, rent)
    fixed = m.f * s + m.n * cost * s_x * (m.delta if sunk else 1)
    mass = p["labor"] / (m.f_e * m.delta + m.r * variable + fixed)
    revenue = p["elasticity"] * mass * variable
    price = m.price(t, revenue)
    x = m.export_cutoff(t, tau, rent)
    return {"t": t, "x": x, "mass": mass, "mu": -utility_gap(m, mpf(0), t, revenue), "exporters": mass * s_x,
            "sum": mass * m.tail(x)[1] * mp.exp(m.r * x),
            "numbers": {"cutoff": mp.exp(t), "export_cutoff": mp.exp(x), "mass_entrants": mass,
                        "mass_entrants_per_period": m.delta * mass, "expenditure": revenue, "price_index": price,
                        "consumption": revenue / price, "variable_profit": variable}}


def gain(m, consumption, old, new):
    """Consumption-equivalent gain under utility of curvature crra."""
    beta, e = m.p["discount_factor"], 1 - m.p["curvature"]
    last = new["numbers"]["consumption"]
    if e == 0:
        average = (1 - beta) * mp.fsum(beta**t * mp.log(c / last) for t, c in enumerate(consumption))
        return last / old["numbers"]["consumption"] * mp.exp(average)
    average = (1 - beta) * mp.fsum(beta**t * ((c / last)**e - 1) for t, c in enumerate(consumption))
    return last / old["numbers"]["consumption"] * (1 + average)**(1 / e)


def rows_of(m, states, shown, extra):
    """The table of a path, from log cutoff, mass, entry, revenue, user cost and log export cutoff of each period."""
    names = ("cutoff", "export_cutoff", "mass_entrants", "mass_entrants_per_period", "expenditure", "price_index",
             "consumption", "user_cost")
    out = {name: [] for name in names}
    for t, x, mass, entry, revenue, user_cost in states[:shown]:
        price = m.price(t, revenue)
        row = (mp.exp(t), mp.exp(x), mass, entry, revenue, price, revenue / price, user_cost)
        for key, value in zip(names, row):
            out[key].append(value)
    out.update({key: values[:shown] for key, values in extra.items()})
    return out


def general(p, law, horizon, shown):
    """An export cost per period, or sunk with a cutoff that falls: its rent, (1 - beta (1 - delta) Lambda) f_x."""
    m = Market(p, law)
    living, sunk, tau = 1 - m.delta, p.get("export_cost") == "sunk", p["new_iceberg_cost"]
    cost = p["export_fixed_cost"]
    old, new = steady(m, p["iceberg_cost"], cost, sunk), steady(m, tau, cost, sunk)

    def user_cost(here, after):
        return 1 - p["discount_factor"] * living * mp.exp(after[2] - here[2])

    def firms(here, after):
        kappa = user_cost(here, after)
        return (kappa,) + m.profits(here[0], tau, cost * kappa if sunk else cost)

    def exporters(here, after):
        kappa = user_cost(here, after)
        return here[1] * m.tail(m.export_cutoff(here[0], tau, cost * kappa))[0]

    def conditions(last, here, after, t):
        kappa, profit, variable, s, s_x = firms(here, after)
        paying = here[1] * s_x
        if sunk:
            paying -= living * (exporters(last, here) if t else old["exporters"])
        used = m.f_e * (here[1] - living * last[1]) + here[1] * (m.r * variable + m.f * s) + m.n * cost * paying
        return [profit / (m.f_e * kappa) - 1, used / p["labor"] - 1,
                utility_gap(m, here[2], here[0], p["elasticity"] * here[1] * variable)]

    end = [new["t"], new["mass"], new["mu"]]
    z = newton(conditions, [list(end) for _ in range(horizon)], ([old["t"], old["mass"], old["mu"]], end))
    states = []
    for t in range(horizon):
        kappa, _, variable, _, _ = firms(z[t], z[t + 1] if t + 1 < horizon else end)
        x = m.export_cutoff(z[t][0], tau, cost * kappa if sunk else cost)
        states.append((z[t][0], x, z[t][1], z[t][1] - living * (z[t - 1][1] if t else old["mass"]),
                       p["elasticity"] * z[t][1] * variable, kappa))
    if sunk and any(b[1] > a[1] + mpf(10)**-25 for a, b in zip(states, states[1:])):
        raise ValueError("the export cutoff rises")
    consumption = [s[4] / m.price(s[0], s[4]) for s in states]
    return {"before": old["numbers"], "after": new["numbers"], **rows_of(m, states, shown, {}),
            "consumption_equivalent_gain": gain(m, consumption, old, new),
            "steady_state_gain": new["numbers"]["consumption"] / old["numbers"]["consumption"]}


def generations(p, law, horizon, shown):
    """A sunk export cost and a cutoff that rises: a firm exports at once or never. q values a unit of sales abroad."""
    m = Market(p, law)
    living, tau, cost = 1 - m.delta, p["new_iceberg_cost"], p["export_fixed_cost"]
    old, new = steady(m, p["iceberg_cost"], cost, True), steady(m, tau, cost, True)

    def discount(here, after):
        return p["discount_factor"] * living * mp.exp(after[2] - here[2])

    def reach(here):
        return tau**-m.r * m.f * mp.exp(-m.r * here[0])

    def export_cutoff(q):
        return mp.log(cost / q) / m.r

    def variable_profit(here):
        return here[1] * m.f * m.tail(here[0])[1] + m.n * reach(here) * here[4]

    def conditions(last, here, after, t):
        s, _, j = m.tail(here[0])
        x = export_cutoff(here[3])
        s_x, a_x, j_x = m.tail(x)
        j_next = m.tail(export_cutoff(after[3]))[2]
        later, entry = discount(here, after), here[1] - living * last[1]
        total = variable_profit(here)
        used = m.f_e * entry + m.r * total + here[1] * m.f * s + m.n * cost * entry * s_x
        return [(m.f * j + m.n * cost * (j_x - later * j_next)) / (m.f_e * (1 - later)) - 1, used / p["labor"] - 1,
                utility_gap(m, here[2], here[0], p["elasticity"] * total),
                (reach(here) + later * after[3]) / here[3] - 1,
                (living * last[4] + entry * a_x * mp.exp(m.r * x)) / here[4] - 1]

    def state(s):
        return [s["t"], s["mass"], s["mu"], cost * mp.exp(-m.r * s["x"]), s["sum"]]

    first, end = state(old), state(new)
    guess = [end[:4] + [end[4] + living**(t + 1) * (first[4] - end[4])] for t in range(horizon)]
    z = newton(conditions, guess, (first, end)) + [end]
    states, firms, kept = [], [], old["exporters"]
    for t in range(horizon):
        later = discount(z[t], z[t + 1])
        entry = z[t][1] - living * (z[t - 1][1] if t else old["mass"])
        kept = living * kept + entry * m.tail(export_cutoff(z[t][3]))[0]
        firms.append(kept)
        revenue = p["elasticity"] * variable_profit(z[t])
        states.append((z[t][0], export_cutoff(z[t][3]), z[t][1], entry, revenue, 1 - later))
    if old["x"] > states[0][1]:
        raise ValueError("firms of before would begin to export")
    for t in range(0, shown, 10):  # the least productive who would neither wait for any later period nor for ever
        best, factor = mpf(0), mpf(1)
        for s in range(t, horizon):
            best = max(best, cost * (1 - factor) / (z[t][3] - factor * z[s][3])) if s > t else best
            factor *= 1 - states[s][5]
        best = max(best, cost / z[t][3])
        if abs(mp.log(best) / m.r - states[t][1]) > mpf(10)**-25:
            raise ValueError("firms would wait")
    consumption = [s[4] / m.price(s[0], s[4]) for s in states]
    return {"before": old["numbers"], "after": new["numbers"], **rows_of(m, states, shown, {"mass_exporters": firms}),
            "consumption_equivalent_gain": gain(m, consumption, old, new),
            "steady_state_gain": new["numbers"]["consumption"] / old["numbers"]["consumption"]}


def remake(data, comparison):
    with mp.workdps(34):
        for row in data["cases"]:
            p, law = files.value(row["params"]), law_of(row["params"]["dist"])
            if p.get("spending") == "constant_expenditure":
                made = sector(p, law)
            else:
                made = general(p, law, int(p["horizon"]), len(row["outputs"]["cutoff"]))
            for key, value in made.items():
                comparison.compare(row["outputs"], key, value, row["name"] + "." + key)
        for row in data["legacy_exporters"]:
            p = files.value(row["params"])
            for key, value in legacy(p, law_of(row["params"]["dist"]), len(row["outputs"]["mass_entrants"])).items():
                comparison.compare(row["outputs"], key, value, row["name"] + "." + key)
        for row in data["exit"]:
            p = files.value(row["params"])
            for key, value in first_entry(p, law_of(row["params"]["dist"])).items():
                comparison.compare(row["entry"], key, value, row["name"] + "." + key)
        for row in data["export_generations"]:
            p = files.value(row["params"])
            made = generations(p, law_of(row["params"]["dist"]), int(p["horizon"]), len(row["outputs"]["cutoff"]))
            for key, value in made.items():
                comparison.compare(row["outputs"], key, value, row["name"] + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
