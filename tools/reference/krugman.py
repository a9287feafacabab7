"""Makes krugman.json: homogeneous firms, and heterogeneous against homogeneous firms.

Symmetric: A = (f_e + f_d)/(phi^p (1 + n tau^-p)), M = L/(sigma (f_e + f_d)),
P = [sigma A/(L rho^p)]^(1/p), p = sigma - 1.  Two countries: the relative wage
balances trade.  Comparison: the menu of home sales and home sales with exports, for
a law of productivity, for one atom, and for atoms at the two segments' means.
"""

import sys

from mpmath import mp, mpf

import laws
import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "krugman.json"


def price_index(a, labor, sigma):
    p = sigma - 1
    return (sigma * a / (labor * (p / sigma)**p))**(1 / p)


def symmetric(q):
    p, cost = q["elasticity"] - 1, q["entry_cost"] + q["fixed_cost"]
    reach = 1 + q["partners"] * q["iceberg_cost"]**-p
    a = cost / (q["productivity"]**p * reach)
    price = price_index(a, q["labor"], q["elasticity"])
    return {"demand": a, "mass_producers": q["labor"] / (q["elasticity"] * cost), "price_index": price, "welfare": 1 / price,
            "output_per_firm": p * cost * q["productivity"],
            "gains_from_trade": price_index(cost / q["productivity"]**p, q["labor"], q["elasticity"]) / price}


def two_countries(q):
    """Wage of country 2 is one.  Exports of a firm in i to j cost w_i tau/(rho phi); the root is bisected."""
    sigma, p, labor = q["elasticity"], q["elasticity"] - 1, (q["labor"], q["foreign_labor"])
    firms = [l / (sigma * q["fixed_cost"]) for l in labor]
    markup_cost = sigma / p / q["productivity"]

    def prices(w):
        """P_j^(1-sigma) of both countries at wages (w, 1)."""
        wages = [w, mpf(1)]
        return [mp.fsum(firms[i] * (wages[i] * markup_cost * (1 if i == j else q["iceberg_cost"]))**-p for i in (0, 1))
                for j in (0, 1)]

    def balance(log_w):
        w = mp.exp(log_w)
        index = prices(w)
        exports = firms[0] * (w * markup_cost * q["iceberg_cost"])**-p / index[1] * labor[1]
        imports = firms[1] * (markup_cost * q["iceberg_cost"])**-p / index[0] * w * labor[0]
        return exports - imports

    root = mp.findroot(balance, (mpf(-3), mpf(3)), solver="anderson", tol=mpf(10)**-90, maxsteps=500)
    w = mp.exp(root)
    index = [x**(-1 / p) for x in prices(w)]
    return {"wage": w, "price_index": index[0], "foreign_price_index": index[1],
            "welfare": w / index[0], "foreign_welfare": 1 / index[1],
            "mass_producers": firms[0], "foreign_mass_producers": firms[1]}


def trade_menu(law, q, tau):
    """Home sales; home sales and exports to n partners."""
    p = q["elasticity"] - 1
    return Menu(law, p, [Option("home", mpf(1), q["fixed_cost"]),
                         Option("exports", 1 + q["partners"] * tau**-p, q["fixed_cost"] + q["partners"] * q["export_fixed_cost"])])


def cutoffs(menu, a):
    """Domestic and export cutoffs; equal where home sales alone are not on the envelope."""
    start = {o.name: t for o, t in zip(menu.kept, menu.start)}
    export = (start["exports"] / a)**(1 / menu.b)
    return (start["home"] / a)**(1 / menu.b) if "home" in start else export, export


