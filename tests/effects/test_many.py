"""Accounts of many draws are each draw's own accounts, whatever differs between the draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from accord import deal as deals
from accord import pack as packs
from accord.claims import words_of
from accord.effects import Accounts, accounts_of
from accord.effects.charges import charges_on, limits_by_lane
from accord.effects.chart import ChartOfAccounts
from accord.effects.columns import Columns, Entry, summed
from accord.effects.many import ManyAccounts, absent, accounts_of_many, accounts_on, joined
from accord.effects.measures import MEASURE_BY_NAME, WORLD
from accord.equilibrium import Equilibrium, Universe, solve_market, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.share import ShareState
from accord.equilibrium.stack import Stack, stacked
from accord.market import FinalDemand, Market, Wedge
from accord.market.market import set_capacity
from worlds import (
    LANE_AB,
    LANE_CB,
    LANE_DB,
    banned,
    duty,
    is_lane,
    is_metal_import,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

EXACT = 1e-12


def used_by(demand: FinalDemand) -> FinalDemand:
    return replace(demand, users=(("vehicles", 0.6), ("cans", 0.4)))


TOY = replace(toy(), demands=tuple(used_by(d) for d in toy().demands))
ENTREPOT = toy(entrepot=True)
OUTPUT = Wedge("s", "output", -0.1, -20.0, revenue_to="B")
USE = Wedge("s", "use", -0.02, -5.0, basis="cif", revenue_to="B")
FRICTION = Wedge("f", "import", 0.1, 4.0, basis="cif")
EXPORT = Wedge("x", "export", 0.1, 7.0, revenue_to="A")
MINIMUM = limit(30e3, sense="at_least", rent_to="C", lowers_customs_value=True)
SUBSIDISED = TOY.map_activities(
    lambda a: a.name == "smelter.B", lambda a: replace(a, wedges=(OUTPUT,))
).map_lanes(is_metal_import("B"), lambda x: x.with_wedge(USE))
EXEMPT = with_duty(TOY, duty(0.4), LANE_AB).map_lanes(
    is_lane(LANE_AB), lambda x: replace(x, wedges=tuple(w.suspend("e") for w in x.wedges))
)
WORLDS: dict[str, Market] = {
    "plain": TOY,
    "duties of every kind": with_duty(
        with_duty(TOY, duty(0.2, specific=30.0, content=0.4), LANE_AB),
        duty(0.3, to=None, basis="cif"),
        LANE_CB,
    ),
    "subsidies": SUBSIDISED,
    "home sales taxed": TOY.map_lanes(
        lambda x: x.origin == x.destination, lambda x: x.with_wedge(USE)
    ),
    "export tax and friction": TOY.map_lanes(
        lambda x: x.origin == "A", lambda x: x.with_wedge(EXPORT).with_wedge(FRICTION)
    ),
    "duty set aside": EXEMPT,
    "quota": TOY.with_limit(limit(10e3)),
    "rent to nobody": TOY.with_limit(limit(10e3, rent_to=None)),
    "tariff-rate quota": TOY.with_limit(quota(5e3, duty(0.1, specific=9.0))),
    "tariff-rate quota to nobody": TOY.with_limit(quota(5e3, duty(0.1, to=None))),
    "minimum": TOY.with_limit(MINIMUM),
    "origin duty pro rata": origin_duty(ENTREPOT, 0.5, "pro rata").with_limit(
        limit(9e3, LANE_DB, sense="at_least", lowers_customs_value=True)
    ),
    "origin duty segregated": origin_duty(ENTREPOT, 1.0, "segregated"),
    "ban and closures": set_capacity(banned(TOY), {"smelter.C": 0.0, "mine.A": 0.0}),
    "nobody serves B": TOY.map_lanes(is_metal_import("B"), lambda x: x.closed("ban")),
}


def varied(base: Arrays, count: int, seed: int) -> Stack:
    """Draws that differ in θ, weights, costs; each with lanes shut that others have open."""
    rng = np.random.default_rng(seed)
    lanes, buyers, activities = base.lanes, base.buyers, base.activities

    def near(values: np.ndarray) -> np.ndarray:
        return values * rng.uniform(0.8, 1.2, (count, *values.shape))

    shut = rng.random((count, len(lanes.node))) < 0.2
    weight = lanes.log_weight + rng.normal(0.0, 0.3, (count, len(lanes.node)))
    return Stack(
        base=base,
        count=count,
        lanes=replace(lanes, log_weight=np.where(shut, -np.inf, weight)),
        buyers=replace(buyers, theta=near(buyers.theta), gamma=near(buyers.gamma)),
        activities=replace(activities, fixed_cost=near(activities.fixed_cost)),
        limits=base.limits,
    )


def points(stack: Stack, seed: int) -> np.ndarray:
    """Points at which activities are idle and rents 0 in some draws and not in others."""
    rng, base = np.random.default_rng(seed), stack.base
    scale = np.concatenate(
        [
            base.reference_price,
            base.activities.capacity,
            np.full(len(base.limits.sign), 0.5),
            np.full(base.sizes[3], 1e3),
        ]
    )
    z = scale * rng.uniform(0.5, 1.1, (stack.count, len(scale)))
    prices = len(base.universe.nodes)
    idle = rng.random((stack.count, len(scale) - prices)) < 0.25
    z[:, prices:][idle] = 0.0
    return z


def alone(market: Market, stack: Stack, z: np.ndarray, draw: int) -> Accounts:
    """One draw's accounts. Of a solved equilibrium they need the market and the state only."""
    solved = solve_market(market, universe=stack.base.universe)
    return accounts_of(replace(solved, state=ShareState(stack.one(draw), z[draw])))


