"""What a deal is about: the good, the seller and the buyer it moves most."""

from __future__ import annotations

from dataclasses import dataclass

from accord.effects import Effects
from accord.equilibrium import Equilibrium
from accord.market import LaneKey, Market

# Dollars a year below which a lane is said not to have moved.
NOTHING_MOVES = 1.0


@dataclass(frozen=True, slots=True)
class Focus:
    """The good and, where the deal touches trade between two regions, who sells to whom."""

    good: str
    exporter: str | None
    importer: str | None

    @property
    def lane(self) -> LaneKey | None:
        """The lane in focus, if the deal is about one."""
        if self.exporter is None or self.importer is None:
            return None
        return LaneKey(self.good, self.exporter, self.importer)


def touched_lanes(before: Market, after: Market) -> tuple[LaneKey, ...]:
    """Return the lanes whose law, limits or freight the deal changes, in the market's order."""
    was, now = before.lane_by_key, after.lane_by_key
    changed = {key for key, lane in now.items() if was.get(key) != lane}
    for limit in set(before.limits) ^ set(after.limits):
        changed |= {key for key in limit.lanes if key in now}
    return tuple(lane.key for lane in after.lanes if lane.key in changed)


def focus_of(effects: Effects, parties: tuple[str, ...]) -> Focus:
    """Return what a deal is about.

    Trade that it touches: the lane whose value moved most, between parties of the deal if any of
    theirs moved. Without such trade the good that the plants it touches make, else the good whose
    output changed most.
    """
    lanes = touched_lanes(effects.before.market, effects.after.market)
    abroad = [key for key in lanes if key.origin != key.destination] or list(lanes)
    if not abroad:
        return Focus(_made_by_touched_plants(effects) or _most_made(effects), None, None)
    named = [k for k in abroad if k.origin in parties and k.destination in parties]
    moving = [key for key in named if _moved(effects, key) > NOTHING_MOVES]
    if not moving and any(_moved(effects, key) > NOTHING_MOVES for key in abroad):
        named = []
    best = max(moving or named or abroad, key=lambda key: _moved(effects, key))
    return Focus(best.good, best.origin, best.destination)


def _moved(effects: Effects, key: LaneKey) -> float:
    """Return by how much the value of a lane's trade changed, at the price before (USD a year)."""
    tonnes = abs(effects.after.flow(*key) - effects.before.flow(*key))
    price = effects.before.buyer_price(key.good, key.destination)
    return tonnes * (price or effects.after.buyer_price(key.good, key.destination) or 1.0)


def _made_by_touched_plants(effects: Effects) -> str | None:
    """Return the good that the activities which the deal adds, changes or taxes make."""
    was = effects.before.market.activity_by_name
    changed = [a for a in effects.after.market.activities if was.get(a.name) != a]
    goods = [a.outputs[0][0] for a in changed]
    quoted = [hub.good for hub in effects.after.market.hubs]
    return next((good for good in goods if good in quoted), goods[0] if goods else None)


def _most_made(effects: Effects) -> str:
    """The good whose output changed most relative to its world output; the last good on a tie."""
    before, after = _world_output(effects.before), _world_output(effects.after)
    goods = [g.code for g in effects.before.market.goods]
    return max(reversed(goods), key=lambda g: abs(after[g] - before[g]) / max(before[g], 1e-9))


def _world_output(equilibrium: Equilibrium) -> dict[str, float]:
    made = {g.code: 0.0 for g in equilibrium.market.goods}
    nodes = zip(equilibrium.universe.nodes, equilibrium.state.supply.tolist(), strict=True)
    for (good, _), tonnes in nodes:
        made[good] += tonnes
    return made
