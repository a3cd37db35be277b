"""A number that is not known, given by its 10, 50 and 90 % points.

Every family is a scale on which it is plain (the number itself, its logarithm, its log odds) and a
base distribution (normal, triangle, flat). On that scale the base is stretched below and above the
median each by its own factor, so that all three points are hit exactly however uneven they are; the
quantile function is continuous, its slope changes at the median. A beta distribution is the one
nearest to the three points, its normal scores stretched in the same way.

A bound squeezes the tail beyond the 10 or 90 % point between that point and the bound: the points
stay, and no probability piles up at the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.probability import normal
from accord.probability.arrays import Vector
from accord.probability.beta import Beta, nearest_beta
from accord.probability.problem import Problem

FAMILIES = ("lognormal", "normal", "logitnormal", "beta", "triangular", "uniform", "fixed")
SHARES = ("logitnormal", "beta")
TENTH = 0.1
NEVER = 1e-12
"""A tail beyond a bound that is less likely than this is left as it is."""


@dataclass(frozen=True)
class Distribution:
    """A number's distribution.

    ``family``  one of ``FAMILIES``;  ``median``, ``low``, ``high``  50, 10 and 90 % points
    ``least``, ``most``  bounds that it never passes; infinite where there are none
    """

    family: str
    median: float
    low: float
    high: float
    least: float = -math.inf
    most: float = math.inf

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong with it; the other methods need it sound."""
        return (*self._order(), *self._range(), *self._bounds())

    def quantile(self, u: Vector) -> Vector:
        """Return the value below which the probability is u, for u in (0, 1), any shape."""
        return self.at_score(normal.quantile(np.asarray(u, float)))

    def at_score(self, z: Vector) -> Vector:
        """Return the value whose probability is that below the standard normal score z."""
        z = np.asarray(z, float)
        if self.family == "fixed":
            return np.full(z.shape, float(self.median))
        return self._value(self._squeezed(z))

    def score(self, x: Vector) -> Vector:
        """Return the standard normal score of a value between the bounds; −∞ and ∞ outside."""
        x = np.asarray(x, float)
        if self.family == "fixed":
            return np.where(x < self.median, -math.inf, np.where(x > self.median, math.inf, 0.0))
        inside = np.clip(x, *self._support)
        found = self._widened(self._unsqueezed_score(inside))
        below = (x <= self._support[0]) & (x < self.low)
        above = (x >= self._support[1]) & (x > self.high)
        return np.where(below, -math.inf, np.where(above, math.inf, found))

    def cdf(self, x: Vector) -> Vector:
        """Return the probability of at most x, any shape."""
        x = np.asarray(x, float)
        if self.family == "fixed":
            return np.where(x >= self.median, 1.0, 0.0)
        return normal.cdf(self.score(x))

    @cached_property
    def _support(self) -> tuple[float, float]:
        """The values between which all of it lies."""
        ends = self._value(np.array([-math.inf, math.inf]))
        return max(self.least, float(ends[0])), min(self.most, float(ends[1]))

    def _value(self, z: Vector) -> Vector:
        """Return the value at a score as if there were no bounds."""
        if self.family == "beta":
            return self._beta.quantile(normal.cdf(self._beta_score(z)))
        to, back = _SCALES[self.family]
        middle = to(self.median)
        base = _BASES[self.family](z)
        tenth = float(_BASES[self.family](np.array([normal.NINETIETH]))[0])
        below = (middle - to(self.low)) / tenth
        above = (to(self.high) - middle) / tenth
        return back(middle + base * np.where(base < 0.0, below, above))

    def _unsqueezed_score(self, x: Vector) -> Vector:
        """Return the score of a value as if there were no bounds."""
        if self.family == "beta":
            reached = normal.quantile(self._beta.cdf(x))
            low, middle, high = self._beta_points
            wide = np.where(reached < middle, middle - low, high - middle)
            return (reached - middle) * normal.NINETIETH / wide
        to, _ = _SCALES[self.family]
        middle = to(self.median)
        tenth = float(_BASES[self.family](np.array([normal.NINETIETH]))[0])
        with np.errstate(divide="ignore"):
            away = _vector_scale(self.family, x) - middle
        wide = np.where(away < 0.0, middle - to(self.low), to(self.high) - middle)
        return _BACK[self.family](away / wide * tenth)

    @cached_property
    def _beta(self) -> Beta:
        return nearest_beta(self.median, self.low, self.high)

    @cached_property
    def _beta_points(self) -> tuple[float, float, float]:
        """Normal scores that the nearest beta distribution gives to the three points."""
        reached = normal.quantile(self._beta.cdf(np.array([self.low, self.median, self.high])))
        return float(reached[0]), float(reached[1]), float(reached[2])

    def _beta_score(self, z: Vector) -> Vector:
        low, middle, high = self._beta_points
        wide = np.where(z < 0.0, middle - low, high - middle)
        return middle + z * wide / normal.NINETIETH

    @cached_property
    def _cut(self) -> tuple[float, float]:
        """The probabilities that would lie beyond the bounds; 0 where hardly any does."""
        beyond = [0.0, 0.0]
        if self.least > -math.inf:
            beyond[0] = _probability(self._unsqueezed_score(np.array([self.least])))
        if self.most < math.inf:
            beyond[1] = _probability(-self._unsqueezed_score(np.array([self.most])))
        return tuple(p if p > NEVER else 0.0 for p in beyond)  # pyright: ignore[reportReturnType]

    def _squeezed(self, z: Vector) -> Vector:
        """Return scores moved between the bounds' scores: only those beyond the 10 or 90 %."""
        for cut, sign in zip(self._cut, (1.0, -1.0), strict=True):
            if cut > 0.0:
                u = normal.cdf(np.minimum(sign * z, -normal.NINETIETH))
                moved = sign * normal.quantile(cut + u * (TENTH - cut) / TENTH)
                z = np.where(sign * z < -normal.NINETIETH, moved, z)
        return z

    def _widened(self, z: Vector) -> Vector:
        """Undo ``_squeezed``."""
        for cut, sign in zip(self._cut, (1.0, -1.0), strict=True):
            if cut > 0.0:
                u = normal.cdf(np.minimum(sign * z, -normal.NINETIETH))
                back = np.clip((u - cut) * TENTH / (TENTH - cut), 0.0, 1.0)
                z = np.where(sign * z < -normal.NINETIETH, sign * normal.quantile(back), z)
        return z

    def _order(self) -> list[Problem]:
        low, median, high = self.low, self.median, self.high
        found = f"low {low:g}, median {median:g}, high {high:g}"
        if not all(map(math.isfinite, (low, median, high))):
            return [Problem("median", found, "three finite numbers", "write the numbers")]
        if self.family not in FAMILIES:
            allowed = f"one of {', '.join(FAMILIES)}"
            return [Problem("family", f'"{self.family}"', allowed, "choose a family")]
        if not low <= median <= high:
            return [Problem("median", found, "low ≤ median ≤ high", "put the three in order")]
        if self.family == "fixed":
            if low < high:
                allowed, fix = "one value three times", "name a family that varies, or write one"
                return [Problem("family", f"a fixed number with {found}", allowed, fix)]
        elif not low < median < high:
            fix = 'widen it, or write the family "fixed" with one value three times'
            return [Problem("median", f"no spread: {found}", "low < median < high", fix)]
        return []

    def _range(self) -> list[Problem]:
        if self.family == "lognormal" and self.low <= 0.0:
            fix = "give a low above 0, or choose another family"
            return [Problem("low", f"{self.low:g}", "above 0 for a lognormal", fix)]
        if self.family in SHARES and not (self.low > 0.0 and self.high < 1.0):
            field, value = ("low", self.low) if self.low <= 0.0 else ("high", self.high)
            fix = "write the share as a fraction: 0.3 for 30 %"
            return [Problem(field, f"a share of {value:g}", "between 0 and 1", fix)]
        return []

    def _bounds(self) -> list[Problem]:
        if math.isnan(self.least) or math.isnan(self.most):
            return [Problem("least", "a bound that is no number", "a number", "write the number")]
        if self.least >= self.most:
            bounds = f"bounds {self.least:g} to {self.most:g}"
            return [Problem("least", bounds, "least < most", "put the bounds in order")]
        # A constant may stand on its bound; the 10 % point of what varies cannot.
        on = self.family == "fixed"
        found: list[Problem] = []
        if self.low < self.least or (self.low == self.least and not on):
            what = f"a low of {self.low:g}"
            found.append(Problem("low", what, f"above the bound {self.least:g}", _MOVE))
        if self.high > self.most or (self.high == self.most and not on):
            what = f"a high of {self.high:g}"
            found.append(Problem("high", what, f"below the bound {self.most:g}", _MOVE))
        return found


