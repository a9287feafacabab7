# SPDX-License-Identifier: BSL-1.0
"""Trade models with heterogeneous firms, after Melitz (2003).

    import melitz

    law = melitz.lognormal(log_mean=0, log_sd=0.8)
    e = melitz.solve("open", law, elasticity=4, fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1, partners=3,
                     iceberg_cost=1.6, export_fixed_cost=1.3)
    e.cutoff, e["export_cutoff"]

solve, try_solve                     a model by its name; arrays of parameters are sweeps
models, model_names, describe        which models there are: help(melitz.models.open)
lognormal, pareto, ..., mixture, truncated, from_data, from_log_density    laws of productivity
compare, gains_from_trade, derivatives, curves, firms, calibrate           what is asked of equilibria
policy                               what taxes and trade costs do to a world in tables of trade, as data frames
DomainError, ConvergenceError        what goes wrong
"""

from . import _laws, models
from ._analysis import (
    Change, Comparison, Curves, Derivatives, FirmGroup, Firms, calibrate, compare, curves, derivatives, firms,
    gains_from_trade,
)
from ._catalog import Model, Parameter, Result, describe, model_names
from ._core import version as __version__
from ._errors import ConvergenceError, DomainError
from ._inputs import by_sector, everywhere
from ._laws import Law, from_data, from_log_density, mixture, truncated
from ._policy import PolicyStudy, policy
from ._results import Equilibrium, Sweep
from ._solve import solve, try_solve

globals().update(_laws.FUNCTIONS)

__all__ = [
    "Change", "Comparison", "ConvergenceError", "Curves", "Derivatives", "DomainError", "Equilibrium", "FirmGroup",
    "Firms", "Law", "Model", "Parameter", "PolicyStudy", "Result", "Sweep", "by_sector", "calibrate", "compare", "curves",
    "derivatives", "describe", "everywhere", "firms", "from_data", "from_log_density", "gains_from_trade", "mixture",
    "model_names", "models", "policy", "solve", "truncated", "try_solve", *_laws.FUNCTIONS,
]
for _name in __all__:
    if getattr(globals()[_name], "__module__", "").startswith("melitz._"):
        globals()[_name].__module__ = "melitz"
del _name
