"""mcp: problems as people state them, good and bad; an outcome always says which and where."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest

from accord.solve import mcp
from accord.solve.block_matrix import BlockMatrix

INF = float("inf")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "solve.md"


def test_the_page_shows_what_happens() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 20
    assert failed == 0


def walras(z: np.ndarray) -> np.ndarray:
    """H. Scarf's two-good economy in miniature: supply less demand, and a zero-profit row."""
    price, level = z
    return np.array([level - 4.0 / max(price, 1e-9), 1.0 + 0.5 * level - price])


@pytest.mark.parametrize("units", [(1.0, 1.0), (1e6, 1e-4), (1e-9, 1e5)])
def test_units_of_unknowns_and_rows_change_nothing(units: tuple[float, float]) -> None:
    size, row = np.array(units), np.array([1e8, 1e-7])
    outcome = mcp(lambda y: row * walras(y / size), None, 0.0, INF, np.array([1.0, 1.0]) * size)
    assert outcome.solved, outcome
    assert np.abs(walras(outcome.z / size)).max() < 1e-8
    assert outcome.conditioning is not None
    assert outcome.conditioning < 100.0


def test_finite_differences_stay_within_the_bounds() -> None:
    seen: list[np.ndarray] = []

    def roots(z: np.ndarray) -> np.ndarray:
        seen.append(z)
        return np.sqrt(z) - np.array([0.0, 0.5, 2.0])

    outcome = mcp(roots, None, 0.0, 1.0, [0.0, 0.5, 1.0])
    assert outcome.solved, outcome
    assert np.allclose(outcome.z, [0.0, 0.25, 1.0])
    assert min(z.min() for z in seen) >= 0.0
    assert max(z.max() for z in seen) <= 1.0


def test_independent_parts_are_solved_apart_and_a_failing_one_is_named() -> None:
    def blocks(z: np.ndarray) -> np.ndarray:
        return np.array([z[0] - 1.0 + z[2], 1.0 + z[1] ** 2, z[2] - z[0], z[3] ** 3 - 8.0])

    outcome = mcp(blocks, None, -INF, INF, [3.0, 1.0, 0.0, 1.0])
    assert not outcome.solved
    assert outcome.worst == 1
    assert np.isnan(outcome.z).all()
    assert np.allclose(np.delete(outcome.reached, 1), [0.5, 0.5, 2.0])


def identity(z: np.ndarray) -> np.ndarray:
    return z


