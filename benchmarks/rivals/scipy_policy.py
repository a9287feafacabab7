#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Trade policy with NumPy and SciPy: the worlds and the equations of benchmarks/policy.cpp, as a careful user writes them.

    scipy_policy.py JOB SECONDS      JOB: policy/scenario_194x1, policy/scenario_31x40_inputs, policy/gradient_7x33,
                                     policy/formula_war_44x16, policy/formula_war_81x28

Scenarios and trade wars by scipy.optimize.root on the conditions, as published codes call fsolve; the gradient by Newton's
method with the analytic Jacobian and one transposed solve.
"""

import sys

import numpy as np
import scipy
from scipy.optimize import root

from rival import print_row, time_of


def noise(i, j, s, stream):
    x = 43758.5453 * np.sin(12.9898 * i + 78.233 * j + 37.719 * s + 4.1 * stream)
    return x - np.floor(x)


class World:
    def __init__(self, n, sectors, tariffs=True):
        self.n, self.sectors = n, sectors
        i, j, s = np.ogrid[:n, :n, :sectors]
        zero = 0 * (i + j + s)
        home = i == j
        far = np.where(home, 0, 1.5 + 2 * noise(i + j, abs(i - j), 0, 1))
        sizes = np.exp(3 * noise(i, 0, 0, 2) + 3 * noise(j, 0, 0, 2))
        self.x = sizes * np.exp(noise(i, 0, s, 3) - far + 0.5 * noise(i, j, s, 4))
        self.t = np.where(home, 0, 0.1 * noise(0, j, s, 5)) + zero if tariffs else zero * 1.0
        self.eps = 3 + 5 * noise(0, 0, np.arange(sectors), 6)
        self.off = ~np.broadcast_to(home, self.x.shape)


class Traded:
    """Without scale: perfect competition, or entry that is fixed, with `profit` of sales; deficits are zero after a change."""

    def __init__(self, w, x, profit):
        self.w, self.x, self.profit = w, x, profit
        z = x / (1 + w.t)
        self.labour = ((1 - profit) * z).sum((1, 2))
        self.spent = x.sum(0)
        self.income = self.spent.sum(1)
        self.lam, self.beta = x / self.spent, self.spent / self.income[:, None]
        self.last = int(self.labour.argmax())
        self.q = np.zeros(2 * w.n)

    def left(self, q, t):
        n = self.w.n
        u, y = q[:n], q[n:]
        v = self.lam * np.exp(-self.w.eps * (u[:, None, None] + np.log((1 + t) / (1 + self.w.t))))
        phi = v.sum(0)
        lam = v / phi
        x = lam * (self.spent * np.exp(y)[:, None])
        z = x / (1 + t)
        wage, income = self.labour * np.exp(u), self.income * np.exp(y)
        a, b = (1 - self.profit) * z, self.profit * z
        c = x - z
        labour = a.sum((1, 2)) / wage - 1
        labour[self.last] = wage.sum() / self.labour.sum() - 1
        got = (b.sum((1, 2)) + c.sum((0, 2)) + wage) / income - 1
        return np.concatenate([labour, got]), lam, phi, x, a, b, c, wage, income

    def slopes(self, lam, a, b, c, wage, income):
        n, eps = self.w.n, self.w.eps
        weighted = lam * eps

        def rows(m):
            return np.einsum("ijs,kjs->ik", m, weighted) - np.diag((m * eps).sum((1, 2)))

        out = np.zeros((2 * n, 2 * n))
        out[:n, :n] = rows(a) / wage[:, None] - np.diag(a.sum((1, 2)) / wage)
        out[:n, n:] = a.sum(2) / wage[:, None]
        here = c.sum(0)
        out[n:, :n] = (rows(b) - (c * eps).sum(2).T + np.einsum("js,kjs->jk", here, weighted)) / income[:, None]
        out[n:, :n] += np.diag(wage / income)
        out[n:, n:] = b.sum(2) / income[:, None] + np.diag(here.sum(1) / income
                                                           - (b.sum((1, 2)) + c.sum((0, 2)) + wage) / income)
        out[self.last] = 0
        out[self.last, :n] = wage / self.labour.sum()
        return out

    def solve(self, t):
        """Newton's method from the last solution."""
        for _ in range(40):
            left, lam, phi, x, a, b, c, wage, income = self.left(self.q, t)
            j = self.slopes(lam, a, b, c, wage, income)
            if abs(left).max() < 1e-13:
                break
            step = np.linalg.solve(j, -left)
            self.q = self.q + step / max(1, abs(step).max())
        price = -np.log(phi) / self.w.eps
        return j, lam, x, a, wage, income, self.q[self.w.n:] - (self.beta * price).sum(1)

    def gradient(self, t, country):
        """d ln W of the country by ln(1 + t) of all pairs and sectors."""
        j, lam, x, _, wage, income, welfare = self.solve(t)
        n, eps, profit = self.w.n, self.w.eps, self.profit
        unit = 1.0 * (np.arange(n) == country)
        by_price = -unit[:, None] * self.beta
        right = np.concatenate([np.einsum("js,kjs->k", by_price, lam), unit])
        mu = np.linalg.solve(j.T, -right)
        mu[self.last] = 0
        q, rho = (mu[:n] / wage)[:, None, None], mu[n:] / income
        base = 1 / (1 + t)
        bracket = profit * (rho[:, None, None] - q)
        a = base * (q + bracket) + (1 - base) * rho[:, None]
        h = x * (a - (lam * a).sum(0)) - lam * by_price / eps
        return welfare, -eps * h + x * base * (rho[:, None] - q - bracket)


