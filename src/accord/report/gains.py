"""Who gains and who loses, and whether as users, makers, treasuries or holders of rents."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.assessment import Assessment
from accord.assessment.ranges import ends
from accord.effects.measures import WORLD
from accord.ensemble.ensemble import Ensemble
from accord.report.block import Block, Line, more
from accord.report.names import region
from accord.report.numbers import DOLLARS, Unit, column, unit_for

GROUPS = (
    ("users", ("consumer_surplus",)),
    ("makers", ("profit",)),
    ("treasury", ("duty_revenue", "export_tax_revenue", "subsidy_cost")),
    ("rents", ("limit_rent",)),
)
# What is smaller than this part of the sum of all absolute changes is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Gain:
    """A region's change of welfare (USD a year) and its four groups; they sum to the total.

    ``region``   "" for several that are summed, whose codes are ``together``
    """

    region: str
    parts: tuple[float, ...]
    together: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """The change of the region's welfare."""
        return sum(self.parts)


def gain_of(a: Assessment, region: str) -> Gain:
    """Return one region's gain."""
    parts = a.effects.welfare_parts(region)
    floor = ROUNDING * a.effects.gross_change
    sums = (sum(parts[part] for part in group) for _, group in GROUPS)
    return Gain(region, tuple(v if abs(v) > floor else 0.0 for v in sums))


@dataclass(frozen=True, slots=True)
class ShownGains:
    """The gains that are shown, by name: the parties first, then the largest, the world last.

    ``unit`` is theirs;  ``parties`` how many of the rows are the deal's own
    """

    rows: list[tuple[str, Gain]]
    unit: Unit
    parties: int


def shown_gains(a: Assessment, most: int | None = None) -> ShownGains:
    """Return who gains and loses in at most so many rows, the rest summed in a row of no region."""
    named = (a.focus.importer, a.focus.exporter, *a.parties)
    parties = list(dict.fromkeys(code for code in named if code is not None))
    others = [gain_of(a, code) for code in a.effects.before.universe.regions if code not in parties]
    others.sort(key=lambda g: -abs(g.total))
    others = [g for g in others if any(g.parts)]
    room = len(others) if most is None else max(most - len(parties) - 1, 0)
    if len(others) - room == 1:
        room += 1
    shown, rest = others[:room], others[room:]
    rows = [(region(a, g.region), g) for g in (*(gain_of(a, c) for c in parties), *shown)]
    if rest:
        sums = tuple(sum(part) for part in zip(*(g.parts for g in rest), strict=True))
        rows.append((more(len(rest)), Gain("", sums, tuple(g.region for g in rest))))
    rows.append(("World", gain_of(a, WORLD)))
    return ShownGains(rows, unit_for((g.total for _, g in rows), DOLLARS[1:]), len(parties))


def gains(a: Assessment, most: int | None = None) -> Block:
    """Return who gains and loses: the parties first, then the largest, the world last."""
    found = shown_gains(a, most)
    rows, unit, parties = found.rows, found.unit, found.parties
    columns = ("", "total", *(name for name, _ in GROUPS))
    lines = tuple(_lines(rows, unit, parties))
    if a.ensemble is not None and a.ensemble.solved:
        columns = (*columns[:2], "10 … 90 %", *columns[2:])
        spans = [_span(a.ensemble, gain, unit) for _, gain in rows]
        lines = tuple(
            replace(line, cells=(*line.cells[:2], span, *line.cells[2:]))
            for line, span in zip(lines, spans, strict=True)
        )
    heading = f"Who gains and who loses, {unit.name} a year"
    return Block(heading, columns, lines)


def range_of_gain(ensemble: Ensemble | None, region: str) -> tuple[float, float] | None:
    """Return between what a region's gain lies in 8 of 10 draws, USD a year; ``None``: not told."""
    found = None if ensemble is None else ensemble.range_of("welfare", region)
    return None if found is None or found.change is None else (found.change.low, found.change.high)


def range_of_row(ensemble: Ensemble | None, gain: Gain) -> tuple[float, float] | None:
    """Return the same of a row; of several regions it is that of their sum, draw by draw."""
    if not gain.together:
        return range_of_gain(ensemble, gain.region)
    if ensemble is None or not ensemble.solved:
        return None
    # A region without a row, or a draw without a value in it, has no gain there.
    found = (ensemble.changes("welfare", code) for code in gain.together)
    each = [np.nan_to_num(x, nan=0.0) for x in found if x is not None]
    span = ends(np.sum(each, axis=0)) if each else None
    return None if span is None else (span[0], span[2])


def _span(ensemble: Ensemble, gain: Gain, unit: Unit) -> str:
    found = range_of_row(ensemble, gain)
    return "" if found is None else " … ".join(column(found, unit, signed=True))


def _lines(rows: list[tuple[str, Gain]], unit: Unit, parties: int) -> list[Line]:
    totals = column((g.total for _, g in rows), unit, signed=True)
    width = len(GROUPS)
    flat = column((p for _, g in rows for p in g.parts), unit, signed=True)
    parts = [flat[i * width : (i + 1) * width] for i in range(len(rows))]
    last = len(rows) - 1
    return [
        Line(
            (name, totals[i], *parts[i]),
            "total" if i == last else "focus" if i < parties else "plain",
        )
        for i, (name, _) in enumerate(rows)
    ]
