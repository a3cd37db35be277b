"""Quantiles and probabilities of draws, with the error that comes from there being only so many.

The errors are those of independent draws. Points of low discrepancy, of which the draws of a market
are made, are more even than that: for them the interval is an upper estimate of the error, not one
that is met exactly. It says nothing about the model or the distributions that were drawn from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.probability import normal
from accord.probability.arrays import Vector

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number estimated from draws, and the interval that holds it with probability ``SURE``."""

    value: float
    low: float
    high: float


def quantiles(values: Vector, levels: Vector, weights: Vector | None = None) -> Vector:
    """Return the quantiles of draws (n,) at levels (m,), with weights (n,) if they have them.

    Between draws on straight lines, draw i of n standing at (i − ½)/n, or at the sum of the weights
    before it and half its own; beyond the outermost, these. Source: R. J. Hyndman and Y. Fan, The
    American Statistician 50 (1996), definition 5. Raises ``ValueError`` without a draw, or for
    weights that are negative or all 0.
    """
    values = np.asarray(values, float)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    if values.size == 0 or bool((weights < 0.0).any()) or not weights.sum() > 0.0:
        raise ValueError("quantiles need draws whose weights are not negative and not all 0")
    order = np.argsort(values, kind="stable")
    order = order[weights[order] > 0.0]
    share = weights[order] / weights.sum()
    return np.interp(levels, np.cumsum(share) - 0.5 * share, values[order])


def on_a_line(values: Vector, levels: Sequence[float]) -> list[float]:
    """Return quantiles of draws (n,), none of them NaN, at some levels: NumPy's ``linear``.

    Of n sorted draws the q-th stands at place q·(n − 1), counted from 0, and between two neighbours
    on the straight line. It is ``np.quantile`` to the last bit in a tenth of its time, which pages
    with a range in every row need. Source: Hyndman and Fan (1996), definition 7. Raises
    ``ValueError`` without a draw.
    """
    if not len(values):
        raise ValueError("quantiles need draws")
    ranked = np.sort(values).tolist()
    last = len(ranked) - 1
    found: list[float] = []
    for level in levels:
        place = level * last
        below = int(place)
        part = place - below
        less, more = ranked[below], ranked[min(below + 1, last)]
        # From the nearer end, as NumPy has it.
        near_less = part < 0.5  # noqa: PLR2004 - half way
        step = more - less
        found.append(less + step * part if near_less else more - step * (1.0 - part))
    return found


def quantile_with_error(values: Vector, level: float) -> Estimate:
    """Return a quantile of independent draws (n,) and the order statistics around it.

    How many of n draws lie below the true quantile is binomial, whatever the distribution; the
    interval reaches between the draws that hold it with at least ``SURE`` (the outermost where
    there are too few draws to be as sure: then it is less sure). Source: H. A. David and H. N.
    Nagaraja, Order Statistics, 3rd edition (2003), 7.1. Raises ``ValueError`` without a draw.
    """
    found = float(quantiles(values, np.array([level]))[0])
    ordered, count = np.sort(values), len(values)
    low, high = order_interval(count, level)
    return Estimate(found, float(ordered[low]), float(ordered[min(high, count - 1)]))


def order_interval(count: int, level: float, sure: float = SURE) -> tuple[int, int]:
    """Return places l, h (from 0) in the order of draws: P(draw l ≤ quantile ≤ draw h) ≥ sure.

    h = count means that no draw bounds it above.
    """
    below = np.cumsum(binomial(count, level))
    rest = 0.5 * (1.0 - sure)
    # With N draws below, draw l lies below the quantile where N > l, draw h above where N ≤ h.
    low = int(np.searchsorted(below, rest, "right"))
    high = int(np.searchsorted(below, 1.0 - rest, "left"))
    return max(low - 1, 0), high


def binomial(count: int, share: float) -> Vector:
    """Return the probabilities of 0 … count successes (count + 1,)."""
    if share in (0.0, 1.0):
        return np.eye(count + 1)[0 if share == 0.0 else count]
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, count + 1.0)))])
    k = np.arange(count + 1)
    log = logs[count] - logs - logs[::-1]
    found = np.exp(log + k * math.log(share) + (count - k) * math.log1p(-share))
    return found / found.sum()


def probability_with_error(hits: int, count: int, sure: float = SURE) -> Estimate:
    """Return the share of draws that hit, and Wilson's interval.

    Unlike hits/n ± 2 s it is never a point and never leaves 0 to 1, for no hits and for all.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927). Raises
    ``ValueError`` without a draw, or for hits that are not between 0 and their number.
    """
    if count <= 0 or not 0 <= hits <= count:
        raise ValueError("a share needs at least one draw, and 0 to all of them as hits")
    z = float(normal.quantile(np.array([0.5 + 0.5 * sure]))[0])
    share = hits / count
    middle = (share + z * z / (2.0 * count)) / (1.0 + z * z / count)
    half = z * math.sqrt(share * (1.0 - share) / count + z * z / (4.0 * count**2))
    half /= 1.0 + z * z / count
    low = 0.0 if hits == 0 else max(middle - half, 0.0)
    high = 1.0 if hits == count else min(middle + half, 1.0)
    return Estimate(share, low, high)


def effective(weights: Vector) -> float:
    """Return how many draws of equal weight weighted ones are worth, (Σw)²/Σw²."""
    return float(weights.sum() ** 2 / (weights @ weights))
