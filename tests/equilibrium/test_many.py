"""Many markets solved at once have the answers that each has alone."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from accord import deal as deals
from accord import pack as packs
from accord.claims import words_of
from accord.equilibrium import solve_market, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.equilibrium import answer
from accord.equilibrium.many import CHUNK, Many, solve_many
from accord.equilibrium.share import Share
from accord.equilibrium.stack import Stack, stacked
from accord.errors import InputError
from accord.market import Market
from accord.pack import PriorKey
from drawn_worlds import compiled, draw_of, drawn
from worlds import duty, limit, origin_duty, quota, toy

Vector = NDArray[np.float64]
TOY = toy()
WORLDS: dict[str, Market] = {
    "toyland": TOY,
    "quota": TOY.with_limit(quota(26e3, duty(0.2, specific=30.0))),
    "minimum": TOY.with_limit(limit(25e3, sense="at_least")),
    "smelt origin": origin_duty(TOY, 0.4, "pro rata"),
    "clean supply": origin_duty(TOY, 0.4, "segregated"),
}
CLOSE = 1e-9


def assert_same(many: Many, single: Vector, draw: int) -> None:
    """Prices and flows agree to a billionth of a good's own size, where anything is made."""
    arrays = many.stack.one(draw)
    one, other = many.state(draw), Share().state(arrays, single)
    made = other.supply > 1e-9 * arrays.activities.capacity.max()
    assert one.price[made] == pytest.approx(other.price[made], rel=CLOSE)
    assert one.flow == pytest.approx(other.flow, abs=CLOSE * other.flow.max())
    assert one.level == pytest.approx(other.level, abs=CLOSE * other.level.max())


def assert_each_alone(many: Many) -> None:
    for draw in range(many.count):
        state, _, _ = answer(Share(), many.stack.one(draw), None)
        assert_same(many, state.z, draw)


@pytest.mark.parametrize("name", WORLDS)
def test_every_draw_has_the_answer_it_has_alone(name: str) -> None:
    many = solve_many(drawn(WORLDS[name], 24, seed=4))
    assert many.solved.all()
    assert_each_alone(many)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), spread=st.floats(0.0, 0.3), bound=st.floats(5e3, 40e3))
def test_any_draws_have_the_answers_they_have_alone(seed: int, spread: float, bound: float) -> None:
    many = solve_many(drawn(TOY.with_limit(limit(bound)), 6, seed=seed, spread=spread))
    assert many.solved.all()
    assert_each_alone(many)


def mixed() -> Stack:
    """Draws in some of which a limit binds, a plant idles, a lane is closed."""
    arrays, rng = compiled(TOY.with_limit(limit(25e3))), np.random.default_rng(5)
    rows: list[Arrays] = []
    for k in range(30):
        row = draw_of(arrays, rng, 0.05)
        capacity, weight = row.activities.capacity.copy(), row.lanes.log_weight.copy()
        if k % 3 == 0:
            capacity[len(capacity) - 1 - k % 2] = 0.0
        if k % 4 == 0:
            weight[k % len(weight)] = -np.inf
        if k % 2:
            row = replace(row, limits=replace(row.limits, bound=10 * row.limits.bound))
        rows.append(
            replace(
                row,
                activities=replace(row.activities, capacity=capacity),
                lanes=replace(row.lanes, log_weight=weight),
            )
        )
    return stacked(rows)


def test_limits_bind_plants_idle_and_lanes_close_in_some_draws_only() -> None:
    many = solve_many(mixed())
    assert many.solved.all()
    binds = np.array([many.state(d).rent[0] > 0.0 for d in range(many.count)])
    idle = np.array([(many.state(d).level == 0.0).any() for d in range(many.count)])
    shut = np.array([np.isinf(many.stack.one(d).lanes.log_weight).any() for d in range(many.count)])
    assert all(x.any() and not x.all() for x in (binds, idle, shut))
    assert_each_alone(many)


