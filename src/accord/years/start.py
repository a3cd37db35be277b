"""A point to start from: one market's answer in the numbering of another."""

from __future__ import annotations

import numpy as np

from accord.equilibrium import Equilibrium, Universe, same_names
from accord.equilibrium.arrays import Vector


def point_in(universe: Universe, equilibrium: Equilibrium) -> Vector | None:
    """Return an equilibrium's unknowns in the numbering of ``universe``.

    What the equilibrium does not know of stands still or has no rent. ``None`` where a price is
    not known, or where the closure has unknowns beyond prices, levels and rents.
    """
    own, state = equilibrium.universe, equilibrium.state
    if own is universe or same_names(own, universe):
        return state.z
    plain = len(state.z) == sum(state.arrays.sizes[:3])
    if universe.traced or not plain or any(n not in own.node_index for n in universe.nodes):
        return None
    prices = [state.price[own.node_index[node]] for node in universe.nodes]
    levels = [_known(state.level, own.activity_index.get(a.name)) for a in universe.activities]
    rents = [_known(state.rent, own.limit_index.get(key)) for key in universe.limit_keys]
    return np.array([*prices, *levels, *rents])


def _known(values: Vector, place: int | None) -> float:
    return 0.0 if place is None else float(values[place])
