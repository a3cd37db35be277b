"""The share closure's linear systems: levels eliminated, rents bordered, goods by block LU.

    diag(row) ∂F/∂z + diag(diagonal),   with the letters of ``share_slope``

With the levels y eliminated, ∂excess/∂p is a block for each good and one for each pair of goods
that an activity joins:

    own + O w kept Oᵀ − O w Iᵀ Σᵀ − S I w kept Oᵀ + S (I w Iᵀ − θQ − D′) Σᵀ,   w = 1/D
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.state import bin_sum
from accord.equilibrium.tables import Coupling, Tables
from accord.solve.blocks import BlockLU, Blocks, factor
from accord.solve.linear import refined, solve_or_regularise

if TYPE_CHECKING:
    from accord.equilibrium.share_slope import ShareSlope

# Part of a level's size below which its pivot is not allowed; refinement takes the error out again.
SMALLEST_PIVOT = 1e-6


@dataclass(frozen=True)
class Bordered:
    """diag(row) ∂F/∂z + diag(diagonal), factored: levels eliminated, goods by block LU.

    ``row``, ``diagonal``  as given (n,);  ``parts`` row factors: places of prices, levels, shifters
    ``pivot``   row · D + diagonal of the levels (A,);  ``weight`` row / pivot
    ``column``, ``bottom``, ``corner``  the border once levels are gone: (G·N, E), (E, G·N), (E, E)
    """

    slope: ShareSlope
    row: Vector
    diagonal: Vector
    parts: tuple[Vector, Vector, Vector]
    pivot: Vector
    weight: Vector
    lu: BlockLU
    column: Matrix
    bottom: Matrix
    corner: Matrix

    @classmethod
    def of(cls, slope: ShareSlope, row: Vector, diagonal: Vector) -> Bordered | None:
        """Factor; ``None`` where a pivot is zero."""
        (row_p, row_y, row_e), (add_p, add_y, add_e) = _parted(slope, row, diagonal)
        smallest = SMALLEST_PIVOT / np.maximum(slope.arrays.activities.capacity, 1e-300)
        pivot = np.maximum(row_y * slope.slope_by_level + add_y, smallest)
        weight = row_y / pivot
        lu = factor(_blocks(slope, row_p, add_p, weight), slope.layout.size[0])
        if lu is None:
            return None
        rows = (row_p, row_y, row_e)
        width = slope.layout.shifters.count
        if not width:
            none = np.zeros((len(row_p), 0))
            corner = np.zeros((0, 0))
            return cls(slope, row, diagonal, rows, pivot, weight, lu, none, none.T, corner)
        through = weight[:, None] * slope.margin_by_shifter
        column = row_p[:, None] * (slope.excess_by_shifter - excess_by_levels(slope, through))
        back = slope.row_by_level * weight
        bottom = row_e[:, None] * (slope.row_by_price - margins_by_prices(slope, back))
        corner = row_e[:, None] * (slope.row_by_shifter - slope.row_by_level @ through)
        corner = corner + np.diag(add_e)
        return cls(slope, row, diagonal, rows, pivot, weight, lu, column, bottom, corner)

    def solve(self, right: Vector) -> Vector | None:
        """Return d with (this) d = right (n,); ``None`` where it cannot be trusted."""
        return refined(
            right, self._solve, lambda x: self.row * self.slope.times(x) + self.diagonal * x
        )

    def _solve(self, right: Vector) -> Vector:
        slope = self.slope
        price, level, rents = _split(slope, right)
        known = level / self.pivot
        excess = slope.makes(known) - slope.ships(slope.needs(known))
        price = price - self.parts[0] * excess
        width = len(self.corner)
        if width:
            rents = rents - self.parts[2] * (slope.row_by_level @ known)
        found = self._through(np.column_stack([price, self.column]))
        d_price, shifter = found[:, 0], rents
        if width:
            small = self.corner - self.bottom @ found[:, 1:]
            shifter = solve_or_regularise(small, rents - self.bottom @ d_price)
            d_price = d_price - found[:, 1:] @ shifter
        margin = slope.feeds(slope.index_by_price(d_price)) - slope.kept * slope.sells(d_price)
        if width:
            margin = margin + slope.margin_by_shifter @ shifter
        d_level = known - self.weight * margin
        kept = shifter[: slope.layout.shifters.rents]
        return np.concatenate([d_price[slope.layout.node], d_level, kept])

    def solve_transposed(self, right: Vector) -> Vector | None:
        """Return d with (this)ᵀ d = right (n,); ``None`` where the border is singular."""
        slope = self.slope
        price, level, rents = _split(slope, right)
        known = self.weight * level
        price = price - margins_by_prices(slope, known[None, :])[0]
        width = len(self.corner)
        if width:
            rents = rents - slope.margin_by_shifter.T @ known
        found = self._through(np.column_stack([price, self.bottom.T]), transposed=True)
        d_price, shifter = found[:, 0], rents
        if width:
            small = self.corner.T - self.column.T @ found[:, 1:]
            shifter = _solved(small, rents - self.column.T @ d_price)
            d_price = d_price - found[:, 1:] @ shifter
        scaled = self.parts[0] * d_price
        pulled = slope.sells(scaled) - slope.feeds(_shipped_back(slope, scaled))
        if width:
            pulled = pulled + slope.row_by_level.T @ (self.parts[2] * shifter)
        d_level = (level - pulled) / self.pivot
        kept = shifter[: slope.layout.shifters.rents]
        found = np.concatenate([d_price[slope.layout.node], d_level, kept])
        return found if np.all(np.isfinite(found)) else None

    def _through(self, columns: Matrix, *, transposed: bool = False) -> Matrix:
        goods, n, _ = self.slope.layout.size
        solve = self.lu.solve_transposed if transposed else self.lu.solve
        return np.concatenate(solve(list(columns.reshape(goods, n, -1))))


def _parted(
    slope: ShareSlope, row: Vector, diagonal: Vector
) -> tuple[tuple[Vector, Vector, Vector], tuple[Vector, Vector, Vector]]:
    """Split row factors and diagonal by part; empty places are held, definitions are equations."""
    n, a, _, _ = slope.arrays.sizes
    row_p, add_p = np.zeros(len(slope.own)), np.ones(len(slope.own))
    row_p[slope.layout.node], add_p[slope.layout.node] = row[:n], diagonal[:n]
    shares = np.ones(len(slope.layout.shifters.share_of))
    row_e = np.concatenate([row[n + a :], shares])
    add_e = np.concatenate([diagonal[n + a :], 0.0 * shares])
    return (row_p, row[n : n + a], row_e), (add_p, diagonal[n : n + a], add_e)


def _split(slope: ShareSlope, right: Vector) -> tuple[Vector, Vector, Vector]:
    n, a, _, _ = slope.arrays.sizes
    shares = np.zeros(len(slope.layout.shifters.share_of))
    price = slope.layout.spread_nodes(right[:n])
    return price, right[n : n + a], np.concatenate([right[n + a :], shares])


def _solved(matrix: Matrix, right: Vector) -> Vector:
    """Return the solution, NaN where the matrix is singular."""
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(len(right), np.nan)


def excess_by_levels(slope: ShareSlope, levels: Matrix) -> Matrix:
    """(O − S I) · levels, (A, k) → (G·N, k)."""
    activities, layout = slope.arrays.activities, slope.layout
    goods, _, b = layout.size
    made = np.zeros((len(slope.own), levels.shape[1]))
    made[layout.node] = activities.outputs @ levels
    wanted = np.zeros((len(slope.bend), levels.shape[1]))
    wanted[layout.buyer] = activities.inputs @ levels
    return made - (slope.shipped_share @ wanted.reshape(goods, b, -1)).reshape(made.shape)


def margins_by_prices(slope: ShareSlope, rows: Matrix) -> Matrix:
    """Rows · (Iᵀ Σᵀ − kept Oᵀ), (k, A) → (k, G·N)."""
    activities, layout = slope.arrays.activities, slope.layout
    goods, n, b = layout.size
    sold = np.zeros((len(rows), goods * n))
    sold[:, layout.node] = (rows * slope.kept) @ activities.outputs.T
    index = np.zeros((len(rows), goods * b))
    index[:, layout.buyer] = rows @ activities.inputs.T
    tables = index.reshape(-1, goods, b).transpose(1, 0, 2)
    bought = (tables @ slope.price_share.transpose(0, 2, 1)).transpose(1, 0, 2)
    return bought.reshape(len(rows), -1) - sold


def _shipped_back(slope: ShareSlope, price: Vector) -> Vector:
    """Sᵀ · values of nodes (G·B,)."""
    goods, n, _ = slope.layout.size
    return (price.reshape(goods, 1, n) @ slope.shipped_share).reshape(-1)


# ---------------------------------------------------------------------- the blocks


def _blocks(slope: ShareSlope, row: Vector, diagonal: Vector, weight: Vector) -> Blocks:
    """Return diag(row)·(∂excess/∂p without levels) + diag(diagonal), good by good."""
    layout = slope.layout
    goods, n, b = layout.size
    rows, kept, price = row.reshape(goods, n), weight * slope.kept, slope.price_share
    ship = slope.shipped_share * rows[:, :, None]
    blocks: Blocks = {}
    _add_rows(blocks, layout.feeding, rows, weight, price)
    _add_columns(blocks, layout.needing, kept, ship)
    for (g, h), pairs in layout.joint.items():
        value = pairs.value * weight[pairs.activity]
        taken = (ship[g][:, pairs.at.rows] * value) @ price[h][:, pairs.at.columns].T
        _put(blocks, g, h, taken)
    bent = -slope.bend.reshape(goods, b)
    for (g, _), pairs in layout.alone.items():
        bent[g] += bin_sum(pairs.at.row, pairs.value * weight[pairs.activity], b)
    own = (row * slope.own + diagonal).reshape(goods, n)
    on_diagonal = np.multiply(ship, bent[:, None, :], out=ship) @ price.transpose(0, 2, 1)
    on_diagonal[:, range(n), range(n)] += own
    for g in range(goods):
        _put(blocks, g, g, on_diagonal[g])
    for (g, h), pairs in layout.making.items():
        value = pairs.value * kept[pairs.activity] * rows[g][pairs.at.row]
        np.add.at(_block(blocks, g, h, n), (pairs.at.row, pairs.at.column), value)
    return blocks


def _block(blocks: Blocks, g: int, h: int, n: int) -> Matrix:
    if (g, h) not in blocks:
        blocks[g, h] = np.zeros((n, n))
    return blocks[g, h]


def _put(blocks: Blocks, g: int, h: int, added: Matrix) -> None:
    """Add a whole block to another, or put it where there is none; it is used up."""
    if (g, h) in blocks:
        added += blocks[g, h]
    blocks[g, h] = added


def _are_all(places: Index | slice, n: int) -> bool:
    return isinstance(places, slice) and places.stop == n


def _add_rows(
    blocks: Blocks, feeding: Coupling, rows: Matrix, weight: Vector, price: Tables
) -> None:
    """− O w Iᵀ Σᵀ: what makes a good answers to the prices of what feeds it."""
    n = price.shape[1]
    for (g, h), pairs in feeding.items():
        scale = -pairs.value * weight[pairs.activity] * rows[g][pairs.at.row]
        value = scale[:, None] * price[h][:, pairs.at.columns].T
        if pairs.at.single and _are_all(pairs.at.rows, n):
            _put(blocks, g, h, value)
        elif pairs.at.single:
            _block(blocks, g, h, n)[pairs.at.rows] += value
        else:
            np.add.at(_block(blocks, g, h, n), pairs.at.row, value)


def _add_columns(blocks: Blocks, needing: Coupling, kept: Vector, ship: Tables) -> None:
    """− S I w kept Oᵀ: what an activity needs follows the price of what it makes."""
    n = ship.shape[1]
    for (g, h), pairs in needing.items():
        value = ship[g][:, pairs.at.rows] * (-pairs.value * kept[pairs.activity])
        if pairs.at.single and _are_all(pairs.at.columns, n):
            _put(blocks, g, h, value)
        elif pairs.at.single:
            _block(blocks, g, h, n)[:, pairs.at.columns] += value
        else:
            np.add.at(_block(blocks, g, h, n).T, pairs.at.column, value.T)
