"""Adds up the rows of a big inter-country table, one at a time, into a world table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accord.economy.data.mapping import Groups
from accord.economy.origins import Origin, Origins
from accord.economy.world import Array, Source, WorldTable


@dataclass(frozen=True, slots=True)
class Labels:
    """What a loaded table is called: name, title, year, unit, where it comes from, θ by sector."""

    name: str
    title: str
    year: int
    unit: str
    source: Source
    theta: Mapping[str, float]
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Where the columns of a source's rows go: each a place, or −1 where they do not.

    ``use``    (C,) place in regions × sectors (region-major) of the industry that buys
    ``final``  (C,) place in regions of the final buyers
    """

    use: NDArray[np.int64]
    final: NDArray[np.int64]


@dataclass
class Assembly:
    """Sums of rows so far; ``regions`` and ``sectors`` are the groups of the table to be."""

    regions: Groups
    sectors: Groups
    trade: Array = field(init=False)
    io: Array = field(init=False)
    final_demand: Array = field(init=False)

    def __post_init__(self) -> None:
        n, j = len(self.regions.labels), len(self.sectors.labels)
        self.trade = np.zeros((j, n, n))
        self.io = np.zeros((n, j, j))
        self.final_demand = np.zeros((n, j))

    def add(self, region: int, sector: int, values: Array, columns: Columns) -> None:
        """Add what one maker sells: ``region`` and ``sector`` are places in the source."""
        n, j = len(self.regions.labels), len(self.sectors.labels)
        i, s = self.regions.place[region], self.sectors.place[sector]
        used, bought = columns.use >= 0, columns.final >= 0
        use = np.bincount(columns.use[used], values[used], minlength=n * j).reshape(n, j)
        final = np.bincount(columns.final[bought], values[bought], minlength=n)
        self.trade[s, :, i] += use.sum(axis=1) + final
        self.io[:, s, :] += use
        self.final_demand[:, s] += final

    def table(self, labels: Labels) -> WorldTable:
        """Return the table; value added is output less inputs, duties are not in the source."""
        output = self.trade.sum(axis=1).T
        told = Origin(labels.source.id, labels.source.status, labels.year)
        computed = told.no_better_than("derived")
        arrays = {"trade": self.trade, "io": self.io, "final_demand": self.final_demand}
        return WorldTable(
            name=labels.name,
            title=labels.title,
            year=labels.year,
            unit=labels.unit,
            regions=self.regions.labels,
            sectors=self.sectors.labels,
            trade=self.trade,
            io=self.io,
            value_added=output - self.io.sum(axis=1),
            final_demand=self.final_demand,
            tariff=np.zeros_like(self.trade),
            theta=theta_of(self.sectors.labels, labels.theta),
            sources=(labels.source,),
            assumptions=(*labels.assumptions, *STATED),
            not_modelled=NOT_MODELLED,
            origins={
                **{name: Origins.of_all(told, x.shape) for name, x in arrays.items()},
                "value_added": Origins.of_all(computed, output.shape),
                "tariff": Origins.of_none(self.trade.shape),
            },
        )


STATED = ("value added is output less inputs: taxes less subsidies on inputs are in it",)
NOT_MODELLED = (
    ("duties in force in the year of the table", "its source does not have them: they count as 0"),
)


def theta_of(sectors: Sequence[str], theta: Mapping[str, float]) -> Array:
    """Return trade elasticities in the order of sectors; ``*`` stands for all without their own.

    A sector without any is NaN, which the checks of a table refuse by name.
    """
    every = theta.get("*", float("nan"))
    return np.array([theta.get(sector, every) for sector in sectors])
