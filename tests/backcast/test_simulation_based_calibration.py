"""The posterior covers the truth as often as it says (benchmarks/calibration.py, 5,000 times)."""

from __future__ import annotations

import math

import pytest
from calibration import DRAWS, PRIOR, Experiment, Result, experiment

from accord.probability.calibration_check import coverage, coverage_bound, uniformity

REPLICATIONS = 100
METHODS = ("table", "fit")
SURE = 0.9999
"""How sure each bound is that a right posterior stays within it."""


@pytest.fixture(scope="module")
def made() -> Experiment:
    return experiment(REPLICATIONS, seed=1, table_points=256, nodes=12)


@pytest.fixture(scope="module")
def results(made: Experiment) -> dict[str, Result]:
    return {method: made.by(method) for method in METHODS}


@pytest.mark.parametrize("method", METHODS)
def test_80_percent_ranges_hold_80_percent_of_truths(
    results: dict[str, Result], method: str
) -> None:
    found = results[method]
    bound = coverage_bound(REPLICATIONS, 0.8, SURE)
    for k in range(found.truth.shape[1]):
        held = coverage(found.low[:, k], found.high[:, k], found.truth[:, k])
        assert abs(held.value - 0.8) <= bound
        assert uniformity(found.places[:, k]).p_value > 1.0 - SURE


def test_the_data_tell_something(results: dict[str, Result]) -> None:
    """Else the prior would do, and nothing were shown."""
    found = results["fit"]
    width = (found.high - found.low).mean(axis=0)
    prior = [math.log(d.high / d.low) for d in PRIOR]
    assert width[0] < 0.2 * prior[0]
    assert width[1] < 0.8 * prior[1]


def test_the_fit_finds_the_top_from_wherever_it_starts(results: dict[str, Result]) -> None:
    """A proposal elsewhere than at the mode leaves a handful of draws that weigh anything."""
    assert results["fit"].effective.min() > 0.8 * DRAWS


def test_a_posterior_that_is_too_sure_would_be_caught(results: dict[str, Result]) -> None:
    found = results["table"]
    middle, half = 0.5 * (found.low + found.high), 0.25 * (found.high - found.low)
    held = coverage(middle[:, 0] - half[:, 0], middle[:, 0] + half[:, 0], found.truth[:, 0])
    assert abs(held.value - 0.8) > coverage_bound(REPLICATIONS, 0.8, SURE)


def test_the_polynomial_is_exact_beside_the_noise(made: Experiment) -> None:
    assert made.emulator_error < 0.05
