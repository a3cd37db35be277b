"""Blocks and sentences as lines of text that are exactly as wide as they may be."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from io import StringIO
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from accord.report.block import Block, Weight, more

WIDTH = 100
NARROWEST = 80
GUTTER = 2
NARROW_NAME = 22
SHORTEST_ITEM = 36
HEADING = "bold cyan"
QUIET = "dim"
STYLES: dict[Weight, str] = {"plain": "", "focus": "bold", "total": "", "rest": "dim"}
# The blanks between a number and its unit.
TIED = re.compile(r"(?<=\d) (?=%|[kM]?t\b|mn\b|bn\b|m\b|USD\b|[TGM]Wh\b)|(?<=mn|bn) (?=USD)")
Lines = list[Text]


def prose(text: str, width: int, style: str = "", indent: str = "") -> Lines:
    """Return text broken at the width, later lines indented, no number parted from its unit."""
    tied = TIED.sub("\N{NO-BREAK SPACE}", text)
    broken = textwrap.wrap(tied, width, subsequent_indent=indent, break_on_hyphens=False)
    return [Text(line.replace("\N{NO-BREAK SPACE}", " "), style) for line in broken]


def itemised(name: str, items: Sequence[str], size: int) -> str:
    """Return "name (count): items" in about ``size`` characters, saying how many are left out."""
    text = f"{name} ({len(items)}):"
    tail = f"; {more(len(items), 'more with --out')}"
    for place, item in enumerate(items):
        last = place == len(items) - 1
        room = size - len(text) - 2 - (0 if last else len(tail))
        if place and len(item) > room:
            return f"{text}; {more(len(items) - place, 'more with --out')}"
        shown = textwrap.shorten(item, max(room, SHORTEST_ITEM), placeholder=" …")
        text = f"{text}{'; ' if place else ' '}{shown}"
    return text if text.endswith("…") else f"{text}."


def table(block: Block, width: int, *, notes: bool = False) -> Lines:
    """Return a block as lines that are never wider than ``width`` and never break a cell.

    The heading stands in the first line of the table if there is room for it, else above.
    """
    widths = _widths(block, width)
    gutter = GUTTER if sum(widths) + GUTTER * (len(widths) - 1) <= width else 1
    inside = len(block.heading) <= widths[0]
    lines = [] if inside else [Text(_fitted(block.heading, width).rstrip(), HEADING)]
    lines += _titles(block, widths, gutter, block.heading if inside else "")
    for line in block.lines:
        cells = [
            _fitted(cell, size, right=not block.is_text(i))
            for i, (cell, size) in enumerate(zip(line.cells, widths, strict=True))
        ]
        lines.append(Text((" " * gutter).join(cells).rstrip(), STYLES[line.weight]))
    if notes:
        lines += [line for note in block.notes for line in prose(note, width, QUIET)]
    return lines


def _titles(block: Block, widths: Sequence[int], gutter: int, heading: str) -> Lines:
    """Return the lines of column titles; titles of several lines stand on the last one."""
    parts = [title.split("\n") for title in block.columns]
    height = max(map(len, parts))
    padded = [[""] * (height - len(part)) + part for part in parts]
    lines: Lines = []
    for row in range(height):
        cells = [
            _fitted(padded[i][row], size, right=not block.is_text(i))
            for i, size in enumerate(widths)
            if i
        ]
        first = heading if row == height - 1 else ""
        line = Text(_fitted(first, widths[0]), HEADING)
        lines.append(line.append((" " * gutter).join(["", *cells]).rstrip(), f"not bold {QUIET}"))
    return lines


def _fitted(text: str, size: int, *, right: bool = False) -> str:
    cut = text if len(text) <= size else f"{text[: size - 1]}…"
    return cut.rjust(size) if right else cut.ljust(size)


def _widths(block: Block, width: int) -> list[int]:
    """Give every number its full width; names and sentences share what is left of it."""
    needed = [
        max(*map(len, title.split("\n")), *(len(line.cells[i]) for line in block.lines), 1)
        for i, title in enumerate(block.columns)
    ]
    long = {i for i in range(1, len(needed)) if block.is_text(i) and block.is_long(i)}
    fixed = sum(size for i, size in enumerate(needed) if i and i not in long)
    gaps = len(needed) - 1
    wide = width - fixed - GUTTER * gaps
    left = wide if long or wide >= min(needed[0], NARROW_NAME) else width - fixed - gaps
    wanted = max(needed[0], len(block.heading)) if len(block.heading) <= left else needed[0]
    name = max(min(wanted, left if not long else max(left // 2, NARROW_NAME)), 4)
    for i in long:
        needed[i] = max(min(needed[i], (left - name) // len(long)), 4)
    return [name, *needed[1:]]


def beside(left: Lines, right: Lines, gap: int = 3) -> Lines:
    """Return two columns of lines side by side."""
    size = max(line.cell_len for line in left) + gap
    pairs = zip_longest(left, right, fillvalue=None)
    return [_joined(a or Text(), b or Text(), size) for a, b in pairs]


def _joined(left: Text, right: Text, size: int) -> Text:
    padding = " " * (size - left.cell_len)
    return Text.assemble(left, padding, right)


def render(lines: Lines, *, colour: bool) -> str:
    """Return lines as text, without trailing blanks; with ANSI styles if ``colour``."""
    if not colour:
        return "".join(f"{line.plain.rstrip()}\n" for line in lines)
    file = StringIO()
    console = Console(
        file=file, width=2 * WIDTH, force_terminal=True, color_system="standard", highlight=False,
        markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for line in lines:
        console.print(line)
    return file.getvalue()
