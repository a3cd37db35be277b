"""The beta distribution: distribution function, quantiles, and the one nearest to three of them.

Source: W. H. Press and others, Numerical Recipes, 3rd edition (2007), 6.4 (continued fraction of
the incomplete beta function, by Lentz's method).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from accord.probability import normal
from accord.probability.arrays import Vector

_TERMS, _PRECISE, _TINY = 400, 1e-15, 1e-300
_BISECTIONS, _ROUNDS, _STEP, _CLOSE = 60, 60, 1e-5, 1e-9


@dataclass(frozen=True, slots=True)
class Beta:
    """A beta distribution on 0 to 1, density ∝ x^(a−1) (1−x)^(b−1)."""

    a: float
    b: float

    def cdf(self, x: Vector) -> Vector:
        """Return the probability below x (n,)."""
        x = np.clip(np.asarray(x, float), 0.0, 1.0)
        turned = x > (self.a + 1.0) / (self.a + self.b + 2.0)
        one = np.where(turned, self.b, self.a)
        other = np.where(turned, self.a, self.b)
        y = np.where(turned, 1.0 - x, x)
        front = np.exp(
            math.lgamma(self.a + self.b)
            - math.lgamma(self.a)
            - math.lgamma(self.b)
            + one * np.log(np.maximum(y, _TINY))
            + other * np.log1p(-np.minimum(y, 1.0 - _PRECISE))
        )
        part = front * _fraction(one, other, y) / one
        return np.where(turned, 1.0 - part, part)

    def quantile(self, u: Vector) -> Vector:
        """Return the value below which the probability is u (n,)."""
        u = np.asarray(u, float)
        low, high = np.zeros_like(u), np.ones_like(u)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            below = self.cdf(middle) < u
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return 0.5 * (low + high)


def _fraction(a: Vector, b: Vector, x: Vector) -> Vector:
    """Return the continued fraction of the incomplete beta function."""
    c = np.ones_like(x)
    d = 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    found = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        for term in (even, odd):
            d = 1.0 / _away(1.0 + term * d)
            c = _away(1.0 + term / c)
            found = found * c * d
        if bool((np.abs(c * d - 1.0) <= _PRECISE).all()):
            break
    return found


def _away(x: Vector) -> Vector:
    return np.where(np.abs(x) < _TINY, _TINY, x)


def nearest_beta(median: float, low: float, high: float) -> Beta:
    """Return the beta distribution whose 10, 50 and 90 % points are nearest to three values.

    Nearest in normal scores, by least squares; all three lie between 0 and 1.
    """
    wanted = np.array([-normal.NINETIETH, 0.0, normal.NINETIETH])
    x = np.array([low, median, high])

    def miss(log_ab: Vector) -> Vector:
        reached = Beta(*(float(v) for v in np.exp(log_ab))).cdf(x)
        return normal.quantile(np.clip(reached, 1e-12, 1.0 - 1e-12)) - wanted

    spread = (high - low) / (2.0 * normal.NINETIETH)
    total = max(median * (1.0 - median) / spread**2 - 1.0, 0.2)
    at: Vector = np.log(np.array([median * total, (1.0 - median) * total]))
    damping = 1e-3
    for _ in range(_ROUNDS):
        here = miss(at)
        slopes = np.column_stack([(miss(at + h) - here) / _STEP for h in _STEP * np.eye(2)])
        step = np.linalg.solve(slopes.T @ slopes + damping * np.eye(2), -slopes.T @ here)
        step = np.asarray(np.clip(step, -1.0, 1.0), np.float64)
        new = miss(at + step)
        if new @ new <= here @ here:
            at, damping = at + step, damping / 4.0
            if float(np.abs(step).max()) < _CLOSE:
                break
        else:
            damping = 8.0 * damping
    return Beta(*(float(v) for v in np.exp(at)))
