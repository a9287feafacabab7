"""Makes cutoffs.json: random symmetric economies, closed and open, under every law.

For each law 40 economies from a fixed seed.  Closed: f J(phi*) = delta f_e.  Open with n
partners: f J(phi*) + n f_x J(phi*_x) = delta f_e, or (f + n f_x) J(phi*) = delta f_e where
iceberg^(elasticity-1) f_x <= f and every producer exports; then `cutoff` is the joint one
and welfare comes from the latent domestic cutoff.  Cutoffs are never clipped to the support.
Inputs are exact doubles, outputs have 30 digits.

`--write` draws and computes at 80 digits; `--check` draws everything again, compares all the
inputs, and remakes the outputs of every 7th row at 110 digits.
"""

import json
import math
import random
import sys

from mpmath import mp, mpf

import laws
import reference_files as files
from economy import equilibrium

mp.dps = 50
NAME = "cutoffs.json"
DIGITS = 30
PER_LAW = 40
SEED = 20030711
FAMILIES = ["pareto", "bounded_pareto", "lognormal", "frechet", "weibull", "exponential", "uniform",
            "mixture", "discrete", "degenerate", "truncated"]
DESCRIPTION = ("random symmetric economies; log_cutoff is the log of the latent cutoff, in all_export of the joint one; "
               "mass_producers and average_productivity at the cutoff; inputs are exact doubles, outputs have 30 digits")
NEAREST = 1e-6


