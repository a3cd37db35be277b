"""Quantiles and probabilities with their errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from accord.probability.quantiles import (
    binomial,
    effective,
    on_a_line,
    order_interval,
    probability_with_error,
    quantile_with_error,
    quantiles,
)

LEVELS = np.array([0.0, 0.1, 0.5, 0.83, 1.0])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_quantiles_are_numpy_s(values: list[float]) -> None:
    found = quantiles(np.array(values), LEVELS)
    theirs = np.quantile(values, LEVELS, method="hazen")
    assert found == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300))
def test_quantiles_on_a_line_are_numpy_s_to_the_last_bit(values: list[float]) -> None:
    assert on_a_line(np.array(values), LEVELS.tolist()) == np.quantile(values, LEVELS).tolist()


def test_no_draw_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="need draws"):
        on_a_line(np.zeros(0), [0.5])


def test_equal_weights_weigh_nothing_and_none_is_not_there() -> None:
    values = np.array([3.0, 1.0, 2.0, 5.0])
    assert quantiles(values, LEVELS, np.full(4, 0.3)) == pytest.approx(quantiles(values, LEVELS))
    padded, weights = np.array([*values, 99.0]), np.array([1.0, 1.0, 1.0, 1.0, 0.0])
    assert quantiles(padded, LEVELS, weights) == pytest.approx(quantiles(values, LEVELS))


@pytest.mark.parametrize("count", [10, 100, 500])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_interval_is_sure_enough_and_not_wide(count: int, level: float) -> None:
    """P(draw l ≤ quantile ≤ draw h) = P(l < N ≤ h), N binomial."""
    low, high = order_interval(count, level)
    law = stats.binom(count, level)
    below = law.cdf(low) if low > 0 else 0.0
    above = law.sf(high) if high < count else 0.0
    if low > 0 or high < count:
        assert below <= 0.025
        assert above <= 0.025
    if low > 0:
        assert law.cdf(low + 1) > 0.025
    if 0 < high < count:
        assert law.sf(high - 1) > 0.025


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(1)
    draws = chance.standard_normal((2000, 200))
    truth = stats.norm.ppf(0.9)
    found = [quantile_with_error(row, 0.9) for row in draws]
    held = np.mean([e.low <= truth <= e.high for e in found])
    assert held > 0.95 - 4.0 * np.sqrt(0.95 * 0.05 / 2000.0)
    assert all(e.low <= e.value <= e.high for e in found)


def test_binomial_probabilities_are_scipy_s() -> None:
    for share in (0.0, 0.03, 0.5, 1.0):
        theirs = stats.binom(500, share).pmf(np.arange(501))
        assert binomial(500, share) == pytest.approx(theirs, rel=1e-9, abs=1e-300)


@given(st.integers(1, 600), st.data())
def test_wilson_s_interval_is_scipy_s(count: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, count))
    found = probability_with_error(hits, count)
    theirs = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_never_seen_is_not_never() -> None:
    found = probability_with_error(0, 500)
    assert found.low == 0.0
    assert found.high == pytest.approx(0.0076, abs=1e-4)


def test_effective_draws() -> None:
    assert effective(np.ones(7)) == pytest.approx(7.0)
    assert effective(np.array([1.0, 0.0, 0.0])) == pytest.approx(1.0)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -1.0]])
def test_weights_that_weigh_nothing(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        quantiles(np.array([1.0, 2.0]), LEVELS, np.array(weights))


@pytest.mark.parametrize(("hits", "count"), [(0, 0), (3, 2), (-1, 5)])
def test_shares_that_cannot_be(hits: int, count: int) -> None:
    with pytest.raises(ValueError, match="at least one draw"):
        probability_with_error(hits, count)
