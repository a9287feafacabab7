"""Makes firm_sizes.json: the open economy under laws of firms' sizes, and the sizes of its firms.

Free entry is solved by bisection with J from `laws.py`.  Sizes are c A phi^r + d on each option of a menu: quantiles by
bisecting the survival, means and top shares from moments piece by piece, and by quadrature over the density the Gini
index as E[m (2 F(m) - 1)]/E[m], Theil's two and the moments of ln m.  `--check` remakes every second statistic.
"""

import sys

from mpmath import mp, mpf

import firms_laws
import laws
import reference_files as files

mp.dps = 50
NAME = "firm_sizes.json"


def bisect(falls, low, high):
    """Where a falling function of a real number crosses 0."""
    for _ in range(int(3.4 * mp.dps) + 20):
        middle = (low + high) / 2
        if falls(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def economy(law, e):
    r = e["elasticity"] - 1
    f, fx, n, tau = e["fixed_cost"], e["export_fixed_cost"], e["partners"], e["iceberg_cost"]
    wanted, apart = e["entry_cost"] * e["death_rate"], mp.log(tau) + mp.log(fx / f) / r
    closed = bisect(lambda t: f * laws.excess(law, t, r) - wanted, mpf(-40), mpf(40))
    t = bisect(lambda t: f * laws.excess(law, t, r) + n * fx * laws.excess(law, t + apart, r) - wanted, mpf(-40), mpf(40))
    home = law.scaled_moment(t, r)
    abroad = n * tau**-r * mp.exp(r * apart) * law.scaled_moment(t + apart, r)
    return {"cutoff": mp.exp(t), "export_cutoff": mp.exp(t + apart), "closed_cutoff": mp.exp(closed),
            "probability_of_producing": law.survival(t), "share_exporting": law.survival(t + apart) / law.survival(t),
            "domestic_share": home / (home + abroad), "gain_factor": mp.exp(t - closed),
            "average_revenue": e["elasticity"] * f * (home + abroad) / law.survival(t)}


class Sizes:
    """Firms in segments (from ln phi, slope, fixed): of size slope phi^r + fixed."""

    def __init__(self, law, r, segments):
        self.law, self.r, self.segments = law, r, segments
        self.ends = [s[0] for s in segments[1:]] + [mp.inf]
        self.mass = law.survival(segments[0][0])
        self.all = self.total(segments[0][0])

    def at(self, t):
        slope, fixed = next((c, d) for (low, c, d) in reversed(self.segments) if t >= low)
        return slope * mp.exp(self.r * t) + fixed

    def total(self, t):
        """Of all that are at least as productive, per draw."""
        def moment(u):
            return law.scaled_moment(u, r) * mp.exp(r * u) if mp.isfinite(u) else mpf(0)

        def share(u):
            return law.survival(u) if mp.isfinite(u) else mpf(0)
        law, r = self.law, self.r
        parts = [(max(low, t), end, c, d) for (low, c, d), end in zip(self.segments, self.ends) if end > t]
        return mp.fsum(c * (moment(a) - moment(b)) + d * (share(a) - share(b)) for a, b, c, d in parts)

    def reach(self, size):
        """Share of firms of at least this size."""
        found = mpf(0)
        for (low, c, d), end in zip(self.segments, self.ends):
            place = max(low, mp.log((size - d) / c) / self.r) if size > d else low
            if place < end:
                found += self.law.survival(place) - (self.law.survival(end) if mp.isfinite(end) else 0)
        return found / self.mass

    def mean_of(self, f):
        """E[f(m, S)] by quadrature, S being the share of firms that are as productive."""
        law, total = self.law, mpf(0)

        def integrand(t):
            return f(self.at(t), law.survival(t) / self.mass) * law.density(t)
        for (low, _, _), end in zip(self.segments, self.ends):
            cuts = [k for k in laws.kinks(law) if low < k < end] + ([end] if mp.isfinite(end) else [])
            a, step = low, mpf(1) / 2
            while True:
                b = min([k for k in cuts if k > a] + [a + step])
                inside = mp.mpf("1e-40") * (b - a)
                part = mp.quad(integrand, [a, b - inside])
                total += part
                if b == end or (not mp.isfinite(end) and a > low + 5 and abs(part) < mpf(10)**-26 * abs(total)):
                    break
                a, step = b, step * mpf("1.25")
        return total / self.mass

    def numbers(self, case):
        mean = self.all / self.mass
        out = {"mean": mean, "value_exceeded_by": {}, "top_share": {}, "survival_at": []}
        for p in case["value_exceeded_by"]:
            t = bisect(lambda u: self.law.survival(u) / self.mass - mpf(p), self.segments[0][0], mpf(60))
            out["value_exceeded_by"][p] = self.at(t)
            out["top_share"][p] = self.total(t) / self.all
        for size, _ in case["survival_at"]:
            out["survival_at"].append([files.value(size), self.reach(files.value(size))])
        with mp.workdps(27):
            log = mp.log
            out["gini"] = self.mean_of(lambda m, s: m * (1 - 2 * s)) / mean
            out["theil"] = self.mean_of(lambda m, s: m / mean * log(m / mean))
            out["mean_log"] = self.mean_of(lambda m, s: log(m))
            out["mean_log_deviation"] = log(mean) - out["mean_log"]
            out["sd_log"] = mp.sqrt(self.mean_of(lambda m, s: (log(m) - out["mean_log"])**2))
        return out


def remake(data, comparison):
    for i, case in enumerate(data["economies"]):
        with mp.workdps(30):
            row = economy(firms_laws.law_of(case["law"]), files.value(case["economy"]))
        comparison.compare(case, "result", row, "economies[%d]" % i)
    for i, case in enumerate(data["sizes"]):
        law, e, menu = firms_laws.law_of(case["law"]), files.value(case["economy"]), files.value(case["menu"])
        sigma, r, entry = e["elasticity"], e["elasticity"] - 1, e.get("entry_cost_times_death_rate")
        entry = e["entry_cost"] * e["death_rate"] if entry is None else entry
        costs = [b["fixed_cost"] - a["fixed_cost"] for a, b in zip([{"fixed_cost": mpf(0)}] + menu, menu)]
        slopes = [b["slope"] - a["slope"] for a, b in zip([{"slope": mpf(0)}] + menu, menu)]
        with mp.workdps(32):
            log_y = [mp.log(c / a) for c, a in zip(costs, slopes)]
            log_a = -bisect(lambda u: mp.fsum(c * laws.excess(law, (y + u) / r, r) for c, y in zip(costs, log_y)) - entry,
                            mpf(-80), mpf(80))
            demand, cutoffs = mp.exp(log_a), [(y - log_a) / r for y in log_y]
            comparison.compare(case, "demand_shifter", demand, "sizes[%d].demand_shifter" % i)
            comparison.compare(case, "log_cutoffs", cutoffs, "sizes[%d].log_cutoffs" % i)
            for k, (name, stored) in enumerate(case["statistics"].items()):
                if (i + k) % 2 != 0 and not comparison.write:
                    continue
                lines = []
                for t, option in zip(cutoffs, menu):
                    whole, home = option["slope"], option.get("domestic_slope", mpf(1))
                    c, d = {"total_sales": (sigma * whole, 0), "domestic_sales": (sigma * home, 0),
                            "export_sales_of_exporters": (sigma * (whole - home), 0),
                            "employment": ((sigma - 1) * whole, option["fixed_cost"]),
                            "employment_in_production": ((sigma - 1) * whole, 0)}[name]
                    if c > 0:
                        lines.append((t, c * demand, mpf(d)))
                comparison.compare(case["statistics"], name, Sizes(law, r, lines).numbers(stored),
                                   "sizes[%d].%s" % (i, name))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv, files.dump_in_lines))
