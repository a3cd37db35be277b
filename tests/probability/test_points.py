"""Sobol's points: SciPy's unscrambled, as even as SciPy's scrambled, the same in any stretch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from accord.probability import normal, points


def test_unscrambled_they_are_scipy_s() -> None:
    columns = points.most_columns()
    assert columns >= 64
    theirs = qmc.Sobol(columns, scramble=False).random(2048)
    assert np.array_equal(points.sobol(2048, columns), theirs)


@given(st.integers(0, 5000), st.integers(1, 300), st.integers(1, 40), st.integers(0, 2**62))
def test_a_point_does_not_depend_on_how_many_are_asked_for(
    start: int, count: int, columns: int, seed: int
) -> None:
    whole = points.uniforms(start + count, columns, seed)
    assert np.array_equal(points.uniforms(count, columns, seed, start), whole[start:])


def test_a_column_does_not_depend_on_how_many_there_are() -> None:
    assert np.array_equal(points.uniforms(100, 30, 5)[:, :7], points.uniforms(100, 7, 5))


@pytest.mark.parametrize("seed", range(5))
def test_scrambling_keeps_every_stretch_of_a_net_even(seed: int) -> None:
    """Each of 2^m points from a multiple of 2^m on falls into an interval of its own."""
    for m in (3, 6, 9):
        found = points.uniforms(2**m, points.most_columns(), seed, start=5 * 2**m)
        cells = np.sort((found * 2**m).astype(int), axis=0)
        assert np.array_equal(cells, np.tile(np.arange(2**m)[:, None], cells.shape[1]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [256, 1024])
def test_they_are_as_even_as_scipy_s(seed: int, count: int) -> None:
    ours = qmc.discrepancy(points.uniforms(count, 8, seed))
    theirs = [qmc.discrepancy(qmc.Sobol(8, rng=k).random(count)) for k in range(8)]
    chance = qmc.discrepancy(np.random.default_rng(seed).random((count, 8)))
    assert ours < 1.5 * max(theirs)
    assert ours < 0.5 * chance


def test_integrals_converge_faster_than_chance() -> None:
    """∫ Π (1 + (x − ½)/j) = 1 in 24 dimensions; root mean square error over 32 scramblings."""
    weight = 1.0 / np.arange(1.0, 25.0)

    def error(count: int) -> float:
        made = [points.uniforms(count, 24, seed) for seed in range(32)]
        missed = [float(np.prod(1.0 + (x - 0.5) * weight, axis=1).mean() - 1.0) for x in made]
        return float(np.sqrt(np.mean(np.square(missed))))

    spread = np.sqrt(np.prod(1.0 + weight**2 / 12.0) - 1.0)
    assert error(512) < 0.2 * spread / np.sqrt(512)
    assert error(4096) < error(512) / 5.0  # chance: 2.8


def test_scrambled_points_are_without_bias() -> None:
    """Each single point is uniform over the scramblings."""
    first = np.array([points.uniforms(1, 3, seed)[0] for seed in range(400)])
    assert first.mean(axis=0) == pytest.approx(0.5, abs=4.0 * np.sqrt(1.0 / 12.0 / 400.0))
    assert first.var(axis=0) == pytest.approx(1.0 / 12.0, rel=0.2)


def test_a_seed_is_for_ever() -> None:
    """These figures may never change: runs are told by their seed."""
    found = points.uniforms(2, 2, 20250101)
    assert found.ravel().tolist() == [
        0.21661780180875212,
        0.8959002817282453,
        0.7400098497746512,
        0.20057097647804767,
    ]


def test_normal_scores_are_finite_and_standard() -> None:
    found = points.normals(4096, 24, 1)
    assert np.isfinite(found).all()
    assert found.mean(axis=0) == pytest.approx(0.0, abs=0.01)
    assert found.std(axis=0) == pytest.approx(1.0, abs=0.01)
    assert np.array_equal(found, normal.quantile(points.uniforms(4096, 24, 1)))


def test_rows_drawn_again_are_rows() -> None:
    found = points.places(50, 7, 3)
    assert found.shape == (50, 7)
    assert set(found.ravel()) == set(range(7))


@pytest.mark.parametrize(
    ("count", "columns", "seed", "start"),
    [
        (4, 0, 0, 0),
        (4, 257, 0, 0),
        (4, 3, -1, 0),
        (4, 3, 2**63, 0),
        (1, 3, 0, 2**32),
        (-1, 3, 0, 0),
    ],
)
def test_what_cannot_be_had(count: int, columns: int, seed: int, start: int) -> None:
    with pytest.raises(ValueError, match=r"can be had|a seed is"):
        points.uniforms(count, columns, seed, start)