@pytest.mark.parametrize(
    ("arguments", "failure", "words"),
    [
        ((identity, None, [0.0, 2.0], [1.0, 1.0], [0.5, 0.5]), "bounds", "lower[1] = 2"),
        ((identity, None, [0.0, INF], INF, [0.5, 0.5]), "bounds", "lower[1] = inf"),
        ((identity, None, [0.0] * 3, INF, [0.5, 0.5]), "shape", "lower has shape (3,)"),
        ((identity, None, 0.0, INF, [[0.5, 0.5]]), "shape", "x0 has shape (1, 2)"),
        ((lambda z: z[:1], None, 0.0, INF, [0.5, 0.5]), "shape", "F has shape (1,)"),
        ((identity, lambda z: z, 0.0, INF, [0.5, 0.5]), "shape", "J has shape (2,)"),
        ((identity, None, 0.0, INF, [0.5, np.nan]), "not a number", "x0[1] is nan"),
        ((identity, None, [0.0, np.nan], INF, [0.5, 0.5]), "not a number", "lower[1] is nan"),
        ((lambda z: z / [1.0, 0.0], None, 0.0, INF, [0.5, 0.5]), "not a number", "row 1 of F"),
        (
            (identity, lambda _: np.array([[1.0, 0.0], [np.nan, 1.0]]), 0.0, INF, [0.5, 0.5]),
            "not a number",
            "row 1, column 0 of J is not a number at the start, z = [0.5, 0.5]",
        ),
        # Two rows that contradict one another.
        (
            (lambda z: np.array([z[0] + z[1] - 1.0, z[0] + z[1] - 3.0]), None, -INF, INF, [0.0, 1]),
            "singular",
            "rows 0, 1",
        ),
        # Feasible nowhere: −z − 1 ≥ 0 for z ≥ 0.
        ((lambda z: -z - 1.0, None, 0.0, INF, [1.0]), "no solution", "ray"),
        ((lambda z: np.exp(-z), None, -INF, INF, [1.0]), "unbounded", "unknown 0 ran off"),
        ((lambda z: 1.0 + z * z, None, -INF, INF, [3.0]), "no solution", "row 0"),
        # Rows that have nothing to do with one another: neither has a zero near.
        (
            (lambda z: 1.0 + z * z, lambda z: np.diag(2.0 * z), -INF, INF, [1.0, 1.0]),
            "no solution",
            "rows 0, 1 of F are 1.0e+00, 1.0e+00 where the methods stopped",
        ),
        # No half of a complex number is taken for the whole.
        (
            (lambda z: z + np.array([0.0, 1j]), None, 0.0, INF, [0.5, 0.5]),
            "not a number",
            "row 1 of F is complex, 0.5+1i, at the start, z = [0.5, 0.5]",
        ),
        (
            (identity, lambda _: (1.0 + 5j) * np.eye(2), 0.0, INF, [0.5, 0.5]),
            "not a number",
            "row 0, column 0 of J is complex, 1+5i, at the start",
        ),
        (
            (
                identity,
                lambda _: BlockMatrix([[0], [1]], {(0, 0): [[1.0]], (1, 1): [[1j]]}),
                *(0.0, INF, [0.5, 0.5]),
            ),
            "not a number",
            "row 1",
        ),
        ((identity, None, 0.0, INF, [0.5, 0.5 + 1j]), "not a number", "x0[1] is complex, 0.5+1i"),
        ((identity, None, 0.0, 1j, [0.5, 0.5]), "not a number", "upper is complex, 0+1i"),
    ],
)
def test_bad_input_is_an_outcome_that_says_which_and_where(
    arguments: tuple[object, ...], failure: str, words: str
) -> None:
    outcome = mcp(*arguments)  # type: ignore[arg-type]
    assert not outcome.solved
    assert outcome.failure == failure, outcome
    assert words in outcome.cause, outcome.cause
    assert outcome.remedy
    assert np.isnan(outcome.z).all()
    assert repr(outcome).startswith("<NOT solved")


def test_a_function_that_turns_complex_on_the_way_is_stepped_around() -> None:
    outcome = mcp(lambda z: np.emath.log(z) + 3.0, None, -INF, INF, [20.0])
    assert outcome.solved, outcome
    assert outcome.z[0] == pytest.approx(np.exp(-3.0))
    real = mcp(lambda z: z - 1.0 + 0j, lambda _: np.eye(1) + 0j, -INF, INF, [20.0])
    assert real.z[0] == pytest.approx(1.0)


def test_a_number_that_goes_missing_on_the_way_is_stepped_around() -> None:
    outcome = mcp(lambda z: np.log(z) + 3.0, lambda z: np.diag(1.0 / z), -INF, INF, [20.0])
    assert outcome.solved, outcome
    assert abs(outcome.z[0] - np.exp(-3.0)) < 1e-9


def test_a_singular_problem_with_solutions_says_how_conditioned_it_is() -> None:
    outcome = mcp(lambda z: np.full(2, z.sum() - 1.0), None, -INF, INF, [0.0, 0.2])
    assert outcome.solved
    assert outcome.conditioning is not None
    assert outcome.conditioning > 1e10


def test_an_unknown_between_equal_bounds_is_held() -> None:
    outcome = mcp(lambda z: z - [3.0, 5.0], None, [0.0, 2.0], [INF, 2.0], [1.0, 1.0])
    assert outcome.solved
    assert np.allclose(outcome.z, [3.0, 2.0])


def test_the_certificate_is_about_the_point_returned() -> None:
    outcome = mcp(walras, None, 0.0, INF, [1.0, 1.0])
    assert outcome.residual < 1e-10
    assert 0.0 <= outcome.gap < 1e-9
    assert outcome.method == "clipped Newton"
    assert outcome.total_steps > 0
    assert outcome.seconds > 0.0
