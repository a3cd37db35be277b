"""What accounts need to know of equilibria of one market, whether one or many, draws in front."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import (
    ActivityArrays,
    Arrays,
    BuyerArrays,
    LaneArrays,
    LimitArrays,
    Matrix,
)
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.state import State

Flags = NDArray[np.bool_]
_PARTS = frozenset({"base", "lanes", "buyers", "activities", "limits"})


@dataclass(frozen=True, eq=False)
class Quantities:
    """D equilibria: prices USD per tonne, flows and levels a year. See ``State`` for each.

    ``base`` says who is where; a field of ``lanes``, ``buyers``, ``activities`` and ``limits`` is
    the same for all draws or has a row for each (see ``Stack``). ``traced_share`` is (D, T, N).
    """

    base: Arrays
    lanes: LaneArrays
    buyers: BuyerArrays
    activities: ActivityArrays
    limits: LimitArrays
    price: Matrix
    level: Matrix
    rent: Matrix
    traced_share: NDArray[np.float64]
    supply: Matrix
    served: Flags
    buyer_price: Matrix
    use: Matrix
    final_use: Matrix
    flow: Matrix
    shipped: Matrix
    utilisation: Matrix
    revenue: Matrix
    flat_cost: Matrix
    counted_flow: Matrix
    bound: Matrix

    @property
    def count(self) -> int:
        """Number of draws D."""
        return len(self.price)

    @classmethod
    def of_one(cls, state: State) -> Quantities:
        """Take one equilibrium, under any closure, for one draw."""
        here = state.arrays
        values = {name: np.asarray(getattr(state, name))[None] for name in _NAMES}
        return cls(here, here.lanes, here.buyers, here.activities, here.limits, **values)

    @classmethod
    def of_many(cls, state: ManyState) -> Quantities:
        """Take many draws."""
        stack = state.stack
        values = {name: getattr(state, name) for name in _NAMES}
        return cls(stack.base, stack.lanes, stack.buyers, stack.activities, stack.limits, **values)


_NAMES = tuple(field.name for field in fields(Quantities) if field.name not in _PARTS)
