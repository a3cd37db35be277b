"""A world table as a folder of plain CSV files with a table.toml, read.

The form is on its own page of the documentation (world-table.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from accord.economy.data.checks import listed
from accord.economy.data.plain_folder import TABLE, Folder
from accord.economy.data.plain_head import STATUSES, read_head
from accord.economy.world import Array, Source, WorldTable, index_of
from accord.errors import InputError


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
    head = read_head(folder)
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
