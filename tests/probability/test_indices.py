"""Sobol indices against published values and SALib; correlated numbers are never told apart."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from accord.probability import copula, points
from accord.probability.indices import (
    design,
    first_order_by_bins,
    indices,
    names_of,
    sobol_indices,
)
from variance_examples import (
    G_WEIGHTS,
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    g_function,
    g_indices,
    ishigami,
    tied,
)


def test_ishigami() -> None:
    found = sobol_indices(ishigami, np.eye(3), 4096, seed=0)
    assert found.first == pytest.approx(ISHIGAMI_FIRST, abs=0.01)
    assert found.total == pytest.approx(ISHIGAMI_TOTAL, abs=0.01)
    for truth, ends in ((ISHIGAMI_FIRST, found.first_range), (ISHIGAMI_TOTAL, found.total_range)):
        assert (ends[:, 0] - 0.01 <= truth).all()
        assert (truth <= ends[:, 1] + 0.01).all()
        assert (ends[:, 1] - ends[:, 0] < 0.15).all()


def test_sobol_s_g_function() -> None:
    found = sobol_indices(g_function, np.eye(len(G_WEIGHTS)), 4096, seed=0)
    first, total = g_indices()
    assert found.first == pytest.approx(first, abs=0.01)
    assert found.total == pytest.approx(total, abs=0.01)


def test_they_are_salib_s() -> None:
    if importlib.util.find_spec("SALib") is None:
        pytest.skip("SALib is not installed")
    from SALib.analyze import sobol

    made = design(1024, np.eye(3), seed=3)
    answers = ishigami(made.rows)
    a, b, mixed = answers[:1024], answers[1024:2048], answers[2048:].reshape(3, 1024)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    rows = np.column_stack([a, *mixed, b]).ravel()
    theirs = sobol.analyze(problem, rows, calc_second_order=False, seed=1)
    ours = indices(made, answers)
    # SALib takes the mean of all rows off, where accord takes that of A and B.
    assert ours.first == pytest.approx(theirs["S1"], abs=0.005)
    assert ours.total == pytest.approx(theirs["ST"], abs=1e-9)


def test_correlated_numbers_are_refused_one_by_one() -> None:
    alone = ((0,), (1,), (2,))
    with pytest.raises(ValueError, match="plain Sobol indices do not exist"):
        sobol_indices(ishigami, tied(0.3), 64, seed=0, groups=alone)


def test_left_out_the_groups_are_the_correlated_ones() -> None:
    """Y = z₁ + 2 z₂ + z₃ with z₂ and z₃ correlated by ½: variances 1 and 4 + 1 + 2."""
    slopes = np.array([1.0, 2.0, 1.0])
    found = sobol_indices(lambda z: z @ slopes, tied(0.5), 4096, seed=1)
    assert found.groups == ((0,), (1, 2))
    assert found.first == pytest.approx([1.0 / 8.0, 7.0 / 8.0], abs=0.005)
    assert found.total == pytest.approx([1.0 / 8.0, 7.0 / 8.0], abs=0.005)
    assert found.variance == pytest.approx(8.0, rel=0.01)
    assert names_of(found.groups, ["a", "b", "c"]) == ("a", "b with c")


def test_a_mixed_design_keeps_the_correlation() -> None:
    made = design(4096, tied(0.5), seed=1)
    for part in (made.a, made.b, *made.mixed):
        assert np.corrcoef(part.T) == pytest.approx(tied(0.5), abs=0.02)


def test_an_answer_that_nothing_moves() -> None:
    found = sobol_indices(lambda z: np.full(len(z), 3.0), np.eye(2), 64, seed=0)
    assert list(found.first) == list(found.total) == [0.0, 0.0]
    assert found.variance == 0.0


def test_an_answer_that_is_missing_is_refused() -> None:
    made = design(16, np.eye(2), seed=0)
    answers = np.ones(len(made.rows))
    answers[3] = np.nan
    with pytest.raises(ValueError, match="finite"):
        indices(made, answers)


@pytest.mark.parametrize("groups", [((0,),), ((0, 1), (1,)), ((0,), (1,), (2,))])
def test_groups_hold_each_number_once(groups: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ValueError, match="one group"):
        design(16, np.eye(2), seed=0, groups=groups)


@pytest.mark.parametrize("even", [True, False])
def test_bins_tell_first_order_indices_from_draws_at_hand(even: bool) -> None:  # noqa: FBT001
    """Between bins lies S, but for what the sine does within a bin (0.02) and chance (4/√n)."""
    chance = np.random.default_rng(5).standard_normal((4000, 3))
    scores = points.normals(4000, 3, seed=2) if even else chance
    found = first_order_by_bins(scores, ishigami(scores), bins=20)
    assert found == pytest.approx(ISHIGAMI_FIRST, abs=0.03 if even else 0.06)


def test_by_bins_a_correlated_number_tells_of_the_other() -> None:
    """Y = z₂ alone; knowing z₃, correlated with it by 0.8, takes 0.64 of the variance."""
    scores = copula.correlated(points.normals(4000, 3, seed=2), tied(0.8))
    found = first_order_by_bins(scores, scores[:, 1])
    assert found == pytest.approx([0.0, 1.0, 0.64], abs=0.05)


def test_bins_of_an_answer_that_nothing_moves_or_with_too_few_draws() -> None:
    assert list(first_order_by_bins(np.zeros((40, 2)), np.ones(40))) == [0.0, 0.0]
    with pytest.raises(ValueError, match="too few"):
        first_order_by_bins(np.zeros((10, 2)), np.ones(10))
