"""Why a tonne costs more in a region than the world quotes: a premium, piece by piece.

    premium = buyer price − quote
            = freight + duties + other taxes + rents + what home and foreign makers get above the
              quote + what matching costs

Each piece is the mean over the tonnes that arrive; they add up to the premium exactly. Makers get
more than the quote where metal is scarce: behind a duty that others pay, a quota, a long way.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from accord.effects.charges import Charges, OnLane, charges_on, limits_by_lane, statutory_wedges
from accord.equilibrium import Equilibrium
from accord.equilibrium.arrays import customs_base
from accord.market import LaneKey


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a premium, USD per tonne of all that arrives; see ``Charges``.

    ``home_makers``, ``foreign_makers``  what they get at their border above the quote, each
    weighted by its part of what arrives;  ``other_taxes`` on use, and wedges nobody receives;
    ``matching``  the cost of supply that differs by origin (conventions C39)
    """

    freight: float
    duty: float
    limit_rent: float
    other_taxes: float
    home_makers: float
    foreign_makers: float
    matching: float

    @property
    def total(self) -> float:
        """Their sum."""
        return sum(float(getattr(self, piece.name)) for piece in fields(self))


@dataclass(frozen=True)
class Premium:
    """A region's premium over a quoted world price (USD per tonne).

    ``statutory_duty``  what the law in force would take of a tonne of the same imports if no
    quota or origin share lowered it, spread over all that arrives: the gap to ``pieces.duty`` is
    what quotas leave to others
    """

    region: str
    good: str
    quote: str
    buyer_price: float
    hub_price: float
    pieces: Pieces
    statutory_duty: float

    @property
    def premium(self) -> float:
        """Buyer price less quote."""
        return self.buyer_price - self.hub_price


@dataclass(frozen=True, slots=True)
class Arrival:
    """Tonnes that arrive on a lane, and what each of them costs, piece by piece."""

    index: int
    key: LaneKey
    tonnes: float
    charges: Charges

    @property
    def is_home(self) -> bool:
        """Whether it comes from the region itself."""
        return self.key.origin == self.key.destination


def arrivals(eq: Equilibrium, region: str, good: str) -> tuple[Arrival, ...]:
    """Return every lane that ends at a region's buyers of a good, those without a flow too."""
    limits = limits_by_lane(eq)
    buyer = eq.universe.buyer_index[good, region]
    lanes = np.flatnonzero(eq.state.arrays.lanes.buyer == buyer).tolist()
    return tuple(
        Arrival(
            index=i,
            key=eq.universe.lanes[i].key,
            tonnes=float(eq.state.flow[i]),
            charges=charges_on(eq, i, limits.get(i, [])),
        )
        for i in lanes
    )


def premium(eq: Equilibrium, region: str, good: str | None = None) -> Premium | None:
    """Return a region's premium over the quote of a good, the first that is quoted by default.

    ``None`` where the good has no quote or nobody there buys it: then there is no premium (C16).
    """
    hub = next((h for h in eq.market.hubs if good in (None, h.good)), None)
    if hub is None or (hub.good, region) not in eq.universe.buyer_index:
        return None
    good = hub.good
    price, quoted = eq.buyer_price(good, region), eq.hub_price[good]
    if price is None or quoted is None:
        return None
    found = [a for a in arrivals(eq, region, good) if a.tonnes > 0.0]
    return Premium(
        region=region,
        good=good,
        quote=hub.quote,
        buyer_price=price,
        hub_price=quoted,
        pieces=_pieces(found, price, quoted),
        statutory_duty=_statutory(eq, found),
    )


def premia(eq: Equilibrium, good: str) -> tuple[Premium, ...]:
    """Return the premium of every region that buys a good, in the market's order."""
    found = (premium(eq, region, good) for region in eq.universe.regions)
    return tuple(p for p in found if p is not None)


def _pieces(found: list[Arrival], price: float, quoted: float) -> Pieces:
    total = sum(a.tonnes for a in found)
    share = [a.tonnes / total for a in found]

    def mean(values: list[float]) -> float:
        return sum(s * v for s, v in zip(share, values, strict=True))

    landed = mean([a.charges.landed for a in found])
    return Pieces(
        freight=mean([a.charges.freight for a in found]),
        duty=mean([a.charges.duty for a in found]),
        limit_rent=mean([a.charges.rent for a in found]),
        other_taxes=mean([a.charges.use_tax + a.charges.friction for a in found]),
        home_makers=mean([a.charges.border - quoted if a.is_home else 0.0 for a in found]),
        foreign_makers=mean([0.0 if a.is_home else a.charges.border - quoted for a in found]),
        matching=price - landed,
    )


def _statutory(eq: Equilibrium, found: list[Arrival]) -> float:
    """Return the duty at the full rates of the law, USD per tonne of all that arrives."""
    limits = limits_by_lane(eq)
    total = sum(a.tonnes for a in found)
    due = sum(a.tonnes * _full_duty(eq, a, limits.get(a.index, [])) for a in found)
    return due / total


def _full_duty(eq: Equilibrium, a: Arrival, limits: list[OnLane]) -> float:
    lane = eq.market.lane_by_key.get(a.key, eq.universe.lanes[a.index])
    due = 0.0
    for wedge in statutory_wedges(lane, limits):
        slope, intercept = customs_base(lane, wedge)
        value = slope * a.charges.gate + intercept
        due += wedge.specific + wedge.ad_valorem * wedge.content * value
    return due
