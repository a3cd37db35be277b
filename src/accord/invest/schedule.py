"""When things happen: the part of each year that lies in a span of time.

Year t is the time from t to t + 1. Times are in years, scalar or (streams,); results have one
column a year, shape (..., years).
"""

from __future__ import annotations

import numpy as np

from accord.invest.present_value import Array

Number = float | Array
"""A number, or one for each of several streams at once."""


def column(value: Number) -> Array:
    """Return a value with an axis of years behind it, shape (..., 1)."""
    return np.asarray(value, dtype=float)[..., None]


def within(start: Number, stop: Number, years: int) -> Array:
    """Return how much of each year lies between two times, 0 to 1."""
    begin = np.arange(years, dtype=float)
    low = np.maximum(begin, column(start))
    high = np.minimum(begin + 1.0, column(stop))
    return np.maximum(high - low, 0.0)


def ramped(start: Number, ramp: Number, stop: Number, years: int) -> Array:
    """Return full-load years in each year of a plant that reaches full load evenly over ``ramp``.

    It runs from ``start`` to ``stop``; with a ramp of 0 it is at full load at once.
    """
    edges = np.minimum(np.arange(years + 1, dtype=float), column(stop))
    since = np.maximum(edges - column(start), 0.0)
    span = np.maximum(column(ramp), np.finfo(float).tiny)
    rising = np.minimum(since, span)
    return np.diff(rising * (rising / (2.0 * span)) + (since - rising), axis=-1)
