"""A menu of options with profits A a x - F, x = phi^b, and the free-entry value of A.

The options kept are the upper envelope of the lines a Y - F in Y = A x, exit included.
With t_j the kept breakpoints and phi_j = (t_j/A)^(1/b), expected profit is
E(A) = sum_j [A (a_j - a_{j-1}) V(phi_j) - (F_j - F_{j-1}) S(phi_j)], V the tail moment of order b.
"""

from mpmath import mp, mpf


class Option:
    def __init__(self, name, slope, fixed):
        self.name, self.slope, self.fixed = name, slope, fixed


def envelope(options):
    """The options kept, from the least slope up, and the value of Y from which each is chosen."""
    kept, start = [], []
    for o in sorted(options, key=lambda o: (o.slope, o.fixed)):
        if kept and kept[-1].slope == o.slope:
            continue
        t = mpf(0)
        while kept:
            t = (o.fixed - kept[-1].fixed) / (o.slope - kept[-1].slope)
            if t > start[-1]:
                break
            kept.pop()
            start.pop()
            t = mpf(0)
        kept.append(o)
        start.append(t)
    return kept, start


class Menu:
    def __init__(self, law, b, options):
        """Exit is added; it stands first among equals, so a free option with slope zero never replaces it."""
        self.law, self.b = law, b
        self.all = list(options)
        if not any(o.slope == 0 and o.fixed == 0 for o in self.all):
            self.all.insert(0, Option("exit", mpf(0), mpf(0)))
        self.kept, self.start = envelope(self.all)
        self.mean_size = mp.exp(law.log_moment(b))

    def tail(self, t, a):
        """S and V of the firms with A x >= t."""
        if t <= 0:
            return mpf(1), self.mean_size
        u = mp.log(t / a) / self.b
        return self.law.survival(u), self.law.scaled_moment(u, self.b) * t / a

    def segments(self, a):
        """(mass, V) of each kept option; where there is no mass the moment is zero exactly."""
        tails = [self.tail(t, a) for t in self.start] + [(mpf(0), mpf(0))]
        tails[0] = (mpf(1), self.mean_size)
        return [(x[0] - y[0], x[1] - y[1]) if x[0] != y[0] else (mpf(0), mpf(0)) for x, y in zip(tails, tails[1:])]

    def profit(self, a):
        return mp.fsum(a * o.slope * v - o.fixed * m for o, (m, v) in zip(self.kept, self.segments(a)))

    def slope(self, a):
        """E'(A); profits are continuous at the breakpoints, so there are no boundary terms."""
        return mp.fsum(o.slope * v for o, (m, v) in zip(self.kept, self.segments(a)))

    def expected_fixed_cost(self, a):
        return mp.fsum(o.fixed * m for o, (m, v) in zip(self.kept, self.segments(a)))

    def lower_bound(self, entry_cost):
        least = min(mpf(0), min(o.fixed for o in self.all))
        return (entry_cost + least) / (max(o.slope for o in self.all) * self.mean_size)

    def upper_bound(self, entry_cost):
        """A of homogeneous firms of mean size, an upper bound since Pi is convex."""
        return min((entry_cost + o.fixed) / (o.slope * self.mean_size) for o in self.all if o.slope > 0)

    def solve(self, entry_cost):
        """E is convex and increasing, so Newton from the upper bound decreases to the root."""
        a = self.upper_bound(entry_cost)
        for _ in range(500):
            step = (self.profit(a) - entry_cost) / self.slope(a)
            a -= step
            if abs(step) < mpf(10)**(6 - mp.dps) * a:
                return a
        raise ArithmeticError("free entry did not converge")
