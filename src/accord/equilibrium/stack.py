"""Many markets of one universe side by side: what differs has a leading axis of draws.

A field of ``lanes``, ``buyers``, ``activities`` or ``limits`` is either what it is in ``Arrays``,
the same for every draw, or has one row for each draw in front. Who is where (nodes, buyers, which
lanes a limit counts, what activities take and make) is the same for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import (
    ActivityArrays,
    Arrays,
    BuyerArrays,
    Index,
    LaneArrays,
    LimitArrays,
)
from accord.equilibrium.reach import without_the_impossible

Mask = NDArray[np.bool_]
Part = TypeVar("Part", LaneArrays, BuyerArrays, ActivityArrays, LimitArrays)

PARTS = ("lanes", "buyers", "activities", "limits")
# Who is where: one for all draws, or the markets are not of one universe.
COMMON = frozenset(
    {"node", "buyer", "shipped", "home", "inputs", "outputs", "member", "sign", "active"}
    | {"clean_node", "clean_tracer"}
)


@dataclass(frozen=True, eq=False)
class Stack:
    """D markets. ``base`` has the sizes and all that is not drawn; the parts may differ by draw."""

    base: Arrays
    count: int
    lanes: LaneArrays
    buyers: BuyerArrays
    activities: ActivityArrays
    limits: LimitArrays

    def one(self, draw: int) -> Arrays:
        """Return the market of one draw."""
        parts = {name: self._cut(getattr(self, name), name, draw) for name in PARTS}
        return replace(self.base, **parts)

    def rows(self, draws: Index | slice) -> Stack:
        """Return the markets of some draws, in the order given (k,); of a slice, views."""
        parts = {name: self._cut(getattr(self, name), name, draws) for name in PARTS}
        sliced = isinstance(draws, slice)
        count = len(range(*draws.indices(self.count))) if sliced else len(draws)
        return replace(self, count=count, **parts)

    def without_the_impossible(self) -> Stack:
        """Return the markets with idle for good what cannot run, and shut what cannot fill."""
        capacity, weight = self.activities.capacity, self.lanes.log_weight
        now = capacity > 0.0, np.isfinite(weight)
        runs, opened = self._possible(*(np.atleast_2d(x) for x in now))
        if np.all(runs == now[0]) and np.all(opened == now[1]):
            return self
        return replace(
            self,
            activities=replace(self.activities, capacity=_held(runs, capacity, 0.0)),
            lanes=replace(self.lanes, log_weight=_held(opened, weight, -np.inf)),
        )

    def _possible(self, runs: Mask, opened: Mask) -> tuple[Mask, Mask]:
        """Return what can run and fill, draw by draw; in one row where all draws are alike."""
        count = max(len(runs), len(opened))
        if np.all(runs == runs[0]) and np.all(opened == opened[0]):
            count = 1  # nearly always
        settled: dict[bytes, tuple[Mask, Mask]] = {}
        found: list[tuple[Mask, Mask]] = []
        for draw in range(count):
            pattern = runs[draw % len(runs)].tobytes() + opened[draw % len(opened)].tobytes()
            if pattern not in settled:
                one = without_the_impossible(self.one(draw))
                settled[pattern] = one.activities.capacity > 0.0, np.isfinite(one.lanes.log_weight)
            found.append(settled[pattern])
        return np.array([x[0] for x in found]), np.array([x[1] for x in found])

    def _cut(self, part: Part, name: str, draws: int | Index | slice) -> Part:
        plain = getattr(self.base, name)
        cut = {
            field.name: getattr(part, field.name)[draws]
            for field in fields(part)
            if getattr(part, field.name).ndim > getattr(plain, field.name).ndim
        }
        return replace(part, **cut)


def _held(keeps: Mask, values: np.ndarray, empty: float) -> np.ndarray:
    """Return values where a draw keeps them; one row where all draws agree."""
    held = np.where(keeps, values, empty)
    return held[0] if len(keeps) == 1 and values.ndim == 1 else held


def stacked(markets: Sequence[Arrays]) -> Stack:
    """Return markets of one universe side by side; the first is the base.

    Raises ``ValueError`` where they are not of one universe or differ in who is where.
    """
    base = markets[0]
    if any(x.universe is not base.universe for x in markets):
        raise ValueError("a stack needs markets compiled on one universe")
    parts = {name: _stacked([getattr(x, name) for x in markets]) for name in PARTS}
    return Stack(base=base, count=len(markets), **parts)


def _stacked(parts: Sequence[Part]) -> Part:
    first = parts[0]
    rows: dict[str, np.ndarray] = {}
    for field in fields(first):
        values = [getattr(part, field.name) for part in parts]
        if all(_same(values[0], x) for x in values):
            continue
        if field.name in COMMON:
            raise ValueError(f"the markets of a stack differ in {field.name}")
        rows[field.name] = np.stack(values)
    return replace(first, **rows)


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    # Bytes first: it is ten times as fast, and they are nearly always the same.
    if one is other or (one.shape == other.shape and one.tobytes() == other.tobytes()):
        return True
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
