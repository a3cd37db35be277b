"""Every solver on every known problem; a solution is judged by its conditions, not by its path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from accord.solve import (
    ClippedNewton,
    FischerBurmeister,
    Homotopy,
    Ladder,
    Problem,
    Smoothing,
)
from accord.solve.problem import Matrix, Vector

INF = float("inf")


@dataclass(frozen=True)
class Known:
    """A problem with F, ∂F/∂z, its bounds, a start, and solutions if they are few."""

    value: Callable[[Vector], Vector]
    jacobian: Callable[[Vector], Matrix]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    start: tuple[float, ...]
    solutions: tuple[tuple[float, ...], ...] = ()

    @property
    def problem(self) -> Problem:
        ones = np.ones(len(self.lower))
        return Problem(
            self.value, self.jacobian, np.array(self.lower), np.array(self.upper), ones, ones
        )


def affine(
    matrix: list[list[float]],
    constant: list[float],
    *,
    lower: float = 0.0,
    upper: float = INF,
    solutions: tuple[tuple[float, ...], ...] = (),
) -> Known:
    m, q = np.array(matrix), np.array(constant)
    n = len(q)
    return Known(
        lambda z: m @ z + q, lambda _: m, (lower,) * n, (upper,) * n, (0.5,) * n, solutions
    )


def kojima_shindo(z: Vector) -> Vector:
    """M. Kojima and S. Shindo (1986), as in MCPLIB: one degenerate solution, one that is not."""
    a, b, c, d = z
    return np.array(
        [
            3 * a * a + 2 * a * b + 2 * b * b + c + 3 * d - 6,
            2 * a * a + a + b * b + 10 * c + 2 * d - 2,
            3 * a * a + a * b + 2 * b * b + 2 * c + 9 * d - 9,
            a * a + 3 * b * b + 2 * c + 3 * d - 3,
        ]
    )


def kojima_shindo_slope(z: Vector) -> Matrix:
    a, b, _, _ = z
    return np.array(
        [
            [6 * a + 2 * b, 2 * a + 4 * b, 1.0, 3.0],
            [4 * a + 1, 2 * b, 10.0, 2.0],
            [6 * a + b, a + 4 * b, 2.0, 9.0],
            [2 * a, 6 * b, 2.0, 3.0],
        ]
    )


def josephy(z: Vector) -> Vector:
    """N. Josephy (1979), as in MCPLIB."""
    a, b, c, d = z
    return np.array(
        [
            3 * a * a + 2 * a * b + 2 * b * b + c + 3 * d - 6,
            2 * a * a + a + b * b + 3 * c + 2 * d - 2,
            3 * a * a + a * b + 2 * b * b + 2 * c + 3 * d - 1,
            a * a + 3 * b * b + 2 * c + 3 * d - 3,
        ]
    )


def josephy_slope(z: Vector) -> Matrix:
    slope = kojima_shindo_slope(z)
    slope[1, 2], slope[2, 3] = 3.0, 3.0
    return slope


ROOT = 6.0**0.5 / 2.0

PROBLEMS = {
    "linear": affine([[2.0, -1.0], [-1.0, 2.0]], [-1.0, 3.0], solutions=((0.5, 0.0),)),
    # K. Murty (1974): Lemke's method needs 2^n pivots on these.
    "murty": affine(
        [[1.0, 2.0, 2.0, 2.0], [0.0, 1.0, 2.0, 2.0], [0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 0.0, 1.0]],
        [-1.0] * 4,
        solutions=((0.0, 0.0, 0.0, 1.0),),
    ),
    "kojima-shindo": Known(
        kojima_shindo, kojima_shindo_slope, (0.0,) * 4, (INF,) * 4, (1.0, 0.1, 0.1, 0.5),
        ((ROOT, 0.0, 0.0, 0.5), (1.0, 0.0, 3.0, 0.0)),
    ),
    "josephy": Known(
        josephy, josephy_slope, (0.0,) * 4, (INF,) * 4, (1.0, 0.0, 0.0, 0.0),
        ((ROOT, 0.0, 0.0, 0.5),),
    ),
    "bounded": affine(
        [[2.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 2.0]], [-4.0, 1.0, -1.0],
        lower=0.0, upper=1.0, solutions=((1.0, 0.0, 0.5),),
    ),
    "free": Known(
        lambda z: np.array([z[0] ** 3 + z[1] - 3.0, z[1] ** 3 - z[0] + 5.0]),
        lambda z: np.array([[3 * z[0] ** 2, 1.0], [-1.0, 3 * z[1] ** 2]]),
        (-INF,) * 2, (INF,) * 2, (1.0, -1.0),
    ),
    "upper bounds only": affine(
        [[1.0, 0.3], [0.2, 1.0]], [-3.0, 1.0], lower=-INF, upper=2.0, solutions=((2.0, -1.4),),
    ),
    # F and z are both 0 in the second row.
    "degenerate": affine([[1.0, 1.0], [1.0, 2.0]], [-1.0, -1.0], solutions=((1.0, 0.0),)),
    "steep": Known(
        lambda z: np.array([np.exp(min(z[0], 100.0)) - 1e4, z[1] - z[0] + 20.0]),
        lambda z: np.array([[np.exp(min(z[0], 100.0)), 0.0], [-1.0, 1.0]]),
        (0.0, 0.0), (INF, INF), (6.0, 1.0), ((np.log(1e4), 0.0),),
    ),
    "pinned": affine([[1.0, 2.0], [2.0, 1.0]], [-9.0, 4.0], lower=0.75, upper=0.75),
}  # fmt: skip

SOLVERS = {
    "ladder": Ladder(),
    "clipped Newton": Ladder(methods=(ClippedNewton(),)),
    "Fischer-Burmeister": Ladder(methods=(FischerBurmeister(),)),
    "smoothing": Ladder(methods=(Smoothing(),)),
    "homotopy": Ladder(methods=(Homotopy(),)),
}


def worst_violation(known: Known, z: Vector) -> float:
    """Independent of the solvers: inside, F = 0; at l, F ≥ 0; at u, F ≤ 0; z in its bounds."""
    worst = 0.0
    for value, f, low, high in zip(
        z, known.value(np.array(z)), known.lower, known.upper, strict=True
    ):
        worst = max(worst, low - value, value - high)
        to_low, to_high = max(value - low, 0.0), max(high - value, 0.0)
        worst = max(worst, min(f, to_low) if f > 0.0 else min(-f, to_high))
    return worst


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_solvers_reach_a_solution(problem: str, solver: str) -> None:
    known = PROBLEMS[problem]
    outcome = SOLVERS[solver].solve(known.problem, np.array(known.start))
    assert outcome.solved, outcome
    assert worst_violation(known, outcome.z) < 1e-9
    assert outcome.cause == outcome.remedy == ""
    if known.solutions:
        distance = min(np.abs(outcome.z - np.array(s)).max() for s in known.solutions)
        # A degenerate solution is found to the root of the precision of F.
        assert distance < 1e-5


@pytest.mark.parametrize("solver", SOLVERS)
def test_scaling_rows_and_unknowns_changes_nothing(solver: str) -> None:
    known = PROBLEMS["bounded"]
    units, rows = np.array([1e6, 1.0, 1e-4]), np.array([1e3, 1e-5, 7.0])
    plain = known.problem
    scaled = Problem(
        lambda y: rows * plain.value(y / units),
        lambda y: rows[:, None] * plain.jacobian(y / units) / units,
        plain.lower * units,
        plain.upper * units,
        units,
        rows,
    )
    outcome = SOLVERS[solver].solve(scaled, np.array(known.start) * units)
    assert outcome.solved
    assert np.abs(outcome.z / units - np.array([1.0, 0.0, 0.5])).max() < 1e-9


def test_the_violation_is_seen_where_a_solution_is_spoilt() -> None:
    """The check can fail."""
    known = PROBLEMS["bounded"]
    good = np.array([1.0, 0.0, 0.5])
    assert worst_violation(known, good) < 1e-12
    for i in range(3):
        assert worst_violation(known, good + 1e-3 * np.eye(3)[i]) > 1e-4
        residual = known.problem.natural_residual(
            good + 1e-3 * np.eye(3)[i], known.value(good + 1e-3 * np.eye(3)[i])
        )
        assert np.abs(residual).max() > 1e-4


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_problem_without_solution_ends_in_an_outcome_that_says_why(solver: str) -> None:
    """F = 1 + z² in the second row has no root and no bound to rest at."""
    nowhere = Problem(
        lambda z: np.array([z[0] - 1.0, 1.0 + z[1] ** 2]),
        lambda z: np.array([[1.0, 0.0], [0.0, 2.0 * z[1]]]),
        np.full(2, -INF),
        np.full(2, INF),
        np.ones(2),
        np.ones(2),
    )
    outcome = SOLVERS[solver].solve(nowhere, np.array([3.0, 2.0]))
    assert not outcome.solved
    assert outcome.worst == 1
    assert "row 1" in outcome.cause
    assert outcome.remedy
    assert np.all(np.isfinite(outcome.reached))
    assert np.all(np.isnan(outcome.z))
    assert outcome.residual >= 1.0 - 1e-9


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_is_not_a_number_is_named(solver: str) -> None:
    """C15."""
    broken = Problem(
        lambda z: np.array([z[0], np.nan, z[2]]),
        lambda _: np.eye(3),
        np.zeros(3),
        np.full(3, INF),
        np.ones(3),
        np.ones(3),
    )
    outcome = SOLVERS[solver].solve(broken, np.ones(3))
    assert not outcome.solved
    assert outcome.worst == 1
    assert outcome.cause == "row 1 of F is not a number at z = [1, 1, 1]"
    assert outcome.failure == "not a number"
    assert outcome.remedy


def test_a_slope_that_is_not_a_number_is_an_outcome_too() -> None:
    broken = Problem(
        lambda z: z - 2.0,
        lambda _: np.full((2, 2), np.nan),
        np.zeros(2),
        np.full(2, INF),
        np.ones(2),
        np.ones(2),
    )
    outcome = Ladder().solve(broken, np.ones(2))
    assert not outcome.solved
    assert outcome.cause


def test_a_problem_without_unknowns_is_solved() -> None:
    none = np.zeros(0)
    empty = Problem(lambda z: z, lambda _: np.zeros((0, 0)), none, none, none, none)
    assert Ladder().solve(empty, none).solved


def test_the_ladder_says_which_rungs_it_took() -> None:
    known = PROBLEMS["kojima-shindo"]
    outcome = Ladder().solve(known.problem, np.array(known.start))
    assert outcome.steps[0].method == "clipped Newton"
    assert outcome.total_steps == sum(step.steps for step in outcome.steps)
    assert outcome.seconds > 0.0


def test_a_start_outside_the_bounds_is_moved_inside() -> None:
    known = PROBLEMS["bounded"]
    outcome = Ladder().solve(known.problem, np.array([50.0, -50.0, 9.0]))
    assert outcome.solved
