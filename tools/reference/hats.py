"""Makes model5_hat.json: changes of trade costs, tariffs, fixed costs and deficits under perfect competition, Krugman and
Melitz with Pareto laws, with inputs and without, and the gains from trade by their formulas.

The conditions are those of policy.py, of sectors that are points of it. In the file the sector comes first.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from policy import Solution, World, ones, zeros

mp.dps = 50
NAME = "model5_hat.json"


def pairs(x):
    """[sector][exporter][importer] with the sector last."""
    return [[[x[s][i][j] for s in range(len(x))] for j in range(len(x[0]))] for i in range(len(x[0]))]


def by_sector(x):
    return [[[x[i][j][s] for j in range(len(x))] for i in range(len(x))] for s in range(len(x[0][0]))]


def world_of(flows, tariffs, sectors, convention="D", labour_share=None, inputs=None):
    n, count = len(flows), len(sectors)
    taxes = {"import_tax": tariffs, "export_tax": zeros(n, n, count), "production_tax": zeros(n, count)}
    return World(flows, taxes, {
        "trade_elasticity": [s["trade_elasticity"] for s in sectors],
        "scale_elasticity": [mpf(0) if s["type"] == "pc" else 1 / s["trade_elasticity"] for s in sectors],
        "eta": [[s["eta"] for s in sectors]] * n, "destination_cost_share": zeros(n, count),
        "entry": ["free"] * count, "tariff_convention": [convention] * count, "revenue_use": "lump_sum",
        "labour_supply_elasticity": mpf(0), "labour_share": labour_share if inputs else None, "input_share": inputs})


def shock_of(world, tariffs, tau=None, f=None, deficit=None):
    return world.before | {"import_tax": tariffs, "tau_hat": tau, "f_hat": f, "deficit": deficit or zeros(world.n),
                           "closure": "nominal", "numeraire": "world_labour_income"}


def solve(world, shock, out):
    """From the stored outputs, under the names of policy.py."""
    flows = pairs(out["X_new"])
    spent = [[mp.fsum(flows[i][j][s] for i in range(world.n)) / world.spending[j][s] for s in range(world.count)]
             for j in range(world.n)]
    return Solution(world, shock, {"wage": out["w_hat"], "income": out["income_hat"], "labour": ones(world.n),
                                   "entrants": out["N_hat"], "price": out["P_hat"], "spending": spent}, []).outputs


def gains(model, flows, sectors, labour_share, inputs):
    """Welfare over that in autarky."""
    world = world_of(flows, zeros(*[len(flows)] * 2, len(sectors)), sectors, "D", labour_share, inputs)
    out = []
    for j in range(world.n):
        home = [flows[j][j][s] for s in range(world.count)]
        if model == "krugman":  # the home share of output
            shares = [h / mp.fsum(flows[j][k][s] for k in range(world.n)) for s, h in enumerate(home)]
        else:
            shares = [h / world.spending[j][s] for s, h in enumerate(home)]
        logs = mp.matrix([mp.log(x) / s["trade_elasticity"] for x, s in zip(shares, sectors)])
        if inputs:  # ln P/w = ln lambda/epsilon + inputs' ln P/w
            logs = mp.lu_solve(mp.eye(world.count) - mp.matrix(inputs[j]).T, logs)
        out.append(mp.exp(-mp.fsum(b * x for b, x in zip(world.beta[j], logs))))
    return out


def remake(data, comparison):
    cases = {}
    for case in data["cases"]:
        name, q = case["name"], files.value(case)
        cases[name] = q
        world = world_of(pairs(q["X"]), pairs(q["baseline_tariffs"]), q["sectors"], q["tariff_convention"],
                         q["labor_cost_share"], q["io_share_input_k_in_sector_s"])
        before = {"labor_income": world.labour_income, "final_income": world.income, "beta": world.beta,
                  "tariff_revenue": world.revenue,
                  "lambda_": by_sector([[[x / world.spending[j][s] for s, x in enumerate(row)]
                                         for j, row in enumerate(rows)] for rows in world.flows])}
        comparison.compare(case, "baseline", before, name + ".baseline")
        shock = shock_of(world, pairs(q["shock"]["new_tariffs"]), pairs(q["shock"]["tau_hat"]),
                         pairs(q["shock"]["f_hat"]) if q["shock"]["f_hat"] else None, q["shock"]["new_deficit"])
        now = solve(world, shock, q["outputs"])
        total = [[mp.fsum(now["X_new"][i][j][s] for i in range(world.n)) for s in range(world.count)]
                 for j in range(world.n)]
        shares = [[[x / total[j][s] for s, x in enumerate(row)] for j, row in enumerate(rows)] for rows in now["X_new"]]
        remade = {"w_hat": now["wage_hat"], "N_hat": now["scale_hat"], "P_hat": now["price_hat"],
                  "income_hat": now["income_hat"], "welfare_hat": now["welfare_hat"],
                  "real_wage_hat": [w / p for w, p in zip(now["wage_hat"], now["consumer_price_hat"])],
                  "lambda_new": by_sector(shares), "X_new": by_sector(now["X_new"])}
        comparison.compare(case, "outputs", remade, name + ".outputs")
        for j, d in enumerate(world.deficit):  # the file has whole numbers where rounding left something else
            if abs(d - q["baseline"]["deficit"][j]) > mpf(10)**-15 * world.income[j]:
                comparison.failures.append(name + ".baseline.deficit")
    for case in data["gains_from_trade"]:
        q = files.value(case)
        like = cases[{"pc": "pc_tau_minus10", "krugman": "krugman_tau_minus10", "pc_io": "pc_io_tariff"}[q["model"]]]
        remade = gains(q["model"], pairs(q["X"]), like["sectors"], like["labor_cost_share"],
                       like["io_share_input_k_in_sector_s"])
        comparison.compare(case, "gains_ratio_open_over_autarky", remade, "gains_from_trade." + q["model"])


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv, files.dump_in_lines))
