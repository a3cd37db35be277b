"""Measures on what a deal does beside the market: deposits, projects, budgets (conventions C82)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accord.claims.draws import Draws
from accord.claims.figures import region_in_words
from accord.claims.found import Found, nothing
from accord.claims.measures import PART_BY_NAME, PartMeasure
from accord.claims.sizes import said_best
from accord.deal.tables import Reading
from accord.effects import Row

PRICE = "project_break_even_price"


@dataclass(frozen=True, slots=True)
class PartResults:
    """The effects of a deal's parts and the draws behind some of them.

    ``sources``  which part an effect is from, by its measure;  ``regions`` names by code
    """

    rows: tuple[Row, ...] = ()
    draws: tuple[Draws, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    regions: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, measure: str, region: str) -> list[Row]:
        """Return the rows of an effect, by year."""
        found = [r for r in self.rows if (r.measure, r.region) == (measure, region)]
        return sorted(found, key=lambda row: row.year)


def measured(reading: Reading, results: PartResults) -> Found:
    """Return an effect of a part in the year asked for, else in its last one."""
    measure, region = PART_BY_NAME[reading.measure or ""], reading.region or ""
    rows = results.of(measure.row, region)
    chosen = [row for row in rows if reading.year in (None, row.year)]
    if not chosen:
        return nothing(_no_part(measure, reading, rows))
    row = chosen[-1]
    value = _value(measure, row.before, row.after)
    if value is None:
        return nothing(f"nothing before the deal to set {_plain(measure.row)} against")
    ends = [_value(measure, row.before, x) for x in (row.low, row.high)]
    where = region_in_words(region, results.regions)
    return Found(
        value,
        tuple(x for x in ends if x is not None),
        of=f"{measure.says} in {where}, {row.year}",
        sources=tuple(x for x in (results.sources.get(measure.row),) if x),
        draws=tuple(_drawn(measure, row, results.draws)),
        by_year=tuple(_by_year(measure, rows)),
        flips=_price_needed(measure, results, region),
    )


def _value(measure: PartMeasure, before: float | None, after: float | None) -> float | None:
    """Return what a measure makes of an effect; ``None`` where there is nothing to divide by."""
    if after is None:
        return None
    if measure.how == "ratio":
        return after / before if before else None
    if measure.how == "fall":
        return None if before is None else before - after
    return after


def _drawn(measure: PartMeasure, row: Row, draws: Sequence[Draws]) -> list[float]:
    wanted = measure.row, row.region, row.year
    found = next((d for d in draws if (d.measure, d.region, d.year) == wanted), None)
    if found is None:
        return []
    return [x for x in (_value(measure, found.before, a) for a in found.after) if x is not None]


def _by_year(measure: PartMeasure, rows: Sequence[Row]) -> list[tuple[int, float]]:
    found = [(row.year, _value(measure, row.before, row.after)) for row in rows]
    return [(year, value) for year, value in found if value is not None]


def _price_needed(measure: PartMeasure, results: PartResults, region: str) -> str:
    """Return the metal price at which a project is worth nothing, where that is told."""
    found = results.of(PRICE, region) if measure.row == "project_npv" else []
    if not found or found[-1].after is None:
        return ""
    return f"that takes a world price of {said_best(found[-1].after, 'USD/t')}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _no_part(measure: PartMeasure, reading: Reading, rows: Sequence[Row]) -> str:
    if rows:
        return f"the answer has {_plain(measure.row)} of {rows[0].year} to {rows[-1].year} only"
    return f"no term of the deal says anything of {_plain(measure.row)} of {reading.region}"
