from __future__ import annotations

import math

import pytest

from accord.errors import InputError
from accord.market.landed_cost import Rates
from accord.pack.build.freight import Place, great_circle
from accord.pack.build.law_of_one_price import Observed, Setting, producer_prices

LOOSE = Setting(reference=2000.0, ridge=1e-9, bound=0.5, anchors=frozenset({"A", "B"}))


def lane(origin: str, destination: str) -> tuple[str, str, str]:
    return ("metal", origin, destination)


def test_a_quarter_of_the_equator() -> None:
    quarter = great_circle(Place(0.0, 0.0), Place(0.0, 90.0))
    assert quarter == pytest.approx(math.pi / 2.0 * 6371.0)


def test_distance_is_symmetric_and_zero_at_home() -> None:
    here, there = Place(56.0, 92.9), Place(39.3, -76.6)
    assert great_circle(here, there) == pytest.approx(great_circle(there, here))
    assert great_circle(here, here) == 0.0


def test_origins_that_serve_one_market_land_at_one_price() -> None:
    # A is near (freight 50), B far (150); with equal trade the mean price is the reference.
    flows = {lane("A", "C"): 10.0, lane("B", "C"): 10.0}
    rates = {lane("A", "C"): Rates(1.0, 50.0), lane("B", "C"): Rates(1.0, 150.0)}
    found = producer_prices(flows, rates, LOOSE)
    assert found.producer == {"A": pytest.approx(2050.0), "B": pytest.approx(1950.0)}
    assert found.buyer["C"] == pytest.approx(2100.0)
    assert found.dispersion["C"] == pytest.approx(0.0, abs=0.01)


def test_a_duty_falls_on_the_producer_who_pays_it() -> None:
    flows = {lane("A", "C"): 10.0, lane("B", "C"): 10.0}
    rates = {lane("A", "C"): Rates(1.0, 0.0), lane("B", "C"): Rates(1.1, 0.0)}
    found = producer_prices(flows, rates, LOOSE)
    assert found.producer["A"] == pytest.approx(1.1 * found.producer["B"], rel=1e-4)


def test_an_observed_price_is_met_exactly_with_one_premium() -> None:
    flows = {lane("C", "C"): 5.0, lane("A", "C"): 10.0, lane("B", "C"): 10.0, lane("A", "D"): 30.0}
    rates = {
        lane("C", "C"): Rates(1.0, 20.0),
        lane("A", "C"): Rates(1.0, 50.0),
        lane("B", "C"): Rates(1.1, 80.0),
        lane("A", "D"): Rates(1.0, 30.0),
    }
    found = producer_prices(flows, rates, LOOSE, [Observed("C", 2400.0, premium=True)])
    assert found.buyer["C"] == pytest.approx(2400.0, abs=1e-9)
    assert found.producer["C"] == pytest.approx(2380.0)


def test_prices_far_from_the_reference_are_refused() -> None:
    flows = {lane("A", "C"): 10.0, lane("B", "C"): 10.0}
    rates = {lane("A", "C"): Rates(1.0, 0.0), lane("B", "C"): Rates(6.0, 0.0)}
    with pytest.raises(InputError, match="producer price in"):
        producer_prices(flows, rates, LOOSE)
