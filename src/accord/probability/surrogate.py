"""What an answer rests on, from draws that are there already: no further market is solved.

The answers are fitted by least squares with a polynomial of the numbers' normal scores: straight
lines, squares, and products of the numbers that matter most. How well it does is told by leaving
out each draw in turn (R² of predicted answers; exact from one fit). Of the forms tried the one that
predicts best is kept. Variance is shared out by Shapley effects, exact for the polynomial, times
that R²: what the polynomial does not explain is given to nobody.

Source of the leave-one-out form: D. M. Allen, Technometrics 16 (1974).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from accord.probability.arrays import Matrix, Vector
from accord.probability.indices import Groups
from accord.probability.shapley import players_of, shapley_of_quadratic

DRAWS_A_TERM = 4
"""At least so many draws for each coefficient, or the fit would be to chance."""
_RIDGE = 1e-10

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Quadratic:
    """c + b·z + zᵀAz fitted to answers.

    ``slopes`` (k,), ``curves`` (k, k) symmetric;  ``explained`` leave-one-out R², 1 is perfect and
    it may be negative;  ``variance`` of the answers
    """

    constant: float
    slopes: Vector
    curves: Matrix
    explained: float
    variance: float

    def __call__(self, scores: Matrix) -> Vector:
        """Return the fitted answers (n,) at normal scores (n, k)."""
        bent = np.einsum("ni,ij,nj->n", scores, self.curves, scores, optimize=True)
        return self.constant + scores @ self.slopes + bent


@dataclass(frozen=True)
class Importance:
    """Which numbers an answer rests on.

    ``players``    the numbers (or groups of many that vary together) that share the variance
    ``share``      of the answer's variance by player (p,); they add up to ``explained``
    ``direction``  +1 where a higher number raises the answer, −1 where it lowers it (p,), 0 for
                   groups and where the answer does not move
    ``explained``  how much of the variance the fit predicts, 0 to 1
    """

    players: Groups
    share: Vector
    direction: Vector
    explained: float

    @cached_property
    def ranked(self) -> tuple[int, ...]:
        """Places of the players, the most important first."""
        return tuple(int(i) for i in np.argsort(-self.share, kind="stable"))

    def decisive(self, part: float = 0.8) -> tuple[int, ...]:
        """Return the fewest players that hold at least a part of what is explained, at most all."""
        wanted, held, found = part * float(self.share.sum()), 0.0, list[int]()
        for i in self.ranked:
            if held >= wanted:
                break
            found.append(i)
            held += float(self.share[i])
        return tuple(found)


def fit(scores: Matrix, answers: Vector) -> Quadratic:
    """Return the polynomial that predicts answers (n,) best from normal scores (n, k).

    Raises ``ValueError`` for answers that are not finite, and with fewer than 8 draws.
    """
    count, size = scores.shape
    if not bool(np.isfinite(answers).all()) or answers.shape != (count,):
        raise ValueError("a finite answer is needed for every draw")
    if count < 2 * DRAWS_A_TERM:
        raise ValueError(f"{count} draws are too few to tell numbers apart")
    variance = float(answers.var())
    if variance <= 0.0 or size == 0:
        rest = 1.0 if variance <= 0.0 else 0.0
        none = np.zeros(size), np.zeros((size, size))
        return Quadratic(float(answers.mean()), *none, rest, variance)
    best = _fitted(scores, answers, _chosen(scores, answers, count // DRAWS_A_TERM - 1), ())
    squares = _chosen(scores, answers, (count // DRAWS_A_TERM - 1) // 2)
    for pairs in ((), _pairs(best, squares, count // DRAWS_A_TERM - 1 - 2 * len(squares))):
        found = _fitted(scores, answers, squares, pairs, bent=True)
        best = found if found.explained > best.explained else best
    return best


def _chosen(scores: Matrix, answers: Vector, most: int) -> tuple[int, ...]:
    """Return the columns to use: all, or the most correlated with the answer if there are many."""
    size = scores.shape[1]
    if size <= most:
        return tuple(range(size))
    left = scores - scores.mean(axis=0)
    strength = np.abs(left.T @ (answers - answers.mean())) / np.sqrt((left**2).sum(axis=0))
    return tuple(sorted(int(i) for i in np.argsort(-strength, kind="stable")[:most]))


def _pairs(of: Quadratic, columns: tuple[int, ...], most: int) -> Pairs:
    """Return products of as many of the steepest numbers as there are draws for."""
    if most < 1:
        return ()
    many = min(int((1.0 + math.sqrt(1.0 + 8.0 * most)) / 2.0), len(columns))
    steepest = sorted(columns, key=lambda i: -abs(float(of.slopes[i])))[:many]
    return tuple(combinations(sorted(steepest), 2))


def _fitted(
    scores: Matrix, answers: Vector, columns: tuple[int, ...], pairs: Pairs, *, bent: bool = False
) -> Quadratic:
    """Return the least-squares fit with some columns, their squares if ``bent``, and products."""
    used = scores[:, list(columns)]
    terms = [np.ones((len(scores), 1)), used]
    if bent:
        terms += [used**2]
        if pairs:
            terms += [np.column_stack([scores[:, i] * scores[:, j] for i, j in pairs])]
    matrix = np.concatenate(terms, axis=1)
    middle, scale = float(answers.mean()), float(answers.std())
    square = matrix.T @ matrix
    square[np.diag_indices_from(square)] *= 1.0 + _RIDGE
    inverse = np.linalg.inv(square)
    weights = inverse @ (matrix.T @ ((answers - middle) / scale))
    left = (answers - middle) / scale - matrix @ weights
    lever: Vector = np.einsum("ni,ij,nj->n", matrix, inverse, matrix, optimize=True)
    missed = left / np.maximum(1.0 - lever, _RIDGE)
    explained = 1.0 - float(np.mean(missed**2))
    return _assembled(scale * weights, middle, scores.shape[1], columns, pairs, explained, scale)


def _assembled(  # noqa: PLR0913, PLR0917 - the parts of one polynomial
    weights: Vector,
    middle: float,
    size: int,
    columns: tuple[int, ...],
    pairs: Pairs,
    explained: float,
    scale: float,
) -> Quadratic:
    slopes, curves = np.zeros(size), np.zeros((size, size))
    used, count = list(columns), len(columns)
    slopes[used] = weights[1 : 1 + count]
    if len(weights) > 1 + count:
        curves[used, used] = weights[1 + count : 1 + 2 * count]
    for (i, j), weight in zip(pairs, weights[1 + 2 * count :], strict=True):
        curves[i, j] = curves[j, i] = 0.5 * float(weight)
    return Quadratic(middle + float(weights[0]), slopes, curves, explained, scale**2)


def importance(scores: Matrix, answers: Vector, correlation: Matrix) -> Importance:
    """Return what answers (n,) rest on, from draws as normal scores (n, k) with a correlation.

    Raises ``ValueError`` as ``fit`` does.
    """
    found = fit(scores, answers)
    players = players_of(correlation)
    if found.variance <= 0.0:
        return Importance(players, np.zeros(len(players)), np.zeros(len(players)), 1.0)
    effect = shapley_of_quadratic(found.slopes, found.curves, correlation)
    explained = min(max(found.explained, 0.0), 1.0)
    total = float(effect.sum())
    share = explained * effect / total if total > 0.0 else np.zeros(len(players))
    pull = np.array([np.sign(found.slopes[p[0]]) if len(p) == 1 else 0.0 for p in players])
    return Importance(players, share, pull, explained)
