"""One uncertain number at a time: the main number at its low and high, and its slope at medians.

Local slopes are central differences between certified answers 0.05 standard deviations to either
side. Derivatives by the data of law and market (a duty, a freight, a capacity) are the adjoint's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.assessment.assessment import Assessment
from accord.assessment.main_number import MainNumber
from accord.ensemble.drawn import Vector
from accord.equilibrium import Equilibrium
from accord.equilibrium.adjoint import gradient
from accord.equilibrium.adjoint_rows import rows as rows_of
from accord.equilibrium.effect import Effect
from accord.equilibrium.effect_named import buyer_price, flow, hub_price
from accord.errors import InputError
from accord.pack.number_names import short_name
from accord.probability.normal import NINETIETH
from accord.probability.tornado import tornado

STEP = 0.05
MOST_DATA = 10
DATA = (
    "ad_valorem", "specific", "export_ad_valorem", "freight", "bound", "capacity", "power_price",
    "demand_quantity", "sigma",
)  # fmt: skip


class Bar(NamedTuple):
    """One number moved alone; the others stay at their medians.

    ``low``, ``median``, ``high``  of the number;  ``at_low``, ``at_high``  the answer there
    ``slope``       change of the answer for one standard deviation of the number, at the medians
    ``elasticity``  per cent of the answer for one per cent of the number, at the medians; ``None``
                    where either is 0
    """

    name: str
    parameter: str
    low: float
    median: float
    high: float
    at_low: float | None
    at_high: float | None
    slope: float | None
    elasticity: float | None


class Datum(NamedTuple):
    """A datum of law or market and what it does to the level with the deal; see ``Row``."""

    datum: str
    where: str
    value: float | None
    datum_unit: str
    derivative: float
    unit: str
    elasticity: float | None


@dataclass(frozen=True)
class OneAtATime:
    """What each number does alone, widest first, and the data with the largest elasticities.

    ``central``  the answer at the medians, in ``unit``
    """

    about: str
    unit: str
    central: float
    bars: tuple[Bar, ...]
    data: tuple[Datum, ...]


def one_at_a_time(a: Assessment, main: MainNumber) -> OneAtATime:
    """Return what each number does alone to the main number. Solves 4k + 1 markets, twice."""
    size = len(main.uncertainty.numbers)
    ends = np.full(size, NINETIETH)
    found = tornado(main, np.zeros(size), -ends, ends)
    slopes, elasticities = _local(main, found.centre)
    known = main.uncertainty
    bars = tuple(
        Bar(
            known.numbers[i].name,
            short_name(known.numbers[i].key),
            float(known.low[i]),
            float(known.central[i]),
            float(known.high[i]),
            *(_number(x[i]) for x in (found.at_low, found.at_high, slopes, elasticities)),
        )
        for i in found.ranked
    )
    data = data_of(a.effects.after, main.asked.key)
    return OneAtATime(main.asked.name, main.asked.unit, found.centre, bars, data)


def _local(main: MainNumber, centre: float) -> tuple[Vector, Vector]:
    """Return slopes by score and elasticities (k,) at the medians; NaN where there is none."""
    size = len(main.uncertainty.numbers)
    offsets = STEP * np.eye(size)
    points = np.concatenate([offsets, -offsets])
    around = main(points, np.zeros(size))
    slopes = (around[:size] - around[size:]) / (2.0 * STEP)
    values = main.uncertainty.values(points)
    place = np.arange(size)
    moved = (values[place, place] - values[size + place, place]) / (2.0 * STEP)
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = slopes / centre * main.uncertainty.central / moved
    usable = (main.uncertainty.central != 0.0) & np.isfinite(elasticity)
    return slopes, np.where(usable, elasticity, np.nan)


def data_of(after: Equilibrium, key: tuple[str, str, str | None]) -> tuple[Datum, ...]:
    """Return the data with the largest elasticities of a level with the deal, from the adjoint.

    None for a number that has no gradient here, and where conditions depend on one another.
    """
    effect = _effect(after, key)
    if effect is None:
        return ()
    try:
        found = [row for row in rows_of(gradient(effect, after), *DATA) if row.elasticity]
    except InputError:
        return ()
    found.sort(key=lambda row: -abs(row.elasticity or 0.0))
    return tuple(Datum(*row) for row in found[:MOST_DATA])


def _effect(eq: Equilibrium, key: tuple[str, str, str | None]) -> Effect | None:
    measure, region, good = key
    if good is None:
        return None
    if measure == "flow":
        origin, _, destination = region.partition(">")
        return flow(eq, good, origin, destination)
    if measure == "buyer_price":
        return buyer_price(eq, good, region)
    return hub_price(eq, good) if measure == "hub_price" else None


def _number(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None
