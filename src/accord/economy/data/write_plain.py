"""A world table as a folder of plain CSV files with a table.toml, written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from accord.economy.data.plain_folder import HEADERS, TABLE
from accord.economy.data.plain_head import FORMAT
from accord.economy.world import Source, WorldTable


def write_plain(
    table: WorldTable, path: Path, theta: Mapping[str, tuple[str, str]] | tuple[str, str]
) -> None:
    """Write a table into a folder that is there; numbers in full, so that it reads back the same.

    The folder's name is the table's. ``theta`` is (source, status) of the trade elasticities, one
    for all or by sector.
    """
    (path / TABLE).write_text(_toml(table), "utf-8", newline="\n")
    names, members = table.region_names, table.members
    regions = [(r, names.get(r, r), " ".join(members.get(r, ()))) for r in table.regions]
    _write(path, "regions.csv", regions)
    sectors = [
        (s, table.sector_names.get(s, s), _text(table.theta[j]), *_source_of(s, theta))
        for j, s in enumerate(table.sectors)
    ]
    _write(path, "sectors.csv", sectors)
    _write(path, "trade.csv", _trade_rows(table))
    inputs = (
        (r, a, b, _text(table.io[n, j, k]))
        for n, r in enumerate(table.regions)
        for j, a in enumerate(table.sectors)
        for k, b in enumerate(table.sectors)
    )
    _write(path, "inputs.csv", inputs)
    accounts = (
        (r, s, _text(table.value_added[n, j]), _text(table.final_demand[n, j]))
        for n, r in enumerate(table.regions)
        for j, s in enumerate(table.sectors)
    )
    _write(path, "accounts.csv", accounts)
    if table.goods:
        _write(path, "goods.csv", sorted(table.goods.items()))


def _source_of(
    sector: str, theta: Mapping[str, tuple[str, str]] | tuple[str, str]
) -> tuple[str, str]:
    return theta if isinstance(theta, tuple) else theta[sector]


def _trade_rows(table: WorldTable) -> Iterable[tuple[str, ...]]:
    for j, sector in enumerate(table.sectors):
        for i, exporter in enumerate(table.regions):
            for n, importer in enumerate(table.regions):
                value, duty = table.trade[j, n, i], table.tariff[j, n, i]
                yield sector, exporter, importer, _text(value), _text(duty)


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
        f"pairs = {_quoted(table.pairs)}",
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
