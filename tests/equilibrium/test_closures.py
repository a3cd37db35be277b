"""The same Market through every closure, and what each of them must satisfy."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from accord.cases.one_stage import GOOD, OneStage
from accord.effects import compare
from accord.equilibrium import Equilibrium, closure_named, solve_market, universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.closure import cold_start
from accord.equilibrium.equilibrium import name_row
from accord.errors import InputError, NoCertifiedAnswer
from accord.market import Activity, Capacity, FinalDemand, Lane, LaneKey, Market
from accord.solve import Problem
from worlds import (
    LANE_AB,
    LANE_CB,
    banned,
    duty,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

Change = Callable[[Market], Market]


def with_home_bias(market: Market) -> Market:
    buyers = (replace(b, home_elasticity=2.0) for b in market.buyers)
    return replace(market, buyers=tuple(buyers))


def raised_duty(market: Market) -> Market:
    return with_duty(market, duty(0.3))


def ban(market: Market) -> Market:
    return banned(market)


def at_most(market: Market) -> Market:
    return market.with_limit(limit(5e3))


def at_most_for_nobody(market: Market) -> Market:
    return market.with_limit(limit(5e3, rent_to=None))


def at_least(market: Market) -> Market:
    return market.with_limit(limit(9e3, LANE_CB, sense="at_least", rent_to="C"))


def tariff_rate_quota(market: Market) -> Market:
    return market.with_limit(quota(20e3, duty(0.3)))


CHANGES = (raised_duty, ban, at_most, at_most_for_nobody, at_least, tariff_rate_quota)
PHYSICAL = ("share", "armington", "homogeneous")


def both(closure: str, before: Market, after: Market) -> tuple[Equilibrium, Equilibrium]:
    universe = universe_of(before, after)
    first = solve_market(before, closure=closure, universe=universe)
    second = solve_market(after, closure=closure, universe=universe, start=first.state.z)
    return first, second


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("closure", PHYSICAL)
def test_every_closure_is_certified_and_its_welfare_agrees_along_a_path(
    closure: str, change: Change
) -> None:
    before, after = both(closure, toy(), change(toy()))
    assert before.certificate.ok
    assert after.certificate.ok
    assert compare(before, after).welfare_identity < 1e-8


@pytest.mark.parametrize("closure", PHYSICAL)
def test_a_lane_that_opens_is_followed_too(closure: str) -> None:
    effects = compare(*both(closure, banned(toy()), toy()))
    assert effects.welfare_by_parts > 0.0
    assert effects.welfare_identity < 1e-8


@pytest.mark.parametrize("closure", PHYSICAL)
@pytest.mark.parametrize("factor", [0.01, 7.0])
def test_scaling_all_prices_moves_no_quantity(closure: str, factor: float) -> None:
    """C2."""
    one = solve_market(raised_duty(toy()), closure=closure)
    other = solve_market(raised_duty(toy()).scaled(factor), closure=closure)
    assert other.state.level == pytest.approx(one.state.level, rel=1e-9)
    assert other.state.price == pytest.approx(factor * one.state.price, rel=1e-9)


@pytest.mark.parametrize("closure", PHYSICAL)
def test_a_higher_duty_never_raises_the_payers_imports(closure: str) -> None:
    before, after = both(closure, toy(), raised_duty(toy()))
    imports = [sum(e.flow("metal", o, "B") for o in ("A", "C")) for e in (before, after)]
    assert imports[1] <= imports[0]


@pytest.mark.parametrize("closure", ["armington", "homogeneous", "gsim"])
def test_what_a_closure_cannot_say_is_refused(closure: str) -> None:
    with pytest.raises(InputError, match=closure):
        solve_market(origin_duty(toy(), 0.5, "pro rata"), closure=closure)


def test_an_unknown_closure_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(InputError, match="share, armington, homogeneous, gsim"):
        solve_market(toy(), closure="leontief")


# ---------------------------------------------------------------------------------- homogeneous


def dear_lanes(equilibrium: Equilibrium) -> np.ndarray:
    state = equilibrium.state
    excess = state.landed_cost - state.buyer_price[state.arrays.lanes.buyer]
    return excess / state.buyer_price[state.arrays.lanes.buyer]


@pytest.mark.parametrize("change", [*CHANGES, lambda market: market])
def test_corners_are_exact(change: Change) -> None:
    solved = solve_market(change(toy()), closure="homogeneous")
    dear = dear_lanes(solved)
    is_open = np.isfinite(solved.state.arrays.lanes.log_weight)
    assert np.min(dear[is_open]) > -1e-11
    assert np.all(solved.state.flow[dear > 1e-9] == 0.0)
    assert np.all(solved.state.flow[~is_open] == 0.0)


def sharpened(market: Market, factor: float) -> Market:
    """θ times a factor with α held fixed, α being the weight at the buyer's mean cost."""
    buyers = {(b.good, b.region): b for b in market.buyers}

    def weight(lane: Lane) -> float:
        buyer = buyers[lane.good, lane.destination]
        return lane.log_weight + (factor - 1.0) * buyer.theta * buyer.constant

    return replace(
        market,
        lanes=tuple(replace(x, log_weight=weight(x)) for x in market.lanes),
        buyers=tuple(replace(b, theta=b.theta * factor) for b in market.buyers),
    )


