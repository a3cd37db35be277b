"""A comparison for programs: one JSON object, and the rows of its CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accord.assessment import Assessment
from accord.assessment.serialise import setting_to_json
from accord.report.compare import Comparison, against_first, welfare_rows
from accord.report.compare_draws import Against, span, why_not_common
from accord.report.compare_numbers import read
from accord.report.compare_words import sentences
from accord.report.main_results import Result

COLUMNS = (
    "scenario", "measure", "region", "good", "unit", "before", "after", "change",
    "against_reference", "low", "median", "high", "draws", "against_low", "against_median",
    "against_high", "against_draws", "probability_higher", "probability_lower",
)  # fmt: skip


def to_json(c: Comparison) -> dict[str, Any]:
    """Return the object that ``compare --json`` prints; lists are in the order of the deals.

    Of a row, ``range`` is of what is after (of welfare: of its change) over a scenario's own draws,
    ``against_reference_range`` of the difference over draws common to it and the reference, and
    ``probability_highest`` the share of draws common to all in which no other is as high.
    """
    return {
        "reference": c.references[0],
        "scenarios": [_scenario(r, a) for r, a in zip(c.references, c.answers, strict=True)],
        "common_draws": _common(c),
        "says": sentences(c),
        "rows": [_row(c, r) for r in (*c.results, *welfare_rows(c))],
    }


def _common(c: Comparison) -> dict[str, Any] | None:
    """Return whether draws are common and how many all have solved; ``None`` without any draws."""
    if not c.ranged:
        return None
    return {
        "common": c.draws is not None,
        "why_not": why_not_common(c.answers),
        "solved_in_all": None if c.draws is None else c.draws.together,
        "low_high": [0.1, 0.9],
    }


def _scenario(reference: str, a: Assessment) -> dict[str, Any]:
    return setting_to_json(a) | {
        "scenario": reference,
        "draws_solved": 0 if a.ensemble is None else a.ensemble.solved,
        "certificate": {
            "ok": a.check.ok,
            "market_clearing": a.check.market_clearing,
            "complementarity": a.check.complementarity,
            "mass_balance": a.check.mass_balance,
            "welfare_identity": a.check.welfare_identity,
        },
    }


def _row(c: Comparison, result: Result) -> dict[str, Any]:
    values = [read(a, result) for a in c.answers]
    return {
        "measure": result.measure,
        "region": result.region,
        "good": result.good,
        "unit": result.unit,
        "before": [before for before, _ in values],
        "after": [after for _, after in values],
        "change": [None if b is None or a is None else a - b for b, a in values],
        "against_reference": against_first(c, result) if c.comparable else None,
        "range": [_range(a, result) for a in c.answers],
        "against_reference_range": _against(c, result),
        "probability_highest": _highest(c, result),
    }


def _range(a: Assessment, result: Result) -> dict[str, Any] | None:
    found = span(a, result)
    return None if found is None else found._asdict()


def _against(c: Comparison, result: Result) -> list[dict[str, Any] | None] | None:
    if c.draws is None:
        return None
    found = (c.draws.against_first(result, i) for i in range(len(c.answers)))
    return [None if x is None else _as_chances(x) for x in found]


def _as_chances(x: Against) -> dict[str, Any]:
    return {
        "low": x.low,
        "median": x.median,
        "high": x.high,
        "draws": x.draws,
        "probability_higher": x.higher / x.draws,
        "probability_lower": x.lower / x.draws,
    }


def _highest(c: Comparison, result: Result) -> list[float] | None:
    won = None if c.draws is None else c.draws.highest(result)
    if won is None or c.draws is None:
        return None
    return [count / c.draws.together for count in won]


def rows(c: Comparison) -> list[Sequence[object]]:
    """Return the rows of comparison.csv: one for each number and scenario; ``None`` is absent."""
    return [
        _cells(row, i, reference)
        for row in to_json(c)["rows"]
        for i, reference in enumerate(c.references)
    ]


def _cells(row: dict[str, Any], i: int, reference: str) -> tuple[object, ...]:
    own = _at(row["range"], i)
    against = _at(row["against_reference_range"], i)
    difference = None if row["against_reference"] is None else row["against_reference"][i]
    return (
        reference,
        *(row[name] for name in ("measure", "region", "good", "unit")),
        *(row[name][i] for name in ("before", "after", "change")),
        difference,
        *(own.get(name) for name in ("low", "median", "high", "draws")),
        *(against.get(name) for name in ("low", "median", "high", "draws")),
        against.get("probability_higher"),
        against.get("probability_lower"),
    )


def _at(found: list[dict[str, float] | None] | None, i: int) -> dict[str, float]:
    """Return what a scenario has; nothing where it, or all of them, have none."""
    return (None if found is None else found[i]) or {}
