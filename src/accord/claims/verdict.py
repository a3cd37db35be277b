"""Verdicts: a value against a threshold, under every cut-off that a vague word allows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from accord.claims.sizes import in_base
from accord.claims.words import CUTS, Word
from accord.deal.tables import Reading
from accord.probability.quantiles import Estimate, probability_with_error

Verdict = Literal["supported", "contradicted", "depends", "not checkable", "pending"]
VERDICTS: tuple[Verdict, ...] = (
    "supported", "contradicted", "depends", "not checkable", "pending",
)  # fmt: skip
SHARP = ("",)
"""The one cut-off of a test without vague words."""
# Two numbers that agree to this share are one: 0.135 written as 13.5 % is not below 13.5 %.
SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Range:
    """Where a value must lie; ``open_below`` and ``open_above``: the end itself does not count."""

    low: float = -math.inf
    high: float = math.inf
    open_below: bool = False
    open_above: bool = False

    def holds(self, value: float) -> bool:
        """Return whether a value lies in it."""
        above = value > self.low if self.open_below else _at_least(value, self.low)
        below = value < self.high if self.open_above else _at_least(self.high, value)
        return above and below

    def held_by(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return of each value whether it lies in it."""
        above = values > self.low if self.open_below else _all_at_least(values, self.low)
        below = values < self.high if self.open_above else _all_at_least(-values, -self.high)
        return above & below

    def inside(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far inside the nearer end each value lies; negative outside."""
        return np.minimum(values - self.low, self.high - values)

    def edge(self, value: float) -> float:
        """Return the end nearest to a value: where the verdict flips."""
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return min(ends, key=lambda end: abs(end - value))


def _at_least(value: float, bound: float) -> bool:
    return value >= bound or math.isclose(value, bound, rel_tol=SAME)


def _all_at_least(values: NDArray[np.float64], bound: float) -> NDArray[np.bool_]:
    near = np.isclose(values, bound, rtol=SAME, atol=0.0) if math.isfinite(bound) else False
    return (values >= bound) | near


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a value is held against, by cut-off: one, or strict, middle and generous."""

    comparator: str
    ranges: Mapping[str, Range]
    words: tuple[str, ...] = ()

    @property
    def cuts(self) -> tuple[str, ...]:
        """The names of the cut-offs."""
        return tuple(self.ranges)

    @property
    def middle(self) -> Range:
        """The range that is shown: the only one, or that of the middle cut-off."""
        return self.ranges.get("middle") or next(iter(self.ranges.values()))


def criterion_of(reading: Reading, words: Mapping[str, Word]) -> Criterion:
    """Return what a reading is held against, in base units."""
    threshold: object = reading.threshold
    unit, comparator = reading.unit or "", reading.comparator or ""
    if isinstance(threshold, str):
        cuts = zip(CUTS, words[threshold].cuts, strict=True)
        ranges = {name: one_sided(comparator, cut) for name, cut in cuts}
        return Criterion(comparator, ranges, (threshold,))
    if isinstance(threshold, tuple):
        low, high = (in_base(end, unit) for end in cast("tuple[float, float]", threshold))
        return Criterion(comparator, {"": Range(low, high)})
    target = in_base(float(cast("float", threshold)), unit)
    if comparator == "about":
        tolerance = words["about"]
        ranges = {
            name: Range(target - abs(target) * cut, target + abs(target) * cut)
            for name, cut in zip(CUTS, tolerance.cuts, strict=True)
        }
        return Criterion(comparator, ranges, ("about",))
    return Criterion(comparator, {"": one_sided(comparator, target)})


def one_sided(comparator: str, bound: float) -> Range:
    """Return the range of a comparison with one number."""
    return {
        "at_least": Range(low=bound),
        "more_than": Range(low=bound, open_below=True),
        "at_most": Range(high=bound),
        "less_than": Range(high=bound, open_above=True),
        "within": Range(-bound, bound, open_below=True, open_above=True),
    }[comparator]


def verdict_of(criterion: Criterion, values: Mapping[str, Sequence[float]]) -> Verdict:
    """Return the verdict: every value under every cut-off must agree, or it depends.

    ``values`` are by cut-off, because a word may also say which figures count.
    """
    held = {criterion.ranges[cut].holds(value) for cut in criterion.cuts for value in values[cut]}
    if held == {True}:
        return "supported"
    return "contradicted" if held == {False} else "depends"


def held_by(criterion: Criterion, draws: Sequence[float]) -> NDArray[np.bool_]:
    """Return of every draw whether it meets the middle cut-off."""
    return criterion.middle.held_by(np.asarray(draws, float))


def chance(held: NDArray[np.bool_]) -> Estimate | None:
    """Return the part of draws that hold with its error (C90); ``None`` where there are none."""
    return probability_with_error(int(held.sum()), len(held)) if len(held) else None


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a claim from those of its readings.

    Readings that no number can test do not count beside one that a number has tested.
    """
    found = set(verdicts)
    tested = found & {"supported", "contradicted", "depends"}
    if len(tested) == 1:
        return tested.pop()
    if tested:
        return "depends"
    return "pending" if "pending" in found else "not checkable"
