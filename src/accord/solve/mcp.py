"""The front door for anybody's complementarity problem: state it, get a certified outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from accord.solve.block_matrix import BlockMatrix
from accord.solve.components import solve_apart
from accord.solve.diagnosis import FAR_AWAY, conditioning, conditioning_of_blocks, shown
from accord.solve.differences import FiniteDifferences
from accord.solve.ladder import Ladder, judge
from accord.solve.lemke import Lemke
from accord.solve.outcome import Failure, Outcome
from accord.solve.problem import Index, Matrix, Problem, Vector
from accord.solve.reals import complex_words, reals
from accord.solve.scaling import scales


@runtime_checkable
class Sparse(Protocol):
    """A matrix that can lay itself out, as SciPy's sparse ones can."""

    def toarray(self) -> Matrix:
        """Return it laid out (n, n)."""
        ...


Function = Callable[[Vector], ArrayLike]
Slope = Callable[[Vector], "ArrayLike | BlockMatrix | Sparse"]
ROUNDS = 3
KEPT = 1e-3
SAMPLES = 2


def mcp(  # noqa: PLR0913 - a problem has five parts
    F: Function,  # noqa: N803 - the name that the literature gives it
    J: Slope | None,  # noqa: N803 - the same
    lower: ArrayLike,
    upper: ArrayLike,
    x0: ArrayLike,
    *,
    ladder: Ladder | None = None,
) -> Outcome:
    """Solve the mixed complementarity problem F(z) ⟂ l ≤ z ≤ u.

    At a solution, for every i: F_i = 0 where l_i < z_i < u_i, F_i ≥ 0 where z_i = l_i, F_i ≤ 0
    where z_i = u_i. With l = −∞ and u = ∞ it is a system of equations; with l = 0 and u = ∞ a
    nonlinear complementarity problem; equal bounds hold an unknown fixed.

    ``F``  z (n,) → (n,);  only asked for values within the bounds
    ``J``  z (n,) → ∂F/∂z (n, n), rows are F's; ``None``: finite differences, which cost 2n values
           of F a step, stay within the bounds, and need an F that is smooth to rounding.
           A ``BlockMatrix`` is solved with block by block; what has ``toarray()``, such as SciPy's
           sparse matrices, is laid out whole
    ``lower``, ``upper``  (n,) or one number for all; −∞ and ∞ where there is no bound
    ``x0``  (n,) where to start; moved into the bounds if outside
    ``ladder``  methods to try and the residual that counts as solved; the default is ``Ladder()``

    Unknowns and rows may have any units: sizes are read from x0 and J, and again from where a
    solve ends. Independent parts are solved apart. Nothing is raised for a bad or hard problem but
    what F or J themselves raise: the ``Outcome`` says what is wrong, where, and what would help,
    and its ``z`` is NaN throughout unless it solves the problem to the tolerance. ``conditioning``
    says how near the solution is to not being the only one in its neighbourhood; there may be
    others elsewhere, and no method here proves that there are none.
    """
    began = time.perf_counter()
    with np.errstate(all="ignore"):
        given = _Given(F, J, *(reals(x).copy() for x in (lower, upper, x0)))
        refused = _complex_fault(given.start, x0=x0, lower=lower, upper=upper) or given.fault()
        if refused is not None:
            return replace(refused, seconds=time.perf_counter() - began)
        outcome = _solve(given.as_stated(), given.start, ladder or Ladder())
    return replace(outcome, seconds=time.perf_counter() - began)


def _complex_fault(start: Vector, **given: ArrayLike) -> Outcome | None:
    """Return the outcome of a start or a bound that has an imaginary part."""
    for name, values in given.items():
        for place in np.argwhere(np.imag(values) != 0.0) if np.iscomplexobj(values) else ():
            where = tuple(int(i) for i in place)
            at = f"[{', '.join(map(str, where))}]" if where else ""
            cause = f"{name}{at} is complex, {complex_words(values, where)}"
            return _refused(start, "not a number", cause, *where[:1])
    return None


def _solve(problem: Problem, start: Vector, ladder: Ladder) -> Outcome:
    """Solve, and judge what was found by the sizes it has there; go on from it if they differ."""
    z, found = start, None
    for _ in range(ROUNDS):
        problem = _rescaled(problem, z, anew=found is None)
        outcome = solve_apart(problem, z, ladder)
        steps = outcome.steps if found is None else found.steps + outcome.steps
        found = replace(outcome, steps=steps)
        if not outcome.solved:
            return _by_pivots(problem, start, found)
        z = outcome.reached
        final = _rescaled(problem, z)
        judged = judge(final, z, steps, ladder.tolerance, 0.0)
        if judged.solved:
            return replace(judged, conditioning=_conditioning(final, z))
        found = judged
    return _ran_off(start, found or judge(problem, start, (), ladder.tolerance, 0.0))


