"""A world table as a folder of plain CSV files with a table.toml, written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from accord.economy.data.plain import ITEMS
from accord.economy.data.plain_folder import HEADERS, TABLE
from accord.economy.data.plain_head import FORMAT
from accord.economy.origins import NO_FIGURE
from accord.economy.world import Array, Source, WorldTable


def write_plain(table: WorldTable, path: Path) -> None:
    """Write a table into a folder that is there; numbers in full, so that it reads back the same.

    The folder's name is the table's. A duty that the table has no figure for gets no row.
    """
    (path / TABLE).write_text(_toml(table), "utf-8", newline="\n")
    names, members = table.region_names, table.members
    regions = [(r, names.get(r, r), " ".join(members.get(r, ()))) for r in table.regions]
    _write(path, "regions.csv", regions)
    _write(path, "sectors.csv", [(s, table.sector_names.get(s, s)) for s in table.sectors])
    theta = _Numbers(table, "theta", "1")
    _write(path, "elasticities.csv", ((s, *theta.of(j)) for j, s in enumerate(table.sectors)))
    _write(path, "trade.csv", _flows(table, "trade", table.unit))
    if table.origins_of("tariff").missing() < table.tariff.size:
        _write(path, "tariffs.csv", _flows(table, "tariff", "fraction"))
    io = _Numbers(table, "io", table.unit)
    inputs = (
        (r, a, b, *io.of(n, j, k))
        for n, r in enumerate(table.regions)
        for j, a in enumerate(table.sectors)
        for k, b in enumerate(table.sectors)
    )
    _write(path, "inputs.csv", inputs)
    accounts = [(item, _Numbers(table, item, table.unit)) for item in ITEMS]
    rows = (
        (r, s, item, *numbers.of(n, j))
        for n, r in enumerate(table.regions)
        for j, s in enumerate(table.sectors)
        for item, numbers in accounts
    )
    _write(path, "accounts.csv", rows)
    if table.goods:
        _write(path, "goods.csv", sorted(table.goods.items()))


class _Numbers:
    """An array of a table as rows state it: value, unit, year, source, status."""

    def __init__(self, table: WorldTable, array: str, unit: str) -> None:
        self.values: Array = getattr(table, array)
        self.origins = table.origins_of(array)
        self.stated = [(unit, str(x.year), x.source, x.status) for x in self.origins.kinds]

    def has(self, *place: int) -> bool:
        """Return whether the table has a figure there."""
        return bool(self.origins.code[place] != NO_FIGURE)

    def of(self, *place: int) -> tuple[str, ...]:
        """Return the end of the row of one number. The table has a figure for it."""
        return _text(self.values[place]), *self.stated[int(self.origins.code[place])]


def _flows(table: WorldTable, array: str, unit: str) -> Iterable[tuple[str, ...]]:
    numbers = _Numbers(table, array, unit)
    for j, sector in enumerate(table.sectors):
        for i, exporter in enumerate(table.regions):
            for n, importer in enumerate(table.regions):
                if numbers.has(j, n, i):
                    yield sector, exporter, importer, *numbers.of(j, n, i)


def _text(value: float) -> str:
    return f"{value:.17g}" if float(f"{value:.12g}") != value else f"{value:.12g}"


def _write(path: Path, file: str, rows: Iterable[Sequence[str]]) -> None:
    with (path / file).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(HEADERS[file])
        writer.writerows(rows)


def _toml(table: WorldTable) -> str:
    lines = [
        f"format = {FORMAT}",
        f"title = {_quoted(table.title)}",
        f"year = {table.year}",
        f"unit = {_quoted(table.unit)}",
        "assumptions = [",
        *(f"    {_quoted(said)}," for said in table.assumptions),
        "]",
    ]
    for source in table.sources:
        lines += ["", "[[source]]"]
        fields = {name: str(getattr(source, name)) for name in Source.__slots__}
        lines += [f"{name} = {_quoted(text)}" for name, text in fields.items() if text]
    for what, why in table.not_modelled:
        lines += ["", "[[not_modelled]]", f"what = {_quoted(what)}", f"why = {_quoted(why)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
