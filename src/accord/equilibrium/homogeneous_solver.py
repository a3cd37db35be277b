"""Solve the homogeneous closure: an interior point first, smoothing where it fails, then corners.

Each of the first two ends next to a solution, with every lane a hair away from 0; the last one
finds which lanes are 0 and solves exactly. From a point next to the solution it is enough alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.homogeneous_corner import CornerNewton
from accord.equilibrium.homogeneous_form import Form
from accord.equilibrium.homogeneous_interior import InteriorPoint
from accord.equilibrium.homogeneous_newton import Pairs
from accord.equilibrium.homogeneous_processes import form_of
from accord.equilibrium.homogeneous_smoothing import HyperbolicSmoothing
from accord.solve import Outcome, Problem, Step
from accord.solve.ladder import judge

if TYPE_CHECKING:
    from accord.equilibrium.homogeneous import Homogeneous

# Residual at which no other method is tried.
SOLVED = 1e-10
# Unknowns, flows included, above which a failure is not looked into by a dense Jacobian.
LARGE = 5000


class FromInside(Protocol):
    """A method that goes from a point inside all bounds to one next to a solution."""

    def run(self, pairs: Pairs, z: Vector) -> tuple[Vector, Step]:
        """Return the point reached from z > 0 and what it took."""
        ...


METHODS: tuple[FromInside, ...] = (
    InteriorPoint(),
    HyperbolicSmoothing(),
    HyperbolicSmoothing(shortest=1e-8, max_steps=1500),
)
CORNERS = (CornerNewton(), CornerNewton(ridge=1e-9), CornerNewton(ridge=1e-5))


@dataclass(frozen=True)
class _Found:
    """A point z = (p, y, r, P, x), its largest scaled natural residual, and the steps so far."""

    z: Vector
    residual: float
    steps: tuple[Step, ...] = ()

    def or_better(self, other: _Found) -> _Found:
        """Return whichever point is nearer to a solution, with all steps to date."""
        best = other if other.residual <= self.residual else self
        return replace(best, steps=self.steps + other.steps)


def solve_homogeneous(closure: Homogeneous, arrays: Arrays, start: Vector | None) -> Outcome:
    """Solve from cold, or first from ``start`` where it is a point of this closure."""
    began = time.perf_counter()
    # Trial points may be anywhere; what is not a number is seen and passed over.
    with np.errstate(all="ignore"):
        form = form_of(arrays, closure.problem(arrays))
        found = _solved(form, start)
        found = replace(found, z=_with_least_cost(closure, arrays, found.z))
        seconds = time.perf_counter() - began
        if found.residual > SOLVED and len(found.z) > LARGE:
            return _unsolved(form.problem, found, seconds)
        return judge(form.problem, found.z, found.steps, SOLVED, seconds)


def _solved(form: Form, start: Vector | None) -> _Found:
    best = _Found(form.point(form.start_price, form.start_level), float("inf"))
    if start is not None and len(start) == len(form.problem.lower):
        best = best.or_better(_cornered(form, *form.read(form.problem.clip(start))))
    pairs = Pairs(form)
    inside = pairs.joined(form.start_price, form.curves.drive(form.start_level))
    for method in METHODS:
        if best.residual <= SOLVED:
            break
        z, step = method.run(pairs, inside)
        best = replace(best, steps=(*best.steps, step))
        best = best.or_better(_cornered(form, pairs.prices(z), pairs.drives(z)))
    return best


def _cornered(form: Form, price: Vector, drive: Vector) -> _Found:
    """Go from near a solution to it, by one ridge after the other where ties are many."""
    best = _Found(form.point(price, form.curves.level(drive)[0]), float("inf"))
    for corner in CORNERS:
        price, drive, step = corner.run(form, price, drive)
        z = form.point(price, form.curves.level(drive)[0])
        residual = form.problem.natural_residual(z, form.problem.value(z))
        worst = float(np.max(np.abs(residual), initial=0.0))
        worst = worst if np.isfinite(worst) else float("inf")
        best = best.or_better(_Found(z, worst, (step,)))
        if best.residual <= SOLVED:
            break
    return best


def _unsolved(problem: Problem, found: _Found, seconds: float) -> Outcome:
    """Say where a large market failed, without the slopes of all its lanes in all its unknowns."""
    residual = np.abs(problem.natural_residual(found.z, problem.value(found.z)))
    row = int(np.argmax(residual))
    return Outcome(
        found.z, found.residual, found.steps, seconds, solved=False, failure="stalled",
        cause=f"no method got further than a residual of {found.residual:.1e}, left in row {row}",
        remedy="start nearer, or reach the same market by smaller changes",
        worst=row,
    )  # fmt: skip


def _with_least_cost(closure: Homogeneous, arrays: Arrays, z: Vector) -> Vector:
    """Give buyers that take nothing the least landed cost as their price, if that changes nothing.

    Where nobody buys, any price up to the least landed cost is a solution.
    """
    state, lanes = closure.state(arrays, z), arrays.lanes
    b = len(arrays.buyers.theta)
    first = sum(arrays.sizes[:3])
    least = np.full(b, np.inf)
    is_open = np.isfinite(lanes.log_weight)
    np.minimum.at(least, lanes.buyer[is_open], state.landed_cost[is_open])
    idle = (state.demand <= 0.0) & np.isfinite(least)
    moved = z.copy()
    moved[first : first + b] = np.where(
        idle, np.maximum(least, state.buyer_price), state.buyer_price
    )
    return moved
