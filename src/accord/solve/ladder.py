"""Try the fast method first and sturdier ones after it, and say which one ended the solve."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from accord.solve.diagnosis import why_not
from accord.solve.fischer_burmeister import FischerBurmeister
from accord.solve.homotopy import Homotopy
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Problem, Vector
from accord.solve.semismooth import ClippedNewton
from accord.solve.smoothing import Smoothing

# Share of an unknown's size within which it is taken to be at a bound that F's sign points to.
HAIR = 1e-13


class Method(Protocol):
    """A solver: a frozen value that moves a point towards a solution.

    ``anew`` methods begin at the ladder's own start, not where the ones before them stopped: they
    need a point in the open, and a point where others are stuck is the worst there is.
    """

    anew: ClassVar[bool]

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        ...


def _default_methods() -> tuple[Method, ...]:
    return (
        ClippedNewton(),
        FischerBurmeister(max_steps=60),
        ClippedNewton(),
        Smoothing(),
        Homotopy(),
        FischerBurmeister(),
        ClippedNewton(),
    )


@dataclass(frozen=True)
class Ladder:
    """Methods in order; each starts where the best one so far ended, unless it begins anew.

    ``tolerance`` is the largest scaled natural residual that counts as solved.
    """

    methods: tuple[Method, ...] = field(default_factory=_default_methods)
    tolerance: float = 1e-10

    def solve(self, problem: Problem, start: Vector) -> Outcome:
        """Solve from ``start`` (n,); never raises for a hard problem, the outcome says so."""
        # Trial points may be anywhere; what is not a number is seen and named, not warned about.
        with np.errstate(all="ignore"):
            return self._solve(problem, start)

    def _solve(self, problem: Problem, start: Vector) -> Outcome:
        began = time.perf_counter()
        best = first = problem.clip(start)
        steps: list[Step] = []
        reached = float("inf")
        for method in self.methods:
            z, step = method.run(problem, first if method.anew else best)
            steps.append(step)
            if step.residual <= reached:
                best, reached = z, step.residual
            if reached <= self.tolerance:
                break
        return judge(problem, best, tuple(steps), self.tolerance, time.perf_counter() - began)


def judge(
    problem: Problem, z: Vector, steps: tuple[Step, ...], tolerance: float, seconds: float
) -> Outcome:
    """Return the outcome of a solve that ended at z (n,): solved, or why not."""
    z = _settled(problem, z)
    f = problem.value(z)
    residual = np.abs(problem.natural_residual(z, f))
    size = float(np.max(residual, initial=0.0))
    if not size <= tolerance:
        reason = why_not(problem, z, f, size)
        return Outcome(
            z, size if np.isfinite(size) else float("inf"), steps, seconds, solved=False,
            failure=reason.failure, cause=reason.cause, remedy=reason.remedy, worst=reason.row,
        )  # fmt: skip
    worst = int(np.argmax(residual)) if residual.size else -1
    gap = float(np.max(problem.complementarity_gap(z, f), initial=0.0))
    return Outcome(z, size, steps, seconds, solved=True, worst=worst, gap=gap)


def _settled(problem: Problem, z: Vector) -> Vector:
    """Return z with what is a hair from the bound it belongs to put on it, if nothing gets worse.

    A price of 1e-158 is a free good, and readers who ask whether it is 0 should be told so.
    """
    f = problem.value(z)
    hair = HAIR * problem.z_scale
    at_lower = (z - problem.lower <= hair) & (f > 0.0)
    at_upper = (problem.upper - z <= hair) & (f < 0.0)
    put = np.where(at_lower, problem.lower, np.where(at_upper, problem.upper, z))
    if np.array_equal(put, z):
        return z
    before = np.max(np.abs(problem.natural_residual(z, f)))
    after = np.max(np.abs(problem.natural_residual(put, problem.value(put))))
    return put if after <= max(before, HAIR) else z
