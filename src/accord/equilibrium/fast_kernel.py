"""Clipped semismooth Newton for draws one after the other, in plain loops to be compiled.

The same steps as ``many_newton``, with the same rows, scales, bounds and tolerances. A draw for
which that takes more than steps and old slopes (a step too far to be believed, one that nothing
shortens enough) is left as it is, for the sturdier ways.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.fast_arrays import (
    Numbers,
    Places,
    Room,
    System,
    nothing,
    numbers_of,
    places_of,
    room_for,
)
from accord.equilibrium.fast_compiled import SUMS, compiled
from accord.equilibrium.fast_point import conditions
from accord.equilibrium.fast_slope import direction, factored
from accord.equilibrium.many_newton import HALVINGS, LEAST, MAX_STEPS, QUICK, TOLERANCE
from accord.equilibrium.many_tables import ManyLayout
from accord.solve.semismooth import FAR

Array = NDArray[np.float64]


def solved(layout: ManyLayout, start: Array) -> tuple[Array, Index]:
    """Return the draws' solutions (D, n) and the steps they took (D,), −1 where one was left."""
    places = places_of(layout.shape)
    z, steps = np.array(start, dtype=np.float64, order="C"), np.zeros(len(start), dtype=np.int64)
    solve_draws(places, numbers_of(layout), *room_for(places), z, steps)
    return z, steps


def load() -> None:
    """Have the kernels ready: from the cache where they are, compiled where they are not."""
    places, numbers = nothing()
    nobody = np.zeros((0, 0)), np.zeros(0, dtype=np.int64)
    solve_draws(places, numbers, *room_for(places), *nobody)


def index_files() -> list[Path]:
    """Return the files in which numba keeps what it compiled of ``solve_draws``."""
    statistics = cast("Any", solve_draws).stats
    return sorted(Path(str(statistics.cache_path)).glob("fast_kernel.solve_draws*.nbi"))


@compiled(SUMS, kept=True)
def solve_draws(  # noqa: PLR0913, PLR0917 - tables, room, and what to solve
    places: Places, numbers: Numbers, room: Room, system: System, z: Array, steps: Index
) -> None:
    """Move the points of draws (D, n) to their solutions, in place.

    ``steps``  taken (D,), −1 where a draw was left; its point is then of no use
    """
    for draw in range(len(z)):
        of = _of(numbers, draw)
        steps[draw] = _solve(places, of, room, system, z[draw])


@compiled(SUMS)
def _of(numbers: Numbers, draw: int) -> Numbers:
    """Return the tables of one draw."""
    x = numbers
    return Numbers(
        x.bare[draw % len(x.bare)], x.fall[draw % len(x.fall)], x.slope[draw % len(x.slope)],
        x.theta[draw % len(x.theta)], x.constant[draw % len(x.constant)],
        x.quantity[draw % len(x.quantity)], x.choke[draw % len(x.choke)],
        x.gamma[draw % len(x.gamma)], x.span[draw % len(x.span)],
        x.priced_out[draw % len(x.priced_out)], x.kept[draw % len(x.kept)],
        x.fixed_cost[draw % len(x.fixed_cost)], x.rising_cost[draw % len(x.rising_cost)],
        x.inverse_curvature[draw % len(x.inverse_curvature)],
        x.capacity[draw % len(x.capacity)], x.per_capacity[draw % len(x.per_capacity)],
        x.bound[draw % len(x.bound)], x.grows[draw % len(x.grows)],
        x.charge_slope[draw % len(x.charge_slope)],
        x.charge_intercept[draw % len(x.charge_intercept)],
        x.lower[draw % len(x.lower)], x.upper[draw % len(x.upper)],
        x.z_scale[draw % len(x.z_scale)], x.f_scale[draw % len(x.f_scale)],
        x.y_lower[draw % len(x.y_lower)], x.y_upper[draw % len(x.y_upper)],
    )  # fmt: skip


