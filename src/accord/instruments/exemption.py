"""Freedom from named measures for named trade."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.duty import matches, set_aside, shared_quota_problems
from accord.instruments.fields import ALL, GoodsOrAll, Patterns, about
from accord.instruments.lift import not_in_force
from accord.instruments.problem import Problem
from accord.instruments.scope import LaneTerm
from accord.market import Market


class Exemption(LaneTerm):
    """Sets named duties and quotas aside for some trade; the measures stay for the rest.

    What a named measure stands in place of stays set aside too: name it as well (``us.s232_*``)
    or lift the measure for this trade instead.
    """

    names_measures: ClassVar[tuple[str, ...]] = ("measures",)

    kind: str = "exemption"
    measures: Patterns = about("ids of measures; * is any part of one", '["us.s232_*"]')
    goods: GoodsOrAll = about('a good, a list of them, or "all"', '["aluminium"]', ALL)

    @property
    def stage(self) -> int:
        """After everything it may exempt from."""
        return 4

    def apply(self, market: Market) -> Market:
        """Return the market with the measures set aside on the term's lanes."""
        return set_aside(market, self.scope(market), self.id, self.measures)

    def faults(self, market: Market) -> list[Problem]:
        """Return bans among the measures, and quotas that others share."""
        problems = super().faults(market)
        if problems:
            return problems
        scope = self.scope(market)
        lanes = [lane for lane in market.lanes if scope.covers(lane)]
        bans = sorted({m for x in lanes for m in x.closed_by if matches(m, self.measures)})
        for ban in bans:
            fix = f'use kind = "lift", measures = ["{ban}"] with the same exporters and importers'
            allowed = "duties and quotas"
            problems.append(Problem(("measures",), f"{ban}, a ban", allowed, fix))
        return problems + shared_quota_problems(market, scope, self.measures, "measures")

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return measures not in force, closed lanes, and duties that stay replaced."""
        return [
            *not_in_force(self.id, self.measures, before),
            *super().notes(before, after),
            *self._still_replaced(after),
        ]

    def _still_replaced(self, market: Market) -> list[str]:
        scope = self.scope(market)
        held = {
            (w.measure, by)
            for lane in market.lanes
            if scope.covers(lane)
            for w in lane.wedges
            for by in w.suspended_by
            if matches(by, self.measures) and not matches(w.measure, self.measures)
        }
        return [
            f"{self.id}: {measure}, which {by} stands in place of, stays set aside too."
            for measure, by in sorted(held)
        ]
