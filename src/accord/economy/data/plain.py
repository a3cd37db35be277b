"""A world table as a folder of plain CSV files with a table.toml, read.

The form is on its own page of the documentation (world-table.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from accord.economy.data.checks import listed
from accord.economy.data.text import csv_rows, number_in
from accord.economy.world import Array, Source, WorldTable, index_of
from accord.errors import Fault, InputError

FORMAT = 1
TABLE = "table.toml"
HEADERS: Mapping[str, tuple[str, ...]] = {
    "regions.csv": ("region", "name", "members"),
    "sectors.csv": ("sector", "name", "theta", "theta_source", "theta_status"),
    "trade.csv": ("sector", "exporter", "importer", "value", "tariff"),
    "inputs.csv": ("region", "input", "user", "value"),
    "accounts.csv": ("region", "sector", "value_added", "final_demand"),
    "goods.csv": ("good", "sector"),
}
LONGEST = 200
OPTIONAL = frozenset({"goods.csv"})
STATUSES = ("measured", "reported", "derived", "assumed")
Rows = list[tuple[int, list[str]]]


class Folder:
    """A folder being read: its rows, and everything found wrong with them so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def fault(self, file: str, found: str, allowed: str, fix: str, line: int | None = None) -> None:
        """Write down one thing that is wrong."""
        self.faults.append(Fault(str(self.path / file), found, allowed, fix, line))

    def rows(self, file: str) -> Rows:
        """Return the rows of a file with their lines; none where its header is wrong."""
        header = HEADERS[file]
        path = self.path / file
        if not path.is_file():
            if file not in OPTIONAL:
                self.fault(file, "no such file", ",".join(header), "add it")
            return []
        try:
            read = list(csv_rows(path))
        except InputError as error:
            self.faults += error.faults
            return []
        if not read or tuple(cell.strip() for cell in read[0]) != header:
            found = ",".join(read[0]) if read else "an empty file"
            self.fault(file, found, ",".join(header), "write these columns", 1)
            return []
        rows: Rows = []
        for line, row in enumerate(read[1:], 2):
            if len(row) == len(header):
                rows.append((line, [cell.strip() for cell in row]))
            elif row:
                found = f"{len(row)} cells"
                self.fault(file, found, f"{len(header)}", "fill in every cell", line)
        return rows

    def number(self, file: str, line: int, column: str, cell: str) -> float:
        """Return a cell as a number; NaN, and a fault, where it is none."""
        value = number_in(cell)
        if not np.isfinite(value):
            self.fault(file, f'{column} "{cell}"', "a number", "write the number alone", line)
        return value

    def place(self, file: str, line: int, what: str, label: str, at: Mapping[str, int]) -> int:
        """Return where a label stands; −1, and a fault, where the table has no such label."""
        if label not in at:
            allowed = f"a {what} of {what}s.csv: {listed(tuple(at)[:12], len(at))}"
            self.fault(file, f'the {what} "{label}"', allowed, "correct it, or add it there", line)
            return -1
        return at[label]


def is_plain(path: Path) -> bool:
    """Return whether a folder holds a plain table."""
    return (path / TABLE).is_file()


def read_plain(path: Path) -> WorldTable:
    """Return the world table in a folder.

    Every pair of regions has a row in ``trade.csv`` for every sector that has any, every input of
    every sector one in ``inputs.csv`` (0 where there is nothing). Raises ``InputError`` with all
    faults of all files at once; balances are ``checks.refuse``'s.
    """
    folder = Folder(path)
    head = _head(folder)
    regions, names, members = _regions(folder)
    sectors, sector_names, theta, notes = _sectors(folder)
    size = len(regions), len(sectors)
    at = index_of(regions), index_of(sectors)
    trade, tariff = _trade(folder, at, size)
    io = _inputs(folder, at, size)
    value_added, final = _accounts(folder, at, size)
    goods = {
        row[0]: row[1]
        for line, row in folder.rows("goods.csv")
        if folder.place("goods.csv", line, "sector", row[1], at[1]) >= 0
    }
    if folder.faults:
        raise InputError(folder.faults)
    return WorldTable(
        name=path.resolve().name,
        title=str(head["title"]),
        year=int(head["year"]),
        unit=str(head["unit"]),
        regions=regions,
        sectors=sectors,
        trade=trade,
        io=io,
        value_added=value_added,
        final_demand=final,
        tariff=tariff,
        theta=theta,
        sources=tuple(Source(**entry) for entry in head.get("source", ())),
        assumptions=(*head.get("assumptions", ()), *notes),
        not_modelled=tuple((x["what"], x["why"]) for x in head.get("not_modelled", ())),
        goods=goods,
        members=members,
        region_names=names,
        sector_names=sector_names,
        pairs=head["pairs"],
    )


