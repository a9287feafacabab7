"""Wages of those in work, where firm phi of segment k pays w = step_k phi^e and has the wage bill slope_k phi^r.

From the definitions, with the closed forms of the law's moments at the powers r and r - e and its density:
workers are the bill over the wage, the Theil index is E[(w/mean) ln(w/mean)] and the Gini index is twice the area
between the Lorenz curve and the diagonal, both by integration over firms.
"""

from mpmath import mp, mpf


def of_segments(law, r, e, segments):
    """segments: (slope, step, begin) by ascending log productivity `begin`, at least the lower end of the support."""
    ends = [s[2] for s in segments[1:]] + [law.upper_end()]

    def moment(t, p):
        return law.scaled_moment(t, p) * mp.exp(p * t) if mp.isfinite(t) and t < law.upper_end() else mpf(0)

    bills = [s[0] * (moment(s[2], r) - moment(end, r)) for s, end in zip(segments, ends)]
    workers = [s[0] / s[1] * (moment(s[2], r - e) - moment(end, r - e)) for s, end in zip(segments, ends)]
    bill, work = mp.fsum(bills), mp.fsum(workers)
    mean = bill / work
    theil = area = mpf(0)
    for k, ((slope, step, begin), end) in enumerate(zip(segments, ends)):
        later = mp.fsum(bills[k + 1:])
        stops = [begin] + [begin + mpf(w) for w in ("0.25", "0.5", "1", "2", "4", "8", "16", "32") if begin + mpf(w) < end]

        def relative(t):
            return step * mp.exp(e * t) / mean

        def hired(t):  # workers per unit of log productivity
            return slope / step * mp.exp((r - e) * t) * law.density(t) / work

        def paid_above(t):
            return (slope * (moment(t, r) - moment(end, r)) + later) / bill

        theil += mp.quad(lambda t: hired(t) * relative(t) * mp.log(relative(t)), stops + [end])
        area += mp.quad(lambda t: hired(t) * paid_above(t), stops + [end])
    return {"mean": mean, "theil": theil, "gini": 2 * area - 1, "employment": [w / work for w in workers]}
