"""Scenarios over common draws: how each number ranges, and its difference draw by draw.

Draw i has the same numbers in every scenario of one pack, so scenarios differ in it by what they do
and not by what is uncertain. Ranges of two scenarios may overlap where one is higher in every draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from accord.assessment import Assessment
from accord.assessment.ranges import HIGH, LOW
from accord.ensemble.ensemble import Ensemble
from accord.equilibrium import closure_named
from accord.equilibrium.arrays import Index, Vector
from accord.instruments.problem import listed
from accord.report.compare_numbers import WELFARE, knows
from accord.report.main_results import NO_CHANGE, Result


class Span(NamedTuple):
    """The 10 % point, the median and the 90 % point of a number over ``draws`` that have it."""

    low: float
    median: float
    high: float
    draws: int


class Against(NamedTuple):
    """A scenario's number less the first's in ``draws`` draws: its range, and how often it is what.

    ``higher``, ``lower``  draws in which the scenario's number is that; in the rest it is the same
    """

    low: float
    median: float
    high: float
    draws: int
    higher: int
    lower: int

    @property
    def same(self) -> int:
        """Draws in which both scenarios have the same number."""
        return self.draws - self.higher - self.lower


def in_draws(a: Assessment, result: Result) -> Vector | None:
    """Return a number in every solved draw (S,): what is after, of welfare the gain.

    NaN where a draw has it not; ``None`` where no draw has it, or there are none.
    """
    pair = _pair(a, result)
    if pair is None:
        return None
    before, after = pair
    return after - before if result.measure == WELFARE else after


def span(a: Assessment, result: Result) -> Span | None:
    """Return how a number ranges over a scenario's own draws; ``None`` where it has none."""
    values = in_draws(a, result)
    return None if values is None else _span(values)


def _span(values: Vector) -> Span | None:
    present = values[~np.isnan(values)]
    if not present.size:
        return None
    low, median, high = np.quantile(present, (LOW, 0.5, HIGH)).tolist()
    return Span(low, median, high, int(present.size))


def _pair(a: Assessment, result: Result) -> tuple[Vector, Vector] | None:
    """Return a number before and after in every solved draw (S,) each."""
    found = a.ensemble
    if found is None or not found.solved or not knows(a, result):
        return None
    # Without a good it is the sum over goods, as at central values.
    goods = (*(g.code for g in a.effects.before.market.goods), None)
    wanted = goods if result.good is None else (result.good,)
    places = [found.effects.place.get((result.measure, result.region, good)) for good in wanted]
    columns = [place for place in places if place is not None]
    if columns:
        before, after = (
            [table[:, i][found.effects.solved] for i in columns]
            for table in (found.effects.before, found.effects.after)
        )
        return (before[0], after[0]) if result.good else (_sum(before), _sum(after))
    if result.measure != "flow":
        return None
    closed = _no_flow(found)
    return closed, closed


def _sum(parts: Sequence[Vector]) -> Vector:
    return np.sum(np.nan_to_num(np.array(parts), nan=0.0), axis=0)


def _no_flow(found: Ensemble) -> Vector:
    """Return the flow of a lane that carries nothing at central values (S,): 0 in every draw.

    NaN under closures where it may carry something at other values, as the cheapest of several.
    """
    fits = {name: closure_named(name).fits_trade for name in set(found.closures)}
    names = [
        name for name, solved in zip(found.closures, found.effects.solved, strict=True) if solved
    ]
    return np.array([0.0 if fits[name] else np.nan for name in names])


# ------------------------------------------------------------------------------- draw by draw


