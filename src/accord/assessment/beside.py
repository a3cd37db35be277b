"""The same question under another closure, beside the answer: how much rests on the closure."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment.assessment import Assessment
from accord.effects.measures import MEASURE_BY_NAME, WORLD
from accord.equilibrium import Equilibrium, solve_market
from accord.errors import AccordError, InputError, NoCertifiedAnswer

# The limit of the share closure where origins are all alike: the other end of what could be.
OTHER = "homogeneous"


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One main number under one closure, before and after; ``None`` where it has no value."""

    closure: str
    measure: str
    region: str
    good: str
    before: float | None
    after: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The main numbers under the answer's closure and another; ``why`` if the other has none."""

    rows: tuple[ClosureRow, ...]
    closure: str
    why: str = ""


def beside(a: Assessment, other: str = OTHER) -> Beside:
    """Return the main numbers of an answer with those of another closure beside them.

    The other closure is solved and certified for clearing; where it has no answer, ``why`` says so.
    """
    own = _rows(a, a.closure, a.effects.before, a.effects.after)
    if other == a.closure:
        return Beside(own, other)
    try:
        before = solve_market(
            a.effects.before.market, closure=other, universe=a.effects.before.universe
        )
        after = solve_market(a.effects.after.market, closure=other, universe=before.universe)
    except AccordError as error:
        return Beside(own, other, why=_why(error))
    return Beside((*own, *_rows(a, other, before, after)), other)


def _why(error: AccordError) -> str:
    if isinstance(error, NoCertifiedAnswer):
        return error.cause
    faults = error.faults if isinstance(error, InputError) else ()
    return "; ".join(fault.found for fault in faults) or str(error)


def _rows(
    a: Assessment, closure: str, before: Equilibrium, after: Equilibrium
) -> tuple[ClosureRow, ...]:
    good, lane = a.focus.good, a.focus.lane
    found: list[tuple[str, str, float | None, float | None]] = []
    if lane is not None:
        place = f"{lane.origin}>{lane.destination}"
        found.append(("flow", place, before.flow(*lane), after.flow(*lane)))
    found.append(("hub_price", WORLD, before.hub_price.get(good), after.hub_price.get(good)))
    if lane is not None:
        there = lane.destination
        prices = [
            (eq.buyer_price(good, there), eq.producer_price(good, there)) for eq in (before, after)
        ]
        found.append(("buyer_price", there, prices[0][0], prices[1][0]))
        found.append(("producer_price", there, prices[0][1], prices[1][1]))
    return tuple(
        ClosureRow(closure, measure, region, good, was, now, MEASURE_BY_NAME[measure].unit)
        for measure, region, was, now in found
        if was is not None or now is not None
    )
