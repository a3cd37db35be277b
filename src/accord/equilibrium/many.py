"""Many markets solved at once: draws of one market that differ in numbers, not in who is where.

Under the share closure all draws of a block advance together (``many_newton``); those that get
nowhere are solved one by one from the nearest neighbour in their block. Under other closures, and
where traced metal is sold on, every draw is solved on its own. A draw counts as solved only if it
passes the checks that a single market has to pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Vector
from accord.equilibrium.certificate import Certificate
from accord.equilibrium.closure import Closure, cold_start
from accord.equilibrium.equilibrium import answer, closure_named, refuse_minimum_above_capacity
from accord.equilibrium.fast import Kernel
from accord.equilibrium.many_checks import checks_of
from accord.equilibrium.many_newton import Front, factors_at
from accord.equilibrium.many_point import ManyPoint
from accord.equilibrium.many_shape import Shape, envelope_of, shape_of
from accord.equilibrium.many_system import Factors
from accord.equilibrium.many_tables import ManyLayout, many_layout
from accord.equilibrium.stack import Stack
from accord.equilibrium.state import State
from accord.errors import NoCertifiedAnswer
from accord.solve import Problem
from accord.solve.ladder import HAIR, Ladder

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Draws that advance together at most. Blocks begin at multiples of this or of a part of it, so that
# draws handed over in multiples of it get the same bits, however they are split up.
CHUNK = 128
# A block's table of lanes has to stay in the processor's cache; a smaller block than the second
# spends more time in calls than in arithmetic.
CACHE, SMALLEST = 4_000_000, 32


@dataclass(frozen=True, eq=False)
class Many:
    """D solved markets. Prices in USD per tonne, levels in tonnes a year, draws first.

    ``stack``   what was solved, without what cannot be made;  ``closure`` how trade was closed
    ``z``       the solutions (D, n), NaN in every place where a draw failed
    ``solved``  whether a draw has a certified answer (D,);  ``causes`` why not, by draw
    ``steps``   Newton steps taken (D,)
    ``market_clearing``, ``complementarity``, ``mass_balance``  as in ``Certificate`` (D,)
    ``aside``   final demands that the solve knew better than z can tell, by draw; see ``State``
    """

    stack: Stack
    closure: str
    z: Array
    solved: Mask
    causes: Mapping[int, str]
    steps: Index
    market_clearing: Array
    complementarity: Array
    mass_balance: Array
    aside: Mapping[int, Vector]

    @property
    def count(self) -> int:
        """Number of draws D."""
        return self.stack.count

    def state(self, draw: int) -> State:
        """Return every quantity of one draw. Raises ``ValueError`` for one that failed."""
        if not self.solved[draw]:
            raise ValueError(f"draw {draw} has no answer: {self.causes[draw]}")
        closure = closure_named(self.closure)
        arrays = closure.prepared(self.stack.one(draw), self.stack.base.universe.reference)
        state = closure.state(arrays, self.z[draw])
        return replace(state, known_demand=self.aside.get(draw))

    @cached_property
    def factors(self) -> tuple[Factors | None, ...]:
        """The slopes at the solutions, factored, block by block; ``None`` without tables."""
        shape = _shape(self.stack, self.closure)
        if shape is None:
            return (None,)
        with np.errstate(all="ignore"):  # failed draws are NaN
            return tuple(
                factors_at(many_layout(shape, self.stack.rows(x)), self.z[x])
                for x in _blocks(self.count, shape)
            )


def solve_many(
    stack: Stack,
    start: Array | None = None,
    *,
    closure: str = "share",
    near: Many | None = None,
    kernel: Kernel = "numpy",
) -> Many:
    """Solve every market of a stack and certify the answers; a draw that fails is named, not lost.

    ``start``  a point for all draws (n,) or one for each (D, n): the answer of the central market,
    or of a market near by; without one the stack's base is solved first
    ``near``   earlier answers, of one market or of D: where they are a small change away, their
    slopes lead to the new answers without new ones; ``start`` then begins at their points
    ``kernel`` what steps are worked out with, see ``fast``; answers differ in their last bits only

    Raises ``InputError`` for an unknown closure, ``ValueError`` for points or answers of another
    number of draws.
    """
    how = closure_named(closure)
    if near is not None and near.count not in (1, stack.count):
        raise ValueError(f"answers of {near.count} draws, for a stack of {stack.count}")
    settled = stack.without_the_impossible()
    points = _points(settled, how, near.z if start is None and near is not None else start)
    shape = _shape(settled, closure)
    slopes = near.factors if near is not None else (None,)
    parts: list[_Block] = []
    blocks = _blocks(settled.count, shape)
    for k, rows in enumerate(blocks):
        part, begin = settled.rows(rows), points[rows]
        if shape is None:
            parts.append(_alone(part, how, begin))
        else:
            its = kernel if near is None else "numpy"
            parts.append(_together(part, how, shape, begin, slopes[k % len(slopes)], its))
    return _joined(settled, closure, [x.start for x in blocks], parts)


def _blocks(count: int, shape: Shape | None) -> list[slice]:
    """Return the blocks of draws that advance together: what fits into the cache."""
    size = CHUNK
    lanes = 0 if shape is None else 8 * math.prod(shape.size)
    while size > SMALLEST and size * lanes > CACHE:
        size //= 2
    return [slice(i, min(i + size, count)) for i in range(0, count, size)]


def _shape(stack: Stack, closure: str) -> Shape | None:
    return shape_of(envelope_of(stack)) if closure == "share" else None


def _points(stack: Stack, closure: Closure, start: Array | None) -> Array:
    """Return where each draw begins (D, n)."""
    if start is None:
        arrays = closure.prepared(stack.base, stack.base.universe.reference)
        central = closure.solve(arrays, None)
        start = central.z if central.solved else cold_start(stack.base)
    if start.ndim > 1 and len(start) not in (1, stack.count):
        raise ValueError(f"{len(start)} starts, for a stack of {stack.count}")
    return np.broadcast_to(start, (stack.count, start.shape[-1]))


# ---------------------------------------------------------------------- blocks


@dataclass
class _Block:
    """The answers of one block, while they come in."""

    z: Array
    solved: Mask
    steps: Index
    checks: Array
    causes: dict[int, str]
    aside: dict[int, Vector]

    @classmethod
    def empty(cls, draws: int, n: int) -> _Block:
        return cls(
            np.full((draws, n), np.nan), np.zeros(draws, dtype=np.bool_),
            np.zeros(draws, dtype=np.intp), np.full((3, draws), np.nan), {}, {},
        )  # fmt: skip

    def put(self, draw: int, state: State, certificate: Certificate, steps: int) -> None:
        if self.z.shape[1] != len(state.z):  # a closure with flows among its unknowns
            self.z = np.full((len(self.z), len(state.z)), np.nan)
        self.z[draw], self.solved[draw] = state.z, True
        self.steps[draw] += steps
        self.checks[:, draw] = (
            certificate.market_clearing,
            certificate.complementarity,
            certificate.mass_balance,
        )
        if state.known_demand is not None:
            self.aside[draw] = state.known_demand


def _together(  # noqa: PLR0913, PLR0917 - the block, how, and from where
    stack: Stack,
    closure: Closure,
    shape: Shape,
    points: Array,
    near: Factors | None,
    kernel: Kernel,
) -> _Block:
    """Solve a block side by side, and one by one what that does not solve."""
    layout = many_layout(shape, stack)

    @lru_cache(maxsize=CHUNK)
    def problem(draw: int) -> Problem:
        return closure.problem(stack.one(draw))

    z, steps = _stepped(layout, points, problem, near, kernel)
    with np.errstate(all="ignore"):  # where a draw is lost
        point = _on_their_bounds(layout, z)
        checks = checks_of(point)
    found = _Block.empty(stack.count, point.z.shape[1])
    found.steps[:] = steps
    good = (checks.complementarity <= Ladder().tolerance) & checks.ok & ~checks.unmet
    found.solved[:], found.z[good] = good, point.z[good]
    found.checks[:, good] = np.array(
        [checks.market_clearing, checks.complementarity, checks.mass_balance]
    )[:, good]
    for draw in np.flatnonzero(~good).tolist():
        start = point.z[draw]
        if not checks.unmet[draw]:
            start = _nearest(layout, draw, np.vstack([points[draw : draw + 1], point.z[good]]))
        _solve_one(found, draw, stack.one(draw), closure, start)
    return found


def _stepped(
    layout: ManyLayout,
    points: Array,
    problem: Callable[[int], Problem],
    near: Factors | None,
    kernel: Kernel,
) -> tuple[Array, Index]:
    """Return where Newton's steps lead (D, n), and how many there were (D,)."""
    if kernel == "numpy":
        reached = Front(layout, points, problem).run(near)
        return reached.z, reached.steps
    from accord.equilibrium import fast_kernel  # noqa: PLC0415 - imports numba

    z, steps = fast_kernel.solved(layout, points)
    left = np.flatnonzero(steps < 0)
    if left.size:
        part = layout.rows(left)
        reached = Front(part, points[left], lambda k: problem(int(left[k]))).run(None)
        z[left], steps[left] = reached.z, reached.steps
    return z, steps