@dataclass(frozen=True, eq=False)
class CommonDraws:
    """Scenarios whose draws are the same, and the draws (by index) that each has an answer in."""

    answers: tuple[Assessment, ...]
    solved: tuple[Index, ...]

    @property
    def together(self) -> int:
        """Draws that all scenarios have an answer in."""
        return int(self._in_all().size)

    def with_first(self, i: int) -> int:
        """Return the number of draws that the first and scenario ``i`` have an answer in."""
        return int(np.intersect1d(self.solved[0], self.solved[i], assume_unique=True).size)

    def differences(self, result: Result, i: int) -> Vector | None:
        """Return scenario i's number less the first's in draws solved in both; rounding is 0."""
        pairs = _pair(self.answers[0], result), _pair(self.answers[i], result)
        if pairs[0] is None or pairs[1] is None:
            return None
        here, there = _shared(self.solved[0], self.solved[i])
        first, other = pairs[0][1][here], pairs[1][1][there]
        gap = other - first
        floor = self._floor(result, (0, i), np.maximum(np.abs(first), np.abs(other)))
        return np.where(np.abs(gap) <= floor, 0.0, gap)

    def against_first(self, result: Result, i: int) -> Against | None:
        """Return how scenario i's number differs from the first's; ``None`` where no draw tells."""
        gaps = self.differences(result, i)
        found = None if gaps is None else _span(gaps)
        if gaps is None or found is None:
            return None
        higher, lower = int(np.count_nonzero(gaps > 0.0)), int(np.count_nonzero(gaps < 0.0))
        return Against(*found, higher, lower)

    def highest(self, result: Result) -> tuple[int, ...] | None:
        """Return in how many of the draws solved in all each scenario alone has the highest number.

        ``None`` where a scenario has no such number, or misses it in a draw.
        """
        found = [_pair(a, result) for a in self.answers]
        draws = self._in_all()
        if any(pair is None for pair in found) or not draws.size:
            return None
        rows = [
            pair[1][np.searchsorted(solved, draws)]
            for pair, solved in zip(found, self.solved, strict=True)
            if pair is not None
        ]
        values = np.array(rows)
        if np.isnan(values).any():
            return None
        floor = self._floor(result, range(len(rows)), np.max(np.abs(values), axis=0))
        near = values >= np.max(values, axis=0) - floor
        alone = near & (np.count_nonzero(near, axis=0) == 1)
        return tuple(np.count_nonzero(alone, axis=1).tolist())

    def _in_all(self) -> Index:
        return reduce(lambda x, y: np.intersect1d(x, y, assume_unique=True), self.solved)

    def _floor(self, result: Result, scenarios: Sequence[int], sizes: Vector) -> Vector:
        """Return what is rounding: of welfare a part of what changes hands, not of its level."""
        if result.measure != WELFARE:
            return NO_CHANGE * sizes
        moved = max(self.answers[i].effects.gross_change for i in scenarios)
        return np.full(sizes.shape, NO_CHANGE * moved)


def common_draws(answers: Sequence[Assessment]) -> CommonDraws | None:
    """Return scenarios whose draws are the same; ``None`` where there are none, or they are not."""
    if why_not_common(answers) is not None:
        return None
    found = [a.ensemble for a in answers if a.ensemble is not None]
    solved = tuple(np.asarray(x.draws[x.effects.solved], dtype=np.intp) for x in found)
    return CommonDraws(tuple(answers), solved) if found else None


def why_not_comparable(answers: Sequence[Assessment]) -> str | None:
    """Return what keeps levels from being subtracted; ``None`` where they may be."""
    different = [
        what
        for what, values in (
            ("packs", {a.packs[0] for a in answers}),
            ("years of the levels", {a.level_year for a in answers}),
            ("closures", {a.closure for a in answers}),
        )
        if len(values) > 1
    ]
    return f"The scenarios have different {listed(different, 'and')}" if different else None


def why_not_common(answers: Sequence[Assessment]) -> str | None:
    """Return why nothing is said of scenarios draw by draw; ``None`` where it may be, or no draws.

    Levels must be those of one year and one pack, draws of the same numbers from the same seed.
    """
    ensembles = [a.ensemble for a in answers]
    if all(x is None for x in ensembles):
        return None
    why = why_not_comparable(answers)
    if why is None and any(x is None for x in ensembles):
        why = "Not all scenarios have draws"
    elif why is None and not _same_draws([x for x in ensembles if x is not None]):
        why = "The scenarios were drawn differently"
    elif why is None and not all(x.solved for x in ensembles if x is not None):
        why = "A scenario has no draw with a certified answer"
    if why is None:
        return None
    return f"{why}: their draws are not common, so nothing is said of their differences in draws."


def _same_draws(found: Sequence[Ensemble]) -> bool:
    """Return whether the first's draws have the same numbers and closures in the others."""
    return all(_same_numbers(found[0], other) for other in found[1:])


def _same_numbers(one: Ensemble, other: Ensemble) -> bool:
    names = [number.key for number in one.numbers]
    places = {number.key: i for i, number in enumerate(other.numbers)}
    if set(names) != set(places):
        return False
    here, there = _shared(one.draws, other.draws)
    values = other.values[there][:, [places[name] for name in names]]
    closures = zip(np.array(one.closures)[here], np.array(other.closures)[there], strict=True)
    return all(x == y for x, y in closures) and np.array_equal(one.values[here], values)


def _shared(one: Index, other: Index) -> tuple[Index, Index]:
    """Return where what two lists of draws have in common stands in the one and in the other."""
    both = np.intersect1d(one, other, assume_unique=True)
    return np.searchsorted(one, both), np.searchsorted(other, both)
