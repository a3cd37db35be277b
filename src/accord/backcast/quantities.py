"""What a back-cast predicts: each observed quantity read off a state of the market.

Prices of the model are in dollars of the base year; an observation is in those of its own year.
Multiplying by the deflator turns the first into the second: a change of unit, no forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from accord.backcast.evidence import Evidence, Observed
from accord.equilibrium import Equilibrium
from accord.market import LaneKey, Market
from accord.years import YearEquilibrium

IMPORTER, EXPORTER, UNION = "USA", "RUS", "EUN"
SMELTER = "smelter"
WORLD = "WORLD"


class Measured(Protocol):
    """What a state of a market has to tell; prices in dollars of the base year."""

    def imports(self, destination: str) -> Mapping[str, float]:
        """Return tonnes by origin that arrive in a region from others."""
        ...

    def exports(self, origin: str) -> Mapping[str, float]:
        """Return tonnes by destination that a region sends to others."""
        ...

    @property
    def hub(self) -> float:
        """The quoted world price."""
        ...

    @property
    def price(self) -> float:
        """What buyers in the importing country pay."""
        ...

    def output(self, kind: str, region: str) -> float:
        """Return tonnes that activities of a kind make in a region."""
        ...


@dataclass(frozen=True)
class FromModel:
    """A solved state. ``market`` names the lanes and activities; ``good`` is the quoted one."""

    market: Market
    good: str
    solved: Equilibrium | YearEquilibrium

    def imports(self, destination: str) -> dict[str, float]:
        """Return tonnes by origin that arrive in a region from others."""
        keys = [k for k in self._lanes() if k.destination == destination]
        return {k.origin: self.solved.flow(*k) for k in keys}

    def exports(self, origin: str) -> dict[str, float]:
        """Return tonnes by destination that a region sends to others."""
        keys = [k for k in self._lanes() if k.origin == origin]
        return {k.destination: self.solved.flow(*k) for k in keys}

    def _lanes(self) -> list[LaneKey]:
        keys = (lane.key for lane in self.market.lanes if lane.good == self.good)
        return [key for key in keys if key.origin != key.destination]

    @property
    def hub(self) -> float:
        """The quoted world price."""
        return self.solved.hub_price[self.good] or 0.0

    @property
    def price(self) -> float:
        """What buyers in the importing country pay."""
        return self.solved.buyer_price(self.good, IMPORTER) or 0.0

    def output(self, kind: str, region: str) -> float:
        """Return tonnes that activities of a kind make in a region."""
        return sum(
            self.solved.output(a.name) * a.outputs[0][1]
            for a in self.market.activities
            if (a.kind, a.region) == (kind, region)
        )


def read(row: Observed, state: Measured, evidence: Evidence) -> float | None:
    """Return what a state says of an observed quantity; ``None`` where it has no value."""
    if row.quantity in ("hub_price", "us_premium"):
        price = state.hub if row.quantity == "hub_price" else state.price - state.hub
        return price * evidence.deflator[row.year]
    if row.quantity == "us_import_share":
        share = _share(state.imports(IMPORTER), evidence.region(row.region))
        return None if share is None else share * evidence.within(row.region)
    if row.quantity == "eu_import_share":
        return _share(state.imports(UNION), row.region)
    return _tonnes(row, state)


def _tonnes(row: Observed, state: Measured) -> float | None:
    if row.quantity == "us_imports":
        return sum(state.imports(IMPORTER).values())
    if row.quantity == "us_output":
        return state.output(SMELTER, IMPORTER)
    sent = state.exports(EXPORTER)
    return sum(sent.values()) if row.region == WORLD else sent.get(row.region)


def _share(imports: Mapping[str, float], origin: str) -> float | None:
    total = sum(imports.values())
    return imports.get(origin, 0.0) / total if total > 0.0 else None
