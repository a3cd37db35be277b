"""Bounds of a market's unknowns, and the sizes that tolerances are measured in.

The same for one market and for many side by side: what differs from draw to draw has a leading
axis, and so has the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import ActivityArrays, Arrays, LimitArrays

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bounds:
    """Bounds of z and sizes of z and F, (n,) or (D, n) each."""

    lower: Array
    upper: Array
    z_scale: Array
    f_scale: Array


def bounds_of(base: Arrays, activities: ActivityArrays, limits: LimitArrays) -> Bounds:
    """Return bounds and sizes of markets that differ in ``activities`` and ``limits`` at most."""
    _, a, m, t = base.sizes
    top = np.where(limits.active, limits.top, 0.0)
    capacity = activities.capacity
    can_make = _times(activities.outputs, capacity)
    tonnes = np.maximum(can_make, 1e-9)
    reference = base.reference_price
    unit_price = np.maximum(np.abs(reference @ activities.outputs), 1e-12)
    price = float(np.mean(reference)) if reference.size else 1.0
    rent_scale = np.where(np.isfinite(limits.top) & (limits.top == 1.0), 1.0, price)
    on_lanes = _times(limits.member, 1e-3 * tonnes[..., base.lanes.node])
    flow_scale = np.maximum(_bound_size(limits, capacity, tonnes), on_lanes)
    traced = np.tile(tonnes, base.tracers.count if base.tracers.passes else 0)
    # Where nothing can be made there is no market: its price is pinned and means nothing (C16).
    pinned = ~(can_make > 0.0)
    lowest = np.where(pinned, reference, 0.0)
    highest = np.where(pinned, reference, np.inf)
    makes_something = np.where(capacity > 0.0, capacity, 1.0)
    return Bounds(
        lower=_joined(lowest, np.zeros(a + m), np.full(t, -np.inf)),
        upper=_joined(highest, capacity, top, np.full(t, np.inf)),
        z_scale=_joined(reference, makes_something, rent_scale, traced),
        f_scale=_joined(tonnes, unit_price, np.maximum(flow_scale, 1e-9), traced),
    )


def _bound_size(limits: LimitArrays, capacity: Array, tonnes: Array) -> Array:
    """Return how many tonnes each bound can reach (M,), with all that makes it grow."""
    grown = limits.bound + _times(limits.grows, capacity)
    return grown + np.where(limits.clean_node >= 0, tonnes[..., limits.clean_node], 0.0)


def _times(matrix: Array, vector: Array) -> Array:
    """Return matrix · vector, draw by draw where either has draws."""
    return np.asarray((matrix @ vector[..., None])[..., 0], dtype=np.float64)


def _joined(*parts: Array) -> Array:
    """Return parts end to end, (n,) or, where any has draws, (D, n)."""
    draws = np.broadcast_shapes(*(x.shape[:-1] for x in parts))
    return np.concatenate([np.broadcast_to(x, (*draws, x.shape[-1])) for x in parts], axis=-1)
