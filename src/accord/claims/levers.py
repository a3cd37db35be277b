"""Levers: what about the deal's own trade could be otherwise, turned until a verdict flips."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

from accord.claims.sizes import said
from accord.market import Lane, LaneKey, Limit, Market, Wedge
from accord.market.wedge import Basis

Name = Literal["quantity", "duty", "access"]
HIGHEST_DUTY = 2.0
MOST_ACCESS = 64.0
CLOSE = 2e-3
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Lever:
    """One number about a lane that can be set: where it stands, and how far it is turned.

    ``geometric``  whether equal steps are equal ratios
    """

    name: Name
    lane: LaneKey
    now: float
    low: float
    high: float
    geometric: bool = False

    def turned(self, market: Market, value: float) -> Market:
        """Return the market with the lever at a value."""
        if self.name == "quantity":
            return replace(market, limits=tuple(self._limit(x, value) for x in market.limits))
        change = self._access(value) if self.name == "access" else self._duty(market, value)
        return market.map_lanes(lambda lane: lane.key == self.lane, change)

    def _limit(self, limit: Limit, value: float) -> Limit:
        return replace(limit, bound=value) if is_minimum(limit, self.lane) else limit

    def _access(self, value: float) -> Callable[[Lane], Lane]:
        return lambda lane: replace(lane, log_weight=lane.log_weight + math.log(value))

    def _duty(self, market: Market, value: float) -> Callable[[Lane], Lane]:
        region = market.region_by_code[self.lane.destination]

        def change(lane: Lane) -> Lane:
            kept = tuple(w for w in lane.wedges if not _is_duty(w))
            bases: list[Basis] = [w.basis for w in lane.wedges if _is_duty(w)]
            basis = bases[0] if bases else region.customs_basis
            duty = Wedge("lever", "import", value, basis=basis, revenue_to=region.code)
            return replace(lane, wedges=(*kept, duty))

        return change

    def at(self, value: float, seller: str) -> str:
        """Return, in words, with the lever at which value."""
        if self.name == "quantity":
            return f"at {said(value / 1e3, 'kt/yr')} in place of {said(self.now / 1e3, 'kt/yr')}"
        if self.name == "duty":
            now = said(self.now, "fraction")
            return f"at a duty of {said(value, 'fraction')} in place of {now}"
        more = said(value, "ratio")
        return f"if buyers took to what {seller} sells {more} as readily as assumed"

    def apart(self, one: float, other: float) -> float:
        """Return how far two values of the lever are apart."""
        return abs(_stretched(self, one) - _stretched(self, other))

    @property
    def tried(self) -> str:
        """Everything that the lever was turned to, in words."""
        if self.name == "quantity":
            return f"no quantity up to {said(self.high / 1e3, 'kt/yr')}"
        if self.name == "duty":
            return f"no duty from {said(self.low, 'fraction')} to {said(self.high, 'fraction')}"
        return f"no readiness of buyers up to {said(self.high, 'ratio')} the one assumed"


def levers_of(market: Market, lane: LaneKey) -> tuple[Lever, ...]:
    """Return the levers on a lane of the market with the deal; none where it is closed."""
    held = market.lane_by_key.get(lane)
    if held is None or not held.is_open:
        return ()
    minimum = next((x for x in market.limits if x.in_force and is_minimum(x, lane)), None)
    if minimum is not None:
        return (Lever("quantity", lane, minimum.bound, 0.0, minimum.bound),)
    duty = sum(w.ad_valorem for w in held.active_wedges if _is_duty(w))
    return (
        Lever("duty", lane, duty, 0.0, max(HIGHEST_DUTY, duty)),
        Lever("access", lane, 1.0, 1.0 / MOST_ACCESS, MOST_ACCESS, geometric=True),
    )


def is_minimum(limit: Limit, lane: LaneKey) -> bool:
    """Return whether a limit asks for at least so much on a lane."""
    return limit.sense == "at_least" and lane in limit.lanes


def _is_duty(wedge: Wedge) -> bool:
    return wedge.side == "import" and wedge.tracer is None and wedge.in_force


def crossing(
    lever: Lever,
    value: Callable[[float], float | None],
    edge: float,
    known: Collection[float] = (),
) -> float | None:
    """Return where, nearest to its place, a lever takes a value across an edge.

    ``value`` solves the market anew, ``None`` where it has no answer; ``known`` are values of the
    lever that have been solved. ``None`` where no end of the lever takes the value across: between
    two points it is taken to run one way.
    """
    now = value(lever.now)
    if now is None:
        return None
    found = [_first(lever, value, (lever.now, now), (end, edge), known)
             for end in (lever.low, lever.high) if end != lever.now]  # fmt: skip
    here = _stretched(lever, lever.now)
    roots = [x for x in found if x is not None]
    return min(roots, key=lambda x: abs(_stretched(lever, x) - here), default=None)


def _first(
    lever: Lever,
    value: Callable[[float], float | None],
    start: tuple[float, float],
    goal: tuple[float, float],
    known: Collection[float],
) -> float | None:
    """Return the first crossing of an edge on the way from a point to an end of the lever."""
    (x, there), (end, edge) = start, goal
    way = sorted((y for y in {*known, end} if min(x, end) <= y <= max(x, end) and y != x),
                 key=lambda y: abs(y - x))  # fmt: skip
    last = value(end)
    if last is None or (last - edge) * (there - edge) >= 0.0:
        return None
    for y in way:
        next_one = value(y)
        if next_one is None:
            continue
        if (next_one - edge) * (there - edge) < 0.0:
            one = _stretched(lever, x), there - edge
            return _root(lever, value, edge, (one, (_stretched(lever, y), next_one - edge)))
        x, there = y, next_one
    return None


def _stretched(lever: Lever, value: float) -> float:
    return math.log(value) if lever.geometric else value


def _root(
    lever: Lever,
    value: Callable[[float], float | None],
    edge: float,
    points: tuple[tuple[float, float], tuple[float, float]],
) -> float:
    """Return a root between two points of opposite sign: secants, kept within their bracket."""
    low, high = points if points[0][1] < 0.0 else points[::-1]
    last, best = points
    size = CLOSE * abs(edge)
    width = CLOSE * abs(_stretched(lever, lever.high) - _stretched(lever, lever.low))
    x = best[0]
    for _ in range(MOST_STEPS):
        x = _secant(last, best, (low, high))
        there = value(math.exp(x) if lever.geometric else x)
        if there is None:
            break
        last, best = best, (x, there - edge)
        if abs(best[1]) <= size or abs(high[0] - low[0]) <= width:
            break
        low, high = (best, high) if best[1] < 0.0 else (low, best)
    return math.exp(x) if lever.geometric else x


def _secant(
    one: tuple[float, float],
    other: tuple[float, float],
    bracket: tuple[tuple[float, float], tuple[float, float]],
) -> float:
    """Return where the line through two points is zero; the middle where that leaves the ends."""
    ends = sorted(x for x, _ in bracket)
    if one[1] != other[1]:
        x = (one[0] * other[1] - other[0] * one[1]) / (other[1] - one[1])
        if ends[0] < x < ends[1]:
            return x
    return (ends[0] + ends[1]) / 2.0