def assert_same(many: ManyAccounts, draw: int, one: Accounts, rel: float = EXACT) -> None:
    """Every entry is there with its value; what a draw has not is NaN, or 0 for amounts."""
    for measure, table in one.tables.items():
        columns = many.tables[measure]
        assert set(table) <= set(columns.keys), measure
        largest = max(map(abs, table.values()), default=0.0)
        for key, value in zip(columns.keys, columns.values[draw].tolist(), strict=True):
            expected = table.get(key, absent(measure))
            near = pytest.approx(expected, rel=rel, abs=rel * largest, nan_ok=True)
            assert value == near, (measure, key)
    assert many.dissipated[draw] == pytest.approx(one.dissipated, rel=rel)


@pytest.mark.parametrize("name", WORLDS)
def test_every_draw_has_its_own_accounts(name: str) -> None:
    market = WORLDS[name]
    stack = varied(compile_market(market, universe_of(market)), 6, seed=3)
    z = points(stack, seed=4)
    many = accounts_of_many(market, ManyState(stack, z))
    for draw in range(stack.count):
        assert_same(many, draw, alone(market, stack, z, draw))


def test_what_no_draw_has_is_no_column_and_what_some_have_is_absent_in_the_others() -> None:
    """C14, C16."""
    market = WORLDS["plain"]
    stack = varied(compile_market(market, universe_of(market)), 6, seed=3)
    z = points(stack, seed=4)
    many = accounts_of_many(market, ManyState(stack, z))
    lost = np.isnan(many.tables["producer_price"].values)
    assert lost.any()
    assert not lost.all(axis=0).any()
    for measure, columns in many.tables.items():
        if MEASURE_BY_NAME[measure].additive or measure == "flow":
            assert not np.isnan(columns.values).any(), measure
    assert not many.tables["subsidy_cost"].keys
    assert many.of("subsidy_cost", "B", "metal") is None


@pytest.mark.parametrize("name", WORLDS)
def test_a_measure_is_the_same_whatever_else_is_asked_for(name: str) -> None:
    market = WORLDS[name]
    stack = varied(compile_market(market, universe_of(market)), 4, seed=3)
    state = ManyState(stack, points(stack, seed=4))
    whole = {x: columns.values for x, columns in accounts_of_many(market, state).tables.items()}
    assert list(whole) == list(MEASURE_BY_NAME)
    for measure, values in reversed(whole.items()):
        alone_asked = accounts_of_many(market, state).tables[measure]
        np.testing.assert_array_equal(alone_asked.values, values, err_msg=measure)


