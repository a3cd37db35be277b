"""The two computations of the change of welfare agree, for every kind of change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from accord.effects import compare
from accord.effects.measures import MEASURES, WELFARE_PARTS, WORLD
from accord.effects.path_integral import integrate
from accord.equilibrium import solve_market
from accord.equilibrium.share import ShareState
from accord.market import Activity, Capacity, Lane, Market, Wedge
from accord.market.market import set_capacity
from worlds import (
    LANE_AB,
    LANE_CB,
    LANE_DB,
    SOURCE_A,
    banned,
    duty,
    effects_of,
    is_metal_import,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

TOLERANCE = 1e-8
TOY = toy()
ENTREPOT = toy(entrepot=True)


def output_wedge(ad_valorem: float, specific: float) -> Market:
    wedge = Wedge("new", "output", ad_valorem, specific, revenue_to="B")
    return TOY.map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, wedges=(wedge,))
    )


def on_lanes(chosen: Callable[[Lane], bool], wedge: Wedge) -> Market:
    return TOY.map_lanes(chosen, lambda x: x.with_wedge(wedge))


def closed(chosen: Callable[[Lane], bool]) -> Market:
    return TOY.map_lanes(chosen, lambda x: x.closed("new"))


def new_plant(region: str, tonnes: float) -> Activity:
    like = TOY.activity_by_name["smelter.B"]
    capacity = Capacity(tonnes)
    return replace(like, name=f"new.{region}", region=region, owner="A", capacity=capacity)


def several() -> Market:
    market = with_duty(banned(ENTREPOT, LANE_CB), duty(0.25))
    least = limit(30e3, sense="at_least", rent_to="A", lowers_customs_value=True)
    return set_capacity(market.with_limit(least), {"smelter.C": 20e3})


PAIRS: dict[str, tuple[Market, Market]] = {
    "duty": (TOY, with_duty(TOY, duty(0.1))),
    "prohibitive duty": (TOY, with_duty(TOY, duty(2.0))),
    "compound duty on CIF": (TOY, with_duty(TOY, duty(0.3, basis="cif", specific=20.0))),
    "duty on content": (TOY, with_duty(TOY, duty(0.3, content=0.4))),
    "duty to nobody": (TOY, with_duty(TOY, duty(0.3, to=None))),
    "import subsidy": (TOY, with_duty(TOY, duty(-0.1))),
    "duty lifted": (with_duty(TOY, duty(0.5)), TOY),
    "ban imposed": (TOY, banned(TOY)),
    "ban opened": (banned(TOY), TOY),
    "quota": (TOY, TOY.with_limit(limit(10e3))),
    "quota lifted": (TOY.with_limit(limit(10e3)), TOY),
    "all mines of a country closed": (TOY, set_capacity(TOY, {"mine.A": 0.0})),
    "quota of 0": (TOY, TOY.with_limit(limit(0.0))),
    "rent to nobody": (TOY, TOY.with_limit(limit(10e3, rent_to=None))),
    "tariff-rate quota": (TOY, TOY.with_limit(quota(10e3, duty(0.3)))),
    "tariff-rate quota, over": (TOY, TOY.with_limit(quota(5e3, duty(0.1, specific=9.0)))),
    "tariff-rate quota filled exactly": (TOY, TOY.with_limit(quota(20e3, duty(0.3)))),
    "duty for tariff-rate quota": (
        TOY.with_limit(quota(10e3, duty(0.3))),
        with_duty(TOY, duty(0.3), LANE_AB),
    ),
    "wider tariff-rate quota": (
        TOY.with_limit(quota(10e3, duty(0.3))),
        TOY.with_limit(quota(20e3, duty(0.3))),
    ),
    "endless quota made finite": (
        TOY.with_limit(limit(float("inf"))),
        TOY.with_limit(limit(10e3)),
    ),
    "minimum": (TOY, TOY.with_limit(limit(40e3, sense="at_least"))),
    "minimum that lowers the customs value": (
        TOY,
        TOY.with_limit(limit(40e3, sense="at_least", lowers_customs_value=True)),
    ),
    "minimum near capacity": (TOY, TOY.with_limit(limit(63e3, sense="at_least"))),
    "quota that grows with a plant": (
        TOY,
        TOY.with_limit(limit(1e3, per_activity=(("smelter.B", 0.5),))),
    ),
    "new capacity": (TOY, replace(TOY, activities=(*TOY.activities, new_plant("B", 20e3)))),
    "closure": (TOY, set_capacity(TOY, {"smelter.B": 20e3})),
    "the only plant closed": (TOY, set_capacity(TOY, {"smelter.B": 0.0})),
    "the only plant opened": (set_capacity(TOY, {"smelter.B": 0.0}), TOY),
    "output subsidy": (TOY, output_wedge(-0.1, -20.0)),
    "output tax": (TOY, output_wedge(0.1, 20.0)),
    "use subsidy": (
        TOY,
        on_lanes(
            lambda x: x.good == "metal" and x.destination == "B",
            Wedge("new", "use", -0.1, -5.0, revenue_to="B"),
        ),
    ),
    "export tax": (
        TOY,
        on_lanes(
            lambda x: x.good == "metal" and x.origin == "A" and x.destination != "A",
            Wedge("new", "export", 0.1, 5.0, revenue_to="A"),
        ),
    ),
    "origin duty pro rata": (ENTREPOT, origin_duty(ENTREPOT, 0.5, "pro rata")),
    "origin duty segregated": (ENTREPOT, origin_duty(ENTREPOT, 1.0, "segregated")),
    "origin duty lifted": (origin_duty(ENTREPOT, 2.0, "pro rata"), ENTREPOT),
    "origin duty and a minimum below the customs value": (
        ENTREPOT,
        origin_duty(ENTREPOT, 0.5, "pro rata").with_limit(
            limit(9e3, LANE_DB, sense="at_least", lowers_customs_value=True)
        ),
    ),
    "several at once": (ENTREPOT, several()),
    "several at once, undone": (several(), ENTREPOT),
    "all metal kept from a region": (
        TOY,
        closed(lambda x: x.good == "metal" and x.destination == "B"),
    ),
    "a region that exports nothing any more": (
        TOY,
        closed(lambda x: x.origin == "A" and x.destination != "A"),
    ),
    "a region that sells no metal at all": (
        TOY,
        closed(lambda x: x.origin == "A" and x.good == "metal"),
    ),
    "a region sealed off opens": (closed(lambda x: x.destination == "B"), TOY),
}


@pytest.mark.parametrize("change", PAIRS)
def test_the_sum_of_the_parts_is_the_integral_along_the_path(change: str) -> None:
    """C41."""
    effects = effects_of(*PAIRS[change])
    assert effects.gross_change > 1e3
    assert effects.path.solves > 0
    assert effects.welfare_identity < TOLERANCE


@pytest.mark.parametrize("change", ["duty", "quota", "tariff-rate quota", "several at once"])
def test_welfare_is_the_sum_of_its_parts_in_every_region(change: str) -> None:
    """C36."""
    effects = effects_of(*PAIRS[change])
    for region in (*effects.before.universe.regions, WORLD):
        parts = sum(
            sign * row.change
            for part, sign in WELFARE_PARTS
            for row in effects.rows
            if row.measure == part and row.region == region
        )
        row = effects.row("welfare", region)
        assert row is not None
        assert row.change == pytest.approx(parts, abs=1e-9 * effects.gross_change)
        by_part = effects.welfare_parts(region)
        assert sum(by_part.values()) == pytest.approx(parts, abs=1e-9 * effects.gross_change)


@pytest.mark.parametrize("change", ["duty", "origin duty segregated", "several at once"])
def test_the_world_is_the_sum_of_the_regions(change: str) -> None:
    effects = effects_of(*PAIRS[change])
    for measure in (m.name for m in MEASURES if m.additive):
        rows = [r for r in effects.rows if r.measure == measure]
        for world in (r for r in rows if r.region == WORLD):
            for side in ("before", "after"):
                regions = [
                    getattr(r, side) for r in rows if r.good == world.good and r.region != WORLD
                ]
                total = getattr(world, side)
                assert sum(regions) == pytest.approx(total, rel=1e-12, abs=1e-3)


@pytest.mark.parametrize("market", [TOY, several()], ids=["plain", "several"])
def test_a_deal_that_changes_nothing_has_no_effects(market: Market) -> None:
    """C35."""
    effects = effects_of(market, replace(market))
    assert effects.rows
    for row in effects.rows:
        assert row.change is not None
        assert abs(row.change) <= 1e-12 * abs(row.before or 0.0)
    assert effects.welfare_identity <= TOLERANCE


def test_a_spoilt_state_breaks_the_identity() -> None:
    """C41: the check can fail."""
    effects = effects_of(*PAIRS["duty"])
    for row, by in ((3, 1.001), (-1, 0.999)):
        z = effects.after.state.z.copy()
        z[row] *= by
        state = ShareState(effects.after.state.arrays, z)
        spoilt = compare(effects.before, replace(effects.after, state=state))
        assert spoilt.welfare_identity > 100.0 * TOLERANCE


def test_revenue_booked_to_nobody_breaks_the_identity() -> None:
    """C31, C41: the check can fail."""
    effects = effects_of(*PAIRS["duty"])
    lost = effects.after.market.map_lanes(
        is_metal_import("B"),
        lambda x: replace(x, wedges=tuple(replace(w, revenue_to=None) for w in x.wedges)),
    )
    spoilt = compare(effects.before, replace(effects.after, market=lost))
    assert spoilt.welfare_identity > 100.0 * TOLERANCE


def test_the_path_can_be_walked_both_ways() -> None:
    there = effects_of(*PAIRS["ban opened"])
    back = effects_of(*PAIRS["ban imposed"])
    assert there.path.total == pytest.approx(-back.path.total, rel=1e-8)
    assert there.welfare_by_parts > 0.0


def test_a_path_of_no_length_is_not_walked() -> None:
    solved = solve_market(TOY)
    assert integrate(solved, solved, size=0.0).solves == 0


def test_effects_need_one_universe() -> None:
    with pytest.raises(ValueError, match="one universe"):
        compare(solve_market(TOY), solve_market(with_duty(TOY, duty(0.1))))


def test_an_origin_duty_costs_the_world_less_when_clean_metal_is_kept_apart() -> None:
    assert SOURCE_A.sources == ("A",)
    mixed = effects_of(ENTREPOT, origin_duty(ENTREPOT, 0.5, "pro rata"))
    apart = effects_of(ENTREPOT, origin_duty(ENTREPOT, 0.5, "segregated"))
    assert mixed.welfare_by_parts < 0.0
    assert apart.welfare_by_parts < 0.0
