"""Turns the files of a pack into values, gathering what is wrong with each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from accord.errors import Fault
from accord.instruments.problem import Problem, problems_of
from accord.market import DutyColumn, Good, Region
from accord.pack import schema
from accord.pack.benchmark import (
    Benchmark,
    BenchmarkTables,
    read_benchmark,
    read_techniques,
)
from accord.pack.columns import Known
from accord.pack.contents import Adjustment, Level, Observation
from accord.pack.schema import BenchmarkEntry, PackFile
from accord.pack.tables import Table, TableSpec, read_table, read_text
from accord.pack.toml import Document, read_toml


@dataclass
class Reader:
    """One folder, and the faults found in its files so far."""

    folder: Path
    faults: list[Fault] = field(default_factory=list[Fault])

    def name(self, path: str) -> str:
        """Return a file's name in messages."""
        return f"{self.folder.name}/{path}"

    def table(self, path: str, spec: TableSpec, known: Known, *, needed: bool = True) -> Table:
        """Return a table; one that need not be there is empty if it is not."""
        where = self.folder / path
        if not needed and not where.exists():
            return Table(self.name(path), present=False)
        table = read_table(where, self.name(path), spec, known)
        self.faults += table.faults
        return table

    def years(self, pattern: str) -> dict[int, str]:
        """Return the names in the folder that match ``pattern``, by the year in it."""
        found = ((re.fullmatch(pattern, p.name), p.name) for p in sorted(self.folder.iterdir()))
        return {int(match[1]): name for match, name in found if match}


def read_head(reader: Reader) -> tuple[PackFile | None, Document]:
    """Return ``pack.toml`` as a value (``None`` where it is at fault) and as a document."""
    file = reader.name("pack.toml")
    text, faults = read_text(reader.folder / "pack.toml", file)
    document, wrong = read_toml(text, file)
    reader.faults += [*faults, *wrong]
    if faults or wrong:
        return None, document
    try:
        head = PackFile.model_validate(dict(document.tables))
    except ValidationError as error:
        problems = problems_of(error, PackFile)
        reader.faults += [document.fault(problem) for problem in problems]
        return None, document
    for name, entries in (("source", head.source), ("assumption", head.assumption)):
        reader.faults += _repeated(document, name, [entry.id for entry in entries])
    years = [str(entry.year) for entry in head.benchmark]
    reader.faults += _repeated(document, "benchmark", years, "year")
    return head, document


def _repeated(document: Document, table: str, names: list[str], field: str = "id") -> list[Fault]:
    return [
        document.fault(
            Problem(
                (field,), f'"{name}" a second time', f"each {field} once", "rename or remove it"
            ),
            (table, i),
        )
        for i, name in enumerate(names)
        if name in names[:i]
    ]


def read_regions(reader: Reader) -> tuple[Region, ...]:
    """Return the regions; a country may belong to one of them only."""
    table = reader.table("regions.csv", schema.REGIONS, Known())
    if not table.sound:
        return ()
    owner: dict[str, int] = {}
    text = table.text
    for i, members in enumerate(text["members"]):
        for country in members.split():
            if country in owner:
                found = f'"{country}", which {text["region"][owner[country]]} has too'
                allowed = "countries that belong to one region"
                place = (table.lines[i], text["region"][i], "members")
                fault = Fault(table.file, found, allowed, "remove it from one of the two", *place)
                reader.faults.append(fault)
            owner.setdefault(country, i)
    return tuple(
        Region(code, name, "fob" if basis == "fob" else "cif", tuple(members.split()))
        for code, name, basis, members in cells_of(
            table, "region", "name", "customs_basis", "members"
        )
    )


def read_goods(reader: Reader) -> tuple[Good, ...]:
    """Return the goods."""
    table = reader.table("goods.csv", schema.GOODS, Known())
    return tuple(Good(*cells) for cells in cells_of(table, "good", "name")) if table.sound else ()


def cells_of(table: Table, *names: str) -> Iterable[tuple[str, ...]]:
    """Return the rows of a table as tuples of the named columns."""
    return zip(*(table.text.get(name, ()) for name in names), strict=True)


def read_columns(reader: Reader, known: Known) -> tuple[DutyColumn, ...]:
    """Return the rates by importer, good and status of trade relations."""
    table = reader.table("tariff_columns.csv", schema.TARIFF_COLUMNS, known, needed=False)
    if not table.sound or not table.present:
        return ()
    rates = zip(table.number["ad_valorem"], table.number["specific"], strict=True)
    return tuple(
        DutyColumn(importer, good, column, ad_valorem, specific)
        for (importer, good, column), (ad_valorem, specific) in zip(
            cells_of(table, "importer", "good", "column"), rates, strict=True
        )
    )


def read_hub_prices(reader: Reader, known: Known, *, needed: bool) -> dict[tuple[str, int], float]:
    """Return quoted world prices by (quote, year)."""
    table = reader.table("hub_prices.csv", schema.HUB_PRICES, known, needed=needed)
    if not table.sound or not table.present:
        return {}
    keys = ((quote, int(year)) for quote, year in cells_of(table, "quote", "year"))
    return dict(zip(keys, table.number["value"], strict=True))


