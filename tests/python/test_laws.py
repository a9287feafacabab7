# SPDX-License-Identifier: BSL-1.0
"""Laws: families, mixtures, truncations, data, and functions in Python."""

import inspect
import math
import pickle

import numpy as np
import pytest

import melitz
from conftest import LAW, OPEN


def welfare(law, **changes):
    return melitz.solve("open", law, **{**OPEN, **changes}).welfare


def test_families_come_from_the_catalog():
    names = inspect.signature(melitz.lognormal).parameters
    assert list(names) == ["log_mean", "log_sd"]
    assert "it must be positive" in melitz.lognormal.__doc__ and melitz.lognormal.__name__ == "lognormal"
    assert welfare(melitz.lognormal(0, 0.8)) == welfare(melitz.lognormal(log_sd=0.8, log_mean=0))
    for wrong in (dict(log_mean=0), dict(log_mean=0, log_sd=1, shape=3), dict(log_mean="0", log_sd=1), dict(log_mean=True, log_sd=1)):
        with pytest.raises(TypeError):
            melitz.lognormal(**wrong)
    assert "log_sd=0.8" in repr(LAW)


@pytest.mark.parametrize("law", [
    LAW, melitz.pareto(1, 4.25), melitz.bounded_pareto(1, 50, 4), melitz.frechet(1, 4.5), melitz.weibull(1, 1.4),
    melitz.spliced_lognormal_pareto(0, 0.6, 4.25), melitz.three_piece(0, 0.6, 4.25, 2),
    melitz.pareto_lognormal(0, 0.5, 4.25), melitz.double_pareto_lognormal(0, 0.5, 4.25, 2),
    melitz.singh_maddala(1, 3, 1.5), melitz.dagum(1, 4.5, 0.75), melitz.generalized_gamma(1, 2.5, 1),
    melitz.truncated(melitz.pareto_lognormal(0, 0.5, 4.25), 0.5, 20), melitz.exponential(1.2), melitz.uniform(0.5, 3), melitz.degenerate(2), melitz.discrete([1, 2, 4], [0.5, 0.3, 0.2]),
    melitz.mixture([0.3, 0.7], [melitz.pareto(1, 5), LAW]), melitz.truncated(LAW, 0.5, 20),
], ids=lambda law: law.name)
def test_laws_are_pickled_and_equal(law):
    again = pickle.loads(pickle.dumps(law))
    assert again == law and not again != law and repr(again) == repr(law)
    assert melitz.try_solve("open", again, **OPEN).cutoff == melitz.try_solve("open", law, **OPEN).cutoff
    assert law != melitz.pareto(3, 9) and law != 3
    with pytest.raises(TypeError):
        hash(law)


@pytest.mark.parametrize("law, parameter", [
    (melitz.lognormal(0, -1), "distribution.log_sd"),
    (melitz.lognormal(0, math.nan), "distribution.log_sd"),
    (melitz.pareto(1, 2), "distribution.shape"),
    (melitz.pareto(math.inf, 5), "distribution.scale"),
    (melitz.spliced_lognormal_pareto(0, 0.6, 2), "distribution.shape"),
    (melitz.three_piece(0, 0.6, 4.25, -2), "distribution.lower_shape"),
    (melitz.singh_maddala(1, 2, 1.25), "distribution.tail_power"),
    (melitz.discrete([1, -2]), "distribution.values[1]"),
    (melitz.discrete([1, 2], [0.5, 0.6]), "sum of distribution.weights"),
    (melitz.discrete([]), "number of distribution.values"),
    (melitz.mixture([0.5, 0.5], [LAW, melitz.pareto(1, 2)]), "distribution.components[1].shape"),
    (melitz.mixture([0.5, 0.6], [LAW, LAW]), "sum of distribution.weights"),
    (melitz.mixture([1.0], [LAW, LAW]), "number of distribution.weights"),
    (melitz.mixture([], []), "number of distribution.components"),
    (melitz.truncated(LAW, 2, 1), "distribution.upper"),
    (melitz.truncated(LAW, -1, 1), "distribution.lower"),
    (melitz.truncated(melitz.lognormal(0, -1), 1, 2), "distribution.log_sd"),
], ids=lambda x: x if isinstance(x, str) else x.name)
def test_laws_that_are_none(law, parameter):
    with pytest.raises(melitz.DomainError) as caught:
        melitz.solve("open", law, **OPEN)
    assert caught.value.parameter == parameter and str(caught.value).startswith(parameter)


def test_structure():
    with pytest.raises(TypeError, match=r"components\[0\]"):
        melitz.mixture([1.0], ["pareto"])
    with pytest.raises(melitz.DomainError, match=r"components\[0\] is of no family"):
        melitz.mixture([1.0], [melitz.mixture([1.0], [LAW])])
    with pytest.raises(melitz.DomainError, match="without a density"):
        melitz.truncated(melitz.degenerate(1), 0, 2)
    with pytest.raises(TypeError):
        melitz.truncated("lognormal", 0, 2)
    with pytest.raises(melitz.DomainError, match="with arrays"):
        melitz.truncated(melitz.lognormal(0, [1, 2]), 0, 2)
    with pytest.raises(melitz.DomainError, match="values is an array of shape"):
        melitz.discrete([[1, 2], [3, 4]])


def test_truncations_tend_to_the_law():
    assert welfare(melitz.truncated(LAW)) == pytest.approx(welfare(LAW), rel=1e-13)
    assert welfare(melitz.truncated(LAW, 0, 1e9)) == pytest.approx(welfare(LAW), rel=1e-12)
    assert welfare(melitz.truncated(melitz.pareto(1, 4.25), 1, 50)) == pytest.approx(
        welfare(melitz.bounded_pareto(1, 50, 4.25)), rel=1e-11)


