"""The closure of capacity, in whole or in part."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from accord.instruments.fields import Code, PositiveMassRate, Share, Slug, about
from accord.instruments.plant import (
    activity_problems,
    plants_named,
    tonnes_per_unit,
)
from accord.instruments.problem import Problem
from accord.instruments.scope import code_problems
from accord.instruments.term import Term
from accord.market import Capacity, Market


class Closure(Term):
    """Capacity that is closed: ``by`` tonnes of the main product a year, or a ``share`` of it.

    Without either all of it is closed. Where the pack has plants one by one, each loses in
    proportion to what it has, unless ``plant`` names one.
    """

    ramped: ClassVar[tuple[str, ...]] = ("by", "share")

    kind: str = "closure"
    region: Code = about("the country where it stands", '"RUS"')
    activity: Slug = about("a kind of activity of the pack", '"smelter"')
    plant: Slug | None = about("the name of one plant of the pack", '"bratsk"', None)
    by: PositiveMassRate | None = about("more than 0 t/yr", '"300 kt/yr"', None)
    share: Share | None = about("more than 0 % and at most 100 %", '"50 %"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.by is not None and self.share is not None:
            problems.append(Problem(("share",), "by and share", "one of them", "take one out"))
        if self.ramp and self.by is None and self.share is None:
            fix = 'add share = "100 %"'
            problems.append(Problem(("ramp",), "nothing to phase in", "by or share", fix))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with less capacity."""
        plants = plants_named(self.activity, self.region, self.plant, market)
        there = sum(a.capacity.level * tonnes_per_unit(a) for a in plants)
        share = 1.0 if self.share is None else self.share
        if self.by is not None:
            share = min(self.by / there, 1.0) if there > 0.0 else 1.0
        names = {a.name for a in plants}
        return market.map_activities(
            lambda a: a.name in names,
            lambda a: replace(
                a, capacity=Capacity(a.capacity.level * (1.0 - share), a.capacity.since)
            ),
        )

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown codes and activities, or more to close than there is."""
        problems = code_problems("region", (self.region,), market)
        problems = problems or activity_problems(self.activity, self.region, market, self.plant)
        if problems or self.by is None:
            return problems
        plants = plants_named(self.activity, self.region, self.plant, market)
        there = sum(a.capacity.level * tonnes_per_unit(a) for a in plants)
        if self.by <= there:
            return []
        parts = (self.activity, market.region_of(self.region), self.plant)
        name = ".".join(part for part in parts if part)
        found = f"{self.by / 1e3:g} kt/yr, more than {name} has"
        fix = "take by out to close all of it"
        return [Problem(("by",), found, f"at most {there / 1e3:g} kt/yr", fix)]
