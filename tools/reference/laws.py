"""Productivity laws in multiple precision, as functions of t = ln x.

For each law: survival P(phi >= x), cdf P(phi < x), the scaled tail moment
A = E[(phi/x)^r 1{phi >= x}], and the density of ln phi at t, from the closed forms
noted above each class.  From these `excess` forms J = A - P(phi >= x); differences
that cancel are taken with more digits.  Nothing is cached, so every value is exact to
the current precision.  A point below the support needs no special case for the caller:
the survival is one there and the moment is the whole moment.
"""

from mpmath import mp, mpf

INF = mp.inf


def difference(parts):
    """a - b > 0 for (a, b) = parts(), with as many extra digits as the difference loses."""
    extra = 20
    while extra < 5000:
        with mp.workdps(mp.dps + extra):
            a, b = parts()
            d = a - b
            enough = d > 0 and -mp.log10(d / a) < extra - 5
        if enough:
            return +d
        extra *= 2
    raise ArithmeticError("a difference that should be positive cancels completely")


class Law:
    """Base: a law without atoms on [exp(lower_end), exp(upper_end)]."""

    has_density = True

    def lower_end(self):
        return -INF

    def upper_end(self):
        return INF

    def moment_exists(self, r):
        return True

    def atoms(self):
        return []

    def survival(self, t):
        if t <= self.lower_end():
            return mpf(1)
        if t >= self.upper_end():
            return mpf(0)
        return self.survival_inside(t)

    def cdf(self, t):
        if t <= self.lower_end():
            return mpf(0)
        if t >= self.upper_end():
            return mpf(1)
        return self.cdf_inside(t)

    def scaled_moment(self, t, r):
        if t >= self.upper_end():
            return mpf(0)
        start = max(t, self.lower_end())
        return mp.exp(r * (start - t)) * self.scaled_moment_inside(start, r)

    def density(self, t):
        if t < self.lower_end() or t > self.upper_end():
            return mpf(0)
        return self.density_inside(t)

    def log_moment(self, r):
        """ln E[phi^r]."""
        t = self.lower_end()
        if not mp.isfinite(t):
            t = self.far_below()
        return mp.log(self.scaled_moment(t, r)) + r * t


class Pareto(Law):
    """P(phi >= x) = (scale/x)^shape."""

    def __init__(self, scale, shape):
        self.scale, self.shape = scale, shape

    def lower_end(self):
        return mp.log(self.scale)

    def moment_exists(self, r):
        return self.shape > r

    def survival_inside(self, t):
        return mp.exp(-self.shape * (t - self.lower_end()))

    def cdf_inside(self, t):
        return -mp.expm1(-self.shape * (t - self.lower_end()))

    def scaled_moment_inside(self, t, r):
        return self.shape / (self.shape - r) * self.survival_inside(t) if t > self.lower_end() \
            else self.shape / (self.shape - r)

    def density_inside(self, t):
        return self.shape * mp.exp(-self.shape * (t - self.lower_end()))


class BoundedPareto(Law):
    """Density of phi proportional to phi^(-shape-1) on [lower, upper]."""

    def __init__(self, lower, upper, shape):
        self.lower, self.upper, self.shape = lower, upper, shape

    def lower_end(self):
        return mp.log(self.lower)

    def upper_end(self):
        return mp.log(self.upper)

    def mass(self):
        return -mp.expm1(-self.shape * (self.upper_end() - self.lower_end()))

    def from_lower(self, t):
        return mp.exp(-self.shape * (t - self.lower_end()))

    def survival_inside(self, t):
        return -mp.expm1(-self.shape * (self.upper_end() - t)) * self.from_lower(t) / self.mass()

    def cdf_inside(self, t):
        return -mp.expm1(-self.shape * (t - self.lower_end())) / self.mass()

    def scaled_moment_inside(self, t, r):
        gap, rate = self.upper_end() - t, self.shape - r
        integral = gap if rate == 0 else -mp.expm1(-rate * gap) / rate
        return self.shape * self.from_lower(t) * integral / self.mass()

    def density_inside(self, t):
        return self.shape * self.from_lower(t) / self.mass()


class LogNormal(Law):
    """ln phi is normal with mean log_mean and standard deviation log_sd."""

    def __init__(self, log_mean, log_sd):
        self.log_mean, self.log_sd = log_mean, log_sd

    def far_below(self):
        return self.log_mean - 40 * self.log_sd

    def z(self, t):
        return (t - self.log_mean) / self.log_sd

    def survival_inside(self, t):
        return mp.erfc(self.z(t) / mp.sqrt(2)) / 2

    def cdf_inside(self, t):
        return mp.erfc(-self.z(t) / mp.sqrt(2)) / 2

    def scaled_moment_inside(self, t, r):
        s = self.log_sd
        return mp.exp(r * (self.log_mean - t) + (r * s)**2 / 2) * mp.erfc((self.z(t) - r * s) / mp.sqrt(2)) / 2

    def density_inside(self, t):
        return mp.npdf(self.z(t)) / self.log_sd

    def log_moment(self, r):
        return r * self.log_mean + (r * self.log_sd)**2 / 2


