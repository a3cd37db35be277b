"""What the world showed: yearly shares of lanes, observed quantities and prices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from accord.pack.build import aluminium_2024, facts, latent, prices
from accord.pack.build.inputs import Inputs
from accord.pack.build.mirror import LaneName
from accord.pack.build.tables import number

YES, NO = "true", "false"
Observation = tuple[str, ...]


def observed_cells(inputs: Inputs) -> dict[LaneName, tuple[str, str]]:
    """Return the lanes of 2024 that are fitted, with source and status."""
    return {
        (row["good"], row["origin"], row["destination"]): (row["source"], row["status"])
        for row in inputs.rows("observed_flows")
        if row["year"] == aluminium_2024.YEAR and row["fitted"] == YES
    }


def observed_2017(folder: Path) -> list[Observation]:
    """Return US imports of 2017 as customs had them, and the LME price."""
    year = "2017"
    customs = aluminium_2024.us_imports(folder, year)
    rows = [
        _imports(("USA", origin), customs[origin], year, ("comtrade", "reported"), YES)
        for origin in ("ARE", "ARG", "AUS", "CAN", "IND", "RUS", "ZAF")
    ]
    total = sum(kt for origin, kt in customs.items() if origin != "WLD")
    rows.append(_imports(("USA", ""), total, year, ("comtrade", "derived"), YES))
    return [*rows, _lme(folder, year, YES)]


def observed_2024(folder: Path, inputs: Inputs) -> list[Observation]:
    """Return what was seen in 2024: US imports, Russian lanes, prices, US primary output."""
    year = aluminium_2024.YEAR
    customs = aluminium_2024.us_imports(folder, year)
    rows = _lane_rows(inputs, year, customs)
    seen = ("metalnomist_2025", "reported")
    rows.append(_imports(("USA", ""), customs["WLD"], year, seen, YES))
    ingot = prices.references(folder, inputs, year)["us_ingot"]
    price = number(ingot, 2)
    rows.append(("buyer_price", "USA", "", price, "USD/t", year, "usgs_mcs2026", "derived", YES))
    made, _ = aluminium_2024.usgs(folder, inputs, year, aluminium_2024.SECTIONS["smelter"])
    for region in ("CAN", "CHN", "RUS", "USA"):
        value = number(made[region])
        rows.append(
            ("smelter_output", region, "", value, "kt", year, "usgs_mcs2026", "reported", YES)
        )
    return [*rows, _lme(folder, year, YES)]


def observed_2025(folder: Path, inputs: Inputs) -> list[Observation]:
    """Return what was seen in 2025 and nothing is fitted to."""
    return [*_lane_rows(inputs, "2025", {}), _lme(folder, "2025", NO)]


def _lane_rows(inputs: Inputs, year: str, customs: Mapping[str, float]) -> list[Observation]:
    """Return the observed lanes of aluminium; a value that is a word is looked up in customs."""
    rows: list[Observation] = []
    for row in inputs.rows("observed_flows"):
        if row["year"] == year and row["good"] == "aluminium":
            value = facts.value(row["value"])
            seen = customs[row["origin"]] if value is None else value
            lane = (row["destination"], row["origin"])
            rows.append(_imports(lane, seen, year, (row["source"], row["status"]), row["fitted"]))
    return rows


def _imports(
    lane: tuple[str, str], value: float, year: str, origin: tuple[str, str], fitted: str
) -> Observation:
    """Return imports of a (destination, partner); ``origin`` is source and status."""
    return ("imports", *lane, number(value), "kt", year, *origin, fitted)


def _lme(folder: Path, year: str, fitted: str) -> Observation:
    value = number(prices.lme(folder)[year], 2)
    return ("hub_price", "WORLD", "", value, "USD/t", year, "pink_sheet", "reported", fitted)


SHARES = "good,origin,destination,year,flow,imports,unit,share,source,status"
LATER = "year,share,basis,source,status"


def later_table(folder: Path) -> list[tuple[str, ...]]:
    """Return Russia's share of US imports after 2017, one figure a source."""
    return [
        (row["year"], row["share"], row["basis"], "us_imports", _status(row["status"]))
        for row in latent.later_us_rows(folder)
    ]


def _status(text: str) -> str:
    return "derived" if text in {"computed", "derived"} else "reported"
