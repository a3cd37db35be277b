"""Tables of many draws say what each draw's own tables say, and solve with what they say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from harsh_chains import benchmark, harsh
from numpy.typing import NDArray

from accord.equilibrium.certificate import certify
from accord.equilibrium.closure import cold_start
from accord.equilibrium.many_border import border_of
from accord.equilibrium.many_checks import checks_of
from accord.equilibrium.many_point import ManyPoint
from accord.equilibrium.many_shape import envelope_of, shape_of
from accord.equilibrium.many_slope import ManySlope
from accord.equilibrium.many_sums import Sums, inverses
from accord.equilibrium.many_system import factors_of
from accord.equilibrium.many_tables import many_layout
from accord.equilibrium.share import Share
from accord.equilibrium.share_slope import ShareSlope
from accord.equilibrium.stack import Stack
from accord.market import Market
from accord.solve import Outcome, Problem
from drawn_worlds import drawn
from worlds import duty, limit, origin_duty, quota, toy

Array = NDArray[np.float64]
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
DRAWS = 5


class Case(NamedTuple):
    """Points in the open of many draws, side by side and one by one."""

    stack: Stack
    point: ManyPoint
    problems: list[Problem]


@pytest.fixture(params=WORLDS, scope="module")
def at(request: pytest.FixtureRequest) -> Case:
    return case(WORLDS[request.param])


def case(market: Market) -> Case:
    stack = drawn(market, DRAWS)
    shape = shape_of(envelope_of(stack))
    assert shape is not None
    layout = many_layout(shape, stack)
    singles = [stack.one(d) for d in range(DRAWS)]
    rng = np.random.default_rng(1)
    z = np.array([cold_start(x) for x in singles]) * rng.uniform(0.8, 1.1, layout.of.lower.shape)
    n, a, _, _ = stack.base.sizes
    scale = np.broadcast_to(layout.of.z_scale, z.shape)
    z[:, n + a :] = rng.uniform(0.0, 0.02, z[:, n + a :].shape) * scale[:, n + a :]
    return Case(stack, ManyPoint(layout, layout.clip(z)), [Share().problem(x) for x in singles])


def test_bounds_and_sizes_are_each_draws_own(at: Case) -> None:
    for name in ("lower", "upper", "z_scale", "f_scale"):
        rows = np.broadcast_to(getattr(at.point.layout.of, name), at.point.z.shape)
        for row, problem in zip(rows, at.problems, strict=True):
            assert row == pytest.approx(getattr(problem, name), rel=1e-14)


def test_conditions_are_each_draws_own(at: Case) -> None:
    for z, f, problem in zip(at.point.z, at.point.conditions, at.problems, strict=True):
        assert f / problem.f_scale == pytest.approx(
            problem.value(z) / problem.f_scale, rel=1e-12, abs=1e-12
        )


def test_a_solve_is_each_draws_own(at: Case) -> None:
    rng = np.random.default_rng(2)
    layout = at.point.layout
    inside = rng.random(at.point.z.shape) < 0.8
    border = border_of(layout.shape, tuple(range(at.stack.base.sizes[2])))
    factors = factors_of(ManySlope(at.point, border), inside)
    right = rng.normal(size=inside.shape)
    found = factors.solve(right)
    for d, problem in enumerate(at.problems):
        assert problem.linear is not None
        slope = problem.linear(at.point.z[d])
        assert isinstance(slope, ShareSlope)
        left = factors.row[d] * slope.times(found[d]) + factors.diagonal[d] * found[d]
        # The smallest pivots are raised, so that harsh systems are solved nearly, not exactly.
        assert left == pytest.approx(right[d], abs=1e-5 * np.max(np.abs(right[d])))


def test_a_rent_at_rest_may_be_left_out(at: Case) -> None:
    layout, m = at.point.layout, at.stack.base.sizes[2]
    inside = np.ones(at.point.z.shape, dtype=np.bool_)
    inside[:, -m:] = m == 0
    right = np.random.default_rng(3).normal(size=inside.shape)
    right[:, -m:] *= m == 0
    every, none = (border_of(layout.shape, x) for x in (tuple(range(m)), ()))
    whole = factors_of(ManySlope(at.point, every), inside).solve(right)
    part = factors_of(ManySlope(at.point, none), inside).solve(right)
    scale = np.abs(whole).max(axis=1, keepdims=True)
    assert part / scale == pytest.approx(whole / scale, abs=1e-9)


def test_checks_are_those_of_the_certificate(at: Case) -> None:
    checks = checks_of(at.point)
    for d in range(DRAWS):
        state = Share().state(at.stack.one(d), at.point.z[d])
        single = certify(state, Outcome(state.z, 0.0, (), 0.0, solved=True))
        assert checks.market_clearing[d] == pytest.approx(single.market_clearing, rel=1e-9)
        assert checks.complementarity[d] == pytest.approx(single.complementarity, rel=1e-9)
        assert checks.mass_balance[d] == pytest.approx(single.mass_balance, rel=1e-6, abs=1e-13)


def test_some_draws_are_the_same_as_among_all(at: Case) -> None:
    rows = np.array([3, 1])
    part = ManyPoint(at.point.layout.rows(rows), at.point.z[rows])
    assert part.conditions == pytest.approx(at.point.conditions[rows], rel=1e-9, abs=1e-6)


def test_sums_by_group() -> None:
    sums = Sums.of(np.array([4, 1, 4, 0]))
    values = np.array([[1.0, 2.0, 3.0, 4.0], [0.5, 0.5, 0.5, 0.5]])
    assert sums.spread(values, 6).tolist() == [[4, 2, 0, 0, 4, 0], [0.5, 0.5, 0, 0, 1, 0]]
    assert sums.compact(values).tolist() == [[4, 2, 4], [0.5, 0.5, 1]]
    assert (
        Sums.of(np.array([], dtype=np.intp)).spread(np.zeros((2, 0)), 3).tolist() == [[0] * 3] * 2
    )


def test_one_singular_matrix_does_not_spoil_the_others() -> None:
    found = inverses(np.array([[[2.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]]))
    assert found[0].tolist() == [[0.5, 0.0], [0.0, 0.25]]
    assert np.isnan(found[1]).all()
