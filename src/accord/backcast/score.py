"""Predicted beside observed, row by row, and what the errors come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from accord.backcast.evidence import SHARES, Evidence, Observed

RUNS = ("prior", "updated", "naive_unchanged", "naive_full_pass_through")
MODEL, RIVALS = RUNS[:2], RUNS[2:]
SHARE = "us_import_share"
ENOUGH_ORIGINS = 3
"""A year with at least this many origins is judged by the mean error of its shares."""


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One prediction of one run beside what was observed; error is predicted less observed."""

    run: str
    event: str
    date: str
    quantity: str
    region: str
    observed: float
    predicted: float
    error: float
    unit: str
    used_in_calibration: bool
    source: str

    @property
    def year(self) -> int:
        """The year of the row."""
        return int(self.date[:4])

    def as_json(self) -> dict[str, object]:
        """Return the row as the command line prints it."""
        return asdict(self)


def scored(run: str, row: Observed, predicted: float, *, used: bool) -> ScoredRow:
    """Return one scored row."""
    return ScoredRow(
        run=run,
        event=row.event,
        date=row.date,
        quantity=row.quantity,
        region=row.region,
        observed=row.value,
        predicted=predicted,
        error=predicted - row.value,
        unit=row.unit,
        used_in_calibration=used,
        source=row.source,
    )


def share_error(rows: Iterable[ScoredRow], run: str, year: int) -> float | None:
    """Return the share-weighted mean absolute error of a year's US import shares, a fraction."""
    held = [r for r in rows if (r.run, r.quantity, r.year) == (run, SHARE, year)]
    return weighted_error(held)


def weighted_error(rows: Sequence[ScoredRow]) -> float | None:
    """Return Σ observed·|error| / Σ observed; ``None`` where there is nothing."""
    weight = sum(r.observed for r in rows)
    return sum(r.observed * abs(r.error) for r in rows) / weight if weight > 0.0 else None


def mean_error(rows: Sequence[ScoredRow]) -> float | None:
    """Return the mean absolute error: shares weighted by size within a year, other rows alike."""
    if not rows:
        return None
    if rows[0].quantity in SHARES:
        years = sorted({r.year for r in rows})
        found = [weighted_error([r for r in rows if r.year == year]) for year in years]
        known = [x for x in found if x is not None]
        return sum(known) / len(known) if known else None
    return sum(abs(r.error) for r in rows) / len(rows)


def origins(rows: Iterable[ScoredRow], year: int) -> int:
    """Return how many US import shares of a year are observed."""
    return sum((r.run, r.quantity, r.year) == (RUNS[0], SHARE, year) for r in rows)


@dataclass(frozen=True, slots=True)
class YearErrors:
    """Share-weighted mean absolute error of a year by run (fractions), and of drift alone.

    ``drift`` is what to expect where a model has all policy right and tastes drift as before the
    base year: a smaller error is luck as much as skill. ``None``: undefined, all that was
    observed is zero.
    """

    year: int
    origins: int
    by_run: dict[str, float | None]
    drift: float | None

    @property
    def judged(self) -> bool:
        """Whether enough origins are observed to judge a model by the year."""
        return self.origins >= ENOUGH_ORIGINS and self.drift is not None

    def beats(self, run: str, rival: str) -> bool | None:
        """Return whether a run's error is smaller than a rival's; ``None``: undefined."""
        return smaller(self.by_run[run], self.by_run[rival])


def smaller(one: float | None, other: float | None) -> bool | None:
    """Return whether an error is smaller than another; ``None`` where one is undefined."""
    return None if one is None or other is None else one < other


def errors_by_year(
    rows: Sequence[ScoredRow], evidence: Evidence, drift: float
) -> tuple[YearErrors, ...]:
    """Return the errors of every year with an observed share."""
    years = sorted({r.year for r in rows if r.quantity == SHARE})
    runs = [run for run in RUNS if any(r.run == run for r in rows)]
    return tuple(
        YearErrors(
            year,
            origins(rows, year),
            {run: share_error(rows, run, year) for run in runs},
            _drift_alone(rows, year, drift * math.sqrt(year - evidence.base)),
        )
        for year in years
    )


def _drift_alone(rows: Sequence[ScoredRow], year: int, size: float) -> float | None:
    """Return the expected error where each origin's log weight is off by ``size``.

    To first order ds = s·(d − Σ s d), normal, so E|ds| = √(2/π)·sd. ``None`` where all observed
    shares are zero.
    """
    held = [r for r in rows if (r.run, r.quantity, r.year) == (RUNS[0], SHARE, year)]
    squares = sum(r.observed**2 for r in held)
    total = error = 0.0
    for r in held:
        s = r.observed
        variance = (s * size) ** 2 * ((1.0 - s) ** 2 + max(squares - s**2, 0.0))
        error += s * math.sqrt(2.0 / math.pi * variance)
        total += s
    return error / total if total > 0.0 else None


@dataclass(frozen=True, slots=True)
class Contest:
    """Mean absolute errors of a quantity by run, all over the same rows; ``None``: undefined.

    ``judged`` is false for shares of years with too few origins to judge a model by.
    """

    quantity: str
    unit: str
    rows: int
    by_run: dict[str, float | None]
    judged: bool = True

    def beats(self, run: str, rival: str) -> bool | None:
        """Return whether a run's error is smaller than a rival's; ``None``: undefined."""
        return smaller(self.by_run[run], self.by_run[rival])


def contests(rows: Sequence[ScoredRow], quantities: Sequence[str]) -> tuple[Contest, ...]:
    """Return wins and losses by quantity.

    The updated run was fitted to some rows; there its error is no forecast, and is compared all
    the same over the same rows, as its table says. US import shares of years with fewer than
    ``ENOUGH_ORIGINS`` stand in a line of their own.
    """
    found: list[Contest | None] = []
    for quantity in quantities:
        held = [r for r in rows if r.quantity == quantity]
        many = [r for r in held if quantity != SHARE or origins(rows, r.year) >= ENOUGH_ORIGINS]
        few = [r for r in held if r not in many]
        found += [contest(many), contest(few, judged=False)]
    return tuple(c for c in found if c is not None)


def contest(rows: Sequence[ScoredRow], *, judged: bool = True) -> Contest | None:
    """Return the mean errors of rows of one quantity by run, ``None`` where there is no row."""
    if not rows:
        return None
    runs = dict.fromkeys(r.run for r in rows)
    errors = {run: mean_error([r for r in rows if r.run == run]) for run in runs}
    count = sum(r.run == RUNS[0] for r in rows)
    return Contest(rows[0].quantity, rows[0].unit, count, errors, judged)
