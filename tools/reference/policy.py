"""Makes policy_general.json: what changes of taxes and trade costs do to a world of general sectors.

The conditions are written as they stand in levels, sums over pairs of what each sale pays for, for all unknowns at once:
wages, incomes, labour, entrants, and with inputs spending and prices. From the stored solution Newton's method goes on
in fifty digits, its slopes by differences; so a number that is not of a solution does not come back. Derivatives are
central differences of solutions, of some of the instruments.
"""

import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 50
NAME = "policy_general.json"
STEP = mpf(10)**-25


def ones(*shape):
    return mpf(1) if not shape else [ones(*shape[1:]) for _ in range(shape[0])]


def zeros(*shape):
    return mpf(0) if not shape else [zeros(*shape[1:]) for _ in range(shape[0])]


class World:
    """Flows and taxes before, and what sectors are like. Arrays as in the file: pairs [i][j][s], eta and nu [j][s]."""

    def __init__(self, flows, taxes, sectors):
        self.flows, self.before = flows, taxes
        self.n, self.count = len(flows), len(flows[0][0])
        self.pairs = [(i, j, s) for s in range(self.count) for i in range(self.n) for j in range(self.n)
                      if flows[i][j][s] != 0]
        self.places = [(i, s) for s in range(self.count) for i in range(self.n)]
        for key, item in sectors.items():
            setattr(self, key, item)
        self.gamma = self.labour_share or ones(self.n, self.count)
        self.inputs = self.input_share
        before = self.account(lambda i, j, s: flows[i][j][s], taxes)
        self.labour_income = before["labour"]
        self.final = [[before["spending"][j][s] - (before["inputs"][j][s] if self.inputs else 0)
                       for s in range(self.count)] for j in range(self.n)]
        self.income = [mp.fsum(row) for row in self.final]
        self.beta = [[x / self.income[j] for x in row] for j, row in enumerate(self.final)]
        self.profits, self.revenue, self.entry_base = before["profits"], before["revenue"], before["entry"]
        self.spending = before["spending"]
        self.deficit = [self.income[j] - self.labour_income[j] - self.profits[j] - self.revenue[j]
                        for j in range(self.n)]

    def restricted(self, s):
        return self.entry[s] == "restricted"

    def enters(self, s):
        return not self.restricted(s) and self.scale_elasticity[s] > 0

    def shares(self, i, j, s, taxes):
        """Where a unit of spending goes: to the treasuries of j and of i, to labour of j, to profits or entry, to i's
        labour and inputs."""
        t, z, r = taxes["import_tax"][i][j][s], taxes["export_tax"][i][j][s], taxes["production_tax"][i][s]
        border, factory = 1 / (1 + t), 1 / ((1 + t) * (1 + z) * (1 + r))
        selection = self.eta[j][s] / self.trade_elasticity[s]
        markup = 1 + self.scale_elasticity[s] + selection
        if self.tariff_convention[s] == "D":  # the consumer pays the border value and the tariff; the firm gets the rest
            to_j, to_i, base = 1 - border, border - factory, factory
        else:  # of costs, which are 1/markup of what the consumer pays
            to_j, to_i, base = (1 - border) / markup, (border - factory) / markup, mpf(1)
        services = self.destination_cost_share[j][s] * selection / markup * base
        entry = self.scale_elasticity[s] / markup * base
        rest = 1 - to_j - to_i - services - (entry if self.restricted(s) else 0)
        return to_j, to_i, services, entry, rest

    def account(self, flow, taxes):
        out = {k: zeros(self.n) for k in ("labour", "revenue", "profits")}
        out |= {k: zeros(self.n, self.count) for k in ("spending", "bundle", "entry", "services", "inputs")}
        for i, j, s in self.pairs:
            x = flow(i, j, s)
            to_j, to_i, services, entry, rest = self.shares(i, j, s, taxes)
            out["spending"][j][s] += x
            out["revenue"][j] += to_j * x
            out["revenue"][i] += to_i * x
            out["services"][j][s] += services * x
            out["bundle"][i][s] += rest * x
            if self.restricted(s):
                out["profits"][i] += entry * x
            else:
                out["entry"][i][s] += entry * x
        for i, s in self.places:
            out["labour"][i] += self.gamma[i][s] * out["bundle"][i][s] + out["services"][i][s]
            for k in range(self.count if self.inputs else 0):
                out["inputs"][i][k] += self.inputs[i][k][s] * out["bundle"][i][s]
        return out

    def new_deficit(self, shock, labour_income):
        if shock["closure"] != "share":
            return shock["deficit"]
        grown = mp.fsum(labour_income) / mp.fsum(self.labour_income)
        return [d * grown for d in shock["deficit"]]

    def evaluate(self, hats, shock, none):
        """The conditions at given hats: gaps, and all that goes with them."""
        n, count, eps = self.n, self.count, self.trade_elasticity
        wage, income = hats["wage"], hats["income"]
        chi = self.labour_supply_elasticity
        labour = hats["labour"] if chi > 0 else ones(n)
        price = hats["price"] if self.inputs else None
        cost = [[wage[i]**self.gamma[i][s] for s in range(count)] for i in range(n)]
        for i, s in self.places:
            for k in range(count if self.inputs else 0):
                cost[i][s] *= price[i][k]**self.inputs[i][k][s]
        new_income = [self.income[j] * income[j] for j in range(n)]
        spending_hat = hats["spending"] if self.inputs else [[income[j]] * count for j in range(n)]
        reach, offered = {}, zeros(n, count)
        first = {}  # what the first firm of a sector without firms would add
        for i, j, s in self.pairs:
            change = [(1 + x[0]) / (1 + x[1]) for x in
                      [(shock[k][i][j][s], self.before[k][i][j][s]) for k in ("import_tax", "export_tax")] +
                      [(shock["production_tax"][i][s], self.before["production_tax"][i][s])]]
            tax = change[0] * change[1] * change[2]
            nu, eta = self.destination_cost_share[j][s], self.eta[j][s]
            tau = shock["tau_hat"][i][j][s] if shock["tau_hat"] else mpf(1)
            fixed = shock["f_hat"][i][j][s] if shock["f_hat"] else mpf(1)
            fixed *= cost[i][s]**(1 - nu) * wage[j]**nu * (tax if self.tariff_convention[s] == "D" else 1)
            v = (cost[i][s] * tau * tax)**-eps[s] * fixed**-eta
            v *= self.flows[i][j][s] / self.spending[j][s]
            if [i, s] in none:
                first[i, j, s] = v
                continue
            if self.enters(s):
                v *= hats["entrants"][i][s]**(eps[s] * self.scale_elasticity[s])
            reach[i, j, s] = v
            offered[j][s] += v
        new_price = [[(spending_hat[j][s]**self.eta[j][s] * offered[j][s])**(-1 / eps[s]) for s in range(count)]
                     for j in range(n)]
        total = [[self.spending[j][s] * spending_hat[j][s] for s in range(count)] for j in range(n)]
        flow = {p: v / offered[p[1]][p[2]] * total[p[1]][p[2]] for p, v in reach.items()}
        now = self.account(lambda *p: flow.get(p, mpf(0)), shock)
        consumer = [mp.fprod(new_price[j][s]**self.beta[j][s] for s in range(count)) for j in range(n)]
        pay = [self.labour_income[i] * wage[i] * labour[i] for i in range(n)]
        deficit = self.new_deficit(shock, pay)
        gaps = [now["labour"][i] / pay[i] - 1 for i in range(n)]
        largest = max(range(n), key=lambda i: self.labour_income[i])
        if shock["numeraire"] == "world_labour_income":
            gaps[largest] = mp.fsum(pay) / mp.fsum(self.labour_income) - 1
        else:
            gaps[largest] = wage[int(shock["numeraire"])] - 1
        gaps += [(pay[j] + now["profits"][j] + now["revenue"][j] + deficit[j]) / new_income[j] - 1 for j in range(n)]
        cut = [mpf(0)] * n
        if self.revenue_use == "income_tax_cut":
            cut = [(now["revenue"][i] - self.revenue[i]) / pay[i] for i in range(n)]
        if chi > 0:
            gaps += [labour[i] / (wage[i] / (consumer[i] * (1 - cut[i])))**chi - 1 for i in range(n)]
        for i, s in self.places:
            if self.enters(s) and [i, s] not in none:
                gaps.append(now["entry"][i][s] / self.entry_base[i][s] / cost[i][s] / hats["entrants"][i][s] - 1)
        if self.inputs:
            for j, s in self.places:
                gaps.append((self.beta[j][s] * new_income[j] + now["inputs"][j][s]) / total[j][s] - 1)
                gaps.append(new_price[j][s] / price[j][s] - 1)
        welfare = [income[j] / consumer[j] for j in range(n)]
        published = welfare
        if chi > 0:
            toil = [chi / (1 + chi) * (1 - cut[j]) * self.labour_income[j] for j in range(n)]
            weight = [self.income[j] / (self.income[j] - toil[j]) for j in range(n)]
            published = [d * x + (1 - d) * wage[j] * labour[j] / consumer[j]
                         for j, (d, x) in enumerate(zip(weight, welfare))]
            welfare = [d * x + (1 - d) * labour[j]**(1 + 1 / chi) for j, (d, x) in enumerate(zip(weight, welfare))]
        value = {}
        for i, s in none:
            sales = {j: v / offered[j][s] * total[j][s] for (k, j, r), v in first.items() if (k, r) == (i, s)}
            value[i, s] = mp.fsum(self.shares(i, j, s, shock)[3] * x for j, x in sales.items())
            value[i, s] /= self.entry_base[i][s] * cost[i][s]
        return gaps, {"wage_hat": wage, "income_hat": income, "labour_hat": labour, "price_hat": new_price,
                      "scale_hat": hats["entrants"], "consumer_price_hat": consumer, "welfare_hat": welfare,
                      "welfare_hat_without_tax_term_in_disutility": published,
                      "X_new": [[[flow.get((i, j, s), mpf(0)) for s in range(count)] for j in range(n)]
                                for i in range(n)],
                      "revenue_new": now["revenue"], "profits_new": now["profits"], "labour_income_new": pay,
                      "deficit_new": deficit}, value


