"""The rivals by hand, and observed outputs as input."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.backcast import Backcast
from accord.backcast.inputs import Inputs, shifted
from accord.backcast.naive import PassedThrough
from accord.backcast.quantities import FromModel
from accord.backcast.replay import Replay, World, world_of
from accord.equilibrium import solve_market
from accord.market import LaneKey, Wedge
from accord.pack import Pack


@pytest.fixture(scope="module")
def world(pack: Pack) -> World:
    return world_of(pack, 2017)


@pytest.fixture(scope="module")
def replay(world: World) -> Replay:
    return world.replay([2024])


def passed(world: World, replay: Replay, **rates: float) -> PassedThrough:
    """Full pass-through where duties at these rates come on top of the law of 2017."""
    market = world.base.market.map_lanes(
        lambda x: x.good == world.good and x.destination == "USA" and x.origin in rates,
        lambda x: x.with_wedge(Wedge("test", "import", ad_valorem=rates[x.origin])),
    )
    return PassedThrough(world.base, replay.at_base, ((1.0, market),))


def test_without_new_duties_full_pass_through_is_the_base_year(
    world: World, replay: Replay
) -> None:
    naive = passed(world, replay)
    assert naive.price == pytest.approx(replay.at_base.price, rel=1e-12)
    for origin, tonnes in replay.at_base.imports("USA").items():
        assert naive.imports("USA")[origin] == pytest.approx(tonnes, rel=1e-9)


def test_one_duty_by_hand(world: World, replay: Replay) -> None:
    """Odds against an origin that pays nothing move by e^(−θ·duty), and by nothing else."""
    naive, base = passed(world, replay, RUS=0.1), replay.at_base.imports("USA")
    price = world.base.producer_price(world.good, "RUS")
    assert price is not None
    buyer = next(b for b in world.market.buyers if (b.good, b.region) == (world.good, "USA"))
    new = naive.imports("USA")
    odds = (new["RUS"] / new["CAN"]) / (base["RUS"] / base["CAN"])
    assert odds == pytest.approx(2.718281828459045 ** (-buyer.theta * 0.1 * price), rel=1e-9)
    assert naive.price == pytest.approx(replay.at_base.price)  # the median origin pays nothing
    assert sum(new.values()) < sum(base.values())


def test_a_closed_lane_sends_nothing(world: World, replay: Replay) -> None:
    key = LaneKey(world.good, "RUS", "USA")
    market = world.base.market.map_lanes(lambda x: x.key == key, lambda x: x.closed("test"))
    naive = PassedThrough(world.base, replay.at_base, ((1.0, market),))
    assert naive.imports("USA")["RUS"] == 0.0
    assert naive.exports("RUS")["USA"] == 0.0
    assert naive.exports("RUS")["TUR"] == replay.at_base.exports("RUS")["TUR"]


# ---------------------------------------------------------------------------------------- inputs


def test_outputs_as_they_were_change_nothing(world: World, replay: Replay) -> None:
    same = shifted(world.market, replay.at_base, {"USA": 1.0, "CAN": 1.0})
    for old, new in zip(world.market.activities, same.activities, strict=True):
        assert new.capacity.level == pytest.approx(old.capacity.level, rel=1e-12)
    for old, new in zip(world.market.demands, same.demands, strict=True):
        assert new.quantity == pytest.approx(old.quantity, rel=1e-12)


def test_demand_grows_by_what_supply_grows(world: World, replay: Replay) -> None:
    base = replay.at_base
    new = shifted(world.market, base, {"CHN": 1.3, "CAN": 0.9})
    more = sum(
        d.quantity - o.quantity
        for o, d in zip(world.market.demands, new.demands, strict=True)
        if d.good == world.good
    )
    made = 0.3 * base.output("smelter", "CHN") - 0.1 * base.output("smelter", "CAN")
    assert more == pytest.approx(made, rel=1e-6)


def test_a_shift_of_supply_moves_the_hub_price_little(
    pack: Pack, world: World, replay: Replay
) -> None:
    """Demand and inputs grow with output, so more of everything costs much the same."""
    everywhere = dict.fromkeys((r.code for r in world.market.regions), 1.2)
    market = shifted(world.market, replay.at_base, everywhere)
    solved = solve_market(pack.under_law(market, world.law_date))
    state = FromModel(market, world.good, solved)
    assert state.hub == pytest.approx(replay.at_base.hub, rel=0.02)
    ratio = state.output("smelter", "CAN") / replay.at_base.output("smelter", "CAN")
    assert ratio == pytest.approx(1.2, rel=0.02)


def test_ratios_are_observed_over_what_policy_alone_predicts(
    found: Backcast, replay: Replay
) -> None:
    inputs = Inputs(found.evidence, replay)
    ratios = inputs.ratios(2024)
    seen = found.evidence.outputs["smelter", "USA", 2024]
    assert ratios["USA"] == pytest.approx(seen / replay.year(2024).output("smelter", "USA"))
    total = sum(r * replay.year(2024).output("smelter", region) for region, r in ratios.items())
    assert total == pytest.approx(found.evidence.outputs["smelter", "WORLD", 2024], rel=1e-9)


def test_years_without_observed_output_have_no_input(found: Backcast) -> None:
    assert found.inputs[2018] == ()
    rows = [e for e in found.explained if e.row.year == 2018]
    assert rows
    assert all(e.inputs is None for e in rows)


def test_inputs_never_come_from_an_observation_that_is_scored_with_them(found: Backcast) -> None:
    no_inputs = replace(found.evidence, outputs={})
    assert Inputs(no_inputs, world_of(found.pack, 2017).replay([2024])).ratios(2024) == {}
