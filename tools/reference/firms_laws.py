"""Makes firms_laws.json: laws of firms' sizes at points x, their quantiles, and points at the edge of what is allowed.

Survival S, V = E[phi^p; phi >= x], J and the log density of ln phi with three derivatives, from the closed forms of
`laws.py`, which integrate piece by piece or tilt a law by phi^p, and derivatives by differences; two points of every
law are also integrated numerically.  Splices that are looser than `spliced_lognormal_pareto` are mixtures of a truncated
log-normal and a Pareto law.  Quantiles are checked by the survival that they have.

`--write` makes the points of `extreme` anew; `--check` looks at every third of them, and of the derivatives.
"""

import sys

from mpmath import mp, mpf

import laws
import reference_files as files

mp.dps = 50
NAME = "firms_laws.json"

# Shapes that hardly exceed the power, powers near 0, nearly Pareto, nearly log-normal, few below, many below.
EXTREME = [
    ("spliced_lognormal_pareto", (0, 0.5, 3.000244140625), 3), ("spliced_lognormal_pareto", (1, 4, 0.75), 0.5),
    ("spliced_lognormal_pareto", (0.25, 0.0009765625, 20), 19), ("spliced_lognormal_pareto", (0, 2, 12), 0.25),
    ("spliced_lognormal_pareto", (-3, 0.75, 4.25), 0.0009765625),
    ("three_piece", (0, 0.5, 3.000244140625, 0.0625), 3), ("three_piece", (1, 4, 0.75, 8), 0.5),
    ("three_piece", (0, 0.001953125, 64, 64), 3), ("three_piece", (0, 0.75, 4.25, 2), 0.0009765625),
    ("pareto_lognormal", (0, 0.5, 3.000244140625), 3), ("pareto_lognormal", (-2, 4, 0.75), 0.5),
    ("pareto_lognormal", (0, 0.0009765625, 20), 19), ("pareto_lognormal", (0, 1, 1024), 3),
    ("pareto_lognormal", (0, 0.75, 4.25), 0.0009765625),
    ("double_pareto_lognormal", (0, 0.5, 3.000244140625, 2), 3),
    ("double_pareto_lognormal", (0, 0.0625, 3.25, 0.0625), 3), ("double_pareto_lognormal", (0, 1, 512, 1024), 3),
    ("double_pareto_lognormal", (0, 2, 0.75, 0.5), 0.0078125),
    ("singh_maddala", (1, 2, 1.5001220703125), 3), ("singh_maddala", (1, 8, 0.5), 0.0009765625),
    ("singh_maddala", (2, 1.5, 64), 3), ("singh_maddala", (1, 4, 1024), 1), ("singh_maddala", (1, 0.5, 12), 3),
    ("dagum", (1, 3.000244140625, 0.75), 3), ("dagum", (1, 5, 0.0009765625), 0.25), ("dagum", (0.5, 4, 512), 3),
    ("dagum", (1, 4, 0.5), 0.0009765625),
    ("generalized_gamma", (1, 0.0009765625, 1), 3), ("generalized_gamma", (1, 0.03125, 4), 0.0078125),
    ("generalized_gamma", (1, 4096, 0.0625), 3), ("generalized_gamma", (2, 3, 8), 0.0009765625),
    ("generalized_gamma", (1, 0.5, 0.25), 3),
]


def law_of(fields):
    kind, f = fields["type"], files.value(fields)
    if f.get("continuity", "differentiable") != "differentiable":
        body = laws.Truncated(mpf(0), f["join"], laws.LogNormal(f["log_mean"], f["log_sd"]))
        share = f["tail_share"]
        if f["continuity"] == "continuous":  # the densities of both pieces are equal at the join
            z = (mp.log(f["join"]) - f["log_mean"]) / f["log_sd"]
            hazard = mp.npdf(z) / mp.ncdf(z)
            share = hazard / (hazard + f["log_sd"] * f["shape"])
        return laws.Mixture([1 - share, share], [body, laws.Pareto(f["join"], f["shape"])])
    cls, names = laws.FAMILIES[kind]
    return cls(*[f[name] for name in names])


def splice_of(fields):
    """What the fields say of the joins of a spliced law."""
    law = law_of(fields)
    out = {}
    if isinstance(law, laws.PiecewiseLogNormal):
        three = law.lower_shape is not None
        out["upper_join" if three else "join"] = mp.exp(law.upper_join)
        out["upper_share" if three else "tail_share"] = law.survival(law.upper_join)
        if three:
            out.update(lower_join=mp.exp(law.lower_join), lower_share=law.cdf(law.lower_join))
    elif isinstance(law, laws.Mixture) and "tail_share" in fields:
        out["tail_share"] = law.weights[1]
    return out


def log_slopes(law, t):
    """Derivatives of the log density, at a kink from above."""
    def f(s):
        return mp.log(law.density(s))
    kinked = any(abs(t - k) < mpf(10)**-15 for k in laws.kinks(law))
    with mp.workdps(140):
        return [mp.diff(f, t, n, direction=1 if kinked else 0, h=mpf(10)**-25) for n in (1, 2, 3)]


