# SPDX-License-Identifier: BSL-1.0
"""The models as functions: melitz.models.open(distribution, elasticity=4, ...) is melitz.solve("open", ...).

help(melitz.models.open) tells what a model wants and gives.
"""

from ._models import FUNCTIONS

globals().update(FUNCTIONS)
__all__ = list(FUNCTIONS)
