"""Rows about plants: capacities, input ratios, power, emissions; and levels of later years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from accord.pack.build import aluminium_2024, facts, power, single_plants
from accord.pack.build.aluminium_2017 import TECHNIQUES
from accord.pack.build.books import Books, Plant
from accord.pack.build.inputs import Inputs, most_specific
from accord.pack.build.mirror import LaneName
from accord.pack.build.tables import Row, number

SINCE = "2014"
"""From this year on a region's largest output shows what capacity it may still have."""

Found = tuple[float, str, str, str]
"""Value, unit, source, status."""


@dataclass(frozen=True)
class Plants:
    """What the rows of activities.csv are made from. ``flows`` are the rounded ones, kt."""

    folder: Path
    inputs: Inputs
    year: str
    books: Books
    flows: Mapping[LaneName, float]

    @cached_property
    def areas(self) -> dict[str, Row]:
        """Places by region, with the areas of the industry's statistics."""
        return {row["region"]: row for row in self.inputs.rows("places")}

    @cached_property
    def techniques(self) -> list[Row]:
        """Input ratios, power and emissions by kind and region."""
        return self.inputs.rows("techniques")

    @cached_property
    def rule(self) -> dict[str, float]:
        """Numbers of the build's rules."""
        return self.inputs.rule()

    @cached_property
    def smelter_power(self) -> dict[str, float]:
        """MWh per tonne by area."""
        return power.smelter_power(self.folder)

    @cached_property
    def refinery_fuel(self) -> dict[str, float]:
        """GJ per tonne of alumina by area."""
        return power.refinery_fuel(self.folder)

    @cached_property
    def factors(self) -> dict[str, float]:
        """Emission factors."""
        return {r["fuel"]: float(r["value"]) for r in self.inputs.rows("emission_factors")}

    @cached_property
    def capacities(self) -> dict[str, Found]:
        """Smelter capacity by region where one is known, kt/yr."""
        return smelter_capacity(self.folder, self.inputs, self.year, self.books)

    def level(self, kind: str, region: str) -> float:
        """Return an activity's output in the rounded flows, kt."""
        good = TECHNIQUES[kind].output
        if kind == "remelting":
            return round(self.books.outputs[kind, region], 4)
        total = sum(v for (g, i, _), v in self.flows.items() if (g, i) == (good, region))
        if kind == "smelter" and ("remelting", region) in self.books.outputs:
            total -= round(self.books.outputs["remelting", region], 4)
        return total


def activity_rows(plants: Plants) -> list[tuple[str, ...]]:
    """Return the rows of activities.csv."""
    rows: list[tuple[str, ...]] = []
    for kind, region in sorted(plants.books.outputs):
        for plant, items in _each(plants, kind, region).items():
            name = (kind, region, plant)
            for item, (value, unit, source, status) in items.items():
                rows.append((*name, item, number(value, 8), unit, plants.year, source, status))
    return rows


def _each(plants: Plants, kind: str, region: str) -> dict[str, dict[str, Found]]:
    """Return the items of each plant; of the one activity without a plant's name where none is."""
    whole = _items(plants, kind, region)
    if kind != "smelter":
        return {"": whole}
    country = single_plants.Country(
        kind=kind,
        region=region,
        year=plants.year,
        level=whole["output"][0],
        capacity=whole["capacity"][0] if region in plants.capacities else None,
        power=whole["power"][0],
        anodes=plants.factors["anode and process"],
    )
    found = single_plants.plants_of(plants.folder, plants.inputs, country)
    if not found:
        return {"": whole}
    return {
        plant.row["plant"]: whole | single_plants.items(plant, plants.inputs, country)
        for plant in found
    }


def _items(plants: Plants, kind: str, region: str) -> dict[str, Found]:
    level = plants.level(kind, region)
    source = "reconciled" if plants.year == "2017" else "carried"
    good = TECHNIQUES[kind].output
    found: dict[str, Found] = {
        f"output:{good}": (1.0, "t/t", source, "derived"),
        "capacity": _capacity(plants, kind, region, level),
    }
    if good == "aluminium":
        found["output"] = (level, "kt", source, "derived")
    ratio = plants.books.inputs.get((kind, region))
    taken = TECHNIQUES[kind].input
    if ratio is not None and taken is not None:
        found[f"input:{taken}"] = (ratio, "t/t", source, "derived")
    return found | _power(plants, kind, region) | _emissions(plants, kind, region)


def _capacity(plants: Plants, kind: str, region: str, level: float) -> Found:
    if kind == "smelter" and region in plants.capacities:
        return plants.capacities[region]
    slack = plants.rule[f"{kind}_slack"]
    return (round(level / slack, 4), "kt", "slack", "assumed")


