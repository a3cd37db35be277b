"""The standard normal distribution: its distribution function and quantiles, for whole arrays."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from accord.probability.arrays import Matrix, Vector

NINETIETH = 1.2815515655446004
"""The 90th percentile."""

_erfc = np.frompyfunc(math.erfc, 1, 1)

# Coefficients of M. J. Wichura, Algorithm AS 241: the percentage points of the normal
# distribution, Applied Statistics 37 (1988), routine PPND16; highest power first.
_MIDDLE = (
    np.array(
        [
            2509.0809287301226727,
            33430.575583588128105,
            67265.770927008700853,
            45921.953931549871457,
            13731.693765509461125,
            1971.5909503065514427,
            133.14166789178437745,
            3.387132872796366608,
        ]
    ),
    np.array(
        [
            5226.495278852854561,
            28729.085735721942674,
            39307.89580009271061,
            21213.794301586595867,
            5394.1960214247511077,
            687.1870074920579083,
            42.313330701600911252,
            1.0,
        ]
    ),
)
_NEAR = (
    np.array(
        [
            7.7454501427834140764e-4,
            0.0227238449892691845833,
            0.24178072517745061177,
            1.27045825245236838258,
            3.64784832476320460504,
            5.7694972214606914055,
            4.6303378461565452959,
            1.42343711074968357734,
        ]
    ),
    np.array(
        [
            1.05075007164441684324e-9,
            5.475938084995344946e-4,
            0.0151986665636164571966,
            0.14810397642748007459,
            0.68976733498510000455,
            1.6763848301838038494,
            2.05319162663775882187,
            1.0,
        ]
    ),
)
_FAR = (
    np.array(
        [
            2.01033439929228813265e-7,
            2.71155556874348757815e-5,
            0.0012426609473880784386,
            0.026532189526576123093,
            0.29656057182850489123,
            1.7848265399172913358,
            5.4637849111641143699,
            6.6579046435011037772,
        ]
    ),
    np.array(
        [
            2.04426310338993978564e-15,
            1.4215117583164458887e-7,
            1.8463183175100546818e-5,
            7.868691311456132591e-4,
            0.0148753612908506148525,
            0.13692988092273580531,
            0.59983220655588793769,
            1.0,
        ]
    ),
)
_MIDST, _MIDST_SQUARED, _BREAK, _SHIFT = 0.425, 0.180625, 5.0, 1.6


def cdf(z: Vector | Matrix) -> Vector | Matrix:
    """Return the probability below z, of any shape, to about 1e-15 (of itself: 1e-13)."""
    return 0.5 * cast("Vector", _erfc(np.asarray(z) * -math.sqrt(0.5))).astype(float)


def density(z: Vector | Matrix) -> Vector | Matrix:
    """Return the density at z, of any shape."""
    return np.exp(-0.5 * np.square(z)) / math.sqrt(2.0 * math.pi)


def quantile(u: Vector | Matrix) -> Vector | Matrix:
    """Return the value below which the probability is u, of any shape; ±∞ at 0 and 1.

    Relative error about 1e-15. Source: M. J. Wichura, Applied Statistics 37 (1988), AS 241.
    """
    u = np.asarray(u, float)
    if not bool(((u >= 0.0) & (u <= 1.0)).all()):
        raise ValueError("a probability lies between 0 and 1")
    q = u - 0.5
    r = _MIDST_SQUARED - q * q
    found = q * _ratio(_MIDDLE, np.maximum(r, 0.0))
    outer = np.abs(q) > _MIDST
    if bool(outer.any()):
        tail = np.minimum(u[outer], 1.0 - u[outer])
        found[outer] = np.sign(q[outer]) * _tail(tail)
    return found


def _tail(u: Vector) -> Vector:
    """Return −quantile(u) for u below 0.075."""
    with np.errstate(divide="ignore"):
        r = np.sqrt(-np.log(u))
    ends = np.isinf(r)
    r = np.where(ends, 1.0, r)
    found = np.where(
        r <= _BREAK, _ratio(_NEAR, np.minimum(r, _BREAK) - _SHIFT), _ratio(_FAR, r - _BREAK)
    )
    return np.where(ends, np.inf, found)


def _ratio(form: tuple[Vector, Vector], r: Vector) -> Vector:
    return np.polyval(form[0], r) / np.polyval(form[1], r)
