"""How a solve ended: the point, how far it is from a solution, and if it failed, why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Step:
    """One method's turn on the ladder: its name, the steps it took, the residual it reached."""

    method: str
    steps: int
    residual: float


@dataclass(frozen=True)
class Outcome:
    """The end of a solve.

    ``z``         the point reached, inside its bounds
    ``residual``  largest scaled natural residual at ``z``
    ``steps``     the methods tried, in order
    ``seconds``   wall time
    ``cause``, ``remedy``  why it failed and what would help; empty when solved
    ``worst``     index of the row with the largest residual
    """

    z: NDArray[np.float64]
    residual: float
    steps: tuple[Step, ...]
    seconds: float
    solved: bool
    cause: str = ""
    remedy: str = ""
    worst: int = -1

    @property
    def total_steps(self) -> int:
        """Newton steps over all methods."""
        return sum(step.steps for step in self.steps)
