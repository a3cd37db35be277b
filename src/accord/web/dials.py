"""What can be moved on the page: numbers of the deal's terms, a duty, and uncertain numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from accord.assessment import Assessment, words
from accord.deal import Deal
from accord.deal.deal import Entry
from accord.effects.measures import WORLD
from accord.instruments import fields
from accord.instruments.term import Term
from accord.market import LaneKey
from accord.pack import PriorKey
from accord.pack.number_names import ACCESS
from accord.pack.uncertain import Uncertain, Uncertainty

STEPS = 100.0
DUTY = "duty"
"""The key of the duty that the page can put in place of all others on the trade in focus."""
FURTHEST = 2.326
"""Normal score of the ends of an uncertain number's slider: its 1 % and its 99 % point."""
FIRST = ("sigma", "access", "demand_elasticity", "supply_elasticity:smelter")
"""Uncertain numbers that stand first, of the good in focus; the rest is folded away."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One slider, in the unit that people read.

    ``key``     its name in the address;  ``group`` ``terms`` or ``assumptions``
    ``value``   where it stands unless moved;  ``scale`` base units in one of the unit
    ``term``, ``field``  of the deal's term, or
    ``number``  the uncertain number that moving it fixes
    ``first``   whether it stands among the first
    """

    key: str
    group: str
    label: str
    unit: str
    least: float
    most: float
    step: float
    value: float
    scale: float = 1.0
    term: str = ""
    field: str = ""
    number: PriorKey | None = None
    first: bool = True
    note: str = ""

    def snapped(self, value: float) -> float:
        """Return the nearest place on the slider."""
        inside = min(max(value, self.least), self.most)
        return _clean(self.least + round((inside - self.least) / self.step) * self.step, self.step)

    def written(self, value: float) -> str:
        """Return a value with the unit that deal files have."""
        return f"{value:.10g} {self.unit}".strip()


def dials_of(deal: Deal, uncertainty: Uncertainty, a: Assessment) -> tuple[Dial, ...]:
    """Return everything that can be moved in the answer of a deal."""
    found = [*_of_terms(deal), *_duty(a), *_of_numbers(uncertainty, a.focus.good)]
    return tuple({dial.key: dial for dial in found}.values())


# ---------------------------------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a kind of field is moved: its unit, base units in one, how far it reaches at least."""

    unit: str
    scale: float
    reach: float
    most: float = math.inf
    above_zero: bool = False


# By the type that the instrument's field has.
_MEASURES: tuple[tuple[Any, _Measure], ...] = (
    (fields.MassRate, _Measure("kt/yr", 1e3, 100.0)),
    (fields.PositiveMassRate, _Measure("kt/yr", 1e3, 100.0, above_zero=True)),
    (fields.Rate, _Measure("%", 0.01, 50.0, 100.0 * fields.LARGEST_RATE)),
    (fields.Share, _Measure("%", 0.01, 100.0, 100.0, above_zero=True)),
    (fields.PartOrNone, _Measure("%", 0.01, 100.0, 100.0)),
    (fields.Price, _Measure("USD/t", 1.0, 100.0)),
    (fields.PowerPrice, _Measure("USD/MWh", 1.0, 50.0)),
    (fields.PowerIntensity, _Measure("MWh/t", 1.0, 10.0)),
    (fields.EmissionIntensity, _Measure("tCO2/t", 1.0, 10.0)),
)


def _of_terms(deal: Deal) -> Iterable[Dial]:
    for entry in deal.entries:
        if entry.term.domain == "market":
            yield from _of_term(entry)


def _of_term(entry: Entry) -> Iterable[Dial]:
    term = entry.term
    for name, info in type(term).model_fields.items():
        how, value = _measure(info), getattr(term, name)
        if how is None or value is None or not _written_in(entry, name):
            continue
        label = f"{term.title or term.id}: {name.replace('_', ' ')}"
        yield _dial(label, how, value / how.scale, term, name)


def _written_in(entry: Entry, name: str) -> bool:
    """Return whether the file gives the field: what it leaves out is not a number of the deal."""
    return name in entry.table


