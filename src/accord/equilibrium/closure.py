"""What a closure offers: how one Market becomes a problem, a solve and a state."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.state import State
from accord.market import Market
from accord.solve import Outcome, Problem


class Closure(Protocol):
    """How trade is closed. A frozen value without data of its own; one file each."""

    @property
    def name(self) -> str:
        """What ``--closure`` calls it."""
        ...

    @property
    def fits_trade(self) -> bool:
        """Whether its parameters are set so that the benchmark's flows come out."""
        ...

    @property
    def certifies_welfare(self) -> bool:
        """Whether welfare along a path must agree with the sum of its parts."""
        ...

    def refusal(self, market: Market) -> str | None:
        """Return what in the market this closure has no words for, or ``None``."""
        ...

    def prepared(self, arrays: Arrays, market: Market) -> Arrays:
        """Return the arrays with what this closure calibrates; ``market`` is the reference."""
        ...

    def problem(self, arrays: Arrays) -> Problem:
        """Return the complementarity problem of prepared arrays."""
        ...

    def state(self, arrays: Arrays, z: Vector) -> State:
        """Return every quantity at a point."""
        ...

    def follow(self, arrays: Arrays, near: Vector) -> Outcome:
        """Solve fast from a point next to the solution, or say that it is not."""
        ...

    def solve(self, arrays: Arrays, start: Vector | None) -> Outcome:
        """Solve from a point, or from a cold start, by the quick ways."""
        ...

    def climb(self, arrays: Arrays) -> Outcome:
        """Solve from a cold start by the long ways, where the quick ones failed."""
        ...


def cold_start(arrays: Arrays) -> Vector:
    """Start from prices near the buyers' reference and every plant at 80 % of capacity."""
    _, _, m, t = arrays.sizes
    levels = 0.8 * arrays.activities.capacity
    return np.concatenate([0.95 * arrays.reference_price, levels, np.zeros(m + t)])
