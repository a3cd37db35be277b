"""Where the seller's metal goes, and where the metal that the buyer gets more of comes from."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.report.block import Block, Line, more
from accord.report.names import place, region
from accord.report.numbers import TONNES, Unit, amount, digits_for, unit_for
from accord.report.suppliers import Trade, trades

# Tonnes a year below which a source of metal is not worth a clause.
WORTH_SAYING = 0.5


def destinations(a: Assessment, most: int | None = None) -> Block | None:
    """Return the focus exporter's sales by destination, what moves most first."""
    exporter = a.focus.exporter
    if exporter is None:
        return None
    rows = trades(a, origin=exporter)
    rows.sort(key=lambda t: (t.destination != a.focus.importer, -abs(t.change), -t.after))
    shown = rows if most is None or len(rows) <= most else rows[: most - 1]
    unit = unit_for((max(t.before, t.after) for t in rows), TONNES)
    lines = [_line(_name(a, t), [t], rows, unit, t.destination == a.focus.importer) for t in shown]
    rest = [t for t in rows if t not in shown]
    if rest:
        lines.append(_line(more(len(rest)), rest, rows, unit, focus=False))
    lines.append(Line(_line("All sales", rows, rows, unit, focus=False).cells, "total"))
    heading = f"Where {place(a, exporter)} sells, {unit.name}"
    return Block(heading, ("", "before", "after", "change"), tuple(lines))


def _name(a: Assessment, trade: Trade) -> str:
    return region(a, trade.destination) + (", home" if trade.home else "")


def _line(name: str, some: list[Trade], rows: list[Trade], unit: Unit, focus: bool) -> Line:  # noqa: FBT001
    digits = digits_for((max(t.before, t.after) for t in rows), unit)
    before, after = sum(t.before for t in some), sum(t.after for t in some)
    cells = (
        name,
        amount(before, unit, digits),
        amount(after, unit, digits),
        amount(after - before, unit, digits, signed=True),
    )
    return Line(cells, "focus" if focus else "plain")


def origin_of_change(a: Assessment) -> str | None:
    """Return one sentence that splits the change of the flow in focus; its parts sum exactly.

    A change of sales on one lane is a change of all sales less the change of the other sales.
    """
    exporter, importer = a.focus.exporter, a.focus.importer
    if exporter is None or importer is None or exporter == importer:
        return None
    rows = trades(a, origin=exporter)
    flow = sum(t.change for t in rows if t.destination == importer)
    if abs(flow) < WORTH_SAYING:
        return None
    unit = unit_for((flow,), TONNES)
    elsewhere = [t for t in rows if t.destination not in (importer, exporter)]
    made = sum(t.change for t in rows)
    home = -sum(t.change for t in rows if t.home)
    others = -sum(t.change for t in elsewhere)
    parts = [
        f"{_plain(abs(value), unit)} {source if value > 0.0 else sink}"
        for value, source, sink in (
            (made, "from more output", "less output"),
            (home, "from home use", "more home use"),
            (others, "from other buyers", "more to other buyers"),
        )
        if abs(value) >= WORTH_SAYING
    ]
    total = amount(flow, unit, 0, signed=True)
    named = _most_moved(a, elsewhere, unit, others)
    return f"The {total} {unit.name}: {', '.join(parts)}{named}."


def _plain(value: float, unit: Unit) -> str:
    return amount(value, unit, digits_for((value,), unit) if abs(value) < unit.size else 0)


def _most_moved(a: Assessment, elsewhere: list[Trade], unit: Unit, others: float) -> str:
    """Name the other buyers that give up most, or that take most, whichever they do in all."""
    if abs(others) < WORTH_SAYING:
        return ""
    way = 1.0 if others < 0.0 else -1.0
    moved = [t for t in elsewhere if way * t.change > WORTH_SAYING]
    moved = sorted(moved, key=lambda t: -way * t.change)[:2]
    named = (f"{region(a, t.destination)} {_signed(t.change, unit)}" for t in moved)
    return f" ({', '.join(named)})" if moved else ""


def _signed(value: float, unit: Unit) -> str:
    digits = digits_for((value,), unit) if abs(value) < unit.size else 0
    return amount(value, unit, digits, signed=True)
