"""A back-cast as files: every table in full."""

from __future__ import annotations

from collections.abc import Sequence

from accord.backcast import Backcast
from accord.backcast.posterior import TRIAL_YEARS, Trial
from accord.backcast.score import RUNS

Table = tuple[Sequence[str], list[Sequence[object]]]


def sheets(found: Backcast) -> dict[str, Table]:
    """Return every table of the back-cast by file name: columns and rows."""
    return {**_scores(found), **_what_lies_behind(found)}


def _scores(found: Backcast) -> dict[str, Table]:
    """Return what was predicted, and how far off it was."""
    return {
        "rows.csv": (
            tuple(found.rows[0].as_json()),
            [tuple(_plain(x) for x in row.as_json().values()) for row in found.rows],
        ),
        "errors_by_year.csv": (
            ("year", "origins", *RUNS, "drift_alone"),
            [(y.year, y.origins, *(y.by_run[r] for r in RUNS), y.drift) for y in found.years],
        ),
        "contests.csv": (
            ("quantity", "judged", "unit", "rows", *RUNS),
            [
                (c.quantity, _plain(c.judged), c.unit, c.rows, *(c.by_run[r] for r in RUNS))
                for c in found.contests
            ],
        ),
        "errors_by_event.csv": (
            ("event", "quantity", "unit", "rows", *RUNS),
            [
                (e.id, c.quantity, c.unit, c.rows, *(c.by_run[r] for r in RUNS))
                for e in found.evidence.events
                for c in found.of_event(e.id)
            ],
        ),
    }  # fmt: skip


def _what_lies_behind(found: Backcast) -> dict[str, Table]:
    """Return what explains it, what went in, and the parameters."""
    return {
        "explained.csv": (
            ("quantity", "region", "date", "unit", "base", "law", "law_and_outputs", "observed"),
            [
                (e.row.quantity, e.row.region, e.row.date, e.row.unit, e.base, e.policy, e.inputs,
                 e.row.value)
                for e in found.explained
            ],
        ),
        "inputs.csv": (
            ("year", "region"),
            [(year, region) for year, regions in found.inputs.items() for region in regions],
        ),
        "signs.csv": (
            ("event", "quantity", "before", "after", "observed", "predicted", "required",
             "modelled"),
            [
                (s.event, s.quantity, s.before, s.after, s.observed, s.predicted,
                 _plain(s.required), _plain(s.modelled))
                for s in found.signs
            ],
        ),
        "missing.csv": (
            ("quantity", "region", "date", "why"),
            [(m.quantity, m.region, m.date, m.why) for m in found.evidence.missing],
        ),
        "posterior.csv": (
            ("parameter", "prior_median", "prior_low", "prior_high", "median", "low", "high",
             "told"),
            [
                (u.name, *u.prior, u.median, u.low, u.high, u.told)
                for u in found.posterior.updates
            ],
        ),
        "correlations.csv": (
            ("one", "other", "value"),
            [(*pair, value) for pair, value in found.posterior.correlations.items()],
        ),
        "sensitivity.csv": _trials(found.posterior.sensitivity),
        "choices.csv": _trials(found.posterior.choices),
    }  # fmt: skip


def _trials(trials: Sequence[Trial]) -> Table:
    errors = tuple(f"error_{year}" for year in TRIAL_YEARS)
    rows: list[Sequence[object]] = [
        (t.name, t.at, t.value, *t.years, t.premium, t.imports) for t in trials
    ]
    return ("name", "at", "value", *errors, "premium", "imports"), rows


def _plain(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
