"""Makes firms_estimators.json: laws of firm size estimated on samples that are given, and on US firms by employment.

Every law is written down from its definition (size_laws.py); the likelihood, its slopes and its curvature are taken by
differences at 60 digits. Parameters are those of one Newton step from the stored ones, so that a stored number that is
not a maximum shows at once. What says how well two routes agreed when the file was made, or how far a search in doubles
ended from the maximum, is left as stored: the names in AGREEMENT.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from size_laws import LAWS, Lognormal, Pareto, slopes

mp.dps = 60
NAME = "firms_estimators.json"
AGREEMENT = {"largest_score", "double_start_difference", "check_quadrature", "check_moments", "check_score",
             "check_difference", "observed_class_means", "verdict", "note", "class_means"}
NOTHING = mpf(10)**-18  # a covariance that is zero
# Of numbers that were computed in doubles, and of those that hardly differ from other values of the likelihood.
IN_DOUBLES, FLAT = mpf(10)**-11, mpf(10)**-13


class Points:
    """Log-likelihood of ln sizes, one of them at a time, given that they are above `lower`."""

    def __init__(self, t, weights=None, lower=None):
        self.t, self.w, self.lower = t, weights or [mpf(1)] * len(t), lower
        self.n = sum(self.w)

    def each(self, law):
        share = mpf(1) if self.lower is None else law.survival(self.lower)
        return [mp.log(law.density(t) / share) for t in self.t]

    def whole(self, law):
        return sum(w * x for w, x in zip(self.w, self.each(law)))

    def score_products(self, make, at):
        n, step = len(at), mpf(10)**(-mp.dps // 3)
        scores = []
        for k in range(n):
            h = step * max(abs(at[k]), mpf("0.01"))
            up, down = list(at), list(at)
            up[k] += h
            down[k] -= h
            scores.append([(a - b) / (2 * h) for a, b in zip(self.each(make(up)), self.each(make(down)))])
        return mp.matrix([[sum(w * w * a * b for w, a, b in zip(self.w, scores[i], scores[j]))
                                             for j in range(n)] for i in range(n)])


class Classes:
    def __init__(self, bounds, counts):
        self.bounds, self.counts, self.n = [mp.log(b) for b in bounds], counts, sum(counts)

    def shares(self, law):
        s = [law.survival(b) for b in self.bounds] + [mpf(0)]
        return [(a - b) / s[0] for a, b in zip(s, s[1:])]

    def whole(self, law):
        return sum(n * mp.log(p) for n, p in zip(self.counts, self.shares(law)))


def correlation_condition(information):
    n = information.rows
    scaled = mp.matrix([[information[i, j] / mp.sqrt(information[i, i] * information[j, j]) for j in range(n)]
                        for i in range(n)])
    values = mp.eigsy(scaled, eigvals_only=True)
    return max(values) / min(values)


def maximum(data, name, stored, start=mpf(0)):
    kind = LAWS[name]
    make = (lambda p: kind(p[0], start)) if kind is Pareto else (lambda p: kind(*p))
    at = [stored[k] for k in kind.NAMES]
    _, gradient, hessian = slopes(lambda p: data.whole(make(p)), at)
    step = mp.lu_solve(-hessian, gradient)
    at = [x + step[k] for k, x in enumerate(at)]
    return kind, make, at, -hessian


def likelihood_numbers(data, law, stored):
    start = data.bounds[0] if isinstance(data, Classes) else mpf(0)
    kind, make, at, information = maximum(data, law, stored["parameters"], start)
    whole = data.whole(make(at))
    covariance = information**-1
    k = len(at)
    out = {"law": law, "parameters": dict(zip(kind.NAMES, at)), "log_likelihood": whole,
           "se": {name: mp.sqrt(covariance[i, i]) for i, name in enumerate(kind.NAMES)}}
    if "correlation_condition_number" in stored:
        out["correlation_condition_number"] = correlation_condition(information) if k > 1 else mpf(1)
    if "covariance" in stored:
        out["covariance"] = [[covariance[i, j] for j in range(k)] for i in range(k)]
    if "aic" in stored:
        out["aic"], out["bic"] = 2 * k - 2 * whole, k * mp.log(data.n) - 2 * whole
    return out, make(at), make, at, covariance


def distances(t, law):
    n = len(t)
    shares = [1 - law.survival(x) for x in t]
    far = max(max(abs(mpf(i + 1) / n - g), abs(mpf(i) / n - g)) for i, g in enumerate(shares))
    squares = sum((2 * i + 1) * (mp.log(shares[i]) + mp.log(law.survival(t[n - 1 - i]))) for i in range(n))
    return far, -n - squares / n


def points(case, stored, t):
    kind = case["kind"]
    data = Points(t)
    if "weights" in kind:
        data = Points(t, [mpf(1 + i % 3) for i in range(len(t))])
    elif "given x>=2" in kind:
        lower = mp.log(2)
        data = Points([x for x in t if x >= lower], None, lower)
    out, law, make, at, covariance = likelihood_numbers(data, stored["law"], stored)
    if "sandwich_se" in stored:
        sandwich = covariance * data.score_products(make, at) * covariance
        out["sandwich_se"] = {name: mp.sqrt(sandwich[i, i]) for i, name in enumerate(out["parameters"])}
    if "kolmogorov_smirnov" in stored:
        out["kolmogorov_smirnov"], out["anderson_darling"] = distances(t, law)
    return out


def classes(case, stored):
    data = Classes(case["lower_bounds"], case["counts"])
    out, law, _, _, _ = likelihood_numbers(data, stored["law"], stored)
    shares = data.shares(law)
    out["deviance"] = 2 * sum(n * mp.log(n / (data.n * p)) for n, p in zip(data.counts, shares) if n > 0)
    if "degrees_of_freedom" in stored:
        out["degrees_of_freedom"] = mpf(len(shares) - 1 - len(out["parameters"]))
        out["largest_share_error"] = max(abs(n / data.n - p) for n, p in zip(data.counts, shares))
        out["expected_counts"] = [data.n * p for p in shares]
        out["share_of_law_above_first_bound"] = law.survival(data.bounds[0])
    return out


def natural(stored, t):
    """A log-normal law above a truncation as a law of the distance u from it, exp(-slope u - curvature u^2/2)."""
    lower = mp.log(stored["truncation"])
    u = [x - lower for x in t if x >= lower]
    n, mean, square = len(u), sum(u) / len(u), sum(x * x for x in u) / len(u)
    pareto = n * (mp.log(1 / mean) - 1)
    out = {"n": mpf(n), "mean_excess": mean, "mean_square_excess": square,
           "coefficient_of_variation": mp.sqrt(square / mean**2 - 1), "pareto_shape": 1 / mean,
           "pareto_log_likelihood": pareto}
    if "slope" not in stored:
        assert out["coefficient_of_variation"] > 1
        return out

    def whole(p):
        z = p[0] / mp.sqrt(p[1])
        log_mass = z * z / 2 + mp.log(below_upper(z) * mp.sqrt(2 * mp.pi / p[1]))
        return n * (-p[0] * mean - p[1] * square / 2 - log_mass)

    at = [stored["slope"], stored["curvature"]]
    _, gradient, hessian = slopes(whole, at)
    step = mp.lu_solve(-hessian, gradient)
    at = [at[k] + step[k] for k in range(2)]
    covariance = (-hessian)**-1
    out.update({"slope": at[0], "curvature": at[1], "log_likelihood": whole(at),
                "se": {"slope": mp.sqrt(covariance[0, 0]), "curvature": mp.sqrt(covariance[1, 1])}})
    mean_log, sd = lower - at[0] / at[1], 1 / mp.sqrt(at[1])
    data = Points([x for x in t if x >= lower], None, lower)
    _, _, logs = slopes(lambda p: data.whole(Lognormal(*p)), [mean_log, sd])
    in_logs = (-logs)**-1
    out.update({"log_mean": mean_log, "log_sd": sd,
                "se_log": {"log_mean": mp.sqrt(in_logs[0, 0]), "log_sd": mp.sqrt(in_logs[1, 1])},
                "share_of_the_law_above_truncation": Lognormal(mean_log, sd).survival(lower),
                "correlation_condition_number": correlation_condition(-logs),
                "likelihood_ratio_against_pareto": 2 * (out["log_likelihood"] - pareto)})
    return out


def below_upper(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def line(x, y):
    n = len(x)
    mx, my = sum(x) / n, sum(y) / n
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx)**2 for a in x)
    return my - slope * mx, slope


def simple(t):
    n = len(t)
    shares = [(mpf(i + 1) - mpf("0.3")) / (n + mpf("0.4")) for i in range(n)]
    normal = [mp.sqrt(2) * mp.erfinv(2 * p - 1) for p in shares]
    log_in, log_slope = line(normal, t)
    pareto_in, pareto_slope = line([-mp.log(1 - p) for p in shares], t)
    rank = -line(t, [mp.log(n - i - mpf(1) / 2) for i in range(n)])[1]
    hill = {str(k): k / sum(x - t[n - k - 1] for x in t[n - k:]) for k in (10, 20, 50, 100)}
    best = None
    for i in range(n - 2):  # every threshold that leaves three, each to the end
        m = n - i
        shape = m / sum(x - t[i] for x in t[i:])
        far = mpf(0)
        for j in range(i, n):
            g = 1 - mp.exp(-shape * (t[j] - t[i]))
            far = max(far, abs(mpf(j - i + 1) / m - g), abs(mpf(j - i) / m - g))
        if best is None or far < best[0]:
            best = (far, i, shape, m)
    return {"qq_lognormal": {"intercept": log_in, "slope": log_slope},
            "qq_pareto": {"intercept": pareto_in, "slope": pareto_slope},
            "rank_half_shape": rank, "rank_half_se": rank * mp.sqrt(mpf(2) / n), "hill_top_k": hill,
            "cutoff": {"threshold": mp.exp(t[best[1]]), "shape": best[2], "distance": best[0],
                       "firms_in_tail": mpf(best[3])}}


def vuong(stored, t, fitted):
    """Of laws estimated on these points, whose parameters the file has elsewhere or which Newton finds from a start."""
    gaps = [a - b for a, b in zip(fitted(stored["first"], t), fitted(stored["second"], t))]
    n = len(gaps)
    ratio = sum(gaps)
    variance = sum((g - ratio / n)**2 for g in gaps) / n
    statistic = ratio / mp.sqrt(n * variance)
    out = {"log_likelihood_ratio": ratio, "variance": variance, "statistic": statistic}
    if "p_two_sided" in stored:
        out["p_two_sided"] = mp.erfc(abs(statistic) / mp.sqrt(2))
        out["statistic_with_n_minus_1"] = statistic * mp.sqrt(mpf(n - 1) / n)
    return out


def curvature_score(case, stored, counts):
    """How the likelihood of a log-normal law changes with its curvature where that is 0, at the Pareto law."""
    bounds, u = case
    data = Classes(bounds, counts)
    shape = mp.findroot(lambda k: mp.diff(lambda x: data.whole(Pareto(x, data.bounds[0])), k), stored["shape"])

    def second(a, b):
        top = mpf(0) if b == mp.inf else mp.exp(-shape * b)
        low = mp.exp(-shape * a)
        moment = lambda x, e: (x * x + 2 * x / shape + 2 / shape**2) * e
        return (moment(a, low) - (mpf(0) if b == mp.inf else moment(b, top))) / (low - top)

    edges = [b - data.bounds[0] for b in data.bounds] + [mp.inf]
    return {"shape": shape, "score_curvature": sum(n * (second(mpf(0), mp.inf) - second(a, b)) / 2
                                                   for n, a, b in zip(counts, edges, edges[1:]))}


STARTS = {"log_logistic": ["1.03", "1.4"], "singh_maddala": ["0.85", "1.49", "0.84"]}


def remake(data, comparison):
    samples = {name: [mp.log(mpf(x)) for x in s["x"]] for name, s in data["samples"].items()}
    us_classes = {}
    known = {}

    def fitted(name, t):
        if name == "pareto above 8":
            return Points(t).each(Pareto(len(t) / sum(x - mp.log(8) for x in t), mp.log(8)))
        lower = mp.log(8) if name.startswith("lognormal given") else None
        points_there = Points(t, None, lower)
        name = name.split()[0]
        at = known.get(name) if lower is None else [mpf("1.26"), mpf("1.48")]
        at = at or [mpf(x) for x in STARTS[name]]
        for _ in range(12):
            _, gradient, hessian = slopes(lambda p: points_there.whole(LAWS[name](*p)), at)
            step = mp.lu_solve(-hessian, gradient)
            at = [x + step[k] for k, x in enumerate(at)]
            if max(abs(step[k]) for k in range(len(at))) < mpf(10)**-25:
                break
        return points_there.each(LAWS[name](*at))

    for number, case in enumerate(data["cases"]):
        numbers = {k: numeric(v) for k, v in case.items() if k not in ("kind", "dataset", "note", "result")}
        stored = numeric(case["result"])
        kind, t = case["kind"], samples.get(case["dataset"])
        where = "cases[%d]" % number
        if kind == "generalized gamma":
            mean = sum(t) / len(t)
            out = {"third_central_moment_of_log": sum((x - mean)**3 for x in t) / len(t)}
        elif kind.startswith("maximum likelihood"):
            out = points(case, stored, t)
            if kind == "maximum likelihood":
                known[stored["law"]] = [out["parameters"][k] for k in LAWS[stored["law"]].NAMES]
        elif kind.startswith("left-truncated"):
            out = natural(stored, t)
        elif kind.startswith("QQ"):
            out = simple(t)
        elif kind == "Vuong":
            out = vuong(stored, t, fitted)
        elif kind == "binned maximum likelihood":
            us_classes[case["dataset"]] = (numbers["lower_bounds"], numbers["counts"])
            out = classes(dict(case, **numbers), stored)
        else:
            bounds, counts = us_classes["us_firms_bds_1977_2014, 2014, employment"]
            out = curvature_score((bounds[5:], None), stored, counts[5:])
        compare(comparison, case["result"], out, where)


def numeric(item):
    """Numbers, in text or not; names stay."""
    if isinstance(item, dict):
        return {k: numeric(v) for k, v in item.items()}
    if isinstance(item, list):
        return [numeric(v) for v in item]
    if isinstance(item, str):
        try:
            return mpf(item)
        except ValueError:
            return item
    return files.value(item)


def compare(comparison, stored, remade, where):
    for key, x in remade.items():
        if key in AGREEMENT or key not in stored:
            continue
        comparison.tolerance = IN_DOUBLES if key == "correlation_condition_number" else FLAT
        if key == "covariance":
            for i, row in enumerate(x):
                for j, entry in enumerate(row):
                    if abs(entry) > NOTHING:
                        comparison.compare(stored[key][i], j, entry, "%s.%s[%d][%d]" % (where, key, i, j))
        else:
            comparison.compare(stored, key, x, where + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
