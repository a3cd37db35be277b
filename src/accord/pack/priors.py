"""Uncertain parameters as distributions, and which row of the table holds for what."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from accord.errors import Fault
from accord.pack.columns import ANY, Notebook, closest, listed
from accord.pack.tables import Table
from accord.probability.distribution import Distribution

SHARES = ("rising_cost_share",)
PARAMETERS = ("sigma", "demand_elasticity", "choke_ratio")
KIND_PARAMETERS = ("supply_elasticity", "rising_cost_share")


class PriorKey(NamedTuple):
    """Names a row of the priors: parameter, and the good and region it holds for (or ``*``)."""

    parameter: str
    good: str
    region: str


@dataclass(frozen=True, slots=True)
class Prior:
    """A parameter as a distribution: median, and the 10th (low) and 90th (high) percentile.

    ``least``, ``most``  bounds that the table states
    """

    key: PriorKey
    family: str
    median: float
    low: float
    high: float
    source: str
    status: str
    note: str
    line: int
    least: float = -math.inf
    most: float = math.inf

    @property
    def distribution(self) -> Distribution:
        """It as a distribution that never leaves its bounds and what its parameter can be."""
        least, most = bounds_of(self.key.parameter)
        return Distribution(
            self.family,
            self.median,
            self.low,
            self.high,
            max(self.least, least),
            min(self.most, most),
        )


@dataclass(frozen=True, slots=True)
class Correlation:
    """That two numbers vary together, by their names in the table."""

    one: str
    other: str
    value: float
    source: str
    status: str
    line: int | None = None


@dataclass(frozen=True)
class Priors:
    """The priors of a pack: the most specific row holds.

    Order: good and region named, good named, region named, neither.
    """

    rows: tuple[Prior, ...]

    @cached_property
    def by_key(self) -> dict[PriorKey, Prior]:
        """Rows by key."""
        return {row.key: row for row in self.rows}

    def row(self, parameter: str, good: str, region: str) -> Prior | None:
        """Return the row that holds for a good in a region, ``None`` where there is none."""
        name = parameter, good, region
        if name not in self._holding:
            every = ((good, region), (good, ANY), (ANY, region), (ANY, ANY))
            rows = (self.by_key.get(PriorKey(parameter, g, r)) for g, r in every)
            self._holding[name] = next((row for row in rows if row is not None), None)
        return self._holding[name]

    @cached_property
    def _holding(self) -> dict[tuple[str, str, str], Prior | None]:
        """The rows that were asked for: every market of a pack asks for the same."""
        return {}

    def value(
        self, parameter: str, good: str, region: str, chosen: Mapping[PriorKey, float]
    ) -> float:
        """Return the parameter for a good in a region: the value chosen for its row, or the median.

        Raises ``KeyError`` where no row holds; ``load`` has made sure that one does.
        """
        row = self.row(parameter, good, region)
        if row is None:
            raise KeyError(PriorKey(parameter, good, region))
        return chosen.get(row.key, row.median)


def read_priors(table: Table) -> Priors:
    """Return the priors of a sound table."""
    text, number = table.text, table.number
    notes = text.get("note", [""] * len(table))
    rows = (
        Prior(
            PriorKey(text["parameter"][i], text["good"][i], text["region"][i]),
            text["family"][i],
            number["median"][i],
            number["low"][i],
            number["high"][i],
            text["source"][i],
            text["status"][i],
            notes[i],
            table.lines[i],
            _bound(table, "least", i, -math.inf),
            _bound(table, "most", i, math.inf),
        )
        for i in range(len(table))
    )
    return Priors(tuple(rows))


def _bound(table: Table, name: str, row: int, none: float) -> float:
    value = table.number[name][row] if name in table.number else math.nan
    return none if math.isnan(value) else value


def bounds_of(parameter: str) -> tuple[float, float]:
    """Return between which values a parameter makes sense."""
    name = parameter.partition(":")[0]
    return (1.0 if name == "choke_ratio" else 0.0), (1.0 if name in SHARES else math.inf)


def prior_faults(table: Table, priors: Priors, kinds: Iterable[str] | None) -> tuple[Fault, ...]:
    """Return what is wrong between the cells of a row, and between rows.

    ``kinds`` are the kinds of activities that the benchmarks have, ``None`` where that cannot be
    told.
    """
    notes = Notebook(
        table.file, table.lines, lambda i: table.label(i, ("parameter", "good", "region"))
    )
    kinded = {p for row in priors.rows if ":" in (p := row.key.parameter)}
    if kinds is not None:
        kinded = {f"{name}:{kind}" for name in KIND_PARAMETERS for kind in kinds}
    known = [*PARAMETERS, *sorted(kinded)]
    for i, row in enumerate(priors.rows):
        _check_row(i, row, known, notes)
        _check_conflict(i, row, priors, notes)
    return tuple(notes.faults)


def _check_row(i: int, row: Prior, known: list[str], notes: Notebook) -> None:
    if row.key.parameter not in known:
        fix = closest(row.key.parameter, known, "remove the row")
        notes.add(i, "parameter", f'"{row.key.parameter}"', f"one of {listed(known)}", fix)
    before = len(notes.faults)
    _check_sense(i, row, notes)
    if len(notes.faults) == before:
        for p in row.distribution.problems():
            notes.add(i, p.field, p.found, p.allowed, p.fix)


def _check_sense(i: int, row: Prior, notes: Notebook) -> None:
    """Write down values that the row's parameter cannot have."""
    name = row.key.parameter.partition(":")[0]
    largest = max(row.low, row.median, row.high)
    smallest = min(row.low, row.median, row.high)
    if name in SHARES and largest >= 1.0:
        fix = "write the share as a fraction: 0.3 for 30 %"
        notes.add(i, "high", f"a share of {largest:g}", "a share below 1", fix)
    if name == "choke_ratio" and smallest <= 1.0:
        fix = "write choke price over price, as in 3"
        notes.add(i, "low", f"a ratio of {smallest:g}", "a ratio above 1", fix)


def _check_conflict(i: int, row: Prior, priors: Priors, notes: Notebook) -> None:
    """Write down a row for one region of all goods that meets a row for one good of all regions."""
    key = row.key
    if key.good != ANY or key.region == ANY:
        return
    for other in priors.rows:
        meets = other.key.parameter == key.parameter and other.key.region == ANY
        if not meets or other.key.good == ANY or other.median == row.median:
            continue
        both = PriorKey(key.parameter, other.key.good, key.region)
        if both not in priors.by_key:
            place = f"{other.key.good} in {key.region}"
            found = f"{row.median:g} here and {other.median:g} on line {other.line} for {place}"
            fix = f"add a row for {key.parameter},{other.key.good},{key.region}"
            notes.add(i, "median", found, f"one prior for {place}", fix)
