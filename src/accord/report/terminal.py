"""The answer on one screen of text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from accord.assessment import Assessment
from accord.report import opening, trust
from accord.report.block import Block, more
from accord.report.destinations import destinations, origin_of_change
from accord.report.gains import gains
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.suppliers import suppliers

WIDTH = 100
NARROWEST = 80
LINES = 48
GUTTER = 2
NARROW_NAME = 22
ITEM = 72
TIED = re.compile(r"(?<=\d) (?=%|[kM]?t\b|mn\b|bn\b|m\b|USD\b|[TGM]Wh\b)|(?<=mn|bn) (?=USD)")
STYLES = {"plain": "", "focus": "bold", "total": "", "rest": "dim"}


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows or lines each part may take."""

    results: int
    suppliers: int
    destinations: int
    gains: int
    reasons: int
    lists: int


# From roomy to tight; the first that fits the screen is shown.
ROOMS = (
    Room(results=7, suppliers=8, destinations=5, gains=8, reasons=4, lists=3),
    Room(results=7, suppliers=8, destinations=5, gains=7, reasons=4, lists=2),
    Room(results=6, suppliers=8, destinations=5, gains=6, reasons=3, lists=1),
    Room(results=6, suppliers=7, destinations=5, gains=6, reasons=2, lists=1),
    Room(results=5, suppliers=7, destinations=4, gains=5, reasons=2, lists=1),
    Room(results=5, suppliers=6, destinations=4, gains=5, reasons=1, lists=1),
    Room(results=5, suppliers=5, destinations=4, gains=5, reasons=1, lists=1),
)


def screen(a: Assessment, *, width: int = WIDTH, colour: bool = False, lines: int = LINES) -> str:
    """Return the answer as text of at most ``lines`` lines, if lists can be cut that short.

    ``width`` is in characters and is kept between 80 and 100; ``colour`` writes ANSI styles.
    """
    width = min(max(width, NARROWEST), WIDTH)
    text = ""
    for room in ROOMS:
        text = render(_parts(a, room, width), width=width, colour=colour)
        if text.count("\n") <= lines:
            break
    return text


def render(parts: Sequence[RenderableType], *, width: int, colour: bool) -> str:
    """Return renderables as text, without trailing blanks."""
    file = StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, highlight=False, markup=False, emoji=False,
        color_system="standard" if colour else None, legacy_windows=False,
    )  # fmt: skip
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _parts(a: Assessment, room: Room, width: int) -> list[RenderableType]:
    groups = (
        _opening(a, room, width),
        [table(main_results(a, most=room.results), width)],
        _optional(suppliers(a, room.suppliers), width),
        _metal(a, room, width),
        [table(gains(a, room.gains), width)],
        _trust(a, room, width),
    )
    parts: list[RenderableType] = []
    for group in groups:
        if group:
            parts += [*([Text()] if parts else []), *group]
    return parts


def _opening(a: Assessment, room: Room, width: int) -> list[RenderableType]:
    where = " ".join(x for x in (opening.variant(a), opening.setting(a)) if x)
    reasons: list[RenderableType] = [
        prose(f"· {x}", width, indent="  ") for x in a.because[: room.reasons]
    ]
    left = len(a.because) - room.reasons
    if left > 0:
        reasons.append(Text(f"  {more(left, 'more with --out')}", "dim"))
    return [
        prose(opening.title(a), width, "bold cyan"),
        prose(where, width, "dim"),
        prose(a.headline, width, "bold"),
        *reasons,
    ]


def _optional(block: Block | None, width: int) -> list[RenderableType]:
    return [] if block is None else [table(block, width, notes=True)]


def _metal(a: Assessment, room: Room, width: int) -> list[RenderableType]:
    """Where the exporter's metal goes, with what its makers do beside it where there is room."""
    left, right = destinations(a, room.destinations), makers(a)
    if left is None:
        return []
    parts: list[RenderableType]
    if right is None or width < WIDTH:
        parts = [table(left, width), *_optional(right, width)]
    else:
        pair = Table.grid(padding=(0, 3, 0, 0))
        half = (width - 3) // 2
        pair.add_row(table(left, half - 2), table(right, half + 2))
        parts = [pair]
    split = origin_of_change(a)
    return parts if split is None else [*parts, prose(split, width)]


def _trust(a: Assessment, room: Room, width: int) -> list[RenderableType]:
    said = [prose(trust.certificate(a), width, "green" if a.check.ok else "bold red")]
    fit = trust.baseline(a)
    if fit is not None:
        said.append(prose(fit, width))
    said += [
        prose(itemised(name, items, width * room.lists), width, indent="  ")
        for name, items in (
            ("Assumed", trust.assumed(a)),
            ("Not modelled", trust.not_modelled(a)),
        )
        if items
    ]
    return [*said]


def itemised(name: str, items: Sequence[str], size: int) -> str:
    """Return "name (count): items" in about ``size`` characters, saying how many are left out."""
    text = f"{name} ({len(items)}):"
    tail = f"; {more(len(items), 'more with --out')}"
    for place, item in enumerate(items):
        last = place == len(items) - 1
        room = size - len(text) - 2 - (0 if last else len(tail))
        if place and len(item) > room:
            return f"{text}; {more(len(items) - place, 'more with --out')}"
        shown = textwrap.shorten(item, max(room, ITEM // 2), placeholder=" …")
        text = f"{text}{'; ' if place else ' '}{shown}"
    return text if text.endswith("…") else f"{text}."


def prose(text: str, width: int, style: str = "", indent: str = "") -> Text:
    """Return text broken at the width, later lines indented, no number parted from its unit."""
    tied = TIED.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(tied, width, subsequent_indent=indent, break_on_hyphens=False)
    return Text("\n".join(lines).replace("\N{NO-BREAK SPACE}", " "), style)


def table(block: Block, width: int, *, notes: bool = False) -> RenderableType:
    """Return a block as a table that is never wider than ``width`` and never breaks a cell."""
    widths = _widths(block, width)
    gutter = GUTTER if sum(widths) + GUTTER * (len(widths) - 1) <= width else 1
    inside = len(block.heading) <= widths[0]
    grid = Table(
        box=None, show_edge=False, pad_edge=False, padding=(0, gutter, 0, 0), collapse_padding=True,
        header_style="dim",
    )  # fmt: skip
    titles = (Text(block.heading if inside else "", "bold cyan"), *block.columns[1:])
    for place, (heading, size) in enumerate(zip(titles, widths, strict=True)):
        side = "left" if block.is_text(place) else "right"
        grid.add_column(heading, justify=side, width=size, no_wrap=True, overflow="ellipsis")
    for line in block.lines:
        grid.add_row(*line.cells, style=STYLES[line.weight])
    above = [] if inside else [Text(block.heading, "bold cyan", no_wrap=True, overflow="ellipsis")]
    below = [prose(note, width, "dim") for note in block.notes if notes]
    return Group(*above, grid, *below)


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
