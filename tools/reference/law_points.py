"""Makes law_points.json: every law at points from far below its bulk to a survival of 1e-30.

Each row holds a law, a power r and t = ln x as exact doubles, and with 30 digits
P(phi >= x) and its log, J(x) = E[((phi/x)^r - 1) 1{phi >= x}] and its log, and the
density of ln phi at t (null for laws with atoms).  Points are quantiles of the law
rounded to doubles, and the ends of its support: exactly where the end is x = 1 and
its log is exact, otherwise slightly inside.  Combinations without a moment are left out.

`--write` computes at 100 digits; `--check` remakes every 7th row at 140 digits, the
number of rows, and J of some rows by quadrature.
"""

import json
import sys

from mpmath import mp, mpf

import laws
import reference_files as files

mp.dps = 50
NAME = "law_points.json"
DIGITS = 30
POWERS = [0.2, 1.0, 3.0, 19.0]
DESCRIPTION = ("law, power r, log_x = t: P(phi >= x) and J(x) = E[((phi/x)^r - 1) 1{phi >= x}] at x = exp(t), "
               "density of ln phi at t; inputs are exact doubles, outputs have 30 digits")

LAWS = [
    {"family": "pareto", "scale": 1.0, "shape": 4.25},
    {"family": "pareto", "scale": 2.5, "shape": 19.02},
    {"family": "pareto", "scale": 0.37, "shape": 1.02},
    {"family": "pareto", "scale": 1.0, "shape": 0.22},
    {"family": "bounded_pareto", "lower": 1.0, "upper": 2.85, "shape": 4.25},
    {"family": "bounded_pareto", "lower": 0.125, "upper": 1.0, "shape": 3.0},
    {"family": "bounded_pareto", "lower": 1.0, "upper": 3000.0, "shape": 1.0000001},
    {"family": "bounded_pareto", "lower": 0.5, "upper": 40.0, "shape": 0.3},
    {"family": "lognormal", "log_mean": 0.0, "log_sd": 0.797},
    {"family": "lognormal", "log_mean": 1.3, "log_sd": 0.05},
    {"family": "lognormal", "log_mean": -2.0, "log_sd": 3.0},
    {"family": "lognormal", "log_mean": 0.25, "log_sd": 5.0},
    {"family": "frechet", "scale": 1.2, "shape": 4.5},
    {"family": "frechet", "scale": 3.0, "shape": 20.0},
    {"family": "frechet", "scale": 0.8, "shape": 1.02},
    {"family": "weibull", "scale": 1.1, "shape": 0.8},
    {"family": "weibull", "scale": 2.0, "shape": 10.0},
    {"family": "weibull", "scale": 0.5, "shape": 0.3},
    {"family": "exponential", "rate": 1.0},
    {"family": "exponential", "rate": 0.03},
    {"family": "uniform", "lower": 0.25, "upper": 1.0},
    {"family": "uniform", "lower": 0.9, "upper": 60.0},
    {"family": "uniform", "lower": 0.0, "upper": 2.0},
    {"family": "mixture", "weights": [0.75, 0.25],
     "components": [{"family": "lognormal", "log_mean": 0.0, "log_sd": 0.5},
                    {"family": "pareto", "scale": 1.0, "shape": 5.0}]},
    {"family": "mixture", "weights": [0.5, 0.375, 0.125],
     "components": [{"family": "weibull", "scale": 0.8, "shape": 2.0},
                    {"family": "lognormal", "log_mean": -1.0, "log_sd": 0.3},
                    {"family": "bounded_pareto", "lower": 1.0, "upper": 20.0, "shape": 2.5}]},
    {"family": "discrete", "values": [0.5, 1.0, 1.5, 2.5, 4.0], "weights": [0.25, 0.25, 0.25, 0.1875, 0.0625]},
    {"family": "degenerate", "value": 1.0},
    {"family": "degenerate", "value": 1.5},
    {"family": "truncated", "lower": 0.5, "upper": 4.0,
     "law": {"family": "lognormal", "log_mean": 0.0, "log_sd": 0.797}},
    {"family": "truncated", "lower": 1.0, "upper": "inf",
     "law": {"family": "lognormal", "log_mean": -1.5, "log_sd": 0.5}},
    {"family": "truncated", "lower": 0.25, "upper": 1.0,
     "law": {"family": "weibull", "scale": 1.1, "shape": 0.8}},
    {"family": "truncated", "lower": 1.0, "upper": "inf",
     "law": {"family": "weibull", "scale": 0.5, "shape": 2.0}},
]


def quantile(law, below, level):
    """t with P(phi < x) = level (below) or P(phi >= x) = level, to some 15 digits."""
    with mp.workdps(40):
        low = law.lower_end() if mp.isfinite(law.lower_end()) else mpf(-4000)
        high = law.upper_end() if mp.isfinite(law.upper_end()) else mpf(4000)
        for _ in range(80):
            middle = (low + high) / 2
            if (law.cdf(middle) < level) if below else (law.survival(middle) > level):
                low = middle
            else:
                high = middle
        return float(middle)


