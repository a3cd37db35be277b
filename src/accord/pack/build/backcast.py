"""Tables of the back-cast: what was observed after 2017, what was not, and inputs of later years.

Nothing is filled. A figure that a year, a unit or a region does not fit is left out and listed in
``missing.csv`` with the reason, and so is every figure that one would want and nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accord.pack.build import facts, prices, tables
from accord.pack.build.backcast_inputs import (
    US_IMPORTS,
    YEARS,
    deflator_rows,
    driver_rows,
    origin_rows,
    us_primary,
)
from accord.pack.build.backcast_panel import panel_rows
from accord.pack.build.tables import Row, number

TRADE = "trade_by_region_2010_2017.csv"
RUSSIA = "russia_aluminium_exports_recent.csv"
CENTS = 100.0

OBSERVED = "quantity,region,date,event,value,unit,source,status,calibration,note"
MISSING = "quantity,region,date,why"
DRIVERS = "kind,region,year,value,unit,source,status"
INDEX = "year,value,unit,source,status"
ORIGINS = "country,region,value,unit,year,source,status"
PANEL = "moment,good,value,error,count,unit,source,status,note"

SOURCES = {
    "FOCUS19": "focus_2019",
    "MEM20": "mem_2020",
    "REUTERS23": "reuters_2023",
    "WPR23": "wpr_2023",
    "METALNOMIST25": "metalnomist_2025",
    "MILO20-COMTRADE": "comtrade",
}
CUSTOMS = "HS7601, US customs data"
WANTED_LANES = ("CHN", "EUN", "JPN", "KOR", "TUR")
RUSSIAN_EXPORTS = {
    ("2021", "WLD"): ("WORLD", "smm_2022", "reported", ""),
    ("2021", "TUR"): ("TUR", "smm_2022", "reported", "22.2 % of the total; largely transit"),
    ("2021", "JPN"): ("JPN", "smm_2022", "reported", ""),
    ("2021", "CHN"): ("CHN", "smm_2022", "reported", ""),
    ("2024", "CHN"): ("CHN", "rulom_2025", "derived", "2025 less growth of 52 %"),
    ("2024", "EU27"): ("EUN", "ecd_2025", "derived", "275 kt is 80 % of it"),
    ("2025", "CHN"): ("CHN", "rulom_2025", "reported", ""),
}
"""Rows of the table of Russian exports that are a calendar year's tonnes to a region."""
EXCLUDED = {
    ("us_import_share", "2018", "RUS"): "sanctions of that year are not modelled: not in the fit",
    ("us_import_share", "2019", "RUS"): (
        "sanctions ended on 27 January 2019, when the year's contracts were made: not in the fit"
    ),
    ("russia_exports", "2021", "CHN"): "a lane that opened after 2017: not in the fit",
}


Name = tuple[str, str, str]
"""Quantity, region, date."""


@dataclass
class Found:
    """Rows of observed.csv and missing.csv as they are gathered."""

    events: dict[str, str]
    observed: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    missing: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    def add(
        self,
        name: Name,
        amount: tuple[float, str],
        origin: tuple[str, str],
        note: str = "",
        event: str = "",
    ) -> None:
        """Add a figure: value and unit, source and status, its event if not the date's own."""
        quantity, region, date = name
        value, unit = amount
        excluded = EXCLUDED.get((quantity, date[:4], region), "")
        used = "true" if date[:4] <= "2022" and not excluded and quantity in FITTED else "false"
        why = "; ".join(filter(None, (note, excluded)))
        named = event or self.events[date]
        self.observed.append(
            (quantity, region, date, named, number(value), unit, *origin, used, why)
        )

    def lacks(self, quantity: str, region: str, date: str, why: str) -> None:
        """Add a figure that is not there, or does not fit."""
        self.missing.append((quantity, region, date, why))

    def gaps(self, quantity: str, region: str, years: Iterable[str] = YEARS) -> None:
        """Add the years of a quantity that nobody gave."""
        seen = {row[2][:4] for row in self.observed if row[:2] == (quantity, region)}
        for year in years:
            if year not in seen:
                self.lacks(quantity, region, year, "no figure in the sources")


FITTED = ("us_import_share", "us_imports", "us_premium", "us_output", "russia_exports")
"""Quantities whose figures to 2022 the updated parameters are fitted to."""


def sheets(folder: Path, out: Path) -> list[tuple[str, str, Sequence[tuple[str, ...]]]]:
    """Return (path, header, rows) of each built table of the back-cast.

    ``folder`` holds the sources, ``out`` the pack with its hand-written ``backcast/`` and its
    ``regions.csv``. Without the trade table the panel's moments stay as they ship.
    """
    regions = {
        code: row["region"]
        for row in tables.read(out / "regions.csv")
        for code in (row["region"], *row["members"].split())
    }
    found = observe(folder, out / "backcast")
    built: list[tuple[str, str, Sequence[tuple[str, ...]]]] = [
        ("backcast/observed.csv", OBSERVED, found.observed),
        ("backcast/missing.csv", MISSING, found.missing),
        ("backcast/drivers.csv", DRIVERS, driver_rows(folder, out, regions)),
        ("backcast/deflator.csv", INDEX, deflator_rows(folder)),
        ("backcast/origins.csv", ORIGINS, origin_rows(folder, regions)),
    ]
    if (folder / TRADE).is_file():
        built.append(("backcast/panel.csv", PANEL, panel_rows(folder)))
    return built


def observe(folder: Path, hand: Path) -> Found:
    """Return what was observed after 2017, and what was not."""
    found = Found(_Events(tables.read(hand / "events.csv")))
    _us_imports(folder, found)
    _prices(folder, hand, found)
    _us_output(folder, found)
    _russian_exports(folder, found)
    return found


