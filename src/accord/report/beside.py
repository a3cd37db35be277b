"""The answer's closure and another side by side."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.assessment.beside import Beside, ClosureRow
from accord.effects.measures import WORLD
from accord.report.block import Block, Line
from accord.report.main_results import change_of
from accord.report.names import good, place, quote, region
from accord.report.numbers import UNITS, amount, column, digits_for, unit_for


def closures(a: Assessment, found: Beside) -> Block:
    """Return the main numbers under each closure, with what the difference means."""
    heading = f"If {good(a, a.focus.good)} of all origins were alike"
    lines = tuple(_line(a, row) for row in found.rows)
    note = (
        "share: buyers tell origins apart, so trade is spread. homogeneous: they do not, so a "
        "seller who is dearer by a dollar sells nothing. The truth lies between; what differs "
        "much between the two rests on how far origins are alike."
    )
    notes = (note, f"{found.closure}: {found.why}") if found.why else (note,)
    columns = ("", "closure", "unit", "before", "after", "change")
    return Block(heading, columns, lines, notes, words=("unit", "closure"))


def _line(a: Assessment, row: ClosureRow) -> Line:
    unit = unit_for((row.before, row.after), UNITS[row.unit])
    digits = digits_for((row.before, row.after), unit)
    change, _ = change_of(row.before, row.after)
    cells = (*column((row.before, row.after), unit), amount(change, unit, digits, signed=True))
    return Line((_name(a, row), row.closure, unit.name, *cells))


def _name(a: Assessment, row: ClosureRow) -> str:
    if row.measure == "flow":
        origin, _, destination = row.region.partition(">")
        return f"{region(a, origin)} → {region(a, destination)}"
    if row.region == WORLD:
        return f"World price ({quote(a, row.good)})"
    who = "Buyers" if row.measure == "buyer_price" else "Producers"
    return f"{who} in {place(a, row.region)} {'pay' if who == 'Buyers' else 'get'}"