def compare_models(case, comparison):
    q = files.value(case["params"])
    p = q["elasticity"] - 1
    law = law_of(case["params"]["distribution"])
    name = case["case"]

    def moment(x):
        return law.scaled_moment(mp.log(x), p) * x**p

    def welfare(a):
        return 1 / price_index(a, q["labor"], q["elasticity"])

    autarky = Menu(law, p, [Option("home", mpf(1), q["fixed_cost"])])
    a_aut = autarky.solve(q["entry_cost"])
    cutoff = (q["fixed_cost"] / a_aut)**(1 / p)
    success = law.survival(mp.log(cutoff))
    phi_bar = (moment(cutoff) / success)**(1 / p)
    w_aut = welfare(a_aut)
    comparison.compare(case, "autarky_welfare", w_aut, name + ".W_autarky")
    comparison.compare(case, "autarky_cutoff", cutoff, name + ".cutoff_autarky")
    comparison.compare(case, "homogeneous_autarky_calibration",
                       {"success_probability": success, "phi_bar": phi_bar}, name + ".autarky_calibration")

    tau0 = files.value(case["homogeneous_open_calibration"]["calibration_iceberg_cost"])
    menu = trade_menu(law, q, tau0)
    phi_d, phi_x = cutoffs(menu, menu.solve(q["entry_cost"]))
    s_d, s_x = law.survival(mp.log(phi_d)), law.survival(mp.log(phi_x))
    weights = [1 - s_d, s_d - s_x, s_x]
    atoms = [mpf(0), ((moment(phi_d) - moment(phi_x)) / weights[1])**(1 / p), (moment(phi_x) / s_x)**(1 / p)]
    reach = q["partners"] * tau0**-p
    comparison.compare(case, "homogeneous_open_calibration",
                       {"atoms": atoms, "weights": weights, "share_exporting": s_x / s_d,
                        "exporter_intensity": reach / (1 + reach)}, name + ".open_calibration")
    two_atoms = laws.Discrete(atoms, weights)

    fixed = q["fixed_cost"] + q["entry_cost"] / success
    for row in case["rows"]:
        tau = files.value(row["iceberg_cost"])
        menu = trade_menu(law, q, tau)
        a = menu.solve(q["entry_cost"])
        phi_d, phi_x = cutoffs(menu, a)
        reach = q["partners"] * tau**-p
        home, abroad = moment(phi_d), reach * moment(phi_x)
        exports = q["partners"] * q["export_fixed_cost"] / fixed <= reach
        a_hom = (fixed + q["partners"] * q["export_fixed_cost"]) / ((1 + reach) * phi_bar**p) if exports else fixed / phi_bar**p
        w_open = welfare(trade_menu(two_atoms, q, tau).solve(q["entry_cost"]))
        remade = {"demand": a, "cutoff": phi_d, "export_cutoff": phi_x, "domestic_share": home / (home + abroad),
                  "welfare": welfare(a), "homogeneous_welfare": welfare(a_hom),
                  "homogeneous_domestic_share": 1 / (1 + reach) if exports else mpf(1),
                  "welfare_change": welfare(a) / w_aut, "homogeneous_welfare_change": welfare(a_hom) / w_aut,
                  "open_calibration": {"homogeneous_welfare": w_open, "welfare_ratio": welfare(a) / w_open}}
        for key, number in remade.items():
            comparison.compare(row, key, number, "%s.tau=%r.%s" % (name, row["iceberg_cost"], key))


def remake(data, comparison):
    for i, case in enumerate(data["krugman_symmetric"]):
        for key, number in symmetric(files.value(case["params"])).items():
            comparison.compare(case, key, number, "krugman_symmetric[%d].%s" % (i, key))
    for i, case in enumerate(data["krugman_asymmetric_two_country"]):
        for key, number in two_countries(files.value(case["params"])).items():
            comparison.compare(case, key, number, "two_country[%d].%s" % (i, key))
    for i, row in enumerate(data["home_market_effect"]["rows"]):
        demand, r = files.value(row["relative_demand"]), files.value(row["freeness"])
        where = "home_market_effect[%d]" % i
        comparison.compare(row, "relative_mass", (demand - r) / (1 - demand * r), where)
        comparison.compare(row, "interior", bool(r < demand < 1 / r), where + ".interior")
    for case in data["heterogeneous_vs_homogeneous"]:
        compare_models(case, comparison)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
