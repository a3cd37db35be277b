"""Reads a pack's ``backcast/`` folder, and says everything that is wrong with it at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from accord import units
from accord.backcast import tables
from accord.backcast.evidence import (
    FOLDER,
    QUANTITIES,
    SHARES,
    Event,
    Evidence,
    Missing,
    Moment,
    Observed,
    Parameter,
    Sign,
)
from accord.errors import Fault, InputError
from accord.pack import Pack
from accord.pack.columns import Known
from accord.pack.tables import Table, TableSpec, read_table

Wrong = tuple[str, str, str, str]
"""Field, found, allowed, fix."""


def load_evidence(pack: Pack) -> Evidence:
    """Return what a pack knows for a back-cast. Raises ``InputError`` with every fault."""
    folder = pack.folder / FOLDER
    if not folder.is_dir():
        raise InputError([_nothing(pack)])
    return _Reading(pack, folder).evidence()


def _nothing(pack: Pack) -> Fault:
    found = f"a pack without a folder {FOLDER}: it says nothing of what happened after its base"
    fix = f"name a pack with one (aluminium), or add {FOLDER}/observed.csv and its tables"
    return Fault(pack.name, found, "a pack with observations to compare with", fix)


class _Reading:
    """The tables of one folder and the faults found so far."""

    def __init__(self, pack: Pack, folder: Path) -> None:
        self.pack = pack
        self.folder = folder
        self.base = min(pack.benchmarks)
        self.last = max(pack.years)
        self.faults: list[Fault] = []
        regions = tuple(r.code for r in pack.regions)
        members = {m for r in pack.regions for m in r.members}
        self.places = {*regions, *members, "WORLD"}
        self.known = Known(tuple(g.code for g in pack.goods), regions, [s.id for s in pack.sources])

    def table(self, name: str, spec: TableSpec) -> Table:
        file = f"{self.pack.folder.name}/{FOLDER}/{name}.csv"
        found = read_table(self.folder / f"{name}.csv", file, spec, self.known)
        self.faults += found.faults
        return found

    def evidence(self) -> Evidence:
        read = {name: self.table(name, spec) for name, spec in tables.TABLES.items()}
        if self.faults:
            raise InputError(self.faults)
        events = _events(read["events"])
        observed, gaps = self._observed(read["observed"], {e.id for e in events})
        deflator = _by_year(read["deflator"])
        self._years_covered(read["observed"], observed, deflator)
        if self.faults:
            raise InputError(self.faults)
        missing = (
            Missing(quantity, region, when, why)
            for quantity, region, when, why in cells(read["missing"], *tables.MISSING_CELLS)
        )
        return Evidence(
            base=self.base,
            folder=self.folder,
            events=events,
            observed=observed,
            missing=(*missing, *gaps),
            outputs=_outputs(read["drivers"]),
            deflator=deflator,
            origins=_origins(read["origins"]),
            signs=_signs(read["signs"]),
            panel=_panel(read["panel"]),
            parameters=_parameters(read["parameters"]),
            errors=_errors(read["error_model"]),
        )

    def _observed(
        self, table: Table, events: set[str]
    ) -> tuple[tuple[Observed, ...], tuple[Missing, ...]]:
        rows: list[Observed] = []
        gaps: list[Missing] = []
        for i, line in enumerate(table.lines):
            quantity, region, when = (table.text[n][i] for n in ("quantity", "region", "date"))
            value = table.number["value"][i]
            if math.isnan(value):
                gaps.append(Missing(quantity, region, when, "no value in observed.csv"))
                continue
            found = self._row_faults(table, i, events)
            if found:
                self.faults += [_fault(table, line, wrong) for wrong in found]
                continue
            rows.append(_observation(table, i, value))
        return tuple(rows), tuple(gaps)

    def _row_faults(self, table: Table, i: int, events: set[str]) -> list[Wrong]:
        """Return (field, found, allowed, fix) of what is wrong between the cells of a row."""
        cell = {name: column[i] for name, column in table.text.items()}
        value = table.number["value"][i]
        found: list[Wrong] = []
        if cell["quantity"] not in QUANTITIES:
            allowed = f"one of {', '.join(QUANTITIES)}"
            found.append(("quantity", f'"{cell["quantity"]}"', allowed, "remove the row"))
        if cell["region"] not in self.places:
            allowed = "a region of the pack, a country in one, or WORLD"
            found.append(("region", f'"{cell["region"]}"', allowed, "correct the code"))
        if cell["event"] not in events:
            fix = "correct it, or add the event"
            found.append(("event", f'"{cell["event"]}"', "an event of events.csv", fix))
        if cell["quantity"] in SHARES and not 0.0 <= value <= 1.0:
            fix = "write 0.16 for 16 %"
            found.append(("value", f"a share of {value:g}", "a share from 0 to 1", fix))
        year = _year(cell["date"])
        if year is None:
            allowed = "a year, or a day as YYYY-MM-DD"
            found.append(("date", f'"{cell["date"]}"', allowed, "write for example 2018-04-06"))
        elif not self.base < year <= self.last:
            allowed = f"a year that the pack can be asked about: {self.base + 1} to {self.last}"
            found.append(("date", f"the year {year}", allowed, "remove the row"))
        return found

    def _years_covered(
        self, table: Table, observed: tuple[Observed, ...], deflator: Mapping[int, float]
    ) -> None:
        lacking = sorted({r.year for r in observed if r.unit == "USD/t"} - set(deflator))
        for year in lacking:
            fix = f"add the year {year} to deflator.csv"
            wrong = ("date", f"prices of {year}", "prices of a year with a deflator", fix)
            self.faults.append(_fault(table, None, wrong))


def _fault(table: Table, line: int | None, wrong: Wrong) -> Fault:
    field, found, allowed, fix = wrong
    return Fault(table.file, found, allowed, fix, line, None, field)


def cells(table: Table, *names: str) -> list[tuple[str, ...]]:
    """Return the rows of a table as tuples of the named columns."""
    return list(zip(*(table.text[name] for name in names), strict=True))


def _year(text: str) -> int | None:
    day = _day(text)
    if day is not None:
        return day.year
    return int(text) if text.isdigit() and len(text) == len("2018") else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _observation(table: Table, i: int, value: float) -> Observed:
    cell = {name: column[i] for name, column in table.text.items()}
    unit = cell["unit"]
    if unit.removesuffix("/yr") in ("kt", "t", "Mt"):
        value, unit = (
            units.parse(f"{value!r} {unit.removesuffix('/yr')}/yr", units.MASS_RATE),
            "t/yr",
        )
    return Observed(
        quantity=cell["quantity"],
        region=cell["region"],
        date=cell["date"],
        year=_year(cell["date"]) or 0,
        day=_day(cell["date"]),
        event=cell["event"],
        value=value,
        unit=unit,
        source=cell["source"],
        status=cell["status"],
        calibration=cell["calibration"] == "true",
    )


def _events(table: Table) -> tuple[Event, ...]:
    return tuple(
        Event(name, title, date.fromisoformat(starts), _years(years), modelled == "true", changes)
        for name, title, starts, years, modelled, changes in cells(table, *tables.EVENT_CELLS)
    )


def _years(text: str) -> tuple[int, ...]:
    return tuple(int(year) for year in text.split())


def _by_year(table: Table) -> dict[int, float]:
    return dict(zip(map(int, table.text["year"]), table.number["value"], strict=True))


def _signs(table: Table) -> tuple[Sign, ...]:
    return tuple(
        Sign(event, quantity, region, before, after, required == "true")
        for event, quantity, region, before, after, required in cells(table, *tables.SIGN_CELLS)
    )


def _outputs(table: Table) -> dict[tuple[str, str, int], float]:
    return {
        (kind, region, int(year)): value
        for (kind, region, year), value in zip(
            cells(table, "kind", "region", "year"), table.number["value"], strict=True
        )
    }


def _origins(table: Table) -> dict[str, tuple[str, float]]:
    rows = zip(cells(table, "country", "region"), table.number["value"], strict=True)
    return {country: (region, value) for (country, region), value in rows}


def _panel(table: Table) -> dict[str, Moment]:
    numbers = zip(*(table.number[n] for n in ("value", "error", "count")), strict=True)
    return {
        name: Moment(value, error, int(count), unit, note)
        for (name, unit, note), (value, error, count) in zip(
            cells(table, "moment", "unit", "note"), numbers, strict=True
        )
    }


def _parameters(table: Table) -> tuple[Parameter, ...]:
    ranges = zip(*(table.number[n] for n in ("median", "low", "high")), strict=True)
    rows = zip(cells(table, "parameter", "good", "region", "note"), ranges, strict=True)
    return tuple(
        Parameter(name, good, region, None if math.isnan(found[0]) else found, note)
        for (name, good, region, note), found in rows
    )


def _errors(table: Table) -> dict[str, float | None]:
    values = (None if math.isnan(x) else x for x in table.number["value"])
    return dict(zip(table.text["quantity"], values, strict=True))
