"""Make disagreeing figures obey their balances: generalised cross-entropy.

    min Σ r_k (x_k ln(x_k/x0_k) − x_k + x0_k)   subject to   A x = b,   x > 0

solved by Newton's method on the dual: x = x0·exp(−Aᵀλ/r), so every value stays positive and no
value is clipped. r_k = 1/s_k² makes s_k the relative standard error of the prior x0_k. With all
r_k equal this is the RAS method: each flow is its prior times one factor for its row and one for
its column (Golan, Judge and Miller, Maximum Entropy Econometrics, 1996, ch. 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.errors import Fault, InputError

Vector = NDArray[np.float64]

TOLERANCE = 1e-12
STEPS = 200
LARGEST_STEP = 2.0
"""Most that the logarithm of a figure may grow in one step."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One figure to reconcile.

    ``name``    unique
    ``prior``   x0 > 0
    ``error``   relative standard error of the prior; 0 means the figure is exact and stays
    ``terms``   (balance, coefficient): how the figure enters the balances
    """

    name: str
    prior: float
    error: float
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Reconciled:
    """What came out: values by name, multipliers λ by balance, the worst relative residual."""

    values: Mapping[str, float]
    multipliers: Mapping[str, float]
    residual: float
    steps: int


@dataclass(frozen=True)
class _System:
    matrix: Vector
    prior: Vector
    weight: Vector
    target: Vector
    scale: Vector
    balances: tuple[str, ...]


def reconcile(
    unknowns: Sequence[Unknown], targets: Mapping[str, float] | None = None
) -> Reconciled:
    """Return the figures nearest the priors that close every balance.

    ``targets`` maps balances to b (0 where absent). Raises ``InputError`` naming the balance that
    cannot close and by how much.
    """
    free = [x for x in unknowns if x.error > 0]
    exact = [x for x in unknowns if x.error <= 0]
    system = _system(free, exact, targets or {})
    _refuse_one_sided(system)
    multiplier, steps = _dual(system)
    values = _primal(system, multiplier)
    residual = np.abs(system.matrix @ values - system.target) / system.scale
    if float(residual.max(initial=0.0)) > TOLERANCE:
        worst = int(residual.argmax())
        gap = float(system.matrix[worst] @ values - system.target[worst])
        raise _cannot_close(system.balances[worst], gap)
    found = {x.name: float(v) for x, v in zip(free, values, strict=True)}
    found.update({x.name: x.prior for x in exact})
    return Reconciled(
        values=found,
        multipliers=dict(zip(system.balances, multiplier.tolist(), strict=True)),
        residual=float(residual.max(initial=0.0)),
        steps=steps,
    )


def _system(
    free: Sequence[Unknown], exact: Sequence[Unknown], targets: Mapping[str, float]
) -> _System:
    names = sorted({b for x in (*free, *exact) for b, _ in x.terms} | set(targets))
    index = {name: row for row, name in enumerate(names)}
    matrix = np.zeros((len(names), len(free)))
    target = np.array([targets.get(name, 0.0) for name in names])
    scale = np.abs(target)
    for column, unknown in enumerate(free):
        for balance, coefficient in unknown.terms:
            matrix[index[balance], column] += coefficient
            scale[index[balance]] += abs(coefficient) * unknown.prior
    for unknown in exact:
        for balance, coefficient in unknown.terms:
            target[index[balance]] -= coefficient * unknown.prior
            scale[index[balance]] += abs(coefficient) * unknown.prior
    prior = np.array([x.prior for x in free])
    weight = np.array([1.0 / x.error**2 for x in free])
    return _System(matrix, prior, weight, target, scale, tuple(names))


def _refuse_one_sided(system: _System) -> None:
    """A balance whose figures all push the same way never closes with positive figures."""
    for row, name in enumerate(system.balances):
        line, goal = system.matrix[row], system.target[row]
        total = float(line @ system.prior)
        if not line.any() and abs(goal) <= TOLERANCE * system.scale[row]:
            continue
        stuck_above = bool((line >= 0).all()) and goal <= 0
        stuck_below = bool((line <= 0).all()) and goal >= 0
        if stuck_above or stuck_below:
            raise _cannot_close(name, total - float(goal))


def _cannot_close(balance: str, gap: float) -> InputError:
    return InputError(
        [
            Fault(
                file="sources",
                term=balance,
                found=f"a balance that cannot close: its two sides differ by {gap:.6g} kt",
                allowed="figures on both sides that can be made equal",
                fix="add the missing output, flow or use of this region, or widen its error",
            )
        ]
    )


def _primal(system: _System, multiplier: Vector) -> Vector:
    exponent = -(system.matrix.T @ multiplier) / system.weight
    return system.prior * np.exp(np.clip(exponent, -700.0, 700.0))


def _dual_value(system: _System, multiplier: Vector) -> float:
    values = _primal(system, multiplier)
    return float(system.weight @ values + system.target @ multiplier)


def _dual(system: _System) -> tuple[Vector, int]:
    """Minimise the convex dual Σ r x + bᵀλ; its gradient is b − A x."""
    multiplier = np.zeros(len(system.balances))
    for step in range(STEPS):
        values = _primal(system, multiplier)
        gap = system.matrix @ values - system.target
        if float((np.abs(gap) / system.scale).max(initial=0.0)) <= TOLERANCE * 1e-2:
            return multiplier, step
        direction = _newton_direction(system, values, gap)
        moved = _line_search(system, multiplier, direction, float(gap @ direction))
        if np.array_equal(moved, multiplier):
            return multiplier, step
        multiplier = moved
    return multiplier, STEPS


def _newton_direction(system: _System, values: Vector, gap: Vector) -> Vector:
    """Solve (A diag(x/r) Aᵀ) d = A x − b, scaled to a unit diagonal."""
    hessian = (system.matrix * (values / system.weight)) @ system.matrix.T
    unit = 1.0 / np.sqrt(np.maximum(np.diag(hessian), 1e-300))
    scaled = hessian * np.outer(unit, unit) + 1e-14 * np.eye(len(unit))
    direction: Vector = unit * np.linalg.solve(scaled, unit * gap)
    # Only growth can overshoot; a figure that must all but vanish may do so at once.
    growth = -(system.matrix.T @ direction) / system.weight
    largest = float(growth.max(initial=0.0))
    return direction if largest <= LARGEST_STEP else direction * (LARGEST_STEP / largest)


def _line_search(system: _System, multiplier: Vector, direction: Vector, slope: float) -> Vector:
    start = _dual_value(system, multiplier)
    length = 1.0
    slack = 1e-12 * max(1.0, abs(start))
    while length > math.ulp(1.0):
        trial = multiplier + length * direction
        if _dual_value(system, trial) <= start - 1e-4 * length * slope + slack:
            return trial
        length *= 0.5
    return multiplier
