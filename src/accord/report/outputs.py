"""Who makes the good, before and after: for deals that are not about trade between two regions."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.effects import Row
from accord.effects.measures import WORLD
from accord.report.block import Block, Line, more
from accord.report.main_results import change_of
from accord.report.names import good, region
from accord.report.numbers import (
    PER_TONNE,
    TONNES,
    Number,
    Unit,
    amount,
    digits_for,
    percent,
    unit_for,
)


def outputs(a: Assessment, most: int | None = None) -> Block | None:
    """Return output and producer price by region, what moves most first; ``None`` with a lane."""
    if a.focus.lane is not None:
        return None
    rows = [r for r in a.effects.rows if (r.measure, r.good) == ("output", a.focus.good)]
    made = sorted((r for r in rows if r.region != WORLD), key=lambda r: -abs(r.change or 0.0))
    shown = made if most is None or len(made) <= most else made[: most - 1]
    unit = unit_for((v for r in made for v in (r.before, r.after)), TONNES)
    lines = [_line(a, region(a, r.region), [r], made, unit) for r in shown]
    rest = made[len(shown) :]
    if rest:
        lines.append(_line(a, more(len(rest)), rest, made, unit))
    heading = f"Who makes {good(a, a.focus.good)}, {unit.name}"
    columns = ("", "before", "after", "change", "%", "price before", "price after")
    return Block(heading, columns, tuple(lines)) if lines else None


def _line(a: Assessment, name: str, some: list[Row], rows: list[Row], unit: Unit) -> Line:
    digits = digits_for((v for r in rows for v in (r.before, r.after)), unit)
    before, after = sum(r.before or 0.0 for r in some), sum(r.after or 0.0 for r in some)
    change, pct = change_of(before, after)
    price = a.row("producer_price", some[0].region, a.focus.good) if len(some) == 1 else None
    prices: tuple[Number, Number] = (None, None) if price is None else (price.before, price.after)
    return Line(
        (
            name,
            amount(before, unit, digits),
            amount(after, unit, digits),
            amount(change, unit, digits, signed=True),
            percent(pct, signed=True),
            *(amount(p, PER_TONNE[0], 0) for p in prices),
        )
    )
