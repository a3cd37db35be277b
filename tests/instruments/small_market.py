"""A small market for tests of terms: five regions, two goods; the EU exports no alumina."""

from __future__ import annotations

from itertools import product

from accord.instruments import ordinary_tariff
from accord.market import (
    Activity,
    Buyer,
    Capacity,
    DutyColumn,
    FinalDemand,
    Good,
    Lane,
    Market,
    Region,
    Tracer,
)

CODES = ("USA", "RUS", "CAN", "CHN", "EUN")


def small_market() -> Market:
    """Return the market with the ordinary tariff in force: 1 % on aluminium into the USA."""
    regions = (
        Region("USA", "United States", "fob", ("USA",)),
        Region("RUS", "Russian Federation", "cif", ("RUS",)),
        Region("CAN", "Canada", "fob", ("CAN",)),
        Region("CHN", "China", "cif", ("CHN",)),
        Region("EUN", "European Union", "cif", ("DEU", "FRA")),
    )
    goods = (Good("aluminium", "Unwrought aluminium"), Good("alumina", "Alumina"))
    pairs = tuple(product(("aluminium", "alumina"), CODES))
    market = Market(
        name="small",
        year=2024,
        price_year=2024,
        regions=regions,
        goods=goods,
        activities=tuple(_smelter(code) for code in ("USA", "RUS", "CAN", "CHN")),
        lanes=tuple(
            Lane(good, origin, destination, freight=0.0 if origin == destination else 100.0)
            for good, origin in pairs
            for destination in CODES
            if (good, origin) != ("alumina", "EUN")
        ),
        buyers=tuple(Buyer(good, code, theta=0.003) for good, code in pairs),
        demands=tuple(FinalDemand(good, code, 1e6, 2500.0, 0.3, 9e3) for good, code in pairs),
        columns=(
            DutyColumn("USA", "aluminium", "general", ad_valorem=0.01),
            DutyColumn("USA", "aluminium", "column2", ad_valorem=0.11),
            DutyColumn("USA", "alumina", "column2", specific=11.0),
        ),
        tracers=(Tracer("russian", "aluminium", ("RUS",), ("smelter",)),),
    )
    return ordinary_tariff(market)


def _smelter(region: str) -> Activity:
    return Activity(
        name=f"smelter.{region}",
        kind="smelter",
        region=region,
        outputs=(("aluminium", 1.0),),
        inputs=(("alumina", 1.93),),
        power=14.5,
        power_price=30.0,
        other_cost=400.0,
        rising_cost=200.0,
        capacity=Capacity(4e6),
        owner=region,
    )
