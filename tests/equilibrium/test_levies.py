"""Wedges gathered for all lanes at once say what each lane's own say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from harsh_chains import harsh

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.effect_taxes import Rates
from accord.equilibrium.levies import Levies
from accord.market import Market
from accord.market.landed_cost import rates
from worlds import LANE_AB, duty, is_lane, origin_duty, toy, with_duty

TOY = toy()
MARKETS: dict[str, Market] = {
    "toyland": TOY,
    "several on a lane": with_duty(
        with_duty(TOY, duty(0.2, specific=30.0), LANE_AB), duty(0.1, basis="cif"), LANE_AB
    ),
    "traced": origin_duty(TOY, 0.4, "pro rata"),
    "without wedges": TOY.map_lanes(lambda _: True, lambda x: replace(x, wedges=())),
    "harsh": harsh(7, most_regions=8, most_stages=4),
    "harsh, limits": harsh(1010, most_regions=6, most_stages=3),
}


@pytest.mark.parametrize("name", MARKETS)
def test_costs_are_those_of_each_lane_alone(name: str) -> None:
    market = MARKETS[name]
    lanes = compile_market(market, universe_of(market)).lanes
    own = universe_of(market).own_lanes(market)[0]
    expected = [rates(lane) for lane in own]
    np.testing.assert_array_equal(lanes.slope, [x.slope for x in expected])
    np.testing.assert_array_equal(lanes.intercept, [x.intercept for x in expected])


@pytest.mark.parametrize("name", MARKETS)
def test_sums_are_those_of_the_wedges_in_force(name: str) -> None:
    market = MARKETS[name]
    lanes = market.lanes
    found = Rates.of(market, Levies.of(lanes))
    plain = [[w for w in x.active_wedges if w.tracer is None] for x in lanes]
    traced = [[w for w in x.active_wedges if w.tracer is not None] for x in lanes]
    specific = [sum(w.specific for w in x if w.side != "export") for x in plain]
    cif = [
        sum(w.ad_valorem * w.content for w in x if w.side != "export" and w.basis == "cif")
        for x in plain
    ]
    np.testing.assert_allclose(found.specific, specific)
    np.testing.assert_allclose(found.cif, cif)
    both = found.traced_fob.sum(axis=0) + found.traced_cif.sum(axis=0)
    np.testing.assert_allclose(both, [sum(w.ad_valorem * w.content for w in x) for x in traced])


def test_a_wedge_set_aside_charges_nothing() -> None:
    market = with_duty(TOY, duty(0.5), LANE_AB)
    aside = market.map_lanes(
        is_lane(LANE_AB),
        lambda x: replace(x, wedges=tuple(w.suspend("truce") for w in x.wedges)),
    )
    bare = market.map_lanes(is_lane(LANE_AB), lambda x: replace(x, wedges=()))
    universe = universe_of(market)
    one, other = (compile_market(x, universe).lanes for x in (aside, bare))
    np.testing.assert_array_equal(one.slope, other.slope)
    np.testing.assert_array_equal(one.intercept, other.intercept)


def test_lanes_come_in_the_order_of_the_universe_whoever_asks() -> None:
    fewer = replace(TOY, lanes=TOY.lanes[:2] + TOY.lanes[3:])
    turned = replace(TOY, lanes=TOY.lanes[::-1])
    copied = replace(TOY, lanes=tuple(replace(x, freight=x.freight + 1.0) for x in TOY.lanes))
    universe = universe_of(TOY, fewer)
    keys = [x.key for x in universe.lanes]
    for market, missing in ((TOY, 0), (turned, 0), (copied, 0), (fewer, 1)):
        lanes, present = universe.own_lanes(market)
        assert [x.key for x in lanes] == keys
        assert (~present).sum() == missing
        for lane, has in zip(lanes, present, strict=True):
            assert (lane is market.lane_by_key.get(lane.key)) == has
    shut = compile_market(fewer, universe).lanes.log_weight
    assert np.isneginf(shut).sum() == 1 + sum(not x.is_open for x in fewer.lanes)
