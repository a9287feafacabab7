"""Makes industry_dynamics.json: firms whose productivity changes until they leave (Hopenhayn, 1992).

`redraws` from the Bellman equation of a firm that may draw anew, by the tails of the laws. `autoregression` and
`pareto_entrants` from the visits of an entrant, `sunk_two_partners` and `cheap_to_continue` from values on arrival, all
by integral equations in 20 digits. The chains by trying every set of states that firms may stay in. `compare` from
these, its derivatives by differences. What says how well two routes or grids agreed when the file was made is left as
stored: the names in AGREEMENT.
"""

import itertools
import sys

from mpmath import mp, mpf

import autoregression
import reference_files as files
import sunk_exports
from laws import excess, make_law

mp.dps = 20
NAME = "industry_dynamics.json"
# Of numbers that were computed in doubles: directly, by integral equations, those where the law of entrants has
# a heavy tail (a log cutoff near zero), and derivatives from differences.
ROUNDING, EQUATIONS, HEAVY_TAILS, DIFFERENCES = mpf(10)**-15, mpf(10)**-14, mpf(10)**-13, mpf(10)**-10
NOTHING = mpf(10)**-14  # a value at the cutoff, which is zero


def law_of(fields):
    return make_law(dict(fields, family=fields["type"]))


# ---- redraws

class Redraws:
    """A survivor draws anew with probability lam: kappa V = max(0, profit + gamma lam E[V of a draw])."""

    def __init__(self, p, entrants, draws):
        self.p, self.b, self.entrants, self.draws = p, p["sigma"] - 1, entrants, draws
        self.n, self.stay = p.get("n", mpf(0)), 1 - p["delta"]
        self.hope = p["beta"] * self.stay * p["lam"]
        self.kappa = 1 - p["beta"] * self.stay * (1 - p["lam"])

    def export_cutoff(self, t, overhead):
        return t + mp.log(self.p["tau"]) + mp.log(self.p["fx"] / overhead) / self.b if self.n > 0 else mp.inf

    def worth(self, law, t, overhead):
        """kappa E[V] of a draw from the law, where t is the cutoff."""
        home = overhead * excess(law, t, self.b)
        return home if self.n == 0 else \
            home + self.n * self.p["fx"] * excess(law, self.export_cutoff(t, overhead), self.b)

    def overhead(self, t):
        """f less what hope is worth, where a draw is worth what hope makes of it: Newton from above on a curve
        that is convex and rises."""
        overhead = f = self.p["f"]
        for _ in range(100):
            gap = self.hope * self.worth(self.draws, t, overhead) + self.kappa * (overhead - f)
            slope = self.kappa + self.hope * excess(self.draws, t, self.b)
            if self.n > 0:
                abroad = self.draws.scaled_moment(self.export_cutoff(t, overhead), self.b)
                slope += self.hope * self.n * self.p["fx"] / overhead * abroad
            overhead -= gap / slope
            if abs(gap) < mpf(10)**(3 - mp.dps) * self.kappa * f:
                return overhead
        raise ValueError("no overhead at %s" % t)

    def moments(self, law, t):
        s, x = law.survival(t), law.scaled_moment(t, self.b) * mp.exp(self.b * t)
        return [s, x]

    def firms(self, t, export):
        """Sums of 1 and of x per entrant, at home and among exporters: first those on their own draw."""
        renew, keep = self.stay * self.p["lam"], self.stay * (1 - self.p["lam"])
        first = self.entrants.survival(t) / (1 - keep)
        again = renew * first / (1 - keep - renew * self.draws.survival(t))
        return [x / (1 - keep) + again * y for at in (t, export)
                for x, y in zip(self.moments(self.entrants, at), self.moments(self.draws, at))]

    def hazards(self, t, ages):
        renew, keep = self.stay * self.p["lam"], self.stay * (1 - self.p["lam"])
        own, drawn, out = self.entrants.survival(t), mpf(0), []
        for _ in range(ages):
            after = [keep * own, keep * drawn + renew * self.draws.survival(t) * (own + drawn)]
            out.append(1 - mp.fsum(after) / (own + drawn))
            own, drawn = after
        return out

    def nobody_exits(self):
        """Whether entry costs more than it can be worth while anybody exits: the limit of ever lower cutoffs."""
        if self.n > 0 or self.hope == 0:
            return False
        ratio = mp.exp(self.entrants.log_moment(self.b) - self.draws.log_moment(self.b))
        return self.p["f"] / self.hope * ratio <= self.p["fe"]

    def results(self, ages):
        p, b = self.p, self.b
        if self.nobody_exits():
            # V is linear: E[V of a draw] (kappa - hope) = A E[x] - f, and the same of entrants.
            drawn, entering = (mp.exp(law.log_moment(b)) for law in (self.draws, self.entrants))
            gamma = 1 - (self.kappa - self.hope)
            demand = (self.kappa * p["fe"] + p["f"] + self.hope * p["f"] / (1 - gamma)) \
                / (entering + self.hope * drawn / (1 - gamma))
            hope, t = (demand * drawn - p["f"]) / (1 - gamma), -mp.inf
            keep, all_firms = self.stay * (1 - p["lam"]), 1 / p["delta"]
            own = 1 / (1 - keep)
            sums = [all_firms, own * entering + (all_firms - own) * drawn, mpf(0), mpf(0)]
            made = {"cutoff": mpf(0), "entry_rate": p["delta"]}
            overhead = p["f"] - self.hope * hope
        else:
            t = root(lambda u: self.kappa * p["fe"] - self.worth(self.entrants, u, self.overhead(u)),
                         mpf(-4), mpf(6))
            overhead = self.overhead(t)
            demand, export = overhead * mp.exp(-b * t), self.export_cutoff(t, overhead)
            hope = self.worth(self.draws, t, overhead) / self.kappa
            sums = self.firms(t, export) if self.n > 0 else self.firms(t, t)[:2] + [mpf(0), mpf(0)]
            made = {"cutoff": mp.exp(t), "entry_rate": self.entrants.survival(t) / sums[0],
                    "exit_hazard_by_age": self.hazards(t, ages)}
        costs, sold = p["fe"] + p["f"] * sums[0], sums[1]
        if self.n > 0:
            reach = self.n * p["tau"]**-b
            costs, sold = costs + self.n * p["fx"] * sums[2], sold + reach * sums[3]
            made.update(export_cutoff=mp.exp(export), share_exporting=sums[2] / sums[0],
                        export_share=reach * sums[3] / sold)
        made.update(autoregression.closure(p, p["sigma"], demand, sold, costs))
        made.update(log_cutoff=t if mp.isfinite(t) else "-inf", A=demand, effective_overhead=overhead,
                    value_of_redraw=hope, firms_per_entrant=sums[0], size_per_entrant=sums[1],
                    firms=made["entrants"] * sums[0])
        return made


