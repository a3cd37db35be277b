"""Where a moving slider will be next."""

from __future__ import annotations

import math
from collections.abc import Sequence

from accord.web.answers import AHEAD
from accord.web.position import Position
from accord.web.view import View


def next_places(before: Position, now: Position, dials: Sequence[View]) -> list[Position]:
    """Return the positions after this one, if the same slider goes on the same way.

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
    step = math.copysign(dial["step"], value - was.get(changed[0], at_home))
    places = (value + i * step for i in range(1, AHEAD + 1))
    inside = (x for x in places if dial["least"] <= x <= dial["most"])
    return [_at(now, stands, dial, x) for x in inside]


def _at(now: Position, stands: dict[str, float], dial: View, value: float) -> Position:
    """Return a position in the very words in which the page will ask for it."""
    rounded = float(f"{value:.10g}")
    rest = {k: v for k, v in stands.items() if k != dial["key"]}
    if abs(rounded - dial["value"]) < dial["step"] / 2.0:
        return now.with_moved(rest)
    return now.with_moved({**rest, dial["key"]: rounded})


def places_from_home(
    home: Position, dials: Sequence[View], group: str, most: int
) -> list[Position]:
    """Return the places of each first slider of a group, the others at home: up, then down."""
    found: list[Position] = []
    for dial in dials:
        if dial["group"] != group or not dial["first"]:
            continue
        for way in (1, -1):
            values = (dial["value"] + way * i * dial["step"] for i in range(1, most + 1))
            inside = (x for x in values if dial["least"] <= x <= dial["most"])
            found += [_at(home, {}, dial, x) for x in inside]
    return found
