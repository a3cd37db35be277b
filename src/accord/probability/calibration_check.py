"""Simulation-based calibration: whether a posterior covers the truth as often as it says.

A truth is drawn from the prior, data from the model at that truth, and the posterior computed from
the data. Over many such replications the truth's place in the posterior is uniform, and an 80 %
range holds it in 80 % of them, if and only if the posterior is computed rightly.

Source: S. Talts and others, Validating Bayesian inference algorithms with simulation-based
calibration, arXiv 1804.06788 (2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from accord.probability.arrays import Vector
from accord.probability.quantiles import Estimate, binomial, probability_with_error

BINS = 10
_TERMS, _FLAT = 100, 0.2


@dataclass(frozen=True)
class Uniformity:
    """How places spread over 0 to 1.

    ``distance``  largest difference from uniform (Kolmogorov and Smirnov)
    ``p_value``   how often chance alone makes it as large, if the places are independent
    ``counts``    places in ten equal bins (10,)
    """

    distance: float
    p_value: float
    counts: tuple[int, ...]


def place(draws: Vector, weights: Vector, truth: float) -> float:
    """Return the posterior probability below a truth, of draws (n,) with weights (n,)."""
    below = float(weights[draws < truth].sum())
    even = float(weights[draws == truth].sum())
    return (below + 0.5 * even) / float(weights.sum())


def coverage(low: Vector, high: Vector, truth: Vector) -> Estimate:
    """Return how often ranges (n,) hold their truths (n,), with its error."""
    held = (low <= truth) & (truth <= high)
    return probability_with_error(int(held.sum()), len(truth))


def coverage_bound(replications: int, level: float, sure: float) -> float:
    """Return how far the share of ranges that hold may be from their level by chance alone.

    The least d with P(|share − level| ≤ d) ≥ ``sure`` for that many independent replications.
    """
    share = np.arange(replications + 1) / replications
    away = np.abs(share - level)
    order = np.argsort(away, kind="stable")
    reached = np.cumsum(binomial(replications, level)[order])
    return float(away[order][int(np.searchsorted(reached, sure))])


def uniformity(places: Vector) -> Uniformity:
    """Return how evenly places (n,) spread over 0 to 1. Raises ``ValueError`` without any."""
    count = len(places)
    if count == 0:
        raise ValueError("uniformity needs at least one place")
    ordered = np.sort(places)
    steps = np.arange(count + 1) / count
    distance = float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))
    root = math.sqrt(count)
    counts = np.histogram(places, BINS, (0.0, 1.0))[0]
    p_value = _beyond((root + 0.12 + 0.11 / root) * distance)
    return Uniformity(distance, p_value, tuple(int(c) for c in counts))


def _beyond(scaled: float) -> float:
    """Return the probability of a larger scaled distance (M. A. Stephens, JRSS B 32, 1970)."""
    if scaled < _FLAT:
        return 1.0
    k = np.arange(1.0, _TERMS + 1.0)
    total = 2.0 * float(np.sum((-1.0) ** (k - 1.0) * np.exp(-2.0 * k**2 * scaled**2)))
    return min(max(total, 0.0), 1.0)
