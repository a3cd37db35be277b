"""How a solve ended: the point, how far it is from a solution, and if it failed, why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Failure = Literal[
    "", "shape", "bounds", "not a number", "singular", "unbounded", "no solution", "stalled"
]


@dataclass(frozen=True, slots=True)
class Step:
    """One method's turn on the ladder: its name, the steps it took, the residual it reached."""

    method: str
    steps: int
    residual: float


@dataclass(frozen=True)
class Outcome:
    """The end of a solve, with its certificate.

    ``z``         the solution (n,); NaN in every place where the solve failed
    ``reached``   the last point (n,), inside its bounds, whether or not it solves anything
    ``residual``  largest scaled natural residual at ``reached``
    ``gap``       largest |F|·distance to the bound it belongs to, in scaled units; |F| where free
    ``conditioning``  condition number (1-norm) of the scaled system of the unknowns inside their
                  bounds; infinite: singular, so the solution need not be the only one nearby;
                  ``None``: not asked for
    ``steps``     the methods tried, in order
    ``seconds``   wall time
    ``failure``   kind of failure, ``cause`` and ``remedy`` why and what would help; empty if solved
    ``aside``     what the solve knew besides z and z cannot say, where there is such a thing
    ``worst``     index of the row with the largest residual, or of the row at fault
    """

    reached: NDArray[np.float64]
    residual: float
    steps: tuple[Step, ...]
    seconds: float
    solved: bool
    failure: Failure = ""
    cause: str = ""
    remedy: str = ""
    worst: int = -1
    gap: float = float("nan")
    conditioning: float | None = None
    aside: NDArray[np.float64] | None = None

    @cached_property
    def z(self) -> NDArray[np.float64]:
        """The solution, or NaN throughout: nothing that could be taken for a result."""
        return self.reached if self.solved else np.full(self.reached.shape, np.nan)

    @property
    def total_steps(self) -> int:
        """Newton steps over all methods."""
        return sum(step.steps for step in self.steps)

    @property
    def method(self) -> str:
        """Name of the method that ended the solve; empty where none was tried."""
        return self.steps[-1].method if self.steps else ""

    def __repr__(self) -> str:
        """Answer first: solved or why not, then the certificate."""
        if not self.solved:
            return f"<NOT solved ({self.failure}): {self.cause}. Remedy: {self.remedy}>"
        shown = "" if self.conditioning is None else f", conditioning {self.conditioning:.0e}"
        return (
            f"<solved by {self.method or 'no step'} in {self.total_steps} steps, "
            f"{1e3 * self.seconds:.1f} ms: residual {self.residual:.0e}, gap {self.gap:.0e}{shown}>"
        )
