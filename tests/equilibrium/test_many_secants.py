"""Broyden's updates: what they must foresee, and that they save steps."""

from __future__ import annotations

import numpy as np
import pytest

from accord.equilibrium.many_secants import MEMORY, Secants

DRAWS, N = 7, 5


@pytest.fixture(name="lines")
def _lines() -> tuple[np.ndarray, np.ndarray]:
    """Return linear systems A (D, n, n) and their zeros (D, n)."""
    rng = np.random.default_rng(3)
    slopes = np.eye(N) + 0.15 * rng.standard_normal((DRAWS, N, N))
    return slopes, rng.standard_normal((DRAWS, N))


def _value(lines: tuple[np.ndarray, np.ndarray], z: np.ndarray) -> np.ndarray:
    slopes, zero = lines
    return (slopes @ (z - zero)[:, :, None])[:, :, 0]


def _walk(lines: tuple[np.ndarray, np.ndarray], steps: int, *, learning: bool) -> np.ndarray:
    """Return the sizes of F after steps with the slope 1 of another system."""
    z, known, last = np.zeros((DRAWS, N)), Secants(), None
    for _ in range(steps):
        way = known.corrected(-_value(lines, z))
        if learning and last is not None:
            known = known.learnt(*last, way)
            way = Secants(known.pairs[-1:]).corrected(way)
        last, z = (way, way), z + way
    return np.abs(_value(lines, z)).max(axis=1)


def test_a_step_teaches_what_it_should_have_foreseen(
    lines: tuple[np.ndarray, np.ndarray],
) -> None:
    step = np.full((DRAWS, N), 0.3)
    way, after = -_value(lines, np.zeros((DRAWS, N))), -_value(lines, step)
    known = Secants().learnt(step, way, after)
    # The change of F is worth exactly the step that made it.
    assert known.corrected(way - after) == pytest.approx(step, abs=1e-14)


def test_a_linear_system_is_solved_in_twice_its_unknowns(
    lines: tuple[np.ndarray, np.ndarray],
) -> None:
    few = _walk(lines, 2 * MEMORY, learning=True)
    assert few.max() < 1e-3 * _walk(lines, 2 * MEMORY, learning=False).max()


def test_draws_do_not_disturb_each_other(lines: tuple[np.ndarray, np.ndarray]) -> None:
    whole = _walk(lines, 4, learning=True)
    alone = [_walk((lines[0][d : d + 1], lines[1][d : d + 1]), 4, learning=True) for d in [0, 6]]
    assert whole[[0, 6]].tolist() == [alone[0][0], alone[1][0]]


def test_a_step_that_teaches_nothing_changes_nothing() -> None:
    step = np.ones((2, N))
    way = np.array([[1.0] * N, [2.0] * N])
    known = Secants().learnt(step, way, way)  # F did not move at all
    assert known.corrected(way).tolist() == way.tolist()
    assert len(known.rows(np.array([1])).pairs[0][0]) == 1
