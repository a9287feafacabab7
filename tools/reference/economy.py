"""The symmetric Melitz economy in multiple precision.

Free entry f J(x) + n f_x J(x c) = delta f_e is solved for u = ln x, where c is the
ratio of the export to the domestic cutoff, and one market with fixed cost f + n f_x
where every producer exports (iceberg^p f_x <= f, p = elasticity - 1).  The cutoff is
latent: it may lie below the support.  Everything else follows from it.
"""

from mpmath import mp, mpf

import laws


def solve_log_cutoff(law, r, markets, cost):
    """u with sum over (fixed, shift) in markets of fixed J(exp(u + shift)) = cost; shift of the first is zero.

    J(x) lies between M x^-r - 1 and M x^-r with M = E[phi^r], which brackets the root.
    The left side is convex and decreasing in u, so Newton from the left is monotone.
    """
    log_m = law.log_moment(r)
    home = markets[0][0]
    whole = mp.fsum(f * mp.exp(-r * shift) for f, shift in markets)
    low = (log_m - mp.log(cost / home + 1)) / r
    high = (log_m - mp.log(cost / whole)) / r

    def surplus(u):
        return mp.fsum(f * laws.excess(law, u + shift, r) for f, shift in markets) - cost

    with mp.workdps(25):
        left, right = low - mpf(10)**-15 * (1 + abs(low)), high
        while right - left > mpf(10)**-6 * min(1, right - left + 1) and right - left > mpf(10)**-14 * abs(right):
            middle = (left + right) / 2
            if surplus(middle) >= 0:
                left = middle
            else:
                right = middle
    u = +left
    for _ in range(200):
        slope = mp.fsum(f * law.scaled_moment(u + shift, r) for f, shift in markets) * r
        step = surplus(u) / slope
        u += step
        if abs(step) < mpf(10)**(8 - mp.dps) * (1 + abs(u)):
            return u
    raise ArithmeticError("the cutoff did not converge")


def equilibrium(law, elasticity, fixed_cost, entry_cost, death_rate, labor, partners=0,
                iceberg_cost=None, export_fixed_cost=None):
    """All outputs of the symmetric economy, closed if there are no partners."""
    sigma, f, n = elasticity, fixed_cost, partners
    p = sigma - 1
    rho = p / sigma
    cost = death_rate * entry_cost
    e = {}
    if n == 0:
        e["regime"] = "closed"
        u = solve_log_cutoff(law, p, [(f, mpf(0))], cost)
        u_latent, u_export, u_export_latent, freeness, fx = u, mp.inf, mp.inf, mpf(0), mpf(0)
    else:
        tau, fx = iceberg_cost, export_fixed_cost
        freeness = tau**-p
        shift = mp.log(tau) + mp.log(fx / f) / p
        if tau**p * fx <= f:
            e["regime"] = "all_export"
            u = solve_log_cutoff(law, p, [(f + n * fx, mpf(0))], cost)
            u_latent = u + mp.log(f * (1 + n * freeness) / (f + n * fx)) / p
            u_export, u_export_latent = u, u_latent + shift
        else:
            e["regime"] = "selection"
            u = solve_log_cutoff(law, p, [(f, mpf(0)), (n * fx, shift)], cost)
            u_latent, u_export = u, u + shift
            u_export_latent = u_export
    # in units of f phi_d^-p: tail moments relative to the latent domestic cutoff phi_d
    home = law.scaled_moment(u, p) * mp.exp(p * (u - u_latent))
    abroad = mpf(0)
    survival, survival_export = law.survival(u), mpf(0)
    if n > 0:
        survival_export = law.survival(u_export)
        abroad = n * freeness * law.scaled_moment(u_export, p) * mp.exp(p * (u_export - u_latent))
    variable_profit = f * (home + abroad)
    fixed = f * survival + n * fx * survival_export
    alive = labor / (sigma * variable_profit)
    welfare = (labor / (sigma * f))**(1 / p) * rho * mp.exp(u_latent)
    # P^(1-sigma) = rho^p m [M(phi*) + n tau^-p M(phi_x*)]; the moments above are in units of phi_d^p
    price = (rho**p * alive * (home + abroad))**(-1 / p) * mp.exp(-u_latent)
    if abs(variable_profit - fixed - cost) > mpf(10)**-35 * (variable_profit + cost):
        raise ArithmeticError("free entry is not met")
    if abs(price * welfare - 1) > mpf(10)**-35:
        raise ArithmeticError("the price index and welfare disagree")

    def average(v, s):
        moment = law.scaled_moment(v, p)
        return (moment / s)**(1 / p) * mp.exp(v) if s > 0 else mp.nan

    e.update(
        log_cutoff=u, log_export_cutoff=u_export,
        cutoff=mp.exp(u), export_cutoff=mp.exp(u_export),
        lowest_producing_productivity=mp.exp(max(u, law.lower_end())),
        domestic_cutoff=mp.exp(u_latent), latent_export_cutoff=mp.exp(u_export_latent),
        probability_of_producing=survival, export_survival=survival_export, share_exporting=survival_export / survival,
        average_productivity=average(u, survival),
        average_export_productivity=average(u_export, survival_export) if n > 0 else mp.nan,
        mass_entrants=alive, mass_entrants_per_period=death_rate * alive,
        mass_producers=alive * survival, mass_exporters=alive * survival_export,
        mass_varieties=alive * (survival + n * survival_export),
        average_profit=cost / survival, average_revenue=sigma * variable_profit / survival,
        price_index=price, welfare=welfare, domestic_share=home / (home + abroad),
        demand=f * mp.exp(-p * u_latent),
        labor_entry=death_rate * alive * entry_cost, labor_fixed=alive * f * survival,
        labor_export_fixed=alive * n * fx * survival_export,
        labor_variable=alive * p * variable_profit,
        exporter_intensity=n * freeness / (1 + n * freeness),
        export_share=abroad / (home + abroad))
    return e
