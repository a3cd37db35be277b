"""What limits on lanes bring and take, for any number of draws at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accord.effects.columns import Entry, Key
from accord.effects.many_law import LaneLaw
from accord.effects.quantities import Quantities
from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.market import Limit


@dataclass(frozen=True, eq=False)
class Binding:
    """A limit in force: its number, the lanes it counts (k,), the draws' share beyond it (D,)."""

    m: int
    limit: Limit
    lanes: Index
    beyond: Vector

    def per_tonne(self, q: Quantities, rent: Vector | float) -> Matrix:
        """Return what a rent (D,) adds to the cost of a tonne on its lanes (D, k)."""
        price = q.price.take(q.base.lanes.node[self.lanes], axis=1)
        slope = q.limits.rent_slope[..., self.m, self.lanes]
        each = slope * price + q.limits.rent_intercept[..., self.m, self.lanes]
        return each * np.reshape(rent, (-1, 1))

    def over_quota(self, q: Quantities) -> Matrix:
        """Return the extra duty paid beyond a tariff-rate quota on its lanes (D, k)."""
        return self.per_tonne(q, 1.0) * self.beyond[:, None] * q.flow.take(self.lanes, axis=1)

    def rents(self, q: Quantities) -> Matrix:
        """Return the rent earned on its lanes a year (D, k).

        The payer of a minimum is debited the rebate itself, not the duty it saves.
        """
        rent = q.rent[:, self.m]
        if self.limit.sense == "at_most":
            each = self.per_tonne(q, rent)
        else:
            each = np.broadcast_to(-rent[:, None], (q.count, len(self.lanes)))
        within = 1.0 - self.beyond[:, None] if self.limit.over is not None else 1.0
        return each * within * q.flow.take(self.lanes, axis=1)


def in_force(q: Quantities) -> list[Binding]:
    """Return the limits in force that count any lane."""
    found: list[Binding] = []
    limits = q.base.limits
    for m, limit in enumerate(q.base.universe.limits):
        its = np.flatnonzero(limits.member[m])
        if limits.active[m] and its.size:
            found.append(Binding(m, limit, its, _share_beyond(q, m)))
    return found


def _share_beyond(q: Quantities, m: int) -> Vector:
    """Return the share of the flow that limit m counts which is beyond its bound (D,)."""
    counted, bound = q.counted_flow[:, m], q.bound[:, m]
    beyond = np.maximum(counted - np.maximum(bound, 0.0), 0.0)
    return beyond / np.where(counted > 0.0, counted, np.inf)


def rebates(q: Quantities, limits: list[Binding]) -> Matrix:
    """Return by how much sellers' rebates lower the customs value of a tonne (D or 1, L)."""
    lowering = [x for x in limits if x.limit.lowers_customs_value and x.limit.sense == "at_least"]
    whole = np.zeros((q.count if lowering else 1, len(q.base.universe.lanes)))
    for x in lowering:
        whole[:, x.lanes] += q.rent[:, x.m, None]
    return whole


def over_quotas(
    q: Quantities, law: LaneLaw, limits: list[Binding]
) -> Iterator[tuple[Binding, Index, Matrix]]:
    """Yield tariff-rate quotas, the lanes of this market among theirs, what is paid (D, k)."""
    for x in limits:
        if x.limit.over is not None:
            own = np.flatnonzero((law.traded | law.taxed)[x.lanes])
            yield x, x.lanes[own], x.over_quota(q)[:, own]


def book_over_quota(
    q: Quantities, law: LaneLaw, limits: list[Binding]
) -> tuple[list[Entry], list[tuple[Index, Matrix]]]:
    """Return over-quota duties: as booked to treasuries, and by lane."""
    entries: list[Entry] = []
    paid: list[tuple[Index, Matrix]] = []
    for x, lanes, amounts in over_quotas(q, law, limits):
        paid.append((lanes, amounts))
        to = x.limit.over.revenue_to if x.limit.over is not None else None
        some = np.flatnonzero(amounts.any(axis=0))
        if to is not None and some.size:
            keys = [(to, law.lanes[int(i)].good) for i in lanes[some]]
            entries.append(Entry("duty_revenue", keys, amounts[:, some]))
    return entries, paid


def book_rents(q: Quantities, limits: list[Binding]) -> tuple[list[Entry], Vector]:
    """Book limits' rents to who earns or pays them; return what nobody earns as well (D,)."""
    entries: list[Entry] = []
    dissipated = np.zeros(q.count)
    lanes = q.base.universe.lanes
    for x in limits:
        if not q.rent[:, x.m].any():
            continue
        amounts = x.rents(q)
        if x.limit.rent_to is None:
            dissipated += amounts.sum(axis=1)
        else:
            keys: list[Key] = [(x.limit.rent_to, lanes[int(i)].good) for i in x.lanes]
            entries.append(Entry("limit_rent", keys, amounts))
    return entries, dissipated
