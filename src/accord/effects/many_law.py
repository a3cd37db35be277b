"""What the law of a market takes of a tonne on its lanes, for any number of draws at once.

The law is the same for all draws; prices, flows and freight may differ. ``charges`` says the same
of one lane, piece by piece (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.effects.columns import Entry, Key
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector
from accord.equilibrium.groups import Groups
from accord.equilibrium.levies import Levies
from accord.equilibrium.state import bin_sum
from accord.market import Lane, Market, Wedge
from accord.market.landed_cost import wedge_rate


@dataclass(frozen=True, eq=False)
class LaneLaw:
    """Duties, taxes and subsidies in force on the lanes of a market, over its universe's lanes.

    The customs value of a tonne is ``customs_slope``·price + ``customs_fixed``, with freight where
    ``on_freight`` (L,). Levy k lies on lane ``levies.lane[k]``; see ``Levies``.
    """

    market: Market
    base: Arrays

    # ------------------------------------------------------------------ lanes

    @cached_property
    def _own(self) -> tuple[tuple[Lane, ...], NDArray[np.bool_]]:
        return self.base.universe.own_lanes(self.market)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The market's own lanes, in the universe's order; the universe's where it has none."""
        return self._own[0]

    @cached_property
    def taxed(self) -> Flags:
        """Whether the law has, or had until it was set aside, a wedge on the lane (L,)."""
        some = np.array([bool(lane.wedges) for lane in self.lanes], dtype=np.bool_)
        return some & self._own[1]

    @cached_property
    def traded(self) -> Flags:
        """Whether it is a lane of this market between two regions (L,)."""
        return ~self.base.lanes.home & self._own[1]

    @cached_property
    def freight(self) -> Vector:
        """Freight as the market has it, USD per tonne (L,)."""
        return np.array([lane.freight for lane in self.lanes], dtype=np.float64)

    def freight_of(self, q: Quantities) -> Matrix:
        """Return freight (1, L), or (D, L) where it is drawn: what is left of the real cost."""
        if q.lanes.real_intercept.ndim == 1:
            return self.freight[None]
        lossy, friction = self._friction
        return (q.lanes.real_intercept - friction) / (1.0 + lossy)

    @cached_property
    def _friction(self) -> tuple[Vector, Vector]:
        """What nobody receives: a fraction of freight, and USD per tonne besides (L,)."""
        nobody = self.to == -1
        count, lane = len(self.lanes), self.levies.lane[nobody]
        on_freight = (self.rate * self.freight_counts)[nobody]
        besides = (self.rate * self.base_fixed + self.specific)[nobody]
        return bin_sum(lane, on_freight, count), bin_sum(lane, besides, count)

    @cached_property
    def export_taxes(self) -> tuple[Vector, Vector]:
        """Export taxes of each lane: rate, and USD per tonne shipped (L,)."""
        rates = [wedge_rate(w) if w.side == "export" else (0.0, 0.0) for w in self.levies.wedges]
        rate, specific = self.levies.summed(np.array(rates, dtype=np.float64).reshape(-1, 2).T)
        return rate, specific

    @cached_property
    def customs_slope(self) -> Vector:
        """Customs value per USD of producer price (L,)."""
        return self.base.lanes.shipped * (1.0 + self.export_taxes[0])

    @cached_property
    def customs_fixed(self) -> Vector:
        """Customs value besides, without freight, USD per tonne (L,)."""
        return self.base.lanes.shipped * self.export_taxes[1]

    @cached_property
    def on_freight(self) -> Vector:
        """1 where freight is part of the customs value (L,): as the law on the lane, or its place.

        The basis of a duty that is set aside still counts.
        """
        basis = {code: r.customs_basis for code, r in self.market.region_by_code.items()}
        found = [basis.get(lane.destination, "fob") for lane in self.lanes]
        for i in np.flatnonzero(self.taxed).tolist():
            imports = (w.basis for w in self.lanes[i].wedges if w.side == "import")
            found[i] = next(imports, found[i])
        return np.array([x == "cif" for x in found], dtype=np.float64)

    def customs_value(self, q: Quantities, rebate: Matrix, lanes: Index | None = None) -> Matrix:
        """Return what a tonne is worth to customs, less sellers' rebates, on some lanes or all."""
        its: Index | slice = slice(None) if lanes is None else lanes
        value = q.price.take(self.base.lanes.node[its], axis=1)
        value *= self.customs_slope[its]
        value += (self.customs_fixed + self.on_freight * self.freight_of(q) - rebate)[:, its]
        return value

    @cached_property
    def _all_keys(self) -> list[Key]:
        names = self.base.universe.lane_keys
        return [(f"{origin}>{destination}", good) for good, origin, destination in names]

    def keys(self, lanes: Index) -> list[Key]:
        """Return the keys of some lanes' rows."""
        return [self._all_keys[i] for i in lanes.tolist()]

    # ------------------------------------------------------------------ levies

    @cached_property
    def levies(self) -> Levies:
        """Which wedge in force lies on which lane of this market."""
        every = Levies.of(self.lanes)
        own = self._own[1][every.lane]
        return Levies(every.lane[own], every.which[own], every.wedges, every.count)

    def _each(self, of: Callable[[Wedge], float]) -> Vector:
        """Return a number of each levy's wedge (k,)."""
        return np.array([of(w) for w in self.levies.wedges], dtype=np.float64)[self.levies.which]

    @cached_property
    def rate(self) -> Vector:
        """Fraction of the base (k,)."""
        return self._each(lambda w: wedge_rate(w)[0])

    @cached_property
    def specific(self) -> Vector:
        """USD per tonne delivered (k,): an export tax is paid on the tonnes shipped."""
        shipped = self.base.lanes.shipped[self.levies.lane]
        return self._each(lambda w: w.specific) * np.where(self.is_export, shipped, 1.0)

    @cached_property
    def is_export(self) -> Flags:
        """Whether a levy is on exports (k,)."""
        return self._each(lambda w: w.side == "export") > 0.0

    @cached_property
    def is_import(self) -> Flags:
        """Whether a levy is an import duty (k,)."""
        return self._each(lambda w: w.side == "import") > 0.0

    @cached_property
    def base_slope(self) -> Vector:
        """Base per USD of producer price (k,)."""
        lane = self.levies.lane
        return np.where(self.is_export, self.base.lanes.shipped[lane], self.customs_slope[lane])

    @cached_property
    def base_fixed(self) -> Vector:
        """Base besides, without freight, USD per tonne (k,)."""
        return np.where(self.is_export, 0.0, self.customs_fixed[self.levies.lane])

    @cached_property
    def freight_counts(self) -> Vector:
        """1 where freight is part of the base (k,)."""
        return self._each(lambda w: w.side != "export" and w.basis == "cif")

    @cached_property
    def rebated(self) -> Vector:
        """1 where a seller's rebate lowers the base (k,).

        A duty by the metal's origin is on the value before any rebate, as in the landed cost.
        """
        return self._each(lambda w: w.side != "export" and w.tracer is None)

    @cached_property
    def tracer(self) -> Index:
        """The tracer whose share of the metal pays (k,); −1 where all of it does."""
        number = {tracer.name: float(t) for t, tracer in enumerate(self.market.tracers)}
        found = self._each(lambda w: -1.0 if w.tracer is None else number[w.tracer])
        return found.astype(np.intp)

    @cached_property
    def _receivers(self) -> list[str]:
        named = (w.revenue_to for w in self.levies.wedges)
        return list(dict.fromkeys(x for x in named if x is not None))

    @cached_property
    def to(self) -> Index:
        """The treasury that receives (k,), numbered in ``_receivers``; −1 for nobody."""
        number = {region: float(i) for i, region in enumerate(self._receivers)}
        found = self._each(lambda w: -1.0 if w.revenue_to is None else number[w.revenue_to])
        return found.astype(np.intp)

    @cached_property
    def by_lane(self) -> Groups:
        """Import duties by lane: of the levies that are import duties, in their order."""
        return Groups.of(self.levies.lane[self.is_import], len(self.lanes))

    # ------------------------------------------------------------------ amounts

    def amounts(self, q: Quantities, rebate: Matrix) -> Matrix:
        """Return what each levy takes a year (D, k); ``rebate`` of sellers per tonne (·, L)."""
        lane = self.levies.lane
        node = self.base.lanes.node[lane]
        base: Matrix = self.base_slope * q.price.take(node, axis=1)
        base += self.base_fixed + self.freight_counts * self.freight_of(q)[:, lane]
        base -= self.rebated * rebate[:, lane]
        amount = self.rate * base + self.specific
        for k in np.flatnonzero(self.tracer >= 0).tolist():
            amount[:, k] *= q.traced_share[:, self.tracer[k], node[k]]
        return amount * q.flow.take(lane, axis=1)

    def booked(self, measure: str, amounts: Matrix) -> list[Entry]:
        """Book what levies take to the treasuries that receive it: duties, taxes or subsidies."""
        kind, sign = {
            "export_tax_revenue": (self.is_export, 1.0),
            "duty_revenue": (self.is_import, 1.0),
            "subsidy_cost": (~(self.is_export | self.is_import), -1.0),
        }[measure]
        its = np.flatnonzero(kind & (self.to >= 0))
        if not its.size:
            return []
        keys: list[Key] = [
            (self._receivers[int(to)], self.lanes[int(lane)].good)
            for to, lane in zip(self.to[its], self.levies.lane[its], strict=True)
        ]
        return [Entry(measure, keys, sign * amounts[:, its])]

    def duties(self, amounts: Matrix) -> Matrix:
        """Return the import duty that each lane pays a year (D, L)."""
        return self.by_lane.sums(amounts[:, self.is_import])

    @cached_property
    def statutory(self) -> tuple[Vector, Vector]:
        """What import duties in force ask: fraction of the customs value, USD per tonne (L,)."""
        rate = [
            (w.ad_valorem * w.content if w.side == "import" else 0.0) for w in self.levies.wedges
        ]
        usd = [(w.specific if w.side == "import" else 0.0) for w in self.levies.wedges]
        found = self.levies.summed(np.array([rate, usd], dtype=np.float64))
        return found[0], found[1]
