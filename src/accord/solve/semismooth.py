"""Clipped semismooth Newton on the natural residual: fast near a solution and at most starts.

Each row is either at a bound (its step goes to the bound) or free (its Newton row), as the sign of
z − F says; the step is then clipped to the bounds and shortened until the residual falls.
Source: M. Ferris and T. Munson, "Complementarity problems in GAMS and the PATH solver", Journal of
Economic Dynamics and Control 24 (2000); L. Qi and J. Sun, Mathematical Programming 58 (1993).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from accord.solve.linear import System, solve_or_regularise
from accord.solve.outcome import Step
from accord.solve.problem import Index, Mask, Matrix, Problem, Vector

ROUNDING = 3e-15
# A slope is used again while it brings the residual down to this part with every step.
QUICK = 2e-3
# Full steps taken on trust across kinks.
LEAP = 12
# A row too weak to matter at its own scale, and a step, in units of the unknowns' sizes, that no
# model of a slope can be trusted over.
NOTHING = 1e-14
FARTHEST = 1e4
# A step of this many sizes of an unknown is a sign of rows that nothing moves.
FAR = 3.0
# A row weaker than this is looked at more closely.
WEAK = 1e-3
# How far beyond a kink an unknown goes that is meant to cross it.
HAIR = 1.0 + 1e-9


@dataclass(frozen=True, slots=True)
class ClippedNewton:
    """Semismooth Newton with clipping and a backtracking line search.

    ``tolerance``   stop when the largest scaled natural residual is below this
    ``polish``      extra full steps taken after that, down to rounding, as long as they help
    ``leap_below``  residual from which full steps are tried where no shortened one helps
    ``shortest``    give up when a step would have to be shorter than this; it is tiny because a
                    row at its bound may have to be left by a hair before it counts as free
    """

    anew: ClassVar[bool] = False

    tolerance: float = 1e-11
    max_steps: int = 60
    shortest: float = 1e-12
    polish: int = 25
    leap_below: float = 1e-3

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        z = problem.clip(start)
        f = problem.value(z)
        size = merit(problem, z, f)
        steps, polished = 0, 0
        newton: Newton | None = None
        while steps < self.max_steps and np.isfinite(size):
            if size <= self.tolerance:
                polished += 1
                if polished > self.polish or size <= ROUNDING:
                    break
            taken = None if newton is None else _chord(problem, newton, z, f, size)
            if taken is None:
                newton = Newton.at(problem, z, f)
                shortest = self.shortest if size > self.tolerance else 1.0
                taken = _shortened(problem, newton.direction(z, f), z, size, shortest)
            steps += 1
            if taken is None and size < self.leap_below:
                taken, more = self._leap(problem, z, size)
                steps += more
            if taken is None:
                break
            if taken[2] > QUICK * size:
                newton = None
            z, f, size = taken
        return z, Step("clipped Newton", steps, size)

    def _leap(
        self, problem: Problem, z: Vector, size: float
    ) -> tuple[tuple[Vector, Vector, float] | None, int]:
        """Take full steps without asking each to help; return the first point that does.

        Across a kink (a plant that starts, a limit that binds) the residual rises before it falls.
        """
        f = problem.value(z)
        for count in range(1, LEAP + 1):
            z = problem.clip(z + newton_direction(problem, z, f))
            f = problem.value(z)
            reached = merit(problem, z, f)
            if reached < 0.5 * size:
                return (z, f, reached), count
            if not np.isfinite(reached):
                break
        return None, LEAP


def merit(problem: Problem, z: Vector, f: Vector) -> float:
    """Return the largest scaled natural residual; infinite where F is not a number."""
    if not np.all(np.isfinite(f)):
        return float("inf")
    return float(np.max(np.abs(problem.natural_residual(z, f)), initial=0.0))


def _shortened(
    problem: Problem, direction: Vector, z: Vector, size: float, shortest: float
) -> tuple[Vector, Vector, float] | None:
    """Return the first point along a direction, halved again and again, that helps enough."""
    length = 1.0
    while length >= shortest:
        trial = problem.clip(z + length * direction)
        value = problem.value(trial)
        reached = merit(problem, trial, value)
        if reached <= (1.0 - 1e-4 * length) * size:
            return trial, value, reached
        length *= 0.5
    return None


def _chord(
    problem: Problem, newton: Newton, z: Vector, f: Vector, size: float
) -> tuple[Vector, Vector, float] | None:
    """Return the point that the slope of an earlier point leads to, if that is much nearer."""
    direction = newton.again(z, f)
    if direction is None:
        return None
    trial = problem.clip(z + direction)
    value = problem.value(trial)
    reached = merit(problem, trial, value)
    return (trial, value, reached) if reached <= max(QUICK * size, ROUNDING) else None


def newton_direction(problem: Problem, z: Vector, f: Vector) -> Vector:
    """Return the semismooth Newton step from z, where F is f; (n,) each."""
    return Newton.at(problem, z, f).direction(z, f)


@dataclass(frozen=True)
class Newton:
    """The semismooth Newton system of a point: rows at a bound go there, the others solve F = 0.

    ``inside`` whether a row is free (n,);  ``system`` the rows, by the problem's structure
    """

    problem: Problem
    inside: Mask
    system: System

    @classmethod
    def at(cls, problem: Problem, z: Vector, f: Vector) -> Newton:
        """Return the system at z, where F is f."""
        inside = _inside(problem, z, f)
        row, diagonal = inside / problem.f_scale, ~inside / problem.z_scale
        return cls(problem, inside, System(problem, z, row, diagonal))

    def direction(self, z: Vector, f: Vector) -> Vector:
        """Return the step from the system's own point z (n,)."""
        right = self._right(z, f)
        found = self.system.quick(right)
        if found is None or np.max(np.abs(found / self.problem.z_scale), initial=0.0) > FAR:
            held = _numb(self.problem, z, f, right, self.inside)
            if held is not None:
                inside, right = self.inside & np.isnan(held), np.where(np.isnan(held), right, held)
                row, diagonal = inside / self.problem.f_scale, ~inside / self.problem.z_scale
                found = System(self.problem, z, row, diagonal).quick(right)
        return _dense_direction(self.problem, z, f, self.inside) if found is None else found

    def again(self, z: Vector, f: Vector) -> Vector | None:
        """Return the step from another point; ``None`` where other rows are free there."""
        if not np.array_equal(_inside(self.problem, z, f), self.inside):
            return None
        return self.system.quick(self._right(z, f))

    def _right(self, z: Vector, f: Vector) -> Vector:
        """Minus F in free rows, the way to the bound in the others, scaled."""
        problem = self.problem
        y, g = z / problem.z_scale, f / problem.f_scale
        lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
        step = np.where(y - g <= lower, lower - y, upper - y)
        return np.where(self.inside, -g, step)