def distance(share: Equilibrium, limit_case: Equilibrium) -> tuple[float, float, float]:
    """Largest relative distance of producer prices, of buyer prices, of levels."""
    pairs = ("price", "buyer_price", "level")
    gaps = (getattr(share.state, n) / getattr(limit_case.state, n) - 1.0 for n in pairs)
    first, second, third = (float(np.max(np.abs(gap))) for gap in gaps)
    return first, second, third


def test_share_goes_to_homogeneous_as_one_over_theta() -> None:
    """Prices and totals, not single flows; the distance falls in proportion to 1/θ."""
    exact = solve_market(toy(), closure="homogeneous")
    found, start = [], None
    for factor in (2.0**k for k in range(15)):
        share = solve_market(sharpened(toy(), factor), start=start)
        start = share.state.z
        found.append(distance(share, exact))
    last = np.array(found)[-5:]
    rate = np.log2(last[:-1] / last[1:])
    assert np.all(last[-1] < 5e-5)
    assert rate == pytest.approx(np.ones_like(rate), abs=0.02)


def two_regions(freight: float) -> Market:
    """A sells to B at a freight; supply p = 2000 z/K, demand falls from 3000 to 0 in a line."""
    market = toy()
    plant = Activity("plant.A", "plant", "A", (("metal", 1.0),), rising_cost=2000.0,
                     capacity=Capacity(100.0), owner="A")  # fmt: skip
    idle = replace(plant, name="plant.B", region="B", other_cost=5000.0)
    buyers = tuple(b for b in market.buyers if b.good == "metal" and b.region in "AB")
    return replace(
        market,
        activities=(plant, idle),
        lanes=(
            Lane("metal", "A", "A"),
            Lane("metal", "A", "B", freight=freight),
            Lane("metal", "B", "B"),
        ),
        buyers=buyers,
        demands=(FinalDemand("metal", "B", 60.0, 1500.0, 1.0, 3000.0),),
        tracers=(),
        hubs=(),
    )


def test_two_regions_by_hand() -> None:
    """x = 60 (3000 − P)/1500, P = 20 x + 300: 3000 − 25 x = 20 x + 300, x = 60, P = 1500."""
    solved = solve_market(two_regions(300.0), closure="homogeneous")
    assert solved.flow("metal", "A", "B") == pytest.approx(60.0, rel=1e-12)
    assert solved.producer_price("metal", "A") == pytest.approx(1200.0, rel=1e-12)
    assert solved.buyer_price("metal", "B") == pytest.approx(1500.0, rel=1e-12)
    assert solved.producer_price("metal", "B") is None
    assert solved.buyer_price("metal", "A") is None


def test_freight_above_the_choke_price_ends_all_trade() -> None:
    solved = solve_market(two_regions(3100.0), closure="homogeneous")
    assert solved.state.flow == pytest.approx(np.zeros(3), abs=1e-12)


def test_lanes_that_tie_leave_prices_and_totals_alone() -> None:
    """Every lane free of charge: one price for the world, whoever supplies whom."""
    market = toy()
    free = replace(
        market,
        lanes=tuple(replace(x, freight=0.0, loss=0.0, wedges=()) for x in market.lanes),
    )
    solved = solve_market(free, closure="homogeneous")
    metal = [i for i, (good, _) in enumerate(solved.universe.nodes) if good == "metal"]
    assert np.ptp(solved.state.price[metal]) == pytest.approx(0.0, abs=1e-6)


def test_the_homogeneous_jacobian_is_exact() -> None:
    market = toy().with_limit(limit(5e3)).with_limit(replace(quota(9e3, duty(0.2), LANE_CB)))
    closure = closure_named("homogeneous")
    arrays = compile_market(market, universe_of(market))
    solved = solve_market(market, closure="homogeneous", universe=arrays.universe)
    problem = closure.problem(arrays)
    z = 1.01 * solved.state.z + 1e-3 * problem.z_scale
    assert error_of_jacobian(problem, z) < 1e-7


def error_of_jacobian(problem: Problem, z: np.ndarray) -> float:
    step = 1e-6 * problem.z_scale
    columns = [
        (problem.value(z + h * e) - problem.value(z - h * e)) / (2.0 * h)
        for h, e in zip(step, np.eye(len(z)), strict=True)
    ]
    error = (problem.jacobian(z) - np.array(columns).T) * problem.z_scale
    return float(np.max(np.abs(error / problem.f_scale[:, None])))


def test_a_minimum_that_cannot_be_met_is_said() -> None:
    market = toy().with_limit(limit(1e9, LANE_CB, sense="at_least", rent_to="C"))
    with pytest.raises(NoCertifiedAnswer, match="short by"):
        solve_market(market, closure="homogeneous")


def test_rows_of_buyers_and_lanes_have_names() -> None:
    state = solve_market(toy(), closure="homogeneous").state
    shared = sum(state.arrays.sizes)
    assert name_row(state, shared) == "the buyers of ore in A"
    first_lane = shared + len(state.arrays.universe.buyers)
    assert name_row(state, first_lane).startswith("the lane ore A→A")