def without_deficits(w, profit):
    m = Traded(w, w.x, profit)
    return Traded(w, m.solve(w.t)[2], profit)


def gradient_job():
    w = World(7, 33)
    m = without_deficits(w, 1 / (1 + w.eps))
    taxes = []
    for rate in (0.25, 0.26):
        t = w.t.copy()
        t[1:, 0] = rate
        taxes.append(t)
    calls = [0]

    def work():
        calls[0] ^= 1
        return m.gradient(taxes[calls[0]], 0)

    return work, m.gradient(taxes[0], 0)[1][1, 0, 0]


def war_job(n, sectors):
    """Lashkaripour's (2021) system: wages, incomes and one tariff of each country."""
    w = World(n, sectors)
    m = without_deficits(w, np.zeros(sectors))

    def conditions(q):
        t = np.where(w.off, np.exp(q[2 * n:])[:, None] - 1, 0)
        left, _, _, x, *_ = m.left(q[:2 * n], t)
        sold = x / (1 + t)
        share = sold / sold.sum(0)
        out = np.where(w.off, sold, 0)
        delta = (out * w.eps * (1 - share)).sum((1, 2)) / out.sum((1, 2))
        return np.concatenate([left, np.log1p(1 / delta) - q[2 * n:]])

    def work():
        start = np.concatenate([np.zeros(2 * n), np.full(n, np.log(1.2))])
        return root(conditions, start, method="hybr", tol=1e-10)

    r = work()
    if not r.success:
        raise SystemExit(r.message)
    return work, np.exp(r.x[2 * n]) - 1


