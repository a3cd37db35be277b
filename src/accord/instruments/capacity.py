"""New capacity: a plant, or more of one that is there."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from accord.instruments.fields import (
    Code,
    EmissionIntensity,
    PositiveMassRate,
    PowerIntensity,
    PowerPrice,
    Price,
    Slug,
    Text,
    about,
)
from accord.instruments.plant import activity_problems, tonnes_per_unit
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.scope import code_problems
from accord.instruments.term import NotModelled, Term
from accord.market import Activity, Capacity, Market

OVERRIDES = ("power", "power_price", "other_cost", "emissions")


class NewCapacity(Term):
    """Capacity that comes into being: ``level`` tonnes of the main product a year.

    Without ``like`` the region's own activity grows and keeps its costs. With ``like`` a new plant
    stands beside it, modelled on the named activity, with any cost in the term put in place of the
    model's; its inputs are bought in its own region.
    """

    ramped: ClassVar[tuple[str, ...]] = ("level",)

    kind: str = "capacity"
    region: Code = about("the country where it stands", '"RUS"')
    activity: Slug = about("a kind of activity of the pack", '"smelter"')
    level: PositiveMassRate = about("more than 0 t/yr", '"600 kt/yr"')
    like: Text | None = about("the activity it is modelled on", '"smelter.RUS"', None)
    owner: Code | None = about("the country that earns the profit", '"RUS"', None)
    power: PowerIntensity | None = about("an energy per mass", '"13.5 MWh/t"', None)
    power_price: PowerPrice | None = about("a price of power", '"30 USD/MWh"', None)
    other_cost: Price | None = about("a price per mass", '"400 USD/t"', None)
    emissions: EmissionIntensity | None = about("emissions per mass", '"2 tCO2/t"', None)

    @property
    def never_modelled(self) -> tuple[NotModelled, ...]:
        """Return that building costs nothing here."""
        what = "what the new capacity costs to build, and the years it takes"
        return (NotModelled(what=what, why="profit is before fixed costs, and no year passes"),)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        given = [n for n in (*OVERRIDES, "owner") if getattr(self, n) is not None]
        if self.like is None:
            fix = 'add like = "smelter.RUS" (the plant it is modelled on), or take it out'
            problems += [
                Problem((n,), f"{n} without like", f"{n} only for a new plant with like", fix)
                for n in given
            ]
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the plant, or with the activity grown."""
        region = market.region_of(self.region)
        if self.like is not None:
            plant = self._plant(market.activity_by_name[self.like], region or self.region)
            return replace(market, activities=(*market.activities, plant))
        name = f"{self.activity}.{region}"
        return market.map_activities(lambda a: a.name == name, self._grown)

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown codes and activities, or that the plant could not buy or sell there."""
        problems = code_problems("region", (self.region,), market)
        if self.owner is not None:
            problems += code_problems("owner", (self.owner,), market)
        if self.like is None:
            return problems or activity_problems(self.activity, self.region, market)
        if self.like not in market.activity_by_name:
            likely = nearest(self.like, list(market.activity_by_name))
            fix = f'write "{likely}"' if likely else "name one as KIND.REGION"
            found = f'the unknown activity "{self.like}"'
            problems.append(Problem(("like",), found, "an activity of the pack", fix))
        return problems or self._cut_off(market)

    def _cut_off(self, market: Market) -> list[Problem]:
        """Return goods that the plant could neither buy nor sell where it stands."""
        region = market.region_of(self.region)
        model = market.activity_by_name[str(self.like)]
        bought = {lane.good for lane in market.lanes if lane.destination == region}
        sold = {lane.good for lane in market.lanes if lane.origin == region}
        missing = [g for g, _ in model.inputs if g not in bought]
        missing += [g for g, _ in model.outputs if g not in sold]
        if not missing:
            return []
        found = f"no trade of {region} in {listed(missing, 'and')}"
        allowed = "a region where the plant can buy its inputs and sell its output"
        return [Problem(("region",), found, allowed, "name another region, or another like")]

    def _grown(self, activity: Activity) -> Activity:
        level = activity.capacity.level + self.level / tonnes_per_unit(activity)
        return replace(activity, capacity=Capacity(level, activity.capacity.since))

    def _plant(self, model: Activity, region: str) -> Activity:
        given = {n: getattr(self, n) for n in OVERRIDES if getattr(self, n) is not None}
        return replace(
            model,
            name=f"{self.activity}.{region}.{self.id}",
            kind=self.activity,
            region=region,
            owner=self.owner or region,
            wedges=(),
            capacity=Capacity(self.level / tonnes_per_unit(model), self.starts),
            **given,
        )
