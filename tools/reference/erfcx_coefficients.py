"""Coefficients of the scaled complementary error function used by numerics/erfcx.hpp.

With u = (y - K)/(y + K), the function (1 + 2y) exp(y^2) erfc(y) is smooth on u in [-1, 1] for y in [0, inf).
Its Chebyshev series in u falls below 1e-17 after 25 terms, fast enough that the same polynomial in powers of u is well
conditioned: its coefficients sum to 1.8 in absolute value. Prints the initialiser list of the header.
"""

from mpmath import cos, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 40
K = mpf("3.75")
NODES = 48
TERMS = 25


def erfcx(y):
    if y < 60:
        return exp(y * y) * erfc(y)
    term = total = mpf(1)  # asymptotic series, exact to 40 digits here
    for k in range(1, 40):
        term *= -(2 * k - 1) / (2 * y * y)
        total += term
    return total / (y * sqrt(pi))


def smooth(u):
    if u >= 1:
        return 2 / sqrt(pi)
    y = K * (1 + u) / (1 - u)
    return (1 + 2 * y) * erfcx(y)


def coefficients():
    angles = [pi * (j + mpf(1) / 2) / NODES for j in range(NODES)]
    values = [smooth(cos(a)) for a in angles]
    out = [2 * sum(v * cos(k * a) for v, a in zip(values, angles)) / NODES for k in range(TERMS)]
    out[0] /= 2
    return out


def in_powers(series):
    out = [mpf(0)] * len(series)
    before, now = [mpf(1)], [mpf(0), mpf(1)]  # T_0, T_1
    out[0] += series[0]
    for c in series[1:]:
        for k, t in enumerate(now):
            out[k] += c * t
        following = [mpf(0)] + [2 * t for t in now]
        for k, t in enumerate(before):
            following[k] -= t
        before, now = now, following
    return out


if __name__ == "__main__":
    for value in in_powers(coefficients()):
        print("    " + mp.nstr(value, 20, min_fixed=0, max_fixed=0) + ",")
