# SPDX-License-Identifier: BSL-1.0
"""One function for each model, with its parameters in its signature and its results in its help."""

import inspect

from ._catalog import ABILITY_AND_ATTRIBUTES, MODELS, NO_LAW
from ._solve import solve

_OPTIONS = ("fields", "threads", "progress", "max_evaluations")


def _shape(indices):
    wanted = [x for x in indices if x]
    return f"by {' and '.join(wanted)}" if wanted else ""


def parameter_line(p):
    """What a parameter is, in a line."""
    parts = [x for x in (_shape(p.indices), p.unit, p.meaning) if x]
    out = ", ".join(parts)
    if p.words:
        out += f"; {' or '.join(map(repr, p.words))}"
    elif p.restriction:
        out += f"; it must {p.restriction}"
    if p.by_sector:
        out += "; may be by sector"
    if p.at_home is not None:
        out += f"; one number stands abroad, and {p.at_home:g} at home"
    if p.none_if_left_out:
        out += "; none if left out"
    elif p.as_if_left_out:
        out += f"; as {p.as_if_left_out} if left out"
    elif p.default is not None:
        out += f"; {p.words[int(p.default)] if p.words else format(p.default, 'g')} if left out"
    return out


def result_line(r):
    """What a result is, in a line."""
    source = ", ".join(x for x in (r.symbol, r.equation) if x)
    parts = [x for x in (_shape(r.indices), r.unit, source and f"[{source}]", "by sector" if r.by_sector else "") if x]
    return ", ".join(parts)


def _doc(model):
    lines = [model.title + ".", "", f"The same as melitz.solve({model.name!r}, ...), which has the options.", "",
             "Parameters"]
    if model.laws != NO_LAW:
        two = " (ability, attributes)" if model.laws == ABILITY_AND_ATTRIBUTES else ""
        lines.append(f"    distribution: law of productivity{two}, such as melitz.lognormal(log_mean=0, log_sd=0.8)")
    lines += [f"    {p.name}: {parameter_line(p)}" for p in model.parameters]
    part = None
    lines += ["", "Results"]
    for r in model.results:
        if r.part != part:
            part = r.part
            lines.append(f"  {part.replace('_', ' ')}")
        line = result_line(r)
        lines.append(f"    {r.name}{': ' + line if line else ''}")
    can = [name for name, there in model.has.items() if there]
    if can:
        lines += ["", "Also: " + ", ".join(f"melitz.{'compare (firms)' if c == 'fates' else c}" for c in can)]
    return "\n".join(lines)


def _function(model):
    def call(distribution=None, **given):
        return solve(model.name, distribution, **given)

    kinds = inspect.Parameter
    parameters = []
    if model.laws != NO_LAW:
        parameters.append(kinds("distribution", kinds.POSITIONAL_OR_KEYWORD))
    for p in sorted(model.parameters, key=lambda p: p.optional):
        parameters.append(kinds(p.name, kinds.KEYWORD_ONLY, default=None if p.optional else kinds.empty))
    options = inspect.signature(solve).parameters
    parameters += [options[name] for name in _OPTIONS]
    call.__name__ = call.__qualname__ = model.name
    call.__module__ = "melitz.models"
    call.__signature__ = inspect.Signature(parameters)
    call.__doc__ = _doc(model)
    return call


FUNCTIONS = {name: _function(model) for name, model in MODELS.items()}
