"""The main results as numbers for files and programs: base units, ranges where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Answer, Assessment
from accord.assessment.ranges import ends, summed
from accord.report.main_results import Result, change_of, results
from accord.report.numbers import Number


@dataclass(frozen=True, slots=True)
class MainNumber:
    """One main result in its base unit; ``None`` is absent.

    ``low, high``  between them lies ``after`` in 8 of 10 draws;  ``low_access, high_access`` what
    would stand under ``after`` if trade that was closed came back weakly or strongly
    """

    name: str
    measure: str
    region: str
    good: str | None
    unit: str
    before: Number
    after: Number
    change: Number
    change_pct: Number
    low: Number
    high: Number
    low_access: Number
    high_access: Number


def main_numbers(a: Answer) -> tuple[MainNumber, ...]:
    """Return the main results in the order in which they are shown; none without a market."""
    if not isinstance(a, Assessment):
        return ()
    return tuple(_number(a, result) for result in results(a))


def _drawn(a: Assessment, result: Result) -> tuple[Number, Number]:
    """Return the 10 % and the 90 % point of a result after the deal; absent without draws."""
    ensemble = a.ensemble
    if ensemble is None or not ensemble.solved:
        return None, None
    if result.good is None:
        found = ends(summed(ensemble, result.measure, result.region)[1])
        return (None, None) if found is None else (found[0], found[2])
    ranges = ensemble.range_of(result.measure, result.region, result.good)
    after = None if ranges is None else ranges.after
    return (None, None) if after is None else (after.low, after.high)


def _number(a: Assessment, result: Result) -> MainNumber:
    before, after = result.read(a.effects)
    change, change_pct = change_of(before, after)
    low, high = _drawn(a, result)
    access = {case.weights: result.read(case.effects)[1] for case in a.access}
    return MainNumber(
        name=result.name,
        measure=result.measure,
        region=result.region,
        good=result.good,
        unit=result.unit,
        before=before,
        after=after,
        change=change,
        change_pct=change_pct,
        low=low,
        high=high,
        low_access=access.get("low"),
        high_access=access.get("high"),
    )
