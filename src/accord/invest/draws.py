"""Draws of uncertain numbers: evenly spread points, turned into values between low and high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from accord.invest.present_value import Array


class Between(Protocol):
    """A most likely value with its bounds."""

    @property
    def low(self) -> float:
        """The least it may be."""
        ...

    @property
    def median(self) -> float:
        """What it most likely is."""
        ...

    @property
    def high(self) -> float:
        """The most it may be."""
        ...


def spread_points(draws: int, dimensions: int, seed: int) -> Array:
    """Return points in the unit cube, one in each of ``draws`` equal slices of every dimension.

    Shape (draws, dimensions): a Latin hypercube. Source: M. McKay, R. Beckman and W. Conover,
    *Technometrics* 21 (1979).
    """
    random = np.random.default_rng(seed)
    slices = np.stack([random.permutation(draws) for _ in range(dimensions)], axis=1)
    return (slices + random.random((draws, dimensions))) / draws


def triangular(points: Array, between: Between) -> Array:
    """Return values of a triangular distribution at points of its cumulative probability.

    Most likely at ``median``, impossible beyond ``low`` and ``high``.
    """
    low, mode, high = between.low, between.median, between.high
    if high <= low:
        return np.full(points.shape, mode)
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(points * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - points) * (high - low) * (high - mode))
    return np.where(points < turn, rising, falling)


def drawn(ranges: Mapping[str, Between], draws: int, seed: int) -> dict[str, Array]:
    """Return draws of named numbers, each independent of the others, shape (draws,) each."""
    points = spread_points(draws, len(ranges), seed)
    return {name: triangular(points[:, i], r) for i, (name, r) in enumerate(ranges.items())}


def percentiles(values: Array, shares: Sequence[float] = (0.05, 0.5, 0.95)) -> tuple[float, ...]:
    """Return values below which the given shares of draws lie; NaN counts as above all."""
    return tuple(
        float(x)
        for x in np.quantile(np.where(np.isnan(values), np.inf, values), shares, method="lower")
    )
