"""Bilateral trade in long files: BACI, ITPD-E, and a plain form for trade of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from accord.economy.data.assemble import Labels, theta_of
from accord.economy.data.mapping import Aggregation, Groups
from accord.economy.data.text import csv_rows, number_in
from accord.economy.data.wide import EMPTY
from accord.economy.origins import Origin, Origins
from accord.economy.world import Array, Source, WorldTable, index_of
from accord.errors import Fault, InputError

HOME = "region,sector,value"
HOME_SALES = Source("home", "Home sales given with --home", "as its owner says", "reported")


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of a long file, and how many of the table's unit one of its values is."""

    name: str
    year: str
    exporter: str
    importer: str
    sector: str
    value: str
    scale: float
    source: Source


FORMS: Mapping[str, Form] = {
    "trade": Form(
        "trade", "year", "exporter", "importer", "sector", "value", 1.0,
        Source("own", "Trade of one's own", "as its owner says", "reported"),
    ),
    "baci": Form(
        "baci", "t", "i", "j", "k", "v", 1e-3,
        Source(
            "baci", "BACI, CEPII (Gaulier and Zignago 2010)", "Etalab Open Licence 2.0", "reported",
            "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        ),
    ),
    "itpd": Form(
        "itpd", "year", "exporter_iso3", "importer_iso3", "industry_id", "trade", 1.0,
        Source(
            "itpd-e", "International Trade and Production Database for Estimation, USITC",
            "US government work", "reported", "https://www.usitc.gov/data/gravity/itpde.htm",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """Flows of one year, million USD: (J, N, N) [sector, importer, exporter].

    ``told`` are pairs that the file has a row for; what has none is 0 here and not told. ``home``
    is where all home sales are from, if not from that file.
    """

    labels: Labels
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Array
    told: np.ndarray[tuple[int, int, int], np.dtype[np.bool_]]
    home: Source | None = None

    def table(self, file: str) -> WorldTable:
        """Return a world without input–output links: value added is output, all use is final.

        Raises ``InputError`` where home sales of a region that trades are not in the file, or a
        pair has no row.
        """
        missing = _missing_pairs(self, file)
        if missing:
            raise InputError(missing)
        n, j = len(self.regions), len(self.sectors)
        source, year = self.labels.source, self.labels.year
        flows = Origins.of_all(Origin(source.id, source.status, year), self.flow.shape)
        if self.home is not None:
            at_home = np.broadcast_to(np.eye(n, dtype=np.bool_), self.flow.shape)
            flows = flows.put(at_home, Origin(self.home.id, self.home.status, year))
        guess = Origin(source.id, "assumed", year)
        return WorldTable(
            name=self.labels.name,
            title=self.labels.title,
            year=self.labels.year,
            unit=self.labels.unit,
            regions=self.regions,
            sectors=self.sectors,
            trade=self.flow,
            io=np.zeros((n, j, j)),
            value_added=self.flow.sum(axis=1).T,
            final_demand=self.flow.sum(axis=2).T,
            tariff=np.zeros_like(self.flow),
            theta=theta_of(self.sectors, self.labels.theta),
            sources=(source, *(() if self.home is None else (self.home,))),
            assumptions=(*self.labels.assumptions, "no inputs: value added is all of output"),
            not_modelled=(("input–output links", "a table of trade alone does not have them"),),
            origins={
                "trade": flows,
                "io": Origins.of_all(guess, (n, j, j)),
                "value_added": Origins.of_all(guess, (n, j)),
                "final_demand": Origins.of_all(guess, (n, j)),
                "tariff": Origins.of_none(self.flow.shape),
            },
        )


def read_trade(path: Path, form: str, mapping: Aggregation, labels: Labels) -> Trade:
    """Return the flows of ``labels.year`` in a long file; values are in million USD.

    Read twice, so that memory is that of the answer. Raises ``InputError`` with every fault:
    missing columns, no rows of the year, values that are no numbers or negative, and what the
    mapping leaves out.
    """
    shape = FORMS[form]
    regions: dict[str, None] = {}
    sectors: dict[str, None] = {}
    for _, exporter, importer, sector, _ in _rows(path, shape, labels.year):
        regions[exporter] = regions[importer] = None
        sectors[sector] = None
    if not regions:
        fix = "name a year of the file with --year"
        raise InputError([Fault(str(path), f"no row of {labels.year}", "rows of the year", fix)])
    names = tuple(sorted(regions)), tuple(sorted(sectors))
    places, parts = mapping.both(*names)
    flow, told, faults = _sums(path, shape, labels.year, names, (places, parts))
    if faults:
        raise InputError(faults)
    return Trade(labels, places.labels, parts.labels, flow, told)


def with_home_sales(trade: Trade, path: Path) -> Trade:
    """Return trade with home sales from a CSV with the columns region,sector,value (million USD).

    Labels are those of the table to be, after any mapping. Raises ``InputError`` with all faults.
    """
    flow, told, found = trade.flow.copy(), trade.told.copy(), list[Fault]()
    region_at, sector_at = index_of(trade.regions), index_of(trade.sectors)
    rows = list(csv_rows(path))
    header = ",".join(cell.strip() for cell in rows[0]) if rows else ""
    if header != HOME:
        raise InputError([Fault(str(path), header, HOME, "write these columns", 1)])
    for line, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row]
        known = len(cells) == len(HOME.split(",")) and cells[0] in region_at
        if not known or cells[1] not in sector_at or not 0.0 <= number_in(cells[2]) < np.inf:
            allowed = "a region and a sector of the trade, and a number, 0 or more"
            found.append(Fault(str(path), ",".join(cells), allowed, "correct the row", line))
            continue
        n, j = region_at[cells[0]], sector_at[cells[1]]
        flow[j, n, n], told[j, n, n] = number_in(cells[2]), True
    if found:
        raise InputError(found)
    return replace(trade, flow=flow, told=told, home=HOME_SALES)


def _sums(
    path: Path,
    shape: Form,
    year: int,
    names: tuple[Sequence[str], Sequence[str]],
    groups: tuple[Groups, Groups],
) -> tuple[Array, np.ndarray[tuple[int, int, int], np.dtype[np.bool_]], list[Fault]]:
    region_at, sector_at = index_of(names[0]), index_of(names[1])
    places, parts = groups
    size = len(parts.labels), len(places.labels), len(places.labels)
    flow, told, faults = np.zeros(size), np.zeros(size, dtype=np.bool_), list[Fault]()
    for line, exporter, importer, sector, text in _rows(path, shape, year):
        value = number_in(text)
        if not 0.0 <= value < np.inf:
            fix = "a flow is a number, 0 or more; take it out or correct it"
            label = f"{sector} {exporter}→{importer}"
            faults.append(Fault(str(path), f'"{text}"', "0 or more", fix, line, label, shape.value))
            continue
        at = (
            parts.place[sector_at[sector]],
            places.place[region_at[importer]],
            places.place[region_at[exporter]],
        )
        flow[at] += value * shape.scale
        told[at] = True
    return flow, told, faults


def _rows(path: Path, shape: Form, year: int) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield line, exporter, importer, sector and value of the rows of a year."""
    rows = csv_rows(path)
    head = [cell.strip() for cell in next(rows, EMPTY)]
    wanted = (shape.year, shape.exporter, shape.importer, shape.sector, shape.value)
    missing = [name for name in wanted if name not in head]
    if missing:
        found = f"no column {', '.join(missing)}"
        fix = f"the form {shape.name} has other columns: name the form of this file"
        raise InputError([Fault(str(path), found, ",".join(wanted), fix, 1)])
    at = [head.index(name) for name in wanted]
    for number, row in enumerate(rows, 2):
        if row and len(row) != len(head):
            fix = "fill in every cell, and put quotes around cells with a comma in them"
            found = f"{len(row)} cells"
            raise InputError([Fault(str(path), found, f"{len(head)}, as above", fix, number)])
        if row and row[at[0]].strip() == str(year):
            cells = [row[k].strip() for k in at[1:]]
            yield number, cells[0], cells[1], cells[2], cells[3]


def _missing_pairs(trade: Trade, file: str) -> list[Fault]:
    """Return sectors in which regions that trade have no home sales, or pairs have no row."""
    home: list[str] = []
    pairs: list[str] = []
    for j, sector in enumerate(trade.sectors):
        active = (trade.flow[j].sum(axis=0) > 0.0) | (trade.flow[j].sum(axis=1) > 0.0)
        home += [
            f"{sector} {trade.regions[n]}"
            for n in np.flatnonzero(active & ~trade.told[j].diagonal())
        ]
        absent = np.argwhere(~trade.told[j] & active[:, None] & active[None, :])
        pairs += [f"{sector} {trade.regions[i]}→{trade.regions[n]}" for n, i in absent if n != i]
    found: list[Fault] = []
    if home:
        fix = "name a file of home sales with --home; BACI has trade across borders only"
        what = f"no home sales for {len(home)}: {'; '.join(home[:5])}"
        found.append(Fault(file, what, "home sales of every region that trades", fix))
    if pairs:
        fix = "add a row for each, 0 where nothing is traded"
        what = f"no row for {len(pairs)} pairs: {'; '.join(pairs[:5])}"
        found.append(Fault(file, what, "a row for every pair", fix))
    return found
