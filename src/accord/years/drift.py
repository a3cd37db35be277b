"""The market of a later year: what its demand and its capacities will be if nothing is agreed.

Demand of every region grows as the pack's outlook says, its curve with it. Capacities grow as the
outlook says where it says anything (a kind of activity in a region, an announced plant). All other
makers of a good keep pace: their capacities grow by one factor, so that at the base year's prices
and utilisation the world would make what it would use. So real prices drift only where what is
said of regions pulls them, and no shortage or glut is put in by hand. Goods are taken from the
last of the chain to the first. Costs, freight, tastes and the quoted dollar stand still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from accord.market import Activity, Capacity, Market
from accord.pack import Calibration
from accord.pack.carry import last_first
from accord.pack.outlook import Case, Outlook


@dataclass(frozen=True)
class Drift:
    """How the market of ``base`` moves to later years. ``case`` picks low, median or high growth.

    ``known`` is the year of the question: projects reported later do not count.
    """

    base: Calibration
    outlook: Outlook
    known: int
    case: Case = "median"

    def market(self, year: int) -> Market:
        """Return the market without law of a year, the base's own market in the base's year."""
        start = self.base.market
        if year == start.year:
            return start
        demand = {
            (d.good, d.region): self._factor("demand", d.good, d.region, year) or 1.0
            for d in start.demands
        }
        capacity = self._capacities(year, demand)
        return replace(
            start,
            year=year,
            demands=tuple(
                replace(d, quantity=d.quantity * demand[d.good, d.region]) for d in start.demands
            ),
            activities=tuple(_resized(a, capacity[a.name]) for a in start.activities),
        )

    def _factor(self, what: str, item: str, region: str, year: int) -> float | None:
        years = self.base.market.year, year
        return self.outlook.factor(what, item, region, years, case=self.case)

    def _capacities(self, year: int, demand: Mapping[tuple[str, str], float]) -> dict[str, float]:
        """Return the capacity of every activity in a year, in units a year."""
        market = self.base.market
        growth: dict[str, float] = {}
        for good in last_first(market):
            makers = [a for a in market.activities if a.outputs[0][0] == good]
            growth |= self._stated(makers, year)
            free = [a for a in makers if a.name not in growth]
            pace = self._pace(good, free, growth, demand)
            growth |= {a.name: pace + self._share_added(a, year) for a in free}
        return {a.name: a.capacity.level * growth[a.name] for a in market.activities}

    def _stated(self, makers: list[Activity], year: int) -> dict[str, float]:
        """Return by how much the capacities that the outlook states have grown."""
        found = {a.name: self._factor("capacity", a.kind, a.region, year) for a in makers}
        return {
            a.name: factor + self._share_added(a, year)
            for a in makers
            if (factor := found[a.name]) is not None
        }

    def _share_added(self, activity: Activity, year: int) -> float:
        """Return what plants announced add to an activity, as a part of what there was.

        A project of a whole region adds to each of its plants in proportion.
        """
        base = self.base.market.year
        parts = 0.0
        for project in self.outlook.projects:
            if project.known > self.known or not project.adds_to(activity.name):
                continue
            there = sum(
                a.capacity.level * a.outputs[0][1]
                for a in self.base.market.activities
                if project.adds_to(a.name)
            )
            if there > 0.0:
                parts += (project.added(year) - project.added(base)) / there
        return parts

    def _pace(
        self,
        good: str,
        free: list[Activity],
        growth: Mapping[str, float],
        demand: Mapping[tuple[str, str], float],
    ) -> float:
        """Return the factor by which the other makers of a good grow to keep use and output even.

        ``growth`` holds every activity that uses the good and the makers that are stated.
        """
        base, level = self.base.market, self.base.level
        final = [(d.quantity, demand[d.good, d.region]) for d in base.demands if d.good == good]
        derived = [
            (tonnes * level[a.name], growth.get(a.name, 1.0))
            for a in base.activities
            for used, tonnes in a.inputs
            if used == good
        ]
        used, wanted = _sums([*final, *derived])
        made = [
            (dict(a.outputs).get(good, 0.0) * level[a.name], growth.get(a.name, 0.0))
            for a in base.activities
        ]
        total, settled = _sums(made)
        own = sum(dict(a.outputs)[good] * level[a.name] for a in free)
        if own <= 0.0 or used <= 0.0:
            return 1.0
        return max((wanted / used * total - settled) / own, 0.0)


def _sums(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the sum of amounts, and of amounts times their factors."""
    return sum(x for x, _ in pairs), sum(x * factor for x, factor in pairs)


def _resized(activity: Activity, level: float) -> Activity:
    if level == activity.capacity.level:
        return activity
    return replace(activity, capacity=Capacity(level, activity.capacity.since))
