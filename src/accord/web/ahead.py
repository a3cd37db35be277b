"""Where a moving slider will be next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from accord.web.answers import AHEAD
from accord.web.position import Position
from accord.web.view import View


def next_places(before: Position, now: Position, dials: Sequence[View]) -> list[Position]:
    """Return the positions after this one, if the same slider goes on at the same pace.

    None where anything but one slider was moved.
    """
    was, stands = dict(before.moved), dict(now.moved)
    home = {dial["key"]: dial for dial in dials}
    changed = [k for k in {*was, *stands} if was.get(k) != stands.get(k) and k in home]
    if (before.variant, before.as_of, before.edited) != (now.variant, now.as_of, now.edited):
        return []
    if len(changed) != 1:
        return []
    dial = home[changed[0]]
    at_home: float = dial["value"]
    value = stands.get(changed[0], at_home)
    stride = value - was.get(changed[0], at_home)
    step = math.copysign(dial["step"], stride)
    places = (value + step, value + stride, *(value + i * step for i in (2, 3)))
    return _inside(now, stands, dial, places)[:AHEAD]


def places_beside(now: Position, dial: View) -> list[Position]:
    """Return the places beside a slider that a hand has come to and not yet moved."""
    stands = dict(now.moved)
    value, step = stands.get(dial["key"], dial["value"]), dial["step"]
    return _inside(now, stands, dial, (value + step, value - step, value + 2.0 * step))


def _inside(
    now: Position, stands: dict[str, float], dial: View, places: Iterable[float]
) -> list[Position]:
    """Return the positions of a slider's places, each once, without those beyond its ends."""
    inside = (x for x in places if dial["least"] <= x <= dial["most"])
    return list(dict.fromkeys(_at(now, stands, dial, x) for x in inside))


def _at(now: Position, stands: dict[str, float], dial: View, value: float) -> Position:
    """Return a position in the very words in which the page will ask for it."""
    rounded = float(f"{value:.10g}")
    rest = {k: v for k, v in stands.items() if k != dial["key"]}
    if abs(rounded - dial["value"]) < dial["step"] / 2.0:
        return now.with_moved(rest)
    return now.with_moved({**rest, dial["key"]: rounded})


def places_by_halves(home: Position, dials: Sequence[View], most: int) -> list[Position]:
    """Return the places of the first sliders that move the market, each alone, so many at most.

    First the ends of all of them, then the middles, the quarters, and so on to every place: soon
    any place has one near by that is known.
    """
    sliders = [x for x in dials if x["first"] and x["group"] in {"terms", "assumptions"}]
    ways = [_halves(round((x["most"] - x["least"]) / x["step"])) for x in sliders]
    found: dict[Position, None] = {}
    for i in range(max(map(len, ways), default=0)):
        for dial, way in zip(sliders, ways, strict=True):
            for step in way[i] if i < len(way) else ():
                found.setdefault(_at(home, {}, dial, dial["least"] + step * dial["step"]))
    found.pop(home, None)
    return list(found)[:most]


def _halves(steps: int) -> list[list[int]]:
    """Return the places 0 … ``steps``: the ends, the middle, what halves the parts, and so on."""
    ranks, known = [[0, steps]], [0, steps]
    while len(known) <= steps:
        between = [(a + b) // 2 for a, b in pairwise(known) if b - a > 1]
        ranks.append(between)
        known = sorted([*known, *between])
    return ranks