@compiled(SUMS)
def _solve(  # noqa: C901 - one loop of steps, as in ``many_newton``
    places: Places, of: Numbers, room: Room, system: System, z: Vector
) -> int:
    """Solve one draw in place; return its steps, −1 where it was left."""
    count = len(z)
    f, trial, its, right, step = (
        np.empty(count), np.empty(count), np.empty(count), np.empty(count), np.empty(count),
    )  # fmt: skip
    for i in range(count):
        if not np.isfinite(z[i]):
            return -1
    _clip(of, z)
    conditions(places, of, room, z, f)
    size, steps, here = _size(of, z, f), 0, True
    for _ in range(MAX_STEPS):
        if not size > TOLERANCE:
            return steps
        if not np.isfinite(size):
            return -1
        _rows(of, system, z, f)
        if not here:  # the room is worked out for a trial that was not taken
            conditions(places, of, room, z, f)
        factored(places, of, room, system, z)
        _right(of, system, z, f, right)
        direction(places, of, system, right, step)
        if not _believed(of, step):
            return -1
        length, left = 1.0, np.inf
        for _ in range(HALVINGS):
            left = _try(places, of, room, z, step, length, trial, its)
            if left <= (1.0 - LEAST * length) * size:
                break
            length *= 0.5
        else:
            return -1
        ratio = left / size
        z[:], f[:], size, here = trial, its, left, True
        steps += 1
        while ratio <= QUICK and size > TOLERANCE and _same_rows(of, system, z, f):
            _right(of, system, z, f, right)
            direction(places, of, system, right, step)
            left = _try(places, of, room, z, step, 1.0, trial, its)
            ratio = left / size
            if not ratio < 1.0:
                here = False
                break
            z[:], f[:], size = trial, its, left
            steps += 1
    return steps if size <= TOLERANCE else -1


@compiled(SUMS)
def _try(  # noqa: PLR0913, PLR0917 - from where, which way, and where to
    places: Places, of: Numbers, room: Room, z: Vector, step: Vector, length: float,
    trial: Vector, f: Vector,
) -> float:  # fmt: skip
    """Work out a trial point and F there; return its residual."""
    for i in range(len(z)):
        trial[i] = z[i] + length * step[i]
    _clip(of, trial)
    conditions(places, of, room, trial, f)
    return _size(of, trial, f)


@compiled(SUMS)
def _clip(of: Numbers, z: Vector) -> None:
    for i in range(len(z)):
        z[i] = min(max(z[i], of.lower[i]), of.upper[i])


@compiled(SUMS)
def _size(of: Numbers, z: Vector, f: Vector) -> float:
    """Return the largest scaled natural residual; infinite where F is not a number."""
    size = 0.0
    for i in range(len(z)):
        y, g = z[i] / of.z_scale[i], f[i] / of.f_scale[i]
        aim, left = y - g, g
        if aim <= of.y_lower[i]:
            left = y - of.y_lower[i]
        elif aim >= of.y_upper[i]:
            left = y - of.y_upper[i]
        if not (np.isfinite(f[i]) and np.isfinite(left)):
            return np.inf
        size = max(size, abs(left))
    return size


@compiled(SUMS)
def _standing(of: Numbers, z: Vector, f: Vector, i: int) -> int:
    """Return −1 for a row at its lower bound, 1 at its upper, 0 where it is free."""
    aim = z[i] / of.z_scale[i] - f[i] / of.f_scale[i]
    if aim <= of.y_lower[i]:
        return -1
    return 1 if aim >= of.y_upper[i] else 0


@compiled(SUMS)
def _rows(of: Numbers, system: System, z: Vector, f: Vector) -> None:
    """Set which rows are free, and by what they are multiplied."""
    for i in range(len(z)):
        free = _standing(of, z, f, i) == 0
        system.inside[i] = 1 if free else 0
        system.row[i] = 1.0 / of.f_scale[i] if free else 0.0
        system.diagonal[i] = 0.0 if free else 1.0 / of.z_scale[i]


@compiled(SUMS)
def _same_rows(of: Numbers, system: System, z: Vector, f: Vector) -> bool:
    for i in range(len(z)):  # noqa: SIM110 - compiled
        if (_standing(of, z, f, i) == 0) != (system.inside[i] != 0):
            return False
    return True


@compiled(SUMS)
def _right(of: Numbers, system: System, z: Vector, f: Vector, right: Vector) -> None:
    """Minus F in the system's free rows, the way to the bound in the others."""
    for i in range(len(z)):
        if system.inside[i] != 0:
            right[i] = -system.row[i] * f[i]
            continue
        standing, bound = _standing(of, z, f, i), z[i]
        if standing < 0:
            bound = of.lower[i]
        elif standing > 0:
            bound = of.upper[i]
        right[i] = system.diagonal[i] * (bound - z[i])


@compiled(SUMS)
def _believed(of: Numbers, step: Vector) -> bool:
    for i in range(len(step)):  # noqa: SIM110 - compiled
        if not abs(step[i] / of.z_scale[i]) <= FAR:
            return False
    return True
