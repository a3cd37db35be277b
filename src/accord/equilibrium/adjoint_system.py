"""The linear system behind derivatives: the slopes of the active conditions, solved transposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from accord.equilibrium.adjoint_active import ActiveSet
from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector
from accord.equilibrium.equilibrium import name_row
from accord.equilibrium.homogeneous import RIDGE, HomogeneousState
from accord.equilibrium.state import State
from accord.errors import Fault, InputError
from accord.solve import Problem
from accord.solve.problem import Mask

# Condition number from which on a system is taken to be singular.
SINGULAR = 1e13
# Relative error of a solve that shows a matrix to have been patched.
PATCHED = 1e-9
NAMED = 4


@runtime_checkable
class Transposable(Protocol):
    """A matrix kept in another form than a dense array, which can solve its transpose."""

    def solve_transposed(self, right: Vector) -> Vector | None:
        """Return x with Mᵀ x = ``right``; (n,) each; ``None`` where it cannot."""
        ...


def solve_transposed(matrix: Matrix | Transposable, right: Vector) -> Vector | None:
    """Return x with Mᵀ x = ``right`` (n,), of a dense matrix or one of its own kind.

    ``None`` where the matrix is singular, or so near to it that x means nothing.
    """
    if isinstance(matrix, Transposable):
        return matrix.solve_transposed(right)
    try:
        found = np.linalg.solve(matrix.T, np.stack([right, _probe(len(right), 1)], axis=1))
    except np.linalg.LinAlgError:
        return None
    growth = float(np.max(np.abs(found[:, 1]))) * float(np.max(np.abs(matrix)))
    return np.asarray(found[:, 0], np.float64) if growth < SINGULAR else None


def _probe(size: int, every: int) -> Vector:
    """Return numbers of many sizes and signs: what they give shows what a matrix hides."""
    place = np.arange(size)
    return (1.0 + place / max(size, 1)) * (-1.0) ** (place // every)


class _System(NamedTuple):
    """The active rows in scaled units: ``rows`` (k,) their places among all, matrix (k, k)."""

    rows: Index
    matrix: Matrix


@dataclass(frozen=True)
class QuickSystem:
    """The active system by the problem's structure, factored once.

    Rows of unknowns at a bound say that they stay there.
    """

    problem: Problem
    z: Vector
    is_free: Mask
    matrix: Transposable

    @staticmethod
    def of(state: State, problem: Problem, active: ActiveSet) -> QuickSystem | None:
        """Factor; ``None`` where the problem has no structure, or it does not tell all."""
        if problem.linear is None:
            return None
        is_free = np.zeros(len(state.z), np.bool_)
        is_free[active.free] = True
        row, stay = is_free / problem.f_scale, ~is_free / problem.z_scale
        matrix = problem.linear(state.z).factored(row, stay)
        if matrix is None:
            return None
        found = QuickSystem(problem, state.z, is_free, matrix)
        # Rents border the rest, and a border that is singular is patched, not refused.
        return found if not active.binding.any() or found._is_regular() else None

    def multipliers(self, slopes: Vector) -> Vector | None:
        """Return λ (n,) as ``multipliers`` does, or ``None`` where it has none."""
        found = solve_transposed(self.matrix, np.where(self.is_free, slopes, 0.0))
        return None if found is None else self.is_free / self.problem.f_scale * found

    def _is_regular(self) -> bool:
        """Whether Mᵀx = b is solved for a b of all sizes and signs, by the look of v·Mᵀx = v·b."""
        problem, linear = self.problem, self.problem.linear
        right = np.where(self.is_free, _probe(len(self.z), 1) / problem.z_scale, 0.0)
        found = solve_transposed(self.matrix, right)
        if found is None or linear is None or float(np.max(np.abs(found))) > SINGULAR:
            return False
        vector = np.where(self.is_free, _probe(len(self.z), 3) * problem.z_scale, 0.0)
        image = np.where(self.is_free, linear(self.z).times(vector) / problem.f_scale, 0.0)
        terms = np.abs(image * found).sum() + np.abs(vector * right).sum()
        return bool(abs(image @ found - vector @ right) <= PATCHED * terms)


def multipliers(state: State, problem: Problem, active: ActiveSet, slopes: Vector) -> Vector:
    """Return λ (n,) with Jᵀλ = ``slopes`` on the active set, 0 in rows that are not in it.

    Raises ``InputError`` where the active conditions depend on one another, naming them: the
    solution is then one of many next to it, and what they share has no derivative.
    """
    rows, matrix = _system(state, problem, active)
    found = np.zeros(len(state.z))
    if rows.size:
        left = solve_transposed(matrix, slopes[rows] * problem.z_scale[rows])
        if left is None:
            raise _dependent(state, _System(rows, matrix))
        found[rows] = left / problem.f_scale[rows]
    return found


def _system(state: State, problem: Problem, active: ActiveSet) -> _System:
    if isinstance(state, HomogeneousState):
        return _without_the_dead(_with_few_lanes(state, problem, active))
    free = active.free
    matrix = problem.jacobian(state.z)
    if len(free) < len(matrix):
        matrix = matrix[np.ix_(free, free)]
    scaled = matrix * (problem.z_scale[free] / problem.f_scale[free, None])
    return _without_the_dead(_System(free, scaled))


def _with_few_lanes(state: HomogeneousState, problem: Problem, active: ActiveSet) -> _System:
    """Return the system of a market with flows among its unknowns: only lanes in use matter."""
    few = with_lanes(state.arrays, active.used)
    first = len(state.z) - len(active.used)
    z = np.concatenate([state.z[:first], state.z[first:][active.used]])
    small = state.closure.problem(few)
    matrix = small.jacobian(z)
    # The solver's ridge chooses among equal flows; a derivative must not.
    matrix[np.diag_indices_from(matrix)] -= RIDGE * small.f_scale / small.z_scale
    shared = active.free[active.free < first]
    inside = np.concatenate([shared, np.arange(first, len(z))])
    rows = np.concatenate([shared, first + np.flatnonzero(active.used)])
    scaled = matrix[np.ix_(inside, inside)] * problem.z_scale[rows] / problem.f_scale[rows, None]
    return _System(rows, scaled)


def _without_the_dead(system: _System) -> _System:
    """Leave out prices that nothing moves and that move nothing: those where nothing is traded."""
    some = np.abs(system.matrix) > RIDGE * 1e-3
    alive = some.any(axis=0) | some.any(axis=1)
    if alive.all():
        return system
    return _System(system.rows[alive], system.matrix[np.ix_(alive, alive)])


def with_lanes(arrays: Arrays, used: Mask) -> Arrays:
    """Return the arrays of a market with only some of its lanes (L,)."""
    lanes, limits = arrays.lanes, arrays.limits
    per_lane = {name: value[..., used] for name, value in vars(lanes).items()}
    return replace(
        arrays,
        lanes=replace(lanes, **per_lane),
        limits=replace(
            limits,
            member=limits.member[:, used],
            rent_slope=limits.rent_slope[:, used],
            rent_intercept=limits.rent_intercept[:, used],
        ),
    )


def _dependent(state: State, system: _System) -> InputError:
    """Name the conditions that depend on one another."""
    left, _, _ = np.linalg.svd(system.matrix)
    mix = np.abs(left[:, -1])
    order = [i for i in np.argsort(-mix) if mix[i] > 1e-3 * mix.max()]
    names = [name_row(state, int(system.rows[i])) for i in order[:NAMED]]
    more = f" and {len(order) - NAMED} more" if len(order) > NAMED else ""
    return InputError([
        Fault(
            file="market",
            field="derivatives",
            found=f"conditions that say the same twice: {'; '.join(names)}{more}",
            allowed="a solution that is the only one next to it",
            fix="where lanes tie, part their costs by a cent of freight; where limits count the "
            "same tonnes, leave one out; or take differences of two solves",
        )
    ])  # fmt: skip
