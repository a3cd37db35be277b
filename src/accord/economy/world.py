"""A world table: who sells what to whom, who uses what to make it, and what people live on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from accord.economy.origins import JOINT, Origin, Origins, Status, Where, weaker

Array = NDArray[np.float64]
REST = "*"
# What a table's money may be called, and how many dollars one of it is.
UNITS = {"USD": 1.0, "thousand USD": 1e3, "million USD": 1e6, "billion USD": 1e9}
NOTHING: Mapping[str, str] = MappingProxyType({})
# The arrays of a table, whose numbers each have an origin.
ARRAYS = ("trade", "tariff", "io", "value_added", "final_demand", "theta")


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures of a table come from: a name, whose it is, its licence, how far it is known."""

    id: str
    title: str
    licence: str
    status: Status
    url: str = ""


@dataclass(frozen=True, slots=True)
class Residual:
    """One identity at one place: what the two sides are, in the table's unit."""

    identity: str
    region: str
    sector: str
    left: float
    right: float

    @property
    def amount(self) -> float:
        """Left less right."""
        return self.left - self.right


@dataclass(frozen=True)
class WorldTable:
    """Trade, input–output links, value added and final demand of N regions and J sectors.

    All values are of one ``year``, in ``unit`` (million USD by custom); regions and sectors are in
    the order of their labels.

    ``trade``         (J, N, N) [sector, importer, exporter]: what the exporter receives, before any
                      import duty; the diagonal is home sales
    ``io``            (N, J, J) [region, input, user]: what users spend on the input, duties in it
    ``value_added``   (N, J): output less inputs
    ``final_demand``  (N, J): what households, governments and investors spend, duties in it
    ``tariff``        (J, N, N) [sector, importer, exporter]: duty as a fraction of ``trade``
    ``theta``         (J,) trade elasticity: how much a sector's trade falls for a per cent of cost
    ``goods``         good of a market → sector it belongs to, for deals
    ``members``       region → ISO 3166 codes of the countries in it, where it is a group; ``*``
                      for all countries that no other region has
    ``origins``       by array (``ARRAYS``): where each of its numbers is from; of an array that is
                      not in it, all are as little known as the weakest source, and duties of 0
                      are no figures

    Identities (``residuals``): output = inputs + value added; absorption = use + final demand,
    where output is what all buyers pay before duty and absorption what is bought, duty paid.
    """

    name: str
    title: str
    year: int
    unit: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Array
    io: Array
    value_added: Array
    final_demand: Array
    tariff: Array
    theta: Array
    sources: tuple[Source, ...] = ()
    assumptions: tuple[str, ...] = ()
    not_modelled: tuple[tuple[str, str], ...] = ()
    goods: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    region_names: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    sector_names: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    origins: Mapping[str, Origins] = field(default_factory=dict[str, Origins])

    def __repr__(self) -> str:
        """Return what the table is of, first."""
        return (
            f"WorldTable({self.name}: {len(self.regions)} regions × {len(self.sectors)} sectors, "
            f"{self.year}, world output {self.output.sum():,.0f} {self.unit})"
        )

    @cached_property
    def output(self) -> Array:
        """(N, J) what makers receive from all buyers, home and abroad, before duties."""
        return self.trade.sum(axis=1).T

    @cached_property
    def absorption(self) -> Array:
        """(N, J) what buyers of a region pay for a sector's goods, duties in it."""
        return (self.trade * (1.0 + self.tariff)).sum(axis=2).T

    @cached_property
    def revenue(self) -> Array:
        """(N,) import duties that a region's treasury collects."""
        return (self.trade * self.tariff).sum(axis=(0, 2))

    @cached_property
    def imports(self) -> Array:
        """(N,) what a region buys abroad, before duty."""
        return self.trade.sum(axis=(0, 2)) - self._home

    @cached_property
    def exports(self) -> Array:
        """(N,) what a region sells abroad, before duty."""
        return self.trade.sum(axis=(0, 1)) - self._home

    @cached_property
    def deficit(self) -> Array:
        """(N,) imports less exports: what a region spends beyond its income."""
        return self.imports - self.exports

    @cached_property
    def _home(self) -> Array:
        return np.einsum("jnn->n", self.trade)

    @cached_property
    def home_share(self) -> Array:
        """(J, N) share of a region's spending on a sector that stays at home; NaN with none."""
        home = np.einsum("jnn->jn", self.trade * (1.0 + self.tariff))
        total = self.absorption.T
        return np.divide(home, total, out=np.full_like(home, np.nan), where=total > 0.0)

    def origins_of(self, array: str) -> Origins:
        """Return where each number of an array is from; the array's name is one of ``ARRAYS``."""
        if array in self.origins:
            return self.origins[array]
        values: Array = getattr(self, array)
        status = weaker([source.status for source in self.sources] or ["assumed"])
        ids = JOINT.join(source.id for source in self.sources) or "not stated"
        origin = Origin(ids, status, self.year)
        if array != "tariff":
            return Origins.of_all(origin, values.shape)
        none = Origins.of_none(values.shape)
        return none.put(self.across, origin) if values.any() else none

    @property
    def across(self) -> Where:
        """(J, N, N) which flows cross a border."""
        home = np.eye(len(self.regions), dtype=np.bool_)
        return np.broadcast_to(~home, self.trade.shape)

    @property
    def pairs(self) -> Status:
        """How far the trade of single pairs is known: as the least known of them."""
        return weaker(list(self.origins_of("trade").counts(self.across)) or ["assumed"])

    def pair_status(self, sector: str, exporter: str, importer: str) -> Status:
        """Return how far one flow is known; of all sectors together where it has not the one."""
        origins = self.origins_of("trade")
        n, i = self.regions.index(importer), self.regions.index(exporter)
        chosen = [self.sectors.index(sector)] if sector in self.sectors else range(len(self.theta))
        found = [origins.at((j, n, i)) for j in chosen]
        return weaker([x.status for x in found if x is not None] or ["assumed"])

    def region_of(self, country: str) -> str | None:
        """Return the region that a code names or belongs to; ``None`` where there is none.

        A region whose members are ``*`` has every country that no other region has.
        """
        if country in self.regions:
            return country
        for code in (country, REST):
            for region in self.regions:
                if code in self.members.get(region, ()):
                    return region
        return None

    def residuals(self) -> tuple[Residual, ...]:
        """Return both identities at every place, in the order of regions and sectors."""
        inputs = self.io.sum(axis=1)
        use = self.io.sum(axis=2)
        sides = (
            ("output = inputs + value added", self.output, inputs + self.value_added),
            ("absorption = use + final demand", self.absorption, use + self.final_demand),
        )
        return tuple(
            Residual(identity, region, sector, float(left[n, j]), float(right[n, j]))
            for identity, left, right in sides
            for n, region in enumerate(self.regions)
            for j, sector in enumerate(self.sectors)
        )

    def with_tariff(self, tariff: Array, source: Source) -> WorldTable:
        """Return the table with duties in force, paid by final demand; trade stays as it is.

        What the treasury collects is spent by final demand of the same sector, so that both
        identities hold as before (an assumption: users' spending on inputs is taken as duty paid).
        """
        changed = tariff != self.tariff
        stated = Origin(source.id, source.status, self.year)
        duty = (self.trade * (tariff - self.tariff)).sum(axis=2).T
        said = "duties that were in force are paid out of final demand of the same sector"
        return replace(
            self,
            tariff=tariff,
            final_demand=self.final_demand + duty,
            sources=(*self.sources, source),
            assumptions=(*self.assumptions, said),
            origins={
                **self.origins,
                "tariff": self.origins_of("tariff").put(changed, stated),
                "final_demand": self.origins_of("final_demand").changed(duty != 0.0),
            },
        )


def index_of(labels: Sequence[str]) -> dict[str, int]:
    """Return where each label stands."""
    return {label: i for i, label in enumerate(labels)}
