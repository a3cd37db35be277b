"""What the equilibria of many draws must satisfy: the checks of ``certificate``, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.certificate import (
    CLEARING_TOLERANCE,
    COMPLEMENTARITY_TOLERANCE,
    IDLE,
    MASS_TOLERANCE,
)
from accord.equilibrium.conflict_search import FULL, MISSING
from accord.equilibrium.many_point import ManyPoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ManyChecks:
    """Worst values of every draw (D,), as in ``Certificate``.

    ``unmet``  whether a minimum is not met even at the largest rebate the model allows
    """

    market_clearing: Array
    complementarity: Array
    mass_balance: Array
    unmet: Mask

    @property
    def ok(self) -> Mask:
        """Whether every check of a draw is within its tolerance (D,)."""
        return (
            (self.market_clearing <= CLEARING_TOLERANCE)
            & (self.complementarity <= COMPLEMENTARITY_TOLERANCE)
            & (self.mass_balance <= MASS_TOLERANCE)
        )


def checks_of(point: ManyPoint) -> ManyChecks:
    """Check points: clearing at positive prices, complementarity, tonnes in and out, minimums."""
    complementarity = point.layout.standing(point.z, point.conditions).size
    return ManyChecks(_clearing(point), complementarity, _mass_balance(point), _unmet(point))


def _clearing(point: ManyPoint) -> Array:
    shipped = _shipped(point)
    excess = point.supply - shipped
    failing = np.where(point.price > 0.0, excess, np.minimum(excess, 0.0))
    most = IDLE * (point.of.capacity @ point.shape.makes.T)
    size = np.maximum(np.maximum(np.abs(point.supply), np.abs(shipped)), most)
    relative = np.where(size > 0.0, np.abs(failing), 0.0) / np.where(size > 0.0, size, 1.0)
    return np.max(relative, axis=1, initial=0.0)


def _shipped(point: ManyPoint) -> Array:
    """Return what leaves every place (D, G·N), where lanes are closed nothing whatsoever."""
    left = np.where(point.of.bare > -np.inf, point.flow * point.shape.shipped, 0.0)
    return point.shape.to_nodes(left)


def _mass_balance(point: ManyPoint) -> Array:
    """Worst over goods of |made − disposed − lost − used| over what is made; idle as above."""
    goods, draws = point.shape.size[0], len(point.z)

    def by_good(values: Array) -> Array:
        return values.reshape(len(values), goods, -1).sum(axis=2)

    surplus = np.maximum(point.supply - point.shipped, 0.0)
    disposed = by_good(np.where(point.price > 0.0, 0.0, surplus))
    layout, wanted = point.shape.layout, point.demand_and_slope[0]
    lost = np.zeros((draws, goods))
    if not layout.lossless:
        more = point.flow * (point.shape.shipped - 1.0)
        lost = by_good(point.shape.to_nodes(more))
    made = by_good(point.supply)
    left = np.abs(made - disposed - lost - by_good(wanted))
    most = by_good(point.of.capacity @ point.shape.makes.T)
    size = np.maximum(made, IDLE * most)
    return np.max(left / np.where(size > 0.0, size, 1.0), axis=1, initial=0.0)


def _unmet(point: ManyPoint) -> Mask:
    limits = point.shape.arrays.limits
    n, a, m, _ = point.shape.arrays.sizes
    top = point.of.upper[:, n + a : n + a + m]
    short = point.limit_bound - point.counted_flow > MISSING * point.limit_bound
    at_the_top = short & (point.parts[2] >= FULL * top)
    return np.any(at_the_top & limits.active & (limits.sign < 0.0), axis=1)
