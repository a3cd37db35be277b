"""The price that a project earns, with its own output in the market: what feedback means.

The market is solved with the deal's terms and without the plant, and again with the plant in it.
Prices differ because the plant sells what others would have sold, and buys what they would have
bought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from accord.equilibrium import Equilibrium, Universe, solve_market, universe_of
from accord.instruments.plant import tonnes_per_unit, typical
from accord.invest.plan import Prices
from accord.market import Activity, Capacity, Lane, Market


@dataclass(frozen=True)
class Technique:
    """How a new smelter makes metal: as one that stands.

    ``activity``  what it is modelled on;  ``metal`` and ``ore`` the goods it makes and needs
    """

    activity: Activity

    @property
    def metal(self) -> str:
        """The good it makes."""
        return self.activity.outputs[0][0]

    @property
    def ore(self) -> str:
        """The good it needs most of."""
        return max(self.activity.inputs, key=lambda pair: pair[1])[0]

    @property
    def ore_per_tonne(self) -> float:
        """Tonnes of it per tonne of metal."""
        return dict(self.activity.inputs)[self.ore] / tonnes_per_unit(self.activity)

    @property
    def power_per_tonne(self) -> float:
        """MWh per tonne of metal."""
        return self.activity.power / tonnes_per_unit(self.activity)

    @property
    def other_cost(self) -> float:
        """USD per tonne, besides ore and power, of the first tonne."""
        return self.activity.other_cost / tonnes_per_unit(self.activity)

    @property
    def rising_cost(self) -> float:
        """USD per tonne by which the last tonne at full use costs more than the first."""
        return self.activity.rising_cost / tonnes_per_unit(self.activity)

    def plant(
        self, name: str, region: str, metal: float, power_price: float, market: Market
    ) -> Activity:
        """Return a new plant of so many tonnes a year, under a name new to the market."""
        whole = f"{self.activity.kind}.{region}.{name}"
        while whole in market.activity_by_name:
            whole = f"{whole}-new"
        return replace(
            self.activity,
            name=whole,
            region=region,
            owner=region,
            wedges=(),
            plant="",
            power_price=power_price,
            capacity=Capacity(metal / tonnes_per_unit(self.activity)),
        )


def technique_of(market: Market, like: str) -> Technique | None:
    """Return the technique of an activity of the market, or the mean of a region's plants."""
    plants = market.plants_of(like)
    return Technique(typical(plants)) if plants else None


@dataclass(frozen=True)
class Sold:
    """What a project finds in the market. Prices in USD per t, tonnes a year.

    ``gate``         what makers of metal in the region get;  ``ore`` what they pay for their input
    ``export_tax``   what the region's treasury takes of a tonne made there, on top of ``gate``
    ``hub``          the quoted world price;  ``buyers`` what buyers in the partner country pay
    ``from_region``  what the partner country buys from the region;  ``imports`` from everywhere
    ``output``       what the region's plants make
    ``utilisation``  part of the new plant that runs, ``None`` where it is not in the market
    """

    gate: float
    ore: float
    export_tax: float
    hub: float | None
    buyers: float | None
    from_region: float
    imports: float
    output: float
    utilisation: float | None

    @property
    def export_rate(self) -> float:
        """The export tax as a part of the price before it."""
        return self.export_tax / (self.gate + self.export_tax)

    def prices(self, power: float) -> Prices:
        """Return the prices that the project's spreadsheet takes."""
        return Prices(self.gate + self.export_tax, self.ore, power)


@dataclass(frozen=True)
class Feedback:
    """The market under the deal without the project, and with it."""

    without: Sold
    with_project: Sold
    before_deal: Sold


def feedback(
    law: Market, deal: Market, plant: Activity, technique: Technique, partner: str
) -> Feedback:
    """Solve the market before the deal, under it, and with the new plant in it as well.

    Raises ``NoCertifiedAnswer`` where one of them has no answer.
    """
    after = replace(deal, activities=(*deal.activities, plant))
    universe = universe_of(law, deal, after)
    first = solve_market(law, universe=universe)
    second = solve_market(deal, universe=universe, start=first.state.z)
    third = solve_market(after, universe=universe, start=second.state.z)
    look = _Look(universe, plant, technique, partner)
    return Feedback(look.at(second), look.at(third), look.at(first))


@dataclass(frozen=True)
class _Look:
    universe: Universe
    plant: Activity
    technique: Technique
    partner: str

    def _lanes(self, region: str, good: str) -> list[Lane]:
        """Return the ways that metal leaves the region, home use among them."""
        return [x for x in self.universe.lanes if (x.origin, x.good) == (region, good)]

    def at(self, solved: Equilibrium) -> Sold:
        """Return what the project finds in a solved market."""
        good, region = self.technique.metal, self.plant.region
        gate, ore = (
            solved.producer_price(good, region),
            solved.buyer_price(self.technique.ore, region),
        )
        if gate is None or ore is None:
            msg = (
                f"nothing is made of {good} in {region}, or nothing of {self.technique.ore} bought"
            )
            raise ValueError(msg)
        plants = [a for a in self.universe.activities if dict(a.outputs).get(good)]
        here = sum(solved.output(a.name) for a in plants if a.region == region)
        there = self.plant.name in solved.market.activity_by_name
        use = solved.output(self.plant.name) / self.plant.capacity.level if there else None
        taken = sum(_export_tax(solved, lane, gate) for lane in self._lanes(region, good))
        return Sold(
            gate,
            ore,
            taken / here,
            solved.hub_price.get(good),
            solved.buyer_price(good, self.partner),
            solved.flow(good, region, self.partner),
            sum(
                solved.flow(good, lane.origin, self.partner)
                for lane in self.universe.lanes
                if (lane.good, lane.destination) == (good, self.partner)
                and lane.origin != self.partner
            ),
            here,
            use,
        )


def _export_tax(solved: Equilibrium, lane: Lane, gate: float) -> float:
    """Return what the exporter's treasury takes on a lane, USD a year."""
    held = solved.market.lane_by_key.get(lane.key)
    if held is None:
        return 0.0
    shipped = solved.flow(*held.key) / (1.0 - held.loss)
    taxes = (w for w in held.active_wedges if w.side == "export" and w.revenue_to is not None)
    return shipped * sum(w.ad_valorem * w.content * gate + w.specific for w in taxes)