def one_sector_job(n):
    w = World(n, 1, tariffs=False)
    x = w.x[:, :, 0]
    eps, psi, chi = 4.0, 0.1675, 0.5
    kappa = np.full(n, 0.114)
    kappa[0] = 0.27
    eta = eps * (1 + psi) * kappa / (1 - kappa)
    labour = ((1 - kappa) * x).sum(1) + (kappa * x).sum(0)
    spent = x.sum(0)
    deficit = spent - labour
    t = np.zeros((n, n))
    t[1:, 0] = 0.2
    big = 1 + t

    def conditions(q, full=False):
        u, y, l = q[:n], q[n:2 * n], q[2 * n:]
        v = x / spent * np.exp(eps * psi * l[:, None] - eps * (u[:, None] + np.log(big))
                               - eta * (u + np.log(big)))
        phi = v.sum(0)
        flows = v / phi * spent * np.exp(y)
        base = flows / big
        wages = labour * np.exp(u + l)
        price = -(eta * y + np.log(phi)) / eps
        demand = ((1 - kappa) * base).sum(1) + (kappa * base).sum(0)
        first = demand / wages - 1
        first[labour.argmax()] = (spent * (np.exp(price) - 1)).sum() / spent.sum()
        income = wages + (flows - base).sum(0) + deficit * wages.sum() / labour.sum()
        if full:
            d = spent / (spent - chi / (1 + chi) * labour)
            return np.log(d * np.exp(y - price) + (1 - d) * np.exp((1 + 1 / chi) * l))
        return np.concatenate([first, income / (spent * np.exp(y)) - 1, l - chi * (u - price)])

    def work():
        return root(conditions, np.zeros(3 * n), method="hybr", tol=1e-10)

    r = work()
    return work, conditions(r.x, True)[0]


def inputs_job(n, sectors):
    """Wages by root; prices by iteration and spending by a linear system inside, as Caliendo and Parro's code does."""
    w = World(n, sectors)
    i, k, s = np.ogrid[:n, :sectors, :sectors]
    g = 0.5 + noise(i, k, s, 7)
    g *= 0.4 / g.sum(1, keepdims=True)
    gamma = 0.6
    x0 = w.x
    z = x0 / (1 + w.t)
    spent, made = x0.sum(0), z.sum(1)
    labour = gamma * made.sum(1)
    final = spent - np.einsum("jks,js->jk", g, made)
    income0 = final.sum(1)
    beta = final / income0[:, None]
    t = w.t.copy()
    t[1:, 0] += 0.2
    change = np.log((1 + t) / (1 + w.t))
    share0 = x0 / spent
    memory = [np.zeros((n, sectors))]

    def inside(u):
        p = memory[0]
        for _ in range(500):
            cost = gamma * u[:, None] + np.einsum("iks,ik->is", g, p)
            v = share0 * np.exp(-w.eps * (cost[:, None, :] + change))
            phi = v.sum(0)
            new = -np.log(phi) / w.eps
            moved = abs(new - p).max()
            p = new
            if moved < 1e-13:
                break
        memory[0] = p
        share = v / phi
        wage = labour * np.exp(u)
        tau = share / (1 + t)
        revenue = (share * t / (1 + t)).sum(0)
        x = spent.copy()
        for _ in range(2000):
            sold = np.einsum("ijs,js->is", tau, x)
            new = beta * (wage + (revenue * x).sum(1))[:, None] + np.einsum("jks,js->jk", g, sold)
            moved = abs(new / x - 1).max()
            x = new
            if moved < 1e-13:
                break
        return p, wage, np.einsum("ijs,js->is", tau, x), (revenue * x).sum(1)

    last = labour.argmax()

    def conditions(u):
        _, wage, sold, _ = inside(u)
        out = gamma * sold.sum(1) / wage - 1
        out[last] = wage.sum() / labour.sum() - 1
        return out

    def work():
        memory[0] = np.zeros((n, sectors))
        return root(conditions, np.zeros(n), method="hybr", tol=1e-10)

    r = work()
    p, wage, _, revenue = inside(r.x)
    return work, np.log((wage + revenue) / income0)[0] - (beta * p).sum(1)[0]


JOBS = {"policy/gradient_7x33": gradient_job,
        "policy/formula_war_44x16": lambda: war_job(44, 16),
        "policy/formula_war_81x28": lambda: war_job(81, 28),
        "policy/scenario_194x1": lambda: one_sector_job(194),
        "policy/scenario_31x40_inputs": lambda: inputs_job(31, 40)}


def main(job, seconds):
    work, answer = JOBS[job]()
    print_row(job, f"SciPy {scipy.__version__}, root and NumPy", time_of(work, seconds), 0, [], [[answer]])


main(sys.argv[1], float(sys.argv[2]))
