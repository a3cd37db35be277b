"""The simplex method against SciPy's HiGHS, and its certificates against the programs alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from accord.solve.linear_program import Farkas, LinearProgram
from accord.solve.simplex import Simplex


def program(
    matrix: np.ndarray, bound: np.ndarray, upper: np.ndarray, equal: int = 0
) -> LinearProgram:
    row, column = np.nonzero(matrix)
    first = np.arange(len(bound)) < equal
    return LinearProgram(row, column, matrix[row, column], bound, first, upper)


def random_program(seed: int) -> tuple[LinearProgram, np.ndarray, np.ndarray, int]:
    draw = np.random.default_rng(seed)
    rows, columns = int(draw.integers(1, 12)), int(draw.integers(1, 25))
    matrix = draw.normal(size=(rows, columns)) * (draw.random((rows, columns)) < 0.5)
    if seed % 2:  # whole numbers: many ties
        matrix = np.round(matrix)
    inside = draw.uniform(0.0, 1.0, columns) * (draw.random(columns) < 0.5)
    bound = matrix @ inside + np.where(draw.random(rows) < 0.3, 0.0, draw.normal(size=rows))
    upper = np.where(draw.random(columns) < 0.5, draw.uniform(0.1, 2.0, columns), np.inf)
    equal = int(draw.integers(0, rows + 1)) // 3
    return program(matrix, bound, upper, equal), matrix, draw.normal(size=columns), equal


@pytest.mark.parametrize("seed", range(200))
def test_it_agrees_with_highs(seed: int) -> None:
    lp, matrix, cost, equal = random_program(seed)
    ours = Simplex().solve(lp, cost)
    theirs = linprog(
        cost, matrix[equal:], lp.bound[equal:], matrix[:equal], lp.bound[:equal],
        bounds=[(0.0, None if np.isinf(u) else u) for u in lp.upper],
    )  # fmt: skip
    status = {0: "optimal", 2: "infeasible", 3: "unbounded"}[theirs.status]
    assert ours.status == status
    if status == "optimal":
        assert ours.value == pytest.approx(theirs.fun, abs=1e-8)
        assert np.all(ours.point >= -1e-8)
        assert np.all(ours.point <= lp.upper + 1e-8)
        assert np.all(lp.times(ours.point)[equal:] <= lp.bound[equal:] + 1e-8)
        assert lp.times(ours.point)[:equal] == pytest.approx(lp.bound[:equal], abs=1e-8)
    if status == "infeasible":
        assert Farkas.of(lp, ours.rows).proves(lp, 1e-9)


def test_a_certificate_is_no_proof_of_another_program() -> None:
    """Two tonnes asked for where one can be made; with capacity for two it proves nothing."""
    asked = program(np.array([[-1.0]]), np.array([-2.0]), np.array([1.0]))
    proof = Farkas.of(asked, Simplex().solve(asked).rows)
    assert proof.proves(asked, 1e-9)
    assert proof.rows == pytest.approx([1.0])
    assert proof.uppers == pytest.approx([1.0])
    enough = program(np.array([[-1.0]]), np.array([-2.0]), np.array([2.0]))
    assert not proof.proves(enough, 1e-9)
    endless = program(np.array([[-1.0]]), np.array([-2.0]), np.array([np.inf]))
    assert not proof.proves(endless, 1e-9)


def test_a_forged_certificate_is_refused() -> None:
    lp = program(np.array([[1.0, 1.0]]), np.array([-1.0]), np.array([np.inf, np.inf]), equal=1)
    assert Farkas.of(lp, np.array([1.0])).proves(lp, 1e-9)
    assert not Farkas.of(lp, np.array([-1.0])).proves(lp, 1e-9)


def test_rows_without_a_bound_ask_for_nothing() -> None:
    lp = program(np.array([[1.0], [-1.0]]), np.array([np.inf, -3.0]), np.array([np.inf]))
    found = Simplex().solve(lp, np.ones(1))
    assert found.status == "optimal"
    assert found.value == pytest.approx(3.0)


@pytest.mark.parametrize("seed", range(40))
def test_a_basis_carries_over_to_other_bounds(seed: int) -> None:
    lp, matrix, cost, equal = random_program(seed)
    first = Simplex().solve(lp, cost)
    draw = np.random.default_rng(seed)
    other = program(matrix, lp.bound + draw.normal(size=len(lp.bound)), lp.upper * 0.7, equal)
    cold, warm = Simplex().solve(other, cost), Simplex().solve(other, cost, first.basis)
    assert warm.status == cold.status
    if cold.status == "optimal":
        assert warm.value == pytest.approx(cold.value, abs=1e-8)


def test_many_ties_do_not_make_it_cycle() -> None:
    """Beale's program, on which the plain method walks in a circle."""
    matrix = np.array([[0.25, -60.0, -0.04, 9.0], [0.5, -90.0, -0.02, 3.0], [0.0, 0.0, 1.0, 0.0]])
    lp = program(matrix, np.array([0.0, 0.0, 1.0]), np.full(4, np.inf))
    found = Simplex().solve(lp, np.array([-0.75, 150.0, -0.02, 6.0]))
    assert found.status == "optimal"
    assert found.value == pytest.approx(-0.05)
