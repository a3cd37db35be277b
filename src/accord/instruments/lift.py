"""The end of a measure, for everybody or for some trade."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from accord.instruments.duty import matches
from accord.instruments.fields import ALL, CodesOrAll, GoodsOrAll, Patterns, about
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.scope import LaneTerm, Scope
from accord.market import LaneKey, Limit, Market


class Lift(LaneTerm):
    """The end of measures, as if they had never been; what they stood in place of comes back.

    With goods, exporters or importers named, only for that trade. A measure that is not in force
    in the market is no fault (a deal may be assessed as of another day): a note says so.
    """

    names_measures: ClassVar[tuple[str, ...]] = ("measures",)

    kind: str = "lift"
    measures: Patterns = about("ids of measures of the law", '["us.ban_russian_metal"]')
    goods: GoodsOrAll = about('a good, a list of them, or "all"', '["aluminium"]', ALL)
    exporters: CodesOrAll = about('a country, a list of them, or "all"', '["RUS"]', ALL)
    importers: CodesOrAll = about('a country, a list of them, or "all"', '["USA"]', ALL)

    @property
    def stage(self) -> int:
        """Measures end before others begin."""
        return 0

    def apply(self, market: Market) -> Market:
        """Return the market without the measures."""
        for measure in self.found(market):
            market = self._without(measure, market)
        return market

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown goods and codes; for named trade also that there is none."""
        return [p for p in super().faults(market) if p.path or not self._everywhere()]

    def found(self, market: Market) -> list[str]:
        """Return the measures in force that this term lifts."""
        return sorted(m for m in market.measures if matches(m, self.measures))

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return which measures are not in force, and which lanes stay closed all the same."""
        notes = not_in_force(self.id, self.measures, before)
        for measure in self.found(before):
            notes += self._still_closed(measure, before, after)
        return notes

    def _without(self, measure: str, market: Market) -> Market:
        if self._everywhere():
            return market.without(measure)
        return without_in(market, self.scope(market), measure)

    def _everywhere(self) -> bool:
        return (self.goods, self.exporters, self.importers, self.excluded) == (ALL, ALL, ALL, ())

    def _still_closed(self, measure: str, before: Market, after: Market) -> list[str]:
        keys = self._touched(measure, before)
        lanes = [after.lane_by_key[key] for key in keys]
        if not lanes or any(not lane.closed_by for lane in lanes):
            return []
        why = listed(sorted({m for lane in lanes for m in lane.closed_by}), "and")
        which = f"all {len(keys)} lanes it falls on stay" if len(keys) > 1 else f"{keys[0]} stays"
        return [f"{self.id}: lifting {measure} moves nothing, for {which} closed by {why}."]

    def _touched(self, measure: str, market: Market) -> list[LaneKey]:
        """Return the lanes of this term on which a measure has left a trace."""
        scope = self.scope(market)
        limited = {k for x in market.limits if x.measure == measure for k in x.lanes}
        return [
            lane.key
            for lane in market.lanes
            if (lane.wedges or lane.closed_by or limited)
            and scope.covers(lane)
            and (
                measure in lane.closed_by
                or any(w.measure == measure for w in lane.wedges)
                or lane.key in limited
            )
        ]


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