_MOVE = "low and high are the 10 and 90 % points: move them inside the bounds, or the bound"


def _probability(z: Vector) -> float:
    return float(normal.cdf(z)[0])


def _triangle(z: Vector) -> Vector:
    """Return the quantiles of the triangle on −1 to 1 at scores z."""
    tail = np.sqrt(2.0 * normal.cdf(-np.abs(z)))
    return np.sign(z) * (1.0 - tail)


def _triangle_back(x: Vector) -> Vector:
    tail = 0.5 * np.square(1.0 - np.minimum(np.abs(x), 1.0))
    return -np.sign(x) * normal.quantile(tail)


def _flat(z: Vector) -> Vector:
    """Return the quantiles of the flat distribution on −½ to ½ at scores z."""
    return np.sign(z) * (0.5 - normal.cdf(-np.abs(z)))


def _flat_back(x: Vector) -> Vector:
    return -np.sign(x) * normal.quantile(np.maximum(0.5 - np.abs(x), 0.0))


def _same(z: Vector) -> Vector:
    return z


def _plain(x: float) -> float:
    return x


def _logit(x: float) -> float:
    return math.log(x / (1.0 - x))


def _expit(y: Vector) -> Vector:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-y))


def _vector_scale(family: str, x: Vector) -> Vector:
    if family == "lognormal":
        return np.log(np.maximum(x, 0.0))
    if family == "logitnormal":
        return np.log(np.maximum(x, 0.0)) - np.log(np.maximum(1.0 - x, 0.0))
    return x


_SCALES: dict[str, tuple[Callable[[float], float], Callable[[Vector], Vector]]] = {
    "lognormal": (math.log, np.exp),
    "normal": (_plain, _same),
    "logitnormal": (_logit, _expit),
    "triangular": (_plain, _same),
    "uniform": (_plain, _same),
}
_BASES: dict[str, Callable[[Vector], Vector]] = {
    "lognormal": _same,
    "normal": _same,
    "logitnormal": _same,
    "triangular": _triangle,
    "uniform": _flat,
}
_BACK: dict[str, Callable[[Vector], Vector]] = {
    "lognormal": _same,
    "normal": _same,
    "logitnormal": _same,
    "triangular": _triangle_back,
    "uniform": _flat_back,
}
