"""The few numbers an answer is remembered by, before and after, at low and high access."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accord.assessment import Assessment
from accord.effects import Effects
from accord.effects.measures import WORLD
from accord.report.block import Block, Line
from accord.report.names import good, place, quote
from accord.report.numbers import (
    UNITS,
    Number,
    Unit,
    amount,
    digits_for,
    largest,
    percent,
    unit_for,
)

Reader = Callable[[Effects], tuple[Number, Number]]
# A change smaller than this part of the level is rounding of the solver, not a result.
NO_CHANGE = 1e-9


@dataclass(frozen=True)
class Result:
    """A number of the answer: what it is, its unit, and how to read it from effects."""

    name: str
    unit: str
    read: Reader


def results(a: Assessment) -> tuple[Result, ...]:
    """Return the main results that this answer has, in the order they are shown."""
    found = (*_trade(a), *_prices(a), *_treasury(a), *_world(a))
    return tuple(r for r in found if r.read(a.effects) != (None, None))


def main_results(a: Assessment, most: int | None = None) -> Block:
    """Return the first ``most`` main results; ranges only where access matters to any of them."""
    rows = results(a)[:most]
    ranges = _ranges(a, rows)
    columns = ("", "unit", "before", "after", "change", "%")
    notes: tuple[str, ...] = ()
    if any(ranges):
        columns = (*columns, "low … high access")
        notes = (
            "Low and high access: what stands in the column “after” if trade that was closed comes "
            "back less or more readily than the pack's central estimate.",
        )
    lines = tuple(
        Line(_cells(r, a.effects) + ((span or "—",) if any(ranges) else ()))
        for r, span in zip(rows, ranges, strict=True)
    )
    return Block("Main results", columns, lines, notes)


def of_row(measure: str, region: str, code: str | None) -> Reader:
    """Return a reader of one row of the effects."""

    def read(effects: Effects) -> tuple[Number, Number]:
        row = effects.row(measure, region, code)
        return (None, None) if row is None else (row.before, row.after)

    return read


def of_sum(measure: str, region: str) -> Reader:
    """Return a reader of a measure summed over goods."""

    def read(effects: Effects) -> tuple[Number, Number]:
        rows = [r for r in effects.rows if r.measure == measure and r.region == region]
        if not rows:
            return None, None
        return sum(r.before or 0.0 for r in rows), sum(r.after or 0.0 for r in rows)

    return read


def _trade(a: Assessment) -> list[Result]:
    lane = a.focus.lane
    if lane is None:
        name = f"World output of {good(a, a.focus.good)}"
        return [Result(name, "t/yr", of_row("output", WORLD, a.focus.good))]
    name = f"{a.region_name(lane.origin)} sells to {place(a, lane.destination)}"
    return [Result(name, "t/yr", _flow(f"{lane.origin}>{lane.destination}", lane.good))]


def _flow(lane: str, code: str) -> Reader:
    """Read a flow; a lane that carries nothing before and after carries 0, it is not absent."""

    def read(effects: Effects) -> tuple[Number, Number]:
        row = effects.row("flow", lane, code)
        return (0.0, 0.0) if row is None else (row.before, row.after)

    return read


def _prices(a: Assessment) -> list[Result]:
    code = a.focus.good
    name = quote(a, code)
    rows = [Result(f"World price ({name})", "USD/t", of_row("hub_price", WORLD, code))]
    for region in (a.focus.importer, a.focus.exporter):
        if region is None:
            continue
        where = place(a, region)
        if region == a.focus.importer:
            rows.append(
                Result(f"Buyers in {where} pay", "USD/t", of_row("buyer_price", region, code))
            )
        rows.append(
            Result(f"Producers in {where} get", "USD/t", of_row("producer_price", region, code))
        )
    return rows


def _treasury(a: Assessment) -> list[Result]:
    region = a.focus.importer
    if region is None:
        return []
    name = f"Duty {place(a, region)} collects"
    return [Result(name, "USD/yr", of_sum("duty_revenue", region))]


def _world(a: Assessment) -> list[Result]:
    del a
    return [Result("World emissions", "t CO2/yr", of_sum("emissions", WORLD))]


def _cells(result: Result, effects: Effects) -> tuple[str, ...]:
    before, after = result.read(effects)
    unit = unit_for((before, after), UNITS[result.unit])
    digits = digits_for((before, after), unit)
    change, pct = change_of(before, after)
    finer = digits if change is None else max(digits, _digits_of_change(change, unit))
    return (
        result.name,
        unit.name + ("/yr" if result.unit.endswith("/yr") else ""),
        amount(before, unit, digits),
        amount(after, unit, digits),
        amount(change, unit, finer, signed=True),
        percent(pct, signed=True, digits=2 if abs(pct or 0.0) < 10.0 else 1),  # noqa: PLR2004
    )


def change_of(before: Number, after: Number) -> tuple[Number, Number]:
    """Return the change and the change in per cent of before; rounding of the solver is 0."""
    if before is None or after is None:
        return None, None
    change = after - before
    if abs(change) <= NO_CHANGE * max(abs(before), abs(after)):
        change = 0.0
    return change, (100.0 * change / abs(before) if before else None)


def _digits_of_change(change: float, unit: Unit) -> int:
    size = abs(change) / unit.size
    return 0 if size >= 20.0 or size == 0.0 else 1 if size >= 1.0 else 2  # noqa: PLR2004


def _ranges(a: Assessment, rows: tuple[Result, ...]) -> list[str | None]:
    """Return each result's value after the deal at low and high access, where they differ."""
    cases = {case.weights: case.effects for case in a.access}
    if not {"low", "high"} <= cases.keys():
        return [None] * len(rows)
    return [_range(r, a.effects, cases["low"], cases["high"]) for r in rows]


def _range(result: Result, central: Effects, low: Effects, high: Effects) -> str | None:
    shown = (*result.read(central), result.read(low)[1], result.read(high)[1])
    ends = shown[2:]
    if None in ends or abs((ends[1] or 0.0) - (ends[0] or 0.0)) <= NO_CHANGE * largest(ends):
        return None
    unit = unit_for(shown[:2], UNITS[result.unit])
    digits = digits_for(shown[:2], unit)
    return f"{amount(ends[0], unit, digits)} … {amount(ends[1], unit, digits)}"
