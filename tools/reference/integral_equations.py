"""Integral equations on Gauss-Legendre panels, for a context c of mpmath: `fp`, which is doubles, or `mp`.

Linear systems are solved by an LU of doubles and refined in the precision of the context.
"""

import math
import operator

from mpmath import fp, mp, mpf


class Solver:
    """Solves x = b + factor K x for a matrix K given by rows of the context's numbers."""

    def __init__(self, c, rows, factor):
        self.c, self.rows, self.factor = c, rows, factor
        n = len(rows)
        a = [[-float(factor * x) for x in row] for row in rows]
        for i in range(n):
            a[i][i] += 1
        order = list(range(n))
        for k in range(n):
            top = max(range(k, n), key=lambda i: abs(a[i][k]))
            a[k], a[top] = a[top], a[k]
            order[k], order[top] = order[top], order[k]
            head, pivot = a[k][k + 1:], a[k][k]
            for i in range(k + 1, n):
                row = a[i]
                if row[k] != 0:
                    row[k] = q = row[k] / pivot
                    row[k + 1:] = [x - q * y for x, y in zip(row[k + 1:], head)]
        self.lu, self.order = a, order

    def once(self, b):
        n = len(b)
        x = [float(b[i]) for i in self.order]
        for i in range(n):
            x[i] -= sum(map(operator.mul, self.lu[i][:i], x))
        for i in reversed(range(n)):
            x[i] = (x[i] - sum(map(operator.mul, self.lu[i][i + 1:], x[i + 1:]))) / self.lu[i][i]
        return x

    def __call__(self, b):
        x = [self.c.mpf(0)] * len(b)
        for _ in range(1 if self.c is fp else 3):
            gap = [y - z + self.factor * dot(self.c, row, x) for y, z, row in zip(b, x, self.rows)]
            x = [y + z for y, z in zip(x, self.once(gap))]
        return x


def dot(c, a, b):
    return sum(map(operator.mul, a, b)) if c is fp else mp.fdot(a, b)


def transposed(rows):
    return [list(column) for column in zip(*rows)]


RULES = {}


def legendre(n, x):
    """P_n and its derivative."""
    p, q = x, x * 0 + 1
    for j in range(2, n + 1):
        p, q = ((2 * j - 1) * x * p - (j - 1) * q) / j, p
    return p, n * (q - x * p) / (1 - x * x)


def gauss(c, n):
    """Nodes and weights on [-1, 1], n even: Newton's method on the Legendre recursion, at last with all digits."""
    if n not in RULES:
        right = []
        with mp.workdps(30):
            for k in range(n // 2):
                x = math.cos(math.pi * (k + 0.75) / (n + 0.5))
                for step in range(6):
                    x = mpf(x) if step == 4 else x
                    p, slope = legendre(n, x)
                    x -= p / slope
                right.append((x, 2 / ((1 - x * x) * slope**2)))
        RULES[n] = [(-x, w) for x, w in right] + [(x, w) for x, w in reversed(right)]
    return [[c.mpf(x) for x in numbers] for numbers in zip(*RULES[n])]


def panels(c, ends, width):
    """Nodes and weights between ends; `width` is that of the narrowest thing to integrate."""
    t, w = [], []
    for a, b in zip(ends, ends[1:]):
        n = 16 + 4 * int((0.5 if c is fp else 0.6) * float((b - a) / width))
        x, v = gauss(c, n)
        t += [(a + b) / 2 + (b - a) / 2 * y for y in x]
        w += [(b - a) / 2 * y for y in v]
    return t, w