def test_what_cannot_be_made_is_taken_out_draw_by_draw() -> None:
    stack = mixed().without_the_impossible()
    for before, draw in zip(range(stack.count), range(stack.count), strict=True):
        whole = mixed().one(before)
        alone = stacked([whole]).without_the_impossible().one(0)
        assert np.array_equal(stack.one(draw).activities.capacity, alone.activities.capacity)
        assert np.array_equal(stack.one(draw).lanes.log_weight, alone.lanes.log_weight)


def test_draws_that_are_all_the_same_have_the_one_answer() -> None:
    arrays = compiled(TOY)
    many = solve_many(stacked([arrays] * 3))
    assert_same(many, solve_market(TOY).state.z, 0)
    assert np.array_equal(many.z[0], many.z[1])
    assert np.array_equal(many.z[0], many.z[2])


def test_the_order_of_draws_does_not_matter() -> None:
    stack, order = drawn(TOY, 20, seed=6), np.random.default_rng(0).permutation(20)
    one, other = solve_many(stack), solve_many(stack.rows(order))
    assert other.z == pytest.approx(one.z[order], rel=1e-9, abs=1e-6)


def test_the_order_of_names_does_not_matter() -> None:
    market = WORLDS["quota"]
    turned = replace(
        market,
        regions=market.regions[::-1],
        goods=market.goods[::-1],
        activities=market.activities[::-1],
        lanes=market.lanes[::-1],
        buyers=market.buyers[::-1],
    )
    one, other = (solve_many(drawn(x, 1)) for x in (market, turned))
    first, second = one.stack.base.universe, other.stack.base.universe
    assert first.nodes != second.nodes
    prices = dict(zip(second.nodes, other.state(0).price, strict=True))
    for node, price in zip(first.nodes, one.state(0).price, strict=True):
        assert prices[node] == pytest.approx(price, rel=CLOSE)


def test_how_draws_are_split_does_not_change_a_bit() -> None:
    stack = drawn(WORLDS["quota"], 2 * CHUNK + 9, seed=7)
    whole = solve_many(stack)
    ends = (0, CHUNK, 2 * CHUNK, stack.count)
    parts = [solve_many(stack.rows(slice(*ends_))) for ends_ in pairwise(ends)]
    assert np.array_equal(np.concatenate([x.z for x in parts]), whole.z)
    for name in ("steps", "solved", "market_clearing", "complementarity", "mass_balance"):
        joined = np.concatenate([getattr(x, name) for x in parts])
        assert np.array_equal(joined, getattr(whole, name))


# ---------------------------------------------------------------------- draws that fail


def test_a_draw_without_an_answer_is_named_and_harms_no_other() -> None:
    good = drawn(WORLDS["minimum"], 6, seed=8)
    markets = [good.one(d) for d in range(6)]
    impossible = replace(markets[2], limits=replace(markets[2].limits, bound=np.array([9e9])))
    asked = replace(markets[4].limits, bound=np.array([59e3]), top=np.array([1.0]))
    unmet = replace(markets[4], limits=asked)
    markets[2], markets[4] = impossible, unmet
    many, alone = solve_many(stacked(markets)), solve_many(good)
    assert many.solved.tolist() == [True, True, False, True, False, True]
    assert "capacity behind these lanes" in many.causes[2]
    assert "not at any rebate up to 1 USD/t" in many.causes[4]
    assert set(many.causes) == {2, 4}
    assert np.isnan(many.z[[2, 4]]).all()
    assert np.isnan(many.market_clearing[2])
    for draw in (0, 1, 3, 5):
        assert_same(many, alone.z[draw], draw)
    with pytest.raises(ValueError, match="draw 2 has no answer"):
        many.state(2)


def test_a_start_that_leads_nowhere_is_left_for_a_neighbours_answer() -> None:
    stack = drawn(TOY, 4, seed=9)
    begin = np.tile(solve_many(stack.rows(slice(0, 1))).z, (4, 1))
    begin[1] = np.nan
    many = solve_many(stack, begin)
    assert many.solved.all()
    assert_each_alone(many)