def _head(folder: Folder) -> dict[str, Any]:
    try:
        head = tomllib.loads((folder.path / TABLE).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        folder.fault(TABLE, str(error), "TOML with title, year, unit", "mend the file")
        raise InputError(folder.faults) from None
    kinds = {"format": int, "title": str, "year": int, "unit": str}
    for name, kind in kinds.items():
        if not isinstance(head.get(name), kind):
            folder.fault(
                TABLE, f"{name} = {head.get(name)!r}", kind.__name__, f"write {name} = ..."
            )
    if head.setdefault("pairs", "reported") not in STATUSES:
        folder.fault(TABLE, f"pairs = {head['pairs']!r}", ", ".join(STATUSES), "write one of them")
    if head.get("format") not in {None, FORMAT}:
        folder.fault(TABLE, f"format = {head['format']!r}", str(FORMAT), "get a newer accord")
    sources = cast("object", head.get("source", []))
    for entry in cast("list[object]", sources if isinstance(sources, list) else [sources]):
        _check_source(folder, entry)
    _check_said(folder, head)
    if not sources:
        folder.fault(TABLE, "no [[source]]", "where the figures are from", "add a [[source]]")
    return head


def _check_said(folder: Folder, head: dict[str, Any]) -> None:
    """Write down what is wrong with the sentences on what is assumed and not modelled."""
    said = head.get("assumptions", [])
    if not isinstance(said, list) or not all(isinstance(x, str) for x in said):
        fix = 'write assumptions = ["...", "..."]'
        folder.fault(TABLE, f"assumptions = {said!r}"[:LONGEST], "a list of sentences", fix)
    left = head.get("not_modelled", [])
    whole = isinstance(left, list) and all(
        isinstance(x, dict)
        and x.keys() == {"what", "why"}
        and {type(v) for v in x.values()} == {str}
        for x in left
    )
    if not whole:
        fix = 'write [[not_modelled]] with what = "..." and why = "..."'
        folder.fault(TABLE, f"not_modelled = {left!r}"[:LONGEST], "what and why, in words", fix)


def _check_source(folder: Folder, entry: object) -> None:
    needed, known = {"id", "title", "licence", "status"}, set(Source.__slots__)
    given = cast("dict[str, object]", entry if isinstance(entry, dict) else {})
    wrong = sorted((needed - set(given)) | (set(given) - known))
    if wrong or not all(isinstance(v, str) for v in given.values()):
        found = f"a [[source]] with {', '.join(given) or 'nothing'}"
        fix = f"write {', '.join(sorted(needed))} and, if you like, url"
        folder.fault(TABLE, found, "text for each", fix)
    elif given["status"] not in STATUSES:
        folder.fault(TABLE, f"status = {given['status']!r}", ", ".join(STATUSES), "write one")


def _regions(
    folder: Folder,
) -> tuple[tuple[str, ...], dict[str, str], dict[str, tuple[str, ...]]]:
    rows = folder.rows("regions.csv")
    _refuse_twice(folder, "regions.csv", [row[0] for _, row in rows])
    members = {row[0]: tuple(row[2].split()) for _, row in rows if row[2]}
    return tuple(row[0] for _, row in rows), {row[0]: row[1] for _, row in rows}, members


def _sectors(
    folder: Folder,
) -> tuple[tuple[str, ...], dict[str, str], Array, tuple[str, ...]]:
    rows = folder.rows("sectors.csv")
    _refuse_twice(folder, "sectors.csv", [row[0] for _, row in rows])
    theta = [folder.number("sectors.csv", line, "theta", row[2]) for line, row in rows]
    for line, row in rows:
        if row[4] not in STATUSES:
            folder.fault("sectors.csv", f'"{row[4]}"', ", ".join(STATUSES), "write one", line)
    guessed = [row[0] for _, row in rows if row[4] == "assumed"]
    said = (f"trade elasticities are assumed for {', '.join(guessed)}",) if guessed else ()
    names = {row[0]: row[1] for _, row in rows}
    return tuple(row[0] for _, row in rows), names, np.array(theta), said


def _refuse_twice(folder: Folder, file: str, labels: Sequence[str]) -> None:
    for label in dict.fromkeys(labels):
        if labels.count(label) > 1 or not label:
            folder.fault(file, f'"{label}" {labels.count(label)} times', "once", "rename one")


Places = tuple[Mapping[str, int], Mapping[str, int]]


def _trade(folder: Folder, at: Places, size: tuple[int, int]) -> tuple[Array, Array]:
    n, j = size
    trade, tariff = np.zeros((j, n, n)), np.zeros((j, n, n))
    told = np.zeros((j, n, n), dtype=np.bool_)
    file = "trade.csv"
    for line, (sector, exporter, importer, value, duty) in folder.rows(file):
        s = folder.place(file, line, "sector", sector, at[1])
        i = folder.place(file, line, "region", exporter, at[0])
        m = folder.place(file, line, "region", importer, at[0])
        if min(s, i, m) < 0:
            continue
        if told[s, m, i]:
            folder.fault(file, "a second row for the pair", "one", "remove one", line)
        told[s, m, i] = True
        trade[s, m, i] = folder.number(file, line, "value", value)
        tariff[s, m, i] = folder.number(file, line, "tariff", duty)
    absent = [
        f"{sector} {exporter}→{importer}"
        for sector, s in at[1].items()
        for importer, m in at[0].items()
        for exporter, i in at[0].items()
        if not told[s, m, i]
    ]
    _refuse_absent(folder, file, absent, "pair")
    return trade, tariff


def _inputs(folder: Folder, at: Places, size: tuple[int, int]) -> Array:
    n, j = size
    io, told, file = np.zeros((n, j, j)), np.zeros((n, j, j), dtype=np.bool_), "inputs.csv"
    for line, (region, used, user, value) in folder.rows(file):
        i = folder.place(file, line, "region", region, at[0])
        a = folder.place(file, line, "sector", used, at[1])
        b = folder.place(file, line, "sector", user, at[1])
        if min(i, a, b) < 0:
            continue
        if told[i, a, b]:
            folder.fault(file, "a second row for the input", "one", "remove one", line)
        told[i, a, b] = True
        io[i, a, b] = folder.number(file, line, "value", value)
    absent = [
        f"{region}: {used} used by {user}"
        for region, i in at[0].items()
        for used, a in at[1].items()
        for user, b in at[1].items()
        if not told[i, a, b]
    ]
    _refuse_absent(folder, file, absent, "input")
    return io


def _accounts(folder: Folder, at: Places, size: tuple[int, int]) -> tuple[Array, Array]:
    value_added, final = np.zeros(size), np.zeros(size)
    told, file = np.zeros(size, dtype=np.bool_), "accounts.csv"
    for line, (region, sector, added, bought) in folder.rows(file):
        i = folder.place(file, line, "region", region, at[0])
        j = folder.place(file, line, "sector", sector, at[1])
        if min(i, j) < 0:
            continue
        if told[i, j]:
            folder.fault(file, "a second row for the sector", "one", "remove one", line)
        told[i, j] = True
        value_added[i, j] = folder.number(file, line, "value_added", added)
        final[i, j] = folder.number(file, line, "final_demand", bought)
    names = tuple(at[0]), tuple(at[1])
    absent = [f"{names[0][i]} {names[1][j]}" for i, j in np.argwhere(~told)]
    _refuse_absent(folder, file, absent, "account")
    return value_added, final


def _refuse_absent(folder: Folder, file: str, absent: Sequence[str], what: str) -> None:
    if absent:
        found = f"no row for {len(absent)} {what}s: {listed(absent[:5], len(absent))}"
        folder.fault(file, found, f"a row for every {what}", "add them, 0 where there is nothing")
