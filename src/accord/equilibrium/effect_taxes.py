"""The taxes on every lane, gathered by what they are levied on: what derivatives by them need.

A tonne delivered leaves its exporter's border at V = (p(1 + τ_x) + t_x)/(1 − loss). Import duties
and taxes on use are levied on V (FOB) or on V + freight (CIF), each less the rebates that lower
the customs value; what follows the metal's origin is charged on the traced share of V.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.levies import Levies
from accord.equilibrium.state import State, bin_sum
from accord.equilibrium.universe import limits_by_key
from accord.market import Lane, Limit, Market, Wedge

# Rows of the table that wedges are added up in.
EXPORT_RATE, EXPORT_SPECIFIC, FOB, CIF, SPECIFIC = range(5)


@dataclass(frozen=True)
class Rates:
    """Sums of the wedges on each lane (L,); those that follow a tracer apart (T, L).

    ``export_rate`` of the producer price; ``export_specific`` USD per tonne shipped; ``fob`` and
    ``cif`` of either customs value; ``specific`` USD per tonne delivered.
    """

    export_rate: Vector
    export_specific: Vector
    fob: Vector
    cif: Vector
    specific: Vector
    traced_fob: Matrix
    traced_cif: Matrix
    traced_specific: Matrix

    @staticmethod
    def of(market: Market, levies: Levies) -> Rates:
        """Add up wedges on a market's lanes."""
        number = {tracer.name: t + 1 for t, tracer in enumerate(market.tracers)}
        kinds = len(number) + 1
        values = np.zeros((5 * kinds, len(levies.wedges)))
        for k, wedge in enumerate(levies.wedges):
            if wedge.in_force:
                t = 0 if wedge.tracer is None else number[wedge.tracer]
                rate, specific = _rows(wedge)
                values[rate * kinds + t, k] = wedge.ad_valorem * wedge.content
                values[specific * kinds + t, k] = wedge.specific
        table = levies.summed(values).reshape(5, kinds, levies.count)
        plain, traced = table[:, 0], table[:, 1:]
        return Rates(
            export_rate=plain[EXPORT_RATE],
            export_specific=plain[EXPORT_SPECIFIC],
            fob=plain[FOB],
            cif=plain[CIF],
            specific=plain[SPECIFIC],
            traced_fob=traced[FOB],
            traced_cif=traced[CIF],
            traced_specific=traced[SPECIFIC],
        )

    def on_value(self, share: Matrix) -> Vector:
        """Return all rates on the exporter's border value (L,), given traced shares (T, L)."""
        traced = self.traced_fob + self.traced_cif
        return self.fob + self.cif + _summed(share, traced)

    def on_freight(self, share: Matrix) -> Vector:
        """Return all rates on freight (L,)."""
        return self.cif + _summed(share, self.traced_cif)


def _rows(wedge: Wedge) -> tuple[int, int]:
    if wedge.side == "export":
        return EXPORT_RATE, EXPORT_SPECIFIC
    return (FOB if wedge.basis == "fob" else CIF), SPECIFIC


def _summed(share: Matrix, rates: Matrix) -> Vector:
    count = min(len(share), len(rates))
    return np.einsum("tl,tl->l", share[:count], rates[:count])


