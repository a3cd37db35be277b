"""What would have to be true: the nearest values of uncertain numbers at which an answer turns.

Distance is in standard deviations of independent normal scores, so that the nearest point is the
most probable of those at which the answer reaches an edge. It is sought by the method of Hasofer
and Lind with the line search of Zhang and Der Kiureghian; whatever the search says, the flip
returned is a point where the model itself was evaluated, on its ray from the medians.

Sources: A. M. Hasofer and N. C. Lind, Journal of the Engineering Mechanics Division 100 (1974);
R. Rackwitz and B. Fiessler, Computers and Structures 9 (1978); Y. Zhang and A. Der Kiureghian, in
Reliability and Optimization of Structural Systems (1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accord.probability import copula
from accord.probability.arrays import Matrix, Vector

Model = Callable[[Matrix], Vector]
FARTHEST = 3.0
"""Standard deviations beyond which nothing is sought: for a single number 3 in 1,000."""
ROUNDS, STEP, CLOSE = 25, 0.05, 1e-3
HALVES = 0.5 ** np.arange(6.0)
GRID, REFINED = 9, 6


@dataclass(frozen=True)
class Flip:
    """The nearest point at which an answer is on the other side of an edge.

    ``scores``    normal scores (k,) as the numbers have them;  ``answer`` of the model there
    ``distance``  from the medians, in standard deviations of independent scores
    ``settled``   whether the search ended at a nearest point; else it is only one that flips
    """

    scores: Vector
    distance: float
    answer: float
    settled: bool
    evaluations: int


class _Counted:
    """A model of independent scores less the edge, positive at the medians; counts its rows."""

    def __init__(self, model: Model, factor: Matrix, edge: float) -> None:
        self.model, self.factor, self.edge = model, factor, edge
        self.rows = 0
        self.sign = 1.0
        here = float(self(np.zeros((1, len(factor))))[0])
        self.sign = -1.0 if here < 0.0 else 1.0
        self.start = abs(here)

    def __call__(self, points: Matrix) -> Vector:
        self.rows += len(points)
        return self.sign * (self.model(points @ self.factor.T) - self.edge)


def nearest_flip(
    model: Model,
    correlation: Matrix,
    edge: float,
    draws: tuple[Matrix, Vector] | None = None,
    farthest: float = FARTHEST,
) -> Flip | None:
    """Return where an answer, (n, k) normal scores → (n,), first reaches an edge; None if nowhere.

    ``draws``  independent scores and answers that are there already ((n, k), (n,)): the search then
    starts at the nearest that flips, too. ``None`` says that nothing was found up to ``farthest``,
    not that nothing exists. Answers that are NaN are taken as not on the other side. Raises
    ``ValueError`` where the answer at the medians is no number.
    """
    game = _Counted(model, copula.factor(correlation), edge)
    if not np.isfinite(game.start):
        raise ValueError("the answer at the medians must be a number")
    if game.start == 0.0:
        return Flip(np.zeros(len(correlation)), 0.0, edge, settled=True, evaluations=game.rows)
    starts = [np.zeros(len(correlation))]
    if draws is not None:
        starts += _nearest_draw(game, *draws)
    found: list[tuple[Vector, float, bool]] = []
    for start in starts:
        end, settled = _searched(game, start, farthest)
        for point in (end, start):
            on_edge = _along_ray(game, point, farthest)
            if on_edge is not None:
                found.append((*on_edge, settled and point is end))
                break
    if not found:
        return None
    point, left, settled = min(found, key=lambda each: float(each[0] @ each[0]))
    return Flip(
        scores=game.factor @ point,
        distance=float(np.linalg.norm(point)),
        answer=edge + game.sign * left,
        settled=settled,
        evaluations=game.rows,
    )


def _nearest_draw(game: _Counted, scores: Matrix, answers: Vector) -> list[Vector]:
    with np.errstate(invalid="ignore"):
        over = game.sign * (answers - game.edge) <= 0.0
    flipped = scores[over]
    if not len(flipped):
        return []
    return [flipped[int(np.argmin((flipped**2).sum(axis=1)))]]


def _searched(game: _Counted, start: Vector, farthest: float) -> tuple[Vector, bool]:
    """Return where the search ends, and whether it settled there."""
    at, size = start, len(start)
    offsets = np.concatenate([np.zeros((1, size)), STEP * np.eye(size), -STEP * np.eye(size)])
    for _ in range(ROUNDS):
        around = game(at + offsets)
        here = float(around[0])
        slope = (around[1 : 1 + size] - around[1 + size :]) / (2.0 * STEP)
        steep = float(slope @ slope)
        if not (np.isfinite(here) and np.isfinite(steep)) or steep == 0.0:
            return at, False
        aim = (float(slope @ at) - here) / steep * slope
        length = float(np.linalg.norm(aim))
        if length > 2.0 * farthest:
            aim *= 2.0 * farthest / length
        if float(np.linalg.norm(aim - at)) < CLOSE:
            return aim, length <= 2.0 * farthest
        at = _stepped(game, at, aim, here, steep)
    return at, False


def _stepped(game: _Counted, at: Vector, aim: Vector, here: float, steep: float) -> Vector:
    """Return the point between here and the aim with the least of ½w² + c |answer − edge|."""
    weight = 2.0 * max(float(np.linalg.norm(at)), float(np.linalg.norm(aim))) / np.sqrt(steep)
    points = at + HALVES[:, None] * (aim - at)
    merit = 0.5 * (points**2).sum(axis=1) + weight * np.abs(game(points))
    merit = np.where(np.isnan(merit), np.inf, merit)
    now = 0.5 * float(at @ at) + weight * abs(here)
    better = np.flatnonzero(merit < now)
    # The longest step that helps; where none does the shortest, so that the search moves on.
    return points[int(better[0]) if len(better) else -1]


def _along_ray(game: _Counted, point: Vector, farthest: float) -> tuple[Vector, float] | None:
    """Return the first flip on the ray from the medians through a point, and the answer there."""
    length = float(np.linalg.norm(point))
    if length == 0.0:
        return None
    ray = point / length
    low, high = 0.0, min(1.25 * length, farthest)
    left = np.nan
    for _ in range(REFINED):
        steps = np.linspace(low, high, GRID)[1:]
        values = game(steps[:, None] * ray)
        over = np.flatnonzero(values <= 0.0)
        if not len(over):
            return None if np.isnan(left) else (high * ray, left)
        first = int(over[0])
        low = low if first == 0 else float(steps[first - 1])
        high, left = float(steps[first]), float(values[first])
    return high * ray, left


def single_flips(model: Model, size: int, edge: float, farthest: float = FARTHEST) -> Vector:
    """Return for each number alone the score (k,) at which the answer turns, others at medians.

    The nearer of the two sides; NaN where the answer does not turn up to ``farthest``.
    """
    game = _Counted(model, np.eye(size), edge)
    rays = np.concatenate([np.eye(size), -np.eye(size)])
    low, high = np.zeros(2 * size), np.full(2 * size, farthest)
    turning = np.arange(2 * size)
    for _ in range(REFINED):
        if not len(turning):
            break
        part = np.linspace(0.0, 1.0, GRID)[1:]
        steps = low[turning, None] + part * (high - low)[turning, None]
        points = steps[:, :, None] * rays[turning, None, :]
        over = (game(points.reshape(-1, size)) <= 0.0).reshape(steps.shape)
        # Those that do not turn are not looked at again.
        kept = np.flatnonzero([bool(row.any()) for row in over])
        first = over[kept].argmax(axis=1)
        turning, steps = turning[kept], steps[kept]
        rows = np.arange(len(kept))
        low[turning] = np.where(first > 0, steps[rows, np.maximum(first - 1, 0)], low[turning])
        high[turning] = steps[rows, first]
    found = np.full(size, np.nan)
    for row in sorted(turning, key=lambda r: -float(high[r])):
        found[row % size] = high[row] if row < size else -high[row]
    return found
