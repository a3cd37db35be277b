"""Clipped semismooth Newton for many draws at once: each goes its own way, all step together.

The same rows, scales and bounds as ``solve.semismooth``: a row is at a bound (its step goes there)
or free (its Newton row), as the sign of z − F says; the step is clipped to the bounds and shortened
until the residual falls. A factored slope is used again while that brings the residual down fast.
Draws that are done, and draws that no step helps, leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index
from accord.equilibrium.many_border import Border, border_of
from accord.equilibrium.many_point import ManyPoint
from accord.equilibrium.many_secants import Secants
from accord.equilibrium.many_slope import ManySlope
from accord.equilibrium.many_system import Factors, factors_of
from accord.equilibrium.many_tables import ManyLayout, Standing
from accord.solve import Problem
from accord.solve.semismooth import FAR, LEAP, newton_direction

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Done below this, a tenth of what one market has to reach.
TOLERANCE = 1e-11
MAX_STEPS = 60
# A slope is used again while it brings the residual down to this part with every step; one of a
# market near by down to that.
QUICK, NEARBY = 0.1, 0.5
# The part of a step's length by which it has to help at least, how often a step is halved, and the
# residual below which full steps are taken on trust instead.
LEAST, HALVINGS, LEAP_BELOW = 1e-4, 30, 1e-3


@dataclass(frozen=True)
class Reached:
    """Where draws ended: points (D, n), residuals (D,), all steps and slopes factored (D,)."""

    z: Array
    size: Array
    steps: Index
    factored: Index


def factors_at(layout: ManyLayout, z: Array) -> Factors:
    """Return the Newton systems of points (D, n)."""
    point = ManyPoint(layout, z)
    at = layout.standing(z, point.conditions)
    return factors_of(ManySlope(point, _border(layout, at)), ~(at.low | at.high))


def _border(layout: ManyLayout, at: Standing) -> Border:
    """Return the border that the rows and steps of points need."""
    n, a, m, _ = layout.shape.arrays.sizes
    rents = slice(n + a, n + a + m)
    resting = (at.low & (at.z == layout.of.lower)) | (at.high & (at.z == layout.of.upper))
    live = np.any(~resting[:, rents], axis=0)
    return border_of(layout.shape, tuple(np.flatnonzero(live).tolist()))


class Front:
    """The draws of one block on their way; rows of the arrays are draws."""

    def __init__(self, layout: ManyLayout, start: Array, problem: Callable[[int], Problem]) -> None:
        self.layout, self.problem = layout, problem
        self.point = ManyPoint(layout, layout.clip(start))
        self.at = layout.standing(self.point.z, self.point.conditions)
        self.steps = np.zeros(layout.count, dtype=np.intp)
        self.factored = np.zeros(layout.count, dtype=np.intp)
        # Draws at ``point``, which need not be worked out again, and when they came there.
        self.there, self.since = np.arange(layout.count), self.steps.copy()
        # A draw that takes steps on trust, how many, and the best point it can go back to.
        self.leaps = np.zeros(layout.count, dtype=np.intp)
        self.best, self.best_size = self.at.z.copy(), self.at.size.copy()
        self.stuck = ~np.isfinite(self.at.size)

    def run(self, near: Factors | None) -> Reached:
        """Go to the solutions, first with the slopes of markets near by."""
        with np.errstate(all="ignore"):  # a trial that is not a number is seen and not taken
            if near is not None:
                self._chords(self.layout, np.arange(self.layout.count), near, NEARBY)
            for _ in range(MAX_STEPS):
                rows = np.flatnonzero((self.at.size > TOLERANCE) & ~self.stuck)
                if not rows.size:
                    break
                self._newton_step(rows)
        z, size = self.at.z, self.at.size
        back = (self.leaps > 0) & ~(size <= TOLERANCE)
        z[back], size[back] = self.best[back], self.best_size[back]
        return Reached(z, size, self.steps, self.factored)

    # ------------------------------------------------------------------ steps

    def _newton_step(self, rows: Index) -> None:
        """Factor the slopes of draws (k,), take a step, and use the slopes again if it helped."""
        part = self.layout if len(rows) == self.layout.count else self.layout.rows(rows)
        at = self.at.rows(rows)
        slope = ManySlope(self._point(part, rows), _border(part, at))
        newton = factors_of(slope, ~(at.low | at.high))
        direction = newton.solve(_right(newton, part, at))
        self._look_closer(part, rows, at, direction)
        self.factored[rows] += 1
        self._search(part, rows, at, direction)
        ratio = self.at.size[rows] / at.size
        self._chords(part, rows, newton, QUICK, ratio)

    def _look_closer(self, part: ManyLayout, rows: Index, at: Standing, direction: Array) -> None:
        """Work out steps that are too far to be believed one by one, as for a single market.

        A row that nothing free moves gives such a step; a single market's kernel pushes it instead.
        """
        longest = np.max(np.abs(direction / part.of.z_scale), axis=1)
        for k in np.flatnonzero(~(longest <= FAR)).tolist():
            problem = self.problem(int(rows[k]))
            direction[k] = newton_direction(problem, at.z[k], at.f[k])

    def _point(self, part: ManyLayout, rows: Index) -> ManyPoint:
        """Return the points of draws (k,), not worked out again where that was done already."""
        places = np.searchsorted(self.there, rows)
        known = bool(np.all(places < len(self.there)))
        if not (
            known
            and np.array_equal(self.there[places], rows)
            and np.array_equal(self.since[places], self.steps[rows])
        ):
            return ManyPoint(part, self.at.z[rows])
        return self.point if part is self.point.layout else self.point.rows(part, places)

    def _chords(
        self,
        part: ManyLayout,
        rows: Index,
        newton: Factors,
        quick: float,
        ratio: Array | None = None,
    ) -> None:
        """Step with old slopes while every step brings the residual down to ``quick`` of it.

        Every step also corrects the slope in the one direction in which it was just found out.

        ``ratio``  what the last step left of the residual; without one, slopes are of other markets
        """
        exact, left = ratio is not None, np.zeros(len(rows)) if ratio is None else ratio
        known, last = Secants(), None
        while True:
            at = self.at.rows(rows)
            going = (left <= quick) & (at.size > TOLERANCE) & ~self.stuck[rows]
            if exact:
                going &= np.all((at.low | at.high) != newton.inside, axis=1)
            if not going.any():
                return
            if 4 * np.count_nonzero(going) < 3 * len(rows):
                its = np.flatnonzero(going)
                rows, part, newton = rows[its], part.rows(its), newton.rows(its)
                at, going, known = at.rows(its), going[its], known.rows(its)
                last = None if last is None else (last[0][its], last[1][its])
            scale = part.of.z_scale
            way = known.corrected(newton.solve(_right(newton, part, at)) / scale)
            if last is not None:
                known = known.learnt(*last, way)
                way = Secants(known.pairs[-1:]).corrected(way)
            trial = self._tried(part, at.z + way * scale)[1]
            left = np.where(going, trial.size / at.size, np.inf)
            last = (trial.z - at.z) / scale, way
            taken = np.flatnonzero(left < 1.0)
            self._put(rows[taken], trial.rows(taken))

    def _tried(self, part: ManyLayout, z: Array) -> tuple[ManyPoint, Standing]:
        point = ManyPoint(part, part.clip(z))
        return point, part.standing(point.z, point.conditions)

    def _search(self, part: ManyLayout, rows: Index, at: Standing, direction: Array) -> None:
        """Take the first point along each direction, halved again and again, that helps enough."""
        point, full = self._tried(part, at.z + direction)
        helps = full.size <= (1.0 - LEAST) * at.size
        helps |= (self.leaps[rows] > 0) & np.isfinite(full.size)
        taken = np.flatnonzero(helps)
        self._put(rows[taken], full.rows(taken))
        self.point, self.there, self.since = point, rows, np.where(helps, self.steps[rows], -1)
        left, length = np.flatnonzero(~helps), 0.5
        for _ in range(HALVINGS):
            if not left.size:
                break
            start = at.rows(left)
            trial = self._tried(part.rows(left), start.z + length * direction[left])[1]
            helps = trial.size <= (1.0 - LEAST * length) * start.size
            self._put(rows[left[helps]], trial.rows(helps))
            left, length = left[~helps], 0.5 * length
        self._leap(rows, left, full)

    def _leap(self, rows: Index, left: Index, full: Standing) -> None:
        """Let draws that no step helped go on by full steps for a while, or stop there.

        Across a kink (a plant that starts, a limit that binds) the residual rises before it falls.
        """
        size = self.at.size
        arrived = rows[(self.leaps[rows] > 0) & (size[rows] < 0.5 * self.best_size[rows])]
        self.leaps[arrived] = 0
        on_trust = rows[self.leaps[rows] > 0]
        self.leaps[on_trust] += 1
        self.stuck[on_trust[self.leaps[on_trust] > LEAP]] = True
        may = (size[rows[left]] < LEAP_BELOW) & np.isfinite(full.size[left])
        may &= self.leaps[rows[left]] == 0
        self.stuck[rows[left[~may]]] = True
        at = rows[left[may]]
        self.best[at], self.best_size[at], self.leaps[at] = self.at.z[at], size[at], 1
        self._put(at, full.rows(left[may]))

    def _put(self, rows: Index, found: Standing) -> None:
        for mine, its in zip(self.at, found, strict=True):
            mine[rows] = its
        self.steps[rows] += 1


def _right(newton: Factors, part: ManyLayout, at: Standing) -> Array:
    """Minus F in the system's free rows, the way to the bound in the others, at its own scale."""
    bound = np.where(at.low, part.of.lower, np.where(at.high, part.of.upper, at.z))
    return np.where(newton.inside, -newton.row * at.f, newton.diagonal * (bound - at.z))
