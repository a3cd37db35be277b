"""Inputs of the back-cast: outputs of later years, the deflator, imports of the base year."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from accord.pack.build import facts, tables
from accord.pack.build.tables import Row, number

BASE, FIRST, LAST = 2017, 2018, 2025
YEARS = tuple(str(year) for year in range(FIRST, LAST + 1))
US_IMPORTS = "us_imports_unwrought_by_origin_2010_2024.csv"
USGS = "usgs_mcs2026_aluminium_bauxite_alumina.csv"
DEFLATOR = "../macro/macro_wdi_long.csv.gz"


def us_primary(folder: Path) -> dict[str, float]:
    """Return US primary output by year, kt: the salient table, else the world table."""
    found: dict[str, float] = {}
    for row in facts.read(folder, USGS):
        detail = row["Statistics_detail"]
        salient = row["Section"].startswith("Salient") and detail == "Production: Primary"
        world = row["Section"].startswith("World") and detail == "Smelter production"
        value = facts.value(row["Value"])
        if row["Country"] == "United States" and (salient or world) and value is not None:
            found.setdefault(row["Year"], value)
    return dict(sorted(found.items()))


def driver_rows(folder: Path, out: Path, regions: dict[str, str]) -> list[tuple[str, ...]]:
    """Return smelter output by region and year where all of a region is observed, and WORLD."""
    names = {row["name"]: row["region"] for row in tables.read(out / "inputs" / "usgs_names.csv")}
    rows = [*_usgs_outputs(folder, names, regions), *_other_outputs(folder, regions)]
    return [("smelter", region, year, number(v), "kt", *o) for region, year, v, o in rows]


Output = tuple[str, str, float, tuple[str, str]]


def _usgs_outputs(folder: Path, names: dict[str, str], regions: dict[str, str]) -> list[Output]:
    origin = ("usgs_mcs2026", "reported")
    found: list[Output] = [
        ("USA", year, value, origin) for year, value in us_primary(folder).items() if year in YEARS
    ]
    for row in facts.read(folder, USGS):
        detail = row["Statistics_detail"]
        if not row["Section"].startswith("World") or not detail.startswith("Smelter production"):
            continue
        region = "WORLD" if row["Country"] == "World total" else names.get(row["Country"], "")
        single = region == "WORLD" or list(regions.values()).count(region) <= ONE_COUNTRY
        value = facts.value(row["Value"])
        if region and region != "USA" and single and value is not None:
            found.append((region, row["Year"], value, origin))
    return found


ONE_COUNTRY = 2
"""How often a region of one country stands in the table of codes: its own code and its member's."""


def _other_outputs(folder: Path, regions: dict[str, str]) -> list[Output]:
    """Return outputs of 2022 and 2023 from lists of countries, for regions that are complete."""
    sources = {"2022": ("production_2022", "reported"), "2023": ("usgs_mcs2024", "reported")}
    sums: dict[tuple[str, str], dict[str, float]] = {}
    for row in facts.read(folder, "production_recent.csv"):
        if row["item"] != "primary_aluminium" or row["year"] not in sources:
            continue
        region = "WORLD" if row["iso3"] == "WLD" else regions[row["iso3"]]
        if region != "USA" and row["status"] != "memory":
            sums.setdefault((region, row["year"]), {})[row["iso3"]] = float(row["value"])
    makers = _makers(folder)
    found: list[Output] = []
    for (region, year), parts in sorted(sums.items()):
        whole = region == "WORLD" or makers.get(region, set()) <= set(parts)
        if whole:
            origin = ("iai_production", "reported") if region == "WORLD" else sources[year]
            found.append((region, year, sum(parts.values()), origin))
    return found


def _makers(folder: Path) -> dict[str, set[str]]:
    """Return the countries of each region that smelted in any year to 2017."""
    found: dict[str, set[str]] = {}
    for row in facts.read(folder, "production_usgs_2010_2017.csv"):
        value = facts.value(row["value_kt"])
        if row["stage"] == "primary_aluminium" and value:
            found.setdefault(row["region"], set()).add(row["iso3"])
    return found


def deflator_rows(folder: Path) -> list[tuple[str, ...]]:
    """Return the US GDP deflator, 2017 = 1."""
    level = 1.0
    rows = [(str(BASE), "1", "1", "wdi", "derived")]
    rates = {
        row["year"]: float(row["value"])
        for row in _zipped(folder / DEFLATOR)
        if (row["iso3"], row["indicator"]) == ("USA", "gdp_deflator_pct")
    }
    for year in YEARS:
        level *= 1.0 + rates[year] / 100.0
        rows.append((year, number(level), "1", "wdi", "derived"))
    return rows


def _zipped(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def origin_rows(folder: Path, regions: dict[str, str]) -> list[tuple[str, ...]]:
    """Return US imports of 2017 by country, with the region of each, kt."""
    return [
        (
            *(row["origin_iso3"], regions.get(row["origin_iso3"], "ROW")),
            *(row["kt"], "kt", str(BASE), "comtrade", "reported"),
        )
        for row in facts.read(folder, US_IMPORTS)
        if row["year"] == str(BASE) and row["origin_iso3"] != "WLD" and float(row["kt"]) > 0.0
    ]
