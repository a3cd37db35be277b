"""What the seller's makers do: output against capacity, inputs, power."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.effects.measures import WORLD
from accord.equilibrium import Equilibrium
from accord.market import Activity
from accord.report.block import Block, Line
from accord.report.main_results import change_of
from accord.report.names import good, place
from accord.report.numbers import UNITS, Number, amount, column, digits_for, unit_for


def makers(a: Assessment) -> Block | None:
    """Return output, capacity and what the output takes, in the exporter or the maker in focus."""
    region = a.focus.exporter
    if region is None or not _makers(a.effects.after, a.focus.good, region):
        return None
    rows = [*_output(a, region), *_inputs(a, region), *_power(a, region)]
    lines = tuple(_line(*row) for row in rows if row[2:] != (None, None))
    heading = f"What producers in {place(a, region)} do"
    return Block(heading, ("", "unit", "before", "after", "change"), lines)


Entry = tuple[str, str, Number, Number]


def _makers(eq: Equilibrium, code: str, region: str) -> list[Activity]:
    return [
        x for x in eq.market.activities if x.region == region and code in {g for g, _ in x.outputs}
    ]


def _output(a: Assessment, region: str) -> list[Entry]:
    code = a.focus.good
    row = a.row("output", region, code)
    capacity = tuple(
        sum(x.capacity.level * dict(x.outputs)[code] for x in _makers(eq, code, region))
        for eq in (a.effects.before, a.effects.after)
    )
    before, after = (row.before, row.after) if row else (0.0, 0.0)
    return [("Output", "t/yr", before, after), ("Capacity", "t/yr", capacity[0], capacity[1])]


def _inputs(a: Assessment, region: str) -> list[Entry]:
    """Return the traded inputs of its makers: all that is used, and how much is imported."""
    plants = _makers(a.effects.after, a.focus.good, region)
    used = {g for plant in plants for g, _ in plant.inputs if g != a.focus.good}
    used = {g for g in used if a.row("imports", WORLD, g) is not None}
    rows: list[Entry] = []
    for g in (x.code for x in a.effects.after.market.goods if x.code in used):
        name = good(a, g)
        for measure, title in (("use", f"{name} used"), ("imports", "  of it imported")):
            row = a.row(measure, region, g)
            if row is not None:
                rows.append((f"{title[0].upper()}{title[1:]}", "t/yr", row.before, row.after))
    return rows


def _power(a: Assessment, region: str) -> list[Entry]:
    row = a.row("power", region, a.focus.good)
    return [] if row is None else [("Power", "MWh/yr", row.before, row.after)]


def _line(name: str, base: str, before: Number, after: Number) -> Line:
    unit = unit_for((before, after), UNITS[base])
    digits = digits_for((before, after), unit)
    change, _ = change_of(before, after)
    cells = (*column((before, after), unit), amount(change, unit, digits, signed=True))
    return Line((name, unit.name, *cells))
