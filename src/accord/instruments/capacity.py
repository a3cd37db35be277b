"""New capacity: a plant, or more of one that is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

from accord.instruments.fields import (
    Code,
    Count,
    EmissionIntensity,
    PositiveMassRate,
    PowerIntensity,
    PowerPrice,
    Price,
    Slug,
    Text,
    about,
)
from accord.instruments.plant import (
    activity_problems,
    grown,
    plants_named,
    tonnes_per_unit,
    typical,
)
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.scope import code_problems
from accord.instruments.term import NotModelled, Term, same_day
from accord.market import Activity, Capacity, Market

LONGEST = 30
OVERRIDES = ("power", "power_price", "other_cost", "emissions")


class NewCapacity(Term):
    """Capacity that comes into being: ``level`` tonnes of the main product a year.

    Without ``like`` the region's own activity grows and keeps its costs: all its plants in
    proportion to what they have, or the one that ``plant`` names. With ``like`` a new plant stands
    beside it, modelled on the named activity (the mean of its plants), with any cost in the term
    put in place of the model's; its inputs are bought in its own region. In a path over years the
    first metal comes ``build_years`` after the term's first day and all of it ``ramp_years`` later,
    in equal steps.
    """

    ramped: ClassVar[tuple[str, ...]] = ("level",)

    kind: str = "capacity"
    region: Code = about("the country where it stands", '"RUS"')
    activity: Slug = about("a kind of activity of the pack", '"smelter"')
    level: PositiveMassRate = about("more than 0 t/yr", '"600 kt/yr"')
    plant: Slug | None = about("the name of one plant of the pack", '"bratsk"', None)
    like: Text | None = about("the activity it is modelled on", '"smelter.RUS"', None)
    owner: Code | None = about("the country that earns the profit", '"RUS"', None)
    power: PowerIntensity | None = about("an energy per mass", '"13.5 MWh/t"', None)
    power_price: PowerPrice | None = about("a price of power", '"30 USD/MWh"', None)
    other_cost: Price | None = about("a price per mass", '"400 USD/t"', None)
    emissions: EmissionIntensity | None = about("emissions per mass", '"2 tCO2/t"', None)
    build_years: Count = about("whole years from the term's first day to the first metal", "3", 0)
    ramp_years: Count = about("whole years from the first metal to all of it", "2", 0)

    @property
    def begins(self) -> date | None:
        """The day of the first metal: years of building after the term's first day."""
        if self.starts is None:
            return None
        return same_day(self.starts, self.starts.year + self.build_years)

    @property
    def steps(self) -> tuple[float, ...]:
        """Equal steps over ``ramp_years``, or the term's own ramp."""
        n = self.ramp_years
        return tuple((i + 1) / n for i in range(n)) if n else self.ramp

    @property
    def never_modelled(self) -> tuple[NotModelled, ...]:
        """Return that building costs nothing here."""
        what = "what the new capacity costs to build"
        why = "profit is before fixed costs; the years it takes count in a path over years"
        return (NotModelled(what=what, why=why),)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = [*super().disagreements(), *self._two_ramps(), *self._too_long()]
        given = [n for n in (*OVERRIDES, "owner") if getattr(self, n) is not None]
        if self.like is None:
            fix = 'add like = "smelter.RUS" (the plant it is modelled on), or take it out'
            problems += [
                Problem((n,), f"{n} without like", f"{n} only for a new plant with like", fix)
                for n in given
            ]
        elif self.plant is not None:
            fix = "take plant out: the new plant has the name of the term"
            problems.append(Problem(("plant",), "plant and like", "one of the two", fix))
        return problems

    def _two_ramps(self) -> list[Problem]:
        if not (self.ramp and self.ramp_years):
            return []
        found = f"ramp_years = {self.ramp_years} beside a ramp"
        fix = "take one of the two out"
        return [Problem(("ramp_years",), found, "ramp or ramp_years, not both", fix)]

    def _too_long(self) -> list[Problem]:
        allowed = f"at most {LONGEST} years"
        fix = "check the number: it is in years"
        return [
            Problem((name,), f"{years} years", allowed, fix)
            for name in ("build_years", "ramp_years")
            if (years := int(getattr(self, name))) > LONGEST
        ]

    def apply(self, market: Market) -> Market:
        """Return the market with the plant, or with the activity grown."""
        region = market.region_of(self.region)
        if self.like is not None:
            model = typical(market.plants_of(self.like))
            plant = self._plant(model, region or self.region)
            return replace(market, activities=(*market.activities, plant))
        found = plants_named(self.activity, self.region, self.plant, market)
        larger = grown(found, self.level)
        return market.map_activities(lambda a: a.name in larger, lambda a: larger[a.name])

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown codes and activities, or that the plant could not buy or sell there."""
        problems = code_problems("region", (self.region,), market)
        if self.owner is not None:
            problems += code_problems("owner", (self.owner,), market)
        if self.like is None:
            return problems or activity_problems(self.activity, self.region, market, self.plant)
        if not market.plants_of(self.like):
            whole = {f"{a.kind}.{a.region}" for a in market.activities}
            likely = nearest(self.like, sorted({*whole, *market.activity_by_name}))
            fix = f'write "{likely}"' if likely else "name one as KIND.REGION"
            found = f'the unknown activity "{self.like}"'
            problems.append(Problem(("like",), found, "an activity of the pack", fix))
        return problems or [*self._taken(market), *self._cut_off(market)]

    def _taken(self, market: Market) -> list[Problem]:
        """Return that a plant of the pack has the name that the new one would get."""
        name = f"{self.activity}.{market.region_of(self.region)}.{self.id}"
        if name not in market.activity_by_name:
            return []
        found = f'"{self.id}", the name of a plant that is there: {name}'
        fix = f'name the term for example "new-{self.id}"'
        return [Problem(("id",), found, "a name that no plant there has", fix)]

    def _cut_off(self, market: Market) -> list[Problem]:
        """Return goods that the plant could neither buy nor sell where it stands."""
        region = market.region_of(self.region)
        model = typical(market.plants_of(str(self.like)))
        bought = {lane.good for lane in market.lanes if lane.destination == region}
        sold = {lane.good for lane in market.lanes if lane.origin == region}
        missing = [g for g, _ in model.inputs if g not in bought]
        missing += [g for g, _ in model.outputs if g not in sold]
        if not missing:
            return []
        found = f"no trade of {region} in {listed(missing, 'and')}"
        allowed = "a region where the plant can buy its inputs and sell its output"
        return [Problem(("region",), found, allowed, "name another region, or another like")]

    def _plant(self, model: Activity, region: str) -> Activity:
        given = {n: getattr(self, n) for n in OVERRIDES if getattr(self, n) is not None}
        return replace(
            model,
            name=f"{self.activity}.{region}.{self.id}",
            kind=self.activity,
            region=region,
            owner=self.owner or region,
            wedges=(),
            plant="",
            capacity=Capacity(self.level / tonnes_per_unit(model), self.begins),
            **given,
        )
