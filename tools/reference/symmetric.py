"""Makes symmetric.json: the symmetric Melitz economy, closed and with n partners, in all regimes.

From free entry f J(phi*) + n f_x J(phi_x*) = delta f_e and the accounting that
follows from it (see `economy.py`).
"""

import sys

from mpmath import mp

import reference_files as files
from distributions import law_of
from economy import equilibrium

mp.dps = 50
NAME = "symmetric.json"


def remake(data, comparison):
    for case in data["cases"]:
        q = files.value(case["params"])
        e = equilibrium(law_of(case["dist"]), **q)
        for key in case["outputs"]:
            if key != "residuals":
                comparison.compare(case["outputs"], key, e[key], case["name"] + "." + key)
        closed_form = case["checks"].get("closed_form", {})
        for key in closed_form:
            comparison.compare(closed_form, key, e[key], case["name"] + ".closed_form." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
