"""The homogeneous closure's own solver: its form, its steps, its methods, and where each ends."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from harsh_chains import harsh
from hypothesis import given, settings
from hypothesis import strategies as st
from plane import plane

from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.certificate import certify
from accord.equilibrium.equilibrium import _solved
from accord.equilibrium.homogeneous import Homogeneous, homogeneous_problem
from accord.equilibrium.homogeneous_corner import CornerNewton
from accord.equilibrium.homogeneous_form import Curves, Form
from accord.equilibrium.homogeneous_interior import InteriorPoint
from accord.equilibrium.homogeneous_linear import PriceSystem
from accord.equilibrium.homogeneous_newton import Pairs, Place
from accord.equilibrium.homogeneous_processes import form_of
from accord.equilibrium.homogeneous_smoothing import HyperbolicSmoothing
from accord.equilibrium.reach import without_the_impossible
from accord.errors import Infeasible
from accord.market import Activity, Buyer, Good, Market, Wedge
from worlds import LANE_CB, banned, duty, limit, quota, toy, with_duty

TOLERANCE = 1e-8
METHODS = (InteriorPoint(), HyperbolicSmoothing())


def arrays_of(market: Market) -> Arrays:
    return without_the_impossible(compile_market(market, universe_of(market)))


def form_for(market: Market) -> Form:
    arrays = arrays_of(market)
    return form_of(arrays, homogeneous_problem(arrays))


def with_everything() -> Market:
    """Ad valorem and specific duties, a limit, a minimum and a tariff-rate quota at once."""
    market = with_duty(toy(), duty(0.3)).with_limit(limit(5e3))
    minimum = replace(limit(9e3, LANE_CB, sense="at_least", rent_to="C"), measure="minimum")
    return market.with_limit(minimum).with_limit(quota(9e3, duty(0.2), LANE_CB))


def inside(form: Form) -> tuple[Pairs, np.ndarray]:
    pairs = Pairs(form)
    return pairs, pairs.joined(form.start_price, form.curves.drive(form.start_level))


# --------------------------------------------------------------------------------------- the form


@given(
    rise=st.floats(0.01, 10.0), power=st.floats(0.02, 50.0), last=st.floats(1.0, 3.0),
    level=st.floats(0.05, 0.95),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_rising_cost_is_the_same_curve_by_level_or_by_cost(
    rise: float, power: float, last: float, level: float
) -> None:
    curves = Curves.of(*(np.array([x]) for x in (rise, power, last)))
    drive = curves.drive(np.array([level]))
    assert curves.level(drive)[0] == pytest.approx(level, rel=1e-12)
    assert curves.cost(drive)[0] == pytest.approx(rise * level**power, rel=1e-10)
    for curve in (curves.level, curves.cost):
        for at in (drive, np.array([1.2 * last])):
            h = 1e-6 * at
            slope = (curve(at + h)[0] - curve(at - h)[0]) / (2.0 * h)
            assert curve(at)[1] == pytest.approx(slope, rel=1e-4)


def test_the_form_has_the_conditions_of_the_problem() -> None:
    """Balances are F's rows of markets and limits, costs those of activities and lanes."""
    market = with_everything()
    form = form_for(market)
    z = solve_market(market, closure="homogeneous").state.z
    moved = form.problem.clip(1.02 * z + 1e-3 * form.problem.z_scale)
    price, drive = form.read(moved)
    level, _ = form.curves.level(drive)
    back = form.point(price, level)
    free = form.problem.upper > form.problem.lower
    assert back[free] == pytest.approx(moved[free], rel=1e-12)
    at = form.values(price, drive)
    value = form.problem.value(back)
    n, a, m, _ = form.arrays.sizes
    b = len(form.arrays.buyers.theta)
    pick = np.concatenate([np.arange(n), n + a + m + np.arange(b), n + a + np.arange(m)])
    size = form.problem.f_scale
    rows = pick[~form.held]
    assert at.balance[~form.held] * size[rows] == pytest.approx(value[rows], rel=1e-9, abs=1e-6)
    assert form.mixed_limit.size
    lanes, plants = n + a + m + b + form.lanes, n + form.plants
    cost = at.cost[: len(lanes) + len(plants)]
    rows = np.concatenate([lanes, plants])
    assert cost * size[rows] == pytest.approx(value[rows], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_step_meets_every_row_to_first_order(seed: int) -> None:
    """Along a step the residuals fall by the step's length, but for a term of second order."""
    pairs, z = inside(form_for(with_everything()))
    s = 0.1 / z * np.random.default_rng(seed).uniform(0.5, 2.0, len(z))
    place = Place(pairs, z, s)
    product = 0.05 - z * s
    dz, ds = place.step(product)
    assert s * dz + z * ds == pytest.approx(product, rel=1e-9, abs=1e-12)
    missed = []
    for length in (1e-3, 5e-4):
        ahead = Place(pairs, z + length * dz, s + length * ds)
        parts = zip(ahead.open, place.open, strict=True)
        missed.append(max(np.max(np.abs(x - (1.0 - length) * y), initial=0.0) for x, y in parts))
    assert missed[1] == pytest.approx(0.25 * missed[0], rel=0.1)


def test_prices_come_from_the_whole_system() -> None:
    """Eliminating buyers changes no price."""
    pairs, z = inside(form_for(with_everything()))
    form, draw = pairs.form, np.random.default_rng(1)
    at = form.values(pairs.prices(z), pairs.drives(z))
    matrix = form.response(at, at.level_slope) + np.eye(len(form.constant))
    right = draw.normal(size=len(form.constant))
    rows = pairs.price
    assert np.any(form.alone[rows])
    whole = np.linalg.solve(matrix[np.ix_(rows, rows)], right[rows])
    assert PriceSystem(form, matrix, rows).solve(right)[rows] == pytest.approx(whole, rel=1e-9)


def test_buyers_who_meet_in_one_plant_are_not_eliminated() -> None:
    """An alloy of two goods bought: each price answers the other."""
    form = form_for(alloy())
    first = len(form.arrays.reference_price)
    places = form.arrays.universe.buyers
    alone = {b.good for b, x in zip(places, form.alone[first:], strict=False) if x}
    assert alone == {"alloy"}


def alloy() -> Market:
    """Two regions make two metals and an alloy of both."""
    market = plane(2, 1)
    codes = [r.code for r in market.regions]
    metal = market.activities
    other = tuple(
        replace(a, name=f"{a.name}.tin", outputs=(("tin", 1.0),), other_cost=1.3 * a.other_cost)
        for a in metal
    )
    smelters = tuple(
        Activity(f"smelter.{c}", "smelter", c, (("alloy", 1.0),), (("metal", 0.9), ("tin", 0.1)),
                 rising_cost=100.0, capacity=a.capacity, owner=c)
        for c, a in zip(codes, metal, strict=True)
    )  # fmt: skip
    goods = ("metal", "tin", "alloy")
    return replace(
        market,
        goods=tuple(Good(g, g) for g in goods),
        activities=(*metal, *other, *smelters),
        lanes=tuple(replace(x, good=g) for g in goods for x in market.lanes),
        buyers=tuple(Buyer(g, c, 8.0 / 2000.0, 2000.0) for g in goods for c in codes),
        demands=tuple(replace(d, good="alloy") for d in market.demands),
    )


# ------------------------------------------------------------------------------------ the methods


MARKETS = {
    "toy": toy(),
    "everything": with_everything(),
    "ban": banned(toy()),
    "alloy": alloy(),
    "plane": plane(12, 4),
}


@pytest.mark.parametrize("name", MARKETS)
def test_each_method_alone_ends_at_the_same_prices_and_totals(name: str) -> None:
    market = MARKETS[name]
    solved = solve_market(market, closure="homogeneous")
    shipped = solved.state.shipped > 1e-9 * solved.state.shipped.max()
    for method in METHODS:
        pairs, z = inside(form_for(market))
        form = pairs.form
        z, step = method.run(pairs, z)
        price, drive, last = CornerNewton().run(form, pairs.prices(z), pairs.drives(z))
        assert last.residual < 1e-10, (step, last)
        state = Homogeneous().state(form.arrays, form.point(price, form.curves.level(drive)[0]))
        assert state.price[shipped] == pytest.approx(solved.state.price[shipped], rel=1e-9)
        assert state.level == pytest.approx(solved.state.level, rel=1e-8, abs=1e-4)
        assert state.demand == pytest.approx(solved.state.demand, rel=1e-8, abs=1e-4)


def test_corners_are_zeros_not_small_numbers() -> None:
    solved = solve_market(plane(25, 3), closure="homogeneous")
    state = solved.state
    excess = state.landed_cost - state.buyer_price[state.arrays.lanes.buyer]
    assert np.all(state.flow[excess > 1e-9 * state.landed_cost] == 0.0)
    assert np.count_nonzero(state.flow) < 2 * 25


def test_a_corner_is_found_again_from_nearby_in_few_steps() -> None:
    """A warm start costs no method but the last, and a small part of the steps."""
    before = solve_market(plane(25, 3), closure="homogeneous")
    dearer = before.market.map_lanes(
        lambda x: x.destination == "R001" and x.origin != "R001",
        lambda x: x.with_wedge(Wedge("more", "import", specific=5.0, revenue_to="R001")),
    )
    cold = solve_market(dearer, closure="homogeneous")
    warm = solve_market(dearer, closure="homogeneous", start=before.state.z)
    assert [s.method for s in warm.outcome.steps] == ["corner Newton"]
    assert warm.outcome.total_steps < 0.5 * cold.outcome.total_steps
    assert warm.state.price == pytest.approx(cold.state.price, rel=1e-9)


@pytest.mark.parametrize("rate", [0.0, 0.1, 2.0, 5.0])
def test_ad_valorem_duties_break_symmetry_not_the_solver(rate: float) -> None:
    wedge = Wedge("duty", "import", rate, basis="cif", revenue_to="R001")
    market = plane(15, 2).map_lanes(
        lambda x: x.destination == "R001" and x.origin in {"R000", "R002", "R003"},
        lambda x: x.with_wedge(wedge),
    )
    assert solve_market(market, closure="homogeneous").certificate.ok


def test_ties_leave_prices_and_totals_alone() -> None:
    """Two lanes to every buyer cost the same; whoever carries, prices and totals are one."""
    market = plane(8, 5)
    free = market.map_lanes(lambda _: True, lambda x: replace(x, freight=10.0, wedges=()))
    prices = [
        solve_market(replace(free, lanes=lanes), closure="homogeneous")
        for lanes in (free.lanes, free.lanes[::-1])
    ]
    one, other = (by_name(eq) for eq in prices)
    assert one.keys() == other.keys()
    assert list(one.values()) == pytest.approx([other[k] for k in one], rel=1e-9)


def by_name(eq: Equilibrium) -> dict[str, float]:
    """Prices and outputs by region."""
    found = {a.name: eq.output(a.name) for a in eq.market.activities}
    for b in eq.market.buyers:
        price = eq.buyer_price(b.good, b.region)
        if price is not None:
            found[b.region] = price
    return found


def test_a_lane_at_its_ceiling_earns_a_rent() -> None:
    """As on a path of deals, where a lane is let in little by little."""
    arrays = arrays_of(toy())
    free = solve_market(toy(), closure="homogeneous")
    lane = int(np.argmax(np.where(arrays.lanes.home, 0.0, free.state.flow)))
    ceiling = np.full(len(arrays.lanes.node), np.inf)
    ceiling[lane] = 0.5 * free.state.flow[lane]
    held = replace(arrays, lanes=replace(arrays.lanes, ceiling=ceiling))
    outcome = Homogeneous().solve(held, None)
    assert outcome.solved
    state = Homogeneous().state(held, outcome.z)
    assert state.flow[lane] == pytest.approx(ceiling[lane], rel=1e-12)
    assert state.barrier[lane] > 0.0


# --------------------------------------------------------------------------------- harsh markets


@pytest.mark.parametrize("seed", range(9000, 9030))
def test_a_harsh_chain_has_an_answer_or_a_stated_reason(seed: int) -> None:
    market = harsh(seed, most_regions=8, most_stages=4)
    try:
        eq = _solved(market, "homogeneous", None, None)
    except Infeasible as refusal:
        words = refusal.cause
    else:
        again = certify(eq.state, eq.outcome)
        worst = max(again.market_clearing, again.complementarity, again.mass_balance)
        assert worst <= TOLERANCE
        return
    assert "short by" in words


PLAIN = """
import sys
sys.path[:0] = {paths}
from plane import plane
from accord.equilibrium import solve_market
solve_market(plane(80, 1), closure="homogeneous")
print(sorted(x for x in ("scipy", "clarabel", "highspy") if x in sys.modules))
"""


def test_a_plain_solve_imports_no_other_solver() -> None:
    code = PLAIN.format(paths=[p for p in sys.path if p])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_is_not_a_lane_of_this_world_is_left_alone() -> None:
    """A region that no lane leaves or reaches changes nothing for the others."""
    market = plane(6, 1)
    cut = market.map_lanes(
        lambda x: "R005" in (x.origin, x.destination), lambda x: x.closed("cut off")
    )
    without = replace(
        market,
        regions=market.regions[:5],
        activities=market.activities[:5],
        lanes=tuple(x for x in market.lanes if "R005" not in (x.origin, x.destination)),
        buyers=market.buyers[:5],
        demands=market.demands[:5],
    )
    one, other = (by_name(solve_market(m, closure="homogeneous")) for m in (cut, without))
    assert [one[k] for k in other] == pytest.approx(list(other.values()), rel=1e-9)
