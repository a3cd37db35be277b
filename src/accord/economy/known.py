"""How far the numbers of a world table are known: how many of each kind have which status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from accord.economy.origins import Status, counted
from accord.economy.world import WorldTable

REST = {"io": "inputs", "value_added": "value added", "final_demand": "final demand"}


class Known(NamedTuple):
    """Numbers of one kind: how many have each status, and how many places have no figure."""

    what: str
    counts: Mapping[Status, int]
    missing: int

    @property
    def said(self) -> str:
        """The same in words."""
        told = [f"{self.what} {counted(self.counts)}"] if self.counts else []
        if self.missing:
            told.append(f"{self.missing:,} {self.what} without a figure, counted as 0")
        return "; ".join(told)


def known(table: WorldTable) -> tuple[Known, ...]:
    """Return how far every kind of number of a table is known; flows of pairs first."""
    return tuple(_known(table))


def statuses(table: WorldTable) -> dict[str, dict[str, int]]:
    """Return the same as plain values: what → status or "no figure" → how many."""
    return {
        x.what: {**x.counts, **({"no figure": x.missing} if x.missing else {})}
        for x in known(table)
    }


def _known(table: WorldTable) -> Iterator[Known]:
    across, trade, tariff = (table.across, table.origins_of("trade"), table.origins_of("tariff"))
    yield Known("pairs", trade.counts(across), trade.missing(across))
    yield Known("home sales", trade.counts(~across), trade.missing(~across))
    yield Known("duties", tariff.counts(across), tariff.missing(across))
    for array, what in REST.items():
        origins = table.origins_of(array)
        yield Known(what, origins.counts(), origins.missing())
    theta = table.origins_of("theta")
    yield Known("trade elasticities", theta.counts(), theta.missing())
