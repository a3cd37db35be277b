"""What many markets of one universe share: where lanes, nodes, buyers and activities have places.

Lanes stand in an order of their own, those of a buyer one after the other, so that a buyer's shares
add up in one sweep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index
from accord.equilibrium.many_sums import Sums
from accord.equilibrium.stack import Stack
from accord.equilibrium.tables import Layout, layout_of

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """What all draws of a stack share: places, who makes and takes what, who sums with whom.

    ``makes`` (G·N, A), ``needs`` (G·B, A)  outputs and inputs of activities, by place
    ``made``   traced tonnes an activity makes at the node of every traced share (S, A)
    ``nodes``  places of these nodes (S,)
    """

    layout: Layout
    makes: Array
    needs: Array
    made: Array
    nodes: Index

    @property
    def arrays(self) -> Arrays:
        """The market whose sizes and numbering these are."""
        return self.layout.arrays

    @cached_property
    def size(self) -> tuple[int, int, int]:
        """Goods, origins and destinations a good."""
        return self.layout.size

    @cached_property
    def order(self) -> Index:
        """The lanes (L,), those of a buyer one after the other, each by node."""
        node = self.layout.lane // self.size[2]
        return np.lexsort((node, self.layout.buyer_of(self.layout.lane)))

    @cached_property
    def lane(self) -> Index:
        """Places of lanes in the tables, in that order (L,)."""
        return self.layout.lane[self.order]

    @cached_property
    def lane_node(self) -> Index:
        """Places of lanes' nodes (L,)."""
        return self.lane // self.size[2]

    @cached_property
    def lane_buyer(self) -> Index:
        """Places of lanes' buyers (L,)."""
        return self.layout.buyer_of(self.lane)

    @cached_property
    def number(self) -> Index:
        """Where the lane of a place in the tables stands in that order (G·N·B,)."""
        goods, n, b = self.size
        number = np.zeros(goods * n * b, dtype=np.intp)
        number[self.lane] = np.arange(len(self.lane))
        return number

    @cached_property
    def shipped(self) -> Array:
        """Tonnes that leave for a tonne that arrives, in that order (L,)."""
        return self.layout.shipped.reshape(-1)[self.lane]

    @cached_property
    def _by_buyer(self) -> Sums:
        return Sums.of(self.lane_buyer)

    @cached_property
    def _by_node(self) -> Sums:
        return Sums.of(self.lane_node)

    @cached_property
    def _full(self) -> tuple[int, int, int] | None:
        """Goods, destinations, origins where there is a lane for every pair of these."""
        goods, n, b = self.size
        return (goods, b, n) if len(self.lane) == goods * n * b else None

    # Where tables are full, lanes in their order are one, and what belongs to nodes and buyers is
    # spread over it as it is needed, not gathered lane by lane.

    def open(self, values: Array) -> Array:
        """Return values of lanes (D, L) as (D, G, B, N) where tables are full, else as they are."""
        return values if self._full is None else values.reshape(-1, *self._full)

    def table(self, values: Array) -> Array:
        """Lay values of lanes (D, L) out as (D, G, N, B)."""
        if self._full is not None:
            return np.ascontiguousarray(values.reshape(-1, *self._full).transpose(0, 1, 3, 2))
        whole = np.zeros((len(values), math.prod(self.size)))
        whole[:, self.lane] = values
        return whole.reshape(-1, *self.size)

    def from_nodes(self, values: Array) -> Array:
        """Return the values of lanes' nodes (D, G·N), to go with ``open`` ones of lanes."""
        if self._full is None:
            return values.take(self.lane_node, axis=1)
        return values.reshape(-1, self._full[0], 1, self._full[2])

    def from_buyers(self, values: Array) -> Array:
        """Return the values of lanes' buyers (D, G·B), to go with ``open`` ones of lanes."""
        if self._full is None:
            return values.take(self.lane_buyer, axis=1)
        return values.reshape(-1, self._full[0], self._full[1], 1)

    def to_nodes(self, values: Array) -> Array:
        """Sum values of lanes by node, (D, L) → (D, G·N)."""
        if self._full is None:
            return self._by_node.spread(values, self.size[0] * self.size[1])
        return values.reshape(-1, *self._full).sum(axis=2).reshape(len(values), -1)

    def ship(self, share: Array, wanted: Array) -> Array:
        """Sum shares (D, L) of what buyers want (D, G·B) by node (D, G·N)."""
        if self._full is None:
            return self.to_nodes(share * self.from_buyers(wanted))
        goods, b, _ = self._full
        return (wanted.reshape(-1, goods, 1, b) @ self.open(share)).reshape(len(wanted), -1)

    def to_buyers(self, values: Array) -> Array:
        """Sum values of lanes by buyer, (D, L) → (D, G·B)."""
        if self._full is None:
            return self._by_buyer.spread(values, self.size[0] * self.size[2])
        return values.reshape(len(values), -1, self._full[2]).sum(axis=2)

    def largest(self, values: Array) -> Array:
        """Return the largest value of each buyer's lanes, (D, L) → (D, G·B); −∞ without any."""
        if self._full is None:
            return self._by_buyer.tops(values, self.size[0] * self.size[2])
        return values.reshape(len(values), -1, self._full[2]).max(axis=2)

    @cached_property
    def by_lane(self) -> Sums:
        """Entries of the shifters by lane."""
        return Sums.of(self.number[self.layout.shifters.lane])

    @cached_property
    def shifter_node(self) -> Index:
        """Place of the node of every entry of the shifters."""
        return self.layout.shifters.lane // self.size[2]

    @cached_property
    def shifter_buyer(self) -> Index:
        """Place of the buyer of every entry of the shifters."""
        return self.layout.buyer_of(self.layout.shifters.lane)

    @cached_property
    def counted(self) -> Index:
        """The lanes that limits count (j,)."""
        return self.number[self.layout.members.column]

    @cached_property
    def members(self) -> Sums:
        """Lanes that limits count, by limit."""
        return Sums.of(self.layout.members.row)

    @cached_property
    def member_buyer(self) -> Index:
        """Place of the buyer of every lane that a limit counts."""
        return self.layout.buyer_of(self.layout.members.column)

    @cached_property
    def joint_sums(self) -> dict[tuple[int, int], Sums]:
        """Pairs output–output by their place in the block of two goods (N·N)."""
        n = self.size[1]
        making = self.layout.making.items()
        return {key: Sums.of(pairs.at.row * n + pairs.at.column) for key, pairs in making}

    @cached_property
    def alone_sums(self) -> dict[int, Sums]:
        """Pairs of an input with itself by place of buyer, good by good."""
        return {g: Sums.of(pairs.at.row) for (g, _), pairs in self.layout.alone.items()}


