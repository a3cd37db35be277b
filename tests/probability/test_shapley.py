"""Shapley effects against their closed form for linear functions, and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.probability.shapley import (
    players_of,
    shapley_effects,
    shapley_of_quadratic,
    shared_out,
)
from variance_examples import ISHIGAMI_FIRST, ISHIGAMI_TOTAL, ishigami, linear_effects, tied

SLOPES = np.array([1.0, 2.0, -0.5])


@given(st.floats(-0.99, 0.99), st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3))
def test_of_a_linear_function_they_are_the_closed_form_s(rho: float, slopes: list[float]) -> None:
    b = np.array(slopes)
    found = shapley_of_quadratic(b, np.zeros((3, 3)), tied(rho))
    assert found == pytest.approx(linear_effects(b, rho), abs=1e-9)


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.9])
def test_solved_for_they_are_the_closed_form_s_too(rho: float) -> None:
    found = shapley_effects(lambda z: z @ SLOPES, tied(rho), 4096, seed=0)
    assert found == pytest.approx(linear_effects(SLOPES, rho), abs=0.03)


def random_quadratic(seed: int, *, correlated: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    root = chance.standard_normal((5, 5))
    correlation = np.eye(5)
    if correlated:
        cover = root[:3] @ root[:3].T
        scale = np.sqrt(np.diag(cover))
        correlation[:3, :3] = cover / np.outer(scale, scale)
    half = chance.standard_normal((5, 5))
    return chance.standard_normal(5), 0.5 * (half + half.T), correlation


def brute(slopes: np.ndarray, curves: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """Return the effects from the worth of all 2⁵ sets."""
    worth = np.zeros(32)
    for mask in range(1, 32):
        inside = [i for i in range(5) if mask >> i & 1]
        columns = correlation[:, inside]
        known = columns @ np.linalg.inv(correlation[np.ix_(inside, inside)]) @ columns.T
        bent = curves @ known
        worth[mask] = slopes @ known @ slopes + 2.0 * np.trace(bent @ bent)
    return shared_out(worth, 5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("correlated", [True, False])
def test_blocks_share_out_what_all_sets_do(seed: int, correlated: bool) -> None:  # noqa: FBT001
    slopes, curves, correlation = random_quadratic(seed, correlated=correlated)
    found = shapley_of_quadratic(slopes, curves, correlation)
    assert found == pytest.approx(brute(slopes, curves, correlation), rel=1e-9)


def test_a_quadratic_solved_for_and_in_closed_form() -> None:
    slopes, curves, correlation = random_quadratic(7, correlated=True)

    def model(z: np.ndarray) -> np.ndarray:
        return z @ slopes + np.einsum("ni,ij,nj->n", z, curves, z)

    exact = shapley_of_quadratic(slopes, curves, correlation)
    found = shapley_effects(model, correlation, 8192, seed=0)
    assert found == pytest.approx(exact, abs=0.03 * exact.sum())
    variance = slopes @ correlation @ slopes + 2.0 * np.trace(
        curves @ correlation @ curves @ correlation
    )
    assert exact.sum() == pytest.approx(variance)


def test_independent_they_lie_between_first_order_and_total() -> None:
    found = shapley_effects(ishigami, np.eye(3), 8192, seed=0)
    share = found / found.sum()
    assert share == pytest.approx(0.5 * (ISHIGAMI_FIRST + ISHIGAMI_TOTAL), abs=0.015)


def test_many_that_vary_together_are_one_player() -> None:
    wide = np.full((10, 10), 0.2) + 0.8 * np.eye(10)
    correlation = np.eye(12)
    correlation[1:11, 1:11] = wide
    assert players_of(correlation) == ((0,), tuple(range(1, 11)), (11,))
    found = shapley_of_quadratic(np.ones(12), np.zeros((12, 12)), correlation)
    assert found == pytest.approx([1.0, wide.sum(), 1.0])


def test_too_many_sets_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 8"):
        shapley_effects(lambda z: z[:, 0], np.eye(9), 4, seed=0)
