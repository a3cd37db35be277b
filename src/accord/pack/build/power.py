"""Power per tonne, power prices and emissions of plants by region."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from accord.pack.build import facts
from accord.pack.build.inputs import Inputs, most_specific

KWH_PER_MWH = 1000.0
MJ_PER_GJ = 1000.0
YEAR = "2017"
POWER_AREAS = {"Europe": "Europe (incl. Russia)"}


def smelter_power(folder: Path) -> dict[str, float]:
    """Return alternating-current power per tonne by area, MWh/t."""
    return {
        row["region"]: float(row["kwh_per_t"]) / KWH_PER_MWH
        for row in facts.read(folder, "smelting_kwh_per_t_iai_1980_2017.csv")
        if row["year"] == YEAR and row["current"] == "AC"
    }


def refinery_fuel(folder: Path, year: str = "2016") -> dict[str, float]:
    """Return fuel per tonne of alumina by area, GJ/t (2016: 2017 has a slip for Oceania)."""
    return {
        row["region"]: float(row["mj_per_t_alumina"]) / MJ_PER_GJ
        for row in facts.read(folder, "alumina_refining_mj_per_t_iai_1985_2023.csv")
        if row["year"] == year
    }


def grid_factor(folder: Path, inputs: Inputs, region: str, area: str) -> tuple[float, str]:
    """Return t CO2 per MWh of a region's smelters and the status of that figure."""
    factors = {row["fuel"]: float(row["value"]) for row in inputs.rows("emission_factors")}
    own = {
        r["fuel"]: float(r["share"]) for r in inputs.rows("power_mix_own") if r["region"] == region
    }
    if own:
        return _mean(own, factors), "assumed"
    name = POWER_AREAS.get(area, area)
    mix = {
        row["fuel"]: float(row["gwh"])
        for row in facts.read(folder, "smelting_power_mix_iai_2015_2021.csv")
        if row["year"] == YEAR and row["region"] == name
    }
    return _mean(mix, factors), "derived"


def _mean(mix: Mapping[str, float], factors: Mapping[str, float]) -> float:
    total = sum(mix.values())
    return sum(share * factors[fuel] for fuel, share in mix.items()) / total


def power_price(inputs: Inputs, region: str, year: str) -> dict[str, str]:
    """Return the row with a region's power price for a year."""
    row = most_specific(inputs.rows("power_prices"), region=region, year=year)
    if row is None:
        message = f"inputs/power_prices.csv has no price for {region} in {year}"
        raise KeyError(message)
    return row