def test_one_chart_of_accounts_serves_all_draws_of_a_market() -> None:
    market = WORLDS["export tax and friction"]
    stack = varied(compile_market(market, universe_of(market)), 4, seed=3)
    z, chart = points(stack, seed=4), ChartOfAccounts(market, stack.base)
    for draws in (np.array([0, 1]), np.array([2, 3])):
        state = ManyState(stack.rows(draws), z[draws])
        found, fresh = accounts_on(chart, state), accounts_of_many(market, state)
        for measure, columns in fresh.tables.items():
            assert found.tables[measure].keys == columns.keys, measure
            np.testing.assert_array_equal(found.tables[measure].values, columns.values)


def test_freight_may_differ_by_draw() -> None:
    """It is in the real cost of a lane, with wedges that nobody receives, and in the CIF base."""
    market = WORLDS["export tax and friction"]
    universe = universe_of(market)
    dear = market.map_lanes(
        lambda x: x.origin != x.destination, lambda x: replace(x, freight=200.0)
    )
    arrays = [compile_market(m, universe) for m in (market, dear)]
    stack = stacked(arrays)
    z = np.repeat(points(stack, 0)[:1], 2, axis=0)
    many = accounts_of_many(market, ManyState(stack, z))
    for draw, drawn in enumerate((market, dear)):
        assert_same(many, draw, alone(drawn, stack, z, draw))


def test_parts_joined_are_the_whole() -> None:
    """Though a part may lack a column that another has."""
    market = WORLDS["tariff-rate quota"]
    stack = varied(compile_market(market, universe_of(market)), 7, seed=5)
    z = points(stack, seed=6)
    whole = accounts_of_many(market, ManyState(stack, z))
    cuts = (np.array([0]), np.array([1, 2, 3]), np.array([4, 5, 6]))
    parts = [accounts_of_many(market, ManyState(stack.rows(c), z[c])) for c in cuts]
    lacking = [len(p.tables["flow"].keys) < len(whole.tables["flow"].keys) for p in parts]
    assert any(lacking)
    again = joined(parts)
    assert again.count == whole.count == 7
    for measure, columns in whole.tables.items():
        assert set(again.tables[measure].keys) == set(columns.keys), measure
        same = again.tables[measure].filled(columns.keys, np.nan)
        np.testing.assert_array_equal(same, columns.values, err_msg=measure)
    np.testing.assert_array_equal(again.dissipated, whole.dissipated)


@pytest.mark.parametrize("name", WORLDS)
def test_lane_by_lane_the_charges_add_up_to_the_accounts(name: str) -> None:
    """The pieces of landed costs (``charges``) and the accounts are worked out apart."""
    solved = solve_market(WORLDS[name])
    limits, found = limits_by_lane(solved), dict.fromkeys(("export_tax", "duty", "use_tax"), 0.0)
    rent = nobody = 0.0
    for i, tonnes in enumerate(solved.state.flow.tolist()):
        pieces = charges_on(solved, i, limits.get(i, []))
        rent += tonnes * pieces.rent
        for piece in found:
            found[piece] += tonnes * getattr(pieces, piece)
        over = (x for _, x in limits.get(i, []) if x.over is not None and x.over.revenue_to is None)
        nobody += sum(tonnes * pieces.duty - _law_duty(solved, i, tonnes) for _ in over)
    accounts = accounts_of(solved)
    world = {m: accounts.total(m, WORLD) for m in ("export_tax_revenue", "duty_revenue")}
    assert found["export_tax"] == pytest.approx(world["export_tax_revenue"], rel=EXACT, abs=1e-6)
    assert found["duty"] - nobody == pytest.approx(world["duty_revenue"], rel=1e-10, abs=1e-6)
    if name != "subsidies":  # one on output is not on a lane
        assert -found["use_tax"] == pytest.approx(accounts.total("subsidy_cost", WORLD), abs=1e-6)
    earned = accounts.total("limit_rent", WORLD) + accounts.dissipated
    assert rent == pytest.approx(earned, rel=1e-10, abs=1e-6)