class Solution:
    """A world's equilibrium after a shock, from hats near it."""

    def __init__(self, world, shock, hats, none):
        self.world, self.shock, self.hats, self.none = world, shock, hats, none
        self.where = [("wage", i) for i in range(world.n)] + [("income", i) for i in range(world.n)]
        if world.labour_supply_elasticity > 0:
            self.where += [("labour", i) for i in range(world.n)]
        self.where += [("entrants", p) for p in world.places if world.enters(p[1]) and list(p) not in none]
        if world.inputs:
            self.where += [(k, p) for p in world.places for k in ("spending", "price")]
        self.factor()
        self.outputs, self.value = self.polish(shock, self.hats, 3)

    def moved(self, hats, by):
        out = {k: [row[:] if isinstance(row, list) else row for row in v] for k, v in hats.items()}
        for (k, place), x in zip(self.where, by):
            if isinstance(place, tuple):
                out[k][place[0]][place[1]] *= mp.exp(x)
            else:
                out[k][place] *= mp.exp(x)
        return out

    def factor(self):
        size = len(self.where)
        start = self.world.evaluate(self.hats, self.shock, self.none)[0]
        slopes = mp.matrix(size, size)
        for c in range(size):
            step = [STEP if c == r else mpf(0) for r in range(size)]
            column = self.world.evaluate(self.moved(self.hats, step), self.shock, self.none)[0]
            for r in range(size):
                slopes[r, c] = (column[r] - start[r]) / STEP
        self.lu, self.order = mp.LU_decomp(slopes)

    def polish(self, shock, hats, steps):
        """Newton's steps with the slopes of the stored solution; the last gap must be next to nothing."""
        for _ in range(steps):
            gaps = self.world.evaluate(hats, shock, self.none)[0]
            right = mp.L_solve(self.lu, mp.matrix([-g for g in gaps]), self.order)
            hats = self.moved(hats, list(mp.U_solve(self.lu, right)))
        self.hats_now = hats
        gaps, outputs, value = self.world.evaluate(hats, shock, self.none)
        if max(abs(g) for g in gaps) > mpf(10)**-30:
            raise ValueError("no solution near the stored one: a gap of " + mp.nstr(max(abs(g) for g in gaps), 3))
        return outputs, value

    def slope(self, country, change):
        """Central difference of ln welfare. change(shock, step) is the shock with an instrument moved."""
        h = mpf(10)**-12
        ends = [mp.log(self.polish(change(self.shock, sign * h), self.hats_now, 4)[0]["welfare_hat"][country])
                for sign in (1, -1)]
        return (ends[0] - ends[1]) / (2 * h)