def _measure(info: Any) -> _Measure | None:  # noqa: ANN401 - a field as the instruments have it
    """Return how a field is moved; ``None`` for one that is no plain number."""
    marks = list(info.metadata)
    for part in get_args(info.annotation):
        marks += getattr(part, "__metadata__", ())
    return next((how for kind, how in _MEASURES if kind.__metadata__[0] in marks), None)


def _dial(label: str, how: _Measure, value: float, term: Term, name: str) -> Dial:
    key = f"t.{term.id}.{name}"
    most = min(_round_up(max(2.0 * value, how.reach)), how.most)
    step = most / STEPS
    least = step if how.above_zero else 0.0
    # The value of the file is a place on the slider, whatever its digits.
    while abs(round((value - least) / step) * step - (value - least)) > 1e-9 * most:
        step /= 2.0 if step > most / 1000.0 else 5.0
        if step < most * 1e-6:
            break
    return Dial(key, "terms", label, how.unit, least, most, step, value, how.scale,
                term=term.id, field=name)  # fmt: skip


def _duty(a: Assessment) -> Iterable[Dial]:
    """Yield the duty on the trade in focus, where it is open under the deal."""
    key = a.focus.lane
    lane = None if key is None else a.effects.after.market.lane_by_key.get(key)
    if key is None or lane is None or not lane.is_open or key.origin == key.destination:
        return
    row = a.row("duty_rate_statutory", f"{key.origin}>{key.destination}", key.good)
    rate = 100.0 * ((row.after or 0.0) if row else 0.0)
    most = max(50.0, _round_up(2.0 * rate))
    note = "Moved, it stands in place of every duty on this trade"
    yield Dial(DUTY, "terms", _duty_label(a, key), "%", 0.0, most, most / STEPS,
               round(rate, 2), 0.01, note=note)  # fmt: skip


def _duty_label(a: Assessment, key: LaneKey) -> str:
    sold = words.good(a.good_names.get(key.good, key.good))
    seller, buyer = (words.place(a.region_name(code)) for code in (key.origin, key.destination))
    return f"Duty on {sold} from {seller} in {buyer}"


# ---------------------------------------------------------------------------------------- numbers


def _of_numbers(uncertainty: Uncertainty, good: str) -> Iterable[Dial]:
    dials = [_of_number(number, good) for number in uncertainty.numbers]
    return sorted(dials, key=lambda dial: (not dial.first, _place(dial)))


def _place(dial: Dial) -> int:
    name = "" if dial.number is None else dial.number.parameter
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _of_number(number: Uncertain, good: str) -> Dial:
    ends = number.distribution.at_score(np.array([-FURTHEST, FURTHEST]))
    least, most = ends.tolist()
    step = _round_down((most - least) / STEPS)
    least, most = math.ceil(least / step) * step, math.floor(most / step) * step
    least, most = _clean(least, step), _clean(most, step)
    value = number.distribution.median
    key = number.key
    first = key.parameter in FIRST and key.good in {good, WORLD, "*"}
    told = number.distribution
    span = f"8 of 10 draws lie between {told.low:.3g} and {told.high:.3g}"
    return Dial(
        key=number_key(key),
        group="assumptions",
        label=f"{number.name[:1].upper()}{number.name[1:]}",
        unit="",
        least=least,
        most=most,
        step=step,
        value=value,
        number=key,
        first=first,
        note="−1.28 is the pack's low case, 0 central, 1.28 high" if key == ACCESS else span,
    )


def number_key(key: PriorKey) -> str:
    """Return the name of an uncertain number in the address."""
    parts = [part for part in key if part != "*"]
    return "a." + ".".join(parts).replace(":", "-")


# ---------------------------------------------------------------------------------------- round


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten; 0 of nothing."""
    if value <= 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if value <= m * power * (1.0 + 1e-12))


def _round_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (5.0, 2.0, 1.0) if value >= m * power * (1.0 - 1e-12))


def _clean(value: float, step: float) -> float:
    """Return a number without the tail of binary fractions."""
    digits = max(0, 3 - math.floor(math.log10(step)))
    return round(value, digits)
