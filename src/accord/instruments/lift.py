"""The end of a measure, for everybody or for some trade."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from accord.instruments.duty import matches
from accord.instruments.fields import ALL, CodesOrAll, GoodsOrAll, Patterns, about
from accord.instruments.problem import listed, nearest
from accord.instruments.scope import LaneTerm, Scope
from accord.market import Limit, Market


class Lift(LaneTerm):
    """The end of measures, as if they had never been; what they stood in place of comes back.

    With goods, exporters or importers named, only for that trade. A measure that is not in force
    in the market is no fault (a deal may be assessed as of another day): a note says so.
    """

    stage: ClassVar[int] = 0
    names_measures: ClassVar[tuple[str, ...]] = ("measures",)

    kind: str = "lift"
    measures: Patterns = about("ids of measures of the law", '["us.ban_russian_metal"]')
    goods: GoodsOrAll = about('a good, a list of them, or "all"', '["aluminium"]', ALL)
    exporters: CodesOrAll = about('a country, a list of them, or "all"', '["RUS"]', ALL)
    importers: CodesOrAll = about('a country, a list of them, or "all"', '["USA"]', ALL)

    def apply(self, market: Market) -> Market:
        """Return the market without the measures."""
        for measure in self.found(market):
            market = self._without(measure, market)
        return market

    def found(self, market: Market) -> list[str]:
        """Return the measures in force that this term lifts."""
        return sorted(m for m in market.measures if matches(m, self.measures))

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return which measures are not in force, and which lanes stay closed all the same."""
        return [*not_in_force(self.id, self.measures, before), *self._still_closed(before, after)]

    def _without(self, measure: str, market: Market) -> Market:
        if (self.goods, self.exporters, self.importers, self.excluded) == (ALL, ALL, ALL, ()):
            return market.without(measure)
        return without_in(market, self.scope(market), measure)

    def _still_closed(self, before: Market, after: Market) -> list[str]:
        lifted = set(self.found(before))
        scope = self.scope(before)
        touched = [
            after.lane_by_key[lane.key]
            for lane in before.lanes
            if scope.covers(lane)
            and (lifted.intersection(lane.closed_by) or lifted & {w.measure for w in lane.wedges})
        ]
        if not touched or any(not lane.closed_by for lane in touched):
            return []
        why = listed(sorted({m for lane in touched for m in lane.closed_by}), "and")
        what = listed(sorted(lifted), "and")
        return [f"{self.id} has no effect: the trade that {what} falls on stays closed by {why}."]


def without_in(market: Market, scope: Scope, measure: str) -> Market:
    """Return the market as if a measure had never touched the lanes of a scope."""
    changed = market.map_lanes(scope.covers, lambda lane: lane.without(measure))
    limits = (_outside(x, scope, market) if x.measure == measure else x for x in market.limits)
    return replace(changed, limits=tuple(x for x in limits if x.lanes))


def _outside(limit: Limit, scope: Scope, market: Market) -> Limit:
    kept = tuple(k for k in limit.lanes if not scope.covers(market.lane_by_key[k]))
    return replace(limit, lanes=kept)


def not_in_force(term: str, patterns: tuple[str, ...], market: Market) -> list[str]:
    """Return a note for each named measure that is not in force in the market."""
    notes: list[str] = []
    for pattern in patterns:
        if any(matches(m, (pattern,)) for m in market.measures):
            continue
        likely = nearest(pattern, market.measures)
        hint = f" (the nearest in force is {likely})" if likely else ""
        notes.append(f"{term} has nothing to act on: {pattern} is not in force{hint}.")
    return notes