@lru_cache(maxsize=8)
def shape_of(envelope: Arrays) -> Shape | None:
    """Return the shape of a market; ``None`` where metal is sold on, so that traces travel."""
    layout = layout_of(envelope)
    if layout is None:
        return None
    goods, n, b = layout.size
    activities = envelope.activities
    makes = np.zeros((goods * n, activities.outputs.shape[1]))
    needs = np.zeros((goods * b, activities.inputs.shape[1]))
    makes[layout.node], needs[layout.buyer] = activities.outputs, activities.inputs
    shares = layout.shifters.share_of
    made = [envelope.tracers.made[t, i] for t, i in shares]
    nodes = np.array([layout.node[i] for _, i in shares], dtype=np.intp)
    return Shape(layout, makes, needs, np.array(made).reshape(-1, makes.shape[1]), nodes)


def envelope_of(stack: Stack) -> Arrays:
    """Return a market with every charge that any draw has: its layout has a place for all."""
    base, limits, lanes = stack.base, stack.limits, stack.lanes
    rents, traces = ("rent_slope", "rent_intercept"), ("traced_slope", "traced_intercept")
    drawn_rents = {
        x: _largest(getattr(limits, x)) for x in rents if _differs(base.limits, limits, x)
    }
    drawn_traces = {
        x: _largest(getattr(lanes, x)) for x in traces if _differs(base.lanes, lanes, x)
    }
    if not drawn_rents and not drawn_traces:
        return base
    return replace(
        base,
        limits=replace(base.limits, **drawn_rents),
        lanes=replace(base.lanes, **drawn_traces),
    )


def _differs(plain: object, drawn: object, name: str) -> bool:
    return getattr(drawn, name).ndim > getattr(plain, name).ndim


def _largest(values: Array) -> Array:
    return np.max(np.abs(values), axis=0)
