"""Industries whose firms' log productivity is a Gaussian autoregression, by what an entrant expects to visit.

The unknown is a density: how often, discounted, a firm arrives at log productivity t. It is smooth wherever firms come
from, so that panels split where payoffs have a kink integrate every payoff as it stands. Everything is written for a
context c of mpmath: `fp`, doubles, finds the equilibrium, and `mp` corrects it.
"""

from mpmath import fp, mp, mpf

from integral_equations import Solver, dot, panels, transposed

WIDTHS = 10  # standard deviations beyond which there is nobody


# ---- shocks and entrants

def above(c, z):
    return c.erfc(z / c.sqrt(2)) / 2


class Shocks:
    """t' = (1 - rho) mu + rho t + s eps."""

    def __init__(self, c, p):
        self.c, self.rho, self.mu, self.s = c, p["rho"], p["log_mean"], p["log_sd"]
        self.root = self.s * c.sqrt(2 * c.pi)
        self.variance = self.s**2 / (1 - self.rho**2)

    def mean(self, t):
        return (1 - self.rho) * self.mu + self.rho * t

    def density(self, there, t):
        return self.c.exp(-((there - self.mean(t)) / self.s)**2 / 2) / self.root

    def densities(self, there, t, weight):
        """The same at many places, times a weight."""
        exp, m, scale = self.c.exp, self.mean(t), -1 / (2 * self.s**2)
        weight /= self.root
        return [weight * exp(scale * (u - m)**2) for u in there]

    def moment(self, power, t, lowest):
        """E[e^(power t') 1{t' >= lowest} | t]"""
        m = self.mean(t)
        return self.c.exp(power * (m + power * self.s**2 / 2)) * above(self.c, (lowest - m) / self.s - power * self.s)


class LogNormalEntrants:
    heavy = False

    def __init__(self, c, law, power):
        self.c, self.m, self.s, self.power = c, law["log_mean"], law["log_sd"], power
        self.start, self.top = -c.inf, self.m + power * self.s**2 + WIDTHS * self.s

    def density(self, t):
        return self.c.exp(-((t - self.m) / self.s)**2 / 2) / (self.s * self.c.sqrt(2 * self.c.pi))

    def moment(self, power, t):
        """E[e^(power t) 1{t >= lowest}]"""
        return self.c.exp(power * (self.m + power * self.s**2 / 2)) * above(self.c, (t - self.m) / self.s
                                                                            - power * self.s)

    def arrivals(self, there, shocks, lowest):
        """The density at `there` after one shock, of those who began at `lowest` or more."""
        v = (shocks.rho * self.s)**2 + shocks.s**2
        gap = there - shocks.mean(self.m)
        began = self.m + shocks.rho * self.s**2 / v * gap
        spread = self.s * shocks.s / self.c.sqrt(v)
        return self.c.exp(-gap**2 / (2 * v)) / self.c.sqrt(2 * self.c.pi * v) * above(self.c, (lowest - began) / spread)


class ParetoEntrants:
    """With or without an upper end."""

    def __init__(self, c, law, power):
        self.c, self.k, self.heavy = c, law["shape"], "upper" not in law
        self.start = c.log(law["scale"] if self.heavy else law["lower"])
        self.end = c.inf if self.heavy else c.log(law["upper"])
        self.mass = c.mpf(1) if self.heavy else 1 - c.exp(-self.k * (self.end - self.start))
        # Where the law is heavy, beyond the top there are so few that how often they are anywhere does not matter.
        self.top = self.start + 50 / self.k if self.heavy else self.end

    def density(self, t):
        return self.k * self.c.exp(-self.k * (t - self.start)) / self.mass if self.start <= t <= self.end \
            else self.c.mpf(0)

    def moment(self, power, t):
        t, gap = max(t, self.start), self.k - power
        last = self.c.mpf(0) if self.heavy else self.c.exp(-gap * self.end)
        return self.k / gap * self.c.exp(self.k * self.start) * (self.c.exp(-gap * t) - last) / self.mass

    def arrivals(self, there, shocks, lowest):
        spread, began = shocks.s / shocks.rho, (there - shocks.mean(0)) / shocks.rho
        middle = began - self.k * spread**2
        share = above(self.c, (max(lowest, self.start) - middle) / spread)
        if not self.heavy:
            share -= above(self.c, (self.end - middle) / spread)
        return self.k / (shocks.rho * self.mass) * share \
            * self.c.exp(self.k * (self.start - began) + (self.k * spread)**2 / 2)


