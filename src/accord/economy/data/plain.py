"""A world table as a folder of plain CSV files with a table.toml, read.

The form is on its own page of the documentation (world-table.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accord.economy.data.plain_folder import TABLE, Folder, Rows
from accord.economy.data.plain_head import read_head, sources_of
from accord.economy.data.plain_numbers import Shape, read_numbers
from accord.economy.origins import Origins
from accord.economy.world import Array, Source, WorldTable, index_of
from accord.errors import InputError

ITEMS = ("value_added", "final_demand")


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
    rows = folder.rows("regions.csv")
    regions, sectors = _labels(folder, "regions.csv", rows), _labels(folder, "sectors.csv")
    sources = sources_of(head)
    at = index_of(tuple(regions)), index_of(tuple(sectors))
    arrays = _arrays(folder, at, str(head.get("unit")), {s.id: s for s in sources})
    goods = {
        row[0]: row[1]
        for line, row in folder.rows("goods.csv")
        if folder.place("goods.csv", line, "sector", row[1], at[1]) >= 0
    }
    if folder.faults:
        raise InputError(folder.faults)
    origins = {name: found for name, (_, found) in arrays.items()}
    notes = _notes(head, tuple(sectors), origins)
    return WorldTable(
        name=path.resolve().name,
        title=str(head["title"]),
        year=int(head["year"]),
        unit=str(head["unit"]),
        regions=tuple(regions),
        sectors=tuple(sectors),
        **{name: values for name, (values, _) in arrays.items()},
        sources=sources,
        assumptions=tuple(dict.fromkeys((*head.get("assumptions", ()), *notes))),
        not_modelled=tuple((x["what"], x["why"]) for x in head.get("not_modelled", ())),
        goods=goods,
        members={row[0]: tuple(row[2].split()) for _, row in rows if row[2]},
        region_names=regions,
        sector_names=sectors,
        origins=origins,
    )


def _labels(folder: Folder, file: str, rows: Rows | None = None) -> dict[str, str]:
    """Return codes and names, in the order of the file."""
    rows = folder.rows(file) if rows is None else rows
    labels = [row[0] for _, row in rows]
    for label in dict.fromkeys(labels):
        if labels.count(label) > 1 or not label:
            folder.fault(file, f'"{label}" {labels.count(label)} times', "once", "rename one")
    return {row[0]: row[1] for _, row in rows}


def _arrays(
    folder: Folder,
    at: tuple[Mapping[str, int], Mapping[str, int]],
    unit: str,
    sources: Mapping[str, Source],
) -> dict[str, tuple[Array, Origins]]:
    """Return every array of the table with the origins of its numbers."""
    region, sector = at
    flow = ("sector", sector), ("region", region), ("region", region)
    links = ("region", region), ("sector", sector), ("sector", sector)
    money = ("region", region), ("sector", sector), ("item", index_of(ITEMS))
    files = {
        "theta": Shape("elasticities.csv", "1", "sector", (("sector", sector),), " ".join),
        "trade": Shape("trade.csv", unit, "pair", flow, _pair),
        "tariff": Shape("tariffs.csv", "fraction", "pair", flow, _pair, whole=False),
        "io": Shape("inputs.csv", unit, "input", links, _input),
        "accounts": Shape("accounts.csv", unit, "account", money, " ".join),
    }
    found = {name: read_numbers(folder, shape, sources) for name, shape in files.items()}
    for name in ("trade", "tariff"):  # the file's order is exporter, importer
        values, origins = found[name]
        turned = np.ascontiguousarray(values.transpose(0, 2, 1))
        found[name] = turned, Origins(origins.kinds, origins.code.transpose(0, 2, 1))
    values, origins = found.pop("accounts")
    for k, name in enumerate(ITEMS):
        found[name] = values[:, :, k].copy(), Origins(origins.kinds, origins.code[:, :, k])
    return found


def _pair(labels: Sequence[str]) -> str:
    sector, exporter, importer = labels
    return f"{sector} {exporter}→{importer}"


def _input(labels: Sequence[str]) -> str:
    region, used, user = labels
    return f"{region}: {used} used by {user}"


def _notes(
    head: Mapping[str, Any], sectors: Sequence[str], origins: Mapping[str, Origins]
) -> Iterator[str]:
    """Yield what the rows say that a reader must know: assumed elasticities, other years."""
    theta = origins["theta"]
    stated = [(label, theta.at((k,))) for k, label in enumerate(sectors)]
    guessed = [label for label, origin in stated if origin and origin.status == "assumed"]
    if guessed:
        yield f"trade elasticities are assumed for {', '.join(guessed)}"
    others: dict[int, int] = {}
    for found in origins.values():
        for k, kind in enumerate(found.kinds):
            if kind.year != head["year"]:
                many = int(np.count_nonzero(found.code == k))
                others[kind.year] = others.get(kind.year, 0) + many
    if others:
        told = ", ".join(f"{count:,} of {year}" for year, count in sorted(others.items()))
        yield f"numbers of other years stand for {head['year']}: {told}"
