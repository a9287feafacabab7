"""Makes convex.json: firms that choose how many products to sell at home and abroad, a menu of convex options.

Profit of the best option, max(0, h(Y) - F, h(Y) + n h_x(T Y) - F - n F_x) at Y = D phi^b, is integrated over the density
of phi; D is where that equals the entry cost. h(Y) = f J_Z(l) with l = (f/Y)^(1/b), from the tail of the law of appeal.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of

mp.dps = 50
NAME = "convex.json"


class Products:
    def __init__(self, law, b, f):
        self.law, self.b, self.f = law, b, f

    def at(self, y):
        """h(y) and h'(y)."""
        u = mp.log(self.f / y) / self.b
        v = self.law.scaled_moment(u, self.b)
        return self.f * (v - self.law.survival(u)), self.f / y * v


def root(f, low, high):
    """Where an increasing function is zero, in logs."""
    return mp.exp(mp.findroot(lambda u: f(mp.exp(u)), (mp.log(low), mp.log(high)), solver="anderson", tol=mpf(10)**-54))


def solve(p, appeal, draws, with_trade):
    b = p["sigma"] - 1
    t, n = p["tau"]**(-b), p["n"] if with_trade else 0
    home, abroad = Products(appeal, b, p["f_product"]), Products(appeal, b, p["f_x"])
    y_star = root(lambda y: home.at(y)[0] - p["F_firm"], mpf("0.001"), mpf(1))
    y_x = root(lambda y: abroad.at(t * y)[0] - p["F_x"], mpf("0.01"), mpf(5)) if with_trade else mp.inf

    def profit_and_slope(y):
        value, slope = home.at(y)
        value -= p["F_firm"]
        if y >= y_x:
            more, steeper = abroad.at(t * y)
            value, slope = value + n * (more - p["F_x"]), slope + n * t * steeper
        return value, slope

    # Where appeal is bounded below, firms above this size sell every product.
    bends = []
    if mp.isfinite(appeal.lower_end()):
        least = mp.exp(b * appeal.lower_end())
        bends = [p["f_product"] / least, p["f_x"] / (t * least)]

    def over_firms(d, of):
        """Integral over the density of ln phi, from the cutoff on."""
        ends = sorted(mp.log(y / d) / b for y in [y_star] + [y_x] * with_trade + bends)
        ends += [ends[-1] + step for step in (mpf(1) / 4, mpf(1) / 2, 1, 2, 4, 8, 16, 32, 64)]
        return mp.quad(lambda u: of(d * mp.exp(b * u)) * draws.density(u), ends, method="gauss-legendre")

    guess = y_star * mp.exp(-draws.log_moment(b))
    d = root(lambda x: over_firms(x, lambda y: profit_and_slope(y)[0]) - p["f_e"], guess / 2, 2 * guess)
    out = {"D": d, "y_star": y_star, "phi_star": (y_star / d)**(1 / b),
           "expected_revenue_per_entrant": p["sigma"] * over_firms(d, lambda y: y * profit_and_slope(y)[1])}
    if with_trade:
        out["phi_x"] = (y_x / d)**(1 / b)
    return out


def remake(data, comparison):
    mp.dps = 32
    for row in data["cases"]:
        p = files.value(row["params"])
        laws = [law_of(row["params"][k]) for k in ("lambda_distribution", "phi_distribution")]
        for key, trade in (("closed", False), ("open", True)):
            for name, made in solve(p, *laws, trade).items():
                comparison.compare(row[key], name, made, "%s.%s.%s" % (row["case"], key, name))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