def log_uniform(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def heavy_shape(rng, elasticity):
    """A tail index just or well above elasticity - 1, so that the moment exists."""
    margin = 0.02 if rng.random() < 0.15 else log_uniform(rng, 0.02, 10.0)
    return elasticity - 1.0 + margin


def draw_lognormal(rng, low=0.05, high=3.0):
    return {"family": "lognormal", "log_mean": rng.uniform(-2.0, 2.0), "log_sd": log_uniform(rng, low, high)}


def draw_weibull(rng, low=0.3, high=10.0):
    return {"family": "weibull", "scale": log_uniform(rng, 0.1, 10.0), "shape": log_uniform(rng, low, high)}


def dyadic_weights(rng, count):
    """Positive multiples of 1/256 that sum to one exactly."""
    cuts = sorted(rng.sample(range(1, 256), count - 1))
    return [(b - a) / 256.0 for a, b in zip([0] + cuts, cuts + [256])]


def draw_law(rng, family, index, elasticity):
    if family in ("pareto", "frechet"):
        return {"family": family, "scale": log_uniform(rng, 0.05, 20.0), "shape": heavy_shape(rng, elasticity)}
    if family == "bounded_pareto":
        lower = log_uniform(rng, 0.1, 10.0)
        shape = [rng.uniform(0.2, elasticity), elasticity - 1.0, heavy_shape(rng, elasticity)][index % 3]
        return {"family": family, "lower": lower, "upper": lower * math.exp(rng.uniform(0.3, 8.0)), "shape": shape}
    if family == "lognormal":
        law = draw_lognormal(rng)
        if index % 10 in (4, 7):
            law["log_sd"] = 5.0
        return law
    if family == "weibull":
        return draw_weibull(rng)
    if family == "exponential":
        return {"family": family, "rate": log_uniform(rng, 0.05, 20.0)}
    if family == "uniform":
        lower = log_uniform(rng, 0.05, 3.0)
        return {"family": family, "lower": lower, "upper": lower * math.exp(rng.uniform(0.1, 4.0))}
    if family == "mixture":
        components = [draw_lognormal(rng, 0.1, 1.5),
                      {"family": "pareto", "scale": log_uniform(rng, 0.2, 5.0),
                       "shape": heavy_shape(rng, elasticity)}]
        if index % 4 >= 2:
            components.append(draw_weibull(rng, 0.8, 5.0))
        return {"family": family, "weights": dyadic_weights(rng, len(components)), "components": components}
    if family == "discrete":
        count = rng.randint(2, 6)
        return {"family": family, "values": sorted(log_uniform(rng, 0.2, 5.0) for _ in range(count)),
                "weights": dyadic_weights(rng, count)}
    if family == "degenerate":
        return {"family": family, "value": log_uniform(rng, 0.05, 20.0)}
    inner = draw_lognormal(rng, 0.2, 2.0) if index % 4 < 2 else draw_weibull(rng, 0.5, 4.0)
    centre = math.exp(inner["log_mean"]) if inner["family"] == "lognormal" else inner["scale"]
    lower = centre * math.exp(rng.uniform(-2.0, 0.5))
    upper = "inf" if index % 3 == 0 else lower * math.exp(rng.uniform(0.3, 3.0))
    return {"family": "truncated", "lower": lower, "upper": upper, "law": inner}


def draw_economy(rng, elasticity, is_open):
    economy = {"elasticity": elasticity, "fixed_cost": log_uniform(rng, 1e-6, 1e6),
               "entry_cost": log_uniform(rng, 1e-6, 1e6), "death_rate": log_uniform(rng, 1e-4, 1.0),
               "labor": log_uniform(rng, 1e-2, 1e4)}
    if is_open:
        cheap = rng.random() < 0.25
        economy.update(partners=rng.randint(1, 100), iceberg_cost=log_uniform(rng, 1.0, 1.1 if cheap else 4.0),
                       export_fixed_cost=economy["fixed_cost"] * math.exp(rng.uniform(-3.0, 3.0)))
    return economy


def solve(row):
    q = {k: mpf(v) for k, v in row["economy"].items()}
    return equilibrium(laws.make_law(row["law"]), **q)


def well_placed(law, economy, e):
    """Not at a jump of the answer: no cutoff within 1e-6 (in logs) of the top of the support or of
    an atom, and not on the border between the regimes."""
    edges = law.atoms() + ([law.upper_end()] if mp.isfinite(law.upper_end()) else [])
    for u in (e["log_cutoff"], e["log_export_cutoff"]):
        if mp.isfinite(u) and any(abs(u - edge) < NEAREST for edge in edges):
            return False
    if "partners" in economy:
        ratio = (economy["elasticity"] - 1) * math.log(economy["iceberg_cost"]) \
            + math.log(economy["export_fixed_cost"] / economy["fixed_cost"])
        return abs(ratio) > NEAREST
    return True


def draws():
    """The law and economy of every row; draws that are badly placed are replaced by the next ones."""
    for family in FAMILIES:
        rng = random.Random("%d %s" % (SEED, family))
        for index in range(PER_LAW):
            while True:
                elasticity = rng.uniform(1.2, 20.0) if rng.random() < 0.6 else log_uniform(rng, 1.2, 6.0)
                row = {"law": draw_law(rng, family, index, elasticity),
                       "economy": draw_economy(rng, elasticity, index % 2 == 1)}
                with mp.workdps(50):
                    e = solve(row)
                    good = well_placed(laws.make_law(row["law"]), row["economy"], e)
                if good:
                    yield row
                    break


def outputs(row):
    e = solve(row)
    names = ["regime", "log_cutoff", "cutoff"] + ["export_cutoff"] * ("partners" in row["economy"]) \
        + ["welfare", "mass_producers", "average_productivity", "domestic_share"]
    return {name: e[name] for name in names}


def texts(numbers):
    return {k: v if isinstance(v, str) else files.as_text(v, DIGITS) for k, v in numbers.items()}


def write():
    with mp.workdps(80):
        rows = [dict(row, **texts(outputs(row))) for row in draws()]
    files.write_rows(NAME, DESCRIPTION, rows)
    print("%-20s %6d rows written" % (NAME, len(rows)))
    return 0


def check():
    rows = json.loads(files.path_of(NAME).read_text())["rows"]
    comparison = files.Comparison(NAME, tolerance=mpf(10)**-28)
    if [{k: r[k] for k in ("law", "economy")} for r in rows] != list(draws()):
        comparison.failures.append("the laws or economies of the rows are not those of this program")
    with mp.workdps(110):
        for i in range(0, len(rows), 7):
            for key, number in outputs(rows[i]).items():
                comparison.compare(rows[i], key, number, "rows[%d].%s" % (i, key))
    return 1 if comparison.report() else 0


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["--write"] else check())
