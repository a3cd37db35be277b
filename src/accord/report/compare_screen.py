"""A comparison as text: ranges below their numbers, wide tables broken into panels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.text import Text

from accord.report import opening
from accord.report.block import Block, Line
from accord.report.compare import Comparison, certificates, counts, notes
from accord.report.compare_tables import LABEL_WIDTH, Grid, difference_grid, level_grid
from accord.report.compare_words import sentences
from accord.report.layout import (
    GUTTER,
    HEADING,
    NARROWEST,
    QUIET,
    WIDTH,
    Lines,
    prose,
    render,
    table,
)

NAME_WIDTH = 48
WIDEST = 140


def screen(c: Comparison, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return the comparison as text; at most eight scenarios stand side by side."""
    width = min(max(width, NARROWEST), WIDEST)
    shown = c.shown
    lines = [
        *prose(f"{c.answers[0].deal.title}: {len(c.answers)} scenarios", width, HEADING),
        *prose(opening.data(c.answers[0]), width, QUIET),
    ]
    for note in counts(c):
        lines += prose(note, width, QUIET)
    for sentence in sentences(shown):
        lines += prose(f"· {sentence}", width, indent="  ")
    for grid in (level_grid(shown), difference_grid(shown)):
        if grid is not None:
            lines += _panels(grid, width)
    lines.append(Text())
    for note in notes(shown):
        lines += prose(note, width, indent="    ")
    lines += [Text(), *prose(certificates(c), width)]
    return render(lines, colour=colour)


def _panels(grid: Grid, width: int) -> Lines:
    lines: Lines = []
    for panel in panels(grid, width):
        lines += [Text(), *table(panel, width)]
    return lines + (prose(grid.note, width, QUIET) if grid.note else [])


def panels(grid: Grid, width: int) -> list[Block]:
    """Break a grid into tables of as many scenarios as fit beside the names."""
    names = min(max(len(name) for name, _ in grid.rows), NAME_WIDTH)
    widths = [_width(grid, i) for i in range(len(grid.titles))]
    room = _room(widths, width - names)
    return [_below(grid.part(i, i + room)) for i in range(0, len(widths), room)]


def _room(widths: Sequence[int], width: int) -> int:
    """Return how many scenarios a panel has: few panels, all much the same."""
    count = len(widths)
    for parts in range(1, count + 1):
        room = math.ceil(count / parts)
        if all(sum(widths[i : i + room]) <= width for i in range(0, count, room)):
            return room
    return 1


def _width(grid: Grid, i: int) -> int:
    """Return how wide a scenario's columns are with the gaps before them."""
    cells = [text for _, entries in grid.rows for text in (entries[i].value, entries[i].range)]
    size = max(LABEL_WIDTH, *map(len, cells)) + GUTTER
    if not grid.odds:
        return size
    counted = [entries[i].higher for _, entries in grid.rows]
    return size + max(len(x) for x in (*grid.odds[i].split("\n"), *counted)) + GUTTER


def _below(grid: Grid) -> Block:
    """Return a table in which a range stands in a line of its own below its number."""
    titles = [""]
    for i, title in enumerate(grid.titles):
        titles += [title, grid.odds[i]] if grid.odds else [title]
    lines: list[Line] = []
    for name, entries in grid.rows:
        cells, ranges = [name], [""]
        for entry in entries:
            cells += [entry.value, entry.higher] if grid.odds else [entry.value]
            ranges += [entry.range, ""] if grid.odds else [entry.range]
        lines.append(Line(tuple(cells)))
        if any(ranges):
            lines.append(Line(tuple(ranges), "rest"))
    return Block(grid.heading, tuple(titles), tuple(lines))
