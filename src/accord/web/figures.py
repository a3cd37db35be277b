"""A position's numbers with their draws, so that positions can be set side by side.

They travel as JSON from the process that answers: what is read here is what was written here.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from accord.assessment import Assessment
from accord.effects.many_effects import HIGH, LOW
from accord.effects.measures import WORLD
from accord.equilibrium.arrays import Matrix, Vector
from accord.report.compare_draws import in_draws
from accord.report.compare_numbers import WELFARE, gain
from accord.report.main_results import Result, results
from accord.report.names import good, place
from accord.report.numbers import Number
from accord.web.desk import Solved
from accord.web.dials import DUTY, Dial
from accord.web.position import Position
from accord.web.view import View
from accord.web.words import number

SYMBOLS = {"sigma": "σ"}
MOST_NAMED = 3
"""Moved sliders that stand in a position's short name; the rest is counted."""


def figures_of(solved: Solved) -> View:
    """Return a position's numbers, and every number in every draw (R, D), as JSON has it."""
    a, scenario = solved.answer, solved.ground.scenario
    parties = [x for x in (a.focus.importer, a.focus.exporter, *a.parties) if x is not None]
    main = [(x, *x.read(a.effects)) for x in results(a)]
    gains = [(x, 0.0, gain(a, x)) for x in _gains(a, parties)]
    rows = [*main, *gains]
    draws = np.array([_in_all_draws(a, x) for x, _, _ in rows])
    spans = ends(draws)
    deal, at = scenario.deal, solved.position
    return {
        "ok": True,
        "query": at.query,
        **names(at, deal.active, deal.as_of, scenario.dials, a.focus.good),
        "where": [at.edited, deal.active, a.as_of.isoformat(), solved.values],
        "ground": _ground(a),
        "fixed": _fixed(solved),
        "beyond": any(scenario.dials[key].part for key in solved.values),
        "rows": [
            _row(a, x, (before, after), span, party=x.measure == WELFARE and x.region in parties)
            for (x, before, after), span in zip(rows, spans, strict=True)
        ],
        "draws": _packed(draws),
        "rounding": a.effects.gross_change,
    }


def _gains(a: Assessment, parties: list[str]) -> list[Result]:
    codes = dict.fromkeys([*parties, *a.effects.before.universe.regions, WORLD])
    return [Result(place(a, x), WELFARE, x, None, "USD/yr") for x in codes]


def _row(
    a: Assessment,
    x: Result,
    values: tuple[Number, Number],
    span: tuple[Number, Number],
    *,
    party: bool,
) -> View:
    return {
        "id": ".".join(y for y in (x.measure, x.region, x.good) if y),
        "name": x.name,
        "measure": x.measure,
        "unit": x.unit,
        "good": good(a, x.good) if x.good else "",
        "party": party,
        "before": values[0],
        "after": values[1],
        "low": span[0],
        "high": span[1],
    }


def _ground(a: Assessment) -> dict[str, Any]:
    """Return what two positions must have in common for their levels and draws to be comparable."""
    found = a.ensemble
    drawn: dict[str, str] = {}
    if found is not None:
        for i, x in enumerate(found.numbers):
            column = np.ascontiguousarray(found.values[:, i])
            drawn[x.name] = sha256(column.tobytes()).hexdigest()[:16]
    return {
        "packs": str(a.packs[0]),
        "years of the levels": a.level_year,
        "closures": a.closure,
        "days of the law": a.as_of.isoformat(),
        "drawn": drawn,
    }


def _fixed(solved: Solved) -> list[str]:
    dials, found = solved.ground.scenario.dials, solved.answer.ensemble
    keys = {dials[key].number for key in solved.values}
    return [] if found is None else [x.name for x in found.numbers if x.key in keys]


def _in_all_draws(a: Assessment, x: Result) -> Vector:
    """Return a number in every draw (D,), NaN where there is none."""
    found = a.ensemble
    if found is None:
        return np.empty(0)
    values = np.full(found.effects.solved.size, np.nan)
    solved = in_draws(a, x)
    if solved is not None:
        values[found.effects.solved] = solved
    return values


def ends(draws: Matrix) -> list[tuple[Number, Number]]:
    """Return the 10 % and the 90 % point of every row over the draws (R, D) that have it."""
    solved = draws[:, ~np.isnan(draws).all(axis=0)]
    if not solved.size:
        return [(None, None)] * len(draws)
    found = [(low, high) for low, high in np.quantile(solved, (LOW, HIGH), axis=1).T.tolist()]
    for i in np.flatnonzero(np.isnan(solved).any(axis=1)).tolist():
        known = solved[i][~np.isnan(solved[i])]
        low, high = np.quantile(known, (LOW, HIGH)).tolist() if known.size else (None, None)
        found[i] = low, high
    return found


def _packed(draws: Matrix) -> dict[str, Any]:
    data = b64encode(draws.astype("<f8").tobytes()).decode()
    return {"shape": list(draws.shape), "float64": data}


# ---------------------------------------------------------------------------------------- read


@dataclass(frozen=True, eq=False)
class Figures:
    """A position's numbers by row, and in every draw; without rows where it has no answer."""

    view: View
    rows: Mapping[str, View]
    draws: Mapping[str, Vector]

    @property
    def ok(self) -> bool:
        """Whether the position has an answer."""
        return bool(self.view["ok"])


def read_figures(view: View) -> Figures:
    """Return figures as they were written; a refusal as one without rows."""
    if not view["ok"]:
        return Figures(view, {}, {})
    packed = view["draws"]
    draws = np.frombuffer(b64decode(packed["float64"]), "<f8").reshape(packed["shape"])
    rows = {row["id"]: row for row in view["rows"]}
    kept = {k: v for k, v in view.items() if k not in {"draws", "rows"}}
    return Figures(kept, rows, dict(zip(rows, draws, strict=True)))


# ---------------------------------------------------------------------------------------- names


def names(
    at: Position, variant: str | None, own_day: date, dials: Mapping[str, Dial], about: str
) -> dict[str, str]:
    """Return what tells a position from others: variant, day, what was moved; in short and whole.

    ``about``  the good in focus, which need not be named
    """
    head = [(variant or "the deal").replace("-", " ")]
    head += ["edited"] if at.edited else []
    head += [f"law of {at.as_of}"] if at.as_of and at.as_of != own_day else []
    terms_first = sorted(at.moved, key=lambda x: x[0].startswith("a."))
    moves = [_move(key, value, dials, about) for key, value in terms_first]
    cut = [*moves[:MOST_NAMED], f"{len(moves) - MOST_NAMED} more"]
    short = moves if len(moves) <= MOST_NAMED else cut
    name, whole = (" · ".join([*head, *([", ".join(x)] if x else [])]) for x in (short, moves))
    return {"name": name, "whole": whole}


def _move(key: str, value: float, dials: Mapping[str, Dial], about: str) -> str:
    dial = dials.get(key)
    if dial is None:
        return f"{key} {value:.6g}"
    if dial.key == DUTY:
        what = "duty"
    elif dial.number is None:
        what = dial.field.rpartition(".")[2].replace("_", " ")
        twice = sum(x.field == dial.field for x in dials.values()) > 1
        what = f"{dial.term} {what}" if twice else what
    else:
        of = dial.number
        told = SYMBOLS.get(of.parameter, of.parameter.replace("_", " ").replace(":", ", "))
        what = " ".join([told, *(x for x in (of.good, of.region) if x not in {about, "*"})])
    return f"{what} {number(dial, value)}"