def _power(plants: Plants, kind: str, region: str) -> dict[str, Found]:
    if kind == "smelter":
        area = plants.areas[region]["smelting_area"]
        use: Found = (plants.smelter_power[area], "MWh/t", "iai_power", "reported")
    else:
        row = most_specific(plants.techniques, kind=kind, region=region, item="power")
        if row is None:
            return {}
        use = (float(row["value"]), "MWh/t", "techniques", "assumed")
    price = power.power_price(plants.inputs, region, plants.year)
    paid: Found = (float(price["value"]), "USD/MWh", price["source"], price["status"])
    return {"power": use, "power_price": paid}


def _emissions(plants: Plants, kind: str, region: str) -> dict[str, Found]:
    """Smelters: power times the mix's factor, and anodes; refineries: fuel times its factor."""
    if kind == "smelter":
        area = plants.areas[region]["smelting_area"]
        grid, _ = power.grid_factor(plants.folder, plants.inputs, region, area)
        anodes = plants.factors["anode and process"]
        value = plants.smelter_power[area] * grid + anodes
        return {"emissions": (round(value, 3), "tCO2/t", "power_mix; iai_power", "derived")}
    if kind == "refinery":
        area = plants.areas[region]["refining_area"]
        value = plants.refinery_fuel[area] * plants.factors["refining fuel"]
        return {"emissions": (round(value, 3), "tCO2/t", "power_mix; iai_refining", "derived")}
    row = most_specific(plants.techniques, kind=kind, region=region, item="emissions")
    if row is None:
        return {}
    return {"emissions": (float(row["value"]), "tCO2/t", "techniques", "assumed")}


def smelter_capacity(folder: Path, inputs: Inputs, year: str, books: Books) -> dict[str, Found]:
    """Return smelter capacities by region: USGS, its "other countries" split; 2017 US only."""
    if year == "2017":
        return _us_capacity_2017(folder, books)
    named, others = aluminium_2024.usgs(folder, inputs, year, "Yearend capacity")
    most = _most_made(folder, books)
    rest = {region: value for region, value in most.items() if region not in named}
    spread = others / sum(rest.values())
    found: dict[str, Found] = {
        region: (value, "kt", "usgs_mcs2026", "reported") for region, value in named.items()
    }
    for region, value in rest.items():
        found[region] = (round(value * spread, 4), "kt", "usgs_mcs2026", "derived")
    return found


def _most_made(folder: Path, books: Books) -> dict[str, float]:
    """Return each region's largest yearly output of primary metal in 2014-2017 or now, kt.

    It shows how much capacity stands among USGS's "other countries" better than this year's output.
    """
    years: dict[tuple[str, str], float] = {}
    for row in facts.read(folder, "production_usgs_2010_2017.csv"):
        value = facts.value(row["value_kt"])
        recent = row["year"] >= SINCE
        if recent and row["stage"] == "primary_aluminium" and value is not None:
            key = (row["region"], row["year"])
            years[key] = years.get(key, 0.0) + value
    found = {r: v for (kind, r), v in books.outputs.items() if kind == "smelter"}
    for (region, _), value in years.items():
        if region in found:
            found[region] = max(found[region], value)
    return found


def _us_capacity_2017(folder: Path, books: Books) -> dict[str, Found]:
    use = next(
        float(row["value"])
        for row in facts.read(folder, "production_recent.csv")
        if row["item"] == "smelter_capacity_utilisation" and row["year"] == "2017"
    )
    level = books.outputs["smelter", "USA"]
    return {"USA": (round(level / use, 1), "kt", "us_smelters", "derived")}


def level_rows(folder: Path, inputs: Inputs, books: Books) -> list[tuple[str, ...]]:
    """Return outputs of 2025 and smelter capacities; "other countries" split as in 2024.

    Outputs are those of the benchmark times USGS's growth, so that what was reconciled in 2024
    stays reconciled.
    """
    year = "2025"
    rows: list[tuple[str, ...]] = []
    base = aluminium_2024.outputs(folder, inputs, aluminium_2024.YEAR)
    for (kind, region), figure in sorted(aluminium_2024.outputs(folder, inputs, year).items()):
        if (kind, region) not in books.outputs:
            continue
        growth = figure.value / base[kind, region].value
        value = number(books.outputs[kind, region] * growth, 3)
        rows.append((kind, region, "output", value, "kt", year, figure.source, "derived"))
    for region, known in sorted(smelter_capacity(folder, inputs, year, books).items()):
        value, unit, source, status = known
        plant: Plant = ("smelter", region)
        if plant in books.outputs:
            rows.append((*plant, "capacity", number(value), unit, year, source, status))
    return rows
