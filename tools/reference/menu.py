"""Makes menu.json: options kept, their breakpoints, and A with E(A) = entry cost.

Also the limit of a log-normal with small spread, and the derivatives
dA/da_j = -A V_j/E', dA/dF_j = mass_j/E', dA/df_e = 1/E'.  See `option_menu.py`.
"""

import sys

from mpmath import mp

import laws
import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 50
NAME = "menu.json"


def options_of(case):
    return [Option(o["name"], o["slope"], o["fixed"]) for o in files.value(case["options"])]


def menu_of(case):
    return Menu(law_of(case["distribution"]), files.value(case["beta"]), options_of(case))


def remake(data, comparison):
    cases = {}
    for case in data["cases"]:
        menu, entry_cost = menu_of(case), files.value(case["entry_cost"])
        a = menu.solve(entry_cost)
        cases[case["case"]] = (case, menu, a)
        row = {
            "hull": [o.name for o in menu.kept], "t": menu.start, "A": a,
            "A_lower_bound": menu.lower_bound(entry_cost),
            "A_upper_bound_homogeneous": menu.upper_bound(entry_cost),
            "segments": [{"option": o.name, "slope": o.slope, "fixed": o.fixed, "t": t,
                          "cutoff": (t / a)**(1 / menu.b), "mass": m, "V": v}
                         for o, t, (m, v) in zip(menu.kept, menu.start, menu.segments(a))],
            "E_prime_A": menu.slope(a), "expected_fixed_cost": menu.expected_fixed_cost(a),
            "elasticity_E_A": a * menu.slope(a) / menu.profit(a)}
        for key, remade in row.items():
            comparison.compare(case, key, remade, case["case"] + "." + key)

    case, menu, a = cases["kitchen_sink_lognormal"]
    entry_cost = files.value(case["entry_cost"])

    limit = data["homogeneous_limit"]
    log_phi = mp.log(files.value(limit["phi"]))
    a_hom = min((entry_cost + o.fixed) / (o.slope * mp.exp(menu.b * log_phi)) for o in menu.all if o.slope > 0)
    comparison.compare(limit, "A_hom", a_hom, "homogeneous_limit.A_hom")
    for row in limit["sequence"]:
        near = Menu(laws.LogNormal(log_phi, files.value(row["s"])), menu.b, menu.all).solve(entry_cost)
        where = "homogeneous_limit.s=" + repr(row["s"])
        comparison.compare(row, "A", near, where + ".A")
        comparison.compare(row, "A_over_A_hom_minus_1", near / a_hom - 1, where + ".A_over_A_hom_minus_1")

    statics = data["comparative_statics_lognormal"]
    comparison.compare(statics, "A", a, "comparative_statics.A")
    segment = {o.name: mv for o, mv in zip(menu.kept, menu.segments(a))}
    for row in statics["rows"]:
        name = row["option"]
        if name == "entry_cost":
            comparison.compare(row, "dA_dfe", 1 / menu.slope(a), "comparative_statics.dA_dfe")
            continue
        mass, v = segment[name]
        comparison.compare(row, "dA_dslope", -a * v / menu.slope(a), "comparative_statics.%s.dA_dslope" % name)
        comparison.compare(row, "dA_dfixed", mass / menu.slope(a), "comparative_statics.%s.dA_dfixed" % name)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