@dataclass(frozen=True)
class Taxes:
    """Everything on a market's lanes that is levied on a value.

    ``per_delivered`` tonnes shipped per tonne delivered and ``freight`` (L,); ``values_freight``
    1 where the importer's law values freight too (L,); ``rates`` of all wedges;
    ``over_rate``, ``over_cif``, ``over_specific`` duty beyond each tariff-rate quota (M,), ``over``
    1 where a limit is one (M,); ``lowers`` 1 where a minimum's rebate lowers the value (M,);
    ``member`` (M, L) which lanes a limit counts.
    """

    per_delivered: Vector
    freight: Vector
    values_freight: Vector
    rates: Rates
    over: Vector
    over_rate: Vector
    over_content: Vector
    over_cif: Vector
    lowers: Vector
    member: Matrix

    @staticmethod
    def of(market: Market, arrays: Arrays, levies: Levies | None = None) -> Taxes:
        """Gather the taxes of a market in the order of its arrays; ``levies`` where known."""
        lanes = own_lanes(market, arrays)
        by_code = market.region_by_code
        basis = [float(by_code[b.region].customs_basis == "cif") for b in arrays.universe.buyers]
        limits = own_limits(market, arrays)
        over = [x.over for x in limits]
        return Taxes(
            per_delivered=arrays.lanes.shipped,
            freight=np.array([x.freight for x in lanes]),
            values_freight=np.array(basis)[arrays.lanes.buyer],
            rates=Rates.of(market, levies or Levies.of(lanes)),
            over=np.array([float(w is not None) for w in over]),
            over_rate=np.array([0.0 if w is None else w.ad_valorem * w.content for w in over]),
            over_content=np.array([0.0 if w is None else w.content for w in over]),
            over_cif=np.array([float(w is not None and w.basis == "cif") for w in over]),
            lowers=np.array([float(_lowers(x)) for x in limits]),
            member=arrays.limits.member,
        )

    def at_border(self, state: State) -> Vector:
        """Return what a tonne delivered is worth at the exporter's border (L,)."""
        price = state.price[state.arrays.lanes.node]
        rates = self.rates
        return self.per_delivered * ((1.0 + rates.export_rate) * price + rates.export_specific)

    def customs_value(self, state: State) -> Vector:
        """Return what the importer's law levies a new duty on, per tonne on each lane (L,)."""
        value = self.at_border(state) + self.values_freight * self.freight
        return value - self.rebate(state)

    def rebate(self, state: State) -> Vector:
        """Return by how much rebates lower the customs value of a tonne (L,)."""
        return (state.rent * self.lowers) @ self.member

    def over_quota(self, state: State, flow: Vector) -> Vector:
        """Return the value that the duty beyond each quota is levied on, of flows (L,): (M,)."""
        base = self.member @ (self.at_border(state) * flow)
        return self.over * (base + self.over_cif * (self.member @ (self.freight * flow)))

    def on_value(self, state: State) -> Vector:
        """Return all rates on the border value, rents of tariff-rate quotas among them (L,)."""
        return self.rates.on_value(shares(state)) + (state.rent * self.over_rate) @ self.member

    def on_freight(self, state: State) -> Vector:
        """Return all rates on freight, rents of tariff-rate quotas among them (L,)."""
        over = (state.rent * self.over_rate * self.over_cif) @ self.member
        return self.rates.on_freight(shares(state)) + over


def _lowers(limit: Limit) -> bool:
    return limit.sense == "at_least" and limit.lowers_customs_value


def shares(state: State) -> Matrix:
    """Return the traced share of what each lane carries (T, L)."""
    return state.traced_share[:, state.arrays.lanes.node]


def own_lanes(market: Market, arrays: Arrays) -> tuple[Lane, ...]:
    """Return a market's lanes in the order of its arrays."""
    return arrays.universe.own_lanes(market)[0]


def own_limits(market: Market, arrays: Arrays) -> tuple[Limit, ...]:
    """Return a market's limits in the order of its arrays."""
    names = arrays.universe
    known = {key: x for key, x in limits_by_key(market).items() if x.in_force}
    return tuple(known.get(k, x) for k, x in zip(names.limit_keys, names.limits, strict=True))


def by_buyer(state: State, values: Vector) -> Vector:
    """Sum lane values by buyer (B,)."""
    return bin_sum(state.arrays.lanes.buyer, values, len(state.arrays.buyers.theta))


def by_node(state: State, values: Vector) -> Vector:
    """Sum lane values by node (N,)."""
    return bin_sum(state.arrays.lanes.node, values, len(state.price))
