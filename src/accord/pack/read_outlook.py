"""Turns the tables of ``outlook/`` into an ``Outlook``, gathering what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import pairwise

from accord.errors import Fault
from accord.pack.columns import Column, Known, closest, listed
from accord.pack.law import Measure
from accord.pack.outlook import Change, Growth, Outlook, Project
from accord.pack.reader import Reader
from accord.pack.tables import Table, TableSpec

FOLDER = "outlook"
LARGEST_GROWTH = 0.5
SLIP = "write 2 % as 0.02, or as 2 with the unit %"
_ORIGIN = (Column("source", "source"), Column("status", "status"))


GROWTH = TableSpec(
    (
        Column("what", "word", words=("demand", "capacity")),
        Column("item", "word"),
        Column("region", "region", wildcard=True),
        Column("from", "year"),
        Column("until", "year"),
        Column("low", "number"),
        Column("median", "number"),
        Column("high", "number"),
        Column("unit", "unit", dimension="number"),
        *_ORIGIN,
    ),
    key=("what", "item", "region", "from"),
    values=("low", "median", "high"),
)
PROJECTS = TableSpec(
    (
        Column("project", "word"),
        Column("kind", "word"),
        Column("region", "region"),
        Column("plant", "text", needed=False, filled=False),
        Column("capacity", "number", above=0.0),
        Column("unit", "unit", dimension="mass a year"),
        Column("from", "year", filled=False),
        Column("ramp_years", "number", least=1.0, most=30.0),
        Column("counted", "word", words=("true", "false")),
        Column("year", "year"),
        *_ORIGIN,
    ),
    key=("project",),
    values=("capacity",),
    rows=False,
)
LAW_KNOWN = TableSpec(
    (
        Column("measure", "word"),
        Column("change", "word", words=("starts", "until")),
        Column("known", "word"),
        *_ORIGIN,
    ),
    key=("measure", "change"),
    rows=False,
)
RESERVES = TableSpec(
    (
        Column("good", "good"),
        Column("region", "region"),
        Column("value", "number", above=0.0),
        Column("unit", "unit", dimension="mass a year"),
        Column("year", "year"),
        *_ORIGIN,
    ),
    key=("good", "region"),
    values=("value",),
    rows=False,
)


def read_outlook(
    reader: Reader,
    known: Known,
    activities: Collection[str] | None,
    measures: Collection[Measure] | None,
) -> Outlook | None:
    """Return the outlook of a pack; ``None`` where there is none, or where it is at fault.

    Names of ``activities`` and ``measures`` of the law are what rows may name; ``None`` where
    their own files are at fault.
    """
    if not (reader.folder / FOLDER).is_dir():
        return None
    start = len(reader.faults)
    growth = reader.table(f"{FOLDER}/growth.csv", GROWTH, known)
    projects = reader.table(f"{FOLDER}/projects.csv", PROJECTS, known, needed=False)
    law = reader.table(f"{FOLDER}/law_known.csv", LAW_KNOWN, known, needed=False)
    ground = reader.table(f"{FOLDER}/reserves.csv", RESERVES, known, needed=False)
    rows = _growth(growth) if growth.sound else ()
    kinds = None if activities is None else sorted({name.partition(".")[0] for name in activities})
    if growth.sound:
        reader.faults += _growth_faults(growth, rows, known.goods, kinds)
    if projects.sound:
        reader.faults += _project_faults(projects, activities)
    if law.sound:
        ids = None if measures is None else [m.id for m in measures]
        reader.faults += _law_faults(law, ids)
    if len(reader.faults) > start:
        return None
    return Outlook(rows, _projects(projects), _law(law), _reserves(ground))


def _column(table: Table, name: str) -> Iterable[str]:
    return table.text.get(name, ())


def _growth(table: Table) -> tuple[Growth, ...]:
    names = ("what", "item", "region", "from", "until", "status")
    cells = zip(*(_column(table, name) for name in names), strict=True)
    rates = zip(*(table.number[case] for case in ("low", "median", "high")), strict=True)
    rows = zip(table.lines, cells, rates, strict=True)
    return tuple(
        Growth(what, item, region, int(starts), int(until), low, median, high, status, line)
        for line, (what, item, region, starts, until, status), (low, median, high) in rows
    )


def _projects(table: Table) -> tuple[Project, ...]:
    names = ("project", "from", "counted", "year", "status")
    cells = zip(*(_column(table, name) for name in names), strict=True)
    return tuple(
        Project(
            name, where, table.number["capacity"][i],
            int(starts) if starts else None, round(table.number["ramp_years"][i]),
            counted == "true", int(year), status, table.lines[i],
        )
        for i, ((name, starts, counted, year, status), where) in enumerate(
            zip(cells, _places(table), strict=True)
        )
    )  # fmt: skip


def _law(table: Table) -> dict[tuple[str, Change], date]:
    cells = zip(*(_column(table, n) for n in ("measure", "change", "known")), strict=True)
    return {
        (measure, "starts" if change == "starts" else "until"): date.fromisoformat(day)
        for measure, change, day in cells
    }


def _reserves(table: Table) -> dict[tuple[str, str], float]:
    keys = zip(_column(table, "good"), _column(table, "region"), strict=True)
    return dict(zip(keys, table.number.get("value", ()), strict=True))


def _growth_faults(
    table: Table,
    rows: tuple[Growth, ...],
    goods: Collection[str] | None,
    kinds: Collection[str] | None,
) -> list[Fault]:
    faults: list[Fault] = []

    def add(row: Growth, column: str, found: str, allowed: str, fix: str) -> None:
        label = f"{row.what} {row.item} {row.region}"
        faults.append(Fault(table.file, found, allowed, fix, row.line, label, column))

    for row in rows:
        names = kinds if row.what == "capacity" else goods
        file = "benchmark activities" if row.what == "capacity" else "goods.csv"
        if names is not None and row.item not in names:
            fix = closest(row.item, names, "remove the row")
            add(row, "item", f'"{row.item}"', f"a name of {file}: {listed(names)}", fix)
        if row.until < row.starts:
            found, allowed = f"{row.until}, before from = {row.starts}", "a year not before from"
            add(row, "until", found, allowed, "exchange the two")
        for case in ("low", "median", "high"):
            value = float(getattr(row, case))
            if abs(value) > LARGEST_GROWTH:
                allowed = f"a growth a year of at most {LARGEST_GROWTH:.0%} either way"
                add(row, case, f"{value:g}", allowed, SLIP)
        if not row.low <= row.median <= row.high:
            found = f"low {row.low:g}, median {row.median:g}, high {row.high:g}"
            add(row, "median", found, "low ≤ median ≤ high", "put the three in order")
    return faults or [*_gaps(table.file, rows), *_no_demand(table.file, rows, goods)]


def _gaps(file: str, rows: tuple[Growth, ...]) -> list[Fault]:
    """Return series that do not cover, year after year and once, what the table covers."""
    first, last = min(r.starts for r in rows), max(r.until for r in rows)
    series: dict[tuple[str, str, str], list[Growth]] = {}
    for row in sorted(rows, key=lambda r: r.starts):
        series.setdefault((row.what, row.item, row.region), []).append(row)
    allowed = f"every year from {first} to {last} once"
    faults: list[Fault] = []
    for name, mine in series.items():
        label = " ".join(name)
        breaks = [(a.until + 1, b) for a, b in pairwise(mine)]
        breaks = [(first, mine[0]), *breaks]
        faults += [
            Fault(file, f"a row from {row.starts}", allowed, f"let it start in {year}",
                  row.line, label, "from")
            for year, row in breaks
            if row.starts != year
        ]  # fmt: skip
        if mine[-1].until != last:
            found, fix = f"no growth after {mine[-1].until}", f"let it end in {last}"
            faults.append(Fault(file, found, allowed, fix, mine[-1].line, label, "until"))
    return faults


def _no_demand(file: str, rows: tuple[Growth, ...], goods: Collection[str] | None) -> list[Fault]:
    """Return that no good's demand has a growth at all."""
    if any(row.what == "demand" for row in rows) or not goods:
        return []
    fix = f"add a row for the demand of {listed(goods)}, for every region (*)"
    return [Fault(file, "no row for demand", "growth of the demand of one good at least", fix)]


