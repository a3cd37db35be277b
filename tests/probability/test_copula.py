"""Correlated draws: what correlation they have, and which matrices are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from accord.probability import copula, points

NAMES = ["one", "two", "three"]


def matrix(a: float, b: float, c: float) -> np.ndarray:
    return np.array([[1.0, a, b], [a, 1.0, c], [b, c, 1.0]])


def test_draws_have_the_rank_correlation_asked_for() -> None:
    rank = matrix(0.7, -0.4, 0.1)
    found = copula.correlated(points.normals(8192, 3, 1), copula.of_ranks(rank))
    assert spearmanr(np.exp(found))[0] == pytest.approx(rank, abs=0.01)
    assert found.std(axis=0) == pytest.approx(1.0, abs=0.01)


def test_what_is_uncorrelated_keeps_its_own_draws() -> None:
    scores = points.normals(64, 3, 1)
    found = copula.correlated(scores, matrix(0.5, 0.0, 0.0))
    assert np.array_equal(found[:, [0, 2]], scores[:, [0, 2]])


@given(st.lists(st.floats(-1.0, 1.0), min_size=12, max_size=12))
def test_the_factor_gives_the_matrix_back(rows: list[float]) -> None:
    vectors = np.array(rows).reshape(4, 3)  # rank 3: the matrix is singular
    lengths = np.linalg.norm(vectors, axis=1)
    if lengths.min() < 0.1:
        return
    unit = vectors / lengths[:, None]
    found = copula.factor(unit @ unit.T)
    assert found @ found.T == pytest.approx(unit @ unit.T, abs=1e-5)
    assert np.array_equal(found, np.tril(found))


def test_ones_that_move_as_one() -> None:
    found = copula.correlated(points.normals(50, 2, 0), np.ones((2, 2)))
    assert np.array_equal(found[:, 0], found[:, 1])


def test_a_matrix_that_nothing_can_have() -> None:
    wrong = matrix(0.9, 0.9, -0.9)
    (problem,) = copula.problems(wrong, NAMES)
    assert "least eigenvalue -0.8" in problem.found
    assert "one with two 0.500" in problem.fix
    assert copula.problems(copula.nearest(wrong), NAMES) == ()


def test_the_nearest_matrix_is_higham_s() -> None:
    """The example of Higham (2002), section 4: correlations 1 and 0 become 0.7607 and 0.1573."""
    found = copula.nearest(matrix(1.0, 0.0, 1.0))
    assert found[np.triu_indices(3, 1)] == pytest.approx([0.7607, 0.1573, 0.7607], abs=5e-5)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (matrix(1.2, 0.0, 0.0), "two with one: 1.2"),
        (matrix(np.nan, 0.0, 0.0), "nan"),
        (
            np.array([[1.0, 0.2, 0.0], [0.3, 1.0, 0.0], [0.0, 0.0, 1.0]]),
            "one way and 0.2 the other",
        ),
        (2.0 * np.eye(3), "one with itself: 2"),
        (np.eye(2), "a matrix of 2 × 2"),
    ],
)
def test_what_is_wrong_is_named(wrong: np.ndarray, found: str) -> None:
    assert found in copula.problems(wrong, NAMES)[0].found


def test_groups_are_what_hangs_together() -> None:
    wide = np.eye(5)
    wide[0, 3] = wide[3, 0] = wide[3, 4] = wide[4, 3] = 0.3
    assert copula.components(wide) == ((0, 3, 4), (1,), (2,))
