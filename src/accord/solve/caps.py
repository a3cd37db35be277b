"""Reach a hard problem by raising the upper bounds of some unknowns from zero, step by step.

Meant for multipliers: prices of scarcity, rebates, rents. Capped at zero they are out of the
problem; capped low, each is a charge that may not suffice; where no cap presses any more, the
capped problem is the whole one. Each solve starts from the one before it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np

from accord.solve.fischer_burmeister import FischerBurmeister
from accord.solve.homotopy import Homotopy
from accord.solve.ladder import Ladder, judge
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Index, Problem, Vector
from accord.solve.semismooth import ClippedNewton


def _short_ladder() -> Ladder:
    near = (ClippedNewton(), FischerBurmeister(max_steps=60), ClippedNewton())
    return Ladder(methods=(*near, Homotopy(max_steps=120)))


@dataclass(frozen=True)
class RisingCaps:
    """Caps as fractions of the unknowns' sizes: ``first``, then ``growth`` times as high each time.

    ``highest``   fraction at which to stop asking for more
    ``closest``   growth below which a step that fails is not tried again
    ``each``      ladder for one step;  ``whole`` for the problem without any cap
    """

    first: float = 0.01
    growth: float = 1.7
    highest: float = 1e9
    closest: float = 1.02
    each: Ladder = field(default_factory=_short_ladder)
    whole: Ladder = field(default_factory=Ladder)

    def solve(self, problem: Problem, which: Index, start: Vector) -> Outcome:
        """Solve from ``start`` (n,), raising the caps of the unknowns ``which`` (k,)."""
        began = time.perf_counter()
        outcome = self.whole.solve(_capped(problem, which, 0.0), start)
        z, steps = outcome.reached, outcome.total_steps
        cap, growth = 0.0, self.growth
        while outcome.solved or growth > self.closest:
            if outcome.solved:
                z, growth = outcome.reached, min(growth * 1.2, self.growth)
                if not _pressed(problem, which, z, cap) or cap > self.highest:
                    break
                aim = max(cap * growth, self.first)
            else:
                growth = growth**0.5
                aim = max(cap * growth, self.first * (growth - 1.0))
            outcome = self.each.solve(_capped(problem, which, aim), z)
            steps += outcome.total_steps
            cap = aim if outcome.solved else cap
        last = self.whole.solve(problem, z)
        taken = (Step("rising caps", steps + last.total_steps, last.residual),)
        seconds = time.perf_counter() - began
        return judge(problem, last.reached, taken, self.whole.tolerance, seconds)


def _capped(problem: Problem, which: Index, cap: float) -> Problem:
    upper = problem.upper.copy()
    room = cap * problem.z_scale[which]
    upper[which] = np.minimum(upper[which], problem.lower[which] + room)
    return replace(problem, upper=upper)


def _pressed(problem: Problem, which: Index, z: Vector, cap: float) -> bool:
    """Return whether any unknown is at its cap while its own bound is further away."""
    top = problem.lower[which] + cap * problem.z_scale[which]
    return bool(np.any((z[which] >= top * (1.0 - 1e-12)) & (top < problem.upper[which])))
