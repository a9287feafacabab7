"""Makes firms_gains.json: gains from trade under given laws of firm size, by the conditions of the open economy.

Sizes are proportional to phi^(sigma-1), so that the conditions are those of the lecture at power 1: expected excess
profit from survival and moment of the law's definition (size_laws.py), cutoffs by bisection. Gradients by differences;
standard errors of parameters from the covariances in firms_estimators.json. The bootstrap is left as stored, and how well
two routes agreed when the file was made.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from firms_estimators import numeric
from size_laws import LAWS, Pareto

mp.dps = 40
NAME = "firms_gains.json"
CHI, SHARE, ERROR, SIGMA = mpf("0.18"), mpf("0.14"), mpf("0.005"), mpf(4)
WIDE = mpf("1.95996398454005423552459443052")
# Of parameters that are stored with 20 digits, and of slopes by differences.
TOLERANCE = mpf(10)**-13


class Bounded:
    """A law given that sizes are below a bound."""

    def __init__(self, law, bound):
        self.law, self.top = law, bound
        self.mass = 1 - law.survival(bound)

    def survival(self, t):
        return (self.law.survival(t) - self.law.survival(self.top)) / self.mass

    def moment_above(self, t):
        return (self.law.moment_above(t) - self.law.moment_above(self.top)) / self.mass


def place(falls, target, low, high):
    """Where a falling function of t takes a value."""
    while falls(low) < target:
        low -= 4
    while falls(high) > target:
        high += 4
    for _ in range(int(3.4 * mp.dps) + 8):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) > target else (low, middle)
    return mp.findroot(lambda t: mp.log(falls(t) / target), (low + high) / 2)


def economy(law, chi, share, sigma, producing=None):
    """All of the file's results; the smallest producer has size 1 unless a share of entrants produces."""
    smallest = mpf(0) if producing is None else place(law.survival, producing, mpf(-3), mpf(3))

    def excess(t):
        return mp.exp(-t) * law.moment_above(t) - law.survival(t)

    p = law.survival(smallest)
    exporter = place(law.survival, p * chi, smallest, smallest + 8)
    freeness = share / (1 - share)
    fixed = freeness * mp.exp(exporter - smallest)
    entry = excess(smallest) + fixed * excess(exporter)
    autarky = place(excess, entry, smallest - 2, smallest)
    home, abroad = law.moment_above(smallest), freeness * law.moment_above(exporter)
    return {"gain_percent": 100 * mp.expm1((smallest - autarky) / (sigma - 1)), "share_producing": p,
            "export_fixed_cost_over_fixed_cost": fixed, "iceberg_cost": freeness**(-1 / (sigma - 1)),
            "entry_cost_over_fixed_cost": entry, "domestic_share": home / (home + abroad),
            "autarky_share_producing": law.survival(autarky)}


def gradient(make, at, names):
    """Of the gain, by the law's parameters and the facts."""
    def gain(x):
        return economy(make(x[:-3]), *x[-3:])["gain_percent"]
    point, out = at + [CHI, SHARE, SIGMA], {}
    for k, name in enumerate(names + ["share_exporting", "export_sales_share", "elasticity"]):
        step = mpf(10)**-9 * max(abs(point[k]), mpf("0.1"))
        up, down, twice_up, twice_down = list(point), list(point), list(point), list(point)
        up[k] += step
        down[k] -= step
        twice_up[k] += 2 * step
        twice_down[k] -= 2 * step
        out[name] = (8 * (gain(up) - gain(down)) - gain(twice_up) + gain(twice_down)) / (12 * step)
    return out


def pareto_gain(shape):
    """In closed form: what Pareto firms below the smallest do is not seen."""
    start = mpf(-30)
    out = economy(Pareto(shape, start), CHI, SHARE, SIGMA)
    return {"gain_percent": out["gain_percent"], "domestic_share": out["domestic_share"]}


def remake(data, comparison):
    covariances = {}
    for case in files.load_exact("firms_estimators.json")["cases"]:
        result = case["result"]
        if "covariance" in result:
            covariances[case["dataset"], result["law"]] = numeric(result["covariance"])
    for number, case in enumerate(data["cases"]):
        p, stored = numeric(case["parameters"]), numeric(case["result"])
        kind = LAWS[stored["law"]]
        at = [p[name] for name in kind.NAMES]
        make = (lambda x: Pareto(x[0], mpf(-30))) if kind is Pareto else (lambda x, kind=kind: kind(*x))
        law, out = make(at), {}
        if "upper_bound" in case:
            top = mp.log(numeric(case["upper_bound"]))
            cut = Bounded(law, top)
            out = economy(cut, CHI, SHARE, SIGMA)
            mean = law.moment_above(mpf(0)) / law.survival(mpf(0))
            firms = sum(numeric(c) for c in BDS_COUNTS)
            out.update({"share_of_total_size_above_bound_in_the_unbounded_law":
                        law.moment_above(top) / law.moment_above(mpf(0)),
                        "mean_size_of_producers": cut.moment_above(mpf(0)) / cut.survival(mpf(0)),
                        "mean_size_of_producers_unbounded": mean,
                        "expected_firms_above_bound": firms * law.survival(top) / law.survival(mpf(0))})
        elif "assumed" in case["dataset"]:
            out = economy(law, CHI, SHARE, SIGMA, stored["share_producing"])
        else:
            out = pareto_gain(at[0]) if kind is Pareto else economy(law, CHI, SHARE, SIGMA)
            slopes = gradient(make, at, kind.NAMES)
            facts = mp.sqrt((slopes["share_exporting"]**2 + slopes["export_sales_share"]**2) * ERROR**2)
            out.update({"gradient": {k: x for k, x in slopes.items() if k in stored["gradient"]},
                        "se_from_targets": facts})
            known = covariances.get((case["dataset"], stored["law"]))
            if known:
                g = [slopes[name] for name in kind.NAMES]
                sampling = mp.sqrt(sum(g[i] * known[i][j] * g[j] for i in range(len(g)) for j in range(len(g))))
                whole = mp.hypot(sampling, facts)
                out.update({"se_from_law": sampling, "se": whole,
                            "interval_95": [out["gain_percent"] - WIDE * whole, out["gain_percent"] + WIDE * whole]})
        comparison.tolerance = TOLERANCE
        for key, x in out.items():
            if key in case["result"]:
                comparison.compare(case["result"], key, x, "cases[%d].%s" % (number, key))


BDS_COUNTS = [2867751, 991035, 598112, 380472, 118603, 65384, 19626, 9606, 5874, 2191, 1206, 1546]

if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
