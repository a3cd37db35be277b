"""What a deal does to one lane, as fractions of the price at the exporter's border."""

from __future__ import annotations

from dataclasses import dataclass, replace

from accord.market import Lane
from accord.market.landed_cost import border_price, landed_cost

# Rents below this part of the price are rounding of a limit that does not bind.
NO_RENT = 1e-9


@dataclass(frozen=True, slots=True)
class LaneSide:
    """A lane in a solved market, before a deal or after.

    ``lane``   the lane with its wedges
    ``value``  USD a year at the exporter's border;  ``price`` USD per tonne at the maker's gate
    ``tracer_share``  part of the exporter's supply that a duty by origin falls on
    ``rent``   USD per tonne that limits add to the landed cost; negative for a rebate
    ``rent_to``  regions that hold the limits' rents; ``None`` among them where nobody does
    """

    lane: Lane
    value: float
    price: float
    tracer_share: float = 0.0
    rent: float = 0.0
    rent_to: tuple[str | None, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether trade may pass at all."""
        return self.lane.is_open

    @property
    def duty(self) -> float:
        """Import duties as a fraction of the price at the exporter's border."""
        taxed = landed_cost(self.lane, self.price, self.tracer_share)
        free = _without_import_wedges(self.lane)
        return (taxed - landed_cost(free, self.price, self.tracer_share)) / self._border

    @property
    def export_tax(self) -> float:
        """Export taxes as a fraction of the price at the maker's gate."""
        return self._border / self.price - 1.0

    @property
    def other(self) -> float:
        """Taxes and subsidies on use as a fraction of the price at the exporter's border."""
        free = tuple(w for w in self.lane.wedges if w.side not in {"use", "output"})
        bare = replace(self.lane, wedges=free)
        now = landed_cost(self.lane, self.price, self.tracer_share)
        return (now - landed_cost(bare, self.price, self.tracer_share)) / self._border

    @property
    def rent_rate(self) -> float:
        """The limits' rent as a fraction of the price at the exporter's border."""
        rate = self.rent / self._border
        return rate if abs(rate) > NO_RENT else 0.0

    def with_export_taxes_of(self, other: LaneSide) -> LaneSide:
        """Return this side as if its export taxes were those of another."""
        own = tuple(w for w in self.lane.wedges if w.side != "export")
        theirs = tuple(w for w in other.lane.wedges if w.side == "export")
        return replace(self, lane=replace(self.lane, wedges=(*theirs, *own)))

    @property
    def _border(self) -> float:
        return border_price(self.lane, self.price)


@dataclass(frozen=True, slots=True)
class LaneChange:
    """A lane before and after a deal, under the codes of its market.

    ``origin`` and ``destination`` are the codes of the lane's two ends, each with those of its
    members after it. Rates of both sides are of the prices before, so that a price that moves is no
    change of law.
    """

    good: str
    origin: tuple[str, ...]
    destination: tuple[str, ...]
    before: LaneSide
    after: LaneSide

    @property
    def name(self) -> str:
        """The lane in words."""
        lane = self.after.lane
        return f"{self.good} {lane.origin}→{lane.destination}"


def _without_import_wedges(lane: Lane) -> Lane:
    return replace(lane, wedges=tuple(w for w in lane.wedges if w.side != "import"))
