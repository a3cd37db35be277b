"""Lemke's method, Anderson acceleration, independent components, rising caps."""

from __future__ import annotations

import numpy as np
import pytest

from accord.solve import Anderson, Ladder, Lemke, Problem, RisingCaps, components, solve_apart

INF = float("inf")


def box(n: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    return np.full(n, low), np.full(n, high)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("bounds", [(0.0, INF), (-1.0, 1.0), (-INF, 0.5), (-INF, INF)])
def test_lemke_solves_every_positive_definite_problem(
    seed: int, bounds: tuple[float, float]
) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 15))
    root = draw.normal(size=(n, n))
    skew = draw.normal(size=(n, n))
    matrix, constant = root @ root.T + 0.1 * np.eye(n) + skew - skew.T, draw.normal(size=n)
    lower, upper = box(n, *bounds)
    outcome = Lemke().solve(matrix, constant, lower, upper)
    assert outcome.solved, outcome
    f = matrix @ outcome.z + constant
    assert np.abs(outcome.z - np.clip(outcome.z - f, lower, upper)).max() < 1e-8


def test_lemke_does_not_cycle_on_ties() -> None:
    """M. Kostreva (1979): cycles where ties are broken by chance."""
    matrix = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0], [2.0, 0.0, 1.0]])
    outcome = Lemke().solve(matrix, np.full(3, -1.0), *box(3, 0.0, INF))
    assert outcome.solved
    assert np.allclose(outcome.z, 1.0 / 3.0)


def test_lemke_takes_its_exponential_walk_on_murty() -> None:
    """K. Murty, Mathematical Programming 16 (1978)."""
    n = 6
    matrix = np.eye(n) + 2.0 * np.triu(np.ones((n, n)), 1)
    outcome = Lemke().solve(matrix, np.full(n, -1.0), *box(n, 0.0, INF))
    assert outcome.solved
    assert np.allclose(outcome.z, [0.0] * (n - 1) + [1.0])


def test_lemke_reports_a_ray() -> None:
    outcome = Lemke().solve(np.zeros((2, 2)), np.array([1.0, -1.0]), *box(2, 0.0, INF))
    assert not outcome.solved
    assert outcome.failure == "no solution"
    assert "ray" in outcome.cause
    assert np.isnan(outcome.z).all()


def test_anderson_beats_the_plain_iteration() -> None:
    draw = np.random.default_rng(2)
    matrix = draw.normal(size=(20, 20))
    matrix *= 0.97 / np.abs(np.linalg.eigvals(matrix)).max()
    outcome = Anderson().solve(lambda x: matrix @ x + 1.0, np.zeros(20))
    assert outcome.solved, outcome
    assert np.abs(matrix @ outcome.z + 1.0 - outcome.z).max() < 1e-9
    assert outcome.total_steps < 100  # the plain iteration needs over 800


def test_anderson_finds_a_fixed_point_the_plain_iteration_runs_from() -> None:
    outcome = Anderson(mixing=0.5).solve(lambda x: 4.0 - x * x, np.array([1.0]))
    assert outcome.solved
    assert abs(outcome.z[0] - (17.0**0.5 - 1.0) / 2.0) < 1e-10


def test_anderson_says_when_there_is_none() -> None:
    outcome = Anderson(max_steps=50).solve(lambda x: x + 1.0, np.zeros(3))
    assert outcome.failure == "stalled"
    missing = Anderson().solve(lambda x: np.array([x[0], np.nan]), np.zeros(2))
    assert missing.failure == "not a number"
    assert missing.worst == 1


def test_components_are_the_connected_parts() -> None:
    pattern = np.eye(6, dtype=np.bool_)
    pattern[0, 4] = pattern[5, 2] = pattern[2, 3] = True
    assert [list(part) for part in components(pattern)] == [[0, 4], [1], [2, 3, 5]]


def test_parts_solved_apart_are_the_whole_solved_at_once() -> None:
    draw = np.random.default_rng(4)
    matrix = np.zeros((9, 9))
    for part in ([0, 3, 6], [1, 4, 7], [2, 5, 8]):
        root = draw.normal(size=(3, 3))
        matrix[np.ix_(part, part)] = root @ root.T + np.eye(3)
    constant, ones = draw.normal(size=9), np.ones(9)
    lower, upper = box(9, 0.0, INF)
    problem = Problem(lambda z: matrix @ z + constant, lambda _: matrix, lower, upper, ones, ones)
    apart, whole = solve_apart(problem, ones), Ladder().solve(problem, ones)
    assert apart.solved
    assert np.abs(apart.z - whole.z).max() < 1e-12


def test_a_dependence_that_was_not_seen_is_found_by_the_final_check() -> None:
    """Row 0 depends on z₁ only beyond 1, where neither the start nor its neighbours are."""
    lower, upper = box(2, -INF, INF)
    problem = Problem(
        lambda z: np.array([z[0] - 1.0 + max(z[1] - 1.0, 0.0), z[1] - 3.0]),
        lambda z: np.array([[1.0, float(z[1] > 1.0)], [0.0, 1.0]]),
        lower, upper, np.ones(2), np.ones(2),
    )  # fmt: skip
    outcome = solve_apart(problem, np.zeros(2))
    assert outcome.solved
    assert np.allclose(outcome.z, [-1.0, 3.0])


def test_rising_caps_end_where_the_whole_problem_does() -> None:
    """A market with a quota: price rises until the rent chokes demand off to the quota."""
    lower, upper = np.zeros(2), np.full(2, INF)

    def value(z: np.ndarray) -> np.ndarray:
        price, rent = z
        demand = 10.0 * np.exp(-0.5 * (price + rent))
        return np.array([2.0 * price - demand, 0.5 - demand])

    def slope(z: np.ndarray) -> np.ndarray:
        demand = 10.0 * np.exp(-0.5 * z.sum())
        return np.array([[2.0 + 0.5 * demand, 0.5 * demand], [0.5 * demand, 0.5 * demand]])

    problem = Problem(value, slope, lower, upper, np.ones(2), np.ones(2))
    outcome = RisingCaps().solve(problem, np.array([1]), np.ones(2))
    assert outcome.solved
    assert outcome.method == "rising caps"
    assert np.allclose(outcome.z, [0.25, 2.0 * np.log(20.0) - 0.25])
