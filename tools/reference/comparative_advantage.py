"""Makes comparative_advantage.json: two countries, industries and factors, Bernard, Redding and Schott (2007).

The unknowns are price indices, wages and entrants, and the conditions the definitions: price indices add up over
varieties, entry pays what it costs, and both kinds of workers find work. Newton's method with slopes by differences solves
them. Where all cannot enter, every set of those who may stay out is tried, and taken if entry would not pay for them.
Job flows integrate over the density what firms of one productivity hire or lay off; derivatives are differences.
"""

import copy
import itertools
import sys

from mpmath import mp, mpf

import laws
import reference_files as files

mp.dps = 50
NAME = "comparative_advantage.json"
STEP = mpf(10)**-14
PAIRS = [(i, k) for i in range(2) for k in range(2)]


def law_of(d):
    if d["family"] == "pareto":
        return laws.Pareto(d["scale"], d["shape"])
    return laws.LogNormal(d["log_mean"], d["log_sd"])


def spending(p, i):
    return p["expenditure_share"] if i == 0 else 1 - p["expenditure_share"]


class World:
    def __init__(self, p, out=()):
        """@param out  industries and countries that nobody enters"""
        self.p, self.out = p, set(out)
        self.sigma, self.r = p["elasticity"], p["elasticity"] - 1
        self.law = [[law_of(d) for d in row] for row in p["laws"]]
        self.endowment = [p["skilled_labor"], p["unskilled_labor"]]
        self.entrants_at = [x for x in PAIRS if x not in self.out]

    def share(self, f, i):
        return self.p["skill_intensity"][i] if f == 0 else 1 - self.p["skill_intensity"][i]

    def unit_cost(self, i, k, wage):
        return wage[0][k]**self.share(0, i) * wage[1][k]**self.share(1, i)

    def firms(self, i, k, price, income, cost):
        """Cutoffs in logs, and per entrant: producers, exporters, sales at home and abroad, profit less entry cost."""
        p, r = self.p, self.r
        law, f, fx = self.law[i][k], p["fixed_cost"][i][k] * cost, p["export_fixed_cost"][i][k] * cost
        tau = p["iceberg_cost"][i][k]

        def size(n, melting):  # sales of productivity one
            return spending(p, i) * income[n] * (price[i][n] * r / (self.sigma * cost * melting))**r

        home = size(k, 1)
        away = mpf(0) if mp.isinf(tau) else size(1 - k, tau)
        here = mp.log(self.sigma * f / home) / r
        there = mp.inf if away == 0 else -mp.inf if fx == 0 else mp.log(self.sigma * fx / away) / r
        if there <= here:
            here = there = mp.log(self.sigma * (f + fx) / (home + away)) / r

        def sold(by, start):
            return mpf(0) if mp.isinf(start) else by * mp.exp(r * start) * law.scaled_moment(start, r)

        at_home, abroad = sold(home, here), sold(away, there)
        producers = law.survival(here)
        exporters = mpf(0) if mp.isinf(there) else law.survival(there)
        profit = (at_home + abroad) / self.sigma - f * producers - fx * exporters
        return {"cutoff": here, "export_cutoff": there, "producers": producers, "exporters": exporters, "home": at_home,
                "abroad": abroad, "value": profit / (p["death_rate"] * p["entry_cost"][i][k] * cost), "slope": (home, away)}

    def unpack(self, x):
        price = [[mp.exp(x[2 * i + k]) for k in range(2)] for i in range(2)]
        wage = [[mp.exp(x[4]), mp.exp(x[5])], [mpf(1), mp.exp(x[6])]]
        entrants = {at: mp.exp(x[7 + n]) for n, at in enumerate(self.entrants_at)}
        return price, wage, entrants

    def state(self, price, wage, entrants):
        income = [sum(wage[f][k] * self.endowment[f][k] for f in range(2)) for k in range(2)]
        cost = {at: self.unit_cost(*at, wage) for at in PAIRS}
        firms = {(i, k): self.firms(i, k, price, income, cost[i, k]) for i, k in PAIRS}
        revenue = {at: entrants.get(at, mpf(0)) * (firms[at]["home"] + firms[at]["abroad"]) for at in PAIRS}
        return income, cost, firms, revenue

    def gaps(self, x):
        price, wage, entrants = self.unpack(x)
        _, cost, firms, revenue = self.state(price, wage, entrants)
        out = []
        for i, n in PAIRS:
            prices = mpf(0)
            for k in range(2):
                if (i, k) not in entrants:
                    continue
                start = firms[i, k]["cutoff" if k == n else "export_cutoff"]
                melting = 1 if k == n else self.p["iceberg_cost"][i][k]
                if not mp.isinf(start):
                    prices += entrants[i, k] * (self.sigma * cost[i, k] * melting / self.r)**(-self.r) * mp.exp(
                        self.r * start) * self.law[i][k].scaled_moment(start, self.r)
            out.append(mp.log(prices) / self.r + mp.log(price[i][n]))
        for f, k in ((0, 0), (0, 1), (1, 1)):
            out.append(mp.log(sum(self.share(f, i) * revenue[i, k] for i in range(2))
                              / (wage[f][k] * self.endowment[f][k])))
        return out + [mp.log(firms[at]["value"]) for at in self.entrants_at]

    def apart(self, wage):
        """Every country by itself at these wages: price indices and entrants."""
        alone = copy.copy(self)
        alone.p = dict(self.p, iceberg_cost=[[mp.inf] * 2] * 2)
        price, entrants = [[mpf(1)] * 2 for _ in range(2)], {}
        income = [sum(wage[f][k] * self.endowment[f][k] for f in range(2)) for k in range(2)]
        for i, k in PAIRS:
            cost = self.unit_cost(i, k, wage)

            def gap(u):
                price[i][k] = mp.exp(u)
                return mp.log(alone.firms(i, k, price, income, cost)["value"])

            price[i][k] = mp.exp(mp.findroot(gap, (mpf(0), mpf(-1) / 4), solver="secant", tol=mpf(10)**(10 - 2 * mp.dps), maxsteps=100))
            entrants[i, k] = spending(self.p, i) * income[k] / alone.firms(i, k, price, income, cost)["home"]
        return price, entrants

    def relative_wage(self, skilled, unskilled):
        paid = sum(spending(self.p, i) * self.share(0, i) for i in range(2))
        return paid / (1 - paid) * unskilled / skilled

    def start(self, wage):
        price, entrants = self.apart(wage)
        return [mp.log(price[i][k]) for i, k in PAIRS] + [mp.log(x) for x in (*wage[0], wage[1][1])] + [
            mp.log(entrants[at]) for at in self.entrants_at]

    def search(self):
        """From wages of one integrated world, or from those of countries by themselves."""
        whole = self.relative_wage(sum(self.endowment[0]), sum(self.endowment[1]))
        own = [self.relative_wage(self.endowment[0][k], self.endowment[1][k]) for k in range(2)]
        for skilled, unskilled in (((whole, whole), mpf(1)), (own, mpf(1)), (own, own[0] / own[1]), (own, own[1] / own[0])):
            found = self.solve(self.start([list(skilled), [mpf(1), unskilled]]))
            if found is not None:
                return found
        return None

    def solve(self, start):
        """Newton's method with halved steps. @return the unknowns, or None"""
        x, target = list(start), mpf(10)**(6 - mp.dps)
        gap = self.gaps(x)
        for _ in range(60):
            size = mp.norm(gap)
            if size < target:
                return x
            slopes = mp.matrix(len(x))
            for j in range(len(x)):
                moved = list(x)
                moved[j] += mpf(10)**(-mp.dps // 2)
                for m, g in enumerate(self.gaps(moved)):
                    slopes[m, j] = (g - gap[m]) / (moved[j] - x[j])
            try:
                by = mp.lu_solve(slopes, -mp.matrix(gap))
            except (ZeroDivisionError, TypeError):  # singular, or no numbers
                return None
            length = min(mpf(1), 2 / max(abs(b) for b in by))
            while length > mpf(10)**-4:
                next_x = [a + length * b for a, b in zip(x, by)]
                next_gap = self.gaps(next_x)
                if mp.norm(next_gap) < size * (1 - length / 20):
                    break
                length /= 2
            else:
                return None
            x, gap = next_x, next_gap
        return None


def solve(p):
    """Wages, and the world with those who enter in it."""
    if mp.isinf(p["iceberg_cost"][0][0]):
        world = World(p)
        wage = [[world.relative_wage(world.endowment[0][k], world.endowment[1][k]) for k in range(2)], [mpf(1)] * 2]
        return world, wage, *world.apart(wage)
    for count in range(3):
        for out in itertools.combinations(PAIRS, count):
            if len({i for i, _ in out}) < count:
                continue
            world = World(p, out)
            with mp.workdps(20):
                rough = world.search()
            x = rough and world.solve(rough)
            if x is None:
                continue
            price, wage, entrants = world.unpack(x)
            firms = world.state(price, wage, entrants)[2]
            if all(firms[at]["value"] <= 1 for at in out):
                return world, wage, price, entrants
    raise ArithmeticError("no equilibrium found")


def outputs(solved):
    world, wage, price, entrants = solved
    p, r = world.p, world.r
    income, cost, firms, revenue = world.state(price, wage, entrants)
    delta = p["death_rate"]

    def each(value):
        return [[value(i, k) for k in range(2)] for i in range(2)]

    def mass(i, k):
        return entrants.get((i, k), mpf(0))

    def average(i, k, start, who):
        f = firms[i, k]
        return mp.nan if f[who] == 0 else mp.exp(f[start]) * (world.law[i][k].scaled_moment(f[start], r) / f[who])**(1 / r)

    index = [price[0][k]**spending(p, 0) * price[1][k]**spending(p, 1) for k in range(2)]
    return {
        "skilled_wage": wage[0], "unskilled_wage": wage[1],
        "relative_wage": [wage[0][k] / wage[1][k] for k in range(2)], "income": income,
        "welfare": [income[k] / index[k] / (world.endowment[0][k] + world.endowment[1][k]) for k in range(2)],
        "real_skilled_wage": [wage[0][k] / index[k] for k in range(2)],
        "real_unskilled_wage": [wage[1][k] / index[k] for k in range(2)],
        "unit_cost": each(lambda i, k: cost[i, k]), "price_index": price,
        "entry_value": each(lambda i, k: firms[i, k]["value"]),
        "cutoff": each(lambda i, k: mp.exp(firms[i, k]["cutoff"])),
        "export_cutoff": each(lambda i, k: mp.exp(firms[i, k]["export_cutoff"])),
        "probability_of_producing": each(lambda i, k: firms[i, k]["producers"]),
        "share_exporting": each(lambda i, k: firms[i, k]["exporters"] / firms[i, k]["producers"]),
        "average_productivity": each(lambda i, k: average(i, k, "cutoff", "producers")),
        "average_export_productivity": each(lambda i, k: average(i, k, "export_cutoff", "exporters")),
        "mass_entrants": each(mass),
        "mass_entrants_per_period": each(lambda i, k: delta * mass(i, k)),
        "mass_producers": each(lambda i, k: mass(i, k) * firms[i, k]["producers"]),
        "mass_exporters": each(lambda i, k: mass(i, k) * firms[i, k]["exporters"]),
        "mass_varieties": each(lambda i, k: mass(i, k) * firms[i, k]["producers"]
                               + mass(i, 1 - k) * firms[i, 1 - k]["exporters"]),
        "creative_destruction": each(lambda i, k: delta / firms[i, k]["producers"]),
        "revenue": each(lambda i, k: revenue[i, k]),
        "domestic_sales": each(lambda i, k: mass(i, k) * firms[i, k]["home"]),
        "exports": each(lambda i, k: mass(i, k) * firms[i, k]["abroad"]),
        "skilled_employment": each(lambda i, k: world.share(0, i) * revenue[i, k] / wage[0][k]),
        "unskilled_employment": each(lambda i, k: world.share(1, i) * revenue[i, k] / wage[1][k]),
    }


def workers(solved, f, i, k):
    """What a firm of log productivity t has of a factor, and where it begins to have more."""
    world, wage, price, entrants = solved
    _, cost, firms, _ = world.state(price, wage, entrants)
    firm, c = firms[i, k], cost[i, k]
    per_bundle = world.share(f, i) * c / wage[f][k]
    home, away = (s * world.r / (world.sigma * c) for s in firm["slope"])  # bundles, per size

    def at(t):
        if t < firm["cutoff"]:
            return mpf(0)
        bundles = home * mp.exp(world.r * t) + world.p["fixed_cost"][i][k]
        if t >= firm["export_cutoff"]:
            bundles += away * mp.exp(world.r * t) + world.p["export_fixed_cost"][i][k]
        return per_bundle * bundles

    starts = [t for t in (firm["cutoff"], firm["export_cutoff"]) if not mp.isinf(t)]
    return at, starts, entrants[i, k], world.p["death_rate"] * world.p["entry_cost"][i][k] * per_bundle


def job_flows(before, after, f, i, k):
    law, r = before[0].law[i][k], before[0].r
    (old, ends, mass_old, entry_old), (new, more, mass_new, entry_new) = (workers(x, f, i, k) for x in (before, after))
    low = law.lower_end()
    ends = sorted({max(t, low) for t in ends + more})

    def gained(by_old, by_new):
        """Integrals of what is positive and negative of by_new new - by_old old."""
        rise, fall = mpf(0), mpf(0)
        for a, b in zip(ends, ends[1:] + [mp.inf]):
            # affine in size between cutoffs
            points = (a + mpf(10)**-6, a + 1) if mp.isinf(b) else (a + (b - a) / 4, a + (b - a) / 2)
            sizes = [mp.exp(r * t) for t in points]
            values = [by_new * new(t) - by_old * old(t) for t in points]
            slope = (values[1] - values[0]) / (sizes[1] - sizes[0])
            level = values[0] - slope * sizes[0]
            parts = [a, b]
            if slope != 0 and -level / slope > 0 and a < mp.log(-level / slope) / r < b:
                parts = [a, mp.log(-level / slope) / r, b]
            for left, right in zip(parts, parts[1:]):
                edges = [left + 4 * n for n in range(40)] if mp.isinf(right) else [left, (left + right) / 2, right]
                amount = mp.quad(lambda t: (level + slope * mp.exp(r * t)) * law.density(t), edges)
                rise, fall = (rise + amount, fall) if amount > 0 else (rise, fall - amount)
        return rise, fall

    stay = min(mass_old, mass_new)
    created, destroyed = gained(stay, stay)
    whole_old, whole_new = gained(1, 0)[1], gained(0, 1)[0]
    cohort_created, cohort_destroyed = gained(mass_old, mass_new)
    return {"firm_creation": created + max(mass_new - mass_old, 0) * whole_new,
            "firm_destruction": destroyed + max(mass_old - mass_new, 0) * whole_old,
            "cohort_creation": cohort_created, "cohort_destruction": cohort_destroyed,
            "entry_change": mass_new * entry_new - mass_old * entry_old}


def without_trade(p):
    return dict(p, iceberg_cost=[[mp.inf] * 2] * 2)


def moved(p, path, by):
    p = copy.deepcopy(p)
    holder = p
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] += by
    return p