def entrants_of(c, law, power):
    law = {k: v if isinstance(v, str) else c.mpf(v) for k, v in law.items()}
    return (LogNormalEntrants if law["type"] == "lognormal" else ParetoEntrants)(c, law, power)


# ---- an industry at a given demand and cutoff

class Totals:
    """Sums of 1 and of x = e^(b t) over operating firms and over exporters."""

    def __init__(self, firms, size, exporters, exported):
        self.firms, self.size, self.exporters, self.exported = firms, size, exporters, exported

    def __add__(self, other):
        return Totals(*[getattr(self, k) + getattr(other, k) for k in ("firms", "size", "exporters", "exported")])


class Industry:
    """Demand A and cutoff t* given. Firms see a shock and leave at once (`after`), or produce once more (`before`)."""

    def __init__(self, c, p, law, demand, cutoff):
        self.c, self.demand, self.cutoff, self.before = c, demand, cutoff, p["timing"] == "before"
        self.p = p = {k: v if isinstance(v, str) else c.mpf(v) for k, v in p.items()}
        self.b, self.partners = p["b"], p.get("n", c.mpf(0))
        self.stay = 1 - p["delta"]
        self.shocks, self.entrants = Shocks(c, p), entrants_of(c, law, self.b)
        self.export_cutoff, self.reach = c.inf, c.mpf(0)
        if self.partners > 0:
            self.reach = self.partners * p["tau"]**-self.b
            self.export_cutoff = c.log(p["fx"] * p["tau"]**self.b / demand) / self.b
        shocks, s = self.shocks, self.shocks.s
        spread = c.sqrt(shocks.variance)
        self.top = max(self.entrants.top, shocks.mu + self.b * shocks.variance + WIDTHS * spread, cutoff + WIDTHS * s)
        if not self.entrants.heavy:
            self.top = max(self.top, shocks.mean(self.entrants.top) + self.b * s**2 + WIDTHS * s)
        ends = [cutoff] + [self.export_cutoff] * (cutoff < self.export_cutoff < self.top) + [self.top]
        self.t, self.w = panels(c, ends, s)
        self.low, self.low_w = panels(c, [min(cutoff, shocks.mean(cutoff)) - WIDTHS * s, cutoff], s)
        self.rows = self.kernel(self.t)
        self.low_rows = self.kernel(self.low)
        self.size = [c.exp(self.b * t) for t in self.t]
        self.low_size = [c.exp(self.b * t) for t in self.low]
        self.solver, self.terms = {}, {}

    def kernel(self, places):
        return transposed([self.shocks.densities(places, u, v) for u, v in zip(self.t, self.w)])

    def visits(self, arrivals, factor):
        """Densities above and below the cutoff of those that arrive, and of all that come after them."""
        if factor not in self.solver:
            self.solver[factor] = Solver(self.c, self.rows, factor)
        h = self.solver[factor]([factor * arrivals(t) for t in self.t])
        low = [factor * arrivals(t) + factor * dot(self.c, row, h) for t, row in zip(self.low, self.low_rows)]
        return h, low

    def sums(self, h, low):
        c = self.c
        firms = [v * y for v, y in zip(self.w, h)]
        abroad = [i for i, t in enumerate(self.t) if t > self.export_cutoff]
        out = Totals(c.fsum(firms), dot(c, firms, self.size), c.fsum([firms[i] for i in abroad]),
                     c.fsum([firms[i] * self.size[i] for i in abroad]))
        if self.before:  # those who arrive below the cutoff produce once more
            last = [v * y for v, y in zip(self.low_w, low)]
            out += Totals(c.fsum(last), dot(c, last, self.low_size), c.mpf(0), c.mpf(0))
        return out

    def from_entry(self, factor):
        """Totals per entrant."""
        e, t = self.entrants, self.cutoff
        first = -self.c.inf if self.before else t
        abroad = max(first, self.export_cutoff)
        own = Totals(e.moment(0, first), e.moment(self.b, first),
                     *[e.moment(k, abroad) if self.partners > 0 else self.c.mpf(0) for k in (0, self.b)])
        h, low = self.visits(lambda u: e.arrivals(u, self.shocks, t), factor)
        self.entry_visits = h
        out = own + self.sums(h, low)
        if e.heavy:  # size for ever, less what those miss who leave
            missed = self.c.fsum(v * y * self.for_ever(u, factor) for u, v, y in zip(self.low, self.low_w, low))
            out.size = self.entrants_for_ever(factor) - missed
        return out

    def for_ever_terms(self, factor):
        """Of sum of factor^s E[x_s | t] = limit + sum of weights (e^(r (t - mu)) scale - 1): limit; r, weight, scale."""
        if factor in self.terms:
            return self.terms[factor]
        c, v = self.c, self.shocks.variance
        limit = c.exp(self.b * self.shocks.mu + self.b**2 * v / 2)
        s, terms, eps = 0, [], 1e-18 if c is fp else mpf(10)**(2 - mp.dps)
        while (factor * self.shocks.rho)**s > eps:
            r = self.b * self.shocks.rho**s
            terms.append((r, limit * factor**s, c.exp(-r * r * v / 2)))
            s += 1
        self.terms[factor] = limit / (1 - factor), terms
        return self.terms[factor]

    def for_ever(self, t, factor):
        limit, terms = self.for_ever_terms(factor)
        gap = t - self.shocks.mu
        return limit + self.c.fsum(weight * (self.c.exp(r * gap) * scale - 1) for r, weight, scale in terms)

    def entrants_for_ever(self, factor):
        limit, terms = self.for_ever_terms(factor)
        kept = self.entrants.moment(0, self.cutoff)
        return limit * kept + self.c.fsum(
            weight * (self.entrants.moment(r, self.cutoff) * self.c.exp(-r * self.shocks.mu) * scale - kept)
            for r, weight, scale in terms)

    def discount(self):
        return self.p["beta"] * self.stay

    def from_state(self, t, slope=False):
        """Totals of a firm that goes on from t, from the next period on; or their derivative."""
        def arrivals(u):
            y = self.shocks.density(u, t)
            return y * self.shocks.rho * (u - self.shocks.mean(t)) / self.shocks.s**2 if slope else y
        return self.sums(*self.visits(arrivals, self.discount()))

    def here(self, t):
        x = self.c.exp(self.b * t)
        abroad = self.c.mpf(t > self.export_cutoff)
        return Totals(self.c.mpf(1), x, abroad, x * abroad)

    def sold(self, totals):
        return totals.size + self.reach * totals.exported

    def profit(self, totals):
        dear = self.partners * self.p["fx"] * totals.exporters if self.partners > 0 else 0
        return self.demand * self.sold(totals) - self.p["f"] * totals.firms - dear

    def value(self, t):
        """Of a firm that goes on at t."""
        if self.before and t <= self.cutoff:
            return self.profit(self.here(t))
        return self.profit(self.here(t) + self.from_state(t))

    def conditions(self):
        """Free entry, the cutoff's value, and their derivatives: E_A, m_A, m_t (E_t is zero where m is)."""
        t = self.cutoff
        entry, stay, slope = self.from_entry(self.discount()), self.from_state(t), self.from_state(t, slope=True)
        m_t = self.profit(slope)
        if not self.before:
            stay += self.here(t)
            m_t += self.b * self.demand * self.sold(self.here(t))
        return self.profit(entry) - self.p["fe"], self.profit(stay), self.sold(entry), self.sold(stay), m_t


