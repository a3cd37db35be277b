"""The share closure on tables says what it says on flat arrays, and solves with what it says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from harsh_chains import benchmark, harsh
from numpy.typing import NDArray

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.closure import cold_start
from accord.equilibrium.share import Share, ShareState, on_tables
from accord.equilibrium.share_point import SharePoint
from accord.equilibrium.share_problem import problem_of
from accord.equilibrium.share_slope import ShareSlope
from accord.equilibrium.tables import layout_of
from accord.market import Market
from accord.solve import ClippedNewton, Ladder, Problem
from worlds import duty, limit, origin_duty, quota, toy

Vector = NDArray[np.float64]
TOY = toy()
WORLDS: dict[str, Market] = {
    "toyland": TOY,
    "quota": TOY.with_limit(quota(4e3, duty(0.2, specific=30.0))),
    "minimum": TOY.with_limit(limit(5e3, sense="at_least")),
    "smelt origin": origin_duty(TOY, 0.4, "pro rata"),
    "clean supply": origin_duty(TOY, 0.4, "segregated"),
    "joint products": benchmark(np.random.default_rng(11), 6, 4),
    "harsh": harsh(7, most_regions=8, most_stages=4),
    "harsh, limits": harsh(1010, most_regions=6, most_stages=3),
}


class Case(NamedTuple):
    """A point in the open of a market's problem, laid out flat and on tables."""

    flat: Problem
    point: SharePoint
    z: Vector


def case(market: Market, seed: int = 1) -> Case:
    arrays = compile_market(market, universe_of(market))
    flat, layout = problem_of(arrays, ShareState), layout_of(arrays)
    assert layout is not None
    draw = np.random.default_rng(seed)
    z = cold_start(arrays) * draw.uniform(0.8, 1.1, len(flat.lower))
    n, a, _, _ = arrays.sizes
    z[n + a :] = draw.uniform(0.0, 0.02, len(z) - n - a) * flat.z_scale[n + a :]
    z = flat.clip(z)
    return Case(flat, SharePoint(layout, z), z)


@pytest.fixture(params=WORLDS, scope="module")
def at(request: pytest.FixtureRequest) -> Case:
    return case(WORLDS[request.param])


def test_conditions_agree(at: Case) -> None:
    error = (at.point.conditions - at.flat.value(at.z)) / at.flat.f_scale
    assert np.max(np.abs(error)) < 1e-11


def test_the_slope_times_a_vector_agrees(at: Case) -> None:
    vector = np.random.default_rng(2).normal(size=len(at.z)) * at.flat.z_scale
    whole = at.flat.jacobian(at.z)
    size = np.abs(whole) @ np.abs(vector) + 1e-300
    error = ShareSlope(at.point).times(vector) - whole @ vector
    assert np.max(np.abs(error) / size) < 1e-11


def test_laid_out_whole_it_is_the_flat_jacobian(at: Case) -> None:
    whole = at.flat.jacobian(at.z)
    size = np.abs(whole).max(axis=1, keepdims=True) + 1e-300
    assert np.max(np.abs(ShareSlope(at.point).whole() - whole) / size) < 1e-10


def test_weak_rows_are_seen_for_what_they_are(at: Case) -> None:
    largest = np.max(np.abs(at.flat.jacobian(at.z)) * at.flat.z_scale, axis=1)
    enough = 1e-3 * at.flat.f_scale
    found = ShareSlope(at.point).strength(at.flat.z_scale, enough)
    weak = largest < enough
    assert np.all(found[weak] < 30.0 * enough[weak])
    assert np.all(found[~weak] >= 0.1 * enough[~weak])


@pytest.mark.parametrize("held", [0.0, 0.3])
def test_solves_as_the_whole_jacobian_does(at: Case, held: float) -> None:
    draw = np.random.default_rng(3)
    free = draw.random(len(at.z)) >= held
    row = free * draw.uniform(0.5, 1.0, len(at.z)) / at.flat.f_scale
    diagonal = np.where(free, 0.02, 1.0) / at.flat.z_scale
    whole = row[:, None] * at.flat.jacobian(at.z) + np.diag(diagonal)
    right = draw.normal(size=len(at.z))
    system = ShareSlope(at.point).factored(row, diagonal)
    assert system is not None
    for found, matrix in (
        (system.solve(right), whole),
        (system.solve_transposed(right), whole.T),
    ):
        assert found is not None
        left = matrix @ found - right
        assert np.max(np.abs(left) / (np.abs(matrix) @ np.abs(found) + 1.0)) < 1e-9


@pytest.mark.parametrize("name", WORLDS)
def test_newton_goes_the_same_way_with_either(name: str) -> None:
    market = WORLDS[name]
    arrays = compile_market(market, universe_of(market))
    flat = problem_of(arrays, ShareState)
    quick = on_tables(arrays, flat)
    assert quick.linear is not None
    newton = Ladder(methods=(ClippedNewton(max_steps=3, polish=0),))
    one, other = (newton.solve(x, cold_start(arrays)).reached for x in (flat, quick))
    np.testing.assert_allclose(other / flat.z_scale, one / flat.z_scale, rtol=1e-6, atol=1e-8)


def test_where_metal_is_sold_on_the_flat_problem_stays() -> None:
    market = origin_duty(toy(entrepot=True), 0.4, "pro rata")
    arrays = compile_market(market, universe_of(market))
    assert layout_of(arrays) is None
    assert Share().problem(arrays).linear is None
