"""What an answer rests on, from draws at hand."""

from __future__ import annotations

import time

import numpy as np
import pytest

from accord.probability import copula, points
from accord.probability.surrogate import fit, importance
from variance_examples import linear_effects, tied

DRAWS = 500


def wide(size: int, rho: float = 0.0) -> np.ndarray:
    found = np.eye(size)
    found[:3, :3] = tied(rho)
    return found


def drawn(size: int, rho: float = 0.0, seed: int = 0) -> np.ndarray:
    return copula.correlated(points.normals(DRAWS, size, seed), wide(size, rho))


def test_a_quadratic_is_found_exactly() -> None:
    z = drawn(22)
    answers = 3.0 + z[:, 0] - 2.0 * z[:, 4] + 0.5 * z[:, 0] * z[:, 4] + 0.3 * z[:, 7] ** 2
    found = fit(z, answers)
    assert found.explained == pytest.approx(1.0)
    assert found.slopes[[0, 4]] == pytest.approx([1.0, -2.0])
    assert found.curves[0, 4] == pytest.approx(0.25)
    assert found.curves[7, 7] == pytest.approx(0.3)
    assert found(z) == pytest.approx(answers)


def test_shares_of_a_linear_function_with_correlated_numbers() -> None:
    b = np.array([1.0, 2.0, -0.5])
    z = drawn(22, rho=0.6)
    found = importance(z, z[:, :3] @ b, wide(22, 0.6))
    exact = linear_effects(b, 0.6)
    assert found.share[:3] == pytest.approx(exact / exact.sum(), abs=1e-6)
    assert found.share[3:] == pytest.approx(0.0, abs=1e-9)
    assert list(found.direction[:3]) == [1.0, 1.0, -1.0]
    assert found.ranked[0] == 1


def test_noise_is_given_to_nobody() -> None:
    """Half of the variance is chance: what is explained is about half, not more."""
    z = drawn(22)
    chance = np.random.default_rng(0).standard_normal(DRAWS)
    found = importance(z, z[:, 3] + chance, np.eye(22))
    assert found.explained == pytest.approx(0.5, abs=0.08)
    assert found.share.sum() == pytest.approx(found.explained)
    assert found.ranked[0] == 3
    assert importance(z, chance, np.eye(22)).explained < 0.05


def test_leaving_each_draw_out_is_what_it_says() -> None:
    z = drawn(3)[:60]
    answers = np.exp(0.4 * z[:, 0]) + np.sin(z[:, 1])
    found = fit(z, answers)
    missed = np.empty(60)
    for i in range(60):
        rest = np.arange(60) != i
        columns = [np.ones(60), *z.T]
        if found.curves.any():
            columns += [*(z**2).T]
        if (found.curves - np.diag(np.diag(found.curves))).any():
            columns += [z[:, i] * z[:, j] for i in range(3) for j in range(i + 1, 3)]
        matrix = np.column_stack(columns)
        missed[i] = answers[i] - matrix[i] @ np.linalg.lstsq(matrix[rest], answers[rest])[0]
    assert found.explained == pytest.approx(1.0 - np.mean(missed**2) / answers.var(), abs=1e-6)


def test_three_numbers_decide() -> None:
    z = drawn(22)
    answers = np.exp(0.5 * z[:, 2]) + 0.6 * z[:, 9] + 0.4 * z[:, 17] * (1.0 + 0.3 * z[:, 2])
    answers = answers + 0.02 * z[:, 3:9].sum(axis=1)
    found = importance(z, answers, np.eye(22))
    assert set(found.ranked[:3]) == {2, 9, 17}
    assert set(found.decisive(0.95)) == {2, 9, 17}
    assert found.explained > 0.95


def test_an_answer_that_nothing_moves() -> None:
    found = importance(drawn(4), np.full(DRAWS, 2.0), np.eye(4))
    assert list(found.share) == [0.0] * 4
    assert found.explained == 1.0
    assert found.decisive() == ()


def test_without_numbers_nothing_is_shared() -> None:
    assert fit(np.zeros((20, 0)), np.arange(20.0)).explained == 0.0


def test_more_numbers_than_draws() -> None:
    z = points.normals(40, 60, seed=0)
    assert importance(z, z[:, 5], np.eye(60)).ranked[0] == 5


@pytest.mark.parametrize(("rows", "value", "said"), [(5, 1.0, "too few"), (40, np.nan, "finite")])
def test_what_cannot_be_fitted(rows: int, value: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fit(np.zeros((rows, 2)), np.full(rows, value))


def test_it_costs_next_to_nothing() -> None:
    """22 numbers, 5 of them correlated, 500 draws: far less than one market takes."""
    correlation = np.eye(22)
    correlation[:5, :5] = 0.1 + 0.9 * np.eye(5)
    z = copula.correlated(points.normals(DRAWS, 22, 0), correlation)
    answers = np.exp(z[:, 0]) + z[:, 1]
    importance(z, answers, correlation)
    start = time.perf_counter()
    importance(z, answers, correlation)
    assert time.perf_counter() - start < 0.5