# ------------------------------------------------------------------------------------ armington


@pytest.mark.parametrize("change", [lambda market: market, with_home_bias])
def test_armington_starts_where_share_is(change: Change) -> None:
    share = solve_market(change(toy()))
    armington = solve_market(change(toy()), closure="armington")
    assert armington.state.flow == pytest.approx(share.state.flow, rel=1e-11)
    assert armington.state.buyer_price == pytest.approx(share.state.buyer_price, rel=1e-11)
    assert armington.state.use == pytest.approx(share.state.use, rel=1e-11)


def test_armington_pays_for_what_it_buys() -> None:
    """P·D = Σ c x: there is no matching cost."""
    _, after = both("armington", toy(), raised_duty(toy()))
    state, lanes = after.state, after.state.arrays.lanes
    spent = np.bincount(lanes.buyer, state.flow * state.landed_cost)
    assert spent == pytest.approx(state.buyer_price * state.demand, rel=1e-12)


def test_armington_substitutes_with_its_elasticity() -> None:
    """Among imports ln(x_l/x_k) moves by −σ ln(c_l/c_k), with and without a nest."""
    for market in (toy(), with_home_bias(toy())):
        before, after = both("armington", market, with_duty(market, duty(0.3), LANE_AB))
        lanes = [before.universe.lane_index[k] for k in (LANE_AB, LANE_CB)]
        flows, costs = (
            np.log([getattr(e.state, name)[lanes] for e in (before, after)])
            for name in ("flow", "landed_cost")
        )
        moved, dearer = (np.diff(np.diff(x, axis=0), axis=1)[0, 0] for x in (flows, costs))
        assert moved / dearer == pytest.approx(-8.0, rel=1e-9)


def test_a_home_bias_nest_keeps_more_imports() -> None:
    imports = [
        both("armington", m, raised_duty(m))[1].flow("metal", "A", "B")
        for m in (toy(), with_home_bias(toy()))
    ]
    assert imports[1] > imports[0]


def test_the_armington_jacobian_is_exact() -> None:
    market = with_home_bias(toy()).with_limit(limit(5e3)).with_limit(quota(9e3, duty(0.2), LANE_CB))
    solved = solve_market(market, closure="armington")
    problem = solved.state.closure.problem(solved.state.arrays)
    assert error_of_jacobian(problem, 1.03 * solved.state.z + 1e-3 * problem.z_scale) < 1e-7


def test_armington_needs_an_elasticity_above_one() -> None:
    market = toy()
    blunt = replace(market, buyers=tuple(replace(b, theta=0.5 / b.constant) for b in market.buyers))
    with pytest.raises(InputError, match="elasticity of substitution of 1 or less"):
        solve_market(blunt, closure="armington")


# ----------------------------------------------------------------------------------------- gsim


WORLD = OneStage(
    origins=("A", "B", "C"),
    destinations=("A", "B", "C"),
    flow=[[50.0, 20.0, 10.0], [15.0, 60.0, 5.0], [10.0, 25.0, 40.0]],
    power=[[1.0, 1.1, 1.2], [1.3, 1.0, 1.1], [1.0, 1.2, 1.0]],
    substitution=4.0,
    supply=1.5,
    demand=1.2,
)


def one_stage(more: float = 0.0) -> Market:
    """A world of one stage; B's tariffs on the others are raised."""
    power = [
        [t + more * (j == 1 and i != 1) for j, t in enumerate(row)]
        for i, row in enumerate(WORLD.power)
    ]
    return WORLD.market(power)


def test_gsim_is_the_slope_of_armington() -> None:
    """Halve the duty and the distance between the two falls by four."""
    gaps = []
    for rate in (0.02, 0.01, 0.005):
        after = one_stage(rate)
        linear, exact = (both(c, one_stage(), after)[1].state.price for c in ("gsim", "armington"))
        gaps.append(float(np.max(np.abs(linear / exact - 1.0))))
    rates = [math.log2(a / b) for a, b in itertools.pairwise(gaps)]
    assert rates == pytest.approx([2.0, 2.0], abs=0.1)


def test_gsim_clears_exactly() -> None:
    _, after = both("gsim", one_stage(), one_stage(0.3))
    assert after.certificate.market_clearing < 1e-12
    assert after.certificate.mass_balance < 1e-12


@pytest.mark.parametrize(
    ("market", "what"),
    [
        (toy(), "goods made from other goods"),
        (one_stage().with_limit(limit(5e3, LaneKey(GOOD, "A", "B"))), "limits on trade"),
    ],
)
def test_gsim_says_what_it_leaves_out(market: Market, what: str) -> None:
    with pytest.raises(InputError, match=what):
        solve_market(market, closure="gsim")


def test_a_cold_start_is_inside_every_bound() -> None:
    arrays = compile_market(toy(), universe_of(toy()))
    start = cold_start(arrays)
    problem = closure_named("share").problem(arrays)
    np.testing.assert_array_equal(problem.clip(start), start)