def with_rate(shock, key, place, step):
    """The shock with ln(1 + rate), or the log of a hat, moved by a step."""
    def copy(x):
        return [copy(y) for y in x] if isinstance(x, list) else x
    out = dict(shock)
    out[key] = copy(shock[key])
    row = out[key]
    for k in place[:-1]:
        row = row[k]
    x = row[place[-1]]
    row[place[-1]] = x * mp.exp(step) if key.endswith("hat") else (1 + x) * mp.exp(step) - 1
    return out


def remake(data, comparison):
    inputs = files.value(data["inputs"])
    taxes = {k: inputs[k] for k in ("import_tax", "export_tax", "production_tax")}
    for case in data["cases"]:
        name, sectors, shock = case["name"], files.value(case["sectors"]), files.value(case["shock"])
        sectors["revenue_use"] = sectors.pop("revenue")
        world = World(inputs["X"], taxes, sectors)
        comparison.compare(case["baseline"], "labour_income", world.labour_income, name)
        comparison.compare(case["baseline"], "income", world.income, name)
        comparison.compare(case["baseline"], "beta", world.beta, name)
        for key, remade in (("deficit", world.deficit), ("revenue", world.revenue), ("profits", world.profits)):
            comparison.compare(case["baseline"], key, remade, name + ".baseline." + key)
        stored = files.value(case["outputs"])
        spent = [[mp.fsum(stored["X_new"][i][j][s] for i in range(world.n)) / world.spending[j][s]
                  for s in range(world.count)] for j in range(world.n)]
        hats = {"wage": stored["wage_hat"], "income": stored["income_hat"], "labour": stored["labour_hat"],
                "entrants": stored["scale_hat"], "price": stored["price_hat"], "spending": spent}
        none = [[int(x) for x in p] for p in case.get("no_entrants", [])]
        solution = Solution(world, shock, hats, none)
        for key, remade in solution.outputs.items():
            if key in case["outputs"]:
                comparison.compare(case["outputs"], key, remade, name + "." + key)
        for (i, s), value in solution.value.items():
            if value > 1:
                raise ValueError(name + ": entry would pay where nobody enters")
            comparison.compare(case["outputs"]["entrant_value_over_cost"][i], s, value, name + ".entrant_value")
        if not case.get("gradient"):
            continue
        country = int(case["gradient"]["of"].split()[-1])
        shock = solution.shock = dict(shock)
        for key in ("tau_hat", "f_hat"):
            shock[key] = shock[key] or ones(world.n, world.n, world.count)
        instruments = (("by_ln_one_plus_import_tax", "import_tax"), ("by_ln_one_plus_export_tax", "export_tax"),
                       ("by_ln_one_plus_production_tax", "production_tax"), ("by_ln_tau", "tau_hat"),
                       ("by_ln_f", "f_hat"))
        places = [p for p in world.pairs if p[0] != p[1]][::9]
        for key, member in instruments:
            for place in (places if member != "production_tax" else world.places[::4]):
                slope = solution.slope(country, lambda q, step: with_rate(q, member, place, step))
                holder = case["gradient"][key]
                for k in place[:-1]:
                    holder = holder[k]
                if files.value(holder[place[-1]]) == 0 and abs(slope) < mpf(10)**-30:
                    slope = mpf(0)
                comparison.compare(holder, place[-1], slope, "%s.%s%s" % (name, key, list(place)))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv, files.dump_in_lines))
