"""One number at a time, and the nearest point at which an answer turns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.probability import points
from accord.probability.flip import nearest_flip, single_flips
from accord.probability.tornado import tornado
from variance_examples import tied

FLAT = np.array([1.0, -2.0, 0.5])


def linear(z: np.ndarray) -> np.ndarray:
    return 1.0 + z @ FLAT


def test_a_tornado_moves_one_number_at_a_time() -> None:
    calls: list[int] = []

    def model(x: np.ndarray) -> np.ndarray:
        calls.append(len(x))
        return x[:, 0] * x[:, 1] + x[:, 2]

    found = tornado(model, np.array([2.0, 3.0, 1.0]), np.array([1.0, 2.0, 1.0]), np.full(3, 4.0))
    assert calls == [7]
    assert found.centre == 7.0
    assert list(found.at_low) == [4.0, 5.0, 7.0]
    assert list(found.at_high) == [13.0, 9.0, 10.0]
    assert found.ranked == (0, 1, 2)


def test_what_has_no_answer_comes_last() -> None:
    found = tornado(
        lambda x: np.where(x[:, 0] > 0.0, np.nan, x[:, 1]), np.zeros(2), -np.ones(2), np.ones(2)
    )
    assert found.ranked == (1, 0)
    assert np.isnan(found.at_high[0])


@given(st.floats(-3.0, 3.0))
def test_of_a_linear_function_the_nearest_flip_is_exact(shift: float) -> None:
    """Distance |f(0) − edge| / |gradient|, along the gradient."""
    edge = 1.0 + shift
    found = nearest_flip(linear, np.eye(3), edge)
    assert found is not None
    length = float(np.linalg.norm(FLAT))
    assert found.distance == pytest.approx(abs(shift) / length, abs=2e-3)
    assert found.scores == pytest.approx(shift / length**2 * FLAT, abs=5e-3)
    assert linear(found.scores[None])[0] == pytest.approx(edge, abs=5e-3)
    assert found.settled


def test_correlated_numbers_flip_together() -> None:
    """Distance |f(0) − edge| / √(bᵀRb); the scores there are proportional to R b."""
    r = tied(0.8)
    found = nearest_flip(linear, r, 2.5)
    assert found is not None
    spread = float(np.sqrt(FLAT @ r @ FLAT))
    assert found.distance == pytest.approx(1.5 / spread, abs=2e-3)
    assert found.scores == pytest.approx(1.5 / spread**2 * r @ FLAT, abs=5e-3)


@settings(deadline=None)
@given(st.floats(0.1, 1.0), st.floats(-0.5, 0.5))
def test_of_a_curved_function_no_point_nearer_flips(bend: float, tilt: float) -> None:
    def model(z: np.ndarray) -> np.ndarray:
        return 2.0 - np.exp(bend * z[:, 0]) + tilt * z[:, 1] ** 2 - 0.4 * z[:, 1]

    found = nearest_flip(model, np.eye(2), 0.0)
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    radii = np.linspace(0.0, 3.0, 401)
    values = model((radii[:, None, None] * ring).reshape(-1, 2)).reshape(401, 721)
    first = radii[np.flatnonzero((values <= 0.0).any(axis=1))]
    if found is None:
        assert not len(first)
    else:
        assert model(found.scores[None])[0] <= 0.0
        assert found.distance <= first[0] + 0.05


def test_what_never_flips_is_not_found() -> None:
    assert nearest_flip(lambda z: 1.0 + z[:, 0] ** 2, np.eye(2), 0.5) is None
    assert nearest_flip(linear, np.eye(3), 100.0) is None


def test_a_draw_that_flips_helps_where_slopes_do_not() -> None:
    """Level everywhere but beyond z₁ = 2: no slope at the medians points there."""

    def model(z: np.ndarray) -> np.ndarray:
        return np.where(z[:, 0] > 2.0, 2.0 - z[:, 0], 1.0)

    scores = points.normals(500, 2, seed=0)
    assert nearest_flip(model, np.eye(2), 0.0) is None
    found = nearest_flip(model, np.eye(2), 0.0, draws=(scores, model(scores)))
    assert found is not None
    assert found.distance == pytest.approx(2.0, abs=0.1)
    assert model(found.scores[None])[0] <= 0.0


def test_a_missing_answer_is_no_flip() -> None:
    def model(z: np.ndarray) -> np.ndarray:
        return np.where(z[:, 0] > 1.0, np.nan, 1.0 - 0.1 * z[:, 0])

    assert nearest_flip(model, np.eye(1), 0.0) is None
    with pytest.raises(ValueError, match="medians"):
        nearest_flip(lambda z: np.full(len(z), np.nan), np.eye(1), 0.0)


def test_each_number_alone() -> None:
    found = single_flips(linear, 3, 3.0)
    assert found[:2] == pytest.approx([2.0, -1.0], abs=1e-3)
    assert np.isnan(found[2])
    assert single_flips(linear, 3, 3.0, farthest=5.0)[2] == pytest.approx(4.0, abs=1e-3)
