"""The share closure at many points at once: what ``ShareState`` says of one draw, of D of them.

Every quantity is an array with the draws in front, named as in ``State`` and ``ShareState`` and
meaning the same (a test holds the two together).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import ActivityArrays, Arrays, Index, Matrix, Vector
from accord.equilibrium.groups import Cells, Groups
from accord.equilibrium.stack import Stack

Tensor = NDArray[np.float64]


class _Places(NamedTuple):
    """Who is where in the markets of a stack: lanes by buyer and by node, sparse tables."""

    by_buyer: Groups
    by_node: Groups
    outputs: Cells
    inputs: Cells
    members: Cells
    made: tuple[Cells, ...]


# Chunk after chunk of an ensemble has the same base.
@lru_cache(maxsize=16)
def _places_of(base: Arrays) -> _Places:
    lanes, activities = base.lanes, base.activities
    return _Places(
        by_buyer=Groups.of(lanes.buyer, len(base.universe.buyers)),
        by_node=Groups.of(lanes.node, len(base.universe.nodes)),
        outputs=Cells.of(activities.outputs),
        inputs=Cells.of(activities.inputs),
        members=Cells.of(base.limits.member),
        made=tuple(Cells.of(table) for table in base.tracers.made),
    )


class _Choice(NamedTuple):
    """Shares of lanes (D, L), buyers' prices (D, B), and who is served (D, B)."""

    share: Matrix
    price: Matrix
    served: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ManyState:
    """D markets of one universe at D points, under the share closure.

    ``z``  the points (D, n), in the order of the unknowns (see ``State``)
    ``known_demand``  final demand (D, B) where the solve knew it better than the price, NaN
    elsewhere
    """

    stack: Stack
    z: Matrix
    known_demand: Matrix | None = None

    # ------------------------------------------------------------------ unknowns

    @property
    def count(self) -> int:
        """Number of draws D."""
        return self.stack.count

    @cached_property
    def _places(self) -> _Places:
        return _places_of(self.stack.base)

    @cached_property
    def _unknowns(self) -> list[Matrix]:
        return np.split(self.z, np.cumsum(self.stack.base.sizes), axis=1)

    @property
    def price(self) -> Matrix:
        """Producer prices (D, N)."""
        return self._unknowns[0]

    @property
    def level(self) -> Matrix:
        """Activity levels (D, A)."""
        return self._unknowns[1]

    @property
    def rent(self) -> Matrix:
        """Limit rents r (D, M)."""
        return self._unknowns[2]

    @cached_property
    def traced(self) -> Tensor:
        """Traced tonnes of each node's supply (D, T, N)."""
        tracers = self.stack.base.tracers
        if tracers.passes:
            return self._unknowns[3].reshape(self.count, tracers.count, self.price.shape[1])
        made = [cells.times(self.level) for cells in self._places.made]
        return np.stack(made, axis=1) if made else np.zeros((self.count, 0, self.price.shape[1]))

    # ------------------------------------------------------------------ makers

    @cached_property
    def supply(self) -> Matrix:
        """Tonnes made at each node (D, N)."""
        return self._places.outputs.times(self.level)

    @cached_property
    def traced_share(self) -> Tensor:
        """Traced share of each node's supply (D, T, N); 0 where nothing is made."""
        return self.traced / np.where(self.supply > 0.0, self.supply, np.inf)[:, None, :]

    @property
    def _activities(self) -> ActivityArrays:
        return self.stack.activities

    @cached_property
    def utilisation(self) -> Matrix:
        """Level over capacity of each activity (D, A); 0 where there is no capacity."""
        capacity = self._activities.capacity
        return self.level / np.where(capacity > 0.0, capacity, np.inf)

    @cached_property
    def revenue(self) -> Matrix:
        """Sales per unit of each activity net of ad valorem output taxes (D, A)."""
        return self._activities.kept * self._places.outputs.across(self.price)

    @cached_property
    def flat_cost(self) -> Matrix:
        """Cost per unit at a standstill: inputs and fixed cost (D, A)."""
        return self._places.inputs.across(self.buyer_price) + self._activities.fixed_cost

    # ------------------------------------------------------------------ what a tonne costs

    @cached_property
    def cost_slope(self) -> Matrix:
        """∂c/∂p of each lane (D, L)."""
        lanes = self.stack.lanes
        return self._with_rents_and_traces(
            lanes.slope, self.stack.limits.rent_slope, lanes.traced_slope
        )

    @cached_property
    def landed_cost(self) -> Matrix:
        """Landed cost of a tonne on each lane (D, L)."""
        lanes = self.stack.lanes
        cost = self.cost_slope * self.price.take(lanes.node, axis=1)
        cost += self._with_rents_and_traces(
            lanes.intercept, self.stack.limits.rent_intercept, lanes.traced_intercept
        )
        return cost

    def _with_rents_and_traces(self, plain: Matrix, per_rent: Tensor, traced: Tensor) -> Matrix:
        """Add to (…, L) what rents (…, M, L) and traced shares (…, T, L) put on lanes: (D, L)."""
        whole = np.broadcast_to(plain, (self.count, plain.shape[-1])).copy()
        for m in np.flatnonzero(self.rent.any(axis=0)):
            its = np.flatnonzero(_anywhere(per_rent[..., m, :]))
            whole[:, its] += self.rent[:, m, None] * per_rent[..., m, its]
        for t in range(self.stack.base.tracers.count):
            its = np.flatnonzero(_anywhere(traced[..., t, :]))
            share = self.traced_share[:, t].take(self.stack.base.lanes.node[its], axis=1)
            whole[:, its] += share * traced[..., t, its]
        return whole

    # ------------------------------------------------------------------ buyers

    @cached_property
    def _choice(self) -> _Choice:
        """Σ α e^(−θc) by buyer without overflow (see ``ShareState``)."""
        lanes, buyers, by_buyer = self.stack.lanes, self.stack.buyers, self._places.by_buyer
        # One table, worked on in place: new memory would cost more than the arithmetic.
        table = -buyers.theta.take(lanes.buyer, axis=-1) * self.landed_cost
        table += lanes.log_weight
        top = by_buyer.tops(table)
        served = top > -np.inf
        level = np.where(served, top, 0.0)
        np.exp(np.subtract(table, level.take(lanes.buyer, axis=1), out=table), out=table)
        total = np.where(served, by_buyer.sums(table), 1.0)
        table /= total.take(lanes.buyer, axis=1)
        index = buyers.constant - (level + np.log(total)) / buyers.theta
        priced_out = 1e3 * np.maximum(np.abs(buyers.constant), buyers.choke)
        return _Choice(table, np.where(served, index, priced_out), served)

    @property
    def share(self) -> Matrix:
        """Share of each lane in its buyer's tonnes (D, L); 0 on closed lanes."""
        return self._choice.share

    @property
    def buyer_price(self) -> Matrix:
        """Price index P (D, B); a price that ends all demand where no lane is open."""
        return self._choice.price

    @property
    def served(self) -> NDArray[np.bool_]:
        """Whether any lane is open to the buyer (D, B)."""
        return self._choice.served

    @cached_property
    def final_use(self) -> Matrix:
        """Tonnes of final demand (D, B)."""
        buyers = self.stack.buyers
        gap = np.maximum((buyers.choke - self.buyer_price) / (buyers.choke - buyers.price), 0.0)
        by_price = buyers.quantity * gap**buyers.gamma
        if self.known_demand is None:
            return by_price
        return np.where(np.isnan(self.known_demand), by_price, self.known_demand)

    @cached_property
    def use(self) -> Matrix:
        """Tonnes used by each buyer, final and as inputs (D, B)."""
        return self.final_use + self._places.inputs.times(self.level)

    # ------------------------------------------------------------------ flows

    @cached_property
    def flow(self) -> Matrix:
        """Tonnes delivered on each lane (D, L)."""
        return self.share * self.use.take(self.stack.base.lanes.buyer, axis=1)

    @cached_property
    def shipped(self) -> Matrix:
        """Tonnes leaving each node (D, N), losses on the way included."""
        return self._places.by_node.sums(self.flow * self.stack.base.lanes.shipped)

    @cached_property
    def counted_flow(self) -> Matrix:
        """Tonnes that each limit counts (D, M)."""
        return self._places.members.times(self.flow)

    @cached_property
    def bound(self) -> Matrix:
        """Each limit's bound in tonnes (D, M), with what grows it."""
        limits, base = self.stack.limits, self.stack.base.limits
        bound: Matrix = limits.bound + np.matmul(limits.grows, self.level[:, :, None])[:, :, 0]
        for m in np.flatnonzero(base.clean_node >= 0):
            node, tracer = base.clean_node[m], base.clean_tracer[m]
            bound[:, m] += self.supply[:, node] - self.traced[:, tracer, node]
        return bound


def _anywhere(values: Matrix | Vector) -> Index:
    """Return where (…, L) is not 0 in any draw (L,)."""
    return (values != 0.0).any(axis=0) if values.ndim > 1 else values != 0.0
