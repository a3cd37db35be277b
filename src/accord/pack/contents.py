"""What a pack holds once it is read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.market import DutyColumn, Good, Region, Tracer
from accord.pack.balance import Balance
from accord.pack.benchmark import Benchmark
from accord.pack.chain import Chain
from accord.pack.law import Law, Measure
from accord.pack.outlook import Outlook
from accord.pack.priors import Correlation, Priors
from accord.pack.schema import Assumption, HubEntry, MissingPiece, Source


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A number of the data that was changed, and why; never done silently.

    ``what``     flow, capacity, rising cost share, output, final demand, ...
    ``subject``  what it belongs to: ``metal AAA>BBB``, ``smelter.AAA``, ``metal``
    """

    what: str
    subject: str
    before: float | None
    after: float
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What the world showed. ``fitted``: whether it was used to set the data.

    ``value`` is in the unit of the file; ``partner`` is empty where there is none.
    """

    quantity: str
    region: str
    partner: str
    value: float
    unit: str
    year: int
    source: str
    status: str
    fitted: bool


@dataclass(frozen=True, slots=True)
class Level:
    """Output and capacity of an activity in a year that has levels only, tonnes a year."""

    kind: str
    region: str
    output: float | None = None
    capacity: float | None = None
    line: int | None = None

    @property
    def name(self) -> str:
        """The activity's name."""
        return f"{self.kind}.{self.region}"


@dataclass(frozen=True, slots=True)
class Plant:
    """What is known of a single plant besides its numbers.

    ``listed``  the capacity that its source lists, tonnes a year; what stands is the activity's
    """

    kind: str
    region: str
    plant: str
    name: str
    place: str
    technology: str
    power_source: str
    grid: str
    listed: float
    source: str
    status: str
    line: int | None = None

    @property
    def activity(self) -> str:
        """The name of its activity."""
        return f"{self.kind}.{self.region}.{self.plant}"


@dataclass(frozen=True, slots=True)
class UserShare:
    """A user's share of what a region's users outside the chain buy of a good."""

    good: str
    region: str
    user: str
    share: float
    year: int
    source: str
    status: str


@dataclass(frozen=True)
class Contents:
    """The data of a pack, in base units, with where they come from.

    ``digest``      SHA-256 over the names and bytes of all its files, in order of their names
    ``hub_prices``  USD per tonne by (quote, year)
    ``levels``      by year: what carries the last benchmark before it forward
    ``flow_changes``  by benchmark year: how the flows were reconciled, largest change first
    ``outlook``     what is assumed and known of the years after the last levels, if anything
    ``chain``       the elements in its goods, and deposits, where it tells them apart
    ``correlations``  rank correlations of rows of the priors
    """

    name: str
    title: str
    version: str
    summary: str
    price_year: int
    currency: str
    digest: str
    folder: Path
    regions: tuple[Region, ...]
    goods: tuple[Good, ...]
    sources: tuple[Source, ...]
    assumptions: tuple[Assumption, ...]
    not_modelled: tuple[MissingPiece, ...]
    columns: tuple[DutyColumn, ...]
    tracers: tuple[Tracer, ...]
    hubs: tuple[HubEntry, ...]
    hub_prices: Mapping[tuple[str, int], float]
    statutes: Law
    priors: Priors
    benchmarks: Mapping[int, Benchmark]
    balances: Mapping[int, Balance]
    levels: Mapping[int, tuple[Level, ...]]
    plants: tuple[Plant, ...]
    users: tuple[UserShare, ...]
    observations: tuple[Observation, ...]
    flow_changes: Mapping[int, tuple[Adjustment, ...]]
    outlook: Outlook | None
    chain: Chain | None
    correlations: tuple[Correlation, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The dated law, in the order of its file."""
        return self.statutes.measures

    @property
    def years(self) -> tuple[int, ...]:
        """The years the pack has a market for."""
        return tuple(sorted({*self.benchmarks, *self.levels}))