def read_benchmarks(
    reader: Reader, entries: Iterable[BenchmarkEntry], known: Known
) -> dict[int, Benchmark]:
    """Return the benchmarks whose tables are sound."""
    found: dict[int, Benchmark] = {}
    for entry in entries:
        bench = _benchmark(reader, entry, known)
        if bench is not None:
            found[entry.year] = bench
    return found


def _benchmark(reader: Reader, entry: BenchmarkEntry, known: Known) -> Benchmark | None:
    folder = f"benchmark_{entry.year}"
    if not (reader.folder / folder).is_dir():
        found, allowed = "no such folder", f"a folder for [[benchmark]] year = {entry.year}"
        fix = "add the folder, or remove the [[benchmark]] from pack.toml"
        reader.faults.append(Fault(reader.name(folder), found, allowed, fix))
        return None

    def table(name: str, spec: TableSpec, *, needed: bool = True) -> Table:
        return reader.table(f"{folder}/{name}", spec, known, needed=needed)

    tables = BenchmarkTables(
        flows=table("flows.csv", schema.FLOWS),
        latent=table("latent_flows.csv", schema.LATENT, needed=False),
        prices=table("prices.csv", schema.PRICES),
        freight=table("freight.csv", schema.FREIGHT),
        activities=table("activities.csv", schema.ACTIVITIES),
    )
    if not tables.activities.sound or known.goods is None:
        return None
    techniques, faults = read_techniques(tables.activities, tuple(known.goods))
    reader.faults += faults
    if faults or not all(table.sound for table in tables.every):
        return None
    return read_benchmark(entry.year, entry.law_date, reader.name(folder), tables, techniques)


def read_levels(reader: Reader, known: Known) -> dict[int, tuple[Level, ...]]:
    """Return outputs and capacities of the years that have nothing else."""
    return {
        year: _levels(reader.table(path, schema.LEVELS, known))
        for year, path in reader.years(r"levels_(\d{4})\.csv").items()
    }


def _levels(table: Table) -> tuple[Level, ...]:
    if not table.sound:
        return ()
    items: dict[tuple[str, str], dict[str, float]] = {}
    first: dict[tuple[str, str], int] = {}
    rows = zip(cells_of(table, "kind", "region", "item"), table.number["value"], strict=True)
    for line, ((kind, region, item), value) in zip(table.lines, rows, strict=True):
        items.setdefault((kind, region), {})[item] = value
        first.setdefault((kind, region), line)
    return tuple(
        Level(*name, found.get("output"), found.get("capacity"), first[name])
        for name, found in items.items()
    )


def read_observations(reader: Reader, known: Known) -> tuple[Observation, ...]:
    """Return what the world showed, from the benchmark folders and ``observed_YEAR.csv``."""
    benchmarks = reader.years(r"benchmark_(\d{4})").values()
    paths = [f"{folder}/observed.csv" for folder in benchmarks]
    paths += reader.years(r"observed_(\d{4})\.csv").values()
    rows: list[Observation] = []
    for path in paths:
        table = reader.table(path, schema.OBSERVED, known, needed=False)
        if table.sound and table.present:
            reader.faults += _share_faults(table)
            rows += _observations(table)
    return tuple(rows)


def _share_faults(table: Table) -> list[Fault]:
    """Return shares above 1."""
    cells = zip(table.text["quantity"], table.text["unit"], table.number["value"], strict=True)
    return [
        Fault(
            table.file,
            f"a share of {value:g}",
            "a share from 0 to 1",
            "write the share as a fraction: 0.16 for 16 %",
            table.lines[i],
            table.label(i, ("quantity", "region", "partner")),
            "value",
        )
        for i, (quantity, unit, value) in enumerate(cells)
        if (quantity.endswith("share") or unit == "fraction") and not 0.0 <= value <= 1.0
    ]


def _observations(table: Table) -> list[Observation]:
    names = ("quantity", "region", "partner", "unit", "year", "source", "status", "fitted")
    return [
        Observation(
            quantity, region, partner, value, unit, int(year), source, status, fitted == "true"
        )
        for (quantity, region, partner, unit, year, source, status, fitted), value in zip(
            cells_of(table, *names), table.number["value"], strict=True
        )
    ]


def read_flow_changes(
    reader: Reader, years: Iterable[int], known: Known
) -> Mapping[int, tuple[Adjustment, ...]]:
    """Return how each benchmark's flows were reconciled, largest change first."""
    changes: dict[int, tuple[Adjustment, ...]] = {}
    for year in years:
        path = f"benchmark_{year}/adjustments.csv"
        table = reader.table(path, schema.ADJUSTMENTS, known, needed=False)
        if table.sound and table.present:
            changes[year] = _flow_changes(table)
    return changes


def _flow_changes(table: Table) -> tuple[Adjustment, ...]:
    number = table.number
    rows = [
        Adjustment(
            what="flow",
            subject=f"{good} {origin}>{destination}",
            before=None if math.isnan(number["before"][i]) else number["before"][i],
            after=number["after"][i],
            unit="t/yr",
            why=why,
        )
        for i, (good, origin, destination, why) in enumerate(
            cells_of(table, "good", "origin", "destination", "why")
        )
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.after - (row.before or 0.0))))
