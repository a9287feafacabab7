"""Exporters who have paid: an autoregression of log productivity where it costs F0 to begin to export and F1 to go on.

A firm arrives as one that did not export (0) or did (1). Below exit[m] it leaves, from export[m] on it exports. Values
on arrival solve one linear system for given thresholds; free entry and the four indifferences are solved by Newton's
method, whose derivatives are simple because a threshold moves no value where it is the best one.
"""

from mpmath import fp, mp, mpf

from autoregression import WIDTHS, Shocks, closure, entrants_of
from integral_equations import Solver, dot, panels, transposed


class SunkExports:
    def __init__(self, c, p, law, demand, leave, export):
        self.c, self.demand, self.exit, self.export = c, demand, leave, export
        self.p = p = {k: c.mpf(v) for k, v in p.items()}
        self.b, self.stay = p["sigma"] - 1, 1 - p["delta"]
        self.reach = p["n"] * p["tau"]**-self.b
        self.cost = (p["F0"], p["F1"])
        self.shocks, self.entrants = Shocks(c, p), entrants_of(c, law, self.b)
        top = max(self.entrants.top, self.shocks.mu + self.b * self.shocks.variance
                  + WIDTHS * c.sqrt(self.shocks.variance))
        self.t, self.w = panels(c, sorted({*leave, *export}) + [top], self.shocks.s)
        n = len(self.t)
        # Where a firm that arrives as m at node j goes next: as 0 or 1, or nowhere.
        self.goes = [[None if t < leave[m] else int(t >= export[m]) for t in self.t] for m in (0, 1)]
        kernel = [self.going(t) for t in self.t]
        rows = []
        for m in (0, 1):
            for j in range(n):
                to = self.goes[m][j]
                row = [c.mpf(0)] * (2 * n)
                if to is not None:
                    row[to * n:(to + 1) * n] = kernel[j]
                rows.append(row)
        self.rows, self.factor = rows, p["beta"] * self.stay
        solver = Solver(c, rows, self.factor)
        self.values = self.halves(solver([self.payoff(m, t, self.goes[m][j]) for m, j, t in self.states()]))
        self.slopes = self.halves(solver([self.scale(t, self.goes[m][j]) for m, j, t in self.states()]))

    def going(self, t):
        """Weights of what is worth there what the nodes say, for a firm at t."""
        return [v * y for v, y in zip(self.w, self.shocks.densities(self.t, t, self.c.mpf(1)))]

    def states(self):
        return [(m, j, t) for m in (0, 1) for j, t in enumerate(self.t)]

    def halves(self, x):
        return x[:len(self.t)], x[len(self.t):]

    def scale(self, t, to):
        """The derivative of a payoff by demand."""
        return self.c.exp(self.b * t) * (1 + self.reach * to) if to is not None else self.c.mpf(0)

    def payoff(self, m, t, to):
        if to is None:
            return self.c.mpf(0)
        return self.demand * self.scale(t, to) - self.p["f"] - to * self.p["n"] * self.cost[m]

    def goes_on(self, m, t, to):
        """Value of a firm that arrives as m at t and goes on as `to`, its derivatives by t and by demand."""
        density = self.going(t)
        turn = [y * self.shocks.rho * (u - self.shocks.mean(t)) / self.shocks.s**2 for u, y in zip(self.t, density)]
        g, scale = self.factor, self.scale(t, to)
        return [self.payoff(m, t, to) + g * dot(self.c, density, self.values[to]),
                self.b * self.demand * scale + g * dot(self.c, turn, self.values[to]),
                scale + g * dot(self.c, density, self.slopes[to])]

    def newton(self):
        """The next demand and thresholds."""
        started = [v * self.entrants.density(t) for t, v in zip(self.t, self.w)]
        entry = dot(self.c, started, self.values[0]) - self.p["fe"]
        step = -entry / dot(self.c, started, self.slopes[0])

        def moved(t, value, slope, by_demand):
            move = -(value + by_demand * step) / slope
            return t + min(max(move, -self.c.mpf(0.1)), self.c.mpf(0.1))

        def indifferent(m):
            """Between exporting or not."""
            t = self.export[m]
            return moved(t, *[x - y for x, y in zip(self.goes_on(m, t, 1), self.goes_on(m, t, 0))])
        leave = [moved(self.exit[0], *self.goes_on(0, self.exit[0], 0))] * 2
        export = [indifferent(0), indifferent(1) if self.export[1] > self.exit[1] else self.exit[1]]
        if export[1] <= leave[0]:  # exporters leave where exporting is not worth it
            leave[1] = export[1] = moved(self.exit[1], *self.goes_on(1, self.exit[1], 1))
        return self.demand + step, leave, export


def solved(p, law):
    """In the precision of mp. Newton's method starts where exporters who have paid weigh what beginning costs a bit."""
    sigma, b = p["sigma"], p["sigma"] - 1
    demand = fp.mpf(p["f"] / 4)
    leave = [0.2, 0.2]
    export = [float(mp.log(cost * p["tau"]**b / demand) / b) for cost in (p["F0"], (p["F0"] + 2 * p["F1"]) / 3)]
    if export[1] <= leave[1]:
        leave = [0.2, 0.1]
        export[1] = 0.1
    for c, enough in ((fp, 1e-10), (mp, mpf(10)**-17)):
        demand, leave, export = c.mpf(demand), [c.mpf(t) for t in leave], [c.mpf(t) for t in export]
        for _ in range(40):
            at = SunkExports(c, p, law, demand, leave, export)
            then = at.newton()
            gaps = [then[0] - demand] + [x - y for x, y in zip(then[1] + then[2], leave + export)]
            if max(abs(x) for x in gaps) < enough:
                break
            demand, leave, export = then
        else:
            raise ValueError("no equilibrium")
    return at


def results(at):
    """Densities per entrant of those that arrive, from the transposed system with the survival of mass."""
    c, p, n = at.c, at.p, len(at.t)
    started = [v * at.entrants.density(t) for t, v in zip(at.t, at.w)] + [c.mpf(0)] * n
    arrive = Solver(c, transposed(at.rows), at.stay)(started)
    size = [c.exp(at.b * t) for t in at.t]
    firms = {(m, to): [x * (at.goes[m][j] == to) for j, x in enumerate(at.halves(arrive)[m])]
             for m in (0, 1) for to in (0, 1)}
    count = {k: c.fsum(x) for k, x in firms.items()}
    sizes = {k: dot(c, x, size) for k, x in firms.items()}
    everyone, exporters = c.fsum(count.values()), count[0, 1] + count[1, 1]
    exported = sizes[0, 1] + sizes[1, 1]
    all_size = c.fsum(sizes.values())
    sold = all_size + at.reach * exported
    first = at.entrants.moment(0, at.export[0])
    costs = p["fe"] + p["f"] * everyone + p["n"] * (p["F0"] * count[0, 1] + p["F1"] * count[1, 1])
    made = {"A": at.demand, "log_exit_cutoff_non_exporter": at.exit[0], "log_exit_cutoff_exporter": at.exit[1],
            "log_start_cutoff": at.export[0], "log_stop_cutoff": at.export[1], "firms_per_entrant": everyone,
            "size_per_entrant": all_size, "exporters_per_entrant": exporters, "share_exporting": exporters / everyone,
            "starter_rate": (count[0, 1] - first) / (everyone - exporters),
            "stopper_rate": at.stay - count[1, 1] / exporters, "export_share_of_sales": at.reach * exported / sold}
    made.update(closure(p, p["sigma"], at.demand, sold, costs))
    made["firms"] = made["entrants"] * everyone
    return made