def root(rising, low, high):
    """The root of a function that is negative at low and positive at high."""
    for x, sign in ((low, -1), (high, 1)):
        if rising(x) * sign < 0:
            raise ValueError("no root between %s and %s" % (low, high))
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return mp.findroot(rising, (low, high), solver="anderson", tol=mpf(10)**(6 - 2 * mp.dps), maxsteps=400)


# ---- chains

def chain(p):
    """Costs in units of output, and log utility of it: firms produce, and then leave or stay.

    The value of entry under a rule is linear in A, profit per s^(1/(1 - theta)) in units of output, and firms choose
    the best rule: the equilibrium has the least A at which some rule pays for entry.
    """
    n, theta, beta = len(p["shock"]), p["theta"], p["beta"]
    x = [s**(1 / (1 - theta)) for s in p["shock"]]
    transition, entry = mp.matrix(p["transition"]), mp.matrix(p["entry_law"])
    best = None
    for stay in itertools.product((False, True), repeat=n):
        keep = mp.diag([mpf(s) for s in stay])
        move = mp.eye(n) - beta * keep * transition
        size, fixed = mp.lu_solve(move, mp.matrix(x)), mp.lu_solve(move, mp.matrix([p["fixed_cost"]] * n))
        worth = [mp.fdot(entry, y) for y in (size, fixed)]
        demand = (p["entry_cost"] + worth[1]) / worth[0]
        if best is None or demand < best[0]:
            best = demand, stay, keep, demand * size - fixed
    demand, stay, keep, value = best
    share = theta**(theta / (1 - theta)) - theta**(1 / (1 - theta))
    price = (demand / share)**((1 - theta) / theta)
    mass = mp.lu_solve(mp.eye(n) - transition.T * keep, entry)
    labour = [(price * theta * s)**(1 / (1 - theta)) for s in p["shock"]]
    output = [s * k**theta for s, k in zip(p["shock"], labour)]
    left = mp.fdot(output, mass) - p["fixed_cost"] * mp.fsum(mass) - p["entry_cost"]
    entrants = 1 / p["labour_disutility"] / (price * left)
    exits = entrants * mp.fsum(m for m, s in zip(mass, stay) if not s)
    firms = entrants * mp.fsum(mass)
    return {"price": price, "stay": list(stay), "values": [price * v for v in value], "entrants": entrants,
            "firms": firms, "mass": [entrants * m for m in mass], "exits": exits, "exit_rate": exits / firms,
            "labour": entrants * mp.fdot(labour, mass), "labour_of_entrants": entrants * mp.fdot(labour, entry)}


# ---- beside Melitz

def alone(p):
    return {k: v for k, v in p.items() if k != "n"}


def moving(p, law, start=None):
    return autoregression.results(autoregression.solved(p, law, start), 10)