def _law_duty(solved: Equilibrium, i: int, tonnes: float) -> float:
    return tonnes * charges_on(solved, i, []).duty


def test_where_what_burns_power_stands_idle_there_is_no_price_of_power() -> None:
    """C14: in that draw only, though metal is made there by a plant that burns none."""
    burner = TOY.activity_by_name["smelter.B"]
    clean = replace(burner, name="clean.B", power=0.0, emissions=0.0)
    market = replace(TOY, activities=(*TOY.activities, clean))
    base = compile_market(market, universe_of(market))
    stack = stacked([base, base])
    z = np.repeat(points(stack, 0)[:1], 2, axis=0)
    first = len(base.universe.nodes)
    z[:, first : first + len(market.activities)] = 0.9 * base.activities.capacity
    z[1, first + base.universe.activity_index["smelter.B"]] = 0.0
    many = accounts_of_many(market, ManyState(stack, z))
    made = base.activities.capacity[base.universe.activity_index["smelter.B"]]
    for measure, expected in (("power_price", burner.power_price), ("carbon_intensity", None)):
        found = many.of(measure, "B", "metal")
        assert found is not None
        whole = expected or burner.emissions * made / (made + clean.capacity.level)
        assert found[0] == pytest.approx(whole)
        assert np.isnan(found[1])


def test_entries_of_one_key_add_up() -> None:
    keys = [("A", "x"), ("B", "x"), ("A", "x")]
    first = Entry("profit", keys, np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]]))
    second = Entry("profit", [("B", "x")], np.array([[64.0], [128.0]]))
    columns = summed([first, second], 2)["profit"]
    assert columns.keys == (("A", "x"), ("B", "x"))
    assert columns.values.tolist() == [[5.0, 66.0], [40.0, 144.0]]
    assert columns.table(1) == {("A", "x"): 40.0, ("B", "x"): 144.0}
    assert columns.of(("C", "x")) is None
    holed = Columns((("A", "x"), ("B", "x")), np.array([[np.nan, 3.0]]))
    assert holed.table(0) == {("B", "x"): 3.0}


# ------------------------------------------------------------------------------------ aluminium


def offers() -> Iterator[tuple[str, str | None]]:
    for name, path in deals.shipped_deals().items():
        deal = deals.load(path, words_of(path))
        if "aluminium" in deal.packs:
            yield from ((name, variant) for variant in (None, *deal.variants))


def draws_of(
    name: str, variant: str | None, count: int
) -> tuple[Universe, list[tuple[Market, Market]]]:
    """Markets without and with a deal: as the pack has them, then with priors drawn."""
    path = deals.shipped_deals()[name]
    deal = deals.load(path, words_of(path)).variant(variant)
    pack, rng = packs.load("aluminium"), np.random.default_rng(7)
    year = pack.default_year(deal.as_of)
    pairs = []
    for draw in range(count):
        rows = [p for p in pack.priors.rows if p.family != "fixed" and draw]
        priors = {p.key: float(rng.uniform(p.low, p.high)) for p in rows}
        before = pack.under_law(pack.calibration(year, priors=priors).market, deal.as_of)
        pairs.append((before, deal.apply(before)))
    return universe_of(*pairs[0]), pairs


@pytest.mark.parametrize(("name", "variant"), list(offers()))
def test_draws_of_priors_on_the_aluminium_market(name: str, variant: str | None) -> None:
    """Each draw's own market has the law, hubs, users and coefficients of the first."""
    universe, pairs = draws_of(name, variant, 2)
    for side in (0, 1):
        markets = [pair[side] for pair in pairs]
        solved = [solve_market(m, universe=universe) for m in markets]
        stack = stacked([s.state.arrays for s in solved])
        z = np.array([s.state.z for s in solved])
        many = accounts_of_many(markets[0], ManyState(stack, z))
        for draw, one in enumerate(solved):
            assert_same(many, draw, accounts_of(one))
