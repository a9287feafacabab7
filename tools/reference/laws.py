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

    def far_below(self):
        return self.inner.far_below()

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


class PiecewiseLogNormal(Law):
    """A normal density of ln phi between two places, exponential beyond, with density and slope continuous; there is a
    lower line only with a lower shape.  Pieces are integrated one by one."""

    def __init__(self, log_mean, log_sd, upper_shape, lower_shape=None):
        self.log_mean, self.log_sd = log_mean, log_sd
        self.upper_shape, self.lower_shape = upper_shape, lower_shape
        peak = 1 / (log_sd * mp.sqrt(2 * mp.pi))
        self.upper_join = log_mean + upper_shape * log_sd**2
        self.lower_join = -INF if lower_shape is None else log_mean - lower_shape * log_sd**2
        self.at_upper = peak * mp.exp(-(upper_shape * log_sd)**2 / 2)
        self.at_lower = mpf(0) if lower_shape is None else peak * mp.exp(-(lower_shape * log_sd)**2 / 2)
        self.mass = mpf(1)
        self.mass = self.whole(0)

    def moment_exists(self, r):
        return self.upper_shape > r

    def far_below(self):
        return self.log_mean - 60 * self.log_sd - (0 if self.lower_shape is None else 200 / self.lower_shape)

    def between(self, a, b, r):
        """E[phi^r; a < ln phi < b] over e^(r log_mean), of the normal piece."""
        s, shift = self.log_sd, r * self.log_sd**2
        z = [-INF if t == -INF else (t - self.log_mean - shift) / s for t in (a, b)]
        return mp.exp((r * s)**2 / 2) * difference(lambda: (mp.ncdf(z[1]), mp.ncdf(z[0])) if z[1] < 0 else
                                                   (mp.ncdf(-z[0]), mp.ncdf(-z[1])))

    def above(self, t, r):
        """E[phi^r; ln phi > t] over e^(r log_mean)."""
        k, m, top = self.upper_shape, self.log_mean, self.upper_join
        start = max(t, top)
        total = self.at_upper / (k - r) * mp.exp(-k * (start - top) + r * (start - m))
        if t < top and max(t, self.lower_join) < top:
            total += self.between(max(t, self.lower_join), top, r)
        if t < self.lower_join:
            low, bottom = self.lower_shape, self.lower_join
            line = mpf(1) if t == -INF else -mp.expm1((low + r) * (t - bottom))
            total += self.at_lower * mp.exp(r * (bottom - m)) * line / (low + r)
        return total / self.mass

    def whole(self, r):
        return self.above(-INF, r)

    def survival(self, t):
        return self.above(t, 0)

    def cdf(self, t):
        if t > self.upper_join:
            return 1 - self.above(t, 0)
        total = mpf(0)
        if self.lower_shape is not None:
            total = self.at_lower / self.lower_shape * mp.exp(self.lower_shape * min(t - self.lower_join, mpf(0)))
        if t > self.lower_join:
            total += self.between(self.lower_join, t, 0)
        return total / self.mass

    def scaled_moment(self, t, r):
        return self.above(t, r) * mp.exp(r * (self.log_mean - t))

    def density(self, t):
        if t >= self.upper_join:
            return self.at_upper * mp.exp(-self.upper_shape * (t - self.upper_join)) / self.mass
        if t < self.lower_join:
            return self.at_lower * mp.exp(self.lower_shape * (t - self.lower_join)) / self.mass
        return mp.npdf((t - self.log_mean) / self.log_sd) / self.log_sd / self.mass

    def log_moment(self, r):
        return mp.log(self.whole(r)) + r * self.log_mean


class NormalAndExponential(Law):
    """ln phi is normal, plus an exponential draw of rate `shape`, or less one where sign is -1.  Moments are survivals
    of the law tilted by phi^r, which is of the same kind."""

    def __init__(self, log_mean, log_sd, shape, sign=1):
        self.log_mean, self.log_sd, self.shape, self.sign = log_mean, log_sd, shape, sign

    def moment_exists(self, r):
        return self.sign < 0 or self.shape > r

    def part(self, z):
        k = self.shape * self.log_sd
        return mp.exp(k * (k / 2 - z)) * mp.ncdf(z - k)

    def z(self, t):
        return (t - self.log_mean) / self.log_sd

    def survival(self, t):
        if self.sign > 0:
            return mp.ncdf(-self.z(t)) + self.part(self.z(t))
        return difference(lambda: (mp.ncdf(-self.z(t)), self.part(-self.z(t))))

    def cdf(self, t):
        if self.sign < 0:
            return mp.ncdf(self.z(t)) + self.part(-self.z(t))
        return difference(lambda: (mp.ncdf(self.z(t)), self.part(self.z(t))))

    def scaled_moment(self, t, r):
        tilted = NormalAndExponential(self.log_mean + r * self.log_sd**2, self.log_sd, self.shape - self.sign * r, self.sign)
        return mp.exp(self.log_moment(r) - r * t) * tilted.survival(t)

    def density(self, t):
        return self.shape * self.part(self.sign * self.z(t))

    def log_moment(self, r):
        k = self.shape
        return r * self.log_mean + (r * self.log_sd)**2 / 2 + mp.log(k / (k - self.sign * r))


def double_pareto_lognormal(log_mean, log_sd, upper_shape, lower_shape):
    whole = upper_shape + lower_shape
    return Mixture([lower_shape / whole, upper_shape / whole], [NormalAndExponential(log_mean, log_sd, upper_shape),
                                                                NormalAndExponential(log_mean, log_sd, lower_shape, -1)])


