"""The share closure's linear systems for many draws: as ``share_system``, factored side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index
from accord.equilibrium.many_border import Border
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.many_slope import ManySlope, each
from accord.equilibrium.many_sums import inverses
from accord.equilibrium.many_tables import Rows, cut
from accord.equilibrium.share_system import SMALLEST_PIVOT
from accord.solve.blocks import BlockLU, Blocks, eliminated

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Factors(Rows):
    """diag(row) ∂F/∂z + diag(diagonal) of every draw, factored, and nothing besides.

    ``inside``  which rows are free (D, n);  ``row``, ``diagonal`` (D, n)
    ``row_p``, ``row_e``  row factors by place of price and by shifter
    ``pivot``, ``weight``  of levels (D, A);  ``kept`` by producers (D, A)
    ``ship``, ``price``  S and Σ (D, G, N, B)
    ``column``  the border's columns solved with (D, G·N, E);  ``bottom`` (D, E, G·N)
    ``corner``  inverse of what is left of the corner (D, E, E)
    ``by_level``, ``margin``  ∂(shifters' rows)/∂y (D, E, A), ∂margin/∂e (D, A, E)
    """

    shape: Shape
    border: Border
    lu: BlockLU
    inside: Mask
    row: Array
    diagonal: Array
    row_p: Array
    row_e: Array
    pivot: Array
    weight: Array
    kept: Array
    ship: Array
    price: Array
    column: Array
    bottom: Array
    corner: Array
    by_level: Array
    margin: Array

    def rows(self, draws: Index | slice) -> Factors:
        """Return the systems of some draws."""
        blocks = {key: cut(x, draws) for key, x in self.lu.blocks.items()}
        lu = BlockLU(blocks, tuple(cut(x, draws) for x in self.lu.inverses))
        return replace(super().rows(draws), lu=lu)

    def solve(self, right: Array) -> Array:
        """Return d with (this) d = right (D, n); not a number where a system is singular."""
        shape = self.shape
        goods, nodes, b = shape.size
        n, a, _, _ = shape.arrays.sizes
        known = right[:, n : n + a] / self.pivot
        wanted = (known @ shape.needs.T).reshape(-1, goods, b, 1)
        price = np.zeros((len(right), goods * nodes))
        price[:, shape.layout.node] = right[:, :n]
        shipped = (self.ship @ wanted).reshape(price.shape)
        price -= self.row_p * (known @ shape.makes.T - shipped)
        d_price = through(self.lu, shape, price[:, :, None])[:, :, 0]
        found = right / np.where(self.inside, 1.0, self.diagonal)
        limits, width = self.border.limits, self.border.width
        shifter = np.zeros((len(right), width))
        if width:
            rents = np.zeros((len(right), width))
            rents[:, : len(limits)] = right[:, n + a + limits]
            rents -= self.row_e * each(self.by_level, known) + each(self.bottom, d_price)
            shifter = each(self.corner, rents)
            d_price = d_price - each(self.column, shifter)
        index = (d_price.reshape(-1, goods, 1, nodes) @ self.price).reshape(len(right), -1)
        margin = index @ shape.needs - self.kept * (d_price @ shape.makes)
        if width:
            margin += each(self.margin, shifter)
            found[:, n + a + limits] = shifter[:, : len(limits)]
        found[:, :n] = d_price.take(shape.layout.node, axis=1)
        found[:, n : n + a] = known - self.weight * margin
        return found


def factors_of(slope: ManySlope, inside: Mask) -> Factors:
    """Factor the Newton rows: free rows (D, n) are rows of F, the others hold their unknown."""
    shape, of = slope.shape, slope.at.of
    n, a, _, _ = shape.arrays.sizes
    row, diagonal = inside / of.f_scale, ~inside / of.z_scale
    row_p = np.zeros((len(row), slope.own.shape[1]))
    add_p = np.ones_like(row_p)
    row_p[:, shape.layout.node], add_p[:, shape.layout.node] = row[:, :n], diagonal[:, :n]
    row_y, add_y = row[:, n : n + a], diagonal[:, n : n + a]
    smallest = SMALLEST_PIVOT / np.maximum(of.capacity, 1e-300)
    pivot = np.maximum(row_y * slope.slope_by_level + add_y, smallest)
    weight = row_y / pivot
    lu = eliminated(_blocks(slope, row_p, add_p, weight), shape.size[0], inverses)
    shares = np.ones((len(row), len(shape.nodes)))
    rents = n + a + slope.border.limits
    row_e = np.concatenate([row[:, rents], shares], axis=1)
    add_e = np.concatenate([diagonal[:, rents], 0.0 * shares], axis=1)
    scales = _Scales(row_p, row_e, add_e, weight)
    column, bottom, corner = _border(slope, lu, scales)
    none = np.zeros((1, 0, 0))
    return Factors(
        shape, slope.border, lu, inside, row, diagonal, row_p, row_e, pivot, weight,
        of.kept, slope.shipped_share, slope.price_share, column, bottom, corner,
        by_level=slope.row_by_level if slope.border.width else none,
        margin=slope.margin_by_shifter if slope.border.width else none,
    )  # fmt: skip


class _Scales(NamedTuple):
    """Row factors of prices and shifters, what is added to the corner, weights of levels."""

    row_p: Array
    row_e: Array
    add_e: Array
    weight: Array


def _border(slope: ManySlope, lu: BlockLU, scales: _Scales) -> tuple[Array, Array, Array]:
    """Return the border's solved columns, its rows, and the inverse of the rest of the corner."""
    row_p, row_e, add_e, weight = scales
    shape, draws = slope.shape, len(row_p)
    width = slope.border.width
    if not width:
        return np.zeros((draws, 0, 0)), np.zeros((draws, 0, 0)), np.zeros((draws, 0, 0))
    margins = weight[:, :, None] * slope.margin_by_shifter
    column = row_p[:, :, None] * (slope.excess_by_shifter - _excess_by_levels(slope, margins))
    back = slope.row_by_level * weight[:, None, :]
    bottom = row_e[:, :, None] * (slope.row_by_price - _margins_by_prices(slope, back))
    corner = row_e[:, :, None] * (slope.row_by_shifter - slope.row_by_level @ margins)
    corner[:, range(width), range(width)] += add_e
    solved = through(lu, shape, column)
    return solved, bottom, inverses(corner - bottom @ solved)


def through(lu: BlockLU, shape: Shape, columns: Array) -> Array:
    """Solve with the goods' blocks: (D, G·N, k) → (D, G·N, k)."""
    goods, n, _ = shape.size
    parts = columns.reshape(len(columns), goods, n, -1)
    return np.concatenate(lu.solve([parts[:, g] for g in range(goods)]), axis=1)


def _excess_by_levels(slope: ManySlope, levels: Array) -> Array:
    """(O − S I) · levels, (D, A, k) → (D, G·N, k)."""
    shape = slope.shape
    goods, _, b = shape.size
    made = shape.makes @ levels
    wanted = (shape.needs @ levels).reshape(len(levels), goods, b, -1)
    return made - (slope.shipped_share @ wanted).reshape(made.shape)


def _margins_by_prices(slope: ManySlope, rows: Array) -> Array:
    """Rows · (Iᵀ Σᵀ − kept Oᵀ), (D, k, A) → (D, k, G·N)."""
    shape = slope.shape
    goods, _, b = shape.size
    sold = (rows * slope.at.of.kept[:, None, :]) @ shape.makes.T
    index = (rows @ shape.needs.T).reshape(len(rows), -1, goods, b).transpose(0, 2, 1, 3)
    bought = (index @ slope.price_share.transpose(0, 1, 3, 2)).transpose(0, 2, 1, 3)
    return bought.reshape(sold.shape) - sold


# ---------------------------------------------------------------------- the blocks


def _blocks(slope: ManySlope, row: Array, diagonal: Array, weight: Array) -> Blocks:
    """Return diag(row)·(∂excess/∂p without levels) + diag(diagonal), good by good."""
    shape, layout, price = slope.shape, slope.shape.layout, slope.price_share
    goods, n, b = shape.size
    draws = len(row)
    rows, kept = row.reshape(draws, goods, n), weight * slope.at.of.kept
    ship = slope.shipped_share * rows[:, :, :, None]
    blocks: Blocks = {}
    bent = -slope.bend.reshape(draws, goods, b)
    for (g, _), pairs in layout.alone.items():
        sums = shape.alone_sums[g]
        bent[:, g, sums.groups] += sums.compact(pairs.value * weight.take(pairs.activity, axis=1))
    diagonals = (ship * bent[:, :, None, :]) @ price.transpose(0, 1, 3, 2)
    own = (row * slope.own + diagonal).reshape(draws, goods, n)
    diagonals[:, :, range(n), range(n)] += own
    for g in range(goods):
        blocks[g, g] = diagonals[:, g]
    _add_joint(blocks, slope, weight, ship)
    _add_feeding(blocks, slope, weight, rows)
    _add_needing(blocks, slope, kept, ship)
    for (g, h), pairs in layout.making.items():
        sums = shape.joint_sums[g, h]
        value = pairs.value * kept.take(pairs.activity, axis=1) * rows[:, g, pairs.at.row]
        block = _block(blocks, g, h, (draws, n, n))
        block[:, sums.groups // n, sums.groups % n] += sums.compact(value)
    return blocks


def _block(blocks: Blocks, g: int, h: int, size: tuple[int, int, int]) -> Array:
    if (g, h) not in blocks:
        blocks[g, h] = np.zeros(size)
    return blocks[g, h]


def _add_joint(blocks: Blocks, slope: ManySlope, weight: Array, ship: Array) -> None:
    """S I w Iᵀ Σᵀ of two goods that an activity needs together."""
    price = slope.price_share
    for (g, h), pairs in slope.shape.layout.joint.items():
        value = (pairs.value * weight.take(pairs.activity, axis=1))[:, None, :]
        bought = price[:, h][:, :, pairs.at.columns].transpose(0, 2, 1)
        taken = (ship[:, g][:, :, pairs.at.rows] * value) @ bought
        if (g, h) in blocks:
            blocks[g, h] += taken
        else:
            blocks[g, h] = taken


def _add_feeding(blocks: Blocks, slope: ManySlope, weight: Array, rows: Array) -> None:
    """− O w Iᵀ Σᵀ: what makes a good answers to the prices of what feeds it."""
    price, n = slope.price_share, rows.shape[2]
    for (g, h), pairs in slope.shape.layout.feeding.items():
        scale = -pairs.value * weight.take(pairs.activity, axis=1) * rows[:, g, pairs.at.row]
        value = price[:, h][:, :, pairs.at.columns].transpose(0, 2, 1) * scale[:, :, None]
        block = _block(blocks, g, h, (len(rows), n, n))
        _add_along(block, pairs.at.row, pairs.at.rows, value, single=pairs.at.single)


def _add_needing(blocks: Blocks, slope: ManySlope, kept: Array, ship: Array) -> None:
    """− S I w kept Oᵀ: what an activity needs follows the price of what it makes."""
    n = ship.shape[2]
    for (g, h), pairs in slope.shape.layout.needing.items():
        scale = (-pairs.value * kept.take(pairs.activity, axis=1))[:, None, :]
        value = ship[:, g][:, :, pairs.at.rows] * scale
        block = _block(blocks, g, h, (len(ship), n, n)).transpose(0, 2, 1)
        single = pairs.at.single
        _add_along(
            block, pairs.at.column, pairs.at.columns, value.transpose(0, 2, 1), single=single
        )


def _add_along(
    block: Array, places: Index, rows: Index | slice, value: Array, *, single: bool
) -> None:
    """Add value (D, k, n) to rows (k,) of block (D, n, n); rows may come twice."""
    if single:
        block[:, rows] += value
        return
    seen = np.zeros(block.shape[1], dtype=np.intp)
    turn = np.zeros(len(places), dtype=np.intp)
    for i, place in enumerate(places):
        turn[i], seen[place] = seen[place], seen[place] + 1
    for k in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == k)
        block[:, places[now]] += value[:, now]
