"""Laws of ln size from their definitions, for the programs that estimate them: densities and shares in multiple
precision, where nothing needs care, so that they are written as they stand in papers. A law knows its parameters by the
names that the reference files have."""

from mpmath import mp, mpf


def normal_density(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def below(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


class Lognormal:
    NAMES = ["log_mean", "log_sd"]

    def __init__(self, mean, sd):
        self.mean, self.sd = mean, sd

    def density(self, t):
        return normal_density((t - self.mean) / self.sd) / self.sd

    def survival(self, t):
        return below((self.mean - t) / self.sd)

    def moment_above(self, t):
        """E[size 1{ln size >= t}]."""
        return mp.exp(self.mean + self.sd**2 / 2) * below((self.mean + self.sd**2 - t) / self.sd)


class Pareto:
    NAMES = ["shape"]

    def __init__(self, shape, start=mpf(0)):
        self.shape, self.start = shape, start

    def density(self, t):
        return self.shape * mp.exp(-self.shape * (t - self.start))

    def survival(self, t):
        return mp.exp(-self.shape * (t - self.start)) if t > self.start else mpf(1)

    def moment_above(self, t):
        at = max(t, self.start)
        return mp.inf if self.shape <= 1 else mp.exp(at) * self.survival(at) * self.shape / (self.shape - 1)


class Weibull:
    NAMES = ["log_scale", "shape"]

    def __init__(self, log_scale, shape):
        self.log_scale, self.shape = log_scale, shape

    def density(self, t):
        y = mp.exp(self.shape * (t - self.log_scale))
        return self.shape * y * mp.exp(-y)

    def survival(self, t):
        return mp.exp(-mp.exp(self.shape * (t - self.log_scale)))


class Spliced:
    """Log-normal up to a join, Pareto above: density and slope are continuous there."""
    NAMES = ["log_mean", "log_sd", "shape"]

    def __init__(self, mean, sd, shape):
        self.mean, self.sd, self.shape = mean, sd, shape
        self.join = mean + shape * sd**2
        at = normal_density((self.join - mean) / sd) / sd
        self.body = 1 / (below((self.join - mean) / sd) + at / shape)  # times the normal density, body and tail are one

    def density(self, t):
        if t < self.join:
            return self.body * normal_density((t - self.mean) / self.sd) / self.sd
        at = normal_density((self.join - self.mean) / self.sd) / self.sd
        return self.body * at * mp.exp(-self.shape * (t - self.join))

    def survival(self, t):
        if t < self.join:
            return 1 - self.body * below((t - self.mean) / self.sd)
        return self.density(t) / self.shape

    def moment_above(self, t):
        at = max(t, self.join)
        tail = self.shape / (self.shape - 1) * mp.exp(at) * self.survival(at) if self.shape > 1 else mp.inf
        if t >= self.join:
            return tail
        whole = Lognormal(self.mean, self.sd)
        return tail + self.body * (whole.moment_above(t) - whole.moment_above(self.join))


class ParetoLognormal:
    """A normal number plus an exponential one."""
    NAMES = ["log_mean", "log_sd", "shape"]

    def __init__(self, mean, sd, shape):
        self.mean, self.sd, self.shape = mean, sd, shape

    def extra(self, t):
        z, c = (t - self.mean) / self.sd, self.shape * self.sd
        return mp.exp(c * c / 2 - c * z) * below(z - c)

    def density(self, t):
        return self.shape * self.extra(t)

    def survival(self, t):
        return below((self.mean - t) / self.sd) + self.extra(t)

    def moment_above(self, t):
        """By parts of the exponential: a mixture over where it is above t."""
        if self.shape <= 1:
            return mp.inf
        normal = Lognormal(self.mean, self.sd).moment_above(t)
        return self.shape / (self.shape - 1) * (normal + mp.exp(t) * self.extra(t))


class DoubleParetoLognormal:
    NAMES = ["log_mean", "log_sd", "upper_shape", "lower_shape"]

    def __init__(self, mean, sd, upper, lower):
        self.mean, self.sd, self.upper, self.lower = mean, sd, upper, lower

    def halves(self, t):
        z, a, b = (t - self.mean) / self.sd, self.upper * self.sd, self.lower * self.sd
        return mp.exp(a * a / 2 - a * z) * below(z - a), mp.exp(b * b / 2 + b * z) * below(-z - b)

    def density(self, t):
        return self.upper * self.lower / (self.upper + self.lower) * sum(self.halves(t))

    def survival(self, t):
        up, down = self.halves(t)
        return below((self.mean - t) / self.sd) + (self.lower * up - self.upper * down) / (self.upper + self.lower)

    def moment_above(self, t):
        if self.upper <= 1:
            return mp.inf
        up, down = self.halves(t)
        a, b, normal = self.upper, self.lower, Lognormal(self.mean, self.sd).moment_above(t)
        return a * b / (a + b) * ((normal + mp.exp(t) * up) / (a - 1) + (normal - mp.exp(t) * down) / (b + 1))


class SinghMaddala:
    NAMES = ["log_scale", "steepness", "tail_power"]

    def __init__(self, log_scale, steepness, power):
        self.log_scale, self.steepness, self.power = log_scale, steepness, power

    def x(self, t):
        return mp.exp(self.steepness * (t - self.log_scale))

    def density(self, t):
        return self.steepness * self.power * self.x(t) * (1 + self.x(t))**(-self.power - 1)

    def survival(self, t):
        return (1 + self.x(t))**(-self.power)

    def moment_above(self, t):
        """By the incomplete beta function."""
        a, g = 1 / self.steepness, self.power
        if g * self.steepness <= 1:
            return mp.inf
        return mp.exp(self.log_scale) * g * mp.betainc(g - a, 1 + a, 0, 1 / (1 + self.x(t)))


class LogLogistic(SinghMaddala):
    NAMES = ["log_scale", "steepness"]

    def __init__(self, log_scale, steepness):
        super().__init__(log_scale, steepness, mpf(1))


class Dagum(SinghMaddala):
    NAMES = ["log_scale", "steepness", "lower_power"]

    def density(self, t):
        return self.steepness * self.power / self.x(t) * (1 + 1 / self.x(t))**(-self.power - 1)

    def survival(self, t):
        return 1 - (1 + 1 / self.x(t))**(-self.power)

    def moment_above(self, t):
        a, g = 1 / self.steepness, self.power
        if self.steepness <= 1:
            return mp.inf
        return mp.exp(self.log_scale) * g * mp.betainc(g + a, 1 - a, 1 / (1 + 1 / self.x(t)), 1)


LAWS = {"lognormal": Lognormal, "pareto": Pareto, "weibull": Weibull, "spliced": Spliced,
        "pareto_lognormal": ParetoLognormal, "double_pareto_lognormal": DoubleParetoLognormal,
        "singh_maddala": SinghMaddala, "log_logistic": LogLogistic, "dagum": Dagum}


def slopes(f, at):
    """Value, gradient and Hessian of f by central differences, exact to a third of the digits."""
    n, step = len(at), mpf(10)**(-mp.dps // 4)
    scale = [step * max(abs(x), mpf("0.01")) for x in at]

    def moved(*moves):
        x = list(at)
        for k, by in moves:
            x[k] += by * scale[k]
        return f(x)

    here = f(at)
    up, down = [moved((k, 1)) for k in range(n)], [moved((k, -1)) for k in range(n)]
    gradient = mp.matrix([(up[k] - down[k]) / (2 * scale[k]) for k in range(n)])
    hessian = mp.matrix(n, n)
    for i in range(n):
        hessian[i, i] = (up[i] - 2 * here + down[i]) / scale[i]**2
        for j in range(i):
            cross = moved((i, 1), (j, 1)) - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1)) + moved((i, -1), (j, -1))
            hessian[i, j] = hessian[j, i] = cross / (4 * scale[i] * scale[j])
    return here, gradient, hessian
