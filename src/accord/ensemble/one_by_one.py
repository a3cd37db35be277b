"""A stack of markets solved one after the other: the plain way, which the fast way is held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.ensemble.drawn import Matrix, Vector
from accord.equilibrium.certificate import certify
from accord.equilibrium.equilibrium import name_row
from accord.equilibrium.share import Share
from accord.equilibrium.stack import Stack


@dataclass(frozen=True, eq=False)
class Each:
    """Points (D, n), which of them are certified (D,), and why the others are not."""

    z: Matrix
    solved: NDArray[np.bool_]
    causes: dict[int, str]


def solve_each(stack: Stack, start: Vector) -> Each:
    """Solve every market of a stack under the share closure, each from the same start."""
    z = np.empty((stack.count, len(start)))
    causes: dict[int, str] = {}
    for draw in range(stack.count):
        arrays = stack.one(draw)
        outcome = Share().solve(arrays, start)
        if not outcome.solved:
            outcome = Share().climb(arrays)
        z[draw] = outcome.reached
        state = Share().state(arrays, outcome.reached)
        if not (outcome.solved and certify(state, outcome).ok):
            causes[draw] = f"no method could close {name_row(state, outcome.worst)}"
    solved = np.array([draw not in causes for draw in range(stack.count)], dtype=np.bool_)
    return Each(z, solved, causes)
