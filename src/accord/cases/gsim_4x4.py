"""GSIM's 4 × 4 example: the United States and the European Union end their tariffs on each other.

One Market through the ``gsim`` closure; the published numbers are relative changes of world prices.
"""

from __future__ import annotations

from collections.abc import Iterator

from accord.cases.case import Data, Quantity
from accord.cases.one_stage import GOOD, OneStage
from accord.equilibrium import Equilibrium, solve_market, universe_of


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the relative change of each region's world price."""
    before, after = solved(data)
    for region, shown in zip(data["regions"], data["published"]["price_change"], strict=True):
        node = after.universe.node_index[GOOD, region]
        found = float(after.state.price[node] / before.state.price[node]) - 1.0
        yield Quantity(f"change of the world price of {region}", shown, found, data["tolerance"])


def solved(data: Data) -> tuple[Equilibrium, Equilibrium]:
    """Return the equilibria before and after the experiment. Raises ``NoCertifiedAnswer``."""
    regions, base, elasticity = tuple(data["regions"]), data["base"], data["elasticity"]
    world = OneStage(
        origins=regions,
        destinations=regions,
        flow=base["trade"],
        power=base["power"],
        substitution=elasticity["substitution"],
        supply=elasticity["supply"],
        demand=-elasticity["import_demand"],
    )
    power = [list(row) for row in base["power"]]
    for origin, destination in data["experiment"]["free"]:
        power[regions.index(origin)][regions.index(destination)] = 1.0
    before, after = world.market(), world.market(power)
    universe = universe_of(before, after)
    return (
        solve_market(before, closure="gsim", universe=universe),
        solve_market(after, closure="gsim", universe=universe),
    )
