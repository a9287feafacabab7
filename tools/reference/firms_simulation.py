"""Makes firms_simulation.json: firms drawn by Philox4x32-10 in the lecture's open economy.

The economy by bisection on free entry, rows from the definitions of price, sales and profit; moments of trimmed sales by
quadrature over productivity; expected Herfindahl indices of Pareto firms by their Laplace transform. Monte Carlo numbers
are left as stored, and how well two routes agreed when the file was made.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from firms_estimators import numeric
from firms_random import uniform
from size_laws import Lognormal, below

mp.dps = 30
NAME = "firms_simulation.json"
SIGMA, F, ENTRY, TAU, FX = mpf(4), mpf(1), mpf("0.2"), mpf("1.83"), mpf("0.545")
R = SIGMA - 1
LOOSE = mpf(10)**-15


class Productivity:
    """A law of ln phi: quantiles by survival, density, and E[phi^R 1{ln phi >= t}]."""

    def __init__(self, fields):
        self.pareto = fields["type"] == "pareto"
        if self.pareto:
            self.k, self.start = fields["shape"], mp.log(fields["scale"])
        else:
            self.mean, self.sd = fields["log_mean"], fields["log_sd"]

    def quantile(self, u):
        if self.pareto:
            return self.start - mp.log(u) / self.k
        return self.mean + self.sd * mp.sqrt(2) * mp.erfinv(1 - 2 * u)

    def survival(self, t):
        return mp.exp(-self.k * (t - self.start)) if self.pareto else below((self.mean - t) / self.sd)

    def density(self, t):
        return self.k * self.survival(t) if self.pareto else Lognormal(self.mean, self.sd).density(t)

    def moment(self, t, power=R):
        if self.pareto:
            return mp.inf if self.k <= power else self.k / (self.k - power) * mp.exp(power * t) * self.survival(t)
        mean = self.mean + power * self.sd**2
        return mp.exp(power * self.mean + (power * self.sd)**2 / 2) * below((mean - t) / self.sd)


class Economy:
    def __init__(self, law):
        self.law = law
        gap = mp.log(TAU) + mp.log(FX / F) / R

        def worth(t):
            return sum(f * (mp.exp(-R * x) * law.moment(x) - law.survival(x)) for f, x in ((F, t), (FX, t + gap)))
        self.cutoff = mp.findroot(lambda t: worth(t) - ENTRY, mp.mpf("0.7"))
        self.export_cutoff = self.cutoff + gap

    def sales(self, t):
        home = SIGMA * F * mp.exp(R * (t - self.cutoff)) if t >= self.cutoff else mpf(0)
        return home, home / TAU**R if t >= self.export_cutoff else mpf(0)

    def row(self, u):
        t = self.law.quantile(u)
        home, abroad = self.sales(t)
        out = {"uniform": u, "log_productivity": t, "domestic_sales": home, "export_sales": abroad}
        if home == 0:
            return dict(out, option="exit", profit=mpf(0))
        price, exports = SIGMA / R * mp.exp(-t), abroad > 0
        out.update({"option": "DX" if exports else "D", "price_at_home": price,
                    "employment_in_production": R / SIGMA * (home + abroad),
                    "employment_fixed": F + (FX if exports else 0),
                    "profit": (home + abroad) / SIGMA - F - (FX if exports else 0)})
        if exports:
            out["price_abroad"] = TAU * price
        return out


def per_entrant(e):
    law = e.law
    home = SIGMA * F * mp.exp(-R * e.cutoff)
    domestic, exports = home * law.moment(e.cutoff), home / TAU**R * law.moment(e.export_cutoff)
    producers, exporters = law.survival(e.cutoff), law.survival(e.export_cutoff)
    fixed = F * producers + FX * exporters
    return {"producers": producers, "exporters": exporters, "domestic_sales": domestic, "export_sales": exports,
            "employment": R / SIGMA * (domestic + exports) + fixed, "profit": (domestic + exports) / SIGMA - fixed}


def midpoints(e):
    rows = [e.row((i + mpf(1) / 2) / 1000) for i in range(1000)]
    sums = {name: sum(r[name] for r in rows) for name in ("domestic_sales", "export_sales", "profit")}
    sums["employment"] = sum(r.get("employment_in_production", 0) + r.get("employment_fixed", 0) for r in rows)
    sums["producers"] = mpf(sum(r["option"] != "exit" for r in rows))
    sums["exporters"] = mpf(sum(r["option"] == "DX" for r in rows))
    return sums


def trimmed(e, share):
    top, law = e.law.quantile(share), e.law
    pieces = [x for x in (e.cutoff, e.export_cutoff) if x < top] + [top]

    def moment(p):
        total = mpf(0)
        for low, high in zip(pieces, pieces[1:]):
            factor = sum(e.sales((low + high) / 2)) / mp.exp(R * (low + high) / 2)
            total += mp.quad(lambda t: (factor * mp.exp(R * t))**p * law.density(t), mp.linspace(low, high, 5))
        return total
    mean = moment(1)
    return {"mean": mean, "variance": moment(2) - mean**2}


def herfindahl(shape, firms):
    """N int lambda E[Z^2 e^(-lambda Z)] (E e^(-lambda Z))^(N-1) dlambda, in ln lambda."""
    def integrand(s):
        x = mp.exp(s)
        whole = shape * x**shape * mp.gammainc(-shape, x)
        second = shape * x**shape * mp.gammainc(2 - shape, x)  # lambda^2 E[Z^2 e^(-lambda Z)]
        return firms * second * whole**(firms - 1)
    low = -mp.log(firms) / min(shape, 1) - 60
    return mp.quad(integrand, mp.linspace(low, mp.log(80), 60))


def remake(data, comparison):
    comparison.tolerance = LOOSE
    for i, row in enumerate(data["herfindahl"]):
        shape, firms = numeric(row["shape"]), numeric(row["firms"])
        if firms > 100:
            continue  # as stored: the more firms, the narrower the integrand
        with mp.workdps(20):
            x = herfindahl(shape, firms)
        comparison.compare(row, "expected_herfindahl", x, "herfindahl[%d]" % i)
        comparison.compare(row, "root", mp.sqrt(x), "herfindahl[%d].root" % i)
    for i, case in enumerate(data["cases"]):
        e = Economy(Productivity(numeric(case["law"])))
        where = "cases[%d]" % i
        for k, stored in enumerate(case["first_firms"]):
            row = e.row(uniform(case["seed"], stored["firm"], 0))
            comparison.compare(case["first_firms"], k, row, "%s.first_firms[%d]" % (where, k))
        comparison.compare(case, "midpoint_1000", midpoints(e), where + ".midpoint_1000")
        comparison.compare(case, "exact_per_entrant", per_entrant(e), where + ".exact_per_entrant")
        comparison.compare(case, "sales_below_top_permille",
                           trimmed(e, numeric(case["sales_below_top_permille"]["u_at_least"])), where + ".trimmed")


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
