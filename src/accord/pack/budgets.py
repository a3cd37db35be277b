"""A pack of public budgets: what it holds, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.pack.schema import Assumption, MissingPiece, Source

WDI = "wdi"
"""The definition that is built from a share of GDP; all others are single cited figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the world with where it comes from."""

    value: float
    unit: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What counts as a defence budget."""

    id: str
    title: str
    says: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class CountedCuts:
    """How often spending fell by ``cut`` or more within ``horizon`` years.

    ``minimum``   level above which a country-year counts, bn USD of 2023
    ``observed``  country-years with a figure ``horizon`` years later;  ``cuts`` those that fell so
    ``largest``   the largest fall (a negative fraction), and ``where`` it was
    ``first``, ``last``  the years of the series
    """

    horizon: int
    minimum: float
    cut: float
    observed: int
    cuts: int
    largest: float
    where: str
    first: int
    last: int
    source: str


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What a study finds that a dollar of military spending adds to GDP, in dollars.

    ``national``  whether it is about a country as a whole
    """

    study: str
    concept: str
    low: float
    high: float
    national: bool
    source: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """A coefficient of one state's growth of spending on a rival's, with its standard error."""

    subject: str
    rival: str
    value: float
    standard_error: float
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A number that this pack chose: middle, low, high."""

    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str


@dataclass(frozen=True, repr=False)
class BudgetPack:
    """The data of a pack of budgets, with where they come from.

    ``figures``  by (country, year, item): military_share, gdp, exchange_rate, price_level,
                 revenue, expense, debt
    ``cited``    by (definition, country, year): figures in dollars or in local currency
    ``history``  military spending in constant dollars (mn USD of 2023) by country and year
    """

    name: str
    title: str
    version: str
    summary: str
    digest: str
    folder: Path
    names: Mapping[str, str]
    currencies: Mapping[str, str]
    figures: Mapping[tuple[str, int, str], Figure]
    cited: Mapping[tuple[str, str, int], tuple[Figure, ...]]
    history: Mapping[str, Mapping[int, float]]
    definitions: Mapping[str, Definition]
    base_rates: tuple[CountedCuts, ...]
    multipliers: tuple[Multiplier, ...]
    reactions: tuple[Reaction, ...]
    choices: Mapping[str, Choice]
    sources: tuple[Source, ...]
    assumptions: tuple[Assumption, ...]
    not_modelled: tuple[MissingPiece, ...]

    def figure(self, country: str, year: int, item: str) -> Figure | None:
        """Return one figure, or ``None`` where there is none."""
        return self.figures.get((country, year, item))

    def value(self, country: str, year: int, item: str) -> float | None:
        """Return one figure's value, or ``None`` where there is none."""
        found = self.figure(country, year, item)
        return None if found is None else found.value

    @property
    def years(self) -> tuple[int, ...]:
        """The years with military spending as a share of GDP."""
        return tuple(sorted({y for _, y, item in self.figures if item == "military_share"}))

    def __repr__(self) -> str:
        """Answer first: what it covers."""
        years = self.years
        return (
            f"<BudgetPack {self.name} {self.version}: {len(self.names)} countries, "
            f"{years[0]} to {years[-1]}>"
        )
