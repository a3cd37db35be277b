"""Try the fast method first and sturdier ones after it, and say which one ended the solve."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from accord.solve.fischer_burmeister import FischerBurmeister
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Problem, Vector
from accord.solve.semismooth import ClippedNewton


class Method(Protocol):
    """A solver: a frozen value that moves a point towards a solution."""

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        ...


def _default_methods() -> tuple[Method, ...]:
    return (ClippedNewton(), FischerBurmeister(), ClippedNewton())


@dataclass(frozen=True)
class Ladder:
    """Methods in order; each starts where the best one so far ended.

    ``tolerance`` is the largest scaled natural residual that counts as solved.
    """

    methods: tuple[Method, ...] = field(default_factory=_default_methods)
    tolerance: float = 1e-10

    def solve(self, problem: Problem, start: Vector) -> Outcome:
        """Solve from ``start`` (n,); never raises for a hard problem, the outcome says so."""
        began = time.perf_counter()
        best = problem.clip(start)
        steps: list[Step] = []
        reached = float("inf")
        # A step too far may overflow on the way; the residual says so and the step is not taken.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for method in self.methods:
                z, step = method.run(problem, best)
                steps.append(step)
                if step.residual <= reached:
                    best, reached = z, step.residual
                if reached <= self.tolerance:
                    break
        return _outcome(problem, best, tuple(steps), self.tolerance, time.perf_counter() - began)


def _outcome(
    problem: Problem, z: Vector, steps: tuple[Step, ...], tolerance: float, seconds: float
) -> Outcome:
    f = problem.value(z)
    if not np.all(np.isfinite(f)):
        worst = int(np.flatnonzero(~np.isfinite(f))[0])
        cause = f"row {worst} of F is not a number"
        remedy = "look for a missing or absurd datum in that row"
        return Outcome(
            z, float("inf"), steps, seconds, solved=False, cause=cause, remedy=remedy, worst=worst
        )
    residual = np.abs(problem.natural_residual(z, f))
    worst = int(np.argmax(residual)) if residual.size else -1
    size = float(np.max(residual, initial=0.0))
    if size <= tolerance:
        return Outcome(z, size, steps, seconds, solved=True, worst=worst)
    cause = (
        f"no method brought the residual below {tolerance:.0e}; {size:.1e} is left in row {worst}"
    )
    remedy = "start nearer, or reach the same problem by smaller changes"
    return Outcome(z, size, steps, seconds, solved=False, cause=cause, remedy=remedy, worst=worst)