def test_starts_for_another_number_of_draws_are_refused() -> None:
    stack = drawn(TOY, 4)
    many = solve_many(stack)
    with pytest.raises(ValueError, match="3 starts, for a stack of 4"):
        solve_many(stack, many.z[:3])
    with pytest.raises(ValueError, match="answers of 4 draws, for a stack of 2"):
        solve_many(stack.rows(slice(0, 2)), near=many)


# ---------------------------------------------------------------------- what is near


def test_slopes_of_a_market_near_by_lead_to_the_same_answers() -> None:
    one = solve_many(drawn(TOY, 12, seed=10))
    moved = drawn(TOY.with_limit(limit(24.9e3)), 12, seed=10)
    same_names = replace(one.stack.base, universe=moved.base.universe)
    assert same_names.universe is moved.base.universe
    nudged = replace(
        one.stack, activities=replace(one.stack.activities, kept=0.999 * one.stack.activities.kept)
    )
    for near in (one, solve_many(one.stack.rows(slice(0, 1)))):
        many = solve_many(nudged, near=near)
        assert many.solved.all()
        assert_each_alone(many)


def test_what_was_solved_already_takes_no_step() -> None:
    many = solve_many(drawn(TOY, 5, seed=11))
    assert solve_many(many.stack, near=many).steps.max() <= 1


# ---------------------------------------------------------------------- one by one


def test_metal_that_is_sold_on_is_solved_draw_by_draw() -> None:
    stack = drawn(origin_duty(toy(entrepot=True), 0.3, "pro rata"), 3, seed=12)
    many = solve_many(stack)
    assert many.solved.all()
    assert_each_alone(many)


def test_other_closures_solve_draw_by_draw() -> None:
    many = solve_many(drawn(TOY, 2), closure="armington")
    assert many.solved.all()
    alone = solve_market(TOY, closure="armington").state
    assert many.state(0).price == pytest.approx(alone.price, rel=1e-7)
    assert many.state(0).flow == pytest.approx(alone.flow, rel=1e-6)


def test_an_unknown_closure_is_refused() -> None:
    with pytest.raises(InputError, match="unknown"):
        solve_many(drawn(TOY, 2), closure="unknown")


# ---------------------------------------------------------------------- aluminium


@pytest.fixture(scope="module")
def aluminium() -> tuple[list[tuple[Market, Market]], tuple[Stack, Stack]]:
    """The founding deal before and after, at 40 draws of the priors' 10–90 % ranges."""
    pack = packs.load("aluminium")
    path = deals.shipped_deals()["us-russia-2025"]
    deal = deals.load(path, words_of(path)).variant(None)
    year, rng = pack.default_year(deal.as_of), np.random.default_rng(1)
    pairs: list[tuple[Market, Market]] = []
    for _ in range(40):
        chosen: dict[PriorKey, float] = {
            x.key: math.exp(rng.uniform(math.log(x.low), math.log(x.high)))
            for x in pack.priors.rows
        }
        before = pack.under_law(pack.calibration(year, priors=chosen).market, deal.as_of)
        pairs.append((before, deal.apply(before)))
    universe = universe_of(*pairs[0])
    before, after = (stacked([compile_market(x[k], universe) for x in pairs]) for k in (0, 1))
    return pairs, (before, after)


def test_the_founding_deal_at_draws_of_the_priors(
    aluminium: tuple[list[tuple[Market, Market]], tuple[Stack, Stack]],
) -> None:
    pairs, (before, after) = aluminium
    first = solve_many(before)
    second = solve_many(after, first.z)
    for side, many in enumerate((first, second)):
        assert many.solved.all()
        for draw in range(0, many.count, 4):
            market = pairs[draw][side]
            single = solve_market(market, universe=before.base.universe)
            assert_same(many, single.state.z, draw)