class Frechet(Law):
    """P(phi < x) = exp(-(x/scale)^-shape); the moment is a lower incomplete gamma function."""

    def __init__(self, scale, shape):
        self.scale, self.shape = scale, shape

    def moment_exists(self, r):
        return self.shape > r

    def power(self, t):
        return mp.exp(-self.shape * (t - mp.log(self.scale)))

    def survival_inside(self, t):
        return -mp.expm1(-self.power(t))

    def cdf_inside(self, t):
        return mp.exp(-self.power(t))

    def scaled_moment_inside(self, t, r):
        a, y = 1 - r / self.shape, self.power(t)
        lower = mp.gammainc(a, 0, y) if y < 50 else mp.gamma(a) - mp.gammainc(a, y)
        return mp.exp(r * (mp.log(self.scale) - t)) * lower

    def density_inside(self, t):
        y = self.power(t)
        return self.shape * y * mp.exp(-y)

    def log_moment(self, r):
        return r * mp.log(self.scale) + mp.loggamma(1 - r / self.shape)


class Weibull(Law):
    """P(phi >= x) = exp(-(x/scale)^shape); the moment is an upper incomplete gamma function."""

    def __init__(self, scale, shape):
        self.scale, self.shape = scale, shape

    def power(self, t):
        return mp.exp(self.shape * (t - mp.log(self.scale)))

    def survival_inside(self, t):
        return mp.exp(-self.power(t))

    def cdf_inside(self, t):
        return -mp.expm1(-self.power(t))

    def scaled_moment_inside(self, t, r):
        return mp.exp(r * (mp.log(self.scale) - t)) * mp.gammainc(1 + r / self.shape, self.power(t))

    def density_inside(self, t):
        y = self.power(t)
        return self.shape * y * mp.exp(-y)

    def log_moment(self, r):
        return r * mp.log(self.scale) + mp.loggamma(1 + r / self.shape)


class Exponential(Weibull):
    """P(phi >= x) = exp(-rate x)."""

    def __init__(self, rate):
        self.rate, self.shape = rate, mpf(1)

    @property
    def scale(self):
        return 1 / self.rate


class Uniform(Law):
    """phi is uniform on [lower, upper]; lower may be zero."""

    def __init__(self, lower, upper):
        self.lower, self.upper = lower, upper

    def lower_end(self):
        return mp.log(self.lower) if self.lower > 0 else -INF

    def upper_end(self):
        return mp.log(self.upper)

    def far_below(self):
        return self.upper_end() - 500

    def survival_inside(self, t):
        return (self.upper - mp.exp(t)) / (self.upper - self.lower)

    def cdf_inside(self, t):
        return (mp.exp(t) - self.lower) / (self.upper - self.lower)

    def scaled_moment_inside(self, t, r):
        x = mp.exp(t)
        return x * mp.expm1((r + 1) * (self.upper_end() - t)) / ((r + 1) * (self.upper - self.lower))

    def density_inside(self, t):
        return mp.exp(t) / (self.upper - self.lower)

    def log_moment(self, r):
        whole = self.upper**(r + 1) - self.lower**(r + 1)
        return mp.log(whole / ((r + 1) * (self.upper - self.lower)))


class Mixture(Law):
    """Weighted sum of other laws; the weights sum to one."""

    def __init__(self, weights, components):
        if abs(mp.fsum(weights) - 1) > mpf(10)**-30:
            raise ValueError("weights of a mixture must sum to one")
        self.weights, self.components = weights, components
        self.has_density = all(c.has_density for c in components)

    def total(self, values):
        return mp.fsum(w * v for w, v in zip(self.weights, values))

    def lower_end(self):
        return min(c.lower_end() for c in self.components)

    def upper_end(self):
        return max(c.upper_end() for c in self.components)

    def moment_exists(self, r):
        return all(c.moment_exists(r) for c in self.components)

    def atoms(self):
        return [a for c in self.components for a in c.atoms()]

    def survival(self, t):
        return self.total(c.survival(t) for c in self.components)

    def cdf(self, t):
        return self.total(c.cdf(t) for c in self.components)

    def scaled_moment(self, t, r):
        return self.total(c.scaled_moment(t, r) for c in self.components)

    def density(self, t):
        return self.total(c.density(t) for c in self.components)

    def log_moment(self, r):
        return mp.log(self.total(mp.exp(c.log_moment(r)) for c in self.components))


