"""∂F/∂z under the share closure for many draws at once: the letters of ``share_slope``.

A test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.many_border import Border
from accord.equilibrium.many_point import ManyPoint
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.share_slope import LEAST_USED

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ManySlope:
    """∂F/∂z at a point of each draw."""

    at: ManyPoint
    border: Border

    # ------------------------------------------------------------------ what it is made of

    @property
    def shape(self) -> Shape:
        """What all draws share."""
        return self.at.shape

    @cached_property
    def shipped_share(self) -> Array:
        """S (D, G, N, B): tonnes that leave a node per tonne a buyer wants."""
        return self.shape.table(self.at.shipped_share)

    @cached_property
    def price_share(self) -> Array:
        """Σ (D, G, N, B): what a dollar on a producer's price adds to a buyer's."""
        return self.shape.table(self.at.shares_and_price[0] * self.at.cost_slope)

    @cached_property
    def own(self) -> Array:
        """Tonnes that leave a node less per dollar on its price, indices held (D, G·N)."""
        goods, _, b = self.shape.size
        pull = (self.at.of.theta * self.at.demand_and_slope[0]).reshape(-1, goods, b, 1)
        layout, lost = self.shape.layout, self.price_share
        own = (lost if layout.lossless else lost * layout.shipped) @ pull
        return own.reshape(len(own), -1)

    @cached_property
    def bend(self) -> Array:
        """θQ + D′ (D, G·B)."""
        wanted, slope = self.at.demand_and_slope
        return self.at.of.theta * wanted + slope

    @cached_property
    def slope_by_level(self) -> Array:
        """D: what one more unit adds to marginal cost (D, A)."""
        of = self.at.of
        capacity = np.where(of.capacity > 0.0, of.capacity, 1.0)
        used = np.maximum(self.at.parts[1] / capacity, LEAST_USED)
        power = of.inverse_curvature
        return of.rising_cost * power / capacity * used ** (power - 1.0)

    # ------------------------------------------------------------------ shifters (E of them)

    @cached_property
    def _charge(self) -> Array:
        """∂c/∂e of every entry of the shifters in play (D, k)."""
        return self.at.charge.take(self.border.entries, axis=1)

    @cached_property
    def _share_of_charged(self) -> Array:
        """Share of the lanes of those entries in their buyers' tonnes (D, k)."""
        return self.at.shares_and_price[0].take(self.border.lane, axis=1)

    @cached_property
    def _pull(self) -> Array:
        """θQ (D, G·B)."""
        return self.at.of.theta * self.at.demand_and_slope[0]

    @cached_property
    def index_by_shifter(self) -> Array:
        """∂P/∂e (D, G·B, E)."""
        width, places = self.border.width, self.bend.shape[1]
        flat = self.border.by_buyer.spread(self._share_of_charged * self._charge, places * width)
        return flat.reshape(len(flat), -1, width)

    @cached_property
    def own_by_shifter(self) -> Array:
        """Tonnes that leave a node less per unit of a shifter, indices held (D, G·N, E)."""
        border, width = self.border, self.border.width
        shipped = self.shape.shipped[border.lane]
        pull = self._pull.take(border.buyer, axis=1) * self._share_of_charged
        flat = border.by_node.spread(pull * shipped * self._charge, self.own.shape[1] * width)
        return flat.reshape(len(flat), -1, width)

    @cached_property
    def excess_by_shifter(self) -> Array:
        """∂excess/∂e, levels held (D, G·N, E)."""
        goods, _, b = self.shape.size
        wanted = self.bend[:, :, None] * self.index_by_shifter
        wanted = wanted.reshape(len(wanted), goods, b, -1)
        lost = self.shipped_share @ wanted
        return self.own_by_shifter - lost.reshape(self.own_by_shifter.shape)

    @cached_property
    def margin_by_shifter(self) -> Array:
        """∂margin/∂e (D, A, E)."""
        return self.shape.needs.T @ self.index_by_shifter

    @cached_property
    def share_by_level(self) -> Array:
        """∂(traced share)/∂y (D, traced shares, A)."""
        shape = self.shape
        supply = self.at.supply[:, shape.nodes]
        share = self.at.shifter[:, shape.layout.shifters.rents :]
        change = shape.made - share[:, :, None] * shape.makes[shape.nodes]
        made = (supply > 0.0)[:, :, None]
        return np.where(made, change, 0.0) / np.where(made, supply[:, :, None], 1.0)

    @cached_property
    def _force(self) -> Array:
        """Sign of every limit in play, 0 where it is not in force (M,)."""
        limits = self.shape.arrays.limits
        return np.where(limits.active, limits.sign, 0.0)[self.border.limits]

    @cached_property
    def _counted(self) -> Array:
        """Share of every lane that a limit counts in its buyer's tonnes (D, j)."""
        return self.border.value * self.at.shares_and_price[0].take(self.border.column, axis=1)

    @cached_property
    def _counted_share(self) -> Array:
        """Tonnes a limit counts per tonne a buyer wants (D, M, G·B)."""
        count, places = len(self._force), self.bend.shape[1]
        flat = self.border.counted_by_buyer.spread(self._counted, count * places)
        return flat.reshape(len(flat), count, places)

    @cached_property
    def _counted_pull(self) -> Array:
        """θQs of every lane that a limit counts (D, j)."""
        return self._pull.take(self.border.member_buyer, axis=1) * self._counted

    @cached_property
    def row_by_price(self) -> Array:
        """∂(limits, then shares' definitions)/∂p (D, E, G·N)."""
        goods, n, b = self.shape.size
        count, draws = len(self._force), len(self.own)
        lost = self._counted_pull * self.at.cost_slope.take(self.border.column, axis=1)
        own = self.border.counted_by_node.spread(lost, count * goods * n)
        bent = (self._counted_share * self.bend[:, None, :]).reshape(draws, count, goods, b)
        crossed = bent.transpose(0, 2, 1, 3) @ self.price_share.transpose(0, 1, 3, 2)
        rows = own.reshape(draws, count, goods, n) - crossed.transpose(0, 2, 1, 3)
        whole = np.zeros((draws, self.border.width, goods * n))
        whole[:, :count] = self._force[:, None] * rows.reshape(draws, count, goods * n)
        return whole

    @cached_property
    def row_by_level(self) -> Array:
        """∂(limits, then shares' definitions)/∂y (D, E, A)."""
        shape, limits = self.shape, self.shape.arrays.limits
        grows = self.at.of.grows[:, self.border.limits]
        rows = grows - self._counted_share @ shape.needs
        for k, m in enumerate(self.border.limits):
            if limits.clean_node[m] >= 0:
                node = shape.layout.node[limits.clean_node[m]]
                made = shape.arrays.tracers.made[limits.clean_tracer[m], limits.clean_node[m]]
                rows[:, k] += shape.makes[node] - made
        return np.concatenate([self._force[:, None] * rows, -self.share_by_level], axis=1)

    @cached_property
    def row_by_shifter(self) -> Array:
        """∂(limits, then shares' definitions)/∂e (D, E, E)."""
        count, width, draws = len(self._force), self.border.width, len(self.own)
        one, other = self.border.pairs
        pulled = self._counted_pull.take(one, axis=1) * self._charge.take(other, axis=1)
        own = self.border.by_pair.spread(pulled, count * width).reshape(draws, count, width)
        crossed = (self._counted_share * self.bend[:, None, :]) @ self.index_by_shifter
        whole = np.zeros((draws, width, width))
        whole[:, range(width), range(width)] = 1.0
        whole[:, :count] = self._force[:, None] * (own - crossed)
        return whole


def each(tables: Array, vectors: Array) -> Array:
    """Return tables · vectors draw by draw, (D, i, j) and (D, j) → (D, i)."""
    return np.asarray((tables @ vectors[:, :, None])[:, :, 0], dtype=np.float64)
