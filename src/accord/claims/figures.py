"""Figures about the world: from a pack where it has them, else from a table beside the deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.claims.measures import QUANTITIES
from accord.claims.sizes import UNITS, in_base
from accord.deal import Deal
from accord.errors import Fault
from accord.instruments.countries import country_names
from accord.instruments.problem import listed, nearest
from accord.pack.columns import Column, Known
from accord.pack.tables import Table, TableSpec, read_table

FACTS = TableSpec(
    (
        Column("quantity", "word", words=QUANTITIES),
        Column("region", "word"),
        Column("good", "text", filled=False),
        Column("year", "year"),
        Column("value", "number"),
        Column("unit", "word", words=tuple(UNITS)),
        Column("edition", "text", filled=False),
        Column("source", "text"),
        Column("status", "status"),
    ),
    ("quantity", "region", "good", "year", "edition"),
)
WORLD = "WORLD"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about the world, in a base unit, with where it is from.

    ``edition``  tells figures of one thing apart: an edition, a basis, a way of counting
    """

    quantity: str
    region: str
    good: str
    year: int
    value: float
    unit: str
    edition: str
    source: str
    status: str
    partner: str = ""


@dataclass(frozen=True)
class Figures:
    """Every figure at hand, those of packs first, and the titles of their sources."""

    rows: tuple[Figure, ...]
    titles: dict[str, str]
    regions: dict[str, str]

    def of(self, quantity: str, region: str, partner: str = "") -> list[Figure]:
        """Return the figures of a quantity for a region, in the order of the tables."""
        wanted = quantity, region, partner
        return [f for f in self.rows if (f.quantity, f.region, f.partner) == wanted]

    def region(self, code: str) -> str:
        """Return a region as a sentence has it."""
        return region_in_words(code, self.regions)

    def title(self, figure: Figure) -> str:
        """Return the sources of a figure by title, with its status."""
        names = [self.titles.get(s.strip(), s.strip()) for s in figure.source.split(";")]
        return f"{'; '.join(names)} ({figure.status})"


def region_in_words(code: str, names: Mapping[str, str]) -> str:
    """Return a region's name as a sentence has it, by a pack's names or that of its country."""
    if code == WORLD:
        return "the world"
    name = names.get(code) or country_names().get(code, code)
    return f"the {name}" if name.startswith("United ") else name


def facts_beside(deal_file: str) -> Path:
    """Return where a deal may have figures of its own: ``NAME.facts.csv`` beside the file."""
    path = Path(deal_file)
    return path.parent / f"{path.stem}.facts.csv"


def read_facts(deal: Deal) -> tuple[tuple[Figure, ...], tuple[Fault, ...]]:
    """Return the figures beside a deal (none where there is no table), and what is wrong."""
    path = facts_beside(deal.file)
    if not path.exists():
        return (), ()
    table = read_table(path, str(path), FACTS, Known())
    if not table.sound:
        return (), table.faults
    faults = tuple(fault for row in range(len(table)) for fault in _faults(table, row, deal))
    return tuple(_fact(table, row) for row in range(len(table))), faults


def _fact(table: Table, row: int) -> Figure:
    text = {name: cells[row] for name, cells in table.text.items()}
    unit = text["unit"]
    value = in_base(table.number["value"][row], unit)
    return Figure(
        quantity=text["quantity"],
        region=text["region"],
        good=text["good"],
        year=int(text["year"]),
        value=value,
        unit=UNITS[unit][0],
        edition=text["edition"],
        source=text["source"],
        status=text["status"],
    )


def _faults(table: Table, row: int, deal: Deal) -> Iterator[Fault]:
    """Yield a region that is no country and a source that the deal does not have."""
    label, line = table.label(row, FACTS.key), table.lines[row]
    region, source = table.text["region"][row], table.text["source"][row]
    if region != WORLD and region not in country_names():
        allowed, fix = f"a country code of ISO 3166 alpha-3, or {WORLD}", 'write "USA"'
        yield Fault(table.file, f'"{region}"', allowed, fix, line, label, "region")
    known = [s.id for s in deal.sources]
    for name in (part.strip() for part in source.split(";")):
        if name not in known:
            likely = nearest(name, known)
            fix = f'write "{likely}"' if likely else f'add [[source]] with id = "{name}" there'
            allowed = f"a source of {Path(deal.file).name}: {listed(known)}"
            yield Fault(table.file, f'"{name}"', allowed, fix, line, label, "source")
