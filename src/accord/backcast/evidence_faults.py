"""What is wrong with the tables of a back-cast beyond the form of their cells."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accord.backcast.evidence import LAST_EVIDENCE, QUANTITIES, SHARES, Observed
from accord.backcast.quantities import IMPORTER
from accord.errors import Fault
from accord.pack import Pack
from accord.pack.priors import PriorKey
from accord.pack.tables import Table

Wrong = tuple[str, str, str, str]
"""Field, found, allowed, fix."""
UNITS = {
    "us_import_share": "fraction",
    "eu_import_share": "fraction",
    "us_imports": "kt",
    "us_output": "kt",
    "russia_exports": "kt",
    "us_premium": "USD/t",
    "hub_price": "USD/t",
}
"""The unit of each quantity of ``observed.csv``: one each, so that no slip passes for a unit."""
SIGNED = "us_premium"
MOMENTS = ("drift_us", "drift_all", "total_us", "supply")
SIZES = (
    *("us_import_share", "us_premium", "us_premium_2021", "us_output", "russia_exports_world"),
    "supply_panel",
)
FITTED = ("drift", "freight_level", "supply_elasticity:smelter")
SHARE = "us_import_share"


def fault(table: Table, line: int | None, wrong: Wrong) -> Fault:
    """Return a fault of a table."""
    field, found, allowed, fix = wrong
    return Fault(table.file, found, allowed, fix, line, None, field)


def day_of(text: str) -> date | None:
    """Return a day written YYYY-MM-DD, ``None`` where it is none."""
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def year_of(text: str) -> int | None:
    """Return the year of a year or a day, ``None`` where it is neither."""
    day = day_of(text)
    if day is not None:
        return day.year
    return int(text) if text.isascii() and text.isdigit() and len(text) == len("2018") else None


@dataclass(frozen=True)
class RowCheck:
    """What a row of ``observed.csv`` may hold: known places and events, years (first, last)."""

    places: Collection[str]
    events: Collection[str]
    years: tuple[int, int]

    def wrong(self, cell: Mapping[str, str], value: float) -> Iterator[Wrong]:
        """Yield what is wrong between the cells of a row."""
        quantity = cell["quantity"]
        if quantity not in QUANTITIES:
            allowed = f"one of {', '.join(QUANTITIES)}"
            yield "quantity", f'"{quantity}"', allowed, "remove the row"
        elif cell["unit"] != UNITS[quantity]:
            fix = f"convert the value to {UNITS[quantity]}"
            yield "unit", f'"{cell["unit"]}"', f"{UNITS[quantity]} for {quantity}", fix
        if cell["region"] not in self.places:
            allowed = "a region of the pack, a country in one, or WORLD"
            yield "region", f'"{cell["region"]}"', allowed, "correct the code"
        if cell["event"] not in self.events:
            fix = "correct it, or add the event"
            yield "event", f'"{cell["event"]}"', "an event of events.csv", fix
        yield from _value(quantity, value, fitted=cell["calibration"] == "true")
        yield from self._date(cell)

    def _date(self, cell: Mapping[str, str]) -> Iterator[Wrong]:
        first, last = self.years
        year = year_of(cell["date"])
        if year is None:
            allowed = "a year, or a day as YYYY-MM-DD"
            yield "date", f'"{cell["date"]}"', allowed, "write for example 2018-04-06"
        elif not first <= year <= last:
            allowed = f"a year that the pack can be asked about: {first} to {last}"
            yield "date", f"the year {year}", allowed, "remove the row"
        elif cell["calibration"] == "true" and year > LAST_EVIDENCE:
            allowed = f"true only for figures up to {LAST_EVIDENCE}: later ones judge the fit"
            yield "calibration", f"true for {year}", allowed, "write false"


def _value(quantity: str, value: float, *, fitted: bool) -> Iterator[Wrong]:
    if quantity in SHARES and not 0.0 <= value <= 1.0:
        yield "value", f"a share of {value:g}", "a share from 0 to 1", "write 0.16 for 16 %"
    elif quantity != SIGNED and value < 0.0:
        yield "value", f"{value:g}", "a number of at least 0", "correct the value"
    elif quantity != SIGNED and fitted and value == 0.0:
        allowed = "a number above 0 where calibration is true: the fit takes its logarithm"
        yield "value", "0", allowed, "correct the value, or write false"


def event_faults(table: Table) -> list[Fault]:
    """Return days and years of events that are none."""
    faults: list[Fault] = []
    rows = zip(table.lines, table.text["starts"], table.text["years"], strict=True)
    for line, starts, years in rows:
        if day_of(starts) is None:
            fix = "write for example 2018-04-06"
            faults.append(fault(table, line, ("starts", f'"{starts}"', "a day as YYYY-MM-DD", fix)))
        if any(day_of(x) is not None or year_of(x) is None for x in years.split()):
            fix = "write for example 2019 2020"
            faults.append(
                fault(table, line, ("years", f'"{years}"', "years with blanks between", fix))
            )
    return faults


def lacking_rows(panel: Table, errors: Table, parameters: Table) -> list[Fault]:
    """Return the rows that the likelihood cannot do without and that are not there or empty."""
    sizes = zip(errors.text["quantity"], errors.number["value"], strict=True)
    held = {name for name, value in sizes if not math.isnan(value)}
    return [
        *_lacking(panel, "moment", MOMENTS, panel.text["moment"]),
        *_lacking(errors, "quantity", SIZES, held),
        *_lacking(parameters, "parameter", FITTED, parameters.text["parameter"]),
    ]


def _lacking(
    table: Table, field: str, names: Sequence[str], held: Collection[str]
) -> Iterator[Fault]:
    for name in names:
        if name not in held:
            wrong = (field, "none", f"a row {name} with a value", "add it, or correct its name")
            yield fault(table, None, wrong)


def parameter_faults(table: Table, pack: Pack) -> list[Fault]:
    """Return parameters without numbers of their own that ``priors.csv`` does not have either."""
    own = ("drift", "freight_level")
    faults: list[Fault] = []
    cells = zip(*(table.text[n] for n in ("parameter", "good", "region")), strict=True)
    for line, key in zip(table.lines, cells, strict=True):
        if PriorKey(*key) not in pack.priors.by_key and key[0] not in own:
            name = " ".join(part for part in key if part != "*")
            allowed = f"a row of priors.csv, or one of {', '.join(own)}"
            faults.append(fault(table, line, ("parameter", name, allowed, "correct the name")))
    return faults


def range_faults(table: Table) -> list[Fault]:
    """Return parameters whose median, low and high are out of order or not all there."""
    faults: list[Fault] = []
    numbers = zip(*(table.number[n] for n in ("low", "median", "high")), strict=True)
    names = table.text["parameter"]
    for line, name, row in zip(table.lines, names, numbers, strict=True):
        empty = all(map(math.isnan, row))
        if (name == "freight_level" or not empty) and not row[0] < row[1] < row[2]:
            said = ", ".join("nothing" if math.isnan(x) else f"{x:g}" for x in row)
            wrong = ("median", said, "low < median < high", "correct the numbers")
            faults.append(fault(table, line, wrong))
    return faults


def sign_faults(signs: Table, observed: Table, events: Collection[str]) -> list[Fault]:
    """Return directions between days that no row of ``observed.csv`` has.

    A row without a value is a gap and no fault, and so is a quantity that is observed nowhere:
    such a direction is counted as not checked.
    """
    names = ("quantity", "region", "date")
    rows = set(zip(*(observed.text[name] for name in names), strict=True))
    quantities = {(quantity, region) for quantity, region, _ in rows}
    faults: list[Fault] = []
    for i, line in enumerate(signs.lines):
        cell = {name: column[i] for name, column in signs.text.items()}
        place = (cell["quantity"], cell["region"])
        if cell["event"] not in events:
            allowed, fix = "an event of events.csv", "correct it, or add the event"
            faults.append(fault(signs, line, ("event", f'"{cell["event"]}"', allowed, fix)))
        if cell["quantity"] not in QUANTITIES:
            allowed, fix = f"one of {', '.join(QUANTITIES)}", "correct the name"
            faults.append(fault(signs, line, ("quantity", f'"{place[0]}"', allowed, fix)))
        for field in ("before", "after"):
            if place in quantities and (*place, cell[field]) not in rows:
                said = f"{' '.join(place)} {cell[field]}"
                allowed, fix = "a row of observed.csv", "correct the day, or remove the direction"
                faults.append(fault(signs, line, (field, said, allowed, fix)))
    return faults


def origin_faults(
    origins: Table, observed: Iterable[Observed], pack: Pack, base: int
) -> list[Fault]:
    """Return origins with an observed share that ``origins.csv`` does not have.

    A region of the pack that sent nothing in the base year needs no row: its share was zero. A
    country in a group needs one, for its part of the group is taken from there.
    """
    held = set(origins.text["country"])
    lanes = (key for key in pack.benchmarks[base].flow if key.good == pack.hubs[0].good)
    senders = {key.origin for key in lanes if key.destination == IMPORTER}
    silent = {r.code for r in pack.regions if len(r.members) < 2} - senders  # noqa: PLR2004
    seen = dict.fromkeys(o.region for o in observed if o.quantity == SHARE)
    return [
        fault(
            origins,
            None,
            (
                "country",
                f"no row {code}",
                "every origin of observed.csv",
                "add its imports of the base year",
            ),
        )
        for code in seen
        if code not in held | silent
    ]