def numbers_of(law, t, p):
    j, s = laws.excess(law, t, p), law.survival(t)
    return {"S": s, "log_S": laws.log_survival(law, t), "J": j, "log_J": mp.log(j), "J_over_S": j / s,
            "V": law.scaled_moment(t, p) * mp.exp(p * t), "log_density": mp.log(law.density(t))}


def logs_of(law, t, p):
    """Those of them that a double holds."""
    out = numbers_of(law, t, p)
    return {k: out[k] for k in ("log_S", "log_J", "J_over_S", "log_density") if k != "J_over_S" or out[k] < 1e300}


def confirm(law, t, p, j, where, comparison):
    with mp.workdps(25):
        by_quadrature = laws.excess_by_quadrature(law, t, p)
        if abs(by_quadrature / j - 1) > mpf(10)**-15:
            comparison.failures.append("%s.J: quadrature gives %s" % (where, mp.nstr(by_quadrature, 25)))


def remake(data, comparison):
    seen = {}
    for i, case in enumerate(data["cases"]):
        where = "cases[%d]" % i
        law, p, t = law_of(case["law"]), files.value(case["power"]), files.value(case["log_x"])
        jump = [k for k in laws.kinks(law) if abs(t - k) < mpf(10)**-15]
        t = jump[0] + mpf(10)**-40 if jump else t  # a join is stored with 20 digits
        row = numbers_of(law, t, p)
        if i % 3 == 0 or comparison.write:
            row.update(zip(("log_density_first", "log_density_second", "log_density_third"), log_slopes(law, t)))
        for key, number in row.items():
            stored = files.value(case[key])
            if key.startswith("log_density_") and abs(number - stored) < mpf(10)**-18 * max(1, abs(number)):
                number = stored  # zeros of lines, by differences
            comparison.compare(case, key, number, where + "." + key)
        for key, number in splice_of(case["law"]).items():
            comparison.compare(case["law"], key, number, where + ".law." + key)
        label = repr(case["law"])
        seen[label] = seen.get(label, 0) + 1
        if seen[label] in (2, 3):
            confirm(law, t, p, row["J"], where, comparison)
    for i, case in enumerate(data["quantiles"]):
        law, where = law_of(case["law"]), "quantiles[%d]" % i
        comparison.compare(case, "log_moment", law.log_moment(files.value(case["power"])), where + ".log_moment")
        for level in case["log_quantile_by_survival"]:
            t, target = files.value(case["log_quantile_by_survival"][level]), mpf(level)
            step = (law.survival(t) - target) / law.density(t)  # Newton's from there
            comparison.compare(case["log_quantile_by_survival"], level, t + step, where + "." + level)
    if comparison.write:
        data["extreme"] = []
        for family, parameters, p in EXTREME:
            for t in places(family, parameters):
                fields = dict(zip(laws.FAMILIES[family][1], parameters))
                row = {"law": {"type": family, **{k: exact(v) for k, v in fields.items()}}, "power": exact(p),
                       "log_x": exact(t)}
                law = law_of(row["law"])
                if t in (places(family, parameters)[0], places(family, parameters)[-1]) or law.survival(t) > 0:
                    row.update({k: files.Number(mp.nstr(v, 20)) for k, v in logs_of(law, mpf(t), mpf(p)).items()})
                    data["extreme"].append(row)
    for i, case in enumerate(data["extreme"]):
        if i % 3 != 0 and not comparison.write:
            continue
        law = law_of(case["law"])
        p, t = files.value(case["power"]), files.value(case["log_x"])
        for key, number in logs_of(law, t, p).items():
            comparison.compare(case, key, number, "extreme[%d].%s" % (i, key))


def exact(x):
    """The decimal digits of a double, all of them."""
    return files.Number(mp.nstr(mpf(x), 40, strip_zeros=True))


def places(family, parameters):
    """Exact doubles, from far below to 40 scales out."""
    first, second = parameters[0], parameters[1]
    if family in ("singh_maddala", "dagum", "generalized_gamma"):
        steep = parameters[2] if family == "generalized_gamma" else second
        centre = mp.log(first)
        if family == "generalized_gamma":
            centre += mp.log(second) / steep
        if family == "singh_maddala":
            centre -= mp.log(parameters[2]) / steep
        if family == "dagum":
            centre += mp.log(parameters[2]) / steep
        scale = 1 / mpf(steep)
        far = [-40, -6, -1, mpf("0.5"), mpf("2.5")] + ([5] if family == "generalized_gamma" else [8, 40])
        return [float(mp.nint((centre + q * scale) * 2**20) / 2**20) for q in far]
    return [float(first + q * second) for q in (-40, -8, -1.25, 0.5, 3, 12, 40)]


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv, files.dump_in_lines))
