"""Streams a wide inter-country table: one line a maker, one column a user."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accord.economy.data.assemble import Assembly, Columns, Labels
from accord.economy.data.mapping import Aggregation
from accord.economy.data.text import csv_rows
from accord.economy.world import Array, WorldTable, index_of
from accord.errors import Fault, InputError

# What the file says of itself (totals) may differ from what its rows add up to by this part.
TOTALS = 1e-4
SHOWN = 5
EMPTY: list[str] = []


class Node(NamedTuple):
    """A region's sector, as the source calls them."""

    region: str
    sector: str


@dataclass(frozen=True)
class Layout:
    """How one form of file is read.

    ``header``  columns before the figures
    ``use``     column label → the industry that buys;  ``final``  column label → region
    ``maker``   the cells before the figures → the maker; ``None`` for a row that is not one
    ``total``   labels of the column with each maker's output
    ``keep``    the cells before the figures → whether the row is of the year that is wanted
    """

    header: int
    use: Callable[[str], Node | None]
    final: Callable[[str], str | None]
    maker: Callable[[Sequence[str]], Node | None]
    total: tuple[str, ...]
    keep: Callable[[Sequence[str]], bool] = lambda _: True


@dataclass
class Reading:
    """What has been read of one file so far."""

    file: str
    makers: set[Node] = field(default_factory=set[Node])
    lines: dict[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])
    faults: list[Fault] = field(default_factory=list[Fault])
    off: list[tuple[Node, float, float]] = field(default_factory=list[tuple[Node, float, float]])


def read_wide(path: Path, layout: Layout, mapping: Aggregation, labels: Labels) -> WorldTable:
    """Return the world table of a wide file, aggregated while it is read.

    Memory is that of the table asked for and of one line. Raises ``InputError`` with all that is
    wrong with the file: labels of rows and columns that differ, cells that are no numbers, rows
    that do not add up to the output the file states, what the mapping leaves out.
    """
    reading = Reading(str(path))
    rows = csv_rows(path)
    head = next(rows, EMPTY)
    titles = [cell.strip() for cell in head[layout.header :]]
    users = [layout.use(title) for title in titles]
    named = [user for user in users if user is not None]
    if not named:
        raise InputError([_no_columns(reading.file, titles)])
    regions = tuple(dict.fromkeys(user.region for user in named))
    sectors = tuple(dict.fromkeys(user.sector for user in named))
    known = frozenset(named)
    assembly = Assembly(*mapping.both(regions, sectors))
    columns = _columns(titles, users, layout, regions, sectors, assembly)
    total = next((k for k, title in enumerate(titles) if title in layout.total), None)
    for number, cells in enumerate(rows, 2):
        before = cells[: layout.header]
        if len(before) < layout.header or not layout.keep(before):
            continue
        maker = layout.maker(before)
        if maker is None:
            continue
        values = _values(cells[layout.header :], len(titles), number, maker, reading)
        new = _is_new(maker, tuple(before), number, reading)
        if values is None or not new or maker not in known:
            continue
        places = regions.index(maker.region), sectors.index(maker.sector)
        assembly.add(*places, values, columns)
        _check_total(maker, values, columns, total, reading)
    reading.faults += _label_faults(reading, named)
    reading.faults += _total_faults(reading, labels.unit)
    if reading.faults:
        raise InputError(reading.faults)
    return assembly.table(labels)


def _columns(  # noqa: PLR0913, PLR0917 - each is a side of one table
    titles: Sequence[str],
    users: Sequence[Node | None],
    layout: Layout,
    regions: Sequence[str],
    sectors: Sequence[str],
    assembly: Assembly,
) -> Columns:
    region_at, sector_at = index_of(regions), index_of(sectors)
    width = len(assembly.sectors.labels)
    use = np.full(len(titles), -1)
    final = np.full(len(titles), -1)
    for k, (title, user) in enumerate(zip(titles, users, strict=True)):
        if user is not None:
            group = assembly.regions.place[region_at[user.region]]
            use[k] = group * width + assembly.sectors.place[sector_at[user.sector]]
            continue
        buyer = layout.final(title)
        if buyer in region_at:
            final[k] = assembly.regions.place[region_at[buyer]]
    return Columns(use, final)


def _values(
    cells: Sequence[str], width: int, line: int, maker: Node, reading: Reading
) -> Array | None:
    if len(cells) != width:
        found = f"{len(cells)} figures"
        fix = "the line may be cut off: get the file again"
        fault = Fault(reading.file, found, f"{width}, one a column", fix, line, " ".join(maker))
        reading.faults.append(fault)
        return None
    try:
        values = np.array([cell or "0" for cell in cells], dtype=np.float64)
    except ValueError:
        values = np.full(1, np.nan)
    if not np.isfinite(values).all():
        bad = next((cell for cell in cells if not _is_number(cell)), "nan")
        fix = "write the number, or 0 where nothing is sold"
        label = " ".join(maker)
        reading.faults.append(Fault(reading.file, f'"{bad}"', "numbers", fix, line, label))
        return None
    return values


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell or "0")))
    except ValueError:
        return False


def _is_new(maker: Node, before: tuple[str, ...], line: int, reading: Reading) -> bool:
    """Note a maker down; a label that is there twice is a fault, parts of a country are not."""
    reading.makers.add(maker)
    first = reading.lines.setdefault(before, line)
    if first == line:
        return True
    found = f"a second row; the first is on line {first}"
    reading.faults.append(
        Fault(reading.file, found, "one row", "remove one", line, " ".join(maker))
    )
    return False


def _check_total(
    maker: Node, values: Array, columns: Columns, total: int | None, reading: Reading
) -> None:
    if total is None:
        return
    stated = float(values[total])
    summed = float(values[(columns.use >= 0) | (columns.final >= 0)].sum())
    if abs(stated - summed) > TOTALS * max(abs(stated), abs(summed)) + 0.1:
        reading.off.append((maker, summed, stated))


def _label_faults(reading: Reading, users: Sequence[Node]) -> Iterator[Fault]:
    buyers = set(users)
    sides = (
        ("rows without a column", [m for m in sorted(reading.makers) if m not in buyers]),
        ("columns without a row", [u for u in dict.fromkeys(users) if u not in reading.makers]),
    )
    for what, nodes in sides:
        if nodes:
            shown = ", ".join(" ".join(node) for node in nodes[:SHOWN])
            more = f", … and {len(nodes) - SHOWN} more" if len(nodes) > SHOWN else ""
            fix = "the file is cut off or mixes two editions: get it again"
            allowed = "the same industries in rows and columns"
            yield Fault(reading.file, f"{len(nodes)} {what}: {shown}{more}", allowed, fix)


def _total_faults(reading: Reading, unit: str) -> Iterator[Fault]:
    if not reading.off:
        return
    worst = sorted(reading.off, key=lambda x: -abs(x[1] - x[2]))[:SHOWN]
    shown = "; ".join(f"{' '.join(m)} {a:,.6g} against {b:,.6g}" for m, a, b in worst)
    together = sum(abs(a - b) for _, a, b in reading.off)
    found = f"{len(reading.off)} rows whose sales are not their output, {together:,.6g} {unit}: "
    fix = "the file may be cut off, or a final-demand column unknown"
    yield Fault(reading.file, found + shown, f"equal to {TOTALS:g}", fix, field="output")


def _no_columns(file: str, titles: Sequence[str]) -> Fault:
    shown = ", ".join(titles[:4]) or "an empty first line"
    fix = "name the form of the file: icio, wiod, wiod-long, baci, itpd or plain"
    return Fault(file, f"the columns {shown}, …", "a column for each industry", fix, 1)