def points(law):
    """Some 12 doubles t, increasing."""
    low, high = law.lower_end(), law.upper_end()
    if not law.has_density:
        atoms = sorted(law.atoms())
        middles = [float((a + b) / 2) for a, b in zip(atoms, atoms[1:])]
        near = [float(atoms[0]) - 3.0, float(atoms[0]) - 2.0**-7, float(atoms[-1]) - 0.25,
                float(atoms[-1]) - 2.0**-7, float(atoms[-1]) - 2.0**-14, float(atoms[-1]) + 0.5]
        return sorted(set(near + middles + [0.0 for a in atoms if a == 0]))
    chosen = []
    if mp.isfinite(low):
        chosen += [float(low) - 4.0, float(low) - 0.125, 0.0 if low == 0 else float(low) + 2.0**-20]
        chosen += [quantile(law, True, q) for q in (0.001, 0.1, 0.5)]
    else:
        chosen += [quantile(law, True, mpf(q)) for q in ("1e-30", "1e-10", "1e-3", "0.1", "0.5")]
    if mp.isfinite(high):
        chosen += [quantile(law, False, q) for q in (0.1, 0.001)]
        chosen += [float(high) - 2.0**-7, float(high) - 2.0**-14, float(high) + 1.0]
        if high == 0:
            chosen += [-2.0**-24, 0.0]
    else:
        chosen += [quantile(law, False, mpf(q)) for q in ("0.1", "1e-3", "1e-6", "1e-12", "1e-20", "1e-30")]
    # components of a mixture begin and end inside: stay off the jump itself, and look at both sides of it
    jumps = [k for k in laws.kinks(law) if low < k < high]
    chosen = [t for t in chosen if t == 0 or all(abs(t - k) > 1e-6 for k in jumps)]
    chosen += [float(k) + gap for k in jumps for gap in (-2.0**-10, 2.0**-10)]
    return sorted(set(chosen))


def inputs():
    """The law, power and t of every row."""
    for fields in LAWS:
        law = laws.make_law(fields)
        with mp.workdps(40):
            at = points(law)
        for r in POWERS:
            if law.moment_exists(r):
                for t in at:
                    yield {"law": fields, "power": r, "log_x": t}


def outputs(row):
    law, r, t = laws.make_law(row["law"]), mpf(row["power"]), mpf(row["log_x"])
    j = laws.excess(law, t, r)
    return {"log_survival": laws.log_survival(law, t), "survival": law.survival(t),
            "excess": j, "log_excess": mp.log(j) if j > 0 else -mp.inf,
            "density": law.density(t) if law.has_density else None}


def texts(numbers):
    return {k: v if v is None or isinstance(v, str) else files.as_text(v, DIGITS) for k, v in numbers.items()}


def write():
    with mp.workdps(100):
        rows = [dict(row, **texts(outputs(row))) for row in inputs()]
    files.write_rows(NAME, DESCRIPTION, rows)
    print("%-20s %6d rows written" % (NAME, len(rows)))
    return 0


def check():
    rows = json.loads(files.path_of(NAME).read_text())["rows"]
    comparison = files.Comparison(NAME, tolerance=mpf(10)**-28)
    with mp.workdps(140):
        expected = list(inputs())
        if [dict(r) for r in expected] != [{k: r[k] for k in ("law", "power", "log_x")} for r in rows]:
            comparison.failures.append("the laws, powers or points of the rows are not those of this program")
        for i in range(0, len(rows), 7):
            for key, number in outputs(rows[i]).items():
                comparison.compare(rows[i], key, number, "rows[%d].%s" % (i, key))
    integrated = by_quadrature(rows, comparison)
    failures = comparison.report()
    print("%-20s %6d values of J confirmed by quadrature in ln phi" % ("", integrated))
    return 1 if failures else 0


def by_quadrature(rows, comparison):
    """For each law with a density, J at three points of one power by quadrature."""
    done = 0
    for n, fields in enumerate(LAWS):
        law = laws.make_law(fields)
        if not law.has_density:
            continue
        powers = [r for r in POWERS if law.moment_exists(r)]
        r = powers[n % len(powers)]
        mine = [i for i, row in enumerate(rows) if row["law"] == fields and row["power"] == r
                and row["excess"] != "0.0"]
        for i in (mine[1], mine[len(mine) // 2], mine[-1]):
            with mp.workdps(25):
                j = laws.excess_by_quadrature(law, mpf(rows[i]["log_x"]), mpf(r))
                if abs(j / mpf(rows[i]["excess"]) - 1) > mpf(10)**-16:
                    comparison.failures.append("rows[%d].excess: quadrature gives %s, stored %s"
                                               % (i, mp.nstr(j, 20), rows[i]["excess"]))
            done += 1
    return done


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["--write"] else check())
