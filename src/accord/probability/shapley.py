"""Shapley effects: an answer's variance shared out among numbers, correlated ones too.

The worth of a set S of numbers is how much of the answer's variance knowing them takes away,
v(S) = Var E[f | S]. A number's effect is what it adds to the worth of those before it, on average
over all orders; effects are never negative and add up to the variance. For independent numbers an
effect lies between the first-order and the total index.

Sources: A. B. Owen, SIAM/ASA Journal on Uncertainty Quantification 2 (2014); E. Song, B. L. Nelson
and J. Staum, the same 4 (2016).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from accord.probability import copula, points
from accord.probability.arrays import Matrix, Vector
from accord.probability.indices import Groups, Model

MOST_TOGETHER = 8
"""Numbers that vary together and are still told apart: there are 2ⁿ sets of them."""


def shapley_effects(model: Model, correlation: Matrix, count: int, seed: int) -> Vector:
    """Return the effects (k,) of k ≤ 8 numbers on a model of normal scores, (n, k) → (n,).

    For each set of numbers the model is solved at ``count`` points, the set drawn anew given the
    rest: half the mean square of the change is the variance left when only the rest is known.
    (2^k) ``count`` solves in all. Raises ``ValueError`` for more numbers.
    """
    size = len(correlation)
    if size > MOST_TOGETHER:
        raise ValueError(
            f"{size} numbers have 2^{size} sets; at most {MOST_TOGETHER} can be told apart so: "
            "group them, or use the effects of the quadratic surrogate"
        )
    scores = points.normals(count, 2 * size, seed)
    base, fresh = copula.correlated(scores[:, :size], correlation), scores[:, size:]
    here = model(base)
    left = np.zeros(2**size)
    for mask in range(1, 2**size):
        again = _redrawn(base, fresh, correlation, _members(mask, size))
        left[mask] = 0.5 * float(np.mean(np.square(model(again) - here)))
    # Shapley values of "what is left when only the rest is known" are those of v: its dual game.
    return shared_out(left, size)


def _redrawn(base: Matrix, fresh: Matrix, correlation: Matrix, drawn: Sequence[int]) -> Matrix:
    """Return scores with some columns drawn anew given the others."""
    rest = [i for i in range(len(correlation)) if i not in set(drawn)]
    within = correlation[np.ix_(drawn, drawn)]
    again = base.copy()
    if not rest:
        again[:, list(drawn)] = fresh[:, list(drawn)] @ copula.factor(within).T
        return again
    across = correlation[np.ix_(drawn, rest)]
    pull = across @ np.linalg.pinv(correlation[np.ix_(rest, rest)])
    spread = copula.factor(within - pull @ across.T)
    again[:, list(drawn)] = base[:, rest] @ pull.T + fresh[:, list(drawn)] @ spread.T
    return again


def shared_out(worth: Vector, size: int) -> Vector:
    """Return each player's Shapley value (size,) from the worth of every set (2^size,).

    Bit i of a set's place says whether player i is in it; the empty set is worth 0.
    """
    return _weights(size) @ worth


@cache
def _weights(size: int) -> Matrix:
    """Return the matrix (size, 2^size) that turns worths into Shapley values."""
    found = np.zeros((size, 2**size))
    for mask in range(2**size):
        inside = mask.bit_count()
        for player in range(size):
            if mask >> player & 1:
                found[player, mask] = 1.0 / (size * math.comb(size - 1, inside - 1))
            else:
                found[player, mask] = -1.0 / (size * math.comb(size - 1, inside))
    found.flags.writeable = False
    return found


def _members(mask: int, size: int) -> list[int]:
    return [i for i in range(size) if mask >> i & 1]


def players_of(correlation: Matrix) -> Groups:
    """Return who shares out the variance: single numbers, and groups too large to be told apart."""
    return tuple(
        player
        for group in copula.components(correlation)
        for player in ([(i,) for i in group] if len(group) <= MOST_TOGETHER else [group])
    )


def shapley_of_quadratic(slopes: Vector, curves: Matrix, correlation: Matrix) -> Vector:
    """Return the effects of ``players_of(correlation)`` on b·z + zᵀAz, z normal scores; exact.

    ``slopes`` b (k,), ``curves`` A (k, k) symmetric. With R the correlation and
    P_S = R_·S R_SS⁻¹ R_S·, Var E[f | S] = bᵀ P_S b + 2 tr(A P_S A P_S). Groups that are independent
    of each other share P out in blocks, so that the game is a sum of games within single groups
    and between two of them.
    """
    groups = copula.components(correlation)
    alone = [group[0] for group in groups if len(group) == 1]
    blocks = [_Block(correlation, group) for group in groups if len(group) > 1]
    effect = dict.fromkeys(players_of(correlation), 0.0)
    # What two independent numbers do together is 4 a² and goes half to each.
    own = np.diag(curves)[alone] ** 2
    pairs = (curves[np.ix_(alone, alone)] ** 2).sum(axis=1) - own
    for i, value in zip(alone, slopes[alone] ** 2 + 2.0 * own + 2.0 * pairs, strict=True):
        effect[i,] = float(value)
    singles = [_Block(correlation, (i,)) for i in alone]
    for i, block in enumerate(blocks):
        _credit(effect, block.players, block.worth(slopes, curves))
        for other in (*blocks[i + 1 :], *singles):
            _credit(effect, (*block.players, *other.players), block.worth_with(other, curves))
    return np.array([effect[player] for player in players_of(correlation)])


class _Block:
    """Numbers that vary together: ``known`` holds P_S of every set of its players (2^p, m, m)."""

    def __init__(self, correlation: Matrix, group: tuple[int, ...]) -> None:
        self.members = group
        within = correlation[np.ix_(group, group)]
        alone = len(group) <= MOST_TOGETHER
        self.players: Groups = tuple((i,) for i in group) if alone else (group,)
        sets = 2 ** len(self.players)
        self.known = np.zeros((sets, len(group), len(group)))
        for mask in range(1, sets):
            inside = _members(mask, len(group)) if alone else list(range(len(group)))
            columns = within[:, inside]
            self.known[mask] = columns @ np.linalg.pinv(within[np.ix_(inside, inside)]) @ columns.T

    def worth(self, slopes: Vector, curves: Matrix) -> Vector:
        """Return what knowing each set takes away of what these numbers do by themselves."""
        products = curves[np.ix_(self.members, self.members)] @ self.known
        b = slopes[list(self.members)]
        bent = np.einsum("sij,sji->s", products, products)
        return np.einsum("i,sij,j->s", b, self.known, b) + 2.0 * bent

    def worth_with(self, other: _Block, curves: Matrix) -> Vector:
        """Return that of what they do together with others; the others' sets are the high bits."""
        across = curves[np.ix_(self.members, other.members)]
        through = across @ other.known @ across.T
        worth: Vector = 4.0 * np.einsum("sij,tji->ts", self.known, through)
        return worth.ravel()


def _credit(effect: dict[tuple[int, ...], float], players: Groups, worth: Vector) -> None:
    values = shared_out(worth, len(players))
    for player, value in zip(players, values, strict=True):
        effect[player] += float(value)