def remake(data, comparison):
    for case in data["cases"]:
        p, where = files.value(case["params"]), case["name"]
        p["iceberg_cost"] = [[mpf(x) for x in row] for row in p["iceberg_cost"]]
        solved = solve(p)
        made = outputs(solved)
        for key in case["outputs"]:
            comparison.compare(case["outputs"], key, made[key], where + "." + key)
        if "flows_from_autarky" in case:
            before = solve(without_trade(p))
            for factor, name in enumerate(("skilled", "unskilled")):
                with mp.workdps(30):
                    flows = [[job_flows(before, solved, factor, i, k) for k in range(2)] for i in range(2)]
                for key in case["flows_from_autarky"][name]:
                    comparison.compare(case["flows_from_autarky"][name], key, [[x[key] for x in row] for row in flows],
                                       "%s.%s.%s" % (where, name, key))
        for n, row in enumerate(case.get("derivatives", ())):
            up, down = (outputs(solve(moved(p, row["by"], sign * STEP))) for sign in (1, -1))
            for key in row["of"]:
                slopes = [(a - b) / (2 * STEP) for a, b in zip(up[key], down[key])]
                slopes = [x if abs(x) > mpf(10)**-25 else mpf(0) for x in slopes]
                comparison.compare(row["of"], key, slopes, "%s.derivatives[%d].%s" % (where, n, key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
