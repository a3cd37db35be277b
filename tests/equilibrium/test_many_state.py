"""Many draws at once say of each draw what ``ShareState`` says of it alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.groups import Cells, Groups
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.share import ShareState
from accord.equilibrium.stack import Stack, stacked
from accord.market import Market
from accord.market.market import set_capacity
from worlds import LANE_AB, LANE_DB, banned, duty, limit, origin_duty, quota, toy, with_duty

TOY = toy()
ENTREPOT = toy(entrepot=True)
SEVERAL = set_capacity(
    with_duty(banned(TOY), duty(0.2, specific=30.0)).with_limit(
        limit(30e3, sense="at_least", rent_to="A", lowers_customs_value=True)
    ),
    {"smelter.C": 0.0},
)
WORLDS: dict[str, Market] = {
    "plain": TOY,
    "several": SEVERAL,
    "tariff-rate quota": TOY.with_limit(quota(5e3, duty(0.1, specific=9.0))),
    "quota that grows": TOY.with_limit(limit(1e3, per_activity=(("smelter.B", 0.5),))),
    "traces travel": origin_duty(ENTREPOT, 0.5, "pro rata").with_limit(limit(2e3, LANE_DB)),
    "traces stay": origin_duty(TOY, 0.5, "pro rata"),
    "segregated": origin_duty(ENTREPOT, 0.5, "segregated"),
    "nobody serves": TOY.map_lanes(
        lambda x: x.good == "metal" and x.destination == "B", lambda x: x.closed("ban")
    ),
}
NAMES = (
    "price", "level", "rent", "traced", "supply", "traced_share", "landed_cost", "cost_slope",
    "share", "served", "buyer_price", "use", "final_use", "flow", "shipped", "utilisation",
    "revenue", "flat_cost", "counted_flow", "bound",
)  # fmt: skip


def drawn(market: Market, count: int, seed: int = 0) -> Stack:
    """Markets that differ in θ, weights, freight, demand, costs, capacities and bounds."""
    universe, rng = universe_of(market), np.random.default_rng(seed)
    base = compile_market(market, universe)

    def near(values: np.ndarray) -> np.ndarray:
        return values * rng.uniform(0.7, 1.3, values.shape)

    markets = []
    for _ in range(count):
        lanes, buyers = base.lanes, base.buyers
        markets.append(
            replace(
                base,
                lanes=replace(
                    lanes,
                    log_weight=lanes.log_weight + rng.normal(0.0, 0.3, len(lanes.node)),
                    intercept=near(lanes.intercept),
                    slope=near(lanes.slope),
                    traced_slope=near(lanes.traced_slope),
                ),
                buyers=replace(
                    buyers,
                    theta=near(buyers.theta),
                    gamma=near(buyers.gamma),
                    quantity=near(buyers.quantity),
                ),
                activities=replace(
                    base.activities,
                    fixed_cost=near(base.activities.fixed_cost),
                    capacity=near(base.activities.capacity),
                ),
                limits=replace(base.limits, bound=near(base.limits.bound)),
            )
        )
    return stacked(markets)


def points(stack: Stack, seed: int = 1) -> np.ndarray:
    """Points that are no equilibria: prices, levels, rents and traced tonnes near the benchmark."""
    rng, base = np.random.default_rng(seed), stack.base
    size = np.concatenate(
        [
            base.reference_price,
            base.activities.capacity,
            np.full(len(base.limits.sign), 0.5),
            np.full(base.sizes[3], 1e3),
        ]
    )
    return size * rng.uniform(0.5, 1.1, (stack.count, len(size)))


@pytest.mark.parametrize("name", WORLDS)
def test_every_draw_is_what_it_is_alone(name: str) -> None:
    stack = drawn(WORLDS[name], 7)
    z = points(stack)
    many = ManyState(stack, z)
    for d in range(stack.count):
        alone = ShareState(stack.one(d), z[d])
        for quantity in NAMES:
            ours, theirs = getattr(many, quantity)[d], getattr(alone, quantity)
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-300, err_msg=quantity)


def test_where_nothing_differs_every_draw_is_the_one() -> None:
    base = compile_market(SEVERAL, universe_of(SEVERAL))
    stack = stacked([base, base, base])
    z = np.repeat(points(stack)[:1], 3, axis=0)
    many, alone = ManyState(stack, z), ShareState(base, z[0])
    for quantity in NAMES:
        ours = getattr(many, quantity)
        assert ours.shape == (3, *getattr(alone, quantity).shape), quantity
        np.testing.assert_allclose(ours[1], getattr(alone, quantity), rtol=1e-12)
        np.testing.assert_array_equal(ours[0], ours[2])


def test_a_draw_does_not_depend_on_who_stands_beside_it() -> None:
    """To the last bit."""
    stack = drawn(WORLDS["tariff-rate quota"], 9)
    z = points(stack)
    whole = ManyState(stack, z)
    part = ManyState(stack.rows(np.array([4, 7])), z[[4, 7]])
    for quantity in NAMES:
        np.testing.assert_array_equal(getattr(part, quantity), getattr(whole, quantity)[[4, 7]])


def test_demand_known_better_than_the_price_tells_is_taken() -> None:
    stack = drawn(TOY, 3)
    known = np.full((3, len(stack.base.universe.buyers)), np.nan)
    known[1, 2] = 17.0
    z = points(stack)
    many = ManyState(stack, z, known_demand=known)
    assert many.final_use[1, 2] == 17.0
    alone = replace(ShareState(stack.one(1), z[1]), known_demand=known[1])
    np.testing.assert_allclose(many.flow[1], alone.flow, rtol=1e-12)


def test_sums_and_largest_by_group() -> None:
    group = np.array([2, 0, 2, 4, 0])
    values = np.array([[1.0, 2.0, 4.0, 8.0, 16.0], [3.0, 1.0, -5.0, 2.0, 2.0]])
    groups = Groups.of(group, 6)
    expected = np.array([np.bincount(group, row, 6) for row in values])
    np.testing.assert_array_equal(groups.sums(values), expected)
    top = groups.tops(values)
    assert top[1].tolist() == [2.0, -np.inf, 3.0, -np.inf, 2.0, -np.inf]
    none = Groups.of(np.zeros(0, dtype=np.intp), 2)
    assert none.sums(np.zeros((3, 0))).tolist() == [[0.0, 0.0]] * 3


def test_cells_are_a_table() -> None:
    rng = np.random.default_rng(0)
    table = rng.random((5, 7)) * (rng.random((5, 7)) < 0.4)
    cells = Cells.of(table)
    x, y = rng.random((3, 7)), rng.random((3, 5))
    np.testing.assert_allclose(cells.times(x), x @ table.T)
    np.testing.assert_allclose(cells.across(y), y @ table)


def test_lanes_that_only_some_draws_have() -> None:
    """Two markets of one universe: in one the lane is banned."""
    universe = universe_of(TOY, banned(TOY))
    stack = stacked([compile_market(m, universe) for m in (TOY, banned(TOY))])
    z = points(stack)
    many = ManyState(stack, z)
    lane = universe.lane_index[LANE_AB]
    assert many.flow[0, lane] > 0.0
    assert many.flow[1, lane] == 0.0
