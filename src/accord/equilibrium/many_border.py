"""Which shifters (rents, traced shares) border a block's linear systems, and where they meet.

A rent that is zero and stays there in every draw of a block moves nothing, so it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.many_sums import Sums


@dataclass(frozen=True, eq=False)
class Border:
    """The shifters in play (E): some limits' rents (M of them), then all traced shares.

    ``limits``   the limits (M,);  ``width`` E
    ``entries``  of the shifters, those in play (k,);  ``which`` shifter each is of, its ``lane``,
                 and the place of its ``buyer``
    ``by_buyer``, ``by_node``  how entries add up, by place and shifter
    ``column``, ``value``, ``member_buyer``  of the lanes that limits count (j,): the lane, how
                 often it counts, the place of its buyer
    ``counted_by_buyer``, ``counted_by_node``  how these add up, by limit and place
    ``pairs``    counted lanes and entries on the same lane;  ``by_pair`` how they add up
    """

    limits: Index
    width: int
    entries: Index
    which: Index
    lane: Index
    buyer: Index
    by_buyer: Sums
    by_node: Sums
    column: Index
    value: Vector
    member_buyer: Index
    counted_by_buyer: Sums
    counted_by_node: Sums
    pairs: tuple[Index, Index]
    by_pair: Sums


@lru_cache(maxsize=64)
def border_of(shape: Shape, limits: tuple[int, ...]) -> Border:
    """Return the border of a shape with the rents of some limits, ascending, in play."""
    shifters, members = shape.layout.shifters, shape.layout.members
    goods, n, b = shape.size
    width = len(limits) + len(shifters.share_of)
    number = np.full(shifters.count, -1, dtype=np.intp)
    number[[*limits, *range(shifters.rents, shifters.count)]] = np.arange(width)
    entries = np.flatnonzero(number[shifters.which] >= 0)
    which, lane = number[shifters.which[entries]], shifters.lane[entries]
    buyer, node = shape.layout.buyer_of(lane), lane // b
    counted = np.flatnonzero(number[members.row] >= 0)
    row, column = number[members.row[counted]], members.column[counted]
    member_buyer = shape.layout.buyer_of(column)
    one, other = meetings(column, lane)
    return Border(
        limits=np.array(limits, dtype=np.intp),
        width=width,
        entries=entries,
        which=which,
        lane=shape.number[lane],
        buyer=buyer,
        by_buyer=Sums.of(buyer * width + which),
        by_node=Sums.of(node * width + which),
        column=shape.number[column],
        value=members.value[counted],
        member_buyer=member_buyer,
        counted_by_buyer=Sums.of(row * (goods * b) + member_buyer),
        counted_by_node=Sums.of(row * (goods * n) + column // b),
        pairs=(one, other),
        by_pair=Sums.of(row[one] * width + which[other]),
    )


def meetings(one: Index, other: Index) -> tuple[Index, Index]:
    """Return positions (k,) in ``one`` and ``other`` of all pairs with equal values."""
    order = np.argsort(other, kind="stable")
    first = np.searchsorted(other[order], one, side="left")
    many = np.searchsorted(other[order], one, side="right") - first
    left = np.repeat(np.arange(len(one)), many)
    start = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    return left, order[start + np.arange(len(left))]
