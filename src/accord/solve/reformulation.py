"""Complementarity as equations: the Fischer–Burmeister function, plain and smoothed.

φ_μ(a, b) = a + b − √(a² + b² + 2μ²) for a lower bound, nested for two bounds; φ₀ = 0 says that
a ≥ 0, b ≥ 0 and one of them is 0, and φ_μ = 0 that a·b = μ². Sources: S. Billups, "Algorithms for
complementarity problems and generalized equations" (1995); C. Kanzow, "Some noninterior
continuation methods for linear complementarity problems", SIAM J. Matrix Analysis 17 (1996).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accord.solve.linear import System
from accord.solve.problem import Matrix, Problem, Vector

TINY = 1e-300


class Reformulation(NamedTuple):
    """Φ (n,) and its derivatives, row by row, by scaled z, by scaled F and by μ."""

    phi: Vector
    by_z: Vector
    by_f: Vector
    by_mu: Vector


def reformulate(problem: Problem, z: Vector, f: Vector, mu: float = 0.0) -> Reformulation:
    """Return Φ_μ at z (n,) with F(z) = f (n,)."""
    y, g = z / problem.z_scale, f / problem.f_scale
    lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    none, one = np.zeros_like(g), np.ones_like(g)
    has_upper = np.isfinite(upper)
    inner, d_gap, d_neg, d_mu = _fischer(np.where(has_upper, upper - y, 1.0), -g, mu)
    phi = np.where(has_upper, -inner, g)
    by_z = np.where(has_upper, d_gap, none)
    by_f = np.where(has_upper, d_neg, one)
    by_mu = np.where(has_upper, -d_mu, none)
    has_lower = np.isfinite(lower)
    outer, d_slack, d_inner, d_mu = _fischer(np.where(has_lower, y - lower, 1.0), phi, mu)
    # An unknown held fixed has no room for any μ: its row says where it is held.
    held = ~(upper > lower)
    return Reformulation(
        np.where(held, y - lower, np.where(has_lower, outer, phi)),
        np.where(held, one, np.where(has_lower, d_slack + d_inner * by_z, by_z)),
        np.where(held, none, np.where(has_lower, d_inner * by_f, by_f)),
        np.where(held, none, np.where(has_lower, d_mu + d_inner * by_mu, by_mu)),
    )


def system(problem: Problem, z: Vector, at: Reformulation, t: float = 1.0) -> System:
    """Return t·∂Φ/∂z + (1 − t)/z_scale, ready to be solved with."""
    scale = problem.z_scale
    return System(problem, z, t * at.by_f / problem.f_scale, (t * at.by_z + 1.0 - t) / scale)


def slope(problem: Problem, z: Vector, at: Reformulation) -> Matrix:
    """Return ∂Φ/∂y (n, n), y being z in scaled units."""
    rows = problem.jacobian(z) * problem.z_scale * (at.by_f / problem.f_scale)[:, None]
    rows[np.diag_indices_from(rows)] += at.by_z
    return rows


def _fischer(a: Vector, b: Vector, mu: float) -> tuple[Vector, Vector, Vector, Vector]:
    radius = np.sqrt(a * a + b * b + 2.0 * mu * mu) + TINY
    # For a, b > 0 the difference cancels; a·b over the sum is the same number in full precision.
    both = (a > 0.0) & (b > 0.0)
    sure = 2.0 * (a * b - mu * mu) / (np.where(both, a + b, 1.0) + radius)
    value = np.where(both, sure, a + b - radius)
    return value, 1.0 - a / radius, 1.0 - b / radius, -2.0 * mu / radius