class _Events(dict[str, str]):
    """The event that a date belongs to: by year, or for a day the last modelled one begun."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__({year: row["event"] for row in rows for year in row["years"].split()})
        modelled = [row for row in rows if row["modelled"] == "true"]
        self.begun = sorted((row["starts"], row["event"]) for row in modelled)

    def __missing__(self, day: str) -> str:
        begun = [event for starts, event in self.begun if starts <= day]
        return begun[-1] if begun else self.begun[0][1]


def _us_imports(folder: Path, found: Found) -> None:
    """Add totals and shares by origin: tonnes from the origin over the total of the same year."""
    rows = [r for r in facts.read(folder, US_IMPORTS) if r["year"] in YEARS and r["kt"]]
    totals: dict[str, Row] = {}
    for row in rows:
        if row["origin_iso3"] == "WLD":
            taken = totals.get(row["year"])
            if taken is None or row["basis"] == CUSTOMS:
                totals[row["year"]] = row
    for row in rows:
        if row["origin_iso3"] == "WLD" and row is not totals[row["year"]]:
            why = f"a second total ({row['kt']} kt, rounded by its publisher)"
            found.lacks("us_imports", "USA", row["year"], why)
    for year, row in totals.items():
        status = "derived" if row["status"] == "derived" else "reported"
        source = SOURCES[row["source_id"]]
        amount = (float(row["kt"]), "kt")
        found.add(("us_imports", "USA", year), amount, (source, status), row["basis"])
    for row in rows:
        if row["origin_iso3"] == "WLD":
            continue
        total = totals[row["year"]]
        share = float(row["kt"]) / float(total["kt"])
        sources = "; ".join(dict.fromkeys(SOURCES[r["source_id"]] for r in (row, total)))
        note = f"{row['kt']} of {total['kt']} kt"
        name = ("us_import_share", row["origin_iso3"], row["year"])
        found.add(name, (share, "fraction"), (sources, "derived"), note)
    found.gaps("us_imports", "USA")
    found.gaps("us_import_share", "RUS")
    found.gaps("us_import_share", "CAN")
    found.lacks("us_import_share", "RUS", "2022", "a second figure: 3 % of all aluminium products")
    found.lacks("us_import_share", "RUS", "2018", "a second figure: 8.9 % of metal and alloys")


def _prices(folder: Path, hand: Path, found: Found) -> None:
    lme = prices.lme(folder)
    for year in YEARS:
        found.add(("hub_price", "WORLD", year), (lme[year], "USD/t"), ("pink_sheet", "reported"))
        ingot = _ingot(folder, year)
        if ingot is not None:
            premium = ingot * prices.CENTS_PER_POUND - lme[year]
            note = f"US ingot price of {ingot:g} cents a pound less LME"
            origin = ("usgs_mcs2026; pink_sheet", "derived")
            found.add(("us_premium", "USA", year), (premium, "USD/t"), origin, note)
    for row in tables.read(hand / "points.csv"):
        per_pound = row["unit"] == "USD/lb"
        value = float(row["value"]) * (CENTS * prices.CENTS_PER_POUND if per_pound else 1.0)
        unit = "USD/t" if per_pound else row["unit"]
        origin = (row["source"], row["status"])
        name = (row["quantity"], row["region"], row["date"])
        found.add(name, (value, unit), origin, row["note"], row["event"])
    for row in facts.read(folder, "price_points.csv"):
        if row["series"] == "midwest_premium":
            _premium_point(row, found)
    found.gaps("us_premium", "USA")


def _premium_point(row: Row, found: Found) -> None:
    if len(row["date"]) < len("2025-01-02"):
        why = f"a month's figure without a day ({row['value']} {row['unit']})"
        found.lacks("us_premium", "USA", row["date"], why)
        return
    value = float(row["value"]) * prices.CENTS_PER_POUND
    status = "derived" if row["status"] == "derived" else "reported"
    origin = ("midwest_points", status)
    found.add(("us_premium", "USA", row["date"]), (value, "USD/t"), origin, row["note"])


def _ingot(folder: Path, year: str) -> float | None:
    try:
        return prices.usgs_price(folder, year, "Price, ingot")
    except StopIteration:
        return None


def _us_output(folder: Path, found: Found) -> None:
    for year, value in us_primary(folder).items():
        found.add(("us_output", "USA", year), (value, "kt"), ("usgs_mcs2026", "reported"))
    for row in facts.read(folder, "production_recent.csv"):
        named = (row["iso3"], row["item"]) == ("USA", "primary_aluminium")
        if named and row["status"] == "memory" and row["year"] in {"2018", "2019", "2020"}:
            why = f"{row['value']} kt, recalled and not read at a source"
            found.lacks("us_output", "USA", row["year"], why)


def _russian_exports(folder: Path, found: Found) -> None:
    for row in facts.read(folder, RUSSIA):
        key = (row["period"], row["destination"])
        if key in RUSSIAN_EXPORTS and row["unit"] == "kt":
            region, source, status, note = RUSSIAN_EXPORTS[key]
            value = float(row["value"])
            said = "; ".join(filter(None, (row["basis"].split(";")[0], note)))
            found.add(("russia_exports", region, key[0]), (value, "kt"), (source, status), said)
        elif row["unit"] == "share":
            for year in ("2022", "2024"):
                found.lacks("eu_import_share", "RUS", year, "January to October only")
        else:
            found.lacks("russia_exports", key[1], key[0], _why_not(row))
    for region in WANTED_LANES:
        found.gaps("russia_exports", region)


def _why_not(row: Row) -> str:
    if row["unit"] != "kt":
        return f"in {row['unit']}, not tonnes"
    if not row["period"].isdigit():
        return f"not a calendar year ({row['value']} kt)"
    return f"no region of the pack ({row['value']} kt)"
