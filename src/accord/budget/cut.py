"""A cut of one budget, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.budget.level import Level

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a term asks of one country: the fraction ``share`` of ``level`` in ``years`` steps.

    ``start`` is the year of the first step.
    """

    term: str
    level: Level
    share: float
    years: int
    start: int


@dataclass(frozen=True, slots=True)
class CutPath:
    """A budget while it is cut. Arrays have one entry a year, in USD/yr of the base year.

    ``part``  what of the whole cut is made by then
    """

    cut: Cut
    years: tuple[int, ...]
    part: Vector
    before: Vector
    after: Vector

    @property
    def freed(self) -> Vector:
        """What is not spent any more, USD/yr."""
        return self.before - self.after

    @property
    def total(self) -> float:
        """What is not spent over all of the years, USD."""
        return float(self.freed.sum())

    @property
    def local_per_dollar(self) -> float | None:
        """What a dollar of the budget is in local currency."""
        level = self.cut.level
        return None if level.local is None or not level.dollars else level.local / level.dollars

    @property
    def ppp_per_dollar(self) -> float | None:
        """What a dollar of the budget buys at purchasing power, USD."""
        level = self.cut.level
        return None if level.ppp is None or not level.dollars else level.ppp / level.dollars


def cut_path(cut: Cut) -> CutPath:
    """Return a cut made in equal steps; without it the budget stays at its level.

    The level is held in money of the base year: neither prices nor GDP move.
    """
    steps = np.arange(1, cut.years + 1, dtype=np.float64)
    part = steps / cut.years
    before = np.full(cut.years, cut.level.dollars)
    return CutPath(
        cut=cut,
        years=tuple(range(cut.start, cut.start + cut.years)),
        part=part,
        before=before,
        after=before * (1.0 - cut.share * part),
    )


def total_in_closed_form(cut: Cut) -> float:
    """Return what a cut in equal steps frees over its years, by the sum of 1 to n (USD)."""
    return cut.level.dollars * cut.share * (cut.years + 1) / 2.0
