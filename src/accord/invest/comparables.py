"""What comparable plants cost, and so what a sum of money buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from accord.invest.plan import HOURS
from accord.invest.tables import ProjectTables

TONNES = {"kt/yr": 1e3, "MW": 1.0}


@dataclass(frozen=True, slots=True)
class PlantCost:
    """One comparable plant: USD of ``price_year`` per t a year, or per MW.

    ``counted``: whether it is one of those that the range is of.
    """

    kind: str
    plant: str
    capacity: float
    cost: float
    year: int
    counted: bool
    source: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle and the most of several."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of values, of which there must be one at least."""
        return cls(min(values), median(values), max(values))


def plant_costs(tables: ProjectTables, price_year: int) -> tuple[PlantCost, ...]:
    """Return all comparable plants in dollars of one year (US GDP deflator)."""
    table = tables.plant_costs
    text, number = table.text, table.number
    notes = text.get("note", [""] * len(table))
    return tuple(
        PlantCost(
            text["kind"][i],
            text["plant"][i],
            number["capacity"][i] * TONNES[text["unit"][i]],
            tables.in_dollars_of(price_year, number["capex_mn_usd"][i], int(text["year"][i]))
            * 1e6
            / (number["capacity"][i] * TONNES[text["unit"][i]]),
            int(text["year"][i]),
            text["counted"][i] == "true",
            text["source"][i],
            text["status"][i],
            notes[i],
        )
        for i in range(len(table))
    )


def unit_cost(plants: Sequence[PlantCost], kind: str) -> Spread:
    """Return what a tonne a year of smelter, or a MW of hydropower, costs to build."""
    return Spread.of([p.cost for p in plants if p.kind == kind and p.counted])


def capacity_factor(tables: ProjectTables) -> Spread:
    """Return mean output over capacity of hydropower plants, fractions."""
    table = tables.hydro_plants
    rows = zip(table.number["twh"], table.number["mw"], strict=True)
    return Spread.of([twh * 1e6 / (mw * HOURS) for twh, mw in rows])


@dataclass(frozen=True, slots=True)
class Chain:
    """A smelter with hydropower for all it needs: t a year, MW, and USD for both."""

    metal: float
    hydropower: float
    capex: float

    @property
    def cost(self) -> float:
        """USD per t a year of metal, power plant included."""
        return self.capex / self.metal


def hydropower_per_tonne(power_per_tonne: float, factor: float) -> float:
    """Return the MW of hydropower that a t of metal a year needs in a mean year."""
    return power_per_tonne / (HOURS * factor)


def bought(
    budget: float, smelter_cost: float, hydropower_cost: float, hydropower_per_t: float
) -> Chain:
    """Return the chain that a sum of money buys at costs per t a year and per MW."""
    metal = budget / (smelter_cost + hydropower_cost * hydropower_per_t)
    return Chain(metal, metal * hydropower_per_t, budget)


def planned_chains(tables: ProjectTables, price_year: int) -> tuple[tuple[str, int, Chain], ...]:
    """Return plans of whole chains: name, year of the plan, the chain in dollars of one year."""
    table = tables.chain_costs
    text, number = table.text, table.number
    return tuple(
        (
            text["plan"][i],
            int(text["year"][i]),
            Chain(
                number["smelter_kt"][i] * 1e3,
                number["hydropower_mw"][i],
                tables.in_dollars_of(price_year, number["capex_mn_usd"][i], int(text["year"][i]))
                * 1e6,
            ),
        )
        for i in range(len(table))
    )


def price_range(quotes: Mapping[int, float], level_year: int, tables: ProjectTables) -> Spread:
    """Return how the yearly world price ranged, in constant dollars, against that of one year."""
    real = {
        year: price * tables.deflator[level_year] / tables.deflator[year]
        for year, price in quotes.items()
        if year in tables.deflator
    }
    now = real[level_year]
    return Spread(min(real.values()) / now, 1.0, max(real.values()) / now)
