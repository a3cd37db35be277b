"""What a deal is about: the good, the seller and the buyer it moves most."""

from __future__ import annotations

from dataclasses import dataclass

from accord.effects import Effects
from accord.equilibrium import Equilibrium
from accord.market import LaneKey, Market


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
    """Return what moved most among the lanes the deal touches; parties of the deal come first."""
    lanes = touched_lanes(effects.before.market, effects.after.market)
    if not lanes:
        return Focus(_most_made(effects), None, None)
    abroad = [key for key in lanes if key.origin != key.destination] or list(lanes)
    named = [k for k in abroad if k.origin in parties and k.destination in parties]
    best = max(named or abroad, key=lambda key: abs(_moved(effects, key)))
    return Focus(best.good, best.origin, best.destination)


def _moved(effects: Effects, key: LaneKey) -> float:
    return effects.after.flow(*key) - effects.before.flow(*key)


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