def _project_faults(table: Table, activities: Collection[str] | None) -> list[Fault]:
    """Return plants that the pack does not have, and counted projects without a year."""
    faults: list[Fault] = []
    cells = zip(*(_column(table, n) for n in ("project", "from", "counted")), strict=True)
    for i, ((name, starts, counted), where) in enumerate(zip(cells, _places(table), strict=True)):
        line = table.lines[i]
        there = activities is None or any(f"{a}.".startswith(f"{where}.") for a in activities)
        if not there:
            fix = closest(where, list(activities or ()), "remove the row")
            allowed = "an activity of the benchmarks, as kind, region and, if you like, plant"
            faults.append(Fault(table.file, f'"{where}"', allowed, fix, line, name, "kind"))
        if counted == "true" and not starts:
            fix = "write the year of its first metal, or counted = false"
            allowed = "a year, for a project that is counted"
            faults.append(Fault(table.file, "an empty cell", allowed, fix, line, name, "from"))
    return faults


def _places(table: Table) -> list[str]:
    """Return the activity that each project adds to: kind.REGION, or kind.REGION.plant."""
    plants = table.text.get("plant") or [""] * len(table)
    rows = zip(_column(table, "kind"), _column(table, "region"), plants, strict=True)
    return [".".join(part for part in row if part) for row in rows]


def _law_faults(table: Table, measures: Collection[str] | None) -> list[Fault]:
    faults: list[Fault] = []
    for i, (name, day) in enumerate(
        zip(_column(table, "measure"), _column(table, "known"), strict=True)
    ):
        line = table.lines[i]
        if measures is not None and name not in measures:
            fix = closest(name, measures, "remove the row")
            allowed = f"a measure of policy.toml: {listed(measures)}"
            faults.append(Fault(table.file, f'"{name}"', allowed, fix, line, name, "measure"))
        try:
            date.fromisoformat(day)
        except ValueError:
            fix = "write for example 2025-02-10"
            allowed = "a day as YYYY-MM-DD"
            faults.append(Fault(table.file, f'"{day}"', allowed, fix, line, name, "known"))
    return faults
