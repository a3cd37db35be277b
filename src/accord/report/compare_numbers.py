"""What a scenario has of a number that another one is about: absent where its market has it not."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.effects.measures import WORLD
from accord.report.main_results import NO_CHANGE, Result
from accord.report.numbers import Number

WELFARE = "welfare"


def knows(a: Assessment, result: Result) -> bool:
    """Return whether a scenario's market has the places and the good of a number."""
    universe, market = a.effects.before.universe, a.effects.before.market
    places = {*universe.regions, WORLD}
    goods = {None, *(good.code for good in market.goods)}
    return result.good in goods and places.issuperset(result.region.split(">"))


def read(a: Assessment, result: Result) -> tuple[Number, Number]:
    """Return a number before and after; absent where the market has no such place or good."""
    return result.read(a.effects) if knows(a, result) else (None, None)


def gain(a: Assessment, result: Result) -> Number:
    """Return the change of a region's welfare, 0 where it is rounding; absent as above."""
    if not knows(a, result):
        return None
    change = a.effects.change(result.measure, result.region, result.good)
    return change if abs(change) > NO_CHANGE * a.effects.gross_change else 0.0
