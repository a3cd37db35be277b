"""What a tonne of ore becomes at each step, and what of each element is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accord.market import Activity, Market
from accord.pack.chain import Chain

METALS = ("ndpr", "dy", "tb")
"""Elements that are made into metal."""


@dataclass(frozen=True)
class Recipe:
    """Tonnes of goods from one tonne of an ore once a step is done.

    ``outputs``  (good, tonnes);  ``lost`` tonnes of each element lost up to that step
    """

    ore: str
    step: str
    outputs: tuple[tuple[str, float], ...]
    lost: Mapping[str, float]


def recipe(chain: Chain, market: Market, ore: str, step: str) -> Recipe:
    """Return what a tonne of ``ore`` becomes: ore, oxides, metal, or magnets and what is left.

    Metal and magnets take what the pack's own makers take; swarf of the magnets is not counted.
    """
    if step == "mine":
        return Recipe(ore, step, ((ore, 1.0),), dict.fromkeys(chain.elements, 0.0))
    amounts = {
        f"{e}_oxide": chain.recovery[f"separation_{ore}"].span.central * chain.content[ore, e]
        for e in chain.elements
        if (ore, e) in chain.content
    }
    if step in ("metal", "magnet"):
        for e in METALS:
            oxide = amounts.pop(f"{e}_oxide", 0.0)
            if oxide > 0.0:
                amounts[f"{e}_metal"] = oxide / taken(market, f"metal_{e}", f"{e}_oxide")
    if step == "magnet":
        amounts["magnet"] = amounts.pop("ndpr_metal") / taken(market, "magnet", "ndpr_metal")
    outputs = tuple(sorted(amounts.items(), key=lambda x: x[0] != "magnet" and "ndpr" not in x[0]))
    lost = {e: chain.content.get((ore, e), 0.0) - chain.held(outputs, e) for e in chain.elements}
    return Recipe(ore, step, outputs, lost)


def taken(market: Market, kind: str, good: str) -> float:
    """Return tonnes of an input in a tonne of what activities of a kind make."""
    return dict(largest(market, kind).inputs)[good]


def largest(market: Market, kind: str) -> Activity:
    """Return the largest activity of a kind outside China; failing that China's."""
    found = [a for a in market.activities if a.kind == kind]
    abroad = [a for a in found if a.region != "CHN"]
    return max(abroad or found, key=lambda a: a.capacity.level)


def basket(chain: Chain, ore: str, price: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return tonnes of each oxide from a tonne of ore, and USD that it earns at these prices."""
    rate = chain.recovery[f"separation_{ore}"].span.central
    return {
        f"{e}_oxide": (rate * share, rate * share * price[f"{e}_oxide"])
        for (good, e), share in chain.content.items()
        if good == ore
    }
