"""What the world showed of the rare-earth chain: stage shares, mine output, US import sources.

``basis`` says what a row proves: ``identity`` follows from the books as they are set up, ``fit``
was used to set them, ``check`` was not.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from accord.pack.build import facts
from accord.pack.build.rare_earths_year import Year

STATUS = {"verified": "reported", "computed": "derived", "memory": "assumed"}


def figure(value: float) -> str:
    """Return a number as text with twelve digits: chains multiply, and balances must close."""
    return f"{value:.12g}"


def stage_rows(folder: Path, year: Year) -> Iterable[tuple[str, ...]]:
    """Return quantity, region, partner, value, unit, year, source, status, basis and a note."""
    yield from _mine_rows(folder, year)
    yield from _share_rows(folder)
    yield from _source_rows(folder)


def _mine_rows(folder: Path, year: Year) -> Iterable[tuple[str, ...]]:
    for row in facts.read(folder, "ree_production_reserves.csv"):
        key = (row["edition"], row["year"], row["metric"])
        wanted = key == (year.edition, year.mined, "mine_production")
        if wanted and row["iso3"] in {"AUS", "CHN", "IND", "MMR", "MYS", "RUS", "USA", "VNM"}:
            value = figure(float(row["value_t_reo"]))
            yield (
                *("mine_output", row["iso3"], "", value, "t REO"),
                *(year.year, year.mine_source, "reported", "identity", ""),
            )
        if wanted and row["iso3"] == "WLD":
            value = figure(float(row["value_t_reo"]))
            note = "rounded in the source: its countries sum to 384,000"
            yield (
                *("mine_output", "WORLD", "", value, "t REO"),
                *(year.year, year.mine_source, "reported", "check", note),
            )


_STAGES = (
    # stage in the source, region, year, our quantity, basis, note
    ("mining (all REO)", "CHN", "2024", "mine_share", "identity", ""),
    ("mining (magnet REE)", "CHN", "2023", "magnet_mine_share", "check", "see docs: not reached"),
    ("refining (magnet REE)", "CHN", "2023", "magnet_refining_share", "check", ""),
    ("refining (magnet REE)", "MYS", "2023", "magnet_refining_share", "fit", ""),
    ("refining (magnet REE)", "CHN", "2024", "magnet_refining_share", "check", ""),
    ("metal refining", "CHN", "2020", "metal_share", "fit", "set to 91, between 2020 and 2024"),
    ("sintered permanent magnets", "CHN", "2024", "magnet_share", "fit", ""),
    ("magnets", "JPN", "2020", "magnet_share", "check", "four years earlier"),
    ("magnets", "VNM", "2020", "magnet_share", "check", "four years earlier"),
)
_SHARE_SOURCES = {"IEA GCMO 2024": "iea_gcmo2024", "US DOE": "doe_2022", "USGS": "usgs_mcs2026"}


def _share_rows(folder: Path) -> Iterable[tuple[str, ...]]:
    found = {
        (row["stage"], row["iso3"], row["year"]): row
        for row in facts.read(folder, "ree_stage_shares.csv")
    }
    for stage, region, year, quantity, basis, note in _STAGES:
        row = found[stage, region, year]
        source = next(
            (i for name, i in _SHARE_SOURCES.items() if row["source"].startswith(name)),
            "iea_gcmo2025",
        )
        value = figure(float(row["value"]) / 100.0)
        status = STATUS[row["status"]]
        yield quantity, region, "", value, "fraction", year, source, status, basis, note
    demand = found["magnet REE demand, t", "WLD", "2023"]
    note = "demand in the source; oxide or metal unsaid"
    yield (
        *("magnet_ree_supply", "WORLD", "", figure(float(demand["value"])), "t"),
        *("2023", "iea_gcmo2024", "reported", "check", note),
    )


_PARTNERS = {"China": "CHN", "Malaysia": "MYS", "Japan": "JPN", "Estonia": "EUN"}


def _source_rows(folder: Path) -> Iterable[tuple[str, ...]]:
    for row in facts.read(folder, "ree_us_import_sources_2021_24.csv"):
        if row["commodity"] == "Rare Earths" and row["partner"] in _PARTNERS:
            note = "Estonia alone in the source" if row["partner"] == "Estonia" else ""
            value = figure(float(row["share_pct"]) / 100.0)
            yield (
                *("us_import_share", "USA", _PARTNERS[row["partner"]], value, "fraction"),
                *("2024", "usgs_mcs2026", "reported", "fit", note or "mean of 2021-24"),
            )