def _on_their_bounds(layout: ManyLayout, z: Array) -> ManyPoint:
    """Return the points with what is a hair from its bound put on it; see ``solve.ladder``."""
    point = ManyPoint(layout, z)
    f, hair = point.conditions, HAIR * layout.of.z_scale
    at_lower = (z - layout.of.lower <= hair) & (f > 0.0)
    at_upper = (layout.of.upper - z <= hair) & (f < 0.0)
    put = np.where(at_lower, layout.of.lower, np.where(at_upper, layout.of.upper, z))
    if np.array_equal(put, z):
        return point
    moved = ManyPoint(layout, put)
    before, after = layout.standing(z, f).size, layout.standing(put, moved.conditions).size
    better = after <= np.maximum(before, HAIR)
    return moved if better.all() else ManyPoint(layout, np.where(better[:, None], put, z))


def _nearest(layout: ManyLayout, draw: int, points: Array) -> Vector:
    """Return that of some points (k, n) which solves a draw best."""
    own = layout.rows(np.array([draw]))
    with np.errstate(all="ignore"):
        reached = own.standing(points, ManyPoint(own, points).conditions).size
    return points[int(np.argmin(reached))]


def _alone(stack: Stack, closure: Closure, points: Array) -> _Block:
    """Solve a block draw by draw."""
    found = _Block.empty(stack.count, points.shape[1])
    for draw in range(stack.count):
        arrays = closure.prepared(stack.one(draw), stack.base.universe.reference)
        _solve_one(found, draw, arrays, closure, points[draw])
    return found


def _solve_one(found: _Block, draw: int, arrays: Arrays, closure: Closure, start: Vector) -> None:
    """Solve one draw by all the ways a single market is solved, and keep the answer or why not."""
    try:
        refuse_minimum_above_capacity(arrays)
        begin = start if np.all(np.isfinite(start)) else None
        state, certificate, outcome = answer(closure, arrays, begin)
    except NoCertifiedAnswer as refusal:
        found.causes[draw] = refusal.cause
    else:
        found.put(draw, state, certificate, outcome.total_steps)


def _joined(stack: Stack, closure: str, begin: Sequence[int], parts: Sequence[_Block]) -> Many:
    checks = np.concatenate([x.checks for x in parts], axis=1)
    return Many(
        stack=stack,
        closure=closure,
        z=np.concatenate([x.z for x in parts]),
        solved=np.concatenate([x.solved for x in parts]),
        causes={
            i + d: why for i, x in zip(begin, parts, strict=True) for d, why in x.causes.items()
        },
        steps=np.concatenate([x.steps for x in parts]),
        market_clearing=checks[0],
        complementarity=checks[1],
        mass_balance=checks[2],
        aside={i + d: y for i, x in zip(begin, parts, strict=True) for d, y in x.aside.items()},
    )
