"""The inverse by quarters beside LAPACK's, and where quarters cannot be pivoted in."""

from __future__ import annotations

import numpy as np
import pytest

from accord.solve.inverse import LARGE, inverse


@pytest.mark.parametrize("n", [1, 7, LARGE - 1, LARGE, 131, 200, 257])
def test_inverts_as_lapack_does(n: int) -> None:
    draw = np.random.default_rng(n)
    matrix = draw.normal(size=(n, n)) + 2.0 * np.sqrt(n) * np.eye(n)
    found = inverse(matrix)
    assert found is not None
    np.testing.assert_allclose(found, np.linalg.inv(matrix), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dust", [0.0, 1e-14, 1e-9])
def test_a_corner_without_pivots_is_no_harm(dust: float) -> None:
    n = 200
    draw = np.random.default_rng(5)
    matrix = np.roll(np.eye(n), n // 2, axis=1) + dust * draw.normal(size=(n, n))
    found = inverse(matrix)
    assert found is not None
    np.testing.assert_allclose(found @ matrix, np.eye(n), atol=1e-10)


@pytest.mark.parametrize("n", [3, 200])
def test_a_singular_matrix_is_told(n: int) -> None:
    assert inverse(np.zeros((n, n))) is None
    assert inverse(np.ones((n, n))) is None


def test_rows_of_any_size_are_fine() -> None:
    n = 200
    draw = np.random.default_rng(6)
    sizes = 10.0 ** draw.uniform(-8.0, 8.0, n)
    matrix = (draw.normal(size=(n, n)) + 30.0 * np.eye(n)) * sizes[:, None]
    found = inverse(matrix)
    assert found is not None
    np.testing.assert_allclose(found @ matrix, np.eye(n), atol=1e-9)
