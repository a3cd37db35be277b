"""Builds a world table from sources: by a recipe of accord, or from files of known forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from accord.economy.data import bilateral, icio, open_world, wiod, world_2022
from accord.economy.data.assemble import Labels
from accord.economy.data.checks import faults
from accord.economy.data.mapping import AS_IT_IS, Aggregation, aggregated, read_mapping
from accord.economy.data.plain import read_plain
from accord.economy.data.repair import Adjustment, repaired
from accord.economy.data.text import csv_rows, number_in
from accord.economy.origins import NAMED, STATUSES, Origin, Origins, Status, best_known
from accord.economy.world import Source, WorldTable
from accord.errors import Fault, InputError

RECIPES: Mapping[str, Callable[[Path], WorldTable]] = {
    open_world.NAME: open_world.build_open_world,
    world_2022.NAME: world_2022.build_world_2022,
}
FORMS = ("icio", "wiod", "itpd", "baci", "trade", "plain")
UNIT = "million USD"
THETA_COLUMNS = ("sector", "theta", "source", "status")
THETA = "--theta"
ThetaSources = Mapping[str, tuple[str, Status]]


@dataclass(frozen=True)
class Wish:
    """What to build: a recipe or a form, from where, and how.

    ``sources``  a folder for a recipe, a file for a form (a folder for ``plain``)
    ``year``     of the rows to read;  ``mapping`` a CSV of groups;  ``theta`` a CSV of trade
                 elasticities by sector of the table to be, or one number for all
    ``home``     a CSV region,sector,value of home sales, million USD, for trade without them
    ``repair``   whether to mend what keeps the table from use, telling every change
    """

    what: str
    sources: Path
    name: str
    year: int | None = None
    mapping: Path | None = None
    theta: str | None = None
    home: Path | None = None
    repair: bool = False


@dataclass(frozen=True)
class Built:
    """A table, and what was mended in it."""

    table: WorldTable
    adjustments: tuple[Adjustment, ...]


def build(wish: Wish) -> Built:
    """Return the table asked for, checked. Raises ``InputError`` with all of its faults at once."""
    if wish.what not in RECIPES and wish.what not in FORMS:
        allowed = ", ".join((*RECIPES, *FORMS))
        raise InputError([_fault(f'"{wish.what}"', allowed, "name a recipe or the form of a file")])
    mapping = AS_IT_IS if wish.mapping is None else read_mapping(wish.mapping)
    table = (_recipe if wish.what in RECIPES else _form)(wish, mapping)
    adjustments: tuple[Adjustment, ...] = ()
    if wish.repair:
        table, adjustments = repaired(table)
    wrong = faults(table, str(wish.sources))
    if wrong:
        raise InputError(wrong)
    return Built(replace(table, name=wish.name), adjustments)


def _recipe(wish: Wish, mapping: Aggregation) -> WorldTable:
    refused = [name for name in ("year", "theta", "home") if getattr(wish, name) is not None]
    if refused:
        found = f"--{' and --'.join(refused)} with {wish.what}"
        raise InputError([_fault(found, "none: the recipe has its own", "leave it out")])
    table = RECIPES[wish.what](wish.sources)
    return table if wish.mapping is None else aggregated(table, mapping)


def _form(wish: Wish, mapping: Aggregation) -> WorldTable:
    if wish.what == "plain":
        given = [f"--{n}" for n in ("year", "theta", "home") if getattr(wish, n) is not None]
        if given:
            found, fix = f"{' and '.join(given)} with a plain table", "leave it out"
            raise InputError([_fault(found, "none: the table's own files have them", fix)])
        return aggregated(read_plain(wish.sources), mapping)
    if wish.year is None or wish.theta is None:
        missing = [f"--{n}" for n in ("year", "theta") if getattr(wish, n) is None]
        fix = "say which year, and which trade elasticity (--theta 5, or a file by sector)"
        raise InputError([_fault(f"no {' and no '.join(missing)}", "both", fix)])
    if wish.home is not None and wish.what not in bilateral.FORMS:
        found = f"--home with {wish.what}"
        raise InputError([_fault(found, "for trade alone (baci, itpd, trade)", "leave it out")])
    values, sources = read_theta(wish.theta)
    title = f"{wish.sources.name}, {wish.year}"
    labels = Labels(wish.name, title, wish.year, UNIT, _source(wish.what), values, _said(sources))
    table = _read(wish, mapping, labels)
    return _with_elasticities_from(table, sources, wish.theta)


def _with_elasticities_from(table: WorldTable, given: ThetaSources, file: str) -> WorldTable:
    """Return the table with the origins of its trade elasticities, and their sources among its."""
    stated = [given.get(sector, given.get("*")) for sector in table.sectors]
    theta = Origins.of_none((len(stated),))
    told: dict[str, list[Status]] = {}
    for j, cells in enumerate(stated):
        if cells is None:
            continue
        origin = Origin(*cells, table.year)
        theta = theta.put(np.arange(len(stated)) == j, origin)
        for x in origin.ids:
            told.setdefault(x, []).append(origin.status)
    there = {source.id for source in table.sources}
    # A source is as well known as the best of what it tells.
    new = tuple(
        Source(x, f"{x}: trade elasticity, as {file} has it", "not stated", best_known(statuses))
        for x, statuses in told.items()
        if x not in there
    )
    origins = {**table.origins, "theta": theta}
    return replace(table, sources=(*table.sources, *new), origins=origins)


def _read(wish: Wish, mapping: Aggregation, labels: Labels) -> WorldTable:
    if wish.what == "icio":
        return icio.read_icio(wish.sources, mapping, labels)
    if wish.what == "wiod":
        return wiod.read_wiod(wish.sources, mapping, labels)
    trade = bilateral.read_trade(wish.sources, wish.what, mapping, labels)
    if wish.home is not None:
        trade = bilateral.with_home_sales(trade, wish.home)
    return trade.table(str(wish.sources))


def _source(form: str) -> Source:
    known = {"icio": icio.SOURCE, "wiod": wiod.SOURCE}
    return known.get(form) or bilateral.FORMS[form].source


def _said(sources: ThetaSources) -> tuple[str, ...]:
    guessed = [s for s, (_, status) in sources.items() if status == "assumed"]
    if guessed == ["*"]:
        return ("one trade elasticity for all sectors, assumed",)
    return (f"trade elasticities are assumed for {', '.join(guessed)}",) if guessed else ()


def read_theta(text: str) -> tuple[dict[str, float], ThetaSources]:
    """Return trade elasticities by sector, and where they are from: a number, or a CSV file.

    The file has the columns sector,theta,source,status; ``*`` stands for all other sectors.
    """
    one = number_in(text)
    if np.isfinite(one):
        return {"*": one}, {"*": (THETA, "assumed")}
    rows = list(csv_rows(Path(text)))
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    if header != THETA_COLUMNS:
        fix = "write --theta 5, or a file with these columns"
        raise InputError([Fault(text, ",".join(header), ",".join(THETA_COLUMNS), fix, 1)])
    values: dict[str, float] = {}
    sources: dict[str, tuple[str, Status]] = {}
    found: list[Fault] = []
    for line, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row]
        if not row:
            continue
        if len(cells) != len(THETA_COLUMNS) or "" in cells:
            allowed = ",".join(THETA_COLUMNS)
            found.append(Fault(text, ",".join(cells), allowed, "fill in every cell", line))
            continue
        sector, theta, source, status = cells
        known = NAMED.get(status)
        if known is None:
            found.append(
                Fault(text, status, ", ".join(STATUSES), "write one", line, None, "status")
            )
        values[sector] = number_in(theta)
        if not np.isfinite(values[sector]):
            fix = "write the number alone"
            found.append(Fault(text, f'"{theta}"', "a number", fix, line, None, "theta"))
        sources[sector] = (source, known or "assumed")
    if found:
        raise InputError(found)
    return values, sources


def _fault(found: str, allowed: str, fix: str) -> Fault:
    return Fault("command line", found, allowed, fix)
