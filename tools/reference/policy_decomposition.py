"""Remakes policy_decomposition.json: what changes of real income are made of.

All logs of taxes, of trade costs and of fixed costs, and the deficits, move in proportion. At the nodes of Gauss's rule
the world is solved, a little before and after too, and each part of the change is read off the differences: none of the
model's derivatives is used. The parts must sum to the change of real income between the ends.
"""

import sys

from mpmath import mp, mpf, exp, log

import reference_files as files
from hat_changes import World, filled

NAME = "policy_decomposition.json"
NODES = 12
APART = mpf(10)**-9  # along the path, for differences: their error is its square
PARTS = ("terms_of_trade", "trade_costs", "fiscal_volume", "scale", "profits", "selection", "market_services",
         "deficit", "labour")


def gauss_legendre(n):
    """Nodes and weights on [0, 1]."""
    out = []
    for k in range(n):
        x = mp.cos(mp.pi * (k + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(12):
            value, last = mp.legendre(n, x), mp.legendre(n - 1, x)
            slope = n * (x * value - last) / (x * x - 1)
            x -= value / slope
        out.append(((1 + x) / 2, 1 / ((1 - x * x) * slope**2)))
    return out


def path(world, shock):
    """The policy at a point of the way, and how fast the logs move."""
    n, s = world.n, world.s

    def way(now, then):
        return log((1 + now) / (1 + then))

    t, z = ([[[way(shock[name][i][j][k], old[i][j][k]) for k in range(s)] for j in range(n)] for i in range(n)]
            for name, old in (("import_tax", world.t), ("export_tax", world.z)))
    r = [[way(shock["production_tax"][i][k], world.r[i][k]) for k in range(s)] for i in range(n)]
    tau, f = ([[[log(v) for v in row] for row in matrix] for matrix in shock[name]] for name in ("tau_hat", "f_hat"))
    lent = [new - old for new, old in zip(shock["deficit"], world.deficit)]

    def at(x):
        def taxed(old, moves):
            return [[[(1 + old[i][j][k]) * exp(x * moves[i][j][k]) - 1 for k in range(s)] for j in range(n)]
                    for i in range(n)]
        return world.policy(
            t=taxed(world.t, t), z=taxed(world.z, z),
            r=[[(1 + world.r[i][k]) * exp(x * r[i][k]) - 1 for k in range(s)] for i in range(n)],
            tau=[[[exp(x * v) for v in row] for row in matrix] for matrix in tau],
            f=[[[exp(x * v) for v in row] for row in matrix] for matrix in f],
            deficit=[old + x * d for old, d in zip(world.deficit, lent)])

    return at, t, z, r, tau, f, lent


def parts_at(world, at, before, after, policy, moves):
    """Each part of the derivative of ln real income by country."""
    t, z, r, tau, f, lent = moves
    n, s = world.n, world.s

    def slope(read):
        return (read(after) - read(before)) / (2 * APART)

    out = {name: [mpf(0)] * n for name in PARTS}
    for i in range(n):
        for k in range(s):
            cost = slope(lambda e: e["cost"][i][k])
            entry = slope(lambda e: e["entrants"][i][k])
            psi = world.psi[k] if (i, k) in world.entrants else 0
            for j in range(n):
                if world.lam[i][j][k] == 0:
                    continue
                rate = policy[0][i][j][k]
                x, border, net = at["flows"][i][j][k], at["border"][i][j][k], at["net"][i][j][k]
                price = cost - psi * entry + z[i][j][k] + r[i][k]
                sold = slope(lambda e: log(e["border"][i][j][k])) - price
                bought = sold - tau[i][j][k]
                if i != j:
                    out["terms_of_trade"][i] += border * price
                    out["terms_of_trade"][j] -= border * price
                out["trade_costs"][j] -= border * tau[i][j][k]
                out["fiscal_volume"][j] += rate * border * bought
                out["fiscal_volume"][i] += (border - net) * sold
                out["scale"][i] += psi * net * entry
                if world.restricted[k]:
                    out["profits"][i] += world.profit[j][k] * net * sold
                nu = world.nu[j][k]
                fixed = f[i][j][k] + (1 - nu) * cost + nu * slope(lambda e: e["u"][j])
                out["selection"][j] -= x * world.eta[j][k] / world.eps[k] * (
                    fixed + t[i][j][k] + z[i][j][k] + r[i][k] - slope(lambda e: e["x"][j][k]))
                services = nu * world.market[j][k] * net
                out["market_services"][j] += services * slope(lambda e: e["u"][j])
                out["market_services"][i] -= services * cost
    out["deficit"] = list(lent)
    out["labour"] = [at["wages"][j] * slope(lambda e: e["supply"][j]) for j in range(n)]
    return {name: [v / income for v, income in zip(row, at["incomes"])] for name, row in out.items()}


def caliendo_parro(world, e, change):
    """Terms and volume of trade, to first order at the baseline, of what sellers get; `change` of a ratio is it less one, or its log."""
    out = {"terms_of_trade": [mpf(0)] * world.n, "volume_of_trade": [mpf(0)] * world.n}
    for i in range(world.n):
        for k in range(world.s):
            cost = change(exp(e["cost"][i][k]))
            for j in range(world.n):
                if i == j or world.lam[i][j][k] == 0:
                    continue
                m = world.base["net"][i][j][k]
                ratio = e["net"][i][j][k] / m
                out["terms_of_trade"][i] += m * cost / world.income[i]
                out["terms_of_trade"][j] -= m * cost / world.income[j]
                out["volume_of_trade"][j] += world.t[i][j][k] * m * (change(ratio) - cost) / world.income[j]
    return out


def remake(data, comparison):
    base = files.value(data["inputs"])
    rule = gauss_legendre(NODES)
    for stored in data["cases"]:
        case = files.value(stored)
        world = World(base["X"], case["sectors"], base["import_tax"], base["export_tax"], base["production_tax"])
        at, *moves = path(world, case["shock"])
        end = world.solve(at(1))
        total = {name: [mpf(0)] * world.n for name in PARTS}
        middle = world.solve(at(mpf(1) / 2))
        start = middle["q"]
        inverse = world.slopes(start, at(mpf(1) / 2))**-1  # near enough to the others along the way
        for x, weight in rule:
            policy = at(x)
            here = world.solve(policy, start, inverse)
            start = here["q"]
            before, after = (world.solve(at(x + way), start, inverse) for way in (-APART, APART))
            for name, row in parts_at(world, here, before, after, policy, moves).items():
                total[name] = [a + weight * b for a, b in zip(total[name], row)]
        total["log_real_income"] = [y - p for y, p in zip(end["y"], end["consumer"])]
        gap = max(abs(sum(total[name][j] for name in PARTS) - total["log_real_income"][j]) for j in range(world.n))
        comparison.count += 1
        if not gap < mpf(10)**-16:
            comparison.failures.append("%s: the parts miss real income by %s" % (stored["name"], mp.nstr(gap, 3)))
        # Parts that are zero but for differences are zero.
        for name in PARTS:
            total[name] = [mpf(0) if abs(v) < mpf(10)**-20 else v for v in total[name]]
        comparison.compare(stored, "outputs", total, stored["name"])
        first_order = stored["outputs"].get("caliendo_parro_first_order")
        if first_order:
            for kind, change in (("percent", lambda v: v - 1), ("log", log)):
                comparison.compare(first_order, kind, caliendo_parro(world, end, change),
                                   stored["name"])


def check():
    data = files.load_exact(NAME)
    comparison = files.Comparison(NAME, tolerance=mpf(10)**-13)  # by differences
    remake(data, comparison)
    return comparison.report()


if __name__ == "__main__":
    sys.exit(1 if check() else 0)
