"""Sobol indices: how much of an answer's variance goes back to which number.

Two independent sets of draws A and B, and for each number (or group of numbers that vary together)
a set AB that is A with that number's columns from B. With V the variance of the answer f:

    first order   S = mean f(B)(f(AB) − f(A)) / V       A. Saltelli and others, Computer Physics
                                                        Communications 181 (2010)
    total         T = mean (f(A) − f(AB))² / 2V         M. J. W. Jansen, the same 117 (1999)

S is the share of the variance that would go on average if the number were known, T what would be
left on average if it alone were not. Both need inputs that are independent. Numbers that are not
go in one group: its indices are of all its numbers at once (``shapley`` tells them apart).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from accord.probability import copula, points
from accord.probability.arrays import Matrix, Vector
from accord.probability.quantiles import quantiles

Groups = tuple[tuple[int, ...], ...]
Model = Callable[[Matrix], Vector]
RESAMPLES, LEVELS = 200, (0.05, 0.95)
BINS = 10


@dataclass(frozen=True)
class Design:
    """Where to evaluate: normal scores ``a``, ``b`` (n, k) and ``mixed`` (g, n, k) by group."""

    a: Matrix
    b: Matrix
    mixed: Matrix
    groups: Groups

    @property
    def rows(self) -> Matrix:
        """All points, a, b and mixed below each other ((g + 2) n, k), for one call of the model."""
        return np.concatenate([self.a, self.b, self.mixed.reshape(-1, self.a.shape[1])])


@dataclass(frozen=True)
class Indices:
    """First-order and total indices by group (g,), with 5 and 95 % of resamples (g, 2) each.

    ``variance`` of the answer; where it is 0 nothing moves the answer and every index is 0.
    """

    groups: Groups
    first: Vector
    total: Vector
    first_range: Matrix
    total_range: Matrix
    variance: float


def design(
    count: int,
    correlation: Matrix,
    seed: int,
    groups: Groups | None = None,
) -> Design:
    """Return where to evaluate a model of normal scores with a correlation (k, k).

    ``groups`` are the columns that are exchanged together; left out, they are the components of the
    correlation. A power of 2 is the best ``count``. Raises ``ValueError`` where numbers that are
    correlated are not in one group, and where not each number is in just one group.
    """
    size = len(correlation)
    groups = copula.components(correlation) if groups is None else groups
    if sorted(i for group in groups for i in group) != list(range(size)):
        raise ValueError("every number belongs to one group")
    for tied in copula.components(correlation):
        if not any(set(tied) <= set(group) for group in groups):
            shown = ", ".join(map(str, tied))
            raise ValueError(
                f"numbers {shown} are correlated: plain Sobol indices do not exist for them; put "
                "them in one group, or ask for Shapley effects"
            )
    scores = points.normals(count, 2 * size, seed)
    a, b = (copula.correlated(half, correlation) for half in (scores[:, :size], scores[:, size:]))
    mixed = np.repeat(a[None], len(groups), axis=0)
    for i, group in enumerate(groups):
        mixed[i][:, list(group)] = b[:, list(group)]
    return Design(a, b, mixed, groups)


def indices(of: Design, answers: Vector, seed: int = 0) -> Indices:
    """Return the indices of the answers at ``of.rows`` ((g + 2) n,).

    Raises ``ValueError`` for answers that are not finite: an index of the rest would be biased.
    """
    count = len(of.a)
    if answers.shape != ((len(of.groups) + 2) * count,) or not bool(np.isfinite(answers).all()):
        raise ValueError("an answer is needed for every row of the design, and a finite one")
    a, b = answers[:count], answers[count : 2 * count]
    mixed = answers[2 * count :].reshape(len(of.groups), count)
    variance = float(np.concatenate([a, b]).var())
    first, total = _estimates(a, b, mixed)
    again = points.places(RESAMPLES, count, seed)
    found = [_estimates(a[rows], b[rows], mixed[:, rows]) for rows in again]
    first_range, total_range = (_ranges(np.array([each[k] for each in found])) for k in (0, 1))
    return Indices(of.groups, first, total, first_range, total_range, variance)


def sobol_indices(
    model: Model,
    correlation: Matrix,
    count: int,
    seed: int,
    groups: Groups | None = None,
) -> Indices:
    """Return the indices of a model of normal scores, (n, k) → (n,); see ``design``."""
    made = design(count, correlation, seed, groups)
    return indices(made, model(made.rows))


def _ranges(found: Matrix) -> Matrix:
    """Return the quantiles at ``LEVELS`` of resampled estimates (r, g) as (g, 2)."""
    return np.array([quantiles(column, np.array(LEVELS)) for column in found.T]).reshape(-1, 2)


def _estimates(a: Vector, b: Vector, mixed: Matrix) -> tuple[Vector, Vector]:
    both = np.concatenate([a, b])
    variance = float(both.var())
    if variance <= 0.0:
        none = np.zeros(len(mixed))
        return none, none
    # The mean does not matter in theory; without it the estimate has far less error.
    first = ((b - both.mean()) * (mixed - a)).mean(axis=1) / variance
    total = np.square(a - mixed).mean(axis=1) / (2.0 * variance)
    return first, total


def first_order_by_bins(inputs: Matrix, answers: Vector, bins: int = BINS) -> Vector:
    """Return first-order indices (k,) from draws that are there already, (n, k) and (n,).

    Each number's draws are put in order and cut into bins; the index is the share of the variance
    that lies between bins, less what chance puts there (T. L. Kelley's ε², PNAS 21, 1935). It holds
    for correlated inputs too, where it is the share that knowing the number would take away, what
    it tells of others included. It is a check by other means on the surrogate's shares; what a
    number does within a bin is missed. Estimators that multiply the answers of neighbours in one
    number's order (S. Chatterjee's and what follows from it) are wrong for points of low
    discrepancy, whose neighbours in one number lie apart in the others. Zeros where the answer
    never moves. Raises ``ValueError`` with fewer than two draws a bin.
    """
    count = len(answers)
    if count < 2 * bins:
        raise ValueError(f"{count} draws are too few for {bins} bins")
    total = float(np.square(answers - answers.mean()).sum())
    if total <= 0.0:
        return np.zeros(len(inputs.T))
    ordered = answers[np.argsort(inputs, axis=0, kind="stable")]
    edges = np.arange(bins) * count // bins
    sizes = np.diff(np.append(edges, count))
    means: Matrix = np.add.reduceat(ordered, edges, axis=0) / sizes[:, None]
    within: Vector = np.square(ordered - np.repeat(means, sizes, axis=0)).sum(axis=0)
    return 1.0 - within / total * (count - 1) / (count - bins)


def names_of(groups: Sequence[Sequence[int]], names: Sequence[str]) -> tuple[str, ...]:
    """Return groups by their members' names."""
    return tuple(" with ".join(names[i] for i in group) for group in groups)
