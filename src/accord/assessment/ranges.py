"""What draws say of an answer, in a sentence: the 80 % range of what the deal is about."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from accord.assessment.focus import Focus
from accord.assessment.words import MINUS, dollars, percent, signed, tonnes
from accord.effects.measures import WORLD
from accord.ensemble.ensemble import Ensemble
from accord.equilibrium.arrays import Vector
from accord.probability.quantiles import quantile_with_error

LOW, HIGH = 0.1, 0.9
# Ends that differ by less than this part of their size are one number: a quota, a minimum.
NO_RANGE = 1e-6
NOISE = 1e-9
"""Part of a level below which its change is the solver's rounding."""


class Question(NamedTuple):
    """A number that a deal is about, in every solved draw (S,): what it is called, how said.

    ``key``  measure, region and good of its row;  ``form`` which of the row's values, as in
    claims: ``after``, ``change``, or ``change_pct``, here in per cent;  ``unit`` of the values
    ``level``  of what changes, in ``unit``: what is far below it is rounding
    """

    name: str
    values: Vector
    said: Callable[[float], str]
    key: tuple[str, str, str | None]
    form: str
    unit: str
    level: float = 0.0


def questions(focus: Focus, ensemble: Ensemble) -> Iterator[Question]:
    """Yield what the deal is about, the most telling first; only what differs between draws."""
    for asked in _asked(focus, ensemble):
        present = asked.values[~np.isnan(asked.values)]
        if not present.size:
            continue
        low, high = np.quantile(present, (LOW, HIGH)).tolist()
        if high - low > max(NO_RANGE * max(abs(low), abs(high)), NOISE * asked.level):
            yield asked


def _asked(focus: Focus, ensemble: Ensemble) -> Iterator[Question]:
    lane, good = focus.lane, focus.good
    if lane is not None:
        place = f"{lane.origin}>{lane.destination}"
        flow = _after(ensemble, "flow", place, good)
        if flow is not None:
            key = ("flow", place, good)
            yield Question("the trade", flow, tonnes, key, "after", "t/yr")
        pays = _percent(ensemble, "buyer_price", lane.destination, good)
        if pays is not None:
            key = ("buyer_price", lane.destination, good)
            yield Question("what buyers pay", pays, _moved, key, "change_pct", "%", 100.0)
    hub = _percent(ensemble, "hub_price", WORLD, good)
    if hub is not None:
        key = ("hub_price", WORLD, good)
        yield Question("the world price", hub, _moved, key, "change_pct", "%", 100.0)
    made = ensemble.changes("output", WORLD, good)
    if made is not None:
        key = ("output", WORLD, good)
        level = _level(ensemble, key)
        yield Question("output", made, _more_tonnes, key, "change", "t/yr", level)
    gain = ensemble.changes("welfare", WORLD)
    if gain is not None:
        key = ("welfare", WORLD, None)
        level = _level(ensemble, key)
        yield Question("the world's gain", gain, _more_dollars, key, "change", "USD/yr", level)


def _level(ensemble: Ensemble, key: tuple[str, str, str | None]) -> float:
    """Return how large a row is with the deal, in the middle of its draws."""
    after = ensemble.after(ensemble.effects.place[key])
    present = np.abs(after[~np.isnan(after)])
    return float(np.median(present)) if present.size else 0.0


def _more_tonnes(change: float) -> str:
    return signed(tonnes(change))


def _more_dollars(change: float) -> str:
    return signed(dollars(change))


def _moved(change: float) -> str:
    return signed(percent(change)) if change >= 0.0 else f"{MINUS}{percent(-change)}"


def _after(ensemble: Ensemble, measure: str, region: str, good: str | None) -> Vector | None:
    column = ensemble.effects.place.get((measure, region, good))
    return None if column is None else ensemble.after(column)


def _percent(ensemble: Ensemble, measure: str, region: str, good: str | None) -> Vector | None:
    """Return the relative change of one row in every solved draw, in per cent (S,)."""
    column = ensemble.effects.place.get((measure, region, good))
    if column is None:
        return None
    before = ensemble.effects.before[ensemble.effects.solved, column]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 100.0 * (ensemble.after(column) - before) / np.abs(before)
    return np.where(np.isfinite(found), found, np.nan)


def said_of(focus: Focus, ensemble: Ensemble | None) -> str | None:
    """Return between what the main number lies in 8 of 10 draws; ``None`` without draws."""
    if ensemble is None:
        return None
    if not ensemble.solved:
        return f"None of the {ensemble.done:,} draws of what is uncertain has a certified answer."
    first = next(questions(focus, ensemble), None)
    if first is None:
        return None
    present = first.values[~np.isnan(first.values)]
    low, high = np.quantile(present, (LOW, HIGH)).tolist()
    of = "" if first.name == "the trade" else f" for {first.name}"
    return f"8 of 10 draws of what is uncertain give {first.said(low)} to {first.said(high)}{of}."


def summed(ensemble: Ensemble, measure: str, region: str) -> tuple[Vector, Vector]:
    """Return an amount added over goods, before and after, in every solved draw (S,) each."""
    columns = [i for (m, r, _), i in ensemble.effects.place.items() if (m, r) == (measure, region)]
    solved = ensemble.effects.solved
    before, after = (
        np.nansum(table[:, columns][solved], axis=1)
        for table in (ensemble.effects.before, ensemble.effects.after)
    )
    return before, after


def ends(values: Vector) -> tuple[float, float, float] | None:
    """Return the 10 % point, the median and the 90 % point of draws; ``None`` without any."""
    present = values[~np.isnan(values)]
    if not present.size:
        return None
    low, median, high = np.quantile(present, (LOW, 0.5, HIGH)).tolist()
    return low, median, high


def sampling_error(values: Vector) -> float | None:
    """Return how far the ends may be off because draws are not more, over the range's width.

    It is that of independent draws; points as even as these are off by less.
    """
    present = values[~np.isnan(values)]
    if present.size < 2:  # noqa: PLR2004 - a width takes two
        return None
    low, high = (quantile_with_error(present, level) for level in (LOW, HIGH))
    width = high.value - low.value
    if not width > 0.0:
        return None
    worst = max(high.high - high.low, low.high - low.low) / 2.0
    return worst / width if math.isfinite(worst) else None
