"""A ban on trade: the lanes are closed."""

from __future__ import annotations

from accord.instruments.problem import listed
from accord.instruments.scope import LaneTerm
from accord.market import Market


class Ban(LaneTerm):
    """A ban on trade in goods from exporters to importers, whoever imposes it."""

    kind: str = "ban"

    def apply(self, market: Market) -> Market:
        """Return the market with the lanes closed."""
        return market.map_lanes(self.scope(market).covers, lambda lane: lane.closed(self.id))

    def notes(self, before: Market, after: Market) -> list[str]:
        """Return that the ban changes nothing where all its lanes were closed before."""
        del after
        lanes = [before.lane_by_key[key] for key in self.lanes(before)]
        if not lanes or any(not lane.closed_by for lane in lanes):
            return []
        why = listed(sorted({m for lane in lanes for m in lane.closed_by}), "and")
        return [f"{self.id} changes nothing: {self.trade()} is closed by {why} already."]
