"""The answer on one screen of text."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from accord.assessment import Answer, Assessment
from accord.report import offers, opening, parts, paths, trust, users
from accord.report.block import Block, more
from accord.report.destinations import destinations, origin_of_change
from accord.report.gains import gains
from accord.report.layout import (
    HEADING,
    NARROWEST,
    QUIET,
    WIDTH,
    Lines,
    beside,
    itemised,
    prose,
    render,
    table,
)
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.suppliers import suppliers

LINES = 48


# The other end of what could be takes longer than the answer, so it is not on the screen.
CLOSURE_HINT = (
    "How much rests on origins being different: --out sets metal of all origins alike beside it."
)


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
    Room(results=5, suppliers=4, destinations=4, gains=5, reasons=1, lists=1),
)


def screen(a: Answer, *, width: int = WIDTH, colour: bool = False, lines: int = LINES) -> str:
    """Return the answer as text, its market in ``lines`` if lists can be cut that short.

    ``width`` is in characters and is kept between 80 and 100; ``colour`` writes ANSI styles.
    """
    width = min(max(width, NARROWEST), WIDTH)
    if not isinstance(a, Assessment):
        return render(_without_market(a, width), colour=colour)
    first = _first(a, width, lines)
    return render([*first, *_years(a, width), *_beside(a, width)], colour=colour)


def first_screen(a: Assessment, *, width: int = WIDTH, lines: int = LINES) -> str:
    """Return the answer up to its years and to what is not about the market."""
    return render(_first(a, width, lines), colour=False)


def _first(a: Assessment, width: int, most: int) -> Lines:
    """Return what stands before years and parts: all offers in a table, then the market."""
    table_of_all = offers.on_screen(a, width)
    shown: Lines = []
    for room in ROOMS:
        shown = _parts(a, room, width, table_of_all)
        if len(shown) - (len(table_of_all) and len(table_of_all) + 1) <= most:
            break
    return shown


def _beside(a: Answer, width: int) -> Lines:
    """Return what is not about a market: a short block for each part."""
    return [line for part in a.parts for line in (Text(), *parts.block(part, width))]


def _without_market(a: Answer, width: int) -> Lines:
    where = " ".join(x for x in (opening.variant(a), opening.setting(a)) if x)
    lines = [*prose(opening.title(a), width, HEADING), *prose(where, width, QUIET)]
    together = offers.on_screen(a, width)
    lines += [Text(), *together] if together else []
    return [*lines, *_beside(a, width), Text(), *_lists(a, 3, width)]


def _years(a: Assessment, width: int) -> Lines:
    """Return the path over years, below the answer; nothing where none was asked for."""
    lines = _year_by_year(a, width)
    ends = paths.long_run(a)
    if ends is not None:
        lines += [Text(), *table(ends, width, notes=True)]
    certified = paths.certificate(a)
    if certified is None:
        return lines
    lines += [Text(), *prose(certified, width, "green")]
    lists = (("The path assumes", paths.rests_on(a)), ("It leaves out", paths.leaves_out(a)))
    for name, items in lists:
        lines += prose(f"{name} ({len(items)}): {'; '.join(items)}.", width, indent="  ")
    return lines


def _year_by_year(a: Assessment, width: int) -> Lines:
    """Return the table of the years with as many numbers as the width has room for."""
    lines: Lines = []
    for most in (None, 3, 2, 1):
        block = paths.paths(a, most)
        if block is None:
            return []
        lines = [Text(), *table(block, width, notes=True)]
        if max(line.cell_len for line in lines) <= width:
            break
    return lines


def _parts(a: Assessment, room: Room, width: int, together: Lines) -> Lines:
    groups = (
        _opening(a, room, width),
        together,
        table(main_results(a, most=room.results), width),
        _optional(suppliers(a, room.suppliers), width),
        _optional(outputs(a, room.suppliers), width),
        _metal(a, room, width),
        _gains(a, room, width),
        _trust(a, room, width),
    )
    shown: Lines = []
    for group in groups:
        if group:
            shown += [*([Text()] if shown else []), *group]
    return shown


def _opening(a: Assessment, room: Room, width: int) -> Lines:
    where = " ".join(x for x in (opening.variant(a), opening.setting(a)) if x)
    lines = [
        *prose(opening.title(a), width, HEADING),
        *prose(where, width, QUIET),
        *prose(a.headline, width, "bold"),
    ]
    for reason in a.because[: room.reasons]:
        lines += prose(f"· {reason}", width, indent="  ")
    left = len(a.because) - room.reasons
    if left > 0:
        lines.append(Text(f"  {more(left, 'more with --out')}", QUIET))
    return lines


def _optional(block: Block | None, width: int) -> Lines:
    return [] if block is None else table(block, width, notes=True)


def _metal(a: Assessment, room: Room, width: int) -> Lines:
    """Where the exporter's metal goes, with what its makers do beside it where there is room."""
    left, right = destinations(a, room.destinations), makers(a)
    if left is None:
        return []
    if right is None or width < WIDTH:
        lines = [*table(left, width), *_optional(right, width)]
    else:
        half = (width - 3) // 2
        lines = beside(table(left, half - 2), table(right, half + 2))
    split = origin_of_change(a)
    return lines if split is None else [*lines, *prose(split, width)]


def _gains(a: Assessment, room: Room, width: int) -> Lines:
    """Who gains and who loses, and who the users are."""
    lines = table(gains(a, room.gains), width)
    said = users.sentence(a)
    return lines if said is None else [*lines, *prose(said, width)]


def _trust(a: Assessment, room: Room, width: int) -> Lines:
    lines = prose(trust.certificate(a), width, "green" if a.check.ok else "bold red")
    for said in trust.draws(a):
        lines += prose(said, width)
    fit = trust.baseline(a)
    if fit is not None:
        lines += prose(fit, width)
    if a.closure == "share":
        lines += prose(CLOSURE_HINT, width)
    return [*lines, *_lists(a, room.lists, width)]


def _lists(a: Answer, most: int, width: int) -> Lines:
    """Return what is assumed and what is left out, each in about ``most`` lines."""
    lines: Lines = []
    for name, items in (("Assumed", trust.assumed(a)), ("Not modelled", trust.not_modelled(a))):
        if items:
            lines += prose(itemised(name, items, width * most), width, indent="  ")
    return lines
