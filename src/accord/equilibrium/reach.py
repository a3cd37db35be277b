"""What cannot be made: plants without capacity, inputs or outlet, and the lanes behind them.

Left in, such a node would clear only as its price goes to infinity (nobody can supply what its
lanes still ask for) or at any price at all (nothing leads away from it). Taken out, the rest is
well posed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays

Mask = NDArray[np.bool_]


def without_the_impossible(arrays: Arrays) -> Arrays:
    """Return the arrays with idle for good what cannot run, and shut what cannot fill."""
    runs, is_open = _possible(arrays)
    activities, lanes = arrays.activities, arrays.lanes
    return replace(
        arrays,
        activities=replace(activities, capacity=np.where(runs, activities.capacity, 0.0)),
        lanes=replace(lanes, log_weight=np.where(is_open, lanes.log_weight, -np.inf)),
    )


def _possible(arrays: Arrays) -> tuple[Mask, Mask]:
    """Return which activities can run (A,) and which lanes can fill (L,)."""
    lanes, needs, makes = arrays.lanes, arrays.activities.inputs > 0, arrays.activities.outputs > 0
    runs = arrays.activities.capacity > 0.0
    is_open: Mask = np.isfinite(lanes.log_weight)
    while True:
        can_make: Mask = np.any(makes & runs, axis=1)
        is_open = is_open & can_make[lanes.node]
        leads_away, served = np.zeros(len(makes), np.bool_), np.zeros(len(needs), np.bool_)
        leads_away[lanes.node[is_open]] = True
        served[lanes.buyer[is_open]] = True
        left: Mask = runs & ~np.any(needs[~served], axis=0) & np.any(makes[leads_away], axis=0)
        if np.array_equal(left, runs):
            return runs, is_open
        runs = left
