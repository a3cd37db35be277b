"""Numbers that vary together: a Gaussian copula on their normal scores.

A rank correlation ρ (Spearman's) is that of normal scores with correlation 2 sin(πρ/6). Source:
R. B. Nelsen, An Introduction to Copulas, 2nd edition (2006), 5.1; the nearest correlation matrix is
that of N. J. Higham, IMA Journal of Numerical Analysis 22 (2002).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from accord.probability.arrays import Matrix, Vector
from accord.probability.problem import Problem

LEAST_EIGENVALUE = -1e-10
_SAME = 1e-12
_ROUNDS, _CLOSE = 200, 1e-10
_SHOWN = 4


def of_ranks(rank: Matrix) -> Matrix:
    """Return the correlation of normal scores behind a rank correlation, any shape."""
    return 2.0 * np.sin(math.pi * np.asarray(rank, float) / 6.0)


def problems(correlation: Matrix, names: Sequence[str]) -> tuple[Problem, ...]:
    """Return what keeps a matrix (k, k) from being a correlation matrix of normal scores."""
    if correlation.shape != (len(names), len(names)):
        found = f"a matrix of {' × '.join(map(str, correlation.shape))}"
        allowed = f"{len(names)} × {len(names)}, a row for each number"
        return (Problem("value", found, allowed, "give every pair once"),)
    found = [*_entries(correlation, names)]
    if found or not len(names):
        return tuple(found)
    least = float(np.linalg.eigvalsh(correlation)[0])
    if least >= LEAST_EIGENVALUE:
        return ()
    return (
        Problem(
            "value",
            f"correlations that no numbers can have together (least eigenvalue {least:.3g})",
            "a matrix that is positive semidefinite",
            f"bring them nearer to 0; the nearest that would do: {_moved(correlation, names)}",
        ),
    )


def _entries(correlation: Matrix, names: Sequence[str]) -> list[Problem]:
    found: list[Problem] = []
    for i, one in enumerate(names):
        if not abs(correlation[i, i] - 1.0) <= _SAME:
            what = f"{one} with itself: {correlation[i, i]:g}"
            found.append(Problem("value", what, "1", "write 1 on the diagonal"))
        for j, other in enumerate(names[:i]):
            here, there = float(correlation[i, j]), float(correlation[j, i])
            if not (abs(here) <= 1.0 and abs(there) <= 1.0):
                worst = here if not abs(here) <= 1.0 else there
                what = f"{one} with {other}: {worst:g}"
                found.append(Problem("value", what, "−1 to 1", "correct the correlation"))
            elif abs(here - there) > _SAME:
                what = f"{one} with {other}: {here:g} one way and {there:g} the other"
                found.append(Problem("value", what, "one value for a pair", "remove one of them"))
    return found


def _moved(correlation: Matrix, names: Sequence[str]) -> str:
    """Return the pairs that the nearest correlation matrix changes most, as a list."""
    near = nearest(correlation)
    pairs = [(i, j) for i in range(len(names)) for j in range(i) if correlation[i, j] != near[i, j]]
    pairs.sort(key=lambda pair: -abs(float(correlation[pair] - near[pair])))
    return "; ".join(
        f"{names[j]} with {names[i]} {float(near[i, j]):.3f}" for i, j in pairs[:_SHOWN]
    )


def nearest(matrix: Matrix) -> Matrix:
    """Return the correlation matrix nearest to a symmetric matrix (Frobenius norm)."""
    near, correction = matrix.astype(float), np.zeros(matrix.shape)
    for _ in range(_ROUNDS):
        shifted = near - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = positive - shifted
        new = positive.copy()
        np.fill_diagonal(new, 1.0)
        done = float(np.abs(new - near).max()) < _CLOSE
        near = new
        if done:
            break
    return near


def factor(correlation: Matrix) -> Matrix:
    """Return the lower triangular L (k, k) with L Lᵀ = correlation, singular ones too.

    Rows of numbers that are correlated with none before them are rows of the unit matrix.
    """
    size = len(correlation)
    lower = np.zeros((size, size))
    for j in range(size):
        left = correlation[j:, j] - lower[j:, :j] @ lower[j, :j]
        if left[0] > _SAME:
            lower[j:, j] = left / math.sqrt(float(left[0]))
    return lower


def correlated(scores: Matrix, correlation: Matrix) -> Matrix:
    """Return scores with a correlation (n, k) from independent ones (n, k)."""
    if np.array_equal(correlation, np.eye(len(correlation))):
        return scores
    return scores @ factor(correlation).T


def uncorrelated(scores: Matrix, correlation: Matrix) -> Matrix:
    """Return the independent scores (n, k) that ``correlated`` makes such scores (n, k) of.

    Of several the shortest, where the correlation is singular.
    """
    if np.array_equal(correlation, np.eye(len(correlation))):
        return scores
    shortest = np.linalg.lstsq(factor(correlation), scores.T, rcond=None)[0]
    return np.asarray(shortest.T, np.float64)


def components(correlation: Matrix) -> tuple[tuple[int, ...], ...]:
    """Return the groups of numbers that are tied to each other, directly or through others."""
    left = set(range(len(correlation)))
    groups: list[tuple[int, ...]] = []
    while left:
        group, new = set[int](), {min(left)}
        while new:
            group |= new
            tied: Vector = np.abs(correlation[sorted(new)]).max(axis=0)
            new = {i for i in range(len(correlation)) if tied[i] > 0.0} - group
        groups.append(tuple(sorted(group)))
        left -= group
    return tuple(groups)
