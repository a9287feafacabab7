"""Verifies policy_optimal.json: optimal, Nash and cooperative import taxes.

At the taxes that are stored the equilibrium is solved anew by a program that knows no gradient, and what the stored
optimum says of it must come out. Then the taxes must be best: the slopes of the objective, by differences of further
equilibria and over the share of the taxed flow in income, must vanish, or push against the bound that binds.
"""

import sys

from mpmath import mp, mpf, exp, log

import reference_files as files
from hat_changes import World

NAME = "policy_optimal.json"
FLAT = mpf(10)**-8  # of scaled slopes
BALANCED = mpf(10)**-12  # deficits over the world's income: resolved in doubles
APART = mpf(10)**-8  # of ln(1 + tax), for differences


def government(world, at, weights, j):
    """Weighted real income of the sectors of country j: their workers', their owners', and a share of the revenue."""
    total = sum(at["bundle"][j])  # without inputs and destination costs, all of it is wages
    out = mpf(0)
    for k in range(world.s):
        kept = sum(world.profit[l][k] * at["net"][j][l][k] for l in range(world.n)) if world.restricted[k] else 0
        labour = at["bundle"][j][k]
        out += weights[k] * (labour + kept + labour / total * at["revenue"][j])
    return log(out / exp(at["consumer"][j]))


def objective_of(world, case, j):
    """What whoever sets the import taxes of country j maximises, as a function of the state."""
    task = case["task"]
    if "political_weights" in task:
        weights = task["political_weights"][j]
        return lambda at: government(world, at, weights, j)
    if task["kind"] != "cooperative":
        return lambda at: at["welfare"][j]
    kind = task["objective"]
    if "w_j" in kind:
        income = sum(world.income)
        return lambda at: sum(v / income * w for v, w in zip(world.income, at["welfare"]))
    if "equal weights" in kind:
        return lambda at: sum(at["welfare"])
    if "largest common gain" in kind:
        multipliers = case["outputs"]["multipliers"]
        return lambda at: sum(m * w for m, w in zip(multipliers, at["welfare"]))
    threat = task["threat_welfare_hat"]
    return lambda at: sum(log(exp(w) - v) for w, v in zip(at["welfare"], threat))


def groups_of(world, case):
    """The taxes that move together: (importer, cells, flows over income)."""
    task, n, s = case["task"], world.n, world.s
    out = []
    for j in range(n) if task["kind"] in ("nash", "cooperative") else [int(task["country"])]:
        cells = [(i, k) for i in range(n) if i != j for k in range(s)]
        pattern = task.get("pattern", "all")
        keys = {"uniform": lambda c: 0, "sector": lambda c: c[1], "partner": lambda c: c[0], "all": lambda c: c}[pattern]
        for key in sorted(set(map(keys, cells))):
            members = [c for c in cells if keys(c) == key]
            out.append((j, members, sum(world.x[i][j][k] for i, k in members) / world.income[j]))
    return out


def moved(taxes, importer, cells, by):
    out = [[list(row) for row in matrix] for matrix in taxes]
    for i, k in cells:
        out[i][importer][k] = (1 + out[i][importer][k]) * exp(by) - 1
    return out


def remade(case):
    """What is stored of an optimum, and the largest of its scaled slopes that should vanish."""
    own = case["task"].get("baseline_import_tax")
    taxed = case["task"].get("baseline_taxes") != "none"
    world = World(case["baseline_X"], case["sectors"], own or (case["taxes"] if taxed else None))
    taxes = case["outputs"]["import_tax"]
    at = world.solve(world.policy(t=taxes))
    inverse = world.slopes(at["q"], world.policy(t=taxes))**-1
    worst = mpf(0)
    upper = case["task"].get("upper")
    pushes = []
    for j, cells, share in groups_of(world, case):
        objective = objective_of(world, case, j)
        ends = [objective(world.solve(world.policy(t=moved(taxes, j, cells, by)), at["q"], inverse))
                for by in (APART, -APART)]
        slope = (ends[0] - ends[1]) / (2 * APART)
        if upper is not None and taxes[cells[0][0]][j][cells[0][1]] >= upper:
            pushes.append(slope)
            if slope < 0:
                worst = mp.inf
        else:
            worst = max(worst, abs(slope / share))
    hats = {"welfare_hat": [exp(v) for v in at["welfare"]],
            "wage_hat": [exp(v) for v in at["u"]],
            "income_hat": [exp(v) for v in at["y"]],
            "consumer_price_hat": [exp(v) for v in at["consumer"]],
            "scale_hat": [[exp(v) for v in row] for row in at["entrants"]]}
    return hats, worst, max((abs(d) for d in world.deficit), default=0) / sum(world.income), world, at, pushes


def remake(data, comparison):
    common = files.value(data["inputs"]["import_tax"])
    for stored in data["cases"]:
        case = files.value(stored)
        case["taxes"] = common
        hats, worst, deficits, world, at, pushes = remade(case)
        name = stored["name"]
        comparison.compare(stored, "outputs", hats, name)
        if "government_welfare_hat" in stored["outputs"]:
            comparison.compare(stored["outputs"], "government_welfare_hat",
                               government_hat(world, case, at, stored["outputs"]["government_welfare_hat"]), name)
        if pushes:
            comparison.compare(stored["outputs"], "gradient_at_upper_bound", pushes, name)
        for what, value, most in (("a scaled slope of %s", worst, FLAT),
                                  ("deficits of %s at the baseline", deficits, BALANCED)):
            comparison.count += 1
            if not value < most:
                comparison.failures.append(name + ": " + what % mp.nstr(value, 3))


def government_hat(world, case, at, stored):
    base = world.solve(world.policy())
    return [exp(government(world, at, case["task"]["political_weights"][j], j)
                - government(world, base, case["task"]["political_weights"][j], j)) for j in range(world.n)]


def check():
    data = files.load_exact(NAME)
    comparison = files.Comparison(NAME, tolerance=mpf(10)**-12)  # it is stored from doubles
    remake(data, comparison)
    return comparison.report()


if __name__ == "__main__":
    sys.exit(1 if check() else 0)