class Discrete(Law):
    """Atoms at `values`; an atom at x itself counts in the survival.  A value of zero is certain exit."""

    has_density = False

    def __init__(self, values, weights):
        if abs(mp.fsum(weights) - 1) > mpf(10)**-30:
            raise ValueError("weights of a discrete law must sum to one")
        self.values, self.weights = values, weights

    def log_value(self, v):
        return mp.log(v) if v > 0 else -INF

    def lower_end(self):
        return min(self.atoms())

    def upper_end(self):
        return max(self.atoms())

    def atoms(self):
        return [self.log_value(v) for v in self.values]

    def survival(self, t):
        return mp.fsum(w for v, w in zip(self.values, self.weights) if self.log_value(v) >= t)

    def cdf(self, t):
        return mp.fsum(w for v, w in zip(self.values, self.weights) if self.log_value(v) < t)

    def scaled_moment(self, t, r):
        return mp.fsum(w * mp.exp(r * (mp.log(v) - t)) for v, w in zip(self.values, self.weights)
                       if v > 0 and mp.log(v) >= t)

    def density(self, t):
        return None

    def log_moment(self, r):
        return mp.log(mp.fsum(w * v**r for v, w in zip(self.values, self.weights)))


class Degenerate(Discrete):
    """All firms have the same productivity."""

    def __init__(self, value):
        super().__init__([value], [mpf(1)])


class Truncated(Law):
    """The law `inner`, conditional on lying in [lower, upper]."""

    def __init__(self, lower, upper, inner):
        self.lower, self.upper, self.inner = lower, upper, inner

    def lower_end(self):
        return mp.log(self.lower)

    def upper_end(self):
        return mp.log(self.upper) if mp.isfinite(self.upper) else INF

    def moment_exists(self, r):
        return mp.isfinite(self.upper) or self.inner.moment_exists(r)

    def above(self):
        return self.inner.survival(self.upper_end()) if mp.isfinite(self.upper) else mpf(0)

    def mass(self):
        return difference(lambda: (self.inner.survival(self.lower_end()), self.above()))

    def survival_inside(self, t):
        return difference(lambda: (self.inner.survival(t), self.above())) / self.mass()

    def cdf_inside(self, t):
        return difference(lambda: (self.inner.survival(self.lower_end()), self.inner.survival(t))) / self.mass()

    def scaled_moment_inside(self, t, r):
        def parts():
            if not mp.isfinite(self.upper):
                return self.inner.scaled_moment(t, r), mpf(0)
            h = self.upper_end()
            return self.inner.scaled_moment(t, r), mp.exp(r * (h - t)) * self.inner.scaled_moment(h, r)
        return difference(parts) / self.mass()

    def density_inside(self, t):
        return self.inner.density(t) / self.mass()


FAMILIES = {
    "pareto": (Pareto, ("scale", "shape")),
    "bounded_pareto": (BoundedPareto, ("lower", "upper", "shape")),
    "lognormal": (LogNormal, ("log_mean", "log_sd")),
    "frechet": (Frechet, ("scale", "shape")),
    "weibull": (Weibull, ("scale", "shape")),
    "exponential": (Exponential, ("rate",)),
    "uniform": (Uniform, ("lower", "upper")),
    "degenerate": (Degenerate, ("value",)),
}


def make_law(fields):
    """A law from {"family": ..., parameters}; parameters are doubles, mpf numbers, or "inf"."""
    family = fields["family"]
    if family == "mixture":
        return Mixture([mpf(w) for w in fields["weights"]], [make_law(c) for c in fields["components"]])
    if family == "discrete":
        return Discrete([mpf(v) for v in fields["values"]], [mpf(w) for w in fields["weights"]])
    if family == "truncated":
        return Truncated(mpf(fields["lower"]), mpf(fields["upper"]), make_law(fields["law"]))
    cls, names = FAMILIES[family]
    return cls(*[mpf(fields[name]) for name in names])


def log_survival(law, t):
    """ln P(phi >= x), through the cdf where the survival is near one."""
    s = law.survival(t)
    if s == 0:
        return -INF
    return mp.log1p(-law.cdf(t)) if s > 0.5 else mp.log(s)


def excess(law, t, r):
    """J(x) = E[((phi/x)^r - 1) 1{phi >= x}]."""
    if t >= law.upper_end():
        return mpf(0)
    return difference(lambda: (law.scaled_moment(t, r), law.survival(t)))


def excess_by_quadrature(law, t, r):
    """The same integral over the density of ln phi, by quadrature; for verification only."""
    scale = law.survival(t)  # the quadrature judges its error in absolute terms

    def integrand(s):
        return mp.expm1(r * (s - t)) * law.density(s) / scale
    start = max(t, law.lower_end())
    end = law.upper_end()
    if not mp.isfinite(end):
        # walk right until the integrand is negligible, doubling the step
        step = end = mpf(1)
        while integrand(start + end) > mpf(10)**(-mp.dps - 8) * integrand(start + mpf(1) / 8) \
                or law.density(start + end) > law.density(start):
            step *= mpf('1.3')
            end += step
        end += start
    pieces = 24
    knots = [start + (end - start) * k / pieces for k in range(pieces + 1)]
    inner = [k for k in kinks(law) if start < k < end]
    return scale * mp.quad(integrand, sorted(set(knots + inner)))


def kinks(law):
    """Points where the density of ln phi jumps."""
    if isinstance(law, Mixture):
        return [k for c in law.components for k in kinks(c)]
    return [e for e in (law.lower_end(), law.upper_end()) if mp.isfinite(e)]
