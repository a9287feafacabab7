"""A world of trade policy in changes: general sectors, inputs, taxes and labour supply, by Newton's method on all conditions.

Nothing is eliminated and no derivative is worked out: the conditions are those of the model, one by one, and what they
answer to is found by differences in 34 digits.
"""

from mpmath import mp, mpf, exp, log

mp.dps = 34
STEP = mpf(10)**-17  # of differences, which are then right to as many digits


def zeros(*shape):
    return [zeros(*shape[1:]) for _ in range(shape[0])] if shape else mpf(0)


def filled(x, *shape):
    return [filled(x, *shape[1:]) for _ in range(shape[0])] if shape else mpf(x)


class World:
    """Flows at a baseline, which say all about it; `sectors` as the reference files have them."""

    def __init__(self, flows, sectors, t=None, z=None, r=None):
        self.x = flows
        self.n, self.s = len(flows), len(flows[0][0])
        n, s = self.n, self.s
        self.eps, self.psi = sectors["trade_elasticity"], sectors["scale_elasticity"]
        self.eta, self.nu = sectors["eta"], sectors["destination_cost_share"]
        self.restricted = [e == "restricted" for e in sectors["entry"]]
        self.delivered = [c == "D" for c in sectors["tariff_convention"]]
        self.chi = sectors["labour_supply_elasticity"]
        self.inputs = sectors["input_share"]
        self.gamma = sectors["labour_share"] or filled(1, n, s)
        self.entrants = [(i, k) for k in range(s) if not self.restricted[k] and self.psi[k] > 0 for i in range(n)]
        markup = [[1 + self.psi[k] + self.eta[j][k] / self.eps[k] for k in range(s)] for j in range(n)]
        self.profit = [[self.psi[k] / markup[j][k] for k in range(s)] for j in range(n)]
        self.market = [[self.eta[j][k] / self.eps[k] / markup[j][k] for k in range(s)] for j in range(n)]
        self.cost = [[1 if self.delivered[k] else 1 / markup[j][k] for k in range(s)] for j in range(n)]
        self.t, self.z = t or zeros(n, n, s), z or zeros(n, n, s)
        self.r = r or zeros(n, s)
        self.spent = [[sum(self.x[i][j][k] for i in range(n)) for k in range(s)] for j in range(n)]
        self.lam = [[[self.x[i][j][k] / self.spent[j][k] for k in range(s)] for j in range(n)] for i in range(n)]
        self.base = self.accounts(self.x, self.t, self.z, self.r)
        self.labour = self.base["labour"]
        self.final = [[self.spent[j][k] - self.base["bought"][j][k] for k in range(s)] for j in range(n)]
        self.income = [sum(row) for row in self.final]
        self.beta = [[v / self.income[j] for v in self.final[j]] for j in range(n)]
        self.deficit = [self.income[j] - self.labour[j] - self.base["profits"][j] - self.base["revenue"][j]
                        for j in range(n)]

    def accounts(self, x, t, z, r):
        """Where the money goes that is spent at these flows and taxes."""
        n, s = self.n, self.s
        out = {"bundle": zeros(n, s), "services": zeros(n), "profits": zeros(n), "revenue": zeros(n),
               "entry": zeros(n, s), "bought": zeros(n, s), "border": zeros(n, n, s), "net": zeros(n, n, s)}
        for i in range(n):
            for j in range(n):
                for k in range(s):
                    v, u, h = x[i][j][k], (1 + z[i][j][k]) * (1 + r[i][k]), self.cost[j][k]
                    kt = h * t[i][j][k] / (1 + t[i][j][k])
                    kz = h * (1 - 1 / u) / (1 + t[i][j][k])
                    e = v / ((1 + t[i][j][k]) * u) if self.delivered[k] else v
                    services = self.nu[j][k] * self.market[j][k] * e
                    profits = self.profit[j][k] * e
                    kept = profits if self.restricted[k] else 0
                    out["bundle"][i][k] += (1 - kt - kz) * v - services - kept
                    out["services"][j] += services
                    out["profits"][i] += kept
                    out["entry"][i][k] += profits
                    out["revenue"][j] += kt * v
                    out["revenue"][i] += kz * v
                    out["border"][i][j][k] = v / (1 + t[i][j][k])
                    out["net"][i][j][k] = e
        out["labour"] = [sum(self.gamma[i][k] * out["bundle"][i][k] for k in range(s)) + out["services"][i]
                         for i in range(n)]
        if self.inputs:
            for i in range(n):
                for k in range(s):
                    out["bought"][i][k] = sum(self.inputs[i][k][m] * out["bundle"][i][m] for m in range(s))
        return out

    # The unknowns in one list: wages, incomes, entrants, and with inputs spending and prices, then labour.
    def unpack(self, q):
        n, s = self.n, self.s
        u, y, at = q[:n], q[n:2 * n], 2 * n
        entry = zeros(n, s)
        for i, k in self.entrants:
            entry[i][k] = q[at]
            at += 1
        if self.inputs:
            x = [[q[at + j * s + k] for k in range(s)] for j in range(n)]
            at += n * s
            p = [[q[at + j * s + k] for k in range(s)] for j in range(n)]
            at += n * s
        else:
            x, p = [[y[j]] * s for j in range(n)], None
        return u, y, entry, x, p, (q[at:] if self.chi > 0 else [mpf(0)] * n)

    def count(self):
        n, s = self.n, self.s
        return 2 * n + len(self.entrants) + (2 * n * s if self.inputs else 0) + (n if self.chi > 0 else 0)

    def state(self, q, policy):
        """Everything at these unknowns, with what is left over in the conditions."""
        n, s = self.n, self.s
        t, z, r, tau, f, deficit = policy
        u, y, entry, x, p, supply = self.unpack(q)
        cost = [[self.gamma[i][k] * u[i] + (sum(self.inputs[i][m][k] * p[i][m] for m in range(s)) if self.inputs else 0)
                 for k in range(s)] for i in range(n)]
        flows, prices, shares = zeros(n, n, s), zeros(n, s), zeros(n, n, s)
        for j in range(n):
            for k in range(s):
                eta, nu, v = self.eta[j][k], self.nu[j][k], []
                for i in range(n):
                    if self.lam[i][j][k] == 0:
                        v.append(mpf(0))
                        continue
                    tax = log((1 + t[i][j][k]) * (1 + z[i][j][k]) * (1 + r[i][k])
                              / ((1 + self.t[i][j][k]) * (1 + self.z[i][j][k]) * (1 + self.r[i][k])))
                    fixed = log(f[i][j][k]) + (1 - nu) * cost[i][k] + nu * u[j] + (tax if self.delivered[k] else 0)
                    v.append(self.lam[i][j][k] * exp(
                        self.eps[k] * self.psi[k] * entry[i][k]
                        - self.eps[k] * (cost[i][k] + log(tau[i][j][k]) + tax) - eta * fixed))
                total = sum(v)
                prices[j][k] = -(eta * x[j][k] + log(total)) / self.eps[k]
                for i in range(n):
                    shares[i][j][k] = v[i] / total
                    flows[i][j][k] = shares[i][j][k] * self.spent[j][k] * exp(x[j][k])
        a = self.accounts(flows, t, z, r)
        wages = [self.labour[i] * exp(u[i] + supply[i]) for i in range(n)]
        consumer = [sum(self.beta[j][k] * prices[j][k] for k in range(s)) for j in range(n)]
        left = [a["labour"][i] / wages[i] - 1 for i in range(n)]
        left[max(range(n), key=lambda i: self.labour[i])] = sum(wages) / sum(self.labour) - 1
        incomes = [self.income[j] * exp(y[j]) for j in range(n)]
        left += [(wages[j] + a["profits"][j] + a["revenue"][j] + deficit[j]) / incomes[j] - 1 for j in range(n)]
        left += [log(a["entry"][i][k] / self.base["entry"][i][k]) - cost[i][k] - entry[i][k] for i, k in self.entrants]
        if self.inputs:
            left += [(self.beta[j][k] * incomes[j] + a["bought"][j][k]) / (self.spent[j][k] * exp(x[j][k])) - 1
                     for j in range(n) for k in range(s)]
            left += [p[j][k] - prices[j][k] for j in range(n) for k in range(s)]
        if self.chi > 0:  # revenue is a lump sum in all cases that ask for this
            left += [supply[j] - self.chi * (u[j] - consumer[j]) for j in range(n)]
        welfare = [y[j] - consumer[j] for j in range(n)]
        if self.chi > 0:
            for j in range(n):
                d = self.income[j] / (self.income[j] - self.chi / (1 + self.chi) * self.labour[j])
                welfare[j] = log(d * exp(welfare[j]) + (1 - d) * exp((1 + 1 / self.chi) * supply[j]))
        a.update(u=u, y=y, entrants=entry, x=x, cost=cost, prices=prices, consumer=consumer, flows=flows, shares=shares,
                 welfare=welfare, supply=supply, incomes=incomes, wages=wages, left=left)
        return a

    def policy(self, t=None, z=None, r=None, tau=None, f=None, deficit=None):
        n, s = self.n, self.s
        return (t or self.t, z or self.z, r or self.r, tau or filled(1, n, n, s), f or filled(1, n, n, s),
                deficit or zeros(n))

    def slopes(self, q, policy):
        at = self.state(q, policy)["left"]
        out = mp.matrix(len(q), len(q))
        for c in range(len(q)):
            moved = list(q)
            moved[c] += STEP
            for row, value in enumerate(self.state(moved, policy)["left"]):
                out[row, c] = (value - at[row]) / STEP
        return out

    def solve(self, policy, start=None, inverse=None, accurate=mpf(10)**-30):
        """The state; with `inverse`, the inverse of the slopes near by, no other is made."""
        q = list(start) if start else [mpf(0)] * self.count()
        for _ in range(80):
            at = self.state(q, policy)
            left = max(abs(v) for v in at["left"])
            if left < accurate:
                at["q"] = q
                return at
            change = -((inverse if inverse is not None else self.slopes(q, policy)**-1) * mp.matrix(at["left"]))
            scale = 1 / max(mpf(1), max(abs(v) for v in change))
            q = [v + scale * c for v, c in zip(q, change)]
        raise ArithmeticError("Newton's method does not converge")
