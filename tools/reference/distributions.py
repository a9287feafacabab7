"""Makes distributions.json: survival S, tail moment M of order p, M/x^p, J and density at points x.

From S(x) = P(phi >= x), M(x) = E[phi^p 1{phi >= x}], J(x) = M(x)/x^p - S(x) and the
closed forms of `laws.py`; two points of every law are also integrated numerically.
"""

import sys

from mpmath import mp

import laws
import reference_files as files

mp.dps = 50
NAME = "distributions.json"


def law_of(dist):
    """The laws of the stored files, which spell the parameters in their own way."""
    d = files.value(dist)
    kind = d["type"]
    if kind == "lognormal":
        return laws.LogNormal(d["mu"], d["nu"] if "nu" in d else d["s"])
    if kind == "mixture":
        return laws.Mixture(d["weights"], [law_of(c) for c in dist["components"]])
    if kind == "discrete":
        return laws.Discrete(d["x"], d["w"])
    if kind == "pareto" and "k" in d:
        return laws.Pareto(d["phi_min"], d["k"])
    if kind == "frechet" and "T" in d:
        return laws.Frechet(d["T"]**(1 / d["theta"]), d["theta"])
    cls, names = laws.FAMILIES[kind]
    return cls(*[d[name] for name in names])


def remake(data, comparison):
    seen = {}
    for i, case in enumerate(data["cases"]):
        law, p, x = law_of(case["dist"]), files.value(case["p"]), files.value(case["x"])
        t = mp.log(x)
        row = {"S": law.survival(t), "JplusS": law.scaled_moment(t, p), "J": laws.excess(law, t, p),
               "density": law.density(t) / x}
        row["M"] = row["JplusS"] * x**p
        for key, number in row.items():
            comparison.compare(case, key, number, "cases[%d].%s" % (i, key))
        label = repr(case["dist"])
        seen[label] = seen.get(label, 0) + 1
        if seen[label] in (2, 3):
            with mp.workdps(25):
                by_quadrature = laws.excess_by_quadrature(law, mp.log(x), p)
                if abs(by_quadrature / row["J"] - 1) > 1e-20:
                    comparison.failures.append("cases[%d].J: quadrature gives %s" % (i, mp.nstr(by_quadrature, 25)))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
