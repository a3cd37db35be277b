"""The few numbers an answer is remembered by, before and after, and between what they lie."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Assessment
from accord.assessment.ranges import ends, summed
from accord.effects import Effects
from accord.effects.measures import WORLD
from accord.ensemble.ensemble import Ensemble
from accord.report.block import Block, Line
from accord.report.names import good, place, quote, region
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

# A change smaller than this part of the level is rounding of the solver, not a result.
NO_CHANGE = 1e-9
DRAWS_NOTE = (
    "10 … 90 %: between these values lies what stands in the column “after” in 8 of 10 draws of "
    "what is uncertain."
)
ACCESS_NOTE = (
    "Low and high access: what stands in the column “after” if trade that was closed comes "
    "back less or more readily than the pack's central estimate."
)


@dataclass(frozen=True, slots=True)
class Result:
    """A number of the answer: its name for people, and which rows of the effects it is.

    Without ``good`` it is the sum over goods. A flow that is in no row is 0, not absent.
    """

    name: str
    measure: str
    region: str
    good: str | None
    unit: str

    def read(self, effects: Effects) -> tuple[Number, Number]:
        """Return the value before and after."""
        if self.good is None:
            return self._sum(effects)
        row = effects.row(self.measure, self.region, self.good)
        if row is None:
            return (0.0, 0.0) if self.measure == "flow" else (None, None)
        return row.before, row.after

    def _sum(self, effects: Effects) -> tuple[Number, Number]:
        goods = (*(g.code for g in effects.before.market.goods), None)
        found = (effects.row(self.measure, self.region, code) for code in goods)
        rows = [row for row in found if row is not None]
        if not rows:
            return None, None
        return sum(r.before or 0.0 for r in rows), sum(r.after or 0.0 for r in rows)


def results(a: Assessment) -> tuple[Result, ...]:
    """Return the main results that this answer has, in the order they are shown."""
    found = (_trade(a), *_prices(a), *_treasury(a), *_seller(a), *_world())
    return tuple(r for r in found if r.read(a.effects) != (None, None))


def main_results(a: Assessment, most: int | None = None) -> Block:
    """Return the first ``most`` main results; ranges only where access matters to any of them."""
    rows = results(a)[:most]
    ranges = _ranges(a, rows)
    columns = ("", "unit", "before", "after", "change", "%")
    notes: tuple[str, ...] = ()
    if any(ranges):
        columns = (*columns, "low … high access" if a.ensemble is None else "10 … 90 %")
        notes = (ACCESS_NOTE if a.ensemble is None else DRAWS_NOTE,)
    lines = tuple(
        Line(_cells(r, a.effects) + ((span or "—",) if any(ranges) else ()))
        for r, span in zip(rows, ranges, strict=True)
    )
    return Block("Main results", columns, lines, notes)


def _trade(a: Assessment) -> Result:
    lane, code = a.focus.lane, a.focus.good
    if lane is None:
        return Result(f"World output of {good(a, code)}", "output", WORLD, code, "t/yr")
    name = f"{region(a, lane.origin)} → {region(a, lane.destination)}"
    return Result(name, "flow", f"{lane.origin}>{lane.destination}", code, "t/yr")


def _prices(a: Assessment) -> list[Result]:
    code, importer = a.focus.good, a.focus.importer
    rows = [Result(f"World price ({quote(a, code)})", "hub_price", WORLD, code, "USD/t")]
    if importer is not None:
        name = f"Buyers in {place(a, importer)} pay"
        rows.append(Result(name, "buyer_price", importer, code, "USD/t"))
        rows.append(_producers(a, importer))
    return rows


def _producers(a: Assessment, maker: str) -> Result:
    name = f"Producers in {place(a, maker)} get"
    return Result(name, "producer_price", maker, a.focus.good, "USD/t")


def _seller(a: Assessment) -> list[Result]:
    seller = a.focus.exporter
    return [] if seller in (None, a.focus.importer) else [_producers(a, seller)]


def _treasury(a: Assessment) -> list[Result]:
    buyer = a.focus.importer
    if buyer is None:
        return []
    return [Result(f"Duty {place(a, buyer)} collects", "duty_revenue", buyer, None, "USD/yr")]


def _world() -> list[Result]:
    return [Result("World emissions", "emissions", WORLD, None, "t CO2/yr")]


def _cells(result: Result, effects: Effects) -> tuple[str, ...]:
    before, after = result.read(effects)
    unit = unit_for((before, after), UNITS[result.unit])
    digits = digits_for((before, after), unit)
    change, pct = change_of(before, after)
    finer = digits if change is None else max(digits, digits_of_change(change, unit))
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


def digits_of_change(change: float, unit: Unit) -> int:
    """Return how many digits after the point a change is shown with: more for a smaller one."""
    size = abs(change) / unit.size
    return 0 if size >= 20.0 or size == 0.0 else 1 if size >= 1.0 else 2  # noqa: PLR2004


def _ranges(a: Assessment, rows: tuple[Result, ...]) -> list[str | None]:
    """Return between what each result lies after the deal, where it differs.

    Over draws where there are any, else at low and high access.
    """
    if a.ensemble is not None:
        return [_over_draws(r, a.effects, a.ensemble) for r in rows]
    cases = {case.weights: case.effects for case in a.access}
    if not {"low", "high"} <= cases.keys():
        return [None] * len(rows)
    return [_range(r, a.effects, cases["low"], cases["high"]) for r in rows]


def _over_draws(result: Result, central: Effects, ensemble: Ensemble) -> str | None:
    if not ensemble.solved:
        return None
    if result.good is None:
        found = ends(summed(ensemble, result.measure, result.region)[1])
    else:
        ranges = ensemble.range_of(result.measure, result.region, result.good)
        found = None if ranges is None else ranges.after
    return None if found is None else _said(result, central, (found[0], found[2]))


def _range(result: Result, central: Effects, low: Effects, high: Effects) -> str | None:
    return _said(result, central, (result.read(low)[1], result.read(high)[1]))


def _said(result: Result, central: Effects, ends: tuple[Number, Number]) -> str | None:
    """Return both ends as they are shown; ``None`` where they are absent or one."""
    shown = (*result.read(central), *ends)
    if None in ends or abs((ends[1] or 0.0) - (ends[0] or 0.0)) <= NO_CHANGE * largest(ends):
        return None
    unit = unit_for(shown[:2], UNITS[result.unit])
    digits = digits_for(shown[:2], unit)
    return f"{amount(ends[0], unit, digits)} … {amount(ends[1], unit, digits)}"
