"""One way from the economy to a market: what people spend and what work costs change there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from accord.economy.result import Counterfactual
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError
from accord.market import Market

DEFLATOR = "USA"


@dataclass(frozen=True, slots=True)
class Shifts:
    """By region of a market: factors on the quantity of final demand and on other costs.

    ``deflator``  the region whose price index turns wages into constant dollars
    ``apart``     regions of the market that are no region of the table, nor within one: as they are
    """

    demand: Mapping[str, float]
    cost: Mapping[str, float]
    deflator: str
    apart: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What is assumed, in a sentence."""
        return (
            "final demand moves with real spending of its region, costs other than inputs and "
            f"power with its wage over the price index of {self.deflator}; the market changes "
            "nothing in the economy"
        )


def shifts(
    result: Counterfactual, table: WorldTable, market: Market, deflator: str = DEFLATOR
) -> Shifts:
    """Return what an economy-wide result says of a market's regions.

    A market's region that is no region of the table, nor within one, is left as it is. Raises
    ``InputError`` where the table lacks the deflator's region.
    """
    at = {region: n for n, region in enumerate(result.regions)}
    if deflator not in at:
        found = f"{deflator}: the table {table.name} has no such region to take prices from"
        fix = "name a region of the table with --deflator"
        allowed = ", ".join(result.regions)
        raise InputError([Fault("command line", found, allowed, fix, field="deflator")])
    index = float(result.price_index[at[deflator]])
    demand: dict[str, float] = {}
    cost: dict[str, float] = {}
    for region in market.regions:
        codes = (region.code,) if region.code in at else region.members or (region.code,)
        found = {table.region_of(code) for code in codes}
        if len(found) != 1 or None in found:
            continue
        n = at[str(found.pop())]
        spent = result.after.income[n] / result.before.income[n] / result.price_index[n]
        demand[region.code] = float(spent)
        cost[region.code] = float(result.wage[n]) / index
    apart = tuple(r.code for r in market.regions if r.code not in demand)
    return Shifts(demand, cost, deflator, apart)


def shifted(market: Market, by: Shifts) -> Market:
    """Return the market with its final demand and other costs moved."""
    demands = tuple(
        replace(d, quantity=d.quantity * by.demand.get(d.region, 1.0)) for d in market.demands
    )
    activities = tuple(
        replace(
            a,
            other_cost=a.other_cost * by.cost.get(a.region, 1.0),
            rising_cost=a.rising_cost * by.cost.get(a.region, 1.0),
        )
        for a in market.activities
    )
    return replace(market, demands=demands, activities=activities)