class SinghMaddala(Law):
    """P(phi >= x) = (1 + (x/scale)^steepness)^-tail_power; the moment is an incomplete beta function."""

    def __init__(self, scale, steepness, tail_power):
        self.scale, self.steepness, self.tail_power = scale, steepness, tail_power

    def moment_exists(self, r):
        return self.steepness * self.tail_power > r

    def v(self, t):
        return self.steepness * (t - mp.log(self.scale))

    def share_above(self, t):
        return 1 / (1 + mp.exp(self.v(t)))

    def survival(self, t):
        return mp.exp(-self.tail_power * mp.log1p(mp.exp(self.v(t))))

    def cdf(self, t):
        return -mp.expm1(-self.tail_power * mp.log1p(mp.exp(self.v(t))))

    def scaled_moment(self, t, r):
        p = r / self.steepness
        return self.tail_power * mp.exp(-p * self.v(t)) * mp.betainc(self.tail_power - p, 1 + p, 0, self.share_above(t))

    def density(self, t):
        return self.steepness * self.tail_power * self.survival(t) / (1 + mp.exp(-self.v(t)))

    def log_moment(self, r):
        p, g = r / self.steepness, self.tail_power
        return r * mp.log(self.scale) + mp.loggamma(g - p) + mp.loggamma(1 + p) - mp.loggamma(g)


class Dagum(Law):
    """P(phi < x) = (1 + (x/scale)^-steepness)^-lower_power; the moment is an incomplete beta function."""

    def __init__(self, scale, steepness, lower_power):
        self.scale, self.steepness, self.lower_power = scale, steepness, lower_power

    def moment_exists(self, r):
        return self.steepness > r

    def v(self, t):
        return self.steepness * (t - mp.log(self.scale))

    def cdf(self, t):
        return mp.exp(-self.lower_power * mp.log1p(mp.exp(-self.v(t))))

    def survival(self, t):
        return -mp.expm1(-self.lower_power * mp.log1p(mp.exp(-self.v(t))))

    def scaled_moment(self, t, r):
        p, w = r / self.steepness, 1 / (1 + mp.exp(self.v(t)))
        return self.lower_power * mp.exp(-p * self.v(t)) * mp.betainc(1 - p, self.lower_power + p, 0, w)

    def density(self, t):
        return self.steepness * self.lower_power * self.cdf(t) / (1 + mp.exp(self.v(t)))

    def log_moment(self, r):
        p, g = r / self.steepness, self.lower_power
        return r * mp.log(self.scale) + mp.loggamma(1 - p) + mp.loggamma(g + p) - mp.loggamma(g)


class GeneralizedGamma(Law):
    """(phi/scale)^power has a gamma law; survival and moment are incomplete gamma functions."""

    def __init__(self, scale, gamma_shape, power):
        self.scale, self.gamma_shape, self.power = scale, gamma_shape, power

    def y(self, t):
        return mp.exp(self.power * (t - mp.log(self.scale)))

    def survival(self, t):
        return mp.gammainc(self.gamma_shape, self.y(t), regularized=True)

    def cdf(self, t):
        return mp.gammainc(self.gamma_shape, 0, self.y(t), regularized=True)

    def scaled_moment(self, t, r):
        a, y = self.gamma_shape, self.y(t)
        return mp.gammainc(a + r / self.power, y) / mp.gamma(a) * y**(-r / self.power)

    def density(self, t):
        a, y = self.gamma_shape, self.y(t)
        return self.power * mp.exp(a * mp.log(y) - y - mp.loggamma(a))

    def log_moment(self, r):
        a = self.gamma_shape
        return r * mp.log(self.scale) + mp.loggamma(a + r / self.power) - mp.loggamma(a)


FAMILIES = {
    "pareto": (Pareto, ("scale", "shape")),
    "bounded_pareto": (BoundedPareto, ("lower", "upper", "shape")),
    "lognormal": (LogNormal, ("log_mean", "log_sd")),
    "frechet": (Frechet, ("scale", "shape")),
    "weibull": (Weibull, ("scale", "shape")),
    "exponential": (Exponential, ("rate",)),
    "uniform": (Uniform, ("lower", "upper")),
    "degenerate": (Degenerate, ("value",)),
    "spliced_lognormal_pareto": (PiecewiseLogNormal, ("log_mean", "log_sd", "shape")),
    "three_piece": (PiecewiseLogNormal, ("log_mean", "log_sd", "upper_shape", "lower_shape")),
    "pareto_lognormal": (NormalAndExponential, ("log_mean", "log_sd", "shape")),
    "double_pareto_lognormal": (double_pareto_lognormal, ("log_mean", "log_sd", "upper_shape", "lower_shape")),
    "singh_maddala": (SinghMaddala, ("scale", "steepness", "tail_power")),
    "dagum": (Dagum, ("scale", "steepness", "lower_power")),
    "generalized_gamma": (GeneralizedGamma, ("scale", "gamma_shape", "power")),
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
    """Points where the density of ln phi jumps or has a kink."""
    if isinstance(law, Mixture):
        return [k for c in law.components for k in kinks(c)]
    if isinstance(law, PiecewiseLogNormal):
        return [e for e in (law.lower_join, law.upper_join) if mp.isfinite(e)]
    return [e for e in (law.lower_end(), law.upper_end()) if mp.isfinite(e)]
