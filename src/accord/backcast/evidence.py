"""What a pack knows of the years after its first benchmark: the tables of its ``backcast/``.

events.csv       dated changes of policy        observed.csv   what the world showed
missing.csv      what it did not show           drivers.csv    observed outputs of later years
deflator.csv     US prices, base year 1         origins.csv    imports of the base year by country
signs.csv        directions to be checked       panel.csv      moments of the years before
parameters.csv   what evidence may move         error_model.csv  errors of the likelihood

A row of ``observed.csv`` without a value is a gap: it is counted and never filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = "backcast"
SHARES = ("us_import_share", "eu_import_share")
QUANTITIES = (*SHARES, "us_imports", "us_premium", "us_output", "russia_exports", "hub_price")
"""What a back-cast can predict (``accord.backcast.quantities``), in the order of its tables."""

LAST_EVIDENCE = 2022
"""The last year whose figures may be fitted to: later ones are what the fit is judged by."""


@dataclass(frozen=True, slots=True)
class Event:
    """A dated change of policy. ``modelled`` is false where the law of the pack does not hold it.

    ``years`` are those whose annual figures are counted with it.
    """

    id: str
    title: str
    starts: date
    years: tuple[int, ...]
    modelled: bool
    changes: str


@dataclass(frozen=True, slots=True)
class Observed:
    """A figure of the world: tonnes a year, USD of its own year per tonne, or a fraction.

    ``day`` is ``None`` for a figure of a whole year; ``region`` is a country for import shares;
    ``calibration`` whether the updated parameters may be fitted to it.
    """

    quantity: str
    region: str
    date: str
    year: int
    day: date | None
    event: str
    value: float
    unit: str
    source: str
    status: str
    calibration: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure one would want that is not there or does not fit, and why."""

    quantity: str
    region: str
    date: str
    why: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A direction to be checked: a quantity between two dated figures."""

    event: str
    quantity: str
    region: str
    before: str
    after: str
    required: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the years before the base: value and standard error."""

    value: float
    error: float
    count: int
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """What evidence may move: median, 10th and 90th percentile; ``None``: as elsewhere."""

    parameter: str
    good: str
    region: str
    range: tuple[float, float, float] | None
    note: str

    @property
    def name(self) -> str:
        """Its name in tables: the parameter, and what it holds for."""
        return " ".join(part for part in (self.parameter, self.good, self.region) if part != "*")


@dataclass(frozen=True)
class Evidence:
    """Everything in the folder. Quantities in base units; ``base`` is the year all starts from.

    ``outputs``  observed output in tonnes by (kind, region, year), ``WORLD`` for all
    ``origins``  base-year imports by country: (region, tonnes)
    """

    base: int
    folder: Path
    events: tuple[Event, ...]
    observed: tuple[Observed, ...]
    missing: tuple[Missing, ...]
    outputs: Mapping[tuple[str, str, int], float]
    deflator: Mapping[int, float]
    origins: Mapping[str, tuple[str, float]]
    signs: tuple[Sign, ...]
    panel: Mapping[str, Moment]
    parameters: tuple[Parameter, ...]
    errors: Mapping[str, float | None]

    @property
    def years(self) -> tuple[int, ...]:
        """The years with a figure, in order."""
        return tuple(sorted({row.year for row in self.observed}))

    def within(self, country: str) -> float:
        """Return a country's part of its region's base-year imports (1 for a whole region)."""
        region, tonnes = self.origins.get(country, (country, 0.0))
        total = sum(x for r, x in self.origins.values() if r == region)
        return tonnes / total if total > 0.0 else 0.0

    def region(self, country: str) -> str:
        """Return the region of a country."""
        return self.origins.get(country, (country, 0.0))[0]
