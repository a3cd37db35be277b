"""Internal rates of return: every rate at which a stream of amounts is worth nothing.

With δ = ln(1 + r) the present value is an exponential sum f(δ) = Σ cₜ e^(−δt). Between two
amounts of opposite sign, at t = m, the slope of e^(mδ) f is −e^(mδ) Σ (t − m) cₜ e^(−δt): an
exponential sum with one change of sign less. So the rates of that sum part the line into pieces on
which e^(mδ) f is monotone and holds one rate at most (Rolle), down to a sum without changes of
sign, which has none. No rate is missed and none is invented, however many there are; by Descartes'
rule there are never more than changes of sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from accord.invest.present_value import Array

STEPS = 200
CLOSE, EXACT = 1e-3, 4e-16
"""Newton steps below the first converge on their own; below the second there is nothing left."""
CELLS, HALVINGS = 200, 40
WIDE = math.log(10.0)
LOST = 1e-9
"""Rates this close to −100 % cannot be told from losing everything and are left out."""
NEGLIGIBLE = 1e-12
"""Amounts this small against the largest are none."""
TANGENT = 1e-13
"""A present value this small against the sum of its parts is 0: two rates that have met."""


@dataclass(frozen=True, slots=True)
class RatesOfReturn:
    """The internal rates of return of one stream, ascending.

    ``sign_changes`` bounds how many there can be. ``only`` is the rate where there is exactly one.
    """

    rates: tuple[float, ...]
    sign_changes: int

    @property
    def only(self) -> float | None:
        """The rate where there is exactly one: ``None`` for none and for several."""
        return self.rates[0] if len(self.rates) == 1 else None


def rates_of_return(amounts: Array) -> RatesOfReturn:
    """Return every rate (above −100 %) at which the present value of the amounts is 0.

    ``amounts`` one a period. A stream of zeros or of one sign has none.
    """
    flows = np.asarray(amounts, dtype=float)
    held = np.flatnonzero(np.abs(flows) > NEGLIGIBLE * np.abs(flows).max(initial=0.0))
    if held.size == 0:
        return RatesOfReturn((), 0)
    times, values = held.astype(float), flows[held] / np.abs(flows).max()
    changes = int(np.count_nonzero(np.diff(np.sign(values))))
    found = (math.expm1(delta) for delta in _roots(times, values))
    return RatesOfReturn(tuple(rate for rate in found if rate > LOST - 1.0), changes)


def rate_of_return(amounts: Array) -> float | None:
    """Return the internal rate of return; ``None`` where there is none or more than one."""
    return rates_of_return(amounts).only


def _roots(times: Array, values: Array) -> list[float]:
    """Return the zeros of ``Σ values e^(−δ times)``, ascending in δ."""
    changes = np.flatnonzero(np.diff(np.sign(values)))
    if changes.size == 0:
        return []
    first = int(changes[0])
    middle = 0.5 * (times[first] + times[first + 1])
    turning = _roots(times, (times - middle) * values)
    low, high = _bounds(times, values)
    edges = [low, *(d for d in turning if low < d < high), high]
    found: list[float] = []
    for left, right in pairwise(edges):
        root = _root_between(times, values, left, right)
        if root is not None and not (found and math.isclose(found[-1], root, abs_tol=1e-12)):
            found.append(root)
    return found


def _bounds(times: Array, values: Array) -> tuple[float, float]:
    """Return δ beyond which the first amount, or the last, outweighs all others."""
    size = np.abs(values)
    gap_first, gap_last = times[1] - times[0], times[-1] - times[-2]
    high = math.log1p(float(size[1:].sum() / size[0])) / gap_first
    low = -math.log1p(float(size[:-1].sum() / size[-1])) / gap_last
    return low, high


def _worth(times: Array, values: Array, delta: float) -> tuple[float, float, float]:
    """Return the sum, its slope in δ and the sum of sizes, all on one scale that cannot overflow.

    The slope is of the sum times e^(mδ) with m at the largest part, so that Newton steps stay sane.
    """
    exponent = -delta * times
    parts = values * np.exp(exponent - exponent.max())
    return float(parts.sum()), float(-(times * parts).sum()), float(np.abs(parts).sum())


def _root_between(times: Array, values: Array, left: float, right: float) -> float | None:
    """Return the one zero in [left, right] where there is one: Newton kept inside a bracket."""
    at_left, _, size_left = _worth(times, values, left)
    at_right, _, size_right = _worth(times, values, right)
    if abs(at_left) <= TANGENT * size_left:
        return left
    if abs(at_right) <= TANGENT * size_right:
        return right
    if (at_left > 0.0) == (at_right > 0.0):
        return None
    return _bracketed(times, values, (left, right), rising=at_right > 0.0)


def _bracketed(times: Array, values: Array, bracket: tuple[float, float], *, rising: bool) -> float:
    """Return the zero inside a bracket. A Newton step that leaves it, or crawls, is a halving."""
    left, right = bracket
    point = 0.0 if left < 0.0 < right else 0.5 * (left + right)
    width = math.inf
    for _ in range(STEPS):
        value, slope, _ = _worth(times, values, point)
        if value == 0.0:
            return point
        left, right = (left, point) if (value > 0.0) == rising else (point, right)
        step = point - value / slope if slope != 0.0 else math.inf
        crawls = right - left > 0.5 * width and abs(step - point) > CLOSE
        width = right - left
        nearer = step if left <= step <= right and not crawls else 0.5 * (left + right)
        if abs(nearer - point) <= EXACT * max(1.0, abs(point)):
            return nearer
        point = nearer
    return point


def rates_over_draws(amounts: Array) -> Array:
    """Return the rate of return of each of many streams, shape (draws,), NaN where there is no one.

    ``amounts`` (draws, years). For ranges over draws: rates from −90 % to +900 % a period that lie
    further apart than a hundredth of that span are told apart; ``rates_of_return`` has no limits.
    """
    flows = np.asarray(amounts, dtype=float)
    times = np.arange(flows.shape[-1], dtype=float)
    grid = np.linspace(-WIDE, WIDE, CELLS + 1)
    positive = flows @ np.exp(-np.outer(times, grid)) > 0.0
    crossings = positive[:, 1:] != positive[:, :-1]
    cell = np.argmax(crossings, axis=1)
    low, high = grid[cell], grid[cell + 1]
    rising = positive[np.arange(len(flows)), cell + 1]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        worth = np.sum(flows * np.exp(-middle[:, None] * times), axis=1)
        right = (worth > 0.0) == rising
        low, high = np.where(right, low, middle), np.where(right, middle, high)
    return np.where(crossings.sum(axis=1) == 1, np.expm1(0.5 * (low + high)), np.nan)
