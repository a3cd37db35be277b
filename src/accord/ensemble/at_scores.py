"""A deal's markets at any values of the uncertain numbers, given as normal scores.

An ensemble answers at the draws. Whoever asks where an answer turns, or what one number alone does
to it, needs it elsewhere: near the medians, or in a corner that no draw is in. Every point is
solved once; points start from the nearest that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from accord.effects.many import ManyAccounts, absent, accounts_of_many
from accord.ensemble.drawn import Drawn, Matrix, Vector
from accord.ensemble.markets import Markets
from accord.equilibrium.many import Many, solve_many
from accord.equilibrium.many_state import ManyState
from accord.pack.uncertain import Uncertainty

BEFORE, AFTER = 0, 1
Place = tuple[str, str | None]
"""Region (or lane) and good."""


class _Answer(NamedTuple):
    """Where the accounts of one point stand; ``row`` is −1 where it has no certified answer."""

    accounts: ManyAccounts | None
    row: int


class AtScores:
    """One of a deal's two markets under the share closure, ``BEFORE`` or ``AFTER``, at any scores.

    ``centre``  its solution with all numbers at their medians (n,)
    """

    def __init__(
        self, markets: Markets, uncertainty: Uncertainty, side: int, centre: Vector
    ) -> None:
        self._markets = markets
        self._uncertainty = uncertainty
        self._side = side
        self._answers: dict[bytes, _Answer] = {}
        self._points = np.zeros((1, len(uncertainty.numbers)))
        self._z = centre[None, :]
        self._alone: tuple[bytes, Many] | None = None

    @property
    def solved(self) -> int:
        """How many points have been solved for, those without an answer too."""
        return len(self._answers)

    def values(
        self, scores: Matrix, measure: str, place: Place, near: Vector | None = None
    ) -> Vector:
        """Return a measure at normal scores (n, k) of the numbers: (n,), NaN where it has none.

        ``near``  a point (k,) that all of these are a small step away from
        """
        rows = np.ascontiguousarray(scores, dtype=float)
        keys = [row.tobytes() for row in rows]
        first = {key: i for i, key in reversed(list(enumerate(keys)))}
        missing = sorted(i for key, i in first.items() if key not in self._answers)
        if missing:
            self._solve(rows[missing], [keys[i] for i in missing], near)
        return np.array([self._read(self._answers[key], measure, place) for key in keys])

    @staticmethod
    def _read(answer: _Answer, measure: str, place: Place) -> float:
        if answer.accounts is None:
            return float("nan")
        values = answer.accounts.tables[measure].of(place)
        return absent(measure) if values is None else float(values[answer.row])

    def _solve(self, points: Matrix, keys: Sequence[bytes], near: Vector | None) -> None:
        stack = self._markets.stacks(self._drawn(points))[self._side]
        base = None if near is None else self._of_one(near)
        many = solve_many(stack, self._starts(points) if base is None else None, near=base)
        good = np.flatnonzero(many.solved)
        accounts = None
        if good.size:
            accounts = accounts_of_many(self._markets.sides[self._side].market, _state(many, good))
        place = {int(i): row for row, i in enumerate(good)}
        for i, key in enumerate(keys):
            self._answers[key] = _Answer(accounts if i in place else None, place.get(i, -1))
        self._points = np.concatenate([self._points, points[good]])
        self._z = np.concatenate([self._z, many.z[good]])

    def _of_one(self, point: Vector) -> Many | None:
        """Return the answer at one point by itself, with its slopes; ``None`` where it has none."""
        key = point.tobytes()
        if self._alone is None or self._alone[0] != key:
            stack = self._markets.stacks(self._drawn(point[None, :]))[self._side]
            self._alone = key, solve_many(stack, self._starts(point[None, :]))
        many = self._alone[1]
        return many if bool(many.solved.all()) else None

    def _drawn(self, points: Matrix) -> Drawn:
        keys = tuple(number.key for number in self._uncertainty.numbers)
        return Drawn(keys, self._uncertainty.values(points))

    def _starts(self, points: Matrix) -> Matrix:
        """Return for each point the solution of the nearest known one."""
        apart = np.square(points[:, None, :] - self._points[None, :, :]).sum(axis=2)
        return self._z[apart.argmin(axis=1)]


def _state(many: Many, points: np.ndarray) -> ManyState:
    """Return every quantity of some solved points."""
    stack = many.stack.rows(points)
    if not many.aside:
        return ManyState(stack, many.z[points])
    unknown = np.full(len(many.stack.base.universe.buyers), np.nan)
    known = np.array([many.aside.get(i, unknown) for i in points.tolist()])
    return ManyState(stack, many.z[points], known)
