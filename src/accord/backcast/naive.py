"""Two forecasts that need no model, to be beaten.

Nothing changes: shares, tonnes and prices (in dollars of the base year) stay those of the base
year; a lane that the law closes keeps its share. One base for all years, so that no forecast knows
more than another; "as last year" would need figures that mostly do not exist.

Full pass-through: exporters' prices and every other country stay as they were, and US buyers pay
each duty in full. A lane's landed cost rises by its duty, a closed lane sends nothing; buyers
choose among origins and buy less by the same elasticities as the model's (medians). The premium
rises by the duty that the median origin pays. Quotas do not bind.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from accord.backcast.evidence import Observed
from accord.backcast.quantities import IMPORTER, FromModel
from accord.backcast.replay import Replay
from accord.equilibrium import Equilibrium
from accord.market import FinalDemand, Lane, LaneKey, Market
from accord.market.landed_cost import landed_cost


@dataclass(frozen=True)
class PassedThrough:
    """The base year with duties paid in full, as days of several laws (share, market)."""

    solved: Equilibrium
    base: FromModel
    laws: tuple[tuple[float, Market], ...]

    @cached_property
    def _added(self) -> tuple[tuple[float, dict[LaneKey, float | None]], ...]:
        """Added cost by lane into the importer under each law, USD/t; ``None``: closed."""
        return tuple((share, self._costs(market)) for share, market in self.laws)

    def _costs(self, market: Market) -> dict[LaneKey, float | None]:
        found: dict[LaneKey, float | None] = {}
        for key, old in self.solved.market.lane_by_key.items():
            if key.good != self.base.good or key.destination != IMPORTER:
                continue
            new = market.lane_by_key[key]
            price = self.solved.producer_price(key.good, key.origin)
            if price is None or not old.is_open:
                continue
            found[key] = _cost(new, price) - _cost(old, price) if new.is_open else None
        return found

    def imports(self, destination: str) -> Mapping[str, float]:
        """Return tonnes by origin that arrive in a region from others."""
        old = self.base.imports(destination)
        if destination != IMPORTER:
            return old
        total = dict.fromkeys(old, 0.0)
        for share, added in self._added:
            for origin, tonnes in self._bought(added).items():
                total[origin] += share * tonnes
        return total

    def _bought(self, added: Mapping[LaneKey, float | None]) -> dict[str, float]:
        """Return imports by origin under one law."""
        good = self.base.good
        theta = next(
            b.theta for b in self.solved.market.buyers if (b.good, b.region) == (good, IMPORTER)
        )
        flow = {key: self.solved.flow(*key) for key in added}
        use = sum(flow.values())
        terms = {
            key: x / use * (0.0 if (c := added[key]) is None else math.exp(-theta * c))
            for key, x in flow.items()
        }
        total = sum(terms.values())
        rise = -math.log(total) / theta
        kept = self._demand(self.base.price + rise) / self._demand(self.base.price)
        return {
            key.origin: use * kept * term / total
            for key, term in terms.items()
            if key.origin != IMPORTER
        }

    def _demand(self, price: float) -> float:
        good = self.base.good
        found = next(
            d for d in self.solved.market.demands if (d.good, d.region) == (good, IMPORTER)
        )
        return _bought_at(found, price)

    def exports(self, origin: str) -> Mapping[str, float]:
        """Return tonnes by destination that a region sends to others."""
        return {**self.base.exports(origin), IMPORTER: self.imports(IMPORTER).get(origin, 0.0)}

    @property
    def hub(self) -> float:
        """The quoted world price: as in the base year."""
        return self.base.hub

    @property
    def price(self) -> float:
        """US buyers' price: the base year's and the duty of the median origin that may send."""
        rise = 0.0
        for share, added in self._added:
            duties = [c for key, c in added.items() if key.origin != IMPORTER and c is not None]
            rise += share * median(duties)
        return self.base.price + rise

    def output(self, kind: str, region: str) -> float:
        """Return tonnes made: as in the base year."""
        return self.base.output(kind, region)


def _cost(lane: Lane, price: float) -> float:
    return landed_cost(lane, price)


def _bought_at(demand: FinalDemand, price: float) -> float:
    """Return D(P) (see ``FinalDemand``)."""
    slack = demand.choke - demand.price
    power = demand.elasticity * slack / demand.price
    return demand.quantity * (max(demand.choke - price, 0.0) / slack) ** power


def passed_through(replay: Replay, row: Observed) -> PassedThrough:
    """Return the full pass-through forecast for an observation."""
    parts = replay.years[row.year].parts
    if row.day is not None:
        parts = tuple(p for p in parts if p.regime.starts <= _day(row) <= p.regime.ends)
    total = sum(p.regime.share for p in parts)
    laws = tuple((p.regime.share / total, p.equilibrium.market) for p in parts)
    return PassedThrough(replay.world.base, replay.at_base, laws)


def _day(row: Observed) -> date:
    return row.day or date(row.year, 7, 1)
