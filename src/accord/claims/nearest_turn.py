"""Where, nearest to the medians, an answer turns that costs a market to evaluate.

The draws that are there already are fitted with a quadratic; the nearest point at which the fit
turns is sought without solving anything. What it finds is then held against the model: the first
turn on the ray from the medians through it, and from there, by the model's own slopes, the ray that
turns nearer, as long as there is one. What is returned was evaluated by the model.

Distance is in standard deviations of independent normal scores (conventions C92).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.ensemble.drawn import Matrix, Vector
from accord.probability import copula
from accord.probability.flip import nearest_flip
from accord.probability.surrogate import Quadratic, fit

FARTHEST = 4.0
"""Standard deviations beyond which nothing is sought."""
GRID, REFINED, ROUNDS = 6, 2, 2
STEP, NEARER, SAME_WAY = 0.05, 0.99, 0.98

Model = Callable[[Matrix, Vector | None], Vector]
"""Values at scores (n, k) → (n,), NaN where there is none; the second names a point near by."""
Left = Callable[[Vector], Vector]
"""How far values (n,) are from turning: positive as at the medians, 0 or less once they have."""


class Drawn(NamedTuple):
    """Draws that have a value: scores as the numbers have them and independent (n, k), values."""

    scores: Matrix
    independent: Matrix
    values: Vector


@dataclass(frozen=True)
class Turn:
    """A point at which a value has crossed the edge.

    ``scores``    normal scores (k,) as the numbers have them;  ``value`` of the model there
    ``distance``  from the medians;  ``settled`` whether the model's slopes know no nearer one
    """

    scores: Vector
    distance: float
    value: float
    settled: bool


class _Game:
    """How far from turning the model is, in independent scores."""

    def __init__(self, model: Model, left: Left, lower: Matrix) -> None:
        self.model, self.left, self.lower = model, left, lower

    def __call__(self, points: Matrix, near: Vector | None = None) -> Vector:
        at = None if near is None else self.lower @ near
        return self.left(self.model(points @ self.lower.T, at))


def nearest_turn(
    model: Model, left: Left, correlation: Matrix, central: float, drawn: Drawn
) -> Turn | None:
    """Return the nearest point at which an answer turns; ``None`` where none was found.

    ``central`` is the model's value at the medians. ``None`` means none within ``FARTHEST``.
    """
    game = _Game(model, left, copula.factor(correlation))
    found: tuple[Vector, float] | None = None
    for start in _starts(game, correlation, central, drawn):
        found = _on_ray(game, start)
        if found is not None:
            break
    if found is None:
        return None
    point, settled = _improved(game, found)
    scores = game.lower @ point
    value = float(model(scores[None, :], None)[0])
    return Turn(scores, float(np.linalg.norm(point)), value, settled)


def nearest_draw(left: Left, drawn: Drawn) -> Turn | None:
    """Return the draw nearest to the medians that has turned: all that is known without solving."""
    over = np.flatnonzero(left(drawn.values) <= 0.0)
    if not over.size:
        return None
    far = np.linalg.norm(drawn.independent[over], axis=1)
    best = int(over[int(far.argmin())])
    return Turn(drawn.scores[best], float(far.min()), float(drawn.values[best]), settled=False)


def _starts(game: _Game, correlation: Matrix, central: float, drawn: Drawn) -> list[Vector]:
    """Return where to look, in independent scores: the fit's turn, a draw, the steepest way."""
    fitted = fit(drawn.scores, drawn.values)
    shift = central - float(fitted(np.zeros((1, len(correlation))))[0])

    def guess(scores: Matrix) -> Vector:
        return game.left(fitted(scores) + shift)

    known = drawn.independent, game.left(drawn.values)
    found: list[Vector] = []
    turn = nearest_flip(guess, correlation, 0.0, known, FARTHEST)
    if turn is not None and turn.distance > 0.0:
        found.append(_independent(game, turn.scores))
    near = nearest_draw(game.left, drawn)
    if near is not None:
        found.append(_independent(game, near.scores))
    steepest = _steepest(fitted, game, central)
    return [*found, *([] if steepest is None else [steepest])]


def _independent(game: _Game, scores: Vector) -> Vector:
    """Return the independent scores of a point; the shortest where several have it."""
    return np.asarray(np.linalg.lstsq(game.lower, scores, rcond=None)[0], np.float64)


def _steepest(fitted: Quadratic, game: _Game, central: float) -> Vector | None:
    """Return the way in which the fit says that the answer nears its turn fastest."""
    slope = game.lower.T @ fitted.slopes
    length = float(np.linalg.norm(slope))
    if length == 0.0:
        return None
    step = 1e-6 * max(abs(central), 1e-12)
    here, there = game.left(np.array([central, central + step])).tolist()
    return FARTHEST * slope / length * (-1.0 if there > here else 1.0)


def _on_ray(game: _Game, towards: Vector) -> tuple[Vector, float] | None:
    """Return the first turn on the ray from the medians, and what is left there (0 or less)."""
    length = float(np.linalg.norm(towards))
    if length == 0.0:
        return None
    ray = towards / length
    for high in dict.fromkeys((min(1.3 * length, FARTHEST), FARTHEST)):
        found = _between(game, ray, 0.0, high)
        if found is not None:
            low, far, left = found
            for _ in range(REFINED):
                finer = _between(game, ray, low, far)
                if finer is None:
                    break
                low, far, left = finer
            return far * ray, left
    return None


def _between(
    game: _Game, ray: Vector, low: float, high: float
) -> tuple[float, float, float] | None:
    steps = np.linspace(low, high, GRID + 1)[1:]
    left = game(steps[:, None] * ray)
    over = np.flatnonzero(left <= 0.0)
    if not over.size:
        return None
    first = int(over[0])
    before = low if first == 0 else float(steps[first - 1])
    return before, float(steps[first]), float(left[first])


def _improved(game: _Game, found: tuple[Vector, float]) -> tuple[Vector, bool]:
    """Return a nearer turn if the model's slopes lead to one, and whether they know no nearer."""
    point, left = found
    for _ in range(ROUNDS):
        aim = _aim(game, point, left)
        if aim is None:
            return point, False
        size = float(np.linalg.norm(aim)) * float(np.linalg.norm(point))
        if float(aim @ point) >= SAME_WAY * size:
            return point, True
        nearer = _on_ray(game, aim)
        if nearer is None or np.linalg.norm(nearer[0]) > NEARER * np.linalg.norm(point):
            return point, nearer is not None
        point, left = nearer
    return point, False


def _aim(game: _Game, point: Vector, left: float) -> Vector | None:
    """Return the nearest point of the plane on which nothing is left by the slopes here."""
    offsets = STEP * np.eye(len(point))
    around = game(np.concatenate([point + offsets, point - offsets]), point)
    slope = (around[: len(point)] - around[len(point) :]) / (2.0 * STEP)
    steep = float(slope @ slope)
    if not np.isfinite(steep) or steep == 0.0:
        return None
    return (float(slope @ point) - left) / steep * slope