def _conditioning(problem: Problem, z: Vector) -> float:
    f, slope = problem.value(z), _slope(problem, z)
    found = conditioning_of_blocks(problem, slope, z, f) if problem.linear else float("nan")
    return conditioning(problem, z, f) if np.isnan(found) else found


def _slope(problem: Problem, z: Vector) -> BlockMatrix:
    """Return ∂F/∂z in its blocks, or as one block."""
    found = None if problem.linear is None else problem.linear(z)
    return found if isinstance(found, BlockMatrix) else BlockMatrix.dense(problem.jacobian(z))


def _ran_off(start: Vector, outcome: Outcome) -> Outcome:
    """F came to look small only because every size it is measured by grew or fell with it."""
    runner = int(np.argmax(np.abs(outcome.reached - start)))
    cause = (
        f"unknown {runner} ran off to {outcome.reached[runner]:.1e}: row {outcome.worst} nears 0 "
        "on the way, and gets no nearer in proportion to its slope"
    )
    remedy = "bound that unknown, or look for why nothing stops it"
    return replace(outcome, failure="unbounded", cause=cause, remedy=remedy)


def _rescaled(problem: Problem, z: Vector, *, anew: bool = False) -> Problem:
    f, jacobian = problem.value(z), _slope(problem, z)
    if not np.all(np.isfinite(f)) or jacobian.fault(len(z)) is not None:
        return problem
    # An unknown that has come near 0 is not held to its last digit: its earlier size counts too.
    typical = z if anew else np.maximum(np.abs(z), KEPT * problem.z_scale)
    z_scale, f_scale = scales(jacobian, typical, f, problem.lower, problem.upper)
    return replace(problem, z_scale=z_scale, f_scale=f_scale)


def _by_pivots(problem: Problem, start: Vector, failed: Outcome) -> Outcome:
    """Where F is affine, let Lemke's method try, or say that it ended on a ray."""
    parts = _affine_parts(problem, start)
    if parts is None:
        return failed
    outcome = Lemke().solve(*parts, problem.lower, problem.upper)
    steps = failed.steps + outcome.steps
    near = np.max(np.abs(outcome.reached) / problem.z_scale, initial=0.0) < FAR_AWAY
    if outcome.solved and near:
        return replace(outcome, steps=steps)
    if outcome.failure == "no solution" and failed.failure in {"stalled", "unbounded"}:
        cause = f"{failed.cause}; {outcome.cause}"
        return replace(failed, failure="no solution", cause=cause, steps=steps)
    return replace(failed, steps=steps)


def _affine_parts(problem: Problem, start: Vector) -> tuple[Matrix, Vector] | None:
    """Return M and q where F(z) = M z + q at points drawn within the bounds; else ``None``."""
    z = problem.clip(start)
    matrix, f = problem.jacobian(z), problem.value(z)
    constant = f - matrix @ z
    size = np.abs(matrix) @ np.abs(z) + np.abs(f) + problem.f_scale
    for sample in range(1, SAMPLES + 1):
        beside = problem.clip(z + problem.z_scale * np.cos(sample * np.arange(1, len(z) + 1)))
        if not np.all(np.abs(problem.value(beside) - matrix @ beside - constant) <= 1e-9 * size):
            return None
    return matrix, constant


