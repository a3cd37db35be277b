"""What a pack assumes and knows of the years after its last levels: the tables in ``outlook/``.

growth.csv     by how much demand, or capacity, grows a year: low, median, high
projects.csv   plants announced: what is added where, from which year, over how many years
law_known.csv  the day on which a coming change of the law was enacted
reserves.csv   tonnes in the ground (optional)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from accord.pack.columns import ANY
from accord.pack.law import Law, Measure

Case = Literal["low", "median", "high"]
Change = Literal["starts", "until"]


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth a year of one thing in one region, as a fraction, in the years named, both included.

    ``what``  demand of the good ``item``, or capacity of activities of the kind ``item``
    """

    what: str
    item: str
    region: str
    starts: int
    until: int
    low: float
    median: float
    high: float
    status: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A plant that somebody means to build: tonnes a year of the main product.

    ``activity`` is what it adds to: kind.REGION, or kind.REGION.plant for one of several. It adds
    equal steps over ``ramp_years`` from the year ``starts`` (``None``: no year is stated).
    ``counted`` is whether paths include it, from ``known`` on, the year of the report.
    """

    name: str
    activity: str
    capacity: float
    starts: int | None
    ramp_years: int
    counted: bool
    known: int
    status: str
    line: int | None = None

    def adds_to(self, activity: str) -> bool:
        """Return whether an activity of that name is what it adds to, or a part of it."""
        return f"{activity}.".startswith(f"{self.activity}.")

    def added(self, year: int) -> float:
        """Return the tonnes a year that it adds to what there was, in a year."""
        if not self.counted or self.starts is None or year < self.starts:
            return 0.0
        return self.capacity * min(1.0, (year - self.starts + 1) / self.ramp_years)


@dataclass(frozen=True)
class Outlook:
    """The tables of ``outlook/``. ``first`` and ``horizon`` are the years that growth is for."""

    growth: tuple[Growth, ...]
    projects: tuple[Project, ...] = ()
    law_known: Mapping[tuple[str, Change], date] | None = None
    reserves: Mapping[tuple[str, str], float] | None = None

    @property
    def first(self) -> int:
        """The first year that growth is given for."""
        return min(row.starts for row in self.growth)

    @property
    def horizon(self) -> int:
        """The last year that growth is given for."""
        return max(row.until for row in self.growth)

    @cached_property
    def _series(self) -> dict[tuple[str, str, str], list[Growth]]:
        """The rows by what they are about."""
        found: dict[tuple[str, str, str], list[Growth]] = {}
        for row in self.growth:
            found.setdefault((row.what, row.item, row.region), []).append(row)
        return found

    def factor(
        self, what: str, item: str, region: str, years: tuple[int, int], *, case: Case = "median"
    ) -> float | None:
        """Return the size in the later of two years over that in the earlier.

        ``None`` where nothing is said. A region's own rows come before those for every region.
        """
        base, year = years
        mine = self._series.get((what, item, region)) or self._series.get((what, item, ANY))
        if not mine:
            return None
        factor = 1.0
        for row in mine:
            passed = min(year, row.until) - max(base, row.starts - 1)
            factor *= (1.0 + float(getattr(row, case))) ** max(passed, 0)
        return factor


def law_known_on(law: Law, day: date, known: Mapping[tuple[str, Change], date]) -> Law:
    """Return the law as it stood on paper on a day.

    What was in force that day holds until a change that had been enacted by then. A change after
    the day that ``known`` does not date counts as enacted on the day it takes effect.
    """
    return replace(law, measures=tuple(_kept(law.measures, day, known)))


def _kept(
    measures: Iterable[Measure], day: date, known: Mapping[tuple[str, Change], date]
) -> Iterable[Measure]:
    for measure in measures:
        term = measure.term
        coming = term.starts is not None and term.starts > day
        if coming and known.get((measure.id, "starts"), date.max) > day:
            continue
        ends = term.until is not None and term.until > day
        if ends and known.get((measure.id, "until"), date.max) > day:
            yield replace(measure, term=term.model_copy(update={"until": None}))
        else:
            yield measure
