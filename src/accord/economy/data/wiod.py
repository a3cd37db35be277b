"""The World Input-Output Database, 2016 release: wide CSV (as in R and Stata) and long CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.economy.data.assemble import Assembly, Labels
from accord.economy.data.mapping import Aggregation
from accord.economy.data.text import csv_rows, number_in
from accord.economy.data.wide import EMPTY, Layout, Node, read_wide
from accord.economy.world import Source, WorldTable, index_of
from accord.errors import Fault, InputError

BEFORE = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
LONG = ("year", "row_country", "row_item", "col_country", "col_item", "value")
FINAL = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
# Rows of what is not a maker: taxes, purchases abroad, value added, margins, output.
NO_COUNTRY = "TOT"
COLUMN = re.compile(r"v?([A-Za-z]{3})(\d+)")
SOURCE = Source(
    "wiod-2016",
    "World Input-Output Database, release of 2016 (Timmer and others 2015)",
    "CC BY 4.0, as its page at the University of Groningen says",
    "reported",
    "https://www.rug.nl/ggdc/valuechain/wiod/wiod-2016-release",
)


def read_wiod(path: Path, mapping: Aggregation, labels: Labels) -> WorldTable:
    """Return the world table of a WIOD file of one year, or of ``labels.year`` out of several.

    The form, wide or long, is told by the first line. Raises ``InputError`` as ``read_wide``.
    """
    head = [cell.strip() for cell in next(csv_rows(path), EMPTY)]
    if tuple(name.lower() for name in head[: len(LONG)]) == LONG:
        return _read_long(path, mapping, labels)
    missing = [name for name in BEFORE if name not in head]
    if missing:
        found = f"no column {', '.join(missing)}"
        allowed = f"{', '.join(BEFORE)} and a column an industry; or {','.join(LONG)}"
        fix = "save the table as CSV with its header"
        raise InputError([Fault(str(path), found, allowed, fix, 1)])
    return _read_wide(path, head, mapping, labels)


def _read_wide(path: Path, head: Sequence[str], mapping: Aggregation, labels: Labels) -> WorldTable:
    place = index_of(head)
    codes = _codes(path, head, labels.year)
    width = max(place[name] for name in BEFORE) + 1

    def maker(cells: Sequence[str]) -> Node | None:
        country = cells[place["Country"]].strip()
        code = cells[place["IndustryCode"]].strip()
        return None if country == NO_COUNTRY else Node(country, code)

    def use(title: str) -> Node | None:
        parts = _column(title)
        return Node(parts[0], codes[parts[1]]) if parts and parts[1] in codes else None

    def final(title: str) -> str | None:
        parts = _column(title)
        return parts[0] if parts and parts[1] not in codes else None

    layout = Layout(
        header=width,
        use=use,
        final=final,
        maker=maker,
        total=("TOT", "vTOT", "GO"),
        keep=lambda cells: cells[place["Year"]].strip() == str(labels.year),
    )
    return read_wide(path, layout, mapping, labels)


def _column(title: str) -> tuple[str, int] | None:
    found = COLUMN.fullmatch(title)
    return None if found is None else (found[1].upper(), int(found[2]))


def _codes(path: Path, head: Sequence[str], year: int) -> dict[int, str]:
    """Return the code of each industry by its number, from the rows of the wanted year."""
    place, codes, years = index_of(head), dict[int, str](), dict[str, None]()
    for cells in csv_rows(path):
        if len(cells) != len(head) or cells[place["Year"]].strip() == "Year":
            continue
        years[cells[place["Year"]].strip()] = None
        wanted = cells[place["Year"]].strip() == str(year)
        number = cells[place["RNr"]].strip()
        if wanted and cells[place["Country"]].strip() != NO_COUNTRY and number.isdecimal():
            codes[int(number)] = cells[place["IndustryCode"]].strip()
    if not codes:
        raise InputError([_no_year(path, tuple(years), year)])
    return codes


def _no_year(path: Path, years: Sequence[str], year: int) -> Fault:
    found = f"no row of {year}; there are {', '.join(years[:5]) or 'none at all'}"
    return Fault(str(path), found, "rows of the year asked for", "name a year with --year")


@dataclass(frozen=True, slots=True)
class _Cell:
    line: int
    maker: Node
    buyer: Node
    value: str


def _read_long(path: Path, mapping: Aggregation, labels: Labels) -> WorldTable:
    """Read twice: once for the labels, once for the figures."""
    regions: dict[str, None] = {}
    sectors: dict[str, None] = {}
    buyers: dict[Node, None] = {}
    for cell in _cells(path, labels.year):
        regions[cell.maker.region] = None
        sectors[cell.maker.sector] = None
        buyers[cell.buyer] = None
    if not regions:
        raise InputError([_no_year(path, (), labels.year)])
    assembly = Assembly(*mapping.both(tuple(regions), tuple(sectors)))
    final = _final_items([b.sector for b in buyers], sectors)
    faults = _unknown_buyers(path, tuple(buyers), regions, sectors, final)
    region_at, sector_at = index_of(tuple(regions)), index_of(tuple(sectors))
    for cell in _cells(path, labels.year):
        value = number_in(cell.value)
        if not np.isfinite(value):
            fix = "write the number, or leave the line out"
            fault = Fault(str(path), f'"{cell.value}"', "a number", fix, cell.line, None, "value")
            faults.append(fault)
            continue
        if faults:
            continue
        i = assembly.regions.place[region_at[cell.maker.region]]
        n = assembly.regions.place[region_at[cell.buyer.region]]
        s = assembly.sectors.place[sector_at[cell.maker.sector]]
        assembly.trade[s, n, i] += value
        if cell.buyer.sector in final:
            assembly.final_demand[n, s] += value
        else:
            assembly.io[n, s, assembly.sectors.place[sector_at[cell.buyer.sector]]] += value
    if faults:
        raise InputError(faults)
    return assembly.table(labels)


def _cells(path: Path, year: int) -> Iterator[_Cell]:
    rows = csv_rows(path)
    next(rows, None)
    for number, row in enumerate(rows, 2):
        if len(row) < len(LONG) or row[0].strip() != str(year):
            continue
        _, region, item, buyer, used, value = (cell.strip() for cell in row[: len(LONG)])
        if NO_COUNTRY in {region, buyer}:
            continue
        yield _Cell(number, Node(region, item), Node(buyer, used), value)


def _final_items(items: Sequence[str], sectors: dict[str, None]) -> frozenset[str]:
    """Return what is final demand: by its code, or by a number beyond those of the industries."""
    numbers = [int(s) for s in sectors if s.isdecimal()]
    last = max(numbers, default=0)
    beyond = {x for x in items if x.isdecimal() and numbers and last < int(x) <= last + len(FINAL)}
    return frozenset({*FINAL, *beyond} - set(sectors))


def _unknown_buyers(
    path: Path,
    buyers: Sequence[Node],
    regions: dict[str, None],
    sectors: dict[str, None],
    final: frozenset[str],
) -> list[Fault]:
    strange = [
        b
        for b in buyers
        if b.region not in regions or (b.sector not in sectors | dict.fromkeys(final))
    ]
    if not strange:
        return []
    shown = ", ".join(" ".join(b) for b in strange[:5])
    allowed = "industries that have rows of their own, or final demand"
    fix = "the file is cut off or mixes editions: get it again"
    return [Fault(str(path), f"{len(strange)} buyers without rows: {shown}", allowed, fix)]