@dataclass(frozen=True)
class _Given:
    """The problem as somebody stated it."""

    value: Function
    jacobian: Slope | None
    lower: Vector
    upper: Vector
    start: Vector

    def as_stated(self) -> Problem:
        """The problem with bounds as vectors and no scaling yet."""
        n = len(self.start)
        lower, upper = (np.broadcast_to(x, (n,)).copy() for x in (self.lower, self.upper))
        ones = np.ones(n)

        def value(z: Vector) -> Vector:
            return _numbers(self.value(z.copy()))

        if self.jacobian is None:
            size, _ = scales(BlockMatrix((np.arange(n),), {}), self.start, ones, lower, upper)
            jacobian = FiniteDifferences(value, lower, upper, size)
            return Problem(value, jacobian, lower, upper, ones, ones)
        given = _Slopes(self.jacobian, n)
        blocks = given.blocks if given.has_blocks(np.clip(self.start, lower, upper)) else None
        return Problem(value, given.whole, lower, upper, ones, ones, blocks)

    def fault(self) -> Outcome | None:
        """Return the outcome of a problem that is at fault as it is stated."""
        return self._bounds_fault() or self._function_fault()

    def _function_fault(self) -> Outcome | None:
        problem = self.as_stated()
        z = problem.clip(self.start)
        n = len(z)
        said = self.value(z.copy())
        f = _numbers(said)
        if f.shape != (n,):
            return _refused(z, "shape", f"F has shape {f.shape} for x0 of shape {(n,)}")
        if not np.all(np.isfinite(f)):
            return _not_a_number(z, "F", said, np.argwhere(~np.isfinite(f))[0])
        given = None if self.jacobian is None else self.jacobian(z.copy())
        if isinstance(given, BlockMatrix):
            return _blocks_fault(given, z)
        if given is None:
            return _slope_fault(problem.jacobian(z), z)
        return _slope_fault(given.toarray() if isinstance(given, Sparse) else given, z)

    def _bounds_fault(self) -> Outcome | None:
        if self.start.ndim != 1:
            return _refused(self.start, "shape", f"x0 has shape {self.start.shape}, not (n,)")
        n = len(self.start)
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if bound.shape not in {(), (1,), (n,)}:
                cause = f"{name} has shape {bound.shape} for x0 of shape {(n,)}"
                return _refused(self.start, "shape", cause)
        lower, upper = (np.broadcast_to(x, (n,)) for x in (self.lower, self.upper))
        named = (("x0", self.start), ("lower", lower), ("upper", upper))
        for name, values in named:
            wrong = ~np.isfinite(values) if name == "x0" else np.isnan(values)
            if wrong.any():
                i = int(np.flatnonzero(wrong)[0])
                return _refused(self.start, "not a number", f"{name}[{i}] is {values[i]}", i)
        wrong = (lower > upper) | (lower == np.inf) | (upper == -np.inf)
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            cause = f"no number is between lower[{i}] = {lower[i]:g} and upper[{i}] = {upper[i]:g}"
            return _refused(self.start, "bounds", cause, i)
        return None


def _slope_fault(given: ArrayLike, z: Vector) -> Outcome | None:
    n, slope = len(z), _numbers(given)
    if slope.shape != (n, n):
        return _refused(z, "shape", f"J has shape {slope.shape}, not {(n, n)}")
    if not np.all(np.isfinite(slope)):
        return _not_a_number(z, "J", given, np.argwhere(~np.isfinite(slope))[0])
    return None


def _not_a_number(z: Vector, name: str, given: ArrayLike, place: Index) -> Outcome:
    where = ", column ".join(str(int(i)) for i in place)
    entry = complex_words(given, tuple(int(i) for i in place))
    what = "is not a number" if entry is None else f"is complex, {entry},"
    cause = f"row {where} of {name} {what} at the start, {shown(z)}"
    return _refused(z, "not a number", cause, int(place[0]))


def _blocks_fault(given: BlockMatrix, z: Vector) -> Outcome | None:
    wrong = given.fault(len(z))
    if wrong is None:
        return None
    if wrong.kind == "shape":
        return _refused(z, "shape", f"J {wrong.cause}", wrong.row)
    cause = f"{wrong.cause} is not a number at the start, {shown(z)}"
    return _refused(z, "not a number", cause, wrong.row)


@dataclass(frozen=True)
class _Slopes:
    """∂F/∂z as somebody gives it: a table, blocks, or what can lay itself out as a table."""

    given: Slope
    n: int

    def has_blocks(self, z: Vector) -> bool:
        """Whether it comes in blocks."""
        return isinstance(self.given(z.copy()), BlockMatrix)

    def blocks(self, z: Vector) -> BlockMatrix:
        """Return its blocks; NaN throughout where they are not what they should be."""
        found = self.given(z.copy())
        if isinstance(found, BlockMatrix) and found.fault(self.n) is None:
            return found
        return BlockMatrix.dense(np.full((self.n, self.n), np.nan))

    def whole(self, z: Vector) -> Matrix:
        """Return it laid out (n, n)."""
        found = self.given(z.copy())
        if isinstance(found, BlockMatrix):
            return self.blocks(z).whole()
        return _numbers(found.toarray() if isinstance(found, Sparse) else found)


def _numbers(given: ArrayLike) -> Vector:
    """Return an array of numbers; one of no shape that anything has where it is none."""
    try:
        return reals(given)
    except (TypeError, ValueError):
        return np.full((0,) * 3, np.nan)


REMEDIES: dict[str, str] = {
    "shape": "give F, J and the bounds the shape that x0 has",
    "bounds": "put the lower bound below the upper one",
    "not a number": "look for a missing datum there, or start where F and J are defined",
}


def _refused(z: Vector, failure: Failure, cause: str, row: int = -1) -> Outcome:
    return Outcome(
        z, float("inf"), (), 0.0, solved=False, failure=failure, cause=cause,
        remedy=REMEDIES[failure], worst=row,
    )  # fmt: skip
