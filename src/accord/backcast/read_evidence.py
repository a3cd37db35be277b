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
    Event,
    Evidence,
    Missing,
    Moment,
    Observed,
    Parameter,
    Sign,
)
from accord.backcast.evidence_faults import (
    RowCheck,
    day_of,
    event_faults,
    fault,
    lacking_rows,
    origin_faults,
    parameter_faults,
    range_faults,
    sign_faults,
    year_of,
)
from accord.errors import Fault, InputError
from accord.pack import Pack
from accord.pack.columns import Known
from accord.pack.tables import Table, TableSpec, read_table


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
        self.faults += event_faults(read["events"])
        self.faults += lacking_rows(read["panel"], read["error_model"], read["parameters"])
        self.faults += parameter_faults(read["parameters"], self.pack)
        self.faults += range_faults(read["parameters"])
        self.faults += sign_faults(
            read["signs"], read["observed"], set(read["events"].text["event"])
        )
        if self.faults:
            raise InputError(self.faults)
        events = _events(read["events"])
        observed, gaps = self._observed(read["observed"], {e.id for e in events})
        deflator = _by_year(read["deflator"])
        self._years_covered(read["observed"], observed, deflator)
        self.faults += origin_faults(read["origins"], observed, self.pack, self.base)
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
        check = RowCheck(self.places, events, (self.base + 1, self.last))
        for i, line in enumerate(table.lines):
            quantity, region, when = (table.text[n][i] for n in ("quantity", "region", "date"))
            value = table.number["value"][i]
            if math.isnan(value):
                gaps.append(Missing(quantity, region, when, "no value in observed.csv"))
                continue
            cell = {name: column[i] for name, column in table.text.items()}
            found = [fault(table, line, wrong) for wrong in check.wrong(cell, value)]
            self.faults += found
            if not found:
                rows.append(_observation(cell, value))
        if not rows and not self.faults:
            wrong = ("value", "none", "a figure in at least one row", "write what was observed")
            self.faults.append(fault(table, None, wrong))
        return tuple(rows), tuple(gaps)

    def _years_covered(
        self, table: Table, observed: tuple[Observed, ...], deflator: Mapping[int, float]
    ) -> None:
        lacking = sorted({r.year for r in observed if r.unit == "USD/t"} - set(deflator))
        for year in lacking:
            fix = f"add the year {year} to deflator.csv"
            wrong = ("date", f"prices of {year}", "prices of a year with a deflator", fix)
            self.faults.append(fault(table, None, wrong))


def cells(table: Table, *names: str) -> list[tuple[str, ...]]:
    """Return the rows of a table as tuples of the named columns."""
    return list(zip(*(table.text[name] for name in names), strict=True))


def _observation(cell: Mapping[str, str], value: float) -> Observed:
    unit = cell["unit"]
    if unit == "kt":
        value, unit = units.parse(f"{value!r} kt/yr", units.MASS_RATE), "t/yr"
    return Observed(
        quantity=cell["quantity"],
        region=cell["region"],
        date=cell["date"],
        year=year_of(cell["date"]) or 0,
        day=day_of(cell["date"]),
        event=cell["event"],
        value=value,
        unit=unit,
        source=cell["source"],
        status=cell["status"],
        calibration=cell["calibration"] == "true",
    )


def _events(table: Table) -> tuple[Event, ...]:
    """Return the events in order of date, whatever their order in the table."""
    events = (
        Event(name, title, date.fromisoformat(starts), _years(years), modelled == "true", changes)
        for name, title, starts, years, modelled, changes in cells(table, *tables.EVENT_CELLS)
    )
    return tuple(sorted(events, key=lambda event: event.starts))


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
