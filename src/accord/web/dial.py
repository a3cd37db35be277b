"""One slider: what it moves, how far, in which steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from accord.pack import PriorKey

STEPS = 100.0
"""Steps that a slider has at least from end to end, as a rule."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One slider, in the unit that people read.

    ``key``     its name in the address;  ``group`` ``terms``, ``offers``
    or ``assumptions``
    ``value``   where it stands unless moved;  ``scale`` base units in one of the unit
    ``term``, ``field``  of the deal's term (a path with points in a table or list), or
    ``number``  the uncertain number that moving it fixes
    ``first``   whether it stands among the first
    ``part``    the domain that its term is about, empty for the market
    ``form``    how deal files have it: ``quantity`` with its unit, bare ``number``, whole ``count``
    ``rest``    the field of the other holder, who gets what is left of the whole
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
    part: str = ""
    form: str = "quantity"
    rest: str = ""

    def snapped(self, value: float) -> float:
        """Return the nearest place on the slider."""
        inside = min(max(value, self.least), self.most)
        return clean(self.least + round((inside - self.least) / self.step) * self.step, self.step)

    def written(self, value: float) -> str | float:
        """Return a value as deal files have it: with its unit, or bare."""
        if self.form == "count":
            return round(value)
        return value if self.form == "number" else f"{value:.10g} {self.unit}".strip()


def round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten; 0 of nothing."""
    if value <= 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if value <= m * power * (1.0 + 1e-12))


def round_down(value: float) -> float:
    """Return the last of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (5.0, 2.0, 1.0) if value >= m * power * (1.0 - 1e-12))


def clean(value: float, step: float) -> float:
    """Return a number without the tail of binary fractions."""
    digits = max(0, 3 - math.floor(math.log10(step)))
    return round(value, digits)