def _inside(problem: Problem, z: Vector, f: Vector) -> Mask:
    target = z / problem.z_scale - f / problem.f_scale
    lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    return (target > lower) & (target < upper)


def _numb(problem: Problem, z: Vector, f: Vector, right: Vector, inside: Mask) -> Vector | None:
    """Return the steps of free rows that no free unknown moves (n,), NaN elsewhere.

    Such a row is not asked for a Newton step: see ``_pushed``. ``None`` where there is no such row,
    or no structure to tell by.
    """
    if problem.linear is None:
        return None
    linear = problem.linear(z)
    strength = linear.strength(problem.z_scale * inside, WEAK * problem.f_scale)
    strength = strength / problem.f_scale
    weak = inside & (strength < WEAK)
    if not weak.any():
        return None
    decided = linear.times(np.where(inside, 0.0, right) * problem.z_scale) / problem.f_scale
    rest = np.where(weak, decided - right, 0.0)
    numb = weak & ((strength * FARTHEST < np.abs(rest)) | (strength < NOTHING))
    if not numb.any():
        return None

    def column(i: int) -> Vector:
        unit = np.zeros(len(z))
        unit[i] = problem.z_scale[i]
        return linear.times(unit) / problem.f_scale

    rest, slack = np.where(numb, rest, 0.0), np.where(inside, 0.0, f / problem.f_scale)
    return np.where(numb, _pushed(problem, z, rest, slack, column), np.nan)


def _pushed(
    problem: Problem, z: Vector, rest: Vector, slack: Vector, column: Callable[[int], Vector]
) -> Vector:
    """Return the scaled steps of unknowns whose rows are ``rest`` and nothing free moves; else 0.

    An unknown goes to the bound that its row asks for. Where that is infinite it goes as far as
    the first row that it wakes: a plant that starts, a limit that binds. ``slack`` is F in rows at
    a bound (n,), and ``column(i)`` the scaled derivative of all rows by unknown i.
    """
    y, lower, upper = (x / problem.z_scale for x in (z, problem.lower, problem.upper))
    step = np.zeros(len(z))
    for i in np.flatnonzero(np.abs(rest) >= NOTHING):
        bound = lower[i] if rest[i] > 0.0 else upper[i]
        if np.isfinite(bound):
            step[i] = bound - y[i]
            continue
        towards = -np.sign(rest[i])
        change = towards * column(int(i))
        wakes = slack * change < 0.0
        reach = -slack[wakes] / change[wakes]
        step[i] = towards * (min(reach) * HAIR if reach.size else max(1.0, abs(y[i])))
    return step


def _dense_direction(problem: Problem, z: Vector, f: Vector, inside: Mask) -> Vector:
    """Return the Newton step from the whole Jacobian, whatever it is like."""
    y, g = z / problem.z_scale, f / problem.f_scale
    lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    scaled = problem.jacobian(z) * (problem.z_scale / problem.f_scale[:, None])
    step = np.where(inside, 0.0, np.where(y - g <= lower, lower - y, upper - y))
    free = np.flatnonzero(inside)
    rest, rows = _right_side(scaled, g, step, free), scaled[np.ix_(free, free)]
    strength = np.max(np.abs(rows), axis=1, initial=0.0)
    numb = (strength * FARTHEST < np.abs(rest)) | (strength < NOTHING)
    if numb.any():
        left = np.zeros(len(z))
        left[free[numb]] = rest[numb]
        slack = np.where(inside, 0.0, g)
        step[free[numb]] = _pushed(problem, z, left, slack, lambda i: scaled[:, i])[free[numb]]
        free = free[~numb]
        rest, rows = _right_side(scaled, g, step, free), scaled[np.ix_(free, free)]
    step[free] = solve_or_regularise(rows, -rest)
    return step * problem.z_scale


def _right_side(scaled: Matrix, g: Vector, step: Vector, free: Index) -> Vector:
    """Return what F would be in the rows ``free`` after the steps that are already decided."""
    moved = np.flatnonzero(step)
    return g[free] + scaled[np.ix_(free, moved)] @ step[moved]