def closed_start(p, law):
    """About the demand and cutoff of the closed industry: bisection of free entry at demands that make cutoffs best."""
    alone = {k: v for k, v in p.items() if k != "n"}

    def demand_and_gap(t):
        at = Industry(fp, alone, law, 1.0, t)
        stay = at.from_state(t)
        if not at.before:
            stay += at.here(t)
        at.demand = at.p["f"] * stay.firms / stay.size
        return at.demand, at.profit(at.from_entry(at.discount())) - at.p["fe"]
    low, high = -1.5, 2.5
    for _ in range(7):
        t = (low + high) / 2
        demand, gap = demand_and_gap(t)
        low, high = (t, high) if gap > 0 else (low, t)
    return demand, t


def solved(p, law, start=None):
    """The industry in equilibrium, in the precision of mp; `start` is a demand and cutoff nearby."""
    demand, cutoff = start if start is not None else closed_start(p, law)
    for c, steps, enough in ((fp, 40, 1e-10), (mp, 6, mpf(10)**-17)):
        demand, cutoff = c.mpf(demand), c.mpf(cutoff)
        for _ in range(steps):
            at = Industry(c, p, law, demand, cutoff)
            entry, stay, entry_a, stay_a, stay_t = at.conditions()
            step = -entry / entry_a
            move = -(stay + stay_a * step) / stay_t
            if abs(step) < enough * demand and abs(move) < enough:
                break
            demand, cutoff = demand + step, cutoff + min(max(move, -c.mpf(0.2)), c.mpf(0.2))
        else:
            raise ValueError("no equilibrium")
    return at