def test_data():
    values, survey = [0.5, 1, 2, 4], np.array([40, 30, 20, 10])
    with_weights = melitz.from_data(values, survey)
    assert welfare(with_weights) == welfare(melitz.discrete(values, survey / 100))
    assert welfare(melitz.from_data(values)) == welfare(melitz.discrete(values))
    for weights in ([1, 2], [1, 1, 1, -1], [1, 1, 1, math.nan], [0, 0, 0, 0], [math.inf, 1, 1, 1]):
        with pytest.raises(melitz.DomainError, match="weights"):
            melitz.from_data(values, weights)
    with pytest.raises(TypeError):
        melitz.from_data(["a"])


def log_normal(t):
    return -0.5 * (t / 0.8) ** 2 - np.log(0.8 * np.sqrt(2 * np.pi))


def test_functions_of_many_numbers():
    sizes = []

    def counted(t):
        assert isinstance(t, np.ndarray) and t.dtype == float
        sizes.append(t.size)
        return log_normal(t)

    law = melitz.from_log_density(counted)
    assert welfare(law) == pytest.approx(welfare(LAW), rel=1e-12)
    assert max(sizes) == 33 and len(sizes) < 300
    # Once is enough, for other parameters, for another power, in a sweep and over several threads.
    melitz.solve("open", law, threads=2, **{**OPEN, "iceberg_cost": np.linspace(1.2, 2, 200)})
    called = len(sizes)
    e = melitz.solve("open", law, threads=2, **{**OPEN, "elasticity": np.linspace(3.5, 4.5, 50)})
    assert len(sizes) <= called + 20
    expected = melitz.solve("open", LAW, **{**OPEN, "elasticity": np.linspace(3.5, 4.5, 50)})
    assert np.allclose(e.welfare, expected.welfare, rtol=1e-11)
    assert pickle.loads(pickle.dumps(melitz.from_log_density(log_normal))).name == "from_log_density"
    assert welfare(melitz.truncated(law, 0.5, 20)) == pytest.approx(welfare(melitz.truncated(LAW, 0.5, 20)), rel=1e-11)


def test_functions_with_bounds_and_kinks():
    pareto = melitz.from_log_density(lambda t: np.log(4.25) - 4.25 * t, log_lower=0)
    assert welfare(pareto) == pytest.approx(welfare(melitz.pareto(1, 4.25)), rel=1e-12)
    # Laplace's law: a kink at 0.3, told or not.
    def laplace(t):
        return -np.abs(t - 0.3) / 0.2 - np.log(0.4)

    told = melitz.from_log_density(laplace, log_breakpoints=[0.3])
    whole = melitz.from_log_density(lambda t: np.where(t < 0.3, (t - 0.3) / 0.2, (0.3 - t) / 0.2) - np.log(0.4),
                                    log_breakpoints=[0.3])
    assert welfare(told) == pytest.approx(welfare(whole), rel=1e-13)
    noisy = melitz.from_log_density(lambda t: log_normal(t) + 1e-12 * np.sin(1e9 * t))
    assert welfare(noisy) == pytest.approx(welfare(LAW), rel=1e-9)
    box = melitz.from_log_density(lambda t: np.where((t >= 0) & (t <= 1), 0.0, -np.inf), log_lower=-1, log_upper=2,
                                  log_breakpoints=[0, 1])
    assert welfare(box) == pytest.approx(welfare(melitz.from_log_density(np.zeros_like, 0, 1)), rel=1e-12)


class Broken(Exception):
    """Raised by a law."""


def broken(t):
    raise Broken("no density today")


@pytest.mark.parametrize("function, error, message", [
    (broken, Broken, "no density today"),
    (lambda t: np.full(t.shape, np.nan), melitz.DomainError, "log_density.* is -?nan; it must be a number, or -inf"),
    (lambda t: np.full(t.shape, np.inf), melitz.DomainError, "log_density.* is inf"),
    (lambda t: t[:3], melitz.DomainError, r"returns shape \(3,\) for \(33,\)"),
    (lambda t: ["a"] * len(t), TypeError, "must return numbers"),
    (lambda t: None, TypeError, "must return numbers"),
    (lambda t: math.log(t), TypeError, ""),
    (lambda t: log_normal(t) + 0.1, melitz.DomainError, "integral|mass|be 1"),
    (lambda t: np.full(t.shape, -np.inf), melitz.DomainError, "finite"),
    (lambda t: -2 * np.log1p(np.exp(-np.abs(t))) - np.abs(t), melitz.DomainError, ""),
], ids=["raises", "nan", "inf", "short", "words", "none", "scalar", "mass", "empty", "divergent"])
@pytest.mark.parametrize("threads", [1, 2])
def test_functions_that_are_no_law(function, error, message, threads):
    law = melitz.from_log_density(function)
    with pytest.raises(error, match=message):
        melitz.solve("open", law, **OPEN)
    with pytest.raises(error, match=message):
        melitz.solve("open", law, threads=threads, **{**OPEN, "iceberg_cost": np.linspace(1.2, 2, 100)})
    assert welfare(LAW) > 0  # and everything goes on


def test_arguments_of_functions():
    for wrong in (3, "log", None):
        with pytest.raises(TypeError, match="must be a function"):
            melitz.from_log_density(wrong)
    with pytest.raises(melitz.DomainError, match="log_upper is 0.0; it must exceed log_lower, 1.0"):
        melitz.from_log_density(log_normal, 1, 0)
    with pytest.raises(melitz.DomainError, match="log_upper"):
        melitz.from_log_density(log_normal, math.nan, 0)
    with pytest.raises(melitz.DomainError, match="log_breakpoints"):
        melitz.from_log_density(log_normal, log_breakpoints=[math.nan])
