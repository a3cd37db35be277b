"""Whether every tonne of every element that is dug up is used, lost, or left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accord.equilibrium import Equilibrium
from accord.market import Activity
from accord.pack.chain import Chain


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element in tonnes a year (as oxide): dug up = used + lost + left over.

    ``left_over`` is what is made and nobody takes, at a price of 0
    """

    element: str
    mined: float
    used: float
    lost: float
    left_over: float

    @property
    def gap(self) -> float:
        """What does not add up, over what is dug up."""
        if not self.mined:
            return 0.0
        return (self.mined - self.used - self.lost - self.left_over) / self.mined


def element_balance(chain: Chain, eq: Equilibrium) -> tuple[ElementRow, ...]:
    """Return every element's balance over the world in an equilibrium."""
    over = _unshipped(eq)
    return tuple(_row(chain, eq, over, element) for element in chain.elements)


def _row(chain: Chain, eq: Equilibrium, over: Mapping[str, float], element: str) -> ElementRow:
    activities = eq.market.activities
    mined = sum(
        eq.output(a.name) * chain.held(a.outputs, element) for a in activities if not a.inputs
    )
    lost = sum(eq.output(a.name) * _lost(chain, a, element) for a in activities if a.inputs)
    final = zip(eq.universe.buyers, eq.state.final_use.tolist(), strict=True)
    used = sum(chain.content.get((b.good, element), 0.0) * tonnes for b, tonnes in final)
    left = sum(chain.content.get((good, element), 0.0) * x for good, x in over.items())
    return ElementRow(element, mined, used, lost, left)


def _lost(chain: Chain, activity: Activity, element: str) -> float:
    """Return what an activity loses of an element by the recovery of its kind."""
    rate = chain.recovery[activity.kind].span.central
    return (1.0 - rate) * chain.held(activity.inputs, element)


def _unshipped(eq: Equilibrium) -> dict[str, float]:
    """Return tonnes of each good that are made and go nowhere, over all regions that make it."""
    over: dict[str, float] = {}
    makers: set[tuple[str, str]] = set()
    for a in eq.market.activities:
        for good, x in a.outputs:
            makers.add((good, a.region))
            over[good] = over.get(good, 0.0) + x * eq.output(a.name)
    shipped = zip(eq.universe.lanes, eq.state.flow.tolist(), strict=True)
    for lane, tonnes in shipped:
        if (lane.good, lane.origin) in makers:
            over[lane.good] -= tonnes
    return over