# ---- what follows

def closure(p, sigma, demand, sold, costs):
    """The market of L workers, from sales and costs per entrant."""
    b = sigma - 1
    entrants = p["L"] / (costs + b * demand * sold)
    revenue = sigma * demand * entrants * sold
    price = (sigma * demand / revenue)**(1 / b) * sigma / b
    return {"entrants": entrants, "revenue": revenue, "price_index": price, "real_consumption": revenue / price}


def by_age(at, totals, ages):
    """Hazards and relative sizes, entrants first."""
    c, e = at.c, at.entrants
    firms, size = e.moment(0, at.cutoff), e.moment(at.b, at.cutoff)
    density = [at.stay * e.arrivals(t, at.shocks, at.cutoff) for t in at.t]
    hazards, sizes, mean = [], [], totals.size / totals.firms
    for age in range(ages):
        kept = [v * y for v, y in zip(at.w, density)]
        hazards.append(1 - c.fsum(kept) / firms)
        sizes.append(size / firms / mean)
        firms, size = c.fsum(kept), dot(c, kept, at.size)
        if age + 1 < ages:
            density = [at.stay * dot(c, row, density) for row in at.rows]
    return {"exit_hazard_by_age": hazards, "relative_size_by_age": sizes}


def jobs(at, totals):
    """Jobs created and destroyed, over all jobs b A x + f of operating firms. Visits are those of the last factor."""
    c, b, a, f, shocks = at.c, at.b, at.demand, at.p["f"], at.shocks
    start, end = max(at.cutoff, at.entrants.start), min(at.top, getattr(at.entrants, "end", at.top))
    t, w = panels(c, [start, end], shocks.s)
    mass = [(u, v * at.entrants.density(u)) for u, v in zip(t, w)]
    mass += [(u, v * y) for u, v, y in zip(at.t, at.w, at.entry_visits)]
    grown = left = shrunk = c.mpf(0)
    for u, m in mass:
        x, one = c.exp(b * u), c.mpf(0)
        more, above_it = shocks.moment(b, u, u), shocks.moment(one, u, u)
        some, stays = shocks.moment(b, u, at.cutoff), shocks.moment(one, u, at.cutoff)
        grown += m * b * a * (more - x * above_it)
        left += m * (1 - stays) * (b * a * x + f)
        shrunk += m * b * a * (x * (stays - above_it) - (some - more))
    total = b * a * totals.size + f * totals.firms
    entering = b * a * at.entrants.moment(b, at.cutoff) + f * at.entrants.moment(0, at.cutoff)
    by_exit = at.p["delta"] + at.stay * left / total
    return {"job_creation_rate": (entering + at.stay * grown) / total, "job_creation_by_entrants": entering / total,
            "job_destruction_rate": by_exit + at.stay * shrunk / total, "job_destruction_by_exit": by_exit}


def results(at, ages=10):
    """All that is stored of an industry."""
    c, p, b = at.c, at.p, at.b
    totals = at.from_entry(at.stay)
    begin = 1 if at.before else at.entrants.moment(0, at.cutoff)
    costs = p["fe"] + p["f"] * totals.firms
    made = {"cutoff": c.exp(at.cutoff), "log_cutoff": at.cutoff, "A": at.demand, "firms_per_entrant": totals.firms,
            "size_per_entrant": totals.size, "entry_rate": begin / totals.firms, "exit_rate": begin / totals.firms}
    if at.partners > 0:
        costs += at.partners * p["fx"] * totals.exporters
        made["export_cutoff"] = c.exp(at.export_cutoff)
        made["share_exporting"] = totals.exporters / totals.firms
        made["export_share_of_sales"] = at.reach * totals.exported / at.sold(totals)
    made.update(closure(p, b + 1, at.demand, at.sold(totals), costs))
    made["firms"] = made["entrants"] * totals.firms
    alpha = b / (b + 1)
    made["competitive_price"] = (at.demand / ((1 - alpha) * alpha**(alpha / (1 - alpha))))**(1 - alpha)
    if not at.before:
        if not at.entrants.heavy:
            made.update(by_age(at, totals, ages))
        if at.partners == 0 and not at.entrants.heavy:
            made.update(jobs(at, totals))
    made["value_at_cutoff_plus_0_25_50_100"] = [at.value(at.cutoff + c.mpf(d)) for d in (0, 0.25, 0.5, 1)]
    return made
