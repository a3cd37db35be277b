"""One number at a time: the answer at its low and its high, all others at their medians."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.probability.arrays import Matrix, Vector


@dataclass(frozen=True)
class Tornado:
    """Answers with one number moved (k,) each, and ``centre``, the answer with none moved.

    An answer that was not found is NaN.
    """

    centre: float
    at_low: Vector
    at_high: Vector

    @cached_property
    def swing(self) -> Vector:
        """How far apart the answers at low and high are (k,)."""
        return np.abs(self.at_high - self.at_low)

    @cached_property
    def ranked(self) -> tuple[int, ...]:
        """Places of the numbers, the widest swing first; those without an answer last."""
        return tuple(
            int(i) for i in np.argsort(-np.nan_to_num(self.swing, nan=-1.0), kind="stable")
        )


def tornado(
    model: Callable[[Matrix], Vector], centre: Vector, low: Vector, high: Vector
) -> Tornado:
    """Return the answers of a model, (n, k) → (n,), in one call of 2k + 1 rows.

    Correlations do not enter: the others stay where they are.
    """
    size = len(centre)
    rows = np.tile(centre, (2 * size + 1, 1))
    rows[np.arange(size), np.arange(size)] = low
    rows[size + np.arange(size), np.arange(size)] = high
    answers = model(rows)
    return Tornado(float(answers[-1]), answers[:size], answers[size:-1])
