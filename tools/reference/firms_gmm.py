"""Makes firms_gmm.json: the generalised method of moments with moments of a symmetric log-normal industry.

The moments from integrals of powers of z over the normal density; entry by a root of the condition. Estimates where the
weighted slopes, by differences, are orthogonal to the deviations. How well two routes agreed when the file
was made is left as stored.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from firms_estimators import numeric

mp.dps = 50
NAME = "firms_gmm.json"
R = mpf(3)  # elasticity - 1
PARAMETERS = ["log_sd", "iceberg_cost", "export_fixed_cost", "entry_cost"]
MOMENTS = ["share_exporting", "sd_log_domestic_sales", "exporter_premium_log_domestic_sales",
           "export_share_of_exporters_sales", "share_producing"]


def above(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def powers(low, high):
    """Integrals of z^k n(z) from low to high for k up to 4."""
    out = [above(low) - above(high), mp.npdf(low) - mp.npdf(high)]
    for k in range(2, 5):
        edge = low**(k - 1) * mp.npdf(low) - (0 if mp.isinf(high) else high**(k - 1) * mp.npdf(high))
        out.append(edge + (k - 1) * out[k - 2])
    return out


def cutoffs(theta):
    """Of producers and exporters, as z = ln phi/log_sd."""
    sd, tau, fx, fe = theta
    apart = mp.log(tau) + mp.log(fx) / R

    def at(t):  # the excess of profit over its cost, and the size of firms above, at power R
        size = mp.exp(R * R * sd * sd / 2 - R * t) * above(t / sd - R * sd)
        return size - above(t / sd), size

    def entry(t):
        (home, home_size), (abroad, abroad_size) = at(t), at(t + apart)
        return home + fx * abroad - fe, -R * (home_size + fx * abroad_size)
    t = mpf(-1)
    while entry(t)[0] < 0:
        t -= 1
    for _ in range(100):  # convex and falling: from the left Newton's steps never overshoot
        value, slope = entry(t)
        t -= value / slope
        if abs(value / slope) < mpf(10)**(-mp.dps // 2 - 4):
            break
    return t / sd, (t + apart) / sd


def moments(theta):
    sd, tau = theta[0], theta[1]
    home, abroad = cutoffs(theta)
    all_, exporters, others = powers(home, mp.inf), powers(abroad, mp.inf), powers(home, abroad)
    mean = all_[1] / all_[0]
    freeness = tau**-R
    return [exporters[0] / all_[0], R * sd * mp.sqrt(all_[2] / all_[0] - mean**2),
            R * sd * (exporters[1] / exporters[0] - others[1] / others[0]), freeness / (1 + freeness), all_[0]]


def covariance(theta):
    """Of influence functions: of producers, exporters (an export share of standard deviation 0.1), twice as many entrants."""
    home, abroad = cutoffs(theta)
    groups = {1: powers(abroad, mp.inf), 0: powers(home, abroad)}
    whole = [groups[0][k] + groups[1][k] for k in range(5)]
    unit, chi = R * theta[0], groups[1][0] / whole[0]
    mean = whole[1] / whole[0]
    variance = whole[2] / whole[0] - mean**2
    own = {d: groups[d][1] / groups[d][0] for d in groups}

    def influence(d):
        """Coefficients of 1, z, z^2 of the first three."""
        spread = [(mean**2 - variance), -2 * mean, mpf(1)]
        share = chi if d else -(1 - chi)
        return [[d - chi, mpf(0), mpf(0)], [unit * c / (2 * mp.sqrt(variance)) for c in spread],
                [-unit * own[d] / share, unit / share, mpf(0)]]
    out = [[mpf(0)] * 5 for _ in range(5)]
    for d, group in groups.items():
        f = influence(d)
        for i in range(3):
            for j in range(3):
                out[i][j] += sum(f[i][a] * f[j][b] * group[a + b] for a in range(3) for b in range(3)) / whole[0]
    out[0][2] = out[2][0] = mpf(0)  # by construction
    out[3][3] = mpf("0.01") / chi
    out[4][4] = whole[0] * (1 - whole[0]) / 2
    return out


def slopes(theta, free):
    out = mp.matrix(5, len(free))
    for column, k in enumerate(free):
        step = mpf(10)**-12 * theta[k]
        at = {}
        for times in (-2, -1, 1, 2):
            moved = list(theta)
            moved[k] += times * step
            at[times] = moments(moved)
        for i in range(5):
            out[i, column] = (8 * (at[1][i] - at[-1][i]) - at[2][i] + at[-2][i]) / (12 * step)
    return out


def estimate(data, weights, start, free):
    theta = list(start)
    for _ in range(60):
        d = slopes(theta, free)
        e = mp.matrix([data[i] - m for i, m in enumerate(moments(theta))])
        step = mp.lu_solve(d.T * weights * d, d.T * weights * e)
        longest = max(abs(s) for s in step)
        for column, k in enumerate(free):
            theta[k] += step[column] * min(1, mpf("0.3") / longest)
        if longest < mpf(10)**-22:
            return theta
    raise ArithmeticError("no estimate")


def describe(data, n, weights, s, theta, free):
    d, inverse = slopes(theta, free), s**-1
    fitted = moments(theta)
    e = mp.matrix([data[i] - m for i, m in enumerate(fitted)])
    bread = (d.T * weights * d)**-1
    v = bread * (d.T * weights * s * weights * d) * bread / n
    middle = inverse - inverse * d * (d.T * inverse * d)**-1 * d.T * inverse
    j, degrees = n * (e.T * middle * e)[0], 5 - len(free)
    names = [PARAMETERS[k] for k in free]
    errors = {name: mp.sqrt(v[i, i]) for i, name in enumerate(names)}
    return {"estimate": dict(zip(PARAMETERS, theta)), "se": errors, "objective": (e.T * weights * e)[0], "J": j,
            "degrees_of_freedom": str(degrees), "p_value": mp.gammainc(mpf(degrees) / 2, j / 2, regularized=True),
            "fitted_moments": dict(zip(MOMENTS, fitted)),
            "jacobian": [[d[i, c] for c in range(len(free))] for i in range(5)],
            "covariance": [[v[a, b] for b in range(len(free))] for a in range(len(free))],
            "se_if_simulated_10_times": {name: x * mp.sqrt(mpf("1.1")) for name, x in errors.items()}}


def remake(data, comparison):
    true = [numeric(data["true_parameters"][name]) for name in PARAMETERS]
    n, truth, s_true = numeric(data["n"]), moments(true), covariance(true)
    comparison.compare(data, "true_moments", dict(zip(MOMENTS, truth)), "true_moments")
    comparison.tolerance = mpf(10)**-7  # to eight digits
    comparison.compare(data, "n_times_covariance_of_moments", s_true, "n_times_covariance_of_moments")
    errors = [mp.sqrt(s_true[i][i] / n) for i in range(5)]
    off = [mpf(x) for x in ("0.8", "0.5", "0.9", "0.3", "-0.7")]
    comparison.compare(data, "data", dict(zip(MOMENTS, [t + x * h for t, x, h in zip(truth, off, errors)])), "data")
    comparison.tolerance = files.TOLERANCE

    seen = [numeric(data["data"][name]) for name in MOMENTS]
    s = mp.matrix(numeric(data["n_times_covariance_of_moments"]))
    everything = list(range(4))
    diagonal_weights = mp.diag([1 / s[k, k] for k in range(5)])
    diagonal = None
    for k, case in enumerate(data["cases"]):
        kind, free, start, weights, here = case["weighting"], everything, true, s**-1, s
        if kind == "diagonal":
            weights = diagonal_weights
        elif kind.startswith("two-step"):
            second = covariance(diagonal)
            comparison.compare(case, "n_times_covariance_of_moments", second, "cases[%d].covariance" % k)
            here = mp.matrix(second)
            weights = here**-1
        elif "at most" in kind:  # the estimate of the rest lies where the moments want still more of it
            start, free = list(true), [0, 2, 3]
            start[1] = mpf(kind.split()[-1])
        theta = estimate(seen, weights, start, free)
        if kind == "diagonal":
            diagonal = theta
        for key, x in describe(seen, n, weights, here, theta, free).items():
            if key in case and key not in ("degrees_of_freedom", "covariance"):
                comparison.compare(case, key, x, "cases[%d].%s" % (k, key))
            elif key == "covariance" and key in case:  # of two of them the covariance is nothing but rounding
                for a, row in enumerate(x):
                    for b, entry in enumerate(row):
                        if abs(entry) > mpf(10)**-20:
                            comparison.compare(case[key][a], b, entry, "cases[%d].covariance[%d][%d]" % (k, a, b))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
