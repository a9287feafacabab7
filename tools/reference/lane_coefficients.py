"""Polynomials of numerics/lanes.hpp: exp, log and the scaled complementary error function over lanes of doubles.

Each is the Chebyshev interpolant of the function named, written in powers of the variable, lowest first; at these
degrees it lies within a tenth of a rounding of the function. Prints the initialiser
lists of the header and, for each, the largest relative error over the interval.
"""

from mpmath import chebyt, cos, exp, log, mp, mpf, pi, sqrt, taylor

from erfcx_coefficients import erfcx

mp.dps = 50


def interpolate(f, low, high, degree):
    """Coefficients, lowest power first, of the polynomial through f at the Chebyshev nodes of [low, high]."""
    count, middle, half = degree + 1, (low + high) / 2, (high - low) / 2
    angles = [pi * (j + mpf(1) / 2) / count for j in range(count)]
    values = [f(middle + half * cos(a)) for a in angles]
    series = [2 * sum(v * cos(k * a) for v, a in zip(values, angles)) / count for k in range(count)]
    series[0] /= 2
    unit = [mpf(0)] * count  # in powers of (x - middle)/half
    for k, c in enumerate(series):
        for power, t in enumerate(taylor(lambda u: chebyt(k, u), 0, k)):
            unit[power] += c * t
    out, factor = [mpf(0)] * count, [mpf(1)]  # of x
    for c in unit:
        for power, t in enumerate(factor):
            out[power] += c * t
        shifted = [mpf(0)] + factor
        factor = [s / half - (middle / half) * t for s, t in zip(shifted, factor + [mpf(0)])]
    return out


def value(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def exp_rest(r):
    """(exp(r) - 1 - r)/r^2."""
    return (exp(r) - 1 - r) / r**2 if r else mpf(1) / 2


def log_rest(z):
    """(log((1 + s)/(1 - s)) - 2 s)/s^3 at s = sqrt(z)."""
    s = sqrt(z)
    return (log((1 + s) / (1 - s)) - 2 * s) / s**3 if z else mpf(2) / 3


def erfcx_rest(u):
    """(1 + 9/8 y) erfcx(y) at y = 4 (1 + u)/(1 - u).

    The factor makes it nearly flat at y = 0, where the rounding of u would show most: 9/8 is about 2/sqrt(pi).
    """
    if u >= 1:
        return mpf(9) / 8 / sqrt(pi)
    y = 4 * (1 + u) / (1 - u)
    return (1 + mpf(9) / 8 * y) * erfcx(y)


TABLES = (
    ("exp_rest", exp_rest, -log(mpf(2)) * mpf("0.5005"), log(mpf(2)) * mpf("0.5005"), 9),
    ("log_rest", log_rest, mpf(0), (sqrt(2) - 1) ** 2 / (sqrt(2) + 1) ** 2 * mpf("1.001"), 6),
    ("erfcx_rest", erfcx_rest, mpf(-1), mpf(1), 23),
)


if __name__ == "__main__":
    for name, f, low, high, degree in TABLES:
        coefficients = interpolate(f, low, high, degree)
        points = [low + (high - low) * (k + mpf(1) / 3) / 500 for k in range(500)]
        worst = max(abs(value(coefficients, x) / f(x) - 1) for x in points)
        print("// %s: relative error %s" % (name, mp.nstr(worst, 2)))
        for c in coefficients:
            print("    " + mp.nstr(c, 20, min_fixed=0, max_fixed=0) + ",")
