"""Anderson acceleration of the exact-hat iteration, for one counterfactual or S at once.

Each step corrects the point by a chord and removes what the last corrections already explain: the
combination of them that makes the next correction smallest. S counterfactuals run side by side and
each has its own combination. Source: Walker and Ni (2011), see ``accord.solve.anderson``, which is
for one problem; here the inner products are kept from step to step, and columns stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat_chord import Chord
from accord.economy.hat_sweep import Equations, Point, Sweep

MEMORY = 8
STRIDE = 1.5  # the longest step of a log wage or log price in one go
GROWTH = 30.0  # times the best error: past it, forget and go back more softly
SOFTEST = 0.05


@dataclass(frozen=True)
class Reached:
    """Where an iteration ended: the best point, its sweep, (S,) errors and the sweeps it took."""

    point: Point
    sweep: Sweep
    error: Array
    steps: int


class History:
    """The last moves and changes of correction (d, S), and the move they recommend."""

    def __init__(self, size: int, columns: int, memory: int = MEMORY) -> None:
        self._memory = memory
        self._moves = np.zeros((columns, memory, size))
        self._changes = np.zeros((columns, memory, size))
        self._gram = np.zeros((columns, memory, memory))
        self._filled = 0
        self._last: tuple[Array, Array] | None = None  # correction and move (S, d)

    def forget(self) -> None:
        """Start again."""
        self._filled, self._last = 0, None

    def move(self, correction: Array) -> Array:
        """Return the move (d, S) that a correction (d, S), seen with the past, suggests."""
        now = np.ascontiguousarray(correction.T)
        if self._last is not None:
            self._remember(*self._last, now)
        kept = min(self._filled, self._memory)
        move = now
        if kept:
            changes, moves = self._changes[:, :kept], self._moves[:, :kept]
            right = np.matmul(changes, now[:, :, None])
            weights = _weights(self._gram[:, :kept, :kept], right)[:, None, :]
            move = now - (np.matmul(weights, moves) + np.matmul(weights, changes))[:, 0]
        self._last = (now, move)
        return move.T

    def took(self, move: Array) -> None:
        """Note the move (d, S) that was made, where it is not the one suggested."""
        if self._last is not None:
            self._last = (self._last[0], np.ascontiguousarray(move.T))

    def _remember(self, before: Array, move: Array, now: Array) -> None:
        slot = self._filled % self._memory
        self._moves[:, slot] = move
        change = np.subtract(now, before, out=self._changes[:, slot])
        self._filled += 1
        kept = min(self._filled, self._memory)
        row = np.matmul(self._changes[:, :kept], change[:, :, None])[:, :, 0]
        self._gram[:, slot, :kept] = row
        self._gram[:, :kept, slot] = row


def accelerate(
    equations: Equations, chord: Chord, start: Point, *, tolerance: float, most: int
) -> Reached:
    """Iterate until every counterfactual's error is within ``tolerance``, or ``most`` sweeps.

    A single counterfactual that runs away goes back to its best point and takes softer steps;
    of many, the ones that do not arrive are the caller's to solve alone.
    """
    z = packed(equations, start)
    history = History(*z.shape)
    softness, steps, best_z = 1.0, 0, z
    best: Reached | None = None
    alone = z.shape[1] == 1
    while True:
        point = unpacked(equations, z)
        found = equations.sweep(point)
        steps += 1
        worst = float(found.error.max())
        if best is None or not alone or worst < float(best.error.max()):
            best, best_z = Reached(point, found, found.error, steps), z
        if worst <= tolerance or steps >= most or softness < SOFTEST:
            break
        if alone and not worst <= GROWTH * float(best.error.max()):
            history.forget()
            softness *= 0.5
            z, found = best_z, best.sweep
        correction = softness * packed(equations, chord.correction(equations, found))
        suggested = history.move(correction)
        move = _shortened(equations, suggested)
        if move is not suggested:
            history.took(move)
        z = z + move
    return Reached(best.point, best.sweep, best.error, steps)


def packed(equations: Equations, point: Point) -> Array:
    """Return a point as (2JN + N, S), spending over its scale."""
    many = point.e.shape[1]
    parts = (point.e, point.p.reshape(-1, many), (point.x / equations.scale).reshape(-1, many))
    return np.concatenate(parts)


def unpacked(equations: Equations, z: Array) -> Point:
    """Return the point that ``packed`` packed."""
    count, regions = equations.base.size
    many, prices = z.shape[1], regions + count * regions
    shape = (count, regions, many)
    x = z[prices:].reshape(shape) * equations.scale
    return Point(z[:regions], z[regions:prices].reshape(shape), x)


def _shortened(equations: Equations, move: Array) -> Array:
    count, regions = equations.base.size
    logs = move[: regions * (count + 1)]
    if float(logs.max()) <= STRIDE and float(logs.min()) >= -STRIDE:
        return move
    longest = np.abs(logs).max(axis=0)
    return move * np.minimum(1.0, STRIDE / np.maximum(longest, STRIDE))


def _weights(gram: Array, right: Array) -> Array:
    """Return (S, m) the least-squares weights, by normal equations scaled to unit diagonals."""
    size = np.sqrt(np.einsum("smm->sm", gram))
    size = np.where(size > 0.0, size, 1.0)
    scaled = gram / (size[:, :, None] * size[:, None, :])
    scaled += 1e-13 * np.eye(gram.shape[1])
    return np.linalg.solve(scaled, right / size[:, :, None])[:, :, 0] / size
