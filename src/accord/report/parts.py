"""Parts of an answer that are not about a market: on the screen, on the page and as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from accord.assessment import words
from accord.assessment.part import Cell, Column, Part, PartSource, PartTable
from accord.report.block import Block, Line
from accord.report.layout import HEADING, Lines, prose, table
from accord.report.numbers import NONE, Unit, amount, digits_for, small

MOST = 6
"""Lines of a part on the screen below its headline."""

Sheet = tuple[str, Sequence[str], list[Sequence[object]]]


def block(part: Part, width: int) -> Lines:
    """Return a part's title, its headline, and at most ``MOST`` lines more."""
    lines = [*prose(part.title, width, HEADING), *prose(part.headline, width, "bold")]
    return [*lines, *_further(part, width), *prose(checked(part) or "", width, "green")]


def _further(part: Part, width: int) -> Lines:
    """Return the first table where it fits, then sentences for as long as there is room.

    The first sentence is always there: it is the one that a reader must not miss.
    """
    lines: Lines = []
    if part.tables:
        shown = table(table_block(part.tables[0]), width)
        if len(shown) <= MOST and all(line.cell_len <= width for line in shown):
            lines = shown
    for place, said in enumerate(part.because):
        more = prose(f"· {said}", width, indent="  ")
        if place and len(lines) + len(more) > MOST:
            break
        lines = [*lines, *more]
    return lines or [Text("More with --out.")]


def checked(part: Part) -> str | None:
    """Return in one sentence which identities hold, and how closely."""
    if not part.checks:
        return None
    worst = max(abs(x.value) for x in part.checks)
    names = "; ".join(x.name for x in part.checks)
    return f"Checked, largest error {small(worst)}: {names}."


def imprint(source: PartSource) -> str:
    """Return who published a source, when, and under which licence."""
    year = None if source.year is None else str(source.year)
    return ", ".join(x for x in (source.publisher, year, source.licence, source.url) if x)


def table_block(shown: PartTable) -> Block:
    """Return a part's table as it is shown: one number of digits for a column."""
    columns = [_cells(shown, i, column) for i, column in enumerate(shown.columns)]
    lines = tuple(Line(cells) for cells in zip(*columns, strict=True))
    titles = tuple(_title(x) for x in shown.columns)
    words = tuple(titles[i] for i in range(len(titles)) if _is_words(shown, i))
    first = "" if _is_words(shown, 0) else titles[0]
    return Block(shown.title, (first, *titles[1:]), lines, shown.notes, words)


def _title(column: Column) -> str:
    return f"{column.name}\n{column.unit}" if column.unit else column.name


def _is_words(shown: PartTable, column: int) -> bool:
    return any(isinstance(row[column], str) for row in shown.rows)


def _cells(shown: PartTable, place: int, column: Column) -> list[str]:
    cells = [row[place] for row in shown.rows]
    unit = Unit(column.unit, 1.0)
    digits = column.digits
    if digits is None:
        digits = digits_for((x for x in cells if isinstance(x, float)), unit)
    return [_cell(x, unit, digits) for x in cells]


def _cell(value: Cell, unit: Unit, digits: int) -> str:
    if value is None:
        return NONE
    if isinstance(value, float):
        return amount(words.half_up(value, digits), unit, digits)
    return str(value)


def sheets(parts: Sequence[Part]) -> Iterator[Sheet]:
    """Yield each table of each part, then checks and sources; nothing where there is no part."""
    for part in parts:
        for shown in part.tables:
            header = [f"{x.name} ({x.unit})" if x.unit else x.name for x in shown.columns]
            yield f"{part.id}_{shown.name}.csv", header, [*shown.rows]
    if parts:
        checks: list[Sequence[object]] = [
            (p.id, x.name, x.value, x.tolerance, "true" if x.ok else "false")
            for p in parts
            for x in p.checks
        ]
        yield "parts_checks.csv", ("part", "name", "value", "tolerance", "ok"), checks
        names = ("id", "title", "publisher", "year", "licence", "url", "note")
        cited: list[Sequence[object]] = [
            (p.id, *(getattr(x, n) for n in names)) for p in parts for x in p.sources
        ]
        yield "parts_sources.csv", ("part", *names), cited
