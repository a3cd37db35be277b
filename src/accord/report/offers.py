"""The offers of a deal side by side: on the screen, on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accord.assessment import Answer, words
from accord.assessment.offers import Offers, country, offers
from accord.assessment.part import Amount, Summary
from accord.report.block import Block, Line
from accord.report.layout import WIDTH, Lines, prose, table
from accord.report.numbers import NONE

HEADING = "The offers side by side"
COLUMNS = (
    "offer", "kind", "what", "region", "holder", "value", "unit", "low", "high", "range", "year",
    "when", "money", "needs",
)  # fmt: skip
SHORT = {"rare-earth oxides mined": "REO", "magnets": "magnets", "NdPr oxide": "NdPr oxide",
         "NdPr metal": "NdPr metal"}  # fmt: skip
LARGE = 1e5
"""Tonnes from which on a tenth of a kt says nothing."""
MANY = 10e9
"""USD from which on a hundredth of a bn says nothing."""
Cells = tuple[str, ...]


def on_screen(a: Answer, width: int) -> Lines:
    """Return the table in at most eight lines of a wide screen; nothing for a single offer."""
    found = offers(a)
    if found is None:
        return []
    lines = table(_short(found, wide=width >= WIDTH), width)
    return lines if found.note is None else [*lines, *prose(found.note, width)]


def _short(found: Offers, *, wide: bool) -> Block:
    parties = found.parties[:2]
    titles = ("in full, a year", "low … high") if wide else ("in full, a year",)
    lines = [
        Line((
            x.name,
            ", ".join(_named(q) for q in x.quantities) or NONE,
            *((_range(x.shown),) if wide else ()),
            *(_money(x.money_of(code)) for code in parties),
            x.money_is[1] if x.money else NONE,
            str(x.year),
        ))
        for x in found.lines
    ]  # fmt: skip
    columns = ("", *titles, *(f"{code}, USD" for code in parties), "which is", "year")
    return Block(HEADING, columns, tuple(lines), words=(titles[0], "which is"))


def _named(x: Amount) -> str:
    short = SHORT.get(x.what, "")
    return f"{_amount(x.value, x.unit)}{f' {short}' if short else ''}"


def _amount(value: float, unit: str) -> str:
    if unit == "t/yr":
        return words.tonnes(value) if value >= LARGE else _small_tonnes(value)
    return _money(value) if unit.startswith("USD") else f"{value:,.0f} {unit}"


def _small_tonnes(value: float) -> str:
    """Return tonnes of what is traded by the thousand: with a digit after the point from 1 kt."""
    return f"{value / 1e3:,.1f} kt" if value >= 1e3 else f"{value:,.0f} t"  # noqa: PLR2004 - a kt


def _money(value: float | None) -> str:
    """Return dollars without their name, from 10 bn on with one digit after the point."""
    if value is None:
        return NONE
    if abs(value) >= MANY:
        shown = f"{words.half_up(abs(value) / 1e9, 1):,.1f} bn"
        return shown if value > 0.0 else f"{words.MINUS}{shown}"
    return words.dollars(value).removesuffix(" USD")


def _range(x: Amount | None) -> str:
    """Return a range in the unit of its larger end, named once."""
    if x is None or x.low is None or x.high is None:
        return NONE
    low, high = (_amount(value, x.unit) for value in (x.low, x.high))
    if low == high:
        return NONE
    number, _, unit = high.partition(" ")
    before, _, other = low.partition(" ")
    if other == unit or not float(x.low):
        return f"{before} … {number} {unit}"
    return f"{low} … {high}"


def block(a: Answer) -> Block | None:
    """Return the table in full: every number with its range, and below it what each offer needs."""
    found = offers(a)
    if found is None:
        return None
    lines = [
        Line(_full(x, amount, first=place == 0))
        for x in found.lines
        for place, amount in enumerate(x.amounts)
    ]
    notes = (*((found.note,) if found.note else ()), *(_told(x) for x in found.lines))
    titles = ("what", "whose", "value", "low … high")
    return Block(HEADING, ("", *titles), tuple(lines), notes, ("what", "whose"))


def one_offer(x: Summary) -> Block:
    """Return one offer by itself: its numbers with their ranges, below them what it needs."""
    lines = tuple(Line(_by_holder(x, y)) for y in x.amounts)
    return Block(x.name, ("", "value", "low … high"), lines, (_told(x),))


def _by_holder(x: Summary, amount: Amount) -> Cells:
    """Return the cells of one number, whose it is in its name."""
    _, what, whose, *rest = _full(x, amount, first=False)
    return (what if whose == NONE else f"{whose}: {what}", *rest)


def _told(x: Summary) -> str:
    """Say of an offer when its numbers hold, what their ranges are, and what it needs."""
    ranges = dict.fromkeys(y.range_is for y in x.amounts if y.range_is)
    said = [x.when, *(f"range: {y}" for y in ranges)]
    needs = f" Needs: {'; '.join(x.needs)}." if x.needs else ""
    return f"{x.name}: {'; '.join(said)}.{needs}"


def _full(x: Summary, amount: Amount, *, first: bool) -> Cells:
    """Return the cells of one number; the offer is named once."""
    is_money = amount in x.money
    names = (country(amount.region) if amount.region else "", amount.holder)
    whose = ", ".join(name for name in names if name)
    value = f"{_money(amount.value)} USD" if is_money else _amount(amount.value, amount.unit)
    what = x.money_is[0] if is_money else amount.what
    what = f"{what}, a year" if amount.unit == "t/yr" else what
    name = x.name if first else ""
    return (name, what, whose or NONE, value, _range(amount))


def as_rows(a: Answer) -> Iterator[Sequence[object]]:
    """Yield every number of every offer as a row of ``COLUMNS``; one line for an offer at least."""
    found = offers(a)
    for x in () if found is None else found.lines:
        needs = "; ".join(x.needs)
        for y in x.amounts:
            kind, money = ("money", x.money_is[0]) if y in x.money else ("quantity", None)
            yield (x.name, kind, y.what, y.region, y.holder, y.value, y.unit, y.low, y.high,
                   y.range_is, x.year, x.when, money, needs)  # fmt: skip
