"""Newton with exact derivatives: quadratic convergence, honest failure, paths."""

from __future__ import annotations

import numpy as np
import pytest

from accord.economy.complex_newton import Columns, along_path, complex_newton


def curve(x: Columns) -> Columns:
    return np.stack([np.exp(x[0]) + x[1] - 2.0, x[0] - x[1] + 1.0])


def test_it_finds_a_zero_to_rounding() -> None:
    found = complex_newton(curve, np.array([0.5, 0.5]))
    assert found.error <= 1e-13
    assert found.x == pytest.approx([0.0, 1.0], abs=1e-12)
    assert found.steps < 8


def test_a_function_without_a_zero_is_not_solved() -> None:
    found = complex_newton(lambda x: x**2 + 1.0, np.array([3.0]))
    assert found.error >= 1.0


def test_a_start_that_is_not_a_number_is_said() -> None:
    with np.errstate(invalid="ignore"):
        found = complex_newton(np.log, np.array([-1.0]))
    assert found.error == np.inf


def test_a_singular_slope_ends_the_search() -> None:
    found = complex_newton(lambda x: np.stack([x[0] + x[1] - 1.0] * 2) + 1.0, np.zeros(2))
    assert found.error == pytest.approx(0.0) or found.steps == 0


def test_a_path_follows_its_root_past_others() -> None:
    """Three roots at the start; the one it starts on is followed, not the nearest to the end."""

    def at(s: float):  # noqa: ANN202 — a residual
        return lambda x: (x - s) * (x - 2.0) * (x + 2.0)

    found = along_path(at, np.zeros(1), 1e-12)
    assert found.x == pytest.approx([1.0], abs=1e-10)


def test_a_path_that_breaks_off_is_not_solved() -> None:
    def at(s: float):  # noqa: ANN202 — a residual
        return lambda x: x**2 - (0.5 - s)

    assert along_path(at, np.array([np.sqrt(0.5)]), 1e-12).error == np.inf