def compare_rows(data, comparison):
    given = files.value(data["primitives"])
    law, found = given.pop("law"), {}
    for i, row in enumerate(data["rows"]):
        p, where = dict(given, beta=files.value(row["beta"])), "compare.rows[%d]." % i
        if row["model"].startswith("redraw"):
            comparison.tolerance = ROUNDING
            p["lam"] = mpf(row["model"].split()[2])
            draws = law_of(law)
            closed, made = (Redraws(q, draws, draws).results(8) for q in (alone(p), p))
        else:
            comparison.tolerance = EQUATIONS
            p.update(rho=mpf("0.9"), log_sd=mpf("0.2"), log_mean=mpf(0), b=p["sigma"] - 1, timing="after")
            closed, made = (moving(q, law) for q in (alone(p), p))
            made["export_share"] = made["export_share_of_sales"]
            found[row["beta"].text if isinstance(row["beta"], files.Number) else str(row["beta"])] = p, made
        made.update(cutoff_autarky=closed["cutoff"], cutoff_trade=made["cutoff"], hazard=made["exit_hazard_by_age"],
                    gain=made["real_consumption"] / closed["real_consumption"],
                    revenue=[closed["revenue"], made["revenue"]])
        for key in row:
            if key not in ("model", "beta"):
                comparison.compare(row, key, made[key], where + key)
    return law, found


def identities(data, pareto, comparison):
    """What trade does at the margin, and what it brings where redraws are Pareto."""
    law, found = compare_rows(data, comparison)
    stored, where, h = data["identities"], "compare.identities.", mpf(10)**-6
    for beta, (p, made) in found.items():
        ends = []
        for sign in (1, -1):
            there = dict(p, tau=p["tau"] * mp.exp(sign * h))
            ends.append(moving(there, law, (made["A"], made["log_cutoff"])))
        name = "_beta_" + ("1" if mpf(beta) == 1 else beta)
        slope = {k: mp.log(ends[0][k] / ends[1][k]) / (2 * h) for k in ("A", "real_consumption")}
        comparison.tolerance = DIFFERENCES
        comparison.compare(stored, "dlnW_dlntau" + name, slope["real_consumption"], where + "dlnW_dlntau" + name)
        comparison.compare(stored, "dlnA_dlntau_over_3" + name, slope["A"] / 3, where + "dlnA_dlntau_over_3" + name)
        comparison.tolerance = EQUATIONS
        comparison.compare(stored, "export_share" + name, made["export_share"], where + "export_share" + name)
        comparison.tolerance = ROUNDING
        q = dict(pareto, beta=mpf(beta))
        pareto_law = law_of(pareto["entry_law"])
        closed, traded = (Redraws(x, pareto_law, pareto_law).results(0) for x in (alone(q), q))
        for key, value in (("gain", traded["real_consumption"] / closed["real_consumption"]),
                           ("acr", (1 - traded["export_share"])**(-1 / pareto["entry_law"]["shape"])),
                           ("export_cutoff_over_cutoff", traded["export_cutoff"] / traded["cutoff"])):
            comparison.compare(stored, "pareto_redraw_" + key + name, value, where + "pareto_redraw_" + key + name)


# ---- the file

AGREEMENT = {"labour_check", "digits_routes_agree", "relative_difference_between_grids", "direct_relative_difference_A",
             "direct_entry_residual", "entry_residual_by_value_iteration"}


def compare_outputs(row, made, comparison, where):
    outputs = row["outputs"]
    for key in outputs:
        if key in AGREEMENT:
            continue
        if key.startswith("value_at_cutoff") and row["params"]["timing"] == "after":
            comparison.count += 1
            if abs(files.value(outputs[key][0])) > NOTHING:
                comparison.failures.append("%s.%s[0]: stored %s, must be nothing" % (where, key, outputs[key][0]))
            for k in range(1, len(outputs[key])):
                comparison.compare(outputs[key], k, made[key][k], "%s.%s[%d]" % (where, key, k))
        else:
            comparison.compare(outputs, key, made[key], where + "." + key)


def remake(data, comparison):
    with mp.workdps(20):
        comparison.tolerance = ROUNDING
        for row in data["redraws"]:
            p = files.value(row["params"])
            entrants, draws = (law_of(p[k]) for k in ("entry_law", "redraw_law"))
            made = Redraws(p, entrants, draws).results(8)
            compare_outputs(row, made, comparison, "redraws." + row["name"])
        for section, tolerance in (("autoregression", EQUATIONS), ("pareto_entrants", HEAVY_TAILS)):
            comparison.tolerance = tolerance
            for row in data[section]:
                p = files.value(row["params"])
                law = p.pop("entry")
                compare_outputs(row, moving(p, law), comparison, section + "." + row["name"])
        for row in data["chain_and_sunk"]:
            p = files.value(row["params"])
            if "shock" in p:
                comparison.tolerance, made = ROUNDING, chain(p)
            else:
                law = p.pop("entry")
                comparison.tolerance, made = EQUATIONS, sunk_exports.results(sunk_exports.solved(p, law))
            compare_outputs(row, made, comparison, "chain_and_sunk." + row["name"])
        pareto = next(row for row in data["redraws"] if row["name"] == "pareto_trade")
        identities(data["compare"], files.value(pareto["params"]), comparison)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
