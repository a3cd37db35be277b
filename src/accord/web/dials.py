"""What can be moved on the page: numbers of the deal's terms, a duty, and uncertain numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from accord.assessment import Assessment, words
from accord.deal import Deal
from accord.effects.measures import WORLD
from accord.market import LaneKey
from accord.pack import PriorKey
from accord.pack.number_names import ACCESS
from accord.pack.uncertain import Uncertain, Uncertainty
from accord.web.dial import STEPS, Dial, clean, round_down, round_up
from accord.web.term_dials import term_dials

DUTY = "duty"
"""The key of the duty that the page can put in place of all others on the trade in focus."""
FURTHEST = 2.326
"""Normal score of the ends of an uncertain number's slider: its 1 % and its 99 % point."""
FIRST = ("sigma", "access", "demand_elasticity", "supply_elasticity:smelter")
"""Uncertain numbers that stand first, of the good in focus; the rest is folded away."""


def dials_of(deal: Deal, uncertainty: Uncertainty, a: Assessment) -> tuple[Dial, ...]:
    """Return everything that can be moved in the answer of a deal."""
    found = [*term_dials(deal), *_duty(a), *_of_numbers(uncertainty, a.focus.good)]
    return tuple({dial.key: dial for dial in found}.values())


def _duty(a: Assessment) -> Iterable[Dial]:
    """Yield the duty on the trade in focus, where it is open under the deal."""
    key = a.focus.lane
    lane = None if key is None else a.effects.after.market.lane_by_key.get(key)
    if key is None or lane is None or not lane.is_open or key.origin == key.destination:
        return
    row = a.row("duty_rate_statutory", f"{key.origin}>{key.destination}", key.good)
    rate = 100.0 * ((row.after or 0.0) if row else 0.0)
    most = max(50.0, round_up(2.0 * rate))
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
    step = round_down((most - least) / STEPS)
    least, most = math.ceil(least / step) * step, math.floor(most / step) * step
    least, most = clean(least, step), clean(most, step)
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
