"""The sentences about a result, made from the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.assessment.focus import Focus
from accord.assessment.words import good, per_tonne, percent, place, signed, tonnes
from accord.effects import Effects
from accord.equilibrium import Equilibrium
from accord.market import LaneKey

NOTHING = 1e-9
BELOW_WHAT_IS_SHOWN = 0.005


@dataclass(frozen=True, slots=True)
class Names:
    """Regions and goods by the names that people know, by code."""

    regions: Mapping[str, str]
    goods: Mapping[str, str]

    def region(self, code: str) -> str:
        """Return a region's name in running text, or its code where it has none."""
        return place(self.regions.get(code, code))

    def good(self, code: str) -> str:
        """Return a good's name in running text."""
        return good(self.goods.get(code, code))


def headline(effects: Effects, focus: Focus, names: Names) -> str:
    """Return what the deal does, in one or two sentences."""
    if is_nothing(effects):
        return "Nothing changes: no price, no flow, no revenue."
    lane = focus.lane
    if lane is None:
        return f"{_output(effects, focus, names)} {_world_price(effects, focus)}"
    buyers = _moves(
        effects.before.buyer_price(lane.good, lane.destination),
        effects.after.buyer_price(lane.good, lane.destination),
    )
    return (
        f"{_trade(effects, focus, names)} What buyers in {names.region(lane.destination)} pay "
        f"{buyers}; {_world_price(effects, focus)}"
    )


def is_nothing(effects: Effects) -> bool:
    """Return whether no price, flow or output changes beyond rounding (conventions C35)."""
    before, after = effects.before.state, effects.after.state
    pairs = (
        (before.price, after.price),
        (before.buyer_price, after.buyer_price),
        (before.flow, after.flow),
        (before.level, after.level),
    )
    return all(
        np.allclose(one, other, rtol=NOTHING, atol=NOTHING * float(np.max(np.abs(one), initial=0)))
        for one, other in pairs
    )


def _trade(effects: Effects, focus: Focus, names: Names) -> str:
    lane = focus.lane
    if lane is None:
        return ""
    before, after = effects.before.flow(*lane), effects.after.flow(*lane)
    seller, buyer = names.region(lane.origin), names.region(lane.destination)
    seller, sold = f"{seller[:1].upper()}{seller[1:]}", names.good(lane.good)
    if after < 1.0:
        if before < 1.0:
            return f"{seller} would still sell no {sold} to {buyer}."
        return f"{seller} would sell no {sold} to {buyer} any more, after {tonnes(before)} a year."
    start = "nothing" if before < 1.0 else tonnes(before)
    way = "up from" if after >= before else "down from"
    share = _import_share(effects.after, lane, after)
    return f"{seller} would sell {tonnes(after)} of {sold} a year to {buyer}, {way} {start}{share}."


def _import_share(equilibrium: Equilibrium, lane: LaneKey, flow: float) -> str:
    regions = (r.code for r in equilibrium.market.regions if r.code != lane.destination)
    imports = sum(equilibrium.flow(lane.good, origin, lane.destination) for origin in regions)
    return f" ({percent(100.0 * flow / imports)} of its imports)" if imports > 0.0 else ""


def _world_price(effects: Effects, focus: Focus) -> str:
    quotes = {hub.good: hub.quote for hub in effects.after.market.hubs}
    if focus.good not in quotes:
        return "the pack quotes no world price."
    before, after = (eq.hub_price.get(focus.good) for eq in (effects.before, effects.after))
    named = f"the world price ({quotes[focus.good]})"
    if after is None and before is not None:
        return f"{named} is quoted no more: none of its exporters sells abroad."
    return f"{named} {_moves(before, after)}."


def _moves(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return f"cannot be compared: nothing is bought {'before' if before is None else 'after'}"
    change = after - before
    pct = 100.0 * change / before
    if abs(pct) < BELOW_WHAT_IS_SHOWN:
        return "does not move"
    verb = "rises" if change > 0.0 else "falls"
    return f"{verb} by {percent(abs(pct))} ({signed(per_tonne(change))})"


def _output(effects: Effects, focus: Focus, names: Names) -> str:
    made = [
        sum(
            float(tonnes_made)
            for (made_good, _), tonnes_made in zip(eq.universe.nodes, eq.state.supply, strict=True)
            if made_good == focus.good
        )
        for eq in (effects.before, effects.after)
    ]
    change = signed(tonnes(made[1] - made[0]))
    return f"World output of {names.good(focus.good)} changes by {change} a year;"
