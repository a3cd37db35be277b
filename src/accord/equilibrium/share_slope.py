"""∂F/∂z under the share closure, good by good: multiplied and solved with, never laid out whole.

With S shares × tonnes shipped, Σ shares × ∂c/∂p, O and I the outputs and inputs of activities, and
D the slope of marginal cost:

    ∂excess/∂p = own − S (θQ + D′) Σᵀ         ∂excess/∂y = O − S I
    ∂margin/∂p = Iᵀ Σᵀ − kept Oᵀ              ∂margin/∂y = D, a diagonal

Shifters (rents, traced shares of a node's supply) border it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector
from accord.equilibrium.share_point import SharePoint
from accord.equilibrium.share_system import Bordered, excess_by_levels, margins_by_prices
from accord.equilibrium.state import bin_sum
from accord.equilibrium.tables import Layout, Tables

# Levels below this part of capacity have the cost slope of this part: at 0 it may be 0 or infinite.
LEAST_USED = 1e-12


@dataclass(frozen=True)
class ShareSlope:
    """∂F/∂z at a point; implements ``solve.linear.Linear``."""

    at: SharePoint

    def factored(self, row: Vector, diagonal: Vector) -> Bordered | None:
        """Return diag(row) ∂F/∂z + diag(diagonal) ready to be solved with; rows (n,).

        ``None`` where a pivot is zero, so that the caller takes the long way.
        """
        return Bordered.of(self, row, diagonal)

    def times(self, vector: Vector) -> Vector:
        """Return ∂F/∂z · vector (n,)."""
        n, a, m, _ = self.arrays.sizes
        price, level = self.layout.spread_nodes(vector[:n]), vector[n : n + a]
        shifter = np.append(vector[n + a : n + a + m], self.share_by_level @ level)
        index = self.index_by_price(price)
        if self.layout.shifters.count:
            index = index + self.index_by_shifter @ shifter
        wanted = self.needs(level) + self.bend * index
        excess = self.makes(level) - self.ships(wanted) + self.own * price
        margin = self.slope_by_level * level - self.kept * self.sells(price) + self.feeds(index)
        if not self.layout.shifters.count:
            return np.concatenate([excess[self.layout.node], margin])
        excess = excess + self.own_by_shifter @ shifter
        rows = self.row_by_price @ price + self.row_by_level @ level + self.row_by_shifter @ shifter
        return np.concatenate([excess[self.layout.node], margin, rows[:m]])

    def strength(self, vector: Vector, enough: Vector) -> Vector:
        """Return the largest |∂F/∂z|·vector of every row (n,); see ``solve.Linear``."""
        n, a, m, _ = self.arrays.sizes
        price, level = self.layout.spread_nodes(vector[:n]), vector[n : n + a]
        margin = self.slope_by_level * level + self.kept * self.sells(price)
        shifter = np.append(vector[n + a : n + a + m], np.abs(self.share_by_level) @ level)
        lost = np.abs(self.excess_by_shifter) @ shifter if len(shifter) else 0.0
        rows = np.abs(self.row_by_shifter[:m]) @ shifter + np.abs(self.row_by_level[:m]) @ level
        rows = rows + np.abs(self.row_by_price[:m]) @ price
        others = self.makes(level) + lost
        own = self._own_price_slope
        excess = np.maximum(np.abs(own) * price, others)[self.layout.node]
        if np.any(excess < enough[:n]):
            entries = np.abs(self._price_slope) * price.reshape(self.layout.size[0], 1, -1)
            excess = np.maximum(entries.max(axis=2).reshape(-1), others)[self.layout.node]
        return np.concatenate([excess, margin, rows])

    @cached_property
    def _own_price_slope(self) -> Vector:
        """The diagonal of ∂excess/∂p (G·N,)."""
        goods, _, b = self.layout.size
        bend = self.bend.reshape(goods, 1, b)
        return self.own - (self.shipped_share * bend * self.price_share).sum(axis=2).reshape(-1)

    @cached_property
    def _price_slope(self) -> Tables:
        """∂excess/∂p, good by good (G, N, N)."""
        goods, n, b = self.layout.size
        bent = self.shipped_share * self.bend.reshape(goods, 1, b)
        slope = -(bent @ self.price_share.transpose(0, 2, 1))
        slope[:, range(n), range(n)] += self.own.reshape(goods, n)
        return slope

    def whole(self) -> Matrix:
        """Return ∂F/∂z laid out (n, n), for those who cannot do without."""
        layout, (n, a, m, _) = self.layout, self.arrays.sizes
        goods, places, _ = layout.size
        by_price = np.zeros((goods, places, goods, places))
        by_price[range(goods), :, range(goods), :] = self._price_slope
        flat = by_price.reshape(goods * places, -1)
        matrix = np.zeros((n + a + m, n + a + m))
        unit = np.eye(a)
        matrix[:n, :n] = flat[np.ix_(layout.node, layout.node)]
        matrix[:n, n : n + a] = excess_by_levels(self, unit)[layout.node]
        matrix[n : n + a, :n] = margins_by_prices(self, unit)[:, layout.node]
        matrix[n : n + a, n : n + a] = np.diag(self.slope_by_level)
        if not layout.shifters.count:
            return matrix
        by_shifter = np.vstack([self.excess_by_shifter[layout.node], self.margin_by_shifter])
        matrix[: n + a, n + a :] = by_shifter[:, :m]
        matrix[: n + a, n : n + a] += by_shifter[:, m:] @ self.share_by_level
        matrix[n + a :, :n] = self.row_by_price[:m, layout.node]
        matrix[n + a :, n : n + a] = self.row_by_level[:m]
        matrix[n + a :, n : n + a] += self.row_by_shifter[:m, m:] @ self.share_by_level
        matrix[n + a :, n + a :] = self.row_by_shifter[:m, :m]
        return matrix

    # ------------------------------------------------------------------ what it is made of

    @property
    def layout(self) -> Layout:
        """The tables."""
        return self.at.layout

    @property
    def arrays(self) -> Arrays:
        """The market as bare arrays."""
        return self.at.layout.arrays

    @property
    def shipped_share(self) -> Tables:
        """S (G, N, B): tonnes that leave a node per tonne a buyer wants."""
        return self.at.shipped_share

    @cached_property
    def price_share(self) -> Tables:
        """Σ (G, N, B): what a dollar on a producer's price adds to a buyer's."""
        return self.at.shares_and_price[0] * self.at.cost_slope

    @cached_property
    def _pull(self) -> Tables:
        """θQs (G, N, B): how far a lane's flow falls with its own cost, index held."""
        goods, _, b = self.layout.size
        theta = self.layout.buyers.theta.reshape(goods, 1, b)
        return theta * self.at.flow

    @cached_property
    def own(self) -> Vector:
        """Tonnes that leave a node less per dollar on its price, indices held (G·N,)."""
        goods, _, b = self.layout.size
        pull = (self.layout.buyers.theta * self.at.demand_and_slope[0]).reshape(goods, b, 1)
        layout, lost = self.layout, self.price_share
        return ((lost if layout.lossless else lost * layout.shipped) @ pull).reshape(-1)

    @cached_property
    def bend(self) -> Vector:
        """θQ + D′ (G·B,)."""
        wanted, slope = self.at.demand_and_slope
        return self.layout.buyers.theta * wanted + slope

    @cached_property
    def slope_by_level(self) -> Vector:
        """D: what one more unit adds to marginal cost (A,)."""
        activities = self.arrays.activities
        capacity = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
        used = np.maximum(self.at.parts[1] / capacity, LEAST_USED)
        power = activities.inverse_curvature
        return activities.rising_cost * power / capacity * used ** (power - 1.0)

    @property
    def kept(self) -> Vector:
        """Share of sales that producers keep (A,)."""
        return self.arrays.activities.kept

    # Products with vectors in their places; one line each, so that formulas read as formulas.

    def makes(self, level: Vector) -> Vector:
        """O · level (G·N,)."""
        return self.layout.outputs.times(level, len(self.own))

    def sells(self, price: Vector) -> Vector:
        """Oᵀ · price (A,)."""
        return self.layout.outputs.across(price, len(self.kept))

    def needs(self, level: Vector) -> Vector:
        """I · level (G·B,)."""
        return self.layout.inputs.times(level, len(self.bend))

    def feeds(self, index: Vector) -> Vector:
        """Iᵀ · buyers' prices (A,)."""
        return self.layout.inputs.across(index, len(self.kept))

    def ships(self, wanted: Vector) -> Vector:
        """S · tonnes wanted (G·N,)."""
        goods, _, b = self.layout.size
        return (self.shipped_share @ wanted.reshape(goods, b, 1)).reshape(-1)

    def index_by_price(self, price: Vector) -> Vector:
        """Σᵀ · price (G·B,)."""
        goods, n, _ = self.layout.size
        return (price.reshape(goods, 1, n) @ self.price_share).reshape(-1)

    # ------------------------------------------------------------------ shifters (E of them)

    @cached_property
    def _charge(self) -> Vector:
        """∂c/∂e of every entry of the shifters."""
        shifters, b = self.layout.shifters, self.layout.size[2]
        return shifters.slope * self.at.price[shifters.lane // b] + shifters.intercept

    def _sum_entries(self, values: Vector, rows: Index, count: int) -> Matrix:
        """Sum entry values by row and shifter (count, E)."""
        width = self.layout.shifters.count
        flat = bin_sum(rows * width + self.layout.shifters.which, values, count * width)
        return flat.reshape(count, width)

    @cached_property
    def index_by_shifter(self) -> Matrix:
        """∂P/∂e (G·B, E)."""
        lane = self.layout.shifters.lane
        share = self.at.shares_and_price[0].reshape(-1)[lane]
        buyer = self.layout.buyer_of(lane)
        return self._sum_entries(share * self._charge, buyer, len(self.bend))

    @cached_property
    def own_by_shifter(self) -> Matrix:
        """Tonnes that leave a node less per unit of a shifter, indices held (G·N, E)."""
        lane = self.layout.shifters.lane
        lost = (self._pull * self.layout.shipped).reshape(-1)[lane] * self._charge
        return self._sum_entries(lost, lane // self.layout.size[2], len(self.own))

    @cached_property
    def excess_by_shifter(self) -> Matrix:
        """∂excess/∂e, levels held (G·N, E)."""
        goods, _, b = self.layout.size
        wanted = (self.bend[:, None] * self.index_by_shifter).reshape(goods, b, -1)
        return self.own_by_shifter - (self.shipped_share @ wanted).reshape(len(self.own), -1)

    @cached_property
    def margin_by_shifter(self) -> Matrix:
        """∂margin/∂e (A, E)."""
        return self.arrays.activities.inputs.T @ self.index_by_shifter[self.layout.buyer]

    @cached_property
    def share_by_level(self) -> Matrix:
        """∂(traced share)/∂y (traced shares, A)."""
        outputs, made = self.arrays.activities.outputs, self.arrays.tracers.made
        rows = np.zeros((len(self.layout.shifters.share_of), len(self.kept)))
        supply = self.at.supply[self.layout.node]
        for k, (t, node) in enumerate(self.layout.shifters.share_of):
            if supply[node] > 0.0:
                share = self.at.shifter[self.layout.shifters.rents + k]
                rows[k] = (made[t, node] - share * outputs[node]) / supply[node]
        return rows

    @cached_property
    def _force(self) -> Vector:
        """Sign of every limit, 0 where it is not in force (M,)."""
        limits = self.arrays.limits
        return np.where(limits.active, limits.sign, 0.0)

    @cached_property
    def _counted_share(self) -> Matrix:
        """Tonnes a limit counts per tonne a buyer wants (M, G·B)."""
        members, count = self.layout.members, len(self._force)
        share = self.at.shares_and_price[0].reshape(-1)[members.column]
        place = members.row * len(self.bend) + self.layout.buyer_of(members.column)
        flat = bin_sum(place, members.value * share, count * len(self.bend))
        return flat.reshape(count, len(self.bend))

    @cached_property
    def row_by_price(self) -> Matrix:
        """∂(limits, then shares' definitions)/∂p (E, G·N)."""
        goods, n, b = self.layout.size
        members, count = self.layout.members, len(self._force)
        lost = (self._pull * self.at.cost_slope).reshape(-1)[members.column]
        place = members.row * (goods * n) + members.column // b
        own = bin_sum(place, members.value * lost, count * goods * n)
        own = own.reshape(count, goods * n)
        bent = (self._counted_share * self.bend).reshape(count, goods, b).transpose(1, 0, 2)
        crossed = (bent @ self.price_share.transpose(0, 2, 1)).transpose(1, 0, 2)
        rows = self._force[:, None] * (own - crossed.reshape(count, goods * n))
        return np.vstack([rows, np.zeros((len(self.share_by_level), goods * n))])

    @cached_property
    def row_by_level(self) -> Matrix:
        """∂(limits, then shares' definitions)/∂y (E, A)."""
        limits, activities, made = (
            self.arrays.limits,
            self.arrays.activities,
            self.arrays.tracers.made,
        )
        rows = limits.grows - self._counted_share[:, self.layout.buyer] @ activities.inputs
        for m in np.flatnonzero(limits.clean_node >= 0):
            node = limits.clean_node[m]
            rows[m] += activities.outputs[node] - made[limits.clean_tracer[m], node]
        return np.vstack([self._force[:, None] * rows, -self.share_by_level])

    @cached_property
    def row_by_shifter(self) -> Matrix:
        """∂(limits, then shares' definitions)/∂e (E, E)."""
        members, count = self.layout.members, len(self._force)
        whole = np.eye(self.layout.shifters.count)
        charge = np.zeros((self.layout.shifters.count, len(self.own) * self.layout.size[2]))
        charge[self.layout.shifters.which, self.layout.shifters.lane] = self._charge
        at = members.column
        pulled = (members.value * self._pull.reshape(-1)[at])[:, None] * charge[:, at].T
        own = np.zeros((count, self.layout.shifters.count))
        np.add.at(own, members.row, pulled)
        crossed = (self._counted_share * self.bend) @ self.index_by_shifter
        whole[:count] = self._force[:, None] * (own - crossed)
        return whole
