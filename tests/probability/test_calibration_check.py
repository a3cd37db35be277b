"""The check itself: it passes what is right and catches what is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from accord.probability.calibration_check import coverage, coverage_bound, place, uniformity


def replications(error: float, said: float, count: int = 2000) -> tuple[np.ndarray, ...]:
    """A normal truth seen with an error, and the posterior of somebody who takes it for ``said``.

    Prior N(0, 1), data N(truth, error²): the posterior is N(w d, (1 − w)), w = 1/(1 + said²).
    """
    chance = np.random.default_rng(3)
    truth = chance.standard_normal(count)
    data = truth + error * chance.standard_normal(count)
    weight = 1.0 / (1.0 + said**2)
    spread = np.sqrt(1.0 - weight)
    return truth, weight * data, np.full(count, spread)


def test_a_right_posterior_passes() -> None:
    truth, mean, spread = replications(0.7, 0.7)
    z = stats.norm.ppf(0.9)
    found = coverage(mean - z * spread, mean + z * spread, truth)
    assert found.value == pytest.approx(0.8, abs=coverage_bound(2000, 0.8, 0.9999))
    assert uniformity(stats.norm.cdf((truth - mean) / spread)).p_value > 0.001


@pytest.mark.parametrize("said", [0.4, 1.2])
def test_a_posterior_that_is_too_sure_or_not_sure_enough_is_caught(said: float) -> None:
    truth, mean, spread = replications(0.7, said)
    z = stats.norm.ppf(0.9)
    found = coverage(mean - z * spread, mean + z * spread, truth)
    assert abs(found.value - 0.8) > coverage_bound(2000, 0.8, 0.9999)
    assert uniformity(stats.norm.cdf((truth - mean) / spread)).p_value < 1e-3


def test_the_bound_follows_from_the_binomial() -> None:
    bound = coverage_bound(5000, 0.8, 0.999)
    law = stats.binom(5000, 0.8)
    inside = law.cdf(np.floor(5000 * (0.8 + bound) + 1e-9)) - law.cdf(
        np.ceil(5000 * (0.8 - bound) - 1e-9) - 1
    )
    assert 0.999 <= inside < 0.9992
    assert bound < 0.02


def test_the_p_value_is_scipy_s() -> None:
    places = np.random.default_rng(0).random(3000) ** 1.02
    theirs = stats.kstest(places, "uniform")
    found = uniformity(places)
    assert found.distance == pytest.approx(theirs.statistic)
    assert found.p_value == pytest.approx(theirs.pvalue, abs=0.005)
    assert sum(found.counts) == 3000


def test_the_place_of_a_truth() -> None:
    draws, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert place(draws, weights, 1.5) == 0.25
    assert place(draws, weights, 2.0) == 0.5
    assert place(draws, weights, 9.0) == 1.0
    with pytest.raises(ValueError, match="at least one"):
        uniformity(np.array([]))
