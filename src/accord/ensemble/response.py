"""Where a draw's answer will be, near enough to start from: how the centre answers to each number.

Every drawn number alone is put to either side of its median and the market solved there; what that
moves is laid through the three points as a parabola, and the numbers' parts are added up. That is
no answer, only a start: it is nearer than the centre, so fewer slopes have to be factored. It is
worked out once for all draws, so that no draw depends on how draws are spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accord.ensemble.drawn import Matrix, Vector
from accord.equilibrium.many import Many, solve_many
from accord.equilibrium.stack import Stack

AWAY = 1.5
"""Normal score at which a number is tried: between the 90 % point and the far tail."""
FARTHEST = 2.0
"""Normal score beyond which an answer is taken to move no further."""


@dataclass(frozen=True, eq=False)
class Response:
    """Points of draws by the normal scores of their k numbers.

    ``centre`` (n,);  ``slope``, ``bend``  per score and per score squared (k, n), 0 where a number
    moves nothing or a trial had no answer
    """

    centre: Vector
    slope: Matrix
    bend: Matrix

    def starts(self, scores: Matrix) -> Matrix:
        """Return about where draws with these scores (D, k) are solved (D, n)."""
        near = np.clip(scores, -FARTHEST, FARTHEST)
        return self.centre + near @ self.slope + near**2 @ self.bend


def response_of(stack: Callable[[Matrix], Stack], count: int, centre: Vector) -> Response:
    """Return how the centre (n,) answers to ``count`` numbers.

    ``stack``  the markets at normal scores (D, count)
    """
    if not count:
        return Response(centre, np.zeros((0, len(centre))), np.zeros((0, len(centre))))
    tried = AWAY * np.eye(count)
    many = solve_many(stack(np.vstack([tried, -tried])), centre)
    above, below = _moved(many, centre, slice(count)), _moved(many, centre, slice(count, None))
    known = many.solved[:count] & many.solved[count:]
    slope, bend = (above - below) / (2.0 * AWAY), (above + below) / (2.0 * AWAY**2)
    return Response(centre, np.where(known[:, None], slope, 0.0), np.where(known[:, None], bend, 0))


def _moved(many: Many, centre: Vector, rows: slice) -> Matrix:
    return many.z[rows] - centre
