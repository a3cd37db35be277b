"""The tables that projects are judged by: costs of plants, and assumptions with their ranges.

They stand in ``packs/projects``: every row has its source and how well it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.errors import InputError
from accord.pack.columns import Column, Known
from accord.pack.provenance import digest
from accord.pack.tables import Table, TableSpec, read_table

FOLDER = Path(__file__).parents[1] / "packs" / "projects"
ANYWHERE = "*"

_ORIGIN = (Column("source", "source"), Column("status", "status"))
_ANY_UNIT = Column("unit", "unit", dimension="any")
_YEAR = Column("year", "year")

SOURCES = TableSpec(
    (
        Column("source", "word"),
        Column("title", "text"),
        Column("publisher", "text"),
        _YEAR,
        Column("licence", "text"),
        Column("url", "text", filled=False),
    ),
    key=("source",),
)
PARAMETERS = TableSpec(
    (
        Column("parameter", "word"),
        Column("region", "word"),
        *(Column(name, "number", least=0.0) for name in ("median", "low", "high")),
        _ANY_UNIT,
        _YEAR,
        *_ORIGIN,
    ),
    key=("parameter", "region"),
)
PLANT_COSTS = TableSpec(
    (
        Column("kind", "word", words=("smelter", "hydropower")),
        Column("plant", "text"),
        Column("capacity", "number", above=0.0),
        Column("unit", "unit", dimension="any"),
        Column("capex_mn_usd", "number", above=0.0),
        _YEAR,
        Column("counted", "word", words=("true", "false")),
        *_ORIGIN,
    ),
    key=("kind", "plant"),
)
CHAIN_COSTS = TableSpec(
    (
        Column("plan", "text"),
        Column("smelter_kt", "number", above=0.0),
        Column("hydropower_mw", "number", above=0.0),
        Column("capex_mn_usd", "number", above=0.0),
        _YEAR,
        *_ORIGIN,
    ),
    key=("plan",),
)
HYDRO_PLANTS = TableSpec(
    (
        Column("plant", "text"),
        Column("mw", "number", above=0.0),
        Column("twh", "number", above=0.0),
        _YEAR,
        *_ORIGIN,
    ),
    key=("plant",),
)
DEFLATOR = TableSpec(
    (_YEAR, Column("value", "number", above=0.0), _ANY_UNIT, *_ORIGIN), key=("year",)
)


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is not known: its most likely value and how far it may be off."""

    median: float
    low: float
    high: float
    unit: str
    source: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where rows come from."""

    id: str
    title: str
    publisher: str
    year: int
    licence: str
    url: str


@dataclass(frozen=True)
class ProjectTables:
    """All tables, read and found sound. ``deflator``: dollars of a year in dollars of 2024."""

    ranges: Mapping[tuple[str, str], Range]
    plant_costs: Table
    chain_costs: Table
    hydro_plants: Table
    deflator: Mapping[int, float]
    sources: tuple[SourceRow, ...]
    digest: str

    def range(self, name: str, region: str = ANYWHERE) -> Range:
        """Return a number's range in a region, its own row before that for every region.

        Raises ``KeyError`` where there is neither.
        """
        own = self.ranges.get((name, region))
        return own if own is not None else self.ranges[name, ANYWHERE]

    def knows(self, name: str, region: str) -> bool:
        """Return whether there is such a number for a region."""
        return (name, region) in self.ranges or (name, ANYWHERE) in self.ranges

    def in_dollars_of(self, year: int, amount: float, of: int) -> float:
        """Return an amount in dollars of the year ``of`` in dollars of another year."""
        return amount * self.deflator[year] / self.deflator[of]


def read_tables(folder: Path = FOLDER) -> ProjectTables:
    """Return the tables. Raises ``InputError`` with everything that is wrong with them."""
    sources = _read(folder, "sources.csv", SOURCES, Known())
    known = Known(sources=tuple(sources.text.get("source", ())) or None)
    specs = {
        "parameters.csv": PARAMETERS,
        "plant_costs.csv": PLANT_COSTS,
        "chain_costs.csv": CHAIN_COSTS,
        "hydro_plants.csv": HYDRO_PLANTS,
        "deflator.csv": DEFLATOR,
    }
    read = {name: _read(folder, name, spec, known) for name, spec in specs.items()}
    faults = [fault for table in (sources, *read.values()) for fault in table.faults]
    if faults:
        raise InputError(faults)
    deflator = read["deflator.csv"]
    years = [int(year) for year in deflator.text["year"]]
    return ProjectTables(
        ranges=_ranges(read["parameters.csv"]),
        plant_costs=read["plant_costs.csv"],
        chain_costs=read["chain_costs.csv"],
        hydro_plants=read["hydro_plants.csv"],
        deflator=dict(zip(years, deflator.number["value"], strict=True)),
        sources=_sources(sources),
        digest=digest(folder),
    )


def _read(folder: Path, name: str, spec: TableSpec, known: Known) -> Table:
    return read_table(folder / name, f"projects/{name}", spec, known)


def _ranges(table: Table) -> dict[tuple[str, str], Range]:
    text, number = table.text, table.number
    notes = text.get("note", [""] * len(table))
    return {
        (text["parameter"][i], text["region"][i]): Range(
            number["median"][i],
            number["low"][i],
            number["high"][i],
            text["unit"][i],
            text["source"][i],
            text["status"][i],
            notes[i],
        )
        for i in range(len(table))
    }


def _sources(table: Table) -> tuple[SourceRow, ...]:
    names = ("source", "title", "publisher", "year", "licence", "url")
    rows = zip(*(table.text[name] for name in names), strict=True)
    return tuple(SourceRow(a, b, c, int(d), e, f) for a, b, c, d, e, f in rows)
