"""Plants one by one where the sources list them: each one's part of its country's figures.

Output is split in proportion to capacity, because no source has the output of each plant in a
year. Power per tonne follows the technique of the pots, scaled so that the mean of a country's
plants is the figure of its area. Power price and carbon are those of the plant's grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.errors import Fault, InputError
from accord.pack.build import facts
from accord.pack.build.inputs import Inputs, most_specific
from accord.pack.build.tables import Row, number

LISTED = "russia_smelters.csv"
LISTED_YEAR = "2021"
REST = "rest"

Found = tuple[float, str, str, str]
"""Value, unit, source, status."""


@dataclass(frozen=True)
class Country:
    """The figures of a kind of activity in a region that its plants share: kt, MWh/t, t CO2/t.

    ``capacity`` is the country's where one is stated; ``anodes`` what a tonne emits besides power.
    """

    kind: str
    region: str
    year: str
    level: float
    capacity: float | None
    power: float
    anodes: float


@dataclass(frozen=True)
class Plant:
    """One plant of a year: capacity and output in kt, and the rows that say what it runs on."""

    row: Row
    capacity: float
    output: float
    power: float


def plants_of(folder: Path, inputs: Inputs, country: Country) -> list[Plant]:
    """Return the plants that stand in the year; none where the sources list none."""
    rows = _rows(inputs, country)
    capacity = _capacities(folder, rows, country)
    standing = [row for row in rows if capacity[row["plant"]] > 0.0]
    if not standing:
        return []
    total = sum(capacity.values())
    outputs = [round(country.level * capacity[r["plant"]] / total, 4) for r in standing]
    largest = max(range(len(outputs)), key=lambda i: outputs[i])
    outputs[largest] += country.level - sum(outputs)
    index = {r["technique"]: float(r["value"]) for r in inputs.rows("plant_techniques")}
    worked = zip(standing, outputs, strict=True)
    mean = sum(index[row["technique"]] * output for row, output in worked) / sum(outputs)
    return [
        Plant(
            row=row,
            capacity=capacity[row["plant"]],
            output=output,
            power=country.power * index[row["technique"]] / mean,
        )
        for row, output in zip(standing, outputs, strict=True)
    ]


def _rows(inputs: Inputs, country: Country) -> list[Row]:
    """Return the row of each listed plant that fits the year best."""
    place = (country.kind, country.region)
    here = [row for row in inputs.rows("plants") if (row["kind"], row["region"]) == place]
    names = sorted({row["plant"] for row in here})
    found = (most_specific(here, plant=name, year=country.year) for name in names)
    return [row for row in found if row is not None]


def _capacities(folder: Path, rows: list[Row], country: Country) -> dict[str, float]:
    """Return capacity by plant, kt: a part of the listed one, or the rest of the country's."""
    listed = {row["smelter"]: float(row["capacity_kt"]) for row in facts.read(folder, LISTED)}
    found = {
        row["plant"]: listed[row["listed_as"]] * float(row["part"])
        for row in rows
        if row["part"] != REST
    }
    for row in rows:
        if row["part"] == REST:
            rest = (country.capacity or 0.0) - sum(found.values())
            if rest <= 0.0:
                raise InputError([_nothing_left(row, country, rest)])
            found[row["plant"]] = round(rest, 4)
    return found


def _nothing_left(row: Row, country: Country, rest: float) -> Fault:
    return Fault(
        "inputs/plants.csv",
        f"{rest:,.1f} kt left of the capacity of {country.region} in {country.year}",
        "a stated capacity of the country above the sum of its other plants",
        "write the part of its own capacity that stands, instead of rest",
        term=row["plant"],
        field="part",
    )


def items(plant: Plant, inputs: Inputs, country: Country) -> dict[str, Found]:
    """Return what sets a plant apart from its country: the items of its rows in activities.csv."""
    grid = {r["item"]: r for r in inputs.rows("grids") if r["grid"] == plant.row["grid"]}
    price = grid["power_price"]
    carbon = _carbon(grid, inputs) * plant.power + country.anodes
    row = plant.row
    return {
        "capacity": (plant.capacity, "kt", row["source"], row["status"]),
        "output": (plant.output, "kt", row["source"], "derived"),
        "power": (round(plant.power, 4), "MWh/t", "iai_power; techniques", "derived"),
        "power_price": (float(price["value"]), "USD/MWh", price["source"], price["status"]),
        "emissions": (round(carbon, 3), "tCO2/t", "power_mix; iai_power", "derived"),
    }


def _carbon(grid: Mapping[str, Row], inputs: Inputs) -> float:
    """Return t CO2 per MWh of a grid."""
    factors = {row["fuel"]: float(row["value"]) for row in inputs.rows("emission_factors")}
    mix = {name: float(r["value"]) for name, r in grid.items() if name.startswith("mix:")}
    return sum(share * factors[name.removeprefix("mix:")] for name, share in mix.items())


def described(folder: Path, inputs: Inputs) -> list[tuple[str, ...]]:
    """Return the rows of plants.csv: where each plant stands, how it works, what is listed."""
    listed = {row["smelter"]: row for row in facts.read(folder, LISTED)}
    rows: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in inputs.rows("plants"):
        fact = listed[row["listed_as"]]
        status = "assumed" if row["status"] == "assumed" and row["year"] == "*" else "reported"
        key = (row["kind"], row["region"], row["plant"])
        words = (fact["smelter"], fact["region"], fact["technology"], fact["main_power_source"])
        figure = (number(float(fact["capacity_kt"])), "kt", LISTED_YEAR, row["source"], status)
        if row["year"] == "*":
            rows[key] = (*key, *words, row["grid"], *figure)
    return list(rows.values())
