"""Minimums in the aluminium pack: met, refused with a proof, or refused after a short search."""

from __future__ import annotations

import time
from datetime import date
from functools import cache

import pytest

from accord import pack as packs
from accord.equilibrium import solve_market
from accord.errors import Infeasible
from accord.market import LaneKey, Limit, Market

GBR_USA = LaneKey("aluminium", "GBR", "USA")
NOR_USA = LaneKey("aluminium", "NOR", "USA")
CHN_USA = LaneKey("aluminium", "CHN", "USA")
# Generous for a machine that does something else as well.
SECONDS = 3.0


@cache
def market_of(day: date) -> Market:
    pack = packs.load("aluminium")
    return pack.under_law(pack.calibration(pack.default_year(day)).market, day)


def asked(day: date, lane: LaneKey, tonnes: float, measure: str = "promise") -> Market:
    return market_of(day).with_limit(Limit(measure, "at_least", (lane,), tonnes, lane.origin))


def refusal(market: Market) -> Infeasible:
    solve_market(market_of(date(2025, 7, 1)))
    began = time.perf_counter()
    with pytest.raises(Infeasible) as caught:
        solve_market(market)
    assert time.perf_counter() - began < SECONDS
    return caught.value


@pytest.mark.parametrize("tonnes", [600.0, 900.0, 901.0, 18e3, 150e3, 500e3])
def test_a_minimum_over_a_tariff_rate_quota_is_met(tonnes: float) -> None:
    """The quota of the United Kingdom is 900 t: what passes it pays the general duty."""
    found = solve_market(asked(date(2025, 2, 1), GBR_USA, tonnes))
    assert found.certificate.ok
    assert found.flow(*GBR_USA) >= tonnes * (1.0 - 1e-8)


def test_it_is_met_where_metal_is_one_good_too() -> None:
    found = solve_market(asked(date(2025, 2, 1), GBR_USA, 150e3), closure="homogeneous")
    assert found.certificate.ok
    assert found.flow(*GBR_USA) >= 150e3 * (1.0 - 1e-8)


def test_more_than_norway_makes_is_proved_impossible() -> None:
    market = asked(date(2025, 7, 1), NOR_USA, 3e6)
    found = refusal(market)
    assert found.proof == "capacity"
    assert found.members[1:] == ("capacity remelting.NOR", "capacity smelter.NOR")
    made = sum(a.capacity.level for a in market.activities if f"capacity {a.name}" in found.members)
    assert found.short == pytest.approx(3e6 - made)


def test_a_duty_is_found_to_stand_in_the_way_of_what_tonnes_allow() -> None:
    found = refusal(asked(date(2025, 7, 1), CHN_USA, 20e6))
    assert found.proof == "largest rebate"
    assert found.members == ("minimum promise", "us.s232_50_2025")
